/* What carries calls: a channel leads to one exporter (an apartment elsewhere) and carries any number of calls at once. The
 * ORPC layer makes a call, the channel brings the answer; whether it went through the inbox of an apartment of this process,
 * a unix socket or TCP shows nowhere above.
 *
 * Caller: orpc/ fills an RpcCall and starts it. It ends exactly once, by `done` on a thread of the calling apartment (from
 * within apartment_wait), or on the caller's thread from within rpc_call_cancel.
 * Server: a complete request arrives as an RpcRequest at the RpcServer's `serve`, on a thread of the apartment that exports,
 * and is answered exactly once, from any thread: rpc_request_reply or rpc_request_fault. */
#ifndef OLEANDER_REMOTE_RPC_CHANNEL_H
#define OLEANDER_REMOTE_RPC_CHANNEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/uio.h>

#include <objbase.h>

#include "com/com_api.h"
#include "remote/security/blanket.h"
#include "remote/security/principal.h"
#include "remote/security/provider.h"

/* How a call ended, and whether the server can have seen it. */
typedef enum RpcOutcome {
  RPC_ANSWERED,  /* a response: `reply` */
  RPC_FAULTED,   /* a fault: `status` */
  RPC_NOT_SENT,  /* certainly not executed: no connection, refused, cancelled before it went */
  RPC_NO_ANSWER, /* sent, and the connection is gone: may have run */
  RPC_CANCELLED  /* sent, and given up by us: may have run */
} RpcOutcome;

typedef struct RpcChannel RpcChannel;
typedef struct RpcCall RpcCall;

/* Bytes that came, whole and contiguous; counted, so that who reads from them in place can keep them. */
typedef struct RpcBuffer {
  _Atomic uint32_t references;
  size_t size;
  uint8_t *data; /* 8-aligned: the stub */
  void (*free)(struct RpcBuffer *buffer);
} RpcBuffer;
RpcBuffer *rpc_buffer_addref(RpcBuffer *buffer);
void rpc_buffer_release(RpcBuffer *buffer); /* NULL is allowed */

struct RpcCall {
  /* The caller's, until it has ended. */
  IID iid;          /* interface; a context for it is negotiated where need be */
  uint32_t version; /* of the interface: major, minor << 16; all of COM have 0 */
  GUID object;      /* IPID; GUID_NULL: a call without an object UUID */
  uint16_t opnum;
  bool one_way; /* nobody waits: `done` is not called; the bytes are copied where they cannot go at once */
  const struct iovec *pieces; /* the stub */
  unsigned piece_count;
  void (*done)(RpcCall *call); /* everything below is set; must not wait */
  /* The answer. */
  RpcOutcome outcome;
  uint32_t status;  /* RPC_FAULTED: the status; else the HRESULT that says why */
  RpcBuffer *reply; /* RPC_ANSWERED; the caller releases it */
  /* The channel's. */
  RpcChannel *channel;
  RpcCall *next;
  void *carried;   /* what the carrier has made of it */
  uint32_t number; /* call_id */
  uint32_t state;
};

/* A request that came. */
typedef struct RpcRequest RpcRequest;
struct RpcRequest {
  IID iid; /* of the context it came through: must be compared with the IPID's */
  GUID object;
  uint16_t opnum;
  bool one_way;
  uint8_t level;          /* RPC_C_AUTHN_LEVEL_...: how it was protected; from this host as well as can be */
  uint64_t identity;      /* of who calls from another host, the same for all his connections; 0: nobody knows */
  _Atomic bool cancelled; /* the caller has given up; the answer is dropped */
  uint8_t impersonation;  /* RPC_C_IMP_LEVEL_...: how far the server may act as who calls from another host */
  uint8_t service;        /* RPC_C_AUTHN_...: the provider that has shown who calls from another host; 0: none */
  Principal *principal;   /* then: who; as long as the request */
  RpcBuffer *stub;        /* the request's: who needs it beyond the answer takes a reference */
  RpcChannel *channel;    /* it came through: whom the answer goes to, whose references are given; referenced */
  const struct RpcRequestMethods *methods;
};

typedef struct RpcRequestMethods {
  /* The pieces are the caller's and may go as soon as this returns. The request is gone afterwards. */
  void (*reply)(RpcRequest *request, const struct iovec *pieces, unsigned count);
  void (*fault)(RpcRequest *request, uint32_t status);
  /* Within `serve`, on its thread: `cancelled` is as of now, also where nobody else reads what comes. NULL: it always is. */
  void (*look)(RpcRequest *request);
} RpcRequestMethods;

static inline void rpc_request_reply(RpcRequest *request, const struct iovec *pieces, unsigned count) {
  request->methods->reply(request, pieces, count);
}
static inline bool rpc_request_cancelled(RpcRequest *request) {
  if (!request->cancelled && request->methods->look)
    request->methods->look(request);
  return request->cancelled;
}
static inline void rpc_request_fault(RpcRequest *request, uint32_t status) {
  request->methods->fault(request, status);
}

/* Who serves what arrives. */
typedef struct RpcServer RpcServer;
struct RpcServer {
  /* Takes the request over. On a thread of the server's apartment; may wait (other requests come meanwhile). */
  void (*serve)(RpcServer *server, RpcRequest *request);
  /* A request that nobody waits for, in the order in which all came and before `closed`, on the thread that reads: true, it has
   * been taken over and is done; must not wait, nor call an object. False: it is served like others. NULL: none is wanted. */
  bool (*at_once)(RpcServer *server, RpcRequest *request);
  /* A channel through which requests came (or calls went) is gone; once for each, on any thread, and the last that the server
   * hears of it. The peer is dead where it was a process. */
  void (*closed)(RpcServer *server, RpcChannel *channel);
  /* Whether it has the interface at all; NULL: any. */
  bool (*knows)(RpcServer *server, const IID *iid);
  /* The major version of an interface; NULL: 0, which all of COM have. */
  uint16_t (*version)(RpcServer *server, const IID *iid);
};

typedef struct RpcChannelMethods {
  /* Sends; never waits for the peer (what the socket does not take now goes later). Ends the call by `done` also where
   * it fails at once: then from within. Any thread of the calling apartment. */
  void (*start)(RpcChannel *channel, RpcCall *call);
  /* Gives up: `done` runs within, unless it has run. Tells the peer (co_cancel) where it was sent. */
  void (*cancel)(RpcChannel *channel, RpcCall *call);
  /* No further calls; the ones under way end as they would if the peer had gone. */
  void (*close)(RpcChannel *channel);
  void (*destroy)(RpcChannel *channel);
} RpcChannelMethods;

/* Who is at the other end, as far as the carrier knows. */
typedef struct RpcPeer {
  bool local;       /* of this host */
  pid_t pid;        /* 0: not known */
  uid_t uid;        /* of a local one */
  uint64_t process; /* number of the process object of that peer: the same for all its channels; 0: not said yet */
  char address[48]; /* of another host, as text; "" */
} RpcPeer;

struct RpcChannel {
  const RpcChannelMethods *methods;
  _Atomic uint32_t references;
  RpcServer *server; /* serves requests that come back through it; may be NULL */
  DWORD destination; /* MSHCTX_INPROC, MSHCTX_LOCAL, MSHCTX_DIFFERENTMACHINE */
  RpcPeer peer;
  Blanket *blanket; /* in whose name calls go through it (rpc_channel_secure), and what comes by them is called; NULL */
  _Atomic uint32_t admitted; /* access_generation in which its peer was found to have access */
};

RpcChannel *rpc_channel_addref(RpcChannel *channel);
void rpc_channel_release(RpcChannel *channel);

/* A connection of another host has shown whose it is, and may stay: until then it has little time, and few requests. For other
 * channels nothing. */
void rpc_channel_trust(RpcChannel *channel);

/* Calls through a connection are the blanket's from now on, before the first; NULL, or one that names nobody: they go unprotected.
 * level: the least (RPC_C_AUTHN_LEVEL_...), where the blanket says a lower one. host: the server, as the caller has named it. */
HRESULT rpc_channel_secure(RpcChannel *channel, Blanket *blanket, unsigned level, const char *host);

/* Carriers. */

/* inbox.c: to an apartment of this process. Calls are handed over through apartment_post; stubs are not copied when the caller
 * waits (a call that is cancelled copies what it still needs). `server` serves them there. */
HRESULT rpc_inbox_open(Apartment *target, RpcServer *server, RpcChannel **channel);

/* unix_*.c: PDUs over a stream socket below the runtime directory. `queue` is that of the calling apartment, whose threads read
 * the answers. RPC_S_SERVER_UNAVAILABLE as HRESULT (0x800706BA): nobody listens there. */
HRESULT rpc_unix_connect(ApartmentQueue *queue, const char *name, RpcServer *server, RpcChannel **channel);

/* Listens: accepts and serves on threads of the queue's apartment. The name is a file name in the runtime directory. */
typedef struct RpcListener RpcListener;
HRESULT rpc_unix_listen(ApartmentQueue *queue, const char *name, RpcServer *server, RpcListener **listener);
/* The same; *replaced: a socket of that name was left by a process that was killed. */
HRESULT rpc_unix_listen_replacing(ApartmentQueue *queue, const char *name, RpcServer *server, RpcListener **listener,
                                  bool *replaced);
/* On a socket that listens already, and becomes the listener's, but for its file. */
HRESULT rpc_unix_adopt(ApartmentQueue *queue, int socket, RpcServer *server, RpcListener **listener);
/* tcp_socket.c: the same PDUs over TCP, to and from other hosts. Who the peer is only a security provider can say. */

enum { RPC_PORT_RESOLVER = 135, RPC_ADDRESS_ROOM = 48, RPC_BINDING_ROOM = 300 };

/* A name, or an address of either kind, with a port behind it where it has one: "host", "10.0.0.1[135]", "::1[5000]", "[::1]". What has
 * none gets `port`, as it was. False: none of these. */
bool rpc_binding_split(const char *binding, char host[RPC_BINDING_ROOM], uint16_t *port);

/* Connects to the first address of the host that answers; serves the calling thread's queue meanwhile, until the deadline.
 * RPC_S_SERVER_UNAVAILABLE as HRESULT, RPC_E_TIMEOUT; the error says what the system has said. */
HRESULT rpc_tcp_connect(ApartmentQueue *queue, const char *host, uint16_t port, int64_t deadline, RpcServer *server,
                        RpcChannel **channel);

/* Ports to listen on, in their order: the first one that is free. 0, 0: any. */
typedef struct RpcPorts {
  uint16_t first, last;
} RpcPorts;
/* address: of this host; "": all of them. *port: the one that it is. */
HRESULT rpc_tcp_listen(ApartmentQueue *queue, const char *address, RpcPorts ports, RpcServer *server,
                       RpcListener **listener, uint16_t *port);
/* The security providers that answer calls from other hosts (RPC_C_AUTHN_...), the best first; gives how many. */
enum { RPC_SERVICE_LIMIT = SECURITY_SERVICE_LIMIT };
unsigned rpc_security_services(uint16_t services[RPC_SERVICE_LIMIT]);
/* The address and port of this host that the channel's peer has reached, or is reached from. False: it is none of TCP. */
bool rpc_tcp_local(const RpcChannel *channel, char address[RPC_ADDRESS_ROOM], uint16_t *port);

/* No new connections, the file goes; connections stay until their peers leave, or `all`. */
void rpc_listener_close(RpcListener *listener, bool all);
/* Whether somebody is connected who has shown whose he is. */
bool rpc_listener_is_used(const RpcListener *listener);
/* Everything of the queue ends, connections and listeners: when its apartment does, and no other thread serves it. */
void rpc_queue_end(ApartmentQueue *queue);

#endif
