/* Damaged libraries: every truncation and many random changes give an error or an object that answers, never more. */
#include "sample.h"
#include "walk.h"

#include <oleander_typelib.h>

#include <stdio.h>

#define DAMAGES     4000
#define BYTES_LIMIT 65536

typedef struct Bytes {
  uint8_t data[BYTES_LIMIT];
  size_t size;
} Bytes;

static Bytes sample, damaged;

static int read_sample(void **state) {
  FILE *file = fopen(SAMPLE_PATH, "rb");

  (void)state;
  if (!file)
    return -1;
  sample.size = fread(sample.data, 1, sizeof sample.data, file);
  fclose(file);
  return sample.size > 0 ? 0 : -1;
}

static void open_and_walk(const uint8_t *data, size_t size) {
  ITypeLib *library = NULL;
  HRESULT hr = oleander_load_typelib_from_memory(data, size, &library);

  if (FAILED(hr)) {
    assert_true(hr == TYPE_E_INVDATAREAD || hr == TYPE_E_UNSUPFORMAT);
    assert_null(library);
    return;
  }
  walk_library(library);
  assert_int_equal(ITypeLib_Release(library), 0);
}

static void every_truncation(void **state) {
  uint8_t *copy;
  size_t size;

  (void)state;
  for (size = 0; size < sample.size; size++) {
    copy = malloc(size ? size : 1); /* of its own, so that a sanitizer sees the end */
    memcpy(copy, sample.data, size);
    open_and_walk(copy, size);
    free(copy);
  }
}

static uint32_t next_random(uint32_t *seed) {
  *seed = *seed * 1664525u + 1013904223u;
  return *seed >> 8;
}

/* Values that break things: edges of ranges, types that need a record and have none, small and large offsets, a change of
 * one bit. */
static uint32_t nasty(uint32_t *seed, uint32_t old) {
  static const uint32_t values[] = { 0,
                                     1,
                                     0xFF,
                                     0xFFFF,
                                     0x7FFFFFFF,
                                     0x80000000,
                                     0xFFFFFFFE,
                                     0xFFFFFFFF,
                                     0x80000000 | VT_PTR,
                                     0x80000000 | VT_CARRAY,
                                     0x80000000 | VT_USERDEFINED };
  uint32_t choice = next_random(seed) % 15;

  if (choice < 11)
    return values[choice];
  return choice < 13 ? old ^ 1u << next_random(seed) % 32 : next_random(seed) % (uint32_t)(2 * sample.size);
}

static void damage(uint32_t seed) {
  uint32_t changes = 1 + next_random(&seed) % 4, old, changed;
  size_t place;

  damaged = sample;
  while (changes-- > 0) {
    place = next_random(&seed) % (damaged.size - 4);
    if (next_random(&seed) % 4)
      place &= ~(size_t)3;
    memcpy(&old, damaged.data + place, 4);
    changed = nasty(&seed, old);
    memcpy(damaged.data + place, &changed, 4);
  }
}

static void random_damages(void **state) {
  uint32_t seed;

  (void)state;
  for (seed = 1; seed <= DAMAGES; seed++) {
    damage(seed);
    open_and_walk(damaged.data, damaged.size);
  }
}

/* Each dword of the header, the directory and the first type becomes each edge value. */
static void every_dword_at_the_edges(void **state) {
  static const uint32_t edges[] = { 0, 1, 2, 0x64, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFC, 0xFFFFFFFF };
  size_t place, edge;

  (void)state;
  for (place = 8; place + 4 <= 0x54 + 4 * SAMPLE_TYPES + 4 + 15 * 16 + 100; place += 4) {
    for (edge = 0; edge < sizeof edges / sizeof edges[0]; edge++) {
      damaged = sample;
      memcpy(damaged.data + place, &edges[edge], 4);
      open_and_walk(damaged.data, damaged.size);
    }
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_truncation),
    cmocka_unit_test(random_damages),
    cmocka_unit_test(every_dword_at_the_edges),
  };

  return cmocka_run_group_tests(tests, read_sample, NULL);
}
