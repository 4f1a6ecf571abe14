/* Plain Lua C functions: the physical limit for a bridge; and a clock. */
#include <lauxlib.h>
#include <lua.h>

#include <string.h>
#include <time.h>

static lua_Integer value;

static int add(lua_State *L) {
  lua_pushinteger(L, luaL_checkinteger(L, 1) + luaL_checkinteger(L, 2));
  return 1;
}

static int echo(lua_State *L) {
  size_t length;
  char copy[64];
  const char *text = luaL_checklstring(L, 1, &length);
  if (length > sizeof copy)
    return luaL_error(L, "too long");
  memcpy(copy, text, length);
  lua_pushlstring(L, copy, length);
  return 1;
}

static int get(lua_State *L) {
  lua_pushinteger(L, value);
  return 1;
}

static int put(lua_State *L) {
  value = luaL_checkinteger(L, 1);
  return 0;
}

/* What any program does that reads a table of numbers into an array, and makes one of it. */
static int numbers(lua_State *L) {
  lua_Unsigned count = lua_rawlen(L, 1);
  double *room = lua_newuserdatauv(L, count * sizeof *room, 0);
  for (lua_Unsigned i = 0; i < count; i++) {
    lua_rawgeti(L, 1, (lua_Integer)i + 1);
    room[i] = luaL_checknumber(L, -1);
    lua_pop(L, 1);
  }
  lua_createtable(L, (int)count, 0);
  for (lua_Unsigned i = 0; i < count; i++) {
    lua_pushnumber(L, room[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* calls(f, self, n): C into Lua, as a program does it that keeps the function and its object. */
static int calls(lua_State *L) {
  lua_Integer count = luaL_checkinteger(L, 3), sum = 0;
  for (lua_Integer i = 0; i < count; i++) {
    lua_pushvalue(L, 1);
    lua_pushvalue(L, 2);
    lua_pushinteger(L, 1);
    lua_pushinteger(L, 2);
    if (lua_pcall(L, 3, 1, 0) != LUA_OK)
      return lua_error(L);
    sum += lua_tointeger(L, -1);
    lua_pop(L, 1);
  }
  lua_pushinteger(L, sum);
  return 1;
}

static int now(lua_State *L) {
  struct timespec time;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &time); /* what other processes do does not count */
  lua_pushnumber(L, (double)time.tv_sec + (double)time.tv_nsec * 1e-9);
  return 1;
}

__attribute__((visibility("default"))) int luaopen_baseline(lua_State *L);

int luaopen_baseline(lua_State *L) {
  static const luaL_Reg functions[] = { { "add", add }, { "echo", echo },       { "get", get },     { "put", put },
                                        { "now", now }, { "numbers", numbers }, { "calls", calls }, { NULL, NULL } };
  luaL_newlib(L, functions);
  return 1;
}
