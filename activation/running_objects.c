/* The running object table of this process. Monikers are matched by their comparison data, as the documentation of IROTData
 * says. No lock is held while objects and monikers are called: an entry that is in use outlives its registration. */
#include "activation/running_objects.h"

#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <oleander_enumerator.h>

#include "activation/activation_internal.h"
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
  FILETIME changed; /* guarded by the lock, as is the list */
} Running;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Running *table; /* the newest first */
static DWORD last_cookie;

/* The object is told of a strong registration, if it wants to know. */
static void tell_connection(const Running *running, bool begins) {
  IExternalConnection *connection;

  if (running->hold != HOLD_TABLE ||
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

static void add_hook(void) {
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
  tell_connection(running, true);
  end_what_is_cut_off();
  return running_enter(running, cookie);
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
  free(key);
  if (!running)
    return S_FALSE;
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
  if (running)
    running->changed = *time;
  pthread_mutex_unlock(&lock);
  return running ? S_OK : E_INVALIDARG;
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

static HRESULT STDMETHODCALLTYPE Table_EnumRunning(IRunningObjectTable *self, IEnumMoniker **result) {
  size_t count;

  (void)self;
  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  Running **all = snapshot(&count);
  if (!all)
    return E_OUTOFMEMORY;
  IMoniker **monikers = malloc((count + 1) * sizeof(IMoniker *));
  for (size_t i = 0; monikers && i < count; i++)
    monikers[i] = all[i]->moniker;
  HRESULT status =
      monikers ? oleander_enumerator_create(&IID_IEnumMoniker, &oleander_monikers, monikers, count, (void **)result)
               : E_OUTOFMEMORY;
  for (size_t i = 0; i < count; i++)
    running_release(all[i]);
  free(monikers);
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
