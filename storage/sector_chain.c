/* Chains of sectors. Finding a place walks the FAT from the nearest place known: the last one, or one of a bounded number of
 * marks at equal distances, which double when the marks are full. The few long chains in use have many more marks, in tables. */
#include <stdlib.h>
#include <string.h>

#include "storage/compound_file.h"

void chain_begin(Chain *chain, uint32_t start, uint32_t count) {
  memset(chain, 0, sizeof *chain);
  chain->start = start;
  chain->count = count;
}

static void chain_forget_from(Chain *chain, uint32_t index) {
  uint64_t whole = ((uint64_t)index + ((uint64_t)1 << chain->shift) - 1) >> chain->shift;

  if (chain->mark_count > whole)
    chain->mark_count = (uint32_t)whole;
  if (chain->at >= index)
    chain->at_known = chain->before_known = false;
}

static bool has_table(const CompoundFile *file, const Chain *chain) {
  return chain->owner && file->mark_tables[chain->table].owner == chain->owner;
}

static uint32_t *marks_of(CompoundFile *file, Chain *chain) {
  return chain->owner ? file->mark_tables[chain->table].marks : chain->marks;
}

/* A commit may have moved sectors, another chain may have taken the table. */
static void chain_refresh(const CompoundFile *file, Chain *chain) {
  if (chain->owner && !has_table(file, chain)) {
    chain->owner = 0;
    chain->mark_count = 0;
    chain->shift = 0;
  }
  if (chain->generation == file->generation)
    return;
  chain->generation = file->generation;
  chain->mark_count = 0;
  chain->at_known = chain->before_known = false;
}

#define LONG_CHAIN_SHIFT 2u /* a chain whose marks would lie further apart gets a table */

/* Without memory the chain keeps its few marks. */
static void take_table(CompoundFile *file, Chain *chain) {
  uint32_t owner = ++file->mark_owners;
  MarkTable *table = &file->mark_tables[owner % MARK_TABLES];

  if (!table->marks)
    table->marks = malloc(LONG_MARKS * sizeof *table->marks);
  if (!table->marks || !owner)
    return;
  memcpy(table->marks, chain->marks, chain->mark_count * sizeof *table->marks);
  table->owner = chain->owner = owner;
  chain->table = owner % MARK_TABLES;
}

static void chain_mark(CompoundFile *file, Chain *chain, uint32_t index, uint32_t sector) {
  if (index & ((1u << chain->shift) - 1))
    return;
  uint32_t mark = index >> chain->shift;
  if (mark != chain->mark_count)
    return;
  if (!chain->owner && mark == CHAIN_MARKS && chain->shift == LONG_CHAIN_SHIFT)
    take_table(file, chain);
  uint32_t room = chain->owner ? LONG_MARKS : CHAIN_MARKS;
  uint32_t *marks = marks_of(file, chain);
  if (mark == room) {
    for (uint32_t i = 0; i < room / 2; i++)
      marks[i] = marks[i * 2];
    chain->mark_count = room / 2;
    chain->shift++;
    mark = index >> chain->shift;
    if (mark != chain->mark_count || index & ((1u << chain->shift) - 1))
      return;
  }
  marks[chain->mark_count++] = sector;
}

HRESULT chain_measure(CompoundFile *file, Chain *chain) {
  uint32_t sector = chain->start;

  chain->count = 0;
  while (sector != SECTOR_END && sector != SECTOR_FREE) {
    if (sector >= file->end || chain->count >= file->end)
      return STG_E_DOCFILECORRUPT;
    chain->count++;
    HRESULT status = fat_get(file, sector, &sector);
    if (FAILED(status))
      return status;
  }
  return S_OK;
}

HRESULT chain_find(CompoundFile *file, Chain *chain, uint32_t index, uint32_t *result) {
  uint32_t at = 0;
  uint32_t sector = chain->start;
  uint32_t before = 0;
  bool before_known = false;

  chain_refresh(file, chain);
  if (index >= chain->count)
    return STG_E_DOCFILECORRUPT;
  if (chain->mark_count) {
    uint32_t mark = index >> chain->shift;
    mark = mark < chain->mark_count ? mark : chain->mark_count - 1;
    at = mark << chain->shift;
    sector = marks_of(file, chain)[mark];
  }
  if (chain->at_known && chain->at <= index && chain->at >= at) {
    at = chain->at;
    sector = chain->at_sector;
    before = chain->before_sector;
    before_known = chain->before_known;
  }
  for (;; at++) {
    if (sector >= file->end)
      return STG_E_DOCFILECORRUPT;
    chain_mark(file, chain, at, sector);
    if (at == index)
      break;
    before = sector;
    before_known = true;
    HRESULT status = fat_get(file, sector, &sector);
    if (FAILED(status))
      return status;
  }
  chain->at = index;
  chain->at_sector = *result = sector;
  chain->at_known = true;
  chain->before_sector = before;
  chain->before_known = before_known;
  return S_OK;
}

/* What points to sector `index` of the chain now points to `sector`. */
static HRESULT chain_point(CompoundFile *file, Chain *chain, uint32_t index, uint32_t sector) {
  uint32_t before;

  if (index == 0) {
    chain->start = sector;
    return S_OK;
  }
  HRESULT status = S_OK;
  if (chain->at_known && chain->at == index && chain->before_known)
    before = chain->before_sector;
  else
    status = chain_find(file, chain, index - 1, &before);
  return SUCCEEDED(status) ? fat_set(file, before, sector) : status;
}

HRESULT chain_change(CompoundFile *file, Chain *chain, uint32_t index, bool keep, uint32_t *result) {
  uint32_t old;
  uint32_t fresh;
  uint32_t next;
  HRESULT status = chain_find(file, chain, index, &old);

  if (FAILED(status) || !sector_held(file, old)) {
    *result = old;
    return status;
  }
  bool before_known = chain->before_known;
  uint32_t before = chain->before_sector;
  status = fat_get(file, old, &next);
  if (SUCCEEDED(status))
    status = sector_take(file, &fresh);
  if (FAILED(status))
    return status;
  if (keep)
    status = page_copy(file, old, fresh);
  if (SUCCEEDED(status))
    status = fat_set(file, fresh, next);
  if (SUCCEEDED(status))
    status = chain_point(file, chain, index, fresh);
  if (SUCCEEDED(status))
    status = fat_set(file, old, SECTOR_FREE);
  if (FAILED(status))
    return status;
  sector_give(file, old);
  if (index >> chain->shift < chain->mark_count && !(index & ((1u << chain->shift) - 1)))
    marks_of(file, chain)[index >> chain->shift] = fresh;
  chain->at = index;
  chain->at_sector = *result = fresh;
  chain->at_known = true;
  chain->before_known = before_known;
  chain->before_sector = before;
  return S_OK;
}

static HRESULT chain_shrink(CompoundFile *file, Chain *chain, uint32_t count) {
  uint32_t sector;
  HRESULT status = chain_find(file, chain, count, &sector);

  if (SUCCEEDED(status))
    status = chain_point(file, chain, count, SECTOR_END);
  for (uint32_t left = chain->count - count; SUCCEEDED(status) && left && sector < file->end; left--) {
    uint32_t next;

    status = fat_get(file, sector, &next);
    if (SUCCEEDED(status))
      status = fat_set(file, sector, SECTOR_FREE);
    if (SUCCEEDED(status))
      sector_give(file, sector);
    sector = next;
  }
  if (FAILED(status))
    return status;
  chain_forget_from(chain, count);
  chain->count = count;
  return S_OK;
}

HRESULT chain_resize(CompoundFile *file, Chain *chain, uint32_t count) {
  HRESULT status = S_OK;
  uint32_t last = SECTOR_END;

  chain_refresh(file, chain);
  if (count < chain->count)
    return chain_shrink(file, chain, count);
  if (count == chain->count)
    return S_OK;
  if (chain->count)
    status = chain_find(file, chain, chain->count - 1, &last);
  while (SUCCEEDED(status) && chain->count < count) {
    uint32_t sector;

    status = sector_take(file, &sector);
    if (FAILED(status))
      break;
    page_forget(file, sector);
    status = fat_set(file, sector, SECTOR_END);
    if (SUCCEEDED(status) && chain->count)
      status = fat_set(file, last, sector);
    else if (SUCCEEDED(status))
      chain->start = sector;
    if (FAILED(status))
      break;
    chain->at_known = true;
    chain->at = chain->count;
    chain->at_sector = sector;
    chain->before_known = chain->count > 0;
    chain->before_sector = last;
    chain_mark(file, chain, chain->count, sector);
    chain->count++;
    last = sector;
  }
  return status;
}

/* The length in bytes of whole sectors that lie together from `index` on and will be overwritten, up to `size`. */
static HRESULT run_to_write(CompoundFile *file, Chain *chain, uint32_t index, size_t size, uint32_t *first,
                            size_t *length) {
  uint32_t sector;
  HRESULT status = chain_change(file, chain, index, false, first);

  *length = file->sector_size;
  page_forget(file, *first);
  while (SUCCEEDED(status) && *length + file->sector_size <= size) {
    status = chain_change(file, chain, ++index, false, &sector);
    if (FAILED(status) || sector != *first + (*length >> file->sector_shift))
      break;
    page_forget(file, sector);
    *length += file->sector_size;
  }
  return status;
}

/* The same to be read, from a place that chain_find has just found; none of them is in the cache. */
static HRESULT run_to_read(CompoundFile *file, Chain *chain, uint32_t index, size_t size, size_t *length) {
  uint32_t first = chain->at_sector;
  size_t most = size >> file->sector_shift;
  uint32_t limit = most < chain->count - index ? (uint32_t)most : chain->count - index;
  uint32_t count;
  HRESULT status = fat_run(file, first, limit, &count);

  if (FAILED(status))
    return status;
  count = pages_absent(file, first, count);
  *length = (size_t)count << file->sector_shift;
  if (count == 1)
    return S_OK;
  uint32_t stride = 1u << chain->shift;
  for (uint32_t i = (index & ~(stride - 1)) + stride; i < index + count; i += stride)
    chain_mark(file, chain, i, first + (i - index));
  chain->at = index + count - 1;
  chain->at_sector = first + count - 1;
  chain->before_sector = first + count - 2;
  chain->before_known = true;
  return S_OK;
}

#define FETCHED 32u /* sectors on their way to the processor at a time */

/* Whole sectors, one here and one there, from a place that chain_find has just found, as far as they are mapped: their bytes
 * are asked for before they are copied. Gives how many of `most` were read. */
static uint32_t read_mapped(CompoundFile *file, Chain *chain, uint32_t index, uint32_t most, uint8_t *to) {
  const uint8_t *places[FETCHED];
  uint32_t sectors[FETCHED];
  uint32_t count = 0;
  uint32_t sector = chain->at_sector;

  most = most < FETCHED ? most : FETCHED;
  file->map_kept = true;
  while (count < most && sector < file->end && !page_present(file, sector)) {
    places[count] = sector_look(file, sector);
    if (!places[count])
      break;
    for (uint32_t at = 0; at < file->sector_size && at < 512; at += 128)
      __builtin_prefetch(places[count] + at);
    sectors[count++] = sector;
    if (FAILED(fat_get(file, sector, &sector)))
      break;
  }
  for (uint32_t i = 0; i < count; i++) {
    memcpy(to + ((size_t)i << file->sector_shift), places[i], file->sector_size);
    chain_mark(file, chain, index + i, sectors[i]);
  }
  file->map_kept = false;
  if (count > 1) {
    chain->at = index + count - 1;
    chain->at_sector = sectors[count - 1];
    chain->before_sector = sectors[count - 2];
    chain->before_known = true;
  }
  return count;
}

HRESULT chain_read(CompoundFile *file, Chain *chain, uint64_t offset, void *buffer, size_t size) {
  uint8_t *to = buffer;
  uint32_t mask = file->sector_size - 1;

  while (size) {
    uint32_t index = (uint32_t)(offset >> file->sector_shift);
    size_t inside = (size_t)(offset & mask);
    size_t length = file->sector_size - inside < size ? file->sector_size - inside : size;
    uint32_t sector;
    HRESULT status = chain_find(file, chain, index, &sector);

    if (FAILED(status))
      return status;
    if (length == file->sector_size && !page_present(file, sector)) {
      status = run_to_read(file, chain, index, size, &length);
      uint32_t most = (uint32_t)(size >> file->sector_shift);
      uint32_t read =
          SUCCEEDED(status) && length == file->sector_size && most > 1 && file->map.data
              ? read_mapped(file, chain, index, most < chain->count - index ? most : chain->count - index, to)
              : 0;
      if (read)
        length = (size_t)read << file->sector_shift;
      else if (SUCCEEDED(status))
        status = sectors_read(file, sector, to, length);
    } else {
      uint8_t *data;

      status = page_read(file, sector, &data);
      if (SUCCEEDED(status))
        memcpy(to, data + inside, length);
    }
    if (FAILED(status))
      return status;
    to += length;
    offset += length;
    size -= length;
  }
  return S_OK;
}

HRESULT chain_write(CompoundFile *file, Chain *chain, uint64_t offset, const void *buffer, size_t size) {
  const uint8_t *from = buffer;
  uint32_t mask = file->sector_size - 1;

  while (size) {
    uint32_t index = (uint32_t)(offset >> file->sector_shift);
    size_t inside = (size_t)(offset & mask);
    size_t length = file->sector_size - inside < size ? file->sector_size - inside : size;
    uint32_t sector;
    HRESULT status;

    if (length == file->sector_size) {
      status = run_to_write(file, chain, index, size, &sector, &length);
      if (SUCCEEDED(status))
        status = sectors_write(file, sector, from, length);
    } else {
      uint8_t *data;

      status = chain_change(file, chain, index, true, &sector);
      if (SUCCEEDED(status))
        status = page_change(file, sector, &data);
      if (SUCCEEDED(status))
        memcpy(data + inside, from, length);
    }
    if (FAILED(status))
      return status;
    from += length;
    offset += length;
    size -= length;
  }
  return S_OK;
}
