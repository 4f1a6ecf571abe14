/* SECURITY_DESCRIPTOR in absolute and in self-relative form ([MS-DTYP] 2.4.6), without a size around it. */
#include "remote/security/descriptor_memory.h"

#include <stdlib.h>
#include <string.h>

#include <oleander.h>

#define ERROR_SOURCE "Oleander"

enum { SELF_RELATIVE = 0x8000, LIST_PRESENT = 4, HEAD = 20 };

/* In absolute form. */
typedef struct AbsoluteDescriptor {
  uint8_t revision, reserved;
  uint16_t control;
  const uint8_t *owner, *group, *audit_list, *list;
} AbsoluteDescriptor;

static size_t size_of_sid(const uint8_t *sid) {
  return sid ? 8 + 4 * (size_t)sid[1] : 0;
}

static size_t size_of_list(const uint8_t *list) {
  uint16_t size = 0;
  if (list)
    memcpy(&size, list + 2, sizeof size);
  return size;
}

static void find_parts(const uint8_t *memory, AbsoluteDescriptor *parts) {
  uint32_t offsets[4];
  if (!(parts->control & SELF_RELATIVE)) {
    memcpy(parts, memory, sizeof *parts);
    return;
  }
  memcpy(offsets, memory + 4, sizeof offsets);
  parts->owner = offsets[0] ? memory + offsets[0] : NULL;
  parts->group = offsets[1] ? memory + offsets[1] : NULL;
  parts->list = offsets[3] ? memory + offsets[3] : NULL;
}

static uint8_t *put(uint8_t *block, unsigned index, size_t *end, const uint8_t *part, size_t size) {
  uint32_t offset = size ? (uint32_t)*end : 0;
  memcpy(block + 4 + 4 * index, &offset, sizeof offset);
  if (size)
    memcpy(block + *end, part, size);
  *end += (size + 3) & ~(size_t)3;
  return block;
}

/* The parts, one behind another, in bytes whose size is known. */
static HRESULT read_parts(const AbsoluteDescriptor *parts, Descriptor *descriptor) {
  size_t owner = size_of_sid(parts->owner), group = size_of_sid(parts->group);
  size_t list = parts->control & LIST_PRESENT ? size_of_list(parts->list) : 0, end = HEAD;
  uint8_t *block = calloc(1, HEAD + owner + group + list + 12);
  DescriptorProblem problem = { "", 0 };
  if (!block)
    return E_OUTOFMEMORY;
  uint16_t control = parts->control | SELF_RELATIVE;
  block[0] = parts->revision;
  memcpy(block + 2, &control, sizeof control);
  put(block, 0, &end, parts->owner, owner);
  put(block, 1, &end, parts->group, group);
  put(block, 3, &end, parts->list, list);
  HRESULT status = descriptor_from_bytes(block, end, descriptor, &problem);
  free(block);
  return status == E_INVALIDARG
             ? error_raise(status, ERROR_SOURCE, "the security descriptor cannot be read: %s", problem.what)
             : status;
}

HRESULT descriptor_from_memory(const void *memory, Descriptor *descriptor) {
  AbsoluteDescriptor parts = { 0 };
  memcpy(&parts, memory, 4); /* before more of it is read */
  if (parts.revision == 1)
    find_parts(memory, &parts);
  else
    return error_raise(E_INVALIDARG, ERROR_SOURCE,
                       "a security descriptor has the revision 1, not %u: is it an AppID, which EOAC_APPID says, or "
                       "text, which oleander_security_descriptor makes one of?",
                       parts.revision);
  if (!parts.owner || !parts.group)
    return error_raise(E_INVALIDARG, ERROR_SOURCE, "the security descriptor needs an owner and a group");
  return read_parts(&parts, descriptor);
}

HRESULT oleander_security_descriptor(const char *text, void **result, size_t *size) {
  Descriptor descriptor;
  DescriptorProblem problem = { "", 0 };
  uint8_t *bytes;
  size_t length;
  if (!text || !result)
    return E_POINTER;
  *result = NULL;
  HRESULT status = descriptor_from_text(text, &descriptor, &problem);
  if (status == E_INVALIDARG)
    return error_raise(status, ERROR_SOURCE, "the SDDL cannot be read at position %zu: %s", problem.position,
                       problem.what);
  if (FAILED(status))
    return status;
  status = descriptor_to_bytes(&descriptor, &bytes, &length);
  descriptor_end(&descriptor);
  if (FAILED(status))
    return status == E_INVALIDARG
               ? error_raise(status, ERROR_SOURCE, "the SDDL names somebody whom this host does not know")
               : status;
  *result = CoTaskMemAlloc(length);
  if (*result) {
    memcpy(*result, bytes, length);
    if (size)
      *size = length;
  }
  free(bytes);
  return *result ? S_OK : E_OUTOFMEMORY;
}
