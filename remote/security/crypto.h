/* The algorithms that NTLM is made of, from libnettle, which is opened when somebody needs it; and the handling of secrets. */
#ifndef OLEANDER_REMOTE_SECURITY_CRYPTO_H
#define OLEANDER_REMOTE_SECURITY_CRYPTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { DIGEST_SIZE = 16 };

/* Whether the library is there; before anything else of this header but the secrets. What to say otherwise: crypto_missing(). */
bool crypto_ready(void);
const char *crypto_missing(void);

void crypto_md4(const void *data, size_t size, uint8_t digest[DIGEST_SIZE]);
void crypto_md5(const void *first, size_t first_size, const void *second, size_t second_size,
                uint8_t digest[DIGEST_SIZE]);

/* HMAC-MD5: a key, then any number of messages one after another. */
typedef struct Mac {
  _Alignas(8) uint8_t state[400];
} Mac;
void mac_set_key(Mac *mac, const void *key, size_t size);
void mac_add(Mac *mac, const void *data, size_t size);
/* Ends the message; the next may begin. */
void mac_end(Mac *mac, uint8_t digest[DIGEST_SIZE]);

/* RC4: one stream. */
typedef struct Stream {
  _Alignas(8) uint8_t state[264];
} Stream;
void stream_set_key(Stream *stream, const void *key, size_t size);
void stream_apply(Stream *stream, void *data, size_t size);

/* Secrets */

/* False: the system has no randomness. */
bool secret_random(void *data, size_t size);
/* In a time that does not depend on the bytes. */
bool secret_equal(const void *first, const void *second, size_t size);
void secret_wipe(void *data, size_t size);

#endif
