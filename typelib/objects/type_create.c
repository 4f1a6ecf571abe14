/* type_create.c - ITypeInfo::CreateInstance, through what activation/ registered. */
#include "typelib/objects/type_objects.h"
#include "typelib/typelib_api.h"

static TypelibActivator *activator;

void typelib_set_activator(TypelibActivator *function) {
  activator = function;
}

HRESULT TypeInfo_CreateInstance(ITypeInfo2 *face, IUnknown *outer, REFIID iid, PVOID *object) {
  TypeInfo *self = type_info_from(face);

  if (!object)
    return E_INVALIDARG;
  *object = NULL;
  if (self->facts.kind != TKIND_COCLASS)
    return TYPE_E_WRONGTYPEKIND;
  if (!(self->facts.flags & TYPEFLAG_FCANCREATE))
    return TYPE_E_WRONGTYPEKIND;
  if (!activator)
    return REGDB_E_CLASSNOTREG;
  return activator(&self->facts.guid, (self->facts.flags & TYPEFLAG_FAPPOBJECT) != 0, outer, iid, object);
}
