/* CoRegisterSurrogate: a program that hosts in-process classes is told which classes are wanted of it (ISurrogate::LoadDllServer), and
 * when nobody needs them any more (FreeSurrogate). */
#include <pthread.h>
#include <stdlib.h>

#include "activation/local/local.h"
#include "remote/remote_api.h"

#define ASKED_SECONDS 0.5

enum { QUIET_TIMES = 2 };

typedef struct Surrogate {
  ApartmentTimer timer;
  uint64_t apartment;
  ISurrogate *surrogate;
  _Atomic bool used; /* a class has been loaded, or a module needed */
  unsigned quiet;    /* how often in a row nobody needed it */
} Surrogate;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Surrogate *registered; /* one for the process */

static void ask_modules(ApartmentTimer *timer) {
  Surrogate *surrogate = OBJECT_CONTAINER(timer, Surrogate, timer);
  bool quiet = modules_can_unload() && !remote_has_clients();
  surrogate->used = surrogate->used || !quiet;
  surrogate->quiet = quiet && surrogate->used ? surrogate->quiet + 1 : 0;
  bool ends = surrogate->quiet == QUIET_TIMES; /* a client may be on its way to the class that was loaded for it */
  if (ends) {
    surrogate->used = false;
    CoSuspendClassObjects();
  }
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

static HRESULT load_class(void *context, REFCLSID clsid) {
  ISurrogate *surrogate = context;
  pthread_mutex_lock(&lock);
  bool known = registered && registered->surrogate == surrogate;
  if (known)
    ISurrogate_AddRef(surrogate);
  pthread_mutex_unlock(&lock);
  if (!known)
    return CO_E_SERVER_STOPPING;
  HRESULT status = ISurrogate_LoadDllServer(surrogate, clsid);
  pthread_mutex_lock(&lock);
  if (registered && registered->surrogate == surrogate)
    registered->used = true;
  pthread_mutex_unlock(&lock);
  ISurrogate_Release(surrogate);
  return status;
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
  surrogate_await_loads(load_class, surrogate); /* without a service nobody wants a class */
  return S_OK;
}
