/* Builds signatures from lines of text, for standard interfaces that no type library describes:
 *
 *     line      = ["[" kind {"," kind} "]"] [type] name "(" [parameter {"," parameter}] ")"
 *     kind      = "propget" | "propput" | "propputref" | "vararg" | "id" "(" number ")"
 *     parameter = ["[" attribute {"," attribute} "]"] type [name ["[" number "]"]]
 *     attribute = word ["(" [","] word ")"] | "defaultvalue" "(" (integer | real | text in quotes) ")"
 *     type      = (base | "safearray" "(" type ")" | interface | record) {"*"}
 *
 * An interface's name stands for the interface itself, so `IStream*` is its pointer. */
#include "dispatch/types/signature_internal.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

enum { NAME_LENGTH = 64 };

typedef struct Word {
  const char *start;
  size_t length;
} Word;

/* A parameter as written: names of other parameters are resolved when all are known. */
typedef struct WrittenParameter {
  const Type *type;
  unsigned flags;
  Word name, size_is, length_is, iid_is;
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

static const Type *parse_record(Parser *parser, Word name, const char *fields_text) {
  uint32_t count = 0, limit = count_commas(fields_text);
  Field *fields = type_set_allocate(parser->set, limit * sizeof *fields);
  if (!fields)
    return check(parser, E_OUTOFMEMORY, NULL);
  Parser inner = { .at = fields_text, .set = parser->set, .names = parser->names, .depth = parser->depth + 1 };
  uint32_t pack = parse_packing(&inner);
  const char *first = inner.at;
  bool is_union = word_is(read_word(&inner), "union");
  if (!is_union)
    inner.at = first;
  while (count < limit && SUCCEEDED(inner.error)) {
    fields[count].type = parse_type(&inner);
    fields[count].name = word_text(&inner, read_word(&inner));
    if (fields[count].type && accept(&inner, '['))
      fields[count].type = parse_array(&inner, fields[count].type);
    fields[count].memid = (MEMBERID)count;
    count++;
    if (!accept(&inner, ','))
      break;
  }
  skip_space(&inner);
  if (SUCCEEDED(inner.error) && *inner.at)
    fail(&inner, E_INVALIDARG);
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

typedef struct AttributeName {
  const char *name;
  unsigned flag;
  size_t word; /* offset of a Word in WrittenParameter that takes the argument, or 0 */
} AttributeName;

static const AttributeName attribute_names[] = {
  { "in", PARAMETER_IN, 0 },
  { "out", PARAMETER_OUT, 0 },
  { "retval", PARAMETER_RETVAL, 0 },
  { "lcid", PARAMETER_LCID, 0 },
  { "optional", PARAMETER_OPTIONAL, 0 },
  { "string", PARAMETER_STRING, 0 },
  { "unique", PARAMETER_UNIQUE, 0 },
  { "size_is", PARAMETER_BUFFER, offsetof(WrittenParameter, size_is) },
  { "length_is", PARAMETER_BUFFER, offsetof(WrittenParameter, length_is) },
  { "iid_is", 0, offsetof(WrittenParameter, iid_is) },
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
    unsigned flag = attribute->flag;
    if (attribute->word) {
      expect(parser, '(');
      if (accept(parser, ',')) /* the bound of what the first pointer points to */
        flag = 0;
      *(Word *)((char *)written + attribute->word) = read_word(parser);
      expect(parser, ')');
    }
    written->flags |= flag;
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

static void keep_parameter(Parser *parser, Parameter *parameter, const WrittenParameter *all, unsigned count,
                           unsigned k) {
  const WrittenParameter *written = &all[k];
  parameter->type = written->type;
  parameter->flags = (uint16_t)written->flags;
  parameter->size_is = find_written(parser, all, count, written->size_is);
  parameter->length_is = find_written(parser, all, count, written->length_is);
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
