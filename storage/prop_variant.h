/* What the types of PROPVARIANTs are made of. */
#ifndef OLEANDER_STORAGE_PROP_VARIANT_H
#define OLEANDER_STORAGE_PROP_VARIANT_H

#include "com/com_api.h"

#include <coml2api.h>
#include <oleauto.h>

enum PropertyForm {
  KIND_PLAIN,
  KIND_LPSTR,
  KIND_LPWSTR,
  KIND_BSTR,
  KIND_CLSID,
  KIND_CF,
  KIND_BLOB,
  KIND_DECIMAL,
  KIND_VARIANT
};

typedef struct PropertyKind {
  VARTYPE type;
  unsigned size; /* of an element in memory */
  enum PropertyForm kind;
  bool vector; /* there are vectors of it */
} PropertyKind;

/* NULL: not a type of property sets. */
const PropertyKind *property_kind(VARTYPE type);
void element_clear(const PropertyKind *kind, void *element);
void vector_clear(const PropertyKind *kind, void *elements, size_t count);
size_t clip_size(const CLIPDATA *clip);

#endif
