/* convert.c - Lua values <-> native values of a type. One table keyed by base type serves vtable calls, Invoke, arrays,
 * records and VARIANTs, so all of them convert alike. Taking (from Lua) never raises; giving (to Lua) may. */
#include "bridge/values/foreign_values.h"

#include "com/com_api.h"

#include <float.h>
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

HRESULT convert_problem(Converting *converting, HRESULT result, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(converting->problem, sizeof converting->problem, format, arguments);
  va_end(arguments);
  return result;
}

HRESULT convert_located(Converting *converting, HRESULT result, const char *format, ...) {
  static const char gap[] = "... ";
  char place[sizeof converting->problem / 2], inner[sizeof converting->problem];
  va_list arguments;
  va_start(arguments, format);
  vsnprintf(place, sizeof place, format, arguments);
  va_end(arguments);
  memcpy(inner, converting->problem, sizeof inner);
  size_t room = sizeof inner - strlen(place) - 1, length = strlen(inner);
  const char *tail = inner;
  if (length > room) {
    tail = inner + length - (room - strlen(gap));
    while (*tail != 0 && ((unsigned char)*tail & 0xC0) == 0x80) /* within a character */
      tail++;
    const char *step = strstr(tail, ": "); /* a whole step of the way, rather than a part of one */
    tail = step ? step + 2 : tail;
    tail += strncmp(tail, gap, strlen(gap)) == 0 ? strlen(gap) : 0;
  }
  return convert_problem(converting, result, "%s%s%s", place, tail == inner ? "" : gap, tail);
}

const char *value_type_name(lua_State *L, int index) {
  const ObjectSeam *objects = bridge_get(L)->objects;
  const char *object = objects->name(L, index);
  if (object)
    return object;
  const Boxed *boxed = boxed_at(L, index);
  if (boxed)
    return boxed_type_name(boxed);
  switch (lua_type(L, index)) {
  case LUA_TNONE:
  case LUA_TNIL:
    return "nil";
  case LUA_TBOOLEAN:
    return "a boolean";
  case LUA_TNUMBER:
    return lua_isinteger(L, index) ? "an integer" : "a float";
  case LUA_TSTRING:
    return "a string";
  case LUA_TTABLE:
    return "a table";
  case LUA_TFUNCTION:
    return "a function";
  case LUA_TTHREAD:
    return "a coroutine";
  default:
    if (tagged(L, index, &array_tag, sizeof(char *)))
      return "an array";
    if (tagged(L, index, &record_tag, sizeof(char *)))
      return "a record";
    return "a userdata of another kind";
  }
}

HRESULT convert_mismatch(Converting *converting, int index, const char *wanted) {
  if (lua_type(converting->L, index) <= LUA_TNIL)
    return convert_problem(converting, DISP_E_PARAMNOTOPTIONAL, "%s is wanted, nothing was given", wanted);
  return convert_problem(converting, DISP_E_TYPEMISMATCH, "%s is wanted, not %s", wanted,
                         value_type_name(converting->L, index));
}

HRESULT convert_released(Converting *converting, int index) {
  return convert_problem(converting, CO_E_RELEASED, "the %s object has been released",
                         converting->bridge->objects->name(converting->L, index));
}

/* Numbers and text. */

bool is_numeric(lua_State *L, int index) {
  return lua_type(L, index) == LUA_TNUMBER || (lua_type(L, index) == LUA_TSTRING && lua_isnumber(L, index));
}

/* As tostring does it in Lua (lobject.c): a float always looks like one. */
size_t number_text(lua_State *L, int index, char text[NUMBER_TEXT]) {
  if (lua_isinteger(L, index))
    return (size_t)snprintf(text, NUMBER_TEXT, LUA_INTEGER_FMT, (LUAI_UACINT)lua_tointeger(L, index));
  size_t length = (size_t)snprintf(text, NUMBER_TEXT - 2, LUA_NUMBER_FMT, (LUAI_UACNUMBER)lua_tonumber(L, index));
  if (text[strspn(text, "-0123456789")] == 0) {
    text[length++] = '.';
    text[length++] = '0';
    text[length] = 0;
  }
  return length;
}

/* Integers. */

/* Stores the low bytes of an integer. */
static void store_integer(void *storage, size_t size, int64_t value) {
  memcpy(storage, &value, size); /* little-endian */
}

static HRESULT take_integer(Converting *converting, int index, const Type *type, void *storage) {
  lua_State *L = converting->L;
  const BaseType *base = base_type(type->vt);
  if (!is_numeric(L, index))
    return convert_mismatch(converting, index, "an integer");
  int exact = 0;
  lua_Integer value = lua_tointegerx(L, index, &exact);
  if (!exact) {
    double number = lua_tonumber(L, index);
    if (number == floor(number) && isfinite(number))
      return convert_problem(converting, DISP_E_OVERFLOW, "%.17g is out of range for %s", number, base->name);
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "an integer is wanted, %.17g is none", number);
  }
  if (value < base->least || value > base->most)
    return convert_problem(converting, DISP_E_OVERFLOW, "%lld is out of range for %s (%lld to %lld)", (long long)value,
                           base->name, (long long)base->least, (long long)base->most);
  store_integer(storage, base->size, value);
  return S_OK;
}

int64_t native_integer(const void *storage, size_t size, bool negative) {
  switch (size) {
  case 1:
    return negative ? *(const int8_t *)storage : *(const uint8_t *)storage;
  case 2:
    return negative ? *(const int16_t *)storage : *(const uint16_t *)storage;
  case 4:
    return negative ? (int64_t) * (const int32_t *)storage : (int64_t) * (const uint32_t *)storage;
  default:
    return *(const int64_t *)storage;
  }
}

static void give_integer(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  (void)giving;
  lua_pushinteger(L, native_integer(storage, type->size, type->value_class == VALUE_SIGNED));
}

/* An HRESULT is shown unsigned: 0x80070005. */
static void give_status(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  (void)giving;
  (void)type;
  lua_pushinteger(L, (lua_Integer) * (const uint32_t *)storage);
}

/* "; near names: X", or nothing. */
static void describe_near(const Type *type, ITypeInfo *owner, const OLECHAR *slip, char text[100]) {
  static const char before[] = "; near names: ";
  BSTR near = NULL;
  *text = 0;
  if (!slip || FAILED(type_enum_near(type, owner, slip, &near)))
    return;
  memcpy(text, before, sizeof before);
  char *name = text + sizeof before - 1;
  UINT units = SysStringLen(near), most = (100 - sizeof before) / 3;
  name[utf8_from_utf16(near, units < most ? units : most, name)] = 0;
  SysFreeString(near);
}

static HRESULT take_enum(Converting *converting, int index, const Type *type, void *storage) {
  static const Type as_integer = { .kind = TYPE_BASE, .vt = VT_I4, .size = 4, .value_class = VALUE_SIGNED };
  if (is_numeric(converting->L, index))
    return take_integer(converting, index, &as_integer, storage);
  if (lua_type(converting->L, index) != LUA_TSTRING)
    return convert_mismatch(converting, index, "an integer or the name of a constant");
  LONG value = 0;
  const char *name = lua_tostring(converting->L, index);
  OLECHAR *wide = text_copy_utf16(name);
  HRESULT result = wide ? type_enum_value(type, converting->owner, wide, &value) : TYPE_E_ELEMENTNOTFOUND;
  if (FAILED(result)) {
    char described[80], near[100];
    type_describe(type, described, sizeof described);
    describe_near(type, converting->owner, wide, near);
    convert_problem(converting, DISP_E_TYPEMISMATCH, "%s has no constant named %.60s%s", described, name, near);
    free(wide);
    return DISP_E_TYPEMISMATCH;
  }
  free(wide);
  *(LONG *)storage = value;
  return S_OK;
}

/* numbers */

static HRESULT take_number(Converting *converting, int index, const Type *type, void *storage) {
  if (!is_numeric(converting->L, index))
    return convert_mismatch(converting, index, "a number");
  double value = lua_tonumber(converting->L, index);
  if (type->vt == VT_R8) {
    *(double *)storage = value;
    return S_OK;
  }
  if (isfinite(value) && fabs(value) > (double)FLT_MAX)
    return convert_problem(converting, DISP_E_OVERFLOW, "%.17g is out of range for R4", value);
  *(float *)storage = (float)value;
  return S_OK;
}

static void give_r4(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  (void)giving;
  (void)type;
  lua_pushnumber(L, (double)*(const float *)storage);
}

static void give_r8(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  (void)giving;
  (void)type;
  lua_pushnumber(L, *(const double *)storage);
}

static HRESULT take_boolean(Converting *converting, int index, const Type *type, void *storage) {
  (void)type;
  if (lua_type(converting->L, index) != LUA_TBOOLEAN)
    return convert_mismatch(converting, index, "a boolean");
  *(VARIANT_BOOL *)storage = lua_toboolean(converting->L, index) ? VARIANT_TRUE : VARIANT_FALSE;
  return S_OK;
}

static void give_boolean(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  (void)giving;
  (void)type;
  lua_pushboolean(L, *(const VARIANT_BOOL *)storage != VARIANT_FALSE);
}

/* text */

/* A string, or a number as Lua writes it; NULL for anything else. */
static const char *text_at(lua_State *L, int index, size_t *length, char number[NUMBER_TEXT]) {
  if (lua_type(L, index) == LUA_TSTRING)
    return lua_tolstring(L, index, length);
  if (lua_type(L, index) != LUA_TNUMBER)
    return NULL;
  *length = number_text(L, index, number);
  return number;
}

static HRESULT take_bstr(Converting *converting, int index, const Type *type, void *storage) {
  (void)type;
  size_t length;
  char number[NUMBER_TEXT];
  const char *text = text_at(converting->L, index, &length, number);
  if (!text) {
    HRESULT result = bytes_to_bstr(converting, index, storage);
    return result == S_FALSE ? convert_mismatch(converting, index, "a string") : result;
  }
  if (converting->scratch) {
    BSTR borrowed = text_scratch_bstr(converting->scratch, text, length);
    if (borrowed) {
      *(BSTR *)storage = borrowed;
      return S_OK;
    }
  }
  HRESULT result = text_to_bstr(text, length, storage);
  if (result == DISP_E_TYPEMISMATCH)
    return convert_problem(converting, result, "the string is not UTF-8 (com.bytes passes raw bytes)");
  converting->owned = true;
  return result;
}

static void give_bstr(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  (void)giving;
  (void)type;
  BSTR text = *(BSTR *)storage;
  if (!text)
    lua_pushliteral(L, "");
  else
    text_push_utf16(L, text, SysStringLen(text));
}

/* LPSTR and LPWSTR: terminated text in task memory. */
static HRESULT take_string(Converting *converting, int index, const Type *type, void *storage) {
  size_t length;
  char number[NUMBER_TEXT];
  const char *text = text_at(converting->L, index, &length, number);
  if (!text)
    return convert_mismatch(converting, index, "a string");
  if (memchr(text, 0, length))
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "a string without embedded zeros is wanted");
  if (type->vt == VT_LPSTR) {
    char *copy = CoTaskMemAlloc(length + 1);
    if (!copy)
      return E_OUTOFMEMORY;
    memcpy(copy, text, length + 1);
    *(char **)storage = copy;
    converting->owned = true;
    return S_OK;
  }
  BSTR wide;
  HRESULT result = text_to_bstr(text, length, &wide);
  if (FAILED(result))
    return convert_problem(converting, result, "the string is not UTF-8");
  size_t bytes = (SysStringLen(wide) + 1u) * sizeof(OLECHAR);
  OLECHAR *copy = CoTaskMemAlloc(bytes);
  if (copy)
    memcpy(copy, wide, bytes);
  SysFreeString(wide);
  *(OLECHAR **)storage = copy;
  converting->owned = true;
  return copy ? S_OK : E_OUTOFMEMORY;
}

static void give_string(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  (void)giving;
  if (!*(void **)storage)
    lua_pushnil(L);
  else if (type->vt == VT_LPSTR)
    lua_pushstring(L, *(const char **)storage);
  else {
    const OLECHAR *text = *(const OLECHAR **)storage;
    size_t units = 0;
    while (text[units] != 0)
      units++;
    text_push_utf16(L, text, units);
  }
}

static HRESULT take_guid(Converting *converting, int index, const Type *type, void *storage) {
  (void)type;
  if (lua_type(converting->L, index) != LUA_TSTRING || !guid_from_text(lua_tostring(converting->L, index), storage))
    return convert_mismatch(converting, index, "a GUID in braces");
  return S_OK;
}

static void give_guid(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  (void)giving;
  (void)type;
  guid_push(L, storage);
}

/* interfaces */

static const IID *wanted_iid(const Type *type) {
  if (type->kind == TYPE_INTERFACE && !IsEqualGUID(&type->guid, &GUID_NULL))
    return &type->guid;
  return type->vt == VT_DISPATCH ? &IID_IDispatch : &IID_IUnknown;
}

static HRESULT take_interface(Converting *converting, int index, const Type *type, void *storage) {
  lua_State *L = converting->L;
  const IID *iid = wanted_iid(type);
  void *face = NULL;
  const ObjectSeam *objects = converting->bridge->objects;
  HRESULT queried = objects->query(L, index, iid, &face);
  if (queried == CO_E_RELEASED)
    return convert_released(converting, index);
  if (FAILED(queried)) {
    char described[80];
    type_describe(type, described, sizeof described);
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "the %s object has no interface %s",
                           objects->name(L, index), described);
  }
  if (queried != S_FALSE) {
    *(void **)storage = face;
    converting->owned = true;
    return S_OK;
  }
  if (lua_type(L, index) == LUA_TTABLE || lua_type(L, index) == LUA_TFUNCTION) {
    HRESULT result = table_to_interface(converting, index, type, iid, &face);
    if (FAILED(result))
      return result;
  } else if (boxed_is_nothing(L, index)) {
    return S_OK;
  } else {
    return convert_mismatch(converting, index, "an object");
  }
  *(void **)storage = face;
  converting->owned = true;
  return S_OK;
}

static void give_interface(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  Arrival arrival = { .iid = wanted_iid(type), .mode = CALL_AUTO, .flags = giving->flags };
  arrival.dispatch = type->vt == VT_DISPATCH || (type->interface_flags & INTERFACE_DISPATCH) != 0;
  if (type->kind == TYPE_INTERFACE) {
    arrival.type = type;
    arrival.owner = giving->owner;
    arrival.custom = !arrival.dispatch && !IsEqualGUID(arrival.iid, &IID_IUnknown);
  }
  IUnknown *face = *(IUnknown **)storage;
  *(IUnknown **)storage = NULL;
  giving->bridge->objects->push(L, giving->bridge, face, &arrival);
}

/* pointers and arrays */

static HRESULT take_pointer(Converting *converting, int index, const Type *type, void *storage) {
  if (lua_islightuserdata(converting->L, index)) {
    *(void **)storage = lua_touserdata(converting->L, index);
    return S_OK;
  }
  char described[80];
  type_describe(type, described, sizeof described);
  return convert_problem(converting, DISP_E_TYPEMISMATCH, "a pointer (%s) cannot be made of %s", described,
                         value_type_name(converting->L, index));
}

static void give_pointer(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  (void)giving;
  (void)type;
  if (!*(void **)storage)
    lua_pushnil(L);
  else
    lua_pushlightuserdata(L, *(void **)storage);
}

static HRESULT take_fixed_array(Converting *converting, int index, const Type *type, void *storage) {
  lua_State *L = converting->L;
  const Type *element = type_resolve(type->target);
  index = lua_absindex(L, index);
  if (lua_type(L, index) != LUA_TTABLE)
    return convert_mismatch(converting, index, "a table");
  if (lua_rawlen(L, index) > type->count)
    return convert_problem(converting, DISP_E_BADINDEX, "the array has %u elements, %llu were given",
                           (unsigned)type->count, (unsigned long long)lua_rawlen(L, index));
  if (!lua_checkstack(L, 2))
    return E_OUTOFMEMORY;
  for (uint32_t i = 0; i < type->count; i++) {
    HRESULT result = S_OK;
    if (lua_rawgeti(L, index, (lua_Integer)i + 1) != LUA_TNIL)
      result = convert_from_lua(converting, lua_gettop(L), element, (char *)storage + (size_t)i * element->size);
    lua_pop(L, 1);
    if (FAILED(result))
      return result;
  }
  converting->owned = true;
  return S_OK;
}

static void give_fixed_array(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  const Type *element = type_resolve(type->target);
  lua_createtable(L, (int)(type->count < 65536 ? type->count : 0), 0);
  for (uint32_t i = 0; i < type->count; i++) {
    convert_to_lua(L, giving, element, (char *)storage + (size_t)i * element->size);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
}

/* the table */

typedef HRESULT (*Taker)(Converting *converting, int index, const Type *type, void *storage);
typedef void (*Giver)(lua_State *L, const Giving *giving, const Type *type, void *storage);

typedef struct Conversion {
  Taker take;
  Giver give;
} Conversion;

static const Conversion base_conversions[] = {
  [VT_I1] = { take_integer, give_integer },
  [VT_UI1] = { take_integer, give_integer },
  [VT_I2] = { take_integer, give_integer },
  [VT_UI2] = { take_integer, give_integer },
  [VT_I4] = { take_integer, give_integer },
  [VT_UI4] = { take_integer, give_integer },
  [VT_I8] = { take_integer, give_integer },
  [VT_UI8] = { take_integer, give_integer },
  [VT_INT] = { take_integer, give_integer },
  [VT_UINT] = { take_integer, give_integer },
  [VT_INT_PTR] = { take_integer, give_integer },
  [VT_UINT_PTR] = { take_integer, give_integer },
  [VT_ERROR] = { take_integer, give_status },
  [VT_HRESULT] = { take_integer, give_status },
  [VT_R4] = { take_number, give_r4 },
  [VT_R8] = { take_number, give_r8 },
  [VT_BOOL] = { take_boolean, give_boolean },
  [VT_BSTR] = { take_bstr, give_bstr },
  [VT_LPSTR] = { take_string, give_string },
  [VT_LPWSTR] = { take_string, give_string },
  [VT_CLSID] = { take_guid, give_guid },
  [VT_DISPATCH] = { take_interface, give_interface },
  [VT_UNKNOWN] = { take_interface, give_interface },
  [VT_CY] = { take_currency, give_boxed },
  [VT_DATE] = { take_date, give_boxed },
  [VT_DECIMAL] = { take_decimal, give_boxed },
  [VT_VARIANT] = { take_variant, give_variant },
  [VT_FILETIME] = { take_filetime, give_filetime },
};

/* The same for values of a module (Type.abi). Those that are not here are as ours. */
static const Conversion foreign_base_conversions[] = {
  [VT_BSTR] = { take_foreign_bstr, give_foreign_bstr },          [VT_LPSTR] = { take_foreign_narrow, give_string },
  [VT_LPWSTR] = { take_foreign_wide, give_foreign_wide },        [VT_CLSID] = { take_foreign_guid, give_foreign_guid },
  [VT_VARIANT] = { take_foreign_variant, give_foreign_variant },
};

static const Conversion foreign_kind_conversions[] = {
  [TYPE_POINTER] = { take_foreign_pointer, give_foreign_pointer },
  [TYPE_RECORD] = { take_foreign_record, give_foreign_record },
  [TYPE_UNION] = { take_foreign_union, give_foreign_union },
  [TYPE_ARRAY] = { take_foreign_array, give_foreign_array },
  [TYPE_INTERFACE] = { take_foreign_interface, give_foreign_interface },
};

static const Conversion kind_conversions[] = {
  [TYPE_POINTER] = { take_pointer, give_pointer },
  [TYPE_ENUM] = { take_enum, give_integer },
  [TYPE_RECORD] = { take_record, give_record },
  [TYPE_ARRAY] = { take_fixed_array, give_fixed_array },
  [TYPE_SAFEARRAY] = { take_array, give_array },
  [TYPE_INTERFACE] = { take_interface, give_interface },
  [TYPE_UNION] = { NULL, NULL },
};

/* A node for each type that a VARIANT can have, for values that no signature describes. */
static Type base_nodes[VT_UINT + 1];

/* What they are is said by the one table, which is another library's: before the first thread can look. */
__attribute__((constructor)) static void make_base_nodes(void) {
  for (VARTYPE vt = 0; vt <= VT_UINT; vt++) {
    const BaseType *base = base_type(vt);
    if (!base || base->size == 0 || !base->in_variant)
      continue;
    base_nodes[vt] = (Type){ .kind = TYPE_BASE,
                             .vt = vt,
                             .size = base->size,
                             .alignment = base->alignment,
                             .value_class = base->value_class,
                             .owner = base->owner,
                             .base = base };
  }
}

const Type *base_type_node(VARTYPE vt) {
  return vt <= VT_UINT && base_nodes[vt].base ? &base_nodes[vt] : NULL;
}

static const Conversion *foreign_conversion(const Type *type) {
  const Conversion *table = type->kind == TYPE_BASE ? foreign_base_conversions : foreign_kind_conversions;
  size_t count = type->kind == TYPE_BASE ? sizeof foreign_base_conversions / sizeof *table
                                         : sizeof foreign_kind_conversions / sizeof *table;
  size_t index = type->kind == TYPE_BASE ? type->vt : type->kind;
  return index < count && table[index].take ? &table[index] : NULL;
}

static const Conversion *conversion_of(const Type *type) {
  const Conversion *foreign = __builtin_expect(type->abi != NULL, 0) ? foreign_conversion(type) : NULL;
  if (foreign)
    return foreign;
  if (type->kind != TYPE_BASE)
    return &kind_conversions[type->kind];
  static const Conversion none = { NULL, NULL };
  return type->vt < sizeof base_conversions / sizeof *base_conversions ? &base_conversions[type->vt] : &none;
}

HRESULT convert_from_lua(Converting *converting, int index, const Type *type, void *storage) {
  type = type_resolve(type);
  const Conversion *conversion = conversion_of(type);
  if (!conversion->take) {
    char described[80];
    type_describe(type, described, sizeof described);
    return convert_problem(converting, E_NOTIMPL, "the type %s cannot be passed from Lua", described);
  }
  Boxed *boxed = type->vt == VT_VARIANT || type->vt == VT_FILETIME || (type->abi && type->kind != TYPE_BASE)
                     ? NULL
                     : boxed_at(converting->L, index);
  if (boxed && type->kind != TYPE_INTERFACE)
    return boxed_to_native(converting, boxed, type, storage);
  return conversion->take(converting, index, type, storage);
}

void convert_to_lua(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  type = type_resolve(type);
  const Conversion *conversion = conversion_of(type);
  if (!conversion->give) {
    char described[80];
    type_describe(type, described, sizeof described);
    raise_text(L, E_NOTIMPL, NULL, "a value of type %s cannot be shown in Lua", described);
    return;
  }
  conversion->give(L, giving, type, storage);
}
