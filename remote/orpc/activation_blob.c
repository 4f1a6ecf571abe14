/* Activation properties (activation_blob.h). Each is a type serialization of version 1 ([MS-RPCE] 2.2.6): a head of 16 bytes, and
 * a body of NDR of a multiple of 8 bytes. */
#include "remote/orpc/activation_blob.h"

#include <string.h>

#include "remote/orpc/native_call.h"
#include "remote/orpc/objref.h"

#define DCOM_GUID(number)                                                                                              \
  {                                                                                                                    \
    (number), 0, 0, {                                                                                                  \
      0xC0, 0, 0, 0, 0, 0, 0, 0x46                                                                                     \
    }                                                                                                                  \
  }

const IID IID_IRemoteSCMActivator = DCOM_GUID(0x1A0);
const IID IID_IActivation = { 0x4D9F4AB8, 0x7D1C, 0x11CF, { 0x86, 0x1E, 0x00, 0x20, 0xAF, 0x6E, 0x7C, 0x57 } };

static const IID IID_PROPERTIES_IN = DCOM_GUID(0x1A2), IID_PROPERTIES_OUT = DCOM_GUID(0x1A3);
static const CLSID CLSID_PROPERTIES_IN = DCOM_GUID(0x338), CLSID_PROPERTIES_OUT = DCOM_GUID(0x339);

typedef enum Property {
  SPECIAL_SYSTEM = 0x1B9,
  INSTANTIATION = 0x1AB,
  CONTEXT = 0x1A5,
  SECURITY = 0x1A6,
  LOCATION = 0x1A4,
  SCM_REQUEST = 0x1AA,
  PROPERTIES_OUT = 0x339,
  SCM_REPLY = 0x1B6
} Property;

enum { HEAD_SIZE = 16, PROPERTY_LIMIT = 10, OTHER_HOST = 2 };

static GUID guid_of(uint32_t number) {
  return (GUID)DCOM_GUID(number);
}

/* Writing */

static void patch(NdrWriter *writer, size_t at, uint32_t value) {
  if (!writer->error)
    memcpy(writer->data + at, &value, sizeof value);
}

/* Gives where the body begins. */
static size_t begin_body(NdrWriter *writer) {
  ndr_align(writer, 8);
  ndr_put_bytes(writer, (const uint8_t[HEAD_SIZE]){ 1, 0x10, 8, 0, 0xCC, 0xCC, 0xCC, 0xCC }, HEAD_SIZE);
  return writer->length;
}

/* Gives the size with its head. */
static uint32_t end_body(NdrWriter *writer, size_t begin) {
  static const uint8_t zeros[8];
  ndr_put_bytes(writer, zeros, -(writer->length - begin) & 7);
  uint32_t size = (uint32_t)(writer->length - begin);
  patch(writer, begin - 8, size);
  return size + HEAD_SIZE;
}

typedef struct Blob {
  NdrWriter *writer;
  size_t custom; /* where the size of the custom data stands */
  size_t total;  /* where dwSize stands */
  size_t header; /* the body of the CustomHeader, and what is filled in there: */
  size_t sizes;
  unsigned count;
  uint32_t property_sizes[PROPERTY_LIMIT];
} Blob;

/* The custom reference, dwSize, and the CustomHeader with sizes to come. */
static Blob begin_blob(NdrWriter *writer, const IID *iid, const CLSID *clsid, const Property *properties,
                       unsigned count) {
  Blob blob = { .writer = writer, .count = count };
  uint8_t head[OBJREF_HEAD + OBJREF_CUSTOM_HEAD];
  objref_write_custom_head(head, iid, clsid, 0);
  blob.custom = writer->length + sizeof head - 4;
  ndr_put_bytes(writer, head, sizeof head);
  blob.total = writer->length;
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, 0);
  blob.header = begin_body(writer);
  ndr_put_u32(writer, 0); /* totalSize */
  ndr_put_u32(writer, 0); /* headerSize */
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, OTHER_HOST);
  ndr_put_u32(writer, count);
  ndr_put_guid(writer, &GUID_NULL);
  ndr_put_pointer(writer, properties);
  ndr_put_pointer(writer, properties);
  ndr_put_pointer(writer, NULL);
  ndr_put_u32(writer, count);
  for (unsigned i = 0; i < count; i++) {
    GUID guid = guid_of(properties[i]);
    ndr_put_guid(writer, &guid);
  }
  ndr_put_u32(writer, count);
  blob.sizes = writer->length;
  for (unsigned i = 0; i < count; i++)
    ndr_put_u32(writer, 0);
  patch(writer, blob.header + 4, end_body(writer, blob.header));
  return blob;
}

static void end_blob(Blob *blob) {
  NdrWriter *writer = blob->writer;
  uint32_t size = (uint32_t)(writer->length - blob->total) - 8;
  for (unsigned i = 0; i < blob->count; i++)
    patch(writer, blob->sizes + 4 * i, blob->property_sizes[i]);
  patch(writer, blob->header, size);
  patch(writer, blob->total, size);
  patch(writer, blob->custom, size + 8);
}

static void put_zeros(NdrWriter *writer, unsigned count) {
  for (unsigned i = 0; i < count; i++)
    ndr_put_u32(writer, 0);
}

static void put_special_system(NdrWriter *writer) {
  ndr_put_u32(writer, UINT32_MAX); /* any session */
  put_zeros(writer, 3);
  ndr_put_u32(writer, RPC_C_AUTHN_LEVEL_PKT_INTEGRITY);
  ndr_put_guid(writer, &GUID_NULL);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, CLSCTX_REMOTE_SERVER);
  ndr_put_u32(writer, 2);
  ndr_put_u32(writer, 0);
  ndr_put_u64(writer, 0);
  put_zeros(writer, 5);
}

static void put_instantiation(NdrWriter *writer, const ActivationAsk *ask) {
  size_t begin = writer->length;
  ndr_put_guid(writer, &ask->clsid);
  ndr_put_u32(writer, ask->context);
  put_zeros(writer, 2);
  ndr_put_u32(writer, ask->count);
  ndr_put_u32(writer, 0);
  ndr_put_pointer(writer, ask->iids);
  size_t size = writer->length;
  ndr_put_u32(writer, 0);
  ndr_put_u16(writer, ORPC_MAJOR);
  ndr_put_u16(writer, ORPC_MINOR);
  ndr_put_u32(writer, ask->count);
  ndr_put_bytes(writer, ask->iids, ask->count * sizeof(IID));
  patch(writer, size, (uint32_t)((writer->length - begin + 7) & ~(size_t)7) + HEAD_SIZE);
}

/* pServerInfo names the host. */
static void put_security(NdrWriter *writer, const char *host) {
  size_t length = strlen(host) + 1;
  ndr_put_u32(writer, 0);
  ndr_put_pointer(writer, host);
  ndr_put_pointer(writer, NULL);
  ndr_put_u32(writer, 0);
  ndr_put_pointer(writer, host);
  ndr_put_pointer(writer, NULL);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, (uint32_t)length);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, (uint32_t)length);
  for (size_t i = 0; i < length; i++)
    ndr_put_u16(writer, (uint8_t)host[i]);
}

static void put_scm_request(NdrWriter *writer) {
  ndr_put_pointer(writer, NULL);
  ndr_put_pointer(writer, writer);
  ndr_put_u32(writer, RPC_C_IMP_LEVEL_IDENTIFY);
  ndr_put_u16(writer, 1);
  ndr_put_pointer(writer, writer);
  ndr_put_u32(writer, 1);
  ndr_put_u16(writer, TOWER_TCP);
}

void activation_put_ask(NdrWriter *writer, const ActivationAsk *ask, const char *host) {
  static const Property properties[] = { SPECIAL_SYSTEM, INSTANTIATION, CONTEXT, SECURITY, LOCATION, SCM_REQUEST };
  enum { COUNT = sizeof properties / sizeof properties[0] };
  Blob blob = begin_blob(writer, &IID_PROPERTIES_IN, &CLSID_PROPERTIES_IN, properties, COUNT);
  for (unsigned i = 0; i < COUNT; i++) {
    size_t body = begin_body(writer);
    switch (properties[i]) {
    case SPECIAL_SYSTEM:
      put_special_system(writer);
      break;
    case INSTANTIATION:
      put_instantiation(writer, ask);
      break;
    case SECURITY:
      put_security(writer, host);
      break;
    case SCM_REQUEST:
      put_scm_request(writer);
      break;
    case CONTEXT:
      put_zeros(writer, 6);
      break;
    default:
      put_zeros(writer, 4);
    }
    blob.property_sizes[i] = end_body(writer, body);
  }
  end_blob(&blob);
}

static void put_results(NdrWriter *writer, const ActivationAnswer *answer) {
  uint32_t count = answer->count;
  ndr_put_u32(writer, count);
  ndr_put_pointer(writer, answer);
  ndr_put_pointer(writer, answer);
  ndr_put_pointer(writer, answer);
  ndr_put_u32(writer, count);
  for (uint32_t i = 0; i < count; i++)
    ndr_put_guid(writer, &answer->results[i].iid);
  ndr_put_u32(writer, count);
  for (uint32_t i = 0; i < count; i++)
    ndr_put_u32(writer, (uint32_t)answer->results[i].result);
  ndr_put_u32(writer, count);
  for (uint32_t i = 0; i < count; i++)
    ndr_put_pointer(writer, answer->results[i].reference);
  for (uint32_t i = 0; i < count; i++) {
    if (!answer->results[i].reference)
      continue;
    ndr_put_u32(writer, answer->results[i].size);
    ndr_put_u32(writer, answer->results[i].size);
    ndr_put_bytes(writer, answer->results[i].reference, answer->results[i].size);
  }
}

static void put_scm_reply(NdrWriter *writer, const ActivationAnswer *answer) {
  ndr_put_pointer(writer, NULL);
  ndr_put_pointer(writer, answer);
  ndr_put_u64(writer, answer->oxid);
  ndr_put_pointer(writer, answer->bindings);
  ndr_put_guid(writer, &answer->rem_unknown);
  ndr_put_u32(writer, answer->level);
  ndr_put_u16(writer, ORPC_MAJOR);
  ndr_put_u16(writer, ORPC_MINOR);
  if (answer->bindings) {
    ndr_put_u32(writer, (uint32_t)(answer->binding_bytes - 4) / 2);
    ndr_put_bytes(writer, answer->bindings, answer->binding_bytes);
  }
}

void activation_put_answer(NdrWriter *writer, const ActivationAnswer *answer) {
  static const Property properties[] = { PROPERTIES_OUT, SCM_REPLY };
  Blob blob = begin_blob(writer, &IID_PROPERTIES_OUT, &CLSID_PROPERTIES_OUT, properties, 2);
  size_t body = begin_body(writer);
  put_results(writer, answer);
  blob.property_sizes[0] = end_body(writer, body);
  body = begin_body(writer);
  put_scm_reply(writer, answer);
  blob.property_sizes[1] = end_body(writer, body);
  end_blob(&blob);
}

/* Reading */

/* The properties, one behind the other. */
typedef struct BlobReader {
  const uint8_t *bytes; /* what follows dwReserved */
  size_t size, next;
  unsigned index, count;
  const uint8_t *clsids, *sizes;
} BlobReader;

/* A head at a place, and the body behind it. False: there is none. */
static bool read_head(const uint8_t *bytes, size_t size, size_t at, const uint8_t **body, size_t *body_size) {
  if (at > size || size - at < HEAD_SIZE || bytes[at] != 1 || bytes[at + 1] != 0x10)
    return false;
  size_t said = little_u32(bytes + at + 8), left = size - at - HEAD_SIZE;
  *body = bytes + at + HEAD_SIZE;
  *body_size = said && said <= left ? said : left;
  return true;
}

static HRESULT begin_reading(const uint8_t *bytes, size_t size, BlobReader *blob) {
  Objref objref;
  NdrReader reader;
  const uint8_t *body;
  size_t body_size;
  HRESULT status = objref_read(bytes, size, &objref);
  if (FAILED(status) || objref.kind != OBJREF_CUSTOM || objref.custom_bytes < 8)
    return E_INVALIDARG;
  *blob = (BlobReader){ .bytes = objref.custom + 8, .size = objref.custom_bytes - 8 };
  if (!read_head(blob->bytes, blob->size, 0, &body, &body_size))
    return E_INVALIDARG;
  ndr_reader_begin(&reader, body, body_size, NULL);
  ndr_get_u32(&reader);
  size_t header = ndr_get_u32(&reader);
  ndr_get_u32(&reader);
  ndr_get_u32(&reader);
  ndr_get_u32(&reader); /* cIfs: the arrays say it again */
  ndr_get_guid(&reader);
  bool clsids = ndr_get_pointer(&reader), sizes = ndr_get_pointer(&reader);
  ndr_get_pointer(&reader);
  blob->count = clsids && sizes ? ndr_get_count(&reader, sizeof(GUID)) : 0;
  blob->clsids = ndr_get_bytes(&reader, blob->count * sizeof(GUID));
  uint32_t size_count = ndr_get_count(&reader, 4);
  blob->sizes = ndr_get_bytes(&reader, size_count * sizeof(uint32_t));
  if (reader.error || size_count != blob->count || blob->count > PROPERTY_LIMIT)
    return E_INVALIDARG;
  /* Where the first one begins: behind the header's own size, unless that leads nowhere. */
  size_t said = little_u32(blob->bytes + 8);
  blob->next = HEAD_SIZE + ((said + 7) & ~(size_t)7);
  if (!read_head(blob->bytes, blob->size, blob->next, &body, &body_size))
    blob->next = header;
  return S_OK;
}

/* Its number, of those of DCOM; 0: another. */
static uint32_t number_of(const uint8_t *clsid) {
  GUID guid;
  memcpy(&guid, clsid, sizeof guid);
  GUID same = guid_of(guid.Data1);
  return IsEqualGUID(&guid, &same) ? guid.Data1 : 0;
}

/* False: there are no more, or they are damaged. */
static bool next_property(BlobReader *blob, uint32_t *number, NdrReader *reader) {
  const uint8_t *body, *after;
  size_t body_size, after_size;
  if (blob->index == blob->count || !read_head(blob->bytes, blob->size, blob->next, &body, &body_size))
    return false;
  *number = number_of(blob->clsids + blob->index * sizeof(GUID));
  ndr_reader_begin(reader, body, body_size, NULL);
  size_t said = little_u32(blob->sizes + 4 * blob->index);
  size_t own = HEAD_SIZE + ((little_u32(blob->bytes + blob->next + 8) + (size_t)7) & ~(size_t)7);
  bool own_fits =
      blob->index + 1 == blob->count || read_head(blob->bytes, blob->size, blob->next + own, &after, &after_size);
  blob->next += own_fits ? own : said;
  blob->index++;
  return true;
}

static HRESULT read_instantiation(NdrReader *reader, ActivationAsk *ask) {
  ask->clsid = ndr_get_guid(reader);
  ask->context = ndr_get_u32(reader);
  ndr_get_u32(reader);
  ndr_get_u32(reader);
  uint32_t wanted = ndr_get_u32(reader);
  ndr_get_u32(reader);
  bool there = ndr_get_pointer(reader);
  ndr_get_u32(reader);
  ndr_get_u32(reader); /* its version of COM */
  ask->count = there ? ndr_get_count(reader, sizeof(IID)) : 0;
  ask->iids = ndr_get_bytes(reader, ask->count * sizeof(IID));
  return reader->error || ask->count != wanted || !ask->count || ask->count > ACTIVATION_IID_LIMIT ? E_INVALIDARG
                                                                                                   : S_OK;
}

HRESULT activation_read_ask(const uint8_t *bytes, size_t size, ActivationAsk *ask) {
  BlobReader blob;
  NdrReader reader;
  uint32_t number;
  HRESULT status = begin_reading(bytes, size, &blob);
  while (SUCCEEDED(status) && next_property(&blob, &number, &reader)) {
    if (number == INSTANTIATION)
      return read_instantiation(&reader, ask);
  }
  return E_INVALIDARG;
}

static HRESULT read_results(NdrReader *reader, ActivationAnswer *answer) {
  uint32_t count = ndr_get_u32(reader);
  bool iids = ndr_get_pointer(reader), results = ndr_get_pointer(reader), references = ndr_get_pointer(reader);
  if (count != answer->count || !iids || !results || !references)
    return RPC_E_INVALID_DATA;
  const uint8_t *bytes =
      ndr_get_count(reader, sizeof(IID)) == count ? ndr_get_bytes(reader, count * sizeof(IID)) : NULL;
  for (uint32_t i = 0; bytes && i < count; i++)
    memcpy(&answer->results[i].iid, bytes + i * sizeof(IID), sizeof(IID));
  if (!bytes || ndr_get_count(reader, 4) != count)
    return RPC_E_INVALID_DATA;
  for (uint32_t i = 0; i < count; i++)
    answer->results[i].result = (HRESULT)ndr_get_u32(reader);
  if (ndr_get_count(reader, 4) != count)
    return RPC_E_INVALID_DATA;
  const uint8_t *pointers = ndr_get_bytes(reader, count * sizeof(uint32_t));
  for (uint32_t i = 0; pointers && i < count; i++) {
    answer->results[i].reference = NULL;
    answer->results[i].size = 0;
    if (!little_u32(pointers + 4 * i))
      continue;
    uint32_t room = ndr_get_count(reader, 1), size = ndr_get_u32(reader);
    if (size > room)
      return RPC_E_INVALID_DATA;
    answer->results[i].reference = (uint8_t *)(uintptr_t)ndr_get_bytes(reader, room);
    answer->results[i].size = size;
  }
  return reader->error;
}

static HRESULT read_scm_reply(NdrReader *reader, ActivationAnswer *answer) {
  ndr_get_pointer(reader);
  if (!ndr_get_pointer(reader))
    return RPC_E_INVALID_DATA;
  answer->oxid = ndr_get_u64(reader);
  bool there = ndr_get_pointer(reader);
  answer->rem_unknown = ndr_get_guid(reader);
  answer->level = ndr_get_u32(reader);
  ndr_get_u32(reader);
  if (there)
    answer->bindings = native_get_bindings(reader, &answer->binding_bytes);
  return reader->error;
}

HRESULT activation_read_answer(const uint8_t *bytes, size_t size, ActivationAnswer *answer) {
  BlobReader blob;
  NdrReader reader;
  uint32_t number;
  bool results = false, exporter = false;
  answer->bindings = NULL;
  answer->binding_bytes = 0;
  HRESULT status = begin_reading(bytes, size, &blob);
  while (SUCCEEDED(status) && next_property(&blob, &number, &reader)) {
    if (number == PROPERTIES_OUT) {
      status = read_results(&reader, answer);
      results = true;
    } else if (number == SCM_REPLY) {
      status = read_scm_reply(&reader, answer);
      exporter = true;
    }
  }
  return FAILED(status) ? RPC_E_INVALID_DATA : results && exporter ? S_OK : RPC_E_INVALID_DATA;
}
