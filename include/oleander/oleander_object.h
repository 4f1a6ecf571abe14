/*
 * The one way to write a COM object in C: a struct that begins with its vtable pointers ("faces") and holds an
 * OleanderUnknown. Its type lists where the faces stand; the shared QueryInterface walks that list. Identity, reference
 * counting and aggregation follow the rules of COM ("Rules for Implementing QueryInterface", "Aggregation").
 *
 *   typedef struct Thing { IThing thing; IPersist persist; OleanderUnknown object; int state; } Thing;
 *   OLEANDER_UNKNOWN_FACE(Thing, thing, IThing)      defines Thing_thing_QueryInterface, _AddRef, _Release
 *   static const OleanderFace thing_faces[] = { { &IID_IThing, offsetof(Thing, thing), &thing_vtable }, ..., { 0 } };
 *   static const OleanderType thing_type = { "Thing", sizeof(Thing), offsetof(Thing, object), thing_faces, destroy, NULL };
 *   Thing *t = oleander_unknown_create(&thing_type, NULL);  one reference, owned by the caller
 *
 * Servers with type information, class objects and registration build on this: oleander_server.h. All functions may be
 * called on any thread.
 */
#ifndef OLEANDER_OLEANDER_OBJECT_H
#define OLEANDER_OLEANDER_OBJECT_H

#include <stddef.h>

#include <oleander_api.h>
#include <unknwn.h>

#ifdef __cplusplus
extern "C" {
#endif

/* One interface of an object: where in the struct its vtable pointer stands, and what it points to. Several rows may
 * share an offset (an interface and the ones it derives from): the most derived comes first. */
typedef struct OleanderFace {
  const IID *iid;
  size_t offset;
  const void *vtable; /* NULL: whoever makes the object sets the pointer */
} OleanderFace;

typedef struct OleanderType {
  const char *name;            /* for diagnosis */
  size_t size;                 /* of the whole struct; 0: it is not on the heap, or destroy frees it */
  size_t object;               /* offset of its OleanderUnknown */
  const OleanderFace *faces;   /* the first one is the object's identity; ends with { 0 } */
  void (*destroy)(void *self); /* frees what the members own, not the struct; may be NULL */
  /* Asked for interfaces that are not in the table: gives a reference or E_NOINTERFACE. May be NULL. */
  HRESULT (*query)(void *self, REFIID iid, void **result);
} OleanderType;

/* What every object holds; all private. */
typedef struct OleanderUnknown {
  const void *inner; /* IUnknown that does not delegate, which an aggregating outer object holds */
  const OleanderType *type;
  IUnknown *outer; /* the controlling IUnknown of an aggregate, not counted; NULL when the object stands alone */
  ULONG references;
} OleanderUnknown;

/* The struct around a face or an OleanderUnknown. */
#define OLEANDER_SELF(pointer, Type, member) ((Type *)(void *)((char *)(pointer)-offsetof(Type, member)))

/* Allocates and zeroes the struct and sets its vtable pointers; one reference, owned by the caller. `outer`: NULL, or
 * the controlling IUnknown, whose owner then holds oleander_unknown_inner. NULL when out of memory. */
OLEANDER_EXPORT void *oleander_unknown_create(const OleanderType *type, IUnknown *outer);

/* Sets up an OleanderUnknown in memory that the caller made, with one reference. The vtable pointers are the caller's. */
OLEANDER_EXPORT void oleander_unknown_begin(OleanderUnknown *object, const OleanderType *type, IUnknown *outer);

/* The three methods of IUnknown for every face; they delegate to the outer object where there is one. */
OLEANDER_EXPORT HRESULT oleander_unknown_query(OleanderUnknown *object, REFIID iid, void **result);
OLEANDER_EXPORT ULONG oleander_unknown_addref(OleanderUnknown *object);
OLEANDER_EXPORT ULONG oleander_unknown_release(OleanderUnknown *object);

/* The IUnknown that never delegates; adds no reference. */
OLEANDER_EXPORT IUnknown *oleander_unknown_inner(OleanderUnknown *object);

#ifndef __cplusplus

/* Defines QueryInterface, AddRef and Release for the face `member` of type Interface. */
#define OLEANDER_UNKNOWN_FACE(Type, member, Interface)                                                                 \
  static HRESULT STDMETHODCALLTYPE Type##_##member##_QueryInterface(Interface *face, REFIID iid, void **result) {      \
    return oleander_unknown_query(&OLEANDER_SELF(face, Type, member)->object, iid, result);                            \
  }                                                                                                                    \
  static ULONG STDMETHODCALLTYPE Type##_##member##_AddRef(Interface *face) {                                           \
    return oleander_unknown_addref(&OLEANDER_SELF(face, Type, member)->object);                                        \
  }                                                                                                                    \
  static ULONG STDMETHODCALLTYPE Type##_##member##_Release(Interface *face) {                                          \
    return oleander_unknown_release(&OLEANDER_SELF(face, Type, member)->object);                                       \
  }

/* Their names, for the vtable. */
#define OLEANDER_FACE_SLOTS(Type, member)                                                                              \
  Type##_##member##_QueryInterface, Type##_##member##_AddRef, Type##_##member##_Release

#endif

#ifdef __cplusplus
}
#endif

#endif
