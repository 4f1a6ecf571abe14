/* ILockBytes over a block of memory: CreateILockBytesOnHGlobal. An HGLOBAL is a block of the C heap. */
#include <malloc.h>
#include <stdlib.h>
#include <string.h>

#include "storage/storage_internal.h"

typedef struct MemoryBytes {
  ILockBytes bytes;
  Object object;
  pthread_mutex_t lock;
  uint8_t *data;
  size_t size, room;
  bool owned; /* the block goes with the object */
} MemoryBytes;

OBJECT_FACE(MemoryBytes, bytes, ILockBytes)

static MemoryBytes *from_bytes(ILockBytes *face) {
  return OBJECT_CONTAINER(face, MemoryBytes, bytes);
}

static void memory_bytes_destroy(void *self) {
  MemoryBytes *memory = self;

  if (memory->owned)
    free(memory->data);
  pthread_mutex_destroy(&memory->lock);
}

/* Sets the size; new bytes are zero. The lock is held. */
static HRESULT resize(MemoryBytes *memory, uint64_t size) {
  if (size > INT64_MAX / 4)
    return STG_E_MEDIUMFULL;
  if (size > memory->room) {
    size_t room = size > memory->room * 2 ? (size_t)size : memory->room * 2;
    uint8_t *bigger = realloc(memory->data, room);

    if (!bigger)
      return E_OUTOFMEMORY;
    memory->data = bigger;
    memory->room = room;
  }
  if (size > memory->size)
    memset(memory->data + memory->size, 0, (size_t)size - memory->size);
  memory->size = (size_t)size;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE MemoryBytes_ReadAt(ILockBytes *face, ULARGE_INTEGER offset, void *buffer, ULONG size,
                                                    ULONG *result) {
  MemoryBytes *memory = from_bytes(face);

  if (result)
    *result = 0;
  if (!buffer)
    return STG_E_INVALIDPOINTER;
  pthread_mutex_lock(&memory->lock);
  size_t left = offset.QuadPart < memory->size ? memory->size - (size_t)offset.QuadPart : 0;
  size_t done = left < size ? left : size;
  if (done)
    memcpy(buffer, memory->data + offset.QuadPart, done);
  pthread_mutex_unlock(&memory->lock);
  if (result)
    *result = (ULONG)done;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE MemoryBytes_WriteAt(ILockBytes *face, ULARGE_INTEGER offset, const void *buffer,
                                                     ULONG size, ULONG *result) {
  MemoryBytes *memory = from_bytes(face);
  HRESULT status = S_OK;

  if (result)
    *result = 0;
  if (!buffer)
    return STG_E_INVALIDPOINTER;
  if (offset.QuadPart > INT64_MAX)
    return STG_E_MEDIUMFULL;
  pthread_mutex_lock(&memory->lock);
  if (size && offset.QuadPart + size > memory->size)
    status = resize(memory, offset.QuadPart + size);
  if (SUCCEEDED(status) && size)
    memcpy(memory->data + offset.QuadPart, buffer, size);
  pthread_mutex_unlock(&memory->lock);
  if (SUCCEEDED(status) && result)
    *result = size;
  return status;
}

static HRESULT STDMETHODCALLTYPE MemoryBytes_Flush(ILockBytes *face) {
  (void)face;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE MemoryBytes_SetSize(ILockBytes *face, ULARGE_INTEGER size) {
  MemoryBytes *memory = from_bytes(face);

  pthread_mutex_lock(&memory->lock);
  HRESULT status = resize(memory, size.QuadPart);
  pthread_mutex_unlock(&memory->lock);
  return status;
}

static HRESULT STDMETHODCALLTYPE MemoryBytes_LockRegion(ILockBytes *face, ULARGE_INTEGER offset, ULARGE_INTEGER size,
                                                        DWORD type) {
  (void)face;
  (void)offset;
  (void)size;
  (void)type;
  return STG_E_INVALIDFUNCTION;
}

static HRESULT STDMETHODCALLTYPE MemoryBytes_Stat(ILockBytes *face, STATSTG *result, DWORD flags) {
  MemoryBytes *memory = from_bytes(face);

  (void)flags;
  if (!result)
    return STG_E_INVALIDPOINTER;
  memset(result, 0, sizeof *result);
  result->type = STGTY_LOCKBYTES;
  pthread_mutex_lock(&memory->lock);
  result->cbSize.QuadPart = memory->size;
  pthread_mutex_unlock(&memory->lock);
  return S_OK;
}

static const ILockBytesVtbl bytes_vtable = {
  OLEANDER_FACE_SLOTS(MemoryBytes, bytes),
  MemoryBytes_ReadAt,
  MemoryBytes_WriteAt,
  MemoryBytes_Flush,
  MemoryBytes_SetSize,
  MemoryBytes_LockRegion,
  MemoryBytes_LockRegion, /* UnlockRegion */
  MemoryBytes_Stat,
};
static const ObjectFace bytes_faces[] = { { &IID_ILockBytes, offsetof(MemoryBytes, bytes), &bytes_vtable }, { 0 } };
static const ObjectType bytes_type = {
  "MemoryBytes", sizeof(MemoryBytes), offsetof(MemoryBytes, object), bytes_faces, memory_bytes_destroy, NULL,
};

HRESULT CreateILockBytesOnHGlobal(HGLOBAL block, BOOL delete_on_release, ILockBytes **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  MemoryBytes *memory = object_create(&bytes_type);
  if (!memory)
    return E_OUTOFMEMORY;
  memory->data = block ? block : malloc(1);
  if (!memory->data) {
    free(memory);
    return E_OUTOFMEMORY;
  }
  pthread_mutex_init(&memory->lock, NULL);
  memory->owned = delete_on_release != FALSE;
  memory->size = block ? malloc_usable_size(block) : 0;
  memory->room = block ? memory->size : 1;
  *result = &memory->bytes;
  return S_OK;
}

HRESULT GetHGlobalFromILockBytes(ILockBytes *face, HGLOBAL *block) {
  if (!face || !block || face->lpVtbl != &bytes_vtable)
    return E_INVALIDARG;
  *block = from_bytes(face)->data;
  return S_OK;
}
