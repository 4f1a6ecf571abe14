/* Asks a library everything: what the tests of damaged files and the fuzz target do with what they open. */
#ifndef OLEANDER_TESTS_TYPELIB_WALK_H
#define OLEANDER_TESTS_TYPELIB_WALK_H

#include <oleauto.h>

#define WALK_TYPES   200u /* types, members and parameters looked at: damage can claim any number of them */
#define WALK_MEMBERS 300u

static inline void walk_desc(ITypeInfo2 *info, const TYPEDESC *desc, unsigned depth) {
  ITypeInfo *target;

  while (depth-- > 0 && (desc->vt == VT_PTR || desc->vt == VT_SAFEARRAY || desc->vt == VT_CARRAY))
    desc = desc->vt == VT_CARRAY ? &desc->lpadesc->tdescElem : desc->lptdesc;
  if (desc->vt == VT_USERDEFINED && SUCCEEDED(ITypeInfo2_GetRefTypeInfo(info, desc->hreftype, &target)))
    ITypeInfo_Release(target);
}

static inline void walk_custom(HRESULT hr, CUSTDATA *data) {
  if (SUCCEEDED(hr))
    ClearCustData(data);
}

static inline void walk_names(ITypeInfo2 *info, MEMBERID memid) {
  BSTR names[16], text = NULL, other = NULL;
  MEMBERID ids[16];
  UINT count = 0;
  WORD ordinal;
  DWORD context;
  volatile OLECHAR last = 0;

  if (SUCCEEDED(ITypeInfo2_GetNames(info, memid, names, 16, &count))) {
    if (count > 0)
      ITypeInfo2_GetIDsOfNames(info, names, 1, ids);
    while (count > 0) {
      last = names[--count][0]; /* what is counted is there to be read */
      SysFreeString(names[count]);
    }
  }
  (void)last;
  if (SUCCEEDED(ITypeInfo2_GetDocumentation(info, memid, &text, NULL, &context, &other))) {
    SysFreeString(text);
    SysFreeString(other);
  }
  if (SUCCEEDED(ITypeInfo2_GetDocumentation2(info, memid, 0, &text, &context, &other))) {
    SysFreeString(text);
    SysFreeString(other);
  }
  if (SUCCEEDED(ITypeInfo2_GetDllEntry(info, memid, INVOKE_FUNC, &text, &other, &ordinal))) {
    SysFreeString(text);
    SysFreeString(other);
  }
}

static inline void walk_function(ITypeInfo2 *info, UINT index) {
  FUNCDESC *desc;
  CUSTDATA data;
  SHORT parameter;

  if (FAILED(ITypeInfo2_GetFuncDesc(info, index, &desc)))
    return;
  walk_desc(info, &desc->elemdescFunc.tdesc, 40);
  for (parameter = 0; parameter < desc->cParams; parameter++) {
    walk_desc(info, &desc->lprgelemdescParam[parameter].tdesc, 40);
    walk_custom(ITypeInfo2_GetAllParamCustData(info, index, (UINT)parameter, &data), &data);
  }
  walk_custom(ITypeInfo2_GetAllFuncCustData(info, index, &data), &data);
  walk_names(info, desc->memid);
  ITypeInfo2_ReleaseFuncDesc(info, desc);
}

static inline void walk_variable(ITypeInfo2 *info, UINT index) {
  VARDESC *desc;
  CUSTDATA data;

  if (FAILED(ITypeInfo2_GetVarDesc(info, index, &desc)))
    return;
  walk_desc(info, &desc->elemdescVar.tdesc, 40);
  walk_custom(ITypeInfo2_GetAllVarCustData(info, index, &data), &data);
  walk_names(info, desc->memid);
  ITypeInfo2_ReleaseVarDesc(info, desc);
}

static inline void walk_implemented(ITypeInfo2 *info, UINT index) {
  HREFTYPE reference;
  ITypeInfo *target;
  CUSTDATA data;
  INT flags;

  ITypeInfo2_GetImplTypeFlags(info, index, &flags);
  walk_custom(ITypeInfo2_GetAllImplTypeCustData(info, index, &data), &data);
  if (SUCCEEDED(ITypeInfo2_GetRefTypeOfImplType(info, index, &reference)) &&
      SUCCEEDED(ITypeInfo2_GetRefTypeInfo(info, reference, &target)))
    ITypeInfo_Release(target);
}

static inline void walk_type(ITypeInfo2 *info) {
  TYPEATTR *attr;
  CUSTDATA data;
  UINT index;

  if (FAILED(ITypeInfo2_GetTypeAttr(info, &attr)))
    return;
  if (attr->typekind == TKIND_ALIAS)
    walk_desc(info, &attr->tdescAlias, 40);
  walk_custom(ITypeInfo2_GetAllCustData(info, &data), &data);
  walk_names(info, MEMBERID_NIL);
  for (index = 0; index < attr->cImplTypes && index < WALK_MEMBERS; index++)
    walk_implemented(info, index);
  for (index = 0; index < attr->cFuncs && index < WALK_MEMBERS; index++)
    walk_function(info, index);
  for (index = 0; index < attr->cVars && index < WALK_MEMBERS; index++)
    walk_variable(info, index);
  ITypeInfo2_ReleaseTypeAttr(info, attr);
}

static inline void walk_halves(ITypeInfo *info) {
  HREFTYPE reference;
  ITypeInfo *other;

  walk_type((ITypeInfo2 *)info);
  if (SUCCEEDED(ITypeInfo_GetRefTypeOfImplType(info, (UINT)-1, &reference)) &&
      SUCCEEDED(ITypeInfo_GetRefTypeInfo(info, reference, &other))) {
    walk_type((ITypeInfo2 *)other);
    ITypeInfo_Release(other);
  }
}

static inline void walk_lookups(ITypeLib *library, const OLECHAR *wanted) {
  OLECHAR name[32] = { 0 };
  ITypeInfo *infos[4];
  MEMBERID ids[4];
  USHORT found = 4;
  BOOL known;
  UINT index;

  for (index = 0; index < 31 && wanted[index]; index++)
    name[index] = wanted[index];
  ITypeLib_IsName(library, name, 0, &known);
  if (SUCCEEDED(ITypeLib_FindName(library, name, 0, infos, ids, &found)))
    for (index = 0; index < found; index++)
      ITypeInfo_Release(infos[index]);
}

static inline void walk_library(ITypeLib *library) {
  UINT count = ITypeLib_GetTypeInfoCount(library), index;
  BSTR name = NULL, help = NULL, file = NULL;
  ITypeInfo *info;
  CUSTDATA data;
  DWORD context;

  if (SUCCEEDED(ITypeLib_GetDocumentation(library, -1, &name, &help, &context, &file))) {
    SysFreeString(name);
    SysFreeString(help);
    SysFreeString(file);
  }
  walk_custom(ITypeLib2_GetAllCustData((ITypeLib2 *)library, &data), &data);
  walk_lookups(library, u"Name");
  walk_lookups(library, u"no such name");
  for (index = 0; index < count && index < WALK_TYPES; index++) {
    if (FAILED(ITypeLib_GetTypeInfo(library, index, &info)))
      continue;
    walk_halves(info);
    ITypeInfo_Release(info);
  }
}

#endif
