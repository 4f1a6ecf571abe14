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
  ULONG members; /* threads of the MTA; likewise */
  bool ended;    /* takes no more work; under the lock of the queue */
  ApartmentQueue *queue;
  ApartmentContext *context; /* apartment_identity.c */
  IMessageFilter *filter;    /* of an STA, used by its thread alone (message_filter.c) */
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
  bool watched;           /* thread_state_end will be called */
  GUID logical_thread;    /* apartment_identity.c; GUID_NULL until asked for */
} ThreadState;

extern _Thread_local ThreadState thread_state;

/* What the thread state owns goes when the thread ends; to be called by whoever makes it own something. */
void thread_state_watch(void);

/* apartment_queue.c */

ApartmentQueue *queue_create(void);
/* Tells the work that was left to the apartment, and refuses more. */
void queue_drop(ApartmentQueue *queue, Apartment *apartment);
/* The thread ends: drops everything, gives up the thread's reference. */
void queue_end_thread(ApartmentQueue *queue);

/* apartment_identity.c */

ApartmentContext *context_create(void);
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
