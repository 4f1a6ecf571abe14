/* Calls of interfaces that are no objects': the resolver's, the activator's. The caller waits as for a call of an object. */
#ifndef OLEANDER_REMOTE_NATIVE_CALL_H
#define OLEANDER_REMOTE_NATIVE_CALL_H

#include "remote/orpc/orpc_internal.h"

typedef struct NativeCall {
  RpcCall call; /* first */
  RpcChannel *channel;
  ApartmentQueue *queue; /* of the thread that waits */
  _Atomic bool over;
  NdrReader reader;
  NdrWriter writer;
} NativeCall;

/* Then the arguments follow in call->writer. */
void native_begin(NativeCall *call, RpcChannel *channel, REFIID iid, uint16_t opnum);
/* S_OK: call->reader stands before the results. */
HRESULT native_send(NativeCall *call);
void native_end(NativeCall *call);

/* ORPCTHIS and ORPCTHAT where they are arguments of a native call. */
void orpcthis_put(NdrWriter *writer, REFGUID causality, uint32_t flags);
HRESULT orpcthat_skip(NdrReader *reader);

/* A DUALSTRINGARRAY behind a pointer that is there, in place; NULL: failed. */
const uint8_t *native_get_bindings(NdrReader *reader, size_t *size);

/* Until when calls of this thread may last; APARTMENT_NEVER. */
int64_t remote_deadline(void);

/* An exporter of another host that somebody has told of. */
typedef struct KnownExporter {
  struct KnownExporter *next;
  uint64_t oxid;
  GUID rem_unknown;
  uint32_t level;
  char resolver[RPC_BINDING_ROOM]; /* who has told it; "": the reference names him */
  uint16_t resolver_port;
  size_t binding_bytes;
  uint8_t bindings[];
} KnownExporter;
KnownExporter *known_exporter_create(uint64_t oxid, const uint8_t *bindings, size_t size);
/* Keeps it, instead of what was known. */
void host_exporter_note(KnownExporter *exporter);

#endif
