/* coroutine.c - the pooled coroutines on which calls into a state run, and calls on a stack that is nearly used up. */
#include "bridge/state/stack.h"
#include "bridge/state/token_internal.h"

#include <string.h>

static int make_coroutine(lua_State *L) {
  Token *token = lua_touserdata(L, 1);
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->coroutines);
  lua_State *made = lua_newthread(L);
  lua_pushboolean(L, true);
  lua_rawset(L, -3);
  const int tables[] = { token->weak, token->names, token->strong };
  for (int i = 0; i < STACK_BASE; i++)
    lua_rawgeti(made, LUA_REGISTRYINDEX, tables[i]);
  token->free[token->free_count++] = made;
  return 0;
}

lua_State *coroutine_make(Token *token) {
  if (!lua_checkstack(token->work, LUA_MINSTACK))
    return NULL;
  if (!bridge_protected(token->work, make_coroutine, token, 0)) {
    lua_pop(token->work, 1);
    return NULL;
  }
  return token->free[--token->free_count];
}

void coroutine_forget(Token *token, lua_State *L) {
  lua_settop(L, 0);
  lua_rawgeti(L, LUA_REGISTRYINDEX, token->coroutines);
  lua_pushthread(L);
  lua_pushnil(L);
  lua_rawset(L, -3); /* an existing key: nothing is allocated */
  lua_settop(L, 0);
}

typedef struct CountedCall {
  TokenBody *body;
  void *context;
} CountedCall;

/* (the tables of STACK_BASE, call) */
static int counted_body(lua_State *L) {
  const CountedCall *call = lua_touserdata(L, STACK_BASE + 1);
  lua_settop(L, STACK_BASE);
  call->body(L, call->context);
  return 0;
}

static int nothing(lua_State *L) {
  (void)L;
  return 0;
}

static int make_counters(lua_State *L) {
  Token *token = lua_touserdata(L, 1);
  lua_State *made[2];
  for (int i = 0; i < 2; i++) {
    made[i] = lua_newthread(L);
    luaL_ref(L, LUA_REGISTRYINDEX);
    luaL_checkstack(made[i], LUA_MINSTACK, NULL);
  }
  memcpy(token->counters, made, sizeof made);
  return 0;
}

/* A coroutine from which `used` levels of C count as used. Each that is resumed counts one more than the one that it was
 * resumed from, and goes on saying so when it has ended. */
static lua_State *counter_for(Token *token, int used) {
  if (!token->counters[0] && !bridge_protected(token->work, make_counters, token, 0)) {
    lua_pop(token->work, 1);
    return NULL;
  }
  lua_State *from = NULL;
  for (int i = 0; i < used; i++) {
    lua_State *next = token->counters[i % 2];
    int results;
    lua_pushcfunction(next, nothing);
    lua_resume(next, from, 0, &results);
    lua_settop(next, 0);
    from = next;
  }
  return from;
}

/* The coroutine counts from nothing again. */
static void forget_count(lua_State *L) {
  int results;
  lua_settop(L, STACK_BASE);
  lua_pushcfunction(L, nothing);
  lua_resume(L, NULL, 0, &results);
}

/* Runs the body as a coroutine that has only `levels` levels of C before it, so that Lua ends a recursion before the stack
 * does. */
static HRESULT run_counted(Token *token, lua_State *L, int levels, TokenBody *body, void *context) {
  CountedCall call = { body, context };
  lua_State *from = counter_for(token, STACK_LUA_LEVELS - levels);
  if (!from || !lua_checkstack(L, LUA_MINSTACK))
    return E_OUTOFMEMORY;
  lua_pushcfunction(L, counted_body);
  for (int i = 1; i <= STACK_BASE; i++)
    lua_pushvalue(L, i);
  lua_pushlightuserdata(L, &call);
  int results;
  int status = lua_resume(L, from, STACK_BASE + 1, &results);
  if (token->bridge)
    forget_count(L);
  return status == LUA_OK ? S_OK : ERROR_STACK;
}

#define FEWEST_LEVELS      8   /* less is not worth a call */
#define UNMEASURED_NESTING 100 /* calls at a time on stacks whose bounds are not known */

HRESULT coroutine_run_on_scarce_stack(Token *token, lua_State *L, TokenBody *body, void *context) {
  int levels = stack_levels();
  if (levels >= STACK_LUA_LEVELS) { /* only not measured yet */
    body(L, context);
    return S_OK;
  }
  if (levels >= 0)
    return levels < FEWEST_LEVELS ? ERROR_STACK : run_counted(token, L, levels, body, context);
  if (token->unmeasured >= UNMEASURED_NESTING)
    return ERROR_STACK;
  token->unmeasured++;
  body(L, context);
  if (token->bridge)
    token->unmeasured--;
  return S_OK;
}
