/* How the calls of a client are protected (blanket.h). */
#include "remote/security/blanket.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include "com/com_api.h"
#include "remote/security/login.h"
#include "remote/security/provider.h"

#define ERROR_SOURCE "Oleander"

Blanket *blanket_addref(Blanket *blanket) {
  if (blanket)
    atomic_fetch_add_explicit(&blanket->references, 1, memory_order_relaxed);
  return blanket;
}

void blanket_release(Blanket *blanket) {
  if (!blanket || atomic_fetch_sub(&blanket->references, 1) != 1)
    return;
  identity_release(blanket->identity);
  free(blanket->principal);
  free(blanket);
}

bool blanket_equal(const Blanket *first, const Blanket *second) {
  if (first == second)
    return true;
  if (blanket_is_none(first) || blanket_is_none(second))
    return blanket_is_none(first) && blanket_is_none(second);
  return first->service == second->service && first->level == second->level &&
         first->impersonation == second->impersonation && first->capabilities == second->capabilities &&
         strcmp(first->principal, second->principal) == 0 && identity_equal(first->identity, second->identity);
}

/* Making */

static Blanket *make(const BlanketTerms *terms, DWORD service, Identity *identity) {
  bool none = service == RPC_C_AUTHN_NONE;
  Blanket *blanket = calloc(1, sizeof *blanket);
  if (!blanket)
    return NULL;
  *blanket = (Blanket){
    .references = 1,
    .service = service,
    .authorization = terms->authorization,
    .level = none                                        ? RPC_C_AUTHN_LEVEL_NONE
             : terms->level == RPC_C_AUTHN_LEVEL_DEFAULT ? RPC_C_AUTHN_LEVEL_PKT_INTEGRITY
             : terms->level == RPC_C_AUTHN_LEVEL_CALL    ? RPC_C_AUTHN_LEVEL_PKT
                                                         : terms->level,
    .impersonation = terms->impersonation ? terms->impersonation : RPC_C_IMP_LEVEL_IDENTIFY,
    .capabilities = terms->capabilities == EOAC_DEFAULT ? EOAC_NONE : terms->capabilities,
    .principal = strdup(terms->principal && !none ? terms->principal : ""),
  };
  if (!blanket->principal) {
    free(blanket);
    return NULL;
  }
  if (!none)
    blanket->identity = identity_addref(identity);
  return blanket;
}

static HRESULT check(const BlanketTerms *terms) {
  if (terms->level > RPC_C_AUTHN_LEVEL_PKT_PRIVACY)
    return error_raise(HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_LEVEL), ERROR_SOURCE,
                       "%u is no authentication level: they go from 1 (none) to 6 (privacy)", (unsigned)terms->level);
  if (terms->impersonation > RPC_C_IMP_LEVEL_DELEGATE)
    return error_raise(E_INVALIDARG, ERROR_SOURCE, "%u is no impersonation level: they go from 1 to 4",
                       (unsigned)terms->impersonation);
  return S_OK;
}

/* Nobody in particular is named, and nobody is found. */
static HRESULT nobody(const BlanketTerms *terms) {
  bool asked = terms->level > (terms->optional ? RPC_C_AUTHN_LEVEL_CONNECT : RPC_C_AUTHN_LEVEL_NONE);
  if (!asked)
    return S_FALSE;
  return error_raise(SEC_E_NO_CREDENTIALS, ERROR_SOURCE,
                     "calls are to be authenticated, but nobody says as whom: give a user and a password, or name a "
                     "file of logins (lines DOMAIN:user:password) by OLEANDER_LOGIN");
}

/* S_FALSE: none is to be used. *identity gets a reference where there is one. */
static HRESULT choose(const BlanketTerms *terms, DWORD *service, Identity **identity) {
  HRESULT status = S_OK;
  *identity = identity_addref(terms->identity);
  if (!*identity)
    status = login_find("", "", identity);
  if (FAILED(status))
    return status;
  if (terms->service == RPC_C_AUTHN_DEFAULT)
    *service = security_client_service(*identity);
  status = *service == RPC_C_AUTHN_NONE ? nobody(terms) : security_client_check(*service, *identity);
  if (status == SEC_E_NO_CREDENTIALS)
    status = nobody(terms);
  return status;
}

HRESULT blanket_create(const BlanketTerms *terms, Blanket **blanket) {
  DWORD service = terms->service;
  Identity *identity = NULL;
  *blanket = NULL;
  HRESULT status = check(terms);
  if (SUCCEEDED(status) && (service == RPC_C_AUTHN_NONE || terms->level == RPC_C_AUTHN_LEVEL_NONE))
    status = S_FALSE;
  else if (SUCCEEDED(status))
    status = choose(terms, &service, &identity);
  if (SUCCEEDED(status)) {
    *blanket = make(terms, status == S_FALSE ? RPC_C_AUTHN_NONE : service, identity);
    status = *blanket ? S_OK : E_OUTOFMEMORY;
  }
  identity_release(identity);
  return status;
}

HRESULT blanket_from_auth_info(const COAUTHINFO *info, Blanket **blanket) {
  BlanketTerms terms = { .service = info->dwAuthnSvc,
                         .authorization = info->dwAuthzSvc,
                         .level = info->dwAuthnLevel,
                         .impersonation = info->dwImpersonationLevel,
                         .capabilities = info->dwCapabilities };
  bool named = info->pwszServerPrincName && info->pwszServerPrincName != COLE_DEFAULT_PRINCIPAL;
  char *principal = named ? utf8_copy(info->pwszServerPrincName) : NULL;
  *blanket = NULL;
  if (named && !principal)
    return E_OUTOFMEMORY;
  HRESULT status = identity_from_auth_identity(info->pAuthIdentityData, &terms.identity);
  terms.principal = principal;
  if (SUCCEEDED(status))
    status = blanket_create(&terms, blanket);
  identity_release(terms.identity);
  free(principal);
  return status;
}

HRESULT blanket_create_local(const BlanketTerms *terms, Blanket **blanket) {
  BlanketTerms local = *terms;
  HRESULT status = check(terms);
  *blanket = NULL;
  if (FAILED(status))
    return status;
  local.level = RPC_C_AUTHN_LEVEL_PKT_PRIVACY;
  local.principal = NULL;
  *blanket = make(&local, RPC_C_AUTHN_WINNT, NULL);
  return *blanket ? S_OK : E_OUTOFMEMORY;
}

/* Of the process */

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static BlanketTerms said = { .service = RPC_C_AUTHN_DEFAULT, .optional = true };
static Blanket *of_process;

HRESULT blanket_set_of_process(const BlanketTerms *terms) {
  char *principal = terms->principal ? strdup(terms->principal) : NULL;
  HRESULT status = check(terms);
  if (FAILED(status) || (terms->principal && !principal)) {
    free(principal);
    return FAILED(status) ? status : E_OUTOFMEMORY;
  }
  pthread_mutex_lock(&lock);
  BlanketTerms old = said;
  Blanket *before = of_process;
  said = *terms;
  said.principal = principal;
  said.optional = true;
  identity_addref(said.identity);
  of_process = NULL;
  pthread_mutex_unlock(&lock);
  free((char *)old.principal);
  identity_release(old.identity);
  blanket_release(before);
  return S_OK;
}

void blanket_defaults_of_process(DWORD *impersonation, DWORD *capabilities) {
  pthread_mutex_lock(&lock);
  *impersonation = said.impersonation ? said.impersonation : RPC_C_IMP_LEVEL_IDENTIFY;
  *capabilities = said.capabilities == EOAC_DEFAULT ? EOAC_NONE : said.capabilities;
  pthread_mutex_unlock(&lock);
}

/* What is known, or the terms with which it is made: their texts stay, as the process says them once. */
static Blanket *known(BlanketTerms *terms) {
  pthread_mutex_lock(&lock);
  Blanket *blanket = blanket_addref(of_process);
  *terms = said;
  identity_addref(terms->identity);
  pthread_mutex_unlock(&lock);
  return blanket;
}

HRESULT blanket_of_process(Blanket **blanket) {
  BlanketTerms terms;
  Blanket *fresh = NULL;
  *blanket = known(&terms);
  HRESULT status = *blanket ? S_OK : blanket_create(&terms, &fresh);
  identity_release(terms.identity);
  if (*blanket || FAILED(status))
    return status;
  pthread_mutex_lock(&lock);
  if (!of_process)
    of_process = blanket_addref(fresh);
  *blanket = blanket_addref(of_process);
  pthread_mutex_unlock(&lock);
  blanket_release(fresh);
  return S_OK;
}
