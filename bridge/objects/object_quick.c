/* object_quick.c - the shortest way from a vtable slot into a Lua method: plain scalars in, at most one out, the function
 * in the table itself. Nothing in it allocates or raises outside of lua_pcall. What does not fit starts over in
 * object_call.c; nothing here has an effect before the call itself. */
#include "bridge/objects/objects_internal.h"

#define STACK_TABLE (STACK_BASE + 1)

void quick_push_arguments(lua_State *L, const MethodPlan *method, void *const *arguments) {
  for (const QuickStep *step = method->quick, *end = step + method->quick_count; step != end; step++)
    quick_push(L, step, *arguments++);
}

/* The value on top. False: not done. */
static bool quick_store(lua_State *L, const QuickStep *step, void *cell) {
  int64_t word;
  if (!quick_take(L, step, -1, &word, NULL, NULL))
    return false;
  if (step->op == QUICK_I4)
    *(int32_t *)cell = (int32_t)word;
  else
    integer_store(cell, step->size, word);
  return true;
}

void quick_finish(lua_State *L, Incoming *in) {
  const MethodPlan *method = in->method;
  HRESULT status = S_OK;
  if (in->object->gives_status) {
    status = extra_status(L, -1);
    lua_pop(L, 1);
  }
  if (method->returned != 0 && !quick_store(L, &method->result, *(void **)in->call->arguments[method->quick_count]))
    call_take_plain(L, in);
  if (status != S_OK && SUCCEEDED(in->result))
    in->result = status;
}

/* Pushes the function out of the table, which is on top, or out of the one that is its class. */
static bool find_function(lua_State *L, lua_Integer key) {
  if (lua_rawgeti(L, STACK_NAMES, key) != LUA_TSTRING)
    return false;
  int type = lua_rawget(L, STACK_TABLE);
  if (type != LUA_TNIL)
    return type == LUA_TFUNCTION;
  return lua_getmetatable(L, STACK_TABLE) && lua_rawgeti(L, STACK_NAMES, KEY_INDEX) == LUA_TSTRING &&
         lua_rawget(L, -2) == LUA_TTABLE && lua_rawgeti(L, STACK_NAMES, key) == LUA_TSTRING &&
         lua_rawget(L, -2) == LUA_TFUNCTION;
}

static void quick_body(lua_State *L, void *context) {
  Incoming *in = context;
  const MethodPlan *method = in->method;
  void *const *arguments = in->call->arguments;
  if (lua_rawgeti(L, STACK_WEAK, in->object->number) != LUA_TTABLE || !find_function(L, method->first_key)) {
    lua_settop(L, STACK_BASE);
    call_body(L, in);
    return;
  }
  object_enter(in->object);
  lua_pushvalue(L, STACK_TABLE);
  quick_push_arguments(L, method, arguments);
  if (lua_pcall(L, 1 + method->quick_count, method->returned + in->object->gives_status, 0) != LUA_OK)
    in->result = error_to_status(L, in->object->token, &in->plan->iid, in->plan->name);
  else
    quick_finish(L, in);
  object_leave(in->object);
}

void quick_slot_called(const ClosureCall *call, MethodPlan *method) {
  LuaObject *object = ((Face *)call->object)->object;
  Incoming in;
  in.object = object;
  in.plan = call->context;
  in.method = method;
  in.call = call;
  in.problem[0] = 0;
  in.result = S_OK;
  if (method->returned != 0) {
    void *cell = *(void **)call->arguments[method->quick_count];
    if (!cell) {
      *(HRESULT *)call->result = E_POINTER;
      return;
    }
    if (method->result.op == QUICK_I4)
      *(int32_t *)cell = 0;
    else
      integer_store(cell, method->result.size, 0);
  }
  HRESULT result = token_run(object->token, quick_body, &in);
  *(HRESULT *)call->result = FAILED(result) ? result : in.result;
}
