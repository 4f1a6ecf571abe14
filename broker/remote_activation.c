/* Activation for other hosts ([MS-DCOM] 3.1.2.5.2): by the service as a client of itself, on threads of its multithreaded
 * apartment, because a program may have to be started first. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activation/activation_api.h"
#include "activation/local/hosts_api.h"
#include "broker/broker.h"
#include "remote/hosts_api.h"
#include "remote/remote_api.h"

enum { MODE_GET_CLASS_OBJECT = -1 };

/* Calls of other hosts that are under way at once; more are told to come later. */
enum { ACTIVATION_LIMIT = 256, TRIES = 3 };

typedef struct HostActivation {
  ApartmentWork work;
  RpcRequest *request;
  NdrReader reader;
  ActivationAsk ask;
  bool class_object, older; /* IActivation */
  ActivationAnswer answer;
  HostEndpoint endpoint;
  uint8_t bindings[BINDINGS_ROOM];
  MULTI_QI *queries;
  char *no_launch; /* why no program may be started for it; NULL: it may */
} HostActivation;

static _Atomic unsigned under_way;

/* Reading */

/* MInterfacePointer behind a pointer that is there. */
static const uint8_t *read_interface(NdrReader *reader, uint32_t *size) {
  uint32_t room = ndr_get_count(reader, 1);
  *size = ndr_get_u32(reader);
  if (*size > room)
    ndr_fail(reader, HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA));
  return ndr_get_bytes(reader, room);
}

static HRESULT read_properties(HostActivation *activation) {
  NdrReader *reader = &activation->reader;
  uint32_t size = 0;
  if (!activation->class_object && ndr_get_pointer(reader))
    return CLASS_E_NOAGGREGATION;
  const uint8_t *bytes = ndr_get_pointer(reader) ? read_interface(reader, &size) : NULL;
  if (reader->error)
    return reader->error;
  return bytes ? activation_read_ask(bytes, size, &activation->ask) : E_INVALIDARG;
}

static void skip_string(NdrReader *reader) {
  ndr_get_u32(reader);
  ndr_get_u32(reader);
  ndr_get_bytes(reader, ndr_get_count(reader, 2) * 2);
  ndr_skip_to(reader, 4);
}

/* Persistent objects are not made from here. */
static HRESULT read_older(HostActivation *activation) {
  NdrReader *reader = &activation->reader;
  uint32_t size;
  activation->ask.clsid = ndr_get_guid(reader);
  bool named = ndr_get_pointer(reader);
  if (named)
    skip_string(reader);
  bool stored = ndr_get_pointer(reader);
  if (stored)
    read_interface(reader, &size);
  ndr_get_u32(reader);
  activation->class_object = (int32_t)ndr_get_u32(reader) == MODE_GET_CLASS_OBJECT;
  uint32_t wanted = ndr_get_u32(reader);
  bool there = ndr_get_pointer(reader);
  activation->ask.count = there ? ndr_get_count(reader, sizeof(IID)) : 0;
  activation->ask.iids = ndr_get_bytes(reader, activation->ask.count * sizeof(IID));
  if (reader->error)
    return reader->error;
  if (!activation->ask.count || activation->ask.count != wanted || activation->ask.count > ACTIVATION_IID_LIMIT)
    return E_INVALIDARG;
  return named || stored ? E_NOTIMPL : S_OK;
}

/* Answering */

static void put_reference(NdrWriter *writer, const ActivationResult *result) {
  ndr_put_u32(writer, result->size);
  ndr_put_u32(writer, result->size);
  ndr_put_bytes(writer, result->reference, result->size);
  ndr_align(writer, 4);
}

static void put_older(NdrWriter *writer, HostActivation *activation, HRESULT status) {
  const ActivationAnswer *answer = &activation->answer;
  bool good = SUCCEEDED(status);
  ndr_put_u64(writer, good ? answer->oxid : 0);
  ndr_put_pointer(writer, good ? answer->bindings : NULL);
  if (good)
    resolver_put_bindings(writer, answer->bindings, answer->binding_bytes);
  ndr_put_guid(writer, good ? &answer->rem_unknown : &GUID_NULL);
  ndr_put_u32(writer, good ? answer->level : 0);
  ndr_put_u16(writer, ORPC_MAJOR);
  ndr_put_u16(writer, ORPC_MINOR);
  ndr_put_u32(writer, (uint32_t)status);
  uint32_t count = activation->ask.count;
  ndr_put_u32(writer, count);
  for (uint32_t i = 0; i < count; i++)
    ndr_put_pointer(writer, good ? answer->results[i].reference : NULL);
  for (uint32_t i = 0; i < count && good; i++) {
    if (answer->results[i].reference)
      put_reference(writer, &answer->results[i]);
  }
  ndr_put_u32(writer, count);
  for (uint32_t i = 0; i < count; i++)
    ndr_put_u32(writer, (uint32_t)(good ? answer->results[i].result : status));
  ndr_put_u32(writer, 0);
}

static void put_properties(NdrWriter *writer, const HostActivation *activation, HRESULT status) {
  NdrWriter blob;
  ndr_put_pointer(writer, SUCCEEDED(status) ? activation : NULL);
  if (SUCCEEDED(status)) {
    ndr_writer_begin(&blob, NULL);
    activation_put_answer(&blob, &activation->answer);
    if (blob.error)
      writer->error = blob.error;
    ndr_put_u32(writer, (uint32_t)blob.size);
    ndr_put_u32(writer, (uint32_t)blob.size);
    ndr_put_bytes(writer, blob.data, blob.size);
    ndr_align(writer, 4);
    ndr_writer_end(&blob, true);
  }
  ndr_put_u32(writer, (uint32_t)status);
}

static void release_references(HostActivation *activation) {
  Objref objref;
  for (uint32_t i = 0; activation->answer.results && i < activation->answer.count; i++) {
    const ActivationResult *result = &activation->answer.results[i];
    if (result->reference && SUCCEEDED(objref_read(result->reference, result->size, &objref)))
      reference_discard_objref(&objref, NULL, 0);
  }
}

static void activation_free(HostActivation *activation) {
  for (uint32_t i = 0; activation->answer.results && i < activation->answer.count; i++)
    CoTaskMemFree(activation->answer.results[i].reference);
  free(activation->answer.results);
  free(activation->queries);
  free(activation->no_launch);
  free(activation);
}

/* The request is gone afterwards. */
static void answer(HostActivation *activation, HRESULT status) {
  NdrWriter writer;
  RpcRequest *request = activation->request;
  char clsid[GUID_TEXT_UNITS];
  guid_format_utf8(&activation->ask.clsid, clsid);
  if (FAILED(status))
    broker_log("class %s is not activated for %s: 0x%08X", clsid, request->channel->peer.address, (unsigned)status);
  ndr_writer_begin(&writer, NULL);
  ndr_put_u32(&writer, 0); /* ORPCTHAT: flags, and no extensions */
  ndr_put_u32(&writer, 0);
  if (activation->older)
    put_older(&writer, activation, status);
  else
    put_properties(&writer, activation, status);
  if (request->cancelled || writer.error)
    release_references(activation);
  if (writer.error) {
    rpc_request_fault(request, (uint32_t)writer.error);
  } else {
    struct iovec *vectors = __builtin_alloca((ndr_writer_piece_limit(&writer) + 1) * sizeof *vectors);
    rpc_request_reply(request, vectors, ndr_writer_gather(&writer, vectors));
  }
  ndr_writer_end(&writer, true);
  activation_free(activation);
}

/* Activating */

static HRESULT prepare(HostActivation *activation) {
  uint32_t count = activation->ask.count;
  activation->answer.count = count;
  activation->answer.results = calloc(count, sizeof *activation->answer.results);
  activation->queries = calloc(count, sizeof *activation->queries);
  if (!activation->answer.results || !activation->queries)
    return E_OUTOFMEMORY;
  for (uint32_t i = 0; i < count; i++) {
    memcpy(&activation->answer.results[i].iid, activation->ask.iids + i * sizeof(IID), sizeof(IID));
    activation->queries[i].pIID = &activation->answer.results[i].iid;
  }
  return S_OK;
}

/* The interfaces that there are, as references for the other host; all are of one exporter. */
static HRESULT export_results(HostActivation *activation) {
  ActivationAnswer *given = &activation->answer;
  HRESULT status = E_NOINTERFACE;
  bool exported = false;
  for (uint32_t i = 0; i < given->count; i++) {
    ActivationResult *result = &given->results[i];
    IUnknown *pointer = activation->queries[i].pItf;
    uint64_t oxid = 0;
    result->result = pointer ? remote_export_for_host(pointer, &result->iid, activation->request->channel,
                                                      &result->reference, &result->size, &oxid, &activation->endpoint)
                             : activation->queries[i].hr;
    if (oxid)
      given->oxid = oxid;
    exported = exported || SUCCEEDED(result->result);
    if (FAILED(result->result))
      status = given->count == 1 || pointer ? result->result : status;
  }
  return exported ? S_OK : status;
}

static HRESULT activate_and_export(HostActivation *activation) {
  ActivationAnswer *given = &activation->answer;
  local_begin_judged(activation->no_launch);
  HRESULT status = activate(&activation->ask.clsid, CLSCTX_LOCAL_SERVER, NULL, NULL, activation->class_object,
                            activation->queries, given->count);
  local_end_judged();
  if (SUCCEEDED(status))
    status = export_results(activation);
  for (uint32_t i = 0; i < given->count; i++) {
    if (activation->queries[i].pItf)
      IUnknown_Release(activation->queries[i].pItf);
    activation->queries[i].pItf = NULL;
  }
  return status;
}

/* A server that leaves after it has given a class object, and before others may have it, is not the last one. */
static HRESULT activate_for_host(HostActivation *activation) {
  ActivationAnswer *given = &activation->answer;
  HRESULT status = RPC_E_DISCONNECTED;
  for (int i = 0; i < TRIES && activation_has_left(status); i++)
    status = activate_and_export(activation);
  if (FAILED(status))
    return status;
  given->rem_unknown = rem_unknown_ipid(given->oxid);
  given->level = activation->endpoint.level;
  given->bindings = activation->bindings;
  given->binding_bytes = resolver_bindings(activation->request->channel, activation->endpoint.address,
                                           activation->endpoint.port, activation->bindings);
  return S_OK;
}

static void run(ApartmentWork *work, bool dropped) {
  HostActivation *activation = OBJECT_CONTAINER(work, HostActivation, work);
  HRESULT status = dropped ? CO_E_SERVER_STOPPING : prepare(activation);
  if (SUCCEEDED(status))
    status = activate_for_host(activation);
  answer(activation, status);
  atomic_fetch_sub(&under_way, 1);
}

static HRESULT post(HostActivation *activation) {
  Apartment *apartment;
  HRESULT status = apartment_host(HOST_MULTI, &apartment);
  if (FAILED(status))
    return status;
  status = apartment_serve(apartment);
  activation->work.run = run;
  if (SUCCEEDED(status))
    status = apartment_post(apartment, &activation->work);
  apartment_release(apartment);
  return status;
}

static HRESULT read_ask(HostActivation *activation) {
  GUID causality;
  const RpcRequest *request = activation->request;
  HRESULT status = orpcthis_read(&activation->reader, &request->iid, &causality);
  if (FAILED(status))
    return status;
  return activation->older ? read_older(activation) : read_properties(activation);
}

static bool is_method(const RpcRequest *request, bool older) {
  return older ? request->opnum == REMOTE_ACTIVATION
               : request->opnum == REMOTE_GET_CLASS_OBJECT || request->opnum == REMOTE_CREATE_INSTANCE;
}

/* Activation is never less protected than against changes, unless the machine does without security altogether. */
bool remote_activation_is_protected(const RpcRequest *request) {
  uint32_t level = hosts_machine_level();
  if (level > RPC_C_AUTHN_LEVEL_NONE && level < RPC_C_AUTHN_LEVEL_PKT_INTEGRITY)
    level = RPC_C_AUTHN_LEVEL_PKT_INTEGRITY;
  return request->level >= level;
}

/* Who has shown who he is must have the right to activate. Without the right to launch he has only what runs: whether a program is
 * to be started, the activation itself finds out. */
static HRESULT judge_caller(HostActivation *activation) {
  const RpcRequest *request = activation->request;
  char application[64], *text = NULL;
  permission_application_of(&activation->ask.clsid, application);
  HRESULT status = permission_check(PERMISSION_ACTIVATE, application, request->principal, geteuid(), &text);
  if (FAILED(status))
    broker_log("an activation from %s is refused: %s", request->channel->peer.address, text ? text : "out of memory");
  free(text);
  if (FAILED(status))
    return status;
  status = permission_check(PERMISSION_LAUNCH, application, request->principal, geteuid(), &activation->no_launch);
  return FAILED(status) && !activation->no_launch ? status : S_OK;
}

void remote_activation_serve(RpcRequest *request) {
  bool older = IsEqualGUID(&request->iid, &IID_IActivation);
  if (!is_method(request, older)) {
    rpc_request_fault(request, FAULT_OPNUM);
    return;
  }
  if (!remote_activation_is_protected(request)) {
    broker_log("an activation from %s is refused: it is not protected against changes", request->channel->peer.address);
    rpc_request_fault(request, FAULT_ACCESS_DENIED);
    return;
  }
  HostActivation *activation = calloc(1, sizeof *activation);
  if (!activation) {
    rpc_request_fault(request, (uint32_t)E_OUTOFMEMORY);
    return;
  }
  rpc_channel_trust(request->channel);
  activation->request = request;
  activation->older = older;
  activation->class_object = !older && request->opnum == REMOTE_GET_CLASS_OBJECT;
  ndr_reader_begin(&activation->reader, request->stub->data, request->stub->size, NULL);
  HRESULT status = read_ask(activation);
  if (activation->reader.error || status == RPC_E_VERSION_MISMATCH) {
    rpc_request_fault(request, activation->reader.error ? FAULT_BAD_STUB : (uint32_t)status);
    activation_free(activation);
    return;
  }
  if (SUCCEEDED(status) && !hosts_enabled()) {
    broker_log("EnableDCOM in " HOSTS_SETTINGS_KEY " is not \"Y\": nothing is activated for %s",
               request->channel->peer.address);
    status = E_ACCESSDENIED;
  }
  if (SUCCEEDED(status))
    status = judge_caller(activation);
  if (SUCCEEDED(status) && atomic_fetch_add(&under_way, 1) >= ACTIVATION_LIMIT) {
    atomic_fetch_sub(&under_way, 1);
    status = HRESULT_FROM_WIN32(RPC_S_SERVER_TOO_BUSY);
  } else if (SUCCEEDED(status)) {
    status = post(activation);
    if (SUCCEEDED(status))
      return;
    atomic_fetch_sub(&under_way, 1);
  }
  answer(activation, status);
}
