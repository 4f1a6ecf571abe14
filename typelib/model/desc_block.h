/* desc_block.h - the memory of one description (TYPEATTR, FUNCDESC, VARDESC): freed together, through the description. */
#ifndef OLEANDER_DESC_BLOCK_H
#define OLEANDER_DESC_BLOCK_H

#include "typelib/model/library_reader.h"

/* A block whose first `size` bytes, zeroed, are the description; `more` bytes are kept for what will hang off it.
 * NULL: out of memory. */
DescBlock *desc_block_create(size_t size, size_t more);
void *desc_block_description(DescBlock *block);
/* The block of a description that desc_block_description gave. */
DescBlock *desc_block_of(void *description);
/* A VARIANT that is cleared with the block. NULL: out of memory. `prefix` bytes stand before it. */
VARIANT *desc_block_variant(DescBlock *block, size_t prefix);
void desc_block_free(DescBlock *block);

#endif
