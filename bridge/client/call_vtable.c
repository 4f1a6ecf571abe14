/* call_vtable.c - a call through the vtable: arguments converted straight into the frame of the signature, results
 * straight to the Lua stack. */
#include "bridge/client/buffers.h"
#include "bridge/client/flight.h"
#include "bridge/values/foreign_values.h"

#include <string.h>

/* Stores a taken value in the frame: integers that are arguments themselves are widened. */
static HRESULT take_parameter(Converting *converting, const Plan *plan, CallFrame *frame, unsigned k, int index) {
  const Signature *signature = plan->signature;
  const Parameter *parameter = &signature->parameters[k];
  bool by_value = parameter->storage == parameter->slot;
  bool borrow = (parameter->flags & (PARAMETER_IN | PARAMETER_OUT)) == PARAMETER_IN;
  Scratch *scratch = converting->scratch;
  HRESULT result;
  converting->owned = false;
  if (!borrow)
    converting->scratch = NULL; /* the callee may free and replace it */
  if (by_value && parameter->value_class <= VALUE_UNSIGNED) {
    int64_t word = 0;
    result = argument_take(converting, parameter, index, &word);
    frame_put_integer(signature, frame, k,
                      native_integer(&word, parameter->size, parameter->value_class == VALUE_SIGNED));
  } else if (!by_value && (parameter->flags & PARAMETER_UNIQUE) &&
             (index == 0 || (signature->abi.foreign && lua_isnil(converting->L, index)))) {
    *frame_pointer(signature, frame, k) = NULL;
    result = S_OK;
  } else if (parameter->cell != parameter->value) {
    result = convert_problem(converting, E_NOTIMPL, "a value behind two pointers cannot be passed from Lua");
  } else {
    result = argument_take(converting, parameter, index, frame_value(signature, frame, k));
  }
  converting->scratch = scratch;
  if (borrow && converting->owned)
    frame_own(signature, frame, k);
  return result;
}

static HRESULT take_rest(Converting *converting, const Plan *plan, CallFrame *frame, int first, int count) {
  const Signature *signature = plan->signature;
  int fixed = signature->arguments;
  int rest = count > fixed ? count - fixed : 0;
  SAFEARRAY *array = NULL;
  HRESULT result = variants_to_array(converting, first + fixed, rest, &array);
  *(SAFEARRAY **)frame_value(signature, frame, (unsigned)signature->vararg) = array;
  if (array && !(signature->parameters[signature->vararg].flags & PARAMETER_OUT))
    frame_own(signature, frame, (unsigned)signature->vararg);
  return result;
}

/* Where the values for the parameters stand: 0 for none, -1 for a count that its buffer tells. A call that gives as many values
 * as there are without such counts leaves them all out. */
static void find_values(lua_State *L, const Plan *plan, int first, int count, int *indexes) {
  const Signature *signature = plan->signature;
  int counts = 0, taken = 0;
  for (unsigned k = 0; k < signature->count; k++)
    counts += plan_takes(&signature->parameters[k]) && signature->parameters[k].flags & PARAMETER_COUNT;
  bool left_out = counts > 0 && count == signature->arguments - counts;
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    bool tells = (parameter->flags & PARAMETER_COUNT) != 0;
    indexes[k] = 0;
    if (plan_takes(parameter) && !(tells && left_out))
      indexes[k] = arguments_index(plan, taken++, first, count);
    if (tells && (indexes[k] == 0 || lua_type(L, indexes[k]) == LUA_TNIL))
      indexes[k] = -1;
  }
}

/* Fills the frame of a signature whose parameters tell something of others. */
static HRESULT take_counted(Converting *converting, const Plan *plan, CallFrame *frame, CallBuffers *buffers, int first,
                            int count, unsigned *bad) {
  const Signature *signature = plan->signature;
  int *indexes = __builtin_alloca((signature->count + 1u) * sizeof *indexes);
  find_values(converting->L, plan, first, count, indexes);
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    HRESULT result = S_OK;
    *bad = k;
    if (parameter->flags & PARAMETER_LCID)
      frame_put_integer(signature, frame, k, LOCALE_USER_DEFAULT);
    else if (plan_takes(parameter) && indexes[k] >= 0 && !call_buffers_defer(parameter))
      result = take_parameter(converting, plan, frame, k, indexes[k]);
    else if ((int)k == signature->vararg)
      result = take_rest(converting, plan, frame, first, count);
    if (FAILED(result))
      return result;
  }
  return call_buffers_take(converting, buffers, frame, indexes, bad);
}

static bool is_foreign_buffer(const Signature *signature, unsigned k) {
  return signature->flags & SIGNATURE_BUFFERS && signature->parameters[k].flags & PARAMETER_BUFFER &&
         type_resolve(signature->parameters[k].type)->kind == TYPE_POINTER;
}

/* The buffers of a call: of COM's own methods, or of a module's. NULL: the signature has none. */
typedef struct Buffers {
  CallBuffers *own;
  BufferCall *foreign;
} Buffers;

/* Fills the frame; on failure *bad is the parameter. */
static HRESULT take_all(Converting *converting, const Plan *plan, CallFrame *frame, const Buffers *all, int first,
                        int count, unsigned *bad) {
  BufferCall *buffers = all->foreign;
  if (all->own)
    return take_counted(converting, plan, frame, all->own, first, count, bad);
  const Signature *signature = plan->signature;
  int taken = 0;
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    HRESULT result = S_OK;
    *bad = k;
    if (parameter->flags & PARAMETER_LCID)
      frame_put_integer(signature, frame, k, LOCALE_USER_DEFAULT);
    else if (plan_takes(parameter) && buffers && is_foreign_buffer(signature, k))
      result = buffer_take(converting, buffers, k, arguments_index(plan, taken++, first, count));
    else if (plan_takes(parameter))
      result = take_parameter(converting, plan, frame, k, arguments_index(plan, taken++, first, count));
    else if ((int)k == signature->vararg)
      result = take_rest(converting, plan, frame, first, count);
    if (FAILED(result))
      return result;
  }
  return buffers ? buffers_settle(converting, buffers, bad) : S_OK;
}

/* Results. */

/* What the callee left goes into the boxes (com.vt.byref) that the script gave. */
static HRESULT take_back(lua_State *L, const Plan *plan, CallFrame *frame, int first, int count) {
  const Signature *signature = plan->signature;
  HRESULT result = S_OK;
  int taken = 0;
  for (unsigned k = 0; k < signature->count && SUCCEEDED(result); k++) {
    if (plan_takes(&signature->parameters[k]))
      result = argument_take_back(L, &signature->parameters[k], arguments_index(plan, taken++, first, count),
                                  frame_value(signature, frame, k));
  }
  return result;
}

typedef struct Results {
  const Plan *plan;
  CallFrame *frame;
  Buffers buffers;
  uint32_t flags; /* HandleFlags that objects inherit */
  int count;
} Results;

static void give_parameter(lua_State *L, const Giving *giving, Results *results, unsigned k) {
  const Signature *signature = results->plan->signature;
  const Parameter *parameter = &signature->parameters[k];
  if (!lua_checkstack(L, LUA_MINSTACK))
    raise_status(L, E_OUTOFMEMORY, NULL);
  results->count++;
  if (results->buffers.own && call_buffers_defer(parameter)) {
    call_buffers_give(L, giving, results->buffers.own, results->frame, k);
    return;
  }
  if (results->buffers.foreign && is_foreign_buffer(signature, k)) {
    buffer_give(L, giving, results->buffers.foreign, k);
    return;
  }
  void *storage = frame_value(signature, results->frame, k);
  Type told;
  if (results->buffers.foreign && interface_told(signature, results->frame, k, &told)) {
    convert_to_lua(L, giving, &told, storage);
    return;
  }
  if (is_allocated(parameter)) {
    call_allocated_give(L, giving, signature, results->frame, k);
    return;
  }
  if (parameter->cell != parameter->value) { /* T** or more that the callee allocated */
    for (unsigned i = 1; i < parameter->indirection && storage; i++)
      storage = *(void **)storage;
    if (!storage)
      lua_pushnil(L);
    else
      convert_to_lua(L, giving, parameter->value, storage);
    return;
  }
  convert_to_lua(L, giving, parameter->value, storage);
}

/* [retval] first, then the others in order. */
static void give_all(lua_State *L, Results *results) {
  const Plan *plan = results->plan;
  const Signature *signature = plan->signature;
  Giving giving = { plan->member->view->bridge, plan->owner, results->flags };
  if (!(signature->flags & SIGNATURE_HRESULT) && type_resolve(signature->result)->vt != VT_VOID) {
    results->count++;
    void *result = frame_result(signature, results->frame);
    if (signature->flags & SIGNATURE_BORROWED && *(void **)result &&
        type_resolve(signature->result)->owner == OWNS_INTERFACE)
      foreign_addref(&signature->abi, *(void **)result);
    convert_to_lua(L, &giving, signature->result, result);
  }
  if (signature->retval >= 0)
    give_parameter(L, &giving, results, (unsigned)signature->retval);
  for (unsigned k = 0; k < signature->count; k++) {
    if (plan_gives(&signature->parameters[k]) && (int)k != signature->vararg)
      give_parameter(L, &giving, results, k);
  }
}

static int give_protected(lua_State *L) {
  Results *results = lua_touserdata(L, 1);
  lua_settop(L, 0);
  give_all(L, results);
  return results->count;
}

/* call */

/* What the callee left, as results on the stack and the end of the frame; -1: an error is on the stack. A module's success
 * that is not S_OK comes last, unless the script asked for it first. */
static int give_frame(lua_State *L, uint32_t flags, const Plan *plan, CallFrame *frame, const Buffers *buffers,
                      HRESULT status, bool with_status) {
  const Signature *signature = plan->signature;
  Results results = { plan, frame, *buffers, flags & HANDLE_INHERITED, 0 };
  int base = lua_gettop(L);
  if (with_status)
    lua_pushinteger(L, (lua_Integer)(uint32_t)status);
  if (signature->flags & SIGNATURE_PLAIN && !signature->abi.foreign) {
    give_all(L, &results);
  } else {
    bool given = bridge_protected(L, give_protected, &results, LUA_MULTRET);
    call_allocated_clear(signature, frame);
    signature_finish(signature, frame);
    if (!given)
      return -1;
  }
  if (buffers->own)
    call_buffers_clear(buffers->own);
  if (signature->abi.foreign && status != S_OK && !with_status)
    lua_pushinteger(L, (lua_Integer)(uint32_t)status);
  return lua_gettop(L) - base;
}

static void begin_converting(Converting *converting, lua_State *L, const Plan *plan, Scratch *scratch) {
  converting->L = L;
  converting->bridge = plan->member->view->bridge;
  converting->owner = plan->owner;
  converting->scratch = scratch;
  converting->arena = NULL;
  converting->owned = converting->boxes = false;
  converting->depth = 0;
  converting->problem[0] = 0;
}

/* in flight */

typedef struct VtableFlight {
  Flight flight;
  const Plan *plan;
  CallFrame *frame; /* NULL: finished */
  CallBuffers *buffers;
  int first, count;
  bool with_status, boxes;
  void *arguments[]; /* and behind them the frame */
} VtableFlight;

static void clear_flight(Flight *flight) {
  VtableFlight *call = (VtableFlight *)flight;
  if (call->frame)
    signature_finish(call->plan->signature, call->frame);
  call->frame = NULL;
}

static int raise_flight(lua_State *L, VtableFlight *call, HRESULT status) {
  const Plan *plan = call->plan;
  Handle *handle = call->flight.handle;
  ErrorReport report = { .hresult = status };
  error_report_from_info(L, handle->bridge, handle->face ? handle->face : handle->parting, &plan->member->view->iid,
                         &report);
  flight_end(L, &call->flight);
  return plan_raise(L, plan, &report);
}

static int vtable_lands(lua_State *L, int status, lua_KContext context) {
  VtableFlight *call = (VtableFlight *)context;
  const Plan *plan = call->plan;
  (void)status;
  if (!flight_has_ended(&call->flight))
    return flight_suspend(L, &call->flight, vtable_lands);
  flight_land(&call->flight);
  HRESULT result = *(HRESULT *)call->flight.result;
  if (FAILED(result))
    return raise_flight(L, call, result);
  HRESULT taken = call->boxes ? take_back(L, plan, call->frame, call->first, call->count) : S_OK;
  if (FAILED(taken)) {
    flight_end(L, &call->flight);
    return raise_status(L, taken, "com.vt.byref");
  }
  CallFrame *frame = call->frame;
  if (!(plan->signature->flags & SIGNATURE_PLAIN))
    call->frame = NULL; /* give_frame finishes it */
  Buffers buffers = { call->buffers, NULL };
  int results = give_frame(L, call->flight.handle->flags, plan, frame, &buffers, result, call->with_status);
  flight_end(L, &call->flight);
  return results < 0 ? lua_error(L) : results;
}

static VtableFlight *push_flight(lua_State *L, Handle *handle, const Plan *plan) {
  const Signature *signature = plan->signature;
  size_t head = (sizeof(VtableFlight) + signature->count * sizeof(void *) + 15) & ~(size_t)15;
  VtableFlight *call = (VtableFlight *)flight_push(L, handle, head + signature->frame_size);
  call->flight.clear = clear_flight;
  call->flight.arguments = call->arguments;
  call->plan = plan;
  call->frame = (CallFrame *)(void *)((char *)call + head);
  for (unsigned k = 0; k < signature->count; k++)
    call->arguments[k] = frame_at(call->frame, signature->parameters[k].slot);
  call->flight.result = frame_result(signature, call->frame);
  signature_prepare(signature, call->frame);
  return call;
}

/* The call as a flight, with its arguments taken; -1: it is to be made as usual. */
static int fly(lua_State *L, Handle *handle, const Plan *plan, int first, int count, bool with_status) {
  VtableFlight *call = push_flight(L, handle, plan);
  if (plan->signature->flags & SIGNATURE_COUNTED)
    call->buffers = call_buffers_push(L, plan->signature);
  Converting converting;
  unsigned bad = 0;
  begin_converting(&converting, L, plan, NULL);
  Buffers buffers = { call->buffers, NULL };
  HRESULT result = take_all(&converting, plan, call->frame, &buffers, first, count, &bad);
  if (FAILED(result)) {
    flight_end(L, &call->flight);
    return argument_raise(L, plan, bad, result, converting.problem);
  }
  call->first = first;
  call->count = count;
  call->with_status = with_status;
  call->boxes = converting.boxes;
  result = flight_begin(&call->flight, handle->face, plan->signature->slot);
  if (FAILED(result))
    return raise_flight(L, call, result);
  if (result == S_OK)
    return flight_suspend(L, &call->flight, vtable_lands);
  flight_end(L, &call->flight);
  return -1;
}

/* Whose code a call runs, and where: a method of an object, or a function of a module. */
typedef struct Callee {
  Handle *handle; /* NULL: a function */
  void (*function)(void);
} Callee;

static uint64_t invoke(const Signature *signature, const Callee *callee, CallFrame *frame) {
  return callee->handle ? signature_invoke(signature, callee->handle->target, frame)
                        : signature_invoke_function(signature, callee->function, NULL, frame);
}

static void callee_leave(const Callee *callee) {
  if (callee->handle)
    handle_leave(callee->handle);
}

static int raise_failure(lua_State *L, const Callee *callee, const Plan *plan, CallFrame *frame, Arena *arena,
                         HRESULT result) {
  const Signature *signature = plan->signature;
  const Handle *handle = callee->handle;
  ErrorReport report = { .hresult = result };
  plan_name_status(plan, &report);
  if (handle && !signature->abi.foreign) /* the object must outlive the question for its error information */
    error_report_from_info(L, handle->bridge, handle->face ? handle->face : handle->parting, &plan->member->view->iid,
                           &report);
  callee_leave(callee);
  signature_finish(signature, frame);
  arena_end(arena);
  return plan_raise(L, plan, &report);
}

/* Makes the call; the arguments have been counted. */
static int call_native(lua_State *L, const Callee *callee, const Plan *plan, int first, int count, bool with_status) {
  const Signature *signature = plan->signature;
  Bridge *bridge = plan->member->view->bridge;
  CallFrame *frame = CALL_FRAME(signature);
  bool buffered = (signature->flags & SIGNATURE_BUFFERS) || signature->counted;
  BufferCall calling = { plan, frame, first, count,
                         __builtin_alloca((buffered ? signature->count + 1u : 1u) * sizeof(size_t)) };
  Buffers buffers = { signature->flags & SIGNATURE_COUNTED ? call_buffers_push(L, signature) : NULL,
                      buffered ? &calling : NULL };
  Arena arena = { NULL };
  Scratch scratch;
  scratch.used = 0;
  signature_prepare(signature, frame);
  if (buffered)
    memset(calling.elements, 0, signature->count * sizeof(size_t));
  Converting converting;
  begin_converting(&converting, L, plan, &scratch);
  if (signature->abi.foreign)
    converting.arena = &arena;
  unsigned bad = 0;
  HRESULT result = take_all(&converting, plan, frame, &buffers, first, count, &bad);
  if (FAILED(result)) {
    signature_finish(signature, frame);
    arena_end(&arena);
    return argument_raise(L, plan, bad, result, converting.problem);
  }
  if (callee->handle)
    callee->handle->busy++;
  bridge_leave(bridge);
  uint64_t native = invoke(signature, callee, frame);
  bridge_return(bridge);
  result = signature->flags & SIGNATURE_HRESULT ? (HRESULT)native : S_OK;
  if (bridge->pending_error) {
    callee_leave(callee);
    signature_finish(signature, frame);
    arena_end(&arena);
    bridge->take_pending(L, bridge);
    return lua_error(L);
  }
  if (plan_failed(plan, result) && signature->flags & SIGNATURE_HRESULT)
    return raise_failure(L, callee, plan, frame, &arena, result);
  callee_leave(callee);
  HRESULT taken = converting.boxes ? take_back(L, plan, frame, first, count) : S_OK;
  if (FAILED(taken)) {
    signature_finish(signature, frame);
    arena_end(&arena);
    return raise_status(L, taken, "com.vt.byref");
  }
  int results = give_frame(L, callee->handle ? callee->handle->flags : 0, plan, frame, &buffers, result, with_status);
  arena_end(&arena);
  return results < 0 ? lua_error(L) : results;
}

int call_vtable(lua_State *L, Handle *handle, Plan *plan, int first, int count, bool with_status) {
  const Signature *signature = plan->signature;
  count = arguments_count(L, plan, first, count);
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  if (flight_wanted(L, handle->bridge) && (signature->flags & SIGNATURE_HRESULT) && !signature->abi.foreign &&
      flight_possible(L, handle)) {
    int results = fly(L, handle, plan, first, count, with_status);
    if (results >= 0)
      return results;
  }
  Callee callee = { handle, NULL };
  return call_native(L, &callee, plan, first, count, with_status);
}

int call_function(lua_State *L, Plan *plan, void (*function)(void), int first, int count) {
  Callee callee = { NULL, function };
  count = arguments_count(L, plan, first, count);
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  return call_native(L, &callee, plan, first, count, false);
}
