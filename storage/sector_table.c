/* Which sectors are used, and the FAT, which says what follows each ([MS-CFB] 2.3, 2.5). A page of the FAT that the
 * committed state uses is copied before it changes; that changes the FAT again, so changes wait in a list. */
#include <stdlib.h>
#include <string.h>

#include "storage/compound_file.h"

#define RANGE_LOCK_SECTOR 0x7FFFEu /* version 4: the sector with byte 0x7FFFFF00 of the file belongs to nobody */
#define FAT_ALONE         32u      /* pages */
#define FAT_TOGETHER      16u
#define SECTORS_VERSION_3 0x3FFFFEu /* 2 GB, what programs that read version 3 understand */

static uint32_t entries_per_page(const CompoundFile *file) {
  return file->sector_size / 4;
}

bool sector_set_has(const SectorSet *set, uint32_t sector) {
  return sector / 64 < set->room && set->words[sector / 64] >> (sector % 64) & 1;
}

static HRESULT set_reserve(SectorSet *set, uint32_t sector) {
  size_t needed = (size_t)sector / 64 + 1;

  if (needed <= set->room)
    return S_OK;
  size_t room = needed > set->room * 2 ? needed + 15 : set->room * 2;
  uint64_t *words = realloc(set->words, room * sizeof *words);
  if (!words)
    return E_OUTOFMEMORY;
  memset(words + set->room, 0, (room - set->room) * sizeof *words);
  set->words = words;
  set->room = room;
  return S_OK;
}

HRESULT sector_list_reserve(SectorList *list, uint32_t count) {
  if (count <= list->room)
    return S_OK;
  uint32_t room = count > list->room * 2 ? count + 8 : list->room * 2;
  uint32_t *sectors = realloc(list->sectors, room * sizeof *sectors);
  if (!sectors)
    return E_OUTOFMEMORY;
  list->sectors = sectors;
  list->room = room;
  return S_OK;
}

HRESULT sector_list_add(SectorList *list, uint32_t sector) {
  HRESULT status = sector_list_reserve(list, list->count + 1);

  if (SUCCEEDED(status))
    list->sectors[list->count++] = sector;
  return status;
}

/* Room for what one change of the FAT can bring about: each of its pages copied once. */
static HRESULT pending_reserve(CompoundFile *file) {
  size_t needed = ((size_t)file->working.fat.count + 8) * 3;

  if (needed <= file->pending_room)
    return S_OK;
  needed += needed / 2;
  uint32_t *pending = realloc(file->pending, needed * 2 * sizeof *pending);
  if (!pending)
    return E_OUTOFMEMORY;
  file->pending = pending;
  file->pending_room = needed;
  return S_OK;
}

HRESULT fat_get(CompoundFile *file, uint32_t sector, uint32_t *next) {
  uint32_t page = sector / entries_per_page(file);
  uint8_t *data;

  if (page >= file->working.fat.count)
    return STG_E_DOCFILECORRUPT;
  const uint8_t *looked = sector_look(file, file->working.fat.sectors[page]);
  if (looked) {
    *next = little_u32(looked + (size_t)(sector % entries_per_page(file)) * 4);
    return S_OK;
  }
  HRESULT status = page_read(file, file->working.fat.sectors[page], &data);
  if (SUCCEEDED(status))
    *next = little_u32(data + (size_t)(sector % entries_per_page(file)) * 4);
  return status;
}

HRESULT fat_run(CompoundFile *file, uint32_t sector, uint32_t limit, uint32_t *count) {
  uint32_t each = entries_per_page(file);

  *count = 1;
  while (*count < limit) {
    uint32_t at = sector + *count - 1;
    const uint8_t *data;
    uint8_t *page;

    if (at / each >= file->working.fat.count)
      return STG_E_DOCFILECORRUPT;
    data = sector_look(file, file->working.fat.sectors[at / each]);
    if (!data) {
      HRESULT status = page_read(file, file->working.fat.sectors[at / each], &page);
      if (FAILED(status))
        return status;
      data = page;
    }
    for (uint32_t i = at % each; i < each && *count < limit; i++) {
      if (little_u32(data + (size_t)i * 4) != sector + *count || sector + *count >= file->end)
        return S_OK;
      ++*count;
    }
  }
  return S_OK;
}

static void set_add(SectorSet *set, uint32_t sector) {
  set->words[sector / 64] |= (uint64_t)1 << (sector % 64);
}

void sector_use(CompoundFile *file, uint32_t sector) {
  set_add(&file->used, sector);
  if (sector >= file->end)
    file->end = sector + 1;
}

/* Marks what the tables use; what is beyond the file is nobody's. */
static HRESULT mark_used(CompoundFile *file) {
  const FileState *state = &file->working;
  uint32_t each = entries_per_page(file);
  HRESULT status = set_reserve(&file->used, file->end);

  if (FAILED(status))
    return status;
  memset(file->used.words, 0, file->used.room * sizeof *file->used.words);
  for (uint32_t page = 0; page < state->fat.count; page++) {
    uint8_t *data;

    status = page_read(file, state->fat.sectors[page], &data);
    if (FAILED(status))
      return status;
    for (uint32_t i = 0; i < each && (uint64_t)page * each + i < file->end; i++) {
      if (little_u32(data + (size_t)i * 4) != SECTOR_FREE)
        set_add(&file->used, page * each + i);
    }
  }
  for (uint32_t i = 0; i < state->fat.count; i++)
    set_add(&file->used, state->fat.sectors[i]);
  for (uint32_t i = 0; i < state->difat.count; i++)
    set_add(&file->used, state->difat.sectors[i]);
  return S_OK;
}

HRESULT sectors_hold_reserve(CompoundFile *file) {
  return file->transacted && file->used.room ? set_reserve(&file->held, (uint32_t)(file->used.room * 64 - 1)) : S_OK;
}

HRESULT sectors_hold(CompoundFile *file) {
  HRESULT status = sectors_hold_reserve(file);

  if (FAILED(status) || !file->transacted)
    return status;
  memset(file->held.words, 0, file->held.room * sizeof *file->held.words);
  memcpy(file->held.words, file->used.words, file->used.room * sizeof *file->used.words);
  return S_OK;
}

/* Transactions that crashed leave bytes behind the last sector that the tables know. A commit cuts them off; where there are
 * none but crashes, they must not grow without end. */
#define TAIL_LEAST 4096u /* sectors */

static void forget_tail(CompoundFile *file) {
  uint32_t end = sectors_used_end(file);

  if (!file->transacted || file->committed_end <= end + TAIL_LEAST || (file->committed_end - end) / 4 < end)
    return;
  file->committed_end = file->end = end;
  file->committed_size = ((uint64_t)end + 1) << file->sector_shift;
}

HRESULT sectors_begin(CompoundFile *file) {
  if (!file->writable)
    return STG_E_ACCESSDENIED;
  HRESULT status = pending_reserve(file);
  if (SUCCEEDED(status))
    status = transaction_begin(file);
  if (SUCCEEDED(status) && !file->sets_ready) {
    status = mark_used(file);
    if (SUCCEEDED(status)) {
      forget_tail(file);
      status = sectors_hold(file);
    }
    file->low_hint = 0;
    file->high_hint = file->committed_end;
    file->sets_ready = SUCCEEDED(status);
  }
  if (SUCCEEDED(status)) {
    file->changed = true;
    file->changes++;
  }
  return status;
}

/* The first sector from `from` on that neither state uses; perhaps behind the sets. */
static uint32_t first_free(const CompoundFile *file, uint32_t from) {
  size_t word = from / 64;
  uint64_t below = ((uint64_t)1 << (from % 64)) - 1;

  for (; word < file->used.room; word++, below = 0) {
    uint64_t taken = file->used.words[word] | below;

    if (file->transacted && word < file->held.room)
      taken |= file->held.words[word];
    if (taken != UINT64_MAX)
      return (uint32_t)(word * 64 + (unsigned)__builtin_ctzll(~taken));
  }
  return from > file->used.room * 64 ? from : (uint32_t)(file->used.room * 64);
}

uint32_t sector_hole(CompoundFile *file, uint32_t limit) {
  uint32_t sector = first_free(file, file->low_hint);

  file->low_hint = sector;
  if (file->version == 4 && sector == RANGE_LOCK_SECTOR)
    sector = first_free(file, sector + 1);
  return sector < limit ? sector : SECTOR_FREE;
}

HRESULT sector_take(CompoundFile *file, uint32_t *result) {
  bool appended = file->transacted && !file->low;
  uint32_t *hint = appended ? &file->high_hint : &file->low_hint;
  uint32_t sector = first_free(file, *hint);

  *hint = sector;
  if (file->version == 4 && sector == RANGE_LOCK_SECTOR)
    sector = first_free(file, sector + 1);
  if (sector > (file->version == 4 ? SECTOR_LAST : SECTORS_VERSION_3))
    return STG_E_DOCFILETOOLARGE;
  HRESULT status = set_reserve(&file->used, sector);
  if (FAILED(status))
    return status;
  sector_use(file, sector);
  *result = sector;
  return S_OK;
}

void sector_give(CompoundFile *file, uint32_t sector) {
  if (sector / 64 < file->used.room)
    file->used.words[sector / 64] &= ~((uint64_t)1 << (sector % 64));
  page_forget(file, sector);
  if (sector_held(file, sector))
    return;
  if (sector < file->low_hint)
    file->low_hint = sector;
  if (sector < file->high_hint && sector >= file->committed_end)
    file->high_hint = sector;
}

/* The DIFAT must say where page `page` of the FAT is now. */
static void note_fat_moved(CompoundFile *file, uint32_t page) {
  file->header_changed = true;
  if (page < HEADER_DIFAT)
    return;
  uint32_t sector = (page - HEADER_DIFAT) / (entries_per_page(file) - 1);
  if (sector + 1 > file->difat_changed)
    file->difat_changed = sector + 1;
}

/* Another page, all free, at the end of the FAT. */
static HRESULT fat_extend(CompoundFile *file, uint32_t *sector) {
  uint8_t *data;
  HRESULT status = sector_list_reserve(&file->working.fat, file->working.fat.count + 1);

  if (SUCCEEDED(status))
    status = sector_take(file, sector);
  if (FAILED(status))
    return status;
  status = page_fresh(file, *sector, &data);
  if (FAILED(status)) {
    sector_give(file, *sector);
    return status;
  }
  memset(data, 0xFF, file->sector_size);
  file->working.fat.sectors[file->working.fat.count++] = *sector;
  note_fat_moved(file, file->working.fat.count - 1);
  return pending_reserve(file);
}

/* Copies page `page` of the FAT to a sector of its own. */
static HRESULT fat_copy_page(CompoundFile *file, uint32_t page, uint32_t *sector) {
  HRESULT status = sector_take(file, sector);

  if (FAILED(status))
    return status;
  status = page_copy(file, file->working.fat.sectors[page], *sector);
  if (FAILED(status)) {
    sector_give(file, *sector);
    return status;
  }
  file->working.fat.sectors[page] = *sector;
  note_fat_moved(file, page);
  return S_OK;
}

/* Whether the FAT has become longer by some pages since it was written. */
static bool fat_grows_far(const CompoundFile *file) {
  return file->working.fat.count >= little_u32(file->header + 44) + FAT_ALONE;
}

typedef struct Pending {
  CompoundFile *file;
  size_t count;
} Pending;

static void pending_push(Pending *pending, uint32_t sector, uint32_t value) {
  if (pending->count == pending->file->pending_room) /* never: each page is copied once */
    return;
  pending->file->pending[pending->count * 2] = sector;
  pending->file->pending[pending->count * 2 + 1] = value;
  pending->count++;
}

HRESULT fat_set(CompoundFile *file, uint32_t sector, uint32_t next) {
  Pending pending = { file, 0 };
  uint32_t each = entries_per_page(file);
  HRESULT status = S_OK;

  pending_push(&pending, sector, next);
  while (pending.count && SUCCEEDED(status)) {
    uint32_t at = file->pending[pending.count * 2 - 2];
    uint32_t value = file->pending[pending.count * 2 - 1];
    uint32_t page = at / each;
    uint32_t moved;
    uint8_t *data;

    if (page >= file->working.fat.count) {
      /* Files that grow get several pages side by side: between them the sectors of streams lie together. */
      unsigned pages = fat_grows_far(file) ? FAT_TOGETHER : 1;
      for (unsigned i = 0; i < pages && SUCCEEDED(status); i++) {
        status = fat_extend(file, &moved);
        if (SUCCEEDED(status))
          pending_push(&pending, moved, SECTOR_FAT);
      }
      continue;
    }
    uint32_t place = file->working.fat.sectors[page];
    if (sector_held(file, place)) {
      status = fat_copy_page(file, page, &moved);
      if (FAILED(status))
        break;
      sector_give(file, place);
      pending_push(&pending, place, SECTOR_FREE);
      pending_push(&pending, moved, SECTOR_FAT);
      continue;
    }
    pending.count--;
    status = page_change(file, place, &data);
    if (SUCCEEDED(status)) {
      for (unsigned i = 0; i < 4; i++)
        data[(size_t)(at % each) * 4 + i] = (uint8_t)(value >> 8 * i);
    }
  }
  return status;
}

uint32_t sectors_used_end(const CompoundFile *file) {
  for (size_t word = file->used.room; word-- > 0;) {
    if (file->used.words[word])
      return (uint32_t)(word * 64 + 64 - (unsigned)__builtin_clzll(file->used.words[word]));
  }
  return 0;
}

uint64_t sectors_used_count(const CompoundFile *file) {
  uint64_t count = 0;

  for (size_t word = 0; word < file->used.room; word++)
    count += (unsigned)__builtin_popcountll(file->used.words[word]);
  return count;
}

/* Gives up pages at the end of the FAT that speak of free sectors only, or of nothing else but themselves. */
HRESULT fat_trim(CompoundFile *file) {
  SectorList *fat = &file->working.fat;
  uint32_t each = entries_per_page(file);

  while (fat->count > 1) {
    uint32_t place = fat->sectors[fat->count - 1];
    uint32_t end = sectors_used_end(file);

    if (end > (fat->count - 1) * each && !(end == place + 1 && place == (fat->count - 1) * each))
      return S_OK;
    fat->count--;
    note_fat_moved(file, fat->count);
    sector_give(file, place);
    if (place < fat->count * each) {
      HRESULT status = fat_set(file, place, SECTOR_FREE);
      if (FAILED(status))
        return status;
    }
  }
  return S_OK;
}
