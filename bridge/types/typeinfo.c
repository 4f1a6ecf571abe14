/* typeinfo.c - the userdata for type libraries and types, and where they come from: files, the registry store, objects. */
#include "bridge/types/interface_plan.h"
#include "bridge/types/types.h"

#include "typelib/typelib_api.h"

#include <stdlib.h>
#include <string.h>

static const char typeinfo_tag = 0, typelib_tag = 0;

/* Both userdata: one reference. */
typedef struct Reference {
  const char *tag;
  Bridge *bridge;
  IUnknown *object;
} Reference;

static int reference_gc(lua_State *L) {
  Reference *reference = tagged(L, 1, &typeinfo_tag, sizeof(Reference));
  if (!reference)
    reference = tagged(L, 1, &typelib_tag, sizeof(Reference));
  if (reference && reference->object) {
    bridge_defer_release(reference->bridge, reference->object);
    reference->object = NULL;
  }
  return 0;
}

static int push_reference(lua_State *L) {
  Reference *given = lua_touserdata(L, 1);
  Reference *reference = lua_newuserdatauv(L, sizeof *reference, 0);
  memset(reference, 0, sizeof *reference);
  if (!bridge_reserve_release(given->bridge))
    return raise_status(L, E_OUTOFMEMORY, NULL);
  *reference = *given;
  given->object = NULL;
  lua_rawgetp(L, LUA_REGISTRYINDEX, reference->tag);
  lua_setmetatable(L, -2);
  return 1;
}

static void reference_push(lua_State *L, Bridge *bridge, const char *tag, IUnknown *object) {
  Reference reference = { tag, bridge, object };
  bool pushed = bridge_protected(L, push_reference, &reference, 1);
  if (reference.object)
    IUnknown_Release(reference.object);
  if (!pushed)
    lua_error(L);
}

void typeinfo_push(lua_State *L, Bridge *bridge, ITypeInfo *info) {
  reference_push(L, bridge, &typeinfo_tag, (IUnknown *)info);
}

ITypeInfo *typeinfo_check(lua_State *L, int index) {
  Reference *reference = tagged(L, index, &typeinfo_tag, sizeof(Reference));
  if (!reference)
    raise_argument(L, E_INVALIDARG, NULL, index, "type information is wanted, not %s", value_type_name(L, index));
  else if (!reference->object)
    raise_text(L, CO_E_RELEASED, "type information", "it is gone: its state is being closed");
  return (ITypeInfo *)reference->object;
}

void typelib_push(lua_State *L, Bridge *bridge, ITypeLib *library) {
  reference_push(L, bridge, &typelib_tag, (IUnknown *)library);
}

ITypeLib *typelib_check(lua_State *L, int index) {
  Reference *reference = tagged(L, index, &typelib_tag, sizeof(Reference));
  if (!reference)
    raise_argument(L, E_INVALIDARG, NULL, index, "a type library is wanted, not %s", value_type_name(L, index));
  else if (!reference->object)
    raise_text(L, CO_E_RELEASED, "type library", "it is gone: its state is being closed");
  return (ITypeLib *)reference->object;
}

bool typeinfo_is_dispatch(ITypeInfo *info) {
  InterfaceLevels levels;
  interface_levels(info, &levels);
  bool is = levels.dispatch;
  interface_levels_release(&levels);
  return is;
}

ITypeInfo *typeinfo_registered(const char *kind, REFGUID guid) {
  ITypeInfo *info = NULL;
  return SUCCEEDED(typelib_registered_type(kind, guid, &info)) ? info : NULL;
}

/* The roots say nothing of an object's members. */
ITypeInfo *typeinfo_of_interface(const IID *iid) {
  ITypeInfo *info = NULL;
  if (IsEqualGUID(iid, &IID_IUnknown) || IsEqualGUID(iid, &IID_IDispatch))
    return NULL;
  return SUCCEEDED(interface_type(iid, &info)) ? info : NULL;
}

ITypeInfo *typeinfo_of_class(REFCLSID clsid) {
  return typeinfo_registered("CLSID", clsid);
}

/* libraries */

/* With the reason that the loader left. */
static int raise_load_problem(lua_State *L, HRESULT result, const char *what) {
  ErrorReport report = { .hresult = result, .subject = "com.typelib" };
  IErrorInfo *info = NULL;
  if (GetErrorInfo(0, &info) != S_OK || !info)
    return raise_text(L, result, "com.typelib",
                      result == TYPE_E_LIBNOTREGISTERED ? "%s is registered neither as a type library nor as a class"
                                                        : "%s cannot be loaded",
                      what);
  IErrorInfo_GetDescription(info, &report.wide_description);
  IErrorInfo_Release(info);
  return raise_report(L, &report);
}

static int push_library(lua_State *L, HRESULT result, ITypeLib *library, const char *what) {
  if (FAILED(result))
    return raise_load_problem(L, result, what);
  typelib_push(L, bridge_get(L), library);
  return 1;
}

/* load_typelib(path) */
static int core_load_typelib(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  bridge_enter(L, bridge_get(L));
  OLECHAR *wide = text_copy_utf16(path);
  ITypeLib *library = NULL;
  HRESULT result = wide ? LoadTypeLibEx(wide, REGKIND_NONE, &library) : E_INVALIDARG;
  free(wide);
  return push_library(L, result, library, path);
}

/* load_registered_typelib(libid text, major, minor) */
static int core_load_registered_typelib(lua_State *L) {
  GUID libid;
  ITypeLib *library = NULL;
  const char *text = luaL_checkstring(L, 1);
  bridge_enter(L, bridge_get(L));
  if (!guid_from_text(text, &libid))
    return raise_argument(L, E_INVALIDARG, "com.typelib", 1, "%s is no GUID in braces", text);
  HRESULT result = LoadRegTypeLib(&libid, (WORD)luaL_optinteger(L, 2, 0xFFFF), (WORD)luaL_optinteger(L, 3, 0xFFFF),
                                  LOCALE_USER_DEFAULT, &library);
  return push_library(L, result, library, text);
}

/* class_id(ProgID): the CLSID as text, or nil */
static int core_class_id(lua_State *L) {
  CLSID clsid;
  OLECHAR *wide = text_copy_utf16(luaL_checkstring(L, 1));
  HRESULT result = wide ? CLSIDFromProgID(wide, &clsid) : CO_E_CLASSSTRING;
  free(wide);
  if (FAILED(result))
    lua_pushnil(L);
  else
    guid_push(L, &clsid);
  return 1;
}

/* registered_type("CLSID" | "Interface", guid text); an interface is also found by name when it is a standard one */
static int core_registered_type(lua_State *L) {
  GUID guid;
  const char *kind = luaL_checkstring(L, 1), *which = luaL_checkstring(L, 2);
  bool interfaces = strcmp(kind, "Interface") == 0;
  ITypeInfo *info = NULL;
  if (guid_from_text(which, &guid))
    info = interfaces ? typeinfo_of_interface(&guid) : typeinfo_registered(kind, &guid);
  else if (interfaces && FAILED(interface_type_named(which, &info)))
    info = NULL;
  if (!info)
    lua_pushnil(L);
  else
    typeinfo_push(L, bridge_get(L), info);
  return 1;
}

/* new_record(typeinfo, fields or nil) */
static int core_new_record(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  Bridge *bridge = bridge_get(L);
  lua_settop(L, 2);
  Converting converting = { .L = L, .bridge = bridge, .owner = info };
  TypeSet *types = NULL;
  const Type *type = NULL;
  VARIANT value;
  VariantInit(&value);
  HRESULT result = type_set_create(&types);
  if (SUCCEEDED(result))
    result = type_from_typeinfo(types, info, &type, converting.problem, sizeof converting.problem);
  if (SUCCEEDED(result) && type_resolve(type)->kind != TYPE_RECORD)
    result = convert_problem(&converting, TYPE_E_WRONGTYPEKIND, "the type is no record");
  if (SUCCEEDED(result))
    result = record_to_variant(&converting, type_resolve(type), 2, &value);
  if (types)
    type_set_release(types);
  if (FAILED(result))
    return raise_argument(L, result, "com.record", 2, "%s", converting.problem);
  variant_push_clear(L, bridge, 0, NULL, &value);
  return 1;
}

/* record_type(record): its type information; nil when nobody has any */
static int core_record_type(lua_State *L) {
  IRecordInfo *record = record_info_at(L, 1);
  ITypeInfo *info = NULL;
  if (!record)
    return raise_argument(L, E_INVALIDARG, "com.spy", 1, "a record is wanted, not %s", value_type_name(L, 1));
  if (SUCCEEDED(IRecordInfo_GetTypeInfo(record, &info)) && info)
    typeinfo_push(L, bridge_get(L), info);
  else
    lua_pushnil(L);
  return 1;
}

const luaL_Reg core_typeinfo_functions[] = { { "new_record", core_new_record },
                                             { "record_type", core_record_type },
                                             { "load_typelib", core_load_typelib },
                                             { "load_registered_typelib", core_load_registered_typelib },
                                             { "class_id", core_class_id },
                                             { "registered_type", core_registered_type },
                                             { NULL, NULL } };

/* Two types (or two libraries) that are the same object; the other value may be any userdata. */
static int reference_equal(lua_State *L) {
  for (unsigned i = 0; i < 2; i++) {
    const char *tag = i == 0 ? &typeinfo_tag : &typelib_tag;
    Reference *a = tagged(L, 1, tag, sizeof(Reference));
    Reference *b = tagged(L, 2, tag, sizeof(Reference));
    if (a && b) {
      lua_pushboolean(L, a->object == b->object);
      return 1;
    }
  }
  lua_pushboolean(L, false);
  return 1;
}

static void make_metatable(lua_State *L, const char *tag, const char *name, const luaL_Reg *methods) {
  lua_createtable(L, 0, 6);
  lua_newtable(L);
  luaL_setfuncs(L, methods, 0);
  lua_setfield(L, -2, "__index");
  lua_pushcfunction(L, reference_equal);
  lua_setfield(L, -2, "__eq");
  lua_pushcfunction(L, reference_gc);
  lua_setfield(L, -2, "__gc");
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, tag);
}

void typeinfo_open_types(lua_State *L) {
  make_metatable(L, &typeinfo_tag, "type information", typeinfo_methods);
  make_metatable(L, &typelib_tag, "type library", typelib_methods);
}
