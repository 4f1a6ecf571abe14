/* create_layout.c - ICreateTypeInfo::LayOut: slots, member ids, offsets of fields, sizes, and the halves of dual interfaces.
 *
 * Members without an id get 0x60000000 + (depth << 16) + index (functions; the depth of IUnknown is 0) or 0x40000000 +
 * index (variables); the accessors of one property share an id. */
#include "typelib/objects/create_objects.h"

#include <stdlib.h>

#define FIRST_FUNCTION_ID 0x60000000u
#define FIRST_VARIABLE_ID 0x40000000u
#define SLOT_BYTES_LIMIT  0x7FFFu /* FUNCDESC.oVft */
#define SIZE_BYTES_LIMIT  0xFFFFu /* TYPEATTR.cbSizeVft */
#define NATURAL_ALIGNMENT 8u      /* the most that anything asks for by itself */
#define LAYING_LIMIT      128u    /* types that need each other, one in the other */

static FunctionFacts *function_at(CreatedType *self, UINT index) {
  return library_model_function(created_model(self), self->type.index, index);
}

/* Bases. */

/* What is above a type. */
typedef struct Above {
  UINT slots;     /* of the base's vtable */
  UINT functions; /* of all bases */
  UINT depth;     /* how many bases */
} Above;

static HRESULT lay_out_created(TypeInfo *info) {
  TypeInfo *whole;

  if (info->library->info_type != &created_type_object)
    return S_OK;
  HRESULT hr = type_library_open_type(info->library, info->index, false, &whole);
  if (FAILED(hr))
    return hr;
  CreatedType *created = OBJECT_CONTAINER(whole, CreatedType, type);
  hr = created_type_lay_out(created);
  type_info_release(whole);
  return hr;
}

/* Counts from `info` upwards; where the line breaks off, the file tells how it goes on. */
static void count_line(TypeInfo *info, Above *above) {
  TypeInfo *at = info, *next;

  ITypeInfo2_AddRef(&at->info);
  for (unsigned level = 0; level < BASE_LIMIT; level++) {
    above->functions += at->facts.function_count;
    above->depth++;
    HRESULT hr = type_resolve_base(at, &next);
    if (FAILED(hr)) {
      if (hr != TYPE_E_ELEMENTNOTFOUND) {
        above->functions += at->facts.inherited_function_count;
        above->depth += at->facts.base_count;
      }
      break;
    }
    type_info_release(at);
    at = next;
  }
  type_info_release(at);
}

/* Counts nothing for a type without a base. A base that cannot be had now is a failure. */
static HRESULT look_above(CreatedType *self, Above *above) {
  TypeInfo *base;
  HRESULT hr = type_resolve_base(&self->type, &base);

  *above = (Above){ 0, 0, 0 };
  if (hr == TYPE_E_ELEMENTNOTFOUND)
    return S_OK;
  if (FAILED(hr))
    return hr;
  hr = lay_out_created(base);
  if (SUCCEEDED(hr)) {
    above->slots = base->facts.vtable_size / base->library->facts.pointer_size;
    count_line(base, above);
  }
  type_info_release(base);
  return hr;
}

/* Member ids. */

/* The first accessor of each name: NameId and number of the function, by hash. */
typedef struct Accessors {
  UINT *slots; /* number + 1; 0: free */
  UINT mask;
} Accessors;

static bool is_accessor(const FunctionFacts *facts) {
  return facts->name != NO_NAME && facts->invkind & (INVOKE_PROPERTYGET | INVOKE_PROPERTYPUT | INVOKE_PROPERTYPUTREF);
}

static UINT *accessor_slot(CreatedType *self, const Accessors *accessors, NameId name) {
  UINT place = name * 0x9E3779B1u >> 7 & accessors->mask;

  while (accessors->slots[place] && function_at(self, accessors->slots[place] - 1)->name != name)
    place = (place + 1) & accessors->mask;
  return &accessors->slots[place];
}

/* A number that somebody gave counts for all accessors of the property. */
static void share_id(FunctionFacts *first, FunctionFacts *later) {
  if (later->place[PLACE_MAKING] & MAKING_AUTOMATIC_ID)
    later->memid = first->memid;
  else if (first->place[PLACE_MAKING] & MAKING_AUTOMATIC_ID)
    first->memid = later->memid;
}

static void share_ids(CreatedType *self, UINT count, const Accessors *accessors) {
  for (UINT index = 0; index < count; index++) {
    FunctionFacts *facts = function_at(self, index);

    if (!is_accessor(facts))
      continue;
    UINT *slot = accessor_slot(self, accessors, facts->name);
    if (*slot)
      share_id(function_at(self, *slot - 1), facts);
    else
      *slot = index + 1;
  }
}

static HRESULT number_functions(CreatedType *self, UINT count, UINT depth) {
  Accessors accessors = { NULL, 7 };
  bool automatic = false;

  for (UINT index = 0; index < count; index++) {
    FunctionFacts *facts = function_at(self, index);

    if (!(facts->place[PLACE_MAKING] & MAKING_AUTOMATIC_ID))
      continue;
    automatic = true;
    facts->memid = (MEMBERID)(FIRST_FUNCTION_ID + (depth << 16) + index);
  }
  if (!automatic)
    return S_OK;
  while (accessors.mask < 2 * count)
    accessors.mask = accessors.mask * 2 + 1;
  accessors.slots = calloc(accessors.mask + 1, sizeof *accessors.slots);
  if (!accessors.slots)
    return E_OUTOFMEMORY;
  share_ids(self, count, &accessors);
  free(accessors.slots);
  return S_OK;
}

static void number_variables(CreatedType *self, UINT count) {
  for (UINT index = 0; index < count; index++) {
    VariableFacts *facts = library_model_variable(created_model(self), self->type.index, index);

    if (facts->place & MAKING_AUTOMATIC_ID)
      facts->memid = (MEMBERID)(FIRST_VARIABLE_ID + index);
  }
}

/* Interfaces. */

/* Functions stand in the vtable one after another, or where their maker said. */
static HRESULT place_functions(CreatedType *self, UINT count, UINT first_slot, UINT *slots) {
  unsigned pointer = created_pointer_size(created_library_of(self));
  UINT next = first_slot;

  *slots = first_slot;
  for (UINT index = 0; index < count; index++) {
    FunctionFacts *facts = function_at(self, index);
    UINT slot = facts->place[PLACE_MAKING] & MAKING_GIVEN_SLOT ? (UINT)facts->vtable_offset / pointer : next;

    if (slot * pointer > SLOT_BYTES_LIMIT)
      return TYPE_E_SIZETOOBIG;
    facts->vtable_offset = (SHORT)(slot * pointer);
    next = slot + 1;
    if (next > *slots)
      *slots = next;
  }
  return S_OK;
}

static HRESULT lay_out_vtable(CreatedType *self, TypeFacts *facts, UINT count) {
  Above above;
  UINT slots;
  HRESULT hr = look_above(self, &above);

  if (SUCCEEDED(hr))
    hr = place_functions(self, count, above.slots, &slots);
  if (SUCCEEDED(hr))
    hr = number_functions(self, count, above.depth);
  if (FAILED(hr))
    return hr;
  facts->vtable_size = (WORD)(slots * created_pointer_size(created_library_of(self)));
  facts->inherited_function_count = (WORD)above.functions;
  facts->base_count = (WORD)above.depth;
  return S_OK;
}

/* Its functions have no slots; their number is counted as if they had. */
static HRESULT lay_out_dispinterface(CreatedType *self, TypeFacts *facts, UINT count) {
  unsigned pointer = created_pointer_size(created_library_of(self));
  Above above;
  HRESULT hr = look_above(self, &above);

  if (FAILED(hr))
    return hr;
  if ((above.slots + count) * pointer > SIZE_BYTES_LIMIT)
    return TYPE_E_SIZETOOBIG;
  for (UINT index = 0; index < count; index++)
    function_at(self, index)->vtable_offset = (SHORT)(index * pointer);
  facts->vtable_size = (WORD)((above.slots + count) * pointer);
  facts->inherited_function_count = (WORD)above.functions;
  facts->base_count = (WORD)above.depth;
  return number_functions(self, count, above.depth);
}

/* Makes the two halves: from now on it shows itself as a dispinterface. Its base is IDispatch when nobody says another. */
static HRESULT begin_dual(CreatedType *self, TypeFacts *facts) {
  LibraryModel *model = created_model(self);
  ImplementedFacts root = { library_model_facts(model)->dispatch, 0, NO_CUSTOM_DATA };
  bool changed = facts->kind != TKIND_DISPATCH;
  HRESULT hr = S_OK;

  facts->kind = TKIND_DISPATCH;
  if (created_implemented_count(self) == 0) {
    hr = library_model_add_implemented(model, self->type.index, 0, &root);
    changed = true;
  } else if (library_model_implemented(model, self->type.index, 0)->reference == NO_REFERENCE) {
    library_model_implemented(model, self->type.index, 0)->reference = root.reference;
    changed = true;
  }
  return SUCCEEDED(hr) && changed ? created_tell_bases(self) : hr;
}

static HRESULT lay_out_interface(CreatedType *self, TypeFacts *facts, UINT count) {
  HRESULT hr;

  if (!(facts->flags & TYPEFLAG_FDUAL))
    return facts->kind == TKIND_DISPATCH ? lay_out_dispinterface(self, facts, count)
                                         : lay_out_vtable(self, facts, count);
  hr = begin_dual(self, facts);
  return SUCCEEDED(hr) ? lay_out_vtable(self, facts, count) : hr;
}

/* Records. */

static uint64_t align_up(uint64_t offset, WORD alignment) {
  return (offset + alignment - 1u) / alignment * alignment;
}

static HRESULT lay_out_record(CreatedType *self, TypeFacts *facts, UINT count) {
  WORD given = created_making(self)->packing, packing = given ? given : NATURAL_ALIGNMENT, alignment = 1;
  uint64_t end = 0, size = 0;

  for (UINT index = 0; index < count; index++) {
    VariableFacts *field = library_model_variable(created_model(self), self->type.index, index);
    CreatedLayout layout;
    HRESULT hr = created_code_layout(self, field->type, &layout);

    if (FAILED(hr))
      return hr;
    WORD place = layout.alignment < packing ? layout.alignment : packing;
    uint64_t offset = facts->kind == TKIND_UNION ? 0 : align_up(end, place);
    field->offset = (ULONG)offset;
    end = offset + layout.size;
    if (end > size)
      size = end;
    if (place > alignment)
      alignment = place;
    if (size > INT32_MAX)
      return TYPE_E_SIZETOOBIG;
  }
  facts->packing = packing;
  facts->alignment = given ? given : alignment;
  facts->instance_size = (ULONG)align_up(size, alignment);
  return S_OK;
}

/* An alias of what has no size (void, for one) has none. */
static HRESULT lay_out_alias(CreatedType *self, TypeFacts *facts) {
  CreatedLayout layout = { 0, 1 };
  HRESULT hr = created_code_layout(self, facts->alias, &layout);

  if (FAILED(hr) && hr != TYPE_E_UNDEFINEDTYPE)
    return hr;
  facts->instance_size = (ULONG)layout.size;
  facts->alignment = layout.alignment;
  return S_OK;
}

static HRESULT lay_out_kind(CreatedType *self) {
  TypeFacts *facts = created_facts(self);
  UINT functions = created_function_count(self), variables = created_variable_count(self);
  HRESULT hr;

  number_variables(self, variables);
  switch (facts->kind) {
  case TKIND_INTERFACE:
  case TKIND_DISPATCH:
    return lay_out_interface(self, facts, functions);
  case TKIND_MODULE:
    return number_functions(self, functions, 0);
  case TKIND_RECORD:
  case TKIND_UNION:
    return lay_out_record(self, facts, variables);
  case TKIND_ALIAS:
    hr = lay_out_alias(self, facts);
    if (created_making(self)->packing)
      facts->alignment = created_making(self)->packing;
    return hr;
  default:
    return S_OK;
  }
}

HRESULT created_type_lay_out(CreatedType *self) {
  CreatedLibrary *library = created_library_of(self);

  if (created_making(self)->laid_out == library->changes)
    return S_OK;
  if (created_making(self)->laying_out || library->laying_depth >= LAYING_LIMIT)
    return TYPE_E_CIRCULARTYPE;
  created_making(self)->laying_out = true;
  library->laying_depth++;
  HRESULT hr = lay_out_kind(self);
  library->laying_depth--;
  created_making(self)->laying_out = false;
  if (SUCCEEDED(hr))
    created_making(self)->laid_out = library->changes;
  HRESULT told = type_library_changed_type(self->type.library, self->type.index);
  return SUCCEEDED(hr) ? told : hr;
}

HRESULT CreatedType_LayOut(ICreateTypeInfo2 *face) {
  return created_type_lay_out(created_type_from(face));
}
