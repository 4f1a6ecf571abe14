/* The Signature: what both builders share. A builder fills type, flags and name of every parameter; the rest (what a
 * script sees of it, counts, where things are in a frame) is derived here. */
#include "dispatch/types/signature_internal.h"

#include "com/com_api.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

const IID IID_IOleanderTypeInfo = { 0x6b1d5a3e, 0x0c57, 0x4b0e, { 0x9c, 0x1a, 0x52, 0x3e, 0x7d, 0x10, 0xf4, 0x86 } };

/* A signature and what must be freed with it. */
typedef struct OwnedSignature {
  Signature signature;
  Parameter parameters[];
} OwnedSignature;

const Signature *signature_addref(const Signature *signature) {
  atomic_fetch_add_explicit(&((Signature *)(uintptr_t)signature)->references, 1, memory_order_relaxed);
  return signature;
}

void signature_release(const Signature *signature) {
  Signature *own = (Signature *)(uintptr_t)signature;
  if (!own || atomic_fetch_sub_explicit(&own->references, 1, memory_order_acq_rel) != 1)
    return;
  for (unsigned k = 0; k < own->count; k++)
    if (own->parameters[k].default_value)
      VariantClear((VARIANT *)(uintptr_t)own->parameters[k].default_value);
  type_set_release(own->types);
  free(own);
}

int signature_find_parameter(const Signature *signature, const OLECHAR *name) {
  for (unsigned k = 0; k < signature->count; k++)
    if (signature->parameters[k].name && caseless_equal(signature->parameters[k].name, name))
      return (int)k;
  return -1;
}

/* Building */

HRESULT signature_begin(SignatureBuilder *builder, unsigned count) {
  memset(builder, 0, sizeof *builder);
  if (count > SIGNATURE_PARAMETER_LIMIT)
    return E_INVALIDARG;
  OwnedSignature *own = calloc(1, sizeof *own + count * sizeof(Parameter));
  if (!own)
    return E_OUTOFMEMORY;
  HRESULT hr = type_set_create(&builder->set);
  if (FAILED(hr)) {
    free(own);
    return hr;
  }
  builder->signature = &own->signature;
  builder->parameters = own->parameters;
  atomic_init(&own->signature.references, 1);
  own->signature.count = (uint16_t)count;
  own->signature.parameters = own->parameters;
  own->signature.types = builder->set;
  own->signature.retval = own->signature.lcid = own->signature.vararg = -1;
  for (unsigned k = 0; k < count; k++)
    own->parameters[k].size_is = own->parameters[k].length_is = own->parameters[k].iid_is = -1;
  return S_OK;
}

void signature_abandon(SignatureBuilder *builder) {
  if (builder->signature)
    signature_release(builder->signature);
  builder->signature = NULL;
}

void signature_problem(SignatureBuilder *builder, int k, const char *reason) {
  if (*builder->problem)
    return;
  char name[64] = "", type[96] = "";
  if (k < 0) {
    snprintf(builder->problem, sizeof builder->problem, "result: %.200s", reason);
    return;
  }
  name_to_utf8(builder->parameters[k].name, name, sizeof name);
  if (builder->parameters[k].type)
    type_describe(builder->parameters[k].type, type, sizeof type);
  snprintf(builder->problem, sizeof builder->problem, "parameter %d%s%s%s%s%s: %.120s", k + 1, *name ? " '" : "", name,
           *name ? "'" : "", *type ? " of type " : "", type, reason);
}

/* Flags as the rest of the house may rely on them, whatever a library says:
 *   [lcid]    an integer of four bytes by value, [in];
 *   [retval]  the last parameter, a pointer, [out] and not [in]; neither optional nor with a default;
 *   [out]     no number or record by value;
 *   vararg    SAFEARRAY(VARIANT), or a pointer to it;
 *   a default has its value; and a parameter that is neither [in] nor [out] is [in].
 * A flag that can't be meant is dropped, and what remains is an ordinary parameter, which a caller has to give. */
static bool is_lcid(const Type *type, unsigned flags) {
  bool integer = type->value_class == VALUE_SIGNED || type->value_class == VALUE_UNSIGNED;
  return integer && type->size == sizeof(LCID) && !(flags & PARAMETER_RETVAL);
}

static bool is_variant_array(const Type *type) {
  if (type->kind == TYPE_POINTER)
    type = type_resolve(type->target);
  return type->kind == TYPE_SAFEARRAY && type->vt == (VT_ARRAY | VT_VARIANT);
}

static unsigned settled_flags(const Parameter *parameter, bool last) {
  const Type *type = type_resolve(parameter->type);
  unsigned flags = parameter->flags;
  if (flags & PARAMETER_RETVAL && !(flags & PARAMETER_IN))
    flags |= PARAMETER_OUT;
  if (type->value_class != VALUE_POINTER && type->kind != TYPE_ARRAY && flags & PARAMETER_OUT)
    flags = (flags & ~(unsigned)PARAMETER_OUT) | PARAMETER_IN;
  if (!last || type->vt != VT_PTR || flags & PARAMETER_IN || !(flags & PARAMETER_OUT))
    flags &= ~(unsigned)PARAMETER_RETVAL;
  if (!(flags & (PARAMETER_IN | PARAMETER_OUT)))
    flags |= PARAMETER_IN;
  if (!is_lcid(type, flags))
    flags &= ~(unsigned)PARAMETER_LCID;
  if (!is_variant_array(type))
    flags &= ~(unsigned)PARAMETER_VARARG;
  if (!parameter->default_value)
    flags &= ~(unsigned)PARAMETER_DEFAULT;
  if (flags & PARAMETER_RETVAL)
    flags &= ~(unsigned)(PARAMETER_OPTIONAL | PARAMETER_DEFAULT);
  return flags;
}

void signature_settle_flags(SignatureBuilder *builder) {
  for (unsigned k = 0; k < builder->signature->count; k++) {
    Parameter *parameter = &builder->parameters[k];
    parameter->flags = (uint16_t)settled_flags(parameter, k + 1u == builder->signature->count);
  }
}

void signature_mark_vararg(SignatureBuilder *builder) {
  int last = builder->signature->count - 1;
  while (last >= 0 && builder->parameters[last].flags & (PARAMETER_RETVAL | PARAMETER_LCID))
    last--;
  builder->signature->flags &= (uint16_t)~SIGNATURE_VARARG;
  if (last < 0 || !is_variant_array(type_resolve(builder->parameters[last].type)))
    return;
  builder->parameters[last].flags |= PARAMETER_VARARG;
  builder->signature->flags |= SIGNATURE_VARARG;
}

/* Whether pointers are no longer stripped at this one: its target is no single value to be shown. */
static bool pointer_is_value(const Type *pointer, unsigned flags) {
  const Type *target = type_resolve(pointer->target);
  if (target->size == 0 || flags & PARAMETER_BUFFER)
    return true;
  return flags & PARAMETER_STRING && target->kind == TYPE_BASE && target->size <= 2 &&
         target->value_class <= VALUE_UNSIGNED;
}

static void derive_parameter(Parameter *parameter) {
  const Type *type = type_resolve(parameter->type);
  const Type *first = NULL; /* after one pointer */
  unsigned levels = 0;
  if (type->kind == TYPE_ARRAY) { /* an array as a parameter is the pointer to its first element */
    levels = 1;
    first = type;
  }
  while (type->kind == TYPE_POINTER && levels < 255 && !pointer_is_value(type, parameter->flags)) {
    type = type_resolve(type->target);
    if (levels++ == 0)
      first = type;
  }
  parameter->value = type;
  parameter->indirection = (uint8_t)levels;
  parameter->cell = parameter->flags & PARAMETER_OUT && levels ? first : type;
  parameter->value_class = parameter->cell->value_class;
  parameter->size = parameter->cell->size > 0xFFFF ? 0xFFFF : (uint16_t)parameter->cell->size;
  parameter->vt = type_variant_vt(type);
  if (levels == 0 && !(parameter->flags & (PARAMETER_OUT | PARAMETER_LCID | PARAMETER_RETVAL | PARAMETER_VARARG)) &&
      (type->kind == TYPE_BASE || type->kind == TYPE_ENUM) && parameter->vt != VT_ILLEGAL &&
      type->value_class <= VALUE_DOUBLE)
    parameter->flags |= PARAMETER_DIRECT;
}

/* Whether Invoke may go the short way: see SIGNATURE_DIRECT. */
static bool is_direct(const Signature *signature) {
  unsigned count = signature->count;
  if (signature->flags & (SIGNATURE_DISPATCH | SIGNATURE_STATIC | SIGNATURE_VARARG))
    return false;
  if (count && signature->retval == (int)count - 1) {
    const Parameter *result = &signature->parameters[--count];
    if (result->indirection != 1 || result->vt == VT_ILLEGAL || result->value_class > VALUE_DOUBLE)
      return false;
  } else if (signature->retval >= 0 || !(signature->flags & SIGNATURE_HRESULT)) {
    return false;
  }
  for (unsigned k = 0; k < count; k++)
    if (!(signature->parameters[k].flags & PARAMETER_DIRECT))
      return false;
  return true;
}

static void mark_count(SignatureBuilder *builder, TypeCount count) {
  if (!count.name || count.name > builder->signature->count)
    return;
  Parameter *parameter = &builder->parameters[count.name - 1];
  const unsigned others = PARAMETER_LCID | PARAMETER_RETVAL | PARAMETER_VARARG | PARAMETER_BUFFER;
  if (parameter->flags & PARAMETER_IN && !(parameter->flags & others) && parameter->value->kind == TYPE_BASE &&
      parameter->value->value_class <= VALUE_UNSIGNED && parameter->cell == parameter->value)
    parameter->flags |= PARAMETER_COUNT;
}

/* Which parameters say something about others. */
static void derive_relations(SignatureBuilder *builder) {
  for (unsigned k = 0; k < builder->signature->count; k++) {
    const Parameter *parameter = &builder->parameters[k];
    bool buffer = parameter->flags & (PARAMETER_BUFFER | PARAMETER_STRING) && parameter->value->kind == TYPE_POINTER;
    if (buffer || parameter->iid_is >= 0)
      builder->signature->flags |= SIGNATURE_COUNTED;
    if (!buffer || !(parameter->flags & PARAMETER_IN) || !parameter->value->extent)
      continue;
    mark_count(builder, parameter->value->extent->size);
    mark_count(builder, parameter->value->extent->length);
  }
}

/* A buffer that a script gives says how many elements there are: the count is no argument. What only a buffer that comes back
 * has for its size has to be said. */
static bool tells_count(const Parameter *buffer, unsigned k) {
  unsigned wanted = PARAMETER_IN | PARAMETER_BUFFER;
  return (buffer->flags & wanted) == wanted && type_resolve(buffer->type)->kind == TYPE_POINTER &&
         (buffer->size_is == (int)k || buffer->length_is == (int)k);
}

static bool is_counted(const SignatureBuilder *builder, unsigned k) {
  const Parameter *count = &builder->parameters[k];
  bool plain = (count->flags & (PARAMETER_IN | PARAMETER_OUT | PARAMETER_LCID)) == PARAMETER_IN &&
               count->indirection <= 1 && count->value->value_class >= VALUE_SIGNED &&
               count->value->value_class <= VALUE_UNSIGNED;
  for (unsigned i = 0; plain && i < builder->signature->count; i++)
    if (tells_count(&builder->parameters[i], k))
      return true;
  return false;
}

static void derive_buffers(SignatureBuilder *builder) {
  for (unsigned k = 0; k < builder->signature->count; k++) {
    Parameter *parameter = &builder->parameters[k];
    if (is_counted(builder, k)) {
      parameter->flags = (uint16_t)((parameter->flags | PARAMETER_COUNTED) & ~PARAMETER_DIRECT);
      builder->signature->counted++;
    }
    if (parameter->flags & PARAMETER_BUFFER || parameter->iid_is >= 0)
      builder->signature->flags |= SIGNATURE_BUFFERS;
  }
}

static void derive_counts(SignatureBuilder *builder) {
  Signature *signature = builder->signature;
  if (signature->result->size != 0 && !(signature->flags & SIGNATURE_HRESULT))
    signature->results++;
  for (unsigned k = 0; k < signature->count; k++) {
    unsigned flags = builder->parameters[k].flags;
    if (flags & PARAMETER_LCID)
      signature->lcid = (int16_t)k;
    if (flags & PARAMETER_RETVAL)
      signature->retval = (int16_t)k;
    if (flags & PARAMETER_VARARG)
      signature->vararg = (int16_t)k;
    if (flags & PARAMETER_OUT)
      signature->results++;
    if (!(flags & PARAMETER_IN) || flags & (PARAMETER_LCID | PARAMETER_RETVAL | PARAMETER_VARARG | PARAMETER_COUNTED))
      continue;
    signature->arguments++;
    if (!(flags & (PARAMETER_OPTIONAL | PARAMETER_DEFAULT | PARAMETER_COUNT)))
      signature->required++;
  }
}

/* Whether a result of this type comes with a reference: plain pointers are mostly to memory that stays the callee's. */
static bool result_is_owned(const Signature *signature) {
  const Type *result = type_resolve(signature->result);
  return !(signature->flags & SIGNATURE_BORROWED) && result->owner != OWNS_NOTHING &&
         result->owner != OWNS_TASK_MEMORY && result->kind != TYPE_POINTER;
}

static bool is_plain(const SignatureBuilder *builder) {
  if (result_is_owned(builder->signature))
    return false;
  for (unsigned k = 0; k < builder->signature->count; k++)
    if (builder->parameters[k].cell->owner != OWNS_NOTHING)
      return false;
  return true;
}

HRESULT signature_complete(SignatureBuilder *builder) {
  Signature *signature = builder->signature;
  for (unsigned k = 0; k < signature->count; k++)
    derive_parameter(&builder->parameters[k]);
  const Type *result = type_resolve(signature->result);
  if (result->kind == TYPE_BASE && result->vt == VT_HRESULT)
    signature->flags |= SIGNATURE_HRESULT;
  if (signature->abi.foreign)
    derive_buffers(builder);
  else
    derive_relations(builder);
  derive_counts(builder);
  if (is_plain(builder))
    signature->flags |= SIGNATURE_PLAIN;
  if (is_direct(signature))
    signature->flags |= SIGNATURE_DIRECT;
  uint32_t slot = signature->slot;
  if (slot >= signature->abi.extra_position)
    slot += signature->abi.extra_slots;
  signature->vtable_offset = slot * (uint32_t)sizeof(void *);
  HRESULT hr = signature_plan_call(builder);
  if (SUCCEEDED(hr) && *builder->problem) {
    char *text = type_set_allocate(builder->set, strlen(builder->problem) + 1);
    if (!text)
      return E_OUTOFMEMORY;
    strcpy(text, builder->problem);
    signature->unsupported = text;
  }
  return hr;
}

/* Frames */

void frame_own(const Signature *signature, CallFrame *frame, unsigned k) {
  ((unsigned char *)frame_at(frame, signature->owned_offset))[k] = 1;
}

void signature_clear_frame(const Signature *signature, CallFrame *frame) {
  const unsigned char *owned = frame_at(frame, signature->owned_offset);
  for (unsigned k = 0; k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    if (parameter->cell->owner == OWNS_NOTHING)
      continue;
    bool ours = owned[k];
    if (parameter->flags & PARAMETER_OUT && parameter->storage != parameter->slot)
      ours = *frame_pointer(signature, frame, k) == frame_at(frame, parameter->storage) || ours;
    if (ours)
      type_clear(parameter->cell, frame_at(frame, parameter->storage));
  }
  if (result_is_owned(signature))
    type_clear(signature->result, frame_result(signature, frame));
}
