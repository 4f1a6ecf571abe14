/* The exporter as other hosts see it: a port of its own for each apartment, which that serves itself, so that a call from another
 * host takes no more threads than one of another process. What stands before the objects: who may call at all, and the
 * questions to the resolver where the host has no other. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/exporter_internal.h"
#include "remote/security/process_security.h"

#define ERROR_SOURCE "Oleander"

static void settings_of_host(HostSettings *settings) {
  memset(settings, 0, sizeof *settings);
  if (remote_activation && remote_activation->host_settings)
    remote_activation->host_settings(settings);
}

bool exporter_has_hosts(void) {
  HostSettings settings;
  settings_of_host(&settings);
  return settings.enabled;
}

static HRESULT listen_locked(Exporter *exporter, const HostSettings *settings) {
  HostEndpoint endpoint = { .resolver_port = settings->resolver_port,
                            .level = process_security_level(settings->level) };
  RpcPorts ports = { settings->first_port, settings->last_port };
  RpcListener *listener;
  memcpy(endpoint.address, settings->address, sizeof endpoint.address);
  HRESULT status = rpc_tcp_listen(apartment_queue(exporter->apartment), endpoint.address, ports, &exporter->server,
                                  &listener, &endpoint.port);
  if (FAILED(status))
    return status;
  if (!endpoint.resolver_port)
    endpoint.resolver_port = endpoint.port;
  pthread_mutex_lock(&export_lock);
  exporter->host_listener = listener;
  exporter->host = endpoint;
  pthread_mutex_unlock(&export_lock);
  return S_OK;
}

/* Where the service has just gone the exporter resolves itself. */
static void announce(Exporter *exporter) {
  HRESULT status = remote_activation->announce_exporter(exporter->oxid, exporter->host.port, exporter->host.level);
  if (SUCCEEDED(status))
    return;
  pthread_mutex_lock(&export_lock);
  exporter->host.resolver_port = exporter->host.port;
  pthread_mutex_unlock(&export_lock);
}

static bool endpoint_is_there(Exporter *exporter, HostEndpoint *endpoint) {
  pthread_mutex_lock(&export_lock);
  *endpoint = exporter->host;
  pthread_mutex_unlock(&export_lock);
  return endpoint->port;
}

HRESULT exporter_listen_hosts(Exporter *exporter, HostEndpoint *endpoint) {
  static pthread_mutex_t listen_lock = PTHREAD_MUTEX_INITIALIZER;
  HostSettings settings;
  if (endpoint_is_there(exporter, endpoint))
    return S_OK;
  settings_of_host(&settings);
  if (!settings.enabled)
    return error_raise(
        E_ACCESSDENIED, ERROR_SOURCE,
        "other hosts cannot reach objects of this one (events do not come back either): the value EnableDCOM of "
        "HKEY_LOCAL_MACHINE\\SOFTWARE\\Microsoft\\Ole is not \"Y\"");
  pthread_mutex_lock(&listen_lock);
  bool fresh = !exporter->host_listener;
  HRESULT status = fresh ? listen_locked(exporter, &settings) : S_OK;
  pthread_mutex_unlock(&listen_lock);
  if (SUCCEEDED(status) && fresh && settings.resolver_port)
    announce(exporter);
  endpoint_is_there(exporter, endpoint);
  return status;
}

size_t exporter_host_bindings(const HostEndpoint *endpoint, const RpcChannel *channel, uint8_t *bytes) {
  return resolver_bindings(channel, endpoint->address, endpoint->resolver_port, bytes);
}

/* What comes */

HRESULT exporter_objref(Exporter *exporter, REFIID iid, const StdObjref *standard, const RpcChannel *channel,
                        uint8_t **bytes, uint32_t *size) {
  uint8_t bindings[BINDINGS_ROOM];
  HostEndpoint endpoint;
  if (channel->destination != MSHCTX_DIFFERENTMACHINE)
    return objref_write(iid, standard, NULL, exporter->listener ? exporter->endpoint : NULL, bytes, size);
  endpoint_is_there(exporter, &endpoint);
  size_t binding_bytes = exporter_host_bindings(&endpoint, channel, bindings);
  return objref_write_bindings(iid, standard, NULL, bindings, binding_bytes, bytes, size);
}

/* Any exporter of the process that other hosts know. */
static bool find_endpoint(uint64_t oxid, HostEndpoint *endpoint) {
  Exporter *exporter = exporter_find(oxid);
  bool found = exporter && endpoint_is_there(exporter, endpoint);
  exporter_release(exporter);
  return found;
}

static bool knows_object(uint64_t oid) {
  pthread_mutex_lock(&export_lock);
  bool known = exported_object_locked(oid);
  pthread_mutex_unlock(&export_lock);
  return known;
}

static void serve_resolver(Exporter *exporter, RpcRequest *request) {
  HostEndpoint endpoint;
  ResolverHost host = { .find = find_endpoint, .knows_object = knows_object };
  endpoint_is_there(exporter, &endpoint);
  host.port = endpoint.port;
  host.level = endpoint.level;
  memcpy(host.address, endpoint.address, sizeof host.address);
  resolver_serve(request, &host);
}

bool exporter_serve_host(Exporter *exporter, RpcRequest *request) {
  if (IsEqualIID(&request->iid, &IID_IObjectExporter)) {
    serve_resolver(exporter, request);
    return true;
  }
  if (request->level < exporter->host.level) {
    rpc_request_fault(request, FAULT_ACCESS_DENIED);
    return true;
  }
  rpc_channel_trust(request->channel);
  return false;
}
