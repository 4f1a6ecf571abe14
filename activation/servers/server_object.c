/* The objects of oleander_server.h: identity, reference counting, aggregation, IDispatch through type information,
 * ISupportErrorInfo and IProvideClassInfo2. */
#include <oleander_server.h>

#include "activation/servers/server_module.h"
#include "com/com_api.h"
#include "dispatch/dispatch_api.h"

#include <stdbool.h>
#include <stdlib.h>

static OleanderObject *of_errors(const void *face) {
  return OLEANDER_SELF(face, OleanderObject, errors);
}

static OleanderObject *of_about(const void *face) {
  return OLEANDER_SELF(face, OleanderObject, about);
}

static void *self_of(OleanderObject *object) {
  return (char *)object - object->type->object;
}

/* IUnknown */

/* What the default interface is; asked of its type information once. */
enum { FIRST_UNKNOWN = -1, FIRST_DISPATCH = 1, FIRST_DISPINTERFACE = 2 };

static int first_kind(OleanderClass *type) {
  int known = __atomic_load_n(&type->dispatch, __ATOMIC_RELAXED);
  ITypeInfo *info = NULL;
  TYPEATTR *attributes = NULL;

  if (known)
    return known;
  if (SUCCEEDED(oleander_module_type_info(type->module, type->faces[0].iid, &info)) &&
      SUCCEEDED(ITypeInfo_GetTypeAttr(info, &attributes))) {
    if (attributes->typekind == TKIND_DISPATCH || (attributes->wTypeFlags & (TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE)))
      known = attributes->typekind == TKIND_DISPATCH && !(attributes->wTypeFlags & TYPEFLAG_FDUAL) ? FIRST_DISPINTERFACE
                                                                                                   : FIRST_DISPATCH;
    ITypeInfo_ReleaseTypeAttr(info, attributes);
  }
  if (info)
    ITypeInfo_Release(info);
  known = known ? known : FIRST_UNKNOWN;
  __atomic_store_n(&type->dispatch, known, __ATOMIC_RELAXED);
  return known;
}

/* What `self` is to the shared implementation: the OleanderObject, whose own place in the struct its class knows. */
static HRESULT server_query(void *self, REFIID iid, void **result) {
  OleanderObject *object = self;
  OleanderClass *type = object->type;

  *result = type->make ? NULL : object_find_face(type->faces, self_of(object), iid);
  /* The default interface is the one through which IDispatch is asked for, if it is one. */
  if (!*result && !type->make && type->faces[0].iid && IsEqualIID(iid, &IID_IDispatch) && first_kind(type) > 0)
    *result = (char *)self_of(object) + type->faces[0].offset;
  if (!*result && IsEqualIID(iid, &IID_ISupportErrorInfo))
    *result = &object->errors;
  if (!*result && (type->clsid || type->sources) &&
      (IsEqualIID(iid, &IID_IProvideClassInfo2) || IsEqualIID(iid, &IID_IProvideClassInfo) ||
       IsEqualIID(iid, &IID_IProvideMultipleClassInfo)))
    *result = &object->about;
  if (!*result && type->sources && IsEqualIID(iid, &IID_IConnectionPointContainer))
    *result = &object->points;
  if (*result) {
    oleander_object_addref(object);
    return S_OK;
  }
  return type->query ? type->query(self_of(object), iid, result) : E_NOINTERFACE;
}

static void server_destroy(void *self) {
  OleanderObject *object = self;
  OleanderClass *type = object->type;
  OleanderModule *module = type->module;
  void *whole = self_of(object);
  bool ours = type->size != 0;

  server_events_end(object);
  if (type->destroy)
    type->destroy(whole);
  if (ours)
    free(whole);
  oleander_module_lock(module, -1); /* from here on the module may go */
}

/* One type for all classes: the identity is the inner IUnknown, all else is asked from the class. */
static const ObjectFace server_faces[] = { { &IID_IUnknown, offsetof(OleanderObject, unknown.inner), NULL }, { 0 } };
static const ObjectType server_type = {
  .name = "server object", .faces = server_faces, .destroy = server_destroy, .query = server_query
};

HRESULT oleander_object_query(OleanderObject *object, REFIID iid, void **result) {
  return object_query(&object->unknown, iid, result);
}

ULONG oleander_object_addref(OleanderObject *object) {
  return object_addref(&object->unknown);
}

ULONG oleander_object_release(OleanderObject *object) {
  return object_release(&object->unknown);
}

BOOL oleander_object_hold(OleanderObject *object) {
  return object_hold(&object->unknown);
}

IUnknown *oleander_object_inner(OleanderObject *object) {
  return object_inner(&object->unknown);
}

/* ISupportErrorInfo */

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

/* IProvideMultipleClassInfo, of which IProvideClassInfo2 is the beginning: an object has one class */

static HRESULT STDMETHODCALLTYPE About_QueryInterface(IProvideMultipleClassInfo *face, REFIID iid, void **result) {
  return oleander_object_query(of_about(face), iid, result);
}

static ULONG STDMETHODCALLTYPE About_AddRef(IProvideMultipleClassInfo *face) {
  return oleander_object_addref(of_about(face));
}

static ULONG STDMETHODCALLTYPE About_Release(IProvideMultipleClassInfo *face) {
  return oleander_object_release(of_about(face));
}

static HRESULT STDMETHODCALLTYPE About_GetClassInfo(IProvideMultipleClassInfo *face, ITypeInfo **info) {
  return server_class_info(of_about(face)->type, info);
}

static HRESULT STDMETHODCALLTYPE About_GetGUID(IProvideMultipleClassInfo *face, DWORD kind, GUID *guid) {
  ITypeInfo *coclass = NULL;

  if (!guid)
    return E_POINTER;
  *guid = GUID_NULL;
  if (kind != GUIDKIND_DEFAULT_SOURCE_DISP_IID)
    return E_INVALIDARG;
  HRESULT hr = About_GetClassInfo(face, &coclass);
  if (FAILED(hr))
    return hr;
  hr = coclass_default_iid(coclass, IMPLTYPEFLAG_FSOURCE, guid);
  ITypeInfo_Release(coclass);
  return hr == TYPE_E_ELEMENTNOTFOUND ? E_FAIL : hr; /* a class without events */
}

static HRESULT STDMETHODCALLTYPE About_GetMultiTypeInfoCount(IProvideMultipleClassInfo *face, ULONG *count) {
  (void)face;
  if (!count)
    return E_POINTER;
  *count = 1;
  return S_OK;
}

/* The IID that the flags ask for; GUID_NULL where the class has no such interface. */
static HRESULT iid_of_class(ITypeInfo *coclass, int flags, IID *iid) {
  if (!iid)
    return E_POINTER;
  *iid = GUID_NULL;
  HRESULT hr = coclass_default_iid(coclass, flags, iid);
  return hr == TYPE_E_ELEMENTNOTFOUND ? S_OK : hr;
}

/* Only what the flags name is given, and only that needs a place. */
static HRESULT STDMETHODCALLTYPE About_GetInfoOfIndex(IProvideMultipleClassInfo *face, ULONG index, DWORD flags,
                                                      ITypeInfo **info, DWORD *type_flags, ULONG *reserved_ids,
                                                      IID *primary, IID *source) {
  ITypeInfo *coclass = NULL;

  if (info)
    *info = NULL;
  if (index)
    return E_INVALIDARG;
  if (flags & MULTICLASSINFO_GETTYPEINFO && (!info || !type_flags))
    return E_POINTER;
  if (flags & MULTICLASSINFO_GETNUMRESERVEDDISPIDS && !reserved_ids)
    return E_POINTER;
  HRESULT hr = About_GetClassInfo(face, &coclass);
  if (FAILED(hr))
    return hr;
  if (flags & MULTICLASSINFO_GETIIDPRIMARY)
    hr = iid_of_class(coclass, 0, primary);
  if (SUCCEEDED(hr) && flags & MULTICLASSINFO_GETIIDSOURCE)
    hr = iid_of_class(coclass, IMPLTYPEFLAG_FSOURCE, source);
  if (SUCCEEDED(hr) && flags & MULTICLASSINFO_GETNUMRESERVEDDISPIDS)
    *reserved_ids = 0;
  if (SUCCEEDED(hr) && flags & MULTICLASSINFO_GETTYPEINFO) {
    *type_flags = 0;
    *info = coclass;
  } else {
    ITypeInfo_Release(coclass);
  }
  return hr;
}

static const IProvideMultipleClassInfoVtbl about_vtable = {
  About_QueryInterface,        About_AddRef,         About_Release, About_GetClassInfo, About_GetGUID,
  About_GetMultiTypeInfoCount, About_GetInfoOfIndex,
};

/* Making */

void oleander_object_begin(OleanderObject *object, OleanderClass *type, IUnknown *outer) {
  object_begin(&object->unknown, &server_type, outer);
  object->errors = &errors_vtable;
  object->about = &about_vtable;
  object->points = &server_points_vtable;
  object->listeners = NULL;
  object->type = type;
  oleander_module_lock(type->module, 1);
}

HRESULT oleander_object_create(OleanderClass *type, IUnknown *outer, void **result) {
  HRESULT hr = S_OK;

  *result = NULL;
  if (!type->size)
    return E_INVALIDARG;
  const OleanderFace *face = server_complete_faces(type);
  char *self = face ? calloc(1, type->size) : NULL;
  if (!self)
    return E_OUTOFMEMORY;
  for (; face->iid; face++) {
    if (face->vtable)
      *(const void **)(void *)(self + face->offset) = face->vtable;
  }
  OleanderObject *object = (OleanderObject *)(void *)(self + type->object);
  oleander_object_begin(object, type, outer);
  if (type->construct)
    hr = type->construct(self);
  if (FAILED(hr)) {
    object_release_inner(&object->unknown);
    return hr;
  }
  *result = self;
  return S_OK;
}

/* IDispatch */

/* The row of the interface at `face`: the first one at that place. NULL: there is none. */
static const OleanderFace *row_of_face(OleanderObject *object, const void *face) {
  const OleanderFace *row = object->type->faces;
  if (!row || !row->iid || object->type->make)
    return row && row->iid ? row : NULL;
  while (row->iid && (const char *)face != (const char *)self_of(object) + row->offset)
    row++;
  return row->iid ? row : NULL;
}

/* Type information of the default interface: the class keeps it, as long as its module is open. */
static HRESULT default_type_info(OleanderClass *type, ITypeInfo **info) {
  ITypeInfo *none = NULL;
  *info = __atomic_load_n(&type->type_info, __ATOMIC_ACQUIRE);
  if (*info)
    return S_OK;
  HRESULT hr = oleander_module_type_info(type->module, type->faces->iid, info);
  if (SUCCEEDED(hr) &&
      !__atomic_compare_exchange_n(&type->type_info, &none, *info, false, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE)) {
    ITypeInfo_Release(*info);
    *info = none;
  }
  return hr;
}

/* The type information of the interface at `face`, which is the caller's. */
static HRESULT face_type_info(OleanderObject *object, const void *face, ITypeInfo **info) {
  const OleanderFace *row = row_of_face(object, face);
  if (!row)
    return TYPE_E_ELEMENTNOTFOUND;
  if (row != object->type->faces)
    return oleander_module_type_info(object->type->module, row->iid, info);
  HRESULT hr = default_type_info(object->type, info);
  if (SUCCEEDED(hr))
    ITypeInfo_AddRef(*info);
  return hr;
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

  (void)lcid;
  if (!IsEqualIID(iid, &IID_NULL))
    return DISP_E_UNKNOWNINTERFACE;
  HRESULT hr = face_type_info(object, face, &info);
  if (SUCCEEDED(hr)) {
    hr = DispGetIDsOfNames(info, names, count, ids);
    ITypeInfo_Release(info);
  }
  return hr;
}

HRESULT oleander_object_invoke(OleanderObject *object, void *face, DISPID id, REFIID iid, LCID lcid, WORD flags,
                               DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  const OleanderFace *row = row_of_face(object, face);
  ITypeInfo *info = NULL;

  if (!IsEqualIID(iid, &IID_NULL))
    return DISP_E_UNKNOWNINTERFACE;
  if (row && row == object->type->faces &&
      first_kind(object->type) != FIRST_DISPINTERFACE) { /* most calls: nobody counts references */
    HRESULT hr = default_type_info(object->type, &info);
    return FAILED(hr) ? hr : DispInvoke(face, info, id, flags, params, result, exception, bad_argument);
  }
  HRESULT hr = face_type_info(object, face, &info);
  if (SUCCEEDED(hr) && server_is_dispinterface(info)) {
    hr = server_invoke_dispinterface(info, face, id, lcid, flags, params, result, exception, bad_argument);
    ITypeInfo_Release(info);
  } else if (SUCCEEDED(hr)) {
    hr = DispInvoke(face, info, id, flags, params, result, exception, bad_argument);
    ITypeInfo_Release(info);
  }
  return hr;
}

/* Errors */

HRESULT oleander_object_fail(HRESULT code, const IID *iid, const char *source, const char *description) {
  OLECHAR *wide_source = error_text_wide(source);
  OLECHAR *wide_description = error_text_wide(description);

  error_set(code, &(ErrorFacts){ .iid = iid, .source = wide_source, .description = wide_description });
  free(wide_source);
  free(wide_description);
  return code;
}
