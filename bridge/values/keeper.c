/* keeper.c - a tiny COM object that owns a VARIANT: what a collected userdata leaves behind when destroying its value may
 * call out (interfaces inside arrays and records). Its Release, later, destroys it. */
#include "bridge/values/values.h"

#include <stdatomic.h>
#include <stdlib.h>

typedef struct Keeper {
  IUnknown face;
  _Atomic ULONG references;
  VARIANT value;
} Keeper;

static HRESULT STDMETHODCALLTYPE Keeper_QueryInterface(IUnknown *face, REFIID iid, void **result) {
  if (!IsEqualGUID(iid, &IID_IUnknown)) {
    *result = NULL;
    return E_NOINTERFACE;
  }
  atomic_fetch_add(&((Keeper *)face)->references, 1);
  *result = face;
  return S_OK;
}

static ULONG STDMETHODCALLTYPE Keeper_AddRef(IUnknown *face) {
  return atomic_fetch_add(&((Keeper *)face)->references, 1) + 1;
}

static ULONG STDMETHODCALLTYPE Keeper_Release(IUnknown *face) {
  Keeper *keeper = (Keeper *)face;
  ULONG left = atomic_fetch_sub(&keeper->references, 1) - 1;
  if (left == 0) {
    VariantClear(&keeper->value);
    free(keeper);
  }
  return left;
}

static const IUnknownVtbl keeper_vtable = { Keeper_QueryInterface, Keeper_AddRef, Keeper_Release };

IUnknown *keeper_create(VARIANT **value) {
  Keeper *keeper = calloc(1, sizeof *keeper);
  if (!keeper)
    return NULL;
  keeper->face.lpVtbl = (IUnknownVtbl *)&keeper_vtable;
  keeper->references = 1;
  *value = &keeper->value;
  return &keeper->face;
}
