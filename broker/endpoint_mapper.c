/* The endpoint mapper ([C706] appendix O): which port an interface has. All that stand in it are here, on the port of the service
 * itself; the ports of objects are told by the resolver. */
#include <arpa/inet.h>
#include <string.h>

#include "broker/broker.h"
#include "remote/hosts_api.h"

static const GUID NDR = { 0x8A885D04, 0x1CEB, 0x11C9, { 0x9F, 0xE8, 0x08, 0x00, 0x2B, 0x10, 0x48, 0x60 } };

enum { EPT_LOOKUP = 2, EPT_MAP = 3, EPT_LOOKUP_HANDLE_FREE = 4 };

/* Of the floors of a tower. */
enum { FLOOR_UUID = 0x0D, FLOOR_CONNECTIONS = 0x0B, FLOOR_TCP = 0x07, FLOOR_IP = 0x09, TOWER_SIZE = 75 };
enum {
  ALL_ELEMENTS = 0,
  MATCH_BY_INTERFACE = 1,
  MATCH_BY_OBJECT = 2,
  MATCH_BY_BOTH = 3
}; /* what ept_lookup asks for */

typedef struct MappedInterface {
  const IID *iid;
  uint16_t major;
  const char *annotation;
} MappedInterface;

static const MappedInterface mapped[] = {
  { &IID_EndpointMapper, ENDPOINT_MAPPER_VERSION, "Endpoint mapper" },
  { &IID_IObjectExporter, 0, "Object exporter" },
  { &IID_IRemoteSCMActivator, 0, "Activator" },
  { &IID_IActivation, 0, "Activator (older)" },
};
enum { MAPPED_COUNT = sizeof mapped / sizeof mapped[0] };

static const MappedInterface *find(REFIID iid, uint16_t major) {
  for (unsigned i = 0; i < MAPPED_COUNT; i++) {
    if (IsEqualGUID(mapped[i].iid, iid) && mapped[i].major == major)
      return &mapped[i];
  }
  return NULL;
}

/* Towers */

static uint8_t *put_uuid_floor(uint8_t *to, REFGUID uuid, uint16_t major) {
  const uint8_t head[3] = { 19, 0, FLOOR_UUID };
  memcpy(to, head, sizeof head);
  memcpy(to + 3, uuid, sizeof *uuid);
  to[19] = (uint8_t)major;
  to[20] = (uint8_t)(major >> 8);
  memcpy(to + 21, (const uint8_t[]){ 2, 0, 0, 0 }, 4);
  return to + 25;
}

static void put_tower(NdrWriter *writer, const MappedInterface *entry, const RpcChannel *channel, uint16_t port) {
  char address[RPC_ADDRESS_ROOM];
  uint16_t own;
  uint8_t tower[TOWER_SIZE] = { 5, 0 };
  uint8_t *at = put_uuid_floor(tower + 2, entry->iid, entry->major);
  at = put_uuid_floor(at, &NDR, 2);
  const uint8_t rest[] = {
    1, 0, FLOOR_CONNECTIONS, 2, 0, 0, 0, 1, 0, FLOOR_TCP, 2, 0, (uint8_t)(port >> 8), (uint8_t)port,
    1, 0, FLOOR_IP,          4, 0, 0, 0, 0, 0
  };
  memcpy(at, rest, sizeof rest);
  if (rpc_tcp_local(channel, address, &own))
    inet_pton(AF_INET, address, at + sizeof rest - 4); /* one of IPv6 has no place there */
  ndr_put_u32(writer, TOWER_SIZE);
  ndr_put_u32(writer, TOWER_SIZE);
  ndr_put_bytes(writer, tower, sizeof tower);
}

/* The interface that a tower asks for, over TCP. */
static const MappedInterface *read_tower(NdrReader *reader) {
  uint32_t room = ndr_get_count(reader, 1), size = ndr_get_u32(reader);
  const uint8_t *bytes = ndr_get_bytes(reader, room);
  IID iid;
  if (!bytes || size > room || size < 2 + 25 || little_u16(bytes) < 3 || bytes[4] != FLOOR_UUID)
    return NULL;
  memcpy(&iid, bytes + 5, sizeof iid);
  return find(&iid, little_u16(bytes + 21));
}

/* Methods */

/* A handle of ept_lookup says at which entry it goes on: 4 zeros, and a UUID that begins with that; all zeros begin anew. */
enum { HANDLE_SIZE = 20, HANDLE_PLACE = 4 };

static void put_handle(NdrWriter *writer, unsigned next) {
  uint8_t handle[HANDLE_SIZE] = { 0 };
  handle[HANDLE_PLACE] = (uint8_t)next;
  ndr_align(writer, 4);
  ndr_put_bytes(writer, handle, sizeof handle);
}

static void map(NdrReader *reader, NdrWriter *writer, const RpcChannel *channel, uint16_t port) {
  if (ndr_get_pointer(reader))
    ndr_get_guid(reader);
  bool there = ndr_get_pointer(reader);
  const MappedInterface *found = there ? read_tower(reader) : NULL;
  ndr_skip_to(reader, 4);
  ndr_get_bytes(reader, HANDLE_SIZE);
  uint32_t most = ndr_get_u32(reader), count = found && most ? 1 : 0;
  if (reader->error)
    return;
  put_handle(writer, 0);
  ndr_put_u32(writer, count);
  ndr_put_u32(writer, most);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, count);
  if (count) {
    ndr_put_pointer(writer, found);
    put_tower(writer, found, channel, port);
  }
  ndr_put_u32(writer, count ? 0 : EPT_NOT_REGISTERED);
}

/* What of it somebody wants to see, from where the handle says. Who has got as many as he wanted may ask for more. */
static void lookup(NdrReader *reader, NdrWriter *writer, const RpcChannel *channel, uint16_t port) {
  const MappedInterface *found[MAPPED_COUNT];
  uint32_t count = 0;
  IID wanted = GUID_NULL;
  uint32_t kind = ndr_get_u32(reader);
  if (ndr_get_pointer(reader))
    ndr_get_guid(reader);
  if (ndr_get_pointer(reader)) {
    wanted = ndr_get_guid(reader);
    ndr_get_u32(reader);
  }
  ndr_get_u32(reader); /* which versions */
  const uint8_t *handle = ndr_get_bytes(reader, HANDLE_SIZE);
  uint32_t most = ndr_get_u32(reader);
  if (reader->error)
    return;
  unsigned next = handle[HANDLE_PLACE];
  for (; next < MAPPED_COUNT && count < most; next++) {
    bool wants = kind == ALL_ELEMENTS || (kind == MATCH_BY_INTERFACE && IsEqualGUID(mapped[next].iid, &wanted));
    if (wants)
      found[count++] = &mapped[next];
  }
  put_handle(writer, count && count == most ? next : 0);
  ndr_put_u32(writer, count);
  ndr_put_u32(writer, most);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, count);
  for (uint32_t i = 0; i < count; i++) {
    uint32_t length = (uint32_t)strlen(found[i]->annotation) + 1;
    ndr_put_guid(writer, &GUID_NULL);
    ndr_put_pointer(writer, found[i]);
    ndr_put_u32(writer, 0);
    ndr_put_u32(writer, length);
    ndr_put_bytes(writer, found[i]->annotation, length);
    ndr_align(writer, 4);
  }
  for (uint32_t i = 0; i < count; i++) {
    ndr_align(writer, 4);
    put_tower(writer, found[i], channel, port);
  }
  ndr_put_u32(writer, count ? 0 : EPT_NOT_REGISTERED);
}

void endpoint_mapper_serve(RpcRequest *request, uint16_t port) {
  NdrReader reader;
  NdrWriter writer;
  ndr_reader_begin(&reader, request->stub->data, request->stub->size, NULL);
  ndr_writer_begin(&writer, NULL);
  uint32_t fault = 0;
  if (request->opnum == EPT_MAP) {
    map(&reader, &writer, request->channel, port);
  } else if (request->opnum == EPT_LOOKUP) {
    lookup(&reader, &writer, request->channel, port);
  } else if (request->opnum == EPT_LOOKUP_HANDLE_FREE) {
    put_handle(&writer, 0);
    ndr_put_u32(&writer, 0);
  } else {
    fault = FAULT_OPNUM;
  }
  if (reader.error)
    fault = FAULT_BAD_STUB;
  if (fault || writer.error) {
    rpc_request_fault(request, fault ? fault : (uint32_t)writer.error);
  } else {
    struct iovec *vectors = __builtin_alloca((ndr_writer_piece_limit(&writer) + 1) * sizeof *vectors);
    rpc_request_reply(request, vectors, ndr_writer_gather(&writer, vectors));
  }
  ndr_writer_end(&writer, true);
}
