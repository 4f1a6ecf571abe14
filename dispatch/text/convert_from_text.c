/* VarXFromStr for numbers and truth values (dates have a file of their own). Plain ASCII numbers take a short way. */
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>

#include "com/com_api.h"
#include "dispatch/text/collation.h"
#include "dispatch/text/locale.h"
#include "dispatch/text/number_parse.h"
#include "dispatch/values/scalar.h"

HRESULT number_from_text(const OLECHAR *text, LCID lcid, ULONG flags, ULONG type_bit, VARIANT *result) {
  BYTE digits[NUMBER_DIGITS];
  NUMPARSE parse = { .cDig = NUMBER_DIGITS, .dwInFlags = NUMPRS_STD };
  if (!text) {
    return DISP_E_TYPEMISMATCH;
  }
  HRESULT hr = VarParseNumFromStr(text, lcid, flags, &parse, digits);
  return FAILED(hr) ? hr : VarNumFromParseNum(&parse, digits, type_bit, result);
}

/* Integers */

enum { PLAIN_INTEGER_DIGITS = 18, PLAIN_REAL_DIGITS = 15, PLAIN_DIGITS_MOST = 19, PLAIN_EXPONENT_DIGITS = 4 };

/* A minus sign and at most 18 digits, nothing else: the same in every locale. */
static bool plain_integer(const OLECHAR *text, int64_t *value) {
  bool negative = *text == '-';
  const OLECHAR *start = text + negative;
  const OLECHAR *next = start;
  int64_t magnitude = 0;
  for (; *next >= '0' && *next <= '9'; next++) {
    if (next - start >= PLAIN_INTEGER_DIGITS) {
      return false;
    }
    magnitude = magnitude * 10 + (*next - '0');
  }
  *value = negative ? -magnitude : magnitude;
  return *next == 0 && next != start;
}

#define INTEGER_FROM_TEXT(To, member)                                                                                  \
  HRESULT Var##To##FromStr(LPCOLESTR text, LCID lcid, ULONG flags, TYPE_##To *result) {                                \
    int64_t plain = 0;                                                                                                 \
    if (!result) {                                                                                                     \
      return E_INVALIDARG;                                                                                             \
    }                                                                                                                  \
    if (text && plain_integer(text, &plain)) {                                                                         \
      return To##_from_signed(plain, result);                                                                          \
    }                                                                                                                  \
    VARIANT value;                                                                                                     \
    HRESULT hr = number_from_text(text, lcid, flags, VTBIT_##To, &value);                                              \
    if (SUCCEEDED(hr)) {                                                                                               \
      *result = value.member;                                                                                          \
    }                                                                                                                  \
    return hr;                                                                                                         \
  }
INTEGER_FROM_TEXT(I1, cVal)
INTEGER_FROM_TEXT(UI1, bVal)
INTEGER_FROM_TEXT(I2, iVal)
INTEGER_FROM_TEXT(UI2, uiVal)
INTEGER_FROM_TEXT(I4, lVal)
INTEGER_FROM_TEXT(UI4, ulVal)
INTEGER_FROM_TEXT(I8, llVal)
INTEGER_FROM_TEXT(UI8, ullVal)

/* Reals, currency, decimals */

/* A number in ASCII: digits, a point, an exponent, and nothing else. */
typedef struct PlainReal {
  bool negative;
  uint64_t magnitude;
  int digits; /* significant ones */
  int power;  /* of ten */
} PlainReal;

static bool plain_exponent(const OLECHAR *text, int *power) {
  bool negative = *text == '-';
  int exponent = 0;
  text += *text == '-' || *text == '+';
  const OLECHAR *start = text;
  for (; *text >= '0' && *text <= '9' && text - start < PLAIN_EXPONENT_DIGITS; text++) {
    exponent = exponent * 10 + (*text - '0');
  }
  *power += negative ? -exponent : exponent;
  return *text == 0 && text != start;
}

static bool plain_real(const OLECHAR *text, PlainReal *real) {
  bool any = false;
  bool fraction = false;
  *real = (PlainReal){ .negative = *text == '-' };
  for (text += real->negative; *text != 0; text++) {
    if (*text == '.' && !fraction) {
      fraction = true;
      continue;
    }
    if ((*text == 'E' || *text == 'e') && any) {
      return plain_exponent(text + 1, &real->power);
    }
    if (*text < '0' || *text > '9' || real->digits == PLAIN_DIGITS_MOST) {
      return false;
    }
    real->magnitude = real->magnitude * 10 + (uint64_t)(*text - '0');
    real->digits += real->magnitude != 0;
    real->power -= fraction;
    any = true;
  }
  return any;
}

/* Up to 15 digits and a power of ten that a double holds exactly: one rounding. Else strtod, which is told the power and
 * sees no point that the process's locale could change. */
static double plain_value(const PlainReal *real) {
  static const double powers[] = { 1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8,  1e9,  1e10, 1e11,
                                   1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22 };
  enum { EXACT_POWER = 22 };
  if (real->magnitude == 0) {
    return 0;
  }
  if (real->digits <= PLAIN_REAL_DIGITS && real->power >= -EXACT_POWER && real->power <= EXACT_POWER) {
    double magnitude = (double)real->magnitude;
    return real->power < 0 ? magnitude / powers[-real->power] : magnitude * powers[real->power];
  }
  char text[48];
  char *next = text + sizeof text;
  unsigned power = (unsigned)(real->power < 0 ? -real->power : real->power);
  *--next = 0;
  for (; power != 0; power /= 10) {
    *--next = (char)('0' + power % 10);
  }
  *--next = '0';
  *--next = real->power < 0 ? '-' : '+';
  *--next = 'e';
  for (uint64_t rest = real->magnitude; rest != 0; rest /= 10) {
    *--next = (char)('0' + rest % 10);
  }
  return strtod(next, NULL);
}

static bool text_has_plain_value(const OLECHAR *text, LCID lcid, double *value) {
  PlainReal real;
  if ((lcid != LOCALE_EN_US && lcid != 0 && lcid != LOCALE_USER_DEFAULT) || !plain_real(text, &real)) {
    return false;
  }
  double magnitude = plain_value(&real);
  if (!isfinite(magnitude)) {
    return false;
  }
  *value = real.negative && magnitude != 0 ? -magnitude : magnitude;
  return true;
}

HRESULT VarR8FromStr(LPCOLESTR text, LCID lcid, ULONG flags, DOUBLE *result) {
  if (!result) {
    return E_INVALIDARG;
  }
  if (text && text_has_plain_value(text, lcid, result)) {
    return S_OK;
  }
  VARIANT value;
  HRESULT hr = number_from_text(text, lcid, flags, VTBIT_R8, &value);
  if (SUCCEEDED(hr)) {
    *result = value.dblVal;
  }
  return hr;
}

#define FROM_TEXT(To, bit, member)                                                                                     \
  HRESULT Var##To##FromStr(LPCOLESTR text, LCID lcid, ULONG flags, TYPE_##To *result) {                                \
    VARIANT value;                                                                                                     \
    HRESULT hr = result ? number_from_text(text, lcid, flags, bit, &value) : E_INVALIDARG;                             \
    if (SUCCEEDED(hr))                                                                                                 \
      *result = value.member;                                                                                          \
    return hr;                                                                                                         \
  }

FROM_TEXT(R4, VTBIT_R4, fltVal)
FROM_TEXT(Cy, VTBIT_CY, cyVal)

HRESULT VarDecFromStr(LPCOLESTR text, LCID lcid, ULONG flags, DECIMAL *result) {
  if (!result) {
    return E_INVALIDARG;
  }
  VARIANT value;
  HRESULT hr = number_from_text(text, lcid, flags, VTBIT_DECIMAL, &value);
  if (SUCCEEDED(hr)) {
    decimal_assign(result, &value.decVal);
  }
  return hr;
}

/* Truth values */

static bool text_equals(const OLECHAR *text, const OLECHAR *word, LCID lcid) {
  int order = 1;
  HRESULT hr = collation_compare(lcid, NORM_IGNORECASE, text, utf16_units(text), word, utf16_units(word), &order);
  return SUCCEEDED(hr) && order == 0;
}

/* English words always (those in # only in capitals), those of the locale for VAR_LOCALBOOL; else a number. */
HRESULT VarBoolFromStr(LPCOLESTR text, LCID lcid, ULONG flags, VARIANT_BOOL *result) {
  if (!result) {
    return E_INVALIDARG;
  }
  if (!text) {
    return DISP_E_TYPEMISMATCH;
  }
  if (flags & VAR_LOCALBOOL) {
    const Locale *locale = locale_get(lcid);
    if (text_equals(text, locale->text_true, lcid)) {
      return truth(true, result);
    }
    if (text_equals(text, locale->text_false, lcid)) {
      return truth(false, result);
    }
  }
  if (caseless_equal(text, u"True") || utf16_equal(text, u"#TRUE#")) {
    return truth(true, result);
  }
  if (caseless_equal(text, u"False") || utf16_equal(text, u"#FALSE#")) {
    return truth(false, result);
  }
  double number = 0;
  HRESULT hr = VarR8FromStr(text, lcid, flags, &number);
  return FAILED(hr) ? hr : truth(number != 0, result);
}
