/* sltg_reader.c - an SLTG file: its header, its chain of blocks, the block of the library with the directory of types. */
#include "typelib/readers/sltg_reader.h"

#include <stdlib.h>
#include <string.h>

#define SLTG_MAGIC        0x47544C53u /* "SLTG" */
#define HEADER_SIZE       0x24u
#define BLOCK_ENTRY_SIZE  8u  /* size of the block (a dword), place of its name, number of the next block */
#define OBJECT_MAGIC_SIZE 13u /* "\1CompObj\0dir\0" */
#define BLOCK_NAME_SIZE   11u
#define PAD_SIZE          9u
#define LIBRARY_MAGIC     0x51CCu
#define LIBRARY_PAD_SIZE  0x40u

typedef struct Chain {
  uint32_t entries; /* where the table of blocks stands */
  uint32_t count;   /* of blocks */
  uint32_t data;    /* where the first block of the chain begins */
  uint32_t first;   /* its number, from 0 */
  uint32_t last;    /* where the last one begins: the library's */
  uint32_t last_size;
} Chain;

static bool read_chain_header(const SltgReader *sltg, Chain *chain) {
  Cursor at = sltg->file;

  cursor_seek(&at, 4);
  chain->count = cursor_u16(&at) - 1u;
  cursor_seek(&at, 0x0A);
  chain->first = cursor_u16(&at) - 1u;
  chain->entries = HEADER_SIZE;
  chain->data = HEADER_SIZE + BLOCK_ENTRY_SIZE * chain->count + OBJECT_MAGIC_SIZE +
                BLOCK_NAME_SIZE * (chain->count - 1) + PAD_SIZE;
  return !at.failed && chain->count >= 1 && chain->count < 0xFFFF && chain->data <= sltg->file.size;
}

/* Walks the chain, whose blocks stand one behind the other, and notes where each type's block is. The blocks come in the
 * order of the types; the library's block is the last. */
static bool walk_chain(SltgReader *sltg, Chain *chain, uint32_t type_room) {
  uint32_t number = chain->first, place = chain->data, index;

  for (index = 0; index <= type_room; index++) {
    Cursor entry = sltg->file;
    uint32_t size, next;

    if (number >= chain->count)
      return false;
    cursor_seek(&entry, chain->entries + BLOCK_ENTRY_SIZE * number);
    size = cursor_u32(&entry);
    cursor_skip(&entry, 2);
    next = cursor_u16(&entry);
    if (entry.failed || size > sltg->file.size - place)
      return false;
    if (next == 0) {
      chain->last = place;
      chain->last_size = size;
      return true;
    }
    if (index == type_room)
      return false;
    sltg->types[index].block = place;
    sltg->types[index].block_size = size;
    place += size;
    number = next - 1u;
  }
  return false;
}

/* A text with its length in a word before it; SLTG_NONE for none. */
static LibraryText read_text(Cursor *at) {
  LibraryText text = { NULL, 0, false, false };
  uint16_t length = cursor_u16(at);

  if (length == SLTG_NONE || length == 0)
    return text;
  text.bytes = cursor_bytes(at, length);
  text.size = text.bytes ? length : 0;
  return text;
}

/* The stored language is that of the names. It is the library's own where it is neutral (9: English); with a sublanguage
 * the library is neutral: mktyplib writes 0x409 into those that say nothing, and stdole32.tlb, which has it, is registered
 * as TypeLib\{00020430-...}\1.0\0. */
static LCID own_lcid(LCID names) {
  return SUBLANGID(names) == SUBLANG_NEUTRAL ? PRIMARYLANGID(names) : 0;
}

static void read_library_block(SltgReader *sltg, Cursor *at) {
  LibraryFacts *facts = &sltg->facts;

  facts->name = cursor_u16(at);
  (void)read_text(at);
  facts->documentation.help_string = read_text(at);
  facts->help_file = read_text(at);
  facts->documentation.help_context = cursor_u32(at);
  facts->syskind = (SYSKIND)cursor_u16(at);
  facts->name_lcid = cursor_u16(at);
  facts->lcid = own_lcid(facts->name_lcid);
  cursor_skip(at, 4);
  facts->flags = cursor_u16(at);
  facts->major = cursor_u16(at);
  facts->minor = cursor_u16(at);
  facts->guid = cursor_guid(at);
  facts->pointer_size = facts->syskind == SYS_WIN64 ? 8 : 4;
  facts->custom = NO_CUSTOM_DATA;
  facts->dispatch = NO_REFERENCE;
}

/* An entry of the directory: two names of blocks, then the fields that sltg_types.c reads. */
static bool skip_directory_entry(Cursor *at, SltgType *type) {
  (void)read_text(at);
  (void)read_text(at);
  type->entry = (uint32_t)at->position;
  cursor_skip(at, 4);
  cursor_skip(at, cursor_u16(at)); /* the packed help string */
  cursor_skip(at, 2 + 4 + 2 + 16 + 2);
  return !at->failed;
}

/* What stands behind the directory: the tree of words, and the table of names. */
static bool find_tables(SltgReader *sltg, Cursor *at) {
  uint32_t size;

  cursor_skip(at, 6);
  size = cursor_u32(at);
  sltg->words = cursor_slice(at, at->position, size);
  cursor_skip(at, size);
  return !sltg->words.failed && sltg_open_names(sltg, at);
}

static HRESULT read_everything(SltgReader *sltg) {
  Chain chain;
  Cursor at;
  UINT index;

  if (!read_chain_header(sltg, &chain))
    return TYPE_E_INVDATAREAD;
  sltg->types = calloc(chain.count, sizeof *sltg->types);
  if (!sltg->types)
    return E_OUTOFMEMORY;
  if (!walk_chain(sltg, &chain, chain.count - 1))
    return TYPE_E_INVDATAREAD;
  at = sltg->file;
  cursor_seek(&at, chain.last);
  if (cursor_u16(&at) != LIBRARY_MAGIC || !cursor_skip(&at, 2))
    return TYPE_E_INVDATAREAD;
  read_library_block(sltg, &at);
  cursor_skip(&at, LIBRARY_PAD_SIZE);
  sltg->facts.type_count = cursor_u16(&at);
  if (at.failed || sltg->facts.type_count > chain.count - 1)
    return TYPE_E_INVDATAREAD;
  for (index = 0; index < sltg->facts.type_count; index++)
    if (!skip_directory_entry(&at, &sltg->types[index]))
      return TYPE_E_INVDATAREAD;
  return find_tables(sltg, &at) ? S_OK : TYPE_E_INVDATAREAD;
}

static HRESULT sltg_read_library(const LibraryReader *reader, LibraryFacts *facts) {
  *facts = sltg_from(reader)->facts;
  return S_OK;
}

/* The format knows no custom data. */
static HRESULT sltg_next_custom(const LibraryReader *reader, CustomWalk *walk, CustomFacts *facts) {
  (void)reader;
  (void)walk;
  (void)facts;
  return S_FALSE;
}

static void sltg_close(LibraryReader *reader) {
  SltgReader *sltg = (SltgReader *)reader;

  typelib_bytes_release(&sltg->bytes);
  free(sltg->types);
  free(sltg);
}

static const LibraryReaderMethods sltg_methods = {
  .format = "SLTG",
  .close = sltg_close,
  .read_library = sltg_read_library,
  .read_type = sltg_read_type,
  .read_kind = sltg_read_kind,
  .read_function = sltg_read_function,
  .read_function_details = sltg_read_function_details,
  .read_parameter = sltg_read_parameter,
  .read_variable = sltg_read_variable,
  .read_implemented = sltg_read_implemented,
  .read_members = sltg_read_members,
  .read_reference = sltg_read_reference,
  .read_typedesc = sltg_read_typedesc,
  .read_value = sltg_read_value,
  .next_custom = sltg_next_custom,
  .name_text = sltg_name_text,
  .find_names = sltg_find_names,
  .find_guid = sltg_find_guid,
  .unpack = sltg_unpack,
};

HRESULT sltg_open(TypelibBytes *bytes, LibraryReader **reader) {
  Cursor start = cursor_over(bytes->data, bytes->size);
  SltgReader *sltg;
  HRESULT hr;

  *reader = NULL;
  if (cursor_u32(&start) != SLTG_MAGIC)
    return TYPE_E_UNSUPFORMAT;
  sltg = calloc(1, sizeof *sltg);
  if (!sltg)
    return E_OUTOFMEMORY;
  sltg->reader.methods = &sltg_methods;
  sltg->file = cursor_over(bytes->data, bytes->size);
  hr = read_everything(sltg);
  if (FAILED(hr)) {
    free(sltg->types);
    free(sltg);
    return hr;
  }
  sltg->bytes = *bytes;
  memset(bytes, 0, sizeof *bytes);
  *reader = &sltg->reader;
  return S_OK;
}
