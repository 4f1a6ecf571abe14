/* Class factories as they travel: without the outer object, which would have to live with the server, and with what the caller
 * knows anyhow left out. */
#include <ocidl.h>

#include "remote/orpc/call_as.h"

void store_bstr(void *const *arguments, unsigned k, BSTR text) {
  BSTR *to = ARGUMENT(BSTR *, arguments, k);
  if (to)
    *to = text;
  else
    SysFreeString(text);
}

void store_interface(void *const *arguments, unsigned k, IUnknown *pointer) {
  IUnknown **to = ARGUMENT(IUnknown **, arguments, k);
  if (to)
    *to = pointer;
  else if (pointer)
    IUnknown_Release(pointer);
}

/* An object of an interface that the arguments name: index of the IID, index of the result. */
static HRESULT get_object(NdrReader *reader, void *const *arguments, unsigned iid, unsigned result) {
  IUnknown *object = NULL;
  ndr_get_interface(reader, ARGUMENT(GUID *, arguments, iid), (void **)&object);
  HRESULT status = get_result(reader);
  if (reader->error) {
    if (object)
      IUnknown_Release(object);
    object = NULL;
  }
  store_interface(arguments, result, object);
  return status;
}

static void clear_pointer(void *const *arguments, unsigned k) {
  void **to = ARGUMENT(void **, arguments, k);
  if (to)
    *to = NULL;
}

/* The object that the server has made is written, and the server's own reference to it goes. */
static void answer_object(WireServe *serve, HRESULT status, REFIID iid, IUnknown *object) {
  if (SUCCEEDED(status) && !object)
    status = E_NOINTERFACE;
  serve->answer(serve, status);
  ndr_put_interface(serve->writer, iid, SUCCEEDED(status) ? object : NULL);
  ndr_put_u32(serve->writer, (uint32_t)status);
  if (object)
    IUnknown_Release(object);
}

/* IClassFactory::CreateInstance, ITypeInfo::CreateInstance(outer, iid, result) */

static HRESULT put_create(NdrWriter *writer, void *const *arguments) {
  if (!ARGUMENT(GUID *, arguments, 1) || !ARGUMENT(void **, arguments, 2))
    return E_INVALIDARG;
  if (ARGUMENT(void *, arguments, 0))
    return CLASS_E_NOAGGREGATION;
  ndr_put_guid(writer, ARGUMENT(GUID *, arguments, 1));
  return S_OK;
}

static HRESULT get_create(NdrReader *reader, void *const *arguments) {
  return get_object(reader, arguments, 1, 2);
}

static void clear_create(void *const *arguments) {
  clear_pointer(arguments, 2);
}

static void serve_create(WireServe *serve) {
  IUnknown *object = NULL;
  IID iid = ndr_get_guid(serve->reader);
  if (serve->reader->error)
    return;
  HRESULT status = IClassFactory_CreateInstance((IClassFactory *)serve->object, NULL, &iid, (void **)&object);
  answer_object(serve, status, &iid, object);
}

static void serve_create_described(WireServe *serve) {
  IUnknown *object = NULL;
  IID iid = ndr_get_guid(serve->reader);
  if (serve->reader->error)
    return;
  HRESULT status = ITypeInfo_CreateInstance((ITypeInfo *)serve->object, NULL, &iid, (void **)&object);
  answer_object(serve, status, &iid, object);
}

/* IClassFactory2::CreateInstanceLic(outer, reserved, iid, key, result) */

static HRESULT put_create_licensed(NdrWriter *writer, void *const *arguments) {
  if (!ARGUMENT(GUID *, arguments, 2) || !ARGUMENT(void **, arguments, 4))
    return E_INVALIDARG;
  if (ARGUMENT(void *, arguments, 0))
    return CLASS_E_NOAGGREGATION;
  ndr_put_guid(writer, ARGUMENT(GUID *, arguments, 2));
  ndr_put_bstr(writer, ARGUMENT(BSTR, arguments, 3));
  return S_OK;
}

static HRESULT get_create_licensed(NdrReader *reader, void *const *arguments) {
  return get_object(reader, arguments, 2, 4);
}

static void clear_create_licensed(void *const *arguments) {
  clear_pointer(arguments, 4);
}

static void serve_create_licensed(WireServe *serve) {
  IUnknown *object = NULL;
  BSTR key = NULL;
  IID iid = ndr_get_guid(serve->reader);
  ndr_get_bstr(serve->reader, &key);
  if (!serve->reader->error) {
    HRESULT status =
        IClassFactory2_CreateInstanceLic((IClassFactory2 *)serve->object, NULL, NULL, &iid, key, (void **)&object);
    answer_object(serve, status, &iid, object);
  }
  SysFreeString(key);
}

const CallAs call_as_classes[] = {
  { .iid = &IID_IClassFactory,
    .slot = 3,
    .put = put_create,
    .get = get_create,
    .clear = clear_create,
    .serve = serve_create },
  { .iid = &IID_ITypeInfo,
    .slot = 16,
    .put = put_create,
    .get = get_create,
    .clear = clear_create,
    .serve = serve_create_described },
  { .iid = &IID_IClassFactory2,
    .slot = 7,
    .put = put_create_licensed,
    .get = get_create_licensed,
    .clear = clear_create_licensed,
    .serve = serve_create_licensed },
  { 0 },
};
