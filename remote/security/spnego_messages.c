/* The messages of SPNEGO (spnego_messages.h). */
#include "remote/security/spnego_messages.h"

#include <stdlib.h>
#include <string.h>

enum {
  DER_BITS = 0x03,
  DER_OCTETS = 0x04,
  DER_OID = 0x06,
  DER_ENUMERATED = 0x0a,
  DER_SEQUENCE = 0x30,
  DER_APPLICATION = 0x60,
  DER_CONTEXT = 0xa0
};

static const SpnegoBytes spnego_oid = { (const uint8_t *)"\x2b\x06\x01\x05\x05\x02", 6 };
static const SpnegoBytes oids[MECHANISM_COUNT] = {
  [MECHANISM_KERBEROS] = { (const uint8_t *)"\x2a\x86\x48\x86\xf7\x12\x01\x02\x02", 9 },
  [MECHANISM_KERBEROS_MS] = { (const uint8_t *)"\x2a\x86\x48\x82\xf7\x12\x01\x02\x02", 9 },
  [MECHANISM_NTLM] = { (const uint8_t *)"\x2b\x06\x01\x04\x01\x82\x37\x02\x02\x0a", 10 },
};

static bool is_same(SpnegoBytes first, SpnegoBytes second) {
  return first.size == second.size && memcmp(first.data, second.data, first.size) == 0;
}

static SpnegoMechanism mechanism_of(SpnegoBytes oid) {
  for (SpnegoMechanism i = MECHANISM_KERBEROS; i < MECHANISM_COUNT; i++) {
    if (is_same(oids[i], oid))
      return i;
  }
  return MECHANISM_NONE;
}

/* Reading: each takes one element off the front. */

static bool take_length(SpnegoBytes *from, size_t *length) {
  if (!from->size)
    return false;
  uint8_t first = *from->data++;
  from->size--;
  *length = first;
  if (first < 0x80)
    return true;
  unsigned count = first & 0x7f;
  if (!count || count > 4 || count > from->size)
    return false;
  *length = 0;
  for (unsigned i = 0; i < count; i++)
    *length = *length << 8 | from->data[i];
  from->data += count;
  from->size -= count;
  return true;
}

static bool take(SpnegoBytes *from, uint8_t tag, SpnegoBytes *inner) {
  SpnegoBytes rest = *from;
  size_t length;
  if (!rest.size || *rest.data != tag)
    return false;
  rest.data++;
  rest.size--;
  if (!take_length(&rest, &length) || length > rest.size)
    return false;
  *inner = (SpnegoBytes){ rest.data, length };
  *from = (SpnegoBytes){ rest.data + length, rest.size - length };
  return true;
}

/* An optional field: true where it is not there. */
static bool take_field(SpnegoBytes *from, unsigned number, uint8_t tag, SpnegoBytes *inner) {
  SpnegoBytes field;
  *inner = (SpnegoBytes){ NULL, 0 };
  if (!from->size || *from->data != (DER_CONTEXT | number))
    return true;
  return take(from, (uint8_t)(DER_CONTEXT | number), &field) && take(&field, tag, inner) && !field.size;
}

static bool read_mechanisms(SpnegoBytes list, SpnegoInit *init) {
  SpnegoBytes oid;
  for (init->count = 0; list.size; init->count++) {
    if (init->count >= SPNEGO_MECHANISM_LIMIT || !take(&list, DER_OID, &oid))
      return false;
    init->mechanisms[init->count] = mechanism_of(oid);
  }
  return init->count > 0;
}

bool spnego_read_init(const uint8_t *bytes, size_t size, SpnegoInit *init) {
  SpnegoBytes all = { bytes, size }, frame, oid, choice, body, field, list, bits;
  *init = (SpnegoInit){ .count = 0 };
  if (take(&all, DER_APPLICATION, &frame)) {
    if (all.size || !take(&frame, DER_OID, &oid) || !is_same(oid, spnego_oid))
      return false;
    all = frame;
  }
  if (!take(&all, DER_CONTEXT, &choice) || all.size || !take(&choice, DER_SEQUENCE, &body) || choice.size ||
      !take(&body, DER_CONTEXT, &field))
    return false;
  init->list = field; /* with its own head */
  return take(&field, DER_SEQUENCE, &list) && !field.size && read_mechanisms(list, init) &&
         take_field(&body, 1, DER_BITS, &bits) && take_field(&body, 2, DER_OCTETS, &init->token) &&
         (take_field(&body, 3, DER_OCTETS, &init->mic) || take(&body, DER_CONTEXT | 3, &bits)); /* hints of others */
}

bool spnego_read_response(const uint8_t *bytes, size_t size, SpnegoResponse *response) {
  SpnegoBytes all = { bytes, size }, choice, body, state, oid;
  *response = (SpnegoResponse){ .state = SPNEGO_UNSAID };
  if (!take(&all, DER_CONTEXT | 1, &choice) || all.size || !take(&choice, DER_SEQUENCE, &body) || choice.size ||
      !take_field(&body, 0, DER_ENUMERATED, &state) || !take_field(&body, 1, DER_OID, &oid) ||
      !take_field(&body, 2, DER_OCTETS, &response->token) || !take_field(&body, 3, DER_OCTETS, &response->mic))
    return false;
  if (state.data && (state.size != 1 || *state.data > SPNEGO_REQUEST_MIC))
    return false;
  if (state.data)
    response->state = (SpnegoState)*state.data;
  response->has_mechanism = oid.data;
  if (oid.data)
    response->mechanism = mechanism_of(oid);
  return !body.size;
}

/* Writing: from the end, so that each length is known when its head is written. */

typedef struct Writer {
  uint8_t *data;
  size_t capacity, at; /* what is written begins at `at` */
} Writer;

static bool begin(Writer *writer, size_t content) {
  writer->capacity = writer->at = content + 256;
  writer->data = malloc(writer->capacity);
  return writer->data;
}

static void put(Writer *writer, SpnegoBytes bytes) {
  writer->at -= bytes.size;
  if (bytes.size)
    memcpy(writer->data + writer->at, bytes.data, bytes.size);
}

static void put_byte(Writer *writer, size_t value) {
  writer->data[--writer->at] = (uint8_t)value;
}

/* What was written since `end` becomes the content of an element. */
static void wrap(Writer *writer, uint8_t tag, size_t end) {
  size_t length = end - writer->at;
  if (length < 0x80) {
    put_byte(writer, length);
  } else {
    unsigned count = 0;
    for (size_t left = length; left; left >>= 8, count++)
      put_byte(writer, left & 0xff);
    put_byte(writer, 0x80u | count);
  }
  put_byte(writer, tag);
}

static void put_element(Writer *writer, uint8_t tag, SpnegoBytes content) {
  size_t end = writer->at;
  put(writer, content);
  wrap(writer, tag, end);
}

static void put_field(Writer *writer, unsigned number, uint8_t tag, SpnegoBytes content) {
  size_t end = writer->at;
  if (!content.data)
    return;
  put_element(writer, tag, content);
  wrap(writer, (uint8_t)(DER_CONTEXT | number), end);
}

static bool finish(Writer *writer, SecurityToken *token) {
  size_t size = writer->capacity - writer->at;
  memmove(writer->data, writer->data + writer->at, size);
  *token = (SecurityToken){ writer->data, size };
  return true;
}

static bool copy(const uint8_t *data, size_t size, SecurityToken *token) {
  *token = (SecurityToken){ malloc(size), size };
  if (token->data)
    memcpy(token->data, data, size);
  return token->data;
}

bool spnego_write_init(const SpnegoMechanism *mechanisms, unsigned count, SpnegoBytes token, SecurityToken *message,
                       SecurityToken *list) {
  Writer writer;
  if (!begin(&writer, token.size))
    return false;
  size_t end = writer.at;
  put_field(&writer, 2, DER_OCTETS, token);
  size_t list_end = writer.at;
  for (unsigned i = count; i-- > 0;)
    put_element(&writer, DER_OID, oids[mechanisms[i]]);
  wrap(&writer, DER_SEQUENCE, list_end);
  if (!copy(writer.data + writer.at, list_end - writer.at, list)) {
    free(writer.data);
    return false;
  }
  wrap(&writer, DER_CONTEXT, list_end);
  wrap(&writer, DER_SEQUENCE, end);
  wrap(&writer, DER_CONTEXT, end);
  put_element(&writer, DER_OID, spnego_oid);
  wrap(&writer, DER_APPLICATION, end);
  return finish(&writer, message);
}

bool spnego_write_response(const SpnegoResponse *response, SecurityToken *message) {
  Writer writer;
  uint8_t state = (uint8_t)response->state;
  if (!begin(&writer, response->token.size + response->mic.size))
    return false;
  size_t end = writer.at;
  put_field(&writer, 3, DER_OCTETS, response->mic);
  put_field(&writer, 2, DER_OCTETS, response->token);
  if (response->has_mechanism)
    put_field(&writer, 1, DER_OID, oids[response->mechanism]);
  if (response->state != SPNEGO_UNSAID)
    put_field(&writer, 0, DER_ENUMERATED, (SpnegoBytes){ &state, 1 });
  wrap(&writer, DER_SEQUENCE, end);
  wrap(&writer, DER_CONTEXT | 1, end);
  return finish(&writer, message);
}
