/*
 * LHashValOfNameSys: the hash of a name in a type library ([MS-OAUT] 2.2.51). The upper half says which table of letters
 * the locale has, the lower half is made from the letters, so that names which any language calls equal get equal values:
 * upper case, without accents, and W counts as V, Y as U.
 */
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

#include <unicode/uchar.h>
#include <unicode/ucnv.h>
#include <unicode/unorm2.h>

#include <oleauto.h>

#include "com/com_api.h"

enum {
  HASH_START = 0x0DEADBEE,
  HASH_FACTOR = 37,
  HASH_PRIME = 65599,
  HASH_NAME_BYTES = 255, /* what a type library can hold */
  HASH_MAC = 0x00010000
};

typedef struct HashLocale {
  LCID lcid;
  LCID mask; /* how much of an LCID has to be equal */
  ULONG encoding;
  const char *codepage;
  bool keeps_w_and_y; /* a table of letters in which these are letters of their own */
} HashLocale;

static const HashLocale hash_locales[] = {
  { 0x0411, 0x03FF, 0x00400000, "windows-932-2000", false }, /* Japanese */
  { 0x0412, 0x03FF, 0x00500000, "windows-949-2000", false }, /* Korean */
  { 0x0404, 0xFFFF, 0x00700000, "windows-950-2000", false }, /* Chinese, traditional */
  { 0x0C04, 0xFFFF, 0x00700000, "windows-950-2000", false },
  { 0x0004, 0x03FF, 0x00600000, "windows-936-2000", false }, /* Chinese, simplified */
  { 0x0419, 0xFFFF, 0x00300000, "windows-1251", false },     /* Russian */
  { 0x0408, 0xFFFF, 0x00800000, "windows-1253", false },     /* Greek */
  { 0x040F, 0xFFFF, 0x00900000, "windows-1252", true },      /* Icelandic */
  { 0x041F, 0xFFFF, 0x00A00000, "windows-1254", false },     /* Turkish */
  { 0x0414, 0xFFFF, 0x00B00000, "windows-1252", true },      /* Norwegian */
  { 0x0C0A, 0xFFFF, 0x00C00000, "windows-1252", true },      /* Spanish, modern sort */
  { 0x1809, 0xFFFF, 0x00C00000, "windows-1252", true },      /* English (Ireland) */
  { 0x040D, 0xFFFF, 0x00E00000, "windows-1255", false },     /* Hebrew */
  { 0x0405, 0xFFFF, 0x00200000, "windows-1250", false },     /* Czech */
  { 0x040E, 0xFFFF, 0x00200000, "windows-1250", false },     /* Hungarian */
  { 0x0415, 0xFFFF, 0x00200000, "windows-1250", false },     /* Polish */
  { 0x041B, 0xFFFF, 0x00200000, "windows-1250", false },     /* Slovak */
  { 0x0429, 0xFFFF, 0x00D00000, "windows-1256", false },     /* Farsi */
  { 0x0001, 0x00FF, 0x00D00000, "windows-1256", false },     /* Arabic */
  { 0x0000, 0x0000, 0x00100000, "windows-1252", false },     /* all others */
};

static const HashLocale *hash_locale(LCID lcid) {
  const HashLocale *locale = hash_locales;
  while (((lcid ^ locale->lcid) & locale->mask) != 0) {
    locale++;
  }
  return locale;
}

static uint8_t fold_ascii(const HashLocale *locale, uint8_t code) {
  uint8_t upper = code >= 'a' && code <= 'z' ? (uint8_t)(code - 0x20) : code;
  if (locale->keeps_w_and_y) {
    return upper;
  }
  return upper == 'W' ? 'V' : upper == 'Y' ? 'U' : upper;
}

/* Letters beyond ASCII */

/* The capital letter without its accents. */
static UChar32 base_letter(UChar32 letter) {
  UErrorCode status = U_ZERO_ERROR;
  const UNormalizer2 *decomposition = unorm2_getNFDInstance(&status);
  UChar parts[16];
  int32_t next = 0;
  int32_t length = U_FAILURE(status) ? -1
                                     : unorm2_getDecomposition(decomposition, letter, parts,
                                                               (int32_t)(sizeof parts / sizeof *parts), &status);
  if (U_SUCCESS(status) && length > 0) {
    U16_NEXT(parts, next, length, letter);
  }
  return u_toupper(letter);
}

/* A byte of the codepage, folded; in codepages with two-byte letters those keep their bytes. */
static uint8_t fold_byte(const HashLocale *locale, UConverter *converter, uint8_t code) {
  if (code < 0x80) {
    return fold_ascii(locale, code);
  }
  UErrorCode status = U_ZERO_ERROR;
  UChar unit[2];
  char folded[8];
  int32_t units = !converter ? 0 : ucnv_toUChars(converter, unit, 2, (const char *)&code, 1, &status);
  if (U_FAILURE(status) || units != 1 || unit[0] == 0xFFFD) {
    return code;
  }
  UChar32 letter = base_letter(unit[0]);
  if (letter < 0x80) {
    return fold_ascii(locale, (uint8_t)letter);
  }
  unit[0] = (UChar)letter;
  int32_t bytes = letter > 0xFFFF ? 0 : ucnv_fromUChars(converter, folded, sizeof folded, unit, 1, &status);
  return U_FAILURE(status) || bytes != 1 ? code : (uint8_t)folded[0];
}

static UConverter *open_converter(const HashLocale *locale) {
  UErrorCode status = U_ZERO_ERROR;
  UConverter *converter = ucnv_open(locale->codepage, &status);
  return U_FAILURE(status) ? NULL : converter;
}

/* The hash */

static bool is_ascii(const char *name, size_t length) {
  for (size_t i = 0; i < length; i++) {
    if ((uint8_t)name[i] >= 0x80) {
      return false;
    }
  }
  return true;
}

static ULONG hash_bytes(SYSKIND syskind, const HashLocale *locale, const char *name, size_t length) {
  uint32_t hash = HASH_START;
  UConverter *converter = is_ascii(name, length) ? NULL : open_converter(locale);
  for (size_t i = 0; i < length; i++) {
    hash = hash * HASH_FACTOR + fold_byte(locale, converter, (uint8_t)name[i]);
  }
  if (converter) {
    ucnv_close(converter);
  }
  return locale->encoding | (syskind == SYS_MAC ? HASH_MAC : 0) | (hash % HASH_PRIME & 0xFFFF);
}

static bool is_known_system(SYSKIND syskind) {
  return syskind == SYS_WIN16 || syskind == SYS_WIN32 || syskind == SYS_MAC || syskind == SYS_WIN64;
}

ULONG LHashValOfNameSysA(SYSKIND syskind, LCID lcid, LPCSTR name) {
  if (!name || !is_known_system(syskind)) {
    return 0;
  }
  return hash_bytes(syskind, hash_locale(lcid), name, strlen(name));
}

/* The name in the locale's codepage, cut to what a type library can hold. */
static size_t name_to_bytes(const HashLocale *locale, const OLECHAR *name, char bytes[HASH_NAME_BYTES]) {
  size_t units = utf16_units(name);
  size_t count = 0;
  for (; count < units && count < HASH_NAME_BYTES && name[count] < 0x80; count++) {
    bytes[count] = (char)name[count];
  }
  if (count == units || count == HASH_NAME_BYTES) {
    return count;
  }
  UErrorCode status = U_ZERO_ERROR;
  UConverter *converter = open_converter(locale);
  if (!converter) {
    return count;
  }
  int32_t length = ucnv_fromUChars(converter, bytes, HASH_NAME_BYTES, name,
                                   units > HASH_NAME_BYTES ? HASH_NAME_BYTES : (int32_t)units, &status);
  ucnv_close(converter);
  return length > HASH_NAME_BYTES ? HASH_NAME_BYTES : length < 0 ? 0 : (size_t)length;
}

ULONG LHashValOfNameSys(SYSKIND syskind, LCID lcid, const OLECHAR *name) {
  char bytes[HASH_NAME_BYTES];
  if (!name || !is_known_system(syskind)) {
    return 0;
  }
  const HashLocale *locale = hash_locale(lcid);
  size_t length = name_to_bytes(locale, name, bytes);
  return hash_bytes(syskind, locale, bytes, length);
}
