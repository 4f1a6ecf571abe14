/* Property sets as streams ([MS-OLEPS] 2.20 to 2.26): one section, or the two of DocumentSummaryInformation. Values stay the
 * bytes that they were read as until they are replaced, so that what is not understood is not lost. */
#include "storage/property_internal.h"

#include <stdlib.h>
#include <string.h>

#define STREAM_LIMIT (256u << 20) /* as [MS-OLEPS] limits the size of a set */

void property_set_clear(PropertySet *set) {
  while (set->count)
    property_set_drop(set, &set->sections[set->count - 1]);
}

void property_set_drop(PropertySet *set, PropertySection *section) {
  size_t index = (size_t)(section - set->sections);

  for (size_t i = 0; i < section->count; i++)
    free(section->properties[i].bytes);
  for (size_t i = 0; i < section->name_count; i++)
    free(section->names[i].name);
  free(section->properties);
  free(section->names);
  if (index + 1 < set->count)
    set->sections[index] = set->sections[index + 1];
  memset(&set->sections[--set->count], 0, sizeof *section);
}

PropertySection *property_set_section(PropertySet *set, REFFMTID fmtid) {
  for (size_t i = 0; i < set->count; i++) {
    if (IsEqualGUID(&set->sections[i].fmtid, fmtid))
      return &set->sections[i];
  }
  return NULL;
}

HRESULT property_set_add(PropertySet *set, REFFMTID fmtid) {
  if (set->count == 2)
    return STG_E_FILEALREADYEXISTS;
  set->sections[set->count] = (PropertySection){ .fmtid = *fmtid, .code_page = CODE_PAGE_UTF8 };
  set->count++;
  return S_OK;
}

Property *section_find(PropertySection *section, PROPID id) {
  for (size_t i = 0; i < section->count; i++) {
    if (section->properties[i].id == id)
      return &section->properties[i];
  }
  return NULL;
}

HRESULT section_put_bytes(PropertySection *section, PROPID id, uint8_t *bytes, size_t size) {
  Property *property = section_find(section, id);

  if (property) {
    free(property->bytes);
    property->bytes = bytes;
    property->size = size;
    return S_OK;
  }
  if (section->count == section->room) {
    size_t room = section->room * 2 + 8;
    Property *more = realloc(section->properties, room * sizeof *more);

    if (!more) {
      free(bytes);
      return E_OUTOFMEMORY;
    }
    section->properties = more;
    section->room = room;
  }
  section->properties[section->count++] = (Property){ id, bytes, size };
  return S_OK;
}

bool section_is_tight(REFFMTID fmtid) {
  return IsEqualGUID(fmtid, &FMTID_DocSummaryInformation);
}

HRESULT section_put(PropertySection *section, PROPID id, const PROPVARIANT *value) {
  bool tight = section_is_tight(&section->fmtid);
  ByteBuffer buffer = { 0 };
  HRESULT status = property_encode(value, section->code_page, tight, &buffer);

  if (FAILED(status)) {
    free(buffer.data);
    return status;
  }
  return section_put_bytes(section, id, buffer.data, buffer.size);
}

void section_drop(PropertySection *section, PROPID id) {
  Property *property = section_find(section, id);

  if (!property)
    return;
  free(property->bytes);
  memmove(property, property + 1, (size_t)(section->properties + section->count - property - 1) * sizeof *property);
  section->count--;
}

const PropertyName *section_name_of(const PropertySection *section, PROPID id) {
  for (size_t i = 0; i < section->name_count; i++) {
    if (section->names[i].id == id)
      return &section->names[i];
  }
  return NULL;
}

const PropertyName *section_find_name(const PropertySection *section, const char16_t *name) {
  for (size_t i = 0; i < section->name_count; i++) {
    if (section->case_sensitive ? utf16_equal(section->names[i].name, name)
                                : caseless_equal(section->names[i].name, name))
      return &section->names[i];
  }
  return NULL;
}

static char16_t *name_copy(const char16_t *name) {
  size_t size = (utf16_units(name) + 1) * sizeof *name;
  char16_t *copy = malloc(size);

  return copy ? memcpy(copy, name, size) : NULL;
}

HRESULT section_set_name(PropertySection *section, PROPID id, const char16_t *name) {
  PropertyName *old = (PropertyName *)section_name_of(section, id);
  char16_t *copy = name ? name_copy(name) : NULL;

  if (name && !copy)
    return E_OUTOFMEMORY;
  if (old && copy) {
    free(old->name);
    old->name = copy;
    return S_OK;
  }
  if (old) {
    free(old->name);
    *old = section->names[--section->name_count];
    return S_OK;
  }
  if (!copy)
    return S_OK;
  if (section->name_count == section->name_room) {
    size_t room = section->name_room * 2 + 8;
    PropertyName *more = realloc(section->names, room * sizeof *more);

    if (!more) {
      free(copy);
      return E_OUTOFMEMORY;
    }
    section->names = more;
    section->name_room = room;
  }
  section->names[section->name_count++] = (PropertyName){ id, copy };
  return S_OK;
}

/* Reading */

/* Names of properties: by the number of bytes with a zero, or of units where the code page is that of UTF-16. */
static HRESULT read_dictionary(PropertySection *section, Cursor cursor) {
  uint32_t count = cursor_u32(&cursor);
  bool wide = section->code_page == CODE_PAGE_UTF16;

  for (uint32_t i = 0; i < count; i++) {
    PROPID id = cursor_u32(&cursor);
    uint32_t length = cursor_u32(&cursor);
    char16_t *text;
    size_t units;

    if (cursor.failed || length > cursor_left(&cursor) / (wide ? 2 : 1))
      return STG_E_DOCFILECORRUPT;
    size_t size = wide ? (size_t)length * 2 : length;
    HRESULT status = code_page_to_utf16(section->code_page, cursor_bytes(&cursor, size), size, &text, &units);
    if (SUCCEEDED(status) && *text)
      status = section_set_name(section, id, text);
    CoTaskMemFree(text);
    if (FAILED(status))
      return status;
    if (wide && size % 4)
      cursor_skip(&cursor, cursor_left(&cursor) < 2 ? cursor_left(&cursor) : 2);
  }
  return S_OK;
}

static int compare_offsets(const void *first, const void *second) {
  uint32_t one = *(const uint32_t *)first;
  uint32_t other = *(const uint32_t *)second;

  return one < other ? -1 : one > other;
}

/* Where values begin, in order: each ends where the next one begins, or with the section. */
static uint32_t *sorted_offsets(const Cursor *section, uint32_t count) {
  uint32_t *offsets = malloc((size_t)count * sizeof *offsets + 1);

  for (uint32_t i = 0; offsets && i < count; i++)
    offsets[i] = little_u32(section->data + 8 + (size_t)i * 8 + 4);
  if (offsets)
    qsort(offsets, count, sizeof *offsets, compare_offsets);
  return offsets;
}

static size_t next_offset(const uint32_t *offsets, uint32_t count, size_t begin, size_t size) {
  uint32_t low = 0;
  uint32_t high = count;

  while (low < high) {
    uint32_t middle = low + (high - low) / 2;
    if (offsets[middle] > begin)
      high = middle;
    else
      low = middle + 1;
  }
  return low < count && offsets[low] < size ? offsets[low] : size;
}

static HRESULT read_code_page(PropertySection *section, const Cursor *bytes, uint32_t count) {
  section->code_page = CODE_PAGE_NONE;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t id = little_u32(bytes->data + 8 + (size_t)i * 8);
    uint32_t offset = little_u32(bytes->data + 8 + (size_t)i * 8 + 4);
    const uint8_t *value = cursor_at(bytes, offset, 8);

    if (id != PID_CODEPAGE)
      continue;
    if (!value || (little_u32(value) & 0xFFFF) != VT_I2)
      return STG_E_DOCFILECORRUPT;
    section->code_page = little_u16(value + 4);
  }
  return S_OK;
}

static HRESULT read_properties(PropertySection *section, const Cursor *bytes, uint32_t count, const uint32_t *offsets) {
  HRESULT status = S_OK;

  for (uint32_t i = 0; i < count && SUCCEEDED(status); i++) {
    uint32_t id = little_u32(bytes->data + 8 + (size_t)i * 8);
    size_t begin = little_u32(bytes->data + 8 + (size_t)i * 8 + 4);

    if (begin < 8 || begin > bytes->size)
      return STG_E_DOCFILECORRUPT;
    size_t size = next_offset(offsets, count, begin, bytes->size) - begin;
    if (id == PID_DICTIONARY) {
      status = read_dictionary(section, cursor_over(bytes->data + begin, size));
    } else if (id != PID_CODEPAGE) {
      if (section_find(section, id))
        continue; /* the first one counts */
      uint8_t *copy = malloc(size + 1);
      if (!copy)
        return E_OUTOFMEMORY;
      memcpy(copy, bytes->data + begin, size);
      status = section_put_bytes(section, id, copy, size);
    }
    if (id == PID_BEHAVIOR && size >= 8)
      section->case_sensitive = little_u32(bytes->data + begin + 4) & 1;
  }
  return status;
}

#define PROPERTIES_MOST 65536u

static HRESULT read_section(PropertySet *set, const Cursor *stream, const FMTID *fmtid, uint32_t offset) {
  const uint8_t *head = cursor_at(stream, offset, 8);

  if (!head)
    return STG_E_DOCFILECORRUPT;
  size_t size = little_u32(head);
  uint32_t count = little_u32(head + 4);
  if (size > stream->size - offset)
    size = stream->size - offset; /* some programs count wrongly */
  if (size < 8 || count > (size - 8) / 8 || count > PROPERTIES_MOST)
    return STG_E_DOCFILECORRUPT;
  HRESULT status = property_set_add(set, fmtid);
  if (FAILED(status))
    return status;
  PropertySection *section = &set->sections[set->count - 1];
  Cursor bytes = cursor_over(stream->data + offset, size);
  uint32_t *offsets = sorted_offsets(&bytes, count);
  if (!offsets)
    return E_OUTOFMEMORY;
  status = read_code_page(section, &bytes, count);
  if (SUCCEEDED(status))
    status = read_properties(section, &bytes, count, offsets);
  free(offsets);
  return status;
}

static HRESULT parse(PropertySet *set, const uint8_t *bytes, size_t size) {
  Cursor cursor = cursor_over(bytes, size);
  FMTID fmtids[2] = { { 0 } };
  uint32_t offsets[2] = { 0 };

  uint16_t order = cursor_u16(&cursor);
  uint16_t version = cursor_u16(&cursor);
  set->system = cursor_u32(&cursor);
  set->clsid = cursor_guid(&cursor);
  uint32_t count = cursor_u32(&cursor);
  if (cursor.failed || order != 0xFFFE || version > 1 || !count || count > 2)
    return STG_E_DOCFILECORRUPT;
  for (uint32_t i = 0; i < count; i++) {
    fmtids[i] = cursor_guid(&cursor);
    offsets[i] = cursor_u32(&cursor);
  }
  HRESULT status = cursor.failed ? STG_E_DOCFILECORRUPT : S_OK;
  for (uint32_t i = 0; i < count && SUCCEEDED(status); i++)
    status = read_section(set, &cursor, &fmtids[i], offsets[i]);
  return status;
}

static HRESULT read_all(IStream *stream, uint8_t **bytes, size_t *size) {
  STATSTG stat;
  ULONG done = 0;
  HRESULT status = IStream_Stat(stream, &stat, STATFLAG_NONAME);

  *bytes = NULL;
  if (SUCCEEDED(status) && stat.cbSize.QuadPart > STREAM_LIMIT)
    status = STG_E_DOCFILETOOLARGE;
  if (SUCCEEDED(status))
    status = IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL);
  if (FAILED(status))
    return status;
  *bytes = malloc((size_t)stat.cbSize.QuadPart + 1);
  if (!*bytes)
    return E_OUTOFMEMORY;
  status = IStream_Read(stream, *bytes, (ULONG)stat.cbSize.QuadPart, &done);
  *size = done;
  return status;
}

HRESULT property_set_read(IStream *stream, PropertySet *set) {
  uint8_t *bytes;
  size_t size;

  memset(set, 0, sizeof *set);
  HRESULT status = read_all(stream, &bytes, &size);
  if (SUCCEEDED(status))
    status = parse(set, bytes, size);
  free(bytes);
  if (FAILED(status))
    property_set_clear(set);
  return status;
}

/* Writing */

static void put_guid(ByteBuffer *buffer, const GUID *guid) {
  buffer_u32(buffer, guid->Data1);
  buffer_u32(buffer, guid->Data2 | (uint32_t)guid->Data3 << 16);
  buffer_bytes(buffer, guid->Data4, sizeof guid->Data4);
}

static HRESULT write_dictionary(const PropertySection *section, ByteBuffer *buffer) {
  bool wide = section->code_page == CODE_PAGE_UTF16;
  size_t start = buffer->size;

  buffer_u32(buffer, (uint32_t)section->name_count);
  for (size_t i = 0; i < section->name_count; i++) {
    const PropertyName *name = &section->names[i];

    buffer_u32(buffer, name->id);
    size_t at = buffer->size;
    buffer_u32(buffer, 0);
    HRESULT status = code_page_from_utf16(section->code_page, name->name, utf16_units(name->name), buffer);
    if (FAILED(status))
      return status;
    buffer_bytes(buffer, "\0", wide ? 2 : 1);
    buffer_put_u32(buffer, at, (uint32_t)(buffer->size - at - 4) / (wide ? 2 : 1));
    if (wide)
      buffer_align(buffer, start);
  }
  buffer_align(buffer, start);
  return S_OK;
}

/* A row of the list of properties: what comes now is this one. */
static void note_property(ByteBuffer *buffer, size_t start, size_t *row, PROPID id) {
  buffer_put_u32(buffer, *row, id);
  buffer_put_u32(buffer, *row + 4, (uint32_t)(buffer->size - start));
  *row += 8;
}

static HRESULT write_section(const PropertySection *section, ByteBuffer *buffer) {
  size_t start = buffer->size;
  size_t row = start + 8;
  bool names = section->name_count > 0;
  bool code_page = section->code_page != CODE_PAGE_NONE;
  size_t count = section->count + names + code_page;
  HRESULT status = S_OK;

  buffer_u32(buffer, 0);
  buffer_u32(buffer, (uint32_t)count);
  for (size_t i = 0; i < count * 2; i++)
    buffer_u32(buffer, 0);
  if (code_page) {
    note_property(buffer, start, &row, PID_CODEPAGE);
    buffer_u32(buffer, VT_I2);
    buffer_u32(buffer, section->code_page & 0xFFFF);
  }
  if (names) {
    note_property(buffer, start, &row, PID_DICTIONARY);
    status = write_dictionary(section, buffer);
  }
  for (size_t i = 0; i < section->count && SUCCEEDED(status); i++) {
    note_property(buffer, start, &row, section->properties[i].id);
    buffer_bytes(buffer, section->properties[i].bytes, section->properties[i].size);
    buffer_align(buffer, start);
  }
  buffer_put_u32(buffer, start, (uint32_t)(buffer->size - start));
  return status;
}

static HRESULT format(const PropertySet *set, ByteBuffer *buffer) {
  bool names_differ = set->count && set->sections[0].case_sensitive;
  HRESULT status = S_OK;

  buffer_u32(buffer, 0xFFFE | (names_differ ? 1u << 16 : 0));
  buffer_u32(buffer, set->system);
  put_guid(buffer, &set->clsid);
  buffer_u32(buffer, (uint32_t)set->count);
  size_t row = buffer->size;
  for (size_t i = 0; i < set->count; i++) {
    put_guid(buffer, &set->sections[i].fmtid);
    buffer_u32(buffer, 0);
  }
  for (size_t i = 0; i < set->count && SUCCEEDED(status); i++) {
    buffer_put_u32(buffer, row + i * 20 + 16, (uint32_t)buffer->size);
    status = write_section(&set->sections[i], buffer);
  }
  return SUCCEEDED(status) && buffer->failed ? E_OUTOFMEMORY : status;
}

HRESULT property_set_write(IStream *stream, const PropertySet *set) {
  ByteBuffer buffer = { 0 };
  ULONG done = 0;
  HRESULT status = format(set, &buffer);

  if (SUCCEEDED(status))
    status = IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL);
  if (SUCCEEDED(status))
    status = IStream_Write(stream, buffer.data, (ULONG)buffer.size, &done);
  if (SUCCEEDED(status) && done < buffer.size)
    status = STG_E_MEDIUMFULL;
  if (SUCCEEDED(status))
    status = IStream_SetSize(stream, (ULARGE_INTEGER){ .QuadPart = buffer.size });
  free(buffer.data);
  return status;
}
