/* The modules of oleander_server.h: type library, class objects, unloading. */
#include <oleander_server.h>

#include "activation/servers/server_module.h"
#include "com/com_api.h"

#include <dlfcn.h>
#include <link.h>
#include <stdbool.h>
#include <stdlib.h>

static unsigned arrivals;

unsigned server_arrivals(void) {
  return __atomic_load_n(&arrivals, __ATOMIC_ACQUIRE);
}

void oleander_module_lock(OleanderModule *module, LONG change) {
  if (change > 0)
    __atomic_add_fetch(&arrivals, 1, __ATOMIC_RELAXED);
  __atomic_add_fetch(&module->users, change, __ATOMIC_ACQ_REL);
}

HRESULT oleander_module_can_unload(OleanderModule *module) {
  return __atomic_load_n(&module->users, __ATOMIC_ACQUIRE) == 0 ? S_OK : S_FALSE;
}

/* The type library inside the module */

/* The loader knows a program by what it was called, which need not be its path. */
char *server_module_path(const OleanderModule *module) {
  struct link_map *map = NULL;
  Dl_info found;

  if (!dladdr1(module, &found, (void **)&map, RTLD_DL_LINKMAP))
    return NULL;
  bool is_program = map && !*map->l_name;
  return is_program || found.dli_fname ? realpath(is_program ? "/proc/self/exe" : found.dli_fname, NULL) : NULL;
}

HRESULT server_module_library(OleanderModule *module, ITypeLib **library) {
  ITypeLib *mine = __atomic_load_n(&module->library, __ATOMIC_ACQUIRE), *none = NULL;

  *library = NULL;
  if (!mine) {
    char *path = server_module_path(module);
    OLECHAR *wide = path ? utf16_copy(path) : NULL;
    HRESULT hr = wide ? LoadTypeLibEx(wide, REGKIND_NONE, &mine) : TYPE_E_CANTLOADLIBRARY;

    free(wide);
    free(path);
    if (FAILED(hr))
      return hr;
    if (!__atomic_compare_exchange_n(&module->library, &none, mine, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
      ITypeLib_Release(mine);
      mine = none;
    }
  }
  ITypeLib_AddRef(mine);
  *library = mine;
  return S_OK;
}

HRESULT oleander_module_type_info(OleanderModule *module, REFGUID guid, ITypeInfo **info) {
  ITypeLib *library;

  if (!info)
    return E_POINTER;
  *info = NULL;
  HRESULT hr = server_module_library(module, &library);
  if (SUCCEEDED(hr)) {
    hr = ITypeLib_GetTypeInfoOfGuid(library, guid, info);
    ITypeLib_Release(library);
  }
  return hr;
}

void oleander_module_close(OleanderModule *module) {
  OleanderClass *const *type;
  ITypeLib *library = __atomic_exchange_n(&module->library, NULL, __ATOMIC_ACQ_REL);

  for (type = module->classes; type && *type; type++) {
    ITypeInfo *info = __atomic_exchange_n(&(*type)->type_info, NULL, __ATOMIC_ACQ_REL);
    ITypeInfo *class_info = __atomic_exchange_n(&(*type)->class_info, NULL, __ATOMIC_ACQ_REL);

    server_completed_free(*type);
    if (info)
      ITypeInfo_Release(info);
    if (class_info)
      ITypeInfo_Release(class_info);
  }
  if (library)
    ITypeLib_Release(library);
}

/* Class objects */

typedef struct ClassObject {
  IClassFactory factory;
  Object object;
  OleanderClass *type;
} ClassObject;

OBJECT_FACE(ClassObject, factory, IClassFactory)

static ClassObject *of_factory(IClassFactory *face) {
  return OBJECT_CONTAINER(face, ClassObject, factory);
}

static void class_object_destroy(void *self) {
  ClassObject *class_object = self;

  oleander_module_lock(class_object->type->module, -1);
}

static HRESULT make_object(OleanderClass *type, IUnknown *outer, OleanderObject **object) {
  void *self;

  if (type->make)
    return type->make(type, outer, object);
  HRESULT hr = oleander_object_create(type, outer, &self);
  if (SUCCEEDED(hr))
    *object = (OleanderObject *)(void *)((char *)self + type->object);
  return hr;
}

static HRESULT STDMETHODCALLTYPE ClassObject_CreateInstance(IClassFactory *face, IUnknown *outer, REFIID iid,
                                                            void **result) {
  OleanderObject *object = NULL;

  if (!result)
    return E_POINTER;
  *result = NULL;
  /* An aggregate needs the identity that does not delegate; any other interface would delegate to the outer object. */
  if (outer && !IsEqualIID(iid, &IID_IUnknown))
    return CLASS_E_NOAGGREGATION;
  HRESULT hr = make_object(of_factory(face)->type, outer, &object);
  if (FAILED(hr))
    return hr;
  IUnknown *inner = oleander_object_inner(object);
  hr = IUnknown_QueryInterface(inner, iid, result);
  IUnknown_Release(inner);
  return hr;
}

static HRESULT STDMETHODCALLTYPE ClassObject_LockServer(IClassFactory *face, BOOL lock) {
  oleander_module_lock(of_factory(face)->type->module, lock ? 1 : -1);
  return S_OK;
}

static const IClassFactoryVtbl factory_vtable = { OLEANDER_FACE_SLOTS(ClassObject, factory), ClassObject_CreateInstance,
                                                  ClassObject_LockServer };
static const ObjectFace class_object_faces[] = {
  { &IID_IClassFactory, offsetof(ClassObject, factory), &factory_vtable },
  { 0 },
};
static const ObjectType class_object_type = {
  "ClassObject", sizeof(ClassObject), offsetof(ClassObject, object), class_object_faces, class_object_destroy, NULL,
};

HRESULT oleander_module_class_object(OleanderModule *module, REFCLSID clsid, REFIID iid, void **result) {
  OleanderClass *const *type;

  if (!result)
    return E_POINTER;
  *result = NULL;
  for (type = module->classes; *type; type++) {
    if ((*type)->progid && (*type)->clsid && IsEqualCLSID((*type)->clsid, clsid))
      break;
  }
  if (!*type)
    return CLASS_E_CLASSNOTAVAILABLE;
  ClassObject *self = object_create(&class_object_type);
  if (!self)
    return E_OUTOFMEMORY;
  self->type = *type;
  oleander_module_lock(module, 1);
  HRESULT hr = IClassFactory_QueryInterface(&self->factory, iid, result);
  IClassFactory_Release(&self->factory);
  return hr;
}
