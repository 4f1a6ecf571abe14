/* object_interface.c - what implementing an interface in Lua needs to know of it, made once from its type information: the
 * Lua names of its members, its vtable over closures (one for all objects), its members by DISPID. */
#include "bridge/objects/objects_internal.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEMPORARY_LIMIT 65536u

/* methods */

static bool is_plain_type(const Type *type) {
  type = type_resolve(type);
  if (type->kind == TYPE_ENUM)
    return true;
  if (type->kind != TYPE_BASE)
    return false;
  switch (type->vt) {
  case VT_I1:
  case VT_UI1:
  case VT_I2:
  case VT_UI2:
  case VT_I4:
  case VT_UI4:
  case VT_I8:
  case VT_UI8:
  case VT_INT:
  case VT_UINT:
  case VT_R8:
  case VT_BOOL:
    return true;
  default:
    return false;
  }
}

static uint32_t aligned(uint32_t size) {
  return (size + 15u) & ~15u;
}

/* Counts what goes to Lua and comes back. */
static void measure_method(MethodPlan *method) {
  const Signature *signature = method->signature;
  bool status = (signature->flags & SIGNATURE_HRESULT) != 0;
  bool native = !status && type_resolve(signature->result)->vt != VT_VOID;
  method->plain = status;
  method->result_index = signature->retval;
  method->returned = native || signature->retval >= 0;
  method->temporary = aligned(signature->result->size);
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    method->temporary += aligned(parameter->value->size > 24 ? parameter->value->size : 24);
    method->kept += is_kept(parameter);
    if (plan_takes(parameter)) {
      method->pushed++;
      method->plain &= parameter->indirection == 0 && !(parameter->flags & PARAMETER_OUT);
    } else {
      method->plain &= (int)k == signature->retval && parameter->indirection == 1;
    }
    method->returned += plan_gives(parameter) && (int)k != signature->vararg;
    method->plain &= is_plain_type(parameter->value);
  }
}

/* Plain arguments, and the result behind them: object_quick.c. */
static void plan_quick(MethodPlan *method) {
  const Signature *signature = method->signature;
  int count = signature->count - (signature->retval >= 0);
  method->plain &= count <= QUICK_LIMIT && (signature->retval < 0 || signature->retval == count);
  if (!method->plain)
    return;
  method->quick_count = (uint8_t)count;
  for (int k = 0; k < count; k++)
    method->quick[k] = signature->parameters[k].vt;
  if (signature->retval >= 0)
    method->quick_result = signature->parameters[count].vt;
}

/* "Name" and "get_Name". */
static HRESULT name_method(MethodPlan *method, const OLECHAR *wide) {
  char *name = text_copy_utf8(wide ? wide : OLESTR("?"));
  if (!name)
    return E_OUTOFMEMORY;
  method->name = name;
  method->names.name = name_get(name);
  if (!method->names.name)
    return E_OUTOFMEMORY;
  method->first_key = method->names.name->key;
  if (method->kind == INVOKE_FUNC)
    return S_OK;
  size_t size = strlen(name) + 5;
  char *accessor = malloc(size);
  if (!accessor)
    return E_OUTOFMEMORY;
  snprintf(accessor, size, "%s_%s", method->kind == INVOKE_PROPERTYGET ? "get" : "set", name);
  method->names.accessor = name_get(accessor);
  free(accessor);
  if (!method->names.accessor)
    return E_OUTOFMEMORY;
  method->first_key = method->names.accessor->key;
  return S_OK;
}

/* Takes over the signature. */
static HRESULT add_function(InterfacePlan *plan, ITypeInfo *owner, const Signature *signature) {
  MethodPlan *method = &plan->methods[plan->method_count++];
  method->signature = signature;
  method->owner = owner;
  method->id = signature->memid;
  method->kind = signature->invkind;
  measure_method(method);
  plan_quick(method);
  if (method->temporary > TEMPORARY_LIMIT)
    return E_NOTIMPL;
  return name_method(method, signature->name);
}

static HRESULT add_variable(InterfacePlan *plan, ITypeInfo *owner, const VARDESC *variable, INVOKEKIND kind,
                            const OLECHAR *name) {
  MethodPlan *method = &plan->methods[plan->method_count++];
  char problem[128];
  method->owner = owner;
  method->id = variable->memid;
  method->kind = kind;
  method->result_index = -1;
  method->pushed = kind != INVOKE_PROPERTYGET;
  method->returned = kind == INVOKE_PROPERTYGET;
  HRESULT result =
      type_from_typedesc(plan->types, owner, &variable->elemdescVar.tdesc, &method->variable, problem, sizeof problem);
  if (FAILED(result))
    return result;
  method->temporary = aligned(method->variable->size) + 32;
  return method->temporary > TEMPORARY_LIMIT ? E_NOTIMPL : name_method(method, name);
}

static HRESULT add_variables(InterfacePlan *plan, ITypeInfo *level, UINT count) {
  for (UINT i = 0; i < count; i++) {
    VARDESC *variable = NULL;
    BSTR name = NULL;
    UINT names = 0;
    HRESULT result = ITypeInfo_GetVarDesc(level, i, &variable);
    if (FAILED(result))
      return result;
    if (variable->varkind == VAR_DISPATCH) {
      result = ITypeInfo_GetNames(level, variable->memid, &name, 1, &names);
      if (SUCCEEDED(result))
        result = add_variable(plan, level, variable, INVOKE_PROPERTYGET, name);
      if (SUCCEEDED(result) && !(variable->wVarFlags & VARFLAG_FREADONLY))
        result = add_variable(plan, level, variable, INVOKE_PROPERTYPUT, name);
      SysFreeString(name);
    }
    ITypeInfo_ReleaseVarDesc(level, variable);
    if (FAILED(result))
      return result;
  }
  return S_OK;
}

static HRESULT add_level(InterfacePlan *plan, ITypeInfo *level, char *problem, size_t size) {
  TYPEATTR *attributes = NULL;
  HRESULT result = ITypeInfo_GetTypeAttr(level, &attributes);
  if (FAILED(result))
    return result;
  UINT functions = attributes->cFuncs, variables = attributes->cVars;
  bool dispatch_only = attributes->typekind == TKIND_DISPATCH;
  ITypeInfo_ReleaseTypeAttr(level, attributes);
  size_t most = plan->method_count + functions + 2u * variables;
  MethodPlan *methods = realloc(plan->methods, (most + 1) * sizeof *methods);
  if (!methods)
    return E_OUTOFMEMORY;
  memset(methods + plan->method_count, 0, (most + 1 - plan->method_count) * sizeof *methods);
  plan->methods = methods;
  for (UINT i = 0; i < functions; i++) {
    const Signature *signature = NULL;
    result = typeinfo_signature(level, i, NULL, &signature);
    if (SUCCEEDED(result))
      result = add_function(plan, level, signature);
    if (FAILED(result)) {
      snprintf(problem, size, "function %u of %s cannot be implemented", i, plan->name);
      return result;
    }
  }
  return dispatch_only ? add_variables(plan, level, variables) : S_OK;
}

/* chains */

static ITypeInfo *related_info(ITypeInfo *info, UINT index) {
  HREFTYPE reference;
  ITypeInfo *other = NULL;
  if (FAILED(ITypeInfo_GetRefTypeOfImplType(info, index, &reference)) ||
      FAILED(ITypeInfo_GetRefTypeInfo(info, reference, &other)))
    return NULL;
  return other;
}

/* The interface and its bases, most derived first; takes over `info`. */
static HRESULT collect_levels(InterfacePlan *plan, ITypeInfo *info) {
  while (info) {
    TYPEATTR *attributes = NULL;
    HRESULT result = ITypeInfo_GetTypeAttr(info, &attributes);
    if (FAILED(result)) {
      ITypeInfo_Release(info);
      return result;
    }
    GUID guid = attributes->guid;
    UINT bases = attributes->cImplTypes;
    ITypeInfo_ReleaseTypeAttr(info, attributes);
    bool dispatch = IsEqualGUID(&guid, &IID_IDispatch) != 0;
    if (dispatch || IsEqualGUID(&guid, &IID_IUnknown) || plan->level_count == VIEW_CHAIN_LIMIT) {
      plan->dispatch |= dispatch;
      ITypeInfo_Release(info);
      return plan->level_count == VIEW_CHAIN_LIMIT ? TYPE_E_CIRCULARTYPE : S_OK;
    }
    plan->iids[plan->level_count] = guid;
    plan->levels[plan->level_count++] = info;
    info = bases != 0 ? related_info(info, 0) : NULL;
  }
  return S_OK;
}

/* vtables */

static HRESULT STDMETHODCALLTYPE unsupported_slot(void *self) {
  (void)self;
  return E_NOTIMPL;
}

static UINT first_own_slot(const InterfacePlan *plan) {
  return plan->dispatch ? 7 : 3;
}

/* A function that a client may call through the vtable. */
static bool has_slot(const InterfacePlan *plan, const Signature *signature) {
  return signature && !(signature->flags & (SIGNATURE_DISPATCH | SIGNATURE_STATIC)) && !signature->unsupported &&
         signature->slot >= first_own_slot(plan);
}

/* The highest slot decides. The size that the library says does not: it is in units of the system that the library is for,
 * and nobody has checked it. */
static UINT count_slots(const InterfacePlan *plan) {
  UINT count = first_own_slot(plan);
  for (unsigned i = 0; i < plan->method_count; i++) {
    const Signature *signature = plan->methods[i].signature;
    if (signature && !(signature->flags & (SIGNATURE_DISPATCH | SIGNATURE_STATIC)) && signature->slot >= count)
      count = signature->slot + 1;
  }
  return count;
}

static HRESULT make_vtable(InterfacePlan *plan, char *problem, size_t size) {
  UINT count = count_slots(plan);
  VtableSlot *slots = calloc(count, sizeof *slots);
  plan->slots = calloc(count, sizeof(MethodPlan *));
  if (!slots || !plan->slots) {
    free(slots);
    return E_OUTOFMEMORY;
  }
  plan->slot_count = count;
  for (UINT i = 0; i < count; i++)
    slots[i].function = (void (*)(void))unsupported_slot;
  for (UINT i = 0; i < first_own_slot(plan); i++)
    slots[i].function = dispatch_vtable[i];
  for (unsigned i = 0; i < plan->method_count; i++) {
    const Signature *signature = plan->methods[i].signature;
    if (!has_slot(plan, signature))
      continue;
    slots[signature->slot] = (VtableSlot){ NULL, signature };
    plan->slots[signature->slot] = &plan->methods[i];
  }
  HRESULT result = vtable_template_create(slots, count, plan_slot_called, plan, NULL, &plan->vtable);
  free(slots);
  if (FAILED(result))
    snprintf(problem, size, "the vtable of %s cannot be made", plan->name);
  return result;
}

/* plans */

static void plan_destroy(InterfacePlan *plan) {
  vtable_template_destroy(plan->vtable);
  for (unsigned i = 0; i < plan->method_count; i++) {
    if (plan->methods[i].signature)
      signature_release(plan->methods[i].signature);
    free(plan->methods[i].name);
    name_release(plan->methods[i].names.name);
    name_release(plan->methods[i].names.accessor);
  }
  for (unsigned i = 0; i < plan->level_count; i++)
    ITypeInfo_Release(plan->levels[i]);
  if (plan->info)
    ITypeInfo_Release(plan->info);
  if (plan->source)
    ITypeInfo_Release(plan->source);
  if (plan->types)
    type_set_release(plan->types);
  free(plan->methods);
  free(plan->slots);
  free(plan->name);
  free(plan);
}

InterfacePlan *interface_plan_addref(InterfacePlan *plan) {
  atomic_fetch_add(&plan->references, 1);
  return plan;
}

void interface_plan_release(InterfacePlan *plan) {
  if (atomic_fetch_sub(&plan->references, 1) == 1)
    plan_destroy(plan);
}

static HRESULT plan_fill(InterfacePlan *plan, ITypeInfo *info, const TYPEATTR *attributes, char *problem, size_t size) {
  BSTR name = NULL;
  bool dual = (attributes->wTypeFlags & TYPEFLAG_FDUAL) != 0, dispinterface = attributes->typekind == TKIND_DISPATCH;
  ITypeInfo *other = dual ? related_info(info, (UINT)-1) : NULL;
  plan->iid = attributes->guid;
  plan->source = info;
  ITypeInfo_AddRef(info);
  plan->info = dual && !dispinterface && other ? other : info;
  ITypeInfo_AddRef(plan->info);
  HRESULT result = ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &name, NULL, NULL, NULL);
  plan->name = SUCCEEDED(result) && name ? text_copy_utf8(name) : text_copy_utf8(OLESTR("interface"));
  SysFreeString(name);
  result = plan->name ? type_set_create(&plan->types) : E_OUTOFMEMORY;
  ITypeInfo *first = dispinterface && other ? other : info;
  ITypeInfo_AddRef(first);
  if (other)
    ITypeInfo_Release(other);
  if (SUCCEEDED(result) && dispinterface && first == info) { /* no vtable half */
    plan->dispatch = true;
    plan->iids[0] = plan->iid;
    plan->levels[plan->level_count++] = first;
  } else if (SUCCEEDED(result)) {
    plan->vtabled = true;
    result = collect_levels(plan, first);
  } else {
    ITypeInfo_Release(first);
  }
  for (unsigned i = 0; SUCCEEDED(result) && i < plan->level_count; i++)
    result = add_level(plan, plan->levels[i], problem, size);
  return SUCCEEDED(result) && plan->vtabled ? make_vtable(plan, problem, size) : result;
}

static HRESULT plan_make(ITypeInfo *info, InterfacePlan **made, char *problem, size_t size) {
  TYPEATTR *attributes = NULL;
  HRESULT result = ITypeInfo_GetTypeAttr(info, &attributes);
  *made = NULL;
  if (FAILED(result))
    return result;
  InterfacePlan *plan = NULL;
  if (attributes->typekind != TKIND_INTERFACE && attributes->typekind != TKIND_DISPATCH) {
    snprintf(problem, size, "the type is no interface");
    result = TYPE_E_WRONGTYPEKIND;
  } else if ((plan = calloc(1, sizeof *plan)) == NULL) {
    result = E_OUTOFMEMORY;
  } else {
    plan->references = 1;
    result = plan_fill(plan, info, attributes, problem, size);
  }
  ITypeInfo_ReleaseTypeAttr(info, attributes);
  if (FAILED(result) && plan) {
    plan_destroy(plan);
    plan = NULL;
  }
  *made = plan;
  return result;
}

/* Shared plans, the one that was asked for last first. They keep their type information, so that its address stays their
 * key. Of those that nobody uses the last few are kept: a script makes its objects again and again, and a caller whose object
 * is let go during its call still returns through the vtable. */
#define UNUSED_PLANS 64
static pthread_mutex_t plans_lock = PTHREAD_MUTEX_INITIALIZER;
static InterfacePlan *shared_plans;

/* The plan made from `info`, referenced; NULL. Under the lock. */
static InterfacePlan *find_shared(ITypeInfo *info) {
  InterfacePlan **place = &shared_plans;
  while (*place && (*place)->source != info)
    place = &(*place)->next;
  InterfacePlan *plan = *place;
  if (!plan)
    return NULL;
  *place = plan->next;
  plan->next = shared_plans;
  shared_plans = plan;
  return interface_plan_addref(plan);
}

/* Takes the plans out that nobody but the list holds, but for the newest. Under the lock. */
static InterfacePlan *take_unused(void) {
  InterfacePlan *taken = NULL, **place = &shared_plans;
  for (unsigned unused = 0; *place;) {
    InterfacePlan *plan = *place;
    if (atomic_load(&plan->references) != 1 || ++unused <= UNUSED_PLANS) {
      place = &plan->next;
      continue;
    }
    *place = plan->next;
    plan->next = taken;
    taken = plan;
  }
  return taken;
}

/* Puts a new plan in, unless another thread was faster: then *plan is that one's. */
static void share_plan(InterfacePlan **plan) {
  pthread_mutex_lock(&plans_lock);
  InterfacePlan *other = find_shared((*plan)->source), *unused = NULL;
  if (other) {
    (*plan)->next = NULL;
    unused = *plan;
    *plan = other;
  } else {
    unused = take_unused();
    (*plan)->next = shared_plans;
    shared_plans = interface_plan_addref(*plan);
  }
  pthread_mutex_unlock(&plans_lock);
  while (unused) { /* type information may be foreign: not under the lock */
    InterfacePlan *next = unused->next;
    interface_plan_release(unused);
    unused = next;
  }
}

HRESULT interface_plan_get(ITypeInfo *info, bool shared, InterfacePlan **plan, char *problem, size_t size) {
  problem[0] = 0;
  *plan = NULL;
  if (shared) {
    pthread_mutex_lock(&plans_lock);
    *plan = find_shared(info);
    pthread_mutex_unlock(&plans_lock);
  }
  if (*plan)
    return S_OK;
  HRESULT result = plan_make(info, plan, problem, size);
  if (SUCCEEDED(result) && shared)
    share_plan(plan);
  return result;
}

MethodPlan *interface_plan_find(const InterfacePlan *plan, MEMBERID id, unsigned kinds) {
  for (unsigned i = 0; i < plan->method_count; i++) {
    if (plan->methods[i].id == id && ((unsigned)plan->methods[i].kind & kinds))
      return &plan->methods[i];
  }
  return NULL;
}

bool interface_plan_answers(const InterfacePlan *plan, REFIID iid) {
  if (IsEqualGUID(&plan->iid, iid))
    return !IsEqualGUID(iid, &GUID_NULL);
  for (unsigned i = 0; i < plan->level_count; i++) {
    if (IsEqualGUID(&plan->iids[i], iid) && !IsEqualGUID(iid, &GUID_NULL))
      return true;
  }
  return false;
}
