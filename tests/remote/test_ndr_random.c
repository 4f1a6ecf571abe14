/* Random signatures and values, there and back: what the caller gives arrives, and what the method gives comes back. The text of
 * a signature and its values come from a seed; a failure names both. */
#include "tests/remote/ndr_travel.h"

#include "support/faults.h"

enum { ROUNDS = 4000, MOST_PARAMETERS = 6, TEXT_SIZE = 2048 };

static uint64_t seed;

static unsigned pick(unsigned count) {
  seed = seed * 6364136223846793005u + 1442695040888963407u;
  return (unsigned)(seed >> 40) % count;
}

/* Records: later ones from earlier ones. */

static const RecordText records[] = {
  { "Point", "i4 x, i2 y" },
  { "Packed", "pack1 i1 a, r8 b, Point c" },
  { "Texts", "bstr a, lpwstr b, lpstr c, [string] ui2* d" },
  { "Any", "variant a, ui1 b, variant c[2], enum d" },
  { "Counted", "ui4 n, [size_is(n)] i8* wide, [size_is(n)] bstr* texts, ui2 m, [size_is(m*2)] Point* points" },
  { "Objects", "IUnknown* a, guid b, i1 c, IDispatch* d" },
  { "Nested", "Texts* a, Any b, r4 c, Counted* d, i4** e, safearray(i4) f, safearray(bstr) g" },
  { "Many", "Nested n[2], ui1 last" },
  { "Either", "union [case(1)] i8 a, [case(2)] bstr b, [case(3,-7)] Texts c, [default] void d" },
  { "Tagged", "ui1 a, i2 kind, [switch_is(kind)] Either value, ui1 b, variant c" },
  { "Alone", "i2 kind, [switch(kind)] Either value" },
  { NULL, NULL },
};

static const SignatureNames names = { NULL, records };

static const char *const value_types[] = { "i1",
                                           "ui1",
                                           "i2",
                                           "ui2",
                                           "i4",
                                           "ui4",
                                           "i8",
                                           "r4",
                                           "r8",
                                           "bool",
                                           "date",
                                           "cy",
                                           "error",
                                           "guid",
                                           "decimal",
                                           "filetime",
                                           "bstr",
                                           "variant",
                                           "lpwstr",
                                           "enum",
                                           "int_ptr",
                                           "Point",
                                           "Texts",
                                           "Any",
                                           "Counted",
                                           "Objects",
                                           "Nested",
                                           "Many",
                                           "Tagged",
                                           "Alone",
                                           "IUnknown*",
                                           "IDispatch*",
                                           "safearray(i4)",
                                           "safearray(bstr)",
                                           "safearray(variant)",
                                           "Packed" };

static const char *value_type(void) {
  return value_types[pick(sizeof value_types / sizeof *value_types)];
}

/* Packed records cannot be passed by value; a text by value is a parameter of its own kind. */
static const char *direct_type(void) {
  const char *type = value_type();
  while (strcmp(type, "Packed") == 0)
    type = value_type();
  return type;
}

/* One parameter, perhaps with one in front that counts. */
static int write_parameter(char *text, int k) {
  static const char *const directions[] = { "in", "out", "in,out" };
  const char *direction = directions[pick(3)];
  switch (pick(8)) {
  case 0:
  case 1:
    return sprintf(text, "[in] %s p%d", direct_type(), k);
  case 2:
  case 3:
    return sprintf(text, "[%s] %s* p%d", direction, value_type(), k);
  case 4:
    return sprintf(text, "[%s%s] %s* p%d", direction, *direction == 'i' ? ",unique" : "", value_type(), k);
  case 5:
    return sprintf(text, "[in] ui4 n%d, [%s,size_is(n%d)] %s* p%d", k, direction, k, value_type(), k);
  case 6:
    return sprintf(text, "[in] ui4 n%d, [%s,size_is(,n%d)] %s** p%d", k, direction, k, value_type(), k);
  default:
    return sprintf(text, "[in,string%s] ui2* p%d", pick(2) ? ",unique" : "", k);
  }
}

static void write_signature(char *text) {
  unsigned count = pick(MOST_PARAMETERS + 1);
  text += sprintf(text, "Method(");
  for (unsigned k = 0; k < count; k++) {
    if (k)
      text += sprintf(text, ", ");
    text += write_parameter(text, (int)k);
  }
  sprintf(text, ")");
}

/* Values */

static Counted objects[2];

static void *load(const void *from) {
  void *pointer;
  memcpy(&pointer, from, sizeof pointer);
  return pointer;
}

static void store(void *to, const void *pointer) {
  memcpy(to, &pointer, sizeof pointer);
}

static OLECHAR *task_text(void) {
  unsigned length = pick(5);
  OLECHAR *text = CoTaskMemAlloc((length + 1) * sizeof *text);
  for (unsigned i = 0; i < length; i++)
    text[i] = (OLECHAR)(1 + pick(0xFFFE));
  text[length] = 0;
  return text;
}

static void fill_variant(VARIANT *value);

static SAFEARRAY *random_array(VARTYPE vt) {
  SAFEARRAYBOUND bounds[3];
  unsigned dimensions = 1 + pick(3);
  for (unsigned i = 0; i < dimensions; i++)
    bounds[i] = (SAFEARRAYBOUND){ pick(4), (LONG)pick(5) - 2 };
  SAFEARRAY *array = SafeArrayCreate(vt, dimensions, bounds);
  size_t count = 1;
  for (unsigned i = 0; i < dimensions; i++)
    count *= bounds[i].cElements;
  for (size_t i = 0; i < count; i++) {
    if (vt == VT_BSTR)
      ((BSTR *)array->pvData)[i] = SysAllocStringByteLen(NULL, 0);
    else if (vt == VT_VARIANT)
      fill_variant((VARIANT *)array->pvData + i);
    else
      ((LONG *)array->pvData)[i] = (LONG)pick(1000);
  }
  return array;
}

static void fill_variant(VARIANT *value) {
  VariantInit(value);
  switch (pick(8)) {
  case 0:
    V_VT(value) = VT_BSTR;
    V_BSTR(value) = SysAllocString(u"text");
    return;
  case 1:
    V_VT(value) = VT_R8;
    V_R8(value) = pick(100) / 4.0;
    return;
  case 2:
    V_VT(value) = VT_ARRAY | VT_I4;
    V_ARRAY(value) = random_array(VT_I4);
    return;
  case 3:
    V_VT(value) = VT_UNKNOWN;
    V_UNKNOWN(value) = &objects[0].face;
    IUnknown_AddRef(V_UNKNOWN(value));
    return;
  case 4:
    V_VT(value) = VT_DECIMAL;
    V_DECIMAL(value).Lo64 = pick(1000);
    V_VT(value) = VT_DECIMAL;
    return;
  default:
    V_VT(value) = VT_I4;
    V_I4(value) = (LONG)pick(1u << 20);
  }
}

static void fill(const Type *type, void *place, unsigned depth);

/* Sets the tag, too. */
static void fill_union(const Type *record, const Field *field, unsigned char *bytes, unsigned depth) {
  const Field *tag = &record->fields[field->type->extent->tag - 1];
  integer_store(bytes + tag->offset, tag->type->size, pick(5) == 4 ? -7 : (int64_t)pick(4));
  const Field *member = type_union_member(field->type, record, bytes);
  if (member->type->size)
    fill(member->type, bytes + field->offset, depth);
}

static void fill_record(const Type *type, void *place, unsigned depth) {
  unsigned char *bytes = place;
  for (uint32_t i = 0; i < type->count; i++)
    if (!type->fields[i].type->extent)
      fill(type->fields[i].type, bytes + type->fields[i].offset, depth);
  for (uint32_t i = 0; i < type->count; i++) {
    const Type *field = type->fields[i].type;
    uint32_t count = 0;
    if (!field->extent)
      continue;
    if (field->extent->tag) {
      fill_union(type, &type->fields[i], bytes, depth);
      continue;
    }
    if (field->extent->string) {
      store(bytes + type->fields[i].offset, pick(3) ? task_text() : NULL);
      continue;
    }
    if (!type_field_count(type, place, field->extent->size, &count))
      fail();
    unsigned char *elements = pick(4) ? CoTaskMemAlloc(count * field->target->size + 1) : NULL;
    if (elements)
      memset(elements, 0, count * field->target->size + 1);
    for (uint32_t k = 0; elements && k < count; k++)
      fill(field->target, elements + k * field->target->size, depth + 1);
    store(bytes + type->fields[i].offset, elements);
  }
}

static void fill_word(const Type *type, void *place, unsigned depth) {
  void *word = NULL;
  if (type->kind == TYPE_POINTER && depth < 6 && pick(4)) {
    word = CoTaskMemAlloc(type->target->size);
    memset(word, 0, type->target->size);
    fill(type->target, word, depth + 1);
  } else if (type->kind == TYPE_INTERFACE && pick(2)) {
    word = &objects[pick(2)].face;
    IUnknown_AddRef((IUnknown *)word);
  } else if (type->kind == TYPE_SAFEARRAY && pick(3)) {
    word = random_array(type->vt & VT_TYPEMASK);
  } else if (type->vt == VT_BSTR && pick(4)) {
    word = SysAllocStringLen(u"some text", pick(9));
  } else if (type->vt == VT_LPWSTR) {
    word = pick(3) ? task_text() : NULL;
  } else if (type->vt == VT_LPSTR && pick(3)) {
    word = CoTaskMemAlloc(3);
    memcpy(word, "ab", 3);
  }
  store(place, word);
}

/* `place` is zeroed. */
static void fill(const Type *type, void *place, unsigned depth) {
  type = type_resolve(type);
  unsigned char *bytes = place;
  if (type->kind == TYPE_RECORD) {
    fill_record(type, place, depth);
  } else if (type->kind == TYPE_ARRAY) {
    for (uint32_t i = 0; i < type->count; i++)
      fill(type->target, bytes + i * type->target->size, depth);
  } else if (type->owner == OWNS_VARIANT) {
    VARIANT value;
    fill_variant(&value);
    memcpy(place, &value, sizeof value);
  } else if (type->value_class == VALUE_POINTER) {
    fill_word(type, place, depth);
  } else if (type->kind == TYPE_ENUM || type->vt == VT_INT_PTR) {
    integer_store(place, type->size, (int64_t)pick(1000) - 500);
  } else if (type->size == 4 && type->vt == VT_UI4) {
    integer_store(place, 4, pick(4)); /* it may count */
  } else {
    for (uint32_t i = 0; i < type->size; i++)
      bytes[i] = (unsigned char)pick(type->size == 2 && i == 0 ? 4 : type->size == 2 ? 1 : 256);
  }
}

static bool same(const Type *type, const void *a, const void *b);

static bool same_array(SAFEARRAY *a, SAFEARRAY *b) {
  size_t count = 1;
  VARTYPE vt;
  if (!a || !b)
    return a == b;
  if (a->cDims != b->cDims || a->cbElements != b->cbElements ||
      memcmp(a->rgsabound, b->rgsabound, a->cDims * sizeof *a->rgsabound) != 0)
    return false;
  for (USHORT i = 0; i < a->cDims; i++)
    count *= a->rgsabound[i].cElements;
  SafeArrayGetVartype(a, &vt);
  for (size_t i = 0; i < count; i++)
    if (!same(type_of_vartype(vt), (char *)a->pvData + i * a->cbElements, (char *)b->pvData + i * b->cbElements))
      return false;
  return true;
}

static bool same_variant(const VARIANT *a, const VARIANT *b) {
  if (V_VT(a) != V_VT(b))
    return false;
  if (V_VT(a) & VT_ARRAY)
    return same_array(V_ARRAY(a), V_ARRAY(b));
  if (V_VT(a) == VT_DECIMAL)
    return V_DECIMAL(a).Lo64 == V_DECIMAL(b).Lo64;
  return same(type_of_vartype(V_VT(a)), &a->llVal, &b->llVal);
}

static bool same_text(const void *a, const void *b, size_t unit) {
  size_t length = 0;
  static const char zero[2];
  if (!a || !b)
    return a == b;
  while (memcmp((const char *)a + length * unit, zero, unit) != 0)
    length++;
  return memcmp(a, b, (length + 1) * unit) == 0;
}

static bool same_elements(const Type *type, const void *a, const void *b, uint32_t count) {
  if (!a || !b)
    return a == b;
  for (uint32_t i = 0; i < count; i++)
    if (!same(type, (const char *)a + i * type->size, (const char *)b + i * type->size))
      return false;
  return true;
}

static bool same_record(const Type *type, const unsigned char *a, const unsigned char *b) {
  for (uint32_t i = 0; i < type->count; i++) {
    const Type *field = type->fields[i].type;
    const unsigned char *one = a + type->fields[i].offset, *other = b + type->fields[i].offset;
    uint32_t count = 0;
    bool equal = true;
    if (!field->extent)
      equal = same(field, one, other);
    else if (field->extent->tag)
      equal = same(type_union_member(field, type, a)->type, one, other);
    else if (field->extent->string)
      equal = same_text(load(one), load(other), field->target->size);
    else if (type_field_count(type, a, field->extent->size, &count))
      equal = same_elements(field->target, load(one), load(other), count);
    if (!equal)
      return false;
  }
  return true;
}

static bool same(const Type *type, const void *a, const void *b) {
  type = type_resolve(type);
  if (type->kind == TYPE_RECORD)
    return same_record(type, a, b);
  if (type->kind == TYPE_ARRAY)
    return same_elements(type->target, a, b, type->count);
  if (type->owner == OWNS_VARIANT) {
    VARIANT one, other;
    memcpy(&one, a, sizeof one);
    memcpy(&other, b, sizeof other);
    return same_variant(&one, &other);
  }
  if (type->kind == TYPE_POINTER)
    return same_elements(type->target, load(a), load(b), 1);
  if (type->kind == TYPE_SAFEARRAY)
    return same_array(load(a), load(b));
  if (type->vt == VT_LPWSTR || type->vt == VT_LPSTR)
    return same_text(load(a), load(b), type->vt == VT_LPSTR ? 1 : 2);
  if (type->vt == VT_BSTR) {
    BSTR one = load(a), other = load(b);
    return !one == !other && SysStringByteLen(one) == SysStringByteLen(other) &&
           (!one || memcmp(one, other, SysStringByteLen(one)) == 0);
  }
  return memcmp(a, b, type->size) == 0;
}

/* Calls */

/* What one side has for a parameter. */
typedef struct Given {
  union {
    max_align_t aligned;
    unsigned char bytes[4096];
  } argument;           /* as declared */
  unsigned char *place; /* the value, or what the argument points to */
  uint32_t count;       /* elements there */
  uint32_t inner;       /* behind the pointers there; 0: not counted */
} Given;

static struct Round {
  const Signature *signature;
  Given caller[2 * MOST_PARAMETERS], callee[2 * MOST_PARAMETERS]; /* what is given, and what is given back */
  unsigned count, failures;
} round_;

static bool is_direct(const Parameter *parameter) {
  return type_resolve(parameter->type)->kind != TYPE_POINTER;
}

static bool is_string(const Parameter *parameter) {
  const Type *type = type_resolve(parameter->type);
  return type->extent && type->extent->string;
}

static const Type *target_of(const Parameter *parameter) {
  return is_direct(parameter) ? type_resolve(parameter->type) : type_resolve(type_resolve(parameter->type)->target);
}

/* Counts stand in front of what they count: the value is a small number. */
static uint32_t count_of(unsigned k, bool inner) {
  const Type *type = type_resolve(round_.signature->parameters[k].type);
  if (inner && type->kind == TYPE_POINTER)
    type = type_resolve(type->target);
  if (type->kind != TYPE_POINTER || !type->extent || !type->extent->size.name)
    return inner ? 0 : 1;
  uint32_t count;
  memcpy(&count, round_.caller[type->extent->size.name - 1].argument.bytes, sizeof count);
  return count;
}

static void fill_inner(const Type *pointer, unsigned char *place, uint32_t inner) {
  unsigned char *elements = CoTaskMemAlloc(inner * pointer->target->size + 1);
  memset(elements, 0, inner * pointer->target->size + 1);
  for (uint32_t i = 0; i < inner; i++)
    fill(pointer->target, elements + i * pointer->target->size, 2);
  store(place, elements);
}

static bool has_inner(unsigned k) {
  const Type *target = target_of(&round_.signature->parameters[k]);
  return !is_direct(&round_.signature->parameters[k]) && target->kind == TYPE_POINTER && target->extent &&
         target->extent->size.name;
}

static void fill_place(unsigned k, unsigned char *place, uint32_t count, uint32_t inner) {
  const Type *target = target_of(&round_.signature->parameters[k]);
  for (uint32_t i = 0; i < count; i++) {
    if (!has_inner(k))
      fill(target, place + i * target->size, 1);
    else if (pick(4))
      fill_inner(target, place, inner);
  }
}

static void clear_place(unsigned k, unsigned char *place, uint32_t count, uint32_t inner) {
  const Type *target = target_of(&round_.signature->parameters[k]);
  for (uint32_t i = 0; place && i < count; i++) {
    if (has_inner(k)) {
      unsigned char *elements = load(place);
      for (uint32_t e = 0; elements && e < inner; e++)
        type_clear(target->target, elements + e * target->target->size);
      CoTaskMemFree(elements);
      store(place, NULL);
    } else {
      type_clear(target, place + i * target->size);
    }
  }
}

static bool same_place(unsigned k, const unsigned char *a, const unsigned char *b, uint32_t count, uint32_t inner) {
  const Type *target = target_of(&round_.signature->parameters[k]);
  if (!a || !b)
    return a == b;
  return has_inner(k) ? same_elements(target->target, load(a), load(b), inner) : same_elements(target, a, b, count);
}

static void copy_place(unsigned k, unsigned char *to, const unsigned char *from, uint32_t count, uint32_t inner) {
  const Type *target = target_of(&round_.signature->parameters[k]);
  if (has_inner(k)) {
    const unsigned char *elements = load(from);
    unsigned char *copy = elements ? CoTaskMemAlloc(inner * target->target->size + 1) : NULL;
    for (uint32_t i = 0; copy && i < inner; i++)
      type_copy(target->target, copy + i * target->target->size, elements + i * target->target->size);
    store(to, copy);
    return;
  }
  for (uint32_t i = 0; i < count; i++)
    type_copy(target, to + i * target->size, from + i * target->size);
}

static void give(unsigned k) {
  const Parameter *parameter = &round_.signature->parameters[k];
  const Type *target = target_of(parameter);
  Given *given = &round_.caller[k];
  memset(given, 0, sizeof *given);
  given->count = count_of(k, false);
  given->inner = count_of(k, true);
  if (is_direct(parameter)) {
    given->place = given->argument.bytes;
    fill(target, given->place, 0);
    if (target->vt == VT_LPWSTR && !load(given->place)) /* a reference */
      store(given->place, task_text());
    return;
  }
  if (parameter->flags & PARAMETER_UNIQUE && pick(3) == 0)
    return;
  if (is_string(parameter)) {
    given->place = (unsigned char *)task_text();
  } else {
    given->place = calloc(given->count + 1u, target->size);
    if (parameter->flags & PARAMETER_IN)
      fill_place(k, given->place, given->count, given->inner);
  }
  store(given->argument.bytes, given->place);
}

static void check(unsigned k, bool right, const char *what) {
  if (right)
    return;
  round_.failures++;
  print_message("parameter %u: %s\n", k, what);
}

/* The method: what came is what was given; what it gives, it keeps a copy of. */
static void method(const ClosureCall *call) {
  for (unsigned k = 0; k < round_.count; k++) {
    const Parameter *parameter = &round_.signature->parameters[k];
    Given *caller = &round_.caller[k], *callee = &round_.callee[k];
    unsigned char *place = is_direct(parameter) ? call->arguments[k] : load(call->arguments[k]);
    const Type *target = target_of(parameter);
    memset(callee, 0, sizeof *callee);
    if (is_string(parameter)) {
      check(k, same_text(caller->place, place, 2), "another text arrived");
      continue;
    }
    if (parameter->flags & PARAMETER_IN)
      check(k, same_place(k, caller->place, place, caller->count, caller->inner), "another value arrived");
    if (!(parameter->flags & PARAMETER_OUT) || !place)
      continue;
    if (parameter->flags & PARAMETER_IN)
      clear_place(k, place, caller->count, caller->inner);
    memset(place, 0, (size_t)caller->count * target->size);
    fill_place(k, place, caller->count, caller->inner);
    callee->place = calloc(caller->count + 1u, target->size);
    copy_place(k, callee->place, place, caller->count, caller->inner);
  }
  *(HRESULT *)call->result = S_OK;
}

static void take_back(unsigned k) {
  const Parameter *parameter = &round_.signature->parameters[k];
  Given *caller = &round_.caller[k], *callee = &round_.callee[k];
  if (callee->place) {
    check(k, same_place(k, caller->place, callee->place, caller->count, caller->inner), "another value came back");
    clear_place(k, callee->place, caller->count, caller->inner);
    free(callee->place);
  }
  if (is_string(parameter)) {
    CoTaskMemFree(caller->place);
    return;
  }
  clear_place(k, caller->place, caller->count, caller->inner);
  if (!is_direct(parameter))
    free(caller->place);
}

/* A request that is damaged or ends too early is refused, or read as another one; a reply that ends too early changes nothing of
 * the caller's. Nothing is left over. */
static void serve_damaged(Travel *travel, const uint8_t *stub, size_t size) {
  NdrReader reader;
  NdrCall *call = (NdrCall *)__builtin_alloca_with_align(ndr_call_size(travel->method), 128);
  ndr_reader_begin(&reader, stub, size, &travel->interfaces.interfaces);
  ndr_call_begin(call, travel->method, &reader);
  ndr_call_end(call);
}

static void disturb_request(Travel *travel, uint8_t *stub, size_t size) {
  for (int i = 0; i < 8 && size; i++) {
    unsigned at = pick((unsigned)size), value = stub[at];
    stub[at] = (uint8_t)(i % 2 ? pick(256) : value ^ (1u << pick(8)));
    serve_damaged(travel, stub, size);
    stub[at] = (uint8_t)value;
    serve_damaged(travel, stub, pick((unsigned)size));
  }
}

static void disturb(Travel *travel, uint8_t *stub, size_t size, void *const *arguments) {
  uint64_t kept = seed;
  HRESULT result;
  travel->interfaces.again = true;
  if (!arguments)
    disturb_request(travel, stub, size);
  for (int i = 0; i < 3 && arguments; i++) {
    NdrReader reader;
    ndr_reader_begin(&reader, stub, pick((unsigned)size), &travel->interfaces.interfaces);
    assert_int_equal(ndr_get_reply(travel->method, &reader, arguments, &result), (HRESULT)0x800706F7);
    for (unsigned k = 0; k < round_.count; k++) {
      const Parameter *parameter = &round_.signature->parameters[k];
      if ((parameter->flags & (PARAMETER_IN | PARAMETER_OUT)) == PARAMETER_OUT)
        for (size_t b = 0; b < round_.caller[k].count * (size_t)target_of(parameter)->size; b++)
          check(k, !round_.caller[k].place[b], "an output is left");
    }
  }
  travel->interfaces.again = false;
  seed = kept;
}

/* A signature out of a seed, an object that has it, and arguments for it. */
typedef struct Setting {
  char text[TEXT_SIZE];
  Travel travel;
  const VtableTemplate *vtable;
  const void *object;
  void *arguments[2 * MOST_PARAMETERS];
} Setting;

static void set(Setting *setting, uint64_t number, ClosureHandler handler) {
  seed = number * 0x9E3779B97F4A7C15u + 1;
  write_signature(setting->text);
  setting->travel = travel_begin(setting->text, &names, NULL);
  round_.signature = ndr_method_signature(setting->travel.method);
  round_.count = round_.signature->count;
  round_.failures = 0;
  VtableSlot slots[4];
  for (int i = 0; i < 4; i++)
    slots[i] = (VtableSlot){ NULL, round_.signature };
  assert_int_equal(vtable_template_create(slots, 4, handler, NULL, NULL, &setting->vtable), S_OK);
  setting->object = vtable_template_vtable(setting->vtable);
  setting->travel.object = &setting->object;
  for (int i = 0; i < 2; i++) {
    objects[i] = counted_new();
    setting->travel.interfaces.known[i] = &objects[i];
  }
  for (unsigned k = 0; k < round_.count; k++) {
    give(k);
    setting->arguments[k] = round_.caller[k].argument.bytes;
  }
}

static void unset(Setting *setting, uint64_t number, HRESULT hr, HRESULT result) {
  const Travel *travel = &setting->travel;
  for (unsigned k = 0; k < round_.count; k++)
    take_back(k);
  if (FAILED(hr) || result != S_OK || round_.failures || objects[0].references != 1 || objects[1].references != 1 ||
      travel->interfaces.under_way) {
    print_message("round %u, %08x (%08x %08x %08x %08x), references %d %d\n  %s\n", (unsigned)number, (unsigned)hr,
                  (unsigned)travel->failed_in[0], (unsigned)travel->failed_in[1], (unsigned)travel->failed_in[2],
                  (unsigned)travel->failed_in[3], objects[0].references, objects[1].references, setting->text);
    fail();
  }
  vtable_template_destroy(setting->vtable);
  travel_end(&setting->travel);
}

static void run(uint64_t number) {
  Setting setting;
  HRESULT result = E_UNEXPECTED;
  set(&setting, number, method);
  setting.travel.disturb = disturb;
  HRESULT hr = travel_call(&setting.travel, setting.arguments, &result);
  unset(&setting, number, hr, result);
}

/* A method that changes nothing: each allocation of a call to it fails once, and the caller's values stay what they are. */
static void quiet_method(const ClosureCall *call) {
  *(HRESULT *)call->result = S_OK;
}

static int call_without_memory(void *context) {
  Setting *setting = context;
  TestInterfaces *interfaces = &setting->travel.interfaces;
  LONG before[] = { objects[0].references, objects[1].references };
  HRESULT result = S_OK, hr = travel_call(&setting->travel, setting->arguments, &result);
  LONG lost = objects[0].references - before[0] + objects[1].references - before[1];
  if (lost != interfaces->under_way || (hr == S_OK && lost))
    return 2;
  for (int i = 0; i < 2; i++) /* what was sent and not read runs down where it is exported */
    objects[i].references = before[i];
  interfaces->under_way = 0;
  return (hr == S_OK || hr == E_OUTOFMEMORY) && result == S_OK ? 0 : 1;
}

static void test_memory(void **state) {
  (void)state;
  for (uint64_t i = 1; i <= 150; i++) {
    Setting setting;
    set(&setting, i, quiet_method);
    memset(round_.callee, 0, sizeof round_.callee);
    faults_each(call_without_memory, &setting);
    unset(&setting, i, S_OK, S_OK);
  }
}

static void test_random(void **state) {
  (void)state;
  const char *first = getenv("OLEANDER_NDR_SEED"), *rounds = getenv("OLEANDER_NDR_ROUNDS");
  uint64_t begin = first ? strtoull(first, NULL, 10) : 1, count = rounds ? strtoull(rounds, NULL, 10) : ROUNDS;
  for (uint64_t i = 0; i < count; i++)
    run(begin + i);
}

int main(void) {
  const struct CMUnitTest tests[] = { cmocka_unit_test(test_random), cmocka_unit_test(test_memory) };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
