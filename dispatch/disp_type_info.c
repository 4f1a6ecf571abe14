/* CreateDispTypeInfo: type information out of a table in C (INTERFACEDATA), for servers without a type library. It is a
 * coclass with one interface; both are answered by the objects below, which hold everything in one arena.
 * https://learn.microsoft.com/windows/win32/api/oleauto/nf-oleauto-createdisptypeinfo */
#include "dispatch/signature_internal.h"

#include "com/object.h"
#include "com/unicode.h"

#include <stdatomic.h>
#include <string.h>

/* A method of the table: what GetFuncDesc hands out, its names, its signature once it was called. */
typedef struct DispMethod {
  FUNCDESC desc;
  const OLECHAR **names; /* of the method, then of the parameters */
  _Atomic(const Signature *) signature;
} DispMethod;

typedef struct DispTypeInfo {
  ITypeInfo info;
  ITypeComp comp;
  Object object;
  TYPEATTR attributes;
  struct DispTypeInfo *interface_info; /* of the coclass: counted; the interface has NULL */
  TypeSet *memory;
  DispMethod *methods;
  UINT count;
} DispTypeInfo;

OBJECT_FACE(DispTypeInfo, info, ITypeInfo)
OBJECT_FACE(DispTypeInfo, comp, ITypeComp)

static DispTypeInfo *self_of(ITypeInfo *face) {
  return OBJECT_CONTAINER(face, DispTypeInfo, info);
}

/* The interface that has the members, for either kind. */
static DispTypeInfo *members_of(ITypeInfo *face) {
  DispTypeInfo *self = self_of(face);
  return self->interface_info ? self->interface_info : self;
}

/* --- Building ---------------------------------------------------------------------------------------------- */

/* VT_BYREF and VT_ARRAY become the nested descriptions that they stand for. */
static HRESULT describe_type(TypeSet *memory, VARTYPE vt, TYPEDESC *desc) {
  VARTYPE outer = vt & VT_BYREF ? VT_BYREF : vt & VT_ARRAY;
  if (!outer) {
    desc->vt = vt;
    return S_OK;
  }
  TYPEDESC *inner = type_set_allocate(memory, sizeof *inner);
  if (!inner)
    return E_OUTOFMEMORY;
  desc->vt = outer == VT_BYREF ? VT_PTR : VT_SAFEARRAY;
  desc->lptdesc = inner;
  return describe_type(memory, (VARTYPE)(vt & ~outer), inner);
}

static HRESULT copy_name(TypeSet *memory, const OLECHAR *name, const OLECHAR **copy) {
  *copy = type_set_text(memory, name ? name : u"", name ? utf16_units(name) : 0);
  return *copy ? S_OK : E_OUTOFMEMORY;
}

static HRESULT build_method(TypeSet *memory, const METHODDATA *data, DispMethod *method) {
  FUNCDESC *desc = &method->desc;
  if (data->cArgs > SIGNATURE_PARAMETER_LIMIT || (data->cArgs && !data->ppdata))
    return E_INVALIDARG;
  method->names = type_set_allocate(memory, (data->cArgs + 1) * sizeof *method->names);
  desc->lprgelemdescParam = type_set_allocate(memory, (data->cArgs + 1) * sizeof *desc->lprgelemdescParam);
  if (!method->names || !desc->lprgelemdescParam)
    return E_OUTOFMEMORY;
  desc->memid = data->dispid;
  desc->funckind = FUNC_VIRTUAL;
  desc->invkind = (INVOKEKIND)data->wFlags;
  desc->callconv = data->cc;
  desc->cParams = (SHORT)data->cArgs;
  desc->oVft = (SHORT)(data->iMeth * sizeof(void *));
  HRESULT hr = describe_type(memory, data->vtReturn, &desc->elemdescFunc.tdesc);
  if (SUCCEEDED(hr))
    hr = copy_name(memory, data->szName, &method->names[0]);
  for (UINT k = 0; k < data->cArgs && SUCCEEDED(hr); k++) {
    hr = describe_type(memory, data->ppdata[k].vt, &desc->lprgelemdescParam[k].tdesc);
    if (SUCCEEDED(hr))
      hr = copy_name(memory, data->ppdata[k].szName, &method->names[k + 1]);
  }
  return hr;
}

static HRESULT build_methods(DispTypeInfo *self, const INTERFACEDATA *data) {
  HRESULT hr = type_set_create(&self->memory);
  if (FAILED(hr))
    return hr;
  self->methods = type_set_allocate(self->memory, (data->cMembers + (size_t)1) * sizeof *self->methods);
  if (!self->methods)
    return E_OUTOFMEMORY;
  UINT slots = 0;
  for (UINT i = 0; i < data->cMembers && SUCCEEDED(hr); i++) {
    hr = build_method(self->memory, &data->pmethdata[i], &self->methods[i]);
    self->count++;
    if (data->pmethdata[i].iMeth >= slots)
      slots = data->pmethdata[i].iMeth + 1;
  }
  self->attributes.cFuncs = (WORD)self->count;
  self->attributes.cbSizeVft = (WORD)(slots * sizeof(void *));
  return hr;
}

static void DispTypeInfo_destroy(void *object) {
  DispTypeInfo *self = object;
  for (UINT i = 0; i < self->count; i++)
    signature_release(self->methods[i].signature);
  type_set_release(self->memory);
  if (self->interface_info)
    ITypeInfo_Release(&self->interface_info->info);
}

/* --- ITypeInfo --------------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetTypeAttr(ITypeInfo *face, TYPEATTR **attributes) {
  if (!attributes)
    return E_INVALIDARG;
  *attributes = &self_of(face)->attributes;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetTypeComp(ITypeInfo *face, ITypeComp **comp) {
  if (!comp)
    return E_INVALIDARG;
  *comp = &self_of(face)->comp;
  ITypeComp_AddRef(*comp);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetFuncDesc(ITypeInfo *face, UINT index, FUNCDESC **desc) {
  DispTypeInfo *self = self_of(face);
  if (!desc)
    return E_INVALIDARG;
  *desc = NULL;
  if (index >= self->count)
    return TYPE_E_ELEMENTNOTFOUND;
  *desc = &self->methods[index].desc;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetVarDesc(ITypeInfo *face, UINT index, VARDESC **desc) {
  (void)face;
  (void)index;
  if (desc)
    *desc = NULL;
  return TYPE_E_ELEMENTNOTFOUND;
}

/* The method with this member id that can be invoked in one of these ways; 0: in any. */
static DispMethod *find_member(DispTypeInfo *self, MEMBERID memid, UINT kinds) {
  for (UINT i = 0; i < self->count; i++)
    if (self->methods[i].desc.memid == memid && (!kinds || (UINT)self->methods[i].desc.invkind & kinds))
      return &self->methods[i];
  return NULL;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetNames(ITypeInfo *face, MEMBERID memid, BSTR *names, UINT limit,
                                                       UINT *count) {
  DispMethod *method = find_member(self_of(face), memid, 0);
  if (!names || !count)
    return E_INVALIDARG;
  *count = 0;
  if (!method)
    return TYPE_E_ELEMENTNOTFOUND;
  for (UINT i = 0; i < limit && i < (UINT)method->desc.cParams + 1; i++) {
    names[i] = SysAllocString(method->names[i]);
    if (!names[i]) {
      while (*count)
        SysFreeString(names[--*count]);
      return E_OUTOFMEMORY;
    }
    ++*count;
  }
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetRefTypeOfImplType(ITypeInfo *face, UINT index, HREFTYPE *reference) {
  if (!reference)
    return E_INVALIDARG;
  if (!self_of(face)->interface_info || index != 0)
    return TYPE_E_ELEMENTNOTFOUND;
  *reference = 0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetImplTypeFlags(ITypeInfo *face, UINT index, INT *flags) {
  if (!flags)
    return E_INVALIDARG;
  *flags = 0;
  return self_of(face)->interface_info && index == 0 ? S_OK : TYPE_E_ELEMENTNOTFOUND;
}

static MEMBERID find_parameter(const DispMethod *method, const OLECHAR *name) {
  for (int k = 0; k < method->desc.cParams; k++)
    if (name_equal(method->names[k + 1], name, true))
      return k;
  return MEMBERID_NIL;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetIDsOfNames(ITypeInfo *face, LPOLESTR *names, UINT count,
                                                            MEMBERID *ids) {
  DispTypeInfo *self = members_of(face);
  const DispMethod *method = NULL;
  HRESULT hr = S_OK;
  if (!names || !ids || !count)
    return E_INVALIDARG;
  for (UINT i = 0; i < count; i++)
    ids[i] = MEMBERID_NIL;
  for (UINT i = 0; i < self->count && !method; i++)
    if (name_equal(self->methods[i].names[0], names[0], true))
      method = &self->methods[i];
  if (!method)
    return DISP_E_UNKNOWNNAME;
  ids[0] = method->desc.memid;
  for (UINT i = 1; i < count; i++) {
    ids[i] = find_parameter(method, names[i]);
    if (ids[i] == MEMBERID_NIL)
      hr = DISP_E_UNKNOWNNAME;
  }
  return hr;
}

static HRESULT method_signature(DispTypeInfo *self, DispMethod *method, const Signature **signature) {
  *signature = method->signature;
  if (*signature)
    return S_OK;
  HRESULT hr = signature_from_funcdesc(&self->info, &method->desc, NULL, 0, NULL, signature);
  const Signature *none = NULL;
  if (SUCCEEDED(hr) && !atomic_compare_exchange_strong(&method->signature, &none, *signature)) {
    signature_release(*signature);
    *signature = none;
  }
  return hr;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_Invoke(ITypeInfo *face, PVOID instance, MEMBERID memid, WORD flags,
                                                     DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                                     UINT *bad_argument) {
  DispTypeInfo *self = members_of(face);
  DispMethod *method = flags ? find_member(self, memid, flags) : NULL;
  const Signature *signature = NULL;
  if (!instance || !params)
    return E_INVALIDARG;
  if (!method)
    return DISP_E_MEMBERNOTFOUND;
  HRESULT hr = method_signature(self, method, &signature);
  if (FAILED(hr))
    return hr;
  return signature_dispinvoke(signature, &self->info, instance, flags, self->attributes.lcid, params, result, exception,
                              bad_argument);
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetDocumentation(ITypeInfo *face, MEMBERID memid, BSTR *name, BSTR *text,
                                                               DWORD *context, BSTR *file) {
  DispMethod *method = find_member(self_of(face), memid, 0);
  if (name)
    *name = NULL;
  if (text)
    *text = NULL;
  if (context)
    *context = 0;
  if (file)
    *file = NULL;
  if (memid == MEMBERID_NIL)
    return S_OK;
  if (!method)
    return TYPE_E_ELEMENTNOTFOUND;
  if (name && !(*name = SysAllocString(method->names[0])))
    return E_OUTOFMEMORY;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetDllEntry(ITypeInfo *face, MEMBERID memid, INVOKEKIND kind, BSTR *dll,
                                                          BSTR *name, WORD *ordinal) {
  (void)face;
  (void)memid;
  (void)kind;
  if (dll)
    *dll = NULL;
  if (name)
    *name = NULL;
  if (ordinal)
    *ordinal = 0;
  return TYPE_E_BADMODULEKIND;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetRefTypeInfo(ITypeInfo *face, HREFTYPE reference, ITypeInfo **info) {
  if (!info)
    return E_INVALIDARG;
  *info = NULL;
  if (reference != 0)
    return TYPE_E_ELEMENTNOTFOUND;
  *info = &members_of(face)->info;
  ITypeInfo_AddRef(*info);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_AddressOfMember(ITypeInfo *face, MEMBERID memid, INVOKEKIND kind,
                                                              PVOID *address) {
  (void)face;
  (void)memid;
  (void)kind;
  if (address)
    *address = NULL;
  return TYPE_E_BADMODULEKIND;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_CreateInstance(ITypeInfo *face, IUnknown *outer, REFIID iid,
                                                             PVOID *object) {
  (void)face;
  (void)outer;
  (void)iid;
  if (object)
    *object = NULL;
  return TYPE_E_WRONGTYPEKIND;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetMops(ITypeInfo *face, MEMBERID memid, BSTR *mops) {
  (void)face;
  (void)memid;
  if (mops)
    *mops = NULL;
  return E_NOTIMPL;
}

/* There is no library around it. */
static HRESULT STDMETHODCALLTYPE DispTypeInfo_GetContainingTypeLib(ITypeInfo *face, ITypeLib **library, UINT *index) {
  (void)face;
  if (library)
    *library = NULL;
  if (index)
    *index = 0;
  return E_NOTIMPL;
}

static void STDMETHODCALLTYPE DispTypeInfo_ReleaseTypeAttr(ITypeInfo *face, TYPEATTR *attributes) {
  (void)face;
  (void)attributes;
}

static void STDMETHODCALLTYPE DispTypeInfo_ReleaseFuncDesc(ITypeInfo *face, FUNCDESC *desc) {
  (void)face;
  (void)desc;
}

static void STDMETHODCALLTYPE DispTypeInfo_ReleaseVarDesc(ITypeInfo *face, VARDESC *desc) {
  (void)face;
  (void)desc;
}

static const ITypeInfoVtbl type_info_vtable = {
  DispTypeInfo_info_QueryInterface,  DispTypeInfo_info_AddRef,     DispTypeInfo_info_Release,
  DispTypeInfo_GetTypeAttr,          DispTypeInfo_GetTypeComp,     DispTypeInfo_GetFuncDesc,
  DispTypeInfo_GetVarDesc,           DispTypeInfo_GetNames,        DispTypeInfo_GetRefTypeOfImplType,
  DispTypeInfo_GetImplTypeFlags,     DispTypeInfo_GetIDsOfNames,   DispTypeInfo_Invoke,
  DispTypeInfo_GetDocumentation,     DispTypeInfo_GetDllEntry,     DispTypeInfo_GetRefTypeInfo,
  DispTypeInfo_AddressOfMember,      DispTypeInfo_CreateInstance,  DispTypeInfo_GetMops,
  DispTypeInfo_GetContainingTypeLib, DispTypeInfo_ReleaseTypeAttr, DispTypeInfo_ReleaseFuncDesc,
  DispTypeInfo_ReleaseVarDesc,
};

/* --- ITypeComp --------------------------------------------------------------------------------------------- */

static HRESULT STDMETHODCALLTYPE DispTypeInfo_Bind(ITypeComp *face, LPOLESTR name, ULONG hash, WORD flags,
                                                   ITypeInfo **info, DESCKIND *kind, BINDPTR *pointer) {
  DispTypeInfo *self = OBJECT_CONTAINER(face, DispTypeInfo, comp);
  (void)hash;
  if (!name || !info || !kind || !pointer)
    return E_INVALIDARG;
  *info = NULL;
  *kind = DESCKIND_NONE;
  pointer->lpfuncdesc = NULL;
  for (UINT i = 0; i < self->count; i++) {
    DispMethod *method = &self->methods[i];
    if (!name_equal(method->names[0], name, true))
      continue;
    if (flags && !((UINT)method->desc.invkind & flags)) {
      *kind = DESCKIND_NONE;
      return TYPE_E_TYPEMISMATCH;
    }
    *info = &self->info;
    ITypeInfo_AddRef(*info);
    *kind = DESCKIND_FUNCDESC;
    pointer->lpfuncdesc = &method->desc;
    return S_OK;
  }
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE DispTypeInfo_BindType(ITypeComp *face, LPOLESTR name, ULONG hash, ITypeInfo **info,
                                                       ITypeComp **comp) {
  (void)face;
  (void)hash;
  if (!name || !info || !comp)
    return E_INVALIDARG;
  *info = NULL;
  *comp = NULL;
  return S_OK;
}

static const ITypeCompVtbl type_comp_vtable = {
  DispTypeInfo_comp_QueryInterface,
  DispTypeInfo_comp_AddRef,
  DispTypeInfo_comp_Release,
  DispTypeInfo_Bind,
  DispTypeInfo_BindType,
};

/* --- CreateDispTypeInfo ------------------------------------------------------------------------------------ */

static const ObjectFace disp_type_info_faces[] = {
  { &IID_ITypeInfo, offsetof(DispTypeInfo, info) },
  { &IID_ITypeComp, offsetof(DispTypeInfo, comp) },
  { NULL, 0 },
};
static const ObjectType disp_type_info_type = {
  .name = "DispTypeInfo",
  .size = sizeof(DispTypeInfo),
  .header = offsetof(DispTypeInfo, object),
  .faces = disp_type_info_faces,
  .destroy = DispTypeInfo_destroy,
};

static DispTypeInfo *create(TYPEKIND kind, LCID lcid) {
  DispTypeInfo *self = object_create(&disp_type_info_type);
  if (!self)
    return NULL;
  self->info.lpVtbl = (ITypeInfoVtbl *)(uintptr_t)&type_info_vtable;
  self->comp.lpVtbl = (ITypeCompVtbl *)(uintptr_t)&type_comp_vtable;
  self->attributes.typekind = kind;
  self->attributes.lcid = lcid;
  self->attributes.memidConstructor = self->attributes.memidDestructor = MEMBERID_NIL;
  self->attributes.cbSizeInstance = sizeof(void *);
  self->attributes.cbAlignment = _Alignof(void *);
  return self;
}

HRESULT CreateDispTypeInfo(INTERFACEDATA *data, LCID lcid, ITypeInfo **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!data || (data->cMembers && !data->pmethdata) || data->cMembers > 0xFFFF)
    return E_INVALIDARG;
  DispTypeInfo *members = create(TKIND_INTERFACE, lcid);
  DispTypeInfo *coclass = members ? create(TKIND_COCLASS, lcid) : NULL;
  HRESULT hr = coclass ? build_methods(members, data) : E_OUTOFMEMORY;
  if (FAILED(hr)) {
    if (coclass)
      ITypeInfo_Release(&coclass->info);
    if (members)
      ITypeInfo_Release(&members->info);
    return hr;
  }
  coclass->interface_info = members;
  coclass->attributes.cImplTypes = 1;
  *result = &coclass->info;
  return S_OK;
}
