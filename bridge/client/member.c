/* member.c - the members of a view: an index of names made from type information once, and look-ups in it. */
#include "bridge/client/client.h"
#include "com/com_api.h"

#include <stdlib.h>
#include <string.h>

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
  size_t units = utf16_units((const char16_t *)name);
  size_t bytes = utf8_length((const char16_t *)name, units);
  if ((view->member_count & (view->member_count - 1)) == 0) {
    size_t capacity = view->member_count ? view->member_count * 2 : 1;
    Member **room = realloc(view->members, capacity * sizeof *room);
    if (!room)
      raise_status(L, E_OUTOFMEMORY, view->name);
    view->members = room;
  }
  size_t wide = (units + 1) * sizeof(OLECHAR);
  Member *member = view_memory(L, view, sizeof *member + wide + bytes + 1);
  member->view = view;
  member->wide = (OLECHAR *)(member + 1);
  memcpy(member->wide, name, wide);
  char *text = (char *)member->wide + wide; /* zeroed, and so terminated */
  utf8_from_utf16((const char16_t *)name, units, text);
  member->name = text;
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
  if (!member) {
    member = new_member(L, view, name);
    member->id = memid;
  }
  return member;
}

typedef struct Indexing {
  lua_State *L;
  View *view;
} Indexing;

/* A member that cannot be read does not hide the others. Want of memory ends the work. */
static HRESULT index_entry(void *context, const InterfaceEntry *entry) {
  const Indexing *indexing = context;
  if (FAILED(entry->status))
    return entry->status == E_OUTOFMEMORY ? E_OUTOFMEMORY : S_OK;
  if (!entry->name)
    return S_OK;
  Member *member = member_named(indexing->L, indexing->view, entry->name, entry->memid);
  member->restricted = member->restricted || entry->restricted;
  note_source(member, entry->kind, entry->level, entry->index, entry->variable, entry->memid);
  return S_OK;
}

void view_index_members(lua_State *L, View *view) {
  if (view->indexed)
    return;
  Indexing indexing = { L, view };
  HRESULT result = interface_visit_entries(view->chain, view->chain_length, index_entry, &indexing);
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
      if (plan)
        signature_release(plan->signature);
      view->members[i]->plans[kind] = NULL;
    }
  }
  free(view->members);
  view->members = NULL;
  view->member_count = 0;
  view->indexed = false;
}

/* look-up */

Member *member_find(lua_State *L, View *view, const char *name, size_t length, Member **ambiguous) {
  *ambiguous = NULL;
  view_index_members(L, view);
  for (size_t i = 0; i < view->member_count; i++) {
    Member *member = view->members[i];
    if (!member->restricted && strlen(member->name) == length && memcmp(member->name, name, length) == 0)
      return member;
  }
  if (memchr(name, 0, length))
    return NULL;
  OLECHAR *wide = text_copy_utf16(name);
  if (!wide)
    return NULL;
  Member *found = NULL;
  for (size_t i = 0; i < view->member_count; i++) {
    Member *member = view->members[i];
    if (member->restricted || !caseless_equal(member->wide, wide))
      continue;
    if (found)
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
