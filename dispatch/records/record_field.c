/* Fields of records as VARIANTs: by reference, by copy, and back; see record_field.h. */
#include "dispatch/records/record_field.h"

#include <combaseapi.h>

#include <string.h>

VARTYPE record_field_vartype(const Type *type) {
  type = type_resolve(type);
  switch (type->kind) {
  case TYPE_BASE:
    return base_type_element_vt(type->base);
  case TYPE_ENUM:
    return VT_I4;
  case TYPE_RECORD:
    return VT_RECORD;
  case TYPE_SAFEARRAY:
  case TYPE_INTERFACE:
    return type->vt;
  case TYPE_ARRAY: {
    VARTYPE element = record_field_vartype(type->target);
    return element == (VARTYPE)VT_ILLEGAL || (element & VT_ARRAY) ? (VARTYPE)VT_ILLEGAL : element | VT_ARRAY;
  }
  default:
    return VT_ILLEGAL;
  }
}

HRESULT record_field_reference(const Type *type, void *data, IRecordInfo *nested, VARIANT *reference) {
  VARTYPE vt = record_field_vartype(type);

  VariantInit(reference);
  if (vt == (VARTYPE)VT_ILLEGAL)
    return DISP_E_BADVARTYPE;
  if (type_resolve(type)->kind == TYPE_ARRAY)
    vt = VT_CARRAY;
  V_VT(reference) = vt | VT_BYREF;
  V_BYREF(reference) = data;
  if (vt == VT_RECORD) {
    V_RECORD(reference) = data;
    V_RECORDINFO(reference) = nested;
  }
  return S_OK;
}

/* fixed arrays: the last dimension varies fastest in C, the first one in a SAFEARRAY */

/* Cell of the SAFEARRAY for the element `index` of the C array. */
static uint32_t array_cell(const Type *type, uint32_t index) {
  uint32_t cell = 0;
  uint32_t stride = type->count;

  for (uint32_t i = type->dimensions; i > 0; i--) {
    uint32_t extent = type->bounds[i - 1].cElements;
    stride /= extent;
    cell += index % extent * stride;
    index /= extent;
  }
  return cell;
}

HRESULT record_field_array(const Type *type, const void *data, IRecordInfo *nested, SAFEARRAY **array) {
  type = type_resolve(type);
  VARTYPE element = record_field_vartype(type->target);
  HRESULT hr = S_OK;

  *array = NULL;
  if (record_field_vartype(type) == (VARTYPE)VT_ILLEGAL || type->count == 0)
    return DISP_E_BADVARTYPE;
  SAFEARRAY *copy = SafeArrayCreateEx(element, type->dimensions, (SAFEARRAYBOUND *)(uintptr_t)type->bounds, nested);
  if (!copy)
    return E_OUTOFMEMORY;
  for (uint32_t i = 0; i < type->count && SUCCEEDED(hr); i++) {
    char *cell = (char *)copy->pvData + (size_t)array_cell(type, i) * copy->cbElements;
    hr = type_copy(type->target, cell, (const char *)data + (size_t)i * type->target->size);
  }
  if (FAILED(hr))
    SafeArrayDestroy(copy);
  else
    *array = copy;
  return hr;
}

/* All elements from a SAFEARRAY of the same element type and as many elements, in a copy that then takes the place. */
static HRESULT put_array(const Type *type, void *data, SAFEARRAY *array, char *fresh) {
  VARTYPE vt = VT_EMPTY;
  uint64_t count = 1;
  HRESULT hr = S_OK;

  if (!array || FAILED(SafeArrayGetVartype(array, &vt)) || vt != record_field_vartype(type->target) ||
      array->cDims != type->dimensions || array->cbElements != type->target->size || !array->pvData)
    return DISP_E_TYPEMISMATCH;
  for (uint32_t i = 0; i < type->dimensions; i++) {
    if (array->rgsabound[type->dimensions - 1 - i].cElements != type->bounds[i].cElements)
      return DISP_E_BADINDEX;
    count *= type->bounds[i].cElements;
  }
  uint32_t done = 0;
  for (; done < count && SUCCEEDED(hr); done++) {
    const char *cell = (const char *)array->pvData + (size_t)array_cell(type, done) * array->cbElements;
    hr = type_copy(type->target, fresh + (size_t)done * type->target->size, cell);
  }
  if (FAILED(hr)) {
    type_clear(type, fresh);
    return hr;
  }
  type_clear(type, data);
  memcpy(data, fresh, type->size);
  return S_OK;
}

static HRESULT array_put(const Type *type, void *data, VARIANT *value) {
  if (!(V_VT(value) & VT_ARRAY))
    return DISP_E_TYPEMISMATCH;
  char *fresh = CoTaskMemAlloc(type->size > 0 ? type->size : 1);
  if (!fresh)
    return E_OUTOFMEMORY;
  memset(fresh, 0, type->size);
  HRESULT hr = put_array(type, data, V_ARRAY(value), fresh);
  CoTaskMemFree(fresh);
  if (SUCCEEDED(hr))
    VariantClear(value);
  return hr;
}

static HRESULT record_put(void *data, IRecordInfo *nested, VARIANT *value) {
  if (V_VT(value) != VT_RECORD || !V_RECORD(value) || !V_RECORDINFO(value) || !nested ||
      !IRecordInfo_IsMatchingType(nested, V_RECORDINFO(value)))
    return DISP_E_TYPEMISMATCH;
  HRESULT hr = IRecordInfo_RecordCopy(nested, V_RECORD(value), data);
  if (SUCCEEDED(hr))
    VariantClear(value);
  return hr;
}

/* single values */

/* Converts *value in place; a failed conversion leaves it as it was. */
static HRESULT value_convert(VARIANT *value, VARTYPE vt, BOOL convert) {
  VARIANT converted;

  if (V_VT(value) == vt)
    return S_OK;
  if (!convert)
    return DISP_E_TYPEMISMATCH;
  VariantInit(&converted);
  HRESULT hr = VariantChangeTypeEx(&converted, value, LOCALE_USER_DEFAULT, 0, vt);
  if (FAILED(hr))
    return hr;
  VariantClear(value);
  *value = converted;
  return S_OK;
}

/* An interface field of a particular interface wants a pointer to that one. */
static HRESULT interface_adjust(const Type *type, VARIANT *value) {
  void *wanted = NULL;

  if (type->kind != TYPE_INTERFACE || !V_UNKNOWN(value) || IsEqualGUID(&type->guid, &GUID_NULL))
    return S_OK;
  if (FAILED(IUnknown_QueryInterface(V_UNKNOWN(value), &type->guid, &wanted)))
    return DISP_E_TYPEMISMATCH;
  IUnknown_Release(V_UNKNOWN(value));
  V_UNKNOWN(value) = wanted;
  return S_OK;
}

static HRESULT scalar_put(const Type *type, VARTYPE vt, void *data, VARIANT *value, BOOL convert) {
  HRESULT hr = value_convert(value, vt, convert);

  if (SUCCEEDED(hr) && (vt == VT_DISPATCH || vt == VT_UNKNOWN))
    hr = interface_adjust(type, value);
  if (FAILED(hr))
    return hr;
  type_clear(type, data);
  if (vt == VT_DECIMAL) {
    DECIMAL decimal = V_DECIMAL(value);
    decimal.wReserved = 0; /* there the VARIANT has its type */
    memcpy(data, &decimal, sizeof decimal);
  } else {
    memcpy(data, &V_I8(value), type->size);
  }
  V_VT(value) = VT_EMPTY;
  return S_OK;
}

HRESULT record_field_put(const Type *type, void *data, IRecordInfo *nested, VARIANT *value, BOOL convert) {
  VARTYPE vt = record_field_vartype(type);

  type = type_resolve(type);
  if (vt == (VARTYPE)VT_ILLEGAL)
    return DISP_E_BADVARTYPE;
  if (type->kind == TYPE_ARRAY)
    return array_put(type, data, value);
  if (vt == VT_RECORD)
    return record_put(data, nested, value);
  if (vt == VT_VARIANT) {
    type_clear(type, data);
    memcpy(data, value, sizeof *value);
    V_VT(value) = VT_EMPTY;
    return S_OK;
  }
  return scalar_put(type, vt, data, value, convert);
}
