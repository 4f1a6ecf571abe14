/* Reading a stub. The bytes are hostile: nothing is read beyond the end, no count is believed before the bytes that it
 * stands for are there. */
#include "remote/ndr/ndr_internal.h"

#include <string.h>

void ndr_reader_begin(NdrReader *reader, const void *data, size_t size, NdrInterfaces *interfaces) {
  *reader = (NdrReader){ .data = data, .size = size, .interfaces = interfaces };
}

void ndr_fail(NdrReader *reader, HRESULT error) {
  if (SUCCEEDED(reader->error))
    reader->error = error;
}

void ndr_skip_to(NdrReader *reader, unsigned alignment) {
  size_t position = (reader->position + alignment - 1) & ~(size_t)(alignment - 1);
  if (position > reader->size)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  else
    reader->position = position;
}

const uint8_t *ndr_get_bytes(NdrReader *reader, size_t size) {
  static const uint8_t none[1];
  if (FAILED(reader->error) || size > reader->size - reader->position) {
    ndr_fail(reader, NDR_BAD_STUB_DATA);
    return NULL;
  }
  const uint8_t *bytes = reader->data ? reader->data + reader->position : none;
  reader->position += size;
  return bytes;
}

const uint8_t *ndr_get_aligned(NdrReader *reader, size_t size, unsigned alignment) {
  ndr_skip_to(reader, alignment);
  return ndr_get_bytes(reader, size);
}

uint8_t ndr_get_u8(NdrReader *reader) {
  const uint8_t *bytes = ndr_get_bytes(reader, 1);
  return bytes ? *bytes : 0;
}

uint16_t ndr_get_u16(NdrReader *reader) {
  uint16_t value = 0;
  const uint8_t *bytes = ndr_get_aligned(reader, sizeof value, sizeof value);
  if (bytes)
    memcpy(&value, bytes, sizeof value);
  return value;
}

uint32_t ndr_get_u32(NdrReader *reader) {
  uint32_t value = 0;
  const uint8_t *bytes = ndr_get_aligned(reader, sizeof value, sizeof value);
  if (bytes)
    memcpy(&value, bytes, sizeof value);
  return value;
}

uint64_t ndr_get_u64(NdrReader *reader) {
  uint64_t value = 0;
  const uint8_t *bytes = ndr_get_aligned(reader, sizeof value, sizeof value);
  if (bytes)
    memcpy(&value, bytes, sizeof value);
  return value;
}

GUID ndr_get_guid(NdrReader *reader) {
  GUID value = { 0 };
  const uint8_t *bytes = ndr_get_aligned(reader, sizeof value, sizeof(uint32_t));
  if (bytes)
    memcpy(&value, bytes, sizeof value);
  return value;
}

bool ndr_get_pointer(NdrReader *reader) {
  return ndr_get_u32(reader) != 0;
}

uint32_t ndr_get_count(NdrReader *reader, size_t least) {
  uint32_t count = ndr_get_u32(reader);
  if (count <= ndr_left(reader) / (least ? least : 1))
    return count;
  ndr_fail(reader, NDR_BAD_STUB_DATA);
  return 0;
}

bool ndr_spare(NdrReader *reader, const Type *element, uint32_t count) {
  uint64_t bytes = (uint64_t)count * element->size * (element->owner == OWNS_NOTHING ? 1 : NDR_OWNER_WEIGHT);
  if (bytes > NDR_SPARE_LIMIT - reader->spare)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  else
    reader->spare += (uint32_t)bytes;
  return SUCCEEDED(reader->error);
}

bool ndr_enter(NdrReader *reader, unsigned levels) {
  if (reader->depth + levels > NDR_DEPTH_LIMIT)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (FAILED(reader->error))
    return false;
  reader->depth += levels;
  return true;
}

void ndr_leave(NdrReader *reader, unsigned levels) {
  reader->depth -= levels;
}

/* The bytes of an MInterfacePointer, in place; the count that is counted may be less than what came. */
const uint8_t *ndr_get_objref(NdrReader *reader, uint32_t *size) {
  uint32_t most = ndr_get_count(reader, 1);
  *size = ndr_get_u32(reader);
  const uint8_t *bytes = ndr_get_bytes(reader, most);
  if (!bytes || *size > most) {
    ndr_fail(reader, NDR_BAD_STUB_DATA);
    return NULL;
  }
  return bytes;
}

HRESULT ndr_get_interface_body(NdrReader *reader, REFIID iid, void **result) {
  uint32_t size;
  *result = NULL;
  const uint8_t *bytes = ndr_get_objref(reader, &size);
  if (!bytes)
    return reader->error;
  HRESULT hr =
      reader->interfaces ? reader->interfaces->unmarshal(reader->interfaces, bytes, size, iid, result) : E_NOINTERFACE;
  if (FAILED(hr)) {
    *result = NULL;
    ndr_fail(reader, hr);
  }
  return reader->error;
}

HRESULT ndr_get_interface(NdrReader *reader, REFIID iid, void **result) {
  *result = NULL;
  if (ndr_get_pointer(reader))
    return ndr_get_interface_body(reader, iid, result);
  return reader->error;
}
