/* The objref moniker: a running object by name. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include <objbase.h>
#include <ole2.h>

#include "com/com_api.h"

static int begin(void **state) {
  (void)state;
  return FAILED(CoInitializeEx(NULL, COINIT_MULTITHREADED));
}

static int end(void **state) {
  (void)state;
  CoUninitialize();
  return 0;
}

typedef struct Thing {
  IPersist persist;
  Object object;
} Thing;

static int things;

OBJECT_FACE(Thing, persist, IPersist)

static HRESULT STDMETHODCALLTYPE Thing_GetClassID(IPersist *face, CLSID *clsid) {
  (void)face;
  *clsid = CLSID_NULL;
  return S_OK;
}

static void thing_destroy(void *self) {
  (void)self;
  things--;
}

static const IPersistVtbl thing_vtable = { Thing_persist_QueryInterface, Thing_persist_AddRef, Thing_persist_Release,
                                           Thing_GetClassID };
static const ObjectFace thing_faces[] = { { &IID_IPersist, offsetof(Thing, persist), &thing_vtable }, { 0 } };
static const ObjectType thing_type = {
  "Thing", sizeof(Thing), offsetof(Thing, object), thing_faces, thing_destroy, NULL,
};

static IMoniker *make_moniker(Thing **thing) {
  IMoniker *moniker = NULL;
  *thing = object_create(&thing_type);
  things++;
  assert_int_equal(CreateObjrefMoniker((IUnknown *)&(*thing)->persist, &moniker), S_OK);
  return moniker;
}

static void bad_arguments_are_refused(void **state) {
  IMoniker *moniker = (IMoniker *)state;
  (void)state;
  assert_int_equal(CreateObjrefMoniker(NULL, &moniker), E_INVALIDARG);
  assert_null(moniker);
  assert_int_equal(CreateObjrefMoniker((IUnknown *)&moniker, NULL), E_INVALIDARG);
}

static void it_binds_to_its_object(void **state) {
  Thing *thing;
  IMoniker *moniker = make_moniker(&thing);
  IBindCtx *context;
  void *found;
  DWORD kind = 0;
  CLSID clsid;
  (void)state;
  CreateBindCtx(0, &context);
  for (int i = 0; i < 3; i++) {
    assert_int_equal(IMoniker_BindToObject(moniker, context, NULL, &IID_IPersist, &found), S_OK);
    assert_ptr_equal(found, &thing->persist);
    IUnknown_Release((IUnknown *)found);
  }
  assert_int_equal(IMoniker_BindToObject(moniker, context, NULL, &IID_IStream, &found), E_NOINTERFACE);
  assert_null(found);
  assert_int_equal(IMoniker_IsSystemMoniker(moniker, &kind), S_OK);
  assert_int_equal(kind, MKSYS_OBJREFMONIKER);
  assert_int_equal(IMoniker_GetClassID(moniker, &clsid), S_OK);
  assert_int_equal(clsid.Data1, 0x327);
  assert_int_equal(IMoniker_IsRunning(moniker, context, NULL, NULL), S_OK);
  IBindCtx_Release(context);
  IPersist_Release(&thing->persist);
  assert_int_equal(things, 1); /* it is kept */
  assert_int_equal(IMoniker_Release(moniker), 0);
  assert_int_equal(things, 0);
}

static void its_name_and_its_copy_find_the_same(void **state) {
  static const LARGE_INTEGER start;
  Thing *thing;
  IMoniker *moniker = make_moniker(&thing), *parsed, *loaded;
  IBindCtx *context;
  IStream *stream;
  LPOLESTR name, again;
  ULONG eaten;
  DWORD hash, other_hash;
  void *found;
  (void)state;
  CreateBindCtx(0, &context);
  assert_int_equal(IMoniker_GetDisplayName(moniker, context, NULL, &name), S_OK);
  assert_memory_equal(name, u"objref:TUVPV", 12 * sizeof *name); /* "MEOW" */
  name[0] = 'O';
  assert_int_equal(MkParseDisplayName(context, name, &eaten, &parsed), S_OK);
  assert_int_equal(IMoniker_IsEqual(moniker, parsed), S_OK);
  assert_int_equal(IMoniker_Hash(moniker, &hash), S_OK);
  assert_int_equal(IMoniker_Hash(parsed, &other_hash), S_OK);
  assert_int_equal(hash, other_hash);
  assert_int_equal(IMoniker_GetDisplayName(parsed, context, NULL, &again), S_OK);
  assert_memory_equal(name + 1, again + 1, eaten * sizeof *name);
  CreateStreamOnHGlobal(NULL, TRUE, &stream);
  assert_int_equal(OleSaveToStream((IPersistStream *)moniker, stream), S_OK);
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
  assert_int_equal(OleLoadFromStream(stream, &IID_IMoniker, (void **)&loaded), S_OK);
  assert_int_equal(IMoniker_IsEqual(loaded, moniker), S_OK);
  IMoniker *both[] = { parsed, loaded };
  for (int i = 0; i < 4; i++) {
    assert_int_equal(IMoniker_BindToObject(both[i % 2], context, NULL, &IID_IPersist, &found), S_OK);
    assert_ptr_equal(found, &thing->persist);
    IUnknown_Release((IUnknown *)found);
  }
  IPersist_Release(&thing->persist);
  IMoniker_Release(moniker);
  assert_int_equal(things, 0);
  assert_true(FAILED(IMoniker_BindToObject(parsed, context, NULL, &IID_IPersist, &found)));
  assert_int_equal(IMoniker_IsRunning(parsed, context, NULL, NULL), S_FALSE);
  IMoniker_Release(parsed);
  IMoniker_Release(loaded);
  IStream_Release(stream);
  IBindCtx_Release(context);
  CoTaskMemFree(name);
  CoTaskMemFree(again);
}

static void names_that_say_nothing_are_refused(void **state) {
  static const OLECHAR *const names[] = {
    u"objref:",      u"objref::", u"objref:TUVPVw==", u"objref:TUVPV:", u"objref:TU=PVw==:", u"objref:T\u00fcVPVw==:",
    u"objref:====:",
  };
  IBindCtx *context;
  IMoniker *moniker;
  ULONG eaten;
  void *found;
  (void)state;
  CreateBindCtx(0, &context);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    assert_int_equal(MkParseDisplayName(context, names[i], &eaten, &moniker), MK_E_SYNTAX);
    assert_null(moniker);
  }
  assert_int_equal(MkParseDisplayName(context, u"objref:TUVPVw==:", &eaten, &moniker), S_OK); /* half a reference */
  assert_int_equal(eaten, 16);
  assert_true(FAILED(IMoniker_BindToObject(moniker, context, NULL, &IID_IUnknown, &found)));
  assert_null(found);
  IMoniker_Release(moniker);
  IBindCtx_Release(context);
}

/* From another apartment it is a proxy. */

typedef struct Finder {
  LPOLESTR name;
  HRESULT status;
  void *found;
} Finder;

static void *find(void *argument) {
  Finder *finder = argument;
  IBindCtx *context;
  IMoniker *moniker;
  ULONG eaten;
  CLSID clsid;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  CreateBindCtx(0, &context);
  finder->status = MkParseDisplayName(context, finder->name, &eaten, &moniker);
  if (SUCCEEDED(finder->status)) {
    finder->status = IMoniker_BindToObject(moniker, context, NULL, &IID_IPersist, &finder->found);
    IMoniker_Release(moniker);
  }
  if (SUCCEEDED(finder->status)) {
    finder->status = IPersist_GetClassID((IPersist *)finder->found, &clsid);
    IUnknown_Release((IUnknown *)finder->found);
  }
  IBindCtx_Release(context);
  CoUninitialize();
  return NULL;
}

static void other_apartments_get_a_proxy(void **state) {
  Thing *thing;
  IMoniker *moniker = make_moniker(&thing);
  IBindCtx *context;
  Finder finder = { 0 };
  pthread_t thread;
  (void)state;
  CreateBindCtx(0, &context);
  assert_int_equal(IMoniker_GetDisplayName(moniker, context, NULL, &finder.name), S_OK);
  pthread_create(&thread, NULL, find, &finder);
  pthread_join(thread, NULL);
  assert_int_equal(finder.status, S_OK);
  assert_ptr_not_equal(finder.found, &thing->persist);
  CoTaskMemFree(finder.name);
  IBindCtx_Release(context);
  IPersist_Release(&thing->persist);
  IMoniker_Release(moniker);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(bad_arguments_are_refused, begin, end),
    cmocka_unit_test_setup_teardown(it_binds_to_its_object, begin, end),
    cmocka_unit_test_setup_teardown(its_name_and_its_copy_find_the_same, begin, end),
    cmocka_unit_test_setup_teardown(names_that_say_nothing_are_refused, begin, end),
    cmocka_unit_test_setup_teardown(other_apartments_get_a_proxy, begin, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
