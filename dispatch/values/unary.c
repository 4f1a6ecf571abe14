/* VarNeg, VarAbs, VarFix, VarInt, VarRound: one operand, whose type is that of the result as far as it can be. */
#include <math.h>

#include "dispatch/values/operands.h"
#include "dispatch/values/scalar.h"

/* A function of one number, for every kind of number there is. Integers come as I8 and may leave their type. */
typedef struct UnaryOperator {
  bool negates; /* else integers stay as they are, or lose their sign */
  bool absolute;
  double (*real)(double value, int places);
  HRESULT (*cy)(CY value, int places, LPCY result);
  HRESULT (*decimal)(LPDECIMAL value, int places, LPDECIMAL result);
} UnaryOperator;

/* Numbers */

static double real_negate(double value, int places) {
  (void)places;
  return -value;
}

static double real_absolute(double value, int places) {
  (void)places;
  return fabs(value);
}

static double real_fix(double value, int places) {
  (void)places;
  return trunc(value);
}

static double real_int(double value, int places) {
  (void)places;
  return floor(value);
}

static double real_round(double value, int places) {
  double unit = pow(10, places);
  double scaled = value * unit;
  return isfinite(scaled) ? rint(scaled) / unit : value;
}

#define WITHOUT_PLACES(Name)                                                                                           \
  static HRESULT cy_##Name(CY value, int places, LPCY result) {                                                        \
    (void)places;                                                                                                      \
    return VarCy##Name(value, result);                                                                                 \
  }                                                                                                                    \
  static HRESULT decimal_##Name(LPDECIMAL value, int places, LPDECIMAL result) {                                       \
    (void)places;                                                                                                      \
    return VarDec##Name(value, result);                                                                                \
  }
WITHOUT_PLACES(Neg)
WITHOUT_PLACES(Abs)
WITHOUT_PLACES(Fix)
WITHOUT_PLACES(Int)

static const UnaryOperator negate_operator = { true, false, real_negate, cy_Neg, decimal_Neg };
static const UnaryOperator absolute_operator = { false, true, real_absolute, cy_Abs, decimal_Abs };
static const UnaryOperator fix_operator = { false, false, real_fix, cy_Fix, decimal_Fix };
static const UnaryOperator int_operator = { false, false, real_int, cy_Int, decimal_Int };
static const UnaryOperator round_operator = { false, false, real_round, VarCyRound, VarDecRound };

/* Results */

static bool changes_sign(const UnaryOperator *operation, int64_t value) {
  return operation->negates || (operation->absolute && value < 0);
}

/* UI1 only leaves its type when negated; the least I2 becomes I4, the least I4 and I8 become R8. */
static HRESULT unary_small(const UnaryOperator *operation, int64_t value, VARTYPE vt, VARIANT *result) {
  int64_t changed = changes_sign(operation, value) ? -value : value;
  if (vt == VT_UI1 && !operation->negates) {
    result->bVal = (BYTE)changed;
    result->vt = VT_UI1;
  } else if (vt != VT_I4 && SUCCEEDED(I2_from_signed(changed, &result->iVal))) {
    result->vt = VT_I2;
  } else if (SUCCEEDED(I4_from_signed(changed, &result->lVal))) {
    result->vt = VT_I4;
  } else {
    result->dblVal = (double)changed;
    result->vt = VT_R8;
  }
  return S_OK;
}

static HRESULT unary_i8(const UnaryOperator *operation, int64_t value, VARIANT *result) {
  bool change = changes_sign(operation, value);
  if (change && value == INT64_MIN) {
    result->dblVal = TWO_TO_63;
    result->vt = VT_R8;
    return S_OK;
  }
  result->llVal = change ? -value : value;
  result->vt = VT_I8;
  return S_OK;
}

static HRESULT unary_real(const UnaryOperator *operation, double value, int places, VARTYPE vt, VARIANT *result) {
  double changed = operation->real(value, places);
  if (vt == VT_R4) {
    HRESULT hr = R4_from_real(changed, &result->fltVal);
    if (FAILED(hr)) {
      return hr;
    }
  } else {
    result->dblVal = changed;
  }
  result->vt = vt;
  return S_OK;
}

static HRESULT unary_compute(const UnaryOperator *operation, VARIANT *value, int places, VARIANT *result) {
  HRESULT hr = S_OK;
  double number = 0;
  CY cy = { .int64 = 0 };
  DECIMAL decimal;
  switch (value->vt) {
  case VT_NULL:
    result->vt = VT_NULL;
    return S_OK;
  case VT_EMPTY:
    return unary_small(operation, 0, VT_I2, result);
  case VT_UI1:
    return unary_small(operation, value->bVal, VT_UI1, result);
  case VT_I2:
  case VT_BOOL:
    return unary_small(operation, value->iVal, VT_I2, result);
  case VT_I4:
    return unary_small(operation, value->lVal, VT_I4, result);
  case VT_I8:
    return unary_i8(operation, value->llVal, result);
  case VT_R4:
    return unary_real(operation, (double)value->fltVal, places, VT_R4, result);
  case VT_R8:
  case VT_DATE:
    return unary_real(operation, value->dblVal, places, value->vt, result);
  case VT_BSTR:
    hr = VarR8FromStr(value->bstrVal, LOCALE_USER_DEFAULT, 0, &number);
    return FAILED(hr) ? hr : unary_real(operation, number, places, VT_R8, result);
  case VT_CY:
    hr = operation->cy(value->cyVal, places, &cy);
    if (SUCCEEDED(hr)) {
      result->cyVal = cy;
      result->vt = VT_CY;
    }
    return hr;
  default:
    hr = operation->decimal(&value->decVal, places, &decimal);
    if (SUCCEEDED(hr)) {
      decimal_assign(&result->decVal, &decimal);
      result->vt = VT_DECIMAL;
    }
    return hr;
  }
}

static HRESULT unary(const UnaryOperator *operation, const VARIANT *value, int places, VARIANT *result) {
  Operands operands;
  if (!value || !result) {
    return E_INVALIDARG;
  }
  HRESULT hr = operands_fetch_one(&operands, value, TYPES_BASIC);
  if (FAILED(hr)) {
    return hr;
  }
  hr = unary_compute(operation, &operands.left, places, result);
  operands_done(&operands);
  return hr;
}

HRESULT VarNeg(LPVARIANT value, LPVARIANT result) {
  return unary(&negate_operator, value, 0, result);
}

/* Unlike its kin, VarAbs takes the flags of a type by themselves: an array of anything is a mismatch, even of nothing, and
 * everything else that is no plain type is none at all. */
static HRESULT check_absolute_type(VARTYPE vt) {
  if (vt & VT_ARRAY) {
    return DISP_E_TYPEMISMATCH;
  }
  return vt == VT_VARIANT || (vt > VT_UINT && vt != VT_RECORD) ? DISP_E_BADVARTYPE : S_OK;
}

HRESULT VarAbs(LPVARIANT value, LPVARIANT result) {
  HRESULT hr = value && result ? check_absolute_type(value->vt) : E_INVALIDARG;
  if (FAILED(hr)) {
    return hr;
  }
  return unary(&absolute_operator, value, 0, result);
}

HRESULT VarFix(LPVARIANT value, LPVARIANT result) {
  return unary(&fix_operator, value, 0, result);
}

HRESULT VarInt(LPVARIANT value, LPVARIANT result) {
  return unary(&int_operator, value, 0, result);
}

HRESULT VarRound(LPVARIANT value, int places, LPVARIANT result) {
  return places < 0 ? E_INVALIDARG : unary(&round_operator, value, places, result);
}

/* The same for plain doubles */

HRESULT VarR8Round(double value, int places, double *result) {
  if (places < 0 || !result) {
    return E_INVALIDARG;
  }
  *result = real_round(value, places);
  return S_OK;
}

HRESULT VarR8Pow(double base, double exponent, double *result) {
  if (!result) {
    return E_INVALIDARG;
  }
  *result = pow(base, exponent);
  return S_OK;
}
