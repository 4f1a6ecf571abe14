/* msft_types.c - the records of types: their own attributes, what they implement, what they refer to. */
#include "typelib/readers/msft_reader.h"

#include <string.h>

/* Offsets in the record of a type. */
enum {
  TYPE_KIND = 0x00,   /* low four bits; alignment in bits 11 to 15 */
  TYPE_COUNTS = 0x18, /* functions, variables: a word each */
  TYPE_GUID = 0x2C,
  TYPE_FLAGS = 0x30,
  TYPE_NAME = 0x34,
  TYPE_VERSION = 0x38,
  TYPE_HELP_STRING = 0x3C,
  TYPE_HELP_STRING_CONTEXT = 0x40,
  TYPE_HELP_CONTEXT = 0x44,
  TYPE_CUSTOM_DATA = 0x48,
  TYPE_IMPLEMENTED = 0x4C, /* a word */
  TYPE_VTABLE_SIZE = 0x4E, /* a word */
  TYPE_SIZE = 0x50,
  TYPE_DATA = 0x54,     /* alias: type; interface: base; coclass: chain of references; module: DLL */
  TYPE_INHERITED = 0x58 /* number of bases, number of their functions: a word each */
};

#define REFERENCE_SIZE  16u
#define REFERENCE_LIMIT 0x00FFFFFFu /* the byte on top is used above the readers */

static TYPEKIND kind_of(uint32_t word) {
  return (TYPEKIND)(word & 0x0F);
}

HRESULT msft_read_kind(const LibraryReader *reader, UINT type, TYPEKIND *kind) {
  const uint8_t *record = msft_type_record(msft_from(reader), type);

  if (!record)
    return TYPE_E_INVDATAREAD;
  *kind = kind_of(little_u32(record + TYPE_KIND));
  return *kind < TKIND_MAX ? S_OK : TYPE_E_INVDATAREAD;
}

/* A damaged record can claim more than the file has room for. */
static WORD implemented_count(const MsftReader *msft, const uint8_t *record) {
  WORD claimed = little_u16(record + TYPE_IMPLEMENTED);
  size_t room = 1;

  if (kind_of(little_u32(record + TYPE_KIND)) == TKIND_COCLASS)
    room = msft->segments[MSFT_REFERENCES].size / REFERENCE_SIZE;
  return claimed <= room ? claimed : (WORD)room;
}

HRESULT msft_read_type(const LibraryReader *reader, UINT type, TypeFacts *facts) {
  const MsftReader *msft = msft_from(reader);
  const uint8_t *record = msft_type_record(msft, type);

  memset(facts, 0, sizeof *facts);
  if (!record)
    return TYPE_E_INVDATAREAD;
  facts->kind = kind_of(little_u32(record + TYPE_KIND));
  facts->packing = (WORD)(little_u32(record + TYPE_KIND) >> 6 & 0x1F);
  facts->alignment = (WORD)(little_u32(record + TYPE_KIND) >> 11 & 0x1F);
  facts->function_count = little_u16(record + TYPE_COUNTS);
  facts->variable_count = little_u16(record + TYPE_COUNTS + 2);
  facts->guid = msft_guid(msft, little_u32(record + TYPE_GUID));
  facts->flags = little_u32(record + TYPE_FLAGS);
  facts->name = little_u32(record + TYPE_NAME);
  facts->major = little_u16(record + TYPE_VERSION);
  facts->minor = little_u16(record + TYPE_VERSION + 2);
  facts->documentation.help_string = msft_string(msft, little_u32(record + TYPE_HELP_STRING));
  facts->documentation.help_string_context = little_u32(record + TYPE_HELP_STRING_CONTEXT);
  facts->documentation.help_context = little_u32(record + TYPE_HELP_CONTEXT);
  facts->custom = little_u32(record + TYPE_CUSTOM_DATA);
  facts->implemented_count = implemented_count(msft, record);
  facts->vtable_size = little_u16(record + TYPE_VTABLE_SIZE);
  facts->instance_size = little_u32(record + TYPE_SIZE);
  facts->base_count = little_u16(record + TYPE_INHERITED);
  facts->inherited_function_count = little_u16(record + TYPE_INHERITED + 2);
  if (facts->kind == TKIND_ALIAS)
    facts->alias = little_u32(record + TYPE_DATA);
  else if (facts->kind == TKIND_MODULE)
    facts->dll = msft_string(msft, little_u32(record + TYPE_DATA));
  return facts->kind < TKIND_MAX ? S_OK : TYPE_E_INVDATAREAD;
}

/* A reference record: type, flags, custom data, next record of the chain. */
static HRESULT read_chain_link(const MsftReader *msft, uint32_t offset, UINT index, ImplementedFacts *facts) {
  size_t limit = msft->segments[MSFT_REFERENCES].size / REFERENCE_SIZE;
  Cursor at;

  if (index >= limit)
    return TYPE_E_INVDATAREAD;
  for (;; index--) {
    at = msft_segment_at(msft, MSFT_REFERENCES, offset);
    facts->reference = cursor_u32(&at);
    facts->flags = cursor_i32(&at);
    facts->custom = cursor_u32(&at);
    offset = cursor_u32(&at);
    if (at.failed)
      return TYPE_E_INVDATAREAD;
    if (index == 0)
      return S_OK;
  }
}

HRESULT msft_read_implemented(const LibraryReader *reader, UINT type, UINT index, ImplementedFacts *facts) {
  const MsftReader *msft = msft_from(reader);
  const uint8_t *record = msft_type_record(msft, type);
  uint32_t data;

  if (!record)
    return TYPE_E_INVDATAREAD;
  data = little_u32(record + TYPE_DATA);
  if (kind_of(little_u32(record + TYPE_KIND)) == TKIND_COCLASS)
    return read_chain_link(msft, data, index, facts);
  if (index != 0)
    return TYPE_E_ELEMENTNOTFOUND;
  if (data != NO_REFERENCE && data > REFERENCE_LIMIT)
    return TYPE_E_INVDATAREAD;
  facts->reference = data;
  facts->flags = 0;
  facts->custom = NO_CUSTOM_DATA;
  return S_OK;
}

/* A file record: LIBID, locale, version, and a name whose length stands above two bits of flags. */
static void read_file(const MsftReader *msft, uint32_t offset, ReferenceFacts *facts) {
  Cursor at = msft_segment_at(msft, MSFT_FILES, offset);
  uint32_t length;

  facts->library = msft_guid(msft, cursor_u32(&at));
  facts->lcid = cursor_u32(&at);
  facts->major = cursor_u16(&at);
  facts->minor = cursor_u16(&at);
  length = cursor_u16(&at) >> 2;
  facts->file.bytes = cursor_bytes(&at, length);
  facts->file.size = facts->file.bytes ? length : 0;
}

#define IMPORT_BY_GUID 0x00010000u

static HRESULT read_import(const MsftReader *msft, uint32_t offset, ReferenceFacts *facts) {
  Cursor at = msft_segment_at(msft, MSFT_IMPORTS, offset);
  uint32_t flags = cursor_u32(&at), file = cursor_u32(&at), which = cursor_u32(&at);

  if (at.failed)
    return TYPE_E_INVDATAREAD;
  facts->kind = (TYPEKIND)(flags >> 24);
  facts->by_guid = flags & IMPORT_BY_GUID;
  if (facts->by_guid)
    facts->guid = msft_guid(msft, which);
  else
    facts->index = which;
  read_file(msft, file, facts);
  return S_OK;
}

/* Bit 0 tells an imported type (offset of its import record) from one of this library (offset of its type record). */
HRESULT msft_read_reference(const LibraryReader *reader, UINT type, HREFTYPE reference, ReferenceFacts *facts) {
  const MsftReader *msft = msft_from(reader);

  (void)type;
  memset(facts, 0, sizeof *facts);
  facts->kind = TKIND_MAX;
  if (reference & 1)
    return read_import(msft, reference & ~3u, facts);
  facts->local = true;
  facts->index = reference / MSFT_TYPE_SIZE;
  return facts->index < msft->type_count && reference % MSFT_TYPE_SIZE == 0 ? S_OK : TYPE_E_INVDATAREAD;
}

/* A TypeCode with bit 31 is a builtin type, in its low word; else the offset of a type record: kind in a word, unused word,
 * and what the kind needs: a TypeCode, an array record, a reference. */
#define BUILTIN_TYPE   0x80000000u
#define TYPE_DESC_SIZE 8u

static HRESULT read_desc(const MsftReader *msft, TypeCode code, DescBlock *block, TYPEDESC *desc, unsigned depth);

/* An array record: element type, number of dimensions, unused word, then element count and lower bound of each. */
static HRESULT read_array(const MsftReader *msft, uint32_t offset, DescBlock *block, TYPEDESC *desc, unsigned depth) {
  Cursor at = msft_segment_at(msft, MSFT_ARRAY_DESCS, offset);
  TypeCode element = cursor_u32(&at);
  USHORT count = cursor_u16(&at), index;
  ARRAYDESC *array;

  cursor_skip(&at, 2);
  if (at.failed || cursor_left(&at) / 8 < count)
    return TYPE_E_INVDATAREAD;
  array = desc_block_take(block, sizeof *array + (count > 1 ? count - 1u : 0) * sizeof(SAFEARRAYBOUND));
  if (!array)
    return E_OUTOFMEMORY;
  array->cDims = count;
  for (index = 0; index < count; index++) {
    array->rgbounds[index].cElements = cursor_u32(&at);
    array->rgbounds[index].lLbound = cursor_i32(&at);
  }
  desc->lpadesc = array;
  return read_desc(msft, element, block, &array->tdescElem, depth + 1);
}

static HRESULT read_desc(const MsftReader *msft, TypeCode code, DescBlock *block, TYPEDESC *desc, unsigned depth) {
  const uint8_t *record;
  uint32_t data;

  if (code & BUILTIN_TYPE) {
    desc->vt = (VARTYPE)code;
    return vartype_needs_more(desc->vt) ? TYPE_E_INVDATAREAD : S_OK;
  }
  record = msft_record(msft, MSFT_TYPE_DESCS, code, TYPE_DESC_SIZE);
  if (!record || depth > TYPE_DEPTH_LIMIT)
    return TYPE_E_INVDATAREAD;
  desc->vt = little_u16(record) & VT_TYPEMASK;
  data = little_u32(record + 4);
  switch (desc->vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
    desc->lptdesc = desc_block_take(block, sizeof *desc->lptdesc);
    return desc->lptdesc ? read_desc(msft, data, block, desc->lptdesc, depth + 1) : E_OUTOFMEMORY;
  case VT_CARRAY:
    return read_array(msft, data, block, desc, depth);
  case VT_USERDEFINED:
    desc->hreftype = data;
    return data <= REFERENCE_LIMIT ? S_OK : TYPE_E_INVDATAREAD;
  default:
    return S_OK;
  }
}

HRESULT msft_read_typedesc(const LibraryReader *reader, UINT type, TypeCode code, DescBlock *block, TYPEDESC *desc) {
  (void)type;
  return read_desc(msft_from(reader), code, block, desc, 0);
}

HRESULT msft_find_guid(const LibraryReader *reader, REFGUID guid, UINT *type) {
  const MsftReader *msft = msft_from(reader);
  const uint8_t *record;
  GUID own;

  for (*type = 0; *type < msft->type_count; ++*type) {
    record = msft_type_record(msft, *type);
    if (!record)
      return TYPE_E_INVDATAREAD;
    own = msft_guid(msft, little_u32(record + TYPE_GUID));
    if (IsEqualGUID(&own, guid))
      return S_OK;
  }
  return TYPE_E_ELEMENTNOTFOUND;
}
