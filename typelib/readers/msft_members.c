/* msft_members.c - the members of a type: function, parameter and variable records.
 *
 * A type's block of members: the size of its records, the records, and three parallel arrays with an element for each
 * function and then each variable: member id, name, offset of the record. */
#include "typelib/readers/msft_reader.h"

#include <string.h>

typedef struct MemberBlock {
  size_t records, records_end; /* in the file */
  const uint8_t *arrays;       /* 3 times `count` dwords */
  uint32_t function_count, count;
} MemberBlock;

/* Offsets in the record of a type. */
enum { TYPE_MEMBERS = 0x04, TYPE_FUNCTION_COUNT = 0x18, TYPE_VARIABLE_COUNT = 0x1A };

static bool find_block(const MsftReader *msft, UINT type, MemberBlock *block) {
  const uint8_t *record = msft_type_record(msft, type), *size;
  size_t position = record ? little_u32(record + TYPE_MEMBERS) : 0;

  size = record ? cursor_at(&msft->file, position, 4) : NULL;
  if (!size)
    return false;
  block->records = position + 4;
  block->records_end = block->records + little_u32(size);
  block->function_count = little_u16(record + TYPE_FUNCTION_COUNT);
  block->count = block->function_count + little_u16(record + TYPE_VARIABLE_COUNT);
  block->arrays = cursor_at(&msft->file, block->records_end, 12 * (size_t)block->count);
  return block->arrays;
}

/* Element `index` of one of the arrays. */
enum { ARRAY_MEMIDS, ARRAY_NAMES, ARRAY_OFFSETS };

static inline uint32_t array_element(const MemberBlock *block, unsigned array, UINT index) {
  return little_u32(block->arrays + 4 * ((size_t)array * block->count + index));
}

static MemberKey member_key(const MemberBlock *block, UINT index) {
  return (MemberKey){ (MEMBERID)array_element(block, ARRAY_MEMIDS, index), array_element(block, ARRAY_NAMES, index) };
}

HRESULT msft_read_members(const LibraryReader *reader, UINT type, UINT first, UINT count, MemberKey *keys) {
  MemberBlock block;
  UINT index;

  if (!find_block(msft_from(reader), type, &block) || first > block.count || count > block.count - first)
    return TYPE_E_INVDATAREAD;
  for (index = 0; index < count; index++)
    keys[index] = member_key(&block, first + index);
  return S_OK;
}

/* A member record, which begins with its length in a word. */
typedef struct MemberRecord {
  MemberKey key;
  const uint8_t *bytes;
  uint32_t size;
} MemberRecord;

static bool open_record(const MsftReader *msft, UINT type, UINT index, bool variable, uint32_t least,
                        MemberRecord *record) {
  const uint8_t *size;
  MemberBlock block;
  size_t place;

  if (!find_block(msft, type, &block))
    return false;
  if (variable)
    index += block.function_count;
  if (index >= block.count)
    return false;
  place = block.records + array_element(&block, ARRAY_OFFSETS, index);
  size = cursor_at(&msft->file, place, 2);
  if (!size)
    return false;
  record->key = member_key(&block, index);
  record->size = little_u16(size);
  record->bytes = cursor_at(&msft->file, place, record->size);
  return record->bytes && record->size >= least && place + record->size <= block.records_end;
}

/* What may follow the fixed part of a record, as far as its length reaches. */
static inline uint32_t optional_u32(const MemberRecord *record, uint32_t offset, uint32_t otherwise) {
  return offset + 4 <= record->size ? little_u32(record->bytes + offset) : otherwise;
}

/* Bits of a function record's kind word. */
#define FUNCTION_HAS_CUSTOM_DATA 0x0080u
#define FUNCTION_HAS_DEFAULTS    0x1000u
#define FUNCTION_BY_ORDINAL      0x2000u
#define PARAMETER_SIZE           12u

/* Offsets in a function record: the fixed part, what may follow, and at the end of the record a dword for each parameter's
 * default (with FUNCTION_HAS_DEFAULTS) and the parameters. */
enum {
  FUNCTION_RESULT = 0x04,
  FUNCTION_FLAGS = 0x08,
  FUNCTION_VTABLE_OFFSET = 0x0C, /* a word; its low bit says something about where the function comes from */
  FUNCTION_KIND = 0x10,
  FUNCTION_PARAMETER_COUNT = 0x14, /* a word */
  FUNCTION_OPTIONAL_COUNT = 0x16,  /* a word */
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

/* A function's record with what its kind word and its counts say. */
typedef struct FunctionRecord {
  MemberRecord record;
  uint32_t kind;
  uint32_t parameter_count;
  uint32_t options_end; /* in the record: there the defaults begin, or the parameters */
} FunctionRecord;

static bool open_function(const MsftReader *msft, UINT type, UINT index, FunctionRecord *function) {
  uint32_t tail;

  if (!open_record(msft, type, index, false, FUNCTION_FIXED_SIZE, &function->record))
    return false;
  function->kind = little_u32(function->record.bytes + FUNCTION_KIND);
  function->parameter_count = little_u16(function->record.bytes + FUNCTION_PARAMETER_COUNT);
  tail = function->parameter_count * (PARAMETER_SIZE + (function->kind & FUNCTION_HAS_DEFAULTS ? 4u : 0u));
  function->options_end = function->record.size - tail;
  return tail <= function->record.size - FUNCTION_FIXED_SIZE;
}

static void place_parameters(const MsftReader *msft, const FunctionRecord *function, FunctionFacts *facts) {
  uint32_t begin = (uint32_t)(function->record.bytes - msft->file.data), end = function->options_end;

  facts->place[PLACE_PARAMETERS] = begin + function->record.size - function->parameter_count * PARAMETER_SIZE;
  facts->place[PLACE_DEFAULTS] = function->kind & FUNCTION_HAS_DEFAULTS ? begin + end : 0;
  facts->place[PLACE_CUSTOM] = begin + FUNCTION_PARAMETER_CUSTOM_DATA;
  facts->place[PLACE_CUSTOM_COUNT] = function->kind & FUNCTION_HAS_CUSTOM_DATA && end > FUNCTION_PARAMETER_CUSTOM_DATA
                                         ? (end - FUNCTION_PARAMETER_CUSTOM_DATA) / 4
                                         : 0;
}

HRESULT msft_read_function(const LibraryReader *reader, UINT type, UINT index, FunctionFacts *facts) {
  const MsftReader *msft = msft_from(reader);
  FunctionRecord function;

  if (!open_function(msft, type, index, &function))
    return TYPE_E_INVDATAREAD;
  const uint8_t *bytes = function.record.bytes;
  facts->memid = function.record.key.memid;
  facts->name = function.record.key.name;
  facts->kind = (FUNCKIND)(function.kind & 7);
  facts->invkind = (INVOKEKIND)(function.kind >> 3 & 0x0F);
  facts->callconv = (CALLCONV)(function.kind >> 8 & 0x0F);
  facts->result = little_u32(bytes + FUNCTION_RESULT);
  facts->flags = little_u16(bytes + FUNCTION_FLAGS);
  facts->vtable_offset = (SHORT)(little_u16(bytes + FUNCTION_VTABLE_OFFSET) & 0xFFFE);
  facts->parameter_count = (WORD)function.parameter_count;
  facts->optional_count = (SHORT)little_u16(bytes + FUNCTION_OPTIONAL_COUNT);
  place_parameters(msft, &function, facts);
  return S_OK;
}

HRESULT msft_read_function_details(const LibraryReader *reader, UINT type, UINT index, FunctionDetails *details) {
  const MsftReader *msft = msft_from(reader);
  FunctionRecord function;

  memset(details, 0, sizeof *details);
  details->custom = NO_CUSTOM_DATA;
  if (!open_function(msft, type, index, &function))
    return TYPE_E_INVDATAREAD;
  MemberRecord *record = &function.record;
  record->size = function.options_end;
  uint32_t entry = optional_u32(record, FUNCTION_ENTRY, MSFT_NONE);
  details->documentation.help_context = optional_u32(record, FUNCTION_HELP_CONTEXT, 0);
  details->documentation.help_string = msft_string(msft, optional_u32(record, FUNCTION_HELP_STRING, MSFT_NONE));
  details->documentation.help_string_context = optional_u32(record, FUNCTION_HELP_STRING_CONTEXT, 0);
  if (function.kind & FUNCTION_BY_ORDINAL)
    details->ordinal = record->size >= FUNCTION_ENTRY + 4 ? (WORD)entry : 0;
  else
    details->entry = msft_string(msft, entry);
  if (function.kind & FUNCTION_HAS_CUSTOM_DATA)
    details->custom = optional_u32(record, FUNCTION_CUSTOM_DATA, NO_CUSTOM_DATA);
  return S_OK;
}

static bool dword_at(const MsftReader *msft, size_t position, uint32_t *value) {
  const uint8_t *bytes = cursor_at(&msft->file, position, 4);

  if (bytes)
    *value = little_u32(bytes);
  return bytes;
}

/* A parameter record: type, name, flags. */
HRESULT msft_read_parameter(const LibraryReader *reader, UINT type, const FunctionFacts *function, UINT index,
                            ParameterFacts *facts) {
  const MsftReader *msft = msft_from(reader);
  const uint8_t *record =
      cursor_at(&msft->file, (size_t)function->place[PLACE_PARAMETERS] + index * PARAMETER_SIZE, PARAMETER_SIZE);

  (void)type;
  if (!record)
    return TYPE_E_INVDATAREAD;
  facts->type = little_u32(record);
  facts->name = little_u32(record + 4);
  facts->flags = little_u16(record + 8);
  facts->default_value = NO_VALUE;
  facts->custom = NO_CUSTOM_DATA;
  if (facts->flags & PARAMFLAG_FHASDEFAULT && function->place[PLACE_DEFAULTS] &&
      !dword_at(msft, function->place[PLACE_DEFAULTS] + index * 4, &facts->default_value))
    return TYPE_E_INVDATAREAD;
  if (facts->default_value == NO_VALUE) /* nor has a parameter one whose writer could not store it */
    facts->flags &= (WORD)~PARAMFLAG_FHASDEFAULT;
  if (index < function->place[PLACE_CUSTOM_COUNT] &&
      !dword_at(msft, function->place[PLACE_CUSTOM] + index * 4, &facts->custom))
    return TYPE_E_INVDATAREAD;
  return S_OK;
}

/* Offsets in a variable record. */
enum {
  VARIABLE_TYPE = 0x04,
  VARIABLE_FLAGS = 0x08,
  VARIABLE_KIND = 0x0C,  /* a word */
  VARIABLE_VALUE = 0x10, /* a constant's value, or the offset of a field */
  VARIABLE_FIXED_SIZE = 0x14,
  VARIABLE_HELP_CONTEXT = 0x14,
  VARIABLE_HELP_STRING = 0x18,
  VARIABLE_CUSTOM_DATA = 0x20,
  VARIABLE_HELP_STRING_CONTEXT = 0x24
};

HRESULT msft_read_variable(const LibraryReader *reader, UINT type, UINT index, VariableFacts *facts) {
  const MsftReader *msft = msft_from(reader);
  MemberRecord record;

  memset(facts, 0, sizeof *facts);
  if (!open_record(msft, type, index, true, VARIABLE_FIXED_SIZE, &record))
    return TYPE_E_INVDATAREAD;
  facts->memid = record.key.memid;
  facts->name = record.key.name;
  facts->type = little_u32(record.bytes + VARIABLE_TYPE);
  facts->flags = little_u16(record.bytes + VARIABLE_FLAGS);
  facts->kind = (VARKIND)little_u16(record.bytes + VARIABLE_KIND);
  facts->offset = facts->value = little_u32(record.bytes + VARIABLE_VALUE);
  facts->documentation.help_context = optional_u32(&record, VARIABLE_HELP_CONTEXT, 0);
  facts->documentation.help_string = msft_string(msft, optional_u32(&record, VARIABLE_HELP_STRING, MSFT_NONE));
  facts->custom = optional_u32(&record, VARIABLE_CUSTOM_DATA, NO_CUSTOM_DATA);
  facts->documentation.help_string_context = optional_u32(&record, VARIABLE_HELP_STRING_CONTEXT, 0);
  return S_OK;
}
