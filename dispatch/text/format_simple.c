/*
 * VarFormatNumber, VarFormatPercent, VarFormatCurrency, VarFormatDateTime: formats by parameters, not pictures.
 */
#include "dispatch/text/format_digits.h"
#include "dispatch/text/format.h"

#include <string.h>

enum { TRISTATE_DEFAULT = -2, DECIMALS_DEFAULT = -1, DECIMALS_MAX = 9 };

/* How the digits of a number are written, without its sign. */
typedef struct NumberStyle {
  const char16_t *decimal, *thousands;
  int decimals, group_first, group_rest;
  BOOL leading_zero;
} NumberStyle;

/* What VarFormatNumber and its relatives are given. */
typedef struct NumberRequest {
  int decimals, leading_zero, parentheses, groups;
} NumberRequest;

static void write_digits(TextBuffer *text, const FormatDigits *digits, const NumberStyle *style) {
  int whole = digits_whole(digits);

  if (whole == 0 && (style->leading_zero || style->decimals == 0))
    text_append_char(text, u'0');
  for (int power = whole - 1; power >= 0; power--) {
    text_append_char(text, (char16_t)(u'0' + digits_at(digits, power)));
    if (digits_group_ends(power, style->group_first, style->group_rest))
      text_append_string(text, style->thousands);
  }
  if (style->decimals > 0)
    text_append_string(text, style->decimal);
  for (int i = 1; i <= style->decimals; i++)
    text_append_char(text, (char16_t)(u'0' + digits_at(digits, -i)));
}

/* `pattern` has n for the number, $ for the currency; everything else means itself. */
static void write_pattern(TextBuffer *text, const char *pattern, const FormatDigits *digits, const NumberStyle *style,
                          const Locale *locale) {
  for (; *pattern != 0; pattern++) {
    switch (*pattern) {
    case 'n':
      write_digits(text, digits, style);
      break;
    case '$':
      text_append_string(text, locale->currency);
      break;
    case '-':
      text_append_string(text, locale->negative_sign);
      break;
    default:
      text_append_char(text, (char16_t)*pattern);
    }
  }
}

static int tristate(int value, int locale_value) {
  return value == TRISTATE_DEFAULT ? locale_value : value != 0;
}

/* FormatDigits of a VARIANT that may be by reference; unlike VarFormat, no dates in strings and no Null. */
static HRESULT read_digits(VARIANT *value, LCID lcid, FormatDigits *digits) {
  VARIANT direct;

  if (!(V_VT(value) & VT_BYREF))
    return V_VT(value) == VT_NULL ? DISP_E_TYPEMISMATCH : digits_from_variant(value, lcid, FALSE, digits);
  VariantInit(&direct);
  HRESULT hr = VariantCopyInd(&direct, value);
  if (SUCCEEDED(hr))
    hr = V_VT(&direct) == VT_NULL ? DISP_E_TYPEMISMATCH : digits_from_variant(&direct, lcid, FALSE, digits);
  VariantClear(&direct);
  return hr;
}

/* INEGNUMBER */
static const char *const number_negative[] = { "(n)", "-n", "- n", "n-", "n -" };

/* ICURRENCY and INEGCURR */
static const char *const currency_positive[] = { "$n", "n$", "$ n", "n $" };
static const char *const currency_negative[] = { "($n)", "-$n",  "$-n",  "$n-",  "(n$)", "-n$",  "n-$",   "n$-",
                                                 "-n $", "-$ n", "n $-", "$ n-", "$ -n", "n- $", "($ n)", "(n $)" };

/* INEGCURR with parentheses and with a minus in front, for each ICURRENCY */
static const uint8_t currency_parentheses[] = { 0, 4, 14, 15 };
static const uint8_t currency_minus[] = { 1, 5, 9, 8 };

static const char *number_pattern(const Locale *locale, int parentheses) {
  if (parentheses == TRISTATE_DEFAULT)
    return number_negative[locale->negative_number];
  return number_negative[parentheses != 0 ? 0 : 1];
}

static const char *currency_pattern(const Locale *locale, int parentheses) {
  if (parentheses == TRISTATE_DEFAULT)
    return currency_negative[locale->currency_negative];
  return currency_negative[(parentheses != 0 ? currency_parentheses : currency_minus)[locale->currency_positive]];
}

static NumberStyle number_style(const Locale *locale, const NumberRequest *request) {
  BOOL groups = tristate(request->groups, locale->group_first != 0);

  return (NumberStyle){ .decimal = locale->decimal,
                        .thousands = locale->thousands,
                        .decimals = request->decimals < 0 ? locale->digits : request->decimals,
                        .group_first = groups ? locale->group_first : 0,
                        .group_rest = groups ? locale->group_rest : 0,
                        .leading_zero = tristate(request->leading_zero, locale->leading_zero) };
}

static HRESULT write_currency(VARIANT *value, LCID lcid, const NumberRequest *request, TextBuffer *text) {
  const Locale *locale = locale_get(lcid);
  NumberStyle style = number_style(locale, request);
  FormatDigits digits;
  HRESULT hr = read_digits(value, lcid, &digits);

  if (FAILED(hr))
    return hr;
  BOOL groups = tristate(request->groups, locale->currency_group_first != 0);
  style.decimal = locale->currency_decimal;
  style.thousands = locale->currency_thousands;
  style.decimals = request->decimals < 0 ? locale->currency_digits : request->decimals;
  style.group_first = groups ? locale->currency_group_first : 0;
  style.group_rest = groups ? locale->currency_group_rest : 0;
  digits_round(&digits, style.decimals);
  write_pattern(text,
                digits.negative ? currency_pattern(locale, request->parentheses)
                                : currency_positive[locale->currency_positive],
                &digits, &style, locale);
  return S_OK;
}

HRESULT format_currency(const VARIANT *value, LCID lcid, TextBuffer *text) {
  static const NumberRequest usual = { DECIMALS_DEFAULT, TRISTATE_DEFAULT, TRISTATE_DEFAULT, TRISTATE_DEFAULT };

  return write_currency((VARIANT *)(uintptr_t)value, lcid, &usual, text);
}

static HRESULT write_number(VARIANT *value, const NumberRequest *request, BOOL percent, TextBuffer *text) {
  const Locale *locale = locale_get(LOCALE_USER_DEFAULT);
  NumberStyle style = number_style(locale, request);
  char pattern[8] = "n";
  FormatDigits digits;
  HRESULT hr = read_digits(value, LOCALE_USER_DEFAULT, &digits);

  if (FAILED(hr))
    return hr;
  if (digits.negative)
    strcpy(pattern, number_pattern(locale, request->parentheses));
  if (percent) { /* the sign stands beside the number, inside parentheses */
    char *number = strchr(pattern, 'n');
    memmove(number + 2, number + 1, strlen(number));
    number[1] = '%';
    digits.point += digits.count > 0 ? 2 : 0;
  }
  digits_round(&digits, style.decimals);
  write_pattern(text, pattern, &digits, &style, locale);
  return S_OK;
}

typedef enum NumberKind { KIND_NUMBER, KIND_PERCENT, KIND_CURRENCY } NumberKind;

static HRESULT format_by_request(VARIANT *value, const NumberRequest *request, NumberKind kind, BSTR *result) {
  TextBuffer text;
  HRESULT hr;

  if (!value || !result || request->decimals > DECIMALS_MAX)
    return E_INVALIDARG;
  *result = NULL;
  text_init(&text);
  if (kind == KIND_CURRENCY)
    hr = write_currency(value, LOCALE_USER_DEFAULT, request, &text);
  else
    hr = write_number(value, request, kind == KIND_PERCENT, &text);
  if (SUCCEEDED(hr))
    return text_finish(&text, result);
  text_release(&text);
  return hr;
}

HRESULT VarFormatNumber(LPVARIANT pvarIn, int iNumDig, int iIncLead, int iUseParens, int iGroup, ULONG dwFlags,
                        BSTR *pbstrOut) {
  NumberRequest request = { iNumDig, iIncLead, iUseParens, iGroup };

  (void)dwFlags;
  return format_by_request(pvarIn, &request, KIND_NUMBER, pbstrOut);
}

HRESULT VarFormatPercent(LPVARIANT pvarIn, int iNumDig, int iIncLead, int iUseParens, int iGroup, ULONG dwFlags,
                         BSTR *pbstrOut) {
  NumberRequest request = { iNumDig, iIncLead, iUseParens, iGroup };

  (void)dwFlags;
  return format_by_request(pvarIn, &request, KIND_PERCENT, pbstrOut);
}

HRESULT VarFormatCurrency(LPVARIANT pvarIn, int iNumDig, int iIncLead, int iUseParens, int iGroup, ULONG dwFlags,
                          BSTR *pbstrOut) {
  NumberRequest request = { iNumDig, iIncLead, iUseParens, iGroup };

  (void)dwFlags;
  return format_by_request(pvarIn, &request, KIND_CURRENCY, pbstrOut);
}

HRESULT VarFormatDateTime(LPVARIANT pvarIn, int iNamedFormat, ULONG dwFlags, BSTR *pbstrOut) {
  static const OLECHAR *const names[] = { u"General Date", u"Long Date", u"Short Date", u"Long Time", u"Short Time" };

  if (!pvarIn || !pbstrOut || iNamedFormat < 0 || iNamedFormat > 4)
    return E_INVALIDARG;
  return VarFormat(pvarIn, (LPOLESTR)(uintptr_t)names[iNamedFormat], 0, 0, dwFlags | VAR_FORMAT_NOSUBSTITUTE, pbstrOut);
}
