/* Calls out of an apartment: sent, waited for, retried where the other side's message filter has refused them, given up. A call
 * lives in memory of whoever makes it; a call of moderate size allocates nothing. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/call_thread.h"
#include "remote/security/permission.h"
#include "remote/orpc/extents.h"

_Thread_local CallThread call_thread;

static pthread_key_t end_key;
static pthread_once_t end_once = PTHREAD_ONCE_INIT;
static bool end_key_made;

static void thread_ends(void *thread) {
  (void)thread;
  call_thread.watched = false;
  cancel_point_end();
  call_contexts_end();
  if (call_thread.cancel_object)
    IUnknown_Release(call_thread.cancel_object);
  call_thread.cancel_object = NULL;
}

static void make_end_key(void) {
  end_key_made = pthread_key_create(&end_key, thread_ends) == 0;
}

bool call_thread_watch(void) {
  if (call_thread.watched)
    return true;
  pthread_once(&end_once, make_end_key);
  call_thread.watched = end_key_made && pthread_setspecific(end_key, &call_thread) == 0;
  return call_thread.watched;
}

int64_t remote_set_deadline(int64_t moment) {
  int64_t before = call_thread.deadline;
  call_thread.deadline = moment == APARTMENT_NEVER ? 0 : moment;
  return before ? before : APARTMENT_NEVER;
}

GUID causality_of_thread(void) {
  GUID causality;
  if (call_thread.served)
    return call_thread.served->causality;
  CoGetCurrentLogicalThreadId(&causality);
  return causality;
}

/* How a call ended */

static HRESULT fault_status(uint32_t status) {
  switch (status) {
  case FAULT_ACCESS_SETTING + SETTING_LIMIT:
  case FAULT_ACCESS_SETTING + SETTING_APPLICATION:
  case FAULT_ACCESS_SETTING + SETTING_DEFAULT:
  case FAULT_ACCESS_SETTING + SETTING_PROCESS:
  case FAULT_ACCESS_DENIED:
    return E_ACCESSDENIED;
  case FAULT_OPNUM:
    return HRESULT_FROM_WIN32(RPC_S_PROCNUM_OUT_OF_RANGE);
  case FAULT_INTERFACE:
    return HRESULT_FROM_WIN32(RPC_S_UNKNOWN_IF);
  case 0x1C01000B:
    return HRESULT_FROM_WIN32(RPC_S_PROTOCOL_ERROR);
  case 0:
    return RPC_E_FAULT;
  default:
    return (HRESULT)status < 0 ? (HRESULT)status : (status & 0xFFFF0000) ? RPC_E_FAULT : HRESULT_FROM_WIN32(status);
  }
}

/* What was refused, and which setting of the server decides, as far as it says that. */
static HRESULT raise_denied(const RpcCall *call) {
  PermissionSetting setting = call->status == FAULT_ACCESS_DENIED ? SETTING_NONE : call->status - FAULT_ACCESS_SETTING;
  const RpcPeer *peer = &call->channel->peer;
  if (setting)
    return error_raise(E_ACCESSDENIED, "Oleander",
                       "Process %d may not be called by the user of this one: %s decides (%s).", (int)peer->pid,
                       permission_setting_name(PERMISSION_ACCESS, setting),
                       setting == SETTING_APPLICATION ? "of the AppID of the server"
                       : setting == SETTING_PROCESS   ? "of the server itself"
                                                      : MACHINE_KEY);
  return error_raise(
      E_ACCESSDENIED, "Oleander",
      "The server at %s refuses the call: AccessPermission of its AppID or DefaultAccessPermission must grant "
      "it to the caller, MachineAccessRestriction allow it, and the level of authentication suffice.",
      *peer->address ? peer->address : "the other end");
}

/* The connection to a process of this host ends with that process, or with its apartment. */
static HRESULT end_of_local(const RpcCall *call, HRESULT given) {
  bool local = call->channel && call->channel->destination == MSHCTX_LOCAL && call->channel->peer.local;
  if (local && call->outcome == RPC_NO_ANSWER && given == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED))
    return RPC_E_SERVER_DIED;
  if (local && call->outcome == RPC_NOT_SENT &&
      (given == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED_DNE) || given == RPC_E_DISCONNECTED))
    return RPC_E_SERVER_DIED_DNE;
  return given;
}

HRESULT orpc_outcome(const RpcCall *call) {
  HRESULT given = (HRESULT)call->status < 0 ? end_of_local(call, (HRESULT)call->status) : 0;
  switch (call->outcome) {
  case RPC_ANSWERED:
    return S_OK;
  case RPC_FAULTED:
    return fault_status(call->status);
  case RPC_NOT_SENT:
    return given ? given : HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE);
  case RPC_NO_ANSWER:
    return given ? given : RPC_E_SERVER_DIED;
  default:
    return given ? given : RPC_E_CALL_CANCELED;
  }
}

/* Making it */

void orpc_begin(OrpcCall *call, RpcChannel *channel, uint64_t oxid, REFGUID ipid, REFIID iid, uint16_t opnum) {
  memset(call, 0, offsetof(OrpcCall, writer));
  call->call.iid = *iid;
  call->call.object = *ipid;
  call->call.opnum = opnum;
  call->channel = rpc_channel_addref(channel);
  call->causality = causality_of_thread();
  orpc_interfaces_begin(&call->interfaces, channel, oxid, true);
  ndr_writer_begin(&call->writer, &call->interfaces.base);
  orpcthis_write(&call->writer, &call->causality, iid);
}

/* On any thread of the apartment. The call is gone as soon as its owner sees it ended. */
static void call_ended(RpcCall *ended) {
  OrpcCall *call = OBJECT_CONTAINER(ended, OrpcCall, call);
  ApartmentQueue *queue = call->queue;
  if (!queue || queue == queue_of_thread()) {
    atomic_store_explicit(&call->ended, true, memory_order_release);
    return;
  }
  queue_addref(queue);
  atomic_store_explicit(&call->ended, true, memory_order_release);
  queue_wake(queue);
  queue_release(queue);
}

/* Waiting */

static bool has_ended(void *context) {
  const OrpcCall *call = context;
  return call->given_up || atomic_load_explicit(&call->ended, memory_order_acquire);
}

static bool call_settled(void *context) {
  OrpcCall *call = context;
  int64_t moment = APARTMENT_NEVER;
  return has_ended(call) || cancel_point_asked(call, &moment);
}

/* Why the call was given up, or S_OK: it has ended by itself. */
static HRESULT wait_for(OrpcCall *call) {
  HRESULT reason = S_OK;
  while (!atomic_load_explicit(&call->ended, memory_order_acquire)) {
    int64_t moment = APARTMENT_NEVER;
    bool cancelled = call->given_up || (cancel_point_asked(call, &moment) && moment <= apartment_clock());
    if (cancelled || (call->deadline != APARTMENT_NEVER && call->deadline <= apartment_clock())) {
      reason = cancelled ? RPC_E_CALL_CANCELED : RPC_E_TIMEOUT;
      call->channel->methods->cancel(call->channel, &call->call);
      break;
    }
    if (moment != APARTMENT_NEVER) { /* to be cancelled in a while: no need to look again before */
      int64_t until = moment < call->deadline ? moment : call->deadline;
      apartment_wait_woken(has_ended, call, until);
    } else {
      apartment_wait_woken(call_settled, call, call->deadline);
    }
  }
  /* An answer that came in the last moment counts. */
  return call->call.outcome == RPC_ANSWERED || call->call.outcome == RPC_FAULTED ? S_OK : reason;
}

/* Says whether the other side can have seen it. */
static HRESULT raise_given_up(const OrpcCall *call, HRESULT reason) {
  const char *what = reason == RPC_E_TIMEOUT ? "its time was over" : "it was cancelled";
  if (call->call.outcome == RPC_NOT_SENT)
    return error_raise(reason, "Oleander", "the call was given up before it was sent: %s", what);
  return error_raise(reason, "Oleander", "the call was sent and then given up: %s; it may be carried out all the same",
                     what);
}

static HRESULT told(const RpcCall *call, HRESULT status) {
  return status == E_ACCESSDENIED && call->outcome == RPC_FAULTED && call->channel ? raise_denied(call) : status;
}

static HRESULT start_and_wait(OrpcCall *call) {
  call->queue = queue_of_thread();
  if (!call->queue)
    return E_OUTOFMEMORY;
  atomic_store_explicit(&call->ended, false, memory_order_relaxed);
  SetErrorInfo(0, NULL); /* what is there afterwards is of this call */
  call->outer = call_thread.outgoing;
  call_thread.outgoing = call;
  cancel_point_enter(call);
  call->channel->methods->start(call->channel, &call->call);
  HRESULT given_up = wait_for(call);
  cancel_point_leave(call);
  call_thread.outgoing = call->outer;
  if (call_thread.held)
    message_pending_release();
  return given_up == S_OK ? told(&call->call, orpc_outcome(&call->call)) : raise_given_up(call, given_up);
}

/* Refused by the other side's message filter */

static bool never(void *context) {
  (void)context;
  return false;
}

/* Whether the call is to be made again, after a pause. */
static bool try_again(OrpcCall *call, HRESULT status) {
  IMessageFilter *filter = message_filter_get();
  if (!filter)
    return false;
  DWORD elapsed = (DWORD)((apartment_clock() - call->began) / 1000000);
  DWORD kind = status == RPC_E_SERVERCALL_RETRYLATER ? SERVERCALL_RETRYLATER : SERVERCALL_REJECTED;
  HTASK task = (HTASK)(uintptr_t)call->channel->peer.pid;
  DWORD pause = IMessageFilter_RetryRejectedCall(filter, task, elapsed, kind);
  IMessageFilter_Release(filter);
  if (pause == (DWORD)-1)
    return false;
  if (pause >= 100)
    apartment_wait_woken(never, NULL, apartment_after(pause / 1000.0));
  return call->deadline == APARTMENT_NEVER || call->deadline > apartment_clock();
}

static bool was_refused(HRESULT status) {
  return status == RPC_E_SERVERCALL_RETRYLATER || status == RPC_E_SERVERCALL_REJECTED;
}

static HRESULT send_until_taken(OrpcCall *call) {
  HRESULT status;
  do {
    status = start_and_wait(call);
  } while (was_refused(status) && try_again(call, status));
  return was_refused(status) ? RPC_E_CALL_REJECTED : status;
}

/* Sending */

static HRESULT gather(OrpcCall *call, struct iovec *vectors) {
  if (call->writer.error)
    return call->writer.error;
  call->call.piece_count = ndr_writer_gather(&call->writer, vectors);
  call->call.pieces = vectors;
  call->call.done = call_ended;
  return S_OK;
}

/* Whether the references in the request are the other side's now. Of a process that has died the exporter knows which it had
 * taken over: the rest can be given back. */
static bool has_taken(const OrpcCall *call) {
  if (call->call.outcome == RPC_NOT_SENT || was_refused(orpc_outcome(&call->call)))
    return false;
  return call->call.outcome != RPC_NO_ANSWER || call->channel->destination == MSHCTX_INPROC;
}

/* The answer, where there is one. */
static HRESULT take(OrpcCall *call, HRESULT status) {
  ndr_writer_end(&call->writer, has_taken(call));
  ndr_writer_begin(&call->writer, NULL);
  if (FAILED(status))
    return status;
  ndr_reader_begin(&call->reader, call->call.reply->data, call->call.reply->size, &call->interfaces.base);
  return orpcthat_read(&call->reader, &call->call.iid);
}

HRESULT orpc_send(OrpcCall *call) {
  struct iovec *vectors = __builtin_alloca((ndr_writer_piece_limit(&call->writer) + 1) * sizeof *vectors);
  HRESULT status = gather(call, vectors);
  if (FAILED(status))
    return status;
  call->began = apartment_clock();
  call->deadline = call_thread.deadline ? call_thread.deadline : APARTMENT_NEVER;
  if (call->limit && call->began + call->limit * INT64_C(1000000) < call->deadline)
    call->deadline = call->began + call->limit * INT64_C(1000000);
  return take(call, send_until_taken(call));
}

HRESULT orpc_start(OrpcCall *call, struct iovec *pieces, void (*done)(RpcCall *call)) {
  HRESULT status = gather(call, pieces);
  if (FAILED(status))
    return status;
  call->call.done = done;
  call->channel->methods->start(call->channel, &call->call);
  return S_OK;
}

HRESULT orpc_take(OrpcCall *call, HRESULT given_up) {
  HRESULT status = orpc_outcome(&call->call);
  if (was_refused(status))
    status = RPC_E_CALL_REJECTED;
  else if (status == E_ACCESSDENIED)
    status = told(&call->call, status);
  else if (FAILED(given_up) && call->call.outcome != RPC_ANSWERED && call->call.outcome != RPC_FAULTED)
    status = raise_given_up(call, given_up);
  return take(call, status);
}

void orpc_send_one_way(OrpcCall *call) {
  struct iovec *vectors = __builtin_alloca((ndr_writer_piece_limit(&call->writer) + 1) * sizeof *vectors);
  call->call.one_way = true;
  if (SUCCEEDED(gather(call, vectors)))
    call->channel->methods->start(call->channel, &call->call);
}

void orpc_end(OrpcCall *call) {
  ndr_writer_end(&call->writer, false);
  rpc_buffer_release(call->call.reply);
  rpc_channel_release(call->channel);
}
