/* FILETIME and the times of MS-DOS. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <time.h>

#include <cmocka.h>

#include <objbase.h>

#include "com/com_api.h"

/* 100 ns since 1601, for days since 1970 and seconds of the day */
static uint64_t ticks_of(int64_t days, unsigned seconds) {
  return (uint64_t)(days * 86400 + seconds + 11644473600) * 10000000;
}

static void dos_times_convert_both_ways(void **state) {
  static const struct {
    WORD date, time;
    int64_t days;
    unsigned seconds;
  } cases[] = {
    { 0x0021, 0x0000, 3652, 0 },                                                         /* 1 January 1980 */
    { 20 << 9 | 2 << 5 | 29, 17 << 11 | 34 << 5 | 29, 11016, 17 * 3600 + 34 * 60 + 58 }, /* 29 February 2000 */
    { 0xFF9F, 0xBF7D, 50402, 86398 }, /* 31 December 2107, 23:59:58 */
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    uint64_t ticks = ticks_of(cases[i].days, cases[i].seconds);
    FILETIME file;
    WORD date;
    WORD clock;

    assert_true(CoDosDateTimeToFileTime(cases[i].date, cases[i].time, &file));
    assert_true(((uint64_t)file.dwHighDateTime << 32 | file.dwLowDateTime) == ticks);
    assert_true(CoFileTimeToDosDateTime(&file, &date, &clock));
    assert_int_equal(date, cases[i].date);
    assert_int_equal(clock, cases[i].time);
  }
}

static void impossible_times_are_refused(void **state) {
  static const struct {
    WORD date, time;
  } cases[] = {
    { 0x0000, 0 },      { 0x0020, 0 },      { 0x0001, 0 },
    { 13 << 5 | 1, 0 }, { 2 << 5 | 30, 0 }, { 1 << 9 | 2 << 5 | 29, 0 },
    { 0x21, 24 << 11 }, { 0x21, 60 << 5 },  { 0x21, 30 },
  };
  FILETIME file = { 0, 0 };
  WORD date;
  WORD clock;
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++)
    assert_false(CoDosDateTimeToFileTime(cases[i].date, cases[i].time, &file));
  assert_false(CoFileTimeToDosDateTime(&file, &date, &clock));
  file.dwHighDateTime = 0x7FFFFFFF;
  assert_false(CoFileTimeToDosDateTime(&file, &date, &clock));
  assert_false(CoFileTimeToDosDateTime(NULL, &date, &clock));
}

static void the_time_now_is_utc(void **state) {
  struct timespec start;
  FILETIME file;
  uint64_t ticks;

  (void)state;
  timespec_get(&start, TIME_UTC);
  assert_int_equal(CoFileTimeNow(NULL), E_INVALIDARG);
  assert_int_equal(CoFileTimeNow(&file), S_OK);
  ticks = (uint64_t)file.dwHighDateTime << 32 | file.dwLowDateTime;
  assert_true(ticks / 10000000 - 11644473600 - (uint64_t)start.tv_sec < 60);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(dos_times_convert_both_ways),
    cmocka_unit_test(impossible_times_are_refused),
    cmocka_unit_test(the_time_now_is_utc),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
