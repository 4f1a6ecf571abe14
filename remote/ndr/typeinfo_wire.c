/* Descriptions of type information, [MS-OAUT] 2.2.37 to 2.2.45: TYPEDESC and ELEMDESC within FUNCDESC, VARDESC and TYPEATTR.
 * A TYPEDESC is a union in front of its tag, which the union repeats. */
#include "remote/ndr/automation.h"
#include "remote/ndr/ndr_internal.h"

#include <stdlib.h>
#include <string.h>

enum { ALIGNED = sizeof(uint32_t), MOST_PARAMETERS = 512 };

/* Writing */

static void put_type(NdrWriter *writer, const TYPEDESC *type) {
  ndr_align(writer, ALIGNED);
  ndr_put_u16(writer, type->vt);
  if (type->vt == VT_PTR || type->vt == VT_SAFEARRAY)
    ndr_put_pointer(writer, type->lptdesc);
  else if (type->vt == VT_CARRAY)
    ndr_put_pointer(writer, type->lpadesc);
  else if (type->vt == VT_USERDEFINED)
    ndr_put_u32(writer, type->hreftype);
  ndr_put_u16(writer, type->vt);
}

static void put_type_behind(NdrWriter *writer, const TYPEDESC *type);

static void put_array_behind(NdrWriter *writer, const ARRAYDESC *array) {
  ndr_put_u32(writer, array->cDims);
  put_type(writer, &array->tdescElem);
  ndr_put_u16(writer, array->cDims);
  for (USHORT i = 0; i < array->cDims; i++) {
    ndr_put_u32(writer, array->rgbounds[i].cElements);
    ndr_put_u32(writer, (uint32_t)array->rgbounds[i].lLbound);
  }
  put_type_behind(writer, &array->tdescElem);
}

static void put_type_behind(NdrWriter *writer, const TYPEDESC *type) {
  if (++writer->depth > NDR_DEPTH_LIMIT)
    ndr_writer_fail(writer, E_INVALIDARG);
  if (FAILED(writer->error)) {
    ;
  } else if ((type->vt == VT_PTR || type->vt == VT_SAFEARRAY) && type->lptdesc) {
    put_type(writer, type->lptdesc);
    put_type_behind(writer, type->lptdesc);
  } else if (type->vt == VT_CARRAY && type->lpadesc) {
    put_array_behind(writer, type->lpadesc);
  }
  writer->depth--;
}

static const PARAMDESCEX *default_of(const ELEMDESC *element) {
  return element->paramdesc.wParamFlags & PARAMFLAG_FHASDEFAULT ? element->paramdesc.pparamdescex : NULL;
}

static void put_element(NdrWriter *writer, const ELEMDESC *element) {
  put_type(writer, &element->tdesc);
  ndr_put_pointer(writer, default_of(element));
  ndr_put_u16(writer, element->paramdesc.wParamFlags);
}

static void put_element_behind(NdrWriter *writer, const ELEMDESC *element) {
  const PARAMDESCEX *value = default_of(element);
  put_type_behind(writer, &element->tdesc);
  if (!value)
    return;
  ndr_put_u32(writer, value->cBytes);
  ndr_put_variant(writer, &value->varDefaultValue);
}

void ndr_put_funcdesc(NdrWriter *writer, const FUNCDESC *function) {
  ndr_put_pointer(writer, function);
  if (!function)
    return;
  uint32_t count = function->cParams > 0 && function->lprgelemdescParam ? (uint32_t)function->cParams : 0;
  ndr_put_u32(writer, (uint32_t)function->memid);
  ndr_put_u32(writer, 0);
  ndr_put_pointer(writer, count ? function->lprgelemdescParam : NULL);
  ndr_put_u32(writer, (uint32_t)function->funckind);
  ndr_put_u32(writer, (uint32_t)function->invkind);
  ndr_put_u32(writer, (uint32_t)function->callconv);
  ndr_put_u16(writer, (uint16_t)count);
  ndr_put_u16(writer, (uint16_t)function->cParamsOpt);
  ndr_put_u16(writer, (uint16_t)function->oVft);
  ndr_put_u16(writer, 0);
  put_element(writer, &function->elemdescFunc);
  ndr_put_u16(writer, function->wFuncFlags);
  if (count)
    ndr_put_u32(writer, count);
  for (uint32_t i = 0; i < count; i++)
    put_element(writer, &function->lprgelemdescParam[i]);
  for (uint32_t i = 0; i < count; i++)
    put_element_behind(writer, &function->lprgelemdescParam[i]);
  put_element_behind(writer, &function->elemdescFunc);
}

void ndr_put_vardesc(NdrWriter *writer, const VARDESC *variable) {
  ndr_put_pointer(writer, variable);
  if (!variable)
    return;
  bool constant = variable->varkind == VAR_CONST;
  ndr_put_u32(writer, (uint32_t)variable->memid);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, (uint32_t)variable->varkind);
  if (constant)
    ndr_put_pointer(writer, variable->lpvarValue);
  else
    ndr_put_u32(writer, variable->oInst);
  put_element(writer, &variable->elemdescVar);
  ndr_put_u16(writer, variable->wVarFlags);
  ndr_put_u32(writer, (uint32_t)variable->varkind);
  if (constant && variable->lpvarValue)
    ndr_put_variant(writer, variable->lpvarValue);
  put_element_behind(writer, &variable->elemdescVar);
}

void ndr_put_typeattr(NdrWriter *writer, const TYPEATTR *attributes) {
  ndr_put_pointer(writer, attributes);
  if (!attributes)
    return;
  ndr_put_guid(writer, &attributes->guid);
  ndr_put_u32(writer, attributes->lcid);
  ndr_put_u32(writer, attributes->dwReserved);
  ndr_put_u32(writer, (uint32_t)attributes->memidConstructor);
  ndr_put_u32(writer, (uint32_t)attributes->memidDestructor);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, attributes->cbSizeInstance);
  ndr_put_u32(writer, (uint32_t)attributes->typekind);
  const WORD words[] = { attributes->cFuncs,       attributes->cVars,       attributes->cImplTypes,
                         attributes->cbSizeVft,    attributes->cbAlignment, attributes->wTypeFlags,
                         attributes->wMajorVerNum, attributes->wMinorVerNum };
  for (size_t i = 0; i < sizeof words / sizeof *words; i++)
    ndr_put_u16(writer, words[i]);
  put_type(writer, &attributes->tdescAlias);
  ndr_put_u32(writer, 0);
  ndr_put_u16(writer, attributes->idldescType.wIDLFlags);
  put_type_behind(writer, &attributes->tdescAlias);
}

void ndr_put_tlibattr(NdrWriter *writer, const TLIBATTR *attributes) {
  ndr_put_pointer(writer, attributes);
  if (!attributes)
    return;
  ndr_put_guid(writer, &attributes->guid);
  ndr_put_u32(writer, attributes->lcid);
  ndr_put_u32(writer, (uint32_t)attributes->syskind);
  ndr_put_u16(writer, attributes->wMajorVerNum);
  ndr_put_u16(writer, attributes->wMinorVerNum);
  ndr_put_u16(writer, attributes->wLibFlags);
}

/* Reading: a description, and in front of it the memory that belongs to it. */

typedef struct Description {
  NdrCell *cells;
  union {
    TYPEATTR type;
    FUNCDESC function;
    VARDESC variable;
    TLIBATTR library;
  };
} Description;

#define DESCRIPTION_OF(pointer, member) ((Description *)(void *)((char *)(pointer)-offsetof(Description, member)))

static Description *begin(NdrReader *reader) {
  Description *made = SUCCEEDED(reader->error) ? calloc(1, sizeof *made) : NULL;
  if (made)
    reader->cells = &made->cells;
  else
    ndr_fail(reader, E_OUTOFMEMORY);
  return made;
}

static void release(Description *description) {
  ndr_cells_free(description->cells);
  free(description);
}

/* The description itself, or NULL when it could not be read. */
static Description *finish(NdrReader *reader, NdrCell **cells, Description *made) {
  reader->cells = cells;
  if (SUCCEEDED(reader->error))
    return made;
  if (made)
    release(made);
  return NULL;
}

/* Whether the arm of the union is a pointer that leads somewhere is told by a word that is set, until it is followed. */
typedef struct TypeWord {
  bool there;
} TypeWord;

static TypeWord get_type(NdrReader *reader, TYPEDESC *type) {
  TypeWord word = { false };
  ndr_skip_to(reader, ALIGNED);
  VARTYPE tag = ndr_get_u16(reader);
  if (tag == VT_PTR || tag == VT_SAFEARRAY || tag == VT_CARRAY)
    word.there = ndr_get_pointer(reader);
  else if (tag == VT_USERDEFINED)
    type->hreftype = ndr_get_u32(reader);
  type->vt = ndr_get_u16(reader);
  if (type->vt != tag)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  return word;
}

static void get_type_behind(NdrReader *reader, TYPEDESC *type, TypeWord word);

static void get_array_behind(NdrReader *reader, TYPEDESC *type) {
  uint32_t count = ndr_get_count(reader, sizeof(SAFEARRAYBOUND));
  if (count > MOST_PARAMETERS)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  ARRAYDESC *array =
      ndr_cell_memory(reader, sizeof *array + (SUCCEEDED(reader->error) ? count : 0) * sizeof(SAFEARRAYBOUND));
  if (!array)
    return;
  TypeWord word = get_type(reader, &array->tdescElem);
  array->cDims = ndr_get_u16(reader);
  if (array->cDims != count || !count)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  for (uint32_t i = 0; i < count && SUCCEEDED(reader->error); i++) {
    array->rgbounds[i].cElements = ndr_get_u32(reader);
    array->rgbounds[i].lLbound = (LONG)ndr_get_u32(reader);
  }
  get_type_behind(reader, &array->tdescElem, word);
  type->lpadesc = array;
}

static void get_type_behind(NdrReader *reader, TYPEDESC *type, TypeWord word) {
  if (!word.there) {
    if (type->vt == VT_PTR || type->vt == VT_SAFEARRAY || type->vt == VT_CARRAY)
      ndr_fail(reader, NDR_BAD_STUB_DATA); /* a pointer to no type is no type */
    return;
  }
  if (!ndr_enter(reader, NDR_VARIANT_LEVELS))
    return;
  if (type->vt == VT_CARRAY) {
    get_array_behind(reader, type);
  } else {
    TYPEDESC *target = ndr_cell_memory(reader, sizeof *target);
    if (target) {
      TypeWord inner = get_type(reader, target);
      get_type_behind(reader, target, inner);
      type->lptdesc = target;
    }
  }
  ndr_leave(reader, NDR_VARIANT_LEVELS);
}

typedef struct ElementWord {
  TypeWord type;
  bool has_default;
} ElementWord;

static ElementWord get_element(NdrReader *reader, ELEMDESC *element) {
  ElementWord word = { .type = get_type(reader, &element->tdesc) };
  word.has_default = ndr_get_pointer(reader);
  element->paramdesc.wParamFlags = ndr_get_u16(reader);
  return word;
}

static VARIANT *get_value(NdrReader *reader) {
  VARIANT *value = ndr_cell_new(reader, type_of_vartype(VT_VARIANT));
  NdrCell **cells = reader->cells;
  reader->cells = NULL; /* the value itself: there are no references in descriptions */
  if (value)
    ndr_get_variant(reader, value);
  reader->cells = cells;
  return value;
}

static void get_element_behind(NdrReader *reader, ELEMDESC *element, ElementWord word) {
  get_type_behind(reader, &element->tdesc, word.type);
  if (!word.has_default) {
    element->paramdesc.wParamFlags &= (USHORT)~PARAMFLAG_FHASDEFAULT;
    return;
  }
  ULONG bytes = ndr_get_u32(reader);
  VARIANT *value = get_value(reader);
  PARAMDESCEX *extended = ndr_cell_memory(reader, sizeof *extended);
  if (!extended)
    return;
  extended->cBytes = bytes;
  extended->varDefaultValue = *value; /* a second look at what the cell owns */
  element->paramdesc.pparamdescex = extended;
}

static void get_parameters(NdrReader *reader, FUNCDESC *function) {
  uint32_t count = ndr_get_count(reader, 2 * ALIGNED);
  if (count > MOST_PARAMETERS || count != (uint32_t)function->cParams) {
    ndr_fail(reader, NDR_BAD_STUB_DATA);
    return;
  }
  ELEMDESC *elements = ndr_cell_memory(reader, count * sizeof *elements);
  ElementWord *words = ndr_cell_memory(reader, count * sizeof *words);
  if (!elements || !words)
    return;
  for (uint32_t i = 0; i < count; i++)
    words[i] = get_element(reader, &elements[i]);
  for (uint32_t i = 0; i < count && SUCCEEDED(reader->error); i++)
    get_element_behind(reader, &elements[i], words[i]);
  function->lprgelemdescParam = elements;
}

static void read_funcdesc(NdrReader *reader, FUNCDESC *function) {
  function->memid = (MEMBERID)ndr_get_u32(reader);
  bool codes = ndr_get_pointer(reader), parameters = ndr_get_pointer(reader);
  function->funckind = (FUNCKIND)ndr_get_u32(reader);
  function->invkind = (INVOKEKIND)ndr_get_u32(reader);
  function->callconv = (CALLCONV)ndr_get_u32(reader);
  function->cParams = (SHORT)ndr_get_u16(reader);
  function->cParamsOpt = (SHORT)ndr_get_u16(reader);
  function->oVft = (SHORT)ndr_get_u16(reader);
  ndr_get_u16(reader);
  ElementWord result = get_element(reader, &function->elemdescFunc);
  function->wFuncFlags = ndr_get_u16(reader);
  if (codes || (!parameters && function->cParams))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (parameters)
    get_parameters(reader, function);
  get_element_behind(reader, &function->elemdescFunc, result);
}

static void read_vardesc(NdrReader *reader, VARDESC *variable) {
  variable->memid = (MEMBERID)ndr_get_u32(reader);
  bool reserved = ndr_get_pointer(reader), constant;
  uint32_t tag = ndr_get_u32(reader), arm = ndr_get_u32(reader);
  constant = tag == VAR_CONST;
  ElementWord word = get_element(reader, &variable->elemdescVar);
  variable->wVarFlags = ndr_get_u16(reader);
  variable->varkind = (VARKIND)ndr_get_u32(reader);
  if (reserved || (uint32_t)variable->varkind != tag || tag > VAR_DISPATCH || (constant && !arm))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (constant)
    variable->lpvarValue = get_value(reader);
  else
    variable->oInst = arm;
  get_element_behind(reader, &variable->elemdescVar, word);
}

static void read_typeattr(NdrReader *reader, TYPEATTR *attributes) {
  attributes->guid = ndr_get_guid(reader);
  attributes->lcid = ndr_get_u32(reader);
  attributes->dwReserved = ndr_get_u32(reader);
  attributes->memidConstructor = (MEMBERID)ndr_get_u32(reader);
  attributes->memidDestructor = (MEMBERID)ndr_get_u32(reader);
  if (ndr_get_pointer(reader))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
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
  TypeWord word = get_type(reader, &attributes->tdescAlias);
  ndr_get_u32(reader);
  attributes->idldescType.wIDLFlags = ndr_get_u16(reader);
  get_type_behind(reader, &attributes->tdescAlias, word);
}

static void read_tlibattr(NdrReader *reader, TLIBATTR *attributes) {
  attributes->guid = ndr_get_guid(reader);
  attributes->lcid = ndr_get_u32(reader);
  attributes->syskind = (SYSKIND)ndr_get_u32(reader);
  attributes->wMajorVerNum = ndr_get_u16(reader);
  attributes->wMinorVerNum = ndr_get_u16(reader);
  attributes->wLibFlags = ndr_get_u16(reader);
}

#define DEFINE_DESCRIPTION(name, Native, member)                                                                       \
  HRESULT ndr_get_##name(NdrReader *reader, Native **result) {                                                         \
    NdrCell **cells = reader->cells;                                                                                   \
    *result = NULL;                                                                                                    \
    if (!ndr_get_pointer(reader))                                                                                      \
      return reader->error;                                                                                            \
    Description *made = begin(reader);                                                                                 \
    if (made)                                                                                                          \
      read_##name(reader, &made->member);                                                                              \
    made = finish(reader, cells, made);                                                                                \
    *result = made ? &made->member : NULL;                                                                             \
    return reader->error;                                                                                              \
  }                                                                                                                    \
  void ndr_release_##name(Native *given) {                                                                             \
    if (given)                                                                                                         \
      release(DESCRIPTION_OF(given, member));                                                                          \
  }

DEFINE_DESCRIPTION(typeattr, TYPEATTR, type)
DEFINE_DESCRIPTION(funcdesc, FUNCDESC, function)
DEFINE_DESCRIPTION(vardesc, VARDESC, variable)
DEFINE_DESCRIPTION(tlibattr, TLIBATTR, library)
