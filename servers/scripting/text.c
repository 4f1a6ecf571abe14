/* UTF-8 to UTF-16 and back without loss; see scripting_internal.h. */
#include "scripting_internal.h"

#include <stdlib.h>
#include <string.h>

/* The unit that stands for a byte which is not UTF-8. */
static OLECHAR escaped(unsigned char raw) {
  return (OLECHAR)(0xDC00 + raw);
}

/* Length of the well-formed character at `bytes` and its code; 0 when it is not well-formed, -1 when more bytes
 * are needed to tell. (Unicode, table 3-7.) */
static int decode_character(const unsigned char *bytes, size_t size, uint32_t *code) {
  unsigned char first = bytes[0], low = 0x80, high = 0xBF;
  int length, i;

  if (first < 0xC2 || first > 0xF4)
    return 0;
  length = first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  if (first == 0xE0)
    low = 0xA0;
  else if (first == 0xED)
    high = 0x9F;
  else if (first == 0xF0)
    low = 0x90;
  else if (first == 0xF4)
    high = 0x8F;
  *code = first & (0x7Fu >> length);
  for (i = 1; i < length; i++) {
    if ((size_t)i >= size)
      return -1;
    if (bytes[i] < low || bytes[i] > high)
      return 0;
    low = 0x80;
    high = 0xBF;
    *code = *code << 6 | (bytes[i] & 0x3Fu);
  }
  return length;
}

/* The ASCII at the beginning; returns its length. */
static size_t decode_ascii(const unsigned char *bytes, size_t size, OLECHAR *out) {
  size_t i = 0, k;
  uint64_t word;

  for (; i + 8 <= size; i += 8) {
    memcpy(&word, bytes + i, 8);
    if (word & 0x8080808080808080u)
      break;
    for (k = 0; k < 8; k++)
      out[i + k] = bytes[i + k];
  }
  for (; i < size && bytes[i] < 0x80; i++)
    out[i] = bytes[i];
  return i;
}

size_t text_decode(const char *text, size_t size, bool last, OLECHAR *out, size_t *used) {
  const unsigned char *bytes = (const unsigned char *)text;
  size_t i = 0, units = 0;

  while (i < size) {
    size_t ascii = decode_ascii(bytes + i, size - i, out + units);
    uint32_t code = 0;
    int length;

    i += ascii;
    units += ascii;
    if (i == size)
      break;
    length = decode_character(bytes + i, size - i, &code);
    if (length < 0 && !last)
      break;
    if (length <= 0) {
      out[units++] = escaped(bytes[i++]);
      continue;
    }
    i += (size_t)length;
    if (code >= 0x10000) {
      out[units++] = (OLECHAR)(0xD7C0 + (code >> 10));
      code = 0xDC00 + (code & 0x3FF);
    }
    out[units++] = (OLECHAR)code;
  }
  *used = i;
  return units;
}

size_t text_encode(const OLECHAR *text, size_t units, char *result) {
  unsigned char *out = (unsigned char *)result;
  size_t i;

  for (i = 0; i < units; i++) {
    uint32_t code = text[i];

    if (code < 0x80) {
      *out++ = (unsigned char)code;
    } else if (code < 0x800) {
      *out++ = (unsigned char)(0xC0 | code >> 6);
      *out++ = (unsigned char)(0x80 | (code & 0x3F));
    } else if ((code & 0xFC00) == 0xD800 && i + 1 < units && (text[i + 1] & 0xFC00) == 0xDC00) {
      code = 0x10000 + ((code & 0x3FF) << 10) + (text[++i] & 0x3FFu);
      *out++ = (unsigned char)(0xF0 | code >> 18);
      *out++ = (unsigned char)(0x80 | (code >> 12 & 0x3F));
      *out++ = (unsigned char)(0x80 | (code >> 6 & 0x3F));
      *out++ = (unsigned char)(0x80 | (code & 0x3F));
    } else if (code >= 0xDC80 && code <= 0xDCFF) {
      *out++ = (unsigned char)code;
    } else {
      if ((code & 0xF800) == 0xD800)
        code = 0xFFFD;
      *out++ = (unsigned char)(0xE0 | code >> 12);
      *out++ = (unsigned char)(0x80 | (code >> 6 & 0x3F));
      *out++ = (unsigned char)(0x80 | (code & 0x3F));
    }
  }
  return (size_t)(out - (unsigned char *)result);
}

HRESULT text_bstr(const char *bytes, size_t size, BSTR *result) {
  OLECHAR *units = malloc((size + 1) * sizeof *units);
  size_t count, used;

  *result = NULL;
  if (!units)
    return E_OUTOFMEMORY;
  count = text_decode(bytes, size, true, units, &used);
  *result = SysAllocStringLen(units, (UINT)count);
  free(units);
  return *result ? S_OK : E_OUTOFMEMORY;
}
