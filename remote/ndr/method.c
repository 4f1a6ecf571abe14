/* A Signature prepared for travel: shapes of the parameters, and the way for calls of nothing but scalars. What cannot travel
 * is found here, once, and not in a call. */
#include "remote/ndr/method.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Whether a type travels */

/* Records on the way to a type: one that leads back to itself has been looked at. */
typedef struct Way {
  const struct Way *above;
  const Type *record;
} Way;

enum { MOST_LEVELS = 64 };

static const char *objection(const Type *type, const Way *way, unsigned levels);

/* What speaks against a union that is a parameter, or behind its pointers: its tag is another parameter. */
static const char *object_to_tag(const NdrMethod *method, const NdrParameter *parameter, const Type *type,
                                 unsigned counts) {
  uint16_t tag = type->extent ? type->extent->tag : 0;
  const NdrParameter *teller = tag && tag <= method->count ? &method->parameters[tag - 1] : NULL;
  if (!teller || teller == parameter)
    return "nobody knows which member of a union is meant";
  bool number = teller->target->value_class == VALUE_SIGNED || teller->target->value_class == VALUE_UNSIGNED;
  if (!number || teller->shape > NDR_SHAPE_POINTER || teller->target->kind == TYPE_POINTER)
    return "the tag of a union is a number";
  if (parameter->in ? !teller->in : !teller->in && !teller->out)
    return "the tag of a union that goes in goes in, too";
  if (counts)
    return "a union whose pointers parameters count does not travel";
  for (uint32_t i = 0; i < type->count; i++) {
    Way here = { NULL, type };
    const char *text = objection(type->fields[i].type, &here, 0);
    if (text)
      return text;
  }
  return NULL;
}

/* A union is in a record, behind its tag. */
static const char *object_to_union(const Type *type, const Way *way, unsigned levels) {
  const Type *record = way ? way->record : NULL;
  if (!type->extent || !type->extent->tag || !record)
    return "nobody knows which member of a union is meant";
  const Type *tag = type_resolve(record->fields[type->extent->tag - 1].type);
  for (uint32_t i = 0; i + 1u < type->extent->tag; i++)
    if (type_resolve(record->fields[i].type) == type)
      return "the tag of a union stands in front of it";
  if (tag->value_class != VALUE_SIGNED && tag->value_class != VALUE_UNSIGNED)
    return "the tag of a union is a number";
  Way here = { way, type };
  for (uint32_t i = 0; i < type->count; i++) {
    const char *text = objection(type->fields[i].type, &here, levels);
    if (text)
      return text;
  }
  return NULL;
}

static const char *object_to_record(const Type *type, const Way *way, unsigned levels) {
  for (const Way *above = way; above; above = above->above)
    if (above->record == type)
      return NULL;
  Way here = { way, type };
  for (uint32_t i = 0; i < type->count; i++) {
    const char *text = objection(type->fields[i].type, &here, levels);
    if (text)
      return text;
  }
  return NULL;
}

/* What speaks against it; NULL: it travels. */
static const char *objection(const Type *type, const Way *way, unsigned levels) {
  type = type_resolve(type);
  if (levels > MOST_LEVELS)
    return "types nested too deep do not travel";
  switch (type->kind) {
  case TYPE_POINTER:
    if (type_resolve(type->target)->size == 0)
      return "nobody knows what a void* points to";
    return objection(type->target, way, levels + 1);
  case TYPE_ARRAY:
    return objection(type->target, way, levels + 1);
  case TYPE_RECORD:
    return object_to_record(type, way, levels + 1);
  case TYPE_UNION:
    return object_to_union(type, way, levels + 1);
  case TYPE_BASE:
    if (type->vt == VT_PTR)
      return "nobody knows what a pointer of this type points to";
    return NULL;
  default:
    return NULL;
  }
}

/* Shapes */

static bool is_counted(const TypeExtent *extent) {
  return extent && (extent->size.name || extent->length.name);
}

/* Whether pointers in a value of this type, outside of records, are counted by parameters, or its unions have their tag there. */
static bool has_counts(const Type *type) {
  type = type_resolve(type);
  if (type->kind == TYPE_UNION)
    return true;
  if (type->kind == TYPE_POINTER)
    return is_counted(type->extent) || has_counts(type->target);
  return type->kind == TYPE_ARRAY && has_counts(type->target);
}

static void shape_pointer(NdrParameter *result, const Parameter *parameter) {
  const Type *type = result->type;
  result->target = type_resolve(type->target);
  result->extent = type->extent;
  result->shape = NDR_SHAPE_POINTER;
  if (is_counted(type->extent)) {
    result->shape = NDR_SHAPE_BUFFER;
  } else if (type->extent && type->extent->string) {
    result->shape = NDR_SHAPE_TEXT;
    result->unit = (uint8_t)result->target->size;
  }
  result->counts = result->shape != NDR_SHAPE_TEXT && has_counts(result->target);
  result->in_cell =
      result->shape == NDR_SHAPE_POINTER && type_resolve(parameter->cell) == result->target && parameter->indirection;
}

static void shape_parameter(NdrParameter *result, const Parameter *parameter) {
  const Type *type = type_resolve(parameter->type);
  result->type = result->target = type;
  result->in = (parameter->flags & PARAMETER_IN) != 0;
  result->out = (parameter->flags & PARAMETER_OUT) != 0;
  result->unique = (parameter->flags & PARAMETER_UNIQUE) && result->in;
  result->counts = has_counts(type);
  if (type->kind == TYPE_POINTER) {
    shape_pointer(result, parameter);
  } else if (type->kind == TYPE_ARRAY) { /* the argument points to the first element */
    result->shape = NDR_SHAPE_POINTER;
    result->in_cell = type_resolve(parameter->cell) == type;
  } else if (type->kind == TYPE_BASE && type->owner == OWNS_TASK_MEMORY) {
    result->shape = NDR_SHAPE_TEXT;
    result->unit = type->vt == VT_LPSTR ? 1 : sizeof(OLECHAR);
  }
}

/* A buffer of the caller is as large as is known before the call. */
static bool has_known_size(const NdrMethod *method, const NdrParameter *parameter) {
  TypeCount count = parameter->extent->size.name ? parameter->extent->size : parameter->extent->length;
  return count.name <= method->count && method->parameters[count.name - 1].in;
}

/* What speaks against the parameter's type. */
static const char *object_to_type(const NdrMethod *method, const NdrParameter *parameter) {
  const Type *type = parameter->target;
  unsigned levels = 0, counts = 0;
  for (; (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY) && levels <= MOST_LEVELS; levels++) {
    counts += type->kind == TYPE_POINTER && is_counted(type->extent);
    type = type_resolve(type->target);
  }
  return type->kind == TYPE_UNION ? object_to_tag(method, parameter, type, counts)
                                  : objection(parameter->type, NULL, 0);
}

static const char *object_to(const NdrMethod *method, const NdrParameter *parameter) {
  if (parameter->out && parameter->shape == NDR_SHAPE_VALUE)
    return "an [out] parameter is a pointer";
  if (parameter->shape == NDR_SHAPE_TEXT && parameter->out && !parameter->in)
    return "an [out] string needs a size";
  if (parameter->shape == NDR_SHAPE_BUFFER && !has_known_size(method, parameter))
    return "the size of a buffer must be an [in] parameter";
  return object_to_type(method, parameter);
}

/* Scalars */

static const Type *scalar_of(const NdrParameter *parameter) {
  const Type *type = parameter->target;
  bool scalar = (type->kind == TYPE_BASE || type->kind == TYPE_ENUM) && type->wire_flags & WIRE_BLOCK &&
                type->value_class <= VALUE_DOUBLE && type->size && !parameter->unique;
  return scalar && parameter->shape <= NDR_SHAPE_POINTER ? type : NULL;
}

static bool add_step(NdrScalars *scalars, NdrStep *step, unsigned k, const Type *type) {
  uint32_t offset = (scalars->size + type->size - 1) & ~(type->size - 1);
  bool floating = type->value_class == VALUE_FLOAT || type->value_class == VALUE_DOUBLE;
  *step = (NdrStep){ (uint16_t)k, (uint8_t)type->size, type->value_class == VALUE_SIGNED, floating, offset };
  scalars->size = offset + type->size;
  scalars->count++;
  return true;
}

/* The result is the last step of a reply; its parameter is the number of parameters. */
static void plan_scalars(NdrMethod *method, NdrScalars *scalars, NdrStep *steps, bool reply) {
  scalars->steps = steps;
  for (unsigned k = 0; k < method->count; k++) {
    const NdrParameter *parameter = &method->parameters[k];
    if (!(reply ? parameter->out : parameter->in))
      continue;
    const Type *type = scalar_of(parameter);
    if (!type || (!reply && parameter->shape != NDR_SHAPE_VALUE) || (reply && (parameter->in || !parameter->in_cell)))
      return;
    add_step(scalars, &steps[scalars->count], k, type);
  }
  const Type *result = type_resolve(method->signature->result);
  if (reply && !(method->signature->flags & SIGNATURE_HRESULT))
    return;
  if (reply)
    add_step(scalars, &steps[scalars->count], method->count, result);
  scalars->whole = true;
}

static uint32_t round_up(uint32_t value) {
  return (value + 15) & ~15u;
}

static HRESULT plan(NdrMethod *method) {
  const Signature *signature = method->signature;
  method->steps = calloc(2 * (size_t)method->count + 1, sizeof *method->steps);
  if (!method->steps)
    return E_OUTOFMEMORY;
  plan_scalars(method, &method->request, method->steps, false);
  plan_scalars(method, &method->reply, method->steps + method->count, true);
  method->arguments_offset = round_up(signature->frame_size);
  method->places_offset = round_up(method->arguments_offset + method->count * (uint32_t)sizeof(void *));
  method->call_size = method->places_offset + method->count * (uint32_t)sizeof(NdrArgument);
  return S_OK;
}

/* Making */

static void name_text(const OLECHAR *name, char *text, size_t size) {
  size_t units = name ? utf16_units(name) : 0, most = (size - 1) / 3;
  text[utf8_from_utf16(name, units < most ? units : most, text)] = 0;
}

static HRESULT refuse(const Signature *signature, int k, const char *text) {
  char method[128], name[128], type[96];
  const Type *wanted = k < 0 ? signature->result : signature->parameters[k].type;
  const OLECHAR *parameter = k < 0 ? u"result" : signature->parameters[k].name;
  name_text(signature->name, method, sizeof method);
  name_text(parameter, name, sizeof name);
  type_describe(wanted, type, sizeof type);
  return error_raise(E_NOTIMPL, "Oleander", "%s, parameter %d '%s' of type %s: %s", method, k + 1, name, type, text);
}

static HRESULT check(const NdrMethod *method) {
  const Signature *signature = method->signature;
  if (signature->unsupported)
    return error_raise(E_NOTIMPL, "Oleander", "%s", signature->unsupported);
  for (unsigned k = 0; k < method->count; k++) {
    const char *text = object_to(method, &method->parameters[k]);
    if (text)
      return refuse(signature, (int)k, text);
  }
  const char *text = objection(signature->result, NULL, 0);
  return text ? refuse(signature, -1, text) : S_OK;
}

HRESULT ndr_method_create(const Signature *signature, const NdrMethod **result) {
  NdrMethod *method = calloc(1, sizeof *method + signature->count * sizeof method->parameters[0]);
  *result = NULL;
  if (!method)
    return E_OUTOFMEMORY;
  atomic_init(&method->references, 1);
  method->signature = signature_addref(signature);
  method->count = signature->count;
  for (unsigned k = 0; k < method->count; k++)
    shape_parameter(&method->parameters[k], &signature->parameters[k]);
  HRESULT hr = check(method);
  if (SUCCEEDED(hr))
    hr = plan(method);
  if (SUCCEEDED(hr))
    *result = method;
  else
    ndr_method_release(method);
  return hr;
}

void ndr_method_release(const NdrMethod *given) {
  NdrMethod *method = (NdrMethod *)(uintptr_t)given;
  if (!method || atomic_fetch_sub_explicit(&method->references, 1, memory_order_acq_rel) != 1)
    return;
  signature_release(method->signature);
  free(method->steps);
  free(method);
}

const Signature *ndr_method_signature(const NdrMethod *method) {
  return method->signature;
}

/* What both sides ask */

const Type *ndr_method_place(const NdrMethod *method, const NdrArgument *arguments, unsigned k, const void **place) {
  if (k >= method->count)
    return NULL;
  const NdrParameter *parameter = &method->parameters[k];
  *place = arguments[k].place;
  return parameter->shape == NDR_SHAPE_VALUE || parameter->shape == NDR_SHAPE_POINTER ? parameter->target : NULL;
}

HRESULT ndr_buffer_count(const NdrParameter *parameter, const NdrScope *scope, uint32_t *count) {
  const TypeExtent *extent = parameter->extent;
  return ndr_scope_count(scope, extent->size.name ? extent->size : extent->length, count) ? S_OK : NDR_BAD_STUB_DATA;
}

HRESULT ndr_buffer_length(const NdrParameter *parameter, const NdrScope *scope, uint32_t most, uint32_t *count) {
  const TypeExtent *extent = parameter->extent;
  *count = most;
  if (extent->length.name && (!ndr_scope_count(scope, extent->length, count) || *count > most))
    return NDR_BAD_STUB_DATA;
  return S_OK;
}

static void put_buffer(NdrWriter *writer, const NdrParameter *parameter, const NdrArgument *argument,
                       const NdrScope *scope) {
  uint32_t most, count;
  HRESULT hr = ndr_buffer_count(parameter, scope, &most);
  if (SUCCEEDED(hr) && argument->count < most) /* what was provided is less */
    hr = NDR_BAD_STUB_DATA;
  if (SUCCEEDED(hr))
    hr = ndr_buffer_length(parameter, scope, most, &count);
  if (FAILED(hr)) {
    ndr_writer_fail(writer, hr);
    return;
  }
  if (parameter->extent->string) {
    ndr_put_text(writer, argument->place, parameter->target->size, most);
    return;
  }
  ndr_put_u32(writer, most);
  if (parameter->extent->length.name) {
    ndr_put_u32(writer, 0);
    ndr_put_u32(writer, count);
  }
  ndr_put_elements(writer, parameter->target, argument->place, count, scope);
}

void ndr_put_argument(NdrWriter *writer, const NdrMethod *method, NdrArgument *arguments, unsigned k) {
  const NdrParameter *parameter = &method->parameters[k];
  NdrScope scope = ndr_scope_of(method, arguments, k);
  void *place = arguments[k].place;
  if (parameter->unique)
    ndr_put_pointer(writer, place);
  if (!place)
    return;
  if (parameter->shape == NDR_SHAPE_BUFFER)
    put_buffer(writer, parameter, &arguments[k], &scope);
  else if (parameter->shape == NDR_SHAPE_TEXT)
    ndr_put_text(writer, place, parameter->unit, 0);
  else
    ndr_put_elements(writer, parameter->target, place, 1, &scope);
}

static void clear_inner(const Type *type, void *value, uint32_t inner) {
  type = type_resolve(type);
  if (type->kind == TYPE_ARRAY) {
    for (uint32_t i = 0; i < type->count; i++)
      clear_inner(type->target, (unsigned char *)value + (size_t)i * type->target->size, inner);
    return;
  }
  if (type->kind == TYPE_UNION) {
    const Field *member = type_union_case(type, (int32_t)inner);
    if (member && member->type->owner != OWNS_NOTHING)
      type_clear(member->type, value);
    memset(value, 0, type->size);
    return;
  }
  void *target;
  memcpy(&target, value, sizeof target);
  memset(value, 0, sizeof target);
  if (!target)
    return;
  ndr_clear_elements(type->target, target, is_counted(type->extent) ? inner : 1, inner);
  CoTaskMemFree(target);
}

void ndr_clear_elements(const Type *type, void *values, uint32_t count, uint32_t inner) {
  type = type_resolve(type);
  if (type->owner == OWNS_NOTHING || !type->size)
    return;
  bool counted = has_counts(type);
  for (uint32_t i = 0; i < count; i++) {
    void *value = (unsigned char *)values + (size_t)i * type->size;
    if (counted)
      clear_inner(type, value, inner);
    else
      type_clear(type, value);
  }
}

/* The innermost counted pointer of a target, or the union there: the node that `inner` belongs to. */
static const Type *inner_node(const Type *type) {
  const Type *found = NULL;
  type = type_resolve(type);
  for (; type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY; type = type_resolve(type->target))
    if (type->kind == TYPE_POINTER && is_counted(type->extent))
      found = type;
  return type->kind == TYPE_UNION ? type : found;
}

/* What parameters say about it. */
static bool said_of(const Type *node, const NdrScope *scope, uint32_t *inner) {
  int64_t number = 0;
  *inner = 0;
  if (node->kind != TYPE_UNION)
    return ndr_scope_count(scope, node->extent->size, inner);
  bool told = ndr_scope_tag(scope, node, &number) && number == (int32_t)number;
  *inner = told ? (uint32_t)number : 0;
  return told;
}

void ndr_inner_count(const NdrParameter *parameter, const NdrScope *scope, uint32_t *count) {
  const Type *node = inner_node(parameter->target);
  if (!node || !said_of(node, scope, count))
    *count = 0;
}

static bool inner_fits(const NdrParameter *parameter, const NdrScope *scope, uint32_t inner) {
  const Type *node = inner_node(parameter->target);
  uint32_t said;
  if (node->kind != TYPE_UNION && !node->extent->size.name)
    return true;
  return said_of(node, scope, &said) && said == inner;
}

HRESULT ndr_check_counts(const NdrMethod *method, NdrArgument *arguments, bool reply) {
  for (unsigned k = 0; k < method->count; k++) {
    const NdrParameter *parameter = &method->parameters[k];
    NdrScope scope = ndr_scope_of(method, arguments, k);
    uint32_t most, count;
    if (!(reply ? parameter->out : parameter->in) || !arguments[k].place)
      continue;
    if (parameter->counts && arguments[k].has_inner && !inner_fits(parameter, &scope, arguments[k].inner))
      return NDR_BAD_STUB_DATA;
    if (parameter->shape != NDR_SHAPE_BUFFER)
      continue;
    if (FAILED(ndr_buffer_count(parameter, &scope, &most)) || most > arguments[k].count ||
        FAILED(ndr_buffer_length(parameter, &scope, most, &count)))
      return NDR_BAD_STUB_DATA;
  }
  return S_OK;
}
