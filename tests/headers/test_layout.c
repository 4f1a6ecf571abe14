/* Layout of every record of the headers, checked by the compiler, and the values behind the macros. */
#include "headers/all_headers.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>

#define SIZE(type, bytes, alignment)                                                                                   \
  _Static_assert(sizeof(type) == (bytes), "size of " #type);                                                           \
  _Static_assert(_Alignof(type) == (alignment), "alignment of " #type);
#define OFFSET(type, member, bytes) _Static_assert(offsetof(type, member) == (bytes), "offset of " #type "." #member);
#include "headers/layout.def"
#undef SIZE
#undef OFFSET

static void hresults_come_apart_and_together(void **state) {
  (void)state;
  assert_true(SUCCEEDED(S_OK));
  assert_true(SUCCEEDED(S_FALSE));
  assert_true(FAILED(E_FAIL));
  assert_int_equal(HRESULT_CODE(DISP_E_EXCEPTION), 9);
  assert_int_equal(HRESULT_FACILITY(DISP_E_EXCEPTION), FACILITY_DISPATCH);
  assert_int_equal(HRESULT_SEVERITY(DISP_E_EXCEPTION), SEVERITY_ERROR);
  assert_int_equal(MAKE_HRESULT(SEVERITY_ERROR, FACILITY_DISPATCH, 9), DISP_E_EXCEPTION);
  assert_int_equal(HRESULT_FROM_WIN32(ERROR_ACCESS_DENIED), E_ACCESSDENIED);
  assert_int_equal(HRESULT_FROM_WIN32(ERROR_SUCCESS), S_OK);
  assert_int_equal(HRESULT_FROM_WIN32((unsigned int)E_FAIL), E_FAIL);
  assert_int_equal(CTL_E_ILLEGALFUNCTIONCALL, STD_CTL_SCODE(5));
}

static void variant_macros_reach_every_member(void **state) {
  VARIANT value;
  LONG number = 5;
  (void)state;
  memset(&value, 0, sizeof(value));
  V_VT(&value) = VT_I4 | VT_BYREF;
  V_I4REF(&value) = &number;
  assert_true(V_ISBYREF(&value));
  assert_false(V_ISARRAY(&value));
  assert_int_equal(*V_I4REF(&value), 5);
  V_DECIMAL(&value).Lo64 = UINT64_C(0x100000002);
  assert_int_equal(V_DECIMAL(&value).Mid32, 1);
  assert_int_equal(V_DECIMAL(&value).Lo32, 2);
  assert_int_equal(V_VT(&value), VT_I4 | VT_BYREF);
  V_BOOL(&value) = VARIANT_TRUE;
  assert_int_equal(V_BOOL(&value), -1);
}

static void literals_are_utf16(void **state) {
  static const OLECHAR text[] = OLESTR("a\u20ac\U0001F333");
  (void)state;
  assert_int_equal(ARRAYSIZE(text), 5);
  assert_int_equal(text[1], 0x20ac);
  assert_int_equal(text[2], 0xd83c);
  assert_int_equal(text[3], 0xdf33);
}

static void guids_compare(void **state) {
  const GUID copy = IID_IDispatch;
  (void)state;
  assert_true(IsEqualGUID(&copy, &IID_IDispatch));
  assert_false(IsEqualIID(&IID_IUnknown, &IID_IDispatch));
  assert_false(IsEqualCLSID(&GUID_NULL, &IID_IUnknown));
  assert_true(IsEqualIID(&IID_NULL, &CLSID_NULL));
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(hresults_come_apart_and_together),
    cmocka_unit_test(variant_macros_reach_every_member),
    cmocka_unit_test(literals_are_utf16),
    cmocka_unit_test(guids_compare),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
