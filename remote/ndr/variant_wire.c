/* VARIANTs as wireVARIANTs, [MS-OAUT] 2.2.29: size in units of 8 bytes, type, discriminant, and the arm, which is a value of a
 * base type or a pointer to one. */
#include "remote/ndr/ndr_internal.h"

#include <stdlib.h>
#include <string.h>

enum { UNIT = 8 };

/* The memory behind a by-reference VARIANT. */
struct NdrCell {
  NdrCell *next;
  const Type *type;
  IRecordInfo *info; /* of the record at `records` */
  void *records;
  max_align_t value[];
};

static NdrCell *make_cell(NdrReader *reader, size_t size, const Type *type) {
  NdrCell *cell = FAILED(reader->error) ? NULL : calloc(1, sizeof *cell + size);
  if (!cell) {
    ndr_fail(reader, E_OUTOFMEMORY);
    return NULL;
  }
  cell->type = type;
  cell->next = *reader->cells;
  *reader->cells = cell;
  return cell;
}

void *ndr_cell_new(NdrReader *reader, const Type *type) {
  NdrCell *cell = make_cell(reader, type->size, type);
  return cell ? cell->value : NULL;
}

void *ndr_cell_memory(NdrReader *reader, size_t size) {
  NdrCell *cell = make_cell(reader, size, type_of_vartype(VT_EMPTY));
  return cell ? cell->value : NULL;
}

static void cell_clear_record(NdrCell *cell) {
  VARIANT record;
  VariantInit(&record);
  V_VT(&record) = VT_RECORD;
  V_RECORD(&record) = cell->records;
  V_RECORDINFO(&record) = cell->info;
  VariantClear(&record);
}

void ndr_cells_free(NdrCell *cells) {
  while (cells) {
    NdrCell *next = cells->next;
    if (cells->info)
      cell_clear_record(cells);
    else
      type_clear(cells->type, cells->value);
    free(cells);
    cells = next;
  }
}

/* The type of the value of a VARIANT, behind its reference; NULL: there is no such VARIANT, or it does not travel. */
static const Type *value_type(VARTYPE vt) {
  const BaseType *base = base_type(vt & VT_TYPEMASK);
  if (vt & (VT_VECTOR | VT_RESERVED))
    return NULL;
  if (vt & VT_ARRAY && (vt & VT_TYPEMASK) == VT_RECORD)
    return type_of_vartype(VT_SAFEARRAY);
  if (!base || !base->in_variant || ((vt & (VT_BYREF | VT_ARRAY)) && !base->size))
    return NULL;
  return type_of_vartype(vt & VT_ARRAY ? VT_SAFEARRAY : base->vt);
}

static bool is_record(VARTYPE vt) {
  return (vt & ~VT_BYREF) == VT_RECORD;
}

/* What an array must hold; NULL, for records: it says itself. */
static const Type *element_type(VARTYPE vt) {
  return type_of_vartype(vt & VT_TYPEMASK);
}

/* Where the value lies in the VARIANT itself. */
static void *value_place(const VARIANT *value, VARTYPE vt) {
  return vt == VT_DECIMAL ? (void *)(uintptr_t)value : (void *)(uintptr_t)&value->llVal;
}

/* Writing */

static void put_decimal(NdrWriter *writer, const VARIANT *value) {
  DECIMAL decimal = value->decVal;
  decimal.wReserved = 0; /* where a VARIANT has its type */
  ndr_put_value(writer, type_of_vartype(VT_DECIMAL), &decimal);
}

static void put_array(NdrWriter *writer, SAFEARRAY *array) {
  ndr_put_pointer(writer, array);
  if (array)
    ndr_put_safearray_body(writer, array);
}

static void put_record(NdrWriter *writer, const VARIANT *value) {
  bool there = V_RECORD(value) && V_RECORDINFO(value);
  ndr_put_pointer(writer, there ? value : NULL);
  if (there)
    ndr_put_records(writer, V_RECORDINFO(value), V_RECORD(value), 1);
}

/* A NULL array in a parameter is a pointer that is NULL; in a VARIANT the arm has one pointer, which is written here. */
static void put_arm(NdrWriter *writer, const VARIANT *value) {
  VARTYPE vt = V_VT(value);
  const void *place = vt & VT_BYREF ? V_BYREF(value) : value_place(value, vt);
  if (is_record(vt)) {
    put_record(writer, value);
    return;
  }
  if (vt & VT_BYREF) {
    ndr_put_pointer(writer, place);
    if (!place)
      return;
  }
  if (vt & VT_ARRAY)
    put_array(writer, *(SAFEARRAY *const *)place);
  else if (vt == VT_DECIMAL)
    put_decimal(writer, value);
  else
    ndr_put_value(writer, value_type(vt), place);
}

void ndr_put_variant_body(NdrWriter *writer, const VARIANT *value) {
  VARTYPE vt = V_VT(value);
  if (!is_record(vt) && !value_type(vt)) {
    ndr_writer_fail(writer, DISP_E_BADVARTYPE);
    return;
  }
  writer->depth += NDR_VARIANT_LEVELS;
  if (writer->depth > NDR_DEPTH_LIMIT)
    ndr_writer_fail(writer, E_INVALIDARG);
  ndr_align(writer, UNIT);
  size_t begin = writer->length, size_place = ndr_reserve_u32(writer);
  ndr_put_u32(writer, 0);
  ndr_put_u16(writer, vt);
  for (int reserved = 0; reserved < 3; reserved++)
    ndr_put_u16(writer, 0);
  ndr_put_u32(writer, vt & VT_ARRAY ? vt & (VT_ARRAY | VT_BYREF) : vt);
  if (SUCCEEDED(writer->error))
    put_arm(writer, value);
  ndr_patch_u32(writer, size_place, (uint32_t)((writer->length - begin + UNIT - 1) / UNIT));
  writer->depth -= NDR_VARIANT_LEVELS;
}

void ndr_put_variant(NdrWriter *writer, const VARIANT *value) {
  ndr_put_mark(writer);
  ndr_put_variant_body(writer, value);
}

/* Reading */

/* Reads into the VARIANT itself, which has no type yet. */
static void get_own(NdrReader *reader, VARTYPE vt, VARIANT *value) {
  const Type *type = value_type(vt);
  if (vt & VT_ARRAY) {
    V_ARRAY(value) = NULL;
    if (ndr_get_pointer(reader))
      ndr_get_safearray_body(reader, element_type(vt), &V_ARRAY(value));
  } else if (vt == VT_VARIANT) { /* by reference, and nobody remembers references: the value itself */
    ndr_get_value(reader, type, value);
    return;
  } else {
    ndr_get_value(reader, type, value_place(value, vt));
  }
  if (SUCCEEDED(reader->error))
    V_VT(value) = vt;
  else
    type_clear(type, value_place(value, vt));
}

static bool keeps_references(const NdrReader *reader) {
  return reader->cells || reader->task_references;
}

static void *reference_memory(NdrReader *reader, const Type *type) {
  if (!reader->task_references)
    return ndr_cell_new(reader, type);
  void *memory = CoTaskMemAlloc(type->size);
  if (memory)
    memset(memory, 0, type->size);
  else
    ndr_fail(reader, E_OUTOFMEMORY);
  return memory;
}

static void get_reference(NdrReader *reader, VARTYPE vt, VARIANT *value) {
  const Type *type = value_type(vt);
  void *place = reference_memory(reader, type);
  if (!place)
    return;
  if (!(vt & VT_ARRAY))
    ndr_get_value(reader, type, place);
  else if (ndr_get_pointer(reader))
    ndr_get_safearray_body(reader, element_type(vt), place);
  if (FAILED(reader->error)) {
    if (reader->task_references) {
      type_clear(type, place);
      CoTaskMemFree(place);
    }
    return;
  }
  V_BYREF(value) = place;
  V_VT(value) = vt;
}

/* Records have no pointer for a reference. */
static void get_record(NdrReader *reader, VARTYPE vt, VARIANT *value) {
  IRecordInfo *info = NULL;
  void *records = NULL;
  bool remembered = vt & VT_BYREF && reader->cells;
  void *cell = remembered ? ndr_cell_new(reader, type_of_vartype(VT_EMPTY)) : NULL;
  if (remembered && !cell)
    return;
  if (ndr_get_pointer(reader))
    ndr_get_record(reader, &info, &records);
  if (FAILED(reader->error))
    return;
  if (remembered) {
    (*reader->cells)->info = info;
    (*reader->cells)->records = records;
  }
  V_VT(value) = keeps_references(reader) ? vt : VT_RECORD;
  V_RECORD(value) = records;
  V_RECORDINFO(value) = info;
}

static void get_arm(NdrReader *reader, VARTYPE vt, VARIANT *value) {
  if (is_record(vt)) {
    get_record(reader, vt, value);
    return;
  }
  if (!(vt & VT_BYREF)) {
    get_own(reader, vt, value);
    return;
  }
  if (!ndr_get_pointer(reader)) {
    if (keeps_references(reader)) {
      V_BYREF(value) = NULL;
      V_VT(value) = vt;
    }
    return;
  }
  if (keeps_references(reader))
    get_reference(reader, vt, value);
  else
    get_own(reader, vt & ~VT_BYREF, value);
}

void ndr_get_variant_body(NdrReader *reader, VARIANT *value) {
  VariantInit(value);
  ndr_skip_to(reader, UNIT);
  ndr_get_u32(reader); /* its size, which senders give wrong */
  ndr_get_u32(reader);
  VARTYPE vt = ndr_get_u16(reader);
  for (int reserved = 0; reserved < 3; reserved++)
    ndr_get_u16(reader);
  uint32_t arm = ndr_get_u32(reader), wanted = vt & VT_ARRAY ? vt & (VT_ARRAY | VT_BYREF) : vt;
  if (arm != wanted || vt == VT_VARIANT || (!is_record(vt) && !value_type(vt)))
    ndr_fail(reader, NDR_BAD_STUB_DATA);
  if (!ndr_enter(reader, NDR_VARIANT_LEVELS))
    return;
  get_arm(reader, vt, value);
  ndr_leave(reader, NDR_VARIANT_LEVELS);
}

void ndr_get_variant(NdrReader *reader, VARIANT *value) {
  VariantInit(value);
  if (ndr_get_pointer(reader))
    ndr_get_variant_body(reader, value);
}
