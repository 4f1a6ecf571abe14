/* The bodies of calls to the COM service (broker_api.h). */
#include <stdlib.h>
#include <string.h>

#include "activation/local/broker_api.h"

/* {6f6c6561-6272-6f6b-8000-5c1d7a90e2f3} */
const IID IID_OleanderBroker = { 0x6f6c6561, 0x6272, 0x6f6b, { 0x80, 0x00, 0x5c, 0x1d, 0x7a, 0x90, 0xe2, 0xf3 } };

/* NULL: out of memory. */
static uint8_t *append(BrokerWriter *writer, size_t size) {
  if (writer->failed)
    return NULL;
  if (size > writer->capacity - writer->size) {
    size_t capacity = writer->capacity * 2 + size + 64;
    uint8_t *moved = realloc(writer->data, capacity);
    if (!moved) {
      writer->failed = true;
      return NULL;
    }
    writer->data = moved;
    writer->capacity = capacity;
  }
  uint8_t *at = writer->data + writer->size;
  writer->size += size;
  return at;
}

void broker_put_u32(BrokerWriter *writer, uint32_t value) {
  uint8_t *at = append(writer, 4);
  if (!at)
    return;
  for (int i = 0; i < 4; i++)
    at[i] = (uint8_t)(value >> 8 * i);
}

void broker_put_u64(BrokerWriter *writer, uint64_t value) {
  broker_put_u32(writer, (uint32_t)value);
  broker_put_u32(writer, (uint32_t)(value >> 32));
}

void broker_put_guid(BrokerWriter *writer, REFGUID guid) {
  uint8_t *at = append(writer, sizeof *guid);
  if (at)
    memcpy(at, guid, sizeof *guid);
}

void broker_put_bytes(BrokerWriter *writer, const void *bytes, size_t size) {
  uint8_t *at = append(writer, size);
  if (at && size)
    memcpy(at, bytes, size);
}

void broker_put_blob(BrokerWriter *writer, const void *bytes, size_t size) {
  size_t padding = -size & 3;
  broker_put_u32(writer, (uint32_t)size);
  uint8_t *at = append(writer, size + padding);
  if (!at)
    return;
  if (size)
    memcpy(at, bytes, size);
  memset(at + size, 0, padding);
}

void broker_put_text(BrokerWriter *writer, const char *text) {
  broker_put_blob(writer, text, strlen(text));
}

const uint8_t *broker_get_blob(Cursor *cursor, size_t *size) {
  size_t count = cursor_u32(cursor);
  const uint8_t *bytes = cursor_bytes(cursor, count);
  cursor_skip(cursor, bytes ? -count & 3 : 0);
  *size = cursor->failed ? 0 : count;
  return cursor->failed ? NULL : bytes;
}

char *broker_get_text(Cursor *cursor) {
  size_t size;
  const uint8_t *bytes = broker_get_blob(cursor, &size);
  char *text = bytes && !memchr(bytes, 0, size) ? malloc(size + 1) : NULL;
  if (!text) {
    cursor->failed = true;
    return NULL;
  }
  memcpy(text, bytes, size);
  text[size] = 0;
  return text;
}
