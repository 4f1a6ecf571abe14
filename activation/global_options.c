/* CLSID_GlobalOptions: settings of COM for the whole process (IGlobalOptions). They are kept; what they would change is not
 * done otherwise here: exceptions of servers are no business of this library. */
#include <stdatomic.h>
#include <stdbool.h>

#include "activation/builtin_classes.h"
#include "com/com_api.h"

typedef struct GlobalOptions {
  IGlobalOptions options;
  Object object;
} GlobalOptions;

OBJECT_FACE(GlobalOptions, options, IGlobalOptions)

#define FIRST_OPTION 1
#define LAST_OPTION  5

static _Atomic ULONG_PTR values[LAST_OPTION + 1];

static bool is_known(int property) {
  return property >= FIRST_OPTION && property <= LAST_OPTION;
}

static HRESULT STDMETHODCALLTYPE GlobalOptions_Set(IGlobalOptions *face, GLOBALOPT_PROPERTIES property,
                                                   ULONG_PTR value) {
  (void)face;
  if (!is_known((int)property))
    return E_INVALIDARG;
  values[property] = value;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE GlobalOptions_Query(IGlobalOptions *face, GLOBALOPT_PROPERTIES property,
                                                     ULONG_PTR *value) {
  (void)face;
  if (!value || !is_known((int)property))
    return E_INVALIDARG;
  *value = values[property];
  return S_OK;
}

static const IGlobalOptionsVtbl options_vtable = {
  OLEANDER_FACE_SLOTS(GlobalOptions, options),
  GlobalOptions_Set,
  GlobalOptions_Query,
};
static const ObjectFace options_faces[] = {
  { &IID_IGlobalOptions, offsetof(GlobalOptions, options), &options_vtable },
  { 0 },
};
static const ObjectType options_type = { .name = "GlobalOptions",
                                         .object = offsetof(GlobalOptions, object),
                                         .faces = options_faces };
static GlobalOptions the_options = { { &options_vtable }, OBJECT_LASTING(options_type) };

HRESULT global_options_create(IUnknown *outer, IUnknown **object) {
  if (outer)
    return E_INVALIDARG;
  *object = (IUnknown *)&the_options.options;
  IUnknown_AddRef(*object);
  return S_OK;
}
