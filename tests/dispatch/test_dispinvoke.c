/* Rules of IDispatch::Invoke over a signature: how arguments are matched, converted and written back. */
#include "dispatch/invoke_target.h"

/* Matching */

static LONG got[4];
static VARTYPE got_vt;

static HRESULT four(void *self, LONG a, LONG b, LONG c, VARIANT d, LONG *sum) {
  (void)self;
  calls++;
  got[0] = a;
  got[1] = b;
  got[2] = c;
  got[3] = V_VT(&d) == VT_I4 ? V_I4(&d) : 0;
  got_vt = V_VT(&d) == VT_ERROR && V_ERROR(&d) == DISP_E_PARAMNOTFOUND ? VT_ERROR : V_VT(&d);
  *sum = a + b + c + got[3];
  return S_OK;
}
#define FOUR "Four([in] i4 a, [in] i4 b, [in,defaultvalue(30)] i4 c, [in,optional] variant d, [out,retval] i4* sum)"

typedef struct MatchCase {
  const char *name;
  UINT args, named;
  LONG values[5]; /* in rgvarg order */
  DISPID ids[3];
  HRESULT hr;
  LONG got[4];
  VARTYPE d_vt;
  int bad; /* expected puArgErr, -1 untouched */
} MatchCase;

static const MatchCase match_cases[] = {
  { "all four", 4, 0, { 4, 3, 2, 1 }, { 0 }, S_OK, { 1, 2, 3, 4 }, VT_I4, -1 },
  { "missing optional", 3, 0, { 3, 2, 1 }, { 0 }, S_OK, { 1, 2, 3, 0 }, VT_ERROR, -1 },
  { "default and optional", 2, 0, { 2, 1 }, { 0 }, S_OK, { 1, 2, 30, 0 }, VT_ERROR, -1 },
  { "too few", 1, 0, { 1 }, { 0 }, DISP_E_BADPARAMCOUNT, { 0 }, 0, -1 },
  { "none", 0, 0, { 0 }, { 0 }, DISP_E_BADPARAMCOUNT, { 0 }, 0, -1 },
  { "too many", 5, 0, { 5, 4, 3, 2, 1 }, { 0 }, DISP_E_BADPARAMCOUNT, { 0 }, 0, -1 },
  { "one named", 3, 1, { 40, 2, 1 }, { 3 }, S_OK, { 1, 2, 30, 40 }, VT_I4, -1 },
  { "all named, any order", 3, 3, { 7, 5, 6 }, { 2, 0, 1 }, S_OK, { 5, 6, 7, 0 }, VT_ERROR, -1 },
  { "unknown name", 3, 1, { 9, 2, 1 }, { 9 }, DISP_E_PARAMNOTFOUND, { 0 }, 0, 0 },
  { "second name unknown", 4, 2, { 3, 9, 2, 1 }, { 2, 17 }, DISP_E_PARAMNOTFOUND, { 0 }, 0, 1 },
  { "the retval by name", 3, 1, { 9, 2, 1 }, { 4 }, DISP_E_PARAMNOTFOUND, { 0 }, 0, 0 },
  { "the same name twice", 4, 2, { 9, 9, 2, 1 }, { 2, 2 }, DISP_E_PARAMNOTFOUND, { 0 }, 0, 1 },
  { "a required one left out by names", 2, 2, { 3, 1 }, { 2, 0 }, DISP_E_BADPARAMCOUNT, { 0 }, 0, -1 },
  { "the value of a property on a method",
    3,
    1,
    { 9, 2, 1 },
    { DISPID_PROPERTYPUT },
    DISP_E_PARAMNOTFOUND,
    { 0 },
    0,
    0 },
  { "more names than arguments", 1, 2, { 1 }, { 0, 1 }, E_INVALIDARG, { 0 }, 0, -1 },
};

static void arguments_are_matched_by_position_and_name(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof match_cases / sizeof match_cases[0]; i++) {
    const MatchCase *c = &match_cases[i];
    VARIANTARG args[5];
    DISPID ids[3];
    VARIANT result = i4(-1);
    UINT bad = 99;
    for (int k = 0; k < 5; k++)
      args[k] = i4(c->values[k]);
    memcpy(ids, c->ids, sizeof ids);
    DISPPARAMS params = { args, ids, c->args, c->named };
    HRESULT hr = invoke(FOUR, METHOD(four), &params, &result, NULL, &bad);
    if (hr != c->hr)
      print_error("%s\n", c->name);
    assert_int_equal(hr, c->hr);
    assert_int_equal(calls, hr == S_OK);
    assert_int_equal((int)bad, c->bad < 0 ? 99 : c->bad);
    if (hr != S_OK)
      continue;
    assert_memory_equal(got, c->got, sizeof got);
    assert_int_equal(got_vt, c->d_vt);
    assert_int_equal(V_VT(&result), VT_I4);
    assert_int_equal(V_I4(&result), got[0] + got[1] + got[2] + got[3]);
  }
}

static void an_explicitly_missing_argument_is_not_given(void **state) {
  (void)state;
  VARIANT inner = missing();
  VARIANTARG args[] = { missing(), ref(VT_VARIANT, &inner), i4(2), i4(1) };
  DISPPARAMS params = { args, NULL, 4, 0 };
  UINT bad = 99;
  assert_int_equal(invoke(FOUR, METHOD(four), &params, NULL, NULL, &bad), S_OK);
  assert_int_equal(got[2], 30);
  assert_int_equal(got_vt, VT_ERROR);
  args[2] = missing(); /* b is required */
  assert_int_equal(invoke(FOUR, METHOD(four), &params, NULL, NULL, &bad), DISP_E_PARAMNOTOPTIONAL);
  assert_int_equal(bad, 2);
  assert_int_equal(calls, 0);
}

static void bad_blocks_of_parameters_are_refused(void **state) {
  (void)state;
  VARIANTARG arg = i4(1);
  DISPPARAMS no_values = { NULL, NULL, 2, 0 }, no_names = { &arg, NULL, 1, 1 };
  assert_int_equal(invoke(FOUR, METHOD(four), NULL, NULL, NULL, NULL), E_INVALIDARG);
  assert_int_equal(invoke(FOUR, METHOD(four), &no_values, NULL, NULL, NULL), E_INVALIDARG);
  assert_int_equal(invoke(FOUR, METHOD(four), &no_names, NULL, NULL, NULL), E_INVALIDARG);
}

/* Conversion of arguments */

static unsigned char seen[32];

static HRESULT see_i1(void *self, signed char a) {
  (void)self;
  calls++;
  memcpy(seen, &a, sizeof a);
  return S_OK;
}
static HRESULT see_i2(void *self, SHORT a) {
  (void)self;
  calls++;
  memcpy(seen, &a, sizeof a);
  return S_OK;
}
static HRESULT see_i4(void *self, LONG a) {
  (void)self;
  calls++;
  memcpy(seen, &a, sizeof a);
  return S_OK;
}
static HRESULT see_i8(void *self, LONGLONG a) {
  (void)self;
  calls++;
  memcpy(seen, &a, sizeof a);
  return S_OK;
}
static HRESULT see_r4(void *self, float a) {
  (void)self;
  calls++;
  memcpy(seen, &a, sizeof a);
  return S_OK;
}
static HRESULT see_r8(void *self, double a) {
  (void)self;
  calls++;
  memcpy(seen, &a, sizeof a);
  return S_OK;
}
static HRESULT see_text(void *self, BSTR a) {
  (void)self;
  calls++;
  memset(seen, 0, sizeof seen);
  memcpy(seen, a, SysStringByteLen(a));
  return S_OK;
}

typedef struct ConversionCase {
  const char *signature;
  void (*method)(void);
  VARTYPE vt; /* of the argument: VT_I4, VT_R8 or VT_BSTR */
  LONG number;
  double real;
  const OLECHAR *text;
  HRESULT hr;
  LONGLONG integer; /* what an integer method must see */
  double floating;
  const OLECHAR *string;
} ConversionCase;

static const ConversionCase conversion_cases[] = {
  { "M(i4 a)", METHOD(see_i4), VT_I4, -7, 0, NULL, S_OK, -7, 0, NULL },
  { "M(i4 a)", METHOD(see_i4), VT_R8, 0, 2.5, NULL, S_OK, 2, 0, NULL },
  { "M(i4 a)", METHOD(see_i4), VT_R8, 0, 3.5, NULL, S_OK, 4, 0, NULL },
  { "M(i4 a)", METHOD(see_i4), VT_R8, 0, 3e10, NULL, DISP_E_OVERFLOW, 0, 0, NULL },
  { "M(i4 a)", METHOD(see_i4), VT_BSTR, 0, 0, u"-12", S_OK, -12, 0, NULL },
  { "M(i4 a)", METHOD(see_i4), VT_BSTR, 0, 0, u"twelve", DISP_E_TYPEMISMATCH, 0, 0, NULL },
  { "M(int a)", METHOD(see_i4), VT_I4, 5, 0, NULL, S_OK, 5, 0, NULL },
  { "M(ui4 a)", METHOD(see_i4), VT_I4, -5, 0, NULL, S_OK, -5, 0, NULL },
  { "M(uint a)", METHOD(see_i4), VT_I4, -5, 0, NULL, S_OK, -5, 0, NULL },
  { "M(ui4 a)", METHOD(see_i4), VT_R8, 0, -5, NULL, DISP_E_OVERFLOW, 0, 0, NULL },
  { "M(i2 a)", METHOD(see_i2), VT_I4, -32768, 0, NULL, S_OK, -32768, 0, NULL },
  { "M(i2 a)", METHOD(see_i2), VT_I4, 32768, 0, NULL, DISP_E_OVERFLOW, 0, 0, NULL },
  { "M(i1 a)", METHOD(see_i1), VT_I4, -128, 0, NULL, S_OK, -128, 0, NULL },
  { "M(ui1 a)", METHOD(see_i1), VT_I4, 256, 0, NULL, DISP_E_OVERFLOW, 0, 0, NULL },
  { "M(bool a)", METHOD(see_i2), VT_I4, 2, 0, NULL, S_OK, -1, 0, NULL },
  { "M(i8 a)", METHOD(see_i8), VT_I4, -1, 0, NULL, S_OK, -1, 0, NULL },
  { "M(cy a)", METHOD(see_i8), VT_R8, 0, 1.25, NULL, S_OK, 12500, 0, NULL },
  { "M(r4 a)", METHOD(see_r4), VT_I4, 3, 0, NULL, S_OK, 0, 3, NULL },
  { "M(r8 a)", METHOD(see_r8), VT_BSTR, 0, 0, u"1.5", S_OK, 0, 1.5, NULL },
  { "M(date a)", METHOD(see_r8), VT_R8, 0, 2.25, NULL, S_OK, 0, 2.25, NULL },
  { "M(bstr a)", METHOD(see_text), VT_I4, 42, 0, NULL, S_OK, 0, 0, u"42" },
  { "M(bstr a)", METHOD(see_text), VT_BSTR, 0, 0, u"as it is", S_OK, 0, 0, u"as it is" },
  { "M(IDispatch* a)", METHOD(see_i8), VT_I4, 0, 0, NULL, DISP_E_TYPEMISMATCH, 0, 0, NULL },
  { "M(IUnknown* a)", METHOD(see_i8), VT_BSTR, 0, 0, u"x", DISP_E_TYPEMISMATCH, 0, 0, NULL },
  { "M(safearray(i4) a)", METHOD(see_i8), VT_I4, 1, 0, NULL, DISP_E_TYPEMISMATCH, 0, 0, NULL },
};

static void check_conversion(const ConversionCase *c, VARIANTARG *arg) {
  DISPPARAMS params = { arg, NULL, 1, 0 };
  UINT bad = 99;
  float single;
  double real;
  memset(seen, 0, sizeof seen);
  HRESULT hr = invoke(c->signature, c->method, &params, NULL, NULL, &bad);
  if (hr != c->hr)
    print_error("%s from %d\n", c->signature, V_VT(arg));
  assert_int_equal(hr, c->hr);
  assert_int_equal(bad, hr == S_OK ? 99 : 0);
  assert_int_equal(calls, hr == S_OK);
  if (hr != S_OK)
    return;
  if (c->string) {
    for (size_t i = 0; c->string[i]; i++)
      assert_int_equal(((OLECHAR *)seen)[i], c->string[i]);
  } else if (strstr(c->signature, "r4")) {
    memcpy(&single, seen, sizeof single);
    assert_true((double)single == c->floating);
  } else if (strstr(c->signature, "r8") || strstr(c->signature, "date")) {
    memcpy(&real, seen, sizeof real);
    assert_true(real == c->floating);
  } else {
    size_t size = c->method == METHOD(see_i1)   ? 1
                  : c->method == METHOD(see_i2) ? 2
                  : c->method == METHOD(see_i4) ? 4
                                                : 8;
    assert_memory_equal(seen, &c->integer, size);
  }
}

static void arguments_are_converted(void **state) {
  (void)state;
  for (size_t i = 0; i < sizeof conversion_cases / sizeof conversion_cases[0]; i++) {
    const ConversionCase *c = &conversion_cases[i];
    VARIANT value = i4(c->number), by_value, by_variant;
    if (c->vt == VT_BSTR) {
      value = text_of(c->text);
    } else if (c->vt == VT_R8) {
      V_VT(&value) = VT_R8;
      V_R8(&value) = c->real;
    }
    check_conversion(c, &value);
    by_value = ref(c->vt, &V_NONE(&value)); /* by reference, the same */
    check_conversion(c, &by_value);
    by_variant = ref(VT_VARIANT, &value);
    check_conversion(c, &by_variant);
    VariantClear(&value);
  }
}

/* By-reference arguments */

static HRESULT twice(void *self, LONG *value) {
  (void)self;
  calls++;
  *value *= 2;
  return S_OK;
}

static HRESULT make_text(void *self, BSTR *text) {
  (void)self;
  calls++;
  assert_null(*text);
  *text = SysAllocString(u"made");
  return S_OK;
}

static HRESULT longer(void *self, BSTR *text) {
  OLECHAR buffer[32] = { 0 };
  (void)self;
  calls++;
  memcpy(buffer, *text, SysStringByteLen(*text));
  buffer[SysStringLen(*text)] = u'!';
  SysFreeString(*text);
  *text = SysAllocString(buffer);
  return S_OK;
}

static HRESULT to_variant(void *self, VARIANT *value) {
  (void)self;
  calls++;
  VariantClear(value);
  V_VT(value) = VT_R8;
  V_R8(value) = 0.5;
  return S_OK;
}

static void in_out_numbers_come_back_in_the_callers_type(void **state) {
  (void)state;
  LONG number = 21;
  SHORT narrow = -4;
  double real = 8;
  VARIANT inner = i4(5), text = text_of(u"16");
  VARIANTARG arg = ref(VT_I4, &number);
  DISPPARAMS params = { &arg, NULL, 1, 0 };
  const char *signature = "Twice([in,out] i4* value)";
  assert_int_equal(invoke(signature, METHOD(twice), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(number, 42);
  arg = ref(VT_I2, &narrow);
  assert_int_equal(invoke(signature, METHOD(twice), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(narrow, -8);
  arg = ref(VT_R8, &real);
  assert_int_equal(invoke(signature, METHOD(twice), &params, NULL, NULL, NULL), S_OK);
  assert_true(real == 16);
  arg = ref(VT_VARIANT, &inner);
  assert_int_equal(invoke(signature, METHOD(twice), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&inner), VT_I4);
  assert_int_equal(V_I4(&inner), 10);
  arg = ref(VT_VARIANT, &text);
  assert_int_equal(invoke(signature, METHOD(twice), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&text), VT_I4);
  assert_int_equal(V_I4(&text), 32);
  arg = i4(3);
  assert_int_equal(invoke(signature, METHOD(twice), &params, NULL, NULL, NULL), S_OK);
  narrow = 30000; /* does not fit when it comes back */
  arg = ref(VT_I2, &narrow);
  UINT bad = 99;
  assert_int_equal(invoke(signature, METHOD(twice), &params, NULL, NULL, &bad), DISP_E_OVERFLOW);
  assert_int_equal(bad, 0);
  assert_int_equal(narrow, 30000);
  arg = ref(VT_I4, NULL);
  assert_int_equal(invoke(signature, METHOD(twice), &params, NULL, NULL, &bad), E_INVALIDARG);
}

static void texts_are_replaced_without_a_leak(void **state) {
  (void)state;
  BSTR text = SysAllocString(u"old");
  LONG number = 7;
  VARIANT inner = text_of(u"was"), holds_number = i4(12);
  VARIANTARG arg = ref(VT_BSTR, &text);
  DISPPARAMS params = { &arg, NULL, 1, 0 };
  assert_int_equal(invoke("M([out] bstr* t)", METHOD(make_text), &params, NULL, NULL, NULL), S_OK);
  assert_memory_equal(text, u"made", 10);
  assert_int_equal(invoke("M([in,out] bstr* t)", METHOD(longer), &params, NULL, NULL, NULL), S_OK);
  assert_memory_equal(text, u"made!", 12);
  arg = ref(VT_VARIANT, &inner);
  assert_int_equal(invoke("M([out] bstr* t)", METHOD(make_text), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&inner), VT_BSTR);
  assert_memory_equal(V_BSTR(&inner), u"made", 10);
  assert_int_equal(invoke("M([in,out] bstr* t)", METHOD(longer), &params, NULL, NULL, NULL), S_OK);
  assert_memory_equal(V_BSTR(&inner), u"made!", 12);
  arg = ref(VT_VARIANT, &holds_number);
  assert_int_equal(invoke("M([in,out] bstr* t)", METHOD(longer), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&holds_number), VT_BSTR);
  assert_memory_equal(V_BSTR(&holds_number), u"12!", 8);
  arg = ref(VT_I4, &number); /* "made" is no number */
  UINT bad = 99;
  assert_int_equal(invoke("M([out] bstr* t)", METHOD(make_text), &params, NULL, NULL, &bad), DISP_E_TYPEMISMATCH);
  assert_int_equal(bad, 0);
  assert_int_equal(number, 7);
  SysFreeString(text);
  VariantClear(&inner);
  VariantClear(&holds_number);
}

static void a_variant_parameter_takes_the_callers_variant(void **state) {
  (void)state;
  VARIANT inner = text_of(u"gone");
  LONG number = 3;
  VARIANTARG arg = ref(VT_VARIANT, &inner);
  DISPPARAMS params = { &arg, NULL, 1, 0 };
  assert_int_equal(invoke("M([out] variant* v)", METHOD(to_variant), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&inner), VT_R8);
  assert_int_equal(invoke("M([in,out] variant* v)", METHOD(to_variant), &params, NULL, NULL, NULL), S_OK);
  arg = ref(VT_I4, &number);
  assert_int_equal(invoke("M([out] variant* v)", METHOD(to_variant), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(number, 0);
  arg = i4(9);
  assert_int_equal(invoke("M([in,out] variant* v)", METHOD(to_variant), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&arg), VT_R8);
  static const VARTYPE nowhere[] = { VT_I4, VT_BSTR, VT_VARIANT, VT_ARRAY | VT_I4 };
  for (size_t i = 0; i < sizeof nowhere / sizeof nowhere[0]; i++) {
    UINT bad = 99;
    arg = ref(nowhere[i], NULL);
    assert_int_equal(invoke("M([out] variant* v)", METHOD(to_variant), &params, NULL, NULL, &bad), E_INVALIDARG);
    assert_int_equal(bad, 0);
    assert_int_equal(calls, 0);
  }
}

static HRESULT overwrite_decimal(void *self, DECIMAL *value) {
  (void)self;
  calls++;
  memset(value, 0, sizeof *value);
  value->Lo64 = 77;
  return S_OK;
}

static void a_decimal_that_is_overwritten_stays_a_decimal(void **state) {
  (void)state;
  VARIANT inner = i4(3);
  DECIMAL variable = { 0 };
  VARIANTARG arg = ref(VT_VARIANT, &inner);
  DISPPARAMS params = { &arg, NULL, 1, 0 };
  for (int i = 0; i < 2; i++) { /* first a VT_I4, then the VT_DECIMAL that came back */
    assert_int_equal(invoke("M([in,out] decimal* d)", METHOD(overwrite_decimal), &params, NULL, NULL, NULL), S_OK);
    assert_int_equal(V_VT(&inner), VT_DECIMAL);
    assert_int_equal(V_DECIMAL(&inner).Lo64, 77);
  }
  arg = inner;
  assert_int_equal(invoke("M([in,out] decimal* d)", METHOD(overwrite_decimal), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&arg), VT_DECIMAL);
  arg = ref(VT_DECIMAL, &variable);
  assert_int_equal(invoke("M([in,out] decimal* d)", METHOD(overwrite_decimal), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(variable.Lo64, 77);
}

static void a_variable_may_refer_to_another(void **state) {
  (void)state;
  LONG number = 5;
  SHORT narrow = 6;
  VARIANT inner = ref(VT_I4, &number);
  VARIANTARG arg = ref(VT_VARIANT, &inner);
  DISPPARAMS params = { &arg, NULL, 1, 0 };
  UINT bad = 99;
  assert_int_equal(invoke("M([in,out] i4* n)", METHOD(twice), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(number, 10);
  assert_int_equal(V_VT(&inner), VT_BYREF | VT_I4);
  inner = ref(VT_I2, &narrow);
  assert_int_equal(invoke("M([in,out] i4* n)", METHOD(twice), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(narrow, 12);
  assert_int_equal(V_VT(&inner), VT_BYREF | VT_I2);
  number = -6; /* a mask in the only type that VB has for it: the same bits come back */
  arg = ref(VT_I4, &number);
  assert_int_equal(invoke("M([in,out] ui4* n)", METHOD(twice), &params, NULL, NULL, &bad), S_OK);
  assert_int_equal(number, -12);
  arg = ref(VT_VARIANT, &inner);
  inner = ref(VT_I4, NULL);
  assert_int_equal(invoke("M([in,out] i4* n)", METHOD(twice), &params, NULL, NULL, &bad), E_INVALIDARG);
  assert_int_equal(bad, 0);
}

static void a_variable_for_a_variant_may_hold_a_missing_argument(void **state) {
  (void)state;
  VARIANT inner = missing();
  VARIANTARG arg = ref(VT_VARIANT, &inner);
  DISPPARAMS params = { &arg, NULL, 1, 0 };
  assert_int_equal(invoke("M([out] variant* v)", METHOD(to_variant), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&inner), VT_R8);
  inner = missing();
  assert_int_equal(invoke("M([in,out] variant* v)", METHOD(to_variant), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&inner), VT_R8);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(arguments_are_matched_by_position_and_name),
    cmocka_unit_test(an_explicitly_missing_argument_is_not_given),
    cmocka_unit_test(bad_blocks_of_parameters_are_refused),
    cmocka_unit_test(arguments_are_converted),
    cmocka_unit_test(in_out_numbers_come_back_in_the_callers_type),
    cmocka_unit_test(texts_are_replaced_without_a_leak),
    cmocka_unit_test(a_variant_parameter_takes_the_callers_variant),
    cmocka_unit_test(a_decimal_that_is_overwritten_stays_a_decimal),
    cmocka_unit_test(a_variable_may_refer_to_another),
    cmocka_unit_test(a_variable_for_a_variant_may_hold_a_missing_argument),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
