/* Arbitrary tokens to either end of SPNEGO: the first byte says which, the next two the length of the first token, the rest is the second;
 * and what can be read of a message is written and read again. */
#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"
#include "remote/security/accounts_file.h"
#include "remote/security/crypto.h"
#include "remote/security/spnego_messages.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void begin(void) {
  static AccountsFile *made;
  if (made)
    return;
  accounts_file_parse("D:ann:secret\n:bob:", 18, &made, NULL);
  accounts_set(made);
}

static void step(SecurityContext *context, const uint8_t *token, size_t size) {
  SecurityToken answer;
  context->methods->step(context, token, size, &answer);
  free(answer.data);
}

static void client(const uint8_t *data, size_t size) {
  SecurityLogin login = { .domain = "D", .user = "ann", .password = "secret", .target = "" };
  SecurityContext *context = spnego_client_create(&login);
  step(context, NULL, 0);
  step(context, data, size);
  context->methods->destroy(context);
}

static void server(const uint8_t *data, size_t size, size_t first) {
  SecurityContext *context = spnego_server_create();
  step(context, data, first);
  step(context, data + first, size - first);
  context->methods->destroy(context);
}

static void again(const uint8_t *data, size_t size) {
  SpnegoResponse response, read;
  SecurityToken message;
  if (!spnego_read_response(data, size, &response) || (response.has_mechanism && !response.mechanism))
    return;
  if (!spnego_write_response(&response, &message))
    return;
  bool same = spnego_read_response(message.data, message.size, &read) && read.state == response.state &&
              read.token.size == response.token.size && read.mic.size == response.mic.size;
  free(message.data);
  if (!same)
    abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  if (size < 3 || !crypto_ready())
    return 0;
  begin();
  size_t first = data[1] | (size_t)data[2] << 8, left = size - 3;
  again(data + 3, left);
  if (data[0] & 1)
    client(data + 3, left);
  else
    server(data + 3, left, first < left ? first : left);
  return 0;
}
