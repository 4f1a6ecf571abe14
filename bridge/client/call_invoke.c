/* call_invoke.c - a call through IDispatch::Invoke with a cached DISPID and VARIANTs on the stack, with or without a
 * signature that says what the parameters are. */
#include "bridge/client/flight.h"

#include <stdlib.h>
#include <string.h>

#define STACK_ARGUMENTS 8

/* One call. Argument k of the script's order stands in arguments[count - 1 - k], as DISPPARAMS wants it. */
typedef struct InvokeFrame {
  VARIANT *arguments;
  VARIANT *cells; /* what by-reference arguments point to; cells[i] belongs to arguments[i] */
  unsigned count;
  unsigned first_given; /* arguments before this one stand for values that were not given */
  VARIANT result;
  VARIANT stack[2 * STACK_ARGUMENTS];
  VARIANT *heap;
} InvokeFrame;

static bool frame_init(InvokeFrame *frame, unsigned count) {
  frame->count = frame->first_given = count;
  frame->heap = NULL;
  VARIANT *room = frame->stack;
  if (count > STACK_ARGUMENTS) {
    room = frame->heap = malloc(2 * (size_t)count * sizeof *room);
    if (!room)
      return false;
  }
  for (unsigned i = 0; i < 2 * count; i++)
    V_VT(&room[i]) = VT_EMPTY;
  frame->arguments = room;
  frame->cells = room + count;
  V_VT(&frame->result) = VT_EMPTY;
  return true;
}

/* The callee may have exchanged what an argument holds; arguments that refer to cells own nothing. */
static void frame_clear(InvokeFrame *frame) {
  for (unsigned i = 0; i < 2 * frame->count; i++) {
    VARIANT *value = &frame->arguments[i];
    if (!(V_VT(value) & VT_BYREF) && V_VT(value) >= VT_BSTR)
      VariantClear(value);
  }
  if (V_VT(&frame->result) >= VT_BSTR)
    VariantClear(&frame->result);
  free(frame->heap);
  frame->heap = NULL;
}

/* Where the native value of a VARIANT of type `vt` lies. */
static void *variant_storage(VARIANT *value, VARTYPE vt) {
  if (vt == VT_VARIANT)
    return value;
  return vt == VT_DECIMAL ? (void *)&V_DECIMAL(value) : (void *)&V_I8(value);
}

/* Converts into `value`, which then is a VARIANT of the parameter's type. */
static HRESULT take_value(Converting *converting, const Parameter *parameter, int index, VARIANT *value) {
  VARTYPE vt = parameter->vt;
  if (vt == VT_ILLEGAL || vt == VT_EMPTY) {
    char described[80];
    type_describe(parameter->type, described, sizeof described);
    return convert_problem(converting, E_NOTIMPL, "a value of type %s cannot go through IDispatch", described);
  }
  bool given = index != 0 && lua_type(converting->L, index) != LUA_TNIL;
  if (parameter->value->kind == TYPE_RECORD && !given && !(parameter->flags & (PARAMETER_OPTIONAL | PARAMETER_UNIQUE)))
    return convert_problem(converting, DISP_E_PARAMNOTOPTIONAL, "the argument is missing");
  if (parameter->value->kind == TYPE_RECORD)
    return record_to_variant(converting, parameter->value, index, value);
  V_I8(value) = 0;
  HRESULT result = argument_take(converting, parameter, index, variant_storage(value, vt));
  if (SUCCEEDED(result) && vt != VT_VARIANT)
    V_VT(value) = vt;
  return result;
}

/* Makes `argument` a reference to `cell`. A record is referred to where it stands. */
static void refer(VARIANT *argument, VARIANT *cell, VARTYPE vt) {
  if (vt == VT_RECORD) {
    V_RECORD(argument) = V_RECORD(cell);
    V_RECORDINFO(argument) = V_RECORDINFO(cell);
    V_VT(argument) = VT_BYREF | VT_RECORD;
    return;
  }
  if (vt != VT_VARIANT)
    V_VT(cell) = vt;
  V_VT(argument) = (VARTYPE)(VT_BYREF | vt);
  V_BYREF(argument) = variant_storage(cell, vt);
}

/* The arguments of a described member, without [lcid] and [retval], which do not travel. */
static HRESULT take_described(Converting *converting, const Plan *plan, InvokeFrame *frame, int first, int count,
                              unsigned *bad) {
  const Signature *signature = plan->signature;
  unsigned place = frame->count;
  int taken = 0;
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    if ((parameter->flags & (PARAMETER_LCID | PARAMETER_RETVAL)) || (int)k == signature->vararg)
      continue;
    place--;
    *bad = k;
    HRESULT result = S_OK;
    VARIANT *argument = &frame->arguments[place], *cell = &frame->cells[place];
    int index = plan_takes(parameter) ? arguments_index(plan, taken++, first, count) : 0;
    if (parameter->indirection == 0) {
      result = take_value(converting, parameter, index, argument);
    } else if (parameter->cell != parameter->value || parameter->vt == VT_ILLEGAL) {
      result = convert_problem(converting, E_NOTIMPL, "a value of this type cannot go through IDispatch");
    } else {
      V_I8(cell) = 0;
      if (plan_takes(parameter))
        result = take_value(converting, parameter, index, cell);
      else if (parameter->value->kind == TYPE_RECORD)
        result = record_to_variant(converting, parameter->value, 0, cell);
      if (SUCCEEDED(result))
        refer(argument, cell, parameter->vt);
    }
    if (FAILED(result))
      return result;
    if (index != 0 && lua_type(converting->L, index) != LUA_TNIL)
      frame->first_given = place;
  }
  for (int i = signature->arguments; (signature->vararg >= 0 || (signature->flags & SIGNATURE_VARARG)) && i < count;
       i++) {
    HRESULT result = variant_from_lua(converting, first + i, &frame->arguments[--place]);
    frame->first_given = place;
    *bad = signature->vararg >= 0 ? (unsigned)signature->vararg : signature->count - 1u;
    if (FAILED(result))
      return result;
  }
  return S_OK;
}

/* How many arguments travel. Optional ones at the end that were not given do not. */
static unsigned travelling(const Plan *plan, int count) {
  const Signature *signature = plan->signature;
  unsigned travel = 0;
  for (unsigned k = 0; k < signature->count; k++) {
    if (!(signature->parameters[k].flags & (PARAMETER_LCID | PARAMETER_RETVAL)) && (int)k != signature->vararg)
      travel++;
  }
  if ((signature->vararg >= 0 || (signature->flags & SIGNATURE_VARARG)) && count > signature->arguments)
    travel += (unsigned)(count - signature->arguments);
  return travel;
}

/* The number of arguments at the end (the front of the array) that are only "missing". */
static unsigned missing_tail(const InvokeFrame *frame) {
  unsigned missing = 0;
  while (missing < frame->first_given && V_VT(&frame->arguments[missing]) == VT_ERROR &&
         V_ERROR(&frame->arguments[missing]) == DISP_E_PARAMNOTFOUND)
    missing++;
  return missing;
}

/* call */

typedef struct InvokeResults {
  InvokeFrame *frame;
  const Plan *plan; /* NULL: not described */
  Bridge *bridge;
  uint32_t flags; /* HandleFlags that objects inherit */
  bool has_result;
} InvokeResults;

/* The number of a DECIMAL lies where its type was. */
static void settle_cell(const Parameter *parameter, VARIANT *cell) {
  if (parameter->vt == VT_DECIMAL)
    V_VT(cell) = VT_DECIMAL;
}

/* What the callee left goes into the boxes (com.vt.byref) that the script gave. */
static HRESULT take_back(lua_State *L, const Plan *plan, InvokeFrame *frame, int first, int count) {
  unsigned place = frame->count;
  int taken = 0;
  HRESULT result = S_OK;
  for (unsigned k = 0; k < plan->signature->count && SUCCEEDED(result); k++) {
    const Parameter *parameter = &plan->signature->parameters[k];
    if ((parameter->flags & (PARAMETER_LCID | PARAMETER_RETVAL)) || (int)k == plan->signature->vararg)
      continue;
    VARIANT *cell = &frame->cells[--place];
    int index = plan_takes(parameter) ? arguments_index(plan, taken++, first, count) : 0;
    if (index == 0 || parameter->indirection == 0)
      continue;
    settle_cell(parameter, cell);
    result = argument_take_back(L, parameter, index, variant_storage(cell, parameter->vt));
  }
  return result;
}

static void push_result(lua_State *L, const Giving *giving, const Plan *plan, VARIANT *value) {
  if (plan && plan->declared)
    variant_push_declared(L, giving, plan->declared, value);
  else
    variant_push(L, giving, value);
}

static int give_results(lua_State *L) {
  InvokeResults *results = lua_touserdata(L, 1);
  InvokeFrame *frame = results->frame;
  const Plan *plan = results->plan;
  Giving giving = { results->bridge, plan ? plan->owner : NULL, results->flags };
  int count = 0;
  lua_settop(L, 0);
  if (results->has_result) {
    push_result(L, &giving, plan, &frame->result);
    count++;
  }
  unsigned place = frame->count;
  for (unsigned k = 0; plan && k < plan->signature->count; k++) {
    const Parameter *parameter = &plan->signature->parameters[k];
    if ((parameter->flags & (PARAMETER_LCID | PARAMETER_RETVAL)) || (int)k == plan->signature->vararg)
      continue;
    place--;
    if (!plan_gives(parameter))
      continue;
    luaL_checkstack(L, LUA_MINSTACK, NULL);
    settle_cell(parameter, &frame->cells[place]);
    variant_push_declared(L, &giving, parameter->value, &frame->cells[place]);
    count++;
  }
  return count;
}

static bool scalar_result(const InvokeFrame *frame) {
  return V_VT(&frame->result) < VT_BSTR || V_VT(&frame->result) == VT_BOOL ||
         (V_VT(&frame->result) >= VT_I1 && V_VT(&frame->result) <= VT_UINT);
}

/* The parameter that argument `place` of the DISPPARAMS belongs to. */
static int parameter_at(const Plan *plan, const InvokeFrame *frame, unsigned place) {
  unsigned at = frame->count;
  for (unsigned k = 0; k < plan->signature->count; k++) {
    if ((plan->signature->parameters[k].flags & (PARAMETER_LCID | PARAMETER_RETVAL)) ||
        (int)k == plan->signature->vararg)
      continue;
    if (--at == place)
      return (int)k;
  }
  return -1;
}

/* "Lib.IFoo:Name", made only when there is something to say. */
static const char *push_subject(lua_State *L, const Handle *handle, const InvokeCall *call) {
  if (call->plan)
    return plan_push_subject(L, call->plan);
  if (call->subject)
    return call->subject;
  return lua_pushfstring(L, "%s:%s", handle->view->name, lua_tostring(L, call->key));
}

/* Raises what Invoke answered. The frame is cleared. */
static int raise_failure(lua_State *L, const Handle *handle, const InvokeCall *call, InvokeFrame *frame, HRESULT result,
                         EXCEPINFO *exception, UINT bad, unsigned skipped) {
  ErrorReport report = { .hresult = result };
  char name[128] = "";
  bool about_argument = result == DISP_E_TYPEMISMATCH || result == DISP_E_PARAMNOTFOUND || result == DISP_E_OVERFLOW;
  if (result == DISP_E_EXCEPTION) {
    error_report_from_exception(&report, exception);
    error_report_remote_cause(L, handle->bridge, handle->face, &report);
  } else if (HRESULT_FACILITY(result) == FACILITY_RPC && handle->face) {
    error_report_from_info(L, handle->bridge, handle->face, &IID_IDispatch,
                           &report); /* why the call was not carried out */
  } else if (about_argument && bad != (UINT)-1 && bad + skipped < frame->count) {
    int parameter = call->plan ? parameter_at(call->plan, frame, bad + skipped) : -1;
    report.argument = !call->plan      ? (int)(frame->count - bad - skipped)
                      : parameter >= 0 ? plan_script_index(call->plan, (unsigned)parameter)
                                       : 0;
    char *copy = parameter >= 0 && call->plan->signature->parameters[parameter].name
                     ? text_copy_utf8(call->plan->signature->parameters[parameter].name)
                     : NULL;
    if (copy)
      strncat(name, copy, sizeof name - 1);
    free(copy);
    report.argument_name = name[0] != 0 ? name : NULL;
  }
  SysFreeString(exception->bstrSource);
  SysFreeString(exception->bstrDescription);
  SysFreeString(exception->bstrHelpFile);
  frame_clear(frame);
  report.subject = push_subject(L, handle, call);
  return raise_report(L, &report);
}

static int raise_taken(lua_State *L, const Handle *handle, const InvokeCall *call, InvokeFrame *frame, HRESULT result,
                       unsigned bad, const char *problem) {
  frame_clear(frame);
  if (call->plan)
    return argument_raise(L, call->plan, bad, result, problem);
  ErrorReport report = {
    .hresult = result, .subject = push_subject(L, handle, call), .description = problem, .argument = (int)bad + 1
  };
  if (*problem == 0)
    report.description = NULL;
  return raise_report(L, &report);
}

static HRESULT take_dynamic(Converting *converting, InvokeFrame *frame, const InvokeCall *call, unsigned *bad) {
  for (unsigned k = 0; k < frame->count; k++) {
    /* Positional values from the end of the array, named ones at its begin, in the order of their names. */
    bool named = k >= (unsigned)call->count;
    VARIANT *argument = &frame->arguments[named ? k - (unsigned)call->count : frame->count - 1 - k];
    *bad = k;
    bool put_value = (call->flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) && k + 1 == (unsigned)call->count;
    if (lua_type(converting->L, call->first + (int)k) == LUA_TNIL) {
      if (put_value)
        continue;
      V_VT(argument) = VT_ERROR;
      V_ERROR(argument) = DISP_E_PARAMNOTFOUND;
      continue;
    }
    if (!named)
      frame->first_given = frame->count - 1 - k;
    HRESULT result = variant_from_lua(converting, call->first + (int)k, argument);
    if (FAILED(result))
      return result;
  }
  return S_OK;
}

static void begin_exception(EXCEPINFO *exception) {
  exception->bstrSource = exception->bstrDescription = exception->bstrHelpFile = NULL;
  exception->pfnDeferredFillIn = NULL;
  exception->wCode = 0;
  exception->scode = S_OK;
  exception->dwHelpContext = 0;
}

static bool is_put(const InvokeCall *call) {
  return (call->flags & (DISPATCH_PROPERTYPUT | DISPATCH_PROPERTYPUTREF)) != 0;
}

static void fill_params(DISPPARAMS *params, const InvokeCall *call, const InvokeFrame *frame, unsigned skipped,
                        DISPID *put_name) {
  *put_name = DISPID_PROPERTYPUT;
  params->rgvarg = frame->arguments + skipped;
  params->cArgs = frame->count - skipped;
  params->rgdispidNamedArgs = is_put(call) ? put_name : call->named != 0 ? (DISPID *)call->names : NULL;
  params->cNamedArgs = is_put(call) ? 1 : call->named;
}

/* Carries the call out. */
static HRESULT invoke(Handle *handle, const InvokeCall *call, InvokeFrame *frame, unsigned skipped, bool wants_result,
                      EXCEPINFO *exception, UINT *bad) {
  DISPID put_name;
  DISPPARAMS params;
  fill_params(&params, call, frame, skipped, &put_name);
  begin_exception(exception);
  *bad = (UINT)-1;
  Bridge *bridge = handle->bridge;
  IDispatch *dispatch = handle->dispatch;
  handle->busy++;
  bridge_leave(bridge);
  HRESULT result = IDispatch_Invoke(dispatch, call->id, &IID_NULL, LOCALE_USER_DEFAULT, call->flags, &params,
                                    wants_result ? &frame->result : NULL, exception, bad);
  bridge_return(bridge);
  handle_leave(handle);
  return result;
}

/* A server may fill it in though it succeeds. */
static inline void exception_unused(EXCEPINFO *exception) {
  if (exception->bstrSource || exception->bstrDescription || exception->bstrHelpFile)
    exception_clear(exception);
}

static HRESULT take_arguments(Converting *converting, lua_State *L, const Handle *handle, const InvokeCall *call,
                              InvokeFrame *frame, unsigned *bad) {
  converting->L = L;
  converting->bridge = handle->bridge;
  converting->owner = call->plan ? call->plan->owner : NULL;
  converting->scratch = NULL;
  converting->owned = converting->boxes = false;
  converting->depth = 0;
  converting->problem[0] = 0;
  return call->plan ? take_described(converting, call->plan, frame, call->first, call->count, bad)
                    : take_dynamic(converting, frame, call, bad);
}

static unsigned count_skipped(const InvokeCall *call, const InvokeFrame *frame) {
  return is_put(call) || call->named != 0 ? 0 : missing_tail(frame);
}

static bool gives_result(const InvokeCall *call) {
  return call->plan ? call->plan->gives_result : !is_put(call);
}

/* What has been answered: results on the stack, or an error. The frame is cleared in any case. */
static int settle(lua_State *L, Handle *handle, const InvokeCall *call, InvokeFrame *frame, bool boxes) {
  Bridge *bridge = handle->bridge;
  bool has_result = gives_result(call);
  HRESULT taken = boxes && call->plan ? take_back(L, call->plan, frame, call->first, call->count) : S_OK;
  if (FAILED(taken)) {
    frame_clear(frame);
    return raise_status(L, taken, "com.vt.byref");
  }
  InvokeResults results = { frame, call->plan, bridge, handle->flags & HANDLE_INHERITED, has_result };
  int base = lua_gettop(L);
  if (call->with_status)
    lua_pushinteger(L, (lua_Integer)(uint32_t)call->answer);
  if (call->plan && call->plan->signature->results <= 1 && has_result && scalar_result(frame)) {
    Giving giving = { bridge, call->plan->owner, handle->flags & HANDLE_INHERITED };
    VARIANT value = frame->result;
    V_VT(&frame->result) = VT_EMPTY;
    frame_clear(frame);
    push_result(L, &giving, call->plan, &value);
    return lua_gettop(L) - base;
  }
  bool given = bridge_protected(L, give_results, &results, LUA_MULTRET);
  frame_clear(frame);
  if (!given)
    return lua_error(L);
  return lua_gettop(L) - base;
}

/* in flight */

#define INVOKE_SLOT 6

typedef struct InvokeFlight {
  Flight flight;
  InvokeCall call;
  InvokeFrame frame;
  bool settled, boxes;
  unsigned skipped;
  /* What Invoke gets, and where its arguments lie. */
  WORD flags;
  LCID lcid;
  const IID *iid;
  DISPID put_name;
  DISPPARAMS params, *params_argument;
  VARIANT *result_argument;
  EXCEPINFO exception, *exception_argument;
  UINT bad, *bad_argument;
  HRESULT result;
  void *arguments[8];
} InvokeFlight;

static void clear_flight(Flight *flight) {
  InvokeFlight *one = (InvokeFlight *)flight;
  if (!one->settled) {
    frame_clear(&one->frame);
    exception_clear(&one->exception);
  }
}

static int invoke_lands(lua_State *L, int status, lua_KContext context) {
  InvokeFlight *one = (InvokeFlight *)context;
  Flight *flight = &one->flight;
  (void)status;
  if (!flight_has_ended(flight))
    return flight_suspend(L, flight, invoke_lands);
  flight_land(flight);
  one->settled = true;
  one->call.answer = one->result;
  if (FAILED(one->result))
    return raise_failure(L, flight->handle, &one->call, &one->frame, one->result, &one->exception, one->bad,
                         one->skipped);
  exception_unused(&one->exception);
  int results = settle(L, flight->handle, &one->call, &one->frame, one->boxes);
  flight_end(L, flight);
  return results;
}

static void place_arguments(InvokeFlight *one) {
  one->flags = one->call.flags;
  one->lcid = LOCALE_USER_DEFAULT;
  one->iid = &IID_NULL;
  one->params_argument = &one->params;
  one->result_argument = gives_result(&one->call) ? &one->frame.result : NULL;
  one->exception_argument = &one->exception;
  one->bad = (UINT)-1;
  one->bad_argument = &one->bad;
  fill_params(&one->params, &one->call, &one->frame, one->skipped, &one->put_name);
  void *const arguments[] = { &one->call.id,
                              &one->iid,
                              &one->lcid,
                              &one->flags,
                              &one->params_argument,
                              &one->result_argument,
                              &one->exception_argument,
                              &one->bad_argument };
  memcpy(one->arguments, arguments, sizeof arguments);
  one->flight.arguments = one->arguments;
  one->flight.result = &one->result;
}

/* The call as a flight; -1: it is to be made as usual. */
static int fly(lua_State *L, Handle *handle, const InvokeCall *call, unsigned count) {
  InvokeFlight *one = (InvokeFlight *)flight_push(L, handle, sizeof *one);
  one->flight.clear = clear_flight;
  one->call = *call;
  one->call.tolerate = NULL;
  if (!call->plan && !call->subject) /* the flight stands above the name */
    one->call.key = lua_absindex(L, call->key);
  if (!frame_init(&one->frame, count))
    return raise_status(L, E_OUTOFMEMORY, NULL);
  Converting converting;
  unsigned bad = 0;
  HRESULT result = take_arguments(&converting, L, handle, call, &one->frame, &bad);
  if (FAILED(result)) {
    one->settled = true;
    return raise_taken(L, handle, call, &one->frame, result, bad, converting.problem);
  }
  one->boxes = converting.boxes;
  one->skipped = count_skipped(call, &one->frame);
  place_arguments(one);
  result = flight_begin(&one->flight, (IUnknown *)handle->dispatch, INVOKE_SLOT);
  if (result == S_OK)
    return flight_suspend(L, &one->flight, invoke_lands);
  if (result == S_FALSE) {
    flight_end(L, &one->flight);
    return -1;
  }
  one->settled = true;
  return raise_failure(L, handle, call, &one->frame, result, &one->exception, (UINT)-1, 0);
}

/* call */

int call_invoke(lua_State *L, Handle *handle, InvokeCall *call) {
  Bridge *bridge = handle->bridge;
  InvokeFrame frame;
  EXCEPINFO exception;
  UINT argument;
  unsigned bad = 0, count = (unsigned)call->count + call->named;
  if (!handle->dispatch)
    return raise_text(L, E_NOINTERFACE, push_subject(L, handle, call), "the object has no IDispatch%s%s",
                      call->plan && call->plan->refusal ? ", and its vtable cannot be called: " : "",
                      call->plan && call->plan->refusal ? call->plan->refusal : "");
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  if (call->plan)
    count = travelling(call->plan, call->count);
  if (flight_wanted(L, bridge) && !call->probes && flight_possible(L, handle)) {
    int results = fly(L, handle, call, count);
    if (results >= 0)
      return results;
  }
  if (!frame_init(&frame, count))
    return raise_status(L, E_OUTOFMEMORY, push_subject(L, handle, call));
  Converting converting;
  HRESULT result = take_arguments(&converting, L, handle, call, &frame, &bad);
  if (FAILED(result))
    return raise_taken(L, handle, call, &frame, result, bad, converting.problem);
  unsigned skipped = count_skipped(call, &frame);
  result = invoke(handle, call, &frame, skipped, gives_result(call), &exception, &argument);
  call->answer = result;
  if (bridge->pending_error) {
    frame_clear(&frame);
    exception_clear(&exception);
    bridge->take_pending(L, bridge);
    return lua_error(L);
  }
  if (FAILED(result)) {
    if (call->tolerate && call->tolerate(result)) {
      frame_clear(&frame);
      exception_clear(&exception);
      return 0;
    }
    return raise_failure(L, handle, call, &frame, result, &exception, argument, skipped);
  }
  exception_unused(&exception);
  return settle(L, handle, call, &frame, converting.boxes);
}

/* quick calls */

static inline bool copy_text(lua_State *L, int index, BSTR *place, void *unused) {
  (void)unused;
  size_t length;
  const char *text = lua_tolstring(L, index, &length);
  return text_to_bstr(text, length, place) == S_OK;
}

static void quick_clear(VARIANT *arguments, int count) {
  for (int i = 0; i < count; i++) {
    if (V_VT(&arguments[i]) >= VT_BSTR)
      VariantClear(&arguments[i]);
  }
}

static int quick_give(lua_State *L, const Plan *plan, Bridge *bridge, uint32_t flags, VARIANT *value) {
  if (V_VT(value) == plan->result.vt && quick_push(L, &plan->result, &V_I8(value)))
    return 1;
  if (V_VT(value) == VT_BSTR && V_BSTR(value) && text_push_small(L, V_BSTR(value)))
    return 1;
  variant_push_clear(L, bridge, flags, plan->declared, value);
  return 1;
}

/* Hands a failure over to the long way's words. */
static int quick_failed(lua_State *L, Handle *handle, Plan *plan, VARIANT *arguments, int count, HRESULT result,
                        EXCEPINFO *exception, UINT bad) {
  InvokeFrame frame;
  InvokeCall call = { .plan = plan };
  if (frame_init(&frame, (unsigned)count)) {
    memcpy(frame.arguments, arguments, (size_t)count * sizeof *arguments);
    return raise_failure(L, handle, &call, &frame, result, exception, bad, 0);
  }
  quick_clear(arguments, count);
  return raise_status(L, result, NULL);
}

int call_quick_invoke(lua_State *L, Handle *handle, Plan *plan, int first, int count) {
  Bridge *bridge = handle->bridge;
  VARIANT arguments[QUICK_LIMIT], answer;
  if (count != plan->quick_count || !handle->dispatch || (flight_wanted(L, bridge) && flight_possible(L, handle))) {
    InvokeCall call = { .plan = plan, .id = plan->id, .flags = plan->flags, .first = first, .count = count };
    call.count = arguments_count(L, plan, first, count);
    return call_invoke(L, handle, &call);
  }
  for (int i = 0; i < count; i++) {
    VARIANT *argument = &arguments[count - 1 - i];
    V_VT(argument) = plan->quick[i].vt;
    if (!quick_take(L, &plan->quick[i], first + i, &V_I8(argument), copy_text, NULL)) {
      quick_clear(arguments + count - i, i);
      InvokeCall call = { .plan = plan, .id = plan->id, .flags = plan->flags, .first = first };
      call.count = arguments_count(L, plan, first, count);
      return call_invoke(L, handle, &call);
    }
  }
  DISPID put_name = DISPID_PROPERTYPUT;
  bool put = plan->kind >= PLAN_PUT;
  DISPPARAMS params = { arguments, put ? &put_name : NULL, (UINT)count, put };
  EXCEPINFO exception;
  begin_exception(&exception);
  UINT bad = (UINT)-1;
  V_VT(&answer) = VT_EMPTY;
  handle->busy++;
  bridge_leave(bridge);
  HRESULT result = IDispatch_Invoke(handle->dispatch, plan->id, &IID_NULL, LOCALE_USER_DEFAULT, plan->flags, &params,
                                    plan->gives_result ? &answer : NULL, &exception, &bad);
  bridge_return(bridge);
  handle_leave(handle);
  if (bridge->pending_error) {
    quick_clear(arguments, count);
    VariantClear(&answer);
    exception_clear(&exception);
    bridge->take_pending(L, bridge);
    return lua_error(L);
  }
  if (FAILED(result)) {
    VariantClear(&answer);
    return quick_failed(L, handle, plan, arguments, count, result, &exception, bad);
  }
  exception_unused(&exception);
  quick_clear(arguments, count);
  return plan->gives_result ? quick_give(L, plan, bridge, handle->flags & HANDLE_INHERITED, &answer) : 0;
}
