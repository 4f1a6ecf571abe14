/* member.c - the members of a view: an index of names made from type information once, and look-ups in it. */
#include "bridge/bridge_internal.h"

#include <stdlib.h>
#include <string.h>

static Member *new_member(View *view) {
  if ((view->member_count & (view->member_count - 1)) == 0) {
    size_t capacity = view->member_count ? view->member_count * 2 : 1;
    Member **room = realloc(view->members, capacity * sizeof *room);
    if (room == NULL)
      return NULL;
    view->members = room;
  }
  Member *member = calloc(1, sizeof *member);
  if (member == NULL)
    return NULL;
  member->view = view;
  view->members[view->member_count++] = member;
  return member;
}

static bool name_member(Member *member, const OLECHAR *name) {
  member->name = text_copy_utf8(name);
  member->wide = member->name != NULL ? text_copy_utf16(member->name) : NULL;
  return member->wide != NULL;
}

static Member *find_exact(const View *view, const OLECHAR *name) {
  for (size_t i = 0; i < view->member_count; i++) {
    const OLECHAR *a = view->members[i]->wide, *b = name;
    while (*a != 0 && *a == *b) {
      a++;
      b++;
    }
    if (*a == *b)
      return view->members[i];
  }
  return NULL;
}

static PlanKind plan_kind(INVOKEKIND kind) {
  switch (kind) {
  case INVOKE_PROPERTYGET:
    return PLAN_GET;
  case INVOKE_PROPERTYPUT:
    return PLAN_PUT;
  case INVOKE_PROPERTYPUTREF:
    return PLAN_PUTREF;
  default:
    return PLAN_METHOD;
  }
}

/* Notes that `member` can be accessed as `kind`; the most derived description wins. */
static void note_source(Member *member, PlanKind kind, unsigned chain, UINT index, bool variable, MEMBERID memid) {
  MemberSource *source = &member->sources[kind];
  if (source->known)
    return;
  source->known = true;
  source->variable = variable;
  source->chain = chain;
  source->index = index;
  source->memid = memid;
}

static Member *member_named(View *view, const OLECHAR *name, MEMBERID memid) {
  Member *member = find_exact(view, name);
  if (member != NULL)
    return member;
  member = new_member(view);
  if (member == NULL || !name_member(member, name))
    return NULL;
  member->id = memid;
  return member;
}

static HRESULT member_name(ITypeInfo *info, MEMBERID memid, BSTR *name) {
  UINT count = 0;
  *name = NULL;
  HRESULT result = ITypeInfo_GetNames(info, memid, name, 1, &count);
  if (SUCCEEDED(result) && (count == 0 || *name == NULL))
    return S_FALSE;
  return result;
}

static HRESULT index_function(View *view, unsigned chain, UINT index) {
  ITypeInfo *info = view->chain[chain];
  FUNCDESC *function = NULL;
  HRESULT result = ITypeInfo_GetFuncDesc(info, index, &function);
  if (FAILED(result) || function == NULL)
    return FAILED(result) ? result : E_UNEXPECTED;
  MEMBERID memid = function->memid;
  PlanKind kind = plan_kind(function->invkind);
  bool restricted = (function->wFuncFlags & FUNCFLAG_FRESTRICTED) != 0;
  bool callable = function->funckind != FUNC_STATIC && function->funckind != FUNC_NONVIRTUAL;
  /* The dispatch view of a dual interface lists the seven methods of IDispatch. */
  bool root = function->funckind == FUNC_DISPATCH && memid >= 0x60000000 && memid < 0x60020000 && restricted;
  ITypeInfo_ReleaseFuncDesc(info, function);
  if (!callable || root)
    return S_OK;
  BSTR name;
  result = member_name(info, memid, &name);
  if (result != S_OK) {
    SysFreeString(name);
    return result;
  }
  Member *member = member_named(view, name, memid);
  SysFreeString(name);
  if (member == NULL)
    return E_OUTOFMEMORY;
  member->restricted = member->restricted || restricted;
  note_source(member, kind, chain, index, false, memid);
  return S_OK;
}

static HRESULT index_variable(View *view, unsigned chain, UINT index) {
  ITypeInfo *info = view->chain[chain];
  VARDESC *variable = NULL;
  HRESULT result = ITypeInfo_GetVarDesc(info, index, &variable);
  if (FAILED(result) || variable == NULL)
    return FAILED(result) ? result : E_UNEXPECTED;
  MEMBERID memid = variable->memid;
  bool property = variable->varkind == VAR_DISPATCH;
  bool writable = (variable->wVarFlags & VARFLAG_FREADONLY) == 0;
  bool restricted = (variable->wVarFlags & VARFLAG_FRESTRICTED) != 0;
  ITypeInfo_ReleaseVarDesc(info, variable);
  if (!property)
    return S_OK;
  BSTR name;
  result = member_name(info, memid, &name);
  if (result != S_OK) {
    SysFreeString(name);
    return result;
  }
  Member *member = member_named(view, name, memid);
  SysFreeString(name);
  if (member == NULL)
    return E_OUTOFMEMORY;
  member->restricted = member->restricted || restricted;
  note_source(member, PLAN_GET, chain, index, true, memid);
  if (writable)
    note_source(member, PLAN_PUT, chain, index, true, memid);
  return S_OK;
}

/* A member that cannot be read does not hide the others. Want of memory ends the work. */
static HRESULT index_info(View *view, unsigned chain) {
  TYPEATTR *attributes = NULL;
  HRESULT result = ITypeInfo_GetTypeAttr(view->chain[chain], &attributes);
  if (FAILED(result) || attributes == NULL)
    return FAILED(result) ? result : E_UNEXPECTED;
  UINT functions = attributes->cFuncs, variables = attributes->cVars;
  bool has_variables = attributes->typekind == TKIND_DISPATCH;
  ITypeInfo_ReleaseTypeAttr(view->chain[chain], attributes);
  for (UINT i = 0; i < functions; i++) {
    if (index_function(view, chain, i) == E_OUTOFMEMORY)
      return E_OUTOFMEMORY;
  }
  for (UINT i = 0; has_variables && i < variables; i++) {
    if (index_variable(view, chain, i) == E_OUTOFMEMORY)
      return E_OUTOFMEMORY;
  }
  return S_OK;
}

void view_index_members(lua_State *L, View *view) {
  if (view->indexed)
    return;
  HRESULT result = S_OK;
  for (unsigned i = 0; i < view->chain_length && SUCCEEDED(result); i++)
    result = index_info(view, i);
  if (FAILED(result)) {
    view_free_members(view);
    raise_text(L, result, view->name, "the members of this type cannot be read from its type library");
  }
  view->indexed = true;
}

void view_free_members(View *view) {
  for (size_t i = 0; i < view->member_count; i++) {
    Member *member = view->members[i];
    for (int kind = 0; kind < PLAN_KINDS; kind++)
      plan_free(member->plans[kind]);
    free((void *)member->name);
    free(member->wide);
    free(member);
  }
  free(view->members);
  view->members = NULL;
  view->member_count = 0;
  view->indexed = false;
}

/* ------------------------------------------------------------------------------------------------------------ look-up */

Member *member_find(lua_State *L, View *view, const char *name, size_t length, Member **ambiguous) {
  *ambiguous = NULL;
  view_index_members(L, view);
  for (size_t i = 0; i < view->member_count; i++) {
    Member *member = view->members[i];
    if (!member->restricted && strlen(member->name) == length && memcmp(member->name, name, length) == 0)
      return member;
  }
  if (memchr(name, 0, length) != NULL)
    return NULL;
  OLECHAR *wide = text_copy_utf16(name);
  if (wide == NULL)
    return NULL;
  Member *found = NULL;
  for (size_t i = 0; i < view->member_count; i++) {
    Member *member = view->members[i];
    if (member->restricted || !text_equal_fold(member->wide, wide))
      continue;
    if (found != NULL)
      *ambiguous = member;
    else
      found = member;
  }
  free(wide);
  return *ambiguous != NULL ? NULL : found;
}

Member *member_by_id(lua_State *L, View *view, DISPID id) {
  view_index_members(L, view);
  for (size_t i = 0; i < view->member_count; i++) {
    Member *member = view->members[i];
    for (int kind = 0; kind < PLAN_KINDS; kind++) {
      if (member->sources[kind].known && member->sources[kind].memid == id)
        return member;
    }
  }
  return NULL;
}

bool member_is_method(const Member *member) {
  return member->sources[PLAN_METHOD].known && !member->sources[PLAN_GET].known;
}

bool member_is_readable_plain(lua_State *L, Member *member) {
  if (!member->sources[PLAN_GET].known)
    return false;
  return plan_get(L, member, PLAN_GET)->signature->required == 0;
}
