/* The tree of types: its arena, and questions about a node. Nodes are built in type_build.c and signature_text.c;
 * native values are cleared and copied in type_value.c. */
#include "dispatch/types/foreign.h"
#include "dispatch/types/near_name.h"
#include "dispatch/types/signature_internal.h"
#include "dispatch/types/typeinfo_read.h"

#include "com/com_api.h"

#include <stdatomic.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* An arena: blocks that are freed together. */
typedef struct ArenaBlock {
  struct ArenaBlock *next;
  size_t used, size;
  max_align_t data[];
} ArenaBlock;

struct TypeSet {
  _Atomic uint32_t references;
  ArenaBlock *blocks;
  uint32_t work; /* steps of building, to bound hostile libraries */
  const SignatureAbi *abi;
};

enum { ARENA_BLOCK = 1024 };

HRESULT type_set_create(TypeSet **set) {
  *set = calloc(1, sizeof **set);
  if (!*set)
    return E_OUTOFMEMORY;
  atomic_init(&(*set)->references, 1);
  return S_OK;
}

void type_set_use_abi(TypeSet *set, const SignatureAbi *abi) {
  set->abi = abi;
}

const SignatureAbi *type_set_abi(const TypeSet *set) {
  return set->abi;
}

TypeSet *type_set_addref(TypeSet *set) {
  atomic_fetch_add_explicit(&set->references, 1, memory_order_relaxed);
  return set;
}

void type_set_release(TypeSet *set) {
  if (!set || atomic_fetch_sub_explicit(&set->references, 1, memory_order_acq_rel) != 1)
    return;
  for (ArenaBlock *block = set->blocks, *next; block; block = next) {
    next = block->next;
    free(block);
  }
  free(set);
}

void *type_set_allocate(TypeSet *set, size_t size) {
  size = (size + sizeof(max_align_t) - 1) & ~(sizeof(max_align_t) - 1);
  ArenaBlock *block = set->blocks;
  if (!block || block->size - block->used < size) {
    size_t room = size > ARENA_BLOCK ? size : ARENA_BLOCK;
    block = malloc(sizeof *block + room);
    if (!block)
      return NULL;
    block->next = set->blocks;
    block->used = 0;
    block->size = room;
    set->blocks = block;
  }
  void *memory = (unsigned char *)block->data + block->used;
  block->used += size;
  memset(memory, 0, size);
  return memory;
}

const OLECHAR *type_set_text(TypeSet *set, const OLECHAR *text, size_t length) {
  OLECHAR *copy = type_set_allocate(set, (length + 1) * sizeof *copy);
  if (copy && length)
    memcpy(copy, text, length * sizeof *copy);
  return copy;
}

bool type_set_charge(TypeSet *set) {
  return set->work++ < TYPE_SET_LIMIT;
}

Type *type_set_node(TypeSet *set, TypeKind kind, VARTYPE vt) {
  Type *type = type_set_allocate(set, sizeof *type);
  if (!type)
    return NULL;
  type->kind = (uint8_t)kind;
  type->vt = vt;
  type->abi = set->abi;
  type->reference = TYPE_NO_REFERENCE;
  type->alignment = type->alignment_32 = 1;
  type->wire_alignment = 1;
  type->work = 1;
  return type;
}

HRESULT type_new_base(TypeSet *set, VARTYPE vt, const Type **result) {
  if (vt == VT_DISPATCH || vt == VT_UNKNOWN)
    return type_new_interface(set, vt == VT_DISPATCH ? &IID_IDispatch : &IID_IUnknown,
                              vt == VT_DISPATCH ? u"IDispatch" : u"IUnknown",
                              vt == VT_DISPATCH ? INTERFACE_DISPATCH : 0, result);
  const Type *type = type_of_vartype(vt);
  if (!type)
    return E_NOTIMPL;
  *result = type;
  return set->abi ? foreign_base(set, type, result) : S_OK;
}

void type_take_layout(Type *type, const Type *from) {
  type->size = from->size;
  type->alignment = from->alignment;
  type->size_32 = from->size_32;
  type->alignment_32 = from->alignment_32;
  type->integral = from->integral;
  type->floating = from->floating;
  type->unaligned = from->unaligned;
  type->wire_flags = from->wire_flags;
  type->wire_alignment = from->wire_alignment;
  type->wire_size = from->wire_size;
  type->wire_varies = from->wire_varies;
  type->work = from->work;
  type->value_class = from->value_class;
  type->owner = from->owner;
  type->ffi = from->ffi;
}

/* Fills what every node of one word has. */
static void set_word(Type *type, ValueOwner owner) {
  type_take_layout(type, type_of_vartype(VT_PTR));
  type->owner = (uint8_t)owner;
}

HRESULT type_new_pointer(TypeSet *set, const Type *target, const Type **result) {
  Type *type = type_set_node(set, TYPE_POINTER, VT_PTR);
  if (!type)
    return E_OUTOFMEMORY;
  set_word(type, set->abi ? OWNS_NOTHING : OWNS_FIELDS); /* who frees what a module points to, nobody knows */
  type->target = target;
  *result = type;
  return S_OK;
}

HRESULT type_new_interface(TypeSet *set, REFIID iid, const OLECHAR *name, unsigned flags, const Type **result) {
  Type *type = type_set_node(set, TYPE_INTERFACE, flags & INTERFACE_DISPATCH ? VT_DISPATCH : VT_UNKNOWN);
  if (!type)
    return E_OUTOFMEMORY;
  set_word(type, OWNS_INTERFACE);
  type->guid = *iid;
  type->name = name;
  type->interface_flags = (uint8_t)flags;
  *result = type;
  return S_OK;
}

HRESULT type_new_safearray(TypeSet *set, const Type *element, const Type **result) {
  const Type *bare = type_resolve(element);
  VARTYPE vt = bare->kind == TYPE_BASE ? base_type_element_vt(bare->base) : type_variant_vt(bare);
  Type *type = type_set_node(set, TYPE_SAFEARRAY, (VARTYPE)(VT_ARRAY | vt));
  if (!type)
    return E_OUTOFMEMORY;
  set_word(type, OWNS_SAFEARRAY);
  type->target = element;
  *result = type;
  return S_OK;
}

/* The places of a part at `offset`, among the first 16 bytes. */
static uint16_t places_at(uint16_t places, uint32_t offset) {
  return offset < 16 ? (uint16_t)((uint32_t)places << offset) : 0;
}

static void add_part(Type *type, const Type *part, uint32_t offset) {
  type->integral |= places_at(part->integral, offset);
  type->floating |= places_at(part->floating, offset);
  type->unaligned |= part->unaligned || offset % part->alignment != 0;
}

/* Whether a walk over `count` values of a type stays within its limit: sizes don't tell, an element may have none. */
static bool work_is_bounded(uint64_t count, const Type *element) {
  return count * element->work <= TYPE_WORK_LIMIT && count * element->size <= TYPE_SIZE_LIMIT;
}

static uint32_t round_up(uint32_t value, uint32_t alignment) {
  return (value + alignment - 1) & ~(alignment - 1);
}

/* Elements stand in NDR as far apart as their alignment says; behind the last one there is nothing. */
static void lay_out_array_wire(Type *type, const Type *element) {
  uint64_t distance = element->wire_varies ? element->wire_size : round_up(element->wire_size, element->wire_alignment);
  type->wire_varies = element->wire_varies;
  uint64_t size = type->count ? (type->count - 1) * distance + element->wire_size : 0;
  type->wire_size = size > TYPE_SIZE_LIMIT ? TYPE_SIZE_LIMIT : (uint32_t)size;
  type->wire_alignment = element->wire_alignment;
  type->wire_flags = type->count ? element->wire_flags : 0;
}

HRESULT type_new_array(TypeSet *set, const Type *element, const SAFEARRAYBOUND *bounds, uint32_t dimensions,
                       const Type **result) {
  uint64_t count = 1;
  for (uint32_t i = 0; i < dimensions; i++) {
    count *= bounds[i].cElements;
    if (!work_is_bounded(count, element))
      return E_NOTIMPL;
  }
  Type *type = type_set_node(set, TYPE_ARRAY, VT_CARRAY);
  SAFEARRAYBOUND *copy = type_set_allocate(set, (dimensions ? dimensions : 1) * sizeof *copy);
  if (!type || !copy)
    return E_OUTOFMEMORY;
  if (dimensions)
    memcpy(copy, bounds, dimensions * sizeof *copy);
  type->target = element;
  type->count = (uint32_t)count;
  type->size = (uint32_t)count * element->size;
  type->alignment = element->alignment;
  type->size_32 = (uint32_t)count * element->size_32;
  type->alignment_32 = element->alignment_32;
  type->work = count ? (uint32_t)count * element->work : 1;
  type->bounds = copy;
  type->dimensions = dimensions;
  lay_out_array_wire(type, element);
  type->value_class = VALUE_AGGREGATE;
  type->owner = type->size == 0 || element->owner == OWNS_NOTHING ? OWNS_NOTHING : OWNS_FIELDS;
  for (uint32_t i = 0; type->size && i < type->count && i * element->size < 16; i++)
    add_part(type, element, i * element->size);
  *result = type;
  return S_OK;
}

/* Grows a layout by one field: its offset. */
static uint32_t place_field(uint64_t *end, uint32_t *most, bool overlaid, uint32_t size, uint32_t alignment,
                            uint32_t pack) {
  if (pack && alignment > pack)
    alignment = pack;
  uint32_t offset = overlaid ? 0 : round_up((uint32_t)*end, alignment);
  if (offset + (uint64_t)size > *end)
    *end = offset + (uint64_t)size;
  if (alignment > *most)
    *most = alignment;
  return offset;
}

/* The fields in NDR, which knows no packing. A union is at least nothing, and what comes behind it may stand anywhere. Which member of a union is there, only a tag beside it could tell. */
static void lay_out_wire(Type *type) {
  uint64_t end = 0;
  uint32_t alignment = 1;
  unsigned behind = 0, block = WIRE_BLOCK;
  for (uint32_t i = 0; i < type->count; i++) {
    const Type *field = type->fields[i].type;
    type->wire_varies |= field->wire_varies;
    uint32_t offset = type->wire_varies ? (uint32_t)end : round_up((uint32_t)end, field->wire_alignment);
    if (!(field->wire_flags & WIRE_BLOCK) || offset != end || offset != type->fields[i].offset)
      block = 0;
    behind |= field->wire_flags & WIRE_BEHIND;
    if (field->wire_alignment > alignment)
      alignment = field->wire_alignment;
    end = type->kind == TYPE_UNION
              ? 1
              : (uint64_t)offset + (type_resolve(field)->kind == TYPE_UNION ? 0 : field->wire_size);
    end = end > TYPE_SIZE_LIMIT ? TYPE_SIZE_LIMIT : end;
  }
  if (type->kind == TYPE_UNION || end != type->size || end % alignment != 0)
    block = 0;
  type->wire_varies |= type->kind == TYPE_UNION;
  type->wire_size = (uint32_t)end;
  type->wire_alignment = (uint8_t)alignment;
  type->wire_flags = (uint8_t)(behind | block);
}

HRESULT type_lay_out(Type *type, Field *fields, uint32_t count, uint32_t pack) {
  uint64_t end = 0, end_32 = 0, work = 1;
  uint32_t alignment = 1, alignment_32 = 1;
  bool owns = false, overlaid = type->kind == TYPE_UNION;
  for (uint32_t i = 0; i < count; i++) {
    const Type *field = fields[i].type;
    fields[i].offset = place_field(&end, &alignment, overlaid, field->size, field->alignment, pack);
    place_field(&end_32, &alignment_32, overlaid, field->size_32, field->alignment_32, pack);
    work += field->work;
    if (end > TYPE_SIZE_LIMIT || work > TYPE_WORK_LIMIT)
      return E_NOTIMPL;
    add_part(type, field, fields[i].offset);
    owns |= field->owner != OWNS_NOTHING;
  }
  type->fields = fields;
  type->count = count;
  type->pack = pack;
  type->size = round_up((uint32_t)end, alignment);
  type->alignment = (uint16_t)alignment;
  type->size_32 = round_up((uint32_t)end_32, alignment_32);
  type->alignment_32 = (uint16_t)alignment_32;
  type->work = (uint32_t)work;
  type->value_class = VALUE_AGGREGATE;
  type->owner = owns && !overlaid ? OWNS_FIELDS : OWNS_NOTHING; /* which member of a union is live, nobody knows */
  lay_out_wire(type);
  return S_OK;
}

/* Whether the offsets and the size that a library stores are those of a layout with this packing. */
static bool layout_matches(const Type *type, const Field *fields, const ULONG *stored, uint32_t count,
                           uint32_t stored_size, uint32_t pointer, uint32_t pack) {
  uint64_t end = 0;
  uint32_t most = 1;
  for (uint32_t i = 0; i < count; i++) {
    const Type *field = fields[i].type;
    uint32_t size = pointer == 4 ? field->size_32 : field->size;
    uint32_t alignment = pointer == 4 ? field->alignment_32 : field->alignment;
    if (place_field(&end, &most, type->kind == TYPE_UNION, size, alignment, pack) != stored[i] || end > TYPE_SIZE_LIMIT)
      return false;
  }
  return round_up((uint32_t)end, most) == stored_size || end == stored_size;
}

uint32_t type_find_packing(const Type *type, const Field *fields, const ULONG *stored, uint32_t count,
                           uint32_t stored_size, uint32_t pointer) {
  static const uint32_t packings[] = { 0, 8, 4, 2, 1 };
  for (size_t i = 0; i < sizeof packings / sizeof *packings; i++)
    if (layout_matches(type, fields, stored, count, stored_size, pointer, packings[i]))
      return packings[i];
  return 0;
}

const Type *type_resolve(const Type *type) {
  while (type->kind == TYPE_ALIAS)
    type = type->target;
  return type;
}

VARTYPE type_variant_vt(const Type *type) {
  type = type_resolve(type);
  switch (type->kind) {
  case TYPE_BASE:
    return type->base->variant_vt;
  case TYPE_ENUM:
  case TYPE_RECORD:
  case TYPE_SAFEARRAY:
  case TYPE_INTERFACE:
    return type->vt;
  default:
    return VT_ILLEGAL;
  }
}

HRESULT type_info(const Type *type, ITypeInfo *owner, ITypeInfo **info) {
  *info = NULL;
  if (type->reference == TYPE_NO_REFERENCE || !owner)
    return TYPE_E_ELEMENTNOTFOUND;
  if (type->reference == TYPE_SELF_REFERENCE) {
    ITypeInfo_AddRef(owner);
    *info = owner;
    return S_OK;
  }
  ITypeInfo *relative = owner;
  ITypeInfo_AddRef(relative);
  if (type->via) {
    ITypeInfo_Release(relative);
    HRESULT hr = type_info(type->via, owner, &relative);
    if (FAILED(hr))
      return hr;
  }
  HRESULT hr = typeinfo_get_reference(relative, type->reference, info);
  ITypeInfo_Release(relative);
  return hr;
}

/* The 32-bit value of an enumeration's constant. */
static bool constant_value(const VARDESC *desc, LONG *value) {
  if (desc->varkind != VAR_CONST || !desc->lpvarValue)
    return false;
  const VARIANT *constant = desc->lpvarValue;
  switch (V_VT(constant)) {
  case VT_I1:
    *value = V_I1(constant);
    return true;
  case VT_UI1:
    *value = V_UI1(constant);
    return true;
  case VT_I2:
    *value = V_I2(constant);
    return true;
  case VT_UI2:
    *value = V_UI2(constant);
    return true;
  case VT_I4:
  case VT_INT:
  case VT_UI4:
  case VT_UINT:
    *value = V_I4(constant);
    return true;
  default:
    return false;
  }
}

/* What a walk over an enumeration looks for, and finds. */
typedef struct EnumSearch {
  const OLECHAR *wanted_name; /* or NULL: by value */
  LONG value;
  BSTR name;
  bool folded; /* names match without case */
  bool found;
  unsigned most; /* not 0: the nearest name with at most as many mistakes is looked for, among all */
} EnumSearch;

static void take_nearer(EnumSearch *search, BSTR *name) {
  unsigned distance = near_name_distance(search->wanted_name, *name, search->most);
  if (distance > search->most)
    return;
  SysFreeString(search->name);
  search->name = *name;
  *name = NULL;
  search->most = distance ? distance - 1 : 0; /* only what is nearer from here on */
  search->found = search->most == 0;
}

static HRESULT visit_constant(ITypeInfo *info, UINT index, EnumSearch *search) {
  VARDESC *desc;
  HRESULT hr = typeinfo_get_variable(info, index, &desc);
  if (FAILED(hr))
    return hr;
  LONG value = 0;
  BSTR name = NULL;
  if (constant_value(desc, &value) && (search->wanted_name || value == search->value))
    hr = typeinfo_get_name(info, desc->memid, &name);
  if (SUCCEEDED(hr) && name) {
    if (search->most) {
      take_nearer(search, &name);
    } else if (!search->wanted_name) {
      search->name = name;
      name = NULL;
      search->found = true;
    } else if (search->folded ? caseless_equal(name, search->wanted_name) : utf16_equal(name, search->wanted_name)) {
      search->value = value;
      search->found = true;
    }
  }
  SysFreeString(name);
  typeinfo_release_variable(info, &desc);
  return hr;
}

static HRESULT search_enum(const Type *type, ITypeInfo *owner, EnumSearch *search) {
  type = type_resolve(type);
  if (type->kind != TYPE_ENUM)
    return TYPE_E_ELEMENTNOTFOUND;
  ITypeInfo *info = NULL;
  HRESULT hr = type_info(type, owner, &info);
  if (FAILED(hr))
    return hr;
  TYPEATTR attributes;
  hr = typeinfo_copy_attributes(info, &attributes);
  for (UINT i = 0; i < attributes.cVars && SUCCEEDED(hr) && !search->found; i++)
    hr = visit_constant(info, i, search);
  ITypeInfo_Release(info);
  if (SUCCEEDED(hr) && !search->found)
    hr = TYPE_E_ELEMENTNOTFOUND;
  return hr;
}

HRESULT type_enum_value(const Type *type, ITypeInfo *owner, const OLECHAR *name, LONG *value) {
  EnumSearch search = { .wanted_name = name };
  HRESULT hr = search_enum(type, owner, &search);
  if (hr == TYPE_E_ELEMENTNOTFOUND) {
    search.folded = true;
    hr = search_enum(type, owner, &search);
  }
  if (SUCCEEDED(hr))
    *value = search.value;
  return hr;
}

HRESULT type_enum_near(const Type *type, ITypeInfo *owner, const OLECHAR *slip, BSTR *name) {
  EnumSearch search = { .wanted_name = slip, .most = near_name_most(slip) };
  HRESULT hr = search_enum(type, owner, &search);
  if (hr == TYPE_E_ELEMENTNOTFOUND && search.name)
    hr = S_OK;
  if (FAILED(hr)) {
    SysFreeString(search.name);
    search.name = NULL;
  }
  *name = search.name;
  return hr;
}

HRESULT type_enum_name(const Type *type, ITypeInfo *owner, LONG value, BSTR *name) {
  EnumSearch search = { .value = value };
  HRESULT hr = search_enum(type, owner, &search);
  *name = SUCCEEDED(hr) ? search.name : NULL;
  return hr;
}

void name_to_utf8(const OLECHAR *name, char *text, size_t size) {
  size_t units = utf16_units(name);
  if (units > (size - 1) / 3)
    units = (size - 1) / 3;
  text[utf8_from_utf16(name, units, text)] = 0;
}

void type_describe(const Type *type, char *text, size_t size) {
  char inner[160];
  switch (type->kind) {
  case TYPE_BASE:
    snprintf(text, size, "%s", type->base->idl);
    return;
  case TYPE_POINTER:
    type_describe(type->target, inner, sizeof inner);
    snprintf(text, size, "%s*", inner);
    return;
  case TYPE_SAFEARRAY:
    type_describe(type->target, inner, sizeof inner);
    snprintf(text, size, "SAFEARRAY(%s)", inner);
    return;
  case TYPE_ARRAY:
    type_describe(type->target, inner, sizeof inner);
    snprintf(text, size, "%s[%u]", inner, (unsigned)type->count);
    return;
  case TYPE_INTERFACE:
    name_to_utf8(type->name, inner, sizeof inner);
    snprintf(text, size, "%s*", *inner ? inner : "interface");
    return;
  default:
    name_to_utf8(type->name, inner, sizeof inner);
    snprintf(text, size, "%s", *inner ? inner : type->kind == TYPE_ENUM ? "enum" : "struct");
    return;
  }
}
