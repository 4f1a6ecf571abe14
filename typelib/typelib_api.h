/* typelib_api.h - what typelib/ shows to the other folders, beside the public headers. */
#ifndef OLEANDER_TYPELIB_API_H
#define OLEANDER_TYPELIB_API_H

#include <oaidl.h>
#include <oleauto.h>

#include <stdbool.h>

/* Makes an object for ITypeInfo::CreateInstance: the running one where `appobject` and there is one, else a new one.
 * activation/ registers its function when it is initialized. */
typedef HRESULT TypelibActivator(REFCLSID clsid, bool appobject, IUnknown *outer, REFIID iid, void **object);
OLEANDER_API(void, typelib_set_activator, (TypelibActivator * function));

#endif
