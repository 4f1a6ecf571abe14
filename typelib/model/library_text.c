/* library_text.c - text inside libraries: Windows code page 1252, or UTF-16 in libraries made in memory. */
#include "dispatch/dispatch_api.h"
#include "typelib/model/library_reader.h"
#include "com/com_api.h"

#include <string.h>

/* Code page 1252 is Latin-1 but for these 32 places; its five holes stand for themselves. */
static const char16_t page_1252[32] = {
  0x20AC, 0x0081, 0x201A, 0x0192, 0x201E, 0x2026, 0x2020, 0x2021, 0x02C6, 0x2030, 0x0160,
  0x2039, 0x0152, 0x008D, 0x017D, 0x008F, 0x0090, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022,
  0x2013, 0x2014, 0x02DC, 0x2122, 0x0161, 0x203A, 0x0153, 0x009D, 0x017E, 0x0178,
};

int library_text_octet(OLECHAR unit) {
  if (unit < 0x80 || (unit >= 0xA0 && unit <= 0xFF))
    return unit;
  for (unsigned index = 0; index < 32; index++)
    if (page_1252[index] == unit)
      return (int)(0x80 + index);
  return -1;
}

static UINT text_units(LibraryText text) {
  return text.wide ? text.size / 2 : text.size;
}

static OLECHAR text_unit(LibraryText text, UINT index) {
  uint8_t octet;

  if (text.wide)
    return (OLECHAR)(text.bytes[2 * index] | text.bytes[2 * index + 1] << 8);
  octet = text.bytes[index];
  return octet >= 0x80 && octet < 0xA0 ? page_1252[octet - 0x80] : octet;
}

#define WIDE_STEP 8u

/* Widens WIDE_STEP units at once; false: not all of them are ASCII. */
static inline bool widen_step(const uint8_t *bytes, OLECHAR *out) {
  uint64_t step;

  memcpy(&step, bytes, sizeof step);
  for (UINT unit = 0; unit < WIDE_STEP; unit++)
    out[unit] = bytes[unit];
  return (step & UINT64_C(0x8080808080808080)) == 0;
}

/* Nearly all names are ASCII. What is left after the last whole step is done by one that overlaps it. */
static bool widen_ascii(LibraryText text, OLECHAR *out) {
  if (text.size >= WIDE_STEP) {
    for (UINT index = 0; index + WIDE_STEP <= text.size; index += WIDE_STEP)
      if (!widen_step(text.bytes + index, out + index))
        return false;
    return widen_step(text.bytes + text.size - WIDE_STEP, out + text.size - WIDE_STEP);
  }
  for (UINT index = 0; index < text.size; index++) {
    if (text.bytes[index] & 0x80)
      return false;
    out[index] = text.bytes[index];
  }
  return true;
}

HRESULT library_text_to_bstr(LibraryText text, BSTR *out) {
  UINT index, length = text_units(text);

  *out = NULL;
  if (!text.bytes)
    return S_OK;
  *out = bstr_new(length * sizeof **out);
  if (!*out)
    return E_OUTOFMEMORY;
  if (text.wide)
    memcpy(*out, text.bytes, length * sizeof **out);
  else if (!widen_ascii(text, *out))
    for (index = 0; index < length; index++)
      (*out)[index] = text_unit(text, index);
  return S_OK;
}

bool library_text_equals(LibraryText text, const OLECHAR *name) {
  UINT index, length = text_units(text);

  for (index = 0; index < length; index++)
    if (!name[index] || caseless_upper(text_unit(text, index)) != caseless_upper(name[index]))
      return false;
  return name[length] == 0;
}
