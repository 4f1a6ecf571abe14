/* embed.c - the functions behind oleander_lua.h: programs that embed Lua push interface pointers and take them. */
#include "bridge/embed.h"
#include "bridge/client/client.h"

#include <oleander_lua.h>

#include <string.h>

static void embed_push(lua_State *L, IUnknown *object, REFIID iid) {
  Bridge *bridge = bridge_get(L);
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  Arrival arrival = { .iid = iid && !IsEqualGUID(iid, &IID_IUnknown) ? iid : NULL, .client_view = true };
  arrival.dispatch = iid && IsEqualGUID(iid, &IID_IDispatch);
  if (object)
    IUnknown_AddRef(object);
  handle_push(L, bridge, object, &arrival);
}

static HRESULT embed_take(lua_State *L, int index, REFIID iid, void **object) {
  Bridge *bridge = bridge_get(L);
  if (!object)
    return E_POINTER;
  *object = NULL;
  if (!lua_checkstack(L, LUA_MINSTACK))
    return E_OUTOFMEMORY;
  index = lua_absindex(L, index);
  Handle *handle = handle_at(L, index);
  if (handle) {
    bridge_leave(bridge);
    HRESULT result = handle_query(handle, iid, object);
    bridge_return(bridge);
    return result;
  }
  if (lua_type(L, index) == LUA_TTABLE || lua_type(L, index) == LUA_TFUNCTION)
    return bridge->wrap_table(L, bridge, index, iid, NULL, NULL, object);
  return DISP_E_TYPEMISMATCH;
}

static int make_token(lua_State *L) {
  token_get(L, lua_touserdata(L, 1));
  return 0;
}

/* Made when it is first needed, on the thread of the state. NULL: out of memory, or the state is being closed. */
static Token *embed_token(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  if (!bridge->token && bridge->owner == this_thread() && !bridge_protected(L, make_token, bridge, 0))
    lua_pop(L, 1);
  return bridge->token;
}

typedef struct Running {
  Token *token;
  void (*body)(lua_State *L, void *context);
  void *context;
  HRESULT result;
} Running;

static int run_protected(lua_State *L) {
  Running *running = lua_touserdata(L, 1);
  lua_settop(L, 0);
  running->body(L, running->context);
  return 0;
}

static void run_body(lua_State *L, void *context) {
  Running *running = context;
  if (!lua_checkstack(L, LUA_MINSTACK)) {
    running->result = E_OUTOFMEMORY;
    return;
  }
  lua_pushcfunction(L, run_protected);
  lua_pushlightuserdata(L, running);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK)
    running->result = error_to_status(L, running->token, &IID_IUnknown, "Lua");
}

static HRESULT embed_run(lua_State *L, void (*body)(lua_State *L, void *context), void *context) {
  Running running = { embed_token(L), body, context, S_OK };
  if (!running.token)
    return RPC_E_DISCONNECTED;
  HRESULT result = token_run(running.token, run_body, &running);
  return FAILED(result) ? result : running.result;
}

static void embed_rest(lua_State *L) {
  Token *token = embed_token(L);
  if (token)
    token_rest(token);
}

static void embed_resume(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  if (bridge->token)
    token_resume(bridge->token);
}

static int embed_pump(lua_State *L, double seconds) {
  Bridge *bridge = bridge_get(L);
  return bridge->token && token_pump(bridge->token, seconds < 0 ? -1 : seconds);
}

static const OleanderLua functions = { .size = sizeof functions,
                                       .push = embed_push,
                                       .take = embed_take,
                                       .run = embed_run,
                                       .pump = embed_pump,
                                       .rest = embed_rest,
                                       .resume = embed_resume };

/* find_class_object(clsid): the class object of a hosted Lua file */
static int find_class_object(lua_State *L) {
  bridge_call_helper(L, bridge_get(L), "class_object", 1, 1);
  return 1;
}

void embed_open(lua_State *L) {
  lua_pushcfunction(L, find_class_object);
  lua_setfield(L, LUA_REGISTRYINDEX, "oleander.class_object");
  lua_pushlightuserdata(L, (void *)&functions);
  lua_setfield(L, LUA_REGISTRYINDEX, OLEANDER_LUA_KEY);
}
