/* Native values by their type: one walk over everything in a value that means something, and its first two visitors, which let
 * go and duplicate what the value owns. */
#include "dispatch/types/copy_depth.h"
#include "dispatch/types/foreign.h"
#include "dispatch/types/signature_internal.h"

#include <objbase.h>
#include <stdlib.h>
#include <string.h>

_Thread_local unsigned copy_depth;

static void walk(const Type *type, void *value, TypeVisitor *visitor);

static bool is_wanted(const Type *part, const TypeVisitor *visitor) {
  return visitor->all || part->owner != OWNS_NOTHING;
}

static void walk_fields(const Type *type, void *value, TypeVisitor *visitor) {
  const Type *record = visitor->record;
  const void *record_value = visitor->its_value;
  visitor->record = type;
  visitor->its_value = value;
  for (uint32_t i = 0; i < type->count; i++)
    if (is_wanted(type->fields[i].type, visitor))
      walk(type->fields[i].type, (unsigned char *)value + type->fields[i].offset, visitor);
  visitor->record = record;
  visitor->its_value = record_value;
}

static void walk_elements(const Type *type, void *value, TypeVisitor *visitor) {
  if (!is_wanted(type->target, visitor))
    return;
  for (uint32_t i = 0; i < type->count; i++)
    walk(type->target, (unsigned char *)value + (size_t)i * type->target->size, visitor);
}

/* In a packed record a pointer may stand anywhere. */
static void *load_word(const void *value) {
  void *word;
  memcpy(&word, value, sizeof word);
  return word;
}

static void store_word(void *value, void *word) {
  memcpy(value, &word, sizeof word);
}

bool type_load_integer(const Type *type, const void *from, int64_t *number) {
  type = type_resolve(type);
  if (type->kind == TYPE_POINTER) {
    const void *target = load_word(from);
    return target && type_load_integer(type->target, target, number);
  }
  if (type->value_class != VALUE_SIGNED && type->value_class != VALUE_UNSIGNED)
    return false;
  *number = integer_load(from, type->size, type->value_class == VALUE_SIGNED);
  return true;
}

bool type_load_count(const Type *type, const void *value, TypeCount count, uint32_t *number) {
  int64_t raw = 0;
  *number = 0;
  if (!type_load_integer(type, value, &raw) || raw < 0 || raw > UINT32_MAX)
    return false;
  raw = (raw * (count.multiply ? count.multiply : 1) + count.add) / (count.divide ? count.divide : 1);
  if (raw < 0 || raw > UINT32_MAX)
    return false;
  *number = (uint32_t)raw;
  return true;
}

bool type_field_count(const Type *record, const void *value, TypeCount count, uint32_t *number) {
  if (!count.name || count.name > record->count)
    return false;
  const Field *field = &record->fields[count.name - 1];
  return type_load_count(field->type, (const unsigned char *)value + field->offset, count, number);
}

const Field *type_union_case(const Type *type, int64_t number) {
  const Field *otherwise = NULL;
  for (uint32_t i = 0; i < type->count; i++) {
    const FieldCases *cases = type->fields[i].cases;
    for (uint32_t k = 0; cases && k < cases->count; k++)
      if (cases->values[k] == number)
        return &type->fields[i];
    if (cases && cases->otherwise)
      otherwise = &type->fields[i];
  }
  return otherwise;
}

const Field *type_union_member(const Type *type, const Type *record, const void *value) {
  int64_t number = 0;
  if (!type->extent || !type->extent->tag || !record || type->extent->tag > record->count)
    return NULL;
  const Field *tag = &record->fields[type->extent->tag - 1];
  if (!type_load_integer(tag->type, (const unsigned char *)value + tag->offset, &number))
    return NULL;
  return type_union_case(type, number);
}

static uint32_t text_units(const void *text, size_t unit) {
  uint32_t length = 0;
  if (unit == 1)
    return (uint32_t)strlen(text) + 1;
  while (((const OLECHAR *)text)[length])
    length++;
  return length + 1;
}

static uint32_t count_behind(const Type *pointer, const void *target, const TypeVisitor *visitor) {
  const TypeExtent *extent = pointer->extent;
  uint32_t count = 1;
  if (extent && extent->string)
    return text_units(target, pointer->target->size);
  if (!extent || !visitor->record)
    return 1;
  TypeCount wanted = extent->size.name ? extent->size : extent->length;
  return wanted.name && type_field_count(visitor->record, visitor->its_value, wanted, &count) ? count : 1;
}

static void walk_pointer(const Type *type, void *value, TypeVisitor *visitor) {
  void *target = load_word(value);
  if (!target)
    return;
  uint32_t count = visitor->count = count_behind(type, target, visitor);
  bool inside = visitor->enter(visitor, type, &target);
  store_word(value, target);
  if (!inside)
    return;
  visitor->depth++;
  if (visitor->depth <= COPY_DEPTH_LIMIT && is_wanted(type->target, visitor))
    for (uint32_t i = 0; i < count; i++)
      walk(type->target, (unsigned char *)target + (size_t)i * type->target->size, visitor);
  visitor->depth--;
  if (visitor->leave) {
    visitor->leave(visitor, type, &target);
    store_word(value, target);
  }
}

/* The member of a union that its tag names; without a tag it is a leaf. */
static void walk_union(const Type *type, void *value, TypeVisitor *visitor) {
  const Field *member = type_union_member(type, visitor->record, visitor->its_value);
  if (!member)
    visitor->leaf(visitor, type, value);
  else if (is_wanted(member->type, visitor))
    walk(member->type, value, visitor);
}

static void walk(const Type *type, void *value, TypeVisitor *visitor) {
  type = type_resolve(type);
  switch (type->kind) {
  case TYPE_UNION:
    walk_union(type, value, visitor);
    return;
  case TYPE_RECORD:
    walk_fields(type, value, visitor);
    return;
  case TYPE_ARRAY:
    walk_elements(type, value, visitor);
    return;
  case TYPE_POINTER:
    walk_pointer(type, value, visitor);
    return;
  default:
    visitor->leaf(visitor, type, value);
    return;
  }
}

void type_walk(const Type *type, void *value, TypeVisitor *visitor) {
  if (is_wanted(type, visitor))
    walk(type, value, visitor);
}

/* Clearing */

static void clear_leaf(TypeVisitor *visitor, const Type *type, void *value) {
  (void)visitor;
  if (type->owner == OWNS_VARIANT) {
    if (type->abi)
      foreign_variant_clear(type->abi, value);
    else
      VariantClear(value);
    return;
  }
  if (type->value_class != VALUE_POINTER || type->owner == OWNS_NOTHING)
    return;
  void *owned = load_word(value);
  store_word(value, NULL);
  if (!owned)
    return;
  if (type->abi && type->owner == OWNS_BSTR) {
    foreign_string_free(type->abi, owned);
    return;
  }
  if (type->abi && type->owner == OWNS_INTERFACE) {
    foreign_release(type->abi, owned);
    return;
  }
  switch (type->owner) {
  case OWNS_BSTR:
    SysFreeString(owned);
    return;
  case OWNS_INTERFACE:
    IUnknown_Release((IUnknown *)owned);
    return;
  case OWNS_SAFEARRAY:
    SafeArrayDestroy(owned);
    return;
  case OWNS_TASK_MEMORY:
    CoTaskMemFree(owned);
    return;
  default:
    return;
  }
}

/* Lists and trees behind pointers can be of any depth: what is deep waits until the rest is cleared. */
enum { POSTPONE_DEPTH = 32 };

typedef struct Postponed {
  const Type *type;
  void *values; /* task memory */
  uint32_t count;
} Postponed;

typedef struct Clearing {
  TypeVisitor visitor;
  Postponed *waiting, few[8];
  size_t count, room;
} Clearing;

/* False without memory. */
static bool postpone(Clearing *clearing, const Type *type, void *values) {
  if (clearing->count == clearing->room) {
    Postponed *more = malloc(clearing->room * 2 * sizeof *more);
    if (!more)
      return false;
    memcpy(more, clearing->waiting, clearing->count * sizeof *more);
    if (clearing->waiting != clearing->few)
      free(clearing->waiting);
    clearing->waiting = more;
    clearing->room *= 2;
  }
  clearing->waiting[clearing->count++] = (Postponed){ type, values, clearing->visitor.count };
  return true;
}

/* `void*` is a handle, or memory whose owner is unknown. Pointers to pointers do not wait: a field of the record around them may
 * count what they lead to. Without memory to postpone, the walk goes on to its own limit; what
 * lies beyond that is left to its owner, too. */
static bool clear_enter(TypeVisitor *visitor, const Type *pointer, void **target) {
  const Type *to = type_resolve(pointer->target);
  bool wait = visitor->depth >= POSTPONE_DEPTH && to->owner != OWNS_NOTHING && to->kind != TYPE_POINTER;
  if (pointer->target->size == 0 || (wait && postpone((Clearing *)visitor, pointer->target, *target)))
    *target = NULL;
  return *target;
}

static void clear_leave(TypeVisitor *visitor, const Type *pointer, void **target) {
  (void)visitor;
  (void)pointer;
  CoTaskMemFree(*target);
  *target = NULL;
}

static void clear_fields(const Type *type, void *value) {
  Clearing clearing = { .visitor = { .leaf = clear_leaf, .enter = clear_enter, .leave = clear_leave }, .room = 8 };
  clearing.waiting = clearing.few;
  type_walk(type, value, &clearing.visitor);
  while (clearing.count) {
    Postponed next = clearing.waiting[--clearing.count];
    for (uint32_t i = 0; i < next.count; i++)
      type_walk(next.type, (unsigned char *)next.values + (size_t)i * next.type->size, &clearing.visitor);
    CoTaskMemFree(next.values);
  }
  if (clearing.waiting != clearing.few)
    free(clearing.waiting);
}

void type_clear(const Type *type, void *value) {
  type = type_resolve(type);
  if (type->owner == OWNS_FIELDS)
    clear_fields(type, value);
  else
    clear_leaf(NULL, type, value);
}

/* Copying: the bytes are there already, each thing that the source owns is replaced by the copy's own. */

/* After the first failure the rest becomes empty, so that the copy can be cleared. */
typedef struct Copying {
  TypeVisitor visitor;
  HRESULT hr;
} Copying;

static size_t task_text_size(const Type *type, const void *text) {
  size_t unit = type->vt == VT_LPWSTR ? sizeof(OLECHAR) : 1;
  return text_units(text, unit) * unit;
}

static HRESULT copy_task_memory(void **word, size_t size) {
  const void *from = *word;
  *word = CoTaskMemAlloc(size);
  if (!*word)
    return E_OUTOFMEMORY;
  memcpy(*word, from, size);
  return S_OK;
}

static HRESULT copy_word(const Type *type, void **word) {
  SAFEARRAY *array = NULL;
  HRESULT hr = S_OK;
  if (type->abi && type->owner == OWNS_BSTR) {
    *word = foreign_string_new(type->abi, *word, foreign_string_length(*word));
    return *word ? S_OK : E_OUTOFMEMORY;
  }
  if (type->abi && type->owner == OWNS_INTERFACE) {
    foreign_addref(type->abi, *word);
    return S_OK;
  }
  switch (type->owner) {
  case OWNS_BSTR:
    *word = SysAllocStringByteLen(*word, SysStringByteLen(*word));
    return *word ? S_OK : E_OUTOFMEMORY;
  case OWNS_INTERFACE:
    IUnknown_AddRef((IUnknown *)*word);
    return S_OK;
  case OWNS_SAFEARRAY:
    hr = SafeArrayCopy(*word, &array);
    *word = array;
    return hr;
  case OWNS_TASK_MEMORY:
    return copy_task_memory(word, task_text_size(type, *word));
  default:
    return S_OK;
  }
}

static void copy_leaf(TypeVisitor *visitor, const Type *type, void *value) {
  Copying *copying = (Copying *)visitor;
  unsigned depth = copy_depth;
  copy_depth = visitor->depth;
  if (type->owner == OWNS_VARIANT && type->abi) {
    unsigned char source[sizeof(VARIANT)];
    memcpy(source, value, type->size);
    memset(value, 0, type->size);
    if (SUCCEEDED(copying->hr))
      copying->hr = foreign_variant_copy(type->abi, value, source);
  } else if (type->owner == OWNS_VARIANT) {
    VARIANT source;
    memcpy(&source, value, sizeof source);
    VariantInit(value);
    if (SUCCEEDED(copying->hr))
      copying->hr = VariantCopy(value, &source);
  } else if (type->value_class == VALUE_POINTER && type->owner != OWNS_NOTHING) {
    void *word = load_word(value);
    if (word && SUCCEEDED(copying->hr))
      copying->hr = copy_word(type, &word);
    store_word(value, SUCCEEDED(copying->hr) ? word : NULL);
  }
  copy_depth = depth;
}

/* What a `void*` points to nobody can copy: it stays the pointer that it is. */
static bool copy_enter(TypeVisitor *visitor, const Type *pointer, void **target) {
  Copying *copying = (Copying *)visitor;
  if (pointer->target->size == 0)
    return false;
  if (visitor->depth >= COPY_DEPTH_LIMIT && SUCCEEDED(copying->hr))
    copying->hr = E_INVALIDARG;
  if (SUCCEEDED(copying->hr))
    copying->hr = copy_task_memory(target, (size_t)visitor->count * pointer->target->size);
  if (FAILED(copying->hr))
    *target = NULL;
  return *target;
}

HRESULT type_copy(const Type *type, void *to, const void *from) {
  Copying copying = { { .leaf = copy_leaf, .enter = copy_enter, .depth = copy_depth }, S_OK };
  type = type_resolve(type);
  memcpy(to, from, type->size);
  if (type->owner == OWNS_FIELDS)
    type_walk(type, to, &copying.visitor);
  else
    copy_leaf(&copying.visitor, type, to);
  if (FAILED(copying.hr))
    type_clear(type, to);
  return copying.hr;
}
