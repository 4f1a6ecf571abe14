/* Calls over TCP in the name of those who have tickets: to a server in another process (rpc_echo.h), with a KDC of the test's own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "com/com_api.h"
#include "remote/rpc/auth.h"
#include "remote/rpc_echo.h"
#include "remote/security/accounts_file.h"
#include "remote/security/crypto.h"
#include "support/kdc.h"
#include "support/scratch.h"

static const char ACCOUNTS[] = "HOST:ann:secret\n";

static pid_t server;
static const char *no_kdc;

static int set_up(void **state) {
  AccountsFile *accounts;
  const char *folder = scratch_make();
  (void)state;
  setenv("OLEANDER_RUNTIME", folder, 1);
  if (crypto_ready() && accounts_file_parse(ACCOUNTS, strlen(ACCOUNTS), &accounts, NULL) == S_OK)
    accounts_set(accounts);
  if (kdc_start(folder, &no_kdc))
    no_kdc = NULL;
  server = echo_start("echo");
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  rpc_queue_end(queue_of_thread());
  echo_stop(server);
  kdc_stop();
  if (accounts_of_process())
    accounts_file_close((AccountsFile *)(uintptr_t)accounts_of_process());
  accounts_set(NULL);
  scratch_remove();
  return 0;
}

static RpcChannel *connect_by(unsigned service, unsigned level, Identity *identity) {
  RpcChannel *channel;
  Blanket *blanket;
  BlanketTerms terms = { .service = service, .level = level, .identity = identity };
  assert_int_equal(rpc_tcp_connect(queue_of_thread(), "127.0.0.1", echo_port, APARTMENT_NEVER, NULL, &channel), S_OK);
  assert_int_equal(blanket_create(&terms, &blanket), S_OK);
  assert_int_equal(rpc_channel_secure(channel, blanket, 0, "localhost"), S_OK);
  blanket_release(blanket);
  return channel;
}

typedef struct TestCall {
  RpcCall call;
  struct iovec piece;
  bool over;
} TestCall;

static void call_done(RpcCall *call) {
  OBJECT_CONTAINER(call, TestCall, call)->over = true;
}

static bool is_over(void *test) {
  return ((TestCall *)test)->over;
}

static void begin(RpcChannel *channel, TestCall *test, uint16_t opnum, const void *bytes, size_t size) {
  *test = (TestCall){ .call = { .iid = IID_ECHO, .opnum = opnum, .piece_count = 1, .done = call_done },
                      .piece = { (void *)(uintptr_t)bytes, size } };
  test->call.pieces = &test->piece;
  channel->methods->start(channel, &test->call);
}

static void expect(TestCall *test, const void *reply, size_t size) {
  assert_true(apartment_wait(is_over, test, apartment_after(30)));
  if (test->call.outcome != RPC_ANSWERED)
    print_message("the call has ended with %#x\n", (unsigned)test->call.status);
  assert_int_equal(test->call.outcome, RPC_ANSWERED);
  assert_int_equal(test->call.reply->size, size);
  assert_memory_equal(test->call.reply->data, reply, size);
  rpc_buffer_release(test->call.reply);
}

static void expect_caller(unsigned service, Identity *identity, const char *who) {
  static const size_t sizes[] = { 0, 1, 16, 1391, 5793, 100000 };
  uint8_t *bytes = calloc(1, 100000);
  for (unsigned level = LEVEL_CONNECT; level <= LEVEL_PRIVACY; level++) {
    char expected[100];
    TestCall calls[7];
    RpcChannel *channel = connect_by(service, level, identity);
    int length = snprintf(expected, sizeof expected, "%u %u %s", service,
                          level == LEVEL_CALL ? (unsigned)LEVEL_PACKET : level, who);
    /* All before the other end has answered anything. */
    begin(channel, &calls[0], ECHO_WHO, NULL, 0);
    for (size_t i = 0; i < 6; i++)
      begin(channel, &calls[i + 1], ECHO_BACK, bytes, sizes[i]);
    expect(&calls[0], expected, (size_t)length);
    for (size_t i = 0; i < 6; i++)
      expect(&calls[i + 1], bytes, sizes[i]);
    rpc_channel_release(channel);
  }
  free(bytes);
}

static void callers_are_known_by_their_tickets(void **state) {
  (void)state;
  if (no_kdc) {
    print_message("skipped: %s\n", no_kdc);
    return;
  }
  expect_caller(SECURITY_KERBEROS, NULL, "EXAMPLE\\ann");
  expect_caller(SECURITY_SPNEGO, NULL, "EXAMPLE\\ann");
  assert_int_equal(security_client_service(NULL), SECURITY_SPNEGO); /* what is taken where nothing is said */
  Identity *bob = identity_create("EXAMPLE.TEST", "bob", "other");
  expect_caller(SECURITY_KERBEROS, bob, "EXAMPLE\\bob");
  expect_caller(SECURITY_SPNEGO, bob, "EXAMPLE\\bob");
  identity_release(bob);
}

static void accounts_are_negotiated(void **state) {
  (void)state;
  if (!crypto_ready())
    return;
  Identity *ann = identity_create("HOST", "ann", "secret");
  expect_caller(SECURITY_SPNEGO, ann, "HOST\\ann");
  identity_release(ann);
}

/* The answer to the last leg is a fault: no call waits for ever. */
static void wrong_passwords_end_the_calls(void **state) {
  (void)state;
  if (!crypto_ready())
    return;
  Identity *wrong = identity_create("HOST", "ann", "wrong");
  RpcChannel *channel = connect_by(SECURITY_SPNEGO, LEVEL_INTEGRITY, wrong);
  TestCall calls[3];
  for (int i = 0; i < 3; i++)
    begin(channel, &calls[i], ECHO_BACK, "x", 1);
  for (int i = 0; i < 3; i++) {
    assert_true(apartment_wait(is_over, &calls[i], apartment_after(30)));
    assert_int_equal(calls[i].call.outcome, RPC_NOT_SENT);
    assert_int_equal((HRESULT)calls[i].call.status, E_ACCESSDENIED);
  }
  rpc_channel_release(channel);
  identity_release(wrong);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(callers_are_known_by_their_tickets),
    cmocka_unit_test(accounts_are_negotiated),
    cmocka_unit_test(wrong_passwords_end_the_calls),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
