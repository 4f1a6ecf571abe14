/* held.c - userdata that hold one COM reference and have methods of our own. */
#include "bridge/client/held.h"

#include <string.h>

const char held_tag = 0;

Held *held_push(lua_State *L, Bridge *bridge, const HeldKind *kind) {
  Held *held = lua_newuserdatauv(L, sizeof *held, 1);
  memset(held, 0, sizeof *held);
  held->tag = &held_tag;
  held->kind = kind;
  held->bridge = bridge;
  if (!bridge_reserve_release(bridge)) {
    held->bridge = NULL;
    raise_status(L, E_OUTOFMEMORY, NULL);
  }
  lua_rawgetp(L, LUA_REGISTRYINDEX, kind);
  lua_setmetatable(L, -2);
  return held;
}

Held *held_check(lua_State *L, int index, const HeldKind *kind, const char *subject) {
  Held *held = held_at(L, index);
  if (!held || held->kind != kind)
    raise_argument(L, E_INVALIDARG, subject, index, "%s is wanted here (called with '.' instead of ':'?), not %s",
                   kind->name, value_type_name(L, index));
  else if (!held->face)
    raise_text(L, CO_E_RELEASED, subject, "%s is closed", kind->name);
  return held;
}

int held_close(lua_State *L) {
  Held *held = held_at(L, 1);
  if (!held || !held->face)
    return 0;
  IUnknown *face = held->face;
  Bridge *bridge = held->bridge;
  held->face = NULL;
  held->bridge = NULL; /* no reservation any more */
  bridge_unreserve_release(bridge);
  bridge_leave(bridge);
  IUnknown_Release(face);
  bridge_return(bridge);
  return 0;
}

/* Never calls out: the reference is released at the next entry into the bridge. */
static int held_gc(lua_State *L) {
  Held *held = held_at(L, 1);
  if (!held || !held->bridge)
    return 0;
  Bridge *bridge = held->bridge;
  IUnknown *face = held->face;
  held->face = NULL;
  held->bridge = NULL;
  if (face)
    bridge_defer_release(bridge, face);
  else
    bridge_unreserve_release(bridge);
  return 0;
}

static int held_tostring(lua_State *L) {
  const Held *held = held_at(L, 1);
  if (!held)
    lua_pushliteral(L, "closed");
  else if (!held->face)
    lua_pushfstring(L, "%s (closed)", held->kind->metatable);
  else
    lua_pushfstring(L, "%s: %p", held->kind->metatable, (void *)held->face);
  return 1;
}

void held_open_type(lua_State *L, const HeldKind *kind, const luaL_Reg *metamethods) {
  static const luaL_Reg common[] = {
    { "__gc", held_gc }, { "__close", held_close }, { "__tostring", held_tostring }, { NULL, NULL }
  };
  lua_createtable(L, 0, 8);
  luaL_setfuncs(L, common, 0);
  luaL_setfuncs(L, metamethods, 0);
  lua_pushstring(L, kind->metatable);
  lua_setfield(L, -2, "__name");
  lua_pushstring(L, kind->metatable);
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, kind);
}

HRESULT interface_at(lua_State *L, int index, REFIID iid, void **face) {
  *face = NULL;
  return bridge_get(L)->objects->query(L, index, iid, face);
}
