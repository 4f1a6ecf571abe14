/* Starting the COM service: whoever needs it first does, and the others wait for that one. */
#include <dlfcn.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <spawn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "activation/local/local.h"

enum { START_SECONDS = 60, WORDS = 512 };

/* In an installed tree the library lies in lib/ or lib/TRIPLET/, in a build tree above bin/ or beside it. */
char *program_beside_library(const char *name) {
  static const char *const ways[] = { "bin", "../bin", "../../bin", "../libexec" };
  char library[PATH_MAX], path[PATH_MAX];
  Dl_info info;
  if (!dladdr((void *)(uintptr_t)program_beside_library, &info) || !info.dli_fname ||
      !realpath(info.dli_fname, library))
    return NULL;
  *strrchr(library, '/') = 0;
  for (size_t i = 0; i < sizeof ways / sizeof ways[0]; i++) {
    int size = snprintf(path, sizeof path, "%s/%s/%s", library, ways[i], name);
    if (size > 0 && (size_t)size < sizeof path && access(path, X_OK) == 0)
      return realpath(path, NULL);
  }
  return NULL;
}

static bool is_there(int directory) {
  struct sockaddr_un address;
  socklen_t size;
  int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
  bool found = probe >= 0 && SUCCEEDED(runtime_directory_address(directory, BROKER_SOCKET, &address, &size)) &&
               (connect(probe, (const struct sockaddr *)&address, size) == 0 || errno == EAGAIN);
  if (probe >= 0)
    close(probe);
  return found;
}

/* 0, or errno; *words: where its stderr can be read, which ends when it is ready. */
static int spawn(const char *path, pid_t *child, int *words) {
  extern char **environ;
  char *arguments[] = { (char *)(uintptr_t) "oleanderd", NULL };
  posix_spawn_file_actions_t actions;
  int ends[2];
  if (pipe2(ends, O_CLOEXEC) != 0)
    return errno;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDIN_FILENO, "/dev/null", O_RDONLY, 0);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  posix_spawn_file_actions_adddup2(&actions, ends[1], STDERR_FILENO);
  posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  int error = posix_spawn(child, path, &actions, NULL, arguments, environ);
  posix_spawn_file_actions_destroy(&actions);
  close(ends[1]);
  *words = ends[0];
  if (error)
    close(ends[0]);
  return error;
}

/* What it says until it is ready, or is late. */
static void listen_to(int words, char text[WORDS]) {
  size_t size = 0;
  int64_t deadline = apartment_after(START_SECONDS);
  for (;;) {
    int64_t left = (deadline - apartment_clock()) / 1000000;
    struct pollfd polled = { .fd = words, .events = POLLIN };
    int ready = left > 0 ? poll(&polled, 1, (int)left) : 0;
    char some[WORDS];
    ssize_t got = ready > 0 ? read(words, some, sizeof some) : -1;
    if (ready < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      break;
    if ((size_t)got > WORDS - 1 - size)
      got = (ssize_t)(WORDS - 1 - size);
    memcpy(text + size, some, (size_t)got);
    size += (size_t)got;
  }
  while (size && text[size - 1] == '\n')
    size--;
  text[size] = 0;
}

/* One that has begun may have left again when this looks: who had only a short question was faster. */
static HRESULT start_locked(void) {
  char *path = program_beside_library("oleanderd"), text[WORDS];
  pid_t child;
  int words = -1, ended = 0;
  if (!path)
    return error_raise(
        CO_E_START_SERVICE_FAILURE, ERROR_SOURCE,
        "The COM service is not running, and its program oleanderd is not installed beside the library.");
  int error = spawn(path, &child, &words);
  if (error) {
    HRESULT status = error_raise(CO_E_START_SERVICE_FAILURE, ERROR_SOURCE, "The COM service %s cannot be started: %s",
                                 path, strerror(error));
    free(path);
    return status;
  }
  listen_to(words, text);
  close(words);
  bool known = waitpid(child, &ended, 0) == child; /* it has left its work to a process that is nobody's child */
  HRESULT status = !known || (WIFEXITED(ended) && WEXITSTATUS(ended) == 0)
                       ? S_OK
                       : error_raise(CO_E_START_SERVICE_FAILURE, ERROR_SOURCE, "The COM service %s has not begun: %s",
                                     path, *text ? text : "no reason given");
  free(path);
  return status;
}

HRESULT broker_start(void) {
  int directory;
  HRESULT status = runtime_directory_open(&directory);
  if (FAILED(status))
    return status;
  int lock = runtime_directory_lock(directory, "start.lock", START_SECONDS * 2);
  if (lock < 0)
    status = runtime_error(errno, "lock", "start.lock");
  else if (!is_there(directory))
    status = start_locked();
  if (lock >= 0)
    close(lock);
  close(directory);
  return status;
}
