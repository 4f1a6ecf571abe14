/* RoGetAgileReference: a reference that every apartment may resolve. It holds the object's entry in the object table and
 * ends with the object's apartment; an object that is free of apartments it holds itself. */
#include "activation/activation_internal.h"
#include "com/com_api.h"

typedef struct AgileReference {
  IAgileReference reference;
  Object object;
  ObjectEntry *target; /* held; or */
  IUnknown *agile;
} AgileReference;

OBJECT_FACE(AgileReference, reference, IAgileReference)

static HRESULT STDMETHODCALLTYPE AgileReference_Resolve(IAgileReference *face, REFIID iid, void **result) {
  AgileReference *self = OBJECT_CONTAINER(face, AgileReference, reference);

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  return self->agile ? IUnknown_QueryInterface(self->agile, iid, result)
                     : object_entry_query(self->target, iid, result);
}

static void agile_reference_destroy(void *self) {
  AgileReference *reference = self;

  if (reference->target)
    object_entry_release(reference->target, HOLD_TABLE);
  if (reference->agile)
    IUnknown_Release(reference->agile);
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

/* Whether the object may be called from every apartment as it is: it says so, or aggregates the free-threaded marshaler. */
static bool is_agile(IUnknown *object, REFIID iid) {
  IUnknown *mark = NULL;
  IMarshal *marshal = NULL;
  CLSID clsid = CLSID_NULL;

  if (SUCCEEDED(IUnknown_QueryInterface(object, &IID_IAgileObject, (void **)&mark)) && mark) {
    IUnknown_Release(mark);
    return true;
  }
  if (FAILED(IUnknown_QueryInterface(object, &IID_IMarshal, (void **)&marshal)) || !marshal)
    return false;
  if (FAILED(IMarshal_GetUnmarshalClass(marshal, iid, object, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL, &clsid)))
    clsid = CLSID_NULL;
  IMarshal_Release(marshal);
  return IsEqualCLSID(&clsid, &CLSID_InProcFreeMarshaler);
}

HRESULT RoGetAgileReference(enum AgileReferenceOptions options, REFIID iid, IUnknown *object,
                            IAgileReference **result) {
  AgileReference *reference;
  IUnknown *face = NULL;
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
  if (SUCCEEDED(IUnknown_QueryInterface(object, &IID_INoMarshal, (void **)&face))) {
    IUnknown_Release(face);
    return CO_E_NOT_SUPPORTED;
  }
  face = NULL;
  status = IUnknown_QueryInterface(object, iid, (void **)&face);
  if (SUCCEEDED(status) && !face)
    status = E_NOINTERFACE;
  if (FAILED(status))
    return status;
  reference = object_create(&reference_type);
  if (!reference) {
    IUnknown_Release(face);
    return E_OUTOFMEMORY;
  }
  if (is_agile(face, iid)) {
    reference->agile = face;
  } else {
    status = object_table_hold(face, HOLD_TABLE, &reference->target);
    IUnknown_Release(face);
  }
  if (SUCCEEDED(status))
    *result = &reference->reference;
  else
    IAgileReference_Release(&reference->reference);
  return status;
}
