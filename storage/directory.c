/* The directory: entries of 128 bytes in a chain of sectors ([MS-CFB] 2.6). */
#include <string.h>

#include "storage/compound_file.h"

static uint32_t entries_per_sector(const CompoundFile *file) {
  return file->sector_size / ENTRY_SIZE;
}

uint32_t entry_count(const CompoundFile *file) {
  uint64_t count = (uint64_t)file->directory.count * entries_per_sector(file);

  return count > SECTOR_LAST ? SECTOR_LAST : (uint32_t)count;
}

int entry_compare_names(const char16_t *first, size_t first_units, const char16_t *second, size_t second_units) {
  if (first_units != second_units)
    return first_units < second_units ? -1 : 1;
  for (size_t i = 0; i < first_units; i++) {
    char16_t one = caseless_upper(first[i]);
    char16_t other = caseless_upper(second[i]);

    if (one != other)
      return one < other ? -1 : 1;
  }
  return 0;
}

static FILETIME read_time(const uint8_t *p) {
  return (FILETIME){ little_u32(p), little_u32(p + 4) };
}

static void put_u16(uint8_t *p, uint16_t value) {
  p[0] = (uint8_t)value;
  p[1] = (uint8_t)(value >> 8);
}

static void put_u32(uint8_t *p, uint32_t value) {
  put_u16(p, (uint16_t)value);
  put_u16(p + 2, (uint16_t)(value >> 16));
}

/* The name ends where its length says, or at a zero before that. */
static void decode_name(const uint8_t *p, Entry *entry) {
  uint32_t units = little_u16(p + 64) / 2u;

  units = units > ENTRY_NAME_UNITS + 1 ? ENTRY_NAME_UNITS + 1 : units;
  units = units ? units - 1 : 0;
  for (uint32_t i = 0; i < units; i++) {
    entry->name[i] = little_u16(p + (size_t)i * 2);
    if (!entry->name[i])
      units = i;
  }
  entry->name[units] = 0;
  entry->name_units = units;
}

static void decode(const CompoundFile *file, const uint8_t *p, Entry *entry) {
  Cursor cursor = cursor_over(p + 80, 16);

  memset(entry, 0, sizeof *entry);
  decode_name(p, entry);
  entry->type = p[66];
  entry->black = p[67] != 0;
  entry->left = little_u32(p + 68);
  entry->right = little_u32(p + 72);
  entry->child = little_u32(p + 76);
  entry->clsid = cursor_guid(&cursor);
  entry->state = little_u32(p + 96);
  entry->created = read_time(p + 100);
  entry->modified = read_time(p + 108);
  entry->start = little_u32(p + 116);
  entry->size = little_u32(p + 120);
  if (file->version == 4) /* version 3 leaves anything in the upper half */
    entry->size |= (uint64_t)little_u32(p + 124) << 32;
}

static void encode(const Entry *entry, uint8_t *p) {
  memset(p, 0, ENTRY_SIZE);
  if (entry->type != ENTRY_EMPTY) {
    for (uint32_t i = 0; i < entry->name_units; i++)
      put_u16(p + (size_t)i * 2, entry->name[i]);
    put_u16(p + 64, (uint16_t)((entry->name_units + 1) * 2));
  }
  p[66] = entry->type;
  p[67] = entry->black;
  put_u32(p + 68, entry->left);
  put_u32(p + 72, entry->right);
  put_u32(p + 76, entry->child);
  put_u32(p + 80, entry->clsid.Data1);
  put_u16(p + 84, entry->clsid.Data2);
  put_u16(p + 86, entry->clsid.Data3);
  memcpy(p + 88, entry->clsid.Data4, 8);
  put_u32(p + 96, entry->state);
  put_u32(p + 100, entry->created.dwLowDateTime);
  put_u32(p + 104, entry->created.dwHighDateTime);
  put_u32(p + 108, entry->modified.dwLowDateTime);
  put_u32(p + 112, entry->modified.dwHighDateTime);
  put_u32(p + 116, entry->start);
  put_u32(p + 120, (uint32_t)entry->size);
  put_u32(p + 124, (uint32_t)(entry->size >> 32));
}

HRESULT entry_read(CompoundFile *file, uint32_t sid, Entry *entry) {
  uint32_t sector;
  uint8_t *data;

  if (sid >= entry_count(file))
    return STG_E_DOCFILECORRUPT;
  HRESULT status = chain_find(file, &file->directory, sid / entries_per_sector(file), &sector);
  if (SUCCEEDED(status))
    status = page_read(file, sector, &data);
  if (SUCCEEDED(status))
    decode(file, data + (size_t)(sid % entries_per_sector(file)) * ENTRY_SIZE, entry);
  return status;
}

HRESULT entry_write(CompoundFile *file, uint32_t sid, const Entry *entry) {
  uint32_t start = file->directory.start;
  uint32_t sector;
  uint8_t *data;

  if (sid >= entry_count(file))
    return STG_E_DOCFILECORRUPT;
  HRESULT status = chain_change(file, &file->directory, sid / entries_per_sector(file), true, &sector);
  if (file->directory.start != start)
    file->header_changed = true;
  if (SUCCEEDED(status))
    status = page_change(file, sector, &data);
  if (SUCCEEDED(status))
    encode(entry, data + (size_t)(sid % entries_per_sector(file)) * ENTRY_SIZE);
  return status;
}

static const Entry empty_entry = { .left = SID_NONE, .right = SID_NONE, .child = SID_NONE };

static HRESULT extend_directory(CompoundFile *file) {
  uint32_t sector;
  uint8_t *data;
  HRESULT status = chain_resize(file, &file->directory, file->directory.count + 1);

  if (SUCCEEDED(status))
    status = chain_find(file, &file->directory, file->directory.count - 1, &sector);
  if (SUCCEEDED(status))
    status = page_fresh(file, sector, &data);
  if (FAILED(status))
    return status;
  for (uint32_t i = 0; i < entries_per_sector(file); i++)
    encode(&empty_entry, data + (size_t)i * ENTRY_SIZE);
  file->header_changed = true; /* version 4 counts the sectors there */
  return S_OK;
}

HRESULT entry_allocate(CompoundFile *file, uint32_t *sid) {
  Entry entry;

  for (uint32_t at = file->entry_hint; at < entry_count(file); at++) {
    HRESULT status = entry_read(file, at, &entry);

    if (FAILED(status))
      return status;
    if (entry.type == ENTRY_EMPTY) {
      file->entry_hint = at;
      *sid = at;
      return S_OK;
    }
  }
  file->entry_hint = entry_count(file);
  *sid = file->entry_hint;
  return extend_directory(file);
}

HRESULT entry_free(CompoundFile *file, uint32_t sid) {
  HRESULT status = entry_write(file, sid, &empty_entry);

  if (SUCCEEDED(status) && sid < file->entry_hint)
    file->entry_hint = sid;
  return status;
}
