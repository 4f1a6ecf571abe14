/* arena.h - memory of one call into a module or out of one: texts, arrays and records that pointers lead to. All of it goes
 * when the call is over; what values in it own is cleared before. */
#ifndef OLEANDER_BRIDGE_ARENA_H
#define OLEANDER_BRIDGE_ARENA_H

#include "dispatch/dispatch_api.h"

typedef struct Arena {
  struct ArenaBlock *blocks;
} Arena;

/* `count` zeroed values of a type, which are cleared at the end (NULL: bytes). NULL: out of memory. */
void *arena_values(Arena *arena, const Type *type, size_t size, size_t count);
void arena_end(Arena *arena);

#endif
