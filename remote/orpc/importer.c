/* The importer: objects of other apartments. For each apartment here one home for each apartment elsewhere, and one manager for
 * each object of it: so an object is the same proxy however often it comes. */
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/call_thread.h"
#include "remote/orpc/importer_internal.h"
#include "remote/orpc/module_stub.h"
#include "remote/security/process_security.h"

enum { FIRST_ROOM = 64, RELEASE_BATCH = 64 };

pthread_mutex_t import_lock = PTHREAD_MUTEX_INITIALIZER;

static Home *homes;
static ProxyManager *first_buckets[FIRST_ROOM], **buckets = first_buckets;
static size_t bucket_count = FIRST_ROOM, manager_count;

/* Homes */

/* On other hosts each blanket has a home of its own, so that two identities never share a channel. */
static Home *home_find_locked(uint64_t apartment, uint64_t oxid, const Blanket *blanket) {
  Home *home = homes;
  while (home && (home->apartment != apartment || home->oxid != oxid || home->broken || home->closed ||
                  (home->host && (!blanket || !blanket_equal(home->host->blanket, blanket)))))
    home = home->next;
  return home;
}

static Home *home_hold(uint64_t apartment, uint64_t oxid, const Blanket *blanket) {
  pthread_mutex_lock(&import_lock);
  Home *home = home_find_locked(apartment, oxid, blanket);
  if (home)
    home->references++;
  pthread_mutex_unlock(&import_lock);
  return home;
}

static void home_unlist_locked(Home *home) {
  Home **link = &homes;
  while (*link && *link != home)
    link = &(*link)->next;
  if (*link)
    *link = home->next;
  home->listed = false;
}

/* The last reference and the look-up meet under the lock. */
void home_release(Home *home) {
  if (!home)
    return;
  pthread_mutex_lock(&import_lock);
  bool last = --home->references == 0;
  if (last && home->listed)
    home_unlist_locked(home);
  pthread_mutex_unlock(&import_lock);
  if (!last)
    return;
  rpc_channel_release(home->channel);
  exporter_release(home->exporter);
  home_host_free(home->host);
  free(home);
}

void home_note(Home *home, const RpcCall *call) {
  if (call->outcome == RPC_NO_ANSWER || (call->outcome == RPC_NOT_SENT && (HRESULT)call->status != E_OUTOFMEMORY &&
                                         (HRESULT)call->status != RPC_E_CALL_CANCELED))
    atomic_store(&home->broken, true);
}

void home_mark_closed(const RpcChannel *channel) {
  pthread_mutex_lock(&import_lock);
  for (Home *home = homes; home; home = home->next) {
    if (home->channel == channel)
      atomic_store(&home->closed, true);
    for (HomeChannel *other = home->host ? home->host->channels : NULL; other; other = other->next) {
      if (other->channel == channel)
        atomic_store(&other->closed, true);
    }
  }
  pthread_mutex_unlock(&import_lock);
}

static HRESULT home_connect(Home *home, const Objref *objref, Blanket *blanket) {
  home->exporter = exporter_find(home->oxid);
  if (!objref_binding(objref, TOWER_LOCAL, home->endpoint, sizeof home->endpoint))
    home->endpoint[0] = 0;
  if (home->exporter)
    return exporter_open(home->exporter, &home->channel);
  if (!home->endpoint[0])
    return home_connect_host(home, objref, blanket);
  ApartmentQueue *queue = queue_of_thread();
  Apartment *apartment = apartment_get();
  if (apartment)
    queue = apartment_queue(apartment);
  HRESULT status = queue ? rpc_unix_connect(queue, home->endpoint, &home_server, &home->channel) : E_OUTOFMEMORY;
  apartment_release(apartment);
  if (SUCCEEDED(status))
    rem_hello(home->channel, home->oxid);
  return status;
}

/* blanket: of calls, where it is on another host; else NULL. */
static HRESULT home_make(const Objref *objref, uint64_t apartment, Blanket *blanket, Home **result) {
  Home *home, *fresh = calloc(1, sizeof *fresh);
  if (!fresh)
    return E_OUTOFMEMORY;
  fresh->references = 1;
  fresh->apartment = apartment;
  fresh->oxid = objref->standard.oxid;
  fresh->rem_unknown = rem_unknown_ipid(fresh->oxid);
  HRESULT status = home_connect(fresh, objref, blanket);
  if (FAILED(status)) {
    home_release(fresh);
    return status;
  }
  pthread_mutex_lock(&import_lock);
  home = home_find_locked(apartment, fresh->oxid, blanket);
  if (home) {
    home->references++;
  } else {
    home = fresh;
    fresh->next = homes;
    homes = fresh;
    fresh->listed = true;
  }
  pthread_mutex_unlock(&import_lock);
  if (home != fresh)
    home_release(fresh);
  *result = home;
  return S_OK;
}

static bool is_of_host(const Objref *objref) {
  char endpoint[RPC_BINDING_ROOM];
  Exporter *own = exporter_find(objref->standard.oxid);
  exporter_release(own);
  return !own && !objref_binding(objref, TOWER_LOCAL, endpoint, sizeof endpoint);
}

static HRESULT home_open(const Objref *objref, uint64_t apartment, const RpcChannel *through, Home **result) {
  Blanket *blanket = NULL;
  HRESULT status = S_OK;
  *result = home_hold(apartment, objref->standard.oxid, NULL);
  if (*result)
    return S_OK;
  if (is_of_host(objref)) {
    blanket = blanket_addref(through ? through->blanket : call_thread.blanket);
    if (!blanket)
      status = blanket_of_process(&blanket);
    if (FAILED(status))
      return status;
    *result = home_hold(apartment, objref->standard.oxid, blanket);
  }
  if (!*result)
    status = home_make(objref, apartment, blanket, result);
  blanket_release(blanket);
  return status;
}

/* Managers */

static ProxyManager **bucket_of(const Home *home, uint64_t oid) {
  uint64_t key = (oid ^ home->oxid ^ home->apartment << 32) * UINT64_C(0x9E3779B97F4A7C15);
  return &buckets[(size_t)(key >> 32) & (bucket_count - 1)];
}

static void grow_locked(void) {
  ProxyManager **old = buckets;
  size_t count = bucket_count;
  ProxyManager **grown = calloc(count * 2, sizeof *grown);
  if (!grown)
    return; /* it only gets slower */
  buckets = grown;
  bucket_count = count * 2;
  for (size_t i = 0; i < count; i++) {
    for (ProxyManager *manager = old[i], *next; manager; manager = next) {
      next = manager->next;
      ProxyManager **link = bucket_of(manager->home, manager->oid);
      manager->next = *link;
      *link = manager;
    }
  }
  if (old != first_buckets)
    free(old);
}

/* One that is going is not found again. */
bool manager_hold(ProxyManager *manager) {
  uint32_t count = atomic_load(&manager->references);
  while (count) {
    if (atomic_compare_exchange_weak(&manager->references, &count, count + 1))
      return true;
  }
  return false;
}

static ProxyManager *find_manager_locked(const Home *home, uint64_t oid) {
  for (ProxyManager *manager = *bucket_of(home, oid); manager; manager = manager->next) {
    if (manager->home == home && manager->oid == oid && !manager->disconnected && manager_hold(manager))
      return manager;
  }
  return NULL;
}

static void unlist_locked(ProxyManager *manager) {
  if (!manager->listed)
    return;
  ProxyManager **link = bucket_of(manager->home, manager->oid);
  while (*link != manager)
    link = &(*link)->next;
  *link = manager->next;
  manager->listed = false;
  manager_count--;
}

static ProxyManager *manager_create(Home *home, uint64_t oid) {
  ProxyManager *manager = calloc(1, sizeof *manager);
  if (!manager)
    return NULL;
  manager->identity.lpVtbl = &manager_identity_vtable;
  manager->marshal.lpVtbl = &manager_marshal_vtable;
  manager->multi.lpVtbl = &manager_multi_vtable;
  manager->security.lpVtbl = &manager_security_vtable;
  manager->options.lpVtbl = &manager_options_vtable;
  manager->references = 1;
  manager->home = home;
  manager->oid = oid;
  return manager;
}

/* Takes the home's reference over. */
static HRESULT manager_open(Home *home, uint64_t oid, ProxyManager **result) {
  ProxyManager *fresh = manager_create(home, oid);
  if (!fresh) {
    home_release(home);
    return E_OUTOFMEMORY;
  }
  pthread_mutex_lock(&import_lock);
  ProxyManager *manager = find_manager_locked(home, oid);
  if (!manager) {
    manager = fresh;
    if (manager_count >= bucket_count)
      grow_locked();
    ProxyManager **link = bucket_of(home, oid);
    manager->next = *link;
    *link = manager;
    manager->listed = true;
    manager_count++;
  }
  pthread_mutex_unlock(&import_lock);
  if (manager != fresh) {
    free(fresh);
    home_release(home);
  }
  *result = manager;
  return S_OK;
}

/* From now on, where the object is of another host. */
static void manager_ping(ProxyManager *manager) {
  pthread_mutex_lock(&import_lock);
  bool was = manager->pinged;
  manager->pinged = true;
  pthread_mutex_unlock(&import_lock);
  if (!was)
    ping_client_add(manager->home->host, manager->oid);
}

static void manager_unping(ProxyManager *manager) {
  pthread_mutex_lock(&import_lock);
  bool was = manager->pinged;
  manager->pinged = false;
  pthread_mutex_unlock(&import_lock);
  if (was)
    ping_client_remove(manager->home->host, manager->oid);
}

/* All references of an object in one message, or a few where it has very many interfaces. */
static void give_back(ProxyManager *manager) {
  RemReferences entries[RELEASE_BATCH];
  uint16_t count = 0;
  for (InterfaceProxy *proxy = manager->interfaces; proxy; proxy = proxy->next) {
    if (!proxy->references)
      continue;
    entries[count++] = (RemReferences){ proxy->ipid, proxy->references };
    proxy->references = 0;
    if (count == RELEASE_BATCH) {
      rem_release(manager->home, entries, count);
      count = 0;
    }
  }
  if (count)
    rem_release(manager->home, entries, count);
}

void proxy_free(InterfaceProxy *proxy) {
  if (proxy->buffer) {
    channel_buffer_disconnect(proxy->buffer);
    IRpcChannelBuffer_Release(proxy->buffer);
  }
  if (proxy->module) {
    IRpcProxyBuffer_Disconnect(proxy->module);
    IRpcProxyBuffer_Release(proxy->module);
  }
  wire_release(proxy->wire);
  proxy_setting_end(&proxy->setting);
  free(proxy);
}

void manager_end(ProxyManager *manager) {
  pthread_mutex_lock(&import_lock);
  unlist_locked(manager);
  pthread_mutex_unlock(&import_lock);
  handler_end(manager);
  manager_unping(manager);
  if (!manager->disconnected && !manager->home->broken)
    give_back(manager);
  while (manager->interfaces) {
    InterfaceProxy *proxy = manager->interfaces;
    manager->interfaces = proxy->next;
    proxy_free(proxy);
  }
  while (manager->copies) {
    InterfaceProxy *proxy = manager->copies;
    manager->copies = proxy->next;
    proxy_free(proxy);
  }
  proxy_setting_end(&manager->unknown);
  proxy_setting_end(&manager->all);
  while (manager->refused) {
    RefusedInterface *refused = manager->refused;
    manager->refused = refused->next;
    free(refused);
  }
  home_release(manager->home);
  free(manager);
}

/* The apartment ends: its proxies are cut off, and give back what they have while somebody still carries it. */

static ProxyManager *first_of_locked(uint64_t apartment) {
  for (size_t i = 0; i < bucket_count; i++) {
    for (ProxyManager *manager = buckets[i]; manager; manager = manager->next) {
      if (manager->home->apartment == apartment && manager_hold(manager))
        return manager;
    }
  }
  return NULL;
}

void proxy_disconnect(ProxyManager *manager) {
  pthread_mutex_lock(&import_lock);
  bool was = atomic_exchange(&manager->disconnected, true);
  unlist_locked(manager);
  pthread_mutex_unlock(&import_lock);
  manager_unping(manager);
  if (!was && !manager->home->broken)
    give_back(manager);
}

void importer_leave_apartment(uint64_t apartment) {
  for (;;) {
    pthread_mutex_lock(&import_lock);
    ProxyManager *manager = manager_count ? first_of_locked(apartment) : NULL;
    pthread_mutex_unlock(&import_lock);
    if (!manager)
      break;
    proxy_disconnect(manager);
    proxy_manager_release(manager);
  }
}

/* Interfaces of a manager */

HRESULT manager_check(const ProxyManager *manager) {
  if (manager->disconnected || manager->home->broken)
    return RPC_E_DISCONNECTED;
  return apartment_current() == manager->home->apartment ? S_OK : RPC_E_WRONG_THREAD;
}

InterfaceProxy *manager_find_locked(ProxyManager *manager, REFIID iid) {
  InterfaceProxy *proxy = manager->interfaces;
  while (proxy && !IsEqualIID(&proxy->iid, iid))
    proxy = proxy->next;
  return proxy;
}

HRESULT proxy_describe(InterfaceProxy *proxy) {
  IPSFactoryBuffer *factory;
  ProxyManager *manager = proxy->manager;
  if (IsEqualIID(&proxy->iid, &IID_IUnknown))
    return S_OK;
  HRESULT status = wire_factory(&proxy->iid, &proxy->wire, &factory);
  if (status == S_FALSE) {
    status = proxy->wire ? S_OK : wire_find(&proxy->iid, &manager->identity, &proxy->wire);
    if (SUCCEEDED(status))
      proxy->vtable = vtable_template_vtable(proxy->wire->vtable);
    return status;
  }
  if (FAILED(status))
    return status;
  status =
      IPSFactoryBuffer_CreateProxy(factory, &manager->identity, &proxy->iid, &proxy->module, &proxy->module_pointer);
  IPSFactoryBuffer_Release(factory);
  if (FAILED(status))
    return status;
  IUnknown_Release((IUnknown *)proxy->module_pointer); /* it counts as one of the manager */
  status = channel_buffer_create(proxy, &proxy->iid, &proxy->buffer);
  return FAILED(status) ? status : IRpcProxyBuffer_Connect(proxy->module, proxy->buffer);
}

void *interface_pointer(InterfaceProxy *proxy) {
  if (proxy->module)
    return proxy->module_pointer;
  return proxy->vtable ? (void *)proxy : (void *)&proxy->manager->identity;
}

/* The references that came along for another IPID of the same interface, or for nothing, go back. */
static void drop(Home *home, const StdObjref *standard) {
  RemReferences entry = { standard->ipid, standard->public_references };
  if (standard->public_references)
    rem_release(home, &entry, 1);
}

void manager_give_back(ProxyManager *manager, const StdObjref *standard) {
  drop(manager->home, standard);
}

HRESULT manager_add(ProxyManager *manager, REFIID iid, const StdObjref *standard, void **result) {
  *result = NULL;
  pthread_mutex_lock(&import_lock);
  InterfaceProxy *proxy = manager_find_locked(manager, iid);
  if (IsEqualGUID(&manager->ipid, &GUID_NULL))
    manager->ipid = standard->ipid;
  pthread_mutex_unlock(&import_lock);
  InterfaceProxy *fresh = NULL;
  HRESULT status = S_OK;
  if (!proxy) {
    fresh = calloc(1, sizeof *fresh);
    if (fresh) {
      *fresh = (InterfaceProxy){ .manager = manager, .iid = *iid, .ipid = standard->ipid };
      proxy_setting_inherit(&fresh->setting, manager);
      status = proxy_describe(fresh);
    }
    if (!fresh || FAILED(status)) {
      if (fresh)
        proxy_free(fresh);
      return fresh ? status : E_OUTOFMEMORY;
    }
  }
  pthread_mutex_lock(&import_lock);
  proxy = manager_find_locked(manager, iid);
  if (!proxy) {
    proxy = fresh;
    proxy->next = manager->interfaces;
    manager->interfaces = proxy;
  }
  bool same = IsEqualGUID(&proxy->ipid, &standard->ipid);
  if (same)
    proxy->references += standard->public_references;
  pthread_mutex_unlock(&import_lock);
  if (fresh && proxy != fresh)
    proxy_free(fresh);
  if (!same)
    drop(manager->home, standard);
  *result = interface_pointer(proxy);
  IUnknown_AddRef((IUnknown *)*result);
  return S_OK;
}

static bool was_refused(ProxyManager *manager, REFIID iid) {
  pthread_mutex_lock(&import_lock);
  const RefusedInterface *refused = manager->refused;
  while (refused && !IsEqualIID(&refused->iid, iid))
    refused = refused->next;
  pthread_mutex_unlock(&import_lock);
  return refused;
}

/* The set of an object's interfaces never changes: what it has refused once need not be asked again. */
static void note_refused(ProxyManager *manager, REFIID iid) {
  RefusedInterface *refused = malloc(sizeof *refused);
  if (!refused)
    return;
  refused->iid = *iid;
  pthread_mutex_lock(&import_lock);
  refused->next = manager->refused;
  manager->refused = refused;
  pthread_mutex_unlock(&import_lock);
}

HRESULT manager_answered(ProxyManager *manager, REFIID iid, HRESULT answer, const StdObjref *standard, void **result) {
  HRESULT status = answer;
  if (SUCCEEDED(status)) {
    status = manager_add(manager, iid, standard, result);
    if (FAILED(status))
      manager_give_back(manager, standard);
  }
  if (status == REGDB_E_IIDNOTREG)
    status = E_NOINTERFACE;
  if (status == E_NOINTERFACE)
    note_refused(manager, iid);
  return status == RPC_E_INVALID_OBJECT ? RPC_E_DISCONNECTED : status;
}

HRESULT manager_query(ProxyManager *manager, REFIID iid, void **result) {
  StdObjref standard;
  HRESULT answer;
  *result = NULL;
  if (was_refused(manager, iid))
    return E_NOINTERFACE;
  HRESULT status = manager_check(manager);
  if (FAILED(status))
    return status;
  status = rem_query(manager->home, manager_channel(manager), &manager->ipid, iid, 1, &answer, &standard);
  return manager_answered(manager, iid, FAILED(status) ? status : answer, &standard, result);
}

bool manager_would_ask(ProxyManager *manager, REFIID iid) {
  pthread_mutex_lock(&import_lock);
  const InterfaceProxy *known = manager_find_locked(manager, iid);
  pthread_mutex_unlock(&import_lock);
  return !known && !was_refused(manager, iid);
}

/* Taking references */

/* Who owns the references of one that has come. Without an endpoint it never left the process; one that other hosts got, and
 * brought home, is nobody's. */
static uint64_t owner_of(const Objref *objref, uint64_t owner) {
  char endpoint[RPC_BINDING_ROOM];
  if (objref_binding(objref, TOWER_LOCAL, endpoint, sizeof endpoint))
    return owner;
  return objref_binding(objref, TOWER_TCP, endpoint, sizeof endpoint) ? 0 : process_number();
}

/* Makes the references of one that came the ordinary way ours, or gets some for one out of a table. */
static HRESULT own_references(Home *home, const Objref *objref, bool given, StdObjref *standard) {
  HRESULT status = S_OK;
  *standard = objref->standard;
  if (standard->public_references) {
    if (home->host || owner_of(objref, given ? process_number() : 0))
      return S_OK;
    if (home->exporter)
      exporter_claim(home->exporter, &standard->ipid, standard->public_references, process_number());
    else
      rem_claim(home, &standard->ipid, standard->public_references, false);
    return S_OK;
  }
  standard->public_references = PUBLIC_REFERENCES;
  if (home->exporter && standard->flags & SORF_TABLE_STRONG)
    status = exporter_add_references(home->exporter, &standard->ipid, PUBLIC_REFERENCES, process_number());
  else
    status = rem_add(home, &standard->ipid, PUBLIC_REFERENCES);
  return status == RPC_E_INVALID_OBJECT ? CO_E_OBJNOTCONNECTED : status;
}

/* The references that came are as they were. False: they have gone already, for another IPID of the interface. */
static bool untake(ProxyManager *manager, REFIID iid, const StdObjref *standard) {
  pthread_mutex_lock(&import_lock);
  InterfaceProxy *proxy = manager_find_locked(manager, iid);
  bool there = IsEqualGUID(&proxy->ipid, &standard->ipid) && proxy->references >= standard->public_references;
  if (there)
    proxy->references -= standard->public_references;
  pthread_mutex_unlock(&import_lock);
  return there;
}

/* The interface that the reference is for, then the one that is wanted. */
static HRESULT take_interface(ProxyManager *manager, const Objref *objref, const StdObjref *standard, REFIID iid,
                              void **result, bool *taken) {
  IUnknown *first;
  HRESULT status = manager_add(manager, &objref->iid, standard, (void **)&first);
  if (FAILED(status))
    return status;
  *taken = true;
  if (objref->kind == OBJREF_HANDLER)
    handler_make(manager, &objref->clsid);
  if (IsEqualIID(iid, &objref->iid) && !manager->handler) {
    *result = first;
    return S_OK;
  }
  status = IUnknown_QueryInterface(first, iid, result);
  if (FAILED(status))
    *taken = !untake(manager, &objref->iid, standard);
  IUnknown_Release(first);
  return status;
}

/* What was made ours is given up again. */
static void disown_references(Home *home, const Objref *objref, bool given, const StdObjref *standard) {
  if (!objref->standard.public_references)
    drop(home, standard); /* asked for by ourselves */
  else if (home->host || owner_of(objref, given ? process_number() : 0))
    return;
  else if (home->exporter)
    exporter_claim(home->exporter, &standard->ipid, -(int64_t)standard->public_references, process_number());
  else
    rem_claim(home, &standard->ipid, standard->public_references, true);
}

HRESULT importer_take(const Objref *objref, bool given, const RpcChannel *through, REFIID iid, void **result,
                      bool *taken) {
  uint64_t apartment = apartment_current();
  StdObjref standard;
  ProxyManager *manager;
  Home *home;
  *result = NULL;
  *taken = false;
  if (!apartment)
    return CO_E_NOTINITIALIZED;
  process_security_use();
  Exporter *own = exporter_find(objref->standard.oxid);
  if (own && apartment_number(exporter_apartment(own)) == apartment) {
    HRESULT status =
        exporter_come_home(own, &objref->standard, owner_of(objref, given ? process_number() : 0), iid, result);
    exporter_release(own);
    *taken = SUCCEEDED(status);
    return status;
  }
  exporter_release(own);
  exporter_watch_apartments();
  HRESULT status = home_open(objref, apartment, through, &home);
  if (FAILED(status))
    return status;
  status = own_references(home, objref, given, &standard);
  if (FAILED(status)) {
    home_release(home);
    return status;
  }
  home->references++; /* until it is sure who has the references */
  status = manager_open(home, standard.oid, &manager);
  if (SUCCEEDED(status) && home->host && !(standard.flags & SORF_NOPING))
    manager_ping(manager);
  if (SUCCEEDED(status)) {
    status = take_interface(manager, objref, &standard, iid, result, taken);
    proxy_manager_release(manager);
  }
  if (FAILED(status) && !*taken)
    disown_references(home, objref, given, &standard);
  home_release(home);
  return status;
}

void importer_discard(const Objref *objref, const RpcChannel *through, uint64_t owner) {
  Home *home;
  Exporter *own = exporter_find(objref->standard.oxid);
  if (own) {
    exporter_discard(own, &objref->standard, owner_of(objref, owner));
    exporter_release(own);
    return;
  }
  if (objref->standard.flags & SORF_TABLE_STRONG)
    proxy_unpark(&objref->standard.ipid);
  if (!apartment_current() || !objref->standard.public_references)
    return;
  if (FAILED(home_open(objref, apartment_current(), through, &home)))
    return;
  if (!owner && !home->host)
    rem_claim(home, &objref->standard.ipid, objref->standard.public_references, false);
  drop(home, &objref->standard);
  home_release(home);
}
