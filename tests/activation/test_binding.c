/* Binding: documents in files, items in documents, classes that parse names of their own. */
#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <ole2.h>

#include "com/object.h"
#include "com/unicode.h"
#include "support/scratch.h"

static const CLSID clsid_document = { 0x5E220001, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };

/* A document: it loads a file and holds items, of which "self" is the document. */
typedef struct Document {
  IPersistFile file;
  IOleItemContainer container;
  Object object;
  char *path;
  DWORD mode;
  DWORD speed; /* of the last GetObject */
} Document;

OBJECT_FACE(Document, file, IPersistFile)
OBJECT_FACE(Document, container, IOleItemContainer)

static int documents;

static void document_destroy(void *self) {
  free(((Document *)self)->path);
  documents--;
}

static HRESULT STDMETHODCALLTYPE Document_GetClassID(IPersistFile *face, CLSID *clsid) {
  (void)face;
  *clsid = clsid_document;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Document_IsDirty(IPersistFile *face) {
  (void)face;
  return S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Document_Load(IPersistFile *face, LPCOLESTR path, DWORD mode) {
  Document *document = OBJECT_CONTAINER(face, Document, file);

  document->path = utf8_copy(path);
  document->mode = mode;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Document_Save(IPersistFile *face, LPCOLESTR path, BOOL remember) {
  (void)face;
  (void)path;
  (void)remember;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Document_SaveCompleted(IPersistFile *face, LPCOLESTR path) {
  (void)face;
  (void)path;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Document_GetCurFile(IPersistFile *face, LPOLESTR *path) {
  (void)face;
  (void)path;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Document_ParseDisplayName(IOleItemContainer *face, IBindCtx *context, LPOLESTR name,
                                                           ULONG *eaten, IMoniker **result) {
  (void)face;
  (void)context;
  if (*name != '!')
    return MK_E_SYNTAX;
  *eaten = 5; /* "!self" */
  return CreateItemMoniker(u"!", u"self", result);
}

static HRESULT STDMETHODCALLTYPE Document_EnumObjects(IOleItemContainer *face, DWORD flags, IEnumUnknown **result) {
  (void)face;
  (void)flags;
  *result = NULL;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE Document_LockContainer(IOleItemContainer *face, BOOL lock) {
  (void)face;
  (void)lock;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Document_GetObject(IOleItemContainer *face, LPOLESTR item, DWORD speed,
                                                    IBindCtx *context, REFIID iid, void **result) {
  (void)context;
  *result = NULL;
  OBJECT_CONTAINER(face, Document, container)->speed = speed;
  return memcmp(item, u"self", 5 * sizeof *item) == 0 ? IOleItemContainer_QueryInterface(face, iid, result)
                                                      : MK_E_NOOBJECT;
}

static HRESULT STDMETHODCALLTYPE Document_GetObjectStorage(IOleItemContainer *face, LPOLESTR item, IBindCtx *context,
                                                           REFIID iid, void **result) {
  (void)face;
  (void)item;
  (void)context;
  (void)iid;
  *result = NULL;
  return MK_E_NOSTORAGE;
}

static HRESULT STDMETHODCALLTYPE Document_IsRunning(IOleItemContainer *face, LPOLESTR item) {
  (void)face;
  return memcmp(item, u"self", 5 * sizeof *item) == 0 ? S_OK : MK_E_NOOBJECT;
}

static const IPersistFileVtbl file_vtable = {
  Document_file_QueryInterface,
  Document_file_AddRef,
  Document_file_Release,
  Document_GetClassID,
  Document_IsDirty,
  Document_Load,
  Document_Save,
  Document_SaveCompleted,
  Document_GetCurFile,
};
static const IOleItemContainerVtbl container_vtable = {
  Document_container_QueryInterface,
  Document_container_AddRef,
  Document_container_Release,
  Document_ParseDisplayName,
  Document_EnumObjects,
  Document_LockContainer,
  Document_GetObject,
  Document_GetObjectStorage,
  Document_IsRunning,
};
static const ObjectFace document_faces[] = {
  { &IID_IPersistFile, offsetof(Document, file), &file_vtable },
  { &IID_IPersist, offsetof(Document, file), &file_vtable },
  { &IID_IOleItemContainer, offsetof(Document, container), &container_vtable },
  { &IID_IParseDisplayName, offsetof(Document, container), &container_vtable },
  { 0 },
};
static const ObjectType document_type = {
  "Document", sizeof(Document), offsetof(Document, object), document_faces, document_destroy, NULL,
};

static HRESULT document_create(REFIID iid, void **result) {
  Document *document = object_create(&document_type);
  HRESULT status;

  assert_non_null(document);
  document->file.lpVtbl = &file_vtable;
  document->container.lpVtbl = &container_vtable;
  documents++;
  status = IPersistFile_QueryInterface(&document->file, iid, result);
  IPersistFile_Release(&document->file);
  return status;
}

/* Its class object, which also parses "Test.Document:...". */
static HRESULT STDMETHODCALLTYPE Factory_QueryInterface(IClassFactory *self, REFIID iid, void **result);

static ULONG STDMETHODCALLTYPE Factory_AddRef(IClassFactory *self) {
  (void)self;
  return 2;
}

static ULONG STDMETHODCALLTYPE Factory_Release(IClassFactory *self) {
  (void)self;
  return 1;
}

static HRESULT STDMETHODCALLTYPE Factory_CreateInstance(IClassFactory *self, IUnknown *outer, REFIID iid,
                                                        void **result) {
  (void)self;
  *result = NULL;
  return outer ? CLASS_E_NOAGGREGATION : document_create(iid, result);
}

static HRESULT STDMETHODCALLTYPE Factory_LockServer(IClassFactory *self, BOOL lock) {
  (void)self;
  (void)lock;
  return S_OK;
}

static const IClassFactoryVtbl factory_vtable = {
  Factory_QueryInterface, Factory_AddRef, Factory_Release, Factory_CreateInstance, Factory_LockServer,
};
static IClassFactory factory = { &factory_vtable };
static bool class_parses;

static HRESULT STDMETHODCALLTYPE Parser_QueryInterface(IParseDisplayName *self, REFIID iid, void **result) {
  (void)self;
  return Factory_QueryInterface(&factory, iid, result);
}

static ULONG STDMETHODCALLTYPE Parser_AddRef(IParseDisplayName *self) {
  (void)self;
  return 2;
}

static ULONG STDMETHODCALLTYPE Parser_Release(IParseDisplayName *self) {
  (void)self;
  return 1;
}

static HRESULT STDMETHODCALLTYPE Parser_ParseDisplayName(IParseDisplayName *self, IBindCtx *context, LPOLESTR name,
                                                         ULONG *eaten, IMoniker **result) {
  IUnknown *document;
  HRESULT status;

  (void)self;
  (void)context;
  status = document_create(&IID_IUnknown, (void **)&document);
  *eaten = (ULONG)utf16_units(name);
  if (SUCCEEDED(status)) {
    status = CreatePointerMoniker(document, result);
    IUnknown_Release(document);
  }
  return status;
}

static const IParseDisplayNameVtbl parser_vtable = {
  Parser_QueryInterface,
  Parser_AddRef,
  Parser_Release,
  Parser_ParseDisplayName,
};
static IParseDisplayName parser = { &parser_vtable };

static HRESULT STDMETHODCALLTYPE Factory_QueryInterface(IClassFactory *self, REFIID iid, void **result) {
  *result = NULL;
  if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IClassFactory))
    *result = self;
  else if (class_parses && IsEqualIID(iid, &IID_IParseDisplayName))
    *result = &parser;
  return *result ? S_OK : E_NOINTERFACE;
}

static DWORD cookie;

static int setup(void **state) {
  *state = (void *)(uintptr_t)scratch_make();
  setenv("OLEANDER_CLASSES", scratch_path("classes"), 1);
  scratch_write("classes/a.reg",
                "Windows Registry Editor Version 5.00\n"
                "[HKEY_CLASSES_ROOT\\.doc]\n@=\"Test.Document\"\n"
                "[HKEY_CLASSES_ROOT\\Test.Document\\CLSID]\n@=\"{5E220001-0001-0002-0304-05060708090A}\"\n");
  scratch_write("a.doc", "text");
  class_parses = false;
  if (CoInitialize(NULL) != S_OK)
    return -1;
  return CoRegisterClassObject(&clsid_document, (IUnknown *)&factory, CLSCTX_INPROC_SERVER, REGCLS_MULTIPLEUSE,
                               &cookie);
}

static int teardown(void **state) {
  (void)state;
  CoRevokeClassObject(cookie);
  SetErrorInfo(0, NULL);
  CoUninitialize();
  scratch_remove();
  assert_int_equal(documents, 0);
  return 0;
}

static HRESULT get(const char *name, BIND_OPTS *options, REFIID iid, void **result) {
  OLECHAR *wide = utf16_copy(name);
  HRESULT status = CoGetObject(wide, options, iid, result);

  free(wide);
  return status;
}

static void a_file_is_loaded_by_its_class(void **state) {
  BIND_OPTS options = { sizeof options, 0, STGM_READ, 0 };
  IPersistFile *file;

  (void)state;
  assert_int_equal(get(scratch_path("a.doc"), NULL, &IID_IPersistFile, (void **)&file), S_OK);
  assert_string_equal(OBJECT_CONTAINER(file, Document, file)->path, scratch_path("a.doc"));
  assert_int_equal(OBJECT_CONTAINER(file, Document, file)->mode, STGM_READWRITE);
  assert_int_equal(IPersistFile_Release(file), 0);
  assert_int_equal(get(scratch_path("a.doc"), &options, &IID_IPersistFile, (void **)&file), S_OK);
  assert_int_equal(OBJECT_CONTAINER(file, Document, file)->mode, STGM_READ);
  assert_int_equal(IPersistFile_Release(file), 0);
  assert_int_equal(get(scratch_path("b.doc"), NULL, &IID_IPersistFile, (void **)&file), MK_E_CANTOPENFILE);
  assert_null(file);
}

static void a_running_file_is_not_loaded_again(void **state) {
  IPersistFile *running;
  IPersistFile *file;
  IRunningObjectTable *table;
  IMoniker *name;
  OLECHAR *path = utf16_copy(scratch_path("a.doc"));
  DWORD registered;

  (void)state;
  assert_int_equal(document_create(&IID_IPersistFile, (void **)&running), S_OK);
  assert_int_equal(CreateFileMoniker(path, &name), S_OK);
  assert_int_equal(GetRunningObjectTable(0, &table), S_OK);
  assert_int_equal(IRunningObjectTable_Register(table, 0, (IUnknown *)running, name, &registered), S_OK);
  assert_int_equal(get(scratch_path("a.doc"), NULL, &IID_IPersistFile, (void **)&file), S_OK);
  assert_ptr_equal(file, running);
  IPersistFile_Release(file);
  IRunningObjectTable_Revoke(table, registered);
  IPersistFile_Release(running);
  IMoniker_Release(name);
  free(path);
}

/* Loads a.doc and registers it as running, or ends that. */
static void register_document(bool begins) {
  static DWORD registered;
  IRunningObjectTable *table;

  assert_int_equal(GetRunningObjectTable(0, &table), S_OK);
  if (!begins) {
    assert_int_equal(IRunningObjectTable_Revoke(table, registered), S_OK);
    return;
  }
  OLECHAR *path = utf16_copy(scratch_path("a.doc"));
  IUnknown *document;
  IMoniker *name;
  assert_int_equal(document_create(&IID_IUnknown, (void **)&document), S_OK);
  assert_int_equal(CreateFileMoniker(path, &name), S_OK);
  assert_int_equal(IRunningObjectTable_Register(table, 0, document, name, &registered), S_OK);
  IUnknown_Release(document);
  IMoniker_Release(name);
  free(path);
}

static void an_item_is_found_in_its_file(void **state) {
  BIND_OPTS options = { sizeof options, 0, STGM_READWRITE, 100 };
  IOleItemContainer *container;
  IBindCtx *context;
  IMoniker *moniker;
  OLECHAR *name;
  char text[256];
  ULONG eaten;

  (void)state;
  strcpy(text, scratch_path("a.doc"));
  strcat(text, "!self");
  assert_int_equal(get(text, NULL, &IID_IOleItemContainer, (void **)&container), S_OK);
  assert_int_equal(OBJECT_CONTAINER(container, Document, container)->speed, BINDSPEED_INDEFINITE);
  IOleItemContainer_Release(container);
  assert_int_equal(get(text, &options, &IID_IOleItemContainer, (void **)&container), S_OK);
  assert_int_equal(OBJECT_CONTAINER(container, Document, container)->speed, BINDSPEED_IMMEDIATE);
  IOleItemContainer_Release(container);

  name = utf16_copy(text);
  assert_int_equal(CreateBindCtx(0, &context), S_OK);
  assert_int_equal(MkParseDisplayName(context, name, &eaten, &moniker), S_OK);
  assert_int_equal(eaten, strlen(text));
  /* Nothing is loaded only to be asked. */
  assert_int_equal(IBindCtx_ReleaseBoundObjects(context), S_OK);
  assert_int_equal(IMoniker_IsRunning(moniker, context, NULL, NULL), S_FALSE);
  assert_int_equal(documents, 0);
  register_document(true);
  assert_int_equal(IMoniker_IsRunning(moniker, context, NULL, NULL), S_OK);
  register_document(false);
  IMoniker_Release(moniker);
  IBindCtx_Release(context);
  free(name);
  strcpy(text, scratch_path("a.doc"));
  strcat(text, "?self");
  assert_int_equal(get(text, NULL, &IID_IOleItemContainer, (void **)&container), MK_E_CANTOPENFILE);
}

static void a_class_parses_its_own_names(void **state) {
  IPersistFile *file;

  (void)state;
  /* An instance is asked where the class object does not parse; this one knows only items. */
  assert_int_equal(get("Test.Document:anything", NULL, &IID_IPersistFile, (void **)&file), MK_E_SYNTAX);
  class_parses = true;
  assert_int_equal(get("Test.Document:anything", NULL, &IID_IPersistFile, (void **)&file), S_OK);
  IPersistFile_Release(file);
  assert_int_equal(get("@test.document!anything", NULL, &IID_IPersistFile, (void **)&file), S_OK);
  IPersistFile_Release(file);
  assert_int_equal(get("@test.document", NULL, &IID_IPersistFile, (void **)&file), S_OK);
  IPersistFile_Release(file);
  assert_int_equal(get("@test.document/x", NULL, &IID_IPersistFile, (void **)&file), S_OK);
  IPersistFile_Release(file);
  assert_int_equal(get("clsid:5E220001-0001-0002-0304-05060708090A:anything", NULL, &IID_IPersistFile, (void **)&file),
                   S_OK);
  IPersistFile_Release(file);
}

static void instances_come_from_files(void **state) {
  MULTI_QI results[2] = { { &IID_IPersistFile, NULL, S_OK }, { &IID_IStream, NULL, S_OK } };
  OLECHAR *path = utf16_copy(scratch_path("a.doc"));
  OLECHAR *missing = utf16_copy(scratch_path("b.doc"));
  IPersistFile *file;

  (void)state;
  assert_int_equal(CoGetInstanceFromFile(NULL, NULL, NULL, CLSCTX_ALL, STGM_READ, path, 2, results),
                   CO_S_NOTALLINTERFACES);
  file = (IPersistFile *)results[0].pItf;
  assert_string_equal(OBJECT_CONTAINER(file, Document, file)->path, scratch_path("a.doc"));
  assert_int_equal(results[1].hr, E_NOINTERFACE);
  assert_null(results[1].pItf);
  IPersistFile_Release(file);
  assert_int_equal(CoGetInstanceFromFile(NULL, NULL, NULL, CLSCTX_ALL, STGM_READ, missing, 1, results),
                   MK_E_CANTOPENFILE);
  assert_null(results[0].pItf);
  assert_int_equal(results[0].hr, MK_E_CANTOPENFILE);
  CLSID unknown = { 0x12345678, 1, 2, { 3 } };
  assert_int_equal(CoGetInstanceFromFile(NULL, &unknown, NULL, CLSCTX_ALL, STGM_READ, path, 2, results),
                   REGDB_E_CLASSNOTREG);
  assert_int_equal(results[0].hr, REGDB_E_CLASSNOTREG);
  assert_int_equal(results[1].hr, REGDB_E_CLASSNOTREG);
  assert_int_equal(CoGetInstanceFromFile(NULL, NULL, NULL, CLSCTX_ALL, STGM_READ, NULL, 1, results), E_INVALIDARG);
  free(path);
  free(missing);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void) {
  const struct CMUnitTest tests[] = {
    TEST(a_file_is_loaded_by_its_class), TEST(a_running_file_is_not_loaded_again), TEST(an_item_is_found_in_its_file),
    TEST(a_class_parses_its_own_names),  TEST(instances_come_from_files),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
