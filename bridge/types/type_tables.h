/*
 * Type libraries and types as plain facts: tables of numbers, names and texts. The readable, lazy values of LUA-API.md are
 * made from them in lua/oleander/typelib.lua.
 */
#ifndef OLEANDER_BRIDGE_TYPE_TABLES_H
#define OLEANDER_BRIDGE_TYPE_TABLES_H

#include "bridge/bridge_internal.h"

/* type_tables.c: each pushes one table */
void types_push_typedesc(lua_State *L, const TYPEDESC *desc);
void types_push_variant(lua_State *L, const VARIANT *value);
void types_push_funcdesc(lua_State *L, const FUNCDESC *desc);
void types_push_vardesc(lua_State *L, const VARDESC *desc);
void types_push_typeattr(lua_State *L, const TYPEATTR *attributes);

/* type_methods.c: the methods of the userdata for type libraries and types */
extern const luaL_Reg typelib_methods[], typeinfo_methods[];

#endif
