/* VarBstrFromX for numbers and truth values. Digits are collected in ASCII; the result is the one allocation. */
#include <math.h>
#include <stdint.h>
#include <string.h>

#include "com/com_api.h"
#include "dispatch/text/format.h"
#include "dispatch/text/locale.h"
#include "dispatch/values/bstr.h"
#include "dispatch/values/decimal.h"
#include "dispatch/values/digits.h"
#include "dispatch/values/scalar.h"

/* Integers */

enum { INTEGER_MOST_CHARACTERS = 20 };

static HRESULT bstr_from_magnitude(bool negative, uint64_t magnitude, BSTR *result) {
  char text[INTEGER_MOST_CHARACTERS];
  char *end = text + sizeof text;
  char *start = end;
  if (!result) {
    return E_INVALIDARG;
  }
  for (; magnitude > UINT32_MAX; magnitude /= 10) {
    *--start = (char)('0' + magnitude % 10);
  }
  uint32_t rest = (uint32_t)magnitude;
  do {
    *--start = (char)('0' + rest % 10);
    rest /= 10;
  } while (rest != 0);
  if (negative) {
    *--start = '-';
  }
  BSTR made = bstr_from_ascii(start, (size_t)(end - start));
  if (!made) {
    return E_OUTOFMEMORY;
  }
  *result = made;
  return S_OK;
}

#define BSTR_FROM_SIGNED(From, type)                                                                                   \
  HRESULT VarBstrFrom##From(type value, LCID lcid, ULONG flags, BSTR *result) {                                        \
    (void)lcid, (void)flags;                                                                                           \
    return bstr_from_magnitude(value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, result);                  \
  }
#define BSTR_FROM_UNSIGNED(From, type)                                                                                 \
  HRESULT VarBstrFrom##From(type value, LCID lcid, ULONG flags, BSTR *result) {                                        \
    (void)lcid, (void)flags;                                                                                           \
    return bstr_from_magnitude(false, value, result);                                                                  \
  }
BSTR_FROM_SIGNED(I1, CHAR)
BSTR_FROM_UNSIGNED(UI1, BYTE)
BSTR_FROM_SIGNED(I2, SHORT)
BSTR_FROM_UNSIGNED(UI2, USHORT)
BSTR_FROM_SIGNED(I4, LONG)
BSTR_FROM_UNSIGNED(UI4, ULONG)
BSTR_FROM_SIGNED(I8, LONG64)
BSTR_FROM_UNSIGNED(UI8, ULONG64)

/* Numbers with a fraction */

/* A text under construction; as long as the longest number. */
typedef struct NumberText {
  size_t length;
  OLECHAR unit[80];
} NumberText;

static void text_put(NumberText *text, char character) {
  text->unit[text->length++] = (OLECHAR)character;
}

static void text_put_ascii(NumberText *text, const char *characters, int count) {
  for (int i = 0; i < count; i++) {
    text_put(text, characters[i]);
  }
}

static void text_put_zeros(NumberText *text, int count) {
  for (int i = 0; i < count; i++) {
    text_put(text, '0');
  }
}

/* The decimal separator; the fast road of English does not look the locale up. */
static void text_put_point(NumberText *text, LCID lcid) {
  if (lcid == LOCALE_EN_US || lcid == 0 || lcid == LOCALE_USER_DEFAULT) {
    text_put(text, '.');
    return;
  }
  const Locale *locale = locale_get(lcid);
  for (const char16_t *unit = locale->decimal; *unit != 0; unit++) {
    text->unit[text->length++] = *unit;
  }
}

static HRESULT text_to_bstr(const NumberText *text, BSTR *result) {
  BSTR made = SysAllocStringLen(text->unit, (UINT)text->length);
  if (!made) {
    return E_OUTOFMEMORY;
  }
  *result = made;
  return S_OK;
}

/* 12.5, 0.05 */
static void text_put_fixed(NumberText *text, const Digits *digits, LCID lcid) {
  int whole = digits->exponent + 1;
  if (whole <= 0) {
    text_put(text, '0');
    text_put_point(text, lcid);
    text_put_zeros(text, -whole);
    text_put_ascii(text, digits->digit, digits->count);
    return;
  }
  int written = whole < digits->count ? whole : digits->count;
  text_put_ascii(text, digits->digit, written);
  text_put_zeros(text, whole - written);
  if (written < digits->count) {
    text_put_point(text, lcid);
    text_put_ascii(text, digits->digit + written, digits->count - written);
  }
}

/* 1.25E-08 */
static void text_put_scientific(NumberText *text, const Digits *digits, LCID lcid) {
  text_put(text, digits->digit[0]);
  if (digits->count > 1) {
    text_put_point(text, lcid);
    text_put_ascii(text, digits->digit + 1, digits->count - 1);
  }
  int exponent = digits->exponent < 0 ? -digits->exponent : digits->exponent;
  text_put(text, 'E');
  text_put(text, digits->exponent < 0 ? '-' : '+');
  if (exponent >= 100) {
    text_put(text, (char)('0' + exponent / 100));
  }
  text_put(text, (char)('0' + exponent / 10 % 10));
  text_put(text, (char)('0' + exponent % 10));
}

/* A number is written out while it takes no more places, before or behind the point, than the type has digits. */
static HRESULT bstr_from_real(double value, int significant, LCID lcid, BSTR *result) {
  NumberText text;
  text.length = 0;
  if (!result) {
    return E_INVALIDARG;
  }
  if (!isfinite(value)) {
    const char *name = isnan(value) ? (signbit(value) ? "-1.#IND" : "1.#QNAN") : value < 0 ? "-1.#INF" : "1.#INF";
    text_put_ascii(&text, name, (int)strlen(name));
    return text_to_bstr(&text, result);
  }
  Digits digits;
  digits_from_real(value, significant, &digits);
  if (digits.negative) {
    text_put(&text, '-');
  }
  if (digits.exponent >= significant || digits.count - 1 - digits.exponent > significant) {
    text_put_scientific(&text, &digits, lcid);
  } else {
    text_put_fixed(&text, &digits, lcid);
  }
  return text_to_bstr(&text, result);
}

HRESULT VarBstrFromR4(FLOAT value, LCID lcid, ULONG flags, BSTR *result) {
  (void)flags;
  return bstr_from_real((double)value, DIGITS_R4, lcid, result);
}

HRESULT VarBstrFromR8(DOUBLE value, LCID lcid, ULONG flags, BSTR *result) {
  (void)flags;
  return bstr_from_real(value, DIGITS_R8, lcid, result);
}

/* All digits, but no zeros at the end of the fraction. */
HRESULT VarBstrFromDec(const DECIMAL *value, LCID lcid, ULONG flags, BSTR *result) {
  (void)flags;
  if (!result || !decimal_is_valid(value)) {
    return E_INVALIDARG;
  }
  NumberText text;
  Digits digits;
  text.length = 0;
  digits.count = decimal_digits(value, digits.digit);
  digits.exponent = digits.count - 1 - value->scale;
  while (digits.count > 1 && digits.digit[digits.count - 1] == '0') {
    digits.count--;
  }
  if (digits.digit[0] == '0') {
    digits.exponent = 0;
  } else if (value->sign != 0) {
    text_put(&text, '-');
  }
  text_put_fixed(&text, &digits, lcid);
  return text_to_bstr(&text, result);
}

/* LOCALE_USE_NLS asks for the locale's way of writing money. */
HRESULT VarBstrFromCy(CY value, LCID lcid, ULONG flags, BSTR *result) {
  if (!result) {
    return E_INVALIDARG;
  }
  if (flags & LOCALE_USE_NLS) {
    VARIANT amount;
    TextBuffer text;
    amount.cyVal = value;
    amount.vt = VT_CY;
    text_init(&text);
    HRESULT hr = format_currency(&amount, lcid, &text);
    if (SUCCEEDED(hr)) {
      return text_finish(&text, result);
    }
    text_release(&text);
    return hr;
  }
  DECIMAL decimal;
  Dec_from_cy(value, &decimal);
  return VarBstrFromDec(&decimal, lcid, flags, result);
}

/* Truth values */

HRESULT VarBstrFromBool(VARIANT_BOOL value, LCID lcid, ULONG flags, BSTR *result) {
  if (!result) {
    return E_INVALIDARG;
  }
  const Locale *locale = locale_get((flags & VAR_LOCALBOOL) != 0 ? lcid : LOCALE_EN_US);
  BSTR made = SysAllocString(value != 0 ? locale->text_true : locale->text_false);
  if (!made) {
    return E_OUTOFMEMORY;
  }
  *result = made;
  return S_OK;
}
