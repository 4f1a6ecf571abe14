/* Libraries made by random calls: what they say is the same in memory and from the file, and no failure of memory is fatal. */
#include "sample.h"

#include "describe.h"
#include "msft_check.h"
#include "random_library.h"
#include "support/faults.h"
#include "typelib/objects/type_objects.h"
#include "typelib/writers/writers.h"

#include <oleander_typelib.h>

#define SEEDS      400
#define BYTES      4000
#define SMALL_SIZE 260

static void fill(uint8_t *bytes, size_t size, uint32_t seed) {
  uint32_t state = seed * 2654435761u + 1;

  for (size_t index = 0; index < size; index++) {
    state ^= state << 13;
    state ^= state >> 17;
    state ^= state << 5;
    bytes[index] = (uint8_t)(state >> 11);
  }
}

static ITypeLib *reading(RandomLibrary *random) {
  ITypeLib *library;

  assert_ok(ICreateTypeLib2_QueryInterface(random->library, &IID_ITypeLib, (void **)&library));
  return library;
}

/* Where the texts part. */
static void assert_same(const char *before, const char *after, unsigned seed) {
  size_t at = 0;

  if (strcmp(before, after) == 0)
    return;
  while (before[at] == after[at])
    at++;
  size_t from = at > 300 ? at - 300 : 0;
  print_error("seed %u:\n%.700s\n---- the file says\n%.700s\n", seed, before + from, after + from);
  fail();
}

static bool written_says_the_same(ITypeLib *made, unsigned seed) {
  Description before = { NULL, 0, 0 }, after = { NULL, 0, 0 };
  ITypeLib *read;
  uint8_t *file;
  size_t size;

  if (FAILED(msft_write_memory(type_library_from((ITypeLib2 *)made)->reader, &file, &size)))
    return false;
  const char *problem = msft_problem(file, size);
  if (problem)
    print_error("seed %u: %s\n", seed, problem);
  assert_null(problem);
  assert_ok(oleander_load_typelib_from_memory(file, size, &read));
  tell_library(&before, made);
  tell_library(&after, read);
  assert_same(before.text, after.text, seed);
  free(before.text);
  free(after.text);
  free(file);
  ITypeLib_Release(read);
  return true;
}

static void random_libraries_are_written_as_they_were_made(void **state) {
  static uint8_t bytes[BYTES];
  unsigned written = 0;

  (void)state;
  for (unsigned seed = 1; seed <= SEEDS; seed++) {
    size_t size = 40 + seed * 97 % BYTES;
    RandomLibrary random;

    fill(bytes, size < BYTES ? size : BYTES, seed);
    assert_true(random_library_make(&random, bytes, size < BYTES ? size : BYTES));
    ITypeLib *made = reading(&random);
    if (SUCCEEDED(random_library_lay_out(&random)))
      written += written_says_the_same(made, seed);
    ITypeLib_Release(made);
    random_library_release(&random);
  }
  assert_true(written > SEEDS / 8); /* the others contain themselves, or what was deleted */
}

/* The same calls, each with a failure somewhere. */

static int make_and_write(void *context) {
  static uint8_t bytes[SMALL_SIZE];
  RandomLibrary random;
  uint8_t *file;
  size_t size;
  ITypeLib *made;

  fill(bytes, sizeof bytes, *(unsigned *)context);
  if (!random_library_make(&random, bytes, sizeof bytes))
    return 0;
  if (SUCCEEDED(ICreateTypeLib2_QueryInterface(random.library, &IID_ITypeLib, (void **)&made))) {
    if (SUCCEEDED(random_library_lay_out(&random)) &&
        SUCCEEDED(msft_write_memory(type_library_from((ITypeLib2 *)made)->reader, &file, &size)))
      free(file);
    ITypeLib_Release(made);
  }
  random_library_release(&random);
  return 0;
}

static void every_allocation_may_fail(void **state) {
  (void)state;
  for (unsigned seed = 1; seed <= 6; seed++)
    faults_each(make_and_write, &seed);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(random_libraries_are_written_as_they_were_made),
    cmocka_unit_test(every_allocation_may_fail),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
