/* msft_reader.h - the parts of the MSFT reader among themselves.
 *
 * MSFT is the format that ICreateTypeLib2, MIDL and widl write: a header, a table of type offsets, a directory of 15
 * segments, and after them one block of members for each type. Microsoft published nothing about it; what is known was
 * found out by reading files ("The Unofficial TypeLib Data Format Specification"). All numbers are little-endian.
 */
#ifndef OLEANDER_MSFT_READER_H
#define OLEANDER_MSFT_READER_H

#include "com/com_api.h"
#include "typelib/readers/readers.h"

#include <stdatomic.h>

/* The directory, in the order of the file. */
typedef enum MsftSegment {
  MSFT_TYPES,        /* records of 100 bytes, one a type */
  MSFT_IMPORTS,      /* types of other libraries that are referred to: 12 bytes each */
  MSFT_FILES,        /* the other libraries */
  MSFT_REFERENCES,   /* implemented types of coclasses: chains of 16 bytes each */
  MSFT_GUID_HASH,    /* 32 chain heads into MSFT_GUIDS */
  MSFT_GUIDS,        /* 24 bytes each */
  MSFT_NAME_HASH,    /* 128 chain heads into MSFT_NAMES */
  MSFT_NAMES,        /* each once, whatever has that name */
  MSFT_STRINGS,      /* help strings, file names, DLL names */
  MSFT_TYPE_DESCS,   /* 8 bytes each */
  MSFT_ARRAY_DESCS,  /* element type, bounds */
  MSFT_CUSTOM_DATA,  /* values: of constants, defaults and custom data */
  MSFT_CUSTOM_GUIDS, /* chains of (GUID, value): 12 bytes each */
  MSFT_UNKNOWN_E,
  MSFT_UNKNOWN_F,
  MSFT_SEGMENT_COUNT
} MsftSegment;

#define MSFT_NONE        0xFFFFFFFFu /* the offset of nothing */
#define MSFT_TYPE_SIZE   100u
#define MSFT_IMPORT_SIZE 12u

typedef struct MsftReader {
  LibraryReader reader;
  TypelibBytes bytes;
  Cursor file;
  Cursor segments[MSFT_SEGMENT_COUNT]; /* empty where there is none */
  uint32_t type_count;
  LCID hash_lcid;
  SYSKIND syskind;
  /* Whether the stored hash values of names are the ones that we compute: found out at the first look-up that fails. */
  atomic_int hash_trust;
} MsftReader;

static inline const MsftReader *msft_from(const LibraryReader *reader) {
  return (const MsftReader *)reader;
}

/* A cursor over the segment, moved to `offset`; failed when that is outside. */
static inline Cursor msft_segment_at(const MsftReader *msft, MsftSegment segment, uint32_t offset) {
  Cursor at = msft->segments[segment];

  cursor_seek(&at, offset);
  return at;
}

/* A record of `size` bytes at `offset` of the segment; NULL when it reaches beyond the end. */
static inline const uint8_t *msft_record(const MsftReader *msft, MsftSegment segment, size_t offset, size_t size) {
  return cursor_at(&msft->segments[segment], offset, size);
}

/* The record of a type: MSFT_TYPE_SIZE bytes, or NULL. */
static inline const uint8_t *msft_type_record(const MsftReader *msft, UINT type) {
  return msft_record(msft, MSFT_TYPES, type * MSFT_TYPE_SIZE, MSFT_TYPE_SIZE);
}

GUID msft_guid(const MsftReader *msft, uint32_t offset);          /* GUID_NULL for MSFT_NONE */
LibraryText msft_string(const MsftReader *msft, uint32_t offset); /* no text for MSFT_NONE or damage */
LibraryText msft_name_text(const LibraryReader *reader, NameId name);
unsigned msft_find_names(const LibraryReader *reader, const OLECHAR *name, NameId *ids, unsigned capacity);

/* msft_types.c */
HRESULT msft_read_type(const LibraryReader *reader, UINT type, TypeFacts *facts);
HRESULT msft_read_kind(const LibraryReader *reader, UINT type, TYPEKIND *kind);
HRESULT msft_read_implemented(const LibraryReader *reader, UINT type, UINT index, ImplementedFacts *facts);
HRESULT msft_read_reference(const LibraryReader *reader, UINT type, HREFTYPE reference, ReferenceFacts *facts);
HRESULT msft_read_typedesc(const LibraryReader *reader, UINT type, TypeCode code, DescBlock *block, TYPEDESC *desc);
HRESULT msft_find_guid(const LibraryReader *reader, REFGUID guid, UINT *type);

/* msft_members.c */
HRESULT msft_read_function(const LibraryReader *reader, UINT type, UINT index, FunctionFacts *facts);
HRESULT msft_read_function_details(const LibraryReader *reader, UINT type, UINT index, FunctionDetails *details);
HRESULT msft_read_parameter(const LibraryReader *reader, UINT type, const FunctionFacts *function, UINT index,
                            ParameterFacts *facts);
HRESULT msft_read_variable(const LibraryReader *reader, UINT type, UINT index, VariableFacts *facts);
HRESULT msft_read_members(const LibraryReader *reader, UINT type, UINT first, UINT count, MemberKey *keys);

/* msft_values.c */
HRESULT msft_read_value(const LibraryReader *reader, ValueCode code, VARIANT *value);
HRESULT msft_next_custom(const LibraryReader *reader, CustomWalk *walk, CustomFacts *facts);

#endif
