/* object_dispatch.c - IDispatch of objects written in Lua. A dual interface invokes itself through its vtable, as
 * everywhere; for a dispinterface the arguments go from VARIANTs to the declared types and on to Lua, and back. */
#include "bridge/objects/objects_internal.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* arguments */

/* The value of an argument as the declared type wants it; `vt` VT_ILLEGAL or VT_VARIANT: as it is. */
static HRESULT argument_variant(VARIANT *copy, const VARIANT *argument, VARTYPE vt, LCID lcid) {
  HRESULT result = VariantCopyInd(copy, (VARIANT *)argument);
  if (FAILED(result) || vt == VT_ILLEGAL || vt == VT_VARIANT || V_VT(copy) == vt || (vt & VT_ARRAY) || vt == VT_RECORD)
    return result;
  if (V_VT(copy) == VT_ERROR && V_ERROR(copy) == DISP_E_PARAMNOTFOUND)
    return S_OK;
  return VariantChangeTypeEx(copy, copy, lcid, 0, vt);
}

static HRESULT push_variant(lua_State *L, const Giving *giving, Invocation *in, UINT index, VARTYPE vt) {
  HRESULT result = argument_variant(&in->argument, &in->params->rgvarg[index], vt, in->lcid);
  if (FAILED(result)) {
    VariantClear(&in->argument);
    if (in->bad_argument)
      *in->bad_argument = index;
    return result;
  }
  variant_push(L, giving, &in->argument);
  VariantClear(&in->argument);
  return S_OK;
}

static HRESULT push_declared(lua_State *L, const Giving *giving, Invocation *in, int *pushed) {
  const Signature *signature = in->method->signature;
  HRESULT result = S_OK;
  for (unsigned k = 0; SUCCEEDED(result) && k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    if (!plan_takes(parameter))
      continue;
    ++*pushed;
    if (in->order[k] >= 0) {
      result = push_variant(L, giving, in, (UINT)in->order[k], parameter->vt);
    } else if (parameter->default_value) {
      result = VariantCopy(&in->argument, (VARIANT *)parameter->default_value);
      if (SUCCEEDED(result))
        variant_push(L, giving, &in->argument);
      VariantClear(&in->argument);
    } else {
      lua_pushnil(L);
    }
  }
  for (UINT i = in->rest; SUCCEEDED(result) && i-- > 0; ++*pushed)
    result = push_variant(L, giving, in, i, VT_VARIANT);
  return result;
}

/* Nothing is declared: positions from the last element on, names are positions too; the value of a put comes last. */
static HRESULT push_undeclared(lua_State *L, const Giving *giving, Invocation *in, int *pushed) {
  const DISPPARAMS *params = in->params;
  int base = lua_gettop(L);
  UINT positional = params->cArgs - params->cNamedArgs, most = positional;
  int put = -1;
  for (UINT i = 0; i < params->cNamedArgs; i++) {
    DISPID id = params->rgdispidNamedArgs[i];
    if (id == DISPID_PROPERTYPUT)
      put = (int)i;
    else if (id < (DISPID)positional || id > 250) {
      if (in->bad_argument)
        *in->bad_argument = i;
      return DISP_E_PARAMNOTFOUND;
    } else if ((UINT)id >= most)
      most = (UINT)id + 1;
  }
  HRESULT result = S_OK;
  for (UINT i = 0; SUCCEEDED(result) && i < positional; i++)
    result = push_variant(L, giving, in, params->cArgs - 1 - i, VT_VARIANT);
  for (UINT i = positional; SUCCEEDED(result) && i < most; i++)
    lua_pushnil(L);
  for (UINT i = 0; SUCCEEDED(result) && i < params->cNamedArgs; i++) {
    if ((int)i == put)
      continue;
    result = push_variant(L, giving, in, i, VT_VARIANT);
    if (SUCCEEDED(result))
      lua_replace(L, base + 1 + params->rgdispidNamedArgs[i]);
  }
  if (SUCCEEDED(result) && put >= 0) {
    most++;
    result = push_variant(L, giving, in, (UINT)put, VT_VARIANT);
  }
  *pushed = (int)most;
  return result;
}

static HRESULT push_all(lua_State *L, Invocation *in, int *pushed) {
  Giving giving = { in->object->token->bridge, in->method ? in->method->owner : NULL, object_giving_flags(in->object) };
  *pushed = 0;
  luaL_checkstack(L, (int)in->params->cArgs + 260 + (in->method ? in->method->pushed : 0), "too many arguments");
  if (!in->method)
    return push_undeclared(L, &giving, in, pushed);
  return push_declared(L, &giving, in, pushed);
}

/* results */

/* The type under which a VARIANT has values of a type: its own, or the one that stands for it. Texts and GUIDs of which
 * no VARIANT is made are text in it. VT_ILLEGAL: no VARIANT has any. */
static VARTYPE carried_vt(const Type *type) {
  switch (type->kind) {
  case TYPE_BASE:
    return type->vt == VT_LPSTR || type->vt == VT_LPWSTR || type->vt == VT_CLSID ? VT_BSTR : type->base->variant_vt;
  case TYPE_ENUM:
  case TYPE_RECORD:
  case TYPE_SAFEARRAY:
  case TYPE_INTERFACE:
    return type->vt;
  default:
    return VT_ILLEGAL;
  }
}

/* A GUID is checked and written as GUIDs are. */
static HRESULT guid_to_text(Converting *converting, const Type *type, int index, BSTR *text) {
  GUID guid = GUID_NULL;
  OLECHAR written[39];
  HRESULT result = index == 0 ? S_OK : convert_from_lua(converting, index, type, &guid);
  if (FAILED(result))
    return result;
  StringFromGUID2(&guid, written, 39);
  *text = SysAllocString(written);
  return *text ? S_OK : E_OUTOFMEMORY;
}

/* A Lua value as a VARIANT of the declared type; nil is its zero. */
static HRESULT declared_variant(Converting *converting, const Type *type, int index, VARIANT *value) {
  type = type_resolve(type);
  if (lua_type(converting->L, index) <= LUA_TNIL)
    index = 0;
  VARTYPE vt = carried_vt(type);
  if (vt == VT_ILLEGAL)
    return convert_problem(converting, DISP_E_BADVARTYPE, "a VARIANT cannot hold it");
  if (type->kind == TYPE_RECORD)
    return record_to_variant(converting, type, index, value);
  if (vt == VT_VARIANT)
    return index == 0 ? S_OK : variant_from_lua(converting, index, value);
  if (vt == VT_BSTR && type->vt != VT_BSTR) {
    BSTR text = NULL;
    HRESULT result = type->vt == VT_CLSID ? guid_to_text(converting, type, index, &text)
                     : index == 0         ? S_OK
                                          : convert_from_lua(converting, index, type_of_vartype(VT_BSTR), &text);
    if (FAILED(result))
      return result;
    V_VT(value) = VT_BSTR;
    V_BSTR(value) = text;
    return S_OK;
  }
  union {
    uint64_t words[2];
    DECIMAL decimal;
  } native = { { 0, 0 } };
  HRESULT result = index == 0 ? S_OK : convert_from_lua(converting, index, type, &native);
  if (FAILED(result))
    return result;
  if (vt == VT_DECIMAL) {
    V_DECIMAL(value) = native.decimal;
  } else {
    memcpy(&V_I8(value), &native, sizeof(int64_t));
  }
  V_VT(value) = vt;
  return S_OK;
}

static const Type *declared_result(const MethodPlan *method) {
  const Signature *signature = method->signature;
  if (signature->retval >= 0)
    return signature->parameters[signature->retval].value;
  const Type *type = type_resolve(signature->result);
  return type->vt == VT_VOID || type->vt == VT_HRESULT ? NULL : type;
}

/* The argument whose variable gets a result: a variable of type VARIANT may refer to another. A record is always passed by its
 * address. NULL: the caller wants nothing. */
static VARIANT *result_target(VARIANT *argument) {
  if (V_VT(argument) == (VT_BYREF | VT_VARIANT) && V_VARIANTREF(argument) && V_VT(V_VARIANTREF(argument)) & VT_BYREF)
    argument = V_VARIANTREF(argument);
  return V_VT(argument) & VT_BYREF || V_VT(argument) == VT_RECORD ? argument : NULL;
}

/* A value is moved to the memory at `place`; what was there goes after it. */
static HRESULT replace_scalar(void *place, VARTYPE vt, VARIANT *value) {
  const BaseType *base = base_type((VARTYPE)(vt & VT_TYPEMASK));
  size_t size = vt & VT_ARRAY ? sizeof(void *) : base ? base->size : 0;
  VARIANT old;
  if (size > sizeof(int64_t))
    return DISP_E_BADVARTYPE;
  VariantInit(&old);
  V_VT(&old) = vt;
  V_I8(&old) = 0;
  memcpy(&V_I8(&old), place, size);
  memcpy(place, &V_I8(value), size);
  VariantInit(value);
  VariantClear(&old);
  return S_OK;
}

static void replace_decimal(DECIMAL *place, const DECIMAL *value) {
  WORD reserved = place->wReserved; /* the type, where it lies in a VARIANT */
  *place = *value;
  place->wReserved = reserved;
}

/* Hands a value over to the memory that an argument points to. */
static HRESULT store_reference(VARIANT *argument, VARIANT *value, LCID lcid) {
  VARIANT *target = result_target(argument);
  if (!target)
    return S_OK;
  VARTYPE vt = (VARTYPE)(V_VT(target) & ~VT_BYREF);
  if (vt == VT_VARIANT) {
    VariantClear(V_VARIANTREF(target));
    *V_VARIANTREF(target) = *value;
    VariantInit(value);
    return S_OK;
  }
  HRESULT result = V_VT(value) == vt ? S_OK : VariantChangeTypeEx(value, value, lcid, 0, vt);
  if (FAILED(result))
    return result;
  if (vt == VT_RECORD)
    return IRecordInfo_RecordCopy(V_RECORDINFO(target), V_RECORD(value), V_RECORD(target));
  if (vt == VT_DECIMAL) {
    replace_decimal(V_DECIMALREF(target), &V_DECIMAL(value));
    return S_OK;
  }
  return replace_scalar(V_BYREF(target), vt, value);
}

/* No result, which is the zero of its type: of the declared one in a VARIANT, else of the variable's own. */
static HRESULT store_nothing(VARIANT *argument, VARIANT *zero) {
  VARIANT *target = result_target(argument), nothing;
  if (!target)
    return S_OK;
  VARTYPE vt = (VARTYPE)(V_VT(target) & ~VT_BYREF);
  if (vt == VT_VARIANT)
    return store_reference(target, zero, 0);
  if (vt == VT_RECORD)
    return IRecordInfo_RecordClear(V_RECORDINFO(target), V_RECORD(target));
  memset(&nothing, 0, sizeof nothing);
  if (vt == VT_DECIMAL) {
    replace_decimal(V_DECIMALREF(target), &V_DECIMAL(&nothing));
    return S_OK;
  }
  return replace_scalar(V_BYREF(target), vt, &nothing);
}

static HRESULT check_record(const Invocation *in, const Type *type, const VARIANT *target) {
  IRecordInfo *info = NULL;
  if (!V_RECORD(target) || !V_RECORDINFO(target))
    return E_INVALIDARG;
  if (type->kind != TYPE_RECORD || FAILED(record_info_of_type(type, in->method->owner, &info)) || !info)
    return DISP_E_TYPEMISMATCH;
  bool matches = IRecordInfo_IsMatchingType(V_RECORDINFO(target), info) != FALSE;
  IRecordInfo_Release(info);
  return matches ? S_OK : DISP_E_TYPEMISMATCH;
}

/* Whether the memory behind an argument can hold what the parameter gives: asked before the method runs. */
static HRESULT check_reference(const Invocation *in, const Type *type, VARIANT *argument) {
  const VARIANT *target = result_target(argument);
  type = type_resolve(type);
  if (!target)
    return S_OK;
  VARTYPE vt = carried_vt(type);
  if (vt == VT_ILLEGAL)
    return DISP_E_BADVARTYPE;
  return (V_VT(target) & ~VT_BYREF) == VT_RECORD ? check_record(in, type, target) : variant_check_target(target, vt);
}

static HRESULT check_references(Invocation *in) {
  const Signature *signature = in->method->signature;
  const Type *returned = in->result ? declared_result(in->method) : NULL;
  if (returned && carried_vt(type_resolve(returned)) == VT_ILLEGAL)
    return DISP_E_BADVARTYPE;
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    if (!plan_gives(parameter) || in->order[k] < 0)
      continue;
    HRESULT result = check_reference(in, parameter->value, &in->params->rgvarg[in->order[k]]);
    if (FAILED(result) && in->bad_argument)
      *in->bad_argument = (UINT)in->order[k];
    if (FAILED(result))
      return result;
  }
  return S_OK;
}

/* Where nothing is declared, a table that is an object already is that object. */
HRESULT variant_or_object(Converting *converting, int index, VARIANT *value) {
  lua_State *L = converting->L;
  LuaObject *object = lua_istable(L, index) ? object_of_table(L, converting->bridge->token, index) : NULL;
  if (!object)
    return variant_from_lua(converting, index, value);
  V_VT(value) = VT_DISPATCH;
  V_DISPATCH(value) = (IDispatch *)(void *)&object->main;
  return S_OK;
}

static HRESULT take_value(lua_State *L, Invocation *in, const Type *type, int index, VARIANT *value) {
  Converting converting = { .L = L, .bridge = in->object->token->bridge };
  converting.owner = in->method ? in->method->owner : NULL;
  VariantInit(value);
  HRESULT result =
      type ? declared_variant(&converting, type, index, value) : variant_or_object(&converting, index, value);
  if (FAILED(result)) {
    VariantClear(value);
    snprintf(in->problem, sizeof in->problem, "%.80s: result: %s", in->name,
             converting.problem[0] != 0 ? converting.problem : "it cannot be converted");
  }
  return result;
}

static HRESULT give_result(lua_State *L, Invocation *in, const Type *type, int index) {
  VARIANT value;
  HRESULT result = take_value(L, in, type, index, &value);
  if (FAILED(result))
    return result;
  if (in->result)
    *in->result = value;
  else
    VariantClear(&value);
  return S_OK;
}

/* `kept`: where the [in,out] arguments stand, 0: nowhere. */
static HRESULT give_declared(lua_State *L, Invocation *in, int first, int kept) {
  const Signature *signature = in->method->signature;
  const Type *type = declared_result(in->method);
  HRESULT result = type ? give_result(L, in, type, first++) : S_OK;
  for (unsigned k = 0; SUCCEEDED(result) && k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    VARIANT value;
    if (!plan_gives(parameter))
      continue;
    int index = first++;
    if (is_kept(parameter))
      index = changed_value(L, index, kept != 0 ? kept++ : 0);
    if (in->order[k] < 0 || index == 0)
      continue;
    result = take_value(L, in, parameter->value, index, &value);
    if (SUCCEEDED(result)) {
      VARIANT *argument = &in->params->rgvarg[in->order[k]];
      result = lua_type(L, index) <= LUA_TNIL ? store_nothing(argument, &value)
                                              : store_reference(argument, &value, in->lcid);
      VariantClear(&value);
    }
  }
  return result;
}

static int results_wanted(const MethodPlan *method) {
  if (!method)
    return 1;
  int count = declared_result(method) != NULL;
  for (unsigned k = 0; k < method->signature->count; k++)
    count += plan_gives(&method->signature->parameters[k]);
  return count;
}

/* running */

/* (invocation, function[, self]) */
static int run_function(lua_State *L) {
  Invocation *in = lua_touserdata(L, 1);
  int given = lua_gettop(L) - 2, pushed, wanted = results_wanted(in->method);
  in->status = push_all(L, in, &pushed);
  if (FAILED(in->status))
    return 0;
  bool keeps = in->method && in->method->kept != 0;
  luaL_checkstack(L, wanted + (keeps ? in->method->kept : 0) + LUA_MINSTACK, NULL);
  if (in->method)
    in->status = check_references(in);
  if (FAILED(in->status))
    return 0;
  if (keeps)
    keep_arguments(L, in->method, pushed, 2);
  lua_call(L, given + pushed, wanted + in->object->gives_status);
  HRESULT status = S_OK;
  if (in->object->gives_status) {
    status = extra_status(L, -1);
    lua_pop(L, 1);
  }
  int first = lua_gettop(L) - wanted + 1;
  in->status = in->method ? give_declared(L, in, first, keeps ? 2 : 0) : give_result(L, in, NULL, first);
  if (in->status == S_OK)
    in->status = status;
  return 0;
}

/* (invocation, value) */
static int run_value(lua_State *L) {
  Invocation *in = lua_touserdata(L, 1);
  if (in->params->cArgs != 0) {
    in->status = DISP_E_BADPARAMCOUNT;
    return 0;
  }
  lua_settop(L, 2);
  luaL_checkstack(L, results_wanted(in->method) + LUA_MINSTACK, NULL);
  lua_settop(L, 1 + results_wanted(in->method));
  in->status = in->method ? give_declared(L, in, 2, 0) : give_result(L, in, NULL, 2);
  return 0;
}

/* (invocation, table) */
static int run_put(lua_State *L) {
  Invocation *in = lua_touserdata(L, 1);
  int pushed;
  in->status = push_all(L, in, &pushed);
  if (FAILED(in->status))
    return 0;
  if (pushed != 1) {
    in->status = DISP_E_BADPARAMCOUNT;
    return 0;
  }
  lua_setfield(L, 2, in->spelling);
  return 0;
}

static int missing_member(lua_State *L) {
  ((Invocation *)lua_touserdata(L, 1))->status = DISP_E_MEMBERNOTFOUND;
  return 0;
}

/* What carries out a call when this was found; *values: how many values of the stack it takes. */
static lua_CFunction runner_of(lua_State *L, Invocation *in, Found found, int *values) {
  bool put = (in->flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) != 0;
  *values = found == FOUND_FUNCTION ? 2 : 1;
  if (found == FOUND_FUNCTION || found == FOUND_PLAIN)
    return run_function;
  if (found == FOUND_VALUE)
    return run_value;
  if (!put || !lua_istable(L, -1))
    return missing_member;
  in->spelling = in->method ? member_spelling(L, &in->method->names) : in->name;
  return run_put;
}

static void insert_function(lua_State *L, lua_CFunction body, Invocation *in, int values) {
  lua_pushcfunction(L, body);
  lua_insert(L, -(values + 1));
  lua_pushlightuserdata(L, in);
  lua_insert(L, -(values + 1));
}

void invocation_protect(lua_State *L, Invocation *in, lua_CFunction body, int values) {
  VariantInit(&in->argument);
  in->status = S_OK;
  in->problem[0] = 0;
  insert_function(L, body, in, values);
  if (lua_pcall(L, values + 1, 0, 0) != LUA_OK)
    in->status = error_to_status(L, in->object->token, in->iid, in->source);
  else if (FAILED(in->status) && in->problem[0] != 0)
    in->status = error_from_text(in->object->token, in->status, in->iid, in->source, in->problem);
  VariantClear(&in->argument);
}

void invocation_call(lua_State *L, Invocation *in, Found found) {
  int values;
  if (found == FOUND_ERROR)
    lua_error(L);
  lua_CFunction body = runner_of(L, in, found, &values);
  insert_function(L, body, in, values);
  lua_call(L, values + 1, 0);
}

static void invocation_run(lua_State *L, Invocation *in, Found found) {
  int values;
  if (found == FOUND_ERROR) {
    in->status = error_to_status(L, in->object->token, in->iid, in->source);
    return;
  }
  lua_CFunction body = runner_of(L, in, found, &values);
  invocation_protect(L, in, body, values);
}

/* calling what is declared */

static void run_method(lua_State *L, Invocation *in) {
  MethodPlan *method = in->method;
  lua_rawgeti(L, STACK_WEAK, in->object->number);
  if (method->id == DISPID_NEWENUM && !(method->kind & (INVOKE_PROPERTYPUT | INVOKE_PROPERTYPUTREF))) {
    IUnknown *enumerator = NULL;
    in->status = enumerator_make(L, in->object->token, in->object, &enumerator);
    if (SUCCEEDED(in->status) && in->result) {
      V_VT(in->result) = VT_UNKNOWN;
      V_UNKNOWN(in->result) = enumerator;
    } else if (SUCCEEDED(in->status)) {
      IUnknown_Release(enumerator);
    }
    return;
  }
  invocation_run(L, in, member_lookup(L, &method->names, (unsigned)method->kind));
}

static void method_body(lua_State *L, void *context) {
  Invocation *in = context;
  if (!lua_checkstack(L, LUA_MINSTACK)) {
    in->status = E_OUTOFMEMORY;
    return;
  }
  object_enter(in->object);
  run_method(L, in);
  object_leave(in->object);
}

/* A failed invocation with error information is an exception. */
static HRESULT finish(HRESULT status, EXCEPINFO *exception) {
  switch (status) {
  case DISP_E_MEMBERNOTFOUND:
  case DISP_E_BADPARAMCOUNT:
  case DISP_E_PARAMNOTFOUND:
  case DISP_E_PARAMNOTOPTIONAL:
  case RPC_E_DISCONNECTED:
    return status;
  default:
    return FAILED(status) ? exception_from_error_info(NULL, NULL, status, exception) : status;
  }
}

HRESULT dispatch_call_method(LuaObject *object, const InterfacePlan *plan, MethodPlan *method, LCID lcid, WORD flags,
                             DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  Invocation in = { .object = object,
                    .method = method,
                    .iid = &plan->iid,
                    .source = plan->name,
                    .name = method->name,
                    .flags = flags,
                    .lcid = lcid,
                    .params = params,
                    .result = result,
                    .bad_argument = bad_argument };
  in.order = __builtin_alloca((method->signature->count + 1u) * sizeof *in.order);
  HRESULT matched = signature_match_params(method->signature, params, flags, in.order, &in.rest, bad_argument);
  if (FAILED(matched))
    return matched;
  SetErrorInfo(0, NULL);
  HRESULT ran = token_run(object->token, method_body, &in);
  return finish(FAILED(ran) ? ran : in.status, exception);
}

static MethodPlan *find_method(const InterfacePlan *plan, DISPID id, WORD flags) {
  static const unsigned kinds[] = { INVOKE_FUNC, INVOKE_PROPERTYGET, INVOKE_PROPERTYPUTREF, INVOKE_PROPERTYPUT };
  for (unsigned i = 0; i < 4; i++) {
    MethodPlan *method = flags & kinds[i] ? interface_plan_find(plan, id, kinds[i]) : NULL;
    if (method)
      return method;
  }
  return NULL;
}

/* DispInvoke knows the types that a VARIANT has; texts and GUIDs that are no BSTR it cannot carry. */
typedef enum Carriage { CARRIES_UNKNOWN, CARRIES_ALL, CARRIES_SOME } Carriage;

static bool is_foreign_type(const Type *type) {
  type = type_resolve(type);
  return type->kind == TYPE_BASE && type->base->variant_vt == VT_ILLEGAL && carried_vt(type) != VT_ILLEGAL;
}

static bool is_carried(const MethodPlan *method) {
  const Type *returned = declared_result(method);
  if (returned && is_foreign_type(returned))
    return false;
  for (unsigned k = 0; k < method->signature->count; k++)
    if (is_foreign_type(method->signature->parameters[k].value))
      return false;
  return true;
}

/* The method for a call that DispInvoke cannot carry; NULL: it can. Nearly all interfaces are asked no more than once. */
static MethodPlan *find_foreign(InterfacePlan *plan, DISPID id, WORD flags) {
  int carriage = atomic_load_explicit(&plan->carriage, memory_order_relaxed);
  if (carriage == CARRIES_UNKNOWN) {
    carriage = CARRIES_ALL;
    for (unsigned i = 0; i < plan->method_count; i++)
      if (!is_carried(&plan->methods[i]))
        carriage = CARRIES_SOME;
    atomic_store_explicit(&plan->carriage, (uint8_t)carriage, memory_order_relaxed);
  }
  MethodPlan *method = carriage == CARRIES_SOME ? find_method(plan, id, flags) : NULL;
  return method && !is_carried(method) ? method : NULL;
}

static Face *vtable_face(Face *face) {
  for (unsigned i = 0; i < face->object->face_count; i++) {
    if (face->object->faces[i].plan == face->plan)
      return &face->object->faces[i];
  }
  return face;
}

/* IDispatch */

HRESULT STDMETHODCALLTYPE face_get_type_info_count(Face *face, UINT *count) {
  (void)face;
  if (!count)
    return E_POINTER;
  *count = 1;
  return S_OK;
}

HRESULT STDMETHODCALLTYPE face_get_type_info(Face *face, UINT index, LCID lcid, ITypeInfo **info) {
  (void)lcid;
  if (!info)
    return E_POINTER;
  *info = NULL;
  if (index != 0)
    return DISP_E_BADINDEX;
  if (!face->plan)
    return dynamic_type_info(face->object, info);
  *info = face->plan->info;
  ITypeInfo_AddRef(*info);
  return S_OK;
}

HRESULT STDMETHODCALLTYPE face_get_ids_of_names(Face *face, REFIID iid, LPOLESTR *names, UINT count, LCID lcid,
                                                DISPID *ids) {
  (void)lcid;
  if (!names || !ids)
    return E_POINTER;
  if (!IsEqualGUID(iid, &IID_NULL))
    return DISP_E_UNKNOWNINTERFACE;
  if (count == 0)
    return S_OK;
  return face->plan ? ITypeInfo_GetIDsOfNames(face->plan->info, names, count, ids)
                    : dynamic_ids_of_names(face->object, names, count, ids);
}

HRESULT STDMETHODCALLTYPE face_invoke(Face *face, DISPID id, REFIID iid, LCID lcid, WORD flags, DISPPARAMS *params,
                                      VARIANT *result, EXCEPINFO *exception, UINT *bad_argument) {
  if (!IsEqualGUID(iid, &IID_NULL))
    return DISP_E_UNKNOWNINTERFACE;
  if (!params || params->cNamedArgs > params->cArgs || (params->cArgs != 0 && !params->rgvarg) ||
      (params->cNamedArgs != 0 && !params->rgdispidNamedArgs))
    return E_INVALIDARG;
  if (result)
    VariantInit(result);
  if (!face->plan)
    return dynamic_invoke(face->object, id, lcid, flags, params, result, exception, bad_argument);
  bool itself = face->plan->invokes_itself;
  MethodPlan *method =
      itself ? find_foreign((InterfacePlan *)face->plan, id, flags) : find_method(face->plan, id, flags);
  if (!method && itself)
    return DispInvoke(vtable_face(face), face->plan->info, id, flags, params, result, exception, bad_argument);
  if (!method)
    return DISP_E_MEMBERNOTFOUND;
  return dispatch_call_method(face->object, face->plan, method, lcid, flags, params, result, exception, bad_argument);
}

const FaceMethod dispatch_vtable[7] = { (FaceMethod)face_query_interface, (FaceMethod)face_add_ref,
                                        (FaceMethod)face_release,         (FaceMethod)face_get_type_info_count,
                                        (FaceMethod)face_get_type_info,   (FaceMethod)face_get_ids_of_names,
                                        (FaceMethod)face_invoke };
