/* msft_write_values.c - constants, default values and custom data in an MSFT file that is written. */
#include "typelib/writers/msft_writer.h"

#include <stdlib.h>

#define FILLER       0x57 /* 'W' */
#define INLINE_VALUE 0x80000000u
#define INLINE_BITS  26
#define INLINE_MASK  ((1u << INLINE_BITS) - 1)

/* A small value stands in the code itself. */
static bool is_small(const VARIANT *value, uint32_t *data) {
  switch (V_VT(value)) {
  case VT_EMPTY:
  case VT_NULL:
  case VT_DISPATCH:
  case VT_UNKNOWN:
    *data = 0;
    return true;
  case VT_I1:
  case VT_UI1:
    *data = V_UI1(value);
    return true;
  case VT_I2:
  case VT_UI2:
  case VT_BOOL:
    *data = V_UI2(value);
    return true;
  case VT_I4:
  case VT_UI4:
  case VT_INT:
  case VT_UINT:
  case VT_ERROR:
  case VT_HRESULT:
    *data = V_UI4(value);
    return *data <= INLINE_MASK;
  default:
    return false;
  }
}

/* Text is a length in bytes (-1: none) and the bytes. */
static HRESULT put_text(MsftWriter *writer, BSTR text, ByteWriter *record) {
  LibraryText whole = { (const uint8_t *)text, SysStringByteLen(text) & ~1u, true, false };
  uint32_t size;
  uint8_t *bytes;

  if (!text) {
    byte_writer_u32(record, UINT32_MAX);
    return S_OK;
  }
  HRESULT hr = msft_text_bytes(writer, whole, &bytes, &size);
  if (FAILED(hr))
    return hr;
  byte_writer_u32(record, size);
  byte_writer_bytes(record, bytes, size);
  free(bytes);
  return S_OK;
}

static void put_decimal(const DECIMAL *decimal, ByteWriter *record) {
  byte_writer_u8(record, decimal->scale);
  byte_writer_u8(record, decimal->sign);
  byte_writer_u32(record, decimal->Hi32);
  byte_writer_u64(record, decimal->Lo64);
}

static HRESULT put_data(MsftWriter *writer, const VARIANT *value, ByteWriter *record) {
  switch (V_VT(value)) {
  case VT_I4:
  case VT_UI4:
  case VT_INT:
  case VT_UINT:
  case VT_R4:
  case VT_ERROR:
  case VT_HRESULT:
  case VT_VARIANT:
    byte_writer_u32(record, V_UI4(value));
    return S_OK;
  case VT_I8:
  case VT_UI8:
  case VT_R8:
  case VT_CY:
  case VT_DATE:
    byte_writer_u64(record, V_UI8(value));
    return S_OK;
  case VT_DECIMAL:
    put_decimal(&V_DECIMAL(value), record);
    return S_OK;
  case VT_BSTR:
    return put_text(writer, V_BSTR(value), record);
  default:
    return DISP_E_BADVARTYPE;
  }
}

static HRESULT put_stored(MsftWriter *writer, const VARIANT *value, uint32_t *code) {
  ByteWriter record = { NULL, 0, 0, false };
  bool added;

  byte_writer_u16(&record, V_VT(value));
  HRESULT hr = put_data(writer, value, &record);
  byte_writer_align(&record, 4, FILLER);
  if (SUCCEEDED(hr) && record.failed)
    hr = E_OUTOFMEMORY;
  if (SUCCEEDED(hr))
    hr = record_index_put(&writer->values, &writer->segments[MSFT_CUSTOM_DATA], record.data, record.size, 0, code,
                          &added);
  byte_writer_free(&record);
  return hr;
}

HRESULT msft_put_value(MsftWriter *writer, ValueCode from, uint32_t *code) {
  VARIANT value;
  uint32_t data;
  HRESULT hr = writer->reader->methods->read_value(writer->reader, from, &value);

  if (FAILED(hr))
    return hr;
  if (is_small(&value, &data))
    *code = INLINE_VALUE | (uint32_t)V_VT(&value) << INLINE_BITS | data;
  else
    hr = put_stored(writer, &value, code);
  VariantClear(&value);
  return hr;
}

/* Custom data: items of GUID, value, next, one behind the other. Values are put in before the items, which stay together. */
HRESULT msft_put_custom(MsftWriter *writer, CustomList list, uint32_t *offset) {
  const LibraryReader *reader = writer->reader;
  ByteWriter *items = &writer->segments[MSFT_CUSTOM_GUIDS];
  CustomWalk walk = { list, 0 };
  size_t last = SIZE_MAX;
  CustomFacts facts;
  HRESULT hr;

  *offset = MSFT_NONE;
  while ((hr = reader->methods->next_custom(reader, &walk, &facts)) == S_OK) {
    uint32_t guid, value;

    hr = msft_put_guid(writer, &facts.guid, GUID_OF_CUSTOM, &guid);
    if (SUCCEEDED(hr))
      hr = msft_put_value(writer, facts.value, &value);
    if (FAILED(hr))
      return hr;
    if (last == SIZE_MAX)
      *offset = (uint32_t)items->size;
    else
      byte_writer_set_u32(items, last + 8, (uint32_t)items->size);
    last = items->size;
    byte_writer_u32(items, guid);
    byte_writer_u32(items, value);
    byte_writer_u32(items, MSFT_NONE);
    if (items->failed)
      return E_OUTOFMEMORY;
  }
  return FAILED(hr) ? hr : S_OK;
}
