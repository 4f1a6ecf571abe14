/* The pool of the multithreaded apartment, apartments that the process keeps for others, calls from one apartment into another,
 * contexts seen from there, and a process that forks. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <oleander.h>

#include "com/apartment/apartment_internal.h"

#define THREADS 8

static bool is_true(void *flag) {
  return atomic_load((atomic_bool *)flag);
}

/* The pool */

static atomic_int inside;
static atomic_bool may_go;
static atomic_int done;

typedef struct Job {
  ApartmentWork work;
  uint64_t apartment;
  APTTYPE type;
  HRESULT initialized[2];
} Job;

/* Blocks until all are here: none may wait for another to end. */
static void job_blocks(ApartmentWork *work, bool dropped) {
  Job *job = (Job *)work;
  APTTYPEQUALIFIER qualifier;

  assert_false(dropped);
  job->apartment = apartment_current();
  CoGetApartmentType(&job->type, &qualifier);
  job->initialized[0] = CoInitializeEx(NULL, COINIT_MULTITHREADED);
  job->initialized[1] = CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  CoUninitialize();
  CoUninitialize(); /* one too many */
  atomic_fetch_add(&inside, 1);
  while (!atomic_load(&may_go))
    usleep(500);
  atomic_fetch_add(&done, 1);
}

static void calls_that_block_starve_no_others(void **state) {
  Job jobs[40] = { 0 };
  Apartment *apartment;

  (void)state;
  inside = done = 0;
  may_go = false;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  apartment = apartment_get();
  assert_int_equal(apartment_serve(apartment), S_OK);
  assert_int_equal(apartment_serve(apartment), S_OK);
  for (int i = 0; i < 40; i++) {
    jobs[i].work.run = job_blocks;
    assert_int_equal(apartment_post(apartment, &jobs[i].work), S_OK);
  }
  while (inside < 40)
    usleep(500);
  may_go = true;
  while (done < 40)
    usleep(500);
  for (int i = 0; i < 40; i++) {
    assert_int_equal(jobs[i].apartment, apartment_number(apartment));
    assert_int_equal(jobs[i].type, APTTYPE_MTA);
    assert_int_equal(jobs[i].initialized[0], S_FALSE);
    assert_int_equal(jobs[i].initialized[1], RPC_E_CHANGED_MODE);
  }
  CoUninitialize();
  assert_int_equal(apartment->pool_threads, 0); /* they have left with it */
  apartment_release(apartment);
}

static void job_takes_its_time(ApartmentWork *work, bool dropped) {
  (void)work;
  atomic_fetch_add(&inside, 1);
  usleep(20000);
  if (!dropped)
    atomic_fetch_add(&done, 1);
}

/* Who leaves last waits for calls that are running. */
static void the_end_waits_for_what_runs(void **state) {
  ApartmentWork work = { .run = job_takes_its_time };
  Apartment *apartment;

  (void)state;
  inside = done = 0;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  apartment = apartment_get();
  apartment_serve(apartment);
  apartment_post(apartment, &work);
  while (!inside)
    usleep(500);
  CoUninitialize();
  assert_int_equal(done, 1);
  assert_int_equal(apartment_post(apartment, &work), RPC_E_DISCONNECTED);
  assert_int_equal(apartment_serve(apartment), RPC_E_DISCONNECTED);
  apartment_release(apartment);
}

/* A member that waits leaves the apartment's work to the pool, also one that slept already when the pool came. */
static void *member_waits(void *flag) {
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  apartment_wait(is_true, flag, apartment_after(0.05));
  CoUninitialize();
  return NULL;
}

static pthread_t ran_on;

static void job_tells_thread(ApartmentWork *work, bool dropped) {
  (void)work;
  (void)dropped;
  ran_on = pthread_self();
  atomic_fetch_add(&done, 1);
}

static void members_leave_work_to_the_pool(void **state) {
  ApartmentWork work = { .run = job_tells_thread };
  atomic_bool flag = false;
  pthread_t members[3];
  Apartment *apartment;

  (void)state;
  done = 0;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  apartment = apartment_get();
  for (int i = 0; i < 3; i++)
    pthread_create(&members[i], NULL, member_waits, &flag);
  usleep(10000);
  apartment_serve(apartment);
  apartment_post(apartment, &work);
  while (!done)
    usleep(500);
  for (int i = 0; i < 3; i++) {
    assert_false(pthread_equal(ran_on, members[i]));
    pthread_join(members[i], NULL);
  }
  apartment_release(apartment);
  CoUninitialize();
}

static bool something_is_done(void *unused) {
  (void)unused;
  return atomic_load(&done) > 0;
}

/* What a member waits for may come of what the pool does, which tells it. */
static void members_look_when_the_pool_has_served(void **state) {
  ApartmentWork work = { .run = job_takes_its_time };
  Apartment *apartment;

  (void)state;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  apartment = apartment_get();
  apartment_serve(apartment);
  for (int i = 0; i < 2; i++) {
    done = 0;
    apartment_post(apartment, &work);
    assert_true(apartment_wait(i ? something_is_done : NULL, NULL, APARTMENT_NEVER));
    assert_int_equal(done, 1);
  }
  apartment_release(apartment);
  CoUninitialize();
}

/* Descriptors and timers of the shared queue */

typedef struct Pipe {
  ApartmentWatch watch;
  int ends[2];
  atomic_int reads, within;
  bool asks_for_more;
} Pipe;

static void pipe_serve(ApartmentWatch *watch, uint32_t events) {
  Pipe *self = (Pipe *)watch;
  char taken;

  (void)events;
  if (!self->asks_for_more)
    assert_int_equal(atomic_fetch_add(&self->within, 1), 0); /* one at a time */
  assert_int_equal(read(self->ends[0], &taken, 1), 1);
  if (self->asks_for_more)
    queue_watch_again(watch);
  usleep(200);
  if (!self->asks_for_more)
    atomic_fetch_sub(&self->within, 1);
  atomic_fetch_add(&self->reads, 1);
}

static void timer_rings(ApartmentTimer *timer) {
  (void)timer;
  atomic_fetch_add(&done, 1);
}

static void the_pool_serves_descriptors_and_timers(void **state) {
  Pipe pipes[2] = { { .watch = { .run = pipe_serve, .events = EPOLLIN } },
                    { .watch = { .run = pipe_serve, .events = EPOLLIN }, .asks_for_more = true } };
  ApartmentTimer timers[3] = { { .run = timer_rings }, { .run = timer_rings }, { .run = timer_rings } };
  Apartment *apartment;
  ApartmentQueue *queue;

  (void)state;
  done = 0;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  apartment = apartment_get();
  queue = apartment_queue(apartment);
  apartment_serve(apartment);
  for (int i = 0; i < 2; i++) {
    assert_int_equal(pipe(pipes[i].ends), 0);
    pipes[i].watch.descriptor = pipes[i].ends[0];
    assert_int_equal(queue_watch(queue, &pipes[i].watch), S_OK);
  }
  for (int i = 0; i < 3; i++)
    queue_start_timer(queue, &timers[i], apartment_after(0.001 * (3 - i)));
  for (int i = 0; i < 100; i++) {
    assert_int_equal(write(pipes[0].ends[1], "x", 1), 1);
    assert_int_equal(write(pipes[1].ends[1], "x", 1), 1);
  }
  while (pipes[0].reads < 100 || pipes[1].reads < 100 || done < 3)
    usleep(500);
  usleep(2000);
  for (int i = 0; i < 2; i++) {
    queue_unwatch(&pipes[i].watch);
    close(pipes[i].ends[0]);
    close(pipes[i].ends[1]);
  }
  apartment_release(apartment);
  CoUninitialize();
}

static void job_frees(ApartmentWork *work, bool dropped) {
  (void)dropped;
  free(work);
  atomic_fetch_add(&done, 1);
}

static void *posts_and_frees(void *context) {
  for (int i = 0; i < 300; i++) {
    ApartmentWork *work = calloc(1, sizeof *work);

    work->run = job_frees;
    if (FAILED(apartment_post(context, work)))
      job_frees(work, true);
    if (i % 50 == 0)
      usleep(200);
  }
  return NULL;
}

static void nothing_is_lost_among_many_threads(void **state) {
  pthread_t posters[THREADS];
  Apartment *apartment;

  (void)state;
  for (int round = 0; round < 5; round++) {
    done = 0;
    CoInitializeEx(NULL, COINIT_MULTITHREADED);
    apartment = apartment_get();
    apartment_serve(apartment);
    for (int i = 0; i < THREADS; i++)
      pthread_create(&posters[i], NULL, posts_and_frees, apartment);
    if (round % 2)
      CoUninitialize(); /* in the middle of it */
    for (int i = 0; i < THREADS; i++)
      pthread_join(posters[i], NULL);
    if (round % 2 == 0)
      CoUninitialize();
    assert_int_equal(done, THREADS * 300);
    apartment_release(apartment);
  }
}

/* Calls into other apartments */

typedef struct Seen {
  uint64_t apartment;
  APTTYPE type;
  pthread_t thread;
} Seen;

static HRESULT look(void *context) {
  Seen *seen = context;
  APTTYPEQUALIFIER qualifier;

  seen->apartment = apartment_current();
  seen->thread = pthread_self();
  CoGetApartmentType(&seen->type, &qualifier);
  return S_FALSE;
}

/* Where objects are made whose class does not suit the caller. */
static void *asks_for_hosts(void *context) {
  bool is_single = *(bool *)context;
  static const APTTYPE types[HOST_KINDS] = { APTTYPE_MAINSTA, APTTYPE_STA, APTTYPE_MTA };

  CoInitializeEx(NULL, is_single ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED);
  for (int kind = 0; kind < HOST_KINDS; kind++) {
    Apartment *host, *again;
    Seen seen = { 0 };

    assert_int_equal(apartment_host((ApartmentHost)kind, &host), S_OK);
    assert_int_equal(apartment_host((ApartmentHost)kind, &again), S_OK);
    assert_ptr_equal(host, again);
    assert_int_equal(apartment_run(host, look, &seen), S_FALSE);
    assert_int_equal(seen.apartment, apartment_number(host));
    assert_int_equal(seen.type, types[kind]);
    if (is_single && kind == HOST_MAIN)
      assert_true(pthread_equal(seen.thread, pthread_self())); /* the caller's own */
    else if (is_single || kind != HOST_MULTI)
      assert_false(pthread_equal(seen.thread, pthread_self()));
    apartment_release(again);
    apartment_release(host);
  }
  CoUninitialize();
  return NULL;
}

static int hooks_called;
static bool none_left;

static void hook(uint64_t apartment, bool last) {
  (void)apartment;
  hooks_called += last;
  none_left = apartment_none_left();
}

static void hosts_suit_and_end_with_the_last_apartment(void **state) {
  (void)state;
  apartment_add_hook(hook);
  for (int i = 0; i < 4; i++) {
    bool is_single = i % 2;
    pthread_t thread;

    hooks_called = 0;
    pthread_create(&thread, NULL, asks_for_hosts, &is_single);
    pthread_join(thread, NULL);
    assert_int_equal(hooks_called, 3); /* main STA, other STA, MTA */
    assert_true(none_left);
  }
}

/* A host's own MTA stays when the program leaves it, and ends with the last STA. */
static void *is_member_for_a_while(void *context) {
  (void)context;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  CoUninitialize();
  return NULL;
}

static void a_host_keeps_the_mta(void **state) {
  Apartment *host;
  CO_MTA_USAGE_COOKIE cookie;
  pthread_t thread;
  Seen seen;

  (void)state;
  CoInitialize(NULL);
  assert_int_equal(apartment_host(HOST_MULTI, &host), S_OK);
  pthread_create(&thread, NULL, is_member_for_a_while, NULL);
  pthread_join(thread, NULL);
  assert_int_equal(apartment_run(host, look, &seen), S_FALSE);
  assert_int_equal(CoIncrementMTAUsage(&cookie), S_OK);
  CoUninitialize();
  assert_int_equal(apartment_run(host, look, &seen), S_FALSE);
  assert_int_equal(CoDecrementMTAUsage(cookie), S_OK);
  assert_int_equal(apartment_run(host, look, &seen), RPC_E_DISCONNECTED);
  apartment_release(host);
}

/* Each calls the other's apartment, which the other serves while it waits. */
static Apartment *two[2];
static atomic_int here;

typedef struct Deep {
  int left;
} Deep;

static HRESULT calls_back(void *context) {
  Deep *deep = context;
  Apartment *other = two[apartment_current() == apartment_number(two[0])];

  return deep->left-- > 0 ? apartment_run(other, calls_back, deep) : S_FALSE;
}

static void *sta_that_calls(void *context) {
  int number = *(int *)context;
  Deep deep = { 100 };
  atomic_bool unused = false;

  CoInitialize(NULL);
  two[number] = apartment_get();
  atomic_fetch_add(&here, 1);
  while (here < 2)
    usleep(100);
  if (apartment_run(two[!number], calls_back, &deep) != S_FALSE)
    return "the innermost answer";
  atomic_fetch_add(&here, 1);
  while (here < 4)
    apartment_wait(is_true, &unused, apartment_after(0.001));
  apartment_release(two[number]);
  CoUninitialize();
  return NULL;
}

static void stas_call_one_another(void **state) {
  pthread_t threads[2];
  int numbers[2] = { 0, 1 };

  (void)state;
  here = 0;
  for (int i = 0; i < 2; i++)
    pthread_create(&threads[i], NULL, sta_that_calls, &numbers[i]);
  for (int i = 0; i < 2; i++) {
    void *problem;

    pthread_join(threads[i], &problem);
    assert_null(problem);
  }
}

/* Contexts */

static HRESULT STDMETHODCALLTYPE looks_in_context(ComCallData *data) {
  return look(data->pUserDefined);
}

static HRESULT asks_for_callback(void *result) {
  return CoGetObjectContext(&IID_IContextCallback, result);
}

static void contexts_call_into_their_apartment(void **state) {
  static const IID *const kinds[] = { &IID_IContextCallback, &IID_ICallbackWithNoReentrancyToApplicationSTA,
                                      &IID_IEnterActivityWithNoLock, &IID_NULL };
  Apartment *host, *dead;
  IContextCallback *callback;
  IUnknown *agile, *marshal, *own;
  Seen seen = { 0 };
  ComCallData data = { .pUserDefined = &seen };

  (void)state;
  CoInitialize(NULL);
  assert_int_equal(apartment_host(HOST_SINGLE, &host), S_OK);
  assert_int_equal(apartment_run(host, asks_for_callback, &callback), S_OK);
  for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
    seen.apartment = 0;
    assert_int_equal(IContextCallback_ContextCallback(callback, looks_in_context, &data, kinds[i], 5, NULL), S_FALSE);
    assert_int_equal(seen.apartment, apartment_number(host));
  }
  assert_int_equal(IContextCallback_ContextCallback(callback, NULL, &data, kinds[0], 5, NULL), E_INVALIDARG);
  /* The context itself belongs to no apartment. */
  assert_int_equal(IContextCallback_QueryInterface(callback, &IID_IAgileObject, (void **)&agile), S_OK);
  assert_int_equal(IContextCallback_QueryInterface(callback, &IID_IMarshal, (void **)&marshal), S_OK);
  assert_int_equal(IUnknown_QueryInterface(marshal, &IID_IUnknown, (void **)&own), S_OK);
  IUnknown_Release(own);
  IUnknown_Release(marshal);
  IUnknown_Release(agile);
  dead = host;
  CoUninitialize();
  assert_int_equal(IContextCallback_ContextCallback(callback, looks_in_context, &data, kinds[0], 5, NULL),
                   RPC_E_DISCONNECTED);
  IContextCallback_Release(callback);
  apartment_release(dead);
}

/* Forks */

static int child_body(Apartment *host, Apartment *own, ApartmentWork *work) {
  Seen seen;
  int descriptor = oleander_pump_descriptor();
  struct pollfd polled = { descriptor, POLLIN, 0 };

  if (apartment_run(host, look, &seen) != RPC_E_DISCONNECTED)
    return 2; /* its thread is the parent's alone */
  if (apartment_current() != apartment_number(own))
    return 3;
  if (oleander_pump(0) != S_FALSE)
    return 4; /* what was left to the thread is the parent's to do */
  if (FAILED(apartment_post(own, work)) || poll(&polled, 1, 0) != 1 || oleander_pump(0) != S_OK)
    return 5;
  CoUninitialize();
  return SUCCEEDED(CoInitializeEx(NULL, COINIT_MULTITHREADED)) && apartment_current() != 0 ? 0 : 6;
}

static void a_child_has_its_own_thread_alone(void **state) {
  ApartmentWork left = { .run = job_tells_thread }, work = { .run = job_tells_thread };
  Apartment *host, *own;
  int status;

  (void)state;
  done = 0;
  CoInitialize(NULL);
  own = apartment_get();
  struct pollfd polled = { oleander_pump_descriptor(), POLLIN, 0 };
  assert_int_equal(apartment_host(HOST_SINGLE, &host), S_OK);
  apartment_post(own, &left);
  pid_t child = fork();
  if (child == 0)
    _exit(child_body(host, own, &work));
  assert_int_equal(waitpid(child, &status, 0), child);
  assert_int_equal(status, 0);
  assert_int_equal(done, 0);
  assert_int_equal(poll(&polled, 1, 0), 1);
  assert_int_equal(oleander_pump(0), S_OK);
  assert_int_equal(done, 1);
  CoUninitialize();
  apartment_release(host);
  apartment_release(own);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(calls_that_block_starve_no_others),
    cmocka_unit_test(the_end_waits_for_what_runs),
    cmocka_unit_test(members_leave_work_to_the_pool),
    cmocka_unit_test(members_look_when_the_pool_has_served),
    cmocka_unit_test(the_pool_serves_descriptors_and_timers),
    cmocka_unit_test(nothing_is_lost_among_many_threads),
    cmocka_unit_test(hosts_suit_and_end_with_the_last_apartment),
    cmocka_unit_test(a_host_keeps_the_mta),
    cmocka_unit_test(stas_call_one_another),
    cmocka_unit_test(contexts_call_into_their_apartment),
    cmocka_unit_test(a_child_has_its_own_thread_alone),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
