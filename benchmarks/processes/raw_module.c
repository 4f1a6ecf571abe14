/* For Lua: the raw socket that calls between processes are measured against, a clock, and the processor to stay on. */
#include <lauxlib.h>
#include <sched.h>
#include <time.h>

#include "bench_folder.h"
#include "raw_peer.h"

/* The service leaves when this process has none of its objects any more. */
static int leave(lua_State *L) {
  (void)L;
  bench_folder_remove();
  return 0;
}

/* What is made first is collected last when the state closes: behind the bridge, which is loaded later. */
static void leave_last(lua_State *L) {
  static const luaL_Reg methods[] = { { "__gc", leave }, { NULL, NULL } };
  lua_newuserdatauv(L, 0, 0);
  luaL_newlib(L, methods);
  lua_setmetatable(L, -2);
  luaL_ref(L, LUA_REGISTRYINDEX);
}

/* start(): from here on this process, and what it starts, stays on one processor and has a COM service of its own. */
static int start(lua_State *L) {
  cpu_set_t set;
  if (!bench_folder_make())
    return luaL_error(L, "a folder in /tmp cannot be made");
  leave_last(L);
  CPU_ZERO(&set);
  CPU_SET(0, &set);
  sched_setaffinity(0, sizeof set, &set);
  lua_pushboolean(L, raw_peer_start(false));
  return 1;
}

/* exchange(times, request, reply), in bytes. */
static int exchange(lua_State *L) {
  lua_Integer times = luaL_checkinteger(L, 1);
  size_t request = (size_t)luaL_checkinteger(L, 2), reply = (size_t)luaL_checkinteger(L, 3);
  for (lua_Integer i = 0; i < times; i++)
    if (!raw_peer_exchange(request, reply))
      return luaL_error(L, "the peer is gone");
  return 0;
}

static int stop(lua_State *L) {
  (void)L;
  raw_peer_stop();
  return 0;
}

static int now(lua_State *L) {
  struct timespec time;
  clock_gettime(CLOCK_MONOTONIC, &time);
  lua_pushnumber(L, (double)time.tv_sec + (double)time.tv_nsec * 1e-9);
  return 1;
}

__attribute__((visibility("default"))) int luaopen_raw_peer(lua_State *L);

int luaopen_raw_peer(lua_State *L) {
  static const luaL_Reg functions[] = {
    { "start", start }, { "exchange", exchange }, { "stop", stop }, { "now", now }, { NULL, NULL }
  };
  luaL_newlib(L, functions);
  return 1;
}
