/* A server module whose objects say where they live: GetClassID gives the number of the kernel's thread that it runs on, and the
 * address of the object. {6F1E0050-...} aggregates the free-threaded marshaler; all others do not. Any other number is another class
 * of the same kind. */
#include <stdatomic.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <oleander_object.h>

#include <objbase.h>

typedef struct Thing {
  IPersist persist;
  OleanderUnknown object;
  IUnknown *marshaler;
} Thing;

typedef struct ThingClass {
  IClassFactory factory;
  OleanderUnknown object;
  bool is_free;
} ThingClass;

static _Atomic int alive;

OLEANDER_UNKNOWN_FACE(Thing, persist, IPersist)
OLEANDER_UNKNOWN_FACE(ThingClass, factory, IClassFactory)

static HRESULT STDMETHODCALLTYPE Thing_GetClassID(IPersist *face, CLSID *clsid) {
  const uint64_t thread = (uint64_t)syscall(SYS_gettid), address = (uintptr_t)face;
  memcpy(clsid, &thread, 8);
  memcpy((char *)clsid + 8, &address, 8);
  return S_OK;
}

static HRESULT thing_query(void *self, REFIID iid, void **result) {
  IUnknown *marshaler = ((Thing *)self)->marshaler;
  return marshaler && IsEqualIID(iid, &IID_IMarshal) ? IUnknown_QueryInterface(marshaler, iid, result) : E_NOINTERFACE;
}

static void thing_destroy(void *self) {
  IUnknown *marshaler = ((Thing *)self)->marshaler;
  if (marshaler)
    IUnknown_Release(marshaler);
  alive--;
}

static const IPersistVtbl persist_vtable = { OLEANDER_FACE_SLOTS(Thing, persist), Thing_GetClassID };
static const OleanderFace thing_faces[] = { { &IID_IPersist, offsetof(Thing, persist), &persist_vtable }, { 0 } };
static const OleanderType thing_type = {
  "Thing", sizeof(Thing), offsetof(Thing, object), thing_faces, thing_destroy, thing_query,
};

static HRESULT STDMETHODCALLTYPE ThingClass_CreateInstance(IClassFactory *face, IUnknown *outer, REFIID iid,
                                                           void **result) {
  *result = NULL;
  if (outer)
    return CLASS_E_NOAGGREGATION;
  Thing *thing = oleander_unknown_create(&thing_type, NULL);
  alive++;
  if (OLEANDER_SELF(face, ThingClass, factory)->is_free)
    CoCreateFreeThreadedMarshaler((IUnknown *)&thing->persist, &thing->marshaler);
  HRESULT status = IPersist_QueryInterface(&thing->persist, iid, result);
  IPersist_Release(&thing->persist);
  return status;
}

static HRESULT STDMETHODCALLTYPE ThingClass_LockServer(IClassFactory *face, BOOL lock) {
  (void)face;
  alive += lock ? 1 : -1;
  return S_OK;
}

static const IClassFactoryVtbl factory_vtable = {
  OLEANDER_FACE_SLOTS(ThingClass, factory),
  ThingClass_CreateInstance,
  ThingClass_LockServer,
};
static const OleanderFace class_faces[] = { { &IID_IClassFactory, offsetof(ThingClass, factory), &factory_vtable },
                                            { 0 } };
static const OleanderType class_type = {
  "ThingClass", sizeof(ThingClass), offsetof(ThingClass, object), class_faces, NULL, NULL,
};

HRESULT DllGetClassObject(REFCLSID clsid, REFIID iid, void **result) {
  ThingClass *made = oleander_unknown_create(&class_type, NULL);
  made->is_free = clsid->Data1 == 0x6F1E0050;
  HRESULT status = IClassFactory_QueryInterface(&made->factory, iid, result);
  IClassFactory_Release(&made->factory);
  return status;
}

HRESULT DllCanUnloadNow(void) {
  return alive ? S_FALSE : S_OK;
}
