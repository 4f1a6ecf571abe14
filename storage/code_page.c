/* Texts in the code page of a property set. */
#include <stdio.h>
#include <string.h>

#include <unicode/ucnv.h>
#include <unicode/ucnv_err.h>

#include "storage/property_internal.h"

/* The names that ICU has for code pages of Windows. */
static UConverter *open_converter(uint32_t code_page) {
  static const char *const forms[] = { "windows-%u", "cp%u", "ibm-%u" };
  static const struct {
    uint32_t code_page;
    const char *name;
  } others[] = { { 10000, "macintosh" }, { 20127, "us-ascii" }, { 932, "ibm-943_P15A-2003" }, { 20866, "koi8-r" } };
  char name[32];

  for (size_t i = 0; i < sizeof others / sizeof others[0]; i++) {
    UErrorCode error = U_ZERO_ERROR;
    if (others[i].code_page != code_page)
      continue;
    UConverter *converter = ucnv_open(others[i].name, &error);
    if (U_SUCCESS(error))
      return converter;
  }
  if (code_page >= 28591 && code_page <= 28605) {
    UErrorCode error = U_ZERO_ERROR;
    snprintf(name, sizeof name, "iso-8859-%u", code_page - 28590);
    UConverter *converter = ucnv_open(name, &error);
    return U_SUCCESS(error) ? converter : NULL;
  }
  for (size_t i = 0; i < sizeof forms / sizeof forms[0]; i++) {
    UErrorCode error = U_ZERO_ERROR;
    snprintf(name, sizeof name, forms[i], code_page);
    UConverter *converter = ucnv_open(name, &error);
    if (U_SUCCESS(error))
      return converter;
  }
  return NULL;
}

static HRESULT from_utf16_bytes(const uint8_t *bytes, size_t size, char16_t **text, size_t *units) {
  *units = size / 2;
  *text = CoTaskMemAlloc((*units + 1) * sizeof **text);
  if (!*text)
    return E_OUTOFMEMORY;
  for (size_t i = 0; i < *units; i++)
    (*text)[i] = little_u16(bytes + i * 2);
  (*text)[*units] = 0;
  return S_OK;
}

static HRESULT from_utf8_bytes(const uint8_t *bytes, size_t size, char16_t **text, size_t *units) {
  *units = utf16_length((const char *)bytes, size);
  if (*units == UNICODE_INVALID)
    return STG_E_INVALIDPARAMETER;
  *text = CoTaskMemAlloc((*units + 1) * sizeof **text);
  if (!*text)
    return E_OUTOFMEMORY;
  utf16_from_utf8((const char *)bytes, size, *text);
  (*text)[*units] = 0;
  return S_OK;
}

HRESULT code_page_to_utf16(uint32_t code_page, const uint8_t *bytes, size_t size, char16_t **text, size_t *units) {
  UErrorCode error = U_ZERO_ERROR;

  *text = NULL;
  if (code_page == CODE_PAGE_UTF16)
    return from_utf16_bytes(bytes, size, text, units);
  if (code_page == CODE_PAGE_UTF8 || code_page == CODE_PAGE_NONE) {
    HRESULT status = from_utf8_bytes(bytes, size, text, units);
    if (status != STG_E_INVALIDPARAMETER)
      return status;
    code_page = 1252; /* what is no UTF-8 after all */
  }
  if (size > INT32_MAX / 2)
    return STG_E_DOCFILECORRUPT;
  UConverter *converter = open_converter(code_page);
  if (!converter)
    converter = open_converter(1252);
  if (!converter)
    return STG_E_UNIMPLEMENTEDFUNCTION;
  *text = CoTaskMemAlloc((size * 2 + 1) * sizeof **text);
  if (!*text) {
    ucnv_close(converter);
    return E_OUTOFMEMORY;
  }
  int32_t length =
      ucnv_toUChars(converter, (UChar *)*text, (int32_t)(size * 2 + 1), (const char *)bytes, (int32_t)size, &error);
  ucnv_close(converter);
  if (U_FAILURE(error)) {
    CoTaskMemFree(*text);
    *text = NULL;
    return STG_E_DOCFILECORRUPT;
  }
  *units = (size_t)length;
  (*text)[length] = 0;
  return S_OK;
}

static HRESULT to_utf8(const char16_t *text, size_t units, ByteBuffer *buffer) {
  size_t size = utf8_length(text, units);
  char *bytes = CoTaskMemAlloc(size + 1);

  if (!bytes)
    return E_OUTOFMEMORY;
  utf8_from_utf16(text, units, bytes);
  buffer_bytes(buffer, bytes, size);
  CoTaskMemFree(bytes);
  return buffer->failed ? E_OUTOFMEMORY : S_OK;
}

static HRESULT from_utf16(uint32_t code_page, const char16_t *text, size_t units, bool exact, ByteBuffer *buffer) {
  UErrorCode error = U_ZERO_ERROR;

  if (code_page == CODE_PAGE_UTF16) {
    for (size_t i = 0; i < units; i++) {
      uint8_t unit[2] = { (uint8_t)text[i], (uint8_t)(text[i] >> 8) };
      buffer_bytes(buffer, unit, 2);
    }
    return buffer->failed ? E_OUTOFMEMORY : S_OK;
  }
  if (code_page == CODE_PAGE_UTF8 || code_page == CODE_PAGE_NONE)
    return to_utf8(text, units, buffer);
  if (units > INT32_MAX / 8)
    return E_OUTOFMEMORY;
  UConverter *converter = open_converter(code_page);
  if (!converter)
    return STG_E_UNIMPLEMENTEDFUNCTION;
  size_t room = units * 8 + 8;
  char *bytes = CoTaskMemAlloc(room);
  int32_t size = 0;
  if (exact)
    ucnv_setFromUCallBack(converter, UCNV_FROM_U_CALLBACK_STOP, NULL, NULL, NULL, &error);
  if (bytes)
    size = ucnv_fromUChars(converter, bytes, (int32_t)room, (const UChar *)text, (int32_t)units, &error);
  ucnv_close(converter);
  if (!bytes)
    return E_OUTOFMEMORY;
  if (U_SUCCESS(error))
    buffer_bytes(buffer, bytes, (size_t)size);
  CoTaskMemFree(bytes);
  if (U_FAILURE(error))
    return HRESULT_FROM_WIN32(ERROR_NO_UNICODE_TRANSLATION);
  return buffer->failed ? E_OUTOFMEMORY : S_OK;
}

HRESULT code_page_from_utf16(uint32_t code_page, const char16_t *text, size_t units, ByteBuffer *buffer) {
  return from_utf16(code_page, text, units, true, buffer);
}

HRESULT code_page_from_utf16_about(uint32_t code_page, const char16_t *text, size_t units, ByteBuffer *buffer) {
  return from_utf16(code_page, text, units, false, buffer);
}
