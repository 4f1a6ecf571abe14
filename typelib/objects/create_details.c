/* create_details.c - ICreateTypeInfo2: help, entries and custom data of functions and variables. */
#include "typelib/objects/create_objects.h"

/* TYPE_E_ELEMENTNOTFOUND: there is no such function. */
static HRESULT function_details(const CreatedType *self, UINT index, FunctionDetails **details) {
  *details = NULL;
  if (index >= created_function_count(self))
    return TYPE_E_ELEMENTNOTFOUND;
  *details = library_model_function_details(created_model(self), self->type.index, index);
  return *details ? S_OK : E_OUTOFMEMORY;
}

/* NULL: there is no such variable. */

static VariableFacts *variable(const CreatedType *self, UINT index) {
  if (index >= created_variable_count(self))
    return NULL;
  return library_model_variable(created_model(self), self->type.index, index);
}

static HRESULT changed(CreatedType *self, HRESULT hr) {
  return SUCCEEDED(hr) ? created_type_changed(self, false) : hr;
}

/* Help. */

static HRESULT set_text(CreatedType *self, Documentation *documentation, LPOLESTR text) {
  LibraryText copy;

  if (!text)
    return E_INVALIDARG;
  if (!documentation)
    return TYPE_E_ELEMENTNOTFOUND;
  HRESULT hr = created_text(created_model(self), text, &copy);
  if (SUCCEEDED(hr))
    documentation->help_string = copy;
  return changed(self, hr);
}

static HRESULT set_number(CreatedType *self, DWORD *place, DWORD number) {
  if (!place)
    return TYPE_E_ELEMENTNOTFOUND;
  *place = number;
  return changed(self, S_OK);
}

HRESULT CreatedType_SetFuncDocString(ICreateTypeInfo2 *face, UINT index, LPOLESTR text) {
  CreatedType *self = created_type_from(face);
  FunctionDetails *details;
  HRESULT hr = text ? function_details(self, index, &details) : E_INVALIDARG;

  return SUCCEEDED(hr) ? set_text(self, &details->documentation, text) : hr;
}

HRESULT CreatedType_SetVarDocString(ICreateTypeInfo2 *face, UINT index, LPOLESTR text) {
  CreatedType *self = created_type_from(face);
  VariableFacts *facts = variable(self, index);

  return set_text(self, facts ? &facts->documentation : NULL, text);
}

HRESULT CreatedType_SetFuncHelpContext(ICreateTypeInfo2 *face, UINT index, DWORD context) {
  CreatedType *self = created_type_from(face);
  FunctionDetails *details;
  HRESULT hr = function_details(self, index, &details);

  return SUCCEEDED(hr) ? set_number(self, &details->documentation.help_context, context) : hr;
}

HRESULT CreatedType_SetVarHelpContext(ICreateTypeInfo2 *face, UINT index, DWORD context) {
  CreatedType *self = created_type_from(face);
  VariableFacts *facts = variable(self, index);

  return set_number(self, facts ? &facts->documentation.help_context : NULL, context);
}

HRESULT CreatedType_SetFuncHelpStringContext(ICreateTypeInfo2 *face, UINT index, ULONG context) {
  CreatedType *self = created_type_from(face);
  FunctionDetails *details;
  HRESULT hr = function_details(self, index, &details);

  return SUCCEEDED(hr) ? set_number(self, &details->documentation.help_string_context, context) : hr;
}

HRESULT CreatedType_SetVarHelpStringContext(ICreateTypeInfo2 *face, UINT index, ULONG context) {
  CreatedType *self = created_type_from(face);
  VariableFacts *facts = variable(self, index);

  return set_number(self, facts ? &facts->documentation.help_string_context : NULL, context);
}

/* Entries. */

#define ORDINAL_LIMIT 0xFFFFu /* a "text" at an address up to here is a number, as MAKEINTRESOURCE makes it */

static bool is_ordinal(const OLECHAR *entry) {
  return (uintptr_t)entry <= ORDINAL_LIMIT;
}

/* A module has one DLL: the one that was named last. */
HRESULT CreatedType_DefineFuncAsDllEntry(ICreateTypeInfo2 *face, UINT index, LPOLESTR dll, LPOLESTR entry) {
  CreatedType *self = created_type_from(face);
  LibraryText file, name = { NULL, 0, true, false };
  FunctionDetails *details;

  if (self->type.facts.kind != TKIND_MODULE)
    return TYPE_E_WRONGTYPEKIND;
  HRESULT hr = function_details(self, index, &details);
  if (SUCCEEDED(hr))
    hr = created_text(created_model(self), dll, &file);
  if (SUCCEEDED(hr) && !is_ordinal(entry))
    hr = created_text(created_model(self), entry, &name);
  if (FAILED(hr))
    return hr;
  created_facts(self)->dll = file;
  details->entry = name;
  details->ordinal = is_ordinal(entry) ? (WORD)(uintptr_t)entry : 0;
  return changed(self, S_OK);
}

/* Custom data. */

HRESULT CreatedType_SetFuncCustData(ICreateTypeInfo2 *face, UINT index, REFGUID guid, VARIANT *value) {
  CreatedType *self = created_type_from(face);
  FunctionDetails *details;
  HRESULT hr = function_details(self, index, &details);

  if (FAILED(hr))
    return hr;
  return changed(self, created_custom(created_model(self), &details->custom, guid, value));
}

HRESULT CreatedType_SetParamCustData(ICreateTypeInfo2 *face, UINT function, UINT parameter, REFGUID guid,
                                     VARIANT *value) {
  CreatedType *self = created_type_from(face);

  if (function >= created_function_count(self))
    return TYPE_E_ELEMENTNOTFOUND;
  const FunctionFacts *facts = library_model_function(created_model(self), self->type.index, function);
  if (parameter >= facts->parameter_count)
    return TYPE_E_ELEMENTNOTFOUND;
  ParameterFacts *parameters = library_model_parameters(created_model(self), facts);
  return changed(self, created_custom(created_model(self), &parameters[parameter].custom, guid, value));
}

HRESULT CreatedType_SetVarCustData(ICreateTypeInfo2 *face, UINT index, REFGUID guid, VARIANT *value) {
  CreatedType *self = created_type_from(face);
  VariableFacts *facts = variable(self, index);

  if (!facts)
    return TYPE_E_ELEMENTNOTFOUND;
  return changed(self, created_custom(created_model(self), &facts->custom, guid, value));
}
