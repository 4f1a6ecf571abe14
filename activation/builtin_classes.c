/* The classes that the library itself serves: the system monikers, the global interface table, the free-threaded
 * marshaler. Streams name them, so they must be creatable by class. */
#include <comcat.h>

#include "activation/builtin_classes.h"
#include "activation/monikers/moniker_internal.h"
#include "com/com_api.h"

typedef struct BuiltinClass {
  IClassFactory factory;
  Object object;
  const CLSID *clsid;
  HRESULT (*make)(IUnknown *outer, IUnknown **object);
} BuiltinClass;

#define MONIKER_CLASS(name)                                                                                            \
  static HRESULT make_##name(IUnknown *outer, IUnknown **object) {                                                     \
    return outer ? CLASS_E_NOAGGREGATION : name##_moniker_new((IMoniker **)object);                                    \
  }

MONIKER_CLASS(file)
MONIKER_CLASS(item)
MONIKER_CLASS(class)
MONIKER_CLASS(composite)
MONIKER_CLASS(pointer)
MONIKER_CLASS(new)

static HRESULT make_anti(IUnknown *outer, IUnknown **object) {
  return outer ? CLASS_E_NOAGGREGATION : CreateAntiMoniker((IMoniker **)object);
}

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
  HRESULT status;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (outer && !IsEqualIID(iid, &IID_IUnknown))
    return CLASS_E_NOAGGREGATION;
  status = builtin->make(outer, &object);
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

static const IClassFactoryVtbl builtin_vtable = {
  OLEANDER_FACE_SLOTS(BuiltinClass, factory),
  Builtin_CreateInstance,
  Builtin_LockServer,
};
static const ObjectFace builtin_faces[] = {
  { &IID_IClassFactory, offsetof(BuiltinClass, factory), &builtin_vtable },
  { 0 },
};
static const ObjectType builtin_type = { .name = "BuiltinClass",
                                         .object = offsetof(BuiltinClass, object),
                                         .faces = builtin_faces };

#define BUILTIN(clsid, make)                                                                                           \
  { { &builtin_vtable }, OBJECT_LASTING(builtin_type), &(clsid), make }

static BuiltinClass classes[] = {
  BUILTIN(CLSID_FileMoniker, make_file),
  BUILTIN(CLSID_ItemMoniker, make_item),
  BUILTIN(CLSID_AntiMoniker, make_anti),
  BUILTIN(CLSID_ClassMoniker, make_class),
  BUILTIN(CLSID_CompositeMoniker, make_composite),
  BUILTIN(CLSID_PointerMoniker, make_pointer),
  BUILTIN(CLSID_NewMoniker, make_new),
  BUILTIN(CLSID_StdGlobalInterfaceTable, make_table),
  BUILTIN(CLSID_InProcFreeMarshaler, CoCreateFreeThreadedMarshaler),
  BUILTIN(CLSID_GlobalOptions, global_options_create),
  BUILTIN(CLSID_StdComponentCategoriesMgr, categories_create),
};

static HRESULT builtin_activate(const ActivationRequest *request) {
  size_t i;

  for (i = 0; i < sizeof classes / sizeof classes[0]; i++)
    if (IsEqualCLSID(&request->clsid, classes[i].clsid))
      return activation_from_class_object(request, (IUnknown *)&classes[i].factory);
  return ACTIVATOR_PASS;
}

const Activator builtin_activator = { "built-in classes", CLSCTX_INPROC, builtin_activate };
