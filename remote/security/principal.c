/* Who calls: users of this host with their groups, accounts of domains. */
#include "remote/security/principal.h"

#include <grp.h>
#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "remote/security/accounts.h"

enum { GROUP_LIMIT = 65536 };

static Principal *create(const char *domain, const char *name) {
  Principal *principal = calloc(1, sizeof *principal);
  if (!principal)
    return NULL;
  principal->references = 1;
  principal->domain = strdup(domain);
  principal->name = strdup(name);
  if (principal->domain && principal->name)
    return principal;
  principal_release(principal);
  return NULL;
}

/* Of a name that the system knows; else only the primary one. */
static bool find_groups(Principal *principal, const char *name, gid_t primary) {
  int room = 64;
  for (;;) {
    gid_t *groups = malloc((size_t)room * sizeof *groups);
    int count = room;
    if (!groups)
      return false;
    if (!name || getgrouplist(name, primary, groups, &count) >= 0) {
      if (!name) {
        groups[0] = primary;
        count = 1;
      }
      principal->groups = groups;
      principal->group_count = (size_t)count;
      return true;
    }
    free(groups);
    if (room >= GROUP_LIMIT)
      return false;
    room = count > room ? count : room * 2;
  }
}

static Principal *as_user(Principal *principal, uid_t uid, gid_t gid, const char *known) {
  if (!principal)
    return NULL;
  principal->authenticated = true;
  principal->is_user = true;
  principal->uid = uid;
  if (find_groups(principal, known, gid))
    return principal;
  principal_release(principal);
  return NULL;
}

Principal *principal_of_user(uid_t uid, gid_t gid) {
  char number[32];
  char *name = account_user_name(uid);
  snprintf(number, sizeof number, "%u", (unsigned)uid);
  Principal *principal = as_user(create("", name ? name : number), uid, gid, name);
  free(name);
  return principal;
}

static bool is_this_host(const char *domain) {
  char host[256] = "";
  gethostname(host, sizeof host - 1);
  char *dot = strchr(host, '.');
  if (dot && !strchr(domain, '.'))
    *dot = 0;
  return !*domain || strcmp(domain, ".") == 0 || strcasecmp(domain, host) == 0;
}

Principal *principal_of_account(const char *domain, const char *name, bool remote, bool listed) {
  char *full = NULL;
  uid_t uid;
  gid_t gid;
  Principal *principal = create(domain, name);
  if (!principal)
    return NULL;
  if (!is_this_host(domain) && asprintf(&full, "%s\\%s", domain, name) < 0) {
    principal_release(principal);
    return NULL;
  }
  const char *known = full ? full : name;
  principal->authenticated = true;
  if (account_find_user(known, &uid, &gid))
    principal = as_user(principal, uid, gid, known);
  if (principal) {
    principal->remote = remote;
    principal->listed = listed;
  }
  free(full);
  return principal;
}

Principal *principal_anonymous(bool remote) {
  Principal *principal = create("", "");
  if (principal)
    principal->remote = remote;
  return principal;
}

Principal *principal_addref(Principal *principal) {
  atomic_fetch_add_explicit(&principal->references, 1, memory_order_relaxed);
  return principal;
}

void principal_release(Principal *principal) {
  if (!principal || atomic_fetch_sub(&principal->references, 1) != 1)
    return;
  free(principal->groups);
  free(principal->domain);
  free(principal->name);
  free(principal->sids);
  free(principal);
}

static bool has_group(const Principal *principal, uint32_t gid) {
  for (size_t i = 0; i < principal->group_count; i++) {
    if (principal->groups[i] == gid)
      return true;
  }
  return false;
}

/* S-1-22-1-UID, S-1-22-2-GID. */
static bool has_unix_sid(const Principal *principal, const Sid *sid) {
  if (sid->authority != 22 || sid->count != 2 || !principal->is_user)
    return false;
  return sid->parts[0] == 1 ? sid->parts[1] == principal->uid
                            : sid->parts[0] == 2 && has_group(principal, sid->parts[1]);
}

bool principal_has(const Principal *principal, const Sid *sid, uid_t self) {
  if (sid_equal(sid, &SID_NETWORK))
    return principal->remote;
  if (!principal->authenticated)
    return sid_equal(sid, &SID_ANONYMOUS);
  if (sid_equal(sid, &SID_EVERYONE) || sid_equal(sid, &SID_AUTHENTICATED) || sid_equal(sid, &SID_USERS))
    return true;
  if (sid_equal(sid, &SID_INTERACTIVE))
    return !principal->remote;
  if (sid_equal(sid, &SID_SELF))
    return principal->is_user && principal->uid == self;
  if (sid_equal(sid, &SID_SYSTEM))
    return principal->is_user && principal->uid == 0;
  if (sid_equal(sid, &SID_ADMINISTRATORS) && principal->is_user && principal->uid == 0)
    return true;
  if (sid_equal(sid, &SID_DCOM_USERS) && principal->listed)
    return true;
  if (has_unix_sid(principal, sid))
    return true;
  for (size_t i = 0; i < principal->sid_count; i++) {
    if (sid_equal(&principal->sids[i], sid))
      return true;
  }
  return false;
}

char *principal_text(const Principal *principal) {
  char *text = NULL;
  if (!principal->authenticated)
    return strdup("An anonymous caller");
  return asprintf(&text, "%s%s%s", principal->domain, *principal->domain ? "\\" : "", principal->name) < 0 ? NULL
                                                                                                           : text;
}
