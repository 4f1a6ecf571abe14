/* security.c - in whose name calls are made, and who makes those that come: com.security, com.blanket, com.caller, com.impersonate and the
 * options user, domain, password, authentication, impersonation (lua/oleander/security.lua). */
#include "bridge/client/client.h"
#include "remote/remote_api.h"

#include <stdlib.h>

static const char *const LOGIN = "oleander.Login";

static int login_gc(lua_State *L) {
  RemoteLogin **slot = luaL_checkudata(L, 1, LOGIN), *login = *slot;
  *slot = NULL;
  remote_login_release(login);
  return 0;
}

RemoteLogin *login_at(lua_State *L, int index) {
  if (lua_isnoneornil(L, index))
    return NULL;
  return *(RemoteLogin **)luaL_checkudata(L, index, LOGIN);
}

/* login(level, impersonation level, domain, user, password): numbers as in COM, 0 as is usual; texts or nil */
static int core_login(lua_State *L) {
  DWORD level = (DWORD)luaL_checkinteger(L, 1), impersonation = (DWORD)luaL_checkinteger(L, 2);
  const char *domain = luaL_optstring(L, 3, NULL), *user = luaL_optstring(L, 4, NULL);
  const char *password = luaL_optstring(L, 5, NULL);
  RemoteLogin **slot = lua_newuserdatauv(L, sizeof *slot, 0);
  *slot = NULL;
  if (luaL_newmetatable(L, LOGIN)) {
    lua_pushcfunction(L, login_gc);
    lua_setfield(L, -2, "__gc");
  }
  lua_setmetatable(L, -2);
  *slot = remote_login_create(level, impersonation, domain, user, password);
  return *slot ? 1 : raise_status(L, E_OUTOFMEMORY, "com.create");
}

/* blanket(o): service, level, impersonation level, capabilities, principal or nil; nothing: the object is of this apartment */
static int core_blanket(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.blanket");
  Bridge *bridge = handle->bridge;
  DWORD service, level, impersonation, capabilities;
  OLECHAR *principal = NULL;
  bridge_enter(L, bridge);
  HRESULT result =
      CoQueryProxyBlanket(handle->face, &service, NULL, &principal, &level, &impersonation, NULL, &capabilities);
  if (FAILED(result))
    return result == E_NOINTERFACE ? 0 : raise_said(L, result, "com.blanket");
  char *name = principal ? text_copy_utf8(principal) : NULL;
  CoTaskMemFree(principal);
  lua_pushinteger(L, service);
  lua_pushinteger(L, level);
  lua_pushinteger(L, impersonation);
  lua_pushinteger(L, capabilities);
  lua_pushstring(L, name ? name : ""); /* on an error of Lua's the name is lost: it has no room then */
  free(name);
  return 5;
}

/* set_blanket(o, login): false: the object is of this apartment */
static int core_set_blanket(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.blanket");
  Bridge *bridge = handle->bridge;
  RemoteLogin *login = login_at(L, 2);
  luaL_argcheck(L, login, 2, "a login is wanted");
  bridge_enter(L, bridge);
  handle->busy++;
  bridge_leave(bridge);
  HRESULT result = remote_set_blanket(handle->face, login);
  bridge_return(bridge);
  handle_leave(handle);
  if (FAILED(result))
    return raise_said(L, result, "com.blanket");
  lua_pushboolean(L, result == S_OK);
  return 1;
}

/* caller(): user or nil, host, process, level; nothing: no call from elsewhere is carried out */
static int core_caller(lua_State *L) {
  RemoteCaller caller;
  HRESULT result = remote_caller(&caller);
  if (result == S_FALSE)
    return 0;
  if (FAILED(result))
    return raise_status(L, result, "com.caller");
  lua_settop(L, 0);
  lua_pushstring(L, caller.user); /* nil where nobody knows */
  free(caller.user);
  lua_pushstring(L, caller.host);
  lua_pushinteger(L, caller.pid);
  lua_pushinteger(L, (lua_Integer)caller.level);
  return 4;
}

/* impersonate(f, ...): f's results, called while the thread acts as who calls; f cannot yield, as the thread is others' then */
static int core_impersonate(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  luaL_checktype(L, 1, LUA_TFUNCTION);
  HRESULT result = CoImpersonateClient();
  if (result == RPC_E_CALL_COMPLETE)
    return raise_text(L, result, "com.impersonate", "no call from elsewhere is being carried out");
  if (FAILED(result))
    return raise_said(L, result, "com.impersonate");
  int status = lua_pcall(L, lua_gettop(L) - 1, LUA_MULTRET, 0);
  CoRevertToSelf();
  return status == LUA_OK ? lua_gettop(L) : lua_error(L);
}

/* say_security(access in SDDL or nil, level, impersonation level) */
static int core_say_security(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  HRESULT result =
      remote_say_security(luaL_optstring(L, 1, NULL), (DWORD)luaL_checkinteger(L, 2), (DWORD)luaL_checkinteger(L, 3));
  return FAILED(result) ? raise_said(L, result, "com.security") : 0;
}

const luaL_Reg core_security_functions[] = { { "login", core_login },
                                             { "blanket", core_blanket },
                                             { "set_blanket", core_set_blanket },
                                             { "caller", core_caller },
                                             { "impersonate", core_impersonate },
                                             { "say_security", core_say_security },
                                             { NULL, NULL } };
