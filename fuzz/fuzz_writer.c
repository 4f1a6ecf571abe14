/* The writer: bytes choose calls of ICreateTypeLib2 and ICreateTypeInfo2; what is made is read, written, read again, and
 * must say the same. */
#include "fuzz/work_limit.h"
#include "tests/typelib/describe.h"
#include "tests/typelib/msft_check.h"
#include "tests/typelib/random_library.h"
#include "typelib/objects/type_objects.h"
#include "typelib/writers/writers.h"

#include <oleander_typelib.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void compare(ITypeLib *made, const uint8_t *file, size_t size) {
  Description before = { NULL, 0, 0 }, after = { NULL, 0, 0 };
  ITypeLib *read;

  const char *problem = msft_problem(file, size);
  if (problem || FAILED(oleander_load_typelib_from_memory(file, size, &read))) {
    fprintf(stderr, "%s\n", problem ? problem : "it cannot be read");
    abort();
  }
  tell_library(&before, made);
  tell_library(&after, read);
  if (strcmp(before.text, after.text) != 0) {
    fprintf(stderr, "%s\n----\n%s\n", before.text, after.text);
    abort();
  }
  free(before.text);
  free(after.text);
  ITypeLib_Release(read);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double begin = work_seconds();
  RandomLibrary random;
  ITypeLib *made;
  uint8_t *file;
  size_t file_size;

  if (!random_library_make(&random, data, size))
    return 0;
  if (SUCCEEDED(ICreateTypeLib2_QueryInterface(random.library, &IID_ITypeLib, (void **)&made))) {
    Description early = { NULL, 0, 0 };

    tell_library(&early, made); /* before LayOut too */
    free(early.text);
    if (SUCCEEDED(random_library_lay_out(&random)) &&
        SUCCEEDED(msft_write_memory(type_library_from((ITypeLib2 *)made)->reader, &file, &file_size))) {
      compare(made, file, file_size);
      free(file);
    }
    ITypeLib_Release(made);
  }
  random_library_release(&random);
  work_check(begin, "making a library");
  return 0;
}
