/* Handlers: an object of a class that the server's object has named (IStdMarshalInfo) stands in front of the proxy and answers what it
 * can itself. It is aggregated into the proxy's identity, and aggregates the proxy's interfaces in turn (CoGetStdMarshalEx): what
 * it does not know it asks of those. */
#include "remote/orpc/importer_internal.h"

/* What a handler holds of its proxy. */
struct InnerProxy {
  Object object;
  ProxyManager *manager; /* not counted; NULL: it has gone */
};

static HRESULT inner_query(void *self, REFIID iid, void **result) {
  ProxyManager *manager = ((InnerProxy *)self)->manager;
  return manager ? manager_query_itself(manager, iid, result) : RPC_E_DISCONNECTED;
}

static void inner_destroy(void *self) {
  InnerProxy *inner = self;
  pthread_mutex_lock(&import_lock);
  if (inner->manager)
    inner->manager->inner = NULL;
  pthread_mutex_unlock(&import_lock);
}

static const ObjectFace inner_faces[] = { { 0 } };
static const ObjectType inner_type = {
  "InnerProxy", sizeof(InnerProxy), offsetof(InnerProxy, object), inner_faces, inner_destroy, inner_query,
};

HRESULT proxy_inner(ProxyManager *manager, IUnknown **result) {
  pthread_mutex_lock(&import_lock);
  bool has_one = manager->inner;
  pthread_mutex_unlock(&import_lock);
  if (has_one)
    return E_UNEXPECTED; /* a proxy has one handler */
  InnerProxy *inner = object_create_aggregated(&inner_type, &manager->identity);
  if (!inner)
    return E_OUTOFMEMORY;
  pthread_mutex_lock(&import_lock);
  inner->manager = manager;
  manager->inner = inner;
  pthread_mutex_unlock(&import_lock);
  *result = object_inner(&inner->object);
  return S_OK;
}

/* Without a handler here the proxy does what it can alone. */
void handler_make(ProxyManager *manager, REFCLSID clsid) {
  IUnknown *handler = NULL;
  pthread_mutex_lock(&import_lock);
  bool tried = manager->handler_tried;
  manager->handler_tried = true;
  manager->handler_class = *clsid;
  pthread_mutex_unlock(&import_lock);
  if (tried || !remote_activation)
    return;
  if (SUCCEEDED(remote_activation->create_handler(clsid, &manager->identity, &handler)))
    atomic_store(&manager->handler, handler);
}

/* The manager has no references any more, and nobody finds it. */
void handler_end(ProxyManager *manager) {
  enum { GOING = 1 << 30 };
  IUnknown *handler = atomic_exchange(&manager->handler, NULL);
  if (!handler)
    return;
  atomic_store(&manager->references, GOING); /* what the handler does at its end keeps and ends nothing */
  IUnknown_Release(handler);
  pthread_mutex_lock(&import_lock);
  if (manager->inner)
    manager->inner->manager = NULL;
  pthread_mutex_unlock(&import_lock);
}
