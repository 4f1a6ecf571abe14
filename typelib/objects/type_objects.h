/* type_objects.h - the type-information objects among themselves: one library, its types, and how they find each other.
 *
 * A TypeInfo holds its TypeLibrary; a library knows its TypeInfos weakly, so there is no cycle and an object exists
 * once as long as somebody holds it. */
#ifndef OLEANDER_TYPE_OBJECTS_H
#define OLEANDER_TYPE_OBJECTS_H

#include "com/com_api.h"
#include "dispatch/dispatch_api.h"
#include "typelib/model/desc_block.h"
#include "typelib/model/library_reader.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/stat.h>

typedef struct TypeLibrary TypeLibrary;
typedef struct TypeInfo TypeInfo;

/* Which library a path leads to, however it is spelled; a file that was replaced is another one. */
typedef struct LibraryIdentity {
  dev_t device;
  ino_t inode;
  struct timespec modified;
  off_t size;
  unsigned resource;
} LibraryIdentity;

struct TypeLibrary {
  ITypeLib2 lib;
  ITypeComp comp;
  Object object;
  LibraryReader *reader;
  LibraryFacts facts;
  pthread_mutex_t lock; /* of `infos` */
  TypeInfo **infos;     /* weak: two for each type, the second one the vtable view of a dual interface */
  UINT place_count;     /* of types that `infos` has room for */
  OLECHAR *path;        /* where it was loaded from, with its resource number; NULL: nowhere */
  LibraryIdentity identity;
  TypeLibrary *next; /* in the list of open libraries (library_cache.c) */
  bool listed;
  bool changing;               /* it is being made: what types know of their bases does not stay true */
  bool bases_known;            /* while it is being made: some type may remember its base */
  const ObjectType *info_type; /* of the objects of its types: a struct that begins with a TypeInfo */
  /* Where signatures come from that say more than a FUNCDESC can; NULL: from that. */
  HRESULT (*make_signature)(const TypeInfo *info, UINT own_index, const Signature **signature);
};

/* What look-ups in a type need, read at once: its functions and behind them its variables. */
typedef struct MemberKeys {
  bool sorted; /* false: they are looked at one after the other */
  UINT *order; /* indexes of keys by rising id; NULL: they are in that order */
  MemberKey keys[];
} MemberKeys;

struct TypeInfo {
  ITypeInfo2 info;
  ITypeComp comp;
  IOleanderTypeInfo signatures;
  Object object;
  TypeLibrary *library;
  UINT index;
  bool vtable_view; /* the interface half of a dual interface */
  TypeFacts facts;
  _Atomic(TypeInfo *) base;                              /* counted; NULL: not known yet */
  atomic_int inherited;                                  /* functions of all bases; -1: not counted yet */
  _Atomic(MemberKeys *) keys;                            /* NULL until the first look-up */
  _Atomic(_Atomic(const Signature *) *) signature_cache; /* one for each own function */
};

/* Bits of an HREFTYPE above the readers: a reference found in an inherited function is relative to the base that many
 * levels up. */
#define REFERENCE_LEVEL_SHIFT 24
#define REFERENCE_OWN_MASK    0x00FFFFFFu
/* A reference to a base: of a dual interface its interface half is meant. */
#define REFERENCE_TO_BASE    0x40000000u
#define REFERENCE_OTHER_HALF ((HREFTYPE)-2) /* of a dual interface */
#define REFERENCE_SELF       ((HREFTYPE)-3) /* the type that is asked */
#define REFERENCE_IDISPATCH  ((HREFTYPE)-4) /* of a dispinterface in a library that has no reference to it */
#define BASE_LIMIT           32             /* levels of inheritance */

/* type_library.c. The library takes the reader over, also when it fails. */
HRESULT type_library_create(LibraryReader *reader, TypeLibrary **library);
/* The same with an object type of the caller's, whose struct begins with a TypeLibrary and whose faces begin with
 * TYPE_LIBRARY_FACES. */
HRESULT type_library_create_as(const ObjectType *type, LibraryReader *reader, TypeLibrary **library);
void type_library_destroy(void *memory);
extern const ITypeLib2Vtbl type_library_vtable;
extern const ITypeCompVtbl type_library_comp_vtable;
#define TYPE_LIBRARY_FACES                                                                                             \
  { &IID_ITypeLib, offsetof(TypeLibrary, lib), &type_library_vtable },                                                 \
      { &IID_ITypeLib2, offsetof(TypeLibrary, lib), &type_library_vtable }, {                                          \
    &IID_ITypeComp, offsetof(TypeLibrary, comp), &type_library_comp_vtable                                             \
  }

/* type_info.c: what TypeLibrary.info_type is made of. */
void type_info_destroy(void *memory);
extern const ITypeInfo2Vtbl type_info_vtable;
extern const ITypeCompVtbl type_info_comp_vtable;
extern const IOleanderTypeInfoVtbl type_info_signatures_vtable;
#define TYPE_INFO_FACES                                                                                                \
  { &IID_ITypeInfo, offsetof(TypeInfo, info), &type_info_vtable },                                                     \
      { &IID_ITypeInfo2, offsetof(TypeInfo, info), &type_info_vtable },                                                \
      { &IID_ITypeComp, offsetof(TypeInfo, comp), &type_info_comp_vtable }, {                                          \
    &IID_IOleanderTypeInfo, offsetof(TypeInfo, signatures), &type_info_signatures_vtable                               \
  }

/* After the source was changed (a LibraryModel): what the library and its types read of it once, they read again. No other
 * thread may ask them meanwhile. A failure leaves them as they were. */
HRESULT type_library_changed(TypeLibrary *library);
/* The same for one type alone: its members and its facts were changed, but neither its bases nor what makes it dual. */
HRESULT type_library_changed_type(TypeLibrary *library, UINT index);
/* The same for what the library says of itself. */
HRESULT type_library_changed_facts(TypeLibrary *library);
/* A type was put in at `index`; the `behind` ones from there on have moved by one. */
HRESULT type_library_added_type(TypeLibrary *library, UINT index, UINT behind);
/* Type `index` has become number `gone`, behind all others; those behind it moved up. Whoever holds it keeps it. */
HRESULT type_library_removed_type(TypeLibrary *library, UINT index, UINT gone);
HRESULT type_library_open_type(TypeLibrary *library, UINT index, bool vtable_view, TypeInfo **info);

static inline void type_info_release(TypeInfo *info) {
  if (info)
    ITypeInfo2_Release(&info->info);
}

static inline bool type_is_dispatch_view(const TypeInfo *info) {
  return info->facts.kind == TKIND_DISPATCH && !info->vtable_view;
}

static inline bool type_is_dual(const TypeInfo *info) {
  return info->facts.kind == TKIND_DISPATCH && info->facts.flags & TYPEFLAG_FDUAL;
}

/* type_inherit.c */
HRESULT type_base(TypeInfo *info, TypeInfo **base);         /* TYPE_E_ELEMENTNOTFOUND: it has none */
HRESULT type_resolve_base(TypeInfo *info, TypeInfo **base); /* the same; the type does not remember it */
/* Where a member is looked for that the type itself does not have: its base, or a coclass's default interface. */
HRESULT type_next_scope(TypeInfo *info, TypeInfo **next);
UINT type_inherited_functions(TypeInfo *info); /* 0 but in the dispatch view */
UINT type_function_total(TypeInfo *info);      /* as TYPEATTR counts */
/* Where function `index` of this view is declared. *owner is not counted: `info` holds it. */
HRESULT type_find_function(TypeInfo *info, UINT index, TypeInfo **owner, UINT *own_index, unsigned *level);

/* type_reference.c: the type that a reference means, seen from `info`. */
HRESULT type_resolve_reference(TypeInfo *info, HREFTYPE reference, TypeInfo **target);

/* type_describe.c */
HRESULT TypeInfo_GetTypeAttr(ITypeInfo2 *face, TYPEATTR **attr);
HRESULT TypeInfo_GetFuncDesc(ITypeInfo2 *face, UINT index, FUNCDESC **desc);
HRESULT TypeInfo_GetVarDesc(ITypeInfo2 *face, UINT index, VARDESC **desc);
void TypeInfo_ReleaseTypeAttr(ITypeInfo2 *face, TYPEATTR *attr);
void TypeInfo_ReleaseFuncDesc(ITypeInfo2 *face, FUNCDESC *desc);
void TypeInfo_ReleaseVarDesc(ITypeInfo2 *face, VARDESC *desc);
/* Function `own_index` of `owner` as its vtable has it, with references `level` levels away. */
HRESULT describe_function(TypeInfo *owner, UINT own_index, unsigned level, FUNCDESC **desc);

/* type_lookup.c: members by id and by name. */
typedef struct NameSet {
  NameId ids[8];
  unsigned count;
} NameSet;
NameSet type_library_names(const TypeLibrary *library, const OLECHAR *name);
bool name_set_has(const NameSet *names, NameId name);
UINT type_own_member_count(const TypeInfo *info);
/* The keys of the own functions and, behind them, variables. They live as long as the type. */
HRESULT type_keys(TypeInfo *info, const MemberKey **keys);
/* The own member with this id: functions count first, then variables. invkinds: 0 any. TYPE_E_ELEMENTNOTFOUND. */
HRESULT type_find_memid(TypeInfo *info, MEMBERID memid, UINT *index);
HRESULT type_find_function_memid(TypeInfo *info, MEMBERID memid, UINT invkinds, UINT *index);
HRESULT TypeInfo_GetNames(ITypeInfo2 *face, MEMBERID memid, BSTR *names, UINT capacity, UINT *count);
HRESULT TypeInfo_GetIDsOfNames(ITypeInfo2 *face, LPOLESTR *names, UINT count, MEMBERID *ids);
HRESULT TypeInfo_GetFuncIndexOfMemId(ITypeInfo2 *face, MEMBERID memid, INVOKEKIND invkind, UINT *index);
HRESULT TypeInfo_GetVarIndexOfMemId(ITypeInfo2 *face, MEMBERID memid, UINT *index);

/* type_comp.c */
HRESULT TypeInfo_Bind(ITypeComp *face, LPOLESTR name, ULONG hash, WORD flags, ITypeInfo **info, DESCKIND *kind,
                      BINDPTR *result);
HRESULT TypeInfo_BindType(ITypeComp *face, LPOLESTR name, ULONG hash, ITypeInfo **info, ITypeComp **comp);
HRESULT TypeLibrary_Bind(ITypeComp *face, LPOLESTR name, ULONG hash, WORD flags, ITypeInfo **info, DESCKIND *kind,
                         BINDPTR *result);
HRESULT TypeLibrary_BindType(ITypeComp *face, LPOLESTR name, ULONG hash, ITypeInfo **info, ITypeComp **comp);
HRESULT TypeLibrary_IsName(ITypeLib2 *face, LPOLESTR name, ULONG hash, BOOL *found);
HRESULT TypeLibrary_FindName(ITypeLib2 *face, LPOLESTR name, ULONG hash, ITypeInfo **infos, MEMBERID *memids,
                             USHORT *count);

/* type_documentation.c */
HRESULT TypeInfo_GetDocumentation(ITypeInfo2 *face, MEMBERID memid, BSTR *name, BSTR *help, DWORD *context, BSTR *file);
HRESULT TypeInfo_GetDocumentation2(ITypeInfo2 *face, MEMBERID memid, LCID lcid, BSTR *help, DWORD *context, BSTR *dll);
HRESULT TypeLibrary_GetDocumentation(ITypeLib2 *face, INT index, BSTR *name, BSTR *help, DWORD *context, BSTR *file);
HRESULT TypeLibrary_GetDocumentation2(ITypeLib2 *face, INT index, LCID lcid, BSTR *help, DWORD *context, BSTR *dll);

/* type_custom.c */
HRESULT custom_data_all(const TypeLibrary *library, CustomList list, CUSTDATA *data);
HRESULT custom_data_one(const TypeLibrary *library, CustomList list, REFGUID guid, VARIANT *value);
HRESULT TypeInfo_GetCustData(ITypeInfo2 *face, REFGUID guid, VARIANT *value);
HRESULT TypeInfo_GetFuncCustData(ITypeInfo2 *face, UINT index, REFGUID guid, VARIANT *value);
HRESULT TypeInfo_GetParamCustData(ITypeInfo2 *face, UINT function, UINT parameter, REFGUID guid, VARIANT *value);
HRESULT TypeInfo_GetVarCustData(ITypeInfo2 *face, UINT index, REFGUID guid, VARIANT *value);
HRESULT TypeInfo_GetImplTypeCustData(ITypeInfo2 *face, UINT index, REFGUID guid, VARIANT *value);
HRESULT TypeInfo_GetAllCustData(ITypeInfo2 *face, CUSTDATA *data);
HRESULT TypeInfo_GetAllFuncCustData(ITypeInfo2 *face, UINT index, CUSTDATA *data);
HRESULT TypeInfo_GetAllParamCustData(ITypeInfo2 *face, UINT function, UINT parameter, CUSTDATA *data);
HRESULT TypeInfo_GetAllVarCustData(ITypeInfo2 *face, UINT index, CUSTDATA *data);
HRESULT TypeInfo_GetAllImplTypeCustData(ITypeInfo2 *face, UINT index, CUSTDATA *data);

/* type_signature.c */

/* Which functions a search is for. */
typedef struct WantedFunction {
  MEMBERID memid;
  UINT invkinds;
  bool callable; /* not the restricted ones, but for those with a standard id: For Each calls a restricted _NewEnum */
} WantedFunction;

/* The first function that the type itself declares. TYPE_E_ELEMENTNOTFOUND: none. */
HRESULT type_find_own(TypeInfo *self, const WantedFunction *wanted, UINT *own_index);
/* Where a function is declared: in the type itself or in a base. The caller releases *owner. */
HRESULT type_find_declaration(TypeInfo *self, const WantedFunction *wanted, unsigned level, TypeInfo **owner,
                              UINT *own_index);
/* Own function `own_index` as its vtable has it. The caller releases it. */
HRESULT type_own_signature(TypeInfo *self, UINT own_index, const Signature **signature);
/* The same when it was made before; it lives as long as the type. NULL: not yet. */
const Signature *type_known_signature(TypeInfo *self, UINT own_index);
void type_signatures_release(TypeInfo *info);
HRESULT TypeInfo_GetSignature(IOleanderTypeInfo *face, UINT index, const Signature **signature);
HRESULT TypeInfo_FindSignature(IOleanderTypeInfo *face, MEMBERID memid, UINT invkinds, const Signature **signature,
                               ITypeInfo **owner);

/* type_invoke.c */
HRESULT TypeInfo_Invoke(ITypeInfo2 *face, PVOID instance, MEMBERID memid, WORD flags, DISPPARAMS *params,
                        VARIANT *result, EXCEPINFO *exception, UINT *bad_argument);

/* type_entry.c */
HRESULT TypeInfo_GetDllEntry(ITypeInfo2 *face, MEMBERID memid, INVOKEKIND invkind, BSTR *dll, BSTR *name,
                             WORD *ordinal);
HRESULT TypeInfo_AddressOfMember(ITypeInfo2 *face, MEMBERID memid, INVOKEKIND invkind, PVOID *address);

/* type_create.c */
HRESULT TypeInfo_CreateInstance(ITypeInfo2 *face, IUnknown *outer, REFIID iid, PVOID *object);

/* library_cache.c: the libraries that are open, each once. Weak. */
void library_cache_remove(TypeLibrary *library); /* by the library's last Release, under library_cache_lock */
extern pthread_mutex_t library_cache_lock;

static inline TypeInfo *type_info_from(ITypeInfo2 *face) {
  return OBJECT_CONTAINER(face, TypeInfo, info);
}

static inline TypeLibrary *type_library_from(ITypeLib2 *face) {
  return OBJECT_CONTAINER(face, TypeLibrary, lib);
}

/* Gives one reference back. The last one is given back under `lock`, after `forget` has removed the object from the
 * weak table that the lock guards: so whoever finds an object in the table can still take a reference. */
ULONG weak_release(Object *object, pthread_mutex_t *lock, void (*forget)(void *self), void *self);

#endif
