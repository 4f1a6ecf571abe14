/* Compound files whose one stream, DATA, lies in any order: what other programs leave after many changes. */
#ifndef OLEANDER_TESTS_SCATTERED_H
#define OLEANDER_TESTS_SCATTERED_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ScatteredOrder { SCATTERED_NOT, SCATTERED_BACKWARDS, SCATTERED_IN_TURN, SCATTERED_ANYHOW, SCATTERED_ORDERS };

/* Writes one of `sectors` sectors, of version 3 (512 bytes) or 4 (4096). */
bool scattered_write(const char *path, unsigned version, uint32_t sectors, enum ScatteredOrder order);

/* The bytes of the stream from `offset` on. */
void scattered_bytes(uint64_t offset, uint8_t *bytes, size_t size);

#endif
