/* Monikers between apartments. They are values: another apartment gets an equal one, made by Save and Load. Only the pointer
 * moniker takes its object along. */
#include "activation/monikers/moniker_internal.h"

OBJECT_FACE(Moniker, marshal, IMarshal)

static IMoniker *moniker_of(IMarshal *face) {
  return &OBJECT_CONTAINER(face, Moniker, marshal)->moniker;
}

static HRESULT STDMETHODCALLTYPE MonikerMarshal_GetUnmarshalClass(IMarshal *face, REFIID iid, void *object,
                                                                  DWORD destination, void *reserved, DWORD flags,
                                                                  CLSID *clsid) {
  (void)iid;
  (void)object;
  (void)destination;
  (void)reserved;
  (void)flags;
  return clsid ? IMoniker_GetClassID(moniker_of(face), clsid) : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE MonikerMarshal_GetMarshalSizeMax(IMarshal *face, REFIID iid, void *object,
                                                                  DWORD destination, void *reserved, DWORD flags,
                                                                  DWORD *size) {
  (void)iid;
  (void)object;
  (void)destination;
  (void)reserved;
  (void)flags;
  if (!size)
    return E_INVALIDARG;
  ULARGE_INTEGER whole;
  HRESULT status = IMoniker_GetSizeMax(moniker_of(face), &whole);
  if (SUCCEEDED(status) && whole.QuadPart > UINT32_MAX)
    status = E_OUTOFMEMORY;
  *size = SUCCEEDED(status) ? (DWORD)whole.QuadPart : 0;
  return status;
}

static HRESULT STDMETHODCALLTYPE MonikerMarshal_MarshalInterface(IMarshal *face, IStream *stream, REFIID iid,
                                                                 void *object, DWORD destination, void *reserved,
                                                                 DWORD flags) {
  (void)iid;
  (void)object;
  (void)destination;
  (void)reserved;
  (void)flags;
  return stream ? IMoniker_Save(moniker_of(face), stream, FALSE) : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE MonikerMarshal_UnmarshalInterface(IMarshal *face, IStream *stream, REFIID iid,
                                                                   void **result) {
  if (result)
    *result = NULL;
  if (!stream || !iid || !result)
    return E_INVALIDARG;
  HRESULT status = IMoniker_Load(moniker_of(face), stream);
  return SUCCEEDED(status) ? IMoniker_QueryInterface(moniker_of(face), iid, result) : status;
}

static HRESULT STDMETHODCALLTYPE MonikerMarshal_ReleaseMarshalData(IMarshal *face, IStream *stream) {
  (void)face;
  return stream ? S_OK : E_INVALIDARG; /* the bytes hold nothing alive */
}

static HRESULT STDMETHODCALLTYPE MonikerMarshal_DisconnectObject(IMarshal *face, DWORD reserved) {
  (void)face;
  (void)reserved;
  return S_OK; /* copies are nobody's clients */
}

const IMarshalVtbl moniker_marshal_vtable = {
  Moniker_marshal_QueryInterface,    Moniker_marshal_AddRef,
  Moniker_marshal_Release,           MonikerMarshal_GetUnmarshalClass,
  MonikerMarshal_GetMarshalSizeMax,  MonikerMarshal_MarshalInterface,
  MonikerMarshal_UnmarshalInterface, MonikerMarshal_ReleaseMarshalData,
  MonikerMarshal_DisconnectObject,
};

/* The pointer moniker's object goes by the free-threaded marshaler: within the process, whose E_NOTIMPL for other
 * destinations stands until interfaces can be marshaled to them. */

static HRESULT carrier(IMarshal **marshal) {
  IUnknown *inner;
  HRESULT status = CoCreateFreeThreadedMarshaler(NULL, &inner);

  if (FAILED(status))
    return status;
  status = IUnknown_QueryInterface(inner, &IID_IMarshal, (void **)marshal);
  IUnknown_Release(inner);
  return status;
}

static HRESULT STDMETHODCALLTYPE PointerMarshal_GetMarshalSizeMax(IMarshal *face, REFIID iid, void *object,
                                                                  DWORD destination, void *reserved, DWORD flags,
                                                                  DWORD *size) {
  IUnknown *target = pointer_moniker_target(moniker_of(face));
  IMarshal *marshal;

  (void)iid;
  (void)object;
  if (!size)
    return E_INVALIDARG;
  *size = 0;
  HRESULT status = target ? carrier(&marshal) : E_UNEXPECTED;
  if (FAILED(status))
    return status;
  status = IMarshal_GetMarshalSizeMax(marshal, &IID_IUnknown, target, destination, reserved, flags, size);
  IMarshal_Release(marshal);
  return status;
}

static HRESULT STDMETHODCALLTYPE PointerMarshal_MarshalInterface(IMarshal *face, IStream *stream, REFIID iid,
                                                                 void *object, DWORD destination, void *reserved,
                                                                 DWORD flags) {
  IUnknown *target = pointer_moniker_target(moniker_of(face));
  IMarshal *marshal;

  (void)iid;
  (void)object;
  if (!stream)
    return E_INVALIDARG;
  HRESULT status = target ? carrier(&marshal) : E_UNEXPECTED;
  if (FAILED(status))
    return status;
  status = IMarshal_MarshalInterface(marshal, stream, &IID_IUnknown, target, destination, reserved, flags);
  IMarshal_Release(marshal);
  return status;
}

static HRESULT STDMETHODCALLTYPE PointerMarshal_UnmarshalInterface(IMarshal *face, IStream *stream, REFIID iid,
                                                                   void **result) {
  IMarshal *marshal;
  IUnknown *target = NULL;

  if (result)
    *result = NULL;
  if (!stream || !iid || !result)
    return E_INVALIDARG;
  HRESULT status = carrier(&marshal);
  if (FAILED(status))
    return status;
  status = IMarshal_UnmarshalInterface(marshal, stream, &IID_IUnknown, (void **)&target);
  IMarshal_Release(marshal);
  if (FAILED(status))
    return status;
  status = pointer_moniker_set_target(moniker_of(face), target);
  IUnknown_Release(target);
  return SUCCEEDED(status) ? IMoniker_QueryInterface(moniker_of(face), iid, result) : status;
}

static HRESULT STDMETHODCALLTYPE PointerMarshal_ReleaseMarshalData(IMarshal *face, IStream *stream) {
  IMarshal *marshal;

  (void)face;
  HRESULT status = stream ? carrier(&marshal) : E_INVALIDARG;
  if (FAILED(status))
    return status;
  status = IMarshal_ReleaseMarshalData(marshal, stream);
  IMarshal_Release(marshal);
  return status;
}

const IMarshalVtbl pointer_marshal_vtable = {
  Moniker_marshal_QueryInterface,    Moniker_marshal_AddRef,
  Moniker_marshal_Release,           MonikerMarshal_GetUnmarshalClass,
  PointerMarshal_GetMarshalSizeMax,  PointerMarshal_MarshalInterface,
  PointerMarshal_UnmarshalInterface, PointerMarshal_ReleaseMarshalData,
  MonikerMarshal_DisconnectObject,
};
