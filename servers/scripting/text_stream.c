/* TextStream: the object over a reader or a writer, and the ways to open one. */
#include "text_stream.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

typedef enum StreamState { STREAM_CLOSED, STREAM_READING, STREAM_WRITING } StreamState;

typedef struct TextStream {
  ITextStream stream;
  OleanderObject object;
  pthread_mutex_t lock;
  StreamState state;
  bool standard; /* the descriptor belongs to the process */
  union {
    TextReader reader;
    TextWriter writer;
  } u;
} TextStream;

OLEANDER_DUAL(TextStream, stream, ITextStream)

static TextStream *self_of(ITextStream *face) {
  return OLEANDER_SELF(face, TextStream, stream);
}

/* Begins a method: locks, and says whether the stream is in the state that the method needs. */
static HRESULT enter(TextStream *self, StreamState needed) {
  pthread_mutex_lock(&self->lock);
  if (self->state == STREAM_CLOSED)
    return RUNTIME_OBJECT_NOT_SET;
  return self->state == needed ? S_OK : RUNTIME_BAD_FILE_MODE;
}

static HRESULT leave(TextStream *self, HRESULT hr) {
  pthread_mutex_unlock(&self->lock);
  return scripting_report(hr, &IID_ITextStream, "Scripting.TextStream");
}

static HRESULT enter_writing(TextStream *self) {
  HRESULT hr = enter(self, STREAM_WRITING);

  if (SUCCEEDED(hr) && self->standard)
    fflush(stdout); /* what the process wrote by stdio comes first */
  return hr;
}

static HRESULT close_stream(TextStream *self) {
  HRESULT hr = S_OK;
  int fd = -1;

  if (self->state == STREAM_READING) {
    fd = self->u.reader.fd;
    reader_end(&self->u.reader);
  } else if (self->state == STREAM_WRITING) {
    fd = self->u.writer.fd;
    hr = writer_end(&self->u.writer);
  }
  if (fd >= 0 && !self->standard && close(fd) < 0 && SUCCEEDED(hr) && errno != EINTR)
    hr = error_from_errno(errno, RUNTIME_DEVICE_IO);
  self->state = STREAM_CLOSED;
  return hr;
}

/* ITextStream */

static HRESULT position(TextStream *self, TextPosition *result) {
  *result = (TextPosition){ 0, 0 };
  pthread_mutex_lock(&self->lock);
  if (self->state == STREAM_CLOSED)
    return RUNTIME_OBJECT_NOT_SET;
  *result = self->state == STREAM_READING ? self->u.reader.position : self->u.writer.position;
  return S_OK;
}

static LONG clamped(int64_t number) {
  return number > INT32_MAX ? INT32_MAX : (LONG)number;
}

static HRESULT STDMETHODCALLTYPE TextStream_get_Line(ITextStream *face, LONG *line) {
  TextPosition where;
  HRESULT hr;

  if (!line)
    return E_POINTER;
  hr = leave(self_of(face), position(self_of(face), &where));
  *line = clamped(where.line);
  return hr;
}

static HRESULT STDMETHODCALLTYPE TextStream_get_Column(ITextStream *face, LONG *column) {
  TextPosition where;
  HRESULT hr;

  if (!column)
    return E_POINTER;
  hr = leave(self_of(face), position(self_of(face), &where));
  *column = clamped(where.column);
  return hr;
}

static HRESULT ask_end(ITextStream *face, HRESULT (*question)(TextReader *, bool *), VARIANT_BOOL *answer) {
  TextStream *self = self_of(face);
  bool end = false;
  HRESULT hr;

  if (!answer)
    return E_POINTER;
  hr = enter(self, STREAM_READING);
  if (SUCCEEDED(hr))
    hr = question(&self->u.reader, &end);
  else
    end = hr == RUNTIME_BAD_FILE_MODE; /* a stream that is written to is at its end, beside the error */
  *answer = end ? VARIANT_TRUE : VARIANT_FALSE;
  return leave(self, hr);
}

static HRESULT STDMETHODCALLTYPE TextStream_get_AtEndOfStream(ITextStream *face, VARIANT_BOOL *end) {
  return ask_end(face, reader_at_end, end);
}

static HRESULT STDMETHODCALLTYPE TextStream_get_AtEndOfLine(ITextStream *face, VARIANT_BOOL *end) {
  return ask_end(face, reader_at_line_end, end);
}

static HRESULT STDMETHODCALLTYPE TextStream_Read(ITextStream *face, LONG characters, BSTR *text) {
  TextStream *self = self_of(face);
  HRESULT hr;

  if (!text)
    return E_POINTER;
  *text = NULL;
  hr = enter(self, STREAM_READING);
  if (SUCCEEDED(hr))
    hr = characters < 0 ? E_INVALIDARG : reader_read(&self->u.reader, (size_t)characters, text);
  return leave(self, hr);
}

static HRESULT STDMETHODCALLTYPE TextStream_ReadLine(ITextStream *face, BSTR *text) {
  TextStream *self = self_of(face);
  HRESULT hr;

  if (!text)
    return E_POINTER;
  *text = NULL;
  hr = enter(self, STREAM_READING);
  if (SUCCEEDED(hr))
    hr = reader_read_line(&self->u.reader, text);
  return leave(self, hr);
}

static HRESULT STDMETHODCALLTYPE TextStream_ReadAll(ITextStream *face, BSTR *text) {
  TextStream *self = self_of(face);
  HRESULT hr;

  if (!text)
    return E_POINTER;
  *text = NULL;
  hr = enter(self, STREAM_READING);
  if (SUCCEEDED(hr))
    hr = reader_read_all(&self->u.reader, text);
  return leave(self, hr);
}

static HRESULT STDMETHODCALLTYPE TextStream_Write(ITextStream *face, BSTR text) {
  TextStream *self = self_of(face);
  HRESULT hr = enter_writing(self);

  if (SUCCEEDED(hr))
    hr = writer_write(&self->u.writer, text, SysStringLen(text));
  return leave(self, hr);
}

static HRESULT STDMETHODCALLTYPE TextStream_WriteLine(ITextStream *face, BSTR text) {
  TextStream *self = self_of(face);
  HRESULT hr = enter_writing(self);

  if (SUCCEEDED(hr) && SysStringLen(text) > 0)
    hr = writer_write(&self->u.writer, text, SysStringLen(text));
  if (SUCCEEDED(hr))
    hr = writer_new_lines(&self->u.writer, 1);
  return leave(self, hr);
}

static HRESULT STDMETHODCALLTYPE TextStream_WriteBlankLines(ITextStream *face, LONG lines) {
  TextStream *self = self_of(face);
  HRESULT hr = enter_writing(self);

  if (SUCCEEDED(hr))
    hr = lines < 0 ? E_INVALIDARG : writer_new_lines(&self->u.writer, (size_t)lines);
  return leave(self, hr);
}

static HRESULT STDMETHODCALLTYPE TextStream_Skip(ITextStream *face, LONG characters) {
  TextStream *self = self_of(face);
  HRESULT hr = enter(self, STREAM_READING);

  if (SUCCEEDED(hr))
    hr = characters < 0 ? E_INVALIDARG : reader_skip(&self->u.reader, (size_t)characters);
  return leave(self, hr);
}

static HRESULT STDMETHODCALLTYPE TextStream_SkipLine(ITextStream *face) {
  TextStream *self = self_of(face);
  HRESULT hr = enter(self, STREAM_READING);

  if (SUCCEEDED(hr))
    hr = reader_read_line(&self->u.reader, NULL);
  return leave(self, hr);
}

/* S_FALSE: it was closed. */
static HRESULT STDMETHODCALLTYPE TextStream_Close(ITextStream *face) {
  TextStream *self = self_of(face);

  pthread_mutex_lock(&self->lock);
  return leave(self, self->state == STREAM_CLOSED ? S_FALSE : close_stream(self));
}

static const ITextStreamVtbl text_stream_vtable = { OLEANDER_DUAL_SLOTS(TextStream, stream),
                                                    TextStream_get_Line,
                                                    TextStream_get_Column,
                                                    TextStream_get_AtEndOfStream,
                                                    TextStream_get_AtEndOfLine,
                                                    TextStream_Read,
                                                    TextStream_ReadLine,
                                                    TextStream_ReadAll,
                                                    TextStream_Write,
                                                    TextStream_WriteLine,
                                                    TextStream_WriteBlankLines,
                                                    TextStream_Skip,
                                                    TextStream_SkipLine,
                                                    TextStream_Close };

/* the class */

static HRESULT TextStream_construct(void *pointer) {
  TextStream *self = pointer;

  return pthread_mutex_init(&self->lock, NULL) == 0 ? S_OK : E_OUTOFMEMORY;
}

static void TextStream_destroy(void *pointer) {
  TextStream *self = pointer;

  close_stream(self);
  pthread_mutex_destroy(&self->lock);
}

static const OleanderFace text_stream_faces[] = {
  { &IID_ITextStream, offsetof(TextStream, stream), &text_stream_vtable }, { 0 }
};

OleanderClass text_stream_class = { .module = &scripting_module,
                                    .clsid = &CLSID_TextStream,
                                    .title = "Scripting.TextStream",
                                    .size = sizeof(TextStream),
                                    .object = offsetof(TextStream, object),
                                    .faces = text_stream_faces,
                                    .construct = TextStream_construct,
                                    .destroy = TextStream_destroy };

/* opening */

/* How a stream shall begin. */
typedef struct StreamPlan {
  bool reading;
  bool standard;
  bool mark; /* a byte order mark, if it is UTF-16 */
  Tristate format;
} StreamPlan;

/* A stream over `fd`, which it closes in the end, now if this fails. */
static HRESULT stream_over(int fd, const StreamPlan *plan, ITextStream **stream) {
  TextStream *self;
  void *made;
  HRESULT hr = oleander_object_create(&text_stream_class, NULL, &made);

  if (FAILED(hr)) {
    if (!plan->standard)
      close(fd);
    return hr;
  }
  self = made;
  self->standard = plan->standard;
  if (plan->reading) {
    hr = reader_begin(&self->u.reader, fd, plan->format);
    self->state = STREAM_READING;
  } else {
    hr = writer_begin(&self->u.writer, fd, plan->format == TristateTrue, plan->mark);
    self->u.writer.immediate = plan->standard;
    self->state = STREAM_WRITING;
  }
  if (FAILED(hr)) {
    ITextStream_Release(&self->stream);
    return hr;
  }
  *stream = &self->stream;
  return S_OK;
}

/* ENOENT may mean the file or its folder. */
static HRESULT open_error(const char *path, int number) {
  HRESULT missing = RUNTIME_FILE_NOT_FOUND;
  char *parent = NULL;

  if (number == ENOENT && path_parent(path, &parent) == S_OK && !facts_is_folder(parent))
    missing = RUNTIME_PATH_NOT_FOUND;
  free(parent);
  return error_from_errno(number, missing);
}

static HRESULT open_file(const char *path, int flags, int *fd, struct stat *status) {
  do {
    *fd = open(path, flags | O_CLOEXEC | O_NOCTTY, 0666);
  } while (*fd < 0 && errno == EINTR);
  if (*fd < 0)
    return open_error(path, errno);
  if (fstat(*fd, status) < 0 || S_ISDIR(status->st_mode)) {
    close(*fd);
    return RUNTIME_PERMISSION_DENIED;
  }
  return S_OK;
}

/* Whether the file begins with the mark of UTF-16; one that can't be read has none. */
static bool has_utf16_mark(const char *path) {
  unsigned char bytes[2];
  int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
  bool found = fd >= 0 && pread(fd, bytes, sizeof bytes, 0) == sizeof bytes && bytes[0] == 0xFF && bytes[1] == 0xFE;

  if (fd >= 0)
    close(fd);
  return found;
}

HRESULT text_stream_open(const char *path, IOMode mode, bool create, Tristate format, ITextStream **stream) {
  StreamPlan plan = { .reading = mode == ForReading, .format = format };
  int flags = create ? O_CREAT : 0, fd;
  struct stat status;
  HRESULT hr;

  *stream = NULL;
  if (format != TristateTrue && format != TristateFalse && format != TristateUseDefault)
    return E_INVALIDARG;
  switch ((int)mode) {
  case ForReading:
    flags |= O_RDONLY;
    break;
  case ForWriting:
    flags |= O_WRONLY | O_TRUNC;
    break;
  case ForAppending:
    flags |= O_WRONLY | O_APPEND;
    break;
  default:
    return E_INVALIDARG;
  }
  hr = open_file(path, flags, &fd, &status);
  if (FAILED(hr))
    return hr;
  plan.mark = mode == ForWriting || status.st_size == 0;
  if (mode == ForAppending && format == TristateUseDefault && S_ISREG(status.st_mode) && has_utf16_mark(path))
    plan.format = TristateTrue;
  return stream_over(fd, &plan, stream);
}

HRESULT text_stream_create(const char *path, bool overwrite, bool unicode, ITextStream **stream) {
  StreamPlan plan = { .mark = true, .format = unicode ? TristateTrue : TristateFalse };
  struct stat status;
  int fd;
  HRESULT hr = open_file(path, O_WRONLY | O_CREAT | (overwrite ? O_TRUNC : O_EXCL), &fd, &status);

  *stream = NULL;
  return SUCCEEDED(hr) ? stream_over(fd, &plan, stream) : hr;
}

HRESULT text_stream_standard(StandardStreamTypes which, bool unicode, ITextStream **stream) {
  StreamPlan plan = { .standard = true, .format = unicode ? TristateTrue : TristateFalse };

  *stream = NULL;
  if ((int)which < StdIn || (int)which > StdErr)
    return E_INVALIDARG;
  plan.reading = which == StdIn;
  return stream_over((int)which, &plan, stream);
}
