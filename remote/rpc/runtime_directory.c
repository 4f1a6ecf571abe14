/* The folder of the user's sockets (runtime_directory.h). */
#include "remote/rpc/runtime_directory.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "com/com_api.h"

static const char SOURCE[] = "Oleander";

HRESULT runtime_error(int error, const char *doing, const char *name) {
  static const struct {
    int error;
    unsigned code; /* of Win32 */
  } codes[] = { { ENOMEM, ERROR_OUTOFMEMORY },         { EACCES, ERROR_ACCESS_DENIED },
                { EPERM, ERROR_ACCESS_DENIED },        { ENOENT, ERROR_PATH_NOT_FOUND },
                { ENOTDIR, ERROR_DIRECTORY },          { EMFILE, ERROR_TOO_MANY_OPEN_FILES },
                { ENFILE, ERROR_TOO_MANY_OPEN_FILES }, { ENOSPC, ERROR_DISK_FULL },
                { EDQUOT, ERROR_DISK_FULL },           { EROFS, ERROR_WRITE_PROTECT },
                { EADDRINUSE, ERROR_ALREADY_EXISTS },  { ENAMETOOLONG, ERROR_FILENAME_EXCED_RANGE } };
  HRESULT code = CO_E_INIT_RPC_CHANNEL;
  char directory[PATH_MAX];
  for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++) {
    if (codes[i].error == error)
      code = HRESULT_FROM_WIN32(codes[i].code);
  }
  if (FAILED(runtime_directory_path(directory)))
    return code;
  return error_raise(code, SOURCE, "Cannot %s %s%s%s: %s", doing, directory, *name ? "/" : "", name, strerror(error));
}

/* Which folder */

static bool belongs_to_us(const char *path) {
  struct stat found;
  return stat(path, &found) == 0 && S_ISDIR(found.st_mode) && found.st_uid == geteuid();
}

HRESULT runtime_directory_path(char path[PATH_MAX]) {
  const char *own = secure_getenv("OLEANDER_RUNTIME"), *session = secure_getenv("XDG_RUNTIME_DIR");
  int size;
  if (own && *own && *own != '/')
    return error_raise(E_INVALIDARG, SOURCE, "OLEANDER_RUNTIME is not an absolute path: %s", own);
  if (own && *own)
    size = snprintf(path, PATH_MAX, "%s", own);
  else if (session && *session == '/' && belongs_to_us(session)) /* not after su */
    size = snprintf(path, PATH_MAX, "%s/oleander", session);
  else
    size = snprintf(path, PATH_MAX, "/tmp/oleander-%u", (unsigned)geteuid());
  if (size >= PATH_MAX)
    return error_raise(HRESULT_FROM_WIN32(ERROR_FILENAME_EXCED_RANGE), SOURCE,
                       "The path of the runtime directory is too long.");
  return S_OK;
}

/* Why it cannot be used, or NULL. */
static const char *objection(const struct stat *found) {
  if (found->st_uid != geteuid())
    return "it belongs to another user";
  if (found->st_mode & 077)
    return "others than its owner have rights in it (it must have mode 0700)";
  return NULL;
}

static HRESULT refuse(const char *path, const char *reason) {
  return error_raise(E_ACCESSDENIED, SOURCE, "The runtime directory %s is not used: %s.", path, reason);
}

static HRESULT open_failed(const char *path, int error) {
  struct stat found;
  if (lstat(path, &found) == 0 && S_ISLNK(found.st_mode))
    return refuse(path, "it is a symbolic link");
  return runtime_error(error, "use the runtime directory", "");
}

HRESULT runtime_directory_open(int *directory) {
  char path[PATH_MAX];
  HRESULT status = runtime_directory_path(path);
  *directory = -1;
  if (FAILED(status))
    return status;
  if (mkdir(path, 0700) != 0 && errno != EEXIST)
    return runtime_error(errno, "make the runtime directory", "");
  int opened = open(path, O_PATH | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC);
  if (opened < 0)
    return open_failed(path, errno);
  struct stat found;
  const char *reason = fstat(opened, &found) == 0 ? objection(&found) : strerror(errno);
  if (reason) {
    close(opened);
    return refuse(path, reason);
  }
  *directory = opened;
  return S_OK;
}

HRESULT runtime_directory_address(int directory, const char *name, struct sockaddr_un *address, socklen_t *size) {
  char path[PATH_MAX];
  HRESULT status = runtime_directory_path(path);
  if (FAILED(status))
    return status;
  *address = (struct sockaddr_un){ .sun_family = AF_UNIX };
  const size_t room = sizeof address->sun_path;
  size_t needed = strlen(path) + 1 + strlen(name) + 1;
  int length = needed <= room ? snprintf(address->sun_path, room, "%s/%s", path, name)
                              : snprintf(address->sun_path, room, "/proc/self/fd/%d/%s", directory, name);
  if (length < 0 || (size_t)length >= room)
    return runtime_error(ENAMETOOLONG, "name", name);
  *size = (socklen_t)(offsetof(struct sockaddr_un, sun_path) + (size_t)length + 1);
  return S_OK;
}

int runtime_directory_lock(int directory, const char *name, int seconds) {
  int lock = openat(directory, name, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
  if (lock < 0)
    return -1;
  for (int tries = 0; flock(lock, LOCK_EX | LOCK_NB) != 0; tries++) {
    if ((errno != EWOULDBLOCK && errno != EINTR) || tries == seconds * 1000) {
      int error = errno;
      close(lock);
      errno = error == EWOULDBLOCK ? EBUSY : error;
      return -1;
    }
    nanosleep(&(struct timespec){ .tv_nsec = 1000000 }, NULL);
  }
  return lock;
}

static bool is_stale(int directory, const char *name) {
  struct sockaddr_un address;
  socklen_t size;
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  bool stale = probe >= 0 && SUCCEEDED(runtime_directory_address(directory, name, &address, &size)) &&
               connect(probe, (const struct sockaddr *)&address, size) != 0 && errno == ECONNREFUSED;
  if (probe >= 0)
    close(probe);
  return stale;
}

static void sweep_locked(int directory, const char *prefix) {
  int readable = openat(directory, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  DIR *entries = readable >= 0 ? fdopendir(readable) : NULL;
  if (!entries) {
    if (readable >= 0)
      close(readable);
    return;
  }
  for (const struct dirent *entry; (entry = readdir(entries));) {
    if (strncmp(entry->d_name, prefix, strlen(prefix)) == 0 && is_stale(directory, entry->d_name))
      unlinkat(directory, entry->d_name, 0);
  }
  closedir(entries);
}

/* Under the lock: a socket on which its owner is just about to listen is not stale. */
void runtime_directory_sweep(int directory, const char *prefix) {
  int lock = runtime_directory_lock(directory, "lock", 5);
  if (lock < 0)
    return;
  sweep_locked(directory, prefix);
  close(lock);
}
