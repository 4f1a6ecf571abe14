/* LHashValOfNameSys. The values of the first rows are those that real type libraries store for the names. */
#include "support/values.h"

static void known_names(void **state) {
  (void)state;
  static const struct {
    const OLECHAR *name;
    LCID lcid;
    USHORT expected;
  } rows[] = {
    { u"_NewEnum", 0x409, 16760 },    { u"NetworkPolicy", 0x409, 35087 },  { u"RoutingType", 0x409, 34971 },
    { u"TimeOfDay", 0x409, 44564 },   { u"PolicyEnforcer", 0x409, 15867 }, { u"Shutdown", 0x409, 24861 },
    { u"GetProperty", 0x409, 50541 }, { u"PutProperty", 0x409, 30279 },    { u"InitNew", 0x409, 10727 },
    { u"_NewEnum", 0xC0A, 54149 },    { u"IFwd", 0xC0A, 12938 },           { u"tagCY", 0xC0A, 2758 },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    ULONG hash = LHashValOfNameSys(SYS_WIN32, rows[i].lcid, rows[i].name);
    assert_int_equal(WHashValOfLHashVal(hash), rows[i].expected);
  }
}

static void the_empty_name(void **state) {
  (void)state;
  assert_int_equal(LHashValOfNameSys(SYS_WIN32, 0x409, u""), 0x00100000 | (0x0DEADBEE % 65599 & 0xFFFF));
  assert_int_equal(LHashValOfNameSys(SYS_WIN32, 0x409, NULL), 0);
  assert_int_equal(LHashValOfNameSysA(SYS_WIN32, 0x409, NULL), 0);
  assert_int_equal(LHashValOfNameSysA((SYSKIND)99, 0x409, "x"), 0);
}

static void the_upper_half_names_the_letters(void **state) {
  (void)state;
  static const struct {
    LCID lcid;
    ULONG expected;
  } rows[] = {
    { 0x0409, 0x10 }, { 0, 0x10 },      { 0x0407, 0x10 }, { 0x0405, 0x20 }, { 0x040E, 0x20 }, { 0x0415, 0x20 },
    { 0x041B, 0x20 }, { 0x0419, 0x30 }, { 0x0411, 0x40 }, { 0x0412, 0x50 }, { 0x0804, 0x60 }, { 0x0404, 0x70 },
    { 0x0C04, 0x70 }, { 0x0408, 0x80 }, { 0x040F, 0x90 }, { 0x041F, 0xA0 }, { 0x0414, 0xB0 }, { 0x0C0A, 0xC0 },
    { 0x0429, 0xD0 }, { 0x0401, 0xD0 }, { 0x0801, 0xD0 }, { 0x040D, 0xE0 },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    assert_int_equal(LHashValOfNameSys(SYS_WIN32, rows[i].lcid, u"x") >> 16, rows[i].expected);
  }
}

static void case_and_accents_do_not_count(void **state) {
  (void)state;
  static const struct {
    const OLECHAR *one;
    const OLECHAR *other;
    LCID lcid;
  } rows[] = {
    { u"abcxyz", u"ABCXYZ", 0x409 },
    { u"Resume", u"R\u00e9sum\u00e9", 0x409 },
    { u"\u00c9t\u00e9", u"\u00e9T\u00c9", 0x40C },
    { u"\u0441\u043b\u043e\u0432\u043e", u"\u0421\u041b\u041e\u0412\u041e", 0x419 },
    { u"w", u"V", 0x409 },
    { u"y", u"U", 0x409 },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    assert_int_equal(LHashValOfNameSys(SYS_WIN32, rows[i].lcid, rows[i].one),
                     LHashValOfNameSys(SYS_WIN32, rows[i].lcid, rows[i].other));
  }
  assert_int_equal(LHashValOfNameSys(SYS_WIN32, 0x409, u"R\u00e9sum\u00e9"),
                   LHashValOfNameSysA(SYS_WIN64, 0x409, "R\xE9sum\xE9"));
}

static void a_long_name_is_cut(void **state) {
  (void)state;
  OLECHAR name[1001];
  for (size_t i = 0; i < 1000; i++) {
    name[i] = i % 7 == 0 ? u'\u00e9' : u'a';
  }
  name[1000] = 0;
  ULONG hash = LHashValOfNameSys(SYS_WIN32, 0x409, name);
  name[255] = 0;
  assert_int_equal(hash, LHashValOfNameSys(SYS_WIN32, 0x409, name));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(known_names),
    cmocka_unit_test(the_empty_name),
    cmocka_unit_test(the_upper_half_names_the_letters),
    cmocka_unit_test(case_and_accents_do_not_count),
    cmocka_unit_test(a_long_name_is_cut),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
