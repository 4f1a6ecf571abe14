/* create_implemented.c - ICreateTypeInfo2: bases, and what a coclass implements. */
#include "typelib/objects/create_objects.h"

static HRESULT add(CreatedType *self, UINT index, HREFTYPE reference) {
  ImplementedFacts facts = { reference, 0, NO_CUSTOM_DATA };

  return library_model_add_implemented(created_model(self), self->type.index, index, &facts);
}

/* A type among its own bases would have no end. */
static HRESULT check_line(const CreatedType *self, TypeInfo *base) {
  TypeInfo *at = base, *next;
  HRESULT hr = S_OK;

  ITypeInfo2_AddRef(&at->info);
  for (unsigned level = 0; SUCCEEDED(hr); level++) {
    if (level > BASE_LIMIT || (at->library == self->type.library && at->index == self->type.index)) {
      hr = TYPE_E_CIRCULARTYPE;
      break;
    }
    if (FAILED(type_resolve_base(at, &next)))
      break;
    type_info_release(at);
    at = next;
  }
  type_info_release(at);
  return hr;
}

static bool can_be_implemented(TYPEKIND kind) {
  return kind == TKIND_INTERFACE || kind == TKIND_DISPATCH || kind == TKIND_ALIAS;
}

static HRESULT set_base(CreatedType *self, HREFTYPE reference) {
  if (created_implemented_count(self) == 0)
    return add(self, 0, reference);
  library_model_implemented(created_model(self), self->type.index, 0)->reference = reference;
  return S_OK;
}

/* A dispinterface implements IDispatch, which may be said (0); a second one is the interface whose members it shows. */
static HRESULT implement_in_dispinterface(CreatedType *self, UINT index, HREFTYPE reference, const TypeInfo *target) {
  bool root = target && IsEqualGUID(&target->facts.guid, &IID_IDispatch);

  if (index > 1)
    return TYPE_E_ELEMENTNOTFOUND;
  if (index == 1 || !root)
    return set_base(self, reference);
  created_making(self)->implements_root = true;
  library_model_facts(created_model(self))->dispatch = reference;
  return S_OK;
}

static HRESULT implement(CreatedType *self, UINT index, HREFTYPE reference, TypeInfo *target) {
  TYPEKIND kind = created_making(self)->kind;
  HRESULT hr = S_OK;

  if (target && !can_be_implemented(target->facts.kind))
    return TYPE_E_WRONGTYPEKIND;
  if (kind == TKIND_COCLASS)
    return index > created_implemented_count(self) ? TYPE_E_ELEMENTNOTFOUND : add(self, index, reference);
  if (target)
    hr = check_line(self, target);
  if (FAILED(hr))
    return hr;
  if (kind == TKIND_DISPATCH)
    return implement_in_dispinterface(self, index, reference, target);
  return index > 0 ? TYPE_E_ELEMENTNOTFOUND : set_base(self, reference);
}

HRESULT CreatedType_AddImplType(ICreateTypeInfo2 *face, UINT index, HREFTYPE reference) {
  CreatedType *self = created_type_from(face);
  TYPEKIND kind = created_making(self)->kind;
  TypeInfo *target = NULL;

  if (kind != TKIND_COCLASS && kind != TKIND_INTERFACE && kind != TKIND_DISPATCH)
    return TYPE_E_WRONGTYPEKIND;
  reference &= ~REFERENCE_TO_BASE;
  if (!created_reference_known(self, reference))
    return TYPE_E_ELEMENTNOTFOUND;
  (void)type_resolve_reference(&self->type, reference | REFERENCE_TO_BASE, &target); /* may be of another making */
  HRESULT hr = implement(self, index, reference, target);
  type_info_release(target);
  return SUCCEEDED(hr) ? created_bases_changed(self) : hr;
}

HRESULT CreatedType_SetImplTypeFlags(ICreateTypeInfo2 *face, UINT index, INT flags) {
  CreatedType *self = created_type_from(face);

  if (self->type.facts.kind != TKIND_COCLASS)
    return TYPE_E_BADMODULEKIND;
  if (index >= created_implemented_count(self))
    return TYPE_E_ELEMENTNOTFOUND;
  library_model_implemented(created_model(self), self->type.index, index)->flags = flags;
  return created_type_changed(self, false);
}

HRESULT CreatedType_DeleteImplType(ICreateTypeInfo2 *face, UINT index) {
  CreatedType *self = created_type_from(face);
  MakingType *making = created_making(self);

  if (making->kind == TKIND_DISPATCH) { /* one place is kept, for what it shows */
    ImplementedFacts *shown = library_model_implemented(created_model(self), self->type.index, 0);

    if (index > 0 && shown->reference == NO_REFERENCE)
      return TYPE_E_ELEMENTNOTFOUND;
    if (index == 0 && !making->implements_root && shown->reference == NO_REFERENCE)
      return TYPE_E_ELEMENTNOTFOUND;
    if (index == 0 && making->implements_root)
      making->implements_root = false;
    else
      shown->reference = NO_REFERENCE;
    return created_bases_changed(self);
  }
  if (index >= created_implemented_count(self))
    return TYPE_E_ELEMENTNOTFOUND;
  library_model_remove_implemented(created_model(self), self->type.index, index);
  return created_bases_changed(self);
}

/* Only the interfaces of a coclass have a place for it in a file. */
HRESULT CreatedType_SetImplTypeCustData(ICreateTypeInfo2 *face, UINT index, REFGUID guid, VARIANT *value) {
  CreatedType *self = created_type_from(face);

  if (self->type.facts.kind != TKIND_COCLASS)
    return TYPE_E_WRONGTYPEKIND;
  if (index >= created_implemented_count(self))
    return TYPE_E_ELEMENTNOTFOUND;
  ImplementedFacts *facts = library_model_implemented(created_model(self), self->type.index, index);
  HRESULT hr = created_custom(created_model(self), &facts->custom, guid, value);
  return SUCCEEDED(hr) ? created_type_changed(self, false) : hr;
}
