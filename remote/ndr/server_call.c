/* The server's side of a call: a frame of the signature, filled from the request, and the reply out of it. The memory that an
 * argument points to is the call's and ends with it; what lies behind pointers in there is task memory, which a method may
 * replace ([in,out]) or leave behind ([out]). Arrays and strings of scalars that only go in stay where they came. */
#include "remote/ndr/method.h"

#include <stdlib.h>
#include <string.h>

/* A block for the arguments of one call. */
typedef struct Block {
  struct Block *next;
  max_align_t data[];
} Block;

struct NdrCall {
  const NdrMethod *method;
  NdrArgument *places;
  void **arguments;
  CallFrame *frame;
  Block *blocks;
  NdrCell *cells;
  bool scalars;  /* only scalars: nothing to let go */
  bool ready;    /* the request has been read: counts are those of the parameters */
  bool keep_out; /* [out]s travel also behind a failure */
};

enum { CALL_HEAD = (sizeof(NdrCall) + 15) & ~15 };

size_t ndr_call_size(const NdrMethod *method) {
  return CALL_HEAD + method->call_size;
}

static void **frame_slot(NdrCall *call, unsigned k) {
  return call->arguments[k];
}

static void lay_out(NdrCall *call, const NdrMethod *method) {
  unsigned char *memory = (unsigned char *)call + CALL_HEAD;
  *call = (NdrCall){ .method = method,
                     .frame = (CallFrame *)(void *)memory,
                     .arguments = (void **)(void *)(memory + method->arguments_offset),
                     .places = (NdrArgument *)(void *)(memory + method->places_offset) };
  signature_prepare(method->signature, call->frame);
  for (unsigned k = 0; k < method->count; k++)
    call->arguments[k] = frame_at(call->frame, method->signature->parameters[k].slot);
}

/* Zeroed; NULL and failed when there is none. */
static void *allocate(NdrCall *call, NdrReader *reader, uint64_t count, const Type *element) {
  uint64_t size = count * element->size;
  Block *block = calloc(1, sizeof *block + size);
  if (!block) {
    ndr_fail(reader, E_OUTOFMEMORY);
    return NULL;
  }
  block->next = call->blocks;
  call->blocks = block;
  return block->data;
}

/* Requests of scalars */

static HRESULT get_scalars(NdrCall *call, NdrReader *reader) {
  const NdrScalars *scalars = &call->method->request;
  const uint8_t *at = ndr_get_bytes(reader, scalars->size);
  if (!at)
    return reader->error;
  for (uint32_t i = 0; i < scalars->count; i++) {
    const NdrStep *step = &scalars->steps[i];
    void *slot = call->arguments[step->parameter];
    if (step->floating)
      memcpy(slot, at + step->offset, step->size);
    else /* an argument is a whole word */
      integer_store(slot, sizeof(int64_t), integer_load(at + step->offset, step->size, step->is_signed));
  }
  return S_OK;
}

/* Requests */

/* Arguments by value are whole words. */
static void widen(NdrCall *call, unsigned k) {
  const Type *type = call->method->parameters[k].type;
  void *slot = call->arguments[k];
  if (type->value_class == VALUE_SIGNED || type->value_class == VALUE_UNSIGNED)
    integer_store(slot, sizeof(int64_t), integer_load(slot, type->size, type->value_class == VALUE_SIGNED));
}

static void get_value(NdrCall *call, NdrReader *reader, unsigned k) {
  NdrScope scope = ndr_scope_of(call->method, call->places, k);
  ndr_get_elements(reader, call->method->parameters[k].target, call->places[k].place, 1, &scope);
}

/* The memory for one value behind an argument: the frame's cell, or a block. */
static void make_target(NdrCall *call, NdrReader *reader, unsigned k) {
  const NdrParameter *parameter = &call->method->parameters[k];
  NdrArgument *argument = &call->places[k];
  argument->place = parameter->in_cell ? frame_value(call->method->signature, call->frame, k)
                                       : allocate(call, reader, 1, parameter->target);
  *frame_slot(call, k) = argument->place;
}

static bool stays_in_place(const NdrParameter *parameter, const uint8_t *bytes, unsigned alignment) {
  return !parameter->out && ((uintptr_t)bytes & (alignment - 1)) == 0;
}

static void get_text(NdrCall *call, NdrReader *reader, unsigned k) {
  const NdrParameter *parameter = &call->method->parameters[k];
  NdrArgument *argument = &call->places[k];
  const uint8_t *text = ndr_get_text(reader, parameter->unit, &argument->count);
  if (!text)
    return;
  argument->place = (void *)(uintptr_t)text;
  if (!stays_in_place(parameter, text, parameter->unit)) {
    const Type *character = type_of_vartype(parameter->unit == 1 ? VT_UI1 : VT_UI2);
    argument->place = allocate(call, reader, argument->count, character);
    if (argument->place)
      memcpy(argument->place, text, (size_t)argument->count * parameter->unit);
  }
  *frame_slot(call, k) = argument->place;
}

static bool ends_with_zero(const Type *element, const uint8_t *text, uint32_t count) {
  static const uint8_t zero[sizeof(OLECHAR)];
  return count && element->size <= sizeof zero &&
         memcmp(text + (size_t)(count - 1) * element->size, zero, element->size) == 0;
}

static void get_buffer(NdrCall *call, NdrReader *reader, unsigned k) {
  const NdrParameter *parameter = &call->method->parameters[k];
  const Type *element = parameter->target;
  NdrArgument *argument = &call->places[k];
  NdrScope scope = ndr_scope_of(call->method, call->places, k);
  uint32_t most, count;
  if (!ndr_get_extent(reader, parameter->extent, element, &most, &count) || !ndr_spare(reader, element, most - count))
    return;
  argument->count = most;
  bool block = element->wire_flags & WIRE_BLOCK;
  if (block && count)
    ndr_skip_to(reader, element->wire_alignment);
  const uint8_t *bytes = reader->data + reader->position;
  if (block && most == count && stays_in_place(parameter, bytes, element->alignment)) {
    if (ndr_get_bytes(reader, (size_t)count * element->size))
      argument->place = (void *)(uintptr_t)bytes;
  } else {
    argument->place = allocate(call, reader, most, element);
    if (argument->place)
      ndr_get_elements(reader, element, argument->place, count, &scope);
  }
  if (argument->place && parameter->extent->string && !ends_with_zero(element, argument->place, count))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  *frame_slot(call, k) = argument->place;
}

static void get_argument(NdrCall *call, NdrReader *reader, unsigned k) {
  const NdrParameter *parameter = &call->method->parameters[k];
  if (parameter->shape == NDR_SHAPE_VALUE) {
    get_value(call, reader, k);
    widen(call, k);
    return;
  }
  if (parameter->unique && !ndr_get_pointer(reader)) {
    *frame_slot(call, k) = NULL;
    return;
  }
  if (FAILED(reader->error))
    return;
  if (parameter->shape == NDR_SHAPE_BUFFER) {
    get_buffer(call, reader, k);
  } else if (parameter->shape == NDR_SHAPE_TEXT) {
    get_text(call, reader, k);
  } else {
    make_target(call, reader, k);
    if (call->places[k].place)
      get_value(call, reader, k);
  }
}

/* Memory for what the method gives. */
static void make_output(NdrCall *call, NdrReader *reader, unsigned k) {
  const NdrParameter *parameter = &call->method->parameters[k];
  NdrArgument *argument = &call->places[k];
  NdrScope scope = ndr_scope_of(call->method, call->places, k);
  if (parameter->shape == NDR_SHAPE_POINTER) {
    make_target(call, reader, k);
    return;
  }
  HRESULT hr = ndr_buffer_count(parameter, &scope, &argument->count);
  if (FAILED(hr)) {
    ndr_fail(reader, hr);
    return;
  }
  if (!ndr_spare(reader, parameter->target, argument->count))
    return;
  argument->place = allocate(call, reader, argument->count, parameter->target);
  *frame_slot(call, k) = argument->place;
}

static void place_values(NdrCall *call) {
  for (unsigned k = 0; k < call->method->count; k++) {
    bool value = call->method->parameters[k].shape == NDR_SHAPE_VALUE;
    call->places[k] = (NdrArgument){ .place = value ? call->arguments[k] : NULL };
  }
}

static HRESULT get_general(NdrCall *call, NdrReader *reader) {
  const NdrMethod *method = call->method;
  NdrCell **cells = reader->cells;
  reader->cells = &call->cells;
  for (unsigned k = 0; k < method->count && SUCCEEDED(reader->error); k++)
    if (method->parameters[k].in)
      get_argument(call, reader, k);
  if (SUCCEEDED(reader->error)) {
    HRESULT hr = ndr_check_counts(method, call->places, false);
    if (FAILED(hr))
      ndr_fail(reader, hr);
  }
  for (unsigned k = 0; k < method->count && SUCCEEDED(reader->error); k++)
    if (!method->parameters[k].in)
      make_output(call, reader, k);
  reader->cells = cells;
  call->ready = SUCCEEDED(reader->error);
  return reader->error;
}

HRESULT ndr_call_begin(NdrCall *call, const NdrMethod *method, NdrReader *reader) {
  lay_out(call, method);
  call->scalars = method->request.whole && method->reply.whole;
  if (call->scalars && !(reader->position & 7))
    return get_scalars(call, reader);
  place_values(call);
  call->scalars = false;
  return get_general(call, reader);
}

void ndr_call_invoke(NdrCall *call, void *object) {
  signature_invoke(call->method->signature, object, call->frame);
}

void *const *ndr_call_arguments(NdrCall *call) {
  return call->arguments;
}

void *ndr_call_result(NdrCall *call) {
  return frame_result(call->method->signature, call->frame);
}

void ndr_call_keep_out(NdrCall *call) {
  call->keep_out = true;
}

/* Replies */

static bool has_failed(NdrCall *call) {
  HRESULT hr;
  if (!(call->method->signature->flags & SIGNATURE_HRESULT))
    return false;
  memcpy(&hr, ndr_call_result(call), sizeof hr);
  return FAILED(hr);
}

static HRESULT put_scalars(NdrCall *call, NdrWriter *writer) {
  const NdrScalars *scalars = &call->method->reply;
  const Signature *signature = call->method->signature;
  uint8_t *at = ndr_place(writer, scalars->size, 1);
  if (!at)
    return writer->error;
  bool failed = has_failed(call) && !call->keep_out;
  uint32_t end = 0;
  for (uint32_t i = 0; i < scalars->count; i++) {
    const NdrStep *step = &scalars->steps[i];
    bool is_result = i + 1 == scalars->count;
    for (; end < step->offset; end++)
      at[end] = 0;
    const void *from = is_result ? ndr_call_result(call) : frame_value(signature, call->frame, step->parameter);
    if (failed && !is_result)
      memset(at + end, 0, step->size);
    else
      memcpy(at + end, from, step->size);
    end += step->size;
  }
  return S_OK;
}

/* What a method that failed has left behind is let go, and nothing of it travels. */
static void clear_output(NdrCall *call, unsigned k) {
  const NdrParameter *parameter = &call->method->parameters[k];
  NdrArgument *argument = &call->places[k];
  NdrScope scope = ndr_scope_of(call->method, call->places, k);
  uint32_t count = parameter->shape == NDR_SHAPE_BUFFER ? argument->count : 1, inner = 0;
  if (!argument->place)
    return;
  if (parameter->counts)
    ndr_inner_count(parameter, &scope, &inner);
  ndr_clear_elements(parameter->target, argument->place, count, inner);
  memset(argument->place, 0, (size_t)count * parameter->target->size);
}

static void clear_outputs(NdrCall *call, bool counted) {
  for (unsigned k = 0; k < call->method->count; k++) {
    const NdrParameter *parameter = &call->method->parameters[k];
    if (parameter->out && !parameter->in && parameter->counts == counted)
      clear_output(call, k);
  }
}

/* A method cannot take the memory away that its arguments point to: the places are the call's. */
HRESULT ndr_put_reply(NdrCall *call, NdrWriter *writer) {
  const Signature *signature = call->method->signature;
  if (call->scalars && !(writer->length & 7))
    return put_scalars(call, writer);
  if (call->scalars) {
    place_values(call);
    for (unsigned k = 0; k < call->method->count; k++)
      if (call->method->parameters[k].shape == NDR_SHAPE_POINTER)
        call->places[k].place = frame_value(signature, call->frame, k);
  }
  if (has_failed(call) && !call->keep_out) {
    clear_outputs(call, true); /* while those that count are still there */
    clear_outputs(call, false);
  }
  for (unsigned k = 0; k < call->method->count && SUCCEEDED(writer->error); k++)
    if (call->method->parameters[k].out)
      ndr_put_argument(writer, call->method, call->places, k);
  ndr_put_elements(writer, signature->result, ndr_call_result(call), 1, NULL);
  return writer->error;
}

/* The end */

static void let_go(NdrCall *call, unsigned k) {
  const NdrParameter *parameter = &call->method->parameters[k];
  NdrArgument *argument = &call->places[k];
  uint32_t count = parameter->shape == NDR_SHAPE_BUFFER ? argument->count : 1, inner = argument->inner;
  NdrScope scope = ndr_scope_of(call->method, call->places, k);
  if (!argument->place || parameter->shape == NDR_SHAPE_TEXT)
    return;
  if (parameter->counts && parameter->out && call->ready)
    ndr_inner_count(parameter, &scope, &inner);
  ndr_clear_elements(parameter->target, argument->place, count, inner);
}

void ndr_call_end(NdrCall *call) {
  const Signature *signature = call->method->signature;
  if (call->scalars)
    return;
  for (unsigned k = 0; k < call->method->count; k++)
    if (call->method->parameters[k].counts)
      let_go(call, k);
  for (unsigned k = 0; k < call->method->count; k++)
    if (!call->method->parameters[k].counts)
      let_go(call, k);
  if (!(signature->flags & SIGNATURE_HRESULT))
    ndr_clear_elements(signature->result, ndr_call_result(call), 1, 0);
  ndr_cells_free(call->cells);
  for (Block *block = call->blocks, *next; block; block = next) {
    next = block->next;
    free(block);
  }
}
