/* What ITypeInfo::CreateInstance does: typelib/ stands on a lower floor and asks through this. */
#include "typelib/typelib_api.h"

#include <objbase.h>

static HRESULT running_object(REFCLSID clsid, REFIID iid, void **object) {
  IUnknown *running;
  HRESULT hr = GetActiveObject(clsid, NULL, &running);

  if (FAILED(hr))
    return hr;
  hr = IUnknown_QueryInterface(running, iid, object);
  IUnknown_Release(running);
  return hr;
}

static HRESULT create_described(REFCLSID clsid, bool appobject, IUnknown *outer, REFIID iid, void **object) {
  if (appobject && !outer && SUCCEEDED(running_object(clsid, iid, object)))
    return S_OK;
  return CoCreateInstance(clsid, outer, CLSCTX_SERVER, iid, object);
}

__attribute__((constructor)) static void register_creation(void) {
  typelib_set_activator(create_described);
}
