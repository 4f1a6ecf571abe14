/* The thread's error object, and the standard one that CreateErrorInfo makes. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <objbase.h>
#include <oleauto.h>

#include "com/com_api.h"
#include "support/faults.h"

static const GUID some_iid = { 0x12345678, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

static IErrorInfo *new_error(ICreateErrorInfo **create) {
  IErrorInfo *info;

  assert_int_equal(CreateErrorInfo(create), S_OK);
  assert_int_equal(ICreateErrorInfo_QueryInterface(*create, &IID_IErrorInfo, (void **)&info), S_OK);
  return info;
}

static void a_new_error_is_empty(void **state) {
  ICreateErrorInfo *create;
  IErrorInfo *info = new_error(&create);
  GUID guid = some_iid;
  DWORD context = 7;
  BSTR text = (BSTR)(uintptr_t)u"x";

  (void)state;
  assert_int_equal(IErrorInfo_GetGUID(info, &guid), S_OK);
  assert_true(IsEqualGUID(&guid, &GUID_NULL));
  assert_int_equal(IErrorInfo_GetSource(info, &text), S_OK);
  assert_null(text);
  assert_int_equal(IErrorInfo_GetDescription(info, &text), S_OK);
  assert_null(text);
  assert_int_equal(IErrorInfo_GetHelpFile(info, &text), S_OK);
  assert_null(text);
  assert_int_equal(IErrorInfo_GetHelpContext(info, &context), S_OK);
  assert_int_equal(context, 0);
  IErrorInfo_Release(info);
  assert_int_equal(ICreateErrorInfo_Release(create), 0);
}

static void expect_text(HRESULT result, BSTR text, const char16_t *expected, size_t units) {
  assert_int_equal(result, S_OK);
  assert_int_equal(SysStringLen(text), units);
  assert_memory_equal(text, expected, units * sizeof(OLECHAR));
  SysFreeString(text);
}

static void what_is_set_is_read_back(void **state) {
  ICreateErrorInfo *create;
  IErrorInfo *info = new_error(&create);
  OLECHAR source[] = u"Source";
  OLECHAR description[] = u"Beschr\u00e4nkt";
  OLECHAR file[] = u"help.chm";
  GUID guid;
  DWORD context;
  BSTR text;
  HRESULT result;

  (void)state;
  assert_int_equal(ICreateErrorInfo_SetGUID(create, &some_iid), S_OK);
  assert_int_equal(ICreateErrorInfo_SetSource(create, source), S_OK);
  assert_int_equal(ICreateErrorInfo_SetDescription(create, file), S_OK);
  assert_int_equal(ICreateErrorInfo_SetDescription(create, description), S_OK);
  assert_int_equal(ICreateErrorInfo_SetHelpFile(create, file), S_OK);
  assert_int_equal(ICreateErrorInfo_SetHelpContext(create, 4711), S_OK);
  source[0] = 'X'; /* it keeps copies */

  assert_int_equal(IErrorInfo_GetGUID(info, &guid), S_OK);
  assert_true(IsEqualGUID(&guid, &some_iid));
  result = IErrorInfo_GetSource(info, &text);
  expect_text(result, text, u"Source", 6);
  result = IErrorInfo_GetDescription(info, &text);
  expect_text(result, text, u"Beschr\u00e4nkt", 10);
  result = IErrorInfo_GetHelpFile(info, &text);
  expect_text(result, text, u"help.chm", 8);
  assert_int_equal(IErrorInfo_GetHelpContext(info, &context), S_OK);
  assert_int_equal(context, 4711);

  assert_int_equal(ICreateErrorInfo_SetSource(create, NULL), S_OK);
  assert_int_equal(IErrorInfo_GetSource(info, &text), S_OK);
  assert_null(text);
  IErrorInfo_Release(info);
  ICreateErrorInfo_Release(create);
}

static void null_results_are_refused(void **state) {
  ICreateErrorInfo *create;
  IErrorInfo *info = new_error(&create);

  (void)state;
  assert_int_equal(IErrorInfo_GetGUID(info, NULL), E_INVALIDARG);
  assert_int_equal(IErrorInfo_GetSource(info, NULL), E_INVALIDARG);
  assert_int_equal(IErrorInfo_GetDescription(info, NULL), E_INVALIDARG);
  assert_int_equal(IErrorInfo_GetHelpFile(info, NULL), E_INVALIDARG);
  assert_int_equal(IErrorInfo_GetHelpContext(info, NULL), E_INVALIDARG);
  assert_int_equal(CreateErrorInfo(NULL), E_INVALIDARG);
  IErrorInfo_Release(info);
  ICreateErrorInfo_Release(create);
}

static void the_faces_are_one_object(void **state) {
  static const IID *const faces[] = { &IID_IUnknown, &IID_IErrorInfo, &IID_ICreateErrorInfo, &IID_ISupportErrorInfo };
  ICreateErrorInfo *create;
  IErrorInfo *info = new_error(&create);
  IUnknown *identity;
  IUnknown *face;
  IUnknown *back;
  ISupportErrorInfo *support;
  size_t i;

  (void)state;
  assert_int_equal(IErrorInfo_QueryInterface(info, &IID_IUnknown, (void **)&identity), S_OK);
  for (i = 0; i < sizeof faces / sizeof faces[0]; i++) {
    assert_int_equal(ICreateErrorInfo_QueryInterface(create, faces[i], (void **)&face), S_OK);
    assert_int_equal(IUnknown_QueryInterface(face, &IID_IUnknown, (void **)&back), S_OK);
    assert_ptr_equal(back, identity);
    IUnknown_Release(back);
    IUnknown_Release(face);
  }
  assert_int_equal(IErrorInfo_QueryInterface(info, &IID_IDispatch, (void **)&face), E_NOINTERFACE);
  assert_null(face);
  assert_int_equal(IErrorInfo_QueryInterface(info, &IID_ISupportErrorInfo, (void **)&support), S_OK);
  assert_int_equal(ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &some_iid), S_FALSE);
  ICreateErrorInfo_SetGUID(create, &some_iid);
  assert_int_equal(ISupportErrorInfo_InterfaceSupportsErrorInfo(support, &some_iid), S_OK);
  ISupportErrorInfo_Release(support);
  IUnknown_Release(identity);
  IErrorInfo_Release(info);
  assert_int_equal(ICreateErrorInfo_Release(create), 0);
}

static void get_empties_the_slot(void **state) {
  ICreateErrorInfo *create;
  IErrorInfo *info = new_error(&create);
  IErrorInfo *got;

  (void)state;
  assert_int_equal(SetErrorInfo(1, info), E_INVALIDARG);
  assert_int_equal(GetErrorInfo(0, &got), S_FALSE);
  assert_null(got);
  assert_int_equal(SetErrorInfo(0, info), S_OK);
  assert_int_equal(GetErrorInfo(1, &got), E_INVALIDARG);
  assert_int_equal(GetErrorInfo(0, NULL), E_INVALIDARG);
  assert_int_equal(GetErrorInfo(0, &got), S_OK);
  assert_ptr_equal(got, info);
  IErrorInfo_Release(got);
  assert_int_equal(GetErrorInfo(0, &got), S_FALSE);
  assert_null(got);

  assert_int_equal(SetErrorInfo(0, info), S_OK);
  assert_int_equal(SetErrorInfo(0, info), S_OK);
  assert_int_equal(SetErrorInfo(0, NULL), S_OK);
  assert_int_equal(GetErrorInfo(0, &got), S_FALSE);
  IErrorInfo_Release(info);
  assert_int_equal(ICreateErrorInfo_Release(create), 0);
}

static void *leave_one_behind(void *info) {
  IErrorInfo *got;
  bool empty = GetErrorInfo(0, &got) == S_FALSE;

  SetErrorInfo(0, info);
  return empty ? info : NULL;
}

static void each_thread_has_its_slot_and_releases_it(void **state) {
  ICreateErrorInfo *create;
  IErrorInfo *info = new_error(&create);
  IErrorInfo *got;
  pthread_t thread;
  void *seen;

  (void)state;
  SetErrorInfo(0, info);
  pthread_create(&thread, NULL, leave_one_behind, info);
  pthread_join(thread, &seen);
  assert_ptr_equal(seen, info);
  assert_int_equal(GetErrorInfo(0, &got), S_OK);
  IErrorInfo_Release(got);
  IErrorInfo_Release(info);
  assert_int_equal(ICreateErrorInfo_Release(create), 0);
}

static void raise_describes(void **state) {
  IErrorInfo *info;
  BSTR text;
  HRESULT result;

  (void)state;
  assert_int_equal(error_raise(E_FAIL, "Here", "no %s, %d", "bread", 3), E_FAIL);
  assert_int_equal(GetErrorInfo(0, &info), S_OK);
  result = IErrorInfo_GetDescription(info, &text);
  expect_text(result, text, u"no bread, 3", 11);
  result = IErrorInfo_GetSource(info, &text);
  expect_text(result, text, u"Here", 4);
  assert_int_equal(IErrorInfo_Release(info), 0);
}

static void what_is_no_utf8_is_shown_all_the_same(void **state) {
  IErrorInfo *info;
  BSTR text;
  HRESULT result;

  (void)state;
  assert_int_equal(error_raise(E_FAIL, "H\xE9", "%s", "caf\xE9 is closed"), E_FAIL);
  assert_int_equal(GetErrorInfo(0, &info), S_OK);
  result = IErrorInfo_GetDescription(info, &text);
  expect_text(result, text, u"caf? is closed", 14);
  result = IErrorInfo_GetSource(info, &text);
  expect_text(result, text, u"H?", 2);
  assert_int_equal(IErrorInfo_Release(info), 0);
}

static void all_facts_are_set(void **state) {
  static const ErrorFacts facts = { &IID_IClassFactory, u"source", u"description", u"help", 7 };
  static const ErrorFacts none;
  IErrorInfo *info;
  HRESULT result;
  DWORD number;
  BSTR text;
  GUID guid;

  (void)state;
  assert_int_equal(error_set(E_ABORT, &facts), E_ABORT);
  assert_int_equal(GetErrorInfo(0, &info), S_OK);
  result = IErrorInfo_GetDescription(info, &text);
  expect_text(result, text, u"description", 11);
  result = IErrorInfo_GetHelpFile(info, &text);
  expect_text(result, text, u"help", 4);
  assert_int_equal(IErrorInfo_GetGUID(info, &guid), S_OK);
  assert_true(IsEqualGUID(&guid, &IID_IClassFactory));
  assert_int_equal(IErrorInfo_GetHelpContext(info, &number), S_OK);
  assert_int_equal(number, 7);
  assert_int_equal(IErrorInfo_Release(info), 0);
  assert_int_equal(error_set(E_ABORT, &none), E_ABORT);
  assert_int_equal(GetErrorInfo(0, &info), S_OK);
  assert_int_equal(IErrorInfo_GetSource(info, &text), S_OK);
  assert_null(text);
  assert_int_equal(IErrorInfo_Release(info), 0);
}

static int use_everything(void *context) {
  ICreateErrorInfo *create;
  OLECHAR text[] = u"text";
  IErrorInfo *info;
  BSTR copy;

  (void)context;
  error_raise(E_FAIL, "Source", "%s", "text");
  SetErrorInfo(0, NULL);
  if (FAILED(CreateErrorInfo(&create)))
    return create != NULL;
  ICreateErrorInfo_QueryInterface(create, &IID_IErrorInfo, (void **)&info);
  if (SUCCEEDED(ICreateErrorInfo_SetSource(create, text)) && SUCCEEDED(IErrorInfo_GetSource(info, &copy)))
    SysFreeString(copy);
  IErrorInfo_Release(info);
  return ICreateErrorInfo_Release(create) != 0;
}

static void no_allocation_failure_leaks(void **state) {
  (void)state;
  faults_each(use_everything, NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_new_error_is_empty),
    cmocka_unit_test(what_is_set_is_read_back),
    cmocka_unit_test(null_results_are_refused),
    cmocka_unit_test(the_faces_are_one_object),
    cmocka_unit_test(get_empties_the_slot),
    cmocka_unit_test(each_thread_has_its_slot_and_releases_it),
    cmocka_unit_test(what_is_no_utf8_is_shown_all_the_same),
    cmocka_unit_test(all_facts_are_set),
    cmocka_unit_test(raise_describes),
    cmocka_unit_test(no_allocation_failure_leaks),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
