/* Which interface a coclass means when none is named ([MS-OAUT] 2.2.49.8, the attributes `default` and `source`). */
#include "dispatch/dispatch_api.h"

/* More interfaces than any class has: a limit for type information that lies. */
#define IMPLEMENTED_LIMIT 1024

/* The number of the interface that is meant, -1 when there is none: the one marked as default, else the first. */
static int choose(ITypeInfo *coclass, UINT count, INT direction) {
  int first = -1;

  if (count > IMPLEMENTED_LIMIT)
    count = IMPLEMENTED_LIMIT;
  for (UINT i = 0; i < count; i++) {
    INT flags = 0;

    if (FAILED(ITypeInfo_GetImplTypeFlags(coclass, i, &flags)) || (flags & IMPLTYPEFLAG_FSOURCE) != direction)
      continue;
    if (flags & IMPLTYPEFLAG_FDEFAULT)
      return (int)i;
    if (first < 0)
      first = (int)i;
  }
  return first;
}

HRESULT coclass_default_interface(ITypeInfo *coclass, INT direction, ITypeInfo **info) {
  TYPEATTR *attributes = NULL;
  HREFTYPE reference = 0;
  HRESULT hr = ITypeInfo_GetTypeAttr(coclass, &attributes);
  int chosen;

  *info = NULL;
  if (FAILED(hr))
    return hr;
  if (!attributes)
    return E_UNEXPECTED;
  chosen = attributes->typekind == TKIND_COCLASS ? choose(coclass, attributes->cImplTypes, direction) : -1;
  ITypeInfo_ReleaseTypeAttr(coclass, attributes);
  if (chosen < 0)
    return TYPE_E_ELEMENTNOTFOUND;
  hr = ITypeInfo_GetRefTypeOfImplType(coclass, (UINT)chosen, &reference);
  if (SUCCEEDED(hr))
    hr = ITypeInfo_GetRefTypeInfo(coclass, reference, info);
  if (FAILED(hr)) {
    *info = NULL;
    return hr;
  }
  return *info ? S_OK : E_UNEXPECTED;
}

HRESULT coclass_default_iid(ITypeInfo *coclass, INT direction, IID *iid) {
  TYPEATTR *attributes = NULL;
  ITypeInfo *info;
  HRESULT hr = coclass_default_interface(coclass, direction, &info);

  *iid = GUID_NULL;
  if (FAILED(hr))
    return hr;
  hr = ITypeInfo_GetTypeAttr(info, &attributes);
  if (SUCCEEDED(hr) && !attributes)
    hr = E_UNEXPECTED;
  if (SUCCEEDED(hr)) {
    *iid = attributes->guid;
    ITypeInfo_ReleaseTypeAttr(info, attributes);
    hr = S_OK;
  }
  ITypeInfo_Release(info);
  return hr;
}
