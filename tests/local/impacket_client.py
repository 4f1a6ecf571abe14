"""A client of another house: what impacket gets from our service and a calculator. Arguments: port, class. Without security."""
import os
import sys

from impacket.dcerpc.v5 import epm, transport
from impacket.dcerpc.v5.dcom.oaut import DISPATCH_METHOD, DISPPARAMS, IDispatch, IID_IDispatch, NULL, VARENUM, VARIANT
from impacket.dcerpc.v5.dcomrt import (DCOMConnection, IActivation, IObjectExporter, IID_IObjectExporter)
from impacket.uuid import string_to_bin

HOST = "127.0.0.1"
port, clsid = int(sys.argv[1]), sys.argv[2]


def connect():
    rpc = transport.DCERPCTransportFactory("ncacn_ip_tcp:%s[%d]" % (HOST, port)).get_dce_rpc()
    rpc.connect()
    return rpc


def begin(self):
    self._DCOMConnection__portmap = DCOMConnection.PORTMAPS[HOST] = connect()


def integer(number):
    value = VARIANT(None, False)
    value["clSize"] = 5
    value["vt"] = VARENUM.VT_I4
    value["_varUnion"]["tag"] = VARENUM.VT_I4
    value["_varUnion"]["lVal"] = number
    return value


def call(dispatch, name, *numbers):
    parameters = DISPPARAMS(None, False)
    parameters["rgvarg"] = [integer(number) for number in reversed(numbers)]
    parameters["rgdispidNamedArgs"] = NULL
    parameters["cArgs"] = len(numbers)
    parameters["cNamedArgs"] = 0
    member = dispatch.GetIDsOfNames([name])[0]
    answer = dispatch.Invoke(member, 0x409, DISPATCH_METHOD, parameters, 0, [], [])
    return answer["pVarResult"]["_varUnion"]["dblVal"]


DCOMConnection.initConnection = begin
connection = DCOMConnection(HOST, authLevel=1)
exporter = IObjectExporter(connection.get_dce_rpc())
exporter.ServerAlive()
print("bindings", exporter.ServerAlive2()[0]["aNetworkAddr"].rstrip("\0"))

mapper = connect()
print("entries", len(epm.hept_lookup(None, dce=mapper)))
mapped = epm.hept_map(HOST, IID_IObjectExporter, protocol="ncacn_ip_tcp", dce=connect())
print("mapped", mapped)

interface = connection.CoCreateInstanceEx(string_to_bin(clsid), IID_IDispatch)
interface.get_cinstance().set_auth_level(1)
dispatch = IDispatch(interface)
print("type infos", dispatch.GetTypeInfoCount()["pctinfo"])
print("functions", dispatch.GetTypeInfo().GetTypeAttr()["ppTypeAttr"]["cFuncs"])
print("sum", call(dispatch, "Add", 2, 40))
dispatch.RemQueryInterface(1, (IID_IDispatch,))
DCOMConnection.pingServer()
DCOMConnection.pingServer()
dispatch.RemRelease()

older = IActivation(connect())
try:
    older.RemoteActivation(string_to_bin(clsid), IID_IDispatch)
    print("older activated")
except Exception as error:  # it decodes the answer in ways of its own
    print("older", type(error).__name__, error)
sys.stdout.flush()
os._exit(0)
