/* Who calls: a user of this host by the credentials of a unix socket, an account that a security provider has authenticated, or
 * nobody known. Whether the call came from this host or over the network is part of it. Immutable once made; counted. */
#ifndef OLEANDER_REMOTE_SECURITY_PRINCIPAL_H
#define OLEANDER_REMOTE_SECURITY_PRINCIPAL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#include "remote/security/sid.h"

typedef struct Principal {
  _Atomic uint32_t references;
  bool remote;        /* it calls over the network */
  bool authenticated; /* else anonymous, and all that follows is empty */
  bool listed;        /* an account that the host's own list of users names */
  bool is_user;       /* it is a user of this host: uid and groups */
  uid_t uid;
  gid_t *groups; /* with the primary one */
  size_t group_count;
  char *domain, *name; /* never NULL; the domain of a user of this host is empty */
  Sid *sids;           /* more that the provider knows of it: its own, its groups'; may be NULL */
  size_t sid_count;
  _Atomic uint32_t admitted; /* access_generation in which it was found to have access; the one thing that changes */
} Principal;

/* Each for principal_release; NULL: out of memory. */

/* The peer of a unix socket (or this process: geteuid(), getegid()). */
Principal *principal_of_user(uid_t uid, gid_t gid);
/* Whom a provider has authenticated; `domain` may be empty. It is a user of this host too where the domain is empty or the
 * host's name and there is such a user, or where the system itself knows "DOMAIN\name" (winbind). */
Principal *principal_of_account(const char *domain, const char *name, bool remote, bool listed);
Principal *principal_anonymous(bool remote);

Principal *principal_addref(Principal *principal);
void principal_release(Principal *principal); /* NULL is allowed */

/* Whether it has the SID: itself, or by a group. self: whose the process is that is called (SDDL's PS). */
bool principal_has(const Principal *principal, const Sid *sid, uid_t self);
/* How it is called in messages: "DOMAIN\name", "name", "anonymous". For free(); NULL: out of memory. */
char *principal_text(const Principal *principal);

#endif
