/* msft_names.c - the table of names and its hash table.
 *
 * An entry: the type that the name belongs to (or -1), the next entry of the same chain, then a dword with the length in
 * its low byte and the hash value in its high word, and the text, filled up to a multiple of four. */
#include "typelib/readers/msft_reader.h"

#define CHAIN_COUNT      128u
#define ENTRY_FIXED_SIZE 12u

typedef struct NameEntry {
  uint32_t next;
  uint16_t hash;
  LibraryText text;
} NameEntry;

static bool read_entry(const MsftReader *msft, uint32_t offset, NameEntry *entry) {
  const uint8_t *fixed = msft_record(msft, MSFT_NAMES, offset, ENTRY_FIXED_SIZE);

  if (!fixed)
    return false;
  entry->next = little_u32(fixed + 4);
  entry->hash = little_u16(fixed + 10);
  entry->text.size = fixed[8];
  entry->text.wide = entry->text.packed = false;
  entry->text.bytes = msft_record(msft, MSFT_NAMES, (size_t)offset + ENTRY_FIXED_SIZE, entry->text.size);
  return entry->text.bytes;
}

LibraryText msft_name_text(const LibraryReader *reader, NameId name) {
  static const LibraryText none = { NULL, 0, false, false };
  NameEntry entry;

  return read_entry(msft_from(reader), name, &entry) ? entry.text : none;
}

static uint16_t name_hash(const MsftReader *msft, const OLECHAR *name) {
  return (uint16_t)LHashValOfNameSys(msft->syskind, msft->hash_lcid, name);
}

/* Entries stand back to back; the walk over all of them needs no chain. */
static uint32_t entry_after(uint32_t offset, const NameEntry *entry) {
  return offset + ENTRY_FIXED_SIZE + ((entry->text.size + 3u) & ~3u);
}

static unsigned find_by_chain(const MsftReader *msft, const OLECHAR *name, NameId *ids, unsigned capacity) {
  uint16_t hash = name_hash(msft, name);
  Cursor at = msft_segment_at(msft, MSFT_NAME_HASH, 4 * (hash % CHAIN_COUNT));
  uint32_t offset = cursor_u32(&at);
  size_t left = msft->segments[MSFT_NAMES].size / ENTRY_FIXED_SIZE; /* a chain that goes round ends here */
  unsigned count = 0;
  NameEntry entry;

  if (at.failed)
    return 0;
  for (; offset != MSFT_NONE && left > 0 && count < capacity && read_entry(msft, offset, &entry); left--) {
    if (entry.hash == hash && library_text_equals(entry.text, name))
      ids[count++] = offset;
    offset = entry.next;
  }
  return count;
}

static unsigned find_by_walk(const MsftReader *msft, const OLECHAR *name, NameId *ids, unsigned capacity) {
  unsigned count = 0;
  uint32_t offset = 0;
  NameEntry entry;

  while (count < capacity && read_entry(msft, offset, &entry)) {
    if (library_text_equals(entry.text, name))
      ids[count++] = offset;
    offset = entry_after(offset, &entry);
  }
  return count;
}

/* Some writers compute hash values of their own, and languages differ. The table is trusted when each of its names
 * stands in the chain and under the hash value where we would look for it. */
static bool hash_is_ours(const MsftReader *msft) {
  OLECHAR name[256];
  uint32_t offset = 0, index;
  NameEntry entry;

  while (read_entry(msft, offset, &entry)) {
    for (index = 0; index < entry.text.size; index++) {
      if (entry.text.bytes[index] >= 0x80)
        return false;
      name[index] = entry.text.bytes[index];
    }
    name[index] = 0;
    if (name_hash(msft, name) != entry.hash)
      return false;
    offset = entry_after(offset, &entry);
  }
  return true;
}

enum { TRUST_UNKNOWN, TRUST_YES, TRUST_NO };

unsigned msft_find_names(const LibraryReader *reader, const OLECHAR *name, NameId *ids, unsigned capacity) {
  const MsftReader *msft = msft_from(reader);
  atomic_int *trust = &((MsftReader *)reader)->hash_trust;
  unsigned count = find_by_chain(msft, name, ids, capacity);

  if (count > 0)
    return count;
  if (atomic_load_explicit(trust, memory_order_relaxed) == TRUST_UNKNOWN)
    atomic_store_explicit(trust, hash_is_ours(msft) ? TRUST_YES : TRUST_NO, memory_order_relaxed);
  if (atomic_load_explicit(trust, memory_order_relaxed) == TRUST_YES)
    return 0;
  return find_by_walk(msft, name, ids, capacity);
}
