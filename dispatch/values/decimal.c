/*
 * DECIMAL ([MS-OAUT] 2.2.26): a sign, 96 bits and a power of ten. Sums, products and quotients are made exactly in 320
 * bits and then rounded once, half to even, to the most places that fit.
 */
#include "dispatch/values/decimal.h"

#include <math.h>

/* Parts */

static const double powers_of_ten[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,
                                        1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19,
                                        1e20, 1e21, 1e22, 1e23, 1e24, 1e25, 1e26, 1e27, 1e28 };

static Wide decimal_coefficient(const DECIMAL *value) {
  return wide_from(value->Lo64, value->Hi32);
}

static bool decimal_is_negative(const DECIMAL *value) {
  return value->sign != 0;
}

static bool fits_96_bits(const Wide *value) {
  return wide_length(value) <= 3;
}

static void decimal_put(DECIMAL *result, bool negative, const Wide *coefficient, int scale) {
  result->sign = negative ? DECIMAL_NEG : 0;
  result->scale = (BYTE)scale;
  result->Lo64 = (uint64_t)coefficient->limb[1] << 32 | coefficient->limb[0];
  result->Hi32 = coefficient->limb[2];
}

void decimal_assign(DECIMAL *result, const DECIMAL *value) {
  DECIMAL copy = *value; /* the two may be one */
  result->signscale = copy.signscale;
  result->Hi32 = copy.Hi32;
  result->Lo64 = copy.Lo64;
}

/* Takes `places` decimal places away, rounding half to even; inexact: something below them was cut off before. */
static void wide_drop_places(Wide *value, int places, bool inexact) {
  uint32_t digit = 0;
  bool rest = inexact;
  for (; places > 0; places--) {
    rest = rest || digit != 0;
    digit = wide_divide_small(value, 10);
  }
  if (digit > 5 || (digit == 5 && (rest || (value->limb[0] & 1) != 0))) {
    wide_add_small(value, 1);
  }
}

HRESULT decimal_fit(DECIMAL *result, bool negative, Wide coefficient, int scale, bool inexact) {
  if (scale < 0) {
    if (!wide_is_zero(&coefficient) && scale < -DECIMAL_DIGITS) {
      return DISP_E_OVERFLOW;
    }
    wide_multiply_power(&coefficient, -scale);
    scale = 0;
  }
  int drop = scale > DECIMAL_PLACES ? scale - DECIMAL_PLACES : 0;
  Wide shortened = coefficient;
  for (int i = 0; i < drop; i++) {
    wide_divide_small(&shortened, 10);
  }
  while (!fits_96_bits(&shortened)) {
    wide_divide_small(&shortened, 10);
    drop++;
  }
  if (drop > scale) {
    return DISP_E_OVERFLOW;
  }
  if (drop > 0) {
    wide_drop_places(&coefficient, drop, inexact);
    scale -= drop;
    if (!fits_96_bits(&coefficient)) {
      if (scale == 0) {
        return DISP_E_OVERFLOW;
      }
      wide_drop_places(&coefficient, 1, false);
      scale--;
    }
  }
  decimal_put(result, negative, &coefficient, scale);
  return S_OK;
}

/* Removes zeros at the end of the fraction. */
static void decimal_shorten(DECIMAL *value) {
  Wide coefficient = decimal_coefficient(value);
  int scale = value->scale;
  while (scale > 0) {
    Wide shorter = coefficient;
    if (wide_divide_small(&shorter, 10) != 0) {
      break;
    }
    coefficient = shorter;
    scale--;
  }
  decimal_put(value, decimal_is_negative(value), &coefficient, scale);
}

int decimal_digits(const DECIMAL *value, char digits[DECIMAL_DIGITS]) {
  char reversed[DECIMAL_DIGITS];
  int count = 0;
  Wide rest = decimal_coefficient(value);
  do {
    reversed[count++] = (char)('0' + wide_divide_small(&rest, 10));
  } while (!wide_is_zero(&rest));
  for (int i = 0; i < count; i++) {
    digits[i] = reversed[count - 1 - i];
  }
  return count;
}

/* To and from other numbers */

/* value times 10^places, rounded to a whole number. */
static HRESULT decimal_to_units(const DECIMAL *value, int places, uint64_t *magnitude) {
  if (!decimal_is_valid(value)) {
    return E_INVALIDARG;
  }
  Wide units = decimal_coefficient(value);
  if (value->scale > places) {
    wide_drop_places(&units, value->scale - places, false);
  } else {
    wide_multiply_power(&units, places - value->scale);
  }
  if (wide_length(&units) > 2) {
    return DISP_E_OVERFLOW;
  }
  *magnitude = (uint64_t)units.limb[1] << 32 | units.limb[0];
  return S_OK;
}

HRESULT decimal_to_integer(const DECIMAL *value, bool *negative, uint64_t *magnitude) {
  HRESULT hr = decimal_to_units(value, 0, magnitude);
  *negative = SUCCEEDED(hr) && decimal_is_negative(value);
  return hr;
}

HRESULT decimal_to_cy(const DECIMAL *value, CY *result) {
  uint64_t magnitude = 0;
  HRESULT hr = decimal_to_units(value, 4, &magnitude);
  if (FAILED(hr)) {
    return hr;
  }
  bool negative = decimal_is_negative(value);
  if (magnitude > (uint64_t)INT64_MAX + negative) {
    return DISP_E_OVERFLOW;
  }
  result->int64 = (int64_t)(negative ? 0 - magnitude : magnitude);
  return S_OK;
}

HRESULT decimal_to_real(const DECIMAL *value, double *result) {
  if (!decimal_is_valid(value)) {
    return E_INVALIDARG;
  }
  double magnitude = ((double)value->Lo64 + (double)value->Hi32 * 18446744073709551616.0) / powers_of_ten[value->scale];
  *result = decimal_is_negative(value) ? -magnitude : magnitude;
  return S_OK;
}

/* Only the digits that the real's type vouches for are taken, so that 0.1 becomes 0.1: the value is scaled to a whole
 * number of that many digits, in the arithmetic of doubles as the standard does it, and rounded half to even. */
HRESULT decimal_from_real(double value, int digits, DECIMAL *result) {
  int exponent = 0;
  double scaled = fabs(value);
  if (!(scaled <= 1e29)) {
    return DISP_E_OVERFLOW;
  }
  frexp(scaled, &exponent);
  if (exponent > 96) {
    return DISP_E_OVERFLOW;
  }
  if (exponent < -94) {
    decimal_set(result, false, 0, 0);
    return S_OK;
  }
  int places = digits - 1 - (int)floor(exponent * 0.301025390625); /* log10(2), a little less */
  if (places >= 0) {
    places = places > DECIMAL_PLACES ? DECIMAL_PLACES : places;
    scaled *= powers_of_ten[places];
  } else if (places != -1 || scaled >= powers_of_ten[digits]) {
    scaled /= powers_of_ten[-places];
  } else {
    places = 0;
  }
  if (scaled < powers_of_ten[digits - 1] && places < DECIMAL_PLACES) {
    scaled *= 10;
    places++;
  }
  Wide coefficient = wide_from((uint64_t)rint(scaled), 0);
  if (wide_is_zero(&coefficient)) {
    decimal_set(result, false, 0, 0);
    return S_OK;
  }
  HRESULT hr = decimal_fit(result, value < 0, coefficient, places, false);
  if (SUCCEEDED(hr)) {
    decimal_shorten(result);
  }
  return hr;
}

/* VarDec: two operands */

static bool decimals_are_valid(const DECIMAL *left, const DECIMAL *right, const DECIMAL *result) {
  return decimal_is_valid(left) && decimal_is_valid(right) && result;
}

/* Brings both to the larger of the two scales, which is the result. */
static int decimals_align(const DECIMAL *left, const DECIMAL *right, Wide *left_wide, Wide *right_wide) {
  *left_wide = decimal_coefficient(left);
  *right_wide = decimal_coefficient(right);
  if (left->scale < right->scale) {
    wide_multiply_power(left_wide, right->scale - left->scale);
    return right->scale;
  }
  wide_multiply_power(right_wide, left->scale - right->scale);
  return left->scale;
}

/* Operands that cancel out leave a zero with the sign of the second one. */
static HRESULT decimal_sum(const DECIMAL *left, const DECIMAL *right, bool subtract, DECIMAL *result) {
  if (!decimals_are_valid(left, right, result)) {
    return E_INVALIDARG;
  }
  bool right_negative = decimal_is_negative(right) != subtract;
  Wide a;
  Wide b;
  int scale = decimals_align(left, right, &a, &b);
  bool left_negative = decimal_is_negative(left);
  if (left_negative == right_negative) {
    return decimal_fit(result, left_negative, wide_add(&a, &b), scale, false);
  }
  if (wide_compare(&a, &b) > 0) {
    return decimal_fit(result, left_negative, wide_subtract(&a, &b), scale, false);
  }
  return decimal_fit(result, right_negative, wide_subtract(&b, &a), scale, false);
}

HRESULT VarDecAdd(LPDECIMAL left, LPDECIMAL right, LPDECIMAL result) {
  return decimal_sum(left, right, false, result);
}

HRESULT VarDecSub(LPDECIMAL left, LPDECIMAL right, LPDECIMAL result) {
  return decimal_sum(left, right, true, result);
}

HRESULT VarDecMul(LPDECIMAL left, LPDECIMAL right, LPDECIMAL result) {
  if (!decimals_are_valid(left, right, result)) {
    return E_INVALIDARG;
  }
  Wide a = decimal_coefficient(left);
  Wide b = decimal_coefficient(right);
  bool negative = decimal_is_negative(left) != decimal_is_negative(right);
  return decimal_fit(result, negative, wide_multiply(&a, &b), left->scale + right->scale, false);
}

HRESULT VarDecDiv(LPDECIMAL left, LPDECIMAL right, LPDECIMAL result) {
  if (!decimals_are_valid(left, right, result)) {
    return E_INVALIDARG;
  }
  Wide divisor = decimal_coefficient(right);
  if (wide_is_zero(&divisor)) {
    return DISP_E_DIVBYZERO;
  }
  Wide dividend = decimal_coefficient(left);
  Wide rest;
  bool negative = decimal_is_negative(left) != decimal_is_negative(right);
  int scale = left->scale - right->scale;
  Wide quotient = wide_divide(&dividend, &divisor, &rest);
  if (wide_is_zero(&rest)) {
    return decimal_fit(result, negative, quotient, scale, false);
  }
  /* Not whole: as many places as there can be, then without zeros at the end. */
  wide_multiply_power(&dividend, DECIMAL_PLACES - scale);
  quotient = wide_divide(&dividend, &divisor, &rest);
  /* The division cut a rest off: one more digit than 28 keeps the decision about rounding in decimal_fit. */
  wide_multiply_small(&rest, 10);
  Wide ignored;
  Wide digit = wide_divide(&rest, &divisor, &ignored);
  wide_multiply_small(&quotient, 10);
  wide_add_small(&quotient, digit.limb[0]);
  HRESULT hr = decimal_fit(result, negative, quotient, DECIMAL_PLACES + 1, !wide_is_zero(&ignored));
  if (SUCCEEDED(hr)) {
    decimal_shorten(result);
  }
  return hr;
}

static HRESULT order_result(int order) {
  return order < 0 ? VARCMP_LT : order > 0 ? VARCMP_GT : VARCMP_EQ;
}

HRESULT VarDecCmp(LPDECIMAL left, LPDECIMAL right) {
  if (!left || !right) {
    return VARCMP_NULL;
  }
  if (!decimal_is_valid(left) || !decimal_is_valid(right)) {
    return E_INVALIDARG;
  }
  Wide a;
  Wide b;
  decimals_align(left, right, &a, &b);
  bool left_negative = decimal_is_negative(left) && !wide_is_zero(&a);
  bool right_negative = decimal_is_negative(right) && !wide_is_zero(&b);
  if (left_negative != right_negative) {
    return left_negative ? VARCMP_LT : VARCMP_GT;
  }
  int order = wide_compare(&a, &b);
  return order_result(left_negative ? -order : order);
}

HRESULT VarDecCmpR8(LPDECIMAL left, double right) {
  DECIMAL other;
  HRESULT hr = VarDecFromR8(right, &other);
  return FAILED(hr) ? hr : VarDecCmp(left, &other);
}

/* VarDec: one operand */

/* These two look at nothing but the bit of the sign. */
HRESULT VarDecAbs(LPDECIMAL value, LPDECIMAL result) {
  if (!value || !result) {
    return E_INVALIDARG;
  }
  decimal_assign(result, value);
  result->sign &= (BYTE)~DECIMAL_NEG;
  return S_OK;
}

HRESULT VarDecNeg(LPDECIMAL value, LPDECIMAL result) {
  if (!value || !result) {
    return E_INVALIDARG;
  }
  decimal_assign(result, value);
  result->sign ^= DECIMAL_NEG;
  return S_OK;
}

/* Cuts the fraction off; says whether there was any. */
static HRESULT decimal_truncate(const DECIMAL *value, DECIMAL *result, bool *had_fraction) {
  if (!decimal_is_valid(value) || !result) {
    return E_INVALIDARG;
  }
  Wide whole = decimal_coefficient(value);
  *had_fraction = false;
  for (int places = value->scale; places > 0; places--) {
    *had_fraction |= wide_divide_small(&whole, 10) != 0;
  }
  decimal_put(result, decimal_is_negative(value), &whole, 0);
  return S_OK;
}

HRESULT VarDecFix(LPDECIMAL value, LPDECIMAL result) {
  bool had_fraction = false;
  return decimal_truncate(value, result, &had_fraction);
}

HRESULT VarDecInt(LPDECIMAL value, LPDECIMAL result) {
  bool had_fraction = false;
  HRESULT hr = decimal_truncate(value, result, &had_fraction);
  if (SUCCEEDED(hr) && had_fraction && decimal_is_negative(result)) {
    Wide whole = decimal_coefficient(result);
    wide_add_small(&whole, 1); /* fits: there was a fraction, so it has shrunk */
    decimal_put(result, true, &whole, 0);
  }
  return hr;
}

HRESULT VarDecRound(LPDECIMAL value, int places, LPDECIMAL result) {
  if (!decimal_is_valid(value) || !result || places < 0) {
    return E_INVALIDARG;
  }
  if (places >= value->scale) {
    decimal_assign(result, value);
    return S_OK;
  }
  Wide rounded = decimal_coefficient(value);
  wide_drop_places(&rounded, value->scale - places, false);
  decimal_put(result, decimal_is_negative(value), &rounded, places);
  return S_OK;
}
