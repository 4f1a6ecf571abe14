/* msft_writer.h - the parts of the MSFT writer among themselves. readers/msft_reader.h says what the format is.
 *
 * Every segment is a growing table; what stands in one is told by its offset there. Names, GUIDs, texts, types, values and
 * imports are kept once: whoever needs one asks for its offset, and it is put in when it is new. */
#ifndef OLEANDER_MSFT_WRITER_H
#define OLEANDER_MSFT_WRITER_H

#include "com/com_api.h"
#include "typelib/model/desc_block.h"
#include "typelib/readers/msft_reader.h"
#include "typelib/writers/byte_writer.h"

/* Codes of the reader and the offsets that they became: open addressing, at least every fourth place is free. */
typedef struct CodeMap {
  uint32_t *keys, *values; /* MSFT_NONE in values: free */
  uint32_t count, mask;
} CodeMap;

/* Records of a segment by their content: offset + 1 by hash, 0: free. */
typedef struct RecordIndex {
  uint32_t *slots;
  uint32_t count, mask;
} RecordIndex;

typedef struct MsftWriter {
  const LibraryReader *reader;
  LibraryFacts facts;
  bool stable_codes; /* a code means the same in every type: what it became can be remembered */
  ByteWriter segments[MSFT_SEGMENT_COUNT];
  ByteWriter members; /* the blocks of all types */
  uint32_t name_count, name_characters;
  uint32_t dispatch;    /* reference to IDispatch, or MSFT_NONE */
  CodeMap names, types; /* NameId, TypeCode */
  RecordIndex name_index, strings, type_descs, array_descs, values, imports, files;
} MsftWriter;

/* What a name names, for its flags. */
typedef enum NameUse {
  NAME_OF_LIBRARY,
  NAME_OF_TYPE,
  NAME_OF_MEMBER, /* function, property, parameter */
  NAME_OF_FIELD,
  NAME_OF_CONSTANT /* and of what a module has: known in the whole library */
} NameUse;

#define NAME_NO_TYPE MSFT_NONE

/* msft_write_tables.c. All give E_OUTOFMEMORY and the errors of the reader. */
HRESULT msft_begin_tables(MsftWriter *writer); /* the hash tables, which are in every file */
HRESULT msft_put_name(MsftWriter *writer, NameId name, NameUse use, uint32_t type, uint32_t *offset);
void msft_finish_names(MsftWriter *writer); /* when all names are in */
/* `owner`: -2 library, reference of a type, file | 2, -1 custom data. GUID_NULL: MSFT_NONE. */
#define GUID_OF_LIBRARY 0xFFFFFFFEu
#define GUID_OF_CUSTOM  0xFFFFFFFFu
HRESULT msft_put_guid(MsftWriter *writer, REFGUID guid, uint32_t owner, uint32_t *offset);
HRESULT msft_put_string(MsftWriter *writer, LibraryText text, uint32_t *offset);
/* The text in code page 1252; what is not in it becomes "?". To be freed. */
HRESULT msft_text_bytes(MsftWriter *writer, LibraryText text, uint8_t **bytes, uint32_t *size);

bool code_map_find(const CodeMap *map, uint32_t key, uint32_t *value);
HRESULT code_map_add(CodeMap *map, uint32_t key, uint32_t value);
void code_map_free(CodeMap *map);
/* The offset of the record with this content, which is put in when it is new; `skip` bytes at its begin do not count. */
HRESULT record_index_put(RecordIndex *index, ByteWriter *segment, const uint8_t *record, size_t size, size_t skip,
                         uint32_t *offset, bool *added);

/* msft_write_references.c */
HRESULT msft_put_reference(MsftWriter *writer, UINT type, HREFTYPE reference, uint32_t *code);
/* The same, and whether it is an enumeration. */
HRESULT msft_put_typed_reference(MsftWriter *writer, UINT type, HREFTYPE reference, uint32_t *code, bool *is_enum);
/* msft_write_descs.c */
HRESULT msft_put_type(MsftWriter *writer, UINT type, TypeCode code, uint32_t *offset);
/* What a description of the type takes in memory behind the fixed part. */
uint32_t msft_desc_size(const MsftWriter *writer, uint32_t type_code);

/* msft_write_values.c */
HRESULT msft_put_value(MsftWriter *writer, ValueCode code, uint32_t *value);
HRESULT msft_put_custom(MsftWriter *writer, CustomList list, uint32_t *offset);

/* msft_write_types.c, msft_write_members.c */
HRESULT msft_put_types(MsftWriter *writer);
HRESULT msft_put_members(MsftWriter *writer, UINT type, const TypeFacts *facts);

#endif
