/* IStream over a block of memory that grows: CreateStreamOnHGlobal. An HGLOBAL is a block of the C heap. Clones share the
 * bytes and have each their own position. */
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"
#include "com/object.h"

typedef struct Storage {
  pthread_mutex_t lock;
  _Atomic unsigned references;
  uint8_t *data;
  size_t size, room;
  bool owned; /* the block goes with the last stream */
} Storage;

typedef struct MemoryStream {
  IStream stream;
  Object object;
  Storage *storage;
  ULONGLONG position;
} MemoryStream;

OBJECT_FACE(MemoryStream, stream, IStream)

static void storage_release(Storage *storage) {
  if (--storage->references == 0) {
    if (storage->owned)
      free(storage->data);
    pthread_mutex_destroy(&storage->lock);
    free(storage);
  }
}

/* Sets the size; new bytes are zero. */
static HRESULT storage_resize(Storage *storage, ULONGLONG size) {
  if (size > SIZE_MAX / 4)
    return E_OUTOFMEMORY;
  if (size > storage->room) {
    size_t room = size > storage->room * 2 ? (size_t)size : storage->room * 2;
    uint8_t *bigger = realloc(storage->data, room);

    if (!bigger)
      return E_OUTOFMEMORY;
    storage->data = bigger;
    storage->room = room;
  }
  if (size > storage->size)
    memset(storage->data + storage->size, 0, (size_t)size - storage->size);
  storage->size = (size_t)size;
  return S_OK;
}

static MemoryStream *from_stream(IStream *face) {
  return OBJECT_CONTAINER(face, MemoryStream, stream);
}

static void memory_stream_destroy(void *self) {
  storage_release(((MemoryStream *)self)->storage);
}

static const ObjectType stream_type;

static HRESULT STDMETHODCALLTYPE MemoryStream_Read(IStream *face, void *buffer, ULONG wanted, ULONG *done) {
  MemoryStream *stream = from_stream(face);
  Storage *storage = stream->storage;
  size_t size = 0;

  if (done)
    *done = 0;
  if (!buffer)
    return STG_E_INVALIDPOINTER;
  pthread_mutex_lock(&storage->lock);
  if (stream->position < storage->size) {
    size = storage->size - (size_t)stream->position;
    size = size < wanted ? size : wanted;
    memcpy(buffer, storage->data + stream->position, size);
    stream->position += size;
  }
  pthread_mutex_unlock(&storage->lock);
  if (done)
    *done = (ULONG)size;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_Write(IStream *face, const void *buffer, ULONG size, ULONG *done) {
  MemoryStream *stream = from_stream(face);
  Storage *storage = stream->storage;
  HRESULT status = S_OK;

  if (done)
    *done = 0;
  if (!buffer)
    return STG_E_INVALIDPOINTER;
  if (!size)
    return S_OK;
  pthread_mutex_lock(&storage->lock);
  if (stream->position + size > storage->size)
    status = storage_resize(storage, stream->position + size);
  if (SUCCEEDED(status)) {
    memcpy(storage->data + stream->position, buffer, size);
    stream->position += size;
    if (done)
      *done = size;
  }
  pthread_mutex_unlock(&storage->lock);
  return status;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_Seek(IStream *face, LARGE_INTEGER move, DWORD origin,
                                                   ULARGE_INTEGER *result) {
  MemoryStream *stream = from_stream(face);
  HRESULT status = S_OK;
  LONGLONG base;

  pthread_mutex_lock(&stream->storage->lock);
  base = origin == STREAM_SEEK_SET   ? 0
         : origin == STREAM_SEEK_CUR ? (LONGLONG)stream->position
                                     : (LONGLONG)stream->storage->size;
  /* Positions end where a later write could not be meant seriously; so the sums here cannot overflow either. */
  if (origin > STREAM_SEEK_END || move.QuadPart < -base || move.QuadPart > INT64_MAX / 2 - base)
    status = STG_E_SEEKERROR;
  else
    stream->position = (ULONGLONG)(base + move.QuadPart);
  if (result)
    result->QuadPart = stream->position;
  pthread_mutex_unlock(&stream->storage->lock);
  return status;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_SetSize(IStream *face, ULARGE_INTEGER size) {
  Storage *storage = from_stream(face)->storage;
  HRESULT status;

  pthread_mutex_lock(&storage->lock);
  status = storage_resize(storage, size.QuadPart);
  pthread_mutex_unlock(&storage->lock);
  return status;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_CopyTo(IStream *face, IStream *target, ULARGE_INTEGER count,
                                                     ULARGE_INTEGER *read_count, ULARGE_INTEGER *written_count) {
  ULONGLONG total_read = 0;
  ULONGLONG total_written = 0;
  HRESULT status = S_OK;

  if (!target)
    return STG_E_INVALIDPOINTER;
  while (total_read < count.QuadPart && SUCCEEDED(status)) {
    uint8_t buffer[4096];
    ULONGLONG left = count.QuadPart - total_read;
    ULONG got = 0;
    ULONG put = 0;

    status = MemoryStream_Read(face, buffer, left < sizeof buffer ? (ULONG)left : (ULONG)sizeof buffer, &got);
    if (FAILED(status) || !got)
      break;
    total_read += got;
    status = IStream_Write(target, buffer, got, &put);
    total_written += put;
  }
  if (read_count)
    read_count->QuadPart = total_read;
  if (written_count)
    written_count->QuadPart = total_written;
  return status;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_Commit(IStream *face, DWORD flags) {
  (void)face;
  (void)flags;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_Revert(IStream *face) {
  (void)face;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_LockRegion(IStream *face, ULARGE_INTEGER offset, ULARGE_INTEGER size,
                                                         DWORD type) {
  (void)face;
  (void)offset;
  (void)size;
  (void)type;
  return STG_E_INVALIDFUNCTION;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_Stat(IStream *face, STATSTG *status, DWORD flags) {
  Storage *storage = from_stream(face)->storage;

  (void)flags;
  if (!status)
    return STG_E_INVALIDPOINTER;
  memset(status, 0, sizeof *status);
  status->type = STGTY_STREAM;
  pthread_mutex_lock(&storage->lock);
  status->cbSize.QuadPart = storage->size;
  pthread_mutex_unlock(&storage->lock);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_Clone(IStream *face, IStream **result) {
  MemoryStream *stream = from_stream(face);
  MemoryStream *clone;

  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  clone = object_create(&stream_type);
  if (!clone)
    return E_OUTOFMEMORY;
  clone->storage = stream->storage;
  clone->storage->references++;
  clone->position = stream->position;
  *result = &clone->stream;
  return S_OK;
}

static const IStreamVtbl stream_vtable = {
  MemoryStream_stream_QueryInterface,
  MemoryStream_stream_AddRef,
  MemoryStream_stream_Release,
  MemoryStream_Read,
  MemoryStream_Write,
  MemoryStream_Seek,
  MemoryStream_SetSize,
  MemoryStream_CopyTo,
  MemoryStream_Commit,
  MemoryStream_Revert,
  MemoryStream_LockRegion,
  MemoryStream_LockRegion, /* UnlockRegion */
  MemoryStream_Stat,
  MemoryStream_Clone,
};
static const ObjectFace stream_faces[] = {
  { &IID_IStream, offsetof(MemoryStream, stream), &stream_vtable },
  { &IID_ISequentialStream, offsetof(MemoryStream, stream), &stream_vtable },
  { 0 },
};
static const ObjectType stream_type = {
  "MemoryStream", sizeof(MemoryStream), offsetof(MemoryStream, object), stream_faces, memory_stream_destroy, NULL,
};

HRESULT CreateStreamOnHGlobal(HGLOBAL block, BOOL delete_on_release, IStream **result) {
  MemoryStream *stream;
  Storage *storage;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  storage = calloc(1, sizeof *storage);
  stream = object_create(&stream_type);
  if (storage)
    storage->data = block ? block : malloc(1);
  if (!stream || !storage || !storage->data) {
    if (storage && !block)
      free(storage->data);
    free(stream);
    free(storage);
    return E_OUTOFMEMORY;
  }
  pthread_mutex_init(&storage->lock, NULL);
  storage->references = 1;
  storage->owned = delete_on_release != FALSE;
  storage->size = block ? malloc_usable_size(block) : 0;
  storage->room = block ? storage->size : 1;
  stream->storage = storage;
  *result = &stream->stream;
  return S_OK;
}

HRESULT GetHGlobalFromStream(IStream *face, HGLOBAL *block) {
  if (!face || !block || face->lpVtbl != &stream_vtable)
    return E_INVALIDARG;
  *block = from_stream(face)->storage->data;
  return S_OK;
}
