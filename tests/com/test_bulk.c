/* Large blocks that are kept for the next who asks. */
#include <malloc.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "com/com_api.h"

enum { MEBIBYTE = 1 << 20 };

static int forget(void **state) {
  (void)state;
  bulk_forget();
  return 0;
}

static void blocks_go_both_ways(void **state) {
  (void)state;
  static const size_t sizes[] = { 0, 1, 1000, BULK_LEAST - 1, BULK_LEAST, MEBIBYTE, 64 * MEBIBYTE };
  for (size_t i = 0; i < sizeof sizes / sizeof *sizes; i++) {
    char *mine = bulk_alloc(sizes[i]), *theirs = malloc(sizes[i] + 1);
    assert_non_null(mine);
    memset(mine, 1, sizes[i]);
    memset(theirs, 2, sizes[i]);
    bulk_free(theirs);
    free(mine);
    mine = bulk_alloc(sizes[i]); /* perhaps theirs */
    mine = realloc(mine, sizes[i] + MEBIBYTE);
    assert_non_null(mine);
    memset(mine, 3, sizes[i] + MEBIBYTE);
    CoTaskMemFree(mine);
  }
  bulk_free(NULL);
}

static void a_block_that_is_far_too_large_is_not_given(void **state) {
  (void)state;
  bulk_free(bulk_alloc(4 * MEBIBYTE));
  void *block = bulk_alloc(BULK_LEAST);
  assert_true(malloc_usable_size(block) < MEBIBYTE);
  bulk_free(block);
}

static void what_is_kept_has_bounds(void **state) {
  (void)state;
  void *blocks[64];
  size_t before = mallinfo2().hblkhd + mallinfo2().uordblks;
  for (int i = 0; i < 64; i++) {
    blocks[i] = bulk_alloc(MEBIBYTE + (size_t)i);
    assert_non_null(blocks[i]);
  }
  for (int i = 0; i < 64; i++)
    bulk_free(blocks[i]);
#ifndef __SANITIZE_ADDRESS__
  size_t after = mallinfo2().hblkhd + mallinfo2().uordblks;
  assert_true(after - before <= 16 * MEBIBYTE);
#endif
  bulk_forget();
  assert_true(mallinfo2().hblkhd + mallinfo2().uordblks <= before + MEBIBYTE);
}

/* Each fills its block and finds it as it was. */
static void *come_and_go(void *mark) {
  for (int i = 0; i < 2000; i++) {
    size_t size = BULK_LEAST * (size_t)(1 + i % 5);
    unsigned char *block = bulk_alloc(size);
    unsigned char value = (unsigned char)(uintptr_t)mark;
    if (!block)
      return mark;
    block[0] = block[size / 2] = block[size - 1] = value;
    if (block[0] != value || block[size / 2] != value || block[size - 1] != value)
      return mark;
    bulk_free(block);
  }
  return NULL;
}

static void threads_share_it(void **state) {
  pthread_t threads[8];
  void *failed;
  (void)state;
  for (uintptr_t i = 0; i < 8; i++)
    assert_int_equal(pthread_create(&threads[i], NULL, come_and_go, (void *)(i + 1)), 0);
  for (int i = 0; i < 8; i++) {
    assert_int_equal(pthread_join(threads[i], &failed), 0);
    assert_null(failed);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup(blocks_go_both_ways, forget),
    cmocka_unit_test_setup(a_block_that_is_far_too_large_is_not_given, forget),
    cmocka_unit_test_setup(what_is_kept_has_bounds, forget),
    cmocka_unit_test_setup(threads_share_it, forget),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
