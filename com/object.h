/*
 * Objects in the library itself: the public object system (oleander_object.h) under short names, called directly and not
 * through the library's exports.
 *
 *   typedef struct Thing { IThing thing; IPersist persist; Object object; int state; } Thing;
 *   OBJECT_FACE(Thing, thing, IThing)       defines Thing_thing_QueryInterface, _AddRef, _Release
 *   static const ObjectFace thing_faces[] = { { &IID_IThing, offsetof(Thing, thing), &thing_vtable }, ..., { 0 } };
 *   static const ObjectType thing_type = { "Thing", sizeof(Thing), offsetof(Thing, object), thing_faces, destroy, NULL };
 *   Thing *t = object_create(&thing_type);  one reference, owned by the caller
 */
#ifndef OLEANDER_COM_OBJECT_H
#define OLEANDER_COM_OBJECT_H

#include <stdbool.h>
#include <oleander_object.h>

typedef OleanderFace ObjectFace;
typedef OleanderType ObjectType;
typedef OleanderUnknown Object;

#define OBJECT_CONTAINER(pointer, Type, member) OLEANDER_SELF(pointer, Type, member)

/* Allocates and zeroes the struct, sets the vtable pointers that the table of faces knows, and gives it one reference.
 * NULL when out of memory. */
void *object_create(const ObjectType *type);

/* The same inside an aggregate: outer is the controlling IUnknown (may be NULL: then as object_create). The caller
 * hands object_inner(&self->object) to the outer object. */
void *object_create_aggregated(const ObjectType *type, IUnknown *outer);

/* In memory that the caller made. */
void object_begin(Object *object, const ObjectType *type, IUnknown *outer);

/* An object that is part of the library and stays: static Thing the_thing = { { &vtable }, OBJECT_LASTING(thing_type) };
 * the size in its type is 0. No careless client can bring its count to an end. */
#define OBJECT_LASTING(type)                                                                                           \
  { &object_inner_vtable, &(type), NULL, 0x40000000u }
extern const IUnknownVtbl object_inner_vtable;

/* The three methods of IUnknown for every face; they delegate to the outer object where there is one. */
HRESULT object_query(Object *object, REFIID iid, void **result);
ULONG object_addref(Object *object);
ULONG object_release(Object *object);

/* The same without delegation: for class factories that must answer with an interface of the new object. */
HRESULT object_query_inner(Object *object, REFIID iid, void **result);
ULONG object_release_inner(Object *object);

/* A reference (object_release_inner gives it back) unless the object is going: for threads that know an object without
 * holding it. Its memory must still be there: the object's destroy takes the lock under which this is called. */
bool object_hold(Object *object);

static inline IUnknown *object_inner(Object *object) {
  return (IUnknown *)(void *)&object->inner;
}

/* The face with that IID in a struct, without a reference; NULL when the table does not have it. */
void *object_find_face(const ObjectFace *faces, void *self, REFIID iid);

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
