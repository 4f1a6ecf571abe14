/* References to objects as bytes in a stream: CoMarshalInterface and what belongs to it. An object that marshals itself (IMarshal)
 * is asked first; all others are made known by the exporter, or are proxies that are passed on. */
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/orpc_internal.h"
#include "remote/orpc/resolver.h"

static const CLSID clsid_std_marshal = { 0x00000017, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

enum { ENDPOINT_LENGTH = 18 }; /* of an endpoint's name */

const RemoteActivation *remote_activation;

void remote_set_activation(const RemoteActivation *activation) {
  remote_activation = activation;
}

static const LARGE_INTEGER stream_start;

/* Where the reference goes that an object marshals by itself: it may leave that to the standard marshaler, which is not told. */
static _Thread_local const RpcChannel *receiving;

/* Standard references */

static bool stays_in_process(DWORD destination) {
  return destination == MSHCTX_INPROC || destination == MSHCTX_CROSSCTX;
}

static bool known_destination(DWORD destination) {
  return destination <= MSHCTX_CROSSCTX;
}

static HRESULT kind_of(DWORD flags, ExportKind *kind) {
  DWORD table = flags & (MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK);
  *kind = table == MSHLFLAGS_TABLESTRONG ? EXPORT_TABLE_STRONG
          : table == MSHLFLAGS_TABLEWEAK ? EXPORT_TABLE_WEAK
                                         : EXPORT_NORMAL;
  return table == (MSHLFLAGS_TABLESTRONG | MSHLFLAGS_TABLEWEAK) ? E_INVALIDARG : S_OK;
}

/* The class of a handler that the object wants at its clients; GUID_NULL: none. */
static CLSID handler_of(IUnknown *object, DWORD destination, void *context) {
  IStdMarshalInfo *info;
  CLSID clsid = GUID_NULL;
  if (FAILED(IUnknown_QueryInterface(object, &IID_IStdMarshalInfo, (void **)&info)))
    return clsid;
  if (FAILED(IStdMarshalInfo_GetClassForHandler(info, destination, context, &clsid)))
    clsid = GUID_NULL;
  IStdMarshalInfo_Release(info);
  return clsid;
}

/* Says what would help. */
static HRESULT raise_undescribed(REFIID iid) {
  OLECHAR text[39];
  char name[39];
  StringFromGUID2(iid, text, 39);
  for (int i = 0; i < 39; i++)
    name[i] = (char)text[i];
  return error_raise(
      REGDB_E_IIDNOTREG, "Oleander",
      "nobody says how the interface %s travels between apartments: register the type library that declares it "
      "(oleander register FILE), or a module that makes its proxies (Interface\\%s\\ProxyStubClsid32), or let the "
      "object show its type information (IDispatch, IProvideClassInfo)",
      name, name);
}

/* For another host: where that is allowed, or asked for by one that is there. */
static bool goes_to_host(DWORD destination, const RpcChannel *channel) {
  if (destination != MSHCTX_DIFFERENTMACHINE)
    return false;
  return (channel && channel->destination == MSHCTX_DIFFERENTMACHINE) || exporter_has_hosts();
}

static HRESULT export_to_host(REFIID iid, IUnknown *object, void *context, DWORD flags, ExportKind kind,
                              const RpcChannel *channel, uint8_t **bytes, uint32_t *size) {
  uint8_t bindings[BINDINGS_ROOM];
  HostEndpoint endpoint;
  StdObjref standard;
  Exporter *exporter;
  HRESULT status = exporter_of_thread(&exporter);
  if (SUCCEEDED(status))
    status = exporter_listen_hosts(exporter, &endpoint);
  if (FAILED(status))
    return status;
  CLSID handler = handler_of(object, MSHCTX_DIFFERENTMACHINE, context);
  status = exporter_export(object, iid, kind, (flags & MSHLFLAGS_NOPING) != 0, 0, &standard, NULL);
  if (FAILED(status))
    return status == REGDB_E_IIDNOTREG ? raise_undescribed(iid) : status;
  size_t binding_bytes = exporter_host_bindings(&endpoint, channel, bindings);
  status = objref_write_bindings(iid, &standard, IsEqualGUID(&handler, &GUID_NULL) ? NULL : &handler, bindings,
                                 binding_bytes, bytes, size);
  if (FAILED(status))
    exporter_discard(exporter, &standard, 0);
  return status;
}

static HRESULT export_reference(REFIID iid, IUnknown *object, DWORD destination, void *context, DWORD flags,
                                Receiver receiver, uint8_t **bytes, uint32_t *size) {
  char endpoint[ENDPOINT_ROOM];
  StdObjref standard;
  ExportKind kind;
  bool stays = stays_in_process(destination);
  HRESULT status = kind_of(flags, &kind);
  if (FAILED(status))
    return status;
  if (goes_to_host(destination, receiver.channel))
    return export_to_host(iid, object, context, flags, kind, receiver.channel, bytes, size);
  CLSID handler = handler_of(object, destination, context);
  uint64_t peer = receiver.process;
  status = exporter_export(object, iid, kind, (flags & MSHLFLAGS_NOPING) != 0, stays ? process_number() : peer,
                           &standard, stays ? NULL : endpoint);
  if (FAILED(status))
    return status == REGDB_E_IIDNOTREG ? raise_undescribed(iid) : status;
  status = objref_write(iid, &standard, IsEqualGUID(&handler, &GUID_NULL) ? NULL : &handler, stays ? NULL : endpoint,
                        bytes, size);
  Exporter *exporter;
  if (FAILED(status) && SUCCEEDED(exporter_of_thread(&exporter)))
    exporter_discard(exporter, &standard, stays ? process_number() : peer);
  return status;
}

static HRESULT standard_reference(REFIID iid, IUnknown *object, DWORD destination, void *context, DWORD flags,
                                  Receiver receiver, uint8_t **bytes, uint32_t *size) {
  ExportKind kind;
  HRESULT status = kind_of(flags, &kind);
  ProxyManager *manager = SUCCEEDED(status) ? proxy_manager_of(object) : NULL;
  if (!manager)
    return FAILED(status) ? status : export_reference(iid, object, destination, context, flags, receiver, bytes, size);
  if (destination == MSHCTX_DIFFERENTMACHINE && !goes_to_host(destination, receiver.channel))
    destination = MSHCTX_LOCAL;
  status = proxy_pass_on(manager, iid, kind, stays_in_process(destination) ? MSHCTX_INPROC : destination,
                         receiver.channel, bytes, size);
  proxy_manager_release(manager);
  return status;
}

HRESULT standard_unmarshal_class(REFIID iid, void *object, DWORD destination, void *context, DWORD flags,
                                 CLSID *clsid) {
  (void)iid;
  (void)object;
  (void)context;
  (void)flags;
  if (!clsid)
    return E_POINTER;
  if (!known_destination(destination))
    return E_INVALIDARG;
  *clsid = clsid_std_marshal;
  return S_OK;
}

HRESULT standard_size_max(REFIID iid, void *object, DWORD destination, void *context, DWORD flags, DWORD *size) {
  char longest[ENDPOINT_LENGTH + 1];
  (void)iid;
  (void)object;
  (void)context;
  (void)flags;
  if (!size)
    return E_POINTER;
  if (!known_destination(destination))
    return E_INVALIDARG;
  memset(longest, 'x', ENDPOINT_LENGTH);
  longest[ENDPOINT_LENGTH] = 0;
  *size = objref_size(true, longest);
  if (destination == MSHCTX_DIFFERENTMACHINE && exporter_has_hosts())
    *size += BINDINGS_ROOM;
  return S_OK;
}

static HRESULT write_bytes(IStream *stream, const uint8_t *bytes, uint32_t size) {
  ULONG done = 0;
  HRESULT status = IStream_Write(stream, bytes, size, &done);
  return SUCCEEDED(status) && done != size ? STG_E_MEDIUMFULL : status;
}

static void discard_bytes(const uint8_t *bytes, uint32_t size) {
  Objref objref;
  if (SUCCEEDED(objref_read(bytes, size, &objref)))
    reference_discard_objref(&objref, NULL, 0);
}

HRESULT standard_marshal(IStream *stream, REFIID iid, IUnknown *object, DWORD destination, void *context, DWORD flags) {
  uint8_t *bytes;
  uint32_t size;
  if (!stream || !iid || !object || !known_destination(destination))
    return E_INVALIDARG;
  Receiver receiver = { 0, receiving };
  HRESULT status = standard_reference(iid, object, destination, context, flags, receiver, &bytes, &size);
  if (FAILED(status))
    return status;
  status = write_bytes(stream, bytes, size);
  if (FAILED(status))
    discard_bytes(bytes, size);
  CoTaskMemFree(bytes);
  return status;
}

/* The standard marshaler as an object: for those that marshal themselves only in part */

typedef struct StandardMarshaler {
  IMarshal marshal;
  Object object;
  IUnknown *target; /* what is marshaled unless another is given; NULL */
  bool counted;     /* the target, which otherwise is the outer object */
} StandardMarshaler;

OBJECT_FACE(StandardMarshaler, marshal, IMarshal)

static HRESULT STDMETHODCALLTYPE StandardMarshaler_GetUnmarshalClass(IMarshal *face, REFIID iid, void *object,
                                                                     DWORD destination, void *context, DWORD flags,
                                                                     CLSID *clsid) {
  (void)face;
  return standard_unmarshal_class(iid, object, destination, context, flags, clsid);
}

static HRESULT STDMETHODCALLTYPE StandardMarshaler_GetMarshalSizeMax(IMarshal *face, REFIID iid, void *object,
                                                                     DWORD destination, void *context, DWORD flags,
                                                                     DWORD *size) {
  (void)face;
  return standard_size_max(iid, object, destination, context, flags, size);
}

static HRESULT STDMETHODCALLTYPE StandardMarshaler_MarshalInterface(IMarshal *face, IStream *stream, REFIID iid,
                                                                    void *object, DWORD destination, void *context,
                                                                    DWORD flags) {
  const StandardMarshaler *self = OBJECT_CONTAINER(face, StandardMarshaler, marshal);
  return standard_marshal(stream, iid, object ? object : self->target, destination, context, flags);
}

static HRESULT STDMETHODCALLTYPE StandardMarshaler_UnmarshalInterface(IMarshal *face, IStream *stream, REFIID iid,
                                                                      void **result) {
  (void)face;
  return CoUnmarshalInterface(stream, iid, result);
}

static HRESULT STDMETHODCALLTYPE StandardMarshaler_ReleaseMarshalData(IMarshal *face, IStream *stream) {
  (void)face;
  return CoReleaseMarshalData(stream);
}

static HRESULT STDMETHODCALLTYPE StandardMarshaler_DisconnectObject(IMarshal *face, DWORD reserved) {
  const StandardMarshaler *self = OBJECT_CONTAINER(face, StandardMarshaler, marshal);
  IUnknown *identity;
  (void)reserved;
  if (!self->target)
    return S_OK;
  HRESULT status = IUnknown_QueryInterface(self->target, &IID_IUnknown, (void **)&identity);
  if (FAILED(status))
    return status;
  exporter_disconnect(identity);
  IUnknown_Release(identity);
  return S_OK;
}

static void standard_marshaler_destroy(void *memory) {
  StandardMarshaler *self = memory;
  if (self->counted && self->target)
    IUnknown_Release(self->target);
}

static const IMarshalVtbl standard_marshaler_vtable = {
  StandardMarshaler_marshal_QueryInterface, StandardMarshaler_marshal_AddRef,     StandardMarshaler_marshal_Release,
  StandardMarshaler_GetUnmarshalClass,      StandardMarshaler_GetMarshalSizeMax,  StandardMarshaler_MarshalInterface,
  StandardMarshaler_UnmarshalInterface,     StandardMarshaler_ReleaseMarshalData, StandardMarshaler_DisconnectObject,
};
static const ObjectFace standard_marshaler_faces[] = {
  { &IID_IMarshal, offsetof(StandardMarshaler, marshal), &standard_marshaler_vtable },
  { 0 },
};
static const ObjectType standard_marshaler_type = {
  "StandardMarshaler",      sizeof(StandardMarshaler),  offsetof(StandardMarshaler, object),
  standard_marshaler_faces, standard_marshaler_destroy, NULL,
};

HRESULT CoGetStandardMarshal(REFIID iid, IUnknown *object, DWORD destination, void *context, DWORD flags,
                             IMarshal **result) {
  (void)context;
  (void)flags;
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!iid || !known_destination(destination))
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  ProxyManager *manager = object ? proxy_manager_of(object) : NULL;
  if (manager) {
    proxy_manager_release(manager);
    return IUnknown_QueryInterface(object, &IID_IMarshal, (void **)result);
  }
  StandardMarshaler *made = object_create(&standard_marshaler_type);
  if (!made)
    return E_OUTOFMEMORY;
  made->target = object;
  made->counted = object;
  if (object)
    IUnknown_AddRef(object);
  *result = &made->marshal;
  return S_OK;
}

/* A handler that is made for a proxy gets that proxy's interfaces. All others marshal what they are part of. */
HRESULT CoGetStdMarshalEx(IUnknown *outer, DWORD flags, IUnknown **inner) {
  if (!inner)
    return E_INVALIDARG;
  *inner = NULL;
  if (!outer || (flags != SMEXF_SERVER && flags != SMEXF_HANDLER))
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  ProxyManager *manager = flags == SMEXF_HANDLER ? proxy_manager_of(outer) : NULL;
  if (manager) {
    HRESULT status = proxy_inner(manager, inner);
    proxy_manager_release(manager);
    return status;
  }
  StandardMarshaler *made = object_create_aggregated(&standard_marshaler_type, outer);
  if (!made)
    return E_OUTOFMEMORY;
  made->target = outer;
  *inner = object_inner(&made->object);
  return S_OK;
}

/* Objects that marshal themselves */

static IMarshal *own_marshaler(IUnknown *object) {
  IMarshal *marshal = NULL;
  return SUCCEEDED(IUnknown_QueryInterface(object, &IID_IMarshal, (void **)&marshal)) ? marshal : NULL;
}

static HRESULT stream_bytes(IStream *stream, uint32_t skip, uint8_t **bytes, uint32_t *size) {
  STATSTG status;
  ULONG done = 0;
  HRESULT result = IStream_Stat(stream, &status, STATFLAG_NONAME);
  if (SUCCEEDED(result) && status.cbSize.QuadPart > UINT32_MAX - skip)
    result = E_OUTOFMEMORY;
  if (SUCCEEDED(result))
    result = IStream_Seek(stream, stream_start, STREAM_SEEK_SET, NULL);
  if (FAILED(result))
    return result;
  *size = (uint32_t)status.cbSize.QuadPart + skip;
  *bytes = CoTaskMemAlloc(*size + 1);
  if (!*bytes)
    return E_OUTOFMEMORY;
  result = IStream_Read(stream, *bytes + skip, *size - skip, &done);
  if (SUCCEEDED(result) && done != *size - skip)
    result = STG_E_READFAULT;
  if (FAILED(result))
    CoTaskMemFree(*bytes);
  return result;
}

/* What its IMarshal writes; the standard class's is a whole reference already. */
static HRESULT custom_reference(IMarshal *marshal, REFIID iid, IUnknown *object, DWORD destination, void *context,
                                DWORD flags, uint8_t **bytes, uint32_t *size) {
  IStream *stream;
  CLSID clsid;
  HRESULT status = IMarshal_GetUnmarshalClass(marshal, iid, object, destination, context, flags, &clsid);
  if (SUCCEEDED(status))
    status = CreateStreamOnHGlobal(NULL, TRUE, &stream);
  if (FAILED(status))
    return status;
  status = IMarshal_MarshalInterface(marshal, stream, iid, object, destination, context, flags);
  bool whole = IsEqualCLSID(&clsid, &clsid_std_marshal);
  uint32_t head = whole ? 0 : OBJREF_HEAD + OBJREF_CUSTOM_HEAD;
  if (SUCCEEDED(status)) {
    status = stream_bytes(stream, head, bytes, size);
    if (FAILED(status) && SUCCEEDED(IStream_Seek(stream, stream_start, STREAM_SEEK_SET, NULL)))
      IMarshal_ReleaseMarshalData(marshal, stream);
  }
  if (SUCCEEDED(status) && !whole)
    objref_write_custom_head(*bytes, iid, &clsid, *size - head);
  IStream_Release(stream);
  return status;
}

HRESULT reference_make(REFIID iid, IUnknown *object, DWORD destination, void *context, DWORD flags, Receiver receiver,
                       uint8_t **bytes, uint32_t *size) {
  *bytes = NULL;
  *size = 0;
  ProxyManager *manager = proxy_manager_of(object);
  IMarshal *marshal = manager ? NULL : own_marshaler(object);
  if (manager)
    proxy_manager_release(manager);
  if (!marshal)
    return standard_reference(iid, object, destination, context, flags, receiver, bytes, size);
  const RpcChannel *before = receiving;
  receiving = receiver.channel;
  HRESULT status = custom_reference(marshal, iid, object, destination, context, flags, bytes, size);
  receiving = before;
  IMarshal_Release(marshal);
  return status;
}

HRESULT CoMarshalInterface(IStream *stream, REFIID iid, IUnknown *object, DWORD destination, void *context,
                           DWORD flags) {
  uint8_t *bytes;
  uint32_t size;
  if (!stream || !iid || !object || !known_destination(destination))
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  HRESULT status = reference_make(iid, object, destination, context, flags, (Receiver){ 0 }, &bytes, &size);
  if (FAILED(status))
    return status;
  status = write_bytes(stream, bytes, size);
  if (FAILED(status))
    discard_bytes(bytes, size);
  CoTaskMemFree(bytes);
  return status;
}

HRESULT CoGetMarshalSizeMax(ULONG *size, REFIID iid, IUnknown *object, DWORD destination, void *context, DWORD flags) {
  if (!size || !iid || !object)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  DWORD most = 0;
  IMarshal *marshal = own_marshaler(object);
  if (!marshal) {
    HRESULT status = standard_size_max(iid, object, destination, context, flags, &most);
    *size = most;
    return status;
  }
  CLSID clsid;
  HRESULT status = IMarshal_GetMarshalSizeMax(marshal, iid, object, destination, context, flags, &most);
  if (SUCCEEDED(status))
    status = IMarshal_GetUnmarshalClass(marshal, iid, object, destination, context, flags, &clsid);
  if (SUCCEEDED(status))
    *size = most + (IsEqualCLSID(&clsid, &clsid_std_marshal) ? 0 : OBJREF_HEAD + OBJREF_CUSTOM_HEAD);
  IMarshal_Release(marshal);
  return status;
}

/* Taking references */

static HRESULT make_unmarshaler(REFCLSID clsid, IMarshal **marshal) {
  *marshal = NULL;
  return remote_activation ? remote_activation->create_unmarshaler(clsid, &IID_IMarshal, (void **)marshal)
                           : REGDB_E_CLASSNOTREG;
}

/* An interface other than the one that was marshaled is asked for afterwards. */
static HRESULT unmarshal_custom(const Objref *objref, IStream *stream, REFIID iid, void **result) {
  IUnknown *first = NULL;
  IMarshal *marshal;
  HRESULT status = make_unmarshaler(&objref->clsid, &marshal);
  if (FAILED(status))
    return status;
  status = IMarshal_UnmarshalInterface(marshal, stream, &objref->iid, (void **)&first);
  IMarshal_Release(marshal);
  if (SUCCEEDED(status) && !first)
    status = E_UNEXPECTED;
  if (FAILED(status))
    return status;
  status = IUnknown_QueryInterface(first, iid, result);
  IUnknown_Release(first);
  return status;
}

static IStream *stream_over(const Objref *objref) {
  IStream *stream;
  if (FAILED(CreateStreamOnHGlobal(NULL, TRUE, &stream)))
    return NULL;
  if (SUCCEEDED(write_bytes(stream, objref->custom, objref->custom_bytes)) &&
      SUCCEEDED(IStream_Seek(stream, stream_start, STREAM_SEEK_SET, NULL)))
    return stream;
  IStream_Release(stream);
  return NULL;
}

HRESULT reference_take_objref(const Objref *objref, bool given, const RpcChannel *through, REFIID iid, void **result,
                              bool *taken) {
  *result = NULL;
  *taken = objref->kind == OBJREF_CUSTOM; /* what a marshaler has begun to read is its own affair */
  if (objref->kind != OBJREF_CUSTOM)
    return importer_take(objref, given, through, iid, result, taken);
  IStream *stream = stream_over(objref);
  if (!stream)
    return E_OUTOFMEMORY;
  HRESULT status = unmarshal_custom(objref, stream, iid, result);
  IStream_Release(stream);
  return status;
}

static HRESULT release_custom(const Objref *objref, IStream *stream) {
  IMarshal *marshal;
  HRESULT status = make_unmarshaler(&objref->clsid, &marshal);
  if (FAILED(status))
    return status;
  status = IMarshal_ReleaseMarshalData(marshal, stream);
  IMarshal_Release(marshal);
  return status;
}

void reference_discard_objref(const Objref *objref, const RpcChannel *through, uint64_t owner) {
  if (objref->kind != OBJREF_CUSTOM) {
    importer_discard(objref, through, owner);
    return;
  }
  IStream *stream = stream_over(objref);
  if (!stream)
    return;
  release_custom(objref, stream);
  IStream_Release(stream);
}

HRESULT remote_unmarshal_answer(const uint8_t *bytes, uint32_t size, RpcChannel *through, REFIID iid, void **result) {
  Objref objref;
  bool taken;
  *result = NULL;
  HRESULT status = objref_read(bytes, size, &objref);
  if (FAILED(status))
    return status;
  status = reference_take_objref(&objref, false, through, iid, result, &taken);
  if (status == REGDB_E_IIDNOTREG)
    raise_undescribed(&objref.iid);
  if (FAILED(status) && !taken)
    reference_discard_objref(&objref, through, 0);
  return status;
}

/* last: nobody else is going to try. */
static HRESULT unmarshal(IStream *stream, REFIID iid, void **result, bool last) {
  uint8_t *bytes;
  Objref objref;
  bool taken = true;
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!stream || !iid)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  HRESULT status = objref_read_stream(stream, &bytes, &objref);
  if (FAILED(status))
    return status;
  /* IID_NULL stands for the interface that was marshaled. */
  const IID *wanted = IsEqualIID(iid, &GUID_NULL) ? &objref.iid : iid;
  status = objref.kind == OBJREF_CUSTOM ? unmarshal_custom(&objref, stream, wanted, result)
                                        : importer_take(&objref, false, NULL, wanted, result, &taken);
  if (status == REGDB_E_IIDNOTREG)
    raise_undescribed(&objref.iid);
  if (FAILED(status) && !taken && last && objref.standard.public_references)
    importer_discard(&objref, NULL, 0);
  CoTaskMemFree(bytes);
  return status;
}

HRESULT CoUnmarshalInterface(IStream *stream, REFIID iid, void **result) {
  return unmarshal(stream, iid, result, false);
}

HRESULT remote_unmarshal_last(IStream *stream, REFIID iid, void **result) {
  return unmarshal(stream, iid, result, true);
}

HRESULT CoReleaseMarshalData(IStream *stream) {
  uint8_t *bytes;
  Objref objref;
  if (!stream)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  HRESULT status = objref_read_stream(stream, &bytes, &objref);
  if (FAILED(status))
    return status;
  if (objref.kind == OBJREF_CUSTOM)
    status = release_custom(&objref, stream);
  else
    importer_discard(&objref, NULL, 0);
  CoTaskMemFree(bytes);
  return status;
}

/* Connections */

BOOL CoIsHandlerConnected(IUnknown *object) {
  ProxyManager *manager = object ? proxy_manager_of(object) : NULL;
  if (!manager)
    return TRUE; /* the object itself */
  BOOL connected = proxy_is_connected(manager);
  proxy_manager_release(manager);
  return connected;
}
