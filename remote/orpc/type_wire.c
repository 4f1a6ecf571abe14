/* Descriptions of types to bytes and back; see type_wire.h. A structure goes whole, then what its pointers lead to. */
#include "remote/orpc/type_wire.h"

#include <stdlib.h>
#include <string.h>

enum { TYPE_DEPTH = 64, DIMENSION_LIMIT = 64 };

/* Memory. Blocks of one description hang on the first, so that all can be found from it. */

typedef struct TypeBlock {
  struct TypeBlock *next;
  VARIANT *value; /* to be cleared; NULL */
  max_align_t data[];
} TypeBlock;

static void *take(NdrReader *reader, TypeMemory *memory, size_t size) {
  TypeBlock *block = reader->error ? NULL : calloc(1, sizeof *block + size);
  if (!block) {
    ndr_fail(reader, E_OUTOFMEMORY);
    return NULL;
  }
  if (memory->blocks) {
    block->next = memory->blocks->next;
    memory->blocks->next = block;
  } else {
    memory->blocks = block;
  }
  return block->data;
}

void type_memory_end(TypeMemory *memory) {
  while (memory->blocks) {
    TypeBlock *block = memory->blocks;
    memory->blocks = block->next;
    if (block->value)
      VariantClear(block->value);
    free(block);
  }
}

void type_memory_free(void *description) {
  TypeMemory memory = { (TypeBlock *)(void *)((char *)description - offsetof(TypeBlock, data)) };
  type_memory_end(&memory);
}

/* A VARIANT of its own, behind the mark of a [user_marshal] type. */
static void get_value(NdrReader *reader, TypeMemory *memory, VARIANT *value) {
  if (!take(reader, memory, 0))
    return;
  memory->blocks->next->value = value; /* the newest stands behind the first */
  ndr_get_variant(reader, value);
}

/* TYPEDESC: the construct, then what it leads to */

static void typedesc_put(NdrWriter *writer, const TYPEDESC *type) {
  ndr_align(writer, 4);
  ndr_put_u16(writer, type->vt);
  switch (type->vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
    ndr_put_pointer(writer, type->lptdesc);
    break;
  case VT_CARRAY:
    ndr_put_pointer(writer, type->lpadesc);
    break;
  case VT_USERDEFINED:
    ndr_put_u32(writer, type->hreftype);
    break;
  default:
    break;
  }
  ndr_put_u16(writer, type->vt);
}

static void typedesc_put_rest(NdrWriter *writer, const TYPEDESC *type, unsigned depth) {
  if (depth > TYPE_DEPTH) {
    ndr_writer_fail(writer, E_INVALIDARG);
    return;
  }
  if ((type->vt == VT_PTR || type->vt == VT_SAFEARRAY) && type->lptdesc) {
    typedesc_put(writer, type->lptdesc);
    typedesc_put_rest(writer, type->lptdesc, depth + 1);
  } else if (type->vt == VT_CARRAY && type->lpadesc) {
    const ARRAYDESC *array = type->lpadesc;
    ndr_put_u32(writer, array->cDims);
    typedesc_put(writer, &array->tdescElem);
    ndr_put_u16(writer, array->cDims);
    for (USHORT i = 0; i < array->cDims; i++) {
      ndr_put_u32(writer, array->rgbounds[i].cElements);
      ndr_put_u32(writer, (uint32_t)array->rgbounds[i].lLbound);
    }
    typedesc_put_rest(writer, &array->tdescElem, depth + 1);
  }
}

/* A pointer that is there is not NULL until it has been followed. */
static void typedesc_get(NdrReader *reader, TYPEDESC *type) {
  static TYPEDESC there;
  ndr_skip_to(reader, 4);
  VARTYPE vt = ndr_get_u16(reader);
  switch (vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
  case VT_CARRAY:
    type->lptdesc = ndr_get_pointer(reader) ? &there : NULL;
    break;
  case VT_USERDEFINED:
    type->hreftype = ndr_get_u32(reader);
    break;
  default:
    break;
  }
  type->vt = ndr_get_u16(reader);
  if (type->vt != vt)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
}

static void typedesc_get_rest(NdrReader *reader, TypeMemory *memory, TYPEDESC *type, unsigned depth);

static ARRAYDESC *arraydesc_get(NdrReader *reader, TypeMemory *memory, unsigned depth) {
  uint32_t count = ndr_get_count(reader, 8);
  TYPEDESC element = { 0 };
  typedesc_get(reader, &element);
  uint16_t dimensions = ndr_get_u16(reader);
  if (dimensions != count || count > DIMENSION_LIMIT)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  ARRAYDESC *array = take(reader, memory, sizeof *array + dimensions * sizeof(SAFEARRAYBOUND));
  if (!array)
    return NULL;
  array->tdescElem = element;
  array->cDims = dimensions;
  for (uint16_t i = 0; i < dimensions; i++) {
    array->rgbounds[i].cElements = ndr_get_u32(reader);
    array->rgbounds[i].lLbound = (LONG)ndr_get_u32(reader);
  }
  typedesc_get_rest(reader, memory, &array->tdescElem, depth + 1);
  return array;
}

static void typedesc_get_rest(NdrReader *reader, TypeMemory *memory, TYPEDESC *type, unsigned depth) {
  bool leads = type->vt == VT_PTR || type->vt == VT_SAFEARRAY || type->vt == VT_CARRAY;
  if (!leads || !type->lptdesc)
    return;
  type->lptdesc = NULL;
  if (depth > TYPE_DEPTH)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (reader->error)
    return;
  if (type->vt == VT_CARRAY) {
    type->lpadesc = arraydesc_get(reader, memory, depth);
    return;
  }
  type->lptdesc = take(reader, memory, sizeof *type->lptdesc);
  if (!type->lptdesc)
    return;
  typedesc_get(reader, type->lptdesc);
  typedesc_get_rest(reader, memory, type->lptdesc, depth + 1);
}

/* ELEMDESC */

static const PARAMDESCEX *default_of(const ELEMDESC *element) {
  return element->paramdesc.wParamFlags & PARAMFLAG_FHASDEFAULT ? element->paramdesc.pparamdescex : NULL;
}

static void elemdesc_put(NdrWriter *writer, const ELEMDESC *element) {
  typedesc_put(writer, &element->tdesc);
  ndr_put_pointer(writer, default_of(element));
  ndr_put_u16(writer, element->paramdesc.wParamFlags);
}

static void elemdesc_put_rest(NdrWriter *writer, const ELEMDESC *element) {
  const PARAMDESCEX *given = default_of(element);
  typedesc_put_rest(writer, &element->tdesc, 0);
  if (!given)
    return;
  ndr_put_u32(writer, given->cBytes);
  ndr_put_variant(writer, &given->varDefaultValue);
}

static void elemdesc_get(NdrReader *reader, ELEMDESC *element) {
  static PARAMDESCEX there;
  typedesc_get(reader, &element->tdesc);
  element->paramdesc.pparamdescex = ndr_get_pointer(reader) ? &there : NULL;
  element->paramdesc.wParamFlags = ndr_get_u16(reader);
}

static void elemdesc_get_rest(NdrReader *reader, TypeMemory *memory, ELEMDESC *element) {
  bool has_default = element->paramdesc.pparamdescex;
  element->paramdesc.pparamdescex = NULL;
  typedesc_get_rest(reader, memory, &element->tdesc, 0);
  PARAMDESCEX *given = has_default ? take(reader, memory, sizeof *given) : NULL;
  element->paramdesc.pparamdescex = given;
  if (!given)
    return;
  ndr_get_u32(reader);
  given->cBytes = sizeof *given;
  get_value(reader, memory, &given->varDefaultValue);
}

/* TYPEATTR */

void typeattr_put(NdrWriter *writer, const TYPEATTR *attributes) {
  const uint16_t numbers[] = { attributes->cFuncs,       attributes->cVars,       attributes->cImplTypes,
                               attributes->cbSizeVft,    attributes->cbAlignment, attributes->wTypeFlags,
                               attributes->wMajorVerNum, attributes->wMinorVerNum };
  ndr_put_guid(writer, &attributes->guid);
  ndr_put_u32(writer, attributes->lcid);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, (uint32_t)attributes->memidConstructor);
  ndr_put_u32(writer, (uint32_t)attributes->memidDestructor);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, attributes->cbSizeInstance);
  ndr_put_u32(writer, (uint32_t)attributes->typekind);
  for (size_t i = 0; i < sizeof numbers / sizeof numbers[0]; i++)
    ndr_put_u16(writer, numbers[i]);
  typedesc_put(writer, &attributes->tdescAlias);
  ndr_put_u32(writer, 0);
  ndr_put_u16(writer, attributes->idldescType.wIDLFlags);
  typedesc_put_rest(writer, &attributes->tdescAlias, 0);
}

void *typeattr_get(NdrReader *reader, TypeMemory *memory) {
  TYPEATTR *attributes = take(reader, memory, sizeof *attributes);
  if (!attributes)
    return NULL;
  attributes->guid = ndr_get_guid(reader);
  attributes->lcid = ndr_get_u32(reader);
  ndr_get_u32(reader);
  attributes->memidConstructor = (MEMBERID)ndr_get_u32(reader);
  attributes->memidDestructor = (MEMBERID)ndr_get_u32(reader);
  bool schema = ndr_get_pointer(reader);
  attributes->cbSizeInstance = ndr_get_u32(reader);
  attributes->typekind = (TYPEKIND)ndr_get_u32(reader);
  attributes->cFuncs = ndr_get_u16(reader);
  attributes->cVars = ndr_get_u16(reader);
  attributes->cImplTypes = ndr_get_u16(reader);
  attributes->cbSizeVft = ndr_get_u16(reader);
  attributes->cbAlignment = ndr_get_u16(reader);
  attributes->wTypeFlags = ndr_get_u16(reader);
  attributes->wMajorVerNum = ndr_get_u16(reader);
  attributes->wMinorVerNum = ndr_get_u16(reader);
  typedesc_get(reader, &attributes->tdescAlias);
  ndr_get_u32(reader);
  attributes->idldescType.wIDLFlags = ndr_get_u16(reader);
  if (schema)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  typedesc_get_rest(reader, memory, &attributes->tdescAlias, 0);
  return attributes;
}

/* FUNCDESC */

void funcdesc_put(NdrWriter *writer, const FUNCDESC *description) {
  SHORT count = description->cParams;
  ndr_put_u32(writer, (uint32_t)description->memid);
  ndr_put_u32(writer, 0);
  ndr_put_pointer(writer, count > 0 ? description->lprgelemdescParam : NULL);
  ndr_put_u32(writer, (uint32_t)description->funckind);
  ndr_put_u32(writer, (uint32_t)description->invkind);
  ndr_put_u32(writer, (uint32_t)description->callconv);
  ndr_put_u16(writer, (uint16_t)count);
  ndr_put_u16(writer, (uint16_t)description->cParamsOpt);
  ndr_put_u16(writer, (uint16_t)description->oVft);
  ndr_put_u16(writer, 0);
  elemdesc_put(writer, &description->elemdescFunc);
  ndr_put_u16(writer, description->wFuncFlags);
  if (count > 0)
    ndr_put_u32(writer, (uint32_t)count);
  for (SHORT i = 0; i < count; i++)
    elemdesc_put(writer, &description->lprgelemdescParam[i]);
  for (SHORT i = 0; i < count; i++)
    elemdesc_put_rest(writer, &description->lprgelemdescParam[i]);
  elemdesc_put_rest(writer, &description->elemdescFunc);
}

static void get_parameters(NdrReader *reader, TypeMemory *memory, FUNCDESC *description) {
  enum { ELEMENT_LEAST = 12 };
  if (ndr_get_count(reader, ELEMENT_LEAST) != (uint32_t)description->cParams)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  ELEMDESC *elements = take(reader, memory, (size_t)description->cParams * sizeof *elements);
  description->lprgelemdescParam = elements;
  for (SHORT i = 0; elements && i < description->cParams; i++)
    elemdesc_get(reader, &elements[i]);
  for (SHORT i = 0; elements && i < description->cParams; i++)
    elemdesc_get_rest(reader, memory, &elements[i]);
}

void *funcdesc_get(NdrReader *reader, TypeMemory *memory) {
  FUNCDESC *description = take(reader, memory, sizeof *description);
  if (!description)
    return NULL;
  description->memid = (MEMBERID)ndr_get_u32(reader);
  bool codes = ndr_get_pointer(reader), parameters = ndr_get_pointer(reader);
  description->funckind = (FUNCKIND)ndr_get_u32(reader);
  description->invkind = (INVOKEKIND)ndr_get_u32(reader);
  description->callconv = (CALLCONV)ndr_get_u32(reader);
  description->cParams = (SHORT)ndr_get_u16(reader);
  description->cParamsOpt = (SHORT)ndr_get_u16(reader);
  description->oVft = (SHORT)ndr_get_u16(reader);
  ndr_get_u16(reader);
  elemdesc_get(reader, &description->elemdescFunc);
  description->wFuncFlags = ndr_get_u16(reader);
  if (codes || description->cParams < 0 || (description->cParams && !parameters))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (parameters)
    get_parameters(reader, memory, description);
  elemdesc_get_rest(reader, memory, &description->elemdescFunc);
  return description;
}

/* VARDESC */

void vardesc_put(NdrWriter *writer, const VARDESC *description) {
  bool constant = description->varkind == VAR_CONST;
  ndr_put_u32(writer, (uint32_t)description->memid);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, (uint32_t)description->varkind);
  if (constant)
    ndr_put_pointer(writer, description->lpvarValue);
  else
    ndr_put_u32(writer, description->oInst);
  elemdesc_put(writer, &description->elemdescVar);
  ndr_put_u16(writer, description->wVarFlags);
  ndr_put_u32(writer, (uint32_t)description->varkind);
  if (constant && description->lpvarValue)
    ndr_put_variant(writer, description->lpvarValue);
  elemdesc_put_rest(writer, &description->elemdescVar);
}

void *vardesc_get(NdrReader *reader, TypeMemory *memory) {
  VARDESC *description = take(reader, memory, sizeof *description);
  if (!description)
    return NULL;
  description->memid = (MEMBERID)ndr_get_u32(reader);
  bool schema = ndr_get_pointer(reader), value = false;
  uint32_t kind = ndr_get_u32(reader);
  if (kind == VAR_CONST)
    value = ndr_get_pointer(reader);
  else
    description->oInst = ndr_get_u32(reader);
  elemdesc_get(reader, &description->elemdescVar);
  description->wVarFlags = ndr_get_u16(reader);
  description->varkind = (VARKIND)ndr_get_u32(reader);
  if (schema || (uint32_t)description->varkind != kind)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  VARIANT *constant = value ? take(reader, memory, sizeof *constant) : NULL;
  if (kind == VAR_CONST)
    description->lpvarValue = constant;
  if (constant)
    get_value(reader, memory, constant);
  elemdesc_get_rest(reader, memory, &description->elemdescVar);
  return description;
}

/* TLIBATTR */

void libattr_put(NdrWriter *writer, const TLIBATTR *attributes) {
  ndr_put_guid(writer, &attributes->guid);
  ndr_put_u32(writer, attributes->lcid);
  ndr_put_u32(writer, (uint32_t)attributes->syskind);
  ndr_put_u16(writer, attributes->wMajorVerNum);
  ndr_put_u16(writer, attributes->wMinorVerNum);
  ndr_put_u16(writer, attributes->wLibFlags);
}

void *libattr_get(NdrReader *reader, TypeMemory *memory) {
  TLIBATTR *attributes = take(reader, memory, sizeof *attributes);
  if (!attributes)
    return NULL;
  attributes->guid = ndr_get_guid(reader);
  attributes->lcid = ndr_get_u32(reader);
  attributes->syskind = (SYSKIND)ndr_get_u32(reader);
  attributes->wMajorVerNum = ndr_get_u16(reader);
  attributes->wMinorVerNum = ndr_get_u16(reader);
  attributes->wLibFlags = ndr_get_u16(reader);
  return attributes;
}
