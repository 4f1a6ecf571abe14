/* desc_block.c - one heap block a description, as a rule; see desc_block.h. */
#include "typelib/model/desc_block.h"

#include <stdlib.h>
#include <string.h>

#define ALIGNMENT     _Alignof(max_align_t)
#define ALIGNED(size) (((size) + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT)

typedef struct Chunk Chunk;
struct Chunk {
  Chunk *next;
  size_t used, size; /* of `bytes` */
  max_align_t bytes[];
};

typedef struct Owned Owned;
struct Owned {
  Owned *next;
  VARIANT *value;
};

struct DescBlock {
  Chunk *chunks; /* all but the one that the block itself stands in */
  Owned *owned;
  size_t used, size; /* of `bytes` */
  max_align_t bytes[];
};

DescBlock *desc_block_create(size_t size, size_t more) {
  size_t room = ALIGNED(size) + ALIGNED(more);
  DescBlock *block = malloc(sizeof *block + room);

  if (!block)
    return NULL;
  block->chunks = NULL;
  block->owned = NULL;
  block->used = ALIGNED(size);
  block->size = room;
  memset(block->bytes, 0, block->used);
  return block;
}

void *desc_block_description(DescBlock *block) {
  return block->bytes;
}

DescBlock *desc_block_of(void *description) {
  return (DescBlock *)((char *)description - offsetof(DescBlock, bytes));
}

static void *take(max_align_t *bytes, size_t *used, size_t size) {
  void *taken = (char *)bytes + *used;

  *used += size;
  return memset(taken, 0, size);
}

void *desc_block_take(DescBlock *block, size_t size) {
  Chunk *chunk = block->chunks;
  size_t room;

  size = ALIGNED(size);
  if (size <= block->size - block->used)
    return take(block->bytes, &block->used, size);
  if (!chunk || size > chunk->size - chunk->used) {
    room = size > 512 ? size : 512;
    chunk = malloc(sizeof *chunk + room);
    if (!chunk)
      return NULL;
    chunk->next = block->chunks;
    chunk->used = 0;
    chunk->size = room;
    block->chunks = chunk;
  }
  return take(chunk->bytes, &chunk->used, size);
}

VARIANT *desc_block_variant(DescBlock *block, size_t prefix) {
  Owned *owned = desc_block_take(block, sizeof *owned);
  char *memory = owned ? desc_block_take(block, prefix + sizeof(VARIANT)) : NULL;

  if (!memory)
    return NULL;
  owned->value = (VARIANT *)(void *)(memory + prefix);
  owned->next = block->owned;
  block->owned = owned;
  return owned->value;
}

void desc_block_free(DescBlock *block) {
  Owned *owned;

  for (owned = block->owned; owned; owned = owned->next)
    VariantClear(owned->value);
  while (block->chunks) {
    Chunk *chunk = block->chunks;

    block->chunks = chunk->next;
    free(chunk);
  }
  free(block);
}
