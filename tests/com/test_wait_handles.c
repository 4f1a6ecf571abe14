/* CoWaitForMultipleHandles, CoWaitForMultipleObjects and oleander_pump: arguments, pipes and eventfds, time, and calls that come
 * in meanwhile. */
#include <fcntl.h>
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/eventfd.h>
#include <unistd.h>

#include <cmocka.h>

#include <oleander.h>

#include "com/apartment/apartment_api.h"

#define SHORT_MS 20
#define MANY     100

static HANDLE handle_of(int descriptor) {
  return (HANDLE)(intptr_t)descriptor;
}

static int event_make(bool is_set) {
  return eventfd(is_set, EFD_NONBLOCK | EFD_CLOEXEC);
}

static void event_set(int event) {
  assert_int_equal(write(event, &(uint64_t){ 1 }, 8), 8);
}

static void event_reset(int event) {
  uint64_t count;

  assert_int_equal(read(event, &count, 8), 8);
}

/* All that is refused, and answers that need no wait. a is signalled, b is not. */
static void arguments_and_results(void **state) {
  int a = event_make(true), b = event_make(false), file = open("/dev/null", 0), closed = dup(a);
  HANDLE handles[MANY];
  DWORD index = 77;

  (void)state;
  close(closed);
  CoInitialize(NULL);
  for (int i = 0; i < MANY; i++)
    handles[i] = handle_of(b);
  handles[5] = handle_of(a);
  const struct {
    DWORD flags;
    ULONG count;
    HANDLE handles[3];
    HRESULT result;
    DWORD index;
  } cases[] = {
    { 0, 1, { handle_of(a) }, S_OK, 0 },
    { 0, 2, { handle_of(b), handle_of(a) }, S_OK, 1 },
    { 0, 3, { handle_of(a), handle_of(b), handle_of(a) }, S_OK, 0 },
    { 0, 1, { handle_of(b) }, RPC_S_CALLPENDING, 0 },
    { 0, 1, { handle_of(file) }, S_OK, 0 },
    { COWAIT_WAITALL, 2, { handle_of(a), handle_of(b) }, RPC_S_CALLPENDING, 0 },
    { COWAIT_WAITALL, 2, { handle_of(a), handle_of(a) }, S_OK, 0 },
    { COWAIT_ALERTABLE, 1, { handle_of(a) }, S_OK, 0 },
    { COWAIT_INPUTAVAILABLE | COWAIT_DISPATCH_CALLS | COWAIT_DISPATCH_WINDOW_MESSAGES, 1, { handle_of(a) }, S_OK, 0 },
    { 0x20, 1, { handle_of(a) }, E_INVALIDARG, 0 },
    { 0, 0, { handle_of(a) }, RPC_E_NO_SYNC, 0 },
    { 0, 1, { handle_of(closed) }, E_HANDLE, 0 },
    { 0, 2, { handle_of(b), handle_of(-1) }, E_HANDLE, 0 },
    { 0, 1, { (HANDLE)(uintptr_t)0x123456789abc }, E_HANDLE, 0 },
  };
  for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
    HANDLE some[3] = { cases[i].handles[0], cases[i].handles[1], cases[i].handles[2] };

    index = 77;
    assert_int_equal(CoWaitForMultipleHandles(cases[i].flags, 0, cases[i].count, some, &index), cases[i].result);
    assert_int_equal(index, cases[i].index);
  }
  assert_int_equal(CoWaitForMultipleHandles(0, 0, 1, NULL, &index), E_INVALIDARG);
  assert_int_equal(CoWaitForMultipleHandles(0, 0, 1, handles, NULL), E_INVALIDARG);
  assert_int_equal(CoWaitForMultipleHandles(0, 0, MANY, handles, &index), S_OK);
  assert_int_equal(index, 5);
  assert_int_equal(CoWaitForMultipleObjects(CWMO_DEFAULT, 0, CWMO_MAX_HANDLES, handles, &index), S_OK);
  assert_int_equal(CoWaitForMultipleObjects(CWMO_DISPATCH_CALLS, 0, CWMO_MAX_HANDLES + 1, handles, &index),
                   E_INVALIDARG);
  assert_int_equal(CoWaitForMultipleObjects(4, 0, 1, handles, &index), E_INVALIDARG);
  assert_int_equal(CoWaitForMultipleObjects(0, 0, 0, handles, &index), RPC_E_NO_SYNC);
  event_reset(a); /* nothing was read from it */
  close(a);
  close(b);
  close(file);
  CoUninitialize();
}

static void the_end_of_a_pipe_is_a_signal(void **state) {
  int ends[2];
  DWORD index;

  (void)state;
  assert_int_equal(pipe(ends), 0);
  HANDLE reading = handle_of(ends[0]);
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  assert_int_equal(CoWaitForMultipleHandles(0, SHORT_MS, 1, &reading, &index), RPC_S_CALLPENDING);
  close(ends[1]);
  assert_int_equal(CoWaitForMultipleHandles(0, INFINITE, 1, &reading, &index), S_OK);
  close(ends[0]);
  CoUninitialize();
}

typedef struct Setter {
  Apartment *apartment;
  int events[2];
  ApartmentWork work;
  atomic_int served;
} Setter;

static void setter_served(ApartmentWork *work, bool dropped) {
  Setter *setter = (Setter *)(void *)((char *)work - offsetof(Setter, work));

  assert_false(dropped);
  atomic_fetch_add(&setter->served, 1);
}

static void *sets_later(void *context) {
  Setter *setter = context;

  apartment_post(setter->apartment, &setter->work);
  usleep(SHORT_MS * 500);
  event_set(setter->events[0]);
  usleep(SHORT_MS * 500);
  event_set(setter->events[1]);
  return NULL;
}

/* For one, and for all at the same time; calls come in. */
static void who_waits_is_woken_and_serves(void **state) {
  for (int kind = 0; kind < 4; kind++) {
    Setter setter = { .events = { event_make(false), event_make(false) }, .work.run = setter_served };
    HANDLE handles[2] = { handle_of(setter.events[0]), handle_of(setter.events[1]) };
    bool all = kind & 1;
    DWORD index;
    pthread_t thread;

    (void)state;
    CoInitializeEx(NULL, kind & 2 ? COINIT_MULTITHREADED : COINIT_APARTMENTTHREADED);
    setter.apartment = apartment_get();
    pthread_create(&thread, NULL, sets_later, &setter);
    assert_int_equal(CoWaitForMultipleHandles(all ? COWAIT_WAITALL : 0, INFINITE, 2, handles, &index), S_OK);
    assert_int_equal(index, 0);
    assert_int_equal(setter.served, 1);
    pthread_join(thread, NULL);
    struct pollfd second = { setter.events[1], POLLIN, 0 };
    assert_int_equal(poll(&second, 1, 0), 1);
    close(setter.events[0]);
    close(setter.events[1]);
    apartment_release(setter.apartment);
    CoUninitialize();
  }
}

/* One that was signalled is not enough when it is no more while the other is. */
static void all_means_at_the_same_time(void **state) {
  int a = event_make(true), b = event_make(false);
  HANDLE handles[2] = { handle_of(a), handle_of(b) };
  DWORD index;

  (void)state;
  CoInitialize(NULL);
  assert_int_equal(CoWaitForMultipleHandles(COWAIT_WAITALL, SHORT_MS, 2, handles, &index), RPC_S_CALLPENDING);
  event_reset(a);
  event_set(b);
  assert_int_equal(CoWaitForMultipleHandles(COWAIT_WAITALL, SHORT_MS, 2, handles, &index), RPC_S_CALLPENDING);
  event_set(a);
  assert_int_equal(CoWaitForMultipleHandles(COWAIT_WAITALL, SHORT_MS, 2, handles, &index), S_OK);
  close(a);
  close(b);
  CoUninitialize();
}

/* A call that comes in waits itself, for another handle. */
typedef struct Inner {
  ApartmentWork work;
  HANDLE handle;
  HRESULT result;
} Inner;

static void inner_waits(ApartmentWork *work, bool dropped) {
  Inner *inner = (Inner *)work;
  DWORD index;

  (void)dropped;
  inner->result = CoWaitForMultipleHandles(0, INFINITE, 1, &inner->handle, &index);
}

static void waits_nest(void **state) {
  int outer = event_make(true), within = event_make(true);
  Inner inner = { .work.run = inner_waits, .handle = handle_of(within), .result = E_FAIL };
  HANDLE handles[2] = { handle_of(event_make(false)), handle_of(outer) };
  DWORD index;
  Apartment *apartment;

  (void)state;
  CoInitialize(NULL);
  apartment = apartment_get();
  event_reset(outer);
  apartment_post(apartment, &inner.work);
  assert_int_equal(CoWaitForMultipleHandles(0, SHORT_MS, 2, handles, &index), RPC_S_CALLPENDING);
  assert_int_equal(inner.result, S_OK);
  close((int)(intptr_t)handles[0]);
  close(outer);
  close(within);
  apartment_release(apartment);
  CoUninitialize();
}

static void job_counts(ApartmentWork *work, bool dropped) {
  (void)dropped;
  work->run = NULL;
}

static void pumping_serves_what_is_there(void **state) {
  ApartmentWork jobs[3] = { { .run = job_counts }, { .run = job_counts }, { .run = job_counts } };
  Apartment *apartment;

  (void)state;
  assert_int_equal(oleander_pump(0), CO_E_NOTINITIALIZED);
  CoInitialize(NULL);
  apartment = apartment_get();
  struct pollfd polled = { oleander_pump_descriptor(), POLLIN, 0 };
  assert_true(polled.fd >= 0);
  assert_int_equal(oleander_pump_descriptor(), polled.fd);
  assert_int_equal(oleander_pump(0), S_FALSE);
  assert_int_equal(oleander_pump(SHORT_MS), S_FALSE);
  assert_int_equal(poll(&polled, 1, 0), 0);
  for (int i = 0; i < 3; i++)
    assert_int_equal(apartment_post(apartment, &jobs[i]), S_OK);
  assert_int_equal(poll(&polled, 1, 0), 1);
  assert_int_equal(oleander_pump(INFINITE), S_OK);
  for (int i = 0; i < 3; i++)
    assert_null(jobs[i].run);
  assert_int_equal(poll(&polled, 1, 0), 0);
  assert_int_equal(oleander_pump(0), S_FALSE);
  apartment_release(apartment);
  CoUninitialize();
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(arguments_and_results),
    cmocka_unit_test(the_end_of_a_pipe_is_a_signal),
    cmocka_unit_test(who_waits_is_woken_and_serves),
    cmocka_unit_test(all_means_at_the_same_time),
    cmocka_unit_test(waits_nest),
    cmocka_unit_test(pumping_serves_what_is_there),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
