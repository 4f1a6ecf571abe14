/* library_model_internal.h - the tables of a LibraryModel: filled by library_model.c, read by model_reader.c. */
#ifndef OLEANDER_LIBRARY_MODEL_INTERNAL_H
#define OLEANDER_LIBRARY_MODEL_INTERNAL_H

#include "typelib/model/desc_block.h"
#include "typelib/model/library_model.h"

/* A growing array of elements of one size. */
typedef struct Table {
  void *items;
  uint32_t count, capacity;
} Table;

typedef struct ModelFunction {
  FunctionFacts facts; /* place[0] is the number of the first parameter */
  uint32_t details;    /* its number + 1; 0: it has none */
} ModelFunction;

typedef struct ModelType {
  TypeFacts facts;
  Table functions;   /* ModelFunction */
  Table variables;   /* VariableFacts */
  Table implemented; /* ImplementedFacts */
} ModelType;

typedef struct ModelCustom {
  GUID guid;
  ValueCode value;
  CustomList next;
} ModelCustom;

struct LibraryModel {
  LibraryReader reader;
  void (*release_object)(void *object);
  DescBlock *block; /* texts, types and values */
  LibraryFacts facts;
  bool fold_names;
  uint32_t removed; /* types at the end of the table that are out of the library */
  Table types;      /* ModelType */
  Table details;    /* FunctionDetails, of the functions that have some */
  Table parameters; /* ParameterFacts */
  Table names;      /* LibraryText */
  Table name_slots; /* NameId + 1 by hash (without case), 0: free; its capacity is a power of two */
  Table descs;      /* TYPEDESC, each once */
  Table desc_slots; /* TypeCode + 1 by hash, as name_slots */
  Table values;     /* VARIANT * */
  Table references; /* ReferenceFacts */
  Table customs;    /* ModelCustom */
};

extern const LibraryReaderMethods model_reader_methods;

/* Where a name begins to be looked for in the slots. */
uint32_t model_name_hash(LibraryText name);
uint32_t model_text_hash(const OLECHAR *text, size_t units);

/* Room for `more` elements behind those that are there. */
HRESULT model_reserve(Table *table, size_t size, uint32_t more);

/* A copy of the whole tree. */
HRESULT model_copy_desc(const TYPEDESC *from, DescBlock *block, TYPEDESC *to, unsigned depth);

static inline ModelType *model_type(const LibraryModel *model, UINT type) {
  return (ModelType *)model->types.items + type;
}

#endif
