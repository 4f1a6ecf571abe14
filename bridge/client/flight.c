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

bool flight_possible(lua_State *L, Handle *handle) {
  const Bridge *bridge = handle->bridge;
  return lua_isyieldable(L) && !bridge->closing && bridge->owner == this_thread() && handle_is_elsewhere(handle);
}

static void notice_taken(Notice *notice) {
  (void)notice; /* the flight goes with its userdata */
}

/* On a thread of the apartment, within a wait or a cancellation. */
static void flight_ended(void *context) {
  Flight *flight = context;
  atomic_store(&flight->ended, true);
  token_notify(flight->token, &flight->notice);
}

Flight *flight_push(lua_State *L, Handle *handle, size_t size) {
  Token *token = token_get(L, handle->bridge);
  FlightBox *box = lua_newuserdatauv(L, sizeof *box, 1);
  *box = (FlightBox){ &flight_tag, NULL };
  lua_rawgetp(L, LUA_REGISTRYINDEX, &flight_tag);
  lua_setmetatable(L, -2);
  lua_pushvalue(L, 1); /* the object */
  lua_setiuservalue(L, -2, 1);
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

HRESULT flight_begin(Flight *flight, IUnknown *face, unsigned slot) {
  flight->handle->busy++;
  HRESULT result = remote_call_begin(face, slot, flight->arguments, flight_ended, flight, &flight->call);
  if (result != S_OK)
    handle_leave(flight->handle);
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
  SetErrorInfo(0, NULL); /* what is there afterwards is of this call */
  remote_call_finish(call, flight->arguments, flight->result);
}

void flight_land(Flight *flight) {
  Bridge *bridge = flight->handle->bridge;
  bridge_leave(bridge);
  take_results(flight);
  bridge_return(bridge);
  handle_leave(flight->handle);
}

static void flight_free(Flight *flight) {
  if (flight->call) {
    remote_call_cancel(flight->call, RPC_E_CALL_CANCELED);
    take_results(flight);
    handle_leave(flight->handle);
  }
  flight->clear(flight);
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
  bool running = flight && flight->call && !flight_has_ended(flight);
  if (running)
    remote_call_cancel(flight->call, (HRESULT)(uint32_t)luaL_checkinteger(L, 2));
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
