/* VarBstrFromX and VarXFromStr for numbers and truth values, in several locales. */
#include <float.h>
#include <math.h>
#include <stdio.h>

#include "support/faults.h"
#include "support/values.h"

enum { EN_US = 0x0409, GERMAN = 0x0407, FRENCH = 0x040C, POLISH = 0x0415, RUSSIAN = 0x0419, SPANISH = 0x0C0A };

/* *result: read after the call that gave hr */
static void expect_text(size_t row, HRESULT hr, BSTR *result, const OLECHAR *expected) {
  BSTR text = *result;
  if (hr != S_OK || !texts_equal(text, expected)) {
    print_message("row %zu: 0x%08X, ", row, (unsigned)hr);
    for (UINT i = 0; hr == S_OK && i < SysStringLen(text); i++) {
      print_message(text[i] < 0x80 ? "%c" : "\\u%04x", text[i]);
    }
    print_message("\n");
    fail();
  }
  SysFreeString(text);
}

static void integers_to_text(void **state) {
  (void)state;
  BSTR text = NULL;
#define INTEGER_ROW(From, value, expected)                                                                             \
  expect_text(__LINE__, VarBstrFrom##From(value, EN_US, 0, &text), &text, u##expected);
  INTEGER_ROW(I1, -128, "-128")
  INTEGER_ROW(I1, 127, "127")
  INTEGER_ROW(UI1, 0, "0")
  INTEGER_ROW(UI1, 255, "255")
  INTEGER_ROW(I2, -32768, "-32768")
  INTEGER_ROW(I2, 32767, "32767")
  INTEGER_ROW(UI2, 65535, "65535")
  INTEGER_ROW(I4, INT32_MIN, "-2147483648")
  INTEGER_ROW(I4, 0, "0")
  INTEGER_ROW(I4, 10, "10")
  INTEGER_ROW(I4, INT32_MAX, "2147483647")
  INTEGER_ROW(UI4, UINT32_MAX, "4294967295")
  INTEGER_ROW(I8, INT64_MIN, "-9223372036854775808")
  INTEGER_ROW(I8, INT64_MAX, "9223372036854775807")
  INTEGER_ROW(I8, 4294967296, "4294967296")
  INTEGER_ROW(UI8, UINT64_MAX, "18446744073709551615")
  assert_int_equal(VarBstrFromI4(1, EN_US, 0, NULL), E_INVALIDARG);
}

static void reals_to_text(void **state) {
  (void)state;
  static const struct {
    double value;
    LCID lcid;
    const OLECHAR *expected;
  } rows[] = {
    { 0, EN_US, u"0" },
    { -0.0, EN_US, u"0" },
    { 1, EN_US, u"1" },
    { -1.5, EN_US, u"-1.5" },
    { 0.1, EN_US, u"0.1" },
    { 0.1 + 0.2, EN_US, u"0.3" },
    { 1.0 / 3, EN_US, u"0.333333333333333" },
    { 2.0 / 3, EN_US, u"0.666666666666667" },
    { 100, EN_US, u"100" },
    { 123456789012345, EN_US, u"123456789012345" },
    { 999999999999999, EN_US, u"999999999999999" },
    { 1e15, EN_US, u"1E+15" },
    { 1234567890123456, EN_US, u"1.23456789012346E+15" },
    { 1e100, EN_US, u"1E+100" },
    { -1.5e-300, EN_US, u"-1.5E-300" },
    { DBL_MAX, EN_US, u"1.79769313486232E+308" },
    { 4.9406564584124654e-324, EN_US, u"4.94065645841247E-324" },
    /* written out as long as it takes no more than 15 places */
    { 75.0 / 1000, EN_US, u"0.075" },
    { 75.0 / 999, EN_US, u"7.50750750750751E-02" },
    { 1.0 / 12, EN_US, u"8.33333333333333E-02" },
    { 0.0001, EN_US, u"0.0001" },
    { 1e-15, EN_US, u"0.000000000000001" },
    { 1e-16, EN_US, u"1E-16" },
    { 1.5e-15, EN_US, u"1.5E-15" },
    { 0.5, GERMAN, u"0,5" },
    { 0.5, FRENCH, u"0,5" },
    { -1234.5, GERMAN, u"-1234,5" },
    { 1.5e20, GERMAN, u"1,5E+20" },
    { 0.5, 0, u"0.5" },
    /* an exact half goes away from zero */
    { 123456789012344.5, EN_US, u"123456789012345" },
    { -123456789012346.5, EN_US, u"-123456789012347" },
    { (double)INFINITY, EN_US, u"1.#INF" },
    { -(double)INFINITY, EN_US, u"-1.#INF" },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    BSTR text = NULL;
    HRESULT hr = VarBstrFromR8(rows[i].value, rows[i].lcid, 0, &text);
    expect_text(i, hr, &text, rows[i].expected);
  }
  static const struct {
    float value;
    const OLECHAR *expected;
  } singles[] = {
    { 0.1f, u"0.1" },
    { 1.0f / 3, u"0.3333333" },
    { 1234567, u"1234567" },
    { 654322.25f, u"654322.3" },
    { 654323.25f, u"654323.3" },
    { 12345678, u"1.234568E+07" },
    { FLT_MAX, u"3.402823E+38" },
    { 1.0f / 30, u"3.333334E-02" },
    { -0.0f, u"0" },
    { 0.05f, u"0.05" },
  };
  for (size_t i = 0; i < COUNT_OF(singles); i++) {
    BSTR text = NULL;
    HRESULT hr = VarBstrFromR4(singles[i].value, EN_US, 0, &text);
    expect_text(100 + i, hr, &text, singles[i].expected);
  }
  assert_int_equal(VarBstrFromR8(1, EN_US, 0, NULL), E_INVALIDARG);
}

/* The short way agrees with printf on numbers of every size. */
static void the_short_way_rounds_as_printf(void **state) {
  (void)state;
  uint64_t seed = 12345;
  for (int i = 0; i < 20000; i++) {
    seed = seed * 6364136223846793005u + 1442695040888963407u;
    double value = (double)(seed >> 11) * pow(10, (int)(seed % 40) - 30);
    BSTR text = NULL;
    char expected[64];
    char ascii[64];
    assert_int_equal(VarBstrFromR8(value, EN_US, 0, &text), S_OK);
    UINT n = 0;
    for (; n < SysStringLen(text); n++) {
      ascii[n] = (char)text[n];
    }
    ascii[n] = 0;
    char exact[64];
    snprintf(exact, sizeof exact, "%.40e", value);
    if (strncmp(exact + 16, "50000000000000000000000000", 26) == 0) {
      SysFreeString(text);
      continue; /* an exact half: printf goes to the even side */
    }
    snprintf(expected, sizeof expected, "%.14e", value);
    char again[64];
    snprintf(again, sizeof again, "%.14e", strtod(ascii, NULL));
    assert_string_equal(again, expected);
    SysFreeString(text);
  }
}

static void currency_and_decimals_to_text(void **state) {
  (void)state;
  static const struct {
    int64_t units;
    LCID lcid;
    const OLECHAR *expected;
  } amounts[] = {
    { 0, EN_US, u"0" },
    { 10000, EN_US, u"1" },
    { 15000, EN_US, u"1.5" },
    { -1, EN_US, u"-0.0001" },
    { 12345, EN_US, u"1.2345" },
    { 15000, GERMAN, u"1,5" },
    { INT64_MAX, EN_US, u"922337203685477.5807" },
    { INT64_MIN, EN_US, u"-922337203685477.5808" },
  };
  for (size_t i = 0; i < COUNT_OF(amounts); i++) {
    BSTR text = NULL;
    CY cy = { .int64 = amounts[i].units };
    HRESULT hr = VarBstrFromCy(cy, amounts[i].lcid, 0, &text);
    expect_text(i, hr, &text, amounts[i].expected);
  }
  BSTR money = NULL;
  CY amount = { .int64 = 12345678 };
  expect_text(50, VarBstrFromCy(amount, EN_US, LOCALE_USE_NLS, &money), &money, u"$1,234.57");
  static const struct {
    BYTE sign, scale;
    ULONG high;
    ULONGLONG low;
    const OLECHAR *expected;
  } decimals[] = {
    { 0, 0, 0, 0, u"0" },
    { 0x80, 5, 0, 0, u"0" },
    { 0, 0, 0, 15, u"15" },
    { 0, 1, 0, 15, u"1.5" },
    { 0x80, 2, 0, 150, u"-1.5" },
    { 0, 2, 0, 100, u"1" },
    { 0, 0, 0, 100, u"100" },
    { 0, 4, 0, 1, u"0.0001" },
    { 0, 28, 0, 1, u"0.0000000000000000000000000001" },
    { 0, 0, UINT32_MAX, UINT64_MAX, u"79228162514264337593543950335" },
    { 0x80, 28, UINT32_MAX, UINT64_MAX, u"-7.9228162514264337593543950335" },
  };
  for (size_t i = 0; i < COUNT_OF(decimals); i++) {
    BSTR text = NULL;
    DECIMAL decimal = {
      .sign = decimals[i].sign, .scale = decimals[i].scale, .Hi32 = decimals[i].high, .Lo64 = decimals[i].low
    };
    HRESULT hr = VarBstrFromDec(&decimal, EN_US, 0, &text);
    expect_text(100 + i, hr, &text, decimals[i].expected);
  }
}

static void truth_to_text(void **state) {
  (void)state;
  BSTR text = NULL;
  expect_text(0, VarBstrFromBool(VARIANT_TRUE, EN_US, 0, &text), &text, u"True");
  expect_text(1, VarBstrFromBool(VARIANT_FALSE, EN_US, 0, &text), &text, u"False");
  expect_text(2, VarBstrFromBool(7, EN_US, 0, &text), &text, u"True");
  expect_text(3, VarBstrFromBool(VARIANT_TRUE, FRENCH, 0, &text), &text, u"True");
  expect_text(4, VarBstrFromBool(VARIANT_TRUE, FRENCH, VAR_LOCALBOOL, &text), &text, u"Vrai");
  expect_text(5, VarBstrFromBool(VARIANT_FALSE, GERMAN, VAR_LOCALBOOL, &text), &text, u"Falsch");
  assert_int_equal(VarBstrFromBool(VARIANT_TRUE, EN_US, 0, NULL), E_INVALIDARG);
}

/* From text */

static void text_to_integers(void **state) {
  (void)state;
#define TEXT_ROW(To, type, text, hr_, expected)                                                                        \
  {                                                                                                                    \
    type result = 77;                                                                                                  \
    HRESULT hr = Var##To##FromStr(u##text, EN_US, 0, &result);                                                         \
    if (hr != hr_ || result != (type)(FAILED(hr_) ? 77 : expected)) {                                                  \
      print_message("line %d: 0x%08X\n", __LINE__, (unsigned)hr);                                                      \
      fail();                                                                                                          \
    }                                                                                                                  \
  }
  TEXT_ROW(I4, LONG, "0", S_OK, 0)
  TEXT_ROW(I4, LONG, "-2147483648", S_OK, INT32_MIN)
  TEXT_ROW(I4, LONG, "2147483647", S_OK, INT32_MAX)
  TEXT_ROW(I4, LONG, "2147483648", DISP_E_OVERFLOW, 0)
  TEXT_ROW(I4, LONG, "2147483647.4", S_OK, INT32_MAX)
  TEXT_ROW(I4, LONG, "2147483647.5", DISP_E_OVERFLOW, 0)
  TEXT_ROW(I4, LONG, "0.5", S_OK, 0)
  TEXT_ROW(I4, LONG, "1.5", S_OK, 2)
  TEXT_ROW(I4, LONG, "2.5", S_OK, 2)
  TEXT_ROW(I4, LONG, "2.500001", S_OK, 3)
  TEXT_ROW(I4, LONG, "-0.5", S_OK, 0)
  TEXT_ROW(I4, LONG, "1e3", S_OK, 1000)
  TEXT_ROW(I4, LONG, "1D3", S_OK, 1000)
  TEXT_ROW(I4, LONG, "12e-1", S_OK, 1)
  TEXT_ROW(I4, LONG, " 12 ", S_OK, 12)
  TEXT_ROW(I4, LONG, "+12", S_OK, 12)
  TEXT_ROW(I4, LONG, "12-", S_OK, -12)
  TEXT_ROW(I4, LONG, "(12)", S_OK, -12)
  TEXT_ROW(I4, LONG, "$12", S_OK, 12)
  TEXT_ROW(I4, LONG, "1,234", S_OK, 1234)
  TEXT_ROW(I4, LONG, "&HFF", S_OK, 255)
  TEXT_ROW(I4, LONG, "&HFFFFFFFF", S_OK, -1)
  TEXT_ROW(I4, LONG, "&H100000000", DISP_E_OVERFLOW, 0)
  TEXT_ROW(I4, LONG, "&O17", S_OK, 15)
  TEXT_ROW(I4, LONG, "", DISP_E_TYPEMISMATCH, 0)
  TEXT_ROW(I4, LONG, " ", DISP_E_TYPEMISMATCH, 0)
  TEXT_ROW(I4, LONG, "-", DISP_E_TYPEMISMATCH, 0)
  TEXT_ROW(I4, LONG, ".", DISP_E_TYPEMISMATCH, 0)
  TEXT_ROW(I4, LONG, "x", DISP_E_TYPEMISMATCH, 0)
  TEXT_ROW(I4, LONG, "12x", DISP_E_TYPEMISMATCH, 0)
  TEXT_ROW(I4, LONG, "1 2", DISP_E_TYPEMISMATCH, 0)
  TEXT_ROW(I4, LONG, "1e", DISP_E_TYPEMISMATCH, 0)
  TEXT_ROW(I4, LONG, "--1", DISP_E_TYPEMISMATCH, 0)
  TEXT_ROW(I4, LONG, "(1", DISP_E_TYPEMISMATCH, 0)
  TEXT_ROW(I4, LONG, "&H", DISP_E_TYPEMISMATCH, 0)
  TEXT_ROW(I4, LONG, "1e400", DISP_E_OVERFLOW, 0)
  TEXT_ROW(I4, LONG, "1e-400", S_OK, 0)
  TEXT_ROW(I4, LONG, "99999999999999999999999", DISP_E_OVERFLOW, 0)
  TEXT_ROW(I1, CHAR, "127", S_OK, 127)
  TEXT_ROW(I1, CHAR, "128", DISP_E_OVERFLOW, 0)
  TEXT_ROW(I1, CHAR, "-128", S_OK, -128)
  TEXT_ROW(I1, CHAR, "-129", DISP_E_OVERFLOW, 0)
  TEXT_ROW(UI1, BYTE, "255", S_OK, 255)
  TEXT_ROW(UI1, BYTE, "256", DISP_E_OVERFLOW, 0)
  TEXT_ROW(UI1, BYTE, "-1", DISP_E_OVERFLOW, 0)
  TEXT_ROW(UI1, BYTE, "&HFF", S_OK, 255)
  TEXT_ROW(I2, SHORT, "&HFFFF", S_OK, -1)
  TEXT_ROW(I2, SHORT, "32768", DISP_E_OVERFLOW, 0)
  TEXT_ROW(UI2, USHORT, "65535", S_OK, 65535)
  TEXT_ROW(UI2, USHORT, "65536", DISP_E_OVERFLOW, 0)
  TEXT_ROW(UI4, ULONG, "4294967295", S_OK, UINT32_MAX)
  TEXT_ROW(UI4, ULONG, "4294967296", DISP_E_OVERFLOW, 0)
  TEXT_ROW(UI4, ULONG, "-1", DISP_E_OVERFLOW, 0)
  TEXT_ROW(I8, LONG64, "9223372036854775807", S_OK, INT64_MAX)
  TEXT_ROW(I8, LONG64, "9223372036854775808", DISP_E_OVERFLOW, 0)
  TEXT_ROW(I8, LONG64, "-9223372036854775808", S_OK, INT64_MIN)
  TEXT_ROW(UI8, ULONG64, "18446744073709551615", S_OK, UINT64_MAX)
  TEXT_ROW(UI8, ULONG64, "18446744073709551616", DISP_E_OVERFLOW, 0)
  LONG result = 77;
  assert_int_equal(VarI4FromStr(NULL, EN_US, 0, &result), DISP_E_TYPEMISMATCH);
  assert_int_equal(result, 77);
}

static void text_to_reals(void **state) {
  (void)state;
  static const struct {
    const OLECHAR *text;
    LCID lcid;
    HRESULT hr;
    double expected;
  } rows[] = {
    { u"0", EN_US, S_OK, 0 },
    { u"0.1", EN_US, S_OK, 0.1 },
    { u"-1.5", EN_US, S_OK, -1.5 },
    { u".5", EN_US, S_OK, 0.5 },
    { u"5.", EN_US, S_OK, 5 },
    { u"1.7976931348623157e308", EN_US, S_OK, DBL_MAX },
    { u"1e309", EN_US, DISP_E_OVERFLOW, 0 },
    { u"1e-400", EN_US, S_OK, 0 },
    { u"2.2250738585072011e-308", EN_US, S_OK, 2.2250738585072011e-308 },
    { u"0.1000000000000000055511151231257827", EN_US, S_OK, 0.1 },
    { u"1.5E-05", EN_US, S_OK, 1.5e-05 },
    { u"1.79769313486232E+308", EN_US, DISP_E_OVERFLOW, 0 },
    { u"1.79769313486231E+308", EN_US, S_OK, 1.79769313486231E+308 },
    { u"4.94065645841247E-324", EN_US, S_OK, 4.9406564584124654e-324 },
    { u"9007199254740993", EN_US, S_OK, 9007199254740992.0 },
    { u"1234567890123456789", EN_US, S_OK, 1234567890123456789.0 },
    { u"1e22", EN_US, S_OK, 1e22 },
    { u"1e23", EN_US, S_OK, 1e23 },
    { u"0.000000000000000000000000000001", EN_US, S_OK, 1e-30 },
    { u"e5", EN_US, DISP_E_TYPEMISMATCH, 0 },
    { u"1e", EN_US, DISP_E_TYPEMISMATCH, 0 },
    { u"1e99999999999", EN_US, DISP_E_OVERFLOW, 0 },
    { u"123456789012345678901234567890", EN_US, S_OK, 123456789012345678901234567890.0 },
    { u"1,5", GERMAN, S_OK, 1.5 },
    { u"1.234,5", GERMAN, S_OK, 1234.5 },
    { u"1,234.5", GERMAN, S_OK, 1.2345 }, /* thousands are separated anywhere */
    { u"1\u00a0234,5", FRENCH, S_OK, 1234.5 },
    { u"1\u202f234,5", FRENCH, S_OK, 1234.5 },
    { u"1 234,5", FRENCH, S_OK, 1234.5 },
    { u"1 234,5", POLISH, S_OK, 1234.5 },
    { u"1 234,5", RUSSIAN, S_OK, 1234.5 },
    { u"&HFFFFFFFFFFFFFFFF", EN_US, S_OK, 18446744073709551615.0 },
    { u"1.2.3", EN_US, DISP_E_TYPEMISMATCH, 0 },
    { u"abc", EN_US, DISP_E_TYPEMISMATCH, 0 },
    { u"", EN_US, DISP_E_TYPEMISMATCH, 0 },
    { u".", EN_US, DISP_E_TYPEMISMATCH, 0 },
    { u"-", EN_US, DISP_E_TYPEMISMATCH, 0 },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    double result = 77;
    HRESULT hr = VarR8FromStr(rows[i].text, rows[i].lcid, 0, &result);
    if (hr != rows[i].hr || result != (FAILED(hr) ? 77 : rows[i].expected)) {
      print_message("row %zu: 0x%08X %.17g\n", i, (unsigned)hr, result);
      fail();
    }
  }
  float single = 77;
  assert_int_equal(VarR4FromStr(u"1e39", EN_US, 0, &single), DISP_E_OVERFLOW);
  assert_int_equal(VarR4FromStr(u"0.1", EN_US, 0, &single), S_OK);
  assert_true(single == 0.1f);
}

static void text_to_currency_and_decimals(void **state) {
  (void)state;
  static const struct {
    const OLECHAR *text;
    HRESULT hr;
    int64_t units;
  } amounts[] = {
    { u"1.5", S_OK, 15000 },
    { u"$1,234.56", S_OK, 12345600 },
    { u"($0.5)", S_OK, -5000 },
    { u"0.00005", S_OK, 0 },
    { u"0.00015", S_OK, 2 },
    { u"0.000051", S_OK, 1 },
    { u"922337203685477.5807", S_OK, INT64_MAX },
    { u"922337203685477.5808", DISP_E_OVERFLOW, 0 },
    { u"-922337203685477.5808", S_OK, INT64_MIN },
    { u"x", DISP_E_TYPEMISMATCH, 0 },
  };
  for (size_t i = 0; i < COUNT_OF(amounts); i++) {
    CY result = { .int64 = 77 };
    assert_int_equal(VarCyFromStr(amounts[i].text, EN_US, 0, &result), amounts[i].hr);
    assert_true(result.int64 == (FAILED(amounts[i].hr) ? 77 : amounts[i].units));
  }
  static const struct {
    const OLECHAR *text;
    HRESULT hr;
    BYTE sign, scale;
    ULONG high;
    ULONGLONG low;
  } decimals[] = {
    { u"0", S_OK, 0, 0, 0, 0 },
    { u"1.5", S_OK, 0, 1, 0, 15 },
    { u"-1.50", S_OK, 0x80, 1, 0, 15 },
    { u"1e5", S_OK, 0, 0, 0, 100000 },
    { u"79228162514264337593543950335", S_OK, 0, 0, UINT32_MAX, UINT64_MAX },
    { u"79228162514264337593543950335.4", S_OK, 0, 0, UINT32_MAX, UINT64_MAX },
    { u"79228162514264337593543950335.5", DISP_E_OVERFLOW, 0, 0, 0, 0 },
    { u"79228162514264337593543950336", DISP_E_OVERFLOW, 0, 0, 0, 0 },
    { u"0.0000000000000000000000000001", S_OK, 0, 28, 0, 1 },
    { u"0.00000000000000000000000000004", S_OK, 0, 28, 0, 0 },
    { u"1e-1000", S_OK, 0, 0, 0, 0 },
    { u"1e1000", DISP_E_OVERFLOW, 0, 0, 0, 0 },
  };
  for (size_t i = 0; i < COUNT_OF(decimals); i++) {
    DECIMAL result = { .Lo64 = 77 };
    HRESULT hr = VarDecFromStr(decimals[i].text, EN_US, 0, &result);
    bool right =
        hr == decimals[i].hr && (FAILED(hr) || (result.sign == decimals[i].sign && result.scale == decimals[i].scale &&
                                                result.Hi32 == decimals[i].high && result.Lo64 == decimals[i].low));
    if (!right) {
      print_message("row %zu: 0x%08X %u %u %u %llu\n", i, (unsigned)hr, result.sign, result.scale, result.Hi32,
                    (unsigned long long)result.Lo64);
      fail();
    }
  }
}

static void text_to_truth(void **state) {
  (void)state;
  static const struct {
    const OLECHAR *text;
    LCID lcid;
    ULONG flags;
    HRESULT hr;
    VARIANT_BOOL expected;
  } rows[] = {
    { u"True", EN_US, 0, S_OK, VARIANT_TRUE },
    { u"tRUE", EN_US, 0, S_OK, VARIANT_TRUE },
    { u"FALSE", EN_US, 0, S_OK, VARIANT_FALSE },
    { u"#TRUE#", EN_US, 0, S_OK, VARIANT_TRUE },
    { u"#FALSE#", EN_US, 0, S_OK, VARIANT_FALSE },
    { u"#True#", EN_US, 0, DISP_E_TYPEMISMATCH, 0 },
    { u"#false#", EN_US, 0, DISP_E_TYPEMISMATCH, 0 },
    { u"tRuE", EN_US, 0, S_OK, VARIANT_TRUE },
    { u"FALSE", EN_US, 0, S_OK, VARIANT_FALSE },
    { u"#FALSE#", EN_US, 0, S_OK, VARIANT_FALSE },
    { u"0", EN_US, 0, S_OK, VARIANT_FALSE },
    { u"-1", EN_US, 0, S_OK, VARIANT_TRUE },
    { u"0.01", EN_US, 0, S_OK, VARIANT_TRUE },
    { u"Yes", EN_US, 0, DISP_E_TYPEMISMATCH, 0 },
    { u"True ", EN_US, 0, DISP_E_TYPEMISMATCH, 0 },
    { u"", EN_US, 0, DISP_E_TYPEMISMATCH, 0 },
    { u"Vrai", FRENCH, VAR_LOCALBOOL, S_OK, VARIANT_TRUE },
    { u"faux", FRENCH, VAR_LOCALBOOL, S_OK, VARIANT_FALSE },
    { u"True", FRENCH, VAR_LOCALBOOL, S_OK, VARIANT_TRUE },
    { u"Vrai", FRENCH, 0, DISP_E_TYPEMISMATCH, 0 },
    { u"Wahr", GERMAN, VAR_LOCALBOOL, S_OK, VARIANT_TRUE },
    { u"Vrai", EN_US, VAR_LOCALBOOL, DISP_E_TYPEMISMATCH, 0 },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    VARIANT_BOOL result = 77;
    HRESULT hr = VarBoolFromStr(rows[i].text, rows[i].lcid, rows[i].flags, &result);
    if (hr != rows[i].hr || result != (FAILED(hr) ? 77 : rows[i].expected)) {
      print_message("row %zu: 0x%08X %d\n", i, (unsigned)hr, result);
      fail();
    }
  }
  VARIANT_BOOL result = 77;
  assert_int_equal(VarBoolFromStr(NULL, EN_US, 0, &result), DISP_E_TYPEMISMATCH);
}

static int make_texts(void *context) {
  (void)context;
  BSTR text = (BSTR)-1;
  CY cy = { .int64 = 5 };
  DECIMAL decimal = { .Lo64 = 5, .scale = 1 };
  HRESULT results[5];
  for (int i = 0; i < 5; i++) {
    text = (BSTR)-1;
    results[i] = i == 0   ? VarBstrFromI4(5, EN_US, 0, &text)
                 : i == 1 ? VarBstrFromR8(0.5, EN_US, 0, &text)
                 : i == 2 ? VarBstrFromCy(cy, EN_US, 0, &text)
                 : i == 3 ? VarBstrFromDec(&decimal, EN_US, 0, &text)
                          : VarBstrFromBool(VARIANT_TRUE, EN_US, 0, &text);
    if (results[i] == E_OUTOFMEMORY) {
      return text != (BSTR)-1;
    }
    SysFreeString(text);
  }
  return 0;
}

static void a_failed_allocation_changes_nothing(void **state) {
  (void)state;
  faults_each(make_texts, NULL);
}

static void one_allocation_for_a_text(void **state) {
  (void)state;
  BSTR text = NULL;
  size_t before = faults_count();
  assert_int_equal(VarBstrFromI4(12345, EN_US, 0, &text), S_OK);
  assert_int_equal(faults_count() - before, 1);
  SysFreeString(text);
  before = faults_count();
  assert_int_equal(VarBstrFromR8(1.0 / 3, EN_US, 0, &text), S_OK);
  assert_int_equal(faults_count() - before, 1);
  LONG number = 0;
  double real = 0;
  before = faults_count();
  assert_int_equal(VarI4FromStr(u" (12) ", EN_US, 0, &number), S_OK);
  assert_int_equal(VarR8FromStr(text, EN_US, 0, &real), S_OK);
  assert_int_equal(faults_count() - before, 0);
  SysFreeString(text);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(integers_to_text),
    cmocka_unit_test(reals_to_text),
    cmocka_unit_test(the_short_way_rounds_as_printf),
    cmocka_unit_test(currency_and_decimals_to_text),
    cmocka_unit_test(truth_to_text),
    cmocka_unit_test(text_to_integers),
    cmocka_unit_test(text_to_reals),
    cmocka_unit_test(text_to_currency_and_decimals),
    cmocka_unit_test(text_to_truth),
    cmocka_unit_test(a_failed_allocation_changes_nothing),
    cmocka_unit_test(one_allocation_for_a_text),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
