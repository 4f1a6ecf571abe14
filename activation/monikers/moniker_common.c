/* What the kinds of monikers share: default methods, comparison data, streams and text. */
#include <stdlib.h>
#include <string.h>

#include <unicode/uchar.h>

#include "activation/monikers/moniker_internal.h"
#include "com/unicode.h"

/* --- Default methods --- */

HRESULT STDMETHODCALLTYPE Moniker_IsDirty(IMoniker *self) {
  (void)self;
  return S_FALSE; /* monikers do not change once they are made */
}

HRESULT STDMETHODCALLTYPE Moniker_Reduce(IMoniker *self, IBindCtx *context, DWORD how_far, IMoniker **to_left,
                                         IMoniker **reduced) {
  (void)context;
  (void)how_far;
  (void)to_left;
  if (!reduced)
    return E_POINTER;
  IMoniker_AddRef(self);
  *reduced = self;
  return MK_S_REDUCED_TO_SELF;
}

HRESULT STDMETHODCALLTYPE Moniker_ComposeWith(IMoniker *self, IMoniker *right, BOOL only_if_not_generic,
                                              IMoniker **composite) {
  if (!composite)
    return E_POINTER;
  *composite = NULL;
  if (!right)
    return E_POINTER;
  if (moniker_anti_count(right))
    return moniker_annihilate(right, composite);
  return only_if_not_generic ? MK_E_NEEDGENERIC : CreateGenericComposite(self, right, composite);
}

HRESULT STDMETHODCALLTYPE Moniker_Enum(IMoniker *self, BOOL forward, IEnumMoniker **result) {
  (void)self;
  (void)forward;
  if (!result)
    return E_POINTER;
  *result = NULL; /* no parts */
  return S_OK;
}

HRESULT STDMETHODCALLTYPE Moniker_Inverse(IMoniker *self, IMoniker **inverse) {
  (void)self;
  return CreateAntiMoniker(inverse);
}

/* --- The running object table --- */

static HRESULT table_of(IBindCtx *context, IRunningObjectTable **table) {
  return context ? IBindCtx_GetRunningObjectTable(context, table) : GetRunningObjectTable(0, table);
}

HRESULT moniker_is_running_in_table(IBindCtx *context, IMoniker *moniker) {
  IRunningObjectTable *table;
  HRESULT status = table_of(context, &table);

  if (FAILED(status))
    return status;
  status = IRunningObjectTable_IsRunning(table, moniker);
  IRunningObjectTable_Release(table);
  return status;
}

HRESULT moniker_time_from_table(IBindCtx *context, IMoniker *moniker, FILETIME *time) {
  IRunningObjectTable *table;
  HRESULT status = table_of(context, &table);

  if (FAILED(status))
    return status;
  status = IRunningObjectTable_GetTimeOfLastChange(table, moniker, time);
  IRunningObjectTable_Release(table);
  return status;
}

HRESULT moniker_bind_running(IBindCtx *context, IMoniker *moniker, REFIID iid, void **result) {
  IRunningObjectTable *table;
  IUnknown *object;
  HRESULT status = table_of(context, &table);

  if (FAILED(status))
    return status;
  status = IRunningObjectTable_GetObject(table, moniker, &object);
  IRunningObjectTable_Release(table);
  if (status != S_OK)
    return FAILED(status) ? status : MK_E_UNAVAILABLE;
  status = IUnknown_QueryInterface(object, iid, result);
  IUnknown_Release(object);
  return status;
}

/* --- Comparison data --- */

HRESULT moniker_comparison_data(REFCLSID clsid, const void *data, size_t size, BYTE *out, ULONG room, ULONG *needed) {
  ULONG total = (ULONG)(sizeof *clsid + size);

  if (!needed)
    return E_INVALIDARG;
  *needed = total;
  if (room < total)
    return E_OUTOFMEMORY; /* the documented answer to a small buffer */
  if (!out)
    return E_INVALIDARG;
  memcpy(out, clsid, sizeof *clsid);
  if (size)
    memcpy(out + sizeof *clsid, data, size);
  return S_OK;
}

static HRESULT key_from_rot_data(IROTData *rot, BYTE **data, ULONG *size) {
  ULONG room = 256;
  HRESULT status = E_OUTOFMEMORY;
  int tries;

  for (tries = 0; tries < 4 && status == E_OUTOFMEMORY; tries++) {
    ULONG needed = 0;

    *data = malloc(room);
    if (!*data)
      return E_OUTOFMEMORY;
    status = IROTData_GetComparisonData(rot, *data, room, &needed);
    *size = needed;
    if (FAILED(status))
      free(*data);
    room = needed > room ? needed : room * 2;
  }
  return status;
}

static HRESULT key_from_name(IMoniker *moniker, BYTE **data, ULONG *size) {
  IBindCtx *context;
  LPOLESTR name = NULL;
  CLSID clsid;
  HRESULT status = IMoniker_GetClassID(moniker, &clsid);
  size_t units;
  size_t i;

  if (SUCCEEDED(status))
    status = CreateBindCtx(0, &context);
  if (FAILED(status))
    return status;
  status = IMoniker_GetDisplayName(moniker, context, NULL, &name);
  IBindCtx_Release(context);
  if (FAILED(status))
    return status;
  units = utf16_units(name);
  *size = (ULONG)(sizeof clsid + (units + 1) * sizeof(OLECHAR));
  *data = malloc(*size);
  for (i = 0; *data && i < units; i++)
    name[i] = wide_upper(name[i]);
  if (*data) {
    OLECHAR zero = 0;

    memcpy(*data, &clsid, sizeof clsid);
    if (units)
      memcpy(*data + sizeof clsid, name, units * sizeof(OLECHAR));
    memcpy(*data + sizeof clsid + units * sizeof(OLECHAR), &zero, sizeof zero);
  }
  CoTaskMemFree(name);
  return *data ? S_OK : E_OUTOFMEMORY;
}

HRESULT moniker_rot_key(IMoniker *moniker, BYTE **data, ULONG *size) {
  IROTData *rot;
  HRESULT status = IMoniker_QueryInterface(moniker, &IID_IROTData, (void **)&rot);

  if (FAILED(status))
    return key_from_name(moniker, data, size);
  status = key_from_rot_data(rot, data, size);
  IROTData_Release(rot);
  return status;
}

/* --- Streams --- */

HRESULT stream_read(IStream *stream, void *buffer, size_t size) {
  ULONG done = 0;
  HRESULT status = size ? IStream_Read(stream, buffer, (ULONG)size, &done) : S_OK;

  if (FAILED(status))
    return status;
  return done == size ? S_OK : STG_E_READFAULT;
}

HRESULT stream_write(IStream *stream, const void *buffer, size_t size) {
  ULONG done = 0;
  HRESULT status = size ? IStream_Write(stream, buffer, (ULONG)size, &done) : S_OK;

  if (FAILED(status))
    return status;
  return done == size ? S_OK : STG_E_WRITEFAULT;
}

HRESULT WriteClassStm(LPSTREAM stream, REFCLSID clsid) {
  return stream && clsid ? stream_write(stream, clsid, sizeof *clsid) : E_INVALIDARG;
}

HRESULT ReadClassStm(LPSTREAM stream, CLSID *clsid) {
  if (!stream || !clsid)
    return E_INVALIDARG;
  *clsid = CLSID_NULL;
  return stream_read(stream, clsid, sizeof *clsid);
}

HRESULT OleSaveToStream(LPPERSISTSTREAM object, LPSTREAM stream) {
  CLSID clsid;
  HRESULT status;

  if (!object || !stream)
    return STG_E_INVALIDPOINTER;
  status = IPersistStream_GetClassID(object, &clsid);
  if (SUCCEEDED(status))
    status = WriteClassStm(stream, &clsid);
  return SUCCEEDED(status) ? IPersistStream_Save(object, stream, FALSE) : status;
}

/* Objects in a stream may hold others: a stream of nothing but nested beginnings must not exhaust the stack. */
static _Thread_local int load_depth;

HRESULT OleLoadFromStream(LPSTREAM stream, REFIID iid, LPVOID *result) {
  IPersistStream *object;
  CLSID clsid;
  HRESULT status;

  if (!stream || !result)
    return E_INVALIDARG;
  *result = NULL;
  if (load_depth == MONIKER_DEPTH_LIMIT)
    return STG_E_DOCFILECORRUPT;
  status = ReadClassStm(stream, &clsid);
  if (SUCCEEDED(status))
    status = CoCreateInstance(&clsid, NULL, CLSCTX_SERVER, &IID_IPersistStream, (void **)&object);
  if (FAILED(status))
    return status;
  load_depth++;
  status = IPersistStream_Load(object, stream);
  load_depth--;
  if (SUCCEEDED(status))
    status = IPersistStream_QueryInterface(object, iid, result);
  IPersistStream_Release(object);
  return status;
}

/* --- Text --- */

OLECHAR *wide_copy(const OLECHAR *text, size_t units) {
  OLECHAR *copy = malloc((units + 1) * sizeof *copy);

  if (copy) {
    if (units)
      memcpy(copy, text, units * sizeof *copy);
    copy[units] = 0;
  }
  return copy;
}

OLECHAR wide_upper(OLECHAR unit) {
  UChar32 upper;

  if (unit < 0x80)
    return unit >= 'a' && unit <= 'z' ? (OLECHAR)(unit - 'a' + 'A') : unit;
  upper = u_toupper(unit);
  return upper <= 0xFFFF ? (OLECHAR)upper : unit;
}

int wide_compare_folded(const OLECHAR *first, const OLECHAR *second) {
  while (*first && wide_upper(*first) == wide_upper(*second)) {
    first++;
    second++;
  }
  return wide_upper(*first) - wide_upper(*second);
}

/* --- Binding --- */

HRESULT moniker_parse_by_object(IMoniker *moniker, IBindCtx *context, IMoniker *left, LPOLESTR name, ULONG *eaten,
                                IMoniker **result) {
  IParseDisplayName *parser;
  HRESULT status = IMoniker_BindToObject(moniker, context, left, &IID_IParseDisplayName, (void **)&parser);

  if (FAILED(status))
    return status;
  status = IParseDisplayName_ParseDisplayName(parser, context, name, eaten, result);
  IParseDisplayName_Release(parser);
  return status;
}

void bind_options(IBindCtx *context, BIND_OPTS3 *options) {
  memset(options, 0, sizeof *options);
  options->cbStruct = sizeof *options;
  if (!context || FAILED(IBindCtx_GetBindOptions(context, (BIND_OPTS *)options))) {
    options->grfMode = STGM_READWRITE;
    options->cbStruct = sizeof(BIND_OPTS);
  }
  if (options->cbStruct < sizeof(BIND_OPTS2) || !options->dwClassContext)
    options->dwClassContext = CLSCTX_SERVER;
}

/* --- Enumeration --- */

typedef struct EnumMoniker {
  IEnumMoniker enumerator;
  Object object;
  IMoniker **monikers;
  size_t count;
  size_t position;
} EnumMoniker;

OBJECT_FACE(EnumMoniker, enumerator, IEnumMoniker)

static EnumMoniker *from_enumerator(IEnumMoniker *face) {
  return OBJECT_CONTAINER(face, EnumMoniker, enumerator);
}

static void enum_moniker_destroy(void *self) {
  EnumMoniker *list = self;

  moniker_parts_free(list->monikers, list->count);
}

static HRESULT STDMETHODCALLTYPE EnumMoniker_Next(IEnumMoniker *face, ULONG count, IMoniker **out, ULONG *fetched) {
  EnumMoniker *list = from_enumerator(face);
  ULONG done = 0;

  if (!out || (count > 1 && !fetched))
    return E_INVALIDARG;
  while (done < count && list->position < list->count) {
    out[done] = list->monikers[list->position++];
    IMoniker_AddRef(out[done]);
    done++;
  }
  if (fetched)
    *fetched = done;
  return done == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE EnumMoniker_Skip(IEnumMoniker *face, ULONG count) {
  EnumMoniker *list = from_enumerator(face);

  if (count > list->count - list->position) {
    list->position = list->count;
    return S_FALSE;
  }
  list->position += count;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE EnumMoniker_Reset(IEnumMoniker *face) {
  from_enumerator(face)->position = 0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE EnumMoniker_Clone(IEnumMoniker *face, IEnumMoniker **result) {
  EnumMoniker *list = from_enumerator(face);
  HRESULT status;

  if (!result)
    return E_INVALIDARG;
  status = enum_moniker_create(list->monikers, list->count, result);
  if (SUCCEEDED(status))
    from_enumerator(*result)->position = list->position;
  return status;
}

static const IEnumMonikerVtbl enum_vtable = {
  EnumMoniker_enumerator_QueryInterface,
  EnumMoniker_enumerator_AddRef,
  EnumMoniker_enumerator_Release,
  EnumMoniker_Next,
  EnumMoniker_Skip,
  EnumMoniker_Reset,
  EnumMoniker_Clone,
};
static const ObjectFace enum_faces[] = { { &IID_IEnumMoniker, offsetof(EnumMoniker, enumerator), &enum_vtable },
                                         { 0 } };
static const ObjectType enum_type = {
  "EnumMoniker", sizeof(EnumMoniker), offsetof(EnumMoniker, object), enum_faces, enum_moniker_destroy, NULL,
};

HRESULT enum_moniker_create(IMoniker **monikers, size_t count, IEnumMoniker **result) {
  EnumMoniker *list = object_create(&enum_type);

  *result = NULL;
  if (list)
    list->monikers = malloc((count + 1) * sizeof(IMoniker *));
  if (!list || !list->monikers) {
    free(list);
    return E_OUTOFMEMORY;
  }
  list->enumerator.lpVtbl = &enum_vtable;
  for (; list->count < count; list->count++) {
    list->monikers[list->count] = monikers[list->count];
    IMoniker_AddRef(monikers[list->count]);
  }
  *result = &list->enumerator;
  return S_OK;
}
