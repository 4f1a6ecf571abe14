/* A peer that sends arbitrary bytes to a server, and one that answers a client with them. The first byte says which; the server
 * must answer or close, and take no more memory than it has been sent bytes (and what one announcement is believed). */
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include "com/com_api.h"
#include "fuzz/work_limit.h"
#include "remote/rpc/connection.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void serve(RpcServer *server, RpcRequest *request) {
  struct iovec pieces[2] = { { request->stub->data, request->stub->size }, { "tail", 4 } };
  (void)server;
  if (request->opnum % 3 == 0)
    rpc_request_fault(request, FAULT_OPNUM_RANGE);
  else
    rpc_request_reply(request, pieces, 2);
}

static void write_all(int socket, const uint8_t *data, size_t size) {
  uint8_t answer[4096];
  while (size) {
    ssize_t written = send(socket, data, size, MSG_NOSIGNAL | MSG_DONTWAIT);
    if (written > 0)
      data += written, size -= (size_t)written;
    else if (written < 0)
      size = 0; /* it has closed, or takes no more before we read */
    while (apartment_wait(NULL, NULL, 0))
      ;
    while (recv(socket, answer, sizeof answer, MSG_DONTWAIT) > 0)
      ;
  }
}

static void serve_rest(void) {
  while (apartment_wait(NULL, NULL, 0))
    ;
}

static void done(RpcCall *call) {
  rpc_buffer_release(call->reply);
  call->piece_count = 1000;
}

/* Calls that are under way while the bytes come. */
static void call_some(RpcChannel *channel, RpcCall calls[4]) {
  static struct iovec pieces[4] = { { "0123456789", 10 }, { "abc", 3 }, { "", 0 }, { "x", 1 } };
  for (unsigned i = 0; i < 4; i++) {
    calls[i] = (RpcCall){ .iid = { i / 2 + 1, 0, 0, { 0 } }, .pieces = pieces, .piece_count = i, .done = done };
    channel->methods->start(channel, &calls[i]);
  }
}

static void check_ended(const RpcCall calls[4]) {
  for (unsigned i = 0; i < 4; i++) {
    if (calls[i].piece_count != 1000)
      abort();
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static RpcServer server = { .serve = serve };
  double begin = work_seconds();
  RpcConnection *connection;
  RpcPeer peer = { .local = true };
  RpcCall calls[4];
  int ends[2];
  if (size < 1 || size > 65536 || socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0, ends) != 0)
    return 0;
  bool serves = data[0] & 1;
  if (FAILED(connection_create(ends[0], queue_of_thread(), &server, &peer, serves, NULL, &connection)))
    abort();
  if (!serves)
    call_some(&connection->channel, calls);
  write_all(ends[1], data + 1, size - 1);
  close(ends[1]);
  serve_rest();
  if (!serves) {
    check_ended(calls);
    rpc_channel_release(&connection->channel);
  }
  work_check(begin, "the input");
  return 0;
}
