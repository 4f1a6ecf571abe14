/* UTF-8 and UTF-16, one to one also for lone surrogates (WTF-8); see unicode.h. */
#include "com/unicode.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

uint32_t utf8_decode(const unsigned char **p, const unsigned char *end) {
  static const uint32_t least[] = { 0, 0x80, 0x800, 0x10000 };
  uint32_t code = *(*p)++;
  int more;

  if (code < 0x80)
    return code;
  if (code >= 0xC2 && code < 0xE0) {
    more = 1;
    code &= 0x1F;
  } else if (code >= 0xE0 && code < 0xF0) {
    more = 2;
    code &= 0x0F;
  } else if (code >= 0xF0 && code < 0xF5) {
    more = 3;
    code &= 0x07;
  } else {
    return UINT32_MAX;
  }
  if (end - *p < more)
    return UINT32_MAX;
  for (int i = 0; i < more; i++) {
    unsigned char next = *(*p)++;

    if ((next & 0xC0) != 0x80)
      return UINT32_MAX;
    code = code << 6 | (next & 0x3F);
  }
  return code < least[more] || code > 0x10FFFF ? UINT32_MAX : code;
}

size_t utf16_length(const char *text, size_t bytes) {
  const unsigned char *p = (const unsigned char *)text;
  const unsigned char *end = p + bytes;
  size_t units = 0;
  int after_high = 0;

  while (p < end) {
    uint32_t code;

    if (*p < 0x80) {
      p++;
      units++;
      after_high = 0;
      continue;
    }
    code = utf8_decode(&p, end);
    if (code == UINT32_MAX || (after_high && code >= 0xDC00 && code < 0xE000))
      return UNICODE_INVALID;
    after_high = code >= 0xD800 && code < 0xDC00;
    units += code >= 0x10000 ? 2 : 1;
  }
  return units;
}

size_t utf16_from_utf8(const char *text, size_t bytes, char16_t *out) {
  const unsigned char *p = (const unsigned char *)text;
  const unsigned char *end = p + bytes;
  char16_t *start = out;

  while (p < end) {
    uint32_t code = *p < 0x80 ? *p++ : utf8_decode(&p, end);

    if (code >= 0x10000) {
      code -= 0x10000;
      *out++ = (char16_t)(0xD800 + (code >> 10));
      *out++ = (char16_t)(0xDC00 + (code & 0x3FF));
    } else {
      *out++ = (char16_t)code;
    }
  }
  return (size_t)(out - start);
}

/* The scalar or lone surrogate at text[*i]; moves *i behind it. */
static uint32_t next_code(const char16_t *text, size_t units, size_t *i) {
  uint32_t code = text[(*i)++];

  if (code >= 0xD800 && code < 0xDC00 && *i < units && text[*i] >= 0xDC00 && text[*i] < 0xE000)
    code = 0x10000 + ((code - 0xD800) << 10) + (uint32_t)(text[(*i)++] - 0xDC00);
  return code;
}

size_t utf8_length(const char16_t *text, size_t units) {
  size_t bytes = 0;
  size_t i = 0;

  while (i < units) {
    uint32_t code = next_code(text, units, &i);

    bytes += code < 0x80 ? 1 : code < 0x800 ? 2 : code < 0x10000 ? 3 : 4;
  }
  return bytes;
}

size_t utf8_from_utf16(const char16_t *text, size_t units, char *out) {
  char *start = out;
  size_t i = 0;

  while (i < units) {
    uint32_t code = next_code(text, units, &i);

    if (code < 0x80) {
      *out++ = (char)code;
    } else if (code < 0x800) {
      *out++ = (char)(0xC0 | code >> 6);
      *out++ = (char)(0x80 | (code & 0x3F));
    } else {
      if (code < 0x10000) {
        *out++ = (char)(0xE0 | code >> 12);
      } else {
        *out++ = (char)(0xF0 | code >> 18);
        *out++ = (char)(0x80 | (code >> 12 & 0x3F));
      }
      *out++ = (char)(0x80 | (code >> 6 & 0x3F));
      *out++ = (char)(0x80 | (code & 0x3F));
    }
  }
  return (size_t)(out - start);
}

size_t utf16_units(const char16_t *text) {
  size_t units = 0;

  if (text)
    while (text[units])
      units++;
  return units;
}

bool utf16_equal(const char16_t *first, const char16_t *second) {
  while (*first && *first == *second) {
    first++;
    second++;
  }
  return *first == *second;
}

char *utf8_copy(const char16_t *text) {
  size_t units = utf16_units(text);
  size_t bytes = utf8_length(text, units);
  char *copy = malloc(bytes + 1);

  if (copy)
    copy[utf8_from_utf16(text, units, copy)] = '\0';
  return copy;
}

char16_t *utf16_copy(const char *text) {
  size_t bytes = strlen(text);
  size_t units = utf16_length(text, bytes);
  char16_t *copy = units == UNICODE_INVALID ? NULL : malloc((units + 1) * sizeof *copy);

  if (copy)
    copy[utf16_from_utf8(text, bytes, copy)] = 0;
  return copy;
}
