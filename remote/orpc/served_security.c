/* Who calls, and acting as him (served_security.h). Within this host callers are known by their sockets and are of the process's own user;
 * those of other hosts by their security provider. */
#include "remote/orpc/served_security.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "remote/security/accounts.h"

#define ERROR_SOURCE "Oleander"

/* As he is written; for free(). NULL: out of memory. */
static char *caller_text(const RpcRequest *request) {
  const RpcPeer *peer = &request->channel->peer;
  if (request->principal)
    return principal_text(request->principal);
  char *text = account_user_name(request->channel->destination == MSHCTX_INPROC ? geteuid() : peer->uid);
  return text || asprintf(&text, "%u", (unsigned)peer->uid) >= 0 ? text : NULL;
}

static bool is_known(const RpcRequest *request) {
  return request->channel->destination == MSHCTX_INPROC || request->channel->peer.local || request->principal;
}

static bool is_of_host(const RpcRequest *request) {
  return request->channel->destination == MSHCTX_INPROC || request->channel->peer.local;
}

HRESULT served_query_blanket(const ServedCall *served, DWORD *service, DWORD *authorization, OLECHAR **principal,
                             DWORD *level, DWORD *impersonation, char16_t **name, DWORD *capabilities) {
  if (!served || !served->request)
    return RPC_E_CALL_COMPLETE;
  const RpcRequest *request = served->request;
  bool local = is_of_host(request);
  if (name) {
    char *text = is_known(request) ? caller_text(request) : NULL;
    *name = text ? utf16_copy(text) : NULL;
    free(text);
    if (is_known(request) && !*name)
      return E_OUTOFMEMORY;
  }
  if (service)
    *service = local ? RPC_C_AUTHN_WINNT : request->service;
  if (authorization)
    *authorization = RPC_C_AUTHZ_NONE;
  if (principal)
    *principal = NULL;
  if (level)
    *level = local ? RPC_C_AUTHN_LEVEL_PKT_PRIVACY : request->level;
  if (impersonation)
    *impersonation = local                    ? RPC_C_IMP_LEVEL_IMPERSONATE
                     : request->impersonation ? request->impersonation
                                              : RPC_C_IMP_LEVEL_ANONYMOUS;
  if (capabilities)
    *capabilities = EOAC_NONE;
  return S_OK;
}

static HRESULT refuse(const Principal *principal, const char *why) {
  char *who = principal ? principal_text(principal) : NULL;
  HRESULT status = error_raise(E_ACCESSDENIED, ERROR_SOURCE, "The server cannot act as %s: %s.",
                               who ? who : "an anonymous caller", why);
  free(who);
  return status;
}

static HRESULT become(const Principal *principal, gid_t primary) {
  HRESULT status = credentials_become(principal->uid, primary, principal->groups, principal->group_count);
  if (status == E_ACCESSDENIED)
    return refuse(principal, "its process may not change who it is (that needs CAP_SETUID and CAP_SETGID, which a "
                             "system service has)");
  return FAILED(status) ? status : S_OK;
}

static HRESULT become_local(uid_t uid) {
  Principal *principal = principal_of_user(uid, account_primary_group(uid));
  if (!principal)
    return E_OUTOFMEMORY;
  HRESULT status = become(principal, account_primary_group(uid));
  principal_release(principal);
  return status;
}

HRESULT served_impersonate(const ServedCall *served) {
  if (!served || !served->request)
    return RPC_E_CALL_COMPLETE;
  const RpcRequest *request = served->request;
  const Principal *principal = request->principal;
  if (is_of_host(request))
    return become_local(request->channel->destination == MSHCTX_INPROC ? getuid() : request->channel->peer.uid);
  if (!principal)
    return refuse(NULL, "nobody has been authenticated (the level of the call is none)");
  if (request->impersonation < RPC_C_IMP_LEVEL_IMPERSONATE)
    return refuse(principal, "the client lets servers only identify it; its impersonation level must be impersonate "
                             "(CoInitializeSecurity, CoSetProxyBlanket, or the option impersonation)");
  if (!principal->is_user)
    return refuse(principal, "there is no user of this host by that name");
  return become(principal, account_primary_group(principal->uid));
}

/* For the bridge */

HRESULT remote_caller(RemoteCaller *caller) {
  const ServedCall *served = call_thread.served;
  *caller = (RemoteCaller){ 0 };
  if (!served || !served->request)
    return S_FALSE;
  const RpcRequest *request = served->request;
  const RpcPeer *peer = &request->channel->peer;
  caller->pid = request->channel->destination == MSHCTX_INPROC ? getpid() : peer->pid;
  caller->level = is_of_host(request) ? RPC_C_AUTHN_LEVEL_PKT_PRIVACY : request->level;
  memcpy(caller->host, peer->address, sizeof caller->host);
  caller->user = is_known(request) ? caller_text(request) : NULL;
  return is_known(request) && !caller->user ? E_OUTOFMEMORY : S_OK;
}
