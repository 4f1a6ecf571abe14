/* Writing a stub: own bytes, borrowed pieces, alignment, references to objects. [C706] 14.2; pointers 14.3.10. */
#include "remote/ndr/ndr_internal.h"

#include <stdlib.h>
#include <string.h>

enum { FIRST_REFERENT = 0x00020004, REFERENT_STEP = 4, SHORT_LIST = 8 };

/* Lengths travel in 32 bits. */
static const size_t LONGEST_STUB = 0xFFFFFF00u;

void ndr_writer_begin(NdrWriter *writer, NdrInterfaces *interfaces) {
  memset(writer, 0, offsetof(NdrWriter, first));
  writer->data = writer->first;
  writer->capacity = sizeof writer->first;
  writer->referent = FIRST_REFERENT;
  writer->interfaces = interfaces;
}

void ndr_writer_end(NdrWriter *writer, bool sent) {
  for (unsigned i = 0; i < writer->reference_count && !sent; i++)
    writer->interfaces->discard(writer->interfaces, writer->data + writer->references[i].at,
                                (uint32_t)writer->references[i].size);
  if (writer->data != writer->first)
    free(writer->data);
  if (writer->pieces)
    free(writer->pieces);
  if (writer->references)
    free(writer->references);
  writer->data = writer->first;
  writer->pieces = NULL;
  writer->references = NULL;
  writer->size = writer->piece_count = writer->reference_count = 0;
}

void ndr_writer_fail(NdrWriter *writer, HRESULT error) {
  if (SUCCEEDED(writer->error))
    writer->error = error;
}

unsigned ndr_writer_piece_limit(const NdrWriter *writer) {
  return writer->piece_count * 2 + 1;
}

unsigned ndr_writer_gather(const NdrWriter *writer, struct iovec *vectors) {
  unsigned count = 0;
  size_t from = 0;
  for (unsigned i = 0; i < writer->piece_count; i++) {
    const NdrPiece *piece = &writer->pieces[i];
    if (piece->at > from)
      vectors[count++] = (struct iovec){ writer->data + from, piece->at - from };
    vectors[count++] = (struct iovec){ (void *)(uintptr_t)piece->data, piece->size };
    from = piece->at;
  }
  if (writer->size > from)
    vectors[count++] = (struct iovec){ writer->data + from, writer->size - from };
  return count;
}

static bool grow(NdrWriter *writer, size_t size) {
  size_t capacity = writer->capacity * 2;
  while (capacity < writer->size + size)
    capacity *= 2;
  bool own = writer->data != writer->first;
  uint8_t *data = realloc(own ? writer->data : NULL, capacity);
  if (!data) {
    ndr_writer_fail(writer, E_OUTOFMEMORY);
    return false;
  }
  if (!own)
    memcpy(data, writer->first, writer->size);
  writer->data = data;
  writer->capacity = capacity;
  return true;
}

uint8_t *ndr_place(NdrWriter *writer, size_t size, unsigned alignment) {
  size_t padding = (writer->origin - writer->length) & (alignment - 1);
  size_t total = padding + size;
  if (FAILED(writer->error))
    return NULL;
  if (size > LONGEST_STUB - writer->length - padding) {
    ndr_writer_fail(writer, E_OUTOFMEMORY);
    return NULL;
  }
  if (total > writer->capacity - writer->size && !grow(writer, total))
    return NULL;
  uint8_t *at = writer->data + writer->size;
  writer->size += total;
  writer->length += total;
  for (; padding; padding--)
    *at++ = 0;
  return at;
}

void ndr_align(NdrWriter *writer, unsigned alignment) {
  ndr_place(writer, 0, alignment);
}

void ndr_put_u8(NdrWriter *writer, uint8_t value) {
  uint8_t *at = ndr_place(writer, sizeof value, 1);
  if (at)
    *at = value;
}

void ndr_put_u16(NdrWriter *writer, uint16_t value) {
  uint8_t *at = ndr_place(writer, sizeof value, sizeof value);
  if (at)
    memcpy(at, &value, sizeof value);
}

void ndr_put_u32(NdrWriter *writer, uint32_t value) {
  uint8_t *at = ndr_place(writer, sizeof value, sizeof value);
  if (at)
    memcpy(at, &value, sizeof value);
}

void ndr_put_u64(NdrWriter *writer, uint64_t value) {
  uint8_t *at = ndr_place(writer, sizeof value, sizeof value);
  if (at)
    memcpy(at, &value, sizeof value);
}

void ndr_put_guid(NdrWriter *writer, REFGUID value) {
  uint8_t *at = ndr_place(writer, sizeof *value, sizeof(uint32_t));
  if (at)
    memcpy(at, value, sizeof *value);
}

void ndr_put_bytes(NdrWriter *writer, const void *data, size_t size) {
  uint8_t *at = ndr_place(writer, size, 1);
  if (at && size)
    memcpy(at, data, size);
}

/* Makes room for one more in a list that doubles. */
static bool extend(NdrWriter *writer, void **list, unsigned count, unsigned *capacity, size_t size) {
  if (count < *capacity)
    return true;
  unsigned wanted = *capacity ? *capacity * 2 : SHORT_LIST;
  void *longer = realloc(*list, wanted * size);
  if (!longer) {
    ndr_writer_fail(writer, E_OUTOFMEMORY);
    return false;
  }
  *list = longer;
  *capacity = wanted;
  return true;
}

void ndr_put_bulk(NdrWriter *writer, const void *data, size_t size) {
  if (size < NDR_BORROW_LEAST) {
    ndr_put_bytes(writer, data, size);
    return;
  }
  if (FAILED(writer->error))
    return;
  if (size > LONGEST_STUB - writer->length) {
    ndr_writer_fail(writer, E_OUTOFMEMORY);
    return;
  }
  if (!extend(writer, (void **)&writer->pieces, writer->piece_count, &writer->piece_capacity, sizeof *writer->pieces))
    return;
  writer->pieces[writer->piece_count++] = (NdrPiece){ writer->size, data, size };
  writer->length += size;
}

void ndr_put_referent(NdrWriter *writer) {
  ndr_put_u32(writer, writer->referent);
  writer->referent += REFERENT_STEP;
}

void ndr_put_pointer(NdrWriter *writer, const void *pointer) {
  if (pointer)
    ndr_put_referent(writer);
  else
    ndr_put_u32(writer, 0);
}

void ndr_patch_u32(NdrWriter *writer, size_t at, uint32_t value) {
  if (SUCCEEDED(writer->error))
    memcpy(writer->data + at, &value, sizeof value);
}

size_t ndr_reserve_u32(NdrWriter *writer) {
  ndr_put_u32(writer, 0);
  return writer->size - sizeof(uint32_t);
}

void ndr_put_objref(NdrWriter *writer, const uint8_t *bytes, uint32_t size) {
  ndr_put_u32(writer, size);
  ndr_put_u32(writer, size);
  ndr_put_bytes(writer, bytes, size);
}

/* MInterfacePointer, behind its pointer. What fails here has already become a reference: it is let go. */
void ndr_put_interface_body(NdrWriter *writer, REFIID iid, IUnknown *pointer) {
  NdrInterfaces *interfaces = writer->interfaces;
  uint8_t *bytes = NULL;
  uint32_t size = 0;
  if (FAILED(writer->error))
    return;
  if (!extend(writer, (void **)&writer->references, writer->reference_count, &writer->reference_capacity,
              sizeof *writer->references))
    return;
  HRESULT hr = interfaces ? interfaces->marshal(interfaces, iid, pointer, &bytes, &size) : E_NOINTERFACE;
  if (FAILED(hr)) {
    ndr_writer_fail(writer, hr);
    return;
  }
  ndr_put_objref(writer, bytes, size);
  if (SUCCEEDED(writer->error)) {
    writer->references[writer->reference_count].at = writer->size - size;
    writer->references[writer->reference_count++].size = size;
  } else {
    interfaces->discard(interfaces, bytes, size);
  }
  CoTaskMemFree(bytes);
}

void ndr_put_interface(NdrWriter *writer, REFIID iid, IUnknown *pointer) {
  ndr_put_pointer(writer, pointer);
  if (pointer)
    ndr_put_interface_body(writer, iid, pointer);
}
