/* dynamic.c - members that no type information describes: DISPIDs asked of the object itself (LUA-API.md, "Without type
 * information"). What is learned is kept in the object's user value:
 *     [name] = DISPID    [DISPID] = true: a plain read was refused, the member is called    origin: see below */
#include "bridge/client/client.h"

#include <stdlib.h>
#include <string.h>

/* Registry keys: the functions of untyped members by name; the metatable of tables with weak values. */
static const char functions_key = 0, weak_key = 0;

static void push_weak_metatable(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &weak_key);
}

/* Pushes the object's table of what is known of it. Its values are weak: the origin must not be kept alive by it. */
static void push_knowledge(lua_State *L, int object) {
  object = lua_absindex(L, object);
  if (lua_getiuservalue(L, object, 1) == LUA_TTABLE)
    return;
  lua_pop(L, 1);
  lua_newtable(L);
  push_weak_metatable(L);
  lua_setmetatable(L, -2);
  lua_pushvalue(L, -1);
  lua_setiuservalue(L, object, 1);
}

/* DISPIDs */

static HRESULT ask_extended(Handle *handle, BSTR name, DWORD flags, DISPID *id) {
  void *face = NULL;
  HRESULT result = handle_query(handle, &IID_IDispatchEx, &face);
  if (FAILED(result))
    return result;
  IDispatchEx *extended = face;
  result = IDispatchEx_GetDispID(extended, name, flags | fdexNameCaseSensitive, id);
  if (result == DISP_E_UNKNOWNNAME && !(flags & fdexNameEnsure))
    result = IDispatchEx_GetDispID(extended, name, flags | fdexNameCaseInsensitive, id);
  IDispatchEx_Release(extended);
  return result;
}

static HRESULT ask_object(Handle *handle, const char *name, size_t length, bool ensure, bool *is_extended, DISPID *id) {
  BSTR wide = NULL;
  HRESULT result = text_to_bstr(name, length, &wide);
  if (FAILED(result))
    return result == E_OUTOFMEMORY ? result : DISP_E_UNKNOWNNAME;
  Bridge *bridge = handle->bridge;
  bridge_leave(bridge);
  result = ask_extended(handle, wide, ensure ? fdexNameEnsure : 0, id);
  *is_extended = result != E_NOINTERFACE;
  if (result == E_NOINTERFACE || result == E_NOTIMPL) {
    OLECHAR *names = wide;
    *id = DISPID_UNKNOWN;
    result = IDispatch_GetIDsOfNames(handle->dispatch, &IID_NULL, &names, 1, LOCALE_USER_DEFAULT, id);
    if (SUCCEEDED(result) && *id == DISPID_UNKNOWN)
      result = DISP_E_UNKNOWNNAME;
  }
  bridge_return(bridge);
  SysFreeString(wide);
  return result;
}

/* An IDispatchEx is asked again at every assignment: it makes a member that was deleted anew. */
static bool must_ask(lua_State *L, int knowledge, bool ensure) {
  if (!ensure)
    return false;
  lua_pushliteral(L, "\1extended");
  bool is_extended = lua_rawget(L, knowledge) != LUA_TNIL;
  lua_pop(L, 1);
  return is_extended;
}

static HRESULT find_id(lua_State *L, Handle *handle, int key, bool ensure, DISPID *id) {
  size_t length;
  bool is_extended = false;
  int top = lua_gettop(L);
  push_knowledge(L, 1);
  lua_pushvalue(L, key);
  if (lua_rawget(L, -2) == LUA_TNUMBER && !must_ask(L, top + 1, ensure)) {
    *id = (DISPID)lua_tointeger(L, -1);
    lua_settop(L, top);
    return S_OK;
  }
  const char *name = lua_tolstring(L, key, &length);
  HRESULT result = ask_object(handle, name, length, ensure, &is_extended, id);
  if (SUCCEEDED(result)) {
    lua_pushvalue(L, key);
    lua_pushinteger(L, *id);
    lua_rawset(L, top + 1);
    result = S_OK;
  }
  if (is_extended) {
    lua_pushliteral(L, "\1extended");
    lua_pushboolean(L, true);
    lua_rawset(L, top + 1);
  }
  lua_settop(L, top);
  return result;
}

HRESULT dynamic_id(lua_State *L, Handle *handle, int key, DISPID *id) {
  return find_id(L, handle, key, false, id);
}

/* The name's DISPID may have died with its member: ask again next time. */
static void forget_id(lua_State *L, int key) {
  push_knowledge(L, 1);
  lua_pushvalue(L, key);
  lua_pushnil(L);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

static int raise_unfound(lua_State *L, Handle *handle, int key, HRESULT result) {
  if (result == DISP_E_UNKNOWNNAME)
    return raise_unknown(L, handle->view, key);
  return raise_text(L, result, handle->view->name, "asking the object for its member %s failed", lua_tostring(L, key));
}

static const char *push_subject(lua_State *L, const Handle *handle, int key) {
  return lua_pushfstring(L, "%s:%s", handle->view->name, lua_tostring(L, key));
}

/* calling */

#define ARGUMENT_LIMIT 4096 /* of one com.args */

/* The keys of a com.args: the number of names, and the greatest position. */
static void count_arguments(lua_State *L, int args, unsigned *names, lua_Integer *most) {
  *names = 0;
  *most = 0;
  for (lua_pushnil(L); lua_next(L, args) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) == LUA_TSTRING)
      ++*names;
    else if (lua_isinteger(L, -2) && lua_tointeger(L, -2) > *most)
      *most = lua_tointeger(L, -2);
  }
  if (*most > ARGUMENT_LIMIT || *names > ARGUMENT_LIMIT)
    raise_text(L, DISP_E_BADPARAMCOUNT, "com.args", "too many arguments");
}

/* Asks for the DISPIDs of names[1] on, the parameters of the member names[0]; the names are freed. */
static HRESULT ask_parameters(Handle *handle, OLECHAR **names, unsigned count, DISPID *found, char *unknown,
                              size_t size) {
  bool complete = true;
  for (unsigned i = 0; i <= count; i++) {
    complete = complete && names[i];
    found[i] = DISPID_UNKNOWN;
  }
  HRESULT result = E_OUTOFMEMORY;
  if (complete) {
    bridge_leave(handle->bridge);
    result = IDispatch_GetIDsOfNames(handle->dispatch, &IID_NULL, names, count + 1, LOCALE_USER_DEFAULT, found);
    bridge_return(handle->bridge);
  }
  for (unsigned i = 1; FAILED(result) && i <= count && *unknown == 0; i++) {
    char *text = complete && found[i] == DISPID_UNKNOWN ? text_copy_utf8(names[i]) : NULL;
    if (text)
      strncat(unknown, text, size - 1);
    free(text);
  }
  for (unsigned i = 0; i <= count; i++)
    free(names[i]);
  return result;
}

/* The names in the com.args at `args`, `count` of them: their values go on top of the stack in the order of their DISPIDs,
 * which stand in the userdata at `ids` + 1. */
static void push_named(lua_State *L, Handle *handle, int args, int key, unsigned count, OLECHAR **names, DISPID *ids) {
  unsigned filled = 0;
  char unknown[128] = "";
  luaL_checkstack(L, (int)count + LUA_MINSTACK, NULL);
  names[0] = text_copy_utf16(lua_tostring(L, key));
  for (lua_pushnil(L); lua_next(L, args) != 0;) {
    if (lua_type(L, -2) == LUA_TSTRING) {
      names[++filled] = text_copy_utf16(lua_tostring(L, -2));
      lua_pushvalue(L, -2); /* value stays below the key for the next step */
      lua_remove(L, -3);
    } else {
      lua_pop(L, 1);
    }
  }
  HRESULT result = ask_parameters(handle, names, filled, ids, unknown, sizeof unknown);
  if (FAILED(result))
    raise_text(L, result, push_subject(L, handle, key), "%s%s of com.args is not known to the object",
               *unknown != 0 ? "the parameter " : "a parameter", unknown);
}

/* Spreads the com.args that is the last of the `*count` values from `*first` on: positional values, then the named ones.
 * What their DISPIDs stand in lies at the old `*first`. */
static DISPID *spread_arguments(lua_State *L, Handle *handle, int key, int *first, int *count, unsigned *named) {
  lua_Integer most;
  int args = *first + *count - 1;
  count_arguments(L, args, named, &most);
  luaL_checkstack(L, (int)most + LUA_MINSTACK, NULL);
  OLECHAR **names = lua_newuserdatauv(L, (*named + 1) * (sizeof(OLECHAR *) + sizeof(DISPID)), 0);
  DISPID *ids = (DISPID *)(void *)(names + *named + 1);
  lua_insert(L, *first);
  ++*first;
  args++;
  for (lua_Integer i = 1; i <= most; i++)
    lua_rawgeti(L, args, i);
  *count += (int)most - 1;
  if (*named != 0)
    push_named(L, handle, args, key, *named, names, ids);
  lua_remove(L, args);
  return ids + 1;
}

static bool no_such_property(HRESULT result) {
  return result == DISP_E_MEMBERNOTFOUND || result == DISP_E_BADPARAMCOUNT || result == DISP_E_PARAMNOTOPTIONAL;
}

static bool no_such_member(HRESULT result) {
  return result == DISP_E_MEMBERNOTFOUND;
}

typedef struct Access {
  int key;          /* stack index of the name */
  int first, count; /* the values */
  WORD flags;
  bool with_status;
  bool probe; /* a plain read: being no property is no error */
} Access;

/* Returns the number of results; -1: the probe was refused. */
static int carry_out(lua_State *L, Handle *handle, DISPID id, const Access *access) {
  const DISPID *ids = NULL;
  int first = access->first, count = access->count;
  unsigned named = 0;
  if (count > 0 && args_at(L, first + count - 1))
    ids = spread_arguments(L, handle, access->key, &first, &count, &named);
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  InvokeCall call = { .key = access->key,
                      .id = id,
                      .flags = access->flags,
                      .first = first,
                      .count = count,
                      .names = ids,
                      .named = named,
                      .with_status = access->with_status,
                      .probes = access->probe,
                      .tolerate = access->probe ? no_such_property : no_such_member };
  int results = call_invoke(L, handle, &call);
  if (call.answer == DISP_E_MEMBERNOTFOUND)
    forget_id(L, access->key);
  if (SUCCEEDED(call.answer))
    return results;
  return access->probe ? -1 : raise_status(L, call.answer, push_subject(L, handle, access->key));
}

WORD dynamic_put_flags(lua_State *L, int value) {
  return handle_at(L, value) ? DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF : DISPATCH_PROPERTYPUT;
}

/* The member whose name is at `key`, with the `count` values from `first` on; the object is at 1. */
int dynamic_run(lua_State *L, Handle *handle, int key, int first, int count, WORD flags, bool with_status) {
  DISPID id;
  if (!handle->dispatch)
    return raise_text(L, E_NOINTERFACE, push_subject(L, handle, key),
                      "the object has no IDispatch, and nothing describes its members");
  HRESULT result = find_id(L, handle, key, (flags & DISPATCH_PROPERTYPUT) != 0, &id);
  if (FAILED(result))
    return raise_unfound(L, handle, key, result);
  Access access = { .key = key, .first = first, .count = count, .flags = flags, .with_status = with_status };
  return carry_out(L, handle, id, &access);
}

int dynamic_access(lua_State *L, Handle *handle, WORD flags, bool with_status) {
  return dynamic_run(L, handle, 2, 3, lua_gettop(L) - 2, flags, with_status);
}

/* A method of an object without type information; upvalue 1 is the name. One function for every object. */
static int dynamic_method(lua_State *L) {
  Handle *handle = handle_at(L, 1);
  const char *name = lua_tostring(L, lua_upvalueindex(1));
  if (!handle)
    return raise_text(L, E_INVALIDARG, name, "called without its object, use ':' (o:%s(...), not o.%s(...))", name,
                      name);
  if (!handle->face)
    return raise_text(L, CO_E_RELEASED, name, "the %s object has been released", handle->view->name);
  bridge_enter(L, handle->bridge);
  if (!handle->dispatch)
    return raise_text(L, E_NOINTERFACE, name, "the %s object has no IDispatch", handle->view->name);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_insert(L, 2);
  return dynamic_access(L, handle, DISPATCH_METHOD | DISPATCH_PROPERTYGET, false);
}

static void push_method(lua_State *L, int key) {
  key = lua_absindex(L, key);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &functions_key);
  lua_pushvalue(L, key);
  if (lua_rawget(L, -2) != LUA_TFUNCTION) {
    lua_pop(L, 1);
    lua_pushvalue(L, key);
    lua_pushcclosure(L, dynamic_method, 1);
    lua_pushvalue(L, key);
    lua_pushvalue(L, -2);
    lua_rawset(L, -4);
  }
  lua_remove(L, -2);
}

/* o.Name and so on */

/* The object on top was read as `name` (stack 2) of the object at 1: a call with that object in front means the member. */
static void note_origin(lua_State *L) {
  int value = lua_gettop(L);
  push_knowledge(L, value);
  lua_pushliteral(L, "\1parent");
  lua_pushvalue(L, 1);
  lua_rawset(L, -3);
  lua_pushliteral(L, "\1name");
  lua_pushvalue(L, 2);
  lua_rawset(L, -3);
  lua_settop(L, value);
}

/* Whether the running __index serves `o:Name`, and so a call follows that says all itself. Lua tells a metamethod only that
 * it is one; the instruction of the caller tells the rest. What is read here of a CallInfo of Lua 5.4 (lstate.h: func, top,
 * previous, next, savedpc) is tried out when the module is loaded; where it is not so, nothing is ever said to follow. */
static _Atomic bool self_is_known; /* the same in every state of the process */

static bool self_follows_by_code(lua_State *L) {
  enum { OP_SELF = 20, SAVED_PC = 4 };
  lua_Debug caller;
  if (lua_getstack(L, 1, &caller) == 0 || lua_getinfo(L, "S", &caller) == 0 || *caller.what == 'C')
    return false;
  const uint32_t *next = ((const uint32_t *const *)(const void *)caller.i_ci)[SAVED_PC];
  return next && (next[-1] & 0x7F) == OP_SELF;
}

static bool self_follows(lua_State *L) {
  return self_is_known && self_follows_by_code(L);
}

static int trial_index(lua_State *L) {
  bool said = self_follows_by_code(L);
  lua_pushvalue(L, lua_upvalueindex(1));
  lua_pushboolean(L, said);
  lua_rawseti(L, -2, (lua_Integer)lua_rawlen(L, -2) + 1);
  return 1;
}

static int trial_call(lua_State *L) {
  (void)L;
  return 0;
}

/* o.a, o:a(), o["b"], o:b(): only the second and the fourth are followed by a call. */
static int try_self(lua_State *L) {
  static const char script[] = "local o = ... local _ = o.a o:a() _ = o['b'] o:b() return _";
  static const bool wanted[] = { false, true, false, true };
  bool good = lua_version(L) == 504;
  lua_newtable(L); /* 1: the answers, which are called, too */
  lua_newtable(L); /* 2: their metatable */
  lua_pushcfunction(L, trial_call);
  lua_setfield(L, 2, "__call");
  lua_pushvalue(L, 2);
  lua_setmetatable(L, 1);
  lua_newtable(L); /* 3: o */
  lua_newtable(L);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, trial_index, 1);
  lua_setfield(L, -2, "__index");
  lua_setmetatable(L, 3);
  if (!good || luaL_loadstring(L, script) != LUA_OK)
    return 0;
  lua_pushvalue(L, 3);
  lua_call(L, 1, 0);
  for (int i = 0; i < 4; i++) {
    lua_rawgeti(L, 1, i + 1);
    good = good && lua_isboolean(L, -1) && lua_toboolean(L, -1) == wanted[i];
    lua_pop(L, 1);
  }
  self_is_known = good;
  return 0;
}

int dynamic_index(lua_State *L, Handle *handle) {
  DISPID id;
  HRESULT result = find_id(L, handle, 2, false, &id);
  if (FAILED(result))
    return raise_unfound(L, handle, 2, result);
  push_knowledge(L, 1);
  bool callable = lua_rawgeti(L, -1, id) != LUA_TNIL;
  lua_settop(L, 2);
  if (callable || (handle->flags & HANDLE_NO_PROBE) || self_follows(L)) {
    push_method(L, 2);
    return 1;
  }
  Access access = { .key = 2, .first = 3, .flags = DISPATCH_PROPERTYGET, .probe = true };
  int results = carry_out(L, handle, id, &access);
  if (results >= 0) {
    if (results == 1 && handle_at(L, -1))
      note_origin(L);
    return results;
  }
  lua_settop(L, 2);
  result =
      find_id(L, handle, 2, false, &id); /* "member not found" may mean that it was deleted: the id is forgotten then */
  if (FAILED(result))
    return raise_unfound(L, handle, 2, result);
  push_knowledge(L, 1);
  lua_pushboolean(L, true);
  lua_rawseti(L, -2, id);
  push_method(L, 2);
  return 1;
}

int dynamic_newindex(lua_State *L, Handle *handle) {
  DISPID id;
  HRESULT result = find_id(L, handle, 2, true, &id);
  if (FAILED(result))
    return raise_unfound(L, handle, 2, result);
  Access access = { .key = 2, .first = 3, .count = 1, .flags = dynamic_put_flags(L, 3) };
  carry_out(L, handle, id, &access);
  return 0;
}

/* o:Name(...) of an untyped object whose plain o.Name gave an object: that object is now called with o in front. -1: this
 * is another call. */
int dynamic_self_call(lua_State *L, Handle *handle) {
  if (handle->view->info && !handle->dispatch)
    return -1;
  Handle *parent = handle_at(L, 2);
  if (!parent || lua_getiuservalue(L, 1, 1) != LUA_TTABLE)
    return -1;
  lua_pushliteral(L, "\1parent");
  lua_rawget(L, -2);
  if (!lua_rawequal(L, -1, 2)) {
    lua_pop(L, 2);
    return -1;
  }
  lua_pushliteral(L, "\1name");
  lua_rawget(L, -3);
  lua_replace(L, 1);
  lua_pop(L, 2);
  lua_pushvalue(L, 1); /* name, parent, values -> parent, name, values */
  lua_pushvalue(L, 2);
  lua_replace(L, 1);
  lua_replace(L, 2);
  if (!parent->face || !parent->dispatch)
    handle_check(L, 1, lua_tostring(L, 2));
  return dynamic_access(L, parent, DISPATCH_METHOD | DISPATCH_PROPERTYGET, false);
}

/* the members of an IDispatchEx */

static int push_names(lua_State *L) {
  IDispatchEx *extended = lua_touserdata(L, 1);
  DISPID id = DISPID_STARTENUM;
  lua_newtable(L);
  /* A server that never comes to an end is cut off. */
  for (lua_Integer i = 1; i <= 100000; i++) {
    BSTR name = NULL;
    if (IDispatchEx_GetNextDispID(extended, fdexEnumDefault, id, &id) != S_OK)
      break;
    if (FAILED(IDispatchEx_GetMemberName(extended, id, &name)) || !name)
      continue;
    if (!text_push_small(L, name)) {
      SysFreeString(name);
      continue;
    }
    lua_rawseti(L, 2, (lua_Integer)lua_rawlen(L, 2) + 1);
  }
  return 1;
}

/* dynamic_names(o): the names of the members that an IDispatchEx object has now; nil for other objects */
static int core_dynamic_names(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.members");
  void *extended = NULL;
  bridge_enter(L, handle->bridge);
  if (FAILED(handle_query(handle, &IID_IDispatchEx, &extended))) {
    lua_pushnil(L);
    return 1;
  }
  bool pushed = bridge_protected(L, push_names, extended, 1);
  IDispatchEx_Release((IDispatchEx *)extended);
  return pushed ? 1 : lua_error(L);
}

/* delete(o, name): an IDispatchEx object loses the member */
static int core_delete(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.delete");
  void *extended = NULL;
  BSTR name = NULL;
  bridge_enter(L, handle->bridge);
  if (lua_type(L, 2) != LUA_TSTRING)
    return raise_argument(L, E_INVALIDARG, "com.delete", 2, "the name of a member is wanted, not %s",
                          value_type_name(L, 2));
  lua_settop(L, 2);
  HRESULT result = handle_query(handle, &IID_IDispatchEx, &extended);
  if (FAILED(result))
    return raise_text(L, result, handle->view->name, "the object's members cannot be deleted: it is no IDispatchEx");
  size_t length;
  const char *text = lua_tolstring(L, 2, &length);
  result = text_to_bstr(text, length, &name);
  if (SUCCEEDED(result))
    result = IDispatchEx_DeleteMemberByName((IDispatchEx *)extended, name, fdexNameCaseSensitive);
  SysFreeString(name);
  IDispatchEx_Release((IDispatchEx *)extended);
  forget_id(L, 2);
  if (result == S_FALSE)
    return raise_text(L, E_FAIL, handle->view->name, "the member %s cannot be deleted", text);
  return SUCCEEDED(result) ? 0 : raise_unfound(L, handle, 2, result);
}

void dynamic_open_types(lua_State *L) {
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "v");
  lua_setfield(L, -2, "__mode");
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &weak_key);
  lua_newtable(L);
  lua_insert(L, -2);
  lua_setmetatable(L, -2);
  lua_rawsetp(L, LUA_REGISTRYINDEX, &functions_key);
  lua_pushcfunction(L, try_self);
  lua_call(L, 0, 0);
}

const luaL_Reg core_dynamic_functions[] = {
  { "dynamic_names", core_dynamic_names },
  { "delete", core_delete },
  { NULL, NULL },
};
