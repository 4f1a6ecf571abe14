/* Descriptions of types as they travel, [MS-OAUT] 2.2.32 to 2.2.43. */
#ifndef OLEANDER_REMOTE_TYPE_WIRE_H
#define OLEANDER_REMOTE_TYPE_WIRE_H

#include "remote/ndr/ndr_internal.h"

/* What a description that came is made of: blocks that hang on one another. The first is the description. */
typedef struct TypeMemory {
  struct TypeBlock *blocks;
} TypeMemory;

/* A description with all that belongs to it; one that typeattr_get and its like gave. */
void type_memory_free(void *description);
/* What there is of one that could not be read. */
void type_memory_end(TypeMemory *memory);

/* What stands behind the pointer. */
void typeattr_put(NdrWriter *writer, const TYPEATTR *attributes);
void funcdesc_put(NdrWriter *writer, const FUNCDESC *description);
void vardesc_put(NdrWriter *writer, const VARDESC *description);
void libattr_put(NdrWriter *writer, const TLIBATTR *attributes);

/* NULL: the reader has failed. */
void *typeattr_get(NdrReader *reader, TypeMemory *memory);
void *funcdesc_get(NdrReader *reader, TypeMemory *memory);
void *vardesc_get(NdrReader *reader, TypeMemory *memory);
void *libattr_get(NdrReader *reader, TypeMemory *memory);

#endif
