/* The bytes of a stream: in the mini stream below the cutoff, in sectors of the file from there on. */
#include <string.h>

#include "storage/compound_file.h"

static bool is_mini(uint64_t size) {
  return size < MINI_CUTOFF;
}

static uint64_t places_for(const CompoundFile *file, uint64_t size) {
  return is_mini(size) ? (size + MINI_SIZE - 1) / MINI_SIZE : (size + file->sector_size - 1) >> file->sector_shift;
}

HRESULT content_open(CompoundFile *file, uint32_t sid, Content *content) {
  Entry entry;
  HRESULT status = entry_read(file, sid, &entry);

  if (FAILED(status))
    return status;
  if (entry.type != ENTRY_STREAM)
    return STG_E_FILENOTFOUND;
  content->sid = sid;
  content->generation = file->generation;
  content->size = entry.size;
  /* A stream that says it is longer than the whole file. */
  if (entry.size > (uint64_t)file->end << file->sector_shift)
    return STG_E_DOCFILECORRUPT;
  chain_begin(&content->chain, entry.start, (uint32_t)places_for(file, entry.size));
  return S_OK;
}

/* A commit may have moved the stream. */
static HRESULT refresh(CompoundFile *file, Content *content) {
  return content->generation == file->generation ? S_OK : content_open(file, content->sid, content);
}

static HRESULT write_entry(CompoundFile *file, const Content *content) {
  Entry entry;
  HRESULT status = entry_read(file, content->sid, &entry);

  if (FAILED(status))
    return status;
  entry.size = content->size;
  entry.start = content->chain.count ? content->chain.start : SECTOR_END;
  return entry_write(file, content->sid, &entry);
}

static HRESULT read_at(CompoundFile *file, Content *content, uint64_t offset, void *buffer, size_t size) {
  return is_mini(content->size) ? mini_read(file, &content->chain, offset, buffer, size)
                                : chain_read(file, &content->chain, offset, buffer, size);
}

static HRESULT write_at(CompoundFile *file, Content *content, uint64_t offset, const void *buffer, size_t size) {
  return is_mini(content->size) ? mini_write(file, &content->chain, offset, buffer, size)
                                : chain_write(file, &content->chain, offset, buffer, size);
}

HRESULT content_read(CompoundFile *file, Content *content, uint64_t offset, void *buffer, size_t size, size_t *done) {
  HRESULT status = refresh(file, content);

  *done = 0;
  if (FAILED(status) || offset >= content->size)
    return status;
  if (size > content->size - offset)
    size = (size_t)(content->size - offset);
  status = read_at(file, content, offset, buffer, size);
  if (SUCCEEDED(status))
    *done = size;
  return status;
}

static HRESULT resize_places(CompoundFile *file, Content *content, uint64_t size) {
  uint64_t places = places_for(file, size);

  if (places > SECTOR_LAST)
    return STG_E_DOCFILETOOLARGE;
  return is_mini(size) ? mini_resize(file, &content->chain, (uint32_t)places)
                       : chain_resize(file, &content->chain, (uint32_t)places);
}

/* From one kind of sectors to the other: below the cutoff on one side, so what stays fits on the stack. */
static HRESULT convert(CompoundFile *file, Content *content, uint64_t size) {
  uint8_t kept[MINI_CUTOFF];
  uint64_t old_size = content->size;
  size_t keep = (size_t)(size < old_size ? size : old_size);
  Content old = *content;
  HRESULT status = read_at(file, content, 0, kept, keep);

  if (FAILED(status))
    return status;
  chain_begin(&content->chain, SECTOR_END, 0);
  content->size = size;
  status = resize_places(file, content, size);
  if (SUCCEEDED(status) && keep)
    status = write_at(file, content, 0, kept, keep);
  if (SUCCEEDED(status))
    status = write_entry(file, content);
  if (FAILED(status)) {
    *content = old;
    return status;
  }
  return is_mini(old_size) ? mini_resize(file, &old.chain, 0) : chain_resize(file, &old.chain, 0);
}

/* Sets the size; new bytes hold anything. */
static HRESULT set_size(CompoundFile *file, Content *content, uint64_t size) {
  if (file->version == 3 && size > 0x80000000u)
    return STG_E_DOCFILETOOLARGE;
  if (is_mini(size) != is_mini(content->size))
    return convert(file, content, size);
  /* What points to the end must not be of the committed state any more when it moves, so the entry is written last. */
  uint64_t old_size = content->size;
  if (size < old_size) {
    content->size = size;
    HRESULT status = resize_places(file, content, size);
    return SUCCEEDED(status) ? write_entry(file, content) : status;
  }
  HRESULT status = resize_places(file, content, size);
  if (FAILED(status)) {
    resize_places(file, content, old_size);
    return status;
  }
  content->size = size;
  return write_entry(file, content);
}

static HRESULT fill_zeros(CompoundFile *file, Content *content, uint64_t from, uint64_t to) {
  static const uint8_t zeros[65536];
  HRESULT status = S_OK;

  while (from < to && SUCCEEDED(status)) {
    size_t piece = to - from < sizeof zeros ? (size_t)(to - from) : sizeof zeros - (size_t)(from % 4096);

    status = write_at(file, content, from, zeros, piece);
    from += piece;
  }
  return status;
}

/* After writing: the first sector may be another one. */
static HRESULT note_start(CompoundFile *file, const Content *content, uint32_t start) {
  return content->chain.start == start ? S_OK : write_entry(file, content);
}

HRESULT content_resize(CompoundFile *file, Content *content, uint64_t size) {
  HRESULT status = sectors_begin(file);

  if (SUCCEEDED(status))
    status = refresh(file, content);
  uint64_t old_size = content->size;
  if (FAILED(status) || size == old_size)
    return status;
  status = set_size(file, content, size);
  uint32_t start = content->chain.start;
  if (SUCCEEDED(status) && size > old_size)
    status = fill_zeros(file, content, old_size, size);
  HRESULT noted = note_start(file, content, start);
  return SUCCEEDED(status) ? noted : status;
}

HRESULT content_write(CompoundFile *file, Content *content, uint64_t offset, const void *buffer, size_t size,
                      size_t *done) {
  HRESULT status = sectors_begin(file);

  if (SUCCEEDED(status))
    status = refresh(file, content);
  uint64_t old_size = content->size;
  *done = 0;
  if (FAILED(status) || !size)
    return status;
  if (offset > UINT64_MAX - size)
    return STG_E_DOCFILETOOLARGE;
  if (offset + size > old_size)
    status = set_size(file, content, offset + size);
  if (FAILED(status))
    return status;
  uint32_t start = content->chain.start;
  if (offset > old_size)
    status = fill_zeros(file, content, old_size, offset);
  if (SUCCEEDED(status))
    status = write_at(file, content, offset, buffer, size);
  if (SUCCEEDED(status))
    *done = size;
  HRESULT noted = note_start(file, content, start);
  return SUCCEEDED(status) ? noted : status;
}
