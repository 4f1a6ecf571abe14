/* The classes that the library itself serves. Streams name them, so they must be creatable by class. */
#include <comcat.h>

#include "activation/activation_internal.h"
#include "activation/builtin_classes.h"
#include "com/com_api.h"

static HRESULT make_table(IUnknown *outer, IUnknown **object) {
  if (outer)
    return CLASS_E_NOAGGREGATION;
  *object = (IUnknown *)global_interface_table_get();
  IUnknown_AddRef(*object);
  return S_OK;
}

OBJECT_FACE(BuiltinClass, factory, IClassFactory)

static HRESULT STDMETHODCALLTYPE Builtin_CreateInstance(IClassFactory *self, IUnknown *outer, REFIID iid,
                                                        void **result) {
  BuiltinClass *builtin = OBJECT_CONTAINER(self, BuiltinClass, factory);
  IUnknown *object;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (outer && !IsEqualIID(iid, &IID_IUnknown))
    return CLASS_E_NOAGGREGATION;
  HRESULT status = builtin->make(outer, &object);
  if (FAILED(status))
    return status;
  status = IUnknown_QueryInterface(object, iid, result);
  IUnknown_Release(object);
  return status;
}

static HRESULT STDMETHODCALLTYPE Builtin_LockServer(IClassFactory *self, BOOL lock) {
  (void)self;
  (void)lock;
  return S_OK;
}

const IClassFactoryVtbl builtin_class_vtable = {
  OLEANDER_FACE_SLOTS(BuiltinClass, factory),
  Builtin_CreateInstance,
  Builtin_LockServer,
};
static const ObjectFace builtin_faces[] = {
  { &IID_IClassFactory, offsetof(BuiltinClass, factory), &builtin_class_vtable },
  { 0 },
};
const ObjectType builtin_class_type = { .name = "BuiltinClass",
                                        .object = offsetof(BuiltinClass, object),
                                        .faces = builtin_faces };

static BuiltinClass classes[] = {
  BUILTIN_CLASS(CLSID_StdGlobalInterfaceTable, make_table),
  BUILTIN_CLASS(CLSID_InProcFreeMarshaler, CoCreateFreeThreadedMarshaler),
  BUILTIN_CLASS(CLSID_GlobalOptions, global_options_create),
  BUILTIN_CLASS(CLSID_StdComponentCategoriesMgr, categories_create),
};

static BuiltinClasses *lists;

void builtin_classes_add(BuiltinClasses *list) {
  list->next = lists;
  lists = list;
}

__attribute__((constructor)) static void add_own_classes(void) {
  static BuiltinClasses own = { classes, sizeof classes / sizeof classes[0], NULL };
  builtin_classes_add(&own);
}

static BuiltinClass *find(REFCLSID clsid) {
  for (const BuiltinClasses *list = lists; list; list = list->next)
    for (size_t i = 0; i < list->count; i++)
      if (IsEqualCLSID(clsid, list->classes[i].clsid))
        return &list->classes[i];
  return NULL;
}

bool builtin_class_is(REFCLSID clsid) {
  return find(clsid);
}

static HRESULT builtin_activate(const ActivationRequest *request) {
  BuiltinClass *found = find(&request->clsid);
  return found ? activation_from_class_object(request, (IUnknown *)&found->factory) : ACTIVATOR_PASS;
}

const Activator builtin_activator = { "built-in classes", CLSCTX_INPROC, builtin_activate };
