/* What clients say to the COM service, in any order and with any bodies: whatever it is, each request is answered once, at the
 * latest when its client has gone. The input is a row of messages: whose (3: the client leaves), what, size of the body, body. */
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include "broker/broker.h"
#include "fuzz/work_limit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { CLIENTS = 3, MESSAGES = 256, LAUNCH_ARGUMENTS = 20 };

static RpcChannel channels[CLIENTS];
static int unanswered;

typedef struct Request {
  RpcRequest request;
  RpcBuffer stub;
  uint8_t body[];
} Request;

static void answered(RpcRequest *request) {
  unanswered--;
  free(OBJECT_CONTAINER(request, Request, request));
}

static void reply(RpcRequest *request, const struct iovec *pieces, unsigned count) {
  if (count != 1 || pieces->iov_len < 4)
    abort();
  answered(request);
}

static void fault(RpcRequest *request, uint32_t status) {
  (void)status;
  answered(request);
}

static const RpcRequestMethods methods = { .reply = reply, .fault = fault };

/* Nothing is to be started: a request for a class object comes without a command line. */
static void forbid_launch(Request *request) {
  if (request->request.opnum == BROKER_GET_CLASS_OBJECT && request->stub.size >= LAUNCH_ARGUMENTS + 4)
    memset(request->body + LAUNCH_ARGUMENTS, 0, 4);
}

static void serve(unsigned client, uint16_t opnum, const uint8_t *body, size_t size) {
  Request *request = calloc(1, sizeof *request + size + 1);
  if (!request)
    abort();
  memcpy(request->body, body, size);
  request->stub = (RpcBuffer){ .references = 1, .size = size, .data = request->body };
  request->request = (RpcRequest){
    .iid = IID_OleanderBroker, .opnum = opnum, .stub = &request->stub, .channel = &channels[client], .methods = &methods
  };
  forbid_launch(request);
  unanswered++;
  broker_server.serve(&broker_server, &request->request);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double begin = work_seconds();
  for (unsigned i = 0; i < CLIENTS; i++)
    channels[i] = (RpcChannel){ .references = 1, .peer = { .local = true, .pid = (pid_t)(1000 + i / 2) } };
  for (int count = 0; count < MESSAGES && size >= 3; count++) {
    unsigned client = data[0] % CLIENTS;
    size_t wanted = data[2], length = wanted < size - 3 ? wanted : size - 3;
    if (data[0] & 0x80)
      broker_server.closed(&broker_server, &channels[client]);
    else
      serve(client, data[1] % 20, data + 3, length);
    data += 3 + length;
    size -= 3 + length;
  }
  for (unsigned i = 0; i < CLIENTS; i++)
    broker_server.closed(&broker_server, &channels[i]);
  if (unanswered)
    abort();
  work_check(begin, "the service");
  return 0;
}
