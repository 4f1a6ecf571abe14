/* The COM service: who is connected, what they ask, when it leaves. */
#include "broker/broker.h"

#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

#include "broker/broker_run.h"

static struct {
  BrokerClient *clients;
  RpcListener *listener;
  ApartmentTimer idle, sweeping;
  ApartmentWatch signals;
  double idle_seconds; /* negative: for ever */
  bool foreground;
  bool idled;   /* nobody has been there for that long */
  bool ended;   /* by a signal */
  bool visited; /* somebody has been there */
} broker;

/* Who has started the service may be slow to come. */
#define FIRST_SECONDS 15.0

/* Telling */

bool broker_is_foreground(void) {
  return broker.foreground;
}

void broker_log(const char *format, ...) {
  char moment[32];
  time_t now = time(NULL);
  va_list arguments;
  if (!broker.foreground)
    return;
  strftime(moment, sizeof moment, "%H:%M:%S", localtime(&now));
  fprintf(stderr, "oleanderd %s: ", moment);
  va_start(arguments, format);
  vfprintf(stderr, format, arguments);
  va_end(arguments);
  fputc('\n', stderr);
}

void broker_answer(RpcRequest *request, BrokerWriter *writer) {
  struct iovec piece = { writer->data, writer->size };
  if (writer->failed)
    rpc_request_fault(request, (uint32_t)E_OUTOFMEMORY);
  else
    rpc_request_reply(request, &piece, 1);
  free(writer->data);
}

void broker_answer_error(RpcRequest *request, HRESULT code, const char *text) {
  BrokerWriter writer = { 0 };
  broker_put_u32(&writer, (uint32_t)code);
  broker_put_text(&writer, text);
  broker_answer(request, &writer);
}

void broker_answer_code(RpcRequest *request, HRESULT code) {
  broker_answer_error(request, code, "");
}

/* Leaving */

static void leave(ApartmentTimer *timer) {
  (void)timer;
  broker.idled = true;
}

/* Who comes when the time is just over is served all the same. */
void broker_activity(void) {
  bool idle = !broker.clients && !launch_any() && broker.idle_seconds >= 0;
  double seconds = broker.visited || broker.idle_seconds > FIRST_SECONDS ? broker.idle_seconds : FIRST_SECONDS;
  broker.idled = broker.idled && idle;
  if (!idle)
    queue_stop_timer(&broker.idle);
  else if (!broker.idle.queue)
    queue_start_timer(queue_of_thread(), &broker.idle, apartment_after(seconds));
}

/* The sockets of processes that were killed */

#define SWEEP_SECONDS 2.0

static void sweep(ApartmentTimer *timer) {
  int directory;
  (void)timer;
  if (FAILED(runtime_directory_open(&directory)))
    return;
  runtime_directory_sweep(directory, "x-");
  close(directory);
}

/* Processes that end by themselves leave nothing: a look from time to time is enough. */
static void sweep_soon(void) {
  broker.sweeping.run = sweep;
  if (!broker.sweeping.queue)
    queue_start_timer(queue_of_thread(), &broker.sweeping, apartment_after(SWEEP_SECONDS));
}

/* Clients */

BrokerClient *broker_clients(void) {
  return broker.clients;
}

static BrokerClient **find_client(const RpcChannel *channel) {
  BrokerClient **link = &broker.clients;
  while (*link && (*link)->channel != channel)
    link = &(*link)->next;
  return link;
}

static void client_free(BrokerClient *client) {
  free(client->scope);
  free(client->program);
  principal_release(client->principal);
  free(client);
}

static void hello(RpcRequest *request, Cursor *body) {
  BrokerClient *client = calloc(1, sizeof *client);
  if (client) {
    client->channel = request->channel;
    client->pid = request->channel->peer.pid;
    client->scope = broker_get_text(body);
    client->program = broker_get_text(body);
  }
  if (!client || body->failed || *find_client(request->channel)) {
    if (client)
      client_free(client);
    broker_answer_code(request, RPC_E_INVALID_DATA);
    return;
  }
  for (const BrokerClient *other = broker.clients; other; other = other->next)
    client->suspended = client->suspended || (other->pid == client->pid && other->suspended);
  client->next = broker.clients;
  broker.clients = client;
  broker.visited = true;
  broker_activity();
  BrokerWriter writer = { 0 };
  broker_put_u32(&writer, S_OK);
  broker_put_u32(&writer, BROKER_VERSION);
  broker_answer(request, &writer);
}

void broker_status(RpcRequest *request) {
  BrokerWriter writer = { 0 };
  uint32_t count = 0;
  for (const BrokerClient *client = broker.clients; client; client = client->next)
    count++;
  broker_put_u32(&writer, S_OK);
  broker_put_u32(&writer, count);
  for (const BrokerClient *client = broker.clients; client; client = client->next) {
    broker_put_u32(&writer, (uint32_t)client->pid);
    broker_put_text(&writer, client->program);
    broker_put_text(&writer, client->scope);
  }
  classes_status(&writer);
  running_status(&writer);
  broker_answer(request, &writer);
}

static void serve_client(BrokerClient *client, RpcRequest *request, Cursor *body) {
  switch (request->opnum) {
  case BROKER_REGISTER_CLASS:
    classes_register(client, request, body);
    break;
  case BROKER_REVOKE_CLASS:
    classes_revoke(client, request, body);
    break;
  case BROKER_SUSPEND_CLASSES:
  case BROKER_RESUME_CLASSES:
    classes_suspend(client, request, request->opnum == BROKER_SUSPEND_CLASSES);
    break;
  case BROKER_GET_CLASS_OBJECT:
    classes_get(client, request, body);
    break;
  case BROKER_CLASS_IS_GONE:
    classes_gone(request, body);
    break;
  case BROKER_REGISTER_RUNNING:
    running_register(client, request, body);
    break;
  case BROKER_REVOKE_RUNNING:
    running_revoke(client, request, body);
    break;
  case BROKER_CHANGE_TIME:
    running_change_time(request, body);
    break;
  case BROKER_GET_RUNNING:
    running_get(request, body);
    break;
  case BROKER_ENUM_RUNNING:
    running_enum(client, request);
    break;
  case BROKER_STATUS:
    broker_status(request);
    break;
  case BROKER_AWAIT_QUESTION:
    questions_await(client, request);
    break;
  case BROKER_TELL:
    questions_tell(client, request, body);
    break;
  case BROKER_ASK_ALL:
    questions_ask_all(client, request);
    break;
  case BROKER_AWAIT_USE:
    classes_await_use(client, request, body);
    break;
  case BROKER_AWAIT_LOAD:
    launch_await_load(client, request, body);
    break;
  case BROKER_HOST:
    host_service_tell(request);
    break;
  case BROKER_ANNOUNCE:
    host_service_announce(client, request, body);
    break;
  case BROKER_PINGS:
    host_service_pings(request, body);
    break;
  default:
    rpc_request_fault(request, 0x1c010002); /* no such method */
  }
}

static void serve(RpcServer *server, RpcRequest *request) {
  Cursor body = cursor_over(request->stub->data, request->stub->size);
  BrokerClient *client = *find_client(request->channel);
  (void)server;
  if (request->opnum == BROKER_HELLO)
    hello(request, &body);
  else if (client)
    serve_client(client, request, &body);
  else
    broker_answer_code(request, E_UNEXPECTED);
}

static void closed(RpcServer *server, RpcChannel *channel) {
  BrokerClient **link = find_client(channel), *client = *link;
  (void)server;
  if (!client)
    return;
  *link = client->next;
  questions_leave(client);
  classes_leave(client);
  running_leave(client);
  launch_leave(client);
  host_service_leave(client);
  client_free(client);
  sweep_soon();
  broker_activity();
}

static bool knows(RpcServer *server, const IID *iid) {
  (void)server;
  return IsEqualGUID(iid, &IID_OleanderBroker);
}

RpcServer broker_server = { .serve = serve, .closed = closed, .knows = knows };

/* Signals */

static void run_signals(ApartmentWatch *watch, uint32_t events) {
  struct signalfd_siginfo signal;
  (void)events;
  while (read(watch->descriptor, &signal, sizeof signal) == sizeof signal)
    broker.ended = true;
}

static bool watch_signals(void) {
  sigset_t wanted;
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  sigaddset(&wanted, SIGINT);
  sigprocmask(SIG_BLOCK, &wanted, NULL);
  broker.signals = (ApartmentWatch){ .run = run_signals,
                                     .events = EPOLLIN,
                                     .descriptor = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK) };
  return broker.signals.descriptor >= 0 && SUCCEEDED(queue_watch(queue_of_thread(), &broker.signals));
}

static bool is_leaving(void *unused) {
  (void)unused;
  return broker.ended || broker.idled;
}

HRESULT broker_begin(const BrokerOptions *options) {
  ApartmentQueue *queue = queue_of_thread();
  bool replaced = false;
  HRESULT status = queue && watch_signals() ? S_OK : E_OUTOFMEMORY;
  broker.foreground = options->foreground;
  broker.idle_seconds = options->idle_seconds;
  broker.idle.run = leave;
  if (SUCCEEDED(status) && options->socket >= 0)
    status = rpc_unix_adopt(queue, options->socket, &broker_server, &broker.listener);
  else if (SUCCEEDED(status))
    status = rpc_unix_listen_replacing(queue, BROKER_SOCKET, &broker_server, &broker.listener, &replaced);
  if (SUCCEEDED(status) && options->listen)
    status = host_service_begin(options->listen, options->port);
  if (FAILED(status))
    return status;
  sweep(NULL);
  broker_log("ready%s", replaced ? " in the place of one that has crashed" : "");
  classes_begin(replaced);
  broker_activity();
  return S_OK;
}

void broker_run(void) {
  apartment_wait(is_leaving, NULL, APARTMENT_NEVER);
  broker_log("leaving");
  launch_end_all();
  queue_stop_timer(&broker.sweeping);
  host_service_end();
  rpc_listener_close(broker.listener, true);
  rpc_queue_end(queue_of_thread());
}
