/* Bounds-checked little-endian reader; see cursor.h. */
#include "com/cursor.h"

#include <string.h>

Cursor cursor_over(const void *data, size_t size) {
  Cursor cursor = { data, size, 0, false };

  return cursor;
}

bool cursor_seek(Cursor *cursor, size_t position) {
  if (position > cursor->size) {
    cursor->failed = true;
    return false;
  }
  cursor->position = position;
  return true;
}

bool cursor_skip(Cursor *cursor, size_t count) {
  return cursor_bytes(cursor, count) != NULL;
}

const uint8_t *cursor_bytes(Cursor *cursor, size_t count) {
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

uint8_t cursor_u8(Cursor *cursor) {
  const uint8_t *p = cursor_bytes(cursor, 1);

  return p ? p[0] : 0;
}

uint16_t cursor_u16(Cursor *cursor) {
  const uint8_t *p = cursor_bytes(cursor, 2);

  return (uint16_t)(p ? p[0] | p[1] << 8 : 0);
}

uint32_t cursor_u32(Cursor *cursor) {
  const uint8_t *p = cursor_bytes(cursor, 4);

  return p ? p[0] | (uint32_t)p[1] << 8 | (uint32_t)p[2] << 16 | (uint32_t)p[3] << 24 : 0;
}

uint64_t cursor_u64(Cursor *cursor) {
  uint64_t low = cursor_u32(cursor);

  return low | (uint64_t)cursor_u32(cursor) << 32;
}

GUID cursor_guid(Cursor *cursor) {
  GUID guid;
  const uint8_t *tail;

  guid.Data1 = cursor_u32(cursor);
  guid.Data2 = cursor_u16(cursor);
  guid.Data3 = cursor_u16(cursor);
  tail = cursor_bytes(cursor, sizeof guid.Data4);
  if (tail)
    memcpy(guid.Data4, tail, sizeof guid.Data4);
  else
    memset(&guid, 0, sizeof guid);
  return guid;
}

Cursor cursor_slice(const Cursor *cursor, size_t offset, size_t size) {
  Cursor slice = { NULL, 0, 0, true };

  if (cursor->failed || offset > cursor->size || size > cursor->size - offset)
    return slice;
  slice.data = cursor->data ? cursor->data + offset : NULL;
  slice.size = size;
  slice.failed = false;
  return slice;
}
