/* sltg_names.c - the table of names with its hash table, and help strings packed word by word. */
#include "typelib/readers/sltg_reader.h"

#include <string.h>

/* In front of each text: its hash value, the names of smaller and of greater hash values below it in the tree of its
 * chain, and what the name belongs to. */
#define NAME_HEADER_SIZE 8u
enum { NAME_HASH = 0, NAME_SMALLER = 2, NAME_GREATER = 4 };
#define TREE_DEPTH_LIMIT 256u

static bool text_at(const SltgReader *sltg, uint32_t offset, LibraryText *text) {
  Cursor at = sltg->names;
  const uint8_t *end;

  memset(text, 0, sizeof *text);
  if (!cursor_seek(&at, offset) || cursor_left(&at) == 0)
    return false;
  text->bytes = at.data + at.position;
  end = memchr(text->bytes, 0, cursor_left(&at));
  text->size = end ? (uint32_t)(end - text->bytes) : 0;
  return end;
}

LibraryText sltg_name_text(const LibraryReader *reader, NameId name) {
  LibraryText text;

  return text_at(sltg_from(reader), name, &text) ? text : (LibraryText){ NULL, 0, false, false };
}

/* Texts stand at even offsets, but mktyplib leaves out those that end in 11110 (binary): there it moves on by one word, and
 * what would be the text's second byte is a 0xFF of the header. */
static uint32_t offset_after(const SltgReader *sltg, uint32_t offset, const LibraryText *text) {
  uint32_t next = offset + ((text->size + 2u) & ~1u) + NAME_HEADER_SIZE;
  Cursor at = sltg->names;

  if (next % 32 == 30 && cursor_seek(&at, next + 1) && cursor_u8(&at) == 0xFF)
    next += 2;
  return next;
}

static uint16_t name_header(const SltgReader *sltg, uint32_t offset, unsigned field) {
  Cursor at = sltg->file;

  cursor_seek(&at, (size_t)(sltg->names.data - sltg->file.data) + offset - NAME_HEADER_SIZE + field);
  offset = cursor_u16(&at);
  return at.failed ? SLTG_NONE : (uint16_t)offset;
}

static uint16_t chain_head(const SltgReader *sltg, unsigned chain) {
  Cursor at = sltg->heads;

  return cursor_seek(&at, 2 * (size_t)chain) && cursor_left(&at) >= 2 ? cursor_u16(&at) : SLTG_NONE;
}

/* `left`: how many names there can be; a tree with more of them goes round in circles. */
static void count_tree(SltgReader *sltg, uint32_t offset, unsigned depth, size_t *left) {
  LibraryText text;

  for (; depth<TREE_DEPTH_LIMIT && * left> 0 && text_at(sltg, offset, &text); depth++) {
    --*left;
    sltg->facts.name_count++;
    sltg->facts.name_characters += text.size + 1;
    count_tree(sltg, name_header(sltg, offset, NAME_SMALLER), depth + 1, left);
    offset = name_header(sltg, offset, NAME_GREATER);
  }
}

static void count_names(SltgReader *sltg) {
  size_t left = sltg->names.size / NAME_HEADER_SIZE + 1;
  unsigned chain;

  for (chain = 0; chain < SLTG_CHAIN_COUNT; chain++)
    count_tree(sltg, chain_head(sltg, chain), 0, &left);
}

/* A word, 01, the size of the hash table in a dword, the hash table (the roots of 256 trees, and sometimes unused bytes); a word, FFFF,
 * 01, the size of the names in a dword, the names. */
bool sltg_open_names(SltgReader *sltg, Cursor *at) {
  uint32_t size;

  cursor_skip(at, 3);
  size = cursor_u32(at);
  sltg->heads = cursor_slice(at, at->position, size);
  cursor_skip(at, size);
  cursor_skip(at, 5);
  size = cursor_u32(at);
  cursor_skip(at, NAME_HEADER_SIZE);
  if (at->failed)
    return false;
  size = size > NAME_HEADER_SIZE ? size - NAME_HEADER_SIZE : 0;
  sltg->names = cursor_slice(at, at->position, size < cursor_left(at) ? size : cursor_left(at));
  count_names(sltg);
  return true;
}

typedef struct NameSearch {
  const OLECHAR *name;
  uint16_t hash;
  NameId *ids;
  unsigned capacity, count;
} NameSearch;

/* Names of one hash value may stand on either side. */
static void find_in_tree(const SltgReader *sltg, uint32_t offset, unsigned depth, NameSearch *search) {
  LibraryText text;
  uint16_t hash;

  for (; depth < TREE_DEPTH_LIMIT && search->count < search->capacity && text_at(sltg, offset, &text); depth++) {
    hash = name_header(sltg, offset, NAME_HASH);
    if (hash == search->hash) {
      if (library_text_equals(text, search->name))
        search->ids[search->count++] = offset;
      depth += TREE_DEPTH_LIMIT / 8; /* few are alike; damage must not multiply the ways */
      find_in_tree(sltg, name_header(sltg, offset, NAME_SMALLER), depth, search);
    }
    offset = name_header(sltg, offset, search->hash < hash ? NAME_SMALLER : NAME_GREATER);
  }
}

/* Writers other than Microsoft's leave the hash table empty, and hash values of other languages may not be ours. */
static unsigned find_by_walk(const SltgReader *sltg, const OLECHAR *name, NameId *ids, unsigned capacity) {
  uint32_t offset = 0;
  unsigned count = 0;
  LibraryText text;

  while (count < capacity && text_at(sltg, offset, &text)) {
    if (library_text_equals(text, name))
      ids[count++] = offset;
    offset = offset_after(sltg, offset, &text);
  }
  return count;
}

unsigned sltg_find_names(const LibraryReader *reader, const OLECHAR *name, NameId *ids, unsigned capacity) {
  const SltgReader *sltg = sltg_from(reader);
  uint16_t hash = (uint16_t)LHashValOfNameSys(sltg->facts.syskind, sltg->facts.name_lcid, name);
  NameSearch search = { name, hash, ids, capacity, 0 };

  find_in_tree(sltg, chain_head(sltg, hash % SLTG_CHAIN_COUNT), 0, &search);
  return search.count > 0 ? search.count : find_by_walk(sltg, name, ids, capacity);
}

/* Packed help strings. */

/* A tree of words (Huffman): a node is 0x80 and, big-endian, where its second branch is; the first one follows it. A leaf is a byte
 * of no meaning here and a terminated word; the empty word ends the text. A 1 in the bits, high one first, takes the
 * first branch. */
#define NODE       0x80u
#define NODE_SIZE  3u
#define TEXT_LIMIT 4096u

typedef struct Bits {
  LibraryText packed;
  uint32_t position;
} Bits;

static bool next_bit(Bits *bits, unsigned *bit) {
  if (bits->position >= bits->packed.size * 8)
    return false;
  *bit = bits->packed.bytes[bits->position / 8] >> (7 - bits->position % 8) & 1;
  bits->position++;
  return true;
}

/* The word that the next bits lead to. Branches lead forward only, so that the way ends. */
static bool next_word(const SltgReader *sltg, Bits *bits, LibraryText *word) {
  Cursor at = sltg->words;
  uint32_t node = 0, other;
  const uint8_t *end;
  unsigned bit;

  while (cursor_seek(&at, node) && cursor_u8(&at) & NODE) {
    other = (uint32_t)cursor_u8(&at) << 8;
    other |= cursor_u8(&at);
    if (at.failed || !next_bit(bits, &bit))
      return false;
    if (!bit && other <= node)
      return false;
    node = bit ? node + NODE_SIZE : other;
  }
  if (at.failed || cursor_left(&at) == 0)
    return false;
  memset(word, 0, sizeof *word);
  word->bytes = at.data + at.position;
  end = memchr(word->bytes, 0, cursor_left(&at));
  word->size = end ? (uint32_t)(end - word->bytes) : 0;
  return end;
}

HRESULT sltg_unpack(const LibraryReader *reader, LibraryText packed, BSTR *text) {
  Bits bits = { packed, 0 };
  LibraryText word, whole = { NULL, 0, false, false };
  uint8_t buffer[TEXT_LIMIT];

  *text = NULL;
  while (next_word(sltg_from(reader), &bits, &word) && word.size > 0 && whole.size + word.size + 1 <= sizeof buffer) {
    if (whole.size > 0)
      buffer[whole.size++] = ' ';
    memcpy(buffer + whole.size, word.bytes, word.size);
    whole.size += word.size;
  }
  whole.bytes = whole.size > 0 ? buffer : NULL;
  return library_text_to_bstr(whole, text);
}
