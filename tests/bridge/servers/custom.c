/* Custom: an interface that is no IDispatch. */
#include "automation_internal.h"

typedef struct Custom {
  ICustom custom;
  OleanderObject object;
  ULONG version;
} Custom;

OLEANDER_FACE(Custom, custom, ICustom)

static HRESULT STDMETHODCALLTYPE Custom_Multiply(ICustom *face, double a, double b, double *product) {
  (void)face;
  *product = a * b;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Custom_Measure(ICustom *face, LPWSTR text, ULONG *length) {
  (void)face;
  *length = 0;
  while (text[*length] != 0)
    ++*length;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Custom_Parent(ICustom *face, ICalc **calc) {
  (void)face;
  return make_object(&calc_class, &IID_ICalc, (void **)calc);
}

static HRESULT STDMETHODCALLTYPE Custom_Maybe(ICustom *face, LONG status, LONG *value) {
  (void)face;
  *value = 11;
  return (HRESULT)status;
}

static HRESULT STDMETHODCALLTYPE Custom_Identify(ICustom *face, GUID *guid, GUID *same) {
  (void)face;
  *same = *guid;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Custom_Move(ICustom *face, Point from, Point *to) {
  (void)face;
  to->x += from.x;
  to->y += from.y;
  SysFreeString(to->name);
  to->name = SysAllocString(from.name);
  return S_OK;
}

static ULONG STDMETHODCALLTYPE Custom_Version(ICustom *face) {
  return 4000000000u + OLEANDER_SELF(face, Custom, custom)->version;
}

static void STDMETHODCALLTYPE Custom_Poke(ICustom *face, LONG value) {
  OLEANDER_SELF(face, Custom, custom)->version = (ULONG)value;
}

static const ICustomVtbl custom_vtable = { OLEANDER_FACE_SLOTS(Custom, custom),
                                           Custom_Multiply,
                                           Custom_Measure,
                                           Custom_Parent,
                                           Custom_Maybe,
                                           Custom_Identify,
                                           Custom_Move,
                                           Custom_Version,
                                           Custom_Poke };

static const OleanderFace faces[] = { { &IID_ICustom, offsetof(Custom, custom), &custom_vtable }, { NULL, 0, NULL } };

OleanderClass custom_class = { .module = &automation_module,
                               .clsid = &CLSID_Custom,
                               .progid = "BridgeTest.Custom",
                               .title = "An object without IDispatch",
                               .size = sizeof(Custom),
                               .object = offsetof(Custom, object),
                               .faces = faces,
                               .construct = count_birth,
                               .destroy = count_death };
