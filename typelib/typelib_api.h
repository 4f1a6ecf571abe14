/* typelib_api.h - what typelib/ shows to the other folders, beside the public headers.
 *
 * Types made in memory. A MemoryLibrary describes a whole library with plain C structs; memory_library_create copies all
 * of it and gives an ITypeLib whose types behave like those of a file: the same objects, over another reader.
 *
 *     static const OLECHAR *...
 *     MemoryParameter parameters[] = { { u"a", { .vt = VT_I4 }, PARAMFLAG_FIN, NULL }, ... };
 *     MemoryFunction functions[] = { { .name = u"Add", .memid = 1, .invkind = INVOKE_FUNC, .kind = FUNC_DISPATCH,
 *                                      .callconv = CC_STDCALL, .result = { .vt = VT_I4 }, .parameters = parameters,
 *                                      .parameter_count = 2 } };
 *     MemoryType types[] = { { .name = u"Calculator", .kind = TKIND_DISPATCH, .flags = TYPEFLAG_FDISPATCHABLE,
 *                              .functions = functions, .function_count = 1 } };
 *     MemoryLibrary library = { .name = u"Script", .types = types, .type_count = 1 };
 *     ITypeLib *made;
 *     HRESULT hr = memory_library_create(&library, &made);
 *
 * Dual and custom interfaces: kind TKIND_DISPATCH with TYPEFLAG_FDUAL, or TKIND_INTERFACE; implemented[0] is the base
 * (MEMORY_IDISPATCH, MEMORY_IUNKNOWN ...); functions are FUNC_PUREVIRTUAL with their vtable `slot`, VT_HRESULT
 * results and [retval] parameters, as in a file. A dispinterface needs no implemented types. */
#ifndef OLEANDER_TYPELIB_API_H
#define OLEANDER_TYPELIB_API_H

#include <oaidl.h>
#include <oleauto.h>

#include <stdbool.h>

/* HREFTYPEs in descriptions of types: a type of the same library, or an ITypeInfo out of `references`. */
#define MEMORY_LOCAL_TYPE(index) ((HREFTYPE)(index) << 2)
#define MEMORY_REFERENCE(index)  ((HREFTYPE)(index) << 2 | 1)
#define MEMORY_IUNKNOWN          ((HREFTYPE)2)
#define MEMORY_IDISPATCH         ((HREFTYPE)6)

typedef struct MemoryCustom {
  GUID guid;
  const VARIANT *value;
} MemoryCustom;

typedef struct MemoryParameter {
  const OLECHAR *name; /* NULL: none */
  TYPEDESC type;
  WORD flags;                   /* PARAMFLAGS; PARAMFLAG_FHASDEFAULT is added when there is a default */
  const VARIANT *default_value; /* NULL: none */
  const MemoryCustom *custom;
  UINT custom_count;
} MemoryParameter;

typedef struct MemoryFunction {
  const OLECHAR *name;
  MEMBERID memid;
  INVOKEKIND invkind;
  FUNCKIND kind;
  CALLCONV callconv;
  WORD flags; /* FUNCFLAGS */
  UINT slot;  /* in the vtable, counted from QueryInterface as 0; not used by FUNC_DISPATCH */
  TYPEDESC result;
  const MemoryParameter *parameters;
  UINT parameter_count;
  SHORT optional_count; /* -1: variable number of arguments */
  const OLECHAR *help_string;
  DWORD help_context, help_string_context;
  const OLECHAR *entry; /* of a module's function: its name in the DLL; NULL: by `ordinal` */
  WORD ordinal;
  const MemoryCustom *custom;
  UINT custom_count;
} MemoryFunction;

typedef struct MemoryVariable {
  const OLECHAR *name;
  MEMBERID memid;
  VARKIND kind;
  WORD flags; /* VARFLAGS */
  TYPEDESC type;
  ULONG offset;         /* VAR_PERINSTANCE */
  const VARIANT *value; /* VAR_CONST */
  const OLECHAR *help_string;
  DWORD help_context, help_string_context;
  const MemoryCustom *custom;
  UINT custom_count;
} MemoryVariable;

typedef struct MemoryImplemented {
  HREFTYPE type;
  INT flags; /* IMPLTYPEFLAGS */
  const MemoryCustom *custom;
  UINT custom_count;
} MemoryImplemented;

typedef struct MemoryType {
  const OLECHAR *name;
  TYPEKIND kind;
  GUID guid;
  DWORD flags; /* TYPEFLAGS */
  WORD major, minor;
  const MemoryFunction *functions;
  UINT function_count;
  const MemoryVariable *variables;
  UINT variable_count;
  const MemoryImplemented *implemented;
  UINT implemented_count;
  TYPEDESC alias;      /* TKIND_ALIAS */
  ULONG instance_size; /* 0: of a pointer */
  WORD alignment;      /* 0: of a pointer */
  const OLECHAR *help_string;
  DWORD help_context, help_string_context;
  const OLECHAR *dll; /* TKIND_MODULE */
  const MemoryCustom *custom;
  UINT custom_count;
} MemoryType;

typedef struct MemoryLibrary {
  const OLECHAR *name; /* NULL: none */
  GUID guid;
  LCID lcid;
  WORD major, minor, flags;
  const MemoryType *types;
  UINT type_count;
  ITypeInfo *const
      *references; /* Oleander's own type infos (E_NOINTERFACE for others); referenced while the library lives */
  UINT reference_count;
  const OLECHAR *help_string;
  DWORD help_context, help_string_context;
  const OLECHAR *help_file, *help_dll;
  const MemoryCustom *custom;
  UINT custom_count;
} MemoryLibrary;

/* E_OUTOFMEMORY, E_INVALIDARG (a count or a reference out of range), E_NOINTERFACE. */
OLEANDER_API(HRESULT, memory_library_create, (const MemoryLibrary *description, ITypeLib **library));

/* Interfaces by IID. What is known of one comes from the table of the standard interfaces, else from the library that it is
 * registered with: Interface\{iid}\TypeLib. TYPE_E_LIBNOTREGISTERED and other failures: nothing is known. Any thread. */

/* Its type information: for a dual interface the dispatch half. The caller releases it. */
OLEANDER_API(HRESULT, interface_type, (REFIID iid, ITypeInfo **info));
/* The same for a standard interface by its name ("IStream"). */
OLEANDER_API(HRESULT, interface_type_named, (const char *name, ITypeInfo **info));
/* The type with that GUID in the library that KIND\{guid}\TypeLib names; kind is "Interface" or "CLSID". */
OLEANDER_API(HRESULT, typelib_registered_type, (const char *kind, REFGUID guid, ITypeInfo **info));

/* What a library says of a type of another library, which need not be there. */
typedef struct ImportedType {
  GUID library;
  LCID lcid;
  WORD major, minor;
  BSTR file; /* as the compiler found it: a name, a path; NULL: nothing */
  bool by_guid;
  GUID guid;
  UINT index;    /* not by GUID */
  TYPEKIND kind; /* as the referring library believes; TKIND_MAX: it does not say */
  /* Of the type that refers: what its bases have together, and how many there are. */
  WORD inherited_functions, base_count;
} ImportedType;
/* TYPE_E_ELEMENTNOTFOUND: the reference leads to no other library. E_NOINTERFACE: the type information is not ours. The caller
 * frees the file's name. */
OLEANDER_API(HRESULT, typeinfo_imported, (ITypeInfo * info, HREFTYPE reference, ImportedType *imported));

/* The X of `dispinterface D { interface X; }`, which the API shows as members of D. TYPE_E_ELEMENTNOTFOUND: the type is no such
 * dispinterface. The caller releases it. */
OLEANDER_API(HRESULT, typeinfo_shown_interface, (ITypeInfo * info, ITypeInfo **shown));

/* The slots of its vtable, inherited ones included; a dispinterface has those of IDispatch. Immutable. */
typedef struct InterfaceDescription InterfaceDescription;
typedef struct Signature Signature;
OLEANDER_API(HRESULT, interface_describe, (REFIID iid, const InterfaceDescription **description));
OLEANDER_API(void, interface_description_release, (const InterfaceDescription *description));
OLEANDER_API(UINT, interface_slot_count, (const InterfaceDescription *description));
/* The caller releases the signature. TYPE_E_ELEMENTNOTFOUND: nobody describes the slot. */
OLEANDER_API(HRESULT, interface_signature,
             (const InterfaceDescription *description, UINT slot, const Signature **signature));
/* As the method travels between apartments: the [call_as] form of standard interfaces. */
OLEANDER_API(HRESULT, interface_wire_signature,
             (const InterfaceDescription *description, UINT slot, const Signature **signature));

/* Makes an object for ITypeInfo::CreateInstance: the running one where `appobject` and there is one, else a new one.
 * activation/ registers its function when it is initialized. */
typedef HRESULT TypelibActivator(REFCLSID clsid, bool appobject, IUnknown *outer, REFIID iid, void **object);
OLEANDER_API(void, typelib_set_activator, (TypelibActivator * function));

#endif
