/* Security descriptors as text and as bytes: what is read is written and read again alike, and says the same of everyone. */
#include <stdlib.h>
#include <string.h>

#include "remote/security/descriptor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void must(bool holds) {
  if (!holds)
    abort();
}

static void check_again(const Descriptor *descriptor, const Descriptor *again) {
  Principal *principal = principal_of_account("DOMAIN", "user", true, true);
  must(principal && descriptor->count == again->count);
  for (uint32_t rights = 0; rights <= RIGHT_ALL; rights++)
    must(descriptor_grants(descriptor, principal, rights, 1) == descriptor_grants(again, principal, rights, 1));
  principal_release(principal);
}

static void write_and_read(const Descriptor *descriptor) {
  Descriptor again;
  char *text;
  uint8_t *bytes;
  size_t size;
  must(descriptor_to_text(descriptor, &text) == S_OK);
  must(descriptor_from_text(text, &again, NULL) == S_OK);
  check_again(descriptor, &again);
  descriptor_end(&again);
  free(text);
  if (FAILED(descriptor_to_bytes(descriptor, &bytes, &size)))
    return;
  must(descriptor_from_bytes(bytes, size, &again, NULL) == S_OK);
  must(descriptor->count == again.count);
  descriptor_end(&again);
  free(bytes);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  Descriptor descriptor;
  char *text = malloc(size + 1);
  if (size)
    memcpy(text, data, size);
  text[size] = 0;
  if (SUCCEEDED(descriptor_from_text(text, &descriptor, NULL))) {
    write_and_read(&descriptor);
    descriptor_end(&descriptor);
  }
  free(text);
  if (SUCCEEDED(descriptor_from_bytes(data, size, &descriptor, NULL))) {
    write_and_read(&descriptor);
    descriptor_end(&descriptor);
  }
  return 0;
}
