/* Apartments of the process's own: each is a thread that serves it until nothing but hosts keeps COM alive. The host of the MTA
 * makes sure that there is one; calls into it are the pool's. */
#include "com/apartment/apartment_internal.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#define END_SECONDS 5 /* what a host is doing is waited for when it is to end */

typedef struct Host {
  _Atomic uint32_t references; /* its thread's, the table's */
  Apartment *apartment;        /* referenced; NULL until the thread has entered it, or when it could not */
  ApartmentQueue *queue;       /* of the thread; referenced */
  bool is_single;
  bool tried; /* to enter; under the lock */
  HRESULT status;
  atomic_bool ends, gone;
  ApartmentQueue *waiter; /* of who ends it; referenced */
} Host;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t entered = PTHREAD_COND_INITIALIZER;
static Host *hosts[HOST_KINDS];

static void host_release(Host *host) {
  if (atomic_fetch_sub(&host->references, 1) != 1)
    return;
  apartment_release(host->apartment);
  queue_release(host->queue);
  queue_release(host->waiter);
  free(host);
}

static bool is_to_end(void *context) {
  return atomic_load(&((Host *)context)->ends);
}

static void *host_thread(void *context) {
  Host *host = context;
  HRESULT status = queue_of_thread() ? apartment_enter_as_host(host->is_single) : E_OUTOFMEMORY;
  pthread_mutex_lock(&lock);
  host->status = status;
  host->tried = true;
  if (SUCCEEDED(status)) {
    host->apartment = apartment_get();
    host->queue = queue_addref(queue_of_thread());
  }
  pthread_cond_broadcast(&entered);
  pthread_mutex_unlock(&lock);
  if (SUCCEEDED(status)) {
    apartment_wait_woken(is_to_end, host, APARTMENT_NEVER);
    CoUninitialize();
    ApartmentQueue *waiter = queue_addref(host->waiter);
    atomic_store(&host->gone, true);
    queue_wake(waiter);
    queue_release(waiter);
  }
  host_release(host);
  return NULL;
}

static bool start(Host *host) {
  pthread_t thread;
  sigset_t all, before;
  sigfillset(&all);
  pthread_sigmask(SIG_SETMASK, &all, &before);  /* signals are for the program's own threads */
  Credentials *aside = credentials_put_aside(); /* a thread begins as whoever makes it */
  bool started = pthread_create(&thread, NULL, host_thread, host) == 0;
  credentials_take_back(aside);
  pthread_sigmask(SIG_SETMASK, &before, NULL);
  if (started)
    pthread_detach(thread);
  return started;
}

/* Makes the host, and waits until its thread has entered. NULL: out of memory, or of threads. */
static Host *make_host_locked(bool is_single) {
  Host *host = calloc(1, sizeof *host);
  if (!host)
    return NULL;
  host->references = 2;
  host->is_single = is_single;
  if (!start(host)) {
    free(host);
    return NULL;
  }
  while (!host->tried)
    pthread_cond_wait(&entered, &lock);
  if (SUCCEEDED(host->status))
    return host;
  host_release(host);
  return NULL;
}

static HRESULT host_of_own(ApartmentHost kind, Apartment **apartment) {
  pthread_mutex_lock(&lock);
  if (!hosts[kind])
    hosts[kind] = make_host_locked(kind != HOST_MULTI);
  *apartment = hosts[kind] ? apartment_addref(hosts[kind]->apartment) : NULL;
  pthread_mutex_unlock(&lock);
  return *apartment ? S_OK : E_OUTOFMEMORY;
}

/* The MTA may be kept by others, who leave it while its objects are used. */
HRESULT apartment_host(ApartmentHost kind, Apartment **apartment) {
  *apartment = kind == HOST_MAIN ? apartment_main() : NULL;
  HRESULT status = *apartment ? S_OK : host_of_own(kind, apartment);
  if (SUCCEEDED(status))
    status = apartment_serve(*apartment);
  if (FAILED(status)) {
    apartment_release(*apartment);
    *apartment = NULL;
  }
  return status;
}

static bool all_have_gone(void *context) {
  Host *const *ending = context;
  for (int i = 0; i < HOST_KINDS; i++) {
    if (ending[i] && !atomic_load(&ending[i]->gone))
      return false;
  }
  return true;
}

void hosts_end(void) {
  Host *ending[HOST_KINDS];
  pthread_mutex_lock(&lock);
  memcpy(ending, hosts, sizeof ending);
  memset(hosts, 0, sizeof hosts);
  pthread_mutex_unlock(&lock);
  for (int i = 0; i < HOST_KINDS; i++) {
    if (!ending[i])
      continue;
    ending[i]->waiter = queue_addref(queue_of_thread());
    atomic_store(&ending[i]->ends, true);
    queue_wake(ending[i]->queue);
  }
  if (!all_have_gone(ending))
    apartment_wait(all_have_gone, ending, apartment_after(END_SECONDS));
  for (int i = 0; i < HOST_KINDS; i++) {
    if (ending[i])
      host_release(ending[i]);
  }
}

void hosts_forget(void) {
  pthread_mutex_init(&lock, NULL);
  pthread_cond_init(&entered, NULL);
  memset(hosts, 0, sizeof hosts);
}
