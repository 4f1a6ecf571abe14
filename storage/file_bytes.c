/* ILockBytes over a file. The share modes of storages are kept by locks of the open file description, so that two openings
 * in one process count too; they are advice that other programs need not follow. Four bytes far behind the end of any file
 * stand for "somebody reads", "writes", "denies reading" and "denies writing": who opens locks those that are true of him,
 * and looks whether somebody else holds the ones against him. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "storage/storage_internal.h"

#undef LOCK_WRITE

#define SHARE_BYTES 0x7FFFFFFFFFFFFF00 /* the first of the four */
enum { SHARE_READS, SHARE_WRITES, SHARE_DENIES_READ, SHARE_DENIES_WRITE };

typedef struct FileBytes {
  ILockBytes bytes;
  Object object;
  int fd;
  bool writable;
} FileBytes;

OBJECT_FACE(FileBytes, bytes, ILockBytes)

static FileBytes *from_bytes(ILockBytes *face) {
  return OBJECT_CONTAINER(face, FileBytes, bytes);
}

HRESULT storage_error_of(int error) {
  switch (error) {
  case ENOENT:
    return STG_E_FILENOTFOUND;
  case ENOTDIR:
    return STG_E_PATHNOTFOUND;
  case EMFILE:
  case ENFILE:
    return STG_E_TOOMANYOPENFILES;
  case EACCES:
  case EPERM:
  case EISDIR:
    return STG_E_ACCESSDENIED;
  case EROFS:
    return STG_E_DISKISWRITEPROTECTED;
  case ENOMEM:
    return E_OUTOFMEMORY;
  case EEXIST:
    return STG_E_FILEALREADYEXISTS;
  case ENOSPC:
  case EDQUOT:
  case EFBIG:
    return STG_E_MEDIUMFULL;
  case ENAMETOOLONG:
    return STG_E_INVALIDNAME;
  default:
    return STG_E_UNKNOWN;
  }
}

static void file_bytes_destroy(void *self) {
  FileBytes *file = self;

  if (file->fd >= 0)
    close(file->fd);
}

static HRESULT STDMETHODCALLTYPE FileBytes_ReadAt(ILockBytes *face, ULARGE_INTEGER offset, void *buffer, ULONG size,
                                                  ULONG *result) {
  FileBytes *file = from_bytes(face);
  ULONG done = 0;

  if (result)
    *result = 0;
  if (!buffer)
    return STG_E_INVALIDPOINTER;
  if (offset.QuadPart > (uint64_t)INT64_MAX - size)
    return S_OK;
  while (done < size) {
    ssize_t piece = pread(file->fd, (char *)buffer + done, size - done, (off_t)(offset.QuadPart + done));

    if (piece < 0 && errno == EINTR)
      continue;
    if (piece < 0)
      return STG_E_READFAULT;
    if (!piece)
      break;
    done += (ULONG)piece;
  }
  if (result)
    *result = done;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE FileBytes_WriteAt(ILockBytes *face, ULARGE_INTEGER offset, const void *buffer,
                                                   ULONG size, ULONG *result) {
  FileBytes *file = from_bytes(face);
  ULONG done = 0;

  if (result)
    *result = 0;
  if (!buffer)
    return STG_E_INVALIDPOINTER;
  if (!file->writable)
    return STG_E_ACCESSDENIED;
  if (offset.QuadPart > (uint64_t)INT64_MAX - size)
    return STG_E_MEDIUMFULL;
  while (done < size) {
    ssize_t piece = pwrite(file->fd, (const char *)buffer + done, size - done, (off_t)(offset.QuadPart + done));

    if (piece < 0 && errno == EINTR)
      continue;
    if (piece < 0) {
      HRESULT status = storage_error_of(errno);
      return status == STG_E_MEDIUMFULL ? status : STG_E_WRITEFAULT;
    }
    done += (ULONG)piece;
    if (result)
      *result = done;
  }
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE FileBytes_Flush(ILockBytes *face) {
  FileBytes *file = from_bytes(face);

  return file->writable && fdatasync(file->fd) && errno != EINVAL ? STG_E_WRITEFAULT : S_OK;
}

static HRESULT STDMETHODCALLTYPE FileBytes_SetSize(ILockBytes *face, ULARGE_INTEGER size) {
  FileBytes *file = from_bytes(face);

  if (!file->writable)
    return STG_E_ACCESSDENIED;
  if (size.QuadPart > INT64_MAX)
    return STG_E_MEDIUMFULL;
  return ftruncate(file->fd, (off_t)size.QuadPart) ? storage_error_of(errno) : S_OK;
}

/* A lock on a region; LOCK_WRITE keeps others from writing, the two others from everything. */
static HRESULT lock_region(FileBytes *file, ULARGE_INTEGER offset, ULARGE_INTEGER size, short type) {
  struct flock lock = { .l_type = type, .l_whence = SEEK_SET };

  if (offset.QuadPart > INT64_MAX || size.QuadPart > INT64_MAX - offset.QuadPart)
    return STG_E_INVALIDFUNCTION;
  if (!size.QuadPart)
    return S_OK; /* a length of 0 would mean everything */
  lock.l_start = (off_t)offset.QuadPart;
  lock.l_len = (off_t)size.QuadPart;
  if (!fcntl(file->fd, F_OFD_SETLK, &lock))
    return S_OK;
  return errno == EAGAIN || errno == EACCES ? STG_E_LOCKVIOLATION : STG_E_ACCESSDENIED;
}

static HRESULT STDMETHODCALLTYPE FileBytes_LockRegion(ILockBytes *face, ULARGE_INTEGER offset, ULARGE_INTEGER size,
                                                      DWORD type) {
  FileBytes *file = from_bytes(face);

  if (type != LOCK_WRITE && type != LOCK_EXCLUSIVE && type != LOCK_ONLYONCE)
    return STG_E_INVALIDFUNCTION;
  return lock_region(file, offset, size, type == LOCK_WRITE && !file->writable ? F_RDLCK : F_WRLCK);
}

static HRESULT STDMETHODCALLTYPE FileBytes_UnlockRegion(ILockBytes *face, ULARGE_INTEGER offset, ULARGE_INTEGER size,
                                                        DWORD type) {
  if (type != LOCK_WRITE && type != LOCK_EXCLUSIVE && type != LOCK_ONLYONCE)
    return STG_E_INVALIDFUNCTION;
  return lock_region(from_bytes(face), offset, size, F_UNLCK);
}

static HRESULT STDMETHODCALLTYPE FileBytes_Stat(ILockBytes *face, STATSTG *result, DWORD flags) {
  struct stat status;

  (void)flags;
  if (!result)
    return STG_E_INVALIDPOINTER;
  memset(result, 0, sizeof *result);
  if (fstat(from_bytes(face)->fd, &status))
    return STG_E_READFAULT;
  result->type = STGTY_LOCKBYTES;
  result->cbSize.QuadPart = (ULONGLONG)status.st_size;
  result->mtime = file_time_from_timespec(status.st_mtim);
  result->ctime = file_time_from_timespec(status.st_ctim);
  result->atime = file_time_from_timespec(status.st_atim);
  result->grfLocksSupported = LOCK_WRITE | LOCK_EXCLUSIVE | LOCK_ONLYONCE;
  return S_OK;
}

static const ILockBytesVtbl bytes_vtable = {
  OLEANDER_FACE_SLOTS(FileBytes, bytes),
  FileBytes_ReadAt,
  FileBytes_WriteAt,
  FileBytes_Flush,
  FileBytes_SetSize,
  FileBytes_LockRegion,
  FileBytes_UnlockRegion,
  FileBytes_Stat,
};
static const ObjectFace bytes_faces[] = { { &IID_ILockBytes, offsetof(FileBytes, bytes), &bytes_vtable }, { 0 } };
static const ObjectType bytes_type = {
  "FileBytes", sizeof(FileBytes), offsetof(FileBytes, object), bytes_faces, file_bytes_destroy, NULL,
};

bool file_bytes_map(ILockBytes *bytes, uint64_t at, size_t size, MappedBytes *map) {
  return bytes->lpVtbl == &bytes_vtable && mapped_bytes_open(from_bytes(bytes)->fd, at, size, map);
}

/* Holds one of the four bytes, with others who do. */
static bool share_hold(int fd, int which) {
  struct flock lock = { .l_type = F_RDLCK, .l_whence = SEEK_SET, .l_start = SHARE_BYTES + which, .l_len = 1 };

  return !fcntl(fd, F_OFD_SETLK, &lock) || errno == EINVAL || errno == ENOLCK || errno == EOPNOTSUPP;
}

static bool share_held_by_others(int fd, int which) {
  struct flock lock = { .l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = SHARE_BYTES + which, .l_len = 1 };

  return !fcntl(fd, F_OFD_GETLK, &lock) && lock.l_type != F_UNLCK;
}

static HRESULT take_share(int fd, DWORD mode) {
  DWORD share = mode & STGM_SHARE;
  bool denies_read = share == STGM_SHARE_EXCLUSIVE || share == STGM_SHARE_DENY_READ;
  bool denies_write = share == STGM_SHARE_EXCLUSIVE || share == STGM_SHARE_DENY_WRITE;
  bool reads = mode_reads(mode);
  bool writes = mode_writes(mode);

  if ((reads && !share_hold(fd, SHARE_READS)) || (writes && !share_hold(fd, SHARE_WRITES)) ||
      (denies_read && !share_hold(fd, SHARE_DENIES_READ)) || (denies_write && !share_hold(fd, SHARE_DENIES_WRITE)))
    return STG_E_SHAREVIOLATION;
  if ((reads && share_held_by_others(fd, SHARE_DENIES_READ)) ||
      (writes && share_held_by_others(fd, SHARE_DENIES_WRITE)) ||
      (denies_read && share_held_by_others(fd, SHARE_READS)) ||
      (denies_write && share_held_by_others(fd, SHARE_WRITES)))
    return STG_E_SHAREVIOLATION;
  return S_OK;
}

/* Without the file it is the folder that matters. */
static HRESULT open_error(const char *path, int error) {
  const char *slash = strrchr(path, '/');
  struct stat status;

  if (error != ENOENT || !slash || slash == path)
    return storage_error_of(error);
  char *folder = strndup(path, (size_t)(slash - path));
  if (!folder)
    return E_OUTOFMEMORY;
  HRESULT result = stat(folder, &status) || !S_ISDIR(status.st_mode) ? STG_E_PATHNOTFOUND : STG_E_FILENOTFOUND;
  free(folder);
  return result;
}

static HRESULT wrap(int fd, bool writable, ILockBytes **result) {
  FileBytes *file = object_create(&bytes_type);

  if (!file) {
    close(fd);
    return E_OUTOFMEMORY;
  }
  file->fd = fd;
  file->writable = writable;
  *result = &file->bytes;
  return S_OK;
}

/* Opens a regular file, and nothing else. */
static HRESULT open_regular(const char16_t *path, int flags, int *fd, struct stat *facts) {
  char *text = utf8_copy(path);

  if (!text)
    return E_OUTOFMEMORY;
  *fd = open(text, flags | O_CLOEXEC | O_NOCTTY | O_NONBLOCK, 0666);
  HRESULT status = *fd < 0 ? open_error(text, errno) : S_OK;
  free(text);
  if (FAILED(status))
    return status;
  if (!fstat(*fd, facts) && S_ISREG(facts->st_mode))
    return S_OK;
  close(*fd);
  return STG_E_ACCESSDENIED;
}

HRESULT file_bytes_open(const char16_t *path, DWORD mode, bool create, ILockBytes **result) {
  bool writes = mode_writes(mode) || create;
  int flags = writes ? O_RDWR : O_RDONLY;
  struct stat facts;
  int fd;

  *result = NULL;
  if (create)
    flags |= O_CREAT | (mode & STGM_CREATE ? 0 : O_EXCL);
  HRESULT status = open_regular(path, flags, &fd, &facts);
  if (FAILED(status))
    return status;
  status = take_share(fd, mode);
  if (SUCCEEDED(status) && create && facts.st_size && ftruncate(fd, 0))
    status = storage_error_of(errno);
  if (FAILED(status)) {
    close(fd);
    return status;
  }
  return wrap(fd, writes, result);
}

HRESULT file_bytes_look(const char16_t *path, ILockBytes **result) {
  struct stat facts;
  int fd;
  HRESULT status = open_regular(path, O_RDONLY, &fd, &facts);

  *result = NULL;
  return SUCCEEDED(status) ? wrap(fd, false, result) : status;
}

HRESULT file_bytes_scratch(ILockBytes **result) {
  const char *folder = secure_getenv("TMPDIR");
  char name[4096];

  *result = NULL;
  if (!folder || !*folder || strlen(folder) > sizeof name - 32)
    folder = "/tmp";
  int fd = open(folder, O_TMPFILE | O_RDWR | O_CLOEXEC, 0600);
  if (fd < 0) {
    strcpy(name, folder);
    strcat(name, "/oleander-XXXXXX");
    fd = mkostemp(name, O_CLOEXEC);
    if (fd < 0)
      return storage_error_of(errno);
    unlink(name);
  }
  return wrap(fd, true, result);
}
