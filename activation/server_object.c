/* The objects of oleander_server.h: identity, reference counting, aggregation, IDispatch through type information,
 * ISupportErrorInfo and IProvideClassInfo2. */
#include <oleander_server.h>

#include "com/unicode.h"

#include <stdbool.h>
#include <stdlib.h>

static OleanderObject *of_inner(const void *face) {
  return OLEANDER_SELF(face, OleanderObject, inner);
}

static OleanderObject *of_errors(const void *face) {
  return OLEANDER_SELF(face, OleanderObject, errors);
}

static OleanderObject *of_about(const void *face) {
  return OLEANDER_SELF(face, OleanderObject, about);
}

static void *self_of(OleanderObject *object) {
  return (char *)object - object->type->object;
}

/* ---- IUnknown ---- */

/* Whether the default interface is an IDispatch: asked of its type information once. */
static bool first_is_dispatch(OleanderClass *type) {
  int known = __atomic_load_n(&type->dispatch, __ATOMIC_RELAXED);
  ITypeInfo *info = NULL;
  TYPEATTR *attributes = NULL;

  if (known)
    return known > 0;
  if (SUCCEEDED(oleander_module_type_info(type->module, type->faces[0].iid, &info)) &&
      SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attributes))) {
    if (attributes->typekind == TKIND_DISPATCH || (attributes->wTypeFlags & (TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE)))
      known = 1;
    ITypeInfo_ReleaseTypeAttr(info, attributes);
  }
  if (info)
    ITypeInfo_Release(info);
  __atomic_store_n(&type->dispatch, known ? known : -1, __ATOMIC_RELAXED);
  return known > 0;
}

static HRESULT query_inner(OleanderObject *object, REFIID iid, void **result) {
  OleanderClass *type = object->type;
  const OleanderFace *face;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (IsEqualIID(iid, &IID_IUnknown)) {
    *result = &object->inner;
    __atomic_add_fetch(&object->references, 1, __ATOMIC_RELAXED);
    return S_OK;
  }
  for (face = type->make ? NULL : type->faces; face && face->iid; face++) {
    if (IsEqualIID(iid, face->iid))
      *result = (char *)self_of(object) + face->offset;
  }
  /* The default interface is the one through which IDispatch is asked for, if it is one. */
  if (!*result && !type->make && type->faces[0].iid && IsEqualIID(iid, &IID_IDispatch) && first_is_dispatch(type))
    *result = (char *)self_of(object) + type->faces[0].offset;
  if (!*result && IsEqualIID(iid, &IID_ISupportErrorInfo))
    *result = &object->errors;
  if (!*result && type->clsid && (IsEqualIID(iid, &IID_IProvideClassInfo2) || IsEqualIID(iid, &IID_IProvideClassInfo)))
    *result = &object->about;
  if (*result) {
    oleander_object_addref(object);
    return S_OK;
  }
  return type->query ? type->query(self_of(object), iid, result) : E_NOINTERFACE;
}

static ULONG addref_inner(OleanderObject *object) {
  return (ULONG)__atomic_add_fetch(&object->references, 1, __ATOMIC_RELAXED);
}

static ULONG release_inner(OleanderObject *object) {
  OleanderModule *module = object->type->module;
  LONG left = __atomic_sub_fetch(&object->references, 1, __ATOMIC_ACQ_REL);

  if (left == 0) {
    const OleanderClass *type = object->type;
    void *self = self_of(object);

    /* References taken and given back while the members go must not destroy the object again. */
    object->references = 1;
    if (type->destroy)
      type->destroy(self);
    if (type->size)
      free(self);
    oleander_module_lock(module, -1);
  }
  return (ULONG)left;
}

HRESULT oleander_object_query(OleanderObject *object, REFIID iid, void **result) {
  return object->outer ? IUnknown_QueryInterface(object->outer, iid, result) : query_inner(object, iid, result);
}

ULONG oleander_object_addref(OleanderObject *object) {
  return object->outer ? IUnknown_AddRef(object->outer) : addref_inner(object);
}

ULONG oleander_object_release(OleanderObject *object) {
  return object->outer ? IUnknown_Release(object->outer) : release_inner(object);
}

IUnknown *oleander_object_inner(OleanderObject *object) {
  return (IUnknown *)(void *)&object->inner;
}

static HRESULT STDMETHODCALLTYPE Inner_QueryInterface(IUnknown *face, REFIID iid, void **result) {
  return query_inner(of_inner(face), iid, result);
}

static ULONG STDMETHODCALLTYPE Inner_AddRef(IUnknown *face) {
  return addref_inner(of_inner(face));
}

static ULONG STDMETHODCALLTYPE Inner_Release(IUnknown *face) {
  return release_inner(of_inner(face));
}

static const IUnknownVtbl inner_vtable = { Inner_QueryInterface, Inner_AddRef, Inner_Release };

/* ---- ISupportErrorInfo ---- */

static HRESULT STDMETHODCALLTYPE Errors_QueryInterface(ISupportErrorInfo *face, REFIID iid, void **result) {
  return oleander_object_query(of_errors(face), iid, result);
}

static ULONG STDMETHODCALLTYPE Errors_AddRef(ISupportErrorInfo *face) {
  return oleander_object_addref(of_errors(face));
}

static ULONG STDMETHODCALLTYPE Errors_Release(ISupportErrorInfo *face) {
  return oleander_object_release(of_errors(face));
}

/* Every interface that the class itself implements may set error information. */
static HRESULT STDMETHODCALLTYPE Errors_InterfaceSupportsErrorInfo(ISupportErrorInfo *face, REFIID iid) {
  OleanderObject *object = of_errors(face);
  const OleanderFace *row;
  void *found = NULL;

  for (row = object->type->faces; row && row->iid; row++) {
    if (IsEqualIID(iid, row->iid))
      return S_OK;
  }
  if (!object->type->query || FAILED(object->type->query(self_of(object), iid, &found)) || !found)
    return S_FALSE;
  IUnknown_Release((IUnknown *)found);
  return S_OK;
}

static const ISupportErrorInfoVtbl errors_vtable = { Errors_QueryInterface, Errors_AddRef, Errors_Release,
                                                     Errors_InterfaceSupportsErrorInfo };

/* ---- IProvideClassInfo2 ---- */

static HRESULT STDMETHODCALLTYPE About_QueryInterface(IProvideClassInfo2 *face, REFIID iid, void **result) {
  return oleander_object_query(of_about(face), iid, result);
}

static ULONG STDMETHODCALLTYPE About_AddRef(IProvideClassInfo2 *face) {
  return oleander_object_addref(of_about(face));
}

static ULONG STDMETHODCALLTYPE About_Release(IProvideClassInfo2 *face) {
  return oleander_object_release(of_about(face));
}

static HRESULT STDMETHODCALLTYPE About_GetClassInfo(IProvideClassInfo2 *face, ITypeInfo **info) {
  OleanderClass *type = of_about(face)->type;

  return oleander_module_type_info(type->module, type->clsid, info);
}

/* Whether the implemented type `index` of a coclass is its default source; then its GUID. */
static bool default_source(ITypeInfo *coclass, UINT index, GUID *guid) {
  INT flags = 0;
  HREFTYPE reference;
  ITypeInfo *source = NULL;
  TYPEATTR *attributes = NULL;
  bool found = false;

  if (FAILED(ITypeInfo_GetImplTypeFlags(coclass, index, &flags)) ||
      (flags & (IMPLTYPEFLAG_FDEFAULT | IMPLTYPEFLAG_FSOURCE)) != (IMPLTYPEFLAG_FDEFAULT | IMPLTYPEFLAG_FSOURCE) ||
      FAILED(ITypeInfo_GetRefTypeOfImplType(coclass, index, &reference)) ||
      FAILED(ITypeInfo_GetRefTypeInfo(coclass, reference, &source)))
    return false;
  if (SUCCEEDED(ITypeInfo_GetTypeAttr(source, &attributes))) {
    *guid = attributes->guid;
    found = true;
    ITypeInfo_ReleaseTypeAttr(source, attributes);
  }
  ITypeInfo_Release(source);
  return found;
}

static HRESULT STDMETHODCALLTYPE About_GetGUID(IProvideClassInfo2 *face, DWORD kind, GUID *guid) {
  ITypeInfo *coclass = NULL;
  TYPEATTR *attributes = NULL;
  HRESULT hr;
  UINT index;

  if (!guid)
    return E_POINTER;
  *guid = GUID_NULL;
  if (kind != GUIDKIND_DEFAULT_SOURCE_DISP_IID)
    return E_INVALIDARG;
  hr = About_GetClassInfo(face, &coclass);
  if (FAILED(hr))
    return hr;
  hr = ITypeInfo_GetTypeAttr(coclass, &attributes);
  if (SUCCEEDED(hr)) {
    hr = E_FAIL; /* a class without events */
    for (index = 0; index < attributes->cImplTypes && hr != S_OK; index++) {
      if (default_source(coclass, index, guid))
        hr = S_OK;
    }
    ITypeInfo_ReleaseTypeAttr(coclass, attributes);
  }
  ITypeInfo_Release(coclass);
  return hr;
}

static const IProvideClassInfo2Vtbl about_vtable = { About_QueryInterface, About_AddRef, About_Release,
                                                     About_GetClassInfo, About_GetGUID };

/* ---- making ---- */

void oleander_object_begin(OleanderObject *object, OleanderClass *type, IUnknown *outer) {
  object->inner = &inner_vtable;
  object->errors = &errors_vtable;
  object->about = &about_vtable;
  object->type = type;
  object->outer = outer;
  object->references = 1;
  oleander_module_lock(type->module, 1);
}

HRESULT oleander_object_create(OleanderClass *type, IUnknown *outer, void **result) {
  const OleanderFace *face;
  OleanderObject *object;
  HRESULT hr = S_OK;
  char *self;

  *result = NULL;
  if (!type->size)
    return E_INVALIDARG;
  self = calloc(1, type->size);
  if (!self)
    return E_OUTOFMEMORY;
  for (face = type->faces; face && face->iid; face++)
    *(const void **)(void *)(self + face->offset) = face->vtable;
  object = (OleanderObject *)(void *)(self + type->object);
  oleander_object_begin(object, type, outer);
  if (type->construct)
    hr = type->construct(self);
  if (FAILED(hr)) {
    release_inner(object);
    return hr;
  }
  *result = self;
  return S_OK;
}

/* ---- IDispatch ---- */

/* The type information of the interface at `face`: the first row at that place. That of the default interface is
 * kept. */
static HRESULT face_type_info(OleanderObject *object, const void *face, ITypeInfo **info) {
  OleanderClass *type = object->type;
  const OleanderFace *row = type->faces;
  ITypeInfo *mine, *none = NULL;
  HRESULT hr;

  if (!row || !row->iid)
    return TYPE_E_ELEMENTNOTFOUND;
  if (!type->make) {
    while (row->iid && (const char *)face != (const char *)self_of(object) + row->offset)
      row++;
    if (!row->iid)
      return TYPE_E_ELEMENTNOTFOUND;
  }
  if (row != type->faces)
    return oleander_module_type_info(type->module, row->iid, info);
  mine = __atomic_load_n(&type->type_info, __ATOMIC_ACQUIRE);
  if (!mine) {
    hr = oleander_module_type_info(type->module, row->iid, &mine);
    if (FAILED(hr))
      return hr;
    if (!__atomic_compare_exchange_n(&type->type_info, &none, mine, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
      ITypeInfo_Release(mine);
      mine = none;
    }
  }
  ITypeInfo_AddRef(mine);
  *info = mine;
  return S_OK;
}

HRESULT oleander_object_type_info_count(OleanderObject *object, UINT *count) {
  (void)object;
  if (!count)
    return E_POINTER;
  *count = 1;
  return S_OK;
}

HRESULT oleander_object_type_info(OleanderObject *object, const void *face, UINT index, LCID lcid, ITypeInfo **info) {
  (void)lcid;
  if (!info)
    return E_POINTER;
  *info = NULL;
  return index == 0 ? face_type_info(object, face, info) : DISP_E_BADINDEX;
}

HRESULT oleander_object_ids_of_names(OleanderObject *object, const void *face, REFIID iid, LPOLESTR *names, UINT count,
                                     LCID lcid, DISPID *ids) {
  ITypeInfo *info = NULL;
  HRESULT hr;

  (void)lcid;
  if (!IsEqualIID(iid, &IID_NULL))
    return DISP_E_UNKNOWNINTERFACE;
  hr = face_type_info(object, face, &info);
  if (SUCCEEDED(hr)) {
    hr = DispGetIDsOfNames(info, names, count, ids);
    ITypeInfo_Release(info);
  }
  return hr;
}

HRESULT oleander_object_invoke(OleanderObject *object, void *face, DISPID id, REFIID iid, LCID lcid, WORD flags,
                               DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  ITypeInfo *info = NULL;
  HRESULT hr;

  (void)lcid;
  if (!IsEqualIID(iid, &IID_NULL))
    return DISP_E_UNKNOWNINTERFACE;
  hr = face_type_info(object, face, &info);
  if (SUCCEEDED(hr)) {
    hr = DispInvoke(face, info, id, flags, params, result, exception, bad_argument);
    ITypeInfo_Release(info);
  }
  return hr;
}

/* ---- errors ---- */

HRESULT oleander_object_fail(HRESULT code, const IID *iid, const char *source, const char *description) {
  OLECHAR *wide_source = source ? utf16_copy(source) : NULL;
  OLECHAR *wide_description = description ? utf16_copy(description) : NULL;
  ICreateErrorInfo *maker = NULL;
  IErrorInfo *error = NULL;

  if (SUCCEEDED(CreateErrorInfo(&maker))) {
    ICreateErrorInfo_SetGUID(maker, iid ? iid : &GUID_NULL);
    if (wide_source)
      ICreateErrorInfo_SetSource(maker, wide_source);
    if (wide_description)
      ICreateErrorInfo_SetDescription(maker, wide_description);
    if (SUCCEEDED(ICreateErrorInfo_QueryInterface(maker, &IID_IErrorInfo, (void **)&error))) {
      SetErrorInfo(0, error);
      IErrorInfo_Release(error);
    }
    ICreateErrorInfo_Release(maker);
  }
  free(wide_source);
  free(wide_description);
  return code;
}
