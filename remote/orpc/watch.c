/* Who wants to know that the process behind a proxy has gone, without calling it: told by the end of the channel to it. */
#include <stdlib.h>

#include "remote/orpc/importer_internal.h"

static RemoteWatch *watches; /* under import_lock */

static void refuse(RpcServer *server, RpcRequest *request) {
  (void)server;
  rpc_request_fault(request, FAULT_INTERFACE);
}

static bool knows_nothing(RpcServer *server, const IID *iid) {
  (void)server;
  (void)iid;
  return false;
}

static RemoteWatch *take_watch_of(const RpcChannel *channel) {
  pthread_mutex_lock(&import_lock);
  RemoteWatch **link = &watches;
  while (*link && ((Home *)(*link)->home)->channel != channel)
    link = &(*link)->next;
  RemoteWatch *watch = *link;
  if (watch)
    *link = watch->next;
  pthread_mutex_unlock(&import_lock);
  return watch;
}

static void channel_closed(RpcServer *server, RpcChannel *channel) {
  (void)server;
  home_mark_closed(channel);
  for (RemoteWatch *watch; (watch = take_watch_of(channel)) != NULL;) {
    Home *home = watch->home;
    watch->home = NULL;
    watch->gone(watch);
    home_release(home);
  }
}

RpcServer home_server = { .serve = refuse, .closed = channel_closed, .knows = knows_nothing };

HRESULT remote_watch(IUnknown *object, RemoteWatch *watch) {
  ProxyManager *manager = proxy_manager_of(object);
  watch->home = NULL;
  if (!manager)
    return E_INVALIDARG;
  Home *home = manager->home;
  HRESULT status = E_INVALIDARG;
  pthread_mutex_lock(&import_lock);
  if (!home->exporter)
    status = manager->disconnected || home->broken || home->closed ? S_FALSE : S_OK;
  if (status == S_OK) {
    home->references++;
    watch->home = home;
    watch->next = watches;
    watches = watch;
  }
  pthread_mutex_unlock(&import_lock);
  proxy_manager_release(manager);
  return status;
}

bool remote_unwatch(RemoteWatch *watch) {
  pthread_mutex_lock(&import_lock);
  RemoteWatch **link = &watches;
  while (*link && *link != watch)
    link = &(*link)->next;
  bool found = *link;
  if (found)
    *link = watch->next;
  pthread_mutex_unlock(&import_lock);
  if (found)
    home_release(watch->home);
  return found;
}
