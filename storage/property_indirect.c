/* Properties of sets that are storages ([MS-OLEPS] 2.22): streams and storages beside the stream of the set, whose values say
 * only their names ("prop" and the number of the property, 2.10). */
#include <stdlib.h>
#include <string.h>

#include "storage/property_internal.h"

#define NAME_UNITS 32u
#define EXCLUSIVE  STGM_SHARE_EXCLUSIVE

bool property_is_indirect(VARTYPE type) {
  return type == VT_STREAM || type == VT_STORAGE || type == VT_STREAMED_OBJECT || type == VT_STORED_OBJECT ||
         type == VT_VERSIONED_STREAM;
}

static bool is_storage(VARTYPE type) {
  return type == VT_STORAGE || type == VT_STORED_OBJECT;
}

static void name_of(PROPID id, OLECHAR name[NAME_UNITS]) {
  char digits[10];
  unsigned count = 0;

  memcpy(name, u"prop", 4 * sizeof *name);
  do
    digits[count++] = (char)('0' + id % 10);
  while (id /= 10);
  for (unsigned i = 0; i < count; i++)
    name[4 + i] = (OLECHAR)digits[count - 1 - i];
  name[4 + count] = 0;
}

static HRESULT encode(PROPID id, const PROPVARIANT *value, uint32_t code_page, ByteBuffer *buffer) {
  OLECHAR name[NAME_UNITS];

  name_of(id, name);
  buffer_u32(buffer, value->vt);
  if (value->vt == VT_VERSIONED_STREAM)
    buffer_bytes(buffer, &value->pVersionedStream->guidVersion, sizeof(GUID));
  size_t at = buffer->size;
  buffer_u32(buffer, 0);
  HRESULT status = code_page_from_utf16(code_page, name, utf16_units(name) + 1, buffer);
  if (FAILED(status) || buffer->failed)
    return FAILED(status) ? status : E_OUTOFMEMORY;
  buffer_put_u32(buffer, at, (uint32_t)(buffer->size - at - 4));
  buffer_align(buffer, 0);
  return buffer->failed ? E_OUTOFMEMORY : S_OK;
}

/* The type, the version where it has one, and the name of the element; other programs may have named it in their own way. */
static HRESULT decode(const Property *property, uint32_t code_page, VARTYPE *type, GUID *version, char16_t **name) {
  Cursor cursor = cursor_over(property->bytes, property->size);
  size_t units;

  *name = NULL;
  *type = (VARTYPE)cursor_u32(&cursor);
  if (*type == VT_VERSIONED_STREAM)
    *version = cursor_guid(&cursor);
  uint32_t size = cursor_u32(&cursor);
  const uint8_t *bytes = cursor_bytes(&cursor, size);
  if (cursor.failed || !bytes || !property_is_indirect(*type))
    return STG_E_DOCFILECORRUPT;
  return code_page_to_utf16(code_page, bytes, size, name, &units);
}

HRESULT property_indirect_read(IStorage *storage, const Property *property, uint32_t code_page, DWORD mode,
                               PROPVARIANT *value) {
  char16_t *name;
  GUID version;
  VARTYPE type;
  IStream *stream = NULL;
  HRESULT status = decode(property, code_page, &type, &version, &name);

  if (FAILED(status))
    return status;
  mode &= 3;
  if (is_storage(type))
    status = IStorage_OpenStorage(storage, name, NULL, mode | EXCLUSIVE, NULL, 0, &value->pStorage);
  else
    status = IStorage_OpenStream(storage, name, NULL, mode | EXCLUSIVE, 0, &stream);
  CoTaskMemFree(name);
  if (FAILED(status))
    return status == STG_E_FILENOTFOUND || status == STG_E_INVALIDNAME ? STG_E_DOCFILECORRUPT : status;
  if (type == VT_VERSIONED_STREAM) {
    value->pVersionedStream = CoTaskMemAlloc(sizeof *value->pVersionedStream);
    if (!value->pVersionedStream) {
      IStream_Release(stream);
      return E_OUTOFMEMORY;
    }
    *value->pVersionedStream = (VERSIONEDSTREAM){ version, stream };
  } else if (stream) {
    value->pStream = stream;
  }
  value->vt = type;
  return S_OK;
}

static HRESULT write_stream(IStorage *storage, const OLECHAR *name, IStream *source) {
  ULARGE_INTEGER all = { .QuadPart = UINT64_MAX };
  IStream *stream;
  HRESULT status = IStorage_CreateStream(storage, name, STGM_CREATE | STGM_READWRITE | EXCLUSIVE, 0, 0, &stream);

  if (FAILED(status))
    return status;
  if (source)
    status = IStream_CopyTo(source, stream, all, NULL, NULL);
  IStream_Release(stream);
  return status;
}

static HRESULT write_storage(IStorage *storage, const OLECHAR *name, IStorage *source) {
  IStorage *target;
  HRESULT status = IStorage_CreateStorage(storage, name, STGM_CREATE | STGM_READWRITE | EXCLUSIVE, 0, 0, &target);

  if (FAILED(status))
    return status;
  if (source)
    status = IStorage_CopyTo(source, 0, NULL, NULL, target);
  IStorage_Release(target);
  return status;
}

static HRESULT put(IStorage *storage, PropertySection *section, PROPID id, const PROPVARIANT *value) {
  OLECHAR name[NAME_UNITS];
  ByteBuffer buffer = { 0 };

  if (value->vt == VT_VERSIONED_STREAM && !value->pVersionedStream)
    return STG_E_INVALIDPARAMETER;
  HRESULT status = encode(id, value, section->code_page, &buffer);
  name_of(id, name);
  if (SUCCEEDED(status) && is_storage(value->vt))
    status = write_storage(storage, name, value->pStorage);
  else if (SUCCEEDED(status))
    status = write_stream(storage, name,
                          value->vt == VT_VERSIONED_STREAM ? value->pVersionedStream->pStream : value->pStream);
  if (SUCCEEDED(status))
    return section_put_bytes(section, id, buffer.data, buffer.size);
  free(buffer.data);
  return status;
}

/* The name of a property's element; NULL: it has none, or one that cannot be read. */
static HRESULT element_of(const Property *property, uint32_t code_page, char16_t **name) {
  GUID version;
  VARTYPE type;

  *name = NULL;
  if (!property || property->size < 4 || !property_is_indirect(little_u16(property->bytes)))
    return S_OK;
  HRESULT status = decode(property, code_page, &type, &version, name);
  return status == E_OUTOFMEMORY ? status : S_OK;
}

/* What is not there is gone already. */
static HRESULT destroy_element(IStorage *storage, const OLECHAR *name) {
  HRESULT status = IStorage_DestroyElement(storage, name);

  return status == STG_E_FILENOTFOUND || status == STG_E_INVALIDNAME ? S_OK : status;
}

HRESULT property_indirect_put(IStorage *storage, PropertySection *section, PROPID id, const PROPVARIANT *value) {
  bool indirect = property_is_indirect(value->vt);
  OLECHAR name[NAME_UNITS];
  char16_t *old;
  HRESULT status = element_of(section_find(section, id), section->code_page, &old);

  if (SUCCEEDED(status))
    status = indirect ? put(storage, section, id, value) : section_put(section, id, value);
  name_of(id, name);
  if (SUCCEEDED(status) && old && !(indirect && caseless_equal(old, name)))
    status = destroy_element(storage, old);
  CoTaskMemFree(old);
  return status;
}

HRESULT property_indirect_drop(IStorage *storage, const Property *property, uint32_t code_page) {
  char16_t *name;
  HRESULT status = element_of(property, code_page, &name);

  if (SUCCEEDED(status) && name)
    status = destroy_element(storage, name);
  CoTaskMemFree(name);
  return status;
}
