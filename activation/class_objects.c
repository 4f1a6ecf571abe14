/* Class objects that this process has registered: CoRegisterClassObject and its kin. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "activation/activation_internal.h"
#include "activation/local/local.h"
#include "com/com_api.h"

typedef struct ClassObject {
  struct ClassObject *next;
  DWORD cookie;
  CLSID clsid;
  ObjectEntry *object; /* held */
  DWORD context;
  DWORD flags;
  uint64_t apartment;
  bool suspended;
  bool used;        /* a REGCLS_SINGLEUSE object that has been given out */
  LocalClass local; /* of a local server */
  bool given_away;  /* used, by a client outside: a service that does not know that must not offer it again */
  bool cut_off;     /* with the last object of the process: `local` is good for nothing any more */
} ClassObject;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ClassObject *registered;
static DWORD last_cookie;
static ULONG server_references;
static bool all_suspended;

/* Contexts in which the object can be found: several-use local servers serve their own process too. */
static DWORD visible_context(DWORD context, DWORD flags) {
  if ((flags & (REGCLS_MULTIPLEUSE | REGCLS_MULTI_SEPARATE)) == REGCLS_MULTIPLEUSE && context & CLSCTX_LOCAL_SERVER)
    context |= CLSCTX_INPROC_SERVER;
  return context;
}

/* Whether the entry can answer a request from that apartment. In-process class objects belong to their apartment; those
 * of local servers are called from anywhere. */
static bool answers(const ClassObject *entry, REFCLSID clsid, DWORD context, uint64_t apartment) {
  DWORD common = entry->context & context;

  if (!IsEqualCLSID(&entry->clsid, clsid) || entry->suspended || entry->used || all_suspended)
    return false;
  return common & CLSCTX_LOCAL_SERVER || (common && entry->apartment == apartment);
}

bool class_object_class(unsigned index, CLSID *clsid) {
  pthread_mutex_lock(&lock);
  const ClassObject *entry = registered;
  while (entry && index--)
    entry = entry->next;
  if (entry)
    *clsid = entry->clsid;
  pthread_mutex_unlock(&lock);
  return entry;
}

/* Takes the first entry that `apartment` has (0: all) off the list. */
static ClassObject *take(uint64_t apartment) {
  ClassObject **link = &registered;
  ClassObject *entry;

  pthread_mutex_lock(&lock);
  while (*link && (*link)->apartment != apartment)
    link = &(*link)->next;
  entry = *link;
  if (entry)
    *link = entry->next;
  pthread_mutex_unlock(&lock);
  return entry;
}

static void entry_free(ClassObject *entry) {
  local_class_revoke(&entry->local);
  object_entry_release(entry->object, HOLD_TABLE);
  free(entry);
}

/* An apartment that ends takes its class objects with it. */
static void leave_apartment(uint64_t apartment, bool last) {
  ClassObject *entry;

  while (last && (entry = take(apartment)) != NULL)
    entry_free(entry);
}

/* Other processes */

static ClassObject *find_cookie(DWORD cookie) {
  ClassObject *entry = registered;
  while (entry && entry->cookie != cookie)
    entry = entry->next;
  return entry;
}

/* The next local server of the apartment behind the cookie (0: from the begin), as cookies grow. Copies what is told of it; the
 * reference is for free(). */
static bool next_local(uint64_t apartment, DWORD *cookie, CLSID *clsid, DWORD *flags, LocalClass *local) {
  const ClassObject *next = NULL;
  pthread_mutex_lock(&lock);
  for (const ClassObject *entry = registered; entry; entry = entry->next) {
    if (entry->apartment == apartment && entry->local.reference && !entry->given_away && entry->cookie > *cookie &&
        (!next || entry->cookie < next->cookie))
      next = entry;
  }
  if (next) {
    *cookie = next->cookie;
    *clsid = next->clsid;
    *flags = (next->flags & ~(DWORD)REGCLS_SUSPENDED) | (next->suspended || all_suspended ? REGCLS_SUSPENDED : 0);
    *local = next->local;
    local->reference = malloc(local->size + 1);
    if (local->reference)
      memcpy(local->reference, next->local.reference, local->size);
  }
  pthread_mutex_unlock(&lock);
  return next;
}

/* To a new COM service. Entries of an apartment go on its thread, or with the last one that is in it. */
static void restore(uint64_t apartment) {
  CLSID clsid;
  DWORD cookie = 0, flags;
  LocalClass local;
  while (next_local(apartment, &cookie, &clsid, &flags, &local)) {
    HRESULT status = local.reference ? local_class_restore(&clsid, flags, cookie, &local) : E_OUTOFMEMORY;
    free(local.reference);
    if (FAILED(status))
      continue;
    pthread_mutex_lock(&lock);
    ClassObject *entry = find_cookie(cookie);
    if (entry)
      entry->local.cookie = local.cookie;
    pthread_mutex_unlock(&lock);
  }
}

void class_object_used(DWORD token) {
  pthread_mutex_lock(&lock);
  ClassObject *entry = find_cookie(token);
  if (entry)
    entry->used = entry->given_away = true;
  pthread_mutex_unlock(&lock);
}

static pthread_once_t hook_once = PTHREAD_ONCE_INIT;

static void add_hook(void) {
  broker_add_restore(restore);
  apartment_add_hook(leave_apartment);
}

static bool is_registered(const ClassObject *fresh) {
  const ClassObject *entry;

  for (entry = registered; entry; entry = entry->next)
    if (entry->apartment == fresh->apartment && entry->context & fresh->context &&
        IsEqualCLSID(&entry->clsid, &fresh->clsid) && !entry->used)
      return true;
  return false;
}

static HRESULT insert(ClassObject *entry) {
  HRESULT status = S_OK;

  pthread_mutex_lock(&lock);
  if (is_registered(entry)) {
    status = CO_E_OBJISREG;
  } else {
    if (++last_cookie == 0)
      last_cookie = 1;
    entry->cookie = last_cookie;
    entry->next = registered;
    registered = entry;
  }
  pthread_mutex_unlock(&lock);
  return status;
}

/* Makes an entry known to other processes; where that cannot be, it is taken back. */
static HRESULT publish(IUnknown *object, DWORD cookie) {
  LocalClass local;
  pthread_mutex_lock(&lock);
  const ClassObject *entry = find_cookie(cookie);
  CLSID clsid = entry->clsid;
  DWORD flags = entry->flags | (all_suspended ? REGCLS_SUSPENDED : 0);
  pthread_mutex_unlock(&lock);
  HRESULT status = local_class_register(&clsid, object, flags, cookie, &local);
  if (FAILED(status)) {
    CoRevokeClassObject(cookie);
    return status;
  }
  pthread_mutex_lock(&lock);
  ClassObject *found = find_cookie(cookie);
  if (found)
    found->local = local;
  pthread_mutex_unlock(&lock);
  if (!found)
    local_class_revoke(&local);
  return S_OK;
}

HRESULT CoRegisterClassObject(REFCLSID clsid, LPUNKNOWN object, DWORD context, DWORD flags, LPDWORD cookie) {
  ClassObject *entry;
  HRESULT status;

  if (!clsid || !object || !cookie)
    return E_INVALIDARG;
  *cookie = 0;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  pthread_once(&hook_once, add_hook);
  entry = calloc(1, sizeof *entry);
  if (!entry)
    return E_OUTOFMEMORY;
  status = object_table_hold(object, HOLD_TABLE, &entry->object);
  if (FAILED(status)) {
    free(entry);
    return status;
  }
  entry->clsid = *clsid;
  entry->context = visible_context(context, flags);
  entry->flags = flags;
  entry->apartment = apartment_current();
  entry->suspended = (flags & REGCLS_SUSPENDED) != 0;
  status = insert(entry);
  if (FAILED(status)) {
    entry_free(entry);
    return status;
  }
  *cookie = entry->cookie;
  if (context & CLSCTX_LOCAL_SERVER)
    status = publish(object, *cookie);
  if (FAILED(status))
    *cookie = 0;
  return status;
}

HRESULT CoRevokeClassObject(DWORD cookie) {
  ClassObject **link = &registered;
  ClassObject *entry;
  HRESULT status = S_OK;

  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  pthread_mutex_lock(&lock);
  while (*link && (*link)->cookie != cookie)
    link = &(*link)->next;
  entry = *link;
  if (!entry)
    status = E_INVALIDARG;
  else if (entry->apartment != apartment_current())
    status = RPC_E_WRONG_THREAD;
  else
    *link = entry->next;
  pthread_mutex_unlock(&lock);
  if (SUCCEEDED(status))
    entry_free(entry);
  return status;
}

/* The class object for the request, on loan; NULL when there is none. *local: its registration outside, which is over with this
 * use. */
static ObjectEntry *find(const ActivationRequest *request, IUnknown **object, LocalClass *local) {
  uint64_t apartment = apartment_current();
  ObjectEntry *found = NULL;
  ClassObject *entry;

  *local = (LocalClass){ 0 };
  pthread_mutex_lock(&lock);
  entry = registered;
  while (entry && !answers(entry, &request->clsid, request->context, apartment))
    entry = entry->next;
  if (entry && object_entry_borrow(entry->object, object)) {
    found = entry->object;
    /* A single-use object serves one client from outside its own apartment's code. */
    if (!(entry->flags & (REGCLS_MULTIPLEUSE | REGCLS_MULTI_SEPARATE | REGCLS_SURROGATE)) &&
        !(entry->context & request->context & CLSCTX_INPROC)) {
      entry->used = true;
      *local = entry->local;
      entry->local = (LocalClass){ 0 };
    }
  }
  pthread_mutex_unlock(&lock);
  return found;
}

static HRESULT class_object_activate(const ActivationRequest *request) {
  IUnknown *object;
  LocalClass local;
  ObjectEntry *entry = find(request, &object, &local);
  HRESULT status;

  if (!entry)
    return ACTIVATOR_PASS;
  local_class_revoke(&local);
  status = activation_from_class_object(request, object);
  object_entry_return(entry);
  return status;
}

const Activator class_object_activator = {
  "running class objects",
  CLSCTX_INPROC | CLSCTX_LOCAL_SERVER,
  class_object_activate,
};

/* The next local server of the apartment whose clients are (not yet) cut off, marked as the opposite, its object on loan. */
static ObjectEntry *next_to_mark(uint64_t apartment, bool cut_off, IUnknown **object, DWORD *cookie) {
  ObjectEntry *found = NULL;
  pthread_mutex_lock(&lock);
  for (ClassObject *entry = registered; entry && !found; entry = entry->next) {
    if (entry->apartment != apartment || !entry->local.reference || entry->cut_off == cut_off)
      continue;
    entry->cut_off = cut_off;
    *cookie = entry->cookie;
    found = object_entry_borrow(entry->object, object) ? entry->object : NULL;
  }
  pthread_mutex_unlock(&lock);
  return found;
}

/* Who has a class object already, and would make an object now, is told to look for another process. */
static void cut_off_clients(void) {
  IUnknown *object;
  DWORD cookie;
  for (ObjectEntry *entry; (entry = next_to_mark(apartment_current(), true, &object, &cookie));) {
    CoDisconnectObject(object, 0);
    object_entry_return(entry);
  }
}

static void take_clients_again(void) {
  IUnknown *object;
  DWORD cookie;
  for (ObjectEntry *entry; (entry = next_to_mark(apartment_current(), false, &object, &cookie));) {
    pthread_mutex_lock(&lock);
    ClassObject *found = find_cookie(cookie);
    LocalClass stale = found ? found->local : (LocalClass){ 0 };
    if (found)
      found->local = (LocalClass){ 0 };
    pthread_mutex_unlock(&lock);
    local_class_revoke(&stale);
    if (found)
      publish(object, cookie);
    object_entry_return(entry);
  }
}

static bool any_local_locked(void) {
  const ClassObject *entry = registered;
  while (entry && !entry->local.reference)
    entry = entry->next;
  return entry;
}

HRESULT CoSuspendClassObjects(void) {
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  pthread_mutex_lock(&lock);
  all_suspended = true;
  bool tells = any_local_locked();
  pthread_mutex_unlock(&lock);
  if (tells)
    local_classes_suspend(true);
  return S_OK;
}

HRESULT CoResumeClassObjects(void) {
  ClassObject *entry;

  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  pthread_mutex_lock(&lock);
  all_suspended = false;
  for (entry = registered; entry; entry = entry->next)
    entry->suspended = false;
  bool tells = any_local_locked();
  pthread_mutex_unlock(&lock);
  if (tells) {
    take_clients_again();
    local_classes_suspend(false);
  }
  return S_OK;
}

ULONG CoAddRefServerProcess(void) {
  ULONG references;

  pthread_mutex_lock(&lock);
  references = ++server_references;
  pthread_mutex_unlock(&lock);
  return references;
}

ULONG CoReleaseServerProcess(void) {
  ULONG references;

  pthread_mutex_lock(&lock);
  references = server_references ? --server_references : 0;
  /* The server is about to end: nobody may connect to it any more. */
  bool ends = references == 0, tells = ends && any_local_locked();
  if (ends)
    all_suspended = true;
  pthread_mutex_unlock(&lock);
  if (tells) {
    cut_off_clients(); /* first: to tell the service means to wait, and to serve */
    local_classes_suspend(true);
  }
  return references;
}
