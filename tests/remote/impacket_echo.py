"""A foreign client of the echo server: impacket binds with NTLM at a level, calls, and prints what came of it.

impacket_echo.py PORT LEVEL DOMAIN USER PASSWORD"""
import sys

try:
    from impacket.dcerpc.v5 import transport
    from impacket.dcerpc.v5.rpcrt import DCERPCException, RPC_C_AUTHN_LEVEL_NONE
    from impacket.uuid import uuidtup_to_bin
except ImportError:
    print("missing")
    sys.exit(0)

port, level, domain, user, password = sys.argv[1:]
ECHO = uuidtup_to_bin(("ec40ec40-0001-0002-0304-05060708090a", "0.0"))

try:
    link = transport.DCERPCTransportFactory("ncacn_ip_tcp:127.0.0.1[%s]" % port)
    link.set_credentials(user, password, domain)
    link.set_connect_timeout(20)
    dce = link.get_dce_rpc()
    dce.set_auth_level(int(level))
    dce.connect()
    dce.bind(ECHO)
    for size in (0, 1, 15, 16, 100, 4000, 20000):
        sent = bytes(i * 7 & 255 for i in range(size))
        dce.call(0, sent)
        got = dce.recv()
        assert got[:size] == sent, "size %d" % size
    dce.call(10, b"")
    print(dce.recv().decode())
    again = dce.alter_ctx(ECHO)
    again.call(10, b"")
    print(again.recv().decode())
except DCERPCException as problem:
    print("refused: %s" % str(problem).split(" - ")[-1])
except Exception as problem:  # what a client of its own kind does with a peer that closes
    print("failed: %s" % type(problem).__name__)
