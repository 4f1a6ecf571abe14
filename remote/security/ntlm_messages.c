/* The messages of NTLM (ntlm_messages.h). */
#include "remote/security/ntlm_messages.h"

#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"

static const char SIGNATURE[8] = "NTLMSSP";

/* Reading */

static bool begin(const uint8_t *data, size_t size, uint32_t number, Cursor *cursor) {
  *cursor = cursor_over(data, size);
  const uint8_t *signature = cursor_bytes(cursor, sizeof SIGNATURE);
  return size <= NTLM_MESSAGE_LIMIT && signature && memcmp(signature, SIGNATURE, sizeof SIGNATURE) == 0 &&
         cursor_u32(cursor) == number;
}

static NtlmBytes field(Cursor *cursor) {
  static const uint8_t none[1];
  size_t size = cursor_u16(cursor);
  cursor_skip(cursor, 2);
  size_t offset = cursor_u32(cursor);
  if (!size)
    return (NtlmBytes){ none, 0 };
  NtlmBytes bytes = { cursor_at(cursor, offset, size), size };
  if (!bytes.data)
    cursor->failed = true;
  return bytes;
}

bool ntlm_read_negotiate(const uint8_t *data, size_t size, NtlmNegotiate *negotiate) {
  Cursor cursor;
  if (!begin(data, size, 1, &cursor))
    return false;
  negotiate->flags = cursor_u32(&cursor);
  return !cursor.failed;
}

bool ntlm_read_challenge(const uint8_t *data, size_t size, NtlmChallenge *challenge) {
  Cursor cursor;
  if (!begin(data, size, 2, &cursor))
    return false;
  challenge->target = field(&cursor);
  challenge->flags = cursor_u32(&cursor);
  challenge->challenge = cursor_bytes(&cursor, NTLM_CHALLENGE_SIZE);
  cursor_skip(&cursor, 8);
  challenge->pairs = field(&cursor);
  return !cursor.failed;
}

bool ntlm_read_authenticate(const uint8_t *data, size_t size, NtlmAuthenticate *message) {
  Cursor cursor;
  if (!begin(data, size, 3, &cursor))
    return false;
  message->lm = field(&cursor);
  message->nt = field(&cursor);
  message->domain = field(&cursor);
  message->user = field(&cursor);
  message->workstation = field(&cursor);
  message->key = field(&cursor);
  message->flags = cursor_u32(&cursor);
  message->has_check = size >= NTLM_CHECK_OFFSET + NTLM_CHECK_SIZE;
  return !cursor.failed && message->domain.size % 2 == 0 && message->user.size % 2 == 0;
}

bool ntlm_find_pair(NtlmBytes pairs, unsigned id, NtlmBytes *found) {
  Cursor cursor = cursor_over(pairs.data, pairs.size);
  *found = (NtlmBytes){ NULL, 0 };
  while (!cursor.failed) {
    unsigned next = cursor_u16(&cursor);
    size_t size = cursor_u16(&cursor);
    const uint8_t *value = cursor_bytes(&cursor, size);
    if (next == PAIR_END && !cursor.failed)
      return true;
    if (next == id && value && !found->data)
      *found = (NtlmBytes){ value, size };
  }
  return false;
}

/* Writing */

void ntlm_put(NtlmWriter *writer, const void *data, size_t size) {
  if (writer->failed)
    return;
  if (size > writer->capacity - writer->size) {
    size_t capacity = writer->capacity * 2 + size + 256;
    uint8_t *moved = realloc(writer->data, capacity);
    if (!moved) {
      writer->failed = true;
      return;
    }
    writer->data = moved;
    writer->capacity = capacity;
  }
  if (size)
    memcpy(writer->data + writer->size, data, size);
  writer->size += size;
}

void ntlm_put_u16(NtlmWriter *writer, unsigned value) {
  ntlm_put(writer, (const uint8_t[2]){ (uint8_t)value, (uint8_t)(value >> 8) }, 2);
}

void ntlm_put_u32(NtlmWriter *writer, uint32_t value) {
  ntlm_put_u16(writer, value & 0xffff);
  ntlm_put_u16(writer, value >> 16);
}

void ntlm_put_zeros(NtlmWriter *writer, size_t size) {
  static const uint8_t zeros[16];
  for (; size > sizeof zeros; size -= sizeof zeros)
    ntlm_put(writer, zeros, sizeof zeros);
  ntlm_put(writer, zeros, size);
}

void ntlm_put_pair(NtlmWriter *writer, unsigned id, const void *data, size_t size) {
  ntlm_put_u16(writer, id);
  ntlm_put_u16(writer, (unsigned)size);
  ntlm_put(writer, data, size);
}

void ntlm_put_begin(NtlmWriter *writer, uint32_t number) {
  ntlm_put(writer, SIGNATURE, sizeof SIGNATURE);
  ntlm_put_u32(writer, number);
}

void ntlm_put_field(NtlmWriter *writer, size_t size, size_t *offset) {
  ntlm_put_u16(writer, (unsigned)size);
  ntlm_put_u16(writer, (unsigned)size);
  ntlm_put_u32(writer, (uint32_t)*offset);
  *offset += size;
}

/* The one that others expect: 6.1, revision 15 of NTLM. */
void ntlm_put_version(NtlmWriter *writer) {
  ntlm_put(writer, (const uint8_t[NTLM_VERSION_SIZE]){ 6, 1, 0, 0, 0, 0, 0, 15 }, NTLM_VERSION_SIZE);
}
