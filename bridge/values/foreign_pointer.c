/* foreign_pointer.c - pointers of a module, and how many elements are behind them. What a script gives is a string of bytes, a
 * table of elements, memory of its own (com.buffer) or a pointer that it once got. */
#include "bridge/values/foreign_values.h"

#include <string.h>

static bool is_void(const Type *type) {
  return type->size == 0;
}

/* Elements that are bytes as they are: a string holds them. */
static bool is_byte(const Type *type) {
  type = type_resolve(type);
  return is_void(type) || (type->kind == TYPE_BASE && type->size == 1);
}

static bool is_scalar(const Type *type) {
  type = type_resolve(type);
  return type->kind == TYPE_BASE && type->value_class >= VALUE_SIGNED && type->value_class <= VALUE_DOUBLE &&
         type->value_class != VALUE_POINTER;
}

HRESULT elements_count(Converting *converting, int index, const Type *element, size_t *count) {
  lua_State *L = converting->L;
  size_t size = type_resolve(element)->size;
  void *memory;
  *count = 0;
  if (lua_type(L, index) == LUA_TSTRING) {
    size_t length = lua_rawlen(L, index);
    if (!is_byte(element) && !is_scalar(element))
      return S_FALSE;
    if (size > 1 && length % size != 0)
      return convert_problem(converting, DISP_E_BADINDEX, "the string has %llu bytes, elements have %llu each",
                             (unsigned long long)length, (unsigned long long)size);
    *count = size > 1 ? length / size : length;
    return S_OK;
  }
  if (lua_type(L, index) == LUA_TTABLE) {
    *count = lua_rawlen(L, index);
    return S_OK;
  }
  if (memory_at(L, index, &memory, count) && *count != SIZE_MAX) {
    *count /= size > 1 ? size : 1;
    return S_OK;
  }
  return S_FALSE;
}

static HRESULT take_elements_of_table(Converting *converting, int index, const Type *element, void *memory,
                                      size_t count) {
  lua_State *L = converting->L;
  size_t size = is_void(element) ? 1 : element->size;
  index = lua_absindex(L, index);
  if (!lua_checkstack(L, 8) || converting->depth > 64)
    return E_OUTOFMEMORY;
  if (is_void(element))
    element = type_of_vartype(VT_UI1);
  HRESULT result = S_OK;
  converting->depth++;
  for (size_t i = 0; i < count && SUCCEEDED(result); i++) {
    bool hole = lua_rawgeti(L, index, (lua_Integer)i + 1) == LUA_TNIL;
    if (!hole)
      result = convert_from_lua(converting, lua_gettop(L), element, (char *)memory + i * size);
    if (FAILED(result))
      result = convert_located(converting, result, "element %llu: ", (unsigned long long)i + 1);
    lua_pop(L, 1);
  }
  converting->depth--;
  return result;
}

HRESULT elements_take(Converting *converting, int index, const Type *element, void *memory, size_t count) {
  lua_State *L = converting->L;
  const Type *type = type_resolve(element);
  if (lua_type(L, index) == LUA_TSTRING) {
    memcpy(memory, lua_tostring(L, index), count * (type->size > 1 ? type->size : 1));
    return S_OK;
  }
  if (lua_type(L, index) != LUA_TTABLE)
    return convert_mismatch(converting, index, is_byte(type) ? "a string of bytes" : "a table of elements");
  return take_elements_of_table(converting, index, type, memory, count);
}

void elements_push(lua_State *L, const Giving *giving, const Type *element, void *memory, size_t count) {
  const Type *type = type_resolve(element);
  if (is_byte(type)) {
    lua_pushlstring(L, memory, count);
    return;
  }
  lua_createtable(L, count < 65536 ? (int)count : 0, 0);
  luaL_checkstack(L, LUA_MINSTACK, NULL);
  for (size_t i = 0; i < count; i++) {
    convert_to_lua(L, giving, type, (char *)memory + i * type->size);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

/* One value, or elements; behind memory that goes with the call. */
static HRESULT take_behind(Converting *converting, int index, const Type *type, void *storage) {
  const Type *target = type_resolve(type->target);
  bool counted = type->extent && (type->extent->size.name || type->extent->length.name);
  bool text = type->extent && type->extent->string;
  size_t count = 1;
  HRESULT result = S_FALSE;
  if (text && target->size > 1) { /* wide characters that the library calls numbers */
    Type wide = *type;
    return take_foreign_wide(converting, index, &wide, storage);
  }
  if (text)
    return take_foreign_narrow(converting, index, type, storage);
  if (counted || is_byte(target))
    result = elements_count(converting, index, target, &count);
  if (FAILED(result))
    return result;
  size_t size = is_void(target) ? 1 : target->size;
  void *memory = foreign_memory(converting, is_void(target) ? NULL : target, size, count ? count : 1);
  if (!memory)
    return E_OUTOFMEMORY;
  *(void **)storage = memory;
  return result == S_OK ? elements_take(converting, index, target, memory, count)
                        : convert_from_lua(converting, index, target, memory);
}

HRESULT take_foreign_pointer(Converting *converting, int index, const Type *type, void *storage) {
  lua_State *L = converting->L;
  size_t size;
  if (lua_type(L, index) <= LUA_TNIL || boxed_is_nothing(L, index))
    return S_OK;
  if (memory_at(L, index, storage, &size))
    return S_OK;
  char described[80];
  const Type *target = type_resolve(type->target);
  if (!is_void(target) || lua_type(L, index) == LUA_TSTRING)
    return take_behind(converting, index, type, storage);
  type_describe(type, described, sizeof described);
  return convert_problem(converting, DISP_E_TYPEMISMATCH, "a pointer (%s) cannot be made of %s", described,
                         value_type_name(L, index));
}

/* Behind a pointer to a record there is one, which stays the module's; what else is there nobody knows, and the pointer is
 * shown. */
void give_foreign_pointer(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  void *memory = *(void **)storage;
  const Type *target = type_resolve(type->target);
  if (!memory)
    lua_pushnil(L);
  else if (type->extent && type->extent->string)
    units_push(L, memory, units_length(memory, target->size, SIZE_MAX) * target->size, target->size);
  else if (target->kind == TYPE_RECORD && target->owner == OWNS_NOTHING && !record_is_guid(target))
    convert_to_lua(L, giving, target, memory);
  else
    lua_pushlightuserdata(L, memory);
}

/* Memory that a script has: com.buffer. */

static const char buffer_tag;

typedef struct Buffer {
  const char *tag;
  const BaseType *base;
  size_t count;
  _Alignas(16) unsigned char bytes[];
} Buffer;

static Buffer *buffer_at(lua_State *L, int index) {
  return lua_type(L, index) == LUA_TUSERDATA ? tagged(L, index, &buffer_tag, sizeof(Buffer)) : NULL;
}

bool memory_at(lua_State *L, int index, void **memory, size_t *size) {
  Buffer *buffer = buffer_at(L, index);
  *size = SIZE_MAX; /* nobody knows */
  if (buffer) {
    *memory = buffer->bytes;
    *size = buffer->count * buffer->base->size;
    return true;
  }
  if (lua_islightuserdata(L, index)) {
    *memory = lua_touserdata(L, index);
    return true;
  }
  if (lua_type(L, index) != LUA_TTABLE || luaL_getmetafield(L, index, "__handle") == LUA_TNIL)
    return false;
  bool handle = lua_islightuserdata(L, -1);
  if (handle)
    *memory = lua_touserdata(L, -1);
  lua_pop(L, 1);
  return handle;
}

static Buffer *buffer_check(lua_State *L) {
  Buffer *buffer = buffer_at(L, 1);
  if (!buffer)
    raise_argument(L, E_INVALIDARG, "com.buffer", 1, "a buffer is wanted, not %s", value_type_name(L, 1));
  return buffer;
}

#define BUFFER_LIMIT ((lua_Integer)1 << 40)

/* buffer(type name, elements or their number) */
static int core_buffer(lua_State *L) {
  size_t length;
  if (lua_type(L, 1) != LUA_TSTRING)
    return raise_argument(L, E_INVALIDARG, "com.buffer", 1, "the name of a type is wanted, not %s",
                          value_type_name(L, 1));
  const char *name = lua_tolstring(L, 1, &length);
  const BaseType *base = base_type_named(name, length);
  const Type *type = base ? base_type_node(base->vt) : NULL;
  lua_settop(L, 2);
  if (!type || !is_scalar(type))
    return raise_argument(L, DISP_E_BADVARTYPE, "com.buffer", 1, "there is no number type %s", name);
  lua_Integer count = lua_istable(L, 2)     ? (lua_Integer)lua_rawlen(L, 2)
                      : lua_isinteger(L, 2) ? lua_tointeger(L, 2)
                                            : -1;
  if (count < 0 || count > BUFFER_LIMIT / base->size)
    return raise_argument(L, E_INVALIDARG, "com.buffer", 2, "a number of elements or a table of them is wanted, not %s",
                          value_type_name(L, 2));
  Buffer *buffer = lua_newuserdatauv(L, sizeof *buffer + (size_t)count * base->size, 0);
  memset(buffer, 0, sizeof *buffer + (size_t)count * base->size);
  buffer->tag = &buffer_tag;
  buffer->base = base;
  buffer->count = (size_t)count;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &buffer_tag);
  lua_setmetatable(L, -2);
  if (!lua_istable(L, 2))
    return 1;
  Converting converting = { .L = L, .bridge = bridge_get(L) };
  HRESULT result = elements_take(&converting, 2, type, buffer->bytes, buffer->count);
  return SUCCEEDED(result) ? 1 : raise_argument(L, result, "com.buffer", 2, "%s", converting.problem);
}

static bool element_at(lua_State *L, const Buffer *buffer, void **element) {
  int exact;
  lua_Integer i = lua_tointegerx(L, 2, &exact);
  if (!exact || i < 1 || (lua_Unsigned)i > buffer->count)
    return false;
  *element = (unsigned char *)(uintptr_t)buffer->bytes + (size_t)(i - 1) * buffer->base->size;
  return true;
}

/* bytes([from, to]): counted in bytes, as string.sub does */
static int buffer_bytes(lua_State *L) {
  const Buffer *buffer = buffer_check(L);
  lua_Integer size = (lua_Integer)(buffer->count * buffer->base->size);
  lua_Integer from = luaL_optinteger(L, 2, 1), to = luaL_optinteger(L, 3, size);
  from = from < 0 ? size + from + 1 : from;
  to = to < 0 ? size + to + 1 : to > size ? size : to;
  from = from < 1 ? 1 : from;
  lua_pushlstring(L, (const char *)buffer->bytes + from - 1, from <= to ? (size_t)(to - from + 1) : 0);
  return 1;
}

/* write(bytes [, from]) */
static int buffer_write(lua_State *L) {
  Buffer *buffer = buffer_check(L);
  size_t length, size = buffer->count * buffer->base->size;
  const char *bytes = luaL_checklstring(L, 2, &length);
  lua_Integer from = luaL_optinteger(L, 3, 1);
  if (from < 1 || (size_t)(from - 1) > size || length > size - (size_t)(from - 1))
    return raise_argument(L, DISP_E_BADINDEX, "buffer:write", 1, "%d bytes from %d on are more than its %d",
                          (int)length, (int)from, (int)size);
  memcpy(buffer->bytes + from - 1, bytes, length);
  lua_settop(L, 1);
  return 1;
}

/* totable(): the elements */
static int buffer_totable(lua_State *L) {
  Buffer *buffer = buffer_check(L);
  Giving giving = { .bridge = bridge_get(L) };
  const Type *type = base_type_node(buffer->base->vt);
  lua_createtable(L, buffer->count < 65536 ? (int)buffer->count : 0, 0);
  for (size_t i = 0; i < buffer->count; i++) {
    convert_to_lua(L, &giving, type, buffer->bytes + i * type->size);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* pointer(): to its first byte; the buffer has to live as long as it is used */
static int buffer_pointer(lua_State *L) {
  lua_pushlightuserdata(L, buffer_check(L)->bytes);
  return 1;
}

static int buffer_index(lua_State *L) {
  static const luaL_Reg methods[] = { { "bytes", buffer_bytes },
                                      { "write", buffer_write },
                                      { "totable", buffer_totable },
                                      { "pointer", buffer_pointer },
                                      { NULL, NULL } };
  Buffer *buffer = buffer_check(L);
  void *element;
  if (element_at(L, buffer, &element)) {
    Giving giving = { .bridge = bridge_get(L) };
    convert_to_lua(L, &giving, base_type_node(buffer->base->vt), element);
    return 1;
  }
  if (lua_type(L, 2) == LUA_TNUMBER)
    return 0;
  const char *name = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  for (const luaL_Reg *method = methods; method->name; method++) {
    if (strcmp(method->name, name) == 0) {
      lua_pushcfunction(L, method->func);
      return 1;
    }
  }
  return raise_text(L, DISP_E_UNKNOWNNAME, "com.buffer", "a buffer has no field %s", value_field_name(L, 2));
}

static int buffer_newindex(lua_State *L) {
  Buffer *buffer = buffer_check(L);
  void *element;
  lua_settop(L, 3);
  if (!element_at(L, buffer, &element))
    return raise_text(L, DISP_E_BADINDEX, "com.buffer", "the buffer has elements from 1 to %d", (int)buffer->count);
  Converting converting = { .L = L, .bridge = bridge_get(L) };
  HRESULT result = convert_from_lua(&converting, 3, base_type_node(buffer->base->vt), element);
  return SUCCEEDED(result) ? 0 : raise_text(L, result, "com.buffer", "%s", converting.problem);
}

static int buffer_length(lua_State *L) {
  lua_pushinteger(L, (lua_Integer)buffer_check(L)->count);
  return 1;
}

static int buffer_tostring(lua_State *L) {
  const Buffer *buffer = buffer_check(L);
  lua_pushfstring(L, "buffer of %d %s: %p", (int)buffer->count, buffer->base->name, (const void *)buffer->bytes);
  return 1;
}

/* memory(pointer, number of bytes): a copy */
static int core_memory(lua_State *L) {
  void *memory = NULL;
  size_t size;
  if (!lua_isinteger(L, 2))
    return raise_argument(L, E_INVALIDARG, "com.bytes", 2, "a number of bytes is wanted, not %s",
                          value_type_name(L, 2));
  lua_Integer count = lua_tointeger(L, 2);
  if (!memory_at(L, 1, &memory, &size) || !memory)
    return raise_argument(L, E_INVALIDARG, "com.bytes", 1, "a pointer or a buffer is wanted, not %s",
                          value_type_name(L, 1));
  if (count < 0 || count > BUFFER_LIMIT || (size_t)count > size)
    return raise_argument(L, E_INVALIDARG, "com.bytes", 2, "there are no %d bytes there", (int)count);
  lua_pushlstring(L, memory, (size_t)count);
  return 1;
}

const luaL_Reg core_memory_functions[] = { { "buffer", core_buffer }, { "memory", core_memory }, { NULL, NULL } };

void memory_open_type(lua_State *L) {
  static const luaL_Reg metamethods[] = { { "__index", buffer_index },
                                          { "__newindex", buffer_newindex },
                                          { "__len", buffer_length },
                                          { "__tostring", buffer_tostring },
                                          { NULL, NULL } };
  luaL_newlib(L, metamethods);
  lua_pushliteral(L, "buffer");
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "buffer");
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &buffer_tag);
}
