/* stdole.c - the built-in library: what the IDL compiler makes of include/oleander/stdole2.idl, kept in this module. */
#include "typelib/objects/library_load.h"
#include "typelib/objects/stdole_bytes.h"

static TypelibBytes stdole_bytes(void) {
  TypelibBytes bytes = { stdole_library, sizeof stdole_library, NULL, NULL, 0 };

  return bytes;
}

/* The types that nearly every other library refers to. */
static const UINT often_used[] = { 3, 4 }; /* IUnknown, IDispatch */

/* One reference to the library, and one to each type that is often used, are kept for good. */
static HRESULT open_for_good(TypeLibrary **stdole) {
  TypelibBytes bytes = stdole_bytes();
  TypeInfo *type;
  size_t index;
  HRESULT hr = library_load_bytes(&bytes, stdole);

  for (index = 0; SUCCEEDED(hr) && index < sizeof often_used / sizeof often_used[0]; index++)
    (void)type_library_open_type(*stdole, often_used[index], false, &type);
  return hr;
}

HRESULT library_stdole(TypeLibrary **library) {
  static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
  static TypeLibrary *stdole;
  HRESULT hr = S_OK;

  pthread_mutex_lock(&lock);
  if (!stdole)
    hr = open_for_good(&stdole);
  if (SUCCEEDED(hr)) {
    ITypeLib2_AddRef(&stdole->lib);
    *library = stdole;
  }
  pthread_mutex_unlock(&lock);
  return hr;
}
