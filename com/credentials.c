/* The user that a thread acts as (credentials.h). Real and saved ids stay the process's, so the way back is always open. */
#include "com/credentials.h"

#include <grp.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

typedef struct Ids {
  uid_t uid;
  gid_t gid;
  size_t count;
  gid_t *groups;
} Ids;

struct Credentials {
  Ids user, process;
  bool differs; /* else the process is that user's */
};

static _Thread_local Credentials *acts_as; /* NULL: the process */

static void credentials_free(Credentials *credentials) {
  if (!credentials)
    return;
  free(credentials->user.groups);
  free(credentials->process.groups);
  free(credentials);
}

static bool copy_ids(Ids *ids, uid_t uid, gid_t gid, const gid_t *groups, size_t count) {
  *ids = (Ids){ uid, gid, count, malloc((count + 1) * sizeof *groups) };
  if (ids->groups && count)
    memcpy(ids->groups, groups, count * sizeof *groups);
  return ids->groups;
}

static bool find_process(Ids *ids) {
  int count = getgroups(0, NULL);
  *ids = (Ids){ geteuid(), getegid(), 0, malloc(((size_t)(count < 0 ? 0 : count) + 1) * sizeof *ids->groups) };
  count = ids->groups && count >= 0 ? getgroups(count, ids->groups) : -1;
  ids->count = count < 0 ? 0 : (size_t)count;
  return count >= 0;
}

static bool set_user(const Ids *ids) {
  return syscall(SYS_setresuid, (uid_t)-1, ids->uid, (uid_t)-1) == 0;
}

static bool set_group(const Ids *ids) {
  return syscall(SYS_setresgid, (gid_t)-1, ids->gid, (gid_t)-1) == 0;
}

static bool set_groups(const Ids *ids) {
  return syscall(SYS_setgroups, ids->count, ids->groups) == 0;
}

/* The groups first, as the user may be one who cannot set them. False: nothing has changed. A thread that is left between two users must
 * not go on. */
static bool change(const Ids *from, const Ids *to) {
  if (!set_groups(to))
    return false;
  if (set_group(to) && set_user(to))
    return true;
  if (!set_group(from) || !set_groups(from))
    abort();
  return false;
}

HRESULT credentials_become(uid_t uid, gid_t gid, const gid_t *groups, size_t count) {
  Credentials *fresh = calloc(1, sizeof *fresh), *before = credentials_put_aside();
  HRESULT status = E_OUTOFMEMORY;
  if (fresh && copy_ids(&fresh->user, uid, gid, groups, count) && find_process(&fresh->process)) {
    fresh->differs = uid != fresh->process.uid;
    status = !fresh->differs ? S_FALSE : change(&fresh->process, &fresh->user) ? S_OK : E_ACCESSDENIED;
  }
  if (SUCCEEDED(status)) {
    acts_as = fresh;
    credentials_free(before);
  } else {
    credentials_free(fresh);
    credentials_take_back(before);
  }
  return status;
}

bool credentials_assumed(void) {
  return acts_as;
}

bool credentials_revert(void) {
  Credentials *before = credentials_put_aside();
  credentials_free(before);
  return before;
}

/* Who cannot go back, or cannot be again what it was, would do as one what it is to do as another. */

Credentials *credentials_put_aside(void) {
  Credentials *credentials = acts_as;
  acts_as = NULL;
  if (credentials && credentials->differs &&
      (!set_user(&credentials->process) || !set_group(&credentials->process) || !set_groups(&credentials->process)))
    abort();
  return credentials;
}

void credentials_take_back(Credentials *credentials) {
  if (credentials && credentials->differs && !change(&credentials->process, &credentials->user))
    abort();
  acts_as = credentials;
}
