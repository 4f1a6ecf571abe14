/*
 * A growing UTF-16 text with sticky failure: callers append without checks and look once, at the end.
 */
#ifndef OLEANDER_DISPATCH_TEXT_BUFFER_H
#define OLEANDER_DISPATCH_TEXT_BUFFER_H

#include <wtypes.h>

#include <stddef.h>

enum { TEXT_BUFFER_INLINE = 128 };

typedef struct TextBuffer {
  char16_t *text; /* points to `start` until it grows; not terminated */
  size_t length, capacity;
  BOOL failed; /* out of memory: `text` is incomplete */
  char16_t start[TEXT_BUFFER_INLINE];
} TextBuffer;

void text_init(TextBuffer *buffer);
void text_release(TextBuffer *buffer);

/* `text` may lie in the buffer itself only when nothing grows. */
void text_append(TextBuffer *buffer, const char16_t *text, size_t length);
void text_append_string(TextBuffer *buffer, const char16_t *text);
void text_append_char(TextBuffer *buffer, char16_t c);

/* Decimal digits, with zeros in front up to `width`. */
void text_append_number(TextBuffer *buffer, unsigned value, int width);

/* Opens a gap of one character. */
void text_insert_char(TextBuffer *buffer, size_t position, char16_t c);

/* The text as a new BSTR; releases the buffer. E_OUTOFMEMORY also when an append failed. */
HRESULT text_finish(TextBuffer *buffer, BSTR *text);

#endif
