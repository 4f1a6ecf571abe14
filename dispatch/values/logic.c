/*
 * VarAnd, VarOr, VarXor, VarEqv, VarImp, VarNot: bit by bit on integers, truth values only among truth values and
 * strings. Null is "unknown": the result is Null unless the other operand decides it alone.
 */
#include "dispatch/values/operands.h"
#include "dispatch/values/scalar.h"

#define B(vt) TYPE_BIT(VT_##vt)

/* Numbers that are not among the small types, all of which become I4. */
#define BECOME_I4                                                                                                      \
  (B(I4) | B(INT) | B(UINT) | B(R4) | B(R8) | B(CY) | B(DATE) | B(I1) | B(UI2) | B(UI4) | B(UI8) | B(DECIMAL))

static const TypeRule logic_types[] = {
  { B(I8), B(INT), 0, VT_ERROR }, /* the standard's own gap */
  { B(I8), 0, 0, VT_I8 },
  { BECOME_I4, 0, 0, VT_I4 },
  { B(UI1), 0, B(UI1) | B(NULL), VT_UI1 },
  { B(UI1) | B(I2) | B(EMPTY), 0, 0, VT_I2 },
  { B(BOOL) | B(BSTR), 0, 0, VT_BOOL },
  { 0, 0, B(NULL), VT_NULL },
};

/* Operands as bits */

/* A string is a number if it reads as one, else a truth value. */
static HRESULT string_to(const VARIANT *operand, VARTYPE vt, VARIANT *converted) {
  double number = 0;
  if (SUCCEEDED(VarR8FromStr(operand->bstrVal, LOCALE_USER_DEFAULT, 0, &number))) {
    return variant_coerce(operand, LOCALE_USER_DEFAULT, 0, vt, converted);
  }
  VARIANT word;
  HRESULT hr = variant_coerce(operand, LOCALE_USER_DEFAULT, VARIANT_LOCALBOOL, VT_BOOL, &word);
  return FAILED(hr) ? hr : variant_coerce(&word, LOCALE_USER_DEFAULT, 0, vt, converted);
}

/* Sign-extended (bytes too), so that the operators need no types and all ones are -1. */
static int64_t bits_of(const VARIANT *value) {
  switch (value->vt) {
  case VT_UI1:
    return (int8_t)value->bVal;
  case VT_I2:
    return value->iVal;
  case VT_BOOL:
    return value->boolVal;
  case VT_I4:
    return value->lVal;
  default:
    return value->llVal;
  }
}

static HRESULT operand_to_bits(const VARIANT *operand, VARTYPE vt, int64_t *bits) {
  VARIANT converted;
  HRESULT hr = operand->vt == VT_BSTR ? string_to(operand, vt, &converted)
                                      : variant_coerce(operand, LOCALE_USER_DEFAULT, 0, vt, &converted);
  if (SUCCEEDED(hr)) {
    *bits = bits_of(&converted);
  }
  return hr;
}

/* A truth value keeps its 16 bits, whatever they are. */
static HRESULT put_bits(int64_t bits, VARTYPE vt, VARIANT *result) {
  result->llVal = bits;
  result->vt = vt;
  return S_OK;
}

/* Operators */

static int64_t bits_and(int64_t left, int64_t right) {
  return left & right;
}

static int64_t bits_or(int64_t left, int64_t right) {
  return left | right;
}

static int64_t bits_xor(int64_t left, int64_t right) {
  return left ^ right;
}

static int64_t bits_eqv(int64_t left, int64_t right) {
  return ~(left ^ right);
}

static int64_t bits_imp(int64_t left, int64_t right) {
  return ~left | right;
}

/* With one operand Null: whether the other one, as bits, decides the result, and what that is. */
typedef bool Decide(int64_t other, int64_t *result);

static bool zero_decides(int64_t other, int64_t *result) {
  *result = 0;
  return other == 0;
}

static bool others_decide(int64_t other, int64_t *result) {
  *result = other;
  return other != 0;
}

static bool nothing_decides(int64_t other, int64_t *result) {
  (void)other, (void)result;
  return false;
}

/* x Imp Null: unknown only when x is true altogether. */
static bool untrue_decides(int64_t other, int64_t *result) {
  *result = ~other;
  return other != -1;
}

typedef struct LogicOperator {
  int64_t (*bits)(int64_t left, int64_t right);
  Decide *right_null; /* what the left operand decides */
  Decide *left_null;
  bool widens_int; /* INT with I8 on its right is an I8 operation */
} LogicOperator;

static const LogicOperator and_operator = { bits_and, zero_decides, zero_decides, false };
static const LogicOperator or_operator = { bits_or, others_decide, others_decide, false };
static const LogicOperator xor_operator = { bits_xor, nothing_decides, nothing_decides, false };
static const LogicOperator eqv_operator = { bits_eqv, nothing_decides, nothing_decides, false };
static const LogicOperator imp_operator = { bits_imp, untrue_decides, others_decide, true };

static HRESULT compute_with_null(const LogicOperator *operation, const Operands *operands, VARTYPE vt,
                                 VARIANT *result) {
  bool left_null = operands->left.vt == VT_NULL;
  Decide *decide = left_null ? operation->left_null : operation->right_null;
  int64_t other = 0;
  int64_t bits = 0;
  HRESULT hr = S_OK;
  if (vt != VT_NULL && decide != nothing_decides) {
    hr = operand_to_bits(left_null ? &operands->right : &operands->left, vt, &other);
    if (FAILED(hr)) {
      return hr;
    }
    if (decide(other, &bits)) {
      return put_bits(bits, vt, result);
    }
  }
  result->vt = VT_NULL;
  return S_OK;
}

static HRESULT compute_bits(const LogicOperator *operation, const Operands *operands, VARIANT *result) {
  int64_t left = 0;
  int64_t right = 0;
  VARTYPE vt = operands_result_type(operands, logic_types, OPERAND_COUNT(logic_types));
  if (operation->widens_int && operands->left.vt == VT_INT && operands->right.vt == VT_I8) {
    vt = VT_I8;
  }
  if (vt == VT_ERROR) {
    return DISP_E_BADVARTYPE;
  }
  if (operands->types & B(NULL)) {
    return compute_with_null(operation, operands, vt, result);
  }
  HRESULT hr = operand_to_bits(&operands->left, vt, &left);
  if (SUCCEEDED(hr)) {
    hr = operand_to_bits(&operands->right, vt, &right);
  }
  return FAILED(hr) ? hr : put_bits(operation->bits(left, right), vt, result);
}

static HRESULT logic(const LogicOperator *operation, const VARIANT *left, const VARIANT *right, VARIANT *result) {
  Operands operands;
  if (!left || !right || !result) {
    return E_INVALIDARG;
  }
  HRESULT hr = operands_fetch(&operands, left, right, TYPES_ALL);
  if (SUCCEEDED(hr)) {
    hr = compute_bits(operation, &operands, result);
    operands_done(&operands);
  }
  return operands_conclude(hr, result);
}

HRESULT VarAnd(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  return logic(&and_operator, left, right, result);
}

HRESULT VarOr(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  return logic(&or_operator, left, right, result);
}

HRESULT VarXor(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  return logic(&xor_operator, left, right, result);
}

HRESULT VarEqv(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  return logic(&eqv_operator, left, right, result);
}

HRESULT VarImp(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  return logic(&imp_operator, left, right, result);
}

/* Not */

static const TypeRule not_types[] = {
  { B(NULL), 0, 0, VT_NULL },        { B(I8), 0, 0, VT_I8 }, { B(UI1), 0, 0, VT_UI1 }, { B(BOOL), 0, 0, VT_BOOL },
  { B(I2) | B(EMPTY), 0, 0, VT_I2 }, { 0, 0, 0, VT_I4 },
};

/* A string that is no number is a truth value. */
static HRESULT not_operand_to_bits(const VARIANT *operand, VARTYPE *vt, int64_t *bits) {
  double number = 0;
  if (operand->vt == VT_BSTR && FAILED(VarR8FromStr(operand->bstrVal, LOCALE_USER_DEFAULT, 0, &number))) {
    *vt = VT_BOOL;
  }
  return operand_to_bits(operand, *vt, bits);
}

HRESULT VarNot(LPVARIANT value, LPVARIANT result) {
  Operands operands;
  int64_t bits = 0;
  if (!value || !result) {
    return E_INVALIDARG;
  }
  HRESULT hr = operands_fetch_one(&operands, value, TYPES_ALL);
  if (FAILED(hr)) {
    return hr;
  }
  VARTYPE vt = operands_result_type(&operands, not_types, OPERAND_COUNT(not_types));
  if (vt == VT_NULL) {
    result->vt = VT_NULL;
  } else {
    hr = not_operand_to_bits(&operands.left, &vt, &bits);
    hr = FAILED(hr) ? hr : put_bits(~bits, vt, result);
  }
  operands_done(&operands);
  return hr;
}
