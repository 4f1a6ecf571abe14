/* typeinfo.c - type libraries and their types as plain Lua tables; everything else about them is Lua. */
#include "bridge/bridge_internal.h"

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
  Reference *reference = lua_touserdata(L, 1);
  if (reference != NULL && reference->object != NULL) {
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
  if (reference.object != NULL)
    IUnknown_Release(reference.object);
  if (!pushed)
    lua_error(L);
}

void typeinfo_push(lua_State *L, Bridge *bridge, ITypeInfo *info) {
  reference_push(L, bridge, &typeinfo_tag, (IUnknown *)info);
}

ITypeInfo *typeinfo_check(lua_State *L, int index) {
  Reference *reference = tagged(L, index, &typeinfo_tag, sizeof(Reference));
  if (reference == NULL)
    raise_argument(L, E_INVALIDARG, NULL, index, "type information is wanted, not %s", value_type_name(L, index));
  return (ITypeInfo *)reference->object;
}

static ITypeLib *typelib_check(lua_State *L, int index) {
  Reference *reference = tagged(L, index, &typelib_tag, sizeof(Reference));
  if (reference == NULL)
    raise_argument(L, E_INVALIDARG, NULL, index, "a type library is wanted, not %s", value_type_name(L, index));
  return (ITypeLib *)reference->object;
}

bool typeinfo_is_dispatch(ITypeInfo *info) {
  TYPEATTR *attributes = NULL;
  if (FAILED(ITypeInfo_GetTypeAttr(info, &attributes)) || attributes == NULL)
    return false;
  bool is = attributes->typekind == TKIND_DISPATCH ||
            (attributes->wTypeFlags & (TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE)) != 0;
  ITypeInfo_ReleaseTypeAttr(info, attributes);
  return is;
}

/* --------------------------------------------------------------------------------------- from the registry store */

static ITypeInfo *info_in_library(const GUID *libid, const char *version, REFGUID guid) {
  ITypeLib *library = NULL;
  ITypeInfo *info = NULL;
  char *end = NULL;
  unsigned long major = version != NULL ? strtoul(version, &end, 16) : 1;
  unsigned long minor = end != NULL && *end == '.' ? strtoul(end + 1, NULL, 16) : 0;
  if (FAILED(LoadRegTypeLib(libid, (WORD)major, (WORD)minor, LOCALE_USER_DEFAULT, &library)) || library == NULL)
    return NULL;
  if (FAILED(ITypeLib_GetTypeInfoOfGuid(library, guid, &info)))
    info = NULL;
  ITypeLib_Release(library);
  return info;
}

ITypeInfo *typeinfo_registered(const char *kind, REFGUID guid) {
  char path[128], libid_text[64], version[32];
  OLECHAR braced[40];
  GUID libid;
  StringFromGUID2(guid, braced, 40);
  char *text = text_copy_utf8(braced);
  if (text == NULL)
    return NULL;
  path[0] = 0;
  strcat(strcat(strcat(strcat(path, kind), "\\"), text), "\\TypeLib");
  bool found = registry_value(path, NULL, libid_text, sizeof libid_text) && guid_from_text(libid_text, &libid);
  bool versioned = found && registry_value(path, "Version", version, sizeof version);
  if (found && !versioned) {
    strcpy(strrchr(path, '\\'), "\\Version");
    versioned = registry_value(path, NULL, version, sizeof version);
  }
  free(text);
  return found ? info_in_library(&libid, versioned ? version : NULL, guid) : NULL;
}

ITypeInfo *typeinfo_of_interface(const IID *iid) {
  return typeinfo_registered("Interface", iid);
}

ITypeInfo *typeinfo_of_class(REFCLSID clsid) {
  return typeinfo_registered("CLSID", clsid);
}

/* ------------------------------------------------------------------------------------------------------------ tables */

static void set_bstr(lua_State *L, const char *field, BSTR text) {
  if (text != NULL && SysStringLen(text) > 0) {
    text_push_utf16(L, text, SysStringLen(text));
    lua_setfield(L, -2, field);
  }
}

static void set_integer(lua_State *L, const char *field, lua_Integer value) {
  lua_pushinteger(L, value);
  lua_setfield(L, -2, field);
}

static void set_guid(lua_State *L, const char *field, const GUID *guid) {
  guid_push(L, guid);
  lua_setfield(L, -2, field);
}

static void set_documentation(lua_State *L, ITypeInfo *info, MEMBERID memid, bool name_too) {
  BSTR name = NULL, help = NULL;
  DWORD context = 0;
  if (FAILED(ITypeInfo_GetDocumentation(info, memid, &name, &help, &context, NULL)))
    return;
  if (name_too)
    set_bstr(L, "name", name);
  set_bstr(L, "helpstring", help);
  if (context != 0)
    set_integer(L, "helpcontext", (lua_Integer)context);
  SysFreeString(name);
  SysFreeString(help);
}

static void set_type(lua_State *L, const char *field, const Type *type) {
  char described[128];
  type_describe(type, described, sizeof described);
  lua_pushstring(L, described);
  lua_setfield(L, -2, field);
}

static void set_flag(lua_State *L, const char *field, bool set) {
  if (set) {
    lua_pushboolean(L, true);
    lua_setfield(L, -2, field);
  }
}

static void push_parameter(lua_State *L, const Parameter *parameter, const Giving *giving) {
  lua_createtable(L, 0, 8);
  if (parameter->name != NULL) {
    size_t units = 0;
    while (parameter->name[units] != 0)
      units++;
    text_push_utf16(L, parameter->name, units);
    lua_setfield(L, -2, "name");
  }
  set_type(L, "type", parameter->type);
  set_flag(L, "input", (parameter->flags & PARAMETER_IN) != 0);
  set_flag(L, "output", (parameter->flags & PARAMETER_OUT) != 0);
  set_flag(L, "retval", (parameter->flags & PARAMETER_RETVAL) != 0);
  set_flag(L, "lcid", (parameter->flags & PARAMETER_LCID) != 0);
  set_flag(L, "optional", (parameter->flags & PARAMETER_OPTIONAL) != 0);
  if (parameter->default_value != NULL) {
    VARIANT reference;
    V_VT(&reference) = VT_BYREF | VT_VARIANT;
    V_VARIANTREF(&reference) = (VARIANT *)parameter->default_value;
    variant_push(L, giving, &reference);
    lua_setfield(L, -2, "default");
  }
}

static void push_signature(lua_State *L, const Signature *signature, const Giving *giving) {
  set_type(L, "returns", signature->result);
  set_integer(L, "slot", signature->slot);
  if (signature->unsupported != NULL) {
    lua_pushstring(L, signature->unsupported);
    lua_setfield(L, -2, "unsupported");
  }
  lua_createtable(L, signature->count, 0);
  for (unsigned k = 0; k < signature->count; k++) {
    push_parameter(L, &signature->parameters[k], giving);
    lua_rawseti(L, -2, (lua_Integer)k + 1);
  }
  lua_setfield(L, -2, "parameters");
}

static const char *invoke_name(INVOKEKIND kind) {
  switch (kind) {
  case INVOKE_PROPERTYGET:
    return "get";
  case INVOKE_PROPERTYPUT:
    return "put";
  case INVOKE_PROPERTYPUTREF:
    return "putref";
  default:
    return "method";
  }
}

static void push_function(lua_State *L, ITypeInfo *info, UINT index, const Giving *giving) {
  FUNCDESC *function = NULL;
  HRESULT result = ITypeInfo_GetFuncDesc(info, index, &function);
  if (FAILED(result))
    raise_status(L, result, "typelib");
  lua_createtable(L, 0, 10);
  set_integer(L, "id", function->memid);
  set_integer(L, "flags", function->wFuncFlags);
  set_integer(L, "index", index);
  lua_pushstring(L, invoke_name(function->invkind));
  lua_setfield(L, -2, "kind");
  MEMBERID memid = function->memid;
  ITypeInfo_ReleaseFuncDesc(info, function);
  set_documentation(L, info, memid, true);
  const Signature *signature = NULL;
  if (SUCCEEDED(typeinfo_signature(info, index, NULL, &signature))) {
    push_signature(L, signature, giving);
    signature_release(signature);
  }
}

static void push_variable(lua_State *L, ITypeInfo *info, UINT index, const Giving *giving) {
  VARDESC *variable = NULL;
  HRESULT result = ITypeInfo_GetVarDesc(info, index, &variable);
  if (FAILED(result))
    raise_status(L, result, "typelib");
  lua_createtable(L, 0, 8);
  set_integer(L, "id", variable->memid);
  set_integer(L, "flags", variable->wVarFlags);
  if (variable->varkind == VAR_CONST && variable->lpvarValue != NULL) {
    VARIANT reference;
    V_VT(&reference) = VT_BYREF | VT_VARIANT;
    V_VARIANTREF(&reference) = variable->lpvarValue;
    variant_push(L, giving, &reference);
    lua_setfield(L, -2, "value");
  } else if (variable->varkind == VAR_PERINSTANCE) {
    set_integer(L, "offset", (lua_Integer)variable->oInst);
  }
  TypeSet *types = NULL;
  const Type *type = NULL;
  if (SUCCEEDED(type_set_create(&types))) {
    if (SUCCEEDED(type_from_typedesc(types, info, &variable->elemdescVar.tdesc, &type, NULL, 0)))
      set_type(L, "type", type);
    type_set_release(types);
  }
  MEMBERID memid = variable->memid;
  ITypeInfo_ReleaseVarDesc(info, variable);
  set_documentation(L, info, memid, true);
}

static void set_implemented(lua_State *L, ITypeInfo *info, UINT count, bool flags_too, Bridge *bridge) {
  lua_createtable(L, (int)count, 0);
  lua_Integer at = 0;
  for (UINT i = 0; i < count; i++) {
    HREFTYPE reference;
    ITypeInfo *implemented = NULL;
    INT flags = 0;
    if (FAILED(ITypeInfo_GetRefTypeOfImplType(info, i, &reference)) ||
        FAILED(ITypeInfo_GetRefTypeInfo(info, reference, &implemented)))
      continue;
    if (flags_too)
      ITypeInfo_GetImplTypeFlags(info, i, &flags);
    lua_createtable(L, 0, 4);
    typeinfo_push(L, bridge, implemented);
    lua_setfield(L, -2, "info");
    set_flag(L, "source", (flags & IMPLTYPEFLAG_FSOURCE) != 0);
    set_flag(L, "default", (flags & IMPLTYPEFLAG_FDEFAULT) != 0);
    set_documentation(L, implemented, MEMBERID_NIL, true);
    lua_rawseti(L, -2, ++at);
  }
  lua_setfield(L, -2, "implements");
}

static const char *const kind_names[] = { "enum",     "record",  "module", "interface",
                                          "dispatch", "coclass", "alias",  "union" };

/* typeinfo_describe(info [, header only]): what a type is, as a table */
static int core_typeinfo_describe(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  bool brief = lua_toboolean(L, 2) != 0;
  Bridge *bridge = bridge_get(L);
  Giving giving = { bridge, info };
  TYPEATTR *attributes = NULL;
  HRESULT result = ITypeInfo_GetTypeAttr(info, &attributes);
  if (FAILED(result))
    return raise_status(L, result, "typelib");
  TYPEATTR copy = *attributes;
  ITypeInfo_ReleaseTypeAttr(info, attributes);
  lua_createtable(L, 0, 12);
  lua_pushstring(L, (unsigned)copy.typekind < 8 ? kind_names[copy.typekind] : "unknown");
  lua_setfield(L, -2, "kind");
  set_guid(L, "guid", &copy.guid);
  set_integer(L, "flags", copy.wTypeFlags);
  set_integer(L, "size", (lua_Integer)copy.cbSizeInstance);
  set_flag(L, "dual", (copy.wTypeFlags & TYPEFLAG_FDUAL) != 0);
  set_documentation(L, info, MEMBERID_NIL, true);
  if (brief)
    return 1;
  lua_createtable(L, copy.cFuncs, 0);
  for (UINT i = 0; i < copy.cFuncs; i++) {
    push_function(L, info, i, &giving);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "functions");
  lua_createtable(L, copy.cVars, 0);
  for (UINT i = 0; i < copy.cVars; i++) {
    push_variable(L, info, i, &giving);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  lua_setfield(L, -2, "variables");
  set_implemented(L, info, copy.cImplTypes, copy.typekind == TKIND_COCLASS, bridge);
  return 1;
}

/* typeinfo_library(info): the library and the index of the type in it; nothing without one */
static int core_typeinfo_library(lua_State *L) {
  ITypeInfo *info = typeinfo_check(L, 1);
  ITypeLib *library = NULL;
  UINT index = 0;
  if (FAILED(ITypeInfo_GetContainingTypeLib(info, &library, &index)) || library == NULL)
    return 0;
  reference_push(L, bridge_get(L), &typelib_tag, (IUnknown *)library);
  lua_pushinteger(L, index);
  return 2;
}

/* object_typeinfo(o): what its members are known from; nil */
static int core_object_typeinfo(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.typeof");
  ITypeInfo *info = handle->view->info;
  if (info == NULL) {
    lua_pushnil(L);
    return 1;
  }
  ITypeInfo_AddRef(info);
  typeinfo_push(L, handle->view->bridge, info);
  lua_pushstring(L, view_route_name(handle->view));
  lua_pushstring(L, handle->view->refusal);
  return 3;
}

/* object_bases(o): the type information of the interface and its bases, most derived first */
static int core_object_chain(lua_State *L) {
  Handle *handle = handle_check(L, 1, "com.members");
  View *view = handle->view;
  lua_createtable(L, (int)view->chain_length, 0);
  for (unsigned i = 0; i < view->chain_length; i++) {
    ITypeInfo_AddRef(view->chain[i]);
    typeinfo_push(L, view->bridge, view->chain[i]);
    lua_rawseti(L, -2, (lua_Integer)i + 1);
  }
  return 1;
}

/* ---------------------------------------------------------------------------------------------------------- libraries */

static int push_library(lua_State *L, HRESULT result, ITypeLib *library, const char *what) {
  if (FAILED(result))
    return raise_text(L, result, "com.typelib", "%s cannot be loaded", what);
  reference_push(L, bridge_get(L), &typelib_tag, (IUnknown *)library);
  return 1;
}

/* load_typelib(path) */
static int core_load_typelib(lua_State *L) {
  const char *path = luaL_checkstring(L, 1);
  bridge_enter(L, bridge_get(L));
  OLECHAR *wide = text_copy_utf16(path);
  ITypeLib *library = NULL;
  HRESULT result = wide != NULL ? LoadTypeLibEx(wide, REGKIND_NONE, &library) : E_INVALIDARG;
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

/* typelib_describe(library) */
static int core_typelib_describe(lua_State *L) {
  ITypeLib *library = typelib_check(L, 1);
  TLIBATTR *attributes = NULL;
  HRESULT result = ITypeLib_GetLibAttr(library, &attributes);
  if (FAILED(result))
    return raise_status(L, result, "com.typelib");
  TLIBATTR copy = *attributes;
  ITypeLib_ReleaseTLibAttr(library, attributes);
  BSTR name = NULL, help = NULL;
  lua_createtable(L, 0, 8);
  if (SUCCEEDED(ITypeLib_GetDocumentation(library, -1, &name, &help, NULL, NULL))) {
    set_bstr(L, "name", name);
    set_bstr(L, "helpstring", help);
    SysFreeString(name);
    SysFreeString(help);
  }
  set_guid(L, "guid", &copy.guid);
  set_integer(L, "major", copy.wMajorVerNum);
  set_integer(L, "minor", copy.wMinorVerNum);
  set_integer(L, "lcid", (lua_Integer)copy.lcid);
  set_integer(L, "flags", copy.wLibFlags);
  set_integer(L, "count", (lua_Integer)ITypeLib_GetTypeInfoCount(library));
  return 1;
}

/* typelib_type(library, index from 0 | guid text) */
static int core_typelib_type(lua_State *L) {
  ITypeLib *library = typelib_check(L, 1);
  ITypeInfo *info = NULL;
  GUID guid;
  HRESULT result;
  if (lua_type(L, 2) == LUA_TSTRING && guid_from_text(lua_tostring(L, 2), &guid))
    result = ITypeLib_GetTypeInfoOfGuid(library, &guid, &info);
  else
    result = ITypeLib_GetTypeInfo(library, (UINT)luaL_checkinteger(L, 2), &info);
  if (FAILED(result) || info == NULL) {
    lua_pushnil(L);
    return 1;
  }
  typeinfo_push(L, bridge_get(L), info);
  return 1;
}

/* typelib_name(library, index): name and kind, without reading more of the type */
static int core_typelib_name(lua_State *L) {
  ITypeLib *library = typelib_check(L, 1);
  UINT index = (UINT)luaL_checkinteger(L, 2);
  BSTR name = NULL;
  TYPEKIND kind = TKIND_MAX;
  if (FAILED(ITypeLib_GetDocumentation(library, (INT)index, &name, NULL, NULL, NULL)))
    return 0;
  ITypeLib_GetTypeInfoType(library, index, &kind);
  if (name == NULL || !text_push_small(L, name)) {
    SysFreeString(name);
    lua_pushliteral(L, "");
  }
  lua_pushstring(L, (unsigned)kind < 8 ? kind_names[kind] : "unknown");
  return 2;
}

/* class_id(ProgID): the CLSID as text, or nil */
static int core_class_id(lua_State *L) {
  CLSID clsid;
  OLECHAR *wide = text_copy_utf16(luaL_checkstring(L, 1));
  HRESULT result = wide != NULL ? CLSIDFromProgID(wide, &clsid) : CO_E_CLASSSTRING;
  free(wide);
  if (FAILED(result))
    lua_pushnil(L);
  else
    guid_push(L, &clsid);
  return 1;
}

/* registered_type("CLSID" | "Interface", guid text) */
static int core_registered_type(lua_State *L) {
  GUID guid;
  const char *kind = luaL_checkstring(L, 1);
  ITypeInfo *info = NULL;
  if (strlen(kind) < 16 && guid_from_text(luaL_checkstring(L, 2), &guid))
    info = typeinfo_registered(kind, &guid);
  if (info == NULL)
    lua_pushnil(L);
  else
    typeinfo_push(L, bridge_get(L), info);
  return 1;
}

const luaL_Reg core_typeinfo_functions[] = {
  { "typeinfo_describe", core_typeinfo_describe }, { "typeinfo_library", core_typeinfo_library },
  { "object_typeinfo", core_object_typeinfo },     { "object_chain", core_object_chain },
  { "load_typelib", core_load_typelib },           { "load_registered_typelib", core_load_registered_typelib },
  { "typelib_describe", core_typelib_describe },   { "typelib_type", core_typelib_type },
  { "typelib_name", core_typelib_name },           { "class_id", core_class_id },
  { "registered_type", core_registered_type },     { NULL, NULL }
};

static void make_metatable(lua_State *L, const char *tag, const char *name) {
  lua_createtable(L, 0, 4);
  lua_pushcfunction(L, reference_gc);
  lua_setfield(L, -2, "__gc");
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__name");
  lua_pushstring(L, name);
  lua_setfield(L, -2, "__metatable");
  lua_rawsetp(L, LUA_REGISTRYINDEX, tag);
}

void typeinfo_open_types(lua_State *L) {
  make_metatable(L, &typeinfo_tag, "type information");
  make_metatable(L, &typelib_tag, "type library");
}
