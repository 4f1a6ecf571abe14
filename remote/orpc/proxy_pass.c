/* Proxies that are handed on: a reference to what the proxy stands for, with some of its own references. */
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/importer_internal.h"

/* Some of the references of an interface; more are asked for where there is only one, or not a whole set for another host. */
static HRESULT give_away(ProxyManager *manager, InterfaceProxy *proxy, bool to_host, uint32_t *count) {
  pthread_mutex_lock(&import_lock);
  bool poor = proxy->references < (to_host ? PUBLIC_REFERENCES + 1 : 2);
  pthread_mutex_unlock(&import_lock);
  HRESULT status = poor ? rem_add(manager->home, &proxy->ipid, 2 * PUBLIC_REFERENCES) : S_OK;
  if (FAILED(status))
    return status == RPC_E_INVALID_OBJECT ? RPC_E_DISCONNECTED : status;
  pthread_mutex_lock(&import_lock);
  if (poor)
    proxy->references += 2 * PUBLIC_REFERENCES;
  *count = proxy->references > PUBLIC_REFERENCES ? PUBLIC_REFERENCES : 1;
  proxy->references -= *count;
  pthread_mutex_unlock(&import_lock);
  return S_OK;
}

static void give_up(Home *home, const InterfaceProxy *proxy, uint32_t count) {
  if (home->exporter)
    exporter_claim(home->exporter, &proxy->ipid, -(int64_t)count, process_number());
  else
    rem_claim(home, &proxy->ipid, count, true);
}

/* What was given away goes nowhere. */
static void take_back(ProxyManager *manager, InterfaceProxy *proxy, uint32_t count, bool left) {
  Home *home = manager->home;
  if (left && home->exporter)
    exporter_claim(home->exporter, &proxy->ipid, count, process_number());
  else if (left)
    rem_claim(home, &proxy->ipid, count, false);
  pthread_mutex_lock(&import_lock);
  proxy->references += count;
  pthread_mutex_unlock(&import_lock);
}

static HRESULT pass_interface(ProxyManager *manager, InterfaceProxy *proxy, DWORD destination, uint8_t **bytes,
                              uint32_t *size) {
  Home *home = manager->home;
  char endpoint[ENDPOINT_ROOM];
  StdObjref standard = { 0, 0, home->oxid, manager->oid, proxy->ipid };
  HRESULT status = S_OK;
  bool leaves = !home->exporter || destination != MSHCTX_INPROC; /* it has an endpoint, and its references no owner */
  if (home->exporter && leaves)
    status = exporter_listen(home->exporter, endpoint);
  else
    memcpy(endpoint, home->endpoint, sizeof endpoint);
  if (SUCCEEDED(status))
    status = give_away(manager, proxy, false, &standard.public_references);
  if (FAILED(status))
    return status;
  if (leaves)
    give_up(home, proxy, standard.public_references);
  status = objref_write(&proxy->iid, &standard, handler_class_of(manager), leaves ? endpoint : NULL, bytes, size);
  if (FAILED(status))
    take_back(manager, proxy, standard.public_references, leaves);
  return status;
}

/* To another host, or of one. */
static HRESULT pass_to_host(ProxyManager *manager, InterfaceProxy *proxy, const RpcChannel *channel, uint8_t **bytes,
                            uint32_t *size) {
  uint8_t bindings[BINDINGS_ROOM];
  size_t binding_bytes;
  StdObjref standard = { 0, 0, manager->home->oxid, manager->oid, proxy->ipid };
  HRESULT status = home_host_bindings(manager->home, channel, bindings, &binding_bytes);
  if (SUCCEEDED(status))
    status = give_away(manager, proxy, true, &standard.public_references);
  if (FAILED(status))
    return status;
  give_up(manager->home, proxy, standard.public_references);
  status =
      objref_write_bindings(&proxy->iid, &standard, handler_class_of(manager), bindings, binding_bytes, bytes, size);
  if (FAILED(status))
    take_back(manager, proxy, standard.public_references, true);
  return status;
}

/* Managers that references in tables keep. */
typedef struct Parked {
  struct Parked *next;
  GUID ipid;
  ProxyManager *manager;
} Parked;

static Parked *parked;

static HRESULT park(ProxyManager *manager, InterfaceProxy *proxy, StdObjref *standard) {
  Parked *entry = malloc(sizeof *entry);
  if (!entry)
    return E_OUTOFMEMORY;
  manager_addref(manager);
  *entry = (Parked){ NULL, proxy->ipid, manager };
  *standard = (StdObjref){ SORF_TABLE_STRONG, 0, manager->home->oxid, manager->oid, proxy->ipid };
  pthread_mutex_lock(&import_lock);
  entry->next = parked;
  parked = entry;
  pthread_mutex_unlock(&import_lock);
  return S_OK;
}

void proxy_unpark(REFGUID ipid) {
  pthread_mutex_lock(&import_lock);
  Parked **link = &parked;
  while (*link && !IsEqualGUID(&(*link)->ipid, ipid))
    link = &(*link)->next;
  Parked *entry = *link;
  if (entry)
    *link = entry->next;
  pthread_mutex_unlock(&import_lock);
  if (entry)
    manager_release(entry->manager);
  free(entry);
}

static HRESULT pass_to_table(ProxyManager *manager, InterfaceProxy *proxy, ExportKind kind, DWORD destination,
                             uint8_t **bytes, uint32_t *size) {
  Home *home = manager->home;
  char endpoint[ENDPOINT_ROOM];
  StdObjref standard;
  HRESULT status;
  bool leaves = !home->exporter || destination != MSHCTX_INPROC;
  memcpy(endpoint, home->endpoint, sizeof endpoint);
  if (home->exporter)
    status = exporter_mark_table(home->exporter, &proxy->ipid, kind, &standard);
  else
    status = kind == EXPORT_TABLE_STRONG ? park(manager, proxy, &standard) : E_INVALIDARG;
  if (SUCCEEDED(status) && home->exporter && leaves)
    status = exporter_listen(home->exporter, endpoint);
  if (FAILED(status))
    return status;
  status = objref_write(&proxy->iid, &standard, handler_class_of(manager), leaves ? endpoint : NULL, bytes, size);
  if (FAILED(status) && home->exporter)
    exporter_discard(home->exporter, &standard, 0);
  else if (FAILED(status))
    proxy_unpark(&standard.ipid);
  return status;
}

HRESULT proxy_pass_on(ProxyManager *manager, REFIID iid, ExportKind kind, DWORD destination, const RpcChannel *channel,
                      uint8_t **bytes, uint32_t *size) {
  void *pointer = NULL;
  HRESULT status = manager_check(manager);
  if (SUCCEEDED(status) && !IsEqualIID(iid, &IID_IUnknown))
    status = manager_query_interface(manager, iid, &pointer);
  if (FAILED(status))
    return status;
  pthread_mutex_lock(&import_lock);
  InterfaceProxy *proxy = manager_find_locked(manager, iid);
  pthread_mutex_unlock(&import_lock);
  /* IUnknown is known without having been asked for: but others need an IPID of it. */
  if (!proxy)
    status = manager_query(manager, iid, &pointer);
  if (!proxy && SUCCEEDED(status)) {
    pthread_mutex_lock(&import_lock);
    proxy = manager_find_locked(manager, iid);
    pthread_mutex_unlock(&import_lock);
  }
  if (!proxy)
    status = FAILED(status) ? status : E_NOINTERFACE;
  else if (kind == EXPORT_NORMAL && (destination == MSHCTX_DIFFERENTMACHINE || manager->home->host))
    status = pass_to_host(manager, proxy, channel, bytes, size);
  else
    status = kind == EXPORT_NORMAL ? pass_interface(manager, proxy, destination, bytes, size)
                                   : pass_to_table(manager, proxy, kind, destination, bytes, size);
  if (pointer)
    IUnknown_Release((IUnknown *)pointer);
  return status;
}
