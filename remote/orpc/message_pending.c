/* Calls that come in while a thread of a single-threaded apartment waits for an answer, and do not belong to what it waits for: its
 * message filter (IMessageFilter::MessagePending) lets them in, keeps them in the queue until the answer is there, or gives the
 * waiting up. */
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/call_thread.h"

/* A call that waits for the end of the wait. */
struct HeldCall {
  ApartmentWork work;
  HeldCall *next;
  Exporter *exporter; /* referenced */
  RpcRequest *request;
};

bool call_is_nested(REFGUID causality) {
  for (const OrpcCall *call = call_thread.outgoing; call; call = call->outer) {
    if (IsEqualGUID(&call->causality, causality))
      return true;
  }
  return false;
}

/* Behind version, flags and a reserved number of ORPCTHIS; what is too short is refused when it is served. */
static bool belongs_to_wait(const RpcRequest *request) {
  enum { AT = 12 };
  GUID causality;
  if (request->stub->size < AT + sizeof causality)
    return true;
  memcpy(&causality, request->stub->data + AT, sizeof causality);
  return call_is_nested(&causality);
}

/* References are counted, and interfaces asked for, without the filter. */
static bool is_for_exporter(const Exporter *exporter, const RpcRequest *request) {
  GUID own = rem_unknown_ipid(exporter_oxid(exporter));
  return IsEqualGUID(&request->object, &own);
}

static bool hold(Exporter *exporter, RpcRequest *request) {
  HeldCall *held = malloc(sizeof *held);
  if (!held)
    return false; /* rather let in than lost */
  *held = (HeldCall){ .exporter = exporter_addref(exporter), .request = request };
  HeldCall **end = &call_thread.held;
  while (*end)
    end = &(*end)->next;
  *end = held;
  return true;
}

bool message_pending_holds(Exporter *exporter, RpcRequest *request) {
  OrpcCall *outgoing = call_thread.outgoing;
  if (!outgoing || is_for_exporter(exporter, request) || belongs_to_wait(request))
    return false;
  IMessageFilter *filter = message_filter_get();
  if (!filter)
    return false;
  DWORD elapsed = (DWORD)((apartment_clock() - outgoing->began) / 1000000);
  DWORD answer = IMessageFilter_MessagePending(filter, (HTASK)(uintptr_t)outgoing->channel->peer.pid, elapsed,
                                               call_thread.served ? PENDINGTYPE_NESTED : PENDINGTYPE_TOPLEVEL);
  IMessageFilter_Release(filter);
  if (answer == PENDINGMSG_CANCELCALL)
    outgoing->given_up = true;
  return answer == PENDINGMSG_WAITNOPROCESS && hold(exporter, request);
}

static void run_held(ApartmentWork *work, bool dropped) {
  HeldCall *held = OBJECT_CONTAINER(work, HeldCall, work);
  RpcServer *server = exporter_server(held->exporter);
  if (dropped)
    rpc_request_fault(held->request, (uint32_t)RPC_E_DISCONNECTED);
  else
    server->serve(server, held->request);
  exporter_release(held->exporter);
  free(held);
}

void message_pending_release(void) {
  HeldCall *held = call_thread.held;
  call_thread.held = NULL;
  while (held) {
    HeldCall *next = held->next;
    held->work.run = run_held;
    if (FAILED(apartment_post(exporter_apartment(held->exporter), &held->work)))
      run_held(&held->work, true);
    held = next;
  }
}
