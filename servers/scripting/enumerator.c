/* IEnumVARIANT over a dictionary's keys or the items of a collection. */
#include "scripting_internal.h"

typedef struct Enumerator {
  IEnumVARIANT values;
  OleanderObject object;
  const EnumeratorSource *kind;
  void *source;
  uint64_t position;
  bool ended; /* it has said S_FALSE: it stays at its end until Reset */
} Enumerator;

OLEANDER_FACE(Enumerator, values, IEnumVARIANT)

static Enumerator *self_of(IEnumVARIANT *face) {
  return OLEANDER_SELF(face, Enumerator, values);
}

static HRESULT step(Enumerator *self, VARIANT *value) {
  HRESULT hr = self->ended ? S_FALSE : self->kind->next(self->source, &self->position, value);

  if (hr == S_FALSE)
    self->ended = true;
  return hr;
}

static HRESULT STDMETHODCALLTYPE Enumerator_Next(IEnumVARIANT *face, ULONG count, VARIANT *values, ULONG *fetched) {
  Enumerator *self = self_of(face);
  HRESULT hr = S_OK;
  ULONG i;

  if (fetched)
    *fetched = 0;
  if (!values && count > 0)
    return E_POINTER;
  for (i = 0; i < count; i++)
    VariantInit(&values[i]);
  for (i = 0; i < count && hr == S_OK; i++)
    hr = step(self, &values[i]);
  if (FAILED(hr)) {
    while (i-- > 0)
      VariantClear(&values[i]);
    return hr;
  }
  if (fetched)
    *fetched = hr == S_OK ? i : i - 1;
  return hr;
}

static HRESULT STDMETHODCALLTYPE Enumerator_Skip(IEnumVARIANT *face, ULONG count) {
  Enumerator *self = self_of(face);
  HRESULT hr = S_OK;

  while (count-- > 0 && hr == S_OK)
    hr = step(self, NULL);
  return hr;
}

static HRESULT STDMETHODCALLTYPE Enumerator_Reset(IEnumVARIANT *face) {
  self_of(face)->position = 0;
  self_of(face)->ended = false;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Enumerator_Clone(IEnumVARIANT *face, IEnumVARIANT **clone) {
  Enumerator *self = self_of(face);
  IUnknown *copy;
  HRESULT hr;

  if (!clone)
    return E_POINTER;
  *clone = NULL;
  hr = enumerator_create(self->kind, self->source, &copy);
  if (SUCCEEDED(hr)) {
    *clone = (IEnumVARIANT *)copy;
    self_of(*clone)->position = self->position;
    self_of(*clone)->ended = self->ended;
  }
  return hr;
}

static const IEnumVARIANTVtbl enumerator_vtable = { OLEANDER_FACE_SLOTS(Enumerator, values), Enumerator_Next,
                                                    Enumerator_Skip, Enumerator_Reset, Enumerator_Clone };

static void Enumerator_destroy(void *pointer) {
  Enumerator *self = pointer;

  if (self->source)
    self->kind->release(self->source);
}

static const OleanderFace enumerator_faces[] = {
  { &IID_IEnumVARIANT, offsetof(Enumerator, values), &enumerator_vtable }, { 0 }
};

OleanderClass enumerator_class = { .module = &scripting_module,
                                   .title = "Scripting enumerator",
                                   .size = sizeof(Enumerator),
                                   .object = offsetof(Enumerator, object),
                                   .faces = enumerator_faces,
                                   .destroy = Enumerator_destroy };

HRESULT enumerator_create(const EnumeratorSource *kind, void *source, IUnknown **result) {
  Enumerator *self;
  void *made;
  HRESULT hr = oleander_object_create(&enumerator_class, NULL, &made);

  *result = NULL;
  if (FAILED(hr))
    return hr;
  self = made;
  self->kind = kind;
  self->source = source;
  kind->addref(source);
  *result = (IUnknown *)&self->values;
  return S_OK;
}
