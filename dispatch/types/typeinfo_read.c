/* Checked reading of type information that may lie; see typeinfo_read.h. */
#ifndef COBJMACROS
#define COBJMACROS
#endif
#include "dispatch/types/typeinfo_read.h"

#include <string.h>

/* Of a call that gives a pointer: the pointer is there, or the call has failed. */
static HRESULT check_result(HRESULT hr, void *result) {
  void *pointer;
  memcpy(&pointer, result, sizeof pointer);
  if (SUCCEEDED(hr) && pointer)
    return hr;
  pointer = NULL;
  memcpy(result, &pointer, sizeof pointer);
  return FAILED(hr) ? hr : TYPE_E_INVDATAREAD;
}

/* Descriptions */

static bool typedesc_ends(const TYPEDESC *desc) {
  for (int depth = 0; desc && depth < TYPEINFO_DEPTH_LIMIT; depth++) {
    if (desc->vt == VT_PTR || desc->vt == VT_SAFEARRAY) {
      desc = desc->lptdesc;
    } else if (desc->vt == VT_CARRAY) {
      const ARRAYDESC *array = desc->lpadesc;
      if (!array || array->cDims == 0 || array->cDims > TYPEINFO_DIMENSION_LIMIT)
        return false;
      desc = &array->tdescElem;
    } else {
      return true;
    }
  }
  return false;
}

static bool attributes_are_sane(const TYPEATTR *attributes) {
  if ((unsigned)attributes->typekind >= TKIND_MAX)
    return false;
  return attributes->typekind != TKIND_ALIAS || typedesc_ends(&attributes->tdescAlias);
}

HRESULT typeinfo_get_attributes(ITypeInfo *info, TYPEATTR **attributes) {
  *attributes = NULL;
  HRESULT hr = check_result(ITypeInfo_GetTypeAttr(info, attributes), attributes);
  if (FAILED(hr) || attributes_are_sane(*attributes))
    return hr;
  typeinfo_release_attributes(info, attributes);
  return TYPE_E_INVDATAREAD;
}

void typeinfo_release_attributes(ITypeInfo *info, TYPEATTR **attributes) {
  TYPEATTR *given = *attributes;
  *attributes = NULL;
  if (given)
    ITypeInfo_ReleaseTypeAttr(info, given);
}

HRESULT typeinfo_copy_attributes(ITypeInfo *info, TYPEATTR *attributes) {
  TYPEATTR *own = NULL;
  memset(attributes, 0, sizeof *attributes);
  HRESULT hr = typeinfo_get_attributes(info, &own);
  if (FAILED(hr))
    return hr;
  *attributes = *own;
  attributes->lpstrSchema = NULL;
  memset(&attributes->tdescAlias, 0, sizeof attributes->tdescAlias);
  typeinfo_release_attributes(info, &own);
  return S_OK;
}

static bool invkind_is_known(INVOKEKIND kind) {
  return kind == INVOKE_FUNC || kind == INVOKE_PROPERTYGET || kind == INVOKE_PROPERTYPUT ||
         kind == INVOKE_PROPERTYPUTREF;
}

static bool function_is_sane(const FUNCDESC *function) {
  if ((unsigned)function->funckind > FUNC_DISPATCH || (unsigned)function->callconv >= CC_MAX ||
      !invkind_is_known(function->invkind))
    return false;
  if (function->cParams < 0 || function->cParams > TYPEINFO_PARAMETER_LIMIT ||
      (function->cParams > 0 && !function->lprgelemdescParam))
    return false;
  if (function->cParamsOpt < -1 || function->cParamsOpt > function->cParams ||
      (function->cScodes > 0 && !function->lprgscode))
    return false;
  for (SHORT k = 0; k < function->cParams; k++)
    if (!typedesc_ends(&function->lprgelemdescParam[k].tdesc))
      return false;
  return typedesc_ends(&function->elemdescFunc.tdesc);
}

HRESULT typeinfo_get_function(ITypeInfo *info, UINT index, FUNCDESC **function) {
  *function = NULL;
  HRESULT hr = check_result(ITypeInfo_GetFuncDesc(info, index, function), function);
  if (FAILED(hr) || function_is_sane(*function))
    return hr;
  typeinfo_release_function(info, function);
  return TYPE_E_INVDATAREAD;
}

void typeinfo_release_function(ITypeInfo *info, FUNCDESC **function) {
  FUNCDESC *given = *function;
  *function = NULL;
  if (given)
    ITypeInfo_ReleaseFuncDesc(info, given);
}

static bool variable_is_sane(const VARDESC *variable) {
  return (unsigned)variable->varkind <= VAR_DISPATCH && (variable->varkind != VAR_CONST || variable->lpvarValue) &&
         typedesc_ends(&variable->elemdescVar.tdesc);
}

HRESULT typeinfo_get_variable(ITypeInfo *info, UINT index, VARDESC **variable) {
  *variable = NULL;
  HRESULT hr = check_result(ITypeInfo_GetVarDesc(info, index, variable), variable);
  if (FAILED(hr) || variable_is_sane(*variable))
    return hr;
  typeinfo_release_variable(info, variable);
  return TYPE_E_INVDATAREAD;
}

void typeinfo_release_variable(ITypeInfo *info, VARDESC **variable) {
  VARDESC *given = *variable;
  *variable = NULL;
  if (given)
    ITypeInfo_ReleaseVarDesc(info, given);
}

const VARIANT *elemdesc_default(const ELEMDESC *element) {
  const PARAMDESC *description = &element->paramdesc;
  if (!(description->wParamFlags & PARAMFLAG_FHASDEFAULT) || !description->pparamdescex)
    return NULL;
  return &description->pparamdescex->varDefaultValue;
}

/* Texts */

HRESULT typeinfo_get_names(ITypeInfo *info, MEMBERID memid, BSTR *names, UINT limit, UINT *count) {
  memset(names, 0, limit * sizeof *names);
  *count = 0;
  HRESULT hr = ITypeInfo_GetNames(info, memid, names, limit, count);
  if (FAILED(hr)) { /* whatever was written then belongs to nobody who can be asked */
    memset(names, 0, limit * sizeof *names);
    *count = 0;
  } else if (*count > limit)
    *count = limit;
  return hr;
}

void typeinfo_free_names(BSTR *names, UINT limit) {
  for (UINT i = 0; i < limit; i++) {
    SysFreeString(names[i]);
    names[i] = NULL;
  }
}

HRESULT typeinfo_get_name(ITypeInfo *info, MEMBERID memid, BSTR *name) {
  UINT count = 0;
  HRESULT hr = typeinfo_get_names(info, memid, name, 1, &count);
  if (SUCCEEDED(hr) && count == 1 && *name)
    return S_OK;
  typeinfo_free_names(name, 1);
  return FAILED(hr) ? hr : TYPE_E_INVDATAREAD;
}

HRESULT typeinfo_get_documentation(ITypeInfo *info, MEMBERID memid, TypeDocumentation *documentation) {
  TypeDocumentation *text = documentation;
  memset(text, 0, sizeof *text);
  HRESULT hr = ITypeInfo_GetDocumentation(info, memid, &text->name, &text->help, &text->context, &text->file);
  if (FAILED(hr))
    memset(text, 0, sizeof *text);
  return hr;
}

HRESULT typelib_get_documentation(ITypeLib *library, INT index, TypeDocumentation *documentation) {
  TypeDocumentation *text = documentation;
  memset(text, 0, sizeof *text);
  HRESULT hr = ITypeLib_GetDocumentation(library, index, &text->name, &text->help, &text->context, &text->file);
  if (FAILED(hr))
    memset(text, 0, sizeof *text);
  return hr;
}

void typeinfo_free_documentation(TypeDocumentation *documentation) {
  SysFreeString(documentation->name);
  SysFreeString(documentation->help);
  SysFreeString(documentation->file);
  memset(documentation, 0, sizeof *documentation);
}

/* Other types */

HRESULT typeinfo_get_reference(ITypeInfo *info, HREFTYPE reference, ITypeInfo **referred) {
  *referred = NULL;
  return check_result(ITypeInfo_GetRefTypeInfo(info, reference, referred), referred);
}

HRESULT typeinfo_get_implemented(ITypeInfo *info, UINT index, ITypeInfo **implemented) {
  HREFTYPE reference = (HREFTYPE)-1;
  *implemented = NULL;
  HRESULT hr = ITypeInfo_GetRefTypeOfImplType(info, index, &reference);
  return FAILED(hr) ? hr : typeinfo_get_reference(info, reference, implemented);
}

INT typeinfo_implemented_flags(ITypeInfo *info, UINT index) {
  INT flags = 0;
  return SUCCEEDED(ITypeInfo_GetImplTypeFlags(info, index, &flags)) ? flags : 0;
}

HRESULT typeinfo_get_library(ITypeInfo *info, ITypeLib **library, UINT *index) {
  *library = NULL;
  *index = 0;
  return check_result(ITypeInfo_GetContainingTypeLib(info, library, index), library);
}

/* What an alias names, NULL when `info` is no alias of a named type. */
static HRESULT step_behind_alias(ITypeInfo *info, ITypeInfo **next) {
  TYPEATTR *attributes;
  *next = NULL;
  HRESULT hr = typeinfo_get_attributes(info, &attributes);
  if (FAILED(hr))
    return hr;
  bool named = attributes->typekind == TKIND_ALIAS && attributes->tdescAlias.vt == VT_USERDEFINED;
  HREFTYPE reference = named ? attributes->tdescAlias.hreftype : 0;
  typeinfo_release_attributes(info, &attributes);
  return named ? typeinfo_get_reference(info, reference, next) : S_OK;
}

HRESULT typeinfo_resolve_alias(ITypeInfo *info, ITypeInfo **target) {
  HRESULT hr = S_OK;
  *target = NULL;
  ITypeInfo_AddRef(info);
  for (int depth = 0; depth < TYPEINFO_CHAIN_LIMIT && SUCCEEDED(hr); depth++) {
    ITypeInfo *next;
    hr = step_behind_alias(info, &next);
    if (SUCCEEDED(hr) && !next) {
      *target = info;
      return S_OK;
    }
    ITypeInfo_Release(info);
    if (FAILED(hr))
      return hr;
    info = next;
  }
  ITypeInfo_Release(info);
  return TYPE_E_CIRCULARTYPE;
}

/* Bases */

/* What one level of a chain is and whether anything stands above it. */
static HRESULT describe_level(ITypeInfo *level, GUID *guid, bool *has_base) {
  TYPEATTR attributes;
  HRESULT hr = typeinfo_copy_attributes(level, &attributes);
  *guid = attributes.guid;
  *has_base =
      attributes.cImplTypes > 0 && (attributes.typekind == TKIND_INTERFACE || attributes.typekind == TKIND_DISPATCH);
  return hr;
}

static bool was_there(const GUID *guids, UINT count, const GUID *guid) {
  for (UINT i = 0; i < count && !IsEqualGUID(guid, &GUID_NULL); i++)
    if (IsEqualGUID(&guids[i], guid))
      return true;
  return false;
}

HRESULT typeinfo_get_bases(ITypeInfo *info, ITypeInfo **levels, UINT limit, UINT *count) {
  GUID guids[TYPEINFO_CHAIN_LIMIT];
  bool has_base = true;
  if (limit > TYPEINFO_CHAIN_LIMIT)
    limit = TYPEINFO_CHAIN_LIMIT;
  ITypeInfo_AddRef(info);
  levels[0] = info;
  *count = 1;
  HRESULT hr = describe_level(info, &guids[0], &has_base);
  while (SUCCEEDED(hr) && has_base) {
    ITypeInfo *base;
    if (*count >= limit)
      return TYPE_E_CIRCULARTYPE;
    hr = typeinfo_get_implemented(levels[*count - 1], 0, &base);
    if (FAILED(hr))
      return hr;
    hr = describe_level(base, &guids[*count], &has_base);
    if (SUCCEEDED(hr) && was_there(guids, *count, &guids[*count]))
      hr = TYPE_E_CIRCULARTYPE;
    if (FAILED(hr)) {
      ITypeInfo_Release(base);
      return hr;
    }
    levels[*count] = base;
    *count += 1;
  }
  return hr;
}

void typeinfo_release_bases(ITypeInfo **levels, UINT count) {
  while (count > 0) {
    count--;
    ITypeInfo_Release(levels[count]);
  }
}

/* Libraries and objects */

HRESULT typelib_copy_attributes(ITypeLib *library, TLIBATTR *attributes) {
  TLIBATTR *own = NULL;
  memset(attributes, 0, sizeof *attributes);
  HRESULT hr = check_result(ITypeLib_GetLibAttr(library, &own), &own);
  if (FAILED(hr))
    return hr;
  *attributes = *own;
  ITypeLib_ReleaseTLibAttr(library, own);
  return S_OK;
}

HRESULT typelib_get_type(ITypeLib *library, UINT index, ITypeInfo **info) {
  *info = NULL;
  return check_result(ITypeLib_GetTypeInfo(library, index, info), info);
}

HRESULT typelib_get_type_of_guid(ITypeLib *library, REFGUID guid, ITypeInfo **info) {
  *info = NULL;
  return check_result(ITypeLib_GetTypeInfoOfGuid(library, guid, info), info);
}

HRESULT dispatch_get_type(IDispatch *dispatch, LCID lcid, ITypeInfo **info) {
  *info = NULL;
  return check_result(IDispatch_GetTypeInfo(dispatch, 0, lcid, info), info);
}
