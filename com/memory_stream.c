/* IStream over a block of memory that grows: CreateStreamOnHGlobal. An HGLOBAL is a block of the C heap. Clones share the
 * bytes and have each their own position. Positions and sizes are 32-bit numbers, as on Windows: the high parts of what comes
 * in do not count, and what goes out has none. */
#include <malloc.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"
#include "com/object.h"

#define POSITION_LIMIT INT32_MAX /* positions are signed numbers */

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
  uint32_t position; /* guarded by the storage's lock; never above POSITION_LIMIT */
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
  if (size > POSITION_LIMIT)
    return E_OUTOFMEMORY; /* nobody could get there */
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

static const IStreamVtbl stream_vtable;

/* Bytes from the position to the end; the lock is held. */
static size_t bytes_left(const MemoryStream *stream) {
  size_t size = stream->storage->size;

  return stream->position < size ? size - stream->position : 0;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_Read(IStream *face, void *buffer, ULONG wanted, ULONG *done) {
  MemoryStream *stream = from_stream(face);
  Storage *storage = stream->storage;

  if (done)
    *done = 0;
  if (!buffer)
    return STG_E_INVALIDPOINTER;
  pthread_mutex_lock(&storage->lock);
  size_t size = bytes_left(stream);
  size = size < wanted ? size : wanted;
  if (size)
    memcpy(buffer, storage->data + stream->position, size);
  stream->position += (uint32_t)size;
  pthread_mutex_unlock(&storage->lock);
  if (done)
    *done = (ULONG)size;
  return S_OK;
}

/* Makes room for `size` bytes at the position; the lock is held. */
static HRESULT reserve(MemoryStream *stream, size_t size) {
  ULONGLONG end = (ULONGLONG)stream->position + size;

  return end > stream->storage->size ? storage_resize(stream->storage, end) : S_OK;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_Write(IStream *face, const void *buffer, ULONG size, ULONG *done) {
  MemoryStream *stream = from_stream(face);
  Storage *storage = stream->storage;

  if (done)
    *done = 0;
  if (!buffer)
    return STG_E_INVALIDPOINTER;
  if (!size)
    return S_OK;
  pthread_mutex_lock(&storage->lock);
  HRESULT status = reserve(stream, size);
  if (SUCCEEDED(status)) {
    memcpy(storage->data + stream->position, buffer, size);
    stream->position += size;
    if (done)
      *done = size;
  }
  pthread_mutex_unlock(&storage->lock);
  return status;
}

/* The position that a move leads to, or -1. From the beginning the offset has no sign. */
static LONGLONG target_of(const MemoryStream *stream, DWORD offset, DWORD origin) {
  LONGLONG target = -1;

  if (origin == STREAM_SEEK_SET)
    target = offset;
  else if (origin == STREAM_SEEK_CUR)
    target = (LONGLONG)stream->position + (LONG)offset;
  else if (origin == STREAM_SEEK_END)
    target = (LONGLONG)stream->storage->size + (LONG)offset;
  return target > POSITION_LIMIT ? -1 : target;
}

/* The position is given out after a failure too. */
static HRESULT STDMETHODCALLTYPE MemoryStream_Seek(IStream *face, LARGE_INTEGER move, DWORD origin,
                                                   ULARGE_INTEGER *result) {
  MemoryStream *stream = from_stream(face);

  pthread_mutex_lock(&stream->storage->lock);
  LONGLONG target = target_of(stream, move.LowPart, origin);
  if (target >= 0)
    stream->position = (uint32_t)target;
  if (result)
    result->QuadPart = stream->position;
  pthread_mutex_unlock(&stream->storage->lock);
  return target >= 0 ? S_OK : STG_E_SEEKERROR;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_SetSize(IStream *face, ULARGE_INTEGER size) {
  Storage *storage = from_stream(face)->storage;

  pthread_mutex_lock(&storage->lock);
  HRESULT status = storage_resize(storage, size.LowPart);
  pthread_mutex_unlock(&storage->lock);
  return status;
}

/* Between streams over the same bytes (a clone, or the stream itself) all that is there at the beginning is copied at once:
 * piece by piece the copy would read what it has just written, perhaps without end. */
static HRESULT copy_within(MemoryStream *source, MemoryStream *target, size_t size) {
  Storage *storage = source->storage;
  uint32_t from = source->position;

  source->position += (uint32_t)size; /* which may be the target's too */
  HRESULT status = size ? reserve(target, size) : S_OK;
  if (FAILED(status)) {
    source->position = from;
    return status;
  }
  if (size)
    memmove(storage->data + target->position, storage->data + from, size);
  target->position += (uint32_t)size;
  return S_OK;
}

/* To any other stream in pieces, without the lock; *put is what arrived. */
static HRESULT copy_out(IStream *source, IStream *target, ULONGLONG size, ULONGLONG *got, ULONGLONG *put) {
  uint8_t buffer[4096];
  HRESULT status = S_OK;

  while (*got < size && SUCCEEDED(status)) {
    ULONGLONG left = size - *got;
    ULONG piece = 0;
    ULONG written = 0;

    status = MemoryStream_Read(source, buffer, left < sizeof buffer ? (ULONG)left : (ULONG)sizeof buffer, &piece);
    if (FAILED(status) || !piece)
      break;
    *got += piece;
    status = IStream_Write(target, buffer, piece, &written);
    *put += written;
  }
  return status;
}

static HRESULT STDMETHODCALLTYPE MemoryStream_CopyTo(IStream *face, IStream *target, ULARGE_INTEGER count,
                                                     ULARGE_INTEGER *read_count, ULARGE_INTEGER *written_count) {
  MemoryStream *stream = from_stream(face);
  ULONGLONG got = 0;
  ULONGLONG put = 0;

  if (!target)
    return STG_E_INVALIDPOINTER;
  bool within = target->lpVtbl == &stream_vtable && from_stream(target)->storage == stream->storage;
  pthread_mutex_lock(&stream->storage->lock);
  size_t size = bytes_left(stream);
  size = size < count.QuadPart ? size : (size_t)count.QuadPart;
  HRESULT status = within ? copy_within(stream, from_stream(target), size) : S_OK;
  pthread_mutex_unlock(&stream->storage->lock);
  if (!within)
    status = copy_out(face, target, size, &got, &put);
  else if (SUCCEEDED(status))
    got = put = size;
  if (read_count)
    read_count->QuadPart = got;
  if (written_count)
    written_count->QuadPart = put;
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

  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  MemoryStream *clone = object_create(&stream_type);
  if (!clone)
    return E_OUTOFMEMORY;
  clone->storage = stream->storage;
  clone->storage->references++;
  pthread_mutex_lock(&stream->storage->lock);
  clone->position = stream->position;
  pthread_mutex_unlock(&stream->storage->lock);
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
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  Storage *storage = calloc(1, sizeof *storage);
  MemoryStream *stream = object_create(&stream_type);
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
