/* Modules that register themselves, through liboleander.so as servers do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include <cmocka.h>

#include <oleander.h>
#include <oleander_registry.h>
#include <oleauto.h>

#include "support/scratch.h"

#define MODULES TEST_BINARY_DIR "/tests/modules/"

static int setup(void **state) {
  *state = (void *)(uintptr_t)scratch_make();
  setenv("OLEANDER_CLASSES", scratch_path("classes"), 1);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  scratch_remove();
  return 0;
}

static void a_module_registers_under_its_own_name(void **state) {
  struct stat status;
  char *text;
  char expected[1024];

  (void)state;
  assert_int_equal(oleander_register_module(MODULES "registering.so"), S_OK);
  text = scratch_read("classes/registering.reg");
  assert_non_null(text);
  snprintf(expected, sizeof expected,
           "Windows Registry Editor Version 5.00\n\n"
           "[HKEY_CLASSES_ROOT\\CLSID\\{6F1E0009-1111-2222-0102-030405060708}]\n@=\"Registering\"\n\n"
           "[HKEY_CLASSES_ROOT\\CLSID\\{6F1E0009-1111-2222-0102-030405060708}\\InprocServer32]\n@=\"%s\"\n",
           MODULES "registering.so");
  assert_string_equal(text, expected);
  free(text);
  assert_int_equal(oleander_unregister_module(MODULES "registering.so"), S_OK);
  assert_int_equal(stat(scratch_path("classes/registering.reg"), &status), -1);
}

static void expect_error(HRESULT result, HRESULT expected, const char16_t *part) {
  IErrorInfo *info;
  BSTR text;
  BSTR found;

  assert_int_equal(result, expected);
  assert_int_equal(GetErrorInfo(0, &info), S_OK);
  assert_int_equal(IErrorInfo_GetDescription(info, &text), S_OK);
  for (found = text; *found && memcmp(found, part, sizeof(char16_t) * 8) != 0; found++)
    ;
  assert_true(*found != 0);
  SysFreeString(text);
  IErrorInfo_Release(info);
}

static void what_cannot_register_says_why(void **state) {
  (void)state;
  expect_error(oleander_register_module(MODULES "good.so"), SELFREG_E_CLASS, u"DllRegisterServer");
  expect_error(oleander_unregister_module(MODULES "good.so"), SELFREG_E_CLASS, u"DllUnregisterServer");
  expect_error(oleander_register_module(MODULES "missing.so"), CO_E_DLLNOTFOUND, u"missing.so");
  expect_error(oleander_register_module(MODULES "unresolved.so"), CO_E_ERRORINDLL, u"oleander_test_no_such_function");
  assert_int_equal(oleander_register_module(NULL), E_INVALIDARG);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_module_registers_under_its_own_name, setup, teardown),
    cmocka_unit_test_setup_teardown(what_cannot_register_says_why, setup, teardown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
