/* Numbers of any VARIANT type as decimal digits; see format_digits.h. */
#include "dispatch/text/format_digits.h"

#include "dispatch/values/digits.h"

#include <math.h>
#include <string.h>

static void digits_trim(FormatDigits *digits) {
  int leading = 0;

  while (leading < digits->count && digits->digit[leading] == 0)
    leading++;
  if (leading > 0) {
    memmove(digits->digit, digits->digit + leading, (size_t)(digits->count - leading));
    digits->count -= leading;
    digits->point -= leading;
  }
  while (digits->count > 0 && digits->digit[digits->count - 1] == 0)
    digits->count--;
  if (digits->count == 0)
    digits->point = 0;
}

/* From the digits of a whole number, last digit first, with `scale` of them behind the point. */
static void digits_set(FormatDigits *digits, BOOL negative, const uint8_t *reversed, int count, int scale) {
  digits->negative = negative;
  digits->count = count;
  digits->point = count - scale;
  for (int i = 0; i < count; i++)
    digits->digit[i] = reversed[count - 1 - i];
  digits_trim(digits);
}

static void digits_from_integer(FormatDigits *digits, BOOL negative, uint64_t value, int scale) {
  uint8_t reversed[20];
  int count = 0;

  for (; value != 0; value /= 10)
    reversed[count++] = (uint8_t)(value % 10);
  digits_set(digits, negative, reversed, count, scale);
}

static void digits_from_signed(FormatDigits *digits, int64_t value, int scale) {
  digits_from_integer(digits, value < 0, value < 0 ? 0 - (uint64_t)value : (uint64_t)value, scale);
}

static HRESULT digits_from_double(FormatDigits *digits, double value, int precision) {
  Digits real;

  if (!isfinite(value))
    return DISP_E_OVERFLOW;
  digits_from_real(value, precision, &real);
  digits->negative = real.negative;
  digits->count = real.count;
  digits->point = real.exponent + 1;
  for (int i = 0; i < real.count; i++)
    digits->digit[i] = (uint8_t)(real.digit[i] - '0');
  digits_trim(digits);
  return S_OK;
}

static HRESULT digits_from_decimal(FormatDigits *digits, const DECIMAL *value) {
  uint32_t words[3] = { value->Hi32, value->Mid32, value->Lo32 };
  uint8_t reversed[30];
  int count = 0;

  if (value->scale > 28)
    return E_INVALIDARG;
  while (words[0] != 0 || words[1] != 0 || words[2] != 0) {
    uint64_t rest = 0;
    for (int i = 0; i < 3; i++) {
      rest = rest << 32 | words[i];
      words[i] = (uint32_t)(rest / 10);
      rest %= 10;
    }
    reversed[count++] = (uint8_t)rest;
  }
  digits_set(digits, (value->sign & DECIMAL_NEG) != 0, reversed, count, value->scale);
  return S_OK;
}

static HRESULT digits_from_text(FormatDigits *digits, const OLECHAR *text, LCID lcid, BOOL dates) {
  double value = 0;
  HRESULT hr = VarR8FromStr(text, lcid, 0, &value);

  if (hr == DISP_E_TYPEMISMATCH && dates)
    hr = VarDateFromStr(text, lcid, 0, &value);
  return SUCCEEDED(hr) ? digits_from_double(digits, value, DIGITS_R8) : hr;
}

static HRESULT digits_from_other(FormatDigits *digits, const VARIANT *value, LCID lcid) {
  VARIANT number;
  VARIANT *source = (VARIANT *)(uintptr_t)value;

  VariantInit(&number);
  HRESULT hr = VariantChangeTypeEx(&number, source, lcid, 0, VT_R8);
  return SUCCEEDED(hr) ? digits_from_double(digits, V_R8(&number), DIGITS_R8) : hr;
}

HRESULT digits_from_variant(const VARIANT *value, LCID lcid, BOOL dates, FormatDigits *digits) {
  memset(digits, 0, sizeof *digits);
  switch (V_VT(value)) {
  case VT_EMPTY:
    return S_OK;
  case VT_I1:
    digits_from_signed(digits, (int8_t)V_I1(value), 0);
    return S_OK;
  case VT_I2:
    digits_from_signed(digits, V_I2(value), 0);
    return S_OK;
  case VT_I4:
  case VT_INT:
    digits_from_signed(digits, V_I4(value), 0);
    return S_OK;
  case VT_I8:
    digits_from_signed(digits, V_I8(value), 0);
    return S_OK;
  case VT_UI1:
    digits_from_integer(digits, FALSE, V_UI1(value), 0);
    return S_OK;
  case VT_UI2:
    digits_from_integer(digits, FALSE, V_UI2(value), 0);
    return S_OK;
  case VT_UI4:
  case VT_UINT:
    digits_from_integer(digits, FALSE, V_UI4(value), 0);
    return S_OK;
  case VT_UI8:
    digits_from_integer(digits, FALSE, V_UI8(value), 0);
    return S_OK;
  case VT_BOOL:
    digits_from_signed(digits, V_BOOL(value), 0);
    return S_OK;
  case VT_CY:
    digits_from_signed(digits, V_CY(value).int64, 4);
    return S_OK;
  case VT_R4:
    return digits_from_double(digits, V_R4(value), DIGITS_R4);
  case VT_R8:
  case VT_DATE:
    return digits_from_double(digits, V_R8(value), DIGITS_R8);
  case VT_DECIMAL:
    return digits_from_decimal(digits, &V_DECIMAL(value));
  case VT_BSTR:
    return digits_from_text(digits, V_BSTR(value) ? V_BSTR(value) : u"", lcid, dates);
  default:
    return digits_from_other(digits, value, lcid);
  }
}

void digits_round(FormatDigits *digits, int decimals) {
  int keep = digits->point + decimals;

  if (keep >= digits->count)
    return;
  if (keep < 0) {
    digits->count = digits->point = 0;
    return;
  }
  BOOL up = digits->digit[keep] >= 5;
  digits->count = keep;
  while (up && keep > 0) {
    up = digits->digit[keep - 1] == 9;
    digits->digit[keep - 1] = up ? 0 : (uint8_t)(digits->digit[keep - 1] + 1);
    keep--;
  }
  if (up) { /* 9.99 became 10.0: everything that was kept is zero */
    digits->digit[0] = 1;
    digits->count = 1;
    digits->point++;
  }
  digits_trim(digits);
}

int digits_at(const FormatDigits *digits, int power) {
  int index = digits->point - 1 - power;

  return index >= 0 && index < digits->count ? digits->digit[index] : 0;
}

int digits_whole(const FormatDigits *digits) {
  return digits->count > 0 && digits->point > 0 ? digits->point : 0;
}

int digits_fraction(const FormatDigits *digits) {
  return digits->count > digits->point ? digits->count - digits->point : 0;
}

BOOL digits_group_ends(int power, int group_first, int group_rest) {
  if (power <= 0 || group_first == 0 || power < group_first)
    return FALSE;
  return power == group_first || (group_rest > 0 && (power - group_first) % group_rest == 0);
}
