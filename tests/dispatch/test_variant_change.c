/* VariantChangeType(Ex): every pair of types, flags, references, arrays, objects. */
#include "support/faults.h"
#include "support/values.h"

enum { EN_US = 0x0409, FRENCH = 0x040C };

static bool is_valid(VARTYPE vt) {
  VARTYPE base = vt & VT_TYPEMASK;
  return (base <= VT_UINT && base != 15) || base == VT_RECORD || base == VT_CLSID;
}

static bool is_scalar(VARTYPE vt) {
  switch (vt) {
  case VT_I1:
  case VT_UI1:
  case VT_I2:
  case VT_UI2:
  case VT_I4:
  case VT_UI4:
  case VT_INT:
  case VT_UINT:
  case VT_I8:
  case VT_UI8:
  case VT_R4:
  case VT_R8:
  case VT_CY:
  case VT_DATE:
  case VT_BOOL:
  case VT_BSTR:
  case VT_DECIMAL:
    return true;
  default:
    return false;
  }
}

static void empty_becomes_the_zero_of_every_type(void **state) {
  (void)state;
  for (VARTYPE vt = 0; vt <= VT_BSTR_BLOB; vt++) {
    VARIANT source = EMPTY;
    VARIANT result = NULL_;
    HRESULT expected = !is_valid(vt) || vt == VT_CLSID                    ? DISP_E_BADVARTYPE
                       : is_scalar(vt) || vt == VT_EMPTY || vt == VT_NULL ? S_OK
                                                                          : DISP_E_TYPEMISMATCH;
    HRESULT hr = VariantChangeTypeEx(&result, &source, EN_US, 0, vt);
    if (hr != expected) {
      print_message("vt %d: 0x%08X\n", vt, (unsigned)hr);
    }
    assert_int_equal(hr, expected);
    assert_int_equal(result.vt, SUCCEEDED(hr) ? vt : VT_NULL);
    if (vt == VT_BSTR) {
      assert_non_null(result.bstrVal);
      assert_int_equal(SysStringLen(result.bstrVal), 0);
    }
    VariantClear(&result);
  }
}

static void null_and_errors_stay_what_they_are(void **state) {
  (void)state;
  for (VARTYPE vt = 0; vt <= VT_BSTR_BLOB; vt++) {
    VARIANT null_value = NULL_;
    VARIANT error_value = ERR(5);
    VARIANT result = EMPTY;
    HRESULT bad = !is_valid(vt) || vt == VT_CLSID ? DISP_E_BADVARTYPE : DISP_E_TYPEMISMATCH;
    assert_int_equal(VariantChangeTypeEx(&result, &null_value, EN_US, 0, vt), vt == VT_NULL ? S_OK : bad);
    result = EMPTY;
    HRESULT hr = VariantChangeTypeEx(&result, &error_value, EN_US, 0, vt);
    assert_int_equal(hr, vt == VT_ERROR ? S_OK : bad);
  }
}

/* One value in every type: each pair of them converts, and gives that value. */
static void scalars_convert_into_each_other(void **state) {
  (void)state;
  const VARIANT ones[] = { I1(1), UI1(1), I2(1), UI2(1), I4(1),      UI4(1),   INT_(1),   UINT_(1),
                           I8(1), UI8(1), R4(1), R8(1),  CY_(10000), DATE_(1), DEC(1, 0), STR("1") };
  for (size_t i = 0; i < COUNT_OF(ones); i++) {
    for (size_t j = 0; j < COUNT_OF(ones); j++) {
      VARIANT source = ones[i];
      VARIANT expected = ones[j];
      VARIANT result = EMPTY;
      if (source.vt == VT_CY && expected.vt == VT_DECIMAL) {
        expected = DEC(10000, 4);
      }
      if (source.vt == VT_DATE && expected.vt == VT_BSTR) {
        expected = STR("12/31/1899");
      }
      if (source.vt == VT_BSTR && expected.vt == VT_DATE) {
        continue; /* dates in text are another file's business */
      }
      HRESULT hr = VariantChangeTypeEx(&result, &source, EN_US, 0, expected.vt);
      check_value(i * 100 + j, hr, S_OK, &result, &expected);
      /* in place, and by reference */
      VARIANT reference = EMPTY;
      reference.vt = VT_BYREF | VT_VARIANT;
      reference.pvarVal = &source;
      hr = VariantChangeTypeEx(&reference, &reference, EN_US, 0, expected.vt);
      check_value(i * 100 + j, hr, S_OK, &reference, &expected);
      VariantClear(&reference);
      VariantClear(&result);
    }
  }
}

/* Between integers of one width with another sign nothing is checked, unlike in VarUI1FromI1 and its kin. */
static void integers_of_one_width_keep_their_bits(void **state) {
  (void)state;
  const struct {
    VARIANT source, expected;
  } rows[] = {
    { I1(-1), UI1(255) },
    { UI1(128), I1(-128) },
    { I2(-1), UI2(65535) },
    { UI2(32768), I2(-32768) },
    { I4(-1), UI4(0xFFFFFFFF) },
    { UI4(0xFFFFFFFF), I4(-1) },
    { UINT_(0xFFFFFFFF), I4(-1) },
    { INT_(-1), UINT_(0xFFFFFFFF) },
    { UINT_(0x80000000), INT_(INT32_MIN) },
    { INT_(-1), UI4(0xFFFFFFFF) },
    { UI4(0xFFFFFFFF), INT_(-1) },
    { I4(-1), UINT_(0xFFFFFFFF) },
    { UINT_(0xFFFFFFFF), UI4(0xFFFFFFFF) },
    { BITS(1), DEC(1, 0) },
    { BITS(-1), DEC(-1, 0) },
    { UI4(0xFFFFFFFF), I8(0xFFFFFFFF) },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    VARIANT result = EMPTY;
    HRESULT hr = VariantChangeType(&result, &rows[i].source, 0, rows[i].expected.vt);
    check_value(i, hr, S_OK, &result, &rows[i].expected);
    VARIANT reference = EMPTY;
    reference.vt = VT_BYREF | VT_VARIANT;
    reference.pvarVal = (VARIANT *)(uintptr_t)&rows[i].source;
    hr = VariantChangeType(&result, &reference, 0, rows[i].expected.vt);
    check_value(i, hr, S_OK, &result, &rows[i].expected);
  }
  BYTE octet;
  LONG word;
  assert_int_equal(VarUI1FromI1(-1, &octet), DISP_E_OVERFLOW);
  assert_int_equal(VarI4FromUI4(0xFFFFFFFF, &word), DISP_E_OVERFLOW);
}

static void overflow_and_mismatch_are_told_apart(void **state) {
  (void)state;
  const struct {
    VARIANT source;
    VARTYPE vt;
    HRESULT hr;
  } rows[] = {
    { I4(256), VT_UI1, DISP_E_OVERFLOW },
    { I4(-1), VT_UI2, DISP_E_OVERFLOW },
    { I4(-1), VT_UI8, DISP_E_OVERFLOW },
    { I8(-1), VT_UI8, DISP_E_OVERFLOW },
    { UI8(UINT64_MAX), VT_I8, DISP_E_OVERFLOW },
    { UI2(0xFFFF), VT_I1, DISP_E_OVERFLOW },
    { R8(1e300), VT_R4, DISP_E_OVERFLOW },
    { R8(1e300), VT_I8, DISP_E_OVERFLOW },
    { R8(1e300), VT_DATE, DISP_E_OVERFLOW },
    { R8(1e300), VT_CY, DISP_E_OVERFLOW },
    { R8(1e300), VT_DECIMAL, DISP_E_OVERFLOW },
    { STR("300"), VT_UI1, DISP_E_OVERFLOW },
    { STR("x"), VT_UI1, DISP_E_TYPEMISMATCH },
    { STR("x"), VT_BOOL, DISP_E_TYPEMISMATCH },
    { I4(1), VT_DISPATCH, DISP_E_TYPEMISMATCH },
    { I4(1), VT_UNKNOWN, DISP_E_TYPEMISMATCH },
    { I4(1), VT_ERROR, DISP_E_TYPEMISMATCH },
    { I4(1), VT_VARIANT, DISP_E_TYPEMISMATCH },
    { I4(1), VT_RECORD, DISP_E_TYPEMISMATCH },
    { I4(1), VT_CLSID, DISP_E_BADVARTYPE },
    { I4(1), 15, DISP_E_BADVARTYPE },
    { I4(1), VT_VOID, DISP_E_BADVARTYPE },
    { I4(1), VT_BYREF | VT_I4, DISP_E_TYPEMISMATCH },
    { I4(1), VT_ARRAY | VT_I4, DISP_E_TYPEMISMATCH },
    { I4(1), VT_VECTOR | VT_I4, DISP_E_BADVARTYPE },
    { I4(1), VT_BYREF | VT_EMPTY, DISP_E_BADVARTYPE },
    { make_integer(15, 0), VT_I4, DISP_E_BADVARTYPE },
    { make_integer(VT_VECTOR | VT_I4, 0), VT_I4, DISP_E_BADVARTYPE },
    { make_integer(VT_BYREF | VT_I4, 0), VT_I4, DISP_E_TYPEMISMATCH },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    VARIANT source = rows[i].source;
    VARIANT result = UI2(77);
    HRESULT hr = VariantChangeTypeEx(&result, &source, EN_US, 0, rows[i].vt);
    if (hr != rows[i].hr || result.vt != VT_UI2 || result.uiVal != 77) {
      print_message("row %zu: 0x%08X\n", i, (unsigned)hr);
      fail();
    }
  }
  VARIANT value = I4(1);
  assert_int_equal(VariantChangeType(NULL, &value, 0, VT_I4), E_INVALIDARG);
  assert_int_equal(VariantChangeType(&value, NULL, 0, VT_I4), E_INVALIDARG);
}

static void truth_values_in_text(void **state) {
  (void)state;
  static const struct {
    LCID lcid;
    USHORT flags;
    const OLECHAR *expected;
  } rows[] = {
    { EN_US, 0, u"-1" },
    { EN_US, VARIANT_ALPHABOOL, u"True" },
    { EN_US, VARIANT_LOCALBOOL, u"True" },
    { FRENCH, VARIANT_ALPHABOOL, u"True" },
    { FRENCH, VARIANT_LOCALBOOL, u"Vrai" },
  };
  for (size_t i = 0; i < COUNT_OF(rows); i++) {
    VARIANT source = BOOL_(1);
    VARIANT result = EMPTY;
    assert_int_equal(VariantChangeTypeEx(&result, &source, rows[i].lcid, rows[i].flags, VT_BSTR), S_OK);
    assert_true(texts_equal(result.bstrVal, rows[i].expected));
    VariantClear(&result);
  }
}

static void bytes_and_strings(void **state) {
  (void)state;
  VARIANT text = STR("ab");
  VARIANT array = EMPTY;
  VARIANT back = EMPTY;
  assert_int_equal(VariantChangeType(&array, &text, 0, VT_ARRAY | VT_UI1), S_OK);
  assert_int_equal(array.vt, VT_ARRAY | VT_UI1);
  assert_int_equal(array.parray->rgsabound[0].cElements, 4);
  assert_int_equal(VariantChangeType(&back, &array, 0, VT_BSTR), S_OK);
  assert_true(texts_equal(back.bstrVal, u"ab"));
  assert_int_equal(VariantChangeType(&back, &array, 0, VT_ARRAY | VT_UI1), S_OK);
  assert_int_equal(back.vt, VT_ARRAY | VT_UI1);
  assert_int_equal(VariantChangeType(&back, &array, 0, VT_ARRAY | VT_I2), DISP_E_TYPEMISMATCH);
  assert_int_equal(VariantChangeType(&back, &array, 0, VT_I4), DISP_E_TYPEMISMATCH);
  VariantClear(&back);
  VariantClear(&array);
}

/* Objects */

typedef struct Answering {
  IDispatch dispatch;
  LONG references;
  HRESULT hr;
  VARIANT value;
  WORD asked_flags;
  DISPID asked_member;
} Answering;

static HRESULT STDMETHODCALLTYPE Answering_QueryInterface(IDispatch *self, REFIID iid, void **result) {
  if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IDispatch)) {
    *result = NULL;
    return E_NOINTERFACE;
  }
  ((Answering *)self)->references++;
  *result = self;
  return S_OK;
}

static ULONG STDMETHODCALLTYPE Answering_AddRef(IDispatch *self) {
  return (ULONG)++((Answering *)self)->references;
}

static ULONG STDMETHODCALLTYPE Answering_Release(IDispatch *self) {
  return (ULONG)--((Answering *)self)->references;
}

static HRESULT STDMETHODCALLTYPE Answering_Invoke(IDispatch *self, DISPID member, REFIID iid, LCID lcid, WORD flags,
                                                  DISPPARAMS *parameters, VARIANT *result, EXCEPINFO *exception,
                                                  UINT *bad_argument) {
  Answering *object = (Answering *)self;
  (void)iid, (void)lcid, (void)exception, (void)bad_argument;
  assert_int_equal(parameters->cArgs, 0);
  object->asked_member = member;
  object->asked_flags = flags;
  return FAILED(object->hr) ? object->hr : VariantCopy(result, &object->value);
}

static IDispatchVtbl answering_vtable = { .QueryInterface = Answering_QueryInterface,
                                          .AddRef = Answering_AddRef,
                                          .Release = Answering_Release,
                                          .Invoke = Answering_Invoke };

static void objects_give_their_default_member(void **state) {
  (void)state;
  Answering object = { .dispatch = { &answering_vtable }, .references = 1, .value = STR("42") };
  VARIANT source = EMPTY;
  VARIANT result = EMPTY;
  source.vt = VT_DISPATCH;
  source.pdispVal = &object.dispatch;
  assert_int_equal(VariantChangeType(&result, &source, 0, VT_I4), S_OK);
  assert_int_equal(result.lVal, 42);
  assert_int_equal(object.asked_member, DISPID_VALUE);
  assert_true(object.asked_flags & DISPATCH_PROPERTYGET);
  assert_int_equal(VariantChangeType(&result, &source, 0, VT_BSTR), S_OK);
  assert_true(texts_equal(result.bstrVal, u"42"));
  VariantClear(&result);
  assert_int_equal(VariantChangeType(&result, &source, VARIANT_NOVALUEPROP, VT_I4), DISP_E_TYPEMISMATCH);
  LONG number = 77;
  BSTR text = NULL;
  assert_int_equal(VarI4FromDisp(&object.dispatch, EN_US, &number), S_OK);
  assert_int_equal(number, 42);
  assert_int_equal(VarBstrFromDisp(&object.dispatch, EN_US, 0, &text), S_OK);
  assert_true(texts_equal(text, u"42"));
  SysFreeString(text);
  BYTE narrow = 77;
  object.value = I4(256);
  assert_int_equal(VarUI1FromDisp(&object.dispatch, EN_US, &narrow), DISP_E_OVERFLOW);
  assert_int_equal(narrow, 77);
  object.hr = E_OUTOFMEMORY;
  assert_int_equal(VarI4FromDisp(&object.dispatch, EN_US, &number), DISP_E_TYPEMISMATCH);
  assert_int_equal(VarNot(&source, &result), E_OUTOFMEMORY); /* the operators pass the failure on */
  object.hr = DISP_E_MEMBERNOTFOUND;
  assert_int_equal(VariantChangeType(&result, &source, 0, VT_I4), DISP_E_TYPEMISMATCH);
  assert_int_equal(VarI4FromDisp(NULL, EN_US, &number), DISP_E_BADVARTYPE);
  assert_int_equal(object.references, 1);
}

static void every_conversion_asks_the_object(void **state) {
  (void)state;
  Answering object = { .dispatch = { &answering_vtable }, .references = 1, .value = STR("1") };
  IDispatch *dispatch = &object.dispatch;
#define FROM_OBJECT(To, type, expected)                                                                                \
  {                                                                                                                    \
    type value = 77;                                                                                                   \
    assert_int_equal(Var##To##FromDisp(dispatch, EN_US, &value), S_OK);                                                \
    assert_true(value == (expected));                                                                                  \
    object.hr = E_FAIL;                                                                                                \
    assert_int_equal(Var##To##FromDisp(dispatch, EN_US, &value), DISP_E_TYPEMISMATCH);                                 \
    object.hr = S_OK;                                                                                                  \
    assert_int_equal(Var##To##FromDisp(NULL, EN_US, &value), DISP_E_BADVARTYPE);                                       \
    assert_true(value == (expected));                                                                                  \
  }
  FROM_OBJECT(I1, CHAR, 1)
  FROM_OBJECT(UI1, BYTE, 1)
  FROM_OBJECT(I2, SHORT, 1)
  FROM_OBJECT(UI2, USHORT, 1)
  FROM_OBJECT(I4, LONG, 1)
  FROM_OBJECT(UI4, ULONG, 1)
  FROM_OBJECT(I8, LONG64, 1)
  FROM_OBJECT(UI8, ULONG64, 1)
  FROM_OBJECT(R4, FLOAT, 1)
  FROM_OBJECT(R8, DOUBLE, 1)
  FROM_OBJECT(Bool, VARIANT_BOOL, VARIANT_TRUE)
  CY cy = { .int64 = 77 };
  assert_int_equal(VarCyFromDisp(dispatch, EN_US, &cy), S_OK);
  assert_true(cy.int64 == 10000);
  DECIMAL decimal = { .wReserved = 0xAAAA };
  assert_int_equal(VarDecFromDisp(dispatch, EN_US, &decimal), S_OK);
  assert_true(decimal.Lo64 == 1 && decimal.wReserved == 0xAAAA);
  object.value = R8(2.5);
  FROM_OBJECT(Date, DATE, 2.5)
  assert_int_equal(VarBstrFromDisp(dispatch, EN_US, 0, NULL), E_INVALIDARG);
  assert_int_equal(object.references, 1);
}

static void operators_ask_the_object(void **state) {
  (void)state;
  Answering object = { .dispatch = { &answering_vtable }, .references = 1, .value = STR("12") };
  VARIANT left = EMPTY;
  VARIANT right = I2(3);
  VARIANT result = EMPTY;
  VARIANT sum = R8(15);
  VARIANT joined = STR("123");
  left.vt = VT_DISPATCH;
  left.pdispVal = &object.dispatch;
  assert_int_equal(VarAdd(&left, &right, &result), S_OK);
  assert_true(values_equal(&result, &sum));
  assert_int_equal(VarAdd(&right, &left, &result), S_OK);
  assert_true(values_equal(&result, &sum));
  assert_int_equal(VarCat(&left, &right, &result), S_OK);
  assert_true(values_equal(&result, &joined));
  VariantClear(&result);
  assert_int_equal(VarCmp(&left, &right, EN_US, 0), VARCMP_GT);
  assert_int_equal(VarNeg(&left, &result), S_OK);
  assert_true(result.vt == VT_R8 && result.dblVal == -12);
  object.hr = E_FAIL;
  assert_int_equal(VarAdd(&right, &left, &result), E_FAIL);
  assert_int_equal(VarCat(&right, &left, &result), E_FAIL);
  assert_int_equal(VarCmp(&right, &left, EN_US, 0), E_FAIL);
  assert_int_equal(object.references, 1);
}

static void an_object_that_answers_with_itself_ends(void **state) {
  (void)state;
  Answering object = { .dispatch = { &answering_vtable }, .references = 1, .value = EMPTY };
  VARIANT source = EMPTY;
  VARIANT result = EMPTY;
  source.vt = object.value.vt = VT_DISPATCH;
  source.pdispVal = object.value.pdispVal = &object.dispatch;
  assert_int_equal(VariantChangeType(&result, &source, 0, VT_I4), DISP_E_TYPEMISMATCH);
  assert_int_equal(object.references, 1);
}

static void interfaces_convert_by_asking(void **state) {
  (void)state;
  Answering object = { .dispatch = { &answering_vtable }, .references = 1, .value = I4(1) };
  VARIANT source = EMPTY;
  VARIANT result = EMPTY;
  source.vt = VT_DISPATCH;
  source.pdispVal = &object.dispatch;
  static const USHORT flags[] = { 0, VARIANT_NOVALUEPROP };
  for (size_t i = 0; i < COUNT_OF(flags); i++) {
    assert_int_equal(VariantChangeType(&result, &source, flags[i], VT_UNKNOWN), S_OK);
    assert_int_equal(result.vt, VT_UNKNOWN);
    assert_int_equal(object.references, 2);
    VariantClear(&result);
  }
  source.vt = VT_UNKNOWN;
  assert_int_equal(VariantChangeType(&result, &source, 0, VT_DISPATCH), S_OK);
  assert_int_equal(object.references, 2);
  VariantClear(&result);
  assert_int_equal(VariantChangeType(&result, &source, 0, VT_I4), DISP_E_TYPEMISMATCH);
  source.punkVal = NULL;
  assert_int_equal(VariantChangeType(&result, &source, 0, VT_DISPATCH), S_OK);
  assert_null(result.pdispVal);
  source.vt = VT_DISPATCH;
  assert_int_equal(VariantChangeType(&result, &source, 0, VT_I4), DISP_E_BADVARTYPE);
}

static int change(void *context) {
  VARIANT *source = context;
  VARIANT result = UI2(77);
  HRESULT hr = VariantChangeType(&result, source, 0, VT_BSTR);
  if (hr == E_OUTOFMEMORY) {
    return !(result.vt == VT_UI2 && result.uiVal == 77);
  }
  VariantClear(&result);
  return hr != S_OK;
}

static void a_failed_allocation_changes_nothing(void **state) {
  (void)state;
  VARIANT number = R8(1.5);
  faults_each(change, &number);
  VARIANT text = STR("text");
  faults_each(change, &text);
  VARIANT none = EMPTY;
  faults_each(change, &none);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(empty_becomes_the_zero_of_every_type),
    cmocka_unit_test(null_and_errors_stay_what_they_are),
    cmocka_unit_test(scalars_convert_into_each_other),
    cmocka_unit_test(integers_of_one_width_keep_their_bits),
    cmocka_unit_test(overflow_and_mismatch_are_told_apart),
    cmocka_unit_test(truth_values_in_text),
    cmocka_unit_test(bytes_and_strings),
    cmocka_unit_test(objects_give_their_default_member),
    cmocka_unit_test(every_conversion_asks_the_object),
    cmocka_unit_test(operators_ask_the_object),
    cmocka_unit_test(an_object_that_answers_with_itself_ends),
    cmocka_unit_test(interfaces_convert_by_asking),
    cmocka_unit_test(a_failed_allocation_changes_nothing),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
