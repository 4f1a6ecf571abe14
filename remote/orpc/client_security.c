/* IClientSecurity of proxies: how the calls of each are protected (blankets), and copies of a proxy whose calls are protected otherwise.
 * On other hosts another blanket takes another channel; within a host the system says who is who, and a blanket is only kept. */
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/call_thread.h"
#include "remote/orpc/importer_internal.h"

#define ERROR_SOURCE "Oleander"

/* What may be said of one proxy. */
enum {
  PROXY_CAPABILITIES = EOAC_MUTUAL_AUTH | EOAC_STATIC_CLOAKING | EOAC_DYNAMIC_CLOAKING | EOAC_ANY_AUTHORITY |
                       EOAC_MAKE_FULLSIC | EOAC_DEFAULT
};

void proxy_setting_end(ProxySetting *setting) {
  rpc_channel_release(setting->channel);
  blanket_release(setting->blanket);
  *setting = (ProxySetting){ .blanket = NULL };
}

static void copy_setting_locked(ProxySetting *to, const ProxySetting *from) {
  to->channel = from->channel ? rpc_channel_addref(from->channel) : NULL;
  to->blanket = blanket_addref(from->blanket);
  to->auth_info = from->auth_info;
}

void proxy_setting_inherit(ProxySetting *setting, ProxyManager *manager) {
  pthread_mutex_lock(&import_lock);
  copy_setting_locked(setting, &manager->all);
  pthread_mutex_unlock(&import_lock);
}

/* Which setting is meant: that of an interface, of a copy, or of IUnknown. NULL: it is no interface of this object. */
static InterfaceProxy *find_in(InterfaceProxy *list, const IUnknown *pointer) {
  while (list && (list->vtable || list->module ? interface_pointer(list) != (const void *)pointer : true))
    list = list->next;
  return list;
}

static InterfaceProxy *find_proxy_locked(const ProxyManager *manager, const IUnknown *pointer) {
  InterfaceProxy *found = find_in(manager->interfaces, pointer);
  return found ? found : find_in(manager->copies, pointer);
}

static ProxySetting *find_setting_locked(ProxyManager *manager, const IUnknown *pointer) {
  if (pointer == &manager->identity)
    return &manager->unknown;
  InterfaceProxy *proxy = find_proxy_locked(manager, pointer);
  return proxy ? &proxy->setting : NULL;
}

/* Reading */

static HRESULT process_blanket(const ProxyManager *manager, Blanket **blanket) {
  BlanketTerms terms = { .service = RPC_C_AUTHN_DEFAULT };
  if (manager->home->host) {
    *blanket = blanket_addref(manager->home->host->blanket);
    return S_OK;
  }
  blanket_defaults_of_process(&terms.impersonation, &terms.capabilities);
  return blanket_create_local(&terms, blanket);
}

static HRESULT current_blanket(ProxyManager *manager, const IUnknown *pointer, Blanket **blanket, void **auth_info) {
  pthread_mutex_lock(&import_lock);
  const ProxySetting *setting = find_setting_locked(manager, pointer);
  *blanket = setting ? blanket_addref(setting->blanket) : NULL;
  *auth_info = setting ? setting->auth_info : NULL;
  pthread_mutex_unlock(&import_lock);
  if (!setting)
    return E_INVALIDARG;
  return *blanket ? S_OK : process_blanket(manager, blanket);
}

static HRESULT give_principal(const Blanket *blanket, OLECHAR **principal) {
  *principal = NULL;
  if (!*blanket->principal)
    return S_OK;
  char16_t *wide = utf16_copy(blanket->principal);
  size_t size = wide ? (utf16_units(wide) + 1) * sizeof *wide : 0;
  *principal = wide ? CoTaskMemAlloc(size) : NULL;
  if (*principal)
    memcpy(*principal, wide, size);
  free(wide);
  return *principal ? S_OK : E_OUTOFMEMORY;
}

static HRESULT STDMETHODCALLTYPE Security_QueryBlanket(IClientSecurity *face, IUnknown *proxy, DWORD *service,
                                                       DWORD *authorization, OLECHAR **principal, DWORD *level,
                                                       DWORD *impersonation, void **auth_info, DWORD *capabilities) {
  Blanket *blanket;
  void *given;
  if (!proxy)
    return E_INVALIDARG;
  HRESULT status = current_blanket(OBJECT_CONTAINER(face, ProxyManager, security), proxy, &blanket, &given);
  if (SUCCEEDED(status) && principal)
    status = give_principal(blanket, principal);
  if (FAILED(status))
    goto done;
  if (service)
    *service = blanket->service;
  if (authorization)
    *authorization = blanket->authorization == RPC_C_AUTHZ_DEFAULT ? RPC_C_AUTHZ_NONE : blanket->authorization;
  if (level)
    *level = blanket->level;
  if (impersonation)
    *impersonation = blanket->impersonation;
  if (auth_info)
    *auth_info = given;
  if (capabilities)
    *capabilities = blanket->capabilities;
done:
  blanket_release(blanket);
  return status;
}

/* Setting */

static HRESULT check(DWORD service, DWORD level, DWORD impersonation, DWORD capabilities) {
  bool known = service == RPC_C_AUTHN_DEFAULT || service == RPC_C_AUTHN_NONE || service == RPC_C_AUTHN_WINNT ||
               service == RPC_C_AUTHN_GSS_NEGOTIATE || service == RPC_C_AUTHN_GSS_KERBEROS;
  if (!known)
    return error_raise(E_INVALIDARG, ERROR_SOURCE,
                       "there is no authentication service %u here (RPC_C_AUTHN_...: 0 is none, 9 negotiates, 10 is "
                       "NTLM, 16 Kerberos)",
                       (unsigned)service);
  if (level > RPC_C_AUTHN_LEVEL_PKT_PRIVACY || impersonation > RPC_C_IMP_LEVEL_DELEGATE)
    return error_raise(E_INVALIDARG, ERROR_SOURCE, "the authentication or impersonation level is none");
  if (capabilities & ~(DWORD)PROXY_CAPABILITIES ||
      (capabilities & EOAC_STATIC_CLOAKING && capabilities & EOAC_DYNAMIC_CLOAKING))
    return error_raise(E_INVALIDARG, ERROR_SOURCE,
                       "of a proxy's capabilities (EOAC_...) only mutual authentication, one kind of cloaking, any "
                       "authority and full SIC can be said");
  if (service == RPC_C_AUTHN_NONE && level > RPC_C_AUTHN_LEVEL_NONE)
    return error_raise(E_INVALIDARG, ERROR_SOURCE,
                       "RPC_C_AUTHN_NONE names nobody: it goes with RPC_C_AUTHN_LEVEL_NONE alone");
  return S_OK;
}

/* The channel: where it is the home's, NULL; with a reference. May connect. */
static HRESULT open_channel(ProxyManager *manager, Blanket *blanket, RpcChannel **channel) {
  *channel = NULL;
  return manager->home->host ? home_channel(manager->home, blanket, channel) : S_OK;
}

static HRESULT make_blanket(const ProxyManager *manager, const BlanketTerms *terms, Blanket **blanket) {
  return manager->home->host ? blanket_create(terms, blanket) : blanket_create_local(terms, blanket);
}

static void apply_locked(ProxySetting *setting, RpcChannel *channel, Blanket *blanket, void *auth_info,
                         ProxySetting *before) {
  *before = (ProxySetting){ .channel = setting->channel, .blanket = setting->blanket };
  setting->blanket = blanket_addref(blanket);
  setting->auth_info = auth_info;
  atomic_store_explicit(&setting->channel, channel ? rpc_channel_addref(channel) : NULL, memory_order_release);
}

static HRESULT set_one(ProxyManager *manager, const IUnknown *pointer, RpcChannel *channel, Blanket *blanket,
                       void *auth_info) {
  ProxySetting before = { .blanket = NULL };
  pthread_mutex_lock(&import_lock);
  ProxySetting *setting = find_setting_locked(manager, pointer);
  if (setting)
    apply_locked(setting, channel, blanket, auth_info, &before);
  pthread_mutex_unlock(&import_lock);
  proxy_setting_end(&before);
  return setting ? S_OK : E_INVALIDARG;
}

static HRESULT terms_of(DWORD service, DWORD authorization, OLECHAR *principal, DWORD level, DWORD impersonation,
                        void *auth_info, DWORD capabilities, BlanketTerms *terms, char **name) {
  *terms = (BlanketTerms){ .service = service,
                           .authorization = authorization,
                           .level = level,
                           .impersonation = impersonation,
                           .capabilities = capabilities,
                           .optional = level == RPC_C_AUTHN_LEVEL_DEFAULT };
  *name = NULL;
  if (principal && principal != COLE_DEFAULT_PRINCIPAL) {
    *name = utf8_copy(principal);
    if (!*name)
      return E_OUTOFMEMORY;
  }
  terms->principal = *name;
  if (!auth_info || auth_info == COLE_DEFAULT_AUTHINFO)
    return S_OK;
  HRESULT status = identity_from_auth_identity(auth_info, &terms->identity);
  return status == S_FALSE ? S_OK : status;
}

static HRESULT STDMETHODCALLTYPE Security_SetBlanket(IClientSecurity *face, IUnknown *proxy, DWORD service,
                                                     DWORD authorization, OLECHAR *principal, DWORD level,
                                                     DWORD impersonation, void *auth_info, DWORD capabilities) {
  ProxyManager *manager = OBJECT_CONTAINER(face, ProxyManager, security);
  BlanketTerms terms = { 0 };
  Blanket *blanket = NULL;
  RpcChannel *channel = NULL;
  char *name = NULL;
  if (!proxy)
    return E_INVALIDARG;
  HRESULT status = check(service, level, impersonation, capabilities);
  if (SUCCEEDED(status))
    status = manager_check(manager);
  if (SUCCEEDED(status))
    status = terms_of(service, authorization, principal, level, impersonation, auth_info, capabilities, &terms, &name);
  if (SUCCEEDED(status))
    status = make_blanket(manager, &terms, &blanket);
  if (SUCCEEDED(status))
    status = open_channel(manager, blanket, &channel);
  if (SUCCEEDED(status))
    status = set_one(manager, proxy, channel, blanket, auth_info == COLE_DEFAULT_AUTHINFO ? NULL : auth_info);
  rpc_channel_release(channel);
  blanket_release(blanket);
  identity_release(terms.identity);
  free(name);
  return status;
}

/* Copies */

static HRESULT copy_interface(InterfaceProxy *proxy, InterfaceProxy **result) {
  ProxyManager *manager = proxy->manager;
  InterfaceProxy *copy = calloc(1, sizeof *copy);
  if (!copy)
    return E_OUTOFMEMORY;
  *copy = (InterfaceProxy){ .manager = manager, .iid = proxy->iid, .ipid = proxy->ipid };
  pthread_mutex_lock(&import_lock);
  copy_setting_locked(&copy->setting, &proxy->setting);
  pthread_mutex_unlock(&import_lock);
  HRESULT status = proxy_describe(copy);
  if (FAILED(status)) {
    proxy_free(copy);
    return status;
  }
  copy->own_references = copy->module ? 0 : 1; /* a module's counts as one of the manager, and stays with it */
  manager_addref(manager);
  pthread_mutex_lock(&import_lock);
  copy->next = manager->copies;
  manager->copies = copy;
  pthread_mutex_unlock(&import_lock);
  *result = copy;
  return S_OK;
}

/* IUnknown is the object's identity, of which there is one. */
static HRESULT STDMETHODCALLTYPE Security_CopyProxy(IClientSecurity *face, IUnknown *proxy, IUnknown **copy) {
  ProxyManager *manager = OBJECT_CONTAINER(face, ProxyManager, security);
  InterfaceProxy *made;
  if (!proxy || !copy)
    return E_INVALIDARG;
  *copy = NULL;
  if (proxy == &manager->identity) {
    manager_addref(manager);
    *copy = proxy;
    return S_OK;
  }
  pthread_mutex_lock(&import_lock);
  InterfaceProxy *found = find_proxy_locked(manager, proxy);
  pthread_mutex_unlock(&import_lock);
  HRESULT status = found ? copy_interface(found, &made) : E_INVALIDARG;
  if (SUCCEEDED(status))
    *copy = interface_pointer(made);
  return status;
}

static HRESULT STDMETHODCALLTYPE Security_QueryInterface(IClientSecurity *face, REFIID iid, void **result) {
  return manager_query_interface(OBJECT_CONTAINER(face, ProxyManager, security), iid, result);
}

static ULONG STDMETHODCALLTYPE Security_AddRef(IClientSecurity *face) {
  return manager_addref(OBJECT_CONTAINER(face, ProxyManager, security));
}

static ULONG STDMETHODCALLTYPE Security_Release(IClientSecurity *face) {
  return manager_release(OBJECT_CONTAINER(face, ProxyManager, security));
}

const IClientSecurityVtbl manager_security_vtable = {
  Security_QueryInterface, Security_AddRef,     Security_Release,
  Security_QueryBlanket,   Security_SetBlanket, Security_CopyProxy,
};

/* The short functions: an object that is no proxy has no such interface. */

static HRESULT security_of(IUnknown *proxy, IClientSecurity **security) {
  return proxy ? IUnknown_QueryInterface(proxy, &IID_IClientSecurity, (void **)security) : E_INVALIDARG;
}

HRESULT CoQueryProxyBlanket(IUnknown *proxy, DWORD *service, DWORD *authorization, LPOLESTR *principal, DWORD *level,
                            DWORD *impersonation, void **auth_info, DWORD *capabilities) {
  IClientSecurity *security;
  HRESULT status = security_of(proxy, &security);
  if (FAILED(status))
    return status;
  status = IClientSecurity_QueryBlanket(security, proxy, service, authorization, principal, level, impersonation,
                                        auth_info, capabilities);
  IClientSecurity_Release(security);
  return status;
}

HRESULT CoSetProxyBlanket(IUnknown *proxy, DWORD service, DWORD authorization, OLECHAR *principal, DWORD level,
                          DWORD impersonation, void *auth_info, DWORD capabilities) {
  IClientSecurity *security;
  HRESULT status = security_of(proxy, &security);
  if (FAILED(status))
    return status;
  status = IClientSecurity_SetBlanket(security, proxy, service, authorization, principal, level, impersonation,
                                      auth_info, capabilities);
  IClientSecurity_Release(security);
  return status;
}

HRESULT CoCopyProxy(IUnknown *proxy, IUnknown **copy) {
  IClientSecurity *security;
  HRESULT status = copy ? security_of(proxy, &security) : E_INVALIDARG;
  if (FAILED(status))
    return status;
  status = IClientSecurity_CopyProxy(security, proxy, copy);
  IClientSecurity_Release(security);
  return status;
}

/* All of an object (the bridge) */

static void set_all_locked(ProxyManager *manager, RpcChannel *channel, Blanket *blanket, ProxySetting *before) {
  unsigned count = 0;
  apply_locked(&manager->unknown, channel, blanket, NULL, &before[count++]);
  apply_locked(&manager->all, channel, blanket, NULL, &before[count++]);
  for (InterfaceProxy *proxy = manager->interfaces; proxy; proxy = proxy->next)
    apply_locked(&proxy->setting, channel, blanket, NULL, &before[count++]);
}

static size_t count_settings_locked(const ProxyManager *manager) {
  size_t count = 2;
  for (const InterfaceProxy *proxy = manager->interfaces; proxy; proxy = proxy->next)
    count++;
  return count;
}

/* The room is made without the lock, and is enough where no interface has come meanwhile. */
static HRESULT set_all(ProxyManager *manager, RpcChannel *channel, Blanket *blanket) {
  for (size_t room = 8;; room *= 2) {
    ProxySetting *before = calloc(room, sizeof *before);
    if (!before)
      return E_OUTOFMEMORY;
    pthread_mutex_lock(&import_lock);
    bool enough = count_settings_locked(manager) <= room;
    if (enough)
      set_all_locked(manager, channel, blanket, before);
    pthread_mutex_unlock(&import_lock);
    for (size_t i = 0; i < room; i++)
      proxy_setting_end(&before[i]);
    free(before);
    if (enough)
      return S_OK;
  }
}

HRESULT remote_set_blanket(IUnknown *object, RemoteLogin *login) {
  const COAUTHINFO *info = remote_login_info(login);
  ProxyManager *manager = proxy_manager_of(object);
  BlanketTerms terms;
  Blanket *blanket = NULL;
  RpcChannel *channel = NULL;
  char *name = NULL;
  if (!manager)
    return S_FALSE;
  HRESULT status = terms_of(info->dwAuthnSvc, info->dwAuthzSvc, NULL, info->dwAuthnLevel, info->dwImpersonationLevel,
                            info->pAuthIdentityData, info->dwCapabilities, &terms, &name);
  if (SUCCEEDED(status))
    status = make_blanket(manager, &terms, &blanket);
  if (SUCCEEDED(status))
    status = open_channel(manager, blanket, &channel);
  if (SUCCEEDED(status))
    status = set_all(manager, channel, blanket);
  rpc_channel_release(channel);
  blanket_release(blanket);
  identity_release(terms.identity);
  manager_release(manager);
  return status;
}

HRESULT remote_use_login(RemoteLogin *login, RemoteLoginUse *use) {
  Blanket *blanket = NULL;
  *use = (RemoteLoginUse){ NULL, call_thread.blanket };
  HRESULT status = login ? blanket_from_auth_info(remote_login_info(login), &blanket) : S_OK;
  if (FAILED(status))
    return status;
  use->blanket = blanket;
  call_thread.blanket = blanket;
  return S_OK;
}

void remote_leave_login(RemoteLoginUse *use) {
  call_thread.blanket = use->before;
  blanket_release(use->blanket);
  use->blanket = NULL;
}
