/* The reading half of a TextStream. */
#include "text_stream.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#define CHUNK      65536u
#define SPARE      8u          /* units kept from before a refill, and bytes of a character cut in two */
#define MOST_UNITS 0x3FFFFFFEu /* what a BSTR is asked to hold */

HRESULT reader_begin(TextReader *reader, int fd, Tristate format) {
  memset(reader, 0, sizeof *reader);
  reader->fd = fd;
  reader->unicode = format == TristateTrue;
  reader->detect = format == TristateUseDefault;
  reader->position = (TextPosition){ 1, 1 };
  reader->bytes = malloc(CHUNK + SPARE);
  reader->units = malloc((CHUNK + 2 * SPARE) * sizeof *reader->units);
  if (reader->bytes && reader->units)
    return S_OK;
  reader_end(reader);
  return E_OUTOFMEMORY;
}

void reader_end(TextReader *reader) {
  free(reader->bytes);
  free(reader->units);
  reader->bytes = NULL;
  reader->units = NULL;
}

void position_advance(TextPosition *position, const OLECHAR *text, size_t units) {
  size_t i, begin = 0;

  for (i = 0; i < units; i++) {
    if (text[i] == '\n') {
      position->line++;
      position->column = 1;
      begin = i + 1;
    }
  }
  position->column += (int64_t)(units - begin);
}

/* Reads some bytes behind those that are there. */
static HRESULT read_bytes(TextReader *reader) {
  ssize_t got;

  do {
    got = read(reader->fd, reader->bytes + reader->byte_count, CHUNK + SPARE - reader->byte_count);
  } while (got < 0 && errno == EINTR);
  if (got < 0)
    return error_from_errno(errno, RUNTIME_DEVICE_IO);
  if (got == 0)
    reader->ended = true;
  reader->byte_count += (size_t)got;
  return S_OK;
}

static void drop_bytes(TextReader *reader, size_t count) {
  reader->byte_count -= count;
  memmove(reader->bytes, reader->bytes + count, reader->byte_count);
}

/* Takes a byte order mark off the beginning. */
static HRESULT begin(TextReader *reader) {
  static const char utf8_mark[] = { '\xEF', '\xBB', '\xBF' }, utf16_mark[] = { '\xFF', '\xFE' };
  HRESULT hr = S_OK;

  while (SUCCEEDED(hr) && reader->byte_count < sizeof utf8_mark && !reader->ended)
    hr = read_bytes(reader);
  if (FAILED(hr))
    return hr;
  reader->begun = true;
  if ((reader->unicode || reader->detect) && reader->byte_count >= sizeof utf16_mark &&
      memcmp(reader->bytes, utf16_mark, sizeof utf16_mark) == 0) {
    reader->unicode = true;
    drop_bytes(reader, sizeof utf16_mark);
  } else if (!reader->unicode && reader->byte_count >= sizeof utf8_mark &&
             memcmp(reader->bytes, utf8_mark, sizeof utf8_mark) == 0) {
    drop_bytes(reader, sizeof utf8_mark);
  }
  return S_OK;
}

/* Half a unit at the end of the file is no character: it is passed over. */
static void decode_utf16(TextReader *reader) {
  size_t units = reader->byte_count / sizeof(OLECHAR);

  memcpy(reader->units + reader->count, reader->bytes, units * sizeof(OLECHAR));
  reader->count += units;
  drop_bytes(reader, units * sizeof(OLECHAR));
  if (reader->ended)
    reader->byte_count = 0;
}

static void decode_bytes(TextReader *reader) {
  size_t used;

  if (reader->unicode) {
    decode_utf16(reader);
    return;
  }
  reader->count += text_decode(reader->bytes, reader->byte_count, reader->ended, reader->units + reader->count, &used);
  drop_bytes(reader, used);
}

/* Makes sure that `least` (at most 2) units wait to be read, or that all that is left does. */
static HRESULT need(TextReader *reader, size_t least) {
  size_t left = reader->count - reader->next;
  HRESULT hr = S_OK;

  if (left >= least)
    return S_OK;
  if (left > 0)
    memmove(reader->units, reader->units + reader->next, left * sizeof *reader->units);
  reader->next = 0;
  reader->count = left;
  if (!reader->begun)
    hr = begin(reader);
  if (SUCCEEDED(hr))
    decode_bytes(reader);
  while (SUCCEEDED(hr) && reader->count < least && !(reader->ended && reader->byte_count == 0)) {
    hr = read_bytes(reader);
    if (SUCCEEDED(hr))
      decode_bytes(reader);
  }
  return hr;
}

HRESULT reader_at_end(TextReader *reader, bool *end) {
  HRESULT hr = need(reader, 1);

  *end = reader->next == reader->count;
  return hr;
}

HRESULT reader_at_line_end(TextReader *reader, bool *end) {
  HRESULT hr = need(reader, 2);
  const OLECHAR *text = reader->units + reader->next;
  size_t left = reader->count - reader->next;

  *end = left == 0 || text[0] == '\n' || (left > 1 && text[0] == '\r' && text[1] == '\n');
  return hr;
}

/* text that is collected over several refills */

typedef struct Collected {
  OLECHAR *units;
  size_t count, room;
} Collected;

static HRESULT collect(Collected *collected, const OLECHAR *text, size_t units) {
  if (collected->count + units > MOST_UNITS)
    return E_OUTOFMEMORY;
  if (collected->count + units > collected->room) {
    size_t room = collected->room * 2 > collected->count + units ? collected->room * 2 : collected->count + units;
    OLECHAR *bigger = realloc(collected->units, room * sizeof *bigger);

    if (!bigger)
      return E_OUTOFMEMORY;
    collected->units = bigger;
    collected->room = room;
  }
  memcpy(collected->units + collected->count, text, units * sizeof *text);
  collected->count += units;
  return S_OK;
}

static HRESULT make_text(const OLECHAR *units, size_t count, BSTR *text) {
  *text = SysAllocStringLen(units, (UINT)count);
  return *text ? S_OK : E_OUTOFMEMORY;
}

/* Takes up to `most` units; into *text, or nowhere when it is NULL. S_FALSE: there were fewer. */
static HRESULT take(TextReader *reader, size_t most, BSTR *text) {
  Collected collected = { NULL, 0, 0 };
  HRESULT hr = need(reader, 1);
  bool first = true;

  if (SUCCEEDED(hr) && reader->next == reader->count)
    return RUNTIME_PAST_END;
  while (SUCCEEDED(hr) && most > 0 && reader->next < reader->count) {
    size_t left = reader->count - reader->next, part = left < most ? left : most;
    const OLECHAR *units = reader->units + reader->next;

    /* All of it in one piece: no copy in between. */
    if (text && first && part == most)
      hr = make_text(units, part, text);
    else if (text)
      hr = collect(&collected, units, part);
    if (FAILED(hr))
      break;
    position_advance(&reader->position, units, part);
    reader->next += part;
    most -= part;
    first = false;
    if (most > 0)
      hr = need(reader, 1);
  }
  if (SUCCEEDED(hr) && text && !*text)
    hr = make_text(collected.units ? collected.units : OLESTR(""), collected.count, text);
  free(collected.units);
  return hr == S_OK && most > 0 ? S_FALSE : hr;
}

HRESULT reader_read(TextReader *reader, size_t most, BSTR *text) {
  *text = NULL;
  return most > 0 ? take(reader, most, text) : S_OK;
}

HRESULT reader_read_all(TextReader *reader, BSTR *text) {
  *text = NULL;
  return take(reader, SIZE_MAX, text);
}

HRESULT reader_skip(TextReader *reader, size_t most) {
  HRESULT hr = most > 0 ? take(reader, most, NULL) : S_OK;

  return hr == S_FALSE ? S_OK : hr;
}

/* lines */

static size_t find_line_feed(const OLECHAR *units, size_t count) {
  size_t i = 0;

  while (i < count && units[i] != '\n')
    i++;
  return i;
}

static size_t without_carriage_return(const OLECHAR *units, size_t count) {
  return count > 0 && units[count - 1] == '\r' ? count - 1 : count;
}

HRESULT reader_read_line(TextReader *reader, BSTR *text) {
  Collected collected = { NULL, 0, 0 };
  HRESULT hr = need(reader, 1);
  bool found = false;

  if (text)
    *text = NULL;
  if (SUCCEEDED(hr) && reader->next == reader->count)
    return RUNTIME_PAST_END;
  while (SUCCEEDED(hr) && !found && reader->next < reader->count) {
    const OLECHAR *units = reader->units + reader->next;
    size_t left = reader->count - reader->next, size = find_line_feed(units, left);

    found = size < left;
    if (text && found && !collected.units)
      hr = make_text(units, without_carriage_return(units, size), text);
    else if (text)
      hr = collect(&collected, units, size);
    if (FAILED(hr))
      break;
    reader->position.column += (int64_t)size;
    reader->next += size + found;
    if (!found)
      hr = need(reader, 1);
  }
  if (SUCCEEDED(hr) && found)
    reader->position = (TextPosition){ reader->position.line + 1, 1 };
  if (SUCCEEDED(hr) && text && !*text)
    hr = make_text(collected.units ? collected.units : OLESTR(""),
                   found ? without_carriage_return(collected.units, collected.count) : collected.count, text);
  free(collected.units);
  return hr;
}
