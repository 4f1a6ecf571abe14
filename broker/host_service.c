/* The COM service on its port for other hosts: the resolver, the activator and the endpoint mapper ([MS-DCOM] 3.1.2). What comes
 * in there is served by the thread that serves the processes of this host; activation, which may take long, is left to others. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activation/local/hosts_api.h"
#include "broker/broker.h"
#include "remote/hosts_api.h"

/* An exporter that other hosts reach. */
typedef struct KnownOxid {
  struct KnownOxid *next;
  const BrokerClient *client;
  uint64_t oxid;
  HostEndpoint endpoint;
} KnownOxid;

static struct {
  RpcListener *listener;
  ResolverHost resolver;
  CO_MTA_USAGE_COOKIE apartment; /* activates */
  KnownOxid *oxids;
} hosts;

/* Exporters */

static bool find(uint64_t oxid, HostEndpoint *endpoint) {
  const KnownOxid *known = hosts.oxids;
  while (known && known->oxid != oxid)
    known = known->next;
  if (known)
    *endpoint = known->endpoint;
  return known;
}

static void remove_oxid(KnownOxid **link) {
  KnownOxid *known = *link;
  *link = known->next;
  free(known);
}

void host_service_leave(const BrokerClient *client) {
  for (KnownOxid **link = &hosts.oxids; *link;) {
    if ((*link)->client == client)
      remove_oxid(link);
    else
      link = &(*link)->next;
  }
}

void host_service_announce(BrokerClient *client, RpcRequest *request, Cursor *body) {
  KnownOxid *known = calloc(1, sizeof *known);
  uint64_t low = cursor_u32(body), high = cursor_u32(body);
  uint32_t port = cursor_u32(body), level = cursor_u32(body);
  if (!known || body->failed || !port || port > UINT16_MAX) {
    free(known);
    broker_answer_code(request, known ? E_INVALIDARG : E_OUTOFMEMORY);
    return;
  }
  known->client = client;
  known->oxid = low | high << 32;
  known->endpoint = (HostEndpoint){ .port = (uint16_t)port, .resolver_port = hosts.resolver.port, .level = level };
  memcpy(known->endpoint.address, hosts.resolver.address, sizeof known->endpoint.address);
  for (KnownOxid **link = &hosts.oxids; *link; link = &(*link)->next) {
    if ((*link)->oxid == known->oxid) {
      remove_oxid(link);
      break;
    }
  }
  known->next = hosts.oxids;
  hosts.oxids = known;
  broker_answer_code(request, S_OK);
}

void host_service_tell(RpcRequest *request) {
  BrokerWriter writer = { 0 };
  broker_put_u32(&writer, S_OK);
  broker_put_u32(&writer, hosts.listener ? hosts.resolver.port : 0);
  broker_put_text(&writer, hosts.resolver.address);
  broker_answer(request, &writer);
}

void host_service_pings(RpcRequest *request, Cursor *body) {
  BrokerWriter writer = { 0 };
  size_t size;
  const uint8_t *oids = broker_get_blob(body, &size);
  broker_put_u32(&writer, S_OK);
  for (size_t i = 0; oids && i + sizeof(uint64_t) <= size; i += sizeof(uint64_t)) {
    uint64_t oid;
    memcpy(&oid, oids + i, sizeof oid);
    broker_put_u32(&writer, ping_sets_age(oid));
  }
  broker_answer(request, &writer);
}

/* What other hosts ask */

static bool is_activator(REFIID iid) {
  return IsEqualGUID(iid, &IID_IRemoteSCMActivator) || IsEqualGUID(iid, &IID_IActivation);
}

static bool knows(RpcServer *server, const IID *iid) {
  (void)server;
  return is_activator(iid) || IsEqualGUID(iid, &IID_OleanderBroker) || IsEqualGUID(iid, &IID_IObjectExporter) ||
         IsEqualGUID(iid, &IID_EndpointMapper);
}

static uint16_t version(RpcServer *server, const IID *iid) {
  (void)server;
  return IsEqualGUID(iid, &IID_EndpointMapper) ? ENDPOINT_MAPPER_VERSION : 0;
}

/* What runs here, for tools: nobody sees more than one who may start programs, and nothing is changed. */
static void serve_tools(RpcRequest *request) {
  char *text = NULL;
  HRESULT status = E_ACCESSDENIED;
  if (request->opnum != BROKER_STATUS && request->opnum != BROKER_ASK_ALL) {
    rpc_request_fault(request, FAULT_OPNUM);
    return;
  }
  if (hosts_enabled() && remote_activation_is_protected(request))
    status = permission_check(PERMISSION_LAUNCH, "", request->principal, geteuid(), &text);
  if (FAILED(status))
    broker_log("%s may not see what runs here: %s", request->channel->peer.address,
               text ? text : "it is not protected against changes, or EnableDCOM is not \"Y\"");
  free(text);
  if (FAILED(status))
    broker_answer_code(request, status);
  else if (request->opnum == BROKER_STATUS)
    broker_status(request);
  else
    questions_ask_all(NULL, request);
}

static void serve(RpcServer *server, RpcRequest *request) {
  (void)server;
  hosts.resolver.level = hosts_machine_level();
  if (request->level >= hosts.resolver.level)
    rpc_channel_trust(request->channel);
  if (IsEqualGUID(&request->iid, &IID_IObjectExporter))
    resolver_serve(request, &hosts.resolver);
  else if (is_activator(&request->iid))
    remote_activation_serve(request);
  else if (IsEqualGUID(&request->iid, &IID_OleanderBroker))
    serve_tools(request);
  else
    endpoint_mapper_serve(request, hosts.resolver.port);
}

static RpcServer server = { .serve = serve, .knows = knows, .version = version };

HRESULT host_service_begin(const char *address, uint16_t port) {
  if (strlen(address) >= sizeof hosts.resolver.address)
    return E_INVALIDARG;
  HRESULT status = rpc_tcp_listen(queue_of_thread(), address, (RpcPorts){ port, port }, &server, &hosts.listener,
                                  &hosts.resolver.port);
  if (FAILED(status))
    return status;
  strcpy(hosts.resolver.address, address);
  hosts.resolver.find = find;
  status = CoIncrementMTAUsage(&hosts.apartment);
  broker_log("listening on %s, port %u%s", *address ? address : "all addresses", port,
             hosts_enabled()
                 ? ""
                 : "; but EnableDCOM in HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Ole is not \"Y\": other hosts may "
                   "not activate anything");
  return status;
}

void host_service_end(void) {
  if (!hosts.listener)
    return;
  rpc_listener_close(hosts.listener, true);
  hosts.listener = NULL;
}
