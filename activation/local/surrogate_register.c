/* CoRegisterSurrogate: a program that hosts in-process classes is told when nobody needs them any more. */
#include <pthread.h>
#include <stdlib.h>

#include "activation/local/local.h"

#define ASKED_SECONDS 0.5

typedef struct Surrogate {
  ApartmentTimer timer;
  uint64_t apartment;
  ISurrogate *surrogate;
  bool used; /* some module has been needed */
} Surrogate;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Surrogate *registered; /* one for the process */

static void ask_modules(ApartmentTimer *timer) {
  Surrogate *surrogate = OBJECT_CONTAINER(timer, Surrogate, timer);
  bool idle = modules_can_unload();
  bool ends = idle && surrogate->used;
  surrogate->used = !idle;
  if (ends)
    CoSuspendClassObjects();
  queue_start_timer(queue_of_thread(), timer, apartment_after(ASKED_SECONDS));
  if (ends)
    ISurrogate_FreeSurrogate(surrogate->surrogate); /* may end the apartment, and this with it */
}

static void leave_apartment(uint64_t apartment, bool last) {
  pthread_mutex_lock(&lock);
  Surrogate *ended = last && registered && registered->apartment == apartment ? registered : NULL;
  if (ended)
    registered = NULL;
  pthread_mutex_unlock(&lock);
  if (!ended)
    return;
  queue_stop_timer(&ended->timer);
  ISurrogate_Release(ended->surrogate);
  free(ended);
}

static pthread_once_t hook_once = PTHREAD_ONCE_INIT;

static void add_hook(void) {
  apartment_add_hook(leave_apartment);
}

HRESULT CoRegisterSurrogate(ISurrogate *surrogate) {
  if (!surrogate)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  pthread_once(&hook_once, add_hook);
  Surrogate *made = calloc(1, sizeof *made);
  ApartmentQueue *queue = queue_of_thread();
  if (!made || !queue) {
    free(made);
    return E_OUTOFMEMORY;
  }
  made->timer.run = ask_modules;
  made->apartment = apartment_current();
  made->surrogate = surrogate;
  pthread_mutex_lock(&lock);
  bool first = !registered;
  if (first)
    registered = made;
  pthread_mutex_unlock(&lock);
  if (!first) {
    free(made);
    return CO_E_OBJISREG;
  }
  ISurrogate_AddRef(surrogate);
  queue_start_timer(queue, &made->timer, apartment_after(ASKED_SECONDS));
  return S_OK;
}
