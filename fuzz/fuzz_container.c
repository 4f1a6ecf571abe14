/* Modules that carry a type library: PE, NE, ELF. The first byte chooses the number of the library. */
#include "fuzz/work_limit.h"
#include "typelib/containers/container_internal.h"

#include <stdlib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  ContainerPlace place;

  if (size < 1)
    return 0;
  double begin = work_seconds();
  if (container_find(data + 1, size - 1, data[0] & 3, &place) == 0 &&
      (place.offset > size - 1 || place.size > size - 1 - place.offset))
    abort();
  work_check(begin, "the module");
  return 0;
}
