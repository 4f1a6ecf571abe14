/* Allocation failures on demand: the linker sends malloc, calloc, realloc and strdup of every C test through here. */
#ifndef OLEANDER_TESTS_FAULTS_H
#define OLEANDER_TESTS_FAULTS_H

#include <stddef.h>

/* Makes the n-th allocation from now (1 is the next one) of this thread fail, and only that one. */
void faults_fail_at(size_t n);

/* Allocations of this thread since the last faults_fail_at or faults_off. */
size_t faults_count(void);

/* Whether the allocation chosen by faults_fail_at was reached. */
int faults_reached(void);

/* Back to normal; the count starts again at 0. */
void faults_off(void);

/* Runs body(context) once without failures to count the allocations, then once for each of them with that one
 * failing. body returns 0 when it saw the failure or did not need the memory and left nothing behind; anything
 * else fails the test, as does a run whose chosen allocation was never reached. */
void faults_each(int (*body)(void *context), void *context);

#endif
