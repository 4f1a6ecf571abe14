/* arena.c - memory of one call; see arena.h. */
#include "bridge/values/arena.h"

#include <stdlib.h>

typedef struct ArenaBlock {
  struct ArenaBlock *next;
  const Type *type;
  size_t count;
  _Alignas(16) unsigned char bytes[];
} ArenaBlock;

void *arena_values(Arena *arena, const Type *type, size_t size, size_t count) {
  if (size && count > (SIZE_MAX / 2 - sizeof(ArenaBlock)) / size)
    return NULL;
  ArenaBlock *block = calloc(1, sizeof *block + size * count + 1);
  if (!block)
    return NULL;
  block->next = arena->blocks;
  block->type = type && type->owner != OWNS_NOTHING ? type : NULL;
  block->count = count;
  arena->blocks = block;
  return block->bytes;
}

void arena_end(Arena *arena) {
  for (ArenaBlock *block = arena->blocks, *next; block; block = next) {
    next = block->next;
    for (size_t i = 0; block->type && i < block->count; i++)
      type_clear(block->type, block->bytes + i * block->type->size);
    free(block);
  }
  arena->blocks = NULL;
}
