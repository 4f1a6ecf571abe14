/* Kerberos and SPNEGO between our two ends, against a KDC of the test's own, and against whoever changes something on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include "com/com_api.h"
#include "remote/security/accounts_file.h"
#include "remote/security/crypto.h"
#include "remote/security/gss.h"
#include "remote/security/kerberos.h"
#include "remote/security/spnego_messages.h"
#include "support/kdc.h"
#include "support/scratch.h"

static const char ACCOUNTS[] = "HOST:ann:secret\nEXAMPLE.TEST:ann:secret\n";

static const char *no_kdc;

static int set_up(void **state) {
  AccountsFile *accounts;
  (void)state;
  const char *folder = scratch_make();
  if (crypto_ready()) {
    assert_int_equal(accounts_file_parse(ACCOUNTS, strlen(ACCOUNTS), &accounts, NULL), S_OK);
    accounts_set(accounts);
  }
  const char *why = NULL;
  no_kdc = kdc_start(folder, &why) ? gss_ready() ? NULL : gss_missing() : why;
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  kdc_stop();
  if (accounts_of_process())
    accounts_file_close((AccountsFile *)(uintptr_t)accounts_of_process());
  accounts_set(NULL);
  scratch_remove();
  return 0;
}

static bool skipped(void) {
  if (no_kdc)
    print_message("skipped: %s\n", no_kdc);
  return no_kdc;
}

typedef struct Pair {
  SecurityContext *client, *server;
} Pair;

/* Changes a token on its way; leg counts from 0. */
typedef void (*Change)(unsigned leg, SecurityToken *token, void *context);

static void end_pair(Pair *pair) {
  if (pair->client)
    pair->client->methods->destroy(pair->client);
  if (pair->server)
    pair->server->methods->destroy(pair->server);
}

static Pair pair_of(unsigned service, const SecurityLogin *login, bool seals) {
  Pair pair = { security_client_create(service, login), security_server_create(service) };
  if (pair.client)
    pair.client->seals = pair.client->header_signing = seals;
  if (pair.server)
    pair.server->seals = pair.server->header_signing = seals;
  return pair;
}

/* True: both ends are content. */
static bool shake_hands(Pair *pair, Change change, void *context) {
  SecurityToken token = { 0 };
  SecurityProgress client = SECURITY_MORE, server = SECURITY_MORE;
  for (unsigned leg = 0; leg < 8; leg++) {
    SecurityContext *end = leg % 2 ? pair->server : pair->client;
    SecurityProgress *progress = leg % 2 ? &server : &client;
    SecurityToken answer = { 0 };
    *progress = end->methods->step(end, leg ? token.data : NULL, token.size, &answer);
    free(token.data);
    token = answer;
    if (*progress == SECURITY_FAILED || !token.size)
      break;
    if (change)
      change(leg, &token, context);
  }
  free(token.data);
  return client == SECURITY_DONE && server == SECURITY_DONE;
}

typedef struct Message {
  uint8_t bytes[24 + 48 + 8], clear[24 + 48 + 8], signature[SECURITY_SIGNATURE_LIMIT];
  size_t size;
  SecurityPdu pdu;
} Message;

static bool protect(SecurityContext *from, Message *message, bool seal) {
  for (size_t i = 0; i < sizeof message->bytes; i++)
    message->bytes[i] = message->clear[i] = (uint8_t)(i * 31 + 7);
  message->pdu = (SecurityPdu){ message->bytes, 24, 48, 8, seal };
  return from->methods->protect(from, &message->pdu, message->signature, &message->size);
}

static bool unprotect(SecurityContext *to, Message *message) {
  return to->methods->unprotect(to, &message->pdu, message->signature, message->size) &&
         memcmp(message->bytes, message->clear, sizeof message->bytes) == 0;
}

static void expect_messages(Pair *pair, bool seal) {
  for (int i = 0; i < 6; i++) {
    Message message;
    SecurityContext *from = i % 3 ? pair->client : pair->server, *to = i % 3 ? pair->server : pair->client;
    assert_true(protect(from, &message, seal));
    assert_int_equal(message.size, from->signature_size);
    assert_int_equal(memcmp(message.bytes + 24, message.clear + 24, 48) != 0, seal);
    assert_memory_equal(message.bytes, message.clear, 24);
    assert_true(unprotect(to, &message));
  }
}

static const SecurityLogin tickets = {
  .domain = "", .password = "", .target = "host/localhost", .impersonation = RPC_C_IMP_LEVEL_IDENTIFY
};
static const SecurityLogin password = { .domain = "EXAMPLE.TEST",
                                        .user = "bob",
                                        .password = "other",
                                        .target = "host/localhost",
                                        .impersonation = RPC_C_IMP_LEVEL_IMPERSONATE };
static const SecurityLogin account = { .domain = "HOST",
                                       .user = "ann",
                                       .password = "secret",
                                       .target = "host/localhost",
                                       .impersonation = RPC_C_IMP_LEVEL_IMPERSONATE };

static void both_ends_know_each_other(void **state) {
  static const unsigned services[] = { SECURITY_KERBEROS, SECURITY_SPNEGO };
  (void)state;
  if (skipped())
    return;
  for (unsigned i = 0; i < 4; i++) {
    bool seals = i & 1;
    Pair pair = pair_of(services[i / 2], &tickets, seals);
    assert_true(shake_hands(&pair, NULL, NULL));
    assert_string_equal(pair.server->user, "ann");
    assert_string_equal(pair.server->domain, "EXAMPLE");
    assert_int_equal(pair.server->impersonation, RPC_C_IMP_LEVEL_IDENTIFY);
    assert_false(pair.server->listed);
    expect_messages(&pair, seals);
    end_pair(&pair);
    Pair named = pair_of(services[i / 2], &password, seals);
    assert_true(shake_hands(&named, NULL, NULL));
    assert_string_equal(named.server->user, "bob");
    assert_int_equal(named.server->impersonation, RPC_C_IMP_LEVEL_IMPERSONATE);
    expect_messages(&named, seals);
    end_pair(&named);
  }
}

static void nobody_is_let_in_without_a_ticket(void **state) {
  SecurityLogin wrong = password, elsewhere = tickets;
  (void)state;
  if (skipped())
    return;
  wrong.password = "wrong";
  assert_null(security_client_create(SECURITY_KERBEROS, &wrong));
  elsewhere.target = "host/another";
  Pair pair = pair_of(SECURITY_KERBEROS, &elsewhere, true);
  assert_false(shake_hands(&pair, NULL, NULL));
  end_pair(&pair);
  kdc_logout();
  assert_int_equal(security_client_check(SECURITY_KERBEROS, NULL), SEC_E_NO_CREDENTIALS);
  Pair none = pair_of(SECURITY_KERBEROS, &tickets, true);
  assert_false(shake_hands(&none, NULL, NULL));
  end_pair(&none);
  assert_true(kdc_login("ann", "secret"));
  assert_int_equal(security_client_check(SECURITY_KERBEROS, NULL), S_OK);
}

static void ntlm_is_negotiated_where_there_is_no_kerberos(void **state) {
  (void)state;
  if (!crypto_ready())
    return;
  for (int i = 0; i < 2; i++) {
    Pair pair = pair_of(SECURITY_SPNEGO, &account, i);
    assert_true(shake_hands(&pair, NULL, NULL));
    assert_string_equal(pair.server->user, "ann");
    assert_string_equal(pair.server->domain, "HOST");
    assert_true(pair.server->listed);
    expect_messages(&pair, i);
    end_pair(&pair);
  }
}

/* Whoever stands in between */

static void flip(unsigned leg, SecurityToken *token, void *context) {
  const unsigned *where = context; /* leg, byte */
  if (leg == where[0] && where[1] < token->size)
    token->data[where[1]] ^= (uint8_t)(1u << where[1] % 8);
}

static void measure(unsigned leg, SecurityToken *token, void *context) {
  ((size_t *)context)[leg] = token->size;
}

/* Of every byte of every token one bit: the handshake fails, or what was changed means nothing and both ends are who they were. */
static void expect_no_change(unsigned service, const SecurityLogin *login, const char *user, unsigned step) {
  size_t sizes[8] = { 0 };
  Pair first = pair_of(service, login, true);
  assert_true(shake_hands(&first, measure, sizes));
  end_pair(&first);
  for (unsigned leg = 0; leg < 8; leg++) {
    for (unsigned i = 0; i < sizes[leg]; i += step) {
      unsigned where[] = { leg, i };
      Pair pair = pair_of(service, login, true);
      if (shake_hands(&pair, flip, where)) {
        assert_string_equal(pair.server->user, user);
        expect_messages(&pair, true);
      }
      end_pair(&pair);
    }
  }
}

static void changed_tokens_are_refused(void **state) {
  (void)state;
  if (crypto_ready())
    expect_no_change(SECURITY_SPNEGO, &account, "ann", 1);
  if (skipped())
    return;
  expect_no_change(SECURITY_KERBEROS, &tickets, "ann", 29);
  expect_no_change(SECURITY_SPNEGO, &tickets, "ann", 29);
}

static void cut(unsigned leg, SecurityToken *token, void *context) {
  const unsigned *where = context;
  if (leg == where[0] && where[1] < token->size)
    token->size = where[1] ? where[1] : 1;
}

static void cut_tokens_are_refused(void **state) {
  size_t sizes[8] = { 0 };
  (void)state;
  if (!crypto_ready())
    return;
  Pair first = pair_of(SECURITY_SPNEGO, &account, true);
  assert_true(shake_hands(&first, measure, sizes));
  end_pair(&first);
  for (unsigned leg = 0; leg < 4; leg++) {
    for (unsigned i = 0; i < sizes[leg]; i++) {
      unsigned where[] = { leg, i };
      Pair pair = pair_of(SECURITY_SPNEGO, &account, true);
      assert_false(shake_hands(&pair, cut, where));
      end_pair(&pair);
    }
  }
}

/* The client offers Kerberos first; somebody takes it out of the list, so that the weaker one is agreed on. */
static void take_kerberos_out(unsigned leg, SecurityToken *token, void *context) {
  static const SpnegoMechanism ntlm[] = { MECHANISM_NTLM };
  SecurityToken list;
  (void)context;
  if (leg != 0)
    return;
  free(token->data);
  assert_true(spnego_write_init(ntlm, 1, (SpnegoBytes){ NULL, 0 }, token, &list));
  free(list.data);
}

static void the_list_cannot_be_shortened(void **state) {
  SecurityLogin both = account;
  (void)state;
  if (skipped() || !crypto_ready())
    return;
  both.domain = "EXAMPLE.TEST"; /* has a ticket, and an account by the same name and password */
  Pair pair = pair_of(SECURITY_SPNEGO, &both, true);
  assert_false(shake_hands(&pair, take_kerberos_out, NULL));
  end_pair(&pair);
}

static void what_comes_twice_or_late_is_refused(void **state) {
  (void)state;
  if (skipped())
    return;
  for (int seal = 0; seal < 2; seal++) {
    Message first, second;
    Pair pair = pair_of(SECURITY_SPNEGO, &tickets, seal);
    assert_true(shake_hands(&pair, NULL, NULL));
    assert_true(protect(pair.client, &first, seal));
    Message again = first;
    again.pdu.data = again.bytes;
    assert_true(unprotect(pair.server, &first));
    assert_false(unprotect(pair.server, &again));
    end_pair(&pair);
    Pair late = pair_of(SECURITY_KERBEROS, &tickets, seal);
    assert_true(shake_hands(&late, NULL, NULL));
    assert_true(protect(late.client, &first, seal));
    assert_true(protect(late.client, &second, seal));
    assert_false(unprotect(late.server, &second));
    end_pair(&late);
    for (size_t i = 0; i < sizeof first.bytes; i += 3) {
      Pair changed = pair_of(SECURITY_KERBEROS, &tickets, seal);
      changed.client->header_signing = changed.server->header_signing = true;
      assert_true(shake_hands(&changed, NULL, NULL));
      assert_true(protect(changed.client, &first, seal));
      first.bytes[i] ^= 1;
      assert_false(unprotect(changed.server, &first));
      end_pair(&changed);
    }
  }
}

/* A ticket that was shown is of no use to who has seen it. */
static void keep(unsigned leg, SecurityToken *token, void *context) {
  SecurityToken *kept = context;
  if (leg != 0)
    return;
  kept->data = malloc(token->size);
  kept->size = token->size;
  memcpy(kept->data, token->data, token->size);
}

static void a_ticket_is_not_shown_again(void **state) {
  SecurityToken kept = { 0 }, answer;
  (void)state;
  if (skipped())
    return;
  Pair pair = pair_of(SECURITY_KERBEROS, &tickets, true);
  assert_true(shake_hands(&pair, keep, &kept));
  end_pair(&pair);
  /* In DCE style the third leg proves that the key is known: what was seen leads no further than the second. */
  SecurityContext *server = security_server_create(SECURITY_KERBEROS);
  SecurityProgress progress = server->methods->step(server, kept.data, kept.size, &answer);
  assert_int_not_equal(progress, SECURITY_DONE);
  free(answer.data);
  if (progress == SECURITY_MORE) {
    assert_int_equal(server->methods->step(server, kept.data, kept.size, &answer), SECURITY_FAILED);
    assert_null(answer.data);
  }
  server->methods->destroy(server);
  free(kept.data);
}

static void messages_are_read_as_they_are_written(void **state) {
  static const SpnegoMechanism list[] = { MECHANISM_KERBEROS_MS, MECHANISM_KERBEROS, MECHANISM_NTLM };
  uint8_t *token = malloc(70000);
  static const size_t sizes[] = { 0, 1, 100, 127, 128, 200, 255, 256, 300, 65535, 65536, 70000 };
  (void)state;
  memset(token, 0x5a, 70000);
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    SpnegoBytes bytes = { token, sizes[i] };
    SecurityToken message, written;
    SpnegoInit init;
    assert_true(spnego_write_init(list, 3, bytes, &message, &written));
    assert_true(spnego_read_init(message.data, message.size, &init));
    assert_int_equal(init.count, 3);
    assert_memory_equal(init.mechanisms, list, sizeof list);
    assert_int_equal(init.token.size, sizes[i]);
    assert_int_equal(init.list.size, written.size);
    assert_memory_equal(init.list.data, written.data, written.size);
    assert_false(spnego_read_init(message.data, message.size - 1, &init));
    free(message.data);
    free(written.data);
    SpnegoResponse response = { .state = SPNEGO_INCOMPLETE,
                                .mechanism = MECHANISM_NTLM,
                                .has_mechanism = true,
                                .token = bytes,
                                .mic = bytes },
                   read;
    assert_true(spnego_write_response(&response, &message));
    assert_true(spnego_read_response(message.data, message.size, &read));
    assert_int_equal(read.state, SPNEGO_INCOMPLETE);
    assert_int_equal(read.mechanism, MECHANISM_NTLM);
    assert_int_equal(read.mic.size, sizes[i]);
    free(message.data);
  }
  free(token);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(messages_are_read_as_they_are_written),
    cmocka_unit_test(both_ends_know_each_other),
    cmocka_unit_test(nobody_is_let_in_without_a_ticket),
    cmocka_unit_test(ntlm_is_negotiated_where_there_is_no_kerberos),
    cmocka_unit_test(changed_tokens_are_refused),
    cmocka_unit_test(cut_tokens_are_refused),
    cmocka_unit_test(the_list_cannot_be_shortened),
    cmocka_unit_test(what_comes_twice_or_late_is_refused),
    cmocka_unit_test(a_ticket_is_not_shown_again),
  };
  return cmocka_run_group_tests(tests, set_up, tear_down);
}
