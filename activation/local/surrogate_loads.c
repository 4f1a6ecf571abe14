/* A surrogate hosts any number of classes of its application: it leaves a question with the COM service, which is answered by a
 * class that a client wants. */
#include <stdlib.h>

#include "activation/local/local.h"

typedef struct Loads {
  RpcCall call;
  ApartmentWork work;
  Apartment *apartment;
  RpcChannel *channel; /* on which the next question goes, referenced, while a class is being loaded */
  SurrogateLoad *load;
  void *context;
  CLSID clsid;
  BrokerWriter body;
  struct iovec piece;
} Loads;

static void loads_free(Loads *loads) {
  rpc_channel_release(loads->channel);
  apartment_release(loads->apartment);
  free(loads->body.data);
  free(loads);
}

static void answered(RpcCall *call);

/* False: no memory. */
static bool prepare(Loads *loads, HRESULT result) {
  loads->body.size = 0;
  broker_put_u32(&loads->body, (uint32_t)result);
  broker_put_guid(&loads->body, &loads->clsid);
  loads->piece = (struct iovec){ loads->body.data, loads->body.size };
  loads->call = (RpcCall){
    .iid = IID_OleanderBroker, .opnum = BROKER_AWAIT_LOAD, .pieces = &loads->piece, .piece_count = 1, .done = answered
  };
  return !loads->body.failed;
}

static void run_load(ApartmentWork *work, bool dropped) {
  Loads *loads = OBJECT_CONTAINER(work, Loads, work);
  HRESULT result = dropped ? E_ABORT : loads->load(loads->context, &loads->clsid);
  RpcChannel *channel = loads->channel;
  loads->channel = NULL;
  if (dropped || !prepare(loads, result))
    loads_free(loads);
  else
    channel->methods->start(channel, &loads->call);
  rpc_channel_release(channel);
}

/* Loading a module may wait, which may not be done here. Any other end is that of the service, or of the apartment. */
static void answered(RpcCall *call) {
  Loads *loads = OBJECT_CONTAINER(call, Loads, call);
  RpcBuffer *reply = call->outcome == RPC_ANSWERED ? call->reply : NULL;
  Cursor cursor = cursor_over(reply ? reply->data : NULL, reply ? reply->size : 0);
  bool good = (HRESULT)cursor_u32(&cursor) == S_OK;
  loads->clsid = cursor_guid(&cursor);
  rpc_buffer_release(reply);
  loads->work = (ApartmentWork){ .run = run_load };
  loads->channel = good ? rpc_channel_addref(call->channel) : NULL;
  if (!good || cursor.failed || FAILED(apartment_post(loads->apartment, &loads->work)))
    loads_free(loads);
}

HRESULT surrogate_await_loads(SurrogateLoad *load, void *context) {
  HRESULT status = broker_reach();
  if (FAILED(status))
    return status;
  Loads *loads = calloc(1, sizeof *loads);
  if (!loads)
    return E_OUTOFMEMORY;
  loads->apartment = apartment_get();
  loads->load = load;
  loads->context = context;
  if (!prepare(loads, S_OK) || !broker_start_call(&loads->call)) {
    loads_free(loads);
    return E_OUTOFMEMORY;
  }
  return S_OK;
}
