/* DECIMAL inside the library. Nothing here writes wReserved, which is the vt of a VARIANT that holds the value. */
#ifndef OLEANDER_DISPATCH_DECIMAL_H
#define OLEANDER_DISPATCH_DECIMAL_H

#include <stdbool.h>
#include <stdint.h>

#include <oleauto.h>

#include "dispatch/values/wide.h"

enum { DECIMAL_PLACES = 28, DECIMAL_DIGITS = 29 };

/* Also of a pointer: NULL is no decimal. */
static inline bool decimal_is_valid(const DECIMAL *value) {
  return value && value->scale <= DECIMAL_PLACES && (value->sign & ~DECIMAL_NEG) == 0;
}

static inline bool decimal_is_zero(const DECIMAL *value) {
  return value->Lo64 == 0 && value->Hi32 == 0;
}

static inline void decimal_set(DECIMAL *result, bool negative, uint64_t value, int scale) {
  result->sign = negative ? DECIMAL_NEG : 0;
  result->scale = (BYTE)scale;
  result->Hi32 = 0;
  result->Lo64 = value;
}

/* A copy of all but wReserved. */
void decimal_assign(DECIMAL *result, const DECIMAL *value);

/* coefficient / 10^scale, rounded half to even as far as 96 bits and 28 places ask; inexact says that a part smaller
 * than the last digit was cut off before. DISP_E_OVERFLOW when it does not fit. The scale may be negative. */
HRESULT decimal_fit(DECIMAL *result, bool negative, Wide coefficient, int scale, bool inexact);

/* Rounded half to even; DISP_E_OVERFLOW beyond 64 bits. */
HRESULT decimal_to_integer(const DECIMAL *value, bool *negative, uint64_t *magnitude);
HRESULT decimal_to_cy(const DECIMAL *value, CY *result);
HRESULT decimal_to_real(const DECIMAL *value, double *result);

/* The nearest decimal number of that many digits (at most 15), without zeros at its end. */
HRESULT decimal_from_real(double value, int digits, DECIMAL *result);

/* The digits of the coefficient, most significant first, at most 29 and at least one; gives their number. */
int decimal_digits(const DECIMAL *value, char digits[DECIMAL_DIGITS]);

#endif
