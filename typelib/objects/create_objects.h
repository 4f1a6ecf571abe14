/* create_objects.h - libraries that are being made: the faces ICreateTypeLib2 and ICreateTypeInfo2 over a LibraryModel.
 *
 * A CreatedLibrary is a TypeLibrary over a model, a CreatedType one of its TypeInfos: what is being made is read through
 * the same objects as any other library, at once. Each change goes into the model and is then told to the objects
 * (type_library_changed_type). One thread changes a library, while no other reads it. */
#ifndef OLEANDER_CREATE_OBJECTS_H
#define OLEANDER_CREATE_OBJECTS_H

#include "typelib/model/library_model.h"
#include "typelib/objects/type_objects.h"

/* What is known of a type that its facts do not say. */
typedef struct MakingType {
  HREFTYPE reference;   /* to it, within the library; NO_REFERENCE: nobody asked */
  TYPEKIND kind;        /* as it was created: a dual interface becomes another kind when it is laid out */
  WORD packing;         /* as SetAlignment said; 0: nothing said */
  uint64_t laid_out;    /* CreatedLibrary.changes at that time; 0: never */
  bool laying_out;      /* a type that contains itself is met again */
  bool implements_root; /* a dispinterface for which AddImplType named IDispatch */
} MakingType;

typedef struct CreatedLibrary {
  TypeLibrary library;
  ICreateTypeLib2 create;
  LibraryModel *model;
  MakingType *types; /* by number, removed ones behind the others */
  UINT type_room;
  uint64_t changes; /* that LayOut has to look at: what one type is decides what others become */
  unsigned laying_depth;
} CreatedLibrary;

typedef struct CreatedType {
  TypeInfo type;
  ICreateTypeInfo2 create;
} CreatedType;

static inline CreatedType *created_type_from(ICreateTypeInfo2 *face) {
  return OBJECT_CONTAINER(face, CreatedType, create);
}

static inline CreatedLibrary *created_library_of(const CreatedType *self) {
  return OBJECT_CONTAINER(self->type.library, CreatedLibrary, library);
}

static inline LibraryModel *created_model(const CreatedType *self) {
  return created_library_of(self)->model;
}

static inline MakingType *created_making(const CreatedType *self) {
  return &created_library_of(self)->types[self->type.index];
}

static inline TypeFacts *created_facts(const CreatedType *self) {
  return library_model_type(created_model(self), self->type.index);
}

/* The counts of its own members, also of those that were added just now. */
static inline UINT created_function_count(const CreatedType *self) {
  return self->type.facts.function_count;
}

static inline UINT created_variable_count(const CreatedType *self) {
  return self->type.facts.variable_count;
}

static inline UINT created_implemented_count(const CreatedType *self) {
  return self->type.facts.implemented_count;
}

/* FunctionFacts.place[PLACE_MAKING] and VariableFacts.place: what LayOut has to fill in. */
enum { PLACE_MAKING = 1 };
#define MAKING_AUTOMATIC_ID 1u /* memid */
#define MAKING_GIVEN_SLOT   2u /* vtable_offset is the maker's */

#define NAME_LENGTH_LIMIT   255u /* of the files */

/* create_library.c */

/* E_INVALIDARG: NULL, empty, or nothing that a file can hold. */
HRESULT created_name(LibraryModel *model, const OLECHAR *name, NameId *id);
/* E_INVALIDARG: no text. */
HRESULT created_text(LibraryModel *model, const OLECHAR *text, LibraryText *copy);
HRESULT created_custom(LibraryModel *model, CustomList *list, REFGUID guid, const VARIANT *value);
/* Whether a file can hold it: S_OK, E_INVALIDARG, DISP_E_BADVARTYPE. */
HRESULT created_value_check(const VARIANT *value);
/* TYPE_E_NAMECONFLICT: another type than `self` has the name; UINT_MAX: none is left out. Aliases may share one. */
HRESULT created_name_conflict(CreatedLibrary *library, NameId name, TYPEKIND kind, UINT self);
/* How many bytes a pointer has where the library is for. */
static inline unsigned created_pointer_size(const CreatedLibrary *library) {
  return library->library.facts.pointer_size;
}
extern const ObjectType created_type_object;

/* create_type.c. After a change of the type: `counts` when it is one that LayOut has to look at. */
HRESULT created_type_changed(CreatedType *self, bool counts);
/* After a change of what other types take it for: its bases, or whether it is dual. */
HRESULT created_bases_changed(CreatedType *self);
/* The same for LayOut itself. */
HRESULT created_tell_bases(CreatedType *self);

/* create_reference.c */
HRESULT CreatedType_AddRefTypeInfo(ICreateTypeInfo2 *face, ITypeInfo *info, HREFTYPE *reference);
/* The reference that a type number has, for what is removed or put in. */
void created_references_renumber(CreatedLibrary *library, UINT removed);
/* Whether it came from AddRefTypeInfo. */
bool created_reference_known(const CreatedType *self, HREFTYPE reference);
bool created_desc_known(const CreatedType *self, const TYPEDESC *desc);

/* create_members.c, create_details.c */
HRESULT CreatedType_AddFuncDesc(ICreateTypeInfo2 *face, UINT index, FUNCDESC *desc);
HRESULT CreatedType_AddVarDesc(ICreateTypeInfo2 *face, UINT index, VARDESC *desc);
HRESULT CreatedType_SetFuncAndParamNames(ICreateTypeInfo2 *face, UINT index, LPOLESTR *names, UINT count);
HRESULT CreatedType_SetVarName(ICreateTypeInfo2 *face, UINT index, LPOLESTR name);
HRESULT CreatedType_DeleteFuncDesc(ICreateTypeInfo2 *face, UINT index);
HRESULT CreatedType_DeleteFuncDescByMemId(ICreateTypeInfo2 *face, MEMBERID memid, INVOKEKIND invkind);
HRESULT CreatedType_DeleteVarDesc(ICreateTypeInfo2 *face, UINT index);
HRESULT CreatedType_DeleteVarDescByMemId(ICreateTypeInfo2 *face, MEMBERID memid);
HRESULT CreatedType_DefineFuncAsDllEntry(ICreateTypeInfo2 *face, UINT index, LPOLESTR dll, LPOLESTR entry);
HRESULT CreatedType_SetFuncDocString(ICreateTypeInfo2 *face, UINT index, LPOLESTR text);
HRESULT CreatedType_SetVarDocString(ICreateTypeInfo2 *face, UINT index, LPOLESTR text);
HRESULT CreatedType_SetFuncHelpContext(ICreateTypeInfo2 *face, UINT index, DWORD context);
HRESULT CreatedType_SetVarHelpContext(ICreateTypeInfo2 *face, UINT index, DWORD context);
HRESULT CreatedType_SetFuncHelpStringContext(ICreateTypeInfo2 *face, UINT index, ULONG context);
HRESULT CreatedType_SetVarHelpStringContext(ICreateTypeInfo2 *face, UINT index, ULONG context);
HRESULT CreatedType_SetFuncCustData(ICreateTypeInfo2 *face, UINT index, REFGUID guid, VARIANT *value);
HRESULT CreatedType_SetParamCustData(ICreateTypeInfo2 *face, UINT function, UINT parameter, REFGUID guid,
                                     VARIANT *value);
HRESULT CreatedType_SetVarCustData(ICreateTypeInfo2 *face, UINT index, REFGUID guid, VARIANT *value);

/* create_implemented.c */
HRESULT CreatedType_AddImplType(ICreateTypeInfo2 *face, UINT index, HREFTYPE reference);
HRESULT CreatedType_SetImplTypeFlags(ICreateTypeInfo2 *face, UINT index, INT flags);
HRESULT CreatedType_DeleteImplType(ICreateTypeInfo2 *face, UINT index);
HRESULT CreatedType_SetImplTypeCustData(ICreateTypeInfo2 *face, UINT index, REFGUID guid, VARIANT *value);

/* create_layout.c, create_layout_size.c */
HRESULT CreatedType_LayOut(ICreateTypeInfo2 *face);
HRESULT created_type_lay_out(CreatedType *self);

typedef struct CreatedLayout {
  uint64_t size;
  WORD alignment;
} CreatedLayout;
/* Size and alignment of a value in the system that the library is for; types of the library are laid out first.
 * TYPE_E_UNDEFINEDTYPE: it has none. */
HRESULT created_code_layout(CreatedType *self, TypeCode code, CreatedLayout *layout);

#endif
