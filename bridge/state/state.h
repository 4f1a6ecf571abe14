/* state.h - Bridge: one per Lua state. The queue of deferred releases, outgoing calls, protected calls, and the seams by
 * which the rooms above are asked (errors: error.h, texts: text.h, the token: token.h).
 *
 * Lua errors are longjmps. Therefore conversions from Lua never raise: they return an HRESULT and leave a text in
 * Converting.problem; the caller frees what it holds and raises then. Pushing a value that owns memory happens either
 * from a copy on the C stack or inside a protected call (bridge_protected). */
#ifndef OLEANDER_BRIDGE_STATE_H
#define OLEANDER_BRIDGE_STATE_H

#include <oaidl.h>
#include <ocidl.h>
#include <oleauto.h>
#include <objbase.h>
#include <oleander.h>
#include <dispex.h>

#include <lauxlib.h>
#include <lua.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct Bridge Bridge;
typedef struct Handle Handle;
struct ObjectSeam;
struct SignatureAbi;

/* Every userdata of ours begins with the address of its kind's tag. Here: the userdata at `index` when it is one of ours
 * with this tag, else NULL. Never raises, whatever the value is. */
static inline void *tagged(lua_State *L, int index, const char *tag, size_t size) {
  void *block = lua_touserdata(L, index);
  return block && lua_rawlen(L, index) >= size && *(const char *const *)block == tag ? block : NULL;
}

/* One per Lua state (a userdata in its registry, made first and so finalized last). Everything here belongs to whoever
 * holds the state: the owner thread, or a foreign thread to which an outgoing call has lent it. */
struct Bridge {
  lua_State *main; /* the main thread of the state */
  uint64_t owner;  /* thread that loaded the module */
  bool initialized_apartment;
  bool closing;    /* the state is being closed: no new objects */
  lua_State *task; /* the coroutine of the loop that runs: its calls to other processes suspend it; NULL */

  /* References whose userdata was collected: released at the next entry. Room is reserved when a reference is taken
     * (bridge_reserve_release), so that __gc can neither fail nor call out. */
  IUnknown **deferred;
  size_t deferred_count, deferred_capacity, references;
  unsigned arrivals;  /* of interface pointers, for the collector's sake */
  size_t array_bytes; /* that have arrived since it was told, likewise */

  /* Seams for the rooms above; NULL or false until they set them.
   * objects: how values ask for objects (values.h).
   * token_made: the state got its token (token.h).
     * leave/enter: around every outgoing call: lend the token, take it back.
     * drain: work that other threads left for this state (their releases), done at each entry when `foreign_work`.
     * own_face: whether a pointer of a module, which may lead anywhere, is one that a state of this process made.
     * own_query: a face for a module with this ABI, with a reference, of an object written in Lua. False: there is none.
     * own_object: pushes the table when `object` is one of this state's own objects, else pushes nothing.
     * wrap_table: makes a COM object of the table (or function) at `index` for the wanted interface; a reference.
     * take_cause: pushes the Lua error that travelled inside an IErrorInfo, else pushes nothing.
     * adopt/disown: the handle on top of the stack took a reference to its face; the reference is about to be released.
     * pending_error: a callback raised during the outgoing call; take_pending pushes it and clears the flag. */
  const struct ObjectSeam *objects;
  void (*token_made)(Bridge *bridge);
  void (*leave)(Bridge *bridge);
  void (*enter)(Bridge *bridge);
  void (*drain)(lua_State *L, Bridge *bridge);
  _Atomic bool foreign_work;
  bool (*own_object)(lua_State *L, Bridge *bridge, IUnknown *object);
  HRESULT(*wrap_table)
  (lua_State *L, Bridge *bridge, int index, REFIID iid, ITypeInfo *info, const struct SignatureAbi *abi, void **face);
  const struct SignatureAbi *(*module_abi)(lua_State *L, int index); /* of the module at `index`; raises */
  bool (*own_face)(IUnknown *pointer);
  bool (*own_query)(IUnknown *face, REFIID iid, const struct SignatureAbi *abi, void **result);
  bool (*take_cause)(lua_State *L, Bridge *bridge, IErrorInfo *info);
  bool (*adopt)(lua_State *L, Bridge *bridge, Handle *handle);
  void (*disown)(Bridge *bridge, IUnknown *face);
  bool pending_error;
  void (*take_pending)(lua_State *L, Bridge *bridge);
  void (*close)(lua_State *L, Bridge *bridge);
  struct Token *token; /* once there are objects, or a pump; NULL */

  /* Values in the Lua registry (luaL_ref). */
  int views;       /* weak table: ITypeInfo* or type key -> View userdata */
  int recent;      /* array of the views used last, which keeps them alive */
  int identities;  /* weak table: IUnknown* -> key userdata */
  int helpers;     /* table of the Lua functions that C calls (set_helper) */
  int own_sources; /* set of chunk names that are ours: skipped when an error's position is looked for */
  unsigned recent_next;
  char own_prefix[256]; /* what all own_sources begin with, or a part of it */
};

Bridge *bridge_get(lua_State *L);
Bridge *bridge_open(lua_State *L); /* makes it at the first call */

/* The entry of every function that may touch an object: releases what the collector left. */
void bridge_drain(lua_State *L, Bridge *bridge);
static inline void bridge_enter(lua_State *L, Bridge *bridge) {
  if (bridge->deferred_count != 0 || bridge->foreign_work)
    bridge_drain(L, bridge);
}

/* Makes room for one more reference that a userdata will own. False: out of memory. */
bool bridge_reserve_release(Bridge *bridge);
/* The reservation ends without a deferred release. */
void bridge_unreserve_release(Bridge *bridge);
/* From __gc: the reference is released at the next entry; uses up the reservation. */
void bridge_defer_release(Bridge *bridge, IUnknown *object);

/* The calling thread, as a number. */
static inline uint64_t this_thread(void) {
  return (uint64_t)(uintptr_t)__builtin_thread_pointer();
}

/* The calls that this thread runs in states of other threads (token.c), the innermost first; NULL: none. */
extern _Thread_local struct ForeignRun *foreign_runs_of_thread;
void foreign_return(Bridge *bridge);

/* The state that a foreign thread has closed while its owner was outside: by os.exit, so the process is ending. The owner
 * must not come back to it. NULL: none, as long as the process lives. */
extern Bridge *_Atomic bridge_lost;

/* Around an outgoing call. When a foreign thread comes back, the state may be closed and the bridge gone. */
static inline void bridge_leave(Bridge *bridge) {
  if (bridge->leave)
    bridge->leave(bridge);
}
static inline void bridge_return(Bridge *bridge) {
  if (foreign_runs_of_thread || bridge_lost)
    foreign_return(bridge);
  else if (bridge->enter)
    bridge->enter(bridge);
}

/* Runs body(L) with a light userdata as its only argument in protected mode; results stay on the stack. False: an error,
 * which is left on the stack. */
bool bridge_protected(lua_State *L, lua_CFunction body, void *argument, int results);

/* Calls helper `name` (a Lua function registered by lua/oleander.lua) with the `arguments` on the stack. */
void bridge_call_helper(lua_State *L, Bridge *bridge, const char *name, int arguments, int results);

/* Raises the error that a callback left behind during the outgoing call, if any. */
void raise_pending(lua_State *L, Bridge *bridge);

#endif
