/* VarCmp, VarR4CmpR8, VarCat: order and text of any two values. */
#include <math.h>

#include "dispatch/values/bstr.h"
#include "dispatch/values/operands.h"
#include "dispatch/values/scalar.h"

#define B(vt) TYPE_BIT(VT_##vt)

/* --- Order --------------------------------------------------------------------------------------------------- */

/* The type in which two values are compared: strings among themselves, else the wider kind of number. */
static const TypeRule compare_types[] = {
  { B(NULL), 0, 0, VT_NULL },
  { B(BSTR), 0, B(BSTR) | B(EMPTY), VT_BSTR },
  { B(BSTR), 0, 0, VT_VARIANT },
  { B(DECIMAL), 0, 0, VT_DECIMAL },
  { B(R8) | B(R4) | B(DATE), 0, 0, VT_R8 },
  { B(CY), 0, 0, VT_CY },
  { 0, 0, 0, VT_I8 },
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

static HRESULT compare_values(const VARIANT *left, const VARIANT *right, LCID lcid, ULONG flags) {
  Operands operands;
  HRESULT hr = operands_fetch(&operands, left, right, TYPES_BASIC | B(INT));
  if (FAILED(hr)) {
    return hr;
  }
  VARTYPE vt = operands_result_type(&operands, compare_types, OPERAND_COUNT(compare_types));
  switch (vt) {
  case VT_NULL:
    hr = VARCMP_NULL;
    break;
  case VT_BSTR:
    hr = VarBstrCmp(operand_string(&operands.left), operand_string(&operands.right), lcid, flags);
    break;
  case VT_VARIANT: /* a number comes before any string */
    hr = operands.left.vt == VT_BSTR ? VARCMP_GT : VARCMP_LT;
    break;
  default:
    hr = compare_numbers(&operands, vt);
    break;
  }
  operands_done(&operands);
  return hr;
}

/* VT_RESERVED is ignored. Two errors are equal, whatever they are. */
HRESULT VarCmp(LPVARIANT left, LPVARIANT right, LCID lcid, ULONG flags) {
  if (left == NULL || right == NULL) {
    return VARCMP_NULL;
  }
  VARIANT plain_left = *left;
  VARIANT plain_right = *right;
  plain_left.vt &= (VARTYPE)~VT_RESERVED;
  plain_right.vt &= (VARTYPE)~VT_RESERVED;
  if (plain_left.vt == VT_ERROR && plain_right.vt == VT_ERROR) {
    return VARCMP_EQ;
  }
  HRESULT hr = compare_check_types(&plain_left, &plain_right);
  return FAILED(hr) ? hr : compare_values(&plain_left, &plain_right, lcid, flags);
}

HRESULT VarR4CmpR8(float left, double right) {
  return compare_reals((double)left, right);
}

/* --- Concatenation ------------------------------------------------------------------------------------------- */

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
  if (left == NULL || right == NULL || result == NULL) {
    return E_INVALIDARG;
  }
  HRESULT hr = operands_fetch(&operands, left, right, TYPES_ALL);
  if (hr == DISP_E_BADVARTYPE) {
    return concatenation_failure(left->vt, right->vt);
  }
  if (FAILED(hr)) {
    return hr;
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
  return hr;
}
