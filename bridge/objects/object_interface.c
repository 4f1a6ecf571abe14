/* object_interface.c - what implementing an interface in Lua needs to know of it, made once from its type information: the
 * Lua names of its members, its vtable over closures (one for all objects), its members by DISPID. */
#include "bridge/objects/objects_internal.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define TEMPORARY_LIMIT 65536u

/* methods */

static uint32_t aligned(uint32_t size) {
  return (size + 15u) & ~15u;
}

/* Counts what goes to Lua and comes back. */
static void measure_method(MethodPlan *method) {
  const Signature *signature = method->signature;
  bool status = (signature->flags & SIGNATURE_HRESULT) != 0;
  bool native = !status && type_resolve(signature->result)->vt != VT_VOID;
  method->result_index = signature->retval;
  method->returned = native || signature->retval >= 0;
  method->temporary = aligned(signature->result->size);
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    method->temporary += aligned(parameter->value->size > 24 ? parameter->value->size : 24);
    method->kept += is_kept(parameter);
    method->pushed += plan_takes(parameter);
    method->returned += plan_gives(parameter) && (int)k != signature->vararg;
  }
}

/* Plain arguments, and the result behind them: object_quick.c. */
static void plan_quick(MethodPlan *method) {
  const Signature *signature = method->signature;
  int count = signature->count - (signature->retval >= 0);
  if (!(signature->flags & SIGNATURE_HRESULT) || signature->abi.foreign || count > QUICK_LIMIT ||
      (signature->retval >= 0 && signature->retval != count))
    return;
  for (int k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    QuickStep *step = k < count ? &method->quick[k] : &method->result;
    bool is_quick = k < count ? quick_input(step, parameter) : quick_output(step, parameter);
    if (!is_quick || step->op == QUICK_BSTR)
      return;
  }
  method->quick_count = (uint8_t)count;
  method->plain = true;
}

/* "IFoo_Name", for modules: there a table may have methods of several interfaces that are called the same. */
static HRESULT qualify_method(MethodPlan *method) {
  TypeDocumentation text;
  HRESULT result = typeinfo_get_documentation(method->owner, MEMBERID_NIL, &text);
  char *owner = text_copy_utf8(SUCCEEDED(result) && text.name ? text.name : OLESTR("interface"));
  typeinfo_free_documentation(&text);
  size_t size = owner ? strlen(owner) + strlen(method->name) + 2 : 0;
  char *qualified = owner ? malloc(size) : NULL;
  if (qualified) {
    snprintf(qualified, size, "%s_%s", owner, method->name);
    method->names.accessor = name_get(qualified);
  }
  free(owner);
  free(qualified);
  return method->names.accessor ? S_OK : E_OUTOFMEMORY;
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
    return method->signature->abi.foreign ? qualify_method(method) : S_OK;
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

/* A method more, zeroed; NULL: no memory. */
static MethodPlan *new_method(InterfacePlan *plan) {
  if ((plan->method_count & (plan->method_count - 1)) == 0) {
    size_t capacity = plan->method_count ? plan->method_count * 2u : 1u;
    MethodPlan *methods = realloc(plan->methods, capacity * sizeof *methods);
    if (!methods)
      return NULL;
    plan->methods = methods;
  }
  MethodPlan *method = &plan->methods[plan->method_count++];
  memset(method, 0, sizeof *method);
  return method;
}

/* Takes over the signature. */
static HRESULT add_method(InterfacePlan *plan, const InterfaceEntry *entry, const Signature *signature) {
  MethodPlan *method = new_method(plan);
  if (!method) {
    signature_release(signature);
    return E_OUTOFMEMORY;
  }
  method->signature = signature;
  method->owner = plan->levels.levels[entry->level];
  method->id = entry->memid;
  method->kind = plan_invoke_kind(entry->kind);
  measure_method(method);
  plan_quick(method);
  if (method->temporary > TEMPORARY_LIMIT)
    return E_NOTIMPL;
  return name_method(method, entry->name);
}

typedef struct Filling {
  InterfacePlan *plan;
  char *problem;
  size_t size;
} Filling;

/* An interface is implemented whole or not at all. */
static HRESULT fill_entry(void *context, const InterfaceEntry *entry) {
  const Filling *filling = context;
  const Signature *signature = NULL;
  HRESULT result = entry->status;
  if (SUCCEEDED(result))
    result = interface_entry_signature(filling->plan->levels.levels[entry->level], entry->index, entry->variable,
                                       entry->kind, filling->plan->abi, &signature);
  if (SUCCEEDED(result))
    result = add_method(filling->plan, entry, signature);
  if (FAILED(result))
    snprintf(filling->problem, filling->size, "%s %u of %s cannot be implemented",
             entry->variable ? "property" : "function", entry->index, filling->plan->name);
  return result;
}

/* vtables */

static HRESULT STDMETHODCALLTYPE unsupported_slot(void *self) {
  (void)self;
  return E_NOTIMPL;
}

static UINT first_own_slot(const InterfacePlan *plan) {
  return plan->levels.dispatch ? 7 : 3;
}

/* A function that a client may call through the vtable. */
static bool has_slot(const InterfacePlan *plan, const Signature *signature) {
  return !(signature->flags & (SIGNATURE_DISPATCH | SIGNATURE_STATIC)) && !signature->unsupported &&
         signature->slot >= first_own_slot(plan);
}

/* The highest slot decides. The size that the library says does not: it is in units of the system that the library is for,
 * and nobody has checked it. */
static UINT count_slots(const InterfacePlan *plan) {
  UINT count = first_own_slot(plan);
  for (unsigned i = 0; i < plan->method_count; i++) {
    const Signature *signature = plan->methods[i].signature;
    if (!(signature->flags & (SIGNATURE_DISPATCH | SIGNATURE_STATIC)) && signature->slot >= count)
      count = signature->slot + 1;
  }
  return count;
}

/* Gives every method its slot. A slot that a library gives to two methods serves neither, and one of IUnknown or IDispatch
 * stays what it is; then Invoke may not go through the vtable either. */
static void fill_slots(InterfacePlan *plan, VtableSlot *slots) {
  plan->invokes_itself = true;
  for (unsigned i = 0; i < plan->method_count; i++) {
    const Signature *signature = plan->methods[i].signature;
    bool in_vtable = !(signature->flags & (SIGNATURE_DISPATCH | SIGNATURE_STATIC));
    if (!has_slot(plan, signature)) {
      plan->invokes_itself &= !in_vtable || signature->slot >= first_own_slot(plan);
      continue;
    }
    VtableSlot *slot = &slots[signature->slot];
    bool taken = plan->slots[signature->slot];
    plan->invokes_itself &= !taken;
    *slot = taken ? (VtableSlot){ (void (*)(void))unsupported_slot, NULL } : (VtableSlot){ NULL, signature };
    plan->slots[signature->slot] = &plan->methods[i];
  }
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
  for (UINT i = 0; plan->abi && i < 3; i++)
    slots[i].function = foreign_face_methods[plan->abi->convention == ABI_MS][i];
  fill_slots(plan, slots);
  HRESULT result = vtable_template_create(slots, count, plan_slot_called, plan, plan->abi, &plan->vtable);
  free(slots);
  if (FAILED(result))
    snprintf(problem, size, "the vtable of %s cannot be made", plan->name);
  return result;
}

/* plans */

static void plan_destroy(InterfacePlan *plan) {
  vtable_template_destroy(plan->vtable);
  for (unsigned i = 0; i < plan->method_count; i++) {
    signature_release(plan->methods[i].signature);
    free(plan->methods[i].name);
    name_release(plan->methods[i].names.name);
    name_release(plan->methods[i].names.accessor);
  }
  interface_levels_release(&plan->levels);
  if (plan->info)
    ITypeInfo_Release(plan->info);
  if (plan->source)
    ITypeInfo_Release(plan->source);
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

static HRESULT name_plan(InterfacePlan *plan, ITypeInfo *info) {
  TypeDocumentation text;
  HRESULT result = typeinfo_get_documentation(info, MEMBERID_NIL, &text);
  plan->name = text_copy_utf8(SUCCEEDED(result) && text.name ? text.name : OLESTR("interface"));
  typeinfo_free_documentation(&text);
  return plan->name ? S_OK : E_OUTOFMEMORY;
}

/* What IDispatch::GetTypeInfo gives: the dispinterface, where there is one. */
static void note_info(InterfacePlan *plan, ITypeInfo *info, const TYPEATTR *attributes) {
  bool dual = (attributes->wTypeFlags & TYPEFLAG_FDUAL) != 0;
  plan->source = info;
  ITypeInfo_AddRef(info);
  if (dual && attributes->typekind == TKIND_INTERFACE &&
      SUCCEEDED(typeinfo_get_implemented(info, (UINT)-1, &plan->info)))
    return;
  plan->info = info;
  ITypeInfo_AddRef(info);
}

static HRESULT plan_fill(InterfacePlan *plan, ITypeInfo *info, char *problem, size_t size) {
  TYPEATTR attributes;
  HRESULT result = typeinfo_copy_attributes(info, &attributes);
  if (FAILED(result))
    return result;
  plan->iid = attributes.guid;
  note_info(plan, info, &attributes);
  result = name_plan(plan, info);
  if (SUCCEEDED(result))
    result = interface_levels(info, &plan->levels);
  if (result == TYPE_E_WRONGTYPEKIND)
    snprintf(problem, size, "the type is no interface");
  if (FAILED(result))
    return result;
  Filling filling = { plan, problem, size };
  result = interface_visit_entries(plan->levels.levels, plan->levels.count, fill_entry, &filling);
  return SUCCEEDED(result) && plan->levels.vtabled ? make_vtable(plan, problem, size) : result;
}

static HRESULT plan_make(ITypeInfo *info, const SignatureAbi *abi, InterfacePlan **made, char *problem, size_t size) {
  InterfacePlan *plan = calloc(1, sizeof *plan);
  *made = NULL;
  if (!plan)
    return E_OUTOFMEMORY;
  plan->references = 1;
  plan->abi = abi;
  HRESULT result = plan_fill(plan, info, problem, size);
  if (SUCCEEDED(result))
    *made = plan;
  else
    plan_destroy(plan);
  return result;
}

/* Shared plans, the one that was asked for last first. They keep their type information, so that its address stays their
 * key. Of those that nobody uses the last few are kept: a script makes its objects again and again, and a caller whose object
 * is let go during its call still returns through the vtable. */
#define UNUSED_PLANS 64
static pthread_mutex_t plans_lock = PTHREAD_MUTEX_INITIALIZER;
static InterfacePlan *shared_plans;

/* The plan made from `info`, referenced; NULL. Under the lock. */
static InterfacePlan *find_shared(ITypeInfo *info, const SignatureAbi *abi) {
  InterfacePlan **place = &shared_plans;
  while (*place && ((*place)->source != info || (*place)->abi != abi))
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
  InterfacePlan *other = find_shared((*plan)->source, (*plan)->abi), *unused = NULL;
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

HRESULT interface_plan_get(ITypeInfo *info, bool shared, const SignatureAbi *abi, InterfacePlan **plan, char *problem,
                           size_t size) {
  problem[0] = 0;
  *plan = NULL;
  if (shared) {
    pthread_mutex_lock(&plans_lock);
    *plan = find_shared(info, abi);
    pthread_mutex_unlock(&plans_lock);
  }
  if (*plan)
    return S_OK;
  HRESULT result = plan_make(info, abi, plan, problem, size);
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
  for (unsigned i = 0; i < plan->levels.count; i++) {
    if (IsEqualGUID(&plan->levels.iids[i], iid) && !IsEqualGUID(iid, &GUID_NULL))
      return true;
  }
  return false;
}
