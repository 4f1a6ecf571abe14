/* The hash table of Scripting.Dictionary; see dictionary_table.h. */
#include "dictionary_table.h"

#include <stdlib.h>
#include <string.h>

#define GAP_MARK   UINT32_MAX
#define MOST_ITEMS 0x40000000u

/* The place of the index where the key is, or the free one where the search ends. */
static uint32_t index_place(const DictionaryTable *table, const DictionaryKey *key) {
  uint32_t mask = table->index_size - 1, place = (uint32_t)key->hash & mask;

  for (;; place = (place + 1) & mask) {
    uint32_t number = table->index[place];

    if (number == 0 || (number != GAP_MARK && key_equal(&table->entries[number - 1].normal, key)))
      return place;
  }
}

static DictionaryEntry *find_exactly(const DictionaryTable *table, const DictionaryKey *key) {
  uint32_t number = table->index[index_place(table, key)];

  return number ? &table->entries[number - 1] : NULL;
}

/* What Empty meets, or what meets Empty. */
static DictionaryEntry *find_by_empty(const DictionaryTable *table, const DictionaryKey *key) {
  if (key->kind != KEY_EMPTY) {
    DictionaryKey empty = key_like_empty(EMPTY_ITSELF);
    return find_exactly(table, &empty);
  }
  DictionaryKey text = key_like_empty(EMPTY_TEXT), zero = key_like_empty(EMPTY_NUMBER);
  DictionaryEntry *first = find_exactly(table, &text), *second = find_exactly(table, &zero);
  return !first || (second && second->serial < first->serial) ? second : first;
}

/* Numbers that a Single is equal to without being the same. There is no way but to look at all that can be; scripts have
 * hardly ever Singles and finer numbers in one dictionary. */
static DictionaryEntry *find_by_single(const DictionaryTable *table, const DictionaryKey *key) {
  for (uint32_t i = 0; table->fine > 0 && i < table->used; i++) {
    DictionaryEntry *entry = &table->entries[i];
    if (!entry->live || !key_is_fine(&entry->normal))
      continue;
    DictionaryKey rounded = key_rounded(&entry->normal);
    if (key_equal(&rounded, key))
      return entry;
  }
  return NULL;
}

DictionaryEntry *table_find(const DictionaryTable *table, const DictionaryKey *key) {
  if (table->count == 0)
    return NULL;
  DictionaryEntry *entry = find_exactly(table, key);
  if (entry)
    return entry;
  if (key->kind == KEY_EMPTY || key_meets_empty(key))
    return find_by_empty(table, key);
  if (key->single)
    return find_by_single(table, key);
  if (table->singles > 0 && key_is_fine(key)) {
    DictionaryKey rounded = key_rounded(key);
    entry = find_exactly(table, &rounded);
    return entry && entry->normal.single ? entry : NULL;
  }
  return NULL;
}

/* Counts the kinds of numbers of a key that comes (1) or goes (-1). */
static void count_key(DictionaryTable *table, const DictionaryKey *key, int change) {
  if (key->single)
    table->singles += (uint32_t)change;
  else if (key_is_fine(key))
    table->fine += (uint32_t)change;
}

static void index_entry(DictionaryTable *table, uint32_t number) {
  uint32_t mask = table->index_size - 1, place = (uint32_t)table->entries[number].normal.hash & mask;

  while (table->index[place] != 0)
    place = (place + 1) & mask;
  table->index[place] = number + 1;
  table->index_filled++;
}

/* Rebuilds both arrays without gaps, with room for more. */
static HRESULT rebuild(DictionaryTable *table) {
  uint32_t room = table->count < 5 ? 8 : table->count + table->count / 2, size = 16, i, used = 0;
  DictionaryEntry *entries;
  uint32_t *index;

  if (table->count >= MOST_ITEMS)
    return E_OUTOFMEMORY;
  while (size < room * 2)
    size *= 2;
  entries = malloc(room * sizeof *entries);
  index = calloc(size, sizeof *index);
  if (!entries || !index) {
    free(entries);
    free(index);
    return E_OUTOFMEMORY;
  }
  for (i = 0; i < table->used; i++) {
    if (table->entries[i].live)
      entries[used++] = table->entries[i];
  }
  free(table->entries);
  free(table->index);
  table->entries = entries;
  table->index = index;
  table->room = room;
  table->used = used;
  table->index_size = size;
  table->index_filled = 0;
  for (i = 0; i < used; i++)
    index_entry(table, i);
  return S_OK;
}

HRESULT table_reserve(DictionaryTable *table) {
  /* A quarter of the index stays free, so that every search ends soon. */
  if (table->used < table->room && table->index_filled + 1 < table->index_size - table->index_size / 4)
    return S_OK;
  return rebuild(table);
}

HRESULT table_add(DictionaryTable *table, DictionaryKey *normal, VARIANT *key, VARIANT *item) {
  HRESULT hr = table_reserve(table);
  DictionaryEntry *entry;

  if (FAILED(hr))
    return hr;
  entry = &table->entries[table->used];
  entry->normal = *normal;
  entry->key = *key;
  entry->item = *item;
  entry->serial = table->next_serial++;
  entry->live = true;
  key_adopt(&entry->normal, &entry->key);
  index_entry(table, table->used++);
  table->count++;
  count_key(table, &entry->normal, 1);
  return S_OK;
}

static void unindex(DictionaryTable *table, const DictionaryEntry *entry) {
  table->index[index_place(table, &entry->normal)] = GAP_MARK;
}

void table_take(DictionaryTable *table, DictionaryEntry *entry, DictionaryEntry *taken) {
  unindex(table, entry);
  count_key(table, &entry->normal, -1);
  *taken = *entry;
  entry->live = false;
  table->count--;
  if (table->count == 0) {
    /* Nothing left: no gaps either. */
    memset(table->index, 0, table->index_size * sizeof *table->index);
    table->index_filled = 0;
    table->used = 0;
  }
}

void table_rekey(DictionaryTable *table, DictionaryEntry *entry, DictionaryKey *normal, VARIANT *key) {
  DictionaryKey old_normal = entry->normal;
  VARIANT old_key = entry->key;

  unindex(table, entry);
  count_key(table, &entry->normal, -1);
  count_key(table, normal, 1);
  entry->normal = *normal;
  entry->key = *key;
  key_adopt(&entry->normal, &entry->key);
  index_entry(table, (uint32_t)(entry - table->entries));
  *normal = old_normal;
  *key = old_key;
}

DictionaryEntry *table_from(const DictionaryTable *table, uint64_t serial) {
  uint32_t low = 0, high = table->used;

  while (low < high) {
    uint32_t middle = low + (high - low) / 2;

    if (table->entries[middle].serial < serial)
      low = middle + 1;
    else
      high = middle;
  }
  while (low < table->used && !table->entries[low].live)
    low++;
  return low < table->used ? &table->entries[low] : NULL;
}

void entry_free(DictionaryEntry *entry) {
  key_free(&entry->normal);
  VariantClear(&entry->key);
  VariantClear(&entry->item);
}

void table_free(DictionaryTable *table) {
  uint32_t i;

  for (i = 0; i < table->used; i++) {
    if (table->entries[i].live)
      entry_free(&table->entries[i]);
  }
  free(table->entries);
  free(table->index);
  memset(table, 0, sizeof *table);
}
