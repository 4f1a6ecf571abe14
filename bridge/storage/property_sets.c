/* property_sets.c - a property set that is open (IPropertyStorage), for lua/oleander/properties.lua and state.lua. */
#include "bridge/storage/property_values.h"

#include "com/com_api.h"

#include <string.h>

static const HeldKind set_kind = { "a property set", "property set" };

static Held *set_check(lua_State *L, int index) {
  return held_check(L, index, &set_kind, "property set");
}

static GUID fmtid_check(lua_State *L, int index) {
  GUID fmtid = GUID_NULL;
  if (!guid_from_text(luaL_checkstring(L, index), &fmtid))
    raise_argument(L, CO_E_CLASSSTRING, "storage:properties", index, "a FMTID in braces is wanted");
  return fmtid;
}

typedef struct SetOpening {
  IUnknown *place; /* a storage or a stream */
  bool storage, create;
  const GUID *fmtid, *clsid;
  DWORD flags, mode;
  IPropertyStorage *result;
} SetOpening;

static HRESULT open_in_storage(SetOpening *opening) {
  IPropertySetStorage *sets = NULL;
  HRESULT status = IUnknown_QueryInterface(opening->place, &IID_IPropertySetStorage, (void **)&sets);
  if (FAILED(status))
    status = StgCreatePropSetStg((IStorage *)opening->place, 0, &sets);
  if (FAILED(status))
    return status;
  if (opening->create)
    status = IPropertySetStorage_Create(sets, opening->fmtid, opening->clsid, opening->flags,
                                        opening->mode | STGM_SHARE_EXCLUSIVE, &opening->result);
  else
    status = IPropertySetStorage_Open(sets, opening->fmtid, opening->mode | STGM_SHARE_EXCLUSIVE, &opening->result);
  IPropertySetStorage_Release(sets);
  return status;
}

static HRESULT open_set(void *argument) {
  SetOpening *opening = argument;
  if (opening->storage)
    return open_in_storage(opening);
  return opening->create
             ? StgCreatePropStg(opening->place, opening->fmtid, opening->clsid, opening->flags, 0, &opening->result)
             : StgOpenPropStg(opening->place, opening->fmtid, opening->flags, 0, &opening->result);
}

static int push_opened(lua_State *L, Held *place, SetOpening *opening) {
  Bridge *bridge = place->bridge;
  Held *set = held_push(L, bridge, &set_kind);
  opening->place = place->face;
  IUnknown_AddRef(opening->place);
  HRESULT status = attempt_collected(L, bridge, open_set, opening);
  IUnknown_Release(opening->place);
  if (FAILED(status)) {
    lua_pushnil(L);
    lua_pushinteger(L, (lua_Integer)(uint32_t)status);
    lua_pushstring(L, oleander_hresult_text(status));
    return 3;
  }
  set->face = (IUnknown *)opening->result;
  lua_pushvalue(L, 1);
  lua_setiuservalue(L, -2, 1);
  return 1;
}

static Held *place_check(lua_State *L, bool *storage) {
  Held *held = held_at(L, 1);
  *storage = held && held->kind == &storage_kind;
  return *storage ? storage_check(L, 1, "storage:properties") : stream_check(L, 1, "storage:properties");
}

/* set_open(storage or stream, fmtid, to write): the set; nil, the HRESULT and its text */
static int core_set_open(lua_State *L) {
  SetOpening opening = { 0 };
  Held *place = place_check(L, &opening.storage);
  GUID fmtid = fmtid_check(L, 2);
  bridge_enter(L, place->bridge);
  opening.fmtid = &fmtid;
  opening.mode = lua_toboolean(L, 3) ? STGM_READWRITE : STGM_READ;
  return push_opened(L, place, &opening);
}

/* set_create(storage or stream, fmtid [, clsid [, case-sensitive]]): likewise, new */
static int core_set_create(lua_State *L) {
  SetOpening opening = { .create = true, .mode = STGM_READWRITE };
  GUID clsid = GUID_NULL;
  Held *place = place_check(L, &opening.storage);
  GUID fmtid = fmtid_check(L, 2);
  if (lua_isstring(L, 3) && !guid_from_text(lua_tostring(L, 3), &clsid))
    return raise_argument(L, CO_E_CLASSSTRING, "storage:properties", 3, "a CLSID in braces is wanted");
  bridge_enter(L, place->bridge);
  opening.fmtid = &fmtid;
  opening.clsid = &clsid;
  opening.flags = lua_toboolean(L, 4) ? PROPSETFLAG_CASE_SENSITIVE : PROPSETFLAG_DEFAULT;
  return push_opened(L, place, &opening);
}

/* A number, or a name, which is pushed in UTF-16. */
static PROPSPEC spec_check(lua_State *L, int index) {
  PROPSPEC spec = { .ulKind = PRSPEC_PROPID };
  if (lua_type(L, index) == LUA_TNUMBER) {
    lua_Integer id = luaL_checkinteger(L, index);
    luaL_argcheck(L, id >= 0 && id <= UINT32_MAX, index, "the number of a property has 32 bits");
    spec.propid = (PROPID)id;
    return spec;
  }
  spec.ulKind = PRSPEC_LPWSTR;
  spec.lpwstr = (LPOLESTR)(void *)wide_check(L, index, "property set", "the name of a property");
  return spec;
}

static int raise_property(lua_State *L, HRESULT status, int key, const char *problem) {
  lua_pushvalue(L, lua_isnoneornil(L, 7) ? key : 7);
  const char *name = lua_tostring(L, -1);
  return raise_text(L, status, "property set", "%s: %s", name ? name : "?",
                    problem && *problem ? problem : oleander_hresult_text(status));
}

/* set_read(set, key): the value and its VARTYPE; nothing when there is none */
static int core_set_read(lua_State *L) {
  Held *set = set_check(L, 1);
  Bridge *bridge = set->bridge;
  PROPVARIANT value;
  bridge_enter(L, bridge);
  lua_settop(L, 2);
  PROPSPEC spec = spec_check(L, 2);
  memset(&value, 0, sizeof value);
  IUnknown *face = held_enter(set);
  HRESULT status = IPropertyStorage_ReadMultiple((IPropertyStorage *)face, 1, &spec, &value);
  held_leave(bridge, face);
  if (FAILED(status))
    return raise_property(L, status, 2, NULL);
  if (status != S_OK)
    return 0;
  VARTYPE vt = value.vt;
  propvariant_push_clear(L, bridge, &value);
  lua_pushinteger(L, vt);
  return 2;
}

#define FIRST_OWN_ID 0x100 /* of properties that get a name here; below are those that applications number themselves */

/* set_write(set, key, value [, VARTYPE [, it is the state of an object [, first number for names [, name for errors]]]]) */
static int core_set_write(lua_State *L) {
  Held *set = set_check(L, 1);
  Bridge *bridge = set->bridge;
  PROPVARIANT value;
  bridge_enter(L, bridge);
  luaL_checkany(L, 3);
  lua_settop(L, 7);
  VARTYPE vt = (VARTYPE)luaL_optinteger(L, 4, VT_EMPTY);
  PROPID first = (PROPID)luaL_optinteger(L, 6, FIRST_OWN_ID);
  PROPSPEC spec = spec_check(L, 2);
  Converting converting = { .L = L, .bridge = bridge };
  HRESULT status = propvariant_from_lua(&converting, 3, vt, lua_toboolean(L, 5), &value);
  if (SUCCEEDED(status)) {
    IUnknown *face = held_enter(set);
    status = IPropertyStorage_WriteMultiple((IPropertyStorage *)face, 1, &spec, &value, first);
    PropVariantClear(&value);
    held_leave(bridge, face);
  }
  return FAILED(status) ? raise_property(L, status, 2, converting.problem) : 0;
}

/* set_delete(set, key) */
static int core_set_delete(lua_State *L) {
  Held *set = set_check(L, 1);
  Bridge *bridge = set->bridge;
  bridge_enter(L, bridge);
  lua_settop(L, 2);
  PROPSPEC spec = spec_check(L, 2);
  IUnknown *face = held_enter(set);
  HRESULT status = IPropertyStorage_DeleteMultiple((IPropertyStorage *)face, 1, &spec);
  held_leave(bridge, face);
  return FAILED(status) ? raise_property(L, status, 2, NULL) : 0;
}

/* set_commit(set) */
static int core_set_commit(lua_State *L) {
  Held *set = set_check(L, 1);
  Bridge *bridge = set->bridge;
  bridge_enter(L, bridge);
  IUnknown *face = held_enter(set);
  HRESULT status = IPropertyStorage_Commit((IPropertyStorage *)face, STGC_DEFAULT);
  held_leave(bridge, face);
  return FAILED(status) ? raise_status(L, status, "property set") : 0;
}

typedef struct Listing {
  Bridge *bridge;
  IEnumSTATPROPSTG *properties;
  STATPROPSTG property; /* that is being pushed */
} Listing;

static int push_list(lua_State *L) {
  Listing *listing = lua_touserdata(L, 1);
  lua_Integer count = 0;
  lua_newtable(L);
  for (;;) {
    memset(&listing->property, 0, sizeof listing->property);
    bridge_leave(listing->bridge);
    HRESULT status = IEnumSTATPROPSTG_Next(listing->properties, 1, &listing->property, NULL);
    bridge_return(listing->bridge);
    if (FAILED(status))
      return raise_status(L, status, "property set");
    if (status != S_OK)
      return 1;
    lua_createtable(L, 0, 3);
    lua_pushinteger(L, listing->property.propid);
    lua_setfield(L, -2, "id");
    lua_pushinteger(L, listing->property.vt);
    lua_setfield(L, -2, "vt");
    if (listing->property.lpwstrName) {
      text_push_utf16(L, listing->property.lpwstrName, utf16_units(listing->property.lpwstrName));
      lua_setfield(L, -2, "name");
    }
    lua_rawseti(L, -2, ++count);
    CoTaskMemFree(listing->property.lpwstrName);
  }
}

/* set_list(set): { id =, name =, vt = } of each property */
static int core_set_list(lua_State *L) {
  Held *set = set_check(L, 1);
  Listing listing = { .bridge = set->bridge };
  bridge_enter(L, set->bridge);
  IUnknown *face = held_enter(set);
  HRESULT status = IPropertyStorage_Enum((IPropertyStorage *)face, &listing.properties);
  held_leave(listing.bridge, face);
  if (FAILED(status))
    return raise_status(L, status, "property set");
  bool pushed = bridge_protected(L, push_list, &listing, 1);
  IEnumSTATPROPSTG_Release(listing.properties);
  if (pushed)
    return 1;
  CoTaskMemFree(listing.property.lpwstrName);
  return lua_error(L);
}

const luaL_Reg core_property_functions[] = {
  { "set_open", core_set_open },     { "set_create", core_set_create }, { "set_read", core_set_read },
  { "set_write", core_set_write },   { "set_delete", core_set_delete }, { "set_list", core_set_list },
  { "set_commit", core_set_commit }, { "set_close", held_close },       { NULL, NULL },
};

void property_open_type(lua_State *L) {
  static const luaL_Reg metamethods[] = { { NULL, NULL } };
  held_open_type(L, &set_kind, metamethods);
}
