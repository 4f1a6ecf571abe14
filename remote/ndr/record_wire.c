/* Records in VARIANTs and SAFEARRAYs: BRECORDs, [MS-OAUT] 2.2.28.2. Their type travels as the identifiers by which both sides
 * find it in a registered library (2.2.31); a type that is in none travels as a reference to its ITypeInfo, which only we
 * understand. The records themselves are a stub of their own within the stub. */
#include "remote/ndr/ndr_internal.h"

#include <string.h>

enum { OBJREF_SIGNATURE = 0x574F454D, OBJREF_FLAGS_CUSTOM = 4, PREFIX = sizeof(uint32_t) };

/* {0000002F-0000-0000-C000-000000000046}: the class that unmarshals IRecordInfo, and IID_IRecordInfo alike. */
static const GUID clsid_record_info = { 0x0000002F, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

/* Where a type is found. */
typedef struct RecordName {
  GUID library;
  uint32_t major;
  GUID record;
  uint32_t minor, lcid;
} RecordName;

/* A custom reference with a name in it. */
typedef struct RecordReference {
  uint32_t signature, flags;
  GUID iid, clsid;
  uint32_t extension, size;
  RecordName name;
} RecordReference;

_Static_assert(sizeof(RecordName) == 44 && sizeof(RecordReference) == 92,
               "RecordInfoData and its OBJREF have no holes");

/* Writing */

static HRESULT name_of(IRecordInfo *info, RecordName *name) {
  ITypeInfo *type = NULL;
  ITypeLib *library = NULL;
  TLIBATTR *attributes = NULL;
  UINT index;
  HRESULT hr = IRecordInfo_GetTypeInfo(info, &type);
  if (SUCCEEDED(hr))
    hr = IRecordInfo_GetGuid(info, &name->record);
  if (SUCCEEDED(hr))
    hr = ITypeInfo_GetContainingTypeLib(type, &library, &index);
  if (SUCCEEDED(hr))
    hr = ITypeLib_GetLibAttr(library, &attributes);
  if (SUCCEEDED(hr) && attributes) {
    name->library = attributes->guid;
    name->major = attributes->wMajorVerNum;
    name->minor = attributes->wMinorVerNum;
    name->lcid = attributes->lcid;
    ITypeLib_ReleaseTLibAttr(library, attributes);
  }
  if (library)
    ITypeLib_Release(library);
  if (type)
    ITypeInfo_Release(type);
  return hr;
}

static HRESULT find_by_name(const RecordName *name, IRecordInfo **info) {
  return GetRecordInfoFromGuids(&name->library, name->major, name->minor, name->lcid, &name->record, info);
}

/* Whether it is the type that others find under that name. */
static bool is_found(IRecordInfo *info, const RecordName *name) {
  IRecordInfo *found = NULL;
  if (IsEqualGUID(&name->record, &GUID_NULL) || FAILED(find_by_name(name, &found)))
    return false;
  bool same = IRecordInfo_IsMatchingType(found, info);
  IRecordInfo_Release(found);
  return same;
}

static void put_info(NdrWriter *writer, IRecordInfo *info) {
  RecordReference reference = { .signature = OBJREF_SIGNATURE,
                                .flags = OBJREF_FLAGS_CUSTOM,
                                .iid = clsid_record_info,
                                .clsid = clsid_record_info,
                                .size = sizeof reference.name };
  if (SUCCEEDED(name_of(info, &reference.name)) && is_found(info, &reference.name)) {
    ndr_put_objref(writer, (const uint8_t *)&reference, sizeof reference);
    return;
  }
  ITypeInfo *type = NULL;
  HRESULT hr = IRecordInfo_GetTypeInfo(info, &type);
  if (FAILED(hr)) {
    ndr_writer_fail(writer, hr);
    return;
  }
  ndr_put_interface_body(writer, &IID_ITypeInfo, (IUnknown *)type);
  ITypeInfo_Release(type);
}

/* The records, aligned to the begin of what is theirs. */
static void put_data(NdrWriter *writer, const Type *type, const void *records, uint32_t count, size_t size_place) {
  size_t most_place = ndr_reserve_u32(writer), prefix_place = ndr_reserve_u32(writer);
  size_t origin = writer->origin, begin = writer->length;
  writer->origin = begin;
  ndr_put_elements(writer, type, records, count, NULL);
  writer->origin = origin;
  uint32_t size = (uint32_t)(writer->length - begin) + PREFIX;
  ndr_patch_u32(writer, size_place, size);
  ndr_patch_u32(writer, most_place, size);
  ndr_patch_u32(writer, prefix_place, size);
}

void ndr_put_records(NdrWriter *writer, IRecordInfo *info, const void *records, uint32_t count) {
  TypeSet *set = NULL;
  const Type *type = NULL;
  HRESULT hr = info ? record_info_describe(info, &set, &type) : E_INVALIDARG;
  writer->depth += NDR_VARIANT_LEVELS;
  if (SUCCEEDED(hr) && writer->depth > NDR_DEPTH_LIMIT)
    hr = E_INVALIDARG;
  if (FAILED(hr))
    ndr_writer_fail(writer, hr);
  bool there = count && records;
  ndr_put_u32(writer, there ? 1 : 0);
  size_t size_place = ndr_reserve_u32(writer);
  ndr_put_referent(writer);
  ndr_put_pointer(writer, there ? records : NULL);
  if (SUCCEEDED(writer->error))
    put_info(writer, info);
  if (there && SUCCEEDED(writer->error))
    put_data(writer, type, records, count, size_place);
  writer->depth -= NDR_VARIANT_LEVELS;
  type_set_release(set);
}

/* Reading */

static IRecordInfo *get_by_reference(NdrReader *reader, const uint8_t *bytes, uint32_t size) {
  IRecordInfo *info = NULL;
  ITypeInfo *type = NULL;
  NdrInterfaces *interfaces = reader->interfaces;
  HRESULT hr =
      interfaces ? interfaces->unmarshal(interfaces, bytes, size, &IID_ITypeInfo, (void **)&type) : E_NOINTERFACE;
  if (SUCCEEDED(hr)) {
    hr = GetRecordInfoFromTypeInfo(type, &info);
    ITypeInfo_Release(type);
  }
  if (FAILED(hr))
    ndr_fail(reader, hr);
  return info;
}

static IRecordInfo *get_info(NdrReader *reader) {
  RecordReference reference;
  IRecordInfo *info = NULL;
  uint32_t size;
  const uint8_t *bytes = ndr_get_objref(reader, &size);
  if (!bytes)
    return NULL;
  if (size >= sizeof reference) {
    memcpy(&reference, bytes, sizeof reference);
    if (reference.signature == OBJREF_SIGNATURE && reference.flags == OBJREF_FLAGS_CUSTOM &&
        IsEqualGUID(&reference.clsid, &clsid_record_info) && !reference.extension) {
      HRESULT hr = find_by_name(&reference.name, &info);
      if (FAILED(hr))
        ndr_fail(reader, hr);
      return info;
    }
  }
  return get_by_reference(reader, bytes, size);
}

/* A record that came, before its memory is made. */
typedef struct WireRecords {
  IRecordInfo *info;
  TypeSet *set;
  const Type *type;
  NdrReader data; /* over the records; `size` 0 when there are none */
} WireRecords;

static void get_header(NdrReader *reader, WireRecords *wire) {
  ndr_get_u32(reader); /* flags: whether there are records, which the pointer says too */
  uint32_t size = ndr_get_u32(reader);
  bool has_info = ndr_get_pointer(reader), has_data = ndr_get_pointer(reader);
  wire->info = has_info && SUCCEEDED(reader->error) ? get_info(reader) : NULL;
  if (!wire->info) {
    ndr_fail(reader, NDR_BAD_STUB_DATA);
    return;
  }
  HRESULT hr = record_info_describe(wire->info, &wire->set, &wire->type);
  if (FAILED(hr))
    ndr_fail(reader, hr);
  if (!has_data)
    return;
  uint32_t most = ndr_get_count(reader, 1);
  const uint8_t *bytes = ndr_get_bytes(reader, most);
  if (!bytes || most != size || size < PREFIX)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  else
    ndr_reader_begin(&wire->data, bytes + PREFIX, size - PREFIX, reader->interfaces);
}

static void read_records(NdrReader *reader, WireRecords *wire, void *records, uint32_t count) {
  wire->data.depth = reader->depth;
  wire->data.spare = reader->spare;
  wire->data.cells = reader->cells;
  ndr_get_elements(&wire->data, wire->type, records, count, NULL);
  reader->spare = wire->data.spare;
  if (FAILED(wire->data.error))
    ndr_fail(reader, wire->data.error);
}

static void drop(WireRecords *wire) {
  if (wire->info)
    IRecordInfo_Release(wire->info);
  type_set_release(wire->set);
}

void ndr_get_record(NdrReader *reader, IRecordInfo **info, void **record) {
  WireRecords wire = { 0 };
  *info = NULL;
  *record = NULL;
  get_header(reader, &wire);
  if (SUCCEEDED(reader->error) && wire.data.data) {
    *record = record_memory_new(wire.type->size);
    if (*record)
      read_records(reader, &wire, *record, 1);
    else
      ndr_fail(reader, E_OUTOFMEMORY);
  }
  if (SUCCEEDED(reader->error)) {
    *info = wire.info;
    wire.info = NULL;
  } else if (*record) {
    type_clear(wire.type, *record);
    record_memory_free(*record);
    *record = NULL;
  }
  drop(&wire);
}

void ndr_get_array_records(NdrReader *reader, uint32_t count, IRecordInfo **info, void **records) {
  WireRecords wire = { 0 };
  *info = NULL;
  *records = NULL;
  get_header(reader, &wire);
  size_t least = wire.type && wire.type->wire_size ? wire.type->wire_size : 1;
  if (SUCCEEDED(reader->error) && count > wire.data.size / least)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  size_t size = SUCCEEDED(reader->error) ? (size_t)count * wire.type->size : 0;
  if (size > UINT32_MAX)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (SUCCEEDED(reader->error) && !(*records = CoTaskMemAlloc(size ? size : 1)))
    ndr_fail(reader, E_OUTOFMEMORY);
  if (SUCCEEDED(reader->error)) {
    memset(*records, 0, size);
    read_records(reader, &wire, *records, count);
  }
  if (SUCCEEDED(reader->error)) {
    *info = wire.info;
    wire.info = NULL;
  } else if (*records) {
    for (uint32_t i = 0; i < count; i++)
      type_clear(wire.type, (unsigned char *)*records + (size_t)i * wire.type->size);
    CoTaskMemFree(*records);
    *records = NULL;
  }
  drop(&wire);
}
