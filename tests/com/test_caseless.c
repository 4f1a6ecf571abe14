/* Texts without regard to case. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <unicode/uchar.h>

#include "com/caseless.h"

enum { FINAL_SIGMA = 0x03C2 };

/* The table against another source of the same facts. Letters that ICU's Unicode has and the table's has not are no fault. */
static void every_unit_has_the_capital_that_leads_back(void **state) {
  (void)state;
  for (UChar32 unit = 0; unit <= 0xFFFF; unit++) {
    UChar32 capital = u_toupper(unit);
    bool pair = capital <= 0xFFFF && (u_tolower(capital) == unit || unit == FINAL_SIGMA);
    char16_t expected = (char16_t)(pair ? capital : unit);

    if (caseless_upper((char16_t)unit) != expected)
      print_message("U+%04X: U+%04X, not U+%04X\n", (unsigned)unit, caseless_upper((char16_t)unit), expected);
    assert_int_equal(caseless_upper((char16_t)unit), expected);
  }
}

static int sign(int number) {
  return (number > 0) - (number < 0);
}

static void texts_are_ordered_by_their_capitals(void **state) {
  static const struct {
    const char16_t *wide[2];
    const char *narrow[2];
    int order;
  } rows[] = {
    { { u"", u"" }, { "", "" }, 0 },
    { { u"", u"a" }, { "", "a" }, -1 },
    { { u"Name", u"nAME" }, { "Name", "nAME" }, 0 },
    { { u"Name", u"Names" }, { "Name", "Names" }, -1 },
    { { u"a_b", u"aZb" }, { "a_b", "aZb" }, 1 },
    { { u"@[`{", u"@[`{" }, { "@[`{", "@[`{" }, 0 },
    { { u"[", u"{" }, { "[", "{" }, -1 },
    { { u"@", u"`" }, { "@", "`" }, -1 },
    { { u"\u00e4\u00f6\u00fc\u00df", u"\u00c4\u00d6\u00dc\u00df" }, { "äöüß", "ÄÖÜß" }, 0 },
    { { u"\u00f7", u"\u00d7" }, { "÷", "×" }, 1 },
    { { u"\u00ff", u"\u0178" }, { "ÿ", "Ÿ" }, 0 },
    { { u"\u00e4", u"a" }, { "ä", "a" }, 1 },
    { { u"\u00b5", u"\u03bc" }, { "µ", "μ" }, -1 },
    { { u"\u0131", u"I" }, { "ı", "I" }, 1 },
    { { u"\u0130", u"i" }, { "İ", "i" }, 1 },
    { { u"\u017f", u"S" }, { "ſ", "S" }, 1 },
    { { u"\u03bb\u03cc\u03b3\u03bf\u03c2", u"\u039b\u038c\u0393\u039f\u03a3" }, { "λόγος", "ΛΌΓΟΣ" }, 0 },
    { { u"\u0438\u043c\u044f", u"\u0418\u041c\u042f" }, { "имя", "ИМЯ" }, 0 },
    { { u"\u2c65", u"\u023a" }, { "ⱥ", "Ⱥ" }, 0 }, /* three bytes and two */
    { { u"\uff41", u"\uff21" }, { "ａ", "Ａ" }, 0 },
    { { u"\U00010428", u"\U00010400" }, { "𐐨", "𐐀" }, 1 }, /* no single unit: themselves */
  };

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
    const char16_t *first = rows[i].wide[0], *second = rows[i].wide[1];
    const char *one = rows[i].narrow[0], *other = rows[i].narrow[1];

    assert_int_equal(sign(caseless_compare(first, second)), rows[i].order);
    assert_int_equal(sign(caseless_compare(second, first)), -rows[i].order);
    assert_int_equal(caseless_equal(first, second), rows[i].order == 0);
    assert_int_equal(sign(caseless_compare_utf8(one, strlen(one), other, strlen(other))), rows[i].order);
    assert_int_equal(sign(caseless_compare_utf8(other, strlen(other), one, strlen(one))), -rows[i].order);
    assert_int_equal(caseless_equal_utf8(one, other), rows[i].order == 0);
  }
}

static void bytes_that_are_no_utf8_are_letters_of_their_own(void **state) {
  static const struct {
    const char *first, *second;
    int order;
  } rows[] = {
    { "\xe4", "\xe4", 0 },
    { "\xe4", "\xc4", 1 },
    { "\xe4", "\xef\xbf\xbf", 1 },
    { "a\xc3", "A\xc3", 0 },
    { "\xf4\x90\x80\x80", "\xf4\x90\x80\x81", -1 },
    { "\xc3", "\xc3\xa4", 1 },
  };

  (void)state;
  for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
    assert_int_equal(
        sign(caseless_compare_utf8(rows[i].first, strlen(rows[i].first), rows[i].second, strlen(rows[i].second))),
        rows[i].order);
}

static void sizes_bound_the_bytes(void **state) {
  (void)state;
  assert_int_equal(caseless_compare_utf8("abc", 2, "ABx", 2), 0);
  assert_true(caseless_compare_utf8("a\0b", 3, "A\0c", 3) < 0);
  assert_int_equal(caseless_compare_utf8("\xc3\xa4", 1, "\xc3\x84", 1), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(every_unit_has_the_capital_that_leads_back),
    cmocka_unit_test(texts_are_ordered_by_their_capitals),
    cmocka_unit_test(bytes_that_are_no_utf8_are_letters_of_their_own),
    cmocka_unit_test(sizes_bound_the_bytes),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
