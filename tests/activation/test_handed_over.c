/* Objects that are handed over within the process: nobody's lock is held while they are called, nothing is kept that
 * nobody can ask for any more. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include <objbase.h>

#include "com/object.h"

static const CLSID clsid = { 0x5E110003, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

/* A class object that uses what it is registered in whenever it is called. */
typedef struct Touchy {
  IClassFactory factory;
  Object object;
  void (*touch)(void);
} Touchy;

static Touchy *touchy_of(IClassFactory *face) {
  Touchy *self = OBJECT_CONTAINER(face, Touchy, factory);
  void (*touch)(void) = self->touch;

  self->touch = NULL;
  if (touch)
    touch();
  self->touch = touch;
  return self;
}

static HRESULT STDMETHODCALLTYPE Touchy_QueryInterface(IClassFactory *face, REFIID iid, void **result) {
  return object_query(&touchy_of(face)->object, iid, result);
}

static ULONG STDMETHODCALLTYPE Touchy_AddRef(IClassFactory *face) {
  return object_addref(&touchy_of(face)->object);
}

static ULONG STDMETHODCALLTYPE Touchy_Release(IClassFactory *face) {
  return object_release(&touchy_of(face)->object);
}

static HRESULT STDMETHODCALLTYPE Touchy_CreateInstance(IClassFactory *face, IUnknown *outer, REFIID iid,
                                                       void **result) {
  (void)outer;
  return IClassFactory_QueryInterface(face, iid, result);
}

static HRESULT STDMETHODCALLTYPE Touchy_LockServer(IClassFactory *face, BOOL lock) {
  (void)face;
  (void)lock;
  return S_OK;
}

static const IClassFactoryVtbl touchy_vtable = {
  Touchy_QueryInterface, Touchy_AddRef, Touchy_Release, Touchy_CreateInstance, Touchy_LockServer,
};
static const ObjectFace touchy_faces[] = {
  { &IID_IClassFactory, offsetof(Touchy, factory), &touchy_vtable },
  { 0 },
};
static const ObjectType touchy_type = { "Touchy", sizeof(Touchy), offsetof(Touchy, object), touchy_faces, NULL, NULL };

static void touch_classes(void) {
  assert_int_equal(CoResumeClassObjects(), S_OK);
}

static IGlobalInterfaceTable *table;

static void touch_table(void) {
  IUnknown *none;

  assert_int_equal(IGlobalInterfaceTable_GetInterfaceFromGlobal(table, 1, &IID_IUnknown, (void **)&none), E_INVALIDARG);
}

static Touchy *new_touchy(void (*touch)(void)) {
  Touchy *touchy = object_create(&touchy_type);

  assert_non_null(touchy);
  touchy->touch = touch;
  return touchy;
}

static int enter(void **state) {
  (void)state;
  if (FAILED(CoInitialize(NULL)))
    return -1;
  return FAILED(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER, &IID_IGlobalInterfaceTable,
                                 (void **)&table));
}

static int leave(void **state) {
  (void)state;
  IGlobalInterfaceTable_Release(table);
  CoUninitialize();
  return 0;
}

static void class_objects_are_called_without_a_lock(void **state) {
  Touchy *touchy = new_touchy(touch_classes);
  IClassFactory *found;
  DWORD cookie, second;

  (void)state;
  assert_int_equal(
      CoRegisterClassObject(&clsid, (IUnknown *)&touchy->factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie),
      S_OK);
  assert_int_equal(
      CoRegisterClassObject(&clsid, (IUnknown *)&touchy->factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &second),
      CO_E_OBJISREG);
  assert_int_equal(CoGetClassObject(&clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, (void **)&found), S_OK);
  assert_ptr_equal(found, &touchy->factory);
  IClassFactory_Release(found);
  assert_int_equal(CoRevokeClassObject(cookie), S_OK);
  assert_int_equal(IClassFactory_Release(&touchy->factory), 0);
}

static void the_global_table_calls_without_a_lock(void **state) {
  Touchy *touchy = new_touchy(touch_table);
  IClassFactory *found;
  DWORD cookie;

  (void)state;
  assert_int_equal(
      IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)&touchy->factory, &IID_IClassFactory, &cookie),
      S_OK);
  assert_int_equal(IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookie, &IID_IClassFactory, (void **)&found),
                   S_OK);
  IClassFactory_Release(found);
  assert_int_equal(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookie), S_OK);
  assert_int_equal(IClassFactory_Release(&touchy->factory), 0);
}

static void many_cookies_are_told_apart(void **state) {
  enum { COUNT = 600 };
  static Touchy *touchies[COUNT];
  static DWORD cookies[COUNT];
  int i;

  (void)state;
  for (i = 0; i < COUNT; i++) {
    touchies[i] = new_touchy(NULL);
    assert_int_equal(IGlobalInterfaceTable_RegisterInterfaceInGlobal(table, (IUnknown *)&touchies[i]->factory,
                                                                     &IID_IUnknown, &cookies[i]),
                     S_OK);
  }
  for (i = 0; i < COUNT; i++) {
    IUnknown *found;

    assert_int_equal(IGlobalInterfaceTable_GetInterfaceFromGlobal(table, cookies[i], &IID_IUnknown, (void **)&found),
                     S_OK);
    assert_ptr_equal(found, &touchies[i]->factory);
    IUnknown_Release(found);
    if (i % 2)
      assert_int_equal(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookies[i]), S_OK);
  }
  CoUninitialize(); /* takes the others along */
  assert_int_equal(CoInitialize(NULL), S_OK);
  for (i = 0; i < COUNT; i++) {
    assert_int_equal(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(table, cookies[i]), E_INVALIDARG);
    assert_int_equal(IClassFactory_Release(&touchies[i]->factory), 0);
  }
}

/* However taking it out of the stream ends: stream and object are let go. */
static void a_stream_that_is_taken_keeps_nothing(void **state) {
  static const struct {
    const IID *iid;
    int result;
    HRESULT expected;
  } cases[] = {
    { &IID_IClassFactory, 1, S_OK },
    { &IID_IStream, 1, E_NOINTERFACE },
    { NULL, 1, E_INVALIDARG },
    { &IID_IClassFactory, 0, E_INVALIDARG },
  };
  size_t i;

  (void)state;
  for (i = 0; i < sizeof cases / sizeof cases[0]; i++) {
    Touchy *touchy = new_touchy(NULL);
    IUnknown *found = (IUnknown *)1;
    IStream *stream;

    assert_int_equal(CoMarshalInterThreadInterfaceInStream(&IID_IClassFactory, (IUnknown *)&touchy->factory, &stream),
                     S_OK);
    IStream_AddRef(stream);
    assert_int_equal(CoGetInterfaceAndReleaseStream(stream, cases[i].iid, cases[i].result ? (void **)&found : NULL),
                     cases[i].expected);
    if (cases[i].expected == S_OK)
      IUnknown_Release(found);
    else if (cases[i].result)
      assert_null(found);
    assert_int_equal(IStream_Release(stream), 0);
    assert_int_equal(touchy->object.references, 1);
    assert_int_equal(IClassFactory_Release(&touchy->factory), 0);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(class_objects_are_called_without_a_lock, enter, leave),
    cmocka_unit_test_setup_teardown(the_global_table_calls_without_a_lock, enter, leave),
    cmocka_unit_test_setup_teardown(many_cookies_are_told_apart, enter, leave),
    cmocka_unit_test_setup_teardown(a_stream_that_is_taken_keeps_nothing, enter, leave),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
