/* BSTR: lengths, embedded zeros, reallocation, concatenation, comparison. */
#include "support/faults.h"
#include "support/values.h"

static void lengths_are_counted_in_bytes(void **state) {
  (void)state;
  BSTR text = SysAllocString(u"abc");
  assert_int_equal(SysStringLen(text), 3);
  assert_int_equal(SysStringByteLen(text), 6);
  assert_int_equal(((const uint32_t *)(const void *)text)[-1], 6);
  assert_int_equal(text[3], 0);
  SysFreeString(text);
  assert_null(SysAllocString(NULL));
  assert_int_equal(SysStringLen(NULL), 0);
  assert_int_equal(SysStringByteLen(NULL), 0);
  SysFreeString(NULL);
}

static void embedded_zeros_are_text(void **state) {
  (void)state;
  BSTR text = SysAllocStringLen(u"a\0b", 3);
  assert_int_equal(SysStringLen(text), 3);
  assert_int_equal(text[1], 0);
  assert_int_equal(text[2], 'b');
  SysFreeString(text);
}

static void an_odd_length_ends_in_a_readable_zero_unit(void **state) {
  (void)state;
  for (UINT length = 0; length < 40; length++) {
    BSTR text = SysAllocStringByteLen(NULL, length);
    memset(text, 'x', length);
    assert_int_equal(SysStringByteLen(text), length);
    assert_int_equal(SysStringLen(text), length / 2);
    for (int i = 0; i < 3; i++) {
      assert_int_equal(((const char *)text)[length + (UINT)i], 0);
    }
    SysFreeString(text);
  }
  BSTR text = SysAllocStringByteLen("abc", 3);
  assert_memory_equal(text, "abc\0\0", 5);
  SysFreeString(text);
}

static void too_long_is_refused(void **state) {
  (void)state;
  assert_null(SysAllocStringLen(NULL, 0x80000000u));
  assert_null(SysAllocStringLen(NULL, 0xFFFFFFFFu));
  assert_null(SysAllocStringLen(u"a", 0x7FFFFFFFu));
  assert_null(SysAllocStringByteLen(NULL, 0xFFFFFFFFu));
}

static void reallocation_keeps_or_replaces(void **state) {
  (void)state;
  BSTR text = SysAllocString(u"0123456789");
  BSTR before = text;
  assert_int_equal(SysReAllocStringLen(&text, NULL, 4), TRUE);
  assert_ptr_equal(text, before); /* shrinks in place */
  assert_true(texts_equal(text, u"0123"));
  assert_int_equal(SysReAllocStringLen(&text, NULL, 400), TRUE);
  assert_memory_equal(text, u"0123", 8);
  assert_int_equal(SysStringLen(text), 400);
  assert_int_equal(text[400], 0);
  assert_int_equal(SysReAllocString(&text, u"new"), TRUE);
  assert_true(texts_equal(text, u"new"));
  assert_int_equal(SysReAllocString(&text, NULL), TRUE);
  assert_null(text);
  assert_int_equal(SysReAllocStringLen(&text, u"xyz", 2), TRUE);
  assert_true(texts_equal(text, u"xy"));
  SysFreeString(text);
  assert_int_equal(SysReAllocString(NULL, u"x"), FALSE);
  assert_int_equal(SysReAllocStringLen(NULL, u"x", 1), FALSE);
}

static void source_and_target_may_be_the_same(void **state) {
  (void)state;
  BSTR text = SysAllocString(u"abcdef");
  assert_int_equal(SysReAllocString(&text, text), TRUE);
  assert_true(texts_equal(text, u"abcdef"));
  assert_int_equal(SysReAllocString(&text, text + 2), TRUE);
  assert_true(texts_equal(text, u"cdef"));
  assert_int_equal(SysReAllocStringLen(&text, text + 1, 2), TRUE);
  assert_true(texts_equal(text, u"de"));
  assert_int_equal(SysReAllocStringLen(&text, text, 2), TRUE);
  assert_true(texts_equal(text, u"de"));
  assert_int_equal(SysReAllocStringLen(&text, text, 100000), TRUE); /* nothing is read beyond the old length */
  assert_int_equal(SysStringLen(text), 100000);
  assert_memory_equal(text, u"de", 4);
  assert_int_equal(text[100000], 0);
  SysFreeString(text);
}

static void a_pinned_string_outlives_its_free(void **state) {
  (void)state;
  BSTR text = SysAllocString(u"pinned");
  assert_int_equal(SysAddRefString(text), S_OK);
  assert_int_equal(SysAddRefString(text), S_OK);
  SysReleaseString(text);
  SysFreeString(text);
  assert_true(texts_equal(text, u"pinned"));
  SysReleaseString(text); /* freed here: the leak checker is the witness */
  assert_int_equal(SysAddRefString(NULL), S_OK);
  SysReleaseString(NULL);
}

static void concatenation_joins_bytes(void **state) {
  (void)state;
  BSTR left = SysAllocStringByteLen("abc", 3);
  BSTR right = SysAllocStringByteLen("de", 2);
  BSTR joined = NULL;
  assert_int_equal(VarBstrCat(left, right, &joined), S_OK);
  assert_int_equal(SysStringByteLen(joined), 5);
  assert_memory_equal(joined, "abcde", 5);
  SysFreeString(joined);
  assert_int_equal(VarBstrCat(NULL, right, &joined), S_OK);
  assert_int_equal(SysStringByteLen(joined), 2);
  SysFreeString(joined);
  joined = NULL;
  assert_int_equal(VarBstrCat(NULL, NULL, &joined), S_OK);
  assert_non_null(joined);
  assert_int_equal(SysStringLen(joined), 0);
  SysFreeString(joined);
  assert_int_equal(VarBstrCat(left, right, NULL), E_INVALIDARG);
  SysFreeString(left);
  SysFreeString(right);
}

enum { EN_US = 0x0409, SWEDISH = 0x041D };

static void comparison(void **state) {
  (void)state;
  static const struct {
    const OLECHAR *left;
    const OLECHAR *right;
    LCID lcid;
    ULONG flags;
    HRESULT expected;
  } rows[] = {
    { u"", u"", EN_US, 0, VARCMP_EQ },
    { u"", u"a", EN_US, 0, VARCMP_LT },
    { u"a", u"", EN_US, 0, VARCMP_GT },
    { u"a", u"a", EN_US, 0, VARCMP_EQ },
    { u"a", u"b", EN_US, 0, VARCMP_LT },
    { u"a", u"A", EN_US, 0, VARCMP_LT },
    { u"a", u"A", EN_US, NORM_IGNORECASE, VARCMP_EQ },
    { u"a", u"A", 0, 0, VARCMP_GT },
    { u"a", u"A", 0, NORM_IGNORECASE, VARCMP_GT },
    { u"ab", u"a", 0, 0, VARCMP_GT },
    { u"a", u"ab", 0, 0, VARCMP_LT },
    { u"B", u"a", EN_US, 0, VARCMP_GT },
    { u"B", u"a", 0, 0, VARCMP_LT },
    { u"resume", u"r\u00e9sum\u00e9", EN_US, 0, VARCMP_LT },
    { u"resume", u"r\u00e9sum\u00e9", EN_US, NORM_IGNORENONSPACE, VARCMP_EQ },
    { u"Resume", u"r\u00e9sum\u00e9", EN_US, NORM_IGNORENONSPACE, VARCMP_GT },
    { u"Resume", u"r\u00e9sum\u00e9", EN_US, NORM_IGNORENONSPACE | NORM_IGNORECASE, VARCMP_EQ },
    { u"z", u"\u00f6", EN_US, 0, VARCMP_GT },
    { u"z", u"\u00f6", SWEDISH, 0, VARCMP_LT },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    BSTR left = SysAllocString(rows[i].left);
    BSTR right = SysAllocString(rows[i].right);
    HRESULT hr = VarBstrCmp(left, right, rows[i].lcid, rows[i].flags);
    if (hr != rows[i].expected) {
      print_message("row %zu: %d\n", i, (int)hr);
    }
    assert_int_equal(hr, rows[i].expected);
    SysFreeString(left);
    SysFreeString(right);
  }
  BSTR text = SysAllocString(u"x");
  BSTR empty = SysAllocString(u"");
  assert_int_equal(VarBstrCmp(NULL, empty, EN_US, 0), VARCMP_EQ);
  assert_int_equal(VarBstrCmp(NULL, text, EN_US, 0), VARCMP_LT);
  assert_int_equal(VarBstrCmp(text, NULL, 0, 0), VARCMP_GT);
  SysFreeString(text);
  SysFreeString(empty);
}

/* More locales and flags than collators are kept open. */
static void many_locales(void **state) {
  (void)state;
  static const LCID lcids[] = { 0x0400, 0x0405, 0x0407, 0x0408, 0x0409, 0x040C, 0x0411, 0x0419, 0x041D, 0x0FFF };
  BSTR left = SysAllocString(u"text");
  BSTR right = SysAllocString(u"TEXTS");
  for (int round = 0; round < 2; round++) {
    for (size_t i = 0; i < COUNT_OF(lcids); i++) {
      assert_int_equal(VarBstrCmp(left, right, lcids[i], round == 0 ? 0 : NORM_IGNORECASE), VARCMP_LT);
    }
  }
  assert_int_equal(VarBstrCmp(left, right, EN_US, NORM_IGNORESYMBOLS), VARCMP_LT);
  SysFreeString(left);
  SysFreeString(right);
}

static int allocations(void *context) {
  (void)context;
  BSTR text = SysAllocString(u"some text that is long enough to move");
  if (text == NULL) {
    return 0;
  }
  BSTR before = text;
  if (SysReAllocStringLen(&text, NULL, 1000) == FALSE && (text != before || SysStringLen(text) != 37)) {
    return 1;
  }
  before = text;
  if (SysReAllocString(&text, u"other") == FALSE && text != before) {
    return 1;
  }
  BSTR joined = (BSTR)-1;
  HRESULT hr = VarBstrCat(text, text, &joined);
  if (hr == S_OK) {
    SysFreeString(joined);
  } else if (hr != E_OUTOFMEMORY || joined != (BSTR)-1) {
    return 1;
  }
  SysFreeString(text);
  return 0;
}

static void a_failed_allocation_changes_nothing(void **state) {
  (void)state;
  faults_each(allocations, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(lengths_are_counted_in_bytes),
    cmocka_unit_test(embedded_zeros_are_text),
    cmocka_unit_test(an_odd_length_ends_in_a_readable_zero_unit),
    cmocka_unit_test(too_long_is_refused),
    cmocka_unit_test(reallocation_keeps_or_replaces),
    cmocka_unit_test(source_and_target_may_be_the_same),
    cmocka_unit_test(a_pinned_string_outlives_its_free),
    cmocka_unit_test(concatenation_joins_bytes),
    cmocka_unit_test(comparison),
    cmocka_unit_test(many_locales),
    cmocka_unit_test(a_failed_allocation_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
