/* standard_interfaces.h - the interfaces that the public headers declare, by IID: names, bases, and the signatures of their
 * methods as text, with what IDL says about buffers and interface pointers. Made from interfaces/ (standard_interfaces.c).
 *
 * A method has a second line where it travels between apartments in another form than it is called ([call_as] in the
 * published IDL). A `void*` in a line is something that can be called with but does not travel. */
#ifndef OLEANDER_STANDARD_INTERFACES_H
#define OLEANDER_STANDARD_INTERFACES_H

#include "dispatch/types/signature.h"

typedef struct StandardMethod {
  const char *text; /* as it is called: a line of signature_from_text */
  const char *wire; /* as it travels; NULL: the same */
} StandardMethod;

typedef struct StandardInterface {
  const char *name;
  const IID *iid;
  const char *base;              /* NULL: it is IUnknown */
  const StandardMethod *methods; /* its own; NULL: none */
  unsigned first_slot;           /* of the first own method: as many as the bases have */
  unsigned method_count;
} StandardInterface;

/* A base stands before what derives from it, but for headers that name one another. */
extern const StandardInterface standard_interfaces[];
extern const unsigned standard_interface_count;

/* The names that the lines use. */
extern const SignatureNames standard_names;

/* NULL: it is none of them. */
const StandardInterface *standard_interface_find(REFIID iid);
const StandardInterface *standard_interface_named(const char *name);

/* The signature of the method in `slot` of the whole vtable; `wire`: as it travels. TYPE_E_ELEMENTNOTFOUND: there is no such
 * slot. Made anew each time; the caller releases it. */
HRESULT standard_interface_signature(const StandardInterface *standard, unsigned slot, bool wire,
                                     const Signature **signature);

#endif
