/* What the files of remote/orpc/ share. */
#ifndef OLEANDER_ORPC_INTERNAL_H
#define OLEANDER_ORPC_INTERNAL_H

#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>

#include "com/com_api.h"
#include "dispatch/dispatch_api.h"
#include "remote/ndr/ndr.h"
#include "remote/orpc/objref.h"
#include "remote/orpc/wire.h"
#include "remote/remote_api.h"
#include "remote/rpc/channel.h"

enum {
  ORPC_MAJOR = 5,
  ORPC_MINOR = 7,
  ORPCTHIS_SIZE = 32,
  ORPCTHAT_SIZE = 8,
  PUBLIC_REFERENCES = 5, /* given with each marshaled interface */
  ENDPOINT_ROOM = 32,
  FAULT_ACCESS_DENIED = 5,
  FAULT_ACCESS_SETTING = 0x1C0A0100, /* and a PermissionSetting: the same between processes of one host */
  FAULT_BAD_STUB = 0x6F7,
  FAULT_OPNUM = 0x1C010002,
  FAULT_INTERFACE = 0x1C010003
};

/* Interfaces between exporters and importers. The last two are ours alone, between processes of one host; all their calls are
 * one-way. */
extern const IID IID_IRemUnknown, IID_IRemUnknown2;
/* 3 Hello(number[16]), one-way; 4 Hosts() -> HRESULT, port, port of the resolver, level, address[48] */
extern const IID IID_IOleanderProcess;
extern const IID IID_IOleanderReferences; /* 3 Claim(ipid, n), 4 Unclaim(ipid, n) */

enum { REM_QUERY_INTERFACE = 3, REM_ADD_REF = 4, REM_RELEASE = 5, REM_QUERY_INTERFACE_2 = 6 };
enum { PROCESS_HELLO = 3, PROCESS_HOSTS = 4, REFERENCES_CLAIM = 3, REFERENCES_UNCLAIM = 4 };

/* random.c */

/* Unpredictable bytes. */
void random_fill(void *bytes, size_t size);
/* The number of this process: random, never 0. */
uint64_t process_number(void);

/* The exporter: an apartment as others see it (exporter.c, exporter_ledger.c) */

typedef struct Exporter Exporter;

/* The exporter of the calling thread's apartment, made where there is none; borrowed: it lives as long as the apartment.
 * CO_E_NOTINITIALIZED. */
HRESULT exporter_of_thread(Exporter **exporter);
/* Exporters and proxies go with their apartment. */
void exporter_watch_apartments(void);
void importer_leave_apartment(uint64_t apartment);
/* With a reference; NULL: no apartment of this process. */
Exporter *exporter_find(uint64_t oxid);
Exporter *exporter_addref(Exporter *exporter);
void exporter_release(Exporter *exporter);
uint64_t exporter_oxid(const Exporter *exporter);
Apartment *exporter_apartment(const Exporter *exporter); /* borrowed */
RpcServer *exporter_server(Exporter *exporter);
/* A channel to it from another apartment of this process. */
HRESULT exporter_open(Exporter *exporter, RpcChannel **channel);
/* The IPID of an exporter's IRemUnknown is made from its OXID. */
GUID rem_unknown_ipid(uint64_t oxid);

/* What an exported interface is handed out as. */
typedef enum ExportKind { EXPORT_NORMAL, EXPORT_TABLE_STRONG, EXPORT_TABLE_WEAK } ExportKind;

/* Makes the object known outside of the calling thread's apartment. A normal reference has PUBLIC_REFERENCES, which `process`
 * owns from now on (0: nobody yet). endpoint: NULL, or gets the name under which other processes reach it. REGDB_E_IIDNOTREG: the
 * interface cannot travel. */
HRESULT exporter_export(IUnknown *object, REFIID iid, ExportKind kind, bool no_ping, uint64_t process,
                        StdObjref *standard, char *endpoint);
/* An own reference that has come home, on a thread of the object's apartment: its public references, which `process` had (0:
 * nobody), are given back, the object is given. E_NOINTERFACE: there is none. */
HRESULT exporter_come_home(Exporter *exporter, const StdObjref *standard, uint64_t process, REFIID iid, void **result);
/* A reference of this process that nobody is going to unmarshal; any thread. */
void exporter_discard(Exporter *exporter, const StdObjref *standard, uint64_t process);
/* A reference as bytes for the other end of the channel, with what it is reached by from there, where there is that. */
HRESULT exporter_objref(Exporter *exporter, REFIID iid, const StdObjref *standard, const RpcChannel *channel,
                        uint8_t **bytes, uint32_t *size);
/* How other hosts reach it, from now on (exporter_hosts.c); any thread, may wait. E_ACCESSDENIED: this host does not let them. */
typedef struct HostEndpoint HostEndpoint;
HRESULT exporter_listen_hosts(Exporter *exporter, HostEndpoint *endpoint);
/* Whether there is a way for other hosts at all. */
bool exporter_has_hosts(void);
/* Answers what comes from another host and is no call of an object, and refuses what must not come. False: it is one that may. */
bool exporter_serve_host(Exporter *exporter, RpcRequest *request);
/* The bindings of the resolver for a reference that goes through the channel (NULL: it is not known which way it goes). */
size_t exporter_host_bindings(const HostEndpoint *endpoint, const RpcChannel *channel, uint8_t *bytes);
/* The name under which other processes reach it, from now on; any thread. */
HRESULT exporter_listen(Exporter *exporter, char endpoint[ENDPOINT_ROOM]);
/* A table reference to what a proxy of this process stands for; any thread. */
HRESULT exporter_mark_table(Exporter *exporter, REFGUID ipid, ExportKind kind, StdObjref *standard);
/* Cuts the object off from all its clients. */
void exporter_disconnect(IUnknown *identity);
/* The object's IExternalConnection is told of a lock from outside, or of its end. */
void exporter_tell_lock(IUnknown *identity, bool lock, bool last_unlock_releases);

/* An exported interface while it is called. */
typedef struct ExportedInterface ExportedInterface;
typedef struct ExportedUse {
  ExportedInterface *exported;
  void *pointer; /* the object's interface, kept until the end of the use */
  bool owned;    /* for this use alone */
  WireInterface *wire;
  IRpcStubBuffer *stub; /* a module's; NULL */
} ExportedUse;
/* A fault's status; S_OK: end it. iid: what the call came for. */
uint32_t exporter_begin_use(Exporter *exporter, REFGUID ipid, REFIID iid, ExportedUse *use);
void exporter_end_use(ExportedUse *use);

/* References (exporter_ledger.c): `process` holds them. Unknown IPIDs: RPC_E_INVALID_OBJECT. */
HRESULT exporter_query(Exporter *exporter, REFGUID ipid, REFIID iid, uint32_t references, uint64_t process,
                       StdObjref *standard);
HRESULT exporter_add_references(Exporter *exporter, REFGUID ipid, uint32_t references, uint64_t process);
HRESULT exporter_drop_references(Exporter *exporter, REFGUID ipid, uint32_t references, uint64_t process);
/* References that nobody owned are the process's from now on. negative: it gives them up for somebody else. */
HRESULT exporter_claim(Exporter *exporter, REFGUID ipid, int64_t references, uint64_t process);
/* A channel has said whose it is. */
void exporter_hello(Exporter *exporter, RpcChannel *channel, uint64_t process);
/* Whether the process has no channel any more. */
bool exporter_has_left(Exporter *exporter, uint64_t process);
/* A channel has gone: with the last one of a process its references go. */
void exporter_farewell(Exporter *exporter, uint64_t process);

/* Serving (serve.c, rem_unknown.c) */

void exporter_serve(RpcServer *server, RpcRequest *request);
bool exporter_serve_at_once(RpcServer *server, RpcRequest *request);
void exporter_closed(RpcServer *server, RpcChannel *channel);
/* The methods of IRemUnknown and of our own interfaces. False: not answered, `status` is the fault. */
/* What processes of one host tell one another: of no object. */
bool rem_unknown_is_private(REFIID iid);
bool rem_unknown_serve(Exporter *exporter, RpcRequest *request, WireServe *serve, uint32_t *status);

/* Interface pointers in calls (interfaces.c) */

typedef struct OrpcInterfaces {
  NdrInterfaces base;
  RpcChannel *channel;
  uint64_t oxid; /* of the exporter at the other end, 0: not known */
  bool reply;    /* read: what comes from that exporter is ours already */
} OrpcInterfaces;

void orpc_interfaces_begin(OrpcInterfaces *interfaces, RpcChannel *channel, uint64_t oxid, bool reply);

/* Where a reference goes, as far as that is known. */
typedef struct Receiver {
  uint64_t process;          /* 0: not known */
  const RpcChannel *channel; /* NULL: not known */
} Receiver;
/* References as bytes (marshal.c). *bytes is task memory. */
HRESULT reference_make(REFIID iid, IUnknown *object, DWORD destination, void *context, DWORD flags, Receiver receiver,
                       uint8_t **bytes, uint32_t *size);
/* given: the references in it are this process's already. */
/* *taken: the references in it are used up, also where that fails. */
/* through: the channel that brought it; what is on other hosts is called as calls through it are, else (NULL) as the process is said to
 * call. */
HRESULT reference_take_objref(const Objref *objref, bool given, const RpcChannel *through, REFIID iid, void **result,
                              bool *taken);
void reference_discard_objref(const Objref *objref, const RpcChannel *through, uint64_t owner);

/* The standard marshaler (marshal.c), as the methods of IMarshal are declared */
HRESULT standard_unmarshal_class(REFIID iid, void *object, DWORD destination, void *context, DWORD flags, CLSID *clsid);
HRESULT standard_size_max(REFIID iid, void *object, DWORD destination, void *context, DWORD flags, DWORD *size);
HRESULT standard_marshal(IStream *stream, REFIID iid, IUnknown *object, DWORD destination, void *context, DWORD flags);

/* The importer (importer.c, proxy.c) */

/* The exporter of objects elsewhere as one apartment sees it: the channel to it. */
typedef struct Home Home;
typedef struct ProxyManager ProxyManager;
typedef struct InterfaceProxy InterfaceProxy;

/* Gives an interface of the object that the reference names. given: its references are this process's already. */
HRESULT importer_take(const Objref *objref, bool given, const RpcChannel *through, REFIID iid, void **result,
                      bool *taken);
/* Gives back what a reference holds, without making a proxy. owner: whose its references are (0: nobody's yet). */
void importer_discard(const Objref *objref, const RpcChannel *through, uint64_t owner);
/* A proxy that a table reference to an object of another process keeps. */
void proxy_unpark(REFGUID ipid);

/* The manager behind a pointer, with a reference; NULL: it is no proxy of ours. */
ProxyManager *proxy_manager_of(IUnknown *object);
void proxy_manager_release(ProxyManager *manager);
/* A reference to what the proxy stands for, for others: gives some of its own away. */
HRESULT proxy_pass_on(ProxyManager *manager, REFIID iid, ExportKind kind, DWORD destination, const RpcChannel *channel,
                      uint8_t **bytes, uint32_t *size);
bool proxy_is_connected(ProxyManager *manager);
/* Its interfaces, for the handler in front of it (CoGetStdMarshalEx). */
HRESULT proxy_inner(ProxyManager *manager, IUnknown **inner);
void proxy_disconnect(ProxyManager *manager);

void proxy_fill_unknown(VtableSlot slots[3]);
void proxy_called(const ClosureCall *call);

/* Calls (call.c) */

typedef struct OrpcCall OrpcCall;
struct OrpcCall {
  RpcCall call;    /* first */
  OrpcCall *outer; /* of the thread */
  RpcChannel *channel;
  ApartmentQueue *queue; /* of the thread that waits; borrowed */
  GUID causality;
  uint64_t number; /* for who cancels */
  int64_t began, deadline;
  uint32_t limit; /* milliseconds that it may last; 0: as the thread says */
  _Atomic bool ended;
  bool given_up; /* by the message filter */
  OrpcInterfaces interfaces;
  NdrReader reader;
  NdrWriter writer;
};

/* Writes ORPCTHIS; the arguments follow in call->writer. */
void orpc_begin(OrpcCall *call, RpcChannel *channel, uint64_t oxid, REFGUID ipid, REFIID iid, uint16_t opnum);
/* Sends, waits, reads ORPCTHAT: then call->reader stands before the results. Else why not. */
HRESULT orpc_send(OrpcCall *call);
/* In two halves: sends, and `done` is called when it has ended (perhaps within); then what orpc_send would have given. The pieces
 * are memory of ndr_writer_piece_limit + 1 that stays until then. */
HRESULT orpc_start(OrpcCall *call, struct iovec *pieces, void (*done)(RpcCall *call));
HRESULT orpc_take(OrpcCall *call, HRESULT given_up);
/* Sends and does not wait. */
void orpc_send_one_way(OrpcCall *call);
void orpc_end(OrpcCall *call);

/* The HRESULT for how a call ended. */
HRESULT orpc_outcome(const RpcCall *call);

/* ORPCTHIS, ORPCTHAT and their extensions (extents.c) */

/* The causality id of calls of this thread. */
GUID causality_of_thread(void);

HRESULT orpcthis_read(NdrReader *reader, REFIID iid, GUID *causality);
void orpcthis_write(NdrWriter *writer, REFGUID causality, REFIID iid);
/* Error information of the thread goes along with a failure. */
void orpcthat_write(NdrWriter *writer, HRESULT result, REFIID iid);
/* Sets the thread's error information where some came. */
HRESULT orpcthat_read(NdrReader *reader, REFIID iid);

/* Registered by activation/ */
extern const RemoteActivation *remote_activation;

#endif
