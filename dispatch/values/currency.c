/* Currency: VarCy*. A CY is a 64-bit number of 1/10000; [MS-OAUT] 2.2.24. */
#include "dispatch/values/scalar.h"

__extension__ typedef __int128 Wider;

static HRESULT cy_put(Wider units, CY *result) {
  if (!result) {
    return E_INVALIDARG;
  }
  if (units < INT64_MIN || units > INT64_MAX) {
    return DISP_E_OVERFLOW;
  }
  result->int64 = (int64_t)units;
  return S_OK;
}

/* Half to even; divisor > 0. */
static Wider divide_rounded(Wider value, Wider divisor) {
  Wider whole = value / divisor;
  Wider rest = value % divisor;
  Wider twice = 2 * (rest < 0 ? -rest : rest);
  bool up = twice > divisor || (twice == divisor && (whole & 1) != 0);
  return up ? whole + (rest < 0 ? -1 : 1) : whole;
}

HRESULT VarCyAdd(CY left, CY right, LPCY result) {
  return cy_put((Wider)left.int64 + right.int64, result);
}

HRESULT VarCySub(CY left, CY right, LPCY result) {
  return cy_put((Wider)left.int64 - right.int64, result);
}

HRESULT VarCyMul(CY left, CY right, LPCY result) {
  return cy_put(divide_rounded((Wider)left.int64 * right.int64, CY_SCALE), result);
}

HRESULT VarCyMulI4(CY left, LONG right, LPCY result) {
  return cy_put((Wider)left.int64 * right, result);
}

HRESULT VarCyMulI8(CY left, LONG64 right, LPCY result) {
  return cy_put((Wider)left.int64 * right, result);
}

HRESULT VarCyAbs(CY value, LPCY result) {
  return cy_put(value.int64 < 0 ? -(Wider)value.int64 : value.int64, result);
}

HRESULT VarCyNeg(CY value, LPCY result) {
  return cy_put(-(Wider)value.int64, result);
}

HRESULT VarCyFix(CY value, LPCY result) {
  return cy_put(value.int64 - value.int64 % CY_SCALE, result);
}

HRESULT VarCyInt(CY value, LPCY result) {
  int64_t rest = value.int64 % CY_SCALE;
  return cy_put((Wider)value.int64 - rest - (rest < 0 ? CY_SCALE : 0), result);
}

HRESULT VarCyRound(CY value, int places, LPCY result) {
  if (places < 0) {
    return E_INVALIDARG;
  }
  Wider unit = 1;
  for (int i = places; i < CY_PLACES; i++) {
    unit *= 10;
  }
  return cy_put(divide_rounded(value.int64, unit) * unit, result);
}

HRESULT VarCyCmp(CY left, CY right) {
  return left.int64 < right.int64 ? VARCMP_LT : left.int64 > right.int64 ? VARCMP_GT : VARCMP_EQ;
}

/* The real is compared as the currency value nearest to it. */
HRESULT VarCyCmpR8(CY left, double right) {
  CY other;
  HRESULT hr = Cy_from_real(right, &other);
  return FAILED(hr) ? hr : VarCyCmp(left, other);
}
