/* sltg_members.c - functions with their parameters, variables and constants of SLTG files. */
#include "typelib/readers/sltg_reader.h"

#include <string.h>

/* Functions. */

/* The first byte of a function record tells its kind, with a bit for a word of flags at its end. */
#define HAS_FLAGS      0x20u
#define MAGIC_VIRTUAL  0x4Cu
#define MAGIC_DISPATCH 0xCBu
#define MAGIC_STATIC   0x8Bu

enum {
  FUNCTION_MAGIC = 0,   /* a byte */
  FUNCTION_INVKIND = 1, /* a byte: INVOKEKIND above four other bits */
  FUNCTION_NAME = 4,
  FUNCTION_MEMID = 6, /* a dword */
  FUNCTION_HELP_CONTEXT = 10,
  FUNCTION_HELP_STRING = 12,
  FUNCTION_PARAMETERS = 14,
  FUNCTION_CALLCONV = 16, /* a byte: number of parameters above the CALLCONV */
  FUNCTION_OPTIONAL = 17, /* a byte: RESULT_FOLLOWS, and the number of optional parameters above one bit */
  FUNCTION_RESULT = 18,   /* the type itself, or its offset */
  FUNCTION_VTABLE_OFFSET = 20,
  FUNCTION_SIZE = 22,
  FUNCTION_FLAGS = 22
};
#define RESULT_FOLLOWS 0x80u
#define RESTRICTED     0x08u

/* FunctionFacts.place: where the parameters begin among the members. */
enum { PLACE_PARAMETERS };

static bool function_record(const SltgBlock *block, UINT index, const uint8_t **record, uint32_t *offset) {
  Cursor at = block->members;

  if (!sltg_find_record(block, little_u16(block->tail + SLTG_FUNCTIONS), index, offset))
    return false;
  cursor_seek(&at, *offset);
  *record = cursor_bytes(&at, FUNCTION_SIZE);
  return *record;
}

static FUNCKIND kind_of(uint8_t magic) {
  switch (magic & (uint8_t)~HAS_FLAGS) {
  case MAGIC_STATIC:
    return FUNC_STATIC;
  case MAGIC_DISPATCH:
    return FUNC_DISPATCH;
  default:
    return FUNC_PUREVIRTUAL;
  }
}

/* 63 stands for -1: the last parameter takes a variable number. */
static SHORT optional_count(uint8_t octet) {
  int count = octet >> 1 & 0x3F;

  return (SHORT)(count == 0x3F ? -1 : count);
}

/* Functions of modules have an entry each in a part of the block of its own, told by what is the vtable offset of others.
 * As with parameters, an odd name (the DLL's) says that what follows is the thing itself, here an ordinal, and not the
 * offset of it. In vbaen32.olb Asc is number 516 of the DLL, which is what Visual Basic's runtime exports there. */
#define ENTRIES_HEADER_SIZE 0x15u
enum { ENTRY_DLL = 2, ENTRY_PLACE = 4, ENTRY_SIZE = 16 };

static const uint8_t *find_entry(const SltgBlock *block, uint16_t offset) {
  Cursor at = block->whole;

  if (!cursor_seek(&at, little_u32(block->header + SLTG_ENTRIES)) || !cursor_skip(&at, ENTRIES_HEADER_SIZE) ||
      !cursor_skip(&at, offset))
    return NULL;
  return cursor_bytes(&at, ENTRY_SIZE);
}

LibraryText sltg_module_dll(const SltgReader *sltg, const SltgBlock *block) {
  const uint8_t *entry = find_entry(block, 0);

  return entry ? sltg_name_text(&sltg->reader, little_u16(entry + ENTRY_DLL) & ~1u)
               : (LibraryText){ NULL, 0, false, false };
}

static void read_entry(const SltgReader *sltg, const SltgBlock *block, uint16_t offset, FunctionDetails *details) {
  const uint8_t *entry = find_entry(block, offset);

  if (entry && little_u16(entry + ENTRY_DLL) & 1)
    details->ordinal = little_u16(entry + ENTRY_PLACE);
  else if (entry)
    details->entry = sltg_name_text(&sltg->reader, little_u16(entry + ENTRY_PLACE));
}

HRESULT sltg_read_function(const LibraryReader *reader, UINT type, UINT index, FunctionFacts *facts) {
  const SltgReader *sltg = sltg_from(reader);
  const uint8_t *record;
  uint32_t offset;
  SltgBlock block;

  memset(facts, 0, sizeof *facts);
  if (!sltg_open_block(sltg, type, &block) || !function_record(&block, index, &record, &offset))
    return TYPE_E_INVDATAREAD;
  facts->memid = (MEMBERID)little_u32(record + FUNCTION_MEMID);
  facts->name = little_u16(record + FUNCTION_NAME);
  facts->kind = kind_of(record[FUNCTION_MAGIC]);
  facts->invkind = (INVOKEKIND)(record[FUNCTION_INVKIND] >> 4);
  facts->callconv = (CALLCONV)(record[FUNCTION_CALLCONV] & 7);
  facts->parameter_count = record[FUNCTION_CALLCONV] >> 3;
  facts->optional_count = optional_count(record[FUNCTION_OPTIONAL]);
  if (facts->kind != FUNC_STATIC)
    facts->vtable_offset = (SHORT)(little_u16(record + FUNCTION_VTABLE_OFFSET) & 0xFFFE);
  facts->result =
      record[FUNCTION_OPTIONAL] & RESULT_FOLLOWS ? offset + FUNCTION_RESULT : little_u16(record + FUNCTION_RESULT);
  if (record[FUNCTION_INVKIND] & RESTRICTED)
    facts->flags = FUNCFLAG_FRESTRICTED;
  if (record[FUNCTION_MAGIC] & HAS_FLAGS)
    facts->flags = sltg_member_u16(&block, offset + FUNCTION_FLAGS);
  facts->place[PLACE_PARAMETERS] = little_u16(record + FUNCTION_PARAMETERS);
  return S_OK;
}

HRESULT sltg_read_function_details(const LibraryReader *reader, UINT type, UINT index, FunctionDetails *details) {
  const SltgReader *sltg = sltg_from(reader);
  const uint8_t *record;
  uint32_t offset;
  SltgBlock block;

  memset(details, 0, sizeof *details);
  details->custom = NO_CUSTOM_DATA;
  if (!sltg_open_block(sltg, type, &block) || !function_record(&block, index, &record, &offset))
    return TYPE_E_INVDATAREAD;
  if (kind_of(record[FUNCTION_MAGIC]) == FUNC_STATIC)
    read_entry(sltg, &block, little_u16(record + FUNCTION_VTABLE_OFFSET), details);
  details->documentation.help_string = sltg_packed_text(&block, little_u16(record + FUNCTION_HELP_STRING));
  details->documentation.help_context = sltg_help_context(&block, little_u16(record + FUNCTION_HELP_CONTEXT));
  return S_OK;
}

/* A parameter: its name, with bit 0 set when the type follows, else the type's offset. */
#define NAMELESS_OFFSET 0xFFFEu /* and one more when the type follows */

static bool next_parameter(const SltgBlock *block, uint32_t *place, uint16_t *name, uint32_t *words) {
  *name = sltg_member_u16(block, *place);
  *place += 2;
  if (*name & 1) {
    *words = *place;
    return sltg_skip_type(block, place);
  }
  *words = sltg_member_u16(block, *place);
  *place += 2;
  return *place <= block->members.size;
}

/* The directions stand in the first word of the type: both bits clear is [in]. */
static WORD directions(uint16_t word) {
  WORD flags = PARAMFLAG_FIN;

  if ((word & 0xC000) == 0xC000)
    flags = PARAMFLAG_NONE;
  else if (word & 0x8000)
    flags = PARAMFLAG_FIN | PARAMFLAG_FOUT;
  else if (word & 0x4000)
    flags = PARAMFLAG_FOUT;
  if (word & 0x2000)
    flags |= PARAMFLAG_FLCID;
  if (word & 0x0080)
    flags |= PARAMFLAG_FRETVAL;
  return flags;
}

/* Parameter `index` of a function; the optional ones are the last that a caller gives: [lcid] and [retval] stand behind. */
typedef struct Parameter {
  uint16_t name;
  uint32_t words;
  bool optional;
} Parameter;
#define BEHIND_OPTIONAL (PARAMFLAG_FLCID | PARAMFLAG_FRETVAL)

static bool find_parameter(const SltgBlock *block, const FunctionFacts *function, UINT index, Parameter *parameter) {
  uint32_t place = function->place[PLACE_PARAMETERS], words = 0;
  UINT position, end = 0;
  uint16_t name = 0;

  for (position = 0; position < function->parameter_count; position++) {
    if (!next_parameter(block, &place, &name, &words))
      return index < position;
    if (position == index) {
      parameter->name = name;
      parameter->words = words;
    }
    if (!(directions(sltg_member_u16(block, words)) & BEHIND_OPTIONAL))
      end = position + 1;
  }
  parameter->optional = function->optional_count > 0 && index < end && index + (UINT)function->optional_count >= end;
  return true;
}

HRESULT sltg_read_parameter(const LibraryReader *reader, UINT type, const FunctionFacts *function, UINT index,
                            ParameterFacts *facts) {
  Parameter parameter = { 0, 0, false };
  SltgBlock block;

  if (!sltg_open_block(sltg_from(reader), type, &block) || !find_parameter(&block, function, index, &parameter))
    return TYPE_E_INVDATAREAD;
  facts->name = parameter.name >= NAMELESS_OFFSET ? NO_NAME : parameter.name & ~1u;
  facts->type = parameter.words;
  facts->flags = directions(sltg_member_u16(&block, parameter.words));
  if (parameter.optional)
    facts->flags |= PARAMFLAG_FOPT;
  facts->default_value = NO_VALUE;
  facts->custom = NO_CUSTOM_DATA;
  return S_OK;
}

/* Variables. */

enum {
  VARIABLE_MAGIC = 0, /* a byte, with HAS_FLAGS */
  VARIABLE_BITS = 1,  /* a byte */
  VARIABLE_NAME = 4,
  VARIABLE_VALUE = 6, /* offset in the record; a constant or its place */
  VARIABLE_TYPE = 8,  /* the type itself, or its offset */
  VARIABLE_MEMID = 10,
  VARIABLE_HELP_CONTEXT = 14,
  VARIABLE_HELP_STRING = 16,
  VARIABLE_SIZE = 18,
  VARIABLE_FLAGS = 18
};
#define VARIABLE_TYPE_FOLLOWS  0x02u
#define VARIABLE_VALUE_FOLLOWS 0x08u
#define VARIABLE_CONSTANT      0x10u
#define VARIABLE_DISPATCH      0x40u
#define VARIABLE_READONLY      0x80u

static bool variable_record(const SltgBlock *block, UINT index, const uint8_t **record, uint32_t *offset) {
  Cursor at = block->members;

  if (!sltg_find_record(block, little_u16(block->tail + SLTG_VARIABLES), index, offset))
    return false;
  cursor_seek(&at, *offset);
  *record = cursor_bytes(&at, VARIABLE_SIZE);
  return *record;
}

/* ValueCodes: a VARTYPE in six bits above 24 bits with the place in the file; or, with VALUE_HERE, above the value. */
#define VALUE_HERE       0x80000000u
#define VALUE_PLACE_BITS 24

static ValueCode value_code(const SltgReader *sltg, const SltgBlock *block, const uint8_t *record, uint32_t words) {
  uint32_t vt = sltg_member_u16(block, words) & 0x3Fu, value = little_u16(record + VARIABLE_VALUE);

  if (record[VARIABLE_BITS] & VARIABLE_VALUE_FOLLOWS)
    return VALUE_HERE | vt << VALUE_PLACE_BITS | value;
  value += (uint32_t)(block->members.data - sltg->file.data);
  return value < 1u << VALUE_PLACE_BITS ? vt << VALUE_PLACE_BITS | value : NO_VALUE;
}

static VARKIND variable_kind(uint8_t bits) {
  return bits & VARIABLE_CONSTANT ? VAR_CONST : bits & VARIABLE_DISPATCH ? VAR_DISPATCH : VAR_PERINSTANCE;
}

HRESULT sltg_read_variable(const LibraryReader *reader, UINT type, UINT index, VariableFacts *facts) {
  const SltgReader *sltg = sltg_from(reader);
  const uint8_t *record;
  uint32_t offset;
  SltgBlock block;

  memset(facts, 0, sizeof *facts);
  if (!sltg_open_block(sltg, type, &block) || !variable_record(&block, index, &record, &offset))
    return TYPE_E_INVDATAREAD;
  facts->memid = (MEMBERID)little_u32(record + VARIABLE_MEMID);
  facts->name = little_u16(record + VARIABLE_NAME);
  facts->kind = variable_kind(record[VARIABLE_BITS]);
  facts->type =
      record[VARIABLE_BITS] & VARIABLE_TYPE_FOLLOWS ? offset + VARIABLE_TYPE : little_u16(record + VARIABLE_TYPE);
  facts->offset = facts->kind == VAR_PERINSTANCE ? little_u16(record + VARIABLE_VALUE) : 0;
  facts->value = value_code(sltg, &block, record, facts->type);
  if (record[VARIABLE_BITS] & VARIABLE_READONLY)
    facts->flags |= VARFLAG_FREADONLY;
  if (record[VARIABLE_MAGIC] & HAS_FLAGS)
    facts->flags |= sltg_member_u16(&block, offset + VARIABLE_FLAGS);
  facts->documentation.help_string = sltg_packed_text(&block, little_u16(record + VARIABLE_HELP_STRING));
  facts->documentation.help_context = sltg_help_context(&block, little_u16(record + VARIABLE_HELP_CONTEXT));
  facts->custom = NO_CUSTOM_DATA;
  return S_OK;
}

/* Text is a length in a word (SLTG_NONE: no string) and the bytes. */
static HRESULT read_text(Cursor *at, VARIANT *value) {
  uint16_t length = cursor_u16(at);
  LibraryText text = { NULL, length, false, false };

  V_VT(value) = VT_BSTR;
  V_BSTR(value) = NULL;
  if (at->failed || length == SLTG_NONE)
    return at->failed ? TYPE_E_INVDATAREAD : S_OK;
  text.bytes = cursor_bytes(at, length);
  return text.bytes ? library_text_to_bstr(text, &V_BSTR(value)) : TYPE_E_INVDATAREAD;
}

static HRESULT read_number(Cursor *at, VARIANT *value) {
  switch (V_VT(value)) {
  case VT_I1:
  case VT_UI1:
    V_UI1(value) = cursor_u8(at);
    break;
  case VT_I2:
  case VT_UI2:
  case VT_BOOL:
    V_UI2(value) = cursor_u16(at);
    break;
  case VT_USERDEFINED: /* of an enumeration, or another name of a number */
    V_VT(value) = VT_I4;
    /* fallthrough */
  case VT_I4:
  case VT_UI4:
  case VT_INT:
  case VT_UINT:
  case VT_R4:
  case VT_ERROR:
  case VT_HRESULT:
    V_UI4(value) = cursor_u32(at);
    break;
  case VT_R8:
  case VT_CY:
  case VT_DATE:
  case VT_I8:
  case VT_UI8:
    V_UI8(value) = cursor_u64(at);
    break;
  default:
    return TYPE_E_INVDATAREAD;
  }
  return at->failed ? TYPE_E_INVDATAREAD : S_OK;
}

HRESULT sltg_read_value(const LibraryReader *reader, ValueCode code, VARIANT *value) {
  const SltgReader *sltg = sltg_from(reader);
  VARTYPE vt = (VARTYPE)(code >> VALUE_PLACE_BITS & 0x3F);
  uint8_t here[8] = { (uint8_t)code, (uint8_t)(code >> 8), 0 };
  Cursor at = code & VALUE_HERE ? cursor_over(here, sizeof here) : sltg->file;
  HRESULT hr;

  VariantInit(value);
  if (code == NO_VALUE)
    return TYPE_E_INVDATAREAD;
  if (!(code & VALUE_HERE))
    cursor_seek(&at, code & ((1u << VALUE_PLACE_BITS) - 1));
  V_VT(value) = vt;
  hr = vt == VT_BSTR || vt == VT_LPSTR || vt == VT_LPWSTR ? read_text(&at, value) : read_number(&at, value);
  if (FAILED(hr))
    VariantInit(value);
  return hr;
}

/* Look-up. */

static bool read_key(const SltgBlock *block, UINT index, MemberKey *key) {
  UINT functions = little_u16(block->tail + SLTG_FUNCTION_COUNT);
  const uint8_t *record;
  uint32_t offset;

  if (index < functions) {
    if (!function_record(block, index, &record, &offset))
      return false;
    *key = (MemberKey){ (MEMBERID)little_u32(record + FUNCTION_MEMID), little_u16(record + FUNCTION_NAME) };
    return true;
  }
  if (!variable_record(block, index - functions, &record, &offset))
    return false;
  *key = (MemberKey){ (MEMBERID)little_u32(record + VARIABLE_MEMID), little_u16(record + VARIABLE_NAME) };
  return true;
}

HRESULT sltg_read_members(const LibraryReader *reader, UINT type, UINT first, UINT count, MemberKey *keys) {
  SltgBlock block;
  UINT index;

  if (!sltg_open_block(sltg_from(reader), type, &block))
    return TYPE_E_INVDATAREAD;
  for (index = 0; index < count; index++)
    if (!read_key(&block, first + index, &keys[index]))
      return TYPE_E_INVDATAREAD;
  return S_OK;
}
