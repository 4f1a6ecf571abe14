/* GUIDs: text forms, and what is refused. Expected results are those that the documentation and Windows give. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <objbase.h>

#include "com/com_api.h"
#include "support/faults.h"

static const GUID sample = { 0x00020424, 0xABCD, 0x12EF, { 0xC0, 0, 1, 2, 3, 4, 0xFE, 0x46 } };

static void string_from_guid_writes_upper_case_in_braces(void **state) {
  OLECHAR text[40];

  (void)state;
  assert_int_equal(StringFromGUID2(&sample, text, 39), 39);
  assert_memory_equal(text, u"{00020424-ABCD-12EF-C000-01020304FE46}", 39 * sizeof(OLECHAR));
  assert_int_equal(StringFromGUID2(&sample, text, 38), 0);
  assert_int_equal(StringFromGUID2(&sample, text, 0), 0);
}

static void string_from_clsid_gives_task_memory(void **state) {
  LPOLESTR text;

  (void)state;
  assert_int_equal(StringFromCLSID(&sample, &text), S_OK);
  assert_memory_equal(text, u"{00020424-ABCD-12EF-C000-01020304FE46}", 39 * sizeof(OLECHAR));
  CoTaskMemFree(text);
  assert_int_equal(StringFromIID(&sample, &text), S_OK);
  CoTaskMemFree(text);
  assert_int_equal(StringFromCLSID(&sample, NULL), E_INVALIDARG);
  faults_fail_at(1);
  assert_int_equal(StringFromCLSID(&sample, &text), E_OUTOFMEMORY);
  faults_off();
}

static void strings_become_guids(void **state) {
  static const struct {
    const char *name;
    LPCOLESTR text;
    HRESULT clsid, iid;
  } cases[] = {
    { "upper case", u"{00020424-ABCD-12EF-C000-01020304FE46}", S_OK, S_OK },
    { "lower case", u"{00020424-abcd-12ef-c000-01020304fe46}", S_OK, S_OK },
    { "without braces", u"00020424-ABCD-12EF-C000-01020304FE46", CO_E_CLASSSTRING, E_INVALIDARG },
    { "text behind", u"{00020424-ABCD-12EF-C000-01020304FE46}x", CO_E_CLASSSTRING, E_INVALIDARG },
    { "no closing brace", u"{00020424-ABCD-12EF-C000-01020304FE46", CO_E_CLASSSTRING, E_INVALIDARG },
    { "wrong closing brace", u"{00020424-ABCD-12EF-C000-01020304FE46)", CO_E_CLASSSTRING, CO_E_IIDSTRING },
    { "wrong digit", u"{0002042G-ABCD-12EF-C000-01020304FE46}", CO_E_CLASSSTRING, CO_E_IIDSTRING },
    { "wrong hyphen", u"{00020424+ABCD-12EF-C000-01020304FE46}", CO_E_CLASSSTRING, CO_E_IIDSTRING },
    { "wide digit", u"{0002042\uff14-ABCD-12EF-C000-01020304FE46}", CO_E_CLASSSTRING, CO_E_IIDSTRING },
    { "no braces, 38 units", u"000020424-ABCD-12EF-C000-01020304FE466", CO_E_CLASSSTRING, CO_E_IIDSTRING },
    { "short", u"{00020424}", CO_E_CLASSSTRING, E_INVALIDARG },
    { "brace alone", u"{", CO_E_CLASSSTRING, E_INVALIDARG },
    { "empty", u"", CO_E_CLASSSTRING, E_INVALIDARG },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    GUID guid;
    HRESULT result;

    memset(&guid, 0xCC, sizeof guid);
    result = CLSIDFromString(cases[i].text, &guid);
    if (result != cases[i].clsid || (result == S_OK && !IsEqualGUID(&guid, &sample)))
      fail_msg("CLSIDFromString, %s: 0x%08X", cases[i].name, (unsigned)result);
    memset(&guid, 0xCC, sizeof guid);
    result = IIDFromString(cases[i].text, &guid);
    if (result != cases[i].iid || (result == S_OK && !IsEqualGUID(&guid, &sample)))
      fail_msg("IIDFromString, %s: 0x%08X", cases[i].name, (unsigned)result);
  }
}

static void null_string_is_the_null_guid(void **state) {
  GUID guid = sample;

  (void)state;
  assert_int_equal(CLSIDFromString(NULL, &guid), S_OK);
  assert_true(IsEqualGUID(&guid, &GUID_NULL));
  guid = sample;
  assert_int_equal(IIDFromString(NULL, &guid), S_OK);
  assert_true(IsEqualGUID(&guid, &GUID_NULL));
  assert_int_equal(CLSIDFromString(u"{00020424-ABCD-12EF-C000-01020304FE46}", NULL), E_INVALIDARG);
  assert_int_equal(IIDFromString(u"{00020424-ABCD-12EF-C000-01020304FE46}", NULL), E_INVALIDARG);
}

static void utf8_form_round_trips(void **state) {
  static const char *const bad[] = { "",
                                     "{",
                                     "{00020424-ABCD-12EF-C000-01020304FE4}",
                                     "x00020424-ABCD-12EF-C000-01020304FE46}",
                                     "{00020424-ABCD-12EF-C000-01020304FE4 }",
                                     "{00020424-ABCD-12EF-C000-01020304FE46}}" };
  char text[GUID_TEXT_UNITS];
  GUID guid;
  size_t i;

  (void)state;
  guid_format_utf8(&sample, text);
  assert_string_equal(text, "{00020424-ABCD-12EF-C000-01020304FE46}");
  assert_true(guid_parse_utf8(text, &guid));
  assert_true(IsEqualGUID(&guid, &sample));
  for (i = 0; i < sizeof bad / sizeof bad[0]; i++)
    assert_false(guid_parse_utf8(bad[i], &guid));
}

static void new_guids_are_random_and_say_so(void **state) {
  GUID first;
  GUID second;

  (void)state;
  assert_int_equal(CoCreateGuid(NULL), E_INVALIDARG);
  assert_int_equal(CoCreateGuid(&first), S_OK);
  assert_int_equal(CoCreateGuid(&second), S_OK);
  assert_false(IsEqualGUID(&first, &second));
  assert_int_equal(first.Data3 >> 12, 4);        /* RFC 4122: version 4 */
  assert_int_equal(first.Data4[0] & 0xC0, 0x80); /* variant */
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(string_from_guid_writes_upper_case_in_braces),
    cmocka_unit_test(string_from_clsid_gives_task_memory),
    cmocka_unit_test(strings_become_guids),
    cmocka_unit_test(null_string_is_the_null_guid),
    cmocka_unit_test(utf8_form_round_trips),
    cmocka_unit_test(new_guids_are_random_and_say_so),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
