/* An automation server in C, outside the tree. */
#include <initguid.h>
#include <oleander_server.h>
#include "outside.h"

typedef struct Counter {
  ICounter counter;
  OleanderObject object;
  LONG value;
} Counter;

OLEANDER_DUAL(Counter, counter, ICounter)

static HRESULT STDMETHODCALLTYPE Counter_get_Value(ICounter *face, LONG *value) {
  if (!value)
    return E_POINTER;
  *value = OLEANDER_SELF(face, Counter, counter)->value;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Counter_put_Value(ICounter *face, LONG value) {
  if (value < 0)
    return oleander_object_fail(E_INVALIDARG, &IID_ICounter, "Outside.CounterC", "The value can't be negative");
  OLEANDER_SELF(face, Counter, counter)->value = value;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Counter_Add(ICounter *face, LONG amount, LONG *value) {
  Counter *self = OLEANDER_SELF(face, Counter, counter);

  if (!value)
    return E_POINTER;
  *value = self->value += amount;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Counter_Describe(ICounter *face, BSTR unit, BSTR *text) {
  (void)face;
  if (!text)
    return E_POINTER;
  return VarBstrCat(unit, unit, text);
}

static const ICounterVtbl counter_vtable = {
  OLEANDER_DUAL_SLOTS(Counter, counter), Counter_get_Value, Counter_put_Value, Counter_Add, Counter_Describe,
};
static const OleanderFace counter_faces[] = { { &IID_ICounter, offsetof(Counter, counter), &counter_vtable }, { 0 } };

extern OleanderModule outside_module;
static OleanderClass counter_class = {
  .module = &outside_module,
  .clsid = &CLSID_CounterC,
  .progid = "Outside.CounterC",
  .title = "A counter in C",
  .size = sizeof(Counter),
  .object = offsetof(Counter, object),
  .faces = counter_faces,
};
static OleanderClass *const classes[] = { &counter_class, NULL };
OleanderModule outside_module = { .component = "outside_c", .classes = classes };

OLEANDER_MODULE(outside_module)
