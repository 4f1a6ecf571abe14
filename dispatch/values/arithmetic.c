/*
 * VarAdd, VarSub, VarMul, VarDiv, VarIdiv, VarMod, VarPow. The type of a result comes from a table for each operation (the
 * rules of Basic for Variants); integers that overflow move on to the next larger type, as far as Double.
 */
#include <math.h>

#include "dispatch/values/operands.h"
#include "dispatch/values/scalar.h"

#define B(vt) TYPE_BIT(VT_##vt)

/* Numbers that a Single holds exactly. */
#define SMALL (B(EMPTY) | B(UI1) | B(I2) | B(BOOL))

static const TypeRule add_types[] = {
  { B(NULL), 0, 0, VT_NULL }, { B(DECIMAL), 0, 0, VT_DECIMAL },
  { B(DATE), 0, 0, VT_DATE }, { B(CY), 0, 0, VT_CY },
  { B(R8), 0, 0, VT_R8 },     { B(BSTR), 0, B(BSTR) | B(EMPTY), VT_BSTR },
  { B(BSTR), 0, 0, VT_R8 },   { B(R4), B(I4) | B(I8), 0, VT_R8 },
  { B(R4), 0, 0, VT_R4 },     { B(I8), 0, 0, VT_I8 },
  { B(I4), 0, 0, VT_I4 },     { B(I2) | B(BOOL), 0, 0, VT_I2 },
  { B(UI1), 0, 0, VT_UI1 },   { 0, 0, B(EMPTY), VT_I2 },
};

static const TypeRule subtract_types[] = {
  { B(NULL), 0, 0, VT_NULL },
  { B(DECIMAL), 0, 0, VT_DECIMAL },
  { 0, 0, B(DATE), VT_R8 },
  { B(DATE), 0, 0, VT_DATE },
  { B(CY), 0, 0, VT_CY },
  { B(R8) | B(BSTR), 0, 0, VT_R8 },
  { B(R4), B(I4) | B(I8), 0, VT_R8 },
  { B(R4), 0, 0, VT_R4 },
  { B(I8), 0, 0, VT_I8 },
  { B(I4), 0, 0, VT_I4 },
  { B(I2) | B(BOOL), 0, 0, VT_I2 },
  { B(UI1), 0, 0, VT_UI1 },
  { 0, 0, B(EMPTY), VT_I2 },
};

static const TypeRule multiply_types[] = {
  { B(NULL), 0, 0, VT_NULL },
  { B(DECIMAL), 0, 0, VT_DECIMAL },
  { B(R8) | B(BSTR) | B(DATE), 0, 0, VT_R8 },
  { B(R4), B(I4) | B(I8) | B(CY), 0, VT_R8 },
  { B(R4), 0, 0, VT_R4 },
  { B(CY), 0, 0, VT_CY },
  { B(I8), 0, 0, VT_I8 },
  { B(I4), 0, 0, VT_I4 },
  { B(I2) | B(BOOL), 0, 0, VT_I2 },
  { B(UI1), 0, 0, VT_UI1 },
  { 0, 0, B(EMPTY), VT_I2 },
};

static const TypeRule divide_types[] = {
  { B(NULL), 0, 0, VT_NULL },
  { B(DECIMAL), 0, 0, VT_DECIMAL },
  { B(R4), 0, B(R4) | SMALL, VT_R4 },
  { 0, 0, 0, VT_R8 },
};

/* Idiv and Mod */
static const TypeRule whole_types[] = {
  { B(NULL), 0, 0, VT_NULL },
  { B(I8), B(INT), 0, VT_ERROR }, /* the standard's own gap */
  { B(I8), 0, 0, VT_I8 },
  { ~(B(UI1) | B(I2) | B(BOOL) | B(EMPTY)), 0, 0, VT_I4 },
  { B(I2) | B(BOOL) | B(EMPTY), 0, 0, VT_I2 },
  { 0, 0, 0, VT_UI1 },
};

static const TypeRule power_types[] = {
  { B(NULL), 0, 0, VT_NULL },
  { 0, 0, 0, VT_R8 },
};

/* Results */

/* A whole number in vt or the next larger type that holds it: UI1, I2, I4, then R8. */
static HRESULT put_integer(int64_t value, VARTYPE vt, VARIANT *result) {
  if (vt == VT_UI1 && SUCCEEDED(UI1_from_signed(value, &result->bVal))) {
    result->vt = VT_UI1;
  } else if (vt != VT_I4 && SUCCEEDED(I2_from_signed(value, &result->iVal))) {
    result->vt = VT_I2;
  } else if (SUCCEEDED(I4_from_signed(value, &result->lVal))) {
    result->vt = VT_I4;
  } else {
    result->dblVal = (double)value;
    result->vt = VT_R8;
  }
  return S_OK;
}

/* A real in vt; a Single or a Date that cannot hold it becomes a Double. */
static HRESULT put_real(double value, VARTYPE vt, VARIANT *result) {
  if (!isfinite(value)) {
    return DISP_E_OVERFLOW;
  }
  if (vt == VT_R4 && SUCCEEDED(R4_from_real(value, &result->fltVal))) {
    result->vt = VT_R4;
  } else if (vt == VT_DATE && SUCCEEDED(Date_from_real(value, &result->date))) {
    result->vt = VT_DATE;
  } else {
    result->dblVal = value;
    result->vt = VT_R8;
  }
  return S_OK;
}

static HRESULT put_cy(HRESULT hr, CY value, VARIANT *result) {
  if (SUCCEEDED(hr)) {
    result->cyVal = value;
    result->vt = VT_CY;
  }
  return hr;
}

static HRESULT put_decimal(HRESULT hr, const DECIMAL *value, VARIANT *result) {
  if (SUCCEEDED(hr)) {
    decimal_assign(&result->decVal, value);
    result->vt = VT_DECIMAL;
  }
  return hr;
}

static int64_t operand_integer(const VARIANT *operand) {
  switch (operand->vt) {
  case VT_UI1:
    return operand->bVal;
  case VT_I2:
    return operand->iVal;
  case VT_I4:
    return operand->lVal;
  default:
    return operand->llVal;
  }
}

static double operand_real(const VARIANT *operand) {
  return operand->vt == VT_R4 ? (double)operand->fltVal : operand->dblVal;
}

/* Sum, difference, product */

/* One operation, for every kind of number that both operands may have become. */
typedef struct Operator {
  const TypeRule *types;
  size_t type_count;
  bool (*integer)(int64_t left, int64_t right, int64_t *result); /* true: overflow */
  double (*real)(double left, double right);
  HRESULT (*cy)(CY left, CY right, LPCY result);
  HRESULT (*decimal)(LPDECIMAL left, LPDECIMAL right, LPDECIMAL result);
} Operator;

static bool integer_add(int64_t left, int64_t right, int64_t *result) {
  return __builtin_add_overflow(left, right, result);
}

static bool integer_subtract(int64_t left, int64_t right, int64_t *result) {
  return __builtin_sub_overflow(left, right, result);
}

static bool integer_multiply(int64_t left, int64_t right, int64_t *result) {
  return __builtin_mul_overflow(left, right, result);
}

static double real_add(double left, double right) {
  return left + right;
}

static double real_subtract(double left, double right) {
  return left - right;
}

static double real_multiply(double left, double right) {
  return left * right;
}

#define OPERATOR(rules, name, Name)                                                                                    \
  { rules, OPERAND_COUNT(rules), integer_##name, real_##name, VarCy##Name, VarDec##Name }
static const Operator add_operator = OPERATOR(add_types, add, Add);
static const Operator subtract_operator = OPERATOR(subtract_types, subtract, Sub);
static const Operator multiply_operator = OPERATOR(multiply_types, multiply, Mul);

static HRESULT operate_on_integers(const Operator *operation, const Operands *operands, VARTYPE vt, VARIANT *result) {
  int64_t left = operand_integer(&operands->left);
  int64_t right = operand_integer(&operands->right);
  int64_t value = 0;
  bool overflow = operation->integer(left, right, &value);
  if (vt != VT_I8) {
    return put_integer(value, vt, result); /* of at most 32 bits each: no overflow */
  }
  if (overflow) {
    return put_real(operation->real((double)left, (double)right), VT_R8, result);
  }
  result->llVal = value;
  result->vt = VT_I8;
  return S_OK;
}

static HRESULT operate_on_numbers(const Operator *operation, Operands *operands, VARTYPE vt, VARIANT *result) {
  CY cy = { .int64 = 0 };
  DECIMAL decimal;
  /* Dates and singles are computed as doubles: an operand need not be one itself. */
  HRESULT hr = operands_coerce(operands, vt == VT_DATE || vt == VT_R4 ? VT_R8 : vt);
  if (FAILED(hr)) {
    return hr;
  }
  switch (vt) {
  case VT_R4:
  case VT_R8:
  case VT_DATE:
    return put_real(operation->real(operand_real(&operands->left), operand_real(&operands->right)), vt, result);
  case VT_CY:
    hr = operation->cy(operands->left.cyVal, operands->right.cyVal, &cy);
    return put_cy(hr, cy, result);
  case VT_DECIMAL:
    hr = operation->decimal(&operands->left.decVal, &operands->right.decVal, &decimal);
    return put_decimal(hr, &decimal, result);
  default:
    return operate_on_integers(operation, operands, vt, result);
  }
}

/* Strings are joined; Empty is an empty one. */
static HRESULT join_strings(const Operands *operands, VARIANT *result) {
  BSTR joined = NULL;
  BSTR left = operands->left.vt == VT_BSTR ? operands->left.bstrVal : NULL;
  BSTR right = operands->right.vt == VT_BSTR ? operands->right.bstrVal : NULL;
  HRESULT hr = VarBstrCat(left, right, &joined);
  if (SUCCEEDED(hr)) {
    result->bstrVal = joined;
    result->vt = VT_BSTR;
  }
  return hr;
}

static HRESULT operate(const Operator *operation, const VARIANT *left, const VARIANT *right, VARIANT *result) {
  Operands operands;
  if (!left || !right || !result) {
    return E_INVALIDARG;
  }
  HRESULT hr = operands_fetch(&operands, left, right, TYPES_BASIC);
  if (FAILED(hr)) {
    return operands_conclude(hr, result);
  }
  VARTYPE vt = operands_result_type(&operands, operation->types, operation->type_count);
  if (vt == VT_NULL) {
    result->vt = VT_NULL;
  } else if (vt == VT_BSTR) {
    hr = join_strings(&operands, result);
  } else {
    hr = operate_on_numbers(operation, &operands, vt, result);
  }
  operands_done(&operands);
  return operands_conclude(hr, result);
}

static bool is_object_with_null(VARTYPE left, VARTYPE right) {
  return (left == VT_DISPATCH && right == VT_NULL) || (left == VT_NULL && right == VT_DISPATCH);
}

HRESULT VarAdd(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  if (left && right && result && is_object_with_null(left->vt, right->vt)) {
    result->vt = VT_NULL;
    return S_OK;
  }
  return operate(&add_operator, left, right, result);
}

/* What VarSub refuses */

static HRESULT check_plain(VARTYPE vt) {
  if ((vt & ~VT_TYPEMASK) == 0) {
    return S_OK;
  }
  return vt & VT_ARRAY ? DISP_E_TYPEMISMATCH : DISP_E_BADVARTYPE;
}

static bool is_subtractable(VARTYPE vt) {
  return vt <= VT_UINT && ((TYPES_BASIC | B(DISPATCH) | B(ERROR)) & TYPE_BIT(vt)) != 0;
}

static bool has_no_difference(const VARIANT *value) {
  return value->vt == VT_ERROR || (value->vt == VT_DISPATCH && !value->pdispVal);
}

/* S_FALSE: the result is Null, whatever else is there. */
static HRESULT check_difference(const VARIANT *left, const VARIANT *right) {
  HRESULT hr = check_plain(left->vt);
  if (SUCCEEDED(hr)) {
    hr = check_plain(right->vt);
  }
  if (FAILED(hr)) {
    return hr;
  }
  if (right->vt == VT_RECORD) {
    return DISP_E_TYPEMISMATCH;
  }
  if (left->vt == VT_RECORD) {
    return right->vt <= VT_UI1 || right->vt == VT_I8 ? DISP_E_TYPEMISMATCH : DISP_E_BADVARTYPE;
  }
  if (!is_subtractable(left->vt) || !is_subtractable(right->vt)) {
    return DISP_E_BADVARTYPE;
  }
  if (is_object_with_null(left->vt, right->vt)) {
    return S_FALSE;
  }
  if (has_no_difference(left) || has_no_difference(right)) {
    return DISP_E_TYPEMISMATCH;
  }
  return left->vt == VT_NULL || right->vt == VT_NULL ? S_FALSE : S_OK;
}

HRESULT VarSub(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  if (!left || !right || !result) {
    return E_INVALIDARG;
  }
  HRESULT hr = check_difference(left, right);
  if (hr == S_FALSE) {
    result->vt = VT_NULL;
    return S_OK;
  }
  return FAILED(hr) ? operands_conclude(hr, result) : operate(&subtract_operator, left, right, result);
}

HRESULT VarMul(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  return operate(&multiply_operator, left, right, result);
}

/* Division and power */

/* The part of an operation after the operands have become numbers of the result's type. */
typedef HRESULT Compute(Operands *operands, VARTYPE vt, VARIANT *result);

static HRESULT operate_with(const TypeRule *rules, size_t count, uint32_t allowed, Compute *compute,
                            const VARIANT *left, const VARIANT *right, VARIANT *result) {
  Operands operands;
  if (!left || !right || !result) {
    return E_INVALIDARG;
  }
  HRESULT hr = operands_fetch(&operands, left, right, allowed);
  if (FAILED(hr)) {
    return operands_conclude(hr, result);
  }
  VARTYPE vt = operands_result_type(&operands, rules, count);
  if (vt == VT_NULL) {
    result->vt = VT_NULL;
  } else if (vt == VT_ERROR) {
    hr = DISP_E_BADVARTYPE;
  } else {
    hr = operands_coerce(&operands, vt);
    hr = FAILED(hr) ? hr : compute(&operands, vt, result);
  }
  operands_done(&operands);
  return operands_conclude(hr, result);
}

static HRESULT compute_quotient(Operands *operands, VARTYPE vt, VARIANT *result) {
  if (vt == VT_DECIMAL) {
    DECIMAL decimal;
    HRESULT hr = VarDecDiv(&operands->left.decVal, &operands->right.decVal, &decimal);
    return put_decimal(hr, &decimal, result);
  }
  double dividend = operand_real(&operands->left);
  double divisor = operand_real(&operands->right);
  if (divisor == 0) {
    return dividend == 0 ? DISP_E_OVERFLOW : DISP_E_DIVBYZERO;
  }
  return put_real(dividend / divisor, vt, result);
}

/* Puts a whole number that has to fit the type. */
static HRESULT put_whole(int64_t value, VARTYPE vt, VARIANT *result) {
  HRESULT hr = S_OK;
  switch (vt) {
  case VT_UI1:
    hr = UI1_from_signed(value, &result->bVal);
    break;
  case VT_I2:
    hr = I2_from_signed(value, &result->iVal);
    break;
  case VT_I4:
    hr = I4_from_signed(value, &result->lVal);
    break;
  default:
    result->llVal = value;
    break;
  }
  if (SUCCEEDED(hr)) {
    result->vt = vt;
  }
  return hr;
}

static HRESULT compute_whole_quotient(Operands *operands, VARTYPE vt, VARIANT *result) {
  int64_t dividend = operand_integer(&operands->left);
  int64_t divisor = operand_integer(&operands->right);
  if (divisor == 0) {
    return DISP_E_DIVBYZERO;
  }
  if (dividend == INT64_MIN && divisor == -1) {
    return DISP_E_OVERFLOW;
  }
  return put_whole(dividend / divisor, vt, result);
}

static HRESULT compute_remainder(Operands *operands, VARTYPE vt, VARIANT *result) {
  int64_t dividend = operand_integer(&operands->left);
  int64_t divisor = operand_integer(&operands->right);
  if (divisor == 0) {
    return DISP_E_DIVBYZERO;
  }
  return put_whole(divisor == -1 ? 0 : dividend % divisor, vt, result);
}

static HRESULT compute_power(Operands *operands, VARTYPE vt, VARIANT *result) {
  double base = operand_real(&operands->left);
  double power = pow(base, operand_real(&operands->right));
  if (isnan(power)) {
    return E_INVALIDARG;
  }
  return base == 0 && isinf(power) ? DISP_E_DIVBYZERO : put_real(power, vt, result);
}

HRESULT VarDiv(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  return operate_with(divide_types, OPERAND_COUNT(divide_types), TYPES_BASIC, compute_quotient, left, right, result);
}

HRESULT VarIdiv(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  return operate_with(whole_types, OPERAND_COUNT(whole_types), TYPES_ALL, compute_whole_quotient, left, right, result);
}

/* What VarMod, alone among the operators, knows to be a type without a number in it. */
static HRESULT check_remainder_type(VARTYPE vt) {
  if (vt == VT_ERROR || vt == VT_VARIANT || vt == VT_UNKNOWN || vt == VT_RECORD) {
    return DISP_E_TYPEMISMATCH;
  }
  return vt <= VT_UINT && ((TYPES_ALL | B(DISPATCH)) & TYPE_BIT(vt)) != 0 ? S_OK : DISP_E_BADVARTYPE;
}

static HRESULT check_remainder(VARTYPE left, VARTYPE right) {
  HRESULT hr = check_remainder_type(left);
  if (SUCCEEDED(hr)) {
    hr = check_remainder_type(right);
  }
  if (FAILED(hr)) {
    return hr;
  }
  if ((left == VT_I8 && right == VT_INT) || (left == VT_INT && right == VT_I8)) {
    return DISP_E_TYPEMISMATCH;
  }
  if (left == VT_NULL || right == VT_NULL) {
    return S_FALSE;
  }
  return right == VT_EMPTY ? DISP_E_DIVBYZERO : S_OK;
}

HRESULT VarMod(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  if (!left || !right || !result) {
    return E_INVALIDARG;
  }
  HRESULT hr = check_remainder(left->vt, right->vt);
  if (hr == S_FALSE) {
    result->vt = VT_NULL;
    return S_OK;
  }
  if (FAILED(hr)) {
    return operands_conclude(hr, result);
  }
  return operate_with(whole_types, OPERAND_COUNT(whole_types), TYPES_ALL, compute_remainder, left, right, result);
}

HRESULT VarPow(LPVARIANT left, LPVARIANT right, LPVARIANT result) {
  return operate_with(power_types, OPERAND_COUNT(power_types), TYPES_ALL, compute_power, left, right, result);
}
