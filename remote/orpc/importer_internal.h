/* Proxies as importer.c and proxy.c see them. What can change in a manager is under one lock; nobody is called under it. */
#ifndef OLEANDER_IMPORTER_INTERNAL_H
#define OLEANDER_IMPORTER_INTERNAL_H

#include <pthread.h>

#include "remote/orpc/orpc_internal.h"
#include "remote/orpc/resolver.h"

/* Another channel to an exporter on another host, for proxies with a blanket of their own. */
typedef struct HomeChannel {
  struct HomeChannel *next;
  RpcChannel *channel; /* its blanket is what it is found by */
  _Atomic bool closed;
} HomeChannel;

/* Resolvers are asked at least so, where somebody is named at all: none wants more. */
enum { RESOLVER_LEVEL = RPC_C_AUTHN_LEVEL_PKT_INTEGRITY };

/* What is known of an exporter on another host. */
typedef struct HomeHost {
  char resolver[RPC_BINDING_ROOM]; /* host and port of who resolves its OXID, and is pinged */
  char name[RPC_BINDING_ROOM];     /* of the host, as tickets name it */
  uint16_t resolver_port;
  char exporter[RPC_BINDING_ROOM]; /* where it was reached */
  uint16_t exporter_port;
  uint32_t level;        /* of calls, the least that it wants */
  Blanket *blanket;      /* of the home's own channel; referenced, never NULL */
  HomeChannel *channels; /* others */
  size_t binding_bytes;  /* of the resolver's bindings, for those to whom its objects are handed on */
  uint8_t bindings[];
} HomeHost;

struct Home {
  Home *next; /* of all */
  _Atomic uint32_t references;
  uint64_t apartment, oxid;
  RpcChannel *channel;
  Exporter *exporter; /* where it is of this process; referenced */
  bool listed;
  _Atomic bool broken;          /* a call has found the other end gone: RPC_E_DISCONNECTED from now on */
  _Atomic bool closed;          /* its channel has ended, which no call has found yet */
  char endpoint[ENDPOINT_ROOM]; /* "": none */
  GUID rem_unknown;             /* the IPID of its IRemUnknown */
  HomeHost *host;               /* of another host; NULL: of this one */
  HostEndpoint passed;          /* of this host: how others reach it, once that was asked */
};

/* How the calls of a proxy are protected, where that was said of it (IClientSecurity::SetBlanket). */
typedef struct ProxySetting {
  _Atomic(RpcChannel *) channel; /* for its calls; NULL: the home's. Referenced; the home keeps what was here before */
  Blanket *blanket;              /* NULL: nothing was said */
  void *auth_info;               /* as it was said; the client's */
} ProxySetting;

/* One interface of an object elsewhere: an IPID. */
struct InterfaceProxy {
  const void *vtable; /* first: this is what clients hold; NULL: a module makes the proxy, or it is that of IUnknown */
  ProxyManager *manager;
  InterfaceProxy *next; /* of the manager */
  IID iid;
  GUID ipid;
  ProxySetting setting;
  _Atomic uint32_t own_references; /* of a copy (IClientSecurity::CopyProxy): it goes before the manager; else 0 */
  WireInterface *wire;
  uint32_t references;     /* public ones that are ours */
  IRpcProxyBuffer *module; /* a module's proxy, and what clients hold of it */
  void *module_pointer;
  IRpcChannelBuffer *buffer; /* what it is connected to */
};

typedef struct InnerProxy InnerProxy;

typedef struct RefusedInterface {
  struct RefusedInterface *next;
  IID iid;
} RefusedInterface;

/* One object elsewhere. */
struct ProxyManager {
  IUnknown identity;
  IMarshal marshal;
  IMultiQI multi;
  IClientSecurity security;
  IRpcOptions options;
  _Atomic uint32_t references;
  ProxyManager *next; /* in its bucket */
  bool listed;
  Home *home;
  uint64_t oid;
  GUID ipid;                  /* the first one: where to ask for others */
  InterfaceProxy *interfaces; /* grows only */
  InterfaceProxy *copies;     /* of them */
  ProxySetting unknown;       /* of IUnknown: what asks for interfaces */
  ProxySetting all;           /* of interfaces that come */
  RefusedInterface *refused;
  _Atomic bool disconnected;
  _Atomic ULONG timeout;       /* COMBND_RPCTIMEOUT: milliseconds */
  _Atomic(IUnknown *) handler; /* the object in front of it, its inner IUnknown; NULL: none */
  _Atomic(InnerProxy *) inner; /* what the handler has of the proxy; not counted, NULL until it asks */
  bool handler_tried;
  bool pinged;
  CLSID handler_class;
};

extern pthread_mutex_t import_lock;

/* RPC_E_WRONG_THREAD, RPC_E_DISCONNECTED. */
HRESULT manager_check(const ProxyManager *manager);
/* Creates a manager's interface where there is none yet; the references are counted. The proxy's own reference goes to *result.
 */
HRESULT manager_add(ProxyManager *manager, REFIID iid, const StdObjref *standard, void **result);
/* The references of an interface that could not be created. */
void manager_give_back(ProxyManager *manager, const StdObjref *standard);
InterfaceProxy *manager_find_locked(ProxyManager *manager, REFIID iid);
/* Asks the exporter, or remembers that it has refused. */
HRESULT manager_query(ProxyManager *manager, REFIID iid, void **result);
/* Takes what the exporter has answered. */
HRESULT manager_answered(ProxyManager *manager, REFIID iid, HRESULT answer, const StdObjref *standard, void **result);
/* Whether a query for it would ask the exporter. */
bool manager_would_ask(ProxyManager *manager, REFIID iid);
/* The memory, and what it still has. */
void manager_end(ProxyManager *manager);
bool manager_hold(ProxyManager *manager);
/* handler.c */

/* Makes an object of the class the handler, once. */
void handler_make(ProxyManager *manager, REFCLSID clsid);
void handler_end(ProxyManager *manager);
/* The proxy's own interfaces and the object's, past the handler. */
HRESULT manager_query_itself(ProxyManager *manager, REFIID iid, void **result);
/* The class that a reference to the object names; NULL: none. */
static inline const CLSID *handler_class_of(const ProxyManager *manager) {
  return manager->handler_tried ? &manager->handler_class : NULL;
}

/* What clients hold; no reference. */
void *interface_pointer(InterfaceProxy *proxy);

HRESULT proxy_describe(InterfaceProxy *proxy);
void proxy_free(InterfaceProxy *proxy);

/* The channel for the calls of a proxy, and for questions about its object; borrowed, as long as the manager. */
static inline RpcChannel *proxy_channel(const InterfaceProxy *proxy) {
  RpcChannel *channel = atomic_load_explicit(&proxy->setting.channel, memory_order_acquire);
  return channel ? channel : proxy->manager->home->channel;
}
static inline RpcChannel *manager_channel(const ProxyManager *manager) {
  RpcChannel *channel = atomic_load_explicit(&manager->unknown.channel, memory_order_acquire);
  return channel ? channel : manager->home->channel;
}

/* client_security.c */

void proxy_setting_end(ProxySetting *setting);
/* What was said of all the interfaces of the object. */
void proxy_setting_inherit(ProxySetting *setting, ProxyManager *manager);
extern const IClientSecurityVtbl manager_security_vtable;
/* While a method of it runs: also a copy stays. */
void proxy_hold(InterfaceProxy *proxy);
void proxy_drop(InterfaceProxy *proxy);

void home_release(Home *home);
/* A call has found the other end gone. */
void home_note(Home *home, const RpcCall *call);
/* The channel has ended: nobody new takes that home. */
void home_mark_closed(const RpcChannel *channel);
/* importer_hosts.c: connects to an exporter of another host, which the bindings of the reference resolve. The blanket is that of the
 * home from now on. */
HRESULT home_connect_host(Home *home, const Objref *objref, Blanket *blanket);
void home_host_free(HomeHost *host);
/* A channel to the exporter whose calls are the blanket's, found or made (may wait); with a reference. Within this host there is one
 * for all. */
HRESULT home_channel(Home *home, Blanket *blanket, RpcChannel **channel);
/* The bindings under which another host reaches the exporter; *size 0: failed. May wait. */
HRESULT home_host_bindings(Home *home, const RpcChannel *channel, uint8_t bytes[BINDINGS_ROOM], size_t *size);
/* watch.c: serves nothing, and hears of the end of channels. */
extern RpcServer home_server;

/* rem_client.c: what an importer asks of an exporter */

HRESULT rem_query(Home *home, RpcChannel *channel, REFGUID ipid, const IID *iids, uint16_t count, HRESULT *results,
                  StdObjref *standards);
/* Its request and its reply, for a call that is begun and ended apart. */
void rem_query_put(NdrWriter *writer, REFGUID ipid, const IID *iids, uint16_t count);
HRESULT rem_query_get(NdrReader *reader, uint16_t count, HRESULT *results, StdObjref *standards);
HRESULT rem_add(Home *home, REFGUID ipid, uint32_t references);
typedef struct RemReferences {
  GUID ipid;
  uint32_t references;
} RemReferences;
/* One way. */
void rem_release(Home *home, const RemReferences *entries, uint16_t count);
void rem_claim(Home *home, REFGUID ipid, uint32_t references, bool give_up);
void rem_hello(RpcChannel *channel, uint64_t oxid);
/* How other hosts reach an exporter of this one. */
HRESULT rem_hosts(Home *home, HostEndpoint *endpoint);

/* ping_client.c: an object of another host that is used here is pinged from now on, or no more. */
void ping_client_add(const HomeHost *host, uint64_t oid);
void ping_client_remove(const HomeHost *host, uint64_t oid);

/* proxy.c */

extern const IUnknownVtbl manager_identity_vtable;
extern const IMarshalVtbl manager_marshal_vtable;
extern const IMultiQIVtbl manager_multi_vtable;
extern const IRpcOptionsVtbl manager_options_vtable;

HRESULT manager_query_interface(ProxyManager *manager, REFIID iid, void **result);
ULONG manager_addref(ProxyManager *manager);
ULONG manager_release(ProxyManager *manager);

#endif
