/* NTLM against the examples of [MS-NLMP] 4.2.4, between our two ends, and against whoever changes something on the way. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

#include "com/com_api.h"
#include "remote/security/ntlm_keys.h"
#include "support/faults.h"

static void assert_hex(const void *data, size_t size, const char *expected) {
  char text[512];
  for (size_t i = 0; i < size; i++)
    snprintf(text + 2 * i, 3, "%02x", ((const uint8_t *)data)[i]);
  assert_string_equal(text, expected);
}

static NtlmBytes wide(const char16_t *text) {
  return (NtlmBytes){ (const uint8_t *)text, utf16_units(text) * 2 };
}

static const uint8_t CHALLENGE[8] = { 0x01, 0x23, 0x45, 0x67, 0x89, 0xab, 0xcd, 0xef };

/* 4.2.1 and 4.2.4: User, Domain, Password; the time is 0. */
static void the_published_example_is_computed(void **state) {
  static const uint8_t client[8] = { 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa, 0xaa };
  uint8_t hash[16], key[16], proof[16], session[16], exported[16];
  NtlmWriter blob = { 0 };
  Stream stream;
  (void)state;
  assert_true(account_hash("Password", 8, hash));
  assert_hex(hash, 16, "a4f49c406510bdcab6824ee7c30fd852");
  assert_true(ntlm_response_key(hash, wide(u"User"), wide(u"Domain"), key));
  assert_hex(key, 16, "0c868a403bfd7a93a3001ef22ef02e3f");
  ntlm_put_u16(&blob, 0x0101);
  ntlm_put_zeros(&blob, 14);
  ntlm_put(&blob, client, 8);
  ntlm_put_zeros(&blob, 4);
  ntlm_put_pair(&blob, PAIR_DOMAIN, u"Domain", 12);
  ntlm_put_pair(&blob, PAIR_COMPUTER, u"Server", 12);
  ntlm_put_zeros(&blob, 8);
  assert_int_equal(blob.size, NTLM_BLOB_HEAD + 16 + 16 + 8);
  ntlm_proof(key, CHALLENGE, (NtlmBytes){ blob.data, blob.size }, proof);
  assert_hex(proof, 16, "68cd0ab851e51c96aabc927bebef6a1c");
  ntlm_session_key(key, proof, session);
  assert_hex(session, 16, "8de40ccadbc14a82f15cb0ad0de95ca3");
  memset(exported, 0x55, sizeof exported);
  stream_set_key(&stream, session, 16);
  stream_apply(&stream, exported, 16);
  assert_hex(exported, 16, "c5dad2544fc9799094ce1ce90bc9d03e");
  free(blob.data);
}

static void the_published_message_is_sealed(void **state) {
  uint8_t session[16], signature[16];
  char16_t text[] = u"Plaintext";
  NtlmDirection direction;
  (void)state;
  memset(session, 0x55, sizeof session);
  ntlm_direction_begin(&direction, session, 0xe28a8233, true);
  SecurityPdu pdu = { .data = (uint8_t *)text, .stub = 18, .seal = true };
  ntlm_sign(&direction, &pdu, signature);
  assert_hex(text, 18, "54e50165bf1936dc996020c1811b0f06fb5f");
  assert_hex(signature, 16, "010000007fb38ec5c55d497600000000");
}

typedef struct Pair {
  SecurityContext *client, *server;
} Pair;

static Pair pair_of(const char *user, const char *domain, const char *password, AccountsFile *accounts) {
  SecurityLogin login = { .domain = domain, .user = user, .password = password, .target = "host/example" };
  return (Pair){ ntlm_client_create(&login), ntlm_server_create(accounts) };
}

static void end_pair(Pair *pair) {
  pair->client->methods->destroy(pair->client);
  pair->server->methods->destroy(pair->server);
}

static AccountsFile *accounts_of(const char *text) {
  AccountsFile *accounts = NULL;
  assert_int_equal(accounts_file_parse(text, strlen(text), &accounts, NULL), S_OK);
  return accounts;
}

/* Which byte of which message is changed on the way. */
typedef struct Change {
  unsigned message;
  size_t byte;
  unsigned bit;
  size_t cut; /* bytes of its end that are lost */
} Change;
static const Change NO_CHANGE = { 3, 0, 0, 0 };

static void change(unsigned message, SecurityToken *token, const Change *what) {
  if (what->message != message || !token->size)
    return;
  if (what->bit < 8)
    token->data[what->byte % token->size] ^= (uint8_t)(1u << what->bit);
  token->size -= what->cut < token->size ? what->cut : token->size;
}

/* How far the server comes. */
static SecurityProgress shake(Pair *pair, const Change *what, size_t sizes[3]) {
  SecurityToken first, second, third, none;
  if (pair->client->methods->step(pair->client, NULL, 0, &first) != SECURITY_MORE)
    return SECURITY_FAILED;
  change(0, &first, what);
  SecurityProgress progress = pair->server->methods->step(pair->server, first.data, first.size, &second);
  sizes[0] = first.size;
  free(first.data);
  if (progress != SECURITY_MORE)
    return SECURITY_FAILED;
  change(1, &second, what);
  progress = pair->client->methods->step(pair->client, second.data, second.size, &third);
  sizes[1] = second.size;
  free(second.data);
  if (progress != SECURITY_DONE)
    return SECURITY_FAILED;
  change(2, &third, what);
  progress = pair->server->methods->step(pair->server, third.data, third.size, &none);
  sizes[2] = third.size;
  free(third.data);
  free(none.data);
  return progress;
}

static void both_ends_agree(void **state) {
  static const struct {
    const char *accounts, *domain, *user, *password;
    bool accepted;
    const char *as_domain, *as_user;
  } cases[] = {
    { "D:ann:secret", "D", "ann", "secret", true, "D", "ann" },
    { "D:ann:secret", "d", "ANN", "secret", true, "D", "ann" },
    { "D:ann:secret", "", "ann", "secret", true, "D", "ann" },
    { ":ann:secret", "ELSEWHERE", "ann", "secret", true, "ELSEWHERE", "ann" },
    { "# all\n\nA:ann:one\nB:ann:two:with:colons\r\n", "B", "ann", "two:with:colons", true, "B", "ann" },
    { "D:j\xc3\xb6rg:pa\xc3\x9f", "D", "J\xc3\x96RG", "pa\xc3\x9f", true, "D", "j\xc3\xb6rg" },
    { "D:ann:", "D", "ann", "", true, "D", "ann" },
    { "D:ann:secret", "D", "ann", "Secret", false, NULL, NULL },
    { "D:ann:secret", "D", "bob", "secret", false, NULL, NULL },
    { "D:ann:secret", "E", "ann", "secret", false, NULL, NULL },
    { "D:ann:secret", "D", "", "", false, NULL, NULL },
    { "", "D", "ann", "secret", false, NULL, NULL },
  };
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    AccountsFile *accounts = accounts_of(cases[i].accounts);
    Pair pair = pair_of(cases[i].user, cases[i].domain, cases[i].password, accounts);
    size_t sizes[3];
    SecurityProgress progress = shake(&pair, &NO_CHANGE, sizes);
    assert_int_equal(progress, cases[i].accepted ? SECURITY_DONE : SECURITY_FAILED);
    if (cases[i].accepted) {
      assert_string_equal(pair.server->domain, cases[i].as_domain);
      assert_string_equal(pair.server->user, cases[i].as_user);
    }
    end_pair(&pair);
    accounts_file_close(accounts);
  }
}

/* Bytes that mean nothing to us and are not part of what is proven: maximal lengths, reserved ones. */
static void no_bit_of_a_handshake_can_be_changed(void **state) {
  AccountsFile *accounts = accounts_of("D:ann:secret");
  size_t sizes[3], unused[3];
  (void)state;
  Pair pair = pair_of("ann", "D", "secret", accounts);
  assert_int_equal(shake(&pair, &NO_CHANGE, sizes), SECURITY_DONE);
  end_pair(&pair);
  for (Change at = { 0 }; at.message < 3; at.message++) {
    for (at.byte = 0; at.byte < sizes[at.message]; at.byte++) {
      for (at.bit = 0; at.bit < 8; at.bit++) {
        pair = pair_of("ann", "D", "secret", accounts);
        if (shake(&pair, &at, unused) == SECURITY_DONE)
          fail_msg("message %u, byte %zu, bit %u", at.message + 1, at.byte, at.bit);
        end_pair(&pair);
      }
    }
  }
  accounts_file_close(accounts);
}

static void no_message_can_be_cut(void **state) {
  AccountsFile *accounts = accounts_of("D:ann:secret");
  size_t sizes[3], unused[3];
  (void)state;
  Pair pair = pair_of("ann", "D", "secret", accounts);
  shake(&pair, &NO_CHANGE, sizes);
  end_pair(&pair);
  for (Change at = { 0, 0, 8, 1 }; at.message < 3; at.message++) {
    for (at.cut = 1; at.cut <= sizes[at.message]; at.cut++) {
      pair = pair_of("ann", "D", "secret", accounts);
      assert_int_equal(shake(&pair, &at, unused), SECURITY_FAILED);
      end_pair(&pair);
    }
  }
  accounts_file_close(accounts);
}

typedef struct Packet {
  uint8_t data[48];
  uint8_t signature[SECURITY_SIGNATURE_LIMIT];
  size_t size;
} Packet;

static SecurityPdu pdu_of(Packet *packet, bool seal) {
  return (SecurityPdu){ packet->data, 16, 24, 8, seal };
}

static Packet packet_from(SecurityContext *from, uint8_t fill, bool seal) {
  Packet packet;
  memset(packet.data, fill, sizeof packet.data);
  SecurityPdu pdu = pdu_of(&packet, seal);
  assert_true(from->methods->protect(from, &pdu, packet.signature, &packet.size));
  return packet;
}

static bool takes(SecurityContext *at, Packet *packet, bool seal) {
  SecurityPdu pdu = pdu_of(packet, seal);
  return at->methods->unprotect(at, &pdu, packet->signature, packet->size);
}

static Pair ready_pair(AccountsFile *accounts) {
  Pair pair = pair_of("ann", "D", "secret", accounts);
  size_t sizes[3];
  assert_int_equal(shake(&pair, &NO_CHANGE, sizes), SECURITY_DONE);
  return pair;
}

static void packets_arrive_as_they_went(void **state) {
  AccountsFile *accounts = accounts_of("D:ann:secret");
  Pair pair = ready_pair(accounts);
  (void)state;
  for (unsigned i = 0; i < 8; i++) {
    bool seal = i & 1;
    SecurityContext *from = i & 2 ? pair.server : pair.client, *to = i & 2 ? pair.client : pair.server;
    Packet packet = packet_from(from, (uint8_t)i, seal);
    assert_int_equal(packet.size, 16);
    assert_int_equal(memcmp(packet.data + 16, packet.data, 16) != 0, seal);
    assert_true(takes(to, &packet, seal));
    assert_int_equal(packet.data[20], i);
  }
  end_pair(&pair);
  accounts_file_close(accounts);
}

static void changed_repeated_and_reflected_packets_are_refused(void **state) {
  AccountsFile *accounts = accounts_of("D:ann:secret");
  (void)state;
  for (unsigned seal = 0; seal < 2; seal++) {
    for (size_t bit = 0; bit < (48 + 16) * 8; bit++) {
      Pair pair = ready_pair(accounts);
      Packet packet = packet_from(pair.client, 7, seal);
      uint8_t *changed = bit / 8 < 48 ? &packet.data[bit / 8] : &packet.signature[bit / 8 - 48];
      *changed ^= (uint8_t)(1u << bit % 8);
      assert_false(takes(pair.server, &packet, seal));
      Packet next = packet_from(pair.client, 8, seal);
      assert_false(takes(pair.server, &next, seal)); /* nor anything afterwards */
      end_pair(&pair);
    }
    Pair pair = ready_pair(accounts);
    Packet first = packet_from(pair.client, 1, seal), again = first, second = packet_from(pair.client, 2, seal);
    Packet reflected = second;
    assert_true(takes(pair.server, &first, seal));
    assert_false(takes(pair.client, &reflected, seal));
    assert_false(takes(pair.server, &again, seal));
    end_pair(&pair);
    pair = ready_pair(accounts);
    first = packet_from(pair.client, 1, seal);
    second = packet_from(pair.client, 2, seal);
    assert_false(takes(pair.server, &second, seal));
    end_pair(&pair);
    pair = ready_pair(accounts);
    Pair other = ready_pair(accounts);
    first = packet_from(pair.client, 1, seal);
    assert_false(takes(other.server, &first, seal)); /* relayed */
    end_pair(&other);
    end_pair(&pair);
  }
  accounts_file_close(accounts);
}

static void nothing_is_protected_before_the_end(void **state) {
  AccountsFile *accounts = accounts_of("D:ann:secret");
  Pair pair = pair_of("ann", "D", "secret", accounts);
  Packet packet = { .size = 16 };
  SecurityPdu pdu = pdu_of(&packet, false);
  SecurityToken token;
  (void)state;
  assert_false(pair.client->methods->protect(pair.client, &pdu, packet.signature, &packet.size));
  assert_false(takes(pair.server, &packet, false));
  assert_int_equal(pair.server->methods->step(pair.server, (const uint8_t *)"NTLMSSP", 8, &token), SECURITY_FAILED);
  assert_int_equal(pair.client->methods->step(pair.client, (const uint8_t *)"NTLMSSP", 8, &token), SECURITY_FAILED);
  end_pair(&pair);
  accounts_file_close(accounts);
}

static void wrong_lines_are_told_by_number(void **state) {
  static const struct {
    const char *text;
    unsigned line;
  } cases[] = { { "D:ann", 1 }, { "D:ann:x\nann\n", 2 }, { "D::x", 1 }, { "\n\nD:\xff:x", 3 } };
  AccountsFile *accounts;
  unsigned line;
  (void)state;
  for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_int_equal(accounts_file_parse(cases[i].text, strlen(cases[i].text), &accounts, &line), E_INVALIDARG);
    assert_int_equal(line, cases[i].line);
    assert_null(accounts);
  }
}

static void a_file_of_others_is_refused(void **state) {
  char path[] = "/tmp/oleander-accounts-XXXXXX";
  AccountsFile *accounts;
  int file = mkstemp(path);
  (void)state;
  assert_int_equal(write(file, "D:ann:secret\n", 13), 13);
  close(file);
  assert_int_equal(accounts_file_open(path, &accounts), S_OK);
  accounts_file_close(accounts);
  chmod(path, 0640);
  assert_int_equal(accounts_file_open(path, &accounts), E_ACCESSDENIED);
  unlink(path);
  assert_int_equal(accounts_file_open(path, &accounts), HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND));
  assert_int_equal(accounts_file_open("/tmp", &accounts), E_INVALIDARG);
  SetErrorInfo(0, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(the_published_example_is_computed),
    cmocka_unit_test(the_published_message_is_sealed),
    cmocka_unit_test(both_ends_agree),
    cmocka_unit_test(no_bit_of_a_handshake_can_be_changed),
    cmocka_unit_test(no_message_can_be_cut),
    cmocka_unit_test(packets_arrive_as_they_went),
    cmocka_unit_test(changed_repeated_and_reflected_packets_are_refused),
    cmocka_unit_test(nothing_is_protected_before_the_end),
    cmocka_unit_test(wrong_lines_are_told_by_number),
    cmocka_unit_test(a_file_of_others_is_refused),
  };
  if (!crypto_ready())
    print_message("%s\n", crypto_missing());
  return crypto_ready() ? cmocka_run_group_tests(tests, NULL, NULL) : 0;
}
