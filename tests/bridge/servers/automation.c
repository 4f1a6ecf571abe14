/* The module: classes, entry points, counters. */
#define INITGUID
#include "automation_internal.h"

LONG live_objects, calls_arrived;

static OleanderClass *const classes[] = { &calc_class,   &types_class,   &collection_class,
                                          &custom_class, &hostile_class, NULL };

OleanderModule automation_module = { .component = "automation", .classes = classes };

OLEANDER_MODULE(automation_module)

HRESULT count_birth(void *self) {
  (void)self;
  __atomic_add_fetch(&live_objects, 1, __ATOMIC_RELAXED);
  return S_OK;
}

void count_death(void *self) {
  (void)self;
  __atomic_sub_fetch(&live_objects, 1, __ATOMIC_RELAXED);
}

HRESULT make_object(OleanderClass *type, REFIID iid, void **object) {
  void *self = NULL;
  *object = NULL;
  HRESULT result = oleander_object_create(type, NULL, &self);
  if (FAILED(result))
    return result;
  IUnknown *face = self; /* the first face stands at the begin */
  result = IUnknown_QueryInterface(face, iid, object);
  IUnknown_Release(face);
  return result;
}

BSTR text_of(const char *ascii) {
  size_t length = strlen(ascii);
  BSTR text = SysAllocStringLen(NULL, (UINT)length);
  for (size_t i = 0; text != NULL && i < length; i++)
    text[i] = (unsigned char)ascii[i];
  return text;
}
