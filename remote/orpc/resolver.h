/* The object exporter's own interface, IObjectExporter ([MS-DCOM] 3.1.2.5.1): which exporter an OXID means, who is alive, who still
 * holds what. The COM service answers it on its port for the whole host, and an exporter on its own port for itself. */
#ifndef OLEANDER_REMOTE_RESOLVER_H
#define OLEANDER_REMOTE_RESOLVER_H

#include "remote/orpc/bindings.h"
#include "remote/orpc/ping_sets.h"
#include "remote/rpc/channel.h"

extern const IID IID_IObjectExporter;

enum { RESOLVE_OXID = 0, SIMPLE_PING = 1, COMPLEX_PING = 2, SERVER_ALIVE = 3, RESOLVE_OXID_2 = 4, SERVER_ALIVE_2 = 5 };

/* Where an exporter is reached by other hosts. */
typedef struct HostEndpoint {
  uint16_t port;
  uint16_t resolver_port;         /* of who resolves its OXID */
  uint32_t level;                 /* the least RPC_C_AUTHN_LEVEL of a call */
  char address[RPC_ADDRESS_ROOM]; /* that it listens on; "": all */
} HostEndpoint;

typedef struct ResolverHost {
  bool (*find)(uint64_t oxid, HostEndpoint *endpoint);
  bool (*knows_object)(uint64_t oid); /* NULL: any */
  char address[RPC_ADDRESS_ROOM];     /* that it listens on */
  uint16_t port;
  uint32_t level; /* of all but the questions who is alive */
} ResolverHost;

/* Answers; does not wait. */
void resolver_serve(RpcRequest *request, const ResolverHost *host);

/* The bindings under which the peer of a channel reaches something on a port of this host. */
size_t resolver_bindings(const RpcChannel *channel, const char *listening, uint16_t port, uint8_t bytes[BINDINGS_ROOM]);

/* NDR of a DUALSTRINGARRAY behind a pointer that is there. */
struct NdrWriter;
void resolver_put_bindings(struct NdrWriter *writer, const uint8_t *bytes, size_t size);

#endif
