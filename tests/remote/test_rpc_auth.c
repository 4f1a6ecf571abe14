/* Calls over TCP with security: to a server in another process (rpc_echo.h), by our client, by a foreign one, and through a peer in the
 * middle that changes what passes. */
#include <arpa/inet.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

#include <cmocka.h>

#include "com/com_api.h"
#include "remote/rpc/auth.h"
#include "remote/rpc_echo.h"
#include "remote/security/crypto.h"
#include "support/scratch.h"

static const char ACCOUNTS[] = "HOST:ann:secret\nHOST:bob:other\n";

static pid_t server;

static int set_up(void **state) {
  AccountsFile *accounts;
  (void)state;
  setenv("OLEANDER_RUNTIME", scratch_make(), 1);
  assert_int_equal(accounts_file_parse(ACCOUNTS, strlen(ACCOUNTS), &accounts, NULL), S_OK);
  accounts_set(accounts); /* those of the child, too */
  server = echo_start("echo");
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  rpc_queue_end(queue_of_thread());
  echo_stop(server);
  accounts_file_close((AccountsFile *)(uintptr_t)accounts_of_process());
  accounts_set(NULL);
  scratch_remove();
  return 0;
}

static RpcChannel *connect_as(uint16_t port, unsigned level, const char *user, const char *password) {
  RpcChannel *channel;
  assert_int_equal(rpc_tcp_connect(queue_of_thread(), "127.0.0.1", port, APARTMENT_NEVER, NULL, &channel), S_OK);
  if (level) {
    BlanketTerms terms = { .service = SECURITY_NTLM,
                           .level = level,
                           .identity = identity_create("HOST", user, password) };
    Blanket *blanket;
    assert_int_equal(blanket_create(&terms, &blanket), S_OK);
    assert_int_equal(rpc_channel_secure(channel, blanket, 0, "localhost"), S_OK);
    blanket_release(blanket);
    identity_release(terms.identity);
  }
  return channel;
}

typedef struct TestCall {
  RpcCall call;
  struct iovec pieces[2];
  bool over;
} TestCall;

static void call_done(RpcCall *call) {
  OBJECT_CONTAINER(call, TestCall, call)->over = true;
}

static bool is_over(void *test) {
  return ((TestCall *)test)->over;
}

/* In two pieces. The reply is the caller's to release. */
static void call(RpcChannel *channel, TestCall *test, uint16_t opnum, const void *bytes, size_t size, double seconds) {
  *test = (TestCall){ .call = { .iid = IID_ECHO, .opnum = opnum, .piece_count = 2, .done = call_done },
                      .pieces = { { (void *)(uintptr_t)bytes, size / 3 },
                                  { (uint8_t *)(uintptr_t)bytes + size / 3, size - size / 3 } } };
  test->call.pieces = test->pieces;
  channel->methods->start(channel, &test->call);
  if (!apartment_wait(is_over, test, apartment_after(seconds)))
    channel->methods->cancel(channel, &test->call);
  assert_true(test->over);
}

static void expect_answer(RpcChannel *channel, uint16_t opnum, const void *bytes, size_t size, const void *reply,
                          size_t reply_size) {
  TestCall test;
  call(channel, &test, opnum, bytes, size, 60);
  assert_int_equal(test.call.outcome, RPC_ANSWERED);
  assert_int_equal(test.call.reply->size, reply_size);
  if (reply_size)
    assert_memory_equal(test.call.reply->data, reply, reply_size);
  rpc_buffer_release(test.call.reply);
}

static void every_level_carries_every_size(void **state) {
  static const size_t sizes[] = { 0, 1, 15, 16, 17, 1391, 1408, 5776, 5792, 5793, 5840, 60000, 3000000 };
  uint8_t *bytes = malloc(3000000);
  (void)state;
  for (size_t i = 0; i < 3000000; i++)
    bytes[i] = (uint8_t)(i * 7 ^ i >> 11);
  for (unsigned level = LEVEL_CONNECT; level <= LEVEL_PRIVACY; level++) {
    char expected[64];
    RpcChannel *channel = connect_as(echo_port, level, "ann", "secret");
    snprintf(expected, sizeof expected, "10 %u HOST\\ann", level == LEVEL_CALL ? LEVEL_PACKET : level);
    expect_answer(channel, ECHO_WHO, NULL, 0, expected, strlen(expected));
    for (size_t i = 0; i < sizeof sizes / sizeof sizes[0]; i++)
      expect_answer(channel, ECHO_BACK, bytes, sizes[i], bytes, sizes[i]);
    rpc_channel_release(channel);
  }
  free(bytes);
}

static void nobody_is_somebody_without_security(void **state) {
  RpcChannel *channel = connect_as(echo_port, 0, NULL, NULL);
  (void)state;
  expect_answer(channel, ECHO_WHO, NULL, 0, "0 1 nobody", 10);
  rpc_channel_release(channel);
}

static void a_wrong_password_is_denied_at_the_first_call(void **state) {
  static const char *const logins[][2] = { { "ann", "Secret" }, { "carl", "secret" }, { "", "" }, { "bob", "secret" } };
  (void)state;
  for (size_t i = 0; i < sizeof logins / sizeof logins[0]; i++) {
    for (unsigned level = LEVEL_CONNECT; level <= LEVEL_PRIVACY; level += 2) {
      TestCall test;
      RpcChannel *channel = connect_as(echo_port, level, logins[i][0], logins[i][1]);
      call(channel, &test, ECHO_BACK, "x", 1, 60);
      assert_int_equal(test.call.outcome, RPC_FAULTED);
      assert_int_equal(test.call.status, FAULT_ACCESS_DENIED);
      rpc_channel_release(channel);
    }
  }
}

static void faults_and_several_calls_keep_their_order(void **state) {
  RpcChannel *channel = connect_as(echo_port, LEVEL_PRIVACY, "ann", "secret");
  TestCall test;
  (void)state;
  for (uint32_t i = 0; i < 20; i++) {
    call(channel, &test, ECHO_FAULT, &(uint32_t){ 0x1000 + i }, 4, 60);
    assert_int_equal(test.call.outcome, RPC_FAULTED);
    assert_int_equal(test.call.status, 0x1000 + i);
    expect_answer(channel, ECHO_BACK, "abc", 3, "abc", 3);
  }
  rpc_channel_release(channel);
}

static void a_stolen_trailer_of_arguments_is_read_as_one(void **state) {
  uint8_t stub[200] = { 0 };
  IID other = { 1, 2, 3, { 4 } };
  TestCall test;
  (void)state;
  for (unsigned wrong = 0; wrong < 2; wrong++) {
    RpcChannel *channel = connect_as(echo_port, LEVEL_INTEGRITY, "ann", "secret");
    expect_answer(channel, ECHO_BACK, "abcd", 4, "abcd", 4); /* what says it at first, we put there ourselves */
    /* The next call of a connection has the next generation of its number, and the context 1. */
    size_t size = 5 + pdu_put_verification(stub + 5, 5, wrong ? &other : &IID_ECHO, 1 << 20, 1, ECHO_BACK);
    call(channel, &test, ECHO_BACK, stub, size, 60);
    assert_int_equal(test.call.outcome, wrong ? RPC_FAULTED : RPC_ANSWERED);
    if (!wrong)
      assert_in_range(test.call.reply->size, 5, 8);
    rpc_buffer_release(test.call.reply);
    rpc_channel_release(channel);
  }
}

/* In the middle */

static struct {
  int listening;
  uint16_t port;
  _Atomic int direction; /* whose bytes are changed: 0 the client's, 1 the server's, 2 nobody's */
  _Atomic size_t byte, passed[2];
  _Atomic unsigned bit;
  _Atomic bool twice, drops; /* the block that has the byte: sent twice, or not at all */
} middle;

static void pass(int from, int to, int direction, bool *open) {
  uint8_t bytes[4096];
  ssize_t size = recv(from, bytes, sizeof bytes, 0);
  if (size <= 0) {
    *open = false;
    return;
  }
  size_t at = middle.passed[direction];
  middle.passed[direction] += (size_t)size;
  bool here = middle.direction == direction && middle.byte >= at && middle.byte < at + (size_t)size;
  if (here && !middle.twice && !middle.drops)
    bytes[middle.byte - at] ^= (uint8_t)(1u << middle.bit);
  if (!here || !middle.drops)
    send(to, bytes, (size_t)size, MSG_NOSIGNAL);
  if (here && middle.twice)
    send(to, bytes, (size_t)size, MSG_NOSIGNAL);
}

static void relay(int client) {
  struct sockaddr_in address = { .sin_family = AF_INET, .sin_port = htons(echo_port) };
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int behind = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  bool open = connect(behind, (struct sockaddr *)&address, sizeof address) == 0;
  while (open) {
    struct pollfd ends[2] = { { client, POLLIN, 0 }, { behind, POLLIN, 0 } };
    poll(ends, 2, -1);
    if (ends[0].revents)
      pass(client, behind, 0, &open);
    else if (ends[1].revents)
      pass(behind, client, 1, &open);
  }
  close(behind);
  close(client);
}

static void *run_middle(void *unused) {
  int client;
  while ((client = accept(middle.listening, NULL, NULL)) >= 0)
    relay(client);
  return unused;
}

static pthread_t middle_thread;

static int set_up_middle(void **state) {
  struct sockaddr_in address = { .sin_family = AF_INET };
  socklen_t size = sizeof address;
  set_up(state);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  middle.listening = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
  assert_int_equal(bind(middle.listening, (struct sockaddr *)&address, size), 0);
  assert_int_equal(listen(middle.listening, 16), 0);
  getsockname(middle.listening, (struct sockaddr *)&address, &size);
  middle.port = ntohs(address.sin_port);
  middle.twice = middle.drops = false;
  assert_int_equal(pthread_create(&middle_thread, NULL, run_middle, NULL), 0);
  return 0;
}

static int tear_down_middle(void **state) {
  shutdown(middle.listening, SHUT_RDWR);
  tear_down(state);
  pthread_join(middle_thread, NULL);
  close(middle.listening);
  return 0;
}

static const char TOLD[20] = "the amount is 100";

/* Two calls. Whether both came back as they should; no other answer may. */
static bool conversation(unsigned level, int direction, size_t byte_at, unsigned bit) {
  middle.direction = direction;
  middle.byte = byte_at;
  middle.bit = bit;
  middle.passed[0] = middle.passed[1] = 0;
  RpcChannel *channel = connect_as(middle.port, level, "ann", "secret");
  bool good = true;
  for (unsigned i = 0; i < 2 && good; i++) {
    TestCall test;
    call(channel, &test, ECHO_BACK, TOLD, sizeof TOLD, direction == 2 ? 60 : 0.1);
    good = test.call.outcome == RPC_ANSWERED;
    if (good && (test.call.reply->size != sizeof TOLD || memcmp(test.call.reply->data, TOLD, sizeof TOLD) != 0))
      fail_msg("level %u, direction %d, byte %zu, bit %u: a wrong answer is taken", level, direction, byte_at, bit);
    rpc_buffer_release(test.call.reply);
  }
  channel->methods->close(channel);
  rpc_channel_release(channel);
  return good;
}

/* One bit of each third byte, or (OLEANDER_EVERY_BIT) all of them. */
static void no_changed_bit_changes_an_answer(void **state) {
  bool every = getenv("OLEANDER_EVERY_BIT");
  (void)state;
  for (unsigned level = LEVEL_INTEGRITY; level <= LEVEL_PRIVACY; level++) {
    assert_true(conversation(level, 2, 0, 0));
    size_t sizes[2] = { middle.passed[0], middle.passed[1] };
    for (int direction = 0; direction < 2; direction++) {
      size_t refused = 0;
      for (size_t at = 0; at < sizes[direction]; at += every ? 1 : 3) {
        for (unsigned bit = every ? 0 : (unsigned)at % 8; bit < (every ? 8 : (unsigned)at % 8 + 1); bit++)
          refused += !conversation(level, direction, at, bit);
      }
      assert_true(refused > sizes[direction] / 6);
    }
  }
}

static void blocks_that_are_lost_or_come_twice_end_the_connection(void **state) {
  (void)state;
  for (unsigned level = LEVEL_INTEGRITY; level <= LEVEL_PRIVACY; level++) {
    for (unsigned twice = 0; twice < 2; twice++) {
      middle.twice = middle.drops = false;
      assert_true(conversation(level, 2, 0, 0));
      size_t sizes[2] = { middle.passed[0], middle.passed[1] };
      middle.twice = twice;
      middle.drops = !twice;
      for (int direction = 0; direction < 2; direction++) {
        bool last_twice = twice; /* nothing follows it that would tell */
        conversation(level, direction, 0, 0);
        for (size_t at = 0; at < sizes[direction]; at += 100)
          conversation(level, direction, at, 0);
        assert_true(last_twice || !conversation(level, direction, sizes[direction] - 1, 0));
      }
    }
  }
  middle.twice = middle.drops = false;
}

/* A foreign client */

static void run_impacket(unsigned level, const char *user, const char *password, char *told, size_t room) {
  char command[512];
  snprintf(command, sizeof command,
           "timeout 100 /usr/bin/python3 '%s/tests/remote/impacket_echo.py' %u %u HOST %s %s 2>&1", TEST_SOURCE_DIR,
           echo_port, level, user, password);
  FILE *pipe = popen(command, "r");
  assert_non_null(pipe);
  size_t size = fread(told, 1, room - 1, pipe);
  told[size] = 0;
  pclose(pipe);
}

static void impacket_is_served_at_every_level(void **state) {
  char told[2048], expected[128];
  (void)state;
  for (unsigned level = LEVEL_CONNECT; level <= LEVEL_PRIVACY; level++) {
    if (level == LEVEL_CALL || level == LEVEL_PACKET)
      continue;
    run_impacket(level, "ann", "secret", told, sizeof told);
    if (strncmp(told, "missing", 7) == 0)
      skip();
    snprintf(expected, sizeof expected, "10 %u HOST\\ann\n10 %u HOST\\ann\n", level, level);
    assert_string_equal(told, expected);
  }
  /* At packet level it announces signatures and leaves them out. */
  run_impacket(LEVEL_PACKET, "ann", "secret", told, sizeof told);
  assert_non_null(strstr(told, "rpc_s_access_denied"));
  run_impacket(LEVEL_PRIVACY, "ann", "wrong", told, sizeof told);
  assert_non_null(strstr(told, "rpc_s_access_denied"));
}

int main(void) {
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(every_level_carries_every_size, set_up, tear_down),
    cmocka_unit_test_setup_teardown(nobody_is_somebody_without_security, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_wrong_password_is_denied_at_the_first_call, set_up, tear_down),
    cmocka_unit_test_setup_teardown(faults_and_several_calls_keep_their_order, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_stolen_trailer_of_arguments_is_read_as_one, set_up, tear_down),
    cmocka_unit_test_setup_teardown(no_changed_bit_changes_an_answer, set_up_middle, tear_down_middle),
    cmocka_unit_test_setup_teardown(blocks_that_are_lost_or_come_twice_end_the_connection, set_up_middle,
                                    tear_down_middle),
    cmocka_unit_test_setup_teardown(impacket_is_served_at_every_level, set_up, tear_down),
  };
  if (!crypto_ready()) {
    print_message("%s\n", crypto_missing());
    return 0;
  }
  return cmocka_run_group_tests(tests, NULL, NULL);
}
