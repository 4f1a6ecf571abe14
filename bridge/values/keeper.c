/* keeper.c - a tiny COM object that owns a VARIANT: what a collected userdata leaves behind when destroying its value may
 * call out (interfaces inside arrays and records). Its Release, later, destroys it. */
#include "bridge/values/values.h"

#include <oleander_object.h>

typedef struct Keeper {
  IUnknown face;
  OleanderUnknown object;
  VARIANT value;
} Keeper;

OLEANDER_UNKNOWN_FACE(Keeper, face, IUnknown)

static void keeper_destroy(void *self) {
  Keeper *keeper = self;
  VariantClear(&keeper->value);
}

static const IUnknownVtbl keeper_vtable = { OLEANDER_FACE_SLOTS(Keeper, face) };
static const OleanderFace keeper_faces[] = { { &IID_IUnknown, offsetof(Keeper, face), &keeper_vtable }, { 0 } };
static const OleanderType keeper_type = { "Keeper",     sizeof(Keeper), offsetof(Keeper, object),
                                          keeper_faces, keeper_destroy, NULL };

IUnknown *keeper_create(VARIANT **value) {
  Keeper *keeper = oleander_unknown_create(&keeper_type, NULL);
  if (!keeper)
    return NULL;
  *value = &keeper->value;
  return &keeper->face;
}
