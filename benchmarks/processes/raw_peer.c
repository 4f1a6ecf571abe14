#include "raw_peer.h"

#include <netinet/in.h>
#include <netinet/tcp.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

enum { MOST = 2 << 20 };

typedef struct Sizes {
  uint64_t request, reply;
} Sizes;

static int wire;
static pid_t peer;
static char *room;

static bool receive(int socket, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t got = recv(socket, room + done, size - done, 0);
    if (got <= 0)
      return false;
    done += (size_t)got;
  }
  return true;
}

static bool transmit(int socket, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t sent = send(socket, room + done, size - done, MSG_NOSIGNAL);
    if (sent <= 0)
      return false;
    done += (size_t)sent;
  }
  return true;
}

/* Takes what has come with one call to the system, as a server does that does not know the size yet. */
static bool receive_request(int socket, Sizes *sizes) {
  ssize_t got = recv(socket, room, MOST, 0);
  if (got < (ssize_t)sizeof *sizes)
    return false;
  memcpy(sizes, room, sizeof *sizes);
  return sizes->request <= MOST && sizes->reply <= MOST && receive(socket, sizes->request - (size_t)got);
}

static void serve(int socket) {
  Sizes sizes;
  while (receive_request(socket, &sizes) && transmit(socket, sizes.reply)) {
  }
}

/* Over the loopback, at once with every packet. */
static bool tcp_pair(int sockets[2]) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK) };
  socklen_t size = sizeof address;
  int listening = socket(AF_INET, SOCK_STREAM, 0);
  sockets[0] = socket(AF_INET, SOCK_STREAM, 0);
  bool made = bind(listening, (struct sockaddr *)&address, size) == 0 && listen(listening, 1) == 0 &&
              getsockname(listening, (struct sockaddr *)&address, &size) == 0 &&
              connect(sockets[0], (struct sockaddr *)&address, size) == 0;
  sockets[1] = made ? accept(listening, NULL, NULL) : -1;
  close(listening);
  for (int i = 0; i < 2; i++)
    setsockopt(sockets[i], IPPROTO_TCP, TCP_NODELAY, &(int){ 1 }, sizeof(int));
  return sockets[1] >= 0;
}

bool raw_peer_start(bool tcp) {
  int sockets[2];
  room = calloc(1, MOST);
  if (!room || !(tcp ? tcp_pair(sockets) : socketpair(AF_UNIX, SOCK_STREAM, 0, sockets) == 0))
    return false;
  peer = fork();
  if (peer == 0) {
    close(sockets[0]);
    serve(sockets[1]);
    _exit(0);
  }
  close(sockets[1]);
  wire = sockets[0];
  return peer > 0;
}

bool raw_peer_exchange(size_t request, size_t reply) {
  Sizes sizes = { request, reply };
  memcpy(room, &sizes, sizeof sizes);
  return transmit(wire, request) && receive(wire, reply);
}

void raw_peer_stop(void) {
  close(wire);
  waitpid(peer, NULL, 0);
  free(room);
}
