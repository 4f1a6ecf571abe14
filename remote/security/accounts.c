/* Users and groups of this host. */
#include "remote/security/accounts.h"

#include <errno.h>
#include <grp.h>
#include <pwd.h>
#include <stdlib.h>
#include <string.h>

/* Groups may be long: their members are in the entry. */
enum { FIRST_ROOM = 4096, ROOM_LIMIT = 1 << 24 };

typedef struct Entry {
  bool group, by_name;
  const char *name; /* asked for */
  uid_t uid;
  struct passwd user; /* found */
  struct group found_group;
} Entry;

static int look_up(Entry *entry, char *room, size_t size, bool *found) {
  struct passwd *user = NULL;
  struct group *group = NULL;
  int error = entry->group     ? getgrnam_r(entry->name, &entry->found_group, room, size, &group)
              : entry->by_name ? getpwnam_r(entry->name, &entry->user, room, size, &user)
                               : getpwuid_r(entry->uid, &entry->user, room, size, &user);
  *found = user || group;
  return error;
}

/* The texts of the entry are in *room, which is to be freed. */
static bool find(Entry *entry, char **room) {
  bool found = false;
  *room = NULL;
  for (size_t size = FIRST_ROOM; size <= ROOM_LIMIT; size *= 4) {
    char *larger = realloc(*room, size);
    if (!larger)
      return false;
    *room = larger;
    if (look_up(entry, larger, size, &found) != ERANGE)
      return found;
  }
  return false;
}

bool account_find_user(const char *name, uid_t *uid, gid_t *gid) {
  Entry entry = { .by_name = true, .name = name };
  char *room;
  bool found = find(&entry, &room);
  if (found) {
    *uid = entry.user.pw_uid;
    *gid = entry.user.pw_gid;
  }
  free(room);
  return found;
}

bool account_find_group(const char *name, gid_t *gid) {
  Entry entry = { .group = true, .by_name = true, .name = name };
  char *room;
  bool found = find(&entry, &room);
  if (found)
    *gid = entry.found_group.gr_gid;
  free(room);
  return found;
}

char *account_user_name(uid_t uid) {
  Entry entry = { .uid = uid };
  char *room, *name = find(&entry, &room) ? strdup(entry.user.pw_name) : NULL;
  free(room);
  return name;
}

gid_t account_primary_group(uid_t uid) {
  Entry entry = { .uid = uid };
  char *room;
  gid_t gid = find(&entry, &room) ? entry.user.pw_gid : (gid_t)uid;
  free(room);
  return gid;
}
