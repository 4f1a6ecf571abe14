/* References that are taken, given up, or cannot be made: who has how many afterwards, and what is said. */
#include "calculator.h"

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

static void rewind_stream(IStream *stream) {
  static const LARGE_INTEGER start;
  IStream_Seek(stream, start, STREAM_SEEK_SET, NULL);
}

/* A reference that another interface was wanted of */

enum { STREAMS = 5 };

typedef struct Streams {
  IStream *streams[STREAMS];
} Streams;

static void make_streams(void *context) {
  Streams *made = context;
  Calculator *calculator = calculator_create();
  for (int i = 0; i < STREAMS; i++) {
    Passed passed = { .iid = &IID_ICalculator, .object = (IUnknown *)&calculator->calculator };
    passed.destination = MSHCTX_INPROC;
    passed_marshal(&passed);
    assert_int_equal(passed.status, S_OK);
    made->streams[i] = passed.stream;
  }
  release(&calculator->calculator);
}

typedef struct Elsewhere {
  IStream *stream;
  ICalculator *proxy;
  LONG sum;
  HRESULT status;
} Elsewhere;

static void take_elsewhere(void *context) {
  Elsewhere *elsewhere = context;
  elsewhere->status = CoUnmarshalInterface(elsewhere->stream, &IID_ICalculator, (void **)&elsewhere->proxy);
}

static void use_elsewhere(void *context) {
  Elsewhere *elsewhere = context;
  elsewhere->status = elsewhere->proxy->lpVtbl->Add(elsewhere->proxy, 1, 2, &elsewhere->sum);
  release(elsewhere->proxy);
}

static void a_reference_of_which_the_wrong_interface_was_wanted_stays_as_it_was(void **state) {
  Worker other;
  Streams made;
  ICalculator *proxy, *again;
  void *none;
  (void)state;
  worker_start(&other, COINIT_APARTMENTTHREADED);
  worker_do(&worker, make_streams, &made);
  Elsewhere elsewhere = { .stream = made.streams[0] };
  worker_do(&other, take_elsewhere, &elsewhere);
  assert_int_equal(elsewhere.status, S_OK);
  /* Without a proxy here, and with one; then given up in one way or the other, or taken after all. */
  assert_int_equal(CoUnmarshalInterface(made.streams[1], &IID_IStream, &none), E_NOINTERFACE);
  rewind_stream(made.streams[1]);
  assert_int_equal(CoUnmarshalInterface(made.streams[1], &IID_ICalculator, (void **)&proxy), S_OK);
  assert_int_equal(CoUnmarshalInterface(made.streams[2], &IID_IStream, &none), E_NOINTERFACE);
  rewind_stream(made.streams[2]);
  assert_int_equal(CoReleaseMarshalData(made.streams[2]), S_OK);
  IStream_AddRef(made.streams[3]);
  assert_int_equal(CoGetInterfaceAndReleaseStream(made.streams[3], &IID_IStream, &none), E_NOINTERFACE);
  assert_null(none);
  assert_int_equal(CoUnmarshalInterface(made.streams[4], &IID_IStream, &none), E_NOINTERFACE);
  rewind_stream(made.streams[4]);
  assert_int_equal(CoGetInterfaceAndReleaseStream(made.streams[4], &IID_ICalculator, (void **)&again), S_OK);
  assert_ptr_equal(again, proxy);
  release(again);
  release(proxy);
  worker_settle(&worker);
  worker_do(&other, use_elsewhere, &elsewhere);
  assert_int_equal(elsewhere.status, S_OK);
  assert_int_equal(elsewhere.sum, 3);
  worker_settle(&worker);
  assert_int_equal(calculators, 0);
  for (int i = 0; i < STREAMS - 1; i++)
    IStream_Release(made.streams[i]);
  worker_stop(&other);
}

int main(void) {
#define REFERENCE_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)
  const struct CMUnitTest tests[] = {
    REFERENCE_TEST(a_reference_of_which_the_wrong_interface_was_wanted_stays_as_it_was),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
