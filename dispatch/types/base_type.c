/* The table of base types. Sizes and classes are those of the native C declarations in the public headers; the
 * aggregates' ffi_types carry their size, so that libffi never writes to them. */
#include "dispatch/types/base_type.h"

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

static const BaseType base_types[] = {
  { VT_EMPTY, 0, 1, VALUE_NONE, OWNS_NOTHING, true, "EMPTY", "void", &ffi_type_void },
  { VT_NULL, 0, 1, VALUE_NONE, OWNS_NOTHING, true, "NULL", "void", &ffi_type_void },
  { VT_I2, 2, 2, VALUE_SIGNED, OWNS_NOTHING, true, "I2", "short", &ffi_type_sint16 },
  { VT_I4, 4, 4, VALUE_SIGNED, OWNS_NOTHING, true, "I4", "long", &ffi_type_sint32 },
  { VT_R4, 4, 4, VALUE_FLOAT, OWNS_NOTHING, true, "R4", "float", &ffi_type_float },
  { VT_R8, 8, 8, VALUE_DOUBLE, OWNS_NOTHING, true, "R8", "double", &ffi_type_double },
  { VT_CY, 8, 8, VALUE_SIGNED, OWNS_NOTHING, true, "CY", "CURRENCY", &ffi_type_sint64 },
  { VT_DATE, 8, 8, VALUE_DOUBLE, OWNS_NOTHING, true, "DATE", "DATE", &ffi_type_double },
  { VT_BSTR, 8, 8, VALUE_POINTER, OWNS_BSTR, true, "BSTR", "BSTR", &ffi_type_pointer },
  { VT_DISPATCH, 8, 8, VALUE_POINTER, OWNS_INTERFACE, true, "DISPATCH", "IDispatch*", &ffi_type_pointer },
  { VT_ERROR, 4, 4, VALUE_SIGNED, OWNS_NOTHING, true, "ERROR", "SCODE", &ffi_type_sint32 },
  { VT_BOOL, 2, 2, VALUE_SIGNED, OWNS_NOTHING, true, "BOOL", "VARIANT_BOOL", &ffi_type_sint16 },
  { VT_VARIANT, 24, 8, VALUE_AGGREGATE, OWNS_VARIANT, true, "VARIANT", "VARIANT", &ffi_variant },
  { VT_UNKNOWN, 8, 8, VALUE_POINTER, OWNS_INTERFACE, true, "UNKNOWN", "IUnknown*", &ffi_type_pointer },
  { VT_DECIMAL, 16, 8, VALUE_AGGREGATE, OWNS_NOTHING, true, "DECIMAL", "DECIMAL", &ffi_decimal },
  { VT_I1, 1, 1, VALUE_SIGNED, OWNS_NOTHING, true, "I1", "char", &ffi_type_sint8 },
  { VT_UI1, 1, 1, VALUE_UNSIGNED, OWNS_NOTHING, true, "UI1", "unsigned char", &ffi_type_uint8 },
  { VT_UI2, 2, 2, VALUE_UNSIGNED, OWNS_NOTHING, true, "UI2", "unsigned short", &ffi_type_uint16 },
  { VT_UI4, 4, 4, VALUE_UNSIGNED, OWNS_NOTHING, true, "UI4", "unsigned long", &ffi_type_uint32 },
  { VT_I8, 8, 8, VALUE_SIGNED, OWNS_NOTHING, true, "I8", "int64", &ffi_type_sint64 },
  { VT_UI8, 8, 8, VALUE_UNSIGNED, OWNS_NOTHING, true, "UI8", "uint64", &ffi_type_uint64 },
  { VT_INT, 4, 4, VALUE_SIGNED, OWNS_NOTHING, true, "INT", "int", &ffi_type_sint32 },
  { VT_UINT, 4, 4, VALUE_UNSIGNED, OWNS_NOTHING, true, "UINT", "unsigned int", &ffi_type_uint32 },
  { VT_VOID, 0, 1, VALUE_NONE, OWNS_NOTHING, false, "VOID", "void", &ffi_type_void },
  { VT_HRESULT, 4, 4, VALUE_SIGNED, OWNS_NOTHING, false, "HRESULT", "HRESULT", &ffi_type_sint32 },
  { VT_PTR, 8, 8, VALUE_POINTER, OWNS_NOTHING, false, "PTR", "void*", &ffi_type_pointer },
  { VT_SAFEARRAY, 8, 8, VALUE_POINTER, OWNS_SAFEARRAY, false, "SAFEARRAY", "SAFEARRAY", &ffi_type_pointer },
  { VT_LPSTR, 8, 8, VALUE_POINTER, OWNS_TASK_MEMORY, false, "LPSTR", "LPSTR", &ffi_type_pointer },
  { VT_LPWSTR, 8, 8, VALUE_POINTER, OWNS_TASK_MEMORY, false, "LPWSTR", "LPWSTR", &ffi_type_pointer },
  { VT_INT_PTR, 8, 8, VALUE_SIGNED, OWNS_NOTHING, false, "INT_PTR", "INT_PTR", &ffi_type_sint64 },
  { VT_UINT_PTR, 8, 8, VALUE_UNSIGNED, OWNS_NOTHING, false, "UINT_PTR", "UINT_PTR", &ffi_type_uint64 },
  { VT_FILETIME, 8, 4, VALUE_AGGREGATE, OWNS_NOTHING, false, "FILETIME", "FILETIME", &ffi_filetime },
  { VT_CLSID, 16, 4, VALUE_AGGREGATE, OWNS_NOTHING, false, "CLSID", "GUID", &ffi_guid },
};

enum { BASE_TYPE_COUNT = sizeof base_types / sizeof base_types[0], BASE_TYPE_LIMIT = VT_CLSID + 1 };

_Static_assert(sizeof(VARIANT) == 24 && sizeof(DECIMAL) == 16 && sizeof(GUID) == 16 && sizeof(FILETIME) == 8,
               "aggregates have their layout of Win64");
_Static_assert(sizeof(void *) == 8 && sizeof(LONG) == 4 && sizeof(OLECHAR) == 2, "LP64 with 32-bit LONG");

/* Row + 1 of each VARTYPE; 0 where there is none. The order is that of the table above. */
static const uint8_t base_type_rows[BASE_TYPE_LIMIT] = {
  [VT_EMPTY] = 1,     [VT_NULL] = 2,      [VT_I2] = 3,         [VT_I4] = 4,        [VT_R4] = 5,      [VT_R8] = 6,
  [VT_CY] = 7,        [VT_DATE] = 8,      [VT_BSTR] = 9,       [VT_DISPATCH] = 10, [VT_ERROR] = 11,  [VT_BOOL] = 12,
  [VT_VARIANT] = 13,  [VT_UNKNOWN] = 14,  [VT_DECIMAL] = 15,   [VT_I1] = 16,       [VT_UI1] = 17,    [VT_UI2] = 18,
  [VT_UI4] = 19,      [VT_I8] = 20,       [VT_UI8] = 21,       [VT_INT] = 22,      [VT_UINT] = 23,   [VT_VOID] = 24,
  [VT_HRESULT] = 25,  [VT_PTR] = 26,      [VT_SAFEARRAY] = 27, [VT_LPSTR] = 28,    [VT_LPWSTR] = 29, [VT_INT_PTR] = 30,
  [VT_UINT_PTR] = 31, [VT_FILETIME] = 32, [VT_CLSID] = 33,
};

const BaseType *base_type(VARTYPE vt) {
  if (vt >= BASE_TYPE_LIMIT || base_type_rows[vt] == 0)
    return NULL;
  return &base_types[base_type_rows[vt] - 1];
}

const BaseType *base_type_named(const char *name, size_t length) {
  for (size_t i = 0; i < BASE_TYPE_COUNT; i++)
    if (strlen(base_types[i].name) == length && strncasecmp(base_types[i].name, name, length) == 0)
      return &base_types[i];
  return NULL;
}
