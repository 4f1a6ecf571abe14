/* The one checked way to read type information. An ITypeInfo may be a stranger's, and a stranger's answers are hostile bytes:
 * counts that are too large or negative, descriptions without what they describe, cycles of aliases and bases, S_OK without
 * a result. Everything that asks an ITypeInfo which it did not make asks through here; what comes back
 *
 *   - is there: a success without its result is TYPE_E_INVDATAREAD, and after a failure the result is NULL (or zero);
 *   - has counts and kinds inside the limits below, and pointers where a count is not zero;
 *   - has TYPEDESCs that end, after at most TYPEINFO_DEPTH_LIMIT steps;
 *   - is given back once: the release functions take the address and set it to NULL, and NULL is nothing to release.
 *
 * What can't be checked is whether pointers are good. VARTYPEs inside a TYPEDESC are any number, and an HREFTYPE may lead
 * anywhere, also back: who follows references needs a limit of its own, or one of the chains below. (A coclass's default interface: dispatch_api.h.)
 *
 * Functions have a public label because the bridge, a module of its own, uses them too; they are no public interface. */
#ifndef OLEANDER_DISPATCH_TYPEINFO_READ_H
#define OLEANDER_DISPATCH_TYPEINFO_READ_H

#include <oaidl.h>
#include <oleauto.h>
#include <stdbool.h>

enum {
  TYPEINFO_DEPTH_LIMIT = 32,      /* pointers and arrays in one TYPEDESC */
  TYPEINFO_DIMENSION_LIMIT = 64,  /* of a fixed array */
  TYPEINFO_PARAMETER_LIMIT = 512, /* of one function */
  TYPEINFO_CHAIN_LIMIT = 32       /* aliases of aliases, bases of bases */
};

/* The type's attributes. cbSizeInstance, cbSizeVft and cbAlignment are what the type says, not what anything is. */
OLEANDER_API(HRESULT, typeinfo_get_attributes, (ITypeInfo * info, TYPEATTR **attributes));
OLEANDER_API(void, typeinfo_release_attributes, (ITypeInfo * info, TYPEATTR **attributes));

/* A copy of them with nothing to release: without the schema and the alias's target, which belong to the type. Zeroed
 * after a failure. */
OLEANDER_API(HRESULT, typeinfo_copy_attributes, (ITypeInfo * info, TYPEATTR *attributes));

/* Function `index`. Its kinds are known ones, cParams is not negative, cParamsOpt lies between -1 and cParams. */
OLEANDER_API(HRESULT, typeinfo_get_function, (ITypeInfo * info, UINT index, FUNCDESC **function));
OLEANDER_API(void, typeinfo_release_function, (ITypeInfo * info, FUNCDESC **function));

/* Variable, field or constant `index`. A VAR_CONST has its value. */
OLEANDER_API(HRESULT, typeinfo_get_variable, (ITypeInfo * info, UINT index, VARDESC **variable));
OLEANDER_API(void, typeinfo_release_variable, (ITypeInfo * info, VARDESC **variable));

/* The default value of a parameter; NULL when it has none, or says so without one. Belongs to the description. */
OLEANDER_API(const VARIANT *, elemdesc_default, (const ELEMDESC *element));

/* The names of a member and its parameters: *count of them are in `names`, which has room for `limit`; some may be NULL.
 * The caller frees them with typeinfo_free_names(names, limit). */
OLEANDER_API(HRESULT, typeinfo_get_names, (ITypeInfo * info, MEMBERID memid, BSTR *names, UINT limit, UINT *count));
OLEANDER_API(void, typeinfo_free_names, (BSTR * names, UINT limit));

/* The member's own name, never NULL on success. The caller frees it. */
OLEANDER_API(HRESULT, typeinfo_get_name, (ITypeInfo * info, MEMBERID memid, BSTR *name));

/* What documentation says about a member, a type (MEMBERID_NIL) or a library; each text may be NULL. */
typedef struct TypeDocumentation {
  BSTR name, help, file;
  DWORD context;
} TypeDocumentation;

OLEANDER_API(HRESULT, typeinfo_get_documentation, (ITypeInfo * info, MEMBERID memid, TypeDocumentation *documentation));
OLEANDER_API(void, typeinfo_free_documentation, (TypeDocumentation * documentation));

/* The type that an HREFTYPE of `info` names. The caller releases *referred. */
OLEANDER_API(HRESULT, typeinfo_get_reference, (ITypeInfo * info, HREFTYPE reference, ITypeInfo **referred));

/* Implemented type (base, or interface of a coclass) `index`; (UINT)-1 is the other half of a dual interface. */
OLEANDER_API(HRESULT, typeinfo_get_implemented, (ITypeInfo * info, UINT index, ITypeInfo **implemented));

/* IMPLTYPEFLAGS of it; 0 when they can't be read. */
OLEANDER_API(INT, typeinfo_implemented_flags, (ITypeInfo * info, UINT index));

/* The library of the type and its place in it. Both are as the type says: two types may claim one place. */
OLEANDER_API(HRESULT, typeinfo_get_library, (ITypeInfo * info, ITypeLib **library, UINT *index));

/* The type behind an alias (of an alias ...) of a named type; what is no such alias is its own answer, referenced.
 * TYPE_E_CIRCULARTYPE beyond TYPEINFO_CHAIN_LIMIT. */
OLEANDER_API(HRESULT, typeinfo_resolve_alias, (ITypeInfo * info, ITypeInfo **target));

/* An interface and its bases, itself first, each with a reference; *count of them (at least one) are in `levels`. A base
 * that can't be loaded ends the chain, its error comes back and *count says how far it went; so does a chain that comes
 * back to an IID that it had, or is longer than `limit`: TYPE_E_CIRCULARTYPE. S_OK: the last one has no base. */
OLEANDER_API(HRESULT, typeinfo_get_bases, (ITypeInfo * info, ITypeInfo **levels, UINT limit, UINT *count));
OLEANDER_API(void, typeinfo_release_bases, (ITypeInfo * *levels, UINT count));

/* A library's attributes, as a copy; zeroed after a failure. */
OLEANDER_API(HRESULT, typelib_copy_attributes, (ITypeLib * library, TLIBATTR *attributes));

/* Type `index` of a library. */
OLEANDER_API(HRESULT, typelib_get_type, (ITypeLib * library, UINT index, ITypeInfo **info));

/* The type with that GUID. */
OLEANDER_API(HRESULT, typelib_get_type_of_guid, (ITypeLib * library, REFGUID guid, ITypeInfo **info));

/* What documentation says about type `index`, or about the library (-1). */
OLEANDER_API(HRESULT, typelib_get_documentation, (ITypeLib * library, INT index, TypeDocumentation *documentation));

/* What an object says about itself. GetTypeInfoCount is not asked: servers that have nothing fail here as well. */
OLEANDER_API(HRESULT, dispatch_get_type, (IDispatch * dispatch, LCID lcid, ITypeInfo **info));

#endif
