/* Identity, reference counting and aggregation for every object written in C; see oleander_object.h. */
#include "com/object.h"

#include "com/ending.h"

#include <stdlib.h>

#include <winerror.h>

/* The count of an object whose members are being freed. */
#define OBJECT_GOING 0x70000000u

static Object *from_inner(IUnknown *inner) {
  return OBJECT_CONTAINER(inner, Object, inner);
}

static void *self_of(Object *object) {
  return (char *)object - object->type->object;
}

static ULONG addref_inner(Object *object) {
  return __atomic_add_fetch(&object->references, 1, __ATOMIC_RELAXED);
}

static void end_now(Object *object) {
  const ObjectType *type = object->type;
  void *self = self_of(object);

  /* References taken and given back while the members go must not destroy the object again. */
  __atomic_store_n(&object->references, OBJECT_GOING, __ATOMIC_RELEASE);
  ending_begin();
  if (type->destroy)
    type->destroy(self);
  if (type->size)
    free(self);
  ending_done();
}

_Static_assert(sizeof(Ending) <= sizeof((Object){ 0 }.inner), "an object waits in its first word");

static void end_waiting(Ending *ending) {
  Object *object = OBJECT_CONTAINER(ending, Object, inner);
  object->inner = &object_inner_vtable;
  end_now(object);
}

/* A part of an aggregate goes with the whole, and memory of the caller may be gone by then. Apart from Release, whose
 * commoner way needs none of it. */
static __attribute__((noinline)) void end(Object *object) {
  if (ending_is_deep() && object->type->size && !object->outer)
    ending_later(ENDING_OBJECT, (Ending *)(void *)&object->inner, end_waiting);
  else
    end_now(object);
}

bool object_hold(Object *object) {
  ULONG count = __atomic_load_n(&object->references, __ATOMIC_RELAXED);

  do {
    if (count == 0 || count >= OBJECT_GOING / 2)
      return false;
  } while (
      !__atomic_compare_exchange_n(&object->references, &count, count + 1, true, __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
  return true;
}

ULONG object_release_inner(Object *object) {
  ULONG left = __atomic_sub_fetch(&object->references, 1, __ATOMIC_ACQ_REL);

  if (left == 0)
    end(object);
  return left;
}

static HRESULT STDMETHODCALLTYPE Inner_QueryInterface(IUnknown *inner, REFIID iid, void **result) {
  return object_query_inner(from_inner(inner), iid, result);
}

static ULONG STDMETHODCALLTYPE Inner_AddRef(IUnknown *inner) {
  return addref_inner(from_inner(inner));
}

static ULONG STDMETHODCALLTYPE Inner_Release(IUnknown *inner) {
  return object_release_inner(from_inner(inner));
}

const IUnknownVtbl object_inner_vtable = { Inner_QueryInterface, Inner_AddRef, Inner_Release };

void object_begin(Object *object, const ObjectType *type, IUnknown *outer) {
  object->inner = &object_inner_vtable;
  object->type = type;
  object->outer = outer;
  object->references = 1;
}

void *object_create_aggregated(const ObjectType *type, IUnknown *outer) {
  char *self = calloc(1, type->size);
  const ObjectFace *face;

  if (!self)
    return NULL;
  for (face = type->faces; face->iid; face++) {
    if (face->vtable)
      *(const void **)(void *)(self + face->offset) = face->vtable;
  }
  object_begin((Object *)(void *)(self + type->object), type, outer);
  return self;
}

void *object_create(const ObjectType *type) {
  return object_create_aggregated(type, NULL);
}

void *object_find_face(const ObjectFace *faces, void *self, REFIID iid) {
  const ObjectFace *face;

  for (face = faces; face && face->iid; face++) {
    if (IsEqualIID(iid, face->iid))
      return (char *)self + face->offset;
  }
  return NULL;
}

HRESULT object_query_inner(Object *object, REFIID iid, void **result) {
  const ObjectFace *faces = object->type->faces;
  char *self = self_of(object);

  if (!result)
    return E_POINTER;
  *result = NULL;
  if (IsEqualIID(iid, &IID_IUnknown)) {
    *result = object->outer ? (void *)&object->inner : self + faces->offset;
    addref_inner(object);
    return S_OK;
  }
  *result = object_find_face(faces, self, iid);
  if (*result) {
    object_addref(object);
    return S_OK;
  }
  return object->type->query ? object->type->query(self, iid, result) : E_NOINTERFACE;
}

HRESULT object_query(Object *object, REFIID iid, void **result) {
  return object->outer ? IUnknown_QueryInterface(object->outer, iid, result) : object_query_inner(object, iid, result);
}

ULONG object_addref(Object *object) {
  return object->outer ? IUnknown_AddRef(object->outer) : addref_inner(object);
}

ULONG object_release(Object *object) {
  return object->outer ? IUnknown_Release(object->outer) : object_release_inner(object);
}

/* The same for other modules. */

void *oleander_unknown_create(const OleanderType *type, IUnknown *outer) {
  return object_create_aggregated(type, outer);
}

void oleander_unknown_begin(OleanderUnknown *object, const OleanderType *type, IUnknown *outer) {
  object_begin(object, type, outer);
}

HRESULT oleander_unknown_query(OleanderUnknown *object, REFIID iid, void **result) {
  return object_query(object, iid, result);
}

ULONG oleander_unknown_addref(OleanderUnknown *object) {
  return object_addref(object);
}

ULONG oleander_unknown_release(OleanderUnknown *object) {
  return object_release(object);
}

IUnknown *oleander_unknown_inner(OleanderUnknown *object) {
  return object_inner(object);
}
