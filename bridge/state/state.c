/* state.c - one Bridge per Lua state: the apartment, the queue of deferred releases, calls into Lua that must not jump. */
#include "bridge/state/state.h"

#include <stdlib.h>
#include <string.h>

static const char bridge_key = 0;

Bridge *bridge_get(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &bridge_key);
  Bridge *bridge = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return bridge;
}

/* deferred releases */

bool bridge_reserve_release(Bridge *bridge) {
  size_t needed = bridge->references + 1 + bridge->deferred_count;
  if (needed > bridge->deferred_capacity) {
    size_t capacity = bridge->deferred_capacity ? bridge->deferred_capacity * 2 : 64;
    while (capacity < needed)
      capacity *= 2;
    IUnknown **room = realloc(bridge->deferred, capacity * sizeof *room);
    if (!room)
      return false;
    bridge->deferred = room;
    bridge->deferred_capacity = capacity;
  }
  bridge->references++;
  return true;
}

void bridge_unreserve_release(Bridge *bridge) {
  bridge->references--;
}

void bridge_defer_release(Bridge *bridge, IUnknown *object) {
  bridge->references--;
  bridge->deferred[bridge->deferred_count++] = object;
}

/* A release may run server code that comes back into the bridge: nothing is remembered across it. */
void bridge_drain(lua_State *L, Bridge *bridge) {
  while (bridge->deferred_count != 0) {
    IUnknown *object = bridge->deferred[--bridge->deferred_count];
    bridge_leave(bridge);
    IUnknown_Release(object);
    bridge_return(bridge);
  }
  if (bridge->foreign_work && bridge->drain)
    bridge->drain(L, bridge);
}

/* calls into Lua */

bool bridge_protected(lua_State *L, lua_CFunction body, void *argument, int results) {
  if (!lua_checkstack(L, LUA_MINSTACK)) {
    lua_settop(L, lua_gettop(L) - 1); /* something was there: the message must have a place */
    lua_pushnil(L);
    return false;
  }
  lua_pushcfunction(L, body);
  lua_pushlightuserdata(L, argument);
  return lua_pcall(L, 1, results, 0) == LUA_OK;
}

void bridge_call_helper(lua_State *L, Bridge *bridge, const char *name, int arguments, int results) {
  lua_rawgeti(L, LUA_REGISTRYINDEX, bridge->helpers);
  lua_getfield(L, -1, name);
  lua_remove(L, -2);
  lua_insert(L, -(arguments + 1));
  lua_call(L, arguments, results);
}

void raise_pending(lua_State *L, Bridge *bridge) {
  if (!bridge->pending_error)
    return;
  bridge->take_pending(L, bridge);
  lua_error(L);
}

/* Life and death. */

static int bridge_finalize(lua_State *L) {
  Bridge *bridge = lua_touserdata(L, 1);
  if (bridge->closing)
    return 0;
  bridge->closing = true;
  if (bridge->close)
    bridge->close(L, bridge);
  bridge_drain(L, bridge);
  free(bridge->deferred);
  bridge->deferred = NULL;
  bridge->deferred_capacity = 0;
  if (bridge->initialized_apartment && bridge->owner == this_thread())
    CoUninitialize();
  return 0;
}

static int push_weak_table(lua_State *L, const char *mode) {
  lua_newtable(L);
  lua_createtable(L, 0, 1);
  lua_pushstring(L, mode);
  lua_setfield(L, -2, "__mode");
  lua_setmetatable(L, -2);
  return luaL_ref(L, LUA_REGISTRYINDEX);
}

static int push_plain_table(lua_State *L) {
  lua_newtable(L);
  return luaL_ref(L, LUA_REGISTRYINDEX);
}

Bridge *bridge_open(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  if (bridge)
    return bridge;
  bridge = lua_newuserdatauv(L, sizeof *bridge, 0);
  memset(bridge, 0, sizeof *bridge);
  lua_rawgeti(L, LUA_REGISTRYINDEX, LUA_RIDX_MAINTHREAD);
  bridge->main = lua_tothread(L, -1);
  lua_pop(L, 1);
  bridge->owner = this_thread();
  bridge->views = push_weak_table(L, "v");
  bridge->recent = push_plain_table(L);
  bridge->identities = push_weak_table(L, "v");
  bridge->helpers = push_plain_table(L);
  bridge->own_sources = push_plain_table(L);
  lua_createtable(L, 0, 1);
  lua_pushcfunction(L, bridge_finalize);
  lua_setfield(L, -2, "__gc");
  lua_setmetatable(L, -2);
  /* A thread that has an apartment of the other kind keeps it. */
  bridge->initialized_apartment = SUCCEEDED(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED));
  lua_rawsetp(L, LUA_REGISTRYINDEX, &bridge_key);
  return bridge;
}
