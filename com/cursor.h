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
static inline bool cursor_seek(Cursor *cursor, size_t position) {
  if (position > cursor->size) {
    cursor->failed = true;
    return false;
  }
  cursor->position = position;
  return true;
}

static inline size_t cursor_left(const Cursor *cursor) {
  return cursor->size - cursor->position;
}

/* The next count bytes in place, or NULL (and failed). */
static inline const uint8_t *cursor_bytes(Cursor *cursor, size_t count) {
  static const uint8_t none[1];
  const uint8_t *bytes;

  if (cursor->failed || count > cursor_left(cursor)) {
    cursor->failed = true;
    return NULL;
  }
  bytes = cursor->data ? cursor->data + cursor->position : none;
  cursor->position += count;
  return bytes;
}

/* The bytes [offset, offset + size) in place, or NULL when they are not all there. Neither moves nor fails the cursor. */
static inline const uint8_t *cursor_at(const Cursor *cursor, size_t offset, size_t size) {
  return cursor->data && offset <= cursor->size && size <= cursor->size - offset ? cursor->data + offset : NULL;
}

static inline bool cursor_skip(Cursor *cursor, size_t count) {
  return cursor_bytes(cursor, count);
}

/* Loads from bytes that cursor_bytes gave: records of a fixed size are checked once and then read by offset. */
static inline uint16_t little_u16(const uint8_t *p) {
  return (uint16_t)(p[0] | p[1] << 8);
}

static inline uint32_t little_u32(const uint8_t *p) {
  return p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24;
}

static inline uint8_t cursor_u8(Cursor *cursor) {
  const uint8_t *p = cursor_bytes(cursor, 1);

  return p ? p[0] : 0;
}

static inline uint16_t cursor_u16(Cursor *cursor) {
  const uint8_t *p = cursor_bytes(cursor, 2);

  return (uint16_t)(p ? little_u16(p) : 0);
}

static inline uint32_t cursor_u32(Cursor *cursor) {
  const uint8_t *p = cursor_bytes(cursor, 4);

  return p ? little_u32(p) : 0;
}

static inline uint64_t cursor_u64(Cursor *cursor) {
  uint64_t low = cursor_u32(cursor);

  return low | (uint64_t)cursor_u32(cursor) << 32;
}

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
