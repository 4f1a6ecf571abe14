/* flight.c - calls in flight, whose coroutine is suspended (flight.h). */
#include "bridge/client/flight.h"

#include <stdlib.h>

static const char flight_tag = 0;

/* What a coroutine of ours yields for a call; see lua/oleander/loop.lua. */
static const char flight_mark = 0;

typedef struct FlightBox {
  const char *tag;
  Flight *flight; /* NULL: over */
} FlightBox;

bool flight_possible_here(lua_State *L, const Bridge *bridge) {
  return lua_isyieldable(L) && !bridge->closing && bridge->owner == this_thread();
}

bool flight_possible(lua_State *L, Handle *handle) {
  return flight_possible_here(L, handle->bridge) && handle_is_elsewhere(handle);
}

static void notice_taken(Notice *notice) {
  (void)notice; /* the flight goes with its userdata */
}

/* On a thread of the apartment, within a wait or a cancellation; for an errand on any. */
static void flight_ended(void *context) {
  Flight *flight = context;
  atomic_store(&flight->ended, true);
  token_notify(flight->token, &flight->notice);
}

static Flight *push(lua_State *L, Bridge *bridge, Handle *handle, size_t size) {
  Token *token = token_get(L, bridge);
  FlightBox *box = lua_newuserdatauv(L, sizeof *box, 1);
  *box = (FlightBox){ &flight_tag, NULL };
  lua_rawgetp(L, LUA_REGISTRYINDEX, &flight_tag);
  lua_setmetatable(L, -2);
  if (handle) {
    lua_pushvalue(L, 1); /* the object */
    lua_setiuservalue(L, -2, 1);
  }
  Flight *flight = calloc(1, size);
  if (!flight) {
    raise_status(L, E_OUTOFMEMORY, NULL);
    return NULL;
  }
  flight->notice.taken = notice_taken;
  flight->token = token_addref(token);
  flight->handle = handle;
  flight->index = lua_gettop(L);
  box->flight = flight;
  return flight;
}

Flight *flight_push(lua_State *L, Handle *handle, size_t size) {
  return push(L, handle->bridge, handle, size);
}

Flight *flight_push_here(lua_State *L, Bridge *bridge, size_t size) {
  return push(L, bridge, NULL, size);
}

static void become_busy(Flight *flight) {
  atomic_store(&flight->ended, false);
  if (flight->handle)
    flight->handle->busy++;
}

static void leave_object(Flight *flight) {
  if (flight->handle)
    handle_leave(flight->handle);
}

HRESULT flight_begin(Flight *flight, IUnknown *face, unsigned slot) {
  become_busy(flight);
  HRESULT result = remote_call_begin(face, slot, flight->arguments, flight_ended, flight, &flight->call);
  if (result != S_OK)
    leave_object(flight);
  return result;
}

HRESULT flight_begin_query(Flight *flight, IUnknown *face, const IID *iids, unsigned count) {
  become_busy(flight);
  HRESULT result = remote_query_begin(face, iids, count, flight_ended, flight, &flight->call);
  if (result != S_OK)
    leave_object(flight);
  return result;
}

/* Until when calls of this thread may last. */
static int64_t deadline_of_thread(void) {
  int64_t deadline = remote_set_deadline(APARTMENT_NEVER);
  remote_set_deadline(deadline);
  return deadline;
}

HRESULT flight_begin_errand(Flight *flight, Errand *errand) {
  flight->errand = errand;
  become_busy(flight);
  HRESULT result = errand_send(errand, deadline_of_thread(), flight_ended, flight);
  if (FAILED(result)) {
    flight->errand = NULL;
    errand_release(errand);
    leave_object(flight);
  }
  return result;
}

int flight_suspend(lua_State *L, Flight *flight, lua_KFunction go_on) {
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  lua_pushlightuserdata(L, (void *)&flight_mark);
  lua_pushvalue(L, flight->index);
  return lua_yieldk(L, 2, (lua_KContext)flight, go_on);
}

static void take_results(Flight *flight) {
  RemoteCall *call = flight->call;
  flight->call = NULL;
  token_drop_notice(flight->token, &flight->notice);
  SetErrorInfo(0, call ? NULL : flight->errand->error); /* what is there afterwards is of this call */
  if (call)
    remote_call_finish(call, flight->arguments, flight->result);
}

static bool is_under_way(const Flight *flight) {
  return flight->call || (flight->errand && !flight->landed);
}

void flight_land(Flight *flight) {
  Bridge *bridge = flight->token->bridge;
  bridge_leave(bridge);
  take_results(flight);
  bridge_return(bridge);
  flight->landed = true;
  leave_object(flight);
}

static void flight_free(Flight *flight) {
  if (is_under_way(flight)) {
    if (flight->call)
      remote_call_cancel(flight->call, RPC_E_CALL_CANCELED);
    else
      errand_give_up(flight->errand, RPC_E_CALL_CANCELED);
    take_results(flight);
    leave_object(flight);
  }
  flight->clear(flight);
  errand_release(flight->errand);
  token_release(flight->token);
  free(flight);
}

void flight_end(lua_State *L, Flight *flight) {
  FlightBox *box = tagged(L, flight->index, &flight_tag, sizeof *box);
  if (box)
    box->flight = NULL;
  flight_free(flight);
}

static int flight_gc(lua_State *L) {
  FlightBox *box = tagged(L, 1, &flight_tag, sizeof *box);
  Flight *flight = box ? box->flight : NULL;
  if (flight) {
    box->flight = NULL;
    flight_free(flight);
  }
  return 0;
}

/* For the loop */

/* name_flight(flight, number): take_notice gives the number when it has ended */
static int core_name_flight(lua_State *L) {
  FlightBox *box = tagged(L, 1, &flight_tag, sizeof *box);
  if (box && box->flight)
    box->flight->notice.number = luaL_checkinteger(L, 2);
  return 0;
}

/* cancel_flight(flight, HRESULT): gives the call up; false: it has ended */
static int core_cancel_flight(lua_State *L) {
  FlightBox *box = tagged(L, 1, &flight_tag, sizeof *box);
  Flight *flight = box ? box->flight : NULL;
  HRESULT reason = (HRESULT)(uint32_t)luaL_checkinteger(L, 2);
  bool running = flight && is_under_way(flight) && !flight_has_ended(flight);
  if (running && flight->call) {
    remote_call_cancel(flight->call, reason);
  } else if (running) {
    running = errand_give_up(flight->errand, reason);
    if (running)
      flight_ended(flight);
  }
  lua_pushboolean(L, running);
  return 1;
}

/* set_task(coroutine or nil): whose calls suspend it, from now on */
static int core_set_task(lua_State *L) {
  bridge_get(L)->task = lua_tothread(L, 1);
  return 0;
}

/* flight_mark(): what a coroutine yields before its flight */
static int core_flight_mark(lua_State *L) {
  lua_pushlightuserdata(L, (void *)&flight_mark);
  return 1;
}

const luaL_Reg core_flight_functions[] = { { "name_flight", core_name_flight },
                                           { "cancel_flight", core_cancel_flight },
                                           { "set_task", core_set_task },
                                           { "flight_mark", core_flight_mark },
                                           { NULL, NULL } };

void flight_open_type(lua_State *L) {
  lua_createtable(L, 0, 2);
  lua_pushcfunction(L, flight_gc);
  lua_setfield(L, -2, "__gc");
  lua_pushliteral(L, "oleander.flight");
  lua_setfield(L, -2, "__name");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &flight_tag);
}
