/* What CoGetCallContext gives within a call from elsewhere: who calls, and whether it still waits. The object is used again for
 * the thread's next call unless somebody has kept it. */
#include "remote/orpc/call_thread.h"

struct CallContext {
  IServerSecurity security;
  ICancelMethodCalls cancel;
  Object object;
  ServedCall *served; /* NULL: the call is over */
};

OBJECT_FACE(CallContext, security, IServerSecurity)
OBJECT_FACE(CallContext, cancel, ICancelMethodCalls)

/* Within a host nobody but the system stands between caller and server. */
static HRESULT STDMETHODCALLTYPE CallContext_QueryBlanket(IServerSecurity *face, DWORD *service, DWORD *authorization,
                                                          OLECHAR **principal, DWORD *level, DWORD *impersonation,
                                                          void **privileges, DWORD *capabilities) {
  if (!OBJECT_CONTAINER(face, CallContext, security)->served)
    return RPC_E_CALL_COMPLETE;
  if (service)
    *service = RPC_C_AUTHN_WINNT;
  if (authorization)
    *authorization = RPC_C_AUTHZ_NONE;
  if (principal)
    *principal = NULL;
  if (level)
    *level = RPC_C_AUTHN_LEVEL_PKT_PRIVACY;
  if (impersonation)
    *impersonation = RPC_C_IMP_LEVEL_IDENTIFY;
  if (privileges)
    *privileges = NULL;
  if (capabilities)
    *capabilities = 0;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE CallContext_ImpersonateClient(IServerSecurity *face) {
  (void)face;
  return E_NOTIMPL;
}

static HRESULT STDMETHODCALLTYPE CallContext_RevertToSelf(IServerSecurity *face) {
  (void)face;
  return S_OK;
}

static BOOL STDMETHODCALLTYPE CallContext_IsImpersonating(IServerSecurity *face) {
  (void)face;
  return FALSE;
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
  CoSwitchCallContext((IUnknown *)&context->security, before);
  return context;
}

void call_context_leave(CallContext *context, IUnknown *before) {
  IUnknown *own;
  if (!context)
    return;
  CoSwitchCallContext(before, &own);
  context->served = NULL;
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
