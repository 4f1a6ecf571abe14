/* Values in tests: VARIANTs in one expression, comparison with what is expected, a tiny object with a default member. */
#ifndef OLEANDER_TESTS_VALUES_H
#define OLEANDER_TESTS_VALUES_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include <oleauto.h>

/* The elements of a table. */
#define COUNT_OF(table) (sizeof(table) / sizeof *(table))

static inline VARIANT make_integer(VARTYPE vt, int64_t value) {
  VARIANT result;
  memset(&result, 0, sizeof result);
  result.llVal = value;
  result.vt = vt;
  return result;
}

static inline VARIANT make_real(VARTYPE vt, double value) {
  VARIANT result;
  memset(&result, 0, sizeof result);
  if (vt == VT_R4) {
    result.fltVal = (float)value;
  } else {
    result.dblVal = value;
  }
  result.vt = vt;
  return result;
}

static inline VARIANT make_decimal(int64_t value, int scale) {
  VARIANT result;
  memset(&result, 0, sizeof result);
  result.decVal.Lo64 = value < 0 ? 0 - (uint64_t)value : (uint64_t)value;
  result.decVal.sign = value < 0 ? DECIMAL_NEG : 0;
  result.decVal.scale = (BYTE)scale;
  result.vt = VT_DECIMAL;
  return result;
}

/* A borrowed text: an immortal BSTR, so that tables can hold it. Freed at exit by nobody, reachable from here. */
static inline VARIANT make_text(const OLECHAR *text) {
  static BSTR kept[512];
  static size_t count;
  VARIANT result;
  memset(&result, 0, sizeof result);
  assert_true(count < COUNT_OF(kept));
  kept[count] = SysAllocString(text);
  result.bstrVal = kept[count++];
  result.vt = VT_BSTR;
  return result;
}

#define EMPTY     make_integer(VT_EMPTY, 0)
#define NULL_     make_integer(VT_NULL, 0)
#define I1(x)     make_integer(VT_I1, x)
#define UI1(x)    make_integer(VT_UI1, x)
#define I2(x)     make_integer(VT_I2, x)
#define UI2(x)    make_integer(VT_UI2, x)
#define I4(x)     make_integer(VT_I4, x)
#define UI4(x)    make_integer(VT_UI4, x)
#define I8(x)     make_integer(VT_I8, x)
#define UI8(x)    make_integer(VT_UI8, (int64_t)(x))
#define INT_(x)   make_integer(VT_INT, x)
#define UINT_(x)  make_integer(VT_UINT, x)
#define BOOL_(x)  make_integer(VT_BOOL, (x) ? -1 : 0)
#define BITS(x)   make_integer(VT_BOOL, x) /* a truth value of these 16 bits */
#define ERR(x)    make_integer(VT_ERROR, x)
#define CY_(x)    make_integer(VT_CY, x) /* in 1/10000 */
#define R4(x)     make_real(VT_R4, x)
#define R8(x)     make_real(VT_R8, x)
#define DATE_(x)  make_real(VT_DATE, x)
#define DEC(x, s) make_decimal(x, s)
#define STR(x)    make_text(u##x)

static inline bool texts_equal(BSTR text, const OLECHAR *expected) {
  UINT length = 0;
  while (expected[length] != 0) {
    length++;
  }
  return SysStringLen(text) == length && (length == 0 || memcmp(text, expected, length * sizeof(OLECHAR)) == 0);
}

static inline bool values_equal(const VARIANT *value, const VARIANT *expected) {
  if (value->vt != expected->vt) {
    return false;
  }
  switch (value->vt) {
  case VT_EMPTY:
  case VT_NULL:
    return true;
  case VT_I1:
  case VT_UI1:
    return value->bVal == expected->bVal;
  case VT_I2:
  case VT_UI2:
  case VT_BOOL:
    return value->iVal == expected->iVal;
  case VT_I4:
  case VT_UI4:
  case VT_INT:
  case VT_UINT:
  case VT_ERROR:
    return value->lVal == expected->lVal;
  case VT_R4:
    return value->fltVal == expected->fltVal;
  case VT_R8:
  case VT_DATE:
    return value->dblVal == expected->dblVal;
  case VT_DECIMAL:
    return value->decVal.signscale == expected->decVal.signscale && value->decVal.Hi32 == expected->decVal.Hi32 &&
           value->decVal.Lo64 == expected->decVal.Lo64;
  case VT_BSTR:
    return SysStringByteLen(value->bstrVal) == SysStringByteLen(expected->bstrVal) &&
           memcmp(value->bstrVal, expected->bstrVal, SysStringByteLen(value->bstrVal)) == 0;
  default:
    return value->llVal == expected->llVal;
  }
}

static inline void print_value(const char *label, const VARIANT *value) {
  VARIANT text;
  VariantInit(&text);
  char ascii[80] = "?";
  if (SUCCEEDED(VariantChangeType(&text, value, 0, VT_BSTR))) {
    UINT i = 0;
    for (; i < SysStringLen(text.bstrVal) && i < sizeof ascii - 1; i++) {
      ascii[i] = (char)text.bstrVal[i];
    }
    ascii[i] = 0;
  }
  VariantClear(&text);
  print_message("  %s: vt %d, %s\n", label, value->vt, ascii);
}

/* Fails with the index of the row. hr is compared first; value only counts for success. */
static inline void check_value(size_t row, HRESULT hr, HRESULT expected_hr, const VARIANT *value,
                               const VARIANT *expected) {
  bool right = hr == expected_hr && (FAILED(hr) || values_equal(value, expected));
  if (!right) {
    print_message("row %zu: 0x%08X, expected 0x%08X\n", row, (unsigned)hr, (unsigned)expected_hr);
    if (SUCCEEDED(hr)) {
      print_value("result", value);
      print_value("expected", expected);
    }
    fail();
  }
}

#endif
