/* object_lua.c - objects written in Lua, as Lua sees them: core.object and its like, and the seams of the bridge through
 * which own objects come back as their tables and tables become objects. */
#include "bridge/client/foreign_object.h"
#include "bridge/objects/objects_internal.h"
#include "com/com_api.h"
#include "typelib/typelib_api.h"

#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define INTERFACE_LIMIT 32

/* known objects */

LuaObject *object_of_table(lua_State *L, Token *token, int index) {
  LuaObject *object = NULL;
  if (!token || !lua_checkstack(L, 3))
    return NULL;
  index = lua_absindex(L, index);
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->by_table);
  lua_pushvalue(L, index);
  if (lua_rawget(L, -2) == LUA_TLIGHTUSERDATA)
    object = lua_touserdata(L, -1);
  lua_pop(L, 2);
  return object && object_revive(object) ? object : NULL;
}

static void remember(lua_State *L, Token *token, int index, LuaObject *object) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->by_table);
  lua_pushvalue(L, index);
  lua_pushlightuserdata(L, object);
  lua_rawset(L, -3);
  lua_pop(L, 1);
}

static bool push_own_table(lua_State *L, const Bridge *bridge, LuaObject *object) {
  if (!object || object->token != bridge->token || object->outer)
    return false;
  object_push_table(L, object);
  if (!lua_isnil(L, -1))
    return true;
  lua_pop(L, 1);
  return false;
}

/* What stands in for another object looks like that one to its own script, too. */
static bool own_object(lua_State *L, Bridge *bridge, IUnknown *face) {
  LuaObject *object = object_of(face);
  return object && !object->exact && push_own_table(L, bridge, object);
}

/* making */

typedef struct Interfaces {
  InterfacePlan *plans[INTERFACE_LIMIT];
  unsigned count;
  ITypeInfo *class_info;
  const SignatureAbi *abi; /* of the module for which they are; NULL */
  char problem[160];
} Interfaces;

static void interfaces_release(Interfaces *interfaces) {
  while (interfaces->count != 0)
    interface_plan_release(interfaces->plans[--interfaces->count]);
  if (interfaces->class_info)
    ITypeInfo_Release(interfaces->class_info);
  interfaces->class_info = NULL;
}

static HRESULT add_interface(Interfaces *interfaces, ITypeInfo *info) {
  if (interfaces->count == INTERFACE_LIMIT)
    return E_INVALIDARG;
  InterfacePlan *plan = NULL;
  HRESULT result =
      interface_plan_get(info, true, interfaces->abi, &plan, interfaces->problem, sizeof interfaces->problem);
  if (SUCCEEDED(result))
    interfaces->plans[interfaces->count++] = plan;
  return result;
}

static bool is_same(ITypeInfo *one, ITypeInfo *other) {
  TYPEATTR a, b;
  return one == other ||
         (SUCCEEDED(typeinfo_copy_attributes(one, &a)) && SUCCEEDED(typeinfo_copy_attributes(other, &b)) &&
          !IsEqualGUID(&a.guid, &GUID_NULL) && IsEqualGUID(&a.guid, &b.guid));
}

/* The interface `index` of a class, when it is neither a source nor the default one. */
static HRESULT add_implemented(Interfaces *interfaces, ITypeInfo *class_info, UINT index, ITypeInfo *primary) {
  ITypeInfo *implemented = NULL;
  if (typeinfo_implemented_flags(class_info, index) & IMPLTYPEFLAG_FSOURCE)
    return S_OK;
  HRESULT result = typeinfo_get_implemented(class_info, index, &implemented);
  if (FAILED(result))
    return result;
  if (!primary || !is_same(implemented, primary))
    result = add_interface(interfaces, implemented);
  ITypeInfo_Release(implemented);
  return result;
}

/* The interfaces of a class, without its sources; the default one first. */
static HRESULT add_class(Interfaces *interfaces, ITypeInfo *info, UINT count) {
  ITypeInfo *primary = NULL;
  if (!interfaces->class_info) {
    interfaces->class_info = info;
    ITypeInfo_AddRef(info);
  }
  HRESULT result = coclass_default_interface(info, 0, &primary);
  if (SUCCEEDED(result))
    result = add_interface(interfaces, primary);
  else if (result == TYPE_E_ELEMENTNOTFOUND)
    result = S_OK; /* there are only sources, or its description is missing, which the loop finds */
  for (UINT i = 0; SUCCEEDED(result) && i < count; i++)
    result = add_implemented(interfaces, info, i, primary);
  if (primary)
    ITypeInfo_Release(primary);
  return result;
}

static HRESULT add_type(Interfaces *interfaces, ITypeInfo *info) {
  TYPEATTR attributes;
  HRESULT result = typeinfo_copy_attributes(info, &attributes);
  if (FAILED(result))
    return result;
  return attributes.typekind == TKIND_COCLASS ? add_class(interfaces, info, attributes.cImplTypes)
                                              : add_interface(interfaces, info);
}

/* Pushes the type information of the source interface that the table at `index` declares by __events, or nil; borrowed from
 * the stack. Raises. */
static ITypeInfo *push_declared_events(lua_State *L, Bridge *bridge, int index) {
  if (!lua_istable(L, index) || luaL_getmetafield(L, index, "__events") == LUA_TNIL) {
    lua_pushnil(L);
    return NULL;
  }
  lua_pop(L, 1);
  lua_pushvalue(L, index);
  bridge_call_helper(L, bridge, "event_source", 1, 1);
  return lua_isnil(L, -1) ? NULL : typeinfo_check(L, -1);
}

/* The object of the table at `index`: the one that there is, when it has all these interfaces, else a new one. */
static LuaObject *make_object(lua_State *L, Token *token, int index, const Interfaces *interfaces) {
  LuaObject *object = object_of_table(L, token, index);
  for (unsigned i = 0; object && i < interfaces->count; i++) {
    bool has = false;
    for (unsigned k = 0; k < object->face_count; k++)
      has |= object->faces[k].plan == interfaces->plans[i];
    if (!has) {
      lua_object_release(object);
      object = NULL;
    }
  }
  if (object)
    return object;
  index = lua_absindex(L, index);
  ObjectMaking making = { .plans = interfaces->plans,
                          .plan_count = interfaces->count,
                          .class_info = interfaces->class_info };
  if (!making.class_info)
    making.events = push_declared_events(L, token->bridge, index);
  else
    lua_pushnil(L);
  remember(L, token, index, NULL); /* makes room: the second time nothing can fail */
  object = object_make(L, token, index, &making);
  remember(L, token, index, object);
  lua_pop(L, 1);
  return object;
}

typedef struct Wrapping {
  Bridge *bridge;
  Interfaces *interfaces;
  LuaObject *object;
} Wrapping;

/* (table, wrapping) */
static int wrap_protected(lua_State *L) {
  Wrapping *wrapping = lua_touserdata(L, 2);
  wrapping->object = make_object(L, token_get(L, wrapping->bridge), 1, wrapping->interfaces);
  return 0;
}

static bool is_standard(REFIID iid) {
  return IsEqualGUID(iid, &IID_IUnknown) || IsEqualGUID(iid, &IID_IDispatch) || IsEqualGUID(iid, &IID_IDispatchEx);
}

static HRESULT wrap_new(lua_State *L, Wrapping *wrapping, int index) {
  if (!lua_checkstack(L, LUA_MINSTACK))
    return E_OUTOFMEMORY;
  lua_pushcfunction(L, wrap_protected);
  lua_pushvalue(L, index);
  lua_pushlightuserdata(L, wrapping);
  if (lua_pcall(L, 2, 0, 0) == LUA_OK)
    return S_OK;
  HRESULT result = error_to_status(L, wrapping->bridge->token, &IID_IDispatch, "Lua");
  SetErrorInfo(0, NULL); /* nobody asks for the text */
  return result;
}

/* A table where an interface is wanted. Does not raise. */
static HRESULT query_for(LuaObject *object, REFIID iid, const SignatureAbi *abi, void **face) {
  return abi ? foreign_face_query(object, abi, iid, face) : lua_object_query(object, iid, face);
}

static HRESULT wrap_table(lua_State *L, Bridge *bridge, int index, REFIID iid, ITypeInfo *info, const SignatureAbi *abi,
                          void **face) {
  *face = NULL;
  LuaObject *known = object_of_table(L, bridge->token, index);
  if (known) {
    HRESULT result = query_for(known, iid, abi, face);
    lua_object_release(known);
    if (SUCCEEDED(result))
      return result;
  }
  Interfaces interfaces = { .count = 0, .abi = abi };
  Wrapping wrapping = { bridge, &interfaces, NULL };
  HRESULT result = S_OK;
  if (!is_standard(iid) || abi) {
    ITypeInfo *found = info ? info : typeinfo_of_interface(iid);
    result = found ? add_type(&interfaces, found) : E_NOINTERFACE;
    if (SUCCEEDED(result) && abi && lua_checkstack(L, LUA_MINSTACK))
      offered_interfaces(L, index, found, abi, interfaces.plans, &interfaces.count, INTERFACE_LIMIT);
    if (found && found != info)
      ITypeInfo_Release(found);
  }
  if (SUCCEEDED(result))
    result = wrap_new(L, &wrapping, index);
  interfaces_release(&interfaces);
  if (SUCCEEDED(result)) {
    result = query_for(wrapping.object, iid, abi, face);
    lua_object_release(wrapping.object);
  }
  return result;
}

/* Pushes the client's view of an object; takes over the reference. */
static void push_client(lua_State *L, Bridge *bridge, LuaObject *object) {
  Face *face = &object->main;
  Arrival arrival = { .client_view = true, .dispatch = true, .iid = &IID_IDispatch };
  const InterfacePlan *plan = object->fixed ? object->faces[0].plan : NULL;
  if (plan && !plan->levels.dispatch) {
    face = &object->faces[0];
    arrival = (Arrival){
      .client_view = true, .custom = true, .iid = &plan->iid, .info = plan->info, .attached = true, .abi = plan->abi
    };
  }
  handle_push(L, bridge, (IUnknown *)(void *)face, &arrival);
}

static int make_protected(lua_State *L) {
  Wrapping *wrapping = lua_touserdata(L, 2);
  LuaObject *object = make_object(L, token_get(L, wrapping->bridge), 1, wrapping->interfaces);
  push_client(L, wrapping->bridge, object);
  return 1;
}

static int raise_interfaces(lua_State *L, Interfaces *interfaces, HRESULT result) {
  char problem[160];
  strcpy(problem, interfaces->problem);
  interfaces_release(interfaces);
  if (problem[0] != 0)
    return raise_text(L, result, "com.object", "%s", problem);
  return raise_status(L, result, "com.object");
}

/* object(table, list of type information or nil [, module]): the client's view */
static int core_object(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  lua_settop(L, 3);
  Interfaces interfaces = { .count = 0, .abi = lua_isnil(L, 3) ? NULL : bridge->module_abi(L, 3) };
  lua_Integer count = lua_istable(L, 2) ? (lua_Integer)lua_rawlen(L, 2) : 0;
  for (lua_Integer i = 1; i <= count; i++) {
    lua_rawgeti(L, 2, i);
    ITypeInfo *info = typeinfo_check(L, -1); /* raises before anything is held, or the list is good */
    HRESULT result = add_type(&interfaces, info);
    lua_pop(L, 1);
    if (FAILED(result))
      return raise_interfaces(L, &interfaces, result);
  }
  if (count != 0 && interfaces.count == 0)
    return raise_interfaces(L, &interfaces, E_NOINTERFACE);
  if (interfaces.abi && count != 0) {
    lua_rawgeti(L, 2, 1);
    offered_interfaces(L, 1, typeinfo_check(L, -1), interfaces.abi, interfaces.plans, &interfaces.count,
                       INTERFACE_LIMIT);
    lua_pop(L, 1);
  }
  Wrapping wrapping = { bridge, &interfaces, NULL };
  lua_pushcfunction(L, make_protected);
  lua_pushvalue(L, 1);
  lua_pushlightuserdata(L, &wrapping);
  int status = lua_pcall(L, 2, 1, 0);
  interfaces_release(&interfaces);
  return status == LUA_OK ? 1 : lua_error(L);
}

/* mark_exact(table): methods of objects that are made of it get VARIANTs with their wire types */
static int core_mark_exact(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  object_mark_exact(L);
  return 1;
}

/* object_table(o): the table behind an own object; nil */
static int core_object_table(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.table");
  Bridge *bridge = handle->bridge;
  if (!push_own_table(L, bridge, object_of(handle->face)))
    lua_pushnil(L);
  return 1;
}

/* object_replace(o, table): the object stays, its clients too; another table is behind it */
static int core_object_replace(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.replace");
  Bridge *bridge = handle->bridge;
  LuaObject *object = object_of(handle->face);
  lua_settop(L, 2);
  if (!object || object->token != bridge->token || object->outer)
    return raise_argument(L, E_INVALIDARG, "com.replace", 1, "this object is not written in this script");
  Token *token = object->token;
  object_push_table(L, object);
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->by_table);
  lua_pushvalue(L, 3);
  lua_pushnil(L);
  lua_rawset(L, 4);
  lua_pushvalue(L, 2);
  lua_pushlightuserdata(L, object);
  lua_rawset(L, 4);
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->weak);
  lua_pushvalue(L, 2);
  lua_rawseti(L, -2, object->number);
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->strong);
  lua_pushvalue(L, 2);
  lua_rawseti(L, -2, object->number); /* clients may hold it; settled when the references change */
  lua_pushvalue(L, 2);
  lua_setiuservalue(L, 1, 2);
  atomic_store(&object->anchored, true);
  lua_pushvalue(L, 3);
  return 1;
}

/* object_facts(table): { where, references } of its object; nil */
static int core_object_facts(lua_State *L) {
  Token *token = bridge_get(L)->token;
  LuaObject *object = object_of_table(L, token, 1);
  if (!object) {
    lua_pushnil(L);
    return 1;
  }
  uint32_t references = (uint32_t)atomic_load(&object->counts) - 1;
  lua_createtable(L, 0, 3);
  lua_pushinteger(L, (lua_Integer)references);
  lua_setfield(L, -2, "references");
  if (object->script)
    lua_pushfstring(L, "%s:%d", object->script, object->line);
  else
    lua_pushnil(L);
  lua_setfield(L, -2, "where");
  lua_pushstring(L, object->face_count != 0 ? object->faces[0].plan->name : NULL);
  lua_setfield(L, -2, "interface");
  lua_object_release(object);
  return 1;
}

/* object_tables(): all tables that are objects now */
static int core_object_tables(lua_State *L) {
  Token *token = bridge_get(L)->token;
  lua_Integer count = 0;
  lua_newtable(L);
  if (!token)
    return 1;
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->weak);
  for (lua_Integer i = 1; i <= token->numbers; i++) {
    if (lua_rawgeti(L, -1, i) != LUA_TNIL)
      lua_rawseti(L, -3, ++count);
    else
      lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return 1;
}

/* pump_step(seconds): runs calls that wait; nil: until one comes */
static int core_pump_step(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  double seconds = lua_isnoneornil(L, 1) ? -1 : luaL_checknumber(L, 1);
  lua_pushboolean(L, token_pump(token_get(L, bridge), seconds));
  return 1;
}

/* member_id(ids, name): the DISPID of a member in an object's table of DISPIDs */
static int core_member_id(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  luaL_checkstring(L, 2);
  lua_pushinteger(L, member_id(L, 1, 2, true));
  return 1;
}

/* parameter_names(function): names, whether it takes more; nil for a C function */
static int core_parameter_names(lua_State *L) {
  luaL_checktype(L, 1, LUA_TFUNCTION);
  lua_settop(L, 1);
  lua_Debug facts;
  lua_pushvalue(L, 1);
  lua_getinfo(L, ">Su", &facts);
  if (*facts.what == 'C') {
    lua_pushnil(L);
    return 1;
  }
  lua_createtable(L, facts.nparams, 0);
  for (int n = 1; n <= facts.nparams; n++) {
    lua_pushvalue(L, 1);
    lua_pushstring(L, lua_getlocal(L, NULL, n));
    lua_rawseti(L, -3, n);
    lua_pop(L, 1);
  }
  lua_pushboolean(L, facts.isvararg);
  return 2;
}

/* types for tables without one */

/* Memory that the collector frees. */
static void *take_memory(lua_State *L, size_t count, size_t size) {
  size_t bytes = (count + 1) * size;
  void *memory = lua_newuserdatauv(L, bytes, 0);
  memset(memory, 0, bytes);
  return memory;
}

/* A terminated UTF-16 copy of a field, on the Lua stack. */
static const OLECHAR *wide_field(lua_State *L, int table, const char *field) {
  size_t length;
  lua_getfield(L, table, field);
  const char *text = luaL_checklstring(L, -1, &length);
  size_t units = utf16_length(text, length);
  if (units == UNICODE_INVALID)
    raise_text(L, E_INVALIDARG, "com.object", "the name of a member is not UTF-8");
  OLECHAR *copy = lua_newuserdatauv(L, (units + 1) * sizeof *copy, 0);
  utf16_from_utf8(text, length, (char16_t *)copy);
  copy[units] = 0;
  lua_replace(L, -2);
  return copy;
}

/* { vt =, array =, out = } */
static void read_typedesc(lua_State *L, int table, TYPEDESC *desc, bool reference) {
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  lua_getfield(L, table, "vt");
  VARTYPE vt = (VARTYPE)luaL_checkinteger(L, -1);
  lua_getfield(L, table, "array");
  bool array = lua_toboolean(L, -1);
  lua_pop(L, 2);
  TYPEDESC *inner = desc;
  if (reference) {
    desc->vt = VT_PTR;
    desc->lptdesc = take_memory(L, 1, sizeof(TYPEDESC));
    inner = desc->lptdesc;
  }
  inner->vt = vt;
  if (array) {
    inner->vt = VT_SAFEARRAY;
    inner->lptdesc = take_memory(L, 1, sizeof(TYPEDESC));
    inner->lptdesc->vt = vt;
  }
}

static bool boolean_field(lua_State *L, int table, const char *field) {
  lua_getfield(L, table, field);
  bool value = lua_toboolean(L, -1);
  lua_pop(L, 1);
  return value;
}

/* What is pushed stays on the stack until the library is made. */
static void read_parameter(lua_State *L, int table, MemoryParameter *parameter) {
  bool out = boolean_field(L, table, "out"), in = boolean_field(L, table, "in") || !out;
  parameter->flags = (WORD)((in ? PARAMFLAG_FIN : 0) | (out ? PARAMFLAG_FOUT : 0) |
                            (boolean_field(L, table, "optional") ? PARAMFLAG_FOPT : 0));
  parameter->name = wide_field(L, table, "name");
  read_typedesc(L, table, &parameter->type, out);
}

static void read_function(lua_State *L, int table, MemoryFunction *function) {
  lua_getfield(L, table, "id");
  function->memid = (MEMBERID)lua_tointeger(L, -1);
  lua_getfield(L, table, "kind");
  function->invkind = (INVOKEKIND)lua_tointeger(L, -1);
  lua_pop(L, 2);
  function->kind = FUNC_DISPATCH;
  function->callconv = CC_STDCALL;
  function->name = wide_field(L, table, "name");
  lua_getfield(L, table, "result");
  if (lua_istable(L, -1))
    read_typedesc(L, lua_gettop(L), &function->result, false);
  else
    function->result.vt = VT_VOID;
  lua_getfield(L, table, "params");
  int list = lua_gettop(L);
  UINT count = (UINT)lua_rawlen(L, list);
  MemoryParameter *parameters = take_memory(L, count, sizeof *parameters);
  for (UINT i = 0; i < count; i++) {
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    lua_rawgeti(L, list, (lua_Integer)i + 1);
    read_parameter(L, lua_gettop(L), &parameters[i]);
  }
  function->parameters = parameters;
  function->parameter_count = count;
  function->optional_count = boolean_field(L, table, "vararg") ? -1 : 0;
}

/* make_dispinterface{ name =, guid =, members = { { name =, id =, kind =, result =, params = } } }: its type information */
static int core_make_dispinterface(lua_State *L) {
  lua_settop(L, 1);
  lua_getfield(L, 1, "members");
  UINT count = (UINT)lua_rawlen(L, 2);
  MemoryFunction *functions = take_memory(L, count, sizeof *functions);
  for (UINT i = 0; i < count; i++) {
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    lua_rawgeti(L, 2, (lua_Integer)i + 1);
    read_function(L, lua_gettop(L), &functions[i]);
  }
  MemoryType type = { .name = wide_field(L, 1, "name"),
                      .kind = TKIND_DISPATCH,
                      .flags = TYPEFLAG_FDISPATCHABLE,
                      .major = 1,
                      .functions = functions,
                      .function_count = count };
  MemoryLibrary library = { .name = OLESTR("Lua"), .types = &type, .type_count = 1, .major = 1 };
  ITypeLib *made = NULL;
  ITypeInfo *info = NULL;
  lua_getfield(L, 1, "guid");
  if (!guid_from_text(luaL_checkstring(L, -1), &type.guid))
    return raise_text(L, E_INVALIDARG, "com.object", "the description of a type has no IID");
  HRESULT result = CoCreateGuid(&library.guid);
  if (SUCCEEDED(result))
    result = memory_library_create(&library, &made);
  if (SUCCEEDED(result)) {
    result = ITypeLib_GetTypeInfo(made, 0, &info);
    ITypeLib_Release(made);
  }
  if (FAILED(result))
    return raise_text(L, result, "com.object", "the type of the table cannot be described");
  typeinfo_push(L, bridge_get(L), info);
  return 1;
}

const luaL_Reg core_object_functions[] = { { "object", core_object },
                                           { "mark_exact", core_mark_exact },
                                           { "object_table", core_object_table },
                                           { "object_replace", core_object_replace },
                                           { "object_facts", core_object_facts },
                                           { "object_tables", core_object_tables },
                                           { "pump_step", core_pump_step },
                                           { "member_id", core_member_id },
                                           { "parameter_names", core_parameter_names },
                                           { "make_dispinterface", core_make_dispinterface },
                                           { NULL, NULL } };

/* Handles may hold objects of this state as soon as it can make some. */
static void follow_handles(Bridge *bridge) {
  bridge->adopt = object_adopt;
  bridge->disown = object_disown;
}

/* A pointer that a module gave, which no loaded module has a vtable for: it may lead anywhere. */
static bool own_face(IUnknown *pointer) {
  uintptr_t vtable = 0, method = 0;
  if (!foreign_read(pointer, &vtable) || !foreign_read((const void *)vtable, &method))
    return false;
  return object_of(pointer) != NULL;
}

static bool own_query(IUnknown *face, REFIID iid, const SignatureAbi *abi, void **result) {
  LuaObject *object = object_of(face);
  return object && SUCCEEDED(foreign_face_query(object, abi, iid, result));
}

void objects_open(lua_State *L, Bridge *bridge) {
  (void)L;
  bridge->own_face = own_face;
  bridge->own_query = own_query;
  bridge->token_made = follow_handles;
  bridge->own_object = own_object;
  bridge->wrap_table = wrap_table;
}
