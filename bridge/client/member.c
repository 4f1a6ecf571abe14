/* member.c - the members of a view: an index of names made from type information once, and look-ups in it. */
#include "bridge/client/client.h"
#include "com/caseless.h"
#include "com/unicode.h"

#include <stdlib.h>
#include <string.h>

#define NAME_LIMIT 512 /* no identifier is longer; a library with such names is damaged */

/* Memory that lives as long as the view can be reached: functions of the type may be called by finalizers when the view's
 * own finalizer has run. NULL never: raises. */
void *view_memory(lua_State *L, View *view, size_t size) {
  luaL_checkstack(L, 4, NULL);
  view_push(L, view);
  lua_getiuservalue(L, -1, 1);
  void *memory = lua_newuserdatauv(L, size, 0);
  memset(memory, 0, size);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  lua_pop(L, 2);
  return memory;
}

static Member *new_member(lua_State *L, View *view, const OLECHAR *name) {
  char text[3 * NAME_LIMIT + 1];
  size_t units = utf16_units((const char16_t *)name);
  size_t bytes = utf8_from_utf16((const char16_t *)name, units, text);
  if ((view->member_count & (view->member_count - 1)) == 0) {
    size_t capacity = view->member_count ? view->member_count * 2 : 1;
    Member **room = realloc(view->members, capacity * sizeof *room);
    if (room == NULL)
      raise_status(L, E_OUTOFMEMORY, view->name);
    view->members = room;
  }
  size_t wide = (units + 1) * sizeof(OLECHAR);
  Member *member = view_memory(L, view, sizeof *member + wide + bytes + 1);
  member->view = view;
  member->wide = (OLECHAR *)(member + 1);
  memcpy(member->wide, name, wide);
  member->name = memcpy((char *)member->wide + wide, text, bytes);
  view->members[view->member_count++] = member;
  return member;
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

static Member *member_named(lua_State *L, View *view, const OLECHAR *name, MEMBERID memid) {
  Member *member = find_exact(view, name);
  if (member == NULL) {
    member = new_member(L, view, name);
    member->id = memid;
  }
  return member;
}

/* The name on the C stack; S_FALSE: none that could be used. */
static HRESULT member_name(ITypeInfo *info, MEMBERID memid, OLECHAR name[NAME_LIMIT + 1]) {
  UINT count = 0;
  BSTR text = NULL;
  HRESULT result = ITypeInfo_GetNames(info, memid, &text, 1, &count);
  if (SUCCEEDED(result) && (count == 0 || text == NULL || SysStringLen(text) > NAME_LIMIT))
    result = S_FALSE;
  if (result == S_OK)
    memcpy(name, text, (SysStringLen(text) + 1u) * sizeof(OLECHAR));
  SysFreeString(text);
  return result;
}

static HRESULT index_function(lua_State *L, View *view, unsigned chain, UINT index) {
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
  OLECHAR name[NAME_LIMIT + 1];
  result = member_name(info, memid, name);
  if (result != S_OK)
    return result;
  Member *member = member_named(L, view, name, memid);
  member->restricted = member->restricted || restricted;
  note_source(member, kind, chain, index, false, memid);
  return S_OK;
}

static HRESULT index_variable(lua_State *L, View *view, unsigned chain, UINT index) {
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
  OLECHAR name[NAME_LIMIT + 1];
  result = member_name(info, memid, name);
  if (result != S_OK)
    return result;
  Member *member = member_named(L, view, name, memid);
  member->restricted = member->restricted || restricted;
  note_source(member, PLAN_GET, chain, index, true, memid);
  if (writable)
    note_source(member, PLAN_PUT, chain, index, true, memid);
  return S_OK;
}

/* A member that cannot be read does not hide the others. Want of memory ends the work. */
static HRESULT index_info(lua_State *L, View *view, unsigned chain) {
  TYPEATTR *attributes = NULL;
  HRESULT result = ITypeInfo_GetTypeAttr(view->chain[chain], &attributes);
  if (FAILED(result) || attributes == NULL)
    return FAILED(result) ? result : E_UNEXPECTED;
  UINT functions = attributes->cFuncs, variables = attributes->cVars;
  bool has_variables = attributes->typekind == TKIND_DISPATCH;
  ITypeInfo_ReleaseTypeAttr(view->chain[chain], attributes);
  for (UINT i = 0; i < functions; i++) {
    if (index_function(L, view, chain, i) == E_OUTOFMEMORY)
      return E_OUTOFMEMORY;
  }
  for (UINT i = 0; has_variables && i < variables; i++) {
    if (index_variable(L, view, chain, i) == E_OUTOFMEMORY)
      return E_OUTOFMEMORY;
  }
  return S_OK;
}

void view_index_members(lua_State *L, View *view) {
  if (view->indexed)
    return;
  HRESULT result = S_OK;
  for (unsigned i = 0; i < view->chain_length && SUCCEEDED(result); i++)
    result = index_info(L, view, i);
  if (FAILED(result)) {
    view_free_members(view);
    raise_text(L, result, view->name, "the members of this type cannot be read from its type library");
  }
  view->indexed = true;
}

/* The members' own memory goes with the view's. */
void view_free_members(View *view) {
  for (size_t i = 0; i < view->member_count; i++) {
    for (int kind = 0; kind < PLAN_KINDS; kind++) {
      Plan *plan = view->members[i]->plans[kind];
      if (plan != NULL)
        signature_release(plan->signature);
      view->members[i]->plans[kind] = NULL;
    }
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
    if (member->restricted || !caseless_equal(member->wide, wide))
      continue;
    if (found != NULL)
      *ambiguous = member;
    else
      found = member;
  }
  free(wide);
  return found;
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
