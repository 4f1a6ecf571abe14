/* Apartments: which threads belong to which, and who leaves when. A single-threaded apartment is one thread; all
 * others that initialize share the multithreaded one, which also takes in threads that never initialized, for as long
 * as it exists ("implicit MTA"). */
#include "com/com_api.h"

#include <pthread.h>
#include <stdatomic.h>
#include <string.h>

#include <oleauto.h>

#define HOOKS 16

typedef enum Model { MODEL_NONE, MODEL_STA, MODEL_MTA } Model;

typedef struct ThreadState {
  Model model;
  ULONG count; /* CoInitializeEx calls not yet undone */
  uint64_t apartment;
  DWORD process_id; /* CoGetCurrentProcess; 0 until asked for */
  bool leaving;
} ThreadState;

static _Thread_local ThreadState thread;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ULONG mta_members; /* threads in the MTA and calls of CoIncrementMTAUsage */
static uint64_t main_sta; /* the apartment of the first STA of the process */
static uint64_t last_apartment = APARTMENT_MTA;
static ApartmentHook hooks[HOOKS];
static int hook_count;

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

static bool mta_exists(void) {
  bool exists;

  pthread_mutex_lock(&lock);
  exists = mta_members != 0;
  pthread_mutex_unlock(&lock);
  return exists;
}

uint64_t apartment_current(void) {
  if (thread.model != MODEL_NONE)
    return thread.apartment;
  return mta_exists() ? APARTMENT_MTA : 0;
}

static void run_hooks(uint64_t apartment, bool last) {
  ApartmentHook run[HOOKS];
  int count;

  pthread_mutex_lock(&lock);
  count = hook_count;
  memcpy(run, hooks, sizeof run);
  pthread_mutex_unlock(&lock);
  while (count-- > 0)
    run[count](apartment, last);
}

static void enter(Model model) {
  pthread_mutex_lock(&lock);
  if (model == MODEL_MTA) {
    mta_members++;
    thread.apartment = APARTMENT_MTA;
  } else {
    thread.apartment = ++last_apartment;
    if (!main_sta)
      main_sta = thread.apartment;
  }
  pthread_mutex_unlock(&lock);
  thread.model = model;
  thread.count = 1;
}

HRESULT CoInitializeEx(LPVOID reserved, DWORD flags) {
  const DWORD known = COINIT_APARTMENTTHREADED | COINIT_DISABLE_OLE1DDE | COINIT_SPEED_OVER_MEMORY;
  Model model = flags & COINIT_APARTMENTTHREADED ? MODEL_STA : MODEL_MTA;

  if (reserved || flags & ~known)
    return E_INVALIDARG;
  if (thread.model == MODEL_NONE) {
    enter(model);
    return S_OK;
  }
  if (thread.model != model)
    return RPC_E_CHANGED_MODE;
  thread.count++;
  return S_FALSE;
}

HRESULT CoInitialize(LPVOID reserved) {
  return CoInitializeEx(reserved, COINIT_APARTMENTTHREADED);
}

static bool last_of_mta(void) {
  bool last;

  pthread_mutex_lock(&lock);
  last = mta_members == 1;
  pthread_mutex_unlock(&lock);
  return last;
}

static void leave(void) {
  thread.leaving = true;
  run_hooks(thread.apartment, thread.model == MODEL_STA || last_of_mta());
  SetErrorInfo(0, NULL);
  pthread_mutex_lock(&lock);
  if (thread.model == MODEL_MTA)
    mta_members--;
  else if (main_sta == thread.apartment)
    main_sta = 0;
  pthread_mutex_unlock(&lock);
  thread.model = MODEL_NONE;
  thread.apartment = 0;
  thread.leaving = false;
}

void CoUninitialize(void) {
  /* One call too many is ignored; so is a call made by an object that the last one is just releasing. */
  if (thread.count == 0)
    return;
  if (thread.count > 1) {
    thread.count--;
    return;
  }
  if (thread.leaving)
    return;
  leave();
  thread.count = 0;
}

HRESULT CoGetApartmentType(APTTYPE *type, APTTYPEQUALIFIER *qualifier) {
  bool is_main;

  if (!type || !qualifier)
    return E_INVALIDARG;
  *type = APTTYPE_CURRENT;
  *qualifier = APTTYPEQUALIFIER_NONE;
  if (thread.model == MODEL_NONE) {
    if (!mta_exists())
      return CO_E_NOTINITIALIZED;
    *type = APTTYPE_MTA;
    *qualifier = APTTYPEQUALIFIER_IMPLICIT_MTA;
    return S_OK;
  }
  pthread_mutex_lock(&lock);
  is_main = main_sta == thread.apartment;
  pthread_mutex_unlock(&lock);
  *type = thread.model == MODEL_MTA ? APTTYPE_MTA : is_main ? APTTYPE_MAINSTA : APTTYPE_STA;
  return S_OK;
}

HRESULT CoIncrementMTAUsage(CO_MTA_USAGE_COOKIE *cookie) {
  static char token;

  if (!cookie)
    return E_INVALIDARG;
  pthread_mutex_lock(&lock);
  mta_members++;
  pthread_mutex_unlock(&lock);
  *cookie = (CO_MTA_USAGE_COOKIE)(void *)&token;
  return S_OK;
}

HRESULT CoDecrementMTAUsage(CO_MTA_USAGE_COOKIE cookie) {
  bool last;

  if (!cookie)
    return E_INVALIDARG;
  last = last_of_mta();
  if (last)
    run_hooks(APARTMENT_MTA, true);
  pthread_mutex_lock(&lock);
  if (mta_members)
    mta_members--;
  pthread_mutex_unlock(&lock);
  return S_OK;
}

DWORD CoGetCurrentProcess(void) {
  static _Atomic DWORD last_id;

  while (!thread.process_id)
    thread.process_id = ++last_id;
  return thread.process_id;
}

HRESULT CoGetContextToken(ULONG_PTR *token) {
  uint64_t apartment = apartment_current();

  if (!apartment)
    return CO_E_NOTINITIALIZED;
  if (!token)
    return E_POINTER;
  *token = (ULONG_PTR)apartment;
  return S_OK;
}
