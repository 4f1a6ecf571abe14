/* Rules of IDispatch::Invoke over a signature: properties, further arguments, results, failures, default members, records. */
#include "dispatch/invoke_target.h"

static LONG got[4];
static VARTYPE got_vt;

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
