/* What the files of the signature share among themselves. */
#ifndef OLEANDER_DISPATCH_SIGNATURE_INTERNAL_H
#define OLEANDER_DISPATCH_SIGNATURE_INTERNAL_H

#ifndef COBJMACROS
#define COBJMACROS
#endif
#include "dispatch/types/signature.h"

/* Bounds against hostile type libraries. */
enum {
  TYPE_SET_LIMIT = 20000,    /* steps of building for one set: types, fields, references */
  TYPE_DEPTH_LIMIT = 32,     /* nesting of pointers, arrays, records */
  TYPE_SIZE_LIMIT = 1 << 24, /* bytes of one fixed array or record */
  TYPE_WORK_LIMIT = 1 << 24, /* steps of a walk over one value, not counting what pointers lead to */
  TYPE_FIELD_LIMIT = 4096,   /* fields of one record */
  SIGNATURE_PARAMETER_LIMIT = 512
};

/* type->reference of the type that a set was built for: type_info answers with the owner itself. */
#define TYPE_SELF_REFERENCE ((HREFTYPE)0xFFFFFFFEu)

void *type_set_allocate(TypeSet *set, size_t size); /* zeroed; NULL when out of memory */
const OLECHAR *type_set_text(TypeSet *set, const OLECHAR *text, size_t length);

/* The ABI of the module whose types these are; NULL. */
const SignatureAbi *type_set_abi(const TypeSet *set);

Type *type_set_node(TypeSet *set, TypeKind kind, VARTYPE vt);
HRESULT type_new_base(TypeSet *set, VARTYPE vt, const Type **result);
HRESULT type_new_pointer(TypeSet *set, const Type *target, const Type **result);
HRESULT type_new_interface(TypeSet *set, REFIID iid, const OLECHAR *name, unsigned flags, const Type **result);
HRESULT type_new_safearray(TypeSet *set, const Type *element, const Type **result);
HRESULT type_new_array(TypeSet *set, const Type *element, const SAFEARRAYBOUND *bounds, uint32_t dimensions,
                       const Type **result);

/* One step of building for the set. False: there were too many, and the library is refused. */
bool type_set_charge(TypeSet *set);

/* Gives a node the layout, the ownership and the way through a call that another one has. */
void type_take_layout(Type *type, const Type *from);

/* Lays out a record or union whose fields have their types: offsets, size, alignment, ownership.
 * pack: the largest alignment that a field may have; 0 for none. E_NOTIMPL: too large. */
HRESULT type_lay_out(Type *type, Field *fields, uint32_t count, uint32_t pack);

/* The packing of a record: 0 when the stored offsets are the natural ones (or nonsense), else the alignment limit that
 * explains them. Packing can't be read directly: TYPEATTR.cbAlignment may just be the natural alignment.
 * pointer: bytes of a pointer where the library was made, 4 or 8. */
uint32_t type_find_packing(const Type *type, const Field *fields, const ULONG *stored, uint32_t count,
                           uint32_t stored_size, uint32_t pointer);

/* One building of types out of one ITypeInfo: what is relative to it, and the records met so far. */
typedef struct TypeBuilder {
  TypeSet *set;
  ITypeInfo *info;
  struct BuiltRecord *records;     /* all, newest first */
  struct BuiltRecord *buckets[32]; /* the same by their place in a library */
  struct BuiltAlias *aliases;
  unsigned depth;
  char problem[160]; /* what could not be built, after an error */
} TypeBuilder;

void type_builder_begin(TypeBuilder *builder, TypeSet *set, ITypeInfo *info);
HRESULT type_build(TypeBuilder *builder, const TYPEDESC *desc, const Type **type);
void type_builder_end(TypeBuilder *builder);

/* The VARTYPE of a VARIANT that holds a value of this type, VT_ILLEGAL when none does. */
VARTYPE type_variant_vt(const Type *type);

void name_to_utf8(const OLECHAR *name, char *text, size_t size);

/* signature_abi.c: the ffi_type of an aggregate, made in the set. NULL: it cannot be passed by value (packed). False: out of memory. */
bool type_ffi(TypeSet *set, const Type *type, void **described);

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
/* Drops the flags of parameters that their types or places contradict; both builders call it when all types are there. */
void signature_settle_flags(SignatureBuilder *builder);
/* Marks the parameter that takes all further arguments: the last one that is neither [lcid] nor [retval], if it can. */
void signature_mark_vararg(SignatureBuilder *builder);
/* Derives everything else from type, flags and name of the parameters, and lays the frame out. */
HRESULT signature_complete(SignatureBuilder *builder);
void signature_abandon(SignatureBuilder *builder);

/* signature_from_text.c: adds what the attributes of parameters say that a type library cannot hold, in the form in which the IDL
 * compiler keeps them (docs/idl.md): "1 size_is(count),unique; 3 iid_is(riid)". The parameters have their types and names. An
 * entry that is not understood, and the entries behind it, say nothing. Only E_OUTOFMEMORY. */
HRESULT signature_keep_attributes(SignatureBuilder *builder, const char *text);

/* Under this GUID a library keeps those texts. */
extern const GUID kept_attributes_guid;

/* The same for the fields of a record or union: an entry of `texts` for each field, NULL where nothing is said. */
HRESULT fields_keep_attributes(TypeSet *set, Field *fields, uint32_t count, char *const *texts);

/* signature_abi.c: whether eightbyte i of a result that comes in registers is in a floating one. */
bool signature_result_is_floating(const Signature *signature, int i);

/* signature_abi.c: assigns words and offsets, chooses the way to call. */
HRESULT signature_plan_call(SignatureBuilder *builder);

#endif
