/* A module that registers itself the way servers do. */
#include <dlfcn.h>
#include <stddef.h>

#include <objbase.h>
#include <oleander_registry.h>

#define CLASS_KEY "CLSID\\{6F1E0009-1111-2222-0102-030405060708}"

HRESULT STDMETHODCALLTYPE DllRegisterServer(void) {
  OleanderRegistryEdit *edit;
  Dl_info info;
  HRESULT result = oleander_registry_edit(NULL, &edit);

  if (FAILED(result))
    return result;
  if (!dladdr((void *)(size_t)DllRegisterServer, &info))
    result = SELFREG_E_CLASS;
  if (SUCCEEDED(result))
    result = oleander_registry_set_string(edit, CLASS_KEY, NULL, "Registering");
  if (SUCCEEDED(result))
    result = oleander_registry_set_string(edit, CLASS_KEY "\\InprocServer32", NULL, info.dli_fname);
  if (FAILED(result)) {
    oleander_registry_cancel(edit);
    return result;
  }
  return oleander_registry_commit(edit);
}

HRESULT STDMETHODCALLTYPE DllUnregisterServer(void) {
  OleanderRegistryEdit *edit;
  HRESULT result = oleander_registry_edit(NULL, &edit);

  if (FAILED(result))
    return result;
  result = oleander_registry_delete_key(edit, CLASS_KEY);
  if (FAILED(result)) {
    oleander_registry_cancel(edit);
    return result;
  }
  return oleander_registry_commit(edit);
}
