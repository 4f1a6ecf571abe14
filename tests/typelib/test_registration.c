/* RegisterTypeLib, LoadRegTypeLib, QueryPathOfRegTypeLib and UnRegisterTypeLib over a registry store of the test's own. */
#include "sample.h"

#include "tests/support/scratch.h"

#include <oleander_registry.h>

#include <stdio.h>

static const GUID libid_sample = { 0x7A4E2C00, 0x53D1, 0x4B0A, { 0x9C, 0x7B, 0x1F, 0x0E, 0x55, 0xAA, 0x00, 0x01 } };
#define LIBID_TEXT "{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0001}"

static int set_up(void **state) {
  (void)state;
  return setenv("OLEANDER_CLASSES", scratch_make(), 1);
}

static int tear_down(void **state) {
  (void)state;
  scratch_remove();
  return 0;
}

static void assert_value(const char *path, const char *name, const char *expected) {
  OleanderRegistryKey *root;
  const char *text = NULL;

  assert_ok(oleander_registry_open("", &root));
  if (expected) {
    assert_ok(oleander_registry_string(root, path, name, &text));
    assert_string_equal(text, expected);
  } else {
    assert_true(FAILED(oleander_registry_string(root, path, name, &text)));
  }
  oleander_registry_close(root);
}

static void register_sample(void) {
  ITypeLib *library = sample_open();
  char16_t *path = utf16_copy(SAMPLE_PATH);

  assert_ok(RegisterTypeLib(library, path, NULL));
  free(path);
  ITypeLib_Release(library);
}

static void registering_writes_library_and_interfaces(void **state) {
  (void)state;
  register_sample();
  assert_value("TypeLib\\" LIBID_TEXT "\\3.7", NULL, "Sample library");
  assert_value("TypeLib\\" LIBID_TEXT "\\3.7\\0\\win64", NULL, SAMPLE_PATH);
  assert_value("TypeLib\\" LIBID_TEXT "\\3.7\\FLAGS", NULL, "0");
  assert_value("Interface\\{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0020}", NULL, "IShape");
  assert_value("Interface\\{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0020}\\ProxyStubClsid32", NULL,
               "{00020424-0000-0000-C000-000000000046}");
  assert_value("Interface\\{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0020}\\TypeLib", NULL, LIBID_TEXT);
  assert_value("Interface\\{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0020}\\TypeLib", "Version", "3.7");
  assert_value("Interface\\{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0023}\\ProxyStubClsid32", NULL,
               "{00020420-0000-0000-C000-000000000046}");
  assert_value("Interface\\{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0022}", NULL, NULL); /* no automation */
}

static void unregistering_takes_all_of_it_back(void **state) {
  (void)state;
  register_sample();
  assert_ok(UnRegisterTypeLib(&libid_sample, 3, 7, 0, SYS_WIN64));
  assert_value("TypeLib\\" LIBID_TEXT "\\3.7", NULL, NULL);
  assert_value("Interface\\{7A4E2C00-53D1-4B0A-9C7B-1F0E55AA0020}", NULL, NULL);
  assert_hr(UnRegisterTypeLib(&libid_sample, 3, 7, 0, SYS_WIN64), TYPE_E_REGISTRYACCESS);
}

/* Which of the registered versions answers a request. */
static const struct {
  WORD major, minor;
  LCID lcid;
  const char *path; /* NULL: none */
} requests[] = {
  { 1, 0, 0, "/lib/1.0" },
  { 1, 2, 0, "/lib/1.2" },
  { 1, 1, 0, "/lib/1.a" }, /* 0xA is the highest */
  { 1, 10, 0, "/lib/1.a" },
  { 1, 11, 0, NULL },
  { 2, 0, 0, "/lib/2.1" },
  { 3, 0, 0, NULL },
  { 0xFFFF, 0xFFFF, 0, "/lib/5.polish" },
  { 1, 2, 0x407, "/lib/1.2.german" },
  { 1, 2, 0x807, "/lib/1.2.any-german" },
  { 1, 2, 0x40C, "/lib/1.2" },
  { 4, 0, 0, "/lib/4.user" },
  { 4, 0, LOCALE_USER_DEFAULT, "/lib/4.user" },
  { 4, 0, 0x40C, NULL },
  { 5, 0, 0, "/lib/5.polish" },
  { 5, 0, LOCALE_USER_DEFAULT, "/lib/5.polish" },
  { 5, 0, LOCALE_SYSTEM_DEFAULT, "/lib/5.polish" },
  { 5, 0, 0x415, "/lib/5.polish" },
  { 5, 0, 0x409, NULL },
};

static const char versions[] =
    "Windows Registry Editor Version 5.00\n\n"
    "[HKEY_CLASSES_ROOT\\TypeLib\\" LIBID_TEXT "\\1.0\\0\\win32]\n@=\"/lib/1.0\"\n\n"
    "[HKEY_CLASSES_ROOT\\TypeLib\\" LIBID_TEXT "\\1.2\\0\\win64]\n@=\"/lib/1.2\"\n\n"
    "[HKEY_CLASSES_ROOT\\TypeLib\\" LIBID_TEXT "\\1.2\\0\\win32]\n@=\"/lib/never\"\n\n"
    "[HKEY_CLASSES_ROOT\\TypeLib\\" LIBID_TEXT "\\1.2\\407\\win64]\n@=\"/lib/1.2.german\"\n\n"
    "[HKEY_CLASSES_ROOT\\TypeLib\\" LIBID_TEXT "\\1.2\\7\\win64]\n@=\"/lib/1.2.any-german\"\n\n"
    "[HKEY_CLASSES_ROOT\\TypeLib\\" LIBID_TEXT "\\1.a\\0\\win64]\n@=\"/lib/1.a\"\n\n"
    "[HKEY_CLASSES_ROOT\\TypeLib\\" LIBID_TEXT "\\2.1\\0\\win64]\n@=\"/lib/2.1\"\n\n"
    "[HKEY_CLASSES_ROOT\\TypeLib\\" LIBID_TEXT "\\4.0\\407\\win64]\n@=\"/lib/4.german\"\n\n"
    "[HKEY_CLASSES_ROOT\\TypeLib\\" LIBID_TEXT "\\4.0\\9\\win64]\n@=\"/lib/4.user\"\n\n"
    "[HKEY_CLASSES_ROOT\\TypeLib\\" LIBID_TEXT "\\5.0\\415\\win32]\n@=\"/lib/5.polish\"\n";

static void versions_and_languages(void **state) {
  size_t index;

  (void)state;
  scratch_write("versions.reg", versions);
  for (index = 0; index < sizeof requests / sizeof requests[0]; index++) {
    BSTR path = NULL;
    HRESULT hr =
        QueryPathOfRegTypeLib(&libid_sample, requests[index].major, requests[index].minor, requests[index].lcid, &path);

    if (requests[index].path) {
      assert_ok(hr);
      assert_bstr(path, requests[index].path);
    } else {
      assert_hr(hr, TYPE_E_LIBNOTREGISTERED);
      assert_null(path);
    }
  }
  assert_hr(QueryPathOfRegTypeLib(&libid_sample, 1, 0, 0, NULL), E_INVALIDARG);
}

static void a_registered_library_is_loaded(void **state) {
  ITypeLib *library = NULL, *same = sample_open();

  (void)state;
  assert_hr(LoadRegTypeLib(&libid_sample, 3, 7, 0, &library), TYPE_E_LIBNOTREGISTERED);
  assert_null(library);
  register_sample();
  assert_ok(LoadRegTypeLib(&libid_sample, 3, 0, 0x409, &library));
  assert_ptr_equal(library, same);
  ITypeLib_Release(library);
  ITypeLib_Release(same);
}

static void a_registered_file_of_another_version_is_not_the_one(void **state) {
  ITypeLib *library = NULL;

  (void)state;
  scratch_write("other.reg", "Windows Registry Editor Version 5.00\n\n"
                             "[HKEY_CLASSES_ROOT\\TypeLib\\" LIBID_TEXT "\\3.9\\0\\win64]\n@=\"" SAMPLE_PATH "\"\n\n"
                             "[HKEY_CLASSES_ROOT\\TypeLib\\" LIBID_TEXT "\\9.0\\0\\win64]\n@=\"" SAMPLE_PATH "\"\n");
  assert_hr(LoadRegTypeLib(&libid_sample, 9, 0, 0, &library), TYPE_E_LIBNOTREGISTERED);
  assert_null(library);
  assert_hr(LoadRegTypeLib(&libid_sample, 3, 9, 0, &library), TYPE_E_LIBNOTREGISTERED);
  assert_ok(LoadRegTypeLib(&libid_sample, 0xFFFF, 0xFFFF, 0, &library));
  ITypeLib_Release(library);
}

static void load_type_lib_registers_only_when_asked(void **state) {
  char16_t *path = utf16_copy(SAMPLE_PATH);
  ITypeLib *library;

  (void)state;
  assert_ok(LoadTypeLib(path, &library));
  ITypeLib_Release(library);
  assert_value("TypeLib\\" LIBID_TEXT "\\3.7", NULL, NULL);
  assert_ok(LoadTypeLibEx(path, REGKIND_REGISTER, &library));
  ITypeLib_Release(library);
  assert_value("TypeLib\\" LIBID_TEXT "\\3.7", NULL, "Sample library");
  free(path);
}

/* The types of stdole, by the index at which other libraries refer to them. */
static void stdole_needs_no_registration(void **state) {
  static const char *const names[] = { "GUID", "DISPPARAMS", "EXCEPINFO", "IUnknown", "IDispatch", "IEnumVARIANT" };
  static const GUID libid_stdole = { 0x00020430, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
  ITypeLib *library, *same;
  TLIBATTR *attr;
  BSTR name;
  INT index;

  (void)state;
  assert_ok(LoadRegTypeLib(&libid_stdole, 2, 0, 0, &library));
  assert_ok(LoadTypeLib(u"stdole2.tlb", &same));
  assert_ptr_equal(library, same);
  assert_ok(ITypeLib_GetLibAttr(library, &attr));
  assert_int_equal(attr->wMajorVerNum, 2);
  ITypeLib_ReleaseTLibAttr(library, attr);
  for (index = 0; index < (INT)(sizeof names / sizeof names[0]); index++) {
    assert_ok(ITypeLib_GetDocumentation(library, index, &name, NULL, NULL, NULL));
    assert_bstr(name, names[index]);
  }
  assert_ok(ITypeLib_GetDocumentation(library, 32, &name, NULL, NULL, NULL));
  assert_bstr(name, "IFontDisp");
  assert_ok(ITypeLib_GetDocumentation(library, 36, &name, NULL, NULL, NULL));
  assert_bstr(name, "IPictureDisp");
  ITypeLib_Release(library);
  ITypeLib_Release(same);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(registering_writes_library_and_interfaces, set_up, tear_down),
    cmocka_unit_test_setup_teardown(unregistering_takes_all_of_it_back, set_up, tear_down),
    cmocka_unit_test_setup_teardown(versions_and_languages, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_registered_library_is_loaded, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_registered_file_of_another_version_is_not_the_one, set_up, tear_down),
    cmocka_unit_test_setup_teardown(load_type_lib_registers_only_when_asked, set_up, tear_down),
    cmocka_unit_test_setup_teardown(stdole_needs_no_registration, set_up, tear_down),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
