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
    cmocka_unit_test(case_is_ignored_on_demand),
    cmocka_unit_test(words_stay_together_with_their_hyphened_forms),
    cmocka_unit_test(kana_types_differ_in_every_language),
    cmocka_unit_test(digits_are_numbers_on_demand),
    cmocka_unit_test(single_against_double),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
