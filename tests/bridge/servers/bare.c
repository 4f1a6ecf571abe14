/* A module whose only class makes objects without type information: what is known of them stands in the registry. */
#define INITGUID
#include "automation_internal.h"

LONG live_objects, calls_arrived;
OleanderModule automation_module = { .component = "bare" };

HRESULT count_birth(void *self) {
  (void)self;
  return S_OK;
}

void count_death(void *self) {
  (void)self;
}

BSTR text_of(const char *ascii) {
  OLECHAR text[64];
  size_t length = strlen(ascii);
  for (size_t i = 0; i <= length && i < 64; i++)
    text[i] = (unsigned char)ascii[i];
  return SysAllocString(text);
}

static HRESULT STDMETHODCALLTYPE Factory_QueryInterface(IClassFactory *face, REFIID iid, void **result) {
  bool known = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IClassFactory);
  *result = known ? face : NULL;
  return known ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Factory_AddRef(IClassFactory *face) {
  (void)face;
  return 2;
}

static ULONG STDMETHODCALLTYPE Factory_Release(IClassFactory *face) {
  (void)face;
  return 1;
}

static HRESULT STDMETHODCALLTYPE Factory_CreateInstance(IClassFactory *face, IUnknown *outer, REFIID iid,
                                                        void **result) {
  IDispatch *object = NULL;
  (void)face;
  *result = NULL;
  if (outer != NULL)
    return CLASS_E_NOAGGREGATION;
  HRESULT hr = make_odd(OLESTR("Untyped"), &object);
  if (FAILED(hr))
    return hr;
  hr = IDispatch_QueryInterface(object, iid, result);
  IDispatch_Release(object);
  return hr;
}

static HRESULT STDMETHODCALLTYPE Factory_LockServer(IClassFactory *face, BOOL lock) {
  (void)face;
  (void)lock;
  return S_OK;
}

static IClassFactoryVtbl factory_vtable = { Factory_QueryInterface, Factory_AddRef, Factory_Release,
                                            Factory_CreateInstance, Factory_LockServer };
static IClassFactory factory = { &factory_vtable };

STDAPI __attribute__((visibility("default"))) DllGetClassObject(REFCLSID clsid, REFIID iid, LPVOID *result);
STDAPI __attribute__((visibility("default"))) DllCanUnloadNow(void);

STDAPI DllGetClassObject(REFCLSID clsid, REFIID iid, LPVOID *result) {
  *result = NULL;
  return IsEqualCLSID(clsid, &CLSID_Odd) ? Factory_QueryInterface(&factory, iid, result) : CLASS_E_CLASSNOTAVAILABLE;
}

STDAPI DllCanUnloadNow(void) {
  return S_FALSE;
}
