/* library_reader.h - what the rooms of typelib/ share: the interface between sources of types and what stands on them.
 *
 * One set of type-information objects (objects/) stands on a small interface, `LibraryReader`, with an implementation for
 * each source of types: MSFT files and SLTG files (readers/) and libraries in memory (library_model.h). A reader answers with *facts*: plain structs filled on demand, which
 * point into the reader's own bytes and stay valid as long as it does. Everything that is the same for all
 * sources (views of dual interfaces, inherited members, recomputed sizes, references to other libraries) is done
 * above the readers, once.
 *
 * A reader is immutable once opened and may be asked by several threads at once. Its bytes are hostile: it checks every
 * offset and count when asked, answers TYPE_E_INVDATAREAD / TYPE_E_BUFFERTOOSMALL for what does not fit, and limits
 * every recursion. It decodes nothing before it is asked.
 */
#ifndef OLEANDER_LIBRARY_READER_H
#define OLEANDER_LIBRARY_READER_H

#include <oaidl.h>
#include <oleauto.h>

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes. */

/* The bytes of one library: mapped, copied or borrowed. `release` (may be NULL) frees them; whoever holds the struct
 * calls it once, through typelib_bytes_release. */
typedef struct TypelibBytes TypelibBytes;
struct TypelibBytes {
  const uint8_t *data;
  size_t size;
  void (*release)(TypelibBytes *bytes);
  void *owner;       /* for `release`: what to unmap or free */
  size_t owner_size; /* for `release` */
};

void typelib_bytes_release(TypelibBytes *bytes);

/* Codes that a reader gives out and gets back. */

/* A name in the reader's name table. Two names that differ only in case are one NameId, or are both reported by
 * find_names; equal NameIds are equal names. */
typedef uint32_t NameId;
#define NO_NAME UINT32_MAX

/* The reader's own coding of a type, a constant and a list of custom data: an offset, an index, a packed value. */
typedef uint32_t TypeCode;
typedef uint32_t ValueCode;
typedef uint32_t CustomList;
#define NO_VALUE       UINT32_MAX
#define NO_CUSTOM_DATA UINT32_MAX

/* Text inside the library. `bytes` are `size` bytes of Windows code page 1252, or of UTF-16 when `wide`; not terminated.
 * No text: !bytes. */
typedef struct LibraryText {
  const uint8_t *bytes;
  uint32_t size;
  bool wide;
  bool packed; /* help strings of SLTG: for LibraryReaderMethods.unpack alone */
} LibraryText;

/* Facts. */

typedef struct Documentation {
  LibraryText help_string;
  DWORD help_context;
  DWORD help_string_context;
} Documentation;

typedef struct LibraryFacts {
  GUID guid;
  LCID lcid;      /* as TLIBATTR says */
  LCID name_lcid; /* the one that the hash values of names are made with */
  SYSKIND syskind;
  WORD major, minor, flags;
  UINT type_count;
  unsigned pointer_size; /* bytes of a pointer (and a vtable slot) as the file counts: 2, 4 or 8 */
  NameId name;
  Documentation documentation;
  LibraryText help_file, help_dll;
  CustomList custom;
  ULONG name_count, name_characters; /* of the table of names */
  HREFTYPE dispatch; /* reference to IDispatch for the types that derive from it implicitly; NO_REFERENCE: none */
} LibraryFacts;
#define NO_REFERENCE ((HREFTYPE)0xFFFFFFFF)

/* One type as the file says it. A dual interface is ONE type of kind TKIND_DISPATCH with TYPEFLAG_FDUAL, whose
 * functions are described as the vtable has them (result HRESULT, [retval] parameters); the dispatch view is made
 * above. Counts are of the type's own members. */
typedef struct TypeFacts {
  TYPEKIND kind;
  GUID guid;
  NameId name;
  DWORD flags; /* TYPEFLAGS */
  WORD major, minor;
  WORD function_count, variable_count, implemented_count;
  WORD inherited_function_count; /* of all bases together; used when the base can't be loaded */
  WORD base_count;               /* how many bases are above it; the same */
  WORD packing;                  /* what fields were aligned to at most; 0: not said */
  WORD vtable_size;              /* bytes, as stored */
  WORD alignment;
  ULONG instance_size; /* as stored */
  TypeCode alias;      /* TKIND_ALIAS: the type that it names */
  LibraryText dll;     /* TKIND_MODULE: the DLL */
  Documentation documentation;
  CustomList custom;
} TypeFacts;

typedef struct FunctionFacts {
  MEMBERID memid;
  NameId name;
  FUNCKIND kind;
  INVOKEKIND invkind;
  CALLCONV callconv;
  WORD flags;          /* FUNCFLAGS */
  SHORT vtable_offset; /* bytes, as stored: slot number times LibraryFacts.pointer_size */
  WORD parameter_count;
  SHORT optional_count; /* -1: the last parameter takes a variable number */
  TypeCode result;
  uint32_t place[4]; /* the reader's own: where read_parameter finds the parameters */
} FunctionFacts;

/* What a call needs not know. */
typedef struct FunctionDetails {
  Documentation documentation;
  CustomList custom;
  LibraryText entry; /* TKIND_MODULE: name of the entry; none: by `ordinal` */
  WORD ordinal;
} FunctionDetails;

typedef struct ParameterFacts {
  NameId name; /* NO_NAME: it has none */
  TypeCode type;
  WORD flags;              /* PARAMFLAGS; PARAMFLAG_FHASDEFAULT exactly when default_value is there */
  ValueCode default_value; /* NO_VALUE: none */
  CustomList custom;
} ParameterFacts;

typedef struct VariableFacts {
  MEMBERID memid;
  NameId name;
  VARKIND kind;
  WORD flags;      /* VARFLAGS */
  ULONG offset;    /* VAR_PERINSTANCE: bytes from the begin of the record */
  ValueCode value; /* VAR_CONST */
  TypeCode type;
  Documentation documentation;
  CustomList custom;
  uint32_t place; /* the reader's own */
} VariableFacts;

/* Interfaces: element 0 is the base. Coclasses: their interfaces. TKIND_DISPATCH: element 0 is the interface whose functions
 * come before the own ones: the base of a dual interface, or the X of `dispinterface D { interface X; }`;
 * NO_REFERENCE for a dispinterface that lists its own properties and methods. (That a dispinterface
 * implements IDispatch is said above the readers.) */
typedef struct ImplementedFacts {
  HREFTYPE reference;
  INT flags; /* IMPLTYPEFLAGS */
  CustomList custom;
} ImplementedFacts;

/* A walk over a list of custom data: { list } begins it. */
typedef struct CustomWalk {
  CustomList next;
  uint32_t steps; /* for the reader: a list that goes round in circles ends */
} CustomWalk;

/* What a lookup needs to know of a member; cheaper to read than its facts. */
typedef struct MemberKey {
  MEMBERID memid;
  NameId name;
} MemberKey;

typedef struct CustomFacts {
  GUID guid;
  ValueCode value;
} CustomFacts;

/* What an HREFTYPE means: a type of the same library, or one of another. */
typedef struct ReferenceFacts {
  bool local;
  void *object; /* in-memory libraries: the TypeInfo itself, not counted; else NULL */
  UINT index;   /* local, or imported by index */
  /* imported: */
  GUID library;
  LCID lcid;
  WORD major, minor;
  LibraryText file; /* as the compiler found it: may be a name, a path, or nothing */
  bool by_guid;
  GUID guid;
  TYPEKIND kind; /* as the importing library believes; TKIND_MAX when it does not say */
} ReferenceFacts;

/* Memory of one description. */

/* A FUNCDESC, VARDESC or TYPEATTR and all that hangs off it live in one DescBlock and are freed together.
 * Pointers stay put while it grows. */
typedef struct DescBlock DescBlock;

/* Zeroed, aligned for anything; NULL when out of memory. */
void *desc_block_take(DescBlock *block, size_t size);

/* The reader. */

typedef struct LibraryReader LibraryReader;
typedef struct LibraryReaderMethods LibraryReaderMethods;

/* The first member of every reader. */
struct LibraryReader {
  const LibraryReaderMethods *methods;
};

/* All `read_*` fill the whole of `*facts` or fail. `type` is below type_count, `index` below the count that the facts
 * above it gave: the callers check that. */
struct LibraryReaderMethods {
  const char *format; /* "MSFT", "SLTG", "memory": for people */
  void (*close)(LibraryReader *reader);
  HRESULT (*read_library)(const LibraryReader *reader, LibraryFacts *facts);
  HRESULT (*read_type)(const LibraryReader *reader, UINT type, TypeFacts *facts);
  /* Only the kind: asked of all types when a library is listed. */
  HRESULT (*read_kind)(const LibraryReader *reader, UINT type, TYPEKIND *kind);
  HRESULT (*read_function)(const LibraryReader *reader, UINT type, UINT index, FunctionFacts *facts);
  HRESULT(*read_function_details)
  (const LibraryReader *reader, UINT type, UINT index, FunctionDetails *details);
  HRESULT(*read_parameter)
  (const LibraryReader *reader, UINT type, const FunctionFacts *function, UINT index, ParameterFacts *facts);
  HRESULT (*read_variable)(const LibraryReader *reader, UINT type, UINT index, VariableFacts *facts);
  HRESULT (*read_implemented)(const LibraryReader *reader, UINT type, UINT index, ImplementedFacts *facts);
  /* `count` members from `first` on, of the functions and after them the variables of `type`. */
  HRESULT (*read_members)(const LibraryReader *reader, UINT type, UINT first, UINT count, MemberKey *keys);
  HRESULT (*read_reference)(const LibraryReader *reader, UINT type, HREFTYPE reference, ReferenceFacts *facts);
  /* Decodes a TypeCode found in `type` to `*desc`, with what it points to taken from `block`. Pointer-like builtin types
     * keep their names (VT_BSTR ...); nesting deeper than TYPE_DEPTH_LIMIT is TYPE_E_INVDATAREAD. HREFTYPEs are below
     * 0x01000000 (the byte on top is used above the readers). */
  HRESULT (*read_typedesc)(const LibraryReader *reader, UINT type, TypeCode code, DescBlock *block, TYPEDESC *desc);
  /* `value` is initialized by the callee; the caller clears it. */
  HRESULT (*read_value)(const LibraryReader *reader, ValueCode code, VARIANT *value);
  /* S_OK: an item, and *walk moves on; S_FALSE: no more. A damaged list ends with an error; none has more items than the
   * source has room for. */
  HRESULT (*next_custom)(const LibraryReader *reader, CustomWalk *walk, CustomFacts *facts);
  LibraryText (*name_text)(const LibraryReader *reader, NameId name);
  /* The ids of all names that equal `name` (terminated) without regard to case: normally 0 or 1. Returns how many,
     * at most `capacity`. */
  unsigned (*find_names)(const LibraryReader *reader, const OLECHAR *name, NameId *ids, unsigned capacity);
  /* TYPE_E_ELEMENTNOTFOUND: no type of this library has that GUID. */
  HRESULT (*find_guid)(const LibraryReader *reader, REFGUID guid, UINT *type);
  /* A BSTR of a packed text; NULL where the format has none. */
  HRESULT (*unpack)(const LibraryReader *reader, LibraryText text, BSTR *out);
};
#define TYPE_DEPTH_LIMIT 32

/* Helpers for readers (library_text.c). */

/* Types that a TYPEDESC cannot name alone: a damaged file may claim them as builtin ones. */
static inline bool vartype_needs_more(VARTYPE vt) {
  return vt == VT_PTR || vt == VT_SAFEARRAY || vt == VT_CARRAY || vt == VT_USERDEFINED;
}

/* Whether a library is the one that everybody refers to, in any version. */
bool library_is_stdole(REFGUID libid);

/* A BSTR of the text; NULL for no text when `*out` may be NULL. S_OK or E_OUTOFMEMORY. */
HRESULT library_text_to_bstr(LibraryText text, BSTR *out);
/* A unit of text in code page 1252; -1: it is not in it. */
int library_text_octet(OLECHAR unit);
/* Equality without regard to case with a terminated name, by the rules of CompareString for Latin letters. */
bool library_text_equals(LibraryText text, const OLECHAR *name);

#endif
