/* Names and English texts of the HRESULTs in winerror.h; the table is made from that header when the library is built. */
#include <stdint.h>
#include <string.h>

#include <oleander.h>

typedef struct HresultRow {
  uint32_t value;
  const char *name;
  const char *text;
} HresultRow;

#include "hresult_table.inc"

#define ROWS (sizeof rows / sizeof rows[0])

/* The first row with that value. */
static const HresultRow *find(HRESULT code) {
  uint32_t value = (uint32_t)code;
  size_t low = 0;
  size_t high = ROWS;

  while (low < high) {
    size_t middle = low + (high - low) / 2;

    if (rows[middle].value < value)
      low = middle + 1;
    else
      high = middle;
  }
  return low < ROWS && rows[low].value == value ? &rows[low] : NULL;
}

const char *oleander_hresult_name(HRESULT code) {
  const HresultRow *row = find(code);

  return row ? row->name : NULL;
}

const char *oleander_hresult_text(HRESULT code) {
  const HresultRow *row = find(code);

  return row ? row->text : NULL;
}

HRESULT oleander_hresult_value(const char *name, HRESULT *code) {
  size_t low = 0;
  size_t high = ROWS;

  if (!name || !code)
    return E_INVALIDARG;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    const HresultRow *row = &rows[by_name[middle]];
    int order = strcmp(name, row->name);

    if (order == 0) {
      *code = (HRESULT)row->value;
      return S_OK;
    }
    if (order < 0)
      high = middle;
    else
      low = middle + 1;
  }
  return S_FALSE;
}

const char *oleander_hresult_at(size_t index, HRESULT *code) {
  if (index >= ROWS)
    return NULL;
  if (code)
    *code = (HRESULT)rows[index].value;
  return rows[index].name;
}
