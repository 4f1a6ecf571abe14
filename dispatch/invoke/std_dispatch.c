/* The functions by which a server implements IDispatch over type information: DispInvoke, DispGetIDsOfNames,
 * DispGetParam, CreateStdDispatch. https://learn.microsoft.com/windows/win32/api/oleauto/ */
#include "dispatch/types/signature_internal.h"

#include "com/com_api.h"

HRESULT DispGetIDsOfNames(ITypeInfo *info, LPOLESTR *names, UINT count, DISPID *ids) {
  return info ? ITypeInfo_GetIDsOfNames(info, names, count, ids) : E_INVALIDARG;
}

HRESULT DispInvoke(void *instance, ITypeInfo *info, DISPID member, WORD flags, DISPPARAMS *params, VARIANT *result,
                   EXCEPINFO *exception, UINT *bad_argument) {
  if (!info || !instance)
    return E_INVALIDARG;
  return ITypeInfo_Invoke(info, instance, member, flags, params, result, exception, bad_argument);
}

/* Where the argument at `position` is in rgvarg: by its name, else counted from the left. The new value of a property
 * also answers to its place, because servers ask for it either way. */
static bool find_argument(const DISPPARAMS *params, UINT position, UINT *index) {
  for (UINT i = 0; i < params->cNamedArgs; i++)
    if (params->rgdispidNamedArgs[i] == (DISPID)position) {
      *index = i;
      return true;
    }
  if (position >= params->cArgs)
    return false;
  *index = params->cArgs - 1 - position;
  return *index >= params->cNamedArgs || params->rgdispidNamedArgs[*index] == DISPID_PROPERTYPUT;
}

HRESULT DispGetParam(DISPPARAMS *params, UINT position, VARTYPE vt, VARIANT *result, UINT *bad_argument) {
  UINT index = 0;
  HRESULT hr = E_INVALIDARG;
  if (params && params->cNamedArgs <= params->cArgs && (!params->cNamedArgs || params->rgdispidNamedArgs)) {
    if (!find_argument(params, position, &index))
      return DISP_E_PARAMNOTFOUND;
    if (params->rgvarg && result)
      hr = VariantChangeType(result, &params->rgvarg[index], 0, vt);
  }
  if (FAILED(hr) && bad_argument)
    *bad_argument = index;
  return hr;
}

/* CreateStdDispatch */

typedef struct StdDispatch {
  IDispatch dispatch;
  Object object;
  void *instance; /* not counted: it owns us */
  ITypeInfo *info;
} StdDispatch;

OBJECT_FACE(StdDispatch, dispatch, IDispatch)

static StdDispatch *std_dispatch(IDispatch *face) {
  return OBJECT_CONTAINER(face, StdDispatch, dispatch);
}

static HRESULT STDMETHODCALLTYPE StdDispatch_GetTypeInfoCount(IDispatch *face, UINT *count) {
  (void)face;
  if (!count)
    return E_INVALIDARG;
  *count = 1;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE StdDispatch_GetTypeInfo(IDispatch *face, UINT index, LCID lcid, ITypeInfo **info) {
  (void)lcid;
  if (!info)
    return E_INVALIDARG;
  *info = NULL;
  if (index != 0)
    return DISP_E_BADINDEX;
  *info = std_dispatch(face)->info;
  ITypeInfo_AddRef(*info);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE StdDispatch_GetIDsOfNames(IDispatch *face, REFIID iid, LPOLESTR *names, UINT count,
                                                           LCID lcid, DISPID *ids) {
  (void)lcid;
  if (!iid || !IsEqualIID(iid, &IID_NULL))
    return DISP_E_UNKNOWNINTERFACE;
  return DispGetIDsOfNames(std_dispatch(face)->info, names, count, ids);
}

static HRESULT STDMETHODCALLTYPE StdDispatch_Invoke(IDispatch *face, DISPID member, REFIID iid, LCID lcid, WORD flags,
                                                    DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                                    UINT *bad_argument) {
  StdDispatch *self = std_dispatch(face);
  (void)lcid;
  if (!iid || !IsEqualIID(iid, &IID_NULL))
    return DISP_E_UNKNOWNINTERFACE;
  return DispInvoke(self->instance, self->info, member, flags, params, result, exception, bad_argument);
}

static const IDispatchVtbl std_dispatch_vtable = {
  StdDispatch_dispatch_QueryInterface,
  StdDispatch_dispatch_AddRef,
  StdDispatch_dispatch_Release,
  StdDispatch_GetTypeInfoCount,
  StdDispatch_GetTypeInfo,
  StdDispatch_GetIDsOfNames,
  StdDispatch_Invoke,
};

static void StdDispatch_destroy(void *self) {
  ITypeInfo_Release(((StdDispatch *)self)->info);
}

static const ObjectFace std_dispatch_faces[] = {
  { &IID_IDispatch, offsetof(StdDispatch, dispatch), NULL },
  { 0 },
};
static const ObjectType std_dispatch_type = {
  .name = "StdDispatch",
  .size = sizeof(StdDispatch),
  .object = offsetof(StdDispatch, object),
  .faces = std_dispatch_faces,
  .destroy = StdDispatch_destroy,
};

HRESULT CreateStdDispatch(IUnknown *outer, void *instance, ITypeInfo *info, IUnknown **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!instance || !info)
    return E_INVALIDARG;
  StdDispatch *self = object_create_aggregated(&std_dispatch_type, outer);
  if (!self)
    return E_OUTOFMEMORY;
  self->dispatch.lpVtbl = (IDispatchVtbl *)(uintptr_t)&std_dispatch_vtable;
  self->instance = instance;
  self->info = info;
  ITypeInfo_AddRef(info);
  *result = outer ? object_inner(&self->object) : (IUnknown *)&self->dispatch;
  return S_OK;
}
