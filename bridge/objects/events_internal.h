/* events_internal.h - events and class objects: what the files events_source.c and class_*.c share.
 *
 *   source    connection points of objects written in Lua                                events_source.c
 *   class     class objects whose instances are made by a Lua function; running objects  class_object.c */
#ifndef OLEANDER_BRIDGE_EVENTS_INTERNAL_H
#define OLEANDER_BRIDGE_EVENTS_INTERNAL_H

#include "bridge/objects/objects_internal.h"

/* IConnectionPointContainer of an object that has source interfaces; E_NOINTERFACE for any other IID. */
HRESULT source_query(LuaObject *object, REFIID iid, void **face);
/* The object ends. */
void source_free(LuaObject *object);

/* lasting.c: likewise for the interfaces of objects that last */
HRESULT lasting_query(LuaObject *object, REFIID iid, void **face);
void lasting_free(LuaObject *object);

extern const luaL_Reg core_table_bag_functions[]; /* bag_object.c */
extern const luaL_Reg core_source_functions[], core_class_functions[], core_registration_functions[];
void class_open_type(lua_State *L);

#endif
