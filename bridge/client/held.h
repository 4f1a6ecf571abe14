/* held.h - userdata with methods of our own that hold one COM reference: streams, storages. They pass wherever their
 * interface is wanted, as objects do. The first user value is what they hold besides (a part holds its storage). */
#ifndef OLEANDER_BRIDGE_HELD_H
#define OLEANDER_BRIDGE_HELD_H

#include "bridge/client/client.h"

typedef struct HeldKind {
  const char *name;      /* as error messages say it: "a stream" */
  const char *metatable; /* its __name: "oleander.Stream" */
} HeldKind;

typedef struct Held {
  const char *tag;
  const HeldKind *kind;
  Bridge *bridge;
  IUnknown *face; /* NULL: not there yet, or closed */
} Held;

extern const char held_tag;

static inline Held *held_at(lua_State *L, int index) {
  return tagged(L, index, &held_tag, sizeof(Held));
}

/* Pushes one without a face, with room for its release; the face is filled in by the caller. Raises. */
Held *held_push(lua_State *L, Bridge *bridge, const HeldKind *kind);
/* The one at `index`, of this kind and not closed; else raises. */
Held *held_check(lua_State *L, int index, const HeldKind *kind, const char *subject);

/* Around an outgoing call: a callback may close what is being called. */
static inline IUnknown *held_enter(Held *held) {
  IUnknown *face = held->face;
  IUnknown_AddRef(face);
  bridge_leave(held->bridge);
  return face;
}
static inline void held_leave(Bridge *bridge, IUnknown *face) {
  IUnknown_Release(face);
  bridge_return(bridge);
}

/* Lets the reference go; for `close` and __close. */
int held_close(lua_State *L);
/* Makes the metatable of a kind, from methods, and from what __index, __newindex and the others are. */
void held_open_type(lua_State *L, const HeldKind *kind, const luaL_Reg *metamethods);

/* The object or held interface at `index` as interface `iid`, with a reference. S_FALSE: it is none. */
HRESULT interface_at(lua_State *L, int index, REFIID iid, void **face);

#endif
