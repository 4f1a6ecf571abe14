/* Locks that keep an object alive for its users outside (CoLockObjectExternal), and cutting those off
 * (CoDisconnectObject). */
#include "remote/orpc/orpc_internal.h"

HRESULT CoLockObjectExternal(IUnknown *object, BOOL lock, BOOL last_unlock_releases) {
  ObjectEntry *entry;
  IUnknown *identity;

  if (!object)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  HRESULT status = IUnknown_QueryInterface(object, &IID_IUnknown, (void **)&identity);
  if (FAILED(status))
    return status;
  if (lock)
    status = object_table_hold(identity, HOLD_EXTERNAL, &entry);
  if (SUCCEEDED(status))
    exporter_tell_lock(identity, lock, last_unlock_releases);
  if (!lock)
    object_table_release_external(identity, 1);
  IUnknown_Release(identity);
  return status;
}

/* The object's own marshaler, where it has one, is told; locks from outside are undone. */
HRESULT CoDisconnectObject(IUnknown *object, DWORD reserved) {
  IUnknown *identity;
  IMarshal *marshal;

  if (!object || reserved)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  HRESULT status = IUnknown_QueryInterface(object, &IID_IUnknown, (void **)&identity);
  if (FAILED(status))
    return status;
  if (SUCCEEDED(IUnknown_QueryInterface(identity, &IID_IMarshal, (void **)&marshal))) {
    status = IMarshal_DisconnectObject(marshal, reserved);
    IMarshal_Release(marshal);
  }
  exporter_disconnect(identity);
  object_table_disconnect(identity);
  IUnknown_Release(identity);
  return status;
}
