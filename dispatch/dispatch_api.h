/* What dispatch/ shows to the folders above it, beside the public headers: hooks through which it reaches up. */
#ifndef OLEANDER_DISPATCH_API_H
#define OLEANDER_DISPATCH_API_H

#include <oaidl.h>
#include <oleauto.h>

/* Finds the type with that GUID in a registered library; typelib/ registers its function when it is loaded. Without
 * one GetRecordInfoFromGuids answers TYPE_E_LIBNOTREGISTERED. */
typedef HRESULT DispatchTypeLoader(REFGUID libid, WORD major, WORD minor, LCID lcid, REFGUID type, ITypeInfo **info);
OLEANDER_API(void, dispatch_set_type_loader, (DispatchTypeLoader * loader));

#endif
