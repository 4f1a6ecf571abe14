/* The multithreaded apartment, several threads at once, events, and interfaces of the standard. */
#include "calculator.h"

static Worker worker;

static int begin_single(void **state) {
  (void)state;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  worker_start(&worker, COINIT_MULTITHREADED);
  return 0;
}

static int end(void **state) {
  (void)state;
  worker_stop(&worker);
  CoUninitialize();
  assert_int_equal(calculators, 0);
  return 0;
}

static void an_object_of_the_mta_is_called_from_an_sta(void **state) {
  (void)state;
  ICalculator *calculator = worker_calculator(&worker);
  Calculator *here = calculator_create();
  LONG sum, depth;
  assert_int_equal(calculator->lpVtbl->Add(calculator, 2, 40, &sum), S_OK);
  assert_int_equal(sum, 42);
  assert_int_equal(calculator->lpVtbl->Bounce(calculator, &here->calculator, 10, &depth), S_OK);
  assert_int_equal(depth, 10);
  release(calculator);
  worker_settle(&worker);
  release(&here->calculator);
}

/* Eight threads of the MTA share a proxy to an object of an STA. */

enum { THREADS = 8, CALLS = 200 };

typedef struct Caller {
  pthread_t thread;
  ICalculator *calculator;
  int failures;
  Calculator *own;
} Caller;

static void *call_often(void *context) {
  Caller *caller = context;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  for (LONG i = 0; i < CALLS; i++) {
    LONG sum = 0, depth = 0;
    IUnknown *identity = NULL;
    IUnknown *object = (IUnknown *)caller->calculator;
    caller->failures += FAILED(caller->calculator->lpVtbl->Add(caller->calculator, i, 1, &sum)) || sum != i + 1;
    caller->failures += FAILED(IUnknown_QueryInterface(object, &IID_IDispatch, (void **)&identity));
    if (identity)
      IUnknown_Release(identity);
    if (i % 20 == 0)
      caller->failures +=
          FAILED(caller->calculator->lpVtbl->Bounce(caller->calculator, &caller->own->calculator, 3, &depth)) ||
          depth != 3;
  }
  CoUninitialize();
  return NULL;
}

static bool callers_done(void *context) {
  return *(atomic_int *)context == 0;
}

static atomic_int running;
static ApartmentQueue *main_queue;

static void *call_and_tell(void *context) {
  call_often(context);
  running--;
  queue_wake(main_queue);
  return NULL;
}

typedef struct Import {
  Passed passed;
  ICalculator *proxy;
} Import;

static void import(void *context) {
  Import *import = context;
  import->passed.status = CoUnmarshalInterface(import->passed.stream, &IID_ICalculator, (void **)&import->proxy);
}

static void drop(void *context) {
  release(context);
}

static void many_threads_call_one_object(void **state) {
  (void)state;
  Calculator *here = calculator_create();
  Caller callers[THREADS];
  Import taken = {
    .passed = { .iid = &IID_ICalculator, .object = (IUnknown *)&here->calculator, .destination = MSHCTX_INPROC }
  };
  passed_marshal(&taken.passed);
  worker_do(&worker, import, &taken);
  assert_int_equal(taken.passed.status, S_OK);
  IStream_Release(taken.passed.stream);
  main_queue = queue_of_thread();
  running = THREADS;
  for (int i = 0; i < THREADS; i++) {
    callers[i] = (Caller){ .calculator = taken.proxy, .own = calculator_create() };
    pthread_create(&callers[i].thread, NULL, call_and_tell, &callers[i]);
  }
  assert_true(apartment_wait(callers_done, &running, apartment_after(120)));
  for (int i = 0; i < THREADS; i++) {
    pthread_join(callers[i].thread, NULL);
    assert_int_equal(callers[i].failures, 0);
  }
  assert_true(here->calls >= THREADS * CALLS);
  worker_do(&worker, drop, taken.proxy);
  apartment_wait(NULL, NULL, apartment_after(0));
  for (int i = 0; i < THREADS; i++)
    release(&callers[i].own->calculator);
  release(&here->calculator);
}

/* Standard interfaces: the forms that differ on the wire */

static void make_stream(void *context) {
  Passed *passed = context;
  IStream *stream;
  passed->iid = &IID_IStream;
  CreateStreamOnHGlobal(NULL, TRUE, &stream);
  passed->object = (IUnknown *)stream;
  passed_marshal(passed);
  IStream_Release(stream);
}

static void streams_are_read_and_written_from_elsewhere(void **state) {
  (void)state;
  Passed passed = { .destination = MSHCTX_INPROC };
  static const LARGE_INTEGER start;
  IStream *stream, *clone;
  char bytes[8] = "";
  ULONG done = 0;
  ULARGE_INTEGER position = { .QuadPart = 9 };
  STATSTG statistics;
  worker_do(&worker, make_stream, &passed);
  assert_int_equal(passed.status, S_OK);
  assert_int_equal(CoUnmarshalInterface(passed.stream, &IID_IStream, (void **)&stream), S_OK);
  IStream_Release(passed.stream);
  assert_int_equal(IStream_Write(stream, "abcdefg", 7, &done), S_OK);
  assert_int_equal(done, 7);
  assert_int_equal(IStream_Write(stream, "h", 1, NULL), S_OK);
  assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, &position), S_OK);
  assert_int_equal(position.QuadPart, 0);
  assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
  assert_int_equal(IStream_Read(stream, bytes, 8, NULL), S_OK);
  assert_memory_equal(bytes, "abcdefgh", 8);
  assert_int_equal(IStream_Stat(stream, &statistics, STATFLAG_NONAME), S_OK);
  assert_int_equal(statistics.cbSize.QuadPart, 8);
  assert_int_equal(IStream_Clone(stream, &clone), S_OK);
  assert_int_equal(IStream_Seek(clone, start, STREAM_SEEK_SET, NULL), S_OK);
  done = 9;
  assert_int_equal(IStream_Read(clone, bytes, 4, &done), S_OK);
  assert_int_equal(done, 4);
  release(clone);
  release(stream);
}

int main(void) {
#define SINGLE_TEST(function) cmocka_unit_test_setup_teardown(function, begin_single, end)
  const struct CMUnitTest tests[] = {
    SINGLE_TEST(an_object_of_the_mta_is_called_from_an_sta),
    SINGLE_TEST(many_threads_call_one_object),
    SINGLE_TEST(streams_are_read_and_written_from_elsewhere),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
