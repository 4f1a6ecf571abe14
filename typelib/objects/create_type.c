/* create_type.c - ICreateTypeInfo2: what a type says of itself, and the object. */
#include "typelib/objects/create_objects.h"

HRESULT created_type_changed(CreatedType *self, bool counts) {
  created_library_of(self)->changes += counts;
  return type_library_changed_type(self->type.library, self->type.index);
}

HRESULT created_bases_changed(CreatedType *self) {
  created_library_of(self)->changes++;
  return created_tell_bases(self);
}

HRESULT created_tell_bases(CreatedType *self) {
  TypeLibrary *library = self->type.library;

  return library->bases_known ? type_library_changed(library) : type_library_changed_type(library, self->type.index);
}

static HRESULT changed(CreatedType *self, HRESULT hr) {
  return SUCCEEDED(hr) ? created_type_changed(self, false) : hr;
}

static HRESULT CreatedType_SetGuid(ICreateTypeInfo2 *face, REFGUID guid) {
  CreatedType *self = created_type_from(face);

  if (!guid)
    return E_INVALIDARG;
  created_facts(self)->guid = *guid;
  return changed(self, S_OK);
}

/* What makes an interface dual counts from LayOut on: it makes the two halves. */
static HRESULT CreatedType_SetTypeFlags(ICreateTypeInfo2 *face, UINT flags) {
  CreatedType *self = created_type_from(face);
  TypeFacts *facts = created_facts(self);

  if (flags > 0xFFFF)
    return E_INVALIDARG;
  bool dual_before = facts->flags & TYPEFLAG_FDUAL, dual_now = flags & TYPEFLAG_FDUAL;
  facts->flags = flags;
  if (dual_before == dual_now)
    return created_type_changed(self, true);
  facts->kind = created_making(self)->kind;
  return created_bases_changed(self);
}

static HRESULT CreatedType_SetDocString(ICreateTypeInfo2 *face, LPOLESTR text) {
  CreatedType *self = created_type_from(face);

  return changed(self, created_text(created_model(self), text, &created_facts(self)->documentation.help_string));
}

static HRESULT CreatedType_SetHelpContext(ICreateTypeInfo2 *face, DWORD context) {
  CreatedType *self = created_type_from(face);

  created_facts(self)->documentation.help_context = context;
  return changed(self, S_OK);
}

static HRESULT CreatedType_SetHelpStringContext(ICreateTypeInfo2 *face, ULONG context) {
  CreatedType *self = created_type_from(face);

  created_facts(self)->documentation.help_string_context = context;
  return changed(self, S_OK);
}

static HRESULT CreatedType_SetVersion(ICreateTypeInfo2 *face, WORD major, WORD minor) {
  CreatedType *self = created_type_from(face);

  created_facts(self)->major = major;
  created_facts(self)->minor = minor;
  return changed(self, S_OK);
}

#define ALIGNMENT_LIMIT 31 /* five bits in the files */

/* Of records: what fields are aligned to at most. */
static HRESULT CreatedType_SetAlignment(ICreateTypeInfo2 *face, WORD alignment) {
  CreatedType *self = created_type_from(face);

  if (alignment > ALIGNMENT_LIMIT)
    return E_INVALIDARG;
  created_facts(self)->alignment = alignment;
  created_making(self)->packing = alignment;
  return created_type_changed(self, true);
}

static HRESULT CreatedType_SetTypeDescAlias(ICreateTypeInfo2 *face, TYPEDESC *desc) {
  CreatedType *self = created_type_from(face);

  if (!desc || !created_desc_known(self, desc))
    return E_INVALIDARG;
  if (self->type.facts.kind != TKIND_ALIAS)
    return TYPE_E_WRONGTYPEKIND;
  HRESULT hr = library_model_desc(created_model(self), desc, &created_facts(self)->alias);
  return SUCCEEDED(hr) ? created_type_changed(self, true) : hr;
}

static HRESULT CreatedType_SetName(ICreateTypeInfo2 *face, LPOLESTR name) {
  CreatedType *self = created_type_from(face);
  NameId id;
  HRESULT hr = created_name(created_model(self), name, &id);

  if (SUCCEEDED(hr))
    hr = created_name_conflict(created_library_of(self), id, self->type.facts.kind, self->type.index);
  if (SUCCEEDED(hr))
    created_facts(self)->name = id;
  return changed(self, hr);
}

static HRESULT CreatedType_SetCustData(ICreateTypeInfo2 *face, REFGUID guid, VARIANT *value) {
  CreatedType *self = created_type_from(face);

  return changed(self, created_custom(created_model(self), &created_facts(self)->custom, guid, value));
}

/* What no file can hold: schemas are reserved, marshaling strings and the IDL attributes of types have no place. */

static HRESULT CreatedType_SetSchema(ICreateTypeInfo2 *face, LPOLESTR schema) {
  (void)face;
  return schema ? S_OK : E_INVALIDARG;
}

static HRESULT CreatedType_SetMops(ICreateTypeInfo2 *face, UINT index, BSTR mops) {
  CreatedType *self = created_type_from(face);

  (void)mops;
  return index == (UINT)-1 || index < created_function_count(self) ? S_OK : TYPE_E_ELEMENTNOTFOUND;
}

static HRESULT CreatedType_SetTypeIdldesc(ICreateTypeInfo2 *face, IDLDESC *desc) {
  (void)face;
  return desc ? S_OK : E_INVALIDARG;
}

/* Nothing is compiled ahead that could become invalid. */
static HRESULT CreatedType_Invalidate(ICreateTypeInfo2 *face) {
  (void)face;
  return S_OK;
}

/* The object. */

static HRESULT CreatedType_create_QueryInterface(ICreateTypeInfo2 *face, REFIID iid, void **result) {
  return ITypeInfo2_QueryInterface(&created_type_from(face)->type.info, iid, result);
}

static ULONG CreatedType_create_AddRef(ICreateTypeInfo2 *face) {
  return ITypeInfo2_AddRef(&created_type_from(face)->type.info);
}

static ULONG CreatedType_create_Release(ICreateTypeInfo2 *face) {
  return ITypeInfo2_Release(&created_type_from(face)->type.info);
}

static const ICreateTypeInfo2Vtbl create_vtable = {
  .QueryInterface = CreatedType_create_QueryInterface,
  .AddRef = CreatedType_create_AddRef,
  .Release = CreatedType_create_Release,
  .SetGuid = CreatedType_SetGuid,
  .SetTypeFlags = CreatedType_SetTypeFlags,
  .SetDocString = CreatedType_SetDocString,
  .SetHelpContext = CreatedType_SetHelpContext,
  .SetVersion = CreatedType_SetVersion,
  .AddRefTypeInfo = CreatedType_AddRefTypeInfo,
  .AddFuncDesc = CreatedType_AddFuncDesc,
  .AddImplType = CreatedType_AddImplType,
  .SetImplTypeFlags = CreatedType_SetImplTypeFlags,
  .SetAlignment = CreatedType_SetAlignment,
  .SetSchema = CreatedType_SetSchema,
  .AddVarDesc = CreatedType_AddVarDesc,
  .SetFuncAndParamNames = CreatedType_SetFuncAndParamNames,
  .SetVarName = CreatedType_SetVarName,
  .SetTypeDescAlias = CreatedType_SetTypeDescAlias,
  .DefineFuncAsDllEntry = CreatedType_DefineFuncAsDllEntry,
  .SetFuncDocString = CreatedType_SetFuncDocString,
  .SetVarDocString = CreatedType_SetVarDocString,
  .SetFuncHelpContext = CreatedType_SetFuncHelpContext,
  .SetVarHelpContext = CreatedType_SetVarHelpContext,
  .SetMops = CreatedType_SetMops,
  .SetTypeIdldesc = CreatedType_SetTypeIdldesc,
  .LayOut = CreatedType_LayOut,
  .DeleteFuncDesc = CreatedType_DeleteFuncDesc,
  .DeleteFuncDescByMemId = CreatedType_DeleteFuncDescByMemId,
  .DeleteVarDesc = CreatedType_DeleteVarDesc,
  .DeleteVarDescByMemId = CreatedType_DeleteVarDescByMemId,
  .DeleteImplType = CreatedType_DeleteImplType,
  .SetCustData = CreatedType_SetCustData,
  .SetFuncCustData = CreatedType_SetFuncCustData,
  .SetParamCustData = CreatedType_SetParamCustData,
  .SetVarCustData = CreatedType_SetVarCustData,
  .SetImplTypeCustData = CreatedType_SetImplTypeCustData,
  .SetHelpStringContext = CreatedType_SetHelpStringContext,
  .SetFuncHelpStringContext = CreatedType_SetFuncHelpStringContext,
  .SetVarHelpStringContext = CreatedType_SetVarHelpStringContext,
  .Invalidate = CreatedType_Invalidate,
  .SetName = CreatedType_SetName,
};

static const ObjectFace faces[] = {
  TYPE_INFO_FACES,
  { &IID_ICreateTypeInfo, offsetof(CreatedType, create), &create_vtable },
  { &IID_ICreateTypeInfo2, offsetof(CreatedType, create), &create_vtable },
  { 0 },
};
const ObjectType created_type_object = { "CreatedType", sizeof(CreatedType), offsetof(CreatedType, type.object),
                                         faces,         type_info_destroy,   NULL };
