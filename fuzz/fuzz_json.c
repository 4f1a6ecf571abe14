/* JSON as a property bag: read, written, and read again; what was written says the same. */
#include "fuzz/work_limit.h"

#include <objbase.h>
#include <oleander_property_bag.h>

#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static char *text_of(const char *json) {
  IPropertyBag *bag;
  char *text = NULL;

  if (FAILED(oleander_property_bag_json(json, &bag)))
    return NULL;
  oleander_property_bag_json_text((IUnknown *)bag, &text);
  IPropertyBag_Release(bag);
  return text;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double begin = work_seconds();
  char *json = size < 1 << 16 ? malloc(size + 1) : NULL;

  if (!json)
    return 0;
  memcpy(json, data, size);
  json[size] = 0;
  char *first = text_of(json);
  if (first) {
    char *second = text_of(first);
    if (!second || strcmp(first, second) != 0)
      abort();
    CoTaskMemFree(second);
  }
  CoTaskMemFree(first);
  free(json);
  work_check(begin, "reading and writing JSON");
  return 0;
}
