/* memory_library.c - libraries made in memory: a LibraryReader over facts that were copied from the structs of
 * typelib_api.h. The reader and all that it copied live in one DescBlock.
 *
 * A TypeCode is the number of a TYPEDESC, a ValueCode that of a VARIANT, a NameId that of a name. */
#include "typelib/objects/type_objects.h"
#include "typelib/typelib_api.h"

#include "com/unicode.h"

#include <string.h>

#define MEMBER_LIMIT 0x1000u /* functions, variables or parameters */

typedef struct MemoryTypeFacts {
  TypeFacts facts;
  FunctionFacts *functions; /* place[0] is the number of the first parameter */
  VariableFacts *variables;
  ImplementedFacts *implemented;
} MemoryTypeFacts;

typedef struct MemoryReader {
  LibraryReader reader;
  DescBlock *block;
  LibraryFacts facts;
  MemoryTypeFacts *types;
  ParameterFacts *parameters;
  LibraryText *names;
  TYPEDESC *descs;
  VARIANT **values;
  TypeInfo **references;                                                          /* counted */
  uint32_t parameter_count, name_count, desc_count, value_count, reference_count; /* as many as are there */
} MemoryReader;

static const MemoryReader *memory_from(const LibraryReader *reader) {
  return (const MemoryReader *)reader;
}

/* ---- reading -------------------------------------------------------------------------------------------------------------- */

static void memory_close(LibraryReader *reader) {
  MemoryReader *memory = (MemoryReader *)reader;

  while (memory->reference_count > 0)
    type_info_release(memory->references[--memory->reference_count]);
  desc_block_free(memory->block);
}

static HRESULT memory_read_library(const LibraryReader *reader, LibraryFacts *facts) {
  *facts = memory_from(reader)->facts;
  return S_OK;
}

static HRESULT memory_read_type(const LibraryReader *reader, UINT type, TypeFacts *facts) {
  *facts = memory_from(reader)->types[type].facts;
  return S_OK;
}

static HRESULT memory_read_kind(const LibraryReader *reader, UINT type, TYPEKIND *kind) {
  *kind = memory_from(reader)->types[type].facts.kind;
  return S_OK;
}

static HRESULT memory_read_function(const LibraryReader *reader, UINT type, UINT index, FunctionFacts *facts) {
  *facts = memory_from(reader)->types[type].functions[index];
  return S_OK;
}

static HRESULT memory_read_parameter(const LibraryReader *reader, UINT type, const FunctionFacts *function, UINT index,
                                     ParameterFacts *facts) {
  (void)type;
  *facts = memory_from(reader)->parameters[function->place[0] + index];
  return S_OK;
}

static HRESULT memory_read_variable(const LibraryReader *reader, UINT type, UINT index, VariableFacts *facts) {
  *facts = memory_from(reader)->types[type].variables[index];
  return S_OK;
}

static HRESULT memory_read_implemented(const LibraryReader *reader, UINT type, UINT index, ImplementedFacts *facts) {
  *facts = memory_from(reader)->types[type].implemented[index];
  return S_OK;
}

static MemberKey member_key(const MemoryTypeFacts *declared, UINT index) {
  UINT functions = declared->facts.function_count;

  if (index < functions)
    return (MemberKey){ declared->functions[index].memid, declared->functions[index].name };
  return (MemberKey){ declared->variables[index - functions].memid, declared->variables[index - functions].name };
}

static HRESULT memory_read_members(const LibraryReader *reader, UINT type, UINT first, UINT count, MemberKey *keys) {
  const MemoryTypeFacts *declared = &memory_from(reader)->types[type];
  UINT index;

  for (index = 0; index < count; index++)
    keys[index] = member_key(declared, first + index);
  return S_OK;
}

/* MEMORY_IUNKNOWN and MEMORY_IDISPATCH are types of stdole. */
static HRESULT stdole_reference(HREFTYPE reference, ReferenceFacts *facts) {
  static const GUID libid_stdole = { 0x00020430, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };

  facts->library = libid_stdole;
  facts->major = 2;
  facts->by_guid = true;
  facts->guid = reference == MEMORY_IDISPATCH ? IID_IDispatch : IID_IUnknown;
  facts->kind = TKIND_INTERFACE;
  return reference == MEMORY_IDISPATCH || reference == MEMORY_IUNKNOWN ? S_OK : TYPE_E_INVDATAREAD;
}

static HRESULT memory_read_reference(const LibraryReader *reader, UINT type, HREFTYPE reference,
                                     ReferenceFacts *facts) {
  const MemoryReader *memory = memory_from(reader);

  (void)type;
  memset(facts, 0, sizeof *facts);
  facts->kind = TKIND_MAX;
  facts->index = reference >> 2;
  switch (reference & 3) {
  case 0:
    facts->local = true;
    return facts->index < memory->facts.type_count ? S_OK : TYPE_E_INVDATAREAD;
  case 1:
    if (facts->index >= memory->reference_count)
      return TYPE_E_INVDATAREAD;
    facts->object = memory->references[facts->index];
    return S_OK;
  default:
    return stdole_reference(reference, facts);
  }
}

/* A copy of the whole tree. */
static HRESULT copy_desc(const TYPEDESC *from, DescBlock *block, TYPEDESC *to, unsigned depth) {
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
    return to->lptdesc ? copy_desc(from->lptdesc, block, to->lptdesc, depth + 1) : E_OUTOFMEMORY;
  case VT_CARRAY:
    if (!array)
      return E_INVALIDARG;
    to->lpadesc = desc_block_take(block, sizeof *array + array->cDims * sizeof(SAFEARRAYBOUND));
    if (!to->lpadesc)
      return E_OUTOFMEMORY;
    to->lpadesc->cDims = array->cDims;
    memcpy(to->lpadesc->rgbounds, array->rgbounds, array->cDims * sizeof(SAFEARRAYBOUND));
    return copy_desc(&array->tdescElem, block, &to->lpadesc->tdescElem, depth + 1);
  case VT_USERDEFINED:
    return from->hreftype <= REFERENCE_OWN_MASK ? S_OK : E_INVALIDARG;
  default:
    return S_OK;
  }
}

static HRESULT memory_read_typedesc(const LibraryReader *reader, UINT type, TypeCode code, DescBlock *block,
                                    TYPEDESC *desc) {
  (void)type;
  return copy_desc(&memory_from(reader)->descs[code], block, desc, 0);
}

static HRESULT memory_read_value(const LibraryReader *reader, ValueCode code, VARIANT *value) {
  const MemoryReader *memory = memory_from(reader);

  VariantInit(value);
  return code < memory->value_count ? VariantCopy(value, memory->values[code]) : S_OK;
}

static HRESULT memory_next_custom(const LibraryReader *reader, CustomWalk *walk, CustomFacts *facts) {
  (void)reader;
  (void)walk;
  (void)facts;
  return S_FALSE;
}

static LibraryText memory_name_text(const LibraryReader *reader, NameId name) {
  static const LibraryText none = { NULL, 0, true, false };
  const MemoryReader *memory = memory_from(reader);

  return name < memory->name_count ? memory->names[name] : none;
}

static unsigned memory_find_names(const LibraryReader *reader, const OLECHAR *name, NameId *ids, unsigned capacity) {
  const MemoryReader *memory = memory_from(reader);
  unsigned count = 0;
  NameId id;

  for (id = 0; id < memory->name_count && count < capacity; id++)
    if (library_text_equals(memory->names[id], name))
      ids[count++] = id;
  return count;
}

static HRESULT memory_find_guid(const LibraryReader *reader, REFGUID guid, UINT *type) {
  const MemoryReader *memory = memory_from(reader);

  for (*type = 0; *type < memory->facts.type_count; ++*type)
    if (IsEqualGUID(&memory->types[*type].facts.guid, guid))
      return S_OK;
  return TYPE_E_ELEMENTNOTFOUND;
}

static const LibraryReaderMethods memory_methods = {
  .format = "memory",
  .close = memory_close,
  .read_library = memory_read_library,
  .read_type = memory_read_type,
  .read_kind = memory_read_kind,
  .read_function = memory_read_function,
  .read_parameter = memory_read_parameter,
  .read_variable = memory_read_variable,
  .read_implemented = memory_read_implemented,
  .read_members = memory_read_members,
  .read_reference = memory_read_reference,
  .read_typedesc = memory_read_typedesc,
  .read_value = memory_read_value,
  .next_custom = memory_next_custom,
  .name_text = memory_name_text,
  .find_names = memory_find_names,
  .find_guid = memory_find_guid,
};

/* ---- copying the description ------------------------------------------------------------------------------------------------ */

static HRESULT copy_text(MemoryReader *memory, const OLECHAR *text, LibraryText *copy) {
  size_t size;
  void *bytes;

  memset(copy, 0, sizeof *copy);
  copy->wide = true;
  if (!text)
    return S_OK;
  size = utf16_units(text) * sizeof *text;
  bytes = desc_block_take(memory->block, size + sizeof *text);
  if (!bytes)
    return E_OUTOFMEMORY;
  memcpy(bytes, text, size);
  copy->bytes = bytes;
  copy->size = (uint32_t)size;
  return S_OK;
}

static HRESULT copy_name(MemoryReader *memory, const OLECHAR *name, NameId *id) {
  size_t size = name ? utf16_units(name) * sizeof *name : 0;

  *id = NO_NAME;
  if (!name)
    return S_OK;
  for (*id = 0; *id < memory->name_count; ++*id)
    if (memory->names[*id].size == size && memcmp(memory->names[*id].bytes, name, size) == 0)
      return S_OK;
  memory->name_count++;
  return copy_text(memory, name, &memory->names[*id]);
}

static HRESULT copy_type(MemoryReader *memory, const TYPEDESC *type, TypeCode *code) {
  *code = memory->desc_count++;
  return copy_desc(type, memory->block, &memory->descs[*code], 0);
}

static HRESULT copy_value(MemoryReader *memory, const VARIANT *value, ValueCode *code) {
  VARIANT *copy;

  *code = NO_VALUE;
  if (!value)
    return S_OK;
  copy = desc_block_variant(memory->block, 0);
  if (!copy)
    return E_OUTOFMEMORY;
  *code = memory->value_count;
  memory->values[memory->value_count++] = copy;
  return VariantCopy(copy, value);
}

static HRESULT copy_parameter(MemoryReader *memory, const MemoryParameter *from) {
  ParameterFacts *facts = &memory->parameters[memory->parameter_count++];
  HRESULT hr;

  facts->flags = from->default_value ? from->flags | PARAMFLAG_FHASDEFAULT : from->flags & (WORD)~PARAMFLAG_FHASDEFAULT;
  facts->custom = NO_CUSTOM_DATA;
  hr = copy_name(memory, from->name, &facts->name);
  if (SUCCEEDED(hr))
    hr = copy_type(memory, &from->type, &facts->type);
  if (SUCCEEDED(hr))
    hr = copy_value(memory, from->default_value, &facts->default_value);
  return hr;
}

static HRESULT copy_function(MemoryReader *memory, const MemoryFunction *from, FunctionFacts *facts) {
  UINT index;
  HRESULT hr;

  facts->memid = from->memid;
  facts->kind = from->kind;
  facts->invkind = from->invkind;
  facts->callconv = from->callconv;
  facts->flags = from->flags;
  facts->vtable_offset = (SHORT)(from->slot * sizeof(void *));
  facts->parameter_count = (WORD)from->parameter_count;
  facts->optional_count = from->optional_count;
  facts->custom = NO_CUSTOM_DATA;
  facts->place[0] = memory->parameter_count;
  hr = copy_name(memory, from->name, &facts->name);
  if (SUCCEEDED(hr))
    hr = copy_type(memory, &from->result, &facts->result);
  if (SUCCEEDED(hr))
    hr = copy_text(memory, from->help_string, &facts->documentation.help_string);
  for (index = 0; SUCCEEDED(hr) && index < from->parameter_count; index++)
    hr = copy_parameter(memory, &from->parameters[index]);
  return hr;
}

static HRESULT copy_variable(MemoryReader *memory, const MemoryVariable *from, VariableFacts *facts) {
  HRESULT hr;

  facts->memid = from->memid;
  facts->kind = from->kind;
  facts->flags = from->flags;
  facts->offset = from->offset;
  facts->custom = NO_CUSTOM_DATA;
  hr = copy_name(memory, from->name, &facts->name);
  if (SUCCEEDED(hr))
    hr = copy_type(memory, &from->type, &facts->type);
  if (SUCCEEDED(hr))
    hr = copy_value(memory, from->value, &facts->value);
  if (SUCCEEDED(hr))
    hr = copy_text(memory, from->help_string, &facts->documentation.help_string);
  return hr;
}

/* As long as its highest slot; a dispinterface counts its functions in the same way. */
static WORD vtable_size(const MemoryType *type) {
  bool dispatch_only = type->kind == TKIND_DISPATCH && !(type->flags & TYPEFLAG_FDUAL);
  UINT index, slots = dispatch_only ? type->function_count : 0;

  for (index = 0; index < type->function_count && !dispatch_only; index++)
    if (type->functions[index].slot >= slots)
      slots = type->functions[index].slot + 1;
  return (WORD)(slots * sizeof(void *));
}

static void copy_type_numbers(const MemoryType *from, TypeFacts *facts) {
  facts->kind = from->kind;
  facts->guid = from->guid;
  facts->flags = from->flags;
  facts->major = from->major;
  facts->minor = from->minor;
  facts->function_count = (WORD)from->function_count;
  facts->variable_count = (WORD)from->variable_count;
  facts->implemented_count = (WORD)from->implemented_count;
  facts->vtable_size = vtable_size(from);
  facts->instance_size = from->instance_size ? from->instance_size : sizeof(void *);
  facts->alignment = from->alignment ? from->alignment : sizeof(void *);
  facts->custom = NO_CUSTOM_DATA;
}

static HRESULT copy_members(MemoryReader *memory, const MemoryType *from, MemoryTypeFacts *to) {
  UINT index;
  HRESULT hr = S_OK;

  to->functions = desc_block_take(memory->block, from->function_count * sizeof *to->functions);
  to->variables = desc_block_take(memory->block, from->variable_count * sizeof *to->variables);
  to->implemented = desc_block_take(memory->block, from->implemented_count * sizeof *to->implemented);
  if (!to->functions || !to->variables || !to->implemented)
    return E_OUTOFMEMORY;
  for (index = 0; SUCCEEDED(hr) && index < from->function_count; index++)
    hr = copy_function(memory, &from->functions[index], &to->functions[index]);
  for (index = 0; SUCCEEDED(hr) && index < from->variable_count; index++)
    hr = copy_variable(memory, &from->variables[index], &to->variables[index]);
  for (index = 0; SUCCEEDED(hr) && index < from->implemented_count; index++) {
    to->implemented[index].reference = from->implemented[index].type;
    to->implemented[index].flags = from->implemented[index].flags;
    to->implemented[index].custom = NO_CUSTOM_DATA;
    if (from->implemented[index].type > REFERENCE_OWN_MASK)
      hr = E_INVALIDARG;
  }
  return hr;
}

static HRESULT copy_type_facts(MemoryReader *memory, const MemoryType *from, MemoryTypeFacts *to) {
  HRESULT hr;

  copy_type_numbers(from, &to->facts);
  hr = copy_name(memory, from->name, &to->facts.name);
  if (SUCCEEDED(hr))
    hr = copy_text(memory, from->help_string, &to->facts.documentation.help_string);
  if (SUCCEEDED(hr))
    hr = copy_type(memory, &from->alias, &to->facts.alias);
  return FAILED(hr) ? hr : copy_members(memory, from, to);
}

static HRESULT copy_references(MemoryReader *memory, const MemoryLibrary *from) {
  IOleanderTypeInfo *own;
  HRESULT hr;

  while (memory->reference_count < from->reference_count) {
    ITypeInfo *info = from->references[memory->reference_count];

    if (!info)
      return E_INVALIDARG;
    hr = ITypeInfo_QueryInterface(info, &IID_IOleanderTypeInfo, (void **)&own);
    if (FAILED(hr))
      return hr;
    memory->references[memory->reference_count++] = OBJECT_CONTAINER(own, TypeInfo, signatures);
  }
  return S_OK;
}

static HRESULT copy_library(MemoryReader *memory, const MemoryLibrary *from) {
  LibraryFacts *facts = &memory->facts;
  UINT index;
  HRESULT hr;

  facts->guid = from->guid;
  facts->lcid = facts->name_lcid = from->lcid;
  facts->syskind = SYS_WIN64;
  facts->pointer_size = sizeof(void *);
  facts->major = from->major;
  facts->minor = from->minor;
  facts->flags = from->flags;
  facts->type_count = from->type_count;
  facts->custom = NO_CUSTOM_DATA;
  facts->dispatch = MEMORY_IDISPATCH;
  hr = copy_name(memory, from->name, &facts->name);
  if (SUCCEEDED(hr))
    hr = copy_text(memory, from->help_string, &facts->documentation.help_string);
  if (SUCCEEDED(hr))
    hr = copy_references(memory, from);
  for (index = 0; SUCCEEDED(hr) && index < from->type_count; index++)
    hr = copy_type_facts(memory, &from->types[index], &memory->types[index]);
  facts->name_count = memory->name_count;
  return hr;
}

/* ---- room for it ------------------------------------------------------------------------------------------------------------ */

typedef struct Totals {
  size_t names, descs, values, parameters;
} Totals;

static HRESULT count_all(const MemoryLibrary *library, Totals *totals) {
  UINT type, index;

  memset(totals, 0, sizeof *totals);
  totals->names = 1;
  if (library->type_count > MEMBER_LIMIT || library->reference_count > MEMBER_LIMIT)
    return E_INVALIDARG;
  for (type = 0; type < library->type_count; type++) {
    const MemoryType *from = &library->types[type];

    if (from->function_count > MEMBER_LIMIT || from->variable_count > MEMBER_LIMIT ||
        from->implemented_count > MEMBER_LIMIT)
      return E_INVALIDARG;
    for (index = 0; index < from->function_count; index++) {
      if (from->functions[index].parameter_count > MEMBER_LIMIT || from->functions[index].slot >= MEMBER_LIMIT)
        return E_INVALIDARG;
      totals->parameters += from->functions[index].parameter_count;
    }
    totals->names += 1u + from->function_count + from->variable_count;
    totals->descs += 1u + from->function_count + from->variable_count;
    totals->values += from->variable_count;
  }
  totals->names += totals->parameters;
  totals->descs += totals->parameters;
  totals->values += totals->parameters;
  return S_OK;
}

static HRESULT make_room(MemoryReader *memory, const MemoryLibrary *library, const Totals *totals) {
  DescBlock *block = memory->block;

  memory->types = desc_block_take(block, library->type_count * sizeof *memory->types);
  memory->parameters = desc_block_take(block, totals->parameters * sizeof *memory->parameters);
  memory->names = desc_block_take(block, totals->names * sizeof *memory->names);
  memory->descs = desc_block_take(block, totals->descs * sizeof *memory->descs);
  memory->values = desc_block_take(block, totals->values * sizeof *memory->values);
  memory->references = desc_block_take(block, library->reference_count * sizeof *memory->references);
  return memory->types && memory->parameters && memory->names && memory->descs && memory->values && memory->references
             ? S_OK
             : E_OUTOFMEMORY;
}

HRESULT memory_library_create(const MemoryLibrary *description, ITypeLib **result) {
  TypeLibrary *library;
  MemoryReader *memory;
  DescBlock *block;
  Totals totals;
  HRESULT hr;

  if (!description || !result)
    return E_INVALIDARG;
  *result = NULL;
  hr = count_all(description, &totals);
  if (FAILED(hr))
    return hr;
  block = desc_block_create(sizeof *memory, 0);
  if (!block)
    return E_OUTOFMEMORY;
  memory = desc_block_description(block);
  memory->reader.methods = &memory_methods;
  memory->block = block;
  hr = make_room(memory, description, &totals);
  if (SUCCEEDED(hr))
    hr = copy_library(memory, description);
  if (FAILED(hr)) {
    memory_close(&memory->reader);
    return hr;
  }
  hr = type_library_create(&memory->reader, &library);
  if (SUCCEEDED(hr))
    *result = (ITypeLib *)&library->lib;
  return hr;
}
