/* memory_library.c - memory_library_create: a LibraryModel out of the structs of typelib_api.h, and an ITypeLib over it. */
#include "typelib/model/library_model.h"
#include "typelib/objects/library_load.h"

#include <stdlib.h>
#include <string.h>

#define SLOT_LIMIT 0x1000u /* FUNCDESC.oVft counts bytes in 16 bits */

static HRESULT fill_custom(LibraryModel *model, const MemoryCustom *items, UINT count, CustomList *list) {
  HRESULT hr = S_OK;

  *list = NO_CUSTOM_DATA;
  for (UINT index = 0; SUCCEEDED(hr) && index < count; index++)
    hr = library_model_set_custom(model, list, &items[index].guid, items[index].value);
  return hr;
}

static HRESULT fill_documentation(LibraryModel *model, const OLECHAR *help_string, DWORD context, DWORD string_context,
                                  Documentation *documentation) {
  documentation->help_context = context;
  documentation->help_string_context = string_context;
  return library_model_text(model, help_string, &documentation->help_string);
}

static HRESULT fill_parameter(LibraryModel *model, const MemoryParameter *from, ParameterFacts *facts) {
  facts->flags = from->default_value ? from->flags | PARAMFLAG_FHASDEFAULT : from->flags & (WORD)~PARAMFLAG_FHASDEFAULT;
  HRESULT hr = library_model_name(model, from->name, &facts->name);
  if (SUCCEEDED(hr))
    hr = library_model_desc(model, &from->type, &facts->type);
  if (SUCCEEDED(hr))
    hr = library_model_value(model, from->default_value, &facts->default_value);
  if (SUCCEEDED(hr))
    hr = fill_custom(model, from->custom, from->custom_count, &facts->custom);
  return hr;
}

static HRESULT fill_function(LibraryModel *model, const MemoryFunction *from, FunctionFacts *facts) {
  facts->memid = from->memid;
  facts->kind = from->kind;
  facts->invkind = from->invkind;
  facts->callconv = from->callconv;
  facts->flags = from->flags;
  facts->vtable_offset = (SHORT)(from->slot * sizeof(void *));
  facts->parameter_count = (WORD)from->parameter_count;
  facts->optional_count = from->optional_count;
  HRESULT hr = library_model_name(model, from->name, &facts->name);
  return SUCCEEDED(hr) ? library_model_desc(model, &from->result, &facts->result) : hr;
}

static HRESULT fill_details(LibraryModel *model, const MemoryFunction *from, FunctionDetails *details) {
  details->ordinal = from->ordinal;
  HRESULT hr = library_model_text(model, from->entry, &details->entry);
  if (SUCCEEDED(hr))
    hr = fill_documentation(model, from->help_string, from->help_context, from->help_string_context,
                            &details->documentation);
  return SUCCEEDED(hr) ? fill_custom(model, from->custom, from->custom_count, &details->custom) : hr;
}

static HRESULT add_function(LibraryModel *model, UINT type, UINT index, const MemoryFunction *from) {
  FunctionFacts facts = { 0 };
  FunctionDetails details = { 0 };

  if (from->parameter_count > MODEL_MEMBER_LIMIT || from->slot >= SLOT_LIMIT)
    return E_INVALIDARG;
  ParameterFacts *parameters = calloc(from->parameter_count + 1u, sizeof *parameters);
  if (!parameters)
    return E_OUTOFMEMORY;
  HRESULT hr = fill_function(model, from, &facts);
  if (SUCCEEDED(hr))
    hr = fill_details(model, from, &details);
  for (UINT position = 0; SUCCEEDED(hr) && position < from->parameter_count; position++)
    hr = fill_parameter(model, &from->parameters[position], &parameters[position]);
  if (SUCCEEDED(hr))
    hr = library_model_add_function(model, type, index, &facts, &details, parameters);
  free(parameters);
  return hr;
}

static HRESULT add_variable(LibraryModel *model, UINT type, UINT index, const MemoryVariable *from) {
  VariableFacts facts = { .memid = from->memid, .kind = from->kind, .flags = from->flags, .offset = from->offset };
  HRESULT hr = library_model_name(model, from->name, &facts.name);

  if (SUCCEEDED(hr))
    hr = library_model_desc(model, &from->type, &facts.type);
  if (SUCCEEDED(hr))
    hr = library_model_value(model, from->value, &facts.value);
  if (SUCCEEDED(hr))
    hr = fill_documentation(model, from->help_string, from->help_context, from->help_string_context,
                            &facts.documentation);
  if (SUCCEEDED(hr))
    hr = fill_custom(model, from->custom, from->custom_count, &facts.custom);
  return SUCCEEDED(hr) ? library_model_add_variable(model, type, index, &facts) : hr;
}

static HRESULT add_implemented(LibraryModel *model, UINT type, UINT index, const MemoryImplemented *from) {
  ImplementedFacts facts = { from->type, from->flags, NO_CUSTOM_DATA };
  HRESULT hr = from->type > MODEL_REFERENCE_LIMIT ? E_INVALIDARG
                                                  : fill_custom(model, from->custom, from->custom_count, &facts.custom);

  return SUCCEEDED(hr) ? library_model_add_implemented(model, type, index, &facts) : hr;
}

/* As long as its highest slot; a dispinterface counts its functions in the same way. */
static WORD vtable_size(const MemoryType *type) {
  bool dispatch_only = type->kind == TKIND_DISPATCH && !(type->flags & TYPEFLAG_FDUAL);
  UINT slots = dispatch_only ? type->function_count : 0;

  for (UINT index = 0; index < type->function_count && !dispatch_only; index++)
    if (type->functions[index].slot >= slots)
      slots = type->functions[index].slot + 1;
  return (WORD)(slots * sizeof(void *));
}

static HRESULT fill_type_facts(LibraryModel *model, const MemoryType *from, TypeFacts *facts) {
  facts->kind = from->kind;
  facts->guid = from->guid;
  facts->flags = from->flags;
  facts->major = from->major;
  facts->minor = from->minor;
  facts->vtable_size = vtable_size(from);
  facts->instance_size = from->instance_size ? from->instance_size : sizeof(void *);
  facts->alignment = from->alignment ? from->alignment : sizeof(void *);
  HRESULT hr = library_model_name(model, from->name, &facts->name);
  if (SUCCEEDED(hr))
    hr = library_model_desc(model, &from->alias, &facts->alias);
  if (SUCCEEDED(hr))
    hr = library_model_text(model, from->dll, &facts->dll);
  if (SUCCEEDED(hr))
    hr = fill_documentation(model, from->help_string, from->help_context, from->help_string_context,
                            &facts->documentation);
  if (SUCCEEDED(hr))
    hr = fill_custom(model, from->custom, from->custom_count, &facts->custom);
  return hr;
}

static HRESULT add_type(LibraryModel *model, UINT type, const MemoryType *from) {
  TypeFacts facts = { 0 };

  if (from->function_count > SLOT_LIMIT)
    return E_INVALIDARG;
  HRESULT hr = fill_type_facts(model, from, &facts);
  if (SUCCEEDED(hr))
    hr = library_model_add_type(model, &facts);
  for (UINT index = 0; SUCCEEDED(hr) && index < from->function_count; index++)
    hr = add_function(model, type, index, &from->functions[index]);
  for (UINT index = 0; SUCCEEDED(hr) && index < from->variable_count; index++)
    hr = add_variable(model, type, index, &from->variables[index]);
  for (UINT index = 0; SUCCEEDED(hr) && index < from->implemented_count; index++)
    hr = add_implemented(model, type, index, &from->implemented[index]);
  return hr;
}

static void release_info(void *info) {
  type_info_release(info);
}

static HRESULT add_reference(LibraryModel *model, ITypeInfo *info) {
  ReferenceFacts facts = { .kind = TKIND_MAX };
  IOleanderTypeInfo *own;
  HREFTYPE reference;

  if (!info)
    return E_INVALIDARG;
  HRESULT hr = ITypeInfo_QueryInterface(info, &IID_IOleanderTypeInfo, (void **)&own);
  if (FAILED(hr))
    return hr;
  facts.object = OBJECT_CONTAINER(own, TypeInfo, signatures);
  hr = library_model_reference(model, &facts, &reference);
  if (FAILED(hr))
    type_info_release(facts.object);
  return hr;
}

static HRESULT fill_library(LibraryModel *model, const MemoryLibrary *from) {
  LibraryFacts *facts = library_model_facts(model);

  facts->guid = from->guid;
  facts->lcid = facts->name_lcid = from->lcid;
  facts->major = from->major;
  facts->minor = from->minor;
  facts->flags = from->flags;
  HRESULT hr = library_model_name(model, from->name, &facts->name);
  if (SUCCEEDED(hr))
    hr = fill_documentation(model, from->help_string, from->help_context, from->help_string_context,
                            &facts->documentation);
  if (SUCCEEDED(hr))
    hr = library_model_text(model, from->help_file, &facts->help_file);
  if (SUCCEEDED(hr))
    hr = library_model_text(model, from->help_dll, &facts->help_dll);
  if (SUCCEEDED(hr))
    hr = fill_custom(model, from->custom, from->custom_count, &facts->custom);
  for (UINT index = 0; SUCCEEDED(hr) && index < from->reference_count; index++)
    hr = add_reference(model, from->references[index]);
  for (UINT index = 0; SUCCEEDED(hr) && index < from->type_count; index++)
    hr = add_type(model, index, &from->types[index]);
  return hr;
}

HRESULT memory_library_open(const MemoryLibrary *description, TypeLibrary **library) {
  LibraryModel *model;
  HRESULT hr = library_model_create(release_info, &model);

  if (FAILED(hr))
    return hr;
  hr = fill_library(model, description);
  if (SUCCEEDED(hr))
    return type_library_create(library_model_reader(model), library);
  library_model_reader(model)->methods->close(library_model_reader(model));
  return hr;
}

HRESULT memory_library_create(const MemoryLibrary *description, ITypeLib **result) {
  TypeLibrary *library;

  if (!description || !result)
    return E_INVALIDARG;
  *result = NULL;
  HRESULT hr = memory_library_open(description, &library);
  if (SUCCEEDED(hr))
    *result = (ITypeLib *)&library->lib;
  return hr;
}
