/* quick.h - values that a script's own numbers, booleans and strings stand for as they are: which they are, decided once when
 * a plan is made (quick.c), and the way from the Lua stack to native storage and back. Calls through a vtable, through Invoke
 * and into a method written in Lua all take it. Nothing in it allocates or raises; what does not fit goes the long way,
 * through convert_from_lua and convert_to_lua. */
#ifndef OLEANDER_BRIDGE_QUICK_H
#define OLEANDER_BRIDGE_QUICK_H

#include "bridge/values/values.h"
#include "dispatch/dispatch_api.h"

typedef enum QuickOp { QUICK_NONE, QUICK_INTEGER, QUICK_I4, QUICK_I8, QUICK_R8, QUICK_BOOL, QUICK_BSTR } QuickOp;

typedef struct QuickStep {
  uint8_t op;       /* QuickOp */
  uint8_t size;     /* bytes of the native value */
  VARTYPE vt;       /* of a VARIANT that holds it */
  uint32_t storage; /* where it is in a CallFrame */
  int64_t least, most;
  bool is_signed;
} QuickStep;

#define QUICK_LIMIT 8 /* parameters */

/* A value of that type; false: it goes the long way. `storage` is not known. */
bool quick_value(QuickStep *step, const Type *type);
/* A value that a method takes by value. False: it goes the long way. */
bool quick_input(QuickStep *step, const Parameter *parameter);
/* The value that comes back in a cell, T* of a type without a cell of its own. */
bool quick_output(QuickStep *step, const Parameter *parameter);

/* What the script gave at `index`, as a word whose low bytes are the native value. `text` takes a string, or is NULL.
 * False: not done, and nothing is held. */
static inline __attribute__((always_inline)) bool quick_take(lua_State *L, const QuickStep *step, int index, void *word,
                                                             bool (*text)(lua_State *, int, BSTR *, void *),
                                                             void *context) {
  int exact;
  if (step->op == QUICK_I4 || step->op == QUICK_INTEGER) { /* first: most are */
    if (!lua_isinteger(L, index))
      return false;
    lua_Integer value = lua_tointegerx(L, index, NULL);
    *(int64_t *)word = value;
    return value >= step->least && value <= step->most;
  }
  switch (step->op) {
  case QUICK_I8:
    if (lua_type(L, index) != LUA_TNUMBER)
      return false;
    *(int64_t *)word = lua_tointegerx(L, index, &exact);
    return exact != 0;
  case QUICK_R8:
    if (lua_type(L, index) != LUA_TNUMBER)
      return false;
    *(double *)word = lua_tonumberx(L, index, NULL);
    return true;
  case QUICK_BOOL:
    if (lua_type(L, index) != LUA_TBOOLEAN)
      return false;
    *(int64_t *)word = lua_toboolean(L, index) ? VARIANT_TRUE : VARIANT_FALSE;
    return true;
  default:
    return text && lua_type(L, index) == LUA_TSTRING && text(L, index, word, context);
  }
}

/* Pushes the native value. False: it is a string, or none. */
static inline __attribute__((always_inline)) bool quick_push(lua_State *L, const QuickStep *step, const void *value) {
  if (step->op == QUICK_I4) {
    lua_pushinteger(L, *(const int32_t *)value);
    return true;
  }
  switch (step->op) {
  case QUICK_INTEGER:
    lua_pushinteger(L, native_integer(value, step->size, step->is_signed));
    return true;
  case QUICK_I8:
    lua_pushinteger(L, *(const int64_t *)value);
    return true;
  case QUICK_R8:
    lua_pushnumber(L, *(const double *)value);
    return true;
  case QUICK_BOOL:
    lua_pushboolean(L, *(const VARIANT_BOOL *)value != VARIANT_FALSE);
    return true;
  default:
    return false;
  }
}

#endif
