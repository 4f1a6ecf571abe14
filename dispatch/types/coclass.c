/* Which interface a coclass means when none is named ([MS-OAUT] 2.2.49.8, the attributes `default` and `source`). */
#include "dispatch/dispatch_api.h"
#include "dispatch/types/typeinfo_read.h"

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
  TYPEATTR attributes;
  *info = NULL;
  HRESULT hr = typeinfo_copy_attributes(coclass, &attributes);
  if (FAILED(hr))
    return hr;
  int chosen = attributes.typekind == TKIND_COCLASS ? choose(coclass, attributes.cImplTypes, direction) : -1;
  return chosen < 0 ? TYPE_E_ELEMENTNOTFOUND : typeinfo_get_implemented(coclass, (UINT)chosen, info);
}

HRESULT coclass_default_iid(ITypeInfo *coclass, INT direction, IID *iid) {
  TYPEATTR attributes;
  ITypeInfo *info;
  HRESULT hr = coclass_default_interface(coclass, direction, &info);
  *iid = GUID_NULL;
  if (FAILED(hr))
    return hr;
  hr = typeinfo_copy_attributes(info, &attributes);
  *iid = attributes.guid;
  ITypeInfo_Release(info);
  return FAILED(hr) ? hr : S_OK;
}
