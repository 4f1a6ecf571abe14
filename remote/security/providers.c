/* Which security providers there are, the best first (provider.h). */
#include "com/com_api.h"
#include "remote/security/crypto.h"
#include "remote/security/kerberos.h"
#include "remote/security/provider.h"

#define ERROR_SOURCE "Oleander"

typedef struct Provider {
  unsigned service;
  /* Whether calls can be made in that name (NULL: whoever the process is): S_OK, SEC_E_NO_CREDENTIALS; else the error says why not. */
  HRESULT (*check_client)(const Identity *identity);
  SecurityContext *(*create_client)(const SecurityLogin *login);
  bool (*serves)(void); /* this process has what it needs to answer */
  SecurityContext *(*create_server)(void);
} Provider;

/* NTLM */

static HRESULT check_ntlm(const Identity *identity) {
  if (!crypto_ready())
    return error_raise(HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_SERVICE), ERROR_SOURCE, "%s", crypto_missing());
  return identity ? S_OK : SEC_E_NO_CREDENTIALS;
}

static bool ntlm_serves(void) {
  return accounts_of_process();
}

static SecurityContext *create_ntlm_server(void) {
  return ntlm_server_create(accounts_of_process());
}

static bool spnego_serves(void) {
  return kerberos_serves() || ntlm_serves();
}

static const Provider providers[] = {
  { SECURITY_SPNEGO, spnego_check_client, spnego_client_create, spnego_serves, spnego_server_create },
  { SECURITY_KERBEROS, kerberos_check_client, kerberos_client_create, kerberos_serves, kerberos_server_create },
  { SECURITY_NTLM, check_ntlm, ntlm_client_create, ntlm_serves, create_ntlm_server },
};

enum { COUNT = sizeof providers / sizeof providers[0] };

static const Provider *find(unsigned service) {
  for (unsigned i = 0; i < COUNT; i++) {
    if (providers[i].service == service)
      return &providers[i];
  }
  return NULL;
}

/* Who has a name and a password shows them by NTLM, which every server takes that takes any; who has tickets, by them. */
unsigned security_client_service(const Identity *identity) {
  for (unsigned i = 0; !identity && i < COUNT; i++) {
    if (providers[i].check_client(NULL) == S_OK)
      return providers[i].service;
    SetErrorInfo(0, NULL);
  }
  return identity ? SECURITY_NTLM : RPC_C_AUTHN_NONE; /* whose check says what is missing */
}

HRESULT security_client_check(unsigned service, const Identity *identity) {
  const Provider *provider = find(service);
  if (provider)
    return provider->check_client(identity);
  return error_raise(
      HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_SERVICE), ERROR_SOURCE,
      "there is no authentication service %u here (RPC_C_AUTHN_...: 9 negotiates, 10 is NTLM, 16 Kerberos)", service);
}

SecurityContext *security_client_create(unsigned service, const SecurityLogin *login) {
  const Provider *provider = find(service);
  return provider ? provider->create_client(login) : NULL;
}

SecurityContext *security_server_create(unsigned service) {
  const Provider *provider = find(service);
  return provider && provider->serves() ? provider->create_server() : NULL;
}

unsigned security_server_services(uint16_t services[SECURITY_SERVICE_LIMIT]) {
  unsigned count = 0;
  for (unsigned i = 0; i < COUNT; i++) {
    if (providers[i].serves())
      services[count++] = (uint16_t)providers[i].service;
  }
  return count;
}
