/* Builds type nodes out of TYPEDESCs through the public ITypeInfo, so that any type information will do, ours or a
 * stranger's. Everything read here is hostile input: depth, sizes and counts are limited. */
#include "dispatch/dispatch_api.h"
#include "dispatch/types/signature_internal.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A record met during this building, by the identity of its type information. */
typedef struct BuiltRecord {
  struct BuiltRecord *next;
  ITypeLib *library;
  UINT index;
  bool complete;
  ITypeInfo *waiting; /* only pointers lead here so far: filled when needed by value, or at the end */
  Type *type;
} BuiltRecord;

/* An alias whose size is that of a record which may be filled later. */
typedef struct BuiltAlias {
  struct BuiltAlias *next;
  Type *type;
} BuiltAlias;

/* Where a TYPEDESC stands: its references are relative to `info`, which is reached through the node `via`. */
typedef struct Place {
  ITypeInfo *info;
  const Type *via;
  bool by_value; /* a record here must be complete */
} Place;

static HRESULT build(TypeBuilder *builder, Place place, const TYPEDESC *desc, const Type **type, bool *bare);

void type_builder_begin(TypeBuilder *builder, TypeSet *set, ITypeInfo *info) {
  memset(builder, 0, sizeof *builder);
  builder->set = set;
  builder->info = info;
}

void type_builder_end(TypeBuilder *builder) {
  for (BuiltRecord *record = builder->records, *next; record; record = next) {
    next = record->next;
    if (record->library)
      ITypeLib_Release(record->library);
    if (record->waiting)
      ITypeInfo_Release(record->waiting);
    free(record);
  }
  builder->records = NULL;
  for (BuiltAlias *alias = builder->aliases, *next; alias; alias = next) {
    next = alias->next;
    free(alias);
  }
  builder->aliases = NULL;
}

static HRESULT refuse(TypeBuilder *builder, HRESULT hr, const char *what, const OLECHAR *name) {
  if (!*builder->problem) {
    char text[96] = "";
    if (name)
      name_to_utf8(name, text, sizeof text);
    snprintf(builder->problem, sizeof builder->problem, "%s%s%s", what, *text ? " " : "", text);
  }
  return hr;
}

static HRESULT read_name(TypeBuilder *builder, ITypeInfo *info, const OLECHAR **name) {
  BSTR text = NULL;
  HRESULT hr = ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &text, NULL, NULL, NULL);
  *name = type_set_text(builder->set, FAILED(hr) || !text ? u"" : text, FAILED(hr) || !text ? 0 : SysStringLen(text));
  if (SUCCEEDED(hr))
    SysFreeString(text);
  return *name ? S_OK : E_OUTOFMEMORY;
}

/* --- Interfaces -------------------------------------------------------------------------------------------- */

/* Whether an interface derives from IDispatch, by walking up its bases. What can't be read is taken as "no". */
static bool derives_from_dispatch(ITypeInfo *info) {
  bool found = false;
  ITypeInfo_AddRef(info);
  for (int depth = 0; depth < TYPE_DEPTH_LIMIT; depth++) {
    TYPEATTR *attributes = NULL;
    if (FAILED(ITypeInfo_GetTypeAttr(info, &attributes)))
      break;
    found = IsEqualIID(&attributes->guid, &IID_IDispatch);
    bool more = !found && attributes->cImplTypes == 1 && !IsEqualIID(&attributes->guid, &IID_IUnknown);
    ITypeInfo_ReleaseTypeAttr(info, attributes);
    HREFTYPE reference;
    ITypeInfo *base = NULL;
    if (!more || FAILED(ITypeInfo_GetRefTypeOfImplType(info, 0, &reference)) ||
        FAILED(ITypeInfo_GetRefTypeInfo(info, reference, &base)))
      break;
    ITypeInfo_Release(info);
    info = base;
  }
  ITypeInfo_Release(info);
  return found;
}

static unsigned interface_flags(ITypeInfo *info, const TYPEATTR *attributes) {
  if (attributes->typekind == TKIND_DISPATCH)
    return INTERFACE_DISPATCH | (attributes->wTypeFlags & TYPEFLAG_FDUAL ? 0u : INTERFACE_DISPONLY);
  if (attributes->wTypeFlags & (TYPEFLAG_FDUAL | TYPEFLAG_FDISPATCHABLE))
    return INTERFACE_DISPATCH;
  return derives_from_dispatch(info) ? INTERFACE_DISPATCH : 0;
}

static HRESULT build_interface(TypeBuilder *builder, ITypeInfo *info, const TYPEATTR *attributes, Type **result) {
  const OLECHAR *name;
  HRESULT hr = read_name(builder, info, &name);
  if (FAILED(hr))
    return hr;
  GUID iid = attributes->guid;
  unsigned flags = 0;
  if (attributes->typekind == TKIND_COCLASS) {
    ITypeInfo *primary = NULL;
    TYPEATTR *primary_attributes = NULL;
    flags = INTERFACE_COCLASS;
    iid = IID_IUnknown; /* a coclass without an interface of its own still makes objects */
    if (SUCCEEDED(coclass_default_interface(info, 0, &primary))) {
      if (SUCCEEDED(ITypeInfo_GetTypeAttr(primary, &primary_attributes))) {
        iid = primary_attributes->guid;
        flags |= interface_flags(primary, primary_attributes);
        ITypeInfo_ReleaseTypeAttr(primary, primary_attributes);
      }
      ITypeInfo_Release(primary);
    }
  } else {
    flags = interface_flags(info, attributes);
  }
  return type_new_interface(builder->set, &iid, name, flags, (const Type **)result);
}

/* --- Records ----------------------------------------------------------------------------------------------- */

static bool is_union(const Type *type) {
  return type->kind == TYPE_UNION;
}

/* Size and alignment of a type as a library for pointers of `pointer` bytes lays it out. */
static void foreign_extent(const Type *type, uint32_t pointer, uint32_t *size, uint32_t *alignment) {
  type = type_resolve(type);
  *size = type->size;
  *alignment = type->alignment;
  if (type->kind == TYPE_ARRAY) {
    foreign_extent(type->target, pointer, size, alignment);
    *size *= type->count;
  } else if (type->value_class == VALUE_POINTER) {
    *size = *alignment = pointer;
  } else if (type->kind == TYPE_BASE && (type->vt == VT_INT_PTR || type->vt == VT_UINT_PTR)) {
    *size = *alignment = pointer;
  } else if (type->kind == TYPE_BASE && type->vt == VT_VARIANT && pointer == 4) {
    *size = 16;
  } else if (type->kind == TYPE_RECORD || type->kind == TYPE_UNION) {
    uint32_t end = 0;
    *alignment = 1;
    for (uint32_t i = 0; i < type->count; i++) {
      uint32_t field_size, field_alignment;
      foreign_extent(type->fields[i].type, pointer, &field_size, &field_alignment);
      if (type->pack && field_alignment > type->pack)
        field_alignment = type->pack;
      uint32_t offset = is_union(type) ? 0 : (end + field_alignment - 1) & ~(field_alignment - 1);
      if (offset + field_size > end)
        end = offset + field_size;
      if (field_alignment > *alignment)
        *alignment = field_alignment;
    }
    *size = (end + *alignment - 1) & ~(*alignment - 1);
  }
}

/* Whether the offsets and the size that the library stores are those of a layout with this packing. */
static bool layout_matches(Type *type, const Field *fields, const ULONG *stored, uint32_t count, uint32_t stored_size,
                           uint32_t pointer, uint32_t pack) {
  uint32_t end = 0, most = 1;
  for (uint32_t i = 0; i < count; i++) {
    uint32_t size, alignment;
    foreign_extent(fields[i].type, pointer, &size, &alignment);
    if (pack && alignment > pack)
      alignment = pack;
    uint32_t offset = is_union(type) ? 0 : (end + alignment - 1) & ~(alignment - 1);
    if (offset != stored[i])
      return false;
    if (offset + size > end)
      end = offset + size;
    if (alignment > most)
      most = alignment;
  }
  return ((end + most - 1) & ~(most - 1)) == stored_size || end == stored_size;
}

/* The packing of a record: 0 when the stored offsets are the natural ones (or nonsense), else the alignment limit that
 * explains them. Packing can't be read directly: TYPEATTR.cbAlignment may just be the natural alignment. */
static uint32_t find_packing(Type *type, const Field *fields, const ULONG *stored, uint32_t count,
                             const TYPEATTR *attributes, uint32_t pointer) {
  if (layout_matches(type, fields, stored, count, attributes->cbSizeInstance, pointer, 0))
    return 0;
  for (uint32_t pack = 8; pack; pack /= 2)
    if (layout_matches(type, fields, stored, count, attributes->cbSizeInstance, pointer, pack))
      return pack;
  return 0;
}

static uint32_t pointer_size_of(ITypeLib *library) {
  TLIBATTR *attributes = NULL;
  uint32_t size = sizeof(void *);
  if (library && SUCCEEDED(ITypeLib_GetLibAttr(library, &attributes))) {
    size = attributes->syskind == SYS_WIN64 ? 8 : attributes->syskind == SYS_WIN32 ? 4 : 0;
    ITypeLib_ReleaseTLibAttr(library, attributes);
  }
  return size;
}

static uint32_t round_up(uint32_t value, uint32_t alignment) {
  return (value + alignment - 1) & ~(alignment - 1);
}

HRESULT type_lay_out(Type *type, Field *fields, uint32_t count, uint32_t pack) {
  uint64_t end = 0;
  uint32_t alignment = 1;
  bool owns = false;
  for (uint32_t i = 0; i < count; i++) {
    const Type *field = fields[i].type;
    uint32_t limit = pack && field->alignment > pack ? pack : field->alignment;
    if (!is_union(type))
      fields[i].offset = round_up((uint32_t)end, limit);
    if (fields[i].offset + (uint64_t)field->size > end)
      end = fields[i].offset + (uint64_t)field->size;
    if (end > TYPE_SIZE_LIMIT)
      return E_NOTIMPL;
    if (limit > alignment)
      alignment = limit;
    owns |= field->owner != OWNS_NOTHING;
  }
  type->fields = fields;
  type->count = count;
  type->pack = pack;
  type->size = round_up((uint32_t)end, alignment);
  type->alignment = (uint16_t)alignment;
  type->value_class = VALUE_AGGREGATE;
  type->owner =
      owns && !is_union(type) ? OWNS_FIELDS : OWNS_NOTHING; /* which member of a union is live, nobody knows */
  return S_OK;
}

static HRESULT build_field(TypeBuilder *builder, Place place, UINT index, Field *field, ULONG *stored) {
  VARDESC *desc = NULL;
  HRESULT hr = ITypeInfo_GetVarDesc(place.info, index, &desc);
  if (FAILED(hr))
    return hr;
  BSTR name = NULL;
  UINT names = 0;
  bool bare = false;
  field->memid = desc->memid;
  *stored = desc->varkind == VAR_PERINSTANCE ? desc->oInst : 0;
  hr = build(builder, place, &desc->elemdescVar.tdesc, &field->type, &bare);
  if (SUCCEEDED(hr) && bare)
    field->type = type_resolve(field->type);
  if (SUCCEEDED(hr) && FAILED(ITypeInfo_GetNames(place.info, desc->memid, &name, 1, &names)))
    name = NULL;
  ITypeInfo_ReleaseVarDesc(place.info, desc);
  if (SUCCEEDED(hr)) {
    field->name = type_set_text(builder->set, name ? name : u"", name ? SysStringLen(name) : 0);
    hr = field->name ? S_OK : E_OUTOFMEMORY;
  }
  SysFreeString(name);
  return hr;
}

static HRESULT fill_record(TypeBuilder *builder, ITypeInfo *info, const TYPEATTR *attributes, ITypeLib *library,
                           Type *type) {
  uint32_t count = attributes->cVars;
  if (count > TYPE_FIELD_LIMIT)
    return refuse(builder, E_NOTIMPL, "too many fields in", type->name);
  Field *fields = type_set_allocate(builder->set, (count ? count : 1) * sizeof *fields);
  ULONG *stored = calloc(count ? count : 1, sizeof *stored);
  HRESULT hr = fields && stored ? S_OK : E_OUTOFMEMORY;
  Place place = { info, type, true };
  for (uint32_t i = 0; i < count && SUCCEEDED(hr); i++)
    hr = build_field(builder, place, i, &fields[i], &stored[i]);
  if (SUCCEEDED(hr)) {
    uint32_t pointer = pointer_size_of(library);
    uint32_t pack = pointer ? find_packing(type, fields, stored, count, attributes, pointer) : 0;
    hr = type_lay_out(type, fields, count, pack);
    if (hr == E_NOTIMPL)
      refuse(builder, hr, "too large:", type->name);
  }
  free(stored);
  return hr;
}

static BuiltRecord *find_record(const TypeBuilder *builder, ITypeLib *library, UINT index) {
  for (BuiltRecord *record = builder->records; record && library; record = record->next)
    if (record->library == library && record->index == index)
      return record;
  return NULL;
}

/* Lays out a record that was waiting. */
static HRESULT complete_record(TypeBuilder *builder, BuiltRecord *record) {
  ITypeInfo *info = record->waiting;
  TYPEATTR *attributes = NULL;
  record->waiting = NULL;
  HRESULT hr = ITypeInfo_GetTypeAttr(info, &attributes);
  if (SUCCEEDED(hr)) {
    hr = fill_record(builder, info, attributes, record->library, record->type);
    ITypeInfo_ReleaseTypeAttr(info, attributes);
  }
  ITypeInfo_Release(info);
  record->complete = SUCCEEDED(hr);
  return hr;
}

static void alias_follow_target(Type *alias) {
  const Type *target = type_resolve(alias);
  alias->vt = target->vt;
  alias->size = target->size;
  alias->alignment = target->alignment;
  alias->value_class = target->value_class;
  alias->owner = target->owner;
  alias->ffi = target->ffi;
}

static HRESULT build_record(TypeBuilder *builder, Place place, const TYPEATTR *attributes, HREFTYPE reference,
                            Type **result) {
  ITypeLib *library = NULL;
  UINT index = 0;
  if (FAILED(ITypeInfo_GetContainingTypeLib(place.info, &library, &index)))
    library = NULL;
  BuiltRecord *record = find_record(builder, library, index);
  if (record) {
    ITypeLib_Release(library);
    *result = record->type;
    if (!place.by_value || record->complete)
      return S_OK;
    return record->waiting ? complete_record(builder, record)
                           : refuse(builder, E_NOTIMPL, "contains itself:", record->type->name);
  }
  Type *type = type_set_node(builder->set, attributes->typekind == TKIND_UNION ? TYPE_UNION : TYPE_RECORD, VT_RECORD);
  record = calloc(1, sizeof *record);
  if (!type || !record) {
    if (library)
      ITypeLib_Release(library);
    free(record);
    return E_OUTOFMEMORY;
  }
  *record = (BuiltRecord){ builder->records, library, index, false, place.info, type };
  builder->records = record;
  ITypeInfo_AddRef(place.info);
  type->guid = attributes->guid;
  type->via = place.via;
  type->reference = reference; /* before the fields: one that points back to this record must not set it */
  *result = type;
  HRESULT hr = read_name(builder, place.info, &type->name);
  /* Behind a pointer it can wait, so that it may contain records that are not complete yet; but without a library
   * it would not be found again. */
  return FAILED(hr) || (library && !place.by_value) ? hr : complete_record(builder, record);
}

/* Fills the records that only pointers led to, and gives aliases the sizes that these have now. */
static HRESULT complete_waiting(TypeBuilder *builder) {
  BuiltRecord *done = NULL;
  while (builder->records != done) { /* filling puts new ones in front */
    BuiltRecord *first = builder->records;
    for (BuiltRecord *record = first; record != done; record = record->next) {
      HRESULT hr = record->waiting ? complete_record(builder, record) : S_OK;
      if (FAILED(hr))
        return hr;
    }
    done = first;
  }
  for (BuiltAlias *alias = builder->aliases; alias; alias = alias->next)
    alias_follow_target(alias->type);
  return S_OK;
}

/* --- Named types ------------------------------------------------------------------------------------------- */

static HRESULT build_alias(TypeBuilder *builder, Place place, const TYPEATTR *attributes, HREFTYPE reference,
                           const Type *via, Type **result, bool *bare) {
  Type *type = type_set_node(builder->set, TYPE_ALIAS, VT_EMPTY);
  if (!type)
    return E_OUTOFMEMORY;
  type->guid = attributes->guid;
  type->via = via;
  type->reference = reference;
  HRESULT hr = read_name(builder, place.info, &type->name);
  if (FAILED(hr))
    return hr;
  Place inner = { place.info, type, place.by_value };
  hr = build(builder, inner, &attributes->tdescAlias, &type->target, bare);
  if (FAILED(hr))
    return hr;
  BuiltAlias *alias = malloc(sizeof *alias);
  if (!alias)
    return E_OUTOFMEMORY;
  *alias = (BuiltAlias){ builder->aliases, type };
  builder->aliases = alias;
  alias_follow_target(type);
  *result = type;
  return S_OK;
}

static HRESULT build_enum(TypeBuilder *builder, ITypeInfo *info, const TYPEATTR *attributes, Type **result) {
  Type *type = type_set_node(builder->set, TYPE_ENUM, VT_I4);
  if (!type)
    return E_OUTOFMEMORY;
  const BaseType *base = base_type(VT_I4);
  type->size = base->size;
  type->alignment = base->alignment;
  type->value_class = base->value_class;
  type->ffi = (void *)(uintptr_t)base->ffi;
  type->guid = attributes->guid;
  *result = type;
  return read_name(builder, info, &type->name);
}

/* What `place.info` itself describes; it was reached from `via` by `reference`. */
static HRESULT build_named(TypeBuilder *builder, Place place, HREFTYPE reference, const Type **result, bool *bare) {
  TYPEATTR *attributes = NULL;
  HRESULT hr = ITypeInfo_GetTypeAttr(place.info, &attributes);
  if (FAILED(hr))
    return hr;
  Type *type = NULL;
  switch (attributes->typekind) {
  case TKIND_ENUM:
    hr = build_enum(builder, place.info, attributes, &type);
    break;
  case TKIND_RECORD:
  case TKIND_UNION:
    hr = build_record(builder, place, attributes, reference, &type);
    break;
  case TKIND_ALIAS:
    hr = build_alias(builder, place, attributes, reference, place.via, &type, bare);
    break;
  case TKIND_INTERFACE:
  case TKIND_DISPATCH:
  case TKIND_COCLASS:
    hr = build_interface(builder, place.info, attributes, &type);
    *bare = true;
    break;
  default: {
    const OLECHAR *name = u"";
    read_name(builder, place.info, &name);
    hr = refuse(builder, E_NOTIMPL, "no type for a value:", name);
  }
  }
  ITypeInfo_ReleaseTypeAttr(place.info, attributes);
  if (SUCCEEDED(hr) && type->reference == TYPE_NO_REFERENCE) {
    type->via = place.via;
    type->reference = reference;
  }
  *result = type;
  return hr;
}

static HRESULT build_reference(TypeBuilder *builder, Place place, HREFTYPE reference, const Type **type, bool *bare) {
  ITypeInfo *info = NULL;
  HRESULT hr = ITypeInfo_GetRefTypeInfo(place.info, reference, &info);
  if (FAILED(hr) || !info)
    return refuse(builder, FAILED(hr) ? hr : TYPE_E_INVDATAREAD, "a type that can't be loaded", NULL);
  Place inner = { info, place.via, place.by_value };
  hr = build_named(builder, inner, reference, type, bare);
  ITypeInfo_Release(info);
  return hr;
}

static HRESULT build_carray(TypeBuilder *builder, Place place, const ARRAYDESC *array, const Type **type) {
  const Type *element = NULL;
  bool bare = false;
  if (!array || array->cDims == 0)
    return refuse(builder, E_NOTIMPL, "an array without dimensions", NULL);
  place.by_value = true; /* also behind a pointer: the elements' size is part of the array's */
  HRESULT hr = build(builder, place, &array->tdescElem, &element, &bare);
  if (SUCCEEDED(hr) && bare)
    element = type_resolve(element);
  if (SUCCEEDED(hr)) {
    hr = type_new_array(builder->set, element, array->rgbounds, array->cDims, type);
    if (hr == E_NOTIMPL)
      refuse(builder, hr, "an array that is too large", NULL);
  }
  return hr;
}

static HRESULT build_pointer(TypeBuilder *builder, Place place, const TYPEDESC *target, bool safearray,
                             const Type **type) {
  const Type *inner = NULL;
  bool bare = false;
  if (!target)
    return refuse(builder, E_NOTIMPL, "a pointer to nothing", NULL);
  place.by_value = false;
  HRESULT hr = build(builder, place, target, &inner, &bare);
  if (FAILED(hr))
    return hr;
  if (safearray)
    return type_new_safearray(builder->set, bare ? type_resolve(inner) : inner, type);
  if (bare) { /* the pointer is part of the interface's node */
    *type = type_resolve(inner);
    return S_OK;
  }
  return type_new_pointer(builder->set, inner, type);
}

/* bare: the result is an interface without its pointer. Where no pointer follows, it was left out: there are no values of
 * interfaces. */
static HRESULT build(TypeBuilder *builder, Place place, const TYPEDESC *desc, const Type **type, bool *bare) {
  HRESULT hr;
  if (builder->depth >= TYPE_DEPTH_LIMIT)
    return refuse(builder, E_NOTIMPL, "types nested too deep", NULL);
  builder->depth++;
  switch (desc->vt) {
  case VT_PTR:
  case VT_SAFEARRAY:
    hr = build_pointer(builder, place, desc->lptdesc, desc->vt == VT_SAFEARRAY, type);
    break;
  case VT_CARRAY:
    hr = build_carray(builder, place, desc->lpadesc, type);
    break;
  case VT_USERDEFINED:
    hr = build_reference(builder, place, desc->hreftype, type, bare);
    break;
  default:
    hr = type_new_base(builder->set, desc->vt, type);
    if (hr == E_NOTIMPL && !*builder->problem)
      snprintf(builder->problem, sizeof builder->problem, "VARTYPE %u", desc->vt);
    break;
  }
  builder->depth--;
  return hr;
}

HRESULT type_build(TypeBuilder *builder, const TYPEDESC *desc, const Type **type) {
  bool bare = false;
  Place place = { builder->info, NULL, true };
  *builder->problem = 0;
  HRESULT hr = build(builder, place, desc, type, &bare);
  if (SUCCEEDED(hr) && bare)
    *type = type_resolve(*type);
  return SUCCEEDED(hr) ? complete_waiting(builder) : hr;
}

static HRESULT finish_building(TypeBuilder *builder, HRESULT hr, char *problem, size_t size) {
  if (problem && size)
    snprintf(problem, size, "%s", FAILED(hr) ? builder->problem : "");
  type_builder_end(builder);
  return hr;
}

HRESULT type_from_typedesc(TypeSet *set, ITypeInfo *info, const TYPEDESC *desc, const Type **type, char *problem,
                           size_t problem_size) {
  TypeBuilder builder;
  type_builder_begin(&builder, set, info);
  return finish_building(&builder, type_build(&builder, desc, type), problem, problem_size);
}

HRESULT type_from_typeinfo(TypeSet *set, ITypeInfo *info, const Type **type, char *problem, size_t problem_size) {
  TypeBuilder builder;
  bool bare = false;
  Place place = { info, NULL, true };
  type_builder_begin(&builder, set, info);
  HRESULT hr = build_named(&builder, place, TYPE_SELF_REFERENCE, type, &bare);
  if (SUCCEEDED(hr))
    hr = complete_waiting(&builder);
  return finish_building(&builder, hr, problem, problem_size);
}
