/* Calls through the inbox of an apartment: answered, failed, given up, refused. */
#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include "support/values.h"

#include "remote/rpc/channel.h"

typedef struct Echo {
  RpcServer server;
  pthread_t thread;
  Apartment *apartment;
  ApartmentQueue *queue;
  atomic_bool ready, stop;
  atomic_int served, closed;
  RpcRequest *kept;
} Echo;

static void echo_serve(RpcServer *server, RpcRequest *request) {
  Echo *echo = OBJECT_CONTAINER(server, Echo, server);
  echo->served++;
  if (request->opnum == 3) {
    rpc_request_fault(request, 0x1c010002);
  } else if (request->opnum == 4) {
    echo->kept = request;
  } else {
    RpcBuffer *stub = rpc_buffer_addref(request->stub);
    struct iovec piece = { stub->data, stub->size };
    rpc_request_reply(request, &piece, 1);
    rpc_buffer_release(stub);
  }
}

static void echo_closed(RpcServer *server, RpcChannel *channel) {
  (void)channel;
  OBJECT_CONTAINER(server, Echo, server)->closed++;
}

static bool echo_stopped(void *context) {
  return ((Echo *)context)->stop;
}

static void *echo_run(void *context) {
  Echo *echo = context;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  echo->apartment = apartment_get();
  echo->queue = queue_addref(queue_of_thread());
  echo->ready = true;
  apartment_wait(echo_stopped, echo, APARTMENT_NEVER);
  apartment_release(echo->apartment);
  CoUninitialize();
  return NULL;
}

static int begin(void **state) {
  static Echo echo;
  memset(&echo, 0, sizeof echo);
  echo.server = (RpcServer){ .serve = echo_serve, .closed = echo_closed };
  pthread_create(&echo.thread, NULL, echo_run, &echo);
  while (!echo.ready)
    sched_yield();
  *state = &echo;
  return 0;
}

static void stop(Echo *echo) {
  if (echo->stop)
    return;
  echo->stop = true;
  queue_wake(echo->queue);
  pthread_join(echo->thread, NULL);
}

static int end(void **state) {
  Echo *echo = *state;
  stop(echo);
  queue_release(echo->queue);
  return 0;
}

typedef struct TestCall {
  RpcCall call;
  bool done;
} TestCall;

static void call_done(RpcCall *call) {
  ((TestCall *)call)->done = true;
}

static bool is_done(void *context) {
  return ((TestCall *)context)->done;
}

static void start(RpcChannel *channel, TestCall *call, uint16_t opnum, const struct iovec *pieces, unsigned count) {
  *call = (TestCall){ .call = { .opnum = opnum, .pieces = pieces, .piece_count = count, .done = call_done } };
  channel->methods->start(channel, &call->call);
}

static void answers_come_back_whole(void **state) {
  Echo *echo = *state;
  RpcChannel *channel;
  TestCall call;
  static uint8_t bytes[100000];
  for (size_t i = 0; i < sizeof bytes; i++)
    bytes[i] = (uint8_t)i;
  assert_int_equal(rpc_inbox_open(echo->apartment, &echo->server, &channel), S_OK);
  static const size_t sizes[] = { 0, 1, 511, 512, 513, sizeof bytes };
  for (size_t i = 0; i < COUNT_OF(sizes); i++) {
    struct iovec pieces[2] = { { bytes, sizes[i] / 2 }, { bytes + sizes[i] / 2, sizes[i] - sizes[i] / 2 } };
    start(channel, &call, 0, pieces, 2);
    assert_true(apartment_wait(is_done, &call, APARTMENT_NEVER));
    assert_int_equal(call.call.outcome, RPC_ANSWERED);
    assert_int_equal(call.call.reply->size, sizes[i]);
    assert_memory_equal(call.call.reply->data, bytes, sizes[i]);
    rpc_buffer_release(call.call.reply);
  }
  rpc_channel_release(channel);
  stop(echo); /* the last request holds the channel until it has returned */
  assert_int_equal(echo->closed, 1);
}

static void faults_have_their_status(void **state) {
  Echo *echo = *state;
  RpcChannel *channel;
  TestCall call;
  assert_int_equal(rpc_inbox_open(echo->apartment, &echo->server, &channel), S_OK);
  start(channel, &call, 3, NULL, 0);
  assert_true(apartment_wait(is_done, &call, APARTMENT_NEVER));
  assert_int_equal(call.call.outcome, RPC_FAULTED);
  assert_int_equal(call.call.status, 0x1c010002);
  rpc_channel_release(channel);
}

static void a_call_given_up_ends_at_once(void **state) {
  Echo *echo = *state;
  RpcChannel *channel;
  TestCall call;
  struct iovec piece = { "abc", 3 };
  assert_int_equal(rpc_inbox_open(echo->apartment, &echo->server, &channel), S_OK);
  start(channel, &call, 4, &piece, 1);
  while (!echo->served)
    sched_yield();
  channel->methods->cancel(channel, &call.call);
  assert_true(call.done);
  assert_int_equal(call.call.outcome, RPC_CANCELLED);
  stop(echo);
  assert_true(echo->kept->cancelled);
  rpc_request_reply(echo->kept, &piece, 1); /* nobody takes it */
  rpc_channel_release(channel);
}

static void an_apartment_that_has_ended_gets_nothing(void **state) {
  Echo *echo = *state;
  RpcChannel *channel;
  TestCall call;
  assert_int_equal(rpc_inbox_open(echo->apartment, &echo->server, &channel), S_OK);
  stop(echo);
  start(channel, &call, 0, NULL, 0);
  assert_true(call.done);
  assert_int_equal(call.call.outcome, RPC_NOT_SENT);
  assert_int_equal((HRESULT)call.call.status, RPC_E_DISCONNECTED);
  rpc_channel_release(channel);
}

static void one_way_calls_arrive(void **state) {
  Echo *echo = *state;
  RpcChannel *channel;
  struct iovec piece = { "abc", 3 };
  RpcCall call = { .one_way = true, .pieces = &piece, .piece_count = 1 };
  assert_int_equal(rpc_inbox_open(echo->apartment, &echo->server, &channel), S_OK);
  channel->methods->start(channel, &call);
  while (!echo->served)
    sched_yield();
  rpc_channel_release(channel);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(answers_come_back_whole, begin, end),
    cmocka_unit_test_setup_teardown(faults_have_their_status, begin, end),
    cmocka_unit_test_setup_teardown(a_call_given_up_ends_at_once, begin, end),
    cmocka_unit_test_setup_teardown(an_apartment_that_has_ended_gets_nothing, begin, end),
    cmocka_unit_test_setup_teardown(one_way_calls_arrive, begin, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
