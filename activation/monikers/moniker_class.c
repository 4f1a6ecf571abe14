/* The class moniker: the class object of a class ("clsid:XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX;options:"). */
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"
#include "com/com_api.h"

#define PREFIX_UNITS 6 /* "clsid:" */
#define GUID_UNITS   36

typedef struct ClassMoniker {
  Moniker base;
  CLSID clsid;
  OLECHAR *options; /* kept as they are; NULL when there are none */
} ClassMoniker;

static const IMonikerVtbl class_vtable;

static ClassMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, ClassMoniker, base.moniker);
}

static void class_destroy(void *self) {
  free(((ClassMoniker *)self)->options);
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  return moniker_class(clsid, &CLSID_ClassMoniker);
}

/* The stream: the class, the number of bytes of the options with their zero, the options. */

static uint32_t options_size(const ClassMoniker *moniker) {
  return moniker->options ? (uint32_t)((utf16_units(moniker->options) + 1) * sizeof(OLECHAR)) : 0;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_Load(IMoniker *face, IStream *stream) {
  ClassMoniker *moniker = from_moniker(face);
  void *options = NULL;
  uint32_t size = 0;
  CLSID clsid;
  HRESULT status = stream ? stream_read(stream, &clsid, sizeof clsid) : E_INVALIDARG;

  if (SUCCEEDED(status))
    status = stream_read(stream, &size, sizeof size);
  if (SUCCEEDED(status) && size)
    status = stream_read_block(stream, size, (MONIKER_TEXT_LIMIT + 1) * sizeof(OLECHAR), &options);
  if (FAILED(status))
    return status;
  free(moniker->options);
  moniker->clsid = clsid;
  moniker->options = options;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_Save(IMoniker *face, IStream *stream, BOOL clear_dirty) {
  ClassMoniker *moniker = from_moniker(face);
  uint32_t size = options_size(moniker);
  HRESULT status = stream ? stream_write(stream, &moniker->clsid, sizeof(CLSID)) : E_INVALIDARG;

  (void)clear_dirty;
  if (SUCCEEDED(status))
    status = stream_write(stream, &size, sizeof size);
  return SUCCEEDED(status) ? stream_write(stream, moniker->options, size) : status;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_GetSizeMax(IMoniker *face, ULARGE_INTEGER *size) {
  if (!size)
    return E_INVALIDARG;
  size->QuadPart = sizeof(CLSID) + sizeof(uint32_t) + options_size(from_moniker(face));
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_BindToObject(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                           REFIID iid, void **result) {
  REFCLSID clsid = &from_moniker(face)->clsid;
  IClassActivator *activator;
  BIND_OPTS3 options;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  bind_options(context, &options);
  if (!left)
    return CoGetClassObject(clsid, options.dwClassContext, NULL, iid, result);
  HRESULT status = IMoniker_BindToObject(left, context, NULL, &IID_IClassActivator, (void **)&activator);
  if (FAILED(status))
    return status;
  status = IClassActivator_GetClassObject(activator, clsid, options.dwClassContext, options.locale, iid, result);
  IClassActivator_Release(activator);
  return status;
}

/* However many anti-monikers there are, they leave nothing. */
static HRESULT STDMETHODCALLTYPE ClassMoniker_ComposeWith(IMoniker *face, IMoniker *right, BOOL only_if_not_generic,
                                                          IMoniker **composite) {
  if (!composite || !right || moniker_kind_of(right) != MKSYS_ANTIMONIKER)
    return Moniker_ComposeWith(face, right, only_if_not_generic, composite);
  *composite = NULL;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  if (!other)
    return E_INVALIDARG;
  if (other->lpVtbl != &class_vtable)
    return S_FALSE;
  return IsEqualCLSID(&from_moniker(face)->clsid, &from_moniker(other)->clsid) ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_Hash(IMoniker *face, DWORD *hash) {
  if (!hash)
    return E_INVALIDARG;
  *hash = from_moniker(face)->clsid.Data1;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_IsRunning(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                        IMoniker *newly_running) {
  (void)face;
  (void)context;
  (void)left;
  (void)newly_running;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_GetTimeOfLastChange(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                  FILETIME *time) {
  (void)face;
  (void)context;
  (void)left;
  return time ? MK_E_UNAVAILABLE : E_INVALIDARG;
}

HRESULT moniker_class_name(const OLECHAR *prefix, REFCLSID clsid, const OLECHAR *options, LPOLESTR *name) {
  size_t before = utf16_units(prefix);
  size_t more = utf16_units(options);
  char guid[GUID_TEXT_UNITS];
  OLECHAR *text = CoTaskMemAlloc((before + GUID_UNITS + more + 2) * sizeof(OLECHAR));

  if (!text)
    return E_OUTOFMEMORY;
  guid_format_utf8(clsid, guid);
  memcpy(text, prefix, before * sizeof(OLECHAR));
  for (size_t i = 0; i < GUID_UNITS; i++)
    text[before + i] = (OLECHAR)guid[1 + i];
  OLECHAR *end = text + before + GUID_UNITS;
  if (more)
    memcpy(end, options, more * sizeof(OLECHAR));
  end[more] = ':';
  end[more + 1] = 0;
  *name = text;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                             LPOLESTR *name) {
  ClassMoniker *moniker = from_moniker(face);

  (void)context;
  if (!name)
    return E_INVALIDARG;
  *name = NULL;
  return left ? E_NOTIMPL : moniker_class_name(u"clsid:", &moniker->clsid, moniker->options, name);
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_ParseDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                               LPOLESTR name, ULONG *eaten, IMoniker **result) {
  if (result)
    *result = NULL;
  if (!result || !eaten || !name || !context)
    return E_INVALIDARG;
  return moniker_parse_by_object(face, context, left, name, eaten, result);
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_IsSystemMoniker(IMoniker *face, DWORD *kind) {
  (void)face;
  return moniker_kind(kind, MKSYS_CLASSMONIKER);
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_GetComparisonData(IROTData *face, BYTE *data, ULONG room, ULONG *needed) {
  ClassMoniker *moniker = OBJECT_CONTAINER(face, ClassMoniker, base.rot);

  return moniker_comparison_data(&CLSID_ClassMoniker, &moniker->clsid, sizeof(CLSID), data, room, needed);
}

static const IMonikerVtbl class_vtable = {
  Moniker_QueryInterface,
  Moniker_AddRef,
  Moniker_Release,
  ClassMoniker_GetClassID,
  Moniker_IsDirty,
  ClassMoniker_Load,
  ClassMoniker_Save,
  ClassMoniker_GetSizeMax,
  ClassMoniker_BindToObject,
  ClassMoniker_BindToObject, /* BindToStorage: the class object is all there is */
  Moniker_Reduce,
  ClassMoniker_ComposeWith,
  Moniker_Enum,
  ClassMoniker_IsEqual,
  ClassMoniker_Hash,
  ClassMoniker_IsRunning,
  ClassMoniker_GetTimeOfLastChange,
  Moniker_Inverse,
  Moniker_CommonPrefixWith,
  Moniker_RelativePathTo,
  ClassMoniker_GetDisplayName,
  ClassMoniker_ParseDisplayName,
  ClassMoniker_IsSystemMoniker,
};
static const IROTDataVtbl class_rot_vtable = MONIKER_ROT_VTABLE(ClassMoniker);
static const ObjectFace class_faces[] = {
  MONIKER_FACES(CLSID_ClassMoniker, class_vtable, moniker_marshal_vtable),
  MONIKER_FACE_ROT(class_rot_vtable),
  { 0 },
};
static const ObjectType class_type = {
  "ClassMoniker", sizeof(ClassMoniker), offsetof(ClassMoniker, base.object), class_faces, class_destroy, NULL,
};

static HRESULT class_create(REFCLSID clsid, const OLECHAR *options, size_t units, IMoniker **result) {
  ClassMoniker *moniker = object_create(&class_type);

  *result = NULL;
  if (!moniker)
    return E_OUTOFMEMORY;
  moniker->clsid = *clsid;
  moniker->options = units ? wide_copy(options, units) : NULL;
  if (units && !moniker->options) {
    IMoniker_Release(&moniker->base.moniker);
    return E_OUTOFMEMORY;
  }
  *result = &moniker->base.moniker;
  return S_OK;
}

HRESULT CreateClassMoniker(REFCLSID clsid, IMoniker **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  return clsid ? class_create(clsid, NULL, 0, result) : E_INVALIDARG;
}

HRESULT class_moniker_new(IMoniker **result) {
  return CreateClassMoniker(&CLSID_NULL, result);
}

size_t moniker_read_guid(const OLECHAR *start, CLSID *clsid) {
  OLECHAR text[GUID_TEXT_UNITS] = { [0] = '{', [GUID_UNITS + 1] = '}' };
  bool braces = *start == '{';
  size_t i = 0;

  for (start += braces; i < GUID_UNITS && start[i]; i++)
    text[1 + i] = start[i];
  if (i < GUID_UNITS || (braces && start[GUID_UNITS] != '}') || !guid_parse(text, clsid))
    return 0;
  return GUID_UNITS + 2 * (size_t)braces;
}

/* Behind the GUID everything up to the colon are options; the colon is eaten too. */
HRESULT class_moniker_parse(LPCOLESTR name, ULONG *eaten, IMoniker **result) {
  CLSID clsid;
  size_t guid = moniker_read_guid(name + PREFIX_UNITS, &clsid);
  const OLECHAR *options = name + PREFIX_UNITS + guid;
  size_t units = 0;

  *result = NULL;
  *eaten = 0;
  if (!guid)
    return MK_E_SYNTAX;
  while (options[units] && options[units] != ':')
    units++;
  if (units > MONIKER_TEXT_LIMIT)
    return MK_E_SYNTAX;
  *eaten = (ULONG)(PREFIX_UNITS + guid + units + (options[units] == ':'));
  return class_create(&clsid, options, units, result);
}
