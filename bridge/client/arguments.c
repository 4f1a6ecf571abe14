/* arguments.c - from the values of a Lua call to the parameters of a signature: counts, named arguments (com.args),
 * what stands in for a value that was not given, and errors that name method and parameter. */
#include "bridge/client/client.h"

#include <stdlib.h>
#include <string.h>

bool plan_takes(const Parameter *parameter) {
  return (parameter->flags & PARAMETER_IN) &&
         !(parameter->flags & (PARAMETER_LCID | PARAMETER_RETVAL | PARAMETER_VARARG | PARAMETER_COUNTED));
}

bool plan_gives(const Parameter *parameter) {
  return (parameter->flags & PARAMETER_OUT) && !(parameter->flags & PARAMETER_RETVAL);
}

int plan_count_index(const Plan *plan, unsigned parameter) {
  int index = 0;
  for (unsigned k = 0; k < parameter; k++)
    index += (plan->signature->parameters[k].flags & PARAMETER_COUNTED) != 0;
  return index;
}

/* com.args */

/* Script index (from 0) of the parameter with this name, or -1. */
static int script_position(const Plan *plan, const OLECHAR *name) {
  int parameter = signature_find_parameter(plan->signature, name);
  if (parameter >= 0 && plan->signature->parameters[parameter].flags & PARAMETER_COUNTED)
    return plan->signature->arguments + plan_count_index(plan, (unsigned)parameter);
  if (parameter < 0 || !plan_takes(&plan->signature->parameters[parameter]))
    return -1;
  return plan_script_index(plan, (unsigned)parameter) - 1;
}

/* "; its parameters: a, b": pushed, for messages. */
static const char *push_parameter_names(lua_State *L, const Plan *plan) {
  const char *before = "; its parameters: ";
  lua_pushliteral(L, "");
  for (unsigned i = 0; i < plan->signature->count; i++) {
    const Parameter *parameter = &plan->signature->parameters[i];
    char *name = plan_takes(parameter) && parameter->name ? text_copy_utf8(parameter->name) : NULL;
    if (!name)
      continue;
    lua_pushfstring(L, "%s%s", before, name);
    free(name);
    lua_concat(L, 2);
    before = ", ";
  }
  return lua_tostring(L, -1);
}

static int parameter_position(lua_State *L, const Plan *plan, const char *name) {
  OLECHAR *wide = text_copy_utf16(name);
  int position = wide ? script_position(plan, wide) : -1;
  free(wide);
  if (position < 0)
    raise_text(L, DISP_E_UNKNOWNNAME, plan_push_subject(L, plan), "there is no parameter named %s%s", name,
               push_parameter_names(L, plan));
  return position;
}

static int positional_count(lua_State *L, int args) {
  lua_Integer most = 0;
  for (lua_pushnil(L); lua_next(L, args) != 0; lua_pop(L, 1)) {
    if (lua_isinteger(L, -2) && lua_tointeger(L, -2) > most)
      most = lua_tointeger(L, -2);
  }
  if (most > 4096)
    raise_text(L, DISP_E_BADPARAMCOUNT, "com.args", "too many arguments");
  return (int)most;
}

/* Spreads a trailing com.args over the stack, so that [first, first + count) are positional values, nil where none was
 * given. Returns the new count. */
int arguments_spread(lua_State *L, const Plan *plan, int first, int count) {
  int args = first + count - 1;
  int given = count - 1;
  int extra = positional_count(L, args);
  bool fits = given + extra <= plan->signature->arguments;
  int limit = plan->signature->arguments + (fits ? plan->signature->counted : 0); /* counts have names alone */
  int total = given + extra > limit ? given + extra : limit;
  luaL_checkstack(L, total + LUA_MINSTACK, "too many arguments");
  lua_settop(L, args); /* a caller may have found the member on the way */
  /* The named table goes below the arguments, which then grow to `total`. */
  lua_insert(L, first);
  args = first;
  first++;
  for (int i = 0; i < extra; i++)
    lua_rawgeti(L, args, i + 1);
  lua_settop(L, first + total - 1);
  for (lua_pushnil(L); lua_next(L, args) != 0; lua_pop(L, 1)) {
    if (lua_type(L, -2) != LUA_TSTRING)
      continue;
    const char *name = lua_tostring(L, -2);
    int position = parameter_position(L, plan, name);
    if (position < given + extra && lua_type(L, first + position) != LUA_TNIL)
      raise_text(L, DISP_E_PARAMNOTFOUND, plan_push_subject(L, plan),
                 "the parameter %s is given twice, by position %d and by name", name, position + 1);
    if (lua_type(L, first + position) != LUA_TNIL)
      raise_text(L, DISP_E_PARAMNOTFOUND, plan_push_subject(L, plan), "the parameter %s is given twice", name);
    lua_pushvalue(L, -1);
    lua_replace(L, first + position);
  }
  lua_remove(L, args);
  return total;
}

/* The same for `o.Cells[com.args{2, 3}] = v`: the indexes at `args` and the value behind them become the full list of
 * arguments from `args` on. Returns the number of indexes. */
int arguments_spread_indexes(lua_State *L, const Plan *plan, int args) {
  int total = plan->signature->arguments;
  lua_insert(L, args); /* the value goes below */
  int count = arguments_spread(L, plan, args + 1, 1);
  if (count != total || lua_type(L, args + total) != LUA_TNIL)
    raise_text(L, DISP_E_BADPARAMCOUNT, plan_push_subject(L, plan), "too many indexes: it takes %d", total - 1);
  lua_pushvalue(L, args);
  lua_replace(L, args + total);
  lua_remove(L, args);
  return total - 1;
}

/* Too many values are an error, unless they are nil at the end. */
int arguments_count(lua_State *L, const Plan *plan, int first, int count) {
  const Signature *signature = plan->signature;
  if (count > 0 && args_at(L, first + count - 1)) {
    count = arguments_spread(L, plan, first, count);
    if (signature->counted && count == signature->arguments + signature->counted)
      return count;
  }
  if (signature->vararg >= 0 || (signature->flags & SIGNATURE_VARARG))
    return count;
  while (count > signature->arguments && lua_type(L, first + count - 1) == LUA_TNIL)
    count--;
  if (count > signature->arguments)
    raise_text(L, DISP_E_BADPARAMCOUNT, plan_push_subject(L, plan), "too many arguments: it takes %s%d, %d were given",
               signature->required == signature->arguments ? "" : "at most ", (int)signature->arguments, count);
  return count;
}

/* Stack index of the value for the taken parameter number `taken` (from 0); 0: not given. The value of a property put
 * is the last one however many of the indexes before it were given. */
int arguments_index(const Plan *plan, int taken, int first, int count) {
  int last = plan->signature->arguments - 1;
  if (plan->kind >= PLAN_PUT && plan->signature->vararg < 0) {
    if (taken == last)
      return count > 0 ? first + count - 1 : 0;
    return taken < count - 1 ? first + taken : 0;
  }
  return taken < count ? first + taken : 0;
}

/* values not given */

/* The value of a parameter for which the script gave nothing (LUA-API.md, "nil as an argument"). The storage is zero. */
static HRESULT argument_absent(Converting *converting, const Parameter *parameter, bool is_nil, void *storage) {
  const Type *type = parameter->value;
  bool object = type->kind == TYPE_INTERFACE || type->vt == VT_DISPATCH || type->vt == VT_UNKNOWN;
  if (parameter->default_value && !object) /* the only default of an object is nothing */
    return variant_to_native(converting, parameter->default_value, type, storage);
  if (parameter->flags & PARAMETER_OPTIONAL) {
    if (type->vt == VT_VARIANT) {
      V_VT((VARIANT *)storage) = VT_ERROR;
      V_ERROR((VARIANT *)storage) = DISP_E_PARAMNOTFOUND;
    }
    return S_OK;
  }
  if ((is_nil && (type->vt == VT_VARIANT || object)) || (parameter->flags & PARAMETER_UNIQUE))
    return S_OK;
  return convert_problem(converting, DISP_E_PARAMNOTOPTIONAL, "the argument is missing");
}

/* After a call: a com.vt.byref that stood for a by-reference parameter has what the callee left there. */
HRESULT argument_take_back(lua_State *L, const Parameter *parameter, int index, const void *storage) {
  Boxed *box = index != 0 && parameter->indirection != 0 ? boxed_reference_at(L, index) : NULL;
  return box && parameter->cell == parameter->value ? boxed_take_back(box, parameter->value, storage) : S_OK;
}

/* Converts the value for a taken parameter, or what stands in for it. */
HRESULT argument_take(Converting *converting, const Parameter *parameter, int index, void *storage) {
  if (index == 0)
    return argument_absent(converting, parameter, false, storage);
  if (lua_type(converting->L, index) == LUA_TNIL ||
      (parameter->value->vt != VT_VARIANT && boxed_is_missing(converting->L, index)))
    return argument_absent(converting, parameter, true, storage);
  /* The box of a com.vt.byref takes part with what is in it; what the callee leaves comes back (arguments_take_back). */
  Boxed *box = parameter->indirection != 0 && parameter->value->vt == VT_VARIANT
                   ? boxed_reference_at(converting->L, index)
                   : NULL;
  if (box) {
    converting->boxes = converting->owned = true;
    boxed_settle(box);
    return VariantCopy(storage, &box->value);
  }
  return convert_from_lua(converting, index, parameter->value, storage);
}

/* errors */

int argument_raise(lua_State *L, const Plan *plan, unsigned parameter, HRESULT result, const char *problem) {
  char name[128];
  const OLECHAR *wide = plan->signature->parameters[parameter].name;
  char *copy = wide ? text_copy_utf8(wide) : NULL;
  name[0] = 0;
  if (copy)
    strncat(name, copy, sizeof name - 1);
  free(copy);
  ErrorReport report = { .hresult = result,
                         .subject = plan_push_subject(L, plan),
                         .description = *problem != 0 ? problem : NULL,
                         .argument = plan_script_index(plan, parameter),
                         .argument_name = name[0] != 0 ? name : NULL };
  return raise_report(L, &report);
}
