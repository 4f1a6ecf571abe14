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
#include "dispatch/types/signature_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LENGTH = 64, MOST_CASES = 32 };

void signature_text_fail(SignatureParser *parser, HRESULT hr) {
  if (SUCCEEDED(parser->error))
    parser->error = hr;
}

void signature_text_skip(SignatureParser *parser) {
  while (isspace((unsigned char)*parser->at))
    parser->at++;
}

bool signature_text_accept(SignatureParser *parser, char c) {
  signature_text_skip(parser);
  if (FAILED(parser->error) || *parser->at != c)
    return false;
  parser->at++;
  return true;
}

static void expect(SignatureParser *parser, char c) {
  if (!signature_text_accept(parser, c))
    signature_text_fail(parser, E_INVALIDARG);
}

static WrittenWord read_word(SignatureParser *parser) {
  signature_text_skip(parser);
  WrittenWord word = { parser->at, 0 };
  while (isalnum((unsigned char)word.start[word.length]) || word.start[word.length] == '_')
    word.length++;
  parser->at += word.length;
  return word;
}

static bool word_is(WrittenWord word, const char *text) {
  return strlen(text) == word.length && strncmp(word.start, text, word.length) == 0;
}

static const OLECHAR *word_text(SignatureParser *parser, WrittenWord word) {
  OLECHAR text[NAME_LENGTH];
  if (word.length >= NAME_LENGTH)
    word.length = NAME_LENGTH - 1;
  for (size_t i = 0; i < word.length; i++)
    text[i] = (OLECHAR)(unsigned char)word.start[i];
  const OLECHAR *copy = type_set_text(parser->set, text, word.length);
  if (!copy)
    signature_text_fail(parser, E_OUTOFMEMORY);
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

static const Type *parse_type(SignatureParser *parser);

/* The node that a constructor made, unless it failed. By address: the constructor runs in the same argument list. */
const Type *signature_text_check(SignatureParser *parser, HRESULT hr, const Type *const *type) {
  if (FAILED(hr))
    signature_text_fail(parser, hr);
  return FAILED(hr) ? NULL : *type;
}

static const Type *parse_array(SignatureParser *parser, const Type *element) {
  const Type *type = NULL;
  char *end;
  unsigned long count = strtoul(parser->at, &end, 10);
  parser->at = end;
  expect(parser, ']');
  if (FAILED(parser->error) || count > TYPE_SIZE_LIMIT)
    return signature_text_check(parser, E_INVALIDARG, NULL);
  SAFEARRAYBOUND bound = { (ULONG)count, 0 };
  return signature_text_check(parser, type_new_array(parser->set, element, &bound, 1, &type), &type);
}

/* "pack1", "pack2" or "pack4" in front of the fields. */
static uint32_t parse_packing(SignatureParser *parser) {
  const char *start = parser->at;
  WrittenWord word = read_word(parser);
  if (word.length == 5 && strncmp(word.start, "pack", 4) == 0 && strchr("124", word.start[4]))
    return (uint32_t)(word.start[4] - '0');
  parser->at = start;
  return 0;
}

static void parse_parameter(SignatureParser *parser, WrittenParameter *written);

/* Fields are written as parameters are. Their number; 0 after an error. */
static uint32_t parse_fields(SignatureParser *parser, WrittenParameter *all, uint32_t limit, Field *fields) {
  uint32_t count = 0;
  while (count < limit && SUCCEEDED(parser->error)) {
    parse_parameter(parser, &all[count++]);
    if (!signature_text_accept(parser, ','))
      break;
  }
  signature_text_skip(parser);
  if (*parser->at)
    signature_text_fail(parser, E_INVALIDARG);
  for (uint32_t i = 0; i < count && SUCCEEDED(parser->error); i++) {
    signature_text_extents(parser, all, count, i);
    fields[i].type = all[i].type;
    fields[i].name = word_text(parser, all[i].name);
    fields[i].memid = (MEMBERID)i;
    fields[i].cases = all[i].cases;
  }
  return SUCCEEDED(parser->error) ? count : 0;
}

static const Type *parse_record(SignatureParser *parser, WrittenWord name, const char *fields_text) {
  uint32_t limit = count_commas(fields_text);
  Field *fields = type_set_allocate(parser->set, limit * sizeof *fields);
  WrittenParameter *all = calloc(limit, sizeof *all);
  if (!fields || !all) {
    free(all);
    return signature_text_check(parser, E_OUTOFMEMORY, NULL);
  }
  SignatureParser inner = { .at = fields_text, .set = parser->set, .names = parser->names, .depth = parser->depth + 1 };
  uint32_t pack = parse_packing(&inner);
  const char *first = inner.at;
  bool is_union = word_is(read_word(&inner), "union");
  if (!is_union)
    inner.at = first;
  uint32_t count = parse_fields(&inner, all, limit, fields);
  free(all);
  Type *type = type_set_node(parser->set, is_union ? TYPE_UNION : TYPE_RECORD, VT_RECORD);
  if (!type)
    signature_text_fail(&inner, E_OUTOFMEMORY);
  if (FAILED(inner.error))
    return signature_text_check(parser, inner.error, NULL);
  type->name = word_text(parser, name);
  HRESULT hr = type_lay_out(type, fields, count, pack);
  if (FAILED(hr))
    signature_text_fail(parser, hr);
  return FAILED(hr) ? NULL : type;
}

/* A plain enumeration: 32 bits here, 16 in NDR. (One with [v1_enum] is an i4.) */
static const Type *make_enum(SignatureParser *parser) {
  Type *type = type_set_node(parser->set, TYPE_ENUM, VT_I4);
  if (!type)
    return signature_text_check(parser, E_OUTOFMEMORY, NULL);
  type_take_layout(type, type_of_vartype(VT_I4));
  type->wire_size = type->wire_alignment = sizeof(uint16_t);
  type->wire_flags = 0;
  type->name = word_text(parser, (WrittenWord){ "enum", sizeof "enum" - 1 });
  return type;
}

static const Type *parse_named(SignatureParser *parser, WrittenWord name) {
  const Type *type = NULL;
  const SignatureNames *names = parser->names;
  for (unsigned i = 0; names && names->interfaces && names->interfaces[i].name; i++) {
    if (!word_is(name, names->interfaces[i].name))
      continue;
    expect(parser, '*');
    return signature_text_check(
        parser, type_new_interface(parser->set, names->interfaces[i].iid, word_text(parser, name), 0, &type), &type);
  }
  for (unsigned i = 0; names && names->records && names->records[i].name; i++)
    if (word_is(name, names->records[i].name))
      return parse_record(parser, name, names->records[i].fields);
  if (word_is(name, "IUnknown") || word_is(name, "IDispatch")) {
    expect(parser, '*');
    return signature_text_check(
        parser, type_new_base(parser->set, word_is(name, "IDispatch") ? VT_DISPATCH : VT_UNKNOWN, &type), &type);
  }
  if (word_is(name, "enum"))
    return make_enum(parser);
  const BaseType *base = word_is(name, "guid") ? base_type(VT_CLSID) : base_type_named(name.start, name.length);
  return base ? signature_text_check(parser, type_new_base(parser->set, base->vt, &type), &type)
              : signature_text_check(parser, E_INVALIDARG, NULL);
}

static const Type *parse_type(SignatureParser *parser) {
  const Type *type = NULL;
  if (parser->depth++ > TYPE_DEPTH_LIMIT)
    signature_text_fail(parser, E_INVALIDARG);
  WrittenWord name = read_word(parser);
  if (FAILED(parser->error))
    return NULL;
  if (word_is(name, "safearray") && signature_text_accept(parser, '(')) {
    const Type *element = parse_type(parser);
    expect(parser, ')');
    if (element)
      type = signature_text_check(parser, type_new_safearray(parser->set, element, &type), &type);
  } else {
    type = parse_named(parser, name);
  }
  while (type && signature_text_accept(parser, '*'))
    type = signature_text_check(parser, type_new_pointer(parser->set, type, &type), &type);
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

static long parse_number(SignatureParser *parser) {
  char *end;
  expect(parser, '(');
  long number = strtol(parser->at, &end, 0);
  parser->at = end;
  expect(parser, ')');
  return number;
}

/* A number, or a text in quotes, as it is written. */
static WrittenWord parse_default(SignatureParser *parser) {
  expect(parser, '(');
  signature_text_skip(parser);
  WrittenWord word = { parser->at, 0 };
  size_t length = *parser->at == '"' ? 1 + strcspn(parser->at + 1, "\"") + 1 : strcspn(parser->at, "),");
  word.length = strnlen(word.start, length);
  parser->at += word.length;
  while (word.length && isspace((unsigned char)word.start[word.length - 1]))
    word.length--;
  if (!word.length)
    signature_text_fail(parser, E_INVALIDARG);
  expect(parser, ')');
  return word;
}

static HRESULT default_text(WrittenWord word, VARIANT *value) {
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
static HRESULT default_value(WrittenWord word, VARIANT *value) {
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
static void parse_operator(SignatureParser *parser, TypeCount *count) {
  char *end, sign = *parser->at;
  if (!sign || !strchr("+-*/", sign))
    return;
  long number = strtol(++parser->at, &end, 10);
  bool fits = end != parser->at && number > 0 && number <= UINT8_MAX;
  parser->at = end;
  if (!fits)
    signature_text_fail(parser, E_INVALIDARG);
  else if (sign == '*')
    count->multiply = (uint8_t)number;
  else if (sign == '/')
    count->divide = (uint8_t)number;
  else
    count->add = (int16_t)(sign == '+' ? number : -number);
  signature_text_skip(parser);
}

/* Counts of pointers, from the outermost on; a place between commas may be empty. */
static void parse_counts(SignatureParser *parser, WrittenCount counts[COUNTED_LEVELS], int16_t more) {
  unsigned level = 0;
  expect(parser, '(');
  do {
    if (level == COUNTED_LEVELS) {
      signature_text_fail(parser, E_INVALIDARG);
      return;
    }
    WrittenCount *written = &counts[level++];
    signature_text_accept(parser, '*'); /* behind a pointer: which its type says, too */
    written->name = read_word(parser);
    signature_text_skip(parser);
    if (written->name.length)
      parse_operator(parser, &written->count);
    written->count.add = (int16_t)(written->count.add + more);
  } while (signature_text_accept(parser, ','));
  expect(parser, ')');
}

static WrittenWord parse_name(SignatureParser *parser) {
  expect(parser, '(');
  signature_text_accept(parser, '*');
  WrittenWord name = read_word(parser);
  expect(parser, ')');
  return name;
}

/* "(1, 2)"; `otherwise` has no numbers. */
static const FieldCases *parse_cases(SignatureParser *parser, bool otherwise) {
  FieldCases *cases = type_set_allocate(parser->set, sizeof *cases + MOST_CASES * sizeof cases->values[0]);
  if (!cases) {
    signature_text_fail(parser, E_OUTOFMEMORY);
    return NULL;
  }
  cases->otherwise = otherwise;
  if (otherwise)
    return cases;
  expect(parser, '(');
  do {
    char *end;
    signature_text_skip(parser);
    long number = strtol(parser->at, &end, 0);
    if (end == parser->at || cases->count == MOST_CASES || number != (int32_t)number)
      signature_text_fail(parser, E_INVALIDARG);
    else
      cases->values[cases->count++] = (int32_t)number;
    parser->at = end;
  } while (signature_text_accept(parser, ','));
  expect(parser, ')');
  return cases;
}

static void parse_argument(SignatureParser *parser, AttributeArgument argument, WrittenParameter *written) {
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

void signature_text_attribute(SignatureParser *parser, WrittenParameter *written) {
  WrittenWord name = read_word(parser);
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
  signature_text_fail(parser, E_INVALIDARG);
}

static void parse_parameter(SignatureParser *parser, WrittenParameter *written) {
  if (signature_text_accept(parser, '[')) {
    do
      signature_text_attribute(parser, written);
    while (signature_text_accept(parser, ','));
    expect(parser, ']');
  }
  written->type = parse_type(parser);
  signature_text_skip(parser);
  written->name = read_word(parser);
  if (written->type && signature_text_accept(parser, '['))
    written->type = parse_array(parser, written->type);
}

int16_t signature_text_find(SignatureParser *parser, const WrittenParameter *all, unsigned count, WrittenWord name) {
  if (!name.length)
    return -1;
  for (unsigned k = 0; k < count; k++)
    if (all[k].name.length == name.length && strncmp(all[k].name.start, name.start, name.length) == 0)
      return (int16_t)k;
  signature_text_fail(parser, E_INVALIDARG);
  return -1;
}

static uint16_t name_of(SignatureParser *parser, const WrittenParameter *all, unsigned count, WrittenWord name) {
  return (uint16_t)(signature_text_find(parser, all, count, name) + 1);
}

/* The extent of a node, made on first need. */
static TypeExtent *extent_of(SignatureParser *parser, const Type *type) {
  if (!type->extent)
    ((Type *)(uintptr_t)type)->extent = type_set_allocate(parser->set, sizeof *type->extent);
  if (!type->extent)
    signature_text_fail(parser, E_OUTOFMEMORY);
  return (TypeExtent *)(uintptr_t)type->extent;
}

static TypeCount resolved(SignatureParser *parser, const WrittenParameter *all, unsigned count,
                          const WrittenCount *written) {
  TypeCount result = written->count;
  result.name = name_of(parser, all, count, written->name);
  return result;
}

static void keep_pointer_extent(SignatureParser *parser, const WrittenParameter *all, unsigned count, unsigned k,
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
static void keep_tag(SignatureParser *parser, const WrittenParameter *all, unsigned count, unsigned k,
                     const Type *given) {
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
void signature_text_extents(SignatureParser *parser, const WrittenParameter *all, unsigned count, unsigned k) {
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
int16_t signature_text_count(SignatureParser *parser, const WrittenParameter *all, unsigned count,
                             const WrittenCount *counts) {
  for (unsigned level = 0; level < COUNTED_LEVELS; level++)
    if (counts[level].name.length)
      return signature_text_find(parser, all, count, counts[level].name);
  return -1;
}

static void keep_parameter(SignatureParser *parser, Parameter *parameter, const WrittenParameter *all, unsigned count,
                           unsigned k) {
  const WrittenParameter *written = &all[k];
  parameter->type = written->type;
  parameter->flags = (uint16_t)written->flags;
  signature_text_extents(parser, all, count, k);
  parameter->size_is = signature_text_count(parser, all, count, written->size_is);
  parameter->length_is = signature_text_count(parser, all, count, written->length_is);
  parameter->iid_is = signature_text_find(parser, all, count, written->iid_is);
  if (written->name.length)
    parameter->name = word_text(parser, written->name);
  if (!written->default_value.length)
    return;
  VARIANT *value = type_set_allocate(parser->set, sizeof *value);
  if (!value) {
    signature_text_fail(parser, E_OUTOFMEMORY);
    return;
  }
  HRESULT hr = default_value(written->default_value, value);
  if (FAILED(hr)) {
    signature_text_fail(parser, hr);
    return;
  }
  parameter->default_value = value;
  parameter->flags |= PARAMETER_DEFAULT;
}

/* Lines */

/* Attributes of the method itself. */
static void parse_kinds(SignatureParser *parser, Signature *signature) {
  signature->invkind = INVOKE_FUNC;
  signature->memid = MEMBERID_NIL;
  if (!signature_text_accept(parser, '['))
    return;
  do {
    WrittenWord kind = read_word(parser);
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
      signature_text_fail(parser, E_INVALIDARG);
  } while (signature_text_accept(parser, ','));
  expect(parser, ']');
}

static void parse_head(SignatureParser *parser, const Type **result, const OLECHAR **name) {
  const char *start = parser->at;
  WrittenWord first = read_word(parser);
  signature_text_skip(parser);
  bool has_result = *parser->at != '(' || word_is(first, "safearray");
  parser->at = start;
  if (has_result)
    *result = parse_type(parser);
  else
    signature_text_fail(parser, type_new_base(parser->set, VT_HRESULT, result) == S_OK ? S_OK : E_OUTOFMEMORY);
  WrittenWord word = read_word(parser);
  if (!word.length)
    signature_text_fail(parser, E_INVALIDARG);
  *name = word_text(parser, word);
}

static unsigned parse_parameters(SignatureParser *parser, WrittenParameter *all, unsigned limit) {
  unsigned count = 0;
  expect(parser, '(');
  if (signature_text_accept(parser, ')'))
    return 0;
  do {
    if (count == limit)
      signature_text_fail(parser, E_INVALIDARG);
    if (FAILED(parser->error))
      return 0;
    parse_parameter(parser, &all[count++]);
  } while (signature_text_accept(parser, ','));
  expect(parser, ')');
  signature_text_skip(parser);
  if (*parser->at)
    signature_text_fail(parser, E_INVALIDARG);
  return count;
}

static void finish_flags(SignatureParser *parser, SignatureBuilder *builder) {
  bool vararg = (builder->signature->flags & SIGNATURE_VARARG) != 0;
  signature_settle_flags(builder);
  if (vararg)
    signature_mark_vararg(builder);
  if (vararg && !(builder->signature->flags & SIGNATURE_VARARG))
    signature_text_fail(parser, E_INVALIDARG);
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
  SignatureParser parser = { .at = text, .set = builder.set, .names = names };
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
