/* plan.c - a plan is how one kind of access to one member is carried out: its signature, whether its vtable slot may be
 * called, and for short simple parameter lists the quick steps of call_fast.c. Made at the first use of the name. */
#include "bridge/client/client.h"

#include <string.h>

static const WORD dispatch_flags[PLAN_KINDS] = { DISPATCH_METHOD, DISPATCH_PROPERTYGET, DISPATCH_PROPERTYPUT,
                                                 DISPATCH_PROPERTYPUTREF };

/* Fills in the steps when every parameter is a plain [in] scalar or string and at most one value comes back. */
static void plan_quick(Plan *plan) {
  const Signature *signature = plan->signature;
  if (signature->count > QUICK_LIMIT || (signature->flags & (SIGNATURE_VARARG | SIGNATURE_BUFFERS)) ||
      signature->counted)
    return;
  unsigned inputs = 0, results = 0;
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    bool result = k == signature->count - 1u &&
                  ((parameter->flags & PARAMETER_RETVAL) || (plan->vtable && (parameter->flags & PARAMETER_OUT)));
    /* Every slot of the frame is written, by a step or as the cell of the result: nothing else clears it. Through
     * Invoke a [retval] is no argument. */
    if (result) {
      if (!quick_output(&plan->result, parameter) && plan->vtable)
        return;
      plan->result_slot = parameter->slot;
      results++;
    } else if (!quick_input(&plan->quick[inputs++], parameter)) {
      return;
    }
  }
  if (inputs + results != signature->count)
    return;
  plan->quick_count = (uint8_t)inputs;
  plan->is_quick = plan->vtable && (signature->flags & SIGNATURE_HRESULT) && signature->frame_size <= QUICK_FRAME;
  if (results == 0 && !plan->vtable && plan->declared)
    quick_value(&plan->result, plan->declared);
  plan->is_quick_invoke = !plan->vtable && !plan->member->view->forced;
}

/* making */

/* An interface of a library may derive from nothing; no vtable of an object does. */
#define IUNKNOWN_SLOTS 3

static const char *vtable_refusal(const View *view, const Signature *signature) {
  if (view->route != ROUTE_VTABLE)
    return view->refusal;
  if (signature->unsupported)
    return signature->unsupported;
  if (signature->flags & (SIGNATURE_DISPATCH | SIGNATURE_STATIC))
    return "it has no vtable slot";
  if (signature->slot < IUNKNOWN_SLOTS)
    return "its slot is one of IUnknown's";
  if (view->dispatch && !(signature->flags & SIGNATURE_HRESULT))
    return "its result is not an HRESULT";
  return NULL;
}

Plan *plan_get(lua_State *L, Member *member, PlanKind kind) {
  if (member->plans[kind])
    return member->plans[kind];
  View *view = member->view;
  const MemberSource *source = &member->sources[kind];
  ITypeInfo *info = view->chain[source->chain];
  const Signature *signature = NULL;
  Plan *plan = view_memory(L, view, sizeof *plan);
  HRESULT result = interface_entry_signature(info, source->index, source->variable, kind, view->abi, &signature);
  if (FAILED(result))
    raise_text(L, result, view->name, "the parameters of %s cannot be read from its type library", member->name);
  plan->member = member;
  plan->kind = kind;
  plan->signature = signature;
  plan->owner = info;
  plan->flags = dispatch_flags[kind];
  plan->id = source->memid;
  plan->refusal = vtable_refusal(view, signature);
  plan->vtable = !plan->refusal;
  plan->most_status = signature->abi.foreign ? S_OK : INT32_MAX;
  plan->gives_result = signature->retval >= 0 ||
                       (!(signature->flags & SIGNATURE_HRESULT) && type_resolve(signature->result)->vt != VT_VOID);
  if (plan->gives_result)
    plan->declared = signature->retval >= 0 ? signature->parameters[signature->retval].value : signature->result;
  plan_quick(plan);
  member->plans[kind] = plan;
  return plan;
}

int plan_script_index(const Plan *plan, unsigned parameter) {
  int index = 0;
  for (unsigned k = 0; k <= parameter; k++) {
    if (plan_takes(&plan->signature->parameters[k]))
      index++;
  }
  return index;
}

/* "Lib.IFoo:Name" for messages; pushed so that it stays. */
const char *plan_push_subject(lua_State *L, const Plan *plan) {
  const char *separator = plan->kind == PLAN_METHOD ? ":" : ".";
  return lua_pushfstring(L, "%s%s%s", plan->member->view->name, separator, plan->member->name);
}

static int push_subject(lua_State *L) {
  plan_push_subject(L, lua_touserdata(L, 1));
  return 1;
}

int plan_raise(lua_State *L, const Plan *plan, ErrorReport *report) {
  if (!bridge_protected(L, push_subject, (void *)plan, 1)) {
    error_report_clear(report);
    if (report->cause != 0)
      luaL_unref(L, LUA_REGISTRYINDEX, report->cause);
    return lua_error(L);
  }
  report->subject = lua_tostring(L, -1);
  return raise_report(L, report);
}
