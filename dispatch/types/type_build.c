/* Builds type nodes out of TYPEDESCs through the public ITypeInfo, so that any type information will do, ours or a
 * stranger's. Everything read here is hostile input: depth, sizes and counts are limited. */
#include "dispatch/dispatch_api.h"
#include "dispatch/types/signature_internal.h"
#include "dispatch/types/typeinfo_read.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* A record met during this building, by the identity of its type information. */
typedef struct BuiltRecord {
  struct BuiltRecord *next, *next_in_bucket;
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

/* Every step that a library makes us do counts: what nests is limited in depth, what repeats is limited here. */
static HRESULT charge(TypeBuilder *builder) {
  return type_set_charge(builder->set) ? S_OK : refuse(builder, E_NOTIMPL, "too many types", NULL);
}

static HRESULT read_name(TypeBuilder *builder, ITypeInfo *info, const OLECHAR **name) {
  BSTR text = NULL;
  HRESULT hr = ITypeInfo_GetDocumentation(info, MEMBERID_NIL, &text, NULL, NULL, NULL);
  bool named = SUCCEEDED(hr) && text;
  *name = type_set_text(builder->set, named ? text : u"", named ? SysStringLen(text) : 0);
  if (SUCCEEDED(hr))
    SysFreeString(text);
  return *name ? S_OK : E_OUTOFMEMORY;
}

/* Interfaces */

/* Whether an interface derives from IDispatch, by walking up its bases. What can't be read is taken as "no". */
static bool derives_from_dispatch(ITypeInfo *info) {
  bool found = false;
  ITypeInfo_AddRef(info);
  for (int depth = 0; depth < TYPEINFO_CHAIN_LIMIT; depth++) {
    TYPEATTR attributes;
    ITypeInfo *base;
    if (FAILED(typeinfo_copy_attributes(info, &attributes)))
      break;
    found = IsEqualIID(&attributes.guid, &IID_IDispatch);
    bool more = !found && attributes.cImplTypes == 1 && !IsEqualIID(&attributes.guid, &IID_IUnknown);
    if (!more || FAILED(typeinfo_get_implemented(info, 0, &base)))
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
    ITypeInfo *primary;
    TYPEATTR primary_attributes;
    flags = INTERFACE_COCLASS;
    iid = IID_IUnknown; /* a coclass without an interface of its own still makes objects */
    if (SUCCEEDED(coclass_default_interface(info, 0, &primary))) {
      if (SUCCEEDED(typeinfo_copy_attributes(primary, &primary_attributes))) {
        iid = primary_attributes.guid;
        flags |= interface_flags(primary, &primary_attributes);
      }
      ITypeInfo_Release(primary);
    }
  } else {
    flags = interface_flags(info, attributes);
  }
  return type_new_interface(builder->set, &iid, name, flags, (const Type **)result);
}

/* Records */

/* Bytes of a pointer where the library was made; 0: nobody knows. */
static uint32_t pointer_size_of(ITypeLib *library) {
  TLIBATTR attributes;
  if (!library || FAILED(typelib_copy_attributes(library, &attributes)))
    return sizeof(void *);
  return attributes.syskind == SYS_WIN64 ? 8 : attributes.syskind == SYS_WIN32 ? 4 : 0;
}

static HRESULT build_field(TypeBuilder *builder, Place place, UINT index, Field *field, ULONG *stored) {
  VARDESC *desc;
  HRESULT hr = typeinfo_get_variable(place.info, index, &desc);
  if (FAILED(hr))
    return hr;
  BSTR name = NULL;
  bool bare = false;
  field->memid = desc->memid;
  *stored = desc->varkind == VAR_PERINSTANCE ? desc->oInst : 0;
  hr = build(builder, place, &desc->elemdescVar.tdesc, &field->type, &bare);
  if (SUCCEEDED(hr) && bare)
    field->type = type_resolve(field->type);
  if (SUCCEEDED(hr) && FAILED(typeinfo_get_name(place.info, desc->memid, &name)))
    name = NULL;
  typeinfo_release_variable(place.info, &desc);
  if (SUCCEEDED(hr)) {
    field->name = type_set_text(builder->set, name ? name : u"", name ? SysStringLen(name) : 0);
    hr = field->name ? S_OK : E_OUTOFMEMORY;
  }
  SysFreeString(name);
  return hr;
}

/* {6F1B1C5A-3D0E-4E5B-9A57-0C4F2B7E61D1}: under it the IDL compiler keeps the attributes that a library has no place for. */
const GUID kept_attributes_guid = { 0x6f1b1c5a, 0x3d0e, 0x4e5b, { 0x9a, 0x57, 0x0c, 0x4f, 0x2b, 0x7e, 0x61, 0xd1 } };

/* What the compiler kept of a field; NULL: nothing. */
static char *read_kept(ITypeInfo2 *info, UINT index) {
  VARIANT value;
  VariantInit(&value);
  char *text = NULL;
  if (SUCCEEDED(ITypeInfo2_GetVarCustData(info, index, &kept_attributes_guid, &value)) && V_VT(&value) == VT_BSTR &&
      V_BSTR(&value)) {
    size_t room = (size_t)SysStringLen(V_BSTR(&value)) * 3 + 1;
    text = malloc(room);
    if (text)
      name_to_utf8(V_BSTR(&value), text, room);
  }
  VariantClear(&value);
  return text;
}

/* Counts behind pointers and tags of unions: for modules, whose records are made of tables, and for what travels. */
static HRESULT keep_field_attributes(TypeBuilder *builder, ITypeInfo *info, Field *fields, uint32_t count) {
  ITypeInfo2 *second = NULL;
  if (FAILED(ITypeInfo_QueryInterface(info, &IID_ITypeInfo2, (void **)&second)) || !second)
    return S_OK;
  char **texts = calloc(count ? count : 1, sizeof *texts);
  for (uint32_t i = 0; texts && i < count; i++)
    texts[i] = read_kept(second, i);
  HRESULT hr = texts ? fields_keep_attributes(builder->set, fields, count, texts) : E_OUTOFMEMORY;
  for (uint32_t i = 0; texts && i < count; i++)
    free(texts[i]);
  free(texts);
  ITypeInfo2_Release(second);
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
  if (SUCCEEDED(hr))
    hr = keep_field_attributes(builder, info, fields, count);
  if (SUCCEEDED(hr)) {
    uint32_t pointer = pointer_size_of(library);
    uint32_t pack = pointer ? type_find_packing(type, fields, stored, count, attributes->cbSizeInstance, pointer) : 0;
    hr = type_lay_out(type, fields, count, pack);
    if (hr == E_NOTIMPL)
      refuse(builder, hr, "too large:", type->name);
  }
  free(stored);
  return hr;
}

static BuiltRecord **record_bucket(TypeBuilder *builder, ITypeLib *library, UINT index) {
  enum { BUCKETS = sizeof builder->buckets / sizeof builder->buckets[0] };
  return &builder->buckets[((uintptr_t)library / sizeof(max_align_t) + index) % BUCKETS];
}

static BuiltRecord *find_record(TypeBuilder *builder, ITypeLib *library, UINT index) {
  if (!library)
    return NULL;
  for (BuiltRecord *record = *record_bucket(builder, library, index); record; record = record->next_in_bucket)
    if (record->library == library && record->index == index)
      return record;
  return NULL;
}

/* Lays out a record that was waiting. */
static HRESULT complete_record(TypeBuilder *builder, BuiltRecord *record) {
  ITypeInfo *info = record->waiting;
  TYPEATTR attributes;
  record->waiting = NULL;
  HRESULT hr = typeinfo_copy_attributes(info, &attributes);
  if (SUCCEEDED(hr))
    hr = fill_record(builder, info, &attributes, record->library, record->type);
  ITypeInfo_Release(info);
  record->complete = SUCCEEDED(hr);
  return hr;
}

static void alias_follow_target(Type *alias) {
  const Type *target = type_resolve(alias);
  alias->vt = target->vt;
  type_take_layout(alias, target);
}

static HRESULT build_record(TypeBuilder *builder, Place place, const TYPEATTR *attributes, HREFTYPE reference,
                            Type **result) {
  ITypeLib *library = NULL;
  UINT index = 0;
  typeinfo_get_library(place.info, &library, &index); /* a type without one is found by nobody */
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
  BuiltRecord **bucket = record_bucket(builder, library, index);
  *record = (BuiltRecord){ builder->records, *bucket, library, index, false, place.info, type };
  builder->records = *bucket = record;
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

/* Named types */

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
  type_take_layout(type, type_of_vartype(VT_I4));
  type->guid = attributes->guid;
  *result = type;
  return read_name(builder, info, &type->name);
}

/* {6F1B1C5A-3D0E-4E5B-9A57-0C4F2B7E61D3}: the PROPVARIANT of the built-in library. Its values are those of a VARIANT, so it is
 * one under another name. */
static const GUID propvariant = { 0x6f1b1c5a, 0x3d0e, 0x4e5b, { 0x9a, 0x57, 0x0c, 0x4f, 0x2b, 0x7e, 0x61, 0xd3 } };

static HRESULT build_propvariant(TypeBuilder *builder, ITypeInfo *info, const TYPEATTR *attributes, Type **result) {
  Type *type = type_set_node(builder->set, TYPE_ALIAS, VT_VARIANT);
  if (!type)
    return E_OUTOFMEMORY;
  HRESULT hr = type_new_base(builder->set, VT_VARIANT, &type->target);
  if (FAILED(hr))
    return hr;
  alias_follow_target(type);
  type->guid = attributes->guid;
  *result = type;
  return read_name(builder, info, &type->name);
}

/* What `place.info` itself describes; it was reached from `via` by `reference`. */
static HRESULT build_named(TypeBuilder *builder, Place place, HREFTYPE reference, const Type **result, bool *bare) {
  TYPEATTR *attributes;
  HRESULT hr = charge(builder);
  if (SUCCEEDED(hr))
    hr = typeinfo_get_attributes(place.info, &attributes);
  if (FAILED(hr))
    return hr;
  Type *type = NULL;
  switch (attributes->typekind) {
  case TKIND_ENUM:
    hr = build_enum(builder, place.info, attributes, &type);
    break;
  case TKIND_RECORD:
  case TKIND_UNION:
    if (IsEqualGUID(&attributes->guid, &propvariant))
      hr = build_propvariant(builder, place.info, attributes, &type);
    else
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
  typeinfo_release_attributes(place.info, &attributes);
  if (SUCCEEDED(hr) && type->reference == TYPE_NO_REFERENCE) {
    type->via = place.via;
    type->reference = reference;
  }
  *result = type;
  return hr;
}

static HRESULT build_reference(TypeBuilder *builder, Place place, HREFTYPE reference, const Type **type, bool *bare) {
  ITypeInfo *info = NULL;
  HRESULT hr = typeinfo_get_reference(place.info, reference, &info);
  if (FAILED(hr))
    return refuse(builder, hr, "a type that can't be loaded", NULL);
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
  if (array->cDims > TYPEINFO_DIMENSION_LIMIT)
    return refuse(builder, E_NOTIMPL, "an array of too many dimensions", NULL);
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
  if (builder->depth >= TYPE_DEPTH_LIMIT)
    return refuse(builder, E_NOTIMPL, "types nested too deep", NULL);
  HRESULT hr = charge(builder);
  if (FAILED(hr))
    return hr;
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
