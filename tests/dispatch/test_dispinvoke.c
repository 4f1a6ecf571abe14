/* Rules of IDispatch::Invoke over a signature: how arguments are matched, converted and written back, what comes out,
 * and how failures are told. */
#include "dispatch/types/signature.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>

/* A target: every method stands in slot 3 of a vtable of its own */

static int calls;
static void (*target_method)(void);

static HRESULT STDMETHODCALLTYPE no_interface(void *self, REFIID iid, void **object) {
  (void)self;
  (void)iid;
  *object = NULL;
  return E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE one(void *self) {
  (void)self;
  return 1;
}

static HRESULT invoke(const char *text, void (*method)(void), DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                      UINT *bad) {
  const Signature *signature = NULL;
  void (*vtable[])(void) = { (void (*)(void))no_interface, (void (*)(void))one, (void (*)(void))one, method };
  void *object = vtable;
  assert_int_equal(signature_from_text(text, 3, NULL, NULL, &signature), S_OK);
  assert_null(signature->unsupported);
  calls = 0;
  target_method = method;
  HRESULT hr = signature_dispinvoke(signature, NULL, &object, DISPATCH_METHOD, 0x409, params, result, exception, bad);
  signature_release(signature);
  return hr;
}

#define METHOD(f) ((void (*)(void))(f))

static VARIANT i4(LONG value) {
  VARIANT v;
  VariantInit(&v);
  V_VT(&v) = VT_I4;
  V_I4(&v) = value;
  return v;
}

static VARIANT missing(void) {
  VARIANT v;
  VariantInit(&v);
  V_VT(&v) = VT_ERROR;
  V_ERROR(&v) = DISP_E_PARAMNOTFOUND;
  return v;
}

static VARIANT text_of(const OLECHAR *text) {
  VARIANT v;
  VariantInit(&v);
  V_VT(&v) = VT_BSTR;
  V_BSTR(&v) = SysAllocString(text);
  return v;
}

static VARIANT ref(VARTYPE vt, void *variable) {
  VARIANT v;
  VariantInit(&v);
  V_VT(&v) = VT_BYREF | vt;
  V_BYREF(&v) = variable;
  return v;
}

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

/* Properties, varargs, results */

static HRESULT put_at(void *self, LONG index, BSTR value) {
  (void)self;
  calls++;
  got[0] = index;
  got[1] = (LONG)SysStringLen(value);
  return S_OK;
}

static void the_value_of_a_property_is_named(void **state) {
  (void)state;
  VARIANTARG args[] = { text_of(u"four"), i4(8) };
  DISPID put = DISPID_PROPERTYPUT;
  DISPPARAMS params = { args, &put, 2, 1 };
  const char *signature = "[propput] Item(i4 index, bstr value)";
  assert_int_equal(invoke(signature, METHOD(put_at), &params, NULL, NULL, NULL), S_OK);
  assert_int_equal(got[0], 8);
  assert_int_equal(got[1], 4);
  params.cNamedArgs = 0;
  assert_int_equal(invoke(signature, METHOD(put_at), &params, NULL, NULL, NULL), DISP_E_PARAMNOTFOUND);
  params = (DISPPARAMS){ args, &put, 1, 1 };
  assert_int_equal(invoke(signature, METHOD(put_at), &params, NULL, NULL, NULL), DISP_E_BADPARAMCOUNT);
  VariantClear(&args[0]);
}

static LONG rest_count, rest_values[4];

static HRESULT gather(void *self, LONG first, SAFEARRAY *rest, LONG *result) {
  LONG upper = -2, lower = -2;
  VARTYPE vt = 0;
  VARIANT *values = NULL;
  (void)self;
  calls++;
  got[0] = first;
  assert_int_equal(SafeArrayGetLBound(rest, 1, &lower), S_OK);
  assert_int_equal(SafeArrayGetUBound(rest, 1, &upper), S_OK);
  assert_int_equal(SafeArrayGetVartype(rest, &vt), S_OK);
  assert_int_equal(vt, VT_VARIANT);
  assert_int_equal(lower, 0);
  rest_count = upper + 1;
  assert_int_equal(SafeArrayAccessData(rest, (void **)&values), S_OK);
  for (LONG i = 0; i < rest_count; i++)
    rest_values[i] = V_I4(&values[i]);
  SafeArrayUnaccessData(rest);
  *result = rest_count;
  return S_OK;
}

static HRESULT gather_by_pointer(void *self, LONG first, SAFEARRAY **rest, LONG *result) {
  return gather(self, first, *rest, result);
}

static void further_arguments_arrive_as_an_array(void **state) {
  (void)state;
  static const char *const signatures[] = {
    "[vararg] Gather(i4 first, [in] safearray(variant) rest, [out,retval] i4* count)",
    "[vararg] Gather(i4 first, [in] safearray(variant)* rest, [out,retval] i4* count)",
  };
  for (int i = 0; i < 2; i++) {
    VARIANTARG args[] = { i4(4), i4(3), i4(2), i4(1) };
    DISPID id = 0;
    VARIANT result;
    void (*method)(void) = i ? METHOD(gather_by_pointer) : METHOD(gather);
    DISPPARAMS params = { args, NULL, 4, 0 };
    assert_int_equal(invoke(signatures[i], method, &params, &result, NULL, NULL), S_OK);
    assert_int_equal(got[0], 1);
    assert_int_equal(rest_count, 3);
    assert_int_equal(rest_values[0], 2);
    assert_int_equal(rest_values[2], 4);
    params = (DISPPARAMS){ args, NULL, 1, 0 };
    assert_int_equal(invoke(signatures[i], method, &params, &result, NULL, NULL), S_OK);
    assert_int_equal(V_I4(&result), 0);
    params.cArgs = 0;
    assert_int_equal(invoke(signatures[i], method, &params, &result, NULL, NULL), DISP_E_BADPARAMCOUNT);
    params = (DISPPARAMS){ args, &id, 2, 1 };
    assert_int_equal(invoke(signatures[i], method, &params, &result, NULL, NULL), DISP_E_NONAMEDARGS);
  }
}

static HRESULT sum_all(void *self, SAFEARRAY *rest, LONG *result) {
  VARIANT *values = rest->pvData;
  (void)self;
  *result = 0;
  for (ULONG i = 0; i < rest->rgsabound[0].cElements; i++)
    *result += V_I4(&values[i]);
  return S_OK;
}

/* How many arguments there are is the caller's word: they may be more than a stack holds. */
static void a_million_further_arguments_arrive(void **state) {
  enum { MILLION = 1000000 };
  static VARIANTARG args[MILLION];
  static const UINT counts[] = { 0, 16, 17, MILLION };
  (void)state;
  for (UINT i = 0; i < MILLION; i++)
    args[i] = i4(1);
  for (size_t i = 0; i < sizeof counts / sizeof counts[0]; i++) {
    DISPPARAMS params = { args, NULL, counts[i], 0 };
    VARIANT result;
    assert_int_equal(invoke("[vararg] Sum([in] safearray(variant) rest, [out,retval] i4* sum)", METHOD(sum_all),
                            &params, &result, NULL, NULL),
                     S_OK);
    assert_int_equal(V_I4(&result), counts[i]);
  }
}

static HRESULT take_variant_reference(void *self, VARIANT *value) {
  (void)self;
  got_vt = V_VT(value);
  got[0] = V_I4(value);
  V_VT(value) = VT_BSTR;
  V_BSTR(value) = SysAllocString(u"replaced");
  return S_OK;
}

static void a_default_of_a_variant_reference_is_given(void **state) {
  DISPPARAMS none = { 0 };
  (void)state;
  got_vt = VT_EMPTY;
  assert_int_equal(
      invoke("F([in,out,defaultvalue(5)] variant* v)", METHOD(take_variant_reference), &none, NULL, NULL, NULL), S_OK);
  assert_int_equal(got_vt, VT_I4);
  assert_int_equal(got[0], 5);
}

static LONG put_reference_result(void *self, IUnknown *value) {
  (void)self;
  (void)value;
  return 77;
}

/* The counts alone decide, before any name is looked at; a reference that is put may answer with a value. */
static void counts_and_results_as_windows_has_them(void **state) {
  VARIANTARG args[2] = { i4(1), i4(2) };
  DISPID put = DISPID_PROPERTYPUT, this_id = -613;
  DISPPARAMS none = { 0 }, two = { args, &this_id, 2, 1 }, reference = { args, &put, 1, 1 };
  VARIANT result;
  (void)state;
  assert_int_equal(invoke("F([out] i4* a)", METHOD(take_variant_reference), &none, NULL, NULL, NULL),
                   DISP_E_BADPARAMCOUNT);
  assert_int_equal(invoke("F(i4 a)", METHOD(take_variant_reference), &two, NULL, NULL, NULL), DISP_E_BADPARAMCOUNT);
  V_VT(&args[0]) = VT_UNKNOWN;
  V_UNKNOWN(&args[0]) = NULL;
  assert_int_equal(
      invoke("[propputref] i4 P(unknown v)", METHOD(put_reference_result), &reference, &result, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&result), VT_I4);
  assert_int_equal(V_I4(&result), 77);
}

static LCID seen_lcid;

static HRESULT by_locale(void *self, LONG a, LCID lcid, BSTR *text) {
  (void)self;
  (void)a;
  calls++;
  seen_lcid = lcid;
  *text = SysAllocString(u"text");
  return S_FALSE;
}

static void the_lcid_is_filled_and_success_codes_pass(void **state) {
  (void)state;
  VARIANTARG arg = i4(1);
  VARIANT result;
  DISPPARAMS params = { &arg, NULL, 1, 0 };
  const char *signature = "M(i4 a, [in,lcid] i4 locale, [out,retval] bstr* text)";
  assert_int_equal(invoke(signature, METHOD(by_locale), &params, &result, NULL, NULL), S_FALSE);
  assert_int_equal(seen_lcid, 0x409);
  assert_int_equal(V_VT(&result), VT_BSTR);
  VariantClear(&result);
  assert_int_equal(invoke(signature, METHOD(by_locale), &params, NULL, NULL, NULL), S_FALSE);
}

static LONG plain_result(void *self) {
  (void)self;
  return -5;
}
static double real_result(void *self) {
  (void)self;
  return 0.25;
}
static VARIANT variant_result(void *self) {
  (void)self;
  return text_of(u"moved");
}
static void no_result(void *self) {
  (void)self;
}

static void native_results_become_variants(void **state) {
  (void)state;
  DISPPARAMS none = { NULL, NULL, 0, 0 };
  VARIANT result;
  assert_int_equal(invoke("i4 M()", METHOD(plain_result), &none, &result, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&result), VT_I4);
  assert_int_equal(V_I4(&result), -5);
  assert_int_equal(invoke("int M()", METHOD(plain_result), &none, &result, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&result), VT_I4);
  assert_int_equal(invoke("uint M()", METHOD(plain_result), &none, &result, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&result), VT_UI4);
  assert_int_equal(invoke("date M()", METHOD(real_result), &none, &result, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&result), VT_DATE);
  assert_true(V_DATE(&result) == 0.25);
  assert_int_equal(invoke("void M()", METHOD(no_result), &none, &result, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&result), VT_EMPTY);
  assert_int_equal(invoke("variant M()", METHOD(variant_result), &none, &result, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&result), VT_BSTR);
  VariantClear(&result);
  assert_int_equal(invoke("variant M()", METHOD(variant_result), &none, NULL, NULL, NULL), S_OK);
}

/* Failures */

static HRESULT failing(void *self, BSTR *text) {
  ICreateErrorInfo *create = NULL;
  IErrorInfo *info = NULL;
  (void)self;
  *text = NULL;
  assert_int_equal(CreateErrorInfo(&create), S_OK);
  create->lpVtbl->SetDescription(create, (LPOLESTR)u"it broke");
  create->lpVtbl->SetSource(create, (LPOLESTR)u"Test");
  create->lpVtbl->QueryInterface(create, &IID_IErrorInfo, (void **)&info);
  SetErrorInfo(0, info);
  info->lpVtbl->Release(info);
  create->lpVtbl->Release(create);
  return E_ACCESSDENIED;
}

static HRESULT bare_failure(void *self) {
  (void)self;
  return E_NOTIMPL;
}

static void a_failure_is_an_exception(void **state) {
  (void)state;
  DISPPARAMS none = { NULL, NULL, 0, 0 };
  EXCEPINFO exception;
  VARIANT result = i4(3);
  memset(&exception, 0xAA, sizeof exception);
  SetErrorInfo(0, NULL);
  assert_int_equal(invoke("M([out,retval] bstr* t)", METHOD(failing), &none, &result, &exception, NULL),
                   DISP_E_EXCEPTION);
  assert_int_equal(exception.scode, E_ACCESSDENIED);
  assert_int_equal(exception.wCode, 0);
  assert_memory_equal(exception.bstrDescription, u"it broke", 18);
  assert_memory_equal(exception.bstrSource, u"Test", 10);
  assert_null(exception.pfnDeferredFillIn);
  assert_int_equal(V_VT(&result), VT_EMPTY);
  exception_clear(&exception);
  assert_int_equal(invoke("M()", METHOD(bare_failure), &none, &result, &exception, NULL), DISP_E_EXCEPTION);
  assert_int_equal(exception.scode, E_NOTIMPL);
  assert_null(exception.bstrDescription);
  assert_int_equal(invoke("M()", METHOD(bare_failure), &none, &result, NULL, NULL), DISP_E_EXCEPTION);
}

static HRESULT STDAPICALLTYPE fill_in_late(EXCEPINFO *exception) {
  exception->bstrDescription = SysAllocString(u"late");
  return S_OK;
}

static void an_exception_becomes_error_info(void **state) {
  (void)state;
  EXCEPINFO exception = { .scode = E_ABORT, .pfnDeferredFillIn = fill_in_late };
  IErrorInfo *info = NULL;
  BSTR text = NULL;
  assert_int_equal(exception_to_error_info(&exception, &IID_NULL), E_ABORT);
  assert_null(exception.pfnDeferredFillIn);
  assert_int_equal(GetErrorInfo(0, &info), S_OK);
  assert_int_equal(info->lpVtbl->GetDescription(info, &text), S_OK);
  assert_memory_equal(text, u"late", 10);
  SysFreeString(text);
  info->lpVtbl->Release(info);
  exception_clear(&exception);
}

/* Collections */

typedef struct Collection {
  const IDispatchVtbl *vtable;
  LONG references;
} Collection;

static HRESULT STDMETHODCALLTYPE Collection_QueryInterface(IDispatch *self, REFIID iid, void **object) {
  *object = IsEqualIID(iid, &IID_IDispatch) || IsEqualIID(iid, &IID_IUnknown) ? self : NULL;
  ((Collection *)self)->references += *object != NULL;
  return *object ? S_OK : E_NOINTERFACE;
}
static ULONG STDMETHODCALLTYPE Collection_AddRef(IDispatch *self) {
  return (ULONG)++((Collection *)self)->references;
}
static ULONG STDMETHODCALLTYPE Collection_Release(IDispatch *self) {
  return (ULONG)--((Collection *)self)->references;
}
static HRESULT STDMETHODCALLTYPE Collection_Invoke(IDispatch *self, DISPID id, REFIID iid, LCID lcid, WORD flags,
                                                   DISPPARAMS *params, VARIANT *result, EXCEPINFO *exception,
                                                   UINT *bad) {
  (void)self;
  (void)iid;
  (void)lcid;
  (void)exception;
  (void)bad;
  assert_int_equal(id, DISPID_VALUE);
  assert_true(flags & DISPATCH_METHOD);
  assert_int_equal(params->cArgs, 1);
  *result = i4(100 + V_I4(&params->rgvarg[0]));
  return S_OK;
}

static const IDispatchVtbl collection_vtable = { .QueryInterface = Collection_QueryInterface,
                                                 .AddRef = Collection_AddRef,
                                                 .Release = Collection_Release,
                                                 .Invoke = Collection_Invoke };
static Collection collection = { &collection_vtable, 1 };

static HRESULT get_items(void *self, IDispatch **items) {
  (void)self;
  Collection_AddRef((IDispatch *)&collection);
  *items = (IDispatch *)&collection;
  return S_OK;
}

static void arguments_go_on_to_the_default_member(void **state) {
  (void)state;
  VARIANTARG arg = i4(5);
  DISPPARAMS params = { &arg, NULL, 1, 0 };
  VARIANT result;
  const char *signature = "[propget] Items([out,retval] IDispatch** items)";
  assert_int_equal(invoke(signature, METHOD(get_items), &params, &result, NULL, NULL), S_OK);
  assert_int_equal(V_I4(&result), 105);
  assert_int_equal(collection.references, 1);
  params.cArgs = 0;
  assert_int_equal(invoke(signature, METHOD(get_items), &params, &result, NULL, NULL), S_OK);
  assert_int_equal(V_VT(&result), VT_DISPATCH);
  VariantClear(&result);
  assert_int_equal(collection.references, 1);
}

/* Records */

typedef struct Point {
  LONG x, y;
} Point;

static ULONG record_size;

static HRESULT STDMETHODCALLTYPE Record_GetGuid(IRecordInfo *self, GUID *guid) {
  (void)self;
  memset(guid, 0, sizeof *guid);
  return S_OK;
}
static HRESULT STDMETHODCALLTYPE Record_GetSize(IRecordInfo *self, ULONG *size) {
  (void)self;
  *size = record_size;
  return S_OK;
}
static const IRecordInfoVtbl record_vtable = { .GetGuid = Record_GetGuid, .GetSize = Record_GetSize };
static IRecordInfo record_info = { (IRecordInfoVtbl *)(uintptr_t)&record_vtable };

static HRESULT see_points(void *self, Point by_value, Point *changed) {
  (void)self;
  calls++;
  got[0] = by_value.x;
  got[1] = by_value.y;
  changed->x += changed->y;
  return S_OK;
}

static HRESULT invoke_points(VARIANTARG *args, UINT *bad) {
  static const RecordText texts[] = { { "Point", "i4 x, i4 y" }, { NULL, NULL } };
  const SignatureNames names = { NULL, texts };
  const Signature *signature = NULL;
  void (*vtable[])(void) = { NULL, NULL, NULL, METHOD(see_points) };
  void *object = vtable;
  DISPPARAMS params = { args, NULL, 2, 0 };
  assert_int_equal(signature_from_text("M(Point a, [in,out] Point* b)", 3, &names, NULL, &signature), S_OK);
  calls = 0;
  HRESULT hr = signature_dispinvoke(signature, NULL, &object, DISPATCH_METHOD, 0, &params, NULL, NULL, bad);
  signature_release(signature);
  return hr;
}

static void records_pass_by_value_and_by_reference(void **state) {
  (void)state;
  Point value = { 1, 2 }, changed = { 3, 4 };
  VARIANTARG args[2];
  UINT bad = 99;
  for (int i = 0; i < 2; i++) {
    V_VT(&args[i]) = VT_RECORD;
    V_RECORD(&args[i]) = i ? &value : &changed;
    V_RECORDINFO(&args[i]) = &record_info;
  }
  record_size = sizeof(Point);
  assert_int_equal(invoke_points(args, &bad), S_OK);
  assert_int_equal(got[0], 1);
  assert_int_equal(got[1], 2);
  assert_int_equal(changed.x, 7);
  V_VT(&args[0]) = V_VT(&args[1]) = VT_RECORD | VT_BYREF;
  assert_int_equal(invoke_points(args, &bad), S_OK);
  assert_int_equal(changed.x, 11);
  record_size = 12; /* another record */
  assert_int_equal(invoke_points(args, &bad), DISP_E_TYPEMISMATCH);
  assert_int_equal(bad, 1);
  record_size = sizeof(Point);
  args[0] = i4(1);
  assert_int_equal(invoke_points(args, &bad), DISP_E_TYPEMISMATCH);
  assert_int_equal(bad, 0);
  V_VT(&args[1]) = VT_RECORD;
  V_RECORDINFO(&args[1]) = NULL;
  assert_int_equal(invoke_points(args, &bad), DISP_E_TYPEMISMATCH);
  assert_int_equal(bad, 1);
  assert_int_equal(calls, 0);
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
    cmocka_unit_test(the_value_of_a_property_is_named),
    cmocka_unit_test(further_arguments_arrive_as_an_array),
    cmocka_unit_test(a_million_further_arguments_arrive),
    cmocka_unit_test(a_default_of_a_variant_reference_is_given),
    cmocka_unit_test(counts_and_results_as_windows_has_them),
    cmocka_unit_test(the_lcid_is_filled_and_success_codes_pass),
    cmocka_unit_test(native_results_become_variants),
    cmocka_unit_test(a_failure_is_an_exception),
    cmocka_unit_test(an_exception_becomes_error_info),
    cmocka_unit_test(arguments_go_on_to_the_default_member),
    cmocka_unit_test(records_pass_by_value_and_by_reference),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
