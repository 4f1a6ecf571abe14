/* Whom a process calls as where it says no password: a file of lines DOMAIN:user:password, its owner's alone, that OLEANDER_LOGIN names.
 * So no password stands in a script, a command line or the environment. */
#ifndef OLEANDER_REMOTE_SECURITY_LOGIN_H
#define OLEANDER_REMOTE_SECURITY_LOGIN_H

#include "remote/security/blanket.h"

/* The login of that user; domain and user are compared without case, an empty domain, here or there, is any. user "": the first of the
 * file. S_FALSE and NULL: there is none. Else what is wrong with the file, without a word of it. */
HRESULT login_find(const char *domain, const char *user, Identity **identity);

#endif
