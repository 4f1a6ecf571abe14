/* msft_types.c - the records of types: their own attributes, what they implement, what they refer to. */
#include "typelib/msft_reader.h"

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
  TYPE_IMPLEMENTED = 0x4C, /* a word; the next one is the size of the vtable */
  TYPE_SIZE = 0x50,
  TYPE_DATA = 0x54,     /* alias: type; interface: base; coclass: chain of references; module: DLL */
  TYPE_INHERITED = 0x58 /* number of bases, number of their functions: a word each */
};

static TYPEKIND kind_of(uint32_t word) {
  return (TYPEKIND)(word & 0x0F);
}

HRESULT msft_read_kind(const LibraryReader *reader, UINT type, TYPEKIND *kind) {
  Cursor at = msft_type_at(msft_from(reader), type, TYPE_KIND);

  *kind = kind_of(cursor_u32(&at));
  return *kind < TKIND_MAX && !at.failed ? S_OK : TYPE_E_INVDATAREAD;
}

HRESULT msft_read_type(const LibraryReader *reader, UINT type, TypeFacts *facts) {
  const MsftReader *msft = msft_from(reader);
  Cursor at = msft_type_at(msft, type, TYPE_KIND);
  uint32_t kind = cursor_u32(&at), data;

  memset(facts, 0, sizeof *facts);
  facts->kind = kind_of(kind);
  facts->alignment = (WORD)(kind >> 11 & 0x1F);
  cursor_skip(&at, TYPE_COUNTS - 4);
  facts->function_count = cursor_u16(&at);
  facts->variable_count = cursor_u16(&at);
  cursor_skip(&at, TYPE_GUID - TYPE_COUNTS - 4);
  facts->guid = msft_guid(msft, cursor_u32(&at));
  facts->flags = cursor_u32(&at);
  facts->name = cursor_u32(&at);
  facts->major = cursor_u16(&at);
  facts->minor = cursor_u16(&at);
  facts->documentation.help_string = msft_string(msft, cursor_u32(&at));
  facts->documentation.help_string_context = cursor_u32(&at);
  facts->documentation.help_context = cursor_u32(&at);
  facts->custom = cursor_u32(&at);
  facts->implemented_count = cursor_u16(&at);
  facts->vtable_size = cursor_u16(&at);
  facts->instance_size = cursor_u32(&at);
  data = cursor_u32(&at);
  cursor_skip(&at, 2);
  facts->inherited_function_count = cursor_u16(&at);
  if (facts->kind == TKIND_ALIAS)
    facts->alias = data;
  else if (facts->kind == TKIND_MODULE)
    facts->dll = msft_string(msft, data);
  return at.failed || facts->kind >= TKIND_MAX ? TYPE_E_INVDATAREAD : S_OK;
}

/* A reference record: type, flags, custom data, next record of the chain. */
static HRESULT read_chain_link(const MsftReader *msft, uint32_t offset, UINT index, ImplementedFacts *facts) {
  size_t limit = msft->segments[MSFT_REFERENCES].size / 16;
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
  Cursor at = msft_type_at(msft, type, TYPE_DATA);
  uint32_t data = cursor_u32(&at);
  TYPEKIND kind;
  HRESULT hr = msft_read_kind(reader, type, &kind);

  if (FAILED(hr))
    return hr;
  if (kind == TKIND_COCLASS)
    return read_chain_link(msft, data, index, facts);
  if (index != 0)
    return TYPE_E_ELEMENTNOTFOUND;
  if (data != NO_REFERENCE && data >= 0x01000000u)
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
  Cursor at;
  uint32_t data;

  if (code & 0x80000000u) { /* a builtin type, in the low word */
    desc->vt = (VARTYPE)code;
    return S_OK;
  }
  if (depth > TYPE_DEPTH_LIMIT)
    return TYPE_E_INVDATAREAD;
  at = msft_segment_at(msft, MSFT_TYPE_DESCS, code);
  desc->vt = cursor_u16(&at) & VT_TYPEMASK;
  cursor_skip(&at, 2);
  data = cursor_u32(&at);
  if (at.failed)
    return TYPE_E_INVDATAREAD;
  switch (desc->vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
    desc->lptdesc = desc_block_take(block, sizeof *desc->lptdesc);
    return desc->lptdesc ? read_desc(msft, data, block, desc->lptdesc, depth + 1) : E_OUTOFMEMORY;
  case VT_CARRAY:
    return read_array(msft, data, block, desc, depth);
  case VT_USERDEFINED:
    desc->hreftype = data;
    return data < 0x01000000u ? S_OK : TYPE_E_INVDATAREAD;
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
  UINT index;

  for (index = 0; index < msft->type_count; index++) {
    Cursor at = msft_type_at(msft, index, TYPE_GUID);
    GUID own = msft_guid(msft, cursor_u32(&at));

    if (IsEqualGUID(&own, guid)) {
      *type = index;
      return S_OK;
    }
  }
  return TYPE_E_ELEMENTNOTFOUND;
}
