/* DllRegisterServer and DllUnregisterServer of the modules of oleander_server.h, and --register of its programs: the keys of every
 * class that clients may create, and of the type library with its interfaces. */
#include <oleander_registry.h>
#include <oleander_server.h>

#include "activation/servers/server_module.h"
#include "com/com_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PATH_ROOM 512

typedef struct ClassKeys {
  OleanderRegistryEdit *edit;
  const OleanderClass *type;
  HRESULT hr; /* the first failure; then nothing more is written */
  char clsid[GUID_TEXT_UNITS];
  char library[GUID_TEXT_UNITS]; /* empty: the module has none */
  char version[32];              /* of the library */
} ClassKeys;

static void set(ClassKeys *keys, const char *key, const char *below, const char *name, const char *text) {
  char path[PATH_ROOM];

  if (FAILED(keys->hr) || !text)
    return;
  if ((size_t)snprintf(path, sizeof path, "%s%s%s", key, *below ? "\\" : "", below) >= sizeof path)
    keys->hr = E_INVALIDARG;
  else
    keys->hr = oleander_registry_set_string(keys->edit, path, name, text);
}

static void set_inproc(ClassKeys *keys, const char *key, const ServerPlaces *places) {
  const char *threads = keys->type->threads ? keys->type->threads : "Both";
  char below[PATH_ROOM + sizeof "\\InprocServer32"];

  set(keys, key, "InprocServer32", NULL, places->inproc);
  if (!places->no_threading_model && *threads) {
    set(keys, key, "InprocServer32", "ThreadingModel", threads);
  } else if (SUCCEEDED(keys->hr)) {
    snprintf(below, sizeof below, "%s\\InprocServer32", key);
    keys->hr = oleander_registry_delete_value(keys->edit, below, "ThreadingModel");
  }
}

/* The command line, as its users read it: the path in quotes. */
static void set_program(ClassKeys *keys, const char *key, const char *path) {
  char *command;

  if (asprintf(&command, "\"%s\"", path) < 0) {
    keys->hr = E_OUTOFMEMORY;
    return;
  }
  set(keys, key, "LocalServer32", NULL, command);
  free(command);
}

static void set_class(ClassKeys *keys, const ServerPlaces *places) {
  const OleanderClass *type = keys->type;
  char key[PATH_ROOM], versioned[PATH_ROOM];

  snprintf(key, sizeof key, "CLSID\\%s", keys->clsid);
  if (type->version)
    snprintf(versioned, sizeof versioned, "%s.%u", type->progid, type->version);
  else
    snprintf(versioned, sizeof versioned, "%s", type->progid);

  set(keys, key, "", NULL, type->title ? type->title : type->progid);
  if (places->inproc)
    set_inproc(keys, key, places);
  if (places->program)
    set_program(keys, key, places->program);
  set(keys, key, "ProgID", NULL, versioned);
  set(keys, key, "VersionIndependentProgID", NULL, type->progid);
  if (*keys->library) {
    set(keys, key, "TypeLib", NULL, keys->library);
    set(keys, key, "Version", NULL, keys->version);
  }
  set(keys, type->progid, "", NULL, type->title ? type->title : type->progid);
  set(keys, type->progid, "CLSID", NULL, keys->clsid);
  if (type->version) {
    set(keys, type->progid, "CurVer", NULL, versioned);
    set(keys, versioned, "", NULL, type->title ? type->title : type->progid);
    set(keys, versioned, "CLSID", NULL, keys->clsid);
  }
}

static void describe_library(ClassKeys *keys, ITypeLib *library) {
  TLIBATTR *attributes = NULL;

  *keys->library = *keys->version = 0;
  if (!library || FAILED(ITypeLib_GetLibAttr(library, &attributes)))
    return;
  guid_format_utf8(&attributes->guid, keys->library);
  snprintf(keys->version, sizeof keys->version, "%x.%x", attributes->wMajorVerNum, attributes->wMinorVerNum);
  ITypeLib_ReleaseTLibAttr(library, attributes);
}

static HRESULT register_library(ITypeLib *library, const char *path) {
  OLECHAR *wide = utf16_copy(path);
  HRESULT hr = wide ? RegisterTypeLib(library, wide, NULL) : E_OUTOFMEMORY;

  free(wide);
  return hr;
}

HRESULT server_module_register(OleanderModule *module, const char *path, const ServerPlaces *places) {
  const char *previous = registry_set_component(module->component);
  OleanderClass *const *type;
  ITypeLib *library = NULL;
  ClassKeys keys = { .hr = S_OK };

  server_module_library(module, &library); /* a module without one is a module without TypeLib keys */
  describe_library(&keys, library);
  keys.hr = oleander_registry_edit(module->component, &keys.edit);
  for (type = module->classes; SUCCEEDED(keys.hr) && *type; type++) {
    if (!(*type)->progid || !(*type)->clsid)
      continue;
    keys.type = *type;
    guid_format_utf8((*type)->clsid, keys.clsid);
    set_class(&keys, places);
  }
  if (keys.edit && FAILED(keys.hr))
    oleander_registry_cancel(keys.edit);
  else if (keys.edit)
    keys.hr = oleander_registry_commit(keys.edit);
  if (SUCCEEDED(keys.hr) && library)
    keys.hr = register_library(library, path);
  if (library)
    ITypeLib_Release(library);
  registry_set_component(previous);
  return keys.hr;
}

HRESULT oleander_module_register(OleanderModule *module) {
  char *path = server_module_path(module);
  ServerPlaces places = { .inproc = path };
  HRESULT hr = path ? server_module_register(module, path, &places) : SELFREG_E_CLASS;

  free(path);
  return hr;
}

static HRESULT delete_class(OleanderRegistryEdit *edit, const OleanderClass *type) {
  char key[PATH_ROOM], clsid[GUID_TEXT_UNITS];

  guid_format_utf8(type->clsid, clsid);
  snprintf(key, sizeof key, "CLSID\\%s", clsid);
  HRESULT hr = oleander_registry_delete_key(edit, key);
  if (SUCCEEDED(hr))
    hr = oleander_registry_delete_key(edit, type->progid);
  if (SUCCEEDED(hr) && type->version) {
    snprintf(key, sizeof key, "%s.%u", type->progid, type->version);
    hr = oleander_registry_delete_key(edit, key);
  }
  return hr;
}

static HRESULT unregister_library(ITypeLib *library) {
  TLIBATTR *attributes = NULL;
  HRESULT hr = ITypeLib_GetLibAttr(library, &attributes);

  if (FAILED(hr))
    return hr;
  hr = UnRegisterTypeLib(&attributes->guid, attributes->wMajorVerNum, attributes->wMinorVerNum, attributes->lcid,
                         attributes->syskind);
  ITypeLib_ReleaseTLibAttr(library, attributes);
  return hr == TYPE_E_REGISTRYACCESS ? S_OK : hr; /* it was not registered */
}

HRESULT oleander_module_unregister(OleanderModule *module) {
  const char *previous = registry_set_component(module->component);
  OleanderRegistryEdit *edit = NULL;
  OleanderClass *const *type;
  ITypeLib *library = NULL;
  HRESULT hr = S_OK;

  if (SUCCEEDED(server_module_library(module, &library)))
    hr = unregister_library(library);
  if (SUCCEEDED(hr))
    hr = oleander_registry_edit(module->component, &edit);
  for (type = module->classes; SUCCEEDED(hr) && *type; type++) {
    if ((*type)->progid && (*type)->clsid)
      hr = delete_class(edit, *type);
  }
  if (SUCCEEDED(hr))
    hr = oleander_registry_commit(edit);
  else
    oleander_registry_cancel(edit);
  if (library)
    ITypeLib_Release(library);
  registry_set_component(previous);
  return hr;
}
