/* Transactions of storages that are not the root. What is changed in one lives in a scratch file without a name, a compound
 * file itself; a commit copies it back into the file of the parent, whose own transaction, if it has one, decides further. */
#include <stdlib.h>

#include "storage/storage_internal.h"

/* Fills the scratch file from where it comes. The lock of the parent's file is held. */
static HRESULT fill(Docfile *scratch, Node *origin) {
  Entry entry;
  Entry root;
  HRESULT status = entries_copy(origin->docfile->file, origin->sid, scratch->file, SID_ROOT);

  if (SUCCEEDED(status))
    status = entry_read(origin->docfile->file, origin->sid, &entry);
  if (SUCCEEDED(status))
    status = entry_read(scratch->file, SID_ROOT, &root);
  if (FAILED(status))
    return status;
  root.name_units = entry.name_units;
  for (uint32_t i = 0; i <= entry.name_units; i++)
    root.name[i] = entry.name[i];
  status = entry_write(scratch->file, SID_ROOT, &root);
  scratch->origin_changes = scratch->file->changes;
  return status;
}

static HRESULT new_scratch(CompoundFile **result) {
  ILockBytes *bytes;
  HRESULT status = file_bytes_scratch(&bytes);

  if (FAILED(status))
    return status;
  status = compound_file_create(bytes, 4, false, result);
  ILockBytes_Release(bytes);
  return status;
}

HRESULT nested_open(Node *origin, Docfile **result) {
  CompoundFile *file;
  Docfile *docfile;
  HRESULT status = new_scratch(&file);

  if (FAILED(status))
    return status;
  status = docfile_create(file, origin->mode, &docfile);
  if (FAILED(status)) {
    compound_file_close(file);
    return status;
  }
  docfile->origin = origin;
  status = fill(docfile, origin);
  if (FAILED(status)) {
    docfile->origin = NULL;
    docfile_release(docfile);
    return status;
  }
  *result = docfile;
  return S_OK;
}

/* Puts a copy of the scratch file's elements in place of the old ones. Until the copy is whole it hangs nowhere. */
static HRESULT replace(Node *origin, CompoundFile *scratch) {
  CompoundFile *file = origin->docfile->file;
  Entry copy = { .type = ENTRY_STORAGE, .left = SID_NONE, .right = SID_NONE, .child = SID_NONE };
  Entry entry;
  uint32_t sid;
  HRESULT status = sectors_begin(file);

  if (SUCCEEDED(status))
    status = entry_allocate(file, &sid);
  if (SUCCEEDED(status))
    status = entry_write(file, sid, &copy);
  if (FAILED(status))
    return status;
  status = entries_copy(scratch, SID_ROOT, file, sid);
  if (SUCCEEDED(status))
    status = entry_read(file, sid, &copy);
  if (SUCCEEDED(status))
    status = entry_read(file, origin->sid, &entry);
  if (SUCCEEDED(status)) {
    uint32_t old = entry.child;

    entry.child = copy.child;
    entry.clsid = copy.clsid;
    entry.state = copy.state;
    entry.created = copy.created;
    entry.modified = copy.modified;
    copy.child = old;
    status = entry_write(file, origin->sid, &entry);
  }
  if (SUCCEEDED(status))
    status = entry_write(file, sid, &copy);
  file->strict_known = false;
  HRESULT destroyed = tree_destroy(file, sid);
  return SUCCEEDED(status) ? destroyed : status;
}

HRESULT nested_commit(Docfile *scratch) {
  Node *origin = scratch->origin;

  if (scratch->origin_changes == scratch->file->changes)
    return S_OK;
  HRESULT status = node_enter(origin);
  if (FAILED(status))
    return status;
  status = replace(origin, scratch->file);
  node_leave(origin);
  if (SUCCEEDED(status))
    scratch->origin_changes = scratch->file->changes;
  return status;
}

HRESULT nested_revert(Docfile *scratch) {
  CompoundFile *fresh;
  CompoundFile *old = scratch->file;
  HRESULT status;

  if (scratch->origin_changes == old->changes)
    return S_OK;
  status = new_scratch(&fresh);
  if (FAILED(status))
    return status;
  status = node_enter(scratch->origin);
  if (SUCCEEDED(status)) {
    scratch->file = fresh;
    status = fill(scratch, scratch->origin);
    node_leave(scratch->origin);
  }
  if (FAILED(status)) {
    scratch->file = old;
    compound_file_close(fresh);
    return status;
  }
  compound_file_close(old);
  return S_OK;
}
