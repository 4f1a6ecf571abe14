/* flight.h - calls in flight: in a coroutine of com.spawn a call to another process suspends the coroutine, and the rest of the
 * call is done where it goes on. What the call reads and writes lies in memory of the flight. What is no call of a proxy flies as
 * an errand. */
#ifndef OLEANDER_BRIDGE_FLIGHT_H
#define OLEANDER_BRIDGE_FLIGHT_H

#include "bridge/client/client.h"
#include "bridge/client/errand.h"
#include "remote/remote_api.h"

#include <stdatomic.h>

typedef struct Flight Flight;
struct Flight {
  Notice notice;
  Token *token;
  Handle *handle;   /* whose object is called; NULL: none */
  RemoteCall *call; /* NULL: over */
  Errand *errand;   /* instead of a call; kept until the flight ends */
  _Atomic bool ended;
  bool landed;            /* the errand is */
  int index;              /* of the userdata on the coroutine's stack */
  void *const *arguments; /* as remote_call_begin takes them */
  void *result;
  void (*clear)(Flight *flight); /* lets go of what lies in the flight */
};

/* Whether a call to the object suspends: L is a coroutine of the loop that can be, and the object is elsewhere. */
static inline bool flight_wanted(lua_State *L, const Bridge *bridge) {
  return __builtin_expect(bridge->task == L, 0);
}
bool flight_possible(lua_State *L, Handle *handle);
/* The same where it is no object that is called. */
bool flight_possible_here(lua_State *L, const Bridge *bridge);

/* Pushes the userdata of a new flight with zeroed memory of `size` bytes, of which the Flight is the first. Raises. */
Flight *flight_push(lua_State *L, Handle *handle, size_t size);
Flight *flight_push_here(lua_State *L, Bridge *bridge, size_t size);
/* S_OK: it is under way; S_FALSE: the call is to be made as usual. In both cases, and for an error, the memory stays. */
HRESULT flight_begin(Flight *flight, IUnknown *face, unsigned slot);
/* Asks the object for interfaces; a QueryInterface for one of them, afterwards, asks nobody (remote_query_begin). */
HRESULT flight_begin_query(Flight *flight, IUnknown *face, const IID *iids, unsigned count);
/* Sends an errand, which is the flight's from now on, whatever comes; its result and its error information are there when the
 * flight has landed. */
HRESULT flight_begin_errand(Flight *flight, Errand *errand);
/* Suspends; `go_on` gets the flight as its context. A script may resume the coroutine itself, too early: then it suspends again. */
int flight_suspend(lua_State *L, Flight *flight, lua_KFunction go_on);
static inline bool flight_has_ended(const Flight *flight) {
  return atomic_load(&flight->ended);
}
/* Puts the results in place; the object is not busy with it any more. The flight may begin another call then. */
void flight_land(Flight *flight);
/* Lets go of the memory, before the userdata is collected. */
void flight_end(lua_State *L, Flight *flight);

#endif
