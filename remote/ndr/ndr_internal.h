/* What the files of NDR share: values apart into their construct and what its pointers lead to, and who counts what. */
#ifndef OLEANDER_REMOTE_NDR_INTERNAL_H
#define OLEANDER_REMOTE_NDR_INTERNAL_H

#include "remote/ndr/ndr.h"

#include "com/com_api.h"

#define NDR_BAD_STUB_DATA    ((HRESULT)0x800706F7) /* RPC_X_BAD_STUB_DATA */
#define NDR_NULL_REF_POINTER ((HRESULT)0x800706F4) /* RPC_X_NULL_REF_POINTER */

enum {
  NDR_SPARE_LIMIT = 1 << 28,  /* bytes of buffers that one stub may ask for without filling them; what owns something */
  NDR_OWNER_WEIGHT = 4,       /* counts so many times: it is looked at one by one */
  NDR_USER_MARK = 0x72657355, /* "User": where the pointer of a [user_marshal] type stands */
  NDR_VARIANT_LEVELS = 16     /* levels of depth that a VARIANT or an array costs: it takes more stack than a pointer */
};

/* Room for `size` aligned bytes behind zeroed padding; NULL: the writer has failed. Good until the next write. */
uint8_t *ndr_place(NdrWriter *writer, size_t size, unsigned alignment);
void ndr_writer_fail(NdrWriter *writer, HRESULT error);
void ndr_put_referent(NdrWriter *writer); /* of a pointer that is not NULL */
static inline void ndr_put_mark(NdrWriter *writer) {
  ndr_put_u32(writer, NDR_USER_MARK);
}
size_t ndr_reserve_u32(NdrWriter *writer); /* a zero that is known later: its place */
void ndr_patch_u32(NdrWriter *writer, size_t at, uint32_t value);
void ndr_put_objref(NdrWriter *writer, const uint8_t *bytes, uint32_t size);
void ndr_put_interface_body(NdrWriter *writer, REFIID iid, IUnknown *pointer);

const uint8_t *ndr_get_aligned(NdrReader *reader, size_t size, unsigned alignment);
const uint8_t *ndr_get_objref(NdrReader *reader, uint32_t *size);
HRESULT ndr_get_interface_body(NdrReader *reader, REFIID iid, void **result);
/* Charges memory for `count` elements that did not come; false and failed when it is too much. */
bool ndr_spare(NdrReader *reader, const Type *element, uint32_t count);
/* Nesting; false and failed when it is too deep. */
bool ndr_enter(NdrReader *reader, unsigned levels);
void ndr_leave(NdrReader *reader, unsigned levels);

/* Values of Automation, behind their marks. */
void ndr_put_bstr_body(NdrWriter *writer, BSTR text);
void ndr_get_bstr_body(NdrReader *reader, BSTR *text);
void ndr_put_variant_body(NdrWriter *writer, const VARIANT *value);
void ndr_get_variant_body(NdrReader *reader, VARIANT *value);
void ndr_put_safearray_body(NdrWriter *writer, SAFEARRAY *array); /* not NULL */
/* element: what the array must hold; NULL: anything. */
void ndr_get_safearray_body(NdrReader *reader, const Type *element, SAFEARRAY **array);
/* `count` records behind a pointer: BRECORD. */
void ndr_put_records(NdrWriter *writer, IRecordInfo *info, const void *records, uint32_t count);
/* Reads them; *info has a reference, *records is task memory, for ndr_get_record memory that VariantClear frees. */
void ndr_get_record(NdrReader *reader, IRecordInfo **info, void **record);
void ndr_get_array_records(NdrReader *reader, uint32_t count, IRecordInfo **info, void **records);

/* What by-reference VARIANTs that came refer to, and other memory that goes with it: zeroed; NULL and failed. */
void *ndr_cell_new(NdrReader *reader, const Type *type);
void *ndr_cell_memory(NdrReader *reader, size_t size);

/* A parameter of a call under way. */
typedef struct NdrArgument {
  void *place;    /* the value, or what the argument points to; NULL: it is NULL */
  uint32_t count; /* elements there, where the pointer says how many */
  uint32_t inner; /* elements behind the pointers there, where they say how many; the tag of unions there */
  bool has_inner; /* there were such pointers, or unions */
} NdrArgument;

/* Where the names in size_is, length_is and iid_is lead: to the fields beside, else to the other parameters. */
typedef struct NdrScope {
  const Type *record; /* NULL: parameters */
  const void *base;
  const struct NdrMethod *method; /* NULL: neither */
  NdrArgument *arguments;
  NdrArgument *argument; /* the one that the value belongs to */
} NdrScope;

/* The type of parameter k as declared, and where it is: at `place` if it is a pointer behind which somebody else looks, the
 * place of its pointer. */
const Type *ndr_method_place(const struct NdrMethod *method, const NdrArgument *arguments, unsigned k,
                             const void **place);

/* The number that a count stands for. False: it stands for none. */
bool ndr_scope_count(const NdrScope *scope, TypeCount count, uint32_t *number);

/* The number of a union's tag. False: nobody tells. */
bool ndr_scope_tag(const NdrScope *scope, const Type *type, int64_t *number);

/* The construct, and then what its pointers lead to. `count` elements that lie side by side. */
void ndr_put_elements(NdrWriter *writer, const Type *type, const void *values, uint32_t count, const NdrScope *scope);
void ndr_get_elements(NdrReader *reader, const Type *type, void *values, uint32_t count, const NdrScope *scope);
/* What stands behind a pointer: text, counted elements, or one. */
void ndr_put_pointee(NdrWriter *writer, const Type *pointer, const void *target, const NdrScope *scope);
/* Characters with their zero: max count, offset, count, characters. */
void ndr_put_text(NdrWriter *writer, const void *text, unsigned unit, uint32_t most);
/* In place: *count characters, the last of them zero. NULL: failed. */
const uint8_t *ndr_get_text(NdrReader *reader, unsigned unit, uint32_t *count);
/* How many elements are there behind a counted pointer (max count; offset and count when they vary). */
bool ndr_get_extent(NdrReader *reader, const TypeExtent *extent, const Type *element, uint32_t *most, uint32_t *count);

#endif
