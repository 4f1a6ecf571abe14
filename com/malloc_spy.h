/* The spy on task memory (IMallocSpy); only memory.c calls this, and only while there is a spy. */
#ifndef OLEANDER_MALLOC_SPY_H
#define OLEANDER_MALLOC_SPY_H

#include <stdbool.h>

#include <objbase.h>

/* Whether calls must go through the functions below: one relaxed load on the way of every allocation. */
bool malloc_spy_active(void);

void *malloc_spy_alloc(SIZE_T size);
void *malloc_spy_realloc(void *block, SIZE_T size);
void malloc_spy_free(void *block);
SIZE_T malloc_spy_size(void *block);
int malloc_spy_did_alloc(void *block);
void malloc_spy_minimize(void);

#endif
