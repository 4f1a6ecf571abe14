/* VarXFromDisp: the default member of an object (DISPID_VALUE), converted further. */
#include "dispatch/values/variant.h"

#include "dispatch/values/scalar.h"

/* An object whose default member is itself an object is followed, but not for ever. */
enum { DEFAULT_MEMBER_DEPTH = 16 };

static HRESULT object_get_value(IDispatch *object, LCID lcid, VARIANT *value) {
  DISPPARAMS none = { NULL, NULL, 0, 0 };
  VariantInit(value);
  HRESULT hr =
      object->lpVtbl->Invoke(object, DISPID_VALUE, &GUID_NULL, lcid, DISPATCH_PROPERTYGET, &none, value, NULL, NULL);
  if (FAILED(hr)) {
    VariantClear(value);
    return hr;
  }
  return S_OK;
}

HRESULT object_default_value(IDispatch *object, LCID lcid, VARIANT *value) {
  if (!object) {
    return DISP_E_BADVARTYPE;
  }
  HRESULT hr = object_get_value(object, lcid, value);
  for (int depth = 0; SUCCEEDED(hr) && value->vt == VT_DISPATCH && value->pdispVal; depth++) {
    IDispatch *inner = value->pdispVal;
    hr = depth < DEFAULT_MEMBER_DEPTH ? object_get_value(inner, lcid, value) : DISP_E_TYPEMISMATCH;
    inner->lpVtbl->Release(inner);
  }
  return hr;
}

HRESULT object_value_to_convert(IDispatch *object, LCID lcid, VARIANT *value) {
  HRESULT hr = object_default_value(object, lcid, value);
  return FAILED(hr) && object ? DISP_E_TYPEMISMATCH : hr;
}

static HRESULT object_to(IDispatch *object, LCID lcid, VARTYPE vt, VARIANT *result) {
  VARIANT value;
  HRESULT hr = object_value_to_convert(object, lcid, &value);
  if (FAILED(hr)) {
    return hr;
  }
  VariantInit(result);
  hr = VariantChangeTypeEx(result, &value, lcid, 0, vt);
  VariantClear(&value);
  return hr;
}

#define FROM_DISP(To, tag, member)                                                                                     \
  HRESULT Var##To##FromDisp(IDispatch *object, LCID lcid, TYPE_##To *result) {                                         \
    VARIANT value;                                                                                                     \
    if (!result) {                                                                                                     \
      return E_INVALIDARG;                                                                                             \
    }                                                                                                                  \
    HRESULT hr = object_to(object, lcid, tag, &value);                                                                 \
    if (SUCCEEDED(hr)) {                                                                                               \
      *result = value.member;                                                                                          \
    }                                                                                                                  \
    return hr;                                                                                                         \
  }

FROM_DISP(I1, VT_I1, cVal)
FROM_DISP(UI1, VT_UI1, bVal)
FROM_DISP(I2, VT_I2, iVal)
FROM_DISP(UI2, VT_UI2, uiVal)
FROM_DISP(I4, VT_I4, lVal)
FROM_DISP(UI4, VT_UI4, ulVal)
FROM_DISP(I8, VT_I8, llVal)
FROM_DISP(UI8, VT_UI8, ullVal)
FROM_DISP(R4, VT_R4, fltVal)
FROM_DISP(R8, VT_R8, dblVal)
FROM_DISP(Cy, VT_CY, cyVal)
FROM_DISP(Date, VT_DATE, date)
FROM_DISP(Bool, VT_BOOL, boolVal)

HRESULT VarDecFromDisp(IDispatch *object, LCID lcid, DECIMAL *result) {
  VARIANT value;
  if (!result) {
    return E_INVALIDARG;
  }
  HRESULT hr = object_to(object, lcid, VT_DECIMAL, &value);
  if (SUCCEEDED(hr)) {
    decimal_assign(result, &value.decVal);
  }
  return hr;
}

HRESULT VarBstrFromDisp(IDispatch *object, LCID lcid, ULONG flags, BSTR *result) {
  VARIANT value;
  (void)flags;
  if (!result) {
    return E_INVALIDARG;
  }
  HRESULT hr = object_to(object, lcid, VT_BSTR, &value);
  if (SUCCEEDED(hr)) {
    *result = value.bstrVal;
  }
  return hr;
}
