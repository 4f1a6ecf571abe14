/* library_model.h - a library in memory that can be changed: tables of the same facts that readers give out of files, and a
 * LibraryReader over them. What makes types (descriptions in C structs, ICreateTypeLib2, compilers) fills one; the
 * objects show it and writers write it as they do with any other source.
 *
 * Texts, types and values are copied in and stay where they are until the model is closed; facts are plain structs that
 * hold their codes. A model is changed by one thread, while no other asks it. */
#ifndef OLEANDER_LIBRARY_MODEL_H
#define OLEANDER_LIBRARY_MODEL_H

#include "typelib/model/library_reader.h"

typedef struct LibraryModel LibraryModel;

#define MODEL_MEMBER_LIMIT 0xFFFFu /* types, functions, variables, parameters, implemented types */

/* HREFTYPEs: a type of the model, one of its references, or the two roots. */
#define MODEL_LOCAL_TYPE(index) ((HREFTYPE)(index) << 2)
#define MODEL_REFERENCE(index)  ((HREFTYPE)(index) << 2 | 1)
#define MODEL_IUNKNOWN          ((HREFTYPE)2)
#define MODEL_IDISPATCH         ((HREFTYPE)6)
#define MODEL_REFERENCE_LIMIT   0x00FFFFFFu

/* An empty library. `release_object` gives back a ReferenceFacts.object when the model is closed. */
HRESULT library_model_create(void (*release_object)(void *object), LibraryModel **model);
/* The model's reader; closing it ends the model. */
LibraryReader *library_model_reader(LibraryModel *model);
/* The facts of the library, to be changed in place; counts are the model's own. */
LibraryFacts *library_model_facts(LibraryModel *model);

/* From now on names that differ only in case are one, as in the files. Before the first name. */
void library_model_fold_names(LibraryModel *model);

/* Codes for copies of these. All fail with E_OUTOFMEMORY, or E_INVALIDARG for what cannot be. */
HRESULT library_model_text(LibraryModel *model, const OLECHAR *text, LibraryText *copy); /* NULL: no text */
/* Names are kept once, exactly as they are spelled, or (library_model_fold_names) as they were spelled first, whatever
 * the case. NULL: NO_NAME. */
HRESULT library_model_name(LibraryModel *model, const OLECHAR *name, NameId *id);
bool library_model_has_name(const LibraryModel *model, const OLECHAR *name);
HRESULT library_model_desc(LibraryModel *model, const TYPEDESC *desc, TypeCode *code);
HRESULT library_model_value(LibraryModel *model, const VARIANT *value, ValueCode *code); /* NULL: NO_VALUE */
/* A type of another library: by its object, which the model takes over, or by what import records say. Text in the facts
 * must be the model's. */
HRESULT library_model_reference(LibraryModel *model, const ReferenceFacts *facts, HREFTYPE *reference);
/* The facts of a reference that library_model_reference gave, to be changed in place, by its number. */
UINT library_model_reference_count(const LibraryModel *model);
ReferenceFacts *library_model_reference_facts(LibraryModel *model, UINT number);
/* Adds an item to a list of custom data, or changes the value of the one with that GUID. */
HRESULT library_model_set_custom(LibraryModel *model, CustomList *list, REFGUID guid, const VARIANT *value);

/* A new type at the end, with `facts` but for the counts. */
HRESULT library_model_add_type(LibraryModel *model, const TypeFacts *facts);
/* Takes a type out of those that the library shows. It stays readable under the number *gone behind the last one, and
 * those behind it move up; MODEL_LOCAL_TYPE references must not be in use. */
void library_model_remove_type(LibraryModel *model, UINT type, UINT *gone);
/* How many types were removed: their numbers follow type_count. */
UINT library_model_removed_count(const LibraryModel *model);
TypeFacts *library_model_type(LibraryModel *model, UINT type);

/* Members, put before the one at `index` (at most the count). Parameters go with their function. */
HRESULT library_model_add_function(LibraryModel *model, UINT type, UINT index, const FunctionFacts *facts,
                                   const FunctionDetails *details, const ParameterFacts *parameters);
HRESULT library_model_add_variable(LibraryModel *model, UINT type, UINT index, const VariableFacts *facts);
HRESULT library_model_add_implemented(LibraryModel *model, UINT type, UINT index, const ImplementedFacts *facts);
void library_model_remove_function(LibraryModel *model, UINT type, UINT index);
void library_model_remove_variable(LibraryModel *model, UINT type, UINT index);
void library_model_remove_implemented(LibraryModel *model, UINT type, UINT index);

/* Facts of a member, to be changed in place; valid until the next member is added. */
FunctionFacts *library_model_function(LibraryModel *model, UINT type, UINT index);
FunctionDetails *library_model_function_details(LibraryModel *model, UINT type, UINT index); /* NULL: no memory */
ParameterFacts *library_model_parameters(LibraryModel *model, const FunctionFacts *function);
VariableFacts *library_model_variable(LibraryModel *model, UINT type, UINT index);
ImplementedFacts *library_model_implemented(LibraryModel *model, UINT type, UINT index);

#endif
