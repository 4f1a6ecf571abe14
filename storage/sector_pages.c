/* Sectors through a cache of a fixed size. Pages are written back when their place is needed, which is never one of the
 * committed state in a transaction: those are not changed in place. */
#include <stdlib.h>
#include <string.h>

#include "storage/compound_file.h"

HRESULT pages_open(CompoundFile *file) {
  file->page_memory = malloc((size_t)CACHE_PAGES * file->sector_size + WINDOW_SIZE);
  if (!file->page_memory)
    return E_OUTOFMEMORY;
  for (uint32_t i = 0; i < CACHE_PAGES; i++)
    file->pages[i].data = file->page_memory + (size_t)i * file->sector_size;
  file->window = file->page_memory + (size_t)CACHE_PAGES * file->sector_size;
  file->last_short = UINT64_MAX / 2;
  pages_forget(file);
  return S_OK;
}

void pages_close(CompoundFile *file) {
  mapped_bytes_close(&file->map);
  free(file->page_memory);
}

void pages_forget(CompoundFile *file) {
  file->window_size = 0;
  for (uint32_t i = 0; i < CACHE_PAGES; i++) {
    file->pages[i].sector = SECTOR_FREE;
    file->pages[i].dirty = file->pages[i].recent = false;
    file->buckets[i] = CACHE_PAGES;
  }
}

static uint32_t *bucket_of(CompoundFile *file, uint32_t sector) {
  return &file->buckets[(sector ^ sector >> 7) % CACHE_PAGES];
}

static Page *page_lookup(const CompoundFile *file, uint32_t sector) {
  uint32_t at = *bucket_of((CompoundFile *)file, sector);

  while (at != CACHE_PAGES && file->pages[at].sector != sector)
    at = file->pages[at].next;
  return at == CACHE_PAGES ? NULL : (Page *)&file->pages[at];
}

#define SHORT_READ 16384u
#define NEAR_READ  4096u

#define MAP_AFTER  64u   /* far reads: what a map costs, and more */
#define MAP_AGAIN  4096u /* outside of a map: where it is another one may be of more use */
#define MAP_PLACES ((uint64_t)MAPPED_BYTES_MOST / 2)

/* The bytes of the file in the map, or NULL. What somebody has cut away is zero, as in bytes_read, but not for ever. */
static const uint8_t *mapped(CompoundFile *file, uint64_t at, size_t size) {
  MappedBytes *map = &file->map;

  if (!map->data)
    return NULL;
  if (!file->map_kept && mapped_bytes_cut(map)) {
    mapped_bytes_close(map);
    file->far_reads = 0;
    return NULL;
  }
  if (at < map->at || size > map->size || at - map->at > map->size - size)
    return NULL;
  return map->data + (at - map->at);
}

/* A short read that is near to no other, and in no map: many of them are worth one. */
static void note_far_read(CompoundFile *file, uint64_t at) {
  uint64_t size;

  if (file->map_kept || ++file->far_reads < (file->map.data ? MAP_AGAIN : MAP_AFTER))
    return;
  file->far_reads = 0;
  mapped_bytes_close(&file->map);
  if (FAILED(bytes_size(file->bytes, &size)))
    return;
  uint64_t start = size <= MAPPED_BYTES_MOST ? 0 : at / MAP_PLACES * MAP_PLACES;
  if (start < size)
    file_bytes_map(file->bytes, start, size - start < MAPPED_BYTES_MOST ? (size_t)(size - start) : MAPPED_BYTES_MOST,
                   &file->map);
}

const uint8_t *sector_look(CompoundFile *file, uint32_t sector) {
  Page *page = page_lookup(file, sector);

  if (!page)
    return mapped(file, sector_offset(file, sector), file->sector_size);
  page->recent = true;
  return page->data;
}

/* A short read a little behind the last one is taken for part of a row: the bytes around come along, where that costs less
 * than another call of the system. */
HRESULT sectors_read(CompoundFile *file, uint32_t sector, void *buffer, size_t size) {
  uint64_t at = sector_offset(file, sector);
  bool near = at >= file->last_short && at - file->last_short <= NEAR_READ + size * 3;

  if (size > SHORT_READ)
    return bytes_read(file->bytes, at, buffer, size);
  file->last_short = at + size;
  const uint8_t *data = mapped(file, at, size);
  if (data) {
    memcpy(buffer, data, size);
    return S_OK;
  }
  bool inside = at >= file->window_at && at + size <= file->window_at + file->window_size;
  if (!inside && !near) {
    note_far_read(file, at);
    return bytes_read(file->bytes, at, buffer, size);
  }
  if (!inside) {
    file->window_size = 0;
    HRESULT status = bytes_read(file->bytes, at, file->window, WINDOW_SIZE);
    if (FAILED(status))
      return status;
    file->window_at = at;
    file->window_size = WINDOW_SIZE;
  }
  memcpy(buffer, file->window + (at - file->window_at), size);
  return S_OK;
}

HRESULT sectors_write(CompoundFile *file, uint32_t sector, const void *buffer, size_t size) {
  file->window_size = 0;
  return bytes_write(file->bytes, sector_offset(file, sector), buffer, size);
}

uint32_t pages_absent(const CompoundFile *file, uint32_t sector, uint32_t count) {
  if (count < 16) {
    uint32_t absent = 1;

    while (absent < count && !page_present(file, sector + absent))
      absent++;
    return absent;
  }
  for (uint32_t i = 0; i < CACHE_PAGES; i++) {
    uint32_t cached = file->pages[i].sector;

    if (cached > sector && cached - sector < count)
      count = cached - sector;
  }
  return count;
}

bool page_present(const CompoundFile *file, uint32_t sector) {
  return page_lookup(file, sector);
}

static void page_unlink(CompoundFile *file, Page *page) {
  uint32_t *link = bucket_of(file, page->sector);

  while (&file->pages[*link] != page)
    link = &file->pages[*link].next;
  *link = page->next;
  page->sector = SECTOR_FREE;
  page->dirty = false;
}

static void page_link(CompoundFile *file, Page *page, uint32_t sector) {
  uint32_t *bucket = bucket_of(file, sector);

  page->sector = sector;
  page->next = *bucket;
  *bucket = (uint32_t)(page - file->pages);
}

static HRESULT page_write(CompoundFile *file, Page *page) {
  HRESULT status = S_OK;

  if (page->dirty)
    status = sectors_write(file, page->sector, page->data, file->sector_size);
  if (SUCCEEDED(status))
    page->dirty = false;
  return status;
}

/* A page with nothing in it: one that was not asked for since the hand of the clock came by. */
static HRESULT page_empty(CompoundFile *file, Page **result) {
  for (;;) {
    Page *page = &file->pages[file->clock];

    file->clock = (file->clock + 1) % CACHE_PAGES;
    if (page->sector != SECTOR_FREE && page->recent) {
      page->recent = false;
      continue;
    }
    if (page->sector != SECTOR_FREE) {
      HRESULT status = page_write(file, page);
      if (FAILED(status))
        return status;
      page_unlink(file, page);
    }
    *result = page;
    return S_OK;
  }
}

static HRESULT page_load(CompoundFile *file, uint32_t sector, bool read, Page **result) {
  Page *page = page_lookup(file, sector);
  HRESULT status = S_OK;

  if (!page) {
    status = page_empty(file, &page);
    if (SUCCEEDED(status) && read)
      status = sectors_read(file, sector, page->data, file->sector_size);
    if (FAILED(status))
      return status;
    page_link(file, page, sector);
  }
  page->recent = true;
  *result = page;
  return S_OK;
}

HRESULT page_read(CompoundFile *file, uint32_t sector, uint8_t **data) {
  Page *page;
  HRESULT status = page_load(file, sector, true, &page);

  if (SUCCEEDED(status))
    *data = page->data;
  return status;
}

HRESULT page_change(CompoundFile *file, uint32_t sector, uint8_t **data) {
  Page *page;
  HRESULT status = page_load(file, sector, true, &page);

  if (SUCCEEDED(status)) {
    page->dirty = true;
    *data = page->data;
  }
  return status;
}

HRESULT page_fresh(CompoundFile *file, uint32_t sector, uint8_t **data) {
  Page *page;
  HRESULT status = page_load(file, sector, false, &page);

  if (SUCCEEDED(status)) {
    page->dirty = true;
    *data = page->data;
  }
  return status;
}

HRESULT page_copy(CompoundFile *file, uint32_t from, uint32_t to) {
  uint8_t copy[SECTOR_SIZE_MAX];
  uint8_t *data;
  HRESULT status = page_read(file, from, &data);

  if (FAILED(status))
    return status;
  memcpy(copy, data, file->sector_size);
  status = page_fresh(file, to, &data);
  if (SUCCEEDED(status))
    memcpy(data, copy, file->sector_size);
  return status;
}

HRESULT page_move(CompoundFile *file, uint32_t from, uint32_t to) {
  Page *page = page_lookup(file, from);

  page_forget(file, to);
  if (!page) {
    uint8_t copy[SECTOR_SIZE_MAX];
    HRESULT status = sectors_read(file, from, copy, file->sector_size);

    return SUCCEEDED(status) ? sectors_write(file, to, copy, file->sector_size) : status;
  }
  page_unlink(file, page);
  page_link(file, page, to);
  page->dirty = true;
  return S_OK;
}

void page_forget(CompoundFile *file, uint32_t sector) {
  Page *page = page_lookup(file, sector);

  if (page)
    page_unlink(file, page);
}

static int compare_pages(const void *first, const void *second) {
  uint32_t one = (*(Page *const *)first)->sector;
  uint32_t other = (*(Page *const *)second)->sector;

  return one < other ? -1 : one > other;
}

/* In the order of the file. */
HRESULT pages_write(CompoundFile *file) {
  Page *dirty[CACHE_PAGES];
  size_t count = 0;
  HRESULT status = S_OK;

  for (uint32_t i = 0; i < CACHE_PAGES; i++) {
    if (file->pages[i].sector != SECTOR_FREE && file->pages[i].dirty)
      dirty[count++] = &file->pages[i];
  }
  qsort(dirty, count, sizeof *dirty, compare_pages);
  for (size_t i = 0; i < count && SUCCEEDED(status); i++)
    status = page_write(file, dirty[i]);
  return status;
}
