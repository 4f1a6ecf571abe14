/* The anti-moniker: what, put behind another moniker, leaves nothing of it. */
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"

#define ANTI_LIMIT 0xFFFFF

typedef struct AntiMoniker {
  IMoniker moniker;
  IROTData rot;
  Object object;
  DWORD count; /* so many of them in a row */
} AntiMoniker;

OBJECT_FACE(AntiMoniker, moniker, IMoniker)
OBJECT_FACE(AntiMoniker, rot, IROTData)

static AntiMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, AntiMoniker, moniker);
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  if (!clsid)
    return E_POINTER;
  *clsid = CLSID_AntiMoniker;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_Load(IMoniker *face, IStream *stream) {
  DWORD count;
  HRESULT status = stream ? stream_read(stream, &count, sizeof count) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  if (count == 0 || count > ANTI_LIMIT)
    return E_INVALIDARG;
  from_moniker(face)->count = count;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_Save(IMoniker *face, IStream *stream, BOOL clear_dirty) {
  (void)clear_dirty;
  return stream ? stream_write(stream, &from_moniker(face)->count, sizeof(DWORD)) : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_GetSizeMax(IMoniker *face, ULARGE_INTEGER *size) {
  (void)face;
  if (!size)
    return E_POINTER;
  size->QuadPart = sizeof(CLSID) + sizeof(DWORD);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_BindToObject(IMoniker *face, IBindCtx *context, IMoniker *left, REFIID iid,
                                                          void **result) {
  (void)face;
  (void)context;
  (void)left;
  (void)iid;
  if (result)
    *result = NULL;
  return E_NOTIMPL;
}

/* Two of these in a row are two: the composite keeps them. */
static HRESULT STDMETHODCALLTYPE AntiMoniker_ComposeWith(IMoniker *face, IMoniker *right, BOOL only_if_not_generic,
                                                         IMoniker **composite) {
  if (!composite)
    return E_POINTER;
  *composite = NULL;
  if (!right)
    return E_POINTER;
  return only_if_not_generic ? MK_E_NEEDGENERIC : CreateGenericComposite(face, right, composite);
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  return other && moniker_anti_count(other) == from_moniker(face)->count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_Hash(IMoniker *face, DWORD *hash) {
  if (!hash)
    return E_POINTER;
  *hash = 0x80000000 | from_moniker(face)->count;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_IsRunning(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                       IMoniker *newly_running) {
  (void)face;
  (void)left;
  (void)newly_running;
  return context ? S_FALSE : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_GetTimeOfLastChange(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                 FILETIME *time) {
  (void)face;
  (void)context;
  (void)left;
  (void)time;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_Inverse(IMoniker *face, IMoniker **inverse) {
  (void)face;
  if (!inverse)
    return E_POINTER;
  *inverse = NULL;
  return MK_E_NOINVERSE;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_CommonPrefixWith(IMoniker *face, IMoniker *other, IMoniker **prefix) {
  if (!prefix)
    return E_POINTER;
  *prefix = NULL;
  if (!other)
    return E_INVALIDARG;
  if (AntiMoniker_IsEqual(face, other) != S_OK)
    return MonikerCommonPrefixWith(face, other, prefix);
  IMoniker_AddRef(face);
  *prefix = face;
  return MK_S_US;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_RelativePathTo(IMoniker *face, IMoniker *other, IMoniker **path) {
  (void)face;
  if (!path)
    return E_POINTER;
  *path = NULL;
  if (!other)
    return E_INVALIDARG;
  IMoniker_AddRef(other);
  *path = other;
  return MK_S_HIM;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                            LPOLESTR *name) {
  static const OLECHAR step[] = u"\\..";
  DWORD count = from_moniker(face)->count;
  OLECHAR *text;
  DWORD i;

  (void)context;
  if (!name)
    return E_POINTER;
  *name = NULL;
  if (left)
    return E_NOTIMPL;
  text = CoTaskMemAlloc((3 * (size_t)count + 1) * sizeof(OLECHAR));
  if (!text)
    return E_OUTOFMEMORY;
  for (i = 0; i < count; i++)
    memcpy(text + 3 * (size_t)i, step, sizeof step);
  *name = text;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_ParseDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                              LPOLESTR name, ULONG *eaten, IMoniker **result) {
  (void)face;
  (void)context;
  (void)left;
  (void)name;
  (void)eaten;
  if (result)
    *result = NULL;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_IsSystemMoniker(IMoniker *face, DWORD *kind) {
  (void)face;
  if (!kind)
    return E_POINTER;
  *kind = MKSYS_ANTIMONIKER;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_GetComparisonData(IROTData *face, BYTE *data, ULONG room, ULONG *needed) {
  AntiMoniker *anti = OBJECT_CONTAINER(face, AntiMoniker, rot);

  return moniker_comparison_data(&CLSID_AntiMoniker, &anti->count, sizeof anti->count, data, room, needed);
}

static const IMonikerVtbl anti_vtable = {
  AntiMoniker_moniker_QueryInterface,
  AntiMoniker_moniker_AddRef,
  AntiMoniker_moniker_Release,
  AntiMoniker_GetClassID,
  Moniker_IsDirty,
  AntiMoniker_Load,
  AntiMoniker_Save,
  AntiMoniker_GetSizeMax,
  AntiMoniker_BindToObject,
  AntiMoniker_BindToObject, /* BindToStorage */
  Moniker_Reduce,
  AntiMoniker_ComposeWith,
  Moniker_Enum,
  AntiMoniker_IsEqual,
  AntiMoniker_Hash,
  AntiMoniker_IsRunning,
  AntiMoniker_GetTimeOfLastChange,
  AntiMoniker_Inverse,
  AntiMoniker_CommonPrefixWith,
  AntiMoniker_RelativePathTo,
  AntiMoniker_GetDisplayName,
  AntiMoniker_ParseDisplayName,
  AntiMoniker_IsSystemMoniker,
};
static const IROTDataVtbl anti_rot_vtable = {
  AntiMoniker_rot_QueryInterface,
  AntiMoniker_rot_AddRef,
  AntiMoniker_rot_Release,
  AntiMoniker_GetComparisonData,
};
static const ObjectFace anti_faces[] = {
  { &IID_IMoniker, offsetof(AntiMoniker, moniker), &anti_vtable },
  { &IID_IPersistStream, offsetof(AntiMoniker, moniker), &anti_vtable },
  { &IID_IPersist, offsetof(AntiMoniker, moniker), &anti_vtable },
  { &IID_IROTData, offsetof(AntiMoniker, rot), &anti_rot_vtable },
  { 0 },
};
static const ObjectType anti_type = {
  "AntiMoniker", sizeof(AntiMoniker), offsetof(AntiMoniker, object), anti_faces, NULL, NULL,
};

HRESULT anti_moniker_create(DWORD count, IMoniker **result) {
  AntiMoniker *anti = object_create(&anti_type);

  *result = NULL;
  if (!anti)
    return E_OUTOFMEMORY;
  anti->moniker.lpVtbl = &anti_vtable;
  anti->rot.lpVtbl = &anti_rot_vtable;
  anti->count = count;
  *result = &anti->moniker;
  return S_OK;
}

DWORD moniker_anti_count(IMoniker *moniker) {
  DWORD kind;

  if (moniker->lpVtbl == &anti_vtable)
    return from_moniker(moniker)->count;
  return IMoniker_IsSystemMoniker(moniker, &kind) == S_OK && kind == MKSYS_ANTIMONIKER ? 1 : 0;
}

HRESULT moniker_annihilate(IMoniker *anti, IMoniker **result) {
  DWORD count = moniker_anti_count(anti);

  *result = NULL;
  return count > 1 ? anti_moniker_create(count - 1, result) : S_OK;
}

HRESULT CreateAntiMoniker(IMoniker **result) {
  return result ? anti_moniker_create(1, result) : E_INVALIDARG;
}
