/* A Lua module for specs: makes the n-th allocation of the Lua state fail. */
#include <lauxlib.h>
#include <lua.h>

#include <limits.h>

static lua_Alloc real;
static void *real_data;
static long left = LONG_MAX;
static long count;

/* Shrinking never fails: Lua relies on that. */
static void *limited(void *data, void *block, size_t before, size_t after) {
  (void)data;
  if (after != 0 && (block == NULL || after > before)) {
    count++;
    if (left-- <= 0)
      return NULL;
  }
  return real(real_data, block, before, after);
}

/* call(n, f, ...): pcall(f, ...) in which every allocation after the first n fails; and the number of allocations. */
static int limits_call(lua_State *L) {
  long allowed = (long)luaL_checkinteger(L, 1);
  int arguments = lua_gettop(L) - 2;
  luaL_checkstack(L, 10, NULL);
  lua_gc(L, LUA_GCSTOP);
  real = lua_getallocf(L, &real_data);
  left = allowed;
  count = 0;
  lua_setallocf(L, limited, NULL);
  int status = lua_pcall(L, arguments, 0, 0);
  lua_setallocf(L, real, real_data);
  left = LONG_MAX;
  lua_gc(L, LUA_GCRESTART);
  lua_pushboolean(L, status == LUA_OK);
  lua_pushinteger(L, count);
  return 2;
}

__attribute__((visibility("default"))) int luaopen_limits(lua_State *L);

int luaopen_limits(lua_State *L) {
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, limits_call);
  lua_setfield(L, -2, "call");
  return 1;
}
