/* UTF-16 texts in assertions; see text.h. */
#include "support/text.h"

#include <string.h>

enum { BUFFERS = 8, BUFFER_SIZE = 512 };

static size_t put_code(char *out, unsigned code) {
  if (code < 0x80) {
    out[0] = (char)code;
    return 1;
  }
  if (code < 0x800) {
    out[0] = (char)(0xC0 | code >> 6);
    out[1] = (char)(0x80 | (code & 0x3F));
    return 2;
  }
  out[0] = (char)(0xE0 | code >> 12);
  out[1] = (char)(0x80 | (code >> 6 & 0x3F));
  out[2] = (char)(0x80 | (code & 0x3F));
  return 3;
}

const char *text_show(const OLECHAR *text) {
  static char buffers[BUFFERS][BUFFER_SIZE];
  static unsigned next;
  char *buffer = buffers[next++ % BUFFERS];
  size_t length = 0;

  if (text == NULL)
    return "(null)";
  for (; *text != 0 && length < BUFFER_SIZE - 4; text++)
    length += put_code(buffer + length, *text);
  buffer[length] = 0;
  return buffer;
}

BOOL text_equals(BSTR actual, const OLECHAR *expected) {
  size_t length = 0;

  if (actual == NULL || expected == NULL)
    return actual == expected;
  while (expected[length] != 0)
    length++;
  return SysStringLen(actual) == length && memcmp(actual, expected, length * sizeof *expected) == 0;
}
