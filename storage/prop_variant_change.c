/* PROPVARIANTs of one type as those of another (PropVariantChangeType), and as the bytes of a property set and back. */
#include <stdlib.h>
#include <string.h>

#include "storage/prop_variant.h"
#include "storage/property_internal.h"

#define TICKS_A_DAY  864000000000.0
#define DATE_OF_ZERO (-109205.0) /* 1601-01-01 as a DATE */

static HRESULT text_to_bstr(const char *text, BSTR *result) {
  size_t size = strlen(text);
  size_t units = utf16_length(text, size);

  if (units == UNICODE_INVALID)
    return DISP_E_TYPEMISMATCH;
  *result = SysAllocStringLen(NULL, (UINT)units);
  if (!*result)
    return E_OUTOFMEMORY;
  utf16_from_utf8(text, size, *result);
  return S_OK;
}

static DATE filetime_to_date(const FILETIME *time) {
  double ticks = (double)((uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime);
  double days = ticks / TICKS_A_DAY + DATE_OF_ZERO;
  double day = (double)(LONGLONG)days - (days < (double)(LONGLONG)days);

  return day < 0 ? day - (days - day) : days; /* days before 1899-12-30 count their time forwards */
}

static HRESULT date_to_filetime(DATE date, FILETIME *time) {
  double day = (double)(LONGLONG)date;
  double days = date < 0 ? day - (date - day) : date;
  double ticks = (days - DATE_OF_ZERO) * TICKS_A_DAY;

  if (!(ticks >= 0 && ticks < 9.2e18))
    return DISP_E_OVERFLOW;
  uint64_t whole = ((uint64_t)ticks + 5000) / 10000 * 10000; /* a DATE is true to the millisecond */
  *time = (FILETIME){ (DWORD)whole, (DWORD)(whole >> 32) };
  return S_OK;
}

/* The value as a VARIANT, which VariantChangeType knows. */
static HRESULT to_variant(const PROPVARIANT *value, VARIANT *variant) {
  VariantInit(variant);
  switch (value->vt) {
  case VT_LPSTR:
    V_VT(variant) = VT_BSTR;
    return text_to_bstr(value->pszVal ? value->pszVal : "", &V_BSTR(variant));
  case VT_LPWSTR:
    V_VT(variant) = VT_BSTR;
    V_BSTR(variant) = SysAllocString(value->pwszVal ? value->pwszVal : u"");
    return V_BSTR(variant) ? S_OK : E_OUTOFMEMORY;
  case VT_CLSID: {
    OLECHAR text[40];
    if (!value->puuid || !StringFromGUID2(value->puuid, text, 40))
      return DISP_E_TYPEMISMATCH;
    V_VT(variant) = VT_BSTR;
    V_BSTR(variant) = SysAllocString(text);
    return V_BSTR(variant) ? S_OK : E_OUTOFMEMORY;
  }
  case VT_FILETIME:
    V_VT(variant) = VT_DATE;
    V_DATE(variant) = filetime_to_date(&value->filetime);
    return S_OK;
  default:
    if ((value->vt & (VT_VECTOR | VT_BYREF)) || value->vt > VT_UINT)
      return DISP_E_TYPEMISMATCH;
    return VariantCopy(variant, (const VARIANT *)value);
  }
}

static HRESULT text_from_bstr(BSTR text, VARTYPE type, PROPVARIANT *result) {
  size_t units = SysStringLen(text);
  HRESULT status = S_OK;

  if (type == VT_LPWSTR) {
    result->pwszVal = CoTaskMemAlloc((units + 1) * sizeof(WCHAR));
    if (!result->pwszVal)
      return E_OUTOFMEMORY;
    memcpy(result->pwszVal, text ? text : u"", (units + 1) * sizeof(WCHAR));
  } else if (type == VT_LPSTR) {
    size_t size = utf8_length(text, units);
    result->pszVal = CoTaskMemAlloc(size + 1);
    if (!result->pszVal)
      return E_OUTOFMEMORY;
    utf8_from_utf16(text, units, result->pszVal);
    result->pszVal[size] = 0;
  } else {
    result->puuid = CoTaskMemAlloc(sizeof(CLSID));
    if (!result->puuid)
      return E_OUTOFMEMORY;
    status = text ? IIDFromString(text, result->puuid) : DISP_E_TYPEMISMATCH;
    if (FAILED(status)) {
      CoTaskMemFree(result->puuid);
      return DISP_E_TYPEMISMATCH;
    }
  }
  result->vt = type;
  return status;
}

/* The type among those of VARIANTs by way of which a value gets to `type`; VT_ILLEGAL: there is none. */
static VARTYPE way_to(VARTYPE type) {
  switch (type) {
  case VT_LPSTR:
  case VT_LPWSTR:
  case VT_CLSID:
    return VT_BSTR;
  case VT_FILETIME:
    return VT_DATE;
  default:
    return type <= VT_UINT && type != VT_VARIANT ? type : VT_ILLEGAL;
  }
}

HRESULT PropVariantChangeType(PROPVARIANT *target, const PROPVARIANT *source, PROPVAR_CHANGE_FLAGS flags,
                              VARTYPE type) {
  PROPVARIANT result = { 0 };
  VARIANT variant, changed;

  (void)flags; /* none of them is about the types here */
  if (!target || !source)
    return E_INVALIDARG;
  if (type == source->vt)
    return PropVariantCopy(target, source);
  VARTYPE way = way_to(type);
  if (way == VT_ILLEGAL)
    return DISP_E_TYPEMISMATCH;
  VariantInit(&changed);
  HRESULT status = to_variant(source, &variant);
  if (SUCCEEDED(status))
    status = VariantChangeType(&changed, &variant, 0, way);
  if (SUCCEEDED(status) && way == VT_BSTR && type != VT_BSTR) {
    status = text_from_bstr(V_BSTR(&changed), type, &result);
  } else if (SUCCEEDED(status) && type == VT_FILETIME) {
    status = date_to_filetime(V_DATE(&changed), &result.filetime);
    result.vt = VT_FILETIME;
  } else if (SUCCEEDED(status)) {
    memcpy(&result, &changed, sizeof result);
    VariantInit(&changed); /* the result has it */
  }
  VariantClear(&changed);
  VariantClear(&variant);
  if (SUCCEEDED(status))
    *target = result;
  return status;
}

/* Bytes of a property set */

SERIALIZEDPROPERTYVALUE *StgConvertVariantToProperty(const PROPVARIANT *value, USHORT code_page,
                                                     SERIALIZEDPROPERTYVALUE *bytes, ULONG *size, PROPID id,
                                                     BOOLEAN reserved, ULONG *indirect) {
  ByteBuffer buffer = { 0 };

  (void)id;
  if (indirect)
    *indirect = 0;
  if (!value || !size || reserved || FAILED(property_encode(value, code_page, false, &buffer))) {
    if (size)
      *size = 0;
    free(buffer.data);
    return NULL;
  }
  bool fits = bytes && *size >= buffer.size;
  if (fits)
    memcpy(bytes, buffer.data, buffer.size);
  *size = (ULONG)buffer.size;
  free(buffer.data);
  return fits ? bytes : NULL;
}

BOOLEAN StgConvertPropertyToVariant(const SERIALIZEDPROPERTYVALUE *bytes, USHORT code_page, PROPVARIANT *value,
                                    void *allocator) {
  (void)allocator;
  if (!value)
    return FALSE;
  memset(value, 0, sizeof *value);
  if (bytes && FAILED(property_decode_trusted((const uint8_t *)bytes, code_page, value)))
    memset(value, 0, sizeof *value);
  return FALSE;
}

HRESULT oleander_property_to_variant(const void *bytes, ULONG size, USHORT code_page, PROPVARIANT *value) {
  if (!bytes || !value)
    return E_INVALIDARG;
  memset(value, 0, sizeof *value);
  return property_decode(bytes, size, code_page, false, value);
}
