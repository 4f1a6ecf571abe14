/* A hash table that keeps the order of insertion. Entries stand in an array; an index of open addresses finds
 * them. A removed entry stays as a gap until the array is rebuilt. Serial numbers only grow, so that an enumerator
 * finds its place again whatever happened meanwhile. Not locked. */
#ifndef SCRIPTING_DICTIONARY_TABLE_H
#define SCRIPTING_DICTIONARY_TABLE_H

#include "dictionary_key.h"

typedef struct DictionaryEntry {
  DictionaryKey normal;
  VARIANT key;
  VARIANT item;
  uint64_t serial;
  bool live;
} DictionaryEntry;

typedef struct DictionaryTable {
  DictionaryEntry *entries;
  uint32_t *index;       /* entry number + 1, 0 free, GAP_MARK once used */
  uint32_t used, room;   /* entries, gaps counted */
  uint32_t index_size;   /* a power of two, or 0 */
  uint32_t index_filled; /* not free */
  uint32_t count;        /* live entries; among them */
  uint32_t singles;      /* ... numbers that came as Singles */
  uint32_t fine;         /* ... numbers that no Single is */
  uint64_t next_serial;
} DictionaryTable;

/* The entry whose key is the same, or meets it (dictionary_key.h); of several the oldest. */
DictionaryEntry *table_find(const DictionaryTable *table, const DictionaryKey *key);

/* Appends an entry; takes over the three values when it succeeds, and only then. The key must be new. */
HRESULT table_add(DictionaryTable *table, DictionaryKey *normal, VARIANT *key, VARIANT *item);

/* Takes an entry out and hands over what it held. */
void table_take(DictionaryTable *table, DictionaryEntry *entry, DictionaryEntry *taken);

/* Gives an entry another key, which must be new; hands over the old ones in *normal and *key. Cannot fail after
 * table_reserve. */
HRESULT table_reserve(DictionaryTable *table);
void table_rekey(DictionaryTable *table, DictionaryEntry *entry, DictionaryKey *normal, VARIANT *key);

/* The first live entry with at least this serial number; NULL behind the last. */
DictionaryEntry *table_from(const DictionaryTable *table, uint64_t serial);

/* Frees what an entry holds, and a whole table. */
void entry_free(DictionaryEntry *entry);
void table_free(DictionaryTable *table);

#endif
