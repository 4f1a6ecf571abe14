/* VarNumFromParseNum: parsed digits become the best of the allowed types. */
#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>

#include "dispatch/text/number_parse.h"
#include "dispatch/values/scalar.h"
#include "dispatch/values/variant.h"

enum { HEX_DIGITS_MOST = 16, INTEGER_DIGITS_MOST = 20 };

/* A parsed number: digits times 10^power, or bits when base_shift is set. */
typedef struct ParsedNumber {
  const BYTE *digits;
  int count;
  int power;
  int base_shift;
  bool negative;
  bool inexact; /* digits other than 0 were cut off */
} ParsedNumber;

/* Integer types from the smallest up. A text in base 16 or 8 spells bits: it fits by its width. */
typedef struct IntegerChoice {
  VARTYPE vt;
  uint64_t positive_most;
  uint64_t negative_most; /* magnitude */
  uint64_t bits;
} IntegerChoice;

static const IntegerChoice integer_choices[] = {
  { VT_I1, INT8_MAX, (uint64_t)INT8_MAX + 1, UINT8_MAX },    { VT_UI1, UINT8_MAX, 0, UINT8_MAX },
  { VT_I2, INT16_MAX, (uint64_t)INT16_MAX + 1, UINT16_MAX }, { VT_UI2, UINT16_MAX, 0, UINT16_MAX },
  { VT_I4, INT32_MAX, (uint64_t)INT32_MAX + 1, UINT32_MAX }, { VT_UI4, UINT32_MAX, 0, UINT32_MAX },
  { VT_I8, INT64_MAX, (uint64_t)INT64_MAX + 1, UINT64_MAX }, { VT_UI8, UINT64_MAX, 0, UINT64_MAX },
};

enum {
  INTEGER_BITS = VTBIT_I1 | VTBIT_UI1 | VTBIT_I2 | VTBIT_UI2 | VTBIT_I4 | VTBIT_UI4 | VTBIT_I8 | VTBIT_UI8,
  FRACTION_BITS = VTBIT_R4 | VTBIT_R8 | VTBIT_CY | VTBIT_DECIMAL
};

/* Two's complement at full width: every integer member of a little-endian VARIANT begins there. */
static void variant_put_integer(VARIANT *result, VARTYPE vt, uint64_t bits) {
  result->ullVal = bits;
  result->vt = vt;
}

static bool put_smallest_integer(bool negative, uint64_t magnitude, bool as_bits, ULONG allowed, VARIANT *result) {
  for (size_t i = 0; i < sizeof integer_choices / sizeof *integer_choices; i++) {
    const IntegerChoice *choice = &integer_choices[i];
    uint64_t most = negative ? choice->negative_most : as_bits ? choice->bits : choice->positive_most;
    if ((allowed >> choice->vt & 1) != 0 && magnitude <= most) {
      variant_put_integer(result, choice->vt, negative ? 0 - magnitude : magnitude);
      return true;
    }
  }
  return false;
}

/* The number as an integer, rounded half to even; false when it is longer than 64 bits. */
static bool number_to_integer(const ParsedNumber *number, uint64_t *magnitude) {
  int whole_digits = number->count + number->power;
  uint64_t value = 0;
  if (whole_digits > INTEGER_DIGITS_MOST) {
    return false;
  }
  for (int i = 0; i < whole_digits; i++) {
    BYTE digit = i < number->count ? number->digits[i] : 0;
    if (__builtin_mul_overflow(value, 10u, &value) || __builtin_add_overflow(value, digit, &value)) {
      return false;
    }
  }
  if (whole_digits >= 0 && whole_digits < number->count) {
    BYTE first = number->digits[whole_digits];
    bool exactly_half = first == 5 && whole_digits == number->count - 1 && !number->inexact;
    if (first > 5 || (first == 5 && (!exactly_half || (value & 1) != 0))) {
      return !__builtin_add_overflow(value, 1u, magnitude);
    }
  }
  *magnitude = value;
  return true;
}

/* Correctly rounded: strtod reads digits and exponent, and there is no decimal point that a locale could change. */
static double number_to_real(const ParsedNumber *number) {
  char text[NUMBER_DIGITS * 2 + 16];
  int length = 0;
  int count = number->count < NUMBER_DIGITS * 2 ? number->count : NUMBER_DIGITS * 2;
  for (int i = 0; i < count; i++) {
    text[length++] = (char)('0' + number->digits[i]);
  }
  int power = number->power + (number->count - count);
  if (number->inexact) {
    text[length++] = '1'; /* stands for what was cut off */
    power--;
  }
  snprintf(text + length, sizeof text - (size_t)length, "e%d", power);
  double magnitude = strtod(text, NULL);
  return number->negative && magnitude != 0 ? -magnitude : magnitude;
}

static HRESULT number_to_decimal(const ParsedNumber *number, DECIMAL *result) {
  Wide coefficient = { { 0 } };
  int count = number->count < NUMBER_DIGITS ? number->count : NUMBER_DIGITS;
  for (int i = 0; i < count; i++) {
    wide_multiply_small(&coefficient, 10);
    wide_add_small(&coefficient, number->digits[i]);
  }
  int scale = -number->power - (number->count - count);
  if (wide_is_zero(&coefficient) || scale > DECIMAL_PLACES + NUMBER_DIGITS) {
    decimal_set(result, false, 0, 0);
    return S_OK;
  }
  return decimal_fit(result, number->negative, coefficient, scale, number->inexact || number->count > count);
}

static HRESULT put_fraction(const ParsedNumber *number, ULONG allowed, VARIANT *result) {
  DECIMAL decimal;
  if (allowed & (VTBIT_R4 | VTBIT_R8)) {
    double real = number_to_real(number);
    if ((allowed & VTBIT_R4) && SUCCEEDED(R4_from_real(real, &result->fltVal))) {
      result->vt = VT_R4;
      return S_OK;
    }
    if ((allowed & VTBIT_R8) && isfinite(real)) {
      result->dblVal = real;
      result->vt = VT_R8;
      return S_OK;
    }
  }
  if ((allowed & (VTBIT_CY | VTBIT_DECIMAL)) && SUCCEEDED(number_to_decimal(number, &decimal))) {
    if ((allowed & VTBIT_CY) && SUCCEEDED(decimal_to_cy(&decimal, &result->cyVal))) {
      result->vt = VT_CY;
      return S_OK;
    }
    if (allowed & VTBIT_DECIMAL) {
      decimal_assign(&result->decVal, &decimal);
      result->vt = VT_DECIMAL;
      return S_OK;
    }
  }
  return DISP_E_OVERFLOW;
}

/* Base 16 or 8: bits, at most 64 of them. */
static HRESULT put_bits(const ParsedNumber *number, ULONG allowed, VARIANT *result) {
  uint64_t bits = 0;
  if (number->power != 0) {
    return DISP_E_OVERFLOW;
  }
  for (int i = 0; i < number->count; i++) {
    if (bits >> (64 - number->base_shift) != 0) {
      return DISP_E_OVERFLOW;
    }
    bits = bits << number->base_shift | number->digits[i];
  }
  if (put_smallest_integer(number->negative, bits, true, allowed, result)) {
    return S_OK;
  }
  if (!(allowed & FRACTION_BITS)) {
    return DISP_E_OVERFLOW;
  }
  BYTE decimal_digits_of_bits[INTEGER_DIGITS_MOST];
  int count = 0;
  for (uint64_t rest = bits; count == 0 || rest != 0; rest /= 10) {
    decimal_digits_of_bits[INTEGER_DIGITS_MOST - ++count] = (BYTE)(rest % 10);
  }
  ParsedNumber decimal = { decimal_digits_of_bits + INTEGER_DIGITS_MOST - count, count, 0, 0, number->negative, false };
  return put_fraction(&decimal, allowed, result);
}

/* Whole numbers go to the smallest integer type that holds them. Fractions do only where nothing else is allowed. */
HRESULT VarNumFromParseNum(NUMPARSE *parse, BYTE *digits, ULONG allowed, VARIANT *result) {
  if (!parse || !digits || !result || parse->cDig < 0 || parse->cDig > INT32_MAX / 2) {
    return E_INVALIDARG;
  }
  ParsedNumber number = { digits,
                          parse->cDig,
                          parse->nPwr10,
                          parse->nBaseShift,
                          (parse->dwOutFlags & NUMPRS_NEG) != 0,
                          (parse->dwOutFlags & NUMPRS_INEXACT) != 0 };
  int largest = number.base_shift == 0 ? 9 : number.base_shift == 3 ? 7 : 15;
  if (number.base_shift != 0 && number.base_shift != 3 && number.base_shift != 4) {
    return E_INVALIDARG;
  }
  for (int i = 0; i < number.count; i++) {
    if (digits[i] > largest) {
      return E_INVALIDARG;
    }
  }
  if (number.base_shift != 0) {
    return put_bits(&number, allowed, result);
  }
  if (number.power > INT16_MAX * 4 || number.power < -INT16_MAX * 4) {
    number.power = number.power < 0 ? -INT16_MAX * 4 : INT16_MAX * 4;
  }
  bool zero = true;
  for (int i = 0; i < number.count; i++) {
    zero = zero && digits[i] == 0;
  }
  if (zero) {
    number.count = 0;
    number.power = 0;
  }
  uint64_t magnitude = 0;
  if ((allowed & INTEGER_BITS) && (number.power >= 0 || !(allowed & FRACTION_BITS)) &&
      number_to_integer(&number, &magnitude) &&
      put_smallest_integer(number.negative && magnitude != 0, magnitude, false, allowed, result)) {
    return S_OK;
  }
  return put_fraction(&number, allowed, result);
}
