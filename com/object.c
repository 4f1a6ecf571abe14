/* Identity, reference counting and aggregation for every object written in C; see object.h. */
#include "com/object.h"

#include <stdlib.h>

#include <winerror.h>

static Object *from_inner(IUnknown *inner) {
  return OBJECT_CONTAINER(inner, Object, inner);
}

static void *self_of(Object *object) {
  return (char *)object - object->type->header;
}

static HRESULT STDMETHODCALLTYPE Inner_QueryInterface(IUnknown *inner, REFIID iid, void **result) {
  return object_query_inner(from_inner(inner), iid, result);
}

static ULONG STDMETHODCALLTYPE Inner_AddRef(IUnknown *inner) {
  return ++from_inner(inner)->references;
}

static ULONG STDMETHODCALLTYPE Inner_Release(IUnknown *inner) {
  Object *object = from_inner(inner);
  ULONG left = --object->references;

  if (left == 0) {
    void *self = self_of(object);

    /* References taken and given back while the members go must not destroy the object again. */
    object->references = 1;
    if (object->type->destroy)
      object->type->destroy(self);
    free(self);
  }
  return left;
}

static const IUnknownVtbl inner_vtable = { Inner_QueryInterface, Inner_AddRef, Inner_Release };

void *object_create_aggregated(const ObjectType *type, IUnknown *outer) {
  char *self = calloc(1, type->size);
  Object *object;

  if (!self)
    return NULL;
  object = (Object *)(void *)(self + type->header);
  object->inner.lpVtbl = &inner_vtable;
  object->type = type;
  object->outer = outer;
  object->references = 1;
  return self;
}

void *object_create(const ObjectType *type) {
  return object_create_aggregated(type, NULL);
}

HRESULT object_query_inner(Object *object, REFIID iid, void **result) {
  const ObjectFace *face;
  char *self = self_of(object);

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (object->outer && IsEqualIID(iid, &IID_IUnknown)) {
    *result = &object->inner;
    object->references++;
    return S_OK;
  }
  for (face = object->type->faces; face->iid; face++) {
    if (IsEqualIID(iid, face->iid) || (face == object->type->faces && IsEqualIID(iid, &IID_IUnknown))) {
      *result = self + face->offset;
      object_addref(object);
      return S_OK;
    }
  }
  return object->type->query ? object->type->query(self, iid, result) : E_NOINTERFACE;
}

HRESULT object_query(Object *object, REFIID iid, void **result) {
  return object->outer ? IUnknown_QueryInterface(object->outer, iid, result) : object_query_inner(object, iid, result);
}

ULONG object_addref(Object *object) {
  return object->outer ? IUnknown_AddRef(object->outer) : Inner_AddRef(&object->inner);
}

ULONG object_release(Object *object) {
  return object->outer ? IUnknown_Release(object->outer) : Inner_Release(&object->inner);
}
