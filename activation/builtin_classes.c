/* The classes that the library itself serves: the system monikers, the global interface table, the free-threaded
 * marshaler. Streams name them, so they must be creatable by class. */
#include "activation/builtin_classes.h"
#include "activation/monikers/moniker_internal.h"

typedef struct BuiltinClass {
  IClassFactory factory;
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

static HRESULT make_anti(IUnknown *outer, IUnknown **object) {
  return outer ? CLASS_E_NOAGGREGATION : CreateAntiMoniker((IMoniker **)object);
}

static HRESULT make_table(IUnknown *outer, IUnknown **object) {
  return outer ? CLASS_E_NOAGGREGATION : global_interface_table_get(object);
}

static HRESULT STDMETHODCALLTYPE Builtin_QueryInterface(IClassFactory *self, REFIID iid, void **result) {
  if (!result)
    return E_POINTER;
  *result = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IClassFactory) ? self : NULL;
  return *result ? S_OK : E_NOINTERFACE;
}

/* Part of the library, which stays: there is nothing to count. */
static ULONG STDMETHODCALLTYPE Builtin_AddRef(IClassFactory *self) {
  (void)self;
  return 2;
}

static ULONG STDMETHODCALLTYPE Builtin_Release(IClassFactory *self) {
  (void)self;
  return 1;
}

static HRESULT STDMETHODCALLTYPE Builtin_CreateInstance(IClassFactory *self, IUnknown *outer, REFIID iid,
                                                        void **result) {
  BuiltinClass *builtin = (BuiltinClass *)self;
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
  Builtin_QueryInterface, Builtin_AddRef, Builtin_Release, Builtin_CreateInstance, Builtin_LockServer,
};
static BuiltinClass classes[] = {
  { { &builtin_vtable }, &CLSID_FileMoniker, make_file },
  { { &builtin_vtable }, &CLSID_ItemMoniker, make_item },
  { { &builtin_vtable }, &CLSID_AntiMoniker, make_anti },
  { { &builtin_vtable }, &CLSID_ClassMoniker, make_class },
  { { &builtin_vtable }, &CLSID_CompositeMoniker, make_composite },
  { { &builtin_vtable }, &CLSID_StdGlobalInterfaceTable, make_table },
  { { &builtin_vtable }, &CLSID_InProcFreeMarshaler, CoCreateFreeThreadedMarshaler },
};

static HRESULT builtin_activate(const ActivationRequest *request) {
  size_t i;

  for (i = 0; i < sizeof classes / sizeof classes[0]; i++)
    if (IsEqualCLSID(&request->clsid, classes[i].clsid))
      return activation_from_class_object(request, (IUnknown *)&classes[i].factory);
  return ACTIVATOR_PASS;
}

const Activator builtin_activator = { "built-in classes", CLSCTX_INPROC, builtin_activate };
