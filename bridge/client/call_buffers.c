/* call_buffers.c - buffers of a call into a module. What a script gives says how many elements there are, so their counts are
 * no arguments; what comes back has the size that the script asks for. Whatever is given or made stands in memory that goes
 * with the call. */
#include "bridge/client/client.h"
#include "bridge/values/foreign_values.h"

#include <string.h>

static const Type *buffer_type(const Signature *signature, unsigned k) {
  return type_resolve(signature->parameters[k].type);
}

static const Type *buffer_element(const Signature *signature, unsigned k) {
  return type_resolve(buffer_type(signature, k)->target);
}

static bool is_buffer(const Signature *signature, unsigned k) {
  return signature->parameters[k].flags & PARAMETER_BUFFER && buffer_type(signature, k)->kind == TYPE_POINTER;
}

/* What the parameters say of a count now. */
static bool load_count(const BufferCall *call, TypeCount count, uint32_t *number) {
  const Signature *signature = call->plan->signature;
  if (!count.name || count.name > signature->count)
    return false;
  unsigned k = count.name - 1u;
  return type_load_count(signature->parameters[k].value, frame_value(signature, call->frame, k), count, number);
}

static HRESULT new_memory(Converting *converting, BufferCall *call, unsigned k, size_t elements, void **memory) {
  const Signature *signature = call->plan->signature;
  const Type *element = buffer_element(signature, k);
  size_t size = element->size ? element->size : 1;
  *memory = foreign_memory(converting, element->size ? element : NULL, size, elements ? elements : 1);
  if (!*memory)
    return convert_problem(converting, E_OUTOFMEMORY, "there is no memory for %llu elements",
                           (unsigned long long)elements);
  *frame_pointer(signature, call->frame, k) = *memory;
  call->elements[k] = elements;
  return S_OK;
}

HRESULT buffer_take(Converting *converting, BufferCall *call, unsigned k, int index) {
  const Signature *signature = call->plan->signature;
  const Type *element = buffer_element(signature, k);
  lua_State *L = converting->L;
  void *memory = NULL;
  size_t elements = 0, size;
  call->elements[k] = 0;
  if (index == 0 || lua_isnil(L, index) || boxed_at(L, index))
    return S_OK; /* NULL */
  if (memory_at(L, index, &memory, &size)) {
    size_t each = element->size ? element->size : 1;
    *frame_pointer(signature, call->frame, k) = memory;
    call->elements[k] = size == SIZE_MAX ? SIZE_MAX : size / each;
    return S_OK;
  }
  if (buffer_type(signature, k)->extent && buffer_type(signature, k)->extent->string)
    return take_foreign_pointer(converting, index, buffer_type(signature, k), frame_pointer(signature, call->frame, k));
  HRESULT result = elements_count(converting, index, element, &elements);
  if (result == S_FALSE)
    result = convert_mismatch(converting, index, element->size <= 1 ? "a string of bytes" : "a table of elements");
  if (FAILED(result))
    return result;
  result = new_memory(converting, call, k, elements, &memory);
  return SUCCEEDED(result) ? elements_take(converting, index, element, memory, elements) : result;
}

/* Counts */

static bool invert(TypeCount count, size_t elements, int64_t *number) {
  int64_t multiply = count.multiply ? count.multiply : 1, divide = count.divide ? count.divide : 1;
  int64_t raw = (int64_t)elements * divide - count.add;
  *number = raw / multiply;
  return raw >= 0 && raw % multiply == 0;
}

/* What count the buffer says of parameter k; {0}: none. */
static TypeCount count_by(const Signature *signature, unsigned buffer, unsigned k) {
  const TypeExtent *extent = buffer_type(signature, buffer)->extent;
  if (extent && extent->size.name == k + 1)
    return extent->size;
  return extent && extent->length.name == k + 1 ? extent->length : (TypeCount){ 0 };
}

static HRESULT check_given(Converting *converting, const BufferCall *call, unsigned k, unsigned buffer,
                           int64_t number) {
  const Signature *signature = call->plan->signature;
  uint32_t wanted = 0;
  if (!*frame_pointer(signature, call->frame, buffer) || call->elements[buffer] == SIZE_MAX)
    return S_OK;
  if (load_count(call, count_by(signature, buffer, k), &wanted) && wanted <= call->elements[buffer])
    return S_OK;
  return convert_problem(converting, DISP_E_BADINDEX, "the count is %lld, the buffer has %llu elements",
                         (long long)number, (unsigned long long)call->elements[buffer]);
}

static void put_count(const BufferCall *call, unsigned k, int64_t number) {
  frame_put_integer(call->plan->signature, call->frame, k, number);
}

/* A count that com.args gives; it may be smaller than a buffer, and anything where there is none. */
static HRESULT take_count(Converting *converting, const BufferCall *call, unsigned k, int index) {
  const Signature *signature = call->plan->signature;
  const Parameter *parameter = &signature->parameters[k];
  int64_t word = 0;
  HRESULT result = convert_from_lua(converting, index, parameter->value, &word);
  if (FAILED(result))
    return result;
  put_count(call, k, native_integer(&word, parameter->value->size, parameter->value->value_class == VALUE_SIGNED));
  for (unsigned i = 0; i < signature->count && SUCCEEDED(result); i++)
    if (is_buffer(signature, i) && signature->parameters[i].flags & PARAMETER_IN && count_by(signature, i, k).name)
      result = check_given(converting, call, k, i, word);
  return result;
}

/* All buffers that have the count agree on it. A pointer whose memory nobody knows needs it by name. */
static HRESULT find_count(Converting *converting, const BufferCall *call, unsigned k) {
  const Signature *signature = call->plan->signature;
  int64_t number = 0, other = 0;
  bool known = false, unknown = false;
  for (unsigned i = 0; i < signature->count; i++) {
    if (!is_buffer(signature, i) || !(signature->parameters[i].flags & PARAMETER_IN) ||
        !count_by(signature, i, k).name || !*frame_pointer(signature, call->frame, i))
      continue;
    if (call->elements[i] == SIZE_MAX) {
      unknown = true;
      continue;
    }
    if (!invert(count_by(signature, i, k), call->elements[i], &other))
      return convert_problem(converting, DISP_E_BADINDEX, "there is no count for %llu elements",
                             (unsigned long long)call->elements[i]);
    if (known && other != number)
      return convert_problem(converting, DISP_E_BADINDEX, "the buffers have %lld and %lld elements, and one count",
                             (long long)number, (long long)other);
    number = other;
    known = true;
  }
  if (unknown && !known)
    return convert_problem(converting, DISP_E_PARAMNOTOPTIONAL,
                           "how much is behind the pointer? (com.args gives the count)");
  const Type *type = signature->parameters[k].value;
  if (type->size < sizeof number && number >> (type->size * 8 - (type->value_class == VALUE_SIGNED)) != 0)
    return convert_problem(converting, DISP_E_OVERFLOW, "%lld elements are more than the count can say",
                           (long long)number);
  put_count(call, k, number);
  return S_OK;
}

static HRESULT settle_counts(Converting *converting, BufferCall *call, unsigned *bad) {
  const Signature *signature = call->plan->signature;
  int arguments = signature->arguments, ordinal = 0;
  for (unsigned k = 0; k < signature->count; k++) {
    if (!(signature->parameters[k].flags & PARAMETER_COUNTED))
      continue;
    int index = arguments + ordinal < call->count ? call->first + arguments + ordinal : 0;
    ordinal++;
    *bad = k;
    HRESULT result = index != 0 && !lua_isnil(converting->L, index) ? take_count(converting, call, k, index)
                                                                    : find_count(converting, call, k);
    if (FAILED(result))
      return result;
  }
  return S_OK;
}

/* Memory for what comes back. What the script gave of its own (com.buffer) is that. */
static HRESULT make_room(Converting *converting, BufferCall *call, unsigned k) {
  const Signature *signature = call->plan->signature;
  const Parameter *parameter = &signature->parameters[k];
  const TypeExtent *extent = buffer_type(signature, k)->extent;
  uint32_t wanted = 0;
  void *before = *frame_pointer(signature, call->frame, k), *memory = NULL;
  if (!extent || !load_count(call, extent->size.name ? extent->size : extent->length, &wanted))
    wanted = 0;
  if (before && call->elements[k] >= wanted)
    return S_OK;
  if (wanted == 0 && parameter->flags & PARAMETER_UNIQUE)
    return S_OK;
  if (!before && parameter->flags & PARAMETER_IN)
    return S_OK; /* the script gave none */
  size_t had = call->elements[k];
  HRESULT result = new_memory(converting, call, k, wanted, &memory);
  if (SUCCEEDED(result) && before)
    memcpy(memory, before, had * (buffer_element(signature, k)->size ? buffer_element(signature, k)->size : 1));
  return result;
}

HRESULT buffers_settle(Converting *converting, BufferCall *call, unsigned *bad) {
  const Signature *signature = call->plan->signature;
  HRESULT result = settle_counts(converting, call, bad);
  for (unsigned k = 0; k < signature->count && SUCCEEDED(result); k++) {
    if (!is_buffer(signature, k) || !(signature->parameters[k].flags & PARAMETER_OUT))
      continue;
    *bad = k;
    result = make_room(converting, call, k);
  }
  return result;
}

void buffer_give(lua_State *L, const Giving *giving, const BufferCall *call, unsigned k) {
  const Signature *signature = call->plan->signature;
  const Type *type = buffer_type(signature, k);
  void *memory = *frame_pointer(signature, call->frame, k);
  uint32_t length = 0;
  if (!memory) {
    lua_pushnil(L);
    return;
  }
  const TypeExtent *extent = type->extent;
  bool told = extent && (load_count(call, extent->length, &length) || load_count(call, extent->size, &length));
  if (!told || length > call->elements[k])
    length = call->elements[k] > UINT32_MAX ? 0 : (uint32_t)call->elements[k];
  const Type *element = buffer_element(signature, k);
  if (extent && extent->string)
    units_push(L, memory, units_length(memory, element->size, length) * element->size, element->size);
  else
    elements_push(L, giving, element, memory, length);
}

/* Interfaces whose IID is told */

bool interface_told(const Signature *signature, CallFrame *frame, unsigned k, Type *type) {
  const Parameter *parameter = &signature->parameters[k];
  if (parameter->iid_is < 0 || parameter->value->kind != TYPE_INTERFACE)
    return false;
  const Parameter *told = &signature->parameters[parameter->iid_is];
  const void *place = frame_value(signature, frame, (unsigned)parameter->iid_is);
  if (told->value->kind == TYPE_POINTER)
    place = *(void *const *)place;
  if (!place || (told->value->kind != TYPE_POINTER && told->value->size != sizeof(GUID)))
    return false;
  *type = *parameter->value;
  memcpy(&type->guid, place, sizeof type->guid);
  abi_swap_guid(&signature->abi, &type->guid);
  return true;
}
