/*
 * How one scalar becomes another: for every target a function per *kind* of source. Kinds are what matters for a
 * conversion: signed and unsigned integers (widened to 64 bits), reals, currency, decimals, truth values.
 * `convert_numbers.c` makes the matrix of VarXFromY from these. Rounding is half to even; a result that does not fit is
 * DISP_E_OVERFLOW, and a DECIMAL that is none is E_INVALIDARG.
 */
#ifndef OLEANDER_DISPATCH_SCALAR_H
#define OLEANDER_DISPATCH_SCALAR_H

#include <float.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>

#include <oleauto.h>

#include "dispatch/values/decimal.h"

enum { CY_SCALE = 10000, CY_PLACES = 4 };

/* Days that a DATE can be: 1 January 100 to 31 December 9999, and the times of these days. */
#define DATE_LEAST (-657434.0)
#define DATE_MOST  2958465.0

/* From here on a double rounds to no float: half a unit of its last place above FLT_MAX. */
#define R4_LIMIT  0x1.FFFFFFp+127

#define TWO_TO_63 9223372036854775808.0
#define TWO_TO_64 18446744073709551616.0

#define TYPE_I1   CHAR
#define TYPE_UI1  BYTE
#define TYPE_I2   SHORT
#define TYPE_UI2  USHORT
#define TYPE_I4   LONG
#define TYPE_UI4  ULONG
#define TYPE_I8   LONG64
#define TYPE_UI8  ULONG64
#define TYPE_R4   FLOAT
#define TYPE_R8   DOUBLE
#define TYPE_Cy   CY
#define TYPE_Date DATE
#define TYPE_Dec  DECIMAL
#define TYPE_Bool VARIANT_BOOL

/* Integers */

#define INTEGER_TARGET(To, least, most)                                                                                \
  static inline HRESULT To##_from_signed(int64_t value, TYPE_##To *result) {                                           \
    if (value < (int64_t)(least) || (value > 0 && (uint64_t)value > (uint64_t)(most))) {                               \
      return DISP_E_OVERFLOW;                                                                                          \
    }                                                                                                                  \
    *result = (TYPE_##To)value;                                                                                        \
    return S_OK;                                                                                                       \
  }                                                                                                                    \
  static inline HRESULT To##_from_unsigned(uint64_t value, TYPE_##To *result) {                                        \
    if (value > (uint64_t)(most)) {                                                                                    \
      return DISP_E_OVERFLOW;                                                                                          \
    }                                                                                                                  \
    *result = (TYPE_##To)value;                                                                                        \
    return S_OK;                                                                                                       \
  }                                                                                                                    \
  /* The last comparison is against most + 1, which a double holds exactly also where it does not hold most. */        \
  static inline HRESULT To##_from_real(double value, TYPE_##To *result) {                                              \
    double rounded = rint(value);                                                                                      \
    if (!(rounded >= (double)(least) && rounded < (double)((most) / 2 + 1) * 2.0)) {                                   \
      return DISP_E_OVERFLOW;                                                                                          \
    }                                                                                                                  \
    *result = (TYPE_##To)rounded;                                                                                      \
    return S_OK;                                                                                                       \
  }                                                                                                                    \
  static inline HRESULT To##_from_single(float value, TYPE_##To *result) {                                             \
    return To##_from_real((double)value, result);                                                                      \
  }                                                                                                                    \
  static inline HRESULT To##_from_dec(const DECIMAL *value, TYPE_##To *result) {                                       \
    bool negative = false;                                                                                             \
    uint64_t magnitude = 0;                                                                                            \
    HRESULT hr = decimal_to_integer(value, &negative, &magnitude);                                                     \
    if (FAILED(hr)) {                                                                                                  \
      return hr;                                                                                                       \
    }                                                                                                                  \
    if (!negative) {                                                                                                   \
      return To##_from_unsigned(magnitude, result);                                                                    \
    }                                                                                                                  \
    return magnitude > (uint64_t)1 << 63 ? DISP_E_OVERFLOW : To##_from_signed((int64_t)(0 - magnitude), result);       \
  }                                                                                                                    \
  /* As a cast: VARIANT_TRUE is all ones, and other values wrap around. */                                             \
  static inline HRESULT To##_from_bool(VARIANT_BOOL value, TYPE_##To *result) {                                        \
    *result = (TYPE_##To)value;                                                                                        \
    return S_OK;                                                                                                       \
  }

INTEGER_TARGET(I1, INT8_MIN, INT8_MAX)
INTEGER_TARGET(UI1, 0, UINT8_MAX)
INTEGER_TARGET(I2, INT16_MIN, INT16_MAX)
INTEGER_TARGET(UI2, 0, UINT16_MAX)
INTEGER_TARGET(I4, INT32_MIN, INT32_MAX)
INTEGER_TARGET(UI4, 0, UINT32_MAX)
INTEGER_TARGET(I8, INT64_MIN, INT64_MAX)
INTEGER_TARGET(UI8, 0, UINT64_MAX)

/* The whole number nearest to a currency value. */
static inline int64_t cy_to_whole(CY value) {
  int64_t whole = value.int64 / CY_SCALE;
  int64_t rest = value.int64 % CY_SCALE;
  int64_t twice = rest < 0 ? -2 * rest : 2 * rest;
  bool up = twice > CY_SCALE || (twice == CY_SCALE && (whole & 1) != 0);
  return up ? whole + (rest < 0 ? -1 : 1) : whole;
}

#define CY_TO_INTEGER(To)                                                                                              \
  static inline HRESULT To##_from_cy(CY value, TYPE_##To *result) {                                                    \
    return To##_from_signed(cy_to_whole(value), result);                                                               \
  }
CY_TO_INTEGER(I1)
CY_TO_INTEGER(UI1)
CY_TO_INTEGER(I2)
CY_TO_INTEGER(UI2)
CY_TO_INTEGER(I4)
CY_TO_INTEGER(UI4)
CY_TO_INTEGER(UI8)

/* Windows gives one less than the truncated value for every negative amount here, also for whole ones. */
static inline HRESULT I8_from_cy(CY value, LONG64 *result) {
  *result = value.int64 < 0 ? value.int64 / CY_SCALE - 1 : cy_to_whole(value);
  return S_OK;
}

/* Reals and dates */

static inline double cy_to_real(CY value) {
  return (double)value.int64 / CY_SCALE;
}

static inline HRESULT R8_from_real(double value, double *result) {
  *result = value;
  return S_OK;
}

static inline HRESULT R4_from_real(double value, float *result) {
  double magnitude = fabs(value);
  if (magnitude >= R4_LIMIT) {
    return DISP_E_OVERFLOW;
  }
  *result = magnitude > (double)FLT_MAX ? (value < 0 ? -FLT_MAX : FLT_MAX) : (float)value;
  return S_OK;
}

static inline HRESULT Date_from_real(double value, double *result) {
  if (!(value > DATE_LEAST - 1 && value < DATE_MOST + 1)) {
    return DISP_E_OVERFLOW;
  }
  *result = value;
  return S_OK;
}

#define REAL_TARGET(To)                                                                                                \
  static inline HRESULT To##_from_signed(int64_t value, TYPE_##To *result) {                                           \
    return To##_from_real((double)value, result);                                                                      \
  }                                                                                                                    \
  static inline HRESULT To##_from_unsigned(uint64_t value, TYPE_##To *result) {                                        \
    return To##_from_real((double)value, result);                                                                      \
  }                                                                                                                    \
  static inline HRESULT To##_from_single(float value, TYPE_##To *result) {                                             \
    return To##_from_real((double)value, result);                                                                      \
  }                                                                                                                    \
  static inline HRESULT To##_from_cy(CY value, TYPE_##To *result) {                                                    \
    return To##_from_real(cy_to_real(value), result);                                                                  \
  }                                                                                                                    \
  static inline HRESULT To##_from_dec(const DECIMAL *value, TYPE_##To *result) {                                       \
    double real = 0;                                                                                                   \
    HRESULT hr = decimal_to_real(value, &real);                                                                        \
    return FAILED(hr) ? hr : To##_from_real(real, result);                                                             \
  }                                                                                                                    \
  static inline HRESULT To##_from_bool(VARIANT_BOOL value, TYPE_##To *result) {                                        \
    return To##_from_real((double)value, result);                                                                      \
  }
REAL_TARGET(R4)
REAL_TARGET(R8)
REAL_TARGET(Date)

/* Currency */

#define CY_WHOLE_MOST (INT64_MAX / CY_SCALE)

/* Windows refuses the greatest whole amount of either sign, though it would fit. */
static inline HRESULT Cy_from_signed(int64_t value, CY *result) {
  if (value <= -CY_WHOLE_MOST || value >= CY_WHOLE_MOST) {
    return DISP_E_OVERFLOW;
  }
  result->int64 = value * CY_SCALE;
  return S_OK;
}

static inline HRESULT Cy_from_unsigned(uint64_t value, CY *result) {
  if (value > CY_WHOLE_MOST) {
    return DISP_E_OVERFLOW;
  }
  result->int64 = (int64_t)value * CY_SCALE;
  return S_OK;
}

/* 10000 has ten significant bits: the product is exact and only rounded once. */
_Static_assert(LDBL_MANT_DIG >= DBL_MANT_DIG + 10, "a long double holds the product of a double and CY_SCALE");

static inline HRESULT Cy_from_real(double value, CY *result) {
  long double rounded = rintl((long double)value * CY_SCALE);
  if (!(rounded >= -(long double)TWO_TO_63 && rounded < (long double)TWO_TO_63)) {
    return DISP_E_OVERFLOW;
  }
  result->int64 = (int64_t)rounded;
  return S_OK;
}

static inline HRESULT Cy_from_single(float value, CY *result) {
  return Cy_from_real((double)value, result);
}

static inline HRESULT Cy_from_dec(const DECIMAL *value, CY *result) {
  return decimal_to_cy(value, result);
}

static inline HRESULT Cy_from_bool(VARIANT_BOOL value, CY *result) {
  result->int64 = (int64_t)value * CY_SCALE;
  return S_OK;
}

/* Decimals */

static inline HRESULT Dec_from_unsigned(uint64_t value, DECIMAL *result) {
  decimal_set(result, false, value, 0);
  return S_OK;
}

static inline HRESULT Dec_from_signed(int64_t value, DECIMAL *result) {
  decimal_set(result, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, 0);
  return S_OK;
}

static inline HRESULT Dec_from_real(double value, DECIMAL *result) {
  return decimal_from_real(value, DBL_DIG, result);
}

static inline HRESULT Dec_from_single(float value, DECIMAL *result) {
  return decimal_from_real((double)value, FLT_DIG + 1, result);
}

static inline HRESULT Dec_from_cy(CY value, DECIMAL *result) {
  Dec_from_signed(value.int64, result);
  result->scale = CY_PLACES;
  return S_OK;
}

static inline HRESULT Dec_from_bool(VARIANT_BOOL value, DECIMAL *result) {
  return Dec_from_signed(value != 0 ? -1 : 0, result);
}

/* Truth values */

static inline HRESULT truth(bool value, VARIANT_BOOL *result) {
  *result = value ? VARIANT_TRUE : VARIANT_FALSE;
  return S_OK;
}

static inline HRESULT Bool_from_signed(int64_t value, VARIANT_BOOL *result) {
  return truth(value != 0, result);
}

static inline HRESULT Bool_from_unsigned(uint64_t value, VARIANT_BOOL *result) {
  return truth(value != 0, result);
}

static inline HRESULT Bool_from_real(double value, VARIANT_BOOL *result) {
  return truth(value != 0, result);
}

static inline HRESULT Bool_from_single(float value, VARIANT_BOOL *result) {
  return truth(value != 0, result);
}

static inline HRESULT Bool_from_cy(CY value, VARIANT_BOOL *result) {
  return truth(value.int64 != 0, result);
}

static inline HRESULT Bool_from_dec(const DECIMAL *value, VARIANT_BOOL *result) {
  return decimal_is_valid(value) ? truth(value->Lo64 != 0 || value->Hi32 != 0, result) : E_INVALIDARG;
}

#endif
