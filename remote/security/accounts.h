/* Users and groups of this host by name and number, as the system knows them (nsswitch.conf). */
#ifndef OLEANDER_REMOTE_SECURITY_ACCOUNTS_H
#define OLEANDER_REMOTE_SECURITY_ACCOUNTS_H

#include <stdbool.h>
#include <sys/types.h>

/* False: there is none. */
bool account_find_user(const char *name, uid_t *uid, gid_t *gid);
bool account_find_group(const char *name, gid_t *gid);
/* Of a user that the system does not know: the number of the user, as is usual for groups of users. */
gid_t account_primary_group(uid_t uid);
/* For free(); NULL: it has no name. */
char *account_user_name(uid_t uid);

#endif
