/* What the operators on VARIANTs share: fetching operands and finding the type of a result in a table of rules. */
#ifndef OLEANDER_DISPATCH_OPERANDS_H
#define OLEANDER_DISPATCH_OPERANDS_H

#include <stdbool.h>
#include <stdint.h>

#include "dispatch/values/variant.h"

/* A set of base types. */
#define TYPE_BIT(vt) (UINT32_C(1) << (vt))

/* The types of Basic, which the arithmetic operators take. */
#define TYPES_BASIC                                                                                                    \
  (TYPE_BIT(VT_EMPTY) | TYPE_BIT(VT_NULL) | TYPE_BIT(VT_I2) | TYPE_BIT(VT_I4) | TYPE_BIT(VT_R4) | TYPE_BIT(VT_R8) |    \
   TYPE_BIT(VT_CY) | TYPE_BIT(VT_DATE) | TYPE_BIT(VT_BSTR) | TYPE_BIT(VT_BOOL) | TYPE_BIT(VT_DECIMAL) |                \
   TYPE_BIT(VT_UI1) | TYPE_BIT(VT_I8))

/* The other integers, which the integer and logical operators take too. */
#define TYPES_FOREIGN_INTEGERS                                                                                         \
  (TYPE_BIT(VT_I1) | TYPE_BIT(VT_UI2) | TYPE_BIT(VT_UI4) | TYPE_BIT(VT_UI8) | TYPE_BIT(VT_INT) | TYPE_BIT(VT_UINT))

#define TYPES_ALL (TYPES_BASIC | TYPES_FOREIGN_INTEGERS)

/* Applies when the types of the two operands include one of `first` and one of `second`, and are all in `within`; an
 * empty set asks nothing. */
typedef struct TypeRule {
  uint32_t first;
  uint32_t second;
  uint32_t within;
  VARTYPE result;
} TypeRule;

/* Two operands (the second one empty and not counted for operators with one), by value. An object is replaced by its
 * default member, which is released by operands_done. */
typedef struct Operands {
  VARIANT left;
  VARIANT right;
  uint32_t types; /* TYPE_BITs of both */
  bool left_owned;
  bool right_owned;
} Operands;

/* DISP_E_BADVARTYPE: not of the allowed types, by reference, or an array. */
HRESULT operands_fetch(Operands *operands, const VARIANT *left, const VARIANT *right, uint32_t allowed);

/* For an operator with one operand, where a type that is allowed in a VARIANT but not here is a mismatch. */
HRESULT operands_fetch_one(Operands *operands, const VARIANT *value, uint32_t allowed);
void operands_done(Operands *operands);

/* The end of an operator with two operands: when it failed, *result is Empty, but its value bytes are left alone. Without
 * memory it stays as it was. Returns hr. */
HRESULT operands_conclude(HRESULT hr, VARIANT *result);

/* The first rule that applies; VT_ERROR when none does. */
VARTYPE operands_result_type(const Operands *operands, const TypeRule *rules, size_t count);

/* Converts both in place to numbers of type vt, which is no string. */
HRESULT operands_coerce(Operands *operands, VARTYPE vt);

#define OPERAND_COUNT(array) (sizeof(array) / sizeof *(array))

#endif
