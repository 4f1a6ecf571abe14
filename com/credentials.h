/* As whom a thread acts: as its process, or as a user of this host whose call it carries out. Only the thread's own effective user,
 * group and groups change (credentials(7): they belong to threads; the C library's functions change those of all). */
#ifndef OLEANDER_COM_CREDENTIALS_H
#define OLEANDER_COM_CREDENTIALS_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#include <objbase.h>

typedef struct Credentials Credentials;

/* The thread acts as that user from now on, instead of whoever it was. S_FALSE: that is whom it acts as anyway, as the process is
 * that user's. E_ACCESSDENIED: the process may not (CAP_SETUID, CAP_SETGID); E_OUTOFMEMORY: then it is as it was. */
HRESULT credentials_become(uid_t uid, gid_t gid, const gid_t *groups, size_t count);
/* Acts as the process again; true: it had acted as somebody else, or as that user (S_FALSE above). */
bool credentials_revert(void);
bool credentials_assumed(void);

/* Around what a thread does for the process or for somebody else: it acts as the process until it takes back what was put aside.
 * NULL is allowed, and is what a thread that acts as the process gives. */
Credentials *credentials_put_aside(void);
void credentials_take_back(Credentials *credentials);

#endif
