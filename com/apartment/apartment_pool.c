/* The pool of the multithreaded apartment: threads that serve its queue. They are in the apartment without being members: they
 * do not keep it. One that is about to become busy has another take its place, if no other sleeps; one that sleeps in vain for
 * a while goes, if others do so, too. */
#include "com/apartment/queue_internal.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <unistd.h>

#include <oleauto.h>

#define POOL_LIMIT   1024 /* threads: more calls than that wait for one another */
#define IDLE_SECONDS 10
#define END_SECONDS  5 /* calls that run are waited for when the apartment ends */

/* What one of its threads does */

static bool change_wake_locked(ApartmentQueue *queue, uint32_t events) {
  struct epoll_event event = { .events = events, .data.u64 = EVENT_WAKE };
  return epoll_ctl(queue->set, EPOLL_CTL_MOD, queue->wake, &event) == 0;
}

HRESULT queue_open_pool(ApartmentQueue *queue) {
  HRESULT status = E_OUTOFMEMORY;
  pthread_mutex_lock(&queue->lock);
  if (queue->pool_ends || queue->process != queue_process) {
    status = RPC_E_DISCONNECTED;
  } else if (queue->pooled) {
    status = S_FALSE;
  } else if (queue_make_alarm_locked(queue, EPOLLIN | EPOLLET) && change_wake_locked(queue, EPOLLIN | EPOLLET)) {
    queue->pooled = true;
    queue->coming = 1;
    if (queue->sleepers)
      queue_write_wake(queue); /* members that sleep there leave it to the pool */
    status = S_OK;
  }
  pthread_mutex_unlock(&queue->lock);
  return status;
}

void queue_pool_failed(ApartmentQueue *queue, bool last) {
  pthread_mutex_lock(&queue->lock);
  queue->coming--;
  if (last) {
    uint64_t count;
    queue->pooled = false;
    change_wake_locked(queue, EPOLLIN);
    (void)!read(queue->wake, &count, sizeof count);
  }
  pthread_mutex_unlock(&queue->lock);
}

void queue_end_pool(ApartmentQueue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->pool_ends = true;
  if (queue->pooled)
    queue_write_wake(queue);
  pthread_mutex_unlock(&queue->lock);
}

/* What a thread of the pool has found. */
typedef struct Finding {
  ApartmentTimer *timer;
  ApartmentWork *work;
  ApartmentWatch *watch;
  struct epoll_event event;
  uint32_t turn;
} Finding;

static bool find_work_locked(ApartmentQueue *queue, Finding *found) {
  found->timer = queue_take_due_timer_locked(queue);
  found->work = found->timer ? NULL : queue->first;
  if (found->work)
    queue->first = found->work->next;
  return found->timer || found->work;
}

static void run_finding(ApartmentQueue *queue, const Finding *found) {
  if (found->timer) {
    found->timer->run(found->timer);
  } else if (found->work) {
    found->work->run(found->work, false);
  } else {
    found->watch->run(found->watch, found->event.events);
    queue_end_turn(queue, found->event.data.u64, found->turn);
  }
}

/* Sleeps, under the lock, which is given up meanwhile. False: nothing happened. */
static bool pool_sleep_locked(ApartmentQueue *queue, Finding *found, int64_t until) {
  int set = queue->set;
  queue->pool_sleepers++;
  pthread_mutex_unlock(&queue->lock);
  bool happened = queue_wait_on_set(set, &found->event, until);
  pthread_mutex_lock(&queue->lock);
  queue->pool_sleepers--;
  if (happened)
    found->watch = queue_take_watch_locked(queue, found->event.data.u64, &found->turn);
  return happened;
}

PoolStep queue_pool_step(ApartmentQueue *queue, int64_t until, bool is_new, void (*grow)(void *context),
                         void *context) {
  Finding found = { .timer = NULL };
  pthread_mutex_lock(&queue->lock);
  queue->coming -= is_new;
  bool woken = true;
  if (!queue->pool_ends && !find_work_locked(queue, &found))
    woken = pool_sleep_locked(queue, &found, until);
  bool found_any = found.timer || found.work || found.watch;
  unsigned others = queue->pool_sleepers + queue->coming;
  bool ends = queue->pool_ends && !found_any, surplus = !woken && others > 0;
  bool alone = found_any && others == 0 && !queue->pool_ends;
  if (alone)
    queue->coming++;
  else if (queue->pool_sleepers && (ends || (found_any && queue->first)))
    queue_write_wake(queue); /* the next one, too */
  pthread_mutex_unlock(&queue->lock);
  if (alone)
    grow(context);
  if (found_any) {
    run_finding(queue, &found);
    pthread_mutex_lock(&queue->lock);
    queue_tell_members_locked(queue);
    pthread_mutex_unlock(&queue->lock);
  }
  return ends ? POOL_ENDS : surplus ? POOL_SURPLUS : POOL_GOES_ON;
}

/* The threads */

/* The number of those that remain. */
static void count_off(Apartment *apartment) {
  atomic_fetch_sub(&apartment->pool_threads, 1);
  ApartmentQueue *waiter = atomic_load(&apartment->pool_waiter);
  if (waiter)
    queue_wake(waiter);
}

static void grow(void *context);

static void *pool_thread(void *context) {
  Apartment *apartment = context; /* referenced */
  bool is_new = true;
  PoolStep step;
  thread_state.apartment = apartment;
  thread_state.count = 1;
  thread_state.serves = true;
  thread_state_watch();
  do {
    step = queue_pool_step(apartment->queue, apartment_after(IDLE_SECONDS), is_new, grow, apartment);
    is_new = false;
  } while (step == POOL_GOES_ON);
  SetErrorInfo(0, NULL);
  thread_state.apartment = NULL;
  thread_state.count = 0;
  count_off(apartment);
  apartment_release(apartment);
  return NULL;
}

/* Signals are for the program's own threads. */
static bool start_detached(void *(*body)(void *), void *context) {
  pthread_t thread;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);
  Credentials *aside = credentials_put_aside(); /* a thread begins as whoever makes it */
  bool started = pthread_create(&thread, NULL, body, context) == 0;
  credentials_take_back(aside);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (started)
    pthread_detach(thread);
  return started;
}

static bool add_thread(Apartment *apartment) {
  bool started = false;
  if (atomic_fetch_add(&apartment->pool_threads, 1) < POOL_LIMIT)
    started = start_detached(pool_thread, apartment_addref(apartment));
  else
    apartment_addref(apartment);
  if (!started) {
    unsigned before = atomic_fetch_sub(&apartment->pool_threads, 1);
    queue_pool_failed(apartment->queue, before == 1);
    apartment_release(apartment);
  }
  return started;
}

static void grow(void *context) {
  add_thread(context);
}

HRESULT apartment_serve(Apartment *apartment) {
  if (apartment->is_single || atomic_load_explicit(&apartment->pool_threads, memory_order_relaxed) != 0)
    return S_OK;
  HRESULT status = queue_open_pool(apartment->queue);
  if (status != S_OK)
    return FAILED(status) ? status : S_OK;
  return add_thread(apartment) ? S_OK : E_OUTOFMEMORY;
}

static bool others_have_gone(void *context) {
  Apartment *apartment = context;
  bool serves = thread_state.serves && thread_state.apartment == apartment;
  return atomic_load(&apartment->pool_threads) <= (unsigned)serves;
}

void pool_end(Apartment *apartment) {
  if (apartment->is_single)
    return;
  queue_end_pool(apartment->queue);
  atomic_store(&apartment->pool_waiter, queue_addref(queue_of_thread()));
  apartment_wait(others_have_gone, apartment, apartment_after(END_SECONDS));
}
