/* What the kinds of monikers have alike: IUnknown, default methods, comparison data. */
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"
#include "com/com_api.h"

static Object *object_of(IMoniker *face) {
  return &OBJECT_CONTAINER(face, Moniker, moniker)->object;
}

HRESULT STDMETHODCALLTYPE Moniker_QueryInterface(IMoniker *face, REFIID iid, void **result) {
  return object_query(object_of(face), iid, result);
}

ULONG STDMETHODCALLTYPE Moniker_AddRef(IMoniker *face) {
  return object_addref(object_of(face));
}

ULONG STDMETHODCALLTYPE Moniker_Release(IMoniker *face) {
  return object_release(object_of(face));
}

static IMoniker *moniker_of_rot(IROTData *face) {
  return &OBJECT_CONTAINER(face, Moniker, rot)->moniker;
}

HRESULT STDMETHODCALLTYPE MonikerRot_QueryInterface(IROTData *face, REFIID iid, void **result) {
  return IMoniker_QueryInterface(moniker_of_rot(face), iid, result);
}

ULONG STDMETHODCALLTYPE MonikerRot_AddRef(IROTData *face) {
  return IMoniker_AddRef(moniker_of_rot(face));
}

ULONG STDMETHODCALLTYPE MonikerRot_Release(IROTData *face) {
  return IMoniker_Release(moniker_of_rot(face));
}

HRESULT STDMETHODCALLTYPE Moniker_IsDirty(IMoniker *face) {
  (void)face;
  return S_FALSE; /* monikers do not change once they are made */
}

HRESULT STDMETHODCALLTYPE Moniker_Reduce(IMoniker *face, IBindCtx *context, DWORD how_far, IMoniker **to_left,
                                         IMoniker **reduced) {
  (void)context;
  (void)how_far;
  (void)to_left;
  if (!reduced)
    return E_INVALIDARG;
  moniker_share(face, reduced);
  return MK_S_REDUCED_TO_SELF;
}

HRESULT STDMETHODCALLTYPE Moniker_Enum(IMoniker *face, BOOL forward, IEnumMoniker **result) {
  (void)face;
  (void)forward;
  if (!result)
    return E_INVALIDARG;
  *result = NULL; /* no parts */
  return S_OK;
}

/* A moniker that is no list of elements has itself in common with its equal, and nothing else. */
HRESULT STDMETHODCALLTYPE Moniker_CommonPrefixWith(IMoniker *face, IMoniker *other, IMoniker **prefix) {
  if (prefix)
    *prefix = NULL;
  if (!prefix || !other)
    return E_INVALIDARG;
  if (IMoniker_IsEqual(face, other) != S_OK)
    return MonikerCommonPrefixWith(face, other, prefix);
  moniker_share(face, prefix);
  return MK_S_US;
}

HRESULT STDMETHODCALLTYPE Moniker_RelativePathTo(IMoniker *face, IMoniker *other, IMoniker **path) {
  return MonikerRelativePathTo(face, other, path, TRUE);
}

HRESULT moniker_class(CLSID *out, REFCLSID clsid) {
  if (!out)
    return E_INVALIDARG;
  *out = *clsid;
  return S_OK;
}

/* The documentation names E_POINTER here. */
HRESULT moniker_kind(DWORD *out, DWORD kind) {
  if (!out)
    return E_POINTER;
  *out = kind;
  return S_OK;
}

DWORD moniker_kind_of(IMoniker *moniker) {
  DWORD kind = MKSYS_NONE;

  return IMoniker_IsSystemMoniker(moniker, &kind) == S_OK ? kind : (DWORD)MKSYS_NONE;
}

void moniker_share(IMoniker *moniker, IMoniker **result) {
  IMoniker_AddRef(moniker);
  *result = moniker;
}

HRESULT moniker_comparison_data(REFCLSID clsid, const void *data, size_t size, BYTE *out, ULONG room, ULONG *needed) {
  if (!needed)
    return E_INVALIDARG;
  if (size > UINT32_MAX - sizeof *clsid)
    return E_OUTOFMEMORY;
  *needed = (ULONG)(sizeof *clsid + size);
  if (room < *needed)
    return E_OUTOFMEMORY; /* the documented answer to a small buffer */
  if (!out)
    return E_INVALIDARG;
  memcpy(out, clsid, sizeof *clsid);
  if (size)
    memcpy(out + sizeof *clsid, data, size);
  return S_OK;
}

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

/* Every kind needs this file, so that a program linked statically has the classes where it has monikers. */
__attribute__((constructor)) static void add_classes(void) {
  moniker_classes_add();
}
