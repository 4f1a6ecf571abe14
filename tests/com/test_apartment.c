/* Apartments: counting, kinds, and what leaves with the last CoUninitialize. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <objbase.h>
#include <oleauto.h>

#include "com/com_api.h"

static void on_new_thread(void *(*body)(void *)) {
  pthread_t thread;
  void *problem;

  assert_int_equal(pthread_create(&thread, NULL, body, NULL), 0);
  pthread_join(thread, &problem);
  if (problem)
    fail_msg("%s", (const char *)problem);
}

#define CHECK(condition)                                                                                               \
  do {                                                                                                                 \
    if (!(condition))                                                                                                  \
      return (void *)(uintptr_t) "failed: " #condition;                                                                \
  } while (0)

static void initialization_counts(void **state) {
  (void)state;
  assert_int_equal(CoInitialize(NULL), S_OK);
  assert_int_equal(CoInitialize(NULL), S_FALSE);
  assert_int_equal(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE), S_FALSE);
  assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), RPC_E_CHANGED_MODE);
  CoUninitialize();
  CoUninitialize();
  assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), RPC_E_CHANGED_MODE);
  CoUninitialize();
  assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
  assert_int_equal(CoInitialize(NULL), RPC_E_CHANGED_MODE);
  CoUninitialize();
  CoUninitialize(); /* one too many: ignored */
  assert_int_equal(CoInitialize(NULL), S_OK);
  CoUninitialize();
}

static void wrong_arguments_are_refused(void **state) {
  int something;

  (void)state;
  assert_int_equal(CoInitialize(&something), E_INVALIDARG);
  assert_int_equal(CoInitializeEx(&something, COINIT_MULTITHREADED), E_INVALIDARG);
  assert_int_equal(CoInitializeEx(NULL, 0x1000), E_INVALIDARG);
}

static void expect_type(HRESULT result, APTTYPE type, APTTYPEQUALIFIER qualifier) {
  APTTYPE seen_type;
  APTTYPEQUALIFIER seen_qualifier;

  assert_int_equal(CoGetApartmentType(&seen_type, &seen_qualifier), result);
  assert_int_equal(seen_type, type);
  assert_int_equal(seen_qualifier, qualifier);
}

static void *second_sta(void *unused) {
  APTTYPE type;
  APTTYPEQUALIFIER qualifier;

  (void)unused;
  CHECK(CoGetApartmentType(&type, &qualifier) == CO_E_NOTINITIALIZED);
  CHECK(CoInitialize(NULL) == S_OK);
  CHECK(CoGetApartmentType(&type, &qualifier) == S_OK);
  CHECK(type == APTTYPE_STA && qualifier == APTTYPEQUALIFIER_NONE);
  CoUninitialize();
  return NULL;
}

static void *implicit_member(void *unused) {
  APTTYPE type;
  APTTYPEQUALIFIER qualifier;

  (void)unused;
  CHECK(CoGetApartmentType(&type, &qualifier) == S_OK);
  CHECK(type == APTTYPE_MTA && qualifier == APTTYPEQUALIFIER_IMPLICIT_MTA);
  CHECK(apartment_current() == APARTMENT_MTA);
  return NULL;
}

static void apartment_type_tells_main_sta_others_and_mta(void **state) {
  APTTYPE type;
  APTTYPEQUALIFIER qualifier;
  CO_MTA_USAGE_COOKIE cookie;

  (void)state;
  assert_int_equal(CoGetApartmentType(NULL, &qualifier), E_INVALIDARG);
  assert_int_equal(CoGetApartmentType(&type, NULL), E_INVALIDARG);
  expect_type(CO_E_NOTINITIALIZED, APTTYPE_CURRENT, APTTYPEQUALIFIER_NONE);
  assert_int_equal(CoInitialize(NULL), S_OK);
  expect_type(S_OK, APTTYPE_MAINSTA, APTTYPEQUALIFIER_NONE);
  on_new_thread(second_sta);
  CoUninitialize();
  assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
  expect_type(S_OK, APTTYPE_MTA, APTTYPEQUALIFIER_NONE);
  on_new_thread(implicit_member);
  CoUninitialize();
  expect_type(CO_E_NOTINITIALIZED, APTTYPE_CURRENT, APTTYPEQUALIFIER_NONE);
  assert_int_equal(CoIncrementMTAUsage(&cookie), S_OK);
  expect_type(S_OK, APTTYPE_MTA, APTTYPEQUALIFIER_IMPLICIT_MTA);
  on_new_thread(implicit_member);
  assert_int_equal(CoDecrementMTAUsage(cookie), S_OK);
  expect_type(CO_E_NOTINITIALIZED, APTTYPE_CURRENT, APTTYPEQUALIFIER_NONE);
}

static int hook_calls;
static bool hook_last;
static uint64_t hook_apartment;

static void count_hook(uint64_t apartment, bool last) {
  ULONG_PTR token;

  hook_calls++;
  hook_last = last;
  hook_apartment = apartment;
  assert_int_equal(CoGetContextToken(&token), S_OK); /* COM still works here */
  CoUninitialize();                                  /* and a stray call changes nothing */
}

static void hooks_run_before_the_apartment_goes(void **state) {
  uint64_t apartment;
  IErrorInfo *info;
  ICreateErrorInfo *create;

  (void)state;
  assert_int_equal(apartment_add_hook(count_hook), S_OK);
  assert_int_equal(CoInitialize(NULL), S_OK);
  apartment = apartment_current();
  assert_true(apartment > APARTMENT_MTA);
  assert_int_equal(CoInitialize(NULL), S_FALSE);
  CoUninitialize();
  assert_int_equal(hook_calls, 0);
  assert_int_equal(CreateErrorInfo(&create), S_OK);
  assert_int_equal(ICreateErrorInfo_QueryInterface(create, &IID_IErrorInfo, (void **)&info), S_OK);
  SetErrorInfo(0, info);
  IErrorInfo_Release(info);
  CoUninitialize();
  assert_int_equal(hook_calls, 1);
  assert_true(hook_last);
  assert_true(hook_apartment == apartment);
  assert_int_equal(ICreateErrorInfo_Release(create), 0); /* the slot has let go too */
  assert_int_equal(CoInitialize(NULL), S_OK);
  assert_true(apartment_current() != apartment);
  CoUninitialize();
}

static void *own_number(void *unused) {
  (void)unused;
  return (void *)(uintptr_t)CoGetCurrentProcess();
}

static void process_numbers_differ_by_thread(void **state) {
  pthread_t thread;
  void *other;

  (void)state;
  assert_int_not_equal(CoGetCurrentProcess(), 0);
  assert_int_equal(CoGetCurrentProcess(), CoGetCurrentProcess());
  pthread_create(&thread, NULL, own_number, NULL);
  pthread_join(thread, &other);
  assert_int_not_equal((DWORD)(uintptr_t)other, CoGetCurrentProcess());
}

static void context_token_needs_an_apartment(void **state) {
  ULONG_PTR token;

  (void)state;
  assert_int_equal(CoGetContextToken(&token), CO_E_NOTINITIALIZED);
  CoInitialize(NULL);
  assert_int_equal(CoGetContextToken(NULL), E_POINTER);
  assert_int_equal(CoGetContextToken(&token), S_OK);
  assert_true(token != 0);
  CoUninitialize();
}

static HRESULT STDMETHODCALLTYPE double_it(ComCallData *data) {
  data->dwDispid *= 2;
  return S_FALSE;
}

static void the_context_tells_about_the_thread(void **state) {
  IComThreadingInfo *info;
  IContextCallback *callback;
  ComCallData data = { 21, 0, NULL };
  APTTYPE type;
  THDTYPE thread;
  GUID first;
  GUID second;

  (void)state;
  assert_int_equal(CoGetObjectContext(&IID_IComThreadingInfo, (void **)&info), CO_E_NOTINITIALIZED);
  assert_null(info);
  CoInitialize(NULL);
  assert_int_equal(CoGetObjectContext(&IID_IStream, (void **)&info), E_NOINTERFACE);
  assert_int_equal(CoGetObjectContext(&IID_IComThreadingInfo, (void **)&info), S_OK);
  assert_int_equal(IComThreadingInfo_GetCurrentApartmentType(info, &type), S_OK);
  assert_int_equal(type, APTTYPE_MAINSTA);
  assert_int_equal(IComThreadingInfo_GetCurrentThreadType(info, &thread), S_OK);
  assert_int_equal(thread, THDTYPE_PROCESSMESSAGES);
  assert_int_equal(CoGetCurrentLogicalThreadId(&first), S_OK);
  assert_int_equal(IComThreadingInfo_GetCurrentLogicalThreadId(info, &second), S_OK);
  assert_true(IsEqualGUID(&first, &second));
  assert_false(IsEqualGUID(&first, &GUID_NULL));
  assert_int_equal(CoGetCurrentLogicalThreadId(NULL), E_INVALIDARG);
  assert_int_equal(IComThreadingInfo_QueryInterface(info, &IID_IContextCallback, (void **)&callback), S_OK);
  assert_int_equal(IContextCallback_ContextCallback(callback, double_it, &data, &IID_IUnknown, 3, NULL), S_FALSE);
  assert_int_equal(data.dwDispid, 42);
  IContextCallback_Release(callback);
  assert_int_equal(IComThreadingInfo_Release(info), 0);
  CoUninitialize();
}

static void message_filters_belong_to_stas(void **state) {
  IMessageFilter *old = (IMessageFilter *)1;

  (void)state;
  assert_int_equal(CoRegisterMessageFilter(NULL, &old), CO_E_NOT_SUPPORTED);
  assert_null(old);
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  assert_int_equal(CoRegisterMessageFilter(NULL, NULL), CO_E_NOT_SUPPORTED);
  CoUninitialize();
  CoInitialize(NULL);
  assert_int_equal(CoRegisterMessageFilter(NULL, &old), S_OK);
  assert_null(old);
  CoUninitialize();
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(initialization_counts),
    cmocka_unit_test(wrong_arguments_are_refused),
    cmocka_unit_test(apartment_type_tells_main_sta_others_and_mta),
    cmocka_unit_test(process_numbers_differ_by_thread),
    cmocka_unit_test(context_token_needs_an_apartment),
    cmocka_unit_test(the_context_tells_about_the_thread),
    cmocka_unit_test(message_filters_belong_to_stas),
    cmocka_unit_test(hooks_run_before_the_apartment_goes),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
