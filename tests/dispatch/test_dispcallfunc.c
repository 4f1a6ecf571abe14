/* DispCallFunc: every VARTYPE as argument and as result, conventions, vtables and plain functions. */
#include "dispatch/types/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

static unsigned char seen[8];
static int seen_last;

#define DEFINE_TAKE(name, type)                                                                                        \
  static LONG take_##name(type value, int last) {                                                                      \
    memset(seen, 0, sizeof seen);                                                                                      \
    memcpy(seen, &value, sizeof value);                                                                                \
    seen_last = last;                                                                                                  \
    return 77;                                                                                                         \
  }
DEFINE_TAKE(i1, int8_t)
DEFINE_TAKE(i2, int16_t)
DEFINE_TAKE(i4, int32_t)
DEFINE_TAKE(i8, int64_t)
DEFINE_TAKE(r4, float)
DEFINE_TAKE(r8, double)

typedef struct TakeCase {
  VARTYPE vt;
  void (*function)(void);
  LONGLONG bits;     /* put into the VARIANT */
  LONGLONG expected; /* bits that arrive */
} TakeCase;

#define F(f) ((void (*)(void))(f))

static const TakeCase take_cases[] = {
  { VT_I1, F(take_i1), -5, 0xFB },
  { VT_UI1, F(take_i1), 200, 200 },
  { VT_I2, F(take_i2), -2, 0xFFFE },
  { VT_UI2, F(take_i2), 0xFFFF, 0xFFFF },
  { VT_I4, F(take_i4), -3, 0xFFFFFFFD },
  { VT_UI4, F(take_i4), 0x80000000, 0x80000000 },
  { VT_INT, F(take_i4), 9, 9 },
  { VT_UINT, F(take_i4), 9, 9 },
  { VT_ERROR, F(take_i4), 0x80004005, 0x80004005 },
  { VT_BOOL, F(take_i4), 0xFFFF, 0xFFFFFFFF }, /* extended to 32 bits */
  { VT_I8, F(take_i8), -1, -1 },
  { VT_UI8, F(take_i8), 1, 1 },
  { VT_CY, F(take_i8), 10000, 10000 },
  { VT_R4, F(take_r4), 0x3FC00000, 0x3FC00000 },
  { VT_R8, F(take_r8), 0x3FF8000000000000, 0x3FF8000000000000 },
  { VT_DATE, F(take_r8), 0x4000000000000000, 0x4000000000000000 },
  { VT_BSTR, F(take_i8), 0x1234567890, 0x1234567890 },
  { VT_UNKNOWN, F(take_i8), 0x1234567890, 0x1234567890 },
  { VT_BYREF | VT_I2, F(take_i8), 0x1234567890, 0x1234567890 },
  { VT_ARRAY | VT_I2, F(take_i8), 0x1234567890, 0x1234567890 },
  { VT_EMPTY, F(take_i8), 0x42, 0x42 }, /* has a slot, too */
};

static void arguments_arrive(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof take_cases / sizeof take_cases[0]; i++) {
    const TakeCase *c = &take_cases[i];
    VARIANT value, last, result;
    VARTYPE types[] = { c->vt, VT_I4 };
    VARIANTARG *args[] = { &value, &last };
    VariantInit(&value);
    VariantInit(&last);
    V_I8(&value) = c->bits; /* the VARIANT's own type does not matter */
    V_I4(&last) = 31;
    assert_int_equal(DispCallFunc(NULL, (ULONG_PTR)c->function, CC_STDCALL, VT_I4, 2, types, args, &result), S_OK);
    LONGLONG got;
    memcpy(&got, seen, sizeof got);
    if (got != c->expected || seen_last != 31)
      print_error("VARTYPE %d\n", c->vt);
    assert_true(got == c->expected);
    assert_int_equal(seen_last, 31);
    assert_int_equal(V_VT(&result), VT_I4);
    assert_int_equal(V_I4(&result), 77);
  }
}

static LONG take_variant(VARIANT value, DECIMAL decimal, double real, int last) {
  return V_I4(&value) + (LONG)decimal.Lo64 + (LONG)real + last;
}

static void aggregates_arrive_by_value(void **state) {
  (void)state;
  VARIANT values[4], result;
  VARTYPE types[] = { VT_VARIANT, VT_DECIMAL, VT_R8, VT_I4 };
  VARIANTARG *args[] = { &values[0], &values[1], &values[2], &values[3] };
  memset(values, 0, sizeof values);
  V_VT(&values[0]) = VT_I4;
  V_I4(&values[0]) = 1000;
  V_DECIMAL(&values[1]).Lo64 = 200;
  V_R8(&values[2]) = 30;
  V_I4(&values[3]) = 4;
  assert_int_equal(DispCallFunc(NULL, (ULONG_PTR)take_variant, CC_CDECL, VT_I4, 4, types, args, &result), S_OK);
  assert_int_equal(V_I4(&result), 1234);
}

static int8_t give_i1(void) {
  return -9;
}
static VARIANT_BOOL give_bool(void) {
  return VARIANT_TRUE;
}
static LONG give_i4(void) {
  return -100000;
}
static LONGLONG give_i8(void) {
  return 0x123456789ABCDEF0;
}
static float give_r4(void) {
  return 1.5f;
}
static double give_r8(void) {
  return -2.5;
}
static CY give_cy(void) {
  CY value = { .int64 = 12345 };
  return value;
}
static VARIANT give_variant(void) {
  VARIANT value;
  VariantInit(&value);
  V_VT(&value) = VT_I2;
  V_I2(&value) = 12;
  return value;
}
static DECIMAL give_decimal(void) {
  DECIMAL value = { 0 };
  value.Lo64 = 55;
  value.scale = 1;
  return value;
}

static VARIANT call_for(VARTYPE vt, void (*function)(void)) {
  VARIANT result;
  memset(&result, 0xEE, sizeof result);
  assert_int_equal(DispCallFunc(NULL, (ULONG_PTR)function, CC_STDCALL, vt, 0, NULL, NULL, &result), S_OK);
  return result;
}

static void results_come_back(void **state) {
  (void)state;
  VARIANT v = call_for(VT_I1, F(give_i1));
  assert_int_equal(V_VT(&v), VT_I1);
  assert_int_equal(V_I1(&v), -9);
  v = call_for(VT_BOOL, F(give_bool));
  assert_int_equal(V_VT(&v), VT_BOOL);
  assert_int_equal(V_BOOL(&v), VARIANT_TRUE);
  v = call_for(VT_I4, F(give_i4));
  assert_int_equal(V_I4(&v), -100000);
  v = call_for(VT_ERROR, F(give_i4));
  assert_int_equal(V_VT(&v), VT_ERROR);
  v = call_for(VT_I8, F(give_i8));
  assert_true(V_I8(&v) == 0x123456789ABCDEF0);
  v = call_for(VT_R4, F(give_r4));
  assert_true(V_R4(&v) == 1.5f);
  v = call_for(VT_DATE, F(give_r8));
  assert_int_equal(V_VT(&v), VT_DATE);
  assert_true(V_DATE(&v) == -2.5);
  v = call_for(VT_CY, F(give_cy));
  assert_int_equal(V_CY(&v).int64, 12345);
  v = call_for(VT_VARIANT, F(give_variant));
  assert_int_equal(V_VT(&v), VT_I2);
  assert_int_equal(V_I2(&v), 12);
  v = call_for(VT_DECIMAL, F(give_decimal));
  assert_int_equal(V_VT(&v), VT_DECIMAL);
  assert_int_equal(V_DECIMAL(&v).Lo64, 55);
  assert_int_equal(V_DECIMAL(&v).scale, 1);
  v = call_for(VT_EMPTY, F(give_i8)); /* whatever is in the register */
  assert_int_equal(V_VT(&v), VT_EMPTY);
  assert_true(V_I8(&v) == 0x123456789ABCDEF0);
  v = call_for(VT_BYREF | VT_I4, F(give_i8));
  assert_int_equal(V_VT(&v), VT_BYREF | VT_I4);
}

static HRESULT method(void *self, LONG a, double b, LONG *out) {
  *out = a + (LONG)b;
  return self ? S_FALSE : E_FAIL;
}

static VARIANT variant_method(void *self, LONG a) {
  VARIANT value;
  VariantInit(&value);
  V_VT(&value) = VT_I4;
  V_I4(&value) = self ? a : -1;
  return value;
}

static void vtable_methods_are_called_by_offset(void **state) {
  (void)state;
  void (*vtable[])(void) = { NULL, F(method), F(variant_method) };
  void *object = vtable;
  LONG out = 0;
  VARIANT values[3], result;
  VARTYPE types[] = { VT_I4, VT_R8, VT_BYREF | VT_I4 };
  VARIANTARG *args[] = { &values[0], &values[1], &values[2] };
  V_I4(&values[0]) = 40;
  V_R8(&values[1]) = 2;
  V_I4REF(&values[2]) = &out;
  assert_int_equal(DispCallFunc(&object, sizeof(void *), CC_STDCALL, VT_ERROR, 3, types, args, &result), S_OK);
  assert_int_equal(V_ERROR(&result), S_FALSE);
  assert_int_equal(out, 42);
  assert_int_equal(DispCallFunc(&object, sizeof(void *), CC_STDCALL, VT_ERROR, 3, types, args, NULL), S_OK);
  /* the hidden pointer to the result goes before `this` */
  assert_int_equal(DispCallFunc(&object, 2 * sizeof(void *), CC_STDCALL, VT_VARIANT, 1, types, args, &result), S_OK);
  assert_int_equal(V_I4(&result), 40);
}

#if defined(__x86_64__)
static __attribute__((ms_abi)) LONG windows_function(LONG a, double b, LONG c, float d, LONG e) {
  return a + (LONG)b + c + (LONG)d + e;
}

static void functions_of_the_other_convention_are_called(void **state) {
  (void)state;
  VARIANT values[5], result;
  VARTYPE types[] = { VT_I4, VT_R8, VT_I4, VT_R4, VT_I4 };
  VARIANTARG *args[5];
  for (int i = 0; i < 5; i++)
    args[i] = &values[i];
  V_I4(&values[0]) = 10000;
  V_R8(&values[1]) = 2000;
  V_I4(&values[2]) = 300;
  V_R4(&values[3]) = 40;
  V_I4(&values[4]) = 5;
  assert_int_equal(
      DispCallFunc(NULL, (ULONG_PTR)windows_function, (CALLCONV)CC_OLEANDER_MS_ABI, VT_I4, 5, types, args, &result),
      S_OK);
  assert_int_equal(V_I4(&result), 12345);
}
#endif

static void what_cannot_be_called_is_refused(void **state) {
  (void)state;
  VARIANT result, value;
  VARTYPE types[] = { VT_I4 };
  VARIANTARG *none[] = { NULL }, *one[] = { &value };
  V_VT(&result) = VT_I4;
  assert_int_equal(DispCallFunc(NULL, (ULONG_PTR)give_i4, CC_STDCALL, VT_HRESULT, 0, NULL, NULL, &result),
                   E_INVALIDARG);
  assert_int_equal(DispCallFunc(NULL, (ULONG_PTR)give_i4, CC_MACPASCAL, VT_I4, 0, NULL, NULL, &result),
                   DISP_E_BADCALLEE);
  assert_int_equal(DispCallFunc(NULL, 0, CC_STDCALL, VT_I4, 0, NULL, NULL, &result), E_INVALIDARG);
  assert_int_equal(DispCallFunc(NULL, (ULONG_PTR)give_i4, CC_STDCALL, VT_I4, 1, types, none, &result), E_INVALIDARG);
  assert_int_equal(DispCallFunc(NULL, (ULONG_PTR)give_i4, CC_STDCALL, VT_I4, 1, NULL, one, &result), E_INVALIDARG);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(arguments_arrive),
    cmocka_unit_test(aggregates_arrive_by_value),
    cmocka_unit_test(results_come_back),
    cmocka_unit_test(vtable_methods_are_called_by_offset),
#if defined(__x86_64__)
    cmocka_unit_test(functions_of_the_other_convention_are_called),
#endif
    cmocka_unit_test(what_cannot_be_called_is_refused),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
