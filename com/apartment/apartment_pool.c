/* The pool of the multithreaded apartment: threads that serve its queue. They are in the apartment without being members: they
 * do not keep it. One that is about to become busy has another take its place, if no other sleeps; one that sleeps in vain for
 * a while goes, if others do so, too. */
#include "com/apartment/apartment_internal.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>

#include <oleauto.h>

#define POOL_LIMIT   1024 /* threads: more calls than that wait for one another */
#define IDLE_SECONDS 10
#define END_SECONDS  5 /* calls that run are waited for when the apartment ends */

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
  bool started = pthread_create(&thread, NULL, body, context) == 0;
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
