/* types.h - type libraries and types: their userdata and where they come from (typeinfo.c), and what they say as plain facts:
 * tables of numbers, names and texts (type_methods.c, type_tables.c). The readable, lazy values of LUA-API.md are made from
 * them in lua/oleander/typelib.lua. */
#ifndef OLEANDER_BRIDGE_TYPES_H
#define OLEANDER_BRIDGE_TYPES_H

#include "bridge/values/values.h"
#include "dispatch/dispatch_api.h"

/* Whether a pointer to the interface that it describes is an IDispatch: by what it derives from, not by its flags. */
bool typeinfo_is_dispatch(ITypeInfo *info);
void typeinfo_push(lua_State *L, Bridge *bridge, ITypeInfo *info); /* takes over the reference */
/* The ITypeInfo userdata at `index`; raises */
ITypeInfo *typeinfo_check(lua_State *L, int index);
void typelib_push(lua_State *L, Bridge *bridge, ITypeLib *library);
ITypeLib *typelib_check(lua_State *L, int index);

/* The type information that the registry store knows, referenced, or NULL. */
ITypeInfo *typeinfo_of_interface(const IID *iid);
ITypeInfo *typeinfo_of_class(REFCLSID clsid);
ITypeInfo *typeinfo_registered(const char *kind, REFGUID guid); /* "CLSID", "Interface" */

/* type_tables.c: each pushes one table */
void types_push_typedesc(lua_State *L, const TYPEDESC *desc);
void types_push_variant(lua_State *L, const VARIANT *value);
void types_push_funcdesc(lua_State *L, const FUNCDESC *desc);
void types_push_vardesc(lua_State *L, const VARDESC *desc);
void types_push_typeattr(lua_State *L, const TYPEATTR *attributes);

/* type_methods.c: the methods of the userdata for type libraries and types */
extern const luaL_Reg typelib_methods[], typeinfo_methods[];

extern const luaL_Reg core_typeinfo_functions[], core_library_functions[], core_idl_functions[];
void typeinfo_open_types(lua_State *L);

#endif
