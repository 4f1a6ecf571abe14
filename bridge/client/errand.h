/* errand.h - what blocks and is no call of a proxy (starting a server, above all), carried out by a thread of the multithreaded
 * apartment, so that the state's own thread can go on meanwhile. */
#ifndef OLEANDER_BRIDGE_ERRAND_H
#define OLEANDER_BRIDGE_ERRAND_H

#include "com/apartment/apartment_api.h"

#include <oaidl.h>
#include <pthread.h>
#include <stdatomic.h>
#include <stdbool.h>

typedef struct Errand Errand;
struct Errand {
  HRESULT (*body)(Errand *errand); /* in the multithreaded apartment */
  void (*clear)(Errand *errand);   /* lets go of what lies behind the Errand; on the owner's thread, or the other one */
  HRESULT result;
  IErrorInfo *error; /* what the body has said beside it; NULL */
  bool begun;        /* under the lock, as the rest */
  bool given_up;     /* nobody waits for it any more */
  bool over;
  /* Of errand.c. */
  ApartmentWork work;
  Errand *next; /* in the line of those that wait for a thread */
  pthread_mutex_t lock;
  _Atomic unsigned references;
  DWORD thread; /* that carries it out */
  int64_t deadline;
  void (*done)(void *context);
  void *context;
};

/* Zeroed memory of `size` bytes, of which the Errand is the first; NULL. */
Errand *errand_make(size_t size, HRESULT (*body)(Errand *errand), void (*clear)(Errand *errand));
/* Has it carried out, before `deadline` where it asks other processes; when it is over, `done` runs once, on any thread, and must not
 * wait. */
HRESULT errand_send(Errand *errand, int64_t deadline, void (*done)(void *context), void *context);
/* False: it is over. Else `done` does not run any more, `reason` is the result, and what is under way ends as soon as it can. */
bool errand_give_up(Errand *errand, HRESULT reason);
/* For the body, between its steps. */
bool errand_is_wanted(Errand *errand);
/* The owner's reference. */
void errand_release(Errand *errand);

#endif
