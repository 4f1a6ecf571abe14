/* byte_writer.c - see byte_writer.h. */
#include "typelib/writers/byte_writer.h"

#include <stdlib.h>
#include <string.h>

void byte_writer_free(ByteWriter *writer) {
  free(writer->data);
  *writer = (ByteWriter){ NULL, 0, 0, false };
}

static bool reserve(ByteWriter *writer, size_t size) {
  if (writer->failed)
    return false;
  if (size <= writer->capacity - writer->size)
    return true;
  size_t capacity = writer->size + (size > writer->size / 2 + 64 ? size : writer->size / 2 + 64);
  uint8_t *data = realloc(writer->data, capacity);
  if (!data) {
    writer->failed = true;
    return false;
  }
  writer->data = data;
  writer->capacity = capacity;
  return true;
}

uint8_t *byte_writer_take(ByteWriter *writer, size_t size) {
  if (!reserve(writer, size))
    return NULL;
  uint8_t *place = writer->data + writer->size;
  writer->size += size;
  return place;
}

void byte_writer_bytes(ByteWriter *writer, const void *bytes, size_t size) {
  uint8_t *place = byte_writer_take(writer, size);

  if (place && size > 0)
    memcpy(place, bytes, size);
}

void byte_writer_align(ByteWriter *writer, size_t alignment, uint8_t filler) {
  size_t missing = (alignment - writer->size % alignment) % alignment;
  uint8_t *place = byte_writer_take(writer, missing);

  if (place)
    memset(place, filler, missing);
}
