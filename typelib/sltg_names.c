/* sltg_names.c - the table of names, and help strings packed word by word. */
#include "typelib/sltg_reader.h"

#include <string.h>

/* In front of each text: its hash value, links of the hash table, and what the name belongs to. */
#define NAME_HEADER_SIZE 8u

static bool text_at(const SltgReader *sltg, uint32_t offset, LibraryText *text) {
  Cursor at = sltg->names;
  const uint8_t *end;

  memset(text, 0, sizeof *text);
  if (!cursor_seek(&at, offset) || cursor_left(&at) == 0)
    return false;
  text->bytes = at.data + at.position;
  end = memchr(text->bytes, 0, cursor_left(&at));
  text->size = end ? (uint32_t)(end - text->bytes) : 0;
  return end != NULL;
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

/* The table of names ends where its size says, in the dword before the first header. */
static uint32_t names_size(const SltgReader *sltg) {
  size_t first = (size_t)(sltg->names.data - sltg->file.data);
  Cursor at = sltg->file;
  uint32_t size;

  cursor_seek(&at, first - NAME_HEADER_SIZE - 4);
  size = cursor_u32(&at);
  return size < sltg->names.size ? size : (uint32_t)sltg->names.size;
}

unsigned sltg_find_names(const LibraryReader *reader, const OLECHAR *name, NameId *ids, unsigned capacity) {
  const SltgReader *sltg = sltg_from(reader);
  uint32_t offset = 0, end = names_size(sltg);
  unsigned count = 0;
  LibraryText text;

  while (offset < end && count < capacity && text_at(sltg, offset, &text)) {
    if (library_text_equals(text, name))
      ids[count++] = offset;
    offset = offset_after(sltg, offset, &text);
  }
  return count;
}

/* ---- packed help strings ------------------------------------------------------------------------------------------------- */

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
  return end != NULL;
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
