/* signature_text.h - reading parameters and their attributes from text: signature_from_text.c has the grammar, signature_kept.c the
 * attributes that a library keeps beside what it can hold. */
#ifndef OLEANDER_DISPATCH_SIGNATURE_TEXT_H
#define OLEANDER_DISPATCH_SIGNATURE_TEXT_H

#include "dispatch/types/signature_internal.h"

enum { COUNTED_LEVELS = 3 };

typedef struct WrittenWord {
  const char *start;
  size_t length;
} WrittenWord;

/* A count as written. */
typedef struct WrittenCount {
  WrittenWord name;
  TypeCount count;
} WrittenCount;

/* A parameter or a field as written: names of others are resolved when all are known. */
typedef struct WrittenParameter {
  const Type *type;
  unsigned flags;
  WrittenWord name, iid_is, switch_is;
  bool owns_tag; /* [switch]: nobody else has a use for the tag */
  const FieldCases *cases;
  WrittenCount size_is[COUNTED_LEVELS], length_is[COUNTED_LEVELS]; /* of the pointers, from the outermost on */
  WrittenWord default_value;
} WrittenParameter;

typedef struct SignatureParser {
  const char *at;
  TypeSet *set;
  const SignatureNames *names;
  HRESULT error; /* sticky */
  unsigned depth;
} SignatureParser;

/* The first error stays. */
void signature_text_fail(SignatureParser *parser, HRESULT hr);
void signature_text_skip(SignatureParser *parser);
/* Takes the character if it comes next, behind space. */
bool signature_text_accept(SignatureParser *parser, char c);
/* The node that a constructor made, unless it failed. By address: the constructor runs in the same argument list. */
const Type *signature_text_check(SignatureParser *parser, HRESULT hr, const Type *const *type);
/* One attribute of a parameter or a field, as it is written in brackets. */
void signature_text_attribute(SignatureParser *parser, WrittenParameter *written);
/* The place of the parameter of that name, or a negative number. */
int16_t signature_text_find(SignatureParser *parser, const WrittenParameter *all, unsigned count, WrittenWord name);
/* The first count that is given, on whatever level. */
int16_t signature_text_count(SignatureParser *parser, const WrittenParameter *all, unsigned count,
                             const WrittenCount *counts);
/* What the attributes say about the pointers of a type: its nodes were made for this parameter or field alone. */
void signature_text_extents(SignatureParser *parser, const WrittenParameter *all, unsigned count, unsigned k);

#endif
