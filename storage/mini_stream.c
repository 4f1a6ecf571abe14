/* Streams below 4096 bytes: sectors of 64 bytes within one stream, the root's, chained by a FAT of their own ([MS-CFB]
 * 2.4). The lowest free ones are taken, also those that the committed state uses: what is copied before it changes are the
 * sectors of the file around them. */
#include <string.h>

#include "storage/compound_file.h"

static uint32_t mini_places(const CompoundFile *file) {
  uint64_t places = ((uint64_t)file->mini_fat.count << file->sector_shift) / 4;

  return places > SECTOR_LAST ? SECTOR_LAST : (uint32_t)places;
}

static HRESULT mini_get(CompoundFile *file, uint32_t sector, uint32_t *next) {
  uint8_t bytes[4];

  if (sector >= mini_places(file))
    return STG_E_DOCFILECORRUPT;
  HRESULT status = chain_read(file, &file->mini_fat, (uint64_t)sector * 4, bytes, 4);
  *next = little_u32(bytes);
  return status;
}

static HRESULT mini_set(CompoundFile *file, uint32_t sector, uint32_t next) {
  uint8_t bytes[4] = { (uint8_t)next, (uint8_t)(next >> 8), (uint8_t)(next >> 16), (uint8_t)(next >> 24) };
  uint32_t start = file->mini_fat.start;
  HRESULT status = chain_write(file, &file->mini_fat, (uint64_t)sector * 4, bytes, 4);

  if (file->mini_fat.start != start)
    file->header_changed = true;
  return status;
}

/* The root's entry says where the mini stream is. */
static HRESULT write_root(CompoundFile *file) {
  Entry root;
  HRESULT status = entry_read(file, SID_ROOT, &root);

  if (FAILED(status))
    return status;
  root.start = file->mini_stream.count ? file->mini_stream.start : SECTOR_END;
  root.size = file->mini_size;
  return entry_write(file, SID_ROOT, &root);
}

/* Sets the size of the mini stream; what is there stays. */
static HRESULT set_mini_size(CompoundFile *file, uint64_t size) {
  uint64_t sectors = (size + file->sector_size - 1) >> file->sector_shift;

  if (sectors > SECTOR_LAST)
    return STG_E_DOCFILETOOLARGE;
  HRESULT status = chain_resize(file, &file->mini_stream, (uint32_t)sectors);
  if (FAILED(status))
    return status;
  file->mini_size = size;
  return write_root(file);
}

static HRESULT extend_mini_fat(CompoundFile *file) {
  uint32_t sector;
  uint8_t *data;
  HRESULT status = chain_resize(file, &file->mini_fat, file->mini_fat.count + 1);

  if (SUCCEEDED(status))
    status = chain_find(file, &file->mini_fat, file->mini_fat.count - 1, &sector);
  if (SUCCEEDED(status))
    status = page_fresh(file, sector, &data);
  if (SUCCEEDED(status))
    memset(data, 0xFF, file->sector_size);
  file->header_changed = true;
  return status;
}

static HRESULT mini_take(CompoundFile *file, uint32_t *result) {
  uint32_t sector = file->mini_hint;
  uint32_t next = SECTOR_FREE;
  HRESULT status = S_OK;

  for (; sector < mini_places(file) && SUCCEEDED(status); sector++) {
    status = mini_get(file, sector, &next);
    if (SUCCEEDED(status) && next == SECTOR_FREE)
      break;
  }
  file->mini_hint = sector;
  if (SUCCEEDED(status) && sector >= mini_places(file))
    status = extend_mini_fat(file);
  if (SUCCEEDED(status) && ((uint64_t)sector + 1) * MINI_SIZE > file->mini_size)
    status = set_mini_size(file, ((uint64_t)sector + 1) * MINI_SIZE);
  if (SUCCEEDED(status))
    status = mini_set(file, sector, SECTOR_END);
  if (SUCCEEDED(status))
    file->mini_hint = sector + 1;
  *result = sector;
  return status;
}

static HRESULT mini_give(CompoundFile *file, uint32_t sector) {
  HRESULT status = mini_set(file, sector, SECTOR_FREE);

  if (sector < file->mini_hint)
    file->mini_hint = sector;
  return status;
}

/* Gives up what is free at the end of the mini stream. */
static HRESULT mini_trim(CompoundFile *file) {
  uint64_t count = file->mini_size / MINI_SIZE;
  uint32_t next = SECTOR_END;
  HRESULT status = S_OK;

  if (count > mini_places(file))
    return S_OK;
  while (count && SUCCEEDED(status)) {
    status = mini_get(file, (uint32_t)count - 1, &next);
    if (FAILED(status) || next != SECTOR_FREE)
      break;
    count--;
  }
  if (SUCCEEDED(status) && count * MINI_SIZE < file->mini_size)
    status = set_mini_size(file, count * MINI_SIZE);
  uint32_t pages = (uint32_t)((count * 4 + file->sector_size - 1) >> file->sector_shift);
  if (SUCCEEDED(status) && pages < file->mini_fat.count) {
    status = chain_resize(file, &file->mini_fat, pages);
    if (!pages)
      file->mini_fat.start = SECTOR_END;
    file->header_changed = true;
  }
  return status;
}

/* At most 64 steps, but a chain that a longer stream left behind is never walked further than its own length. */
HRESULT mini_find(CompoundFile *file, Chain *chain, uint32_t index, uint32_t *result) {
  uint32_t sector = chain->start;
  uint32_t at = 0;

  if (chain->at_known && chain->at <= index) {
    at = chain->at;
    sector = chain->at_sector;
  }
  for (;; at++) {
    if (sector >= mini_places(file))
      return STG_E_DOCFILECORRUPT;
    if (at == index)
      break;
    HRESULT status = mini_get(file, sector, &sector);
    if (FAILED(status))
      return status;
  }
  chain->at_known = true;
  chain->at = index;
  chain->at_sector = *result = sector;
  return S_OK;
}

static HRESULT mini_shrink(CompoundFile *file, Chain *chain, uint32_t count) {
  uint32_t sector = chain->start;
  HRESULT status = S_OK;

  if (count) {
    uint32_t last;

    status = mini_find(file, chain, count - 1, &last);
    if (SUCCEEDED(status))
      status = mini_get(file, last, &sector);
    if (SUCCEEDED(status))
      status = mini_set(file, last, SECTOR_END);
  }
  for (uint32_t left = chain->count - count; SUCCEEDED(status) && left && sector < mini_places(file); left--) {
    uint32_t next;

    status = mini_get(file, sector, &next);
    if (SUCCEEDED(status))
      status = mini_give(file, sector);
    sector = next;
  }
  chain->at_known = false;
  if (FAILED(status))
    return status;
  chain->count = count;
  return mini_trim(file);
}

HRESULT mini_resize(CompoundFile *file, Chain *chain, uint32_t count) {
  uint32_t last = SECTOR_END;
  HRESULT status = S_OK;

  if (count < chain->count)
    return mini_shrink(file, chain, count);
  if (chain->count && count > chain->count)
    status = mini_find(file, chain, chain->count - 1, &last);
  while (SUCCEEDED(status) && chain->count < count) {
    uint32_t sector;

    status = mini_take(file, &sector);
    if (SUCCEEDED(status) && chain->count)
      status = mini_set(file, last, sector);
    else if (SUCCEEDED(status))
      chain->start = sector;
    if (FAILED(status))
      break;
    chain->count++;
    last = sector;
  }
  return status;
}

typedef HRESULT Transfer(CompoundFile *file, uint64_t offset, uint8_t *buffer, size_t size);

static HRESULT transfer_in(CompoundFile *file, uint64_t offset, uint8_t *buffer, size_t size) {
  return chain_read(file, &file->mini_stream, offset, buffer, size);
}

static HRESULT transfer_out(CompoundFile *file, uint64_t offset, uint8_t *buffer, size_t size) {
  uint32_t start = file->mini_stream.start;
  HRESULT status = chain_write(file, &file->mini_stream, offset, buffer, size);

  if (file->mini_stream.start != start) {
    HRESULT moved = write_root(file);
    return SUCCEEDED(status) ? moved : status;
  }
  return status;
}

static HRESULT mini_transfer(CompoundFile *file, Chain *chain, uint64_t offset, uint8_t *buffer, size_t size,
                             Transfer *transfer) {
  while (size) {
    size_t inside = (size_t)(offset % MINI_SIZE);
    size_t length = MINI_SIZE - inside < size ? MINI_SIZE - inside : size;
    uint32_t sector;
    HRESULT status = mini_find(file, chain, (uint32_t)(offset / MINI_SIZE), &sector);

    if (SUCCEEDED(status))
      status = transfer(file, (uint64_t)sector * MINI_SIZE + inside, buffer, length);
    if (FAILED(status))
      return status;
    buffer += length;
    offset += length;
    size -= length;
  }
  return S_OK;
}

HRESULT mini_read(CompoundFile *file, Chain *chain, uint64_t offset, void *buffer, size_t size) {
  return mini_transfer(file, chain, offset, buffer, size, transfer_in);
}

HRESULT mini_write(CompoundFile *file, Chain *chain, uint64_t offset, const void *buffer, size_t size) {
  return mini_transfer(file, chain, offset, (uint8_t *)buffer, size, transfer_out);
}
