/* Kerberos as a security provider, through GSSAPI ([MS-KILE] 3.4.5.4, [MS-RPCE] 3.3.1.5.2.2): three legs, in DCE style. */
#ifndef OLEANDER_REMOTE_SECURITY_KERBEROS_H
#define OLEANDER_REMOTE_SECURITY_KERBEROS_H

#include "remote/security/provider.h"

/* Whether calls can be made in that name (NULL: whoever has the tickets of the process): S_OK, SEC_E_NO_CREDENTIALS, or
 * RPC_S_UNKNOWN_AUTHN_SERVICE as HRESULT with what is missing. Of a name with a password it is not asked whether it is right. */
HRESULT kerberos_check_client(const Identity *identity);
/* Whether this process has keys to answer with (KRB5_KTNAME). */
bool kerberos_serves(void);
/* NULL: there is no library, no ticket, no memory. */
SecurityContext *kerberos_client_create(const SecurityLogin *login);
SecurityContext *kerberos_server_create(void);

#endif
