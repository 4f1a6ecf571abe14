/* Keys and signatures of NTLM (ntlm_keys.h). */
#include "remote/security/ntlm_keys.h"

#include <stdlib.h>
#include <string.h>
#include <unicode/uchar.h>

bool ntlm_response_key(const uint8_t hash[16], NtlmBytes user, NtlmBytes domain, uint8_t key[NTLM_KEY_SIZE]) {
  Mac mac;
  uint8_t *upper = malloc(user.size + 1);
  if (!upper)
    return false;
  for (size_t i = 0; i + 1 < user.size; i += 2) {
    unsigned unit = user.data[i] | (unsigned)user.data[i + 1] << 8;
    unsigned changed = (unsigned)u_toupper((UChar32)unit);
    if (changed <= 0xffff)
      unit = changed;
    upper[i] = (uint8_t)unit;
    upper[i + 1] = (uint8_t)(unit >> 8);
  }
  mac_set_key(&mac, hash, 16);
  mac_add(&mac, upper, user.size);
  mac_add(&mac, domain.data, domain.size);
  mac_end(&mac, key);
  secret_wipe(&mac, sizeof mac);
  free(upper);
  return true;
}

void ntlm_proof(const uint8_t key[NTLM_KEY_SIZE], const uint8_t *challenge, NtlmBytes blob,
                uint8_t proof[NTLM_PROOF_SIZE]) {
  Mac mac;
  mac_set_key(&mac, key, NTLM_KEY_SIZE);
  mac_add(&mac, challenge, NTLM_CHALLENGE_SIZE);
  mac_add(&mac, blob.data, blob.size);
  mac_end(&mac, proof);
  secret_wipe(&mac, sizeof mac);
}

void ntlm_session_key(const uint8_t key[NTLM_KEY_SIZE], const uint8_t *proof, uint8_t session[NTLM_KEY_SIZE]) {
  Mac mac;
  mac_set_key(&mac, key, NTLM_KEY_SIZE);
  mac_add(&mac, proof, NTLM_PROOF_SIZE);
  mac_end(&mac, session);
  secret_wipe(&mac, sizeof mac);
}

void ntlm_check(const uint8_t session[NTLM_KEY_SIZE], NtlmBytes negotiate, NtlmBytes challenge, NtlmBytes authenticate,
                uint8_t check[NTLM_CHECK_SIZE]) {
  static const uint8_t zeros[NTLM_CHECK_SIZE];
  const size_t behind = NTLM_CHECK_OFFSET + NTLM_CHECK_SIZE;
  Mac mac;
  mac_set_key(&mac, session, NTLM_KEY_SIZE);
  mac_add(&mac, negotiate.data, negotiate.size);
  mac_add(&mac, challenge.data, challenge.size);
  mac_add(&mac, authenticate.data, NTLM_CHECK_OFFSET);
  mac_add(&mac, zeros, sizeof zeros);
  mac_add(&mac, authenticate.data + behind, authenticate.size - behind);
  mac_end(&mac, check);
  secret_wipe(&mac, sizeof mac);
}

#define MAGIC(direction, use) "session key to " direction " " use " key magic constant"

static void derive(const uint8_t *session, size_t size, const char *magic, uint8_t key[NTLM_KEY_SIZE]) {
  crypto_md5(session, size, magic, strlen(magic) + 1, key);
}

void ntlm_direction_begin(NtlmDirection *direction, const uint8_t session[NTLM_KEY_SIZE], uint32_t flags,
                          bool from_client) {
  uint8_t key[NTLM_KEY_SIZE];
  size_t strength = flags & NTLM_128 ? NTLM_KEY_SIZE : flags & NTLM_56 ? 7 : 5;
  derive(session, NTLM_KEY_SIZE,
         from_client ? MAGIC("client-to-server", "signing") : MAGIC("server-to-client", "signing"), key);
  mac_set_key(&direction->mac, key, sizeof key);
  derive(session, strength, from_client ? MAGIC("client-to-server", "sealing") : MAGIC("server-to-client", "sealing"),
         key);
  stream_set_key(&direction->stream, key, sizeof key);
  direction->beginning = direction->stream;
  secret_wipe(key, sizeof key);
  direction->sequence = 0;
  direction->key_exchange = flags & NTLM_KEY_EXCHANGE;
}

void ntlm_direction_restart(NtlmDirection *direction) {
  direction->stream = direction->beginning;
}

static void store_u32(uint8_t *to, uint32_t value) {
  for (unsigned i = 0; i < 4; i++)
    to[i] = (uint8_t)(value >> 8 * i);
}

/* Of what the PDU is in clear; the sum is not yet encrypted. */
static void sum(NtlmDirection *direction, const SecurityPdu *pdu, uint8_t signature[NTLM_SIGNATURE_SIZE]) {
  uint8_t digest[DIGEST_SIZE], sequence[4];
  store_u32(sequence, direction->sequence);
  mac_add(&direction->mac, sequence, sizeof sequence);
  mac_add(&direction->mac, pdu->data, pdu->head + pdu->stub + pdu->trailer);
  mac_end(&direction->mac, digest);
  store_u32(signature, 1);
  memcpy(signature + 4, digest, 8);
  memcpy(signature + 12, sequence, sizeof sequence);
}

void ntlm_sign(NtlmDirection *direction, const SecurityPdu *pdu, uint8_t signature[NTLM_SIGNATURE_SIZE]) {
  sum(direction, pdu, signature);
  if (pdu->seal)
    stream_apply(&direction->stream, pdu->data + pdu->head, pdu->stub);
  if (direction->key_exchange)
    stream_apply(&direction->stream, signature + 4, 8);
  direction->sequence++;
}

bool ntlm_verify(NtlmDirection *direction, const SecurityPdu *pdu, const uint8_t *signature, size_t size) {
  uint8_t expected[NTLM_SIGNATURE_SIZE];
  if (pdu->seal)
    stream_apply(&direction->stream, pdu->data + pdu->head, pdu->stub);
  sum(direction, pdu, expected);
  if (direction->key_exchange)
    stream_apply(&direction->stream, expected + 4, 8);
  direction->sequence++;
  return size == sizeof expected && secret_equal(expected, signature, sizeof expected);
}
