/* The life of a connection (connection.h): from the socket to its end. */
#include "remote/rpc/connection.h"
#include "remote/rpc/trace.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <unistd.h>

static pthread_mutex_t all_lock = PTHREAD_MUTEX_INITIALIZER;
static RpcConnection *all;

static void list(RpcConnection *connection) {
  pthread_mutex_lock(&all_lock);
  connection->next = all;
  if (all)
    all->previous = connection;
  all = connection;
  pthread_mutex_unlock(&all_lock);
}

void connection_visit_all(void (*visit)(RpcConnection *connection, void *context), void *context) {
  pthread_mutex_lock(&all_lock);
  for (RpcConnection *connection = all; connection; connection = connection->next) {
    pthread_mutex_lock(&connection->lock);
    visit(connection, context);
    pthread_mutex_unlock(&connection->lock);
  }
  pthread_mutex_unlock(&all_lock);
}

static void unlist(RpcConnection *connection) {
  pthread_mutex_lock(&all_lock);
  if (connection->next)
    connection->next->previous = connection->previous;
  if (connection->previous)
    connection->previous->next = connection->next;
  else
    all = connection->next;
  pthread_mutex_unlock(&all_lock);
}

void connection_addref(RpcConnection *connection) {
  atomic_fetch_add_explicit(&connection->references, 1, memory_order_relaxed);
}

static void connection_free(RpcConnection *connection) {
  connection_drop_output_locked(connection);
  connection_drop_input(connection);
  free(connection->input.data);
  free(connection->contexts);
  auth_end(&connection->auth);
  free(connection->slots);
  pthread_mutex_destroy(&connection->lock);
  queue_release(connection->queue);
  listener_release(connection->listener);
  free(connection);
}

void connection_release(RpcConnection *connection) {
  if (atomic_fetch_sub(&connection->references, 1) == 1)
    connection_free(connection);
}

/* The end */

/* Once, after the last request that came. */
static void tell_closed(RpcConnection *connection) {
  RpcServer *server = connection->channel.server;
  if (!connection->ended)
    return;
  pthread_mutex_lock(&connection->lock);
  bool tell = !connection->ready && !connection->closed_told;
  if (tell)
    connection->closed_told = true;
  pthread_mutex_unlock(&connection->lock);
  if (tell && server && server->closed)
    server->closed(server, &connection->channel);
}

/* We leave, the peer stays: what it has sent and nobody has begun with is refused, so that it knows that nothing was done. What
 * it sends from now on it cannot send. */
static void refuse_rest(RpcConnection *connection) {
  shutdown(connection->watch.descriptor, SHUT_RD);
  while (connection_read(connection))
    ;
  requests_refuse(connection);
}

static void end(RpcConnection *connection) {
  pthread_mutex_lock(&connection->lock);
  bool ended = connection->ended;
  connection->ended = true;
  pthread_mutex_unlock(&connection->lock);
  if (ended)
    return;
  rpc_trace(&connection->channel, .kind = "end", .note = connection->peer_left ? "the peer has left" : NULL);
  queue_unwatch(&connection->watch);
  unlist(connection);
  rpc_channel_trust(&connection->channel);
  pthread_mutex_lock(&connection->lock);
  close(connection->watch.descriptor);
  connection->watch.descriptor = -1;
  connection_drop_output_locked(connection);
  pthread_mutex_unlock(&connection->lock);
  connection_drop_input(connection);
  calls_end(connection);
  tell_closed(connection);
  if (connection->serves)
    rpc_channel_release(&connection->channel);
  connection_release(connection); /* the watch's */
}

void connection_break_locked(RpcConnection *connection) {
  if (connection->broken || connection->ended)
    return;
  connection->broken = true;
  shutdown(connection->watch.descriptor, SHUT_RDWR); /* who reads finds the end */
}

void connection_close(RpcConnection *connection, bool now) {
  bool own = queue_of_thread() == connection->queue;
  pthread_mutex_lock(&connection->lock);
  connection->closing = true;
  if (!connection->ended)
    connection_flush_locked(connection);
  bool mine = own || (now && !connection->reading);
  bool ends = !connection->ended && (now || connection->broken || !connection->first);
  if (ends && !mine) {
    connection->closed_told = connection->closed_told || now; /* who wants it at once may be gone when it happens */
    connection_break_locked(connection);
  }
  pthread_mutex_unlock(&connection->lock);
  if (!ends || !mine)
    return;
  if (connection->serves && !connection->broken)
    refuse_rest(connection);
  end(connection);
}

/* The next one of the queue, or of the listener, that has not been asked to close; referenced. NULL: there is none. */
static RpcConnection *find(const ApartmentQueue *queue, const RpcListener *listener) {
  pthread_mutex_lock(&all_lock);
  RpcConnection *connection = all;
  while (connection && (queue ? connection->queue != queue : connection->listener != listener || connection->leaving))
    connection = connection->next;
  if (connection) {
    connection->leaving = true;
    connection_addref(connection);
  }
  pthread_mutex_unlock(&all_lock);
  return connection;
}

void connection_end_queue(ApartmentQueue *queue) {
  for (RpcConnection *connection; (connection = find(queue, NULL));) {
    connection_close(connection, true);
    connection_release(connection);
  }
}

void connection_break_newcomers(const RpcListener *listener, int64_t before, bool first) {
  pthread_mutex_lock(&all_lock);
  RpcConnection *oldest = NULL;
  for (RpcConnection *connection = all; connection; connection = connection->next) {
    if (connection->listener != listener || connection->trusted || connection->came >= before)
      continue;
    if (!first) {
      pthread_mutex_lock(&connection->lock);
      connection_break_locked(connection);
      pthread_mutex_unlock(&connection->lock);
    } else if (!connection->broken && (!oldest || connection->came <= oldest->came)) {
      oldest = connection;
    }
  }
  if (oldest) {
    pthread_mutex_lock(&oldest->lock);
    connection_break_locked(oldest);
    pthread_mutex_unlock(&oldest->lock);
  }
  pthread_mutex_unlock(&all_lock);
}

void rpc_channel_trust(RpcChannel *channel) {
  if (channel->destination != MSHCTX_DIFFERENTMACHINE)
    return;
  RpcConnection *connection = connection_of(channel);
  if (!atomic_exchange(&connection->trusted, true) && connection->listener)
    listener_newcomer_left(connection->listener);
}

void connection_close_accepted(const RpcListener *listener) {
  for (RpcConnection *connection; (connection = find(NULL, listener));) {
    connection_close(connection, true);
    connection_release(connection);
  }
}

bool rpc_listener_is_used(const RpcListener *listener) {
  pthread_mutex_lock(&all_lock);
  const RpcConnection *connection = all;
  while (connection && (connection->listener != listener || !connection->trusted || connection->broken))
    connection = connection->next;
  pthread_mutex_unlock(&all_lock);
  return connection;
}

/* Serving */

void connection_events_locked(RpcConnection *connection) {
  if (connection->ended)
    return;
  bool full = connection->requests >= (connection->trusted ? REQUEST_LIMIT : NEWCOMER_REQUESTS) ||
              (connection->serves && connection->unsent >= UNSENT_BYTES);
  uint32_t events = (full ? 0 : EPOLLIN) | (connection->first ? EPOLLOUT : 0);
  if (events == connection->served_events)
    return;
  connection->served_events = events;
  queue_watch_change(&connection->watch, events);
}

/* Other threads, or a nested wait, may read from now on. */
static void give_back(RpcConnection *connection) {
  pthread_mutex_lock(&connection->lock);
  connection->reading = false;
  if (!connection->ended)
    queue_watch_again(&connection->watch);
  pthread_mutex_unlock(&connection->lock);
}

/* Serves one request; the others that have come with it are left to the queue, where another thread or a nested wait finds
 * them. `watched`: the caller has the watch. False: there is none. */
static bool serve(RpcConnection *connection, bool watched) {
  RpcMessage *message = requests_begin(connection);
  if (!message)
    return false;
  if (watched)
    give_back(connection);
  RpcServer *server = connection->channel.server;
  server->serve(server, &message->request);
  tell_closed(connection);
  return true;
}

static void run_work(ApartmentWork *work, bool dropped) {
  RpcConnection *connection = OBJECT_CONTAINER(work, RpcConnection, work);
  pthread_mutex_lock(&connection->lock);
  connection->work_posted = false;
  pthread_mutex_unlock(&connection->lock);
  if (dropped)
    requests_drop(connection);
  else
    serve(connection, false);
  connection_release(connection);
}

void connection_post_locked(RpcConnection *connection) {
  if (connection->work_posted)
    return;
  connection_addref(connection);
  connection->work_posted = SUCCEEDED(queue_post(connection->queue, &connection->work));
  if (!connection->work_posted)
    connection_release(connection);
}

static void run_watch(ApartmentWatch *watch, uint32_t events) {
  RpcConnection *connection = OBJECT_CONTAINER(watch, RpcConnection, watch);
  connection_addref(connection);
  pthread_mutex_lock(&connection->lock);
  connection->reading = true;
  pthread_mutex_unlock(&connection->lock);
  bool alive = !(events & ~(uint32_t)EPOLLOUT) || connection_read(connection);
  pthread_mutex_lock(&connection->lock);
  if (events & EPOLLOUT && !connection->ended)
    connection_flush_locked(connection);
  if (connection->broken || (connection->closing && !connection->first))
    alive = false;
  pthread_mutex_unlock(&connection->lock);
  if (!alive)
    end(connection);
  if (!serve(connection, true))
    give_back(connection);
  connection_release(connection);
}

/* What has gone wrong is found again by the watch, which ends the connection. */
bool connection_look(RpcConnection *connection) {
  pthread_mutex_lock(&connection->lock);
  bool alive = !connection->ended && !connection->broken;
  bool mine =
      alive && !connection->reading && connection->requests < REQUEST_LIMIT && queue_of_thread() == connection->queue;
  if (mine)
    connection->reading = true;
  pthread_mutex_unlock(&connection->lock);
  if (!mine)
    return alive;
  alive = connection_read(connection);
  pthread_mutex_lock(&connection->lock);
  connection->reading = false;
  if (!alive)
    connection_break_locked(connection);
  if (connection->ready)
    connection_post_locked(connection);
  pthread_mutex_unlock(&connection->lock);
  return alive;
}

HRESULT connection_create(int socket, ApartmentQueue *queue, RpcServer *server, const RpcPeer *peer, bool serves,
                          RpcListener *listener, RpcConnection **created) {
  RpcConnection *connection = calloc(1, sizeof *connection);
  uint8_t *input = malloc(INPUT_SIZE);
  if (!connection || !input) {
    free(connection);
    free(input);
    close(socket);
    return E_OUTOFMEMORY;
  }
  connection->channel.methods = &connection_methods;
  connection->channel.references = 1;
  connection->channel.server = server;
  connection->channel.destination = peer->local ? MSHCTX_LOCAL : MSHCTX_DIFFERENTMACHINE;
  connection->trusted = peer->local || !serves;
  connection->came = apartment_clock();
  connection->channel.peer = *peer;
  connection->references = 2; /* the channel's and the watch's */
  connection->queue = queue_addref(queue);
  connection->serves = serves;
  connection->listener = listener;
  connection->work.run = run_work;
  connection->input.data = input;
  connection->input.capacity = INPUT_SIZE;
  connection->max_fragment = PDU_FRAGMENT_LEAST;
  connection->free_slot = UINT32_MAX;
  connection->served_events = EPOLLIN;
  pthread_mutex_init(&connection->lock, NULL);
  connection->watch = (ApartmentWatch){ .run = run_watch, .descriptor = socket, .events = EPOLLIN };
  list(connection); /* before another thread can end it */
  connection_addref(connection);
  HRESULT status = queue_watch(queue, &connection->watch);
  if (FAILED(status)) {
    unlist(connection);
    close(socket);
    connection->listener = NULL; /* the caller's still */
    connection_free(connection);
    return status;
  }
  if (created)
    *created = connection;
  connection_release(connection);
  return S_OK;
}
