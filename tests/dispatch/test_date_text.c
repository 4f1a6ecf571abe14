/* VarDateFromStr and VarBstrFromDate. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <oleauto.h>
#include <time.h>

#include "support/faults.h"
#include "support/text.h"

#define COUNT(array)  (sizeof(array) / sizeof((array)[0]))
#define TIME(h, m, s) (((h)*3600 + (m)*60 + (s)) / 86400.0)

enum {
  US = 0x409,
  GERMAN = 0x407,
  SPANISH = 0xC0A,
  FRENCH = 0x40C,
  POLISH = 0x415,
  RUSSIAN = 0x419,
  JAPANESE = 0x411,
  BRITISH = 0x809,
  ARABIC = 0x401,
  KOREAN = 0x412
};

/* 1 January of the year in which the test runs. */
static double this_year(int month, int day) {
  time_t now = time(NULL);
  struct tm local;
  localtime_r(&now, &local);
  UDATE date = { .st = { .wYear = (WORD)(local.tm_year + 1900), .wMonth = (WORD)month, .wDay = (WORD)day } };
  double value = 0;
  VarDateFromUdate(&date, 0, &value);
  return value;
}

static const struct {
  LCID lcid;
  const OLECHAR *text;
  double date; /* NAN: no date */
} dates[] = {
  /* times */
  { US, u"0:0", 0.0 },
  { US, u"0:0:0", 0.0 },
  { US, u"0.0", 0.0 },
  { US, u"12:00", 0.5 },
  { US, u"6:00:00", 0.25 },
  { US, u"23:59:59", TIME(23, 59, 59) },
  { US, u" 1 : 2 : 3 ", TIME(1, 2, 3) },
  { US, u"1.2.3", TIME(1, 2, 3) },
  { US, u"13.50", TIME(13, 50, 0) },
  { US, u"1 am", TIME(1, 0, 0) },
  { US, u"1 PM", TIME(13, 0, 0) },
  { US, u"1pm", TIME(13, 0, 0) },
  { US, u"1a", TIME(1, 0, 0) },
  { US, u"1:30 p", TIME(13, 30, 0) },
  { US, u"12 AM", 0.0 },
  { US, u"12 PM", 0.5 },
  { US, u"12:30 AM", TIME(0, 30, 0) },
  { US, u"0 AM", 0.0 },
  { US, u"13:00 PM", TIME(13, 0, 0) },
  { US, u"24:00", NAN },
  { US, u"0:60", NAN },
  { US, u"0:0:60", NAN },
  { US, u"1:2:3:4", NAN },
  { US, u"1:", NAN },
  { US, u":1", NAN },
  { US, u"1::2", NAN },
  { US, u"1:2 am pm", NAN },
  { US, u"am", NAN },
  { US, u"am 1", NAN },
  /* the locale's order, and the others when that gives no date */
  { US, u"1/2/1970", 25570.0 },
  { US, u"1/2/70", 25570.0 },
  { US, u"1-2-70", 25570.0 },
  { US, u"1 2 70", 25570.0 },
  { US, u"1, 2, 70", 25570.0 },
  { US, u"1/2 70", 25570.0 },
  { US, u"12/31/1969", 25568.0 },
  { US, u"31/12/1969", 25568.0 },
  { US, u"1969/12/31", 25568.0 },
  { US, u"1969/31/12", 25568.0 },
  { US, u"1969-12-31", 25568.0 },
  { BRITISH, u"1/2/1970", 25600.0 },
  { BRITISH, u"12/31/1969", 25568.0 },
  { BRITISH, u"1969-12-31", 25568.0 },
  { GERMAN, u"1.2.1970", 25600.0 },
  { GERMAN, u"31.12.69", 25568.0 },
  { GERMAN, u"1.2.1970 18:00:00", 25600.75 },
  { FRENCH, u"01/02/1970", 25600.0 },
  { SPANISH, u"01/02/1970", 25600.0 },
  { POLISH, u"01.02.1970", 25600.0 },
  { RUSSIAN, u"01.02.1970", 25600.0 },
  { JAPANESE, u"1970/1/2", 25570.0 },
  { JAPANESE, u"70/1/2", 25570.0 },
  { KOREAN, u"1970. 1. 2.", 25570.0 },
  { GERMAN, u"02.01.1970", 25570.0 },
  { US, u"02.01.1970", NAN }, /* a time with 1970 seconds */
  { US, u"31.12.1969", NAN },
  { US, u"1.2.70 6:00", NAN },
  { US, u"1.2.30", 0.04340277777777778 }, /* a time */
  { US, u"1 am 2 3.4", NAN },             /* two of them */
  { US, u"1.2.3.4", NAN },
  { US, u"1:2.70", NAN },
  { SPANISH, u"02.01.1970 00:00:00", NAN },
  { 0x040A, u"02.01.1970 00:00:00", NAN },
  { SPANISH, u"02.13.1970", NAN },
  { SPANISH, u"02-13-1970", 25612.0 },
  /* two-digit years */
  { US, u"1/1/00", 36526.0 },
  { US, u"1/1/30", 47484.0 },
  { US, u"1 1 30", 47484.0 },
  { US, u"2 3 32", 48247.0 },
  { US, u"1/1/49", 54424.0 },
  { US, u"1/1/50", 18264.0 },
  { US, u"1/1/99", 36161.0 },
  { US, u"1/1/100", -657434.0 },
  { US, u"12/31/9999", 2958465.0 },
  { US, u"1/1/10000", NAN },
  { US, u"2/29/2000", 36585.0 },
  { US, u"2/29/1900", NAN },
  { US, u"2/30/2000", NAN },
  /* months by name */
  { US, u"2 Jan 1970", 25570.0 },
  { US, u"Jan 2 1970", 25570.0 },
  { US, u"January 2, 1970", 25570.0 },
  { US, u"2-JAN-70", 25570.0 },
  { US, u"1970 jan 2", 25570.0 },
  { US, u"jan 1970 2", 25570.0 },
  { US, u"2 1970 jan", 25570.0 },
  { US, u"jan 1970", 25569.0 },
  { US, u"1970 jan", 25569.0 },
  { US, u"Jan 70", 25569.0 },
  { US, u"Feb 30", 47515.0 }, /* no such day: the year 2030 */
  { US, u"2 30", 47515.0 },
  { US, u"Jan 35", 49310.0 },
  { US, u"Jan-35", 49310.0 },
  { US, u"35/Jan", 49310.0 },
  { US, u"2jan70", 25570.0 },
  { US, u"jan", NAN },
  { US, u"jan feb 1970", NAN },
  { US, u"32 jan 33", NAN },
  { US, u"29Feb01", 47150.0 }, /* KB 241370: no 29 February 2001, so 1 February 2029 */
  { US, u"29-FEB-01", 47150.0 },
  { US, u"Fri, 2 Jan 1970", 25570.0 },
  { US, u"Friday, January 2, 1970", 25570.0 },
  { GERMAN, u"2. Januar 1970", 25570.0 },
  { GERMAN, u"Freitag, 2. Januar 1970", 25570.0 },
  { FRENCH, u"2 février 1970", 25601.0 },
  { FRENCH, u"2 FÉVR. 1970", 25601.0 },
  { SPANISH, u"viernes, 2 de enero de 1970", 25570.0 },
  { POLISH, u"2 stycznia 1970", 25570.0 },
  { RUSSIAN, u"2 января 1970 г.", 25570.0 },
  { JAPANESE, u"1970年1月2日", 25570.0 },
  { JAPANESE, u"1970年12月31日", 25933.0 },
  { JAPANESE, u"1970年12月31日 午後 6:00", 25933.75 },
  { JAPANESE, u"午後6:00", 0.75 },
  { JAPANESE, u"6:00 午後", 0.75 },
  { JAPANESE, u"6 PM", 0.75 },
  { KOREAN, u"1970년 1월 2일 오후 6:00", 25570.75 },
  { SPANISH, u"martes, 6 de enero de 1970", 25574.0 },
  { SPANISH, u"6 mar 1970", 25633.0 },
  { ARABIC, u"02/01/70", 25570.0 },
  /* month and year */
  { US, u"1 32", 48214.0 }, /* 1 January 2032 */
  { US, u"32 1", 48214.0 },
  { US, u"12/1969", 25538.0 },
  { US, u"1969/12", 25538.0 },
  { US, u"13/32", NAN },
  /* date and time */
  { US, u"1/2/70 6:00", 25570.25 },
  { US, u"6:00 1/2/70", 25570.25 },
  { US, u"1/2/70 6 PM", 25570.75 },
  { US, u"6pm jan 2 1970", 25570.75 },
  { US, u"1970-01-02 18:00:00", 25570.75 },
  { US, u"12/29/1899 6:00", -1.25 },
  { US, u"12/30/1899 6:00", 0.25 },
  { US, u"1/1/100 18:00", -657434.75 },
  { US, u"1 6:00 2 70", NAN }, /* a time inside the date */
  { US, u"6:00 1/2/70 7:00", NAN },
  { US, u"5 6:00", NAN },
  /* no dates */
  { US, u"", NAN },
  { US, u"   ", NAN },
  { US, u"1", NAN },
  { US, u"37000", NAN },
  { US, u"1/", NAN },
  { US, u"/1/2", NAN },
  { US, u"1//2/70", NAN },
  { US, u"1/2/70,", NAN },
  { US, u"1 2 3 4", NAN },
  { US, u"1/2/3/4", NAN },
  { US, u"-1/2/70", NAN },
  { US, u"1970-01-02T18:00:00", NAN },
  { US, u"Janu 2 1970", NAN },
  { US, u"hello", NAN },
  { US, u"1/2/99999999999999999999", NAN },
  { US, u"1 2 3 4 5 6 7", NAN },
};

static void texts_become_dates(void **state) {
  (void)state;
  int failures = 0;
  for (size_t i = 0; i < COUNT(dates); i++) {
    double value = -1;
    HRESULT hr = VarDateFromStr(dates[i].text, dates[i].lcid, 0, &value);
    BOOL good = isnan(dates[i].date) ? hr == DISP_E_TYPEMISMATCH : hr == S_OK && fabs(value - dates[i].date) < 1e-9;
    if (!good) {
      print_error("\"%s\" in %04x: %08x, %.9f instead of %.9f\n", text_show(dates[i].text), dates[i].lcid, (unsigned)hr,
                  value, dates[i].date);
      failures++;
    }
  }
  assert_int_equal(failures, 0);
}

static void dates_without_a_year_are_this_year(void **state) {
  (void)state;
  static const struct {
    LCID lcid;
    const OLECHAR *text;
    int month, day;
  } rows[] = { { US, u"1/2", 1, 2 },        { US, u"22/1", 1, 22 },     { BRITISH, u"1/2", 2, 1 },
               { BRITISH, u"1/22", 1, 22 }, { JAPANESE, u"1/2", 1, 2 }, { US, u"Jan 2", 1, 2 },
               { US, u"2 January", 1, 2 },  { GERMAN, u"1.2", 2, 1 },   { GERMAN, u"2. März", 3, 2 } };
  for (size_t i = 0; i < COUNT(rows); i++) {
    double value = 0;
    assert_int_equal(VarDateFromStr(rows[i].text, rows[i].lcid, 0, &value), S_OK);
    if (value != this_year(rows[i].month, rows[i].day))
      fail_msg("\"%s\" became %g", text_show(rows[i].text), value);
  }
}

static void flags_take_a_part(void **state) {
  (void)state;
  double value = 0;
  assert_int_equal(VarDateFromStr(u"1/2/70 6:00", US, VAR_DATEVALUEONLY, &value), S_OK);
  assert_true(value == 25570.0);
  assert_int_equal(VarDateFromStr(u"1/2/70 6:00", US, VAR_TIMEVALUEONLY, &value), S_OK);
  assert_true(value == 0.25);
  assert_int_equal(VarDateFromStr(u"6:00", US, VAR_DATEVALUEONLY, &value), S_OK);
  assert_true(value == 0.0);
  assert_int_equal(VarDateFromStr(u"1/2/70", US, LOCALE_NOUSEROVERRIDE, &value), S_OK);
  assert_int_equal(VarDateFromStr(u"1/2/70", US, VAR_CALENDAR_HIJRI, &value), S_OK);
  assert_int_equal(VarDateFromStr(NULL, US, 0, &value), DISP_E_TYPEMISMATCH);
  assert_int_equal(VarDateFromStr(u"1/2/70", US, 0, NULL), E_INVALIDARG);
}

static const struct {
  LCID lcid;
  ULONG flags;
  double date;
  const OLECHAR *text;
} texts[] = {
  { US, 0, 0.0, u"12:00:00 AM" },
  { US, 0, 0.5, u"12:00:00 PM" },
  { US, 0, -0.5, u"12:00:00 PM" },
  { US, 0, 25570.0, u"1/2/1970" },
  { US, 0, 25570.25, u"1/2/1970 6:00:00 AM" },
  { US, 0, 25570.75, u"1/2/1970 6:00:00 PM" },
  { US, 0, -1.25, u"12/29/1899 6:00:00 AM" },
  { US, 0, -657434.0, u"1/1/100" },
  { US, 0, 2958465.0, u"12/31/9999" },
  { US, 0, 25570.0 + 1e-13, u"1/2/1970" },
  { US, VAR_DATEVALUEONLY, 25570.25, u"1/2/1970" },
  { US, VAR_TIMEVALUEONLY, 25570.25, u"6:00:00 AM" },
  { US, VAR_TIMEVALUEONLY, 25570.0, u"12:00:00 AM" },
  { US, VAR_FOURDIGITYEARS, 25570.0, u"1/2/1970" },
  { US, LOCALE_NOUSEROVERRIDE, 25570.0, u"1/2/1970" },
  { US, LOCALE_USE_NLS, 25569.0, u"1/1/1970 12:00:00 AM" },
  { US, LOCALE_USE_NLS, 0.5, u"12/30/1899 12:00:00 PM" },
  { US, LOCALE_USE_NLS | LOCALE_NOUSEROVERRIDE, 0.0, u"12/30/1899 12:00:00 AM" },
  { US, LOCALE_USE_NLS | VAR_DATEVALUEONLY, 25569.0, u"1/1/1970" },
  { US, VAR_CALENDAR_THAI, 25570.0, u"1/2/2513" },
  { 0, 0, 25570.25, u"1/2/1970 6:00:00 AM" },
  { 0x400, 0, 25570.25, u"1/2/1970 6:00:00 AM" },
  { 0x800, 0, 25570.25, u"1/2/1970 6:00:00 AM" },
  { GERMAN, 0, 25570.25, u"02.01.1970 06:00:00" },
  { FRENCH, 0, 25570.75, u"02/01/1970 18:00:00" },
  { SPANISH, 0, 25570.25, u"02/01/1970 6:00:00" },
  { POLISH, 0, 25570.0, u"02.01.1970" },
  { RUSSIAN, 0, 25570.25, u"02.01.1970 6:00:00" },
  { JAPANESE, 0, 25570.25, u"1970/01/02 6:00:00" },
  { BRITISH, 0, 25570.25, u"02/01/1970 06:00:00" },
};

static void dates_become_texts(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(texts); i++) {
    BSTR text = NULL;
    assert_int_equal(VarBstrFromDate(texts[i].date, texts[i].lcid, texts[i].flags, &text), S_OK);
    if (!text_equals(text, texts[i].text))
      fail_msg("row %zu: \"%s\" instead of \"%s\"", i, text_show(text), text_show(texts[i].text));
    SysFreeString(text);
  }
  assert_int_equal(VarBstrFromDate(0.0, US, 0, NULL), E_INVALIDARG);
}

static void what_is_written_can_be_read(void **state) {
  (void)state;
  static const LCID lcids[] = { US, GERMAN, SPANISH, FRENCH, POLISH, RUSSIAN, JAPANESE, BRITISH, 0x413, 0x41D, 0x804 };
  for (size_t i = 0; i < COUNT(lcids); i++) {
    for (double date = -657434.0; date < 2958465.0; date += 9973.0) {
      BSTR text = NULL;
      double back = 0;
      double value = date < 0 ? date - 0.75 : date + 0.75;
      assert_int_equal(VarBstrFromDate(value, lcids[i], 0, &text), S_OK);
      HRESULT hr = VarDateFromStr(text, lcids[i], 0, &back);
      if (hr != S_OK || fabs(back - value) > 1e-6)
        fail_msg("\"%s\" in %04x: %08x, %g for %g", text_show(text), lcids[i], (unsigned)hr, back, value);
      SysFreeString(text);
    }
  }
}

static int write_without_memory(void *context) {
  BSTR text = NULL;
  (void)context;
  HRESULT hr = VarBstrFromDate(25570.25, US, 0, &text);
  SysFreeString(text);
  return hr != S_OK && hr != E_OUTOFMEMORY;
}

static void failing_allocations_are_reported(void **state) {
  (void)state;
  faults_each(write_without_memory, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(texts_become_dates),          cmocka_unit_test(dates_without_a_year_are_this_year),
    cmocka_unit_test(flags_take_a_part),           cmocka_unit_test(dates_become_texts),
    cmocka_unit_test(what_is_written_can_be_read), cmocka_unit_test(failing_allocations_are_reported),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
