/* What other hosts say to the resolver, and what is in activation: requests and answers of the activator, bindings, pings. The first
 * byte says which it is. */
#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"
#include "remote/hosts_api.h"
#include "remote/orpc/objref.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { RESULTS = 4 };

static void read_bindings(const uint8_t *bytes, size_t size) {
  BindingsReader reader;
  char text[RPC_BINDING_ROOM], host[RPC_BINDING_ROOM];
  uint16_t tower, port = 0;
  if (!bindings_read(&reader, bytes, size))
    return;
  while (bindings_next(&reader, &tower, text, sizeof text)) {
    if (tower == TOWER_TCP && rpc_binding_split(text, host, &port) && strlen(host) >= sizeof host)
      abort();
  }
}

static void read_answer(const uint8_t *data, size_t size) {
  ActivationResult results[RESULTS] = { 0 };
  ActivationAnswer answer = { .count = 1 + (size ? data[0] % RESULTS : 0), .results = results };
  if (FAILED(activation_read_answer(data, size, &answer)))
    return;
  for (uint32_t i = 0; i < answer.count; i++) {
    Objref objref;
    if (results[i].reference && SUCCEEDED(objref_read(results[i].reference, results[i].size, &objref)) &&
        objref.bindings)
      read_bindings(objref.bindings, objref.binding_bytes);
  }
  if (answer.bindings)
    read_bindings(answer.bindings, answer.binding_bytes);
}

/* What is read is written, and read again as the same. */
static void read_ask(const uint8_t *data, size_t size) {
  ActivationAsk ask, again;
  NdrWriter writer;
  if (FAILED(activation_read_ask(data, size, &ask)))
    return;
  ndr_writer_begin(&writer, NULL);
  activation_put_ask(&writer, &ask, "host");
  if (FAILED(activation_read_ask(writer.data, writer.size, &again)) || again.count != ask.count ||
      memcmp(again.iids, ask.iids, ask.count * sizeof(IID)) != 0)
    abort();
  ndr_writer_end(&writer, true);
}

/* The resolver */

static void free_buffer(RpcBuffer *buffer) {
  (void)buffer;
}

static void reply(RpcRequest *request, const struct iovec *pieces, unsigned count) {
  (void)request;
  (void)pieces;
  (void)count;
}

static void fault(RpcRequest *request, uint32_t status) {
  (void)request;
  (void)status;
}

static bool find(uint64_t oxid, HostEndpoint *endpoint) {
  *endpoint = (HostEndpoint){ .port = 1, .address = "127.0.0.1" };
  return oxid & 1;
}

static bool knows(uint64_t oid) {
  return oid & 1;
}

static void ask_resolver(const uint8_t *data, size_t size, uint16_t opnum) {
  static const RpcRequestMethods methods = { .reply = reply, .fault = fault };
  RpcChannel channel = { .destination = MSHCTX_INPROC };
  RpcBuffer stub = { .references = 1, .size = size, .data = (uint8_t *)(uintptr_t)data, .free = free_buffer };
  RpcRequest request = { .opnum = opnum, .stub = &stub, .channel = &channel, .methods = &methods, .level = 6 };
  ResolverHost host = { .find = find, .knows_object = knows, .address = "127.0.0.1", .port = 1 };
  resolver_serve(&request, &host);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 1)
    return 0;
  uint8_t kind = data[0];
  uint8_t *copy = malloc(size); /* 8-aligned as it would come, and its end is its end */
  if (!copy)
    return 0;
  memcpy(copy, data + 1, size - 1);
  if (kind < 8)
    ask_resolver(copy, size - 1, kind);
  else if (kind == 8)
    read_ask(copy, size - 1);
  else if (kind == 9)
    read_answer(copy, size - 1);
  else
    read_bindings(copy, size - 1);
  free(copy);
  return 0;
}
