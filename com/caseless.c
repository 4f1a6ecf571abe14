/* Texts without regard to case; see caseless.h. */
#include "com/caseless.h"

#include <stdint.h>
#include <string.h>

#include "com/unicode.h"

typedef struct CaseRange {
  uint16_t first, last;
  uint16_t step;
  int32_t delta;
} CaseRange;

static const CaseRange ranges[] = {
#include "com/caseless_table.inc"
};

enum { RANGES = sizeof ranges / sizeof ranges[0] };

static char16_t upper_beyond_ascii(char16_t unit) {
  size_t low = 0, high = RANGES;

  while (low < high) {
    size_t middle = (low + high) / 2;
    const CaseRange *range = &ranges[middle];

    if (unit > range->last)
      low = middle + 1;
    else if (unit < range->first)
      high = middle;
    else
      return (unit - range->first) % range->step ? unit : (char16_t)(unit + range->delta);
  }
  return unit;
}

static uint32_t upper_ascii(uint32_t unit) {
  return unit >= 'a' && unit <= 'z' ? unit - ('a' - 'A') : unit;
}

char16_t caseless_upper(char16_t unit) {
  return unit < 0x80 ? (char16_t)upper_ascii(unit) : upper_beyond_ascii(unit);
}

int caseless_compare(const char16_t *first, const char16_t *second) {
  while (*first && (*first == *second || caseless_upper(*first) == caseless_upper(*second))) {
    first++;
    second++;
  }
  return caseless_upper(*first) - caseless_upper(*second);
}

bool caseless_equal(const char16_t *first, const char16_t *second) {
  return caseless_compare(first, second) == 0;
}

/* The capital of the letter at *text, which moves behind it; a bad byte counts alone. */
static uint32_t next_upper(const unsigned char **text, const unsigned char *end) {
  const unsigned char *start = *text;

  if (*start < 0x80) {
    (*text)++;
    return upper_ascii(*start);
  }
  uint32_t code = utf8_decode(text, end);
  if (code == UINT32_MAX) {
    *text = start + 1;
    return 0x110000u + *start;
  }
  return code < 0x10000 ? upper_beyond_ascii((char16_t)code) : code;
}

int caseless_compare_utf8(const char *first, size_t first_bytes, const char *second, size_t second_bytes) {
  const unsigned char *one = (const unsigned char *)first, *other = (const unsigned char *)second;
  const unsigned char *one_end = one + first_bytes, *other_end = other + second_bytes;

  while (one < one_end && other < other_end) {
    uint32_t left = next_upper(&one, one_end), right = next_upper(&other, other_end);

    if (left != right)
      return left < right ? -1 : 1;
  }
  return (one < one_end) - (other < other_end);
}

bool caseless_equal_utf8(const char *first, const char *second) {
  return caseless_compare_utf8(first, strlen(first), second, strlen(second)) == 0;
}
