/* Security identifiers ([MS-DTYP] 2.4.2): as text, as bytes, and as the two letters of SDDL. */
#ifndef OLEANDER_REMOTE_SECURITY_SID_H
#define OLEANDER_REMOTE_SECURITY_SID_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "com/com_api.h"

enum { SID_PARTS = 15, SID_TEXT = 200 };

typedef struct Sid {
  uint64_t authority; /* 48 bits */
  uint8_t count;
  uint32_t parts[SID_PARTS];
} Sid;

bool sid_equal(const Sid *a, const Sid *b);

/* "S-1-5-32-544", "S-1-0x10000000000-5", or two letters; all of it. False: it is none. */
bool sid_from_text(const char *text, size_t size, Sid *sid);
/* Two letters where there are some. `text` has room for SID_TEXT. */
void sid_to_text(const Sid *sid, char *text);

/* Bytes; reading fails the cursor. */
void sid_read(Cursor *cursor, Sid *sid);
static inline size_t sid_size(const Sid *sid) {
  return 8 + 4 * (size_t)sid->count;
}
void sid_write(const Sid *sid, uint8_t *bytes);

/* Those that say something about the caller of an object. */
extern const Sid SID_EVERYONE, SID_ANONYMOUS, SID_NETWORK, SID_INTERACTIVE, SID_AUTHENTICATED, SID_SELF, SID_SYSTEM,
    SID_ADMINISTRATORS, SID_USERS, SID_DCOM_USERS;

/* Users and groups of this host, as Samba and others number them: S-1-22-1-UID and S-1-22-2-GID. */
Sid sid_of_user(uint32_t uid);
Sid sid_of_group(uint32_t gid);

#endif
