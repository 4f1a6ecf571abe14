/* Apartments: counting, kinds, and what leaves with the last CoUninitialize. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

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
  CHECK(apartment_current() != 0);
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
  assert_true(apartment != 0);
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

static void *same_context_token(void *unused) {
  ULONG_PTR token;
  IUnknown *context;

  (void)unused;
  CHECK(CoGetContextToken(&token) == S_OK);
  CHECK(CoGetObjectContext(&IID_IObjContext, (void **)&context) == S_OK);
  CHECK((ULONG_PTR)context == token);
  CHECK(IUnknown_Release(context) == 1); /* the one of the other thread */
  return NULL;
}

static void the_context_token_is_the_context_without_a_reference(void **state) {
  const DWORD kinds[] = { COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED };

  (void)state;
  for (int i = 0; i < 2; i++) {
    ULONG_PTR token, again;
    IUnknown *context, *info, *identity;

    assert_int_equal(CoGetContextToken(&token), CO_E_NOTINITIALIZED);
    assert_int_equal(CoGetContextToken(NULL), CO_E_NOTINITIALIZED);
    CoInitializeEx(NULL, kinds[i]);
    assert_int_equal(CoGetContextToken(NULL), E_POINTER);
    assert_int_equal(CoGetContextToken(&token), S_OK);
    assert_int_equal(CoGetContextToken(&again), S_OK);
    assert_true(token == again);
    context = (IUnknown *)token;
    assert_int_equal(IUnknown_AddRef(context), 1);
    assert_int_equal(IUnknown_Release(context), 0);
    assert_int_equal(CoGetObjectContext(&IID_IObjContext, (void **)&context), S_OK);
    assert_true((ULONG_PTR)context == token);
    assert_int_equal(CoGetObjectContext(&IID_IComThreadingInfo, (void **)&info), S_OK);
    assert_int_equal(IUnknown_QueryInterface(info, &IID_IUnknown, (void **)&identity), S_OK);
    assert_ptr_equal(identity, context);
    IUnknown_Release(identity);
    IUnknown_Release(info);
    if (kinds[i] == COINIT_MULTITHREADED)
      on_new_thread(same_context_token);
    CoUninitialize();
    assert_int_equal(IUnknown_AddRef(context), 2); /* the counted reference outlives the apartment */
    IUnknown_Release(context);
    assert_int_equal(IUnknown_Release(context), 0);
  }
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

typedef struct Filter {
  IMessageFilter face;
  ULONG references;
} Filter;

static HRESULT STDMETHODCALLTYPE Filter_QueryInterface(IMessageFilter *face, REFIID iid, void **result) {
  (void)face;
  (void)iid;
  *result = NULL;
  return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Filter_AddRef(IMessageFilter *face) {
  return ++((Filter *)face)->references;
}

static ULONG STDMETHODCALLTYPE Filter_Release(IMessageFilter *face) {
  return --((Filter *)face)->references;
}

static const IMessageFilterVtbl filter_vtable = { .QueryInterface = Filter_QueryInterface,
                                                  .AddRef = Filter_AddRef,
                                                  .Release = Filter_Release };

static void message_filters_belong_to_stas(void **state) {
  IMessageFilter *const untouched = (IMessageFilter *)1;
  IMessageFilter *old = untouched;
  Filter filter = { { &filter_vtable }, 1 };
  CO_MTA_USAGE_COOKIE cookie;

  (void)state;
  assert_int_equal(CoRegisterMessageFilter(NULL, &old), CO_E_NOT_SUPPORTED);
  assert_ptr_equal(old, untouched);
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  assert_int_equal(CoRegisterMessageFilter(NULL, &old), CO_E_NOT_SUPPORTED);
  assert_ptr_equal(old, untouched);
  assert_int_equal(CoRegisterMessageFilter(NULL, NULL), CO_E_NOT_SUPPORTED);
  CoUninitialize();
  CoInitialize(NULL);
  assert_int_equal(CoRegisterMessageFilter(&filter.face, &old), S_OK);
  assert_null(old);
  assert_int_equal(filter.references, 2);
  /* The end of the MTA on this thread is not the end of this apartment. */
  assert_int_equal(CoIncrementMTAUsage(&cookie), S_OK);
  assert_int_equal(CoDecrementMTAUsage(cookie), S_OK);
  assert_int_equal(filter.references, 2);
  CoUninitialize();
  assert_int_equal(filter.references, 1);
}

/* The end of the MTA */

typedef struct Leaving {
  pthread_mutex_t lock;
  pthread_cond_t changed;
  bool watched;            /* the hook below counts */
  int runs, lasts;         /* of the hook */
  uint64_t ended;          /* the apartment of the last `last` */
  bool holds, held, go_on; /* a run that is no end waits */
  bool holds_last, held_last, go_on_last;
} Leaving;

static Leaving leaving = { .lock = PTHREAD_MUTEX_INITIALIZER, .changed = PTHREAD_COND_INITIALIZER };

static void wait_for(const bool *flag) {
  pthread_mutex_lock(&leaving.lock);
  while (!*flag)
    pthread_cond_wait(&leaving.changed, &leaving.lock);
  pthread_mutex_unlock(&leaving.lock);
}

static void set(bool *flag) {
  pthread_mutex_lock(&leaving.lock);
  *flag = true;
  pthread_cond_broadcast(&leaving.changed);
  pthread_mutex_unlock(&leaving.lock);
}

static void leaving_hook(uint64_t apartment, bool last) {
  pthread_mutex_lock(&leaving.lock);
  if (leaving.watched) {
    leaving.runs++;
    if (last) {
      leaving.lasts++;
      leaving.ended = apartment;
    }
  }
  bool hold = leaving.watched && (last ? leaving.holds_last : leaving.holds);
  pthread_mutex_unlock(&leaving.lock);
  if (hold) {
    set(last ? &leaving.held_last : &leaving.held);
    wait_for(last ? &leaving.go_on_last : &leaving.go_on);
  }
}

static void watch_leaving(bool holds, bool holds_last) {
  static bool added;

  if (!added)
    assert_int_equal(apartment_add_hook(leaving_hook), S_OK);
  added = true;
  leaving.runs = leaving.lasts = 0;
  leaving.held = leaving.go_on = leaving.held_last = leaving.go_on_last = false;
  leaving.holds = holds;
  leaving.holds_last = holds_last;
  leaving.watched = true;
}

static void *joins_and_leaves(void *unused) {
  (void)unused;
  CHECK(CoInitializeEx(NULL, COINIT_MULTITHREADED) == S_OK);
  CoUninitialize();
  return NULL;
}

/* The other thread has decided that it is not the last; it is still letting go of its own things when this one leaves. */
static void of_two_that_leave_together_one_ends_the_mta(void **state) {
  pthread_t other;
  uint64_t mta;
  void *problem;

  (void)state;
  watch_leaving(true, false);
  assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
  mta = apartment_current();
  pthread_create(&other, NULL, joins_and_leaves, NULL);
  wait_for(&leaving.held);
  CoUninitialize();
  assert_int_equal(leaving.lasts, 1);
  assert_true(leaving.ended == mta);
  assert_int_equal(apartment_current(), 0);
  set(&leaving.go_on);
  pthread_join(other, &problem);
  assert_null(problem);
  assert_int_equal(leaving.runs, 2);
  assert_int_equal(leaving.lasts, 1);
  leaving.watched = false;
}

/* Who comes while the last one is still letting go begins anew, and what he registers is not taken away. */
static void who_comes_while_the_mta_ends_begins_a_new_one(void **state) {
  pthread_t other;
  uint64_t fresh;
  void *problem;

  (void)state;
  watch_leaving(false, true);
  pthread_create(&other, NULL, joins_and_leaves, NULL);
  wait_for(&leaving.held_last);
  assert_int_equal(apartment_current(), 0);
  assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
  fresh = apartment_current();
  assert_true(fresh != leaving.ended);
  set(&leaving.go_on_last);
  pthread_join(other, &problem);
  assert_null(problem);
  expect_type(S_OK, APTTYPE_MTA, APTTYPEQUALIFIER_NONE);
  CoUninitialize();
  assert_int_equal(leaving.lasts, 2);
  assert_true(leaving.ended == fresh);
  leaving.watched = false;
}

static void each_usage_of_the_mta_is_given_back_once(void **state) {
  CO_MTA_USAGE_COOKIE first, second;
  int something;

  (void)state;
  watch_leaving(false, false);
  assert_int_equal(CoIncrementMTAUsage(NULL), E_INVALIDARG);
  assert_int_equal(CoDecrementMTAUsage(NULL), E_INVALIDARG);
  assert_int_equal(CoDecrementMTAUsage((CO_MTA_USAGE_COOKIE)(void *)&something), E_INVALIDARG);
  assert_int_equal(CoIncrementMTAUsage(&first), S_OK);
  assert_int_equal(CoIncrementMTAUsage(&second), S_OK);
  assert_true(first != second);
  assert_int_equal(CoDecrementMTAUsage(first), S_OK);
  assert_int_equal(CoDecrementMTAUsage(first), E_INVALIDARG);
  expect_type(S_OK, APTTYPE_MTA, APTTYPEQUALIFIER_IMPLICIT_MTA);
  assert_int_equal(CoDecrementMTAUsage(second), S_OK);
  expect_type(CO_E_NOTINITIALIZED, APTTYPE_CURRENT, APTTYPEQUALIFIER_NONE);
  assert_int_equal(leaving.lasts, 1);
  /* A surplus call takes no member's place. */
  assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), S_OK);
  assert_int_equal(CoDecrementMTAUsage(second), E_INVALIDARG);
  assert_int_equal(CoDecrementMTAUsage(second), E_INVALIDARG);
  expect_type(S_OK, APTTYPE_MTA, APTTYPEQUALIFIER_NONE);
  CoUninitialize();
  expect_type(CO_E_NOTINITIALIZED, APTTYPE_CURRENT, APTTYPEQUALIFIER_NONE);
  assert_int_equal(leaving.lasts, 2);
  leaving.watched = false;
}

static void *ends_inside(void *flags) {
  return CoInitializeEx(NULL, (DWORD)(uintptr_t)flags) == S_OK ? NULL : (void *)(uintptr_t) "failed";
}

static void a_thread_that_ends_leaves_its_apartment(void **state) {
  const DWORD kinds[] = { COINIT_APARTMENTTHREADED, COINIT_MULTITHREADED };

  (void)state;
  for (int i = 0; i < 2; i++) {
    pthread_t thread;
    void *problem;

    watch_leaving(false, false);
    pthread_create(&thread, NULL, ends_inside, (void *)(uintptr_t)kinds[i]);
    pthread_join(thread, &problem);
    assert_null(problem);
    assert_int_equal(leaving.lasts, 1);
    expect_type(CO_E_NOTINITIALIZED, APTTYPE_CURRENT, APTTYPEQUALIFIER_NONE);
    leaving.watched = false;
  }
}

static void apartments_are_found_by_number(void **state) {
  Apartment *own, *found;

  (void)state;
  assert_null(apartment_get());
  assert_null(apartment_find(0));
  CoInitialize(NULL);
  own = apartment_get();
  assert_non_null(own);
  assert_true(apartment_is_single(own));
  assert_true(apartment_number(own) == apartment_current());
  found = apartment_find(apartment_current());
  assert_ptr_equal(found, own);
  apartment_release(found);
  assert_false(apartment_none_left());
  CoUninitialize();
  assert_true(apartment_none_left());
  assert_null(apartment_find(apartment_number(own)));
  apartment_release(own);
}

/* Spies */

typedef struct Spy {
  IInitializeSpy face;
  ULONG references;
  char *log; /* of all */
  char name;
  HRESULT answer; /* 0: what it is told */
  ULARGE_INTEGER revokes;
  bool does_revoke;
} Spy;

static void note(Spy *spy, const char *what, DWORD value) {
  sprintf(spy->log + strlen(spy->log), "%c%s%u ", spy->name, what, (unsigned)value);
}

static HRESULT STDMETHODCALLTYPE Spy_QueryInterface(IInitializeSpy *face, REFIID iid, void **result) {
  *result = IsEqualIID(iid, &IID_IInitializeSpy) || IsEqualIID(iid, &IID_IUnknown) ? face : NULL;
  if (*result)
    IInitializeSpy_AddRef(face);
  return *result ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Spy_AddRef(IInitializeSpy *face) {
  return ++((Spy *)face)->references;
}

static ULONG STDMETHODCALLTYPE Spy_Release(IInitializeSpy *face) {
  return --((Spy *)face)->references;
}

static HRESULT STDMETHODCALLTYPE Spy_PreInitialize(IInitializeSpy *face, DWORD flags, DWORD references) {
  (void)flags;
  note((Spy *)face, "+", references);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Spy_PostInitialize(IInitializeSpy *face, HRESULT result, DWORD flags,
                                                    DWORD references) {
  (void)flags;
  note((Spy *)face, "=", references);
  return ((Spy *)face)->answer ? ((Spy *)face)->answer : result;
}

static HRESULT STDMETHODCALLTYPE Spy_PreUninitialize(IInitializeSpy *face, DWORD references) {
  Spy *spy = (Spy *)face;

  note(spy, "-", references);
  if (spy->does_revoke)
    assert_int_equal(CoRevokeInitializeSpy(spy->revokes), S_OK);
  spy->does_revoke = false;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Spy_PostUninitialize(IInitializeSpy *face, DWORD references) {
  note((Spy *)face, "~", references);
  return S_OK;
}

static const IInitializeSpyVtbl spy_vtable = { Spy_QueryInterface,  Spy_AddRef,         Spy_Release,
                                               Spy_PreInitialize,   Spy_PostInitialize, Spy_PreUninitialize,
                                               Spy_PostUninitialize };

static ULARGE_INTEGER foreign_cookie;

static void *revokes_a_foreign_cookie(void *unused) {
  (void)unused;
  CHECK(CoRevokeInitializeSpy(foreign_cookie) == E_INVALIDARG);
  return NULL;
}

static void spies_see_every_initialization(void **state) {
  char log[400] = "";
  Spy a = { { &spy_vtable }, 1, log, 'a', 0, { { 0, 0 } }, false };
  Spy b = { { &spy_vtable }, 1, log, 'b', 0, { { 0, 0 } }, false };
  ULARGE_INTEGER first, second, third, untouched;

  (void)state;
  untouched.QuadPart = 77;
  assert_int_equal(CoRegisterInitializeSpy(NULL, &untouched), E_INVALIDARG);
  assert_int_equal(untouched.QuadPart, 77);
  assert_int_equal(CoRegisterInitializeSpy(&a.face, NULL), E_INVALIDARG);
  untouched.QuadPart = 0;
  assert_int_equal(CoRevokeInitializeSpy(untouched), E_INVALIDARG);

  assert_int_equal(CoRegisterInitializeSpy(&a.face, &first), S_OK);
  assert_int_equal(CoRegisterInitializeSpy(&b.face, &second), S_OK);
  assert_int_equal(CoRegisterInitializeSpy(&a.face, &third), S_OK); /* the same once more */
  assert_int_equal(first.LowPart, 0);
  assert_int_equal(second.LowPart, 1);
  assert_int_equal(third.LowPart, 2);
  assert_int_equal(first.HighPart, second.HighPart);
  assert_int_not_equal(first.HighPart, 0);
  foreign_cookie = first;
  on_new_thread(revokes_a_foreign_cookie);
  assert_int_equal(CoRevokeInitializeSpy(first), S_OK);
  assert_int_equal(CoRevokeInitializeSpy(first), E_INVALIDARG);
  assert_int_equal(CoRegisterInitializeSpy(&b.face, &first), S_OK); /* the lowest slot that is free */
  assert_int_equal(first.LowPart, 0);
  assert_int_equal(CoRevokeInitializeSpy(first), S_OK);
  assert_int_equal(CoRevokeInitializeSpy(third), S_OK);

  assert_int_equal(CoInitialize(NULL), S_OK);
  assert_int_equal(CoInitialize(NULL), S_FALSE);
  assert_int_equal(CoInitializeEx(NULL, COINIT_MULTITHREADED), RPC_E_CHANGED_MODE);
  b.answer = E_ABORT;
  assert_int_equal(CoInitialize(NULL), E_ABORT);
  CoUninitialize();
  CoUninitialize();
  b.does_revoke = true;
  b.revokes = second;
  CoUninitialize();
  CoUninitialize();
  assert_string_equal(log, "b+0 b=1 b+1 b=2 b+2 b=2 b+2 b=3 b-3 b~2 b-2 b~1 b-1 ");
  assert_int_equal(a.references, 1);
  assert_int_equal(b.references, 1);
}

/* The context of a call, and cancellation */

static void call_contexts_are_switched_without_references(void **state) {
  IUnknown *old = (IUnknown *)1, *seen;
  Spy context = { { &spy_vtable }, 1, NULL, 'c', 0, { { 0, 0 } }, false };

  (void)state;
  assert_int_equal(CoGetCallContext(&IID_IUnknown, NULL), E_INVALIDARG);
  assert_int_equal(CoGetCallContext(&IID_IUnknown, (void **)&seen), RPC_E_CALL_COMPLETE);
  assert_int_equal(CoSwitchCallContext(NULL, NULL), E_INVALIDARG);
  assert_int_equal(CoSwitchCallContext((IUnknown *)&context.face, &old), S_OK);
  assert_null(old);
  assert_int_equal(context.references, 1);
  assert_int_equal(CoGetCallContext(&IID_IUnknown, (void **)&seen), S_OK);
  assert_ptr_equal(seen, &context.face);
  assert_int_equal(IUnknown_Release(seen), 1);
  assert_int_equal(CoGetCallContext(&IID_IStream, (void **)&seen), E_NOINTERFACE);
  assert_int_equal(CoSwitchCallContext(NULL, &old), S_OK);
  assert_ptr_equal(old, &context.face);
  assert_int_equal(context.references, 1);
  assert_int_equal(CoGetCallContext(&IID_IUnknown, (void **)&seen), RPC_E_CALL_COMPLETE);
}

static void *has_no_cancellation(void *unused) {
  (void)unused;
  CHECK(CoDisableCallCancellation(NULL) == CO_E_CANCEL_DISABLED);
  return NULL;
}

static void cancellation_is_counted_by_thread(void **state) {
  (void)state;
  assert_int_equal(CoDisableCallCancellation(NULL), CO_E_CANCEL_DISABLED);
  assert_int_equal(CoEnableCallCancellation(NULL), S_OK);
  CoInitialize(NULL);
  assert_int_equal(CoEnableCallCancellation(NULL), S_OK);
  on_new_thread(has_no_cancellation);
  CoUninitialize();
  assert_int_equal(CoDisableCallCancellation(NULL), S_OK);
  assert_int_equal(CoDisableCallCancellation(NULL), S_OK);
  assert_int_equal(CoDisableCallCancellation(NULL), CO_E_CANCEL_DISABLED);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(initialization_counts),
    cmocka_unit_test(wrong_arguments_are_refused),
    cmocka_unit_test(apartment_type_tells_main_sta_others_and_mta),
    cmocka_unit_test(process_numbers_differ_by_thread),
    cmocka_unit_test(the_context_token_is_the_context_without_a_reference),
    cmocka_unit_test(the_context_tells_about_the_thread),
    cmocka_unit_test(message_filters_belong_to_stas),
    cmocka_unit_test(of_two_that_leave_together_one_ends_the_mta),
    cmocka_unit_test(who_comes_while_the_mta_ends_begins_a_new_one),
    cmocka_unit_test(each_usage_of_the_mta_is_given_back_once),
    cmocka_unit_test(a_thread_that_ends_leaves_its_apartment),
    cmocka_unit_test(apartments_are_found_by_number),
    cmocka_unit_test(spies_see_every_initialization),
    cmocka_unit_test(call_contexts_are_switched_without_references),
    cmocka_unit_test(cancellation_is_counted_by_thread),
    cmocka_unit_test(hooks_run_before_the_apartment_goes),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
