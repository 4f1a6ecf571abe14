/* buffer.c - buffers of methods: see buffer.h. */
#include "bridge/values/buffer.h"

#include <stdlib.h>
#include <string.h>

enum { ELEMENT_SIZE_LIMIT = 256 }; /* of one that must be copied before it is shown */

/* counts */

static bool load_count(const CallArguments *call, TypeCount count, uint32_t *number) {
  if (!count.name || count.name > call->signature->count)
    return false;
  unsigned k = count.name - 1u;
  return type_load_count(call->signature->parameters[k].type, call->arguments[k], count, number);
}

static bool count_by(const CallArguments *call, const TypeExtent *extent, bool valid, uint32_t *count) {
  if (!extent)
    return false;
  TypeCount first = valid ? extent->length : extent->size, second = valid ? extent->size : extent->length;
  return load_count(call, first.name ? first : second, count);
}

bool buffer_count(const CallArguments *call, unsigned k, bool valid, uint32_t *count) {
  return count_by(call, call->signature->parameters[k].value->extent, valid, count);
}

bool allocated_count(const CallArguments *call, unsigned k, bool valid, uint32_t *count) {
  return count_by(call, type_resolve(call->signature->parameters[k].cell)->extent, valid, count);
}

Parameter allocated_buffer(const Parameter *parameter) {
  Parameter buffer = *parameter;
  buffer.value = type_resolve(parameter->cell);
  return buffer;
}

const Type *buffer_element(const Parameter *parameter) {
  const Type *target = type_resolve(parameter->value->target);
  return target->size ? target : base_type_node(VT_UI1);
}

static bool is_integer(const Type *element, unsigned size) {
  return element->kind == TYPE_BASE && element->size == size && element->value_class <= VALUE_UNSIGNED &&
         element->vt != VT_BOOL;
}

/* from Lua */

/* Raw bytes: a string, or an array of com.bytes. NULL: neither. */
static const void *bytes_at(lua_State *L, int index, size_t *length, SAFEARRAY **array) {
  VARTYPE vt = VT_EMPTY;
  void *data = NULL;
  if (lua_type(L, index) == LUA_TSTRING)
    return lua_tolstring(L, index, length);
  SAFEARRAY *given = array_at(L, index, &vt);
  if (!given || vt != VT_UI1 || SafeArrayGetDim(given) != 1 || FAILED(SafeArrayAccessData(given, &data)))
    return NULL;
  *array = given;
  *length = given->rgsabound[0].cElements;
  return data;
}

static HRESULT text_units(Converting *converting, int index, const Parameter *parameter, BSTR *text) {
  size_t length;
  const char *bytes = lua_tolstring(converting->L, index, &length);
  HRESULT result = text_to_bstr(bytes, length, text);
  if (result == DISP_E_TYPEMISMATCH)
    return convert_problem(converting, result, "the string is not UTF-8");
  (void)parameter;
  return result;
}

HRESULT buffer_length(Converting *converting, int index, const Parameter *parameter, uint32_t *length) {
  lua_State *L = converting->L;
  const Type *element = buffer_element(parameter);
  bool ends = (parameter->flags & PARAMETER_STRING) != 0; /* a zero stands behind text */
  size_t count = 0;
  *length = 0;
  if (is_integer(element, 1)) {
    SAFEARRAY *array = NULL;
    const void *data = bytes_at(L, index, &count, &array);
    if (array)
      SafeArrayUnaccessData(array);
    if (!data && lua_type(L, index) != LUA_TTABLE)
      return convert_mismatch(converting, index, "a string of bytes");
    count = data ? count + ends : (size_t)lua_rawlen(L, index);
  } else if (is_integer(element, 2) && lua_type(L, index) == LUA_TSTRING) {
    BSTR text = NULL;
    HRESULT result = text_units(converting, index, parameter, &text);
    count = SysStringLen(text) + (size_t)ends;
    SysFreeString(text);
    if (FAILED(result))
      return result;
  } else if (lua_type(L, index) == LUA_TTABLE) {
    count = (size_t)lua_rawlen(L, index);
  } else {
    return convert_mismatch(converting, index, "a table of the elements");
  }
  if (count > INT32_MAX / element->size)
    return convert_problem(converting, E_OUTOFMEMORY, "the buffer is too large");
  *length = (uint32_t)count;
  return S_OK;
}

static HRESULT fill_from_table(Converting *converting, int index, const Type *element, unsigned char *memory) {
  lua_State *L = converting->L;
  uint32_t count = (uint32_t)lua_rawlen(L, index);
  if (!lua_checkstack(L, 2))
    return E_OUTOFMEMORY;
  for (uint32_t i = 0; i < count; i++) {
    lua_rawgeti(L, index, (lua_Integer)i + 1);
    HRESULT result = convert_from_lua(converting, lua_gettop(L), element, memory + (size_t)i * element->size);
    lua_pop(L, 1);
    if (FAILED(result))
      return convert_located(converting, result, "element %u: ", (unsigned)i + 1);
  }
  return S_OK;
}

HRESULT buffer_fill(Converting *converting, int index, const Parameter *parameter, void *memory) {
  lua_State *L = converting->L;
  const Type *element = buffer_element(parameter);
  if (lua_type(L, index) == LUA_TTABLE)
    return fill_from_table(converting, lua_absindex(L, index), element, memory);
  if (is_integer(element, 2)) {
    BSTR text = NULL;
    HRESULT result = text_units(converting, index, parameter, &text);
    if (SUCCEEDED(result))
      memcpy(memory, text, SysStringLen(text) * sizeof(OLECHAR));
    SysFreeString(text);
    return result;
  }
  size_t length = 0;
  SAFEARRAY *array = NULL;
  const void *data = bytes_at(L, index, &length, &array);
  if (data)
    memcpy(memory, data, length);
  if (array)
    SafeArrayUnaccessData(array);
  return S_OK;
}

/* memory */

uint32_t buffer_text_length(const Parameter *parameter, const void *memory) {
  const Type *element = buffer_element(parameter);
  uint32_t length = 0;
  if (!(parameter->flags & PARAMETER_STRING))
    return 0;
  if (is_integer(element, 1))
    return (uint32_t)strlen(memory) + 1;
  for (const OLECHAR *units = memory; is_integer(element, 2); length++)
    if (!units[length])
      return length + 1;
  return 0;
}

void buffer_clear(const Parameter *parameter, void *memory, uint32_t count) {
  const Type *element = buffer_element(parameter);
  for (uint32_t i = 0; element->owner != OWNS_NOTHING && i < count; i++)
    type_clear(element, (unsigned char *)memory + (size_t)i * element->size);
}

/* to Lua */

static void push_copy(lua_State *L, const Giving *giving, const Type *element, const void *value) {
  _Alignas(16) unsigned char copy[ELEMENT_SIZE_LIMIT];
  if (element->size > sizeof copy)
    raise_text(L, E_NOTIMPL, NULL, "an element of %u bytes cannot be shown in Lua", (unsigned)element->size);
  HRESULT result = type_copy(element, copy, value);
  if (FAILED(result))
    raise_status(L, result, NULL);
  convert_to_lua(L, giving, element, copy);
  type_clear(element, copy);
}

static void push_list(lua_State *L, const Giving *giving, const Type *element, unsigned char *memory, uint32_t count,
                      bool lend) {
  bool copies = lend && element->kind != TYPE_POINTER && element->owner != OWNS_NOTHING &&
                element->owner != OWNS_BSTR && element->owner != OWNS_TASK_MEMORY;
  lua_createtable(L, count < 65536 ? (int)count : 65536, 0);
  for (uint32_t i = 0; i < count; i++) {
    void *value = memory + (size_t)i * element->size;
    if (copies)
      push_copy(L, giving, element, value);
    else
      convert_to_lua(L, giving, element, value);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

void buffer_push(lua_State *L, const Giving *giving, const Parameter *parameter, void *memory, uint32_t count,
                 bool lend) {
  const Type *element = buffer_element(parameter);
  bool text = (parameter->flags & PARAMETER_STRING) != 0;
  if (is_integer(element, 1)) {
    lua_pushlstring(L, memory, text ? strnlen(memory, count) : count);
  } else if (text && is_integer(element, 2)) {
    const OLECHAR *units = memory;
    size_t length = 0;
    while (length < count && units[length])
      length++;
    text_push_utf16(L, units, length);
  } else {
    push_list(L, giving, element, memory, count, lend);
  }
}

/* interfaces */

const Type *told_interface(const CallArguments *call, unsigned k, Type *told) {
  const Parameter *parameter = &call->signature->parameters[k];
  const Type *type = type_resolve(parameter->value);
  if (parameter->iid_is < 0 || type->kind != TYPE_INTERFACE)
    return type;
  const Parameter *iid = &call->signature->parameters[parameter->iid_is];
  const void *value = call->arguments[parameter->iid_is];
  for (unsigned i = 0; i < iid->indirection && value; i++)
    value = *(void *const *)value;
  if (!value || type_resolve(iid->value)->size != sizeof(GUID))
    return type;
  *told = *type;
  memcpy(&told->guid, value, sizeof(GUID));
  bool dispatch = IsEqualGUID(&told->guid, &IID_IDispatch) != 0;
  told->vt = dispatch ? VT_DISPATCH : VT_UNKNOWN;
  told->interface_flags = dispatch ? INTERFACE_DISPATCH : 0;
  told->name = NULL;
  told->via = NULL;
  told->reference = TYPE_NO_REFERENCE;
  return told;
}

/* What the library of the method says of an interface: a reference, or NULL. */
static ITypeInfo *told_info(const Giving *giving, REFIID iid) {
  ITypeLib *library = NULL;
  ITypeInfo *info = NULL;
  UINT index;
  if (!giving->owner || FAILED(ITypeInfo_GetContainingTypeLib(giving->owner, &library, &index)) || !library)
    return NULL;
  if (FAILED(ITypeLib_GetTypeInfoOfGuid(library, iid, &info)))
    info = NULL;
  ITypeLib_Release(library);
  return info;
}

static bool derives_from_dispatch(ITypeInfo *info) {
  TYPEATTR *attributes = NULL;
  if (FAILED(ITypeInfo_GetTypeAttr(info, &attributes)))
    return false;
  bool dispatch = (attributes->wTypeFlags & (TYPEFLAG_FDISPATCHABLE | TYPEFLAG_FDUAL)) != 0;
  ITypeInfo_ReleaseTypeAttr(info, attributes);
  return dispatch;
}

void told_push(lua_State *L, const Giving *giving, const CallArguments *call, unsigned k, void *storage) {
  Type room;
  const Type *type = told_interface(call, k, &room);
  if (type != &room) {
    convert_to_lua(L, giving, type, storage);
    return;
  }
  ITypeInfo *info = told_info(giving, &type->guid);
  Arrival arrival = { .iid = &type->guid, .info = info, .mode = CALL_AUTO, .flags = giving->flags };
  arrival.dispatch = type->vt == VT_DISPATCH || (info && derives_from_dispatch(info));
  arrival.custom = info && !arrival.dispatch;
  IUnknown *face = *(IUnknown **)storage;
  *(IUnknown **)storage = NULL;
  giving->bridge->objects->push(L, giving->bridge, face, &arrival);
  if (info)
    ITypeInfo_Release(info);
}
