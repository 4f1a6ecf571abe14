/* The three messages of NTLM, read and written ([MS-NLMP] 2.2.1). Readers take hostile bytes; what they give points into them. */
#ifndef OLEANDER_REMOTE_SECURITY_NTLM_MESSAGES_H
#define OLEANDER_REMOTE_SECURITY_NTLM_MESSAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
  NTLM_UNICODE = 0x00000001,
  NTLM_REQUEST_TARGET = 0x00000004,
  NTLM_IDENTIFY = 0x00100000, /* the server may see who it is, and not act as him */
  NTLM_SIGN = 0x00000010,
  NTLM_SEAL = 0x00000020,
  NTLM_NTLM = 0x00000200,
  NTLM_ANONYMOUS = 0x00000800,
  NTLM_ALWAYS_SIGN = 0x00008000,
  NTLM_TARGET_SERVER = 0x00020000,
  NTLM_EXTENDED = 0x00080000, /* extended session security */
  NTLM_TARGET_INFO = 0x00800000,
  NTLM_VERSION = 0x02000000,
  NTLM_128 = 0x20000000,
  NTLM_KEY_EXCHANGE = 0x40000000
};
#define NTLM_56 0x80000000u

/* Identifiers of the pairs in target information. */
enum {
  PAIR_END = 0,
  PAIR_COMPUTER = 1,
  PAIR_DOMAIN = 2,
  PAIR_DNS_COMPUTER = 3,
  PAIR_DNS_DOMAIN = 4,
  PAIR_FLAGS = 6,
  PAIR_TIME = 7,
  PAIR_TARGET = 9,
  PAIR_CHANNEL = 10
};
enum { PAIR_FLAG_CHECKED = 2 }; /* the message has an integrity check */

enum {
  NTLM_MESSAGE_LIMIT = 4096, /* longer ones are refused */
  NTLM_CHALLENGE_SIZE = 8,
  NTLM_CHECK_OFFSET = 72, /* of the integrity check in the third message */
  NTLM_CHECK_SIZE = 16,
  NTLM_BLOB_HEAD = 28, /* of the response of version 2, behind its proof: before the pairs */
  NTLM_VERSION_SIZE = 8
};

typedef struct NtlmBytes {
  const uint8_t *data;
  size_t size;
} NtlmBytes;

typedef struct NtlmNegotiate {
  uint32_t flags;
} NtlmNegotiate;
bool ntlm_read_negotiate(const uint8_t *data, size_t size, NtlmNegotiate *negotiate);

typedef struct NtlmChallenge {
  uint32_t flags;
  const uint8_t *challenge;
  NtlmBytes target, pairs;
} NtlmChallenge;
bool ntlm_read_challenge(const uint8_t *data, size_t size, NtlmChallenge *challenge);

typedef struct NtlmAuthenticate {
  uint32_t flags;
  NtlmBytes lm, nt, domain, user, workstation, key;
  bool has_check; /* there is room for it before the texts */
} NtlmAuthenticate;
bool ntlm_read_authenticate(const uint8_t *data, size_t size, NtlmAuthenticate *authenticate);

/* The value of a pair. False: the pairs are damaged; found->data NULL: there is none. */
bool ntlm_find_pair(NtlmBytes pairs, unsigned id, NtlmBytes *found);

/* Bytes that grow; sticky failure. */
typedef struct NtlmWriter {
  uint8_t *data; /* for free() */
  size_t size, capacity;
  bool failed;
} NtlmWriter;
void ntlm_put(NtlmWriter *writer, const void *data, size_t size);
void ntlm_put_u16(NtlmWriter *writer, unsigned value);
void ntlm_put_u32(NtlmWriter *writer, uint32_t value);
void ntlm_put_zeros(NtlmWriter *writer, size_t size);
void ntlm_put_pair(NtlmWriter *writer, unsigned id, const void *data, size_t size);
/* The signature and the number of a message. */
void ntlm_put_begin(NtlmWriter *writer, uint32_t number);
/* A field that says where bytes are; *offset goes on behind them. */
void ntlm_put_field(NtlmWriter *writer, size_t size, size_t *offset);
void ntlm_put_version(NtlmWriter *writer);

#endif
