/* From names and files to objects: BindMoniker, CoGetObject, CoGetInstanceFromFile. */
#include "activation/monikers/moniker_internal.h"

HRESULT BindMoniker(IMoniker *moniker, DWORD options, REFIID iid, LPVOID *result) {
  IBindCtx *context;

  if (result)
    *result = NULL;
  if (!result || !moniker || options)
    return E_INVALIDARG;
  HRESULT status = CreateBindCtx(0, &context);
  if (FAILED(status))
    return status;
  status = IMoniker_BindToObject(moniker, context, NULL, iid, result);
  IBindCtx_Release(context);
  return status;
}

HRESULT CoGetObject(LPCWSTR name, BIND_OPTS *options, REFIID iid, void **result) {
  IBindCtx *context;
  IMoniker *moniker;
  ULONG eaten;

  if (result)
    *result = NULL;
  if (!result || !name)
    return E_INVALIDARG;
  HRESULT status = CreateBindCtx(0, &context);
  if (FAILED(status))
    return status;
  if (options)
    status = IBindCtx_SetBindOptions(context, options);
  if (SUCCEEDED(status))
    status = MkParseDisplayName(context, name, &eaten, &moniker);
  if (SUCCEEDED(status)) {
    status = IMoniker_BindToObject(moniker, context, NULL, iid, result);
    IMoniker_Release(moniker);
  }
  IBindCtx_Release(context);
  return status;
}

/* Asks the object for all results; the summary is that of CoCreateInstanceEx. */
static HRESULT query_all(IUnknown *object, DWORD count, MULTI_QI *results) {
  DWORD good = 0;

  for (DWORD i = 0; i < count; i++) {
    results[i].hr = IUnknown_QueryInterface(object, results[i].pIID, (void **)&results[i].pItf);
    good += SUCCEEDED(results[i].hr);
  }
  return good == count ? S_OK : good ? CO_S_NOTALLINTERFACES : E_NOINTERFACE;
}

static HRESULT load_file(IUnknown *object, LPCOLESTR name, DWORD mode) {
  IPersistFile *file;
  HRESULT status = IUnknown_QueryInterface(object, &IID_IPersistFile, (void **)&file);

  if (FAILED(status))
    return status;
  status = IPersistFile_Load(file, name, mode);
  IPersistFile_Release(file);
  return status;
}

/* A new object of the class (NULL: of the file's class) that has loaded the file. */
static HRESULT object_from_file(COSERVERINFO *server, const CLSID *clsid, IUnknown *outer, DWORD class_context,
                                DWORD mode, LPCOLESTR name, IUnknown **result) {
  MULTI_QI object = { &IID_IUnknown, NULL, S_OK };
  CLSID of_file;
  HRESULT status = clsid ? S_OK : GetClassFile(name, &of_file);

  if (SUCCEEDED(status))
    status = CoCreateInstanceEx(clsid ? clsid : &of_file, outer, class_context, server, 1, &object);
  if (FAILED(status))
    return status;
  status = load_file(object.pItf, name, mode);
  if (SUCCEEDED(status))
    *result = object.pItf;
  else
    IUnknown_Release(object.pItf);
  return status;
}

HRESULT CoGetInstanceFromFile(COSERVERINFO *server, CLSID *clsid, IUnknown *outer, DWORD class_context, DWORD mode,
                              OLECHAR *name, DWORD count, MULTI_QI *results) {
  IUnknown *object;

  if (!name || !count || !results)
    return E_INVALIDARG;
  for (DWORD i = 0; i < count; i++) {
    if (!results[i].pIID)
      return E_INVALIDARG;
    results[i].pItf = NULL;
  }
  HRESULT status = object_from_file(server, clsid, outer, class_context, mode, name, &object);
  if (FAILED(status)) {
    for (DWORD i = 0; i < count; i++)
      results[i].hr = status;
    return status;
  }
  status = query_all(object, count, results);
  IUnknown_Release(object);
  return status;
}
