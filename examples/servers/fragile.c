/* A module that crashes when it is used wrongly: for survive.lua. */
#include <initguid.h>
#include <oleander_server.h>

#include "fragile.h"

#include <stdlib.h>

typedef struct FragileObject {
  IFragile fragile;
  OleanderObject object;
  volatile LONG *values; /* NULL until Fill */
} FragileObject;

OLEANDER_DUAL(FragileObject, fragile, IFragile)

static HRESULT STDMETHODCALLTYPE Fragile_Fill(IFragile *face, LONG count) {
  FragileObject *self = OLEANDER_SELF(face, FragileObject, fragile);
  free((void *)self->values);
  self->values = calloc((size_t)count, sizeof *self->values);
  return self->values ? S_OK : E_OUTOFMEMORY;
}

/* It forgets to look whether there are values. */
static HRESULT STDMETHODCALLTYPE Fragile_Value(IFragile *face, LONG index, LONG *value) {
  *value = OLEANDER_SELF(face, FragileObject, fragile)->values[index];
  return S_OK;
}

static void Fragile_destroy(void *self) {
  free((void *)((FragileObject *)self)->values);
}

static const IFragileVtbl fragile_vtable = { OLEANDER_DUAL_SLOTS(FragileObject, fragile), Fragile_Fill, Fragile_Value };
static const OleanderFace faces[] = {
  { &IID_IFragile, offsetof(FragileObject, fragile), &fragile_vtable },
  { 0 },
};

extern OleanderModule fragile_module;

static OleanderClass fragile_class = {
  .module = &fragile_module,
  .clsid = &CLSID_Fragile,
  .progid = "Example.Fragile",
  .title = "A module with a fault (example in C)",
  .size = sizeof(FragileObject),
  .object = offsetof(FragileObject, object),
  .faces = faces,
  .destroy = Fragile_destroy,
};

static OleanderClass *const classes[] = { &fragile_class, NULL };

OleanderModule fragile_module = { .component = "fragile", .classes = classes };

OLEANDER_MODULE(fragile_module)
