/* Calls over unix sockets, and over TCP: to a server in another process (rpc_echo.h). */
#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "com/com_api.h"
#include "remote/rpc_echo.h"
#include "remote/rpc/channel.h"
#include "remote/rpc/pdu.h"
#include "support/faults.h"
#include "support/scratch.h"

#define UNAVAILABLE HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE)

/* Calls */

typedef struct TestCall {
  RpcCall call;
  struct iovec piece;
  bool over;
} TestCall;

static unsigned ended;

static void call_done(RpcCall *call) {
  TestCall *test = OBJECT_CONTAINER(call, TestCall, call);
  assert_false(test->over);
  test->over = true;
  ended++;
}

static void start(RpcChannel *channel, TestCall *test, uint16_t opnum, const void *bytes, size_t size) {
  *test = (TestCall){
    .call = { .iid = IID_ECHO, .object = { 1, 2, 3, { 4 } }, .opnum = opnum, .piece_count = 1, .done = call_done },
    .piece = { (void *)(uintptr_t)bytes, size }
  };
  test->call.pieces = &test->piece;
  channel->methods->start(channel, &test->call);
}

static bool is_over(void *test) {
  return ((TestCall *)test)->over;
}

static void finish(TestCall *test) {
  assert_true(apartment_wait(is_over, test, apartment_after(200)));
}

static void free_reply(TestCall *test) {
  rpc_buffer_release(test->call.reply);
  test->call.reply = NULL;
}

/* Calls, and compares with what is expected. */
static void expect(RpcChannel *channel, uint16_t opnum, const void *bytes, size_t size, const void *reply,
                   size_t reply_size) {
  TestCall test;
  start(channel, &test, opnum, bytes, size);
  finish(&test);
  assert_int_equal(test.call.outcome, RPC_ANSWERED);
  assert_int_equal(test.call.reply->size, reply_size);
  assert_int_equal((uintptr_t)test.call.reply->data % 8, 0);
  if (reply_size)
    assert_memory_equal(test.call.reply->data, reply, reply_size);
  free_reply(&test);
}

static void echo(RpcChannel *channel, const void *bytes, size_t size) {
  expect(channel, ECHO_BACK, bytes, size, bytes, size);
}

static void send_one_way(RpcChannel *channel, const void *bytes, size_t size) {
  struct iovec piece = { (void *)(uintptr_t)bytes, size };
  RpcCall call = { .iid = IID_ECHO, .opnum = ECHO_UNWAITED, .one_way = true, .pieces = &piece, .piece_count = 1 };
  channel->methods->start(channel, &call);
  memset(&call, 0xee, sizeof call);
}

static void counts(RpcChannel *channel, uint16_t opnum, uint32_t counted[2]) {
  TestCall test;
  start(channel, &test, opnum, NULL, 0);
  finish(&test);
  assert_int_equal(test.call.outcome, RPC_ANSWERED);
  assert_int_equal(test.call.reply->size, 8);
  memcpy(counted, test.call.reply->data, 8);
  free_reply(&test);
}

static bool over_tcp;

static RpcChannel *connect_to(const char *name, RpcServer *server) {
  RpcChannel *channel;
  if (over_tcp)
    assert_int_equal(rpc_tcp_connect(queue_of_thread(), "127.0.0.1", echo_port, APARTMENT_NEVER, server, &channel),
                     S_OK);
  else
    assert_int_equal(rpc_unix_connect(queue_of_thread(), name, server, &channel), S_OK);
  return channel;
}

/* The server of most tests */

static pid_t server;
static RpcChannel *channel;

static int set_up(void **state) {
  (void)state;
  setenv("OLEANDER_RUNTIME", scratch_make(), 1);
  server = echo_start("echo");
  channel = connect_to("echo", NULL);
  ended = 0;
  return 0;
}

static int set_up_tcp(void **state) {
  over_tcp = true;
  return set_up(state);
}

static int tear_down(void **state) {
  (void)state;
  over_tcp = false;
  rpc_channel_release(channel);
  rpc_queue_end(queue_of_thread());
  echo_stop(server);
  scratch_remove();
  return 0;
}

static uint8_t *pattern(size_t size) {
  uint8_t *bytes = malloc(size + 1);
  assert_non_null(bytes);
  for (size_t i = 0; i < size; i++)
    bytes[i] = (uint8_t)(i * 7 ^ i >> 11);
  return bytes;
}

static void stubs_of_every_size_come_back(void **state) {
  static const size_t sizes[] = { 0,    1,    2,    7,     8,     1391,  1392,  1393,    1408,    1409,
                                  4096, 5799, 5800, 5801,  5816,  5817,  5840,  8151,    8152,    8153,
                                  8192, 8193, 9999, 65495, 65496, 65535, 65536, 1 << 20, 3000001, 10 << 20 };
  (void)state;
  echo(channel, "a", 1);
  for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++) {
    uint8_t *bytes = pattern(sizes[i]);
    echo(channel, bytes, sizes[i]);
    /* The same as the first call of a connection, before anything is agreed. */
    RpcChannel *fresh = connect_to("echo", NULL);
    if (over_tcp && sizes[i] > 100000)
      echo(fresh, "a", 1); /* who is not known cannot send much */
    echo(fresh, bytes, sizes[i]);
    rpc_channel_release(fresh);
    free(bytes);
  }
}

static void a_hundred_megabytes_go_both_ways(void **state) {
  const size_t size = (size_t)100 << 20;
  uint8_t *bytes = pattern(size);
  uint32_t facts[2] = { (uint32_t)size, 0 };
  (void)state;
  echo(channel, "a", 1);
  for (size_t i = 0; i < size; i++)
    facts[1] = facts[1] * 31 + bytes[i];
  expect(channel, ECHO_LENGTH, bytes, size, facts, sizeof facts);
  echo(channel, bytes, size);
  free(bytes);
}

static void many_calls_share_a_connection(void **state) {
  enum { COUNT = 5000 };
  TestCall *tests = calloc(COUNT, sizeof *tests);
  uint32_t counted[2];
  (void)state;
  for (int i = 0; i < COUNT; i++)
    start(channel, &tests[i], i % 2 ? ECHO_NEVER : ECHO_BACK, &i, sizeof i);
  for (int i = 0; i < COUNT; i += 2) {
    finish(&tests[i]);
    assert_int_equal(*(int *)tests[i].call.reply->data, i);
    free_reply(&tests[i]);
  }
  assert_int_equal(ended, COUNT / 2);
  counts(channel, ECHO_RELEASE, counted);
  assert_int_equal(counted[0], COUNT / 2);
  for (int i = 1; i < COUNT; i += 2) {
    finish(&tests[i]);
    assert_memory_equal(tests[i].call.reply->data, "late", 4);
    free_reply(&tests[i]);
  }
  free(tests);
}

static void each_interface_has_a_context(void **state) {
  (void)state;
  for (int round = 0; round < 2; round++) {
    for (uint32_t i = 1; i <= 300; i++) {
      TestCall test = { .call = { .iid = { i, 0, 0, { 0 } }, .done = call_done } };
      channel->methods->start(channel, &test.call);
      finish(&test);
      assert_int_equal(test.call.outcome, RPC_ANSWERED);
      assert_memory_equal(test.call.reply->data, &test.call.iid, sizeof(IID));
      free_reply(&test);
    }
  }
  TestCall refused = { .call = { .iid = { 0xbad0bad0, 0, 0, { 0 } }, .done = call_done } };
  channel->methods->start(channel, &refused.call);
  finish(&refused);
  assert_int_equal(refused.call.outcome, RPC_FAULTED);
  assert_int_equal(refused.call.status, FAULT_UNKNOWN_INTERFACE);
  refused.over = false;
  channel->methods->start(channel, &refused.call);
  finish(&refused);
  assert_int_equal(refused.call.outcome, RPC_NOT_SENT);
  assert_int_equal(refused.call.status, (uint32_t)HRESULT_FROM_WIN32(RPC_S_UNKNOWN_IF));
  echo(channel, "on", 2);
}

static void a_fault_has_its_status(void **state) {
  TestCall test;
  uint32_t status = (uint32_t)RPC_E_DISCONNECTED;
  (void)state;
  start(channel, &test, ECHO_FAULT, &status, sizeof status);
  finish(&test);
  assert_int_equal(test.call.outcome, RPC_FAULTED);
  assert_int_equal(test.call.status, status);
  assert_null(test.call.reply);
}

static void one_way_calls_arrive_though_nobody_waits(void **state) {
  uint32_t counted[2];
  uint8_t *bytes = pattern(3 << 20);
  (void)state;
  for (int i = 0; i < 1000; i++)
    send_one_way(channel, &i, sizeof i);
  send_one_way(channel, bytes, 3 << 20);
  free(bytes);
  counts(channel, ECHO_COUNT, counted);
  assert_int_equal(counted[0], 1001);
  RpcChannel *other = connect_to("echo", NULL);
  send_one_way(other, "x", 1);
  rpc_channel_release(other); /* right behind it */
  do
    counts(channel, ECHO_COUNT, counted);
  while (counted[1] < 1);
  assert_int_equal(counted[0], 1002);
}

static void a_cancelled_call_ends_at_once(void **state) {
  TestCall test, next;
  uint32_t counted[2];
  (void)state;
  start(channel, &test, ECHO_NEVER, "x", 1);
  echo(channel, "there", 5);
  channel->methods->cancel(channel, &test.call);
  assert_true(test.over);
  assert_int_equal(test.call.outcome, RPC_CANCELLED);
  assert_int_equal(test.call.status, (uint32_t)RPC_E_CALL_CANCELED);
  channel->methods->cancel(channel, &test.call); /* it has ended: nothing */
  start(channel, &next, ECHO_NEVER, "y", 1);     /* must not get the other one's answer */
  counts(channel, ECHO_RELEASE, counted);
  assert_int_equal(counted[0], 2);
  assert_int_equal(counted[1], 1);
  finish(&next);
  assert_int_equal(next.call.outcome, RPC_ANSWERED);
  free_reply(&next);
  assert_int_equal(ended, 4);
}

static void a_server_that_waits_serves_others(void **state) {
  TestCall outer, inner;
  uint32_t counted[2];
  (void)state;
  echo(channel, "a", 1);
  start(channel, &outer, ECHO_NESTED, NULL, 0);
  start(channel, &inner, ECHO_NESTED, NULL, 0);
  echo(channel, "b", 1);
  counts(channel, ECHO_RELEASE, counted);
  finish(&inner);
  finish(&outer);
  free_reply(&inner);
  free_reply(&outer);
}

/* Everything is in one read: the later requests must be seen by the wait of the first. */
static void requests_that_come_together_do_not_wait_for_each_other(void **state) {
  enum { COUNT = 20 };
  TestCall nested[COUNT], release;
  (void)state;
  echo(channel, "a", 1);
  kill(server, SIGSTOP);
  for (int i = 0; i < COUNT; i++)
    start(channel, &nested[i], ECHO_NESTED, NULL, 0);
  start(channel, &release, ECHO_RELEASE, NULL, 0);
  kill(server, SIGCONT);
  finish(&release);
  free_reply(&release);
  for (int i = 0; i < COUNT; i++) {
    finish(&nested[i]);
    free_reply(&nested[i]);
  }
}

static void a_silent_server_holds_up_nobody(void **state) {
  enum { COUNT = 50 };
  static TestCall tests[COUNT];
  const size_t size = 1 << 20;
  uint8_t *bytes = pattern(size);
  (void)state;
  echo(channel, "a", 1);
  kill(server, SIGSTOP);
  for (int i = 0; i < COUNT; i++)
    start(channel, &tests[i], ECHO_BACK, bytes, size);
  assert_int_equal(ended, 1);
  channel->methods->cancel(channel, &tests[0].call); /* in the midst of its bytes */
  assert_int_equal(tests[0].call.outcome, RPC_CANCELLED);
  channel->methods->cancel(channel, &tests[COUNT - 1].call); /* before them */
  assert_int_equal(tests[COUNT - 1].call.outcome, RPC_NOT_SENT);
  channel->methods->cancel(channel, &tests[30].call);
  assert_int_equal(tests[30].call.outcome, RPC_NOT_SENT);
  send_one_way(channel, bytes, size);
  kill(server, SIGCONT);
  for (int i = 1; i < COUNT - 1; i++) {
    finish(&tests[i]);
    if (i == 30)
      continue;
    assert_int_equal(tests[i].call.outcome, RPC_ANSWERED);
    assert_memory_equal(tests[i].call.reply->data, bytes, size);
    free_reply(&tests[i]);
  }
  free(bytes);
}

static unsigned closings;

static void count_closing(RpcServer *of, RpcChannel *closed) {
  (void)of;
  assert_non_null(closed);
  closings++;
}

static void a_server_that_dies_ends_calls(void **state) {
  RpcServer watching = { .closed = count_closing };
  RpcChannel *watched = connect_to("echo", &watching);
  TestCall sent, dying, after, unsent;
  uint8_t *bytes = pattern(20 << 20);
  (void)state;
  closings = 0;
  start(watched, &sent, ECHO_NEVER, "x", 1);
  start(watched, &dying, ECHO_DIE, "x", 1);
  finish(&sent);
  finish(&dying);
  assert_int_equal(sent.call.outcome, RPC_NO_ANSWER);
  assert_int_equal(dying.call.outcome, RPC_NO_ANSWER);
  assert_int_equal(closings, 1);
  start(watched, &after, ECHO_BACK, "x", 1);
  assert_true(after.over);
  assert_int_equal(after.call.outcome, RPC_NOT_SENT);
  assert_int_equal(after.call.status, (uint32_t)RPC_E_DISCONNECTED);
  rpc_channel_release(watched);
  assert_int_equal(closings, 1);
  /* Killed while it has taken a part of the bytes. */
  waitpid(server, NULL, 0);
  server = echo_start("echo"); /* in the place of the dead one's socket */
  watched = connect_to("echo", NULL);
  echo(watched, "a", 1);
  kill(server, SIGSTOP);
  start(watched, &unsent, ECHO_BACK, bytes, 20 << 20);
  kill(server, SIGKILL);
  finish(&unsent);
  assert_int_equal(unsent.call.outcome, RPC_NOT_SENT);
  rpc_channel_release(watched);
  free(bytes);
}

static void a_channel_that_is_closed_takes_no_calls(void **state) {
  TestCall held, after;
  (void)state;
  start(channel, &held, ECHO_NEVER, "x", 1);
  channel->methods->close(channel);
  assert_true(held.over);
  assert_int_equal(held.call.outcome, RPC_NO_ANSWER);
  start(channel, &after, ECHO_BACK, "x", 1);
  assert_int_equal(after.call.outcome, RPC_NOT_SENT);
}

static void a_thousand_connections_are_served(void **state) {
  enum { COUNT = 1000 };
  static RpcChannel *channels[COUNT];
  static TestCall tests[COUNT];
  struct rlimit limit = { 4096, 4096 };
  uint32_t counted[2];
  (void)state;
  setrlimit(RLIMIT_NOFILE, &limit);
  for (int i = 0; i < COUNT; i++)
    channels[i] = connect_to("echo", NULL);
  for (int i = 0; i < COUNT; i++)
    start(channels[i], &tests[i], ECHO_BACK, &i, sizeof i);
  for (int i = 0; i < COUNT; i++) {
    finish(&tests[i]);
    assert_int_equal(tests[i].call.outcome, RPC_ANSWERED);
    assert_int_equal(*(int *)tests[i].call.reply->data, i);
    free_reply(&tests[i]);
    rpc_channel_release(channels[i]);
  }
  do
    counts(channel, ECHO_COUNT, counted);
  while (counted[1] < COUNT);
}

static void the_peer_is_known(void **state) {
  (void)state;
  assert_true(channel->peer.local);
  assert_int_equal(channel->peer.pid, server);
  assert_int_equal(channel->peer.uid, geteuid());
  assert_int_equal(channel->destination, MSHCTX_LOCAL);
}

static void names_are_checked(void **state) {
  static const char *const names[] = { "", ".", "..", "../echo", "a/b", ".hidden" };
  RpcListener *listener;
  RpcChannel *none = channel;
  (void)state;
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    assert_int_equal(rpc_unix_connect(queue_of_thread(), names[i], NULL, &none),
                     HRESULT_FROM_WIN32(RPC_S_INVALID_ENDPOINT_FORMAT));
    assert_null(none);
  }
  assert_int_equal(rpc_unix_connect(queue_of_thread(), "nobody", NULL, &none), UNAVAILABLE);
  assert_int_equal(rpc_unix_listen(queue_of_thread(), "echo", &(RpcServer){ 0 }, &listener),
                   HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS));
  assert_null(listener);
  echo(channel, "on", 2);
}

static int connect_and_call(void *context) {
  RpcChannel *made;
  TestCall test;
  bool failed = false;
  (void)context;
  HRESULT status = rpc_unix_connect(queue_of_thread(), "echo", NULL, &made);
  if (FAILED(status))
    return status != E_OUTOFMEMORY;
  for (int i = 0; i < 3 && !failed; i++) {
    start(made, &test, ECHO_BACK, "0123456789", 10);
    finish(&test);
    failed = test.call.outcome != RPC_ANSWERED;
    free_reply(&test);
  }
  rpc_channel_release(made);
  return 0;
}

static void memory_may_be_short(void **state) {
  (void)state;
  faults_each(connect_and_call, NULL);
}

/* A server and its client on the same thread, ended by the queue. */

static void serve_back(RpcServer *of, RpcRequest *request) {
  struct iovec piece = { request->stub->data, request->stub->size };
  (void)of;
  rpc_request_reply(request, &piece, 1);
}

static void a_queue_ends_with_all_that_it_has(void **state) {
  RpcServer own = { .serve = serve_back, .closed = count_closing };
  RpcListener *listener, *kept;
  RpcChannel *self, *other;
  (void)state;
  closings = 0;
  assert_int_equal(rpc_unix_listen(queue_of_thread(), "self", &own, &listener), S_OK);
  assert_int_equal(rpc_unix_listen(queue_of_thread(), "kept", &own, &kept), S_OK);
  self = connect_to("self", NULL);
  other = connect_to("kept", NULL);
  echo(self, "x", 1);
  echo(other, "y", 1);
  rpc_listener_close(kept, false);
  assert_int_not_equal(access(scratch_path("kept"), F_OK), 0);
  echo(other, "y", 1); /* stays */
  rpc_queue_end(queue_of_thread());
  assert_int_equal(closings, 2);
  assert_int_not_equal(access(scratch_path("self"), F_OK), 0);
  rpc_channel_release(self);
  rpc_channel_release(other);
}

/* What was sent to a server that leaves in that moment is refused, not lost. */
static void a_server_that_leaves_refuses_what_it_has_not_begun(void **state) {
  enum { COUNT = 10 };
  RpcServer own = { .serve = serve_back };
  RpcListener *listener;
  TestCall tests[COUNT];
  (void)state;
  assert_int_equal(rpc_unix_listen(queue_of_thread(), "self", &own, &listener), S_OK);
  RpcChannel *self = connect_to("self", NULL);
  echo(self, "x", 1);
  for (int i = 0; i < COUNT; i++)
    start(self, &tests[i], ECHO_BACK, "y", 1);
  rpc_listener_close(listener, true);
  for (int i = 0; i < COUNT; i++) {
    finish(&tests[i]);
    assert_int_equal(tests[i].call.outcome, RPC_FAULTED);
    assert_int_equal(tests[i].call.status, (uint32_t)RPC_E_DISCONNECTED);
  }
  rpc_channel_release(self);
}

/* TCP alone */

static void bindings_are_split(void **state) {
  static const struct {
    const char *binding, *host;
    unsigned port; /* 0: what was there; no host: refused */
  } cases[] = { { "10.0.0.1[135]", "10.0.0.1", 135 },
                { "10.0.0.1", "10.0.0.1", 0 },
                { "::1[5000]", "::1", 5000 },
                { "::1", "::1", 0 },
                { "[::1]", "::1", 0 },
                { "[::1]:5000", "::1", 5000 },
                { "[::1][5000]", "::1", 5000 },
                { "host.example[65535]", "host.example", 65535 },
                { "host[65536]", NULL, 0 },
                { "host[0]", NULL, 0 },
                { "host[]", NULL, 0 },
                { "host[12", NULL, 0 },
                { "host[12]x", NULL, 0 },
                { "host[-1]", NULL, 0 },
                { "host[ 1]", NULL, 0 },
                { "[::1", NULL, 0 },
                { "", NULL, 0 },
                { "[12]", "12", 0 },
                { "two words", NULL, 0 } };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char host[RPC_BINDING_ROOM];
    uint16_t port = 7;
    bool split = rpc_binding_split(cases[i].binding, host, &port);
    if (split != (cases[i].host != NULL))
      fail_msg("%s", cases[i].binding);
    if (!split)
      continue;
    assert_string_equal(host, cases[i].host);
    assert_int_equal(port, cases[i].port ? cases[i].port : 7);
  }
}

static void tcp_peers_have_addresses(void **state) {
  char own[RPC_ADDRESS_ROOM];
  uint16_t port = 0;
  (void)state;
  assert_int_equal(channel->destination, MSHCTX_DIFFERENTMACHINE);
  assert_false(channel->peer.local);
  assert_int_equal(channel->peer.pid, 0);
  assert_string_equal(channel->peer.address, "127.0.0.1");
  assert_true(rpc_tcp_local(channel, own, &port));
  assert_string_equal(own, "127.0.0.1");
  assert_int_not_equal(port, 0);
}

static void nobody_listens_there(void **state) {
  static const char *const hosts[] = { "127.0.0.1", "::1", "localhost", "no-such-host.invalid" };
  RpcListener *listener;
  RpcChannel *other;
  uint16_t port;
  (void)state;
  assert_int_equal(rpc_tcp_listen(queue_of_thread(), "127.0.0.1", (RpcPorts){ 0 }, NULL, &listener, &port), S_OK);
  rpc_listener_close(listener, true);
  for (size_t i = 0; i < sizeof hosts / sizeof hosts[0]; i++)
    assert_int_equal(rpc_tcp_connect(queue_of_thread(), hosts[i], port, apartment_after(60), NULL, &other),
                     UNAVAILABLE);
}

static void ports_are_tried_in_their_order(void **state) {
  static RpcServer nobody;
  RpcListener *first, *second, *third;
  uint16_t port, next;
  (void)state;
  assert_int_equal(rpc_tcp_listen(queue_of_thread(), "127.0.0.1", (RpcPorts){ 0 }, &nobody, &first, &port), S_OK);
  RpcPorts one = { port, port }, range = { port, (uint16_t)(port < 65000 ? port + 100 : 65535) };
  assert_int_equal(rpc_tcp_listen(queue_of_thread(), "127.0.0.1", one, &nobody, &second, &next),
                   HRESULT_FROM_WIN32(ERROR_ALREADY_EXISTS));
  assert_null(second);
  if (port < 65535) {
    assert_int_equal(rpc_tcp_listen(queue_of_thread(), "127.0.0.1", range, &nobody, &third, &next), S_OK);
    assert_in_range(next, port + 1, range.last);
    rpc_listener_close(third, true);
  }
  assert_int_equal(rpc_tcp_listen(queue_of_thread(), "nonsense", one, &nobody, &second, &next), E_INVALIDARG);
  rpc_listener_close(first, true);
}

/* Connections that say nothing are few: the next one ends the oldest, and one that has shown whose it is stays. */
static void a_flood_of_connections_ends_its_own(void **state) {
  enum { COUNT = 1500 };
  static RpcChannel *flood[COUNT];
  (void)state;
  echo(channel, "a", 1);
  for (int i = 0; i < COUNT; i++)
    flood[i] = connect_to("echo", NULL);
  RpcChannel *late = connect_to("echo", NULL);
  echo(late, "b", 1);
  echo(channel, "c", 1);
  rpc_channel_release(late);
  for (int i = 0; i < COUNT; i++)
    rpc_channel_release(flood[i]);
}

int main(void) {
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(stubs_of_every_size_come_back, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_hundred_megabytes_go_both_ways, set_up, tear_down),
    cmocka_unit_test_setup_teardown(many_calls_share_a_connection, set_up, tear_down),
    cmocka_unit_test_setup_teardown(each_interface_has_a_context, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_fault_has_its_status, set_up, tear_down),
    cmocka_unit_test_setup_teardown(one_way_calls_arrive_though_nobody_waits, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_cancelled_call_ends_at_once, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_server_that_waits_serves_others, set_up, tear_down),
    cmocka_unit_test_setup_teardown(requests_that_come_together_do_not_wait_for_each_other, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_silent_server_holds_up_nobody, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_server_that_dies_ends_calls, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_channel_that_is_closed_takes_no_calls, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_thousand_connections_are_served, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_peer_is_known, set_up, tear_down),
    cmocka_unit_test_setup_teardown(names_are_checked, set_up, tear_down),
    cmocka_unit_test_setup_teardown(memory_may_be_short, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_queue_ends_with_all_that_it_has, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_server_that_leaves_refuses_what_it_has_not_begun, set_up, tear_down),
    cmocka_unit_test_setup_teardown(stubs_of_every_size_come_back, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(a_hundred_megabytes_go_both_ways, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(many_calls_share_a_connection, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(each_interface_has_a_context, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(a_fault_has_its_status, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(one_way_calls_arrive_though_nobody_waits, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(a_cancelled_call_ends_at_once, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(a_server_that_waits_serves_others, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(a_silent_server_holds_up_nobody, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(a_server_that_dies_ends_calls, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(tcp_peers_have_addresses, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(nobody_listens_there, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(ports_are_tried_in_their_order, set_up_tcp, tear_down),
    cmocka_unit_test_setup_teardown(a_flood_of_connections_ends_its_own, set_up_tcp, tear_down),
    cmocka_unit_test(bindings_are_split),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
