/* The system monikers as classes, which streams name. */
#include "activation/builtin_classes.h"
#include "activation/monikers/moniker_internal.h"

#define MONIKER_CLASS(name)                                                                                            \
  static HRESULT make_##name(IUnknown *outer, IUnknown **object) {                                                     \
    return outer ? CLASS_E_NOAGGREGATION : name##_moniker_new((IMoniker **)object);                                    \
  }

MONIKER_CLASS(file)
MONIKER_CLASS(item)
MONIKER_CLASS(class)
MONIKER_CLASS(composite)
MONIKER_CLASS(pointer)
MONIKER_CLASS(new)
MONIKER_CLASS(objref)

static HRESULT make_anti(IUnknown *outer, IUnknown **object) {
  return outer ? CLASS_E_NOAGGREGATION : CreateAntiMoniker((IMoniker **)object);
}

static BuiltinClass classes[] = {
  BUILTIN_CLASS(CLSID_FileMoniker, make_file),
  BUILTIN_CLASS(CLSID_ItemMoniker, make_item),
  BUILTIN_CLASS(CLSID_AntiMoniker, make_anti),
  BUILTIN_CLASS(CLSID_ClassMoniker, make_class),
  BUILTIN_CLASS(CLSID_CompositeMoniker, make_composite),
  BUILTIN_CLASS(CLSID_PointerMoniker, make_pointer),
  BUILTIN_CLASS(CLSID_NewMoniker, make_new),
  BUILTIN_CLASS(CLSID_ObjrefMoniker, make_objref),
};

void moniker_classes_add(void) {
  static BuiltinClasses monikers = { classes, sizeof classes / sizeof classes[0], NULL };
  builtin_classes_add(&monikers);
}
