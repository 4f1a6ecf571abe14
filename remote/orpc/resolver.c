/* IObjectExporter (resolver.h). */
#include "remote/orpc/resolver.h"

#include <stdlib.h>
#include <string.h>

#include "remote/orpc/orpc_internal.h"

const IID IID_IObjectExporter = { 0x99FCFEC4, 0x5260, 0x101B, { 0xBB, 0xCB, 0x00, 0xAA, 0x00, 0x21, 0x34, 0x7A } };

typedef struct Resolving {
  const ResolverHost *host;
  RpcRequest *request;
  NdrReader reader;
  NdrWriter writer;
} Resolving;

size_t resolver_bindings(const RpcChannel *channel, const char *listening, uint16_t port,
                         uint8_t bytes[BINDINGS_ROOM]) {
  char own[RPC_ADDRESS_ROOM] = "";
  uint16_t own_port;
  Bindings bindings;
  if (channel)
    rpc_tcp_local(channel, own, &own_port);
  bindings_begin(&bindings);
  bindings_add_host(&bindings, listening, own, port);
  return bindings_end_host(&bindings, bytes);
}

void resolver_put_bindings(NdrWriter *writer, const uint8_t *bytes, size_t size) {
  ndr_put_u32(writer, (uint32_t)(size - 4) / 2);
  ndr_put_bytes(writer, bytes, size);
  ndr_align(writer, 4);
}

static void put_version(NdrWriter *writer) {
  ndr_put_u16(writer, ORPC_MAJOR);
  ndr_put_u16(writer, ORPC_MINOR);
}

/* The protocols that the client speaks are not looked at: there is one. */
static void resolve(Resolving *resolving, bool with_version) {
  NdrReader *reader = &resolving->reader;
  NdrWriter *writer = &resolving->writer;
  HostEndpoint endpoint;
  uint8_t bytes[BINDINGS_ROOM];
  uint64_t oxid = ndr_get_u64(reader);
  uint16_t wanted = ndr_get_u16(reader);
  uint32_t count = ndr_get_count(reader, 2);
  if (count != wanted)
    ndr_fail(reader, HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA));
  if (reader->error)
    return;
  bool found = resolving->host->find(oxid, &endpoint);
  GUID unknown = found ? rem_unknown_ipid(oxid) : GUID_NULL;
  ndr_put_pointer(writer, found ? bytes : NULL);
  if (found) {
    size_t size = resolver_bindings(resolving->request->channel, endpoint.address, endpoint.port, bytes);
    resolver_put_bindings(writer, bytes, size);
  }
  ndr_put_guid(writer, &unknown);
  ndr_put_u32(writer, found ? endpoint.level : 0);
  if (with_version)
    put_version(writer);
  ndr_put_u32(writer, found ? RESOLVER_GOOD : RESOLVER_INVALID_OXID);
}

static void simple_ping(Resolving *resolving) {
  uint64_t set = ndr_get_u64(&resolving->reader);
  if (!resolving->reader.error)
    ndr_put_u32(&resolving->writer, ping_sets_ping(set, resolving->request->identity));
}

/* A pointer to an array of OIDs, which may be missing where there are none. */
static const uint8_t *read_oids(NdrReader *reader, bool there, uint32_t count) {
  uint32_t size = there ? ndr_get_count(reader, sizeof(uint64_t)) : 0;
  if (size != count) {
    ndr_fail(reader, HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA));
    return NULL;
  }
  if (size)
    ndr_skip_to(reader, 8);
  return ndr_get_bytes(reader, size * sizeof(uint64_t));
}

/* Objects that are no more, or never were, are not added; the others are. */
static uint32_t keep_known(const ResolverHost *host, const uint8_t *oids, uint32_t *count, uint8_t *kept) {
  uint32_t known = 0;
  for (uint32_t i = 0; i < *count; i++) {
    uint64_t oid;
    memcpy(&oid, oids + i * sizeof oid, sizeof oid);
    if (!host->knows_object(oid))
      continue;
    memcpy(kept + known++ * sizeof oid, &oid, sizeof oid);
  }
  uint32_t status = known == *count ? RESOLVER_GOOD : RESOLVER_INVALID_OID;
  *count = known;
  return status;
}

static void complex_ping(Resolving *resolving) {
  NdrReader *reader = &resolving->reader;
  NdrWriter *writer = &resolving->writer;
  uint64_t set = ndr_get_u64(reader);
  uint16_t sequence = ndr_get_u16(reader);
  uint32_t add_count = ndr_get_u16(reader), remove_count = ndr_get_u16(reader), invalid = RESOLVER_GOOD;
  bool add_there = ndr_get_pointer(reader);
  const uint8_t *add = read_oids(reader, add_there, add_count);
  bool remove_there = ndr_get_pointer(reader);
  const uint8_t *remove = read_oids(reader, remove_there, remove_count);
  if (reader->error)
    return;
  uint8_t *kept = resolving->host->knows_object && add_count ? malloc(add_count * sizeof(uint64_t)) : NULL;
  if (kept) {
    invalid = keep_known(resolving->host, add, &add_count, kept);
    add = kept;
  }
  uint32_t status =
      ping_sets_change(&set, sequence, add, add_count, remove, remove_count, resolving->request->identity);
  free(kept);
  ndr_put_u64(writer, set);
  ndr_put_u16(writer, 0); /* no need to ping less often */
  ndr_put_u32(writer, status ? status : invalid);
}

static void server_alive_2(Resolving *resolving) {
  NdrWriter *writer = &resolving->writer;
  uint8_t bytes[BINDINGS_ROOM];
  size_t size = resolver_bindings(resolving->request->channel, resolving->host->address, resolving->host->port, bytes);
  put_version(writer);
  ndr_put_pointer(writer, bytes);
  resolver_put_bindings(writer, bytes, size);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, RESOLVER_GOOD);
}

static uint32_t serve(Resolving *resolving) {
  uint16_t opnum = resolving->request->opnum;
  bool is_question = opnum == SERVER_ALIVE || opnum == SERVER_ALIVE_2;
  if (!is_question && resolving->request->level < resolving->host->level)
    return FAULT_ACCESS_DENIED;
  switch (opnum) {
  case RESOLVE_OXID:
  case RESOLVE_OXID_2:
    resolve(resolving, opnum == RESOLVE_OXID_2);
    break;
  case SIMPLE_PING:
    simple_ping(resolving);
    break;
  case COMPLEX_PING:
    complex_ping(resolving);
    break;
  case SERVER_ALIVE:
    ndr_put_u32(&resolving->writer, RESOLVER_GOOD);
    break;
  case SERVER_ALIVE_2:
    server_alive_2(resolving);
    break;
  default:
    return FAULT_OPNUM;
  }
  if (resolving->reader.error)
    return FAULT_BAD_STUB;
  return resolving->writer.error ? (uint32_t)resolving->writer.error : 0;
}

void resolver_serve(RpcRequest *request, const ResolverHost *host) {
  Resolving resolving = { .host = host, .request = request };
  ndr_reader_begin(&resolving.reader, request->stub->data, request->stub->size, NULL);
  ndr_writer_begin(&resolving.writer, NULL);
  uint32_t status = serve(&resolving);
  if (status) {
    rpc_request_fault(request, status);
  } else {
    struct iovec *vectors = __builtin_alloca((ndr_writer_piece_limit(&resolving.writer) + 1) * sizeof *vectors);
    rpc_request_reply(request, vectors, ndr_writer_gather(&resolving.writer, vectors));
  }
  ndr_writer_end(&resolving.writer, true);
}
