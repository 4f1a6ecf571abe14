/* Classes that the library itself serves, and their objects that are made elsewhere than through a public function. */
#ifndef OLEANDER_BUILTIN_CLASSES_H
#define OLEANDER_BUILTIN_CLASSES_H

#include <stddef.h>

#include <objbase.h>

#include "com/com_api.h"

/* A class and its class object, which lasts. `make` gives a new object with a reference. */
typedef struct BuiltinClass {
  IClassFactory factory;
  Object object;
  const CLSID *clsid;
  HRESULT (*make)(IUnknown *outer, IUnknown **object);
} BuiltinClass;

extern const IClassFactoryVtbl builtin_class_vtable;
extern const ObjectType builtin_class_type;

#define BUILTIN_CLASS(clsid, make)                                                                                     \
  { { &builtin_class_vtable }, OBJECT_LASTING(builtin_class_type), &(clsid), make }

typedef struct BuiltinClasses {
  BuiltinClass *classes;
  size_t count;
  struct BuiltinClasses *next; /* set by builtin_classes_add */
} BuiltinClasses;

/* What the rooms above bring; from a constructor, for ever. */
void builtin_classes_add(BuiltinClasses *list);
/* Whether the library itself has the class. */
bool builtin_class_is(REFCLSID clsid);

/* The one IGlobalInterfaceTable of the process. */
IGlobalInterfaceTable *global_interface_table_get(void);

/* IGlobalOptions, and the manager of component categories. */
HRESULT global_options_create(IUnknown *outer, IUnknown **object);
HRESULT categories_create(IUnknown *outer, IUnknown **object);

#endif
