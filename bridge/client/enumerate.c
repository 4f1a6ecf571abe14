/* enumerate.c - com.each and pairs: _NewEnum, IEnumVARIANT one element at a time, closed on break. */
#include "bridge/client/flight.h"

#include <string.h>

static const char enumerator_tag = 0;

typedef struct Enumerator {
  const char *tag;
  Bridge *bridge;
  IEnumVARIANT *elements;
  lua_Integer position;
  uint32_t flags; /* HandleFlags that objects inherit */
  bool last;      /* the element that was given came with S_FALSE: there is no other */
  bool elsewhere; /* in another process */
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

/* The answer to Next(1, value, fetched): position and value, or nil at the end. */
static int give_element(lua_State *L, Enumerator *enumerator, HRESULT result, ULONG fetched, VARIANT *value) {
  if (next_count(result, fetched) == 0) {
    VariantClear(value);
    if (FAILED(result))
      return raise_status(L, result, "the enumeration");
    enumerator_close(L);
    lua_pushnil(L);
    return 1;
  }
  enumerator->last = result != S_OK;
  lua_pushinteger(L, ++enumerator->position);
  variant_push_clear(L, enumerator->bridge, enumerator->flags, NULL, value);
  return 2;
}

/* in flight */

typedef struct NextFlight {
  Flight flight;
  IEnumVARIANT *elements;
  ULONG wanted, fetched;
  VARIANT value, *value_argument;
  ULONG *fetched_argument;
  HRESULT result;
  void *arguments[3];
} NextFlight;

enum { NEXT_SLOT = 3 };

static void clear_next(Flight *flight) {
  NextFlight *next = (NextFlight *)flight;
  VariantClear(&next->value);
  if (next->elements)
    IEnumVARIANT_Release(next->elements);
  next->elements = NULL;
}

static int next_lands(lua_State *L, int status, lua_KContext context) {
  NextFlight *next = (NextFlight *)context;
  Enumerator *enumerator = enumerator_at(L, 1);
  (void)status;
  if (!flight_has_ended(&next->flight))
    return flight_suspend(L, &next->flight, next_lands);
  flight_land(&next->flight);
  HRESULT result = next->result;
  ULONG fetched = next->fetched;
  VARIANT value = next->value;
  VariantInit(&next->value);
  flight_end(L, &next->flight);
  return give_element(L, enumerator, result, fetched, &value);
}

/* -1: the call is to be made as usual. */
static int fly_to_next(lua_State *L, Enumerator *enumerator) {
  NextFlight *next = (NextFlight *)flight_push_here(L, enumerator->bridge, sizeof *next);
  next->flight.clear = clear_next;
  next->flight.result = &next->result;
  next->flight.arguments = next->arguments;
  next->wanted = 1;
  next->fetched = COUNT_UNTOUCHED;
  next->value_argument = &next->value;
  next->fetched_argument = &next->fetched;
  next->arguments[0] = &next->wanted;
  next->arguments[1] = &next->value_argument;
  next->arguments[2] = &next->fetched_argument;
  next->elements = enumerator->elements;
  IEnumVARIANT_AddRef(next->elements); /* the loop may be ended meanwhile */
  HRESULT result = flight_begin(&next->flight, (IUnknown *)next->elements, NEXT_SLOT);
  if (result == S_OK)
    return flight_suspend(L, &next->flight, next_lands);
  flight_end(L, &next->flight);
  return result == S_FALSE ? -1 : raise_status(L, result, "the enumeration");
}

/* (enumerator) -> position, value. A Lua nil ends no loop: the position comes first. */
static int enumerator_next(lua_State *L) {
  Enumerator *enumerator = enumerator_at(L, 1);
  if (!enumerator || !enumerator->elements || enumerator->last) {
    enumerator_close(L);
    lua_pushnil(L);
    return 1;
  }
  Bridge *bridge = enumerator->bridge;
  bridge_enter(L, bridge);
  if (flight_wanted(L, bridge) && enumerator->elsewhere && flight_possible_here(L, bridge)) {
    int results = fly_to_next(L, enumerator);
    if (results >= 0)
      return results;
  }
  IEnumVARIANT *elements = enumerator->elements;
  VARIANT value;
  ULONG fetched = COUNT_UNTOUCHED;
  VariantInit(&value);
  IEnumVARIANT_AddRef(elements); /* a callback may end the loop */
  bridge_leave(bridge);
  HRESULT result = IEnumVARIANT_Next(elements, 1, &value, &fetched);
  IEnumVARIANT_Release(elements);
  bridge_return(bridge);
  if (bridge->pending_error) {
    VariantClear(&value);
    bridge->take_pending(L, bridge);
    return lua_error(L);
  }
  return give_element(L, enumerator, result, fetched, &value);
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

/* Pushes the iterator and an enumerator without elements. */
static Enumerator *push_empty(lua_State *L, const Handle *handle) {
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
  return enumerator;
}

/* The elements that came, or what went wrong. */
static int fill(lua_State *L, Enumerator *enumerator, const Handle *handle, HRESULT result, IEnumVARIANT *elements) {
  bool failed = FAILED(result);
  RemotePlace place;
  if (failed) {
    bridge_unreserve_release(enumerator->bridge);
  } else {
    remote_place((IUnknown *)elements, &place);
    enumerator->elsewhere = place.process;
    enumerator->elements = elements; /* __gc lets it go when a pending error is raised */
  }
  raise_pending(L, enumerator->bridge);
  if (failed)
    raise_text(L, result, handle->view->name, "the object cannot be enumerated; com.members(o) lists its members");
  lua_pushnil(L);
  return 3;
}

/* Asking in flight: Invoke first, then the interface of what it gave, or of the object itself. */

typedef struct AskFlight {
  Flight flight;
  Enumerator *enumerator;
  bool closes; /* com.each: the loop closes the enumerator */
  bool answered;
  DISPID id;
  const IID *iid;
  LCID locale;
  WORD kind;
  DISPPARAMS none, *none_argument;
  VARIANT value, *value_argument;
  EXCEPINFO exception, *exception_argument;
  UINT bad, *bad_argument;
  HRESULT result, query_result;
  void *arguments[8];
} AskFlight;

enum { INVOKE_SLOT = 6 };

static void clear_ask(Flight *flight) {
  AskFlight *ask = (AskFlight *)flight;
  VariantClear(&ask->value);
  exception_clear(&ask->exception);
}

static int finish_asking(lua_State *L, AskFlight *ask, HRESULT result, IEnumVARIANT *elements) {
  Enumerator *enumerator = ask->enumerator;
  const Handle *handle = ask->flight.handle;
  int place = ask->flight.index;
  bool closes = ask->closes;
  flight_end(L, &ask->flight);
  lua_settop(L, place - 1); /* the iterator and the enumerator are on top */
  int results = fill(L, enumerator, handle, result, elements);
  if (!closes)
    return results;
  lua_pushvalue(L, -2);
  return results + 1;
}

/* Whose IEnumVARIANT is wanted. */
static IUnknown *enumerator_giver(const AskFlight *ask) {
  bool object = V_VT(&ask->value) == VT_UNKNOWN || V_VT(&ask->value) == VT_DISPATCH;
  return FAILED(ask->result) ? ask->flight.handle->face : object ? V_UNKNOWN(&ask->value) : NULL;
}

static int ask_lands(lua_State *L, int status, lua_KContext context) {
  AskFlight *ask = (AskFlight *)context;
  Flight *flight = &ask->flight;
  IEnumVARIANT *elements = NULL;
  (void)status;
  if (!flight_has_ended(flight))
    return flight_suspend(L, flight, ask_lands);
  flight_land(flight);
  HRESULT given_up = ask->answered ? ask->query_result : ask->result;
  if (given_up == RPC_E_CALL_CANCELED || given_up == RPC_E_TIMEOUT)
    return finish_asking(L, ask, given_up, NULL);
  if (ask->result == DISP_E_EXCEPTION && FAILED(ask->exception.scode))
    ask->result = ask->exception.scode;
  IUnknown *giver = enumerator_giver(ask);
  if (!ask->answered && giver) {
    ask->answered = true;
    flight->result = &ask->query_result;
    if (flight_begin_query(flight, giver, &IID_IEnumVARIANT, 1) == S_OK)
      return flight_suspend(L, flight, ask_lands);
  }
  HRESULT result = giver ? IUnknown_QueryInterface(giver, &IID_IEnumVARIANT, (void **)&elements) : DISP_E_TYPEMISMATCH;
  if (SUCCEEDED(result) && !elements)
    result = E_POINTER;
  if (FAILED(result) && FAILED(ask->result))
    result = ask->result;
  return finish_asking(L, ask, result, elements);
}

/* -1: the object is to be asked as usual. */
static int ask_in_flight(lua_State *L, Handle *handle, Enumerator *enumerator, bool closes) {
  AskFlight *ask = (AskFlight *)flight_push(L, handle, sizeof *ask);
  ask->flight.clear = clear_ask;
  ask->flight.result = &ask->result;
  ask->flight.arguments = ask->arguments;
  ask->enumerator = enumerator;
  ask->closes = closes;
  ask->id = DISPID_NEWENUM;
  ask->iid = &IID_NULL;
  ask->locale = LOCALE_USER_DEFAULT;
  ask->kind = DISPATCH_METHOD | DISPATCH_PROPERTYGET;
  ask->none_argument = &ask->none;
  ask->value_argument = &ask->value;
  ask->exception_argument = &ask->exception;
  ask->bad_argument = &ask->bad;
  void *const arguments[] = { &ask->id,
                              &ask->iid,
                              &ask->locale,
                              &ask->kind,
                              &ask->none_argument,
                              &ask->value_argument,
                              &ask->exception_argument,
                              &ask->bad_argument };
  memcpy(ask->arguments, arguments, sizeof arguments);
  HRESULT result = flight_begin(&ask->flight, (IUnknown *)handle->dispatch, INVOKE_SLOT);
  if (result == S_OK)
    return flight_suspend(L, &ask->flight, ask_lands);
  flight_end(L, &ask->flight);
  lua_pop(L, 1);
  return -1;
}

int enumerator_push(lua_State *L, Handle *handle, bool closes) {
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  Enumerator *enumerator = push_empty(L, handle);
  if (flight_wanted(L, handle->bridge) && handle->dispatch && flight_possible(L, handle)) {
    int results = ask_in_flight(L, handle, enumerator, closes);
    if (results >= 0)
      return results;
  }
  IEnumVARIANT *elements;
  HRESULT result = ask_enumerator(handle, &elements);
  int results = fill(L, enumerator, handle, result, elements);
  if (!closes)
    return results;
  lua_pushvalue(L, -2);
  return results + 1;
}

/* each(o): for i, value in com.each(o) do ... end */
static int core_each(lua_State *L) {
  VARTYPE vt;
  if (lua_type(L, 1) == LUA_TTABLE || array_at(L, 1, &vt))
    return raise_argument(L, E_INVALIDARG, "com.each", 1, "an object is wanted; over %s loop pairs and ipairs",
                          value_type_name(L, 1));
  Handle *handle = handle_check(L, 1, "com.each");
  bridge_enter(L, handle->bridge);
  return enumerator_push(L, handle, true);
}

const luaL_Reg core_enumerate_functions[] = { { "each", core_each }, { NULL, NULL } };

void enumerator_open_type(lua_State *L) {
  static const luaL_Reg metamethods[] = { { "__gc", enumerator_gc }, { "__close", enumerator_close }, { NULL, NULL } };
  luaL_newlib(L, metamethods);
  lua_pushliteral(L, "enumerator");
  lua_setfield(L, -2, "__name");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &enumerator_tag);
}
