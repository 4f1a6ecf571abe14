/* A queue as the files of com/apartment/ that serve it see it: its work (apartment_queue.c), its timers and descriptors
 * (apartment_events.c), those who wait (apartment_wait.c), the pool (apartment_pool.c). What has _locked in its name is called
 * under the lock of the queue. */
#ifndef OLEANDER_APARTMENT_QUEUE_INTERNAL_H
#define OLEANDER_APARTMENT_QUEUE_INTERNAL_H

#include "com/apartment/apartment_internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <sys/epoll.h>
#include <time.h>

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
extern unsigned queue_process;

struct timespec moment_timespec(int64_t nanoseconds);

/* Telling who sleeps */

void queue_write_wake(const ApartmentQueue *queue);
void queue_signal_locked(ApartmentQueue *queue);
/* An outer loop need not know. */
void queue_wake_sleepers_locked(ApartmentQueue *queue);
/* Nothing is left of what the signal was for. */
void queue_settle_locked(ApartmentQueue *queue);
void queue_make_wake_locked(ApartmentQueue *queue);
/* The epoll set, with the eventfd in it. */
bool queue_make_set_locked(ApartmentQueue *queue);
bool queue_add_to_set(int set, int descriptor, uint32_t events, uint64_t number);

/* Timers and descriptors (apartment_events.c) */

ApartmentTimer *queue_take_due_timer_locked(ApartmentQueue *queue);
void queue_set_alarm_locked(ApartmentQueue *queue);
/* The timerfd that rings for the next timer, in the set. */
bool queue_make_alarm_locked(ApartmentQueue *queue, uint32_t events);
void queue_forget_watch_locked(ApartmentWatch *watch);
/* The watch that an event of the set is for, if it is not resting: rests from now on. */
ApartmentWatch *queue_take_watch_locked(ApartmentQueue *queue, uint64_t number, uint32_t *turn);
/* After `run`: the watch may be gone, or may be served by another thread since it asked for more. */
void queue_end_turn(ApartmentQueue *queue, uint64_t number, uint32_t turn);
bool queue_serve_event(ApartmentQueue *queue, const struct epoll_event *event);
/* One descriptor that has something, if there is one. */
bool queue_serve_descriptor(ApartmentQueue *queue);
/* The next event of the set, up to a moment. */
bool queue_wait_on_set(int set, struct epoll_event *event, int64_t until);

/* Members of an apartment that a pool serves are told of each service (apartment_wait.c). */
void queue_tell_members_locked(ApartmentQueue *queue);

#endif
