/* The PDUs of connection-oriented RPC (pdu.h). */
#include "remote/rpc/pdu.h"

#include <string.h>

/* NDR 2.0: {8a885d04-1ceb-11c9-9fe8-08002b104860} version 2. */
static const GUID NDR = { 0x8a885d04, 0x1ceb, 0x11c9, { 0x9f, 0xe8, 0x08, 0x00, 0x2b, 0x10, 0x48, 0x60 } };
enum { NDR_VERSION = 2 };

/* Bind-time features: {6cb71c2c-9812-4540-...}, the rest are the features. */
static const uint8_t FEATURES[8] = { 0x2c, 0x1c, 0xb7, 0x6c, 0x12, 0x98, 0x40, 0x45 };

/* {4f6c6561-6e64-6572-8c1f-9d5e0b7a6a01}, an interface without methods. */
const GUID PDU_LARGE_FRAGMENTS = { 0x4f6c6561, 0x6e64, 0x6572, { 0x8c, 0x1f, 0x9d, 0x5e, 0x0b, 0x7a, 0x6a, 0x01 } };

enum {
  OFFSET_FLAGS = 3,
  OFFSET_LENGTH = 8,
  OFFSET_AUTH = 10,
  OFFSET_CALL = 12,
  OFFSET_HINT = 16,
  TRAILER_SIZE = PDU_TRAILER_SIZE
};

/* Reading */

static bool has_stub(uint8_t type) {
  return type == PDU_REQUEST || type == PDU_RESPONSE;
}

static bool is_known(uint8_t type) {
  return type <= PDU_ORPHANED && type != 1 && !(type >= 4 && type <= 10);
}

/* Where the length is not said: after the hint. */
static PduProgress read_large(const uint8_t *bytes, size_t size, PduHeader *header) {
  if (!has_stub(header->type) || header->auth_length)
    return PDU_WRONG;
  if (size < OFFSET_HINT + 4)
    return PDU_INCOMPLETE;
  header->length = header->head + little_u32(bytes + OFFSET_HINT);
  return PDU_READ;
}

PduProgress pdu_read_header(const uint8_t *bytes, size_t size, bool large, PduHeader *header) {
  if (size < PDU_HEADER_SIZE)
    return PDU_INCOMPLETE;
  header->type = bytes[2];
  header->flags = bytes[OFFSET_FLAGS];
  header->length = little_u16(bytes + OFFSET_LENGTH);
  header->auth_length = little_u16(bytes + OFFSET_AUTH);
  header->call_id = little_u32(bytes + OFFSET_CALL);
  header->head = !has_stub(header->type) ? PDU_HEADER_SIZE : PDU_BODY_SIZE;
  if (header->type == PDU_REQUEST && header->flags & PDU_OBJECT)
    header->head = PDU_HEAD_LIMIT;
  /* Versions 5.0 and 5.1 differ in nothing that is used; integers and characters as we have them. */
  if (bytes[0] != 5 || bytes[1] > 1 || bytes[4] != 0x10 || !is_known(header->type))
    return PDU_WRONG;
  if (header->length == 0 && large)
    return read_large(bytes, size, header);
  size_t trailer = header->auth_length ? TRAILER_SIZE + (size_t)header->auth_length : 0;
  return header->length >= header->head + trailer ? PDU_READ : PDU_WRONG;
}

void pdu_read_body(const uint8_t *bytes, const PduHeader *header, PduBody *body) {
  Cursor cursor = cursor_over(bytes, header->head);
  cursor_skip(&cursor, PDU_HEADER_SIZE);
  *body = (PduBody){ .alloc_hint = cursor_u32(&cursor), .context_id = cursor_u16(&cursor) };
  if (header->type == PDU_REQUEST)
    body->opnum = cursor_u16(&cursor);
  else
    body->cancel_count = cursor_u8(&cursor);
  if (header->head == PDU_HEAD_LIMIT)
    body->object = cursor_guid(&cursor);
}

static Cursor body_of(const uint8_t *bytes, const PduHeader *header) {
  Cursor cursor = cursor_over(bytes, header->length);
  cursor_skip(&cursor, PDU_HEADER_SIZE);
  return cursor;
}

bool pdu_read_fault(const uint8_t *bytes, const PduHeader *header, PduFault *fault) {
  Cursor cursor = body_of(bytes, header);
  cursor_skip(&cursor, 4);
  fault->context_id = cursor_u16(&cursor);
  cursor_skip(&cursor, 2);
  fault->status = cursor_u32(&cursor);
  return !cursor.failed;
}

bool pdu_read_bind(const uint8_t *bytes, const PduHeader *header, PduBind *bind) {
  Cursor cursor = body_of(bytes, header);
  bind->max_transmit = cursor_u16(&cursor);
  bind->max_receive = cursor_u16(&cursor);
  bind->association = cursor_u32(&cursor);
  bind->count = cursor_u8(&cursor);
  cursor_skip(&cursor, 3);
  bind->items = cursor;
  return !cursor.failed;
}

bool pdu_next_item(PduBind *bind, PduContextItem *item) {
  Cursor *cursor = &bind->items;
  *item = (PduContextItem){ .id = cursor_u16(cursor) };
  unsigned syntaxes = cursor_u8(cursor);
  cursor_skip(cursor, 1);
  item->iid = cursor_guid(cursor);
  item->version = cursor_u32(cursor);
  while (syntaxes-- && !cursor->failed) {
    const uint8_t *syntax = cursor_at(cursor, cursor->position, sizeof(GUID));
    item->features = item->features || (syntax && memcmp(syntax, FEATURES, sizeof FEATURES) == 0);
    GUID identifier = cursor_guid(cursor);
    uint32_t version = cursor_u32(cursor);
    item->ndr = item->ndr || (IsEqualGUID(&identifier, &NDR) && version == NDR_VERSION);
  }
  return !cursor->failed;
}

bool pdu_read_bind_ack(const uint8_t *bytes, const PduHeader *header, PduBind *ack) {
  Cursor cursor = body_of(bytes, header);
  ack->max_transmit = cursor_u16(&cursor);
  ack->max_receive = cursor_u16(&cursor);
  ack->association = cursor_u32(&cursor);
  size_t address = cursor_u16(&cursor);
  cursor_skip(&cursor, address);
  cursor_skip(&cursor, -cursor.position & 3);
  ack->count = cursor_u8(&cursor);
  cursor_skip(&cursor, 3);
  ack->items = cursor;
  return !cursor.failed;
}

bool pdu_next_result(PduBind *ack, PduContextResult *result) {
  result->result = cursor_u16(&ack->items);
  result->reason = cursor_u16(&ack->items);
  cursor_skip(&ack->items, sizeof(GUID) + 4);
  return !ack->items.failed;
}

bool pdu_read_bind_nak(const uint8_t *bytes, const PduHeader *header, uint16_t *reason) {
  Cursor cursor = body_of(bytes, header);
  *reason = cursor_u16(&cursor);
  return !cursor.failed;
}

bool pdu_read_trailer(const uint8_t *bytes, const PduHeader *header, PduTrailer *trailer) {
  size_t begin = header->length - header->auth_length - TRAILER_SIZE;
  Cursor cursor = cursor_over(bytes, header->length);
  if (!header->auth_length || header->length < header->head + TRAILER_SIZE + header->auth_length || begin & 3)
    return false;
  cursor_seek(&cursor, begin);
  trailer->type = cursor_u8(&cursor);
  trailer->level = cursor_u8(&cursor);
  trailer->pad = cursor_u8(&cursor);
  cursor_skip(&cursor, 1);
  trailer->context_id = cursor_u32(&cursor);
  trailer->value = cursor_bytes(&cursor, header->auth_length);
  trailer->stub_end = begin - trailer->pad;
  return !cursor.failed && trailer->pad <= begin - header->head;
}

/* Writing */

static void store_u16(uint8_t *to, size_t value) {
  to[0] = (uint8_t)value;
  to[1] = (uint8_t)(value >> 8);
}

static void store_u32(uint8_t *to, uint32_t value) {
  store_u16(to, value);
  store_u16(to + 2, value >> 16);
}

static void store_header(uint8_t *to, PduType type, uint8_t flags, size_t length, uint32_t call_id) {
  memcpy(to, (const uint8_t[8]){ 5, 0, (uint8_t)type, flags, 0x10, 0, 0, 0 }, 8);
  store_u16(to + OFFSET_LENGTH, length);
  store_u16(to + OFFSET_AUTH, 0);
  store_u32(to + OFFSET_CALL, call_id);
}

size_t pdu_put_request(uint8_t head[PDU_HEAD_LIMIT], uint32_t call_id, uint16_t context_id, uint16_t opnum,
                       const GUID *object, bool maybe) {
  bool has_object = !IsEqualGUID(object, &GUID_NULL);
  store_header(head, PDU_REQUEST, (uint8_t)((has_object ? PDU_OBJECT : 0) | (maybe ? PDU_MAYBE : 0)), 0, call_id);
  store_u16(head + 20, context_id);
  store_u16(head + 22, opnum);
  if (!has_object)
    return PDU_BODY_SIZE;
  memcpy(head + PDU_BODY_SIZE, object, sizeof *object); /* little endian, as it lies in memory */
  return PDU_HEAD_LIMIT;
}

size_t pdu_put_response(uint8_t head[PDU_HEAD_LIMIT], uint32_t call_id, uint16_t context_id) {
  store_header(head, PDU_RESPONSE, 0, 0, call_id);
  store_u16(head + 20, context_id);
  store_u16(head + 22, 0); /* no cancels */
  return PDU_BODY_SIZE;
}

void pdu_set_fragment(uint8_t *head, size_t head_size, size_t stub, size_t left, bool first, bool large) {
  head[OFFSET_FLAGS] = (uint8_t)((head[OFFSET_FLAGS] & ~(PDU_FIRST | PDU_LAST)) | (first ? PDU_FIRST : 0) |
                                 (stub == left ? PDU_LAST : 0));
  store_u16(head + OFFSET_LENGTH, large ? 0 : head_size + stub);
  store_u32(head + OFFSET_HINT, (uint32_t)left);
}

void pdu_put_fault(uint8_t pdu[PDU_FAULT_SIZE], uint32_t call_id, uint16_t context_id, uint32_t status, bool executed) {
  memset(pdu, 0, PDU_FAULT_SIZE);
  store_header(pdu, PDU_FAULT, (uint8_t)(PDU_FIRST | PDU_LAST | (executed ? 0 : PDU_DID_NOT_EXECUTE)), PDU_FAULT_SIZE,
               call_id);
  store_u32(pdu + OFFSET_HINT, PDU_FAULT_SIZE);
  store_u16(pdu + 20, context_id);
  store_u32(pdu + 24, status);
}

void pdu_put_plain(uint8_t pdu[PDU_HEADER_SIZE], PduType type, uint32_t call_id) {
  store_header(pdu, type, PDU_FIRST | PDU_LAST, PDU_HEADER_SIZE, call_id);
}

/* Zeros, to be filled in; NULL where there is no room. */
static uint8_t *append(PduWriter *writer, size_t size) {
  if (writer->failed || size > writer->capacity - writer->size) {
    writer->failed = true;
    return NULL;
  }
  uint8_t *at = writer->data + writer->size;
  memset(at, 0, size);
  writer->size += size;
  return at;
}

/* The header, the two sizes and the group. */
static void begin(PduWriter *writer, PduType type, uint32_t call_id, uint32_t association) {
  writer->size = 0;
  writer->failed = false;
  uint8_t *at = append(writer, PDU_HEADER_SIZE + 8);
  if (!at)
    return;
  store_header(at, type, PDU_FIRST | PDU_LAST | PDU_MULTIPLEX, 0, call_id);
  store_u16(at + 16, PDU_FRAGMENT_SIZE);
  store_u16(at + 18, PDU_FRAGMENT_SIZE);
  store_u32(at + 20, association);
}

void pdu_set_fragments(PduWriter *writer, size_t transmit, size_t receive) {
  if (writer->failed)
    return;
  store_u16(writer->data + PDU_HEADER_SIZE, transmit);
  store_u16(writer->data + PDU_HEADER_SIZE + 2, receive);
}

size_t pdu_agree_fragment(uint16_t said) {
  size_t least = said < PDU_FRAGMENT_LEAST ? PDU_FRAGMENT_LEAST : said;
  return (least < PDU_FRAGMENT_SIZE ? least : PDU_FRAGMENT_SIZE) & ~(size_t)7;
}

static void put_count(PduWriter *writer, unsigned count) {
  uint8_t *at = append(writer, 4);
  if (at)
    at[0] = (uint8_t)count;
}

void pdu_begin_bind(PduWriter *writer, PduType type, uint32_t call_id, uint32_t association, unsigned count) {
  begin(writer, type, call_id, association);
  put_count(writer, count);
}

static void put_syntax(PduWriter *writer, const GUID *identifier, uint32_t version) {
  uint8_t *at = append(writer, sizeof *identifier + 4);
  if (!at)
    return;
  memcpy(at, identifier, sizeof *identifier);
  store_u32(at + sizeof *identifier, version);
}

void pdu_put_item(PduWriter *writer, uint16_t id, const IID *iid, uint32_t version) {
  uint8_t *at = append(writer, 4);
  if (!at)
    return;
  store_u16(at, id);
  at[2] = 1;
  put_syntax(writer, iid, version);
  put_syntax(writer, &NDR, NDR_VERSION);
}

void pdu_begin_bind_ack(PduWriter *writer, PduType type, uint32_t call_id, uint32_t association, const char *address,
                        unsigned count) {
  size_t length = *address ? strlen(address) + 1 : 0;
  begin(writer, type, call_id, association);
  uint8_t *at = append(writer, 2 + length);
  if (at) {
    store_u16(at, length);
    memcpy(at + 2, address, length);
  }
  append(writer, -writer->size & 3);
  put_count(writer, count);
}

void pdu_put_result(PduWriter *writer, PduResult result, uint16_t reason) {
  uint8_t *at = append(writer, 4);
  if (!at)
    return;
  store_u16(at, result);
  store_u16(at + 2, reason);
  put_syntax(writer, result == PDU_ACCEPTED ? &NDR : &GUID_NULL, result == PDU_ACCEPTED ? NDR_VERSION : 0);
}

void pdu_put_bind_nak(PduWriter *writer, uint32_t call_id, uint16_t reason) {
  writer->size = 0;
  writer->failed = false;
  uint8_t *at = append(writer, PDU_HEADER_SIZE + 8);
  if (!at)
    return;
  store_header(at, PDU_BIND_NAK, PDU_FIRST | PDU_LAST, 0, call_id);
  store_u16(at + 16, reason);
  at[18] = 1; /* one version: 5.0 */
  at[19] = 5;
}

bool pdu_end(PduWriter *writer) {
  if (writer->failed || writer->size > PDU_FRAGMENT_LIMIT)
    return false;
  store_u16(writer->data + OFFSET_LENGTH, writer->size);
  return true;
}

/* Trailers */

void pdu_set_flags(PduWriter *writer, uint8_t flags) {
  if (!writer->failed)
    writer->data[OFFSET_FLAGS] |= flags;
}

void pdu_set_trailer(uint8_t *pdu, size_t size, uint8_t type, uint8_t level, size_t pad, uint32_t context_id,
                     size_t value) {
  uint8_t *at = pdu + size;
  memcpy(at, (const uint8_t[4]){ type, level, (uint8_t)pad, 0 }, 4);
  store_u32(at + 4, context_id);
  store_u16(pdu + OFFSET_AUTH, value);
  store_u16(pdu + OFFSET_LENGTH, size + TRAILER_SIZE + value);
}

void pdu_put_trailer(PduWriter *writer, uint8_t type, uint8_t level, uint32_t context_id, const void *value,
                     size_t size) {
  size_t before = writer->size;
  uint8_t *at = append(writer, TRAILER_SIZE + size);
  if (!at)
    return;
  memcpy(at + TRAILER_SIZE, value, size);
  pdu_set_trailer(writer->data, before, type, level, 0, context_id, size);
}

void pdu_begin_auth3(PduWriter *writer, uint32_t call_id) {
  writer->size = 0;
  writer->failed = false;
  uint8_t *at = append(writer, PDU_HEADER_SIZE + 4);
  if (at)
    store_header(at, PDU_AUTH3, PDU_FIRST | PDU_LAST, 0, call_id);
}
