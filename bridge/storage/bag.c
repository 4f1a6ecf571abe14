/* bag.c - a property bag (IPropertyBag, IPropertyBag2) that an object is loaded from or saved to, as lua/oleander/lasting.lua
 * uses it. */
#include "bridge/storage/storage.h"

#include "com/com_api.h"

#include <ocidl.h>
#include <string.h>

static const HeldKind bag_kind = { "a property bag", "property bag" };

typedef struct BagPush {
  Bridge *bridge;
  IUnknown *bag;
} BagPush;

static int push_body(lua_State *L) {
  BagPush *push = lua_touserdata(L, 1);
  Held *held = held_push(L, push->bridge, &bag_kind);
  held->face = push->bag;
  push->bag = NULL;
  return 1;
}

void bag_push(lua_State *L, Bridge *bridge, IUnknown *bag) {
  BagPush push = { bridge, bag };
  bool pushed = bridge_protected(L, push_body, &push, 1);
  if (push.bag)
    IUnknown_Release(push.bag);
  if (!pushed)
    lua_error(L);
}

/* bag_wrap(object): the object's bag; nil when it is none */
static int core_bag_wrap(lua_State *L) {
  Bridge *bridge = bridge_get(L);
  bridge_enter(L, bridge);
  luaL_checkany(L, 1);
  Held *held = held_push(L, bridge, &bag_kind);
  HRESULT status = interface_at(L, 1, &IID_IPropertyBag, (void **)&held->face);
  if (FAILED(status))
    status = interface_at(L, 1, &IID_IPropertyBag2, (void **)&held->face);
  if (status != S_OK)
    lua_pushnil(L);
  return 1;
}

static HRESULT bag_read(IUnknown *bag, const OLECHAR *name, VARIANT *value) {
  IPropertyBag *plain = NULL;
  IPropertyBag2 *second = NULL;
  HRESULT status = IUnknown_QueryInterface(bag, &IID_IPropertyBag, (void **)&plain);
  if (SUCCEEDED(status)) {
    status = IPropertyBag_Read(plain, name, value, NULL);
    IPropertyBag_Release(plain);
    return status;
  }
  status = IUnknown_QueryInterface(bag, &IID_IPropertyBag2, (void **)&second);
  if (FAILED(status))
    return status;
  PROPBAG2 property = { .dwType = PROPBAG2_TYPE_DATA, .pstrName = (LPOLESTR)(void *)name };
  HRESULT each = S_OK;
  status = IPropertyBag2_Read(second, 1, &property, NULL, value, &each);
  IPropertyBag2_Release(second);
  return SUCCEEDED(status) && FAILED(each) ? each : status;
}

static HRESULT bag_write(IUnknown *bag, const OLECHAR *name, VARIANT *value) {
  IPropertyBag *plain = NULL;
  IPropertyBag2 *second = NULL;
  HRESULT status = IUnknown_QueryInterface(bag, &IID_IPropertyBag, (void **)&plain);
  if (SUCCEEDED(status)) {
    status = IPropertyBag_Write(plain, name, value);
    IPropertyBag_Release(plain);
    return status;
  }
  status = IUnknown_QueryInterface(bag, &IID_IPropertyBag2, (void **)&second);
  if (FAILED(status))
    return status;
  PROPBAG2 property = { .dwType = PROPBAG2_TYPE_DATA, .vt = V_VT(value), .pstrName = (LPOLESTR)(void *)name };
  status = IPropertyBag2_Write(second, 1, &property, value);
  IPropertyBag2_Release(second);
  return status;
}

/* bag_read(bag, name): the value; nothing when the bag has none of that name */
static int core_bag_read(lua_State *L) {
  Held *held = held_check(L, 1, &bag_kind, "property bag");
  Bridge *bridge = held->bridge;
  VARIANT value;
  bridge_enter(L, bridge);
  lua_settop(L, 2);
  const OLECHAR *name = wide_check(L, 2, "property bag", "the name of a property");
  VariantInit(&value);
  IUnknown *face = held_enter(held);
  HRESULT status = bag_read(face, name, &value);
  held_leave(bridge, face);
  if (status == E_INVALIDARG || status == DISP_E_UNKNOWNNAME || status == DISP_E_MEMBERNOTFOUND)
    return 0; /* as bags say that a property is not there */
  if (FAILED(status))
    return raise_text(L, status, "property bag", "%s: %s", lua_tostring(L, 2), oleander_hresult_text(status));
  variant_push_clear(L, bridge, 0, NULL, &value);
  return 1;
}

/* bag_write(bag, name, value) */
static int core_bag_write(lua_State *L) {
  Held *held = held_check(L, 1, &bag_kind, "property bag");
  Bridge *bridge = held->bridge;
  VARIANT value;
  bridge_enter(L, bridge);
  luaL_checkany(L, 3);
  lua_settop(L, 3);
  const OLECHAR *name = wide_check(L, 2, "property bag", "the name of a property");
  Converting converting = { .L = L, .bridge = bridge };
  VariantInit(&value);
  HRESULT status = variant_from_lua(&converting, 3, &value);
  if (SUCCEEDED(status)) {
    IUnknown *face = held_enter(held);
    status = bag_write(face, name, &value);
    VariantClear(&value);
    held_leave(bridge, face);
  }
  if (FAILED(status))
    return raise_text(L, status, "property bag", "%s: %s", lua_tostring(L, 2),
                      converting.problem[0] ? converting.problem : oleander_hresult_text(status));
  return 0;
}

typedef struct NamesPush {
  IPropertyBag2 *bag;
  Bridge *bridge;
  PROPBAG2 property; /* that is being pushed */
} NamesPush;

static int push_names(lua_State *L) {
  NamesPush *push = lua_touserdata(L, 1);
  ULONG count = 0;
  bridge_leave(push->bridge);
  HRESULT status = IPropertyBag2_CountProperties(push->bag, &count);
  bridge_return(push->bridge);
  if (FAILED(status))
    return raise_status(L, status, "property bag");
  lua_newtable(L);
  for (ULONG i = 0; i < count; i++) {
    ULONG got = 0;
    memset(&push->property, 0, sizeof push->property);
    bridge_leave(push->bridge);
    status = IPropertyBag2_GetPropertyInfo(push->bag, i, 1, &push->property, &got);
    bridge_return(push->bridge);
    if (FAILED(status))
      return raise_status(L, status, "property bag");
    if (!got || !push->property.pstrName)
      break;
    text_push_utf16(L, push->property.pstrName, utf16_units(push->property.pstrName));
    lua_rawseti(L, -2, (lua_Integer)i + 1);
    CoTaskMemFree(push->property.pstrName);
  }
  return 1;
}

/* bag_names(bag): what it has; nil when it does not tell (IPropertyBag2) */
static int core_bag_names(lua_State *L) {
  Held *held = held_check(L, 1, &bag_kind, "property bag");
  NamesPush push = { .bridge = held->bridge };
  bridge_enter(L, held->bridge);
  IUnknown *face = held_enter(held);
  HRESULT status = IUnknown_QueryInterface(face, &IID_IPropertyBag2, (void **)&push.bag);
  held_leave(push.bridge, face);
  if (FAILED(status)) {
    lua_pushnil(L);
    return 1;
  }
  bool pushed = bridge_protected(L, push_names, &push, 1);
  IPropertyBag2_Release(push.bag);
  if (pushed)
    return 1;
  CoTaskMemFree(push.property.pstrName);
  return lua_error(L);
}

const luaL_Reg core_bag_functions[] = {
  { "bag_wrap", core_bag_wrap },
  { "bag_read", core_bag_read },
  { "bag_write", core_bag_write },
  { "bag_names", core_bag_names },
  { NULL, NULL },
};

void bag_open_type(lua_State *L) {
  static const luaL_Reg metamethods[] = { { NULL, NULL } };
  held_open_type(L, &bag_kind, metamethods);
}
