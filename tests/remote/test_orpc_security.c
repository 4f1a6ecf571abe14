/* What a process says of its security, blankets of proxies, and who calls. */
#include "calculator.h"

#include <pthread.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include <oleander.h>

static Worker worker;

static int begin(void **state) {
  (void)state;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  worker_start(&worker, COINIT_APARTMENTTHREADED);
  return 0;
}

static int end(void **state) {
  (void)state;
  worker_stop(&worker);
  CoUninitialize();
  assert_int_equal(calculators, 0);
  return 0;
}

/* CoInitializeSecurity: once for a process, so each in one of its own. */

static HRESULT initialize(void *descriptor, LONG count, SOLE_AUTHENTICATION_SERVICE *services, DWORD level,
                          DWORD impersonation, void *list, DWORD capabilities) {
  return CoInitializeSecurity(descriptor, count, services, NULL, level, impersonation, list, capabilities, NULL);
}

/* Whether the function holds in a process of its own. */
static void in_own_process(bool (*function)(void)) {
  pid_t child = fork();
  if (!child)
    _exit(function() ? 0 : 1);
  int status = -1;
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
}

static bool says_it_once(void) {
  bool early = initialize(NULL, -1, NULL, 0, 0, NULL, 0) == CO_E_NOTINITIALIZED;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  return early && initialize(NULL, -1, NULL, 0, RPC_C_IMP_LEVEL_IMPERSONATE, NULL, EOAC_NONE) == S_OK &&
         initialize(NULL, -1, NULL, 0, 0, NULL, 0) == RPC_E_TOO_LATE;
}

static bool is_too_late_behind_marshaling(void) {
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  Calculator *calculator = calculator_create();
  IStream *stream;
  CreateStreamOnHGlobal(NULL, TRUE, &stream);
  HRESULT marshaled = CoMarshalInterface(stream, &IID_ICalculator, (IUnknown *)&calculator->calculator, MSHCTX_INPROC,
                                         NULL, MSHLFLAGS_NORMAL);
  return marshaled == S_OK && initialize(NULL, -1, NULL, 0, 0, NULL, 0) == RPC_E_TOO_LATE;
}

static bool refuses_what_does_not_go_together(void) {
  SOLE_AUTHENTICATION_SERVICE unknown = { .dwAuthnSvc = 77 };
  uint8_t no_descriptor[32] = { 9 };
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  const struct {
    void *descriptor;
    LONG count;
    SOLE_AUTHENTICATION_SERVICE *services;
    DWORD level, impersonation, capabilities;
    HRESULT expected;
  } cases[] = {
    { NULL, -1, NULL, 7, 0, 0, E_INVALIDARG },
    { NULL, -1, NULL, 0, 5, 0, E_INVALIDARG },
    { NULL, -1, NULL, 0, 0, EOAC_STATIC_CLOAKING | EOAC_DYNAMIC_CLOAKING, E_INVALIDARG },
    { NULL, -1, NULL, 0, 0, EOAC_APPID | EOAC_ACCESS_CONTROL, E_INVALIDARG },
    { NULL, -1, NULL, 0, 0, EOAC_ACCESS_CONTROL, E_INVALIDARG },
    { NULL, -1, NULL, RPC_C_AUTHN_LEVEL_NONE, 0, EOAC_SECURE_REFS, E_INVALIDARG },
    { NULL, -1, NULL, 0, 0, 0x80000000u, E_INVALIDARG },
    { NULL, 1, NULL, 0, 0, 0, E_INVALIDARG },
    { NULL, -2, NULL, 0, 0, 0, E_INVALIDARG },
    { NULL, 1, &unknown, 0, 0, 0, RPC_E_NO_GOOD_SECURITY_PACKAGES },
    { no_descriptor, -1, NULL, 0, 0, 0, E_INVALIDARG },
  };
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    if (initialize(cases[i].descriptor, cases[i].count, cases[i].services, cases[i].level, cases[i].impersonation, NULL,
                   cases[i].capabilities) != cases[i].expected)
      return false;
  }
  bool reserved = CoInitializeSecurity(NULL, -1, NULL, &worker, 0, 0, NULL, 0, NULL) == E_INVALIDARG &&
                  CoInitializeSecurity(NULL, -1, NULL, NULL, 0, 0, NULL, 0, &worker) == E_INVALIDARG;
  /* None of them has settled anything. */
  return reserved && initialize(NULL, -1, NULL, 0, 0, NULL, 0) == S_OK;
}

static bool gives_the_services_back(void) {
  SOLE_AUTHENTICATION_SERVICE said[] = { { .dwAuthnSvc = RPC_C_AUTHN_WINNT, .pPrincipalName = (OLECHAR *)u"someone" },
                                         { .dwAuthnSvc = 77 } };
  SOLE_AUTHENTICATION_SERVICE *list = NULL;
  DWORD count = 0;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  if (CoQueryAuthenticationServices(&count, &list) != S_OK || !count)
    return false;
  CoTaskMemFree(list);
  if (initialize(NULL, 2, said, 0, 0, NULL, 0) != S_OK || said[0].hr != S_OK ||
      said[1].hr != HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_SERVICE))
    return false;
  return CoQueryAuthenticationServices(&count, &list) == S_OK && count == 2 &&
         list[0].dwAuthnSvc == RPC_C_AUTHN_WINNT && memcmp(list[0].pPrincipalName, u"someone", 16) == 0 &&
         list[0].pPrincipalName != said[0].pPrincipalName && !list[1].pPrincipalName &&
         CoQueryAuthenticationServices(NULL, &list) == E_INVALIDARG;
}

/* In absolute form: pointers behind a head of four bytes. */
typedef struct Absolute {
  uint8_t revision, reserved;
  uint16_t control;
  void *owner, *group, *audit, *list;
} Absolute;

static bool takes_descriptors(void) {
  uint8_t *bytes;
  size_t size;
  uint32_t offsets[4];
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  if (oleander_security_descriptor("O:BAG:BAD:(A;;7;;;WD)", (void **)&bytes, &size) != S_OK)
    return false;
  memcpy(offsets, bytes + 4, sizeof offsets);
  Absolute absolute = { 1, 0, 4, bytes + offsets[0], bytes + offsets[1], NULL, bytes + offsets[3] };
  Absolute ownerless = { 1, 0, 4, NULL, bytes + offsets[1], NULL, bytes + offsets[3] };
  return initialize(&ownerless, -1, NULL, 0, 0, NULL, 0) == E_INVALIDARG &&
         initialize(&absolute, -1, NULL, 0, 0, NULL, 0) == S_OK;
}

static bool takes_bytes(void) {
  void *bytes;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  return oleander_security_descriptor("no SDDL", &bytes, NULL) == E_INVALIDARG && !bytes &&
         oleander_security_descriptor("O:BAG:BAD:(A;;7;;;WD)", &bytes, NULL) == S_OK &&
         initialize(bytes, -1, NULL, 0, 0, NULL, 0) == S_OK;
}

static void a_process_says_its_security(void **state) {
  (void)state;
  in_own_process(says_it_once);
  in_own_process(is_too_late_behind_marshaling);
  in_own_process(refuses_what_does_not_go_together);
  in_own_process(gives_the_services_back);
  in_own_process(takes_descriptors);
  in_own_process(takes_bytes);
}

/* Blankets */

typedef struct Told {
  DWORD service, authorization, level, impersonation, capabilities;
  OLECHAR *principal;
  void *auth_info;
} Told;

static Told told(void *proxy) {
  Told all;
  memset(&all, 0xAA, sizeof all);
  assert_int_equal(CoQueryProxyBlanket((IUnknown *)proxy, &all.service, &all.authorization, &all.principal, &all.level,
                                       &all.impersonation, &all.auth_info, &all.capabilities),
                   S_OK);
  return all;
}

static void a_blanket_belongs_to_one_interface(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker);
  IDispatch *dispatch;
  IUnknown_QueryInterface((IUnknown *)calculator, &IID_IDispatch, (void **)&dispatch);
  Told usual = told(calculator);
  assert_int_equal(usual.service, RPC_C_AUTHN_WINNT);
  assert_int_equal(usual.level, RPC_C_AUTHN_LEVEL_PKT_PRIVACY);
  assert_int_equal(usual.impersonation, RPC_C_IMP_LEVEL_IDENTIFY);
  assert_null(usual.principal);
  assert_null(usual.auth_info);
  assert_int_equal(CoSetProxyBlanket((IUnknown *)calculator, RPC_C_AUTHN_WINNT, RPC_C_AUTHZ_NONE, NULL,
                                     RPC_C_AUTHN_LEVEL_PKT, RPC_C_IMP_LEVEL_IMPERSONATE, NULL, EOAC_STATIC_CLOAKING),
                   S_OK);
  Told set = told(calculator), other = told(dispatch);
  assert_int_equal(set.impersonation, RPC_C_IMP_LEVEL_IMPERSONATE);
  assert_int_equal(set.capabilities, EOAC_STATIC_CLOAKING);
  assert_int_equal(other.impersonation, RPC_C_IMP_LEVEL_IDENTIFY);
  assert_int_equal(other.capabilities, EOAC_NONE);
  assert_int_equal(CoQueryProxyBlanket((IUnknown *)calculator, NULL, NULL, NULL, NULL, NULL, NULL, NULL), S_OK);
  release(dispatch);
  release(calculator);
}

static void wrong_blankets_are_refused(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker), *none;
  Calculator *own = calculator_create();
  IUnknown *proxy = (IUnknown *)calculator, *object = (IUnknown *)&own->calculator;
  static const struct {
    DWORD service, level, impersonation, capabilities;
  } wrong[] = { { 77, 0, 0, 0 },
                { RPC_C_AUTHN_WINNT, 7, 0, 0 },
                { RPC_C_AUTHN_WINNT, 0, 5, 0 },
                { RPC_C_AUTHN_WINNT, 0, 0, EOAC_SECURE_REFS },
                { RPC_C_AUTHN_WINNT, 0, 0, EOAC_STATIC_CLOAKING | EOAC_DYNAMIC_CLOAKING },
                { RPC_C_AUTHN_NONE, RPC_C_AUTHN_LEVEL_PKT, 0, 0 } };
  for (size_t i = 0; i < COUNT_OF(wrong); i++)
    assert_int_equal(CoSetProxyBlanket(proxy, wrong[i].service, 0, NULL, wrong[i].level, wrong[i].impersonation, NULL,
                                       wrong[i].capabilities),
                     E_INVALIDARG);
  assert_int_equal(CoSetProxyBlanket(object, RPC_C_AUTHN_WINNT, 0, NULL, 0, 0, NULL, 0), E_NOINTERFACE);
  assert_int_equal(CoQueryProxyBlanket(object, NULL, NULL, NULL, NULL, NULL, NULL, NULL), E_NOINTERFACE);
  assert_int_equal(CoCopyProxy(object, (IUnknown **)&none), E_NOINTERFACE);
  assert_int_equal(CoSetProxyBlanket(NULL, RPC_C_AUTHN_WINNT, 0, NULL, 0, 0, NULL, 0), E_INVALIDARG);
  assert_int_equal(CoCopyProxy(proxy, NULL), E_INVALIDARG);
  assert_int_equal(told(proxy).impersonation, RPC_C_IMP_LEVEL_IDENTIFY);
  release(&own->calculator);
  release(calculator);
}

static void a_copy_has_a_blanket_of_its_own(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker), *copy, *back, *second;
  IUnknown *identity, *own;
  LONG sum = 0;
  assert_int_equal(CoCopyProxy((IUnknown *)calculator, (IUnknown **)&copy), S_OK);
  assert_ptr_not_equal(copy, calculator);
  assert_int_equal(CoSetProxyBlanket((IUnknown *)copy, RPC_C_AUTHN_WINNT, 0, COLE_DEFAULT_PRINCIPAL, 0,
                                     RPC_C_IMP_LEVEL_IMPERSONATE, COLE_DEFAULT_AUTHINFO, EOAC_NONE),
                   S_OK);
  assert_int_equal(told(copy).impersonation, RPC_C_IMP_LEVEL_IMPERSONATE);
  assert_int_equal(told(calculator).impersonation, RPC_C_IMP_LEVEL_IDENTIFY);
  /* A copy of a copy begins as that; the interface asked for is the first one. */
  assert_int_equal(CoCopyProxy((IUnknown *)copy, (IUnknown **)&second), S_OK);
  assert_int_equal(told(second).impersonation, RPC_C_IMP_LEVEL_IMPERSONATE);
  assert_int_equal(IUnknown_QueryInterface((IUnknown *)copy, &IID_ICalculator, (void **)&back), S_OK);
  assert_ptr_equal(back, calculator);
  IUnknown_QueryInterface((IUnknown *)copy, &IID_IUnknown, (void **)&identity);
  IUnknown_QueryInterface((IUnknown *)calculator, &IID_IUnknown, (void **)&own);
  assert_ptr_equal(identity, own);
  release(back);
  release(identity);
  release(own);
  release(second);
  release(calculator); /* the copy keeps the object */
  assert_int_equal(copy->lpVtbl->Add(copy, 2, 40, &sum), S_OK);
  assert_int_equal(sum, 42);
  release(copy);
  worker_settle(&worker);
  assert_int_equal(calculators, 0);
}

static void identity_is_not_copied(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker);
  IUnknown *identity, *copy;
  IUnknown_QueryInterface((IUnknown *)calculator, &IID_IUnknown, (void **)&identity);
  assert_int_equal(CoCopyProxy(identity, &copy), S_OK);
  assert_ptr_equal(copy, identity);
  assert_int_equal(CoSetProxyBlanket(identity, RPC_C_AUTHN_WINNT, 0, NULL, 0, RPC_C_IMP_LEVEL_IMPERSONATE, NULL, 0),
                   S_OK);
  assert_int_equal(told(identity).impersonation, RPC_C_IMP_LEVEL_IMPERSONATE);
  assert_int_equal(told(calculator).impersonation, RPC_C_IMP_LEVEL_IDENTIFY);
  release(copy);
  release(identity);
  release(calculator);
}

/* Who calls: a calculator's Keep asks, when it is given what asks. */

typedef struct Asked {
  HRESULT query, impersonate, revert, again;
  DWORD level, impersonation;
  bool named, impersonating, before;
} Asked;

static Asked asked;

static void ask_who_calls(void) {
  IServerSecurity *security;
  void *privileges = NULL;
  asked.query = CoQueryClientBlanket(NULL, NULL, NULL, &asked.level, &asked.impersonation, &privileges, NULL);
  asked.named = privileges && *(OLECHAR *)privileges;
  if (FAILED(CoGetCallContext(&IID_IServerSecurity, (void **)&security)))
    return;
  asked.before = IServerSecurity_IsImpersonating(security);
  asked.impersonate = CoImpersonateClient();
  asked.impersonating = IServerSecurity_IsImpersonating(security);
  asked.revert = CoRevertToSelf();
  asked.again = CoImpersonateClient(); /* and is forgotten */
  IServerSecurity_Release(security);
}

static void outside_of_a_call_nobody_calls(void **state) {
  (void)state;
  IServerSecurity *none = NULL;
  assert_int_equal(CoQueryClientBlanket(NULL, NULL, NULL, NULL, NULL, NULL, NULL), RPC_E_CALL_COMPLETE);
  assert_int_equal(CoImpersonateClient(), RPC_E_CALL_COMPLETE);
  assert_int_equal(CoRevertToSelf(), RPC_E_CALL_COMPLETE);
  assert_int_equal(CoGetCallContext(&IID_IServerSecurity, (void **)&none), RPC_E_CALL_COMPLETE);
}

static HRESULT STDMETHODCALLTYPE bounce_asking(ICalculator *face, ICalculator *other, LONG times, LONG *depth) {
  (void)face;
  (void)other;
  ask_who_calls();
  *depth = times;
  return S_OK;
}

static void a_call_knows_its_caller(void **state) {
  (void)state;
  ICalculator *there = worker_calculator(&worker);
  Calculator *here = calculator_create();
  ICalculatorVtbl vtable = *here->calculator.lpVtbl;
  LONG depth = 0;
  vtable.Bounce = bounce_asking;
  memset(&asked, 0, sizeof asked);
  here->calculator.lpVtbl = &vtable;
  assert_int_equal(there->lpVtbl->Bounce(there, &here->calculator, 1, &depth), S_OK);
  assert_int_equal(asked.query, S_OK);
  assert_int_equal(asked.level, RPC_C_AUTHN_LEVEL_PKT_PRIVACY);
  assert_true(asked.named);
  assert_false(asked.before);
  assert_int_equal(asked.impersonate, S_OK);
  assert_true(asked.impersonating);
  assert_int_equal(asked.revert, S_OK);
  assert_int_equal(asked.again, S_OK);
  assert_false(credentials_assumed()); /* the end of the call has reverted */
  release(there);
  worker_settle(&worker);
  release(&here->calculator);
}

/* Credentials of threads */

static uid_t effective(void) {
  return geteuid();
}

static void *effective_of_new_thread(void *found) {
  *(uid_t *)found = effective();
  return NULL;
}

static void threads_act_as_others_alone(void **state) {
  (void)state;
  pthread_t thread;
  uid_t others = 1;
  const gid_t groups[] = { 65534, 12345 };
  gid_t found[8];
  if (geteuid() != 0) {
    assert_int_equal(credentials_become(geteuid() + 1, 65534, groups, 2), E_ACCESSDENIED);
    assert_false(credentials_assumed());
    print_message("only the refusal was tried: this is not root\n");
    return;
  }
  assert_int_equal(credentials_become(65534, 65534, groups, 2), S_OK);
  assert_int_equal(effective(), 65534);
  assert_int_equal(getegid(), 65534);
  assert_int_equal(getgroups(8, found), 2);
  assert_int_not_equal(access("/root", R_OK) == 0 && geteuid() == 0, 1);
  Credentials *aside = credentials_put_aside();
  assert_int_equal(effective(), 0);
  pthread_create(&thread, NULL, effective_of_new_thread, &others);
  pthread_join(thread, NULL);
  assert_int_equal(others, 0);
  credentials_take_back(aside);
  assert_int_equal(effective(), 65534);
  assert_int_equal(credentials_become(12, 12, NULL, 0), S_OK); /* from one to another */
  assert_int_equal(effective(), 12);
  assert_true(credentials_revert());
  assert_false(credentials_revert());
  assert_int_equal(effective(), 0);
  assert_int_equal(getegid(), 0);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_blanket_belongs_to_one_interface), cmocka_unit_test(wrong_blankets_are_refused),
    cmocka_unit_test(a_copy_has_a_blanket_of_its_own),    cmocka_unit_test(identity_is_not_copied),
    cmocka_unit_test(outside_of_a_call_nobody_calls),     cmocka_unit_test(a_call_knows_its_caller),
    cmocka_unit_test(threads_act_as_others_alone),
  };
  const struct CMUnitTest first[] = { cmocka_unit_test(a_process_says_its_security) };
  int failed = cmocka_run_group_tests(first, NULL, NULL); /* before there is anything to be too late for */
  return failed + cmocka_run_group_tests(tests, begin, end);
}
