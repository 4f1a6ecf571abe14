/*
 * The one way to write a COM object in C: a struct that begins with its vtable pointers ("faces") and holds an
 * Object; its ObjectType lists (IID, offset) pairs that the shared QueryInterface walks. Identity, reference
 * counting and aggregation follow the rules of COM ("Rules for Implementing QueryInterface", "Aggregation").
 *
 *   typedef struct Thing { IThing thing; IPersist persist; Object object; int state; } Thing;
 *   OBJECT_FACE(Thing, thing, IThing)       defines Thing_thing_QueryInterface, _AddRef, _Release
 *   static const ObjectFace thing_faces[] = { { &IID_IThing, offsetof(Thing, thing) }, ..., { NULL, 0 } };
 *   static const ObjectType thing_type = { "Thing", sizeof(Thing), offsetof(Thing, object), thing_faces, destroy };
 *   Thing *t = object_create(&thing_type);  one reference, owned by the caller
 */
#ifndef OLEANDER_COM_OBJECT_H
#define OLEANDER_COM_OBJECT_H

#include <stddef.h>

#include <unknwn.h>

/* One interface of an object: the identifier and where in the struct its vtable pointer stands. */
typedef struct ObjectFace {
  const IID *iid;
  size_t offset;
} ObjectFace;

typedef struct ObjectType {
  const char *name;            /* for diagnosis */
  size_t size;                 /* of the whole struct */
  size_t header;               /* offset of its Object */
  const ObjectFace *faces;     /* the first one is the object's identity; ends with { NULL, 0 } */
  void (*destroy)(void *self); /* frees what the members own, not the struct; may be NULL */
  /* Asked for interfaces that are not in the table; gives a reference or E_NOINTERFACE. May be NULL. */
  HRESULT (*query)(void *self, REFIID iid, void **result);
} ObjectType;

typedef struct Object {
  IUnknown inner; /* the non-delegating IUnknown, which an aggregating outer object holds */
  const ObjectType *type;
  IUnknown *outer; /* the controlling IUnknown, not counted; NULL when the object stands alone */
  _Atomic ULONG references;
} Object;

#define OBJECT_CONTAINER(pointer, Type, member) ((Type *)((char *)(pointer)-offsetof(Type, member)))

/* Allocates and zeroes the struct, sets up its Object with one reference. NULL when out of memory. The caller then
 * sets the vtable pointers of the faces. */
void *object_create(const ObjectType *type);

/* The same inside an aggregate: outer is the controlling IUnknown (may be NULL: then as object_create). The caller
 * hands &self->object.inner to the outer object. */
void *object_create_aggregated(const ObjectType *type, IUnknown *outer);

/* The three methods of IUnknown for every face; they delegate to the outer object where there is one. */
HRESULT object_query(Object *object, REFIID iid, void **result);
ULONG object_addref(Object *object);
ULONG object_release(Object *object);

/* QueryInterface that never delegates: for class factories that must answer with an interface of the new object. */
HRESULT object_query_inner(Object *object, REFIID iid, void **result);

/* Defines the three methods for the face `member` of type Interface. */
#define OBJECT_FACE(Type, member, Interface)                                                                           \
  static HRESULT STDMETHODCALLTYPE Type##_##member##_QueryInterface(Interface *face, REFIID iid, void **result) {      \
    return object_query(&OBJECT_CONTAINER(face, Type, member)->object, iid, result);                                   \
  }                                                                                                                    \
  static ULONG STDMETHODCALLTYPE Type##_##member##_AddRef(Interface *face) {                                           \
    return object_addref(&OBJECT_CONTAINER(face, Type, member)->object);                                               \
  }                                                                                                                    \
  static ULONG STDMETHODCALLTYPE Type##_##member##_Release(Interface *face) {                                          \
    return object_release(&OBJECT_CONTAINER(face, Type, member)->object);                                              \
  }

#endif
