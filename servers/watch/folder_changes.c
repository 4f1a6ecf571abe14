/* The changes of one folder; see folder_changes.h. */
#include "folder_changes.h"

#include <errno.h>
#include <limits.h>
#include <stdint.h>
#include <string.h>
#include <sys/inotify.h>
#include <unistd.h>

#define CHANGES                                                                                                        \
  (IN_CREATE | IN_CLOSE_WRITE | IN_ATTRIB | IN_DELETE | IN_MOVED_FROM | IN_MOVED_TO | IN_DELETE_SELF | IN_MOVE_SELF)

int changes_open(const char *folder) {
  int descriptor = inotify_init1(IN_CLOEXEC | IN_NONBLOCK);
  if (descriptor < 0)
    return -1;
  if (inotify_add_watch(descriptor, folder, CHANGES | IN_ONLYDIR) >= 0)
    return descriptor;
  int error = errno;
  close(descriptor);
  errno = error;
  return -1;
}

/* What is being handed on. A name that was moved away waits for its new one, which the kernel sends right behind it. */
typedef struct Reading {
  ChangeHandler *handle;
  void *context;
  uint32_t cookie; /* of the move; 0: none waits */
  char moved[NAME_MAX + 1];
} Reading;

static bool tell(Reading *reading, ChangeKind kind, const char *name, const char *other) {
  FolderChange change = { kind, name, other };
  return reading->handle(&change, reading->context);
}

/* The waiting name went to another folder. */
static bool tell_moved_away(Reading *reading) {
  if (!reading->cookie)
    return true;
  reading->cookie = 0;
  return tell(reading, CHANGE_DELETED, reading->moved, NULL);
}

static bool take_moved_to(Reading *reading, const struct inotify_event *event) {
  if (reading->cookie && reading->cookie == event->cookie) {
    reading->cookie = 0;
    return tell(reading, CHANGE_RENAMED, reading->moved, event->name);
  }
  return tell_moved_away(reading) && tell(reading, CHANGE_CREATED, event->name, NULL);
}

static bool take(Reading *reading, const struct inotify_event *event) {
  if (event->len && event->mask & IN_MOVED_TO)
    return take_moved_to(reading, event);
  if (!tell_moved_away(reading))
    return false;
  if (event->mask & IN_Q_OVERFLOW)
    return tell(reading, CHANGE_MISSED, NULL, NULL);
  if (event->mask & (IN_DELETE_SELF | IN_MOVE_SELF | IN_UNMOUNT | IN_IGNORED)) {
    tell(reading, CHANGE_GONE, NULL, NULL);
    return false;
  }
  if (!event->len)
    return true; /* of the folder itself */
  if (event->mask & IN_MOVED_FROM) {
    reading->cookie = event->cookie;
    strncpy(reading->moved, event->name, sizeof reading->moved - 1);
    return true;
  }
  ChangeKind kind = event->mask & IN_CREATE   ? CHANGE_CREATED
                    : event->mask & IN_DELETE ? CHANGE_DELETED
                                              : CHANGE_CHANGED;
  return tell(reading, kind, event->name, NULL);
}

bool changes_read(int descriptor, ChangeHandler *handle, void *context) {
  _Alignas(struct inotify_event) char bytes[16 * (sizeof(struct inotify_event) + NAME_MAX + 1)];
  Reading reading = { .handle = handle, .context = context };
  for (;;) {
    ssize_t size = read(descriptor, bytes, sizeof bytes);
    if (size < 0 && errno == EINTR)
      continue;
    if (size <= 0)
      return tell_moved_away(&reading) && size < 0 && errno == EAGAIN;
    for (ssize_t at = 0; at < size;) {
      const struct inotify_event *event = (const void *)(bytes + at);
      if (!take(&reading, event))
        return false;
      at += (ssize_t)(sizeof *event + event->len);
    }
  }
}
