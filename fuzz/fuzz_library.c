/* A type library from bytes to every use of every member: all questions of ITypeLib2, ITypeInfo2 and ITypeComp, and the
 * signatures, records and interfaces that dispatch/ makes of them. */
#include "fuzz/work_limit.h"
#include "tests/typelib/walk.h"

#include "dispatch/dispatch_api.h"
#include "dispatch/types/signature.h"

#include <oleander_typelib.h>

#include <stddef.h>
#include <stdint.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum { TYPES = 64, MEMBERS = 64 };

static void release_binding(ITypeInfo *info, DESCKIND kind, BINDPTR binding) {
  if (kind == DESCKIND_FUNCDESC)
    ITypeInfo_ReleaseFuncDesc(info, binding.lpfuncdesc);
  else if (kind == DESCKIND_VARDESC || kind == DESCKIND_IMPLICITAPPOBJ)
    ITypeInfo_ReleaseVarDesc(info, binding.lpvardesc);
  else if (kind == DESCKIND_TYPECOMP)
    ITypeComp_Release(binding.lptcomp);
  if (info)
    ITypeInfo_Release(info);
}

static void bind_name(ITypeComp *comp, BSTR name) {
  DESCKIND kind = DESCKIND_NONE;
  BINDPTR binding = { NULL };
  ITypeInfo *info = NULL;
  ITypeComp *none = NULL;

  if (SUCCEEDED(ITypeComp_Bind(comp, name, 0, 0, &info, &kind, &binding)))
    release_binding(info, kind, binding);
  info = NULL;
  if (SUCCEEDED(ITypeComp_BindType(comp, name, 0, &info, &none)) && info)
    ITypeInfo_Release(info);
}

static void use_member(ITypeInfo *info, ITypeComp *comp, MEMBERID memid, INVOKEKIND invkind) {
  BSTR names[8];
  UINT count = 0, index;

  if (SUCCEEDED(ITypeInfo_GetNames(info, memid, names, 8, &count)) && count > 0 && comp)
    bind_name(comp, names[0]);
  while (count > 0)
    SysFreeString(names[--count]);
  ITypeInfo2_GetFuncIndexOfMemId((ITypeInfo2 *)info, memid, invkind, &index);
  ITypeInfo2_GetVarIndexOfMemId((ITypeInfo2 *)info, memid, &index);
}

static void use_signature(IOleanderTypeInfo *signatures, UINT index) {
  const Signature *signature, *same;
  ITypeInfo *owner;

  if (FAILED(signatures->lpVtbl->GetSignature(signatures, index, &signature)))
    return;
  if (SUCCEEDED(signatures->lpVtbl->FindSignature(signatures, signature->memid, 0, &same, &owner))) {
    signature_release(same);
    ITypeInfo_Release(owner);
  }
  signature_release(signature);
}

static void use_type_node(ITypeInfo *info) {
  const Type *type;
  TypeSet *set;

  if (FAILED(type_set_create(&set)))
    return;
  (void)type_from_typeinfo(set, info, &type, NULL, 0);
  type_set_release(set);
}

static void use_class(ITypeInfo *info) {
  static const INT directions[] = { 0, IMPLTYPEFLAG_FSOURCE };
  ITypeInfo *found;

  for (unsigned index = 0; index < 2; index++)
    if (SUCCEEDED(coclass_default_interface(info, directions[index], &found)))
      ITypeInfo_Release(found);
}

static void use_members(ITypeInfo *info, const TYPEATTR *attr) {
  IOleanderTypeInfo *signatures = NULL;
  ITypeComp *comp = NULL;
  FUNCDESC *function;
  VARDESC *variable;

  (void)ITypeInfo_GetTypeComp(info, &comp);
  (void)ITypeInfo_QueryInterface(info, &IID_IOleanderTypeInfo, (void **)&signatures);
  for (UINT index = 0; index < attr->cFuncs && index < MEMBERS; index++) {
    use_signature(signatures, index);
    if (SUCCEEDED(ITypeInfo_GetFuncDesc(info, index, &function))) {
      use_member(info, comp, function->memid, function->invkind);
      ITypeInfo_ReleaseFuncDesc(info, function);
    }
  }
  for (UINT index = 0; index < attr->cVars && index < MEMBERS; index++) {
    if (SUCCEEDED(ITypeInfo_GetVarDesc(info, index, &variable))) {
      use_member(info, comp, variable->memid, INVOKE_PROPERTYGET);
      ITypeInfo_ReleaseVarDesc(info, variable);
    }
  }
  if (comp)
    ITypeComp_Release(comp);
  if (signatures)
    signatures->lpVtbl->Release(signatures);
}

static void use_type(ITypeInfo *info) {
  TYPEATTR *attr;
  HREFTYPE reference;
  ITypeInfo *other;

  if (FAILED(ITypeInfo_GetTypeAttr(info, &attr)))
    return;
  use_members(info, attr);
  use_type_node(info);
  use_class(info);
  if (attr->typekind == TKIND_DISPATCH && SUCCEEDED(ITypeInfo_GetRefTypeOfImplType(info, (UINT)-1, &reference)) &&
      SUCCEEDED(ITypeInfo_GetRefTypeInfo(info, reference, &other))) {
    use_type(other);
    ITypeInfo_Release(other);
  }
  ITypeInfo_ReleaseTypeAttr(info, attr);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  double begin = work_seconds();
  ITypeLib *library;
  ITypeInfo *info;

  if (FAILED(oleander_load_typelib_from_memory(data, size, &library)))
    return 0;
  walk_library(library);
  work_check(begin, "asking the library");
  for (UINT index = 0, count = ITypeLib_GetTypeInfoCount(library); index < count && index < TYPES; index++) {
    if (SUCCEEDED(ITypeLib_GetTypeInfo(library, index, &info))) {
      use_type(info);
      ITypeInfo_Release(info);
    }
  }
  work_check(begin, "using the library");
  ITypeLib_Release(library);
  return 0;
}
