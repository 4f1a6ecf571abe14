/* IStream over any ILockBytes, and so over a file: SHCreateStreamOnFile. Clones share the bytes and have each their own
 * position. */
#include <stdlib.h>
#include <string.h>

#include <shlwapi.h>

#include "storage/storage_internal.h"

typedef struct BytesStream {
  IStream stream;
  Object object;
  ILockBytes *bytes;
  DWORD mode;
  char16_t *name; /* of the file, or NULL */
  pthread_mutex_t lock;
  uint64_t position; /* guarded by it */
} BytesStream;

OBJECT_FACE(BytesStream, stream, IStream)

static BytesStream *from_stream(IStream *face) {
  return OBJECT_CONTAINER(face, BytesStream, stream);
}

static void bytes_stream_destroy(void *self) {
  BytesStream *stream = self;

  if (stream->bytes)
    ILockBytes_Release(stream->bytes);
  free(stream->name);
  pthread_mutex_destroy(&stream->lock);
}

static HRESULT STDMETHODCALLTYPE BytesStream_Read(IStream *face, void *buffer, ULONG size, ULONG *result) {
  BytesStream *stream = from_stream(face);
  ULONG done = 0;

  if (result)
    *result = 0;
  if (!buffer)
    return STG_E_INVALIDPOINTER;
  if (!mode_reads(stream->mode))
    return STG_E_ACCESSDENIED;
  pthread_mutex_lock(&stream->lock);
  ULARGE_INTEGER at = { .QuadPart = stream->position };
  HRESULT status = ILockBytes_ReadAt(stream->bytes, at, buffer, size, &done);
  if (done > size)
    done = size;
  stream->position += done;
  pthread_mutex_unlock(&stream->lock);
  if (result)
    *result = done;
  return status;
}

static HRESULT STDMETHODCALLTYPE BytesStream_Write(IStream *face, const void *buffer, ULONG size, ULONG *result) {
  BytesStream *stream = from_stream(face);
  ULONG done = 0;

  if (result)
    *result = 0;
  if (!buffer)
    return STG_E_INVALIDPOINTER;
  if (!mode_writes(stream->mode))
    return STG_E_ACCESSDENIED;
  pthread_mutex_lock(&stream->lock);
  ULARGE_INTEGER at = { .QuadPart = stream->position };
  HRESULT status = ILockBytes_WriteAt(stream->bytes, at, buffer, size, &done);
  if (done > size)
    done = size;
  stream->position += done;
  pthread_mutex_unlock(&stream->lock);
  if (result)
    *result = done;
  return status;
}

static HRESULT STDMETHODCALLTYPE BytesStream_Seek(IStream *face, LARGE_INTEGER move, DWORD origin,
                                                  ULARGE_INTEGER *result) {
  BytesStream *stream = from_stream(face);
  uint64_t base = 0;
  HRESULT status = S_OK;

  if (origin > STREAM_SEEK_END)
    return STG_E_INVALIDFUNCTION;
  if (origin == STREAM_SEEK_END)
    status = bytes_size(stream->bytes, &base);
  if (FAILED(status))
    return status;
  pthread_mutex_lock(&stream->lock);
  if (origin == STREAM_SEEK_CUR)
    base = stream->position;
  if (move.QuadPart < 0 ? (uint64_t) - (move.QuadPart + 1) >= base : base > INT64_MAX - (uint64_t)move.QuadPart)
    status = STG_E_INVALIDFUNCTION;
  else
    stream->position = base + (uint64_t)move.QuadPart;
  if (result)
    result->QuadPart = stream->position;
  pthread_mutex_unlock(&stream->lock);
  return status;
}

static HRESULT STDMETHODCALLTYPE BytesStream_SetSize(IStream *face, ULARGE_INTEGER size) {
  BytesStream *stream = from_stream(face);

  return mode_writes(stream->mode) ? ILockBytes_SetSize(stream->bytes, size) : STG_E_ACCESSDENIED;
}

/* What is there at the beginning is copied: a target over the same bytes may make the source longer meanwhile. */
static HRESULT STDMETHODCALLTYPE BytesStream_CopyTo(IStream *face, IStream *target, ULARGE_INTEGER count,
                                                    ULARGE_INTEGER *read_count, ULARGE_INTEGER *written_count) {
  enum { PIECE = 65536 };
  BytesStream *stream = from_stream(face);
  uint64_t size;
  uint64_t got = 0;
  uint64_t put = 0;

  if (!target)
    return STG_E_INVALIDPOINTER;
  uint8_t *buffer = malloc(PIECE);
  HRESULT status = buffer ? bytes_size(stream->bytes, &size) : E_OUTOFMEMORY;
  if (SUCCEEDED(status)) {
    pthread_mutex_lock(&stream->lock);
    size = stream->position < size ? size - stream->position : 0;
    pthread_mutex_unlock(&stream->lock);
    size = size < count.QuadPart ? size : count.QuadPart;
  }
  while (SUCCEEDED(status) && got < size) {
    ULONG piece = 0;
    ULONG written = 0;

    status = BytesStream_Read(face, buffer, size - got < PIECE ? (ULONG)(size - got) : PIECE, &piece);
    if (FAILED(status) || !piece)
      break;
    got += piece;
    status = IStream_Write(target, buffer, piece, &written);
    put += written;
    if (SUCCEEDED(status) && written < piece)
      status = STG_E_MEDIUMFULL;
  }
  free(buffer);
  if (read_count)
    read_count->QuadPart = got;
  if (written_count)
    written_count->QuadPart = put;
  return status;
}

static HRESULT STDMETHODCALLTYPE BytesStream_Commit(IStream *face, DWORD flags) {
  BytesStream *stream = from_stream(face);

  if (flags & STGC_DANGEROUSLYCOMMITMERELYTODISKCACHE || !mode_writes(stream->mode))
    return S_OK;
  return ILockBytes_Flush(stream->bytes);
}

static HRESULT STDMETHODCALLTYPE BytesStream_Revert(IStream *face) {
  (void)face;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE BytesStream_LockRegion(IStream *face, ULARGE_INTEGER offset, ULARGE_INTEGER size,
                                                        DWORD type) {
  return ILockBytes_LockRegion(from_stream(face)->bytes, offset, size, type);
}

static HRESULT STDMETHODCALLTYPE BytesStream_UnlockRegion(IStream *face, ULARGE_INTEGER offset, ULARGE_INTEGER size,
                                                          DWORD type) {
  return ILockBytes_UnlockRegion(from_stream(face)->bytes, offset, size, type);
}

static HRESULT STDMETHODCALLTYPE BytesStream_Stat(IStream *face, STATSTG *result, DWORD flags) {
  BytesStream *stream = from_stream(face);

  if (!result)
    return STG_E_INVALIDPOINTER;
  HRESULT status = ILockBytes_Stat(stream->bytes, result, STATFLAG_NONAME);
  if (FAILED(status))
    return status;
  result->type = STGTY_STREAM;
  result->grfMode = stream->mode;
  result->pwcsName = NULL;
  if (flags & STATFLAG_NONAME || !stream->name)
    return S_OK;
  size_t size = (utf16_units(stream->name) + 1) * sizeof(OLECHAR);
  result->pwcsName = CoTaskMemAlloc(size);
  if (!result->pwcsName)
    return E_OUTOFMEMORY;
  memcpy(result->pwcsName, stream->name, size);
  return S_OK;
}

static HRESULT bytes_stream_create(ILockBytes *bytes, DWORD mode, const char16_t *name, uint64_t position,
                                   IStream **result);

static HRESULT STDMETHODCALLTYPE BytesStream_Clone(IStream *face, IStream **result) {
  BytesStream *stream = from_stream(face);

  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  pthread_mutex_lock(&stream->lock);
  uint64_t position = stream->position;
  pthread_mutex_unlock(&stream->lock);
  return bytes_stream_create(stream->bytes, stream->mode, stream->name, position, result);
}

static const IStreamVtbl stream_vtable = {
  OLEANDER_FACE_SLOTS(BytesStream, stream),
  BytesStream_Read,
  BytesStream_Write,
  BytesStream_Seek,
  BytesStream_SetSize,
  BytesStream_CopyTo,
  BytesStream_Commit,
  BytesStream_Revert,
  BytesStream_LockRegion,
  BytesStream_UnlockRegion,
  BytesStream_Stat,
  BytesStream_Clone,
};
static const ObjectFace stream_faces[] = {
  { &IID_IStream, offsetof(BytesStream, stream), &stream_vtable },
  { &IID_ISequentialStream, offsetof(BytesStream, stream), &stream_vtable },
  { 0 },
};
static const ObjectType stream_type = {
  "BytesStream", sizeof(BytesStream), offsetof(BytesStream, object), stream_faces, bytes_stream_destroy, NULL,
};

static HRESULT bytes_stream_create(ILockBytes *bytes, DWORD mode, const char16_t *name, uint64_t position,
                                   IStream **result) {
  BytesStream *stream = object_create(&stream_type);

  if (!stream)
    return E_OUTOFMEMORY;
  pthread_mutex_init(&stream->lock, NULL);
  if (name) {
    size_t size = (utf16_units(name) + 1) * sizeof *name;

    stream->name = malloc(size);
    if (!stream->name) {
      IStream_Release(&stream->stream);
      return E_OUTOFMEMORY;
    }
    memcpy(stream->name, name, size);
  }
  stream->bytes = bytes;
  ILockBytes_AddRef(bytes);
  stream->mode = mode;
  stream->position = position;
  *result = &stream->stream;
  return S_OK;
}

HRESULT oleander_stream_on_lock_bytes(ILockBytes *bytes, DWORD mode, IStream **result) {
  if (!bytes || !result)
    return STG_E_INVALIDPOINTER;
  return bytes_stream_create(bytes, mode, NULL, 0, result);
}

/* The numbers of storage errors are those of the system. */
static HRESULT system_error(HRESULT status) {
  return HRESULT_FACILITY(status) == FACILITY_STORAGE ? HRESULT_FROM_WIN32(HRESULT_CODE(status)) : status;
}

HRESULT SHCreateStreamOnFileEx(LPCWSTR file, DWORD mode, DWORD attributes, BOOL create, IStream *template_stream,
                               IStream **result) {
  ILockBytes *bytes;

  (void)attributes;
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!file || template_stream)
    return E_INVALIDARG;
  if ((mode & STGM_ACCESS) == STGM_ACCESS || mode & (STGM_TRANSACTED | STGM_CONVERT | STGM_PRIORITY | STGM_SIMPLE))
    return E_INVALIDARG;
  if (mode & STGM_CREATE)
    create = TRUE;
  HRESULT status = file_bytes_open(file, mode, create != FALSE, &bytes);
  if (FAILED(status))
    return system_error(status);
  status = bytes_stream_create(bytes, mode, file, 0, result);
  ILockBytes_Release(bytes);
  return status;
}

HRESULT SHCreateStreamOnFile(LPCWSTR file, DWORD mode, IStream **result) {
  return SHCreateStreamOnFileEx(file, mode, 0, FALSE, NULL, result);
}
