/* OBJREFs from hostile bytes and to bytes; see objref.h. */
#include "remote/orpc/objref.h"

#include <stdlib.h>
#include <string.h>

#define EXTENDED_SIGNATURE 0x4E535956u /* before the bindings, and behind the count of elements */

/* Reading */

void stdobjref_get(Cursor *cursor, StdObjref *standard) {
  standard->flags = cursor_u32(cursor);
  standard->public_references = cursor_u32(cursor);
  standard->oxid = cursor_u64(cursor);
  standard->oid = cursor_u64(cursor);
  standard->ipid = cursor_guid(cursor);
}

/* The security bindings must lie within the array; what the strings are is asked by objref_binding. */
static void read_bindings(Cursor *cursor, Objref *objref) {
  objref->bindings = cursor_at(cursor, cursor->position, 4);
  uint16_t entries = cursor_u16(cursor), security = cursor_u16(cursor);
  objref->binding_bytes = 4 + 2 * (size_t)entries;
  cursor_skip(cursor, 2 * (size_t)entries);
  if (security > entries)
    cursor->failed = true;
}

/* Behind the bindings: one element of data, skipped. */
static void read_extension(Cursor *cursor) {
  uint32_t elements = cursor_u32(cursor);
  if (cursor_u32(cursor) != EXTENDED_SIGNATURE || elements != 1)
    cursor->failed = true;
  cursor_guid(cursor);
  uint32_t size = cursor_u32(cursor), rounded = cursor_u32(cursor);
  if (size > rounded)
    cursor->failed = true;
  cursor_skip(cursor, rounded);
}

/* Writers put the size of the data there, of all that follows, or nothing: what is there counts. */
static void read_custom(Cursor *cursor, Objref *objref) {
  objref->clsid = cursor_guid(cursor);
  cursor_u32(cursor);
  uint32_t size = cursor_u32(cursor);
  if (cursor->failed)
    return;
  objref->custom_bytes = size && size <= cursor_left(cursor) ? size : (uint32_t)cursor_left(cursor);
  objref->custom = cursor_bytes(cursor, objref->custom_bytes);
}

HRESULT objref_read(const void *bytes, size_t size, Objref *objref) {
  Cursor cursor = cursor_over(bytes, size);
  memset(objref, 0, sizeof *objref);
  if (cursor_u32(&cursor) != OBJREF_SIGNATURE)
    return RPC_E_INVALID_OBJREF;
  objref->kind = cursor_u32(&cursor);
  objref->iid = cursor_guid(&cursor);
  switch (objref->kind) {
  case OBJREF_CUSTOM:
    read_custom(&cursor, objref);
    break;
  case OBJREF_STANDARD:
  case OBJREF_HANDLER:
    stdobjref_get(&cursor, &objref->standard);
    if (objref->kind == OBJREF_HANDLER)
      objref->clsid = cursor_guid(&cursor);
    read_bindings(&cursor, objref);
    break;
  case OBJREF_EXTENDED:
    stdobjref_get(&cursor, &objref->standard);
    if (cursor_u32(&cursor) != EXTENDED_SIGNATURE)
      return RPC_E_INVALID_OBJREF;
    read_bindings(&cursor, objref);
    read_extension(&cursor);
    break;
  default:
    return RPC_E_INVALID_OBJREF;
  }
  objref->size = cursor.position;
  return cursor.failed ? RPC_E_INVALID_OBJREF : S_OK;
}

bool objref_binding(const Objref *objref, uint16_t tower, char *text, size_t room) {
  BindingsReader reader;
  uint16_t found;
  if (!objref->bindings || !bindings_read(&reader, objref->bindings, objref->binding_bytes))
    return false;
  while (bindings_next(&reader, &found, text, room)) {
    if (found == tower)
      return true;
  }
  return false;
}

/* Reading from a stream: as much as the head of each part promises, and no more. */

typedef struct StreamReader {
  IStream *stream;
  uint8_t *bytes; /* task memory */
  uint32_t size;
} StreamReader;

static HRESULT read_more(StreamReader *reader, uint32_t count) {
  uint8_t *grown = CoTaskMemRealloc(reader->bytes, reader->size + count);
  if (!grown)
    return E_OUTOFMEMORY;
  reader->bytes = grown;
  while (count) {
    ULONG done = 0;
    HRESULT status = IStream_Read(reader->stream, grown + reader->size, count, &done);
    if (FAILED(status))
      return status;
    if (!done || done > count)
      return STG_E_READFAULT;
    reader->size += done;
    count -= done;
  }
  return S_OK;
}

static HRESULT read_stream_bindings(StreamReader *reader) {
  HRESULT status = read_more(reader, 4);
  if (FAILED(status))
    return status;
  uint16_t entries = little_u16(reader->bytes + reader->size - 4);
  return entries ? read_more(reader, 2u * entries) : S_OK;
}

static HRESULT read_stream_extension(StreamReader *reader) {
  HRESULT status = read_more(reader, 8 + 16 + 8);
  if (FAILED(status))
    return status;
  uint32_t rounded = little_u32(reader->bytes + reader->size - 4);
  if (rounded > 0x100000)
    return RPC_E_INVALID_OBJREF;
  return rounded ? read_more(reader, rounded) : S_OK;
}

static HRESULT read_stream_rest(StreamReader *reader) {
  HRESULT status;
  switch (little_u32(reader->bytes + 4)) {
  case OBJREF_STANDARD:
    status = read_more(reader, STDOBJREF_SIZE);
    return FAILED(status) ? status : read_stream_bindings(reader);
  case OBJREF_HANDLER:
    status = read_more(reader, STDOBJREF_SIZE + sizeof(CLSID));
    return FAILED(status) ? status : read_stream_bindings(reader);
  case OBJREF_EXTENDED:
    status = read_more(reader, STDOBJREF_SIZE + 4);
    if (SUCCEEDED(status))
      status = read_stream_bindings(reader);
    return FAILED(status) ? status : read_stream_extension(reader);
  case OBJREF_CUSTOM:
    return read_more(reader, OBJREF_CUSTOM_HEAD);
  default:
    return RPC_E_INVALID_OBJREF;
  }
}

HRESULT objref_read_stream(IStream *stream, uint8_t **bytes, Objref *objref) {
  StreamReader reader = { .stream = stream };
  HRESULT status = read_more(&reader, OBJREF_HEAD);
  if (SUCCEEDED(status))
    status = little_u32(reader.bytes) == OBJREF_SIGNATURE ? read_stream_rest(&reader) : RPC_E_INVALID_OBJREF;
  if (SUCCEEDED(status))
    status = objref_read(reader.bytes, reader.size, objref);
  if (FAILED(status)) {
    CoTaskMemFree(reader.bytes);
    reader.bytes = NULL;
  }
  *bytes = reader.bytes;
  return status;
}

/* Writing */

static void put_u16(uint8_t *bytes, uint16_t value) {
  bytes[0] = (uint8_t)value;
  bytes[1] = (uint8_t)(value >> 8);
}

static void put_u32(uint8_t *bytes, uint32_t value) {
  put_u16(bytes, (uint16_t)value);
  put_u16(bytes + 2, (uint16_t)(value >> 16));
}

static void put_u64(uint8_t *bytes, uint64_t value) {
  put_u32(bytes, (uint32_t)value);
  put_u32(bytes + 4, (uint32_t)(value >> 32));
}

static void put_guid(uint8_t *bytes, REFGUID guid) {
  put_u32(bytes, guid->Data1);
  put_u16(bytes + 4, guid->Data2);
  put_u16(bytes + 6, guid->Data3);
  memcpy(bytes + 8, guid->Data4, sizeof guid->Data4);
}

static void put_head(uint8_t *bytes, uint32_t kind, REFIID iid) {
  put_u32(bytes, OBJREF_SIGNATURE);
  put_u32(bytes + 4, kind);
  put_guid(bytes + 8, iid);
}

void stdobjref_put(uint8_t bytes[STDOBJREF_SIZE], const StdObjref *standard) {
  put_u32(bytes, standard->flags);
  put_u32(bytes + 4, standard->public_references);
  put_u64(bytes + 8, standard->oxid);
  put_u64(bytes + 16, standard->oid);
  put_guid(bytes + 24, &standard->ipid);
}

/* {tower, text, 0}, the 0 that ends the strings, and the one of the empty list of security bindings. */
static uint16_t binding_entries(const char *endpoint) {
  return (uint16_t)(endpoint ? 1 + strlen(endpoint) + 1 + 1 + 1 : 2);
}

uint32_t objref_size(bool handler, const char *endpoint) {
  return OBJREF_HEAD + STDOBJREF_SIZE + (handler ? (uint32_t)sizeof(CLSID) : 0) + 4 + 2u * binding_entries(endpoint);
}

static void put_bindings(uint8_t *bytes, const char *endpoint) {
  uint16_t entries = binding_entries(endpoint);
  memset(bytes, 0, 4 + 2 * (size_t)entries);
  put_u16(bytes, entries);
  put_u16(bytes + 2, (uint16_t)(entries - 1));
  if (!endpoint)
    return;
  put_u16(bytes + 4, TOWER_LOCAL);
  for (size_t i = 0; endpoint[i]; i++)
    bytes[6 + 2 * i] = (uint8_t)endpoint[i];
}

static HRESULT write_head(REFIID iid, const StdObjref *standard, const CLSID *handler, size_t binding_bytes,
                          uint8_t **result, uint32_t *size, uint8_t **bindings) {
  *size = OBJREF_HEAD + STDOBJREF_SIZE + (handler ? (uint32_t)sizeof(CLSID) : 0) + (uint32_t)binding_bytes;
  uint8_t *bytes = CoTaskMemAlloc(*size);
  *result = bytes;
  if (!bytes)
    return E_OUTOFMEMORY;
  put_head(bytes, handler ? OBJREF_HANDLER : OBJREF_STANDARD, iid);
  stdobjref_put(bytes + OBJREF_HEAD, standard);
  *bindings = bytes + OBJREF_HEAD + STDOBJREF_SIZE;
  if (handler) {
    put_guid(*bindings, handler);
    *bindings += sizeof(CLSID);
  }
  return S_OK;
}

HRESULT objref_write(REFIID iid, const StdObjref *standard, const CLSID *handler, const char *endpoint,
                     uint8_t **result, uint32_t *size) {
  uint8_t *bindings;
  HRESULT status = write_head(iid, standard, handler, 4 + 2u * binding_entries(endpoint), result, size, &bindings);
  if (SUCCEEDED(status))
    put_bindings(bindings, endpoint);
  return status;
}

HRESULT objref_write_bindings(REFIID iid, const StdObjref *standard, const CLSID *handler, const uint8_t *bindings,
                              size_t binding_bytes, uint8_t **result, uint32_t *size) {
  uint8_t *place;
  HRESULT status = write_head(iid, standard, handler, binding_bytes, result, size, &place);
  if (SUCCEEDED(status))
    memcpy(place, bindings, binding_bytes);
  return status;
}

void objref_write_custom_head(uint8_t bytes[OBJREF_HEAD + OBJREF_CUSTOM_HEAD], REFIID iid, REFCLSID clsid,
                              uint32_t size) {
  put_head(bytes, OBJREF_CUSTOM, iid);
  put_guid(bytes + OBJREF_HEAD, clsid);
  put_u32(bytes + OBJREF_HEAD + 16, 0);
  put_u32(bytes + OBJREF_HEAD + 20, size);
}
