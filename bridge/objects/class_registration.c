/* class_registration.c - what com.register needs: changes of the registry store, and where the module is that makes Lua
 * files servers. */
#include "bridge/objects/events_internal.h"

#include <oleander_registry.h>

#include <dlfcn.h>
#include <stdlib.h>
#include <string.h>

/* Each entry: { path, name, text }; name "" is the default value. { path } alone: the key goes. */
static HRESULT apply_entry(lua_State *L, OleanderRegistryEdit *edit) {
  const char *texts[3];
  for (int i = 0; i < 3; i++) {
    lua_rawgeti(L, 3, i + 1);
    texts[i] = lua_tostring(L, -1); /* the entry keeps it */
    lua_pop(L, 1);
  }
  if (!texts[0])
    return E_INVALIDARG;
  if (!texts[2])
    return oleander_registry_delete_key(edit, texts[0]);
  return oleander_registry_set_string(edit, texts[0], texts[1], texts[2]);
}

/* registry_write(component, list of entries) */
static int core_registry_write(lua_State *L) {
  OleanderRegistryEdit *edit = NULL;
  const char *component = luaL_checkstring(L, 1);
  luaL_checktype(L, 2, LUA_TTABLE);
  lua_settop(L, 2);
  HRESULT result = oleander_registry_edit(component, &edit);
  lua_Integer count = (lua_Integer)lua_rawlen(L, 2);
  for (lua_Integer i = 1; SUCCEEDED(result) && i <= count; i++) {
    result = lua_rawgeti(L, 2, i) == LUA_TTABLE ? apply_entry(L, edit) : E_INVALIDARG;
    lua_settop(L, 2);
  }
  if (SUCCEEDED(result))
    result = oleander_registry_commit(edit);
  else
    oleander_registry_cancel(edit);
  if (SUCCEEDED(result))
    return 0;
  return raise_said(L, result, "com.register");
}

/* loader_path(): the module that hosts Lua files as servers; it stands at a fixed place beside this one */
static int core_loader_path(lua_State *L) {
  Dl_info facts;
  static const char here = 0;
  if (!dladdr(&here, &facts) || !facts.dli_fname)
    return raise_status(L, CO_E_DLLNOTFOUND, "com.register");
  const char *slash = strrchr(facts.dli_fname, '/');
  lua_pushlstring(L, facts.dli_fname, slash ? (size_t)(slash - facts.dli_fname) : 0);
  lua_pushliteral(L, "/" OLEANDER_LUA_LOADER);
  lua_concat(L, 2);
  char *real = realpath(lua_tostring(L, -1), NULL);
  if (!real)
    return raise_text(L, CO_E_DLLNOTFOUND, "com.register", "%s is missing", lua_tostring(L, -1));
  lua_pushstring(L, real);
  free(real);
  return 1;
}

/* real_path(path): absolute, without links; nil when there is no such file */
static int core_real_path(lua_State *L) {
  char *real = realpath(luaL_checkstring(L, 1), NULL);
  lua_pushstring(L, real);
  free(real);
  return 1;
}

const luaL_Reg core_registration_functions[] = { { "registry_write", core_registry_write },
                                                 { "loader_path", core_loader_path },
                                                 { "real_path", core_real_path },
                                                 { NULL, NULL } };
