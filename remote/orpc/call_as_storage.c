/* Storages, property bags and bind contexts as they travel. */
#include <oaidl.h>
#include <ocidl.h>

#include "remote/orpc/call_as.h"

/* An interface pointer is the only result: index of where it goes. */
static HRESULT get_pointer(NdrReader *reader, void *const *arguments, REFIID iid, unsigned k) {
  IUnknown *object = NULL;
  ndr_get_interface(reader, iid, (void **)&object);
  HRESULT status = get_result(reader);
  if (reader->error && object) {
    IUnknown_Release(object);
    object = NULL;
  }
  store_interface(arguments, k, object);
  return status;
}

static void answer_pointer(WireServe *serve, HRESULT status, REFIID iid, IUnknown *object) {
  serve->answer(serve, status);
  ndr_put_interface(serve->writer, iid, SUCCEEDED(status) ? object : NULL);
  ndr_put_u32(serve->writer, (uint32_t)status);
  if (object)
    IUnknown_Release(object);
}

/* A text that the object only reads, in place. */
static const OLECHAR *get_name(NdrReader *reader) {
  uint32_t count;
  return (const OLECHAR *)(const void *)ndr_get_text(reader, sizeof(OLECHAR), &count);
}

static uint32_t length_of(const OLECHAR *text) {
  uint32_t length = 0;
  while (text[length])
    length++;
  return length;
}

/* The reserved bytes of OpenStream and EnumElements, which nobody uses. */
static void put_reserved(NdrWriter *writer) {
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, 0);
}

static void get_reserved(NdrReader *reader) {
  ndr_get_u32(reader);
  if (ndr_get_pointer(reader))
    ndr_get_bytes(reader, ndr_get_count(reader, 1));
}

/* IStorage::OpenStream(name, reserved, mode, reserved, stream) */

static HRESULT put_open_stream(NdrWriter *writer, void *const *arguments) {
  const OLECHAR *name = ARGUMENT(const OLECHAR *, arguments, 0);
  if (!name || !ARGUMENT(void *, arguments, 4))
    return STG_E_INVALIDPOINTER;
  if (ARGUMENT(void *, arguments, 1))
    return STG_E_INVALIDPARAMETER;
  ndr_put_text(writer, name, sizeof *name, length_of(name) + 1);
  put_reserved(writer);
  ndr_put_u32(writer, ARGUMENT(uint32_t, arguments, 2));
  ndr_put_u32(writer, ARGUMENT(uint32_t, arguments, 3));
  return writer->error;
}

static HRESULT get_open_stream(NdrReader *reader, void *const *arguments) {
  return get_pointer(reader, arguments, &IID_IStream, 4);
}

static void clear_open_stream(void *const *arguments) {
  *ARGUMENT(void **, arguments, 4) = NULL;
}

static void serve_open_stream(WireServe *serve) {
  const OLECHAR *name = get_name(serve->reader);
  get_reserved(serve->reader);
  DWORD mode = ndr_get_u32(serve->reader), reserved = ndr_get_u32(serve->reader);
  IStream *stream = NULL;
  if (serve->reader->error)
    return;
  HRESULT status = IStorage_OpenStream((IStorage *)serve->object, name, NULL, mode, reserved, &stream);
  answer_pointer(serve, status, &IID_IStream, (IUnknown *)stream);
}

/* IStorage::EnumElements(reserved, reserved, reserved, enumerator) */

static HRESULT put_enum_elements(NdrWriter *writer, void *const *arguments) {
  if (!ARGUMENT(void *, arguments, 3))
    return STG_E_INVALIDPOINTER;
  if (ARGUMENT(void *, arguments, 1))
    return STG_E_INVALIDPARAMETER;
  ndr_put_u32(writer, ARGUMENT(uint32_t, arguments, 0));
  put_reserved(writer);
  ndr_put_u32(writer, ARGUMENT(uint32_t, arguments, 2));
  return writer->error;
}

static HRESULT get_enum_elements(NdrReader *reader, void *const *arguments) {
  return get_pointer(reader, arguments, &IID_IEnumSTATSTG, 3);
}

static void clear_enum_elements(void *const *arguments) {
  *ARGUMENT(void **, arguments, 3) = NULL;
}

static void serve_enum_elements(WireServe *serve) {
  DWORD first = ndr_get_u32(serve->reader);
  get_reserved(serve->reader);
  DWORD last = ndr_get_u32(serve->reader);
  IEnumSTATSTG *elements = NULL;
  if (serve->reader->error)
    return;
  HRESULT status = IStorage_EnumElements((IStorage *)serve->object, first, NULL, last, &elements);
  answer_pointer(serve, status, &IID_IEnumSTATSTG, (IUnknown *)elements);
}

/* IPropertyBag::Read(name, value, log): the type that the caller wants, and the object where it has one, go along. */

static HRESULT put_read(NdrWriter *writer, void *const *arguments) {
  const OLECHAR *name = ARGUMENT(const OLECHAR *, arguments, 0);
  const VARIANT *value = ARGUMENT(const VARIANT *, arguments, 1);
  if (!name || !value)
    return E_POINTER;
  bool has_object = (V_VT(value) == VT_UNKNOWN || V_VT(value) == VT_DISPATCH) && V_UNKNOWN(value);
  ndr_put_text(writer, name, sizeof *name, length_of(name) + 1);
  ndr_put_interface(writer, &IID_IErrorLog, ARGUMENT(IUnknown *, arguments, 2));
  ndr_put_u32(writer, V_VT(value));
  ndr_put_interface(writer, &IID_IUnknown, has_object ? V_UNKNOWN(value) : NULL);
  return writer->error;
}

static HRESULT get_read(NdrReader *reader, void *const *arguments) {
  VARIANT value, *to = ARGUMENT(VARIANT *, arguments, 1);
  VariantInit(&value);
  ndr_get_variant(reader, &value);
  HRESULT status = get_result(reader);
  if (FAILED(status)) {
    VariantClear(&value);
    return status;
  }
  VariantClear(to);
  *to = value;
  return status;
}

static void read_end(void *state) {
  VariantClear(state);
}

static void serve_read(WireServe *serve) {
  VARIANT *value = serve->state;
  const OLECHAR *name = get_name(serve->reader);
  IErrorLog *log = NULL;
  IUnknown *object = NULL;
  ndr_get_interface(serve->reader, &IID_IErrorLog, (void **)&log);
  VARTYPE vt = (VARTYPE)ndr_get_u32(serve->reader);
  ndr_get_interface(serve->reader, &IID_IUnknown, (void **)&object);
  if (!serve->reader->error) {
    if (object) {
      V_VT(value) = VT_UNKNOWN;
      V_UNKNOWN(value) = object;
      object = NULL;
    }
    if (!V_UNKNOWN(value))
      V_VT(value) = base_type(vt & VT_TYPEMASK) && !(vt & VT_BYREF) ? vt : VT_EMPTY;
    HRESULT status = IPropertyBag_Read((IPropertyBag *)serve->object, name, value, log);
    serve->answer(serve, status);
    ndr_put_variant(serve->writer, value);
    ndr_put_u32(serve->writer, (uint32_t)status);
  }
  if (log)
    IErrorLog_Release(log);
  if (object)
    IUnknown_Release(object);
}

/* IBindCtx::SetBindOptions, GetBindOptions: the options that all versions have */

static void put_options(NdrWriter *writer, const BIND_OPTS *options) {
  ndr_put_u32(writer, sizeof *options);
  ndr_put_u32(writer, options->grfFlags);
  ndr_put_u32(writer, options->grfMode);
  ndr_put_u32(writer, options->dwTickCountDeadline);
}

static BIND_OPTS get_options(NdrReader *reader) {
  BIND_OPTS options = { .cbStruct = sizeof options };
  ndr_get_u32(reader);
  options.grfFlags = ndr_get_u32(reader);
  options.grfMode = ndr_get_u32(reader);
  options.dwTickCountDeadline = ndr_get_u32(reader);
  return options;
}

static HRESULT put_bind_options(NdrWriter *writer, void *const *arguments) {
  const BIND_OPTS *options = ARGUMENT(const BIND_OPTS *, arguments, 0);
  if (!options || options->cbStruct < sizeof *options)
    return E_INVALIDARG;
  put_options(writer, options);
  return writer->error;
}

static HRESULT get_set_options(NdrReader *reader, void *const *arguments) {
  (void)arguments;
  return get_result(reader);
}

static HRESULT get_get_options(NdrReader *reader, void *const *arguments) {
  BIND_OPTS *to = ARGUMENT(BIND_OPTS *, arguments, 0), came = get_options(reader);
  HRESULT status = get_result(reader);
  if (FAILED(status))
    return status;
  came.cbStruct = to->cbStruct;
  *to = came;
  return status;
}

static void serve_set_options(WireServe *serve) {
  BIND_OPTS options = get_options(serve->reader);
  if (serve->reader->error)
    return;
  HRESULT status = IBindCtx_SetBindOptions((IBindCtx *)serve->object, &options);
  serve->answer(serve, status);
  ndr_put_u32(serve->writer, (uint32_t)status);
}

static void serve_get_options(WireServe *serve) {
  BIND_OPTS options = get_options(serve->reader);
  if (serve->reader->error)
    return;
  HRESULT status = IBindCtx_GetBindOptions((IBindCtx *)serve->object, &options);
  serve->answer(serve, status);
  put_options(serve->writer, &options);
  ndr_put_u32(serve->writer, (uint32_t)status);
}

const CallAs call_as_storage[] = {
  { .iid = &IID_IStorage,
    .slot = 4,
    .put = put_open_stream,
    .get = get_open_stream,
    .clear = clear_open_stream,
    .serve = serve_open_stream },
  { .iid = &IID_IStorage,
    .slot = 11,
    .put = put_enum_elements,
    .get = get_enum_elements,
    .clear = clear_enum_elements,
    .serve = serve_enum_elements },
  { .iid = &IID_IPropertyBag,
    .slot = 3,
    .put = put_read,
    .get = get_read,
    .serve = serve_read,
    .state_size = sizeof(VARIANT),
    .end = read_end },
  { .iid = &IID_IBindCtx, .slot = 6, .put = put_bind_options, .get = get_set_options, .serve = serve_set_options },
  { .iid = &IID_IBindCtx, .slot = 7, .put = put_bind_options, .get = get_get_options, .serve = serve_get_options },
  { 0 },
};
