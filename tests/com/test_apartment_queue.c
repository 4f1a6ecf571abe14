/* The queue of an apartment and the one function that waits: work from other threads, nested waits, deadlines,
 * descriptors, timers, and what becomes of work when an apartment ends. */
#include <poll.h>
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <unistd.h>

#include <cmocka.h>

#include "com/apartment/apartment_api.h"

#define SHORT 0.02 /* seconds */

static bool is_true(void *flag) {
  return atomic_load((atomic_bool *)flag);
}

static bool never(void *unused) {
  (void)unused;
  return false;
}

/* One thing, if there is one. */
static bool serve_now(void) {
  return apartment_wait(NULL, NULL, 0);
}

/* Work */

typedef struct Job {
  ApartmentWork work;
  pthread_t ran_on;
  int order; /* of its run, from 1; 0: not run */
  bool dropped;
  bool from_heap;
} Job;

static atomic_int jobs_run;

static void job_run(ApartmentWork *work, bool dropped) {
  Job *job = (Job *)work;

  job->ran_on = pthread_self();
  job->dropped = dropped;
  job->order = atomic_fetch_add(&jobs_run, 1) + 1;
  if (job->from_heap)
    free(job);
}

static void work_runs_in_its_order_and_once(void **state) {
  Job jobs[3] = { { .work.run = job_run }, { .work.run = job_run }, { .work.run = job_run } };
  Apartment *apartment;

  (void)state;
  jobs_run = 0;
  CoInitialize(NULL);
  apartment = apartment_get();
  for (int i = 0; i < 3; i++)
    assert_int_equal(apartment_post(apartment, &jobs[i].work), S_OK);
  assert_int_equal(jobs_run, 0);
  assert_true(serve_now());
  assert_int_equal(jobs_run, 1); /* without a condition: one thing */
  assert_false(apartment_wait(never, NULL, apartment_after(0)));
  while (serve_now())
    ;
  for (int i = 0; i < 3; i++)
    assert_int_equal(jobs[i].order, i + 1);
  assert_false(serve_now());
  apartment_release(apartment);
  CoUninitialize();
}

#define POSTERS 8
#define POSTS   500

static Apartment *target;
static atomic_int refused;

static void *posts_many(void *unused) {
  for (int i = 0; i < POSTS; i++) {
    Job *job = calloc(1, sizeof *job);

    job->work.run = job_run;
    job->from_heap = true;
    if (FAILED(apartment_post(target, &job->work))) {
      atomic_fetch_add(&refused, 1);
      free(job);
    }
  }
  return unused;
}

static bool all_ran(void *unused) {
  (void)unused;
  return atomic_load(&jobs_run) == POSTERS * POSTS;
}

static void many_threads_post_to_one_that_waits(void **state) {
  pthread_t posters[POSTERS];

  (void)state;
  jobs_run = 0;
  refused = 0;
  CoInitialize(NULL);
  target = apartment_get();
  for (int i = 0; i < POSTERS; i++)
    pthread_create(&posters[i], NULL, posts_many, NULL);
  assert_true(apartment_wait(all_ran, NULL, APARTMENT_NEVER));
  for (int i = 0; i < POSTERS; i++)
    pthread_join(posters[i], NULL);
  assert_int_equal(refused, 0);
  apartment_release(target);
  CoUninitialize();
}

/* However the end of the apartment falls among the posts: each runs, is dropped, or was refused. */
static void work_that_an_apartment_leaves_behind_is_told(void **state) {
  pthread_t posters[POSTERS];
  Job job = { .work.run = job_run }, late = { .work.run = job_run };

  (void)state;
  jobs_run = 0;
  refused = 0;
  CoInitialize(NULL);
  target = apartment_get();
  assert_int_equal(apartment_post(target, &job.work), S_OK);
  for (int i = 0; i < POSTERS; i++)
    pthread_create(&posters[i], NULL, posts_many, NULL);
  CoUninitialize();
  assert_true(job.order != 0);
  assert_true(job.dropped);
  for (int i = 0; i < POSTERS; i++)
    pthread_join(posters[i], NULL);
  assert_int_equal(jobs_run + refused, POSTERS * POSTS + 1);
  assert_int_equal(apartment_post(target, &late.work), RPC_E_DISCONNECTED);
  assert_int_equal(late.order, 0);
  /* The thread's next apartment is another one. */
  CoInitialize(NULL);
  assert_int_equal(apartment_post(target, &late.work), RPC_E_DISCONNECTED);
  assert_false(serve_now());
  CoUninitialize();
  apartment_release(target);
}

static void work_for_a_thread_survives_its_apartment(void **state) {
  Job job = { .work.run = job_run };

  (void)state;
  CoInitialize(NULL);
  assert_int_equal(queue_post(queue_of_thread(), &job.work), S_OK);
  CoUninitialize();
  assert_int_equal(job.order, 0);
  assert_true(serve_now());
  assert_false(job.dropped);
}

typedef struct Ending {
  ApartmentQueue *queue;
  Job job;
} Ending;

static void *ends_with_work(void *context) {
  Ending *ending = context;

  ending->queue = queue_addref(queue_of_thread());
  queue_post(ending->queue, &ending->job.work);
  return NULL;
}

static void work_for_a_thread_that_ends_is_told(void **state) {
  Ending ending = { .job = { .work.run = job_run } };
  Job late = { .work.run = job_run };
  pthread_t thread;

  (void)state;
  pthread_create(&thread, NULL, ends_with_work, &ending);
  pthread_join(thread, NULL);
  assert_true(ending.job.dropped);
  assert_int_equal(queue_post(ending.queue, &late.work), RPC_E_DISCONNECTED);
  queue_release(ending.queue);
}

static atomic_bool served_enough;
static _Atomic(ApartmentQueue *) server_queues[3];

static void *serves_the_mta(void *place) {
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  atomic_store((_Atomic(ApartmentQueue *) *)place, queue_addref(queue_of_thread()));
  apartment_wait(is_true, &served_enough, APARTMENT_NEVER);
  CoUninitialize();
  return NULL;
}

static void members_of_the_mta_share_its_work(void **state) {
  pthread_t servers[3], posters[POSTERS];

  (void)state;
  jobs_run = 0;
  refused = 0;
  CoInitializeEx(NULL, COINIT_MULTITHREADED);
  target = apartment_get();
  assert_false(apartment_is_single(target));
  for (int i = 0; i < 3; i++)
    pthread_create(&servers[i], NULL, serves_the_mta, &server_queues[i]);
  for (int i = 0; i < POSTERS; i++)
    pthread_create(&posters[i], NULL, posts_many, NULL);
  while (!all_ran(NULL))
    apartment_wait(all_ran, NULL, apartment_after(SHORT)); /* the last one may run elsewhere, which tells nobody */
  for (int i = 0; i < POSTERS; i++)
    pthread_join(posters[i], NULL);
  for (int i = 0; i < 3; i++) {
    while (!atomic_load(&server_queues[i]))
      usleep(1000);
  }
  atomic_store(&served_enough, true);
  for (int i = 0; i < 3; i++)
    queue_wake(atomic_load(&server_queues[i]));
  for (int i = 0; i < 3; i++) {
    pthread_join(servers[i], NULL);
    queue_release(server_queues[i]);
  }
  apartment_release(target);
  CoUninitialize();
}

/* Waiting */

typedef struct Waking {
  ApartmentQueue *queue;
  atomic_bool done;
} Waking;

static void *wakes(void *context) {
  Waking *waking = context;

  usleep(2000);
  atomic_store(&waking->done, true);
  queue_wake(waking->queue);
  return NULL;
}

static void a_condition_that_comes_true_elsewhere_ends_the_wait(void **state) {
  (void)state;
  for (int i = 0; i < 20; i++) {
    Waking waking = { queue_of_thread(), false };
    pthread_t thread;

    pthread_create(&thread, NULL, wakes, &waking);
    assert_true(apartment_wait(is_true, &waking.done, APARTMENT_NEVER));
    pthread_join(thread, NULL);
  }
}

static void a_deadline_ends_the_wait(void **state) {
  int64_t deadline = apartment_after(SHORT);

  (void)state;
  assert_false(apartment_wait(never, NULL, deadline));
  assert_true(apartment_clock() >= deadline);
  assert_false(apartment_wait(NULL, NULL, apartment_after(SHORT)));
  assert_true(apartment_after(-1) == APARTMENT_NEVER);
  assert_true(apartment_after(1e300) == APARTMENT_NEVER);
  assert_true(apartment_after(0.0 / 0.0) == APARTMENT_NEVER);
}

/* Work that leaves itself again: the deadline counts all the same. */
static bool is_endless;

static void posts_itself(ApartmentWork *work, bool dropped) {
  if (!dropped && is_endless)
    queue_post(queue_of_thread(), work);
}

static void a_deadline_ends_the_wait_of_a_thread_that_is_busy(void **state) {
  ApartmentWork endless = { .run = posts_itself };

  (void)state;
  is_endless = true;
  queue_post(queue_of_thread(), &endless);
  assert_false(apartment_wait(never, NULL, apartment_after(SHORT)));
  is_endless = false;
  assert_true(serve_now());
  assert_false(serve_now());
}

typedef struct Nested {
  ApartmentWork work;
  int depth;
  int *deepest;
  atomic_bool done;
} Nested;

/* Each waits for the one that was left after it, which therefore runs within. */
static void waits_for_the_next(ApartmentWork *work, bool dropped) {
  Nested *nested = (Nested *)work;

  assert_false(dropped);
  *nested->deepest = nested->depth;
  if (nested->depth < 5)
    assert_true(apartment_wait(is_true, &(nested + 1)->done, APARTMENT_NEVER));
  atomic_store(&nested->done, true);
}

static void what_is_served_may_wait_in_turn(void **state) {
  Nested nested[6];
  int deepest = -1;

  (void)state;
  for (int i = 0; i < 6; i++) {
    nested[i] = (Nested){ { .run = waits_for_the_next }, i, &deepest, false };
    assert_int_equal(queue_post(queue_of_thread(), &nested[i].work), S_OK);
  }
  assert_true(apartment_wait(is_true, &nested[0].done, APARTMENT_NEVER));
  assert_int_equal(deepest, 5);
  for (int i = 0; i < 6; i++)
    assert_true(nested[i].done);
}

/* Timers */

typedef struct Alarm {
  ApartmentTimer timer;
  int order;
} Alarm;

static int alarms_run;

static void alarm_run(ApartmentTimer *timer) {
  Alarm *alarm = (Alarm *)timer;

  assert_true(apartment_clock() >= timer->moment);
  assert_null(timer->queue);
  alarm->order = ++alarms_run;
}

static bool three_alarms(void *unused) {
  (void)unused;
  return alarms_run == 3;
}

static void timers_run_by_their_moments(void **state) {
  Alarm alarms[4] = {
    { { .run = alarm_run }, 0 }, { { .run = alarm_run }, 0 }, { { .run = alarm_run }, 0 }, { { .run = alarm_run }, 0 }
  };
  const double moments[4] = { 0.03, 0.01, 0.02, 0.015 };
  ApartmentQueue *queue = queue_of_thread();

  (void)state;
  alarms_run = 0;
  for (int i = 0; i < 4; i++)
    queue_start_timer(queue, &alarms[i].timer, apartment_after(moments[i]));
  queue_stop_timer(&alarms[3].timer);
  queue_stop_timer(&alarms[3].timer);
  queue_start_timer(queue, &alarms[1].timer, apartment_after(0.04)); /* another moment */
  assert_true(apartment_wait(three_alarms, NULL, APARTMENT_NEVER));
  assert_int_equal(alarms[2].order, 1);
  assert_int_equal(alarms[0].order, 2);
  assert_int_equal(alarms[1].order, 3);
  assert_int_equal(alarms[3].order, 0);
  queue_start_timer(queue, &alarms[3].timer, APARTMENT_NEVER);
  assert_false(serve_now());
  queue_stop_timer(&alarms[3].timer);
}

/* Descriptors */

typedef struct Pipe {
  ApartmentWatch watch;
  int ends[2];
  int reads;
  bool nests, ends_itself;
} Pipe;

static void pipe_run(ApartmentWatch *watch, uint32_t events) {
  Pipe *pipe = (Pipe *)watch;
  char unit;

  assert_true((events & EPOLLIN) != 0);
  assert_int_equal(read(pipe->ends[0], &unit, 1), 1);
  pipe->reads++;
  if (pipe->nests) {
    pipe->nests = false;
    assert_false(serve_now()); /* it rests */
    queue_watch_again(watch);
    assert_true(serve_now());
  }
  if (pipe->ends_itself)
    queue_unwatch(watch);
}

static void pipe_open(Pipe *made) {
  *made = (Pipe){ .watch = { .run = pipe_run, .events = EPOLLIN } };
  assert_int_equal(pipe(made->ends), 0);
  made->watch.descriptor = made->ends[0];
  assert_int_equal(queue_watch(queue_of_thread(), &made->watch), S_OK);
}

static void pipe_close(Pipe *made) {
  queue_unwatch(&made->watch);
  close(made->ends[0]);
  close(made->ends[1]);
}

static void descriptors_are_served(void **state) {
  Pipe a, b;
  ApartmentWatch wrong = { .run = pipe_run, .events = EPOLLIN, .descriptor = -1 };

  (void)state;
  pipe_open(&a);
  pipe_open(&b);
  assert_int_equal(queue_watch(queue_of_thread(), &wrong), E_INVALIDARG);
  assert_false(serve_now());
  assert_int_equal(write(a.ends[1], "xy", 2), 2);
  assert_int_equal(write(b.ends[1], "z", 1), 1);
  while (serve_now())
    ;
  assert_int_equal(a.reads, 2);
  assert_int_equal(b.reads, 1);
  a.nests = true;
  assert_int_equal(write(a.ends[1], "xy", 2), 2);
  assert_true(serve_now());
  assert_int_equal(a.reads, 4);
  queue_watch_change(&b.watch, 0);
  assert_int_equal(write(b.ends[1], "w", 1), 1);
  assert_false(serve_now()); /* not asked for */
  queue_watch_change(&b.watch, EPOLLIN);
  assert_true(serve_now());
  assert_int_equal(b.reads, 2);
  b.ends_itself = true;
  assert_int_equal(write(b.ends[1], "xy", 2), 2);
  assert_true(serve_now());
  assert_false(serve_now());
  assert_int_equal(b.reads, 3);
  pipe_close(&a);
  pipe_close(&b);
}

static void *writes_late(void *end) {
  usleep(5000);
  (void)!write(*(int *)end, "x", 1);
  return NULL;
}

static void a_descriptor_ends_a_sleep(void **state) {
  Pipe pipe;
  pthread_t thread;

  (void)state;
  pipe_open(&pipe);
  pthread_create(&thread, NULL, writes_late, &pipe.ends[1]);
  assert_true(apartment_wait(NULL, NULL, APARTMENT_NEVER));
  assert_int_equal(pipe.reads, 1);
  pthread_join(thread, NULL);
  pipe_close(&pipe);
}

/* For a loop of somebody else's */

static bool readable(int descriptor, int milliseconds) {
  struct pollfd polled = { .fd = descriptor, .events = POLLIN };

  return poll(&polled, 1, milliseconds) == 1;
}

static void the_descriptor_tells_of_work_timers_and_descriptors(void **state) {
  ApartmentQueue *queue = queue_of_thread();
  int descriptor = queue_descriptor(queue);
  Job first = { .work.run = job_run }, second = { .work.run = job_run };
  Alarm alarm = { { .run = alarm_run }, 0 };
  Pipe pipe;

  (void)state;
  assert_true(descriptor >= 0);
  assert_int_equal(queue_descriptor(queue), descriptor);
  assert_false(readable(descriptor, 0));
  queue_post(queue, &first.work);
  queue_post(queue, &second.work);
  assert_true(readable(descriptor, 0));
  assert_true(serve_now());
  assert_true(readable(descriptor, 0)); /* one is left */
  assert_true(serve_now());
  assert_false(readable(descriptor, 0));
  queue_start_timer(queue, &alarm.timer, apartment_after(SHORT));
  assert_true(readable(descriptor, 10000));
  assert_true(serve_now());
  assert_false(readable(descriptor, 0));
  pipe_open(&pipe);
  assert_int_equal(write(pipe.ends[1], "x", 1), 1);
  assert_true(readable(descriptor, 0));
  assert_true(serve_now());
  assert_false(readable(descriptor, 0));
  pipe_close(&pipe);
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(work_runs_in_its_order_and_once),
    cmocka_unit_test(many_threads_post_to_one_that_waits),
    cmocka_unit_test(work_that_an_apartment_leaves_behind_is_told),
    cmocka_unit_test(work_for_a_thread_survives_its_apartment),
    cmocka_unit_test(work_for_a_thread_that_ends_is_told),
    cmocka_unit_test(members_of_the_mta_share_its_work),
    cmocka_unit_test(a_condition_that_comes_true_elsewhere_ends_the_wait),
    cmocka_unit_test(a_deadline_ends_the_wait),
    cmocka_unit_test(a_deadline_ends_the_wait_of_a_thread_that_is_busy),
    cmocka_unit_test(what_is_served_may_wait_in_turn),
    cmocka_unit_test(timers_run_by_their_moments),
    cmocka_unit_test(descriptors_are_served),
    cmocka_unit_test(a_descriptor_ends_a_sleep),
    cmocka_unit_test(the_descriptor_tells_of_work_timers_and_descriptors),
  };

  return cmocka_run_group_tests(tests, NULL, NULL);
}
