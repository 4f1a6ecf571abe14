/* Property sets [MS-OLEPS]: values as bytes, sections, streams. */
#ifndef OLEANDER_STORAGE_PROPERTY_INTERNAL_H
#define OLEANDER_STORAGE_PROPERTY_INTERNAL_H

#include "com/com_api.h"

#include <coml2api.h>
#include <oleauto.h>
#include <propidl.h>

#define CODE_PAGE_UTF16 1200u
#define CODE_PAGE_UTF8  65001u
#define CODE_PAGE_NONE  0u /* the set names none: UTF-8 where that is valid, else 1252 */

/* Bytes that are written; sticky failure. */
typedef struct ByteBuffer {
  uint8_t *data;
  size_t size, room;
  bool failed;
} ByteBuffer;

void buffer_bytes(ByteBuffer *buffer, const void *bytes, size_t size);
void buffer_u32(ByteBuffer *buffer, uint32_t value);
void buffer_align(ByteBuffer *buffer, size_t start); /* to four bytes from there */
void buffer_put_u32(ByteBuffer *buffer, size_t at, uint32_t value);

/* code_page.c. Texts of the set in its code page; results are task memory with a zero behind them. */
HRESULT code_page_to_utf16(uint32_t code_page, const uint8_t *bytes, size_t size, char16_t **text, size_t *units);
/* ERROR_NO_UNICODE_TRANSLATION where the code page lacks a letter. */
HRESULT code_page_from_utf16(uint32_t code_page, const char16_t *text, size_t units, ByteBuffer *buffer);
/* With another sign for what it lacks. */
HRESULT code_page_from_utf16_about(uint32_t code_page, const char16_t *text, size_t units, ByteBuffer *buffer);

/* property_value.c. A value with its type before it, as in a section. `tight`: the strings of vectors follow one another
 * without filling, as Office has them in DocumentSummaryInformation. */
HRESULT property_encode(const PROPVARIANT *value, uint32_t code_page, bool tight, ByteBuffer *buffer);
HRESULT property_decode(const uint8_t *bytes, size_t size, uint32_t code_page, bool tight, PROPVARIANT *value);
/* Bytes of our own, of which it is not known how many they are. */
HRESULT property_decode_trusted(const uint8_t *bytes, uint32_t code_page, PROPVARIANT *value);
bool section_is_tight(REFFMTID fmtid);

/* property_set.c */
typedef struct Property {
  PROPID id;
  uint8_t *bytes; /* the type and the value, as they are written */
  size_t size;
} Property;

typedef struct PropertyName {
  PROPID id;
  char16_t *name;
} PropertyName;

typedef struct PropertySection {
  FMTID fmtid;
  uint32_t code_page;
  bool case_sensitive;
  Property *properties;
  size_t count, room;
  PropertyName *names;
  size_t name_count, name_room;
} PropertySection;

typedef struct PropertySet {
  CLSID clsid;
  uint32_t system;
  PropertySection sections[2];
  size_t count;
} PropertySet;

HRESULT property_set_read(IStream *stream, PropertySet *set);
HRESULT property_set_write(IStream *stream, const PropertySet *set);
void property_set_clear(PropertySet *set);
PropertySection *property_set_section(PropertySet *set, REFFMTID fmtid);
HRESULT property_set_add(PropertySet *set, REFFMTID fmtid);
void property_set_drop(PropertySet *set, PropertySection *section);

Property *section_find(PropertySection *section, PROPID id);
HRESULT section_put(PropertySection *section, PROPID id, const PROPVARIANT *value);
HRESULT section_put_bytes(PropertySection *section, PROPID id, uint8_t *bytes, size_t size); /* takes them over */
void section_drop(PropertySection *section, PROPID id);
const PropertyName *section_name_of(const PropertySection *section, PROPID id);
const PropertyName *section_find_name(const PropertySection *section, const char16_t *name);
HRESULT section_set_name(PropertySection *section, PROPID id, const char16_t *name); /* NULL: none */

/* property_indirect.c: values that are elements of the set's storage. */
bool property_is_indirect(VARTYPE type);
HRESULT property_indirect_read(IStorage *storage, const Property *property, uint32_t code_page, DWORD mode,
                               PROPVARIANT *value);
/* A value of any type in the place of another, whose element goes. */
HRESULT property_indirect_put(IStorage *storage, PropertySection *section, PROPID id, const PROPVARIANT *value);
/* Removes the element of a property that has one; there may be no property. */
HRESULT property_indirect_drop(IStorage *storage, const Property *property, uint32_t code_page);

#define PROPERTY_CONTENTS u"CONTENTS" /* the stream of a set that is a storage */

/* property_storage.c. Takes over the references of the stream and of the storage, which simple sets have not, when it
 * succeeds. */
HRESULT property_storage_create(IStream *stream, IStorage *storage, PropertySet *set, REFFMTID fmtid, DWORD flags,
                                DWORD mode, IPropertyStorage **result);

/* property_set_storage.c: over any storage. */
HRESULT property_sets_create(IStorage *storage, REFFMTID fmtid, const CLSID *clsid, DWORD flags, DWORD mode,
                             IPropertyStorage **result);
HRESULT property_sets_open(IStorage *storage, REFFMTID fmtid, DWORD mode, IPropertyStorage **result);
HRESULT property_sets_delete(IStorage *storage, REFFMTID fmtid);
HRESULT property_sets_enum(IStorage *storage, IEnumSTATPROPSETSTG **result);

#endif
