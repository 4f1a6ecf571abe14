/* sltg_types.c - the block of a type: header, references, members, and the tail that counts them. */
#include "typelib/readers/sltg_reader.h"

#include <combaseapi.h>

#include <string.h>

/* Offsets in the header of a block. */
enum {
  HEADER_MAGIC = 0x00,
  HEADER_REFERENCES = 0x02, /* a dword */
  HEADER_MEMBERS = 0x0A,    /* a dword */
  HEADER_MAJOR = 0x12,
  HEADER_MINOR = 0x14,
  HEADER_FLAGS = 0x1A, /* TYPEFLAGS above three other bits, in two bytes */
  HEADER_KIND = 0x1D   /* a byte */
};
#define BLOCK_MAGIC         0x0501u
#define MEMBERS_HEADER_SIZE 9u /* five bytes of no meaning here, the size of the members in a dword */

bool sltg_open_block(const SltgReader *sltg, UINT type, SltgBlock *block) {
  const SltgType *place = &sltg->types[type];
  Cursor at;
  uint32_t members, size;

  block->whole = cursor_slice(&sltg->file, place->block, place->block_size);
  at = block->whole;
  block->header = cursor_bytes(&at, SLTG_HEADER_SIZE);
  if (!block->header || little_u16(block->header + HEADER_MAGIC) != BLOCK_MAGIC)
    return false;
  members = little_u32(block->header + HEADER_MEMBERS);
  if (!cursor_seek(&at, members) || !cursor_skip(&at, MEMBERS_HEADER_SIZE - 4))
    return false;
  size = cursor_u32(&at);
  block->members = cursor_slice(&at, at.position, size);
  cursor_skip(&at, size);
  block->tail = cursor_bytes(&at, SLTG_TAIL_SIZE);
  return block->tail;
}

uint16_t sltg_member_u16(const SltgBlock *block, uint32_t offset) {
  Cursor at = block->members;

  cursor_seek(&at, offset);
  offset = cursor_u16(&at);
  return at.failed ? SLTG_NONE : (uint16_t)offset;
}

/* No record is shorter: a chain with more of them goes round in circles. */
#define SMALLEST_RECORD 18u

bool sltg_find_record(const SltgBlock *block, uint32_t offset, UINT index, uint32_t *record) {
  if (index >= block->members.size / SMALLEST_RECORD)
    return false;
  for (; index > 0 && offset != SLTG_NONE; index--)
    offset = sltg_member_u16(block, offset + 2);
  *record = offset;
  return offset != SLTG_NONE && offset < block->members.size;
}

LibraryText sltg_packed_text(const SltgBlock *block, uint32_t offset) {
  LibraryText text = { NULL, 0, false, true };
  Cursor at = block->members;

  if (offset == SLTG_NONE || !cursor_seek(&at, offset))
    return text;
  text.size = (uint32_t)cursor_left(&at);
  text.bytes = cursor_bytes(&at, text.size);
  return text;
}

/* Odd: half of it above the base that the tail gives; even: the offset of the number; 0xFFFE: none. */
DWORD sltg_help_context(const SltgBlock *block, uint16_t code) {
  Cursor at = block->members;

  if (code == 0xFFFE || code == SLTG_NONE)
    return 0;
  if (code & 1)
    return little_u32(block->tail + SLTG_HELP_BASE) + (code >> 1);
  cursor_seek(&at, code);
  return cursor_u32(&at);
}

/* References. */

/* The table of references: 0x44 bytes of no meaning here, eight times their number in a dword, eight bytes for each, seven
 * bytes, and a text with its length in a word for each. */
#define REFERENCES_HEADER_SIZE 0x44u
#define REFERENCES_PAD_SIZE    7u

static bool reference_text(const SltgBlock *block, UINT index, LibraryText *text) {
  Cursor at = block->whole;
  uint32_t size;

  if (!cursor_seek(&at, little_u32(block->header + HEADER_REFERENCES)) || !cursor_skip(&at, REFERENCES_HEADER_SIZE))
    return false;
  size = cursor_u32(&at);
  if (index >= size / 8 || !cursor_skip(&at, size) || !cursor_skip(&at, REFERENCES_PAD_SIZE))
    return false;
  for (; index > 0; index--)
    if (!cursor_skip(&at, cursor_u16(&at)))
      return false;
  memset(text, 0, sizeof *text);
  text->size = cursor_u16(&at);
  text->bytes = cursor_bytes(&at, text->size);
  return text->bytes;
}

/* Reads digits up to a mark. */
static bool number_until(LibraryText *text, unsigned base, char mark, uint32_t *number) {
  uint32_t value = 0;

  for (; text->size > 0 && text->bytes[0] != (uint8_t)mark; text->bytes++, text->size--) {
    unsigned c = text->bytes[0] | 0x20u;
    unsigned digit = c >= '0' && c <= '9' ? c - '0' : c >= 'a' && c <= 'f' ? c - 'a' + 10 : 99;

    if (digit >= base || value > 0xFFFFFF)
      return false;
    value = value * base + digit;
  }
  if (mark && text->size == 0)
    return false;
  if (mark) {
    text->bytes++;
    text->size--;
  }
  *number = value;
  return true;
}

static bool skip_prefix(LibraryText *text, const char *prefix) {
  size_t length = strlen(prefix);

  if (text->size < length || memcmp(text->bytes, prefix, length) != 0)
    return false;
  text->bytes += length;
  text->size -= (uint32_t)length;
  return true;
}

static bool guid_from_text(LibraryText *text, GUID *guid) {
  OLECHAR wide[39];
  unsigned index;

  if (text->size < 38)
    return false;
  for (index = 0; index < 38; index++)
    wide[index] = text->bytes[index];
  wide[38] = 0;
  text->bytes += 38;
  text->size -= 38;
  return IIDFromString(wide, guid) == S_OK;
}

/* The name of another library: *\G{LIBID}#MAJOR.MINOR#LCID#FILE#DESCRIPTION, numbers of the version in hexadecimal. */
static bool library_from_text(LibraryText text, ReferenceFacts *facts) {
  uint32_t major, minor, lcid;
  const uint8_t *end;

  if (!skip_prefix(&text, "*\\G") || !guid_from_text(&text, &facts->library) || !skip_prefix(&text, "#") ||
      !number_until(&text, 16, '.', &major) || !number_until(&text, 16, '#', &minor) ||
      !number_until(&text, 16, '#', &lcid))
    return false;
  facts->major = (WORD)major;
  facts->minor = (WORD)minor;
  facts->lcid = lcid;
  end = memchr(text.bytes, '#', text.size);
  facts->file = text;
  if (end)
    facts->file.size = (uint32_t)(end - text.bytes);
  return true;
}

/* *\RLIBRARY*#TYPE: the offset of the other library's name (ffff: this library) and the number of the type. */
HRESULT sltg_read_reference(const LibraryReader *reader, UINT type, HREFTYPE reference, ReferenceFacts *facts) {
  const SltgReader *sltg = sltg_from(reader);
  uint32_t library, index;
  LibraryText text;
  SltgBlock block;

  memset(facts, 0, sizeof *facts);
  facts->kind = TKIND_MAX;
  if (!sltg_open_block(sltg, type, &block) || !reference_text(&block, reference / 4, &text) ||
      !skip_prefix(&text, "*\\R") || !number_until(&text, 16, '*', &library) || !skip_prefix(&text, "#") ||
      !number_until(&text, 16, 0, &index))
    return TYPE_E_INVDATAREAD;
  facts->index = index;
  facts->local = library == SLTG_NONE;
  if (facts->local)
    return index < sltg->facts.type_count ? S_OK : TYPE_E_INVDATAREAD;
  return library_from_text(sltg_name_text(reader, library), facts) ? S_OK : TYPE_E_INVDATAREAD;
}

/* Types as words. */

/* A type is a row of words. Each has a VARTYPE in its low six bits and may say "pointer to" first; a pointer or an array is
 * followed by what it is of, a reference by its number, an array by the offset of a descriptor first. */
#define TYPE_MASK    0x003Fu
#define TYPE_POINTER 0x0E00u

bool sltg_skip_type(const SltgBlock *block, uint32_t *offset) {
  unsigned words;

  for (words = 0; words < TYPE_DEPTH_LIMIT; words++) {
    uint16_t word = sltg_member_u16(block, *offset);

    *offset += 2;
    switch (word & TYPE_MASK) {
    case VT_PTR:
      continue;
    case VT_SAFEARRAY:
    case VT_CARRAY:
      *offset += 2;
      continue;
    case VT_USERDEFINED:
      *offset += 2;
      return *offset <= block->members.size;
    default:
      return *offset <= block->members.size;
    }
  }
  return false;
}

/* The descriptor of a C array is a 32-bit SAFEARRAY: dimensions, features, size of an element, locks, data, bounds. */
static HRESULT read_array(const SltgBlock *block, uint32_t offset, DescBlock *memory, TYPEDESC *desc) {
  Cursor at = block->members;
  ARRAYDESC *array;
  USHORT count, index;

  cursor_seek(&at, offset);
  count = cursor_u16(&at);
  cursor_skip(&at, 14);
  if (at.failed || cursor_left(&at) / 8 < count)
    return TYPE_E_INVDATAREAD;
  array = desc_block_take(memory, sizeof *array + (count > 1 ? count - 1u : 0) * sizeof(SAFEARRAYBOUND));
  if (!array)
    return E_OUTOFMEMORY;
  array->cDims = count;
  for (index = 0; index < count; index++) {
    array->rgbounds[index].cElements = cursor_u32(&at);
    array->rgbounds[index].lLbound = cursor_i32(&at);
  }
  desc->vt = VT_CARRAY;
  desc->lpadesc = array;
  return S_OK;
}

static HRESULT take_target(DescBlock *memory, VARTYPE vt, TYPEDESC **desc) {
  (*desc)->vt = vt;
  (*desc)->lptdesc = desc_block_take(memory, sizeof **desc);
  if (!(*desc)->lptdesc)
    return E_OUTOFMEMORY;
  *desc = (*desc)->lptdesc;
  return S_OK;
}

static HRESULT read_words(const SltgBlock *block, uint32_t offset, DescBlock *memory, TYPEDESC *desc) {
  unsigned words;
  HRESULT hr = S_OK;

  for (words = 0; SUCCEEDED(hr) && words < TYPE_DEPTH_LIMIT; words++, offset += 2) {
    uint16_t word = sltg_member_u16(block, offset);

    if (offset + 2 > block->members.size)
      return TYPE_E_INVDATAREAD;
    if ((word & TYPE_POINTER) == TYPE_POINTER)
      hr = take_target(memory, VT_PTR, &desc);
    if (FAILED(hr))
      return hr;
    switch (word & TYPE_MASK) {
    case VT_SAFEARRAY:
      offset += 2; /* of a descriptor whose bounds say nothing */
      /* fallthrough */
    case VT_PTR:
      hr = take_target(memory, word & TYPE_MASK, &desc);
      break;
    case VT_CARRAY:
      offset += 2;
      hr = read_array(block, sltg_member_u16(block, offset), memory, desc);
      if (SUCCEEDED(hr))
        desc = &desc->lpadesc->tdescElem;
      break;
    case VT_USERDEFINED:
      desc->vt = VT_USERDEFINED;
      desc->hreftype = sltg_member_u16(block, offset + 2);
      return S_OK;
    default:
      desc->vt = word & TYPE_MASK;
      return S_OK;
    }
  }
  return FAILED(hr) ? hr : TYPE_E_INVDATAREAD;
}

HRESULT sltg_read_typedesc(const LibraryReader *reader, UINT type, TypeCode code, DescBlock *memory, TYPEDESC *desc) {
  SltgBlock block;

  if (code & SLTG_BUILTIN_TYPE) {
    desc->vt = code & TYPE_MASK;
    return vartype_needs_more(desc->vt) ? TYPE_E_INVDATAREAD : S_OK;
  }
  if (!sltg_open_block(sltg_from(reader), type, &block))
    return TYPE_E_INVDATAREAD;
  return read_words(&block, code, memory, desc);
}

/* Implemented types. */

/* A record like a variable's: magic, next record, name, flags in a byte, one byte, offset of the type (a reference), id. */
enum { IMPLEMENTED_FLAGS = 6, IMPLEMENTED_TYPE = 8 };

static HRESULT implemented_facts(const SltgBlock *block, UINT index, ImplementedFacts *facts) {
  uint32_t record, words;

  if (!sltg_find_record(block, little_u16(block->tail + SLTG_IMPLEMENTED), index, &record))
    return TYPE_E_INVDATAREAD;
  words = sltg_member_u16(block, record + IMPLEMENTED_TYPE);
  facts->custom = NO_CUSTOM_DATA;
  facts->flags = sltg_member_u16(block, record + IMPLEMENTED_FLAGS) & 0x0F;
  facts->reference = sltg_member_u16(block, words + 2);
  return (sltg_member_u16(block, words) & TYPE_MASK) == VT_USERDEFINED ? S_OK : TYPE_E_INVDATAREAD;
}

/* A dispinterface that lists its members, or none, says that it implements IDispatch, which is said above the readers. One
 * that shows another interface has no members and refers to that. */
static bool shows_interface(const SltgReader *sltg, UINT type, const SltgBlock *block) {
  ImplementedFacts implemented;
  ReferenceFacts reference;

  if (little_u16(block->tail + SLTG_FUNCTION_COUNT) || little_u16(block->tail + SLTG_VARIABLE_COUNT) ||
      !little_u16(block->tail + SLTG_IMPLEMENTED_COUNT) || FAILED(implemented_facts(block, 0, &implemented)) ||
      FAILED(sltg_read_reference(&sltg->reader, type, implemented.reference, &reference)))
    return false;
  return reference.local || !library_is_stdole(&reference.library);
}

HRESULT sltg_read_implemented(const LibraryReader *reader, UINT type, UINT index, ImplementedFacts *facts) {
  const SltgReader *sltg = sltg_from(reader);
  SltgBlock block;
  HRESULT hr = sltg_open_block(sltg, type, &block) ? implemented_facts(&block, index, facts) : TYPE_E_INVDATAREAD;

  if (SUCCEEDED(hr) && block.header[HEADER_KIND] == TKIND_DISPATCH && !shows_interface(sltg, type, &block))
    facts->reference = NO_REFERENCE;
  return hr;
}

/* Attributes. */

/* Fields of an entry of the directory of types. */
typedef struct Entry {
  NameId name;
  LibraryText help_string;
  DWORD help_context;
  GUID guid;
  TYPEKIND kind;
} Entry;

static bool read_entry(const SltgReader *sltg, UINT type, Entry *entry) {
  Cursor at = sltg->file;
  uint16_t length;

  cursor_seek(&at, sltg->types[type].entry);
  cursor_skip(&at, 2);
  entry->name = cursor_u16(&at);
  length = cursor_u16(&at);
  entry->help_string = (LibraryText){ cursor_bytes(&at, length), length, false, true };
  if (length == 0)
    entry->help_string.bytes = NULL;
  cursor_skip(&at, 2);
  entry->help_context = cursor_u32(&at);
  cursor_skip(&at, 2);
  entry->guid = cursor_guid(&at);
  entry->kind = (TYPEKIND)cursor_u16(&at);
  return !at.failed && entry->kind < TKIND_MAX;
}

HRESULT sltg_read_kind(const LibraryReader *reader, UINT type, TYPEKIND *kind) {
  Entry entry;

  if (!read_entry(sltg_from(reader), type, &entry))
    return TYPE_E_INVDATAREAD;
  *kind = entry.kind;
  return S_OK;
}

static TypeCode alias_code(const SltgBlock *block) {
  uint16_t alias = little_u16(block->tail + SLTG_ALIAS);

  return little_u16(block->tail + SLTG_SIMPLE_ALIAS) ? SLTG_BUILTIN_TYPE | alias : alias;
}

HRESULT sltg_read_type(const LibraryReader *reader, UINT type, TypeFacts *facts) {
  const SltgReader *sltg = sltg_from(reader);
  SltgBlock block;
  Entry entry;

  memset(facts, 0, sizeof *facts);
  if (!read_entry(sltg, type, &entry) || !sltg_open_block(sltg, type, &block))
    return TYPE_E_INVDATAREAD;
  facts->kind = entry.kind;
  facts->guid = entry.guid;
  facts->name = entry.name;
  facts->flags = little_u16(block.header + HEADER_FLAGS) >> 3 & 0x1FFF;
  facts->major = little_u16(block.header + HEADER_MAJOR);
  facts->minor = little_u16(block.header + HEADER_MINOR);
  facts->function_count = little_u16(block.tail + SLTG_FUNCTION_COUNT);
  facts->variable_count = little_u16(block.tail + SLTG_VARIABLE_COUNT);
  facts->implemented_count = little_u16(block.tail + SLTG_IMPLEMENTED_COUNT);
  facts->vtable_size = little_u16(block.tail + SLTG_VTABLE_SIZE);
  facts->instance_size = little_u16(block.tail + SLTG_INSTANCE_SIZE);
  facts->alignment = little_u16(block.tail + SLTG_ALIGNMENT);
  facts->alias = alias_code(&block);
  if (facts->kind == TKIND_MODULE)
    facts->dll = sltg_module_dll(sltg, &block);
  facts->documentation.help_string = entry.help_string;
  facts->documentation.help_context = entry.help_context;
  facts->custom = NO_CUSTOM_DATA;
  /* The vtable of a dispinterface is IDispatch's; how many members it shows is said by its functions. */
  if (facts->kind == TKIND_DISPATCH && !shows_interface(sltg, type, &block))
    facts->vtable_size = (WORD)(facts->function_count * sltg->facts.pointer_size);
  return S_OK;
}

HRESULT sltg_find_guid(const LibraryReader *reader, REFGUID guid, UINT *type) {
  const SltgReader *sltg = sltg_from(reader);
  Entry entry;

  for (*type = 0; *type < sltg->facts.type_count; ++*type)
    if (read_entry(sltg, *type, &entry) && IsEqualGUID(&entry.guid, guid))
      return S_OK;
  return TYPE_E_ELEMENTNOTFOUND;
}
