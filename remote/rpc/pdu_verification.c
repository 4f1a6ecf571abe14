/* Verification trailers: what stands signed behind the arguments of a request ([MS-RPCE] 2.2.2.13). */
#include <string.h>

#include "remote/rpc/pdu.h"

static const uint8_t MAGIC[8] = { 0x8a, 0xe3, 0x13, 0x71, 0x02, 0xf4, 0x36, 0x71 };
static const GUID NDR = { 0x8a885d04, 0x1ceb, 0x11c9, { 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60 } };

enum {
  COMMAND_BITS = 1,
  COMMAND_INTERFACE = 2,
  COMMAND_HEADER = 3,
  COMMAND_MASK = 0x3fff,
  COMMAND_LAST = 0x4000,
  COMMAND_MUST = 0x8000, /* refuse what does not know it */
  SEARCHED = 512,        /* bytes of the stub's end that are looked at */
  SLACK = 15,            /* that may follow: padding of others */
  NDR_VERSION = 2
};

bool pdu_is_ndr(const GUID *syntax, uint32_t version) {
  return IsEqualGUID(syntax, &NDR) && version == NDR_VERSION;
}

static void take_command(Cursor *cursor, unsigned command, PduVerification *found) {
  switch (command) {
  case COMMAND_BITS:
    found->has_bits = true;
    found->bits = cursor_u32(cursor);
    break;
  case COMMAND_INTERFACE:
    found->has_interface = true;
    found->iid = cursor_guid(cursor);
    found->version = cursor_u32(cursor);
    found->syntax = cursor_guid(cursor);
    found->syntax_version = cursor_u32(cursor);
    break;
  default:
    found->has_header = true;
    found->type = cursor_u8(cursor);
    cursor_skip(cursor, 3);
    cursor_skip(cursor, 4); /* representation of data: there is one */
    found->call_id = cursor_u32(cursor);
    found->context_id = cursor_u16(cursor);
    found->opnum = cursor_u16(cursor);
  }
}

/* From behind the magic. False: these are no commands, but bytes that look like their begin. */
static bool take_commands(Cursor cursor, PduVerification *found, bool *damaged) {
  static const size_t sizes[] = { [COMMAND_BITS] = 4, [COMMAND_INTERFACE] = 40, [COMMAND_HEADER] = 16 };
  *damaged = false;
  for (bool last = false; !last;) {
    unsigned said = cursor_u16(&cursor), command = said & COMMAND_MASK;
    size_t size = cursor_u16(&cursor);
    Cursor value = cursor_slice(&cursor, cursor.position, size);
    if (cursor.failed || !cursor_skip(&cursor, size))
      return false;
    last = said & COMMAND_LAST;
    if (command >= COMMAND_BITS && command <= COMMAND_HEADER)
      *damaged = *damaged || size != sizes[command];
    else
      *damaged = *damaged || said & COMMAND_MUST;
    if (command >= COMMAND_BITS && command <= COMMAND_HEADER && size == sizes[command])
      take_command(&value, command, found);
  }
  return cursor_left(&cursor) <= SLACK;
}

PduFound pdu_find_verification(const uint8_t *stub, size_t size, PduVerification *found) {
  size_t at = size > SEARCHED ? (size - SEARCHED + 3) & ~(size_t)3 : 0;
  for (; at + sizeof MAGIC + 4 <= size; at += 4) {
    if (memcmp(stub + at, MAGIC, sizeof MAGIC) != 0)
      continue;
    bool damaged;
    Cursor cursor = cursor_over(stub, size);
    cursor_seek(&cursor, at + sizeof MAGIC);
    *found = (PduVerification){ .begin = at };
    if (take_commands(cursor, found, &damaged))
      return damaged ? PDU_DAMAGED : PDU_FOUND;
  }
  return PDU_ABSENT;
}

static uint8_t *put(uint8_t *to, uint32_t value, unsigned size) {
  for (unsigned i = 0; i < size; i++)
    to[i] = (uint8_t)(value >> 8 * i);
  return to + size;
}

size_t pdu_put_verification(uint8_t to[PDU_VERIFICATION_SIZE + 4], size_t stub, const IID *iid, uint32_t call_id,
                            uint16_t context_id, uint16_t opnum) {
  uint8_t *at = to;
  for (size_t pad = -stub & 3; pad; pad--)
    *at++ = 0;
  memcpy(at, MAGIC, sizeof MAGIC);
  at = put(at + sizeof MAGIC, COMMAND_BITS, 2);
  at = put(at, 4, 2);
  at = put(at, 1, 4);
  at = put(at, COMMAND_INTERFACE, 2);
  at = put(at, 40, 2);
  memcpy(at, iid, sizeof *iid);
  at = put(at + sizeof *iid, 0, 4);
  memcpy(at, &NDR, sizeof NDR);
  at = put(at + sizeof NDR, NDR_VERSION, 4);
  at = put(at, COMMAND_HEADER | COMMAND_LAST, 2);
  at = put(at, 16, 2);
  at = put(at, PDU_REQUEST, 4);
  at = put(at, 0x10, 4);
  at = put(at, call_id, 4);
  at = put(at, context_id, 2);
  at = put(at, opnum, 2);
  return (size_t)(at - to);
}
