/* RoGetAgileReference: a reference that every apartment may resolve to a pointer of its own. An object that is free of apartments
 * it holds itself; of any other it keeps a marshaled reference, made at once, or where another apartment asks first. It ends
 * with the object's apartment. */
#include <pthread.h>

#include "activation/activation_internal.h"

typedef struct AgileReference {
  IAgileReference reference;
  Object object;
  IID iid;
  IUnknown *agile;
  ObjectEntry *target; /* held, while it is not marshaled yet */
  Apartment *home;     /* of the target; referenced */
  pthread_mutex_t lock;
  IStream *marshaled; /* under the lock: from NULL to what stays */
} AgileReference;

OBJECT_FACE(AgileReference, reference, IAgileReference)

static const LARGE_INTEGER beginning;

/* In the object's apartment. */
static HRESULT marshal(IUnknown *object, REFIID iid, IStream **result) {
  HRESULT status = CreateStreamOnHGlobal(NULL, TRUE, result);
  if (SUCCEEDED(status))
    status = CoMarshalInterface(*result, iid, object, MSHCTX_INPROC, NULL, MSHLFLAGS_TABLESTRONG);
  if (FAILED(status) && *result) {
    IStream_Release(*result);
    *result = NULL;
  }
  return status;
}

static void release_marshaled(IStream *marshaled) {
  IStream_Seek(marshaled, beginning, STREAM_SEEK_SET, NULL);
  CoReleaseMarshalData(marshaled);
  IStream_Release(marshaled);
}

static HRESULT marshal_target(void *context) {
  AgileReference *self = context;
  IStream *marshaled = NULL, *surplus = NULL;
  IUnknown *object;
  HRESULT status = object_entry_query(self->target, &self->iid, (void **)&object);
  if (FAILED(status))
    return status;
  status = marshal(object, &self->iid, &marshaled);
  IUnknown_Release(object);
  pthread_mutex_lock(&self->lock);
  if (self->marshaled)
    surplus = marshaled; /* another one was faster */
  else
    self->marshaled = marshaled;
  pthread_mutex_unlock(&self->lock);
  if (surplus)
    release_marshaled(surplus);
  return status;
}

/* A stream of the caller's own over the marshaled reference. */
static HRESULT open_marshaled(AgileReference *self, IStream **result) {
  pthread_mutex_lock(&self->lock);
  IStream *marshaled = self->marshaled;
  pthread_mutex_unlock(&self->lock);
  HRESULT status = marshaled ? S_OK : apartment_run(self->home, marshal_target, self);
  if (SUCCEEDED(status))
    status = IStream_Clone(self->marshaled, result);
  if (SUCCEEDED(status))
    IStream_Seek(*result, beginning, STREAM_SEEK_SET, NULL);
  return status;
}

static HRESULT STDMETHODCALLTYPE AgileReference_Resolve(IAgileReference *face, REFIID iid, void **result) {
  AgileReference *self = OBJECT_CONTAINER(face, AgileReference, reference);
  IStream *stream;

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!iid)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  if (self->agile)
    return IUnknown_QueryInterface(self->agile, iid, result);
  if (self->target && object_entry_apartment(self->target) == apartment_current())
    return object_entry_query(self->target, iid, result);
  HRESULT status = open_marshaled(self, &stream);
  if (FAILED(status))
    return status;
  status = CoUnmarshalInterface(stream, iid, result);
  IStream_Release(stream);
  return status;
}

static void agile_reference_destroy(void *self) {
  AgileReference *reference = self;

  if (reference->target)
    object_entry_release(reference->target, HOLD_TABLE);
  if (reference->agile)
    IUnknown_Release(reference->agile);
  if (reference->marshaled)
    release_marshaled(reference->marshaled);
  apartment_release(reference->home);
  pthread_mutex_destroy(&reference->lock);
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

bool object_is_agile(IUnknown *object, REFIID iid) {
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
  pthread_mutex_init(&reference->lock, NULL);
  reference->iid = *iid;
  if (object_is_agile(face, iid)) {
    reference->agile = face;
  } else {
    reference->home = apartment_get();
    status = options == AGILEREFERENCE_DEFAULT ? marshal(face, iid, &reference->marshaled)
                                               : object_table_hold(face, HOLD_TABLE, &reference->target);
    IUnknown_Release(face);
  }
  if (SUCCEEDED(status))
    *result = &reference->reference;
  else
    IAgileReference_Release(&reference->reference);
  return status;
}
