/* The running object table: of this process, and through the COM service of the others. Monikers are matched by their comparison data, as the documentation of IROTData
 * says. No lock is held while objects and monikers are called: an entry that is in use outlives its registration. */
#include "activation/running_objects.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <oleander_enumerator.h>

#include "activation/activation_internal.h"
#include "activation/local/local.h"
#include "com/com_api.h"

#define KEY_ROOM 256 /* bytes that comparison data mostly fits in */

typedef struct Running {
  struct Running *next;
  _Atomic unsigned references; /* the table's, and those of calls that use the entry */
  DWORD cookie;
  ObjectHold hold;
  ObjectEntry *object; /* held */
  IMoniker *moniker;   /* reduced */
  BYTE *key;
  ULONG key_size;
  FILETIME changed; /* guarded by the lock, as are the list and `local` */
  LocalRunning local;
} Running;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Running *table; /* the newest first */
static DWORD last_cookie;

/* The object is told of a strong registration, if it wants to know; where other processes know it, their reference has told it. */
static void tell_connection(const Running *running, bool begins) {
  IExternalConnection *connection;

  if (running->hold != HOLD_TABLE || running->local.reference ||
      FAILED(object_entry_query(running->object, &IID_IExternalConnection, (void **)&connection)))
    return;
  if (begins)
    IExternalConnection_AddConnection(connection, EXTCONN_STRONG, 0);
  else
    IExternalConnection_ReleaseConnection(connection, EXTCONN_STRONG, 0, TRUE);
  IExternalConnection_Release(connection);
}

static void running_release(Running *running) {
  if (--running->references)
    return;
  if (running->object)
    object_entry_release(running->object, running->hold);
  if (running->moniker)
    IMoniker_Release(running->moniker);
  free(running->key);
  free(running);
}

/* Ends a registration that has been taken off the list. */
static void running_end(Running *running) {
  tell_connection(running, false);
  local_running_revoke(&running->local);
  running_release(running);
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

/* Which registrations to take off the list */

typedef bool Wanted(const Running *running, uint64_t which);

static bool has_cookie(const Running *running, uint64_t cookie) {
  return running->cookie == cookie;
}

static bool is_of_apartment(const Running *running, uint64_t apartment) {
  return object_entry_apartment(running->object) == apartment;
}

/* Only weak ones are cut off before their apartment ends. */
static bool is_cut_off(const Running *running, uint64_t unused) {
  (void)unused;
  return running->hold == HOLD_WEAK && !object_entry_is_connected(running->object);
}

static Running *take(Wanted *wanted, uint64_t which) {
  Running **link = &table;

  pthread_mutex_lock(&lock);
  while (*link && !wanted(*link, which))
    link = &(*link)->next;
  Running *running = *link;
  if (running)
    *link = running->next;
  pthread_mutex_unlock(&lock);
  return running;
}

/* A weak registration ends with the last client outside; that is noticed when the table is asked. */
static void end_what_is_cut_off(void) {
  Running *running;

  while ((running = take(is_cut_off, 0)) != NULL)
    running_end(running);
}

/* An apartment that ends takes its registrations with it. */
static void leave_apartment(uint64_t apartment, bool last) {
  Running *running;

  while (last && (running = take(is_of_apartment, apartment)) != NULL)
    running_end(running);
}

static pthread_once_t hook_once = PTHREAD_ONCE_INIT;

/* Other processes */

/* The next of the apartment that they know, behind the cookie as cookies grow (0: from the begin), with a reference, and what is
 * registered of it, with bytes for free(). */
static Running *next_shared(uint64_t apartment, DWORD cookie, LocalRunning *local) {
  Running *next = NULL;
  pthread_mutex_lock(&lock);
  for (Running *running = table; running; running = running->next) {
    if (running->local.reference && is_of_apartment(running, apartment) && running->cookie > cookie &&
        (!next || running->cookie < next->cookie))
      next = running;
  }
  if (next) {
    next->references++;
    *local = next->local;
    local->reference = malloc(local->size + 1);
    if (local->reference)
      memcpy(local->reference, next->local.reference, local->size);
  }
  pthread_mutex_unlock(&lock);
  return next;
}

static RunningFacts facts_of(const Running *running) {
  return (RunningFacts){ running->key, running->key_size, running->moniker, running->changed };
}

/* To a new COM service. */
static void restore(uint64_t apartment) {
  DWORD cookie = 0;
  LocalRunning local;
  for (Running *running; (running = next_shared(apartment, cookie, &local));) {
    RunningFacts facts = facts_of(running);
    cookie = running->cookie;
    bool restored = local.reference && SUCCEEDED(local_running_restore(&facts, &local));
    free(local.reference);
    if (restored) {
      pthread_mutex_lock(&lock);
      running->local.cookie = local.cookie;
      pthread_mutex_unlock(&lock);
    }
    running_release(running);
  }
}

/* A registration is good without other processes: they learn of it where they can. */
static HRESULT share(Running *running, IUnknown *object) {
  LocalRunning local;
  RunningFacts facts = facts_of(running);
  HRESULT status = local_running_register(&facts, object, running->hold == HOLD_TABLE, &local);
  if (FAILED(status)) {
    SetErrorInfo(0, NULL);
    return S_OK;
  }
  pthread_mutex_lock(&lock);
  running->local = local;
  pthread_mutex_unlock(&lock);
  return status;
}

static void add_hook(void) {
  broker_add_restore(restore);
  apartment_add_hook(leave_apartment);
}

/* Comparison data */

static HRESULT key_from_rot_data(IROTData *rot, BYTE **data, ULONG *size) {
  ULONG room = KEY_ROOM;
  HRESULT status = E_OUTOFMEMORY;

  for (int tries = 0; tries < 4 && status == E_OUTOFMEMORY; tries++) {
    ULONG needed = 0;

    *data = malloc(room);
    if (!*data)
      return E_OUTOFMEMORY;
    status = IROTData_GetComparisonData(rot, *data, room, &needed);
    if (SUCCEEDED(status) && needed > room)
      status = E_UNEXPECTED;
    *size = needed;
    if (FAILED(status))
      free(*data);
    room = needed > room ? needed : room * 2;
  }
  return status;
}

static HRESULT name_of(IMoniker *moniker, IBindCtx *context, LPOLESTR *name) {
  IBindCtx *own = NULL;
  HRESULT status = context ? S_OK : CreateBindCtx(0, &own);

  *name = NULL;
  if (SUCCEEDED(status))
    status = IMoniker_GetDisplayName(moniker, context ? context : own, NULL, name);
  if (own)
    IBindCtx_Release(own);
  return SUCCEEDED(status) && !*name ? E_UNEXPECTED : status;
}

/* The class and the name in upper case, with its zero. */
static HRESULT key_from_name(IMoniker *moniker, IBindCtx *context, BYTE **data, ULONG *size) {
  LPOLESTR name;
  CLSID clsid;
  HRESULT status = IMoniker_GetClassID(moniker, &clsid);

  if (SUCCEEDED(status))
    status = name_of(moniker, context, &name);
  if (FAILED(status))
    return status;
  size_t units = utf16_units(name);
  for (size_t i = 0; i < units; i++)
    name[i] = caseless_upper(name[i]);
  *size = (ULONG)(sizeof clsid + (units + 1) * sizeof(OLECHAR));
  *data = malloc(*size);
  if (*data) {
    memcpy(*data, &clsid, sizeof clsid);
    memcpy(*data + sizeof clsid, name, (units + 1) * sizeof(OLECHAR));
  }
  CoTaskMemFree(name);
  return *data ? S_OK : E_OUTOFMEMORY;
}

HRESULT running_key(IMoniker *moniker, IBindCtx *context, BYTE **data, ULONG *size) {
  IROTData *rot;
  HRESULT status = IMoniker_QueryInterface(moniker, &IID_IROTData, (void **)&rot);

  if (FAILED(status))
    return key_from_name(moniker, context, data, size);
  status = key_from_rot_data(rot, data, size);
  IROTData_Release(rot);
  return status;
}

/* What the moniker reduces to; one that cannot be reduced is itself. */
static HRESULT reduce(IMoniker *moniker, IBindCtx *context, IMoniker **reduced) {
  *reduced = NULL;
  HRESULT status = IMoniker_Reduce(moniker, context, MKRREDUCE_ALL, NULL, reduced);
  if (status == E_NOTIMPL || (SUCCEEDED(status) && !*reduced)) {
    *reduced = moniker;
    IMoniker_AddRef(moniker);
    status = S_OK;
  }
  return status;
}

/* IRunningObjectTable: one for all */

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

/* Fills an entry with what its moniker says: reduced first, then asked for its time, then for its comparison data. */
static HRESULT running_fill(Running *running, IMoniker *moniker) {
  IBindCtx *context;
  HRESULT status = CreateBindCtx(0, &context);

  if (FAILED(status))
    return status;
  status = reduce(moniker, context, &running->moniker);
  if (SUCCEEDED(status) && FAILED(IMoniker_GetTimeOfLastChange(running->moniker, context, NULL, &running->changed)))
    CoFileTimeNow(&running->changed);
  if (SUCCEEDED(status)) {
    status = running_key(running->moniker, context, &running->key, &running->key_size);
    if (FAILED(status))
      running->key = NULL;
  }
  IBindCtx_Release(context);
  return status;
}

/* Puts the entry on the list; MK_S_MONIKERALREADYREGISTERED when there is another one with its key. */
static HRESULT running_enter(Running *running, DWORD *cookie) {
  pthread_mutex_lock(&lock);
  HRESULT status = find_key(running->key, running->key_size) ? MK_S_MONIKERALREADYREGISTERED : S_OK;
  do
    last_cookie++;
  while (!last_cookie || find_cookie(last_cookie));
  *cookie = running->cookie = last_cookie;
  running->next = table;
  table = running;
  pthread_mutex_unlock(&lock);
  return status;
}

static HRESULT STDMETHODCALLTYPE Table_Register(IRunningObjectTable *self, DWORD flags, IUnknown *object,
                                                IMoniker *moniker, DWORD *cookie) {
  (void)self;
  if (!object || !moniker || !cookie || flags & ~(DWORD)(ROTFLAGS_REGISTRATIONKEEPSALIVE | ROTFLAGS_ALLOWANYCLIENT))
    return E_INVALIDARG;
  Running *running = calloc(1, sizeof *running);
  if (!running)
    return E_OUTOFMEMORY;
  running->references = 1;
  running->hold = flags & ROTFLAGS_REGISTRATIONKEEPSALIVE ? HOLD_TABLE : HOLD_WEAK;
  HRESULT status = running_fill(running, moniker);
  if (SUCCEEDED(status))
    status = object_table_hold(object, running->hold, &running->object);
  if (FAILED(status)) {
    running_release(running);
    return status;
  }
  pthread_once(&hook_once, add_hook); /* after the hook of the object table, so that it runs before */
  HRESULT shared = share(running, object);
  tell_connection(running, true);
  end_what_is_cut_off();
  status = running_enter(running, cookie);
  return status == S_OK ? shared : status;
}

static HRESULT STDMETHODCALLTYPE Table_Revoke(IRunningObjectTable *self, DWORD cookie) {
  Running *running = take(has_cookie, cookie);

  (void)self;
  if (!running)
    return E_INVALIDARG;
  running_end(running);
  return S_OK;
}

/* The comparison data of what the moniker reduces to. */
static HRESULT reduced_key(IMoniker *moniker, BYTE **key, ULONG *size) {
  IMoniker *reduced;
  IBindCtx *context;
  HRESULT status = CreateBindCtx(0, &context);

  if (FAILED(status))
    return status;
  status = reduce(moniker, context, &reduced);
  if (SUCCEEDED(status)) {
    status = running_key(reduced, context, key, size);
    IMoniker_Release(reduced);
  }
  IBindCtx_Release(context);
  return status;
}

/* Looks the moniker up. S_OK with the object (referenced) and time where these are wanted; S_FALSE when not running. */
static HRESULT look_up(IMoniker *moniker, IUnknown **object, FILETIME *time) {
  BYTE *key;
  ULONG size;
  HRESULT status = moniker ? reduced_key(moniker, &key, &size) : E_INVALIDARG;

  if (FAILED(status))
    return status;
  end_what_is_cut_off();
  pthread_mutex_lock(&lock);
  Running *running = find_key(key, size);
  if (running)
    running->references++;
  if (running && time)
    *time = running->changed;
  pthread_mutex_unlock(&lock);
  if (!running)
    status = local_running_get(key, size, object, time);
  free(key);
  if (!running)
    return status;
  if (object)
    status = object_entry_query(running->object, &IID_IUnknown, (void **)object);
  running_release(running);
  return status == CO_E_OBJNOTCONNECTED ? S_FALSE : status;
}

static HRESULT STDMETHODCALLTYPE Table_IsRunning(IRunningObjectTable *self, IMoniker *moniker) {
  HRESULT status = look_up(moniker, NULL, NULL);

  (void)self;
  /* What cannot be compared cannot be in the table either. */
  return FAILED(status) && moniker && status != E_OUTOFMEMORY ? S_FALSE : status;
}

static HRESULT STDMETHODCALLTYPE Table_GetObject(IRunningObjectTable *self, IMoniker *moniker, IUnknown **object) {
  (void)self;
  if (!object)
    return E_POINTER;
  *object = NULL;
  HRESULT status = look_up(moniker, object, NULL);
  return status == S_OK || !moniker || status == E_OUTOFMEMORY ? status : MK_E_UNAVAILABLE;
}

static HRESULT STDMETHODCALLTYPE Table_NoteChangeTime(IRunningObjectTable *self, DWORD cookie, FILETIME *time) {
  (void)self;
  if (!time)
    return E_INVALIDARG;
  pthread_mutex_lock(&lock);
  Running *running = find_cookie(cookie);
  if (running) {
    running->changed = *time;
    running->references++;
  }
  pthread_mutex_unlock(&lock);
  if (!running)
    return E_INVALIDARG;
  local_running_change(&running->local, time);
  running_release(running);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Table_GetTimeOfLastChange(IRunningObjectTable *self, IMoniker *moniker,
                                                           FILETIME *time) {
  (void)self;
  if (!moniker || !time)
    return E_INVALIDARG;
  HRESULT status = look_up(moniker, NULL, time);
  return status == S_OK || status == E_OUTOFMEMORY ? status : MK_E_UNAVAILABLE;
}

/* All entries, with a reference each, as an array for free(). */
static Running **snapshot(size_t *count) {
  *count = 0;
  end_what_is_cut_off();
  pthread_mutex_lock(&lock);
  for (Running *running = table; running; running = running->next)
    ++*count;
  Running **all = malloc((*count + 1) * sizeof(Running *));
  size_t i = 0;
  for (Running *running = table; all && running; running = running->next) {
    running->references++;
    all[i++] = running;
  }
  pthread_mutex_unlock(&lock);
  return all;
}

/* The monikers of this process and of the others. */
static HRESULT enumerator_of(Running *const *own, size_t own_count, IMoniker *const *others, size_t count,
                             IEnumMoniker **result) {
  IMoniker **monikers = malloc((own_count + count + 1) * sizeof(IMoniker *));
  if (!monikers)
    return E_OUTOFMEMORY;
  for (size_t i = 0; i < own_count; i++)
    monikers[i] = own[i]->moniker;
  for (size_t i = 0; i < count; i++)
    monikers[own_count + i] = others[i];
  HRESULT status =
      oleander_enumerator_create(&IID_IEnumMoniker, &oleander_monikers, monikers, own_count + count, (void **)result);
  free(monikers);
  return status;
}

static HRESULT STDMETHODCALLTYPE Table_EnumRunning(IRunningObjectTable *self, IEnumMoniker **result) {
  size_t count, other_count;
  IMoniker **others;

  (void)self;
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  Running **all = snapshot(&count);
  if (!all)
    return E_OUTOFMEMORY;
  HRESULT status = local_running_enum(&others, &other_count);
  if (SUCCEEDED(status))
    status = enumerator_of(all, count, others, other_count, result);
  for (size_t i = 0; i < count; i++)
    running_release(all[i]);
  for (size_t i = 0; i < other_count; i++)
    IMoniker_Release(others[i]);
  free(others);
  free(all);
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

/* The table as monikers use it */

static HRESULT table_of(IBindCtx *context, IRunningObjectTable **result) {
  return context ? IBindCtx_GetRunningObjectTable(context, result) : GetRunningObjectTable(0, result);
}

HRESULT running_has(IBindCtx *context, IMoniker *moniker) {
  IRunningObjectTable *running;
  HRESULT status = table_of(context, &running);

  if (FAILED(status))
    return status;
  status = IRunningObjectTable_IsRunning(running, moniker);
  IRunningObjectTable_Release(running);
  return status;
}

HRESULT running_time(IBindCtx *context, IMoniker *moniker, FILETIME *time) {
  IRunningObjectTable *running;
  HRESULT status = table_of(context, &running);

  if (FAILED(status))
    return status;
  status = IRunningObjectTable_GetTimeOfLastChange(running, moniker, time);
  IRunningObjectTable_Release(running);
  return status;
}

HRESULT running_bind(IBindCtx *context, IMoniker *moniker, REFIID iid, void **result) {
  IRunningObjectTable *running;
  IUnknown *object;
  HRESULT status = table_of(context, &running);

  if (FAILED(status))
    return status;
  status = IRunningObjectTable_GetObject(running, moniker, &object);
  IRunningObjectTable_Release(running);
  if (status != S_OK)
    return FAILED(status) ? status : MK_E_UNAVAILABLE;
  status = IUnknown_QueryInterface(object, iid, result);
  IUnknown_Release(object);
  return status;
}
