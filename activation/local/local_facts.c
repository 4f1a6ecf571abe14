/* What a process says of itself when somebody asks the COM service: each connection to the service leaves a question there that is
 * answered when it is wanted. A thread that waits answers; one that calculates does not. */
#include <stdlib.h>
#include <unistd.h>

#include "activation/local/local.h"
#include "remote/remote_api.h"

enum { CALLS_SHOWN = 4096 };

static void put_calls(BrokerWriter *body) {
  RpcUnderway *calls = calloc(CALLS_SHOWN, sizeof *calls);
  size_t found = calls ? rpc_underway(calls, CALLS_SHOWN) : 0, shown = 0;
  found = found < CALLS_SHOWN ? found : CALLS_SHOWN;
  for (size_t i = 0; i < found; i++) /* what is said to the service itself is nobody's business */
    shown += !IsEqualIID(&calls[i].iid, &IID_OleanderBroker);
  broker_put_u32(body, (uint32_t)shown);
  for (size_t i = 0; i < found; i++) {
    if (IsEqualIID(&calls[i].iid, &IID_OleanderBroker))
      continue;
    broker_put_u32(body, calls[i].served);
    broker_put_u32(body, (uint32_t)calls[i].peer);
    broker_put_guid(body, &calls[i].iid);
    broker_put_u32(body, calls[i].opnum);
  }
  free(calls);
}

static void put_facts(BrokerWriter *body) {
  RemoteFacts facts;
  remote_facts(&facts);
  broker_put_u32(body, facts.objects);
  broker_put_u32(body, facts.interfaces);
  broker_put_u64(body, facts.references);
  broker_put_u32(body, facts.clients);
  put_calls(body);
}

/* Answering */

static void asked(RpcCall *call);

static void await_question(RpcChannel *channel, RpcCall *call) {
  *call = (RpcCall){ .iid = IID_OleanderBroker, .opnum = BROKER_AWAIT_QUESTION, .done = asked };
  channel->methods->start(channel, call);
}

static void tell(RpcChannel *channel, uint32_t number) {
  BrokerWriter facts = { 0 }, body = { 0 };
  put_facts(&facts);
  broker_put_u32(&body, number);
  broker_put_blob(&body, facts.data, facts.size);
  struct iovec piece = { body.data, body.size };
  RpcCall call = {
    .iid = IID_OleanderBroker, .opnum = BROKER_TELL, .one_way = true, .pieces = &piece, .piece_count = 1
  };
  if (!facts.failed && !body.failed)
    channel->methods->start(channel, &call);
  free(facts.data);
  free(body.data);
}

/* The channel is there as long as its calls are answered. The end of the connection is the end of the question, on whatever thread
 * that is. */
static void asked(RpcCall *call) {
  RpcBuffer *reply = call->outcome == RPC_ANSWERED ? call->reply : NULL;
  Cursor cursor = cursor_over(reply ? reply->data : NULL, reply ? reply->size : 0);
  HRESULT status = reply ? (HRESULT)cursor_u32(&cursor) : RPC_E_SERVER_DIED;
  uint32_t number = cursor_u32(&cursor);
  bool good = SUCCEEDED(status) && !cursor.failed;
  rpc_buffer_release(reply);
  if (!good) {
    free(call);
    return;
  }
  RpcChannel *channel = call->channel;
  tell(channel, number);
  await_question(channel, call);
}

/* Without memory it tells nothing. */
void broker_answer_questions(RpcChannel *channel) {
  RpcCall *call = calloc(1, sizeof *call);
  if (call)
    await_question(channel, call);
}

/* Asking */

/* As the service answers, with the process itself as the only one. */
static HRESULT own_facts(uint8_t **bytes, size_t *size) {
  BrokerWriter facts = { 0 }, body = { 0 };
  put_facts(&facts);
  broker_put_u32(&body, 1);
  broker_put_u32(&body, (uint32_t)getpid());
  broker_put_blob(&body, facts.data, facts.size);
  bool failed = facts.failed || body.failed;
  free(facts.data);
  if (failed) {
    free(body.data);
    return E_OUTOFMEMORY;
  }
  *bytes = body.data;
  *size = body.size;
  return S_OK;
}

HRESULT local_facts(uint8_t **bytes, size_t *size) {
  HRESULT status = local_ask(BROKER_ASK_ALL, bytes, size);
  return status == S_FALSE ? own_facts(bytes, size) : status;
}
