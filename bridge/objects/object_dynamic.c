/* object_dynamic.c - objects without an interface: IDispatchEx over the table alone. DISPIDs are name keys: the same for
 * one name in all objects and for all time, so a member can come and go and stay itself. Names that begin with '_' are
 * private; __index tables are walked, __index functions are not asked. */
#include "bridge/objects/objects_internal.h"
#include "com/caseless.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define INDEX_DEPTH 100
#define NAME_LIMIT  256

/* ------------------------------------------------------------------------------------------------------ names of members */

/* What a key of the table says: the member's name behind "get_" and "set_"; NULL: private, or no member. */
static const char *member_name(lua_State *L, int index) {
  size_t length;
  if (lua_type(L, index) != LUA_TSTRING)
    return NULL;
  const char *name = lua_tolstring(L, index, &length);
  if (strncmp(name, "get_", 4) == 0 || strncmp(name, "set_", 4) == 0)
    name += 4;
  return *name == '_' || *name == 0 || strlen(name) >= NAME_LIMIT ? NULL : name;
}

typedef bool Visit(const char *name, void *context);

/* Visits the members of the table on top and of its __index tables, which is popped, until a visit says true. */
static bool visit_members(lua_State *L, Visit *visit, void *context) {
  bool done = false;
  for (int depth = 0; !done && depth < INDEX_DEPTH && lua_istable(L, -1); depth++) {
    for (lua_pushnil(L); lua_next(L, -2) != 0;) {
      lua_pop(L, 1);
      const char *name = member_name(L, -1);
      if (name != NULL && visit(name, context)) {
        done = true;
        lua_pop(L, 1);
        break;
      }
    }
    if (!lua_getmetatable(L, -1))
      break;
    name_push(L, KEY_INDEX);
    lua_rawget(L, -2);
    lua_replace(L, -3);
    lua_pop(L, 1);
  }
  lua_pop(L, 1);
  return done;
}

typedef struct FindName {
  const char *wanted;
  bool exact;
  char found[NAME_LIMIT];
} FindName;

static bool is_wanted(const char *name, void *context) {
  FindName *find = context;
  if (find->exact ? strcmp(name, find->wanted) != 0 : !caseless_equal_utf8(name, find->wanted))
    return false;
  strcpy(find->found, name);
  return true;
}

/* "get_Name" */
static int accessor_key(const char *prefix, const char *name) {
  char text[NAME_LIMIT + 8];
  snprintf(text, sizeof text, "%s%s", prefix, name);
  return name_key(text);
}

/* The key of the member with that name in the table on top, which stays; 0: none. */
static int find_key(lua_State *L, const char *name, bool any_case) {
  FindName find = { name, true, "" };
  if (*name == '_' || strlen(name) >= NAME_LIMIT || !lua_istable(L, -1) || !lua_checkstack(L, 8))
    return 0;
  lua_pushvalue(L, -1);
  bool found = visit_members(L, is_wanted, &find);
  if (!found && any_case) {
    find.exact = false;
    lua_pushvalue(L, -1);
    found = visit_members(L, is_wanted, &find);
  }
  return found ? name_key(find.found) : 0;
}

static Found lookup_exact(lua_State *L, int key, int accessor, unsigned kind) {
  MemberNames names = { .key = key, .accessor = accessor, .exact = true };
  return member_lookup(L, &names, kind, false);
}

/* ------------------------------------------------------------------------------------------------------------ body calls */

typedef struct Request {
  LuaObject *object;
  const char *name;
  bool any_case, ensure;
  char **parameters; /* names of arguments */
  UINT parameter_count;
  DISPID *ids;
  DISPID id;
  HRESULT status;
  ITypeInfo *info;
  InterfacePlan *plan;
} Request;

static HRESULT request_run(Request *request, TokenBody *body) {
  HRESULT result = token_run(request->object->token, body, request);
  return FAILED(result) ? result : request->status;
}

/* Positions of named arguments, from the names of the function's parameters; the function is on top. */
static void find_parameters(lua_State *L, Request *request, bool method) {
  for (UINT i = 0; i < request->parameter_count; i++) {
    request->ids[i] = DISPID_UNKNOWN;
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

static void id_body(lua_State *L, void *context) {
  Request *request = context;
  lua_rawgeti(L, STACK_WEAK, request->object->number);
  int key = find_key(L, request->name, request->any_case);
  if (key == 0 && request->ensure && *request->name != '_' && strlen(request->name) < NAME_LIMIT)
    key = name_key(request->name);
  request->id = key != 0 ? key : DISPID_UNKNOWN;
  request->status = key != 0 ? S_OK : DISP_E_UNKNOWNNAME;
  if (request->parameter_count == 0)
    return;
  for (UINT i = 0; i < request->parameter_count; i++)
    request->ids[i] = DISPID_UNKNOWN;
  if (key != 0) {
    Found found = lookup_exact(L, key, accessor_key("get_", name_text(key)), INVOKE_FUNC);
    if (found == FOUND_FUNCTION)
      lua_pop(L, 1);
    if (found == FOUND_FUNCTION || found == FOUND_PLAIN)
      find_parameters(L, request, found == FOUND_FUNCTION);
    else
      request->status = DISP_E_UNKNOWNNAME;
  }
}

HRESULT dynamic_ids_of_names(LuaObject *object, LPOLESTR *names, UINT count, DISPID *ids) {
  Request request = { .object = object, .any_case = true, .parameter_count = count - 1, .ids = ids + 1 };
  char **texts = calloc(count, sizeof *texts);
  HRESULT result = texts != NULL ? S_OK : E_OUTOFMEMORY;
  for (UINT i = 0; SUCCEEDED(result) && i < count; i++) {
    texts[i] = names[i] != NULL ? text_copy_utf8(names[i]) : NULL;
    if (texts[i] == NULL)
      result = E_OUTOFMEMORY;
  }
  if (SUCCEEDED(result)) {
    request.name = texts[0];
    request.parameters = texts + 1;
    result = request_run(&request, id_body);
    ids[0] = request.id;
  }
  for (UINT i = 0; texts != NULL && i < count; i++)
    free(texts[i]);
  free(texts);
  return result;
}

/* -------------------------------------------------------------------------------------------------------------- invoking */

/* The member behind DISPID_VALUE: __call, else Item, else Value. */
static Found default_lookup(lua_State *L, Invocation *in, unsigned kinds) {
  static const char *const names[] = { "Item", "Value" };
  int table = lua_gettop(L);
  if (lua_isfunction(L, table)) {
    lua_pushvalue(L, table);
    return FOUND_PLAIN;
  }
  if ((kinds & (INVOKE_FUNC | INVOKE_PROPERTYGET)) && luaL_getmetafield(L, table, "__call") == LUA_TFUNCTION) {
    lua_pushvalue(L, table);
    return FOUND_FUNCTION;
  }
  lua_settop(L, table);
  for (unsigned i = 0; i < 2; i++) {
    if (find_key(L, names[i], false) == 0)
      continue;
    in->name = names[i];
    in->key = name_key(names[i]);
    in->getter = accessor_key("get_", names[i]);
    in->setter = accessor_key("set_", names[i]);
    return FOUND_VALUE;
  }
  return FOUND_NOTHING;
}

/* What the flags of the call may mean for this member. */
static Found flagged_lookup(lua_State *L, Invocation *in) {
  int table = lua_gettop(L);
  if (in->flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) {
    Found found = lookup_exact(L, in->key, in->setter, INVOKE_PROPERTYPUT);
    if (found != FOUND_NOTHING || !table_lookup(L, table, in->getter, false))
      return found;
    bool read_only = lua_isfunction(L, -1);
    lua_settop(L, table);
    if (read_only)
      in->flags = 0; /* not a put any more: member not found */
    return FOUND_NOTHING;
  }
  if (in->flags & DISPATCH_PROPERTYGET) {
    Found found = lookup_exact(L, in->key, in->getter, INVOKE_PROPERTYGET);
    if (found == FOUND_VALUE && lua_isnil(L, -1)) {
      lua_settop(L, table);
      return FOUND_NOTHING;
    }
    if (found != FOUND_FUNCTION || (in->flags & DISPATCH_METHOD))
      return found;
    lua_settop(L, table); /* a function is a property only by its name get_X */
    if (!table_lookup(L, table, in->getter, false) || !lua_isfunction(L, -1)) {
      lua_settop(L, table);
      return FOUND_NOTHING;
    }
    lua_pushvalue(L, table);
    return FOUND_FUNCTION;
  }
  return lookup_exact(L, in->key, 0, INVOKE_FUNC);
}

static void enumerate(lua_State *L, Invocation *in) {
  IUnknown *enumerator = NULL;
  in->status = enumerator_make(L, in->object->token, in->object, &enumerator);
  if (FAILED(in->status))
    return;
  if (in->result == NULL) {
    IUnknown_Release(enumerator);
    return;
  }
  V_VT(in->result) = VT_UNKNOWN;
  V_UNKNOWN(in->result) = enumerator;
}

static void invoke_body(lua_State *L, void *context) {
  Invocation *in = context;
  if (!lua_checkstack(L, LUA_MINSTACK)) {
    in->status = E_OUTOFMEMORY;
    return;
  }
  lua_rawgeti(L, STACK_WEAK, in->object->number);
  if (in->key == DISPID_NEWENUM) {
    enumerate(L, in);
    return;
  }
  Found found = FOUND_VALUE;
  if (in->key == DISPID_VALUE)
    found = default_lookup(L, in, in->flags);
  else if (lua_isfunction(L, -1))
    found = FOUND_NOTHING;
  if (found == FOUND_VALUE)
    found = flagged_lookup(L, in);
  else if (found == FOUND_NOTHING)
    in->flags = 0;
  invocation_run(L, in, found);
}

/* ------------------------------------------------------------------------------------------------------ type information */

static int synthesize(lua_State *L) {
  Request *request = lua_touserdata(L, 1);
  Bridge *bridge = bridge_get(L);
  object_push_table(L, request->object);
  bridge_call_helper(L, bridge, "synthesize", 1, 1);
  if (lua_isnil(L, -1)) {
    request->status = TYPE_E_ELEMENTNOTFOUND;
    return 0;
  }
  request->info = typeinfo_check(L, -1);
  ITypeInfo_AddRef(request->info);
  return 0;
}

static void synthesize_body(lua_State *L, void *context) {
  Request *request = context;
  if (!bridge_protected(L, synthesize, request, 0))
    request->status = error_to_status(L, request->object->token, &IID_IDispatch, "Lua");
}

HRESULT dynamic_type_info(LuaObject *object, ITypeInfo **info) {
  Request request = { .object = object };
  HRESULT result = request_run(&request, synthesize_body);
  *info = request.info;
  return result;
}

/* ------------------------------------------------------------------------------------------------------- types that are declared */

/* Where the table's metatable has __types, the plan of the type that is made up from them: request->plan, referenced. */
static void plan_body(lua_State *L, void *context) {
  Request *request = context;
  LuaObject *object = request->object;
  char problem[160];
  lua_rawgeti(L, STACK_WEAK, object->number);
  if (luaL_getmetafield(L, -1, "__types") == LUA_TNIL)
    return;
  synthesize_body(L, request);
  if (FAILED(request->status))
    return;
  if (object->type_plan == NULL || object->type_plan->source != request->info) {
    InterfacePlan *plan = NULL;
    request->status = interface_plan_get(request->info, false, &plan, problem, sizeof problem);
    if (SUCCEEDED(request->status)) {
      if (object->type_plan != NULL)
        interface_plan_release(object->type_plan);
      object->type_plan = plan;
    }
  }
  ITypeInfo_Release(request->info);
  if (SUCCEEDED(request->status))
    request->plan = interface_plan_addref(object->type_plan);
}

static MethodPlan *find_declared(const InterfacePlan *plan, DISPID id, WORD flags) {
  static const unsigned kinds[] = { INVOKE_FUNC, INVOKE_PROPERTYGET, INVOKE_PROPERTYPUT };
  unsigned wanted = flags & DISPATCH_PROPERTYPUTREF ? flags | INVOKE_PROPERTYPUT : flags;
  for (unsigned i = 0; i < 3; i++) {
    MethodPlan *method = wanted & kinds[i] ? interface_plan_find(plan, id, kinds[i]) : NULL;
    if (method != NULL)
      return method;
  }
  return NULL;
}

static HRESULT invoke_undeclared(Invocation *in, EXCEPINFO *exception) {
  if (in->key > 0) {
    in->getter = accessor_key("get_", in->name);
    in->setter = accessor_key("set_", in->name);
  }
  SetErrorInfo(0, NULL);
  HRESULT ran = token_run(in->object->token, invoke_body, in);
  if (FAILED(ran))
    return ran;
  return FAILED(in->status) ? exception_from_error_info(NULL, NULL, in->status, exception) : in->status;
}

HRESULT dynamic_invoke(LuaObject *object, DISPID id, LCID lcid, WORD flags, DISPPARAMS *params, VARIANT *result,
                       EXCEPINFO *exception, UINT *bad_argument) {
  const char *name = id > 0 ? name_text(id) : "value";
  if (name == NULL || (id <= 0 && id != DISPID_VALUE && id != DISPID_NEWENUM))
    return DISP_E_MEMBERNOTFOUND;
  Request request = { .object = object };
  HRESULT status = id > 0 ? request_run(&request, plan_body) : S_OK;
  if (FAILED(status))
    return exception_from_error_info(NULL, NULL, status, exception);
  MethodPlan *method = request.plan != NULL ? find_declared(request.plan, id, flags) : NULL;
  if (method != NULL) {
    status = dispatch_call_method(object, request.plan, method, lcid, flags, params, result, exception, bad_argument);
  } else {
    Invocation in = { .object = object,
                      .iid = &IID_IDispatch,
                      .source = "Lua",
                      .name = name,
                      .key = id,
                      .flags = flags,
                      .lcid = lcid,
                      .params = params,
                      .result = result,
                      .bad_argument = bad_argument };
    status = invoke_undeclared(&in, exception);
  }
  if (request.plan != NULL)
    interface_plan_release(request.plan);
  return status;
}

/* ------------------------------------------------------------------------------------------------------------ IDispatchEx */

static HRESULT STDMETHODCALLTYPE Face_GetDispID(Face *face, BSTR name, DWORD flags, DISPID *id) {
  if (name == NULL || id == NULL)
    return E_POINTER;
  *id = DISPID_UNKNOWN;
  char *text = text_copy_utf8(name);
  if (text == NULL)
    return E_OUTOFMEMORY;
  Request request = { .object = face->object,
                      .name = text,
                      .any_case = !(flags & fdexNameCaseSensitive),
                      .ensure = (flags & fdexNameEnsure) != 0 };
  HRESULT result = request_run(&request, id_body);
  *id = SUCCEEDED(result) ? request.id : DISPID_UNKNOWN;
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

static int remove_member(lua_State *L) {
  const char *name = lua_touserdata(L, 1);
  char accessor[NAME_LIMIT + 8];
  static const char *const prefixes[] = { "", "get_", "set_" };
  for (unsigned i = 0; i < 3; i++) {
    snprintf(accessor, sizeof accessor, "%s%s", prefixes[i], name);
    lua_pushstring(L, accessor);
    lua_pushnil(L);
    lua_rawset(L, lua_upvalueindex(1));
  }
  return 0;
}

static void delete_body(lua_State *L, void *context) {
  Request *request = context;
  lua_rawgeti(L, STACK_WEAK, request->object->number);
  int key = request->id != DISPID_UNKNOWN ? request->id : find_key(L, request->name, request->any_case);
  const char *name = name_text(key);
  request->status = S_OK; /* a member that is not there is as good as deleted */
  if (name == NULL || find_key(L, name, false) == 0)
    return;
  lua_pushcclosure(L, remove_member, 1);
  lua_pushlightuserdata(L, (void *)name);
  if (lua_pcall(L, 1, 0, 0) != LUA_OK)
    request->status = error_to_status(L, request->object->token, &IID_IDispatchEx, "Lua");
  lua_rawgeti(L, STACK_WEAK, request->object->number);
  if (find_key(L, name, false) != 0)
    request->status = S_FALSE; /* inherited */
}

static HRESULT STDMETHODCALLTYPE Face_DeleteMemberByName(Face *face, BSTR name, DWORD flags) {
  if (name == NULL)
    return E_POINTER;
  char *text = text_copy_utf8(name);
  if (text == NULL)
    return E_OUTOFMEMORY;
  Request request = {
    .object = face->object, .name = text, .any_case = !(flags & fdexNameCaseSensitive), .id = DISPID_UNKNOWN
  };
  HRESULT result = request_run(&request, delete_body);
  free(text);
  return result;
}

static HRESULT STDMETHODCALLTYPE Face_DeleteMemberByDispID(Face *face, DISPID id) {
  if (name_text(id) == NULL)
    return DISP_E_MEMBERNOTFOUND;
  Request request = { .object = face->object, .id = id };
  return request_run(&request, delete_body);
}

static void properties_body(lua_State *L, void *context) {
  Request *request = context;
  const char *name = name_text(request->id);
  DWORD properties = 0;
  lua_rawgeti(L, STACK_WEAK, request->object->number);
  int table = lua_gettop(L);
  request->status = DISP_E_MEMBERNOTFOUND;
  if (find_key(L, name, false) == 0)
    return;
  bool getter = table_lookup(L, table, accessor_key("get_", name), false) && lua_isfunction(L, -1);
  lua_settop(L, table);
  bool setter = table_lookup(L, table, accessor_key("set_", name), false) && lua_isfunction(L, -1);
  lua_settop(L, table);
  bool function = table_lookup(L, table, request->id, false) && lua_isfunction(L, -1);
  bool field = !lua_isnil(L, -1) && !function;
  properties |= getter || field ? fdexPropCanGet : fdexPropCannotGet;
  properties |=
      setter || field || function ? fdexPropCanPut | fdexPropCanPutRef : fdexPropCannotPut | fdexPropCannotPutRef;
  properties |= function ? fdexPropCanCall : fdexPropCannotCall;
  properties |= fdexPropCannotConstruct | fdexPropCannotSourceEvents;
  *(DWORD *)(void *)request->ids = properties;
  request->status = S_OK;
}

static HRESULT STDMETHODCALLTYPE Face_GetMemberProperties(Face *face, DISPID id, DWORD wanted, DWORD *properties) {
  if (properties == NULL)
    return E_POINTER;
  *properties = 0;
  if (name_text(id) == NULL)
    return DISP_E_MEMBERNOTFOUND;
  Request request = { .object = face->object, .id = id, .ids = (DISPID *)(void *)properties };
  HRESULT result = request_run(&request, properties_body);
  *properties &= wanted;
  return result;
}

static HRESULT STDMETHODCALLTYPE Face_GetMemberName(Face *face, DISPID id, BSTR *name) {
  (void)face;
  if (name == NULL)
    return E_POINTER;
  *name = NULL;
  const char *text = name_text(id);
  return text != NULL ? text_to_bstr(text, strlen(text), name) : DISP_E_MEMBERNOTFOUND;
}

typedef struct NextName {
  DISPID after, best;
} NextName;

static bool see_next(const char *name, void *context) {
  NextName *next = context;
  DISPID id = name_key(name);
  if (id > next->after && (next->best == DISPID_UNKNOWN || id < next->best))
    next->best = id;
  return false;
}

static void next_body(lua_State *L, void *context) {
  Request *request = context;
  NextName next = { request->id, DISPID_UNKNOWN };
  lua_rawgeti(L, STACK_WEAK, request->object->number);
  visit_members(L, see_next, &next);
  request->id = next.best;
  request->status = next.best != DISPID_UNKNOWN ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Face_GetNextDispID(Face *face, DWORD flags, DISPID id, DISPID *next) {
  (void)flags;
  if (next == NULL)
    return E_POINTER;
  Request request = { .object = face->object, .id = id };
  HRESULT result = request_run(&request, next_body);
  *next = result == S_OK ? request.id : DISPID_UNKNOWN;
  return result;
}

static HRESULT STDMETHODCALLTYPE Face_GetNameSpaceParent(Face *face, IUnknown **parent) {
  (void)face;
  if (parent == NULL)
    return E_POINTER;
  *parent = NULL;
  return E_NOTIMPL;
}

/* The first seven methods are copied from dispatch_vtable when the first object is made. */
FaceMethod dispatch_ex_vtable[15] = { [7] = (FaceMethod)Face_GetDispID,
                                      [8] = (FaceMethod)Face_InvokeEx,
                                      [9] = (FaceMethod)Face_DeleteMemberByName,
                                      [10] = (FaceMethod)Face_DeleteMemberByDispID,
                                      [11] = (FaceMethod)Face_GetMemberProperties,
                                      [12] = (FaceMethod)Face_GetMemberName,
                                      [13] = (FaceMethod)Face_GetNextDispID,
                                      [14] = (FaceMethod)Face_GetNameSpaceParent };
