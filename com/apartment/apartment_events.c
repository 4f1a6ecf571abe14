/* Timers and watched descriptors of a queue. */
#include "com/apartment/queue_internal.h"

#include <errno.h>
#include <limits.h>
#include <stdlib.h>
#include <sys/syscall.h>
#include <sys/timerfd.h>
#include <unistd.h>

#define SECOND 1000000000

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

struct timespec moment_timespec(int64_t nanoseconds) {
  return (struct timespec){ .tv_sec = nanoseconds / SECOND, .tv_nsec = nanoseconds % SECOND };
}

/* Timers */

/* The outer loop's alarm rings for the next timer. */
void queue_set_alarm_locked(ApartmentQueue *queue) {
  if (queue->alarm < 0)
    return;
  struct itimerspec alarm = { .it_value = { 0, 0 } };
  if (queue->timers && queue->timers->moment != APARTMENT_NEVER) {
    int64_t moment = queue->timers->moment > 0 ? queue->timers->moment : 1; /* zero would mean never */
    alarm.it_value = moment_timespec(moment);
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
    queue_set_alarm_locked(queue);
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
    queue_set_alarm_locked(queue);
    queue_wake_sleepers_locked(queue); /* who sleeps has an older moment in mind */
  }
  pthread_mutex_unlock(&queue->lock);
}

ApartmentTimer *queue_take_due_timer_locked(ApartmentQueue *queue) {
  ApartmentTimer *timer = queue->timers;
  if (!timer || timer->moment == APARTMENT_NEVER || timer->moment > apartment_clock())
    return NULL;
  unlink_timer_locked(timer);
  queue_set_alarm_locked(queue);
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

void queue_forget_watch_locked(ApartmentWatch *watch) {
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
  if (queue->process != queue_process)
    return RPC_E_DISCONNECTED;
  pthread_mutex_lock(&queue->lock);
  if (queue_make_set_locked(queue) && number_locked(queue, watch)) {
    watch->queue = queue;
    watch->resting = watch->once = false;
    if (change_watch_locked(watch, EPOLL_CTL_ADD) == 0) {
      status = S_OK;
      queue_wake_sleepers_locked(queue); /* who sleeps may do so without the set */
    } else {
      status = errno == ENOMEM || errno == ENOSPC ? E_OUTOFMEMORY : E_INVALIDARG;
      queue_forget_watch_locked(watch);
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
    queue_forget_watch_locked(watch);
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
ApartmentWatch *queue_take_watch_locked(ApartmentQueue *queue, uint64_t number, uint32_t *turn) {
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
void queue_end_turn(ApartmentQueue *queue, uint64_t number, uint32_t turn) {
  pthread_mutex_lock(&queue->lock);
  ApartmentWatch *watch = find_watch_locked(queue, number);
  if (watch && watch->resting && watch->turn == turn)
    rise_locked(watch);
  pthread_mutex_unlock(&queue->lock);
}

bool queue_serve_event(ApartmentQueue *queue, const struct epoll_event *event) {
  uint32_t turn;
  pthread_mutex_lock(&queue->lock);
  ApartmentWatch *watch = queue_take_watch_locked(queue, event->data.u64, &turn);
  pthread_mutex_unlock(&queue->lock);
  if (!watch)
    return false;
  watch->run(watch, event->events);
  queue_end_turn(queue, event->data.u64, turn);
  return true;
}

/* The next event of the set, up to a moment. */
bool queue_wait_on_set(int set, struct epoll_event *event, int64_t until) {
  if (until == APARTMENT_NEVER)
    return epoll_wait(set, event, 1, -1) == 1;
  int64_t now = until > 0 ? apartment_clock() : 0, left = until > now ? until - now : 0;
#ifdef SYS_epoll_pwait2
  if (left) {
    struct timespec limit = moment_timespec(left);
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
bool queue_serve_descriptor(ApartmentQueue *queue) {
  struct epoll_event event;
  pthread_mutex_lock(&queue->lock);
  int set = queue->watches ? queue->set : -1;
  pthread_mutex_unlock(&queue->lock);
  return set >= 0 && queue_wait_on_set(set, &event, 0) && queue_serve_event(queue, &event);
}

bool queue_make_alarm_locked(ApartmentQueue *queue, uint32_t events) {
  if (!queue_make_set_locked(queue))
    return false;
  if (queue->alarm >= 0)
    return true;
  int alarm = timerfd_create(CLOCK_MONOTONIC, TFD_NONBLOCK | TFD_CLOEXEC);
  if (!queue_add_to_set(queue->set, alarm, events, EVENT_TIMER)) {
    if (alarm >= 0)
      close(alarm);
    return false;
  }
  queue->alarm = alarm;
  queue_set_alarm_locked(queue);
  return true;
}

int queue_descriptor(ApartmentQueue *queue) {
  pthread_mutex_lock(&queue->lock);
  if (!queue->polled && !queue->pooled) {
    queue->polled = queue_make_alarm_locked(queue, EPOLLIN);
    if (queue->polled && queue->first)
      queue_signal_locked(queue);
  }
  int set = queue->polled ? queue->set : -1;
  pthread_mutex_unlock(&queue->lock);
  return set;
}
