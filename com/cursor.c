/* Bounds-checked little-endian reader; see cursor.h. */
#include "com/cursor.h"

#include <string.h>

Cursor cursor_over(const void *data, size_t size) {
  Cursor cursor = { data, size, 0, false };

  return cursor;
}

GUID cursor_guid(Cursor *cursor) {
  GUID guid;

  guid.Data1 = cursor_u32(cursor);
  guid.Data2 = cursor_u16(cursor);
  guid.Data3 = cursor_u16(cursor);
  const uint8_t *tail = cursor_bytes(cursor, sizeof guid.Data4);
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
