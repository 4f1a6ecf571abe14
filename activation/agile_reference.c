/* RoGetAgileReference: a reference that every apartment may resolve. As long as there are no proxies it gives the object
 * itself. */
#include "activation/activation_internal.h"
#include "com/object.h"

typedef struct AgileReference {
  IAgileReference reference;
  Object object;
  IUnknown *target;
} AgileReference;

OBJECT_FACE(AgileReference, reference, IAgileReference)

static HRESULT STDMETHODCALLTYPE AgileReference_Resolve(IAgileReference *face, REFIID iid, void **result) {
  AgileReference *self = OBJECT_CONTAINER(face, AgileReference, reference);

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  return IUnknown_QueryInterface(self->target, iid, result);
}

static void agile_reference_destroy(void *self) {
  IUnknown *target = ((AgileReference *)self)->target;

  if (target)
    IUnknown_Release(target);
}

static const IAgileReferenceVtbl reference_vtable = {
  AgileReference_reference_QueryInterface,
  AgileReference_reference_AddRef,
  AgileReference_reference_Release,
  AgileReference_Resolve,
};
static const ObjectFace reference_faces[] = {
  { &IID_IAgileReference, offsetof(AgileReference, reference), &reference_vtable },
  { 0 },
};
static const ObjectType reference_type = {
  "AgileReference", sizeof(AgileReference),  offsetof(AgileReference, object),
  reference_faces,  agile_reference_destroy, NULL,
};

HRESULT RoGetAgileReference(enum AgileReferenceOptions options, REFIID iid, IUnknown *object,
                            IAgileReference **result) {
  AgileReference *reference;
  IUnknown *none;
  HRESULT status;

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!iid || !object ||
      ((unsigned)options != AGILEREFERENCE_DEFAULT && (unsigned)options != AGILEREFERENCE_DELAYEDMARSHAL))
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  /* An object that says so does not want to leave its apartment. */
  if (SUCCEEDED(IUnknown_QueryInterface(object, &IID_INoMarshal, (void **)&none))) {
    IUnknown_Release(none);
    return CO_E_NOT_SUPPORTED;
  }
  reference = object_create(&reference_type);
  if (!reference)
    return E_OUTOFMEMORY;
  status = IUnknown_QueryInterface(object, iid, (void **)&reference->target);
  if (FAILED(status)) {
    reference->target = NULL;
    IAgileReference_Release(&reference->reference);
    return status;
  }
  *result = &reference->reference;
  return S_OK;
}
