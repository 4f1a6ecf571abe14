/* What NTLM makes of a password, and how it signs and seals: version 2 with extended session security ([MS-NLMP] 3.3.2, 3.4). */
#ifndef OLEANDER_REMOTE_SECURITY_NTLM_KEYS_H
#define OLEANDER_REMOTE_SECURITY_NTLM_KEYS_H

#include "remote/security/crypto.h"
#include "remote/security/ntlm_messages.h"
#include "remote/security/provider.h"

enum { NTLM_KEY_SIZE = 16, NTLM_PROOF_SIZE = 16, NTLM_SIGNATURE_SIZE = 16 };

/* NTOWFv2: of a hash of the password, and the user and domain (UTF-16) as the client's message has them. False: no memory. */
bool ntlm_response_key(const uint8_t hash[16], NtlmBytes user, NtlmBytes domain, uint8_t key[NTLM_KEY_SIZE]);
/* Of the server's challenge and the client's blob; and the session key that follows from the proof. */
void ntlm_proof(const uint8_t key[NTLM_KEY_SIZE], const uint8_t *challenge, NtlmBytes blob,
                uint8_t proof[NTLM_PROOF_SIZE]);
void ntlm_session_key(const uint8_t key[NTLM_KEY_SIZE], const uint8_t *proof, uint8_t session[NTLM_KEY_SIZE]);
/* The integrity check of the three messages; the third one's own place counts as zeros. */
void ntlm_check(const uint8_t session[NTLM_KEY_SIZE], NtlmBytes negotiate, NtlmBytes challenge, NtlmBytes authenticate,
                uint8_t check[NTLM_CHECK_SIZE]);

/* One direction of a session. */
typedef struct NtlmDirection {
  Mac mac;
  Stream stream, beginning;
  uint32_t sequence;
  bool key_exchange;
} NtlmDirection;

void ntlm_direction_begin(NtlmDirection *direction, const uint8_t session[NTLM_KEY_SIZE], uint32_t flags,
                          bool from_client);
/* Behind a signature of what was negotiated the stream begins again, and the numbers go on. */
void ntlm_direction_restart(NtlmDirection *direction);
void ntlm_sign(NtlmDirection *direction, const SecurityPdu *pdu, uint8_t signature[NTLM_SIGNATURE_SIZE]);
bool ntlm_verify(NtlmDirection *direction, const SecurityPdu *pdu, const uint8_t *signature, size_t size);

#endif
