/* What an importer asks of the exporter's IRemUnknown, and tells it of references that change hands. */
#include <string.h>

#include "remote/orpc/importer_internal.h"

static void begin(OrpcCall *call, Home *home, REFIID iid, uint16_t opnum) {
  orpc_begin(call, home->channel, home->oxid, &home->rem_unknown, iid, opnum);
}

static void put_iids(NdrWriter *writer, const IID *iids, uint16_t count) {
  ndr_put_u16(writer, count);
  ndr_put_u32(writer, count);
  for (uint16_t i = 0; i < count; i++)
    ndr_put_guid(writer, &iids[i]);
}

void rem_query_put(NdrWriter *writer, REFGUID ipid, const IID *iids, uint16_t count) {
  ndr_put_guid(writer, ipid);
  ndr_put_u32(writer, PUBLIC_REFERENCES);
  put_iids(writer, iids, count);
}

HRESULT rem_query_get(NdrReader *reader, uint16_t count, HRESULT *results, StdObjref *standards) {
  if (!ndr_get_pointer(reader) || ndr_get_count(reader, 48) != count)
    return reader->error ? reader->error : E_NOINTERFACE;
  for (uint16_t i = 0; i < count; i++) {
    ndr_skip_to(reader, 8);
    results[i] = (HRESULT)ndr_get_u32(reader);
    ndr_skip_to(reader, 8);
    const uint8_t *bytes = ndr_get_bytes(reader, STDOBJREF_SIZE);
    Cursor cursor = cursor_over(bytes, bytes ? STDOBJREF_SIZE : 0);
    stdobjref_get(&cursor, &standards[i]);
  }
  return reader->error;
}

HRESULT rem_query(Home *home, RpcChannel *channel, REFGUID ipid, const IID *iids, uint16_t count, HRESULT *results,
                  StdObjref *standards) {
  OrpcCall call;
  for (uint16_t i = 0; i < count; i++)
    results[i] = E_NOINTERFACE;
  orpc_begin(&call, channel, home->oxid, &home->rem_unknown, &IID_IRemUnknown, REM_QUERY_INTERFACE);
  rem_query_put(&call.writer, ipid, iids, count);
  HRESULT status = orpc_send(&call);
  home_note(home, &call.call);
  if (SUCCEEDED(status))
    status = rem_query_get(&call.reader, count, results, standards);
  orpc_end(&call);
  return status;
}

static void put_references(NdrWriter *writer, const RemReferences *entries, uint16_t count) {
  ndr_put_u16(writer, count);
  ndr_put_u32(writer, count);
  for (uint16_t i = 0; i < count; i++) {
    ndr_put_guid(writer, &entries[i].ipid);
    ndr_put_u32(writer, entries[i].references);
    ndr_put_u32(writer, 0);
  }
}

HRESULT rem_add(Home *home, REFGUID ipid, uint32_t references) {
  OrpcCall call;
  RemReferences entry = { *ipid, references };
  begin(&call, home, &IID_IRemUnknown, REM_ADD_REF);
  put_references(&call.writer, &entry, 1);
  HRESULT status = orpc_send(&call);
  home_note(home, &call.call);
  if (SUCCEEDED(status)) {
    uint32_t count = ndr_get_count(&call.reader, 4);
    HRESULT result = (HRESULT)ndr_get_u32(&call.reader);
    status = call.reader.error ? call.reader.error : count == 1 ? result : RPC_E_INVALID_DATA;
  }
  orpc_end(&call);
  return status;
}

void rem_release(Home *home, const RemReferences *entries, uint16_t count) {
  OrpcCall call;
  begin(&call, home, &IID_IRemUnknown, REM_RELEASE);
  put_references(&call.writer, entries, count);
  orpc_send_one_way(&call);
  orpc_end(&call);
}

/* Who holds them on another host only its pings tell. */
void rem_claim(Home *home, REFGUID ipid, uint32_t references, bool give_up) {
  OrpcCall call;
  if (home->host)
    return;
  begin(&call, home, &IID_IOleanderReferences, give_up ? REFERENCES_UNCLAIM : REFERENCES_CLAIM);
  ndr_put_guid(&call.writer, ipid);
  ndr_put_u32(&call.writer, references);
  orpc_send_one_way(&call);
  orpc_end(&call);
}

void rem_hello(RpcChannel *channel, uint64_t oxid) {
  OrpcCall call;
  GUID ipid = rem_unknown_ipid(oxid);
  orpc_begin(&call, channel, oxid, &ipid, &IID_IOleanderProcess, PROCESS_HELLO);
  ndr_put_u64(&call.writer, process_number());
  ndr_put_u64(&call.writer, 0);
  orpc_send_one_way(&call);
  orpc_end(&call);
}

HRESULT rem_hosts(Home *home, HostEndpoint *endpoint) {
  OrpcCall call;
  begin(&call, home, &IID_IOleanderProcess, PROCESS_HOSTS);
  HRESULT status = orpc_send(&call);
  home_note(home, &call.call);
  if (SUCCEEDED(status)) {
    NdrReader *reader = &call.reader;
    status = (HRESULT)ndr_get_u32(reader);
    *endpoint = (HostEndpoint){ .port = (uint16_t)ndr_get_u32(reader),
                                .resolver_port = (uint16_t)ndr_get_u32(reader),
                                .level = ndr_get_u32(reader) };
    const uint8_t *address = ndr_get_bytes(reader, sizeof endpoint->address);
    if (address)
      memcpy(endpoint->address, address, sizeof endpoint->address - 1);
    if (reader->error)
      status = reader->error;
  }
  orpc_end(&call);
  return status;
}
