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

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(references_to_own_objects, begin, end),
    cmocka_unit_test_setup_teardown(calls, begin, end),
    cmocka_unit_test_setup_teardown(objects_that_are_lent, begin, end),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
