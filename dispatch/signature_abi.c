/* How arguments travel: the layout of a CallFrame, the call through a cast, the call through libffi. Together with
 * closure.c and dispcallfunc.c this is all that knows registers. The fast calls and the classes of aggregates follow
 * the System V ABI for x86-64 (3.2.3); every other ABI goes through libffi. */
#include "dispatch/signature_internal.h"

#include <ffi.h>
#include <stdio.h>
#include <string.h>

enum { EIGHTBYTE = 8, INT_REGISTERS = 6, FP_REGISTERS = 8 };

/* --- Aggregates -------------------------------------------------------------------------------------------- */

/* What an eightbyte of an aggregate holds. */
typedef enum WordClass { WORD_NONE, WORD_FLOAT, WORD_DOUBLE, WORD_INTEGER } WordClass;

/* Merges the scalars of `type` at `offset` into the classes of its eightbytes. False: something lies across its
 * natural alignment (a packed record), which no compiler passes in registers and libffi can't describe. */
static bool classify(const Type *type, uint32_t offset, WordClass classes[2]) {
  type = type_resolve(type);
  if (type->kind == TYPE_RECORD || type->kind == TYPE_UNION) {
    for (uint32_t i = 0; i < type->count; i++)
      if (!classify(type->fields[i].type, offset + type->fields[i].offset, classes))
        return false;
    return true;
  }
  if (type->kind == TYPE_ARRAY) {
    for (uint32_t i = 0; i < type->count && (i < 32 || type->target->value_class == VALUE_AGGREGATE); i++)
      if (!classify(type->target, offset + i * type->target->size, classes))
        return false;
    return true;
  }
  if (offset % type->alignment != 0)
    return false;
  for (uint32_t word = offset / EIGHTBYTE; word < 2 && word * EIGHTBYTE < offset + type->size; word++) {
    WordClass found = type->value_class == VALUE_DOUBLE ? WORD_DOUBLE : WORD_INTEGER;
    if (type->value_class == VALUE_FLOAT) /* a second float in the eightbyte makes it a full one */
      found = offset % EIGHTBYTE == 0 ? WORD_FLOAT : WORD_DOUBLE;
    if (found > classes[word])
      classes[word] = found;
  }
  return true;
}

/* The ffi_type of an aggregate: its eightbytes, which is all that matters to the call. libffi has neither unions nor
 * arrays; given the size it asks for nothing more. */
void *type_ffi(TypeSet *set, const Type *type) {
  static ffi_type *const elements[] = { [WORD_NONE] = &ffi_type_uint64,
                                        [WORD_FLOAT] = &ffi_type_float,
                                        [WORD_DOUBLE] = &ffi_type_double,
                                        [WORD_INTEGER] = &ffi_type_uint64 };
  type = type_resolve(type);
  if (type->ffi)
    return type->ffi;
  WordClass classes[2] = { WORD_NONE, WORD_NONE };
  if (type->value_class != VALUE_AGGREGATE || type->size == 0 || !classify(type, 0, classes))
    return NULL;
  struct {
    ffi_type type;
    ffi_type *elements[4];
  } *made = type_set_allocate(set, sizeof *made);
  if (!made)
    return NULL;
  unsigned count = type->size > 2 * EIGHTBYTE ? 3 : type->size > EIGHTBYTE ? 2 : 1;
  for (unsigned i = 0; i < count; i++)
    made->elements[i] = count == 3 ? &ffi_type_uint64 : elements[classes[i]];
  made->type = (ffi_type){ type->size, type->alignment, FFI_TYPE_STRUCT, made->elements };
  return &made->type;
}

/* The type by which an argument is passed: an array goes as the pointer to it. */
static ffi_type *argument_ffi(TypeSet *set, const Type *type) {
  type = type_resolve(type);
  return type->kind == TYPE_ARRAY ? &ffi_type_pointer : type_ffi(set, type);
}

static uint8_t argument_class(const Type *type) {
  type = type_resolve(type);
  return type->kind == TYPE_ARRAY ? VALUE_POINTER : type->value_class;
}

/* Words of an aggregate that all go in one kind of register; 0 when it goes in memory or in both kinds. */
static unsigned aggregate_words(const ffi_type *type, bool *floating) {
  if (type->size > 2 * EIGHTBYTE)
    return 0;
  unsigned words = type->size > EIGHTBYTE ? 2 : 1, floats = 0;
  for (unsigned i = 0; i < words; i++)
    floats += type->elements[i] != &ffi_type_uint64;
  *floating = floats != 0;
  return floats == 0 || floats == words ? words : 0;
}

/* --- Calls ------------------------------------------------------------------------------------------------- */

typedef uint64_t U;
typedef U (*Call1)(U);
typedef U (*Call2)(U, U);
typedef U (*Call3)(U, U, U);
typedef U (*Call4)(U, U, U, U);
typedef U (*Call5)(U, U, U, U, U);
typedef U (*Call6)(U, U, U, U, U, U);
typedef U (*CallMixed)(U, U, U, U, U, U, double, double, double, double, double, double, double, double);
typedef double (*CallMixedDouble)(U, U, U, U, U, U, double, double, double, double, double, double, double, double);

/* Where `this` goes: behind the hidden pointer to the result, when there is one. */
#define THIS_WORD(signature) ((signature)->flags & SIGNATURE_HIDDEN ? 1 : 0)

#define DEFINE_FAST_CALL(n, ...)                                                                                       \
  static uint64_t call_##n(const Signature *signature, void (*function)(void), void *object, CallFrame *frame) {       \
    U *w = frame->words;                                                                                               \
    w[0] = (U)(uintptr_t)object;                                                                                       \
    U result = ((Call##n)function)(__VA_ARGS__);                                                                       \
    *(U *)frame_result(signature, frame) = result;                                                                     \
    return result;                                                                                                     \
  }
DEFINE_FAST_CALL(1, w[0])
DEFINE_FAST_CALL(2, w[0], w[1])
DEFINE_FAST_CALL(3, w[0], w[1], w[2])
DEFINE_FAST_CALL(4, w[0], w[1], w[2], w[3])
DEFINE_FAST_CALL(5, w[0], w[1], w[2], w[3], w[4])
DEFINE_FAST_CALL(6, w[0], w[1], w[2], w[3], w[4], w[5])

static const SignatureInvoke fast_calls[INT_REGISTERS + 1] = { NULL, call_1, call_2, call_3, call_4, call_5, call_6 };

/* Every mixture of at most six integer and eight floating words: the two kinds have their own registers, so their
 * order among each other does not matter. A float is the low half of its word. */
#define MIXED_ARGUMENTS w[0], w[1], w[2], w[3], w[4], w[5], d[0], d[1], d[2], d[3], d[4], d[5], d[6], d[7]

static void place_object(const Signature *signature, void *object, CallFrame *frame) {
  if (!(signature->flags & SIGNATURE_STATIC))
    frame->words[THIS_WORD(signature)] = (U)(uintptr_t)object;
}

static uint64_t call_mixed(const Signature *signature, void (*function)(void), void *object, CallFrame *frame) {
  U *w = frame->words;
  const double *d = (const double *)(w + INT_REGISTERS);
  place_object(signature, object, frame);
  U result = ((CallMixed)function)(MIXED_ARGUMENTS);
  if (!(signature->flags & SIGNATURE_HIDDEN))
    *(U *)frame_result(signature, frame) = result;
  return result;
}

static uint64_t call_mixed_double(const Signature *signature, void (*function)(void), void *object, CallFrame *frame) {
  U *w = frame->words;
  const double *d = (const double *)(w + INT_REGISTERS);
  place_object(signature, object, frame);
  *(double *)frame_result(signature, frame) = ((CallMixedDouble)function)(MIXED_ARGUMENTS);
  return 0;
}

/* Integer results narrower than 32 bits come with garbage above them. */
static uint64_t call_narrow(const Signature *signature, void (*function)(void), void *object, CallFrame *frame) {
  uint64_t raw = signature->fp_words || signature->flags & SIGNATURE_STATIC
                     ? call_mixed(signature, function, object, frame)
                     : fast_calls[signature->int_words](signature, function, object, frame);
  const Type *type = signature->result;
  unsigned shift = 64 - 8 * type->size;
  raw <<= shift;
  raw = type->value_class == VALUE_SIGNED ? (uint64_t)((int64_t)raw >> shift) : raw >> shift;
  *(U *)frame_result(signature, frame) = raw;
  return raw;
}

static uint64_t call_ffi(const Signature *signature, void (*function)(void), void *object, CallFrame *frame) {
  unsigned offset = signature->flags & SIGNATURE_STATIC ? 0 : 1;
  void **values = __builtin_alloca((signature->count + 1u) * sizeof *values);
  values[0] = &object;
  for (unsigned k = 0; k < signature->count; k++)
    values[k + offset] = frame_at(frame, signature->parameters[k].slot);
  ffi_call(signature->cif, function, frame_result(signature, frame), values);
  return *(U *)frame_result(signature, frame);
}

/* --- Planning ---------------------------------------------------------------------------------------------- */

static ffi_abi abi_of(const Signature *signature) {
#if defined(__x86_64__)
  return signature->abi.convention == ABI_MS ? FFI_GNUW64 : FFI_DEFAULT_ABI;
#else
  (void)signature;
  return FFI_DEFAULT_ABI;
#endif
}

/* Types of all arguments for libffi, with `this` first; notes what can't be passed. */
static HRESULT plan_types(SignatureBuilder *builder, ffi_type ***result) {
  Signature *signature = builder->signature;
  unsigned offset = signature->flags & SIGNATURE_STATIC ? 0 : 1;
  ffi_type **types = type_set_allocate(builder->set, (signature->count + 1u) * sizeof *types);
  if (!types)
    return E_OUTOFMEMORY;
  types[0] = &ffi_type_pointer;
  for (unsigned k = 0; k < signature->count; k++) {
    types[k + offset] = argument_ffi(builder->set, builder->parameters[k].type);
    if (types[k + offset] && types[k + offset] != &ffi_type_void)
      continue;
    signature_problem(builder, (int)k,
                      types[k + offset] ? "void can't be passed" : "a packed or empty record can't be passed by value");
    types[k + offset] = &ffi_type_pointer;
  }
  *result = types;
  return S_OK;
}

static HRESULT plan_ffi(SignatureBuilder *builder) {
  Signature *signature = builder->signature;
  ffi_type **types = NULL;
  HRESULT hr = plan_types(builder, &types);
  ffi_cif *cif = SUCCEEDED(hr) ? type_set_allocate(builder->set, sizeof *cif) : NULL;
  if (!cif)
    return E_OUTOFMEMORY;
  ffi_type *result = type_ffi(builder->set, signature->result);
  if (!result) {
    signature_problem(builder, -1, "a packed or empty record can't be returned by value");
    result = &ffi_type_void;
  }
  unsigned count = signature->count + (signature->flags & SIGNATURE_STATIC ? 0u : 1u);
  if (ffi_prep_cif(cif, abi_of(signature), count, result, types) != FFI_OK)
    signature_problem(builder, -1, "libffi refuses the signature");
  if (result->type == FFI_TYPE_STRUCT && result->size > 2 * EIGHTBYTE)
    signature->flags |= SIGNATURE_HIDDEN;
  signature->cif = cif;
  signature->invoke = call_ffi;
  return S_OK;
}

#if defined(__x86_64__)
/* Counts register words. False when something goes on the stack, in both kinds of register, or comes back in two. */
static bool count_registers(SignatureBuilder *builder, unsigned *ints, unsigned *floats) {
  Signature *signature = builder->signature;
  const ffi_cif *cif = signature->cif;
  *ints = (signature->flags & SIGNATURE_HIDDEN ? 1 : 0) + (signature->flags & SIGNATURE_STATIC ? 0 : 1);
  *floats = 0;
  if (signature->abi.convention != ABI_NATIVE)
    return false;
  if (cif->rtype->type == FFI_TYPE_STRUCT && cif->rtype->size <= 2 * EIGHTBYTE)
    return false;
  for (unsigned i = signature->flags & SIGNATURE_STATIC ? 0 : 1; i < cif->nargs; i++) {
    const ffi_type *type = cif->arg_types[i];
    bool floating = type == &ffi_type_float || type == &ffi_type_double;
    unsigned words = type->type == FFI_TYPE_STRUCT ? aggregate_words(type, &floating) : 1;
    if (words == 0)
      return false;
    *(floating ? floats : ints) += words;
  }
  return *ints <= INT_REGISTERS && *floats <= FP_REGISTERS;
}

static void choose_fast_call(Signature *signature, unsigned ints, unsigned floats) {
  const Type *result = type_resolve(signature->result);
  bool integers_only = floats == 0 && !(signature->flags & (SIGNATURE_HIDDEN | SIGNATURE_STATIC));
  signature->flags |= SIGNATURE_FAST;
  signature->int_words = (uint16_t)ints;
  signature->fp_words = (uint16_t)floats;
  if (result->value_class == VALUE_FLOAT || result->value_class == VALUE_DOUBLE)
    signature->invoke = call_mixed_double;
  else if ((result->value_class == VALUE_SIGNED || result->value_class == VALUE_UNSIGNED) && result->size < EIGHTBYTE &&
           !(signature->flags & SIGNATURE_HRESULT))
    signature->invoke = call_narrow;
  else
    signature->invoke = integers_only ? fast_calls[ints] : call_mixed;
}
#endif

/* Offsets while the frame grows. */
typedef struct FramePlan {
  uint64_t end;          /* bytes so far */
  uint32_t ints, floats; /* next words of the fast call */
  struct FrameCell *cells;
  unsigned cell_count;
} FramePlan;

static uint32_t reserve(FramePlan *plan, uint64_t bytes) {
  uint64_t offset = plan->end;
  plan->end += (bytes + EIGHTBYTE - 1) & ~(uint64_t)(EIGHTBYTE - 1);
  return offset > SIGNATURE_FRAME_LIMIT ? SIGNATURE_FRAME_LIMIT : (uint32_t)offset;
}

/* The argument's own place: its register word in a fast call, else the next words. */
static uint32_t place_argument(const Signature *signature, FramePlan *plan, const Type *type, TypeSet *set) {
  uint8_t value_class = argument_class(type);
  if (!(signature->flags & SIGNATURE_FAST))
    return reserve(plan, value_class == VALUE_AGGREGATE ? type->size : EIGHTBYTE);
  bool floating = value_class == VALUE_FLOAT || value_class == VALUE_DOUBLE;
  unsigned words = value_class == VALUE_AGGREGATE ? aggregate_words(type_ffi(set, type), &floating) : 1;
  uint32_t *next = floating ? &plan->floats : &plan->ints;
  uint32_t word = *next;
  *next += words;
  return word * EIGHTBYTE;
}

/* The chain of cells behind a by-ref argument; returns where the value is. */
static uint32_t place_cells(const Parameter *parameter, FramePlan *plan) {
  unsigned levels = parameter->indirection;
  if (levels == 0)
    return parameter->slot;
  if (parameter->flags & PARAMETER_OUT)
    levels = 1;
  uint32_t from = parameter->slot;
  for (unsigned level = 1; level <= levels; level++) {
    uint32_t to = reserve(plan, level == levels ? parameter->cell->size : EIGHTBYTE);
    plan->cells[plan->cell_count++] = (struct FrameCell){ from, to };
    from = to;
  }
  return from;
}

static HRESULT lay_out_frame(SignatureBuilder *builder) {
  Signature *signature = builder->signature;
  unsigned limit = 1;
  for (unsigned k = 0; k < signature->count; k++)
    limit += builder->parameters[k].indirection;
  FramePlan plan = { .cells = type_set_allocate(builder->set, limit * sizeof *plan.cells) };
  if (!plan.cells)
    return E_OUTOFMEMORY;
  plan.ints = (signature->flags & SIGNATURE_HIDDEN ? 1u : 0) + (signature->flags & SIGNATURE_STATIC ? 0 : 1u);
  plan.floats = INT_REGISTERS;
  if (signature->flags & SIGNATURE_FAST &&
      (signature->invoke == fast_calls[signature->int_words] ||
       (signature->invoke == call_narrow && !signature->fp_words && !(signature->flags & SIGNATURE_STATIC))))
    reserve(&plan, signature->int_words * (uint64_t)EIGHTBYTE);
  else
    reserve(&plan, (signature->flags & SIGNATURE_FAST ? INT_REGISTERS + FP_REGISTERS : 2) * EIGHTBYTE);
  for (unsigned k = 0; k < signature->count; k++)
    builder->parameters[k].slot = place_argument(signature, &plan, builder->parameters[k].type, builder->set);
  for (unsigned k = 0; k < signature->count; k++)
    builder->parameters[k].storage = place_cells(&builder->parameters[k], &plan);
  signature->owned_offset = reserve(&plan, signature->flags & SIGNATURE_PLAIN ? 0 : signature->count);
  uint32_t result_size = signature->result->size;
  signature->result_offset = reserve(&plan, result_size > 2 * EIGHTBYTE ? result_size : 2 * EIGHTBYTE);
  if (signature->flags & SIGNATURE_HIDDEN && signature->flags & SIGNATURE_FAST)
    plan.cells[plan.cell_count++] = (struct FrameCell){ 0, signature->result_offset };
  if (plan.end > SIGNATURE_FRAME_LIMIT) {
    signature_problem(builder, -1, "the arguments are too large for a call");
    plan.end = SIGNATURE_FRAME_LIMIT;
  }
  signature->cells = plan.cells;
  signature->cell_count = (uint16_t)plan.cell_count;
  signature->frame_size = (uint32_t)((plan.end + 15) & ~(uint64_t)15);
  signature->clear_begin = signature->flags & (SIGNATURE_STATIC | SIGNATURE_HIDDEN) ? 0 : EIGHTBYTE;
  signature->clear_end = signature->frame_size;
  return S_OK;
}

HRESULT signature_plan_call(SignatureBuilder *builder) {
  HRESULT hr = plan_ffi(builder);
  if (FAILED(hr))
    return hr;
#if defined(__x86_64__)
  unsigned ints, floats;
  if (!*builder->problem && count_registers(builder, &ints, &floats))
    choose_fast_call(builder->signature, ints, floats);
#endif
  return lay_out_frame(builder);
}
