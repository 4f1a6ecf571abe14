/* Algorithms out of libnettle (crypto.h), opened by name: local use needs it neither to build nor to run. */
#include "remote/security/crypto.h"

#include <dlfcn.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <sys/random.h>

bool secret_random(void *data, size_t size) {
  for (size_t done = 0; done < size;) {
    ssize_t got = getrandom((uint8_t *)data + done, size - done, 0);
    if (got <= 0)
      return false;
    done += (size_t)got;
  }
  return true;
}

bool secret_equal(const void *first, const void *second, size_t size) {
  const volatile uint8_t *a = first, *b = second;
  uint8_t difference = 0;
  for (size_t i = 0; i < size; i++)
    difference |= a[i] ^ b[i];
  return !difference;
}

void secret_wipe(void *data, size_t size) {
  explicit_bzero(data, size);
}

#ifdef OLEANDER_NETTLE

#include <nettle/arcfour.h>
#include <nettle/hmac.h>
#include <nettle/md4.h>
#include <nettle/md5.h>

_Static_assert(sizeof(struct hmac_md5_ctx) <= sizeof(Mac), "room for the key and the message");
_Static_assert(sizeof(struct arcfour_ctx) <= sizeof(Stream), "room for the stream");

#define FUNCTIONS(_)                                                                                                   \
  _(md4_init)                                                                                                          \
  _(md4_update)                                                                                                        \
  _(md4_digest)                                                                                                        \
  _(md5_init)                                                                                                          \
  _(md5_update)                                                                                                        \
  _(md5_digest)                                                                                                        \
  _(hmac_md5_set_key)                                                                                                  \
  _(hmac_md5_update)                                                                                                   \
  _(hmac_md5_digest)                                                                                                   \
  _(arcfour_set_key)                                                                                                   \
  _(arcfour_crypt)

/* Types from the library's headers, where each name is a macro for the symbol's name. */
#define DECLARE(name) __typeof__(name) *call_##name;
#define TEXT_OF(name) #name
#define SYMBOL(name)  TEXT_OF(name)
#define FIND(name)                                                                                                     \
  if (!(*(void **)&nettle.call_##name = dlsym(library, SYMBOL(name))))                                                 \
    return;
static struct {
  bool ready;
  FUNCTIONS(DECLARE)
} nettle;

static void open_library(void) {
  void *library = dlopen(OLEANDER_NETTLE, RTLD_NOW | RTLD_LOCAL);
  if (!library)
    return;
  FUNCTIONS(FIND)
  nettle.ready = true;
}

bool crypto_ready(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, open_library);
  return nettle.ready;
}

const char *crypto_missing(void) {
  return "Accounts with passwords need the library " OLEANDER_NETTLE ", which is not installed";
}

void crypto_md4(const void *data, size_t size, uint8_t digest[DIGEST_SIZE]) {
  struct md4_ctx context;
  nettle.call_md4_init(&context);
  nettle.call_md4_update(&context, size, data);
  nettle.call_md4_digest(&context, DIGEST_SIZE, digest);
  secret_wipe(&context, sizeof context);
}

void crypto_md5(const void *first, size_t first_size, const void *second, size_t second_size,
                uint8_t digest[DIGEST_SIZE]) {
  struct md5_ctx context;
  nettle.call_md5_init(&context);
  nettle.call_md5_update(&context, first_size, first);
  nettle.call_md5_update(&context, second_size, second);
  nettle.call_md5_digest(&context, DIGEST_SIZE, digest);
  secret_wipe(&context, sizeof context);
}

void mac_set_key(Mac *mac, const void *key, size_t size) {
  nettle.call_hmac_md5_set_key((struct hmac_md5_ctx *)mac->state, size, key);
}

void mac_add(Mac *mac, const void *data, size_t size) {
  nettle.call_hmac_md5_update((struct hmac_md5_ctx *)mac->state, size, data);
}

void mac_end(Mac *mac, uint8_t digest[DIGEST_SIZE]) {
  nettle.call_hmac_md5_digest((struct hmac_md5_ctx *)mac->state, DIGEST_SIZE, digest);
}

void stream_set_key(Stream *stream, const void *key, size_t size) {
  nettle.call_arcfour_set_key((struct arcfour_ctx *)stream->state, size, key);
}

void stream_apply(Stream *stream, void *data, size_t size) {
  nettle.call_arcfour_crypt((struct arcfour_ctx *)stream->state, size, data, data);
}

#else

bool crypto_ready(void) {
  return false;
}

const char *crypto_missing(void) {
  return "This build knows no accounts with passwords: it was made without libnettle";
}

/* Nobody comes here: nothing is ready. */
void crypto_md4(const void *data, size_t size, uint8_t digest[DIGEST_SIZE]) {
  (void)data, (void)size, (void)digest;
  abort();
}
void crypto_md5(const void *first, size_t first_size, const void *second, size_t second_size,
                uint8_t digest[DIGEST_SIZE]) {
  (void)first, (void)first_size, (void)second, (void)second_size, (void)digest;
  abort();
}
void mac_set_key(Mac *mac, const void *key, size_t size) {
  (void)mac, (void)key, (void)size;
  abort();
}
void mac_add(Mac *mac, const void *data, size_t size) {
  (void)mac, (void)data, (void)size;
  abort();
}
void mac_end(Mac *mac, uint8_t digest[DIGEST_SIZE]) {
  (void)mac, (void)digest;
  abort();
}
void stream_set_key(Stream *stream, const void *key, size_t size) {
  (void)stream, (void)key, (void)size;
  abort();
}
void stream_apply(Stream *stream, void *data, size_t size) {
  (void)stream, (void)data, (void)size;
  abort();
}

#endif
