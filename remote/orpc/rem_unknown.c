/* IRemUnknown and IRemUnknown2 ([MS-DCOM] 3.1.1.5.6) of an exporter, and what processes of one host tell one another: whose a
 * channel is, and which references have changed hands. */
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/orpc_internal.h"
#include "remote/orpc/resolver.h"

const IID IID_IRemUnknown = { 0x00000131, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
const IID IID_IRemUnknown2 = { 0x00000143, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
const IID IID_IOleanderProcess = { 0x8A3D2B51, 0x6C0E, 0x4F3B, { 0x9D, 0x51, 0x0E, 0x6B, 0x77, 0xC4, 0x21, 0x01 } };
const IID IID_IOleanderReferences = { 0x8A3D2B51, 0x6C0E, 0x4F3B, { 0x9D, 0x51, 0x0E, 0x6B, 0x77, 0xC4, 0x21, 0x02 } };

enum { QUERY_LIMIT = 4096 };

/* What is asked. */
typedef struct RemRequest {
  Exporter *exporter;
  RpcChannel *channel; /* of who asks */
  uint64_t process;    /* likewise */
  NdrReader *reader;
  NdrWriter *writer;
  WireServe *serve;
} RemRequest;

/* Count and IIDs, in place; NULL: failed. */
static const uint8_t *read_iids(NdrReader *reader, uint32_t *count) {
  uint16_t wanted = ndr_get_u16(reader);
  *count = ndr_get_count(reader, sizeof(IID));
  if (*count != wanted || *count > QUERY_LIMIT)
    ndr_fail(reader, HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA));
  return ndr_get_bytes(reader, *count * sizeof(IID));
}

static GUID guid_at(const uint8_t *bytes, uint32_t index) {
  GUID guid;
  memcpy(&guid, bytes + index * sizeof guid, sizeof guid);
  return guid;
}

/* As a whole: all, some, or none of the interfaces. */
static HRESULT summary(uint32_t found, uint32_t count, HRESULT first) {
  return found == count ? S_OK : found ? S_FALSE : first;
}

static void query_interface(RemRequest *request) {
  NdrReader *reader = request->reader;
  NdrWriter *writer = request->writer;
  uint32_t count, found = 0;
  GUID ipid = ndr_get_guid(reader);
  uint32_t references = ndr_get_u32(reader);
  const uint8_t *iids = read_iids(reader, &count);
  HRESULT first = S_OK;
  if (reader->error)
    return;
  request->serve->answer(request->serve, S_OK);
  ndr_put_pointer(writer, iids);
  ndr_put_u32(writer, count);
  for (uint32_t i = 0; i < count; i++) {
    StdObjref standard;
    uint8_t bytes[STDOBJREF_SIZE];
    IID iid = guid_at(iids, i);
    HRESULT status = exporter_query(request->exporter, &ipid, &iid, references, request->process, &standard);
    found += SUCCEEDED(status);
    if (FAILED(status) && SUCCEEDED(first))
      first = status;
    ndr_align(writer, 8);
    ndr_put_u32(writer, (uint32_t)status);
    ndr_align(writer, 8);
    stdobjref_put(bytes, &standard);
    ndr_put_bytes(writer, bytes, sizeof bytes);
  }
  ndr_put_u32(writer, (uint32_t)summary(found, count, first));
}

/* The same with whole references, one public reference set each. */
static void query_interface_2(RemRequest *request) {
  NdrReader *reader = request->reader;
  NdrWriter *writer = request->writer;
  uint32_t count, found = 0;
  GUID ipid = ndr_get_guid(reader);
  const uint8_t *iids = read_iids(reader, &count);
  if (reader->error)
    return;
  HRESULT first = S_OK, *results = calloc(count + 1, sizeof *results);
  StdObjref *standards = calloc(count + 1, sizeof *standards);
  for (uint32_t i = 0; results && standards && i < count; i++) {
    IID iid = guid_at(iids, i);
    results[i] = exporter_query(request->exporter, &ipid, &iid, PUBLIC_REFERENCES, request->process, &standards[i]);
    found += SUCCEEDED(results[i]);
    if (FAILED(results[i]) && SUCCEEDED(first))
      first = results[i];
  }
  if (!results || !standards)
    writer->error = E_OUTOFMEMORY;
  request->serve->answer(request->serve, S_OK);
  ndr_put_u32(writer, count);
  for (uint32_t i = 0; results && i < count; i++)
    ndr_put_u32(writer, (uint32_t)results[i]);
  ndr_put_u32(writer, count);
  for (uint32_t i = 0; results && i < count; i++)
    ndr_put_pointer(writer, SUCCEEDED(results[i]) ? results : NULL);
  for (uint32_t i = 0; results && standards && i < count; i++) {
    IID iid = guid_at(iids, i);
    uint8_t *bytes;
    uint32_t size;
    if (FAILED(results[i]))
      continue;
    HRESULT status = exporter_objref(request->exporter, &iid, &standards[i], request->channel, &bytes, &size);
    if (FAILED(status)) {
      writer->error = status;
      break;
    }
    ndr_put_u32(writer, size);
    ndr_put_u32(writer, size);
    ndr_put_bytes(writer, bytes, size);
    CoTaskMemFree(bytes);
  }
  ndr_put_u32(writer, (uint32_t)summary(found, count, first));
  free(results);
  free(standards);
}

/* {ipid, public references, private references}. Private ones are those of an identity: within a host they are like public ones
 * that a process claims. */
typedef struct InterfaceReferences {
  GUID ipid;
  uint32_t references;
} InterfaceReferences;

static InterfaceReferences read_references(NdrReader *reader) {
  InterfaceReferences result = { .ipid = ndr_get_guid(reader) };
  uint32_t shared = ndr_get_u32(reader), own = ndr_get_u32(reader);
  result.references = own > UINT32_MAX - shared ? UINT32_MAX : shared + own;
  return result;
}

static uint32_t read_reference_count(NdrReader *reader) {
  uint16_t wanted = ndr_get_u16(reader);
  uint32_t count = ndr_get_count(reader, 24);
  if (count != wanted)
    ndr_fail(reader, HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA));
  return reader->error ? 0 : count;
}

static void add_references(RemRequest *request) {
  HRESULT overall = S_OK;
  uint32_t count = read_reference_count(request->reader);
  if (request->reader->error)
    return;
  request->serve->answer(request->serve, S_OK);
  ndr_put_u32(request->writer, count);
  for (uint32_t i = 0; i < count; i++) {
    InterfaceReferences entry = read_references(request->reader);
    HRESULT status = request->reader->error
                         ? request->reader->error
                         : exporter_add_references(request->exporter, &entry.ipid, entry.references, request->process);
    if (FAILED(status))
      overall = status;
    ndr_put_u32(request->writer, (uint32_t)status);
  }
  ndr_put_u32(request->writer, (uint32_t)overall);
}

static void release_references(RemRequest *request) {
  HRESULT overall = S_OK;
  uint32_t count = read_reference_count(request->reader);
  if (request->reader->error)
    return;
  for (uint32_t i = 0; i < count; i++) {
    InterfaceReferences entry = read_references(request->reader);
    if (request->reader->error)
      return;
    HRESULT status = exporter_drop_references(request->exporter, &entry.ipid, entry.references, request->process);
    if (FAILED(status))
      overall = status;
  }
  request->serve->answer(request->serve, S_OK);
  ndr_put_u32(request->writer, (uint32_t)overall);
}

static bool serve_unknown(RemRequest *request, uint16_t opnum) {
  switch (opnum) {
  case REM_QUERY_INTERFACE:
    query_interface(request);
    return true;
  case REM_ADD_REF:
    add_references(request);
    return true;
  case REM_RELEASE:
    release_references(request);
    return true;
  case REM_QUERY_INTERFACE_2:
    query_interface_2(request);
    return true;
  default:
    return false;
  }
}

/* Somebody of this host hands on what this exporter has, to another one. */
static void serve_hosts(RemRequest *request) {
  HostEndpoint endpoint = { .port = 0 };
  HRESULT status = exporter_listen_hosts(request->exporter, &endpoint);
  request->serve->answer(request->serve, status);
  ndr_put_u32(request->writer, (uint32_t)status);
  ndr_put_u32(request->writer, endpoint.port);
  ndr_put_u32(request->writer, endpoint.resolver_port);
  ndr_put_u32(request->writer, endpoint.level);
  ndr_put_bytes(request->writer, endpoint.address, sizeof endpoint.address);
}

static bool serve_hello(RemRequest *request, RpcChannel *channel, uint16_t opnum) {
  if (opnum == PROCESS_HOSTS) {
    serve_hosts(request);
    return true;
  }
  if (opnum != PROCESS_HELLO)
    return false;
  uint64_t process = ndr_get_u64(request->reader);
  ndr_get_u64(request->reader);
  if (!request->reader->error)
    exporter_hello(request->exporter, channel, process);
  request->serve->answer(request->serve, S_OK);
  ndr_put_u32(request->writer, S_OK);
  return true;
}

static bool serve_references(RemRequest *request, uint16_t opnum) {
  if (opnum != REFERENCES_CLAIM && opnum != REFERENCES_UNCLAIM)
    return false;
  GUID ipid = ndr_get_guid(request->reader);
  int64_t references = ndr_get_u32(request->reader);
  HRESULT status = request->reader->error;
  if (SUCCEEDED(status))
    status = exporter_claim(request->exporter, &ipid, opnum == REFERENCES_CLAIM ? references : -references,
                            request->process);
  request->serve->answer(request->serve, S_OK);
  ndr_put_u32(request->writer, (uint32_t)status);
  return true;
}

bool rem_unknown_is_private(REFIID iid) {
  return IsEqualIID(iid, &IID_IOleanderProcess) || IsEqualIID(iid, &IID_IOleanderReferences);
}

bool rem_unknown_serve(Exporter *exporter, RpcRequest *rpc, WireServe *serve, uint32_t *status) {
  RemRequest request = { exporter, rpc->channel, rpc->channel->peer.process, serve->reader, serve->writer, serve };
  bool served = false, known = true;
  if (IsEqualIID(&rpc->iid, &IID_IRemUnknown) || IsEqualIID(&rpc->iid, &IID_IRemUnknown2))
    served = serve_unknown(&request, rpc->opnum);
  else if (IsEqualIID(&rpc->iid, &IID_IOleanderProcess) && rpc->channel->peer.local)
    served = serve_hello(&request, rpc->channel, rpc->opnum);
  else if (IsEqualIID(&rpc->iid, &IID_IOleanderReferences) && rpc->channel->peer.local)
    served = serve_references(&request, rpc->opnum);
  else
    known = false;
  if (!served)
    *status = known ? FAULT_OPNUM : FAULT_INTERFACE;
  return served;
}
