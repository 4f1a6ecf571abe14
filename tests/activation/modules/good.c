/* A server module without any library: two classes, one of them aggregatable, and control over its unloading. Environment:
 * nothing. It is compiled a second time with LIAR: then its entry points break the rules. */
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>

#include <objbase.h>

static const GUID iid_unknown = { 0, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
static const GUID iid_factory = { 1, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
static const GUID iid_persist = { 0x10C, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
/* {6F1E0001-...}: stands alone or in an aggregate; {6F1E0002-...}: cannot be made; {6F1E0003-...}: answers S_OK and NULL. */
static const GUID clsid_family = { 0x6F1E0000, 0x1111, 0x2222, { 1, 2, 3, 4, 5, 6, 7, 8 } };

static _Atomic int alive;

typedef struct Thing {
  IPersist persist;
  IUnknown inner;
  IUnknown *outer;
  _Atomic ULONG references;
} Thing;

static Thing *from_inner(IUnknown *inner) {
  return (Thing *)(void *)((char *)inner - offsetof(Thing, inner));
}

static HRESULT STDMETHODCALLTYPE Inner_QueryInterface(IUnknown *inner, REFIID iid, void **result) {
  Thing *thing = from_inner(inner);

  *result = NULL;
  if (IsEqualGUID(iid, &iid_unknown))
    *result = inner;
  else if (IsEqualGUID(iid, &iid_persist))
    *result = &thing->persist;
  else
    return E_NOINTERFACE;
  if (*result == inner)
    thing->references++;
  else
    thing->outer->lpVtbl->AddRef(thing->outer);
  return S_OK;
}

static ULONG STDMETHODCALLTYPE Inner_AddRef(IUnknown *inner) {
  return ++from_inner(inner)->references;
}

static ULONG STDMETHODCALLTYPE Inner_Release(IUnknown *inner) {
  ULONG left = --from_inner(inner)->references;

  if (left == 0) {
    free(from_inner(inner));
    alive--;
  }
  return left;
}

static HRESULT STDMETHODCALLTYPE Persist_QueryInterface(IPersist *face, REFIID iid, void **result) {
  IUnknown *outer = ((Thing *)face)->outer;

  return outer->lpVtbl->QueryInterface(outer, iid, result);
}

static ULONG STDMETHODCALLTYPE Persist_AddRef(IPersist *face) {
  IUnknown *outer = ((Thing *)face)->outer;

  return outer->lpVtbl->AddRef(outer);
}

static ULONG STDMETHODCALLTYPE Persist_Release(IPersist *face) {
  IUnknown *outer = ((Thing *)face)->outer;

  return outer->lpVtbl->Release(outer);
}

static HRESULT STDMETHODCALLTYPE Persist_GetClassID(IPersist *face, CLSID *clsid) {
  (void)face;
  *clsid = clsid_family;
  clsid->Data1 |= 1;
  return S_OK;
}

static const IUnknownVtbl inner_vtable = { Inner_QueryInterface, Inner_AddRef, Inner_Release };
static const IPersistVtbl persist_vtable = { Persist_QueryInterface, Persist_AddRef, Persist_Release,
                                             Persist_GetClassID };

typedef struct Factory {
  IClassFactory factory;
  uint32_t number;
} Factory;

static HRESULT STDMETHODCALLTYPE Factory_QueryInterface(IClassFactory *self, REFIID iid, void **result) {
  *result = IsEqualGUID(iid, &iid_unknown) || IsEqualGUID(iid, &iid_factory) ? self : NULL;
  return *result ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Factory_AddRef(IClassFactory *self) {
  (void)self;
  return 2;
}

static ULONG STDMETHODCALLTYPE Factory_Release(IClassFactory *self) {
  (void)self;
  return 1;
}

static HRESULT STDMETHODCALLTYPE Factory_CreateInstance(IClassFactory *self, IUnknown *outer, REFIID iid,
                                                        void **result) {
  uint32_t number = ((Factory *)self)->number;
  Thing *thing;
  HRESULT status;

  if (number == 2)
    return CO_E_ERRORINAPP; /* and *result stays as the caller left it */
  *result = NULL;
  if (number == 3)
    return S_OK;
  if (outer && !IsEqualGUID(iid, &iid_unknown))
    return CLASS_E_NOAGGREGATION;
  thing = calloc(1, sizeof *thing);
  if (!thing)
    return E_OUTOFMEMORY;
  alive++;
  thing->persist.lpVtbl = &persist_vtable;
  thing->inner.lpVtbl = &inner_vtable;
  thing->outer = outer ? outer : &thing->inner;
  thing->references = 1;
  status = Inner_QueryInterface(&thing->inner, iid, result);
  Inner_Release(&thing->inner);
  return status;
}

static HRESULT STDMETHODCALLTYPE Factory_LockServer(IClassFactory *self, BOOL lock) {
  (void)self;
  alive += lock ? 1 : -1;
  return S_OK;
}

static const IClassFactoryVtbl factory_vtable = {
  Factory_QueryInterface, Factory_AddRef, Factory_Release, Factory_CreateInstance, Factory_LockServer,
};
static Factory factories[] = { { { &factory_vtable }, 1 }, { { &factory_vtable }, 2 }, { { &factory_vtable }, 3 } };

HRESULT STDMETHODCALLTYPE DllGetClassObject(REFCLSID clsid, REFIID iid, LPVOID *result) {
#ifdef LIAR
  (void)iid;
  (void)factories;
  if (clsid->Data1 & 1) {
    *result = (void *)1; /* a failure that leaves rubbish behind */
    return E_FAIL;
  }
  *result = NULL; /* success without a result */
  return S_OK;
#else
  CLSID family = *clsid;
  uint32_t number = clsid->Data1 & 0xFFFF;

  family.Data1 &= 0xFFFF0000;
  *result = NULL;
  if (!IsEqualGUID(&family, &clsid_family) || number < 1 || number > 3)
    return CLASS_E_CLASSNOTAVAILABLE;
  return Factory_QueryInterface(&factories[number - 1].factory, iid, result);
#endif
}

HRESULT STDMETHODCALLTYPE DllCanUnloadNow(void) {
  return alive ? S_FALSE : S_OK;
}

__attribute__((destructor)) static void unloaded(void) {
  /* Tells a test in the same process that the module has gone. */
  setenv("OLEANDER_TEST_UNLOADED", "1", 1);
}
