/* Class objects of this process that other processes may have: known to the COM service by their references. */
#include <stdlib.h>

#include "activation/local/local.h"
#include "remote/security/security_api.h"

/* Waits at the service until the class object of a token has been given away. */
typedef struct AwaitedUse {
  RpcCall call;
  DWORD token;
  uint8_t body[4];
  struct iovec piece;
} AwaitedUse;

static void use_ended(RpcCall *call) {
  AwaitedUse *use = OBJECT_CONTAINER(call, AwaitedUse, call);
  RpcBuffer *reply = call->outcome == RPC_ANSWERED ? call->reply : NULL;
  Cursor cursor = cursor_over(reply ? reply->data : NULL, reply ? reply->size : 0);
  if (cursor_u32(&cursor) == S_OK && !cursor.failed)
    class_object_used(use->token);
  rpc_buffer_release(reply);
  free(use);
}

/* Before it is registered: the service may be killed as soon as it has given it away. */
static HRESULT await_use(DWORD token) {
  AwaitedUse *use = calloc(1, sizeof *use);
  HRESULT status = use ? broker_reach() : E_OUTOFMEMORY;
  if (FAILED(status)) {
    free(use);
    return status;
  }
  use->token = token;
  for (int i = 0; i < 4; i++)
    use->body[i] = (uint8_t)(token >> 8 * i);
  use->piece = (struct iovec){ use->body, sizeof use->body };
  use->call = (RpcCall){
    .iid = IID_OleanderBroker, .opnum = BROKER_AWAIT_USE, .pieces = &use->piece, .piece_count = 1, .done = use_ended
  };
  if (!broker_start_call(&use->call))
    free(use);
  return S_OK;
}

static bool is_single_use(DWORD flags) {
  return !(flags & (REGCLS_MULTIPLEUSE | REGCLS_MULTI_SEPARATE | REGCLS_SURROGATE));
}

HRESULT local_class_restore(REFCLSID clsid, DWORD flags, DWORD token, LocalClass *registered) {
  BrokerWriter body = { 0 };
  BrokerReply reply;
  HRESULT awaits = is_single_use(flags) ? await_use(token) : S_OK;
  if (FAILED(awaits))
    return awaits;
  broker_put_guid(&body, clsid);
  broker_put_u32(&body, flags);
  broker_put_blob(&body, registered->reference, registered->size);
  broker_put_u32(&body, is_single_use(flags) ? token : 0);
  HRESULT status = broker_ask(BROKER_REGISTER_CLASS, &body, true, 30, &reply);
  if (SUCCEEDED(status))
    registered->cookie = cursor_u32(&reply.body);
  broker_reply_free(&reply);
  return status;
}

/* What clients want first is in the reference, where the object has it. */
static HRESULT marshal_class_object(IUnknown *object, LocalClass *registered) {
  IUnknown *factory;
  bool is_factory = SUCCEEDED(IUnknown_QueryInterface(object, &IID_IClassFactory, (void **)&factory));
  if (is_factory)
    IUnknown_Release(factory);
  return reference_marshal(object, is_factory ? &IID_IClassFactory : &IID_IUnknown, true, &registered->reference,
                           &registered->size);
}

HRESULT local_class_register(REFCLSID clsid, IUnknown *object, DWORD flags, DWORD token, LocalClass *registered) {
  *registered = (LocalClass){ 0 };
  char application[64];
  if (permission_application_of(clsid, application))
    access_set_application(application);
  HRESULT status = marshal_class_object(object, registered);
  if (SUCCEEDED(status))
    status = local_class_restore(clsid, flags, token, registered);
  if (FAILED(status)) {
    reference_end(registered->reference, registered->size);
    *registered = (LocalClass){ 0 };
  }
  return status;
}

void local_class_revoke(LocalClass *registered) {
  BrokerWriter body = { 0 };
  if (!registered->reference)
    return;
  broker_put_u32(&body, registered->cookie);
  broker_tell(BROKER_REVOKE_CLASS, &body, false);
  reference_end(registered->reference, registered->size);
  *registered = (LocalClass){ 0 };
}

void local_classes_suspend(bool suspend) {
  BrokerWriter body = { 0 };
  broker_tell(suspend ? BROKER_SUSPEND_CLASSES : BROKER_RESUME_CLASSES, &body, false);
}
