/* Builds signatures from lines of text, for standard interfaces that no type library describes:
 *
 *     line      = ["[" kind {"," kind} "]"] [type] name "(" [parameter {"," parameter}] ")"
 *     kind      = "propget" | "propput" | "propputref" | "vararg" | "id" "(" number ")"
 *     parameter = ["[" attribute {"," attribute} "]"] type [name ["[" number "]"]]
 *     attribute = word ["(" [count] {"," [count]} ")"] | "defaultvalue" "(" (integer | real | text in quotes) ")"
 *                 a member of a union: "case" "(" number {"," number} ")" | "default"
 *     count     = ["*"] name [("+" | "-" | "*" | "/") number]     one for each pointer, from the outermost on
 *     type      = (base | "enum" | "safearray" "(" type ")" | interface | record) {"*"}
 *     fields    = ["pack" number] ["union"] parameter {"," parameter}
 *
 * An interface's name stands for the interface itself, so `IStream*` is its pointer. */
#include "dispatch/types/signature_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LENGTH = 64, COUNTED_LEVELS = 3, MOST_CASES = 32 };

typedef struct Word {
  const char *start;
  size_t length;
} Word;

/* A count as written. */
typedef struct WrittenCount {
  Word name;
  TypeCount count;
} WrittenCount;

/* A parameter or a field as written: names of others are resolved when all are known. */
typedef struct WrittenParameter {
  const Type *type;
  unsigned flags;
  Word name, iid_is, switch_is;
  bool owns_tag; /* [switch]: nobody else has a use for the tag */
  const FieldCases *cases;
  WrittenCount size_is[COUNTED_LEVELS], length_is[COUNTED_LEVELS]; /* of the pointers, from the outermost on */
  Word default_value;
} WrittenParameter;

typedef struct Parser {
  const char *at;
  TypeSet *set;
  const SignatureNames *names;
  HRESULT error; /* sticky */
  unsigned depth;
} Parser;

static void fail(Parser *parser, HRESULT hr) {
  if (SUCCEEDED(parser->error))
    parser->error = hr;
}

static void skip_space(Parser *parser) {
  while (isspace((unsigned char)*parser->at))
    parser->at++;
}

static bool accept(Parser *parser, char c) {
  skip_space(parser);
  if (FAILED(parser->error) || *parser->at != c)
    return false;
  parser->at++;
  return true;
}

static void expect(Parser *parser, char c) {
  if (!accept(parser, c))
    fail(parser, E_INVALIDARG);
}

static Word read_word(Parser *parser) {
  skip_space(parser);
  Word word = { parser->at, 0 };
  while (isalnum((unsigned char)word.start[word.length]) || word.start[word.length] == '_')
    word.length++;
  parser->at += word.length;
  return word;
}

static bool word_is(Word word, const char *text) {
  return strlen(text) == word.length && strncmp(word.start, text, word.length) == 0;
}

static const OLECHAR *word_text(Parser *parser, Word word) {
  OLECHAR text[NAME_LENGTH];
  if (word.length >= NAME_LENGTH)
    word.length = NAME_LENGTH - 1;
  for (size_t i = 0; i < word.length; i++)
    text[i] = (OLECHAR)(unsigned char)word.start[i];
  const OLECHAR *copy = type_set_text(parser->set, text, word.length);
  if (!copy)
    fail(parser, E_OUTOFMEMORY);
  return copy;
}

/* How many parts a list has at most: the size of what is allocated before it is parsed. */
static unsigned count_commas(const char *text) {
  unsigned count = 1;
  for (; *text; text++)
    count += *text == ',';
  return count;
}

/* Types */

static const Type *parse_type(Parser *parser);

/* The node that a constructor made, unless it failed. By address: the constructor runs in the same argument list. */
static const Type *check(Parser *parser, HRESULT hr, const Type *const *type) {
  if (FAILED(hr))
    fail(parser, hr);
  return FAILED(hr) ? NULL : *type;
}

static const Type *parse_array(Parser *parser, const Type *element) {
  const Type *type = NULL;
  char *end;
  unsigned long count = strtoul(parser->at, &end, 10);
  parser->at = end;
  expect(parser, ']');
  if (FAILED(parser->error) || count > TYPE_SIZE_LIMIT)
    return check(parser, E_INVALIDARG, NULL);
  SAFEARRAYBOUND bound = { (ULONG)count, 0 };
  return check(parser, type_new_array(parser->set, element, &bound, 1, &type), &type);
}

/* "pack1", "pack2" or "pack4" in front of the fields. */
static uint32_t parse_packing(Parser *parser) {
  const char *start = parser->at;
  Word word = read_word(parser);
  if (word.length == 5 && strncmp(word.start, "pack", 4) == 0 && strchr("124", word.start[4]))
    return (uint32_t)(word.start[4] - '0');
  parser->at = start;
  return 0;
}

static void parse_parameter(Parser *parser, WrittenParameter *written);
static void keep_extents(Parser *parser, const WrittenParameter *all, unsigned count, unsigned k);

/* Fields are written as parameters are. Their number; 0 after an error. */
static uint32_t parse_fields(Parser *parser, WrittenParameter *all, uint32_t limit, Field *fields) {
  uint32_t count = 0;
  while (count < limit && SUCCEEDED(parser->error)) {
    parse_parameter(parser, &all[count++]);
    if (!accept(parser, ','))
      break;
  }
  skip_space(parser);
  if (*parser->at)
    fail(parser, E_INVALIDARG);
  for (uint32_t i = 0; i < count && SUCCEEDED(parser->error); i++) {
    keep_extents(parser, all, count, i);
    fields[i].type = all[i].type;
    fields[i].name = word_text(parser, all[i].name);
    fields[i].memid = (MEMBERID)i;
    fields[i].cases = all[i].cases;
  }
  return SUCCEEDED(parser->error) ? count : 0;
}

static const Type *parse_record(Parser *parser, Word name, const char *fields_text) {
  uint32_t limit = count_commas(fields_text);
  Field *fields = type_set_allocate(parser->set, limit * sizeof *fields);
  WrittenParameter *all = calloc(limit, sizeof *all);
  if (!fields || !all) {
    free(all);
    return check(parser, E_OUTOFMEMORY, NULL);
  }
  Parser inner = { .at = fields_text, .set = parser->set, .names = parser->names, .depth = parser->depth + 1 };
  uint32_t pack = parse_packing(&inner);
  const char *first = inner.at;
  bool is_union = word_is(read_word(&inner), "union");
  if (!is_union)
    inner.at = first;
  uint32_t count = parse_fields(&inner, all, limit, fields);
  free(all);
  Type *type = type_set_node(parser->set, is_union ? TYPE_UNION : TYPE_RECORD, VT_RECORD);
  if (!type)
    fail(&inner, E_OUTOFMEMORY);
  if (FAILED(inner.error))
    return check(parser, inner.error, NULL);
  type->name = word_text(parser, name);
  HRESULT hr = type_lay_out(type, fields, count, pack);
  if (FAILED(hr))
    fail(parser, hr);
  return FAILED(hr) ? NULL : type;
}

/* A plain enumeration: 32 bits here, 16 in NDR. (One with [v1_enum] is an i4.) */
static const Type *make_enum(Parser *parser) {
  Type *type = type_set_node(parser->set, TYPE_ENUM, VT_I4);
  if (!type)
    return check(parser, E_OUTOFMEMORY, NULL);
  type_take_layout(type, type_of_vartype(VT_I4));
  type->wire_size = type->wire_alignment = sizeof(uint16_t);
  type->wire_flags = 0;
  type->name = word_text(parser, (Word){ "enum", sizeof "enum" - 1 });
  return type;
}

static const Type *parse_named(Parser *parser, Word name) {
  const Type *type = NULL;
  const SignatureNames *names = parser->names;
  for (unsigned i = 0; names && names->interfaces && names->interfaces[i].name; i++) {
    if (!word_is(name, names->interfaces[i].name))
      continue;
    expect(parser, '*');
    return check(parser, type_new_interface(parser->set, names->interfaces[i].iid, word_text(parser, name), 0, &type),
                 &type);
  }
  for (unsigned i = 0; names && names->records && names->records[i].name; i++)
    if (word_is(name, names->records[i].name))
      return parse_record(parser, name, names->records[i].fields);
  if (word_is(name, "IUnknown") || word_is(name, "IDispatch")) {
    expect(parser, '*');
    return check(parser, type_new_base(parser->set, word_is(name, "IDispatch") ? VT_DISPATCH : VT_UNKNOWN, &type),
                 &type);
  }
  if (word_is(name, "enum"))
    return make_enum(parser);
  const BaseType *base = word_is(name, "guid") ? base_type(VT_CLSID) : base_type_named(name.start, name.length);
  return base ? check(parser, type_new_base(parser->set, base->vt, &type), &type) : check(parser, E_INVALIDARG, NULL);
}

static const Type *parse_type(Parser *parser) {
  const Type *type = NULL;
  if (parser->depth++ > TYPE_DEPTH_LIMIT)
    fail(parser, E_INVALIDARG);
  Word name = read_word(parser);
  if (FAILED(parser->error))
    return NULL;
  if (word_is(name, "safearray") && accept(parser, '(')) {
    const Type *element = parse_type(parser);
    expect(parser, ')');
    if (element)
      type = check(parser, type_new_safearray(parser->set, element, &type), &type);
  } else {
    type = parse_named(parser, name);
  }
  while (type && accept(parser, '*'))
    type = check(parser, type_new_pointer(parser->set, type, &type), &type);
  parser->depth--;
  return type;
}

/* Parameters */

typedef enum AttributeArgument {
  ARGUMENT_NONE,
  ARGUMENT_SIZE,
  ARGUMENT_MOST,
  ARGUMENT_LENGTH,
  ARGUMENT_IID,
  ARGUMENT_TAG,
  ARGUMENT_OWN_TAG,
  ARGUMENT_CASES,
  ARGUMENT_OTHERWISE
} AttributeArgument;

typedef struct AttributeName {
  const char *name;
  unsigned flag;
  AttributeArgument argument;
} AttributeName;

static const AttributeName attribute_names[] = {
  { "in", PARAMETER_IN, ARGUMENT_NONE },
  { "out", PARAMETER_OUT, ARGUMENT_NONE },
  { "retval", PARAMETER_RETVAL, ARGUMENT_NONE },
  { "lcid", PARAMETER_LCID, ARGUMENT_NONE },
  { "optional", PARAMETER_OPTIONAL, ARGUMENT_NONE },
  { "string", PARAMETER_STRING, ARGUMENT_NONE },
  { "unique", PARAMETER_UNIQUE, ARGUMENT_NONE },
  { "ptr", PARAMETER_UNIQUE, ARGUMENT_NONE },
  { "ref", 0, ARGUMENT_NONE },
  { "size_is", 0, ARGUMENT_SIZE },
  { "max_is", 0, ARGUMENT_MOST },
  { "length_is", 0, ARGUMENT_LENGTH },
  { "iid_is", 0, ARGUMENT_IID },
  { "switch_is", 0, ARGUMENT_TAG },
  { "switch", 0, ARGUMENT_OWN_TAG },
  { "case", 0, ARGUMENT_CASES },
  { "default", 0, ARGUMENT_OTHERWISE },
};

static long parse_number(Parser *parser) {
  char *end;
  expect(parser, '(');
  long number = strtol(parser->at, &end, 0);
  parser->at = end;
  expect(parser, ')');
  return number;
}

/* A number, or a text in quotes, as it is written. */
static Word parse_default(Parser *parser) {
  expect(parser, '(');
  skip_space(parser);
  Word word = { parser->at, 0 };
  size_t length = *parser->at == '"' ? 1 + strcspn(parser->at + 1, "\"") + 1 : strcspn(parser->at, "),");
  word.length = strnlen(word.start, length);
  parser->at += word.length;
  while (word.length && isspace((unsigned char)word.start[word.length - 1]))
    word.length--;
  if (!word.length)
    fail(parser, E_INVALIDARG);
  expect(parser, ')');
  return word;
}

static HRESULT default_text(Word word, VARIANT *value) {
  if (word.length < 2 || word.start[word.length - 1] != '"')
    return E_INVALIDARG;
  V_BSTR(value) = SysAllocStringLen(NULL, (UINT)word.length - 2);
  if (!V_BSTR(value))
    return E_OUTOFMEMORY;
  for (size_t i = 0; i < word.length - 2; i++)
    V_BSTR(value)[i] = (OLECHAR)(unsigned char)word.start[i + 1];
  V_VT(value) = VT_BSTR;
  return S_OK;
}

/* An integer is an I4 where it fits, else an I8; a number with a point is an R8. */
static HRESULT default_value(Word word, VARIANT *value) {
  char *end;
  if (*word.start == '"')
    return default_text(word, value);
  long long whole = strtoll(word.start, &end, 0);
  if (*end == '.' || *end == 'e' || *end == 'E') {
    V_R8(value) = strtod(word.start, &end);
    V_VT(value) = VT_R8;
  } else if (whole == (LONG)whole) {
    V_I4(value) = (LONG)whole;
    V_VT(value) = VT_I4;
  } else {
    V_I8(value) = whole;
    V_VT(value) = VT_I8;
  }
  return word.length && end == word.start + word.length ? S_OK : E_INVALIDARG;
}

/* What stands behind a name in a count. */
static void parse_operator(Parser *parser, TypeCount *count) {
  char *end, sign = *parser->at;
  if (!sign || !strchr("+-*/", sign))
    return;
  long number = strtol(++parser->at, &end, 10);
  bool fits = end != parser->at && number > 0 && number <= UINT8_MAX;
  parser->at = end;
  if (!fits)
    fail(parser, E_INVALIDARG);
  else if (sign == '*')
    count->multiply = (uint8_t)number;
  else if (sign == '/')
    count->divide = (uint8_t)number;
  else
    count->add = (int16_t)(sign == '+' ? number : -number);
  skip_space(parser);
}

/* Counts of pointers, from the outermost on; a place between commas may be empty. */
static void parse_counts(Parser *parser, WrittenCount counts[COUNTED_LEVELS], int16_t more) {
  unsigned level = 0;
  expect(parser, '(');
  do {
    if (level == COUNTED_LEVELS) {
      fail(parser, E_INVALIDARG);
      return;
    }
    WrittenCount *written = &counts[level++];
    accept(parser, '*'); /* behind a pointer: which its type says, too */
    written->name = read_word(parser);
    skip_space(parser);
    if (written->name.length)
      parse_operator(parser, &written->count);
    written->count.add = (int16_t)(written->count.add + more);
  } while (accept(parser, ','));
  expect(parser, ')');
}

static Word parse_name(Parser *parser) {
  expect(parser, '(');
  accept(parser, '*');
  Word name = read_word(parser);
  expect(parser, ')');
  return name;
}

/* "(1, 2)"; `otherwise` has no numbers. */
static const FieldCases *parse_cases(Parser *parser, bool otherwise) {
  FieldCases *cases = type_set_allocate(parser->set, sizeof *cases + MOST_CASES * sizeof cases->values[0]);
  if (!cases) {
    fail(parser, E_OUTOFMEMORY);
    return NULL;
  }
  cases->otherwise = otherwise;
  if (otherwise)
    return cases;
  expect(parser, '(');
  do {
    char *end;
    skip_space(parser);
    long number = strtol(parser->at, &end, 0);
    if (end == parser->at || cases->count == MOST_CASES || number != (int32_t)number)
      fail(parser, E_INVALIDARG);
    else
      cases->values[cases->count++] = (int32_t)number;
    parser->at = end;
  } while (accept(parser, ','));
  expect(parser, ')');
  return cases;
}

static void parse_argument(Parser *parser, AttributeArgument argument, WrittenParameter *written) {
  switch (argument) {
  case ARGUMENT_SIZE:
  case ARGUMENT_MOST:
    parse_counts(parser, written->size_is, argument == ARGUMENT_MOST);
    break;
  case ARGUMENT_LENGTH:
    parse_counts(parser, written->length_is, 0);
    break;
  case ARGUMENT_IID:
    written->iid_is = parse_name(parser);
    break;
  case ARGUMENT_TAG:
  case ARGUMENT_OWN_TAG:
    written->switch_is = parse_name(parser);
    written->owns_tag = argument == ARGUMENT_OWN_TAG;
    break;
  case ARGUMENT_CASES:
  case ARGUMENT_OTHERWISE:
    written->cases = parse_cases(parser, argument == ARGUMENT_OTHERWISE);
    break;
  default:
    break;
  }
  if (written->size_is[0].name.length || written->length_is[0].name.length)
    written->flags |= PARAMETER_BUFFER;
}

static void parse_attribute(Parser *parser, WrittenParameter *written) {
  Word name = read_word(parser);
  if (word_is(name, "defaultvalue")) {
    written->default_value = parse_default(parser);
    return;
  }
  for (size_t i = 0; i < sizeof attribute_names / sizeof attribute_names[0]; i++) {
    const AttributeName *attribute = &attribute_names[i];
    if (!word_is(name, attribute->name))
      continue;
    written->flags |= attribute->flag;
    parse_argument(parser, attribute->argument, written);
    return;
  }
  fail(parser, E_INVALIDARG);
}

static void parse_parameter(Parser *parser, WrittenParameter *written) {
  if (accept(parser, '[')) {
    do
      parse_attribute(parser, written);
    while (accept(parser, ','));
    expect(parser, ']');
  }
  written->type = parse_type(parser);
  skip_space(parser);
  written->name = read_word(parser);
  if (written->type && accept(parser, '['))
    written->type = parse_array(parser, written->type);
}

static int16_t find_written(Parser *parser, const WrittenParameter *all, unsigned count, Word name) {
  if (!name.length)
    return -1;
  for (unsigned k = 0; k < count; k++)
    if (all[k].name.length == name.length && strncmp(all[k].name.start, name.start, name.length) == 0)
      return (int16_t)k;
  fail(parser, E_INVALIDARG);
  return -1;
}

static uint16_t name_of(Parser *parser, const WrittenParameter *all, unsigned count, Word name) {
  return (uint16_t)(find_written(parser, all, count, name) + 1);
}

/* The extent of a node, made on first need. */
static TypeExtent *extent_of(Parser *parser, const Type *type) {
  if (!type->extent)
    ((Type *)(uintptr_t)type)->extent = type_set_allocate(parser->set, sizeof *type->extent);
  if (!type->extent)
    fail(parser, E_OUTOFMEMORY);
  return (TypeExtent *)(uintptr_t)type->extent;
}

static TypeCount resolved(Parser *parser, const WrittenParameter *all, unsigned count, const WrittenCount *written) {
  TypeCount result = written->count;
  result.name = name_of(parser, all, count, written->name);
  return result;
}

static void keep_pointer_extent(Parser *parser, const WrittenParameter *all, unsigned count, unsigned k,
                                const Type *pointer, unsigned level) {
  const WrittenCount *size = &all[k].size_is[level], *length = &all[k].length_is[level];
  const Type *target = type_resolve(pointer->target);
  bool string = all[k].flags & PARAMETER_STRING && target->kind == TYPE_BASE && target->size && target->size <= 2 &&
                target->value_class <= VALUE_UNSIGNED;
  if (!size->name.length && !length->name.length && !string)
    return;
  TypeExtent *extent = extent_of(parser, pointer);
  if (!extent)
    return;
  extent->size = resolved(parser, all, count, size);
  extent->length = resolved(parser, all, count, length);
  extent->string = string;
}

/* A union whose member is known owns what that owns, and what its pointers lead to can travel. */
static void keep_tag(Parser *parser, const WrittenParameter *all, unsigned count, unsigned k, const Type *given) {
  Type *type = (Type *)(uintptr_t)given;
  TypeExtent *extent = extent_of(parser, type);
  if (!extent)
    return;
  extent->tag = name_of(parser, all, count, all[k].switch_is);
  extent->owns_tag = all[k].owns_tag;
  type->wire_flags = WIRE_BEHIND;
  for (uint32_t i = 0; i < type->count; i++)
    if (type->fields[i].type->owner != OWNS_NOTHING)
      type->owner = OWNS_FIELDS;
}

/* What the attributes say about the pointers of a type: its nodes were made for this parameter or field alone. */
static void keep_extents(Parser *parser, const WrittenParameter *all, unsigned count, unsigned k) {
  const Type *type = all[k].type ? type_resolve(all[k].type) : NULL;
  for (unsigned level = 0; type && type->kind == TYPE_POINTER && level < COUNTED_LEVELS;
       level++, type = type_resolve(type->target))
    keep_pointer_extent(parser, all, count, k, type, level);
  const Type *value = type;
  while (value && (value->kind == TYPE_POINTER || value->kind == TYPE_ARRAY))
    value = type_resolve(value->target);
  if (value && value->kind == TYPE_UNION && all[k].switch_is.length)
    keep_tag(parser, all, count, k, value);
  if (type && type->kind == TYPE_ARRAY && all[k].flags & PARAMETER_STRING) {
    TypeExtent *extent = extent_of(parser, type);
    if (extent)
      extent->string = true;
  }
  if (!type || type->kind != TYPE_INTERFACE || !all[k].iid_is.length)
    return;
  TypeExtent *extent = extent_of(parser, type);
  if (extent)
    extent->iid = name_of(parser, all, count, all[k].iid_is);
}

/* The first count that is given, on whatever level. */
static int16_t first_count(Parser *parser, const WrittenParameter *all, unsigned count, const WrittenCount *counts) {
  for (unsigned level = 0; level < COUNTED_LEVELS; level++)
    if (counts[level].name.length)
      return find_written(parser, all, count, counts[level].name);
  return -1;
}

static void keep_parameter(Parser *parser, Parameter *parameter, const WrittenParameter *all, unsigned count,
                           unsigned k) {
  const WrittenParameter *written = &all[k];
  parameter->type = written->type;
  parameter->flags = (uint16_t)written->flags;
  keep_extents(parser, all, count, k);
  parameter->size_is = first_count(parser, all, count, written->size_is);
  parameter->length_is = first_count(parser, all, count, written->length_is);
  parameter->iid_is = find_written(parser, all, count, written->iid_is);
  if (written->name.length)
    parameter->name = word_text(parser, written->name);
  if (!written->default_value.length)
    return;
  VARIANT *value = type_set_allocate(parser->set, sizeof *value);
  if (!value) {
    fail(parser, E_OUTOFMEMORY);
    return;
  }
  HRESULT hr = default_value(written->default_value, value);
  if (FAILED(hr)) {
    fail(parser, hr);
    return;
  }
  parameter->default_value = value;
  parameter->flags |= PARAMETER_DEFAULT;
}

/* Attributes that a type library cannot hold */

enum { KEPT_NAME = 128 };

/* The parameters as if they had been written; `names` has room for each name. */
static void begin_kept(const SignatureBuilder *builder, WrittenParameter *all, char (*names)[KEPT_NAME]) {
  for (unsigned k = 0; k < builder->signature->count; k++) {
    const Parameter *parameter = &builder->parameters[k];
    all[k].type = parameter->type;
    all[k].flags = parameter->flags;
    names[k][0] = 0;
    if (parameter->name)
      name_to_utf8(parameter->name, names[k], KEPT_NAME);
    all[k].name = (Word){ names[k], strlen(names[k]) };
  }
}

/* `void **` whose interface another parameter tells: pointers to an interface. */
static const Type *told_interface(Parser *parser, const Type *type) {
  const Type *result = NULL;
  if (!type || type->kind != TYPE_POINTER)
    return type;
  if (type->target->kind == TYPE_BASE && type->target->vt == VT_VOID)
    return check(parser, type_new_interface(parser->set, &IID_IUnknown, NULL, 0, &result), &result);
  const Type *target = told_interface(parser, type->target);
  if (!target || target == type->target)
    return type;
  return check(parser, type_new_pointer(parser->set, target, &result), &result);
}

/* Text that is written into counted memory of the caller's: a pointer to characters, no string of its own. */
static const Type *counted_text(Parser *parser, WrittenParameter *written) {
  const Type *type = written->type ? type_resolve(written->type) : NULL, *unit = NULL, *result = NULL;
  if (!type || type->kind != TYPE_BASE || (type->vt != VT_LPSTR && type->vt != VT_LPWSTR) ||
      !(written->flags & PARAMETER_OUT))
    return written->type;
  written->flags |= PARAMETER_STRING;
  HRESULT hr = type_new_base(parser->set, type->vt == VT_LPSTR ? VT_I1 : VT_UI2, &unit);
  if (SUCCEEDED(hr))
    hr = type_new_pointer(parser->set, unit, &result);
  return check(parser, hr, &result);
}

/* A union's tag is a field of the record around it, or another parameter: elsewhere the same union may have another tag. */
static const Type *own_union(Parser *parser, const Type *type) {
  const Type *result = NULL;
  type = type_resolve(type);
  if (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY) {
    const Type *target = own_union(parser, type->target);
    if (!target || target == type_resolve(type->target))
      return target ? type : NULL;
    HRESULT hr = type->kind == TYPE_POINTER
                     ? type_new_pointer(parser->set, target, &result)
                     : type_new_array(parser->set, target, type->bounds, type->dimensions, &result);
    return check(parser, hr, &result);
  }
  if (type->kind != TYPE_UNION)
    return type;
  Type *copy = type_set_allocate(parser->set, sizeof *copy);
  if (!copy)
    return check(parser, E_OUTOFMEMORY, NULL);
  *copy = *type;
  copy->extent = NULL;
  return copy;
}

static void keep_entry(Parser *parser, SignatureBuilder *builder, WrittenParameter *all, unsigned count, unsigned k) {
  Parameter *parameter = &builder->parameters[k];
  if (all[k].iid_is.length)
    all[k].type = told_interface(parser, all[k].type);
  int16_t size = first_count(parser, all, count, all[k].size_is),
          length = first_count(parser, all, count, all[k].length_is);
  int16_t iid = find_written(parser, all, count, all[k].iid_is);
  if (size >= 0)
    all[k].type = counted_text(parser, &all[k]);
  if (all[k].switch_is.length && all[k].type)
    all[k].type = own_union(parser, all[k].type);
  if (FAILED(parser->error))
    return;
  keep_extents(parser, all, count, k);
  parameter->type = all[k].type;
  parameter->flags = (uint16_t)all[k].flags;
  parameter->size_is = size;
  parameter->length_is = length;
  parameter->iid_is = iid;
}

static void parse_kept(Parser *parser, SignatureBuilder *builder, WrittenParameter *all, unsigned count) {
  do {
    skip_space(parser);
    char *end;
    unsigned long k = strtoul(parser->at, &end, 10);
    if (end == parser->at || k >= count)
      return;
    parser->at = end;
    do
      parse_attribute(parser, &all[k]);
    while (accept(parser, ','));
    if (SUCCEEDED(parser->error))
      keep_entry(parser, builder, all, count, (unsigned)k);
  } while (accept(parser, ';'));
}

HRESULT signature_keep_attributes(SignatureBuilder *builder, const char *text) {
  unsigned count = builder->signature->count;
  WrittenParameter *all = calloc(count ? count : 1, sizeof *all);
  char(*names)[KEPT_NAME] = calloc(count ? count : 1, sizeof *names);
  HRESULT hr = E_OUTOFMEMORY;
  if (all && names) {
    Parser parser = { .at = text, .set = builder->set };
    begin_kept(builder, all, names);
    parse_kept(&parser, builder, all, count);
    hr = parser.error == E_OUTOFMEMORY ? E_OUTOFMEMORY : S_OK;
  }
  free(all);
  free(names);
  return hr;
}

/* Characters of four bytes, which a library calls numbers of two. */
static const Type *wide_array(Parser *parser, const WrittenParameter *written) {
  const Type *type = written->type;
  const SignatureAbi *abi = type_set_abi(parser->set);
  if (type->kind != TYPE_ARRAY || !(written->flags & PARAMETER_STRING) || !abi || abi->wchar_width != 4 ||
      type_resolve(type->target)->vt != VT_UI2)
    return type;
  return check(parser, type_new_array(parser->set, type_of_vartype(VT_UI4), type->bounds, type->dimensions, &type),
               &type);
}

HRESULT fields_keep_attributes(TypeSet *set, Field *fields, uint32_t count, char *const *texts) {
  WrittenParameter *all = calloc(count ? count : 1, sizeof *all);
  char(*names)[KEPT_NAME] = calloc(count ? count : 1, sizeof *names);
  HRESULT hr = all && names ? S_OK : E_OUTOFMEMORY;
  for (uint32_t i = 0; SUCCEEDED(hr) && i < count; i++) {
    all[i].type = fields[i].type;
    name_to_utf8(fields[i].name, names[i], KEPT_NAME);
    all[i].name = (Word){ names[i], strlen(names[i]) };
  }
  for (uint32_t i = 0; SUCCEEDED(hr) && i < count; i++) {
    if (!texts[i])
      continue;
    Parser parser = { .at = texts[i], .set = set };
    do
      parse_attribute(&parser, &all[i]);
    while (accept(&parser, ','));
    if (SUCCEEDED(parser.error)) {
      if (!type_set_abi(set) && type_resolve(all[i].type)->kind == TYPE_ARRAY) /* an array is as long as it is */
        all[i].flags &= ~(unsigned)PARAMETER_STRING;
      if (all[i].switch_is.length)
        all[i].type = own_union(&parser, all[i].type);
      if (all[i].type)
        all[i].type = wide_array(&parser, &all[i]);
      if (!all[i].type)
        continue;
      fields[i].type = all[i].type;
      keep_extents(&parser, all, count, i);
      fields[i].cases = all[i].cases;
    }
    hr = parser.error == E_OUTOFMEMORY ? E_OUTOFMEMORY : S_OK; /* what is not understood says nothing */
  }
  free(all);
  free(names);
  return hr;
}

/* Lines */

/* Attributes of the method itself. */
static void parse_kinds(Parser *parser, Signature *signature) {
  signature->invkind = INVOKE_FUNC;
  signature->memid = MEMBERID_NIL;
  if (!accept(parser, '['))
    return;
  do {
    Word kind = read_word(parser);
    if (word_is(kind, "propget"))
      signature->invkind = INVOKE_PROPERTYGET;
    else if (word_is(kind, "propput"))
      signature->invkind = INVOKE_PROPERTYPUT;
    else if (word_is(kind, "propputref"))
      signature->invkind = INVOKE_PROPERTYPUTREF;
    else if (word_is(kind, "vararg"))
      signature->flags |= SIGNATURE_VARARG;
    else if (word_is(kind, "id"))
      signature->memid = (MEMBERID)parse_number(parser);
    else
      fail(parser, E_INVALIDARG);
  } while (accept(parser, ','));
  expect(parser, ']');
}

static void parse_head(Parser *parser, const Type **result, const OLECHAR **name) {
  const char *start = parser->at;
  Word first = read_word(parser);
  skip_space(parser);
  bool has_result = *parser->at != '(' || word_is(first, "safearray");
  parser->at = start;
  if (has_result)
    *result = parse_type(parser);
  else
    fail(parser, type_new_base(parser->set, VT_HRESULT, result) == S_OK ? S_OK : E_OUTOFMEMORY);
  Word word = read_word(parser);
  if (!word.length)
    fail(parser, E_INVALIDARG);
  *name = word_text(parser, word);
}

static unsigned parse_parameters(Parser *parser, WrittenParameter *all, unsigned limit) {
  unsigned count = 0;
  expect(parser, '(');
  if (accept(parser, ')'))
    return 0;
  do {
    if (count == limit)
      fail(parser, E_INVALIDARG);
    if (FAILED(parser->error))
      return 0;
    parse_parameter(parser, &all[count++]);
  } while (accept(parser, ','));
  expect(parser, ')');
  skip_space(parser);
  if (*parser->at)
    fail(parser, E_INVALIDARG);
  return count;
}

static void finish_flags(Parser *parser, SignatureBuilder *builder) {
  bool vararg = (builder->signature->flags & SIGNATURE_VARARG) != 0;
  signature_settle_flags(builder);
  if (vararg)
    signature_mark_vararg(builder);
  if (vararg && !(builder->signature->flags & SIGNATURE_VARARG))
    fail(parser, E_INVALIDARG);
}

HRESULT signature_from_text(const char *text, uint32_t slot, const SignatureNames *names, const SignatureAbi *abi,
                            const Signature **signature) {
  SignatureBuilder builder;
  unsigned limit = count_commas(text);
  *signature = NULL;
  HRESULT hr = signature_begin(&builder, limit);
  if (FAILED(hr))
    return hr;
  WrittenParameter *all = calloc(limit, sizeof *all);
  if (!all) {
    signature_abandon(&builder);
    return E_OUTOFMEMORY;
  }
  if (abi && abi->foreign)
    type_set_use_abi(builder.set, abi);
  Parser parser = { .at = text, .set = builder.set, .names = names };
  parse_kinds(&parser, builder.signature);
  parse_head(&parser, &builder.signature->result, &builder.signature->name);
  unsigned count = parse_parameters(&parser, all, limit);
  builder.signature->count = (uint16_t)count;
  for (unsigned k = 0; k < count && SUCCEEDED(parser.error); k++)
    keep_parameter(&parser, &builder.parameters[k], all, count, k);
  free(all);
  builder.signature->slot = slot;
  if (SUCCEEDED(parser.error))
    finish_flags(&parser, &builder);
  if (abi)
    builder.signature->abi = *abi;
  hr = SUCCEEDED(parser.error) ? signature_complete(&builder) : parser.error;
  if (FAILED(hr))
    signature_abandon(&builder);
  else
    *signature = builder.signature;
  return hr;
}
