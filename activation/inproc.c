/* The activator of in-process modules: CLSID\{...}\InprocServer32 names the module, DllGetClassObject gives the class. */
#include <string.h>
#include <strings.h>

#include <oleander.h>
#include <oleander_registry.h>

#include "activation/activation_internal.h"

/* The threading models that the documentation knows; no value means the main STA. */
static HRESULT check_threading_model(const OleanderRegistryKey *key, const char *server) {
  static const char *const models[] = { "Apartment", "Both", "Free", "Neutral", "Single" };
  const char *model;
  HRESULT status = oleander_registry_string(key, server, "ThreadingModel", &model);

  if (status == REGDB_E_KEYMISSING)
    return S_OK;
  if (FAILED(status))
    return REGDB_E_BADTHREADINGMODEL;
  for (size_t i = 0; i < sizeof models / sizeof models[0]; i++)
    if (strcasecmp(model, models[i]) == 0)
      return S_OK;
  return error_raise(REGDB_E_BADTHREADINGMODEL, ERROR_SOURCE, "ThreadingModel \"%s\" is unknown", model);
}

/* The path of the module for the class, for CoTaskMemFree; ACTIVATOR_PASS when the class has none. */
static HRESULT find_module(const OleanderRegistryKey *key, const char *server, char **path) {
  HRESULT status = oleander_registry_file(key, server, NULL, path);

  if (status == REGDB_E_KEYMISSING)
    return ACTIVATOR_PASS;
  if (status == S_OK) {
    status = check_threading_model(key, server);
    if (FAILED(status)) {
      CoTaskMemFree(*path);
      *path = NULL;
    }
  }
  return status;
}

static HRESULT activate_from_module(const ActivationRequest *request, const char *path) {
  Module *module;
  IUnknown *class_object;
  HRESULT status = module_open(path, &module);

  if (FAILED(status))
    return status;
  /* Class objects may answer the very interface that is asked for and no IUnknown worth the name: ask for it directly. */
  if (request->class_object && request->count == 1) {
    status = module_class_object(module, &request->clsid, request->results[0].pIID, (void **)&request->results[0].pItf);
    request->results[0].hr = status;
  } else {
    status = module_class_object(module, &request->clsid, request->class_object ? &IID_IUnknown : &IID_IClassFactory,
                                 (void **)&class_object);
    if (SUCCEEDED(status)) {
      status = activation_from_class_object(request, class_object);
      IUnknown_Release(class_object);
    }
  }
  module_release(module);
  return status;
}

static HRESULT inproc_activate(const ActivationRequest *request) {
  static const struct {
    DWORD context;
    const char *key;
  } servers[] = { { CLSCTX_INPROC_SERVER, "InprocServer32" }, { CLSCTX_INPROC_HANDLER, "InprocHandler32" } };
  HRESULT status = ACTIVATOR_PASS;
  char *path = NULL;
  size_t i;

  if (!request->key)
    return ACTIVATOR_PASS;
  for (i = 0; i < sizeof servers / sizeof servers[0] && status == ACTIVATOR_PASS; i++)
    if (request->context & servers[i].context)
      status = find_module(request->key, servers[i].key, &path);
  if (status == S_OK)
    status = activate_from_module(request, path);
  CoTaskMemFree(path);
  return status;
}

const Activator inproc_activator = { "in-process modules", CLSCTX_INPROC, inproc_activate };

/* Without registration */

/* `request` says what is wanted of the class. */
static HRESULT one_from_module(const char *path, REFCLSID clsid, ActivationRequest *request, REFIID iid,
                               void **result) {
  MULTI_QI query = { .pIID = iid };

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!path || !clsid || !iid)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  request->clsid = *clsid;
  request->results = &query;
  request->count = 1;
  HRESULT status = activate_from_module(request, path);
  *result = SUCCEEDED(status) ? query.pItf : NULL;
  return status;
}

HRESULT oleander_class_object_from_module(const char *path, REFCLSID clsid, REFIID iid, void **result) {
  ActivationRequest request = { .class_object = true };
  return one_from_module(path, clsid, &request, iid, result);
}

HRESULT oleander_create_from_module(const char *path, REFCLSID clsid, IUnknown *outer, REFIID iid, void **result) {
  ActivationRequest request = { .outer = outer };
  return one_from_module(path, clsid, &request, iid, result);
}

/* Registering modules */

typedef HRESULT(STDMETHODCALLTYPE *RegisterEntry)(void);

/* The component of a module: its base name without the suffix. False when nothing is left. */
static bool component_of(const char *path, char *component, size_t room) {
  const char *base = strrchr(path, '/');

  base = base ? base + 1 : path;
  const char *suffix = strstr(base, ".so");
  while (suffix && suffix[3] != '\0' && suffix[3] != '.')
    suffix = strstr(suffix + 1, ".so");
  size_t size = suffix && suffix > base ? (size_t)(suffix - base) : strlen(base);
  if (size == 0 || size >= room)
    return false;
  memcpy(component, base, size);
  component[size] = '\0';
  return true;
}

static HRESULT call_register(const char *path, const char *name) {
  char component[256];
  const char *before;
  RegisterEntry entry;
  Module *module;

  if (!path || !component_of(path, component, sizeof component))
    return E_INVALIDARG;
  HRESULT status = module_open(path, &module);
  if (FAILED(status))
    return status;
  *(void **)&entry = module_entry(module, name);
  if (!entry) {
    status = error_raise(SELFREG_E_CLASS, ERROR_SOURCE, "%s: the module has no %s of its own", path, name);
  } else {
    before = registry_set_component(component);
    status = entry();
    registry_set_component(before);
  }
  module_release(module);
  return status;
}

HRESULT oleander_register_module(const char *path) {
  return call_register(path, "DllRegisterServer");
}

HRESULT oleander_unregister_module(const char *path) {
  return call_register(path, "DllUnregisterServer");
}
