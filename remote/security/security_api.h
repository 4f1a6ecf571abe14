/* What remote/security/ shows to the folders above: who calls, and what permissions say. */
#ifndef OLEANDER_REMOTE_SECURITY_API_H
#define OLEANDER_REMOTE_SECURITY_API_H

#include "remote/security/access.h"
#include "remote/security/accounts.h"
#include "remote/security/blanket.h"
#include "remote/security/descriptor.h"
#include "remote/security/permission.h"
#include "remote/security/principal.h"
#include "remote/security/process_security.h"

/* For people: what a descriptor says, as lines. S_OK: the descriptor as SDDL, then for each entry "allow" or "deny", its rights as
 * a number, the principal, and "unknown" where this host does not know the name, parted by tabs. S_FALSE: what is wrong with it, and
 * the position in the text. E_OUTOFMEMORY. text: SDDL if it is that, else bytes. For free(). */
OLEANDER_API(HRESULT, security_describe, (const void *descriptor, size_t size, bool is_text, char **text));

#endif
