/* access.c - what the metatable of an object does: o.Name, o.Name = v, o:Name(...), o(k), o[i], #o (LUA-API.md, Objects),
 * and com.get, put, putref, call, call_status, has. */
#include "bridge/client/client.h"

#include <string.h>

/* calling a member */

/* Type information may lie, and a DISPID that it gives may mean something else to the object: before the first call
 * through Invoke the object is asked what the name is. False: it has another idea of it. */
static bool id_is_true(Handle *handle, Member *member, const Plan *plan) {
  OLECHAR *name = member->wide;
  DISPID id = DISPID_UNKNOWN;
  bool trusted = (handle->flags & HANDLE_BY_ID) != 0;
  if (member->id_checked || plan->id < 0 || !handle->dispatch || trusted)
    return !member->id_false || trusted;
  member->id_checked = true;
  HRESULT result = IDispatch_GetIDsOfNames(handle->dispatch, &IID_NULL, &name, 1, LOCALE_USER_DEFAULT, &id);
  member->id_false = SUCCEEDED(result) ? id != plan->id : result == DISP_E_UNKNOWNNAME;
  return !member->id_false;
}

int plan_run(lua_State *L, Handle *handle, Plan *plan, int first, int count, bool with_status) {
  if (plan->vtable) {
    if (plan->is_quick && !with_status)
      return call_quick(L, handle, plan, first, count);
    return call_vtable(L, handle, plan, first, count, with_status);
  }
  if (handle->view->forced)
    return raise_text(L, E_NOINTERFACE, plan_push_subject(L, plan), "call = \"vtable\" is not possible: %s",
                      plan->refusal);
  if (!id_is_true(handle, plan->member, plan)) {
    lua_pushstring(L, plan->member->name);
    lua_insert(L, first);
    return dynamic_run(L, handle, first, first + 1, count, plan->flags, with_status);
  }
  if (plan->is_quick_invoke && !with_status)
    return call_quick_invoke(L, handle, plan, first, count);
  count = arguments_count(L, plan, first, count);
  InvokeCall call = {
    .plan = plan, .id = plan->id, .flags = plan->flags, .first = first, .count = count, .with_status = with_status
  };
  return call_invoke(L, handle, &call);
}

static void no_such_access(lua_State *L, const Member *member, const char *what) {
  raise_text(L, DISP_E_MEMBERNOTFOUND, lua_pushfstring(L, "%s.%s", member->view->name, member->name), "%s", what);
}

static Plan *plan_wanted(lua_State *L, Member *member, PlanKind kind) {
  static const char *const missing[PLAN_KINDS] = { "it is a property, not a method", "the property cannot be read",
                                                   "the property cannot be written",
                                                   "the property cannot be set to another object (no putref)" };
  if (!member->sources[kind].known)
    no_such_access(L, member, missing[kind]);
  return plan_get(L, member, kind);
}

/* The plan for a put: putref for an object where there is one, or where it is the only kind. */
static Plan *plan_for_put(lua_State *L, Member *member, int value) {
  bool object = handle_at(L, value) || boxed_is_nothing(L, value);
  bool by_reference = member->sources[PLAN_PUTREF].known && (object || !member->sources[PLAN_PUT].known);
  if (!by_reference && !member->sources[PLAN_PUT].known)
    no_such_access(L, member,
                   member_is_method(member) ? "a method cannot be assigned to" : "the property is read-only");
  return plan_get(L, member, by_reference ? PLAN_PUTREF : PLAN_PUT);
}

/* The object that a function of a type was called with. */
static Handle *self_check(lua_State *L, const View *view, const char *member) {
  Handle *handle = handle_at(L, 1);
  if (!handle) {
    raise_text(L, E_INVALIDARG, lua_pushfstring(L, "%s:%s", view->name, member),
               "called without its object, use ':' (o:%s(...), not o.%s(...))", member, member);
    return NULL;
  }
  if (!handle->face)
    raise_text(L, CO_E_RELEASED, lua_pushfstring(L, "%s:%s", view->name, member), "the %s object has been released",
               handle->view->name);
  return handle;
}

static int wrong_self(lua_State *L, const Member *member, const Handle *handle) {
  return raise_text(L, E_INVALIDARG, lua_pushfstring(L, "%s:%s", member->view->name, member->name),
                    "the method belongs to %s, the object is %s", member->view->name, handle->view->name);
}

/* A method: upvalue 1 is its member (light), upvalue 2 its view, which keeps it alive. */
static int method_call(lua_State *L) {
  Member *member = lua_touserdata(L, lua_upvalueindex(1));
  Plan *plan = member->plans[PLAN_METHOD];
  Handle *handle = handle_at(L, 1);
  if (!handle || !handle->face)
    handle = self_check(L, member->view, member->name);
  if (handle->view != member->view) {
    /* The same type seen in another way (call = "invoke", another state of the cache) is the same type. */
    if (!member->view->info || !IsEqualGUID(&handle->view->iid, &member->view->iid))
      return wrong_self(L, member, handle);
    Member *ambiguous, *same = member_find(L, handle->view, member->name, strlen(member->name), &ambiguous);
    if (!same || !same->sources[PLAN_METHOD].known)
      return wrong_self(L, member, handle);
    plan = plan_get(L, same, PLAN_METHOD);
  }
  bridge_enter(L, handle->bridge);
  if (plan->is_quick)
    return call_quick(L, handle, plan, 2, lua_gettop(L) - 1);
  return plan_run(L, handle, plan, 2, lua_gettop(L) - 1, false);
}

/* members by name */

/* Puts what the name stands for into the type's table of members and leaves it on the stack. */
static void remember_member(lua_State *L, Member *member, int key, int members, int view) {
  if (member_is_method(member)) {
    plan_get(L, member, PLAN_METHOD);
    lua_pushlightuserdata(L, member);
    lua_pushvalue(L, view);
    lua_pushcclosure(L, method_call, 2);
  } else {
    member->plain_get = member_is_readable_plain(L, member);
    if (member->plain_get && member->plans[PLAN_GET]->is_quick && member->plans[PLAN_GET]->quick_count == 0 &&
        member->plans[PLAN_GET]->result.op != QUICK_NONE)
      member->quick_get = member->plans[PLAN_GET];
    lua_pushlightuserdata(L, member);
  }
  lua_pushvalue(L, key);
  lua_pushvalue(L, -2);
  lua_rawset(L, members);
}

static void raise_ambiguous(lua_State *L, const View *view, const char *name, const Member *a, const Member *b) {
  raise_text(L, DISP_E_UNKNOWNNAME, view->name, "the name %s is ambiguous: it may mean %s or %s", name, a->name,
             b->name);
}

/* "no member Foo; did you mean ...": the text is made in Lua from the list of names. */
int raise_unknown(lua_State *L, const View *view, int key) {
  key = lua_absindex(L, key);
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  lua_pushvalue(L, key);
  lua_pushstring(L, view->name);
  lua_createtable(L, (int)view->member_count, 0);
  lua_Integer count = 0;
  for (size_t i = 0; i < view->member_count; i++) {
    if (view->members[i]->restricted)
      continue;
    lua_pushstring(L, view->members[i]->name);
    lua_rawseti(L, -2, ++count);
  }
  lua_pushboolean(L, view->info != NULL);
  bridge_call_helper(L, view->bridge, "unknown_member", 4, 1);
  return raise_text(L, DISP_E_UNKNOWNNAME, view->name, "%s", lua_tostring(L, -1));
}

/* Finds the member of a typed view; raises for an ambiguous name. NULL: no such name. */
static Member *find_member(lua_State *L, View *view, int key) {
  size_t length;
  const char *name = lua_tolstring(L, key, &length);
  Member *ambiguous, *member = member_find(L, view, name, length, &ambiguous);
  if (ambiguous)
    raise_ambiguous(L, view, name, member, ambiguous);
  return member;
}

/* o.Name, o[i] */

/* Whether a property that can be written takes arguments before the value: o.Key[k] = v. */
static bool put_takes_arguments(const Member *member) {
  static const int kinds[] = { PLAN_PUT, PLAN_PUTREF };
  for (int i = 0; i < 2; i++) {
    const MemberSource *source = &member->sources[kinds[i]];
    FUNCDESC *function = NULL;
    if (!source->known || source->variable ||
        FAILED(typeinfo_get_function(member->view->chain[source->chain], source->index, &function)))
      continue;
    bool more = function->cParams > 1;
    typeinfo_release_function(member->view->chain[source->chain], &function);
    if (more)
      return true;
  }
  return false;
}

static int read_property(lua_State *L, Handle *handle, Member *member) {
  if (!member->plain_get) {
    if (!member->sources[PLAN_GET].known && !put_takes_arguments(member))
      no_such_access(L, member, "the property cannot be read");
    return bound_push(L, 1, member);
  }
  Plan *plan = member->plans[PLAN_GET];
  lua_settop(L, 1);
  if (plan->is_quick)
    return call_quick(L, handle, plan, 2, 0);
  return plan_run(L, handle, plan, 2, 0, false);
}

/* A key of another type than string: only an integer means something. */
static void check_position(lua_State *L, const View *view) {
  int exact = 0;
  if (lua_type(L, 2) == LUA_TNUMBER)
    lua_tointegerx(L, 2, &exact);
  if (!exact)
    raise_text(L, E_INVALIDARG, view->name, "an object is indexed by a name or an integer, not by %s",
               value_type_name(L, 2));
}

/* The iterator of ipairs, which reads o[1], o[2] ... and would call the default member until it fails. */
static const char ipairs_key = 0;

static void refuse_ipairs(lua_State *L, const View *view) {
  lua_Debug caller;
  if (lua_tointeger(L, 2) != 1 || lua_getstack(L, 1, &caller) == 0 || lua_getinfo(L, "f", &caller) == 0)
    return;
  lua_CFunction function = lua_tocfunction(L, -1);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &ipairs_key);
  bool is = function && function == lua_tocfunction(L, -1);
  lua_pop(L, 2);
  if (is)
    raise_text(L, E_INVALIDARG, view->name, "ipairs does not loop over an object: for i, value in com.each(o)");
}

/* (object, plan, key) */
static int ask_exists(lua_State *L) {
  Plan *plan = lua_touserdata(L, 2);
  lua_remove(L, 2);
  return plan_run(L, handle_check(L, 1, NULL), plan, 2, 1, false);
}

/* A collection of keys that says which it has (Exists) may make a new entry for a key that is only read: by position that
 * must not happen. False: it has no such key. */
static bool position_exists(lua_State *L, Handle *handle) {
  View *view = handle->view;
  Member *ambiguous, *exists = view->info ? member_find(L, view, "Exists", 6, &ambiguous) : NULL;
  if (!exists || !member_is_method(exists))
    return true;
  Plan *plan = plan_get(L, exists, PLAN_METHOD);
  const Signature *signature = plan->signature;
  if (signature->arguments != 1 || signature->retval < 0 || signature->parameters[signature->retval].vt != VT_BOOL)
    return true;
  lua_pushcfunction(L, ask_exists);
  lua_pushvalue(L, 1);
  lua_pushlightuserdata(L, plan);
  lua_pushvalue(L, 2);
  lua_call(L, 3, 1); /* here it cannot suspend a coroutine */
  bool is = lua_toboolean(L, -1);
  lua_settop(L, 2);
  return is;
}

static int index_default(lua_State *L, View *view) {
  check_position(L, view);
  lua_settop(L, 2);
  refuse_ipairs(L, view);
  if (!position_exists(L, handle_check(L, 1, NULL)))
    return 0;
  return default_call(L, handle_at(L, 1), 2, 1, false);
}

/* The name is met for the first time, or is none of a type's members. */
static int index_slowly(lua_State *L, Handle *handle) {
  View *view = handle->view;
  if (lua_type(L, 2) != LUA_TSTRING)
    return index_default(L, view);
  Member *member = view->info ? find_member(L, view, 2) : NULL;
  if (!member)
    return handle->dispatch ? dynamic_index(L, handle) : raise_unknown(L, view, 2);
  remember_member(L, member, 2, lua_upvalueindex(1), lua_upvalueindex(2));
  if (lua_type(L, -1) == LUA_TFUNCTION)
    return 1;
  lua_settop(L, 2);
  return read_property(L, handle, member);
}

int access_index(lua_State *L) {
  lua_pushvalue(L, 2);
  int kind = lua_rawget(L, lua_upvalueindex(1));
  if (kind == LUA_TFUNCTION)
    return 1;
  Handle *handle = handle_at(L, 1);
  if (!handle || !handle->face)
    handle = handle_check(L, 1, lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : NULL);
  bridge_enter(L, handle->bridge);
  if (kind == LUA_TLIGHTUSERDATA) {
    Member *member = lua_touserdata(L, -1);
    if (member->quick_get && member->view == handle->view)
      return call_quick_get(L, handle, member->quick_get);
    if (member->view == handle->view)
      return read_property(L, handle, member);
  }
  lua_settop(L, 2);
  return index_slowly(L, handle);
}

/* o.Name = v */

static Member *member_for_put(lua_State *L, Handle *handle) {
  Member *member = find_member(L, handle->view, 2);
  if (member && !member_is_method(member))
    remember_member(L, member, 2, lua_upvalueindex(1), lua_upvalueindex(2));
  lua_settop(L, 3);
  return member;
}

int access_newindex(lua_State *L) {
  Handle *handle = handle_at(L, 1);
  if (!handle || !handle->face)
    handle = handle_check(L, 1, lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : NULL);
  bridge_enter(L, handle->bridge);
  lua_pushvalue(L, 2);
  int kind = lua_rawget(L, lua_upvalueindex(1));
  Member *member = kind == LUA_TLIGHTUSERDATA ? lua_touserdata(L, -1) : NULL;
  if (member && member->quick_put && member->view == handle->view) {
    call_quick(L, handle, member->quick_put, 3, 1);
    return 0;
  }
  lua_settop(L, 3);
  if (!member) {
    if (lua_type(L, 2) != LUA_TSTRING) {
      check_position(L, handle->view);
      return default_put(L, handle, 2, 2);
    }
    member = handle->view->info ? member_for_put(L, handle) : NULL;
    if (!member)
      return handle->dispatch ? dynamic_newindex(L, handle) : raise_unknown(L, handle->view, 2);
  }
  Plan *plan = member->plans[PLAN_PUT];
  if (!plan || member->sources[PLAN_PUTREF].known)
    plan = plan_for_put(L, member, 3);
  if (plan->signature->required > 1)
    return raise_text(L, DISP_E_BADPARAMCOUNT, plan_push_subject(L, plan),
                      "the property needs %d arguments: o.%s[k] = v, or com.put", plan->signature->required - 1,
                      member->name);
  if (plan->is_quick && plan->quick_count == 1 && plan->kind == PLAN_PUT && !member->sources[PLAN_PUTREF].known)
    member->quick_put = plan;
  plan_run(L, handle, plan, 3, 1, false);
  return 0;
}

/* the default member, Count */

/* Reads or calls the default member (DISPID_VALUE) with the values from `first` on. */
int default_call(lua_State *L, Handle *handle, int first, int count, bool with_status) {
  View *view = handle->view;
  Member *member = view->info ? member_by_id(L, view, DISPID_VALUE) : NULL;
  if (member) {
    PlanKind kind = member->sources[PLAN_GET].known ? PLAN_GET : PLAN_METHOD;
    return plan_run(L, handle, plan_wanted(L, member, kind), first, count, with_status);
  }
  if (!handle->dispatch || (view->info && view->route == ROUTE_VTABLE))
    return raise_text(L, DISP_E_MEMBERNOTFOUND, view->name, "the object has no default member");
  InvokeCall call = { .subject = lua_pushfstring(L, "%s default member", view->name),
                      .id = DISPID_VALUE,
                      .flags = DISPATCH_METHOD | DISPATCH_PROPERTYGET,
                      .first = first,
                      .count = count,
                      .with_status = with_status };
  return call_invoke(L, handle, &call);
}

/* Writes it: `count` values from `first` on, the last is the new value. */
int default_put(lua_State *L, Handle *handle, int first, int count) {
  View *view = handle->view;
  Member *member = view->info ? member_by_id(L, view, DISPID_VALUE) : NULL;
  if (member)
    return plan_run(L, handle, plan_for_put(L, member, first + count - 1), first, count, false);
  if (!handle->dispatch || (view->info && view->route == ROUTE_VTABLE))
    return raise_text(L, DISP_E_MEMBERNOTFOUND, view->name, "the object has no default member");
  InvokeCall call = { .subject = lua_pushfstring(L, "%s default member", view->name),
                      .id = DISPID_VALUE,
                      .flags = dynamic_put_flags(L, first + count - 1),
                      .first = first,
                      .count = count };
  return call_invoke(L, handle, &call);
}

int access_call(lua_State *L) {
  Handle *handle = handle_check(L, 1, "call");
  bridge_enter(L, handle->bridge);
  int results = dynamic_self_call(L, handle);
  return results >= 0 ? results : default_call(L, handle, 2, lua_gettop(L) - 1, false);
}

int access_length(lua_State *L) {
  Handle *handle = handle_check(L, 1, "#");
  bridge_enter(L, handle->bridge);
  lua_settop(L, 1);
  lua_pushliteral(L, "Count");
  lua_gettable(L, 1);
  if (!lua_isinteger(L, -1))
    return raise_text(L, DISP_E_TYPEMISMATCH, handle->view->name, "Count is %s, not an integer",
                      value_type_name(L, -1));
  return 1;
}

int access_pairs(lua_State *L) {
  Handle *handle = handle_check(L, 1, "pairs");
  bridge_enter(L, handle->bridge);
  return enumerator_push(L, handle, false);
}

/* com.get, put, putref, call, call_status */

/* The member that argument 2 names, or NULL when only the object itself can know it. */
static Member *named_member(lua_State *L, Handle *handle) {
  if (!handle->view->info && !handle->dispatch)
    raise_text(L, E_NOINTERFACE, lua_pushfstring(L, "%s.%s", handle->view->name, lua_tostring(L, 2)),
               "the object has no IDispatch, and nothing describes its members");
  if (!handle->view->info)
    return NULL;
  Member *member = find_member(L, handle->view, 2);
  if (!member && !handle->dispatch)
    raise_unknown(L, handle->view, 2);
  return member;
}

static Handle *enter_named(lua_State *L, const char *function) {
  Handle *handle = handle_check(L, 1, function);
  bridge_enter(L, handle->bridge);
  if (lua_type(L, 2) != LUA_TSTRING)
    raise_argument(L, E_INVALIDARG, function, 2, "the name of a member is wanted, not %s", value_type_name(L, 2));
  return handle;
}

static int core_get(lua_State *L) {
  Handle *handle = enter_named(L, "com.get");
  Member *member = named_member(L, handle);
  if (!member)
    return dynamic_access(L, handle, DISPATCH_PROPERTYGET, false);
  return plan_run(L, handle, plan_wanted(L, member, PLAN_GET), 3, lua_gettop(L) - 2, false);
}

static void check_value(lua_State *L, const char *function) {
  if (lua_gettop(L) < 3)
    raise_argument(L, DISP_E_PARAMNOTOPTIONAL, function, 3, "the new value is missing");
}

static int core_put(lua_State *L) {
  Handle *handle = enter_named(L, "com.put");
  Member *member = named_member(L, handle);
  check_value(L, "com.put");
  if (!member)
    return dynamic_access(L, handle, DISPATCH_PROPERTYPUT, false);
  return plan_run(L, handle, plan_wanted(L, member, PLAN_PUT), 3, lua_gettop(L) - 2, false);
}

static int core_putref(lua_State *L) {
  Handle *handle = enter_named(L, "com.putref");
  Member *member = named_member(L, handle);
  check_value(L, "com.putref");
  if (!member)
    return dynamic_access(L, handle, DISPATCH_PROPERTYPUTREF, false);
  return plan_run(L, handle, plan_wanted(L, member, PLAN_PUTREF), 3, lua_gettop(L) - 2, false);
}

static int call_named(lua_State *L, const char *function, bool with_status) {
  Handle *handle = enter_named(L, function);
  Member *member = named_member(L, handle);
  if (!member)
    return dynamic_access(L, handle, DISPATCH_METHOD | DISPATCH_PROPERTYGET, with_status);
  PlanKind kind = member->sources[PLAN_METHOD].known ? PLAN_METHOD : PLAN_GET;
  return plan_run(L, handle, plan_wanted(L, member, kind), 3, lua_gettop(L) - 2, with_status);
}

static int core_call(lua_State *L) {
  return call_named(L, "com.call", false);
}

static int core_call_status(lua_State *L) {
  return call_named(L, "com.call_status", true);
}

/* has(o, name): by type information, else by asking the object for a DISPID. */
static int core_has(lua_State *L) {
  Handle *handle = enter_named(L, "com.has");
  Member *ambiguous = NULL, *member = NULL;
  size_t length;
  const char *name = lua_tolstring(L, 2, &length);
  if (handle->view->info)
    member = member_find(L, handle->view, name, length, &ambiguous);
  DISPID id;
  lua_pushboolean(L, member || (handle->dispatch && dynamic_id(L, handle, 2, &id) == S_OK));
  return 1;
}

/* bound members */

const char bound_tag = 0;

/* A property that requires arguments, of one object: o.Item. The user value is the object. */
typedef struct Bound {
  const char *tag;
  Member *member;
} Bound;

int bound_push(lua_State *L, int object, Member *member) {
  object = lua_absindex(L, object);
  Bound *bound = lua_newuserdatauv(L, sizeof *bound, 1);
  bound->tag = &bound_tag;
  bound->member = member;
  lua_pushvalue(L, object);
  lua_setiuservalue(L, -2, 1);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &bound_tag);
  lua_setmetatable(L, -2);
  return 1;
}

/* Replaces the bound member at 1 by its object, which keeps the member alive. */
static Member *bound_open(lua_State *L, Handle **handle) {
  Bound *bound = tagged(L, 1, &bound_tag, sizeof(Bound));
  if (!bound) {
    raise_argument(L, E_INVALIDARG, NULL, 1, "a bound member is wanted");
    return NULL;
  }
  Member *member = bound->member;
  lua_getiuservalue(L, 1, 1);
  lua_replace(L, 1);
  *handle = handle_check(L, 1, member->name);
  bridge_enter(L, (*handle)->bridge);
  return member;
}

/* o.Item(k), and o:Item(k), where the object comes first. */
static int bound_call(lua_State *L) {
  Handle *handle;
  Member *member = bound_open(L, &handle);
  int first = lua_gettop(L) >= 2 && lua_rawequal(L, 1, 2) ? 3 : 2;
  return plan_run(L, handle, plan_wanted(L, member, PLAN_GET), first, lua_gettop(L) - first + 1, false);
}

static int bound_index(lua_State *L) {
  Handle *handle;
  lua_settop(L, 2);
  Member *member = bound_open(L, &handle);
  return plan_run(L, handle, plan_wanted(L, member, PLAN_GET), 2, 1, false);
}

/* o.Item[k] = v; o.Cells[com.args{2, 3}] = v */
static int bound_newindex(lua_State *L) {
  Handle *handle;
  lua_settop(L, 3);
  Member *member = bound_open(L, &handle);
  Plan *plan = plan_for_put(L, member, 3);
  int count = args_at(L, 2) ? arguments_spread_indexes(L, plan, 2) : 1;
  return plan_run(L, handle, plan, 2, count + 1, false);
}

static int bound_tostring(lua_State *L) {
  Bound *bound = tagged(L, 1, &bound_tag, sizeof(Bound));
  if (!bound)
    return luaL_error(L, "a bound member is wanted");
  lua_pushfstring(L, "%s.%s (takes arguments)", bound->member->view->name, bound->member->name);
  return 1;
}

/* Remembers which function ipairs loops with. */
static void find_ipairs(lua_State *L) {
  int top = lua_gettop(L);
  lua_getfield(L, LUA_REGISTRYINDEX, LUA_LOADED_TABLE);
  if (lua_getfield(L, -1, LUA_GNAME) == LUA_TTABLE && lua_getfield(L, -1, "ipairs") == LUA_TFUNCTION &&
      lua_iscfunction(L, -1)) {
    lua_newtable(L);
    lua_call(L, 1, 1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ipairs_key);
  }
  lua_settop(L, top);
}

void bound_open_type(lua_State *L) {
  find_ipairs(L);
  static const luaL_Reg methods[] = { { "__call", bound_call },
                                      { "__index", bound_index },
                                      { "__newindex", bound_newindex },
                                      { "__tostring", bound_tostring },
                                      { NULL, NULL } };
  luaL_newlib(L, methods);
  lua_pushliteral(L, "bound member");
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &bound_tag);
}

const luaL_Reg core_access_functions[] = {
  { "get", core_get },
  { "put", core_put },
  { "putref", core_putref },
  { "call", core_call },
  { "call_status", core_call_status },
  { "has", core_has },
  { NULL, NULL },
};
