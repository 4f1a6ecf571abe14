/* events_internal.h - events, class objects and the loop: what the files events_*.c, pump.c and class_*.c share.
 *
 *   sink      a table of handlers at a connection point of somebody else's object        events_sink.c
 *   source    connection points of objects written in Lua                                events_source.c
 *   pump      descriptors and clocks for lua/oleander/loop.lua                           pump.c
 *   class     class objects whose instances are made by a Lua function; running objects  class_object.c
 *   embed     the C interface for programs that embed Lua (oleander_lua.h)               embed.c */
#ifndef OLEANDER_BRIDGE_EVENTS_INTERNAL_H
#define OLEANDER_BRIDGE_EVENTS_INTERNAL_H

#include "bridge/objects/objects_internal.h"

/* IConnectionPointContainer of an object whose class has source interfaces; E_NOINTERFACE for any other IID. */
HRESULT source_query(LuaObject *object, REFIID iid, void **face);
/* The object ends. */
void source_free(LuaObject *object);

/* Raises the error that a callback left behind during the outgoing call, if any. */
void raise_pending(lua_State *L, Bridge *bridge);

extern const luaL_Reg core_sink_functions[], core_source_functions[], core_loop_functions[], core_class_functions[],
    core_registration_functions[];
void sink_open_type(lua_State *L);
void class_open_type(lua_State *L);
void embed_open(lua_State *L);

#endif
