/* msft_write_references.c - what an HREFTYPE becomes in an MSFT file: the place of a type's record, or of an import. */
#include "typelib/writers/msft_writer.h"

#include <stdlib.h>
#include <string.h>

#define REFERENCE_LIMIT 0x00FFFFFFu /* the byte on top is used above the readers */
#define IMPORTED        1u          /* bit of a reference */
#define OF_FILE         2u          /* bit of a GUID's owner */
#define NAME_LIMIT      0x3FFFu     /* of a file: fourteen bits */
#define KIND_UNKNOWN    TKIND_INTERFACE

/* A file: LIBID, locale, version, and a name whose length stands above two bits of flags. */
static HRESULT put_file_record(MsftWriter *writer, const ReferenceFacts *facts, uint32_t guid, const uint8_t *name,
                               uint32_t length, uint32_t *offset) {
  ByteWriter record = { NULL, 0, 0, false };
  bool added;

  byte_writer_u32(&record, guid);
  byte_writer_u32(&record, facts->lcid);
  byte_writer_u16(&record, facts->major);
  byte_writer_u16(&record, facts->minor);
  byte_writer_u16(&record, (uint16_t)(length << 2 | 1));
  byte_writer_bytes(&record, name, length);
  byte_writer_align(&record, 4, 'W');
  HRESULT hr = record.failed ? E_OUTOFMEMORY
                             : record_index_put(&writer->files, &writer->segments[MSFT_FILES], record.data, record.size,
                                                0, offset, &added);
  byte_writer_free(&record);
  return hr;
}

/* The GUID of a library says which file record is its: the one that comes next. */
static HRESULT put_file(MsftWriter *writer, const ReferenceFacts *facts, uint32_t *offset) {
  uint32_t length, guid;
  uint8_t *name;
  HRESULT hr = msft_put_guid(writer, &facts->library, (uint32_t)writer->segments[MSFT_FILES].size | OF_FILE, &guid);

  if (FAILED(hr))
    return hr;
  hr = msft_text_bytes(writer, facts->file, &name, &length);
  if (SUCCEEDED(hr) && length > NAME_LIMIT)
    hr = TYPE_E_SIZETOOBIG;
  if (SUCCEEDED(hr))
    hr = put_file_record(writer, facts, guid, name, length, offset);
  free(name);
  return hr;
}

/* An import: its running number, how it is named, its kind, the file, the GUID or the index. The number counts for nothing
 * when one is looked for. */
static HRESULT put_import(MsftWriter *writer, const ReferenceFacts *facts, uint32_t *code) {
  ByteWriter *imports = &writer->segments[MSFT_IMPORTS];
  uint32_t number = (uint32_t)(imports->size / MSFT_IMPORT_SIZE), file, which = facts->index, offset;
  TYPEKIND kind = facts->kind < TKIND_MAX ? facts->kind : KIND_UNKNOWN;
  uint8_t record[MSFT_IMPORT_SIZE];
  bool added;
  HRESULT hr = put_file(writer, facts, &file);

  if (SUCCEEDED(hr) && facts->by_guid)
    hr = msft_put_guid(writer, &facts->guid, (uint32_t)imports->size | IMPORTED, &which);
  if (FAILED(hr))
    return hr;
  if (number > 0xFFFF)
    return TYPE_E_SIZETOOBIG;
  little_put_u16(record, (uint16_t)number);
  record[2] = facts->by_guid;
  record[3] = (uint8_t)kind;
  little_put_u32(record + 4, file);
  little_put_u32(record + 8, which);
  hr = record_index_put(&writer->imports, imports, record, sizeof record, 2, &offset, &added);
  *code = offset | IMPORTED;
  return hr;
}

HRESULT msft_put_typed_reference(MsftWriter *writer, UINT type, HREFTYPE reference, uint32_t *code, bool *is_enum) {
  const LibraryReader *reader = writer->reader;
  ReferenceFacts facts;
  TYPEKIND kind;
  HRESULT hr = reader->methods->read_reference(reader, type, reference, &facts);

  if (FAILED(hr))
    return hr;
  kind = facts.kind;
  if (facts.local) {
    hr = facts.index < writer->facts.type_count ? reader->methods->read_kind(reader, facts.index, &kind)
                                                : TYPE_E_UNDEFINEDTYPE;
    *code = facts.index * MSFT_TYPE_SIZE;
  } else if (IsEqualGUID(&facts.library, &GUID_NULL)) {
    hr = TYPE_E_UNDEFINEDTYPE; /* what has no LIBID nobody finds again */
  } else {
    hr = put_import(writer, &facts, code);
  }
  if (SUCCEEDED(hr) && *code > REFERENCE_LIMIT)
    hr = TYPE_E_SIZETOOBIG;
  *is_enum = kind == TKIND_ENUM;
  return hr;
}

HRESULT msft_put_reference(MsftWriter *writer, UINT type, HREFTYPE reference, uint32_t *code) {
  bool is_enum;

  return msft_put_typed_reference(writer, type, reference, code, &is_enum);
}
