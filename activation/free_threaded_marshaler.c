/* The free-threaded marshaler: within the process it writes the pointer itself, with a secret of this process. */
#include <pthread.h>

#include "com/com_api.h"

typedef struct FreeMarshaler {
  IMarshal marshal;
  Object object;
} FreeMarshaler;

typedef struct FreeMarshalerRecord {
  DWORD flags;
  DWORD reserved;
  uint64_t pointer;
  GUID secret;
} FreeMarshalerRecord;

OBJECT_FACE(FreeMarshaler, marshal, IMarshal)

static GUID secret;
static pthread_once_t secret_once = PTHREAD_ONCE_INIT;

static void make_secret(void) {
  CoCreateGuid(&secret);
}

static bool in_process(DWORD destination) {
  return destination == MSHCTX_INPROC || destination == MSHCTX_CROSSCTX;
}

/* Beyond the process the object travels as one without a marshaler of its own would. */
static HRESULT standard(REFIID iid, void *object, DWORD destination, void *context, DWORD flags, IMarshal **result) {
  return CoGetStandardMarshal(iid ? iid : &IID_IUnknown, object, destination, context, flags, result);
}

static HRESULT STDMETHODCALLTYPE FreeMarshaler_GetUnmarshalClass(IMarshal *face, REFIID iid, void *object,
                                                                 DWORD destination, void *context, DWORD flags,
                                                                 CLSID *clsid) {
  (void)face;
  if (!clsid)
    return E_POINTER;
  *clsid = CLSID_InProcFreeMarshaler;
  if (in_process(destination))
    return S_OK;
  IMarshal *marshal;
  HRESULT status = standard(iid, object, destination, context, flags, &marshal);
  if (FAILED(status))
    return status;
  status = IMarshal_GetUnmarshalClass(marshal, iid, object, destination, context, flags, clsid);
  IMarshal_Release(marshal);
  return status;
}

static HRESULT STDMETHODCALLTYPE FreeMarshaler_GetMarshalSizeMax(IMarshal *face, REFIID iid, void *object,
                                                                 DWORD destination, void *context, DWORD flags,
                                                                 DWORD *size) {
  (void)face;
  if (!size)
    return E_POINTER;
  *size = sizeof(FreeMarshalerRecord);
  if (in_process(destination))
    return S_OK;
  IMarshal *marshal;
  HRESULT status = standard(iid, object, destination, context, flags, &marshal);
  if (FAILED(status))
    return status;
  status = IMarshal_GetMarshalSizeMax(marshal, iid, object, destination, context, flags, size);
  IMarshal_Release(marshal);
  return status;
}

static HRESULT marshal_beyond(IStream *stream, REFIID iid, void *object, DWORD destination, void *context,
                              DWORD flags) {
  IMarshal *marshal;
  HRESULT status = standard(iid, object, destination, context, flags, &marshal);
  if (FAILED(status))
    return status;
  status = IMarshal_MarshalInterface(marshal, stream, iid, object, destination, context, flags);
  IMarshal_Release(marshal);
  return status;
}

static HRESULT STDMETHODCALLTYPE FreeMarshaler_MarshalInterface(IMarshal *face, IStream *stream, REFIID iid,
                                                                void *object, DWORD destination, void *context,
                                                                DWORD flags) {
  FreeMarshalerRecord record = { .flags = flags };
  IUnknown *pointer;
  ULONG done;

  (void)face;
  if (!stream || !iid || !object)
    return E_INVALIDARG;
  if (!in_process(destination))
    return marshal_beyond(stream, iid, object, destination, context, flags);
  pthread_once(&secret_once, make_secret);
  HRESULT status = IUnknown_QueryInterface((IUnknown *)object, iid, (void **)&pointer);
  if (FAILED(status))
    return status;
  record.pointer = (uint64_t)(uintptr_t)pointer;
  record.secret = secret;
  status = IStream_Write(stream, &record, sizeof record, &done);
  if (FAILED(status) || flags & MSHLFLAGS_TABLEWEAK)
    IUnknown_Release(pointer);
  return status;
}

static HRESULT read_record(IStream *stream, FreeMarshalerRecord *record) {
  ULONG size = 0;
  HRESULT status = stream ? IStream_Read(stream, record, sizeof *record, &size) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  pthread_once(&secret_once, make_secret);
  return size == sizeof *record && IsEqualGUID(&record->secret, &secret) ? S_OK : E_UNEXPECTED;
}

static IUnknown *pointer_of(const FreeMarshalerRecord *record) {
  return (IUnknown *)(uintptr_t)record->pointer;
}

static HRESULT STDMETHODCALLTYPE FreeMarshaler_UnmarshalInterface(IMarshal *face, IStream *stream, REFIID iid,
                                                                  void **result) {
  FreeMarshalerRecord record;
  HRESULT status;

  (void)face;
  if (!result)
    return E_POINTER;
  *result = NULL;
  status = read_record(stream, &record);
  if (FAILED(status))
    return status;
  status = IUnknown_QueryInterface(pointer_of(&record), iid, result);
  if (!(record.flags & (MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK)))
    IUnknown_Release(pointer_of(&record));
  return status;
}

static HRESULT STDMETHODCALLTYPE FreeMarshaler_ReleaseMarshalData(IMarshal *face, IStream *stream) {
  FreeMarshalerRecord record;
  HRESULT status = read_record(stream, &record);

  (void)face;
  if (SUCCEEDED(status) && !(record.flags & MSHLFLAGS_TABLEWEAK))
    IUnknown_Release(pointer_of(&record));
  return status;
}

static HRESULT STDMETHODCALLTYPE FreeMarshaler_DisconnectObject(IMarshal *face, DWORD reserved) {
  (void)face;
  (void)reserved;
  return S_OK; /* pointers themselves cannot be cut off */
}

static const IMarshalVtbl marshal_vtable = {
  FreeMarshaler_marshal_QueryInterface, FreeMarshaler_marshal_AddRef,     FreeMarshaler_marshal_Release,
  FreeMarshaler_GetUnmarshalClass,      FreeMarshaler_GetMarshalSizeMax,  FreeMarshaler_MarshalInterface,
  FreeMarshaler_UnmarshalInterface,     FreeMarshaler_ReleaseMarshalData, FreeMarshaler_DisconnectObject,
};
static const ObjectFace marshal_faces[] = { { &IID_IMarshal, offsetof(FreeMarshaler, marshal), &marshal_vtable },
                                            { 0 } };
static const ObjectType marshal_type = {
  "FreeMarshaler", sizeof(FreeMarshaler), offsetof(FreeMarshaler, object), marshal_faces, NULL, NULL,
};

HRESULT CoCreateFreeThreadedMarshaler(IUnknown *outer, IUnknown **result) {
  FreeMarshaler *marshaler;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  marshaler = object_create_aggregated(&marshal_type, outer);
  if (!marshaler)
    return E_OUTOFMEMORY;
  *result = outer ? object_inner(&marshaler->object) : (IUnknown *)&marshaler->marshal;
  return S_OK;
}
