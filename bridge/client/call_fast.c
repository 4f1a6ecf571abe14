/* call_fast.c - the shortest way into a method: plain [in] scalars and strings, at most one value back, no named or
 * missing arguments. Whatever does not fit (a wrong type, too few values ...) goes to call_vtable, which starts over and
 * knows how to say what is wrong: nothing here has an effect before the call itself. */
#include "bridge/client/flight.h"

#include <string.h>

/* The frame of a quick call, and the strings lent to it. */
typedef struct QuickFrame {
  union {
    CallFrame frame;
    _Alignas(16) unsigned char bytes[QUICK_FRAME];
  };
  Scratch scratch;
} QuickFrame;

static inline bool lend_text(lua_State *L, int index, BSTR *place, void *scratch) {
  size_t length;
  const char *text = lua_tolstring(L, index, &length);
  BSTR borrowed = text_scratch_bstr(scratch, text, length);
  *place = borrowed;
  return borrowed;
}

static int give_long_text(lua_State *L) {
  BSTR text = lua_touserdata(L, 1);
  text_push_utf16(L, text, SysStringLen(text));
  return 1;
}

/* Pushes the one result. */
static inline int quick_give(lua_State *L, const Plan *plan, void *storage) {
  if (quick_push(L, &plan->result, storage))
    return 1;
  if (plan->result.op == QUICK_NONE)
    return 0;
  BSTR text = *(BSTR *)storage;
  if (!text) {
    lua_pushliteral(L, "");
  } else if (!text_push_small(L, text)) {
    bool pushed = bridge_protected(L, give_long_text, text, 1);
    SysFreeString(text);
    if (!pushed)
      return lua_error(L);
  }
  return 1;
}

/* A failure, or an error of a callback that happened meanwhile. */
static __attribute__((noinline, cold)) int quick_failed(lua_State *L, Handle *handle, const Plan *plan,
                                                        CallFrame *frame, HRESULT result) {
  Bridge *bridge = plan->member->view->bridge;
  ErrorReport report = { .hresult = result };
  if (!bridge->pending_error && !plan_failed(plan, result)) { /* a module's success that is not S_OK */
    handle_leave(handle);
    int given = quick_give(L, plan, frame_at(frame, plan->result.storage));
    lua_pushinteger(L, (lua_Integer)(uint32_t)result);
    return given + 1;
  }
  plan_name_status(plan, &report);
  if (!bridge->pending_error && !plan->signature->abi.foreign)
    error_report_from_info(L, bridge, handle->face ? handle->face : handle->parting, &plan->member->view->iid, &report);
  handle_leave(handle);
  /* signature_prepare did not run: the arguments are lent, only the result can be ours. */
  memset(frame_at(frame, plan->signature->owned_offset), 0, plan->signature->count);
  signature_finish(plan->signature, frame);
  if (bridge->pending_error) {
    bridge->take_pending(L, bridge);
    return lua_error(L);
  }
  return plan_raise(L, plan, &report);
}

/* Puts the values from `first` on into the frame. False: one of them goes the long way. */
static inline __attribute__((always_inline)) bool quick_fill(lua_State *L, const Plan *plan, int first, int count,
                                                             QuickFrame *quick) {
  quick->scratch.used = 0;
  if (plan->result.op != QUICK_NONE) {
    /* Every argument is written below: only the cell of the result needs what signature_prepare does. */
    *(uint64_t *)(void *)(quick->bytes + plan->result.storage) = 0;
    *(void **)(void *)(quick->bytes + plan->result_slot) = quick->bytes + plan->result.storage;
  }
  for (const QuickStep *step = plan->quick, *end = step + count; step != end; step++, first++) {
    if (!quick_take(L, step, first, quick->bytes + step->storage, lend_text, &quick->scratch))
      return false;
  }
  return true;
}

int call_quick(lua_State *L, Handle *handle, Plan *plan, int first, int count) {
  QuickFrame quick;
  if (count != plan->quick_count || (flight_wanted(L, handle->bridge) && flight_possible(L, handle)) ||
      !quick_fill(L, plan, first, count, &quick))
    return call_vtable(L, handle, plan, first, count, false);
  Bridge *bridge = handle->bridge;
  handle->busy++;
  bridge_leave(bridge);
  HRESULT result = (HRESULT)signature_invoke(plan->signature, handle->target, &quick.frame);
  bridge_return(bridge);
  if ((uint32_t)result > plan->most_status || bridge->pending_error)
    return quick_failed(L, handle, plan, &quick.frame, result);
  handle_leave(handle);
  return quick_give(L, plan, quick.bytes + plan->result.storage);
}

/* What is left of a call that did not just succeed, for a protected call. */
typedef struct QuickFailure {
  Handle *handle;
  const Plan *plan;
  CallFrame *frame;
  HRESULT result;
} QuickFailure;

static int finish_failure(lua_State *L) {
  QuickFailure *failure = lua_touserdata(L, 1);
  return quick_failed(L, failure->handle, failure->plan, failure->frame, failure->result);
}

static __attribute__((noinline, cold)) int tell_failure(lua_State *L, Handle *handle, const Plan *plan,
                                                        CallFrame *frame, HRESULT result) {
  QuickFailure failure = { handle, plan, frame, result };
  int top = lua_gettop(L);
  lua_pushboolean(L, bridge_protected(L, finish_failure, &failure, LUA_MULTRET));
  lua_insert(L, top + 1);
  return lua_gettop(L) - top;
}

int call_quick_told(lua_State *L, Handle *handle, Plan *plan, int first, int count) {
  QuickFrame quick;
  Bridge *bridge = handle->bridge;
  if (count != plan->quick_count || flight_wanted(L, bridge) || !quick_fill(L, plan, first, count, &quick))
    return 0;
  handle->busy++;
  bridge_leave(bridge);
  HRESULT result = (HRESULT)signature_invoke(plan->signature, handle->target, &quick.frame);
  bridge_return(bridge);
  if ((uint32_t)result > plan->most_status || bridge->pending_error)
    return tell_failure(L, handle, plan, &quick.frame, result);
  handle_leave(handle);
  lua_pushboolean(L, true);
  return 1 + quick_give(L, plan, quick.bytes + plan->result.storage);
}

/* The same for a property that is read without arguments. */
int call_quick_get(lua_State *L, Handle *handle, Plan *plan) {
  Bridge *bridge = handle->bridge;
  if (flight_wanted(L, bridge) && flight_possible(L, handle))
    return call_vtable(L, handle, plan, 2, 0, false);
  union {
    CallFrame frame;
    _Alignas(16) unsigned char bytes[QUICK_FRAME];
  } quick;
  void *cell = quick.bytes + plan->result.storage;
  *(uint64_t *)cell = 0;
  *(void **)(void *)(quick.bytes + plan->result_slot) = cell;
  handle->busy++;
  bridge_leave(bridge);
  HRESULT result = (HRESULT)signature_invoke(plan->signature, handle->target, &quick.frame);
  bridge_return(bridge);
  if ((uint32_t)result > plan->most_status || bridge->pending_error)
    return quick_failed(L, handle, plan, &quick.frame, result);
  handle_leave(handle);
  return quick_give(L, plan, cell);
}
