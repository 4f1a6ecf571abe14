/* Class objects of this process that other processes may have: known to the COM service by their references. */
#include <stdlib.h>

#include "activation/local/local.h"

HRESULT local_class_restore(REFCLSID clsid, DWORD flags, LocalClass *registered) {
  BrokerWriter body = { 0 };
  BrokerReply reply;
  broker_put_guid(&body, clsid);
  broker_put_u32(&body, flags);
  broker_put_blob(&body, registered->reference, registered->size);
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

HRESULT local_class_register(REFCLSID clsid, IUnknown *object, DWORD flags, LocalClass *registered) {
  *registered = (LocalClass){ 0 };
  HRESULT status = marshal_class_object(object, registered);
  if (SUCCEEDED(status))
    status = local_class_restore(clsid, flags, registered);
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
