/* BSTR_UserMarshal and its kind: the bytes of test_ndr_automation.c without the mark, wherever the buffer begins. */
#include "tests/remote/ndr_test.h"

#include <oleauto.h>

static ULONG flags = MSHCTX_LOCAL;

static void check_bytes(const char *label, const unsigned char *bytes, size_t size, const char *expected) {
  uint8_t wanted[256];
  size_t wanted_size = bytes_of(expected, wanted, sizeof wanted);
  if (size != wanted_size || memcmp(bytes, wanted, size) != 0) {
    print_message("%s:", label);
    for (size_t i = 0; i < size; i++)
      print_message(" %02x", bytes[i]);
    print_message("\n");
    fail();
  }
}

static void test_bstr(void **state) {
  (void)state;
  _Alignas(8) unsigned char buffer[64] = { 0 };
  BSTR text = SysAllocString(u"Ab"), back = SysAllocString(u"old");
  assert_int_equal(BSTR_UserSize(&flags, 0, &text), 16);
  assert_int_equal(BSTR_UserSize(&flags, 3, &text), 20);
  unsigned char *end = BSTR_UserMarshal(&flags, buffer, &text);
  check_bytes("Ab", buffer, (size_t)(end - buffer), "02000000 04000000 02000000 41006200");
  assert_ptr_equal(BSTR_UserUnmarshal(&flags, buffer, &back), end);
  assert_int_equal(SysStringLen(back), 2);
  BSTR_UserFree(&flags, &back);
  assert_null(back);
  end = BSTR_UserMarshal64(&flags, buffer + 1, &back);
  check_bytes("none", buffer + 4, (size_t)(end - buffer - 4), "00000000 ffffffff 00000000");
  buffer[8] = 1; /* words that are not there */
  back = SysAllocString(u"old");
  memset(buffer, 0xFF, sizeof buffer);
  assert_null(BSTR_UserUnmarshal(&flags, buffer, &back));
  assert_null(back);
  BSTR_UserFree(&flags, &text);
}

static void test_variant(void **state) {
  (void)state;
  _Alignas(8) unsigned char buffer[128] = { 0 };
  VARIANT value = { .vt = VT_R8, .dblVal = 2.5 }, back = { .vt = VT_BSTR, .bstrVal = SysAllocString(u"old") };
  assert_int_equal(VARIANT_UserSize(&flags, 0, &value), 32);
  assert_int_equal(VARIANT_UserSize(&flags, 4, &value), 40);
  unsigned char *end = VARIANT_UserMarshal(&flags, buffer, &value);
  check_bytes("R8", buffer, (size_t)(end - buffer),
              "04000000 00000000 0500 000000000000 05000000 00000000 00000000 00000440");
  assert_ptr_equal(VARIANT_UserUnmarshal(&flags, buffer, &back), end);
  assert_int_equal(V_VT(&back), VT_R8);
  VARIANT_UserFree(&flags, &back);
  assert_int_equal(V_VT(&back), VT_EMPTY);
}

static void test_variant_by_reference(void **state) {
  (void)state;
  _Alignas(8) unsigned char buffer[256];
  BSTR text = SysAllocString(u"text");
  VARIANT inner = { .vt = VT_BYREF | VT_BSTR, .pbstrVal = &text };
  VARIANT value = { .vt = VT_BYREF | VT_VARIANT, .pvarVal = &inner }, back = { .vt = VT_EMPTY };
  unsigned char *end = VARIANT_UserMarshal(&flags, buffer, &value);
  assert_non_null(end);
  assert_int_equal(VARIANT_UserSize(&flags, 0, &value), end - buffer);
  assert_ptr_equal(VARIANT_UserUnmarshal(&flags, buffer, &back), end);
  assert_int_equal(V_VT(&back), VT_BYREF | VT_VARIANT);
  assert_int_equal(V_VT(V_VARIANTREF(&back)), VT_BYREF | VT_BSTR);
  assert_int_equal(SysStringLen(*V_BSTRREF(V_VARIANTREF(&back))), 4);
  VARIANT_UserFree(&flags, &back);
  assert_int_equal(V_VT(&back), VT_EMPTY);
  /* into a variable that is there */
  LONG number = 5, variable = 1;
  value = (VARIANT){ .vt = VT_BYREF | VT_I4, .plVal = &number };
  back = (VARIANT){ .vt = VT_BYREF | VT_I4, .plVal = &variable };
  VARIANT_UserMarshal(&flags, buffer, &value);
  assert_non_null(VARIANT_UserUnmarshal(&flags, buffer, &back));
  assert_ptr_equal(V_I4REF(&back), &variable);
  assert_int_equal(variable, 5);
  SysFreeString(text);
}

static void test_safearray(void **state) {
  (void)state;
  enum { LONG_ARRAY = 10000 };
  _Alignas(8) static unsigned char buffer[LONG_ARRAY * 4 + 256];
  SAFEARRAY *array = SafeArrayCreateVector(VT_I2, 1, 2), *back = NULL, *none = NULL;
  memcpy(array->pvData, (SHORT[]){ 5, 6 }, 4);
  unsigned char *end = LPSAFEARRAY_UserMarshal(&flags, buffer, &array);
  check_bytes("I2", buffer, (size_t)(end - buffer),
              "04000200 01000000 0100 8000 02000000 0000 0200 02000000 02000000 08000200 02000000 01000000 02000000"
              "0500 0600");
  assert_int_equal(LPSAFEARRAY_UserSize(&flags, 0, &array), end - buffer);
  assert_ptr_equal(LPSAFEARRAY_UserUnmarshal(&flags, buffer, &back), end);
  assert_memory_equal(back->pvData, array->pvData, 4);
  LPSAFEARRAY_UserFree(&flags, &array);
  array = SafeArrayCreateVector(VT_I4, 0, LONG_ARRAY);
  ((LONG *)array->pvData)[LONG_ARRAY - 1] = 7;
  end = LPSAFEARRAY_UserMarshal64(&flags, buffer, &array);
  assert_int_equal(LPSAFEARRAY_UserSize64(&flags, 0, &array), end - buffer);
  assert_ptr_equal(LPSAFEARRAY_UserUnmarshal64(&flags, buffer, &back), end);
  assert_int_equal(((LONG *)back->pvData)[LONG_ARRAY - 1], 7);
  LPSAFEARRAY_UserFree64(&flags, &array);
  LPSAFEARRAY_UserFree64(&flags, &back);
  end = LPSAFEARRAY_UserMarshal(&flags, buffer, &none);
  check_bytes("none", buffer, (size_t)(end - buffer), "00000000");
}

static TestInterfaces interfaces;

static NdrInterfaces *interfaces_for(DWORD destination) {
  interfaces.interfaces.destination = destination;
  return &interfaces.interfaces;
}

static void test_interfaces_by_destination(void **state) {
  (void)state;
  _Alignas(8) unsigned char buffer[128];
  Counted object = counted_new();
  ULONG other = 0x10 << 16 | MSHCTX_DIFFERENTMACHINE;
  VARIANT value = { .vt = VT_UNKNOWN, .punkVal = &object.face }, back = { .vt = VT_EMPTY };
  assert_int_equal(VARIANT_UserSize(&other, 0, &value), 0);
  interfaces = test_interfaces(&object, NULL);
  ndr_set_user_interfaces(interfaces_for);
  unsigned char *end = VARIANT_UserMarshal(&other, buffer, &value);
  assert_int_equal(interfaces.interfaces.destination, MSHCTX_DIFFERENTMACHINE);
  assert_int_equal(VARIANT_UserSize(&other, 0, &value), end - buffer);
  assert_ptr_equal(VARIANT_UserUnmarshal(&other, buffer, &back), end);
  assert_ptr_equal(V_UNKNOWN(&back), &object.face);
  VARIANT_UserFree(&other, &back);
  assert_int_equal(object.references, 1);
  ndr_set_user_interfaces(NULL);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(test_bstr),
    cmocka_unit_test(test_variant),
    cmocka_unit_test(test_variant_by_reference),
    cmocka_unit_test(test_safearray),
    cmocka_unit_test(test_interfaces_by_destination),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
