/* What the files of the signature share among themselves. */
#ifndef OLEANDER_DISPATCH_SIGNATURE_INTERNAL_H
#define OLEANDER_DISPATCH_SIGNATURE_INTERNAL_H

#ifndef COBJMACROS
#define COBJMACROS
#endif
#include "dispatch/types/signature.h"

/* Bounds against hostile type libraries. */
enum {
  TYPE_SET_LIMIT = 20000,    /* nodes of one set */
  TYPE_DEPTH_LIMIT = 32,     /* nesting of pointers, arrays, records */
  TYPE_SIZE_LIMIT = 1 << 24, /* bytes of one fixed array or record */
  TYPE_FIELD_LIMIT = 4096,   /* fields of one record */
  SIGNATURE_PARAMETER_LIMIT = 512
};

/* type->reference of the type that a set was built for: type_info answers with the owner itself. */
#define TYPE_SELF_REFERENCE ((HREFTYPE)0xFFFFFFFEu)

void *type_set_allocate(TypeSet *set, size_t size); /* zeroed; NULL when out of memory */
const OLECHAR *type_set_text(TypeSet *set, const OLECHAR *text, size_t length);

Type *type_set_node(TypeSet *set, TypeKind kind, VARTYPE vt);
HRESULT type_new_base(TypeSet *set, VARTYPE vt, const Type **result);
HRESULT type_new_pointer(TypeSet *set, const Type *target, const Type **result);
HRESULT type_new_interface(TypeSet *set, REFIID iid, const OLECHAR *name, unsigned flags, const Type **result);
HRESULT type_new_safearray(TypeSet *set, const Type *element, const Type **result);
HRESULT type_new_array(TypeSet *set, const Type *element, const SAFEARRAYBOUND *bounds, uint32_t dimensions,
                       const Type **result);
HRESULT type_new_alias(TypeSet *set, const Type *target, const Type **result);

/* Lays out a record or union whose fields have their types: offsets, size, alignment, ownership.
 * pack: the largest alignment that a field may have; 0 for none. */
HRESULT type_lay_out(Type *type, Field *fields, uint32_t count, uint32_t pack);

/* One building of types out of one ITypeInfo: what is relative to it, and the records met so far. */
typedef struct TypeBuilder {
  TypeSet *set;
  ITypeInfo *info;
  struct BuiltRecord *records;
  struct BuiltAlias *aliases;
  unsigned depth;
  char problem[160]; /* what could not be built, after an error */
} TypeBuilder;

void type_builder_begin(TypeBuilder *builder, TypeSet *set, ITypeInfo *info);
HRESULT type_build(TypeBuilder *builder, const TYPEDESC *desc, const Type **type);
void type_builder_end(TypeBuilder *builder);

/* The VARTYPE of a VARIANT that holds a value of this type, VT_ILLEGAL when none does. */
VARTYPE type_variant_vt(const Type *type);

bool name_equal(const OLECHAR *a, const OLECHAR *b, bool folded);
void name_to_utf8(const OLECHAR *name, char *text, size_t size);

/* signature_abi.c: the ffi_type of an aggregate, made on first need in the set. NULL: not passable by value (packed). */
void *type_ffi(TypeSet *set, const Type *type);

/* A signature under construction. */
typedef struct SignatureBuilder {
  Signature *signature;
  Parameter *parameters;
  TypeSet *set;
  char problem[384]; /* the first reason why it is unsupported */
} SignatureBuilder;

HRESULT signature_begin(SignatureBuilder *builder, unsigned count);
/* Notes why the signature is unsupported; the first reason stays. k: parameter index, or -1 for the result. */
void signature_problem(SignatureBuilder *builder, int k, const char *reason);
/* Derives everything else from type, flags and name of the parameters, and lays the frame out. */
HRESULT signature_complete(SignatureBuilder *builder);
void signature_abandon(SignatureBuilder *builder);

/* signature_abi.c: whether eightbyte i of a result that comes in registers is in a floating one. */
bool signature_result_is_floating(const Signature *signature, int i);

/* signature_abi.c: assigns words and offsets, chooses the way to call. */
HRESULT signature_plan_call(SignatureBuilder *builder);

#endif
