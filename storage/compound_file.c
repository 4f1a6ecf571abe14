/* A compound file as a whole: its header ([MS-CFB] 2.2), opened, made and closed; and the bytes under it. */
#include "storage/compound_file.h"

#include <stdlib.h>
#include <string.h>

static const uint8_t signature[8] = { 0xD0, 0xCF, 0x11, 0xE0, 0xA1, 0xB1, 0x1A, 0xE1 };
static const uint8_t old_signature[8] = { 0x0E, 0x11, 0xFC, 0x0D, 0xD0, 0xCF, 0x11, 0xE0 };

/* What is behind the end of the bytes is zero. */
HRESULT bytes_read(ILockBytes *bytes, uint64_t offset, void *buffer, size_t size) {
  uint8_t *to = buffer;

  while (size) {
    ULONG piece = size > 0x40000000 ? 0x40000000 : (ULONG)size;
    ULONG done = 0;
    HRESULT status = ILockBytes_ReadAt(bytes, (ULARGE_INTEGER){ .QuadPart = offset }, to, piece, &done);

    if (FAILED(status))
      return status;
    if (!done || done > piece) {
      memset(to, 0, size);
      return S_OK;
    }
    to += done;
    offset += done;
    size -= done;
  }
  return S_OK;
}

HRESULT bytes_write(ILockBytes *bytes, uint64_t offset, const void *buffer, size_t size) {
  const uint8_t *from = buffer;

  while (size) {
    ULONG piece = size > 0x40000000 ? 0x40000000 : (ULONG)size;
    ULONG done = 0;
    HRESULT status = ILockBytes_WriteAt(bytes, (ULARGE_INTEGER){ .QuadPart = offset }, from, piece, &done);

    if (FAILED(status))
      return status;
    if (!done || done > piece)
      return STG_E_MEDIUMFULL;
    from += done;
    offset += done;
    size -= done;
  }
  return S_OK;
}

HRESULT bytes_size(ILockBytes *bytes, uint64_t *size) {
  STATSTG stat;
  HRESULT status = ILockBytes_Stat(bytes, &stat, STATFLAG_NONAME);

  if (SUCCEEDED(status))
    *size = stat.cbSize.QuadPart;
  return status;
}

HRESULT bytes_resize(ILockBytes *bytes, uint64_t size) {
  return ILockBytes_SetSize(bytes, (ULARGE_INTEGER){ .QuadPart = size });
}

static HRESULT check_header(const uint8_t *header, uint64_t size) {
  unsigned version = little_u16(header + 26);
  unsigned shift = little_u16(header + 30);

  if (size >= 8 && !memcmp(header, old_signature, 8))
    return STG_E_OLDFORMAT;
  if (size < 8 || memcmp(header, signature, 8))
    return STG_E_INVALIDHEADER;
  if (size < HEADER_SIZE)
    return STG_E_DOCFILECORRUPT;
  if (version > 4)
    return STG_E_OLDDLL;
  if (!(version == 3 && shift == 9) && !(version == 4 && shift == 12))
    return STG_E_DOCFILECORRUPT;
  if (little_u16(header + 28) != 0xFFFE || little_u16(header + 32) != 6 || little_u32(header + 56) != MINI_CUTOFF)
    return STG_E_DOCFILECORRUPT;
  return S_OK;
}

HRESULT compound_file_is(ILockBytes *bytes) {
  uint8_t start[8];
  HRESULT status = bytes_read(bytes, 0, start, sizeof start);

  if (FAILED(status))
    return status;
  return memcmp(start, signature, sizeof start) ? S_FALSE : S_OK;
}

/* A sector of the FAT or DIFAT that the file has. */
static bool is_place(const CompoundFile *file, uint32_t sector) {
  return sector < file->end;
}

static HRESULT add_fat_sector(CompoundFile *file, uint32_t sector, uint32_t limit) {
  if (file->working.fat.count == limit || sector == SECTOR_FREE)
    return S_FALSE; /* there are no more */
  if (!is_place(file, sector))
    return STG_E_DOCFILECORRUPT;
  return sector_list_add(&file->working.fat, sector);
}

/* Where the pages of the FAT are: 109 in the header, further ones in a chain of sectors of their own. */
static HRESULT load_fat(CompoundFile *file, const uint8_t *header) {
  uint32_t limit = little_u32(header + 44);
  uint32_t sector = little_u32(header + 68);
  uint32_t each = file->sector_size / 4 - 1;
  HRESULT status = S_OK;

  if (limit > file->end)
    return STG_E_DOCFILECORRUPT; /* each takes a sector */
  for (uint32_t i = 0; i < HEADER_DIFAT && status == S_OK; i++)
    status = add_fat_sector(file, little_u32(header + 76 + (size_t)i * 4), limit);
  while (status == S_OK && sector != SECTOR_END && sector != SECTOR_FREE) {
    uint8_t *data;

    if (!is_place(file, sector) || file->working.difat.count >= file->end)
      return STG_E_DOCFILECORRUPT;
    status = sector_list_add(&file->working.difat, sector);
    if (SUCCEEDED(status))
      status = page_read(file, sector, &data);
    for (uint32_t i = 0; i < each && status == S_OK; i++)
      status = add_fat_sector(file, little_u32(data + (size_t)i * 4), limit);
    if (SUCCEEDED(status))
      sector = little_u32(data + (size_t)each * 4);
  }
  if (FAILED(status))
    return status;
  return file->working.fat.count == limit ? S_OK : STG_E_DOCFILECORRUPT;
}

static HRESULT load_root(CompoundFile *file) {
  Entry root;
  HRESULT status = file->directory.count ? entry_read(file, SID_ROOT, &root) : STG_E_DOCFILECORRUPT;

  if (FAILED(status))
    return status;
  if (root.type != ENTRY_ROOT)
    return STG_E_DOCFILECORRUPT;
  if (root.size > (uint64_t)file->end << file->sector_shift)
    return STG_E_DOCFILECORRUPT;
  file->mini_size = root.size;
  chain_begin(&file->mini_stream, root.start, (uint32_t)((root.size + file->sector_size - 1) >> file->sector_shift));
  return S_OK;
}

/* Sets the working state to what a header says. */
HRESULT compound_file_load(CompoundFile *file, const uint8_t header[HEADER_SIZE]) {
  FileState *state = &file->working;

  state->fat.count = state->difat.count = 0;
  file->end = file->committed_end;
  file->generation++;
  file->entry_hint = file->mini_hint = 0;
  file->difat_changed = 0;
  file->changed = file->header_changed = file->strict_known = false;
  pages_forget(file);
  state->transaction = little_u32(header + 52);
  HRESULT status = load_fat(file, header);
  if (FAILED(status))
    return status;
  chain_begin(&file->directory, little_u32(header + 48), 0);
  chain_begin(&file->mini_fat, little_u32(header + 60), 0);
  status = chain_measure(file, &file->directory);
  if (SUCCEEDED(status))
    status = chain_measure(file, &file->mini_fat);
  return SUCCEEDED(status) ? load_root(file) : status;
}

static void put_u32(uint8_t *p, uint32_t value) {
  for (unsigned i = 0; i < 4; i++)
    p[i] = (uint8_t)(value >> 8 * i);
}

void compound_file_format_header(const CompoundFile *file, uint8_t header[HEADER_SIZE]) {
  const FileState *state = &file->working;

  memset(header, 0, HEADER_SIZE);
  memcpy(header, signature, sizeof signature);
  header[24] = 0x3E; /* minor version */
  header[26] = (uint8_t)file->version;
  header[28] = 0xFE;
  header[29] = 0xFF;
  header[30] = (uint8_t)file->sector_shift;
  header[32] = 6;
  put_u32(header + 40, file->version == 4 ? file->directory.count : 0);
  put_u32(header + 44, state->fat.count);
  put_u32(header + 48, file->directory.start);
  put_u32(header + 52, state->transaction);
  put_u32(header + 56, MINI_CUTOFF);
  put_u32(header + 60, file->mini_fat.count ? file->mini_fat.start : SECTOR_END);
  put_u32(header + 64, file->mini_fat.count);
  put_u32(header + 68, state->difat.count ? state->difat.sectors[0] : SECTOR_END);
  put_u32(header + 72, state->difat.count);
  for (uint32_t i = 0; i < HEADER_DIFAT; i++)
    put_u32(header + 76 + (size_t)i * 4, i < state->fat.count ? state->fat.sectors[i] : SECTOR_FREE);
}

static HRESULT file_begin(ILockBytes *bytes, unsigned version, bool writable, bool transacted, CompoundFile **result) {
  CompoundFile *file = calloc(1, sizeof *file);

  if (!file)
    return E_OUTOFMEMORY;
  file->version = version;
  file->sector_shift = version == 4 ? 12 : 9;
  file->sector_size = 1u << file->sector_shift;
  file->writable = writable;
  file->transacted = transacted && writable;
  HRESULT status = pages_open(file);
  if (FAILED(status)) {
    free(file);
    return status;
  }
  file->bytes = bytes;
  ILockBytes_AddRef(bytes);
  *result = file;
  return S_OK;
}

void compound_file_close(CompoundFile *file) {
  if (!file)
    return;
  free(file->working.fat.sectors);
  free(file->working.difat.sectors);
  free(file->used.words);
  free(file->held.words);
  free(file->pending);
  for (unsigned i = 0; i < MARK_TABLES; i++)
    free(file->mark_tables[i].marks);
  pages_close(file);
  ILockBytes_Release(file->bytes);
  free(file);
}

static uint32_t sectors_of_size(const CompoundFile *file, uint64_t size) {
  uint64_t count = (size + file->sector_size - 1) >> file->sector_shift;

  if (count <= 1)
    return 0;
  return count - 1 > SECTOR_LAST ? SECTOR_LAST : (uint32_t)(count - 1);
}

HRESULT compound_file_open(ILockBytes *bytes, bool writable, bool transacted, CompoundFile **result) {
  uint8_t header[HEADER_SIZE];
  CompoundFile *file;
  uint64_t size;

  *result = NULL;
  HRESULT status = bytes_size(bytes, &size);
  if (SUCCEEDED(status))
    status = bytes_read(bytes, 0, header, sizeof header);
  if (SUCCEEDED(status))
    status = check_header(header, size);
  if (SUCCEEDED(status))
    status = file_begin(bytes, little_u16(header + 26), writable, transacted, &file);
  if (FAILED(status))
    return status;
  file->committed_size = size;
  file->committed_end = sectors_of_size(file, size);
  memcpy(file->header, header, sizeof header);
  status = compound_file_load(file, header);
  if (FAILED(status)) {
    compound_file_close(file);
    return status;
  }
  *result = file;
  return S_OK;
}

HRESULT compound_file_revert(CompoundFile *file) {
  uint64_t size;
  HRESULT status = bytes_size(file->bytes, &size);

  if (file->changed && SUCCEEDED(status) && size != file->committed_size && transaction_is_current(file))
    status = bytes_resize(file->bytes, file->committed_size);
  if (file->sets_ready) {
    memset(file->used.words, 0, file->used.room * sizeof *file->used.words);
    memcpy(file->used.words, file->held.words,
           (file->held.room < file->used.room ? file->held.room : file->used.room) * sizeof *file->used.words);
    file->low_hint = 0;
    file->high_hint = file->committed_end;
  }
  transaction_end(file);
  HRESULT loaded = compound_file_load(file, file->header);
  return FAILED(status) ? status : loaded;
}

/* A root without elements: one sector of FAT, one of directory. */
static HRESULT make_empty(CompoundFile *file) {
  Entry root = { .name = u"Root Entry",
                 .name_units = 10,
                 .type = ENTRY_ROOT,
                 .black = true,
                 .left = SID_NONE,
                 .right = SID_NONE,
                 .child = SID_NONE,
                 .start = SECTOR_END };
  bool transacted = file->transacted;
  uint32_t sid;
  HRESULT status = bytes_resize(file->bytes, 0);

  file->transacted = false;
  chain_begin(&file->directory, SECTOR_END, 0);
  chain_begin(&file->mini_fat, SECTOR_END, 0);
  chain_begin(&file->mini_stream, SECTOR_END, 0);
  if (SUCCEEDED(status))
    status = sectors_begin(file);
  if (SUCCEEDED(status))
    status = entry_allocate(file, &sid);
  if (SUCCEEDED(status))
    status = entry_write(file, SID_ROOT, &root);
  if (SUCCEEDED(status))
    status = compound_file_flush(file, false);
  file->transacted = transacted;
  if (SUCCEEDED(status))
    status = sectors_hold(file);
  return status;
}

HRESULT compound_file_create(ILockBytes *bytes, unsigned version, bool transacted, CompoundFile **result) {
  CompoundFile *file;
  HRESULT status = file_begin(bytes, version, true, transacted, &file);

  *result = NULL;
  if (FAILED(status))
    return status;
  status = make_empty(file);
  if (FAILED(status)) {
    compound_file_close(file);
    return status;
  }
  *result = file;
  return S_OK;
}
