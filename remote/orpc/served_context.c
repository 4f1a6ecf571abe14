/* What CoGetCallContext gives within a call from elsewhere: who calls, and whether it still waits. The object is used again for
 * the thread's next call unless somebody has kept it. */
#include <stdlib.h>

#include "remote/orpc/served_security.h"

struct CallContext {
  IServerSecurity security;
  ICancelMethodCalls cancel;
  Object object;
  ServedCall *served;  /* NULL: the call is over */
  char16_t *name;      /* of who calls, once it was asked for */
  Credentials *before; /* as whom the thread acted when the call came */
};

OBJECT_FACE(CallContext, security, IServerSecurity)
OBJECT_FACE(CallContext, cancel, ICancelMethodCalls)

/* The name of who calls stays until the call is over. */
static HRESULT STDMETHODCALLTYPE CallContext_QueryBlanket(IServerSecurity *face, DWORD *service, DWORD *authorization,
                                                          OLECHAR **principal, DWORD *level, DWORD *impersonation,
                                                          void **privileges, DWORD *capabilities) {
  CallContext *context = OBJECT_CONTAINER(face, CallContext, security);
  bool names = privileges && !context->name;
  HRESULT status = served_query_blanket(context->served, service, authorization, principal, level, impersonation,
                                        names ? &context->name : NULL, capabilities);
  if (privileges)
    *privileges = SUCCEEDED(status) ? context->name : NULL;
  return status;
}

static HRESULT STDMETHODCALLTYPE CallContext_ImpersonateClient(IServerSecurity *face) {
  return served_impersonate(OBJECT_CONTAINER(face, CallContext, security)->served);
}

static HRESULT STDMETHODCALLTYPE CallContext_RevertToSelf(IServerSecurity *face) {
  (void)face;
  credentials_revert();
  return S_OK;
}

static BOOL STDMETHODCALLTYPE CallContext_IsImpersonating(IServerSecurity *face) {
  (void)face;
  return credentials_assumed();
}

static HRESULT STDMETHODCALLTYPE CallContext_Cancel(ICancelMethodCalls *face, ULONG seconds) {
  (void)face;
  (void)seconds;
  return E_NOTIMPL; /* only the caller's side can */
}

static HRESULT STDMETHODCALLTYPE CallContext_TestCancel(ICancelMethodCalls *face) {
  const ServedCall *served = OBJECT_CONTAINER(face, CallContext, cancel)->served;
  if (!served || !served->request)
    return RPC_E_CALL_COMPLETE;
  return rpc_request_cancelled(served->request) ? RPC_E_CALL_CANCELED : RPC_S_CALLPENDING;
}

static const IServerSecurityVtbl security_vtable = {
  CallContext_security_QueryInterface, CallContext_security_AddRef,
  CallContext_security_Release,        CallContext_QueryBlanket,
  CallContext_ImpersonateClient,       CallContext_RevertToSelf,
  CallContext_IsImpersonating,
};
static const ICancelMethodCallsVtbl cancel_vtable = {
  CallContext_cancel_QueryInterface,
  CallContext_cancel_AddRef,
  CallContext_cancel_Release,
  CallContext_Cancel,
  CallContext_TestCancel,
};
static const ObjectFace context_faces[] = {
  { &IID_IServerSecurity, offsetof(CallContext, security), &security_vtable },
  { &IID_ICancelMethodCalls, offsetof(CallContext, cancel), &cancel_vtable },
  { 0 },
};
static const ObjectType context_type = {
  "CallContext", sizeof(CallContext), offsetof(CallContext, object), context_faces, NULL, NULL,
};

CallContext *call_context_enter(ServedCall *served, IUnknown **before) {
  CallContext *context = call_thread.spare;
  call_thread.spare = NULL;
  if (!context && call_thread_watch())
    context = object_create(&context_type);
  if (!context)
    return NULL;
  context->served = served;
  context->before = credentials_put_aside();
  CoSwitchCallContext((IUnknown *)&context->security, before);
  return context;
}

void call_context_leave(CallContext *context, IUnknown *before) {
  IUnknown *own;
  if (!context)
    return;
  CoSwitchCallContext(before, &own);
  if (__builtin_expect(credentials_assumed() || context->before, 0)) {
    credentials_revert(); /* also where the server forgets it */
    credentials_take_back(context->before);
    context->before = NULL;
  }
  context->served = NULL;
  free(context->name);
  context->name = NULL;
  if (!call_thread.spare && context->object.references == 1)
    call_thread.spare = context;
  else
    object_release(&context->object);
}

void call_contexts_end(void) {
  CallContext *spare = call_thread.spare;
  call_thread.spare = NULL;
  if (spare)
    object_release(&spare->object);
}

/* The short functions */

static HRESULT security_of_call(IServerSecurity **security) {
  return CoGetCallContext(&IID_IServerSecurity, (void **)security);
}

HRESULT CoQueryClientBlanket(DWORD *service, DWORD *authorization, LPOLESTR *principal, DWORD *level,
                             DWORD *impersonation, void **privileges, DWORD *capabilities) {
  IServerSecurity *security;
  HRESULT status = security_of_call(&security);
  if (FAILED(status))
    return status;
  status = IServerSecurity_QueryBlanket(security, service, authorization, principal, level, impersonation, privileges,
                                        capabilities);
  IServerSecurity_Release(security);
  return status;
}

HRESULT CoImpersonateClient(void) {
  IServerSecurity *security;
  HRESULT status = security_of_call(&security);
  if (FAILED(status))
    return status;
  status = IServerSecurity_ImpersonateClient(security);
  IServerSecurity_Release(security);
  return status;
}

HRESULT CoRevertToSelf(void) {
  IServerSecurity *security;
  HRESULT status = security_of_call(&security);
  if (FAILED(status))
    return status;
  status = IServerSecurity_RevertToSelf(security);
  IServerSecurity_Release(security);
  return status;
}
