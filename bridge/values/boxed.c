/* boxed.c - VARIANTs as Lua values: com.null, com.empty, com.missing, com.nothing, the exact wire values of com.vt, and
 * the storage of currency, decimal and date values, whose operators are in values.c. */
#include "bridge/values/values.h"

#include <stdio.h>
#include <string.h>

const char boxed_tag = 0;

/* Registry keys: the metatables, and the four values there is only one of. */
static const char wire_metatable, null_key, empty_key, missing_key, nothing_key;

static const void *metatable_key(const Boxed *boxed) {
  return boxed->wire || boxed->constant || V_VT(&boxed->value) == VT_ERROR ? &wire_metatable
                                                                           : values_metatable_key(V_VT(&boxed->value));
}

const char *boxed_type_name(const Boxed *boxed) {
  if (boxed->constant && V_VT(&boxed->value) == VT_NULL)
    return "null";
  if (boxed->constant)
    return V_VT(&boxed->value) == VT_EMPTY      ? "com.empty"
           : V_VT(&boxed->value) == VT_DISPATCH ? "com.nothing"
                                                : "com.missing";
  switch (V_VT(&boxed->value) & VT_TYPEMASK) {
  case VT_CY:
    return "a currency value";
  case VT_DATE:
    return "a date";
  case VT_DECIMAL:
    return "a decimal value";
  case VT_FILETIME:
    return "a file time";
  case VT_ERROR:
    return "an error value";
  default:
    return "a wire value";
  }
}

static const Boxed *constant_at(lua_State *L, int index) {
  const Boxed *boxed = boxed_at(L, index);
  return boxed && boxed->constant ? boxed : NULL;
}

bool boxed_is_missing(lua_State *L, int index) {
  const Boxed *boxed = constant_at(L, index);
  return boxed && V_VT(&boxed->value) == VT_ERROR;
}

bool boxed_is_nothing(lua_State *L, int index) {
  const Boxed *boxed = constant_at(L, index);
  return boxed && V_VT(&boxed->value) == VT_DISPATCH;
}

static Boxed *new_boxed(lua_State *L, Bridge *bridge) {
  Boxed *boxed = lua_newuserdatauv(L, sizeof *boxed, 0);
  memset(boxed, 0, sizeof *boxed);
  boxed->tag = &boxed_tag;
  boxed->bridge = bridge;
  VariantInit(&boxed->value);
  return boxed;
}

static void set_metatable(lua_State *L, const Boxed *boxed) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, metatable_key(boxed));
  lua_setmetatable(L, -2);
}

void boxed_push_null(lua_State *L) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, &null_key);
}

void boxed_push(lua_State *L, Bridge *bridge, const VARIANT *value) {
  Boxed *boxed = new_boxed(L, bridge);
  boxed->value = *value;
  set_metatable(L, boxed);
}

void boxed_push_wire(lua_State *L, Bridge *bridge, const VARIANT *value) {
  Boxed *boxed = new_boxed(L, bridge);
  if (!bridge_reserve_release(bridge)) {
    raise_status(L, E_OUTOFMEMORY, NULL);
    return;
  }
  boxed->wire = true;
  boxed->value = *value;
  set_metatable(L, boxed);
}

void boxed_push_constant(lua_State *L, VARTYPE vt) {
  lua_rawgetp(L, LUA_REGISTRYINDEX, vt == VT_EMPTY ? &empty_key : vt == VT_DISPATCH ? &nothing_key : &missing_key);
}

void give_boxed(lua_State *L, const Giving *giving, const Type *type, void *storage) {
  VARIANT value;
  memset(&value, 0, sizeof value);
  if (type->vt == VT_DECIMAL)
    memcpy(&V_DECIMAL(&value), storage, sizeof(DECIMAL));
  else
    memcpy(&V_I8(&value), storage, 8);
  V_VT(&value) = type->vt;
  boxed_push(L, giving->bridge, &value);
}

/* Currency, decimal and date values pass for others as Lua's own numbers do: never as text, as integers only when they
 * are whole. A wire value (com.vt) goes by the rules of COM instead: the script said what it wants. */
static bool exact_fits(const VARIANT *value, const Type *type) {
  VARIANT number, whole;
  if (type->vt == V_VT(value) || type->vt == VT_VARIANT)
    return true;
  if (V_VT(value) == VT_ERROR)
    return type->vt == VT_HRESULT;
  if (type->vt == VT_BSTR || type->vt == VT_BOOL || (V_VT(value) == VT_DATE && type->vt != VT_R8))
    return false;
  if (type->kind == TYPE_BASE && (type->value_class == VALUE_FLOAT || type->value_class == VALUE_DOUBLE ||
                                  type->vt == VT_CY || type->vt == VT_DECIMAL))
    return true;
  VariantInit(&number);
  VariantInit(&whole);
  return SUCCEEDED(VariantChangeType(&number, (VARIANT *)value, 0, VT_DECIMAL)) && SUCCEEDED(VarFix(&number, &whole)) &&
         VarCmp(&number, &whole, 0, 0) == VARCMP_EQ;
}

Boxed *boxed_reference_at(lua_State *L, int index) {
  Boxed *boxed = boxed_at(L, index);
  return boxed && boxed->reference ? boxed : NULL;
}

/* What a box held may call out when it is let go: that is left to the next entry. Nothing that its finalizer could not
 * do either. */
static void let_go(Boxed *boxed) {
  VARTYPE vt = V_VT(&boxed->value);
  VARIANT *place;
  boxed->decimal = false;
  if (vt != VT_DISPATCH && vt != VT_UNKNOWN && vt != VT_RECORD && !(vt & VT_ARRAY)) {
    bridge_unreserve_release(boxed->bridge);
    VariantClear(&boxed->value);
    return;
  }
  IUnknown *keeper = keeper_create(&place);
  if (keeper) {
    *place = boxed->value;
    V_VT(&boxed->value) = VT_EMPTY;
    bridge_defer_release(boxed->bridge, keeper);
    return;
  }
  bridge_unreserve_release(boxed->bridge);
  VariantClear(&boxed->value);
}

HRESULT boxed_take_back(Boxed *boxed, const Type *type, const void *storage) {
  VARIANT left;
  VariantInit(&left);
  HRESULT result = native_to_variant(type, storage, &left);
  if (FAILED(result))
    return result;
  if (!bridge_reserve_release(boxed->bridge)) {
    VariantClear(&left);
    return E_OUTOFMEMORY;
  }
  let_go(boxed);
  boxed->value = left;
  boxed->decimal = V_VT(&left) == VT_DECIMAL && !boxed->whole;
  return S_OK;
}

HRESULT boxed_to_native(Converting *converting, Boxed *boxed, const Type *type, void *storage) {
  boxed_settle(boxed);
  converting->boxes = converting->boxes || boxed->reference;
  const VARIANT *value = &boxed->value;
  char described[80];
  type_describe(type, described, sizeof described);
  if ((type->kind != TYPE_BASE && type->kind != TYPE_ENUM) || boxed->constant)
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "%s cannot be made of %s", described,
                           boxed_type_name(boxed));
  if (!boxed->wire && !exact_fits(value, type))
    return convert_problem(converting, DISP_E_TYPEMISMATCH, "%s cannot be made of this %s", described,
                           boxed_type_name(boxed) + 2);
  if (V_VT(value) == VT_ERROR && (type->vt == VT_ERROR || type->vt == VT_HRESULT)) {
    *(SCODE *)storage = V_ERROR(value);
    return S_OK;
  }
  HRESULT result = variant_to_native(converting, value, type, storage);
  if (result == DISP_E_OVERFLOW)
    return convert_problem(converting, result, "the value is out of range for %s", described);
  if (FAILED(result))
    return convert_problem(converting, result, "%s cannot be made of %s", described, boxed_type_name(boxed));
  return S_OK;
}

/* com.vt values */

static int boxed_gc(lua_State *L) {
  Boxed *boxed = boxed_at(L, 1);
  if (!boxed)
    return 0;
  if (!boxed->wire)
    return 0;
  boxed->wire = false;
  boxed_settle(boxed);
  let_go(boxed);
  return 0;
}

static int push_value(lua_State *L) {
  VARIANT *value = lua_touserdata(L, 1);
  Giving giving = { .bridge = bridge_get(L) };
  variant_push(L, &giving, value);
  return 1;
}

/* .value, .type, .reference */
static int boxed_index(lua_State *L) {
  Boxed *boxed = boxed_at(L, 1);
  const char *key = lua_type(L, 2) == LUA_TSTRING ? lua_tostring(L, 2) : "";
  if (!boxed)
    return 0;
  boxed_settle(boxed);
  if (strcmp(key, "value") == 0 && V_VT(&boxed->value) == VT_ERROR && !boxed->constant) {
    lua_pushinteger(L, (lua_Integer)(uint32_t)V_ERROR(&boxed->value));
    return 1;
  }
  if (strcmp(key, "value") == 0) {
    VARIANT copy;
    VariantInit(&copy);
    HRESULT result = VariantCopy(&copy, &boxed->value);
    if (FAILED(result))
      return raise_status(L, result, "com.vt");
    bool pushed = bridge_protected(L, push_value, &copy, 1);
    VariantClear(&copy);
    return pushed ? 1 : lua_error(L);
  }
  if (strcmp(key, "type") == 0) {
    const BaseType *base = base_type((VARTYPE)(V_VT(&boxed->value) & VT_TYPEMASK));
    lua_pushstring(L, base ? base->name : "?");
    return 1;
  }
  if (strcmp(key, "reference") == 0) {
    lua_pushboolean(L, boxed->reference || (V_VT(&boxed->value) & VT_BYREF));
    return 1;
  }
  if (lua_type(L, 2) == LUA_TSTRING)
    return raise_text(L, DISP_E_UNKNOWNNAME, boxed->constant ? boxed_type_name(boxed) : "com.vt",
                      "the value has no field %s, only value and type", key);
  return 0;
}

static int boxed_tostring(lua_State *L) {
  Boxed *boxed = boxed_at(L, 1);
  if (!boxed)
    return 0;
  boxed_settle(boxed);
  const BaseType *base = base_type((VARTYPE)(V_VT(&boxed->value) & VT_TYPEMASK));
  if (boxed->constant) {
    lua_pushstring(L, V_VT(&boxed->value) == VT_NULL       ? "null"
                      : V_VT(&boxed->value) == VT_ERROR    ? "missing"
                      : V_VT(&boxed->value) == VT_DISPATCH ? "nothing"
                                                           : "empty");
    return 1;
  }
  if (V_VT(&boxed->value) == VT_UI8) {
    char digits[24];
    snprintf(digits, sizeof digits, "%llu", (unsigned long long)V_UI8(&boxed->value));
    lua_pushstring(L, digits);
    return 1;
  }
  if (V_VT(&boxed->value) == VT_ERROR) {
    const char *name = NULL, *text = NULL;
    char digits[16];
    status_describe(V_ERROR(&boxed->value), &name, &text);
    snprintf(digits, sizeof digits, "0x%08X", (unsigned)V_ERROR(&boxed->value));
    lua_pushfstring(L, "%s%s", boxed->reference ? "&" : "", name ? name : digits);
    return 1;
  }
  lua_settop(L, 1);
  lua_pushliteral(L, "value");
  lua_gettable(L, 1);
  luaL_tolstring(L, -1, NULL);
  lua_pushfstring(L, "%s%s(%s)", boxed->reference ? "&" : "", base ? base->name : "?", lua_tostring(L, -1));
  return 1;
}

static int boxed_equal(lua_State *L) {
  Boxed *a = boxed_at(L, 1), *b = boxed_at(L, 2);
  if (a && b) {
    boxed_settle(a);
    boxed_settle(b);
  }
  bool equal = a && b && V_VT(&a->value) == V_VT(&b->value);
  if (equal && V_VT(&a->value) == VT_BSTR)
    equal = SysStringByteLen(V_BSTR(&a->value)) == SysStringByteLen(V_BSTR(&b->value)) &&
            memcmp(V_BSTR(&a->value) ? (const void *)V_BSTR(&a->value) : "",
                   V_BSTR(&b->value) ? (const void *)V_BSTR(&b->value) : "", SysStringByteLen(V_BSTR(&a->value))) == 0;
  else if (equal && V_VT(&a->value) == VT_ERROR)
    equal = V_ERROR(&a->value) == V_ERROR(&b->value);
  else if (equal && V_VT(&a->value) == VT_DECIMAL)
    equal = memcmp(&V_DECIMAL(&a->value), &V_DECIMAL(&b->value), sizeof(DECIMAL)) == 0;
  else if (equal)
    equal = V_I8(&a->value) == V_I8(&b->value);
  lua_pushboolean(L, equal);
  return 1;
}

/* wire(type name, value [, reference]): com.vt.i2(5), com.vt.byref("i4", 0) */
static int core_wire(lua_State *L) {
  size_t length;
  const char *name = luaL_checklstring(L, 1, &length);
  const BaseType *base = base_type_named(name, length);
  lua_settop(L, 3);
  if (!base || !base->in_variant || (!base_type_node(base->vt) && base->vt > VT_NULL))
    return raise_argument(L, DISP_E_BADVARTYPE, "com.vt", 1, "there is no type %s that a VARIANT can carry", name);
  Bridge *bridge = bridge_get(L);
  Boxed *boxed = new_boxed(L, bridge);
  boxed->reference = lua_toboolean(L, 3) != 0;
  boxed->whole = base->vt == VT_VARIANT;
  if (!bridge_reserve_release(bridge)) /* for an interface that may be in it at the end */
    return raise_status(L, E_OUTOFMEMORY, "com.vt");
  boxed->wire = true;
  set_metatable(L, boxed);
  Converting converting = { .L = L, .bridge = bridge };
  HRESULT result = S_OK;
  if (base->vt == VT_VARIANT) {
    result = variant_from_lua(&converting, 2, &boxed->value);
  } else if (base->vt > VT_NULL) {
    VARIANT value;
    memset(&value, 0, sizeof value);
    void *storage = base->vt == VT_DECIMAL ? (void *)&V_DECIMAL(&value) : (void *)&V_I8(&value);
    if (!lua_isnil(L, 2))
      result = convert_from_lua(&converting, 2, base_type_node(base->vt), storage);
    V_VT(&value) = base->vt;
    if (SUCCEEDED(result)) {
      boxed->value = value;
      boxed->decimal = boxed->reference && base->vt == VT_DECIMAL;
    }
  } else {
    V_VT(&boxed->value) = base->vt;
  }
  if (FAILED(result))
    return raise_argument(L, result, lua_pushfstring(L, "com.vt.%s", name), 1, "%s", converting.problem);
  return 1;
}

const luaL_Reg core_boxed_functions[] = { { "wire", core_wire }, { NULL, NULL } };

static void make_constant(lua_State *L, Bridge *bridge, const void *key, const char *name, const VARIANT *value) {
  Boxed *boxed = new_boxed(L, bridge);
  boxed->constant = true;
  boxed->value = *value;
  set_metatable(L, boxed);
  lua_pushvalue(L, -1);
  lua_rawsetp(L, LUA_REGISTRYINDEX, key);
  lua_setfield(L, -2, name);
}

/* The module's table is on top: gets null, empty, missing and nothing. */
void boxed_open_types(lua_State *L, Bridge *bridge) {
  static const luaL_Reg metamethods[] = { { "__gc", boxed_gc },
                                          { "__index", boxed_index },
                                          { "__tostring", boxed_tostring },
                                          { "__eq", boxed_equal },
                                          { NULL, NULL } };
  luaL_newlib(L, metamethods);
  lua_pushliteral(L, "com value");
  lua_setfield(L, -2, "__name");
  lua_pushliteral(L, "com value");
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, &wire_metatable);
  VARIANT value;
  memset(&value, 0, sizeof value);
  make_constant(L, bridge, &empty_key, "empty", &value);
  V_VT(&value) = VT_NULL;
  make_constant(L, bridge, &null_key, "null", &value);
  V_VT(&value) = VT_DISPATCH;
  make_constant(L, bridge, &nothing_key, "nothing", &value);
  V_VT(&value) = VT_ERROR;
  V_ERROR(&value) = DISP_E_PARAMNOTFOUND;
  make_constant(L, bridge, &missing_key, "missing", &value);
}
