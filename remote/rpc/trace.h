/* OLEANDER_TRACE=rpc: what goes over the sockets of the process, a line on stderr for each PDU: who, what, how long. Never what
 * is in it: that may be a secret. */
#ifndef OLEANDER_REMOTE_RPC_TRACE_H
#define OLEANDER_REMOTE_RPC_TRACE_H

#include <stdbool.h>

#include "remote/rpc/channel.h"

extern bool rpc_trace_on;

/* What of it is not there is 0 or NULL. */
typedef struct RpcTrace {
  bool sent;
  const char *kind; /* "request" */
  uint32_t call_id;
  const IID *iid;
  const GUID *object;
  unsigned opnum; /* of a request */
  size_t size;    /* of the stub */
  const char *note;
  uint32_t status;
} RpcTrace;

void rpc_trace_write(const RpcChannel *channel, const RpcTrace *trace);

/* rpc_trace(channel, .kind = "request", ...) */
#define rpc_trace(channel, ...)                                                                                        \
  do {                                                                                                                 \
    if (__builtin_expect(rpc_trace_on, 0))                                                                             \
      rpc_trace_write((channel), &(RpcTrace){ __VA_ARGS__ });                                                          \
  } while (0)

#endif
