/* The way to the COM service: each apartment has a connection of its own, so that what it registers ends with it. Where the
 * service has gone a new one is found or started, and what was registered is registered again. */
#include <limits.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activation/local/local.h"
#include "remote/remote_api.h"

/* Services that leave, or are killed, one after the other, until that is an error. */
enum { TRIES = 10, RESTORES = 4 };

/* Seconds until a hello is answered, and until the way is sought again where it was lost. */
#define HELLO_SECONDS   30.0
#define RESTORE_SECONDS 0.03

typedef struct BrokerLink {
  struct BrokerLink *next;
  uint64_t apartment;
  ApartmentQueue *queue;
  RpcChannel *channel; /* referenced; NULL: none, or lost */
  ApartmentTimer restore;
} BrokerLink;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static BrokerLink *links;
static BrokerRestore *restores[RESTORES];
static unsigned restore_count;

/* Links */

static BrokerLink *find_link_locked(uint64_t apartment) {
  BrokerLink *link = links;
  while (link && link->apartment != apartment)
    link = link->next;
  return link;
}

static void run_restore(ApartmentTimer *timer) {
  uint64_t apartment = OBJECT_CONTAINER(timer, BrokerLink, restore)->apartment;
  BrokerRestore *run[RESTORES];
  pthread_mutex_lock(&lock);
  unsigned count = restore_count;
  memcpy(run, restores, sizeof run);
  pthread_mutex_unlock(&lock);
  for (unsigned i = 0; i < count; i++)
    run[i](apartment);
}

/* The service has gone; on a thread of the apartment. */
static void closed(RpcServer *server, RpcChannel *channel) {
  (void)server;
  pthread_mutex_lock(&lock);
  BrokerLink *link = links;
  while (link && link->channel != channel)
    link = link->next;
  if (link) {
    link->channel = NULL;
    queue_start_timer(link->queue, &link->restore, apartment_after(RESTORE_SECONDS));
  }
  pthread_mutex_unlock(&lock);
  if (link)
    rpc_channel_release(channel);
}

static RpcServer service = { .closed = closed };

static void leave_apartment(uint64_t apartment, bool last) {
  pthread_mutex_lock(&lock);
  BrokerLink **at = &links;
  while (*at && (*at)->apartment != apartment)
    at = &(*at)->next;
  BrokerLink *link = last ? *at : NULL;
  RpcChannel *channel = NULL;
  if (link) {
    *at = link->next;
    channel = link->channel;
  }
  pthread_mutex_unlock(&lock);
  if (!link)
    return;
  queue_stop_timer(&link->restore);
  rpc_channel_release(channel);
  rpc_queue_end(link->queue);
  queue_release(link->queue);
  free(link);
}

static pthread_once_t hook_once = PTHREAD_ONCE_INIT;

static void add_hook(void) {
  apartment_add_hook(leave_apartment);
}

void broker_add_restore(BrokerRestore *restore) {
  pthread_once(&hook_once, add_hook);
  pthread_mutex_lock(&lock);
  if (restore_count < RESTORES)
    restores[restore_count++] = restore;
  pthread_mutex_unlock(&lock);
}

/* The channel that is there, referenced; NULL. */
static RpcChannel *channel_of(uint64_t apartment) {
  pthread_mutex_lock(&lock);
  BrokerLink *link = find_link_locked(apartment);
  RpcChannel *channel = link && link->channel ? rpc_channel_addref(link->channel) : NULL;
  pthread_mutex_unlock(&lock);
  return channel;
}

/* Keeps it for the apartment, unless another thread was faster. */
static HRESULT keep_channel(const Apartment *apartment, ApartmentQueue *queue, RpcChannel *channel) {
  BrokerLink *fresh = calloc(1, sizeof *fresh);
  if (!fresh)
    return E_OUTOFMEMORY;
  *fresh = (BrokerLink){ .apartment = apartment_number(apartment), .restore.run = run_restore };
  pthread_once(&hook_once, add_hook);
  pthread_mutex_lock(&lock);
  BrokerLink *link = find_link_locked(fresh->apartment);
  if (!link) {
    link = fresh;
    link->queue = queue_addref(queue);
    link->next = links;
    links = link;
    fresh = NULL;
  }
  bool kept = !link->channel;
  if (kept)
    link->channel = rpc_channel_addref(channel);
  pthread_mutex_unlock(&lock);
  if (kept)
    broker_answer_questions(channel);
  free(fresh);
  return S_OK;
}

/* One call */

typedef struct Asking {
  RpcCall call;
  ApartmentQueue *queue; /* of the thread that waits */
  _Atomic bool over;
} Asking;

static void done(RpcCall *call) {
  Asking *asking = OBJECT_CONTAINER(call, Asking, call);
  ApartmentQueue *queue = queue_addref(asking->queue);
  atomic_store(&asking->over, true); /* now it may be gone */
  queue_wake(queue);
  queue_release(queue);
}

static bool is_over(void *asking) {
  return atomic_load(&((Asking *)asking)->over);
}

static HRESULT raise_given_up(HRESULT status, BrokerCall what) {
  const char *why = status == RPC_E_TIMEOUT ? "its time was over" : "it was cancelled";
  return what == BROKER_GET_CLASS_OBJECT
             ? error_raise(
                   status, ERROR_SOURCE,
                   "The making of the object was given up: %s. The COM service may start its server all the same.", why)
             : error_raise(status, ERROR_SOURCE, "The question to the COM service was given up: %s.", why);
}

/* S_OK with the reply; what went wrong on the way otherwise. */
static HRESULT call(RpcChannel *channel, BrokerCall what, const BrokerWriter *body, double seconds, RpcBuffer **reply) {
  struct iovec piece = { body->data, body->size };
  Asking asking = {
    .call = { .iid = IID_OleanderBroker, .opnum = (uint16_t)what, .pieces = &piece, .piece_count = 1, .done = done },
    .queue = queue_of_thread()
  };
  *reply = NULL;
  if (!asking.queue)
    return E_OUTOFMEMORY;
  channel->methods->start(channel, &asking.call);
  HRESULT status = remote_wait(is_over, &asking, apartment_after(seconds));
  if (FAILED(status)) {
    channel->methods->cancel(channel, &asking.call);
    apartment_wait(is_over, &asking, APARTMENT_NEVER);
    if (asking.call.outcome != RPC_ANSWERED)
      return raise_given_up(status, what);
  }
  *reply = asking.call.reply;
  switch (asking.call.outcome) {
  case RPC_ANSWERED:
    return S_OK;
  case RPC_FAULTED:
    return RPC_E_FAULT;
  default:
    return RPC_E_SERVER_DIED;
  }
}

/* Whose classes are meant: the first layer of the registry stands for all of them. */
static void put_scope(BrokerWriter *body) {
  const char *classes = secure_getenv("OLEANDER_CLASSES"), *data = secure_getenv("XDG_DATA_HOME");
  const char *home = secure_getenv("HOME");
  char path[PATH_MAX], scope[PATH_MAX + 16];
  const char *layer = classes && *classes ? classes : data && *data ? data : home ? home : "";
  snprintf(scope, sizeof scope, "%s:%s",
           layer == classes ? "classes"
           : layer == data  ? "data"
                            : "home",
           realpath(layer, path) ? path : layer);
  broker_put_text(body, scope);
}

static HRESULT hello(RpcChannel *channel) {
  BrokerWriter body = { 0 };
  RpcBuffer *reply;
  char program[PATH_MAX];
  ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
  program[size > 0 ? size : 0] = 0;
  put_scope(&body);
  broker_put_text(&body, program);
  HRESULT status = body.failed ? E_OUTOFMEMORY : call(channel, BROKER_HELLO, &body, HELLO_SECONDS, &reply);
  free(body.data);
  if (FAILED(status))
    return status;
  Cursor cursor = cursor_over(reply->data, reply->size);
  status = (HRESULT)cursor_u32(&cursor);
  rpc_buffer_release(reply);
  return status;
}

/* One that has been started may have left before it was reached. */
static HRESULT find_service(ApartmentQueue *queue, bool start, RpcChannel **channel) {
  const HRESULT unavailable = HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE);
  HRESULT status = rpc_unix_connect(queue, BROKER_SOCKET, &service, channel);
  for (int i = 0; i < TRIES && status == unavailable && start; i++) {
    status = broker_start();
    if (SUCCEEDED(status))
      status = rpc_unix_connect(queue, BROKER_SOCKET, &service, channel);
  }
  if (status == unavailable && start)
    return error_raise(CO_E_START_SERVICE_FAILURE, ERROR_SOURCE,
                       "The COM service was started %d times, and was gone each time.", TRIES);
  return status;
}

static HRESULT connect_new(const Apartment *apartment, ApartmentQueue *queue, bool start, RpcChannel **channel) {
  HRESULT status = find_service(queue, start, channel);
  if (FAILED(status))
    return status;
  status = hello(*channel);
  if (SUCCEEDED(status))
    status = keep_channel(apartment, queue, *channel);
  if (FAILED(status)) {
    rpc_channel_release(*channel);
    *channel = NULL;
  }
  return status;
}

HRESULT broker_reach(void) {
  Apartment *apartment = apartment_get();
  if (!apartment)
    return CO_E_NOTINITIALIZED;
  RpcChannel *channel = channel_of(apartment_number(apartment));
  HRESULT status = channel ? S_OK : connect_new(apartment, apartment_queue(apartment), true, &channel);
  rpc_channel_release(channel);
  apartment_release(apartment);
  return status;
}

bool broker_start_call(RpcCall *call) {
  RpcChannel *channel = channel_of(apartment_current());
  if (!channel)
    return false;
  channel->methods->start(channel, call);
  rpc_channel_release(channel);
  return true;
}

static HRESULT try_once(BrokerCall what, const BrokerWriter *body, bool start, double seconds, RpcBuffer **reply) {
  Apartment *apartment = apartment_get();
  if (!apartment)
    return CO_E_NOTINITIALIZED;
  RpcChannel *channel = channel_of(apartment_number(apartment));
  HRESULT status = S_OK;
  if (!channel)
    status = connect_new(apartment, apartment_queue(apartment), start, &channel);
  if (SUCCEEDED(status))
    status = call(channel, what, body, seconds, reply);
  rpc_channel_release(channel);
  apartment_release(apartment);
  return status;
}

static HRESULT take_answer(RpcBuffer *buffer, BrokerReply *reply) {
  reply->buffer = buffer;
  reply->body = cursor_over(buffer->data, buffer->size);
  HRESULT status = (HRESULT)cursor_u32(&reply->body);
  if (reply->body.failed)
    status = RPC_E_INVALID_DATA;
  if (SUCCEEDED(status))
    return status;
  char *text = broker_get_text(&reply->body);
  if (text && *text)
    error_raise(status, ERROR_SOURCE, "%s", text);
  free(text);
  broker_reply_free(reply);
  return status;
}

HRESULT broker_ask(BrokerCall what, BrokerWriter *body, bool start, double seconds, BrokerReply *reply) {
  HRESULT status = body->failed ? E_OUTOFMEMORY : RPC_E_SERVER_DIED;
  RpcBuffer *buffer = NULL;
  *reply = (BrokerReply){ 0 };
  /* A service that leaves, or is killed, has a successor. */
  for (int i = 0; i < TRIES && status == RPC_E_SERVER_DIED; i++)
    status = try_once(what, body, start, seconds, &buffer);
  free(body->data);
  *body = (BrokerWriter){ 0 };
  return SUCCEEDED(status) ? take_answer(buffer, reply) : status;
}

HRESULT broker_tell(BrokerCall what, BrokerWriter *body, bool start) {
  BrokerReply reply;
  HRESULT status = broker_ask(what, body, start, HELLO_SECONDS, &reply);
  broker_reply_free(&reply);
  return status;
}

void broker_reply_free(BrokerReply *reply) {
  rpc_buffer_release(reply->buffer);
  reply->buffer = NULL;
}
