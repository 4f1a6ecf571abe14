/* Work for the threads of an apartment, descriptors and timers, and the one function that waits (apartment_wait).
 *
 * A thread sleeps in ppoll on its queue's eventfd and, once a descriptor is watched, on its epoll set. The eventfd is
 * readable only while somebody who sleeps, or an outer loop that polls queue_descriptor, has to be told: work that a thread
 * leaves to itself, or to one that is busy, costs no system call. */
#include "com/apartment/apartment_internal.h"

#include <errno.h>
#include <poll.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/timerfd.h>
#include <time.h>
#include <unistd.h>

#define SECOND 1000000000

/* How often a thread looks for itself when the system gives it no descriptor to sleep on. */
#define BLIND_SLEEP (10 * 1000000)

/* In the epoll set of an outer loop and of a sleeping thread; other numbers are those of watches. */
enum { EVENT_WAKE = 0, EVENT_TIMER = 1, FIRST_WATCH = 2 };

struct ApartmentQueue {
  _Atomic uint32_t references;
  pthread_mutex_t lock; /* for the rest */
  ApartmentWork *first, *last;
  ApartmentTimer *timers;  /* the next one first */
  ApartmentWatch *watches; /* all, also those that rest */
  bool ended;              /* with its thread: takes no more work at all */
  bool woken;              /* look again, whatever there is */
  bool signalled;          /* the eventfd is readable */
  bool polled;             /* an outer loop looks at `set` */
  unsigned sleepers;
  int wake, set, alarm; /* eventfd, epoll set, timerfd for outer loops; -1: not made yet */
  uint64_t last_number;
};

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

ApartmentQueue *queue_create(void) {
  ApartmentQueue *queue = calloc(1, sizeof *queue);
  if (!queue)
    return NULL;
  queue->references = 1;
  pthread_mutex_init(&queue->lock, NULL);
  queue->wake = queue->set = queue->alarm = -1;
  queue->last_number = FIRST_WATCH;
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
  free(queue);
}

ApartmentQueue *queue_of_thread(void) {
  if (!thread_state.queue) {
    thread_state.queue = queue_create();
    if (thread_state.queue)
      thread_state_watch();
  }
  return thread_state.queue;
}

/* Telling who sleeps; under the lock */

static void signal_locked(ApartmentQueue *queue) {
  if (queue->signalled || queue->wake < 0 || (queue->sleepers == 0 && !queue->polled))
    return;
  queue->signalled = true;
  (void)!write(queue->wake, &(uint64_t){ 1 }, sizeof(uint64_t));
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
  pthread_mutex_lock(&queue->lock);
  queue->woken = true;
  signal_locked(queue);
  pthread_mutex_unlock(&queue->lock);
}

/* Work */

static HRESULT post(ApartmentQueue *queue, ApartmentWork *work, Apartment *apartment) {
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

/* Whatever happens is told once; then the descriptor rests. */
static int change_watch_locked(ApartmentWatch *watch, int operation) {
  struct epoll_event event = { .events = watch->events | EPOLLONESHOT, .data.u64 = watch->number };
  return epoll_ctl(watch->queue->set, operation, watch->descriptor, &event);
}

HRESULT queue_watch(ApartmentQueue *queue, ApartmentWatch *watch) {
  HRESULT status = E_OUTOFMEMORY;
  pthread_mutex_lock(&queue->lock);
  if (make_set_locked(queue)) {
    watch->number = ++queue->last_number;
    watch->queue = queue;
    watch->resting = false;
    if (change_watch_locked(watch, EPOLL_CTL_ADD) == 0) {
      watch->next = queue->watches;
      queue->watches = watch;
      status = S_OK;
      wake_sleepers_locked(queue); /* who sleeps may do so without the set */
    } else {
      watch->queue = NULL;
      status = errno == ENOMEM || errno == ENOSPC ? E_OUTOFMEMORY : E_INVALIDARG;
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
  ApartmentWatch **link = &queue->watches;
  while (*link != watch)
    link = &(*link)->next;
  *link = watch->next;
  epoll_ctl(queue->set, EPOLL_CTL_DEL, watch->descriptor, NULL);
  watch->queue = NULL;
  pthread_mutex_unlock(&queue->lock);
}

static ApartmentWatch *find_watch_locked(ApartmentQueue *queue, uint64_t number) {
  ApartmentWatch *watch = queue->watches;
  while (watch && watch->number != number)
    watch = watch->next;
  return watch;
}

static void watch_again(ApartmentQueue *queue, uint64_t number) {
  pthread_mutex_lock(&queue->lock);
  ApartmentWatch *watch = find_watch_locked(queue, number);
  if (watch && watch->resting) {
    watch->resting = false;
    change_watch_locked(watch, EPOLL_CTL_MOD);
  }
  pthread_mutex_unlock(&queue->lock);
}

void queue_watch_again(ApartmentWatch *watch) {
  if (watch->queue)
    watch_again(watch->queue, watch->number);
}

void queue_watch_change(ApartmentWatch *watch, uint32_t events) {
  ApartmentQueue *queue = watch->queue;
  if (!queue)
    return;
  pthread_mutex_lock(&queue->lock);
  watch->events = events;
  if (watch->queue && !watch->resting)
    change_watch_locked(watch, EPOLL_CTL_MOD);
  pthread_mutex_unlock(&queue->lock);
}

/* One descriptor that has something, if there is one. What else was told comes again, at once: what is served may wait for it. */
static bool serve_descriptor(ApartmentQueue *queue) {
  struct epoll_event events[3]; /* the eventfd and the alarm may stand before it */
  ApartmentWatch *chosen = NULL;
  uint32_t told = 0;
  pthread_mutex_lock(&queue->lock);
  int count = queue->watches ? epoll_wait(queue->set, events, 3, 0) : 0;
  for (int i = 0; i < count; i++) {
    uint64_t number = events[i].data.u64;
    ApartmentWatch *watch = number >= FIRST_WATCH ? find_watch_locked(queue, number) : NULL;
    if (!watch)
      continue;
    if (chosen) {
      change_watch_locked(watch, EPOLL_CTL_MOD);
      continue;
    }
    chosen = watch;
    told = events[i].events;
    watch->resting = true;
  }
  uint64_t number = chosen ? chosen->number : 0;
  pthread_mutex_unlock(&queue->lock);
  if (!chosen)
    return false;
  chosen->run(chosen, told);
  watch_again(queue, number);
  return true;
}

int queue_descriptor(ApartmentQueue *queue) {
  pthread_mutex_lock(&queue->lock);
  if (!queue->polled && make_set_locked(queue)) {
    if (queue->alarm < 0)
      queue->alarm = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
    queue->polled = queue->alarm >= 0 && add_to_set(queue->set, queue->alarm, EPOLLIN, EVENT_TIMER);
    set_alarm_locked(queue);
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
  return timer || work || serve_descriptor(queue);
}

typedef struct Sleep {
  int64_t until;
  struct pollfd descriptors[4];
  nfds_t count;
  bool blind; /* there is something that no descriptor will tell */
} Sleep;

/* Announces a sleeper. False: there is something to do already. */
static bool begin_sleep(ApartmentQueue *queue, Sleep *sleep) {
  pthread_mutex_lock(&queue->lock);
  bool idle = !queue->first && !queue->woken;
  queue->woken = false;
  if (idle) {
    queue->sleepers++;
    settle_locked(queue);
    make_wake_locked(queue);
    sleep->blind = sleep->blind || queue->wake < 0;
    sleep->descriptors[sleep->count++] = (struct pollfd){ .fd = queue->wake, .events = POLLIN };
    if (queue->watches)
      sleep->descriptors[sleep->count++] = (struct pollfd){ .fd = queue->set, .events = POLLIN };
    if (queue->timers && queue->timers->moment < sleep->until)
      sleep->until = queue->timers->moment;
  }
  pthread_mutex_unlock(&queue->lock);
  return idle;
}

static void end_sleep(ApartmentQueue *queue) {
  pthread_mutex_lock(&queue->lock);
  queue->sleepers--;
  queue->woken = false;
  settle_locked(queue);
  pthread_mutex_unlock(&queue->lock);
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

/* Sleeps until one of the queues has something, or until the moment. */
static void sleep_on(ApartmentQueue *const *queues, int count, int64_t until) {
  Sleep sleep = { .until = until, .blind = count == 0 };
  int ready = 0;
  while (ready < count && begin_sleep(queues[ready], &sleep))
    ready++;
  if (ready == count)
    fall_asleep(&sleep);
  while (ready-- > 0)
    end_sleep(queues[ready]);
}

/* The queues that the calling thread serves: its own and, as a member of it, that of the multithreaded apartment. */
static int queues_of_thread(ApartmentQueue *queues[2]) {
  int count = 0;
  ApartmentQueue *own = queue_of_thread();
  if (own)
    queues[count++] = queue_addref(own);
  Apartment *apartment = thread_state.apartment;
  if (apartment && !apartment->is_single)
    queues[count++] = queue_addref(apartment->queue);
  return count;
}

static bool serve_any(ApartmentQueue *const *queues, int count) {
  for (int i = 0; i < count; i++) {
    if (serve_one(queues[i]))
      return true;
  }
  return false;
}

static bool is_past(int64_t deadline) {
  return deadline != APARTMENT_NEVER && apartment_clock() >= deadline;
}

bool apartment_wait(bool (*done)(void *context), void *context, int64_t deadline) {
  ApartmentQueue *queues[2];
  int count = queues_of_thread(queues);
  bool finished = false;
  for (bool late = false; !finished; late = is_past(deadline)) {
    finished = done && done(context);
    if (finished || late)
      break;
    bool served = serve_any(queues, count);
    if (served && !done)
      finished = true;
    else if (!served && !is_past(deadline))
      sleep_on(queues, count, deadline);
  }
  for (int i = 0; i < count; i++) {
    pthread_mutex_lock(&queues[i]->lock);
    settle_locked(queues[i]);
    pthread_mutex_unlock(&queues[i]->lock);
    queue_release(queues[i]);
  }
  return finished;
}
