/* The runtime's error numbers with their published texts, and what errno means among them. */
#include "scripting_internal.h"

#include <errno.h>

static const struct {
  HRESULT code;
  const char *text;
} error_texts[] = {
  { RUNTIME_INVALID_CALL, "Invalid procedure call or argument" },
  { E_INVALIDARG, "Invalid procedure call or argument" },
  { RUNTIME_TYPE_MISMATCH, "Type mismatch" },
  { RUNTIME_BAD_FILE_NAME, "Bad file name or number" },
  { RUNTIME_FILE_NOT_FOUND, "File not found" },
  { RUNTIME_BAD_FILE_MODE, "Bad file mode" },
  { RUNTIME_DEVICE_IO, "Device I/O error" },
  { RUNTIME_FILE_EXISTS, "File already exists" },
  { RUNTIME_DISK_FULL, "Disk full" },
  { RUNTIME_PAST_END, "Input past end of file" },
  { RUNTIME_TOO_MANY_FILES, "Too many files" },
  { RUNTIME_DEVICE_MISSING, "Device unavailable" },
  { RUNTIME_PERMISSION_DENIED, "Permission denied" },
  { RUNTIME_DISK_NOT_READY, "Disk not ready" },
  { RUNTIME_PATH_ACCESS, "Path/File access error" },
  { RUNTIME_PATH_NOT_FOUND, "Path not found" },
  { RUNTIME_OBJECT_NOT_SET, "Object variable not set" },
  { RUNTIME_KEY_EXISTS, "This key is already associated with an element of this collection" },
  { RUNTIME_KEY_NOT_FOUND, "Element not found" },
};

HRESULT scripting_report(HRESULT hr, const IID *iid, const char *source) {
  size_t i;

  if (SUCCEEDED(hr))
    return hr;
  for (i = 0; i < sizeof error_texts / sizeof *error_texts; i++) {
    if (error_texts[i].code == hr)
      return oleander_object_fail(hr, iid, source, error_texts[i].text);
  }
  return hr;
}

HRESULT error_from_errno(int number, HRESULT missing) {
  switch (number) {
  case 0:
    return S_OK;
  case ENOENT:
    return missing;
  case ENOTDIR:
    return RUNTIME_PATH_NOT_FOUND;
  case EACCES:
  case EPERM:
  case EROFS:
  case EISDIR:
  case EBUSY:
  case ETXTBSY:
    return RUNTIME_PERMISSION_DENIED;
  case EEXIST:
    return RUNTIME_FILE_EXISTS;
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
    return RUNTIME_DISK_FULL;
  case EMFILE:
  case ENFILE:
    return RUNTIME_TOO_MANY_FILES;
  case ENAMETOOLONG:
  case ELOOP:
    return RUNTIME_BAD_FILE_NAME;
  case ENODEV:
  case ENXIO:
    return RUNTIME_DEVICE_MISSING;
  case EIO:
    return RUNTIME_DEVICE_IO;
  case ENOMEM:
    return E_OUTOFMEMORY;
  default:
    return RUNTIME_PATH_ACCESS;
  }
}
