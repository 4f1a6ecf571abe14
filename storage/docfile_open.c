/* Compound files opened and made: StgCreateDocfile, StgOpenStorage and their like. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/storage_internal.h"

/* The path from the root of the file system; links in it stay as they are. */
static char16_t *absolute_path(const char16_t *path) {
  char *folder = *path == '/' ? strdup("") : getcwd(NULL, 0);
  char *text = utf8_copy(path);
  char16_t *result = NULL;

  if (folder && text) {
    size_t size = strlen(folder) + strlen(text) + 2;
    char *whole = malloc(size);
    if (whole) {
      strcpy(whole, folder);
      if (*text != '/')
        strcat(whole, "/");
      strcat(whole, text);
      result = utf16_copy(whole);
    }
    free(whole);
  }
  free(folder);
  free(text);
  return result;
}

/* Makes the root's object; takes over the file. */
static HRESULT open_root(CompoundFile *file, const char16_t *path, DWORD mode, IStorage **result) {
  Docfile *docfile = NULL;
  HRESULT status = docfile_create(file, mode, &docfile);

  if (FAILED(status)) {
    compound_file_close(file);
    return status;
  }
  if (path) {
    docfile->path = absolute_path(path);
    status = docfile->path ? S_OK : E_OUTOFMEMORY;
  }
  if (SUCCEEDED(status))
    status = storage_object_create(docfile, NULL, SID_ROOT, mode, result);
  if (SUCCEEDED(status))
    docfile->remove = (mode & STGM_DELETEONRELEASE) != 0;
  docfile_release(docfile);
  return status;
}

static HRESULT create_on(ILockBytes *bytes, const char16_t *path, DWORD mode, unsigned version, IStorage **result) {
  CompoundFile *file;
  HRESULT status = compound_file_create(bytes, version, (mode & STGM_TRANSACTED) != 0, &file);

  return SUCCEEDED(status) ? open_root(file, path, mode & ~(DWORD)STGM_CREATE, result) : status;
}

static HRESULT open_on(ILockBytes *bytes, const char16_t *path, DWORD mode, IStorage **result) {
  CompoundFile *file;
  HRESULT status = compound_file_open(bytes, mode_writes(mode), (mode & STGM_TRANSACTED) != 0, &file);

  return SUCCEEDED(status) ? open_root(file, path, mode, result) : status;
}

/* Copies the bytes of one ILockBytes to a stream. */
static HRESULT copy_bytes(ILockBytes *from, IStream *to) {
  uint8_t buffer[4096];
  ULARGE_INTEGER at = { .QuadPart = 0 };
  ULONG done = 1;
  HRESULT status = S_OK;

  while (SUCCEEDED(status) && done) {
    status = ILockBytes_ReadAt(from, at, buffer, sizeof buffer, &done);
    if (SUCCEEDED(status) && done)
      status = IStream_Write(to, buffer, done, NULL);
    at.QuadPart += done;
  }
  return status;
}

static HRESULT keep_bytes(ILockBytes *from, ILockBytes **result) {
  uint8_t buffer[4096];
  ULARGE_INTEGER at = { .QuadPart = 0 };
  ULONG done = 1;
  HRESULT status = file_bytes_scratch(result);

  while (SUCCEEDED(status) && done) {
    status = ILockBytes_ReadAt(from, at, buffer, sizeof buffer, &done);
    if (SUCCEEDED(status) && done)
      status = ILockBytes_WriteAt(*result, at, buffer, done, NULL);
    at.QuadPart += done;
  }
  return status;
}

/* STGM_CONVERT: what the bytes were becomes the stream CONTENTS. */
static HRESULT convert_on(ILockBytes *bytes, const char16_t *path, DWORD mode, unsigned version, IStorage **result) {
  ILockBytes *kept = NULL;
  IStream *stream = NULL;
  HRESULT status = keep_bytes(bytes, &kept);

  if (SUCCEEDED(status))
    status = create_on(bytes, path, mode & ~(DWORD)STGM_CONVERT, version, result);
  if (SUCCEEDED(status))
    status = IStorage_CreateStream(*result, u"CONTENTS", STGM_WRITE | STGM_SHARE_EXCLUSIVE, 0, 0, &stream);
  if (SUCCEEDED(status))
    status = copy_bytes(kept, stream);
  if (stream)
    IStream_Release(stream);
  if (kept)
    ILockBytes_Release(kept);
  if (SUCCEEDED(status) && mode & STGM_TRANSACTED)
    status = IStorage_Commit(*result, STGC_DEFAULT);
  if (FAILED(status) && *result) {
    IStorage_Release(*result);
    *result = NULL;
  }
  return SUCCEEDED(status) ? STG_S_CONVERTED : status;
}

/* A name that nothing has yet, in the folder for temporary files. */
static char16_t *temporary_path(void) {
  const char *folder = secure_getenv("TMPDIR");
  char name[4096];
  GUID guid;
  char text[GUID_TEXT_UNITS];

  if (!folder || !*folder || strlen(folder) > sizeof name - 64)
    folder = "/tmp";
  if (FAILED(CoCreateGuid(&guid)))
    return NULL;
  guid_format_utf8(&guid, text);
  strcpy(name, folder);
  strcat(name, "/oleander-");
  strcat(name, text);
  return utf16_copy(name);
}

static HRESULT create_file(const char16_t *path, DWORD mode, unsigned version, IStorage **result) {
  char16_t *temporary = NULL;
  ILockBytes *bytes = NULL;

  if (!path) {
    mode = (mode & ~(DWORD)STGM_CREATE) | STGM_DELETEONRELEASE;
    path = temporary = temporary_path();
    if (!path)
      return E_OUTOFMEMORY;
  }
  HRESULT status = STG_E_FILENOTFOUND;
  if (mode & STGM_CONVERT)
    status = file_bytes_open(path, mode | STGM_READWRITE, false, &bytes);
  bool convert = SUCCEEDED(status);
  if (status == STG_E_FILENOTFOUND)
    status = file_bytes_open(path, mode, true, &bytes);
  if (SUCCEEDED(status)) {
    status = convert ? convert_on(bytes, path, mode, version, result) : create_on(bytes, path, mode, version, result);
    ILockBytes_Release(bytes);
  }
  free(temporary);
  return status;
}

HRESULT StgCreateDocfile(const WCHAR *name, DWORD mode, DWORD reserved, IStorage **result) {
  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  if (reserved)
    return STG_E_INVALIDPARAMETER;
  HRESULT status = root_check_mode(mode, true);
  return SUCCEEDED(status) ? create_file(name, mode, 3, result) : status;
}

static HRESULT check_options(DWORD format, const STGOPTIONS *options, unsigned *version) {
  *version = 3;
  if (format == STGFMT_FILE || format == STGFMT_NATIVE)
    return STG_E_INVALIDFUNCTION; /* property sets of plain files are a matter of NTFS */
  if (format != STGFMT_STORAGE && format != STGFMT_DOCFILE)
    return STG_E_INVALIDPARAMETER;
  if (!options)
    return S_OK;
  if (format != STGFMT_DOCFILE || options->usVersion < 1 || options->usVersion > 2 || options->reserved ||
      (options->usVersion > 1 && options->pwcsTemplateFile))
    return STG_E_INVALIDPARAMETER;
  if (options->ulSectorSize != 512 && options->ulSectorSize != 4096 && options->ulSectorSize != 0)
    return STG_E_INVALIDPARAMETER;
  *version = options->ulSectorSize == 4096 ? 4 : 3;
  return S_OK;
}

static HRESULT as_interface(HRESULT status, IStorage *storage, REFIID iid, void **result) {
  if (FAILED(status))
    return status;
  HRESULT asked = IStorage_QueryInterface(storage, iid, result);
  IStorage_Release(storage);
  return FAILED(asked) ? asked : status;
}

HRESULT StgCreateStorageEx(const WCHAR *name, DWORD mode, DWORD format, DWORD attributes, STGOPTIONS *options,
                           PSECURITY_DESCRIPTOR security, REFIID iid, void **result) {
  IStorage *storage = NULL;
  unsigned version;

  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  if (!iid)
    return STG_E_INVALIDPARAMETER;
  if (attributes || security)
    return STG_E_INVALIDPARAMETER;
  HRESULT status = check_options(format, options, &version);
  if (SUCCEEDED(status))
    status = root_check_mode(mode, true);
  if (SUCCEEDED(status))
    status = create_file(name, mode, version, &storage);
  return as_interface(status, storage, iid, result);
}

/* What is no compound file is, for these functions, a file that is already there. */
static HRESULT open_file(const WCHAR *name, DWORD mode, IStorage **result) {
  ILockBytes *bytes;
  HRESULT status = root_check_mode(mode, false);

  if (FAILED(status))
    return status;
  status = file_bytes_open(name, mode, false, &bytes);
  if (FAILED(status))
    return status;
  status = open_on(bytes, name, mode, result);
  ILockBytes_Release(bytes);
  return status == STG_E_INVALIDHEADER ? STG_E_FILEALREADYEXISTS : status;
}

static HRESULT empty_storage(IStorage *storage) {
  IEnumSTATSTG *elements;
  STATSTG stat;
  HRESULT status = IStorage_EnumElements(storage, 0, NULL, 0, &elements);

  if (FAILED(status))
    return status;
  while (SUCCEEDED(status) && IEnumSTATSTG_Next(elements, 1, &stat, NULL) == S_OK) {
    status = IStorage_DestroyElement(storage, stat.pwcsName);
    CoTaskMemFree(stat.pwcsName);
  }
  IEnumSTATSTG_Release(elements);
  return status;
}

/* An element that an opening leaves out is there, but empty. */
static HRESULT empty_element(IStorage *root, const OLECHAR *name) {
  const DWORD mode = STGM_READWRITE | STGM_SHARE_EXCLUSIVE;
  IStorage *storage;
  IStream *stream;
  HRESULT status = IStorage_OpenStream(root, name, NULL, mode, 0, &stream);

  if (SUCCEEDED(status)) {
    status = IStream_SetSize(stream, (ULARGE_INTEGER){ 0 });
    IStream_Release(stream);
    return status;
  }
  if (status == STG_E_FILENOTFOUND)
    status = IStorage_OpenStorage(root, name, NULL, mode, NULL, 0, &storage);
  if (FAILED(status))
    return status == STG_E_FILENOTFOUND || status == STG_E_INVALIDNAME ? S_OK : status;
  status = empty_storage(storage);
  IStorage_Release(storage);
  return status;
}

/* For who is about to write those elements anew ("snbExclude"). */
static HRESULT leave_out(HRESULT status, SNB excluded, IStorage **root) {
  for (; SUCCEEDED(status) && excluded && *excluded; excluded++) {
    HRESULT emptied = empty_element(*root, *excluded);

    status = FAILED(emptied) ? emptied : status;
  }
  if (FAILED(status) && *root) {
    IStorage_Release(*root);
    *root = NULL;
  }
  return status;
}

/* To leave something out changes what is there, if only within a transaction. */
static HRESULT check_excluded(SNB excluded, DWORD mode) {
  return excluded && *excluded && (mode & STGM_ACCESS) != STGM_READWRITE ? STG_E_ACCESSDENIED : S_OK;
}

HRESULT StgOpenStorage(const WCHAR *name, IStorage *priority, DWORD mode, SNB excluded, DWORD reserved,
                       IStorage **result) {
  char16_t *path = NULL;
  STATSTG stat;

  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  if (reserved)
    return STG_E_INVALIDPARAMETER;
  if (!name && !priority)
    return STG_E_INVALIDNAME;
  HRESULT status = check_excluded(excluded, mode);
  if (FAILED(status))
    return status;
  if (!priority)
    return leave_out(open_file(name, mode, result), excluded, result);
  /* The file that is open for priority makes room for this opening. */
  status = IStorage_Stat(priority, &stat, STATFLAG_DEFAULT);
  if (FAILED(status))
    return status;
  path = stat.pwcsName;
  IStorage_Release(priority);
  status = path ? open_file(path, mode, result) : STG_E_INVALIDPARAMETER;
  CoTaskMemFree(path);
  return leave_out(status, excluded, result);
}

HRESULT StgOpenStorageEx(const WCHAR *name, DWORD mode, DWORD format, DWORD attributes, STGOPTIONS *options,
                         PSECURITY_DESCRIPTOR security, REFIID iid, void **result) {
  IStorage *storage = NULL;

  if (!result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  if (!name)
    return STG_E_INVALIDNAME;
  if (!iid || attributes || security)
    return STG_E_INVALIDPARAMETER;
  if (format == STGFMT_FILE || format == STGFMT_NATIVE)
    return STG_E_INVALIDFUNCTION;
  if (format != STGFMT_STORAGE && format != STGFMT_DOCFILE && format != STGFMT_ANY)
    return STG_E_INVALIDPARAMETER;
  HRESULT status = open_file(name, mode, &storage);
  if (SUCCEEDED(status) && options && options->usVersion >= 1)
    options->ulSectorSize = storage_object_node(storage)->docfile->file->sector_size;
  return as_interface(status, storage, iid, result);
}

HRESULT StgCreateDocfileOnILockBytes(ILockBytes *bytes, DWORD mode, DWORD reserved, IStorage **result) {
  if (!bytes || !result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  if (reserved)
    return STG_E_INVALIDPARAMETER;
  HRESULT status = mode & STGM_DELETEONRELEASE ? STG_E_INVALIDFLAG : root_check_mode(mode, true);
  if (FAILED(status))
    return status;
  if (mode & STGM_CONVERT)
    return convert_on(bytes, NULL, mode, 3, result);
  if (!(mode & STGM_CREATE)) {
    uint64_t size;

    status = bytes_size(bytes, &size);
    if (SUCCEEDED(status) && size && compound_file_is(bytes) == S_OK)
      status = STG_E_FILEALREADYEXISTS;
  }
  return SUCCEEDED(status) ? create_on(bytes, NULL, mode, 3, result) : status;
}

HRESULT StgOpenStorageOnILockBytes(ILockBytes *bytes, IStorage *priority, DWORD mode, SNB excluded, DWORD reserved,
                                   IStorage **result) {
  if (!bytes || !result)
    return STG_E_INVALIDPOINTER;
  *result = NULL;
  if (reserved)
    return STG_E_INVALIDPARAMETER;
  HRESULT status = root_check_mode(mode, false);
  if (SUCCEEDED(status))
    status = check_excluded(excluded, mode);
  if (FAILED(status))
    return status;
  if (priority)
    IStorage_Release(priority);
  return leave_out(open_on(bytes, NULL, mode, result), excluded, result);
}

HRESULT StgIsStorageILockBytes(ILockBytes *bytes) {
  return bytes ? compound_file_is(bytes) : STG_E_INVALIDPOINTER;
}

HRESULT StgIsStorageFile(const WCHAR *name) {
  ILockBytes *bytes;

  if (!name)
    return STG_E_INVALIDNAME;
  HRESULT status = file_bytes_open(name, STGM_READ | STGM_SHARE_DENY_NONE, false, &bytes);
  if (FAILED(status))
    return status;
  status = compound_file_is(bytes);
  ILockBytes_Release(bytes);
  return status;
}

static struct timespec timespec_from(const FILETIME *time) {
  struct timespec result = { .tv_nsec = UTIME_OMIT };

  if (!time)
    return result;
  uint64_t ticks = (uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime;
  result.tv_sec = (time_t)(ticks / 10000000) - 11644473600;
  result.tv_nsec = (long)(ticks % 10000000) * 100;
  return result;
}

/* Linux keeps no time of creation that could be set. */
HRESULT StgSetTimes(const WCHAR *name, const FILETIME *created, const FILETIME *accessed, const FILETIME *modified) {
  struct timespec times[2] = { timespec_from(accessed), timespec_from(modified) };

  (void)created;
  if (!name)
    return STG_E_INVALIDNAME;
  HRESULT status = StgIsStorageFile(name);
  if (status != S_OK)
    return status == S_FALSE ? STG_E_FILEALREADYEXISTS : status;
  char *path = utf8_copy(name);
  if (!path)
    return E_OUTOFMEMORY;
  status = utimensat(AT_FDCWD, path, times, 0) ? storage_error_of(errno) : S_OK;
  free(path);
  return status;
}
