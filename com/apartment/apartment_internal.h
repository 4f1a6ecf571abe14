/* What the files of com/apartment/ share: the apartment, and what COM knows of each thread. */
#ifndef OLEANDER_APARTMENT_INTERNAL_H
#define OLEANDER_APARTMENT_INTERNAL_H

#include "com/apartment/apartment_api.h"
#include "com/com_api.h"

typedef struct ApartmentContext ApartmentContext;
typedef struct InitializeSpies InitializeSpies;

struct Apartment {
  Apartment *next; /* of the living; under the lock of apartment_threads.c */
  _Atomic uint32_t references;
  uint64_t number;
  bool is_single;
  bool is_host;       /* an STA of the process's own (apartment_hosts.c) */
  ULONG members;      /* threads of the MTA; likewise */
  ULONG host_members; /* those of them that are hosts */
  bool ended;         /* takes no more work; under the lock of the queue */
  ApartmentQueue *queue;
  ApartmentContext *context; /* apartment_identity.c */
  IMessageFilter *filter;    /* of an STA, used by its thread alone (message_filter.c) */
  /* Of the MTA's pool (apartment_pool.c). */
  _Atomic unsigned pool_threads;
  _Atomic(ApartmentQueue *) pool_waiter; /* who waits for their end; referenced */
};

/* What COM knows of a thread. It stands in static thread-local memory (see cmake/OleanderBuild.cmake), which is scarce. */
typedef struct ThreadState {
  Apartment *apartment;   /* referenced; NULL: none, or the implicit MTA */
  ULONG count;            /* CoInitializeEx calls not yet undone */
  DWORD process_id;       /* CoGetCurrentProcess; 0 until asked for */
  ApartmentQueue *queue;  /* its own; referenced, NULL until it is needed */
  InitializeSpies *spies; /* initialize_spy.c; NULL: none */
  IUnknown *call_context; /* call_context.c; not counted */
  ULONG cancel_count;     /* likewise */
  bool leaving;           /* within its last CoUninitialize */
  bool serves;            /* of the MTA's pool: in it without being a member */
  bool hosts;             /* the thread of a host */
  bool watched;           /* thread_state_end will be called */
  GUID logical_thread;    /* apartment_identity.c; GUID_NULL until asked for */
} ThreadState;

extern _Thread_local ThreadState thread_state;

/* What the thread state owns goes when the thread ends; to be called by whoever makes it own something. */
void thread_state_watch(void);

/* apartment_threads.c */

/* CoInitializeEx for a thread of a host. */
HRESULT apartment_enter_as_host(bool is_single);
/* The main STA, with a reference; NULL: there is none. */
Apartment *apartment_main(void);

/* apartment_queue.c */

ApartmentQueue *queue_create(bool shared);
/* Tells the work that was left to the apartment, and refuses more. */
void queue_drop(ApartmentQueue *queue, Apartment *apartment);
/* The thread ends: drops everything, gives up the thread's reference. */
void queue_end_thread(ApartmentQueue *queue);

/* From now on a pool serves the shared queue, of which one thread is coming. S_FALSE: it does so already. */
HRESULT queue_open_pool(ApartmentQueue *queue);
/* A thread that was coming could not be made; last: there is no other. */
void queue_pool_failed(ApartmentQueue *queue, bool last);
/* Its threads find POOL_ENDS when they have nothing else to do. */
void queue_end_pool(ApartmentQueue *queue);

typedef enum PoolStep { POOL_GOES_ON, POOL_SURPLUS, POOL_ENDS } PoolStep;
/* One thing that a thread of the pool does, or sleeps until the moment: POOL_SURPLUS when nothing came and others sleep, too.
 * grow(context): the thread is about to become busy and no other is left; one more is coming, or queue_pool_failed says that
 * it is not. is_new: the thread is one that was coming. */
PoolStep queue_pool_step(ApartmentQueue *queue, int64_t until, bool is_new, void (*grow)(void *context), void *context);

/* After a fork, in the child: all queues are dead but those that begin anew. */
void queue_begin_process(void);
void queue_begin_anew(ApartmentQueue *queue);
/* Around the fork, for those that will. */
void queue_lock(ApartmentQueue *queue);
void queue_unlock(ApartmentQueue *queue);

/* apartment_pool.c */

/* After the apartment's queue was dropped: waits for what the pool's threads are doing, for a while. */
void pool_end(Apartment *apartment);

/* apartment_hosts.c */

/* Nobody but hosts keeps COM alive any more: waits for their end. */
void hosts_end(void);
/* In the child of a fork they are not there. */
void hosts_forget(void);

/* apartment_identity.c */

ApartmentContext *context_create(void);
void context_set_apartment(ApartmentContext *context, uint64_t number);
void context_end(ApartmentContext *context); /* with its apartment; counted references keep it */

/* initialize_spy.c */

void spies_before_initialize(DWORD flags);
HRESULT spies_after_initialize(HRESULT result, DWORD flags);
void spies_before_uninitialize(void);
void spies_after_uninitialize(void);
void spies_free(InitializeSpies *spies);

/* message_filter.c */

void message_filter_end(Apartment *apartment);

#endif
