/* The pointer moniker: an object at hand, dressed as a moniker. It cannot be written down. */
#include <stdlib.h>

#include "activation/monikers/moniker_internal.h"

typedef struct PointerMoniker {
  IMoniker moniker;
  Object object;
  IUnknown *target; /* may be NULL */
} PointerMoniker;

OBJECT_FACE(PointerMoniker, moniker, IMoniker)

static const IMonikerVtbl pointer_vtable;

static PointerMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, PointerMoniker, moniker);
}

static void pointer_destroy(void *self) {
  PointerMoniker *moniker = self;

  if (moniker->target)
    IUnknown_Release(moniker->target);
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  if (!clsid)
    return E_POINTER;
  *clsid = CLSID_PointerMoniker;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_Load(IMoniker *face, IStream *stream) {
  (void)face;
  (void)stream;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_Save(IMoniker *face, IStream *stream, BOOL clear_dirty) {
  (void)face;
  (void)stream;
  (void)clear_dirty;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_GetSizeMax(IMoniker *face, ULARGE_INTEGER *size) {
  (void)face;
  if (!size)
    return E_POINTER;
  size->QuadPart = 0;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_BindToObject(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                             REFIID iid, void **result) {
  PointerMoniker *moniker = from_moniker(face);

  (void)context;
  (void)left;
  if (!result)
    return E_POINTER;
  *result = NULL;
  return moniker->target ? IUnknown_QueryInterface(moniker->target, iid, result) : E_UNEXPECTED;
}

/* Two are equal when their objects are: identity is that of IUnknown. */
static HRESULT STDMETHODCALLTYPE PointerMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  IUnknown *first = from_moniker(face)->target;
  IUnknown *second;
  IUnknown *first_identity = NULL;
  IUnknown *second_identity = NULL;
  bool equal;

  if (!other || other->lpVtbl != &pointer_vtable)
    return S_FALSE;
  second = from_moniker(other)->target;
  if (first == second)
    return S_OK;
  if (!first || !second)
    return S_FALSE;
  IUnknown_QueryInterface(first, &IID_IUnknown, (void **)&first_identity);
  IUnknown_QueryInterface(second, &IID_IUnknown, (void **)&second_identity);
  equal = first_identity && first_identity == second_identity;
  if (first_identity)
    IUnknown_Release(first_identity);
  if (second_identity)
    IUnknown_Release(second_identity);
  return equal ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_Hash(IMoniker *face, DWORD *hash) {
  IUnknown *identity = from_moniker(face)->target;

  if (!hash)
    return E_POINTER;
  if (identity && SUCCEEDED(IUnknown_QueryInterface(identity, &IID_IUnknown, (void **)&identity)))
    IUnknown_Release(identity);
  *hash = (DWORD)((uintptr_t)identity >> 4);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_IsRunning(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                          IMoniker *newly_running) {
  (void)face;
  (void)context;
  (void)left;
  (void)newly_running;
  return S_OK; /* what is at hand runs */
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_GetTimeOfLastChange(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                    FILETIME *time) {
  (void)face;
  (void)context;
  (void)left;
  return time ? E_NOTIMPL : E_POINTER;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_CommonPrefixWith(IMoniker *face, IMoniker *other, IMoniker **prefix) {
  if (!prefix)
    return E_POINTER;
  *prefix = NULL;
  if (!other)
    return E_INVALIDARG;
  if (PointerMoniker_IsEqual(face, other) == S_OK) {
    IMoniker_AddRef(face);
    *prefix = face;
    return MK_S_US;
  }
  return other->lpVtbl == &pointer_vtable ? MK_E_NOPREFIX : MonikerCommonPrefixWith(face, other, prefix);
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_RelativePathTo(IMoniker *face, IMoniker *other, IMoniker **path) {
  (void)face;
  (void)other;
  if (!path)
    return E_INVALIDARG;
  *path = NULL;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                               LPOLESTR *name) {
  (void)face;
  (void)context;
  (void)left;
  if (!name)
    return E_POINTER;
  *name = NULL;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_ParseDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                 LPOLESTR name, ULONG *eaten, IMoniker **result) {
  if (!result)
    return E_POINTER;
  *result = NULL;
  if (left)
    return MK_E_SYNTAX;
  if (!from_moniker(face)->target)
    return E_UNEXPECTED;
  return moniker_parse_by_object(face, context, NULL, name, eaten, result);
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_IsSystemMoniker(IMoniker *face, DWORD *kind) {
  (void)face;
  if (!kind)
    return E_POINTER;
  *kind = MKSYS_POINTERMONIKER;
  return S_OK;
}

static const IMonikerVtbl pointer_vtable = {
  PointerMoniker_moniker_QueryInterface,
  PointerMoniker_moniker_AddRef,
  PointerMoniker_moniker_Release,
  PointerMoniker_GetClassID,
  Moniker_IsDirty,
  PointerMoniker_Load,
  PointerMoniker_Save,
  PointerMoniker_GetSizeMax,
  PointerMoniker_BindToObject,
  PointerMoniker_BindToObject, /* BindToStorage: likewise asked from the object */
  Moniker_Reduce,
  Moniker_ComposeWith,
  Moniker_Enum,
  PointerMoniker_IsEqual,
  PointerMoniker_Hash,
  PointerMoniker_IsRunning,
  PointerMoniker_GetTimeOfLastChange,
  Moniker_Inverse,
  PointerMoniker_CommonPrefixWith,
  PointerMoniker_RelativePathTo,
  PointerMoniker_GetDisplayName,
  PointerMoniker_ParseDisplayName,
  PointerMoniker_IsSystemMoniker,
};
static const ObjectFace pointer_faces[] = {
  { &IID_IMoniker, offsetof(PointerMoniker, moniker), &pointer_vtable },
  { &IID_IPersistStream, offsetof(PointerMoniker, moniker), &pointer_vtable },
  { &IID_IPersist, offsetof(PointerMoniker, moniker), &pointer_vtable },
  { 0 },
};
static const ObjectType pointer_type = {
  "PointerMoniker", sizeof(PointerMoniker), offsetof(PointerMoniker, object), pointer_faces, pointer_destroy, NULL,
};

HRESULT CreatePointerMoniker(IUnknown *target, IMoniker **result) {
  PointerMoniker *moniker;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  moniker = object_create(&pointer_type);
  if (!moniker)
    return E_OUTOFMEMORY;
  moniker->moniker.lpVtbl = &pointer_vtable;
  moniker->target = target;
  if (target)
    IUnknown_AddRef(target);
  *result = &moniker->moniker;
  return S_OK;
}
