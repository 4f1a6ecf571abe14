/* Who calls, and acting as him: what IServerSecurity does within a call from elsewhere. */
#ifndef OLEANDER_REMOTE_SERVED_SECURITY_H
#define OLEANDER_REMOTE_SERVED_SECURITY_H

#include "remote/orpc/call_thread.h"

/* As IServerSecurity::QueryBlanket. *name (UTF-16, for free()) is who calls, for *privileges; NULL: nobody is known. */
HRESULT served_query_blanket(const ServedCall *served, DWORD *service, DWORD *authorization, OLECHAR **principal,
                             DWORD *level, DWORD *impersonation, char16_t **name, DWORD *capabilities);
/* The thread acts as who calls. E_ACCESSDENIED: he does not let it, it is nobody of this host, or the process may not. */
HRESULT served_impersonate(const ServedCall *served);

#endif
