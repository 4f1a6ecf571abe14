/* The carrier between processes of a user: connections over unix sockets in the runtime directory. Who the peer is says the
 * kernel: only our own user gets in, and nothing needs to be signed. */
#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "remote/rpc/connection.h"
#include "remote/rpc/runtime_directory.h"

enum {
  BACKLOG = 4096,
  ACCEPTED_AT_ONCE = 64,
  SEND_BUFFER = 4 << 20, /* as much of it as the system allows */
  CONNECT_TRIES = 20     /* a millisecond apart, where the other side has too many to accept */
};

struct RpcListener {
  ApartmentWatch watch;
  _Atomic uint32_t references;
  ApartmentQueue *queue;
  RpcServer *server;
  RpcListener *next; /* all of the process; under listeners_lock */
  int spare;         /* a descriptor to give up when there are no others */
  int directory;     /* holds the socket */
  char name[];
};

static pthread_mutex_t listeners_lock = PTHREAD_MUTEX_INITIALIZER;
static RpcListener *listeners;

/* Sockets */

static bool identify(int socket, RpcPeer *peer) {
  struct ucred credentials;
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0 || credentials.uid != geteuid())
    return false;
  *peer = (RpcPeer){ .local = true, .pid = credentials.pid, .uid = credentials.uid };
  return true;
}

static void set_up(int socket) {
  setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &(int){ SEND_BUFFER }, sizeof(int));
}

static int open_socket(void) {
  return socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
}

/* Connecting */

/* 0, or errno. */
static int connect_socket(int socket, const struct sockaddr_un *address, socklen_t size) {
  for (int tries = 0; connect(socket, (const struct sockaddr *)address, size) != 0; tries++) {
    if (errno == EINTR)
      continue;
    if (errno != EAGAIN || tries == CONNECT_TRIES)
      return errno;
    nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
  }
  return 0;
}

static HRESULT connect_failed(int error, const char *name) {
  if (error == ECONNREFUSED || error == ENOENT)
    return HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE);
  if (error == EAGAIN)
    return HRESULT_FROM_WIN32(RPC_S_SERVER_TOO_BUSY);
  return runtime_error(error, "connect to", name);
}

static HRESULT connect_in(int directory, const char *name, int *connected) {
  struct sockaddr_un address;
  socklen_t size;
  HRESULT status = runtime_directory_address(directory, name, &address, &size);
  if (FAILED(status))
    return status;
  int socket = open_socket();
  int error = socket < 0 ? errno : connect_socket(socket, &address, size);
  if (!error) {
    *connected = socket;
    return S_OK;
  }
  if (socket >= 0)
    close(socket);
  return connect_failed(error, name);
}

static bool is_name(const char *name) {
  return *name && *name != '.' && !strchr(name, '/') && strlen(name) < 64;
}

HRESULT rpc_unix_connect(ApartmentQueue *queue, const char *name, RpcServer *server, RpcChannel **channel) {
  int directory, socket = -1;
  RpcPeer peer;
  *channel = NULL;
  if (!is_name(name)) /* it may have come from outside */
    return HRESULT_FROM_WIN32(RPC_S_INVALID_ENDPOINT_FORMAT);
  HRESULT status = runtime_directory_open(&directory);
  if (FAILED(status))
    return status;
  status = connect_in(directory, name, &socket);
  close(directory);
  if (FAILED(status))
    return status;
  if (!identify(socket, &peer)) {
    close(socket);
    return E_ACCESSDENIED;
  }
  set_up(socket);
  RpcConnection *connection;
  status = connection_create(socket, queue, server, &peer, false, NULL, &connection);
  if (SUCCEEDED(status))
    *channel = &connection->channel;
  return status;
}

/* Listening */

void listener_release(RpcListener *listener) {
  if (!listener || atomic_fetch_sub(&listener->references, 1) != 1)
    return;
  queue_release(listener->queue);
  free(listener);
}

static void accept_one(RpcListener *listener, int socket) {
  RpcPeer peer;
  if (!identify(socket, &peer)) {
    close(socket);
    return;
  }
  set_up(socket);
  atomic_fetch_add(&listener->references, 1);
  if (FAILED(connection_create(socket, listener->queue, listener->server, &peer, true, listener, NULL)))
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

/* Whoever serves many needs a descriptor for each. */
static void raise_limit(void) {
  struct rlimit limit;
  if (getrlimit(RLIMIT_NOFILE, &limit) != 0 || limit.rlim_cur >= limit.rlim_max)
    return;
  limit.rlim_cur = limit.rlim_max;
  setrlimit(RLIMIT_NOFILE, &limit);
}

/* Under the lock of the directory: a socket of that name is replaced if nobody listens on it. 0, or errno. */
static int bind_locked(int directory, const char *name, int socket, const struct sockaddr_un *address, socklen_t size,
                       bool *replaced) {
  if (bind(socket, (const struct sockaddr *)address, size) == 0)
    return 0;
  if (errno != EADDRINUSE)
    return errno;
  int probe = open_socket();
  if (probe < 0)
    return errno;
  int error = connect_socket(probe, address, size);
  close(probe);
  if (error != ECONNREFUSED)
    return EADDRINUSE;
  unlinkat(directory, name, 0);
  *replaced = true;
  return bind(socket, (const struct sockaddr *)address, size) == 0 ? 0 : errno;
}

static HRESULT listen_in(int directory, const char *name, int *listening, bool *replaced) {
  struct sockaddr_un address;
  socklen_t size;
  HRESULT status = runtime_directory_address(directory, name, &address, &size);
  if (FAILED(status))
    return status;
  int socket = open_socket(), lock = socket >= 0 ? runtime_directory_lock(directory, "lock", 5) : -1;
  int error = lock < 0 ? errno : bind_locked(directory, name, socket, &address, size, replaced);
  if (!error && listen(socket, BACKLOG) != 0)
    error = errno;
  if (lock >= 0)
    close(lock);
  if (!error) {
    *listening = socket;
    return S_OK;
  }
  if (socket >= 0)
    close(socket);
  return runtime_error(error, "listen on", name);
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

static RpcListener *listener_create(ApartmentQueue *queue, const char *name, RpcServer *server, int directory,
                                    int socket) {
  RpcListener *listener = calloc(1, sizeof *listener + strlen(name) + 1);
  if (!listener)
    return NULL;
  *listener = (RpcListener){ .watch = { .run = run_listener, .descriptor = socket, .events = EPOLLIN },
                             .references = 1,
                             .queue = queue_addref(queue),
                             .server = server,
                             .spare = open("/dev/null", O_RDONLY | O_CLOEXEC),
                             .directory = directory };
  strcpy(listener->name, name);
  return listener;
}

/* Takes over the socket and the directory (-1: the file of the socket is somebody else's). */
static HRESULT listen_on(ApartmentQueue *queue, const char *name, RpcServer *server, int directory, int socket,
                         RpcListener **made) {
  RpcListener *listener = listener_create(queue, name, server, directory, socket);
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

HRESULT rpc_unix_listen_replacing(ApartmentQueue *queue, const char *name, RpcServer *server, RpcListener **made,
                                  bool *replaced) {
  int directory, socket = -1;
  *made = NULL;
  *replaced = false;
  if (!is_name(name))
    return HRESULT_FROM_WIN32(RPC_S_INVALID_ENDPOINT_FORMAT);
  raise_limit();
  HRESULT status = runtime_directory_open(&directory);
  if (FAILED(status))
    return status;
  status = listen_in(directory, name, &socket, replaced);
  if (SUCCEEDED(status))
    return listen_on(queue, name, server, directory, socket, made);
  close(directory);
  return status;
}

HRESULT rpc_unix_listen(ApartmentQueue *queue, const char *name, RpcServer *server, RpcListener **listener) {
  bool replaced;
  return rpc_unix_listen_replacing(queue, name, server, listener, &replaced);
}

HRESULT rpc_unix_adopt(ApartmentQueue *queue, int socket, RpcServer *server, RpcListener **listener) {
  *listener = NULL;
  raise_limit();
  if (fcntl(socket, F_SETFD, FD_CLOEXEC) != 0 || fcntl(socket, F_SETFL, O_NONBLOCK) != 0)
    return runtime_error(errno, "take over a socket for", "");
  return listen_on(queue, "", server, -1, socket, listener);
}

/* The file goes first: who comes now finds nobody. */
static void stop_listening(RpcListener *listener) {
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
