/* SLTG type libraries: opens the bytes and asks the library everything. */
#include "fuzz/work_limit.h"
#include "tests/typelib/walk.h"

#include <oleander_typelib.h>

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double begin = work_seconds();
  ITypeLib *library;

  if (SUCCEEDED(oleander_load_typelib_from_memory(data, size, &library))) {
    walk_library(library);
    ITypeLib_Release(library);
    work_check(begin, "asking the library");
  }
  return 0;
}
