/* Which threads belong to which apartment, and who leaves when. A single-threaded apartment is one thread; all others that
 * initialize share the multithreaded one, which also takes in threads that never initialized, for as long as it exists
 * ("implicit MTA"). Whatever is decided about membership is decided in one locked section. */
#include "com/apartment/apartment_internal.h"

#include <pthread.h>
#include <stdatomic.h>
#include <stdlib.h>
#include <string.h>

#include <oleauto.h>

#define HOOKS 24

/* A CoIncrementMTAUsage that was not yet undone; the cookie is its address. */
typedef struct Usage {
  struct Usage *next;
} Usage;

_Thread_local ThreadState thread_state;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Apartment *living; /* with a reference each */
static Apartment *mta;    /* the one that threads join; NULL: none */
static Usage *usages;     /* they keep `mta` as members do */
static uint64_t main_sta; /* the apartment of the first STA of the process; 0: none */
static uint64_t last_number;
static ApartmentHook hooks[HOOKS];
static int hook_count;

/* The structure */

static Apartment *apartment_create(bool is_single) {
  Apartment *apartment = calloc(1, sizeof *apartment);
  if (!apartment)
    return NULL;
  apartment->references = 1;
  apartment->is_single = is_single;
  apartment->queue = is_single ? queue_addref(queue_of_thread()) : queue_create(true);
  apartment->context = context_create();
  if (apartment->queue && apartment->context)
    return apartment;
  context_end(apartment->context);
  queue_release(apartment->queue);
  free(apartment);
  return NULL;
}

Apartment *apartment_addref(Apartment *apartment) {
  atomic_fetch_add_explicit(&apartment->references, 1, memory_order_relaxed);
  return apartment;
}

void apartment_release(Apartment *apartment) {
  if (!apartment || atomic_fetch_sub(&apartment->references, 1) != 1)
    return;
  context_end(apartment->context);
  queue_release(apartment->pool_waiter);
  queue_release(apartment->queue);
  free(apartment);
}

uint64_t apartment_number(const Apartment *apartment) {
  return apartment->number;
}

bool apartment_is_single(const Apartment *apartment) {
  return apartment->is_single;
}

ApartmentQueue *apartment_queue(Apartment *apartment) {
  return apartment->queue;
}

Apartment *apartment_get(void) {
  if (thread_state.apartment)
    return apartment_addref(thread_state.apartment);
  pthread_mutex_lock(&lock);
  Apartment *apartment = mta ? apartment_addref(mta) : NULL;
  pthread_mutex_unlock(&lock);
  return apartment;
}

Apartment *apartment_find(uint64_t number) {
  pthread_mutex_lock(&lock);
  Apartment *apartment = living;
  while (apartment && apartment->number != number)
    apartment = apartment->next;
  if (apartment)
    apartment_addref(apartment);
  pthread_mutex_unlock(&lock);
  return apartment;
}

uint64_t apartment_current(void) {
  if (thread_state.apartment)
    return thread_state.apartment->number;
  pthread_mutex_lock(&lock);
  uint64_t number = mta ? mta->number : 0;
  pthread_mutex_unlock(&lock);
  return number;
}

bool apartment_none_left(void) {
  pthread_mutex_lock(&lock);
  bool none = !living;
  pthread_mutex_unlock(&lock);
  return none;
}

/* Joining and leaving; under the lock */

static void list_locked(Apartment *apartment) {
  apartment->number = ++last_number;
  context_set_apartment(apartment->context, apartment->number);
  apartment->next = living;
  living = apartment;
}

static void unlist_locked(Apartment *apartment) {
  Apartment **link = &living;
  while (*link != apartment)
    link = &(*link)->next;
  *link = apartment->next;
}

/* A thread or a usage has gone. The MTA if that was the last one, with the list's reference; else NULL. */
static Apartment *mta_ended_locked(void) {
  Apartment *ended = mta;
  if (!ended || ended->members || usages)
    return NULL;
  unlist_locked(ended);
  mta = NULL;
  return ended;
}

/* Whether anybody but the hosts keeps COM alive. */
static bool any_but_hosts_locked(void) {
  for (const Apartment *apartment = living; apartment; apartment = apartment->next) {
    if (apartment->is_single ? !apartment->is_host : apartment->members > apartment->host_members || usages)
      return true;
  }
  return false;
}

/* What leaves with an apartment */

HRESULT apartment_add_hook(ApartmentHook hook) {
  HRESULT result = E_OUTOFMEMORY;
  pthread_mutex_lock(&lock);
  if (hook_count < HOOKS) {
    hooks[hook_count++] = hook;
    result = S_OK;
  }
  pthread_mutex_unlock(&lock);
  return result;
}

static void run_hooks(uint64_t apartment, bool last) {
  ApartmentHook run[HOOKS];
  pthread_mutex_lock(&lock);
  int count = hook_count;
  memcpy(run, hooks, sizeof run);
  pthread_mutex_unlock(&lock);
  while (count-- > 0)
    run[count](apartment, last);
}

/* Threads */

/* Becomes a member of the MTA (with a reference), or adds a usage to it; a new one where there is none. NULL: out of
 * memory. */
static Apartment *join_mta(Usage *usage) {
  Apartment *fresh = NULL;
  for (;;) {
    pthread_mutex_lock(&lock);
    if (!mta && fresh) {
      list_locked(fresh);
      mta = fresh;
      fresh = NULL;
    }
    Apartment *joined = mta;
    if (joined && usage) {
      usage->next = usages;
      usages = usage;
    } else if (joined) {
      apartment_addref(joined)->members++;
      joined->host_members += thread_state.hosts;
    }
    pthread_mutex_unlock(&lock);
    if (joined) {
      apartment_release(fresh); /* another thread was faster */
      return joined;
    }
    fresh = apartment_create(false);
    if (!fresh)
      return NULL;
  }
}

static Apartment *make_sta(void) {
  Apartment *made = apartment_create(true);
  if (!made)
    return NULL;
  pthread_mutex_lock(&lock);
  list_locked(apartment_addref(made));
  made->is_host = thread_state.hosts;
  if (!main_sta)
    main_sta = made->number;
  pthread_mutex_unlock(&lock);
  return made;
}

static HRESULT enter(bool is_single) {
  Apartment *joined = is_single ? make_sta() : join_mta(NULL);
  if (!joined)
    return E_OUTOFMEMORY;
  thread_state.apartment = joined;
  thread_state.count = 1;
  thread_state_watch();
  return S_OK;
}

HRESULT apartment_enter_as_host(bool is_single) {
  thread_state.hosts = true;
  return enter(is_single);
}

Apartment *apartment_main(void) {
  pthread_mutex_lock(&lock);
  uint64_t number = main_sta;
  pthread_mutex_unlock(&lock);
  return number ? apartment_find(number) : NULL;
}

static HRESULT initialize(LPVOID reserved, DWORD flags) {
  const DWORD known = COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE | COINIT_SPEED_OVER_MEMORY;
  if (reserved || flags & ~known)
    return E_INVALIDARG;
  bool is_single = (flags & COINIT_APARTMENTTHREADED) != 0;
  if (!thread_state.apartment)
    return enter(is_single);
  if (thread_state.apartment->is_single != is_single)
    return RPC_E_CHANGED_MODE;
  thread_state.count++;
  return S_FALSE;
}

HRESULT CoInitializeEx(LPVOID reserved, DWORD flags) {
  spies_before_initialize(flags);
  return spies_after_initialize(initialize(reserved, flags), flags);
}

HRESULT CoInitialize(LPVOID reserved) {
  return CoInitializeEx(reserved, COINIT_APARTMENTTHREADED);
}

/* Who comes with work from now on is refused. Gives up the reference of the list. */
static void end(Apartment *apartment) {
  queue_drop(apartment->queue, apartment);
  pool_end(apartment);
  apartment_release(apartment);
}

/* While the hooks run the thread is still in its apartment, but nobody can join that any more if it is the last: a thread
 * that initializes meanwhile begins a new MTA. */
static void leave(void) {
  Apartment *apartment = thread_state.apartment, *ended = NULL;
  pthread_mutex_lock(&lock);
  if (apartment->is_single) {
    ended = apartment;
    unlist_locked(apartment);
  } else {
    apartment->members--;
    apartment->host_members -= thread_state.hosts;
    ended = mta_ended_locked();
  }
  bool last = !thread_state.hosts && !any_but_hosts_locked();
  pthread_mutex_unlock(&lock);
  thread_state.leaving = true;
  if (last)
    hosts_end();
  run_hooks(apartment->number, ended);
  message_filter_end(apartment);
  SetErrorInfo(0, NULL);
  pthread_mutex_lock(&lock);
  if (main_sta == apartment->number)
    main_sta = 0;
  pthread_mutex_unlock(&lock);
  thread_state.apartment = NULL;
  thread_state.leaving = false;
  thread_state.count = 0;
  if (ended)
    end(ended);
  apartment_release(apartment);
}

/* One call too many is ignored; so is a call made by an object that the last one is just releasing, or within a call that the
 * MTA's pool runs. */
static void uninitialize(void) {
  if (thread_state.count > 1)
    thread_state.count--;
  else if (thread_state.count == 1 && !thread_state.leaving && !thread_state.serves)
    leave();
}

void CoUninitialize(void) {
  spies_before_uninitialize();
  uninitialize();
  spies_after_uninitialize();
}

/* The end of a thread */

static pthread_key_t end_key;
static pthread_once_t end_once = PTHREAD_ONCE_INIT;
static bool end_key_made;

/* A thread that ends without CoUninitialize leaves its apartment all the same: nobody else could do it. */
static void thread_state_end(void *state) {
  ThreadState *thread = state;
  thread->watched = false;
  if (thread->count && !thread->leaving && !thread->serves)
    leave();
  spies_free(thread->spies);
  thread->spies = NULL;
  if (thread->queue)
    queue_end_thread(thread->queue);
  thread->queue = NULL;
}

static void make_end_key(void) {
  end_key_made = pthread_key_create(&end_key, thread_state_end) == 0;
}

/* Forks. The child has one thread, and with it that thread's apartment, and the MTA where somebody uses it; of what others
 * had nothing is left that could serve: posts to it are refused. */

/* The queues that begin anew in the child. */
static int queues_that_stay(ApartmentQueue *queues[2]) {
  int count = 0;
  if (thread_state.queue)
    queues[count++] = thread_state.queue;
  if (mta)
    queues[count++] = mta->queue;
  return count;
}

static void before_fork(void) {
  ApartmentQueue *queues[2];
  pthread_mutex_lock(&lock);
  for (int i = 0, count = queues_that_stay(queues); i < count; i++)
    queue_lock(queues[i]);
}

static void after_fork(void) {
  ApartmentQueue *queues[2];
  for (int i = 0, count = queues_that_stay(queues); i < count; i++)
    queue_unlock(queues[i]);
  pthread_mutex_unlock(&lock);
}

static void in_child(void) {
  ApartmentQueue *queues[2];
  Apartment *own = thread_state.apartment;
  queue_begin_process();
  for (int i = 0, count = queues_that_stay(queues); i < count; i++)
    queue_begin_anew(queues[i]);
  if (mta) {
    mta->members = own == mta && !thread_state.serves;
    mta->host_members = 0;
    mta->pool_threads = 0;
    mta = mta->members || usages ? mta : NULL;
  }
  living = NULL;
  if (mta)
    mta->next = NULL, living = mta;
  if (own && own->is_single)
    own->next = living, living = own;
  main_sta = own && own->number == main_sta ? main_sta : 0;
  thread_state.hosts = false;
  hosts_forget();
  pthread_mutex_init(&lock, NULL);
}

static pthread_once_t fork_once = PTHREAD_ONCE_INIT;

static void watch_forks(void) {
  pthread_atfork(before_fork, after_fork, in_child);
}

void thread_state_watch(void) {
  if (thread_state.watched)
    return;
  pthread_once(&fork_once, watch_forks);
  pthread_once(&end_once, make_end_key);
  thread_state.watched = end_key_made && pthread_setspecific(end_key, &thread_state) == 0;
}

/* What a thread can ask */

HRESULT CoGetApartmentType(APTTYPE *type, APTTYPEQUALIFIER *qualifier) {
  if (!type || !qualifier)
    return E_INVALIDARG;
  *type = APTTYPE_CURRENT;
  *qualifier = APTTYPEQUALIFIER_NONE;
  const Apartment *apartment = thread_state.apartment;
  pthread_mutex_lock(&lock);
  bool is_main = apartment && main_sta == apartment->number;
  bool is_implicit = !apartment && mta;
  pthread_mutex_unlock(&lock);
  if (is_implicit)
    *qualifier = APTTYPEQUALIFIER_IMPLICIT_MTA;
  else if (!apartment)
    return CO_E_NOTINITIALIZED;
  *type = is_implicit || !apartment->is_single ? APTTYPE_MTA : is_main ? APTTYPE_MAINSTA : APTTYPE_STA;
  return S_OK;
}

/* Usages of the MTA */

HRESULT CoIncrementMTAUsage(CO_MTA_USAGE_COOKIE *cookie) {
  if (!cookie)
    return E_INVALIDARG;
  *cookie = NULL;
  Usage *usage = calloc(1, sizeof *usage);
  if (!usage || !join_mta(usage)) {
    free(usage);
    return E_OUTOFMEMORY;
  }
  *cookie = (CO_MTA_USAGE_COOKIE)(void *)usage;
  return S_OK;
}

static Usage *take_usage_locked(const void *cookie) {
  Usage **link = &usages;
  while (*link && *link != cookie)
    link = &(*link)->next;
  Usage *usage = *link;
  if (usage)
    *link = usage->next;
  return usage;
}

HRESULT CoDecrementMTAUsage(CO_MTA_USAGE_COOKIE cookie) {
  pthread_mutex_lock(&lock);
  Usage *usage = cookie ? take_usage_locked(cookie) : NULL;
  Apartment *ended = usage ? mta_ended_locked() : NULL;
  bool last = usage && !any_but_hosts_locked();
  pthread_mutex_unlock(&lock);
  if (!usage)
    return E_INVALIDARG;
  free(usage);
  if (last)
    hosts_end();
  if (!ended)
    return S_OK;
  /* A thread without an apartment of its own is in this one until the hooks have run. */
  bool visits = !thread_state.apartment;
  if (visits)
    thread_state.apartment = ended, thread_state.count = 1, thread_state.leaving = true;
  run_hooks(ended->number, true);
  if (visits)
    thread_state.apartment = NULL, thread_state.count = 0, thread_state.leaving = false;
  end(ended);
  return S_OK;
}
