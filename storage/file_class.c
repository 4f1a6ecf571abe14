/* What monikers ask of files: the class of a compound file, and a file's bytes. */
#include "storage/storage_api.h"

#include "storage/storage_internal.h"

static HRESULT class_of_root(ILockBytes *bytes, CLSID *clsid) {
  CompoundFile *file;
  Entry root;
  HRESULT status = compound_file_open(bytes, false, false, &file);

  if (FAILED(status))
    return status;
  status = entry_read(file, SID_ROOT, &root);
  if (SUCCEEDED(status))
    *clsid = root.clsid;
  compound_file_close(file);
  return status;
}

HRESULT storage_class_of_file(const char16_t *path, CLSID *clsid) {
  ILockBytes *bytes;
  HRESULT status = file_bytes_look(path, &bytes);

  if (FAILED(status))
    return status;
  status = compound_file_is(bytes);
  if (status == S_OK)
    status = class_of_root(bytes, clsid);
  ILockBytes_Release(bytes);
  return status;
}

HRESULT storage_bytes_of_file(const char16_t *path, DWORD mode, ILockBytes **result) {
  return file_bytes_open(path, mode, false, result);
}
