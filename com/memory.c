/* Task memory: CoTaskMem* and the one IMalloc over it. Both are the C heap, so that a block may come from one and go
 * through the other. */
#include "com/com_api.h"

#include <malloc.h>
#include <stdlib.h>

#include "com/malloc_spy.h"
#include "com/object.h"

LPVOID CoTaskMemAlloc(SIZE_T size) {
  if (malloc_spy_active())
    return malloc_spy_alloc(size);
  /* A block of no bytes is a block: the standard promises a pointer that can be freed. */
  return bulk_alloc(size);
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
    bulk_free(block);
}

/* The allocator lives as long as the process. */
typedef struct Malloc {
  IMalloc heap;
  Object object;
} Malloc;

OBJECT_FACE(Malloc, heap, IMalloc)

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
  else {
    bulk_forget();
    malloc_trim(0);
  }
}

static const IMallocVtbl malloc_vtable = {
  OLEANDER_FACE_SLOTS(Malloc, heap),
  Malloc_Alloc,
  Malloc_Realloc,
  Malloc_Free,
  Malloc_GetSize,
  Malloc_DidAlloc,
  Malloc_HeapMinimize,
};
static const ObjectFace malloc_faces[] = { { &IID_IMalloc, offsetof(Malloc, heap), &malloc_vtable }, { 0 } };
static const ObjectType malloc_type = { .name = "Malloc", .object = offsetof(Malloc, object), .faces = malloc_faces };
static Malloc task_malloc = { { &malloc_vtable }, OBJECT_LASTING(malloc_type) };

HRESULT CoGetMalloc(DWORD context, LPMALLOC *result) {
  if (!result)
    return E_INVALIDARG;
  if (context != MEMCTX_TASK) {
    *result = NULL;
    return E_INVALIDARG;
  }
  *result = &task_malloc.heap;
  return S_OK;
}
