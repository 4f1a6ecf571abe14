/* The new moniker: a new instance of a class ("new:ProgID" or "new:XXXXXXXX-XXXX-XXXX-XXXX-XXXXXXXXXXXX:"). */
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"
#include "com/com_api.h"

#define PREFIX_UNITS 4 /* "new:" */

const CLSID CLSID_NewMoniker = { 0xECABAFC6, 0x7F19, 0x11D2, { 0x97, 0x8E, 0x00, 0x00, 0xF8, 0x75, 0x7E, 0x2A } };

typedef struct NewMoniker {
  Moniker base;
  CLSID clsid;
} NewMoniker;

static const IMonikerVtbl new_vtable;

static NewMoniker *from_moniker(IMoniker *face) {
  return OBJECT_CONTAINER(face, NewMoniker, base.moniker);
}

static HRESULT STDMETHODCALLTYPE NewMoniker_GetClassID(IMoniker *face, CLSID *clsid) {
  (void)face;
  return moniker_class(clsid, &CLSID_NewMoniker);
}

/* The stream: the class. */
static HRESULT STDMETHODCALLTYPE NewMoniker_Load(IMoniker *face, IStream *stream) {
  CLSID clsid;
  HRESULT status = stream ? stream_read(stream, &clsid, sizeof clsid) : E_INVALIDARG;

  if (SUCCEEDED(status))
    from_moniker(face)->clsid = clsid;
  return status;
}

static HRESULT STDMETHODCALLTYPE NewMoniker_Save(IMoniker *face, IStream *stream, BOOL clear_dirty) {
  (void)clear_dirty;
  return stream ? stream_write(stream, &from_moniker(face)->clsid, sizeof(CLSID)) : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE NewMoniker_GetSizeMax(IMoniker *face, ULARGE_INTEGER *size) {
  (void)face;
  if (!size)
    return E_INVALIDARG;
  size->QuadPart = sizeof(CLSID);
  return S_OK;
}

/* Unlike a class moniker it minds all options of the context, the server's among them. */
static HRESULT create_alone(REFCLSID clsid, const BIND_OPTS3 *options, REFIID iid, void **result) {
  MULTI_QI object = { iid, NULL, S_OK };
  HRESULT status = CoCreateInstanceEx(clsid, NULL, options->dwClassContext, options->pServerInfo, 1, &object);

  if (SUCCEEDED(status))
    *result = object.pItf;
  return status;
}

/* The moniker on the left gives a class object, or one that activates classes. */
static HRESULT create_by_left(REFCLSID clsid, const BIND_OPTS3 *options, IBindCtx *context, IMoniker *left, REFIID iid,
                              void **result) {
  IClassActivator *activator;
  IClassFactory *factory;
  HRESULT status = IMoniker_BindToObject(left, context, NULL, &IID_IClassActivator, (void **)&activator);

  if (SUCCEEDED(status)) {
    status = IClassActivator_GetClassObject(activator, clsid, options->dwClassContext, options->locale,
                                            &IID_IClassFactory, (void **)&factory);
    IClassActivator_Release(activator);
  } else if (status == E_NOINTERFACE) {
    status = IMoniker_BindToObject(left, context, NULL, &IID_IClassFactory, (void **)&factory);
  }
  if (FAILED(status))
    return status == E_NOINTERFACE ? MK_E_INTERMEDIATEINTERFACENOTSUPPORTED : status;
  status = IClassFactory_CreateInstance(factory, NULL, iid, result);
  IClassFactory_Release(factory);
  return status;
}

static HRESULT STDMETHODCALLTYPE NewMoniker_BindToObject(IMoniker *face, IBindCtx *context, IMoniker *left, REFIID iid,
                                                         void **result) {
  REFCLSID clsid = &from_moniker(face)->clsid;
  BIND_OPTS3 options;

  if (result)
    *result = NULL;
  if (!result || !context)
    return E_INVALIDARG;
  bind_options(context, &options);
  return left ? create_by_left(clsid, &options, context, left, iid, result)
              : create_alone(clsid, &options, iid, result);
}

static HRESULT STDMETHODCALLTYPE NewMoniker_BindToStorage(IMoniker *face, IBindCtx *context, IMoniker *left, REFIID iid,
                                                          void **result) {
  (void)face;
  (void)context;
  (void)left;
  (void)iid;
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  return MK_E_NOSTORAGE;
}

static HRESULT STDMETHODCALLTYPE NewMoniker_IsEqual(IMoniker *face, IMoniker *other) {
  if (!other)
    return E_INVALIDARG;
  if (other->lpVtbl != &new_vtable)
    return S_FALSE;
  return IsEqualCLSID(&from_moniker(face)->clsid, &from_moniker(other)->clsid) ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE NewMoniker_Hash(IMoniker *face, DWORD *hash) {
  if (!hash)
    return E_INVALIDARG;
  *hash = from_moniker(face)->clsid.Data1;
  return S_OK;
}

/* What is yet to be made does not run. */
static HRESULT STDMETHODCALLTYPE NewMoniker_IsRunning(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                      IMoniker *newly_running) {
  (void)face;
  (void)left;
  (void)newly_running;
  return context ? S_FALSE : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE NewMoniker_GetTimeOfLastChange(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                                FILETIME *time) {
  (void)face;
  (void)context;
  (void)left;
  return time ? MK_E_UNAVAILABLE : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE NewMoniker_GetDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                           LPOLESTR *name) {
  (void)context;
  if (name)
    *name = NULL;
  if (!name)
    return E_INVALIDARG;
  return left ? E_NOTIMPL : moniker_class_name(u"new:", &from_moniker(face)->clsid, NULL, name);
}

static HRESULT STDMETHODCALLTYPE NewMoniker_ParseDisplayName(IMoniker *face, IBindCtx *context, IMoniker *left,
                                                             LPOLESTR name, ULONG *eaten, IMoniker **result) {
  if (result)
    *result = NULL;
  if (!result || !eaten || !name || !context)
    return E_INVALIDARG;
  return moniker_parse_by_object(face, context, left, name, eaten, result);
}

static HRESULT STDMETHODCALLTYPE NewMoniker_IsSystemMoniker(IMoniker *face, DWORD *kind) {
  HRESULT status = moniker_kind(kind, MKSYS_NONE);

  (void)face;
  return SUCCEEDED(status) ? S_FALSE : status;
}

static HRESULT STDMETHODCALLTYPE NewMoniker_GetComparisonData(IROTData *face, BYTE *data, ULONG room, ULONG *needed) {
  NewMoniker *moniker = OBJECT_CONTAINER(face, NewMoniker, base.rot);

  return moniker_comparison_data(&CLSID_NewMoniker, &moniker->clsid, sizeof(CLSID), data, room, needed);
}

static const IMonikerVtbl new_vtable = {
  Moniker_QueryInterface,
  Moniker_AddRef,
  Moniker_Release,
  NewMoniker_GetClassID,
  Moniker_IsDirty,
  NewMoniker_Load,
  NewMoniker_Save,
  NewMoniker_GetSizeMax,
  NewMoniker_BindToObject,
  NewMoniker_BindToStorage,
  Moniker_Reduce,
  Moniker_ComposeWith,
  Moniker_Enum,
  NewMoniker_IsEqual,
  NewMoniker_Hash,
  NewMoniker_IsRunning,
  NewMoniker_GetTimeOfLastChange,
  Moniker_Inverse,
  Moniker_CommonPrefixWith,
  Moniker_RelativePathTo,
  NewMoniker_GetDisplayName,
  NewMoniker_ParseDisplayName,
  NewMoniker_IsSystemMoniker,
};
static const IROTDataVtbl new_rot_vtable = MONIKER_ROT_VTABLE(NewMoniker);
static const ObjectFace new_faces[] = {
  MONIKER_FACES(CLSID_NewMoniker, new_vtable, moniker_marshal_vtable),
  MONIKER_FACE_ROT(new_rot_vtable),
  { 0 },
};
static const ObjectType new_type = {
  "NewMoniker", sizeof(NewMoniker), offsetof(NewMoniker, base.object), new_faces, NULL, NULL,
};

static HRESULT new_create(REFCLSID clsid, IMoniker **result) {
  NewMoniker *moniker = object_create(&new_type);

  *result = NULL;
  if (!moniker)
    return E_OUTOFMEMORY;
  moniker->clsid = *clsid;
  *result = &moniker->base.moniker;
  return S_OK;
}

HRESULT new_moniker_new(IMoniker **result) {
  return new_create(&CLSID_NULL, result);
}

/* A GUID with or without braces, or a ProgID; a colon behind it is eaten too. */
HRESULT new_moniker_parse(LPCOLESTR name, ULONG *eaten, IMoniker **result) {
  const OLECHAR *start = name + PREFIX_UNITS;
  CLSID clsid;
  size_t units = moniker_read_guid(start, &clsid);

  *result = NULL;
  *eaten = 0;
  if (!units) {
    while (start[units] && start[units] != ':' && start[units] != '!')
      units++;
    OLECHAR *progid = wide_copy(start, units);
    if (!progid)
      return E_OUTOFMEMORY;
    HRESULT status = units ? CLSIDFromProgID(progid, &clsid) : MK_E_SYNTAX;
    free(progid);
    if (FAILED(status))
      return status;
  }
  *eaten = (ULONG)(PREFIX_UNITS + units + (start[units] == ':'));
  return new_create(&clsid, result);
}
