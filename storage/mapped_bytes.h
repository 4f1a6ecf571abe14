/* Bytes of a file as memory, for reads of a few bytes at places far apart. */
#ifndef OLEANDER_STORAGE_MAPPED_BYTES_H
#define OLEANDER_STORAGE_MAPPED_BYTES_H

#include "com/com_api.h"

/* At most so much of a file is mapped at a time: what bounds the memory. */
#define MAPPED_BYTES_MOST ((size_t)128 << 20)

typedef struct MappedBytes {
  const uint8_t *data; /* NULL: nothing is mapped */
  uint64_t at;         /* of the file */
  size_t size;
  unsigned slot; /* in the table of what is guarded */
} MappedBytes;

/* Maps `size` bytes of a file from `at` on (a multiple of the page size), to be read; what is mapped is in memory at once where
 * the system can. False: it cannot be done, and the file is to be read. */
bool mapped_bytes_open(int fd, uint64_t at, size_t size, MappedBytes *map);
void mapped_bytes_close(MappedBytes *map);
/* Whether somebody has cut the file below what is mapped, and it was read there: zeros are in those places since. */
bool mapped_bytes_cut(const MappedBytes *map);

#endif
