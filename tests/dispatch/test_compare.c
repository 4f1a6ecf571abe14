/* VarCmp, VarR4CmpR8. */
#include "support/values.h"

enum { EN_US = 0x0409 };

static void order(void **state) {
  (void)state;
  const struct {
    VARIANT left;
    VARIANT right;
    HRESULT expected;
  } rows[] = {
    { EMPTY, EMPTY, VARCMP_EQ },
    { EMPTY, NULL_, VARCMP_NULL },
    { NULL_, NULL_, VARCMP_NULL },
    { NULL_, I4(1), VARCMP_NULL },
    { EMPTY, I4(0), VARCMP_EQ },
    { EMPTY, I4(1), VARCMP_LT },
    { EMPTY, STR(""), VARCMP_EQ },
    { EMPTY, STR("a"), VARCMP_LT },
    { STR("a"), EMPTY, VARCMP_GT },
    { I2(1), I4(1), VARCMP_EQ },
    { UI1(255), I2(-1), VARCMP_GT },
    { BOOL_(1), I2(-1), VARCMP_EQ },
    { BOOL_(1), BOOL_(0), VARCMP_LT },
    { I8(INT64_MAX), I8(INT64_MIN), VARCMP_GT },
    { INT_(5), I4(5), VARCMP_EQ },
    { R8(0.5), I4(0), VARCMP_GT },
    { R4(0.5), R8(0.5), VARCMP_EQ },
    { R4(1), R8(1.00000001), VARCMP_EQ }, /* in single precision */
    { R8(1.00000001), R4(1), VARCMP_EQ },
    { R4(1), DATE_(1.00000001), VARCMP_EQ },
    { R4(16777216), I4(16777217), VARCMP_EQ },
    { R4(3.4e38), R8(1e308), VARCMP_LT }, /* no single: both are doubles */
    { R8(-1e308), R4(-3.4e38), VARCMP_LT },
    { R4(1), DEC(100000001, 8), VARCMP_LT },
    { CY_(5000), R8(0.5), VARCMP_EQ },
    { CY_(10000), I4(1), VARCMP_EQ },
    { CY_(5), I4(0), VARCMP_GT },
    { CY_(5), I8(INT64_MAX), VARCMP_LT },
    { DATE_(2), I4(2), VARCMP_EQ },
    { DATE_(2), DATE_(2.5), VARCMP_LT },
    { DEC(15, 1), R8(1.5), VARCMP_EQ },
    { DEC(15, 1), I4(1), VARCMP_GT },
    { DEC(15, 1), R8(1e300), VARCMP_LT },
    { DEC(150, 2), DEC(15, 1), VARCMP_EQ },
    { STR("a"), STR("b"), VARCMP_LT },
    { STR("10"), STR("9"), VARCMP_LT },
    { STR("10"), I4(9), VARCMP_GT },
    { I4(9), STR("1"), VARCMP_LT },
    { I4(9), STR("x"), VARCMP_LT },
    { I4(9), make_integer(VT_RESERVED | VT_I4, 9), VARCMP_EQ },
    { ERR(1), ERR(2), VARCMP_EQ },
    { ERR(1), I4(1), DISP_E_TYPEMISMATCH },
    { I4(1), ERR(1), DISP_E_TYPEMISMATCH },
    { UI4(1), I4(1), DISP_E_TYPEMISMATCH },
    { I4(1), I1(1), DISP_E_TYPEMISMATCH },
    { UI8(1), I4(1), DISP_E_TYPEMISMATCH },
    { I4(1), UI8(1), DISP_E_BADVARTYPE },
    { I4(1), INT_(1), DISP_E_BADVARTYPE },
    { UINT_(1), I4(1), DISP_E_BADVARTYPE },
    { make_integer(15, 0), I4(1), DISP_E_TYPEMISMATCH },
    { make_integer(VT_VOID, 0), I4(1), DISP_E_BADVARTYPE },
    { make_integer(VT_BYREF | VT_I4, 0), I4(1), DISP_E_BADVARTYPE },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    VARIANT left = rows[i].left;
    VARIANT right = rows[i].right;
    HRESULT hr = VarCmp(&left, &right, EN_US, 0);
    if (hr != rows[i].expected) {
      print_message("row %zu: 0x%08X\n", i, (unsigned)hr);
    }
    assert_int_equal(hr, rows[i].expected);
  }
}

static VARIANT reserved(VARIANT value, bool flag) {
  value.vt |= flag ? VT_RESERVED : 0;
  return value;
}

static HRESULT mirrored(HRESULT order) {
  return order == VARCMP_LT ? VARCMP_GT : order == VARCMP_GT ? VARCMP_LT : order;
}

/* VT_RESERVED on the string, on the number, or on both, says how they are compared. */
static void a_string_and_a_number(void **state) {
  (void)state;
  enum { LT = VARCMP_LT, EQ = VARCMP_EQ, GT = VARCMP_GT };
  const struct {
    VARIANT string, number;
    HRESULT none, on_string, on_number, both;
  } rows[] = {
    { STR(""), UI1(0), GT, LT, GT, GT },          { make_integer(VT_BSTR, 0), UI1(0), GT, LT, GT, GT },
    { STR("0"), UI1(0), GT, EQ, EQ, GT },         { STR("2cents"), I4(42), GT, LT, GT, GT },
    { STR("0"), I4(-666), GT, LT, GT, GT },       { STR("1"), I4(2147483647), GT, LT, LT, GT },
    { STR("7"), I4(42), GT, GT, LT, GT },         { STR("42"), I4(7), GT, LT, GT, GT },
    { STR("-1"), I4(1), GT, GT, LT, LT },         { STR("-1"), I4(-1), GT, EQ, EQ, LT },
    { STR("-666"), I4(7), GT, LT, LT, LT },       { STR("7"), R8(7), GT, EQ, EQ, GT },
    { STR("0.1"), R4(0.1), GT, EQ, LT, GT }, /* as doubles */
    { STR("1.5"), CY_(15000), GT, EQ, EQ, GT },   { STR("1.5"), DEC(15, 1), GT, EQ, EQ, GT },
    { STR("1e300"), DEC(15, 1), GT, GT, GT, GT }, { STR("-1"), BOOL_(1), GT, EQ, EQ, LT },
    { STR("1e999"), I8(1), GT, GT, GT, GT },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    const HRESULT expected[] = { rows[i].none, rows[i].on_string, rows[i].on_number, rows[i].both };
    for (size_t flags = 0; flags < COUNT_OF(expected); flags++) {
      VARIANT string = reserved(rows[i].string, flags & 1);
      VARIANT number = reserved(rows[i].number, flags & 2);
      VARTYPE string_type = string.vt;
      HRESULT hr = VarCmp(&string, &number, EN_US, 0);
      HRESULT back = VarCmp(&number, &string, EN_US, 0);
      if (hr != expected[flags] || back != mirrored(expected[flags])) {
        print_message("row %zu, flags %zu: 0x%08X and 0x%08X\n", i, flags, (unsigned)hr, (unsigned)back);
        fail();
      }
      assert_int_equal(string.vt, string_type);
    }
  }
}

static void flags_mean_nothing_among_strings(void **state) {
  (void)state;
  const struct {
    VARIANT left, right;
    HRESULT expected;
  } rows[] = {
    { STR("10"), STR("9"), VARCMP_LT }, { STR("a"), EMPTY, VARCMP_GT },
    { STR(""), EMPTY, VARCMP_EQ },      { make_integer(VT_BSTR, 0), EMPTY, VARCMP_EQ },
    { STR("1"), NULL_, VARCMP_NULL },   { I4(1), NULL_, VARCMP_NULL },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    for (size_t flags = 0; flags < 4; flags++) {
      VARIANT left = reserved(rows[i].left, flags & 1);
      VARIANT right = reserved(rows[i].right, flags & 2);
      assert_int_equal(VarCmp(&left, &right, EN_US, 0), rows[i].expected);
      assert_int_equal(VarCmp(&right, &left, EN_US, 0), mirrored(rows[i].expected));
    }
  }
}

static void numbers_are_written_by_the_locale_of_the_call(void **state) {
  (void)state;
  VARIANT string = reserved(STR("1,5"), true);
  VARIANT number = R8(1.5);
  assert_int_equal(VarCmp(&string, &number, 0x0407, 0), VARCMP_EQ);
  string = STR("1,5");
  number = reserved(R8(1.5), true);
  assert_int_equal(VarCmp(&string, &number, 0x0407, 0), VARCMP_EQ);
}

static void case_is_ignored_on_demand(void **state) {
  (void)state;
  VARIANT left = STR("Text");
  VARIANT right = STR("tEXT");
  assert_int_equal(VarCmp(&left, &right, EN_US, NORM_IGNORECASE), VARCMP_EQ);
  assert_int_equal(VarCmp(&left, &right, EN_US, 0), VARCMP_GT);
  assert_int_equal(VarCmp(&left, &right, 0, 0), VARCMP_LT);
}

/* The two lists of "Handling Sorting in Your Applications". */
static void words_stay_together_with_their_hyphened_forms(void **state) {
  (void)state;
  static const OLECHAR *const words[] = { u"billet", u"bills", u"bill's", u"cannot", u"cant",
                                          u"can't",  u"con",   u"coop",   u"co-op" };
  static const OLECHAR *const strings[] = { u"bill's", u"billet", u"bills", u"can't", u"cannot",
                                            u"cant",   u"co-op",  u"con",   u"coop" };
  for (size_t i = 0; i + 1 < COUNT_OF(words); i++) {
    const OLECHAR *const *pairs[] = { words, strings };
    for (size_t kind = 0; kind < COUNT_OF(pairs); kind++) {
      BSTR left = SysAllocString(pairs[kind][i]);
      BSTR right = SysAllocString(pairs[kind][i + 1]);
      ULONG flags = kind == 0 ? 0 : SORT_STRINGSORT;
      assert_int_equal(VarBstrCmp(left, right, EN_US, flags), VARCMP_LT);
      assert_int_equal(VarBstrCmp(right, left, EN_US, flags), VARCMP_GT);
      SysFreeString(left);
      SysFreeString(right);
    }
  }
}

static void kana_types_differ_in_every_language(void **state) {
  (void)state;
  static const LCID lcids[] = { EN_US, 0x0411 };
  BSTR hiragana = SysAllocString(u"\u3042");
  BSTR katakana = SysAllocString(u"\u30A2");
  for (size_t i = 0; i < COUNT_OF(lcids); i++) {
    assert_int_equal(VarBstrCmp(hiragana, katakana, lcids[i], 0), VARCMP_LT);
  }
  assert_int_equal(VarBstrCmp(hiragana, katakana, 0x0411, NORM_IGNOREKANATYPE), VARCMP_EQ);
  SysFreeString(hiragana);
  SysFreeString(katakana);
}

static void digits_are_numbers_on_demand(void **state) {
  (void)state;
  VARIANT left = STR("file 10");
  VARIANT right = STR("file 2");
  assert_int_equal(VarCmp(&left, &right, EN_US, 0), VARCMP_LT);
  assert_int_equal(VarCmp(&left, &right, EN_US, SORT_DIGITSASNUMBERS), VARCMP_GT);
}

static void single_against_double(void **state) {
  (void)state;
  assert_int_equal(VarR4CmpR8(1.5f, 1.5), VARCMP_EQ);
  assert_int_equal(VarR4CmpR8(0.1f, 0.1), VARCMP_GT);
  assert_int_equal(VarR4CmpR8(-1, 1), VARCMP_LT);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(order),
    cmocka_unit_test(a_string_and_a_number),
    cmocka_unit_test(flags_mean_nothing_among_strings),
    cmocka_unit_test(numbers_are_written_by_the_locale_of_the_call),
    cmocka_unit_test(case_is_ignored_on_demand),
    cmocka_unit_test(words_stay_together_with_their_hyphened_forms),
    cmocka_unit_test(kana_types_differ_in_every_language),
    cmocka_unit_test(digits_are_numbers_on_demand),
    cmocka_unit_test(single_against_double),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
