/* shortcut.c - com.shortcut(o, name, kind): one member of one object for modules that do conversions of their own. What it makes
 * takes values that need none, and tells of an error instead of raising it. */
#include "bridge/client/client.h"

#include <string.h>

/* Whether every value fits its parameter as it is. */
static bool values_fit(lua_State *L, const Plan *plan, int first) {
  for (int i = 0; i < plan->quick_count; i++) {
    const QuickStep *step = &plan->quick[i];
    int64_t word;
    bool fits = step->op == QUICK_BSTR ? lua_type(L, first + i) == LUA_TSTRING
                                       : quick_take(L, step, first + i, &word, NULL, NULL);
    if (!fits)
      return false;
  }
  return true;
}

/* (object, values ..., plan) */
static int run_long(lua_State *L) {
  Plan *plan = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return plan_run(L, handle_check(L, 1, plan->member->name), plan, 2, lua_gettop(L) - 1, false);
}

/* The plan is no quick one through a vtable: the same by way of a protected call. */
static int call_long_told(lua_State *L, Plan *plan) {
  int count = lua_gettop(L);
  if (count != plan->quick_count || !values_fit(L, plan, 1))
    return 0;
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  lua_pushcfunction(L, run_long);
  lua_insert(L, 1);
  lua_pushvalue(L, lua_upvalueindex(2));
  lua_insert(L, 2);
  lua_pushlightuserdata(L, plan);
  lua_pushboolean(L, lua_pcall(L, count + 2, LUA_MULTRET, 0) == LUA_OK);
  lua_insert(L, 1);
  return lua_gettop(L);
}

/* Upvalue 1 is the plan (light), upvalue 2 the object, which keeps it alive. */
static int shortcut_call(lua_State *L) {
  Plan *plan = lua_touserdata(L, lua_upvalueindex(1));
  Handle *handle = lua_touserdata(L, lua_upvalueindex(2));
  if (!handle->face || handle->view != plan->member->view || handle->bridge->task == L)
    return 0;
  bridge_enter(L, handle->bridge);
  return plan->is_quick ? call_quick_told(L, handle, plan, 1, lua_gettop(L)) : call_long_told(L, plan);
}

static int check_kind(lua_State *L) {
  static const char *const kinds[PLAN_KINDS] = {
    [PLAN_METHOD] = "call", [PLAN_GET] = "get", [PLAN_PUT] = "put", [PLAN_PUTREF] = "putref"
  };
  for (int i = 0; i < PLAN_KINDS && lua_type(L, 3) == LUA_TSTRING; i++) {
    if (strcmp(lua_tostring(L, 3), kinds[i]) == 0)
      return i;
  }
  return raise_argument(L, E_INVALIDARG, "com.shortcut", 3, "\"call\", \"get\", \"put\" or \"putref\" is wanted");
}

static int core_shortcut(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.shortcut");
  if (lua_type(L, 2) != LUA_TSTRING)
    raise_argument(L, E_INVALIDARG, "com.shortcut", 2, "the name of a member is wanted, not %s", value_type_name(L, 2));
  size_t length;
  const char *name = lua_tolstring(L, 2, &length);
  int kind = check_kind(L);
  Member *ambiguous = NULL, *member = NULL;
  if (handle->view->info)
    member = member_find(L, handle->view, name, length, &ambiguous);
  if (!member || ambiguous || !member->sources[kind].known)
    return 0;
  Plan *plan = plan_get(L, member, (PlanKind)kind);
  if (!plan->is_quick && !plan->is_quick_invoke)
    return 0;
  lua_pushlightuserdata(L, plan);
  lua_pushvalue(L, 1);
  lua_pushcclosure(L, shortcut_call, 2);
  return 1;
}

const luaL_Reg core_shortcut_functions[] = {
  { "shortcut", core_shortcut },
  { NULL, NULL },
};
