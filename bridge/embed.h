/* embed.h - the C interface for programs that embed Lua (oleander_lua.h); embed.c. */
#ifndef OLEANDER_BRIDGE_EMBED_H
#define OLEANDER_BRIDGE_EMBED_H

#include <lua.h>

void embed_open(lua_State *L);

#endif
