/* Calls into an apartment: the interface is found by its IPID, the message filter is asked, the object is called, the answer sent.
 * What cannot be carried out is a fault. */
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/call_thread.h"
#include "remote/orpc/extents.h"
#include "remote/orpc/module_stub.h"
#include "remote/security/access.h"

#define BAD_STUB HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA)

/* One request while it is carried out. */
typedef struct Service {
  WireServe serve;
  ServedCall served;
  Exporter *exporter;
  RpcRequest *request; /* NULL: answered */
  RpcBuffer *stub;
  IID iid;
  OrpcInterfaces interfaces;
  NdrReader reader;
  NdrWriter writer;
} Service;

static uint32_t fault_of(HRESULT status) {
  return status == BAD_STUB ? FAULT_BAD_STUB : status == E_ACCESSDENIED ? FAULT_ACCESS_DENIED : (uint32_t)status;
}

static void begin_answer(WireServe *serve, HRESULT result) {
  Service *service = OBJECT_CONTAINER(serve, Service, serve);
  serve->answered = true;
  orpcthat_write(&service->writer, result, &service->iid);
}

/* Nobody takes the references in an answer whose caller has gone. */
static bool is_given_up(const Service *service) {
  const RpcChannel *channel = service->request->channel;
  if (!service->writer.reference_count)
    return false;
  return service->request->cancelled || (channel->destination != MSHCTX_INPROC && channel->peer.process &&
                                         exporter_has_left(service->exporter, channel->peer.process));
}

/* Sends what the writer holds; from now on the request is gone. */
static void reply(Service *service) {
  RpcRequest *request = service->request;
  struct iovec *vectors = __builtin_alloca((ndr_writer_piece_limit(&service->writer) + 1) * sizeof *vectors);
  bool given_up = is_given_up(service);
  service->request = service->served.request = NULL;
  rpc_request_reply(request, vectors, ndr_writer_gather(&service->writer, vectors));
  ndr_writer_end(&service->writer, !given_up);
  ndr_writer_begin(&service->writer, NULL);
}

static void fault(Service *service, uint32_t status) {
  RpcRequest *request = service->request;
  service->request = service->served.request = NULL;
  rpc_request_fault(request, status);
}

/* Whether the caller may call at all: 0, or the fault. Callers of this host hear which setting decides. */
static uint32_t find_access(const RpcRequest *request) {
  RpcChannel *channel = request->channel;
  uint32_t generation = access_generation;
  PermissionSetting refused = SETTING_NONE;
  if (channel->destination != MSHCTX_INPROC)
    refused = channel->peer.local ? access_refused_to_user(channel->peer.uid) : access_refused_by(request->principal);
  if (refused)
    return channel->peer.local ? FAULT_ACCESS_SETTING + refused : FAULT_ACCESS_DENIED;
  if (request->principal) /* others may call through the same connection */
    request->principal->admitted = generation;
  else
    channel->admitted = generation;
  return 0;
}

static inline uint32_t check_access(const RpcRequest *request) {
  const _Atomic uint32_t *admitted = request->principal ? &request->principal->admitted : &request->channel->admitted;
  bool known = atomic_load_explicit(admitted, memory_order_relaxed) ==
               atomic_load_explicit(&access_generation, memory_order_relaxed);
  return known ? 0 : find_access(request);
}

/* Whether the apartment takes the call: 0, or the fault. */

static uint32_t call_type(const ServedCall *served, const OrpcCall *outgoing) {
  if (call_is_nested(&served->causality))
    return CALLTYPE_NESTED;
  if (served->request->one_way)
    return outgoing ? CALLTYPE_ASYNC_CALLPENDING : CALLTYPE_ASYNC;
  return outgoing ? CALLTYPE_TOPLEVEL_CALLPENDING : CALLTYPE_TOPLEVEL;
}

static uint32_t ask_filter(Service *service, void *pointer) {
  IMessageFilter *filter = message_filter_get();
  if (!filter)
    return 0;
  const OrpcCall *outgoing = call_thread.outgoing;
  const RpcRequest *request = service->request;
  INTERFACEINFO info = { .pUnk = (IUnknown *)pointer, .iid = service->iid, .wMethod = request->opnum };
  DWORD elapsed = outgoing ? (DWORD)((apartment_clock() - outgoing->began) / 1000000) : 0;
  DWORD answer = IMessageFilter_HandleInComingCall(filter, call_type(&service->served, outgoing),
                                                   (HTASK)(uintptr_t)request->channel->peer.pid, elapsed, &info);
  IMessageFilter_Release(filter);
  if (request->one_way || answer == SERVERCALL_ISHANDLED)
    return 0;
  return (uint32_t)(answer == SERVERCALL_RETRYLATER ? RPC_E_SERVERCALL_RETRYLATER : RPC_E_SERVERCALL_REJECTED);
}

/* The call itself */

static HRESULT result_of(const NdrMethod *method, NdrCall *call) {
  return ndr_method_signature(method)->flags & SIGNATURE_HRESULT ? *(const HRESULT *)ndr_call_result(call) : S_OK;
}

/* An enumerator that has been asked for one element need not say how many came, and some never do: success means all of them. */

#define NOT_SAID UINT32_MAX

static ULONG *fetched_of(NdrCall *call) {
  return *(ULONG **)ndr_call_arguments(call)[2];
}

static void complete_fetched(NdrCall *call, HRESULT result) {
  ULONG asked = *(const ULONG *)ndr_call_arguments(call)[0], *fetched = fetched_of(call);
  if (*fetched == NOT_SAID)
    *fetched = result == S_OK ? asked : 0;
}

static uint32_t serve_method(Service *service, const NdrMethod *method, const WireMethod *described, void *pointer) {
  NdrCall *call = __builtin_alloca_with_align(ndr_call_size(method), 128);
  HRESULT status = ndr_call_begin(call, method, &service->reader);
  if (SUCCEEDED(status)) {
    if (described->is_next)
      *fetched_of(call) = NOT_SAID;
    ndr_call_invoke(call, pointer);
    if (described->is_next)
      complete_fetched(call, result_of(method, call));
    begin_answer(&service->serve, result_of(method, call));
    if (described->keeps_out)
      ndr_call_keep_out(call);
    status = ndr_put_reply(call, &service->writer);
  }
  /* What the object gives up of its arguments, the caller hears before the answer, unless that borrows from them. */
  bool borrows = service->writer.piece_count > 0;
  if (!borrows)
    ndr_call_end(call);
  if (SUCCEEDED(status))
    reply(service);
  if (borrows)
    ndr_call_end(call);
  return FAILED(status) ? fault_of(status) : 0;
}

static uint32_t serve_call_as(Service *service, const CallAs *call_as, void *pointer) {
  if (!call_as->serve)
    return FAULT_OPNUM;
  service->serve.object = pointer;
  service->serve.state = __builtin_alloca_with_align(call_as->state_size + 1, 128);
  memset(service->serve.state, 0, call_as->state_size);
  call_as->serve(&service->serve);
  HRESULT status = service->reader.error ? service->reader.error : service->writer.error;
  if (SUCCEEDED(status) && !service->serve.answered)
    status = BAD_STUB;
  bool borrows = service->writer.piece_count > 0;
  if (call_as->end && !borrows)
    call_as->end(service->serve.state);
  if (SUCCEEDED(status))
    reply(service);
  if (call_as->end && borrows)
    call_as->end(service->serve.state);
  return FAILED(status) ? fault_of(status) : 0;
}

static uint32_t serve_use(Service *service, const ExportedUse *use) {
  uint16_t opnum = service->request->opnum;
  const NdrMethod *method;
  if (use->stub) {
    HRESULT status = module_stub_serve(use->stub, service->request, &service->serve);
    if (SUCCEEDED(status))
      reply(service);
    return FAILED(status) ? fault_of(status) : 0;
  }
  if (opnum < 3 || opnum >= use->wire->count)
    return FAULT_OPNUM;
  if (use->wire->methods[opnum].call_as)
    return serve_call_as(service, use->wire->methods[opnum].call_as, use->pointer);
  HRESULT status = wire_method(use->wire, opnum, &method);
  return FAILED(status) ? (status == E_NOTIMPL ? FAULT_OPNUM : fault_of(status))
                        : serve_method(service, method, &use->wire->methods[opnum], use->pointer);
}

static uint32_t serve_object(Service *service, const ExportedUse *use) {
  IUnknown *before;
  uint32_t status = ask_filter(service, use->pointer);
  if (status)
    return status;
  service->served.outer = call_thread.served;
  call_thread.served = &service->served;
  GUID logical = thread_set_logical(&service->served.causality);
  CallContext *context = call_context_enter(&service->served, &before);
  SetErrorInfo(0, NULL);
  status = serve_use(service, use);
  call_context_leave(context, before);
  thread_set_logical(&logical);
  call_thread.served = service->served.outer;
  return status;
}

static uint32_t serve_request(Exporter *exporter, Service *service) {
  GUID own = rem_unknown_ipid(exporter_oxid(exporter));
  ExportedUse use;
  uint32_t status = 0;
  HRESULT read = orpcthis_read(&service->reader, &service->iid, &service->served.causality);
  if (FAILED(read))
    return fault_of(read);
  if (IsEqualGUID(&service->request->object, &own)) {
    if (rem_unknown_serve(exporter, service->request, &service->serve, &status)) {
      HRESULT failed = service->reader.error ? service->reader.error : service->writer.error;
      if (FAILED(failed))
        return fault_of(failed);
      reply(service);
    }
    return status;
  }
  status = check_access(service->request);
  if (status)
    return status;
  status = exporter_begin_use(exporter, &service->request->object, &service->iid, &use);
  if (status)
    return status;
  status = serve_object(service, &use);
  if (status && service->request)
    fault(service, status);
  exporter_end_use(&use);
  return 0;
}

static void serve(RpcServer *server, RpcRequest *request) {
  Exporter *exporter = exporter_addref((Exporter *)server);
  Service service;
  if (__builtin_expect(request->channel->destination == MSHCTX_DIFFERENTMACHINE, 0) &&
      exporter_serve_host(exporter, request)) {
    exporter_release(exporter);
    return;
  }
  memset(&service, 0, offsetof(Service, writer));
  service.exporter = exporter;
  service.request = service.served.request = request;
  service.stub = rpc_buffer_addref(request->stub);
  service.iid = request->iid;
  orpc_interfaces_begin(&service.interfaces, request->channel, 0, false);
  rpc_channel_addref(request->channel);
  ndr_reader_begin(&service.reader, service.stub->data, service.stub->size, &service.interfaces.base);
  ndr_writer_begin(&service.writer, &service.interfaces.base);
  service.serve = (WireServe){ NULL, &service.reader, &service.writer, begin_answer, false, NULL };
  uint32_t status = serve_request(exporter, &service);
  if (status && service.request)
    fault(&service, status);
  ndr_writer_end(&service.writer, false);
  rpc_channel_release(service.interfaces.channel);
  rpc_buffer_release(service.stub);
  exporter_release(exporter);
}

void exporter_serve(RpcServer *server, RpcRequest *request) {
  if (!call_thread.outgoing || !message_pending_holds((Exporter *)server, request))
    serve(server, request);
}

/* Whose a channel is, and which references have changed hands, must be known to what comes behind it, and before its end. */
bool exporter_serve_at_once(RpcServer *server, RpcRequest *request) {
  bool wanted = rem_unknown_is_private(&request->iid);
  if (wanted)
    serve(server, request);
  return wanted;
}

/* The last that is heard of a channel. Those within the process hold the exporter. */
void exporter_closed(RpcServer *server, RpcChannel *channel) {
  Exporter *exporter = (Exporter *)server;
  exporter_farewell(exporter, channel->peer.process);
  if (channel->destination == MSHCTX_INPROC)
    exporter_release(exporter);
}
