/* What remote/security/ shows to the folders above: who calls, and what permissions say. */
#ifndef OLEANDER_REMOTE_SECURITY_API_H
#define OLEANDER_REMOTE_SECURITY_API_H

#include "remote/security/access.h"
#include "remote/security/accounts.h"
#include "remote/security/descriptor.h"
#include "remote/security/permission.h"
#include "remote/security/principal.h"

#endif
