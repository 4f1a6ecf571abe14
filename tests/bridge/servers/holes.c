/* A server whose vtable has holes: methods that its author forgot. */
#include <initguid.h>
#include <oleander_server.h>

#include "holes.h"

typedef struct Holes {
  IHoles holes;
  OleanderObject object;
} Holes;

OLEANDER_DUAL(Holes, holes, IHoles)

static HRESULT STDMETHODCALLTYPE Holes_Here(IHoles *face, LONG value, LONG *result) {
  (void)face;
  *result = value + 1;
  return S_OK;
}

static const IHolesVtbl holes_vtable = {
  .QueryInterface = Holes_holes_QueryInterface,
  .AddRef = Holes_holes_AddRef,
  .Release = Holes_holes_Release,
  .GetTypeInfoCount = Holes_holes_GetTypeInfoCount,
  .GetTypeInfo = Holes_holes_GetTypeInfo,
  .GetIDsOfNames = Holes_holes_GetIDsOfNames,
  .Invoke = Holes_holes_Invoke,
  .Here = Holes_Here,
};
static const OleanderFace faces[] = { { &IID_IHoles, offsetof(Holes, holes), &holes_vtable }, { 0 } };

extern OleanderModule holes_module;
static OleanderClass holes_class = { .module = &holes_module,
                                     .clsid = &CLSID_HolesObject,
                                     .progid = "Test.Holes",
                                     .title = "A server with forgotten methods",
                                     .size = sizeof(Holes),
                                     .object = offsetof(Holes, object),
                                     .faces = faces };
static OleanderClass *const classes[] = { &holes_class, NULL };
OleanderModule holes_module = { .component = "holes", .classes = classes };
OLEANDER_MODULE(holes_module)
