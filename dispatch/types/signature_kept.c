/* signature_kept.c - attributes that a type library cannot hold, which it keeps as text: what they say of parameters and fields that
 * are known otherwise. */
#include "dispatch/types/signature_text.h"

#include <stdlib.h>
#include <string.h>

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
    all[k].name = (WrittenWord){ names[k], strlen(names[k]) };
  }
}

/* `void **` whose interface another parameter tells: pointers to an interface. */
static const Type *told_interface(SignatureParser *parser, const Type *type) {
  const Type *result = NULL;
  if (!type || type->kind != TYPE_POINTER)
    return type;
  if (type->target->kind == TYPE_BASE && type->target->vt == VT_VOID)
    return signature_text_check(parser, type_new_interface(parser->set, &IID_IUnknown, NULL, 0, &result), &result);
  const Type *target = told_interface(parser, type->target);
  if (!target || target == type->target)
    return type;
  return signature_text_check(parser, type_new_pointer(parser->set, target, &result), &result);
}

/* Text that is written into counted memory of the caller's: a pointer to characters, no string of its own. */
static const Type *counted_text(SignatureParser *parser, WrittenParameter *written) {
  const Type *type = written->type ? type_resolve(written->type) : NULL, *unit = NULL, *result = NULL;
  if (!type || type->kind != TYPE_BASE || (type->vt != VT_LPSTR && type->vt != VT_LPWSTR) ||
      !(written->flags & PARAMETER_OUT))
    return written->type;
  written->flags |= PARAMETER_STRING;
  HRESULT hr = type_new_base(parser->set, type->vt == VT_LPSTR ? VT_I1 : VT_UI2, &unit);
  if (SUCCEEDED(hr))
    hr = type_new_pointer(parser->set, unit, &result);
  return signature_text_check(parser, hr, &result);
}

/* A union's tag is a field of the record around it, or another parameter: elsewhere the same union may have another tag. */
static const Type *own_union(SignatureParser *parser, const Type *type) {
  const Type *result = NULL;
  type = type_resolve(type);
  if (type->kind == TYPE_POINTER || type->kind == TYPE_ARRAY) {
    const Type *target = own_union(parser, type->target);
    if (!target || target == type_resolve(type->target))
      return target ? type : NULL;
    HRESULT hr = type->kind == TYPE_POINTER
                     ? type_new_pointer(parser->set, target, &result)
                     : type_new_array(parser->set, target, type->bounds, type->dimensions, &result);
    return signature_text_check(parser, hr, &result);
  }
  if (type->kind != TYPE_UNION)
    return type;
  Type *copy = type_set_allocate(parser->set, sizeof *copy);
  if (!copy)
    return signature_text_check(parser, E_OUTOFMEMORY, NULL);
  *copy = *type;
  copy->extent = NULL;
  return copy;
}

static void keep_entry(SignatureParser *parser, SignatureBuilder *builder, WrittenParameter *all, unsigned count,
                       unsigned k) {
  Parameter *parameter = &builder->parameters[k];
  if (all[k].iid_is.length)
    all[k].type = told_interface(parser, all[k].type);
  int16_t size = signature_text_count(parser, all, count, all[k].size_is),
          length = signature_text_count(parser, all, count, all[k].length_is);
  int16_t iid = signature_text_find(parser, all, count, all[k].iid_is);
  if (size >= 0)
    all[k].type = counted_text(parser, &all[k]);
  if (all[k].switch_is.length && all[k].type)
    all[k].type = own_union(parser, all[k].type);
  if (FAILED(parser->error))
    return;
  signature_text_extents(parser, all, count, k);
  parameter->type = all[k].type;
  parameter->flags = (uint16_t)all[k].flags;
  parameter->size_is = size;
  parameter->length_is = length;
  parameter->iid_is = iid;
}

static void parse_kept(SignatureParser *parser, SignatureBuilder *builder, WrittenParameter *all, unsigned count) {
  do {
    signature_text_skip(parser);
    char *end;
    unsigned long k = strtoul(parser->at, &end, 10);
    if (end == parser->at || k >= count)
      return;
    parser->at = end;
    do
      signature_text_attribute(parser, &all[k]);
    while (signature_text_accept(parser, ','));
    if (SUCCEEDED(parser->error))
      keep_entry(parser, builder, all, count, (unsigned)k);
  } while (signature_text_accept(parser, ';'));
}

HRESULT signature_keep_attributes(SignatureBuilder *builder, const char *text) {
  unsigned count = builder->signature->count;
  WrittenParameter *all = calloc(count ? count : 1, sizeof *all);
  char(*names)[KEPT_NAME] = calloc(count ? count : 1, sizeof *names);
  HRESULT hr = E_OUTOFMEMORY;
  if (all && names) {
    SignatureParser parser = { .at = text, .set = builder->set };
    begin_kept(builder, all, names);
    parse_kept(&parser, builder, all, count);
    hr = parser.error == E_OUTOFMEMORY ? E_OUTOFMEMORY : S_OK;
  }
  free(all);
  free(names);
  return hr;
}

/* Characters of four bytes, which a library calls numbers of two. */
static const Type *wide_array(SignatureParser *parser, const WrittenParameter *written) {
  const Type *type = written->type;
  const SignatureAbi *abi = type_set_abi(parser->set);
  if (type->kind != TYPE_ARRAY || !(written->flags & PARAMETER_STRING) || !abi || abi->wchar_width != 4 ||
      type_resolve(type->target)->vt != VT_UI2)
    return type;
  return signature_text_check(
      parser, type_new_array(parser->set, type_of_vartype(VT_UI4), type->bounds, type->dimensions, &type), &type);
}

HRESULT fields_keep_attributes(TypeSet *set, Field *fields, uint32_t count, char *const *texts) {
  WrittenParameter *all = calloc(count ? count : 1, sizeof *all);
  char(*names)[KEPT_NAME] = calloc(count ? count : 1, sizeof *names);
  HRESULT hr = all && names ? S_OK : E_OUTOFMEMORY;
  for (uint32_t i = 0; SUCCEEDED(hr) && i < count; i++) {
    all[i].type = fields[i].type;
    name_to_utf8(fields[i].name, names[i], KEPT_NAME);
    all[i].name = (WrittenWord){ names[i], strlen(names[i]) };
  }
  for (uint32_t i = 0; SUCCEEDED(hr) && i < count; i++) {
    if (!texts[i])
      continue;
    SignatureParser parser = { .at = texts[i], .set = set };
    do
      signature_text_attribute(&parser, &all[i]);
    while (signature_text_accept(&parser, ','));
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
      signature_text_extents(&parser, all, count, i);
      fields[i].cases = all[i].cases;
    }
    hr = parser.error == E_OUTOFMEMORY ? E_OUTOFMEMORY : S_OK; /* what is not understood says nothing */
  }
  free(all);
  free(names);
  return hr;
}
