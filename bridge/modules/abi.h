/* abi.h - what a script says of a module's ABI (abi.c). */
#ifndef OLEANDER_BRIDGE_MODULES_ABI_H
#define OLEANDER_BRIDGE_MODULES_ABI_H

#include "bridge/client/client.h"

/* Reads the flat table at `table` that lua/oleander/module.lua makes; functions are looked up in the module. The result lives
 * as long as the process. Raises; leaves values on the stack. */
const SignatureAbi *abi_read(lua_State *L, int table, void *handle);

#endif
