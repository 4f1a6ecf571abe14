/* The TYPELIB resource of a 16-bit NE module ("New Executable" header, resource table). */
#include "typelib/containers/container_internal.h"

#include <string.h>

#include <winerror.h>

/* The resource table's own offset is at 0x24 of the header, relative to the header. */
enum { NE_RESOURCE_TABLE = 0x24, NE_RESOURCE_SIZE = 12, NE_INTEGER = 0x8000 };

/* Whether the length-prefixed name at `offset` of the resource table is TYPELIB. */
static bool is_typelib_name(Cursor file, size_t table, uint16_t offset) {
  static const char name[] = "TYPELIB";
  const uint8_t *text;
  size_t i;

  cursor_seek(&file, table + offset);
  if (cursor_u8(&file) != sizeof name - 1)
    return false;
  text = cursor_bytes(&file, sizeof name - 1);
  for (i = 0; text && i < sizeof name - 1; i++) {
    if ((text[i] & 0xdf) != name[i])
      return false;
  }
  return text;
}

/* Picks resource `index` of the `count` that follow; the first one for number 1 when none has that number. */
static bool find_number(Cursor *file, unsigned count, unsigned index, unsigned shift, ContainerPlace *place) {
  bool found = false;
  unsigned i;

  for (i = 0; i < count && !file->failed; i++) {
    size_t offset = (size_t)cursor_u16(file) << shift;
    size_t size = (size_t)cursor_u16(file) << shift;
    uint16_t id;

    cursor_skip(file, 2);
    id = cursor_u16(file);
    cursor_skip(file, NE_RESOURCE_SIZE - 8);
    if (file->failed)
      break;
    if (id == (NE_INTEGER | index) || (i == 0 && index <= 1)) {
      place->offset = offset;
      place->size = size;
      found = true;
      if (id == (NE_INTEGER | index))
        break;
    }
  }
  return found;
}

HRESULT container_find_ne(const Cursor *ne, unsigned index, ContainerPlace *place) {
  Cursor file = *ne;
  size_t header = file.position;
  size_t table;
  unsigned shift;

  cursor_seek(&file, header + NE_RESOURCE_TABLE);
  table = header + cursor_u16(&file);
  cursor_seek(&file, table);
  shift = cursor_u16(&file);
  if (file.failed || shift > 16 || index >= NE_INTEGER)
    return TYPE_E_UNSUPFORMAT;
  for (;;) {
    uint16_t type = cursor_u16(&file);
    uint16_t count;

    if (file.failed || type == 0)
      return TYPE_E_UNSUPFORMAT;
    count = cursor_u16(&file);
    cursor_skip(&file, 4);
    if (!(type & NE_INTEGER) && is_typelib_name(file, table, type)) {
      if (!find_number(&file, count, index, shift, place))
        return TYPE_E_UNSUPFORMAT;
      if (place->offset >= file.size)
        return TYPE_E_INVDATAREAD;
      /* Lengths are in units of the alignment: the last one may reach beyond the end of the file. */
      if (place->size > file.size - place->offset)
        place->size = file.size - place->offset;
      return S_OK;
    }
    cursor_skip(&file, (size_t)count * NE_RESOURCE_SIZE);
  }
}
