/* Creating objects from modules: results, errors, aggregation, unloading. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <oleander.h>
#include <oleauto.h>

#include "activation/activation_api.h"
#include "com/object.h"
#include "support/faults.h"
#include "support/scratch.h"

#define MODULES       TEST_BINARY_DIR "/tests/modules/"
#define HEAD          "Windows Registry Editor Version 5.00\n\n"
#define CLASS(number) "{6F1E" number "-1111-2222-0102-030405060708}"

static CLSID clsid_of(uint32_t number) {
  CLSID clsid = { 0x6F1E0000, 0x1111, 0x2222, { 1, 2, 3, 4, 5, 6, 7, 8 } };

  clsid.Data1 |= number;
  return clsid;
}

/* 1: good, 2: cannot be made, 3: gives NULL, 4: the good module has no such class, 0x11, 0x12: liars, 0x20: no entry
 * point, 0x21: a borrowed one, 0x22: missing file, 0x23: cannot be linked, 0x24: a folder, 0x25: no server at all,
 * 0x26: bad threading model, 0x30: stands for 1, 0x31 and 0x32: stand for each other */
static void write_classes(void) {
  static const struct {
    const char *number, *module;
  } classes[] = {
    { "0001", "good" }, { "0002", "good" },  { "0003", "good" },     { "0004", "good" },    { "0011", "liar" },
    { "0012", "liar" }, { "0020", "empty" }, { "0021", "borrower" }, { "0022", "missing" }, { "0023", "unresolved" },
  };
  char text[8192];
  size_t size = (size_t)snprintf(text, sizeof text, "%s", HEAD);
  size_t i;

  for (i = 0; i < sizeof classes / sizeof classes[0]; i++)
    size += (size_t)snprintf(text + size, sizeof text - size,
                             "[HKEY_CLASSES_ROOT\\CLSID\\{6F1E%s-1111-2222-0102-030405060708}\\InprocServer32]\n"
                             "@=\"" MODULES "%s.so\"\n\"ThreadingModel\"=\"Both\"\n",
                             classes[i].number, classes[i].module);
  snprintf(
      text + size, sizeof text - size,
      "[HKEY_CLASSES_ROOT\\CLSID\\" CLASS(
          "0024") "\\InprocServer32]\n@=\".\"\n"
                  "[HKEY_CLASSES_ROOT\\CLSID\\" CLASS(
                      "0025") "]\n@=\"nothing\"\n"
                              "[HKEY_CLASSES_ROOT\\CLSID\\" CLASS(
                                  "0026") "\\InprocServer32]\n@=\"" MODULES "good.so\"\n"
                                          "\"ThreadingModel\"=\"Sometimes\"\n"
                                          "[HKEY_CLASSES_ROOT\\CLSID\\" CLASS("0030") "\\TreatAs]\n@=\"" CLASS(
                                              "0001") "\"\n"
                                                      "[HKEY_CLASSES_ROOT\\CLSID\\" CLASS(
                                                          "0031") "\\TreatAs]\n@=\"" CLASS("0032") "\"\n"
                                                                                                   "[HKEY_CLASSES_"
                                                                                                   "ROOT\\CLSID"
                                                                                                   "\\" CLASS("0032") "\\TreatAs]\n@=\"" CLASS(
                                                                                                       "0031") "\"\n");
  scratch_write("classes/test.reg", text);
}

static int setup(void **state) {
  *state = (void *)(uintptr_t)scratch_make();
  setenv("OLEANDER_CLASSES", scratch_path("classes"), 1);
  write_classes();
  return CoInitialize(NULL) == S_OK ? 0 : -1;
}

static int teardown(void **state) {
  (void)state;
  SetErrorInfo(0, NULL);
  CoUninitialize();
  scratch_remove();
  return 0;
}

static HRESULT create(uint32_t number, DWORD context, REFIID iid, void **result) {
  CLSID clsid = clsid_of(number);

  *result = (void *)1;
  return CoCreateInstance(&clsid, NULL, context, iid, result);
}

static void objects_are_made_by_class(void **state) {
  IPersist *persist;
  CLSID expected = clsid_of(1);
  CLSID clsid;

  (void)state;
  assert_int_equal(create(1, CLSCTX_INPROC_SERVER, &IID_IPersist, (void **)&persist), S_OK);
  assert_int_equal(IPersist_GetClassID(persist, &clsid), S_OK);
  assert_true(IsEqualCLSID(&clsid, &expected));
  assert_int_equal(IPersist_Release(persist), 0);
  assert_int_equal(create(1, CLSCTX_ALL, &IID_IPersist, (void **)&persist), S_OK);
  assert_int_equal(IPersist_Release(persist), 0);
  assert_int_equal(create(0x30, CLSCTX_INPROC_SERVER, &IID_IPersist, (void **)&persist), S_OK);
  assert_int_equal(IPersist_Release(persist), 0);
}

static void every_failure_has_its_code_and_clears_the_result(void **state) {
  static const struct {
    uint32_t number;
    DWORD context;
    const IID *iid;
    HRESULT expected;
    const char *part; /* of the description; NULL: none is needed */
  } cases[] = {
    { 1, CLSCTX_INPROC_SERVER, &IID_IStream, E_NOINTERFACE, NULL },
    { 2, CLSCTX_INPROC_SERVER, &IID_IUnknown, CO_E_ERRORINAPP, NULL },
    { 3, CLSCTX_INPROC_SERVER, &IID_IUnknown, E_NOINTERFACE, NULL },
    { 4, CLSCTX_INPROC_SERVER, &IID_IUnknown, CLASS_E_CLASSNOTAVAILABLE, NULL },
    { 0x11, CLSCTX_INPROC_SERVER, &IID_IUnknown, E_FAIL, NULL },
    { 0x12, CLSCTX_INPROC_SERVER, &IID_IUnknown, E_NOINTERFACE, NULL },
    { 0x20, CLSCTX_INPROC_SERVER, &IID_IUnknown, CO_E_ERRORINDLL, "empty.so: the module has no DllGetClassObject" },
    { 0x21, CLSCTX_INPROC_SERVER, &IID_IUnknown, CO_E_ERRORINDLL, "borrower.so: the module has no DllGetClassObject" },
    { 0x22, CLSCTX_INPROC_SERVER, &IID_IUnknown, CO_E_DLLNOTFOUND, "missing.so: there is no such file" },
    { 0x23, CLSCTX_INPROC_SERVER, &IID_IUnknown, CO_E_ERRORINDLL, "oleander_test_no_such_function" },
    { 0x24, CLSCTX_INPROC_SERVER, &IID_IUnknown, CO_E_ERRORINDLL, "not a regular file" },
    { 0x25, CLSCTX_INPROC_SERVER, &IID_IUnknown, REGDB_E_CLASSNOTREG, CLASS("0025") },
    { 0x26, CLSCTX_INPROC_SERVER, &IID_IUnknown, REGDB_E_BADTHREADINGMODEL, "Sometimes" },
    { 0x99, CLSCTX_ALL, &IID_IUnknown, REGDB_E_CLASSNOTREG, CLASS("0099") " is not registered" },
    { 1, CLSCTX_LOCAL_SERVER, &IID_IUnknown, REGDB_E_CLASSNOTREG, CLASS("0001") },
    { 1, CLSCTX_INPROC_HANDLER, &IID_IUnknown, REGDB_E_CLASSNOTREG, CLASS("0001") },
    { 0x31, CLSCTX_INPROC_SERVER, &IID_IUnknown, REGDB_E_INVALIDVALUE, "TreatAs" },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    void *object;
    HRESULT result;
    IErrorInfo *info;
    BSTR description;

    SetErrorInfo(0, NULL);
    result = create(cases[i].number, cases[i].context, cases[i].iid, &object);
    if (result != cases[i].expected || object)
      fail_msg("class %X: 0x%08X, expected 0x%08X", cases[i].number, (unsigned)result, (unsigned)cases[i].expected);
    if (cases[i].part) {
      char narrow[1024] = "";
      UINT k;

      assert_int_equal(GetErrorInfo(0, &info), S_OK);
      assert_int_equal(IErrorInfo_GetDescription(info, &description), S_OK);
      for (k = 0; k < SysStringLen(description) && k + 1 < sizeof narrow; k++)
        narrow[k] = (char)description[k];
      if (!strstr(narrow, cases[i].part))
        fail_msg("class %X: \"%s\" lacks \"%s\"", cases[i].number, narrow, cases[i].part);
      SysFreeString(description);
      IErrorInfo_Release(info);
    }
  }
}

static void an_unreadable_registry_file_is_named(void **state) {
  char narrow[1024] = "";
  IErrorInfo *info;
  BSTR text;
  void *object;
  UINT k;

  (void)state;
  scratch_write("classes/broken.reg", "nonsense\n");
  assert_int_equal(create(0x99, CLSCTX_ALL, &IID_IUnknown, &object), REGDB_E_CLASSNOTREG);
  assert_int_equal(GetErrorInfo(0, &info), S_OK);
  assert_int_equal(IErrorInfo_GetDescription(info, &text), S_OK);
  for (k = 0; k < SysStringLen(text) && k + 1 < sizeof narrow; k++)
    narrow[k] = (char)text[k];
  assert_non_null(strstr(narrow, "/broken.reg:1: "));
  SysFreeString(text);
  IErrorInfo_Release(info);
}

static void wrong_arguments_are_refused(void **state) {
  CLSID clsid = clsid_of(1);
  MULTI_QI query = { NULL, NULL, S_OK };
  void *object;

  (void)state;
  assert_int_equal(CoCreateInstance(&clsid, NULL, CLSCTX_ALL, &IID_IUnknown, NULL), E_POINTER);
  assert_int_equal(CoGetClassObject(&clsid, CLSCTX_ALL, NULL, &IID_IClassFactory, NULL), E_INVALIDARG);
  assert_int_equal(CoCreateInstanceEx(&clsid, NULL, CLSCTX_ALL, NULL, 0, &query), E_INVALIDARG);
  assert_int_equal(CoCreateInstanceEx(&clsid, NULL, CLSCTX_ALL, NULL, 1, NULL), E_INVALIDARG);
  assert_int_equal(CoCreateInstanceEx(&clsid, NULL, CLSCTX_ALL, NULL, 1, &query), E_INVALIDARG);
  CoUninitialize();
  object = (void *)1;
  assert_int_equal(CoCreateInstance(&clsid, NULL, CLSCTX_ALL, &IID_IUnknown, &object), CO_E_NOTINITIALIZED);
  assert_null(object);
  object = (void *)1;
  assert_int_equal(CoGetClassObject(&clsid, CLSCTX_ALL, NULL, &IID_IClassFactory, &object), CO_E_NOTINITIALIZED);
  assert_null(object);
  assert_int_equal(CoInitialize(NULL), S_OK);
}

static void several_interfaces_have_each_their_result(void **state) {
  static const struct {
    const IID *iids[3];
    HRESULT results[3], whole;
  } cases[] = {
    { { &IID_IUnknown, &IID_IPersist, &IID_IPersist }, { S_OK, S_OK, S_OK }, S_OK },
    { { &IID_IUnknown, &IID_IStream, &IID_IPersist }, { S_OK, E_NOINTERFACE, S_OK }, CO_S_NOTALLINTERFACES },
    { { &IID_IStream, &IID_IStream, &IID_IPersist }, { E_NOINTERFACE, E_NOINTERFACE, S_OK }, CO_S_NOTALLINTERFACES },
    { { &IID_IStream, &IID_IStream, &IID_IStream }, { E_NOINTERFACE, E_NOINTERFACE, E_NOINTERFACE }, E_NOINTERFACE },
  };
  CLSID clsid = clsid_of(1);
  size_t i;
  int k;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    MULTI_QI queries[3];

    for (k = 0; k < 3; k++)
      queries[k] = (MULTI_QI){ cases[i].iids[k], (IUnknown *)1, E_FAIL };
    assert_int_equal(CoCreateInstanceEx(&clsid, NULL, CLSCTX_SERVER, NULL, 3, queries), cases[i].whole);
    for (k = 0; k < 3; k++) {
      assert_int_equal(queries[k].hr, cases[i].results[k]);
      assert_int_equal(queries[k].pItf == NULL, FAILED(queries[k].hr));
      if (queries[k].pItf)
        IUnknown_Release(queries[k].pItf);
    }
  }
  clsid = clsid_of(0x99);
  for (k = 0; k < 2; k++) {
    MULTI_QI queries[2] = { { &IID_IUnknown, (IUnknown *)1, S_OK }, { &IID_IPersist, (IUnknown *)1, S_OK } };

    assert_int_equal(CoCreateInstanceEx(&clsid, NULL, CLSCTX_SERVER, NULL, 2, queries), REGDB_E_CLASSNOTREG);
    assert_null(queries[k].pItf);
    assert_int_equal(queries[k].hr, REGDB_E_CLASSNOTREG);
  }
}

static void another_host_is_asked_where_the_context_allows_it(void **state) {
  CLSID clsid = clsid_of(1);
  OLECHAR far[] = u"elsewhere.invalid";
  OLECHAR near[] = u"localhost";
  COSERVERINFO server = { 0, far, NULL, 0 };
  MULTI_QI query = { &IID_IUnknown, NULL, S_OK };

  (void)state;
  assert_int_equal(CoCreateInstanceEx(&clsid, NULL, CLSCTX_INPROC_SERVER, &server, 1, &query), CO_E_CANT_REMOTE);
  assert_null(query.pItf);
  assert_int_equal(CoCreateInstanceEx(&clsid, NULL, CLSCTX_ALL, &server, 1, &query),
                   HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE));
  assert_null(query.pItf);
  server.pwszName = near;
  assert_int_equal(CoCreateInstanceEx(&clsid, NULL, CLSCTX_ALL, &server, 1, &query), S_OK);
  IUnknown_Release(query.pItf);
}

/* An outer object around a Thing. */
typedef struct Outer {
  IUnknown unknown;
  Object object;
  IUnknown *inner;
} Outer;

OBJECT_FACE(Outer, unknown, IUnknown)

static HRESULT outer_query(void *self, REFIID iid, void **result) {
  return IUnknown_QueryInterface(((Outer *)self)->inner, iid, result);
}

static void outer_destroy(void *self) {
  IUnknown_Release(((Outer *)self)->inner);
}

static void aggregation_follows_the_rules(void **state) {
  static const ObjectFace faces[] = { { &IID_IUnknown, offsetof(Outer, unknown), NULL }, { 0 } };
  static const ObjectType type = { "Outer", sizeof(Outer), offsetof(Outer, object), faces, outer_destroy, outer_query };
  static const IUnknownVtbl vtable = { Outer_unknown_QueryInterface, Outer_unknown_AddRef, Outer_unknown_Release };
  Outer *outer = object_create(&type);
  CLSID clsid = clsid_of(1);
  IPersist *persist;
  IUnknown *identity;

  (void)state;
  outer->unknown.lpVtbl = &vtable;
  assert_int_equal(CoCreateInstance(&clsid, &outer->unknown, CLSCTX_ALL, &IID_IPersist, (void **)&outer->inner),
                   CLASS_E_NOAGGREGATION);
  assert_null(outer->inner);
  assert_int_equal(CoCreateInstance(&clsid, &outer->unknown, CLSCTX_ALL, &IID_IUnknown, (void **)&outer->inner), S_OK);
  assert_int_equal(IUnknown_QueryInterface(&outer->unknown, &IID_IPersist, (void **)&persist), S_OK);
  assert_int_equal(IPersist_QueryInterface(persist, &IID_IUnknown, (void **)&identity), S_OK);
  assert_ptr_equal(identity, &outer->unknown);
  IUnknown_Release(identity);
  assert_int_equal(IPersist_Release(persist), 1);
  assert_int_equal(IUnknown_Release(&outer->unknown), 0);
}

static void class_objects_are_given_out(void **state) {
  CLSID clsid = clsid_of(1);
  IClassFactory *factory;
  IUnknown *object;

  (void)state;
  assert_int_equal(CoGetClassObject(&clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, (void **)&factory), S_OK);
  assert_int_equal(IClassFactory_CreateInstance(factory, NULL, &IID_IUnknown, (void **)&object), S_OK);
  IUnknown_Release(object);
  IClassFactory_Release(factory);
  assert_int_equal(CoGetClassObject(&clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IStream, (void **)&factory),
                   E_NOINTERFACE);
  assert_null(factory);
}

static void modules_serve_without_registration(void **state) {
  CLSID clsid = clsid_of(1);
  IClassFactory *factory;
  IPersist *persist;

  (void)state;
  setenv("OLEANDER_CLASSES", scratch_path("nothing here"), 1);
  assert_int_equal(oleander_create_from_module(MODULES "good.so", &clsid, NULL, &IID_IPersist, (void **)&persist),
                   S_OK);
  IPersist_Release(persist);
  assert_int_equal(oleander_class_object_from_module(MODULES "good.so", &clsid, &IID_IClassFactory, (void **)&factory),
                   S_OK);
  IClassFactory_Release(factory);
  clsid = clsid_of(4);
  assert_int_equal(oleander_create_from_module(MODULES "good.so", &clsid, NULL, &IID_IPersist, (void **)&persist),
                   CLASS_E_CLASSNOTAVAILABLE);
  assert_null(persist);
  assert_int_equal(oleander_create_from_module(MODULES "none.so", &clsid, NULL, &IID_IPersist, (void **)&persist),
                   CO_E_DLLNOTFOUND);
  assert_int_equal(oleander_create_from_module(NULL, &clsid, NULL, &IID_IPersist, (void **)&persist), E_INVALIDARG);
  assert_int_equal(oleander_create_from_module(MODULES "good.so", &clsid, NULL, &IID_IPersist, NULL), E_POINTER);
}

static bool unloaded(void) {
  return getenv("OLEANDER_TEST_UNLOADED") != NULL;
}

/* Whether modules go, sooner or later: a process with other threads (some sanitizers have one) waits longer. */
static bool unloads(DWORD delay) {
  for (int tries = 0; tries < 1000 && !unloaded(); tries++) {
    CoFreeUnusedLibrariesEx(delay, 0);
    usleep(10000);
  }
  return unloaded();
}

static void modules_go_when_unused_after_the_delay(void **state) {
  IUnknown *object;
  IClassFactory *factory;
  CLSID clsid = clsid_of(1);

  (void)state;
  CoFreeUnusedLibrariesEx(0, 0); /* what earlier tests have left */
  unsetenv("OLEANDER_TEST_UNLOADED");
  assert_int_equal(create(1, CLSCTX_ALL, &IID_IUnknown, (void **)&object), S_OK);
  CoFreeUnusedLibrariesEx(0, 0);
  assert_false(unloaded()); /* in use */
  IUnknown_Release(object);
  CoFreeUnusedLibraries();
  assert_false(unloaded()); /* the usual delay is ten minutes */
  CoFreeUnusedLibrariesEx(30, 0);
  assert_false(unloaded());
  usleep(60000);
  assert_int_equal(CoGetClassObject(&clsid, CLSCTX_ALL, NULL, &IID_IClassFactory, (void **)&factory), S_OK);
  IClassFactory_LockServer(factory, TRUE);
  CoFreeUnusedLibrariesEx(30, 0);
  assert_false(unloaded()); /* locked */
  IClassFactory_LockServer(factory, FALSE);
  IClassFactory_Release(factory);
  CoFreeUnusedLibrariesEx(30, 0);
  assert_false(unloaded()); /* idle only from now on */
  assert_true(unloads(30));
  assert_int_equal(create(1, CLSCTX_ALL, &IID_IUnknown, (void **)&object), S_OK);
  IUnknown_Release(object);
}

static void a_loaded_library_stays_until_freed(void **state) {
  OLECHAR path[512];
  size_t i;
  HINSTANCE module;

  (void)state;
  CoFreeUnusedLibrariesEx(0, 0);
  unsetenv("OLEANDER_TEST_UNLOADED");
  for (i = 0; i <= strlen(MODULES "good.so"); i++)
    path[i] = (OLECHAR)(MODULES "good.so")[i];
  module = CoLoadLibrary(path, FALSE);
  assert_non_null(module);
  CoFreeUnusedLibrariesEx(0, 0);
  assert_false(unloaded());
  CoFreeLibrary(module);
  assert_true(unloads(0));
  unsetenv("OLEANDER_TEST_UNLOADED");
  assert_non_null(CoLoadLibrary(path, TRUE));
  assert_true(unloads(0));
  unsetenv("OLEANDER_TEST_UNLOADED");
  assert_non_null(CoLoadLibrary(path, FALSE));
  assert_non_null(CoLoadLibrary(path, FALSE));
  CoFreeAllLibraries();
  assert_true(unloads(0));
  assert_null(CoLoadLibrary(NULL, FALSE));
}

static void *wait_for_the_end(void *barrier) {
  pthread_barrier_wait(barrier);
  return NULL;
}

/* Another thread may still be in the last instructions of a Release: no delay is too short for it. */
static void modules_stay_for_a_while_where_there_are_threads(void **state) {
  pthread_barrier_t barrier;
  pthread_t thread;
  IUnknown *object;

  (void)state;
  unsetenv("OLEANDER_TEST_UNLOADED");
  assert_int_equal(create(1, CLSCTX_ALL, &IID_IUnknown, (void **)&object), S_OK);
  pthread_barrier_init(&barrier, NULL, 2);
  assert_int_equal(pthread_create(&thread, NULL, wait_for_the_end, &barrier), 0);
  IUnknown_Release(object);
  CoFreeUnusedLibrariesEx(0, 0);
  CoFreeUnusedLibrariesEx(1, 0);
  assert_false(unloaded());
  assert_true(unloads(0));
  pthread_barrier_wait(&barrier);
  pthread_join(thread, NULL);
  pthread_barrier_destroy(&barrier);
}

static int create_and_release(void *context) {
  MULTI_QI queries[2] = { { &IID_IUnknown, NULL, S_OK }, { &IID_IPersist, NULL, S_OK } };
  CLSID clsid = clsid_of(1);
  HRESULT result = CoCreateInstanceEx(&clsid, NULL, CLSCTX_ALL, NULL, 2, queries);
  int k;

  (void)context;
  for (k = 0; k < 2; k++)
    if (queries[k].pItf)
      IUnknown_Release(queries[k].pItf);
  CoFreeUnusedLibrariesEx(0, 0);
  return result != S_OK && result != E_OUTOFMEMORY;
}

static void no_allocation_failure_leaks(void **state) {
  (void)state;
  usleep(120000); /* the registry files settle, so that every run does the same */
  create_and_release(NULL);
  faults_each(create_and_release, NULL);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(objects_are_made_by_class),
    TEST(every_failure_has_its_code_and_clears_the_result),
    TEST(an_unreadable_registry_file_is_named),
    TEST(wrong_arguments_are_refused),
    TEST(several_interfaces_have_each_their_result),
    TEST(another_host_is_asked_where_the_context_allows_it),
    TEST(aggregation_follows_the_rules),
    TEST(class_objects_are_given_out),
    TEST(modules_serve_without_registration),
    TEST(modules_go_when_unused_after_the_delay),
    TEST(a_loaded_library_stays_until_freed),
    TEST(modules_stay_for_a_while_where_there_are_threads),
    TEST(no_allocation_failure_leaks),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
