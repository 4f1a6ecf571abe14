/* Binding over compound files: the class that a file names, objects loaded from storages, files as storages and bytes. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#include <coml2api.h>
#include <ole2.h>

#include "com/object.h"
#include "com/unicode.h"
#include "support/scratch.h"

#define WRITES (STGM_CREATE | STGM_READWRITE | STGM_SHARE_EXCLUSIVE)

static const CLSID clsid_stored = { 0x5E220002, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
static const CLSID clsid_extension = { 0x5E220003, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
static const CLSID clsid_unknown = { 0x5E220004, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

/* An object that knows storages alone, and keeps what it has read. */
typedef struct Stored {
  IPersistStorage persist;
  Object object;
  char text[8];
} Stored;

OBJECT_FACE(Stored, persist, IPersistStorage)

static int objects;

static void stored_destroy(void *self) {
  (void)self;
  objects--;
}

static HRESULT STDMETHODCALLTYPE Stored_GetClassID(IPersistStorage *face, CLSID *clsid) {
  (void)face;
  *clsid = clsid_stored;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Stored_None(IPersistStorage *face) {
  (void)face;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Stored_InitNew(IPersistStorage *face, IStorage *storage) {
  (void)face;
  (void)storage;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Stored_Load(IPersistStorage *face, IStorage *storage) {
  IStream *stream;
  HRESULT status = IStorage_OpenStream(storage, u"text", NULL, STGM_READ | STGM_SHARE_EXCLUSIVE, 0, &stream);

  if (FAILED(status))
    return status;
  status = IStream_Read(stream, OBJECT_CONTAINER(face, Stored, persist)->text, 4, NULL);
  IStream_Release(stream);
  return status;
}

static HRESULT STDMETHODCALLTYPE Stored_Save(IPersistStorage *face, IStorage *storage, BOOL same) {
  (void)face;
  (void)storage;
  (void)same;
  return E_NOTIMPL;
}

static const IPersistStorageVtbl stored_vtable = {
  OLEANDER_FACE_SLOTS(Stored, persist),
  Stored_GetClassID,
  Stored_None,
  Stored_InitNew,
  Stored_Load,
  Stored_Save,
  Stored_InitNew,
  Stored_None,
};
static const ObjectFace stored_faces[] = { { &IID_IPersistStorage, offsetof(Stored, persist), &stored_vtable }, { 0 } };
static const ObjectType stored_type = {
  "Stored", sizeof(Stored), offsetof(Stored, object), stored_faces, stored_destroy, NULL,
};

static HRESULT STDMETHODCALLTYPE Factory_QueryInterface(IClassFactory *self, REFIID iid, void **result) {
  *result = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IClassFactory) ? self : NULL;
  return *result ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Factory_Count(IClassFactory *self) {
  (void)self;
  return 1;
}

static HRESULT STDMETHODCALLTYPE Factory_CreateInstance(IClassFactory *self, IUnknown *outer, REFIID iid,
                                                        void **result) {
  (void)self;
  (void)outer;
  Stored *stored = object_create(&stored_type);
  objects++;
  HRESULT status = IPersistStorage_QueryInterface(&stored->persist, iid, result);
  IPersistStorage_Release(&stored->persist);
  return status;
}

static HRESULT STDMETHODCALLTYPE Factory_LockServer(IClassFactory *self, BOOL lock) {
  (void)self;
  (void)lock;
  return S_OK;
}

static IClassFactory factory = { &(const IClassFactoryVtbl){
    Factory_QueryInterface,
    Factory_Count,
    Factory_Count,
    Factory_CreateInstance,
    Factory_LockServer,
} };

static DWORD cookie;

static int setup(void **state) {
  *state = (void *)(uintptr_t)scratch_make();
  setenv("OLEANDER_CLASSES", scratch_path("classes"), 1);
  scratch_write("classes/a.reg",
                "Windows Registry Editor Version 5.00\n"
                "[HKEY_CLASSES_ROOT\\.stg]\n@=\"Test.Extension\"\n"
                "[HKEY_CLASSES_ROOT\\Test.Extension\\CLSID]\n@=\"{5E220003-0001-0002-0304-05060708090A}\"\n");
  if (CoInitialize(NULL) != S_OK)
    return -1;
  return CoRegisterClassObject(&clsid_stored, (IUnknown *)&factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE, &cookie);
}

static int teardown(void **state) {
  (void)state;
  CoRevokeClassObject(cookie);
  SetErrorInfo(0, NULL);
  CoUninitialize();
  scratch_remove();
  assert_int_equal(objects, 0);
  return 0;
}

/* A compound file of the class (NULL: none) with the stream that a Stored reads; it stays open where that is wanted. */
static OLECHAR *make_file(const char *name, const CLSID *clsid, IStorage **open) {
  OLECHAR *path = utf16_copy(scratch_path(name));
  IStorage *storage;
  IStream *stream;

  assert_int_equal(StgCreateDocfile(path, WRITES, 0, &storage), S_OK);
  if (clsid)
    assert_int_equal(WriteClassStg(storage, clsid), S_OK);
  assert_int_equal(IStorage_CreateStream(storage, u"text", WRITES, 0, 0, &stream), S_OK);
  assert_int_equal(IStream_Write(stream, "last", 4, NULL), S_OK);
  IStream_Release(stream);
  assert_int_equal(IStorage_Commit(storage, 0), S_OK);
  if (open)
    *open = storage;
  else
    IStorage_Release(storage);
  return path;
}

static void the_class_in_a_file_comes_before_its_name(void **state) {
  IStorage *storage;
  CLSID clsid;

  (void)state;
  OLECHAR *named = make_file("a.stg", &clsid_stored, &storage);
  assert_int_equal(GetClassFile(named, &clsid), S_OK); /* whoever has it open */
  assert_memory_equal(&clsid, &clsid_stored, sizeof clsid);
  IStorage_Release(storage);
  free(named);

  OLECHAR *nameless = make_file("b.stg", NULL, NULL);
  assert_int_equal(GetClassFile(nameless, &clsid), S_OK);
  assert_memory_equal(&clsid, &clsid_extension, sizeof clsid);
  free(nameless);

  OLECHAR *bare = make_file("bare", NULL, NULL);
  assert_int_equal(GetClassFile(bare, &clsid), MK_E_INVALIDEXTENSION);
  assert_memory_equal(&clsid, &CLSID_NULL, sizeof clsid);
  free(bare);

  OLECHAR *damaged = utf16_copy(scratch_write("damaged.stg", "\xD0\xCF\x11\xE0\xA1\xB1\x1A\xE1 and no more"));
  assert_int_equal(GetClassFile(damaged, &clsid), S_OK);
  assert_memory_equal(&clsid, &clsid_extension, sizeof clsid);
  free(damaged);
}

static void a_file_is_loaded_by_an_object_that_knows_storages(void **state) {
  OLECHAR *path = make_file("a", &clsid_stored, NULL);
  MULTI_QI results[2] = { { &IID_IPersistStorage, NULL, E_FAIL }, { &IID_IStream, NULL, S_OK } };
  IPersistStorage *object;

  (void)state;
  assert_int_equal(CoGetObject(path, NULL, &IID_IPersistStorage, (void **)&object), S_OK);
  assert_string_equal(OBJECT_CONTAINER(object, Stored, persist)->text, "last");
  assert_int_equal(IPersistStorage_Release(object), 0);
  assert_int_equal(CoGetInstanceFromFile(NULL, NULL, NULL, CLSCTX_ALL, STGM_READ, path, 2, results),
                   CO_S_NOTALLINTERFACES);
  object = (IPersistStorage *)results[0].pItf;
  assert_string_equal(OBJECT_CONTAINER(object, Stored, persist)->text, "last");
  assert_int_equal(IPersistStorage_Release(object), 0);
  free(path);

  /* The object does not know files, and there is no storage in this one. */
  OLECHAR *plain = utf16_copy(scratch_write("plain", "text"));
  CLSID clsid = clsid_stored;
  assert_int_equal(CoGetInstanceFromFile(NULL, &clsid, NULL, CLSCTX_ALL, STGM_READ, plain, 1, results), E_NOINTERFACE);
  assert_null(results[0].pItf);
  assert_int_equal(results[0].hr, E_NOINTERFACE);
  free(plain);
}

static void instances_come_from_storages(void **state) {
  MULTI_QI results[2] = { { &IID_IPersistStorage, NULL, E_FAIL }, { &IID_IUnknown, NULL, E_FAIL } };
  CLSID unknown = clsid_unknown, stored = clsid_stored;
  IStorage *storage;
  OLECHAR *path = make_file("a", NULL, &storage);

  (void)state;
  assert_int_equal(CoGetInstanceFromIStorage(NULL, NULL, NULL, CLSCTX_ALL, storage, 2, results), REGDB_E_CLASSNOTREG);
  assert_int_equal(results[1].hr, REGDB_E_CLASSNOTREG);
  assert_int_equal(CoGetInstanceFromIStorage(NULL, &unknown, NULL, CLSCTX_ALL, storage, 1, results),
                   REGDB_E_CLASSNOTREG);
  assert_int_equal(CoGetInstanceFromIStorage(NULL, &stored, NULL, CLSCTX_ALL, storage, 2, results), S_OK);
  assert_string_equal(OBJECT_CONTAINER(results[0].pItf, Stored, persist)->text, "last");
  IUnknown_Release(results[0].pItf);
  IUnknown_Release(results[1].pItf);
  assert_int_equal(WriteClassStg(storage, &clsid_stored), S_OK);
  assert_int_equal(CoGetInstanceFromIStorage(NULL, NULL, NULL, CLSCTX_ALL, storage, 1, results), S_OK);
  IUnknown_Release(results[0].pItf);

  assert_int_equal(IStorage_DestroyElement(storage, u"text"), S_OK); /* a Load that fails */
  assert_int_equal(CoGetInstanceFromIStorage(NULL, NULL, NULL, CLSCTX_ALL, storage, 1, results), STG_E_FILENOTFOUND);
  assert_null(results[0].pItf);

  assert_int_equal(CoGetInstanceFromIStorage(NULL, NULL, NULL, CLSCTX_ALL, NULL, 1, results), E_INVALIDARG);
  assert_int_equal(CoGetInstanceFromIStorage(NULL, NULL, NULL, CLSCTX_ALL, storage, 0, results), E_INVALIDARG);
  assert_int_equal(CoGetInstanceFromIStorage(NULL, NULL, NULL, CLSCTX_ALL, storage, 1, NULL), E_INVALIDARG);
  results[0].pIID = NULL;
  assert_int_equal(CoGetInstanceFromIStorage(NULL, NULL, NULL, CLSCTX_ALL, storage, 1, results), E_INVALIDARG);
  IStorage_Release(storage);
  free(path);
}

static void a_file_is_bound_as_a_storage_and_as_bytes(void **state) {
  OLECHAR *path = make_file("a", &clsid_stored, NULL);
  IUnknown *object = NULL, *again = NULL;
  IMoniker *moniker;
  IBindCtx *context;
  CLSID clsid;

  (void)state;
  assert_int_equal(CreateFileMoniker(path, &moniker), S_OK);
  assert_int_equal(CreateBindCtx(0, &context), S_OK);
  const IID *iids[] = { &IID_IStorage, &IID_IStream, &IID_ILockBytes };
  for (size_t i = 0; i < 3; i++) {
    assert_int_equal(IMoniker_BindToStorage(moniker, context, NULL, iids[i], (void **)&object), S_OK);
    if (!i)
      assert_int_equal(ReadClassStg((IStorage *)object, &clsid), S_OK);
    /* The context says that it is written: nobody else then opens it. */
    assert_true(FAILED(IMoniker_BindToStorage(moniker, context, NULL, iids[i], (void **)&again)));
    assert_null(again);
    assert_int_equal(IUnknown_Release(object), 0);
  }
  assert_memory_equal(&clsid, &clsid_stored, sizeof clsid);
  assert_int_equal(IMoniker_BindToStorage(moniker, context, NULL, &IID_IDispatch, (void **)&object), E_NOINTERFACE);
  assert_null(object);
  assert_int_equal(IMoniker_BindToStorage(moniker, NULL, NULL, &IID_IStorage, (void **)&object), E_INVALIDARG);
  assert_int_equal(IMoniker_BindToStorage(moniker, context, NULL, &IID_IStorage, NULL), E_INVALIDARG);
  IBindCtx_Release(context);
  IMoniker_Release(moniker);
  free(path);

  OLECHAR *missing = utf16_copy(scratch_path("missing"));
  assert_int_equal(CreateFileMoniker(missing, &moniker), S_OK);
  assert_int_equal(CreateBindCtx(0, &context), S_OK);
  assert_int_equal(IMoniker_BindToStorage(moniker, context, NULL, &IID_IStorage, (void **)&object), STG_E_FILENOTFOUND);
  IBindCtx_Release(context);
  IMoniker_Release(moniker);
  free(missing);
}

static void names_of_files_are_made_absolute(void **state) {
  static const char *const names[] = { "folder/a.txt", "./folder/a.txt", "folder//./a.txt", "../scratch/folder/a.txt" };
  char *folder = getcwd(NULL, 0);
  char expected[512], text[600], base[256];
  IBindCtx *context;
  IMoniker *moniker;
  ULONG eaten;

  (void)state;
  strcpy(expected, scratch_write("folder/a.txt", "text"));
  strcpy(base, scratch_path("."));
  assert_int_equal(chdir(base), 0);
  assert_non_null(realpath(base, text));
  strcpy(base, text);
  strcpy(expected, base);
  strcat(expected, "/folder/a.txt");
  assert_int_equal(CreateBindCtx(0, &context), S_OK);
  for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
    strcpy(text, names[i]);
    if (!strncmp(names[i], "../", 3)) { /* the folder by its own name */
      strcpy(text, "..");
      strcat(text, strrchr(base, '/'));
      strcat(text, names[i] + strlen("../scratch"));
    }
    OLECHAR *name = utf16_copy(text);
    LPOLESTR shown;
    assert_int_equal(MkParseDisplayName(context, name, &eaten, &moniker), S_OK);
    assert_int_equal(eaten, strlen(text));
    assert_int_equal(IMoniker_GetDisplayName(moniker, context, NULL, &shown), S_OK);
    char *narrow = utf8_copy(shown);
    assert_string_equal(narrow, expected);
    free(narrow);
    CoTaskMemFree(shown);
    IMoniker_Release(moniker);
    free(name);
  }
  IBindCtx_Release(context);
  assert_int_equal(chdir(folder), 0);
  free(folder);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(the_class_in_a_file_comes_before_its_name),
    TEST(a_file_is_loaded_by_an_object_that_knows_storages),
    TEST(instances_come_from_storages),
    TEST(a_file_is_bound_as_a_storage_and_as_bytes),
    TEST(names_of_files_are_made_absolute),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
