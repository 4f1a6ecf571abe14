/* interface_plan.c - what type information says of an interface, read once for both sides; see interface_plan.h. Everything is
 * read through dispatch/types/typeinfo_read.h: type information may be a stranger's. */
#include "bridge/types/interface_plan.h"

#include <stdlib.h>
#include <string.h>

#define NAME_LIMIT 512 /* no identifier is longer; a library with such names is damaged */

static const INVOKEKIND invoke_kinds[PLAN_KINDS] = { INVOKE_FUNC, INVOKE_PROPERTYGET, INVOKE_PROPERTYPUT,
                                                     INVOKE_PROPERTYPUTREF };

PlanKind plan_kind_of(INVOKEKIND kind) {
  for (int i = PLAN_GET; i < PLAN_KINDS; i++) {
    if (invoke_kinds[i] == kind)
      return (PlanKind)i;
  }
  return PLAN_METHOD;
}

INVOKEKIND plan_invoke_kind(PlanKind kind) {
  return invoke_kinds[kind];
}

/* Levels. */

/* Keeps what lies below IUnknown and IDispatch of a chain with references. */
static void keep_levels(InterfaceLevels *levels, ITypeInfo **chain, UINT count) {
  UINT used = 0;
  for (; used < count; used++) {
    TYPEATTR attributes;
    if (FAILED(typeinfo_copy_attributes(chain[used], &attributes)))
      break;
    bool dispatch = IsEqualGUID(&attributes.guid, &IID_IDispatch) != 0;
    levels->dispatch = levels->dispatch || dispatch;
    if (dispatch || IsEqualGUID(&attributes.guid, &IID_IUnknown))
      break;
    levels->iids[levels->count] = attributes.guid;
    levels->levels[levels->count++] = chain[used];
  }
  for (; used < count; used++)
    ITypeInfo_Release(chain[used]);
}

HRESULT interface_levels(ITypeInfo *info, InterfaceLevels *levels) {
  TYPEATTR attributes;
  ITypeInfo *other = NULL;
  memset(levels, 0, sizeof *levels);
  HRESULT result = typeinfo_copy_attributes(info, &attributes);
  if (FAILED(result))
    return result;
  if (attributes.typekind != TKIND_INTERFACE && attributes.typekind != TKIND_DISPATCH)
    return TYPE_E_WRONGTYPEKIND;
  bool dual = (attributes.wTypeFlags & TYPEFLAG_FDUAL) != 0;
  if (attributes.typekind == TKIND_DISPATCH && (!dual || FAILED(typeinfo_get_implemented(info, (UINT)-1, &other)))) {
    ITypeInfo_AddRef(info);
    levels->dispatch = true;
    levels->iids[0] = attributes.guid;
    levels->levels[levels->count++] = info;
    return S_OK;
  }
  ITypeInfo *chain[TYPEINFO_CHAIN_LIMIT];
  UINT count = 0;
  levels->vtabled = true;
  result = typeinfo_get_bases(other ? other : info, chain, TYPEINFO_CHAIN_LIMIT, &count);
  keep_levels(levels, chain, count);
  if (other)
    ITypeInfo_Release(other);
  return result;
}

void interface_levels_release(InterfaceLevels *levels) {
  for (unsigned i = 0; i < levels->count; i++)
    ITypeInfo_Release(levels->levels[i]);
  levels->count = 0;
}

/* Entries. */

typedef struct Visit {
  InterfaceVisitor *visit;
  void *context;
  OLECHAR name[NAME_LIMIT + 1];
} Visit;

static void name_entry(Visit *visit, ITypeInfo *info, InterfaceEntry *entry) {
  BSTR text = NULL;
  HRESULT result = typeinfo_get_name(info, entry->memid, &text);
  if (result == E_OUTOFMEMORY)
    entry->status = result;
  if (SUCCEEDED(result) && text && SysStringLen(text) <= NAME_LIMIT) {
    memcpy(visit->name, text, (SysStringLen(text) + 1u) * sizeof(OLECHAR));
    entry->name = visit->name;
  }
  SysFreeString(text);
}

static HRESULT visit_entry(Visit *visit, ITypeInfo *info, InterfaceEntry *entry) {
  if (SUCCEEDED(entry->status))
    name_entry(visit, info, entry);
  return visit->visit(visit->context, entry);
}

static HRESULT visit_function(Visit *visit, ITypeInfo *info, unsigned level, UINT index) {
  InterfaceEntry entry = { .level = level, .index = index };
  FUNCDESC *function = NULL;
  entry.status = typeinfo_get_function(info, index, &function);
  if (SUCCEEDED(entry.status)) {
    entry.memid = function->memid;
    entry.kind = plan_kind_of(function->invkind);
    entry.restricted = (function->wFuncFlags & FUNCFLAG_FRESTRICTED) != 0;
    bool callable = function->funckind != FUNC_STATIC && function->funckind != FUNC_NONVIRTUAL;
    /* The dispatch view of a dual interface lists the seven methods of IDispatch. */
    bool root = function->funckind == FUNC_DISPATCH && entry.memid >= 0x60000000 && entry.memid < 0x60020000 &&
                entry.restricted;
    typeinfo_release_function(info, &function);
    if (!callable || root)
      return S_OK;
  }
  return visit_entry(visit, info, &entry);
}

static HRESULT visit_variable(Visit *visit, ITypeInfo *info, unsigned level, UINT index) {
  InterfaceEntry entry = { .level = level, .index = index, .variable = true, .kind = PLAN_GET };
  VARDESC *variable = NULL;
  bool writable = false;
  entry.status = typeinfo_get_variable(info, index, &variable);
  if (SUCCEEDED(entry.status)) {
    entry.memid = variable->memid;
    entry.restricted = (variable->wVarFlags & VARFLAG_FRESTRICTED) != 0;
    writable = (variable->wVarFlags & VARFLAG_FREADONLY) == 0;
    bool property = variable->varkind == VAR_DISPATCH;
    typeinfo_release_variable(info, &variable);
    if (!property)
      return S_OK;
  }
  HRESULT result = visit_entry(visit, info, &entry);
  if (FAILED(result) || !writable)
    return result;
  entry.kind = PLAN_PUT;
  return visit_entry(visit, info, &entry);
}

HRESULT interface_visit_entries(ITypeInfo *const *levels, unsigned count, InterfaceVisitor *visit, void *context) {
  Visit visiting = { .visit = visit, .context = context };
  HRESULT result = S_OK;
  for (unsigned level = 0; level < count && SUCCEEDED(result); level++) {
    TYPEATTR attributes;
    result = typeinfo_copy_attributes(levels[level], &attributes);
    for (UINT i = 0; SUCCEEDED(result) && i < attributes.cFuncs; i++)
      result = visit_function(&visiting, levels[level], level, i);
    for (UINT i = 0; SUCCEEDED(result) && attributes.typekind == TKIND_DISPATCH && i < attributes.cVars; i++)
      result = visit_variable(&visiting, levels[level], level, i);
  }
  return result;
}

/* Signatures. */

static HRESULT variable_signature(ITypeInfo *info, UINT index, PlanKind kind, const Signature **signature) {
  VARDESC *variable = NULL;
  HRESULT result = typeinfo_get_variable(info, index, &variable);
  if (FAILED(result))
    return result;
  ELEMDESC parameter = variable->elemdescVar;
  FUNCDESC function;
  memset(&function, 0, sizeof function);
  function.memid = variable->memid;
  function.funckind = FUNC_DISPATCH;
  function.invkind = invoke_kinds[kind];
  function.callconv = CC_STDCALL;
  if (kind == PLAN_GET) {
    function.elemdescFunc.tdesc = variable->elemdescVar.tdesc;
    if (function.elemdescFunc.tdesc.vt == VT_HRESULT) /* it is the value, not whether there is one */
      function.elemdescFunc.tdesc.vt = VT_ERROR;
  } else {
    memset(&parameter.paramdesc, 0, sizeof parameter.paramdesc);
    parameter.paramdesc.wParamFlags = PARAMFLAG_FIN;
    function.elemdescFunc.tdesc.vt = VT_VOID;
    function.cParams = 1;
    function.lprgelemdescParam = &parameter;
  }
  BSTR names[1] = { NULL };
  UINT count = 0;
  if (FAILED(typeinfo_get_names(info, variable->memid, names, 1, &count)))
    count = 0;
  result = signature_from_funcdesc(info, &function, names, count, NULL, signature);
  typeinfo_free_names(names, 1);
  typeinfo_release_variable(info, &variable);
  return result;
}

HRESULT interface_entry_signature(ITypeInfo *level, UINT index, bool variable, PlanKind kind, const SignatureAbi *abi,
                                  const Signature **signature) {
  return variable ? variable_signature(level, index, kind, signature)
                  : typeinfo_signature(level, index, abi, signature);
}
