/* The carrier between processes of a user: connections over unix sockets in the runtime directory. Who the peer is says the
 * kernel: only our own user gets in, and nothing needs to be signed. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

#include "remote/rpc/listener.h"
#include "remote/rpc/runtime_directory.h"

enum {
  BACKLOG = 4096,
  SEND_BUFFER = 4 << 20, /* as much of it as the system allows */
  CONNECT_TRIES = 20     /* a millisecond apart, where the other side has too many to accept */
};

/* Sockets */

/* Only our own user gets in. */
static bool identify(int socket, RpcPeer *peer) {
  struct ucred credentials;
  socklen_t size = sizeof credentials;
  if (getsockopt(socket, SOL_SOCKET, SO_PEERCRED, &credentials, &size) != 0 || credentials.uid != geteuid())
    return false;
  *peer = (RpcPeer){ .local = true, .pid = credentials.pid, .uid = credentials.uid };
  setsockopt(socket, SOL_SOCKET, SO_SNDBUF, &(int){ SEND_BUFFER }, sizeof(int));
  return true;
}

static const ListenerKind unix_listener = { .accept = identify };

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

static HRESULT connect_named(const char *name, int *socket) {
  int directory;
  HRESULT status = runtime_directory_open(&directory);
  if (FAILED(status))
    return status;
  status = connect_in(directory, name, socket);
  close(directory);
  return status;
}

HRESULT rpc_unix_connect(ApartmentQueue *queue, const char *name, RpcServer *server, RpcChannel **channel) {
  int socket = -1;
  RpcPeer peer;
  *channel = NULL;
  if (!is_name(name)) /* it may have come from outside */
    return HRESULT_FROM_WIN32(RPC_S_INVALID_ENDPOINT_FORMAT);
  Credentials *aside = credentials_put_aside(); /* the connection is the process's */
  HRESULT status = connect_named(name, &socket);
  if (SUCCEEDED(status) && !identify(socket, &peer)) {
    close(socket);
    status = E_ACCESSDENIED;
  }
  credentials_take_back(aside);
  if (FAILED(status))
    return status;
  RpcConnection *connection;
  status = connection_create(socket, queue, server, &peer, false, NULL, &connection);
  if (SUCCEEDED(status))
    *channel = &connection->channel;
  return status;
}

/* Listening */

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

HRESULT rpc_unix_listen_replacing(ApartmentQueue *queue, const char *name, RpcServer *server, RpcListener **made,
                                  bool *replaced) {
  int directory, socket = -1;
  *made = NULL;
  *replaced = false;
  if (!is_name(name))
    return HRESULT_FROM_WIN32(RPC_S_INVALID_ENDPOINT_FORMAT);
  listener_raise_limit();
  HRESULT status = runtime_directory_open(&directory);
  if (FAILED(status))
    return status;
  status = listen_in(directory, name, &socket, replaced);
  if (SUCCEEDED(status))
    return listener_create(&unix_listener, queue, name, server, directory, socket, made);
  close(directory);
  return status;
}

HRESULT rpc_unix_listen(ApartmentQueue *queue, const char *name, RpcServer *server, RpcListener **listener) {
  bool replaced;
  return rpc_unix_listen_replacing(queue, name, server, listener, &replaced);
}

HRESULT rpc_unix_adopt(ApartmentQueue *queue, int socket, RpcServer *server, RpcListener **listener) {
  *listener = NULL;
  listener_raise_limit();
  if (fcntl(socket, F_SETFD, FD_CLOEXEC) != 0 || fcntl(socket, F_SETFL, O_NONBLOCK) != 0)
    return runtime_error(errno, "take over a socket for", "");
  return listener_create(&unix_listener, queue, "", server, -1, socket, listener);
}
