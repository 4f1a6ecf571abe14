/* The carrier to and from other hosts: connections over TCP ([MS-RPCE] 2.1.1.1, ncacn_ip_tcp). */
#include <arpa/inet.h>
#include <errno.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "remote/rpc/listener.h"
#include "remote/rpc/tcp_resolve.h"

#define ERROR_SOURCE "Oleander"
#define UNAVAILABLE  HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE)

enum {
  BACKLOG = 1024,
  ATTEMPT_LIMIT = 16,         /* addresses of a host that are tried */
  ATTEMPT_MILLISECONDS = 250, /* until the next one is tried beside */
  /* A peer that has vanished without a word is noticed after IDLE + COUNT * INTERVAL seconds; one that takes nothing likewise. */
  KEEP_IDLE = 60,
  KEEP_INTERVAL = 15,
  KEEP_COUNT = 4
};

/* Addresses as text */

bool rpc_binding_split(const char *binding, char host[RPC_BINDING_ROOM], uint16_t *port) {
  const char *name = binding;
  if (*binding == '[' && !strchr(binding, ']'))
    return false;
  bool quoted = *binding == '['; /* an address of IPv6 as in a URL */
  name += quoted;
  size_t size = strcspn(name, quoted ? "]" : "[");
  const char *rest = name + size + quoted;
  if (!size || size >= RPC_BINDING_ROOM || strcspn(name, " \t\r\n/@") < size)
    return false;
  memcpy(host, name, size);
  host[size] = 0;
  if (!*rest)
    return true;
  char *end;
  if ((*rest != '[' && *rest != ':') || rest[1] < '0' || rest[1] > '9')
    return false;
  unsigned long number = strtoul(rest + 1, &end, 10);
  if (number == 0 || number > UINT16_MAX || strcmp(end, *rest == '[' ? "]" : "") != 0)
    return false;
  *port = (uint16_t)number;
  return true;
}

/* Both ends of a socket are such. An address of IPv4 in the clothes of IPv6 is shown as what it is. */
static bool address_text(const struct sockaddr_storage *address, char text[RPC_ADDRESS_ROOM], uint16_t *port) {
  const struct sockaddr_in *four = (const struct sockaddr_in *)address;
  const struct sockaddr_in6 *six = (const struct sockaddr_in6 *)address;
  if (address->ss_family == AF_INET) {
    *port = ntohs(four->sin_port);
    return inet_ntop(AF_INET, &four->sin_addr, text, RPC_ADDRESS_ROOM);
  }
  if (address->ss_family != AF_INET6)
    return false;
  *port = ntohs(six->sin6_port);
  if (IN6_IS_ADDR_V4MAPPED(&six->sin6_addr))
    return inet_ntop(AF_INET, six->sin6_addr.s6_addr + 12, text, RPC_ADDRESS_ROOM);
  return inet_ntop(AF_INET6, &six->sin6_addr, text, RPC_ADDRESS_ROOM);
}

static bool local_of(int socket, char address[RPC_ADDRESS_ROOM], uint16_t *port) {
  struct sockaddr_storage own;
  socklen_t size = sizeof own;
  return getsockname(socket, (struct sockaddr *)&own, &size) == 0 && address_text(&own, address, port);
}

bool rpc_tcp_local(const RpcChannel *channel, char address[RPC_ADDRESS_ROOM], uint16_t *port) {
  if (channel->destination != MSHCTX_DIFFERENTMACHINE)
    return false;
  RpcConnection *connection = connection_of((RpcChannel *)(uintptr_t)channel);
  pthread_mutex_lock(&connection->lock);
  bool known = !connection->ended && local_of(connection->watch.descriptor, address, port);
  pthread_mutex_unlock(&connection->lock);
  return known;
}

/* Sockets */

static bool set_up(int socket, RpcPeer *peer) {
  struct sockaddr_storage other;
  socklen_t size = sizeof other;
  uint16_t port;
  static const struct {
    int level, name, value;
  } options[] = { { IPPROTO_TCP, TCP_NODELAY, 1 },
                  { SOL_SOCKET, SO_KEEPALIVE, 1 },
                  { IPPROTO_TCP, TCP_KEEPIDLE, KEEP_IDLE },
                  { IPPROTO_TCP, TCP_KEEPINTVL, KEEP_INTERVAL },
                  { IPPROTO_TCP, TCP_KEEPCNT, KEEP_COUNT },
                  { IPPROTO_TCP, TCP_USER_TIMEOUT, (KEEP_IDLE + KEEP_COUNT * KEEP_INTERVAL) * 1000 } };
  *peer = (RpcPeer){ 0 };
  if (getpeername(socket, (struct sockaddr *)&other, &size) != 0 || !address_text(&other, peer->address, &port))
    return false;
  for (size_t i = 0; i < sizeof options / sizeof options[0]; i++)
    setsockopt(socket, options[i].level, options[i].name, &options[i].value, sizeof(int));
  return true;
}

static const ListenerKind tcp_listener = { .accept = set_up, .of_hosts = true };

/* Connecting */

typedef struct Attempts {
  const struct addrinfo *next;
  struct pollfd sockets[ATTEMPT_LIMIT];
  unsigned count, failed;
  int connected; /* -1 */
  int error;     /* of the first that has failed */
} Attempts;

static void note_failure(Attempts *attempts, int error) {
  attempts->failed++;
  if (!attempts->error)
    attempts->error = error;
}

static void begin_next(Attempts *attempts) {
  const struct addrinfo *address = attempts->next;
  struct pollfd *entry = &attempts->sockets[attempts->count++];
  attempts->next = attempts->count < ATTEMPT_LIMIT ? address->ai_next : NULL;
  *entry = (struct pollfd){ socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0), POLLOUT, 0 };
  if (entry->fd >= 0 && (connect(entry->fd, address->ai_addr, address->ai_addrlen) == 0 || errno == EINPROGRESS))
    return;
  note_failure(attempts, errno);
  if (entry->fd >= 0)
    close(entry->fd);
  entry->fd = -1;
}

/* Looks at one that has news. */
static void settle(Attempts *attempts, struct pollfd *entry) {
  int error = 0;
  socklen_t size = sizeof error;
  if (getsockopt(entry->fd, SOL_SOCKET, SO_ERROR, &error, &size) != 0)
    error = errno;
  if (!error) {
    attempts->connected = entry->fd;
  } else {
    note_failure(attempts, error);
    close(entry->fd);
  }
  entry->fd = -1;
}

static bool is_settled(void *context) {
  Attempts *attempts = context;
  unsigned failed = attempts->failed;
  if (poll(attempts->sockets, attempts->count, 0) > 0) {
    for (unsigned i = 0; i < attempts->count && attempts->connected < 0; i++) {
      if (attempts->sockets[i].fd >= 0 && attempts->sockets[i].revents)
        settle(attempts, &attempts->sockets[i]);
    }
  }
  return attempts->connected >= 0 || attempts->failed > failed;
}

/* Gives the first that is connected. */
static int connect_any(const struct addrinfo *addresses, int64_t deadline, Attempts *attempts) {
  *attempts = (Attempts){ .next = addresses, .connected = -1 };
  while (attempts->connected < 0 && (attempts->next || attempts->failed < attempts->count)) {
    if (attempts->next)
      begin_next(attempts);
    int64_t until = attempts->next ? apartment_after(ATTEMPT_MILLISECONDS / 1000.0) : deadline;
    if (attempts->failed == attempts->count)
      continue;
    apartment_wait_beside(attempts->sockets, attempts->count, is_settled, attempts,
                          until < deadline ? until : deadline);
    if (attempts->connected < 0 && apartment_clock() >= deadline) {
      attempts->error = ETIMEDOUT;
      break;
    }
  }
  for (unsigned i = 0; i < attempts->count; i++) {
    if (attempts->sockets[i].fd >= 0)
      close(attempts->sockets[i].fd);
  }
  return attempts->connected;
}

HRESULT rpc_tcp_connect(ApartmentQueue *queue, const char *host, uint16_t port, int64_t deadline, RpcServer *server,
                        RpcChannel **channel) {
  struct addrinfo *addresses;
  Attempts attempts;
  RpcPeer peer;
  *channel = NULL;
  HRESULT status = tcp_resolve(host, port, deadline, &addresses);
  if (FAILED(status))
    return status;
  int socket = connect_any(addresses, deadline, &attempts);
  freeaddrinfo(addresses);
  if (socket < 0)
    return error_raise(attempts.error == ETIMEDOUT && apartment_clock() >= deadline ? RPC_E_TIMEOUT : UNAVAILABLE,
                       ERROR_SOURCE, "Cannot connect to %s, port %u: %s", host, port, strerror(attempts.error));
  if (!set_up(socket, &peer)) {
    close(socket);
    return error_raise(UNAVAILABLE, ERROR_SOURCE, "%s, port %u, has closed the connection", host, port);
  }
  RpcConnection *connection;
  status = connection_create(socket, queue, server, &peer, false, NULL, &connection);
  if (SUCCEEDED(status))
    *channel = &connection->channel;
  return status;
}

/* Listening */

/* An address of its own kind; "" is every address of both kinds, where the system has both. */
static socklen_t parse_address(const char *text, struct sockaddr_storage *address) {
  struct sockaddr_in *four = (struct sockaddr_in *)address;
  struct sockaddr_in6 *six = (struct sockaddr_in6 *)address;
  memset(address, 0, sizeof *address);
  if (inet_pton(AF_INET, text, &four->sin_addr) == 1) {
    four->sin_family = AF_INET;
    return sizeof *four;
  }
  six->sin6_family = AF_INET6;
  return !*text || inet_pton(AF_INET6, text, &six->sin6_addr) == 1 ? sizeof *six : 0;
}

static void set_port(struct sockaddr_storage *address, uint16_t port) {
  if (address->ss_family == AF_INET)
    ((struct sockaddr_in *)address)->sin_port = htons(port);
  else
    ((struct sockaddr_in6 *)address)->sin6_port = htons(port);
}

/* A bound socket that listens, or -1 and errno. */
static int listen_at(const struct sockaddr_storage *address, socklen_t size, bool every) {
  int made = socket(address->ss_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  if (made < 0)
    return -1;
  setsockopt(made, SOL_SOCKET, SO_REUSEADDR, &(int){ 1 }, sizeof(int));
  if (address->ss_family == AF_INET6)
    setsockopt(made, IPPROTO_IPV6, IPV6_V6ONLY, &(int){ every ? 0 : 1 }, sizeof(int));
  if (bind(made, (const struct sockaddr *)address, size) == 0 && listen(made, BACKLOG) == 0)
    return made;
  int error = errno;
  close(made);
  errno = error;
  return -1;
}

static int listen_in(const char *text, RpcPorts ports) {
  struct sockaddr_storage address;
  socklen_t size = parse_address(text, &address);
  if (!size) {
    errno = EINVAL;
    return -1;
  }
  int made = -1;
  for (unsigned port = ports.first; made < 0 && port <= (ports.last > ports.first ? ports.last : ports.first); port++) {
    set_port(&address, (uint16_t)port);
    made = listen_at(&address, size, !*text);
    if (made < 0 && errno != EADDRINUSE && errno != EACCES)
      break;
  }
  return made;
}

static HRESULT listen_failed(const char *address, RpcPorts ports, int error) {
  char range[32] = "any port";
  if (ports.first)
    snprintf(range, sizeof range, ports.last > ports.first ? "ports %u to %u" : "port %u", ports.first, ports.last);
  HRESULT code = error == EADDRINUSE ? HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS)
                 : error == EACCES   ? E_ACCESSDENIED
                 : error == EINVAL   ? E_INVALIDARG
                                     : CO_E_INIT_RPC_CHANNEL;
  return error_raise(code, ERROR_SOURCE, "Cannot listen on %s, %s: %s%s", *address ? address : "all addresses", range,
                     error == EINVAL ? "this is no address" : strerror(error),
                     error == EACCES ? " (ports below 1024 need the capability CAP_NET_BIND_SERVICE)" : "");
}

HRESULT rpc_tcp_listen(ApartmentQueue *queue, const char *address, RpcPorts ports, RpcServer *server,
                       RpcListener **listener, uint16_t *port) {
  char own[RPC_ADDRESS_ROOM];
  *listener = NULL;
  listener_raise_limit();
  int made = listen_in(address, ports);
  if (made < 0 && errno == EAFNOSUPPORT && !*address)
    made = listen_in("0.0.0.0", ports); /* a system without IPv6 */
  if (made < 0)
    return listen_failed(address, ports, errno);
  if (!local_of(made, own, port)) {
    close(made);
    return CO_E_INIT_RPC_CHANNEL;
  }
  return listener_create(&tcp_listener, queue, "", server, -1, made, listener);
}
