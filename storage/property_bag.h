/* Property bags: the object over what holds the values. */
#ifndef OLEANDER_STORAGE_PROPERTY_BAG_H
#define OLEANDER_STORAGE_PROPERTY_BAG_H

#include "com/com_api.h"

#include <ocidl.h>
#include <oleauto.h>

#define BAG_LCID    0x0409u /* texts of values read alike everywhere */
#define BAG_NESTING 64u     /* bags within bags, and arrays within arrays */

typedef struct PropertyBag PropertyBag;

/* Called one at a time. Values are plain: no VT_BYREF; objects among them are bags of this kind. */
typedef struct BagKind {
  HRESULT (*get)(PropertyBag *bag, const OLECHAR *name, VARIANT *value); /* E_INVALIDARG: there is none */
  HRESULT (*put)(PropertyBag *bag, const OLECHAR *name, VARIANT *value); /* may take over what is in the value */
  /* The one at `index`, its name for SysFreeString; S_FALSE behind the last. */
  HRESULT (*at)(PropertyBag *bag, ULONG index, BSTR *name, VARTYPE *type);
  void (*destroy)(PropertyBag *bag);
} BagKind;

typedef struct BagMember {
  BSTR name;
  VARIANT value;
} BagMember;

struct PropertyBag {
  IPropertyBag bag;
  IPropertyBag2 second;
  Object object;
  const BagKind *kind;
  unsigned depth; /* bags around it */
  /* in memory */
  BagMember *members;
  ULONG count, room;
  /* in the registry */
  char *component, *path;
};

/* One reference; NULL without memory. */
PropertyBag *property_bag_create(const BagKind *kind, unsigned depth);
extern const BagKind memory_bag;

/* One of ours, or NULL. */
PropertyBag *property_bag_of(IUnknown *object);

/* Fills a bag from an object: a bag, or one that saves itself to bags. */
HRESULT property_bag_fill(PropertyBag *bag, IUnknown *object);

/* A value of a caller as bags keep them: dereferenced, objects replaced by bags of their own, `depth` deep. */
HRESULT bag_value_copy(const VARIANT *value, unsigned depth, VARIANT *copy);

/* bag_value.c. Whether values of the type are integers. */
bool bag_type_is_whole(VARTYPE type);
/* Changes a value to the type that is asked for. */
HRESULT bag_value_change(VARIANT *value, VARTYPE type);
/* VT_DATE as 2024-02-29T12:00:00, other values as VariantChangeTypeEx has them. */
HRESULT bag_value_text(const VARIANT *value, BSTR *text);

#endif
