/* The active objects of Automation: running objects under the item moniker "!{CLSID}". */
#include <ole2.h>
#include <oleauto.h>

#include "com/com_api.h"

static HRESULT active_moniker(REFCLSID clsid, IMoniker **moniker) {
  OLECHAR name[GUID_TEXT_UNITS];

  StringFromGUID2(clsid, name, GUID_TEXT_UNITS);
  return CreateItemMoniker(u"!", name, moniker);
}

/* The table is one for all, and needs no release. */
static IRunningObjectTable *table(void) {
  IRunningObjectTable *result;

  return SUCCEEDED(GetRunningObjectTable(0, &result)) ? result : NULL;
}

HRESULT RegisterActiveObject(IUnknown *object, REFCLSID clsid, DWORD flags, DWORD *cookie) {
  DWORD rot_flags = flags == ACTIVEOBJECT_STRONG ? ROTFLAGS_REGISTRATIONKEEPSALIVE : 0;
  IMoniker *moniker;

  if (!object || !clsid || !cookie)
    return E_INVALIDARG;
  HRESULT status = active_moniker(clsid, &moniker);
  if (FAILED(status))
    return status;
  status = IRunningObjectTable_Register(table(), rot_flags, object, moniker, cookie);
  IMoniker_Release(moniker);
  return status;
}

HRESULT RevokeActiveObject(DWORD cookie, void *reserved) {
  return reserved ? E_INVALIDARG : IRunningObjectTable_Revoke(table(), cookie);
}

HRESULT GetActiveObject(REFCLSID clsid, void *reserved, IUnknown **object) {
  IMoniker *moniker;

  if (object)
    *object = NULL;
  if (!object || !clsid || reserved)
    return E_INVALIDARG;
  HRESULT status = active_moniker(clsid, &moniker);
  if (FAILED(status))
    return status;
  status = IRunningObjectTable_GetObject(table(), moniker, object);
  IMoniker_Release(moniker);
  return status;
}
