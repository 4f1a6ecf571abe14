/* create_members.c - ICreateTypeInfo2: functions and variables, put in, named and taken out. */
#include "typelib/objects/create_objects.h"

#include <stdlib.h>
#include <string.h>

#define FIRST_FUNCTION_ID 0x60000000
#define FIRST_VARIABLE_ID 0x40000000
#define SLOT_UNKNOWN      (-1)

/* Functions. */

static bool has_functions(TYPEKIND kind) {
  return kind == TKIND_INTERFACE || kind == TKIND_DISPATCH || kind == TKIND_MODULE;
}

static bool kind_of_function_fits(const TypeFacts *type, FUNCKIND kind) {
  switch (type->kind) {
  case TKIND_MODULE:
    return kind == FUNC_STATIC;
  case TKIND_DISPATCH:
    return kind == FUNC_DISPATCH || (type->flags & TYPEFLAG_FDUAL && kind == FUNC_PUREVIRTUAL);
  default:
    return kind == FUNC_PUREVIRTUAL || kind == FUNC_VIRTUAL || kind == FUNC_NONVIRTUAL;
  }
}

static bool takes_value(INVOKEKIND kind) {
  return kind == INVOKE_PROPERTYPUT || kind == INVOKE_PROPERTYPUTREF;
}

/* Whether the maker says where in the vtable it stands. Modules have none; 0 and -1 say nothing. */
static bool says_slot(const TypeFacts *type, const FUNCDESC *desc) {
  return type->kind != TKIND_MODULE && desc->funckind != FUNC_DISPATCH && desc->oVft != 0 && desc->oVft != SLOT_UNKNOWN;
}

static HRESULT check_function(const CreatedType *self, const FUNCDESC *desc) {
  const TypeFacts *type = &self->type.facts;

  if (!has_functions(type->kind))
    return TYPE_E_WRONGTYPEKIND;
  if (!kind_of_function_fits(type, desc->funckind))
    return TYPE_E_BADMODULEKIND;
  if (desc->cParams < 0 || (desc->cParams > 0 && !desc->lprgelemdescParam))
    return E_INVALIDARG;
  if (takes_value(desc->invkind) && desc->cParams == 0) /* what? */
    return TYPE_E_INCONSISTENTPROPFUNCS;
  if (says_slot(type, desc) && (desc->oVft < 0 || desc->oVft % (SHORT)sizeof(void *) != 0))
    return E_INVALIDARG;
  if (!created_desc_known(self, &desc->elemdescFunc.tdesc))
    return E_INVALIDARG;
  for (SHORT index = 0; index < desc->cParams; index++)
    if (!created_desc_known(self, &desc->lprgelemdescParam[index].tdesc))
      return E_INVALIDARG;
  return S_OK;
}

static HRESULT fill_default(LibraryModel *model, const PARAMDESC *from, ParameterFacts *facts) {
  facts->default_value = NO_VALUE;
  if (!(from->wParamFlags & PARAMFLAG_FHASDEFAULT))
    return S_OK;
  if (!from->pparamdescex)
    return E_INVALIDARG;
  HRESULT hr = created_value_check(&from->pparamdescex->varDefaultValue);
  return SUCCEEDED(hr) ? library_model_value(model, &from->pparamdescex->varDefaultValue, &facts->default_value) : hr;
}

static HRESULT fill_parameter(LibraryModel *model, const ELEMDESC *from, ParameterFacts *facts) {
  facts->name = NO_NAME;
  facts->flags = from->paramdesc.wParamFlags;
  facts->custom = NO_CUSTOM_DATA;
  HRESULT hr = fill_default(model, &from->paramdesc, facts);
  return SUCCEEDED(hr) ? library_model_desc(model, &from->tdesc, &facts->type) : hr;
}

/* An id that is shown until LayOut gives the one that stays. */
static MEMBERID function_id(const CreatedType *self, const FUNCDESC *desc, UINT index, uint32_t *making) {
  const TypeFacts *type = &self->type.facts;

  if (type->kind != TKIND_MODULE && desc->memid != MEMBERID_NIL)
    return desc->memid;
  *making |= MAKING_AUTOMATIC_ID;
  return FIRST_FUNCTION_ID + ((MEMBERID)type->base_count << 16) + (MEMBERID)index;
}

static void fill_function(const CreatedType *self, const FUNCDESC *desc, UINT index, FunctionFacts *facts) {
  unsigned pointer = created_pointer_size(created_library_of(self));

  facts->name = NO_NAME;
  facts->kind = desc->funckind;
  facts->invkind = desc->invkind;
  facts->callconv = desc->callconv;
  facts->flags = desc->wFuncFlags;
  facts->parameter_count = (WORD)desc->cParams;
  facts->optional_count = desc->cParamsOpt;
  facts->memid = function_id(self, desc, index, &facts->place[PLACE_MAKING]);
  if (says_slot(&self->type.facts, desc)) {
    facts->vtable_offset = (SHORT)(desc->oVft / (int)sizeof(void *) * (int)pointer);
    facts->place[PLACE_MAKING] |= MAKING_GIVEN_SLOT;
  }
}

static HRESULT add_function(CreatedType *self, UINT index, const FUNCDESC *desc, ParameterFacts *parameters) {
  LibraryModel *model = created_model(self);
  FunctionDetails details = { .custom = NO_CUSTOM_DATA };
  FunctionFacts facts = { 0 };
  HRESULT hr = library_model_desc(model, &desc->elemdescFunc.tdesc, &facts.result);

  fill_function(self, desc, index, &facts);
  for (SHORT position = 0; SUCCEEDED(hr) && position < desc->cParams; position++)
    hr = fill_parameter(model, &desc->lprgelemdescParam[position], &parameters[position]);
  return SUCCEEDED(hr) ? library_model_add_function(model, self->type.index, index, &facts, &details, parameters) : hr;
}

HRESULT CreatedType_AddFuncDesc(ICreateTypeInfo2 *face, UINT index, FUNCDESC *desc) {
  CreatedType *self = created_type_from(face);

  if (!desc)
    return E_INVALIDARG;
  if (index > created_function_count(self))
    return TYPE_E_ELEMENTNOTFOUND;
  HRESULT hr = check_function(self, desc);
  if (FAILED(hr))
    return hr;
  ParameterFacts *parameters = calloc((size_t)desc->cParams + 1, sizeof *parameters);
  if (!parameters)
    return E_OUTOFMEMORY;
  hr = add_function(self, index, desc, parameters);
  free(parameters);
  return SUCCEEDED(hr) ? created_type_changed(self, true) : hr;
}

HRESULT CreatedType_DeleteFuncDesc(ICreateTypeInfo2 *face, UINT index) {
  CreatedType *self = created_type_from(face);

  if (index >= created_function_count(self))
    return TYPE_E_ELEMENTNOTFOUND;
  library_model_remove_function(created_model(self), self->type.index, index);
  return created_type_changed(self, true);
}

HRESULT CreatedType_DeleteFuncDescByMemId(ICreateTypeInfo2 *face, MEMBERID memid, INVOKEKIND invkind) {
  CreatedType *self = created_type_from(face);
  UINT count = created_function_count(self);

  for (UINT index = 0; index < count; index++) {
    const FunctionFacts *facts = library_model_function(created_model(self), self->type.index, index);

    if (facts->memid == memid && facts->invkind == invkind)
      return CreatedType_DeleteFuncDesc(face, index);
  }
  return TYPE_E_ELEMENTNOTFOUND;
}

/* Names. */

static bool is_accessor(INVOKEKIND kind) {
  return kind == INVOKE_PROPERTYGET || takes_value(kind);
}

/* The value that is put has no name. */
static UINT name_limit(const FunctionFacts *facts) {
  return takes_value(facts->invkind) ? facts->parameter_count : facts->parameter_count + 1u;
}

/* The accessors of a property share its name, nothing else does. */
static HRESULT check_function_name(const CreatedType *self, UINT index, NameId name) {
  const FunctionFacts *named = library_model_function(created_model(self), self->type.index, index);

  for (UINT other = 0; other < created_function_count(self); other++) {
    const FunctionFacts *facts = library_model_function(created_model(self), self->type.index, other);

    if (other == index || facts->name != name)
      continue;
    if (!is_accessor(facts->invkind) || !is_accessor(named->invkind) || facts->invkind == named->invkind)
      return TYPE_E_AMBIGUOUSNAME;
  }
  return S_OK;
}

/* All are made before the first is set: a failure changes nothing. */
static HRESULT make_names(LibraryModel *model, LPOLESTR *names, UINT count, NameId *ids) {
  HRESULT hr = created_name(model, names[0], &ids[0]);

  for (UINT index = 1; SUCCEEDED(hr) && index < count; index++)
    hr = names[index] ? created_name(model, names[index], &ids[index]) : (ids[index] = NO_NAME, S_OK);
  return hr;
}

static HRESULT set_names(CreatedType *self, UINT index, LPOLESTR *names, UINT count, NameId *ids) {
  LibraryModel *model = created_model(self);
  bool known_before = library_model_has_name(model, names[0]);
  HRESULT hr = make_names(model, names, count, ids);

  if (SUCCEEDED(hr) && known_before) /* a new name is nobody's */
    hr = check_function_name(self, index, ids[0]);
  if (FAILED(hr))
    return hr;
  FunctionFacts *facts = library_model_function(model, self->type.index, index);
  ParameterFacts *parameters = library_model_parameters(model, facts);
  facts->name = ids[0];
  for (UINT position = 1; position < count; position++)
    parameters[position - 1].name = ids[position];
  return S_OK;
}

HRESULT CreatedType_SetFuncAndParamNames(ICreateTypeInfo2 *face, UINT index, LPOLESTR *names, UINT count) {
  CreatedType *self = created_type_from(face);

  if (!names)
    return E_INVALIDARG;
  if (index >= created_function_count(self) || count == 0)
    return TYPE_E_ELEMENTNOTFOUND;
  if (count > name_limit(library_model_function(created_model(self), self->type.index, index)))
    return TYPE_E_ELEMENTNOTFOUND;
  if (!names[0])
    return E_INVALIDARG;
  NameId *ids = malloc(count * sizeof *ids);
  if (!ids)
    return E_OUTOFMEMORY;
  HRESULT hr = set_names(self, index, names, count, ids);
  free(ids);
  return SUCCEEDED(hr) ? created_type_changed(self, true) : hr;
}

/* Variables. */

static HRESULT check_variable(const CreatedType *self, const VARDESC *desc) {
  bool fits;

  switch (self->type.facts.kind) {
  case TKIND_ENUM:
    fits = desc->varkind == VAR_CONST;
    break;
  case TKIND_RECORD:
  case TKIND_UNION:
    fits = desc->varkind == VAR_PERINSTANCE;
    break;
  case TKIND_MODULE:
    fits = desc->varkind == VAR_CONST || desc->varkind == VAR_STATIC;
    break;
  case TKIND_DISPATCH:
    fits = desc->varkind == VAR_DISPATCH;
    break;
  default:
    fits = false;
    break;
  }
  if (!fits)
    return TYPE_E_WRONGTYPEKIND;
  if (!created_desc_known(self, &desc->elemdescVar.tdesc))
    return E_INVALIDARG;
  return desc->varkind == VAR_CONST ? created_value_check(desc->lpvarValue) : S_OK;
}

/* Only a dispinterface says what number its properties have; the offsets of fields are found by LayOut. */
static HRESULT add_variable(CreatedType *self, UINT index, const VARDESC *desc) {
  LibraryModel *model = created_model(self);
  bool automatic = self->type.facts.kind != TKIND_DISPATCH || desc->memid == MEMBERID_NIL;
  VariableFacts facts = { .memid = automatic ? FIRST_VARIABLE_ID + (MEMBERID)index : desc->memid,
                          .name = NO_NAME,
                          .kind = desc->varkind,
                          .flags = desc->wVarFlags,
                          .value = NO_VALUE,
                          .custom = NO_CUSTOM_DATA,
                          .place = automatic ? MAKING_AUTOMATIC_ID : 0 };
  HRESULT hr = library_model_desc(model, &desc->elemdescVar.tdesc, &facts.type);

  if (SUCCEEDED(hr) && desc->varkind == VAR_CONST)
    hr = library_model_value(model, desc->lpvarValue, &facts.value);
  return SUCCEEDED(hr) ? library_model_add_variable(model, self->type.index, index, &facts) : hr;
}

HRESULT CreatedType_AddVarDesc(ICreateTypeInfo2 *face, UINT index, VARDESC *desc) {
  CreatedType *self = created_type_from(face);

  if (!desc)
    return E_INVALIDARG;
  if (index > created_variable_count(self))
    return TYPE_E_ELEMENTNOTFOUND;
  HRESULT hr = check_variable(self, desc);
  if (SUCCEEDED(hr))
    hr = add_variable(self, index, desc);
  return SUCCEEDED(hr) ? created_type_changed(self, true) : hr;
}

HRESULT CreatedType_SetVarName(ICreateTypeInfo2 *face, UINT index, LPOLESTR name) {
  CreatedType *self = created_type_from(face);
  NameId id;

  if (index >= created_variable_count(self))
    return name ? TYPE_E_ELEMENTNOTFOUND : E_INVALIDARG;
  HRESULT hr = created_name(created_model(self), name, &id);
  if (FAILED(hr))
    return hr;
  library_model_variable(created_model(self), self->type.index, index)->name = id;
  return created_type_changed(self, false);
}

HRESULT CreatedType_DeleteVarDesc(ICreateTypeInfo2 *face, UINT index) {
  CreatedType *self = created_type_from(face);

  if (index >= created_variable_count(self))
    return TYPE_E_ELEMENTNOTFOUND;
  library_model_remove_variable(created_model(self), self->type.index, index);
  return created_type_changed(self, true);
}

HRESULT CreatedType_DeleteVarDescByMemId(ICreateTypeInfo2 *face, MEMBERID memid) {
  CreatedType *self = created_type_from(face);
  UINT count = created_variable_count(self);

  for (UINT index = 0; index < count; index++)
    if (library_model_variable(created_model(self), self->type.index, index)->memid == memid)
      return CreatedType_DeleteVarDesc(face, index);
  return TYPE_E_ELEMENTNOTFOUND;
}
