/* The pointer moniker: an object at hand, dressed as a moniker. It cannot be written down. */
#include <stdlib.h>

#include "activation/monikers/moniker_internal.h"

typedef struct PointerMoniker {
  Moniker base;
  IUnknown *target; /* may be NULL */
} PointerMoniker;

static const IMonikerVtbl pointer_vtable;

static PointerMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, PointerMoniker, base.moniker);
}

static void pointer_destroy(void *self) {
  PointerMoniker *moniker = self;

  if (moniker->target)
    IUnknown_Release(moniker->target);
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_QueryInterface(IMoniker *face, REFIID iid, void **result) {
  return result ? Moniker_QueryInterface(face, iid, result) : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  return moniker_class(clsid, &CLSID_PointerMoniker);
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
    return E_INVALIDARG;
  size->QuadPart = 0;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_BindToObject(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                             REFIID iid, void **result) {
  IUnknown *target = from_moniker(face)->target;

  (void)context;
  (void)left;
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  return target ? IUnknown_QueryInterface(target, iid, result) : E_UNEXPECTED;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_Enum(IMoniker *face, BOOL forward, IEnumMoniker **result) {
  (void)face;
  (void)forward;
  if (result)
    *result = NULL;
  return result ? E_NOTIMPL : E_INVALIDARG;
}

/* The object's identity, without a reference: it is only compared. */
static const IUnknown *identity_of(IUnknown *object) {
  IUnknown *identity;

  if (!object || FAILED(IUnknown_QueryInterface(object, &IID_IUnknown, (void **)&identity)))
    return NULL;
  IUnknown_Release(identity);
  return identity;
}

/* Two are equal when their objects are: identity is that of IUnknown. */
static HRESULT STDMETHODCALLTYPE PointerMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  if (!other)
    return E_INVALIDARG;
  if (other->lpVtbl != &pointer_vtable)
    return S_FALSE;
  IUnknown *first = from_moniker(face)->target;
  IUnknown *second = from_moniker(other)->target;
  if (first == second)
    return S_OK;
  const IUnknown *identity = identity_of(first);
  return identity && identity == identity_of(second) ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_Hash(IMoniker *face, DWORD *hash) {
  if (!hash)
    return E_INVALIDARG;
  *hash = (DWORD)(uintptr_t)from_moniker(face)->target;
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
  return time ? E_NOTIMPL : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_RelativePathTo(IMoniker *face, IMoniker *other, IMoniker **path) {
  (void)face;
  if (path)
    *path = NULL;
  return path && other ? E_NOTIMPL : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                               LPOLESTR *name) {
  (void)face;
  (void)left;
  if (name)
    *name = NULL;
  return name && context ? E_NOTIMPL : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_ParseDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                 LPOLESTR name, ULONG *eaten, IMoniker **result) {
  if (result)
    *result = NULL;
  if (!result || !eaten || !name)
    return E_INVALIDARG;
  if (left)
    return MK_E_SYNTAX;
  if (!from_moniker(face)->target)
    return E_UNEXPECTED;
  return moniker_parse_by_object(face, context, NULL, name, eaten, result);
}

static HRESULT STDMETHODCALLTYPE PointerMoniker_IsSystemMoniker(IMoniker *face, DWORD *kind) {
  (void)face;
  return moniker_kind(kind, MKSYS_POINTERMONIKER);
}

static const IMonikerVtbl pointer_vtable = {
  PointerMoniker_QueryInterface,
  Moniker_AddRef,
  Moniker_Release,
  PointerMoniker_GetClassID,
  Moniker_IsDirty,
  PointerMoniker_Load,
  PointerMoniker_Save,
  PointerMoniker_GetSizeMax,
  PointerMoniker_BindToObject,
  PointerMoniker_BindToObject, /* BindToStorage: likewise asked from the object */
  Moniker_Reduce,
  Moniker_ComposeWith,
  PointerMoniker_Enum,
  PointerMoniker_IsEqual,
  PointerMoniker_Hash,
  PointerMoniker_IsRunning,
  PointerMoniker_GetTimeOfLastChange,
  Moniker_Inverse,
  Moniker_CommonPrefixWith,
  PointerMoniker_RelativePathTo,
  PointerMoniker_GetDisplayName,
  PointerMoniker_ParseDisplayName,
  PointerMoniker_IsSystemMoniker,
};
static const ObjectFace pointer_faces[] = { MONIKER_FACES(CLSID_PointerMoniker, pointer_vtable, pointer_marshal_vtable),
                                            { 0 } };
static const ObjectType pointer_type = {
  "PointerMoniker", sizeof(PointerMoniker), offsetof(PointerMoniker, base.object), pointer_faces, pointer_destroy, NULL,
};

IUnknown *pointer_moniker_target(IMoniker *moniker) {
  return from_moniker(moniker)->target;
}

HRESULT pointer_moniker_set_target(IMoniker *moniker, IUnknown *target) {
  if (from_moniker(moniker)->target)
    return E_UNEXPECTED;
  from_moniker(moniker)->target = target;
  IUnknown_AddRef(target);
  return S_OK;
}

HRESULT CreatePointerMoniker(IUnknown *target, IMoniker **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  PointerMoniker *moniker = object_create(&pointer_type);
  if (!moniker)
    return E_OUTOFMEMORY;
  moniker->target = target;
  if (target)
    IUnknown_AddRef(target);
  *result = &moniker->base.moniker;
  return S_OK;
}

HRESULT pointer_moniker_new(IMoniker **result) {
  return CreatePointerMoniker(NULL, result);
}
