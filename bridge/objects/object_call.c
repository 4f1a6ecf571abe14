/* object_call.c - a vtable call into a Lua method: the table's function is found by raw look-ups, arguments go straight to
 * the Lua stack, results straight to the caller's memory. Scalars take a short way without anything that could raise;
 * everything else runs inside one protected call and leaves what must be freed in memory of this frame. */
#include "bridge/objects/objects_internal.h"
#include "bridge/values/buffer.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* arguments */

/* Where the value of an argument is; NULL: the caller gave none. */
static void *argument_value(const Parameter *parameter, void *argument) {
  void *value = argument;
  for (unsigned i = 0; i < parameter->indirection && value; i++)
    value = *(void **)value;
  return value;
}

/* What convert_to_lua would move out must be copied first: arguments belong to the caller. */
static bool needs_copy(const Type *type) {
  return type->kind != TYPE_POINTER && type->owner != OWNS_NOTHING && type->owner != OWNS_BSTR &&
         type->owner != OWNS_TASK_MEMORY;
}

static uint32_t place_size(const Type *type) {
  uint32_t size = type->size > 24 ? type->size : 24;
  return (size + 15u) & ~15u;
}

/* The temporary memory: the native result first, then one place for each parameter. */
static void *result_place(const Incoming *in) {
  return in->temporary;
}

static void *first_place(const Incoming *in) {
  return in->temporary + ((in->method->signature->result->size + 15u) & ~15u);
}

static void push_argument(lua_State *L, const Giving *giving, const Parameter *parameter, void *argument, void *place) {
  const Type *type = parameter->value;
  void *value = argument_value(parameter, argument);
  if (!value) {
    lua_pushnil(L);
    return;
  }
  if (!needs_copy(type)) {
    convert_to_lua(L, giving, type, value);
    return;
  }
  HRESULT result = type_copy(type, place, value);
  if (FAILED(result))
    raise_status(L, result, NULL);
  convert_to_lua(L, giving, type, place);
  type_clear(type, place);
}

/* The values that were collected in an array come one by one. */
static int push_rest(lua_State *L, const Giving *giving, const Parameter *parameter, void *argument, VARIANT *element) {
  SAFEARRAY **value = argument_value(parameter, argument);
  LONG least = 0, most = -1;
  if (!value || !*value || SafeArrayGetDim(*value) != 1 || FAILED(SafeArrayGetLBound(*value, 1, &least)) ||
      FAILED(SafeArrayGetUBound(*value, 1, &most)))
    return 0;
  int count = 0;
  for (LONG i = least; i <= most; i++, count++) {
    luaL_checkstack(L, LUA_MINSTACK, "too many arguments");
    if (FAILED(SafeArrayGetElement(*value, &i, element)))
      raise_status(L, E_OUTOFMEMORY, NULL);
    variant_push(L, giving, element);
    VariantClear(element);
  }
  return count;
}

/* One of COM's own; those of a module are in object_buffers.c. */
static bool has_buffer(const Signature *signature, unsigned k) {
  return !signature->abi.foreign && is_buffer(&signature->parameters[k]);
}

static CallArguments incoming_arguments(const Incoming *in) {
  return (CallArguments){ in->method->signature, in->call->arguments };
}

/* A buffer, or an interface of which another argument tells the IID. False: it is like any other argument. */
static bool push_told(lua_State *L, const Giving *giving, const Incoming *in, unsigned k, void *place) {
  const Parameter *parameter = &in->method->signature->parameters[k];
  CallArguments call = incoming_arguments(in);
  if (is_buffer(parameter)) {
    void *memory = *(void **)in->call->arguments[k];
    uint32_t count = 0;
    if (!buffer_count(&call, k, true, &count))
      count = memory ? buffer_text_length(parameter, memory) : 0;
    if (memory)
      buffer_push(L, giving, parameter, memory, count, true);
    else
      lua_pushnil(L);
    return true;
  }
  if (parameter->iid_is < 0 || parameter->value->kind != TYPE_INTERFACE)
    return false;
  void **value = argument_value(parameter, in->call->arguments[k]);
  if (!value || !*value)
    return false;
  *(void **)place = *value;
  IUnknown_AddRef((IUnknown *)*value);
  told_push(L, giving, &call, k, place);
  return true;
}

static int push_arguments(lua_State *L, Incoming *in) {
  const Signature *signature = in->method->signature;
  bool counted = (signature->flags & SIGNATURE_COUNTED) != 0;
  Giving giving = { in->object->token->bridge, in->method->owner, object_giving_flags(in->object) };
  unsigned char *place = first_place(in);
  int pushed = 0;
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    if (plan_takes(parameter)) {
      if (incoming_is_buffer(signature, k))
        incoming_push_buffer(L, &giving, in->call, k);
      else if (!counted || !push_told(L, &giving, in, k, place))
        push_argument(L, &giving, parameter, in->call->arguments[k], place);
      pushed++;
    } else if ((int)k == signature->vararg) {
      pushed += push_rest(L, &giving, parameter, in->call->arguments[k], &in->element);
    }
    place += place_size(parameter->value);
  }
  return pushed;
}

/* results */

static HRESULT result_problem(Incoming *in, HRESULT result, const Converting *converting, const OLECHAR *parameter) {
  char *name = parameter ? text_copy_utf8(parameter) : NULL;
  snprintf(in->problem, sizeof in->problem, "%.60s: result%s%.60s: %.160s", in->method->name, name ? " " : "",
           name ? name : "", converting->problem[0] != 0 ? converting->problem : "it cannot be converted");
  free(name);
  return result;
}

/* What a module's caller can't be told is raised where the call into the module returns. */
static void raise_later(lua_State *L, Incoming *in) {
  ErrorReport report = { .hresult = in->result, .subject = in->plan->name, .description = in->problem };
  HRESULT result = in->result;
  if (!lua_checkstack(L, LUA_MINSTACK))
    return;
  error_push(L, &report);
  error_to_status(L, in->object->token, &in->plan->iid, in->plan->name);
  in->result = result;
}

static void report_problem(lua_State *L, Incoming *in) {
  if (FAILED(in->result) && in->problem[0] != 0 && in->plan->abi && in->result != E_NOTIMPL)
    raise_later(L, in);
  else if (FAILED(in->result) && in->problem[0] != 0)
    in->result = error_from_text(in->object->token, in->result, &in->plan->iid, in->plan->name, in->problem);
  in->problem[0] = 0;
}

static bool is_returned(const Signature *signature, unsigned k) {
  return plan_gives(&signature->parameters[k]) && (int)k != signature->vararg;
}

/* A nil result is the zero of its type. */
static HRESULT take_result(lua_State *L, Incoming *in, const Type *type, int index, void *place, const OLECHAR *name) {
  Converting converting = { .L = L, .bridge = in->object->token->bridge, .owner = in->method->owner };
  if (lua_type(L, index) <= LUA_TNIL)
    return S_OK;
  HRESULT result = convert_from_lua(&converting, index, type, place);
  return FAILED(result) ? result_problem(in, result, &converting, name) : S_OK;
}

/* Writes a result into the caller's buffer, from which nothing is left when it can't be. */
static HRESULT take_buffer(lua_State *L, Incoming *in, unsigned k, int index) {
  const Parameter *parameter = &in->method->signature->parameters[k];
  CallArguments call = incoming_arguments(in);
  Converting converting = { .L = L, .bridge = in->object->token->bridge, .owner = in->method->owner };
  void *memory = *(void **)in->call->arguments[k];
  uint32_t room = 0, length = 0;
  if (!memory || lua_type(L, index) <= LUA_TNIL)
    return S_OK;
  HRESULT result = buffer_length(&converting, index, parameter, &length);
  if (!buffer_count(&call, k, false, &room) && parameter->flags & PARAMETER_IN)
    room = buffer_text_length(parameter, memory);
  if (SUCCEEDED(result) && length > room)
    result = convert_problem(&converting, E_INVALIDARG, "it has %u elements, and the caller has room for %u",
                             (unsigned)length, (unsigned)room);
  size_t size = (size_t)room * buffer_element(parameter)->size;
  if (SUCCEEDED(result) && parameter->flags & PARAMETER_IN)
    buffer_clear(parameter, memory, room);
  if (SUCCEEDED(result)) {
    memset(memory, 0, size);
    result = buffer_fill(&converting, index, parameter, memory);
    if (FAILED(result))
      buffer_clear(parameter, memory, room);
  }
  return FAILED(result) ? result_problem(in, result, &converting, parameter->name) : S_OK;
}

/* Memory with the elements of a result, which the caller frees. The count that goes with it is the caller's, or a result too. In
 * the place of its parameter until it is handed over. */
typedef struct Allocated {
  void *memory; /* NULL: none */
  uint32_t count;
} Allocated;

static void clear_allocated(const Parameter *parameter, Allocated *made) {
  Parameter buffer = allocated_buffer(parameter);
  if (made->memory)
    buffer_clear(&buffer, made->memory, made->count);
  CoTaskMemFree(made->memory);
  made->memory = NULL;
}

static HRESULT fill_allocated(Converting *converting, const Parameter *buffer, int index, uint32_t count,
                              Allocated *made) {
  size_t size = (size_t)(count ? count : 1) * buffer_element(buffer)->size;
  *made = (Allocated){ CoTaskMemAlloc(size), count };
  if (!made->memory)
    return E_OUTOFMEMORY;
  memset(made->memory, 0, size);
  return buffer_fill(converting, index, buffer, made->memory);
}

static HRESULT allocated_room(lua_State *L, const Incoming *in, unsigned k, const int *indexes, uint32_t length,
                              uint32_t *count) {
  const Signature *signature = in->method->signature;
  CallArguments call = incoming_arguments(in);
  const TypeExtent *extent = type_resolve(signature->parameters[k].cell)->extent;
  unsigned name = extent->size.name ? extent->size.name : extent->length.name;
  const Parameter *counter = name && name <= signature->count ? &signature->parameters[name - 1] : NULL;
  *count = length;
  if (counter && (counter->flags & (PARAMETER_IN | PARAMETER_OUT)) == PARAMETER_OUT) {
    int given = indexes[name - 1];
    lua_Integer said = given != 0 ? lua_tointeger(L, given) : 0;
    return said >= 0 && said <= (lua_Integer)length ? S_OK : DISP_E_BADINDEX;
  }
  return allocated_count(&call, k, false, count) && length <= *count ? S_OK : DISP_E_BADINDEX;
}

static HRESULT take_allocated(lua_State *L, Incoming *in, unsigned k, const int *indexes, Allocated *made) {
  const Parameter *parameter = &in->method->signature->parameters[k];
  Parameter buffer = allocated_buffer(parameter);
  Converting converting = { .L = L, .bridge = in->object->token->bridge, .owner = in->method->owner };
  uint32_t length = 0, count = 0;
  if (lua_type(L, indexes[k]) <= LUA_TNIL)
    return S_OK;
  HRESULT result = buffer_length(&converting, indexes[k], &buffer, &length);
  if (SUCCEEDED(result)) {
    result = allocated_room(L, in, k, indexes, length, &count);
    if (FAILED(result))
      result = convert_problem(&converting, E_INVALIDARG, "it has %u elements, and their count says %u",
                               (unsigned)length, (unsigned)count);
  }
  if (SUCCEEDED(result))
    result = fill_allocated(&converting, &buffer, indexes[k], count, made);
  return FAILED(result) ? result_problem(in, result, &converting, parameter->name) : S_OK;
}

static HRESULT take_told_result(lua_State *L, Incoming *in, unsigned k, int index, void *place, const OLECHAR *name) {
  CallArguments call = incoming_arguments(in);
  Type room;
  HRESULT result = take_result(L, in, told_interface(&call, k, &room), index, place, name);
  return result == DISP_E_TYPEMISMATCH && in->method->signature->parameters[k].iid_is >= 0 ? E_NOINTERFACE : result;
}

/* Moves the value to where `target`, a `cell`, holds it: there, or behind pointers to memory that is ours to give. */
static HRESULT store_behind(const Type *cell, const Type *type, void *target, const void *place) {
  cell = type_resolve(cell);
  if (cell == type) {
    memcpy(target, place, type->size);
    return S_OK;
  }
  const Type *next = type_resolve(cell->target);
  void *memory = CoTaskMemAlloc(next->size);
  if (!memory)
    return E_OUTOFMEMORY;
  HRESULT result = store_behind(next, type, memory, place);
  if (FAILED(result))
    CoTaskMemFree(memory);
  else
    *(void **)target = memory;
  return result;
}

static HRESULT store_result(const Parameter *parameter, void *argument, void *place) {
  void *cell = *(void **)argument;
  const Type *type = parameter->value;
  if (!cell)
    return S_OK; /* the place is cleared with the others */
  if (parameter->flags & PARAMETER_IN)
    type_clear(parameter->cell, cell);
  HRESULT result = store_behind(parameter->cell, type, cell, place);
  if (SUCCEEDED(result))
    memset(place, 0, type->size);
  return result;
}

static void store_allocated(const Parameter *parameter, void *argument, Allocated *made) {
  void **cell = *(void ***)argument;
  if (!cell)
    return; /* the place is cleared with the others */
  if (parameter->flags & PARAMETER_IN)
    type_clear(parameter->cell, cell);
  *cell = made->memory;
  made->memory = NULL;
}

void keep_arguments(lua_State *L, const MethodPlan *method, int pushed, int place) {
  const Signature *signature = method->signature;
  int argument = lua_gettop(L) - pushed + 1;
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    if (is_kept(parameter)) {
      lua_pushvalue(L, argument);
      lua_insert(L, place++);
      argument++;
    }
    argument += plan_takes(parameter);
  }
}

int changed_value(lua_State *L, int index, int kept) {
  if (lua_type(L, index) > LUA_TNIL)
    return index;
  bool in_place =
      kept != 0 && (tagged(L, kept, &array_tag, sizeof(void *)) || tagged(L, kept, &record_tag, sizeof(void *)));
  return in_place ? kept : 0;
}

/* Where the value of each parameter that gives one stands on the stack; 0: none, or it stays as it came. */
static void find_results(lua_State *L, const Signature *signature, int first, int kept, int *indexes) {
  bool native = !(signature->flags & SIGNATURE_HRESULT) && type_resolve(signature->result)->vt != VT_VOID;
  int index = first + (native || signature->retval >= 0);
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    indexes[k] = 0;
    if ((int)k == signature->retval)
      indexes[k] = first;
    else if (is_returned(signature, k) && !is_kept(parameter))
      indexes[k] = index++;
    else if (is_returned(signature, k))
      indexes[k] = changed_value(L, index++, kept != 0 ? kept++ : 0);
  }
}

/* The type of an interface whose IID the caller gives. */
static bool told_result(const Incoming *in, unsigned k, Type *type) {
  const Parameter *parameter = &in->method->signature->parameters[k];
  if (!(in->method->signature->flags & SIGNATURE_BUFFERS) || parameter->iid_is < 0 ||
      parameter->value->kind != TYPE_INTERFACE)
    return false;
  const GUID *iid = *(const GUID **)in->call->arguments[parameter->iid_is];
  if (!iid)
    return false;
  *type = *parameter->value;
  memcpy(&type->guid, iid, sizeof type->guid);
  abi_swap_guid(&in->method->signature->abi, &type->guid);
  return true;
}

static HRESULT store_buffer(lua_State *L, Incoming *in, unsigned k, int index) {
  Converting converting = { .L = L, .bridge = in->object->token->bridge, .owner = in->method->owner };
  if (lua_isnil(L, index))
    return S_OK;
  HRESULT result = incoming_store_buffer(&converting, in->call, k, index);
  return FAILED(result) ? result_problem(in, result, &converting, in->method->signature->parameters[k].name) : S_OK;
}

/* Converts all results first, so that a failure gives none of them; then hands them over. `kept`: where the [in,out]
 * arguments stand, 0: nowhere. */
static HRESULT take_results(lua_State *L, Incoming *in, int first, int kept) {
  const Signature *signature = in->method->signature;
  HRESULT result = S_OK;
  bool native = !(signature->flags & SIGNATURE_HRESULT) && type_resolve(signature->result)->vt != VT_VOID;
  int *indexes = __builtin_alloca((signature->count + 1u) * sizeof *indexes);
  find_results(L, signature, first, kept, indexes);
  if (native)
    result = take_result(L, in, signature->result, first, result_place(in), NULL);
  unsigned char *place = first_place(in);
  for (unsigned k = 0; SUCCEEDED(result) && k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    Type told;
    if (indexes[k] != 0 && signature->abi.foreign && !incoming_is_buffer(signature, k))
      result = take_result(L, in, told_result(in, k, &told) ? &told : parameter->value, indexes[k], place,
                           (int)k == signature->retval ? NULL : parameter->name);
    else if (indexes[k] != 0 && is_allocated(parameter))
      result = take_allocated(L, in, k, indexes, (Allocated *)(void *)place);
    else if (indexes[k] != 0 && !signature->abi.foreign && !has_buffer(signature, k))
      result = take_told_result(L, in, k, indexes[k], place, (int)k == signature->retval ? NULL : parameter->name);
    place += place_size(parameter->value);
  }
  for (unsigned k = 0; SUCCEEDED(result) && k < signature->count; k++)
    if (indexes[k] != 0 && !signature->abi.foreign && has_buffer(signature, k))
      result = take_buffer(L, in, k, indexes[k]);
  if (FAILED(result))
    return result;
  if (native) {
    void *borrowed = signature->flags & SIGNATURE_BORROWED ? *(void **)result_place(in) : NULL;
    if (borrowed && lua_isuserdata(L, first)) /* it stays the script's, which has the object */
      foreign_release(&signature->abi, borrowed);
    memcpy(in->call->result, result_place(in), signature->result->size);
    memset(result_place(in), 0, signature->result->size);
  }
  place = first_place(in);
  for (unsigned k = 0; SUCCEEDED(result) && k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    if (indexes[k] != 0 && is_allocated(parameter))
      store_allocated(parameter, in->call->arguments[k], (Allocated *)(void *)place);
    else if (indexes[k] != 0 && incoming_is_buffer(signature, k))
      result = store_buffer(L, in, k, indexes[k]);
    else if (indexes[k] != 0 && !has_buffer(signature, k))
      result = store_result(parameter, in->call->arguments[k], place);
    place += place_size(parameter->value);
  }
  return result;
}

static void clear_temporary(Incoming *in) {
  const Signature *signature = in->method->signature;
  unsigned char *place = first_place(in);
  for (unsigned k = 0; k < signature->count; k++) {
    const Type *type = signature->parameters[k].value;
    if (is_allocated(&signature->parameters[k]))
      clear_allocated(&signature->parameters[k], (Allocated *)(void *)place);
    else if (type->kind != TYPE_POINTER && type->owner != OWNS_NOTHING)
      type_clear(type, place);
    place += place_size(type);
  }
  if (signature->result->owner != OWNS_NOTHING)
    type_clear(signature->result, result_place(in));
}

/* the long way */

/* (incoming, function[, self]) */
static int general_call(lua_State *L) {
  Incoming *in = lua_touserdata(L, 1);
  luaL_checkstack(L, 2 * in->method->pushed + in->method->returned + LUA_MINSTACK, "too many arguments");
  int given = lua_gettop(L) - 2;
  int pushed = push_arguments(L, in);
  if (in->method->kept != 0)
    keep_arguments(L, in->method, pushed, 2);
  const Signature *signature = in->method->signature;
  bool status = /* may come behind the results */
      signature->flags & SIGNATURE_HRESULT && (signature->abi.foreign || in->object->gives_status);
  lua_call(L, given + pushed, in->method->returned + status);
  int first = lua_gettop(L) - in->method->returned - status + 1;
  in->result = take_results(L, in, first, 2);
  if (status && SUCCEEDED(in->result) && signature->abi.foreign && lua_isinteger(L, -1))
    in->result = (HRESULT)(uint32_t)lua_tointeger(L, -1);
  else if (status && in->result == S_OK)
    in->result = extra_status(L, -1);
  return 0;
}

/* (incoming, value) */
static int general_get(lua_State *L) {
  Incoming *in = lua_touserdata(L, 1);
  luaL_checkstack(L, in->method->returned + LUA_MINSTACK, NULL);
  lua_settop(L, 1 + in->method->returned);
  in->result = take_results(L, in, 2, 0);
  return 0;
}

/* (incoming, table): t.Name = value; indexes would be in its way */
static int general_put(lua_State *L) {
  Incoming *in = lua_touserdata(L, 1);
  luaL_checkstack(L, in->method->pushed + LUA_MINSTACK, "too many arguments");
  if (push_arguments(L, in) != 1)
    return luaL_error(L, "the property %s has arguments: it needs a function set_%s", in->method->name,
                      in->method->name);
  lua_setfield(L, 2, in->spelling);
  return 0;
}

static HRESULT missing_member(Incoming *in) {
  snprintf(in->problem, sizeof in->problem, "%s is not implemented", in->method->name);
  return E_NOTIMPL;
}

static void run_protected(lua_State *L, Incoming *in, lua_CFunction body, int values) {
  lua_pushcfunction(L, body);
  lua_insert(L, -(values + 1));
  lua_pushlightuserdata(L, in);
  lua_insert(L, -(values + 1));
  if (lua_pcall(L, values + 1, 0, 0) != LUA_OK)
    in->result = error_to_status(L, in->object->token, &in->plan->iid, in->plan->name);
  clear_temporary(in);
  VariantClear(&in->element);
}

/* Puts the enumerator into what the library says that the result is. */
static HRESULT give_enumerator(IUnknown *enumerator, const Parameter *parameter, void *target) {
  if (parameter->value->kind == TYPE_INTERFACE)
    return IUnknown_QueryInterface(enumerator, &parameter->value->guid, target);
  V_VT((VARIANT *)target) = VT_UNKNOWN;
  V_UNKNOWN((VARIANT *)target) = enumerator;
  IUnknown_AddRef(enumerator);
  return S_OK;
}

static void enumerate(lua_State *L, Incoming *in) {
  const Signature *signature = in->method->signature;
  const Parameter *parameter = signature->retval >= 0 ? &signature->parameters[signature->retval] : NULL;
  bool holds = parameter && parameter->cell == parameter->value &&
               (parameter->value->kind == TYPE_INTERFACE || parameter->vt == VT_VARIANT);
  IUnknown *enumerator = NULL;
  if (!holds) {
    snprintf(in->problem, sizeof in->problem, "the result of %s cannot hold an enumerator", in->method->name);
    in->result = E_NOTIMPL;
    return;
  }
  void *target = *(void **)in->call->arguments[signature->retval];
  in->result = target ? enumerator_make(L, in->object->token, in->object, &enumerator) : E_POINTER;
  if (FAILED(in->result))
    return;
  in->result = give_enumerator(enumerator, parameter, target);
  IUnknown_Release(enumerator);
}

static void call_general(lua_State *L, Incoming *in, Found found) {
  VariantInit(&in->element);
  in->temporary = __builtin_alloca_with_align(in->method->temporary + 16u, 128);
  memset(in->temporary, 0, in->method->temporary + 16u);
  switch (found) {
  case FOUND_FUNCTION:
    run_protected(L, in, general_call, 2);
    return;
  case FOUND_PLAIN:
    run_protected(L, in, general_call, 1);
    return;
  case FOUND_VALUE:
    run_protected(L, in, general_get, 1);
    return;
  case FOUND_ERROR:
    in->result = error_to_status(L, in->object->token, &in->plan->iid, in->plan->name);
    return;
  default:
    if (in->method->kind != INVOKE_FUNC && in->method->kind != INVOKE_PROPERTYGET && lua_istable(L, -1)) {
      in->spelling = member_spelling(L, &in->method->names);
      run_protected(L, in, general_put, 1);
    } else
      in->result = missing_member(in);
    return;
  }
}

/* plain scalars */

void call_take_plain(lua_State *L, Incoming *in) {
  const Signature *signature = in->method->signature;
  const Type *type = signature->parameters[signature->retval].value;
  uint64_t value = 0;
  in->result = take_result(L, in, type, lua_gettop(L), &value, NULL);
  memcpy(*(void **)in->call->arguments[signature->retval], &value, type->size);
  report_problem(L, in);
}

static void call_plain(lua_State *L, Incoming *in, int given) {
  const MethodPlan *method = in->method;
  quick_push_arguments(L, method, in->call->arguments);
  if (lua_pcall(L, given + method->quick_count, method->returned + in->object->gives_status, 0) != LUA_OK)
    in->result = error_to_status(L, in->object->token, &in->plan->iid, in->plan->name);
  else
    quick_finish(L, in);
}

/* the call itself */

void call_body(lua_State *L, void *context) {
  Incoming *in = context;
  MethodPlan *method = in->method;
  if (!lua_checkstack(L, LUA_MINSTACK + method->pushed + method->returned)) {
    in->result = E_OUTOFMEMORY;
    return;
  }
  object_enter(in->object);
  lua_rawgeti(L, STACK_WEAK, in->object->number);
  if (method->id == DISPID_NEWENUM && method->kind != INVOKE_PROPERTYPUT) {
    enumerate(L, in);
  } else {
    Found found = member_lookup(L, &method->names, (unsigned)method->kind);
    if (method->plain && (found == FOUND_FUNCTION || found == FOUND_PLAIN))
      call_plain(L, in, found == FOUND_FUNCTION);
    else
      call_general(L, in, found);
  }
  report_problem(L, in);
  object_leave(in->object);
}

/* What the caller gets when the call fails: nothing. E_POINTER: it gives no place for a result. */
static HRESULT clear_results(const Signature *signature, const ClosureCall *call) {
  HRESULT result = S_OK;
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    if ((parameter->flags & (PARAMETER_IN | PARAMETER_OUT)) != PARAMETER_OUT || incoming_is_buffer(signature, k))
      continue;
    void *cell = *(void **)call->arguments[k];
    if (has_buffer(signature, k)) {
      uint32_t count = 0;
      CallArguments arguments = { signature, call->arguments };
      if (!cell && !(parameter->flags & PARAMETER_UNIQUE) && buffer_count(&arguments, k, false, &count) && count > 0)
        result = E_POINTER;
    } else if (cell)
      memset(cell, 0, parameter->cell->size);
    else if (!(parameter->flags & (PARAMETER_UNIQUE | PARAMETER_OPTIONAL)))
      result = E_POINTER;
  }
  return result;
}

static void general_slot_called(const ClosureCall *call, MethodPlan *method) {
  LuaObject *object = ((Face *)call->object)->object;
  Incoming in;
  in.object = object;
  in.plan = call->context;
  in.method = method;
  in.call = call;
  in.problem[0] = 0;
  in.result = clear_results(call->signature, call);
  if (SUCCEEDED(in.result)) {
    HRESULT result = token_run(object->token, call_body, &in);
    if (FAILED(result))
      in.result = result;
  }
  if (call->signature->flags & SIGNATURE_HRESULT)
    *(HRESULT *)call->result = in.result;
}

void plan_slot_called(const ClosureCall *call) {
  MethodPlan *method = ((const InterfacePlan *)call->context)->slots[call->slot];
  if (method->plain)
    quick_slot_called(call, method);
  else
    general_slot_called(call, method);
}
