/* variant.c - Lua values <-> VARIANTs, where no declared type says what is wanted (LUA-API.md, Values). */
#include "bridge/values/foreign_values.h"

#include <string.h>

#define NESTING_LIMIT 64

/* from Lua */

static HRESULT string_to_variant(Converting *converting, int index, VARIANT *value) {
  size_t length;
  const char *text = lua_tolstring(converting->L, index, &length);
  HRESULT result = text_to_bstr(text, length, &V_BSTR(value));
  if (FAILED(result))
    return result == E_OUTOFMEMORY
               ? result
               : convert_problem(converting, result, "the string is not UTF-8 (com.bytes passes raw bytes)");
  V_VT(value) = VT_BSTR;
  return S_OK;
}

static HRESULT boxed_to_variant(Boxed *boxed, VARIANT *value) {
  if (!boxed->reference)
    return VariantCopy(value, &boxed->value);
  if (boxed->whole) {
    V_VT(value) = VT_BYREF | VT_VARIANT;
    V_VARIANTREF(value) = &boxed->value;
    return S_OK;
  }
  boxed_settle(boxed);
  V_VT(value) = (VARTYPE)(VT_BYREF | V_VT(&boxed->value));
  V_BYREF(value) = V_VT(&boxed->value) == VT_DECIMAL ? (void *)&V_DECIMAL(&boxed->value) : (void *)&V_I8(&boxed->value);
  return S_OK;
}

static HRESULT userdata_to_variant(Converting *converting, int index, VARIANT *value) {
  lua_State *L = converting->L;
  HRESULT result = converting->bridge->objects->to_variant(L, index, value);
  if (result == CO_E_RELEASED)
    return convert_released(converting, index);
  if (result != S_FALSE)
    return result;
  Boxed *boxed = boxed_at(L, index);
  if (boxed) {
    converting->boxes = converting->boxes || boxed->reference;
    return boxed_to_variant(boxed, value);
  }
  VARTYPE vt;
  SAFEARRAY *array = array_at(L, index, &vt);
  if (array) {
    result = SafeArrayCopy(array, &V_ARRAY(value));
    if (SUCCEEDED(result))
      V_VT(value) = (VARTYPE)(VT_ARRAY | vt);
    return result;
  }
  result = record_copy_to_variant(L, index, value);
  return result == S_FALSE ? convert_mismatch(converting, index, "a value that a VARIANT can hold") : result;
}

const char args_metatable_key = 0;

bool args_at(lua_State *L, int index) {
  if (lua_type(L, index) != LUA_TTABLE || !lua_getmetatable(L, index))
    return false;
  lua_rawgetp(L, LUA_REGISTRYINDEX, &args_metatable_key);
  bool is = lua_rawequal(L, -1, -2) != 0;
  lua_pop(L, 2);
  return is;
}

/* A non-empty sequence is an array; what else a table may mean must be said. */
static HRESULT table_to_variant(Converting *converting, int index, VARIANT *value) {
  lua_State *L = converting->L;
  if (args_at(L, index))
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "com.args is no value: it is the last argument of a call");
  if (lua_rawlen(L, index) == 0)
    return convert_problem(converting, DISP_E_TYPEMISMATCH,
                           "a table is a value only as a non-empty sequence; say com.array, com.record, com.object or "
                           "com.date");
  SAFEARRAY *array = NULL;
  HRESULT result = array_from_lua(converting, index, NULL, &array);
  if (FAILED(result))
    return result;
  V_VT(value) = VT_ARRAY | VT_VARIANT;
  V_ARRAY(value) = array;
  return S_OK;
}

HRESULT variant_from_lua(Converting *converting, int index, VARIANT *value) {
  lua_State *L = converting->L;
  V_VT(value) = VT_EMPTY;
  switch (lua_type(L, index)) {
  case LUA_TNONE:
  case LUA_TNIL:
    return S_OK;
  case LUA_TBOOLEAN:
    V_VT(value) = VT_BOOL;
    V_BOOL(value) = lua_toboolean(L, index) ? VARIANT_TRUE : VARIANT_FALSE;
    return S_OK;
  case LUA_TNUMBER:
    if (!lua_isinteger(L, index)) {
      V_VT(value) = VT_R8;
      V_R8(value) = lua_tonumber(L, index);
      return S_OK;
    }
    V_I8(value) = lua_tointeger(L, index);
    V_VT(value) = V_I8(value) >= INT32_MIN && V_I8(value) <= INT32_MAX ? VT_I4 : VT_I8;
    return S_OK;
  case LUA_TSTRING:
    return string_to_variant(converting, index, value);
  case LUA_TUSERDATA:
    return userdata_to_variant(converting, index, value);
  case LUA_TTABLE:
    if (converting->depth >= NESTING_LIMIT)
      return convert_problem(converting, E_INVALIDARG, "the tables are nested too deep");
    return table_to_variant(converting, index, value);
  default:
    return convert_mismatch(converting, index, "a value that a VARIANT can hold");
  }
}

HRESULT take_variant(Converting *converting, int index, const Type *type, void *storage) {
  (void)type;
  HRESULT result = variant_from_lua(converting, index, storage);
  if (V_VT((VARIANT *)storage) >= VT_BSTR)
    converting->owned = true;
  return result;
}

/* Moves the value of a VARIANT of the right type to its native storage. */
static void move_variant(VARIANT *from, const Type *type, void *storage) {
  if (type->vt == VT_DECIMAL)
    memcpy(storage, &V_DECIMAL(from), sizeof(DECIMAL));
  else
    memcpy(storage, &V_I8(from), type->size <= 8 ? type->size : 8);
  V_VT(from) = VT_EMPTY;
}

HRESULT variant_to_native(Converting *converting, const VARIANT *value, const Type *type, void *storage) {
  type = type_resolve(type);
  VARIANT copy;
  VariantInit(&copy);
  if (type->vt == VT_VARIANT) {
    converting->owned = true;
    return VariantCopyInd(storage, (VARIANT *)value);
  }
  HRESULT result = VariantChangeType(&copy, (VARIANT *)value, 0, type->vt);
  if (FAILED(result))
    return result;
  move_variant(&copy, type, storage);
  if (type->owner != OWNS_NOTHING)
    converting->owned = true;
  return S_OK;
}

HRESULT native_to_variant(const Type *type, const void *storage, VARIANT *value) {
  type = type_resolve(type);
  if (type->vt == VT_VARIANT)
    return VariantCopyInd(value, (VARIANT *)storage);
  VARTYPE vt = type->kind == TYPE_ENUM ? VT_I4 : type->vt == VT_HRESULT ? VT_ERROR : type->vt;
  bool plain = type->kind == TYPE_BASE || type->kind == TYPE_ENUM || type->kind == TYPE_INTERFACE ||
               type->kind == TYPE_SAFEARRAY;
  if (!plain || ((vt & VT_ARRAY) == 0 && (!base_type(vt) || !base_type(vt)->in_variant)))
    return DISP_E_BADVARTYPE;
  VARIANT reference;
  V_VT(&reference) = (VARTYPE)(VT_BYREF | vt);
  V_BYREF(&reference) = (void *)storage;
  return VariantCopyInd(value, &reference);
}

HRESULT table_to_interface(Converting *converting, int index, const Type *type, REFIID iid, void **face) {
  Bridge *bridge = converting->bridge;
  ITypeInfo *info = NULL;
  if (!bridge->wrap_table)
    return convert_mismatch(converting, index, "an object");
  if (type->kind == TYPE_INTERFACE && converting->owner)
    type_info(type, converting->owner, &info);
  if (!info && type->abi)
    info = library_interface(converting->owner, iid);
  HRESULT result =
      bridge->wrap_table(converting->L, bridge, lua_absindex(converting->L, index), iid, info, type->abi, face);
  if (info)
    ITypeInfo_Release(info);
  if (FAILED(result))
    return convert_problem(converting, result, "the table cannot be made an object of that interface");
  return S_OK;
}

/* to Lua */

static int raise_bad_type(lua_State *L, VARTYPE vt) {
  return raise_text(L, DISP_E_BADVARTYPE, NULL, "the server returned a VARIANT of type 0x%x, which is none",
                    (unsigned)vt);
}

/* borrowed: the array stays what it is part of. */
static void push_array(lua_State *L, const Giving *giving, VARIANT *value, bool borrowed) {
  SAFEARRAY *array = V_VT(value) & VT_BYREF ? *V_ARRAYREF(value) : V_ARRAY(value);
  VARTYPE vt = (VARTYPE)(V_VT(value) & VT_TYPEMASK);
  if (borrowed && array) {
    SAFEARRAY *copy = NULL;
    HRESULT result = SafeArrayCopy(array, &copy);
    if (FAILED(result))
      raise_status(L, result, NULL);
    array = copy;
  } else {
    V_VT(value) = VT_EMPTY;
  }
  array_push(L, giving, &array, vt);
}

static void push_record(lua_State *L, const Giving *giving, const VARIANT *value) {
  if (!V_RECORDINFO(value) || !V_RECORD(value))
    lua_pushnil(L);
  else
    record_push(L, giving, V_RECORDINFO(value), V_RECORD(value));
}

/* Values behind a VT_BYREF stay the server's: interfaces get a reference of their own. */
static void push_plain(lua_State *L, const Giving *giving, VARTYPE vt, void *storage, bool reference) {
  const Type *type = base_type_node(vt);
  if (!type || !base_type(vt)->in_variant) {
    raise_bad_type(L, vt);
    return;
  }
  if (reference && (vt == VT_DISPATCH || vt == VT_UNKNOWN)) {
    IUnknown *object = *(IUnknown **)storage;
    if (object)
      IUnknown_AddRef(object);
    convert_to_lua(L, giving, type, &object);
    return;
  }
  convert_to_lua(L, giving, type, storage);
}

/* For HANDLE_EXACT: pushes what a plain Lua value would not become again. False: the plain one does. */
static bool push_exactly(lua_State *L, const Giving *giving, const VARIANT *value) {
  VARTYPE vt = V_VT(value);
  if (vt & VT_BYREF) {
    if (!(giving->flags & HANDLE_REFERENCES) || vt == (VT_BYREF | VT_RECORD))
      return false;
    boxed_push_wire(L, giving->bridge, value);
    return true;
  }
  switch (vt) {
  case VT_EMPTY:
    boxed_push_constant(L, vt);
    return true;
  case VT_ERROR:
    if (V_ERROR(value) != DISP_E_PARAMNOTFOUND)
      return false;
    boxed_push_constant(L, vt);
    return true;
  case VT_DISPATCH:
    if (V_DISPATCH(value))
      return false;
    boxed_push_constant(L, vt);
    return true;
  case VT_UNKNOWN:
    if (V_UNKNOWN(value))
      return false;
    break;
  case VT_I1:
  case VT_UI1:
  case VT_I2:
  case VT_UI2:
  case VT_UI4:
  case VT_INT:
  case VT_UINT:
  case VT_I8:
  case VT_UI8:
  case VT_R4:
    break;
  default:
    return false;
  }
  boxed_push_wire(L, giving->bridge, value);
  return true;
}

static void push_value(lua_State *L, const Giving *giving, VARIANT *value, int depth) {
  VARTYPE vt = V_VT(value);
  bool reference = (vt & VT_BYREF) != 0;
  if (vt & ~(VT_BYREF | VT_ARRAY | VT_TYPEMASK) || (vt & VT_TYPEMASK) > VT_CLSID) {
    raise_bad_type(L, vt);
    return;
  }
  if (reference && !V_BYREF(value) && (vt & VT_TYPEMASK) != VT_RECORD) {
    raise_text(L, E_POINTER, NULL, "the server returned a reference to nothing (VARIANT of type 0x%x)", (unsigned)vt);
    return;
  }
  if ((giving->flags & HANDLE_EXACT) && push_exactly(L, giving, value))
    return;
  if (vt & VT_ARRAY) {
    push_array(L, giving, value, reference || depth > 0);
    return;
  }
  switch (vt & VT_TYPEMASK) {
  case VT_EMPTY:
    lua_pushnil(L);
    return;
  case VT_NULL:
    boxed_push_null(L);
    return;
  case VT_RECORD:
    push_record(L, giving, value);
    return;
  case VT_VARIANT:
    if (!reference || depth > 1)
      raise_bad_type(L, vt);
    else
      push_value(L, giving, V_VARIANTREF(value), depth + 1);
    return;
  case VT_ERROR: {
    SCODE code = reference ? *V_ERRORREF(value) : V_ERROR(value);
    if (code == DISP_E_PARAMNOTFOUND) {
      lua_pushnil(L);
      return;
    }
    VARIANT error;
    memset(&error, 0, sizeof error);
    V_VT(&error) = VT_ERROR;
    V_ERROR(&error) = code;
    boxed_push(L, giving->bridge, &error);
    return;
  }
  default: {
    VARTYPE plain = (VARTYPE)(vt & VT_TYPEMASK);
    void *storage = reference ? V_BYREF(value) : plain == VT_DECIMAL ? (void *)&V_DECIMAL(value) : &V_I8(value);
    push_plain(L, giving, plain, storage, reference || depth > 0);
    if (!reference && depth == 0 && (plain == VT_DISPATCH || plain == VT_UNKNOWN))
      V_VT(value) = VT_EMPTY; /* moved */
    return;
  }
  }
}

void variant_push(lua_State *L, const Giving *giving, VARIANT *value) {
  push_value(L, giving, value, 0);
}

void variant_push_declared(lua_State *L, const Giving *giving, const Type *type, VARIANT *value) {
  const Type *declared = type_resolve(type);
  if ((declared->vt == VT_ERROR || declared->vt == VT_HRESULT) && V_VT(value) == VT_ERROR)
    lua_pushinteger(L, (lua_Integer)(uint32_t)V_ERROR(value));
  else if (V_VT(value) == VT_RECORD && V_RECORD(value) && record_is_guid(declared))
    guid_push(L, V_RECORD(value));
  else
    push_value(L, giving, value, 0);
}

void give_variant(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  (void)type;
  push_value(L, giving, storage, 0);
}

typedef struct Owned {
  Bridge *bridge;
  uint32_t flags;
  const Type *declared;
  VARIANT *value;
} Owned;

static int push_owned(lua_State *L) {
  const Owned *owned = lua_touserdata(L, 1);
  Giving giving = { .bridge = owned->bridge, .flags = owned->flags };
  if (owned->declared)
    variant_push_declared(L, &giving, owned->declared, owned->value);
  else
    variant_push(L, &giving, owned->value);
  return 1;
}

void variant_push_clear(lua_State *L, Bridge *bridge, uint32_t flags, const Type *declared, VARIANT *value) {
  Owned owned = { bridge, flags, declared, value };
  bool pushed = bridge_protected(L, push_owned, &owned, 1);
  VariantClear(value);
  if (!pushed)
    lua_error(L);
}
