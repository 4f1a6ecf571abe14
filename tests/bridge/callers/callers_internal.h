/* What the files of the module share. */
#ifndef CALLERS_INTERNAL_H
#define CALLERS_INTERNAL_H

#include <oleander_server.h>

#include "callers.h"

#include <stdbool.h>

/* The first law of IUnknown that the object breaks, NULL: none. `iids`: what to ask for, besides IUnknown. */
const char *laws_broken(IUnknown *object, const IID *iids, unsigned count);
/* Calls every slot of the object's dual interface with zeros; how many. */
HRESULT slots_call(IDispatch *object, LONG *called);

#endif
