/* model_reader.c - a LibraryReader over the tables of a LibraryModel.
 *
 * A TypeCode is the number of a TYPEDESC, a ValueCode that of a VARIANT, a NameId that of a name, a CustomList that of the
 * list's first item. */
#include "typelib/model/library_model_internal.h"

#include "com/com_api.h"

#include <stdlib.h>
#include <string.h>

static const LibraryModel *model_from(const LibraryReader *reader) {
  return (const LibraryModel *)reader;
}

static void model_close(LibraryReader *reader) {
  LibraryModel *model = (LibraryModel *)reader;
  const ReferenceFacts *references = model->references.items;

  for (uint32_t index = 0; index < model->references.count; index++)
    if (references[index].object)
      model->release_object(references[index].object);
  for (uint32_t index = 0; index < model->types.count; index++) {
    free(model_type(model, index)->functions.items);
    free(model_type(model, index)->variables.items);
    free(model_type(model, index)->implemented.items);
  }
  free(model->types.items);
  free(model->details.items);
  free(model->parameters.items);
  free(model->names.items);
  free(model->name_slots.items);
  free(model->descs.items);
  free(model->desc_slots.items);
  free(model->values.items);
  free(model->references.items);
  free(model->customs.items);
  desc_block_free(model->block);
  free(model);
}

static HRESULT model_read_library(const LibraryReader *reader, LibraryFacts *facts) {
  const LibraryModel *model = model_from(reader);

  *facts = model->facts;
  facts->type_count = model->types.count - model->removed;
  facts->name_count = model->names.count;
  return S_OK;
}

static HRESULT model_read_type(const LibraryReader *reader, UINT type, TypeFacts *facts) {
  const ModelType *declared = model_type(model_from(reader), type);

  *facts = declared->facts;
  facts->function_count = (WORD)declared->functions.count;
  facts->variable_count = (WORD)declared->variables.count;
  facts->implemented_count = (WORD)declared->implemented.count;
  return S_OK;
}

static HRESULT model_read_kind(const LibraryReader *reader, UINT type, TYPEKIND *kind) {
  *kind = model_type(model_from(reader), type)->facts.kind;
  return S_OK;
}

static HRESULT model_read_function(const LibraryReader *reader, UINT type, UINT index, FunctionFacts *facts) {
  *facts = ((const ModelFunction *)model_type(model_from(reader), type)->functions.items)[index].facts;
  return S_OK;
}

static HRESULT model_read_function_details(const LibraryReader *reader, UINT type, UINT index,
                                           FunctionDetails *details) {
  const LibraryModel *model = model_from(reader);
  uint32_t number = ((const ModelFunction *)model_type(model, type)->functions.items)[index].details;

  *details = number ? ((const FunctionDetails *)model->details.items)[number - 1]
                    : (FunctionDetails){ .custom = NO_CUSTOM_DATA };
  return S_OK;
}

static HRESULT model_read_parameter(const LibraryReader *reader, UINT type, const FunctionFacts *function, UINT index,
                                    ParameterFacts *facts) {
  (void)type;
  *facts = ((const ParameterFacts *)model_from(reader)->parameters.items)[function->place[0] + index];
  return S_OK;
}

static HRESULT model_read_variable(const LibraryReader *reader, UINT type, UINT index, VariableFacts *facts) {
  *facts = ((const VariableFacts *)model_type(model_from(reader), type)->variables.items)[index];
  return S_OK;
}

static HRESULT model_read_implemented(const LibraryReader *reader, UINT type, UINT index, ImplementedFacts *facts) {
  *facts = ((const ImplementedFacts *)model_type(model_from(reader), type)->implemented.items)[index];
  return S_OK;
}

static MemberKey member_key(const ModelType *declared, UINT index) {
  const ModelFunction *functions = declared->functions.items;
  const VariableFacts *variables = declared->variables.items;

  if (index < declared->functions.count)
    return (MemberKey){ functions[index].facts.memid, functions[index].facts.name };
  variables += index - declared->functions.count;
  return (MemberKey){ variables->memid, variables->name };
}

static HRESULT model_read_members(const LibraryReader *reader, UINT type, UINT first, UINT count, MemberKey *keys) {
  const ModelType *declared = model_type(model_from(reader), type);

  for (UINT index = 0; index < count; index++)
    keys[index] = member_key(declared, first + index);
  return S_OK;
}

/* MODEL_IUNKNOWN and MODEL_IDISPATCH are types of stdole. */
static HRESULT stdole_reference(HREFTYPE reference, ReferenceFacts *facts) {
  static const GUID libid_stdole = { 0x00020430, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

  facts->library = libid_stdole;
  facts->major = 2;
  facts->by_guid = true;
  facts->guid = reference == MODEL_IDISPATCH ? IID_IDispatch : IID_IUnknown;
  facts->kind = TKIND_INTERFACE;
  return reference == MODEL_IDISPATCH || reference == MODEL_IUNKNOWN ? S_OK : TYPE_E_INVDATAREAD;
}

static HRESULT model_read_reference(const LibraryReader *reader, UINT type, HREFTYPE reference, ReferenceFacts *facts) {
  const LibraryModel *model = model_from(reader);
  UINT index = reference >> 2;

  (void)type;
  memset(facts, 0, sizeof *facts);
  facts->kind = TKIND_MAX;
  switch (reference & 3) {
  case 0:
    facts->local = true;
    facts->index = index;
    return index < model->types.count - model->removed ? S_OK : TYPE_E_INVDATAREAD;
  case 1:
    if (index >= model->references.count)
      return TYPE_E_INVDATAREAD;
    *facts = ((const ReferenceFacts *)model->references.items)[index];
    return S_OK;
  default:
    return stdole_reference(reference, facts);
  }
}

HRESULT model_copy_desc(const TYPEDESC *from, DescBlock *block, TYPEDESC *to, unsigned depth) {
  const ARRAYDESC *array = from->lpadesc;

  *to = *from;
  if (depth > TYPE_DEPTH_LIMIT)
    return E_INVALIDARG;
  switch (from->vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
    if (!from->lptdesc)
      return E_INVALIDARG;
    to->lptdesc = desc_block_take(block, sizeof *to->lptdesc);
    return to->lptdesc ? model_copy_desc(from->lptdesc, block, to->lptdesc, depth + 1) : E_OUTOFMEMORY;
  case VT_CARRAY:
    if (!array)
      return E_INVALIDARG;
    to->lpadesc = desc_block_take(block, sizeof *array + array->cDims * sizeof(SAFEARRAYBOUND));
    if (!to->lpadesc)
      return E_OUTOFMEMORY;
    to->lpadesc->cDims = array->cDims;
    memcpy(to->lpadesc->rgbounds, array->rgbounds, array->cDims * sizeof(SAFEARRAYBOUND));
    return model_copy_desc(&array->tdescElem, block, &to->lpadesc->tdescElem, depth + 1);
  case VT_USERDEFINED:
    return from->hreftype <= MODEL_REFERENCE_LIMIT ? S_OK : E_INVALIDARG;
  default:
    return S_OK;
  }
}

static HRESULT model_read_typedesc(const LibraryReader *reader, UINT type, TypeCode code, DescBlock *block,
                                   TYPEDESC *desc) {
  (void)type;
  return model_copy_desc((const TYPEDESC *)model_from(reader)->descs.items + code, block, desc, 0);
}

static HRESULT model_read_value(const LibraryReader *reader, ValueCode code, VARIANT *value) {
  const LibraryModel *model = model_from(reader);

  VariantInit(value);
  return code < model->values.count ? VariantCopy(value, ((VARIANT *const *)model->values.items)[code]) : S_OK;
}

static HRESULT model_next_custom(const LibraryReader *reader, CustomWalk *walk, CustomFacts *facts) {
  const LibraryModel *model = model_from(reader);

  if (walk->next >= model->customs.count)
    return S_FALSE;
  const ModelCustom *item = (const ModelCustom *)model->customs.items + walk->next;
  facts->guid = item->guid;
  facts->value = item->value;
  walk->next = item->next;
  return S_OK;
}

static LibraryText model_name_text(const LibraryReader *reader, NameId name) {
  static const LibraryText none = { NULL, 0, true, false };
  const LibraryModel *model = model_from(reader);

  return name < model->names.count ? ((const LibraryText *)model->names.items)[name] : none;
}

/* Names that differ only in case have one hash value: all of them stand before the next free slot. */
static unsigned model_find_names(const LibraryReader *reader, const OLECHAR *name, NameId *ids, unsigned capacity) {
  const LibraryModel *model = model_from(reader);
  const LibraryText *names = model->names.items;
  const uint32_t *slots = model->name_slots.items;
  uint32_t mask = model->name_slots.capacity - 1;
  unsigned count = 0;

  if (!slots)
    return 0;
  for (uint32_t place = model_text_hash(name, utf16_units(name)) & mask; slots[place] && count < capacity;
       place = (place + 1) & mask)
    if (library_text_equals(names[slots[place] - 1], name))
      ids[count++] = slots[place] - 1;
  return count;
}

static HRESULT model_find_guid(const LibraryReader *reader, REFGUID guid, UINT *type) {
  const LibraryModel *model = model_from(reader);

  for (*type = 0; *type < model->types.count - model->removed; ++*type)
    if (IsEqualGUID(&model_type(model, *type)->facts.guid, guid))
      return S_OK;
  return TYPE_E_ELEMENTNOTFOUND;
}

const LibraryReaderMethods model_reader_methods = {
  .format = "memory",
  .close = model_close,
  .read_library = model_read_library,
  .read_type = model_read_type,
  .read_kind = model_read_kind,
  .read_function = model_read_function,
  .read_function_details = model_read_function_details,
  .read_parameter = model_read_parameter,
  .read_variable = model_read_variable,
  .read_implemented = model_read_implemented,
  .read_members = model_read_members,
  .read_reference = model_read_reference,
  .read_typedesc = model_read_typedesc,
  .read_value = model_read_value,
  .next_custom = model_next_custom,
  .name_text = model_name_text,
  .find_names = model_find_names,
  .find_guid = model_find_guid,
};
