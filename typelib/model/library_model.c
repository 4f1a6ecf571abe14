/* library_model.c - filling and changing a LibraryModel. */
#include "typelib/model/library_model_internal.h"

#include "com/com_api.h"

#include <stdlib.h>
#include <string.h>

HRESULT model_reserve(Table *table, size_t size, uint32_t more) {
  if (more <= table->capacity - table->count)
    return S_OK;
  if (more > UINT32_MAX / 2 - table->count)
    return E_OUTOFMEMORY;
  uint32_t capacity = table->count + (more > table->count / 2 + 4 ? more : table->count / 2 + 4);
  void *items = realloc(table->items, capacity * size);
  if (!items)
    return E_OUTOFMEMORY;
  table->items = items;
  table->capacity = capacity;
  return S_OK;
}

static HRESULT table_insert(Table *table, size_t size, uint32_t index, const void *item) {
  if (index > table->count)
    return TYPE_E_ELEMENTNOTFOUND;
  if (table->count >= MODEL_MEMBER_LIMIT)
    return E_INVALIDARG;
  HRESULT hr = model_reserve(table, size, 1);
  if (FAILED(hr))
    return hr;
  char *place = (char *)table->items + index * size;
  memmove(place + size, place, (table->count - index) * size);
  memcpy(place, item, size);
  table->count++;
  return S_OK;
}

static void table_remove(Table *table, size_t size, uint32_t index) {
  char *place = (char *)table->items + index * size;

  memmove(place, place + size, (--table->count - index) * size);
}

HRESULT library_model_create(void (*release_object)(void *object), LibraryModel **result) {
  LibraryModel *model = calloc(1, sizeof *model);

  *result = NULL;
  if (!model)
    return E_OUTOFMEMORY;
  model->block = desc_block_create(0, 0);
  if (!model->block) {
    free(model);
    return E_OUTOFMEMORY;
  }
  model->reader.methods = &model_reader_methods;
  model->release_object = release_object;
  model->facts.syskind = SYS_WIN64;
  model->facts.pointer_size = sizeof(void *);
  model->facts.name = NO_NAME;
  model->facts.custom = NO_CUSTOM_DATA;
  model->facts.dispatch = MODEL_IDISPATCH;
  *result = model;
  return S_OK;
}

LibraryReader *library_model_reader(LibraryModel *model) {
  return &model->reader;
}

LibraryFacts *library_model_facts(LibraryModel *model) {
  return &model->facts;
}

/* Codes. */

static HRESULT wide_text(LibraryModel *model, const OLECHAR *text, LibraryText *copy) {
  *copy = (LibraryText){ NULL, 0, true, false };
  size_t size = utf16_units(text) * sizeof *text;
  void *bytes = size > UINT32_MAX / 2 ? NULL : desc_block_take(model->block, size + sizeof *text);
  if (!bytes)
    return E_OUTOFMEMORY;
  copy->bytes = memcpy(bytes, text, size);
  copy->size = (uint32_t)size;
  return S_OK;
}

/* Most texts are in code page 1252 and take half the room so. */
HRESULT library_model_text(LibraryModel *model, const OLECHAR *text, LibraryText *copy) {
  size_t length = 0;

  *copy = (LibraryText){ NULL, 0, true, false };
  if (!text)
    return S_OK;
  while (text[length] && library_text_octet(text[length]) >= 0)
    length++;
  if (text[length])
    return wide_text(model, text, copy);
  uint8_t *bytes = length > UINT32_MAX / 2 ? NULL : desc_block_take(model->block, length + 1);
  if (!bytes)
    return E_OUTOFMEMORY;
  for (size_t index = 0; index < length; index++)
    bytes[index] = (uint8_t)library_text_octet(text[index]);
  *copy = (LibraryText){ bytes, (uint32_t)length, false, false };
  return S_OK;
}

uint32_t model_text_hash(const OLECHAR *text, size_t units) {
  uint32_t hash = 2166136261u; /* FNV-1a */

  for (size_t index = 0; index < units; index++)
    hash = (hash ^ caseless_upper(text[index])) * 16777619u;
  return hash;
}

/* The model's own texts are wide and aligned. */
static const OLECHAR *name_units(LibraryText name) {
  return (const OLECHAR *)(const void *)name.bytes;
}

uint32_t model_name_hash(LibraryText name) {
  return model_text_hash(name_units(name), name.size / sizeof(OLECHAR));
}

static bool same_name(const LibraryModel *model, LibraryText known, const OLECHAR *name, size_t size) {
  if (known.size != size)
    return false;
  return model->fold_names ? library_text_equals(known, name) : memcmp(known.bytes, name, size) == 0;
}

/* The slot of the name, or the free one where it would stand. */
static uint32_t *name_slot(const LibraryModel *model, const OLECHAR *name) {
  const LibraryText *names = model->names.items;
  uint32_t *slots = model->name_slots.items, mask = model->name_slots.capacity - 1;
  size_t units = utf16_units(name);
  uint32_t place = model_text_hash(name, units) & mask;

  while (slots[place] && !same_name(model, names[slots[place] - 1], name, units * sizeof *name))
    place = (place + 1) & mask;
  return &slots[place];
}

/* At least every fourth slot is free. */
static HRESULT grow_name_slots(LibraryModel *model) {
  Table *table = &model->name_slots;
  const LibraryText *names = model->names.items;

  if (model->names.count < table->capacity / 4 * 3)
    return S_OK;
  uint32_t capacity = table->capacity ? table->capacity * 2 : 64, *slots = calloc(capacity, sizeof *slots);
  if (!slots)
    return E_OUTOFMEMORY;
  free(table->items);
  table->items = slots;
  table->capacity = capacity;
  for (NameId id = 0; id < model->names.count; id++) {
    uint32_t place = model_name_hash(names[id]) & (capacity - 1);

    while (slots[place])
      place = (place + 1) & (capacity - 1);
    slots[place] = id + 1;
  }
  return S_OK;
}

void library_model_fold_names(LibraryModel *model) {
  model->fold_names = true;
}

bool library_model_has_name(const LibraryModel *model, const OLECHAR *name) {
  return model->name_slots.items && *name_slot(model, name);
}

HRESULT library_model_name(LibraryModel *model, const OLECHAR *name, NameId *id) {
  LibraryText text;

  *id = NO_NAME;
  if (!name)
    return S_OK;
  HRESULT hr = grow_name_slots(model);
  if (SUCCEEDED(hr))
    hr = model_reserve(&model->names, sizeof text, 1);
  if (FAILED(hr))
    return hr;
  uint32_t *slot = name_slot(model, name);
  if (!*slot) {
    hr = wide_text(model, name, &text);
    if (FAILED(hr))
      return hr;
    ((LibraryText *)model->names.items)[model->names.count] = text;
    *slot = ++model->names.count;
    model->facts.name_characters += text.size / sizeof *name;
  }
  *id = *slot - 1;
  return S_OK;
}

HRESULT library_model_value(LibraryModel *model, const VARIANT *value, ValueCode *code) {
  *code = NO_VALUE;
  if (!value)
    return S_OK;
  HRESULT hr = model_reserve(&model->values, sizeof(VARIANT *), 1);
  VARIANT *copy = SUCCEEDED(hr) ? desc_block_variant(model->block, 0) : NULL;
  if (!copy)
    return E_OUTOFMEMORY;
  hr = VariantCopy(copy, value);
  if (FAILED(hr))
    return hr;
  *code = model->values.count++;
  ((VARIANT **)model->values.items)[*code] = copy;
  return S_OK;
}

HRESULT library_model_reference(LibraryModel *model, const ReferenceFacts *facts, HREFTYPE *reference) {
  if (model->references.count > MODEL_REFERENCE_LIMIT >> 2)
    return E_INVALIDARG;
  HRESULT hr = model_reserve(&model->references, sizeof *facts, 1);
  if (FAILED(hr))
    return hr;
  *reference = MODEL_REFERENCE(model->references.count);
  ((ReferenceFacts *)model->references.items)[model->references.count++] = *facts;
  return S_OK;
}

UINT library_model_reference_count(const LibraryModel *model) {
  return model->references.count;
}

ReferenceFacts *library_model_reference_facts(LibraryModel *model, UINT number) {
  return (ReferenceFacts *)model->references.items + number;
}

HRESULT library_model_set_custom(LibraryModel *model, CustomList *list, REFGUID guid, const VARIANT *value) {
  CustomList *last = list;
  ValueCode code;
  HRESULT hr = library_model_value(model, value, &code);

  if (SUCCEEDED(hr)) /* before `last` points into the table */
    hr = model_reserve(&model->customs, sizeof(ModelCustom), 1);
  if (FAILED(hr))
    return hr;
  ModelCustom *items = model->customs.items;
  for (; *last != NO_CUSTOM_DATA; last = &items[*last].next) {
    if (IsEqualGUID(&items[*last].guid, guid)) {
      items[*last].value = code;
      return S_OK;
    }
  }
  items[model->customs.count] = (ModelCustom){ *guid, code, NO_CUSTOM_DATA };
  *last = model->customs.count++;
  return S_OK;
}

/* Types and members. */

HRESULT library_model_add_type(LibraryModel *model, const TypeFacts *facts) {
  ModelType type = { .facts = *facts };

  return table_insert(&model->types, sizeof type, model->types.count - model->removed, &type);
}

void library_model_remove_type(LibraryModel *model, UINT type, UINT *gone) {
  ModelType *types = model->types.items, removed = types[type];
  UINT last = model->types.count - ++model->removed;

  memmove(&types[type], &types[type + 1], (last - type) * sizeof *types);
  types[last] = removed;
  *gone = last;
}

UINT library_model_removed_count(const LibraryModel *model) {
  return model->removed;
}

TypeFacts *library_model_type(LibraryModel *model, UINT type) {
  return &model_type(model, type)->facts;
}

static bool says_something(const FunctionDetails *details) {
  return details->documentation.help_string.bytes || details->documentation.help_context ||
         details->documentation.help_string_context || details->custom != NO_CUSTOM_DATA || details->entry.bytes ||
         details->ordinal;
}

/* Room for what is added at last: it cannot fail then. */
static HRESULT reserve_function(LibraryModel *model, UINT parameters) {
  HRESULT hr = parameters > MODEL_MEMBER_LIMIT
                   ? E_INVALIDARG
                   : model_reserve(&model->parameters, sizeof(ParameterFacts), parameters + 1);

  return SUCCEEDED(hr) ? model_reserve(&model->details, sizeof(FunctionDetails), 1) : hr;
}

HRESULT library_model_add_function(LibraryModel *model, UINT type, UINT index, const FunctionFacts *facts,
                                   const FunctionDetails *details, const ParameterFacts *parameters) {
  ModelFunction placed = { *facts, says_something(details) ? model->details.count + 1 : 0 };
  UINT count = facts->parameter_count;
  HRESULT hr = reserve_function(model, count);

  if (FAILED(hr))
    return hr;
  placed.facts.place[0] = model->parameters.count;
  hr = table_insert(&model_type(model, type)->functions, sizeof placed, index, &placed);
  if (FAILED(hr))
    return hr;
  if (count > 0)
    memcpy((ParameterFacts *)model->parameters.items + model->parameters.count, parameters, count * sizeof *parameters);
  model->parameters.count += count;
  if (placed.details)
    ((FunctionDetails *)model->details.items)[model->details.count++] = *details;
  return S_OK;
}

HRESULT library_model_add_variable(LibraryModel *model, UINT type, UINT index, const VariableFacts *facts) {
  return table_insert(&model_type(model, type)->variables, sizeof *facts, index, facts);
}

HRESULT library_model_add_implemented(LibraryModel *model, UINT type, UINT index, const ImplementedFacts *facts) {
  if (facts->reference != NO_REFERENCE && facts->reference > MODEL_REFERENCE_LIMIT)
    return E_INVALIDARG;
  return table_insert(&model_type(model, type)->implemented, sizeof *facts, index, facts);
}

void library_model_remove_function(LibraryModel *model, UINT type, UINT index) {
  table_remove(&model_type(model, type)->functions, sizeof(ModelFunction), index);
}

void library_model_remove_variable(LibraryModel *model, UINT type, UINT index) {
  table_remove(&model_type(model, type)->variables, sizeof(VariableFacts), index);
}

void library_model_remove_implemented(LibraryModel *model, UINT type, UINT index) {
  table_remove(&model_type(model, type)->implemented, sizeof(ImplementedFacts), index);
}

FunctionFacts *library_model_function(LibraryModel *model, UINT type, UINT index) {
  return &((ModelFunction *)model_type(model, type)->functions.items)[index].facts;
}

FunctionDetails *library_model_function_details(LibraryModel *model, UINT type, UINT index) {
  ModelFunction *function = (ModelFunction *)model_type(model, type)->functions.items + index;

  if (!function->details) {
    if (FAILED(model_reserve(&model->details, sizeof(FunctionDetails), 1)))
      return NULL;
    ((FunctionDetails *)model->details.items)[model->details.count] = (FunctionDetails){ .custom = NO_CUSTOM_DATA };
    function->details = ++model->details.count;
  }
  return (FunctionDetails *)model->details.items + function->details - 1;
}

ParameterFacts *library_model_parameters(LibraryModel *model, const FunctionFacts *function) {
  return (ParameterFacts *)model->parameters.items + function->place[0];
}

VariableFacts *library_model_variable(LibraryModel *model, UINT type, UINT index) {
  return (VariableFacts *)model_type(model, type)->variables.items + index;
}

ImplementedFacts *library_model_implemented(LibraryModel *model, UINT type, UINT index) {
  return (ImplementedFacts *)model_type(model, type)->implemented.items + index;
}
