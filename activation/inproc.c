/* The activator of in-process modules: CLSID\{...}\InprocServer32 names the module, DllGetClassObject gives the class. */
#include <string.h>
#include <strings.h>

#include <oleander.h>
#include <oleander_registry.h>

#include "activation/activation_internal.h"

/* Where an object of a class may live. */
typedef enum ThreadingModel {
  MODEL_MAIN,      /* in the main STA: no value, or "Single" */
  MODEL_APARTMENT, /* in any STA */
  MODEL_FREE,      /* in the MTA */
  MODEL_BOTH       /* anywhere; so does what belongs to the neutral apartment, which calls enter on any thread */
} ThreadingModel;

static HRESULT threading_model(const OleanderRegistryKey *key, const char *server, ThreadingModel *model) {
  static const struct {
    const char *name;
    ThreadingModel model;
  } models[] = {
    { "Apartment", MODEL_APARTMENT }, { "Both", MODEL_BOTH },   { "Free", MODEL_FREE },
    { "Neutral", MODEL_BOTH },        { "Single", MODEL_MAIN },
  };
  const char *name;
  HRESULT status = oleander_registry_string(key, server, "ThreadingModel", &name);

  *model = MODEL_MAIN;
  if (status == REGDB_E_KEYMISSING)
    return S_OK;
  if (FAILED(status))
    return REGDB_E_BADTHREADINGMODEL;
  for (size_t i = 0; i < sizeof models / sizeof models[0]; i++) {
    *model = models[i].model;
    if (strcasecmp(name, models[i].name) == 0)
      return S_OK;
  }
  return error_raise(REGDB_E_BADTHREADINGMODEL, ERROR_SOURCE, "ThreadingModel \"%s\" is unknown", name);
}

/* The apartment in which an object of the class is made, with a reference; NULL: the caller's, whatever that is. */
static HRESULT home_of(ThreadingModel model, Apartment **home) {
  Apartment *own = apartment_get();
  bool in_sta = own && apartment_is_single(own);

  apartment_release(own);
  *home = NULL;
  if (model == MODEL_MAIN)
    return apartment_host(HOST_MAIN, home);
  if (model == MODEL_APARTMENT && !in_sta)
    return apartment_host(HOST_SINGLE, home);
  if (model == MODEL_FREE && in_sta)
    return apartment_host(HOST_MULTI, home);
  return S_OK;
}

/* The path of the module for the class, for CoTaskMemFree; ACTIVATOR_PASS when the class has none. */
static HRESULT find_module(const OleanderRegistryKey *key, const char *server, char **path, ThreadingModel *model) {
  HRESULT status = oleander_registry_file(key, server, NULL, path);

  if (status == REGDB_E_KEYMISSING)
    return ACTIVATOR_PASS;
  if (status == S_OK) {
    status = threading_model(key, server, model);
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

static HRESULT activate_at_home(const ActivationRequest *request, void *path) {
  return activate_from_module(request, path);
}

static HRESULT inproc_activate(const ActivationRequest *request) {
  static const struct {
    DWORD context;
    const char *key;
  } servers[] = { { CLSCTX_INPROC_SERVER, "InprocServer32" }, { CLSCTX_INPROC_HANDLER, "InprocHandler32" } };
  HRESULT status = ACTIVATOR_PASS;
  ThreadingModel model = MODEL_BOTH;
  Apartment *home = NULL;
  char *path = NULL;
  size_t i;

  if (!request->key)
    return ACTIVATOR_PASS;
  for (i = 0; i < sizeof servers / sizeof servers[0] && status == ACTIVATOR_PASS; i++)
    if (request->context & servers[i].context)
      status = find_module(request->key, servers[i].key, &path, &model);
  if (status == S_OK)
    status = home_of(model, &home);
  if (status == S_OK)
    status =
        home ? activation_in_apartment(home, request, activate_at_home, path) : activate_from_module(request, path);
  apartment_release(home);
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
