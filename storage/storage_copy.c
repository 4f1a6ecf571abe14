/* Storages copied: to any other storage through its interface, or from one compound file to another within the engine.
 * Depth is kept in a list of levels, and no more elements are copied than the file has entries: a damaged file may hold a
 * storage within itself. */
#include <stdlib.h>
#include <string.h>

#include "storage/storage_internal.h"

#define PIECE 65536u

typedef struct Level {
  SectorList sids;
  uint32_t at;
  IStorage *target; /* owned, but for the first */
  uint32_t target_sid;
} Level;

typedef struct Levels {
  Level *levels;
  size_t count, room;
  uint32_t left; /* elements that may still come */
} Levels;

static HRESULT levels_push(Levels *levels, SectorList sids, IStorage *target, uint32_t target_sid) {
  if (levels->count == levels->room) {
    size_t room = levels->room * 2 + 8;
    Level *more = realloc(levels->levels, room * sizeof *more);

    if (!more) {
      free(sids.sectors);
      return E_OUTOFMEMORY;
    }
    levels->levels = more;
    levels->room = room;
  }
  levels->levels[levels->count++] = (Level){ sids, 0, target, target_sid };
  return S_OK;
}

static void levels_pop(Levels *levels) {
  Level *level = &levels->levels[--levels->count];

  free(level->sids.sectors);
  if (level->target && levels->count)
    IStorage_Release(level->target);
}

static void levels_end(Levels *levels) {
  while (levels->count)
    levels_pop(levels);
  free(levels->levels);
}

/* The next element of the innermost level, or SID_NONE when that is done. */
static uint32_t levels_next(Levels *levels) {
  Level *level = &levels->levels[levels->count - 1];

  return level->at < level->sids.count ? level->sids.sectors[level->at++] : SID_NONE;
}

/* Through the interface of the target */

static DWORD target_mode(IStorage *target) {
  Node *node = storage_object_node(target);

  return (node && !mode_reads(node->mode) ? STGM_WRITE : STGM_READWRITE) | STGM_SHARE_EXCLUSIVE;
}

static HRESULT read_entry(Node *node, uint32_t sid, Entry *entry) {
  HRESULT status = node_enter(node);

  if (FAILED(status))
    return status;
  status = entry_read(node->docfile->file, sid, entry);
  node_leave(node);
  return status;
}

/* `create`: STGM_CREATE replaces what is there, STGM_FAILIFTHERE does not. */
static HRESULT copy_stream(Node *node, uint32_t sid, const char16_t *name, IStorage *target, DWORD create) {
  uint8_t *buffer = malloc(PIECE);
  IStream *stream = NULL;
  Content content;
  size_t done = 1;
  HRESULT status = buffer ? node_enter(node) : E_OUTOFMEMORY;

  if (SUCCEEDED(status)) {
    status = content_open(node->docfile->file, sid, &content);
    node_leave(node);
  }
  if (SUCCEEDED(status))
    status = IStorage_CreateStream(target, name, create | target_mode(target), 0, 0, &stream);
  for (uint64_t at = 0; SUCCEEDED(status) && done; at += done) {
    ULONG written = 0;

    status = node_enter(node);
    if (FAILED(status))
      break;
    status = content_read(node->docfile->file, &content, at, buffer, PIECE, &done);
    node_leave(node);
    if (SUCCEEDED(status) && done)
      status = IStream_Write(stream, buffer, (ULONG)done, &written);
    if (SUCCEEDED(status) && written < done)
      status = STG_E_MEDIUMFULL;
  }
  if (stream)
    IStream_Release(stream);
  free(buffer);
  return status;
}

/* A storage in the target; one that is there takes in what comes, where it may be there. */
static HRESULT open_target(IStorage *target, const char16_t *name, DWORD create, IStorage **result) {
  DWORD mode = target_mode(target);
  HRESULT status = STG_E_FILENOTFOUND;

  if (create == STGM_CREATE)
    status = IStorage_OpenStorage(target, name, NULL, mode, NULL, 0, result);
  return status == STG_E_FILENOTFOUND ? IStorage_CreateStorage(target, name, mode | create, 0, 0, result) : status;
}

/* Class and state, and the list of what is in it. */
static HRESULT begin_storage(Node *node, uint32_t sid, const Entry *entry, IStorage *target, SectorList *sids) {
  HRESULT status = IStorage_SetClass(target, &entry->clsid);

  if (SUCCEEDED(status))
    status = IStorage_SetStateBits(target, entry->state, 0xFFFFFFFF);
  if (SUCCEEDED(status))
    status = node_enter(node);
  if (FAILED(status))
    return status;
  status = tree_list(node->docfile->file, sid, sids);
  node_leave(node);
  return status;
}

static HRESULT copy_element(Node *node, uint32_t sid, const Entry *entry, const char16_t *name, Levels *levels,
                            IStorage *target, DWORD create) {
  SectorList sids = { 0 };
  IStorage *below;

  if (entry->type == ENTRY_STREAM)
    return copy_stream(node, sid, name, target, create);
  if (entry->type != ENTRY_STORAGE)
    return STG_E_DOCFILECORRUPT;
  HRESULT status = open_target(target, name, create, &below);
  if (FAILED(status))
    return status;
  status = begin_storage(node, sid, entry, below, &sids);
  if (SUCCEEDED(status) && !levels->count) /* the first level's target is the caller's */
    status = levels_push(levels, (SectorList){ 0 }, NULL, SID_NONE);
  if (SUCCEEDED(status))
    status = levels_push(levels, sids, below, SID_NONE);
  if (FAILED(status))
    IStorage_Release(below);
  return status;
}

static bool named_in(SNB names, const Entry *entry) {
  for (; names && *names; names++) {
    if (entry_compare_names(*names, utf16_units(*names), entry->name, entry->name_units) == 0)
      return true;
  }
  return false;
}

static HRESULT copy_levels(Node *node, Levels *levels, SNB names, bool streams, bool storages) {
  HRESULT status = S_OK;

  while (levels->count && SUCCEEDED(status)) {
    uint32_t sid = levels_next(levels);
    Entry entry;

    if (sid == SID_NONE) {
      levels_pop(levels);
      continue;
    }
    if (!levels->left--)
      return STG_E_DOCFILECORRUPT;
    status = read_entry(node, sid, &entry);
    bool left_out = entry.type == ENTRY_STREAM ? !streams : !storages;
    if (FAILED(status) || left_out || (levels->count == 1 && named_in(names, &entry)))
      continue;
    IStorage *target = levels->levels[levels->count - 1].target;
    status = copy_element(node, sid, &entry, entry.name, levels, target, STGM_CREATE);
  }
  return status;
}

/* Whether the storage is the one at `sid` of the node's file, or within it. */
static bool is_within(IStorage *target, const Node *node, uint32_t sid) {
  const Node *at = storage_object_node(target);

  while (at) {
    if (at->docfile == node->docfile && at->sid == sid)
      return true;
    at = !at->parent && at->docfile->origin ? at->docfile->origin : at->parent;
  }
  return false;
}

static HRESULT begin_copy(Node *node, Levels *levels) {
  HRESULT status = node_enter(node);

  if (FAILED(status))
    return status;
  if (!mode_reads(node->mode))
    status = STG_E_ACCESSDENIED;
  levels->left = entry_count(node->docfile->file);
  node_leave(node);
  return status;
}

HRESULT storage_copy(Node *node, DWORD excluded_count, const IID *excluded, SNB names, IStorage *target) {
  Levels levels = { 0 };
  SectorList sids = { 0 };
  bool streams = true;
  bool storages = true;
  Entry entry;
  HRESULT status = begin_copy(node, &levels);

  for (DWORD i = 0; i < excluded_count; i++) {
    streams = streams && !IsEqualIID(&excluded[i], &IID_IStream);
    storages = storages && !IsEqualIID(&excluded[i], &IID_IStorage);
  }
  if (SUCCEEDED(status) && is_within(target, node, node->sid))
    status = STG_E_ACCESSDENIED;
  if (SUCCEEDED(status))
    status = read_entry(node, node->sid, &entry);
  if (SUCCEEDED(status))
    status = begin_storage(node, node->sid, &entry, target, &sids);
  if (SUCCEEDED(status))
    status = levels_push(&levels, sids, target, SID_NONE);
  if (SUCCEEDED(status))
    status = copy_levels(node, &levels, names, streams, storages);
  levels_end(&levels);
  return status;
}

HRESULT storage_copy_element(Node *node, const char16_t *name, IStorage *target, const char16_t *new_name) {
  Levels levels = { 0 };
  uint32_t sid = SID_NONE;
  Entry entry;
  HRESULT status = begin_copy(node, &levels);

  if (SUCCEEDED(status))
    status = node_enter(node);
  if (FAILED(status))
    return status;
  status = tree_find(node->docfile->file, node->sid, name, utf16_units(name), &sid);
  bool open = SUCCEEDED(status) && docfile_open_node(node->docfile, sid);
  node_leave(node);
  if (SUCCEEDED(status))
    status = read_entry(node, sid, &entry);
  if (FAILED(status))
    return status;
  const Node *other = storage_object_node(target);
  if (open || is_within(target, node, sid) ||
      (other && other->docfile == node->docfile && other->sid == node->sid &&
       entry_compare_names(entry.name, entry.name_units, new_name, utf16_units(new_name)) == 0))
    return STG_E_ACCESSDENIED;
  status = copy_element(node, sid, &entry, new_name, &levels, target, STGM_FAILIFTHERE);
  if (SUCCEEDED(status))
    status = copy_levels(node, &levels, NULL, true, true);
  levels_end(&levels);
  return status;
}

/* Within the engine */

static HRESULT copy_content(CompoundFile *from, uint32_t from_sid, CompoundFile *to, uint32_t to_sid) {
  uint8_t *buffer = malloc(PIECE);
  Content source;
  Content target;
  size_t done = 1;
  size_t written;
  HRESULT status = buffer ? content_open(from, from_sid, &source) : E_OUTOFMEMORY;

  if (SUCCEEDED(status))
    status = content_open(to, to_sid, &target);
  for (uint64_t at = 0; SUCCEEDED(status) && done; at += done) {
    status = content_read(from, &source, at, buffer, PIECE, &done);
    if (SUCCEEDED(status) && done)
      status = content_write(to, &target, at, buffer, done, &written);
  }
  free(buffer);
  return status;
}

/* A copy of one entry, without what is in it. */
static HRESULT copy_entry(CompoundFile *to, uint32_t storage, const Entry *entry, uint32_t *sid) {
  Entry copy = *entry;
  HRESULT status = entry_allocate(to, sid);

  copy.left = copy.right = copy.child = SID_NONE;
  copy.start = copy.type == ENTRY_STREAM ? SECTOR_END : 0;
  copy.size = 0;
  if (SUCCEEDED(status))
    status = entry_write(to, *sid, &copy);
  if (FAILED(status))
    return status;
  status = tree_insert(to, storage, *sid);
  if (FAILED(status))
    entry_free(to, *sid);
  return status;
}

static HRESULT copy_attributes(CompoundFile *from, uint32_t from_sid, CompoundFile *to, uint32_t to_sid) {
  Entry source;
  Entry target;
  HRESULT status = entry_read(from, from_sid, &source);

  if (SUCCEEDED(status))
    status = entry_read(to, to_sid, &target);
  if (FAILED(status))
    return status;
  target.clsid = source.clsid;
  target.state = source.state;
  target.created = source.created;
  target.modified = source.modified;
  return entry_write(to, to_sid, &target);
}

HRESULT entries_copy(CompoundFile *from, uint32_t from_sid, CompoundFile *to, uint32_t to_sid) {
  Levels levels = { .left = entry_count(from) };
  SectorList sids = { 0 };
  HRESULT status = sectors_begin(to);

  if (SUCCEEDED(status))
    status = copy_attributes(from, from_sid, to, to_sid);
  if (SUCCEEDED(status))
    status = tree_list(from, from_sid, &sids);
  if (SUCCEEDED(status))
    status = levels_push(&levels, sids, NULL, to_sid);
  while (SUCCEEDED(status) && levels.count) {
    uint32_t sid = levels_next(&levels);
    uint32_t copy;
    Entry entry;

    if (sid == SID_NONE) {
      levels_pop(&levels);
      continue;
    }
    status = levels.left-- ? entry_read(from, sid, &entry) : STG_E_DOCFILECORRUPT;
    if (SUCCEEDED(status))
      status = copy_entry(to, levels.levels[levels.count - 1].target_sid, &entry, &copy);
    if (SUCCEEDED(status) && entry.type == ENTRY_STREAM) {
      status = copy_content(from, sid, to, copy);
    } else if (SUCCEEDED(status)) {
      status = tree_list(from, sid, &sids);
      if (SUCCEEDED(status))
        status = levels_push(&levels, sids, NULL, copy);
    }
  }
  levels_end(&levels);
  return status;
}
