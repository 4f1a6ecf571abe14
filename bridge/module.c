/* module.c - oleander.core: gathers the functions of the other files. lua/oleander.lua builds the public table. */
#include "bridge/embed.h"
#include "bridge/modules/modules.h"
#include "bridge/objects/events_internal.h"
#include "bridge/storage/storage.h"
#include "bridge/values/foreign_values.h"

#include <dirent.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* guid([text]): a new one, or the text in its plain form; raises for what is none */
static int core_guid(lua_State *L) {
  GUID guid;
  if (lua_isnoneornil(L, 1)) {
    HRESULT result = CoCreateGuid(&guid);
    if (FAILED(result))
      return raise_status(L, result, "com.guid");
  } else {
    size_t length;
    char braced[64];
    if (!lua_isstring(L, 1))
      return raise_argument(L, E_INVALIDARG, "com.guid", 1, "a GUID is wanted, not %s", value_type_name(L, 1));
    const char *text = lua_tolstring(L, 1, &length);
    snprintf(braced, sizeof braced, length == 36 ? "{%s}" : "%s", text);
    if (!guid_from_text(braced, &guid))
      return raise_argument(L, CO_E_CLASSSTRING, "com.guid", 1, "%s is no GUID", text);
  }
  guid_push(L, &guid);
  return 1;
}

/* hresult_at(index): name and value of the index-th known HRESULT */
static int core_hresult_at(lua_State *L) {
  HRESULT code;
  const char *name = oleander_hresult_at((size_t)luaL_checkinteger(L, 1), &code);
  if (!name)
    return 0;
  lua_pushstring(L, name);
  lua_pushinteger(L, (lua_Integer)(uint32_t)code);
  return 2;
}

/* args(table): marks it as the named (and positional) arguments of a call */
static int core_mark_args(lua_State *L) {
  luaL_checktype(L, 1, LUA_TTABLE);
  lua_settop(L, 1);
  lua_rawgetp(L, LUA_REGISTRYINDEX, &args_metatable_key);
  lua_setmetatable(L, 1);
  return 1;
}

/* set_helper(name, function): what C calls in Lua */
static int core_set_helper(lua_State *L) {
  luaL_checktype(L, 2, LUA_TFUNCTION);
  lua_rawgeti(L, LUA_REGISTRYINDEX, bridge_get(L)->helpers);
  lua_pushvalue(L, 1);
  lua_pushvalue(L, 2);
  lua_rawset(L, -3);
  return 0;
}

/* type_name(value): as error messages name it */
static int core_type_name(lua_State *L) {
  luaL_checkany(L, 1);
  lua_pushstring(L, value_type_name(L, 1));
  return 1;
}

/* is_object(value) */
static int core_is_object(lua_State *L) {
  lua_pushboolean(L, handle_at(L, 1) != NULL);
  return 1;
}

/* collect(): releases what the collector left; for tests and for scripts that wait */
static int core_collect(lua_State *L) {
  bridge_drain(L, bridge_get(L));
  return 0;
}

/* list_directory(path): the names in it, sorted; nil and the reason */
static int core_list_directory(lua_State *L) {
  struct dirent **entries = NULL;
  int count = scandir(luaL_checkstring(L, 1), &entries, NULL, alphasort);
  if (count < 0) {
    lua_pushnil(L);
    lua_pushfstring(L, "%s: %s", lua_tostring(L, 1), strerror(errno));
    return 2;
  }
  /* Names are short; want of memory for them leaves the entries to the process. */
  lua_createtable(L, count, 0);
  for (int i = 0; i < count; i++) {
    lua_pushstring(L, entries[i]->d_name);
    lua_rawseti(L, -2, i + 1);
    free(entries[i]);
  }
  free(entries);
  return 1;
}

static const luaL_Reg module_functions[] = { { "guid", core_guid },
                                             { "hresult_at", core_hresult_at },
                                             { "mark_args", core_mark_args },
                                             { "set_helper", core_set_helper },
                                             { "type_name", core_type_name },
                                             { "is_object", core_is_object },
                                             { "drain", core_collect },
                                             { "list_directory", core_list_directory },
                                             { NULL, NULL } };

LUAMOD_API int luaopen_oleander_core(lua_State *L);

OLEANDER_VISIBLE int luaopen_oleander_core(lua_State *L) {
  static const luaL_Reg *const parts[] = {
    module_functions,         core_error_functions,     core_handle_functions,       core_access_functions,
    core_boxed_functions,     core_array_functions,     core_view_functions,         core_enumerate_functions,
    core_create_functions,    core_typeinfo_functions,  core_values_functions,       core_dynamic_functions,
    core_object_functions,    core_sink_functions,      core_source_functions,       core_loop_functions,
    core_interrupt_functions, core_class_functions,     core_registration_functions, core_text_functions,
    core_library_functions,   core_place_functions,     core_host_functions,         core_flight_functions,
    core_security_functions,  core_module_functions,    core_memory_functions,       core_filetime_functions,
    core_spelling_functions,  core_stream_functions,    core_storage_functions,      core_property_functions,
    core_bag_functions,       core_table_bag_functions, core_idl_functions,          core_shortcut_functions
  };
  luaL_checkversion(L);
  Bridge *bridge = bridge_open(L);
  lua_createtable(L, 0, 96);
  for (size_t i = 0; i < sizeof parts / sizeof *parts; i++)
    luaL_setfuncs(L, parts[i], 0);
  lua_createtable(L, 0, 1);
  lua_pushliteral(L, "arguments");
  lua_setfield(L, -2, "__name");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &args_metatable_key);
  handle_open_types(L, bridge);
  view_open_types(L);
  dynamic_open_types(L);
  bound_open_type(L);
  array_open_type(L);
  record_open_type(L);
  enumerator_open_type(L);
  typeinfo_open_types(L);
  values_open_types(L);
  boxed_open_types(L, bridge);
  objects_open(L, bridge);
  sink_open_type(L);
  place_open_type(L);
  flight_open_type(L);
  memory_open_type(L);
  filetime_open_type(L);
  stream_open_type(L);
  storage_open_type(L);
  property_open_type(L);
  bag_open_type(L);
  modules_open(L, bridge);
  embed_open(L);
  return 1;
}
