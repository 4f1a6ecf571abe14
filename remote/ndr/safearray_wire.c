/* SAFEARRAYs, [MS-OAUT] 2.2.30: number of dimensions (in front, as it counts the bounds), descriptor, the kind of the elements
 * and their number, bounds from the leftmost dimension on, and then the elements, of which bytes from outside are believed
 * nothing but the VARTYPE, and that only where it fits the kind. */
#include "remote/ndr/ndr_internal.h"

#include <string.h>

/* Where an array lives is its own affair. */
enum { PLACEMENT = FADF_AUTO | FADF_STATIC | FADF_EMBEDDED | FADF_FIXEDSIZE | 0x3000, NO_TYPE = VT_EMPTY };

/* What is said about the elements: features of an array that has no VARTYPE, and the bytes of an element. */
static VARTYPE element_of_features(const SAFEARRAY *array) {
  static const struct {
    USHORT feature;
    VARTYPE vt;
  } kinds[] = { { FADF_RECORD, VT_RECORD },
                { FADF_BSTR, VT_BSTR },
                { FADF_VARIANT, VT_VARIANT },
                { FADF_DISPATCH, VT_DISPATCH },
                { FADF_UNKNOWN | FADF_HAVEIID, VT_UNKNOWN } };
  VARTYPE vt = NO_TYPE;
  if (array->fFeatures & FADF_HAVEVARTYPE && SUCCEEDED(SafeArrayGetVartype((SAFEARRAY *)(uintptr_t)array, &vt)))
    return vt;
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
    if (array->fFeatures & kinds[i].feature)
      return kinds[i].vt;
  return NO_TYPE;
}

/* Scalars go by their size. */
static uint32_t tag_of_size(uint32_t size) {
  switch (size) {
  case 1:
    return SF_I1;
  case 2:
    return SF_I2;
  case 4:
    return SF_I4;
  case 8:
  case 16: /* DECIMAL: two each */
    return SF_I8;
  default:
    return SF_ERROR;
  }
}

static uint32_t tag_of(const SAFEARRAY *array, VARTYPE vt) {
  switch (vt) {
  case VT_BSTR:
    return SF_BSTR;
  case VT_VARIANT:
    return SF_VARIANT;
  case VT_RECORD:
    return SF_RECORD;
  case VT_DISPATCH:
  case VT_UNKNOWN:
    return array->fFeatures & FADF_HAVEIID ? SF_HAVEIID : vt == VT_DISPATCH ? SF_DISPATCH : SF_UNKNOWN;
  default:
    return tag_of_size(array->cbElements);
  }
}

static bool count_elements(const SAFEARRAYBOUND *bounds, unsigned dimensions, uint32_t *count) {
  uint64_t product = 1;
  for (unsigned i = 0; i < dimensions; i++)
    if (!bounds[i].cElements)
      product = 0;
  for (unsigned i = 0; i < dimensions && product; i++) {
    product *= bounds[i].cElements;
    if (product > UINT32_MAX)
      return false;
  }
  *count = (uint32_t)product;
  return true;
}

/* Writing */

static void put_scalars(NdrWriter *writer, const SAFEARRAY *array, uint32_t count) {
  uint32_t units = array->cbElements == sizeof(DECIMAL) ? 2 : 1, unit = array->cbElements / units;
  ndr_put_u32(writer, count * units);
  if (!count)
    return;
  ndr_align(writer, unit);
  ndr_put_bulk(writer, array->pvData, (size_t)count * array->cbElements);
}

static void put_interfaces(NdrWriter *writer, IUnknown *const *pointers, uint32_t count, const IID *iid) {
  for (uint32_t i = 0; i < count; i++)
    ndr_put_pointer(writer, pointers[i]);
  for (uint32_t i = 0; i < count && SUCCEEDED(writer->error); i++)
    if (pointers[i])
      ndr_put_interface_body(writer, iid, pointers[i]);
}

static void put_data(NdrWriter *writer, SAFEARRAY *array, VARTYPE vt, uint32_t count) {
  IID iid = vt == VT_DISPATCH ? IID_IDispatch : IID_IUnknown;
  IRecordInfo *info = NULL;
  switch (vt) {
  case VT_BSTR:
  case VT_VARIANT:
    ndr_put_u32(writer, count);
    ndr_put_elements(writer, type_of_vartype(vt), array->pvData, count, NULL);
    return;
  case VT_DISPATCH:
  case VT_UNKNOWN:
    if (array->fFeatures & FADF_HAVEIID)
      SafeArrayGetIID(array, &iid);
    ndr_put_u32(writer, count);
    put_interfaces(writer, array->pvData, count, &iid);
    return;
  case VT_RECORD:
    ndr_put_u32(writer, 1);
    ndr_put_referent(writer);
    SafeArrayGetRecordInfo(array, &info);
    ndr_put_records(writer, info, array->pvData, count);
    if (info)
      IRecordInfo_Release(info);
    return;
  default:
    put_scalars(writer, array, count);
  }
}

/* cbElements as in a process of 32 bits. */
static uint32_t wire_element_size(const SAFEARRAY *array, VARTYPE vt) {
  const Type *type = vt == NO_TYPE || vt == VT_RECORD ? NULL : type_of_vartype(vt);
  return type ? type->size_32 : array->cbElements;
}

static bool can_travel(const SAFEARRAY *array, VARTYPE vt, uint32_t *count) {
  const Type *type = vt == NO_TYPE || vt == VT_RECORD ? NULL : type_of_vartype(vt);
  if (!array->cDims || !count_elements(array->rgsabound, array->cDims, count) || (*count && !array->pvData))
    return false;
  return !(vt != NO_TYPE && vt != VT_RECORD) || (type && type->base->element_size == array->cbElements);
}

void ndr_put_safearray_body(NdrWriter *writer, SAFEARRAY *array) {
  uint32_t count = 0;
  VARTYPE vt = element_of_features(array);
  uint32_t tag = tag_of(array, vt);
  if (!can_travel(array, vt, &count) || tag == SF_ERROR || ++writer->depth > NDR_DEPTH_LIMIT) {
    ndr_writer_fail(writer, E_INVALIDARG);
    return;
  }
  ndr_put_u32(writer, array->cDims);
  ndr_put_u16(writer, array->cDims);
  ndr_put_u16(writer, (uint16_t)(array->fFeatures & ~PLACEMENT));
  ndr_put_u32(writer, wire_element_size(array, vt));
  ndr_put_u16(writer, 0);
  ndr_put_u16(writer, array->fFeatures & FADF_HAVEVARTYPE ? vt : 0);
  ndr_put_u32(writer, tag);
  ndr_put_u32(writer, tag == SF_RECORD ? 1 : array->cbElements == sizeof(DECIMAL) && tag == SF_I8 ? count * 2 : count);
  ndr_put_referent(writer);
  if (tag == SF_HAVEIID) {
    IID iid;
    SafeArrayGetIID(array, &iid);
    ndr_put_guid(writer, &iid);
  }
  for (unsigned i = array->cDims; i-- > 0;) {
    ndr_put_u32(writer, array->rgsabound[i].cElements);
    ndr_put_u32(writer, (uint32_t)array->rgsabound[i].lLbound);
  }
  if (SUCCEEDED(writer->error))
    put_data(writer, array, vt, count);
  writer->depth--;
}

void ndr_put_safearray(NdrWriter *writer, SAFEARRAY *array, const Type *element) {
  (void)element;
  ndr_put_pointer(writer, array);
  if (!array)
    return;
  ndr_put_mark(writer);
  ndr_put_safearray_body(writer, array);
}

/* Reading */

/* A descriptor as it came. */
typedef struct WireArray {
  uint32_t dimensions, features, element_size, tag, units;
  VARTYPE hint; /* the VARTYPE it names, perhaps none */
  IID iid;
  const uint8_t *bounds; /* leftmost first */
  bool has_data;
} WireArray;

static SAFEARRAYBOUND bound_at(const WireArray *wire, uint32_t i) {
  const uint8_t *at = wire->bounds + i * sizeof(SAFEARRAYBOUND);
  return (SAFEARRAYBOUND){ little_u32(at), (LONG)little_u32(at + sizeof(uint32_t)) };
}

static void get_descriptor(NdrReader *reader, WireArray *wire) {
  uint32_t most = ndr_get_count(reader, sizeof(SAFEARRAYBOUND));
  wire->dimensions = ndr_get_u16(reader);
  wire->features = ndr_get_u16(reader);
  wire->element_size = ndr_get_u32(reader);
  uint32_t locks = ndr_get_u32(reader);
  wire->hint = wire->features & FADF_HAVEVARTYPE ? (VARTYPE)(locks >> 16) : NO_TYPE;
  wire->tag = ndr_get_u32(reader);
  wire->units = ndr_get_u32(reader);
  wire->has_data = ndr_get_pointer(reader);
  if (wire->tag == SF_HAVEIID)
    wire->iid = ndr_get_guid(reader);
  wire->bounds = ndr_get_aligned(reader, (size_t)most * sizeof(SAFEARRAYBOUND), sizeof(uint32_t));
  if (!most || most != wire->dimensions)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
}

/* The elements by their kind; a VARTYPE from outside only says which scalars of that size they are. False: no kind. */
static bool choose_element(const WireArray *wire, VARTYPE *vt) {
  const BaseType *base = base_type(wire->hint);
  bool scalar = base && base->owner == OWNS_NOTHING && base->element_size &&
                tag_of_size(base->element_size) == wire->tag && base->in_variant;
  switch (wire->tag) {
  case SF_BSTR:
    *vt = VT_BSTR;
    return true;
  case SF_VARIANT:
    *vt = VT_VARIANT;
    return true;
  case SF_RECORD:
    *vt = VT_RECORD;
    return true;
  case SF_UNKNOWN:
    *vt = VT_UNKNOWN;
    return true;
  case SF_DISPATCH:
    *vt = VT_DISPATCH;
    return true;
  case SF_HAVEIID:
    *vt = wire->features & FADF_DISPATCH ? VT_DISPATCH : VT_UNKNOWN;
    return true;
  case SF_I1:
  case SF_I2:
  case SF_I4:
  case SF_I8:
    *vt = scalar ? base->vt : NO_TYPE;
    return true;
  default:
    return false;
  }
}

static uint32_t size_of_tag(uint32_t tag) {
  return tag == SF_I1 ? 1 : tag == SF_I2 ? 2 : tag == SF_I4 ? 4 : 8;
}

/* Which interface the elements are. An identifier from outside is believed where nobody would call through the pointers by
 * another one: an IDispatch has methods that an IUnknown has not. */
static const IID *element_iid(const WireArray *wire, VARTYPE vt, const Type *element) {
  element = element ? type_resolve(element) : NULL;
  if (element && element->kind == TYPE_INTERFACE)
    return &element->guid;
  if (vt == VT_DISPATCH)
    return &IID_IDispatch;
  return wire->tag == SF_HAVEIID ? &wire->iid : &IID_IUnknown;
}

static HRESULT make_descriptor(const WireArray *wire, VARTYPE vt, const Type *element, SAFEARRAY **result) {
  HRESULT hr = vt == NO_TYPE ? SafeArrayAllocDescriptor(wire->dimensions, result)
                             : SafeArrayAllocDescriptorEx(vt, wire->dimensions, result);
  if (FAILED(hr))
    return hr;
  SAFEARRAY *array = *result;
  array->fFeatures |= vt == VT_BSTR       ? FADF_BSTR
                      : vt == VT_VARIANT  ? FADF_VARIANT
                      : vt == VT_DISPATCH ? FADF_DISPATCH
                      : vt == VT_UNKNOWN  ? FADF_UNKNOWN
                                          : 0;
  if (vt == NO_TYPE)
    array->cbElements = size_of_tag(wire->tag);
  if (array->fFeatures & FADF_HAVEIID)
    SafeArraySetIID(array, element_iid(wire, vt, element));
  for (uint32_t i = 0; i < wire->dimensions; i++)
    array->rgsabound[wire->dimensions - 1 - i] = bound_at(wire, i);
  return S_OK;
}

/* Scalars are copied once, from where they came to where they stay. */
static void get_scalars(NdrReader *reader, SAFEARRAY *array, uint32_t count) {
  uint32_t unit = array->cbElements == sizeof(DECIMAL) ? array->cbElements / 2 : array->cbElements;
  size_t size = (size_t)count * array->cbElements;
  const uint8_t *bytes = count ? ndr_get_aligned(reader, size, unit) : ndr_get_bytes(reader, 0);
  void *data = bytes && size <= UINT32_MAX ? CoTaskMemAlloc(size ? size : 1) : NULL;
  if (!data) {
    ndr_fail(reader, E_OUTOFMEMORY);
    return;
  }
  memcpy(data, bytes, size);
  array->pvData = data;
}

static void get_interfaces(NdrReader *reader, const IID *iid, void **pointers, uint32_t count) {
  NdrReader construct = *reader;
  ndr_get_bytes(reader, (size_t)count * sizeof(uint32_t));
  for (uint32_t i = 0; i < count && SUCCEEDED(reader->error); i++)
    if (ndr_get_pointer(&construct))
      ndr_get_interface_body(reader, iid, &pointers[i]);
}

static void get_data(NdrReader *reader, VARTYPE vt, SAFEARRAY *array, uint32_t count) {
  IID iid = IID_IUnknown;
  bool owns = vt == VT_BSTR || vt == VT_VARIANT || vt == VT_DISPATCH || vt == VT_UNKNOWN;
  uint32_t least = owns ? sizeof(uint32_t) : array->cbElements;
  if (count > ndr_left(reader) / least) {
    ndr_fail(reader, NDR_BAD_STUB_DATA);
    return;
  }
  if (!owns) {
    get_scalars(reader, array, count);
    return;
  }
  HRESULT hr = SafeArrayAllocData(array);
  if (FAILED(hr))
    ndr_fail(reader, hr);
  else if (vt == VT_BSTR || vt == VT_VARIANT)
    ndr_get_elements(reader, type_of_vartype(vt), array->pvData, count, NULL);
  else if (SUCCEEDED(SafeArrayGetIID(array, &iid)))
    get_interfaces(reader, &iid, array->pvData, count);
}

static void get_record_data(NdrReader *reader, const WireArray *wire, SAFEARRAY *array, uint32_t count) {
  IRecordInfo *info = NULL;
  void *records = NULL;
  if (wire->units != 1 || ndr_get_u32(reader) != 1 || !ndr_get_pointer(reader)) {
    ndr_fail(reader, NDR_BAD_STUB_DATA);
    return;
  }
  ndr_get_array_records(reader, count, &info, &records);
  if (FAILED(reader->error))
    return;
  ULONG size = 0;
  IRecordInfo_GetSize(info, &size);
  array->cbElements = size;
  array->pvData = records;
  SafeArraySetRecordInfo(array, info);
  IRecordInfo_Release(info);
}

/* Whether an array that came is what the receiver takes it for. */
static bool is_wanted(const Type *element, VARTYPE vt, const SAFEARRAY *array) {
  element = element ? type_resolve(element) : NULL;
  if (!element)
    return true;
  if (element->kind == TYPE_RECORD || element->kind == TYPE_UNION)
    return vt == VT_RECORD;
  if (vt == VT_RECORD)
    return false;
  const Type *got = vt == NO_TYPE ? NULL : type_of_vartype(vt);
  unsigned owner = got ? got->owner : OWNS_NOTHING;
  uint32_t size = element->kind == TYPE_BASE ? element->base->element_size : element->size;
  if (owner == OWNS_INTERFACE && element->vt == VT_DISPATCH && vt != VT_DISPATCH)
    return false;
  return owner == element->owner && array->cbElements == size;
}

static void fill(NdrReader *reader, const WireArray *wire, VARTYPE vt, SAFEARRAY *array) {
  uint32_t count = 0;
  if (!count_elements(array->rgsabound, wire->dimensions, &count)) {
    ndr_fail(reader, NDR_BAD_STUB_DATA);
    return;
  }
  if (!wire->has_data) {
    if (count)
      ndr_fail(reader, NDR_BAD_STUB_DATA);
    else if (vt == VT_RECORD || FAILED(SafeArrayAllocData(array)))
      ndr_fail(reader, vt == VT_RECORD ? NDR_BAD_STUB_DATA : E_OUTOFMEMORY);
    return;
  }
  if (vt == VT_RECORD) {
    get_record_data(reader, wire, array, count);
    return;
  }
  uint64_t units = (uint64_t)count * (array->cbElements == sizeof(DECIMAL) && vt == VT_DECIMAL ? 2 : 1);
  if (ndr_get_u32(reader) != wire->units || units != wire->units)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  else
    get_data(reader, vt, array, count);
}

void ndr_get_safearray_body(NdrReader *reader, const Type *element, SAFEARRAY **result) {
  WireArray wire = { 0 };
  VARTYPE vt = NO_TYPE;
  SAFEARRAY *array = NULL;
  *result = NULL;
  if (!ndr_enter(reader, NDR_VARIANT_LEVELS))
    return;
  get_descriptor(reader, &wire);
  if (SUCCEEDED(reader->error) && !choose_element(&wire, &vt))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (SUCCEEDED(reader->error)) {
    HRESULT hr = make_descriptor(&wire, vt, element, &array);
    if (FAILED(hr))
      ndr_fail(reader, hr);
    else
      fill(reader, &wire, vt, array);
  }
  if (SUCCEEDED(reader->error) && !is_wanted(element, vt, array))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (FAILED(reader->error)) {
    SafeArrayDestroy(array);
    array = NULL;
  }
  *result = array;
  ndr_leave(reader, NDR_VARIANT_LEVELS);
}

void ndr_get_safearray(NdrReader *reader, const Type *element, SAFEARRAY **array) {
  *array = NULL;
  if (ndr_get_pointer(reader) && ndr_get_pointer(reader))
    ndr_get_safearray_body(reader, element, array);
}
