/* Hostile: answers that no client should have to expect. */
#include "automation_internal.h"

typedef struct Hostile {
  IHostile hostile;
  OleanderObject object;
  LONG number;
  VARIANT inner;
} Hostile;

OLEANDER_DUAL(Hostile, hostile, IHostile)

static HRESULT STDMETHODCALLTYPE Hostile_JunkType(IHostile *face, VARIANT *value) {
  (void)face;
  V_VT(value) = 0x4D;
  V_I8(value) = 0x1234;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Hostile_NullText(IHostile *face, BSTR *text) {
  (void)face;
  *text = NULL;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Hostile_NullObject(IHostile *face, IDispatch **object) {
  (void)face;
  *object = NULL;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Hostile_NullReference(IHostile *face, VARIANT *value) {
  (void)face;
  V_VT(value) = VT_BYREF | VT_I4;
  V_BYREF(value) = NULL;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Hostile_Reference(IHostile *face, VARIANT *value) {
  Hostile *self = OLEANDER_SELF(face, Hostile, hostile);
  self->number = 41;
  V_VT(value) = VT_BYREF | VT_I4;
  V_I4REF(value) = &self->number;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Hostile_Nested(IHostile *face, VARIANT *value) {
  Hostile *self = OLEANDER_SELF(face, Hostile, hostile);
  V_VT(&self->inner) = VT_BYREF | VT_VARIANT;
  V_VARIANTREF(&self->inner) = &self->inner;
  V_VT(value) = VT_BYREF | VT_VARIANT;
  V_VARIANTREF(value) = &self->inner;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Hostile_WeirdArray(IHostile *face, SAFEARRAY **value) {
  SAFEARRAYBOUND bounds[2] = { { 2, 2147483646 }, { 0, -5 } };
  (void)face;
  *value = SafeArrayCreate(VT_I4, 2, bounds);
  return *value != NULL ? S_OK : E_OUTOFMEMORY;
}

/* The VARIANT says BSTR, the array says I4. */
static HRESULT STDMETHODCALLTYPE Hostile_LyingArray(IHostile *face, VARIANT *value) {
  (void)face;
  V_ARRAY(value) = SafeArrayCreateVector(VT_I4, 0, 3);
  V_VT(value) = VT_ARRAY | VT_BSTR;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Hostile_NullArray(IHostile *face, SAFEARRAY **value) {
  (void)face;
  *value = NULL;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Hostile_Missing(IHostile *face, VARIANT *value) {
  (void)face;
  V_VT(value) = VT_ERROR;
  V_ERROR(value) = DISP_E_PARAMNOTFOUND;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Hostile_NullValue(IHostile *face, VARIANT *value) {
  (void)face;
  V_VT(value) = VT_NULL;
  return S_OK;
}

/* Fails, but has filled its results: the client must not leak them. */
static HRESULT STDMETHODCALLTYPE Hostile_FailLoud(IHostile *face, BSTR *text, VARIANT *value) {
  (void)face;
  *text = text_of("left behind");
  V_VT(value) = VT_BSTR;
  V_BSTR(value) = text_of("this too");
  return E_FAIL;
}

/* Leaves an IErrorInfo though it succeeds. */
static HRESULT STDMETHODCALLTYPE Hostile_StaleError(IHostile *face) {
  (void)face;
  oleander_object_fail(E_ABORT, &IID_IHostile, "BridgeTest.Hostile", "stale");
  return S_OK;
}

static const IHostileVtbl hostile_vtable = { OLEANDER_DUAL_SLOTS(Hostile, hostile),
                                             Hostile_JunkType,
                                             Hostile_NullText,
                                             Hostile_NullObject,
                                             Hostile_NullReference,
                                             Hostile_Reference,
                                             Hostile_Nested,
                                             Hostile_WeirdArray,
                                             Hostile_LyingArray,
                                             Hostile_NullArray,
                                             Hostile_Missing,
                                             Hostile_NullValue,
                                             Hostile_FailLoud,
                                             Hostile_StaleError };

static const OleanderFace faces[] = { { &IID_IHostile, offsetof(Hostile, hostile), &hostile_vtable },
                                      { NULL, 0, NULL } };

OleanderClass hostile_class = { .module = &automation_module,
                                .clsid = &CLSID_Hostile,
                                .progid = "BridgeTest.Hostile",
                                .title = "Hostile answers",
                                .size = sizeof(Hostile),
                                .object = offsetof(Hostile, object),
                                .faces = faces,
                                .construct = count_birth,
                                .destroy = count_death };
