/* The one function that waits (apartment_wait): serves the queues of the calling thread, and sleeps on all of them. */
#include "com/apartment/queue_internal.h"

#include <poll.h>
#include <stdlib.h>
#include <string.h>

/* How often a thread looks for itself when the system gives it no descriptor to sleep on. */
#define BLIND_SLEEP (10 * 1000000)

static bool serve_one(ApartmentQueue *queue) {
  pthread_mutex_lock(&queue->lock);
  ApartmentTimer *timer = queue_take_due_timer_locked(queue);
  ApartmentWork *work = timer ? NULL : queue->first;
  if (work)
    queue->first = work->next;
  pthread_mutex_unlock(&queue->lock);
  if (timer)
    timer->run(timer);
  else if (work)
    work->run(work, false);
  return timer || work;
}

/* Who waits, and where. */
struct Waiter {
  ApartmentQueue *queues[2]; /* the thread's own, then that of the multithreaded apartment, for its members */
  int count;
  const struct pollfd *beside; /* descriptors of the caller's, which only end the sleep */
  nfds_t beside_count;
  bool woken;             /* by whoever makes it done: services of the pool are nothing to look at */
  ApartmentQueue *pooled; /* that the pool serves for the thread; NULL. It is told of each service. Referenced */
  uint32_t services;      /* of the pool, when the wait began */
  Waiter *next;
};

typedef struct Sleep {
  int64_t until;
  struct pollfd first[8], *descriptors; /* room for those beside and two for each queue */
  nfds_t count;
  bool blind; /* there is something that no descriptor will tell */
} Sleep;

/* Announces a sleeper. False: there is something to do already, or none of its business any more. */
static bool begin_sleep_locked(ApartmentQueue *queue, int64_t *until) {
  bool idle = !queue->first && !queue->woken && !queue->pooled;
  queue->woken = false;
  if (!idle)
    return false;
  queue->sleepers++;
  queue_settle_locked(queue);
  if (queue->timers && queue->timers->moment < *until)
    *until = queue->timers->moment;
  return true;
}

static void end_sleep(ApartmentQueue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->sleepers--;
  queue->woken = false;
  queue_settle_locked(queue);
  pthread_mutex_unlock(&queue->lock);
}

static bool begin_sleep(ApartmentQueue *queue, Sleep *sleep) {
  pthread_mutex_lock(&queue->lock);
  bool idle = begin_sleep_locked(queue, &sleep->until);
  if (idle) {
    queue_make_wake_locked(queue);
    sleep->blind = sleep->blind || queue->wake < 0;
    sleep->descriptors[sleep->count++] = (struct pollfd){ .fd = queue->wake, .events = POLLIN };
    if (queue->watches)
      sleep->descriptors[sleep->count++] = (struct pollfd){ .fd = queue->set, .events = POLLIN };
  }
  pthread_mutex_unlock(&queue->lock);
  return idle;
}

static void fall_asleep(Sleep *sleep) {
  if (sleep->until == APARTMENT_NEVER && !sleep->blind) {
    ppoll(sleep->descriptors, sleep->count, NULL, NULL);
    return;
  }
  int64_t now = apartment_clock(), left = sleep->until > now ? sleep->until - now : 0;
  if (sleep->blind && left > BLIND_SLEEP)
    left = BLIND_SLEEP;
  struct timespec limit = moment_timespec(left);
  ppoll(sleep->descriptors, sleep->count, &limit, NULL);
}

/* Takes the caller's descriptors to sleep; without memory for them it looks for itself now and then. */
static void lay_beside(const Waiter *waiter, Sleep *sleep) {
  nfds_t room = sizeof sleep->first / sizeof *sleep->first, wanted = waiter->beside_count + 4;
  sleep->descriptors = wanted > room ? malloc(wanted * sizeof *sleep->descriptors) : sleep->first;
  if (!sleep->descriptors) {
    sleep->descriptors = sleep->first;
    sleep->blind = true;
    return;
  }
  if (waiter->beside_count)
    memcpy(sleep->descriptors, waiter->beside, waiter->beside_count * sizeof *waiter->beside);
  sleep->count = waiter->beside_count;
}

/* Sleeps until one of the queues has something, or one of the descriptors beside, or until the moment. */
static void sleep_on_all(const Waiter *waiter, int64_t until) {
  Sleep sleep = { .until = until, .blind = waiter->count == 0 };
  lay_beside(waiter, &sleep);
  int ready = 0;
  while (ready < waiter->count && begin_sleep(waiter->queues[ready], &sleep))
    ready++;
  if (ready == waiter->count)
    fall_asleep(&sleep);
  while (ready-- > 0)
    end_sleep(waiter->queues[ready]);
  if (sleep.descriptors != sleep.first)
    free(sleep.descriptors);
}

/* Sleeps on the set alone, and serves what wakes it. */
static bool sleep_on_set(ApartmentQueue *queue, int set, int64_t until) {
  struct epoll_event event;
  pthread_mutex_lock(&queue->lock);
  bool idle = begin_sleep_locked(queue, &until);
  pthread_mutex_unlock(&queue->lock);
  if (!idle)
    return false;
  bool happened = queue_wait_on_set(set, &event, until);
  end_sleep(queue);
  return happened && queue_serve_event(queue, &event);
}

static bool is_past(int64_t deadline) {
  return deadline != APARTMENT_NEVER && apartment_clock() >= deadline;
}

/* There is no work: serves a descriptor, or sleeps until something happens. */
static bool await_more(const Waiter *waiter, int64_t deadline) {
  bool past = is_past(deadline);
  if (waiter->count == 1 && !waiter->beside_count && !past) {
    ApartmentQueue *queue = waiter->queues[0];
    pthread_mutex_lock(&queue->lock);
    int set = queue->watches ? queue->set : -1;
    pthread_mutex_unlock(&queue->lock);
    if (set >= 0)
      return sleep_on_set(queue, set, deadline);
  }
  for (int i = 0; i < waiter->count; i++) {
    if (queue_serve_descriptor(waiter->queues[i]))
      return true;
  }
  if (!past)
    sleep_on_all(waiter, deadline);
  return false;
}

/* Has the pool tell of what it does. Its own threads wait for nothing but what they are told of anyway. */
static void join_members(Waiter *waiter, ApartmentQueue *shared) {
  if (thread_state.serves || waiter->woken)
    return;
  waiter->pooled = queue_addref(shared);
  pthread_mutex_lock(&shared->lock);
  waiter->services = shared->services;
  waiter->next = shared->members;
  shared->members = waiter;
  pthread_mutex_unlock(&shared->lock);
}

static void leave_members(Waiter *waiter) {
  ApartmentQueue *shared = waiter->pooled;
  if (!shared)
    return;
  pthread_mutex_lock(&shared->lock);
  Waiter **link = &shared->members;
  while (*link != waiter)
    link = &(*link)->next;
  *link = waiter->next;
  pthread_mutex_unlock(&shared->lock);
  queue_release(shared);
}

/* The lock is held. */
void queue_tell_members_locked(ApartmentQueue *queue) {
  queue->services++;
  for (const Waiter *waiter = queue->members; waiter; waiter = waiter->next) {
    if (waiter->count)
      queue_wake(waiter->queues[0]);
  }
}

static bool pool_has_served(const Waiter *waiter) {
  if (!waiter->pooled)
    return false;
  pthread_mutex_lock(&waiter->pooled->lock);
  bool served = waiter->pooled->services != waiter->services;
  pthread_mutex_unlock(&waiter->pooled->lock);
  return served;
}

/* The queues that the calling thread serves. */
static void begin_wait(Waiter *waiter) {
  ApartmentQueue *own = queue_of_thread();
  if (own)
    waiter->queues[waiter->count++] = queue_addref(own);
  Apartment *apartment = thread_state.apartment;
  if (!apartment || apartment->is_single)
    return;
  if (atomic_load(&apartment->queue->pooled))
    join_members(waiter, apartment->queue);
  else
    waiter->queues[waiter->count++] = queue_addref(apartment->queue);
}

/* A pool takes the shared queue over from those that wait: true when it just did. */
static bool leave_to_pool(Waiter *waiter) {
  int last = waiter->count - 1;
  if (last < 0 || !atomic_load_explicit(&waiter->queues[last]->pooled, memory_order_relaxed))
    return false;
  waiter->count--;
  join_members(waiter, waiter->queues[last]);
  queue_release(waiter->queues[last]);
  return true;
}

static void end_wait(Waiter *waiter) {
  leave_members(waiter);
  for (int i = 0; i < waiter->count; i++) {
    pthread_mutex_lock(&waiter->queues[i]->lock);
    queue_settle_locked(waiter->queues[i]);
    pthread_mutex_unlock(&waiter->queues[i]->lock);
    queue_release(waiter->queues[i]);
  }
}

static bool serve_any(const Waiter *waiter) {
  for (int i = 0; i < waiter->count; i++) {
    if (serve_one(waiter->queues[i]))
      return true;
  }
  return false;
}

static bool wait_for(Waiter *waiter, bool (*done)(void *context), void *context, int64_t deadline) {
  bool finished = false;
  Credentials *aside = credentials_put_aside(); /* what comes meanwhile is somebody else's */
  begin_wait(waiter);
  for (bool late = false; !finished; late = is_past(deadline)) {
    finished = done && done(context);
    if (finished || late)
      break;
    if (leave_to_pool(waiter))
      continue; /* it may have done what is waited for, before it was asked to tell */
    bool served = serve_any(waiter) || await_more(waiter, deadline);
    finished = !done && (served || pool_has_served(waiter));
  }
  end_wait(waiter);
  credentials_take_back(aside);
  return finished;
}

bool apartment_wait(bool (*done)(void *context), void *context, int64_t deadline) {
  Waiter waiter = { .count = 0 };
  return wait_for(&waiter, done, context, deadline);
}

bool apartment_wait_woken(bool (*done)(void *context), void *context, int64_t deadline) {
  Waiter waiter = { .woken = true };
  return wait_for(&waiter, done, context, deadline);
}

bool apartment_wait_beside(const struct pollfd *beside, unsigned beside_count, bool (*done)(void *context),
                           void *context, int64_t deadline) {
  Waiter waiter = { .beside = beside, .beside_count = beside_count, .woken = true };
  return wait_for(&waiter, done, context, deadline);
}
