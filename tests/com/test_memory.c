/* Task memory and IMalloc. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
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

/* A spy that puts sixteen bytes before each block, and counts. */
typedef struct Spy {
  IMallocSpy spy;
  int references, allocations, frees, reallocations;
  bool leaves; /* ends its own watch when it next sees a block freed */
} Spy;

#define GUARD 16

static HRESULT STDMETHODCALLTYPE Spy_QueryInterface(IMallocSpy *self, REFIID iid, void **result) {
  *result = IsEqualIID(iid, &IID_IMallocSpy) || IsEqualIID(iid, &IID_IUnknown) ? self : NULL;
  ((Spy *)self)->references += *result != NULL;
  return *result ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Spy_AddRef(IMallocSpy *self) {
  return (ULONG)++((Spy *)self)->references;
}

static ULONG STDMETHODCALLTYPE Spy_Release(IMallocSpy *self) {
  if (((Spy *)self)->leaves)
    CoTaskMemFree(CoTaskMemAlloc(1)); /* nothing is locked while it goes */
  return (ULONG)--((Spy *)self)->references;
}

static SIZE_T STDMETHODCALLTYPE Spy_PreAlloc(IMallocSpy *self, SIZE_T size) {
  CoTaskMemFree(CoTaskMemAlloc(1)); /* what the spy allocates is not spied */
  ((Spy *)self)->allocations++;
  return size + GUARD;
}

static void *STDMETHODCALLTYPE Spy_PostAlloc(IMallocSpy *self, void *actual) {
  (void)self;
  return actual ? (char *)actual + GUARD : NULL;
}

static void *actual_of(void *block, BOOL spied) {
  return spied ? (char *)block - GUARD : block;
}

static void *STDMETHODCALLTYPE Spy_PreFree(IMallocSpy *self, void *block, BOOL spied) {
  ((Spy *)self)->frees += spied;
  if (((Spy *)self)->leaves) {
    assert_int_equal(CoRegisterMallocSpy(self), CO_E_OBJISREG);
    assert_int_equal(CoRevokeMallocSpy(), S_OK);
    assert_int_equal(CoRevokeMallocSpy(), CO_E_OBJNOTREG);
  }
  return actual_of(block, spied);
}

static void STDMETHODCALLTYPE Spy_PostFree(IMallocSpy *self, BOOL spied) {
  (void)self;
  (void)spied;
}

static SIZE_T STDMETHODCALLTYPE Spy_PreRealloc(IMallocSpy *self, void *block, SIZE_T size, void **actual, BOOL spied) {
  ((Spy *)self)->reallocations++;
  *actual = actual_of(block, spied);
  return spied ? size + GUARD : size;
}

static void *STDMETHODCALLTYPE Spy_PostRealloc(IMallocSpy *self, void *actual, BOOL spied) {
  (void)self;
  return actual && spied ? (char *)actual + GUARD : actual;
}

static void *STDMETHODCALLTYPE Spy_PreGetSize(IMallocSpy *self, void *block, BOOL spied) {
  (void)self;
  return actual_of(block, spied);
}

static SIZE_T STDMETHODCALLTYPE Spy_PostGetSize(IMallocSpy *self, SIZE_T size, BOOL spied) {
  (void)self;
  return spied ? size - GUARD : size;
}

static void *STDMETHODCALLTYPE Spy_PreDidAlloc(IMallocSpy *self, void *block, BOOL spied) {
  (void)self;
  return actual_of(block, spied);
}

static int STDMETHODCALLTYPE Spy_PostDidAlloc(IMallocSpy *self, void *block, BOOL spied, int answer) {
  (void)self;
  (void)block;
  return spied ? 1 : answer;
}

static void STDMETHODCALLTYPE Spy_HeapMinimize(IMallocSpy *self) {
  (void)self;
}

static const IMallocSpyVtbl spy_vtable = {
  Spy_QueryInterface, Spy_AddRef,      Spy_Release,      Spy_PreAlloc,     Spy_PostAlloc,
  Spy_PreFree,        Spy_PostFree,    Spy_PreRealloc,   Spy_PostRealloc,  Spy_PreGetSize,
  Spy_PostGetSize,    Spy_PreDidAlloc, Spy_PostDidAlloc, Spy_HeapMinimize, Spy_HeapMinimize,
};

static void a_spy_sees_every_use(void **state) {
  Spy spy = { { &spy_vtable }, 1, 0, 0, 0, false };
  IMalloc *allocator;
  void *before = CoTaskMemAlloc(5);
  void *blocks[200];
  char *block;
  int i;

  (void)state;
  assert_int_equal(CoRevokeMallocSpy(), CO_E_OBJNOTREG);
  assert_int_equal(CoRegisterMallocSpy(NULL), E_INVALIDARG);
  assert_int_equal(CoRegisterMallocSpy(&spy.spy), S_OK);
  assert_int_equal(CoRegisterMallocSpy(&spy.spy), CO_E_OBJISREG);
  assert_int_equal(spy.references, 2);
  CoTaskMemFree(before); /* not one of its own */
  assert_int_equal(spy.frees, 0);
  block = CoTaskMemAlloc(4);
  memcpy(block, "abc", 4);
  block = CoTaskMemRealloc(block, 5000);
  assert_string_equal(block, "abc");
  CoGetMalloc(MEMCTX_TASK, &allocator);
  assert_int_equal(IMalloc_DidAlloc(allocator, block), 1);
  assert_true(IMalloc_GetSize(allocator, block) >= 5000);
  IMalloc_HeapMinimize(allocator);
  for (i = 0; i < 200; i++)
    blocks[i] = CoTaskMemAlloc((SIZE_T)i);
  for (i = 0; i < 200; i += 2)
    CoTaskMemFree(blocks[i]);
  assert_int_equal(CoRevokeMallocSpy(), E_ACCESSDENIED); /* its blocks are still out */
  assert_int_equal(CoRevokeMallocSpy(), CO_E_OBJNOTREG);
  CoTaskMemFree(CoTaskMemAlloc(3)); /* no longer watched */
  for (i = 1; i < 200; i += 2)
    CoTaskMemFree(blocks[i]);
  assert_int_equal(spy.references, 2);
  assert_null(CoTaskMemRealloc(block, 0));
  assert_int_equal(spy.references, 1); /* the last one lets it go */
  assert_int_equal(spy.allocations, 201);
  assert_int_equal(spy.frees, 201);
  assert_int_equal(spy.reallocations, 1);
  assert_int_equal(CoRegisterMallocSpy(&spy.spy), S_OK);
  assert_int_equal(CoRevokeMallocSpy(), S_OK);
  assert_int_equal(spy.references, 1);
}

static void a_spy_may_revoke_itself(void **state) {
  Spy spy = { { &spy_vtable }, 1, 0, 0, 0, true };
  void *block;

  (void)state;
  assert_int_equal(CoRegisterMallocSpy(&spy.spy), S_OK);
  block = CoTaskMemAlloc(7);
  CoTaskMemFree(block);
  assert_int_equal(spy.references, 1);
  assert_int_equal(CoRevokeMallocSpy(), CO_E_OBJNOTREG);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(task_memory_follows_the_documentation),
    cmocka_unit_test(out_of_memory_leaves_the_old_block),
    cmocka_unit_test(malloc_object_is_the_same_heap),
    cmocka_unit_test(a_spy_sees_every_use),
    cmocka_unit_test(a_spy_may_revoke_itself),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
