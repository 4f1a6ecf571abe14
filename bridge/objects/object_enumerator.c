/* object_enumerator.c - IEnumVARIANT over a table: its function _NewEnum (or get__NewEnum), which gives an iterator as for
 * the generic `for`, or its __pairs. Elements are asked for one by one; of two values that the iterator gives, the second
 * is the element. */
#include "bridge/objects/objects_internal.h"

#include <oleander_object.h>
#include <stdlib.h>

typedef struct LuaEnumerator {
  IEnumVARIANT face;
  OleanderUnknown object;
  Deferred deferred;
  Token *token;
  int table;    /* registry reference: what is enumerated */
  int state;    /* registry reference: { iterator, invariant, control }, or 0 at the end */
  ULONG passed; /* elements behind us */
} LuaEnumerator;

static void enumerator_end(lua_State *L, Token *token, Deferred *deferred) {
  LuaEnumerator *enumerator = (LuaEnumerator *)(void *)((char *)deferred - offsetof(LuaEnumerator, deferred));
  if (L && enumerator->table != 0)
    luaL_unref(L, LUA_REGISTRYINDEX, enumerator->table);
  if (L && enumerator->state != 0)
    luaL_unref(L, LUA_REGISTRYINDEX, enumerator->state);
  free(enumerator);
  token_release(token);
}

static LuaEnumerator *from_face(IEnumVARIANT *face) {
  return (LuaEnumerator *)(void *)face;
}

/* In its state, where the table is. */
static void enumerator_destroy(void *self) {
  LuaEnumerator *enumerator = self;
  token_defer(enumerator->token, &enumerator->deferred);
}

OLEANDER_UNKNOWN_FACE(LuaEnumerator, face, IEnumVARIANT)

/* in Lua */

typedef struct Step {
  LuaEnumerator *enumerator;
  VARIANT *values; /* NULL: skip */
  ULONG wanted, got;
  HRESULT status;
  IUnknown *other; /* an enumerator that the script made elsewhere */
} Step;

static int push_opener(lua_State *L, int table) {
  static const char *const names[] = { "get__NewEnum", "_NewEnum" };
  for (unsigned i = 0; i < 2 && lua_istable(L, table); i++) {
    if (lua_getfield(L, table, names[i]) == LUA_TFUNCTION)
      return true;
    lua_pop(L, 1);
  }
  return luaL_getmetafield(L, table, "__pairs") != LUA_TNIL;
}

/* (step, table): begins the iteration */
static int open_iteration(lua_State *L) {
  Step *step = lua_touserdata(L, 1);
  LuaEnumerator *enumerator = step->enumerator;
  lua_settop(L, 2);
  if (!push_opener(L, 2)) {
    step->status = DISP_E_MEMBERNOTFOUND;
    return 0;
  }
  lua_pushvalue(L, 2);
  lua_call(L, 1, 3);
  Handle *handle = handle_at(L, 3);
  if (handle && handle->face) {
    step->other = handle->face;
    IUnknown_AddRef(step->other);
    return 0;
  }
  lua_createtable(L, 3, 0);
  for (int i = 1; i <= 3; i++) {
    lua_pushvalue(L, 2 + i);
    lua_rawseti(L, -2, i);
  }
  int state = luaL_ref(L, LUA_REGISTRYINDEX);
  if (enumerator->state != 0)
    luaL_unref(L, LUA_REGISTRYINDEX, enumerator->state);
  enumerator->state = state;
  enumerator->passed = 0;
  if (enumerator->table == 0) {
    lua_pushvalue(L, 2);
    enumerator->table = luaL_ref(L, LUA_REGISTRYINDEX);
  }
  return 0;
}

static int reopen(lua_State *L) {
  Step *step = lua_touserdata(L, 1);
  lua_settop(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, step->enumerator->table);
  open_iteration(L);
  if (step->other) {
    IUnknown_Release(step->other);
    step->other = NULL;
    step->status = E_FAIL;
  }
  return 0;
}

/* Pushes the next element. False: the end. */
static bool push_element(lua_State *L, int state) {
  int base = lua_gettop(L);
  for (int i = 1; i <= 3; i++)
    lua_rawgeti(L, state, i);
  lua_call(L, 2, LUA_MULTRET);
  int count = lua_gettop(L) - base;
  if (count == 0 || lua_isnil(L, base + 1))
    return false;
  lua_pushvalue(L, base + 1);
  lua_rawseti(L, state, 3);
  lua_pushvalue(L, base + (count >= 2 ? 2 : 1));
  lua_replace(L, base + 1);
  lua_settop(L, base + 1);
  return true;
}

static int advance(lua_State *L) {
  Step *step = lua_touserdata(L, 1);
  LuaEnumerator *enumerator = step->enumerator;
  lua_settop(L, 1);
  if (enumerator->state == 0)
    return 0;
  lua_rawgeti(L, LUA_REGISTRYINDEX, enumerator->state);
  for (; step->got < step->wanted; lua_settop(L, 2)) {
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    if (!push_element(L, 2)) {
      luaL_unref(L, LUA_REGISTRYINDEX, enumerator->state);
      enumerator->state = 0;
      return 0;
    }
    if (step->values) {
      Converting converting = { .L = L, .bridge = enumerator->token->bridge };
      VariantInit(&step->values[step->got]);
      HRESULT result = variant_or_object(&converting, lua_gettop(L), &step->values[step->got]);
      if (FAILED(result))
        return luaL_error(L, "an element: %s", converting.problem);
    }
    step->got++;
    enumerator->passed++;
  }
  return 0;
}

static void protect(lua_State *L, Step *step, lua_CFunction body) {
  if (!lua_checkstack(L, LUA_MINSTACK))
    step->status = E_OUTOFMEMORY;
  else if (!bridge_protected(L, body, step, 0))
    step->status = error_to_status(L, step->enumerator->token, &IID_IEnumVARIANT, "Lua");
}

static void advance_body(lua_State *L, void *context) {
  protect(L, context, advance);
}

static void reopen_body(lua_State *L, void *context) {
  protect(L, context, reopen);
}

static HRESULT run(Step *step, TokenBody *body) {
  HRESULT result = token_run(step->enumerator->token, body, step);
  return FAILED(result) ? result : step->status;
}

/* the methods */

static HRESULT STDMETHODCALLTYPE Enumerator_Next(IEnumVARIANT *face, ULONG count, VARIANT *values, ULONG *fetched) {
  if (fetched)
    *fetched = 0;
  if (!values || (!fetched && count != 1))
    return E_INVALIDARG;
  Step step = { .enumerator = from_face(face), .values = values, .wanted = count };
  for (ULONG i = 0; i < count; i++)
    VariantInit(&values[i]);
  HRESULT result = run(&step, advance_body);
  if (FAILED(result)) {
    for (ULONG i = 0; i < step.got; i++)
      VariantClear(&values[i]);
    return result;
  }
  if (fetched)
    *fetched = step.got;
  return step.got == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Enumerator_Skip(IEnumVARIANT *face, ULONG count) {
  Step step = { .enumerator = from_face(face), .wanted = count };
  HRESULT result = run(&step, advance_body);
  if (FAILED(result))
    return result;
  return step.got == count ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Enumerator_Reset(IEnumVARIANT *face) {
  Step step = { .enumerator = from_face(face) };
  return run(&step, reopen_body);
}

static LuaEnumerator *enumerator_new(Token *token);

typedef struct Cloning {
  LuaEnumerator *from, *to;
} Cloning;

static int share_table(lua_State *L) {
  Cloning *cloning = lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, cloning->from->table);
  cloning->to->table = luaL_ref(L, LUA_REGISTRYINDEX);
  return 0;
}

static void share_body(lua_State *L, void *context) {
  if (!bridge_protected(L, share_table, context, 0))
    lua_pop(L, 1);
}

static HRESULT STDMETHODCALLTYPE Enumerator_Clone(IEnumVARIANT *face, IEnumVARIANT **clone) {
  LuaEnumerator *enumerator = from_face(face);
  if (!clone)
    return E_POINTER;
  *clone = NULL;
  LuaEnumerator *copy = enumerator_new(enumerator->token);
  if (!copy)
    return E_OUTOFMEMORY;
  Cloning cloning = { enumerator, copy };
  HRESULT result = token_run(enumerator->token, share_body, &cloning);
  if (SUCCEEDED(result) && copy->table == 0)
    result = E_OUTOFMEMORY;
  if (SUCCEEDED(result))
    result = Enumerator_Reset(&copy->face);
  if (SUCCEEDED(result) && enumerator->passed != 0)
    result = Enumerator_Skip(&copy->face, enumerator->passed);
  if (FAILED(result)) {
    IEnumVARIANT_Release(&copy->face);
    return result;
  }
  *clone = &copy->face;
  return S_OK;
}

static const IEnumVARIANTVtbl enumerator_vtable = { OLEANDER_FACE_SLOTS(LuaEnumerator, face), Enumerator_Next,
                                                    Enumerator_Skip, Enumerator_Reset, Enumerator_Clone };
static const OleanderFace enumerator_faces[] = {
  { &IID_IEnumVARIANT, offsetof(LuaEnumerator, face), &enumerator_vtable }, { 0 }
};
static const OleanderType enumerator_type = {
  "LuaEnumerator", 0, offsetof(LuaEnumerator, object), enumerator_faces, enumerator_destroy, NULL
};

static LuaEnumerator *enumerator_new(Token *token) {
  LuaEnumerator *enumerator = calloc(1, sizeof *enumerator);
  if (!enumerator)
    return NULL;
  enumerator->face.lpVtbl = (IEnumVARIANTVtbl *)&enumerator_vtable;
  enumerator->deferred.run = enumerator_end;
  oleander_unknown_begin(&enumerator->object, &enumerator_type, NULL);
  enumerator->token = token_addref(token);
  return enumerator;
}

HRESULT enumerator_make(lua_State *L, Token *token, LuaObject *object, IUnknown **made) {
  (void)object;
  *made = NULL;
  LuaEnumerator *enumerator = enumerator_new(token);
  if (!enumerator)
    return E_OUTOFMEMORY;
  Step step = { .enumerator = enumerator };
  lua_pushcfunction(L, open_iteration);
  lua_insert(L, -2);
  lua_pushlightuserdata(L, &step);
  lua_insert(L, -2);
  if (lua_pcall(L, 2, 0, 0) != LUA_OK)
    step.status = error_to_status(L, token, &IID_IEnumVARIANT, "Lua");
  if (FAILED(step.status) || step.other) {
    IEnumVARIANT_Release(&enumerator->face);
    *made = step.other;
    return step.status;
  }
  *made = (IUnknown *)&enumerator->face;
  return S_OK;
}
