/* embed.c - the functions behind oleander_lua.h: programs that embed Lua push interface pointers and take them. */
#include "bridge/events_internal.h"

#include <oleander_lua.h>

#include <string.h>

static void embed_push(lua_State *L, IUnknown *object, REFIID iid) {
  Bridge *bridge = bridge_get(L);
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  Arrival arrival = { .iid = iid != NULL && !IsEqualGUID(iid, &IID_IUnknown) ? iid : NULL, .client_view = true };
  arrival.dispatch = iid != NULL && IsEqualGUID(iid, &IID_IDispatch);
  if (object != NULL)
    IUnknown_AddRef(object);
  handle_push(L, bridge, object, &arrival);
}

static HRESULT embed_take(lua_State *L, int index, REFIID iid, void **object) {
  Bridge *bridge = bridge_get(L);
  if (object == NULL)
    return E_POINTER;
  *object = NULL;
  if (!lua_checkstack(L, LUA_MINSTACK))
    return E_OUTOFMEMORY;
  index = lua_absindex(L, index);
  Handle *handle = handle_at(L, index);
  if (handle != NULL) {
    bridge_leave(bridge);
    HRESULT result = handle_query(handle, iid, object);
    bridge_return(bridge);
    return result;
  }
  if (lua_type(L, index) == LUA_TTABLE || lua_type(L, index) == LUA_TFUNCTION)
    return bridge->wrap_table(L, bridge, index, iid, NULL, object);
  return DISP_E_TYPEMISMATCH;
}

static void embed_rest(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  if (bridge->server != NULL)
    server_rest(bridge->server);
}

static void embed_resume(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  if (bridge->server != NULL)
    server_resume(bridge->server);
}

static int embed_pump(lua_State *L, double seconds) {
  Bridge *bridge = bridge_get(L);
  return bridge->server != NULL && server_pump(bridge->server, seconds < 0 ? -1 : seconds);
}

static const OleanderLua functions = { .size = sizeof functions,
                                       .push = embed_push,
                                       .take = embed_take,
                                       .pump = embed_pump,
                                       .rest = embed_rest,
                                       .resume = embed_resume };

void embed_open(lua_State *L) {
  lua_pushlightuserdata(L, (void *)&functions);
  lua_setfield(L, LUA_REGISTRYINDEX, OLEANDER_LUA_KEY);
}
