/* Calls that come in while an apartment waits for an answer of another one: what the message filter makes of them. */
#include "calculator.h"

static Worker worker, other;

static int begin(void **state) {
  (void)state;
  awake = false;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  worker_start(&worker, COINIT_APARTMENTTHREADED);
  worker_start(&other, COINIT_APARTMENTTHREADED);
  return 0;
}

static int end(void **state) {
  (void)state;
  worker_stop(&other);
  worker_stop(&worker);
  CoUninitialize();
  assert_int_equal(calculators, 0);
  return 0;
}

typedef struct Filter {
  IMessageFilter filter;
  Object object;
  DWORD pending; /* what it answers */
  int asked, incoming;
  DWORD kind;
} Filter;

OBJECT_FACE(Filter, filter, IMessageFilter)

static DWORD STDMETHODCALLTYPE Filter_HandleInComingCall(IMessageFilter *face, DWORD type, HTASK task, DWORD ticks,
                                                         INTERFACEINFO *info) {
  (void)type;
  (void)task;
  (void)ticks;
  (void)info;
  OBJECT_CONTAINER(face, Filter, filter)->incoming++;
  return SERVERCALL_ISHANDLED;
}

static DWORD STDMETHODCALLTYPE Filter_RetryRejectedCall(IMessageFilter *face, HTASK task, DWORD ticks, DWORD kind) {
  (void)face;
  (void)task;
  (void)ticks;
  (void)kind;
  return (DWORD)-1;
}

static DWORD STDMETHODCALLTYPE Filter_MessagePending(IMessageFilter *face, HTASK task, DWORD ticks, DWORD kind) {
  Filter *self = OBJECT_CONTAINER(face, Filter, filter);
  (void)task;
  (void)ticks;
  self->asked++;
  self->kind = kind;
  if (self->pending != PENDINGMSG_CANCELCALL)
    awake = true; /* the call that is waited for ends soon */
  return self->pending;
}

static const IMessageFilterVtbl filter_vtable = {
  Filter_filter_QueryInterface, Filter_filter_AddRef,     Filter_filter_Release,
  Filter_HandleInComingCall,    Filter_RetryRejectedCall, Filter_MessagePending,
};
static const ObjectFace filter_faces[] = { { &IID_IMessageFilter, offsetof(Filter, filter), &filter_vtable }, { 0 } };
static const ObjectType filter_type = { "Filter", sizeof(Filter), offsetof(Filter, object), filter_faces, NULL, NULL };

/* A call of the third apartment, on its way while this one waits. */

typedef struct Intruder {
  ApartmentWork work;
  IStream *stream;
  ApartmentQueue *caller;
  HRESULT status;
  LONG sum;
  atomic_bool done;
} Intruder;

static void intrude(ApartmentWork *work, bool dropped) {
  Intruder *intruder = OBJECT_CONTAINER(work, Intruder, work);
  ICalculator *proxy;
  (void)dropped;
  intruder->status = CoGetInterfaceAndReleaseStream(intruder->stream, &IID_ICalculator, (void **)&proxy);
  if (SUCCEEDED(intruder->status)) {
    intruder->status = proxy->lpVtbl->Add(proxy, 1, 2, &intruder->sum);
    release(proxy);
  }
  intruder->done = true;
  queue_wake(intruder->caller);
}

static bool intruder_done(void *context) {
  return ((Intruder *)context)->done;
}

static void what_comes_while_an_answer_is_awaited_is_asked_about(void **state) {
  static const struct {
    DWORD pending;
    HRESULT result;
    int calls; /* that were let in before the answer */
  } cases[] = {
    { PENDINGMSG_WAITDEFPROCESS, S_OK, 1 },
    { PENDINGMSG_WAITNOPROCESS, S_OK, 0 },
    { PENDINGMSG_CANCELCALL, RPC_E_CALL_CANCELED, 1 },
  };
  (void)state;
  for (size_t i = 0; i < COUNT_OF(cases); i++) {
    ICalculator *there = worker_calculator(&worker);
    Calculator *here = calculator_create();
    Filter *filter = object_create(&filter_type);
    Intruder intruder = { .work = { .run = intrude }, .caller = queue_of_thread() };
    awake = false;
    filter->pending = cases[i].pending;
    assert_int_equal(
        CoMarshalInterThreadInterfaceInStream(&IID_ICalculator, (IUnknown *)&here->calculator, &intruder.stream), S_OK);
    CoRegisterMessageFilter(&filter->filter, NULL);
    assert_int_equal(queue_post(other.queue, &intruder.work), S_OK);
    assert_int_equal(there->lpVtbl->Sleep(there, 60000), cases[i].result);
    assert_int_equal(filter->asked, 1);
    assert_int_equal(filter->kind, PENDINGTYPE_TOPLEVEL);
    assert_int_equal(here->calls, cases[i].calls);
    assert_int_equal(filter->incoming, cases[i].calls);
    apartment_wait(intruder_done, &intruder, APARTMENT_NEVER);
    assert_int_equal(intruder.status, S_OK);
    assert_int_equal(intruder.sum, 3);
    assert_int_equal(here->calls, 1);
    CoRegisterMessageFilter(NULL, NULL);
    release(there);
    worker_settle(&worker);
    worker_settle(&other);
    while (apartment_wait(NULL, NULL, 0))
      ;
    release(&here->calculator);
    assert_int_equal(filter->object.references, 1);
    release(&filter->filter);
    assert_int_equal(calculators, 0);
  }
}

/* What belongs to the wait comes in without being asked about. */
static void calls_back_are_no_messages(void **state) {
  (void)state;
  ICalculator *there = worker_calculator(&worker);
  Calculator *here = calculator_create();
  Filter *filter = object_create(&filter_type);
  LONG depth = 0;
  CoRegisterMessageFilter(&filter->filter, NULL);
  assert_int_equal(there->lpVtbl->Bounce(there, &here->calculator, 8, &depth), S_OK);
  assert_int_equal(depth, 8);
  assert_int_equal(filter->asked, 0);
  assert_true(filter->incoming > 0);
  CoRegisterMessageFilter(NULL, NULL);
  release(there);
  worker_settle(&worker);
  release(&here->calculator);
  release(&filter->filter);
}

int main(void) {
#define PENDING_TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)
  const struct CMUnitTest tests[] = {
    PENDING_TEST(what_comes_while_an_answer_is_awaited_is_asked_about),
    PENDING_TEST(calls_back_are_no_messages),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
