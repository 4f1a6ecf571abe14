/* What the files of the test server share. */
#ifndef BRIDGE_TEST_AUTOMATION_H
#define BRIDGE_TEST_AUTOMATION_H

#include "automation.h"

#include <oleander_server.h>

#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

extern OleanderModule automation_module;
extern OleanderClass calc_class, types_class, collection_class, custom_class, hostile_class;

/* Objects of this module that are alive, and calls that arrived anywhere in it. */
extern LONG live_objects, calls_arrived;

#define ARRIVED() __atomic_add_fetch(&calls_arrived, 1, __ATOMIC_RELAXED)

HRESULT count_birth(void *self);
void count_death(void *self);

/* Makes an object of a class and answers with its first interface. */
HRESULT make_object(OleanderClass *type, REFIID iid, void **object);

/* Objects that are dispatch-only and misbehave in the way that their name says (odd.c). NULL: there is none. */
HRESULT make_odd(const OLECHAR *name, IDispatch **object);

BSTR text_of(const char *ascii);

#endif
