/* How arguments travel: the layout of a CallFrame, the calls through a cast, in words, and through libffi. Together with
 * closure.c and dispcallfunc.c this is all that knows registers. What a frame holds for the System V ABI for x86-64
 * (3.2.3) is the registers and the stack themselves: the caller's conversions write there, and the call only loads
 * them. (libffi classifies all arguments again on each call, and up to 3.4.4 at least it spoils xmm0 when the integer half
 * of a mixed record lands in r9.) Every other ABI goes through libffi. */
#include "dispatch/types/signature_internal.h"

#include <ffi.h>
#include <stdio.h>
#include <string.h>

enum { EIGHTBYTE = 8, INT_REGISTERS = 6, FP_REGISTERS = 8 };

/* Aggregates */

/* What an eightbyte of an aggregate holds. */
typedef enum WordClass { WORD_NONE, WORD_FLOAT, WORD_DOUBLE, WORD_INTEGER } WordClass;

static WordClass word_class(const Type *type, unsigned word) {
  enum { WORD_BYTES = 0xFF, FIRST_HALF = 0x0F };
  unsigned floating = type->floating >> (word * EIGHTBYTE) & WORD_BYTES;
  if (type->integral >> (word * EIGHTBYTE) & WORD_BYTES)
    return WORD_INTEGER;
  return floating > FIRST_HALF ? WORD_DOUBLE : floating ? WORD_FLOAT : WORD_NONE; /* two floats fill it */
}

/* The classes of an aggregate's eightbytes. False: something lies across its natural alignment (a packed record), which no
 * compiler passes in registers and libffi can't describe. */
static bool classify(const Type *type, WordClass classes[2]) {
  type = type_resolve(type);
  classes[0] = word_class(type, 0);
  classes[1] = word_class(type, 1);
  return !type->unaligned;
}

/* The ffi_type of an aggregate: its eightbytes, which is all that matters to the call. libffi has neither unions nor
 * arrays; given the size it asks for nothing more. */
bool type_ffi(TypeSet *set, const Type *type, void **described) {
  static ffi_type *const elements[] = { [WORD_NONE] = &ffi_type_uint64,
                                        [WORD_FLOAT] = &ffi_type_float,
                                        [WORD_DOUBLE] = &ffi_type_double,
                                        [WORD_INTEGER] = &ffi_type_uint64 };
  type = type_resolve(type);
  *described = type->ffi;
  WordClass classes[2] = { WORD_NONE, WORD_NONE };
  if (type->ffi || type->value_class != VALUE_AGGREGATE || type->size == 0 || !classify(type, classes))
    return true;
  struct {
    ffi_type type;
    ffi_type *elements[4];
  } *made = type_set_allocate(set, sizeof *made);
  if (!made)
    return false;
  unsigned count = type->size > 2 * EIGHTBYTE ? 3 : type->size > EIGHTBYTE ? 2 : 1;
  for (unsigned i = 0; i < count; i++)
    made->elements[i] = count == 3 ? &ffi_type_uint64 : elements[classes[i]];
  made->type = (ffi_type){ type->size, type->alignment, FFI_TYPE_STRUCT, made->elements };
  *described = &made->type;
  return true;
}

/* The type by which an argument is passed: an array goes as the pointer to it. */
static bool argument_ffi(TypeSet *set, const Type *type, void **described) {
  type = type_resolve(type);
  *described = &ffi_type_pointer;
  return type->kind == TYPE_ARRAY || type_ffi(set, type, described);
}

static uint8_t argument_class(const Type *type) {
  type = type_resolve(type);
  return type->kind == TYPE_ARRAY ? VALUE_POINTER : type->value_class;
}

/* Calls */

typedef uint64_t U;
typedef U (*Call1)(U);
typedef U (*Call2)(U, U);
typedef U (*Call3)(U, U, U);
typedef U (*Call4)(U, U, U, U);
typedef U (*Call5)(U, U, U, U, U);
typedef U (*Call6)(U, U, U, U, U, U);
typedef U (*CallMixed)(U, U, U, U, U, U, double, double, double, double, double, double, double, double);
typedef double (*CallMixedDouble)(U, U, U, U, U, U, double, double, double, double, double, double, double, double);

static uint64_t call_ffi(const Signature *signature, void (*function)(void), void *object, CallFrame *frame) {
  unsigned offset = signature->flags & SIGNATURE_STATIC ? 0 : 1;
  void **values = __builtin_alloca((signature->count + 2u) * sizeof *values);
  void *result = frame_result(signature, frame);
  values[0] = &object;
  if (signature->flags & SIGNATURE_HIDDEN) { /* of a method in Microsoft's convention: behind the object */
    uint64_t returned[2];
    values[offset++] = &result;
    for (unsigned k = 0; k < signature->count; k++)
      values[k + offset] = frame_at(frame, signature->parameters[k].slot);
    ffi_call(signature->cif, function, returned, values);
    return 0;
  }
  for (unsigned k = 0; k < signature->count; k++)
    values[k + offset] = frame_at(frame, signature->parameters[k].slot);
  ffi_call(signature->cif, function, result, values);
  return *(U *)result;
}

#if defined(__x86_64__)
void signature_call_words(void (*function)(void), const uint64_t *words, size_t stack_words, uint64_t results[4]);

static void place_object(const Signature *signature, void *object, CallFrame *frame) {
  if (!(signature->flags & SIGNATURE_STATIC)) /* behind the hidden pointer to the result, when there is one */
    frame->words[signature->flags & SIGNATURE_HIDDEN ? 1 : 0] = (U)(uintptr_t)object;
}

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

/* Words on the stack, records in both kinds of register, results in two registers. */
static uint64_t call_words(const Signature *signature, void (*function)(void), void *object, CallFrame *frame) {
  U results[4], *result = frame_result(signature, frame);
  place_object(signature, object, frame);
  for (unsigned i = 0; i < signature->move_count; i++)
    *(U *)frame_at(frame, signature->moves[i].target) = *(U *)frame_at(frame, signature->moves[i].slot);
  signature_call_words(function, frame->words, signature->stack_words, results);
  if (signature->flags & SIGNATURE_HIDDEN)
    return results[0];
  const U *integer = results, *floating = results + 2;
  for (unsigned i = 0; i < 2; i++)
    if (signature->result_words[i] == WORD_INTEGER)
      result[i] = *integer++;
    else if (signature->result_words[i] != WORD_NONE)
      result[i] = *floating++;
  return result[0];
}

/* Integer results of 8 or 16 bits, and those of 32 that are no HRESULT, come with garbage above them. */
static uint64_t call_narrow(const Signature *signature, void (*function)(void), void *object, CallFrame *frame) {
  uint64_t raw = call_words(signature, function, object, frame);
  raw = (uint64_t)integer_widen(raw, signature->result->size, signature->result->value_class == VALUE_SIGNED);
  *(U *)frame_result(signature, frame) = raw;
  return raw;
}
#endif

#if defined(__x86_64__)
/* Microsoft's convention, words alone: each argument has its place whatever its type, so a cast will do as well. */
#define MS __attribute__((ms_abi))
enum { MS_WORDS = 8 };

#define DEFINE_MS_CALL(n, types, ...)                                                                                  \
  static uint64_t call_ms_##n(const Signature *signature, void (*function)(void), void *object, CallFrame *frame) {    \
    U *w = frame->words;                                                                                               \
    if (!(signature->flags & SIGNATURE_STATIC))                                                                        \
      w[0] = (U)(uintptr_t)object;                                                                                     \
    U result = ((U(MS *) types)function)(__VA_ARGS__);                                                                 \
    if (signature->result->size && signature->result->size < EIGHTBYTE)                                                \
      result = (U)integer_widen(result, signature->result->size, signature->result->value_class == VALUE_SIGNED);      \
    *(U *)frame_result(signature, frame) = result;                                                                     \
    return result;                                                                                                     \
  }
DEFINE_MS_CALL(1, (U), w[0])
DEFINE_MS_CALL(2, (U, U), w[0], w[1])
DEFINE_MS_CALL(3, (U, U, U), w[0], w[1], w[2])
DEFINE_MS_CALL(4, (U, U, U, U), w[0], w[1], w[2], w[3])
DEFINE_MS_CALL(5, (U, U, U, U, U), w[0], w[1], w[2], w[3], w[4])
DEFINE_MS_CALL(6, (U, U, U, U, U, U), w[0], w[1], w[2], w[3], w[4], w[5])
DEFINE_MS_CALL(7, (U, U, U, U, U, U, U), w[0], w[1], w[2], w[3], w[4], w[5], w[6])
DEFINE_MS_CALL(8, (U, U, U, U, U, U, U, U), w[0], w[1], w[2], w[3], w[4], w[5], w[6], w[7])

static const SignatureInvoke ms_calls[MS_WORDS + 1] = { NULL,      call_ms_1, call_ms_2, call_ms_3, call_ms_4,
                                                        call_ms_5, call_ms_6, call_ms_7, call_ms_8 };
#endif

bool signature_result_is_floating(const Signature *signature, int i) {
  return signature->result_words[i] == WORD_FLOAT || signature->result_words[i] == WORD_DOUBLE;
}

/* Planning: where every argument is */

/* What is known while the frame grows. */
typedef struct FramePlan {
  SignatureBuilder *builder;
  uint64_t end;                 /* bytes so far, behind the registers and the stack */
  unsigned ints, floats, stack; /* words taken */
  bool compact;                 /* integer registers only: the frame has just these */
  struct FrameCell *cells;
  unsigned cell_count;
  struct FrameCell moves[64];
  unsigned move_count;
} FramePlan;

static uint32_t reserve(FramePlan *plan, uint64_t bytes) {
  uint64_t offset = plan->end;
  plan->end += (bytes + EIGHTBYTE - 1) & ~(uint64_t)(EIGHTBYTE - 1);
  return offset > SIGNATURE_FRAME_LIMIT ? SIGNATURE_FRAME_LIMIT : (uint32_t)offset;
}

#if defined(__x86_64__)
static bool is_floating(uint8_t value_class) {
  return value_class == VALUE_FLOAT || value_class == VALUE_DOUBLE;
}

enum { STACK_WORD = INT_REGISTERS + FP_REGISTERS };

static uint32_t take_stack(FramePlan *plan, uint32_t bytes) {
  uint32_t word = STACK_WORD + plan->stack;
  plan->stack += (bytes + EIGHTBYTE - 1) / EIGHTBYTE;
  return word * EIGHTBYTE;
}

/* Classes of an argument's eightbytes; false: it goes in memory. */
static bool register_classes(const Type *type, WordClass classes[2]) {
  uint8_t value_class = argument_class(type);
  classes[0] = classes[1] = WORD_NONE;
  if (value_class != VALUE_AGGREGATE) {
    classes[0] = is_floating(value_class) ? WORD_DOUBLE : WORD_INTEGER;
    return true;
  }
  type = type_resolve(type);
  if (type->kind == TYPE_BASE) {
    classes[0] = WORD_INTEGER;
    classes[1] = type->size > EIGHTBYTE ? WORD_INTEGER : WORD_NONE;
    return type->size <= 2 * EIGHTBYTE;
  }
  return type->size <= 2 * EIGHTBYTE && classify(type, classes);
}

/* The argument's own place: its registers, the stack, or (a record in both kinds of register) apart, to be moved. */
static void place_native(FramePlan *plan, Parameter *parameter) {
  WordClass classes[2];
  const Type *type = type_resolve(parameter->type);
  uint32_t size = type->kind == TYPE_ARRAY ? EIGHTBYTE : type->size;
  if (!register_classes(type, classes)) {
    parameter->slot = take_stack(plan, size);
    return;
  }
  unsigned ints = (classes[0] == WORD_INTEGER) + (classes[1] == WORD_INTEGER);
  unsigned floats = (classes[0] != WORD_NONE) + (classes[1] != WORD_NONE) - ints;
  if (plan->ints + ints > INT_REGISTERS || plan->floats + floats > FP_REGISTERS) {
    parameter->slot = take_stack(plan, size);
    return;
  }
  uint32_t int_place = plan->ints * EIGHTBYTE, float_place = (INT_REGISTERS + plan->floats) * EIGHTBYTE;
  plan->ints += ints;
  plan->floats += floats;
  parameter->slot = ints ? int_place : float_place;
  if (!ints || !floats)
    return;
  bool integer_first = classes[0] == WORD_INTEGER;
  parameter->slot = UINT32_MAX; /* given when the registers are counted */
  plan->moves[plan->move_count++] = (struct FrameCell){ 0, integer_first ? int_place : float_place };
  plan->moves[plan->move_count++] = (struct FrameCell){ EIGHTBYTE, integer_first ? float_place : int_place };
}

/* Gives records that are moved into registers their own places. */
static void place_moved(FramePlan *plan) {
  unsigned move = 0;
  for (unsigned k = 0; k < plan->builder->signature->count; k++) {
    Parameter *parameter = &plan->builder->parameters[k];
    if (parameter->slot != UINT32_MAX)
      continue;
    parameter->slot = reserve(plan, 2 * EIGHTBYTE);
    plan->moves[move++].slot += parameter->slot;
    plan->moves[move++].slot += parameter->slot;
  }
}

static void choose_call(FramePlan *plan, const WordClass result[2]) {
  Signature *signature = plan->builder->signature;
  bool narrow = signature->result->size < EIGHTBYTE && !(signature->flags & SIGNATURE_HRESULT) &&
                (signature->result->value_class == VALUE_SIGNED || signature->result->value_class == VALUE_UNSIGNED);
  signature->stack_words = plan->stack;
  signature->result_words[0] = (uint8_t)result[0];
  signature->result_words[1] = (uint8_t)result[1];
  signature->flags |= SIGNATURE_FAST;
  if (narrow)
    signature->invoke = call_narrow;
  else if (plan->stack || plan->move_count || signature->result->value_class == VALUE_AGGREGATE)
    signature->invoke =
        signature->flags & SIGNATURE_HIDDEN && !plan->stack && !plan->move_count ? call_mixed : call_words;
  else if (is_floating(signature->result->value_class))
    signature->invoke = call_mixed_double;
  else
    signature->invoke = call_mixed;
  plan->compact = signature->invoke == call_mixed && !plan->floats && plan->ints &&
                  !(signature->flags & (SIGNATURE_HIDDEN | SIGNATURE_STATIC));
  if (plan->compact)
    signature->invoke = fast_calls[plan->ints];
}

static HRESULT plan_native(FramePlan *plan) {
  Signature *signature = plan->builder->signature;
  WordClass result[2] = { WORD_NONE, WORD_NONE };
  if (signature->result->size && !register_classes(signature->result, result))
    signature->flags |= SIGNATURE_HIDDEN;
  plan->ints = (signature->flags & SIGNATURE_HIDDEN ? 1u : 0) + (signature->flags & SIGNATURE_STATIC ? 0 : 1u);
  for (unsigned k = 0; k < signature->count; k++)
    place_native(plan, &plan->builder->parameters[k]);
  choose_call(plan, result);
  plan->end = EIGHTBYTE * (plan->compact ? plan->ints : STACK_WORD + (uint64_t)plan->stack);
  place_moved(plan);
  if (!plan->move_count)
    return S_OK;
  struct FrameCell *moves = type_set_allocate(plan->builder->set, plan->move_count * sizeof *moves);
  if (!moves)
    return E_OUTOFMEMORY;
  memcpy(moves, plan->moves, plan->move_count * sizeof *moves);
  signature->moves = moves;
  signature->move_count = (uint16_t)plan->move_count;
  return S_OK;
}
#endif

/* Planning: libffi */

static ffi_abi abi_of(const Signature *signature) {
#if defined(__x86_64__)
  return signature->abi.convention == ABI_MS ? FFI_GNUW64 : FFI_DEFAULT_ABI;
#else
  (void)signature;
  return FFI_DEFAULT_ABI;
#endif
}

/* Describes the call to libffi, for closures and foreign conventions. NULL in *cif: it has no words for it. */
static HRESULT plan_ffi(SignatureBuilder *builder) {
  Signature *signature = builder->signature;
  unsigned offset = signature->flags & SIGNATURE_STATIC ? 0 : 1;
  ffi_type **types = type_set_allocate(builder->set, (signature->count + 2u) * sizeof *types);
  ffi_cif *cif = type_set_allocate(builder->set, sizeof *cif);
  void *result;
  if (!types || !cif || !type_ffi(builder->set, signature->result, &result))
    return E_OUTOFMEMORY;
  types[0] = &ffi_type_pointer;
  if (signature->abi.convention == ABI_MS && signature->abi.foreign && offset &&
      signature->result->value_class == VALUE_AGGREGATE) {
    signature->flags |= SIGNATURE_HIDDEN; /* a method's record comes in memory whose address follows the object's */
    types[offset++] = &ffi_type_pointer;
    result = &ffi_type_pointer;
  }
  bool complete = result;
  for (unsigned k = 0; k < signature->count; k++) {
    void *described;
    if (!argument_ffi(builder->set, builder->parameters[k].type, &described))
      return E_OUTOFMEMORY;
    types[k + offset] = described;
    complete &= types[k + offset] && types[k + offset] != &ffi_type_void;
  }
  if (complete && ffi_prep_cif(cif, abi_of(signature), signature->count + offset, result, types) == FFI_OK)
    signature->cif = cif;
  return S_OK;
}

/* The same as place_for_ffi for words alone in Microsoft's convention; false: there are others, or too many. */
static bool place_words(FramePlan *plan) {
#if defined(__x86_64__)
  Signature *signature = plan->builder->signature;
  unsigned words = signature->flags & SIGNATURE_STATIC ? 0 : 1;
  if (signature->abi.convention != ABI_MS || signature->count + words > MS_WORDS || signature->count + words == 0 ||
      signature->result->value_class > VALUE_POINTER)
    return false;
  for (unsigned k = 0; k < signature->count; k++)
    if (argument_class(plan->builder->parameters[k].type) > VALUE_POINTER)
      return false;
  for (unsigned k = 0; k < signature->count; k++)
    plan->builder->parameters[k].slot = (words + k) * EIGHTBYTE;
  plan->end = (uint64_t)(words + signature->count) * EIGHTBYTE;
  signature->invoke = ms_calls[words + signature->count];
  return true;
#else
  (void)plan;
  return false;
#endif
}

static void place_for_ffi(FramePlan *plan) {
  Signature *signature = plan->builder->signature;
  if (place_words(plan))
    return;
  for (unsigned k = 0; k < signature->count; k++) {
    Parameter *parameter = &plan->builder->parameters[k];
    parameter->slot =
        reserve(plan, argument_class(parameter->type) == VALUE_AGGREGATE ? parameter->type->size : EIGHTBYTE);
  }
  if (!signature->cif)
    signature_problem(plan->builder, -1, "a packed record can't be passed by value in this calling convention");
  signature->invoke = call_ffi;
}

/* Planning: the frame */

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

static HRESULT make_cells(FramePlan *plan) {
  const Signature *signature = plan->builder->signature;
  unsigned limit = 1;
  for (unsigned k = 0; k < signature->count; k++)
    limit += signature->parameters[k].indirection;
  plan->cells = type_set_allocate(plan->builder->set, limit * sizeof *plan->cells);
  return plan->cells ? S_OK : E_OUTOFMEMORY;
}

/* What follows the arguments: cells, ownership, the result. */
static void lay_out_rest(FramePlan *plan) {
  Signature *signature = plan->builder->signature;
  for (unsigned k = 0; k < signature->count; k++)
    plan->builder->parameters[k].storage = place_cells(&plan->builder->parameters[k], plan);
  signature->owned_offset = reserve(plan, signature->flags & SIGNATURE_PLAIN ? 0 : signature->count);
  uint32_t result_size = signature->result->size;
  signature->result_offset = reserve(plan, result_size > 2 * EIGHTBYTE ? result_size : 2 * EIGHTBYTE);
  if (signature->flags & SIGNATURE_HIDDEN && signature->abi.convention == ABI_NATIVE)
    plan->cells[plan->cell_count++] = (struct FrameCell){ 0, signature->result_offset };
  if (plan->end > SIGNATURE_FRAME_LIMIT) {
    signature_problem(plan->builder, -1, "the arguments are too large for a call");
    plan->end = SIGNATURE_FRAME_LIMIT;
  }
  signature->cells = plan->cells;
  signature->cell_count = (uint16_t)plan->cell_count;
  signature->frame_size = (uint32_t)((plan->end + 15) & ~(uint64_t)15);
  signature->clear_end = signature->frame_size;
}

/* Notes parameters that no convention can pass. */
static void check_types(SignatureBuilder *builder) {
  for (unsigned k = 0; k < builder->signature->count; k++) {
    const Type *type = builder->parameters[k].type;
    if (type->size == 0)
      signature_problem(builder, (int)k, "nothing can't be passed by value");
  }
}

HRESULT signature_plan_call(SignatureBuilder *builder) {
  FramePlan plan = { .builder = builder };
  HRESULT hr = make_cells(&plan);
  if (SUCCEEDED(hr))
    hr = plan_ffi(builder);
  if (FAILED(hr))
    return hr;
  check_types(builder);
#if defined(__x86_64__)
  if (builder->signature->abi.convention == ABI_NATIVE)
    hr = plan_native(&plan);
  else
#endif
    place_for_ffi(&plan);
  if (SUCCEEDED(hr))
    lay_out_rest(&plan);
  return hr;
}
