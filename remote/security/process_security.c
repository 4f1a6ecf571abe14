/* CoInitializeSecurity and what it settles (process_security.h). */
#include "remote/security/process_security.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <oleander.h>

#include "com/com_api.h"
#include "remote/remote_api.h"
#include "remote/security/access.h"
#include "remote/security/blanket.h"
#include "remote/security/descriptor_memory.h"
#include "remote/security/provider.h"

#define ERROR_SOURCE "Oleander"

enum { SERVICES_LIMIT = 64, NOT_SAID = 0 };

_Atomic uint32_t process_security = SECURITY_OPEN;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint32_t least_level = NOT_SAID;
static _Atomic bool no_custom;
static SOLE_AUTHENTICATION_SERVICE *services; /* as they were said; NULL: those that there are */
static DWORD service_count;

void process_security_imply(void) {
  uint32_t open = SECURITY_OPEN;
  atomic_compare_exchange_strong(&process_security, &open, SECURITY_IMPLIED);
}

uint32_t process_security_level(uint32_t settings) {
  pthread_mutex_lock(&lock);
  uint32_t level = least_level;
  pthread_mutex_unlock(&lock);
  return level ? level : settings;
}

bool process_security_takes_custom(void) {
  return !no_custom;
}

/* Authentication services */

static bool is_service(DWORD service) {
  return service == SECURITY_NTLM || service == SECURITY_SPNEGO || service == SECURITY_KERBEROS;
}

static void free_services(SOLE_AUTHENTICATION_SERVICE *list, DWORD count) {
  for (DWORD i = 0; list && i < count; i++)
    CoTaskMemFree(list[i].pPrincipalName);
  CoTaskMemFree(list);
}

static OLECHAR *copy_name(const OLECHAR *name, bool *failed) {
  if (!name || name == COLE_DEFAULT_PRINCIPAL)
    return NULL;
  size_t size = (utf16_units(name) + 1) * sizeof *name;
  OLECHAR *copy = CoTaskMemAlloc(size);
  if (copy)
    memcpy(copy, name, size);
  *failed = *failed || !copy;
  return copy;
}

static HRESULT copy_services(const SOLE_AUTHENTICATION_SERVICE *from, DWORD count,
                             SOLE_AUTHENTICATION_SERVICE **result) {
  bool failed = false;
  *result = CoTaskMemAlloc((count + 1) * sizeof **result);
  if (!*result)
    return E_OUTOFMEMORY;
  for (DWORD i = 0; i < count; i++) {
    (*result)[i] = from[i];
    (*result)[i].pPrincipalName = copy_name(from[i].pPrincipalName, &failed);
  }
  if (!failed)
    return S_OK;
  free_services(*result, count);
  return E_OUTOFMEMORY;
}

/* Marks each with whether it can be had. */
static HRESULT check_services(LONG count, SOLE_AUTHENTICATION_SERVICE *list) {
  bool good = count <= 0;
  if (count < -1 || count > SERVICES_LIMIT || (count > 0 && !list))
    return E_INVALIDARG;
  for (LONG i = 0; i < count; i++) {
    list[i].hr = is_service(list[i].dwAuthnSvc) || list[i].dwAuthnSvc == RPC_C_AUTHN_NONE
                     ? S_OK
                     : HRESULT_FROM_WIN32(RPC_S_UNKNOWN_AUTHN_SERVICE);
    good = good || list[i].hr == S_OK;
  }
  return good ? S_OK : RPC_E_NO_GOOD_SECURITY_PACKAGES;
}

/* Those of this host where the process has named none; NTLM, which local calls show too, where there is nothing to answer others with. */
static HRESULT default_services(SOLE_AUTHENTICATION_SERVICE **list, DWORD *count) {
  uint16_t known[SECURITY_SERVICE_LIMIT];
  unsigned found = security_server_services(known);
  if (!found)
    known[found++] = SECURITY_NTLM;
  *list = CoTaskMemAlloc(found * sizeof **list);
  if (!*list)
    return E_OUTOFMEMORY;
  for (unsigned i = 0; i < found; i++)
    (*list)[i] = (SOLE_AUTHENTICATION_SERVICE){ .dwAuthnSvc = known[i] };
  *count = found;
  return S_OK;
}

HRESULT CoQueryAuthenticationServices(DWORD *count, SOLE_AUTHENTICATION_SERVICE **list) {
  if (!count || !list)
    return E_INVALIDARG;
  *count = 0;
  *list = NULL;
  pthread_mutex_lock(&lock);
  HRESULT status = services ? copy_services(services, service_count, list) : S_FALSE;
  if (status == S_OK)
    *count = service_count;
  pthread_mutex_unlock(&lock);
  if (status == S_FALSE)
    status = default_services(list, count);
  if (FAILED(status))
    *list = NULL;
  return status;
}

/* Who the clients of the process are: the first of the list that has somebody. */
static HRESULT find_identity(const SOLE_AUTHENTICATION_LIST *list, BlanketTerms *terms) {
  if (!list || list == (const void *)COLE_DEFAULT_AUTHINFO)
    return S_OK;
  if (list->cAuthInfo > SERVICES_LIMIT || (list->cAuthInfo && !list->aAuthInfo))
    return E_INVALIDARG;
  for (DWORD i = 0; i < list->cAuthInfo; i++) {
    const SOLE_AUTHENTICATION_INFO *info = &list->aAuthInfo[i];
    if (!is_service(info->dwAuthnSvc) || !info->pAuthInfo)
      continue;
    HRESULT status = identity_from_auth_identity(info->pAuthInfo, &terms->identity);
    if (FAILED(status))
      return status;
    if (terms->identity) {
      terms->service = info->dwAuthnSvc;
      terms->authorization = info->dwAuthzSvc;
      return S_OK;
    }
  }
  return S_OK;
}

/* Who may call */

static HRESULT access_by_application(const GUID *application) {
  char text[GUID_TEXT_UNITS];
  if (!application)
    return S_OK; /* found by the program's name */
  guid_format_utf8(application, text);
  access_set_application(text);
  return S_OK;
}

static HRESULT check_permission(const Descriptor *descriptor) {
  const char *objection = descriptor_objection(descriptor);
  return objection ? error_raise(E_INVALIDARG, ERROR_SOURCE, "the security descriptor is no permission to call: %s",
                                 objection)
                   : S_OK;
}

/* NULL, and a descriptor without a list: everybody, within the limit of the machine. */
static HRESULT access_by_descriptor(const void *given) {
  Descriptor descriptor = { 0 };
  HRESULT status = given ? descriptor_from_memory(given, &descriptor) : S_OK;
  if (FAILED(status))
    return status;
  status = check_permission(&descriptor);
  if (SUCCEEDED(status))
    access_set_descriptor(&descriptor);
  descriptor_end(&descriptor);
  return status;
}

/* Checks */

static HRESULT refuse(const char *text) {
  return error_raise(E_INVALIDARG, ERROR_SOURCE, "%s", text);
}

static HRESULT check_capabilities(DWORD capabilities, DWORD level, const void *descriptor) {
  const DWORD known = EOAC_MUTUAL_AUTH | EOAC_STATIC_CLOAKING | EOAC_DYNAMIC_CLOAKING | EOAC_ANY_AUTHORITY |
                      EOAC_MAKE_FULLSIC | EOAC_DEFAULT | EOAC_SECURE_REFS | EOAC_ACCESS_CONTROL | EOAC_APPID |
                      EOAC_DYNAMIC | EOAC_REQUIRE_FULLSIC | EOAC_AUTO_IMPERSONATE | EOAC_DISABLE_AAA |
                      EOAC_NO_CUSTOM_MARSHAL | EOAC_RESERVED1;
  if (capabilities & ~known)
    return refuse("the capabilities have bits that no EOAC_... has");
  if (capabilities & EOAC_STATIC_CLOAKING && capabilities & EOAC_DYNAMIC_CLOAKING)
    return refuse("EOAC_STATIC_CLOAKING and EOAC_DYNAMIC_CLOAKING exclude each other");
  if (capabilities & EOAC_APPID && capabilities & EOAC_ACCESS_CONTROL)
    return refuse("EOAC_APPID and EOAC_ACCESS_CONTROL exclude each other: the descriptor is one or the other");
  if (capabilities & EOAC_APPID)
    return S_OK; /* all the rest comes from there */
  if (capabilities & EOAC_ACCESS_CONTROL && !descriptor)
    return refuse("EOAC_ACCESS_CONTROL needs an IAccessControl in place of the descriptor");
  if (capabilities & EOAC_SECURE_REFS && level == RPC_C_AUTHN_LEVEL_NONE)
    return refuse("EOAC_SECURE_REFS needs calls that are authenticated: a level above RPC_C_AUTHN_LEVEL_NONE");
  return S_OK;
}

static HRESULT check_terms(const BlanketTerms *terms, const void *descriptor) {
  HRESULT status = check_capabilities(terms->capabilities, terms->level, descriptor);
  if (FAILED(status) || terms->capabilities & EOAC_APPID)
    return status;
  if (terms->level > RPC_C_AUTHN_LEVEL_PKT_PRIVACY)
    return refuse("there is no such authentication level: they go from 0 (default) to 6 (privacy)");
  if (terms->impersonation > RPC_C_IMP_LEVEL_DELEGATE)
    return refuse("there is no such impersonation level: they go from 0 (default) to 4 (delegate)");
  return S_OK;
}

static HRESULT begin(void) {
  uint32_t open = SECURITY_OPEN;
  if (atomic_compare_exchange_strong(&process_security, &open, SECURITY_SAID))
    return S_OK;
  return error_raise(RPC_E_TOO_LATE, ERROR_SOURCE,
                     open == SECURITY_SAID ? "the process has said its security already (CoInitializeSecurity)"
                                           : "an interface has been marshaled, which settles the security of the "
                                             "process: CoInitializeSecurity comes before that");
}

static HRESULT settle_access(const void *descriptor, DWORD capabilities) {
  if (capabilities & EOAC_APPID)
    return access_by_application(descriptor);
  if (capabilities & EOAC_ACCESS_CONTROL)
    return error_raise(E_NOTIMPL, ERROR_SOURCE, "EOAC_ACCESS_CONTROL: give a security descriptor instead");
  return access_by_descriptor(descriptor);
}

static void settle_services(LONG count, SOLE_AUTHENTICATION_SERVICE *copy) {
  pthread_mutex_lock(&lock);
  if (count >= 0) {
    services = copy;
    service_count = (DWORD)count;
  }
  pthread_mutex_unlock(&lock);
}

static HRESULT settle_terms(const BlanketTerms *terms) {
  pthread_mutex_lock(&lock);
  least_level = terms->level == RPC_C_AUTHN_LEVEL_CALL ? RPC_C_AUTHN_LEVEL_PKT : terms->level;
  pthread_mutex_unlock(&lock);
  no_custom = terms->capabilities & EOAC_NO_CUSTOM_MARSHAL;
  return blanket_set_of_process(terms);
}

static HRESULT settle(const void *descriptor, const BlanketTerms *terms) {
  HRESULT status = settle_access(descriptor, terms->capabilities);
  return FAILED(status) || terms->capabilities & EOAC_APPID ? status : settle_terms(terms);
}

/* In short, with access as text, which may name accounts that have no SID. */
HRESULT remote_say_security(const char *access, DWORD level, DWORD impersonation) {
  BlanketTerms terms = { .service = RPC_C_AUTHN_DEFAULT, .level = level, .impersonation = impersonation };
  Descriptor descriptor = { 0 };
  DescriptorProblem problem = { "", 0 };
  HRESULT status = check_terms(&terms, NULL);
  if (SUCCEEDED(status) && access)
    status = descriptor_from_text(access, &descriptor, &problem);
  if (status == E_INVALIDARG && access)
    return error_raise(status, ERROR_SOURCE, "the SDDL of access cannot be read at position %zu: %s", problem.position,
                       problem.what);
  if (SUCCEEDED(status))
    status = check_permission(&descriptor);
  if (SUCCEEDED(status))
    status = begin();
  if (SUCCEEDED(status)) {
    if (access)
      access_set_descriptor(&descriptor);
    status = settle_terms(&terms);
  }
  descriptor_end(&descriptor);
  return status;
}

HRESULT CoInitializeSecurity(PSECURITY_DESCRIPTOR descriptor, LONG count, SOLE_AUTHENTICATION_SERVICE *list,
                             void *reserved1, DWORD level, DWORD impersonation, void *identities, DWORD capabilities,
                             void *reserved3) {
  SOLE_AUTHENTICATION_SERVICE *copy = NULL;
  BlanketTerms terms = {
    .service = RPC_C_AUTHN_DEFAULT, .level = level, .impersonation = impersonation, .capabilities = capabilities
  };
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  if (reserved1 || reserved3)
    return E_INVALIDARG;
  HRESULT status = check_terms(&terms, descriptor);
  if (SUCCEEDED(status) && !(capabilities & EOAC_APPID))
    status = check_services(count, list);
  if (SUCCEEDED(status) && count >= 0 && !(capabilities & EOAC_APPID))
    status = copy_services(list, (DWORD)count, &copy);
  if (SUCCEEDED(status))
    status = find_identity(identities, &terms);
  if (SUCCEEDED(status)) {
    status = begin();
    if (SUCCEEDED(status)) {
      status = settle(descriptor, &terms);
      if (SUCCEEDED(status))
        settle_services(copy ? count : -1, copy);
      else
        process_security = SECURITY_OPEN;
    }
  }
  if (FAILED(status) && copy)
    free_services(copy, (DWORD)count);
  identity_release(terms.identity);
  return status;
}
