/* The tree of types: what a value is in memory, who owns what in it, and what it is called. One immutable description for
 * everything that touches native values: signatures, records, arrays, the bridge, later the wire.
 *
 *     base_type.c   the leaves: one table of VARTYPEs       type.c       the arena, nodes, questions about a node
 *     type_build.c  from type information                   type_value.c clear and copy of native values
 *
 * Functions have a public label because the bridge, a module of its own, uses them too; they are no public interface. */
#ifndef OLEANDER_DISPATCH_TYPE_H
#define OLEANDER_DISPATCH_TYPE_H

#include "dispatch/types/base_type.h"

#include <oaidl.h>
#include <oleauto.h>

typedef enum TypeKind {
  TYPE_BASE,      /* a VARTYPE of base_type(): scalars, BSTR, VARIANT, DECIMAL, LPSTR, GUID (VT_CLSID), void ... */
  TYPE_POINTER,   /* to `target`; `void*` is a pointer whose target is VT_VOID */
  TYPE_ALIAS,     /* of `target`: a typedef that has a name of its own */
  TYPE_ENUM,      /* 32-bit signed */
  TYPE_RECORD,    /* `fields` */
  TYPE_UNION,     /* `fields`, all at offset 0 */
  TYPE_ARRAY,     /* fixed array (VT_CARRAY) of `count` elements of `target`; all dimensions multiplied out */
  TYPE_SAFEARRAY, /* SAFEARRAY* of `target` elements */
  TYPE_INTERFACE  /* an interface *pointer* (one word): the pointer to the interface is part of this node */
} TypeKind;

typedef struct Type Type;

/* When a member of a union is the one that is there. */
typedef struct FieldCases {
  bool otherwise; /* [default]: for numbers that no member names */
  uint32_t count;
  int32_t values[];
} FieldCases;

typedef struct Field {
  const Type *type;
  const OLECHAR *name; /* "" when the library has none */
  uint32_t offset;     /* bytes, in the native layout */
  MEMBERID memid;
  const FieldCases *cases; /* of a union's member; NULL when nothing is said */
} Field;

/* A number that IDL gives by the name of another parameter, or in a record of a field beside: n, *n, n + 1, n * 2, n / 2. */
typedef struct TypeCount {
  uint16_t name; /* 1 + index of the parameter or field; 0: not said */
  int16_t add;
  uint8_t multiply, divide; /* 0: as 1 */
} TypeCount;

/* What IDL says about a pointer, beyond what it points to. A record's field counts what lies behind pointers of that
 * record; a parameter's pointers are counted by parameters. */
typedef struct TypeExtent {
  TypeCount size;   /* [size_is]: elements behind it */
  TypeCount length; /* [length_is]: of these, how many mean something */
  uint16_t iid;     /* INTERFACE, [iid_is]: 1 + index of the parameter or field with the IID */
  uint16_t
      tag; /* UNION, [switch_is]: 1 + index of the field in front of it, or of the parameter, whose number says which
                   member is there */
  bool owns_tag; /* the tag is there for the union alone, [switch] in IDL: it travels once */
  bool string;   /* [string]: zero-terminated characters behind it. ARRAY: it holds such */
} TypeExtent;

/* A node. Immutable; lives as long as its TypeSet. A record may point to itself, so the tree can have cycles, always
 * through a TYPE_POINTER. No node holds an ITypeInfo (a library caches its signatures: that would be a cycle); ask
 * type_info() with the ITypeInfo from which the signature came. */
struct Type {
  uint8_t kind;             /* TypeKind */
  uint8_t value_class;      /* ValueClass of the value itself (of the target, for an alias) */
  uint8_t owner;            /* ValueOwner; OWNS_NOTHING means that type_clear has nothing to do */
  uint8_t interface_flags;  /* TYPE_INTERFACE: InterfaceFlags */
  VARTYPE vt;               /* BASE: itself. POINTER: VT_PTR. ENUM: VT_I4. RECORD, UNION: VT_RECORD. ARRAY: VT_CARRAY.
                            SAFEARRAY: VT_ARRAY | element. INTERFACE: VT_DISPATCH or VT_UNKNOWN. ALIAS: its target's */
  uint16_t alignment;       /* bytes */
  uint32_t size;            /* bytes; 0 for void */
  uint32_t count;           /* ARRAY: elements. RECORD, UNION: fields */
  const Type *target;       /* POINTER, ALIAS, ARRAY, SAFEARRAY */
  const Field *fields;      /* RECORD, UNION */
  const TypeExtent *extent; /* POINTER, INTERFACE, UNION, ARRAY: NULL when nothing is said */
  const SAFEARRAYBOUND *bounds; /* ARRAY: one per dimension, first dimension first */
  uint32_t dimensions;          /* ARRAY */
  uint32_t pack;                /* RECORD, UNION: the largest alignment of a field, 0 when not packed */
  uint32_t size_32;             /* bytes in a process with pointers of four bytes, as libraries for one lay it out */
  uint16_t alignment_32;        /* bytes, the same */
  uint16_t integral, floating;  /* which of the first 16 bytes hold integers and pointers, which floats: a bit a byte */
  bool unaligned;               /* something in it lies across its own alignment (packed records) */
  uint8_t wire_flags;           /* WireFlags */
  uint8_t wire_alignment;       /* bytes, in NDR */
  uint32_t wire_size;           /* bytes in NDR, without padding behind it and without what its pointers lead to */
  bool wire_varies;             /* a union is in it: wire_size is the least it has */
  uint32_t work;                /* leaves and pointers in a value: the steps of a walk */
  const OLECHAR *name;          /* ALIAS, ENUM, RECORD, UNION, INTERFACE; NULL otherwise */
  GUID guid;                    /* INTERFACE: the IID to query for. Others: of the type, or GUID_NULL */
  const Type *via;              /* the type through whose information `reference` resolves; NULL: the signature's own */
  HREFTYPE reference;           /* with type_info(); TYPE_NO_REFERENCE when the node came from no type information */
  const BaseType *base;         /* BASE */
  const struct SignatureAbi *abi; /* NULL, or the module whose values these are: foreign.h */
  void *ffi;                      /* ffi_type* of the value, or NULL; for signature*.c only */
};

#define TYPE_NO_REFERENCE ((HREFTYPE)0xFFFFFFFFu)

/* How a value lies in NDR. */
typedef enum WireFlags {
  WIRE_BLOCK = 1, /* byte for byte as in memory, alone and in arrays: scalars, records of them without holes */
  WIRE_BEHIND =
      2 /* pointers are in it, also those of BSTRs, VARIANTs ...: what they lead to follows the whole construct */
} WireFlags;

typedef enum InterfaceFlags {
  INTERFACE_DISPATCH = 1, /* derives from IDispatch, or is a dispinterface: VT_DISPATCH */
  INTERFACE_DISPONLY = 2, /* a pure dispinterface: no vtable beyond IDispatch */
  INTERFACE_COCLASS = 4   /* declared as a coclass: guid is its default interface's */
} InterfaceFlags;

/* The node of a plain VARTYPE, for values that no type information describes: a constant that needs no set. It is a
 * TYPE_BASE for every row of the table, also for DISPATCH and UNKNOWN. NULL for what is no base type. Any thread. */
OLEANDER_API(const Type *, type_of_vartype, (VARTYPE vt));

/* Strips aliases. Never NULL. */
OLEANDER_API(const Type *, type_resolve, (const Type *type));

/* The ITypeInfo that describes a named node. `owner` is the ITypeInfo that the signature was built from.
 * TYPE_E_ELEMENTNOTFOUND for a node without one. The caller releases *info. */
OLEANDER_API(HRESULT, type_info, (const Type *type, ITypeInfo *owner, ITypeInfo **info));

/* Enumerations: the value of the constant with this name (exact first, then without case). TYPE_E_ELEMENTNOTFOUND. */
OLEANDER_API(HRESULT, type_enum_value, (const Type *type, ITypeInfo *owner, const OLECHAR *name, LONG *value));

/* The name of the constant that this one may be a slip for, as a BSTR. TYPE_E_ELEMENTNOTFOUND. */
OLEANDER_API(HRESULT, type_enum_near, (const Type *type, ITypeInfo *owner, const OLECHAR *slip, BSTR *name));

/* The name of a constant with this value, as a BSTR. TYPE_E_ELEMENTNOTFOUND. */
OLEANDER_API(HRESULT, type_enum_name, (const Type *type, ITypeInfo *owner, LONG value, BSTR *name));

/* A visitor of native values. type_walk takes it through records, elements of fixed arrays and pointers to everything else:
 * leaves, among them unions, whose live member nobody knows. A visitor keeps its own state behind this struct, also its error:
 * the walk goes on, and the visitor says what it does with the rest. */
typedef struct TypeVisitor TypeVisitor;
struct TypeVisitor {
  /* A value that is no record, array or pointer; `value` may lie anywhere in a packed record. */
  void (*leaf)(TypeVisitor *visitor, const Type *type, void *value);
  /* A pointer that is not NULL. It may replace *target, which is stored back. True: the walk goes on behind it. */
  bool (*enter)(TypeVisitor *visitor, const Type *pointer, void **target);
  /* After what lies behind the pointer, when it was entered; *target is stored back. May be NULL. */
  void (*leave)(TypeVisitor *visitor, const Type *pointer, void **target);
  bool all;           /* also the parts that own nothing; without it the walk leaves them out */
  uint32_t count;     /* elements behind the pointer that is entered, where a field beside it says how many; else 1 */
  unsigned depth;     /* pointers on the way to here, from what it was at first; nothing deeper than 1000 is entered */
  const Type *record; /* the innermost record around, which the walk keeps; NULL at first */
  const void *its_value; /* of that record */
};

/* The number that a count in a record stands for. False: no field says it. */
OLEANDER_API(bool, type_field_count, (const Type *record, const void *value, TypeCount count, uint32_t *number));

/* An integer, or one behind pointers, with a count's arithmetic. False: it is none, or there is none. */
OLEANDER_API(bool, type_load_count, (const Type *type, const void *value, TypeCount count, uint32_t *number));

/* An integer, or one behind pointers. False: it is none, or there is none. */
OLEANDER_API(bool, type_load_integer, (const Type *type, const void *value, int64_t *number));

/* The member of a union that a tag with this number means. NULL: none. */
OLEANDER_API(const Field *, type_union_case, (const Type *type, int64_t number));

/* The member of a union with a tag that is there, the union being a field of that record. NULL: none is. */
OLEANDER_API(const Field *, type_union_member, (const Type *type, const Type *record, const void *value));

/* Steps of one walk are bounded by the type (TYPE_WORK_LIMIT) times what pointers in the value lead to. */
OLEANDER_API(void, type_walk, (const Type *type, void *value, TypeVisitor *visitor));

/* Clears the native value at `value` (of type `type`): frees BSTRs, releases interfaces, clears VARIANTs, destroys
 * SAFEARRAYs, walks records and arrays, frees task memory behind pointers, and zeroes it. */
OLEANDER_API(void, type_clear, (const Type *type, void *value));

/* Makes *to (uninitialized) a deep copy of *from: BSTRs copied, interfaces referenced. Pointers inside records are
 * copied as pointers to fresh task memory. E_OUTOFMEMORY leaves *to cleared. */
OLEANDER_API(HRESULT, type_copy, (const Type *type, void *to, const void *from));

/* Writes a readable name ("long*", "IFoo*", "SAFEARRAY(BSTR)", "Color") as UTF-8, always terminated. */
OLEANDER_API(void, type_describe, (const Type *type, char *text, size_t size));

/* A reference-counted arena of types: what signatures, record information and others build their trees in. */
typedef struct TypeSet TypeSet;

OLEANDER_API(HRESULT, type_set_create, (TypeSet * *set));
OLEANDER_API(TypeSet *, type_set_addref, (TypeSet * set));
/* Before anything is built in it: the types are those of a module with this ABI, which lives as long as the process. */
OLEANDER_API(void, type_set_use_abi, (TypeSet * set, const struct SignatureAbi *abi));
OLEANDER_API(void, type_set_release, (TypeSet * set));

/* Builds the node for a TYPEDESC whose HREFTYPEs are relative to `info`. An unsupported kind (bitfield-packed
 * record, unknown VARTYPE ...) is E_NOTIMPL; a reference that does not resolve gives the library's own error; in both
 * cases `problem` (may be NULL; any size) gets a text that names the type. Hostile input is limited in depth. */
OLEANDER_API(HRESULT, type_from_typedesc,
             (TypeSet * set, ITypeInfo *info, const TYPEDESC *desc, const Type **type, char *problem,
              size_t problem_size));

/* Builds the node for what `info` itself describes (record, union, enum, alias; an interface as its pointer).
 * `via` and `reference` of the node say "the owner itself": type_info() answers with the owner. */
OLEANDER_API(HRESULT, type_from_typeinfo,
             (TypeSet * set, ITypeInfo *info, const Type **type, char *problem, size_t problem_size));

#endif
