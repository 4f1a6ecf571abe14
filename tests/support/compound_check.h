/* Whether bytes are a compound file that keeps every rule of [MS-CFB], as an independent reader sees it. */
#ifndef OLEANDER_TESTS_COMPOUND_CHECK_H
#define OLEANDER_TESTS_COMPOUND_CHECK_H

#include <stddef.h>
#include <stdint.h>

/* NULL if it does, else what it breaks. Every sector must be accounted for: nothing is lost, nothing used twice. */
const char *compound_check(const uint8_t *data, size_t size);

/* Calls back with each element: its path from the root ("a/b"), its type (1 storage, 2 stream), and a stream's bytes. */
typedef void CompoundVisit(void *context, const char *path, int type, const uint8_t *bytes, size_t size);
const char *compound_visit(const uint8_t *data, size_t size, CompoundVisit *visit, void *context);

/* How many sectors are in use, and how many the file has. */
void compound_usage(const uint8_t *data, size_t size, size_t *used, size_t *total);

#endif
