/* object_lookup.c - what implements a member: the table's function get_Name or Name, a field, by raw look-ups along its __index
 * tables. Nothing raises outside of protected calls, because it runs between foreign frames. */
#include "bridge/objects/objects_internal.h"
#include "com/com_api.h"

#include <string.h>

static int slow_get(lua_State *L) {
  lua_gettable(L, 1);
  return 1;
}

/* Pushes what the metatable of the table on top has as __index; false: nothing pushed, it has no metatable. The string is a
 * fixed one of Lua's: pushing it allocates nothing. */
static bool push_index(lua_State *L) {
  if (!lua_getmetatable(L, -1))
    return false;
  lua_pushliteral(L, "__index");
  lua_rawget(L, -2);
  lua_remove(L, -2);
  return true;
}

bool table_parent(lua_State *L) {
  bool found = push_index(L);
  if (found)
    lua_remove(L, -2);
  if (found && lua_istable(L, -1))
    return true;
  lua_pop(L, 1);
  return false;
}

/* (name, table) on top: replaced by the value. */
static bool walk_index(lua_State *L, int table, bool functions) {
  int name = lua_gettop(L) - 1;
  for (int depth = 0; depth < INDEX_DEPTH && push_index(L); depth++) {
    lua_remove(L, -2);
    if (lua_istable(L, -1)) {
      lua_pushvalue(L, name);
      if (lua_rawget(L, -2) != LUA_TNIL) {
        lua_replace(L, name);
        lua_settop(L, name);
        return true;
      }
      lua_pop(L, 1);
    } else if (!lua_isnil(L, -1) && functions) {
      lua_pushcfunction(L, slow_get);
      lua_replace(L, -2);
      lua_pushvalue(L, table);
      lua_pushvalue(L, name);
      bool found = lua_pcall(L, 2, 1, 0) == LUA_OK;
      lua_replace(L, name);
      return found;
    } else {
      break;
    }
  }
  lua_pushnil(L);
  lua_replace(L, name);
  lua_settop(L, name);
  return true;
}

bool table_lookup(lua_State *L, int table, bool functions) {
  lua_pushvalue(L, -1);
  if (lua_rawget(L, table) != LUA_TNIL) {
    lua_replace(L, -2);
    return true;
  }
  lua_pop(L, 1);
  lua_pushvalue(L, table);
  return walk_index(L, table, functions);
}

static bool is_callable(lua_State *L) {
  if (lua_isfunction(L, -1))
    return true;
  if (luaL_getmetafield(L, -1, "__call") == LUA_TNIL)
    return false;
  lua_pop(L, 1);
  return true;
}

Found lookup_spelling(lua_State *L, int table, int name, int accessor, unsigned kind, bool functions) {
  if (accessor != 0) {
    lua_pushvalue(L, accessor);
    if (!table_lookup(L, table, functions))
      return FOUND_ERROR;
    if (lua_isfunction(L, -1)) {
      lua_pushvalue(L, table);
      return FOUND_FUNCTION;
    }
    lua_pop(L, 1);
  }
  if (name == 0 || (kind & (INVOKE_PROPERTYPUT | INVOKE_PROPERTYPUTREF)))
    return FOUND_NOTHING;
  lua_pushvalue(L, name);
  if (!table_lookup(L, table, functions))
    return FOUND_ERROR;
  if (lua_isfunction(L, -1) || ((kind & INVOKE_FUNC) && !lua_isnil(L, -1) && is_callable(L))) {
    lua_pushvalue(L, table);
    return FOUND_FUNCTION;
  }
  if ((kind & INVOKE_PROPERTYGET) && !lua_isnil(L, -1))
    return FOUND_VALUE;
  lua_pop(L, 1);
  return FOUND_NOTHING;
}

/* another spelling */

/* (name, table, strings of the state): the string in the table or its __index tables that differs from the name only in
 * case; nil. It is remembered under the name's negative key. */
static int search_spelling(lua_State *L) {
  const Name *name = lua_touserdata(L, 1);
  const char *found = NULL;
  lua_settop(L, 3);
  lua_pushnil(L); /* found */
  lua_pushvalue(L, 2);
  for (int depth = 0; depth < INDEX_DEPTH && lua_istable(L, 5); depth++) {
    for (lua_pushnil(L); lua_next(L, 5) != 0;) {
      lua_pop(L, 1);
      const char *key = lua_type(L, -1) == LUA_TSTRING ? lua_tostring(L, -1) : NULL;
      if (!key || !caseless_equal_utf8(key, name->text) || (found && strcmp(found, key) == 0))
        continue;
      if (found)
        return raise_text(L, DISP_E_UNKNOWNNAME, NULL, "the members %s and %s differ only in case", found, key);
      found = key;
      lua_pushvalue(L, -1);
      lua_replace(L, 4);
    }
    lua_settop(L, 5);
    if (!table_parent(L))
      lua_pushnil(L);
  }
  if (found) {
    lua_pushvalue(L, 4);
    lua_rawseti(L, 3, -name->key);
  }
  lua_pushvalue(L, 4);
  return 1;
}

/* Pushes the other spelling, or nil. False: an error is pushed. */
static bool push_other(lua_State *L, int table, const Name *name) {
  lua_pushcfunction(L, search_spelling);
  lua_pushlightuserdata(L, (void *)name);
  lua_pushvalue(L, table);
  lua_pushvalue(L, STACK_NAMES);
  return lua_pcall(L, 3, 1, 0) == LUA_OK;
}

static int string_or_none(lua_State *L, int index) {
  return lua_type(L, index) == LUA_TSTRING ? index : 0;
}

/* The spellings that other tables had; then what this table has. */
static Found lookup_other(lua_State *L, const MemberNames *names, int table, unsigned kind) {
  int base = lua_gettop(L), accessor = 0;
  lua_rawgeti(L, STACK_NAMES, -names->name->key);
  if (names->accessor) {
    lua_rawgeti(L, STACK_NAMES, -names->accessor->key);
    accessor = string_or_none(L, base + 2);
  }
  Found found = lookup_spelling(L, table, string_or_none(L, base + 1), accessor, kind, true);
  if (found != FOUND_NOTHING)
    return found;
  lua_settop(L, base);
  if (!push_other(L, table, names->name))
    return FOUND_ERROR;
  if (names->accessor) {
    if (!push_other(L, table, names->accessor))
      return FOUND_ERROR;
    accessor = string_or_none(L, base + 2);
  }
  return lookup_spelling(L, table, string_or_none(L, base + 1), accessor, kind, true);
}

Found member_lookup(lua_State *L, const MemberNames *names, unsigned kind) {
  int table = lua_gettop(L);
  if (lua_type(L, table) == LUA_TFUNCTION) {
    lua_pushvalue(L, table);
    return FOUND_PLAIN;
  }
  if (lua_type(L, table) != LUA_TTABLE)
    return FOUND_NOTHING;
  if (!name_push(L, names->name) || (names->accessor && !name_push(L, names->accessor)))
    return FOUND_ERROR;
  Found found = lookup_spelling(L, table, table + 1, names->accessor ? table + 2 : 0, kind, true);
  if (found == FOUND_NOTHING)
    found = lookup_other(L, names, table, kind);
  if (found == FOUND_NOTHING && (kind & INVOKE_PROPERTYGET)) { /* a field that is not there is nil */
    lua_pushnil(L);
    return FOUND_VALUE;
  }
  if (found == FOUND_NOTHING)
    lua_settop(L, table);
  return found;
}

const char *member_spelling(lua_State *L, const MemberNames *names) {
  int table = lua_gettop(L);
  const char *spelling = names->name->text;
  if (name_push(L, names->name) && table_lookup(L, table, false) && lua_isnil(L, -1)) {
    lua_settop(L, table);
    if (push_other(L, table, names->name) && lua_type(L, -1) == LUA_TSTRING)
      spelling = lua_tostring(L, -1); /* a key of the table: it stays */
  }
  lua_settop(L, table);
  return spelling;
}
