/* The table of base types. Sizes and classes are those of the native C declarations in the public headers; the
 * aggregates' ffi_types carry their size, so that libffi never writes to them. */
#include "dispatch/types/type.h"

#include <ffi.h>
#include <string.h>
#include <strings.h>

static ffi_type *words_1[] = { &ffi_type_uint64, NULL };
static ffi_type *words_2[] = { &ffi_type_uint64, &ffi_type_uint64, NULL };
static ffi_type *words_3[] = { &ffi_type_uint64, &ffi_type_uint64, &ffi_type_uint64, NULL };
static ffi_type ffi_filetime = { 8, 4, FFI_TYPE_STRUCT, words_1 };
static ffi_type ffi_guid = { 16, 4, FFI_TYPE_STRUCT, words_2 };
static ffi_type ffi_decimal = { 16, 8, FFI_TYPE_STRUCT, words_2 };
static ffi_type ffi_variant = { 24, 8, FFI_TYPE_STRUCT, words_3 };

_Static_assert(sizeof(VARIANT) == 24 && sizeof(DECIMAL) == 16 && sizeof(GUID) == 16 && sizeof(FILETIME) == 8,
               "aggregates have their layout of Win64");
_Static_assert(sizeof(void *) == 8 && sizeof(LONG) == 4 && sizeof(OLECHAR) == 2, "LP64 with 32-bit LONG");

/* Name, size, alignment, class, owner, type in a VARIANT, size as an element, VARIANT type itself, script kind, least
 * and greatest integer, name in IDL, libffi's type. */
/* clang-format off */
#define BASE_TYPES(ROW) \
  ROW(EMPTY, 0, 1, NONE, NOTHING, ILLEGAL, 0, true, OTHER, 0, 0, "void", ffi_type_void) \
  ROW(NULL, 0, 1, NONE, NOTHING, ILLEGAL, 0, true, OTHER, 0, 0, "void", ffi_type_void) \
  ROW(I2, 2, 2, SIGNED, NOTHING, I2, 2, true, INTEGER, INT16_MIN, INT16_MAX, "short", ffi_type_sint16) \
  ROW(I4, 4, 4, SIGNED, NOTHING, I4, 4, true, INTEGER, INT32_MIN, INT32_MAX, "long", ffi_type_sint32) \
  ROW(R4, 4, 4, FLOAT, NOTHING, R4, 4, true, OTHER, 0, 0, "float", ffi_type_float) \
  ROW(R8, 8, 8, DOUBLE, NOTHING, R8, 8, true, NUMBER, 0, 0, "double", ffi_type_double) \
  ROW(CY, 8, 8, SIGNED, NOTHING, CY, 8, true, OTHER, 0, 0, "CURRENCY", ffi_type_sint64) \
  ROW(DATE, 8, 8, DOUBLE, NOTHING, DATE, 8, true, OTHER, 0, 0, "DATE", ffi_type_double) \
  ROW(BSTR, 8, 8, POINTER, BSTR, BSTR, 8, true, TEXT, 0, 0, "BSTR", ffi_type_pointer) \
  ROW(DISPATCH, 8, 8, POINTER, INTERFACE, DISPATCH, 8, true, OTHER, 0, 0, "IDispatch*", ffi_type_pointer) \
  ROW(ERROR, 4, 4, SIGNED, NOTHING, ERROR, 4, true, OTHER, INT32_MIN, UINT32_MAX, "SCODE", ffi_type_sint32) \
  ROW(BOOL, 2, 2, SIGNED, NOTHING, BOOL, 2, true, BOOLEAN, 0, 0, "VARIANT_BOOL", ffi_type_sint16) \
  ROW(VARIANT, 24, 8, AGGREGATE, VARIANT, VARIANT, 24, true, OTHER, 0, 0, "VARIANT", ffi_variant) \
  ROW(UNKNOWN, 8, 8, POINTER, INTERFACE, UNKNOWN, 8, true, OTHER, 0, 0, "IUnknown*", ffi_type_pointer) \
  ROW(DECIMAL, 16, 8, AGGREGATE, NOTHING, DECIMAL, 16, true, OTHER, 0, 0, "DECIMAL", ffi_decimal) \
  ROW(I1, 1, 1, SIGNED, NOTHING, I1, 1, true, INTEGER, INT8_MIN, INT8_MAX, "char", ffi_type_sint8) \
  ROW(UI1, 1, 1, UNSIGNED, NOTHING, UI1, 1, true, INTEGER, 0, UINT8_MAX, "unsigned char", ffi_type_uint8) \
  ROW(UI2, 2, 2, UNSIGNED, NOTHING, UI2, 2, true, INTEGER, 0, UINT16_MAX, "unsigned short", ffi_type_uint16) \
  ROW(UI4, 4, 4, UNSIGNED, NOTHING, UI4, 4, true, INTEGER, 0, UINT32_MAX, "unsigned long", ffi_type_uint32) \
  ROW(I8, 8, 8, SIGNED, NOTHING, I8, 8, true, INTEGER, INT64_MIN, INT64_MAX, "int64", ffi_type_sint64) \
  ROW(UI8, 8, 8, UNSIGNED, NOTHING, UI8, 8, true, INTEGER, INT64_MIN, INT64_MAX, "uint64", ffi_type_uint64) \
  ROW(INT, 4, 4, SIGNED, NOTHING, I4, 4, true, INTEGER, INT32_MIN, INT32_MAX, "int", ffi_type_sint32) \
  ROW(UINT, 4, 4, UNSIGNED, NOTHING, UI4, 4, true, INTEGER, 0, UINT32_MAX, "unsigned int", ffi_type_uint32) \
  ROW(VOID, 0, 1, NONE, NOTHING, ILLEGAL, 0, false, OTHER, 0, 0, "void", ffi_type_void) \
  ROW(HRESULT, 4, 4, SIGNED, NOTHING, ERROR, 0, false, OTHER, INT32_MIN, UINT32_MAX, "HRESULT", ffi_type_sint32) \
  ROW(PTR, 8, 8, POINTER, NOTHING, ILLEGAL, 0, false, OTHER, 0, 0, "void*", ffi_type_pointer) \
  ROW(SAFEARRAY, 8, 8, POINTER, SAFEARRAY, ILLEGAL, 0, false, OTHER, 0, 0, "SAFEARRAY", ffi_type_pointer) \
  ROW(LPSTR, 8, 8, POINTER, TASK_MEMORY, ILLEGAL, 0, false, OTHER, 0, 0, "LPSTR", ffi_type_pointer) \
  ROW(LPWSTR, 8, 8, POINTER, TASK_MEMORY, ILLEGAL, 0, false, OTHER, 0, 0, "LPWSTR", ffi_type_pointer) \
  ROW(INT_PTR, 8, 8, SIGNED, NOTHING, I8, 8, false, OTHER, INT64_MIN, INT64_MAX, "INT_PTR", ffi_type_sint64) \
  ROW(UINT_PTR, 8, 8, UNSIGNED, NOTHING, UI8, 8, false, OTHER, INT64_MIN, INT64_MAX, "UINT_PTR", ffi_type_uint64) \
  ROW(FILETIME, 8, 4, AGGREGATE, NOTHING, ILLEGAL, 0, false, OTHER, 0, 0, "FILETIME", ffi_filetime) \
  ROW(CLSID, 16, 4, AGGREGATE, NOTHING, ILLEGAL, 0, false, OTHER, 0, 0, "GUID", ffi_guid)
/* clang-format on */

enum { BASE_TYPE_LIMIT = VT_CLSID + 1 };

#define DESCRIBE(type, bytes, aligned, of_class, owns, wrapped, element, variant, script, low, high, text, call)       \
  [VT_##type] = { .vt = VT_##type,                                                                                     \
                  .size = bytes,                                                                                       \
                  .alignment = aligned,                                                                                \
                  .value_class = VALUE_##of_class,                                                                     \
                  .owner = OWNS_##owns,                                                                                \
                  .variant_vt = VT_##wrapped,                                                                          \
                  .element_size = element,                                                                             \
                  .in_variant = variant,                                                                               \
                  .script_kind = SCRIPT_##script,                                                                      \
                  .least = low,                                                                                        \
                  .most = high,                                                                                        \
                  .name = #type,                                                                                       \
                  .idl = text,                                                                                         \
                  .ffi = &(call) },

static const BaseType base_types[BASE_TYPE_LIMIT] = { BASE_TYPES(DESCRIBE) };

/* Pointers have four bytes in a process of 32 bits, and a VARIANT then has 16. */
#define IS_WORD(vt, class)        ((class) == VALUE_POINTER || (vt) == VT_INT_PTR || (vt) == VT_UINT_PTR)
#define SIZE_32(vt, class, bytes) (IS_WORD(vt, class) ? 4 : (vt) == VT_VARIANT ? 16 : (bytes))
#define IS_BEHIND(vt, class)      ((class) == VALUE_POINTER || (vt) == VT_VARIANT)
#define IS_SHORT(vt, class)       (IS_BEHIND(vt, class) || IS_WORD(vt, class)) /* four bytes in NDR, eight or more here */
#define WIRE_FLAGS(vt, class)     (IS_BEHIND(vt, class) ? WIRE_BEHIND : IS_SHORT(vt, class) ? 0 : WIRE_BLOCK)
#define FIRST_BYTES(bytes)        ((1u << ((bytes) > 16 ? 16 : (bytes))) - 1u)
#define IS_FLOATING(class)        ((class) == VALUE_FLOAT || (class) == VALUE_DOUBLE)

#define MAKE_NODE(type, bytes, aligned, of_class, owns, wrapped, element, variant, script, low, high, text, call)      \
  [VT_##type] = { .kind = TYPE_BASE,                                                                                   \
                  .vt = VT_##type,                                                                                     \
                  .size = bytes,                                                                                       \
                  .alignment = aligned,                                                                                \
                  .size_32 = SIZE_32(VT_##type, VALUE_##of_class, bytes),                                              \
                  .alignment_32 = IS_WORD(VT_##type, VALUE_##of_class) ? 4 : (aligned),                                \
                  .integral = IS_FLOATING(VALUE_##of_class) ? 0 : FIRST_BYTES(bytes),                                  \
                  .floating = IS_FLOATING(VALUE_##of_class) ? FIRST_BYTES(bytes) : 0,                                  \
                  .work = 1,                                                                                           \
                  .wire_flags = WIRE_FLAGS(VT_##type, VALUE_##of_class),                                               \
                  .wire_size = IS_SHORT(VT_##type, VALUE_##of_class) ? 4 : (bytes),                                    \
                  .wire_alignment = IS_SHORT(VT_##type, VALUE_##of_class) ? 4 : (aligned),                             \
                  .value_class = VALUE_##of_class,                                                                     \
                  .owner = OWNS_##owns,                                                                                \
                  .reference = TYPE_NO_REFERENCE,                                                                      \
                  .base = &base_types[VT_##type],                                                                      \
                  .ffi = (void *)&(call) },

static const Type base_nodes[BASE_TYPE_LIMIT] = { BASE_TYPES(MAKE_NODE) };

const BaseType *base_type(VARTYPE vt) {
  return vt < BASE_TYPE_LIMIT && base_types[vt].name ? &base_types[vt] : NULL;
}

const BaseType *base_type_named(const char *name, size_t length) {
  for (size_t i = 0; i < BASE_TYPE_LIMIT; i++)
    if (base_types[i].name && strlen(base_types[i].name) == length &&
        strncasecmp(base_types[i].name, name, length) == 0)
      return &base_types[i];
  return NULL;
}

VARTYPE base_type_element_vt(const BaseType *base) {
  return base->in_variant && base->size ? base->vt : base->variant_vt;
}

const Type *type_of_vartype(VARTYPE vt) {
  return base_type(vt) ? &base_nodes[vt] : NULL;
}
