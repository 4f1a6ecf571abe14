/* enumerate.c - com.each and pairs: _NewEnum, IEnumVARIANT one element at a time, closed on break. */
#include "bridge/client/client.h"

#include <string.h>

static const char enumerator_tag = 0;

typedef struct Enumerator {
  const char *tag;
  Bridge *bridge;
  IEnumVARIANT *elements;
  lua_Integer position;
  uint32_t flags; /* HandleFlags that objects inherit */
  bool last;      /* the element that was given came with S_FALSE: there is no other */
} Enumerator;

static Enumerator *enumerator_at(lua_State *L, int index) {
  return tagged(L, index, &enumerator_tag, sizeof(Enumerator));
}

static int enumerator_close(lua_State *L) {
  Enumerator *enumerator = enumerator_at(L, 1);
  if (enumerator && enumerator->elements) {
    IEnumVARIANT *elements = enumerator->elements;
    enumerator->elements = NULL;
    bridge_unreserve_release(enumerator->bridge);
    bridge_leave(enumerator->bridge);
    IEnumVARIANT_Release(elements);
    bridge_return(enumerator->bridge);
  }
  return 0;
}

static int enumerator_gc(lua_State *L) {
  Enumerator *enumerator = enumerator_at(L, 1);
  if (enumerator && enumerator->elements) {
    bridge_defer_release(enumerator->bridge, (IUnknown *)enumerator->elements);
    enumerator->elements = NULL;
  }
  return 0;
}

/* (enumerator) -> position, value. A Lua nil ends no loop: the position comes first. */
static int enumerator_next(lua_State *L) {
  Enumerator *enumerator = enumerator_at(L, 1);
  if (!enumerator || !enumerator->elements || enumerator->last) {
    enumerator_close(L);
    lua_pushnil(L);
    return 1;
  }
  bridge_enter(L, enumerator->bridge);
  IEnumVARIANT *elements = enumerator->elements;
  VARIANT value;
  ULONG fetched = COUNT_UNTOUCHED;
  VariantInit(&value);
  IEnumVARIANT_AddRef(elements); /* a callback may end the loop */
  bridge_leave(enumerator->bridge);
  HRESULT result = IEnumVARIANT_Next(elements, 1, &value, &fetched);
  IEnumVARIANT_Release(elements);
  bridge_return(enumerator->bridge);
  if (enumerator->bridge->pending_error) {
    VariantClear(&value);
    enumerator->bridge->take_pending(L, enumerator->bridge);
    return lua_error(L);
  }
  if (next_count(result, fetched) == 0) {
    VariantClear(&value);
    if (FAILED(result))
      return raise_status(L, result, "the enumeration");
    enumerator_close(L);
    lua_pushnil(L);
    return 1;
  }
  enumerator->last = result != S_OK;
  lua_pushinteger(L, ++enumerator->position);
  variant_push_clear(L, enumerator->bridge, enumerator->flags, NULL, &value);
  return 2;
}

/* Asks the object for _NewEnum, whatever the type information says of it. It is asked again in another way after a
 * failure, unless that was the error of a callback, which stays pending. */
static HRESULT ask_enumerator(Handle *handle, IEnumVARIANT **elements) {
  DISPPARAMS none;
  EXCEPINFO exception;
  VARIANT value;
  memset(&none, 0, sizeof none);
  memset(&exception, 0, sizeof exception);
  VariantInit(&value);
  *elements = NULL;
  if (!handle->dispatch)
    return handle_query(handle, &IID_IEnumVARIANT, (void **)elements);
  Bridge *bridge = handle->bridge;
  IDispatch *dispatch = handle->dispatch;
  handle->busy++;
  bridge_leave(bridge);
  HRESULT result = IDispatch_Invoke(dispatch, DISPID_NEWENUM, &IID_NULL, LOCALE_USER_DEFAULT,
                                    DISPATCH_METHOD | DISPATCH_PROPERTYGET, &none, &value, &exception, NULL);
  bridge_return(bridge);
  handle_leave(handle);
  if (result == DISP_E_EXCEPTION && FAILED(exception.scode))
    result = exception.scode;
  exception_clear(&exception);
  if (FAILED(result))
    return !bridge->pending_error && handle->face &&
                   SUCCEEDED(handle_query(handle, &IID_IEnumVARIANT, (void **)elements))
               ? S_OK
               : result;
  bool object = V_VT(&value) == VT_UNKNOWN || V_VT(&value) == VT_DISPATCH;
  result = object && V_UNKNOWN(&value)
               ? IUnknown_QueryInterface(V_UNKNOWN(&value), &IID_IEnumVARIANT, (void **)elements)
               : DISP_E_TYPEMISMATCH;
  VariantClear(&value);
  return SUCCEEDED(result) && !*elements ? E_POINTER : result;
}

void enumerator_push(lua_State *L, Handle *handle, int object) {
  object = lua_absindex(L, object);
  lua_pushcfunction(L, enumerator_next);
  Enumerator *enumerator = lua_newuserdatauv(L, sizeof *enumerator, 0);
  memset(enumerator, 0, sizeof *enumerator);
  enumerator->tag = &enumerator_tag;
  enumerator->bridge = handle->bridge;
  enumerator->flags = handle->flags & HANDLE_INHERITED;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &enumerator_tag);
  lua_setmetatable(L, -2);
  if (!bridge_reserve_release(enumerator->bridge))
    raise_status(L, E_OUTOFMEMORY, "com.each");
  IEnumVARIANT *elements;
  HRESULT result = ask_enumerator(handle, &elements);
  bool failed = FAILED(result);
  if (failed)
    bridge_unreserve_release(enumerator->bridge);
  else
    enumerator->elements = elements; /* __gc lets it go when a pending error is raised */
  if (enumerator->bridge->pending_error) {
    enumerator->bridge->take_pending(L, enumerator->bridge);
    lua_error(L);
  }
  if (failed)
    raise_text(L, result, handle->view->name, "the object cannot be enumerated; com.members(o) lists its members");
  lua_pushnil(L);
}

/* each(o): for i, value in com.each(o) do ... end */
static int core_each(lua_State *L) {
  VARTYPE vt;
  if (lua_type(L, 1) == LUA_TTABLE || array_at(L, 1, &vt))
    return raise_argument(L, E_INVALIDARG, "com.each", 1, "an object is wanted; over %s loop pairs and ipairs",
                          value_type_name(L, 1));
  Handle *handle = handle_check(L, 1, "com.each");
  bridge_enter(L, handle->bridge);
  enumerator_push(L, handle, 1);
  lua_pushvalue(L, -2); /* the loop closes it */
  return 4;
}

const luaL_Reg core_enumerate_functions[] = { { "each", core_each }, { NULL, NULL } };

void enumerator_open_type(lua_State *L) {
  static const luaL_Reg metamethods[] = { { "__gc", enumerator_gc }, { "__close", enumerator_close }, { NULL, NULL } };
  luaL_newlib(L, metamethods);
  lua_pushliteral(L, "enumerator");
  lua_setfield(L, -2, "__name");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &enumerator_tag);
}
