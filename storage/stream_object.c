/* IStream over a stream of a compound file. Clones share the stream and have each their own position. */
#include <stdlib.h>
#include <string.h>

#include "storage/storage_internal.h"

/* What clones share. */
typedef struct Body {
  _Atomic unsigned references;
  Node node;
  Content content;
} Body;

typedef struct Stream {
  IStream stream;
  Object object;
  Body *body;
  uint64_t position; /* guarded by the file's lock */
} Stream;

OBJECT_FACE(Stream, stream, IStream)

static const IStreamVtbl stream_vtable;

static Stream *from_stream(IStream *face) {
  return OBJECT_CONTAINER(face, Stream, stream);
}

static void body_release(Body *body) {
  if (--body->references)
    return;
  Docfile *docfile = body->node.docfile;
  pthread_mutex_lock(&docfile->lock);
  docfile_unlink(&body->node);
  pthread_mutex_unlock(&docfile->lock);
  docfile_release(docfile);
  free(body);
}

static void stream_destroy(void *self) {
  Stream *stream = self;

  if (stream->body)
    body_release(stream->body);
}

static HRESULT STDMETHODCALLTYPE Stream_Read(IStream *face, void *buffer, ULONG size, ULONG *result) {
  Stream *stream = from_stream(face);
  size_t done;

  if (result)
    *result = 0;
  if (!buffer)
    return STG_E_INVALIDPOINTER;
  HRESULT status = node_enter(&stream->body->node);
  if (FAILED(status))
    return status;
  if (mode_reads(stream->body->node.mode))
    status =
        content_read(stream->body->node.docfile->file, &stream->body->content, stream->position, buffer, size, &done);
  else
    status = STG_E_ACCESSDENIED;
  if (SUCCEEDED(status)) {
    stream->position += done;
    if (result)
      *result = (ULONG)done;
  }
  node_leave(&stream->body->node);
  return status;
}

/* Enters for a change. */
static HRESULT enter_to_write(Body *body) {
  HRESULT status = node_enter(&body->node);

  if (SUCCEEDED(status) && !mode_writes(body->node.mode)) {
    node_leave(&body->node);
    status = STG_E_ACCESSDENIED;
  }
  return status;
}

static HRESULT STDMETHODCALLTYPE Stream_Write(IStream *face, const void *buffer, ULONG size, ULONG *result) {
  Stream *stream = from_stream(face);
  size_t done;

  if (result)
    *result = 0;
  if (!buffer)
    return STG_E_INVALIDPOINTER;
  HRESULT status = enter_to_write(stream->body);
  if (FAILED(status))
    return status;
  status =
      content_write(stream->body->node.docfile->file, &stream->body->content, stream->position, buffer, size, &done);
  if (SUCCEEDED(status)) {
    stream->position += done;
    if (result)
      *result = (ULONG)done;
  }
  node_leave(&stream->body->node);
  return status;
}

static HRESULT STDMETHODCALLTYPE Stream_Seek(IStream *face, LARGE_INTEGER move, DWORD origin, ULARGE_INTEGER *result) {
  Stream *stream = from_stream(face);
  uint64_t base = 0;

  if (origin > STREAM_SEEK_END)
    return STG_E_INVALIDFUNCTION;
  HRESULT status = node_enter(&stream->body->node);
  if (FAILED(status))
    return status;
  if (origin == STREAM_SEEK_CUR)
    base = stream->position;
  else if (origin == STREAM_SEEK_END)
    base = stream->body->content.size;
  /* Positions are signed; none is before the beginning. */
  if (move.QuadPart < 0 ? (uint64_t) - (move.QuadPart + 1) >= base : base > INT64_MAX - (uint64_t)move.QuadPart)
    status = STG_E_INVALIDFUNCTION;
  else
    stream->position = base + (uint64_t)move.QuadPart;
  if (result)
    result->QuadPart = stream->position;
  node_leave(&stream->body->node);
  return status;
}

static HRESULT STDMETHODCALLTYPE Stream_SetSize(IStream *face, ULARGE_INTEGER size) {
  Body *body = from_stream(face)->body;
  HRESULT status = enter_to_write(body);

  if (FAILED(status))
    return status;
  status = content_resize(body->node.docfile->file, &body->content, size.QuadPart);
  node_leave(&body->node);
  return status;
}

/* Between positions of one stream the whole is copied as it was at the beginning: from its end if it moves up. */
static HRESULT copy_within(Stream *source, Stream *target, uint64_t size) {
  uint8_t buffer[4096];
  uint64_t from = source->position;
  uint64_t to = target->position;
  CompoundFile *file = source->body->node.docfile->file;
  HRESULT status = S_OK;
  size_t done;

  if (size && to + size > source->body->content.size)
    status = content_resize(file, &source->body->content, to + size);
  for (uint64_t copied = 0; copied < size && SUCCEEDED(status);) {
    size_t piece = size - copied < sizeof buffer ? (size_t)(size - copied) : sizeof buffer;
    uint64_t at = to > from ? size - copied - piece : copied;

    status = content_read(file, &source->body->content, from + at, buffer, piece, &done);
    if (SUCCEEDED(status))
      status = content_write(file, &source->body->content, to + at, buffer, piece, &done);
    copied += piece;
  }
  if (SUCCEEDED(status)) {
    source->position = from + size;
    if (source != target)
      target->position = to + size;
    else
      source->position = to + size;
  }
  return status;
}

static HRESULT copy_out(IStream *source, IStream *target, uint64_t size, uint64_t *got, uint64_t *put) {
  enum { PIECE = 65536 };
  uint8_t *buffer = malloc(PIECE);
  HRESULT status = buffer ? S_OK : E_OUTOFMEMORY;

  while (*got < size && SUCCEEDED(status)) {
    uint64_t left = size - *got;
    ULONG piece = 0;
    ULONG written = 0;

    status = Stream_Read(source, buffer, left < PIECE ? (ULONG)left : PIECE, &piece);
    if (FAILED(status) || !piece)
      break;
    *got += piece;
    status = IStream_Write(target, buffer, piece, &written);
    *put += written;
    if (SUCCEEDED(status) && written < piece)
      status = STG_E_MEDIUMFULL;
  }
  free(buffer);
  return status;
}

static HRESULT STDMETHODCALLTYPE Stream_CopyTo(IStream *face, IStream *target, ULARGE_INTEGER count,
                                               ULARGE_INTEGER *read_count, ULARGE_INTEGER *written_count) {
  Stream *stream = from_stream(face);
  uint64_t got = 0;
  uint64_t put = 0;

  if (!target)
    return STG_E_INVALIDPOINTER;
  bool within = target->lpVtbl == &stream_vtable && from_stream(target)->body == stream->body;
  HRESULT status = node_enter(&stream->body->node);
  if (FAILED(status))
    return status;
  uint64_t size = stream->body->content.size;
  size = stream->position < size ? size - stream->position : 0;
  size = size < count.QuadPart ? size : count.QuadPart;
  if (within)
    status = mode_writes(stream->body->node.mode) ? copy_within(stream, from_stream(target), size) : STG_E_ACCESSDENIED;
  node_leave(&stream->body->node);
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

/* Streams are always direct: what they hold counts with their storage. */
static HRESULT STDMETHODCALLTYPE Stream_Commit(IStream *face, DWORD flags) {
  Body *body = from_stream(face)->body;
  HRESULT status = node_enter(&body->node);

  if (FAILED(status))
    return status;
  if (!body->node.docfile->file->transacted && mode_writes(body->node.mode))
    status = compound_file_flush(body->node.docfile->file, !(flags & STGC_DANGEROUSLYCOMMITMERELYTODISKCACHE));
  node_leave(&body->node);
  return status;
}

static HRESULT STDMETHODCALLTYPE Stream_Revert(IStream *face) {
  Body *body = from_stream(face)->body;
  HRESULT status = node_enter(&body->node);

  if (SUCCEEDED(status))
    node_leave(&body->node);
  return status;
}

static HRESULT STDMETHODCALLTYPE Stream_LockRegion(IStream *face, ULARGE_INTEGER offset, ULARGE_INTEGER size,
                                                   DWORD type) {
  (void)face;
  (void)offset;
  (void)size;
  (void)type;
  return STG_E_INVALIDFUNCTION;
}

static HRESULT STDMETHODCALLTYPE Stream_Stat(IStream *face, STATSTG *result, DWORD flags) {
  Body *body = from_stream(face)->body;

  if (!result)
    return STG_E_INVALIDPOINTER;
  if (flags > STATFLAG_NONAME)
    return STG_E_INVALIDFLAG;
  HRESULT status = node_enter(&body->node);
  if (FAILED(status))
    return status;
  status = element_stat(body->node.docfile, body->node.sid, body->node.mode, flags, result);
  node_leave(&body->node);
  return status;
}

static const ObjectType stream_type;

static HRESULT STDMETHODCALLTYPE Stream_Clone(IStream *face, IStream **result) {
  Stream *stream = from_stream(face);

  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  HRESULT status = node_enter(&stream->body->node);
  if (FAILED(status))
    return status;
  Stream *clone = object_create(&stream_type);
  if (clone) {
    clone->body = stream->body;
    clone->body->references++;
    clone->position = stream->position;
    *result = &clone->stream;
  }
  node_leave(&stream->body->node);
  return clone ? S_OK : E_OUTOFMEMORY;
}

static const IStreamVtbl stream_vtable = {
  OLEANDER_FACE_SLOTS(Stream, stream),
  Stream_Read,
  Stream_Write,
  Stream_Seek,
  Stream_SetSize,
  Stream_CopyTo,
  Stream_Commit,
  Stream_Revert,
  Stream_LockRegion,
  Stream_LockRegion, /* UnlockRegion */
  Stream_Stat,
  Stream_Clone,
};
static const ObjectFace stream_faces[] = {
  { &IID_IStream, offsetof(Stream, stream), &stream_vtable },
  { &IID_ISequentialStream, offsetof(Stream, stream), &stream_vtable },
  { 0 },
};
static const ObjectType stream_type = {
  "CompoundStream", sizeof(Stream), offsetof(Stream, object), stream_faces, stream_destroy, NULL,
};

HRESULT stream_object_create(Docfile *docfile, Node *parent, uint32_t sid, DWORD mode, IStream **result) {
  Stream *stream = object_create(&stream_type);
  Body *body = calloc(1, sizeof *body);
  HRESULT status = stream && body ? S_OK : E_OUTOFMEMORY;

  if (SUCCEEDED(status))
    status = content_open(docfile->file, sid, &body->content);
  if (FAILED(status)) {
    free(stream);
    free(body);
    return status;
  }
  body->references = 1;
  docfile_link(docfile, &body->node, parent, sid, mode);
  stream->body = body;
  *result = &stream->stream;
  return S_OK;
}
