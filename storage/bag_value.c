/* Values of property bags as values of other types: as VariantChangeTypeEx has them, and besides dates as texts that sort,
 * and arrays of one type from arrays of VARIANTs. */
#include <stdio.h>

#include "storage/property_bag.h"

#define BAG_DATE_TEXT 32u

static HRESULT date_from_text(BSTR text, DATE *date) {
  SYSTEMTIME time = { 0 };
  char narrow[BAG_DATE_TEXT];
  UINT units = SysStringLen(text);
  unsigned year, month, day, hour = 0, minute = 0, second = 0;
  int end = 0;

  if (units < 10 || units >= sizeof narrow)
    return DISP_E_TYPEMISMATCH;
  for (UINT i = 0; i < units; i++)
    narrow[i] = text[i] < 0x80 ? (char)text[i] : '?';
  narrow[units] = 0;
  int got = sscanf(narrow, "%4u-%2u-%2u%nT%2u:%2u:%2u%n", &year, &month, &day, &end, &hour, &minute, &second, &end);
  if ((got != 3 && got != 6) || narrow[end])
    return DISP_E_TYPEMISMATCH;
  time.wYear = (WORD)year;
  time.wMonth = (WORD)month;
  time.wDay = (WORD)day;
  time.wHour = (WORD)hour;
  time.wMinute = (WORD)minute;
  time.wSecond = (WORD)second;
  return SystemTimeToVariantTime(&time, date) ? S_OK : DISP_E_TYPEMISMATCH;
}

HRESULT bag_value_text(const VARIANT *value, BSTR *text) {
  VARIANT changed;
  SYSTEMTIME time;
  char narrow[BAG_DATE_TEXT];
  OLECHAR wide[BAG_DATE_TEXT];

  if (V_VT(value) == VT_DATE && VariantTimeToSystemTime(V_DATE(value), &time)) {
    int size = snprintf(narrow, sizeof narrow, "%04u-%02u-%02uT%02u:%02u:%02u", time.wYear, time.wMonth, time.wDay,
                        time.wHour, time.wMinute, time.wSecond);
    for (int i = 0; i <= size; i++)
      wide[i] = (OLECHAR)narrow[i];
    *text = SysAllocString(wide);
    return *text ? S_OK : E_OUTOFMEMORY;
  }
  VariantInit(&changed);
  HRESULT status = VariantChangeTypeEx(&changed, (VARIANT *)value, BAG_LCID, 0, VT_BSTR);
  *text = SUCCEEDED(status) ? V_BSTR(&changed) : NULL;
  return status;
}

/* An array of one type, of one dimension, from one of another. */
static HRESULT change_array(VARIANT *value, VARTYPE type) {
  SAFEARRAY *from = V_ARRAY(value);
  VARTYPE element = V_VT(value) & VT_TYPEMASK;
  VARTYPE wanted = type & VT_TYPEMASK;
  LONG low, high;

  if (!from || SafeArrayGetDim(from) != 1 || (element != VT_VARIANT && wanted != VT_VARIANT))
    return DISP_E_TYPEMISMATCH;
  if (FAILED(SafeArrayGetLBound(from, 1, &low)) || FAILED(SafeArrayGetUBound(from, 1, &high)))
    return DISP_E_TYPEMISMATCH;
  SAFEARRAY *to = SafeArrayCreateVector(wanted, low, (ULONG)(high - low + 1));
  HRESULT status = to ? S_OK : E_OUTOFMEMORY;
  for (LONG i = low; i <= high && SUCCEEDED(status); i++) {
    VARIANT one;

    VariantInit(&one);
    if (element == VT_VARIANT) {
      status = SafeArrayGetElement(from, &i, &one);
    } else {
      status = SafeArrayGetElement(from, &i, &one.byref);
      V_VT(&one) = element;
    }
    if (SUCCEEDED(status) && wanted != VT_VARIANT)
      status = bag_value_change(&one, wanted);
    bool pointer = wanted == VT_BSTR || wanted == VT_UNKNOWN || wanted == VT_DISPATCH;
    if (SUCCEEDED(status))
      status = SafeArrayPutElement(to, &i, wanted == VT_VARIANT ? (void *)&one : pointer ? one.byref : &one.byref);
    VariantClear(&one);
  }
  if (FAILED(status)) {
    if (to)
      SafeArrayDestroy(to);
    return status;
  }
  VariantClear(value);
  V_VT(value) = VT_ARRAY | wanted;
  V_ARRAY(value) = to;
  return S_OK;
}

bool bag_type_is_whole(VARTYPE type) {
  switch (type) {
  case VT_I1:
  case VT_UI1:
  case VT_I2:
  case VT_UI2:
  case VT_I4:
  case VT_UI4:
  case VT_INT:
  case VT_UINT:
  case VT_I8:
  case VT_UI8:
    return true;
  default:
    return false;
  }
}

HRESULT bag_value_change(VARIANT *value, VARTYPE type) {
  DATE date;

  if (type == VT_EMPTY || type == VT_VARIANT || V_VT(value) == type)
    return S_OK;
  if (type & VT_ARRAY && V_VT(value) & VT_ARRAY)
    return change_array(value, type);
  if (type & (VT_ARRAY | VT_BYREF))
    return DISP_E_TYPEMISMATCH;
  if (type == VT_DATE && V_VT(value) == VT_BSTR && SUCCEEDED(date_from_text(V_BSTR(value), &date))) {
    VariantClear(value);
    V_VT(value) = VT_DATE;
    V_DATE(value) = date;
    return S_OK;
  }
  return VariantChangeTypeEx(value, value, BAG_LCID, 0, type);
}
