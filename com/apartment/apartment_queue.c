/* Work for the threads of an apartment, descriptors and timers, and the one function that waits (apartment_wait).
 *
 * A thread sleeps in ppoll on its queue's eventfd and, once a descriptor is watched, on its epoll set. The eventfd is
 * readable only while somebody who sleeps, or an outer loop that polls queue_descriptor, has to be told: work that a thread
 * leaves to itself, or to one that is busy, costs no system call.
 *
 * The queue of the multithreaded apartment may have a pool (apartment_pool.c). Its threads sleep in epoll_wait on the set, so
 * that whatever happens wakes one of them; eventfd and alarm stand there edge-triggered, and nobody reads them. */
#include "com/apartment/apartment_internal.h"

#include <errno.h>
#include <limits.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000

/* How often a thread looks for itself when the system gives it no descriptor to sleep on. */
#define BLIND_SLEEP (10 * 1000000)

/* In the epoll set of an outer loop and of a sleeping thread; other numbers are those of watches. */
enum { EVENT_WAKE = 0, EVENT_TIMER = 1, FIRST_WATCH = 2 };

typedef struct Waiter Waiter;

typedef struct WatchSlot {
  ApartmentWatch *watch; /* NULL: free */
  uint32_t next_free, uses;
} WatchSlot;

struct ApartmentQueue {
  _Atomic uint32_t references;
  pthread_mutex_t lock; /* for the rest */
  ApartmentWork *first, *last;
  ApartmentTimer *timers; /* the next one first */
  WatchSlot *slots;
  uint32_t slot_count, free_slot; /* free_slot == slot_count: none is free */
  uint32_t watches;               /* also those that rest */
  bool shared;                    /* several threads serve it: the multithreaded apartment's */
  bool ended;                     /* with its thread: takes no more work at all */
  bool woken;                     /* look again, whatever there is */
  bool signalled;                 /* the eventfd is readable */
  bool polled;                    /* an outer loop looks at `set` */
  atomic_bool pooled;             /* the pool serves it, and threads that merely wait do not */
  bool pool_ends;
  Waiter *members;   /* that wait while the pool serves: what they wait for may come of what it does */
  uint32_t services; /* what the pool has done so far */
  unsigned coming;   /* threads of the pool that are starting */
  unsigned sleepers; /* threads that wait, but for those of the pool */
  unsigned pool_sleepers;
  int wake, set, alarm; /* eventfd, epoll set, timerfd for outer loops and the pool; -1: not made yet */
  unsigned process;     /* the life it was made in (fork): in another one it is dead */
};

/* Counts the forks that led to this process. */
static unsigned this_process;

/* Time */

int64_t apartment_clock(void) {
  struct timespec now;
  clock_gettime(CLOCK_MONOTONIC, &now);
  return (int64_t)now.tv_sec * SECOND + now.tv_nsec;
}

int64_t apartment_after(double seconds) {
  if (!(seconds >= 0 && seconds < 1e9))
    return APARTMENT_NEVER;
  return apartment_clock() + (int64_t)(seconds * SECOND);
}

static struct timespec timespec_of(int64_t nanoseconds) {
  return (struct timespec){ .tv_sec = nanoseconds / SECOND, .tv_nsec = nanoseconds % SECOND };
}

/* The queue */

ApartmentQueue *queue_create(bool shared) {
  ApartmentQueue *queue = calloc(1, sizeof *queue);
  if (!queue)
    return NULL;
  queue->references = 1;
  queue->shared = shared;
  pthread_mutex_init(&queue->lock, NULL);
  queue->wake = queue->set = queue->alarm = -1;
  queue->process = this_process;
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

static void write_wake(const ApartmentQueue *queue) {
  (void)!write(queue->wake, &(uint64_t){ 1 }, sizeof(uint64_t));
}

static void signal_locked(ApartmentQueue *queue) {
  if (queue->pooled) {
    if (queue->pool_sleepers)
      write_wake(queue);
    return;
  }
  if (queue->signalled || queue->wake < 0 || (queue->sleepers == 0 && !queue->polled))
    return;
  queue->signalled = true;
  write_wake(queue);
}

/* An outer loop need not know. */
static void wake_sleepers_locked(ApartmentQueue *queue) {
  if (!queue->sleepers)
    return;
  queue->woken = true;
  signal_locked(queue);
}

/* Nothing is left of what the signal was for. */
static void settle_locked(ApartmentQueue *queue) {
  uint64_t count;
  if (!queue->signalled || queue->first || queue->woken)
    return;
  queue->signalled = false;
  (void)!read(queue->wake, &count, sizeof count);
}

static void make_wake_locked(ApartmentQueue *queue) {
  if (queue->wake < 0)
    queue->wake = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
}

static bool add_to_set(int set, int descriptor, uint32_t events, uint64_t number) {
  struct epoll_event event = { .events = events, .data.u64 = number };
  return descriptor >= 0 && epoll_ctl(set, EPOLL_CTL_ADD, descriptor, &event) == 0;
}

/* The epoll set holds the eventfd too, because an outer loop polls nothing but the set. */
static bool make_set_locked(ApartmentQueue *queue) {
  if (queue->set >= 0)
    return true;
  make_wake_locked(queue);
  int set = epoll_create1(EPOLL_CLOEXEC);
  if (set < 0)
    return false;
  if (!add_to_set(set, queue->wake, EPOLLIN, EVENT_WAKE)) {
    close(set);
    return false;
  }
  queue->set = set;
  return true;
}

void queue_wake(ApartmentQueue *queue) {
  if (queue->process != this_process)
    return;
  pthread_mutex_lock(&queue->lock);
  queue->woken = true;
  signal_locked(queue);
  pthread_mutex_unlock(&queue->lock);
}

/* Work */

static HRESULT post(ApartmentQueue *queue, ApartmentWork *work, Apartment *apartment) {
  if (queue->process != this_process)
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
    signal_locked(queue);
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

/* Timers */

/* The outer loop's alarm rings for the next timer. */
static void set_alarm_locked(ApartmentQueue *queue) {
  if (queue->alarm < 0)
    return;
  struct itimerspec alarm = { .it_value = { 0, 0 } };
  if (queue->timers && queue->timers->moment != APARTMENT_NEVER) {
    int64_t moment = queue->timers->moment > 0 ? queue->timers->moment : 1; /* zero would mean never */
    alarm.it_value = timespec_of(moment);
  }
  timerfd_settime(queue->alarm, TFD_TIMER_ABSTIME, &alarm, NULL);
}

static void unlink_timer_locked(ApartmentTimer *timer) {
  ApartmentTimer **link = &timer->queue->timers;
  while (*link != timer)
    link = &(*link)->next;
  *link = timer->next;
  timer->queue = NULL;
}

void queue_stop_timer(ApartmentTimer *timer) {
  ApartmentQueue *queue = timer->queue;
  if (!queue)
    return;
  pthread_mutex_lock(&queue->lock);
  if (timer->queue) {
    unlink_timer_locked(timer);
    set_alarm_locked(queue);
  }
  pthread_mutex_unlock(&queue->lock);
}

void queue_start_timer(ApartmentQueue *queue, ApartmentTimer *timer, int64_t moment) {
  queue_stop_timer(timer);
  pthread_mutex_lock(&queue->lock);
  timer->moment = moment;
  ApartmentTimer **link = &queue->timers;
  while (*link && (*link)->moment <= moment)
    link = &(*link)->next;
  timer->next = *link;
  *link = timer;
  timer->queue = queue;
  if (queue->timers == timer) {
    set_alarm_locked(queue);
    wake_sleepers_locked(queue); /* who sleeps has an older moment in mind */
  }
  pthread_mutex_unlock(&queue->lock);
}

static ApartmentTimer *take_due_timer_locked(ApartmentQueue *queue) {
  ApartmentTimer *timer = queue->timers;
  if (!timer || timer->moment == APARTMENT_NEVER || timer->moment > apartment_clock())
    return NULL;
  unlink_timer_locked(timer);
  set_alarm_locked(queue);
  return timer;
}

/* Descriptors */

/* Of a queue that threads share, whatever happens is told once; then the descriptor rests. Of one that is a thread's own, it is
 * told again and again, and put to rest only when that thread waits within `run`: most do not. */
static int change_watch_locked(ApartmentWatch *watch, int operation) {
  uint32_t once = watch->queue->shared || watch->once ? EPOLLONESHOT : 0;
  struct epoll_event event = { .events = watch->events | once, .data.u64 = watch->number };
  return epoll_ctl(watch->queue->set, operation, watch->descriptor, &event);
}

/* A number for the epoll set: the slot, and how often it was used. False: out of memory. */
static bool number_locked(ApartmentQueue *queue, ApartmentWatch *watch) {
  if (queue->free_slot == queue->slot_count) {
    uint32_t count = queue->slot_count ? queue->slot_count * 2 : 8;
    WatchSlot *slots = realloc(queue->slots, count * sizeof *slots);
    if (!slots)
      return false;
    for (uint32_t i = queue->slot_count; i < count; i++)
      slots[i] = (WatchSlot){ NULL, i + 1, 0 };
    queue->slots = slots;
    queue->slot_count = count;
  }
  WatchSlot *slot = &queue->slots[queue->free_slot];
  watch->number = ((uint64_t)++slot->uses << 32 | queue->free_slot) + FIRST_WATCH;
  queue->free_slot = slot->next_free;
  slot->watch = watch;
  queue->watches++;
  return true;
}

static ApartmentWatch *find_watch_locked(const ApartmentQueue *queue, uint64_t number) {
  uint32_t slot = (uint32_t)(number - FIRST_WATCH);
  ApartmentWatch *watch = number >= FIRST_WATCH && slot < queue->slot_count ? queue->slots[slot].watch : NULL;
  return watch && watch->number == number ? watch : NULL;
}

static void forget_watch_locked(ApartmentWatch *watch) {
  ApartmentQueue *queue = watch->queue;
  uint32_t slot = (uint32_t)(watch->number - FIRST_WATCH);
  queue->slots[slot].watch = NULL;
  queue->slots[slot].next_free = queue->free_slot;
  queue->free_slot = slot;
  queue->watches--;
  watch->queue = NULL;
}

HRESULT queue_watch(ApartmentQueue *queue, ApartmentWatch *watch) {
  HRESULT status = E_OUTOFMEMORY;
  if (queue->process != this_process)
    return RPC_E_DISCONNECTED;
  pthread_mutex_lock(&queue->lock);
  if (make_set_locked(queue) && number_locked(queue, watch)) {
    watch->queue = queue;
    watch->resting = watch->once = false;
    if (change_watch_locked(watch, EPOLL_CTL_ADD) == 0) {
      status = S_OK;
      wake_sleepers_locked(queue); /* who sleeps may do so without the set */
    } else {
      status = errno == ENOMEM || errno == ENOSPC ? E_OUTOFMEMORY : E_INVALIDARG;
      forget_watch_locked(watch);
    }
  }
  pthread_mutex_unlock(&queue->lock);
  return status;
}

void queue_unwatch(ApartmentWatch *watch) {
  ApartmentQueue *queue = watch->queue;
  if (!queue)
    return;
  pthread_mutex_lock(&queue->lock);
  if (watch->queue) {
    epoll_ctl(queue->set, EPOLL_CTL_DEL, watch->descriptor, NULL);
    forget_watch_locked(watch);
  }
  pthread_mutex_unlock(&queue->lock);
}

static void rise_locked(ApartmentWatch *watch) {
  watch->resting = false;
  if (watch->queue->shared || watch->once) {
    watch->once = false;
    change_watch_locked(watch, EPOLL_CTL_MOD);
  }
}

void queue_watch_again(ApartmentWatch *watch) {
  ApartmentQueue *queue = watch->queue;
  if (!queue)
    return;
  pthread_mutex_lock(&queue->lock);
  if (watch->queue && watch->resting)
    rise_locked(watch);
  pthread_mutex_unlock(&queue->lock);
}

/* The watch that an event of the set is for, if it is not resting: rests from now on. */
static ApartmentWatch *take_watch_locked(ApartmentQueue *queue, uint64_t number, uint32_t *turn) {
  ApartmentWatch *watch = find_watch_locked(queue, number);
  if (!watch)
    return NULL;
  if (watch->resting) {
    if (!queue->shared && !watch->once) {
      watch->once = true;
      change_watch_locked(watch, EPOLL_CTL_MOD); /* told a last time */
    }
    return NULL;
  }
  watch->resting = true;
  *turn = ++watch->turn;
  return watch;
}

/* After `run`: the watch may be gone, or may be served by another thread since it asked for more. */
static void end_turn(ApartmentQueue *queue, uint64_t number, uint32_t turn) {
  pthread_mutex_lock(&queue->lock);
  ApartmentWatch *watch = find_watch_locked(queue, number);
  if (watch && watch->resting && watch->turn == turn)
    rise_locked(watch);
  pthread_mutex_unlock(&queue->lock);
}

static bool serve_event(ApartmentQueue *queue, const struct epoll_event *event) {
  uint32_t turn;
  pthread_mutex_lock(&queue->lock);
  ApartmentWatch *watch = take_watch_locked(queue, event->data.u64, &turn);
  pthread_mutex_unlock(&queue->lock);
  if (!watch)
    return false;
  watch->run(watch, event->events);
  end_turn(queue, event->data.u64, turn);
  return true;
}

/* The next event of the set, up to a moment. */
static bool wait_on_set(int set, struct epoll_event *event, int64_t until) {
  if (until == APARTMENT_NEVER)
    return epoll_wait(set, event, 1, -1) == 1;
  int64_t now = until > 0 ? apartment_clock() : 0, left = until > now ? until - now : 0;
#ifdef SYS_epoll_pwait2
  if (left) {
    struct timespec limit = timespec_of(left);
    long count = syscall(SYS_epoll_pwait2, set, event, 1, &limit, NULL, (size_t)0);
    if (count >= 0 || errno != ENOSYS)
      return count == 1;
  }
#endif
  int64_t milliseconds = (left + 999999) / 1000000;
  return epoll_wait(set, event, 1, milliseconds < INT_MAX ? (int)milliseconds : INT_MAX) == 1;
}

void queue_watch_change(ApartmentWatch *watch, uint32_t events) {
  ApartmentQueue *queue = watch->queue;
  if (!queue)
    return;
  pthread_mutex_lock(&queue->lock);
  watch->events = events;
  /* One that the system tells of no more is told of when it goes on. */
  if (watch->queue && !(watch->resting && (queue->shared || watch->once)))
    change_watch_locked(watch, EPOLL_CTL_MOD);
  pthread_mutex_unlock(&queue->lock);
}

/* One descriptor that has something, if there is one. */
static bool serve_descriptor(ApartmentQueue *queue) {
  struct epoll_event event;
  pthread_mutex_lock(&queue->lock);
  int set = queue->watches ? queue->set : -1;
  pthread_mutex_unlock(&queue->lock);
  return set >= 0 && wait_on_set(set, &event, 0) && serve_event(queue, &event);
}

static bool make_alarm_locked(ApartmentQueue *queue, uint32_t events) {
  if (!make_set_locked(queue))
    return false;
  if (queue->alarm >= 0)
    return true;
  int alarm = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (!add_to_set(queue->set, alarm, events, EVENT_TIMER)) {
    close_descriptor(alarm);
    return false;
  }
  queue->alarm = alarm;
  set_alarm_locked(queue);
  return true;
}

int queue_descriptor(ApartmentQueue *queue) {
  pthread_mutex_lock(&queue->lock);
  if (!queue->polled && !queue->pooled) {
    queue->polled = make_alarm_locked(queue, EPOLLIN);
    if (queue->polled && queue->first)
      signal_locked(queue);
  }
  int set = queue->polled ? queue->set : -1;
  pthread_mutex_unlock(&queue->lock);
  return set;
}

/* Waiting */

static bool serve_one(ApartmentQueue *queue) {
  pthread_mutex_lock(&queue->lock);
  ApartmentTimer *timer = take_due_timer_locked(queue);
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
  settle_locked(queue);
  if (queue->timers && queue->timers->moment < *until)
    *until = queue->timers->moment;
  return true;
}

static void end_sleep(ApartmentQueue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->sleepers--;
  queue->woken = false;
  settle_locked(queue);
  pthread_mutex_unlock(&queue->lock);
}

static bool begin_sleep(ApartmentQueue *queue, Sleep *sleep) {
  pthread_mutex_lock(&queue->lock);
  bool idle = begin_sleep_locked(queue, &sleep->until);
  if (idle) {
    make_wake_locked(queue);
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
  struct timespec limit = timespec_of(left);
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
  bool happened = wait_on_set(set, &event, until);
  end_sleep(queue);
  return happened && serve_event(queue, &event);
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
    if (serve_descriptor(waiter->queues[i]))
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
static void tell_members_locked(ApartmentQueue *queue) {
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
    settle_locked(waiter->queues[i]);
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

/* The pool */

static bool change_wake_locked(ApartmentQueue *queue, uint32_t events) {
  struct epoll_event event = { .events = events, .data.u64 = EVENT_WAKE };
  return epoll_ctl(queue->set, EPOLL_CTL_MOD, queue->wake, &event) == 0;
}

HRESULT queue_open_pool(ApartmentQueue *queue) {
  HRESULT status = E_OUTOFMEMORY;
  pthread_mutex_lock(&queue->lock);
  if (queue->pool_ends || queue->process != this_process) {
    status = RPC_E_DISCONNECTED;
  } else if (queue->pooled) {
    status = S_FALSE;
  } else if (make_alarm_locked(queue, EPOLLIN | EPOLLET) && change_wake_locked(queue, EPOLLIN | EPOLLET)) {
    queue->pooled = true;
    queue->coming = 1;
    if (queue->sleepers)
      write_wake(queue); /* members that sleep there leave it to the pool */
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
    write_wake(queue);
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
  found->timer = take_due_timer_locked(queue);
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
    end_turn(queue, found->event.data.u64, found->turn);
  }
}

/* Sleeps, under the lock, which is given up meanwhile. False: nothing happened. */
static bool pool_sleep_locked(ApartmentQueue *queue, Finding *found, int64_t until) {
  int set = queue->set;
  queue->pool_sleepers++;
  pthread_mutex_unlock(&queue->lock);
  bool happened = wait_on_set(set, &found->event, until);
  pthread_mutex_lock(&queue->lock);
  queue->pool_sleepers--;
  if (happened)
    found->watch = take_watch_locked(queue, found->event.data.u64, &found->turn);
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
    write_wake(queue); /* the next one, too */
  pthread_mutex_unlock(&queue->lock);
  if (alone)
    grow(context);
  if (found_any) {
    run_finding(queue, &found);
    pthread_mutex_lock(&queue->lock);
    tell_members_locked(queue);
    pthread_mutex_unlock(&queue->lock);
  }
  return ends ? POOL_ENDS : surplus ? POOL_SURPLUS : POOL_GOES_ON;
}

/* A process that forked */

void queue_begin_process(void) {
  this_process++;
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
      forget_watch_locked(queue->slots[i].watch);
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
  queue->process = this_process;
}
