/*
 * VariantChangeType(Ex): one type to another by its VARTYPE. A target is one line in the table; every scalar target
 * knows all scalar sources (SCALAR_TARGET).
 */
#include <string.h>

#include "dispatch/values/bstr.h"
#include "dispatch/values/scalar.h"
#include "dispatch/values/variant.h"

typedef struct Change {
  const VARIANT *value;
  LCID lcid;
  USHORT flags;     /* VARIANT_ */
  ULONG text_flags; /* VAR_ and LOCALE_ */
} Change;

/* Fills the member of *result that belongs to the target type; the vt is set by the caller. */
typedef HRESULT ChangeTo(const Change *change, VARIANT *result);

ULONG variant_text_flags(USHORT flags) {
  static const struct {
    USHORT from;
    ULONG to;
  } names[] = {
    { VARIANT_LOCALBOOL, VAR_LOCALBOOL },
    { VARIANT_CALENDAR_HIJRI, VAR_CALENDAR_HIJRI },
    { VARIANT_CALENDAR_THAI, VAR_CALENDAR_THAI },
    { VARIANT_CALENDAR_GREGORIAN, VAR_CALENDAR_GREGORIAN },
    { VARIANT_NOUSEROVERRIDE, LOCALE_NOUSEROVERRIDE },
    { VARIANT_USE_NLS, LOCALE_USE_NLS },
  };
  ULONG result = 0;
  for (size_t i = 0; flags != 0 && i < sizeof names / sizeof *names; i++) {
    result |= (flags & names[i].from) != 0 ? names[i].to : 0;
  }
  return result;
}

/* Targets */

#define SCALAR_TARGET(To, member)                                                                                      \
  static HRESULT change_to_##To(const Change *change, VARIANT *result) {                                               \
    const VARIANT *value = change->value;                                                                              \
    switch (value->vt) {                                                                                               \
    case VT_EMPTY:                                                                                                     \
      return To##_from_signed(0, &result->member);                                                                     \
    case VT_I1:                                                                                                        \
      return To##_from_signed(value->cVal, &result->member);                                                           \
    case VT_UI1:                                                                                                       \
      return To##_from_unsigned(value->bVal, &result->member);                                                         \
    case VT_I2:                                                                                                        \
      return To##_from_signed(value->iVal, &result->member);                                                           \
    case VT_UI2:                                                                                                       \
      return To##_from_unsigned(value->uiVal, &result->member);                                                        \
    case VT_I4:                                                                                                        \
    case VT_INT:                                                                                                       \
      return To##_from_signed(value->lVal, &result->member);                                                           \
    case VT_UI4:                                                                                                       \
    case VT_UINT:                                                                                                      \
      return To##_from_unsigned(value->ulVal, &result->member);                                                        \
    case VT_I8:                                                                                                        \
      return To##_from_signed(value->llVal, &result->member);                                                          \
    case VT_UI8:                                                                                                       \
      return To##_from_unsigned(value->ullVal, &result->member);                                                       \
    case VT_R4:                                                                                                        \
      return To##_from_single(value->fltVal, &result->member);                                                         \
    case VT_R8:                                                                                                        \
    case VT_DATE:                                                                                                      \
      return To##_from_real(value->dblVal, &result->member);                                                           \
    case VT_CY:                                                                                                        \
      return To##_from_cy(value->cyVal, &result->member);                                                              \
    case VT_DECIMAL:                                                                                                   \
      return To##_from_dec(&value->decVal, &result->member);                                                           \
    case VT_BOOL:                                                                                                      \
      return To##_from_bool(value->boolVal, &result->member);                                                          \
    case VT_BSTR:                                                                                                      \
      return Var##To##FromStr(value->bstrVal, change->lcid, change->text_flags, &result->member);                      \
    default:                                                                                                           \
      return DISP_E_TYPEMISMATCH;                                                                                      \
    }                                                                                                                  \
  }

/* Conversions of a type to itself, which SCALAR_TARGET names but nobody reaches. */
static inline HRESULT Bool_from_bool(VARIANT_BOOL value, VARIANT_BOOL *result) {
  *result = value;
  return S_OK;
}

static inline HRESULT Dec_from_dec(const DECIMAL *value, DECIMAL *result) {
  decimal_assign(result, value);
  return S_OK;
}

static inline HRESULT Cy_from_cy(CY value, CY *result) {
  *result = value;
  return S_OK;
}

SCALAR_TARGET(I1, cVal)
SCALAR_TARGET(UI1, bVal)
SCALAR_TARGET(I2, iVal)
SCALAR_TARGET(UI2, uiVal)
SCALAR_TARGET(I4, lVal)
SCALAR_TARGET(UI4, ulVal)
SCALAR_TARGET(I8, llVal)
SCALAR_TARGET(UI8, ullVal)
SCALAR_TARGET(R4, fltVal)
SCALAR_TARGET(R8, dblVal)
SCALAR_TARGET(Cy, cyVal)
SCALAR_TARGET(Date, date)
SCALAR_TARGET(Dec, decVal)
SCALAR_TARGET(Bool, boolVal)

/* Unlike in VarDecFromBool, a truth value is the number that its 16 bits are. */
static HRESULT change_to_decimal(const Change *change, VARIANT *result) {
  if (change->value->vt == VT_BOOL) {
    return Dec_from_signed(change->value->boolVal, &result->decVal);
  }
  return change_to_Dec(change, result);
}

/* A truth value is a word only on demand, else the number that it is. */
static HRESULT change_bool_to_bstr(const Change *change, BSTR *result) {
  VARIANT_BOOL value = change->value->boolVal;
  if (change->flags & (VARIANT_ALPHABOOL | VARIANT_LOCALBOOL)) {
    return VarBstrFromBool(value, change->lcid, change->text_flags, result);
  }
  return VarBstrFromI2(value, change->lcid, change->text_flags, result);
}

static HRESULT change_to_bstr(const Change *change, VARIANT *result) {
  const VARIANT *value = change->value;
  LCID lcid = change->lcid;
  ULONG flags = change->text_flags;
  BSTR *text = &result->bstrVal;
  switch (value->vt) {
  case VT_EMPTY:
    *text = bstr_new(0);
    return !*text ? E_OUTOFMEMORY : S_OK;
  case VT_I1:
    return VarBstrFromI1(value->cVal, lcid, flags, text);
  case VT_UI1:
    return VarBstrFromUI1(value->bVal, lcid, flags, text);
  case VT_I2:
    return VarBstrFromI2(value->iVal, lcid, flags, text);
  case VT_UI2:
    return VarBstrFromUI2(value->uiVal, lcid, flags, text);
  case VT_I4:
  case VT_INT:
    return VarBstrFromI4(value->lVal, lcid, flags, text);
  case VT_UI4:
  case VT_UINT:
    return VarBstrFromUI4(value->ulVal, lcid, flags, text);
  case VT_I8:
    return VarBstrFromI8(value->llVal, lcid, flags, text);
  case VT_UI8:
    return VarBstrFromUI8(value->ullVal, lcid, flags, text);
  case VT_R4:
    return VarBstrFromR4(value->fltVal, lcid, flags, text);
  case VT_R8:
    return VarBstrFromR8(value->dblVal, lcid, flags, text);
  case VT_CY:
    return VarBstrFromCy(value->cyVal, lcid, flags, text);
  case VT_DATE:
    return VarBstrFromDate(value->date, lcid, flags, text);
  case VT_DECIMAL:
    return VarBstrFromDec(&value->decVal, lcid, flags, text);
  case VT_BOOL:
    return change_bool_to_bstr(change, text);
  default:
    return DISP_E_TYPEMISMATCH;
  }
}

/* Anything but an error can be forgotten, but Null is never Empty. */
static HRESULT change_to_empty(const Change *change, VARIANT *result) {
  (void)result;
  return change->value->vt == VT_NULL || change->value->vt == VT_ERROR ? DISP_E_TYPEMISMATCH : S_OK;
}

static HRESULT change_to_null(const Change *change, VARIANT *result) {
  (void)result;
  return change->value->vt == VT_ERROR ? DISP_E_TYPEMISMATCH : S_OK;
}

static HRESULT change_to_interface(const Change *change, const IID *iid, void **result) {
  const VARIANT *value = change->value;
  *result = NULL;
  if (value->vt != VT_UNKNOWN && value->vt != VT_DISPATCH) {
    return DISP_E_TYPEMISMATCH;
  }
  return !value->punkVal ? S_OK : value->punkVal->lpVtbl->QueryInterface(value->punkVal, iid, result);
}

static HRESULT change_to_dispatch(const Change *change, VARIANT *result) {
  return change_to_interface(change, &IID_IDispatch, (void **)&result->pdispVal);
}

static HRESULT change_to_unknown(const Change *change, VARIANT *result) {
  return change_to_interface(change, &IID_IUnknown, (void **)&result->punkVal);
}

/* Types that are not here (VT_ERROR, VT_VARIANT, VT_RECORD) only change to themselves. */
static ChangeTo *const change_targets[VT_UINT + 1] = {
  [VT_EMPTY] = change_to_empty,     [VT_NULL] = change_to_null,
  [VT_I1] = change_to_I1,           [VT_UI1] = change_to_UI1,
  [VT_I2] = change_to_I2,           [VT_UI2] = change_to_UI2,
  [VT_I4] = change_to_I4,           [VT_INT] = change_to_I4,
  [VT_UI4] = change_to_UI4,         [VT_UINT] = change_to_UI4,
  [VT_I8] = change_to_I8,           [VT_UI8] = change_to_UI8,
  [VT_R4] = change_to_R4,           [VT_R8] = change_to_R8,
  [VT_CY] = change_to_Cy,           [VT_DATE] = change_to_Date,
  [VT_DECIMAL] = change_to_decimal, [VT_BOOL] = change_to_Bool,
  [VT_BSTR] = change_to_bstr,       [VT_DISPATCH] = change_to_dispatch,
  [VT_UNKNOWN] = change_to_unknown,
};

/* Integers of one width but with another sign keep their bits. The two of eight bytes are checked instead. */
static size_t reinterpreted_bytes(VARTYPE from, VARTYPE to) {
  static const uint8_t width[VT_UINT + 1] = {
    [VT_I1] = 1, [VT_UI1] = 1, [VT_I2] = 2, [VT_UI2] = 2, [VT_I4] = 4, [VT_UI4] = 4, [VT_INT] = 4, [VT_UINT] = 4,
  };
  return from <= VT_UINT && width[from] == width[to] ? width[from] : 0;
}

static bool takes_default_member(VARTYPE vt) {
  return vt != VT_EMPTY && vt != VT_NULL && vt != VT_DISPATCH && vt != VT_UNKNOWN && vt != VT_ERROR;
}

HRESULT variant_coerce(const VARIANT *value, LCID lcid, USHORT flags, VARTYPE vt, VARIANT *result) {
  Change change = { value, lcid, flags, variant_text_flags(flags) };
  VARIANT inner;
  VariantInit(result);
  if (value->vt == vt) {
    return VariantCopy(result, value);
  }
  if (value->vt == VT_DISPATCH && (flags & VARIANT_NOVALUEPROP) != 0 && vt != VT_UNKNOWN) {
    return DISP_E_TYPEMISMATCH;
  }
  if (vt > VT_UINT || !change_targets[vt]) {
    return DISP_E_TYPEMISMATCH;
  }
  bool default_member = value->vt == VT_DISPATCH && takes_default_member(vt);
  HRESULT hr = S_OK;
  if (default_member) {
    hr = object_value_to_convert(value->pdispVal, lcid, &inner);
    if (FAILED(hr)) {
      return hr;
    }
    change.value = &inner;
    if (inner.vt == vt) {
      *result = inner;
      return S_OK;
    }
  }
  size_t bytes = reinterpreted_bytes(change.value->vt, vt);
  if (bytes != 0) {
    memcpy(&result->byref, &change.value->byref, bytes);
  } else {
    hr = change_targets[vt](&change, result);
  }
  if (SUCCEEDED(hr)) {
    result->vt = vt;
  }
  if (default_member) {
    VariantClear(&inner);
  }
  return hr;
}

/* Arrays */

/* An array changes only to the same type, but bytes change to a string and back. */
static HRESULT variant_coerce_array(const VARIANT *value, VARTYPE vt, VARIANT *result) {
  HRESULT hr = DISP_E_TYPEMISMATCH;
  VariantInit(result);
  if (value->vt == vt) {
    return VariantCopy(result, value);
  }
  if (value->vt == (VT_ARRAY | VT_UI1) && vt == VT_BSTR) {
    hr = BstrFromVector(value->parray, &result->bstrVal);
  } else if (value->vt == VT_BSTR && vt == (VT_ARRAY | VT_UI1)) {
    hr = VectorFromBstr(value->bstrVal, &result->parray);
  }
  if (SUCCEEDED(hr)) {
    result->vt = vt;
  }
  return hr;
}

HRESULT VariantChangeTypeEx(VARIANTARG *target, const VARIANTARG *source, LCID lcid, USHORT flags, VARTYPE vt) {
  if (!target || !source) {
    return E_INVALIDARG;
  }
  if (vt == VT_CLSID || !variant_type_is_valid(source->vt) || !variant_type_is_valid(vt)) {
    return DISP_E_BADVARTYPE;
  }
  if ((vt & VT_BYREF) || ((source->vt & VT_BYREF) && !source->byref)) {
    return DISP_E_TYPEMISMATCH;
  }
  VARIANT value;
  VARIANT result;
  HRESULT hr = variant_borrow(source, &value);
  if (FAILED(hr)) {
    return hr;
  }
  memset(&result, 0, sizeof result);
  if ((value.vt & VT_ARRAY) || (vt & VT_ARRAY)) {
    hr = variant_coerce_array(&value, vt, &result);
  } else {
    hr = variant_coerce(&value, lcid, flags, vt, &result);
  }
  return FAILED(hr) ? hr : variant_replace(target, &result);
}

HRESULT VariantChangeType(VARIANTARG *target, const VARIANTARG *source, USHORT flags, VARTYPE vt) {
  return VariantChangeTypeEx(target, source, LOCALE_USER_DEFAULT, flags, vt);
}
