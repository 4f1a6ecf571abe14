/* What listens, whatever the socket is (listener.h). */
#include "remote/rpc/listener.h"

#include <errno.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ACCEPTED_AT_ONCE = 64 };

static pthread_mutex_t listeners_lock = PTHREAD_MUTEX_INITIALIZER;
static RpcListener *listeners;

void listener_release(RpcListener *listener) {
  if (!listener || atomic_fetch_sub(&listener->references, 1) != 1)
    return;
  queue_release(listener->queue);
  free(listener);
}

/* Connections of other hosts that have not shown whose they are */

enum { NEWCOMER_LIMIT = 512, SWEEP_SECONDS = 5 };

static void run_sweep(ApartmentTimer *timer) {
  RpcListener *listener = OBJECT_CONTAINER(timer, RpcListener, sweep);
  connection_break_newcomers(listener, apartment_clock() - NEWCOMER_SECONDS * INT64_C(1000000000), false);
  if (!listener->newcomers || listener->closed) {
    atomic_store(&listener->sweeping, false);
    /* Who has come between the question and the answer relied on this sweep. */
    if (!listener->newcomers || listener->closed || atomic_exchange(&listener->sweeping, true)) {
      listener_release(listener);
      return;
    }
  }
  queue_start_timer(listener->queue, timer, apartment_after(SWEEP_SECONDS));
}

void listener_newcomer_left(RpcListener *listener) {
  atomic_fetch_sub(&listener->newcomers, 1);
}

/* On a thread of the queue. */
static void admit_newcomer(RpcListener *listener) {
  if (atomic_fetch_add(&listener->newcomers, 1) >= NEWCOMER_LIMIT)
    connection_break_newcomers(listener, INT64_MAX, true);
  if (atomic_exchange(&listener->sweeping, true))
    return;
  atomic_fetch_add(&listener->references, 1);
  listener->sweep.run = run_sweep;
  queue_start_timer(listener->queue, &listener->sweep, apartment_after(SWEEP_SECONDS));
}

static void accept_one(RpcListener *listener, int socket) {
  RpcPeer peer;
  if (!listener->kind->accept(socket, &peer)) {
    close(socket);
    return;
  }
  atomic_fetch_add(&listener->references, 1);
  if (listener->kind->of_hosts)
    admit_newcomer(listener);
  if (SUCCEEDED(connection_create(socket, listener->queue, listener->server, &peer, true, listener, NULL)))
    return;
  if (listener->kind->of_hosts)
    atomic_fetch_sub(&listener->newcomers, 1);
  listener_release(listener);
}

/* No descriptor is left: one who waits is turned away, which is better than silence. */
static void turn_away(RpcListener *listener) {
  close(listener->spare);
  int socket = accept4(listener->watch.descriptor, NULL, NULL, SOCK_CLOEXEC);
  if (socket >= 0)
    close(socket);
  listener->spare = open("/dev/null", O_RDONLY | O_CLOEXEC);
}

static void run_listener(ApartmentWatch *watch, uint32_t events) {
  RpcListener *listener = OBJECT_CONTAINER(watch, RpcListener, watch);
  (void)events;
  for (int i = 0; i < ACCEPTED_AT_ONCE; i++) {
    int socket = accept4(watch->descriptor, NULL, NULL, SOCK_CLOEXEC | SOCK_NONBLOCK);
    if (socket >= 0)
      accept_one(listener, socket);
    else if (errno == EMFILE || errno == ENFILE)
      turn_away(listener);
    else if (errno != ECONNABORTED && errno != EINTR)
      return;
  }
}

void listener_raise_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

static void list(RpcListener *listener) {
  pthread_mutex_lock(&listeners_lock);
  listener->next = listeners;
  listeners = listener;
  pthread_mutex_unlock(&listeners_lock);
}

static bool unlist(RpcListener *listener) {
  pthread_mutex_lock(&listeners_lock);
  RpcListener **link = &listeners;
  while (*link && *link != listener)
    link = &(*link)->next;
  bool found = *link;
  if (found)
    *link = listener->next;
  pthread_mutex_unlock(&listeners_lock);
  return found;
}

static RpcListener *listener_alloc(const ListenerKind *kind, ApartmentQueue *queue, const char *name, RpcServer *server,
                                   int directory, int socket) {
  RpcListener *listener = calloc(1, sizeof *listener + strlen(name) + 1);
  if (!listener)
    return NULL;
  *listener = (RpcListener){ .watch = { .run = run_listener, .descriptor = socket, .events = EPOLLIN },
                             .kind = kind,
                             .references = 1,
                             .queue = queue_addref(queue),
                             .server = server,
                             .spare = open("/dev/null", O_RDONLY | O_CLOEXEC),
                             .directory = directory };
  strcpy(listener->name, name);
  return listener;
}

HRESULT listener_create(const ListenerKind *kind, ApartmentQueue *queue, const char *name, RpcServer *server,
                        int directory, int socket, RpcListener **made) {
  RpcListener *listener = listener_alloc(kind, queue, name, server, directory, socket);
  HRESULT status = listener ? queue_watch(queue, &listener->watch) : E_OUTOFMEMORY;
  if (SUCCEEDED(status)) {
    list(listener);
    *made = listener;
    return S_OK;
  }
  if (directory >= 0) {
    unlinkat(directory, name, 0);
    close(directory);
  }
  close(socket);
  listener_release(listener);
  return status;
}

/* The file goes first: who comes now finds nobody. */
static void stop_listening(RpcListener *listener) {
  listener->closed = true;
  if (listener->directory >= 0) {
    unlinkat(listener->directory, listener->name, 0);
    close(listener->directory);
  }
  queue_unwatch(&listener->watch);
  close(listener->watch.descriptor);
  if (listener->spare >= 0)
    close(listener->spare);
}

void rpc_listener_close(RpcListener *listener, bool all) {
  if (!listener || !unlist(listener))
    return;
  stop_listening(listener);
  if (all)
    connection_close_accepted(listener);
  listener_release(listener);
}

void rpc_queue_end(ApartmentQueue *queue) {
  for (;;) {
    pthread_mutex_lock(&listeners_lock);
    RpcListener *listener = listeners;
    while (listener && listener->queue != queue)
      listener = listener->next;
    pthread_mutex_unlock(&listeners_lock);
    if (!listener)
      break;
    rpc_listener_close(listener, true);
  }
  connection_end_queue(queue);
}
