/* VT_DATE to fields and back, SYSTEMTIME, MS-DOS date and time. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <math.h>
#include <oleauto.h>
#include <string.h>

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

/* Whole seconds of a day. */
#define TIME(h, m, s) (((h)*3600 + (m)*60 + (s)) / 86400.0)

/* VarUdateFromDate */

static const struct {
  double date;
  int year, month, day, hour, minute, second, weekday, day_of_year;
} fields[] = {
  { 0.0, 1899, 12, 30, 0, 0, 0, 6, 364 },
  { 1.0, 1899, 12, 31, 0, 0, 0, 0, 365 },
  { 2.0, 1900, 1, 1, 0, 0, 0, 1, 1 },
  { 60.0, 1900, 2, 28, 0, 0, 0, 3, 59 },
  { 61.0, 1900, 3, 1, 0, 0, 0, 4, 60 }, /* 1900 was no leap year */
  { 25569.0, 1970, 1, 1, 0, 0, 0, 4, 1 },
  { 29221.0, 1980, 1, 1, 0, 0, 0, 2, 1 },
  { 29586.0, 1980, 12, 31, 0, 0, 0, 3, 366 },
  { 36585.0, 2000, 2, 29, 0, 0, 0, 2, 60 },
  { 0.25, 1899, 12, 30, 6, 0, 0, 6, 364 },
  { -0.25, 1899, 12, 30, 6, 0, 0, 6, 364 },
  { -1.25, 1899, 12, 29, 6, 0, 0, 5, 363 },
  { -1.75, 1899, 12, 29, 18, 0, 0, 5, 363 },
  { 29221.5, 1980, 1, 1, 12, 0, 0, 2, 1 },
  { 29221.0 + 1.0 / 86400, 1980, 1, 1, 0, 0, 1, 2, 1 },
  { 29221.0 + 86399.0 / 86400, 1980, 1, 1, 23, 59, 59, 2, 1 },
  { 29221.0 + 0.4 / 86400, 1980, 1, 1, 0, 0, 0, 2, 1 },
  { 29221.0 + 0.6 / 86400, 1980, 1, 1, 0, 0, 1, 2, 1 },
  { 29221.0 + 86399.6 / 86400, 1980, 1, 2, 0, 0, 0, 3, 2 }, /* rounds into the next day */
  { -657434.0, 100, 1, 1, 0, 0, 0, 5, 1 },
  { -657434.75, 100, 1, 1, 18, 0, 0, 5, 1 },
  { 2958465.0, 9999, 12, 31, 0, 0, 0, 5, 365 },
  { 2958465.5, 9999, 12, 31, 12, 0, 0, 5, 365 },
};

static void dates_become_fields(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(fields); i++) {
    UDATE date;
    memset(&date, 0xFF, sizeof date);
    assert_int_equal(VarUdateFromDate(fields[i].date, 0, &date), S_OK);
    assert_int_equal(date.st.wYear, fields[i].year);
    assert_int_equal(date.st.wMonth, fields[i].month);
    assert_int_equal(date.st.wDay, fields[i].day);
    assert_int_equal(date.st.wHour, fields[i].hour);
    assert_int_equal(date.st.wMinute, fields[i].minute);
    assert_int_equal(date.st.wSecond, fields[i].second);
    assert_int_equal(date.st.wMilliseconds, 0);
    assert_int_equal(date.st.wDayOfWeek, fields[i].weekday);
    assert_int_equal(date.wDayOfYear, fields[i].day_of_year);
  }
}

static void dates_out_of_range_are_invalid(void **state) {
  (void)state;
  static const double bad[] = { -657435.0, 2958466.0, 1e300, -1e300, INFINITY, -INFINITY, NAN };
  UDATE date;
  SYSTEMTIME system;
  USHORT dos_date, dos_time;
  BSTR text = NULL;
  for (size_t i = 0; i < COUNT(bad); i++) {
    assert_int_equal(VarUdateFromDate(bad[i], 0, &date), E_INVALIDARG);
    assert_false(VariantTimeToSystemTime(bad[i], &system));
    assert_false(VariantTimeToDosDateTime(bad[i], &dos_date, &dos_time));
    assert_int_equal(VarBstrFromDate(bad[i], 0x409, 0, &text), E_INVALIDARG);
  }
  assert_int_equal(VarUdateFromDate(0.0, 0, NULL), E_INVALIDARG);
}

static void every_day_round_trips(void **state) {
  (void)state;
  int weekday = -1;
  for (int day = -657434; day <= 2958465; day++) {
    UDATE date;
    double back = 0;
    assert_int_equal(VarUdateFromDate(day, 0, &date), S_OK);
    assert_int_equal(VarDateFromUdate(&date, 0, &back), S_OK);
    if (back != day)
      fail_msg("day %d came back as %g", day, back);
    if (weekday >= 0)
      assert_int_equal(date.st.wDayOfWeek, (weekday + 1) % 7);
    weekday = date.st.wDayOfWeek;
  }
}

static void every_second_round_trips(void **state) {
  (void)state;
  static const int days[] = { 0, 1, -1, 40000, -657434, 2958465 };
  for (size_t i = 0; i < COUNT(days); i++) {
    for (int second = 0; second < 86400; second++) {
      double value = days[i] < 0 ? days[i] - second / 86400.0 : days[i] + second / 86400.0;
      double back = 0;
      UDATE date;
      assert_int_equal(VarUdateFromDate(value, 0, &date), S_OK);
      assert_int_equal(date.st.wHour * 3600 + date.st.wMinute * 60 + date.st.wSecond, second);
      assert_int_equal(VarDateFromUdate(&date, 0, &back), S_OK);
      assert_true(fabs(back - value) < 1e-9);
    }
  }
}

/* VarDateFromUdate: rolling over */

static const struct {
  int year, month, day, hour, minute, second;
  HRESULT hr;
  double date;
} rolls[] = {
  { 1980, 1, 1, 0, 0, 0, S_OK, 29221.0 },
  { 1980, 1, 2, 0, 0, 0, S_OK, 29222.0 },
  { 1980, 11, 31, 0, 0, 0, S_OK, 29556.0 }, /* 1 December */
  { 1980, 1, 0, 0, 0, 0, S_OK, 29220.0 },   /* 31 December 1979 */
  { 1980, 1, -1, 0, 0, 0, S_OK, 29219.0 },
  { 1980, 0, 1, 0, 0, 0, S_OK, 29190.0 }, /* 1 December 1979 */
  { 1980, -1, 1, 0, 0, 0, S_OK, 29160.0 },
  { 1980, 13, 1, 0, 0, 0, S_OK, 29587.0 }, /* 1 January 1981 */
  { 1980, 14, 1, 0, 0, 0, S_OK, 29618.0 },
  { 0, 1, 1, 0, 0, 0, S_OK, 36526.0 },  /* 2000 */
  { 30, 1, 1, 0, 0, 0, S_OK, 47484.0 }, /* 2030 */
  { 49, 1, 1, 0, 0, 0, S_OK, 54424.0 }, /* 2049 */
  { 50, 1, 1, 0, 0, 0, S_OK, 18264.0 }, /* 1950 */
  { 99, 1, 1, 0, 0, 0, S_OK, 36161.0 }, /* 1999 */
  { 100, 1, 1, 0, 0, 0, S_OK, -657434.0 },
  { 9999, 12, 31, 0, 0, 0, S_OK, 2958465.0 },
  { 9999, 12, 32, 0, 0, 0, S_OK, 2958466.0 }, /* only the year as it is given is checked */
  { 9999, 13, 1, 0, 0, 0, S_OK, 2958466.0 },
  { 100, 1, 0, 0, 0, 0, S_OK, -657435.0 },
  { -1020, 12001, 1, 18, 1, 16, S_OK, 29221.0 + TIME(18, 1, 16) }, /* 1000 years on, -20: 1980 */
  { -1, 12, 31, 0, 0, 0, S_OK, 36525.0 },                          /* 1999 */
  { -1, 13, 1, 0, 0, 0, S_OK, 36526.0 },                           /* 0: 2000 */
  { -1900, 1, 1, 0, 0, 0, S_OK, -657434.0 },                       /* 100 */
  { 1980, -1, 1, 0, 0, 0, S_OK, 29160.0 },                         /* November 1979 */
  { 1980, 1, -1, 0, 0, 0, S_OK, 29219.0 },
  { 10000, 1, 1, 0, 0, 0, E_INVALIDARG, 0 },
  { -10000, 1, 1, 0, 0, 0, E_INVALIDARG, 0 },
  { 1980, 1, 1, 18, 1, 16, S_OK, 29221.0 + TIME(18, 1, 16) },
  { 1980, 1, 1, 24, 0, 0, S_OK, 29222.0 },
  { 1980, 1, 1, 25, 0, 0, S_OK, 29222.0 + TIME(1, 0, 0) },
  { 1980, 1, 1, -1, 0, 0, S_OK, 29220.0 + TIME(23, 0, 0) },
  { 1980, 1, 1, 0, 60, 0, S_OK, 29221.0 + TIME(1, 0, 0) },
  { 1980, 1, 1, 0, -1, 0, S_OK, 29220.0 + TIME(23, 59, 0) },
  { 1980, 1, 1, 0, 0, 60, S_OK, 29221.0 + TIME(0, 1, 0) },
  { 1980, 1, 1, 0, 0, -1, S_OK, 29220.0 + TIME(23, 59, 59) },
  { 1980, 12, 31, 23, 59, 60, S_OK, 29587.0 },
  { 1899, 12, 29, 6, 0, 0, S_OK, -1.25 },
  { 1899, 1, 1, 18, 0, 0, S_OK, -363.75 },
  { 1899, 12, 30, 6, 0, 0, S_OK, 0.25 },
};

static UDATE udate_of(size_t i) {
  UDATE date = { .st = { .wYear = (WORD)rolls[i].year,
                         .wMonth = (WORD)rolls[i].month,
                         .wDay = (WORD)rolls[i].day,
                         .wHour = (WORD)rolls[i].hour,
                         .wMinute = (WORD)rolls[i].minute,
                         .wSecond = (WORD)rolls[i].second } };
  return date;
}

static void fields_roll_over(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(rolls); i++) {
    UDATE date = udate_of(i);
    double value = 0;
    HRESULT hr = VarDateFromUdate(&date, 0, &value);
    assert_int_equal(hr, rolls[i].hr);
    if (SUCCEEDED(hr) && fabs(value - rolls[i].date) > 1e-9)
      fail_msg("row %zu: %.9f instead of %.9f", i, value, rolls[i].date);
  }
  UDATE date = udate_of(0);
  double value;
  assert_int_equal(VarDateFromUdate(NULL, 0, &value), E_INVALIDARG);
  assert_int_equal(VarDateFromUdate(&date, 0, NULL), E_INVALIDARG);
}

static void parts_of_a_date(void **state) {
  (void)state;
  UDATE date = { .st = { .wYear = 1980, .wMonth = 1, .wDay = 1, .wHour = 18 } };
  double value = 0;
  assert_int_equal(VarDateFromUdateEx(&date, 0x409, VAR_DATEVALUEONLY, &value), S_OK);
  assert_true(value == 29221.0);
  assert_int_equal(VarDateFromUdateEx(&date, 0x409, VAR_TIMEVALUEONLY, &value), S_OK);
  assert_true(value == 0.75);
  assert_int_equal(VarDateFromUdateEx(&date, 0x409, VAR_TIMEVALUEONLY | VAR_DATEVALUEONLY, &value), S_OK);
  assert_true(value == 0.75);
  assert_int_equal(VarDateFromUdateEx(&date, 0x409, VAR_VALIDDATE, &value), S_OK);
  assert_true(value == 29221.75);
}

/* SYSTEMTIME */

static const struct {
  SYSTEMTIME time;
  BOOL valid;
  double date;
} system_times[] = {
  { { .wYear = 1980, .wMonth = 1, .wDay = 1 }, TRUE, 29221.0 },
  { { .wYear = 30, .wMonth = 1, .wDay = 1 }, TRUE, 47484.0 },
  { { .wYear = 2001, .wMonth = 2, .wDay = 29 }, TRUE, 36951.0 }, /* 1 March */
  { { .wYear = 2001, .wMonth = 2, .wDay = 0 }, TRUE, 36922.0 },  /* 31 January */
  { { .wYear = 1980, .wMonth = 1, .wDay = 32 }, FALSE, 0 },
  { { .wYear = 1980, .wMonth = 13, .wDay = 1 }, FALSE, 0 },
  { { .wYear = 1980, .wMonth = 0, .wDay = 1 }, FALSE, 0 },
  { { .wYear = 1980, .wMonth = 1, .wDay = 0xFFFF }, FALSE, 0 },
  { { .wYear = 0xFFFF, .wMonth = 1, .wDay = 1 }, FALSE, 0 },
  { { .wYear = 10000, .wMonth = 1, .wDay = 1 }, FALSE, 0 },
  { { .wYear = 1980, .wMonth = 1, .wDay = 1, .wHour = 6, .wMilliseconds = 400 }, TRUE, 29221.25 },
};

static void system_times_check(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(system_times); i++) {
    SYSTEMTIME time = system_times[i].time;
    double value = 0;
    assert_int_equal(SystemTimeToVariantTime(&time, &value), system_times[i].valid);
    if (system_times[i].valid)
      assert_true(fabs(value - system_times[i].date) < 1e-9);
  }
  SYSTEMTIME time = system_times[0].time;
  double value;
  assert_false(SystemTimeToVariantTime(NULL, &value));
  assert_false(SystemTimeToVariantTime(&time, NULL));
  assert_false(VariantTimeToSystemTime(0.0, NULL));
  assert_true(VariantTimeToSystemTime(29221.25, &time));
  assert_int_equal(time.wYear, 1980);
  assert_int_equal(time.wDayOfWeek, 2);
  assert_int_equal(time.wHour, 6);
}

/* MS-DOS */

#define DOS_DATE(day, month, year)     ((USHORT)(((year)-1980) << 9 | (month) << 5 | (day)))
#define DOS_TIME(hour, minute, second) ((USHORT)((hour) << 11 | (minute) << 5 | (second) / 2))

static const struct {
  USHORT date, time;
  BOOL valid;
  double value;
} dos_times[] = {
  { DOS_DATE(1, 1, 1980), DOS_TIME(0, 0, 0), TRUE, 29221.0 },
  { DOS_DATE(31, 12, 2099), DOS_TIME(0, 0, 0), TRUE, 73050.0 },
  { DOS_DATE(1, 1, 2100), DOS_TIME(0, 0, 0), FALSE, 0 },
  { DOS_DATE(0, 1, 1980), DOS_TIME(0, 0, 0), TRUE, 29220.0 },
  { DOS_DATE(1, 0, 1980), DOS_TIME(0, 0, 0), TRUE, 29190.0 },
  { DOS_DATE(1, 13, 1980), DOS_TIME(0, 0, 0), FALSE, 0 },
  { DOS_DATE(29, 2, 1981), DOS_TIME(0, 0, 0), TRUE, 29646.0 },
  { DOS_DATE(1, 1, 1980), DOS_TIME(6, 0, 0), TRUE, 29221.25 },
  { DOS_DATE(1, 1, 1980), DOS_TIME(23, 59, 58), TRUE, 29221.0 + TIME(23, 59, 58) },
  { DOS_DATE(1, 1, 1980), DOS_TIME(24, 0, 0), FALSE, 0 },
  { DOS_DATE(1, 1, 1980), DOS_TIME(0, 60, 0), FALSE, 0 },
  { DOS_DATE(1, 1, 1980), DOS_TIME(0, 0, 60), FALSE, 0 },
};

static void dos_times_check(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(dos_times); i++) {
    double value = 0;
    assert_int_equal(DosDateTimeToVariantTime(dos_times[i].date, dos_times[i].time, &value), dos_times[i].valid);
    if (dos_times[i].valid)
      assert_true(fabs(value - dos_times[i].value) < 1e-9);
  }
  USHORT date = 1;
  USHORT time = 1;
  assert_false(DosDateTimeToVariantTime(0, 0, NULL));
  assert_true(VariantTimeToDosDateTime(29221.25, &date, &time));
  assert_int_equal(date, DOS_DATE(1, 1, 1980));
  assert_int_equal(time, DOS_TIME(6, 0, 0));
  assert_true(VariantTimeToDosDateTime(73050.0, &date, &time));
  assert_int_equal(date, DOS_DATE(31, 12, 2099));
  assert_true(VariantTimeToDosDateTime(29221.0 + TIME(1, 2, 3), &date, &time));
  assert_int_equal(time, DOS_TIME(1, 2, 2)); /* two seconds are the unit */
  assert_false(VariantTimeToDosDateTime(29220.0, &date, &time));
  assert_int_equal(date | time, 0);
  assert_false(VariantTimeToDosDateTime(73051.0, &date, &time));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(dates_become_fields),   cmocka_unit_test(dates_out_of_range_are_invalid),
    cmocka_unit_test(every_day_round_trips), cmocka_unit_test(every_second_round_trips),
    cmocka_unit_test(fields_roll_over),      cmocka_unit_test(parts_of_a_date),
    cmocka_unit_test(system_times_check),    cmocka_unit_test(dos_times_check),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
