/* The caller's side of a call: arguments into a request, a reply into the caller's memory. A reply is read into memory of its
 * own where something of the caller's would be replaced, and takes effect as a whole or not at all. */
#include "remote/ndr/automation.h"
#include "remote/ndr/method.h"

#include <stdlib.h>
#include <string.h>

static void *load_pointer(const void *from) {
  void *pointer;
  memcpy(&pointer, from, sizeof pointer);
  return pointer;
}

/* Where the value of every parameter is. False: a pointer that must not be NULL is. */
static bool find_places(const NdrMethod *method, void *const *arguments, NdrArgument *places) {
  bool all = true;
  for (unsigned k = 0; k < method->count; k++) {
    const NdrParameter *parameter = &method->parameters[k];
    bool direct = parameter->shape == NDR_SHAPE_VALUE;
    places[k] = (NdrArgument){ .place = direct ? arguments[k] : load_pointer(arguments[k]), .count = UINT32_MAX };
    all = all && (places[k].place || parameter->unique);
  }
  return all;
}

/* Requests */

/* The caller's memory has what it says; the references that must be there have been looked at. */
static bool put_scalars(const NdrMethod *method, NdrWriter *writer, void *const *arguments) {
  const NdrScalars *scalars = &method->request;
  uint8_t *at = scalars->size ? ndr_place(writer, scalars->size, 1) : NULL;
  if (scalars->size && !at)
    return false;
  uint32_t end = 0;
  for (uint32_t i = 0; i < scalars->count; i++) {
    const NdrStep *step = &scalars->steps[i];
    for (; end < step->offset; end++)
      at[end] = 0;
    switch (step->size) {
    case 4:
      memcpy(at + end, arguments[step->parameter], 4);
      break;
    case 8:
      memcpy(at + end, arguments[step->parameter], 8);
      break;
    default:
      memcpy(at + end, arguments[step->parameter], step->size);
    }
    end += step->size;
  }
  return true;
}

static bool references_are_there(const NdrMethod *method, void *const *arguments) {
  for (unsigned k = 0; k < method->count; k++) {
    const NdrParameter *parameter = &method->parameters[k];
    if (parameter->shape != NDR_SHAPE_VALUE && !parameter->unique && !load_pointer(arguments[k]))
      return false;
  }
  return true;
}

static HRESULT put_general(const NdrMethod *method, NdrWriter *writer, void *const *arguments) {
  NdrArgument *places = __builtin_alloca((method->count + 1u) * sizeof *places);
  if (!find_places(method, arguments, places))
    return NDR_NULL_REF_POINTER;
  for (unsigned k = 0; k < method->count && SUCCEEDED(writer->error); k++)
    if (method->parameters[k].in)
      ndr_put_argument(writer, method, places, k);
  return writer->error;
}

HRESULT ndr_put_request(const NdrMethod *method, NdrWriter *writer, void *const *arguments) {
  if (!method->request.whole || (writer->length & 7))
    return put_general(method, writer, arguments);
  if (!references_are_there(method, arguments))
    return NDR_NULL_REF_POINTER;
  put_scalars(method, writer, arguments);
  return writer->error;
}

/* Outputs that are nothing */

/* What the caller's memory of an [out] holds means nothing: it is not let go but overwritten. */
static void zero_output(const NdrMethod *method, NdrArgument *places, unsigned k, bool all) {
  const NdrParameter *parameter = &method->parameters[k];
  NdrScope scope = ndr_scope_of(method, places, k);
  uint32_t count = 1;
  if (!parameter->out || parameter->in || !places[k].place)
    return;
  if (parameter->shape == NDR_SHAPE_BUFFER &&
      ((!all && parameter->target->owner == OWNS_NOTHING) || FAILED(ndr_buffer_count(parameter, &scope, &count))))
    return;
  memset(places[k].place, 0, (size_t)count * parameter->target->size);
}

/* all: also buffers of scalars, which a reply only fills as far as it goes. */
static void zero_outputs(const NdrMethod *method, NdrArgument *places, bool all) {
  for (unsigned k = 0; k < method->count; k++)
    zero_output(method, places, k, all);
}

void ndr_clear_out(const NdrMethod *method, void *const *arguments) {
  NdrArgument *places = __builtin_alloca((method->count + 1u) * sizeof *places);
  find_places(method, arguments, places);
  zero_outputs(method, places, true);
}

/* Replies of scalars */

static void zero_scalars(const NdrMethod *method, void *const *arguments) {
  for (uint32_t i = 0; i + 1 < method->reply.count; i++) {
    void *place = load_pointer(arguments[method->reply.steps[i].parameter]);
    if (place)
      memset(place, 0, method->reply.steps[i].size);
  }
}

static HRESULT get_scalars(const NdrMethod *method, NdrReader *reader, void *const *arguments, void *result) {
  const NdrScalars *scalars = &method->reply;
  const uint8_t *at = ndr_get_bytes(reader, scalars->size);
  if (!at) {
    zero_scalars(method, arguments);
    return reader->error;
  }
  const NdrStep *step = scalars->steps;
  for (uint32_t i = 0; i + 1 < scalars->count; i++, step++) {
    void *place = load_pointer(arguments[step->parameter]);
    if (place)
      memcpy(place, at + step->offset, step->size);
  }
  memcpy(result, at + step->offset, sizeof(HRESULT));
  return S_OK;
}

/* Replies */

/* What came for one parameter, until all of it has come. */
typedef struct Arrival {
  void *old;          /* the caller's memory, where `fresh` is to replace it */
  uint32_t old_count; /* elements there */
  void *fresh;        /* from malloc; NULL: read in place */
  uint32_t count;     /* elements there that the caller's memory gets */
} Arrival;

typedef struct Reply {
  const NdrMethod *method;
  NdrReader *reader;
  NdrArgument *places;
  Arrival *arrivals;
} Reply;

static bool must_be_kept(const NdrParameter *parameter) {
  return parameter->in;
}

static void *make_fresh(Reply *reply, unsigned k, uint32_t count) {
  Arrival *arrival = &reply->arrivals[k];
  size_t size = (size_t)count * reply->method->parameters[k].target->size;
  arrival->old = reply->places[k].place;
  arrival->fresh = calloc(1, size ? size : 1);
  if (!arrival->fresh)
    ndr_fail(reply->reader, E_OUTOFMEMORY);
  else
    reply->places[k].place = arrival->fresh;
  return arrival->fresh;
}

static void get_value(Reply *reply, unsigned k) {
  const NdrParameter *parameter = &reply->method->parameters[k];
  NdrScope scope = ndr_scope_of(reply->method, reply->places, k);
  void *place = reply->places[k].place;
  if (must_be_kept(parameter)) {
    place = make_fresh(reply, k, 1);
    reply->arrivals[k].old_count = reply->arrivals[k].count = 1;
  }
  if (place)
    ndr_get_elements(reply->reader, parameter->target, place, 1, &scope);
}

static void get_buffer(Reply *reply, unsigned k) {
  const NdrParameter *parameter = &reply->method->parameters[k];
  NdrArgument *argument = &reply->places[k];
  NdrScope scope = ndr_scope_of(reply->method, reply->places, k);
  uint32_t most, count, room = argument->count;
  if (!ndr_get_extent(reply->reader, parameter->extent, parameter->target, &most, &count))
    return;
  if (count > room) {
    ndr_fail(reply->reader, NDR_BAD_STUB_DATA);
    return;
  }
  void *place = argument->place;
  if (must_be_kept(parameter)) {
    place = make_fresh(reply, k, count);
    reply->arrivals[k].count = count;
  }
  if (place)
    ndr_get_elements(reply->reader, parameter->target, place, count, &scope);
}

/* A string that comes back has to fit where it was. */
static void get_text(Reply *reply, unsigned k) {
  const NdrParameter *parameter = &reply->method->parameters[k];
  uint32_t count;
  const uint8_t *text = ndr_get_text(reply->reader, parameter->unit, &count);
  if (text && count > reply->places[k].count)
    ndr_fail(reply->reader, NDR_BAD_STUB_DATA);
  if (FAILED(reply->reader->error))
    return;
  Arrival *arrival = &reply->arrivals[k];
  arrival->old = reply->places[k].place;
  arrival->fresh = malloc((size_t)count * parameter->unit);
  arrival->count = count;
  if (arrival->fresh)
    memcpy(arrival->fresh, text, (size_t)count * parameter->unit);
  else
    ndr_fail(reply->reader, E_OUTOFMEMORY);
}

static void get_argument(Reply *reply, unsigned k) {
  const NdrParameter *parameter = &reply->method->parameters[k];
  if (parameter->unique && !ndr_get_pointer(reply->reader))
    return;
  if (!reply->places[k].place)
    ndr_fail(reply->reader, NDR_BAD_STUB_DATA);
  else if (parameter->shape == NDR_SHAPE_BUFFER)
    get_buffer(reply, k);
  else if (parameter->shape == NDR_SHAPE_TEXT)
    get_text(reply, k);
  else
    get_value(reply, k);
}

static uint32_t text_room(const NdrParameter *parameter, const void *text) {
  uint32_t length = 0;
  if (parameter->unit == 1)
    return (uint32_t)strlen(text) + 1;
  while (((const OLECHAR *)text)[length])
    length++;
  return length + 1;
}

/* How much room the caller's buffers have, by what it says before the reply changes it. */
static HRESULT measure(Reply *reply) {
  for (unsigned k = 0; k < reply->method->count; k++) {
    const NdrParameter *parameter = &reply->method->parameters[k];
    NdrArgument *argument = &reply->places[k];
    NdrScope scope = ndr_scope_of(reply->method, reply->places, k);
    if (!parameter->out || !argument->place)
      continue;
    HRESULT hr = S_OK;
    if (parameter->shape == NDR_SHAPE_BUFFER) {
      hr = ndr_buffer_count(parameter, &scope, &argument->count);
      if (SUCCEEDED(hr) && parameter->in)
        hr = ndr_buffer_length(parameter, &scope, argument->count, &reply->arrivals[k].old_count);
    } else if (parameter->shape == NDR_SHAPE_TEXT) {
      argument->count = text_room(parameter, argument->place);
    }
    if (FAILED(hr))
      return NDR_BAD_STUB_DATA;
  }
  return S_OK;
}

static void replace(const NdrParameter *parameter, Arrival *arrival, uint32_t inner) {
  size_t size = parameter->target->size;
  if (parameter->shape == NDR_SHAPE_TEXT) {
    memcpy(arrival->old, arrival->fresh, (size_t)arrival->count * parameter->unit);
    return;
  }
  if (parameter->shape == NDR_SHAPE_POINTER && parameter->target->owner == OWNS_VARIANT &&
      ndr_put_through(arrival->old, arrival->fresh))
    return;
  ndr_clear_elements(parameter->target, arrival->old, arrival->old_count, inner);
  memcpy(arrival->old, arrival->fresh, arrival->count * size);
}

static void take_effect(Reply *reply, NdrArgument *before) {
  for (unsigned k = 0; k < reply->method->count; k++) {
    Arrival *arrival = &reply->arrivals[k];
    if (!arrival->fresh)
      continue;
    replace(&reply->method->parameters[k], arrival, before[k].inner);
    free(arrival->fresh);
  }
}

static void undo(Reply *reply) {
  const NdrMethod *method = reply->method;
  for (unsigned k = 0; k < method->count; k++) {
    const NdrParameter *parameter = &method->parameters[k];
    Arrival *arrival = &reply->arrivals[k];
    if (arrival->fresh) {
      if (parameter->shape != NDR_SHAPE_TEXT)
        ndr_clear_elements(parameter->target, arrival->fresh, arrival->count, reply->places[k].inner);
      free(arrival->fresh);
      reply->places[k].place = arrival->old;
    } else if (parameter->out && !parameter->in && reply->places[k].place) {
      uint32_t count = parameter->shape == NDR_SHAPE_BUFFER ? reply->places[k].count : 1;
      ndr_clear_elements(parameter->target, reply->places[k].place, count, reply->places[k].inner);
    }
  }
}

/* What pointers of an [in,out] lead to in the caller's memory is counted by the parameters as they were. */
static void count_inner(const NdrMethod *method, NdrArgument *places, NdrArgument *before) {
  for (unsigned k = 0; k < method->count; k++) {
    NdrScope scope = ndr_scope_of(method, places, k);
    before[k] = places[k];
    if (method->parameters[k].counts && method->parameters[k].in)
      ndr_inner_count(&method->parameters[k], &scope, &before[k].inner);
  }
}

static void get_all(Reply *reply, void *result) {
  const Signature *signature = reply->method->signature;
  for (unsigned k = 0; k < reply->method->count && SUCCEEDED(reply->reader->error); k++)
    if (reply->method->parameters[k].out)
      get_argument(reply, k);
  memset(result, 0, signature->result->size);
  ndr_get_elements(reply->reader, signature->result, result, 1, NULL);
  if (SUCCEEDED(reply->reader->error)) {
    HRESULT hr = ndr_check_counts(reply->method, reply->places, true);
    if (FAILED(hr))
      ndr_fail(reply->reader, hr);
  }
}

static HRESULT get_general(const NdrMethod *method, NdrReader *reader, void *const *arguments, void *result) {
  NdrArgument *places = __builtin_alloca((method->count + 1u) * 2 * sizeof *places), *before = places + method->count;
  Arrival *arrivals = __builtin_alloca((method->count + 1u) * sizeof *arrivals);
  memset(arrivals, 0, (method->count + 1u) * sizeof *arrivals);
  Reply reply = { method, reader, places, arrivals };
  if (!find_places(method, arguments, places)) {
    ndr_clear_out(method, arguments);
    return NDR_NULL_REF_POINTER;
  }
  HRESULT hr = measure(&reply);
  count_inner(method, places, before);
  zero_outputs(method, places, false);
  if (FAILED(hr))
    return hr;
  get_all(&reply, result);
  if (SUCCEEDED(reader->error)) {
    take_effect(&reply, before);
    return S_OK;
  }
  undo(&reply);
  for (unsigned k = 0; k < method->count; k++)
    places[k].place = before[k].place;
  zero_outputs(method, places, true);
  memset(result, 0, method->signature->result->size);
  return reader->error;
}

HRESULT ndr_get_reply(const NdrMethod *method, NdrReader *reader, void *const *arguments, void *result) {
  if (method->reply.whole && !(reader->position & 7))
    return get_scalars(method, reader, arguments, result);
  return get_general(method, reader, arguments, result);
}
