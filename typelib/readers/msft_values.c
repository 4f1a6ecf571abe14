/* msft_values.c - constants, default values and custom data of MSFT files. */
#include "typelib/readers/msft_reader.h"

#include <string.h>

/* A small value stands in the code itself: bit 31, five bits of VARTYPE, 26 bits of value. */
#define INLINE_VALUE 0x80000000u
#define INLINE_BITS  26
#define INLINE_MASK  ((1u << INLINE_BITS) - 1)

/* Text is a length in bytes (negative: no string) and the bytes. */
static HRESULT read_text(Cursor *at, VARIANT *value) {
  LibraryText text = { NULL, 0, false, false };
  int32_t length = cursor_i32(at);

  V_BSTR(value) = NULL;
  if (length < 0 || at->failed)
    return at->failed ? TYPE_E_INVDATAREAD : S_OK;
  text.bytes = cursor_bytes(at, (uint32_t)length);
  text.size = (uint32_t)length;
  return text.bytes ? library_text_to_bstr(text, &V_BSTR(value)) : TYPE_E_INVDATAREAD;
}

/* DECIMAL: scale and sign, then the high, low and middle parts, as in memory. */
static HRESULT read_decimal(Cursor *at, VARIANT *value) {
  DECIMAL decimal;

  memset(&decimal, 0, sizeof decimal);
  decimal.scale = cursor_u8(at);
  decimal.sign = cursor_u8(at);
  decimal.Hi32 = cursor_u32(at);
  decimal.Lo64 = cursor_u64(at);
  V_DECIMAL(value) = decimal;
  V_VT(value) = VT_DECIMAL;
  return S_OK;
}

static HRESULT read_stored(Cursor *at, VARIANT *value) {
  switch (V_VT(value)) {
  case VT_EMPTY:
  case VT_NULL:
    return S_OK;
  case VT_I1:
  case VT_UI1:
    V_UI1(value) = cursor_u8(at);
    return S_OK;
  case VT_I2:
  case VT_UI2:
  case VT_BOOL:
    V_UI2(value) = cursor_u16(at);
    return S_OK;
  case VT_I4:
  case VT_UI4:
  case VT_INT:
  case VT_UINT:
  case VT_R4:
  case VT_ERROR:
  case VT_HRESULT:
  case VT_VARIANT: /* some writers store an integer for a VARIANT so */
    V_UI4(value) = cursor_u32(at);
    return S_OK;
  case VT_I8:
  case VT_UI8:
  case VT_R8:
  case VT_CY:
  case VT_DATE:
    V_UI8(value) = cursor_u64(at);
    return S_OK;
  case VT_DECIMAL:
    return read_decimal(at, value);
  case VT_BSTR:
    return read_text(at, value);
  case VT_DISPATCH:
  case VT_UNKNOWN:
    V_UNKNOWN(value) = NULL; /* an object as a constant can only be Nothing */
    return S_OK;
  default:
    return TYPE_E_INVDATAREAD;
  }
}

HRESULT msft_read_value(const LibraryReader *reader, ValueCode code, VARIANT *value) {
  Cursor at;
  HRESULT hr;

  VariantInit(value);
  if (code & INLINE_VALUE) {
    uint32_t data = code & INLINE_MASK;
    uint8_t bytes[8] = { (uint8_t)data, (uint8_t)(data >> 8), (uint8_t)(data >> 16), (uint8_t)(data >> 24) };

    V_VT(value) = (VARTYPE)(code >> INLINE_BITS & 0x1F);
    if (V_VT(value) == VT_BSTR || V_VT(value) == VT_DECIMAL) /* too wide to stand here */
      memset(bytes, 0xFF, sizeof bytes);
    at = cursor_over(bytes, sizeof bytes);
    hr = V_VT(value) == VT_DECIMAL ? TYPE_E_INVDATAREAD : read_stored(&at, value);
  } else {
    at = msft_segment_at(msft_from(reader), MSFT_CUSTOM_DATA, code);
    V_VT(value) = cursor_u16(&at);
    hr = at.failed ? TYPE_E_INVDATAREAD : read_stored(&at, value);
  }
  if (SUCCEEDED(hr) && at.failed)
    hr = TYPE_E_INVDATAREAD;
  if (FAILED(hr)) {
    if (V_VT(value) == VT_BSTR)
      SysFreeString(V_BSTR(value));
    VariantInit(value);
  }
  return hr;
}

#define CUSTOM_ITEM_SIZE 12u

/* An item: GUID, value, next item. No item stands in two places: a chain with more of them than the segment has room for
 * goes round in circles. */
HRESULT msft_next_custom(const LibraryReader *reader, CustomWalk *walk, CustomFacts *facts) {
  const MsftReader *msft = msft_from(reader);

  if (walk->next == NO_CUSTOM_DATA)
    return S_FALSE;
  Cursor at = msft_segment_at(msft, MSFT_CUSTOM_GUIDS, walk->next);
  facts->guid = msft_guid(msft, cursor_u32(&at));
  facts->value = cursor_u32(&at);
  walk->next = cursor_u32(&at);
  return at.failed || ++walk->steps > msft->segments[MSFT_CUSTOM_GUIDS].size / CUSTOM_ITEM_SIZE ? TYPE_E_INVDATAREAD
                                                                                                : S_OK;
}
