/* What com/apartment/ offers to the folders that stand on it: which threads belong to which apartment, what leaves with
 * an apartment, work for its threads, and the one function that waits. */
#ifndef OLEANDER_APARTMENT_API_H
#define OLEANDER_APARTMENT_API_H

#include <stdbool.h>
#include <stdint.h>

#include <objbase.h>

/* Apartments (apartment_threads.c) */

/* A single-threaded apartment, or one life of the multithreaded one: from its first member to its last. Counted
 * references keep the structure, not the apartment. */
typedef struct Apartment Apartment;

/* The calling thread's apartment, with a reference: the multithreaded one also for a thread that never initialized, as
 * long as others keep it alive. NULL: none. */
Apartment *apartment_get(void);
/* The living apartment with a number, with a reference; NULL. */
Apartment *apartment_find(uint64_t number);
Apartment *apartment_addref(Apartment *apartment);
OLEANDER_API(void, apartment_release, (Apartment * apartment));

/* Its number; numbers are not used again. */
uint64_t apartment_number(const Apartment *apartment);
bool apartment_is_single(const Apartment *apartment);

/* The number of the calling thread's apartment; 0: none. */
uint64_t apartment_current(void);

/* Called on a thread that is about to leave its apartment for good (its last CoUninitialize), while COM still works for
 * it: the place to let go of objects. `last` says that the apartment ends with it (always so for an STA). Where the last
 * thing that kept the MTA was a CoIncrementMTAUsage, the thread may be in another apartment: `apartment` tells. */
typedef void (*ApartmentHook)(uint64_t apartment, bool last);

/* Registers a hook for the rest of the process; E_OUTOFMEMORY when the table is full. Hooks run in reverse order. */
HRESULT apartment_add_hook(ApartmentHook hook);

/* Whether no apartment of the process is left, within a hook: the one that ends does not count. */
bool apartment_none_left(void);

/* The logical thread that calls of this thread belong to (CoGetCurrentLogicalThreadId): within a call from elsewhere that
 * of the caller. Gives the one before; GUID_NULL: none of its own yet. */
GUID thread_set_logical(REFGUID logical);

/* The message filter of the calling thread's single-threaded apartment, with a reference; NULL: none. */
IMessageFilter *message_filter_get(void);

/* How often CoEnableCallCancellation is in force on the calling thread. */
ULONG thread_cancel_count(void);

/* Work (apartment_queue.c) */

/* Where a thread finds what others want of it, and where it sleeps. Every thread that waits has one, and so has the
 * multithreaded apartment: that one is served by its pool, or by its members that wait as long as it has none. */
typedef struct ApartmentQueue ApartmentQueue;

typedef struct ApartmentWork ApartmentWork;
struct ApartmentWork {
  /* Carries it out, on a thread of the apartment, in its turn. dropped: the apartment (or the thread) has ended first;
   * then it runs on whatever thread saw that, and only memory is to be freed and those who wait to be told. */
  void (*run)(ApartmentWork *work, bool dropped);
  /* Of the queue, from the post until it runs. */
  ApartmentWork *next;
  const Apartment *apartment;
};

/* Leaves work to a thread of the apartment; from any thread. RPC_E_DISCONNECTED: the apartment has ended, and the work
 * was not taken. Never fails otherwise, never waits. */
OLEANDER_API(HRESULT, apartment_post, (Apartment * apartment, ApartmentWork *work));

/* To be called when something of the apartment becomes reachable from elsewhere, before anything is posted: the multithreaded
 * apartment gets its pool, threads that serve its queue. There is always one that is not busy, so calls that block starve no
 * others; idle ones end after a while, all with the apartment. Does nothing for a single-threaded one. */
HRESULT apartment_serve(Apartment *apartment);

/* Has a thread of the apartment carry out body(context), and waits for its result as apartment_wait does; at once where the
 * caller is in that apartment. RPC_E_DISCONNECTED: the apartment has ended first. No lock may be held. */
HRESULT apartment_run(Apartment *apartment, HRESULT (*body)(void *context), void *context);

/* Apartments that the process keeps for objects that do not suit the apartment they are made from (apartment_hosts.c) */

typedef enum ApartmentHost {
  HOST_MAIN,   /* the main STA: for classes without a threading model. The program's own, if it has one */
  HOST_SINGLE, /* an STA for apartment-threaded classes, where the caller is in none */
  HOST_MULTI,  /* the MTA: the program's own, if it has one */
  HOST_KINDS
} ApartmentHost;

/* The apartment, with a reference, made where there is none. What was made ends when no apartment is left but these. */
OLEANDER_API(HRESULT, apartment_host, (ApartmentHost kind, Apartment **apartment));

/* The calling thread's own queue, made at the first call; borrowed. NULL: out of memory. */
OLEANDER_API(ApartmentQueue *, queue_of_thread, (void));
OLEANDER_API(ApartmentQueue *, queue_addref, (ApartmentQueue * queue));
OLEANDER_API(void, queue_release, (ApartmentQueue * queue));
/* The same as apartment_post for that very thread, whatever apartment it is in. */
OLEANDER_API(HRESULT, queue_post, (ApartmentQueue * queue, ApartmentWork *work));
/* Makes the thread of the queue look again whether it is done, when it waits; from any thread. */
OLEANDER_API(void, queue_wake, (ApartmentQueue * queue));

/* Moments are nanoseconds of the monotonic clock. */
#define APARTMENT_NEVER INT64_MAX
OLEANDER_API(int64_t, apartment_clock, (void));
/* A moment from now; negative or immense: APARTMENT_NEVER. */
OLEANDER_API(int64_t, apartment_after, (double seconds));

/* The one way to wait: serves work, descriptors and timers of the calling thread's queue (and of the multithreaded
 * apartment's, for its members) until done(context), which is asked between services, or the deadline. True: done. Without
 * `done`: until something was served. Where a pool serves the apartment, what it does counts as served. What is served may wait in
 * turn. No lock may be held. */
OLEANDER_API(bool, apartment_wait, (bool (*done)(void *context), void *context, int64_t deadline));

/* The same where whoever makes it done wakes the thread's queue (queue_wake): what a pool does meanwhile is nothing to look at, and
 * costs the pool nothing. */
OLEANDER_API(bool, apartment_wait_woken, (bool (*done)(void *context), void *context, int64_t deadline));

/* Likewise, and looks again at `done` when one of the descriptors beside has something (poll). */
struct pollfd;
OLEANDER_API(bool, apartment_wait_beside,
             (const struct pollfd *beside, unsigned beside_count, bool (*done)(void *context), void *context,
              int64_t deadline));

/* A descriptor that is readable while the queue has something to serve, for a thread with a loop of its own; of the
 * queue. -1: none to be had. */
OLEANDER_API(int, queue_descriptor, (ApartmentQueue * queue));

/* Runs once at the moment, unless stopped. The structure is the caller's until it has run or was stopped. */
typedef struct ApartmentTimer ApartmentTimer;
struct ApartmentTimer {
  void (*run)(ApartmentTimer *timer);
  int64_t moment;
  /* Of the queue. */
  ApartmentTimer *next;
  ApartmentQueue *queue; /* NULL: not running */
};

/* Starts a timer, or sets it to another moment; both where it cannot be about to run: on the thread of the queue. */
OLEANDER_API(void, queue_start_timer, (ApartmentQueue * queue, ApartmentTimer *timer, int64_t moment));
OLEANDER_API(void, queue_stop_timer, (ApartmentTimer * timer));

/* A descriptor that is watched. It is served by one thread at a time: until `run` has returned or has asked for more
 * (queue_watch_again), it rests. */
typedef struct ApartmentWatch ApartmentWatch;
struct ApartmentWatch {
  void (*run)(ApartmentWatch *watch, uint32_t events);
  int descriptor;
  uint32_t events; /* EPOLLIN ... */
  /* Of the queue. */
  ApartmentQueue *queue; /* NULL: not watched */
  uint64_t number;
  uint32_t turn; /* how often it ran */
  bool resting;
  bool once; /* the system tells of it no more, because its thread waits within `run` */
};

/* E_OUTOFMEMORY, or E_INVALIDARG for a descriptor that cannot be watched. */
HRESULT queue_watch(ApartmentQueue *queue, ApartmentWatch *watch);
/* Within `run`: other threads (or a nested wait) may serve it from now on. */
void queue_watch_again(ApartmentWatch *watch);
/* Other events from now on; from any thread that keeps the watch alive. One that rests takes them up when it goes on. */
void queue_watch_change(ApartmentWatch *watch, uint32_t events);
/* Ends it; also within `run`. Where the queue is shared, no other thread may be within `run`. */
void queue_unwatch(ApartmentWatch *watch);

/* The queue that apartment_post leaves work in; borrowed: for watches and timers of an apartment. */
ApartmentQueue *apartment_queue(Apartment *apartment);

#endif
