/* type_describe.c - TYPEATTR, FUNCDESC and VARDESC, made when they are asked for. */
#include "typelib/objects/type_objects.h"

#include <stdlib.h>

#define NATIVE_POINTER  ((unsigned)sizeof(void *))
#define IDISPATCH_SLOTS 7

/* Layout of 32-bit libraries in a 64-bit process. */

typedef struct Layout {
  ULONG size;
  WORD alignment;
} Layout;

static bool desc_layout(TypeInfo *info, const TYPEDESC *desc, unsigned depth, Layout *layout);
static bool type_layout(TypeInfo *info, unsigned depth, Layout *layout);

static bool reference_layout(TypeInfo *info, HREFTYPE reference, unsigned depth, Layout *layout) {
  TypeInfo *target;
  bool known;

  if (FAILED(type_resolve_reference(info, reference, &target)))
    return false;
  known = type_layout(target, depth + 1, layout);
  type_info_release(target);
  return known;
}

static bool array_layout(TypeInfo *info, const ARRAYDESC *array, unsigned depth, Layout *layout) {
  USHORT index;

  if (!desc_layout(info, &array->tdescElem, depth, layout))
    return false;
  for (index = 0; index < array->cDims; index++)
    layout->size *= array->rgbounds[index].cElements;
  return true;
}

static bool desc_layout(TypeInfo *info, const TYPEDESC *desc, unsigned depth, Layout *layout) {
  const BaseType *base;

  switch (desc->vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
    *layout = (Layout){ NATIVE_POINTER, NATIVE_POINTER };
    return true;
  case VT_CARRAY:
    return array_layout(info, desc->lpadesc, depth, layout);
  case VT_USERDEFINED:
    return reference_layout(info, desc->hreftype, depth, layout);
  default:
    base = base_type(desc->vt);
    if (!base || base->size == 0)
      return false;
    *layout = (Layout){ base->size, base->alignment };
    return true;
  }
}

static bool alias_layout(TypeInfo *info, unsigned depth, Layout *layout) {
  const LibraryReader *reader = info->library->reader;
  DescBlock *block = desc_block_create(sizeof(TYPEDESC), sizeof(TYPEDESC));
  TYPEDESC *desc;
  bool known = false;

  if (!block)
    return false;
  desc = desc_block_description(block);
  if (SUCCEEDED(reader->methods->read_typedesc(reader, info->index, info->facts.alias, block, desc)))
    known = desc_layout(info, desc, depth, layout);
  desc_block_free(block);
  return known;
}

/* Size and alignment as a process with pointers of this size has them. Libraries for Win32 count pointers with four
 * bytes; what is a pointer as a whole (interfaces, aliases) is counted again, records stay as they are stored. */
static bool type_layout(TypeInfo *info, unsigned depth, Layout *layout) {
  *layout = (Layout){ info->facts.instance_size, info->facts.alignment };
  if (depth > TYPE_DEPTH_LIMIT)
    return false;
  if (info->library->facts.syskind != SYS_WIN32)
    return true;
  switch (info->facts.kind) {
  case TKIND_INTERFACE:
  case TKIND_DISPATCH:
  case TKIND_COCLASS:
    *layout = (Layout){ NATIVE_POINTER, NATIVE_POINTER };
    return true;
  case TKIND_ALIAS:
    if (!alias_layout(info, depth, layout))
      *layout = (Layout){ info->facts.instance_size, info->facts.alignment };
    return true;
  default:
    return true;
  }
}

/* TYPEATTR. */

static void fill_attr(TypeInfo *self, TYPEATTR *attr) {
  const TypeFacts *facts = &self->facts;
  Layout layout;

  type_layout(self, 0, &layout);
  attr->guid = facts->guid;
  attr->lcid = self->library->facts.lcid;
  attr->memidConstructor = attr->memidDestructor = MEMBERID_NIL;
  attr->cbSizeInstance = layout.size;
  attr->cbAlignment = layout.alignment;
  attr->typekind = self->vtable_view ? TKIND_INTERFACE : facts->kind;
  attr->cFuncs = (WORD)type_function_total(self);
  attr->cVars = facts->variable_count;
  attr->cImplTypes = facts->implemented_count;
  attr->cbSizeVft = facts->vtable_size;
  attr->wTypeFlags = (WORD)facts->flags;
  attr->wMajorVerNum = facts->major;
  attr->wMinorVerNum = facts->minor;
  if (type_is_dispatch_view(self)) {
    attr->cbSizeVft = IDISPATCH_SLOTS * NATIVE_POINTER;
    attr->wTypeFlags &= (WORD)~TYPEFLAG_FOLEAUTOMATION;
    attr->cImplTypes = 1;
  }
}

HRESULT TypeInfo_GetTypeAttr(ITypeInfo2 *face, TYPEATTR **attr) {
  TypeInfo *self = type_info_from(face);
  const LibraryReader *reader = self->library->reader;
  DescBlock *block;
  HRESULT hr = S_OK;

  if (!attr)
    return E_INVALIDARG;
  *attr = NULL;
  block = desc_block_create(sizeof **attr, self->facts.kind == TKIND_ALIAS ? 2 * sizeof(TYPEDESC) : 0);
  if (!block)
    return E_OUTOFMEMORY;
  fill_attr(self, desc_block_description(block));
  if (self->facts.kind == TKIND_ALIAS)
    hr = reader->methods->read_typedesc(reader, self->index, self->facts.alias, block,
                                        &((TYPEATTR *)desc_block_description(block))->tdescAlias);
  if (FAILED(hr))
    desc_block_free(block);
  else
    *attr = desc_block_description(block);
  return hr;
}

void TypeInfo_ReleaseTypeAttr(ITypeInfo2 *face, TYPEATTR *attr) {
  (void)face;
  if (attr)
    desc_block_free(desc_block_of(attr));
}

/* FUNCDESC. */

/* References in an inherited function say how many levels up they are to be resolved. */
static void mark_level(TYPEDESC *desc, unsigned level) {
  while (desc->vt == VT_PTR || desc->vt == VT_SAFEARRAY || desc->vt == VT_CARRAY)
    desc = desc->vt == VT_CARRAY ? &desc->lpadesc->tdescElem : desc->lptdesc;
  if (desc->vt == VT_USERDEFINED)
    desc->hreftype |= level << REFERENCE_LEVEL_SHIFT;
}

static HRESULT read_element(TypeInfo *owner, TypeCode code, unsigned level, DescBlock *block, ELEMDESC *element) {
  const LibraryReader *reader = owner->library->reader;
  HRESULT hr = reader->methods->read_typedesc(reader, owner->index, code, block, &element->tdesc);

  if (SUCCEEDED(hr) && level > 0)
    mark_level(&element->tdesc, level);
  return hr;
}

static HRESULT read_default(TypeInfo *owner, ValueCode code, DescBlock *block, ELEMDESC *element) {
  const LibraryReader *reader = owner->library->reader;
  VARIANT *value = desc_block_variant(block, offsetof(PARAMDESCEX, varDefaultValue));
  PARAMDESCEX *extra;

  if (!value)
    return E_OUTOFMEMORY;
  extra = OBJECT_CONTAINER(value, PARAMDESCEX, varDefaultValue);
  extra->cBytes = sizeof *extra;
  element->paramdesc.pparamdescex = extra;
  return reader->methods->read_value(reader, code, value);
}

static HRESULT read_parameters(TypeInfo *owner, const FunctionFacts *facts, unsigned level, DescBlock *block,
                               FUNCDESC *desc) {
  const LibraryReader *reader = owner->library->reader;
  ParameterFacts parameter;
  HRESULT hr = S_OK;
  UINT index;

  if (facts->parameter_count == 0)
    return S_OK;
  desc->lprgelemdescParam = desc_block_take(block, facts->parameter_count * sizeof(ELEMDESC));
  if (!desc->lprgelemdescParam)
    return E_OUTOFMEMORY;
  for (index = 0; index < facts->parameter_count && SUCCEEDED(hr); index++) {
    ELEMDESC *element = &desc->lprgelemdescParam[index];

    hr = reader->methods->read_parameter(reader, owner->index, facts, index, &parameter);
    if (FAILED(hr))
      return hr;
    element->paramdesc.wParamFlags = parameter.flags;
    hr = read_element(owner, parameter.type, level, block, element);
    if (SUCCEEDED(hr) && parameter.default_value != NO_VALUE)
      hr = read_default(owner, parameter.default_value, block, element);
  }
  return hr;
}

HRESULT describe_function(TypeInfo *owner, UINT own_index, unsigned level, FUNCDESC **result) {
  const LibraryReader *reader = owner->library->reader;
  FunctionFacts facts;
  DescBlock *block;
  FUNCDESC *desc;
  HRESULT hr = reader->methods->read_function(reader, owner->index, own_index, &facts);

  *result = NULL;
  if (FAILED(hr))
    return hr;
  block = desc_block_create(sizeof *desc, (facts.parameter_count + 1u) * (sizeof(ELEMDESC) + 2 * sizeof(TYPEDESC)));
  if (!block)
    return E_OUTOFMEMORY;
  desc = desc_block_description(block);
  desc->memid = facts.memid;
  desc->funckind = facts.kind;
  desc->invkind = facts.invkind;
  desc->callconv = facts.callconv;
  desc->cParams = (SHORT)facts.parameter_count;
  desc->cParamsOpt = facts.optional_count;
  if (facts.kind != FUNC_DISPATCH)
    desc->oVft = (SHORT)(facts.vtable_offset * (int)NATIVE_POINTER / (int)owner->library->facts.pointer_size);
  desc->wFuncFlags = facts.flags;
  hr = read_element(owner, facts.result, level, block, &desc->elemdescFunc);
  if (SUCCEEDED(hr))
    hr = read_parameters(owner, &facts, level, block, desc);
  if (FAILED(hr))
    desc_block_free(block);
  else
    *result = desc;
  return hr;
}

/* How a dispinterface shows a vtable function: what it returns is its [retval]; failures and the [lcid] that the caller of
 * Invoke gives anyway are out of sight. */
static bool last_parameter_is(const FUNCDESC *desc, USHORT flag) {
  return desc->cParams > 0 && desc->lprgelemdescParam[desc->cParams - 1].paramdesc.wParamFlags & flag;
}

static void show_as_dispatch(FUNCDESC *desc) {
  const TYPEDESC *returned;

  if (desc->funckind == FUNC_DISPATCH)
    return;
  desc->funckind = FUNC_DISPATCH;
  if (last_parameter_is(desc, PARAMFLAG_FRETVAL)) {
    returned = &desc->lprgelemdescParam[--desc->cParams].tdesc;
    if (returned->vt == VT_PTR)
      desc->elemdescFunc.tdesc = *returned->lptdesc;
  } else if (desc->elemdescFunc.tdesc.vt == VT_HRESULT) {
    desc->elemdescFunc.tdesc.vt = VT_VOID;
  }
  if (last_parameter_is(desc, PARAMFLAG_FLCID))
    desc->cParams--;
}

HRESULT TypeInfo_GetFuncDesc(ITypeInfo2 *face, UINT index, FUNCDESC **desc) {
  TypeInfo *self = type_info_from(face), *owner;
  UINT own_index;
  unsigned level;
  HRESULT hr;

  if (!desc)
    return E_INVALIDARG;
  *desc = NULL;
  hr = type_find_function(self, index, &owner, &own_index, &level);
  if (FAILED(hr))
    return hr;
  hr = describe_function(owner, own_index, level, desc);
  if (SUCCEEDED(hr) && type_is_dispatch_view(self))
    show_as_dispatch(*desc);
  return hr;
}

void TypeInfo_ReleaseFuncDesc(ITypeInfo2 *face, FUNCDESC *desc) {
  (void)face;
  if (desc)
    desc_block_free(desc_block_of(desc));
}

/* VARDESC. */

static HRESULT fill_variable(TypeInfo *self, const VariableFacts *facts, DescBlock *block, VARDESC *desc) {
  const LibraryReader *reader = self->library->reader;
  HRESULT hr;

  desc->memid = facts->memid;
  desc->varkind = facts->kind;
  desc->wVarFlags = facts->flags;
  hr = read_element(self, facts->type, 0, block, &desc->elemdescVar);
  if (FAILED(hr))
    return hr;
  if (facts->kind != VAR_CONST) {
    desc->oInst = facts->offset;
    return S_OK;
  }
  desc->lpvarValue = desc_block_variant(block, 0);
  return desc->lpvarValue ? reader->methods->read_value(reader, facts->value, desc->lpvarValue) : E_OUTOFMEMORY;
}

HRESULT TypeInfo_GetVarDesc(ITypeInfo2 *face, UINT index, VARDESC **desc) {
  TypeInfo *self = type_info_from(face);
  const LibraryReader *reader = self->library->reader;
  VariableFacts facts;
  DescBlock *block;
  HRESULT hr;

  if (!desc)
    return E_INVALIDARG;
  *desc = NULL;
  if (index >= self->facts.variable_count)
    return TYPE_E_ELEMENTNOTFOUND;
  hr = reader->methods->read_variable(reader, self->index, index, &facts);
  if (FAILED(hr))
    return hr;
  block = desc_block_create(sizeof **desc, 4 * sizeof(TYPEDESC) + sizeof(VARIANT));
  if (!block)
    return E_OUTOFMEMORY;
  hr = fill_variable(self, &facts, block, desc_block_description(block));
  if (FAILED(hr))
    desc_block_free(block);
  else
    *desc = desc_block_description(block);
  return hr;
}

void TypeInfo_ReleaseVarDesc(ITypeInfo2 *face, VARDESC *desc) {
  (void)face;
  if (desc)
    desc_block_free(desc_block_of(desc));
}
