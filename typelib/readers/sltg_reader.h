/* sltg_reader.h - the parts of the SLTG reader among themselves.
 *
 * SLTG is the format that mktyplib and ICreateTypeLib wrote (OLE 2, Visual Basic 4, Office 95): a small "compound object"
 * with a block for each type and one for the library. Nothing about it was published; what is known was found out by
 * reading files. All numbers are little-endian, most of them 16 bits wide. */
#ifndef OLEANDER_SLTG_READER_H
#define OLEANDER_SLTG_READER_H

#include "com/com_api.h"
#include "typelib/readers/readers.h"

#define SLTG_NONE 0xFFFFu /* the offset of nothing */

/* Where the parts of a type stand in the file. */
typedef struct SltgType {
  uint32_t block, block_size;
  uint32_t entry; /* in the directory of types, behind the two names of the block */
} SltgType;

typedef struct SltgReader {
  LibraryReader reader;
  TypelibBytes bytes;
  Cursor file;
  LibraryFacts facts;
  Cursor names; /* the table of names; its first text is at 0, each has a header in front */
  Cursor heads; /* SLTG_CHAIN_COUNT words: the name at the root of each tree of the hash table */
  Cursor words; /* the tree that help strings are packed with */
  SltgType *types;
} SltgReader;

static inline const SltgReader *sltg_from(const LibraryReader *reader) {
  return (const SltgReader *)reader;
}

/* A type's block, as far as it is needed to find anything in it. Offsets of members are relative to `members`. */
typedef struct SltgBlock {
  Cursor whole;
  Cursor members;
  const uint8_t *header; /* SLTG_HEADER_SIZE bytes */
  const uint8_t *tail;   /* SLTG_TAIL_SIZE bytes */
} SltgBlock;
#define SLTG_HEADER_SIZE 0x22u
#define SLTG_ENTRIES     0x06u /* in the header: where the DLL entries of a module are, a dword */
#define SLTG_TAIL_SIZE   0x34u

bool sltg_open_block(const SltgReader *sltg, UINT type, SltgBlock *block);

/* Offsets in the tail of a block; each is a word. */
enum {
  SLTG_FUNCTION_COUNT = 0x00,
  SLTG_VARIABLE_COUNT = 0x02,
  SLTG_IMPLEMENTED_COUNT = 0x04,
  SLTG_FUNCTIONS = 0x08,
  SLTG_VARIABLES = 0x0A,
  SLTG_IMPLEMENTED = 0x0C,
  SLTG_ALIAS = 0x14,
  SLTG_HELP_BASE = 0x18,    /* a dword: help contexts of members count from here */
  SLTG_SIMPLE_ALIAS = 0x1C, /* SLTG_ALIAS is a VARTYPE, else an offset */
  SLTG_INSTANCE_SIZE = 0x20,
  SLTG_ALIGNMENT = 0x22,
  SLTG_VTABLE_SIZE = 0x28
};

/* The record number `index` of a chain of records that starts at `offset`; its second word is the offset of the next. */
bool sltg_find_record(const SltgBlock *block, uint32_t offset, UINT index, uint32_t *record);
/* A word among the members. SLTG_NONE beyond the end. */
uint16_t sltg_member_u16(const SltgBlock *block, uint32_t offset);
/* A packed help string, told by its offset among the members; the empty word in it ends it. */
LibraryText sltg_packed_text(const SltgBlock *block, uint32_t offset);
DWORD sltg_help_context(const SltgBlock *block, uint16_t code);

/* TypeCodes: offset among the members; or a builtin type in the low word. */
#define SLTG_BUILTIN_TYPE 0x80000000u
/* Moves *offset behind the type that begins there. */
bool sltg_skip_type(const SltgBlock *block, uint32_t *offset);

/* sltg_types.c */
HRESULT sltg_read_type(const LibraryReader *reader, UINT type, TypeFacts *facts);
HRESULT sltg_read_kind(const LibraryReader *reader, UINT type, TYPEKIND *kind);
HRESULT sltg_read_implemented(const LibraryReader *reader, UINT type, UINT index, ImplementedFacts *facts);
HRESULT sltg_read_reference(const LibraryReader *reader, UINT type, HREFTYPE reference, ReferenceFacts *facts);
HRESULT sltg_read_typedesc(const LibraryReader *reader, UINT type, TypeCode code, DescBlock *block, TYPEDESC *desc);
HRESULT sltg_find_guid(const LibraryReader *reader, REFGUID guid, UINT *type);

/* sltg_members.c */
LibraryText sltg_module_dll(const SltgReader *sltg, const SltgBlock *block);
HRESULT sltg_read_function(const LibraryReader *reader, UINT type, UINT index, FunctionFacts *facts);
HRESULT sltg_read_function_details(const LibraryReader *reader, UINT type, UINT index, FunctionDetails *details);
HRESULT sltg_read_parameter(const LibraryReader *reader, UINT type, const FunctionFacts *function, UINT index,
                            ParameterFacts *facts);
HRESULT sltg_read_variable(const LibraryReader *reader, UINT type, UINT index, VariableFacts *facts);
HRESULT sltg_read_members(const LibraryReader *reader, UINT type, UINT first, UINT count, MemberKey *keys);
HRESULT sltg_read_value(const LibraryReader *reader, ValueCode code, VARIANT *value);

/* sltg_names.c */
#define SLTG_CHAIN_COUNT 256u
bool sltg_open_names(SltgReader *sltg, Cursor *at);
LibraryText sltg_name_text(const LibraryReader *reader, NameId name);
unsigned sltg_find_names(const LibraryReader *reader, const OLECHAR *name, NameId *ids, unsigned capacity);
HRESULT sltg_unpack(const LibraryReader *reader, LibraryText packed, BSTR *text);

#endif
