/* buffers.c - the buffers of one call: see buffers.h. */
#include "bridge/client/buffers.h"

#include <stdlib.h>
#include <string.h>

/* An [out] buffer that a script asks for has an end. */
enum { BUFFER_LIMIT = 1 << 30 };

void call_buffers_clear(CallBuffers *buffers) {
  while (buffers->used > 0) {
    struct CallBuffer *entry = &buffers->entries[--buffers->used];
    buffer_clear(&buffers->signature->parameters[entry->parameter], entry->memory, entry->count);
    free(entry->memory);
  }
}

static int buffers_collect(lua_State *L) {
  CallBuffers *buffers = lua_touserdata(L, 1);
  call_buffers_clear(buffers);
  signature_release(buffers->signature);
  return 0;
}

CallBuffers *call_buffers_push(lua_State *L, const Signature *signature) {
  static const char key;
  CallBuffers *buffers = lua_newuserdatauv(L, sizeof *buffers + signature->count * sizeof(struct CallBuffer), 0);
  buffers->signature = signature;
  buffers->used = 0;
  if (lua_rawgetp(L, LUA_REGISTRYINDEX, &key) == LUA_TNIL) {
    lua_pop(L, 1);
    lua_createtable(L, 0, 1);
    lua_pushcfunction(L, buffers_collect);
    lua_setfield(L, -2, "__gc");
    lua_pushvalue(L, -1);
    lua_rawsetp(L, LUA_REGISTRYINDEX, &key);
  }
  signature_addref(signature);
  lua_setmetatable(L, -2);
  return buffers;
}

bool call_buffers_defer(const Parameter *parameter) {
  return is_buffer(parameter) ||
         (parameter->iid_is >= 0 && parameter->value->kind == TYPE_INTERFACE && parameter->cell == parameter->value);
}

static CallArguments call_arguments(const Signature *signature, CallFrame *frame, void **arguments) {
  for (unsigned k = 0; k < signature->count; k++)
    arguments[k] = frame_at(frame, signature->parameters[k].slot);
  return (CallArguments){ signature, arguments };
}

/* counts that were not given */

/* Fills in the count that comes to `elements` with what IDL says is done with it. */
static void fill_count(const Signature *signature, CallFrame *frame, int *indexes, TypeCount count, uint32_t elements) {
  if (!count.name || count.name > signature->count || indexes[count.name - 1] != -1)
    return;
  int64_t multiply = count.multiply ? count.multiply : 1, divide = count.divide ? count.divide : 1;
  int64_t number = ((int64_t)elements * divide + multiply - 1) / multiply - count.add;
  frame_put_integer(signature, frame, count.name - 1u, number > 0 ? number : 0);
  indexes[count.name - 1] = 0;
}

static bool is_given(lua_State *L, int index) {
  return index > 0 && lua_type(L, index) != LUA_TNIL;
}

static HRESULT measure(Converting *converting, CallBuffers *buffers, CallFrame *frame, int *indexes, unsigned k,
                       uint32_t *length) {
  const Parameter *parameter = &buffers->signature->parameters[k];
  HRESULT result = buffer_length(converting, indexes[k], parameter, length);
  const TypeExtent *extent = parameter->value->extent;
  if (SUCCEEDED(result) && extent) {
    fill_count(buffers->signature, frame, indexes, extent->size, *length);
    fill_count(buffers->signature, frame, indexes, extent->length, *length);
  }
  return result;
}

/* memory */

static HRESULT add_buffer(Converting *converting, CallBuffers *buffers, unsigned k, uint32_t count, void **memory) {
  const Type *element = buffer_element(&buffers->signature->parameters[k]);
  if (count > BUFFER_LIMIT / element->size)
    return convert_problem(converting, E_OUTOFMEMORY, "a buffer of %u elements is too large", (unsigned)count);
  *memory = calloc(count ? count : 1, element->size);
  if (!*memory)
    return E_OUTOFMEMORY;
  buffers->entries[buffers->used++] = (struct CallBuffer){ *memory, count, k };
  return S_OK;
}

static HRESULT take_buffer(Converting *converting, CallBuffers *buffers, CallFrame *frame, const CallArguments *call,
                           const int *indexes, unsigned k, uint32_t length) {
  const Parameter *parameter = &buffers->signature->parameters[k];
  bool given = is_given(converting->L, indexes[k]), out = (parameter->flags & PARAMETER_OUT) != 0;
  uint32_t size = 0, valid = 0;
  bool sized = buffer_count(call, k, false, &size);
  if (!sized && out && !(parameter->flags & PARAMETER_IN))
    return convert_problem(converting, E_INVALIDARG, "nothing says how large the buffer is");
  if (sized && !(out && parameter->flags & PARAMETER_IN) && given && buffer_count(call, k, true, &valid) &&
      valid > length)
    return convert_problem(converting, E_INVALIDARG, "the buffer has %u elements, its count says %u", (unsigned)length,
                           (unsigned)valid);
  void *memory = NULL;
  HRESULT result = add_buffer(converting, buffers, k, size > length ? size : length, &memory);
  if (FAILED(result))
    return result;
  *frame_pointer(buffers->signature, frame, k) = memory;
  return given ? buffer_fill(converting, indexes[k], parameter, memory) : S_OK;
}

/* Nothing was given for an [in] buffer: no memory. */
static HRESULT absent_buffer(Converting *converting, const Parameter *parameter) {
  if (parameter->flags & (PARAMETER_UNIQUE | PARAMETER_OPTIONAL))
    return S_OK;
  return convert_problem(converting, DISP_E_PARAMNOTOPTIONAL, "the argument is missing");
}

static HRESULT take_told(Converting *converting, const CallArguments *call, CallFrame *frame, int index, unsigned k) {
  const Parameter *parameter = &call->signature->parameters[k];
  Type room;
  void *storage = frame_value(call->signature, frame, k);
  if (!is_given(converting->L, index))
    return argument_take(converting, parameter, index, storage);
  converting->owned = false;
  HRESULT result = convert_from_lua(converting, index, told_interface(call, k, &room), storage);
  if (converting->owned && (parameter->flags & (PARAMETER_IN | PARAMETER_OUT)) == PARAMETER_IN)
    frame_own(call->signature, frame, k);
  return result;
}

HRESULT call_buffers_take(Converting *converting, CallBuffers *buffers, CallFrame *frame, const int *indexes,
                          unsigned *bad) {
  const Signature *signature = buffers->signature;
  int *left = __builtin_alloca(signature->count * sizeof *left);
  uint32_t *lengths = __builtin_alloca(signature->count * sizeof *lengths);
  CallArguments call = call_arguments(signature, frame, __builtin_alloca(signature->count * sizeof(void *)));
  Scratch *scratch = converting->scratch;
  HRESULT result = S_OK;
  converting->scratch = NULL; /* what lies in a buffer is the buffer's */
  for (unsigned k = 0; k < signature->count; k++) {
    left[k] = indexes[k];
    lengths[k] = 0;
  }
  for (unsigned k = 0; SUCCEEDED(result) && k < signature->count; k++) {
    *bad = k;
    if (is_buffer(&signature->parameters[k]) && is_given(converting->L, left[k]))
      result = measure(converting, buffers, frame, left, k, &lengths[k]);
  }
  for (unsigned k = 0; SUCCEEDED(result) && k < signature->count; k++) {
    const Parameter *parameter = &signature->parameters[k];
    *bad = k;
    if (left[k] == -1 && !(parameter->flags & PARAMETER_OPTIONAL))
      left[k] = 0; /* no buffer came with it: none has elements */
    else if (is_buffer(parameter) && !(parameter->flags & PARAMETER_OUT) && !is_given(converting->L, left[k]))
      result = absent_buffer(converting, parameter);
    else if (is_buffer(parameter))
      result = take_buffer(converting, buffers, frame, &call, left, k, lengths[k]);
    else if (call_buffers_defer(parameter) && plan_takes(parameter))
      result = take_told(converting, &call, frame, left[k], k);
  }
  converting->scratch = scratch;
  return result;
}

/* memory that the callee makes */

static bool find_allocated(const Signature *signature, CallFrame *frame, unsigned k, void **memory, uint32_t *count) {
  CallArguments call = call_arguments(signature, frame, __builtin_alloca(signature->count * sizeof(void *)));
  *memory = *(void **)frame_value(signature, frame, k);
  return *memory && allocated_count(&call, k, true, count);
}

void call_allocated_give(lua_State *L, const Giving *giving, const Signature *signature, CallFrame *frame, unsigned k) {
  Parameter buffer = allocated_buffer(&signature->parameters[k]);
  void *memory;
  uint32_t count = 0;
  if (find_allocated(signature, frame, k, &memory, &count))
    buffer_push(L, giving, &buffer, memory, count, false);
  else
    lua_pushnil(L);
}

void call_allocated_clear(const Signature *signature, CallFrame *frame) {
  for (unsigned k = 0; k < signature->count; k++) {
    void *memory;
    uint32_t count = 0;
    if (!is_allocated(&signature->parameters[k]) || !find_allocated(signature, frame, k, &memory, &count))
      continue;
    Parameter buffer = allocated_buffer(&signature->parameters[k]);
    buffer_clear(&buffer, memory, count);
    memset(memory, 0, count * buffer_element(&buffer)->size);
  }
}

/* results */

static const struct CallBuffer *find_buffer(const CallBuffers *buffers, unsigned k) {
  for (unsigned i = 0; i < buffers->used; i++)
    if (buffers->entries[i].parameter == k)
      return &buffers->entries[i];
  return NULL;
}

void call_buffers_give(lua_State *L, const Giving *giving, CallBuffers *buffers, CallFrame *frame, unsigned k) {
  const Signature *signature = buffers->signature;
  const Parameter *parameter = &signature->parameters[k];
  CallArguments call = call_arguments(signature, frame, __builtin_alloca(signature->count * sizeof(void *)));
  if (!is_buffer(parameter)) {
    told_push(L, giving, &call, k, frame_value(signature, frame, k));
    return;
  }
  const struct CallBuffer *entry = find_buffer(buffers, k);
  uint32_t count = 0;
  if (!entry) {
    lua_pushnil(L);
    return;
  }
  if (!buffer_count(&call, k, true, &count) || count > entry->count)
    count = entry->count;
  buffer_push(L, giving, parameter, entry->memory, count, false);
}
