/* What a script says of whose calls it makes (remote_api.h), as a COAUTHINFO. */
#include <stdatomic.h>
#include <string.h>

#include "remote/remote_api.h"
#include "remote/security/secret.h"

enum { AUTH_IDENTITY_ANSI = 1 }; /* for us UTF-8 */

struct RemoteLogin {
  _Atomic uint32_t references;
  COAUTHINFO info;
  COAUTHIDENTITY identity;
  char texts[];
};

static char *put(char *to, const char *text, USHORT **field, ULONG *length) {
  if (!text)
    return to;
  size_t size = strlen(text);
  memcpy(to, text, size);
  *field = (USHORT *)(void *)to;
  *length = (ULONG)size;
  return to + size + 1;
}

static size_t room(const char *text) {
  return text ? strlen(text) + 1 : 0;
}

RemoteLogin *remote_login_create(DWORD level, DWORD impersonation, const char *domain, const char *user,
                                 const char *password) {
  RemoteLogin *login = secret_alloc(sizeof *login + room(domain) + room(user) + room(password));
  if (!login)
    return NULL;
  bool none = level == RPC_C_AUTHN_LEVEL_NONE;
  login->references = 1;
  login->info = (COAUTHINFO){ .dwAuthnSvc = none ? RPC_C_AUTHN_NONE : RPC_C_AUTHN_DEFAULT,
                              .dwAuthzSvc = RPC_C_AUTHZ_NONE,
                              .dwAuthnLevel = level,
                              .dwImpersonationLevel = impersonation,
                              .dwCapabilities = EOAC_NONE };
  if (!user)
    return login;
  COAUTHIDENTITY *identity = &login->identity;
  char *to = put(login->texts, domain, &identity->Domain, &identity->DomainLength);
  to = put(to, user, &identity->User, &identity->UserLength);
  put(to, password, &identity->Password, &identity->PasswordLength);
  identity->Flags = AUTH_IDENTITY_ANSI;
  login->info.pAuthIdentityData = identity;
  return login;
}

RemoteLogin *remote_login_addref(RemoteLogin *login) {
  atomic_fetch_add_explicit(&login->references, 1, memory_order_relaxed);
  return login;
}

void remote_login_release(RemoteLogin *login) {
  if (login && atomic_fetch_sub(&login->references, 1) == 1)
    secret_release(login);
}

COAUTHINFO *remote_login_info(RemoteLogin *login) {
  return login ? &login->info : NULL;
}
