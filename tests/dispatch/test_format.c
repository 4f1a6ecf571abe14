/* VarFormat, its tokens, and the formats by parameters. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <oleauto.h>
#include <string.h>

#include "support/faults.h"
#include "support/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

enum { US = 0x409, GERMAN = 0x407, FRENCH = 0x40C, POLISH = 0x415, RUSSIAN = 0x419, HINDI = 0x439, SPANISH = 0xC0A };

static VARIANT r8(double value) {
  VARIANT v = { 0 };
  V_VT(&v) = VT_R8;
  V_R8(&v) = value;
  return v;
}

static VARIANT date(double value) {
  VARIANT v = r8(value);
  V_VT(&v) = VT_DATE;
  return v;
}

static VARIANT text(const OLECHAR *value) {
  VARIANT v = { 0 };
  V_VT(&v) = VT_BSTR;
  V_BSTR(&v) = SysAllocString(value);
  return v;
}

static OLECHAR *mutable(const OLECHAR *format) {
  return (OLECHAR *)(uintptr_t)format;
}

static int check(VARIANT value, const OLECHAR *format, LCID lcid, int first_day, int first_week, HRESULT expected_hr,
                 const OLECHAR *expected) {
  BYTE tokens[1024];
  BSTR result = NULL;
  HRESULT hr;
  if (lcid == US) {
    hr = VarFormat(&value, mutable(format), first_day, first_week, 0, &result);
  } else {
    hr = VarTokenizeFormatString(mutable(format), tokens, sizeof tokens, first_day, first_week, lcid, NULL);
    if (SUCCEEDED(hr))
      hr = VarFormatFromTokens(&value, mutable(format), tokens, 0, &result, lcid);
  }
  int good = hr == expected_hr && text_equals(result, expected);
  if (!good)
    print_error("vt %d with \"%s\": %08x \"%s\" instead of %08x \"%s\"\n", V_VT(&value), text_show(format),
                (unsigned)hr, text_show(result), (unsigned)expected_hr, text_show(expected));
  SysFreeString(result);
  VariantClear(&value);
  return !good;
}

/* numbers */

static const struct {
  double value;
  const OLECHAR *format, *text;
} numbers[] = {
  /* named */
  { 1, u"General Number", u"1" },
  { 1234.5, u"general number", u"1234.5" },
  { -1234.5, u"General Number", u"-1234.5" },
  { 0, u"Currency", u"$0.00" },
  { 1234.567, u"Currency", u"$1,234.57" },
  { -1234.567, u"Currency", u"($1,234.57)" },
  { 0.5, u"Fixed", u"0.50" },
  { -1234.567, u"Fixed", u"-1234.57" },
  { 1234567.891, u"Standard", u"1,234,567.89" },
  { -1234567.891, u"Standard", u"-1,234,567.89" },
  { 0.1234, u"Percent", u"12.34%" },
  { 1, u"PERCENT", u"100.00%" },
  { 1, u"Scientific", u"1.00E+00" },
  { 12345, u"Scientific", u"1.23E+04" },
  { -0.00012345, u"Scientific", u"-1.23E-04" },
  { 0, u"Scientific", u"0.00E+00" },
  { 0, u"Yes/No", u"No" },
  { -1, u"Yes/No", u"Yes" },
  { 0.1, u"Yes/No", u"Yes" },
  { 0, u"True/False", u"False" },
  { 1, u"true/false", u"True" },
  { 0, u"On/Off", u"Off" },
  { 1, u"On/Off", u"On" },
  /* placeholders */
  { 5, u"0", u"5" },
  { 5, u"000", u"005" },
  { 5, u"###", u"5" },
  { 0, u"#", u"" },
  { 0, u"0", u"0" },
  { 0, u"#.##", u"." },
  { 1, u"#.##", u"1." },
  { 0.5, u"#.##", u".5" },
  { 0.5, u"0.00", u"0.50" },
  { 0.5, u"0.0#", u"0.5" },
  { 0.55, u"0.0#", u"0.55" },
  { 1.5, u"0.#0", u"1.50" },
  { 5, u"0##", u"005" },
  { 5, u"#0#", u"05" },
  { 12345, u"0", u"12345" },
  { 12345.678, u"#", u"12346" },
  { 12.3, u".00", u"12.30" },
  { 0.3, u".00", u".30" },
  { 1234567, u"###-####", u"123-4567" },
  { 2065551234, u"(000) 000-0000", u"(206) 555-1234" },
  { 5551234, u"(000) 000-0000", u"(000) 555-1234" },
  { 12065551234, u"(000) 000-0000", u"(1206) 555-1234" },
  /* rounding is half away from zero */
  { 0.125, u"0.00", u"0.13" },
  { 2.5, u"0", u"3" },
  { 3.5, u"0", u"4" },
  { -2.5, u"0", u"-3" },
  { 0.5, u"0", u"1" },
  { 0.49999, u"0", u"0" },
  { 9.995, u"0.00", u"10.00" },
  { 99.995, u"0.00", u"100.00" },
  { 0.999, u"0.0", u"1.0" },
  { 1e15, u"0", u"1000000000000000" },
  { 1e20, u"#,##0", u"100,000,000,000,000,000,000" },
  { 1e-20, u"0.00", u"0.00" },
  { 1e-5, u"0.00000", u"0.00001" },
  /* groups and scaling */
  { 1234567, u"#,##0", u"1,234,567" },
  { 1234567, u"#,#", u"1,234,567" },
  { 1234567, u"0,0", u"1,234,567" },
  { 999, u"#,##0", u"999" },
  { 1000, u"#,##0", u"1,000" },
  { 1, u"0,000", u"0,001" },
  { 1, u"0,000,000.0", u"0,000,001.0" },
  { 1234567, u"#,", u"1235" },
  { 1234567, u"#,##0,", u"1,235" },
  { 1234567, u"##0,,", u"1" },
  { 100000000, u"##0,,.", u"100." },
  { 1234567, u"0.00,", u"1234567.00" },
  { 1234567, u"0,.00", u"1234.57" },
  { 1234567, u"#,##0,.00", u"1,234.57" },
  { 1500000, u"0,,", u"2" },
  /* percent */
  { 0.5, u"0%", u"50%" },
  { 0.125, u"0%", u"13%" },
  { 0.1234, u"0.0%", u"12.3%" },
  { 0.5, u"%0", u"%50" },
  { 0.5, u"0%%", u"5000%%" },
  { -0.5, u"0%", u"-50%" },
  /* exponents */
  { 12345, u"0.00E+00", u"1.23E+04" },
  { 12345, u"0.00E-00", u"1.23E04" },
  { 12345, u"0.00e+0", u"1.23e+4" },
  { 0.00123, u"0.00E-00", u"1.23E-03" },
  { 12345, u"00.0E+0", u"12.3E+3" },
  { 12345, u"##0.0E+0", u"123.5E+2" },
  { 99999, u"0.0E+0", u"1.0E+5" },
  { 1e100, u"0E+00", u"1E+100" },
  { 12345, u"0.00E+", u"1.23E+4" },
  { 1.7, u"0.0000e-1", u"1.7000e01" },
  { 1.7, u"0.00e+0#", u"1.70e+0" },
  { 1.7, u"0.00e-##", u"1.70e0" },
  { 0.00017, u"0.0E+#0", u"1.7E-40" },
  { 1.7, u"0.00E+000x.5%", u"1.70E+000x.5%" },
  { 1.7, u"0.0E-\"#\"\\#", u"1.7E0##" },
  { 5, u".00E+0", u".50E+1" },
  { 0, u"#.#E+0", u".E+0" },
  /* sections */
  { 5, u"0;(0)", u"5" },
  { -5, u"0;(0)", u"(5)" },
  { 0, u"0;(0)", u"0" },
  { 0, u"0;(0);zero", u"zero" }, /* e is no exponent here */
  { 0, u"0;(0);\"zero\"", u"zero" },
  { 0, u"0;-0;\\z\\e\\r\\o", u"zero" },
  { -5, u"0;;\"zero\"", u"-5" },
  { 0, u"0;;\"zero\"", u"zero" },
  { 0, u"0;-0;;", u"0" },
  { -5, u"$#,##0;;\\Z", u"-$5" },
  { -5, u"$#,##0;($#,##0)", u"($5)" },
  { -0.001, u"0.00", u"-0.00" },
  /* literals */
  { 5, u"$0.00", u"$5.00" },
  { 5, u"0 \"dollars\"", u"5 dollars" },
  { 5, u"\\#0", u"#5" },
  { 5, u"0\\", u"5" },
  { 5, u"0\"open", u"5open" },
  { 5, u"+0", u"+5" },
  { -5, u"$0", u"-$5" },
  { 5, u"0:00", u"0:05" },
  { 5, u"0x", u"5x" },
  { 5, u"0d", u"5d" }, /* a date letter in a number format */
  { 5, u"$", u"$" },
  { 5, u"\"text\"", u"text" },
};

static void numbers_by_picture(void **state) {
  (void)state;
  int failures = 0;
  for (size_t i = 0; i < COUNT(numbers); i++) {
    failures += check(r8(numbers[i].value), numbers[i].format, US, 0, 0, S_OK, numbers[i].text);
  }
  assert_int_equal(failures, 0);
}

static void numbers_of_every_type(void **state) {
  (void)state;
  int failures = 0;
  VARIANT v = { 0 };
  V_VT(&v) = VT_I1;
  V_I1(&v) = -1;
  failures += check(v, u"0.0", US, 0, 0, S_OK, u"-1.0");
  V_VT(&v) = VT_UI1;
  V_UI1(&v) = 255;
  failures += check(v, u"0.0", US, 0, 0, S_OK, u"255.0");
  V_VT(&v) = VT_I2;
  V_I2(&v) = INT16_MIN;
  failures += check(v, u"#,##0", US, 0, 0, S_OK, u"-32,768");
  V_VT(&v) = VT_UI2;
  V_UI2(&v) = UINT16_MAX;
  failures += check(v, u"#,##0", US, 0, 0, S_OK, u"65,535");
  V_VT(&v) = VT_I4;
  V_I4(&v) = INT32_MIN;
  failures += check(v, u"#,##0", US, 0, 0, S_OK, u"-2,147,483,648");
  V_VT(&v) = VT_INT;
  failures += check(v, u"0", US, 0, 0, S_OK, u"-2147483648");
  V_VT(&v) = VT_UINT;
  failures += check(v, u"0", US, 0, 0, S_OK, u"2147483648");
  V_VT(&v) = VT_I8;
  V_I8(&v) = INT64_MIN;
  failures += check(v, u"#,##0", US, 0, 0, S_OK, u"-9,223,372,036,854,775,808");
  V_VT(&v) = VT_UI8;
  V_UI8(&v) = UINT64_MAX;
  failures += check(v, u"#,##0", US, 0, 0, S_OK, u"18,446,744,073,709,551,615");
  V_VT(&v) = VT_CY;
  V_CY(&v).int64 = -12345678;
  failures += check(v, u"0.0000", US, 0, 0, S_OK, u"-1234.5678");
  failures += check(v, u"0.00", US, 0, 0, S_OK, u"-1234.57");
  V_VT(&v) = VT_BOOL;
  V_BOOL(&v) = VARIANT_TRUE;
  failures += check(v, u"0.0", US, 0, 0, S_OK, u"-1.0");
  failures += check(v, u"Yes/No", US, 0, 0, S_OK, u"Yes");
  failures += check(v, u"General Number", US, 0, 0, S_OK, u"-1");
  failures += check(v, u"", US, 0, 0, S_OK, u"True");
  V_VT(&v) = VT_R4;
  V_R4(&v) = 0.1f; /* seven digits */
  failures += check(v, u"0.0000000000", US, 0, 0, S_OK, u"0.1000000000");
  V_VT(&v) = VT_DATE;
  V_DATE(&v) = 29221.25;
  failures += check(v, u"0.00", US, 0, 0, S_OK, u"29221.25");
  failures += check(v, u"General Number", US, 0, 0, S_OK, u"29221.25");
  VARIANT decimal = { 0 };
  V_DECIMAL(&decimal).Hi32 = 0xFFFFFFFF;
  V_DECIMAL(&decimal).Lo64 = 0xFFFFFFFFFFFFFFFF;
  V_DECIMAL(&decimal).scale = 10;
  V_DECIMAL(&decimal).sign = DECIMAL_NEG;
  V_VT(&decimal) = VT_DECIMAL;
  failures += check(decimal, u"#,##0.0000000000", US, 0, 0, S_OK, u"-7,922,816,251,426,433,759.3543950335");
  VARIANT empty = { 0 };
  failures += check(empty, u"0.00", US, 0, 0, S_OK, u"0.00");
  failures += check(empty, u"0;-0;\"z\";\"null\"", US, 0, 0, S_OK, u"null");
  failures += check(empty, u"", US, 0, 0, S_OK, u"");
  LONG cell = 7;
  V_VT(&v) = VT_I4 | VT_BYREF;
  V_I4REF(&v) = &cell;
  failures += check(v, u"0.0", US, 0, 0, S_OK, u"7.0");
  V_VT(&v) = VT_NULL;
  failures += check(v, u"0", US, 0, 0, S_OK, NULL);
  failures += check(v, NULL, US, 0, 0, S_OK, NULL);
  failures += check(v, u"yyyy", US, 0, 0, S_OK, NULL);
  failures += check(v, u"0;0;0;\"null\"", US, 0, 0, S_OK, u"null");
  V_VT(&v) = VT_ERROR;
  V_ERROR(&v) = DISP_E_PARAMNOTFOUND;
  failures += check(v, u"0", US, 0, 0, DISP_E_TYPEMISMATCH, NULL);
  assert_int_equal(failures, 0);
}

static void numbers_follow_the_locale(void **state) {
  (void)state;
  int failures = 0;
  failures += check(r8(-1234567.5), u"#,##0.00", GERMAN, 0, 0, S_OK, u"-1.234.567,50");
  failures += check(r8(1234567.5), u"#,##0.00", FRENCH, 0, 0, S_OK, u"1\u00A0234\u00A0567,50");
  failures += check(r8(1234567.5), u"#,##0.00", HINDI, 0, 0, S_OK, u"12,34,567.50");
  failures += check(r8(1234567.5), u"0", GERMAN, 0, 0, S_OK, u"1234568");
  failures += check(r8(1234.5), u"Currency", GERMAN, 0, 0, S_OK, u"1.234,50 €");
  failures += check(r8(-1234.5), u"Currency", GERMAN, 0, 0, S_OK, u"-1.234,50 €");
  failures += check(r8(1), u"Yes/No", GERMAN, 0, 0, S_OK, u"Ja");
  failures += check(r8(0), u"True/False", FRENCH, 0, 0, S_OK, u"Faux");
  failures += check(r8(1), u"True/False", RUSSIAN, 0, 0, S_OK, u"Истина");
  failures += check(text(u"1,5"), u"0.00", GERMAN, 0, 0, S_OK, u"1,50");
  failures += check(date(25570.75), u"dddd, d. mmmm yyyy", GERMAN, 0, 0, S_OK, u"Freitag, 2. Januar 1970");
  failures += check(date(25570.75), u"d mmmm yyyy", POLISH, 0, 0, S_OK, u"2 stycznia 1970");
  failures += check(date(25570.75), u"mmmm yyyy", POLISH, 0, 0, S_OK, u"styczeń 1970");
  failures += check(date(25570.75), u"Long Date", GERMAN, 0, 0, S_OK, u"Freitag, 2. Januar 1970");
  failures += check(date(25570.75), u"General Date", FRENCH, 0, 0, S_OK, u"02/01/1970 18:00:00");
  failures += check(date(25570.75), u"dd/mm/yyyy", GERMAN, 0, 0, S_OK, u"02.01.1970");
  failures += check(date(25570.75), u"Long Date", SPANISH, 0, 0, S_OK, u"viernes, 2 de enero de 1970");
  assert_int_equal(failures, 0);
}

/* dates */

static const struct {
  double value;
  const OLECHAR *format, *text;
} dates[] = {
  /* 25570.75 is Friday, 2 January 1970, 18:00 */
  { 25570.75, u"General Date", u"1/2/1970 6:00:00 PM" },
  { 25570.0, u"General Date", u"1/2/1970" },
  { 0.75, u"General Date", u"6:00:00 PM" },
  { 25570.75, u"Long Date", u"Friday, January 2, 1970" },
  { 25570.75, u"Medium Date", u"02-Jan-70" },
  { 25570.75, u"Short Date", u"1/2/1970" },
  { 25570.75, u"Long Time", u"6:00:00 PM" },
  { 25570.75, u"Medium Time", u"06:00 PM" },
  { 25570.75, u"Short Time", u"18:00" },
  { 25570.75, u"short time", u"18:00" },
  { 25570.75, u"c", u"1/2/1970 6:00:00 PM" },
  { 25570.75, u"d", u"2" },
  { 25570.75, u"dd", u"02" },
  { 25570.75, u"ddd", u"Fri" },
  { 25570.75, u"dddd", u"Friday" },
  { 25570.75, u"ddddd", u"1/2/1970" },
  { 25570.75, u"dddddd", u"Friday, January 2, 1970" },
  { 25570.75, u"m", u"1" },
  { 25570.75, u"mm", u"01" },
  { 25570.75, u"mmm", u"Jan" },
  { 25570.75, u"mmmm", u"January" },
  { 25570.75, u"MMMM", u"January" },
  { 25570.75, u"q", u"1" },
  { 25569.0 + 364, u"q", u"4" },
  { 25570.75, u"y", u"2" },
  { 25569.0 + 364, u"y", u"365" },
  { 25570.75, u"yy", u"70" },
  { 25570.75, u"yyyy", u"1970" },
  { 36526.0, u"yy", u"00" },
  { 25570.75, u"h", u"18" },
  { 25570.25, u"hh", u"06" },
  { 25570.25, u"h", u"6" },
  { 25570.0 + 3661.0 / 86400, u"n", u"1" },
  { 25570.0 + 3661.0 / 86400, u"nn", u"01" },
  { 25570.0 + 3661.0 / 86400, u"s", u"1" },
  { 25570.0 + 3661.0 / 86400, u"ss", u"01" },
  { 25570.0 + 3661.0 / 86400, u"ttttt", u"1:01:01 AM" },
  { 25570.0 + 3661.0 / 86400, u"h:m", u"1:1" },
  { 25570.0 + 3661.0 / 86400, u"hh:mm:ss", u"01:01:01" },
  { 25570.0 + 3661.0 / 86400, u"mm:ss", u"01:01" }, /* month, without an hour before it */
  { 25570.75, u"h mm dd mm", u"18 00 02 01" },
  { 25570.75, u"hh:mmm", u"18:Jan" },
  { 25570.75, u"h AM/PM", u"6 PM" },
  { 25570.75, u"h am/pm", u"6 pm" },
  { 25570.75, u"h A/P", u"6 P" },
  { 25570.75, u"h a/p", u"6 p" },
  { 25570.75, u"h AMPM", u"6 PM" },
  { 25570.25, u"h AM/PM", u"6 AM" },
  { 25570.0, u"h AM/PM", u"12 AM" },
  { 25570.5, u"h AM/PM", u"12 PM" },
  { 25570.75, u"AM/PM", u"PM" },
  { 25570.75, u"w", u"6" },
  { 25570.75, u"ww", u"1" },
  { 25570.75, u"yyyy-mm-dd hh:nn:ss", u"1970-01-02 18:00:00" },
  { 25570.75, u"dd.mm.yyyy", u"02.01.1970" },
  { 25570.75, u"dddd, mmmm d", u"Friday, January 2" },
  { 25570.75, u"\\d\\a\\y d", u"day 2" },
  { 25570.75, u"\"year\" yyyy", u"year 1970" },
  { 25570.75, u"d0", u"20" }, /* a digit placeholder in a date format */
  { 25570.75, u"yyyym", u"19701" },
  { 25570.75, u"yyy", u"702" }, /* yy and y */
  { 2.525, u"dd mm yyyy hh:mm:ss", u"01 01 1900 12:36:00" },
  { 2.525, u"hh:mm :ss:mm", u"12:36 :00:01" },
  { 2.525, u"hh:dd :mm:mm", u"12:01 :01:01" },
  { 2.525, u"dd:hh :mm:mm", u"01:12 :36:01" },
  { 0.0, u"yyyy-mm-dd", u"1899-12-30" },
  { -1.25, u"yyyy-mm-dd hh:nn", u"1899-12-29 06:00" },
  { -657434.0, u"yyyy", u"100" },
  { 2958465.0, u"yyyy", u"9999" },
};

static void dates_by_picture(void **state) {
  (void)state;
  int failures = 0;
  for (size_t i = 0; i < COUNT(dates); i++)
    failures += check(date(dates[i].value), dates[i].format, US, 0, 0, S_OK, dates[i].text);
  /* numbers and texts are dates as well */
  failures += check(r8(25570.75), u"yyyy-mm-dd", US, 0, 0, S_OK, u"1970-01-02");
  failures += check(text(u"1/2/1970"), u"yyyy-mm-dd", US, 0, 0, S_OK, u"1970-01-02");
  failures += check(text(u"25570"), u"yyyy-mm-dd", US, 0, 0, S_OK, u"1970-01-02");
  failures += check(text(u"hello"), u"yyyy-mm-dd", US, 0, 0, S_OK, u"hello");
  failures += check(text(u"1/2/1970"), u"0", US, 0, 0, S_OK, u"25570");
  failures += check(text(u"True"), u"Yes/No", US, 0, 0, S_OK, u"Yes");
  failures += check(text(u"0"), u"On/Off", US, 0, 0, S_OK, u"Off");
  failures += check(text(u"hello"), u"On/Off", US, 0, 0, S_OK, u"hello");
  failures += check(r8(1e10), u"yyyy", US, 0, 0, S_OK, u"10000000000");
  assert_int_equal(failures, 0);
}

static void weeks_by_their_rules(void **state) {
  (void)state;
  static const struct {
    double date;
    int first_day, first_week;
    const OLECHAR *week, *weekday;
  } rows[] = {
    /* Saturday, 1 January 2000 */
    { 36526.0, 1, 1, u"1", u"7" },  { 36526.0, 1, 2, u"52", u"7" },
    { 36526.0, 1, 3, u"52", u"7" }, { 36526.0, 2, 2, u"52", u"6" },
    { 36526.0, 7, 1, u"1", u"1" },  { 36526.0, 7, 3, u"1", u"1" },
    { 36527.0, 1, 1, u"2", u"1" },  { 36527.0, 1, 2, u"1", u"1" },
    { 36891.0, 1, 1, u"54", u"1" }, /* Sunday, 31 December 2000 */
    { 36891.0, 1, 2, u"1", u"1" },  { 36891.0, 1, 3, u"53", u"1" },
    { 36891.0, 2, 2, u"52", u"7" }, { 36526.0, 0, 0, u"1", u"7" }, /* the locale: Sunday, with 1 January */
  };
  int failures = 0;
  for (size_t i = 0; i < COUNT(rows); i++) {
    failures += check(date(rows[i].date), u"ww", US, rows[i].first_day, rows[i].first_week, S_OK, rows[i].week);
    failures += check(date(rows[i].date), u"w", US, rows[i].first_day, rows[i].first_week, S_OK, rows[i].weekday);
  }
  failures += check(date(36526.0), u"ww", GERMAN, 0, 0, S_OK, u"52"); /* Monday, first of four days */
  failures += check(date(36526.0), u"w", GERMAN, 0, 0, S_OK, u"6");
  assert_int_equal(failures, 0);
}

/* strings */

static const struct {
  const OLECHAR *value, *format, *text;
} strings[] = {
  { u"abc", NULL, u"abc" },
  { u"abc", u"", u"abc" },
  { u"abc", u"@", u"abc" },
  { u"abc", u"@@@@@", u"  abc" },
  { u"abc", u"!@@@@@", u"abc  " },
  { u"abc", u"&&&&&", u"abc" },
  { u"abc", u"!&&&&&", u"abc" },
  { u"abc", u"@-@", u"a-bc" },
  { u"testing", u"\\x@\\x@", u"xtxesting" },
  { u"testing", u"&-&\">\"", u"t-e>sting" },
  { u"abc", u"!@-@", u"a-bc" },
  { u"abc", u"@@@-@@", u"  a-bc" },
  { u"1234567", u"@@@-@@@@", u"123-4567" },
  { u"AbC", u"<", u"abc" },
  { u"AbC", u">", u"ABC" },
  { u"AbC", u">@@@@", u" ABC" },
  { u"äß", u">", u"Äß" },
  { u"abc", u"\"<\"@\">\"", u"<a>bc" },
  { u"", u"@@", u"  " },
  { u"", u"@;\"none\"", u"none" },
  { u"x", u"@;\"none\"", u"x" },
  { u"abc", u"0.00", u"abc" },
  { u"12.5", u"0.00", u"12.50" },
  { u"", u"0.00", u"" },
  { u"12.5", u"General Number", u"12.5" },
  { u"abc", u"General Number", u"abc" },
  { u"1,234.50", u"General Number", u"1234.5" },
};

static void strings_by_picture(void **state) {
  (void)state;
  int failures = 0;
  for (size_t i = 0; i < COUNT(strings); i++)
    failures += check(text(strings[i].value), strings[i].format, US, 0, 0, S_OK, strings[i].text);
  failures += check(r8(12.5), u"@@@@@@", US, 0, 0, S_OK, u"  12.5");
  failures += check(r8(12.5), NULL, US, 0, 0, S_OK, u"12.5");
  VARIANT null = { 0 };
  V_VT(&null) = VT_NULL;
  failures += check(null, u"@;\"none\"", US, 0, 0, S_OK, u"none");
  VARIANT none = { 0 };
  V_VT(&none) = VT_BSTR;
  failures += check(none, u"@@", US, 0, 0, S_OK, u"  ");
  assert_int_equal(failures, 0);
}

/* tokens and arguments */

static void tokens_need_room(void **state) {
  (void)state;
  BYTE tokens[256];
  int used = 0;
  assert_int_equal(VarTokenizeFormatString(mutable(u"#,##0.00;(0)"), tokens, sizeof tokens, 0, 0, US, &used), S_OK);
  assert_true(used > 0 && used < (int)sizeof tokens);
  assert_int_equal(VarTokenizeFormatString(mutable(u"#,##0.00;(0)"), tokens, used, 0, 0, US, NULL), S_OK);
  for (int size = 0; size < used; size++) {
    memset(tokens, 0xAA, sizeof tokens);
    assert_int_equal(VarTokenizeFormatString(mutable(u"#,##0.00;(0)"), tokens, size, 0, 0, US, NULL),
                     TYPE_E_BUFFERTOOSMALL);
    assert_int_equal(tokens[size], 0xAA);
  }
  assert_int_equal(VarTokenizeFormatString(mutable(u"0"), NULL, 10, 0, 0, US, NULL), E_INVALIDARG);
  assert_int_equal(VarTokenizeFormatString(mutable(u"0"), tokens, sizeof tokens, 8, 0, US, NULL), E_INVALIDARG);
  assert_int_equal(VarTokenizeFormatString(mutable(u"0"), tokens, sizeof tokens, -1, 0, US, NULL), E_INVALIDARG);
  assert_int_equal(VarTokenizeFormatString(mutable(u"0"), tokens, sizeof tokens, 0, 4, US, NULL), E_INVALIDARG);
  assert_int_equal(VarTokenizeFormatString(NULL, tokens, sizeof tokens, 0, 0, US, &used), S_OK);
  assert_int_equal(VarTokenizeFormatString(mutable(u"0;0;0;0;0"), tokens, sizeof tokens, 0, 0, US, NULL), E_INVALIDARG);
}

static void arguments_are_checked(void **state) {
  (void)state;
  BYTE tokens[256];
  VARIANT value = r8(1);
  BSTR result = (BSTR)(uintptr_t)u"x";
  assert_int_equal(VarFormat(&value, mutable(u"0"), 0, 0, 0, NULL), E_INVALIDARG);
  assert_int_equal(VarFormat(NULL, mutable(u"0"), 0, 0, 0, &result), E_INVALIDARG);
  assert_null(result);
  assert_int_equal(VarFormat(&value, mutable(u"0"), 8, 0, 0, &result), E_INVALIDARG);
  assert_int_equal(VarFormat(&value, mutable(u"0"), 0, 4, 0, &result), E_INVALIDARG);
  VarTokenizeFormatString(mutable(u"0"), tokens, sizeof tokens, 0, 0, US, NULL);
  assert_int_equal(VarFormatFromTokens(&value, mutable(u"0"), NULL, 0, &result, US), E_INVALIDARG);
  assert_int_equal(VarFormatFromTokens(&value, mutable(u"0"), tokens, 0, NULL, US), E_INVALIDARG);
  assert_int_equal(VarFormatFromTokens(NULL, mutable(u"0"), tokens, 0, &result, US), E_INVALIDARG);
  VARIANT hello = text(u"hello");
  assert_int_equal(VarFormat(&hello, mutable(u"0"), 0, 0, VAR_FORMAT_NOSUBSTITUTE, &result), DISP_E_TYPEMISMATCH);
  assert_null(result);
  VariantClear(&hello);
  /* tokens of a longer format string than the one given */
  VarTokenizeFormatString(mutable(u"0\"a long literal\""), tokens, sizeof tokens, 0, 0, US, NULL);
  assert_int_equal(VarFormatFromTokens(&value, mutable(u"0"), tokens, 0, &result, US), S_OK);
  assert_true(text_equals(result, u"1"));
  SysFreeString(result);
}

/* formats by parameters */

typedef HRESULT (*Formatter)(LPVARIANT, int, int, int, int, ULONG, BSTR *);

static const struct {
  Formatter function;
  double value;
  int digits, leading, parentheses, groups;
  HRESULT hr;
  const OLECHAR *text;
} by_parameters[] = {
  { VarFormatNumber, 1234.567, -1, -2, -2, -2, S_OK, u"1,234.57" },
  { VarFormatNumber, -1234.567, -1, -2, -2, -2, S_OK, u"-1,234.57" },
  { VarFormatNumber, -1234.567, -1, -2, -1, -2, S_OK, u"(1,234.57)" },
  { VarFormatNumber, -1234.567, -1, -2, 0, 0, S_OK, u"-1234.57" },
  { VarFormatNumber, 1234.567, 0, -2, -2, -1, S_OK, u"1,235" },
  { VarFormatNumber, 1234.567, 4, -2, -2, 0, S_OK, u"1234.5670" },
  { VarFormatNumber, 0.5, 2, -2, -2, -2, S_OK, u"0.50" },
  { VarFormatNumber, 0.5, 2, 0, -2, -2, S_OK, u".50" },
  { VarFormatNumber, 0.5, 2, -1, -2, -2, S_OK, u"0.50" },
  { VarFormatNumber, 0.0, 0, 0, -2, -2, S_OK, u"0" },
  { VarFormatNumber, 2.5, 0, -2, -2, -2, S_OK, u"3" },
  { VarFormatNumber, 1, 9, -2, -2, -2, S_OK, u"1.000000000" },
  { VarFormatNumber, 1, 10, -2, -2, -2, E_INVALIDARG, NULL },
  { VarFormatPercent, 0.1234, -1, -2, -2, -2, S_OK, u"12.34%" },
  { VarFormatPercent, -0.1234, 1, -2, -2, -2, S_OK, u"-12.3%" },
  { VarFormatPercent, -0.1234, 0, -2, -1, -2, S_OK, u"(12%)" },
  { VarFormatPercent, 12.5, 0, -2, -2, -2, S_OK, u"1,250%" },
  { VarFormatPercent, 0.001, 2, 0, -2, -2, S_OK, u".10%" },
  { VarFormatCurrency, 1234.567, -1, -2, -2, -2, S_OK, u"$1,234.57" },
  { VarFormatCurrency, -1234.567, -1, -2, -2, -2, S_OK, u"($1,234.57)" },
  { VarFormatCurrency, -1234.567, -1, -2, -1, -2, S_OK, u"($1,234.57)" },
  { VarFormatCurrency, -1234.567, -1, -2, 0, 0, S_OK, u"-$1234.57" },
  { VarFormatCurrency, 0.5, 0, -2, -2, -2, S_OK, u"$1" },
  { VarFormatCurrency, 0.5, 2, 0, -2, -2, S_OK, u"$.50" },
};

static void numbers_by_parameters(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(by_parameters); i++) {
    BSTR result = NULL;
    VARIANT value = r8(by_parameters[i].value);
    assert_int_equal(by_parameters[i].function(&value, by_parameters[i].digits, by_parameters[i].leading,
                                               by_parameters[i].parentheses, by_parameters[i].groups, 0, &result),
                     by_parameters[i].hr);
    if (!text_equals(result, by_parameters[i].text))
      fail_msg("row %zu: \"%s\" instead of \"%s\"", i, text_show(result), text_show(by_parameters[i].text));
    SysFreeString(result);
  }
  static const Formatter all[] = { VarFormatNumber, VarFormatPercent, VarFormatCurrency };
  for (size_t i = 0; i < COUNT(all); i++) {
    BSTR result = NULL;
    VARIANT value = text(u"hello");
    assert_int_equal(all[i](&value, -1, -2, -2, -2, 0, &result), DISP_E_TYPEMISMATCH);
    assert_int_equal(all[i](&value, -1, -2, -2, -2, 0, NULL), E_INVALIDARG);
    assert_int_equal(all[i](NULL, -1, -2, -2, -2, 0, &result), E_INVALIDARG);
    VariantClear(&value);
    V_VT(&value) = VT_NULL;
    assert_int_equal(all[i](&value, -1, -2, -2, -2, 0, &result), DISP_E_TYPEMISMATCH);
  }
}

static void truth_values_are_their_bits(void **state) {
  (void)state;
  static const struct {
    VARIANT_BOOL value;
    const OLECHAR *text;
  } rows[] = { { 1, u"1.00" }, { -1, u"-1.00" }, { 0, u"0.00" }, { 32767, u"32,767.00" } };
  for (size_t i = 0; i < COUNT(rows); i++) {
    BSTR result = NULL;
    VARIANT value = { 0 };
    V_VT(&value) = VT_BOOL;
    V_BOOL(&value) = rows[i].value;
    assert_int_equal(VarFormatNumber(&value, 2, -2, -2, -2, 0, &result), S_OK);
    assert_true(text_equals(result, rows[i].text));
    SysFreeString(result);
  }
}

static void dates_by_parameters(void **state) {
  (void)state;
  static const OLECHAR *const expected[] = { u"1/2/1970 6:00:00 PM", u"Friday, January 2, 1970", u"1/2/1970",
                                             u"6:00:00 PM", u"18:00" };
  VARIANT value = date(25570.75);
  BSTR result = NULL;
  for (int i = 0; i < 5; i++) {
    assert_int_equal(VarFormatDateTime(&value, i, 0, &result), S_OK);
    if (!text_equals(result, expected[i]))
      fail_msg("format %d: \"%s\"", i, text_show(result));
    SysFreeString(result);
  }
  assert_int_equal(VarFormatDateTime(&value, -1, 0, &result), E_INVALIDARG);
  assert_int_equal(VarFormatDateTime(&value, 5, 0, &result), E_INVALIDARG);
  assert_int_equal(VarFormatDateTime(NULL, 0, 0, &result), E_INVALIDARG);
  assert_int_equal(VarFormatDateTime(&value, 0, 0, NULL), E_INVALIDARG);
  VARIANT hello = text(u"hello");
  assert_int_equal(VarFormatDateTime(&hello, 0, 0, &result), DISP_E_TYPEMISMATCH);
  VariantClear(&hello);
}

/* names */

static void names_of_months_and_days(void **state) {
  (void)state;
  static const OLECHAR *const days[] = { u"Sunday",   u"Monday", u"Tuesday", u"Wednesday",
                                         u"Thursday", u"Friday", u"Saturday" };
  BSTR result = NULL;
  assert_int_equal(VarMonthName(1, FALSE, 0, &result), S_OK);
  assert_true(text_equals(result, u"January"));
  SysFreeString(result);
  assert_int_equal(VarMonthName(12, TRUE, 0, &result), S_OK);
  assert_true(text_equals(result, u"Dec"));
  SysFreeString(result);
  assert_int_equal(VarMonthName(0, FALSE, 0, &result), E_INVALIDARG);
  assert_int_equal(VarMonthName(13, FALSE, 0, &result), E_INVALIDARG);
  assert_int_equal(VarMonthName(1, FALSE, 0, NULL), E_INVALIDARG);
  for (int first = 0; first <= 7; first++)
    for (int day = 1; day <= 7; day++) {
      assert_int_equal(VarWeekdayName(day, FALSE, first, 0, &result), S_OK);
      assert_true(text_equals(result, days[((first == 0 ? 1 : first) + day - 2) % 7]));
      SysFreeString(result);
    }
  assert_int_equal(VarWeekdayName(1, TRUE, 2, 0, &result), S_OK);
  assert_true(text_equals(result, u"Mon"));
  SysFreeString(result);
  assert_int_equal(VarWeekdayName(0, FALSE, 0, 0, &result), E_INVALIDARG);
  assert_int_equal(VarWeekdayName(8, FALSE, 0, 0, &result), E_INVALIDARG);
  assert_int_equal(VarWeekdayName(1, FALSE, -1, 0, &result), E_INVALIDARG);
  assert_int_equal(VarWeekdayName(1, FALSE, 8, 0, &result), E_INVALIDARG);
  assert_int_equal(VarWeekdayName(1, FALSE, 0, 0, NULL), E_INVALIDARG);
}

static void alternate_month_names(void **state) {
  (void)state;
  static const struct {
    LCID lcid;
    const OLECHAR *first;
  } rows[] = { { US, NULL },           { GERMAN, NULL },  { FRENCH, NULL }, { POLISH, u"stycznia" },
               { RUSSIAN, u"января" }, { 0x401, u"محرم" } };
  for (size_t i = 0; i < COUNT(rows); i++) {
    LPOLESTR *names = (LPOLESTR *)state;
    assert_int_equal(GetAltMonthNames(rows[i].lcid, &names), S_OK);
    if (rows[i].first == NULL) {
      assert_null(names);
      continue;
    }
    assert_non_null(names);
    assert_string_equal(text_show(names[0]), text_show(rows[i].first));
    for (int month = 0; month < 12; month++)
      assert_true(names[month] != NULL && names[month][0] != 0);
    assert_null(names[12]);
  }
  assert_int_equal(GetAltMonthNames(US, NULL), E_INVALIDARG);
}

static void conversion_setting(void **state) {
  (void)state;
  ULONG flags = 1;
  assert_int_equal(GetVarConversionLocaleSetting(&flags), S_OK);
  assert_int_equal(flags, 0);
  assert_int_equal(SetVarConversionLocaleSetting(LOCALE_NOUSEROVERRIDE), S_OK);
  assert_int_equal(GetVarConversionLocaleSetting(&flags), S_OK);
  assert_int_equal(flags, LOCALE_NOUSEROVERRIDE);
  assert_int_equal(SetVarConversionLocaleSetting(0), S_OK);
  assert_int_equal(GetVarConversionLocaleSetting(NULL), E_INVALIDARG);
}

/* out of memory */

static int format_without_memory(void *context) {
  static const OLECHAR *const formats[] = { u"#,##0.00", u"dddddd", u"@@@@@@", u"General Number", u"Currency", NULL };
  OLECHAR filler[300];
  BSTR result = NULL;
  int bad = 0;
  (void)context;
  for (size_t i = 0; i < COUNT(formats); i++) {
    VARIANT value = r8(1234.5);
    HRESULT hr = VarFormat(&value, mutable(formats[i]), 0, 0, 0, &result);
    bad |= hr != S_OK && hr != E_OUTOFMEMORY;
    SysFreeString(result);
  }
  for (size_t i = 0; i < COUNT(filler) - 1; i++)
    filler[i] = u'0';
  filler[COUNT(filler) - 1] = 0;
  VARIANT value = r8(1234.5);
  HRESULT hr = VarFormat(&value, filler, 0, 0, 0, &result);
  SysFreeString(result);
  return bad || (hr != S_OK && hr != E_OUTOFMEMORY);
}

static void failing_allocations_are_reported(void **state) {
  (void)state;
  faults_each(format_without_memory, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(numbers_by_picture),
    cmocka_unit_test(numbers_of_every_type),
    cmocka_unit_test(numbers_follow_the_locale),
    cmocka_unit_test(dates_by_picture),
    cmocka_unit_test(weeks_by_their_rules),
    cmocka_unit_test(strings_by_picture),
    cmocka_unit_test(tokens_need_room),
    cmocka_unit_test(arguments_are_checked),
    cmocka_unit_test(numbers_by_parameters),
    cmocka_unit_test(truth_values_are_their_bits),
    cmocka_unit_test(dates_by_parameters),
    cmocka_unit_test(names_of_months_and_days),
    cmocka_unit_test(alternate_month_names),
    cmocka_unit_test(conversion_setting),
    cmocka_unit_test(failing_allocations_are_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
