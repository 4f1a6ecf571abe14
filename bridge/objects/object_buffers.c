/* object_buffers.c - buffers of methods that are written in Lua and called by a module: what comes in is a string or a table
 * of as many elements as the caller says, what goes out fits into what the caller has. */
#include "bridge/objects/objects_internal.h"
#include "bridge/values/foreign_values.h"

#include <string.h>

bool incoming_is_buffer(const Signature *signature, unsigned k) {
  return signature->flags & SIGNATURE_BUFFERS && signature->parameters[k].flags & PARAMETER_BUFFER &&
         type_resolve(signature->parameters[k].type)->kind == TYPE_POINTER;
}

static const Type *pointer_of(const Signature *signature, unsigned k) {
  return type_resolve(signature->parameters[k].type);
}

static bool load_count(const ClosureCall *call, TypeCount count, uint32_t *number) {
  if (!count.name || count.name > call->signature->count)
    return false;
  unsigned k = count.name - 1u;
  return type_load_count(call->signature->parameters[k].type, call->arguments[k], count, number);
}

void incoming_push_buffer(lua_State *L, const Giving *giving, const ClosureCall *call, unsigned k) {
  const Type *pointer = pointer_of(call->signature, k);
  const Type *element = type_resolve(pointer->target);
  void *memory = *(void **)call->arguments[k];
  uint32_t count = 0;
  if (!memory) {
    lua_pushnil(L);
    return;
  }
  const TypeExtent *extent = pointer->extent;
  if (extent && !load_count(call, extent->length, &count) && !load_count(call, extent->size, &count))
    count = 0;
  if (element->owner == OWNS_NOTHING || element->owner == OWNS_BSTR) {
    elements_push(L, giving, element, memory, count);
    return;
  }
  lua_createtable(L, (int)(count < 65536 ? count : 0), 0);
  unsigned char *copy = lua_newuserdatauv(L, element->size, 0); /* elements belong to the caller */
  for (uint32_t i = 0; i < count; i++) {
    HRESULT result = type_copy(element, copy, (unsigned char *)memory + (size_t)i * element->size);
    if (FAILED(result))
      raise_status(L, result, NULL);
    convert_to_lua(L, giving, element, copy);
    type_clear(element, copy);
    lua_rawseti(L, -3, (lua_Integer)i + 1);
  }
  lua_pop(L, 1);
}

HRESULT incoming_store_buffer(Converting *converting, const ClosureCall *call, unsigned k, int index) {
  const Type *pointer = pointer_of(call->signature, k);
  const Type *element = type_resolve(pointer->target);
  void *memory = *(void **)call->arguments[k];
  uint32_t room = 0;
  size_t count = 0;
  if (!memory)
    return S_OK;
  const TypeExtent *extent = pointer->extent;
  if (extent && !load_count(call, extent->size, &room))
    load_count(call, extent->length, &room);
  HRESULT result = elements_count(converting, index, element, &count);
  if (result == S_FALSE)
    return convert_mismatch(converting, index, element->size <= 1 ? "a string of bytes" : "a table of elements");
  if (FAILED(result))
    return result;
  if (count > room)
    return convert_problem(converting, DISP_E_BADINDEX, "%llu elements were given, the caller has room for %u",
                           (unsigned long long)count, room);
  void *own;
  size_t size;
  if (memory_at(converting->L, index, &own, &size)) {
    memcpy(memory, own, count * (element->size ? element->size : 1));
    return S_OK;
  }
  return elements_take(converting, index, element, memory, count);
}
