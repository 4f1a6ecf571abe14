/* msft_write_members.c - the members of a type in an MSFT file that is written: readers/msft_members.c draws the block. */
#include "typelib/writers/msft_writer.h"

#include <stdlib.h>

#define RECORD_LIMIT 0xFFFFu /* the length of a record is a word */

/* What is known of the members of a type while its block is made. */
typedef struct Block {
  MsftWriter *writer;
  UINT type;
  const TypeFacts *facts;
  uint32_t count;
  uint32_t *ids, *names, *offsets; /* the arrays behind the records */
  uint32_t *rings;                 /* of functions: the next with the same id, in a ring */
  size_t begin;                    /* of the records among the members */
} Block;

/* Optional dwords of a record, which end with the last that says something. */
typedef struct Options {
  uint32_t *dwords;
  uint32_t used;
} Options;

static void set_option(Options *options, uint32_t index, uint32_t value, uint32_t nothing) {
  options->dwords[index] = value;
  if (value != nothing && options->used <= index)
    options->used = index + 1;
}

static void put_options(ByteWriter *members, const Options *options) {
  for (uint32_t index = 0; index < options->used; index++)
    byte_writer_u32(members, options->dwords[index]);
}

/* Functions. */

enum {
  OPTION_HELP_CONTEXT,
  OPTION_HELP_STRING,
  OPTION_ENTRY,
  OPTION_UNUSED,
  OPTION_UNUSED_TOO,
  OPTION_HELP_STRING_CONTEXT,
  OPTION_CUSTOM_DATA,
  OPTION_PARAMETER_CUSTOM_DATA
};

/* Bits of a function record's kind word. */
enum {
  FUNCTION_HAS_CUSTOM_DATA = 0x0080,
  FUNCTION_HAS_DEFAULTS = 0x1000,
  FUNCTION_BY_ORDINAL = 0x2000,
  FUNCTION_HAS_RETVAL = 0x4000
};

#define DESC_FIXED_SIZE     52u
#define DESC_PARAMETER_SIZE 16u
#define DESC_DEFAULT_SIZE   24u

/* What becomes of one parameter. */
typedef struct PlacedParameter {
  uint32_t type, name, flags, value, custom;
} PlacedParameter;

static HRESULT place_parameter(const Block *block, const FunctionFacts *function, UINT index, PlacedParameter *placed) {
  MsftWriter *writer = block->writer;
  ParameterFacts facts;
  HRESULT hr = writer->reader->methods->read_parameter(writer->reader, block->type, function, index, &facts);

  *placed = (PlacedParameter){ .value = MSFT_NONE, .flags = facts.flags };
  if (SUCCEEDED(hr))
    hr = msft_put_type(writer, block->type, facts.type, &placed->type);
  if (SUCCEEDED(hr))
    hr = msft_put_name(writer, facts.name, NAME_OF_MEMBER, NAME_NO_TYPE, &placed->name);
  if (SUCCEEDED(hr) && facts.default_value != NO_VALUE)
    hr = msft_put_value(writer, facts.default_value, &placed->value);
  if (SUCCEEDED(hr))
    hr = msft_put_custom(writer, facts.custom, &placed->custom);
  return hr;
}

/* What a whole record is made of. */
typedef struct PlacedFunction {
  const FunctionFacts *facts;
  PlacedParameter *parameters;
  Options options;
  uint32_t result, desc_size, kind;
} PlacedFunction;

static HRESULT place_parameters(const Block *block, PlacedFunction *function) {
  HRESULT hr = S_OK;

  for (UINT index = 0; SUCCEEDED(hr) && index < function->facts->parameter_count; index++) {
    PlacedParameter *placed = &function->parameters[index];

    hr = place_parameter(block, function->facts, index, placed);
    if (FAILED(hr))
      break;
    function->desc_size += DESC_PARAMETER_SIZE + msft_desc_size(block->writer, placed->type);
    if (placed->value != MSFT_NONE) {
      function->kind |= FUNCTION_HAS_DEFAULTS;
      function->desc_size += DESC_DEFAULT_SIZE;
    }
    if (placed->custom != MSFT_NONE)
      function->kind |= FUNCTION_HAS_CUSTOM_DATA;
    if (placed->flags & PARAMFLAG_FRETVAL)
      function->kind |= FUNCTION_HAS_RETVAL;
  }
  return hr;
}

static HRESULT place_entry(MsftWriter *writer, const FunctionDetails *details, PlacedFunction *function) {
  uint32_t entry;

  if (!details->entry.bytes && details->ordinal != 0) {
    function->kind |= FUNCTION_BY_ORDINAL;
    set_option(&function->options, OPTION_ENTRY, details->ordinal, MSFT_NONE);
    return S_OK;
  }
  HRESULT hr = msft_put_string(writer, details->entry, &entry);
  set_option(&function->options, OPTION_ENTRY, entry, MSFT_NONE);
  return hr;
}

/* With custom data all dwords are there, for every parameter too when one of them has some. */
static void place_custom(PlacedFunction *function, uint32_t custom) {
  Options *options = &function->options;

  set_option(options, OPTION_CUSTOM_DATA, custom, MSFT_NONE);
  for (UINT index = 0; index < function->facts->parameter_count; index++)
    set_option(options, OPTION_PARAMETER_CUSTOM_DATA + index, function->parameters[index].custom, MSFT_NONE);
  if (custom != MSFT_NONE)
    function->kind |= FUNCTION_HAS_CUSTOM_DATA;
  if (function->kind & FUNCTION_HAS_CUSTOM_DATA && options->used > OPTION_PARAMETER_CUSTOM_DATA)
    options->used = OPTION_PARAMETER_CUSTOM_DATA + function->facts->parameter_count;
}

static HRESULT place_options(const Block *block, UINT index, PlacedFunction *function) {
  MsftWriter *writer = block->writer;
  FunctionDetails details;
  uint32_t help, custom = MSFT_NONE;
  HRESULT hr = writer->reader->methods->read_function_details(writer->reader, block->type, index, &details);

  if (SUCCEEDED(hr))
    hr = msft_put_string(writer, details.documentation.help_string, &help);
  if (FAILED(hr))
    return hr;
  set_option(&function->options, OPTION_HELP_CONTEXT, details.documentation.help_context, 0);
  set_option(&function->options, OPTION_HELP_STRING, help, MSFT_NONE);
  hr = place_entry(writer, &details, function);
  set_option(&function->options, OPTION_UNUSED, MSFT_NONE, MSFT_NONE);
  set_option(&function->options, OPTION_UNUSED_TOO, MSFT_NONE, MSFT_NONE);
  set_option(&function->options, OPTION_HELP_STRING_CONTEXT, details.documentation.help_string_context, 0);
  if (SUCCEEDED(hr))
    hr = msft_put_custom(writer, details.custom, &custom);
  place_custom(function, custom);
  return hr;
}

static uint32_t kind_word(const Block *block, UINT index, const PlacedFunction *function) {
  const FunctionFacts *facts = function->facts;

  return function->kind | ((uint32_t)facts->kind & 7) | ((uint32_t)facts->invkind & 0x0F) << 3 |
         ((uint32_t)facts->callconv & 0x0F) << 8 | block->rings[index] << 16;
}

static HRESULT write_function(const Block *block, UINT index, const PlacedFunction *function) {
  ByteWriter *members = &block->writer->members;
  const FunctionFacts *facts = function->facts;
  uint32_t count = facts->parameter_count;
  bool defaults = function->kind & FUNCTION_HAS_DEFAULTS;
  uint32_t size = 24 + 4 * function->options.used + (defaults ? 16 : 12) * count;

  if (size > RECORD_LIMIT)
    return TYPE_E_SIZETOOBIG;
  byte_writer_u32(members, size | (uint32_t)index << 16);
  byte_writer_u32(members, function->result);
  byte_writer_u32(members, facts->flags);
  byte_writer_u16(members, (uint16_t)facts->vtable_offset);
  byte_writer_u16(members, (uint16_t)(function->desc_size > 0xFFFF ? 0xFFFF : function->desc_size));
  byte_writer_u32(members, kind_word(block, index, function));
  byte_writer_u16(members, (uint16_t)count);
  byte_writer_u16(members, (uint16_t)facts->optional_count);
  put_options(members, &function->options);
  for (uint32_t k = 0; defaults && k < count; k++)
    byte_writer_u32(members, function->parameters[k].value);
  for (uint32_t k = 0; k < count; k++) {
    byte_writer_u32(members, function->parameters[k].type);
    byte_writer_u32(members, function->parameters[k].name);
    byte_writer_u32(members, function->parameters[k].flags);
  }
  return members->failed ? E_OUTOFMEMORY : S_OK;
}

static HRESULT put_placed_function(const Block *block, UINT index, PlacedFunction *function) {
  MsftWriter *writer = block->writer;
  HRESULT hr = msft_put_type(writer, block->type, function->facts->result, &function->result);

  if (FAILED(hr))
    return hr;
  function->desc_size = DESC_FIXED_SIZE + msft_desc_size(writer, function->result);
  hr = place_parameters(block, function);
  if (SUCCEEDED(hr))
    hr = place_options(block, index, function);
  return SUCCEEDED(hr) ? write_function(block, index, function) : hr;
}

/* A module's functions are known in the whole library. */
static NameUse function_use(const Block *block) {
  return block->facts->kind == TKIND_MODULE ? NAME_OF_CONSTANT : NAME_OF_MEMBER;
}

static HRESULT put_function(Block *block, UINT index) {
  MsftWriter *writer = block->writer;
  FunctionFacts facts;
  HRESULT hr = writer->reader->methods->read_function(writer->reader, block->type, index, &facts);

  if (SUCCEEDED(hr))
    hr = msft_put_name(writer, facts.name, function_use(block), NAME_NO_TYPE, &block->names[index]);
  if (FAILED(hr))
    return hr;
  block->ids[index] = (uint32_t)facts.memid;
  block->offsets[index] = (uint32_t)(writer->members.size - block->begin);
  PlacedFunction function = { .facts = &facts };
  function.parameters = calloc(facts.parameter_count + 1u, sizeof *function.parameters);
  function.options.dwords = calloc(OPTION_PARAMETER_CUSTOM_DATA + facts.parameter_count, sizeof(uint32_t));
  hr = function.parameters && function.options.dwords ? put_placed_function(block, index, &function) : E_OUTOFMEMORY;
  free(function.parameters);
  free(function.options.dwords);
  return hr;
}

/* The rings: each function knows the next one with its id, the last of them the first. */

static HRESULT read_ids(const Block *block) {
  MsftWriter *writer = block->writer;
  MemberKey key;
  HRESULT hr = S_OK;

  for (UINT index = 0; SUCCEEDED(hr) && index < block->facts->function_count; index++) {
    hr = writer->reader->methods->read_members(writer->reader, block->type, index, 1, &key);
    block->ids[index] = (uint32_t)key.memid;
  }
  return hr;
}

static HRESULT make_rings(Block *block) {
  CodeMap last = { NULL, NULL, 0, 0 };
  HRESULT hr = read_ids(block);

  for (UINT index = 0; SUCCEEDED(hr) && index < block->facts->function_count; index++) {
    uint32_t before;

    block->rings[index] = index;
    if (code_map_find(&last, block->ids[index], &before)) {
      block->rings[index] = block->rings[before];
      block->rings[before] = index;
    }
    hr = code_map_add(&last, block->ids[index], index);
  }
  code_map_free(&last);
  return hr;
}

/* Variables. */

enum {
  VARIABLE_HELP_CONTEXT,
  VARIABLE_HELP_STRING,
  VARIABLE_UNUSED,
  VARIABLE_CUSTOM_DATA,
  VARIABLE_HELP_STRING_CONTEXT,
  VARIABLE_OPTIONS
};

#define DESC_VARIABLE_SIZE 36u
#define DESC_VARIANT_SIZE  16u

static HRESULT place_variable_options(MsftWriter *writer, const VariableFacts *facts, Options *options) {
  uint32_t help, custom;
  HRESULT hr = msft_put_string(writer, facts->documentation.help_string, &help);

  if (SUCCEEDED(hr))
    hr = msft_put_custom(writer, facts->custom, &custom);
  if (FAILED(hr))
    return hr;
  set_option(options, VARIABLE_HELP_CONTEXT, facts->documentation.help_context, 0);
  set_option(options, VARIABLE_HELP_STRING, help, MSFT_NONE);
  set_option(options, VARIABLE_UNUSED, MSFT_NONE, MSFT_NONE);
  set_option(options, VARIABLE_CUSTOM_DATA, custom, MSFT_NONE);
  set_option(options, VARIABLE_HELP_STRING_CONTEXT, facts->documentation.help_string_context, 0);
  return S_OK;
}

static HRESULT write_variable(const Block *block, UINT index, const VariableFacts *facts) {
  MsftWriter *writer = block->writer;
  ByteWriter *members = &writer->members;
  uint32_t dwords[VARIABLE_OPTIONS], type, value = facts->offset;
  Options options = { dwords, 0 };
  HRESULT hr = msft_put_type(writer, block->type, facts->type, &type);

  if (SUCCEEDED(hr) && facts->kind == VAR_CONST)
    hr = msft_put_value(writer, facts->value, &value);
  if (SUCCEEDED(hr))
    hr = place_variable_options(writer, facts, &options);
  if (FAILED(hr))
    return hr;
  uint32_t desc_size = DESC_VARIABLE_SIZE + msft_desc_size(writer, type);
  if (facts->kind == VAR_CONST)
    desc_size += DESC_VARIANT_SIZE;
  byte_writer_u32(members, (20 + 4 * options.used) | (uint32_t)index << 16);
  byte_writer_u32(members, type);
  byte_writer_u32(members, facts->flags);
  byte_writer_u16(members, (uint16_t)facts->kind);
  byte_writer_u16(members, (uint16_t)desc_size);
  byte_writer_u32(members, value);
  put_options(members, &options);
  return members->failed ? E_OUTOFMEMORY : S_OK;
}

static NameUse variable_use(const Block *block) {
  switch (block->facts->kind) {
  case TKIND_ENUM:
  case TKIND_MODULE:
    return NAME_OF_CONSTANT;
  case TKIND_RECORD:
  case TKIND_UNION:
    return NAME_OF_FIELD;
  default:
    return NAME_OF_MEMBER;
  }
}

static HRESULT put_variable(Block *block, UINT index) {
  MsftWriter *writer = block->writer;
  UINT place = block->facts->function_count + index;
  VariableFacts facts;
  HRESULT hr = writer->reader->methods->read_variable(writer->reader, block->type, index, &facts);

  if (SUCCEEDED(hr))
    hr = msft_put_name(writer, facts.name, variable_use(block), NAME_NO_TYPE, &block->names[place]);
  if (FAILED(hr))
    return hr;
  block->ids[place] = (uint32_t)facts.memid;
  block->offsets[place] = (uint32_t)(writer->members.size - block->begin);
  return write_variable(block, place, &facts);
}

/* The block. A type without members has none: it shows where one would begin. */

static void put_array(ByteWriter *members, const uint32_t *dwords, uint32_t count) {
  for (uint32_t index = 0; index < count; index++)
    byte_writer_u32(members, dwords[index]);
}

static HRESULT put_block(Block *block) {
  ByteWriter *members = &block->writer->members;
  size_t size_place = members->size;
  HRESULT hr = make_rings(block);

  byte_writer_u32(members, 0);
  block->begin = members->size;
  for (UINT index = 0; SUCCEEDED(hr) && index < block->facts->function_count; index++)
    hr = put_function(block, index);
  for (UINT index = 0; SUCCEEDED(hr) && index < block->facts->variable_count; index++)
    hr = put_variable(block, index);
  if (FAILED(hr))
    return hr;
  byte_writer_set_u32(members, size_place, (uint32_t)(members->size - block->begin));
  put_array(members, block->ids, block->count);
  put_array(members, block->names, block->count);
  put_array(members, block->offsets, block->count);
  return members->failed ? E_OUTOFMEMORY : S_OK;
}

HRESULT msft_put_members(MsftWriter *writer, UINT type, const TypeFacts *facts) {
  Block block = { writer, type, facts, (uint32_t)facts->function_count + facts->variable_count, NULL, NULL,
                  NULL,   NULL, 0 };

  if (block.count == 0)
    return S_OK;
  if (block.count > 0xFFFF)
    return TYPE_E_SIZETOOBIG;
  block.ids = calloc((size_t)block.count * 4, sizeof *block.ids);
  if (!block.ids)
    return E_OUTOFMEMORY;
  block.names = block.ids + block.count;
  block.offsets = block.names + block.count;
  block.rings = block.offsets + block.count;
  HRESULT hr = put_block(&block);
  free(block.ids);
  return hr;
}
