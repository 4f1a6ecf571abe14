/* A growing UTF-16 text; see text_buffer.h. */
#include "dispatch/text/text_buffer.h"

#include <oleauto.h>

#include <stdlib.h>
#include <string.h>

void text_init(TextBuffer *buffer) {
  buffer->text = buffer->start;
  buffer->length = 0;
  buffer->capacity = TEXT_BUFFER_INLINE;
  buffer->failed = FALSE;
}

void text_release(TextBuffer *buffer) {
  if (buffer->text != buffer->start)
    free(buffer->text);
  text_init(buffer);
}

static BOOL text_reserve(TextBuffer *buffer, size_t more) {
  size_t needed = buffer->length + more;
  size_t capacity = buffer->capacity * 2 > needed ? buffer->capacity * 2 : needed;

  if (buffer->failed)
    return FALSE;
  if (needed <= buffer->capacity)
    return TRUE;
  char16_t *old = buffer->text != buffer->start ? buffer->text : NULL;
  char16_t *text = realloc(old, capacity * sizeof *text);
  if (!text) {
    buffer->failed = TRUE;
    return FALSE;
  }
  if (!old)
    memcpy(text, buffer->start, buffer->length * sizeof *text);
  buffer->text = text;
  buffer->capacity = capacity;
  return TRUE;
}

void text_append(TextBuffer *buffer, const char16_t *text, size_t length) {
  if (length == 0 || !text_reserve(buffer, length))
    return;
  memcpy(buffer->text + buffer->length, text, length * sizeof *text);
  buffer->length += length;
}

void text_append_string(TextBuffer *buffer, const char16_t *text) {
  size_t length = 0;

  while (text[length] != 0)
    length++;
  text_append(buffer, text, length);
}

void text_append_char(TextBuffer *buffer, char16_t c) {
  text_append(buffer, &c, 1);
}

void text_append_number(TextBuffer *buffer, unsigned value, int width) {
  char16_t digits[16];
  int count = 0;

  do {
    digits[15 - count++] = (char16_t)(u'0' + value % 10);
    value /= 10;
  } while (value != 0);
  while (count < width && count < 16)
    digits[15 - count++] = u'0';
  text_append(buffer, digits + 16 - count, (size_t)count);
}

void text_insert_char(TextBuffer *buffer, size_t position, char16_t c) {
  if (position > buffer->length || !text_reserve(buffer, 1))
    return;
  memmove(buffer->text + position + 1, buffer->text + position, (buffer->length - position) * sizeof c);
  buffer->text[position] = c;
  buffer->length++;
}

HRESULT text_finish(TextBuffer *buffer, BSTR *text) {
  *text = NULL;
  if (!buffer->failed)
    *text = SysAllocStringLen(buffer->text, (UINT)buffer->length);
  text_release(buffer);
  return *text ? S_OK : E_OUTOFMEMORY;
}
