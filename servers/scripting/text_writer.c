/* The writing half of a TextStream. */
#include "text_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define ROOM 65536u

HRESULT writer_begin(TextWriter *writer, int fd, bool unicode, bool mark) {
  memset(writer, 0, sizeof *writer);
  writer->fd = fd;
  writer->unicode = unicode;
  writer->position = (TextPosition){ 1, 1 };
  writer->bytes = malloc(ROOM);
  if (!writer->bytes)
    return E_OUTOFMEMORY;
  if (unicode && mark) {
    memcpy(writer->bytes, "\xFF\xFE", 2);
    writer->byte_count = 2;
  }
  return S_OK;
}

/* What could not be written is dropped: the error is reported once, not again at the end. */
HRESULT writer_flush(TextWriter *writer) {
  size_t done = 0;
  HRESULT hr = S_OK;

  while (done < writer->byte_count && SUCCEEDED(hr)) {
    ssize_t written = write(writer->fd, writer->bytes + done, writer->byte_count - done);

    if (written >= 0)
      done += (size_t)written;
    else if (errno != EINTR)
      hr = error_from_errno(errno, RUNTIME_DEVICE_IO);
  }
  writer->byte_count = 0;
  return hr;
}

/* Puts units into the buffer that are complete characters. */
static HRESULT put(TextWriter *writer, const OLECHAR *text, size_t units) {
  while (units > 0) {
    size_t part = (ROOM - writer->byte_count) / 3;

    if (part < 2) {
      HRESULT hr = writer_flush(writer);

      if (FAILED(hr))
        return hr;
      continue;
    }
    if (part > units)
      part = units;
    else if (part < units && (text[part - 1] & 0xFC00) == 0xD800)
      part--; /* a pair stays together */
    if (writer->unicode) {
      memcpy(writer->bytes + writer->byte_count, text, part * sizeof *text);
      writer->byte_count += part * sizeof *text;
    } else {
      writer->byte_count += text_encode(text, part, writer->bytes + writer->byte_count);
    }
    text += part;
    units -= part;
  }
  return S_OK;
}

/* A first half of a pair waits for its second, which the next call may bring. */
static HRESULT put_halves(TextWriter *writer, const OLECHAR **text, size_t *units) {
  HRESULT hr = S_OK;

  if (writer->high && *units > 0) {
    OLECHAR pair[2] = { writer->high, **text };
    bool fits = (pair[1] & 0xFC00) == 0xDC00;

    writer->high = 0;
    hr = put(writer, pair, fits ? 2 : 1);
    *text += fits;
    *units -= fits;
  }
  if (*units > 0 && ((*text)[*units - 1] & 0xFC00) == 0xD800)
    writer->high = (*text)[--*units];
  return hr;
}

HRESULT writer_write(TextWriter *writer, const OLECHAR *text, size_t units) {
  HRESULT hr;

  position_advance(&writer->position, text, units);
  hr = put_halves(writer, &text, &units);
  if (SUCCEEDED(hr))
    hr = put(writer, text, units);
  if (SUCCEEDED(hr) && writer->immediate)
    hr = writer_flush(writer);
  return hr;
}

HRESULT writer_new_lines(TextWriter *writer, size_t lines) {
  static const OLECHAR feeds[] = u"\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n\n";
  const size_t most = sizeof feeds / sizeof *feeds - 1;
  HRESULT hr = S_OK;

  while (lines > 0 && SUCCEEDED(hr)) {
    size_t part = lines < most ? lines : most;

    hr = writer_write(writer, feeds, part);
    lines -= part;
  }
  return hr;
}

HRESULT writer_end(TextWriter *writer) {
  HRESULT hr = S_OK;

  if (writer->high)
    hr = put(writer, &writer->high, 1);
  writer->high = 0;
  if (SUCCEEDED(hr))
    hr = writer_flush(writer);
  free(writer->bytes);
  writer->bytes = NULL;
  return hr;
}
