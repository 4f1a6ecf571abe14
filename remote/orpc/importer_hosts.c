/* Exporters of other hosts: found by their OXIDs at the resolver that the reference names ([MS-DCOM] 3.2.4.1.2), connected to, and
 * handed on. What an activation has told of an exporter is kept, so that nobody need ask again. */
#include <arpa/inet.h>
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/importer_internal.h"
#include "remote/orpc/native_call.h"

#define ERROR_SOURCE "Oleander"

/* How long one address is tried. */
#define CONNECT_SECONDS 20.0

enum { KNOWN_LIMIT = 256 };

/* What was told */

static pthread_mutex_t known_lock = PTHREAD_MUTEX_INITIALIZER;
static KnownExporter *known; /* the newest first */
static unsigned known_count;

void host_exporter_note(KnownExporter *exporter) {
  KnownExporter *dropped = NULL;
  pthread_mutex_lock(&known_lock);
  for (KnownExporter **link = &known; *link;) {
    KnownExporter *other = *link;
    bool last = known_count >= KNOWN_LIMIT && !other->next;
    if (other->oxid != exporter->oxid && !last) {
      link = &other->next;
      continue;
    }
    *link = other->next;
    other->next = dropped;
    dropped = other;
    known_count--;
  }
  exporter->next = known;
  known = exporter;
  known_count++;
  pthread_mutex_unlock(&known_lock);
  while (dropped) {
    KnownExporter *next = dropped->next;
    free(dropped);
    dropped = next;
  }
}

KnownExporter *known_exporter_create(uint64_t oxid, const uint8_t *bindings, size_t size) {
  KnownExporter *made = calloc(1, sizeof *made + size);
  if (!made)
    return NULL;
  made->oxid = oxid;
  made->binding_bytes = size;
  memcpy(made->bindings, bindings, size);
  return made;
}

static KnownExporter *known_copy(uint64_t oxid) {
  pthread_mutex_lock(&known_lock);
  const KnownExporter *found = known;
  while (found && found->oxid != oxid)
    found = found->next;
  KnownExporter *copy = found ? malloc(sizeof *copy + found->binding_bytes) : NULL;
  if (copy)
    memcpy(copy, found, sizeof *copy + found->binding_bytes);
  pthread_mutex_unlock(&known_lock);
  return copy;
}

/* Asking */

static HRESULT read_resolved(NdrReader *reader, uint64_t oxid, KnownExporter **exporter) {
  bool there = ndr_get_pointer(reader);
  const uint8_t *bindings = NULL;
  size_t size = 0;
  if (there)
    bindings = native_get_bindings(reader, &size);
  GUID unknown = ndr_get_guid(reader);
  uint32_t level = ndr_get_u32(reader);
  ndr_get_u32(reader); /* its version of COM */
  uint32_t status = ndr_get_u32(reader);
  if (reader->error)
    return reader->error;
  if (status)
    return HRESULT_FROM_WIN32(status);
  if (!bindings)
    return RPC_E_INVALID_DATA;
  *exporter = known_exporter_create(oxid, bindings, size);
  if (!*exporter)
    return E_OUTOFMEMORY;
  (*exporter)->rem_unknown = unknown;
  (*exporter)->level = level;
  return S_OK;
}

static HRESULT resolve_at(RpcChannel *channel, uint64_t oxid, KnownExporter **exporter) {
  NativeCall call;
  native_begin(&call, channel, &IID_IObjectExporter, RESOLVE_OXID_2);
  ndr_put_u64(&call.writer, oxid);
  ndr_put_u16(&call.writer, 1);
  ndr_put_u32(&call.writer, 1);
  ndr_put_u16(&call.writer, TOWER_TCP);
  HRESULT status = native_send(&call);
  if (SUCCEEDED(status))
    status = read_resolved(&call.reader, oxid, exporter);
  native_end(&call);
  return status;
}

static ApartmentQueue *own_queue(void) {
  Apartment *apartment = apartment_get();
  ApartmentQueue *queue = apartment ? apartment_queue(apartment) : queue_of_thread();
  apartment_release(apartment); /* it stays while its thread is here */
  return queue;
}

static int64_t connect_deadline(void) {
  int64_t moment = apartment_after(CONNECT_SECONDS), until = remote_deadline();
  return until < moment ? until : moment;
}

/* Tickets are for hosts by their names: where it was reached by an address, the first name among its bindings is meant. */
static void find_name(const char *host, const uint8_t *bindings, size_t size, char name[RPC_BINDING_ROOM]) {
  BindingsReader reader;
  uint8_t address[16];
  char text[RPC_BINDING_ROOM], other[RPC_BINDING_ROOM];
  uint16_t tower, port;
  bool is_address = inet_pton(AF_INET, host, address) == 1 || inet_pton(AF_INET6, host, address) == 1;
  strcpy(name, host);
  if (!is_address || !bindings || !bindings_read(&reader, bindings, size))
    return;
  while (bindings_next(&reader, &tower, text, sizeof text)) {
    if (tower != TOWER_TCP || !rpc_binding_split(text, other, &port) || inet_pton(AF_INET, other, address) == 1 ||
        inet_pton(AF_INET6, other, address) == 1)
      continue;
    strcpy(name, other);
    return;
  }
}

/* As the blanket says, or at the higher level that is wanted. name: the host as a ticket names it. */
static HRESULT host_connect(const char *host, uint16_t port, const char *name, Blanket *blanket, uint32_t level,
                            RpcChannel **channel) {
  HRESULT status = rpc_tcp_connect(own_queue(), host, port, connect_deadline(), &home_server, channel);
  if (FAILED(status))
    return status;
  status = rpc_channel_secure(*channel, blanket, level, name);
  if (FAILED(status)) {
    rpc_channel_release(*channel);
    *channel = NULL;
  }
  return status;
}

/* The resolvers that a reference names, until one answers; *host is that one. */
static HRESULT resolve(const Objref *objref, Blanket *blanket, KnownExporter **exporter, char host[RPC_BINDING_ROOM],
                       uint16_t *port) {
  BindingsReader reader;
  char text[RPC_BINDING_ROOM];
  uint16_t tower;
  HRESULT status = CO_E_OBJNOTCONNECTED; /* no way leads there */
  if (!objref->bindings || !bindings_read(&reader, objref->bindings, objref->binding_bytes))
    return RPC_E_INVALID_OBJREF;
  while (bindings_next(&reader, &tower, text, sizeof text)) {
    RpcChannel *channel;
    char name[RPC_BINDING_ROOM];
    *port = RPC_PORT_RESOLVER;
    if (tower != TOWER_TCP || !rpc_binding_split(text, host, port))
      continue;
    find_name(host, objref->bindings, objref->binding_bytes, name);
    status = host_connect(host, *port, name, blanket, RESOLVER_LEVEL, &channel);
    if (FAILED(status))
      continue;
    status = resolve_at(channel, objref->standard.oxid, exporter);
    rpc_channel_release(channel);
    if (SUCCEEDED(status) || status == HRESULT_FROM_WIN32(RESOLVER_INVALID_OXID))
      return status == S_OK ? S_OK : RPC_E_DISCONNECTED;
  }
  return status;
}

/* Connecting */

/* The bindings on the host that is known to answer come first. */
static HRESULT connect_exporter(Home *home, const KnownExporter *exporter, Blanket *blanket, const char *preferred) {
  HRESULT status = error_raise(CO_E_OBJNOTCONNECTED, ERROR_SOURCE,
                               "the other host names no address under which its object is reached over TCP");
  for (int round = 0; round < 2; round++) {
    BindingsReader reader;
    char text[RPC_BINDING_ROOM], host[RPC_BINDING_ROOM];
    uint16_t tower;
    if (!bindings_read(&reader, exporter->bindings, exporter->binding_bytes))
      return RPC_E_INVALID_DATA;
    while (bindings_next(&reader, &tower, text, sizeof text)) {
      uint16_t port = 0;
      if (tower != TOWER_TCP || !rpc_binding_split(text, host, &port) || !port ||
          (strcmp(host, preferred) == 0) != (round == 0))
        continue;
      status = host_connect(host, port, home->host->name, blanket, exporter->level, &home->channel);
      if (SUCCEEDED(status)) {
        strcpy(home->host->exporter, host);
        home->host->exporter_port = port;
      }
      if (SUCCEEDED(status) || status == RPC_E_TIMEOUT)
        return status;
    }
  }
  return status;
}

static HRESULT note_host(Home *home, const Objref *objref, Blanket *blanket, const char *resolver, uint16_t port,
                         uint32_t level) {
  HomeHost *host = calloc(1, sizeof *host + objref->binding_bytes);
  if (!host)
    return E_OUTOFMEMORY;
  strcpy(host->resolver, resolver);
  find_name(resolver, objref->bindings, objref->binding_bytes, host->name);
  host->resolver_port = port;
  host->level = level;
  host->blanket = blanket_addref(blanket);
  host->binding_bytes = objref->binding_bytes;
  memcpy(host->bindings, objref->bindings, objref->binding_bytes);
  home->host = host;
  return S_OK;
}

void home_host_free(HomeHost *host) {
  if (!host)
    return;
  while (host->channels) {
    HomeChannel *other = host->channels;
    host->channels = other->next;
    rpc_channel_release(other->channel);
    free(other);
  }
  blanket_release(host->blanket);
  free(host);
}

HRESULT home_connect_host(Home *home, const Objref *objref, Blanket *blanket) {
  char resolver[RPC_BINDING_ROOM] = "";
  uint16_t port = RPC_PORT_RESOLVER;
  HRESULT status = S_OK;
  if (!objref_binding(objref, TOWER_TCP, resolver, sizeof resolver))
    return CO_E_OBJNOTCONNECTED; /* an apartment of a process, which has ended */
  KnownExporter *exporter = known_copy(home->oxid);
  if (exporter && *exporter->resolver) {
    strcpy(resolver, exporter->resolver);
    port = exporter->resolver_port;
  } else if (!exporter) {
    status = resolve(objref, blanket, &exporter, resolver, &port);
  } else {
    char text[RPC_BINDING_ROOM];
    strcpy(text, resolver);
    rpc_binding_split(text, resolver, &port);
  }
  if (SUCCEEDED(status))
    status = note_host(home, objref, blanket, resolver, port, exporter->level);
  if (SUCCEEDED(status))
    status = connect_exporter(home, exporter, blanket, resolver);
  if (SUCCEEDED(status))
    home->rem_unknown = exporter->rem_unknown;
  free(exporter);
  return status;
}

/* Other blankets */

static RpcChannel *find_channel_locked(const HomeHost *host, const Blanket *blanket) {
  for (const HomeChannel *other = host->channels; other; other = other->next) {
    if (!other->closed && blanket_equal(other->channel->blanket, blanket))
      return rpc_channel_addref(other->channel);
  }
  return NULL;
}

static HRESULT open_channel(HomeHost *host, Blanket *blanket, RpcChannel **channel) {
  HomeChannel *made = calloc(1, sizeof *made);
  if (!made)
    return E_OUTOFMEMORY;
  HRESULT status = host_connect(host->exporter, host->exporter_port, host->name, blanket, host->level, &made->channel);
  if (FAILED(status)) {
    free(made);
    return status;
  }
  pthread_mutex_lock(&import_lock);
  made->next = host->channels;
  host->channels = made;
  *channel = rpc_channel_addref(made->channel);
  pthread_mutex_unlock(&import_lock);
  return S_OK;
}

HRESULT home_channel(Home *home, Blanket *blanket, RpcChannel **channel) {
  HomeHost *host = home->host;
  if (!host || blanket_equal(host->blanket, blanket)) {
    *channel = rpc_channel_addref(home->channel);
    return S_OK;
  }
  pthread_mutex_lock(&import_lock);
  *channel = find_channel_locked(host, blanket);
  pthread_mutex_unlock(&import_lock);
  return *channel ? S_OK : open_channel(host, blanket, channel);
}

/* Handing on */

HRESULT home_host_bindings(Home *home, const RpcChannel *channel, uint8_t bytes[BINDINGS_ROOM], size_t *size) {
  HRESULT status = S_OK;
  *size = 0;
  if (home->host) {
    *size = home->host->binding_bytes < BINDINGS_ROOM ? home->host->binding_bytes : 0;
    memcpy(bytes, home->host->bindings, *size);
    return *size ? S_OK : RPC_E_INVALID_DATA;
  }
  HostEndpoint endpoint = home->passed;
  if (!endpoint.port && home->exporter)
    status = exporter_listen_hosts(home->exporter, &endpoint);
  else if (!endpoint.port)
    status = rem_hosts(home, &endpoint);
  if (FAILED(status))
    return status;
  home->passed = endpoint;
  *size = exporter_host_bindings(&endpoint, channel, bytes);
  return S_OK;
}

HRESULT remote_export_for_host(IUnknown *object, REFIID iid, RpcChannel *channel, uint8_t **bytes, uint32_t *size,
                               uint64_t *oxid, HostEndpoint *endpoint) {
  Objref objref;
  Exporter *exporter;
  HRESULT status = reference_make(iid, object, MSHCTX_DIFFERENTMACHINE, NULL, MSHLFLAGS_NORMAL,
                                  (Receiver){ 0, channel }, bytes, size);
  if (FAILED(status))
    return status;
  *oxid = 0;
  if (FAILED(objref_read(*bytes, *size, &objref)) || objref.kind == OBJREF_CUSTOM)
    return S_OK;
  *oxid = objref.standard.oxid;
  ProxyManager *manager = proxy_manager_of(object);
  if (manager) {
    *endpoint = manager->home->passed;
    proxy_manager_release(manager);
  } else if (SUCCEEDED(exporter_of_thread(&exporter))) {
    return exporter_listen_hosts(exporter, endpoint);
  }
  return S_OK;
}
