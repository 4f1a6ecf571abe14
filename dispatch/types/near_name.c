#include "dispatch/types/near_name.h"

#include "com/com_api.h"

#include <string.h>

enum { LONGEST = 64, SHORT_NAME = 3 };

static unsigned least(unsigned a, unsigned b) {
  return a < b ? a : b;
}

unsigned near_name_most(const OLECHAR *name) {
  return utf16_units(name) > SHORT_NAME ? 2 : 1;
}

/* Rows of the table of distances between beginnings: the last two are needed. */
unsigned near_name_distance(const OLECHAR *first, const OLECHAR *second, unsigned most) {
  unsigned rows[3][LONGEST + 1], *before = rows[0], *last = rows[1], *row = rows[2];
  size_t height = utf16_units(first), width = utf16_units(second);
  if (height > LONGEST || width > LONGEST)
    return most + 1;
  for (unsigned j = 0; j <= width; j++)
    last[j] = j;
  for (unsigned i = 1; i <= height; i++) {
    unsigned *next = before;
    row[0] = i;
    for (unsigned j = 1; j <= width; j++) {
      OLECHAR a = caseless_upper(first[i - 1]), b = caseless_upper(second[j - 1]);
      row[j] = least(least(last[j] + 1, row[j - 1] + 1), last[j - 1] + (a != b));
      if (i > 1 && j > 1 && a == caseless_upper(second[j - 2]) && caseless_upper(first[i - 2]) == b)
        row[j] = least(row[j], before[j - 2] + 1);
    }
    before = last;
    last = row;
    row = next;
  }
  return least(last[width], most + 1);
}
