/* object_dynamic.c - objects without an interface: IDispatchEx over the table alone. DISPIDs belong to the object
 * (object_ids.c), so a member can come and go and stay itself. Names that begin with '_' are private; __index tables are
 * walked, __index functions are not asked. Whatever asks the table runs in one protected call. */
#include "bridge/objects/objects_internal.h"
#include "com/com_api.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* names of members */

static bool has_prefix(const char *name) {
  return strncmp(name, "get_", 4) == 0 || strncmp(name, "set_", 4) == 0;
}

/* The value of a string key is on top: the member's name behind "get_" and "set_"; NULL: private, or no member. */
static const char *member_name(lua_State *L, const char *key) {
  if (has_prefix(key) && lua_isfunction(L, -1))
    key += 4;
  return *key == '_' || *key == 0 ? NULL : key;
}

/* Pushes what the table at `table` has under prefix + name. */
static void push_accessor(lua_State *L, int table, const char *prefix, const char *name) {
  lua_pushfstring(L, "%s%s", prefix, name);
  table_lookup(L, table, false);
}

static bool has_accessor(lua_State *L, int table, const char *prefix, const char *name) {
  push_accessor(L, table, prefix, name);
  bool found = lua_isfunction(L, -1);
  lua_pop(L, 1);
  return found;
}

/* Whether the table at `table` has a member that is called exactly so. */
static bool has_member(lua_State *L, int table, const char *name) {
  lua_pushstring(L, name);
  table_lookup(L, table, false);
  bool field = !lua_isnil(L, -1), function = lua_isfunction(L, -1);
  lua_pop(L, 1);
  if (field && !(function && has_prefix(name)))
    return true;
  return has_accessor(L, table, "get_", name) || has_accessor(L, table, "set_", name);
}

/* Whether __types in the metatable of the table at `table` declare the name: pushes them then. */
static bool push_declarations(lua_State *L, int table) {
  int type = luaL_getmetafield(L, table, "__types");
  if (type == LUA_TTABLE)
    return true;
  if (type != LUA_TNIL)
    lua_pop(L, 1);
  return false;
}

static bool is_declared_name(lua_State *L, int table, const char *name) {
  if (!push_declarations(L, table))
    return false;
  lua_pushstring(L, name);
  bool declared = lua_rawget(L, -2) != LUA_TNIL;
  lua_pop(L, 2);
  return declared;
}

typedef void Visit(lua_State *L, const char *name, void *context);

static void visit_declared(lua_State *L, int table, Visit *visit, void *context) {
  if (!push_declarations(L, table))
    return;
  for (lua_pushnil(L); lua_next(L, -2) != 0; lua_pop(L, 1)) {
    const char *name = lua_type(L, -2) == LUA_TSTRING ? lua_tostring(L, -2) : "";
    if (*name != '_' && *name != 0)
      visit(L, name, context);
  }
  lua_pop(L, 1);
}

/* Visits the members of the table at `table` and of its __index tables, and those that only __types know. */
static void visit_members(lua_State *L, int table, Visit *visit, void *context) {
  int top = lua_gettop(L);
  lua_pushvalue(L, table);
  for (int depth = 0; depth < INDEX_DEPTH; depth++) {
    for (lua_pushnil(L); lua_next(L, top + 1) != 0; lua_pop(L, 1)) {
      const char *name = lua_type(L, -2) == LUA_TSTRING ? member_name(L, lua_tostring(L, -2)) : NULL;
      if (name)
        visit(L, name, context);
    }
    if (!table_parent(L))
      break;
  }
  lua_settop(L, top);
  visit_declared(L, table, visit, context);
}

typedef struct FindName {
  const char *wanted, *found; /* found: in a key of the table */
  bool ambiguous;
} FindName;

static void compare_name(lua_State *L, const char *name, void *context) {
  FindName *find = context;
  (void)L;
  if (!caseless_equal_utf8(name, find->wanted))
    return;
  find->ambiguous |= find->found && strcmp(find->found, name) != 0;
  find->found = name;
}

/* Pushes the name of the member, as the table at `table` spells it. False: there is none, nothing is pushed. */
static bool push_member(lua_State *L, int table, const char *name, bool any_case) {
  if (*name == '_' || *name == 0 || !lua_istable(L, table))
    return false;
  bool exact = has_member(L, table, name) || is_declared_name(L, table, name);
  FindName find = { name, exact ? name : NULL, false };
  if (!find.found && any_case)
    visit_members(L, table, compare_name, &find);
  if (!find.found || find.ambiguous)
    return false;
  lua_pushstring(L, find.found);
  return true;
}

/* requests */

/* What is asked of the table, answered in one protected call: body(request, table, DISPIDs). */
typedef struct Request {
  LuaObject *object;
  lua_CFunction body;
  const char *name;
  bool any_case, ensure;
  char **parameters; /* names of arguments */
  UINT parameter_count;
  DISPID *ids;
  DISPID id;
  DWORD properties;
  BSTR text;
  HRESULT status;
  ITypeInfo *info;
} Request;

static int request_protected(lua_State *L) {
  Request *request = lua_touserdata(L, 1);
  lua_settop(L, 1);
  object_push_table(L, request->object);
  member_ids_push(L, request->object);
  return request->body(L);
}

static void request_body(lua_State *L, void *context) {
  Request *request = context;
  object_enter(request->object);
  if (!lua_checkstack(L, LUA_MINSTACK))
    request->status = E_OUTOFMEMORY;
  else if (!bridge_protected(L, request_protected, request, 0))
    request->status = error_to_status(L, request->object->token, &IID_IDispatch, "Lua");
  object_leave(request->object);
}

static HRESULT request_run(Request *request) {
  HRESULT result = token_run(request->object->token, request_body, request);
  return FAILED(result) ? result : request->status;
}

/* Positions of named arguments, from the names of the function's parameters; the function is on top. */
static void find_parameters(lua_State *L, Request *request, bool method) {
  for (UINT i = 0; i < request->parameter_count; i++) {
    const char *name;
    for (int n = 1; (name = lua_getlocal(L, NULL, n)) != NULL; n++) {
      if (n > method && caseless_equal_utf8(name, request->parameters[i])) {
        request->ids[i] = n - 1 - method;
        break;
      }
    }
    if (request->ids[i] == DISPID_UNKNOWN)
      request->status = DISP_E_UNKNOWNNAME;
  }
}

/* (request, table, DISPIDs) */
static int give_id(lua_State *L) {
  Request *request = lua_touserdata(L, 1);
  request->status = DISP_E_UNKNOWNNAME;
  request->id = DISPID_UNKNOWN;
  for (UINT i = 0; i < request->parameter_count; i++)
    request->ids[i] = DISPID_UNKNOWN;
  if (!push_member(L, 2, request->name, request->any_case)) {
    if (!request->ensure || *request->name == '_' || *request->name == 0)
      return 0;
    lua_pushstring(L, request->name);
  }
  int name = lua_gettop(L);
  request->id = member_id(L, 3, name, true);
  request->status = S_OK;
  if (request->parameter_count == 0)
    return 0;
  lua_pushfstring(L, "get_%s", lua_tostring(L, name));
  Found found = lua_istable(L, 2) ? lookup_spelling(L, 2, name, name + 1, INVOKE_FUNC, false) : FOUND_NOTHING;
  if (found == FOUND_FUNCTION) {
    lua_pop(L, 1);
    find_parameters(L, request, true);
  } else {
    request->status = DISP_E_UNKNOWNNAME;
  }
  return 0;
}

HRESULT dynamic_ids_of_names(LuaObject *object, LPOLESTR *names, UINT count, DISPID *ids) {
  Request request = {
    .object = object, .body = give_id, .any_case = true, .parameter_count = count - 1, .ids = ids + 1
  };
  char **texts = calloc(count, sizeof *texts);
  HRESULT result = texts ? S_OK : E_OUTOFMEMORY;
  for (UINT i = 0; SUCCEEDED(result) && i < count; i++) {
    texts[i] = names[i] ? text_copy_utf8(names[i]) : NULL;
    if (!texts[i])
      result = E_OUTOFMEMORY;
  }
  ids[0] = DISPID_UNKNOWN;
  if (SUCCEEDED(result)) {
    request.name = texts[0];
    request.parameters = texts + 1;
    result = request_run(&request);
    ids[0] = request.id != 0 ? request.id : DISPID_UNKNOWN;
  }
  for (UINT i = 0; texts && i < count; i++)
    free(texts[i]);
  free(texts);
  return result;
}

/* type information */

/* (request, table, DISPIDs) */
static int synthesize(lua_State *L) {
  Request *request = lua_touserdata(L, 1);
  lua_settop(L, 3);
  bridge_call_helper(L, bridge_get(L), "synthesize", 2, 1);
  if (lua_isnil(L, -1)) {
    request->status = TYPE_E_ELEMENTNOTFOUND;
    return 0;
  }
  request->info = typeinfo_check(L, -1);
  ITypeInfo_AddRef(request->info);
  return 0;
}

HRESULT dynamic_type_info(LuaObject *object, ITypeInfo **info) {
  Request request = { .object = object, .body = synthesize };
  HRESULT result = request_run(&request);
  *info = request.info;
  return result;
}

/* The plan of the type that is made up from the table's __types becomes the object's. */
static HRESULT renew_type_plan(LuaObject *object, ITypeInfo *info) {
  InterfacePlan *plan = NULL;
  char problem[160];
  if (object->type_plan && object->type_plan->source == info)
    return S_OK;
  HRESULT result = interface_plan_get(info, false, NULL, &plan, problem, sizeof problem);
  if (FAILED(result))
    return result;
  if (object->type_plan)
    interface_plan_release(object->type_plan);
  object->type_plan = plan;
  return S_OK;
}

/* invoking */

typedef struct DynamicCall {
  Invocation in;
  InterfacePlan *plan; /* out: the member's types are declared: to be called by it, referenced */
} DynamicCall;

static MethodPlan *find_declared(const InterfacePlan *plan, DISPID id, WORD flags) {
  static const unsigned kinds[] = { INVOKE_FUNC, INVOKE_PROPERTYGET, INVOKE_PROPERTYPUT };
  unsigned wanted = flags & DISPATCH_PROPERTYPUTREF ? flags | INVOKE_PROPERTYPUT : flags;
  for (unsigned i = 0; i < 3; i++) {
    MethodPlan *method = wanted & kinds[i] ? interface_plan_find(plan, id, kinds[i]) : NULL;
    if (method)
      return method;
  }
  return NULL;
}

/* Where the table's metatable has __types and they declare the member, leaves it to the caller. */
static bool is_declared(lua_State *L, DynamicCall *call) {
  LuaObject *object = call->in.object;
  if (luaL_getmetafield(L, 2, "__types") == LUA_TNIL)
    return false;
  lua_pop(L, 1);
  Request request = { .object = object };
  lua_pushcfunction(L, synthesize);
  lua_pushlightuserdata(L, &request);
  lua_pushvalue(L, 2);
  lua_pushvalue(L, 3);
  lua_call(L, 3, 0);
  HRESULT result = request.status;
  if (SUCCEEDED(result)) {
    result = renew_type_plan(object, request.info);
    ITypeInfo_Release(request.info);
  }
  if (FAILED(result))
    raise_status(L, result, "com.object");
  call->in.method = find_declared(object->type_plan, call->in.id, call->in.flags);
  if (call->in.method)
    call->plan = interface_plan_addref(object->type_plan);
  return call->plan;
}

/* What the flags of the call may mean for the member whose name is at `name`. */
static Found flagged_lookup(lua_State *L, Invocation *in, int name) {
  const char *text = lua_tostring(L, name);
  bool put = (in->flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) != 0;
  lua_pushfstring(L, put ? "set_%s" : "get_%s", text);
  int accessor = lua_gettop(L);
  in->name = text;
  if (put) {
    Found found = lookup_spelling(L, 2, name, accessor, INVOKE_PROPERTYPUT, false);
    if (found == FOUND_NOTHING && has_accessor(L, 2, "get_", text))
      in->flags = 0; /* read-only: not a put any more, so the member is not found */
    if (found == FOUND_NOTHING)
      lua_pushvalue(L, 2);
    return found;
  }
  if (!(in->flags & DISPATCH_PROPERTYGET))
    return lookup_spelling(L, 2, name, 0, INVOKE_FUNC, false);
  /* A function is a property only by its name get_X. */
  bool method = (in->flags & DISPATCH_METHOD) != 0;
  Found found = lookup_spelling(L, 2, method ? name : 0, accessor, INVOKE_PROPERTYGET, false);
  if (found != FOUND_NOTHING || method)
    return found;
  lua_pushvalue(L, name);
  table_lookup(L, 2, false);
  return lua_isnil(L, -1) || lua_isfunction(L, -1) ? FOUND_NOTHING : FOUND_VALUE;
}

/* The member behind DISPID_VALUE: __call, else Item, else Value. */
static Found default_lookup(lua_State *L, Invocation *in) {
  static const char *const names[] = { "Item", "Value" };
  if ((in->flags & (DISPATCH_METHOD | DISPATCH_PROPERTYGET)) && luaL_getmetafield(L, 2, "__call") == LUA_TFUNCTION) {
    lua_pushvalue(L, 2);
    return FOUND_FUNCTION;
  }
  for (unsigned i = 0; i < 2; i++) {
    if (!has_member(L, 2, names[i]))
      continue;
    lua_pushstring(L, names[i]);
    return flagged_lookup(L, in, lua_gettop(L));
  }
  in->flags = 0;
  return FOUND_NOTHING;
}

static void enumerate(lua_State *L, Invocation *in) {
  IUnknown *enumerator = NULL;
  in->status = enumerator_make(L, in->object->token, in->object, &enumerator);
  if (FAILED(in->status))
    return;
  if (!in->result) {
    IUnknown_Release(enumerator);
    return;
  }
  V_VT(in->result) = VT_UNKNOWN;
  V_UNKNOWN(in->result) = enumerator;
}

/* (call) */
static int call_protected(lua_State *L) {
  DynamicCall *call = lua_touserdata(L, 1);
  Invocation *in = &call->in;
  object_push_table(L, in->object);
  if (lua_isfunction(L, 2)) {
    if (in->id != DISPID_VALUE)
      in->flags = 0;
    invocation_call(L, in, in->id == DISPID_VALUE ? FOUND_PLAIN : FOUND_NOTHING);
    return 0;
  }
  if (in->id == DISPID_VALUE) {
    invocation_call(L, in, default_lookup(L, in));
    return 0;
  }
  member_ids_push(L, in->object);
  if (!member_id_push_name(L, 3, in->id))
    in->status = DISP_E_MEMBERNOTFOUND;
  else if (lua_istable(L, 2) && !is_declared(L, call))
    invocation_call(L, in, flagged_lookup(L, in, lua_gettop(L)));
  return 0;
}

static void dynamic_body(lua_State *L, void *context) {
  DynamicCall *call = context;
  object_enter(call->in.object);
  if (!lua_checkstack(L, LUA_MINSTACK)) {
    call->in.status = E_OUTOFMEMORY;
  } else if (call->in.id == DISPID_NEWENUM) {
    lua_rawgeti(L, STACK_WEAK, call->in.object->number);
    enumerate(L, &call->in);
  } else {
    invocation_protect(L, &call->in, call_protected, 0);
  }
  object_leave(call->in.object);
}

HRESULT dynamic_invoke(LuaObject *object, DISPID id, LCID lcid, WORD flags, DISPPARAMS *params, VARIANT *result,
                       EXCEPINFO *exception, UINT *bad_argument) {
  if (id <= 0 && id != DISPID_VALUE && id != DISPID_NEWENUM)
    return DISP_E_MEMBERNOTFOUND;
  DynamicCall call = { .in = { .object = object,
                               .iid = &IID_IDispatch,
                               .source = "Lua",
                               .name = "value",
                               .id = id,
                               .flags = flags,
                               .lcid = lcid,
                               .params = params,
                               .result = result,
                               .bad_argument = bad_argument } };
  SetErrorInfo(0, NULL);
  HRESULT status = token_run(object->token, dynamic_body, &call);
  if (FAILED(status))
    return status;
  if (!call.plan)
    return FAILED(call.in.status) ? exception_from_error_info(NULL, NULL, call.in.status, exception) : call.in.status;
  status =
      dispatch_call_method(object, call.plan, call.in.method, lcid, flags, params, result, exception, bad_argument);
  interface_plan_release(call.plan);
  return status;
}

/* IDispatchEx */

static HRESULT STDMETHODCALLTYPE Face_GetDispID(Face *face, BSTR name, DWORD flags, DISPID *id) {
  if (!name || !id)
    return E_POINTER;
  *id = DISPID_UNKNOWN;
  char *text = text_copy_utf8(name);
  if (!text)
    return E_OUTOFMEMORY;
  Request request = { .object = face->object,
                      .body = give_id,
                      .name = text,
                      .any_case = !(flags & fdexNameCaseSensitive),
                      .ensure = (flags & fdexNameEnsure) != 0 };
  HRESULT result = request_run(&request);
  if (SUCCEEDED(result))
    *id = request.id;
  free(text);
  return result;
}

static HRESULT STDMETHODCALLTYPE Face_InvokeEx(Face *face, DISPID id, LCID lcid, WORD flags, DISPPARAMS *params,
                                               VARIANT *result, EXCEPINFO *exception, IServiceProvider *caller) {
  UINT bad = 0;
  (void)caller;
  IDispatch *dispatch = (IDispatch *)(void *)face;
  return IDispatch_Invoke(dispatch, id, &IID_NULL, lcid, flags, params, result, exception, &bad);
}

static void remove_key(lua_State *L, const char *prefix, const char *name) {
  lua_pushfstring(L, "%s%s", prefix, name);
  lua_pushnil(L);
  lua_rawset(L, 2);
}

/* (request, table, DISPIDs): a member that is not there is as good as deleted */
static int delete_member(lua_State *L) {
  Request *request = lua_touserdata(L, 1);
  const char *name = NULL;
  if (request->id == DISPID_UNKNOWN)
    name = push_member(L, 2, request->name, request->any_case) ? lua_tostring(L, -1) : NULL;
  else if (!(name = member_id_push_name(L, 3, request->id)))
    request->status = DISP_E_MEMBERNOTFOUND;
  if (!name || !lua_istable(L, 2))
    return 0;
  remove_key(L, "", name);
  remove_key(L, "get_", name);
  remove_key(L, "set_", name);
  if (has_member(L, 2, name))
    request->status = S_FALSE; /* inherited */
  return 0;
}

static HRESULT STDMETHODCALLTYPE Face_DeleteMemberByName(Face *face, BSTR name, DWORD flags) {
  if (!name)
    return E_POINTER;
  char *text = text_copy_utf8(name);
  if (!text)
    return E_OUTOFMEMORY;
  Request request = { .object = face->object,
                      .body = delete_member,
                      .name = text,
                      .any_case = !(flags & fdexNameCaseSensitive),
                      .id = DISPID_UNKNOWN };
  HRESULT result = request_run(&request);
  free(text);
  return result;
}

static HRESULT STDMETHODCALLTYPE Face_DeleteMemberByDispID(Face *face, DISPID id) {
  Request request = { .object = face->object, .body = delete_member, .id = id };
  return id > 0 ? request_run(&request) : DISP_E_MEMBERNOTFOUND;
}

/* (request, table, DISPIDs) */
static int give_properties(lua_State *L) {
  Request *request = lua_touserdata(L, 1);
  const char *name = member_id_push_name(L, 3, request->id);
  request->status = DISP_E_MEMBERNOTFOUND;
  bool found = name && lua_istable(L, 2) && has_member(L, 2, name);
  if (!found && !(name && lua_istable(L, 2) && is_declared_name(L, 2, name)))
    return 0;
  bool getter = has_accessor(L, 2, "get_", name), setter = has_accessor(L, 2, "set_", name);
  push_accessor(L, 2, "", name);
  bool function = lua_isfunction(L, -1), field = !found || (!lua_isnil(L, -1) && !function);
  DWORD properties = fdexPropCannotConstruct | fdexPropCannotSourceEvents;
  properties |= getter || field ? fdexPropCanGet : fdexPropCannotGet;
  properties |=
      setter || field || function ? fdexPropCanPut | fdexPropCanPutRef : fdexPropCannotPut | fdexPropCannotPutRef;
  properties |= function ? fdexPropCanCall : fdexPropCannotCall;
  request->properties = properties;
  request->status = S_OK;
  return 0;
}

static HRESULT STDMETHODCALLTYPE Face_GetMemberProperties(Face *face, DISPID id, DWORD wanted, DWORD *properties) {
  if (!properties)
    return E_POINTER;
  Request request = { .object = face->object, .body = give_properties, .id = id };
  HRESULT result = request_run(&request);
  *properties = request.properties & wanted;
  return result;
}

/* (request, table, DISPIDs) */
static int give_name(lua_State *L) {
  Request *request = lua_touserdata(L, 1);
  const char *name = member_id_push_name(L, 3, request->id);
  request->status = name ? text_to_bstr(name, strlen(name), &request->text) : DISP_E_MEMBERNOTFOUND;
  return 0;
}

static HRESULT STDMETHODCALLTYPE Face_GetMemberName(Face *face, DISPID id, BSTR *name) {
  if (!name)
    return E_POINTER;
  Request request = { .object = face->object, .body = give_name, .id = id };
  HRESULT result = request_run(&request);
  *name = request.text;
  return result;
}

typedef struct NextName {
  DISPID after, best;
} NextName;

static void see_next(lua_State *L, const char *name, void *context) {
  NextName *next = context;
  lua_pushstring(L, name);
  DISPID id = member_id(L, 3, -1, true);
  lua_pop(L, 1);
  if (id > next->after && (next->best == DISPID_UNKNOWN || id < next->best))
    next->best = id;
}

/* (request, table, DISPIDs) */
static int give_next(lua_State *L) {
  Request *request = lua_touserdata(L, 1);
  NextName next = { request->id, DISPID_UNKNOWN };
  if (lua_istable(L, 2))
    visit_members(L, 2, see_next, &next);
  request->id = next.best;
  request->status = next.best != DISPID_UNKNOWN ? S_OK : S_FALSE;
  return 0;
}

static HRESULT STDMETHODCALLTYPE Face_GetNextDispID(Face *face, DWORD flags, DISPID id, DISPID *next) {
  (void)flags;
  if (!next)
    return E_POINTER;
  Request request = { .object = face->object, .body = give_next, .id = id };
  HRESULT result = request_run(&request);
  *next = result == S_OK ? request.id : DISPID_UNKNOWN;
  return result;
}

static HRESULT STDMETHODCALLTYPE Face_GetNameSpaceParent(Face *face, IUnknown **parent) {
  (void)face;
  if (!parent)
    return E_POINTER;
  *parent = NULL;
  return E_NOTIMPL;
}

const FaceMethod dispatch_ex_vtable[15] = { (FaceMethod)face_query_interface,
                                            (FaceMethod)face_add_ref,
                                            (FaceMethod)face_release,
                                            (FaceMethod)face_get_type_info_count,
                                            (FaceMethod)face_get_type_info,
                                            (FaceMethod)face_get_ids_of_names,
                                            (FaceMethod)face_invoke,
                                            (FaceMethod)Face_GetDispID,
                                            (FaceMethod)Face_InvokeEx,
                                            (FaceMethod)Face_DeleteMemberByName,
                                            (FaceMethod)Face_DeleteMemberByDispID,
                                            (FaceMethod)Face_GetMemberProperties,
                                            (FaceMethod)Face_GetMemberName,
                                            (FaceMethod)Face_GetNextDispID,
                                            (FaceMethod)Face_GetNameSpaceParent };
