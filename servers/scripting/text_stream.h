/* The two halves of a TextStream: a reader and a writer over a file descriptor, both buffered. Not locked.
 *
 * Characters are UTF-16 units, as in a BSTR. The file is UTF-8, or UTF-16 (little-endian) when `unicode`. A line
 * ends with LF or CR LF when read, with LF when written. */
#ifndef SCRIPTING_TEXT_STREAM_H
#define SCRIPTING_TEXT_STREAM_H

#include "scripting_internal.h"

/* Where the next character stands, both from 1. */
typedef struct TextPosition {
  int64_t line, column;
} TextPosition;

void position_advance(TextPosition *position, const OLECHAR *text, size_t units);

typedef struct TextReader {
  int fd;
  bool unicode;
  bool detect; /* a mark of UTF-16 at the beginning decides */
  bool begun;  /* the mark at the beginning has been looked for */
  bool ended;  /* no more bytes */
  char *bytes; /* read and not yet decoded */
  size_t byte_count;
  OLECHAR *units; /* decoded and not yet read: from `next` to `count` */
  size_t next, count;
  TextPosition position;
} TextReader;

HRESULT reader_begin(TextReader *reader, int fd, Tristate format);
void reader_end(TextReader *reader);
HRESULT reader_at_end(TextReader *reader, bool *end);
HRESULT reader_at_line_end(TextReader *reader, bool *end);
/* S_FALSE when the text is shorter than `most`; RUNTIME_PAST_END and NULL at the end. */
HRESULT reader_read(TextReader *reader, size_t most, BSTR *text);
HRESULT reader_read_line(TextReader *reader, BSTR *text); /* NULL: skips it */
HRESULT reader_read_all(TextReader *reader, BSTR *text);
HRESULT reader_skip(TextReader *reader, size_t most);

typedef struct TextWriter {
  int fd;
  bool unicode;
  bool immediate; /* nothing stays in the buffer between calls */
  OLECHAR high;   /* the first half of a pair whose second has not come; 0 for none */
  char *bytes;
  size_t byte_count;
  TextPosition position;
} TextWriter;

HRESULT writer_begin(TextWriter *writer, int fd, bool unicode, bool mark);
HRESULT writer_write(TextWriter *writer, const OLECHAR *text, size_t units);
HRESULT writer_new_lines(TextWriter *writer, size_t lines);
HRESULT writer_flush(TextWriter *writer);
HRESULT writer_end(TextWriter *writer); /* flushes and frees */

#endif
