/* The anti-moniker: what, put behind another moniker, leaves nothing of it. */
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"

#define ANTI_LIMIT 0xFFFFF
#define STEP_UNITS 3 /* "\.." */

typedef struct AntiMoniker {
  Moniker base;
  DWORD count; /* so many of them in a row; 0 is a moniker too */
} AntiMoniker;

static const IMonikerVtbl anti_vtable;

static AntiMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, AntiMoniker, base.moniker);
}

static HRESULT anti_create(DWORD count, IMoniker **result);

/* Whether it is an anti-moniker, and of how many: another implementation's is one. */
static bool anti_count(IMoniker *moniker, DWORD *count) {
  bool ours = moniker->lpVtbl == &anti_vtable;

  *count = ours ? from_moniker(moniker)->count : 1;
  return ours || moniker_kind_of(moniker) == MKSYS_ANTIMONIKER;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  return moniker_class(clsid, &CLSID_AntiMoniker);
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_Load(IMoniker *face, IStream *stream) {
  DWORD count;
  HRESULT status = stream ? stream_read(stream, &count, sizeof count) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  if (count > ANTI_LIMIT)
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
    return E_INVALIDARG;
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
    return E_INVALIDARG;
  return only_if_not_generic ? MK_E_NEEDGENERIC : CreateGenericComposite(face, right, composite);
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  DWORD count;

  if (!other)
    return E_INVALIDARG;
  return anti_count(other, &count) && count == from_moniker(face)->count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_Hash(IMoniker *face, DWORD *hash) {
  if (!hash)
    return E_INVALIDARG;
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
    return E_INVALIDARG;
  *inverse = NULL;
  return MK_E_NOINVERSE;
}

/* Of two in a row the smaller number is the prefix. */
static HRESULT STDMETHODCALLTYPE AntiMoniker_CommonPrefixWith(IMoniker *face, IMoniker *other, IMoniker **prefix) {
  DWORD mine = from_moniker(face)->count;
  DWORD count;

  if (prefix)
    *prefix = NULL;
  if (!prefix || !other)
    return E_INVALIDARG;
  if (!anti_count(other, &count))
    return MonikerCommonPrefixWith(face, other, prefix);
  moniker_share(mine <= count ? face : other, prefix);
  return mine == count ? MK_S_US : mine < count ? MK_S_ME : MK_S_HIM;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_RelativePathTo(IMoniker *face, IMoniker *other, IMoniker **path) {
  (void)face;
  if (path)
    *path = NULL;
  if (!path || !other)
    return E_INVALIDARG;
  moniker_share(other, path);
  return MK_S_HIM;
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                            LPOLESTR *name) {
  size_t count = from_moniker(face)->count;

  (void)context;
  if (!name)
    return E_INVALIDARG;
  *name = NULL;
  if (left)
    return E_NOTIMPL;
  OLECHAR *text = CoTaskMemAlloc((STEP_UNITS * count + 1) * sizeof(OLECHAR));
  if (!text)
    return E_OUTOFMEMORY;
  for (size_t i = 0; i < count; i++)
    memcpy(text + STEP_UNITS * i, u"\\..", STEP_UNITS * sizeof(OLECHAR));
  text[STEP_UNITS * count] = 0;
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
  return moniker_kind(kind, MKSYS_ANTIMONIKER);
}

static HRESULT STDMETHODCALLTYPE AntiMoniker_GetComparisonData(IROTData *face, BYTE *data, ULONG room, ULONG *needed) {
  AntiMoniker *anti = OBJECT_CONTAINER(face, AntiMoniker, base.rot);

  return moniker_comparison_data(&CLSID_AntiMoniker, &anti->count, sizeof anti->count, data, room, needed);
}

static const IMonikerVtbl anti_vtable = {
  Moniker_QueryInterface,
  Moniker_AddRef,
  Moniker_Release,
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
static const IROTDataVtbl anti_rot_vtable = MONIKER_ROT_VTABLE(AntiMoniker);
static const ObjectFace anti_faces[] = {
  MONIKER_FACES(CLSID_AntiMoniker, anti_vtable, moniker_marshal_vtable),
  MONIKER_FACE_ROT(anti_rot_vtable),
  { 0 },
};
static const ObjectType anti_type = {
  "AntiMoniker", sizeof(AntiMoniker), offsetof(AntiMoniker, base.object), anti_faces, NULL, NULL,
};

static HRESULT anti_create(DWORD count, IMoniker **result) {
  AntiMoniker *anti = object_create(&anti_type);

  *result = NULL;
  if (!anti)
    return E_OUTOFMEMORY;
  anti->count = count;
  *result = &anti->base.moniker;
  return S_OK;
}

HRESULT CreateAntiMoniker(IMoniker **result) {
  return result ? anti_create(1, result) : E_INVALIDARG;
}

HRESULT STDMETHODCALLTYPE Moniker_ComposeWith(IMoniker *face, IMoniker *right, BOOL only_if_not_generic,
                                              IMoniker **composite) {
  DWORD count;

  if (!composite)
    return E_POINTER;
  *composite = NULL;
  if (!right)
    return E_INVALIDARG;
  if (!anti_count(right, &count))
    return only_if_not_generic ? MK_E_NEEDGENERIC : CreateGenericComposite(face, right, composite);
  return count > 1 ? anti_create(count - 1, composite) : S_OK;
}

HRESULT STDMETHODCALLTYPE Moniker_Inverse(IMoniker *face, IMoniker **inverse) {
  (void)face;
  return CreateAntiMoniker(inverse);
}
