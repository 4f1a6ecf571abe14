/* The running object table of this process, and the active objects of Automation that live in it. Monikers are matched by
 * their comparison data, as the documentation of IROTData says. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "activation/monikers/moniker_internal.h"
#include "com/unicode.h"

typedef struct Running {
  struct Running *next;
  DWORD cookie;
  IUnknown *object;
  IMoniker *moniker;
  BYTE *key;
  ULONG key_size;
  FILETIME changed;
  uint64_t apartment;
} Running;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Running *table; /* the newest first */
static DWORD last_cookie;

static void running_free(Running *running) {
  if (running->object)
    IUnknown_Release(running->object);
  if (running->moniker)
    IMoniker_Release(running->moniker);
  free(running->key);
  free(running);
}

static Running *find_key(const BYTE *key, ULONG size) {
  Running *running = table;

  while (running && (running->key_size != size || memcmp(running->key, key, size) != 0))
    running = running->next;
  return running;
}

static Running *find_cookie(DWORD cookie) {
  Running *running = table;

  while (running && running->cookie != cookie)
    running = running->next;
  return running;
}

static void unlink_running(Running *running) {
  Running **link = &table;

  while (*link != running)
    link = &(*link)->next;
  *link = running->next;
}

/* An apartment that ends takes its registrations with it. */
static void leave_apartment(uint64_t apartment, bool last) {
  Running *running = NULL;

  while (last) {
    pthread_mutex_lock(&lock);
    for (running = table; running && running->apartment != apartment; running = running->next)
      ;
    if (running)
      unlink_running(running);
    pthread_mutex_unlock(&lock);
    if (!running)
      break;
    running_free(running);
  }
}

static pthread_once_t hook_once = PTHREAD_ONCE_INIT;

static void add_hook(void) {
  apartment_add_hook(leave_apartment);
}

/* --- IRunningObjectTable: one for all --- */

static HRESULT STDMETHODCALLTYPE Table_QueryInterface(IRunningObjectTable *self, REFIID iid, void **result) {
  if (!result)
    return E_POINTER;
  *result = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IRunningObjectTable) ? self : NULL;
  return *result ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Table_AddRef(IRunningObjectTable *self) {
  (void)self;
  return 2;
}

static ULONG STDMETHODCALLTYPE Table_Release(IRunningObjectTable *self) {
  (void)self;
  return 1;
}

/* The object is held also by a weak registration: it has no other owner that could tell us when it goes. */
static HRESULT STDMETHODCALLTYPE Table_Register(IRunningObjectTable *self, DWORD flags, IUnknown *object,
                                                IMoniker *moniker, DWORD *cookie) {
  Running *running;
  HRESULT status;

  (void)self;
  if (!object || !moniker || !cookie || flags & ~(DWORD)(ROTFLAGS_REGISTRATIONKEEPSALIVE | ROTFLAGS_ALLOWANYCLIENT))
    return E_INVALIDARG;
  pthread_once(&hook_once, add_hook);
  running = calloc(1, sizeof *running);
  if (!running)
    return E_OUTOFMEMORY;
  status = moniker_rot_key(moniker, &running->key, &running->key_size);
  if (FAILED(status)) {
    running->key = NULL;
    running_free(running);
    return status;
  }
  running->object = object;
  running->moniker = moniker;
  running->apartment = apartment_current();
  IUnknown_AddRef(object);
  IMoniker_AddRef(moniker);
  CoFileTimeNow(&running->changed);
  pthread_mutex_lock(&lock);
  if (find_key(running->key, running->key_size))
    status = MK_S_MONIKERALREADYREGISTERED;
  if (++last_cookie == 0)
    last_cookie = 1;
  *cookie = running->cookie = last_cookie;
  running->next = table;
  table = running;
  pthread_mutex_unlock(&lock);
  return status;
}

static HRESULT STDMETHODCALLTYPE Table_Revoke(IRunningObjectTable *self, DWORD cookie) {
  Running *running;

  (void)self;
  pthread_mutex_lock(&lock);
  running = find_cookie(cookie);
  if (running)
    unlink_running(running);
  pthread_mutex_unlock(&lock);
  if (!running)
    return E_INVALIDARG;
  running_free(running);
  return S_OK;
}

/* Looks the moniker up. S_OK with the object (referenced) and time where these are wanted; S_FALSE when not running. */
static HRESULT look_up(IMoniker *moniker, IUnknown **object, FILETIME *time) {
  Running *running;
  BYTE *key;
  ULONG size;
  HRESULT status = moniker ? moniker_rot_key(moniker, &key, &size) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  pthread_mutex_lock(&lock);
  running = find_key(key, size);
  if (running && object) {
    *object = running->object;
    IUnknown_AddRef(*object);
  }
  if (running && time)
    *time = running->changed;
  pthread_mutex_unlock(&lock);
  free(key);
  return running ? S_OK : S_FALSE;
}

static HRESULT STDMETHODCALLTYPE Table_IsRunning(IRunningObjectTable *self, IMoniker *moniker) {
  HRESULT status = look_up(moniker, NULL, NULL);

  (void)self;
  /* What cannot be compared cannot be in the table either. */
  return FAILED(status) && moniker && status != E_OUTOFMEMORY ? S_FALSE : status;
}

static HRESULT STDMETHODCALLTYPE Table_GetObject(IRunningObjectTable *self, IMoniker *moniker, IUnknown **object) {
  HRESULT status;

  (void)self;
  if (!object)
    return E_POINTER;
  *object = NULL;
  status = look_up(moniker, object, NULL);
  return status == S_OK || !moniker || status == E_OUTOFMEMORY ? status : MK_E_UNAVAILABLE;
}

static HRESULT STDMETHODCALLTYPE Table_NoteChangeTime(IRunningObjectTable *self, DWORD cookie, FILETIME *time) {
  Running *running;

  (void)self;
  if (!time)
    return E_INVALIDARG;
  pthread_mutex_lock(&lock);
  running = find_cookie(cookie);
  if (running)
    running->changed = *time;
  pthread_mutex_unlock(&lock);
  return running ? S_OK : E_INVALIDARG;
}

static HRESULT STDMETHODCALLTYPE Table_GetTimeOfLastChange(IRunningObjectTable *self, IMoniker *moniker,
                                                           FILETIME *time) {
  HRESULT status;

  (void)self;
  if (!moniker || !time)
    return E_INVALIDARG;
  status = look_up(moniker, NULL, time);
  return status == S_OK || status == E_OUTOFMEMORY ? status : MK_E_UNAVAILABLE;
}

static HRESULT STDMETHODCALLTYPE Table_EnumRunning(IRunningObjectTable *self, IEnumMoniker **result) {
  IMoniker **monikers = NULL;
  Running *running;
  size_t count = 0;
  HRESULT status = E_OUTOFMEMORY;

  (void)self;
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  pthread_mutex_lock(&lock);
  for (running = table; running; running = running->next)
    count++;
  monikers = malloc((count + 1) * sizeof(IMoniker *));
  if (monikers) {
    count = 0;
    for (running = table; running; running = running->next)
      monikers[count++] = running->moniker;
    status = enum_moniker_create(monikers, count, result);
  }
  pthread_mutex_unlock(&lock);
  free(monikers);
  return status;
}

static const IRunningObjectTableVtbl table_vtable = {
  Table_QueryInterface, Table_AddRef,         Table_Release,
  Table_Register,       Table_Revoke,         Table_IsRunning,
  Table_GetObject,      Table_NoteChangeTime, Table_GetTimeOfLastChange,
  Table_EnumRunning,
};
static IRunningObjectTable the_table = { &table_vtable };

HRESULT GetRunningObjectTable(DWORD reserved, IRunningObjectTable **result) {
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (reserved)
    return E_UNEXPECTED;
  *result = &the_table;
  return S_OK;
}

/* --- Active objects: item monikers "!{CLSID}" --- */

static HRESULT active_moniker(REFCLSID clsid, IMoniker **moniker) {
  OLECHAR name[GUID_TEXT_UNITS];

  StringFromGUID2(clsid, name, GUID_TEXT_UNITS);
  return CreateItemMoniker(u"!", name, moniker);
}

HRESULT RegisterActiveObject(IUnknown *object, REFCLSID clsid, DWORD flags, DWORD *cookie) {
  IMoniker *moniker;
  HRESULT status;

  if (!object || !clsid || !cookie)
    return E_INVALIDARG;
  status = active_moniker(clsid, &moniker);
  if (FAILED(status))
    return status;
  status = IRunningObjectTable_Register(&the_table, flags == ACTIVEOBJECT_STRONG ? ROTFLAGS_REGISTRATIONKEEPSALIVE : 0,
                                        object, moniker, cookie);
  IMoniker_Release(moniker);
  return status;
}

HRESULT RevokeActiveObject(DWORD cookie, void *reserved) {
  return reserved ? E_INVALIDARG : IRunningObjectTable_Revoke(&the_table, cookie);
}

HRESULT GetActiveObject(REFCLSID clsid, void *reserved, IUnknown **object) {
  IMoniker *moniker;
  HRESULT status;

  if (!object)
    return E_INVALIDARG;
  *object = NULL;
  if (!clsid || reserved)
    return E_INVALIDARG;
  status = active_moniker(clsid, &moniker);
  if (FAILED(status))
    return status;
  status = IRunningObjectTable_GetObject(&the_table, moniker, object);
  IMoniker_Release(moniker);
  return status;
}
