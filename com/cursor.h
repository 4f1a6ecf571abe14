/*
 * A bounds-checked reader of little-endian bytes from outside (type libraries, executables, packets). A read past the
 * end gives zero and sets `failed`, which stays set: a record is read field by field and checked once at its end.
 */
#ifndef OLEANDER_COM_CURSOR_H
#define OLEANDER_COM_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <guiddef.h>

typedef struct Cursor {
  const uint8_t *data;
  size_t size;
  size_t position; /* never beyond size */
  bool failed;
} Cursor;

Cursor cursor_over(const void *data, size_t size);

/* Moves to an absolute position; beyond the end is a failure. */
bool cursor_seek(Cursor *cursor, size_t position);
bool cursor_skip(Cursor *cursor, size_t count);
static inline size_t cursor_left(const Cursor *cursor) {
  return cursor->size - cursor->position;
}

/* The next count bytes in place, or NULL (and failed). */
const uint8_t *cursor_bytes(Cursor *cursor, size_t count);

uint8_t cursor_u8(Cursor *cursor);
uint16_t cursor_u16(Cursor *cursor);
uint32_t cursor_u32(Cursor *cursor);
uint64_t cursor_u64(Cursor *cursor);
static inline int16_t cursor_i16(Cursor *cursor) {
  return (int16_t)cursor_u16(cursor);
}
static inline int32_t cursor_i32(Cursor *cursor) {
  return (int32_t)cursor_u32(cursor);
}
GUID cursor_guid(Cursor *cursor);

/* A cursor over [offset, offset + size) of the same bytes, from the start of data; failed when that is out of bounds. */
Cursor cursor_slice(const Cursor *cursor, size_t offset, size_t size);

#endif
