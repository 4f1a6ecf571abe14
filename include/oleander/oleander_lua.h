/*
 * For programs that embed Lua: hand an interface pointer to a Lua state as an object, and take one from it.
 *
 *   luaL_requiref... or: lua_getglobal(L, "require"); lua_pushstring(L, "oleander"); lua_call(L, 1, 0);
 *   const OleanderLua *lua = oleander_lua(L);
 *   lua->push(L, (IUnknown *)document, &IID_IDispatch);
 *   lua_setglobal(L, "document");
 *
 * The functions come through the registry of the Lua state: a program links against its Lua and liboleander, not
 * against the module. oleander_lua answers NULL until the script or the program has required "oleander".
 */
#ifndef OLEANDER_OLEANDER_LUA_H
#define OLEANDER_OLEANDER_LUA_H

#include <stddef.h>

#include <oaidl.h>

/* lua.h is needed for oleander_lua only; where it is not found by this name, include it before. */
#if !defined(LUA_REGISTRYINDEX) && defined(__has_include)
#if __has_include(<lua.h>)
#ifdef __cplusplus
extern "C" {
#endif
#include <lua.h>
#ifdef __cplusplus
}
#endif
#endif
#endif

typedef struct lua_State lua_State;

#define OLEANDER_LUA_KEY "oleander.functions.1"

typedef struct OleanderLua {
  size_t size; /* of this struct: later versions add functions at its end */

  /* Pushes the object as a script sees it, nil for NULL. `iid` says what the pointer is: NULL or IID_IUnknown for nothing
   * in particular. The state takes a reference of its own; the caller keeps his. Raises Lua errors (out of memory).
   * On the thread of the state. */
  void (*push)(lua_State *L, IUnknown *object, REFIID iid);

  /* The interface `iid` of the object at `index`, with a reference that the caller owns; a table or function becomes a
   * COM object (of the interface `iid`, if a registered type library describes it). Does not raise. E_NOINTERFACE;
   * DISP_E_TYPEMISMATCH: no object; CO_E_RELEASED: a released one; E_OUTOFMEMORY. */
  HRESULT (*take)(lua_State *L, int index, REFIID iid, void **object);

  /* Carries out body(L, context), which may raise, on a coroutine of the state: on the thread of the state at any time, also
   * from inside a call that the state has made; on another thread when the state lets it (see rest), else it waits. An error
   * of the body comes back as an HRESULT, with its text in the thread's IErrorInfo. RPC_E_DISCONNECTED: the state is
   * closed. L is any lua_State of it. */
  HRESULT (*run)(lua_State *L, void (*body)(lua_State *L, void *context), void *context);

  /* Runs calls that other threads have made to objects of this state, waiting for one up to `seconds` (negative: without
   * end; 0: not at all). Nonzero when one ran. */
  int (*pump)(lua_State *L, double seconds);

  /* Between calls into the state the program may let calls from other threads run in it directly: rest when Lua has
   * returned, resume before the state is touched again. Both on the thread of the state, in turns. */
  void (*rest)(lua_State *L);
  void (*resume)(lua_State *L);
} OleanderLua;

#ifdef LUA_REGISTRYINDEX
/* The functions for this state; NULL when "oleander" is not loaded in it. */
static inline const OleanderLua *oleander_lua(lua_State *L) {
  lua_getfield(L, LUA_REGISTRYINDEX, OLEANDER_LUA_KEY);
  const OleanderLua *functions = (const OleanderLua *)lua_touserdata(L, -1);
  lua_pop(L, 1);
  return functions;
}
#endif

#endif
