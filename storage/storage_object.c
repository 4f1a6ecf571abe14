/* IStorage over a storage of a compound file. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <oleander_enumerator.h>

#include "storage/property_internal.h"
#include "storage/storage_internal.h"

typedef struct Storage {
  IStorage storage;
  IPropertySetStorage sets;
  Object object;
  Node node;
  Node origin; /* where a transacted storage within another file comes from (node is the root of a scratch file) */
} Storage;

OBJECT_FACE(Storage, storage, IStorage)
OBJECT_FACE(Storage, sets, IPropertySetStorage)

static const IStorageVtbl storage_vtable;

static Node *node_of(IStorage *face) {
  return &OBJECT_CONTAINER(face, Storage, storage)->node;
}

Node *storage_object_node(IStorage *storage) {
  return storage->lpVtbl == &storage_vtable ? node_of(storage) : NULL;
}

static CompoundFile *file_of(const Node *node) {
  return node->docfile->file;
}

static bool is_root(const Node *node) {
  return node->sid == SID_ROOT && !node->docfile->origin;
}

/* The end of the root is the end of all: direct changes are written, transactions that were not committed never were. */
static void close_root(Node *node) {
  CompoundFile *file = file_of(node);

  if (!node->reverted && file->writable) {
    if (file->transacted)
      compound_file_revert(file);
    else
      compound_file_flush(file, false);
  }
  if (node->docfile->remove && node->docfile->path) {
    char *path = utf8_copy(node->docfile->path);
    if (path)
      unlink(path);
    free(path);
  }
}

static void unlink_node(Node *node) {
  Docfile *docfile = node->docfile;
  CompoundFile *closed = NULL;

  pthread_mutex_lock(&docfile->lock);
  if (is_root(node)) {
    close_root(node);
    closed = docfile->file;
    docfile->file = NULL; /* what is still open in it has no use for it */
  }
  docfile_unlink(node);
  pthread_mutex_unlock(&docfile->lock);
  compound_file_close(closed);
}

static void storage_destroy(void *self) {
  Storage *storage = self;
  Docfile *docfile = storage->node.docfile;

  if (!docfile)
    return;
  unlink_node(&storage->node);
  if (storage->origin.docfile) { /* the root of a scratch file, not a part of it */
    pthread_mutex_lock(&docfile->lock);
    docfile->origin = NULL;
    pthread_mutex_unlock(&docfile->lock);
    unlink_node(&storage->origin);
    docfile_release(storage->origin.docfile);
  }
  docfile_release(docfile);
}

/* Enters to change what is in the storage. */
static HRESULT enter_to_write(Node *node) {
  HRESULT status = node_enter(node);

  if (FAILED(status))
    return status;
  status = mode_writes(node->mode) ? sectors_begin(file_of(node)) : STG_E_ACCESSDENIED;
  if (FAILED(status))
    node_leave(node);
  return status;
}

static FILETIME now(void) {
  FILETIME time;

  CoFileTimeNow(&time);
  return time;
}

/* A new element, in place of one with the name if the mode says so. */
static HRESULT create_entry(Node *node, const char16_t *name, size_t units, DWORD mode, uint8_t type, uint32_t *sid) {
  CompoundFile *file = file_of(node);
  Entry entry = { .type = type, .left = SID_NONE, .right = SID_NONE, .child = SID_NONE, .name_units = (uint32_t)units };
  HRESULT status = tree_find(file, node->sid, name, units, sid);

  if (SUCCEEDED(status)) {
    if (!(mode & STGM_CREATE))
      return STG_E_FILEALREADYEXISTS;
    if (docfile_open_node(node->docfile, *sid))
      return STG_E_ACCESSDENIED;
    status = tree_remove(file, node->sid, *sid);
    if (SUCCEEDED(status))
      status = tree_destroy(file, *sid);
  } else if (status == STG_E_FILENOTFOUND) {
    status = S_OK;
  }
  if (FAILED(status))
    return status;
  memcpy(entry.name, name, units * sizeof *name);
  entry.start = type == ENTRY_STREAM ? SECTOR_END : 0;
  if (type == ENTRY_STORAGE)
    entry.created = entry.modified = now();
  status = entry_allocate(file, sid);
  if (SUCCEEDED(status))
    status = entry_write(file, *sid, &entry);
  if (FAILED(status))
    return status;
  status = tree_insert(file, node->sid, *sid);
  if (FAILED(status))
    entry_free(file, *sid);
  return status;
}

static void drop_entry(Node *node, uint32_t sid) {
  if (SUCCEEDED(tree_remove(file_of(node), node->sid, sid)))
    tree_destroy(file_of(node), sid);
}

static HRESULT STDMETHODCALLTYPE Storage_CreateStream(IStorage *face, const OLECHAR *name, DWORD mode, DWORD reserved1,
                                                      DWORD reserved2, IStream **result) {
  Node *node = node_of(face);
  size_t units;
  uint32_t sid;

  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  HRESULT status = element_check_name(name, &units);
  if (SUCCEEDED(status))
    status = reserved1 || reserved2 ? STG_E_INVALIDPARAMETER : element_check_mode(mode, false, node->mode);
  if (SUCCEEDED(status))
    status = enter_to_write(node);
  if (FAILED(status))
    return status;
  status = create_entry(node, name, units, mode, ENTRY_STREAM, &sid);
  if (SUCCEEDED(status)) {
    status = stream_object_create(node->docfile, node, sid, mode, result);
    if (FAILED(status))
      drop_entry(node, sid);
  }
  node_leave(node);
  return status;
}

/* Finds an element that nobody has open. */
static HRESULT find_closed(Node *node, const char16_t *name, uint8_t type, uint32_t *sid) {
  size_t units;
  Entry entry;
  HRESULT status = element_check_name(name, &units);

  if (SUCCEEDED(status))
    status = tree_find(file_of(node), node->sid, name, units, sid);
  if (SUCCEEDED(status))
    status = entry_read(file_of(node), *sid, &entry);
  if (SUCCEEDED(status) && type != ENTRY_EMPTY && entry.type != type)
    status = STG_E_FILENOTFOUND;
  if (SUCCEEDED(status) && docfile_open_node(node->docfile, *sid))
    status = STG_E_ACCESSDENIED;
  return status;
}

static HRESULT STDMETHODCALLTYPE Storage_OpenStream(IStorage *face, const OLECHAR *name, void *reserved1, DWORD mode,
                                                    DWORD reserved2, IStream **result) {
  Node *node = node_of(face);
  uint32_t sid;

  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  if (reserved1 || reserved2)
    return STG_E_INVALIDPARAMETER;
  HRESULT status =
      mode & (STGM_CREATE | STGM_CONVERT) ? STG_E_INVALIDFLAG : element_check_mode(mode, false, node->mode);
  if (SUCCEEDED(status))
    status = node_enter(node);
  if (FAILED(status))
    return status;
  status = find_closed(node, name, ENTRY_STREAM, &sid);
  if (SUCCEEDED(status))
    status = stream_object_create(node->docfile, node, sid, mode, result);
  node_leave(node);
  return status;
}

static HRESULT STDMETHODCALLTYPE Storage_CreateStorage(IStorage *face, const OLECHAR *name, DWORD mode, DWORD reserved1,
                                                       DWORD reserved2, IStorage **result) {
  Node *node = node_of(face);
  size_t units;
  uint32_t sid;

  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  HRESULT status = element_check_name(name, &units);
  if (SUCCEEDED(status))
    status = reserved1 || reserved2 ? STG_E_INVALIDPARAMETER : element_check_mode(mode, true, node->mode);
  if (SUCCEEDED(status))
    status = enter_to_write(node);
  if (FAILED(status))
    return status;
  status = create_entry(node, name, units, mode, ENTRY_STORAGE, &sid);
  if (SUCCEEDED(status)) {
    status = storage_object_create(node->docfile, node, sid, mode, result);
    if (FAILED(status))
      drop_entry(node, sid);
  }
  node_leave(node);
  return status;
}

static HRESULT STDMETHODCALLTYPE Storage_OpenStorage(IStorage *face, const OLECHAR *name, IStorage *priority,
                                                     DWORD mode, SNB excluded, DWORD reserved, IStorage **result) {
  Node *node = node_of(face);
  uint32_t sid;

  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  if (reserved || priority || excluded)
    return STG_E_INVALIDPARAMETER;
  HRESULT status = mode & (STGM_CREATE | STGM_CONVERT) ? STG_E_INVALIDFLAG : element_check_mode(mode, true, node->mode);
  if (SUCCEEDED(status))
    status = node_enter(node);
  if (FAILED(status))
    return status;
  status = find_closed(node, name, ENTRY_STORAGE, &sid);
  if (SUCCEEDED(status))
    status = storage_object_create(node->docfile, node, sid, mode, result);
  node_leave(node);
  return status;
}

static HRESULT STDMETHODCALLTYPE Storage_CopyTo(IStorage *face, DWORD count, const IID *iids, SNB names,
                                                IStorage *target) {
  if (!target || (count && !iids))
    return STG_E_INVALIDPOINTER;
  return storage_copy(node_of(face), count, iids, names, target);
}

static HRESULT STDMETHODCALLTYPE Storage_DestroyElement(IStorage *face, const OLECHAR *name) {
  Node *node = node_of(face);
  size_t units;
  uint32_t sid;
  HRESULT status = element_check_name(name, &units);

  if (SUCCEEDED(status))
    status = enter_to_write(node);
  if (FAILED(status))
    return status;
  status = tree_find(file_of(node), node->sid, name, units, &sid);
  if (SUCCEEDED(status))
    status = tree_remove(file_of(node), node->sid, sid);
  if (SUCCEEDED(status)) {
    docfile_kill_element(node->docfile, sid);
    status = tree_destroy(file_of(node), sid);
  }
  node_leave(node);
  return status;
}

static HRESULT STDMETHODCALLTYPE Storage_MoveElementTo(IStorage *face, const OLECHAR *name, IStorage *target,
                                                       const OLECHAR *new_name, DWORD flags) {
  size_t units;

  if (!target)
    return STG_E_INVALIDPOINTER;
  if (flags > STGMOVE_COPY)
    return STG_E_INVALIDFLAG;
  HRESULT status = element_check_name(name, &units);
  if (SUCCEEDED(status) && new_name)
    status = element_check_name(new_name, &units);
  if (SUCCEEDED(status) && flags == STGMOVE_MOVE && !mode_writes(node_of(face)->mode))
    status = STG_E_ACCESSDENIED;
  if (SUCCEEDED(status))
    status = storage_copy_element(node_of(face), name, target, new_name ? new_name : name);
  if (SUCCEEDED(status) && flags == STGMOVE_MOVE)
    status = Storage_DestroyElement(face, name);
  return status;
}

#define COMMIT_FLAGS (STGC_OVERWRITE | STGC_ONLYIFCURRENT | STGC_DANGEROUSLYCOMMITMERELYTODISKCACHE | STGC_CONSOLIDATE)

static HRESULT STDMETHODCALLTYPE Storage_Commit(IStorage *face, DWORD flags) {
  Node *node = node_of(face);

  if (flags & ~(DWORD)COMMIT_FLAGS)
    return STG_E_INVALIDFLAG;
  HRESULT status = node_enter(node);
  if (FAILED(status))
    return status;
  if (!mode_writes(node->mode))
    status = node->mode & STGM_TRANSACTED ? STG_E_ACCESSDENIED : S_OK;
  else if (node->docfile->origin)
    status = node->sid == SID_ROOT ? nested_commit(node->docfile) : S_OK;
  else if (!file_of(node)->transacted)
    status = compound_file_flush(file_of(node), !(flags & STGC_DANGEROUSLYCOMMITMERELYTODISKCACHE));
  else if (is_root(node))
    status = compound_file_commit(file_of(node), flags);
  node_leave(node);
  return status;
}

static HRESULT STDMETHODCALLTYPE Storage_Revert(IStorage *face) {
  Node *node = node_of(face);
  HRESULT status = node_enter(node);

  if (FAILED(status))
    return status;
  if (node->mode & STGM_TRANSACTED && mode_writes(node->mode) && node->sid == SID_ROOT) {
    docfile_kill_below(node);
    status = node->docfile->origin ? nested_revert(node->docfile) : compound_file_revert(file_of(node));
  }
  node_leave(node);
  return status;
}

/* Elements as an enumerator hands them out */

static HRESULT stat_copy(void *copy, const void *from) {
  const STATSTG *stat = from;
  STATSTG result = *stat;

  if (stat->pwcsName) {
    size_t size = (utf16_units(stat->pwcsName) + 1) * sizeof(OLECHAR);

    result.pwcsName = CoTaskMemAlloc(size);
    if (!result.pwcsName)
      return E_OUTOFMEMORY;
    memcpy(result.pwcsName, stat->pwcsName, size);
  }
  *(STATSTG *)copy = result;
  return S_OK;
}

static void stat_clear(void *element) {
  CoTaskMemFree(((STATSTG *)element)->pwcsName);
}

static const OleanderElements stat_elements = { sizeof(STATSTG), stat_copy, stat_clear, 0 };

static HRESULT stat_all(Node *node, STATSTG **stats, uint32_t *count) {
  SectorList sids;
  HRESULT status = tree_list(file_of(node), node->sid, &sids);

  *count = 0;
  *stats = NULL;
  if (FAILED(status))
    return status;
  *stats = calloc((size_t)sids.count + 1, sizeof **stats);
  if (!*stats)
    status = E_OUTOFMEMORY;
  while (SUCCEEDED(status) && *count < sids.count) {
    status = element_stat(node->docfile, sids.sectors[*count], 0, STATFLAG_DEFAULT, *stats + *count);
    *count += SUCCEEDED(status);
  }
  free(sids.sectors);
  return status;
}

static HRESULT STDMETHODCALLTYPE Storage_EnumElements(IStorage *face, DWORD reserved1, void *reserved2, DWORD reserved3,
                                                      IEnumSTATSTG **result) {
  Node *node = node_of(face);
  STATSTG *stats;
  uint32_t count;

  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  if (reserved1 || reserved2 || reserved3)
    return STG_E_INVALIDPARAMETER;
  HRESULT status = node_enter(node);
  if (FAILED(status))
    return status;
  status = stat_all(node, &stats, &count);
  node_leave(node);
  if (SUCCEEDED(status))
    status = oleander_enumerator_create(&IID_IEnumSTATSTG, &stat_elements, stats, count, (void **)result);
  while (count)
    stat_clear(&stats[--count]);
  free(stats);
  return status;
}

static HRESULT STDMETHODCALLTYPE Storage_RenameElement(IStorage *face, const OLECHAR *old_name,
                                                       const OLECHAR *new_name) {
  Node *node = node_of(face);
  size_t units;
  uint32_t sid;
  uint32_t other;
  Entry entry;
  HRESULT status = element_check_name(new_name, &units);

  if (SUCCEEDED(status))
    status = enter_to_write(node);
  if (FAILED(status))
    return status;
  status = find_closed(node, old_name, ENTRY_EMPTY, &sid);
  if (SUCCEEDED(status)) {
    HRESULT found = tree_find(file_of(node), node->sid, new_name, units, &other);

    status = SUCCEEDED(found) && other != sid ? STG_E_FILEALREADYEXISTS : found == STG_E_FILENOTFOUND ? S_OK : found;
  }
  if (SUCCEEDED(status))
    status = tree_remove(file_of(node), node->sid, sid);
  if (SUCCEEDED(status))
    status = entry_read(file_of(node), sid, &entry);
  if (SUCCEEDED(status)) {
    memcpy(entry.name, new_name, units * sizeof *new_name);
    entry.name[units] = 0;
    entry.name_units = (uint32_t)units;
    status = entry_write(file_of(node), sid, &entry);
  }
  if (SUCCEEDED(status))
    status = tree_insert(file_of(node), node->sid, sid);
  node_leave(node);
  return status;
}

/* The entry of an element, or of the storage itself, read and written back. */
typedef void Change(Entry *entry, const void *with);

static HRESULT change_entry(Node *node, uint32_t sid, Change *change, const void *with) {
  Entry entry;
  HRESULT status = entry_read(file_of(node), sid, &entry);

  if (FAILED(status))
    return status;
  change(&entry, with);
  return entry_write(file_of(node), sid, &entry);
}

static HRESULT change_self(IStorage *face, Change *change, const void *with) {
  Node *node = node_of(face);
  HRESULT status = enter_to_write(node);

  if (FAILED(status))
    return status;
  status = change_entry(node, node->sid, change, with);
  node_leave(node);
  return status;
}

typedef struct Times {
  const FILETIME *created, *modified;
} Times;

/* The format has no times for streams, and none of the last access. */
static void change_times(Entry *entry, const void *with) {
  const Times *times = with;

  if (entry->type == ENTRY_STREAM)
    return;
  if (times->created)
    entry->created = *times->created;
  if (times->modified)
    entry->modified = *times->modified;
}

static HRESULT STDMETHODCALLTYPE Storage_SetElementTimes(IStorage *face, const OLECHAR *name, const FILETIME *created,
                                                         const FILETIME *accessed, const FILETIME *modified) {
  Node *node = node_of(face);
  Times times = { created, modified };
  uint32_t sid = node->sid;

  (void)accessed;
  HRESULT status = enter_to_write(node);
  if (FAILED(status))
    return status;
  if (name)
    status = find_closed(node, name, ENTRY_EMPTY, &sid);
  if (SUCCEEDED(status))
    status = change_entry(node, sid, change_times, &times);
  node_leave(node);
  return status;
}

static void change_class(Entry *entry, const void *with) {
  entry->clsid = *(const CLSID *)with;
}

static HRESULT STDMETHODCALLTYPE Storage_SetClass(IStorage *face, REFCLSID clsid) {
  return clsid ? change_self(face, change_class, clsid) : STG_E_INVALIDPOINTER;
}

static void change_state(Entry *entry, const void *with) {
  const DWORD *bits = with;

  entry->state = (entry->state & ~bits[1]) | (bits[0] & bits[1]);
}

static HRESULT STDMETHODCALLTYPE Storage_SetStateBits(IStorage *face, DWORD bits, DWORD mask) {
  DWORD both[2] = { bits, mask };

  return change_self(face, change_state, both);
}

static HRESULT STDMETHODCALLTYPE Storage_Stat(IStorage *face, STATSTG *result, DWORD flags) {
  Node *node = node_of(face);

  if (!result)
    return STG_E_INVALIDPOINTER;
  if (flags > STATFLAG_NONAME)
    return STG_E_INVALIDFLAG;
  HRESULT status = node_enter(node);
  if (FAILED(status))
    return status;
  status = element_stat(node->docfile, node->sid, node->mode, flags, result);
  node_leave(node);
  return status;
}

/* The root is called as its file, and has the times of it. */
static HRESULT stat_root(const Docfile *docfile, STATSTG *stat) {
  STATSTG bytes;
  HRESULT status = ILockBytes_Stat(docfile->file->bytes, &bytes, STATFLAG_NONAME);

  if (FAILED(status))
    return status;
  stat->mtime = bytes.mtime;
  stat->ctime = bytes.ctime;
  stat->atime = bytes.atime;
  return S_OK;
}

HRESULT element_stat(Docfile *docfile, uint32_t sid, DWORD mode, DWORD flags, STATSTG *result) {
  STATSTG stat = { .grfMode = mode };
  const OLECHAR *name;
  Entry entry;

  memset(result, 0, sizeof *result);
  HRESULT status = entry_read(docfile->file, sid, &entry);
  if (FAILED(status))
    return status;
  name = entry.name;
  stat.type = entry.type == ENTRY_STREAM ? STGTY_STREAM : STGTY_STORAGE;
  stat.cbSize.QuadPart = entry.type == ENTRY_STREAM ? entry.size : 0;
  stat.clsid = entry.clsid;
  stat.grfStateBits = entry.state;
  stat.ctime = entry.created;
  stat.mtime = entry.modified;
  if (sid == SID_ROOT && !docfile->origin) {
    name = docfile->path;
    status = stat_root(docfile, &stat);
  }
  if (SUCCEEDED(status) && !(flags & STATFLAG_NONAME) && name) {
    STATSTG named = stat;

    named.pwcsName = (OLECHAR *)name;
    status = stat_copy(&stat, &named);
  }
  if (SUCCEEDED(status))
    *result = stat;
  return status;
}

static const IStorageVtbl storage_vtable = {
  OLEANDER_FACE_SLOTS(Storage, storage),
  Storage_CreateStream,
  Storage_OpenStream,
  Storage_CreateStorage,
  Storage_OpenStorage,
  Storage_CopyTo,
  Storage_MoveElementTo,
  Storage_Commit,
  Storage_Revert,
  Storage_EnumElements,
  Storage_DestroyElement,
  Storage_RenameElement,
  Storage_SetElementTimes,
  Storage_SetClass,
  Storage_SetStateBits,
  Storage_Stat,
};

/* The property sets of the storage. */

static IStorage *storage_of(IPropertySetStorage *face) {
  return &OBJECT_CONTAINER(face, Storage, sets)->storage;
}

static HRESULT STDMETHODCALLTYPE Sets_Create(IPropertySetStorage *face, REFFMTID fmtid, const CLSID *clsid, DWORD flags,
                                             DWORD mode, IPropertyStorage **result) {
  return property_sets_create(storage_of(face), fmtid, clsid, flags, mode, result);
}

static HRESULT STDMETHODCALLTYPE Sets_Open(IPropertySetStorage *face, REFFMTID fmtid, DWORD mode,
                                           IPropertyStorage **result) {
  return property_sets_open(storage_of(face), fmtid, mode, result);
}

static HRESULT STDMETHODCALLTYPE Sets_Delete(IPropertySetStorage *face, REFFMTID fmtid) {
  return property_sets_delete(storage_of(face), fmtid);
}

static HRESULT STDMETHODCALLTYPE Sets_Enum(IPropertySetStorage *face, IEnumSTATPROPSETSTG **result) {
  return property_sets_enum(storage_of(face), result);
}

static const IPropertySetStorageVtbl sets_vtable = {
  OLEANDER_FACE_SLOTS(Storage, sets), Sets_Create, Sets_Open, Sets_Delete, Sets_Enum,
};
static const ObjectFace storage_faces[] = {
  { &IID_IStorage, offsetof(Storage, storage), &storage_vtable },
  { &IID_IPropertySetStorage, offsetof(Storage, sets), &sets_vtable },
  { 0 },
};
static const ObjectType storage_type = {
  "CompoundStorage", sizeof(Storage), offsetof(Storage, object), storage_faces, storage_destroy, NULL,
};

HRESULT storage_object_create(Docfile *docfile, Node *parent, uint32_t sid, DWORD mode, IStorage **result) {
  Storage *storage = object_create(&storage_type);

  if (!storage)
    return E_OUTOFMEMORY;
  if (parent && mode & STGM_TRANSACTED && mode_writes(mode)) {
    Docfile *scratch;

    docfile_link(docfile, &storage->origin, parent, sid, mode);
    HRESULT status = nested_open(&storage->origin, &scratch);
    if (FAILED(status)) {
      docfile_unlink(&storage->origin);
      docfile_release(docfile);
      free(storage);
      return status;
    }
    docfile_link(scratch, &storage->node, NULL, SID_ROOT, mode);
    docfile_release(scratch); /* the node holds it */
  } else {
    docfile_link(docfile, &storage->node, parent, sid, mode);
  }
  *result = &storage->storage;
  return S_OK;
}
