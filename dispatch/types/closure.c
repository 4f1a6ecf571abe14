/* Use 2 of the Signature: functions made at run time that decode their arguments and hand them to a handler, and
 * vtables made of such functions. The slots of a native vtable are thunks that are part of the program (closure_sysv.S);
 * for other conventions and for single functions libffi provides the memory (static trampolines, or two mappings of it,
 * so no page is ever writable and executable). Single functions are never freed: code may still be running in them
 * whenever they could be. A vtable is freed by who knows that no object has it. */
#include "dispatch/types/signature_internal.h"

#include <ffi.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

/* One callable function. */
typedef struct Closure {
  const Signature *signature;
  ClosureHandler handler;
  void *context;
  ffi_closure *code;    /* NULL while the slot is a plain function or a thunk */
  struct Closure *next; /* of the single functions, kept on purpose like the templates */
  bool simple;
} Closure;

static _Atomic(Closure *) single_closures;

struct VtableTemplate {
  struct VtableTemplate *next, **place; /* all of them, so that leak checkers see that they are kept on purpose */
  ClosureHandler handler;
  void *context;
  UINT count;                /* logical slots */
  Closure *closures;         /* by logical slot */
  void (*functions[])(void); /* what objects point to */
};

static pthread_mutex_t templates_lock = PTHREAD_MUTEX_INITIALIZER;
static VtableTemplate *all_templates;

/* Brings the result to the form in which the caller takes it: integers fill a word. */
static void widen_result(const Type *type, void *result) {
  if (type->value_class == VALUE_SIGNED || type->value_class == VALUE_UNSIGNED)
    *(int64_t *)result = integer_load(result, type->size, type->value_class == VALUE_SIGNED);
}

static void run_closure(ffi_cif *cif, void *result, void **arguments, void *data) {
  const Closure *closure = data;
  const Signature *signature = closure->signature;
  const Type *type = signature->result;
  bool has_object = !(signature->flags & SIGNATURE_STATIC);
  (void)cif;
  ClosureCall call = {
    signature,       has_object ? *(void **)arguments[0] : NULL, arguments + has_object, result, signature->slot,
    closure->context
  };
  if (signature->flags & SIGNATURE_HIDDEN && signature->abi.convention == ABI_MS) { /* and comes back as the result */
    call.arguments++;
    call.result = *(void **)arguments[1];
    memset(call.result, 0, type->size);
    closure->handler(&call);
    *(void **)result = call.result;
    return;
  }
  if (type->value_class == VALUE_AGGREGATE)
    memset(result, 0, type->size);
  else if (type->value_class != VALUE_NONE)
    *(ffi_arg *)result = 0;
  closure->handler(&call);
  widen_result(type, result);
}

/* Native slots */

#if defined(__x86_64__)
enum { THUNKS = 1024, THUNK_SIZE = 16, THUNK_HIDDEN = 0x10000, REGISTER_BYTES = 14 * 8, EIGHTBYTE = 8 };

extern const unsigned char closure_thunks[], closure_thunks_hidden[];
void closure_enter(uint32_t number, uint64_t *registers, uint64_t *stack, uint64_t *results);

/* A record that came in both kinds of register is put together in `joined`; others are where they came. */
static void find_arguments(const Signature *signature, uint64_t *registers, uint64_t *stack, void **arguments,
                           uint64_t *joined) {
  uint32_t stack_end = REGISTER_BYTES + signature->stack_words * EIGHTBYTE;
  unsigned move = 0;
  for (unsigned k = 0; k < signature->count; k++) {
    uint32_t place = signature->parameters[k].slot;
    if (place < REGISTER_BYTES) {
      arguments[k] = (unsigned char *)registers + place;
    } else if (place < stack_end) {
      arguments[k] = (unsigned char *)stack + (place - REGISTER_BYTES);
    } else {
      arguments[k] = &joined[move];
      for (int half = 0; half < 2; half++, move++)
        joined[move] = registers[signature->moves[move].target / EIGHTBYTE];
    }
  }
}

/* The usual method: an HRESULT comes back, and all arguments are in registers. */
static bool is_simple(const Signature *signature) {
  if (!(signature->flags & SIGNATURE_HRESULT) || signature->flags & (SIGNATURE_HIDDEN | SIGNATURE_STATIC))
    return false;
  for (unsigned k = 0; k < signature->count; k++) {
    if (signature->parameters[k].slot >= REGISTER_BYTES)
      return false;
  }
  return true;
}

static HRESULT enter_simple(const Closure *closure, uint32_t slot, uint64_t *registers) {
  const Signature *signature = closure->signature;
  const Parameter *parameters = signature->parameters;
  void *arguments[REGISTER_BYTES / EIGHTBYTE];
  uint64_t result = 0;
  for (unsigned k = 0; k < signature->count; k++)
    arguments[k] = (unsigned char *)registers + parameters[k].slot;
  ClosureCall call = { signature, (void *)(uintptr_t)registers[0], arguments, &result, slot, closure->context };
  closure->handler(&call);
  return *(HRESULT *)(void *)&result;
}

static void enter_any(const Closure *closure, uint32_t number, uint64_t *registers, uint64_t *stack,
                      uint64_t *results) {
  const Signature *signature = closure->signature;
  const Type *type = signature->result;
  bool hidden = (number & THUNK_HIDDEN) != 0;
  uint64_t words[2] = { 0, 0 };
  void **arguments = __builtin_alloca((signature->count + 1u) * sizeof *arguments);
  uint64_t *joined = __builtin_alloca((signature->move_count + 1u) * sizeof *joined);
  find_arguments(signature, registers, stack, arguments, joined);
  ClosureCall call = { signature,       (void *)(uintptr_t)registers[hidden ? 1 : 0], arguments, words, number % THUNKS,
                       closure->context };
  if (hidden) {
    call.result = (void *)(uintptr_t)registers[0];
    memset(call.result, 0, type->size);
  }
  closure->handler(&call);
  results[0] = registers[0]; /* the hidden pointer comes back in rax */
  if (hidden)
    return;
  widen_result(type, words);
  uint64_t *integer = results, *floating = results + 2;
  for (int i = 0; i < 2; i++)
    *(signature_result_is_floating(signature, i) ? floating++ : integer++) = words[i];
}

void closure_enter(uint32_t number, uint64_t *registers, uint64_t *stack, uint64_t *results) {
  void *object = (void *)(uintptr_t)registers[number & THUNK_HIDDEN ? 1 : 0];
  const Closure *closure = &vtable_template_of(object)->closures[number % THUNKS];
  if (closure->simple)
    results[0] = (uint64_t)(int64_t)enter_simple(closure, number % THUNKS, registers);
  else
    enter_any(closure, number, registers, stack, results);
}

/* The thunk for this slot, NULL when there is none: another convention, or more slots than thunks. */
static void (*find_thunk(const Signature *signature, UINT slot))(void) {
  void (*function)(void) = NULL;
  if (signature->abi.convention != ABI_NATIVE || slot >= THUNKS || signature->flags & SIGNATURE_STATIC)
    return NULL;
  const unsigned char *code =
      (signature->flags & SIGNATURE_HIDDEN ? closure_thunks_hidden : closure_thunks) + slot * THUNK_SIZE;
  memcpy(&function, &code, sizeof function);
  return function;
}
#else
static bool is_simple(const Signature *signature) {
  (void)signature;
  return false;
}

static void (*find_thunk(const Signature *signature, UINT slot))(void) {
  (void)signature;
  (void)slot;
  return NULL;
}
#endif

/* Slots of libffi */

static HRESULT make_code(Closure *closure, void (**function)(void)) {
  void *code = NULL;
  if (closure->signature->unsupported || !closure->signature->cif)
    return E_NOTIMPL;
  closure->code = ffi_closure_alloc(sizeof *closure->code, &code);
  if (!closure->code)
    return E_OUTOFMEMORY;
  if (ffi_prep_closure_loc(closure->code, closure->signature->cif, run_closure, closure, code) != FFI_OK)
    return E_NOTIMPL;
  memcpy(function, &code, sizeof code);
  return S_OK;
}

HRESULT signature_closure(const Signature *signature, ClosureHandler handler, void *context, void (**function)(void)) {
  Closure *closure = calloc(1, sizeof *closure);
  *function = NULL;
  if (!closure)
    return E_OUTOFMEMORY;
  *closure = (Closure){ signature, handler, context, NULL, NULL, false };
  HRESULT hr = make_code(closure, function);
  if (FAILED(hr)) {
    if (closure->code)
      ffi_closure_free(closure->code);
    free(closure);
    return hr;
  }
  signature_addref(signature);
  closure->next = atomic_load(&single_closures);
  while (!atomic_compare_exchange_weak(&single_closures, &closure->next, closure)) {
  }
  return S_OK;
}

/* Vtables */

static HRESULT STDMETHODCALLTYPE unknown_slot(void *self) {
  (void)self;
  return E_NOTIMPL;
}

static UINT physical_slot(const SignatureAbi *abi, UINT slot) {
  return slot < abi->extra_position ? slot : slot + abi->extra_slots;
}

static void discard(VtableTemplate *vtable) {
  for (UINT i = 0; vtable->closures && i < vtable->count; i++) {
    if (vtable->closures[i].code)
      ffi_closure_free(vtable->closures[i].code);
    if (vtable->closures[i].signature)
      signature_release(vtable->closures[i].signature);
  }
  free(vtable->closures);
  free(vtable);
}

static HRESULT fill_slot(VtableTemplate *vtable, const VtableSlot *slot, UINT index, UINT physical) {
  if (slot->function) {
    vtable->functions[physical] = slot->function;
    return S_OK;
  }
  if (!slot->signature)
    return E_NOTIMPL;
  Closure *closure = &vtable->closures[index];
  *closure = (Closure){ signature_addref(slot->signature), vtable->handler, vtable->context, NULL, NULL,
                        is_simple(slot->signature) };
  if (slot->signature->unsupported)
    return E_NOTIMPL;
  vtable->functions[physical] = find_thunk(slot->signature, index);
  return vtable->functions[physical] ? S_OK : make_code(closure, &vtable->functions[physical]);
}

HRESULT vtable_template_create(const VtableSlot *slots, UINT count, ClosureHandler handler, void *context,
                               const SignatureAbi *abi, const VtableTemplate **result) {
  static const SignatureAbi native;
  *result = NULL;
  if (!abi)
    abi = &native;
  UINT physical_count = count + abi->extra_slots;
  VtableTemplate *vtable = calloc(1, sizeof *vtable + physical_count * sizeof vtable->functions[0]);
  Closure *closures = calloc(count ? count : 1, sizeof *closures);
  if (!vtable || !closures) {
    free(vtable);
    free(closures);
    return E_OUTOFMEMORY;
  }
  vtable->handler = handler;
  vtable->context = context;
  vtable->count = count;
  vtable->closures = closures;
  for (UINT i = 0; i < physical_count; i++)
    vtable->functions[i] = (void (*)(void))unknown_slot;
  for (UINT i = 0; i < count; i++) {
    HRESULT hr = fill_slot(vtable, &slots[i], i, physical_slot(abi, i));
    if (FAILED(hr)) {
      discard(vtable);
      return hr;
    }
  }
  pthread_mutex_lock(&templates_lock);
  vtable->next = all_templates;
  vtable->place = &all_templates;
  if (vtable->next)
    vtable->next->place = &vtable->next;
  all_templates = vtable;
  pthread_mutex_unlock(&templates_lock);
  *result = vtable;
  return S_OK;
}

void vtable_template_destroy(const VtableTemplate *given) {
  VtableTemplate *vtable = (VtableTemplate *)given;
  if (!vtable)
    return;
  pthread_mutex_lock(&templates_lock);
  *vtable->place = vtable->next;
  if (vtable->next)
    vtable->next->place = vtable->place;
  pthread_mutex_unlock(&templates_lock);
  discard(vtable);
}

const void *vtable_template_vtable(const VtableTemplate *vtable) {
  return vtable->functions;
}

const VtableTemplate *vtable_template_of(const void *object) {
  const char *functions = *(const char *const *)object;
  return (const VtableTemplate *)(const void *)(functions - offsetof(VtableTemplate, functions));
}

void *vtable_template_context(const VtableTemplate *vtable) {
  return vtable->context;
}
