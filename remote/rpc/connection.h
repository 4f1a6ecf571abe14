/* A connection over a stream socket: one state machine for both sides, whatever the socket is. The side that connected makes
 * calls, the other one serves them.
 *
 * The watch of the queue has one thread at a time; what that thread alone uses stands under "reading". It gives the watch back
 * before it serves a request, and does not touch that part again. All else is under the lock, system calls that send included:
 * they never wait. A connection ends on the thread that has the watch, or where no other thread can have it. */
#ifndef OLEANDER_REMOTE_RPC_CONNECTION_H
#define OLEANDER_REMOTE_RPC_CONNECTION_H

#include <pthread.h>

#include "remote/rpc/auth.h"
#include "remote/rpc/channel.h"
#include "remote/rpc/message.h"
#include "remote/rpc/outgoing.h"
#include "remote/rpc/pdu.h"

typedef struct RpcConnection RpcConnection;

enum {
  INPUT_SIZE = 8192,       /* what is read at once; longer stubs go to their place */
  CONTEXT_LIMIT = 8192,    /* interfaces of a connection */
  INCOMPLETE_LIMIT = 1024, /* calls whose fragments are coming in */
  REQUEST_LIMIT = 16384,   /* requests that are not answered: then no more are read */
  CALL_LIMIT = 1 << 20,    /* calls under way */
  /* Of a connection of another host that has not shown whose it is. */
  NEWCOMER_SECONDS = 30,      /* how long it may stay */
  NEWCOMER_CONTEXTS = 64,     /* interfaces */
  NEWCOMER_REQUESTS = 16,     /* that are not answered */
  NEWCOMER_BYTES = 256 * 1024 /* of stubs that are coming in */
};

/* Bytes of one peer: stubs that are incomplete; answers that it does not take. Beyond them it is not read from. */
#define INCOMPLETE_BYTES ((size_t)2 << 30)
#define UNSENT_BYTES     ((size_t)64 << 20)
/* One-way calls to a peer that takes nothing: then it is given up. */
#define UNSENT_LIMIT ((size_t)1 << 30)

typedef enum ContextState { CONTEXT_ASKED, CONTEXT_ACCEPTED, CONTEXT_REJECTED } ContextState;

/* A context: an interface of the connection. */
typedef struct RpcContext {
  IID iid;
  uint16_t id;
  uint8_t state;    /* ContextState, on the side that calls */
  bool verified;    /* a protected request has said which interface is meant */
  uint32_t call_id; /* of the PDU that asked */
  uint32_t version; /* of the interface */
} RpcContext;

typedef struct RpcCallSlot {
  RpcCall *call;       /* NULL: free, or the caller has given up */
  uint16_t generation; /* upper bits of the call_id */
  bool taken;
  uint32_t next; /* of the free ones */
} RpcCallSlot;

struct RpcConnection {
  RpcChannel channel;
  ApartmentWatch watch; /* has a reference while it is watched */
  ApartmentQueue *queue;
  ApartmentWork work; /* serves what has been read but not served; has a reference while it is posted */
  _Atomic uint32_t references;
  RpcConnection *next, *previous; /* all of the process; under the lock of connection.c */
  bool leaving;                   /* its listener has asked it to close; likewise */
  RpcListener *listener;          /* that accepted it; referenced, or NULL */
  bool serves;
  _Atomic bool trusted; /* it has shown whose it is, or comes from this host; else: */
  int64_t came;         /* since when it waits for that */

  /* Reading. */
  struct {
    uint8_t *data;
    size_t begin, end, capacity;
  } input;
  RpcMessage *incomplete; /* whose next fragment is not there yet */
  unsigned incomplete_count;
  size_t incomplete_bytes;
  RpcMessage *direct; /* whose fragment is coming in; NULL with direct_left: it is thrown away */
  size_t direct_left; /* bytes of it */
  bool peer_left;     /* everything that it sent has been read */

  pthread_mutex_t lock; /* for the rest */
  _Atomic bool ended;   /* the socket is closed; set under the lock */
  bool reading;         /* a thread has the watch */
  bool closing;         /* no more calls; ends when everything has gone */
  bool broken;          /* the socket is shut down: ends as soon as its thread sees that */
  bool closed_told;
  bool work_posted;
  bool large;             /* large fragments are agreed */
  uint32_t served_events; /* that the watch waits for */
  size_t max_fragment;    /* that the peer takes */
  RpcContext *contexts;
  unsigned context_count, context_capacity;
  Auth auth;
  HRESULT failure; /* why the side that calls has given up; S_OK: it has not */
  Outgoing *first, *last;
  size_t unsent;
  /* The side that calls. */
  bool bound; /* bind_ack has come */
  RpcCallSlot *slots;
  uint32_t slot_count, free_slot; /* UINT32_MAX: none */
  uint32_t last_number;           /* of PDUs without an answer to a call */
  uint32_t leg_call_id;           /* of the PDU with a further leg of authentication, while its answer is not here; 0 */
  Outgoing *waiting, *waiting_last; /* calls that wait for bind_ack; as they will be sent */
  /* The side that serves. */
  RpcMessage *ready, *ready_last; /* requests that nobody has begun with */
  RpcMessage *begun;              /* requests that the server has */
  unsigned requests;              /* both */
};

static inline RpcConnection *connection_of(RpcChannel *channel) {
  return OBJECT_CONTAINER(channel, RpcConnection, channel);
}

/* connection.c */

/* Over a connected socket, which becomes its own (closed also where it fails), as does a reference of the listener that has
 * accepted it (NULL: none; not where it fails). The channel's reference is the caller's; of a connection that serves it is its
 * own until it ends. */
HRESULT connection_create(int socket, ApartmentQueue *queue, RpcServer *server, const RpcPeer *peer, bool serves,
                          RpcListener *listener, RpcConnection **connection);
void connection_addref(RpcConnection *connection);
void connection_release(RpcConnection *connection);
/* It ends as soon as everything has gone; where `now`, at once. */
void connection_close(RpcConnection *connection, bool now);
/* The peer does what it must not. */
void connection_break_locked(RpcConnection *connection);
/* All of a queue, which nobody else serves; all that a listener has accepted. */
void connection_end_queue(ApartmentQueue *queue);
void connection_close_accepted(const RpcListener *listener);
/* Ends connections of the listener that are not trusted: those that came before a moment, or the one that came first. */
void connection_break_newcomers(const RpcListener *listener, int64_t before, bool first);
/* All of the process, each locked. */
void connection_visit_all(void (*visit)(RpcConnection *connection, void *context), void *context);
/* The events that are waited for follow from the state. */
void connection_events_locked(RpcConnection *connection);
/* Reads what is there, on the thread that alone serves the queue, while that carries out a request; serves nothing. False: the
 * peer has gone. */
bool connection_look(RpcConnection *connection);
/* Leaves the serving of requests to the queue. */
void connection_post_locked(RpcConnection *connection);

/* connection_output.c */

/* Sends a request or response; *outgoing has begun. Where not everything goes at once the rest is kept: with the pieces (keep),
 * or copied. False: no memory, and nothing has gone. */
bool connection_send_locked(RpcConnection *connection, Outgoing *outgoing, bool keep);
bool connection_send_pdu_locked(RpcConnection *connection, const void *pdu, size_t size);
void connection_queue_locked(RpcConnection *connection, Outgoing *outgoing);
void connection_flush_locked(RpcConnection *connection);
/* Everything that has not gone. */
void connection_drop_output_locked(RpcConnection *connection);

/* connection_input.c */

/* Reads and takes what is there. False: the peer is gone, or speaks nonsense. */
bool connection_read(RpcConnection *connection);
void connection_drop_input(RpcConnection *connection);

/* listener.c */

void listener_release(RpcListener *listener);
/* One of its connections is trusted now, or has ended without. */
void listener_newcomer_left(RpcListener *listener);

/* connection_calls.c: the side that calls */

extern const RpcChannelMethods connection_methods;
void calls_take_response(RpcConnection *connection, RpcMessage *message);
bool calls_take_pdu(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header);
void calls_sent_locked(RpcConnection *connection, RpcCall *call);
/* All end: the connection has. */
void calls_end(RpcConnection *connection);

/* connection_requests.c: the side that serves */

/* Takes the message over. False: the connection is refused. */
bool requests_take(RpcConnection *connection, RpcMessage *message);
bool requests_take_pdu(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header);
/* The next request that nobody has begun with, as begun; what comes after it is left to the queue. NULL: there is none. */
RpcMessage *requests_begin(RpcConnection *connection);
/* A request that may not come: not executed. */
void requests_deny(RpcConnection *connection, const uint8_t *pdu, const PduHeader *header);
void requests_drop(RpcConnection *connection);
/* Those that nobody has begun with get a fault: not executed. */
void requests_refuse(RpcConnection *connection);

#endif
