/* object_ids.c - DISPIDs of an object without an interface. Each object has a table of its own, name -> DISPID and back, that
 * goes with it. The DISPID follows from the name, so objects of one kind nearly always agree, and with them the types that
 * are made up for their tables; two names of one object that give the same number are told apart in the order in which they
 * come. A name that was looked up in vain gets none. */
#include "bridge/objects/objects_internal.h"

#include <string.h>

#define ID_LIMIT 0x3FFFFFFF

static const char ids_key = 0; /* in the Lua registry: number of the object -> its table */

void member_ids_push(lua_State *L, LuaObject *object) {
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &ids_key) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &ids_key);
  }
  if (lua_rawgeti(L, -1, object->number) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_newtable(L);
    lua_pushvalue(L, -1);
    lua_rawseti(L, -3, object->number);
  }
  lua_remove(L, -2);
}

void member_ids_forget(lua_State *L, LuaObject *object) {
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &ids_key) == LUA_TTABLE) {
    if (lua_rawgeti(L, -1, object->number) != LUA_TNIL) { /* the key is there: nothing is allocated */
      lua_pushnil(L);
      lua_rawseti(L, -3, object->number);
    }
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
}

/* FNV-1a, folded to a positive number. */
static DISPID id_of_text(const char *text) {
  uint32_t hash = 2166136261u;
  for (; *text != 0; text++)
    hash = (hash ^ (unsigned char)*text) * 16777619u;
  DISPID id = (DISPID)((hash ^ (hash >> 30)) & ID_LIMIT);
  return id != 0 ? id : 1;
}

DISPID member_id(lua_State *L, int ids, int name, bool make) {
  name = lua_absindex(L, name);
  lua_pushvalue(L, name);
  lua_rawget(L, ids);
  DISPID id = (DISPID)lua_tointeger(L, -1);
  lua_pop(L, 1);
  if (id != 0 || !make)
    return id;
  id = id_of_text(lua_tostring(L, name));
  while (lua_rawgeti(L, ids, id) != LUA_TNIL) {
    lua_pop(L, 1);
    id = id % ID_LIMIT + 1;
  }
  lua_pop(L, 1);
  lua_pushvalue(L, name);
  lua_rawseti(L, ids, id);
  lua_pushvalue(L, name);
  lua_pushinteger(L, id);
  lua_rawset(L, ids);
  return id;
}

const char *member_id_push_name(lua_State *L, int ids, DISPID id) {
  if (lua_rawgeti(L, ids, id) == LUA_TSTRING)
    return lua_tostring(L, -1);
  lua_pop(L, 1);
  return NULL;
}
