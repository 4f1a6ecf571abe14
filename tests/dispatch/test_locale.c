/* What a locale says, for the languages that Automation is tested with. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include <locale.h>
#include <oleauto.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "dispatch/text/locale.h"
#include "support/faults.h"
#include "support/text.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static const struct {
  LCID lcid;
  const OLECHAR *decimal, *thousands, *currency, *short_date, *time, *date_separator, *month, *day;
  int currency_positive, currency_negative, currency_digits, order, first_day, group_rest;
} rows[] = {
  { 0x0409, u".", u",", u"$", u"M/d/yyyy", u"h:mm:ss tt", u"/", u"January", u"Sunday", 0, 0, 2, 0, 0, 3 },
  { 0x0809, u".", u",", u"£", u"dd/MM/yyyy", u"HH:mm:ss", u"/", u"January", u"Sunday", 0, 1, 2, 1, 1, 3 },
  { 0x040C, u",", u"\u00A0", u"€", u"dd/MM/yyyy", u"HH:mm:ss", u"/", u"janvier", u"dimanche", 3, 8, 2, 1, 1, 3 },
  { 0x0407, u",", u".", u"€", u"dd.MM.yyyy", u"HH:mm:ss", u".", u"Januar", u"Sonntag", 3, 8, 2, 1, 1, 3 },
  { 0x0C0A, u",", u".", u"€", u"dd/MM/yyyy", u"H:mm:ss", u"/", u"enero", u"domingo", 3, 8, 2, 1, 1, 3 },
  { 0x0415, u",", u"\u00A0", u"zł", u"dd.MM.yyyy", u"HH:mm:ss", u".", u"styczeń", u"niedziela", 3, 8, 2, 1, 1, 3 },
  { 0x0419, u",", u"\u00A0", u"₽", u"dd.MM.yyyy", u"H:mm:ss", u".", u"январь", u"воскресенье", 3, 8, 2, 1, 1, 3 },
  { 0x0401, u".", u",", u"ر.س.\u200F", u"dd/MM/yy", u"hh:mm:ss tt", u"/", u"يناير", u"الأحد", 2, 3, 2, 1, 0, 3 },
  { 0x0411, u".", u",", u"\u00A5", u"yyyy/MM/dd", u"H:mm:ss", u"/", u"1月", u"日曜日", 0, 1, 0, 2, 0, 3 },
  { 0x0439, u".", u",", u"₹", u"d/M/yyyy", u"h:mm:ss tt", u"/", u"जनवरी", u"रविवार", 0, 1, 2, 1, 0, 2 },
};

static void same(const OLECHAR *actual, const OLECHAR *expected, LCID lcid) {
  if (strcmp(text_show(actual), text_show(expected)) != 0)
    fail_msg("%04x: \"%s\" instead of \"%s\"", lcid, text_show(actual), text_show(expected));
}

static void locales_as_windows_has_them(void **state) {
  (void)state;
  for (size_t i = 0; i < COUNT(rows); i++) {
    LCID lcid = rows[i].lcid;
    const Locale *locale = locale_find(lcid);
    assert_non_null(locale);
    assert_int_equal(locale->lcid, lcid);
    same(locale->decimal, rows[i].decimal, lcid);
    same(locale->thousands, rows[i].thousands, lcid);
    same(locale->currency_decimal, rows[i].decimal, lcid);
    same(locale->currency, rows[i].currency, lcid);
    same(locale->short_date, rows[i].short_date, lcid);
    same(locale->time, rows[i].time, lcid);
    same(locale->time_separator, u":", lcid);
    same(locale->date_separator, rows[i].date_separator, lcid);
    same(locale->months[0], rows[i].month, lcid);
    same(locale->days[0], rows[i].day, lcid);
    assert_int_equal(locale->currency_positive, rows[i].currency_positive);
    assert_int_equal(locale->currency_negative, rows[i].currency_negative);
    assert_int_equal(locale->currency_digits, rows[i].currency_digits);
    assert_int_equal(locale->date_order, rows[i].order);
    assert_int_equal(locale->first_day, rows[i].first_day);
    assert_int_equal(locale->group_first, 3);
    assert_int_equal(locale->group_rest, rows[i].group_rest);
    assert_ptr_equal(locale_find(lcid), locale); /* kept */
  }
}

static void default_locales(void **state) {
  (void)state;
  static const LCID lcids[] = { 0, 0x400, 0x800, 0xC00, 0x409, 0x9, 0x00010409 };
  setlocale(LC_ALL, "");
  for (size_t i = 0; i < COUNT(lcids); i++)
    assert_ptr_equal(locale_find(lcids[i]), &locale_en_us);
  assert_ptr_equal(locale_find(0x7F), &locale_invariant);
  assert_ptr_equal(locale_find(0x00010407), locale_find(0x0407)); /* another sort order */
  assert_ptr_equal(locale_find(0x0007), locale_find(0x0407));
  assert_null(locale_find(0x9999));
  assert_ptr_equal(locale_get(0x9999), &locale_en_us);
}

static void every_locale_is_complete(void **state) {
  (void)state;
  int found = 0;
  for (LCID language = 1; language < 0x100; language++)
    for (LCID country = 1; country <= 20; country++) {
      const Locale *locale = locale_find(language | country << 10);
      if (locale == NULL)
        continue;
      found++;
      assert_true(locale->decimal[0] != 0 && locale->currency[0] != 0);
      assert_true(locale->short_date[0] != 0 && locale->long_date[0] != 0 && locale->time[0] != 0);
      assert_true(locale->date_separator[0] != 0 && locale->time_separator[0] != 0);
      assert_true(locale->currency_positive < 4 && locale->currency_negative < 16 && locale->negative_number < 5);
      assert_true(locale->first_day < 7 && locale->first_week < 3);
      for (int i = 0; i < 12; i++)
        assert_true(locale->months[i][0] != 0 && locale->months_short[i][0] != 0 && locale->months_genitive[i][0] != 0);
      for (int i = 0; i < 7; i++)
        assert_true(locale->days[i][0] != 0 && locale->days_short[i][0] != 0);
    }
  assert_true(found > 150);
}

static void *find_all(void *context) {
  (void)context;
  for (size_t i = 0; i < COUNT(rows); i++) {
    if (locale_find(rows[i].lcid) == NULL || locale_find(0x816) == NULL || locale_find(0x41F) == NULL)
      return (void *)1;
  }
  return NULL;
}

static void threads_share_locales(void **state) {
  pthread_t threads[8];
  (void)state;
  for (size_t i = 0; i < COUNT(threads); i++)
    assert_int_equal(pthread_create(&threads[i], NULL, find_all, NULL), 0);
  for (size_t i = 0; i < COUNT(threads); i++) {
    void *result = NULL;
    pthread_join(threads[i], &result);
    assert_null(result);
  }
}

static int find_without_memory(void *context) {
  static LCID lcid = 0x0402; /* a new one each time: a locale is kept once it is found */
  (void)context;
  const Locale *locale = locale_find(lcid);
  const Locale *fallback = locale_get(lcid);
  lcid = lcid < 0x0430 ? lcid + 1 : 0x0402;
  return fallback == NULL || (locale != NULL && fallback != locale && fallback != &locale_en_us);
}

static void failing_allocations_leave_the_default(void **state) {
  (void)state;
  for (size_t i = 1; i < 40; i++) {
    faults_fail_at(i);
    int bad = find_without_memory(NULL);
    faults_off();
    assert_int_equal(bad, 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(failing_allocations_leave_the_default),
    cmocka_unit_test(threads_share_locales),
    cmocka_unit_test(locales_as_windows_has_them),
    cmocka_unit_test(default_locales),
    cmocka_unit_test(every_locale_is_complete),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
