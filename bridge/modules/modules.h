/* modules.h - COM-style modules that know nothing of Oleander (com.module): opening them, what their ABI is, their functions.
 * How values of such a module are is said by their types (dispatch/types/foreign.h); calls go the way of all calls. */
#ifndef OLEANDER_BRIDGE_MODULES_H
#define OLEANDER_BRIDGE_MODULES_H

#include "bridge/client/client.h"

extern const luaL_Reg core_module_functions[];
void modules_open(lua_State *L, Bridge *bridge);

#endif
