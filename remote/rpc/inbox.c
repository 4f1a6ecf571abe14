/* The carrier within a process: a call is work that is left to the apartment that exports, its answer is work left to the
 * thread that called. Stubs that are short are copied into the call itself, which comes out of a store: nothing is allocated. */
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "remote/rpc/channel.h"

enum { SHORT_STUB = 512, STORE_LIMIT = 64 };

typedef enum InboxState {
  INBOX_POSTED,   /* nobody has begun with it */
  INBOX_SERVED,   /* the server has it */
  INBOX_ANSWERED, /* the answer is on its way to the caller's thread */
  INBOX_ENDED     /* the caller has its answer, or has given up */
} InboxState;

typedef struct InboxChannel {
  RpcChannel channel;
  Apartment *target;
  RpcServer *served_by;
} InboxChannel;

/* References: the caller's, until the call has ended; the request's; each buffer that somebody still has. */
typedef struct InboxCall {
  RpcRequest request;
  _Atomic uint32_t references;
  _Atomic int state; /* InboxState */
  RpcCall *call;     /* NULL: one way */
  ApartmentQueue *caller;
  ApartmentWork there, back;
  RpcOutcome outcome;
  uint32_t status;
  RpcBuffer stub, answer;
  struct InboxCall *next; /* in the store */
  _Alignas(16) uint8_t short_stub[SHORT_STUB], short_answer[SHORT_STUB];
} InboxCall;

/* The store of calls */

static pthread_mutex_t store_lock = PTHREAD_MUTEX_INITIALIZER;
static InboxCall *store;
static unsigned stored;

static InboxCall *inbox_call_take(void) {
  pthread_mutex_lock(&store_lock);
  InboxCall *taken = store;
  if (taken) {
    store = taken->next;
    stored--;
  }
  pthread_mutex_unlock(&store_lock);
  return taken ? taken : aligned_alloc(16, (sizeof(InboxCall) + 15) & ~(size_t)15);
}

static void inbox_call_store(InboxCall *inbox) {
  pthread_mutex_lock(&store_lock);
  bool kept = stored < STORE_LIMIT;
  if (kept) {
    inbox->next = store;
    store = inbox;
    stored++;
  }
  pthread_mutex_unlock(&store_lock);
  if (!kept)
    free(inbox);
}

static void inbox_call_release(InboxCall *inbox) {
  if (atomic_fetch_sub(&inbox->references, 1) != 1)
    return;
  queue_release(inbox->caller);
  rpc_channel_release(inbox->request.channel);
  inbox_call_store(inbox);
}

/* Buffers in a call */

static InboxCall *call_of_stub(RpcBuffer *buffer) {
  return OBJECT_CONTAINER(buffer, InboxCall, stub);
}

static InboxCall *call_of_answer(RpcBuffer *buffer) {
  return OBJECT_CONTAINER(buffer, InboxCall, answer);
}

static void free_stub(RpcBuffer *buffer) {
  InboxCall *inbox = call_of_stub(buffer);
  if (buffer->data != inbox->short_stub)
    free(buffer->data);
  inbox_call_release(inbox);
}

static void free_answer(RpcBuffer *buffer) {
  InboxCall *inbox = call_of_answer(buffer);
  if (buffer->data != inbox->short_answer)
    free(buffer->data);
  inbox_call_release(inbox);
}

/* Gathers the pieces; the buffer has a reference to the call then. */
static bool fill(RpcBuffer *buffer, uint8_t *room, const struct iovec *pieces, unsigned count) {
  size_t size = 0;
  for (unsigned i = 0; i < count; i++)
    size += pieces[i].iov_len;
  buffer->data = size <= SHORT_STUB ? room : malloc(size);
  if (!buffer->data)
    return false;
  buffer->size = size;
  atomic_store_explicit(&buffer->references, 1, memory_order_relaxed);
  uint8_t *to = buffer->data;
  for (unsigned i = 0; i < count; i++) {
    memcpy(to, pieces[i].iov_base, pieces[i].iov_len);
    to += pieces[i].iov_len;
  }
  return true;
}

/* The way back */

static void end_call(RpcCall *call, RpcOutcome outcome, uint32_t status, RpcBuffer *reply) {
  call->outcome = outcome;
  call->status = status;
  call->reply = reply;
  call->done(call);
}

/* The answer has arrived at the caller, who has not given up meanwhile: the call ends with it. */
static void take_answer(InboxCall *inbox) {
  int expected = INBOX_ANSWERED;
  if (!atomic_compare_exchange_strong(&inbox->state, &expected, INBOX_ENDED))
    return;
  bool answered = inbox->outcome == RPC_ANSWERED;
  end_call(inbox->call, inbox->outcome, inbox->status, answered ? &inbox->answer : NULL);
  inbox_call_release(inbox); /* the caller's */
}

/* Where the caller's thread has ended nobody takes the answer: the buffer goes, and the caller's reference. */
static void run_back(ApartmentWork *work, bool dropped) {
  InboxCall *inbox = OBJECT_CONTAINER(work, InboxCall, back);
  int expected = INBOX_ANSWERED;
  if (!dropped) {
    take_answer(inbox);
  } else if (atomic_compare_exchange_strong(&inbox->state, &expected, INBOX_ENDED)) {
    if (inbox->outcome == RPC_ANSWERED)
      rpc_buffer_release(&inbox->answer);
    inbox_call_release(inbox);
  }
  inbox_call_release(inbox); /* the work's */
}

/* Sends the call back, unless it was given up. The request's reference goes over to the work. */
static void send_back(InboxCall *inbox, RpcOutcome outcome, uint32_t status) {
  inbox->outcome = outcome;
  inbox->status = status;
  int state = atomic_load(&inbox->state);
  bool taken = false;
  while (!taken && state != INBOX_ENDED)
    taken = atomic_compare_exchange_weak(&inbox->state, &state, INBOX_ANSWERED);
  if (!taken) {
    if (outcome == RPC_ANSWERED)
      rpc_buffer_release(&inbox->answer);
    inbox_call_release(inbox);
    return;
  }
  if (FAILED(queue_post(inbox->caller, &inbox->back)))
    run_back(&inbox->back, true);
}

/* The server's side */

static void end_request(InboxCall *inbox) {
  rpc_buffer_release(inbox->request.stub);
  inbox->request.stub = NULL;
}

static void Inbox_reply(RpcRequest *request, const struct iovec *pieces, unsigned count) {
  InboxCall *inbox = OBJECT_CONTAINER(request, InboxCall, request);
  end_request(inbox);
  if (!inbox->call) {
    inbox_call_release(inbox);
    return;
  }
  atomic_fetch_add(&inbox->references, 1); /* the answer's */
  if (fill(&inbox->answer, inbox->short_answer, pieces, count)) {
    inbox->answer.free = free_answer;
    send_back(inbox, RPC_ANSWERED, 0);
    return;
  }
  inbox_call_release(inbox);
  send_back(inbox, RPC_NO_ANSWER, (uint32_t)E_OUTOFMEMORY);
}

static void Inbox_fault(RpcRequest *request, uint32_t status) {
  InboxCall *inbox = OBJECT_CONTAINER(request, InboxCall, request);
  end_request(inbox);
  if (inbox->call)
    send_back(inbox, RPC_FAULTED, status);
  else
    inbox_call_release(inbox);
}

static const RpcRequestMethods request_methods = { Inbox_reply, Inbox_fault, NULL };

static void run_there(ApartmentWork *work, bool dropped) {
  InboxCall *inbox = OBJECT_CONTAINER(work, InboxCall, there);
  InboxChannel *channel = OBJECT_CONTAINER(inbox->request.channel, InboxChannel, channel);
  int expected = INBOX_POSTED;
  if (!dropped && atomic_compare_exchange_strong(&inbox->state, &expected, INBOX_SERVED)) {
    channel->served_by->serve(channel->served_by, &inbox->request);
    return;
  }
  end_request(inbox);
  if (inbox->call && dropped)
    send_back(inbox, RPC_NOT_SENT, (uint32_t)RPC_E_DISCONNECTED);
  else
    inbox_call_release(inbox);
}

/* The caller's side */

static void begin(InboxCall *inbox, InboxChannel *channel, RpcCall *call) {
  inbox->request = (RpcRequest){
    .iid = call->iid,
    .level = RPC_C_AUTHN_LEVEL_PKT_PRIVACY,
    .object = call->object,
    .opnum = call->opnum,
    .one_way = call->one_way,
    .stub = &inbox->stub,
    .channel = rpc_channel_addref(&channel->channel),
    .methods = &request_methods,
  };
  atomic_store_explicit(&inbox->references, call->one_way ? 2 : 3, memory_order_relaxed);
  atomic_store_explicit(&inbox->state, INBOX_POSTED, memory_order_relaxed);
  inbox->call = call->one_way ? NULL : call;
  inbox->caller = call->one_way ? NULL : queue_addref(queue_of_thread());
  inbox->there.run = run_there;
  inbox->back.run = run_back;
  inbox->stub.free = free_stub;
}

static void Inbox_start(RpcChannel *face, RpcCall *call) {
  InboxChannel *channel = OBJECT_CONTAINER(face, InboxChannel, channel);
  InboxCall *inbox = inbox_call_take();
  call->channel = face;
  call->carried = inbox;
  if (inbox && !fill(&inbox->stub, inbox->short_stub, call->pieces, call->piece_count)) {
    inbox_call_store(inbox);
    inbox = NULL;
  }
  if (!inbox || (!call->one_way && !queue_of_thread())) {
    if (inbox && inbox->stub.data != inbox->short_stub)
      free(inbox->stub.data);
    if (inbox)
      inbox_call_store(inbox);
    if (!call->one_way)
      end_call(call, RPC_NOT_SENT, (uint32_t)E_OUTOFMEMORY, NULL);
    return;
  }
  begin(inbox, channel, call);
  if (SUCCEEDED(apartment_post(channel->target, &inbox->there)))
    return;
  atomic_store(&inbox->state, INBOX_ENDED);
  end_request(inbox);
  inbox_call_release(inbox); /* the request's */
  if (call->one_way)
    return;
  end_call(call, RPC_NOT_SENT, (uint32_t)RPC_E_DISCONNECTED, NULL);
  inbox_call_release(inbox); /* the caller's */
}

static void Inbox_cancel(RpcChannel *face, RpcCall *call) {
  InboxCall *inbox = call->carried;
  (void)face;
  int state = atomic_load(&inbox->state);
  while (state == INBOX_POSTED || state == INBOX_SERVED) {
    if (!atomic_compare_exchange_weak(&inbox->state, &state, INBOX_ENDED))
      continue;
    atomic_store(&inbox->request.cancelled, true);
    end_call(call, state == INBOX_POSTED ? RPC_NOT_SENT : RPC_CANCELLED, (uint32_t)RPC_E_CALL_CANCELED, NULL);
    inbox_call_release(inbox);
    return;
  }
  if (state == INBOX_ANSWERED)
    take_answer(inbox);
}

static void Inbox_close(RpcChannel *face) {
  (void)face;
}

static void Inbox_destroy(RpcChannel *face) {
  InboxChannel *channel = OBJECT_CONTAINER(face, InboxChannel, channel);
  if (channel->served_by && channel->served_by->closed)
    channel->served_by->closed(channel->served_by, face);
  apartment_release(channel->target);
  free(channel);
}

static const RpcChannelMethods channel_methods = { Inbox_start, Inbox_cancel, Inbox_close, Inbox_destroy };

HRESULT rpc_inbox_open(Apartment *target, RpcServer *server, RpcChannel **result) {
  InboxChannel *channel = calloc(1, sizeof *channel);
  *result = NULL;
  if (!channel)
    return E_OUTOFMEMORY;
  channel->channel = (RpcChannel){
    .methods = &channel_methods,
    .references = 1,
    .destination = MSHCTX_INPROC,
    .peer = { .local = true, .pid = getpid(), .uid = getuid() },
  };
  channel->target = apartment_addref(target);
  channel->served_by = server;
  *result = &channel->channel;
  return S_OK;
}
