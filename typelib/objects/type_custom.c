/* type_custom.c - custom data of libraries, types, functions, parameters, variables and implemented types. */
#include "typelib/objects/type_objects.h"

#include <combaseapi.h>

#include <string.h>

HRESULT custom_data_one(const TypeLibrary *library, CustomList list, REFGUID guid, VARIANT *value) {
  const LibraryReader *reader = library->reader;
  CustomWalk walk = { list, 0 };
  CustomFacts facts;
  HRESULT hr;

  if (!guid || !value)
    return E_INVALIDARG;
  VariantInit(value);
  while ((hr = reader->methods->next_custom(reader, &walk, &facts)) == S_OK)
    if (IsEqualGUID(&facts.guid, guid))
      return reader->methods->read_value(reader, facts.value, value);
  return FAILED(hr) ? hr : S_OK; /* what is not there is VT_EMPTY */
}

static HRESULT count_items(const LibraryReader *reader, CustomList list, DWORD *count) {
  CustomWalk walk = { list, 0 };
  CustomFacts facts;
  HRESULT hr;

  for (*count = 0; (hr = reader->methods->next_custom(reader, &walk, &facts)) == S_OK; ++*count)
    ;
  return FAILED(hr) ? hr : S_OK;
}

HRESULT custom_data_all(const TypeLibrary *library, CustomList list, CUSTDATA *data) {
  const LibraryReader *reader = library->reader;
  CUSTDATA made = { 0, NULL };
  CustomWalk walk = { list, 0 };
  CustomFacts facts;
  DWORD count;
  HRESULT hr;

  if (!data)
    return E_INVALIDARG;
  memset(data, 0, sizeof *data);
  hr = count_items(reader, list, &count);
  if (FAILED(hr) || count == 0)
    return hr;
  made.prgCustData = CoTaskMemAlloc(count * sizeof *made.prgCustData);
  if (!made.prgCustData)
    return E_OUTOFMEMORY;
  for (made.cCustData = 0; made.cCustData < count && SUCCEEDED(hr); made.cCustData++) {
    CUSTDATAITEM *item = &made.prgCustData[made.cCustData];

    VariantInit(&item->varValue);
    hr = reader->methods->next_custom(reader, &walk, &facts);
    if (SUCCEEDED(hr))
      hr = reader->methods->read_value(reader, facts.value, &item->varValue);
    item->guid = facts.guid;
  }
  if (FAILED(hr))
    ClearCustData(&made);
  else
    *data = made;
  return hr;
}

/* Whose data. */

/* Custom data of something in a type. The owner is another type where a function is inherited. */
typedef struct Place {
  TypeInfo *owner;
  CustomList list;
} Place;

static HRESULT function_place(TypeInfo *self, UINT index, UINT parameter, bool of_parameter, Place *place) {
  const LibraryReader *reader;
  FunctionDetails details;
  FunctionFacts facts;
  ParameterFacts parameter_facts;
  UINT own_index;
  unsigned level;
  HRESULT hr = type_find_function(self, index, &place->owner, &own_index, &level);

  if (FAILED(hr))
    return hr;
  reader = place->owner->library->reader;
  if (!of_parameter) {
    hr = reader->methods->read_function_details(reader, place->owner->index, own_index, &details);
    place->list = details.custom;
    return hr;
  }
  hr = reader->methods->read_function(reader, place->owner->index, own_index, &facts);
  if (SUCCEEDED(hr) && parameter >= facts.parameter_count)
    hr = TYPE_E_ELEMENTNOTFOUND;
  if (SUCCEEDED(hr))
    hr = reader->methods->read_parameter(reader, place->owner->index, &facts, parameter, &parameter_facts);
  if (SUCCEEDED(hr))
    place->list = parameter_facts.custom;
  return hr;
}

static void own_place(TypeInfo *self, CustomList list, Place *place) {
  place->owner = self;
  place->list = list;
}

static HRESULT variable_place(TypeInfo *self, UINT index, Place *place) {
  const LibraryReader *reader = self->library->reader;
  VariableFacts facts;
  HRESULT hr;

  if (index >= self->facts.variable_count)
    return TYPE_E_ELEMENTNOTFOUND;
  hr = reader->methods->read_variable(reader, self->index, index, &facts);
  if (SUCCEEDED(hr))
    own_place(self, facts.custom, place);
  return hr;
}

static HRESULT implemented_place(TypeInfo *self, UINT index, Place *place) {
  const LibraryReader *reader = self->library->reader;
  ImplementedFacts facts;
  HRESULT hr;

  if (type_is_dispatch_view(self) && index == 0) { /* IDispatch: nothing can be said about it */
    own_place(self, NO_CUSTOM_DATA, place);
    return S_OK;
  }
  if (index >= self->facts.implemented_count)
    return TYPE_E_ELEMENTNOTFOUND;
  hr = reader->methods->read_implemented(reader, self->index, index, &facts);
  if (SUCCEEDED(hr))
    own_place(self, facts.custom, place);
  return hr;
}

static HRESULT give_one(HRESULT hr, Place *place, REFGUID guid, VARIANT *value) {
  return FAILED(hr) ? hr : custom_data_one(place->owner->library, place->list, guid, value);
}

static HRESULT give_all(HRESULT hr, Place *place, CUSTDATA *data) {
  return FAILED(hr) ? hr : custom_data_all(place->owner->library, place->list, data);
}

/* The methods. */

HRESULT TypeInfo_GetCustData(ITypeInfo2 *face, REFGUID guid, VARIANT *value) {
  TypeInfo *self = type_info_from(face);

  return custom_data_one(self->library, self->facts.custom, guid, value);
}

HRESULT TypeInfo_GetFuncCustData(ITypeInfo2 *face, UINT index, REFGUID guid, VARIANT *value) {
  Place place;

  return give_one(function_place(type_info_from(face), index, 0, false, &place), &place, guid, value);
}

HRESULT TypeInfo_GetParamCustData(ITypeInfo2 *face, UINT function, UINT parameter, REFGUID guid, VARIANT *value) {
  Place place;

  return give_one(function_place(type_info_from(face), function, parameter, true, &place), &place, guid, value);
}

HRESULT TypeInfo_GetVarCustData(ITypeInfo2 *face, UINT index, REFGUID guid, VARIANT *value) {
  Place place;

  return give_one(variable_place(type_info_from(face), index, &place), &place, guid, value);
}

HRESULT TypeInfo_GetImplTypeCustData(ITypeInfo2 *face, UINT index, REFGUID guid, VARIANT *value) {
  Place place;

  return give_one(implemented_place(type_info_from(face), index, &place), &place, guid, value);
}

HRESULT TypeInfo_GetAllCustData(ITypeInfo2 *face, CUSTDATA *data) {
  TypeInfo *self = type_info_from(face);

  return custom_data_all(self->library, self->facts.custom, data);
}

HRESULT TypeInfo_GetAllFuncCustData(ITypeInfo2 *face, UINT index, CUSTDATA *data) {
  Place place;

  return give_all(function_place(type_info_from(face), index, 0, false, &place), &place, data);
}

HRESULT TypeInfo_GetAllParamCustData(ITypeInfo2 *face, UINT function, UINT parameter, CUSTDATA *data) {
  Place place;

  return give_all(function_place(type_info_from(face), function, parameter, true, &place), &place, data);
}

HRESULT TypeInfo_GetAllVarCustData(ITypeInfo2 *face, UINT index, CUSTDATA *data) {
  Place place;

  return give_all(variable_place(type_info_from(face), index, &place), &place, data);
}

HRESULT TypeInfo_GetAllImplTypeCustData(ITypeInfo2 *face, UINT index, CUSTDATA *data) {
  Place place;

  return give_all(implemented_place(type_info_from(face), index, &place), &place, data);
}
