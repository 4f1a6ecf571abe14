/* From names, files and storages to objects: BindMoniker, CoGetObject, CoGetInstanceFromFile, CoGetInstanceFromIStorage. */
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

HRESULT object_load_storage(IUnknown *object, IStorage *storage) {
  IPersistStorage *persist;
  HRESULT status = IUnknown_QueryInterface(object, &IID_IPersistStorage, (void **)&persist);

  if (FAILED(status))
    return status;
  status = IPersistStorage_Load(persist, storage);
  IPersistStorage_Release(persist);
  return status;
}

/* An object that does not know files may know the storage in one; else the answer is that it does not know files. */
static HRESULT load_storage_of_file(IUnknown *object, LPCOLESTR name, DWORD mode) {
  IStorage *storage;
  HRESULT status = StgOpenStorage(name, NULL, storage_mode(mode), NULL, 0, &storage);

  if (FAILED(status)) /* "already exists": no storage is in it */
    return status == STG_E_FILEALREADYEXISTS ? E_NOINTERFACE : status;
  status = object_load_storage(object, storage);
  IStorage_Release(storage);
  return status;
}

HRESULT object_load_file(IUnknown *object, LPCOLESTR name, DWORD mode) {
  IPersistFile *file;
  HRESULT status = IUnknown_QueryInterface(object, &IID_IPersistFile, (void **)&file);

  if (status == E_NOINTERFACE)
    return load_storage_of_file(object, name, mode);
  if (FAILED(status))
    return status;
  status = IPersistFile_Load(file, name, mode);
  IPersistFile_Release(file);
  return status;
}

DWORD storage_mode(DWORD mode) {
  if (mode & (STGM_SHARE_DENY_NONE | STGM_SHARE_DENY_READ | STGM_SHARE_DENY_WRITE | STGM_SHARE_EXCLUSIVE))
    return mode;
  bool reads = (mode & (STGM_WRITE | STGM_READWRITE)) == STGM_READ;
  return mode | (reads ? STGM_SHARE_DENY_WRITE : STGM_SHARE_EXCLUSIVE);
}

/* Every result has an interface to be asked for; none is there yet. */
static bool results_ready(DWORD count, MULTI_QI *results) {
  if (!count || !results)
    return false;
  for (DWORD i = 0; i < count; i++) {
    if (!results[i].pIID)
      return false;
    results[i].pItf = NULL;
  }
  return true;
}

/* Gives the object, which `status` tells of, to all results. */
static HRESULT answer(HRESULT status, IUnknown *object, DWORD count, MULTI_QI *results) {
  if (FAILED(status)) {
    for (DWORD i = 0; i < count; i++)
      results[i].hr = status;
    return status;
  }
  status = query_all(object, count, results);
  IUnknown_Release(object);
  return status;
}

/* A new object of the class, which the caller loads. */
static HRESULT new_object(COSERVERINFO *server, REFCLSID clsid, IUnknown *outer, DWORD class_context,
                          IUnknown **result) {
  MULTI_QI object = { &IID_IUnknown, NULL, S_OK };
  HRESULT status = CoCreateInstanceEx(clsid, outer, class_context, server, 1, &object);

  *result = SUCCEEDED(status) ? object.pItf : NULL;
  return status;
}

HRESULT CoGetInstanceFromFile(COSERVERINFO *server, CLSID *clsid, IUnknown *outer, DWORD class_context, DWORD mode,
                              OLECHAR *name, DWORD count, MULTI_QI *results) {
  IUnknown *object = NULL;
  CLSID of_file;

  if (!name || !results_ready(count, results))
    return E_INVALIDARG;
  HRESULT status = clsid ? S_OK : GetClassFile(name, &of_file);
  if (SUCCEEDED(status))
    status = new_object(server, clsid ? clsid : &of_file, outer, class_context, &object);
  if (SUCCEEDED(status))
    status = object_load_file(object, name, mode);
  if (FAILED(status) && object)
    IUnknown_Release(object);
  return answer(status, object, count, results);
}

HRESULT CoGetInstanceFromIStorage(COSERVERINFO *server, CLSID *clsid, IUnknown *outer, DWORD class_context,
                                  IStorage *storage, DWORD count, MULTI_QI *results) {
  IUnknown *object = NULL;
  CLSID of_storage;

  if (!storage || !results_ready(count, results))
    return E_INVALIDARG;
  HRESULT status = clsid ? S_OK : ReadClassStg(storage, &of_storage);
  if (SUCCEEDED(status))
    status = new_object(server, clsid ? clsid : &of_storage, outer, class_context, &object);
  if (SUCCEEDED(status))
    status = object_load_storage(object, storage);
  if (FAILED(status) && object)
    IUnknown_Release(object);
  return answer(status, object, count, results);
}
