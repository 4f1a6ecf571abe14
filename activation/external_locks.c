/* Locks that keep an object alive for its users outside (CoLockObjectExternal), and cutting those off
 * (CoDisconnectObject). Within one process nobody is outside: the locks are references. */
#include <pthread.h>
#include <stdlib.h>

#include "activation/activation_internal.h"

typedef struct ExternalLock {
  struct ExternalLock *next;
  IUnknown *identity; /* with one reference for each lock */
  ULONG count;
  uint64_t apartment;
} ExternalLock;

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static ExternalLock *locks;

static void release_times(IUnknown *object, ULONG count) {
  while (count-- > 0)
    IUnknown_Release(object);
}

static ExternalLock *take(uint64_t apartment) {
  ExternalLock **link = &locks;
  ExternalLock *lock;

  pthread_mutex_lock(&mutex);
  while (*link && (*link)->apartment != apartment)
    link = &(*link)->next;
  lock = *link;
  if (lock)
    *link = lock->next;
  pthread_mutex_unlock(&mutex);
  return lock;
}

static void leave_apartment(uint64_t apartment, bool last) {
  ExternalLock *lock;

  while (last && (lock = take(apartment)) != NULL) {
    release_times(lock->identity, lock->count);
    free(lock);
  }
}

static pthread_once_t hook_once = PTHREAD_ONCE_INIT;

static void add_hook(void) {
  apartment_add_hook(leave_apartment);
}

/* Counts one lock more for the object, and takes over a reference to it. */
static HRESULT add_lock(IUnknown *identity) {
  ExternalLock *lock;

  pthread_once(&hook_once, add_hook);
  pthread_mutex_lock(&mutex);
  for (lock = locks; lock && lock->identity != identity; lock = lock->next)
    ;
  if (!lock && (lock = calloc(1, sizeof *lock)) != NULL) {
    lock->identity = identity;
    lock->apartment = apartment_current();
    lock->next = locks;
    locks = lock;
  }
  if (lock)
    lock->count++;
  pthread_mutex_unlock(&mutex);
  if (!lock)
    IUnknown_Release(identity);
  return lock ? S_OK : E_OUTOFMEMORY;
}

/* Takes away up to `most` locks; the number of references to release. */
static ULONG remove_locks(const IUnknown *identity, ULONG most) {
  ExternalLock **link = &locks;
  ExternalLock *gone = NULL;
  ULONG count = 0;

  pthread_mutex_lock(&mutex);
  while (*link && (*link)->identity != identity)
    link = &(*link)->next;
  if (*link) {
    count = (*link)->count < most ? (*link)->count : most;
    (*link)->count -= count;
    if ((*link)->count == 0) {
      gone = *link;
      *link = gone->next;
    }
  }
  pthread_mutex_unlock(&mutex);
  free(gone);
  return count;
}

HRESULT CoLockObjectExternal(IUnknown *object, BOOL lock, BOOL last_unlock_releases) {
  IUnknown *identity;
  HRESULT status;

  (void)last_unlock_releases;
  if (!object)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  status = IUnknown_QueryInterface(object, &IID_IUnknown, (void **)&identity);
  if (FAILED(status))
    return status;
  if (lock)
    return add_lock(identity);
  release_times(identity, remove_locks(identity, 1));
  IUnknown_Release(identity);
  return S_OK;
}

/* The object's own marshaler, where it has one, is told; locks from outside are undone. */
HRESULT CoDisconnectObject(IUnknown *object, DWORD reserved) {
  IUnknown *identity;
  IMarshal *marshal;
  HRESULT status;

  if (!object || reserved)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  status = IUnknown_QueryInterface(object, &IID_IUnknown, (void **)&identity);
  if (FAILED(status))
    return status;
  if (SUCCEEDED(IUnknown_QueryInterface(identity, &IID_IMarshal, (void **)&marshal))) {
    status = IMarshal_DisconnectObject(marshal, reserved);
    IMarshal_Release(marshal);
  }
  release_times(identity, remove_locks(identity, (ULONG)-1));
  IUnknown_Release(identity);
  return status;
}
