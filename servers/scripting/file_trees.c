/* Copying, moving, deleting and measuring exactly one file or folder. Links inside a folder are copied and deleted as
 * links, never followed; so there are no circles. */
#include "scripting_internal.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define WRITE_BITS (S_IWUSR | S_IWGRP | S_IWOTH)

/* the names in a folder */

static bool entry_is_folder(int folder, const struct dirent *entry) {
  struct stat status;

  if (entry->d_type != DT_UNKNOWN && entry->d_type != DT_LNK)
    return entry->d_type == DT_DIR;
  return fstatat(folder, entry->d_name, &status, 0) == 0 && S_ISDIR(status.st_mode);
}

static int by_bytes(const void *first, const void *second) {
  return strcmp(*(char *const *)first, *(char *const *)second);
}

static HRESULT add_name(NameList *list, size_t *room, const char *name) {
  if (list->count == *room) {
    size_t bigger = *room ? *room * 2 : 32;
    char **names = realloc(list->names, bigger * sizeof *names);

    if (!names)
      return E_OUTOFMEMORY;
    list->names = names;
    *room = bigger;
  }
  list->names[list->count] = malloc(strlen(name) + 1);
  if (!list->names[list->count])
    return E_OUTOFMEMORY;
  strcpy(list->names[list->count++], name);
  return S_OK;
}

static HRESULT read_names(DIR *folder, NameKind kind, NameList *list) {
  struct dirent *entry;
  size_t room = 0;
  HRESULT hr = S_OK;

  while (SUCCEEDED(hr)) {
    errno = 0;
    entry = readdir(folder);
    if (!entry)
      return error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
    if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
      continue;
    if (kind == NAMES_ALL || entry_is_folder(dirfd(folder), entry) == (kind == NAMES_FOLDERS))
      hr = add_name(list, &room, entry->d_name);
  }
  return hr;
}

HRESULT names_read(const char *path, NameKind kind, NameList *list) {
  DIR *folder = opendir(path);
  HRESULT hr;

  *list = (NameList){ NULL, 0 };
  if (!folder)
    return error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
  hr = read_names(folder, kind, list);
  closedir(folder);
  if (FAILED(hr))
    names_free(list);
  else if (list->count > 0)
    qsort(list->names, list->count, sizeof *list->names, by_bytes);
  return hr;
}

void names_free(NameList *list) {
  while (list->count > 0)
    free(list->names[--list->count]);
  free(list->names);
  list->names = NULL;
}

/* Does something with every entry of a folder, until it fails. */
static HRESULT each_entry(const char *folder, HRESULT (*action)(const char *path, const char *name, void *context),
                          void *context) {
  NameList list;
  size_t i;
  HRESULT hr = names_read(folder, NAMES_ALL, &list);

  if (FAILED(hr))
    return hr;
  for (i = 0; i < list.count && SUCCEEDED(hr); i++) {
    char *path;

    hr = path_join(folder, list.names[i], &path);
    if (SUCCEEDED(hr)) {
      hr = action(path, list.names[i], context);
      free(path);
    }
  }
  names_free(&list);
  return hr;
}

/* The error for a file that is not there: it, or its folder. */
static HRESULT missing_file(const char *path) {
  char *parent = NULL;
  HRESULT hr = RUNTIME_FILE_NOT_FOUND;

  if (path_parent(path, &parent) == S_OK && !facts_is_folder(parent))
    hr = RUNTIME_PATH_NOT_FOUND;
  free(parent);
  return hr;
}

/* deleting */

static bool is_read_only(const struct stat *status) {
  return !S_ISLNK(status->st_mode) && !(status->st_mode & WRITE_BITS);
}

HRESULT file_delete(const char *path, bool force) {
  struct stat status;

  if (lstat(path, &status) < 0)
    return error_from_errno(errno, missing_file(path));
  if (S_ISDIR(status.st_mode))
    return RUNTIME_FILE_NOT_FOUND;
  if (is_read_only(&status) && !force)
    return RUNTIME_PERMISSION_DENIED;
  return unlink(path) == 0 ? S_OK : error_from_errno(errno, RUNTIME_FILE_NOT_FOUND);
}

static HRESULT delete_folder(const char *path, const struct stat *status, bool force);

static HRESULT delete_entry(const char *path, const char *name, void *context) {
  const bool *force = context;
  struct stat status;

  (void)name;
  if (lstat(path, &status) < 0)
    return errno == ENOENT ? S_OK : error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
  return S_ISDIR(status.st_mode) ? delete_folder(path, &status, *force) : file_delete(path, *force);
}

static HRESULT delete_folder(const char *path, const struct stat *status, bool force) {
  HRESULT hr;

  if (is_read_only(status)) {
    if (!force)
      return RUNTIME_PERMISSION_DENIED;
    chmod(path, (status->st_mode & 07777) | S_IRWXU);
  }
  hr = each_entry(path, delete_entry, &force);
  if (SUCCEEDED(hr) && rmdir(path) < 0)
    hr = error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
  return hr;
}

HRESULT tree_delete(const char *path, bool force) {
  struct stat status;

  if (!path[1])
    return RUNTIME_PERMISSION_DENIED; /* the root */
  if (lstat(path, &status) < 0)
    return error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
  if (S_ISDIR(status.st_mode))
    return delete_folder(path, &status, force);
  if (!S_ISLNK(status.st_mode) || !facts_is_folder(path))
    return RUNTIME_PATH_NOT_FOUND;
  return unlink(path) == 0 ? S_OK : error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
}

/* copying */

static int copy_bytes(int from, int to) {
  char *buffer;
  ssize_t got;
  int number = 0;

  /* The kernel copies, or shares the blocks, where it can. */
  do {
    got = copy_file_range(from, NULL, to, NULL, 1 << 30, 0);
  } while (got > 0 || (got < 0 && errno == EINTR));
  if (got < 0 && (errno == ENOSPC || errno == EDQUOT || errno == EFBIG))
    return errno;
  /* What it did not copy goes by hand; some special file systems report 0 for files with contents. */
  buffer = malloc(1 << 17);
  if (!buffer)
    return ENOMEM;
  while (number == 0) {
    ssize_t done = 0;

    got = read(from, buffer, 1 << 17);
    if (got == 0)
      break;
    if (got < 0)
      number = errno == EINTR ? 0 : errno;
    while (number == 0 && done < got) {
      ssize_t written = write(to, buffer + done, (size_t)(got - done));

      if (written >= 0)
        done += written;
      else if (errno != EINTR)
        number = errno;
    }
  }
  free(buffer);
  return number;
}

/* Whether a copy may stand at `to`. */
static HRESULT check_target(const struct stat *source, const char *to, bool overwrite) {
  struct stat target;

  if (stat(to, &target) < 0)
    return errno == ENOENT ? S_OK : error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
  if (S_ISDIR(target.st_mode))
    return RUNTIME_PERMISSION_DENIED;
  if (!overwrite)
    return RUNTIME_FILE_EXISTS;
  if (is_read_only(&target) || (target.st_dev == source->st_dev && target.st_ino == source->st_ino))
    return RUNTIME_PERMISSION_DENIED;
  return S_OK;
}

/* Copies contents, permissions and the date of modification to an open file. */
static HRESULT copy_opened(int source, const struct stat *status, const char *to, bool overwrite) {
  struct timespec times[2] = { { .tv_nsec = UTIME_OMIT }, status->st_mtim };
  bool existed = access(to, F_OK) == 0;
  int target, number;

  target = open(to, O_WRONLY | O_CREAT | O_CLOEXEC | (overwrite ? O_TRUNC : O_EXCL), status->st_mode & 0777);
  if (target < 0)
    return error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
  number = copy_bytes(source, target);
  if (number == 0)
    futimens(target, times);
  if (close(target) < 0 && number == 0 && errno != EINTR)
    number = errno;
  if (number != 0 && !existed)
    unlink(to);
  return error_from_errno(number, RUNTIME_PATH_NOT_FOUND);
}

HRESULT file_copy(const char *from, const char *to, bool overwrite) {
  struct stat status;
  int source;
  HRESULT hr;

  if (stat(from, &status) < 0)
    return error_from_errno(errno, missing_file(from));
  if (S_ISDIR(status.st_mode))
    return RUNTIME_FILE_NOT_FOUND;
  if (!S_ISREG(status.st_mode))
    return RUNTIME_PATH_ACCESS; /* a device or a pipe has no contents to copy */
  hr = check_target(&status, to, overwrite);
  if (FAILED(hr))
    return hr;
  source = open(from, O_RDONLY | O_CLOEXEC);
  if (source < 0)
    return error_from_errno(errno, RUNTIME_FILE_NOT_FOUND);
  hr = copy_opened(source, &status, to, overwrite);
  close(source);
  return hr;
}

static HRESULT copy_link(const char *from, const char *to, bool overwrite) {
  char target[4096];
  struct stat there;
  ssize_t size = readlink(from, target, sizeof target);

  if (size < 0)
    return error_from_errno(errno, RUNTIME_FILE_NOT_FOUND);
  if ((size_t)size == sizeof target)
    return RUNTIME_BAD_FILE_NAME;
  target[size] = 0;
  if (lstat(to, &there) == 0) {
    if (!overwrite)
      return RUNTIME_FILE_EXISTS;
    if (S_ISDIR(there.st_mode) || unlink(to) < 0)
      return RUNTIME_PERMISSION_DENIED;
  }
  return symlink(target, to) == 0 ? S_OK : error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
}

typedef struct TreeCopy {
  const char *to;
  bool overwrite;
} TreeCopy;

static HRESULT copy_folder(const char *from, const struct stat *status, const char *to, bool overwrite);

static HRESULT copy_entry(const char *path, const char *name, void *context) {
  const TreeCopy *copy = context;
  struct stat status;
  char *target;
  HRESULT hr;

  if (lstat(path, &status) < 0)
    return error_from_errno(errno, RUNTIME_FILE_NOT_FOUND);
  hr = path_join(copy->to, name, &target);
  if (FAILED(hr))
    return hr;
  if (S_ISDIR(status.st_mode))
    hr = copy_folder(path, &status, target, copy->overwrite);
  else if (S_ISLNK(status.st_mode))
    hr = copy_link(path, target, copy->overwrite);
  else
    hr = file_copy(path, target, copy->overwrite);
  free(target);
  return hr;
}

static HRESULT copy_folder(const char *from, const struct stat *status, const char *to, bool overwrite) {
  TreeCopy copy = { to, overwrite };
  mode_t mode = status->st_mode & 0777;
  bool made;
  HRESULT hr;

  /* Writable for us until it is filled. */
  made = mkdir(to, mode | S_IRWXU) == 0;
  if (!made && errno != EEXIST)
    return error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
  if (!made && !facts_is_folder(to))
    return RUNTIME_FILE_EXISTS;
  hr = each_entry(from, copy_entry, &copy);
  if (SUCCEEDED(hr) && made && !(mode & S_IWUSR))
    chmod(to, mode);
  return hr;
}

/* Whether `to` would stand inside `from`, whatever links lead there. */
static bool is_inside(const char *from, const char *to) {
  char *parent = NULL, *real_from = realpath(from, NULL), *real_parent = NULL;
  size_t length = real_from ? strlen(real_from) : 0;
  bool inside;

  if (path_parent(to, &parent) == S_OK)
    real_parent = realpath(parent, NULL);
  inside = real_from && real_parent && strncmp(real_parent, real_from, length) == 0 &&
           (!real_parent[length] || real_parent[length] == '/' || length == 1);
  free(parent);
  free(real_from);
  free(real_parent);
  return inside;
}

static bool is_same(const char *first, const char *second) {
  struct stat a, b;

  return stat(first, &a) == 0 && stat(second, &b) == 0 && a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

HRESULT tree_copy(const char *from, const char *to, bool overwrite) {
  struct stat status;

  if (stat(from, &status) < 0)
    return error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
  if (!S_ISDIR(status.st_mode))
    return RUNTIME_PATH_NOT_FOUND;
  if (is_inside(from, to) || is_same(from, to))
    return RUNTIME_PERMISSION_DENIED;
  return copy_folder(from, &status, to, overwrite);
}

/* moving */

/* Renames without replacing anything; EXDEV when it has to be copied. */
static int rename_new(const char *from, const char *to) {
  struct stat there;

  if (renameat2(AT_FDCWD, from, AT_FDCWD, to, RENAME_NOREPLACE) == 0)
    return 0;
  if (errno != EINVAL && errno != ENOSYS)
    return errno;
  /* A file system that cannot do it in one step. */
  if (lstat(to, &there) == 0)
    return EEXIST;
  return rename(from, to) == 0 ? 0 : errno;
}

HRESULT file_move(const char *from, const char *to) {
  struct stat status;
  HRESULT hr;
  int number;

  if (lstat(from, &status) < 0)
    return error_from_errno(errno, missing_file(from));
  if (S_ISDIR(status.st_mode))
    return RUNTIME_FILE_NOT_FOUND;
  number = rename_new(from, to);
  if (number != EXDEV)
    return error_from_errno(number, RUNTIME_PATH_NOT_FOUND);
  hr = S_ISLNK(status.st_mode) ? copy_link(from, to, false) : file_copy(from, to, false);
  return SUCCEEDED(hr) ? file_delete(from, true) : hr;
}

HRESULT tree_move(const char *from, const char *to) {
  int number;
  HRESULT hr;

  if (!facts_is_folder(from))
    return RUNTIME_PATH_NOT_FOUND;
  number = rename_new(from, to);
  if (number != EXDEV)
    return error_from_errno(number, RUNTIME_PATH_NOT_FOUND);
  hr = tree_copy(from, to, false);
  return SUCCEEDED(hr) ? tree_delete(from, true) : hr;
}

HRESULT file_rename(const char *from, const char *name, HRESULT missing, char **renamed) {
  char *parent = NULL, *to = NULL;
  struct stat status;
  HRESULT hr;

  *renamed = NULL;
  if (!name_is_component(name))
    return E_INVALIDARG;
  if (lstat(from, &status) < 0)
    return error_from_errno(errno, missing);
  hr = path_parent(from, &parent);
  if (hr != S_OK)
    return FAILED(hr) ? hr : RUNTIME_PERMISSION_DENIED; /* the root */
  hr = path_join(parent, name, &to);
  free(parent);
  if (SUCCEEDED(hr) && strcmp(from, to) != 0)
    hr = error_from_errno(rename_new(from, to), missing);
  if (SUCCEEDED(hr))
    *renamed = to;
  else
    free(to);
  return hr;
}

/* measuring */

static HRESULT add_size(const char *path, const char *name, void *context) {
  uint64_t *bytes = context;
  struct stat status;

  (void)name;
  if (lstat(path, &status) < 0)
    return errno == ENOENT ? S_OK : error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
  if (S_ISREG(status.st_mode))
    *bytes += (uint64_t)status.st_size;
  return S_ISDIR(status.st_mode) ? each_entry(path, add_size, bytes) : S_OK;
}

HRESULT tree_size(const char *path, uint64_t *bytes) {
  *bytes = 0;
  return each_entry(path, add_size, bytes);
}
