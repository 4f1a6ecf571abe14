/* Arbitrary tokens to either end of NTLM: the first byte says which, the next two the length of the first token, the rest is the second. */
#include <stdlib.h>

#include "com/com_api.h"
#include "remote/security/crypto.h"
#include "remote/security/provider.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static AccountsFile *accounts(void) {
  static AccountsFile *made;
  if (!made)
    accounts_file_parse("D:ann:secret\n:bob:", 18, &made, NULL);
  return made;
}

static void step(SecurityContext *context, const uint8_t *token, size_t size) {
  SecurityToken answer;
  context->methods->step(context, token, size, &answer);
  free(answer.data);
}

static void client(const uint8_t *data, size_t size) {
  SecurityLogin login = { .domain = "D", .user = "ann", .password = "secret", .target = "" };
  SecurityContext *context = ntlm_client_create(&login);
  step(context, NULL, 0);
  step(context, data, size);
  context->methods->destroy(context);
}

static void server(const uint8_t *data, size_t size, size_t first) {
  SecurityContext *context = ntlm_server_create(accounts());
  step(context, data, first);
  step(context, data + first, size - first);
  context->methods->destroy(context);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 3 || !crypto_ready())
    return 0;
  size_t first = data[1] | (size_t)data[2] << 8, left = size - 3;
  if (data[0] & 1)
    client(data + 3, left);
  else
    server(data + 3, left, first < left ? first : left);
  return 0;
}
