/* property_values.h - Lua values <-> PROPVARIANTs. */
#ifndef OLEANDER_BRIDGE_PROPERTY_VALUES_H
#define OLEANDER_BRIDGE_PROPERTY_VALUES_H

#include "bridge/storage/storage.h"

/* Converts the value at `index`; `vt` says the type, VT_EMPTY: what suits the value. state: it is the state of an object, in
 * which tables of a field `object` are objects as bytes, and texts that are none are blobs. Never raises. */
HRESULT propvariant_from_lua(Converting *converting, int index, VARTYPE vt, bool state, PROPVARIANT *value);
/* Pushes a value and clears it, also when it raises. */
void propvariant_push_clear(lua_State *L, Bridge *bridge, PROPVARIANT *value);

#endif
