/* msft_write_descs.c - types in an MSFT file that is written.
 *
 * A type is a code: a builtin one stands in it twice, any other is the offset of a record of eight bytes. The upper half of
 * a record's first dword is a summary of the type in 16 bits, which readers may use to tell types apart quickly. */
#include "typelib/writers/msft_writer.h"

#include <stdlib.h>

#define BUILTIN_TYPE 0x80000000u

/* Summaries. */
enum {
  SUMMARY_ENUM = 3,
  SUMMARY_SAFEARRAY = 0x2000, /* of a simple type */
  SUMMARY_POINTER = 0x4000,   /* to a simple type */
  SUMMARY_DEEP = 0x7FFE,      /* more than that, but nothing that is declared */
  SUMMARY_DECLARED = 0x7FFF
};

typedef struct EncodedType {
  uint32_t code;
  uint16_t summary;
} EncodedType;

static HRESULT encode(MsftWriter *writer, UINT type, const TYPEDESC *desc, EncodedType *encoded);

static uint16_t builtin_summary(VARTYPE vt) {
  switch (vt) {
  case VT_VOID:
    return 0;
  case VT_INT:
    return VT_I4;
  case VT_UINT:
    return VT_UI4;
  case VT_HRESULT:
    return VT_ERROR;
  case VT_LPSTR:
  case VT_LPWSTR:
    return SUMMARY_DEEP;
  default:
    return vt;
  }
}

static EncodedType encode_builtin(VARTYPE vt) {
  uint32_t upper = vt == VT_VOID ? 0 : (uint32_t)vt << 16;

  return (EncodedType){ BUILTIN_TYPE | upper | vt, builtin_summary(vt) };
}

/* Of a pointer or a SAFEARRAY. */
static uint16_t summary_around(VARTYPE vt, uint16_t inner) {
  if (inner == SUMMARY_DECLARED)
    return inner;
  if (vt == VT_PTR)
    return inner & SUMMARY_POINTER ? SUMMARY_DEEP : inner | SUMMARY_POINTER;
  return inner & (SUMMARY_POINTER | SUMMARY_SAFEARRAY) ? SUMMARY_DEEP : inner | SUMMARY_SAFEARRAY;
}

static HRESULT put_record(MsftWriter *writer, VARTYPE vt, uint16_t summary, uint32_t data, EncodedType *encoded) {
  uint8_t record[8];
  bool added;

  little_put_u16(record, vt);
  little_put_u16(record + 2, summary);
  little_put_u32(record + 4, data);
  encoded->summary = summary;
  return record_index_put(&writer->type_descs, &writer->segments[MSFT_TYPE_DESCS], record, sizeof record, 0,
                          &encoded->code, &added);
}

/* An array record: element type, number of dimensions, their size in bytes, then element count and lower bound of each. */
static HRESULT encode_array(MsftWriter *writer, UINT type, const ARRAYDESC *array, EncodedType *encoded) {
  ByteWriter record = { NULL, 0, 0, false };
  EncodedType element;
  uint32_t offset;
  bool added;
  HRESULT hr = encode(writer, type, &array->tdescElem, &element);

  if (FAILED(hr))
    return hr;
  byte_writer_u32(&record, element.code);
  byte_writer_u16(&record, array->cDims);
  byte_writer_u16(&record, (uint16_t)(array->cDims * 8u));
  for (USHORT index = 0; index < array->cDims; index++) {
    byte_writer_u32(&record, array->rgbounds[index].cElements);
    byte_writer_u32(&record, (uint32_t)array->rgbounds[index].lLbound);
  }
  hr = record.failed ? E_OUTOFMEMORY
                     : record_index_put(&writer->array_descs, &writer->segments[MSFT_ARRAY_DESCS], record.data,
                                        record.size, 0, &offset, &added);
  byte_writer_free(&record);
  return SUCCEEDED(hr) ? put_record(writer, VT_CARRAY, SUMMARY_DEEP, offset, encoded) : hr;
}

static HRESULT encode_declared(MsftWriter *writer, UINT type, HREFTYPE reference, EncodedType *encoded) {
  uint32_t code;
  bool is_enum;
  HRESULT hr = msft_put_typed_reference(writer, type, reference, &code, &is_enum);

  return SUCCEEDED(hr) ? put_record(writer, VT_USERDEFINED, is_enum ? SUMMARY_ENUM : SUMMARY_DECLARED, code, encoded)
                       : hr;
}

/* The reader limits the depth of what it gives. */
static HRESULT encode(MsftWriter *writer, UINT type, const TYPEDESC *desc, EncodedType *encoded) {
  EncodedType inner;
  HRESULT hr;

  switch (desc->vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
    hr = encode(writer, type, desc->lptdesc, &inner);
    return SUCCEEDED(hr) ? put_record(writer, desc->vt, summary_around(desc->vt, inner.summary), inner.code, encoded)
                         : hr;
  case VT_CARRAY:
    return encode_array(writer, type, desc->lpadesc, encoded);
  case VT_USERDEFINED:
    return encode_declared(writer, type, desc->hreftype, encoded);
  default:
    *encoded = encode_builtin(desc->vt & VT_TYPEMASK);
    return S_OK;
  }
}

static HRESULT put_new_type(MsftWriter *writer, UINT type, TypeCode code, uint32_t *offset) {
  const LibraryReader *reader = writer->reader;
  DescBlock *block = desc_block_create(sizeof(TYPEDESC), 4 * sizeof(TYPEDESC));
  EncodedType encoded = { 0, 0 };

  if (!block)
    return E_OUTOFMEMORY;
  TYPEDESC *desc = desc_block_description(block);
  HRESULT hr = reader->methods->read_typedesc(reader, type, code, block, desc);
  if (SUCCEEDED(hr))
    hr = encode(writer, type, desc, &encoded);
  desc_block_free(block);
  *offset = encoded.code;
  return hr;
}

HRESULT msft_put_type(MsftWriter *writer, UINT type, TypeCode code, uint32_t *offset) {
  if (writer->stable_codes && code_map_find(&writer->types, code, offset))
    return S_OK;
  HRESULT hr = put_new_type(writer, type, code, offset);
  return SUCCEEDED(hr) && writer->stable_codes ? code_map_add(&writer->types, code, *offset) : hr;
}

uint32_t msft_desc_size(const MsftWriter *writer, uint32_t type_code) {
  const uint8_t *descs = writer->segments[MSFT_TYPE_DESCS].data;
  const uint8_t *arrays = writer->segments[MSFT_ARRAY_DESCS].data;
  uint32_t size = 0;

  while (!(type_code & BUILTIN_TYPE)) {
    uint16_t vt = little_u16(descs + type_code);
    uint32_t data = little_u32(descs + type_code + 4);

    if (vt == VT_USERDEFINED)
      break;
    if (vt == VT_CARRAY) {
      size += 12 + 8u * little_u16(arrays + data + 4);
      type_code = little_u32(arrays + data);
    } else {
      size += 8;
      type_code = data;
    }
  }
  return size;
}
