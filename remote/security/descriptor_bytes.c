/* Security descriptors as self-relative bytes: [MS-DTYP] 2.4.6 (descriptor), 2.4.5 (list), 2.4.4.2 and 2.4.4.4 (entries). */
#include <stdlib.h>
#include <string.h>

#include "remote/security/descriptor.h"

enum {
  HEADER_SIZE = 20,
  LIST_SIZE = 8,
  ENTRY_SIZE = 8, /* before the SID */
  SELF_RELATIVE = 0x8000,
  LIST_PRESENT = 4,
  ENTRY_ALLOWS = 0,
  ENTRY_DENIES = 1,
  LIST_CONTROL = CONTROL_INHERIT_REQUESTED | CONTROL_INHERITED | CONTROL_PROTECTED
};

/* Reading */

static void read_trustee(const Cursor *whole, uint32_t offset, Trustee *trustee, const char **problem) {
  Cursor cursor = *whole;
  if (!offset)
    return;
  cursor_seek(&cursor, offset);
  sid_read(&cursor, &trustee->sid);
  if (cursor.failed || !trustee->sid.count)
    *problem = "its owner or group is damaged";
}

static void read_entry(Cursor *list, Descriptor *descriptor, const char **problem, bool *memory) {
  uint8_t type = cursor_u8(list), flags = cursor_u8(list);
  uint16_t size = cursor_u16(list);
  const uint8_t *bytes = size >= 4 ? cursor_bytes(list, size - 4u) : NULL;
  if (!bytes) {
    *problem = "an entry is damaged";
    return;
  }
  Cursor body = cursor_over(bytes, size - 4u);
  uint32_t rights = cursor_u32(&body);
  Sid sid;
  sid_read(&body, &sid);
  if (type != ENTRY_ALLOWS && type != ENTRY_DENIES)
    *problem = "an entry neither allows nor denies";
  else if (body.failed || !sid.count)
    *problem = "an entry is damaged";
  AccessEntry *entry = *problem ? NULL : descriptor_add(descriptor);
  if (entry)
    *entry = (AccessEntry){ type == ENTRY_DENIES, flags, rights, { sid, NULL } };
  else if (!*problem)
    *memory = true;
}

static void read_list(const Cursor *whole, uint32_t offset, Descriptor *descriptor, const char **problem,
                      bool *memory) {
  Cursor cursor = *whole;
  cursor_seek(&cursor, offset);
  uint8_t revision = cursor_u8(&cursor);
  cursor_skip(&cursor, 1);
  uint16_t size = cursor_u16(&cursor), count = cursor_u16(&cursor);
  cursor_skip(&cursor, 2);
  const uint8_t *bytes = size >= LIST_SIZE ? cursor_bytes(&cursor, (size_t)size - LIST_SIZE) : NULL;
  if (!bytes || (revision != 2 && revision != 4) || count > ENTRY_LIMIT) {
    *problem = "its list is damaged";
    return;
  }
  Cursor list = cursor_over(bytes, (size_t)size - LIST_SIZE);
  for (unsigned i = 0; i < count && !*problem && !*memory; i++)
    read_entry(&list, descriptor, problem, memory);
}

HRESULT descriptor_from_bytes(const void *bytes, size_t size, Descriptor *descriptor, DescriptorProblem *problem) {
  Cursor cursor = cursor_over(bytes, size), whole = cursor;
  const char *what = NULL;
  bool memory = false;
  *descriptor = (Descriptor){ 0 };
  uint8_t revision = cursor_u8(&cursor);
  cursor_skip(&cursor, 1);
  uint16_t control = cursor_u16(&cursor);
  uint32_t owner = cursor_u32(&cursor), group = cursor_u32(&cursor);
  cursor_skip(&cursor, 4);
  uint32_t list = cursor_u32(&cursor);
  if (cursor.failed || revision != 1 || !(control & SELF_RELATIVE))
    what = "it is no self-relative security descriptor";
  if (!what)
    read_trustee(&whole, owner, &descriptor->owner, &what);
  if (!what)
    read_trustee(&whole, group, &descriptor->group, &what);
  descriptor->control = control & LIST_CONTROL;
  descriptor->has_list = (control & LIST_PRESENT) && list;
  if (!what && descriptor->has_list)
    read_list(&whole, list, descriptor, &what, &memory);
  if (!what && !memory)
    return S_OK;
  if (problem)
    *problem = (DescriptorProblem){ what, 0 };
  descriptor_end(descriptor);
  return what ? E_INVALIDARG : E_OUTOFMEMORY;
}

/* Writing */

static void put_number(uint8_t *bytes, uint32_t value, unsigned size) {
  for (unsigned i = 0; i < size; i++)
    bytes[i] = (uint8_t)(value >> 8 * i);
}

static bool has_sid(const Trustee *trustee) {
  return trustee->sid.count || !trustee->name;
}

static size_t trustee_size(const Trustee *trustee) {
  return trustee->sid.count ? sid_size(&trustee->sid) : 0;
}

/* 0: there is none. */
static uint32_t put_trustee(uint8_t *bytes, size_t *at, const Trustee *trustee) {
  size_t begin = *at;
  if (!trustee->sid.count)
    return 0;
  sid_write(&trustee->sid, bytes + begin);
  *at += trustee_size(trustee);
  return (uint32_t)begin;
}

static void put_list(uint8_t *bytes, size_t size, const Descriptor *descriptor) {
  bytes[0] = 2;
  put_number(bytes + 2, (uint32_t)size, 2);
  put_number(bytes + 4, (uint32_t)descriptor->count, 2);
  size_t at = LIST_SIZE;
  for (size_t i = 0; i < descriptor->count; i++) {
    const AccessEntry *entry = &descriptor->entries[i];
    size_t entry_size = ENTRY_SIZE + trustee_size(&entry->trustee);
    bytes[at] = entry->denies ? ENTRY_DENIES : ENTRY_ALLOWS;
    bytes[at + 1] = entry->flags;
    put_number(bytes + at + 2, (uint32_t)entry_size, 2);
    put_number(bytes + at + 4, entry->rights, 4);
    sid_write(&entry->trustee.sid, bytes + at + ENTRY_SIZE);
    at += entry_size;
  }
}

HRESULT descriptor_to_bytes(const Descriptor *descriptor, uint8_t **bytes, size_t *size) {
  size_t list = descriptor->has_list ? LIST_SIZE : 0, at = HEADER_SIZE;
  bool known = has_sid(&descriptor->owner) && has_sid(&descriptor->group);
  *bytes = NULL;
  *size = 0;
  for (size_t i = 0; i < descriptor->count; i++) {
    known = known && descriptor->entries[i].trustee.sid.count;
    list += ENTRY_SIZE + trustee_size(&descriptor->entries[i].trustee);
  }
  if (!known || list > UINT16_MAX)
    return E_INVALIDARG;
  size_t whole = HEADER_SIZE + trustee_size(&descriptor->owner) + trustee_size(&descriptor->group) + list;
  uint8_t *result = calloc(1, whole);
  if (!result)
    return E_OUTOFMEMORY;
  result[0] = 1;
  put_number(result + 2, SELF_RELATIVE | LIST_PRESENT | descriptor->control, 2);
  put_number(result + 4, put_trustee(result, &at, &descriptor->owner), 4);
  put_number(result + 8, put_trustee(result, &at, &descriptor->group), 4);
  if (descriptor->has_list) {
    put_number(result + 16, (uint32_t)at, 4);
    put_list(result + at, list, descriptor);
  }
  *bytes = result;
  *size = whole;
  return S_OK;
}
