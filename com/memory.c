/* Task memory: CoTaskMem* and the one IMalloc over it. Both are the C heap, so that a block may come from one and go
 * through the other. */
#include "com/com_api.h"

#include <malloc.h>
#include <stdlib.h>

#include "com/malloc_spy.h"

LPVOID CoTaskMemAlloc(SIZE_T size) {
  if (malloc_spy_active())
    return malloc_spy_alloc(size);
  /* A block of no bytes is a block: the standard promises a pointer that can be freed. */
  return malloc(size ? size : 1);
}

LPVOID CoTaskMemRealloc(LPVOID block, SIZE_T size) {
  if (!block)
    return CoTaskMemAlloc(size);
  if (size == 0) {
    CoTaskMemFree(block);
    return NULL;
  }
  if (malloc_spy_active())
    return malloc_spy_realloc(block, size);
  return realloc(block, size);
}

void CoTaskMemFree(LPVOID block) {
  if (malloc_spy_active())
    malloc_spy_free(block);
  else
    free(block);
}

/* The allocator lives as long as the process: its references are not counted. */
static HRESULT STDMETHODCALLTYPE Malloc_QueryInterface(IMalloc *self, REFIID iid, void **result) {
  if (!result)
    return E_POINTER;
  *result = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IMalloc) ? self : NULL;
  return *result ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Malloc_AddRef(IMalloc *self) {
  (void)self;
  return 2;
}

static ULONG STDMETHODCALLTYPE Malloc_Release(IMalloc *self) {
  (void)self;
  return 1;
}

static void *STDMETHODCALLTYPE Malloc_Alloc(IMalloc *self, SIZE_T size) {
  (void)self;
  return CoTaskMemAlloc(size);
}

static void *STDMETHODCALLTYPE Malloc_Realloc(IMalloc *self, void *block, SIZE_T size) {
  (void)self;
  return CoTaskMemRealloc(block, size);
}

static void STDMETHODCALLTYPE Malloc_Free(IMalloc *self, void *block) {
  (void)self;
  CoTaskMemFree(block);
}

static SIZE_T STDMETHODCALLTYPE Malloc_GetSize(IMalloc *self, void *block) {
  (void)self;
  if (!block)
    return (SIZE_T)-1;
  return malloc_spy_active() ? malloc_spy_size(block) : malloc_usable_size(block);
}

/* -1 is the documented "cannot tell": the C heap keeps no list of its blocks. */
static int STDMETHODCALLTYPE Malloc_DidAlloc(IMalloc *self, void *block) {
  (void)self;
  return malloc_spy_active() ? malloc_spy_did_alloc(block) : -1;
}

static void STDMETHODCALLTYPE Malloc_HeapMinimize(IMalloc *self) {
  (void)self;
  if (malloc_spy_active())
    malloc_spy_minimize();
  else
    malloc_trim(0);
}

static const IMallocVtbl malloc_vtable = {
  Malloc_QueryInterface, Malloc_AddRef,  Malloc_Release,  Malloc_Alloc,        Malloc_Realloc,
  Malloc_Free,           Malloc_GetSize, Malloc_DidAlloc, Malloc_HeapMinimize,
};

static IMalloc task_malloc = { &malloc_vtable };

HRESULT CoGetMalloc(DWORD context, LPMALLOC *result) {
  if (!result)
    return E_INVALIDARG;
  if (context != MEMCTX_TASK) {
    *result = NULL;
    return E_INVALIDARG;
  }
  *result = &task_malloc;
  return S_OK;
}
