/* Values by their type. A value is written in two walks: its construct, in which every pointer is a number, and then what the
 * pointers lead to, in their order ([C706] 14.3.12.3). Reading keeps the two apart by a second reader that goes over the
 * construct once more and says which pointers were there; native memory never holds anything but values or zeros. */
#include "remote/ndr/ndr_internal.h"

#include <string.h>

static void *load_pointer(const void *from) {
  void *pointer;
  memcpy(&pointer, from, sizeof pointer);
  return pointer;
}

static void store_pointer(void *to, const void *pointer) {
  memcpy(to, &pointer, sizeof pointer);
}

static const unsigned char *field_at(const Type *record, const void *base, uint32_t i) {
  return (const unsigned char *)base + record->fields[i].offset;
}

/* Whether all of it is in its construct and lies there as in memory. */
static bool is_block(const Type *type) {
  return (type->wire_flags & WIRE_BLOCK) != 0;
}

static bool has_behind(const Type *type) {
  return (type->wire_flags & WIRE_BEHIND) != 0;
}

static unsigned text_unit(const Type *type) {
  return type->vt == VT_LPSTR ? 1 : sizeof(OLECHAR);
}

/* Counts */

/* The type and the place of what an index names. */
static const Type *named(const NdrScope *scope, uint16_t name, const void **place) {
  if (!scope || !name)
    return NULL;
  if (scope->record) {
    if (name > scope->record->count)
      return NULL;
    *place = field_at(scope->record, scope->base, name - 1u);
    return scope->record->fields[name - 1].type;
  }
  return scope->method ? ndr_method_place(scope->method, scope->arguments, name - 1u, place) : NULL;
}

bool ndr_scope_count(const NdrScope *scope, TypeCount count, uint32_t *number) {
  const void *place = NULL;
  const Type *type = named(scope, count.name, &place);
  *number = 0;
  return type && place && type_load_count(type, place, count, number);
}

/* The IID of an interface pointer: [iid_is], else that of the type. NULL: there is none. */
static const IID *interface_iid(const Type *type, const NdrScope *scope) {
  const void *place = NULL;
  if (!type->extent || !type->extent->iid)
    return type->kind == TYPE_INTERFACE ? &type->guid : type->vt == VT_DISPATCH ? &IID_IDispatch : &IID_IUnknown;
  const Type *iid = named(scope, type->extent->iid, &place);
  while (iid && place && type_resolve(iid)->kind == TYPE_POINTER) {
    iid = type_resolve(iid)->target;
    place = load_pointer(place);
  }
  return iid && place && type_resolve(iid)->size == sizeof(IID) ? place : NULL;
}

/* Writing */

static void put_construct(NdrWriter *writer, const Type *type, const void *value, const NdrScope *scope);

static void put_block(NdrWriter *writer, const Type *type, const void *value) {
  uint8_t *at = ndr_place(writer, type->wire_size, type->wire_alignment);
  if (at)
    memcpy(at, value, type->wire_size);
}

/* INT_PTR and UINT_PTR have 32 bits in NDR ([MS-RPCE] 2.2.4.1.1): a value that has more does not travel. */
static void put_native_integer(NdrWriter *writer, const Type *type, const void *value) {
  bool is_signed = type->value_class == VALUE_SIGNED;
  int64_t number = integer_load(value, sizeof number, is_signed);
  if (is_signed ? number != (int32_t)number : (uint64_t)number > UINT32_MAX)
    ndr_writer_fail(writer, E_INVALIDARG);
  ndr_put_u32(writer, (uint32_t)number);
}

static void put_base(NdrWriter *writer, const Type *type, const void *value) {
  if (type->owner == OWNS_BSTR || type->owner == OWNS_VARIANT)
    ndr_put_mark(writer);
  else if (type->owner != OWNS_NOTHING)
    ndr_put_pointer(writer, load_pointer(value));
  else if (type->vt == VT_INT_PTR || type->vt == VT_UINT_PTR)
    put_native_integer(writer, type, value);
  else if (type->size)
    ndr_writer_fail(writer, E_NOTIMPL);
}

/* The type of a union's tag and where it is; NULL: nobody tells. */
static const Type *tag_of(const Type *type, const NdrScope *scope, const void **place) {
  const Type *tag = type->extent ? named(scope, type->extent->tag, place) : NULL;
  return tag && *place ? type_resolve(tag) : NULL;
}

bool ndr_scope_tag(const NdrScope *scope, const Type *type, int64_t *number) {
  const void *place = NULL;
  const Type *tag = tag_of(type, scope, &place);
  *number = 0;
  return tag && type_load_integer(tag, place, number);
}

/* The member of a union that is there; NULL: nothing is. A union that is all zeros, as an [out] of a method that failed, has
 * nothing in it even if no case says so. */
static bool find_member(const Type *type, const NdrScope *scope, const Field **member) {
  int64_t number;
  *member = NULL;
  if (!ndr_scope_tag(scope, type, &number))
    return false;
  *member = type_union_case(type, number);
  return *member || !number;
}

static void put_union(NdrWriter *writer, const Type *type, const void *value, const NdrScope *scope) {
  const Field *member;
  const void *place = NULL;
  NdrScope inner = { .record = type, .base = value };
  if (!find_member(type, scope, &member)) {
    ndr_writer_fail(writer, type->extent ? E_INVALIDARG : E_NOTIMPL);
    return;
  }
  const Type *tag = tag_of(type, scope, &place);
  if (!type->extent->owns_tag)
    put_construct(writer, tag, place, NULL);
  if (member)
    put_construct(writer, member->type, value, &inner);
}

/* The tag of an encapsulated union aligns itself, and the member as that needs it. */
static bool is_encapsulated(const Type *record) {
  const Type *last = record->count == 2 ? type_resolve(record->fields[1].type) : NULL;
  return last && last->kind == TYPE_UNION && last->extent && last->extent->owns_tag;
}

static void put_construct(NdrWriter *writer, const Type *type, const void *value, const NdrScope *scope) {
  type = type_resolve(type);
  if (is_block(type)) {
    put_block(writer, type, value);
    return;
  }
  switch (type->kind) {
  case TYPE_BASE:
    put_base(writer, type, value);
    return;
  case TYPE_ENUM: /* of 16 bits */
    ndr_put_u16(writer, (uint16_t)integer_load(value, type->size, true));
    return;
  case TYPE_RECORD: {
    NdrScope inner = { .record = type, .base = value };
    if (!is_encapsulated(type))
      ndr_align(writer, type->wire_alignment);
    for (uint32_t i = 0; i < type->count; i++)
      put_construct(writer, type->fields[i].type, field_at(type, value, i), &inner);
    return;
  }
  case TYPE_ARRAY:
    for (uint32_t i = 0; i < type->count && SUCCEEDED(writer->error) && type->wire_size; i++)
      put_construct(writer, type->target, (const unsigned char *)value + (size_t)i * type->target->size, scope);
    return;
  case TYPE_POINTER:
  case TYPE_SAFEARRAY:
  case TYPE_INTERFACE:
    ndr_put_pointer(writer, load_pointer(value));
    return;
  case TYPE_UNION:
    put_union(writer, type, value, scope);
    return;
  default:
    ndr_writer_fail(writer, E_NOTIMPL);
  }
}

static void put_interface_behind(NdrWriter *writer, const Type *type, IUnknown *pointer, const NdrScope *scope) {
  const IID *iid = interface_iid(type, scope);
  if (iid)
    ndr_put_interface_body(writer, iid, pointer);
  else
    ndr_writer_fail(writer, E_INVALIDARG);
}

static void put_safearray_behind(NdrWriter *writer, SAFEARRAY *array) {
  ndr_put_mark(writer); /* the pointer that its user marshaling writes */
  ndr_put_safearray_body(writer, array);
}

static void put_base_behind(NdrWriter *writer, const Type *type, const void *value, const NdrScope *scope) {
  if (type->owner == OWNS_VARIANT) {
    ndr_put_variant_body(writer, value);
    return;
  }
  void *word = load_pointer(value);
  if (type->owner == OWNS_BSTR)
    ndr_put_bstr_body(writer, word);
  else if (!word)
    return;
  else if (type->owner == OWNS_TASK_MEMORY)
    ndr_put_text(writer, word, text_unit(type), 0);
  else if (type->owner == OWNS_SAFEARRAY)
    put_safearray_behind(writer, word);
  else if (type->owner == OWNS_INTERFACE)
    put_interface_behind(writer, type, word, scope);
}

static void put_behind(NdrWriter *writer, const Type *type, const void *value, const NdrScope *scope) {
  type = type_resolve(type);
  if (!has_behind(type) || FAILED(writer->error))
    return;
  switch (type->kind) {
  case TYPE_BASE:
    put_base_behind(writer, type, value, scope);
    return;
  case TYPE_RECORD: {
    NdrScope inner = { .record = type, .base = value };
    for (uint32_t i = 0; i < type->count; i++)
      put_behind(writer, type->fields[i].type, field_at(type, value, i), &inner);
    return;
  }
  case TYPE_ARRAY:
    for (uint32_t i = 0; i < type->count; i++)
      put_behind(writer, type->target, (const unsigned char *)value + (size_t)i * type->target->size, scope);
    return;
  case TYPE_UNION: {
    const Field *member;
    NdrScope inner = { .record = type, .base = value };
    if (find_member(type, scope, &member) && member)
      put_behind(writer, member->type, value, &inner);
    return;
  }
  default:
    break;
  }
  void *word = load_pointer(value);
  if (!word)
    return;
  if (type->kind == TYPE_POINTER)
    ndr_put_pointee(writer, type, word, scope);
  else if (type->kind == TYPE_SAFEARRAY)
    put_safearray_behind(writer, word);
  else
    put_interface_behind(writer, type, word, scope);
}

void ndr_put_elements(NdrWriter *writer, const Type *type, const void *values, uint32_t count, const NdrScope *scope) {
  const Type *element = type_resolve(type);
  const unsigned char *bytes = values;
  if (!count || !element->wire_size)
    return;
  if (is_block(element)) {
    ndr_align(writer, element->wire_alignment);
    ndr_put_bulk(writer, values, (size_t)count * element->size);
    return;
  }
  for (uint32_t i = 0; i < count && SUCCEEDED(writer->error); i++)
    put_construct(writer, element, bytes + (size_t)i * element->size, scope);
  for (uint32_t i = 0; i < count && SUCCEEDED(writer->error) && has_behind(element); i++)
    put_behind(writer, element, bytes + (size_t)i * element->size, scope);
}

static size_t text_length(const void *text, unsigned unit) {
  size_t length = 0;
  if (unit == 1)
    return strlen(text);
  while (((const OLECHAR *)text)[length])
    length++;
  return length;
}

void ndr_put_text(NdrWriter *writer, const void *text, unsigned unit, uint32_t most) {
  size_t count = text_length(text, unit) + 1;
  if (count > UINT32_MAX || (most && count > most)) {
    ndr_writer_fail(writer, E_INVALIDARG);
    return;
  }
  ndr_put_u32(writer, most ? most : (uint32_t)count);
  ndr_put_u32(writer, 0);
  ndr_put_u32(writer, (uint32_t)count);
  ndr_put_bulk(writer, text, count * unit);
}

static void put_counted(NdrWriter *writer, const Type *pointer, const void *target, const NdrScope *scope) {
  const TypeExtent *extent = pointer->extent;
  uint32_t most = 0, count = 0;
  bool known = extent->size.name ? ndr_scope_count(scope, extent->size, &most) : true;
  if (known && extent->length.name)
    known = ndr_scope_count(scope, extent->length, &count);
  if (!extent->length.name)
    count = most;
  if (!extent->size.name)
    most = count;
  if (!known || count > most) {
    ndr_writer_fail(writer, E_INVALIDARG);
    return;
  }
  ndr_put_u32(writer, most);
  if (extent->length.name) {
    ndr_put_u32(writer, 0);
    ndr_put_u32(writer, count);
  }
  ndr_put_elements(writer, pointer->target, target, count, scope);
}

void ndr_put_pointee(NdrWriter *writer, const Type *pointer, const void *target, const NdrScope *scope) {
  if (++writer->depth > NDR_DEPTH_LIMIT)
    ndr_writer_fail(writer, E_INVALIDARG);
  if (FAILED(writer->error))
    ;
  else if (pointer->extent && pointer->extent->string)
    ndr_put_text(writer, target, type_resolve(pointer->target)->size, 0);
  else if (pointer->extent && (pointer->extent->size.name || pointer->extent->length.name))
    put_counted(writer, pointer, target, scope);
  else
    ndr_put_elements(writer, pointer->target, target, 1, scope);
  writer->depth--;
}

void ndr_put_value(NdrWriter *writer, const Type *type, const void *value) {
  ndr_put_elements(writer, type, value, 1, NULL);
}

/* Reading */

static void get_native_integer(NdrReader *reader, const Type *type, void *value) {
  uint32_t number = ndr_get_u32(reader);
  integer_store(value, sizeof(int64_t), type->value_class == VALUE_SIGNED ? (int32_t)number : (int64_t)number);
}

static void get_block(NdrReader *reader, const Type *type, void *value) {
  const uint8_t *bytes = ndr_get_aligned(reader, type->wire_size, type->wire_alignment);
  if (bytes)
    memcpy(value, bytes, type->wire_size);
}

static void get_construct(NdrReader *reader, const Type *type, void *value, const NdrScope *scope);

/* Between parameters the number in front of the union says what is there, as the tag may come behind; it is kept with the
 * argument, and compared with the tag at the end of the call. */
static bool keep_tag(NdrReader *reader, NdrArgument *argument, int64_t number) {
  if (number != (int32_t)number || (argument->has_inner && argument->inner != (uint32_t)number))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  argument->inner = (uint32_t)number;
  argument->has_inner = true;
  return SUCCEEDED(reader->error);
}

/* The number in front of a union in a record must be that of its tag, which has been read: so what is in the memory of the
 * union is always what its tag says. The member; NULL: there is none, or it failed. */
static const Field *get_tag(NdrReader *reader, const Type *type, const NdrScope *scope) {
  const void *place = NULL;
  const Type *tag = tag_of(type, scope, &place);
  int64_t number = 0, expected = 0;
  unsigned char bytes[sizeof number] = { 0 };
  if (!tag || tag->size > sizeof bytes) {
    ndr_fail(reader, NDR_BAD_STUB_DATA);
    return NULL;
  }
  if (!type->extent->owns_tag) {
    get_construct(reader, tag, bytes, NULL);
    type_load_integer(tag, bytes, &number);
  }
  if (scope->argument)
    keep_tag(reader, scope->argument, number);
  else if (!type_load_integer(tag, place, &expected) || (!type->extent->owns_tag && number != expected))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  else
    number = expected;
  const Field *member = type_union_case(type, number);
  if (!member && number)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  return SUCCEEDED(reader->error) ? member : NULL;
}

static void get_union(NdrReader *reader, const Type *type, void *value, const NdrScope *scope) {
  const Field *member = get_tag(reader, type, scope);
  NdrScope inner = { .record = type, .base = value };
  if (member)
    get_construct(reader, member->type, value, &inner);
}

/* The construct; pointers are passed over. */
static void get_construct(NdrReader *reader, const Type *type, void *value, const NdrScope *scope) {
  type = type_resolve(type);
  if (is_block(type)) {
    get_block(reader, type, value);
    return;
  }
  switch (type->kind) {
  case TYPE_ENUM:
    integer_store(value, type->size, (int16_t)ndr_get_u16(reader));
    return;
  case TYPE_RECORD: {
    NdrScope inner = { .record = type, .base = value };
    if (!is_encapsulated(type))
      ndr_skip_to(reader, type->wire_alignment);
    for (uint32_t i = 0; i < type->count && SUCCEEDED(reader->error); i++)
      get_construct(reader, type->fields[i].type, (void *)(uintptr_t)field_at(type, value, i), &inner);
    return;
  }
  case TYPE_ARRAY:
    for (uint32_t i = 0; i < type->count && SUCCEEDED(reader->error) && type->wire_size; i++)
      get_construct(reader, type->target, (unsigned char *)value + (size_t)i * type->target->size, scope);
    return;
  case TYPE_BASE:
    if (type->vt == VT_INT_PTR || type->vt == VT_UINT_PTR) {
      get_native_integer(reader, type, value);
      return;
    }
    if (!type->size)
      return;
    break;
  case TYPE_UNION:
    get_union(reader, type, value, scope);
    return;
  default:
    break;
  }
  ndr_get_u32(reader);
}

static void get_behind(NdrReader *reader, NdrReader *construct, const Type *type, void *value, const NdrScope *scope);

/* Passes over a construct without pointers. */
static void pass(NdrReader *construct, const Type *type) {
  if (!type->wire_size)
    return;
  ndr_skip_to(construct, type->wire_alignment);
  ndr_get_bytes(construct, type->wire_size);
}

static void get_text_behind(NdrReader *reader, unsigned unit, void *value) {
  uint32_t count;
  const uint8_t *text = ndr_get_text(reader, unit, &count);
  if (!text)
    return;
  void *copy = CoTaskMemAlloc((size_t)count * unit);
  if (!copy) {
    ndr_fail(reader, E_OUTOFMEMORY);
    return;
  }
  memcpy(copy, text, (size_t)count * unit);
  store_pointer(value, copy);
}

static void get_interface_behind(NdrReader *reader, const Type *type, void *value, const NdrScope *scope) {
  void *pointer = NULL;
  const IID *iid = interface_iid(type, scope);
  if (!iid)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  else if (SUCCEEDED(ndr_get_interface_body(reader, iid, &pointer)))
    store_pointer(value, pointer);
}

static void get_safearray_behind(NdrReader *reader, const Type *element, void *value) {
  SAFEARRAY *array = NULL;
  if (ndr_get_pointer(reader))
    ndr_get_safearray_body(reader, element, &array);
  store_pointer(value, array);
}

static void get_bstr_behind(NdrReader *reader, void *value) {
  BSTR text = NULL;
  ndr_get_bstr_body(reader, &text);
  store_pointer(value, text);
}

static void get_variant_behind(NdrReader *reader, void *value) {
  VARIANT variant;
  VariantInit(&variant);
  ndr_get_variant_body(reader, &variant);
  memcpy(value, &variant, sizeof variant);
}

static void get_base_behind(NdrReader *reader, const Type *type, void *value, const NdrScope *scope) {
  switch (type->owner) {
  case OWNS_BSTR:
    get_bstr_behind(reader, value);
    return;
  case OWNS_VARIANT:
    get_variant_behind(reader, value);
    return;
  case OWNS_TASK_MEMORY:
    get_text_behind(reader, text_unit(type), value);
    return;
  case OWNS_SAFEARRAY:
    get_safearray_behind(reader, NULL, value);
    return;
  case OWNS_INTERFACE:
    get_interface_behind(reader, type, value, scope);
    return;
  default:
    ndr_fail(reader, E_NOTIMPL);
  }
}

bool ndr_get_extent(NdrReader *reader, const TypeExtent *extent, const Type *element, uint32_t *most, uint32_t *count) {
  bool varying = extent->length.name || extent->string;
  *most = ndr_get_u32(reader);
  uint32_t offset = varying ? ndr_get_u32(reader) : 0;
  *count = varying ? ndr_get_u32(reader) : *most;
  size_t least = element->wire_size ? element->wire_size : 1;
  if (offset || *count > *most || *count > ndr_left(reader) / least)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  return SUCCEEDED(reader->error);
}

/* Memory for elements that were counted: task memory, zeroed. It is stored before anything is read into it, so that it is
 * cleared with the rest. */
static void *allocate_elements(NdrReader *reader, const Type *element, uint32_t count, void *value) {
  size_t size = (size_t)count * element->size;
  void *memory = CoTaskMemAlloc(size ? size : 1);
  if (!memory) {
    ndr_fail(reader, E_OUTOFMEMORY);
    return NULL;
  }
  memset(memory, 0, size);
  store_pointer(value, memory);
  return memory;
}

/* Whether the number that came is the one that counts: fields have been read already, parameters are compared at the end of
 * the call. What varies may be longer in memory than what came. */
static bool is_counted(NdrReader *reader, const TypeExtent *extent, uint32_t most, uint32_t count,
                       const NdrScope *scope) {
  uint32_t wanted = most, valid = count;
  if (scope && scope->argument) {
    if (scope->argument->has_inner && scope->argument->inner != most)
      ndr_fail(reader, NDR_BAD_STUB_DATA);
    else
      scope->argument->inner = most;
    scope->argument->has_inner = true;
    return SUCCEEDED(reader->error);
  }
  bool known = (!extent->size.name || ndr_scope_count(scope, extent->size, &wanted)) &&
               (!extent->length.name || ndr_scope_count(scope, extent->length, &valid));
  if (!known || wanted != most || valid != count)
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  return SUCCEEDED(reader->error);
}

static void get_pointee(NdrReader *reader, const Type *pointer, void *value, const NdrScope *scope) {
  const TypeExtent *extent = pointer->extent;
  const Type *element = type_resolve(pointer->target);
  uint32_t most = 1, count = 1;
  if (extent && extent->string) {
    get_text_behind(reader, element->size, value);
    return;
  }
  if (!element->size) {
    ndr_fail(reader, E_NOTIMPL);
    return;
  }
  if (extent && (extent->size.name || extent->length.name) &&
      (!ndr_get_extent(reader, extent, element, &most, &count) || !ndr_spare(reader, element, most - count) ||
       !is_counted(reader, extent, most, count, scope)))
    return;
  if ((uint64_t)count * element->wire_size > ndr_left(reader))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  void *memory = SUCCEEDED(reader->error) ? allocate_elements(reader, element, most, value) : NULL;
  if (memory)
    ndr_get_elements(reader, element, memory, count, scope);
}

static void get_record_behind(NdrReader *reader, NdrReader *construct, const Type *type, void *value) {
  NdrScope inner = { .record = type, .base = value };
  if (!is_encapsulated(type))
    ndr_skip_to(construct, type->wire_alignment);
  for (uint32_t i = 0; i < type->count && SUCCEEDED(reader->error); i++)
    get_behind(reader, construct, type->fields[i].type, (void *)(uintptr_t)field_at(type, value, i), &inner);
}

static void get_behind(NdrReader *reader, NdrReader *construct, const Type *type, void *value, const NdrScope *scope) {
  type = type_resolve(type);
  if (!has_behind(type)) {
    pass(construct, type);
    return;
  }
  if (type->kind == TYPE_RECORD) {
    get_record_behind(reader, construct, type, value);
    return;
  }
  if (type->kind == TYPE_ARRAY) {
    for (uint32_t i = 0; i < type->count && SUCCEEDED(reader->error); i++)
      get_behind(reader, construct, type->target, (unsigned char *)value + (size_t)i * type->target->size, scope);
    return;
  }
  if (type->kind == TYPE_UNION) {
    const Field *member = get_tag(construct, type, scope);
    NdrScope inner = { .record = type, .base = value };
    if (member)
      get_behind(reader, construct, member->type, value, &inner);
    return;
  }
  if (!ndr_get_pointer(construct) || !ndr_enter(reader, 1))
    return;
  if (type->kind == TYPE_BASE)
    get_base_behind(reader, type, value, scope);
  else if (type->kind == TYPE_POINTER)
    get_pointee(reader, type, value, scope);
  else if (type->kind == TYPE_SAFEARRAY)
    get_safearray_behind(reader, type->target, value);
  else
    get_interface_behind(reader, type, value, scope);
  ndr_leave(reader, 1);
}

void ndr_get_elements(NdrReader *reader, const Type *type, void *values, uint32_t count, const NdrScope *scope) {
  const Type *element = type_resolve(type);
  unsigned char *bytes = values;
  if (!count || !element->wire_size)
    return;
  if (is_block(element)) {
    const uint8_t *data = ndr_get_aligned(reader, (size_t)count * element->size, element->wire_alignment);
    if (data)
      memcpy(values, data, (size_t)count * element->size);
    return;
  }
  NdrReader construct = *reader;
  for (uint32_t i = 0; i < count && SUCCEEDED(reader->error); i++)
    get_construct(reader, element, bytes + (size_t)i * element->size, scope);
  for (uint32_t i = 0; i < count && SUCCEEDED(reader->error) && has_behind(element); i++)
    get_behind(reader, &construct, element, bytes + (size_t)i * element->size, scope);
}

const uint8_t *ndr_get_text(NdrReader *reader, unsigned unit, uint32_t *count) {
  uint32_t most = ndr_get_u32(reader), offset = ndr_get_u32(reader);
  *count = ndr_get_count(reader, unit);
  const uint8_t *text = ndr_get_bytes(reader, (size_t)*count * unit);
  static const uint8_t zero[sizeof(OLECHAR)];
  if (!text || offset || !*count || *count > most || memcmp(text + (size_t)(*count - 1) * unit, zero, unit) != 0) {
    ndr_fail(reader, NDR_BAD_STUB_DATA);
    return NULL;
  }
  return text;
}

void ndr_get_value(NdrReader *reader, const Type *type, void *value) {
  ndr_get_elements(reader, type, value, 1, NULL);
}
