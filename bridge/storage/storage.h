/* storage.h - streams and storages as a script uses them: com.stream (stream.c, stream_read.c), com.storage (storage.c,
 * storage_open.c), property sets (property_sets.c) and their values (property_values.c). */
#ifndef OLEANDER_BRIDGE_STORAGE_H
#define OLEANDER_BRIDGE_STORAGE_H

#include "bridge/client/held.h"

#include <coml2api.h>

extern const HeldKind stream_kind, storage_kind;

static inline Held *stream_check(lua_State *L, int index, const char *subject) {
  return held_check(L, index, &stream_kind, subject);
}
static inline Held *storage_check(lua_State *L, int index, const char *subject) {
  return held_check(L, index, &storage_kind, subject);
}

/* Pushes a userdata for a stream, taking over the reference in every case. */
void stream_push(lua_State *L, Bridge *bridge, IStream *stream);

void storage_push(lua_State *L, Bridge *bridge, IUnknown *storage);
/* The same for a property bag (bag.c). */
void bag_push(lua_State *L, Bridge *bridge, IUnknown *bag);

/* stream_read.c: st:read(formats...), st:lines(formats...) */
int stream_read(lua_State *L);
int stream_lines(lua_State *L);

/* Runs an attempt; when it says that something is still open, what the collector can free is freed, and it is made once
 * more. */
HRESULT attempt_collected(lua_State *L, Bridge *bridge, HRESULT (*attempt)(void *), void *argument);

/* The text at `index` as a name of an element or file, in memory of Lua (pushed). Raises. */
const OLECHAR *wide_check(lua_State *L, int index, const char *subject, const char *wanted);
/* Pushes a moment as com.vt.filetime; nil for none. */
void filetime_push(lua_State *L, Bridge *bridge, const FILETIME *time);

extern const luaL_Reg core_stream_functions[], core_storage_functions[], core_property_functions[],
    core_bag_functions[];
void stream_open_type(lua_State *L);
void storage_open_type(lua_State *L);
void bag_open_type(lua_State *L);
void property_open_type(lua_State *L);

#endif
