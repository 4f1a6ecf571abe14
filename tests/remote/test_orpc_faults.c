/* Every allocation fails once while references are made, taken and given up, and while calls go to another apartment: what fails says
 * so, and nothing is left behind. */
#include "calculator.h"

#include "support/faults.h"

static Worker worker;

static int begin(void **state) {
  (void)state;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  worker_start(&worker, COINIT_APARTMENTTHREADED);
  return 0;
}

static int end(void **state) {
  (void)state;
  worker_stop(&worker);
  CoUninitialize();
  assert_int_equal(calculators, 0);
  return 0;
}

static const LARGE_INTEGER start;

/* Fails each allocation in turn until none is left to fail: how many there are depends on what is stored from before. */
static void fail_each(int (*body)(void *context), void *context) {
  int reached = 1;
  for (size_t n = 1; reached && n < 200; n++) {
    faults_fail_at(n);
    int wrong = body(context);
    reached = faults_reached();
    faults_off();
    assert_int_equal(wrong, 0);
  }
}

/* A reference to an own object, there and back. */
static int make_and_take(void *context) {
  Calculator *here = context;
  IUnknown *object = (IUnknown *)&here->calculator, *back = NULL;
  IStream *stream;
  if (FAILED(CreateStreamOnHGlobal(NULL, TRUE, &stream)))
    return 0;
  HRESULT status = CoMarshalInterface(stream, &IID_ICalculator, object, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL);
  if (SUCCEEDED(status)) {
    IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
    if (SUCCEEDED(CoUnmarshalInterface(stream, &IID_ICalculator, (void **)&back))) {
      release(back);
    } else {
      IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
      status = CoReleaseMarshalData(stream);
      if (FAILED(status)) { /* the one failure has been */
        IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
        CoReleaseMarshalData(stream);
      }
    }
  }
  IStream_Release(stream);
  return here->object.references == 1 ? 0 : 1;
}

static void references_to_own_objects(void **state) {
  (void)state;
  Calculator *here = calculator_create();
  make_and_take(here); /* what is made once and stays */
  fail_each(make_and_take, here);
  release(&here->calculator);
}

/* Calls through a proxy that is there. */
static int call_all(void *context) {
  ICalculator *proxy = context;
  BSTR a = SysAllocString(u"left "), b = SysAllocString(u"right"), joined = NULL;
  LONG sum = 0;
  int wrong = 0;
  HRESULT status = proxy->lpVtbl->Add(proxy, 1, 2, &sum);
  wrong += SUCCEEDED(status) && sum != 3;
  status = proxy->lpVtbl->Join(proxy, a, b, &joined);
  wrong += FAILED(status) && joined;
  SysFreeString(joined);
  SysFreeString(a);
  SysFreeString(b);
  VARIANT arguments[2] = { make_integer(VT_I4, 40), make_integer(VT_I4, 2) }, result;
  DISPPARAMS params = { arguments, NULL, 2, 0 };
  VariantInit(&result);
  status = IDispatch_Invoke((IDispatch *)proxy, 1, &GUID_NULL, 0, DISPATCH_METHOD, &params, &result, NULL, NULL);
  wrong += SUCCEEDED(status) && V_I4(&result) != 42;
  IDispatch *dispatch;
  if (SUCCEEDED(IUnknown_QueryInterface((IUnknown *)proxy, &IID_IProvideClassInfo, (void **)&dispatch)))
    IDispatch_Release(dispatch);
  return wrong;
}

static void calls(void **state) {
  (void)state;
  ICalculator *proxy = worker_calculator(&worker);
  call_all(proxy);
  fail_each(call_all, proxy);
  release(proxy);
  worker_settle(&worker);
}

/* An object of ours that the other apartment keeps for a moment. */
static void objects_that_are_lent(void **state) {
  (void)state;
  ICalculator *proxy = worker_calculator(&worker);
  for (size_t n = 1; n < 60; n++) {
    Calculator *here = calculator_create();
    faults_fail_at(n);
    proxy->lpVtbl->Keep(proxy, (IUnknown *)&here->calculator);
    int reached = faults_reached();
    faults_off();
    assert_int_equal(proxy->lpVtbl->Keep(proxy, NULL), S_OK);
    worker_settle(&worker);
    assert_int_equal(here->object.references, 1);
    release(&here->calculator);
    if (!reached)
      break;
  }
  release(proxy);
  worker_settle(&worker);
}

/* The other apartment runs out of memory while it serves. */

typedef struct Shortage {
  size_t at;
  int reached;
} Shortage;

static void begin_shortage(void *context) {
  faults_fail_at(((Shortage *)context)->at);
}

static void end_shortage(void *context) {
  ((Shortage *)context)->reached = faults_reached();
  faults_off();
}

static bool is_lack(HRESULT status) {
  return status == S_OK || status == E_OUTOFMEMORY;
}

static int call_short(ICalculator *proxy, Calculator *here) {
  BSTR a = SysAllocString(u"left "), b = SysAllocString(u"right"), joined = NULL;
  LONG sum = 0, depth = 0;
  HRESULT status = proxy->lpVtbl->Add(proxy, 1, 2, &sum);
  int wrong = !is_lack(status) || (status == S_OK && sum != 3);
  status = proxy->lpVtbl->Join(proxy, a, b, &joined);
  wrong += !is_lack(status) || (FAILED(status) && joined);
  SysFreeString(joined);
  SysFreeString(a);
  SysFreeString(b);
  status = proxy->lpVtbl->Bounce(proxy, &here->calculator, 3, &depth);
  wrong += !is_lack(status) || (status == S_OK && depth != 3);
  VARIANT arguments[2] = { make_integer(VT_I4, 40), make_integer(VT_I4, 2) }, result;
  DISPPARAMS params = { arguments, NULL, 2, 0 };
  VariantInit(&result);
  status = IDispatch_Invoke((IDispatch *)proxy, 1, &GUID_NULL, 0, DISPATCH_METHOD, &params, &result, NULL, NULL);
  wrong += SUCCEEDED(status) && V_I4(&result) != 42;
  IUnknown *kept = NULL;
  status = proxy->lpVtbl->Keep(proxy, (IUnknown *)&here->calculator);
  wrong += !is_lack(status);
  status = proxy->lpVtbl->Kept(proxy, &kept);
  wrong += !is_lack(status) || (FAILED(status) && kept);
  if (kept)
    release(kept);
  return wrong;
}

static void calls_whose_server_has_no_memory(void **state) {
  (void)state;
  ICalculator *proxy = worker_calculator(&worker);
  Shortage shortage = { .at = 0, .reached = 1 };
  while (shortage.reached && ++shortage.at < 400) {
    Calculator *here = calculator_create();
    worker_do(&worker, begin_shortage, &shortage);
    int wrong = call_short(proxy, here);
    worker_do(&worker, end_shortage, &shortage);
    assert_int_equal(wrong, 0);
    assert_int_equal(proxy->lpVtbl->Keep(proxy, NULL), S_OK);
    worker_settle(&worker);
    while (apartment_wait(NULL, NULL, 0))
      ;
    assert_int_equal(here->object.references, 1);
    release(&here->calculator);
  }
  assert_true(shortage.at > 10 && !shortage.reached);
  release(proxy);
  worker_settle(&worker);
}

/* A reference to an object of the other apartment is taken, or given up; either way the object goes. */
static void references_to_objects_elsewhere(void **state) {
  (void)state;
  ICalculator *known = worker_calculator(&worker); /* what is made once and stays */
  int reached = 1;
  for (size_t n = 1; reached && n < 200; n++) {
    Passed passed = { .iid = &IID_ICalculator, .destination = MSHCTX_INPROC };
    ICalculator *proxy = NULL;
    worker_do(&worker, passed_make, &passed);
    assert_int_equal(passed.status, S_OK);
    faults_fail_at(n);
    HRESULT status = CoUnmarshalInterface(passed.stream, &IID_ICalculator, (void **)&proxy);
    reached = faults_reached();
    faults_off();
    assert_true(is_lack(status));
    if (FAILED(status)) {
      assert_null(proxy);
      IStream_Seek(passed.stream, start, STREAM_SEEK_SET, NULL);
      assert_int_equal(CoReleaseMarshalData(passed.stream), S_OK);
    } else {
      release(proxy);
    }
    IStream_Release(passed.stream);
    worker_settle(&worker);
    assert_int_equal(calculators, 1);
  }
  release(known);
  worker_settle(&worker);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(references_to_own_objects, begin, end),
    cmocka_unit_test_setup_teardown(calls, begin, end),
    cmocka_unit_test_setup_teardown(objects_that_are_lent, begin, end),
    cmocka_unit_test_setup_teardown(calls_whose_server_has_no_memory, begin, end),
    cmocka_unit_test_setup_teardown(references_to_objects_elsewhere, begin, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
