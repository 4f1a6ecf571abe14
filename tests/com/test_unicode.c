/* UTF-8 and UTF-16, both ways. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "com/unicode.h"
#include "support/faults.h"

static void texts_go_there_and_back(void **state) {
  static const char16_t wide0[] = { 0xD800, 0xDC00, 0xDBFF, 0xDFFF };
  static const char16_t wide1[] = { 0xD800 };
  static const char16_t wide2[] = { 0xDFFF };
  static const char16_t wide3[] = { 0xDC00, 0xD800 };
  static const char16_t wide4[] = { 0xD800, 'x', 0xDC00 };
  static const char16_t wide5[] = { 0xD800, 0xD800, 0xDC00 };
  static const struct {
    const char *narrow;
    size_t bytes;
    const char16_t *wide;
    size_t units;
  } cases[] = {
    { "", 0, u"", 0 },
    { "a\0b", 3, u"a\0b", 3 },
    { "\x7f\xc2\x80\xdf\xbf", 5, u"\x7f\x80\x7ff", 3 },
    { "\xe0\xa0\x80\xef\xbf\xbf", 6, u"\x800\xffff", 2 },
    { "\xf0\x90\x80\x80\xf4\x8f\xbf\xbf", 8, wide0, 4 },
    { "\xed\xa0\x80", 3, wide1, 1 },
    { "\xed\xbf\xbf", 3, wide2, 1 },
    { "\xed\xb0\x80\xed\xa0\x80", 6, wide3, 2 },
    { "\xed\xa0\x80x\xed\xb0\x80", 7, wide4, 3 },
    { "\xed\xa0\x80\xf0\x90\x80\x80", 7, wide5, 3 },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    char16_t wide[8];
    char narrow[16];

    assert_int_equal(utf16_length(cases[i].narrow, cases[i].bytes), cases[i].units);
    assert_int_equal(utf16_from_utf8(cases[i].narrow, cases[i].bytes, wide), cases[i].units);
    assert_memory_equal(wide, cases[i].wide, cases[i].units * sizeof *wide);
    assert_int_equal(utf8_length(cases[i].wide, cases[i].units), cases[i].bytes);
    assert_int_equal(utf8_from_utf16(cases[i].wide, cases[i].units, narrow), cases[i].bytes);
    assert_memory_equal(narrow, cases[i].narrow, cases[i].bytes);
  }
}

static void what_is_not_utf8_is_refused(void **state) {
  static const char *const bad[] = {
    "\x80",
    "\xbf",
    "\xc0\x80",
    "\xc1\xbf",
    "\xe0\x9f\xbf",
    "\xf0\x8f\xbf\xbf",
    "\xf4\x90\x80\x80",
    "\xf5\x80\x80\x80",
    "\xff",
    "\xfe",
    "\xc2",
    "\xe2\x82",
    "\xf0\x90\x80",
    "\xc2x",
    "\xe2\x82x",
    "\xed\xa0\x80\xed\xb0\x80",
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
    if (utf16_length(bad[i], strlen(bad[i])) != UNICODE_INVALID)
      fail_msg("case %zu is accepted", i);
}

static void copies_are_terminated(void **state) {
  char16_t *wide = utf16_copy("h\u00e9");
  char *narrow;

  (void)state;
  assert_memory_equal(wide, u"h\u00e9", 3 * sizeof *wide);
  narrow = utf8_copy(wide);
  assert_string_equal(narrow, "h\u00e9");
  free(wide);
  free(narrow);
  assert_null(utf16_copy("\xff"));
  assert_int_equal(utf16_units(NULL), 0);
  assert_int_equal(utf16_units(u"abc"), 3);
  faults_fail_at(1);
  assert_null(utf16_copy("a"));
  faults_fail_at(1);
  assert_null(utf8_copy(u"a"));
  faults_off();
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(texts_go_there_and_back),
    cmocka_unit_test(what_is_not_utf8_is_refused),
    cmocka_unit_test(copies_are_terminated),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
