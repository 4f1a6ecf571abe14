/* ORPCTHIS and ORPCTHAT ([MS-DCOM] 2.2.13), their extensions, and the one that carries error information (2.2.21). */
#include "remote/orpc/extents.h"

#include <stdlib.h>
#include <string.h>

#include <oleauto.h>

#include "remote/orpc/orpc_internal.h"

/* Extensions */

void extents_write(NdrWriter *writer, const Extent *extents, unsigned count) {
  if (!count) {
    ndr_put_u32(writer, 0);
    return;
  }
  ndr_put_pointer(writer, extents);
  ndr_put_u32(writer, count);
  ndr_put_u32(writer, 0);
  ndr_put_pointer(writer, extents);
  unsigned rounded = (count + 1) & ~1u;
  ndr_put_u32(writer, rounded);
  for (unsigned i = 0; i < rounded; i++)
    ndr_put_pointer(writer, i < count ? &extents[i] : NULL);
  for (unsigned i = 0; i < count; i++) {
    uint32_t room = (extents[i].size + 7) & ~7u;
    static const uint8_t zeros[8];
    ndr_put_u32(writer, room);
    ndr_put_guid(writer, &extents[i].id);
    ndr_put_u32(writer, extents[i].size);
    ndr_put_bytes(writer, extents[i].data, extents[i].size);
    ndr_put_bytes(writer, zeros, room - extents[i].size);
  }
}

unsigned extents_read(NdrReader *reader, Extent extents[EXTENT_LIMIT]) {
  unsigned found = 0, present = 0;
  if (!ndr_get_pointer(reader))
    return 0;
  ndr_get_u32(reader); /* how many; the array says it again */
  ndr_get_u32(reader);
  if (!ndr_get_pointer(reader))
    return 0;
  uint32_t count = ndr_get_count(reader, 4);
  for (uint32_t i = 0; i < count; i++)
    present += ndr_get_pointer(reader);
  for (unsigned i = 0; i < present; i++) {
    Extent extent;
    uint32_t room = ndr_get_count(reader, 1);
    extent.id = ndr_get_guid(reader);
    extent.size = ndr_get_u32(reader);
    extent.data = ndr_get_bytes(reader, room);
    if (extent.size > room)
      ndr_fail(reader, HRESULT_FROM_WIN32(RPC_X_BAD_STUB_DATA));
    if (reader->error)
      return 0;
    if (found < EXTENT_LIMIT)
      extents[found++] = extent;
  }
  return found;
}

/* Error information */

const GUID error_extent_id = { 0x0000031C, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
/* What led to it: our own. */
const GUID causes_extent_id = { 0x5D2E7F1A, 0x3C84, 0x4B69, { 0xA1, 0x7E, 0x0B, 0x93, 0x6C, 0x25, 0xD8, 0x4F } };
static const CLSID error_object_clsid = { 0x0000031B, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

typedef struct ErrorTexts {
  GUID iid;
  DWORD context;
  BSTR texts[3]; /* source, description, help file */
} ErrorTexts;

static void free_texts(ErrorTexts *error) {
  for (int i = 0; i < 3; i++)
    SysFreeString(error->texts[i]);
}

static void ask_texts(IErrorInfo *info, ErrorTexts *error) {
  memset(error, 0, sizeof *error);
  IErrorInfo_GetGUID(info, &error->iid);
  IErrorInfo_GetHelpContext(info, &error->context);
  IErrorInfo_GetSource(info, &error->texts[0]);
  IErrorInfo_GetDescription(info, &error->texts[1]);
  IErrorInfo_GetHelpFile(info, &error->texts[2]);
}

static uint8_t *put(uint8_t *to, const void *data, size_t size) {
  memcpy(to, data, size);
  return to + size;
}

static uint8_t *put_u32(uint8_t *to, uint32_t value) {
  return put(to, &value, sizeof value);
}

static uint8_t *put_text(uint8_t *to, BSTR text) {
  to = put_u32(to, text ? 0xFFFFFFFF : 0);
  if (!text)
    return to;
  uint32_t units = SysStringLen(text) + 1;
  to = put_u32(to, units);
  to = put_u32(to, 0);
  to = put_u32(to, units);
  return put(to, text, units * sizeof *text);
}

static uint8_t *make_error(const ErrorTexts *error, REFIID iid, uint32_t *size) {
  size_t body = 8 + 16;
  for (int i = 0; i < 3; i++)
    body += 4 + (error->texts[i] ? 12 + (SysStringLen(error->texts[i]) + (size_t)1) * sizeof(OLECHAR) : 0);
  if (body > 1u << 24)
    return NULL;
  uint8_t *data = malloc(OBJREF_HEAD + OBJREF_CUSTOM_HEAD + body), *to = data + OBJREF_HEAD + OBJREF_CUSTOM_HEAD;
  if (!data)
    return NULL;
  objref_write_custom_head(data, &IID_IErrorInfo, &error_object_clsid, (uint32_t)body);
  to = put_u32(to, 0);
  to = put_u32(to, error->context);
  to = put(to, IsEqualGUID(&error->iid, &GUID_NULL) ? iid : &error->iid, sizeof(GUID));
  for (int i = 0; i < 3; i++)
    to = put_text(to, error->texts[i]);
  *size = (uint32_t)(to - data);
  return data;
}

uint8_t *error_extent_make(REFIID iid, uint32_t *size, BSTR *causes) {
  IErrorInfo *info;
  ErrorTexts error;
  *causes = NULL;
  if (GetErrorInfo(0, &info) != S_OK)
    return NULL;
  ask_texts(info, &error);
  *causes = error_causes_of(info);
  IErrorInfo_Release(info);
  uint8_t *data = make_error(&error, iid, size);
  free_texts(&error);
  return data;
}

/* Behind a text of odd length some align and some do not: only one of the two can be a mark. */
static uint32_t read_mark(Cursor *cursor) {
  Cursor ahead = *cursor;
  uint32_t mark = cursor_u32(&ahead);
  if (cursor->position % 4 && mark != 0 && mark != 0xFFFFFFFF) {
    cursor_skip(cursor, 2);
    return cursor_u32(cursor);
  }
  *cursor = ahead;
  return mark;
}

static BSTR read_text(Cursor *cursor) {
  if (!read_mark(cursor))
    return NULL;
  cursor_u32(cursor);
  cursor_u32(cursor);
  uint32_t units = cursor_u32(cursor);
  if (cursor->failed || units > cursor_left(cursor) / sizeof(OLECHAR))
    return NULL;
  const uint8_t *data = cursor_bytes(cursor, units * sizeof(OLECHAR));
  BSTR text = data ? SysAllocStringLen(NULL, units ? units - 1 : 0) : NULL; /* without the zero */
  if (text && units)
    memcpy(text, data, (units - 1) * sizeof(OLECHAR));
  return text;
}

void error_extent_take(const uint8_t *data, uint32_t size, const uint8_t *causes, uint32_t causes_size) {
  Objref objref;
  if (FAILED(objref_read(data, size, &objref)) || objref.kind != OBJREF_CUSTOM ||
      !IsEqualCLSID(&objref.clsid, &error_object_clsid))
    return;
  Cursor cursor = cursor_over(objref.custom, objref.custom_bytes);
  ErrorTexts error = { 0 };
  bool known = cursor_u32(&cursor) == 0;
  error.context = cursor_u32(&cursor);
  error.iid = cursor_guid(&cursor);
  for (int i = 0; i < 3; i++)
    error.texts[i] = read_text(&cursor);
  BSTR led = causes ? SysAllocStringByteLen((const char *)causes, causes_size) : NULL;
  if (known)
    error_set_with_causes(
        S_OK, &(ErrorFacts){ &error.iid, error.texts[0], error.texts[1], error.texts[2], error.context }, led);
  SysFreeString(led);
  free_texts(&error);
}

/* The two heads */

static void copy_hook_extents(const HookExtents *hooks, Extent *extents, unsigned *count) {
  for (unsigned i = 0; i < hooks->count && *count < EXTENT_LIMIT; i++)
    extents[(*count)++] = hooks->extents[i];
}

void orpcthis_write(NdrWriter *writer, REFGUID causality, REFIID iid) {
  static const uint8_t head[12] = { ORPC_MAJOR, 0, ORPC_MINOR };
  ndr_put_bytes(writer, head, sizeof head);
  ndr_put_bytes(writer, causality, sizeof *causality);
  if (!channel_hooks_any()) {
    ndr_put_u32(writer, 0);
    return;
  }
  HookExtents hooks;
  channel_hooks_client(&hooks, iid);
  extents_write(writer, hooks.extents, hooks.count);
  channel_hooks_free(&hooks);
}

HRESULT orpcthis_read(NdrReader *reader, REFIID iid, GUID *causality) {
  Extent extents[EXTENT_LIMIT];
  uint16_t major = ndr_get_u16(reader), minor = ndr_get_u16(reader);
  ndr_get_u32(reader);
  ndr_get_u32(reader);
  *causality = ndr_get_guid(reader);
  if (!reader->error && (major != ORPC_MAJOR || minor > ORPC_MINOR))
    return RPC_E_VERSION_MISMATCH;
  unsigned count = extents_read(reader, extents);
  if (!reader->error && channel_hooks_any())
    channel_hooks_tell_server(extents, count, iid);
  return reader->error;
}

void orpcthat_write(NdrWriter *writer, HRESULT result, REFIID iid) {
  bool hooked = channel_hooks_any();
  ndr_put_u32(writer, 0);
  if (SUCCEEDED(result) && !hooked) {
    ndr_put_u32(writer, 0);
    return;
  }
  Extent extents[EXTENT_LIMIT];
  HookExtents hooks = { .count = 0 };
  unsigned count = 0;
  uint32_t size = 0;
  BSTR causes = NULL;
  uint8_t *error = FAILED(result) ? error_extent_make(iid, &size, &causes) : NULL;
  if (error)
    extents[count++] = (Extent){ error_extent_id, error, size };
  if (error && causes)
    extents[count++] = (Extent){ causes_extent_id, (const uint8_t *)causes, SysStringByteLen(causes) };
  if (hooked)
    channel_hooks_server(&hooks, iid, result);
  copy_hook_extents(&hooks, extents, &count);
  extents_write(writer, extents, count);
  channel_hooks_free(&hooks);
  free(error);
  SysFreeString(causes);
}

static const Extent *find_extent(const Extent *extents, unsigned count, REFGUID id) {
  for (unsigned i = 0; i < count; i++) {
    if (IsEqualGUID(&extents[i].id, id))
      return &extents[i];
  }
  return NULL;
}

HRESULT orpcthat_read(NdrReader *reader, REFIID iid) {
  Extent extents[EXTENT_LIMIT];
  ndr_get_u32(reader);
  unsigned count = extents_read(reader, extents);
  const Extent *error = find_extent(extents, count, &error_extent_id);
  const Extent *causes = find_extent(extents, count, &causes_extent_id);
  if (error)
    error_extent_take(error->data, error->size, causes ? causes->data : NULL, causes ? causes->size : 0);
  if (!reader->error && channel_hooks_any())
    channel_hooks_tell_client(extents, count, iid, S_OK);
  return reader->error;
}
