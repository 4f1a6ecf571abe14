/* Names and texts of error codes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <oleander.h>

static void codes_have_names_and_texts(void **state) {
  static const struct {
    uint32_t code;
    const char *name, *text;
  } cases[] = {
    { 0, "S_OK", "Success" },
    { 0x80004001, "E_NOTIMPL", "Not implemented" },
    { 0x80004002, "E_NOINTERFACE", "No such interface supported" },
    { 0x8000FFFF, "E_UNEXPECTED", "Catastrophic failure" },
    { 0x80020005, "DISP_E_TYPEMISMATCH", "Type mismatch" },
    { 0x80040154, "REGDB_E_CLASSNOTREG", "Class not registered" },
    { 0x80040200, "CONNECT_E_NOCONNECTION", "There is no connection for this connection ID" },
    { 0x80070005, "E_ACCESSDENIED", "Access is denied" },
    { 0x8007000E, "E_OUTOFMEMORY", "Not enough memory to complete this operation" },
    { 0x80070057, "E_INVALIDARG", "The parameter is incorrect" },
    { 0x80070002, "HRESULT_FROM_WIN32(ERROR_FILE_NOT_FOUND)", "File not found" },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    assert_string_equal(oleander_hresult_name((HRESULT)cases[i].code), cases[i].name);
    assert_string_equal(oleander_hresult_text((HRESULT)cases[i].code), cases[i].text);
  }
  assert_null(oleander_hresult_name((HRESULT)0x80041234));
  assert_null(oleander_hresult_text((HRESULT)0x7FFFFFFF));
  assert_null(oleander_hresult_text(-1));
}

static void names_find_their_codes(void **state) {
  HRESULT code = 0x55;

  (void)state;
  assert_int_equal(oleander_hresult_value("DISP_E_OVERFLOW", &code), S_OK);
  assert_int_equal(code, DISP_E_OVERFLOW);
  assert_int_equal(oleander_hresult_value("SELFREG_E_TYPELIB", &code), S_OK); /* shares its value with others */
  assert_int_equal(code, SELFREG_E_TYPELIB);
  assert_int_equal(oleander_hresult_value("DISP_E_", &code), S_FALSE);
  assert_int_equal(code, SELFREG_E_TYPELIB);
  assert_int_equal(oleander_hresult_value(NULL, &code), E_INVALIDARG);
}

static void every_entry_is_found_both_ways(void **state) {
  const char *name;
  HRESULT code;
  HRESULT found;
  uint32_t last = 0;
  size_t count;

  (void)state;
  for (count = 0; (name = oleander_hresult_at(count, &code)) != NULL; count++) {
    assert_true((uint32_t)code >= last);
    last = (uint32_t)code;
    assert_int_equal(oleander_hresult_value(name, &found), S_OK);
    assert_int_equal(found, code);
    assert_non_null(oleander_hresult_name(code));
    assert_true(strlen(oleander_hresult_text(code)) > 2);
  }
  assert_true(count > 500);
  assert_non_null(oleander_hresult_at(0, NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(codes_have_names_and_texts),
    cmocka_unit_test(names_find_their_codes),
    cmocka_unit_test(every_entry_is_found_both_ways),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
