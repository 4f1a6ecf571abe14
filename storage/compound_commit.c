/* From the working state to the file. What a transaction appended is moved into the holes of the file first, so that the
 * file does not grow without end; then everything is written and synced, and one header makes it the committed state. */
#include <string.h>

#include "storage/compound_file.h"

/* What is in one sector, and what the FAT says of it, moves to another. */
static HRESULT move_sector(CompoundFile *file, uint32_t from, uint32_t to) {
  uint32_t next;
  HRESULT status = fat_get(file, from, &next);

  if (SUCCEEDED(status))
    status = sector_held(file, from) ? page_copy(file, from, to) : page_move(file, from, to);
  if (SUCCEEDED(status))
    status = fat_set(file, to, next);
  if (SUCCEEDED(status))
    status = fat_set(file, from, SECTOR_FREE);
  if (SUCCEEDED(status))
    sector_give(file, from);
  return status;
}

/* Moves the sectors of a chain that follow one another from `limit` on, as long as there are holes. `first` is where the
 * chain goes on, at its head or in the middle. */
static HRESULT move_chain(CompoundFile *file, uint32_t limit, uint32_t *first) {
  uint32_t before = SECTOR_FREE;
  uint32_t sector = *first;
  uint32_t left = file->end; /* chains of damaged files have no end */
  HRESULT status = S_OK;

  while (SUCCEEDED(status) && sector >= limit && sector < file->end && left--) {
    uint32_t hole = sector_hole(file, sector);

    if (hole == SECTOR_FREE)
      break;
    sector_use(file, hole);
    status = move_sector(file, sector, hole);
    if (SUCCEEDED(status) && before == SECTOR_FREE)
      *first = hole;
    else if (SUCCEEDED(status))
      status = fat_set(file, before, hole);
    before = hole;
    if (SUCCEEDED(status))
      status = fat_get(file, hole, &sector);
  }
  return status;
}

static HRESULT move_head(CompoundFile *file, uint32_t limit, Chain *chain) {
  uint32_t start = chain->start;
  HRESULT status = chain->count ? move_chain(file, limit, &start) : S_OK;

  if (start != chain->start)
    file->header_changed = true;
  chain->start = start;
  return status;
}

/* Streams begin where entries say; only entries that have changed, all where `all`, can say a place from `limit` on. */
static HRESULT move_entry_heads(CompoundFile *file, uint32_t limit, bool all) {
  uint32_t each = file->sector_size / ENTRY_SIZE;
  HRESULT status = S_OK;

  for (uint32_t i = 0; i < file->directory.count && SUCCEEDED(status); i++) {
    uint32_t sector;

    status = chain_find(file, &file->directory, i, &sector);
    if (FAILED(status) || (!all && sector_held(file, sector)))
      continue;
    for (uint32_t sid = i * each; sid < (i + 1) * each && SUCCEEDED(status); sid++) {
      Entry entry;

      status = entry_read(file, sid, &entry);
      if (FAILED(status) || entry.start < limit || entry.start >= file->end || !entry.size ||
          !((entry.type == ENTRY_STREAM && entry.size >= MINI_CUTOFF) || entry.type == ENTRY_ROOT))
        continue;
      uint32_t start = entry.start;
      status = move_chain(file, limit, &start);
      if (FAILED(status) || start == entry.start)
        continue;
      entry.start = start;
      if (sid == SID_ROOT)
        file->mini_stream.start = start;
      status = entry_write(file, sid, &entry);
    }
  }
  return status;
}

/* What leads to the rest of chains: the pages of the FAT that have changed, or all. */
static HRESULT move_rest(CompoundFile *file, uint32_t limit, bool all) {
  uint32_t each = file->sector_size / 4;
  HRESULT status = S_OK;

  for (uint32_t page = 0; page < file->working.fat.count && SUCCEEDED(status); page++) {
    if (!all && sector_held(file, file->working.fat.sectors[page]))
      continue;
    for (uint32_t i = 0; i < each && SUCCEEDED(status); i++) {
      uint32_t sector = page * each + i;
      uint32_t next;

      if (sector >= file->end)
        break;
      status = fat_get(file, sector, &next);
      uint32_t moved = next;
      if (SUCCEEDED(status) && next >= limit && next < file->end)
        status = move_chain(file, limit, &moved);
      if (SUCCEEDED(status) && moved != next)
        status = fat_set(file, sector, moved);
    }
  }
  return status;
}

/* The pages of the FAT themselves. */
static HRESULT move_fat(CompoundFile *file, uint32_t limit) {
  HRESULT status = S_OK;

  for (uint32_t page = 0; page < file->working.fat.count && SUCCEEDED(status); page++) {
    uint32_t from = file->working.fat.sectors[page];
    uint32_t to = from >= limit ? sector_hole(file, from) : SECTOR_FREE;

    if (to == SECTOR_FREE)
      continue;
    sector_use(file, to);
    status = sector_held(file, from) ? page_copy(file, from, to) : page_move(file, from, to);
    if (FAILED(status))
      break;
    file->working.fat.sectors[page] = to;
    file->header_changed = true;
    if (page >= HEADER_DIFAT) {
      uint32_t list = (page - HEADER_DIFAT) / (file->sector_size / 4 - 1) + 1;
      file->difat_changed = file->difat_changed > list ? file->difat_changed : list;
    }
    sector_give(file, from);
    status = fat_set(file, to, SECTOR_FAT);
    if (SUCCEEDED(status))
      status = fat_set(file, from, SECTOR_FREE);
  }
  return status;
}

/* Sectors for the DIFAT: as many as it needs, and new ones for those that change and are held. Each points to the next, so
 * all before a changed one change. Their places are marked in the FAT, which may change the DIFAT: until nothing moves. */
static HRESULT place_difat(CompoundFile *file) {
  SectorList *difat = &file->working.difat;
  uint32_t each = file->sector_size / 4 - 1;
  HRESULT status = S_OK;
  bool moved = true;

  while (moved && SUCCEEDED(status)) {
    uint32_t fat = file->working.fat.count;
    uint32_t needed = fat > HEADER_DIFAT ? (fat - HEADER_DIFAT + each - 1) / each : 0;

    moved = false;
    if (difat->count > needed) {
      uint32_t gone = difat->sectors[--difat->count];
      sector_give(file, gone);
      status = fat_set(file, gone, SECTOR_FREE);
      file->difat_changed = difat->count;
      file->header_changed = moved = true;
      continue;
    }
    status = sector_list_reserve(difat, needed);
    for (uint32_t i = 0; i < needed && SUCCEEDED(status); i++) {
      bool held = i < difat->count && i < file->difat_changed && sector_held(file, difat->sectors[i]);
      uint32_t sector;

      if (i < difat->count && !held)
        continue;
      uint32_t old = held ? difat->sectors[i] : SECTOR_FREE;
      status = sector_take(file, &sector);
      if (FAILED(status))
        break;
      difat->sectors[i] = sector;
      difat->count = i >= difat->count ? i + 1 : difat->count;
      file->difat_changed = file->difat_changed > i ? file->difat_changed : i + 1;
      file->header_changed = moved = true;
      status = fat_set(file, sector, SECTOR_DIFAT);
      if (SUCCEEDED(status) && held) {
        sector_give(file, old);
        status = fat_set(file, old, SECTOR_FREE);
      }
    }
  }
  return status;
}

static HRESULT write_difat(CompoundFile *file) {
  uint32_t each = file->sector_size / 4 - 1;
  HRESULT status = S_OK;

  for (uint32_t i = 0; i < file->difat_changed && i < file->working.difat.count && SUCCEEDED(status); i++) {
    uint8_t *data;

    status = page_fresh(file, file->working.difat.sectors[i], &data);
    for (uint32_t j = 0; j <= each && SUCCEEDED(status); j++) {
      uint32_t page = HEADER_DIFAT + i * each + j;
      uint32_t value = page < file->working.fat.count ? file->working.fat.sectors[page] : SECTOR_FREE;

      if (j == each)
        value = i + 1 < file->working.difat.count ? file->working.difat.sectors[i + 1] : SECTOR_END;
      for (unsigned k = 0; k < 4; k++)
        data[(size_t)j * 4 + k] = (uint8_t)(value >> 8 * k);
    }
  }
  return status;
}

/* The size that the file is to have: whole sectors up to the last one used. */
static uint64_t size_needed(const CompoundFile *file) {
  return ((uint64_t)sectors_used_end(file) + 1) << file->sector_shift;
}

static HRESULT write_header(CompoundFile *file) {
  uint8_t header[HEADER_SIZE];

  compound_file_format_header(file, header);
  HRESULT status = bytes_write(file->bytes, 0, header, sizeof header);
  if (FAILED(status))
    return status;
  memcpy(file->header, header, sizeof header);
  file->header_changed = false;
  file->difat_changed = 0;
  return S_OK;
}

/* Before the header: the file is as long as its sectors say. */
static HRESULT extend_bytes(CompoundFile *file) {
  uint64_t size;
  HRESULT status = bytes_size(file->bytes, &size);

  if (SUCCEEDED(status) && size < size_needed(file))
    status = bytes_resize(file->bytes, size_needed(file));
  return status;
}

/* Afterwards: not longer. */
static HRESULT cut_bytes(CompoundFile *file) {
  uint64_t size;
  HRESULT status = bytes_size(file->bytes, &size);

  file->end = sectors_used_end(file);
  if (SUCCEEDED(status) && size > size_needed(file))
    status = bytes_resize(file->bytes, size_needed(file));
  file->committed_size = size_needed(file);
  file->committed_end = file->end;
  return status;
}

HRESULT compound_file_flush(CompoundFile *file, bool sync) {
  if (!file->changed)
    return sync && file->writable ? ILockBytes_Flush(file->bytes) : S_OK;
  HRESULT status = fat_trim(file);
  if (SUCCEEDED(status))
    status = place_difat(file);
  if (SUCCEEDED(status))
    status = write_difat(file);
  if (SUCCEEDED(status))
    status = pages_write(file);
  if (SUCCEEDED(status))
    status = extend_bytes(file);
  if (SUCCEEDED(status) && file->header_changed)
    status = write_header(file);
  if (SUCCEEDED(status))
    status = cut_bytes(file);
  if (SUCCEEDED(status) && sync)
    status = ILockBytes_Flush(file->bytes);
  if (SUCCEEDED(status))
    file->changed = false;
  return status;
}

/* More than two and a half times what is used: everything from some way above that on moves down. */
static uint32_t limit_of(const CompoundFile *file, DWORD flags, bool *all) {
  uint64_t count = sectors_used_count(file);
  uint64_t limit = flags & STGC_CONSOLIDATE ? count : count + count / 4 + 16;

  *all = flags & STGC_CONSOLIDATE ? limit < sectors_used_end(file) : count * 5 / 2 + 16 < sectors_used_end(file);
  return *all && limit < file->committed_end ? (uint32_t)limit : file->committed_end;
}

static HRESULT move_down(CompoundFile *file, DWORD flags) {
  bool all;
  uint32_t limit = limit_of(file, flags, &all);
  HRESULT status = move_head(file, limit, &file->directory);

  file->generation++;
  if (SUCCEEDED(status))
    status = move_head(file, limit, &file->mini_fat);
  file->generation++;
  if (SUCCEEDED(status))
    status = move_entry_heads(file, limit, all);
  if (SUCCEEDED(status))
    status = move_rest(file, limit, all);
  if (SUCCEEDED(status))
    status = move_fat(file, limit);
  file->generation++;
  return status;
}

/* Whether nobody else has committed since. */
bool transaction_is_current(CompoundFile *file) {
  uint8_t header[HEADER_SIZE];

  return SUCCEEDED(bytes_read(file->bytes, 0, header, sizeof header)) &&
         memcmp(header, file->header, sizeof header) == 0;
}

#define TRANSACTION_BYTE 0x7FFFFFFFFFFFFF10 /* of a file: locked by who has a transaction */

/* Two transactions would append to the same place. Bytes that cannot be locked are their owner's matter. */
HRESULT transaction_begin(CompoundFile *file) {
  ULARGE_INTEGER at = { .QuadPart = TRANSACTION_BYTE };
  ULARGE_INTEGER size = { .QuadPart = 1 };

  if (!file->transacted || file->locked)
    return S_OK;
  if (ILockBytes_LockRegion(file->bytes, at, size, LOCK_ONLYONCE) == STG_E_LOCKVIOLATION)
    return STG_E_LOCKVIOLATION;
  file->locked = true;
  if (transaction_is_current(file))
    return S_OK;
  transaction_end(file);
  return STG_E_NOTCURRENT;
}

void transaction_end(CompoundFile *file) {
  ULARGE_INTEGER at = { .QuadPart = TRANSACTION_BYTE };
  ULARGE_INTEGER size = { .QuadPart = 1 };

  if (file->locked)
    ILockBytes_UnlockRegion(file->bytes, at, size, LOCK_ONLYONCE);
  file->locked = false;
}

HRESULT compound_file_commit(CompoundFile *file, DWORD flags) {
  bool sync = !(flags & STGC_DANGEROUSLYCOMMITMERELYTODISKCACHE);

  if (!file->writable || !file->changed)
    return S_OK;
  if (!transaction_is_current(file))
    return STG_E_NOTCURRENT;
  file->low = true;
  HRESULT status = move_down(file, flags);
  if (SUCCEEDED(status))
    status = fat_trim(file);
  if (SUCCEEDED(status))
    status = place_difat(file);
  if (SUCCEEDED(status))
    status = write_difat(file);
  file->low = false;
  file->high_hint = file->committed_end;
  if (SUCCEEDED(status))
    status = pages_write(file);
  if (SUCCEEDED(status))
    status = extend_bytes(file);
  if (SUCCEEDED(status) && sync)
    status = ILockBytes_Flush(file->bytes);
  if (SUCCEEDED(status))
    status = sectors_hold_reserve(file);
  if (FAILED(status))
    return status;
  file->working.transaction++;
  status = write_header(file);
  if (FAILED(status)) {
    file->working.transaction--;
    return status;
  }
  if (sync)
    status = ILockBytes_Flush(file->bytes);
  file->changed = false;
  HRESULT cut = cut_bytes(file);
  HRESULT held = sectors_hold(file);
  file->low_hint = 0;
  file->high_hint = file->committed_end;
  transaction_end(file);
  return FAILED(status) ? status : FAILED(cut) ? cut : held;
}
