/* Component categories over the registry, global options, proxies of standard interfaces. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include <objbase.h>

#include <comcat.h>
#include <oaidl.h>
#include <oleauto.h>

#include "support/scratch.h"

static const CATID first = { 0xCA700001, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
static const CATID second = { 0xCA700002, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
static const CATID third = { 0xCA700003, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
static const CLSID plain = { 0xC1A50001, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
static const CLSID needy = { 0xC1A50002, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

static int setup(void **state) {
  *state = (void *)(uintptr_t)scratch_make();
  setenv("OLEANDER_CLASSES", scratch_path("classes"), 1);
  return CoInitialize(NULL) == S_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  SetErrorInfo(0, NULL);
  CoUninitialize();
  scratch_remove();
  return 0;
}

static void *manager(REFIID iid) {
  void *face = NULL;

  assert_int_equal(CoCreateInstance(&CLSID_StdComponentCategoriesMgr, NULL, CLSCTX_INPROC_SERVER, iid, &face), S_OK);
  return face;
}

/* `plain` implements first and second; `needy` implements first and requires third. */
static void register_all(void) {
  CATEGORYINFO infos[] = { { .catid = first, .lcid = 0x409, .szDescription = u"First" },
                           { .catid = first, .lcid = 0x407, .szDescription = u"Erste" },
                           { .catid = second, .lcid = 0x407, .szDescription = u"Zweite" } };
  ICatRegister *categories = manager(&IID_ICatRegister);
  CATID both[] = { first, second };
  CATID one = first, need = third;

  assert_int_equal(ICatRegister_RegisterCategories(categories, 3, infos), S_OK);
  assert_int_equal(ICatRegister_RegisterClassImplCategories(categories, &plain, 2, both), S_OK);
  assert_int_equal(ICatRegister_RegisterClassImplCategories(categories, &needy, 1, &one), S_OK);
  assert_int_equal(ICatRegister_RegisterClassReqCategories(categories, &needy, 1, &need), S_OK);
  ICatRegister_Release(categories);
}

static void categories_are_listed(void **state) {
  ICatInformation *information;
  IEnumCATEGORYINFO *enumerator;
  CATEGORYINFO infos[4];
  LPOLESTR text;
  ULONG count;

  (void)state;
  information = manager(&IID_ICatInformation);
  assert_int_equal(ICatInformation_EnumCategories(information, 0x409, &enumerator), S_OK);
  assert_int_equal(IEnumCATEGORYINFO_Next(enumerator, 4, infos, &count), S_FALSE);
  assert_int_equal(count, 0);
  IEnumCATEGORYINFO_Release(enumerator);
  register_all();
  assert_int_equal(ICatInformation_EnumCategories(information, 0x407, &enumerator), S_OK);
  assert_int_equal(IEnumCATEGORYINFO_Next(enumerator, 4, infos, &count), S_FALSE);
  assert_int_equal(count, 2);
  assert_true(IsEqualCATID(&infos[0].catid, &first));
  assert_memory_equal(infos[0].szDescription, u"Erste", sizeof u"Erste");
  IEnumCATEGORYINFO_Release(enumerator);
  assert_int_equal(ICatInformation_GetCategoryDesc(information, &first, 0x409, &text), S_OK);
  assert_memory_equal(text, u"First", sizeof u"First");
  CoTaskMemFree(text);
  assert_int_equal(ICatInformation_GetCategoryDesc(information, &second, 0x409, &text), S_OK); /* what there is */
  CoTaskMemFree(text);
  assert_int_equal(ICatInformation_GetCategoryDesc(information, &third, 0x409, &text), CAT_E_CATIDNOEXIST);
  assert_null(text);
  assert_int_equal(ICatInformation_GetCategoryDesc(information, &first, 0x409, NULL), E_INVALIDARG);
  assert_int_equal(ICatInformation_EnumCategories(information, 0, NULL), E_POINTER);
  ICatInformation_Release(information);
}

static void classes_are_filtered(void **state) {
  static const struct {
    ULONG implemented_count, required_count;
    CATID implemented, required;
    HRESULT plain, needy; /* also what an enumeration has */
  } cases[] = {
    { 1, 0, first, third, S_OK, S_FALSE },
    { 1, 1, first, third, S_OK, S_OK },
    { 1, 1, first, second, S_OK, S_FALSE },
    { 1, (ULONG)-1, first, third, S_OK, S_OK },
    { 1, 0, second, third, S_OK, S_FALSE },
    { 1, (ULONG)-1, third, third, S_FALSE, S_FALSE },
    { (ULONG)-1, 0, first, third, S_OK, S_FALSE },
    { (ULONG)-1, (ULONG)-1, first, third, S_OK, S_OK },
    { 0, 0, first, third, E_INVALIDARG, E_INVALIDARG },
  };
  ICatInformation *information = manager(&IID_ICatInformation);
  size_t i;

  (void)state;
  register_all();
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    const CATID *implemented = &cases[i].implemented, *required = &cases[i].required;
    ULONG has = cases[i].implemented_count, needs = cases[i].required_count, count = 0;
    IEnumCLSID *classes;
    CLSID found[4];
    HRESULT status;

    assert_int_equal(ICatInformation_IsClassOfCategories(information, &plain, has, implemented, needs, required),
                     cases[i].plain);
    assert_int_equal(ICatInformation_IsClassOfCategories(information, &needy, has, implemented, needs, required),
                     cases[i].needy);
    status = ICatInformation_EnumClassesOfCategories(information, has, implemented, needs, required, &classes);
    assert_int_equal(status, cases[i].plain == E_INVALIDARG ? E_INVALIDARG : S_OK);
    if (FAILED(status))
      continue;
    IEnumGUID_Next(classes, 4, found, &count);
    assert_int_equal(count, (cases[i].plain == S_OK) + (cases[i].needy == S_OK));
    IEnumGUID_Release(classes);
  }
  ICatInformation_Release(information);
}

static ULONG count_ids(HRESULT status, IEnumGUID *ids) {
  CATID found[4];
  ULONG count = 0;

  assert_int_equal(status, S_OK);
  IEnumGUID_Next(ids, 4, found, &count);
  IEnumGUID_Release(ids);
  return count;
}

static void what_is_registered_is_taken_back(void **state) {
  ICatRegister *categories = manager(&IID_ICatRegister);
  ICatInformation *information;
  CATID one = first, need = third;
  IEnumGUID *ids = NULL;
  LPOLESTR text;
  HRESULT status;

  (void)state;
  register_all();
  assert_int_equal(ICatRegister_QueryInterface(categories, &IID_ICatInformation, (void **)&information), S_OK);
  status = ICatInformation_EnumImplCategoriesOfClass(information, &plain, &ids);
  assert_int_equal(count_ids(status, ids), 2);
  status = ICatInformation_EnumReqCategoriesOfClass(information, &needy, &ids);
  assert_int_equal(count_ids(status, ids), 1);
  assert_int_equal(ICatRegister_UnRegisterClassImplCategories(categories, &plain, 1, &one), S_OK);
  assert_int_equal(ICatRegister_UnRegisterClassReqCategories(categories, &needy, 1, &need), S_OK);
  assert_int_equal(ICatRegister_UnRegisterCategories(categories, 1, &one), S_OK);
  status = ICatInformation_EnumImplCategoriesOfClass(information, &plain, &ids);
  assert_int_equal(count_ids(status, ids), 1);
  status = ICatInformation_EnumReqCategoriesOfClass(information, &needy, &ids);
  assert_int_equal(count_ids(status, ids), 0);
  assert_int_equal(ICatInformation_GetCategoryDesc(information, &first, 0x409, &text), CAT_E_CATIDNOEXIST);
  assert_int_equal(ICatRegister_RegisterCategories(categories, 1, NULL), E_INVALIDARG);
  assert_int_equal(ICatRegister_RegisterClassImplCategories(categories, &plain, 1, NULL), E_INVALIDARG);
  ICatInformation_Release(information);
  ICatRegister_Release(categories);
}

static void global_options_are_kept(void **state) {
  IGlobalOptions *options;
  IUnknown *outer, *none;
  ULONG_PTR value = 9;

  (void)state;
  assert_int_equal(
      CoCreateInstance(&CLSID_GlobalOptions, NULL, CLSCTX_INPROC_SERVER, &IID_IGlobalOptions, (void **)&options), S_OK);
  assert_int_equal(IGlobalOptions_Query(options, (GLOBALOPT_PROPERTIES)1, &value), S_OK);
  assert_int_equal(value, 0);
  assert_int_equal(IGlobalOptions_Query(options, (GLOBALOPT_PROPERTIES)0, &value), E_INVALIDARG);
  assert_int_equal(IGlobalOptions_Query(options, (GLOBALOPT_PROPERTIES)1000, &value), E_INVALIDARG);
  assert_int_equal(IGlobalOptions_Query(options, (GLOBALOPT_PROPERTIES)1, NULL), E_INVALIDARG);
  assert_int_equal(IGlobalOptions_Set(options, (GLOBALOPT_PROPERTIES)1, 1), S_OK);
  assert_int_equal(IGlobalOptions_Query(options, (GLOBALOPT_PROPERTIES)1, &value), S_OK);
  assert_int_equal(value, 1);
  assert_int_equal(IGlobalOptions_Set(options, (GLOBALOPT_PROPERTIES)1, 0), S_OK);
  outer = (IUnknown *)options;
  assert_int_equal(CoCreateInstance(&CLSID_GlobalOptions, outer, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&none),
                   E_INVALIDARG);
  IGlobalOptions_Release(options);
}

static void standard_interfaces_have_proxies(void **state) {
  static const struct {
    const IID *iid;
    DWORD first;
  } cases[] = {
    { &IID_IClassFactory, 0x320 },
    { &IID_IStream, 0x320 },
    { &IID_IDispatch, 0x20420 },
    { &IID_IEnumVARIANT, 0x20421 },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    CLSID clsid;

    assert_int_equal(CoGetPSClsid(cases[i].iid, &clsid), S_OK);
    assert_int_equal(clsid.Data1, cases[i].first);
    assert_int_equal(clsid.Data4[7], 0x46);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(categories_are_listed, setup, teardown),
    cmocka_unit_test_setup_teardown(classes_are_filtered, setup, teardown),
    cmocka_unit_test_setup_teardown(what_is_registered_is_taken_back, setup, teardown),
    cmocka_unit_test_setup_teardown(global_options_are_kept, setup, teardown),
    cmocka_unit_test_setup_teardown(standard_interfaces_have_proxies, setup, teardown),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
