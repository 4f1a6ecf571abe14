/* msft_members.c - the members of a type: function, parameter and variable records.
 *
 * A type's block of members: the size of its records, the records, and three parallel arrays with an element for each
 * function and then each variable: member id, name, offset of the record. */
#include "typelib/msft_reader.h"

#include <string.h>

typedef struct MemberBlock {
  uint32_t records, records_size, arrays; /* `arrays`: position in the file */
  uint32_t function_count, count;
} MemberBlock;

static bool find_block(const MsftReader *msft, UINT type, MemberBlock *block) {
  Cursor at = msft_type_at(msft, type, 0x04), file = msft->file;
  uint32_t position = cursor_u32(&at), counts;

  cursor_skip(&at, 0x10);
  counts = cursor_u32(&at);
  block->function_count = counts & 0xFFFF;
  block->count = block->function_count + (counts >> 16);
  cursor_seek(&file, position);
  block->records_size = cursor_u32(&file);
  block->records = position + 4;
  cursor_skip(&file, block->records_size);
  block->arrays = (uint32_t)file.position;
  return !file.failed && !at.failed && cursor_left(&file) / 12 >= block->count;
}

/* Element `index` of each array. */
typedef struct MemberEntry {
  MemberKey key;
  uint32_t offset; /* of the record, among the records */
} MemberEntry;

static MemberEntry member_entry(const MsftReader *msft, const MemberBlock *block, UINT index) {
  Cursor at = msft->file;
  size_t stride = 4 * (size_t)block->count, place = block->arrays + 4 * (size_t)index;
  MemberEntry entry;

  cursor_seek(&at, place);
  entry.key.memid = cursor_i32(&at);
  cursor_seek(&at, place + stride);
  entry.key.name = cursor_u32(&at);
  cursor_seek(&at, place + 2 * stride);
  entry.offset = cursor_u32(&at);
  return entry;
}

HRESULT msft_read_members(const LibraryReader *reader, UINT type, UINT first, UINT count, MemberKey *keys) {
  const MsftReader *msft = msft_from(reader);
  Cursor ids = msft->file, names = ids;
  MemberBlock block;
  UINT index;

  if (!find_block(msft, type, &block) || first > block.count || count > block.count - first)
    return TYPE_E_INVDATAREAD;
  cursor_seek(&ids, block.arrays + 4 * (size_t)first);
  cursor_seek(&names, block.arrays + 4 * ((size_t)block.count + first));
  for (index = 0; index < count; index++) {
    keys[index].memid = cursor_i32(&ids);
    keys[index].name = cursor_u32(&names);
  }
  return S_OK;
}

/* A record begins with its length in a word. The cursor is over the record alone, behind that first dword. */
static bool open_record(const MsftReader *msft, UINT type, UINT index, bool variable, MemberKey *key,
                        uint32_t *position, Cursor *record) {
  MemberBlock block;
  MemberEntry entry;
  Cursor at = msft->file;

  if (!find_block(msft, type, &block))
    return false;
  if (variable)
    index += block.function_count;
  if (index >= block.count)
    return false;
  entry = member_entry(msft, &block, index);
  if (entry.offset >= block.records_size)
    return false;
  *key = entry.key;
  *position = block.records + entry.offset;
  cursor_seek(&at, *position);
  *record = cursor_slice(&msft->file, *position, cursor_u16(&at));
  cursor_skip(record, 4);
  return !record->failed;
}

/* What may follow the fixed part of a record, as far as its length reaches. */
static uint32_t optional_u32(const Cursor *record, uint32_t offset, uint32_t end, uint32_t otherwise) {
  Cursor at;

  if (offset + 4 > end)
    return otherwise;
  at = *record;
  cursor_seek(&at, offset);
  return cursor_u32(&at);
}

/* Bits of a function record's kind word. */
#define FUNCTION_HAS_CUSTOM_DATA 0x0080u
#define FUNCTION_HAS_DEFAULTS    0x1000u
#define FUNCTION_BY_ORDINAL      0x2000u
#define PARAMETER_SIZE           12u

/* Offsets in a function record. */
enum {
  FUNCTION_FIXED_SIZE = 0x18,
  FUNCTION_HELP_CONTEXT = 0x18,
  FUNCTION_HELP_STRING = 0x1C,
  FUNCTION_ENTRY = 0x20,
  FUNCTION_HELP_STRING_CONTEXT = 0x2C,
  FUNCTION_CUSTOM_DATA = 0x30,
  FUNCTION_PARAMETER_CUSTOM_DATA = 0x34
};

/* FunctionFacts.place: positions in the file of parameters, of their defaults and of their custom data; 0: none. */
enum { PLACE_PARAMETERS, PLACE_DEFAULTS, PLACE_CUSTOM, PLACE_CUSTOM_COUNT };

static void read_function_options(const MsftReader *msft, const Cursor *record, uint32_t kind, uint32_t end,
                                  FunctionFacts *facts) {
  uint32_t entry = optional_u32(record, FUNCTION_ENTRY, end, MSFT_NONE);

  facts->documentation.help_context = optional_u32(record, FUNCTION_HELP_CONTEXT, end, 0);
  facts->documentation.help_string = msft_string(msft, optional_u32(record, FUNCTION_HELP_STRING, end, MSFT_NONE));
  facts->documentation.help_string_context = optional_u32(record, FUNCTION_HELP_STRING_CONTEXT, end, 0);
  if (kind & FUNCTION_BY_ORDINAL)
    facts->ordinal = (WORD)entry;
  else
    facts->entry = msft_string(msft, entry);
  facts->custom = NO_CUSTOM_DATA;
  if (kind & FUNCTION_HAS_CUSTOM_DATA)
    facts->custom = optional_u32(record, FUNCTION_CUSTOM_DATA, end, NO_CUSTOM_DATA);
}

HRESULT msft_read_function(const LibraryReader *reader, UINT type, UINT index, FunctionFacts *facts) {
  const MsftReader *msft = msft_from(reader);
  uint32_t position, kind, tail, end;
  MemberKey key;
  Cursor record;

  memset(facts, 0, sizeof *facts);
  if (!open_record(msft, type, index, false, &key, &position, &record))
    return TYPE_E_INVDATAREAD;
  facts->memid = key.memid;
  facts->name = key.name;
  facts->result = cursor_u32(&record);
  facts->flags = (WORD)cursor_u32(&record);
  /* The low bit says something about where the function comes from; offsets are multiples of the slot size. */
  facts->vtable_offset = (SHORT)(cursor_u16(&record) & 0xFFFE);
  cursor_skip(&record, 2);
  kind = cursor_u32(&record);
  facts->kind = (FUNCKIND)(kind & 7);
  facts->invkind = (INVOKEKIND)(kind >> 3 & 0x0F);
  facts->callconv = (CALLCONV)(kind >> 8 & 0x0F);
  facts->parameter_count = cursor_u16(&record);
  facts->optional_count = cursor_i16(&record);
  tail = facts->parameter_count * (PARAMETER_SIZE + (kind & FUNCTION_HAS_DEFAULTS ? 4u : 0u));
  if (record.failed || tail > record.size - FUNCTION_FIXED_SIZE)
    return TYPE_E_INVDATAREAD;
  end = (uint32_t)record.size - tail;
  facts->place[PLACE_PARAMETERS] = position + (uint32_t)record.size - facts->parameter_count * PARAMETER_SIZE;
  if (kind & FUNCTION_HAS_DEFAULTS)
    facts->place[PLACE_DEFAULTS] = position + end;
  if (kind & FUNCTION_HAS_CUSTOM_DATA && end > FUNCTION_PARAMETER_CUSTOM_DATA) {
    facts->place[PLACE_CUSTOM] = position + FUNCTION_PARAMETER_CUSTOM_DATA;
    facts->place[PLACE_CUSTOM_COUNT] = (end - FUNCTION_PARAMETER_CUSTOM_DATA) / 4;
  }
  read_function_options(msft, &record, kind, end, facts);
  return S_OK;
}

/* A parameter record: type, name, flags. */
HRESULT msft_read_parameter(const LibraryReader *reader, UINT type, const FunctionFacts *function, UINT index,
                            ParameterFacts *facts) {
  Cursor at = msft_from(reader)->file, aside = at;

  (void)type;
  cursor_seek(&at, function->place[PLACE_PARAMETERS] + index * PARAMETER_SIZE);
  facts->type = cursor_u32(&at);
  facts->name = cursor_u32(&at);
  facts->flags = (WORD)cursor_u32(&at);
  facts->default_value = NO_VALUE;
  facts->custom = NO_CUSTOM_DATA;
  if (facts->flags & PARAMFLAG_FHASDEFAULT && function->place[PLACE_DEFAULTS]) {
    cursor_seek(&aside, function->place[PLACE_DEFAULTS] + index * 4);
    facts->default_value = cursor_u32(&aside);
    if (facts->default_value == MSFT_NONE) /* the writer could not store it */
      return TYPE_E_INVDATAREAD;
  }
  if (index < function->place[PLACE_CUSTOM_COUNT]) {
    cursor_seek(&aside, function->place[PLACE_CUSTOM] + index * 4);
    facts->custom = cursor_u32(&aside);
  }
  return at.failed || aside.failed ? TYPE_E_INVDATAREAD : S_OK;
}

/* Offsets in a variable record. */
enum {
  VARIABLE_HELP_CONTEXT = 0x14,
  VARIABLE_HELP_STRING = 0x18,
  VARIABLE_CUSTOM_DATA = 0x20,
  VARIABLE_HELP_STRING_CONTEXT = 0x24
};

HRESULT msft_read_variable(const LibraryReader *reader, UINT type, UINT index, VariableFacts *facts) {
  const MsftReader *msft = msft_from(reader);
  uint32_t position, end;
  MemberKey key;
  Cursor record;

  memset(facts, 0, sizeof *facts);
  if (!open_record(msft, type, index, true, &key, &position, &record))
    return TYPE_E_INVDATAREAD;
  end = (uint32_t)record.size;
  facts->memid = key.memid;
  facts->name = key.name;
  facts->type = cursor_u32(&record);
  facts->flags = (WORD)cursor_u32(&record);
  facts->kind = (VARKIND)cursor_u16(&record);
  cursor_skip(&record, 2);
  facts->offset = facts->value = cursor_u32(&record);
  facts->documentation.help_context = optional_u32(&record, VARIABLE_HELP_CONTEXT, end, 0);
  facts->documentation.help_string = msft_string(msft, optional_u32(&record, VARIABLE_HELP_STRING, end, MSFT_NONE));
  facts->custom = optional_u32(&record, VARIABLE_CUSTOM_DATA, end, NO_CUSTOM_DATA);
  facts->documentation.help_string_context = optional_u32(&record, VARIABLE_HELP_STRING_CONTEXT, end, 0);
  return record.failed ? TYPE_E_INVDATAREAD : S_OK;
}
