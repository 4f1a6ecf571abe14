/* What clients hold of an object elsewhere: the manager with its own interfaces, and the methods of all the others, which become
 * calls. */
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/importer_internal.h"

/* Asked only among ourselves: gives the manager itself. */
static const IID IID_IOleanderProxy = {
  0x8A3D2B51, 0x6C0E, 0x4F3B, { 0x9D, 0x51, 0x0E, 0x6B, 0x77, 0xC4, 0x21, 0x03 }
};

/* Identity */

/* What stands for the object itself and is never asked of it. */
static bool is_local_only(REFIID iid) {
  static const IID *const local[] = {
    &IID_INoMarshal,       &IID_IAgileObject,      &IID_IStdMarshalInfo, &IID_IExternalConnection,
    &IID_IInternalUnknown, &IID_IRpcChannelBuffer, &IID_IRpcProxyBuffer, &IID_IRpcStubBuffer,
    &IID_IMarshal2,        &IID_IOleanderTypeInfo,
  };
  for (size_t i = 0; i < sizeof local / sizeof local[0]; i++) {
    if (IsEqualIID(iid, local[i]))
      return true;
  }
  return false;
}

static void *own_interface(ProxyManager *manager, REFIID iid) {
  if (IsEqualIID(iid, &IID_IUnknown))
    return &manager->identity;
  if (IsEqualIID(iid, &IID_IMarshal))
    return &manager->marshal;
  if (IsEqualIID(iid, &IID_IMultiQI))
    return &manager->multi;
  if (IsEqualIID(iid, &IID_IClientSecurity))
    return &manager->security;
  if (IsEqualIID(iid, &IID_IRpcOptions))
    return &manager->options;
  return NULL;
}

/* What is known here already, with a reference; NULL. */
static void *known_interface(ProxyManager *manager, REFIID iid) {
  void *found = own_interface(manager, iid);
  if (!found) {
    pthread_mutex_lock(&import_lock);
    InterfaceProxy *proxy = manager_find_locked(manager, iid);
    found = proxy ? interface_pointer(proxy) : NULL;
    pthread_mutex_unlock(&import_lock);
  }
  if (found)
    IUnknown_AddRef((IUnknown *)found);
  return found;
}

HRESULT manager_query_itself(ProxyManager *manager, REFIID iid, void **result) {
  *result = known_interface(manager, iid);
  if (*result)
    return S_OK;
  if (IsEqualIID(iid, &IID_IOleanderProxy)) {
    manager_hold(manager);
    *result = manager;
    return S_OK;
  }
  return is_local_only(iid) ? E_NOINTERFACE : manager_query(manager, iid, result);
}

/* A handler that has the proxy's interfaces says what there is; one that has not adds its own. */
static bool ask_handler(ProxyManager *manager, IUnknown *handler, REFIID iid, void **result, HRESULT *status) {
  if (IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IOleanderProxy))
    return false;
  *result = NULL;
  *status = IUnknown_QueryInterface(handler, iid, result);
  return SUCCEEDED(*status) || manager->inner;
}

HRESULT manager_query_interface(ProxyManager *manager, REFIID iid, void **result) {
  HRESULT status;
  if (!result || !iid)
    return E_POINTER;
  IUnknown *handler = atomic_load_explicit(&manager->handler, memory_order_acquire);
  if (handler && ask_handler(manager, handler, iid, result, &status))
    return status;
  return manager_query_itself(manager, iid, result);
}

ULONG manager_addref(ProxyManager *manager) {
  return atomic_fetch_add_explicit(&manager->references, 1, memory_order_relaxed) + 1;
}

ULONG manager_release(ProxyManager *manager) {
  ULONG left = atomic_fetch_sub(&manager->references, 1) - 1;
  if (!left)
    manager_end(manager);
  return left;
}

void proxy_manager_release(ProxyManager *manager) {
  manager_release(manager);
}

ProxyManager *proxy_manager_of(IUnknown *object) {
  void *manager = NULL;
  if (FAILED(IUnknown_QueryInterface(object, &IID_IOleanderProxy, &manager)))
    return NULL;
  return manager;
}

#define MANAGER_FACE(member, Interface)                                                                                \
  static HRESULT STDMETHODCALLTYPE Manager_##member##_QueryInterface(Interface *face, REFIID iid, void **result) {     \
    return manager_query_interface(OBJECT_CONTAINER(face, ProxyManager, member), iid, result);                         \
  }                                                                                                                    \
  static ULONG STDMETHODCALLTYPE Manager_##member##_AddRef(Interface *face) {                                          \
    return manager_addref(OBJECT_CONTAINER(face, ProxyManager, member));                                               \
  }                                                                                                                    \
  static ULONG STDMETHODCALLTYPE Manager_##member##_Release(Interface *face) {                                         \
    return manager_release(OBJECT_CONTAINER(face, ProxyManager, member));                                              \
  }

MANAGER_FACE(identity, IUnknown)
MANAGER_FACE(marshal, IMarshal)
MANAGER_FACE(multi, IMultiQI)
MANAGER_FACE(options, IRpcOptions)

const IUnknownVtbl manager_identity_vtable = {
  Manager_identity_QueryInterface,
  Manager_identity_AddRef,
  Manager_identity_Release,
};

/* IMarshal: the standard marshaler over the manager itself. */

static HRESULT STDMETHODCALLTYPE Manager_GetUnmarshalClass(IMarshal *face, REFIID iid, void *object, DWORD destination,
                                                           void *context, DWORD flags, CLSID *clsid) {
  (void)face;
  return standard_unmarshal_class(iid, object, destination, context, flags, clsid);
}

static HRESULT STDMETHODCALLTYPE Manager_GetMarshalSizeMax(IMarshal *face, REFIID iid, void *object, DWORD destination,
                                                           void *context, DWORD flags, DWORD *size) {
  (void)face;
  return standard_size_max(iid, object, destination, context, flags, size);
}

static HRESULT STDMETHODCALLTYPE Manager_MarshalInterface(IMarshal *face, IStream *stream, REFIID iid, void *object,
                                                          DWORD destination, void *context, DWORD flags) {
  ProxyManager *manager = OBJECT_CONTAINER(face, ProxyManager, marshal);
  (void)object;
  return standard_marshal(stream, iid, &manager->identity, destination, context, flags);
}

static HRESULT STDMETHODCALLTYPE Manager_UnmarshalInterface(IMarshal *face, IStream *stream, REFIID iid,
                                                            void **result) {
  (void)face;
  return CoUnmarshalInterface(stream, iid, result);
}

static HRESULT STDMETHODCALLTYPE Manager_ReleaseMarshalData(IMarshal *face, IStream *stream) {
  (void)face;
  return CoReleaseMarshalData(stream);
}

static HRESULT STDMETHODCALLTYPE Manager_DisconnectObject(IMarshal *face, DWORD reserved) {
  (void)reserved;
  proxy_disconnect(OBJECT_CONTAINER(face, ProxyManager, marshal));
  return S_OK;
}

const IMarshalVtbl manager_marshal_vtable = {
  Manager_marshal_QueryInterface, Manager_marshal_AddRef,     Manager_marshal_Release,
  Manager_GetUnmarshalClass,      Manager_GetMarshalSizeMax,  Manager_MarshalInterface,
  Manager_UnmarshalInterface,     Manager_ReleaseMarshalData, Manager_DisconnectObject,
};

/* IMultiQI: what is not known is asked for in one call. */

enum { QUERY_BATCH = 16 };

typedef struct Batch {
  IID iids[QUERY_BATCH];
  MULTI_QI *entries[QUERY_BATCH];
  uint16_t count;
} Batch;

static HRESULT query_batch(ProxyManager *manager, Batch *batch) {
  HRESULT answers[QUERY_BATCH];
  StdObjref standards[QUERY_BATCH];
  HRESULT status = manager_check(manager);
  if (SUCCEEDED(status))
    status = rem_query(manager->home, manager_channel(manager), &manager->ipid, batch->iids, batch->count, answers,
                       standards);
  for (uint16_t i = 0; i < batch->count; i++) {
    MULTI_QI *entry = batch->entries[i];
    entry->hr = FAILED(status) ? status : answers[i];
    if (SUCCEEDED(entry->hr)) {
      entry->hr = manager_add(manager, &batch->iids[i], &standards[i], (void **)&entry->pItf);
      if (FAILED(entry->hr))
        manager_give_back(manager, &standards[i]);
    }
    if (entry->hr == REGDB_E_IIDNOTREG)
      entry->hr = E_NOINTERFACE;
  }
  batch->count = 0;
  return status;
}

static HRESULT STDMETHODCALLTYPE Manager_QueryMultipleInterfaces(IMultiQI *face, ULONG count, MULTI_QI *entries) {
  ProxyManager *manager = OBJECT_CONTAINER(face, ProxyManager, multi);
  Batch batch = { .count = 0 };
  ULONG found = 0;
  if (!entries && count)
    return E_INVALIDARG;
  for (ULONG i = 0; i < count; i++) {
    MULTI_QI *entry = &entries[i];
    entry->pItf = known_interface(manager, entry->pIID);
    entry->hr = entry->pItf ? S_OK : E_NOINTERFACE;
    if (entry->pItf || is_local_only(entry->pIID))
      continue;
    batch.iids[batch.count] = *entry->pIID;
    batch.entries[batch.count++] = entry;
    if (batch.count == QUERY_BATCH)
      query_batch(manager, &batch);
  }
  if (batch.count)
    query_batch(manager, &batch);
  for (ULONG i = 0; i < count; i++)
    found += entries[i].pItf != NULL;
  return found == count ? S_OK : found ? S_FALSE : E_NOINTERFACE;
}

const IMultiQIVtbl manager_multi_vtable = {
  Manager_multi_QueryInterface,
  Manager_multi_AddRef,
  Manager_multi_Release,
  Manager_QueryMultipleInterfaces,
};

/* IRpcOptions */

enum { SERVER_LOCALITY_PROCESS_LOCAL = 0, SERVER_LOCALITY_MACHINE_LOCAL = 1 }; /* as documented */

static HRESULT STDMETHODCALLTYPE Manager_SetOption(IRpcOptions *face, IUnknown *proxy, RPCOPT_PROPERTIES property,
                                                   ULONG_PTR value) {
  ProxyManager *manager = OBJECT_CONTAINER(face, ProxyManager, options);
  if (!proxy || property != COMBND_RPCTIMEOUT)
    return E_INVALIDARG;
  manager->timeout = (ULONG)value;
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Manager_QueryOption(IRpcOptions *face, IUnknown *proxy, RPCOPT_PROPERTIES property,
                                                     ULONG_PTR *value) {
  const ProxyManager *manager = OBJECT_CONTAINER(face, ProxyManager, options);
  if (!proxy || !value)
    return E_INVALIDARG;
  *value = 0;
  if (property == COMBND_RPCTIMEOUT)
    *value = manager->timeout;
  else if (property == COMBND_SERVER_LOCALITY)
    *value = manager->home->exporter ? SERVER_LOCALITY_PROCESS_LOCAL : SERVER_LOCALITY_MACHINE_LOCAL;
  else
    return E_INVALIDARG;
  return S_OK;
}

const IRpcOptionsVtbl manager_options_vtable = {
  Manager_options_QueryInterface,
  Manager_options_AddRef,
  Manager_options_Release,
  Manager_SetOption,
  Manager_QueryOption,
};

/* The methods of proxies */

static HRESULT STDMETHODCALLTYPE Proxy_QueryInterface(InterfaceProxy *proxy, REFIID iid, void **result) {
  return manager_query_interface(proxy->manager, iid, result);
}

static ULONG STDMETHODCALLTYPE Proxy_AddRef(InterfaceProxy *proxy) {
  if (__builtin_expect(proxy->own_references != 0, 0))
    return atomic_fetch_add(&proxy->own_references, 1) + 1;
  return manager_addref(proxy->manager);
}

/* A copy has a reference of its manager, and goes before it. */
static ULONG release_copy(InterfaceProxy *proxy) {
  ProxyManager *manager = proxy->manager;
  pthread_mutex_lock(&import_lock);
  ULONG left = atomic_fetch_sub(&proxy->own_references, 1) - 1;
  for (InterfaceProxy **link = &manager->copies; !left && *link; link = &(*link)->next) {
    if (*link == proxy) {
      *link = proxy->next;
      break;
    }
  }
  pthread_mutex_unlock(&import_lock);
  if (left)
    return left;
  proxy_free(proxy);
  manager_release(manager);
  return 0;
}

static ULONG STDMETHODCALLTYPE Proxy_Release(InterfaceProxy *proxy) {
  if (__builtin_expect(proxy->own_references != 0, 0))
    return release_copy(proxy);
  return manager_release(proxy->manager);
}

void proxy_hold(InterfaceProxy *proxy) {
  Proxy_AddRef(proxy);
}

void proxy_drop(InterfaceProxy *proxy) {
  Proxy_Release(proxy);
}

void proxy_fill_unknown(VtableSlot slots[3]) {
  slots[0].function = (void (*)(void))Proxy_QueryInterface;
  slots[1].function = (void (*)(void))Proxy_AddRef;
  slots[2].function = (void (*)(void))Proxy_Release;
}

bool proxy_is_connected(ProxyManager *manager) {
  return !manager->disconnected && !manager->home->broken;
}

void remote_place(IUnknown *object, RemotePlace *place) {
  ProxyManager *manager = proxy_manager_of(object);
  *place = (RemotePlace){ 0 };
  if (!manager)
    return;
  const Home *home = manager->home;
  *place = (RemotePlace){ .proxy = true,
                          .process = !home->exporter,
                          .host = home->host,
                          .pid = home->channel->peer.pid,
                          .oxid = home->oxid,
                          .oid = manager->oid };
  if (home->host)
    memcpy(place->name, home->channel->peer.address, sizeof place->name);
  proxy_manager_release(manager);
}
