/* Class objects that the process registers, ProgIDs and TreatAs. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ole2.h>

#include "com/object.h"
#include "com/unicode.h"
#include "support/scratch.h"

#define HEAD "Windows Registry Editor Version 5.00\n\n"

static const CLSID clsid = { 0x5E110001, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
static const CLSID other = { 0x5E110002, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

/* A class object whose instances are itself. */
typedef struct Factory {
  IClassFactory factory;
  Object object;
} Factory;

OBJECT_FACE(Factory, factory, IClassFactory)

static HRESULT STDMETHODCALLTYPE Factory_CreateInstance(IClassFactory *face, IUnknown *outer, REFIID iid,
                                                        void **result) {
  return outer ? CLASS_E_NOAGGREGATION : IClassFactory_QueryInterface(face, iid, result);
}

static HRESULT STDMETHODCALLTYPE Factory_LockServer(IClassFactory *face, BOOL lock) {
  (void)face;
  (void)lock;
  return S_OK;
}

static const IClassFactoryVtbl factory_vtable = {
  Factory_factory_QueryInterface, Factory_factory_AddRef, Factory_factory_Release,
  Factory_CreateInstance,         Factory_LockServer,
};
static const ObjectFace factory_faces[] = { { &IID_IClassFactory, offsetof(Factory, factory), &factory_vtable },
                                            { 0 } };
static const ObjectType factory_type = {
  "Factory", sizeof(Factory), offsetof(Factory, object), factory_faces, NULL, NULL,
};

static IUnknown *new_factory(void) {
  Factory *factory = object_create(&factory_type);

  assert_non_null(factory);
  factory->factory.lpVtbl = &factory_vtable;
  return (IUnknown *)&factory->factory;
}

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

/* Whether the class object is found in that context; releases it. */
static HRESULT find(DWORD context) {
  IUnknown *found = NULL;
  HRESULT result = CoGetClassObject(&clsid, context, NULL, &IID_IClassFactory, (void **)&found);

  assert_int_equal(found != NULL, SUCCEEDED(result));
  if (found)
    IUnknown_Release(found);
  return result;
}

static void registered_class_objects_are_found(void **state) {
  IUnknown *factory = new_factory();
  IUnknown *object;
  DWORD cookie;

  (void)state;
  assert_int_equal(CoRegisterClassObject(&clsid, factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie), S_OK);
  assert_int_not_equal(cookie, 0);
  assert_int_equal(find(CLSCTX_INPROC_SERVER), S_OK);
  assert_int_equal(find(CLSCTX_ALL), S_OK);
  assert_int_equal(find(CLSCTX_LOCAL_SERVER), REGDB_E_CLASSNOTREG);
  assert_int_equal(CoCreateInstance(&clsid, NULL, CLSCTX_ALL, &IID_IUnknown, (void **)&object), S_OK);
  IUnknown_Release(object);
  assert_int_equal(CoRevokeClassObject(cookie), S_OK);
  assert_int_equal(CoRevokeClassObject(cookie), E_INVALIDARG);
  assert_int_equal(find(CLSCTX_ALL), REGDB_E_CLASSNOTREG);
  assert_int_equal(IUnknown_Release(factory), 0);
}

static void contexts_and_uses_follow_the_flags(void **state) {
  static const struct {
    DWORD context, flags;
    HRESULT inproc, local, again;
  } cases[] = {
    { CLSCTX_INPROC_SERVER, REGCLS_SINGLEUSE, S_OK, REGDB_E_CLASSNOTREG, S_OK },
    { CLSCTX_LOCAL_SERVER, REGCLS_SINGLEUSE, REGDB_E_CLASSNOTREG, S_OK, REGDB_E_CLASSNOTREG },
    { CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE, S_OK, S_OK, S_OK },
    { CLSCTX_LOCAL_SERVER, REGCLS_MULTI_SEPARATE, REGDB_E_CLASSNOTREG, S_OK, S_OK },
    { CLSCTX_LOCAL_SERVER | CLSCTX_INPROC_SERVER, REGCLS_MULTI_SEPARATE, S_OK, S_OK, S_OK },
    { CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE | REGCLS_SUSPENDED, REGDB_E_CLASSNOTREG, REGDB_E_CLASSNOTREG,
      REGDB_E_CLASSNOTREG },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    IUnknown *factory = new_factory();
    DWORD cookie;

    assert_int_equal(CoRegisterClassObject(&clsid, factory, cases[i].context, cases[i].flags, &cookie), S_OK);
    assert_int_equal(find(CLSCTX_INPROC_SERVER), cases[i].inproc);
    assert_int_equal(find(CLSCTX_LOCAL_SERVER), cases[i].local);
    assert_int_equal(find(CLSCTX_SERVER), cases[i].again);
    assert_int_equal(CoResumeClassObjects(), S_OK);
    if (cases[i].flags & REGCLS_SUSPENDED)
      assert_int_equal(find(CLSCTX_SERVER), S_OK);
    assert_int_equal(CoRevokeClassObject(cookie), S_OK);
    assert_int_equal(IUnknown_Release(factory), 0);
  }
}

static void wrong_registrations_are_refused(void **state) {
  IUnknown *factory = new_factory();
  DWORD cookie;
  DWORD second;

  (void)state;
  assert_int_equal(CoRegisterClassObject(&clsid, NULL, CLSCTX_ALL, 0, &cookie), E_INVALIDARG);
  assert_int_equal(CoRegisterClassObject(&clsid, factory, CLSCTX_ALL, 0, NULL), E_INVALIDARG);
  assert_int_equal(CoRegisterClassObject(&clsid, factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie), S_OK);
  assert_int_equal(CoRegisterClassObject(&clsid, factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &second),
                   CO_E_OBJISREG);
  assert_int_equal(second, 0);
  assert_int_equal(CoRevokeClassObject(0), E_INVALIDARG);
  assert_int_equal(CoRevokeClassObject(cookie), S_OK);
  CoUninitialize();
  assert_int_equal(CoRegisterClassObject(&clsid, factory, CLSCTX_ALL, 0, &cookie), CO_E_NOTINITIALIZED);
  assert_int_equal(CoRevokeClassObject(1), CO_E_NOTINITIALIZED);
  assert_int_equal(CoInitialize(NULL), S_OK);
  assert_int_equal(IUnknown_Release(factory), 0);
}

static void an_apartment_takes_its_class_objects_along(void **state) {
  IUnknown *factory = new_factory();
  DWORD cookie;

  (void)state;
  assert_int_equal(CoRegisterClassObject(&clsid, factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie), S_OK);
  CoUninitialize();
  assert_int_equal(IUnknown_Release(factory), 0);
  assert_int_equal(CoInitialize(NULL), S_OK);
  assert_int_equal(find(CLSCTX_ALL), REGDB_E_CLASSNOTREG);
}

typedef struct Elsewhere {
  DWORD cookie;
  HRESULT inproc, local, revoke;
} Elsewhere;

static void *from_another_apartment(void *context) {
  Elsewhere *elsewhere = context;

  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  elsewhere->inproc = find(CLSCTX_INPROC_SERVER);
  elsewhere->local = find(CLSCTX_LOCAL_SERVER);
  elsewhere->revoke = CoRevokeClassObject(elsewhere->cookie);
  CoUninitialize();
  return NULL;
}

static void inproc_class_objects_belong_to_their_apartment(void **state) {
  IUnknown *factory = new_factory();
  Elsewhere elsewhere;
  pthread_t thread;

  (void)state;
  assert_int_equal(CoRegisterClassObject(&clsid, factory, CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE, &elsewhere.cookie),
                   S_OK);
  pthread_create(&thread, NULL, from_another_apartment, &elsewhere);
  pthread_join(thread, NULL);
  assert_int_equal(elsewhere.inproc, REGDB_E_CLASSNOTREG);
  assert_int_equal(elsewhere.local, S_OK);
  assert_int_equal(elsewhere.revoke, RPC_E_WRONG_THREAD);
  assert_int_equal(CoRevokeClassObject(elsewhere.cookie), S_OK);
  assert_int_equal(IUnknown_Release(factory), 0);
}

static void the_last_server_reference_suspends(void **state) {
  IUnknown *factory = new_factory();
  DWORD cookie;

  (void)state;
  assert_int_equal(CoRegisterClassObject(&clsid, factory, CLSCTX_LOCAL_SERVER, REGCLS_MULTIPLEUSE, &cookie), S_OK);
  assert_int_equal(CoAddRefServerProcess(), 1);
  assert_int_equal(CoAddRefServerProcess(), 2);
  assert_int_equal(CoReleaseServerProcess(), 1);
  assert_int_equal(find(CLSCTX_LOCAL_SERVER), S_OK);
  assert_int_equal(CoReleaseServerProcess(), 0);
  assert_int_equal(find(CLSCTX_LOCAL_SERVER), REGDB_E_CLASSNOTREG);
  assert_int_equal(CoResumeClassObjects(), S_OK);
  assert_int_equal(find(CLSCTX_LOCAL_SERVER), S_OK);
  assert_int_equal(CoSuspendClassObjects(), S_OK);
  assert_int_equal(find(CLSCTX_LOCAL_SERVER), REGDB_E_CLASSNOTREG);
  assert_int_equal(CoResumeClassObjects(), S_OK);
  assert_int_equal(CoRevokeClassObject(cookie), S_OK);
  assert_int_equal(IUnknown_Release(factory), 0);
}

static void progids_name_classes(void **state) {
  static const struct {
    LPCOLESTR progid;
    HRESULT expected;
  } cases[] = {
    { u"Test.Calc.1", S_OK },
    { u"test.calc.1", S_OK },
    { u"Test.Calc", S_OK },
    { u"Test.Bad", CO_E_CLASSSTRING },
    { u"Test.Loop", CO_E_CLASSSTRING },
    { u"Test.None", CO_E_CLASSSTRING },
    { u"", CO_E_CLASSSTRING },
    { u"Test.Dangling", CO_E_CLASSSTRING },
  };
  CLSID found;
  LPOLESTR text;
  size_t i;

  (void)state;
  scratch_write("classes/a.reg",
                HEAD "[HKEY_CLASSES_ROOT\\Test.Calc.1\\CLSID]\n@=\"{5E110001-0001-0002-0304-05060708090A}\"\n"
                     "[HKEY_CLASSES_ROOT\\Test.Calc\\CurVer]\n@=\"Test.Calc.1\"\n"
                     "[HKEY_CLASSES_ROOT\\Test.Bad\\CLSID]\n@=\"{5E110001}\"\n"
                     "[HKEY_CLASSES_ROOT\\Test.Loop\\CurVer]\n@=\"Test.Loop\"\n"
                     "[HKEY_CLASSES_ROOT\\Test.Dangling\\CurVer]\n@=\"Test.Gone\"\n"
                     "[HKEY_CLASSES_ROOT\\CLSID\\{5E110001-0001-0002-0304-05060708090A}\\ProgID]\n@=\"Test.Calc.1\"\n"
                     "[HKEY_CLASSES_ROOT\\CLSID\\{5E110002-0001-0002-0304-05060708090A}]\n@=\"no ProgID\"\n");
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    memset(&found, 0xCC, sizeof found);
    assert_int_equal(CLSIDFromProgID(cases[i].progid, &found), cases[i].expected);
    assert_true(IsEqualCLSID(&found, cases[i].expected == S_OK ? &clsid : &CLSID_NULL));
    memset(&found, 0xCC, sizeof found);
    assert_int_equal(CLSIDFromString(cases[i].progid, &found), cases[i].expected);
    assert_true(IsEqualCLSID(&found, cases[i].expected == S_OK ? &clsid : &CLSID_NULL));
  }
  assert_int_equal(CLSIDFromProgIDEx(u"Test.Calc", &found), S_OK);
  assert_int_equal(CLSIDFromProgID(NULL, &found), E_INVALIDARG);
  assert_int_equal(CLSIDFromProgID(u"Test.Calc", NULL), E_INVALIDARG);

  assert_int_equal(ProgIDFromCLSID(&clsid, &text), S_OK);
  assert_memory_equal(text, u"Test.Calc.1", 12 * sizeof(OLECHAR));
  CoTaskMemFree(text);
  text = (LPOLESTR)1;
  assert_int_equal(ProgIDFromCLSID(&other, &text), REGDB_E_CLASSNOTREG);
  assert_null(text);
  assert_int_equal(ProgIDFromCLSID(&CLSID_NULL, &text), REGDB_E_CLASSNOTREG);
  assert_int_equal(ProgIDFromCLSID(&clsid, NULL), E_INVALIDARG);
}

static void treat_as_is_set_and_read(void **state) {
  CLSID found;

  (void)state;
  assert_int_equal(CoTreatAsClass(&clsid, &other), REGDB_E_CLASSNOTREG);
  scratch_write("classes/a.reg", HEAD "[HKEY_CLASSES_ROOT\\CLSID\\{5E110001-0001-0002-0304-05060708090A}]\n@=\"x\"\n");
  assert_int_equal(CoGetTreatAsClass(&clsid, &found), S_FALSE);
  assert_true(IsEqualCLSID(&found, &clsid));
  assert_int_equal(CoTreatAsClass(&clsid, &clsid), REGDB_E_WRITEREGDB); /* nothing to go back from */
  assert_int_equal(CoTreatAsClass(&clsid, &CLSID_NULL), S_OK);
  assert_int_equal(CoTreatAsClass(&clsid, &other), S_OK);
  assert_int_equal(CoGetTreatAsClass(&clsid, &found), S_OK);
  assert_true(IsEqualCLSID(&found, &other));
  assert_int_equal(CoTreatAsClass(&clsid, &clsid), S_OK);
  assert_int_equal(CoGetTreatAsClass(&clsid, &found), S_FALSE);
  assert_int_equal(CoTreatAsClass(&clsid, &other), S_OK);
  assert_int_equal(CoTreatAsClass(&clsid, &CLSID_NULL), S_OK);
  assert_int_equal(CoGetTreatAsClass(&clsid, &found), S_FALSE);
  assert_int_equal(CoGetTreatAsClass(&clsid, NULL), E_INVALIDARG);
}

static void user_types_and_status_are_read(void **state) {
  static const struct {
    DWORD form;
    const OLECHAR *expected; /* NULL: E_INVALIDARG */
  } names[] = { { USERCLASSTYPE_FULL, u"Whole Name" },
                { USERCLASSTYPE_SHORT, u"Short" },
                { USERCLASSTYPE_APPNAME, u"Whole Name" },
                { 0, NULL },
                { 4, NULL } };
  static const struct {
    DWORD aspect, expected;
  } aspects[] = { { 1, 131473 }, { 2, 7 }, { 4, 9 }, { 8, 7 }, { 0xFFFFFFFF, 7 } };
  LPOLESTR text;
  DWORD status;

  (void)state;
  scratch_write("classes/a.reg",
                HEAD "[HKEY_CLASSES_ROOT\\CLSID\\{5E110001-0001-0002-0304-05060708090A}]\n@=\"Whole Name\"\n"
                     "[HKEY_CLASSES_ROOT\\CLSID\\{5E110001-0001-0002-0304-05060708090A}\\AuxUserType\\2]\n"
                     "@=\"Short\"\n"
                     "[HKEY_CLASSES_ROOT\\CLSID\\{5E110001-0001-0002-0304-05060708090A}\\MiscStatus]\n@=\"7\"\n"
                     "[HKEY_CLASSES_ROOT\\CLSID\\{5E110001-0001-0002-0304-05060708090A}\\MiscStatus\\1]\n"
                     "@=\"131473\"\n"
                     "[HKEY_CLASSES_ROOT\\CLSID\\{5E110001-0001-0002-0304-05060708090A}\\MiscStatus\\4]\n"
                     "@=dword:00000009\n");
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    text = (LPOLESTR)1;
    assert_int_equal(OleRegGetUserType(&clsid, names[i].form, &text), names[i].expected ? S_OK : E_INVALIDARG);
    if (!names[i].expected) {
      assert_null(text);
      continue;
    }
    assert_memory_equal(text, names[i].expected, (utf16_units(names[i].expected) + 1) * sizeof(OLECHAR));
    CoTaskMemFree(text);
  }
  for (size_t i = 0; i < sizeof aspects / sizeof *aspects; i++) {
    assert_int_equal(OleRegGetMiscStatus(&clsid, aspects[i].aspect, &status), S_OK);
    assert_int_equal(status, aspects[i].expected);
  }
  assert_int_equal(OleRegGetUserType(&other, USERCLASSTYPE_FULL, &text), REGDB_E_CLASSNOTREG);
  assert_int_equal(OleRegGetMiscStatus(&other, 1, &status), REGDB_E_CLASSNOTREG);
  assert_int_equal(status, 0);
  assert_int_equal(OleRegGetUserType(&clsid, USERCLASSTYPE_FULL, NULL), E_INVALIDARG);
  assert_int_equal(OleRegGetMiscStatus(&clsid, 1, NULL), E_INVALIDARG);
  scratch_write("classes/a.reg",
                HEAD "[HKEY_CLASSES_ROOT\\CLSID\\{5E110001-0001-0002-0304-05060708090A}\\ProgID]\n@=\"x\"\n");
  assert_int_equal(OleRegGetUserType(&clsid, USERCLASSTYPE_FULL, &text), REGDB_E_READREGDB);
  assert_int_equal(OleRegGetMiscStatus(&clsid, 1, &status), S_OK);
  assert_int_equal(status, 0);
}

static void *register_and_find(void *unused) {
  int i;

  (void)unused;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  for (i = 0; i < 200; i++) {
    IUnknown *factory = new_factory();
    DWORD cookie = 0;
    HRESULT result = CoRegisterClassObject(&clsid, factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie);

    find(CLSCTX_INPROC_SERVER);
    if (result == S_OK)
      CoRevokeClassObject(cookie);
    IUnknown_Release(factory);
  }
  CoUninitialize();
  return NULL;
}

static void the_table_is_thread_safe(void **state) {
  pthread_t threads[4];
  int i;

  (void)state;
  for (i = 0; i < 4; i++)
    pthread_create(&threads[i], NULL, register_and_find, NULL);
  for (i = 0; i < 4; i++)
    pthread_join(threads[i], NULL);
  assert_int_equal(find(CLSCTX_ALL), REGDB_E_CLASSNOTREG);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(registered_class_objects_are_found),
    TEST(contexts_and_uses_follow_the_flags),
    TEST(wrong_registrations_are_refused),
    TEST(an_apartment_takes_its_class_objects_along),
    TEST(inproc_class_objects_belong_to_their_apartment),
    TEST(the_last_server_reference_suspends),
    TEST(progids_name_classes),
    TEST(treat_as_is_set_and_read),
    TEST(user_types_and_status_are_read),
    TEST(the_table_is_thread_safe),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
