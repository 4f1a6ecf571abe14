/* Work for the threads of an apartment, and how those that sleep are told.
 *
 * A thread sleeps in ppoll on its queue's eventfd and, once a descriptor is watched, on its epoll set. The eventfd is
 * readable only while somebody who sleeps, or an outer loop that polls queue_descriptor, has to be told: work that a thread
 * leaves to itself, or to one that is busy, costs no system call.
 *
 * The queue of the multithreaded apartment may have a pool (apartment_pool.c). Its threads sleep in epoll_wait on the set, so
 * that whatever happens wakes one of them; eventfd and alarm stand there edge-triggered, and nobody reads them. */
#include "com/apartment/queue_internal.h"

#include <stdlib.h>
#include <string.h>
#include <sys/eventfd.h>
#include <unistd.h>

unsigned queue_process;

/* The queue */

ApartmentQueue *queue_create(bool shared) {
  ApartmentQueue *queue = calloc(1, sizeof *queue);
  if (!queue)
    return NULL;
  queue->references = 1;
  queue->shared = shared;
  pthread_mutex_init(&queue->lock, NULL);
  queue->wake = queue->set = queue->alarm = -1;
  queue->process = queue_process;
  return queue;
}

ApartmentQueue *queue_addref(ApartmentQueue *queue) {
  if (queue)
    atomic_fetch_add_explicit(&queue->references, 1, memory_order_relaxed);
  return queue;
}

static void close_descriptor(int descriptor) {
  if (descriptor >= 0)
    close(descriptor);
}

void queue_release(ApartmentQueue *queue) {
  if (!queue || atomic_fetch_sub(&queue->references, 1) != 1)
    return;
  close_descriptor(queue->set);
  close_descriptor(queue->alarm);
  close_descriptor(queue->wake);
  pthread_mutex_destroy(&queue->lock);
  free(queue->slots);
  free(queue);
}

ApartmentQueue *queue_of_thread(void) {
  if (!thread_state.queue) {
    thread_state.queue = queue_create(false);
    if (thread_state.queue)
      thread_state_watch();
  }
  return thread_state.queue;
}

/* Telling who sleeps; under the lock */

void queue_write_wake(const ApartmentQueue *queue) {
  (void)!write(queue->wake, &(uint64_t){ 1 }, sizeof(uint64_t));
}

void queue_signal_locked(ApartmentQueue *queue) {
  if (queue->pooled) {
    if (queue->pool_sleepers)
      queue_write_wake(queue);
    return;
  }
  if (queue->signalled || queue->wake < 0 || (queue->sleepers == 0 && !queue->polled))
    return;
  queue->signalled = true;
  queue_write_wake(queue);
}

/* An outer loop need not know. */
void queue_wake_sleepers_locked(ApartmentQueue *queue) {
  if (!queue->sleepers)
    return;
  queue->woken = true;
  queue_signal_locked(queue);
}

/* Nothing is left of what the signal was for. */
void queue_settle_locked(ApartmentQueue *queue) {
  uint64_t count;
  if (!queue->signalled || queue->first || queue->woken)
    return;
  queue->signalled = false;
  (void)!read(queue->wake, &count, sizeof count);
}

void queue_make_wake_locked(ApartmentQueue *queue) {
  if (queue->wake < 0)
    queue->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

bool queue_add_to_set(int set, int descriptor, uint32_t events, uint64_t number) {
  struct epoll_event event = { .events = events, .data.u64 = number };
  return descriptor >= 0 && epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

/* The epoll set holds the eventfd too, because an outer loop polls nothing but the set. */
bool queue_make_set_locked(ApartmentQueue *queue) {
  if (queue->set >= 0)
    return true;
  queue_make_wake_locked(queue);
  int set = epoll_create1(EPOLL_CLOEXEC);
  if (set < 0)
    return false;
  if (!queue_add_to_set(set, queue->wake, EPOLLIN, EVENT_WAKE)) {
    close(set);
    return false;
  }
  queue->set = set;
  return true;
}

void queue_wake(ApartmentQueue *queue) {
  if (queue->process != queue_process)
    return;
  pthread_mutex_lock(&queue->lock);
  queue->woken = true;
  queue_signal_locked(queue);
  pthread_mutex_unlock(&queue->lock);
}

/* Work */

static HRESULT post(ApartmentQueue *queue, ApartmentWork *work, Apartment *apartment) {
  if (queue->process != queue_process)
    return RPC_E_DISCONNECTED;
  work->next = NULL;
  work->apartment = apartment;
  pthread_mutex_lock(&queue->lock);
  bool refused = queue->ended || (apartment && apartment->ended);
  if (!refused) {
    if (queue->first)
      queue->last->next = work;
    else
      queue->first = work;
    queue->last = work;
    queue_signal_locked(queue);
  }
  pthread_mutex_unlock(&queue->lock);
  return refused ? RPC_E_DISCONNECTED : S_OK;
}

HRESULT queue_post(ApartmentQueue *queue, ApartmentWork *work) {
  return post(queue, work, NULL);
}

HRESULT apartment_post(Apartment *apartment, ApartmentWork *work) {
  return post(apartment->queue, work, apartment);
}

/* Takes off what was left to the apartment, or everything; in its order. */
static ApartmentWork *take_all_locked(ApartmentQueue *queue, const Apartment *apartment) {
  ApartmentWork *taken = NULL, **end = &taken, **link = &queue->first;
  queue->last = NULL;
  while (*link) {
    ApartmentWork *work = *link;
    if (apartment && work->apartment != apartment) {
      queue->last = work;
      link = &work->next;
      continue;
    }
    *link = work->next;
    work->next = NULL;
    *end = work;
    end = &work->next;
  }
  return taken;
}

static void run_dropped(ApartmentWork *work) {
  while (work) {
    ApartmentWork *next = work->next;
    work->run(work, true);
    work = next;
  }
}

void queue_drop(ApartmentQueue *queue, Apartment *apartment) {
  pthread_mutex_lock(&queue->lock);
  apartment->ended = true;
  ApartmentWork *dropped = take_all_locked(queue, apartment);
  pthread_mutex_unlock(&queue->lock);
  run_dropped(dropped);
}

void queue_end_thread(ApartmentQueue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->ended = true;
  ApartmentWork *dropped = take_all_locked(queue, NULL);
  pthread_mutex_unlock(&queue->lock);
  run_dropped(dropped);
  queue_release(queue);
}

/* A process that forked */

void queue_begin_process(void) {
  queue_process++;
}

void queue_lock(ApartmentQueue *queue) {
  pthread_mutex_lock(&queue->lock);
}

void queue_unlock(ApartmentQueue *queue) {
  pthread_mutex_unlock(&queue->lock);
}

/* The descriptors are the parent's, too, and so is who waits for what was left to do. */
void queue_begin_anew(ApartmentQueue *queue) {
  pthread_mutex_init(&queue->lock, NULL);
  for (uint32_t i = 0; i < queue->slot_count; i++) {
    if (queue->slots[i].watch)
      queue_forget_watch_locked(queue->slots[i].watch);
  }
  close_descriptor(queue->set);
  close_descriptor(queue->alarm);
  close_descriptor(queue->wake);
  queue->wake = queue->set = queue->alarm = -1;
  queue->first = queue->last = NULL;
  queue->woken = queue->signalled = queue->polled = false;
  queue->pooled = false;
  queue->sleepers = queue->pool_sleepers = queue->coming = 0;
  queue->members = NULL;
  queue->process = queue_process;
}
