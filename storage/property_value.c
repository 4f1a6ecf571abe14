/* Values of properties as bytes ([MS-OLEPS] 2.15): the type, the value, filled up to four bytes. */
#include <stdlib.h>
#include <string.h>

#include "storage/prop_variant.h"
#include "storage/property_internal.h"

#define NESTING 72 /* VARIANTs in vectors of VARIANTs: the state of an object has tables in tables */

static bool buffer_room(ByteBuffer *buffer, size_t size) {
  if (buffer->failed || size > SIZE_MAX / 4 - buffer->size) {
    buffer->failed = true;
    return false;
  }
  if (buffer->size + size <= buffer->room)
    return true;
  size_t room = (buffer->size + size) * 2 + 64;
  uint8_t *data = realloc(buffer->data, room);
  if (!data) {
    buffer->failed = true;
    return false;
  }
  buffer->data = data;
  buffer->room = room;
  return true;
}

void buffer_bytes(ByteBuffer *buffer, const void *bytes, size_t size) {
  if (!buffer_room(buffer, size) || !size)
    return;
  memcpy(buffer->data + buffer->size, bytes, size);
  buffer->size += size;
}

void buffer_u32(ByteBuffer *buffer, uint32_t value) {
  uint8_t bytes[4] = { (uint8_t)value, (uint8_t)(value >> 8), (uint8_t)(value >> 16), (uint8_t)(value >> 24) };

  buffer_bytes(buffer, bytes, 4);
}

void buffer_put_u32(ByteBuffer *buffer, size_t at, uint32_t value) {
  if (buffer->failed)
    return;
  for (unsigned i = 0; i < 4; i++)
    buffer->data[at + i] = (uint8_t)(value >> 8 * i);
}

void buffer_align(ByteBuffer *buffer, size_t start) {
  static const uint8_t zeros[4];

  buffer_bytes(buffer, zeros, (4 - (buffer->size - start) % 4) % 4);
}

typedef struct Encoder {
  ByteBuffer *buffer;
  uint32_t code_page;
  bool tight;
  unsigned depth;
} Encoder;

static HRESULT encode_value(Encoder *encoder, const PROPVARIANT *value);

/* A text with its size in bytes before it and a zero behind it. */
static HRESULT encode_text(Encoder *encoder, const char16_t *text, size_t units) {
  size_t at = encoder->buffer->size;

  buffer_u32(encoder->buffer, 0);
  HRESULT status = code_page_from_utf16(encoder->code_page, text, units, encoder->buffer);
  if (FAILED(status))
    return status;
  buffer_bytes(encoder->buffer, "\0", encoder->code_page == CODE_PAGE_UTF16 ? 2 : 1);
  buffer_put_u32(encoder->buffer, at, (uint32_t)(encoder->buffer->size - at - 4));
  return S_OK;
}

/* LPSTRs are UTF-8 in memory; what is none goes as it is. */
static HRESULT encode_lpstr(Encoder *encoder, const char *text) {
  if (!text) {
    buffer_u32(encoder->buffer, 0);
    return S_OK;
  }
  size_t size = strlen(text);
  size_t units = utf16_length(text, size);
  bool as_it_is = encoder->code_page == CODE_PAGE_UTF8 || encoder->code_page == CODE_PAGE_NONE;
  if (as_it_is || units == UNICODE_INVALID) {
    if (encoder->code_page == CODE_PAGE_UTF16)
      return STG_E_INVALIDPARAMETER;
    buffer_u32(encoder->buffer, (uint32_t)size + 1);
    buffer_bytes(encoder->buffer, text, size + 1);
    return S_OK;
  }
  char16_t *wide = utf16_copy(text);
  if (!wide)
    return E_OUTOFMEMORY;
  HRESULT status = encode_text(encoder, wide, units);
  free(wide);
  return status;
}

static HRESULT encode_element(Encoder *encoder, const PropertyKind *kind, const void *element) {
  ByteBuffer *buffer = encoder->buffer;

  switch (kind->kind) {
  case KIND_LPSTR:
    return encode_lpstr(encoder, *(const char *const *)element);
  case KIND_LPWSTR: {
    const char16_t *text = *(const char16_t *const *)element;
    size_t units = text ? utf16_units(text) + 1 : 0;
    buffer_u32(buffer, (uint32_t)units);
    return units ? code_page_from_utf16(CODE_PAGE_UTF16, text, units, buffer) : S_OK;
  }
  case KIND_BSTR: {
    BSTR text = *(const BSTR *)element;
    return encode_text(encoder, text ? text : u"", SysStringLen(text));
  }
  case KIND_CF: {
    const CLIPDATA *clip = element;
    buffer_u32(buffer, (uint32_t)clip_size(clip) + 4);
    buffer_u32(buffer, (uint32_t)clip->ulClipFmt);
    buffer_bytes(buffer, clip->pClipData, clip_size(clip));
    return S_OK;
  }
  case KIND_BLOB: {
    const BLOB *blob = element;
    buffer_u32(buffer, blob->pBlobData ? blob->cbSize : 0);
    buffer_bytes(buffer, blob->pBlobData, blob->pBlobData ? blob->cbSize : 0);
    return S_OK;
  }
  case KIND_VARIANT:
    return encode_value(encoder, element);
  default:
    buffer_bytes(buffer, element, kind->size);
    return S_OK;
  }
}

/* Small numbers lie together; what has a size of its own begins at four bytes, unless the vector is a tight one. */
static bool element_aligned(const PropertyKind *kind, bool tight) {
  return kind->kind != KIND_PLAIN && kind->kind != KIND_CLSID &&
         !(tight && (kind->kind == KIND_LPSTR || kind->kind == KIND_VARIANT));
}

static HRESULT encode_vector(Encoder *encoder, const PropertyKind *kind, const PROPVARIANT *value) {
  size_t start = encoder->buffer->size;
  ULONG count = value->caub.pElems ? value->caub.cElems : 0;
  HRESULT status = S_OK;

  buffer_u32(encoder->buffer, count);
  for (ULONG i = 0; i < count && SUCCEEDED(status); i++) {
    status = encode_element(encoder, kind, (const char *)value->caub.pElems + i * kind->size);
    if (element_aligned(kind, encoder->tight))
      buffer_align(encoder->buffer, start);
  }
  return status;
}

/* Arrays: the type of an element, the dimensions as a SAFEARRAY has them in memory, the elements likewise. */

#define DIMENSIONS_MOST 31u

static bool array_takes(const PropertyKind *kind) {
  switch (kind->type) {
  case VT_EMPTY:
  case VT_NULL:
  case VT_FILETIME:
  case VT_LPSTR:
  case VT_LPWSTR:
  case VT_CLSID:
  case VT_CF:
  case VT_BLOB:
  case VT_BLOB_OBJECT:
    return false;
  default:
    return true;
  }
}

static size_t array_count(const SAFEARRAY *array) {
  size_t count = array->cDims ? 1 : 0;

  for (USHORT i = 0; i < array->cDims; i++)
    count *= array->rgsabound[i].cElements;
  return count;
}

static HRESULT encode_array(Encoder *encoder, const PropertyKind *kind, const SAFEARRAY *array) {
  size_t start = encoder->buffer->size;
  HRESULT status = S_OK;

  if (!array || !array->cDims || array->cbElements != kind->size)
    return STG_E_INVALIDPARAMETER;
  buffer_u32(encoder->buffer, kind->type);
  buffer_u32(encoder->buffer, array->cDims);
  for (USHORT i = 0; i < array->cDims; i++) {
    buffer_u32(encoder->buffer, array->rgsabound[i].cElements);
    buffer_u32(encoder->buffer, (uint32_t)array->rgsabound[i].lLbound);
  }
  size_t count = array_count(array);
  for (size_t i = 0; i < count && SUCCEEDED(status); i++) {
    const char *element = (const char *)array->pvData + i * kind->size;

    if (kind->kind == KIND_DECIMAL) {
      DECIMAL decimal = *(const DECIMAL *)(const void *)element;
      decimal.wReserved = 0;
      buffer_bytes(encoder->buffer, &decimal, sizeof decimal);
    } else {
      status = encode_element(encoder, kind, element);
    }
    if (element_aligned(kind, false))
      buffer_align(encoder->buffer, start);
  }
  return status;
}

static HRESULT encode_scalar(Encoder *encoder, const PropertyKind *kind, const PROPVARIANT *value) {
  if (kind->kind == KIND_DECIMAL) {
    DECIMAL decimal = value->decVal;

    decimal.wReserved = 0;
    buffer_bytes(encoder->buffer, &decimal, sizeof decimal);
    return S_OK;
  }
  if (kind->kind == KIND_CF || kind->kind == KIND_CLSID)
    return value->puuid ? encode_element(encoder, kind, value->puuid) : STG_E_INVALIDPARAMETER;
  return encode_element(encoder, kind, &value->hVal);
}

static HRESULT encode_value(Encoder *encoder, const PROPVARIANT *value) {
  size_t start = encoder->buffer->size;
  VARTYPE base = value->vt & VT_TYPEMASK;
  const PropertyKind *kind = property_kind(base);
  HRESULT status;

  if (!kind || encoder->depth >= NESTING)
    return STG_E_INVALIDPARAMETER;
  encoder->depth++;
  buffer_u32(encoder->buffer, value->vt);
  if (value->vt == (base | VT_VECTOR) && kind->vector)
    status = encode_vector(encoder, kind, value);
  else if (value->vt == base && kind->kind != KIND_VARIANT)
    status = encode_scalar(encoder, kind, value);
  else if (value->vt == (base | VT_ARRAY) && array_takes(kind))
    status = encode_array(encoder, kind, value->parray);
  else
    status = STG_E_INVALIDPARAMETER;
  encoder->depth--;
  if (!encoder->depth || !encoder->tight)
    buffer_align(encoder->buffer, start);
  return status;
}

HRESULT property_encode(const PROPVARIANT *value, uint32_t code_page, bool tight, ByteBuffer *buffer) {
  Encoder encoder = { buffer, code_page, tight, 0 };
  HRESULT status = encode_value(&encoder, value);

  return FAILED(status) ? status : buffer->failed ? E_OUTOFMEMORY : S_OK;
}

typedef struct Decoder {
  Cursor cursor;
  uint32_t code_page;
  bool tight;
  unsigned depth;
} Decoder;

static HRESULT decode_value(Decoder *decoder, PROPVARIANT *value);

/* Fills up to four bytes from `start`; at the very end other programs leave that out. */
static void decode_align(Decoder *decoder, size_t start) {
  size_t fill = (4 - (decoder->cursor.position - start) % 4) % 4;

  cursor_skip(&decoder->cursor, fill < cursor_left(&decoder->cursor) ? fill : cursor_left(&decoder->cursor));
}

static HRESULT decode_text(Decoder *decoder, char16_t **text, size_t *units) {
  uint32_t size = cursor_u32(&decoder->cursor);
  const uint8_t *bytes = cursor_bytes(&decoder->cursor, size);

  *text = NULL;
  if (!bytes)
    return STG_E_DOCFILECORRUPT;
  HRESULT status = code_page_to_utf16(decoder->code_page, bytes, size, text, units);
  if (SUCCEEDED(status) && *units && !(*text)[*units - 1])
    --*units; /* the zero, which some programs leave out */
  return status;
}

static HRESULT decode_lpstr(Decoder *decoder, char **result) {
  char16_t *wide;
  size_t units;
  HRESULT status = decode_text(decoder, &wide, &units);

  *result = NULL;
  if (FAILED(status))
    return status;
  size_t size = utf8_length(wide, units);
  *result = CoTaskMemAlloc(size + 1);
  if (*result) {
    utf8_from_utf16(wide, units, *result);
    (*result)[size] = 0;
  }
  CoTaskMemFree(wide);
  return *result ? S_OK : E_OUTOFMEMORY;
}

static HRESULT decode_block(Decoder *decoder, size_t size, void **result) {
  const uint8_t *bytes = cursor_bytes(&decoder->cursor, size);

  *result = NULL;
  if (!bytes)
    return STG_E_DOCFILECORRUPT;
  *result = CoTaskMemAlloc(size ? size : 1);
  if (!*result)
    return E_OUTOFMEMORY;
  memcpy(*result, bytes, size);
  return S_OK;
}

/* Writes the element whole, or nothing that would have to be cleared. */
static HRESULT decode_element(Decoder *decoder, const PropertyKind *kind, void *element) {
  Cursor *cursor = &decoder->cursor;
  const uint8_t *bytes;
  void *block;
  HRESULT status;

  switch (kind->kind) {
  case KIND_LPSTR:
    return decode_lpstr(decoder, element);
  case KIND_LPWSTR: {
    uint32_t units = cursor_u32(cursor);
    size_t got;
    bytes = units <= UINT32_MAX / 2 ? cursor_bytes(cursor, (size_t)units * 2) : NULL;
    return bytes ? code_page_to_utf16(CODE_PAGE_UTF16, bytes, (size_t)units * 2, element, &got) : STG_E_DOCFILECORRUPT;
  }
  case KIND_BSTR: {
    char16_t *text;
    size_t units;
    status = decode_text(decoder, &text, &units);
    if (FAILED(status))
      return status;
    *(BSTR *)element = SysAllocStringLen(text, (UINT)units);
    CoTaskMemFree(text);
    return *(BSTR *)element ? S_OK : E_OUTOFMEMORY;
  }
  case KIND_CF: {
    uint32_t size = cursor_u32(cursor);
    uint32_t format = cursor_u32(cursor);
    if (size < 4)
      return STG_E_DOCFILECORRUPT;
    status = decode_block(decoder, size - 4, &block);
    if (SUCCEEDED(status))
      *(CLIPDATA *)element = (CLIPDATA){ .cbSize = size, .ulClipFmt = (LONG)format, .pClipData = block };
    return status;
  }
  case KIND_BLOB: {
    uint32_t size = cursor_u32(cursor);
    status = decode_block(decoder, size, &block);
    if (SUCCEEDED(status))
      *(BLOB *)element = (BLOB){ .cbSize = size, .pBlobData = block };
    return status;
  }
  case KIND_VARIANT:
    return decode_value(decoder, element);
  default:
    bytes = cursor_bytes(cursor, kind->size);
    if (!bytes)
      return STG_E_DOCFILECORRUPT;
    memcpy(element, bytes, kind->size);
    return S_OK;
  }
}

/* The least bytes that one element takes: a count is believed only as far as it could be true. */
static size_t least_size(const PropertyKind *kind) {
  return kind->kind == KIND_PLAIN || kind->kind == KIND_CLSID ? kind->size : 4;
}

static HRESULT decode_vector(Decoder *decoder, const PropertyKind *kind, PROPVARIANT *value) {
  size_t start = decoder->cursor.position;
  uint32_t count = cursor_u32(&decoder->cursor);
  HRESULT status = S_OK;
  uint32_t done = 0;

  if (decoder->cursor.failed || count > cursor_left(&decoder->cursor) / least_size(kind))
    return STG_E_DOCFILECORRUPT;
  char *elements = CoTaskMemAlloc((size_t)count * kind->size + 1);
  if (!elements)
    return E_OUTOFMEMORY;
  while (done < count && SUCCEEDED(status)) {
    status = decode_element(decoder, kind, elements + done * kind->size);
    if (FAILED(status))
      break;
    done++;
    if (element_aligned(kind, decoder->tight))
      decode_align(decoder, start);
  }
  if (FAILED(status)) {
    vector_clear(kind, elements, done);
    return status;
  }
  value->caub.cElems = count;
  value->caub.pElems = (UCHAR *)elements;
  return S_OK;
}

/* Only what a VARIANT can be may lie in an array of them: the array frees it. */
static HRESULT decode_array_element(Decoder *decoder, const PropertyKind *kind, void *element) {
  if (kind->kind == KIND_DECIMAL) {
    const uint8_t *bytes = cursor_bytes(&decoder->cursor, sizeof(DECIMAL));

    if (!bytes)
      return STG_E_DOCFILECORRUPT;
    memcpy(element, bytes, sizeof(DECIMAL));
    return S_OK;
  }
  if (kind->kind != KIND_VARIANT)
    return decode_element(decoder, kind, element);
  PROPVARIANT value;
  HRESULT status = decode_value(decoder, &value);
  if (FAILED(status))
    return status;
  const PropertyKind *held = property_kind(value.vt & VT_TYPEMASK);
  if ((value.vt & VT_VECTOR) || !held || !(array_takes(held) || value.vt == VT_EMPTY || value.vt == VT_NULL)) {
    PropVariantClear(&value);
    return STG_E_DOCFILECORRUPT;
  }
  memcpy(element, &value, sizeof value);
  return S_OK;
}

static HRESULT decode_array(Decoder *decoder, const PropertyKind *kind, PROPVARIANT *value) {
  SAFEARRAYBOUND bounds[DIMENSIONS_MOST];
  size_t start = decoder->cursor.position;
  uint32_t type = cursor_u32(&decoder->cursor);
  uint32_t dimensions = cursor_u32(&decoder->cursor);
  uint64_t count = 1;

  if (decoder->cursor.failed || type != kind->type || !dimensions || dimensions > DIMENSIONS_MOST)
    return STG_E_DOCFILECORRUPT;
  for (uint32_t i = dimensions; i-- > 0;) { /* SafeArrayCreate has them the other way round */
    bounds[i].cElements = cursor_u32(&decoder->cursor);
    bounds[i].lLbound = (LONG)cursor_u32(&decoder->cursor);
    count *= bounds[i].cElements;
    if (decoder->cursor.failed || count > cursor_left(&decoder->cursor) / least_size(kind))
      return STG_E_DOCFILECORRUPT;
  }
  SAFEARRAY *array = SafeArrayCreate(kind->type, dimensions, bounds);
  if (!array)
    return E_OUTOFMEMORY;
  HRESULT status = array->cbElements == kind->size ? S_OK : STG_E_DOCFILECORRUPT;
  for (uint64_t i = 0; i < count && SUCCEEDED(status); i++) {
    status = decode_array_element(decoder, kind, (char *)array->pvData + i * kind->size);
    if (element_aligned(kind, false))
      decode_align(decoder, start);
  }
  if (FAILED(status))
    SafeArrayDestroy(array);
  else
    value->parray = array;
  return status;
}

static HRESULT decode_scalar(Decoder *decoder, const PropertyKind *kind, PROPVARIANT *value) {
  if (kind->kind == KIND_DECIMAL) {
    const uint8_t *bytes = cursor_bytes(&decoder->cursor, sizeof(DECIMAL));
    VARTYPE type = value->vt;

    if (!bytes)
      return STG_E_DOCFILECORRUPT;
    memcpy(&value->decVal, bytes, sizeof(DECIMAL));
    value->vt = type;
    return S_OK;
  }
  if (kind->kind != KIND_CF && kind->kind != KIND_CLSID)
    return decode_element(decoder, kind, &value->hVal);
  void *block = CoTaskMemAlloc(kind->size);
  if (!block)
    return E_OUTOFMEMORY;
  HRESULT status = decode_element(decoder, kind, block);
  if (FAILED(status))
    CoTaskMemFree(block);
  else
    value->puuid = block;
  return status;
}

static HRESULT decode_value(Decoder *decoder, PROPVARIANT *value) {
  size_t start = decoder->cursor.position;
  VARTYPE type = (VARTYPE)cursor_u32(&decoder->cursor);
  VARTYPE base = type & VT_TYPEMASK;
  const PropertyKind *kind = property_kind(base);
  PROPVARIANT result = { .vt = type };
  HRESULT status = STG_E_DOCFILECORRUPT;

  if (decoder->cursor.failed || decoder->depth >= NESTING)
    return status;
  if (!kind)
    return STG_E_UNIMPLEMENTEDFUNCTION;
  decoder->depth++;
  if (type == (base | VT_VECTOR) && kind->vector)
    status = decode_vector(decoder, kind, &result);
  else if (type == base && kind->kind != KIND_VARIANT)
    status = decode_scalar(decoder, kind, &result);
  else if (type == (base | VT_ARRAY) && array_takes(kind))
    status = decode_array(decoder, kind, &result);
  else
    status = STG_E_UNIMPLEMENTEDFUNCTION;
  decoder->depth--;
  if (!decoder->depth || !decoder->tight)
    decode_align(decoder, start);
  if (SUCCEEDED(status))
    *value = result;
  return status;
}

static HRESULT decode_as(const uint8_t *bytes, size_t size, uint32_t code_page, bool tight, PROPVARIANT *value,
                         bool *exact) {
  Decoder decoder = { cursor_over(bytes, size), code_page, tight, 0 };
  HRESULT status = decode_value(&decoder, value);

  *exact = SUCCEEDED(status) && cursor_left(&decoder.cursor) < 4;
  return status;
}

/* Whether the strings of a vector are filled up is not said anywhere; programs differ. The way that uses up the bytes is
 * taken, else the one that can be at all. */
HRESULT property_decode(const uint8_t *bytes, size_t size, uint32_t code_page, bool tight, PROPVARIANT *value) {
  bool exact;
  PROPVARIANT other;
  HRESULT status = decode_as(bytes, size, code_page, tight, value, &exact);

  if (exact || status == E_OUTOFMEMORY)
    return status;
  HRESULT other_status = decode_as(bytes, size, code_page, !tight, &other, &exact);
  if (FAILED(other_status))
    return status;
  if (SUCCEEDED(status) && !exact) {
    PropVariantClear(&other);
    return status;
  }
  if (SUCCEEDED(status))
    PropVariantClear(value);
  *value = other;
  return other_status;
}

HRESULT property_decode_trusted(const uint8_t *bytes, uint32_t code_page, PROPVARIANT *value) {
  bool exact;

  return decode_as(bytes, 256u << 20, code_page, false, value, &exact);
}
