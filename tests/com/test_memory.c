/* Task memory and IMalloc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <objbase.h>

#include "support/faults.h"

static void task_memory_follows_the_documentation(void **state) {
  char *block = CoTaskMemAlloc(4);

  (void)state;
  assert_non_null(block);
  memcpy(block, "abc", 4);
  block = CoTaskMemRealloc(block, 4000);
  assert_string_equal(block, "abc");
  assert_null(CoTaskMemRealloc(block, 0)); /* frees it */
  block = CoTaskMemRealloc(NULL, 10);
  assert_non_null(block);
  CoTaskMemFree(block);
  block = CoTaskMemAlloc(0); /* "a zero-length item and a valid pointer to it" */
  assert_non_null(block);
  CoTaskMemFree(block);
  CoTaskMemFree(NULL);
}

static void out_of_memory_leaves_the_old_block(void **state) {
  char *block = CoTaskMemAlloc(4);

  (void)state;
  memcpy(block, "abc", 4);
  faults_fail_at(1);
  assert_null(CoTaskMemRealloc(block, 100));
  faults_fail_at(1);
  assert_null(CoTaskMemAlloc(100));
  faults_off();
  assert_string_equal(block, "abc");
  CoTaskMemFree(block);
}

static void malloc_object_is_the_same_heap(void **state) {
  IMalloc *allocator;
  IMalloc *again;
  IUnknown *unknown;
  void *block;

  (void)state;
  assert_int_equal(CoGetMalloc(MEMCTX_TASK, NULL), E_INVALIDARG);
  assert_int_equal(CoGetMalloc(0, &allocator), E_INVALIDARG);
  assert_int_equal(CoGetMalloc(MEMCTX_SHARED, &allocator), E_INVALIDARG);
  assert_int_equal(CoGetMalloc(MEMCTX_TASK, &allocator), S_OK);
  assert_int_equal(CoGetMalloc(MEMCTX_TASK, &again), S_OK);
  assert_ptr_equal(allocator, again);
  assert_int_equal(IMalloc_QueryInterface(allocator, &IID_IUnknown, (void **)&unknown), S_OK);
  IUnknown_Release(unknown);
  assert_int_equal(IMalloc_QueryInterface(allocator, &IID_IStream, (void **)&unknown), E_NOINTERFACE);
  assert_null(unknown);

  block = IMalloc_Alloc(allocator, 100);
  assert_non_null(block);
  assert_true(IMalloc_GetSize(allocator, block) >= 100);
  assert_true(IMalloc_GetSize(allocator, NULL) == (SIZE_T)-1);
  assert_int_equal(IMalloc_DidAlloc(allocator, NULL), -1);
  block = CoTaskMemRealloc(block, 200);
  assert_non_null(block);
  block = IMalloc_Realloc(allocator, block, 300);
  assert_non_null(block);
  IMalloc_HeapMinimize(allocator);
  IMalloc_Free(allocator, block);
  IMalloc_Free(allocator, NULL);
  IMalloc_Release(again);
  IMalloc_Release(allocator);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(task_memory_follows_the_documentation),
    cmocka_unit_test(out_of_memory_leaves_the_old_block),
    cmocka_unit_test(malloc_object_is_the_same_heap),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
