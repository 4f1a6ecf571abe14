/* byte_writer.h - little-endian bytes that grow. What there is no memory for sets `failed`, which stays set; positions stay
 * right, so a record is written field by field and checked once at the end. */
#ifndef OLEANDER_BYTE_WRITER_H
#define OLEANDER_BYTE_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

typedef struct ByteWriter {
  uint8_t *data;
  size_t size, capacity;
  bool failed;
} ByteWriter;

void byte_writer_free(ByteWriter *writer);
/* Room for `size` bytes at the end, to be filled; NULL: failed. Valid until the next call. */
uint8_t *byte_writer_take(ByteWriter *writer, size_t size);
void byte_writer_bytes(ByteWriter *writer, const void *bytes, size_t size);
/* Fills up to a multiple of `alignment`. */
void byte_writer_align(ByteWriter *writer, size_t alignment, uint8_t filler);

static inline void little_put_u16(uint8_t *place, uint16_t value) {
  place[0] = (uint8_t)value;
  place[1] = (uint8_t)(value >> 8);
}

static inline void little_put_u32(uint8_t *place, uint32_t value) {
  little_put_u16(place, (uint16_t)value);
  little_put_u16(place + 2, (uint16_t)(value >> 16));
}

static inline void byte_writer_u8(ByteWriter *writer, uint8_t value) {
  byte_writer_bytes(writer, &value, 1);
}

static inline void byte_writer_u16(ByteWriter *writer, uint16_t value) {
  uint8_t bytes[2];

  little_put_u16(bytes, value);
  byte_writer_bytes(writer, bytes, sizeof bytes);
}

static inline void byte_writer_u32(ByteWriter *writer, uint32_t value) {
  uint8_t bytes[4];

  little_put_u32(bytes, value);
  byte_writer_bytes(writer, bytes, sizeof bytes);
}

static inline void byte_writer_u64(ByteWriter *writer, uint64_t value) {
  byte_writer_u32(writer, (uint32_t)value);
  byte_writer_u32(writer, (uint32_t)(value >> 32));
}

/* Changes a dword that is there. */
static inline void byte_writer_set_u32(ByteWriter *writer, size_t position, uint32_t value) {
  if (!writer->failed && position + 4 <= writer->size)
    little_put_u32(writer->data + position, value);
}

#endif
