/* VarCmp, VarR4CmpR8, VarCat: order and text of any two values. */
#include <math.h>

#include "dispatch/values/bstr.h"
#include "dispatch/values/operands.h"
#include "dispatch/values/scalar.h"

#define B(vt) TYPE_BIT(VT_##vt)

/* Order */

/* The type in which two numbers are compared. A single makes singles of all but decimals. */
static const TypeRule compare_types[] = {
  { B(DECIMAL), 0, 0, VT_DECIMAL }, { B(R4), 0, 0, VT_R4 }, { B(R8) | B(DATE), 0, 0, VT_R8 },
  { B(CY), 0, 0, VT_CY },           { 0, 0, 0, VT_I8 },
};

static HRESULT compare_reals(double left, double right) {
  return left < right ? VARCMP_LT : left > right ? VARCMP_GT : VARCMP_EQ;
}

static HRESULT compare_numbers(Operands *operands, VARTYPE vt) {
  HRESULT hr = operands_coerce(operands, vt);
  if (hr == DISP_E_OVERFLOW && vt != VT_R8) {
    /* One of them is a number beyond that type: precision does not matter then. */
    vt = VT_R8;
    hr = operands_coerce(operands, vt);
  }
  if (FAILED(hr)) {
    return hr;
  }
  switch (vt) {
  case VT_DECIMAL:
    return VarDecCmp(&operands->left.decVal, &operands->right.decVal);
  case VT_CY:
    return VarCyCmp(operands->left.cyVal, operands->right.cyVal);
  case VT_R4:
    return compare_reals((double)operands->left.fltVal, (double)operands->right.fltVal);
  case VT_R8:
    return compare_reals(operands->left.dblVal, operands->right.dblVal);
  default:
    return operands->left.llVal < operands->right.llVal   ? VARCMP_LT
           : operands->left.llVal > operands->right.llVal ? VARCMP_GT
                                                          : VARCMP_EQ;
  }
}

static BSTR operand_string(const VARIANT *operand) {
  return operand->vt == VT_BSTR ? operand->bstrVal : NULL;
}

/* The integer types that Basic lacks cannot be compared, but INT can, on the left: the standard's own gap. */
static HRESULT compare_check_types(const VARIANT *left, const VARIANT *right) {
  VARTYPE left_type = variant_base_type(left);
  VARTYPE right_type = variant_base_type(right);
  if (((left->vt | right->vt) & (VT_BYREF | VT_ARRAY | VT_VECTOR)) || left_type > VT_INT || right_type > VT_I8) {
    return DISP_E_BADVARTYPE;
  }
  uint32_t allowed = TYPES_BASIC | B(DISPATCH);
  bool comparable = ((allowed | B(INT)) & TYPE_BIT(left_type)) != 0 && (allowed & TYPE_BIT(right_type)) != 0;
  return comparable ? S_OK : DISP_E_TYPEMISMATCH;
}

/* A string and a number */

/* How VarCmp was called, apart from the values. */
typedef struct Comparison {
  LCID lcid;
  ULONG flags;                        /* NORM_ */
  bool left_reserved, right_reserved; /* VT_RESERVED was set: the side takes part in what the other one is */
} Comparison;

/* The number becomes a string. */
static HRESULT compare_as_strings(BSTR text, const VARIANT *number, const Comparison *comparison) {
  VARIANT digits;
  HRESULT hr = variant_coerce(number, comparison->lcid, 0, VT_BSTR, &digits);
  if (SUCCEEDED(hr)) {
    hr = VarBstrCmp(text, digits.bstrVal, comparison->lcid, comparison->flags);
    VariantClear(&digits);
  }
  return hr;
}

/* The string becomes a number, or is greater than any. */
static HRESULT compare_as_numbers(BSTR text, const VARIANT *number, const Comparison *comparison) {
  Operands operands = { .right = *number };
  operands.left.vt = VT_R8;
  HRESULT hr = VarR8FromStr(text, comparison->lcid, 0, &operands.left.dblVal);
  if (hr == DISP_E_TYPEMISMATCH || hr == DISP_E_OVERFLOW) {
    return VARCMP_GT;
  }
  if (FAILED(hr)) {
    return hr;
  }
  return compare_numbers(&operands, number->vt == VT_DECIMAL ? VT_DECIMAL : VT_R8);
}

static HRESULT compare_with_zero(BSTR text, const Comparison *comparison) {
  double value = 0;
  return SUCCEEDED(VarR8FromStr(text, comparison->lcid, 0, &value)) && value < 0 ? VARCMP_LT : VARCMP_GT;
}

static HRESULT compare_string(BSTR text, bool text_reserved, const VARIANT *number, bool number_reserved,
                              const Comparison *comparison) {
  if (text_reserved && number_reserved) {
    return compare_with_zero(text, comparison);
  }
  if (text_reserved) {
    return compare_as_strings(text, number, comparison);
  }
  return number_reserved ? compare_as_numbers(text, number, comparison) : VARCMP_GT;
}

static HRESULT mirrored(HRESULT order) {
  return order == VARCMP_LT ? VARCMP_GT : order == VARCMP_GT ? VARCMP_LT : order;
}

static HRESULT compare_operands(Operands *operands, const Comparison *comparison) {
  const VARIANT *left = &operands->left;
  const VARIANT *right = &operands->right;
  if (operands->types & B(NULL)) {
    return VARCMP_NULL;
  }
  if ((operands->types & B(BSTR)) == 0) {
    return compare_numbers(operands, operands_result_type(operands, compare_types, OPERAND_COUNT(compare_types)));
  }
  if ((operands->types & ~(B(BSTR) | B(EMPTY))) == 0) {
    return VarBstrCmp(operand_string(left), operand_string(right), comparison->lcid, comparison->flags);
  }
  if (left->vt == VT_BSTR) {
    return compare_string(left->bstrVal, comparison->left_reserved, right, comparison->right_reserved, comparison);
  }
  return mirrored(
      compare_string(right->bstrVal, comparison->right_reserved, left, comparison->left_reserved, comparison));
}

/* Two errors are equal, whatever they are. */
HRESULT VarCmp(LPVARIANT left, LPVARIANT right, LCID lcid, ULONG flags) {
  if (!left || !right) {
    return VARCMP_NULL;
  }
  Comparison comparison = { lcid, flags, (left->vt & VT_RESERVED) != 0, (right->vt & VT_RESERVED) != 0 };
  VARIANT plain_left = *left;
  VARIANT plain_right = *right;
  Operands operands;
  plain_left.vt &= (VARTYPE)~VT_RESERVED;
  plain_right.vt &= (VARTYPE)~VT_RESERVED;
  if (plain_left.vt == VT_ERROR && plain_right.vt == VT_ERROR) {
    return VARCMP_EQ;
  }
  HRESULT hr = compare_check_types(&plain_left, &plain_right);
  if (SUCCEEDED(hr)) {
    hr = operands_fetch(&operands, &plain_left, &plain_right, TYPES_BASIC | B(INT));
  }
  if (FAILED(hr)) {
    return hr;
  }
  hr = compare_operands(&operands, &comparison);
  operands_done(&operands);
  return hr;
}

HRESULT VarR4CmpR8(float left, double right) {
  return compare_reals((double)left, right);
}

/* Concatenation */

/* Null and Empty are no text; truth values are words. */
static HRESULT operand_to_text(const VARIANT *operand, VARIANT *text) {
  if (operand->vt == VT_NULL || operand->vt == VT_EMPTY) {
    text->bstrVal = NULL;
    text->vt = VT_BSTR;
    return S_OK;
  }
  return variant_coerce(operand, LOCALE_USER_DEFAULT, VARIANT_LOCALBOOL, VT_BSTR, text);
}

static HRESULT join_operands(const Operands *operands, BSTR *joined) {
  VARIANT left;
  VARIANT right;
  HRESULT hr = operand_to_text(&operands->left, &left);
  if (FAILED(hr)) {
    return hr;
  }
  hr = operand_to_text(&operands->right, &right);
  if (SUCCEEDED(hr)) {
    hr = VarBstrCat(left.bstrVal, right.bstrVal, joined);
    VariantClear(&right);
  }
  VariantClear(&left);
  return hr;
}

/* Why two values cannot be joined: an error or a VARIANT among known types is a mismatch, the rest no types at all. */
static HRESULT concatenation_failure(VARTYPE left, VARTYPE right) {
  const uint32_t joinable = TYPES_ALL | B(DISPATCH);
  bool left_joinable = left <= VT_UINT && (joinable & TYPE_BIT(left)) != 0;
  if (left == VT_VARIANT || left == VT_ERROR || (right == VT_ERROR && left < VT_VOID)) {
    return DISP_E_TYPEMISMATCH;
  }
  return right == VT_VARIANT && left_joinable ? DISP_E_TYPEMISMATCH : DISP_E_BADVARTYPE;
}

HRESULT VarCat(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  Operands operands;
  BSTR joined = NULL;
  if (!left || !right || !result) {
    return E_INVALIDARG;
  }
  HRESULT hr = operands_fetch(&operands, left, right, TYPES_ALL);
  if (hr == DISP_E_BADVARTYPE) {
    hr = concatenation_failure(left->vt, right->vt);
  }
  if (FAILED(hr)) {
    return operands_conclude(hr, result);
  }
  if ((operands.types & ~B(NULL)) == 0) {
    result->vt = VT_NULL;
  } else {
    hr = join_operands(&operands, &joined);
    if (SUCCEEDED(hr)) {
      result->bstrVal = joined;
      result->vt = VT_BSTR;
    }
  }
  operands_done(&operands);
  return operands_conclude(hr, result);
}
