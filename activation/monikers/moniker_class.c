/* The class moniker: the class object of a class ("clsid:XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX:"). */
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"
#include "com/unicode.h"

#define PREFIX_UNITS 6 /* "clsid:" */
#define GUID_UNITS   36

typedef struct ClassMoniker {
  IMoniker moniker;
  IROTData rot;
  Object object;
  CLSID clsid;
} ClassMoniker;

OBJECT_FACE(ClassMoniker, moniker, IMoniker)
OBJECT_FACE(ClassMoniker, rot, IROTData)

static const IMonikerVtbl class_vtable;

static ClassMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, ClassMoniker, moniker);
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  if (!clsid)
    return E_POINTER;
  *clsid = CLSID_ClassMoniker;
  return S_OK;
}

/* The stream: the class, the size of extra data, the extra data, of which we write none. */
static HRESULT STDMETHODCALLTYPE ClassMoniker_Load(IMoniker *face, IStream *stream) {
  CLSID clsid;
  uint32_t extra;
  uint8_t skipped[256];
  HRESULT status = stream ? stream_read(stream, &clsid, sizeof clsid) : E_INVALIDARG;

  if (SUCCEEDED(status))
    status = stream_read(stream, &extra, sizeof extra);
  if (SUCCEEDED(status) && extra > MONIKER_TEXT_LIMIT * 2)
    status = E_INVALIDARG;
  while (SUCCEEDED(status) && extra) {
    uint32_t size = extra < sizeof skipped ? extra : (uint32_t)sizeof skipped;

    status = stream_read(stream, skipped, size);
    extra -= size;
  }
  if (SUCCEEDED(status))
    from_moniker(face)->clsid = clsid;
  return status;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_Save(IMoniker *face, IStream *stream, BOOL clear_dirty) {
  static const uint32_t extra = 0;
  HRESULT status = stream ? stream_write(stream, &from_moniker(face)->clsid, sizeof(CLSID)) : E_INVALIDARG;

  (void)clear_dirty;
  return SUCCEEDED(status) ? stream_write(stream, &extra, sizeof extra) : status;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_GetSizeMax(IMoniker *face, ULARGE_INTEGER *size) {
  (void)face;
  if (!size)
    return E_POINTER;
  size->QuadPart = sizeof(CLSID) + sizeof(CLSID) + sizeof(uint32_t);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_BindToObject(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                           REFIID iid, void **result) {
  REFCLSID clsid = &from_moniker(face)->clsid;
  IClassActivator *activator;
  BIND_OPTS3 options;
  HRESULT status;

  if (!result)
    return E_POINTER;
  *result = NULL;
  bind_options(context, &options);
  if (!left)
    return CoGetClassObject(clsid, options.dwClassContext, NULL, iid, result);
  status = IMoniker_BindToObject(left, context, NULL, &IID_IClassActivator, (void **)&activator);
  if (FAILED(status))
    return status;
  status = IClassActivator_GetClassObject(activator, clsid, options.dwClassContext, options.locale, iid, result);
  IClassActivator_Release(activator);
  return status;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  if (!other || other->lpVtbl != &class_vtable)
    return S_FALSE;
  return IsEqualCLSID(&from_moniker(face)->clsid, &from_moniker(other)->clsid) ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_Hash(IMoniker *face, DWORD *hash) {
  if (!hash)
    return E_POINTER;
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
  (void)time;
  return MK_E_UNAVAILABLE;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_CommonPrefixWith(IMoniker *face, IMoniker *other, IMoniker **prefix) {
  if (!prefix)
    return E_POINTER;
  *prefix = NULL;
  if (!other)
    return E_INVALIDARG;
  if (ClassMoniker_IsEqual(face, other) != S_OK)
    return MonikerCommonPrefixWith(face, other, prefix);
  IMoniker_AddRef(face);
  *prefix = face;
  return MK_S_US;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_RelativePathTo(IMoniker *face, IMoniker *other, IMoniker **path) {
  return MonikerRelativePathTo(face, other, path, TRUE);
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                             LPOLESTR *name) {
  char guid[GUID_TEXT_UNITS];
  OLECHAR *text;
  int i;

  (void)context;
  if (!name)
    return E_POINTER;
  *name = NULL;
  if (left)
    return E_NOTIMPL;
  text = CoTaskMemAlloc((PREFIX_UNITS + GUID_UNITS + 2) * sizeof(OLECHAR));
  if (!text)
    return E_OUTOFMEMORY;
  guid_format_utf8(&from_moniker(face)->clsid, guid);
  memcpy(text, u"clsid:", PREFIX_UNITS * sizeof(OLECHAR));
  for (i = 0; i < GUID_UNITS; i++)
    text[PREFIX_UNITS + i] = (OLECHAR)guid[1 + i];
  text[PREFIX_UNITS + GUID_UNITS] = ':';
  text[PREFIX_UNITS + GUID_UNITS + 1] = 0;
  *name = text;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_ParseDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                               LPOLESTR name, ULONG *eaten, IMoniker **result) {
  if (!result || !eaten || !name || !context)
    return E_INVALIDARG;
  *result = NULL;
  return moniker_parse_by_object(face, context, left, name, eaten, result);
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_IsSystemMoniker(IMoniker *face, DWORD *kind) {
  (void)face;
  if (!kind)
    return E_POINTER;
  *kind = MKSYS_CLASSMONIKER;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE ClassMoniker_GetComparisonData(IROTData *face, BYTE *data, ULONG room, ULONG *needed) {
  ClassMoniker *moniker = OBJECT_CONTAINER(face, ClassMoniker, rot);

  return moniker_comparison_data(&CLSID_ClassMoniker, &moniker->clsid, sizeof(CLSID), data, room, needed);
}

static const IMonikerVtbl class_vtable = {
  ClassMoniker_moniker_QueryInterface,
  ClassMoniker_moniker_AddRef,
  ClassMoniker_moniker_Release,
  ClassMoniker_GetClassID,
  Moniker_IsDirty,
  ClassMoniker_Load,
  ClassMoniker_Save,
  ClassMoniker_GetSizeMax,
  ClassMoniker_BindToObject,
  ClassMoniker_BindToObject, /* BindToStorage: the class object is all there is */
  Moniker_Reduce,
  Moniker_ComposeWith,
  Moniker_Enum,
  ClassMoniker_IsEqual,
  ClassMoniker_Hash,
  ClassMoniker_IsRunning,
  ClassMoniker_GetTimeOfLastChange,
  Moniker_Inverse,
  ClassMoniker_CommonPrefixWith,
  ClassMoniker_RelativePathTo,
  ClassMoniker_GetDisplayName,
  ClassMoniker_ParseDisplayName,
  ClassMoniker_IsSystemMoniker,
};
static const IROTDataVtbl class_rot_vtable = {
  ClassMoniker_rot_QueryInterface,
  ClassMoniker_rot_AddRef,
  ClassMoniker_rot_Release,
  ClassMoniker_GetComparisonData,
};
static const ObjectFace class_faces[] = {
  { &IID_IMoniker, offsetof(ClassMoniker, moniker), &class_vtable },
  { &IID_IPersistStream, offsetof(ClassMoniker, moniker), &class_vtable },
  { &IID_IPersist, offsetof(ClassMoniker, moniker), &class_vtable },
  { &IID_IROTData, offsetof(ClassMoniker, rot), &class_rot_vtable },
  { 0 },
};
static const ObjectType class_type = {
  "ClassMoniker", sizeof(ClassMoniker), offsetof(ClassMoniker, object), class_faces, NULL, NULL,
};

HRESULT CreateClassMoniker(REFCLSID clsid, IMoniker **result) {
  ClassMoniker *moniker;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!clsid)
    return E_INVALIDARG;
  moniker = object_create(&class_type);
  if (!moniker)
    return E_OUTOFMEMORY;
  moniker->moniker.lpVtbl = &class_vtable;
  moniker->rot.lpVtbl = &class_rot_vtable;
  moniker->clsid = *clsid;
  *result = &moniker->moniker;
  return S_OK;
}

HRESULT class_moniker_new(IMoniker **result) {
  return CreateClassMoniker(&CLSID_NULL, result);
}

/* The braces around the identifier and the colon behind it may be there or not, as on Windows. */
HRESULT class_moniker_parse(LPCOLESTR name, ULONG *eaten, IMoniker **result) {
  OLECHAR text[GUID_TEXT_UNITS];
  const OLECHAR *start = name + PREFIX_UNITS;
  bool braces = *start == '{';
  CLSID clsid;
  int i;

  *result = NULL;
  *eaten = 0;
  start += braces;
  text[0] = '{';
  for (i = 0; i < GUID_UNITS && start[i]; i++)
    text[1 + i] = start[i];
  if (i < GUID_UNITS || (braces && start[GUID_UNITS] != '}'))
    return MK_E_SYNTAX;
  text[37] = '}';
  text[38] = 0;
  if (!guid_parse(text, &clsid))
    return MK_E_SYNTAX;
  start += GUID_UNITS + braces;
  if (*start == ':')
    start++;
  else if (*start)
    return MK_E_SYNTAX;
  *eaten = (ULONG)(start - name);
  return CreateClassMoniker(&clsid, result);
}
