/* The activator of other hosts: one question to the host's activator for all interfaces ([MS-DCOM] 3.2.4.1.1), whose answer also
 * says where the object's exporter is. The host is the caller's COSERVERINFO, or RemoteServerName of the class's application. */
#include <stdlib.h>
#include <string.h>

#include "activation/activation_internal.h"
#include "activation/local/hosts_api.h"
#include "remote/hosts_api.h"
#include "remote/remote_api.h"

/* How long the host is sought where the caller has no time limit of his own. */
#define CONNECT_SECONDS 30.0

typedef struct HostRequest {
  const ActivationRequest *request;
  const char *name; /* as the caller wrote it */
  char host[RPC_BINDING_ROOM];
  uint16_t port;
  RpcChannel *channel;
} HostRequest;

/* The question */

static void put_question(NdrWriter *writer, const HostRequest *host, const uint8_t *iids) {
  NdrWriter blob;
  const ActivationRequest *request = host->request;
  ActivationAsk ask = { request->clsid, CLSCTX_REMOTE_SERVER, request->count, iids };
  GUID causality;
  CoGetCurrentLogicalThreadId(&causality);
  orpcthis_put(writer, &causality, 1);
  if (!request->class_object)
    ndr_put_pointer(writer, NULL); /* no outer object */
  ndr_writer_begin(&blob, NULL);
  activation_put_ask(&blob, &ask, host->host);
  if (blob.error)
    writer->error = blob.error;
  ndr_put_pointer(writer, &blob);
  ndr_put_u32(writer, (uint32_t)blob.size);
  ndr_put_u32(writer, (uint32_t)blob.size);
  ndr_put_bytes(writer, blob.data, blob.size);
  ndr_writer_end(&blob, true);
}

/* The answer */

static HRESULT note_exporter(const HostRequest *host, const ActivationAnswer *answer) {
  if (!answer->bindings)
    return S_OK; /* objects that marshal themselves */
  KnownExporter *exporter = known_exporter_create(answer->oxid, answer->bindings, answer->binding_bytes);
  if (!exporter)
    return E_OUTOFMEMORY;
  exporter->rem_unknown = answer->rem_unknown;
  exporter->level = answer->level;
  strcpy(exporter->resolver, host->host);
  exporter->resolver_port = host->port;
  host_exporter_note(exporter);
  return S_OK;
}

static HRESULT take_results(const HostRequest *host, const ActivationAnswer *answer) {
  const ActivationRequest *request = host->request;
  HRESULT status = note_exporter(host, answer);
  if (FAILED(status))
    return status;
  for (ULONG i = 0; i < request->count; i++) {
    MULTI_QI *result = &request->results[i];
    const ActivationResult *given = &answer->results[i];
    result->hr = FAILED(given->result) ? given->result : E_NOINTERFACE;
    if (SUCCEEDED(given->result) && given->reference)
      result->hr =
          remote_unmarshal_answer(given->reference, given->size, host->channel, result->pIID, (void **)&result->pItf);
    if (FAILED(result->hr))
      result->pItf = NULL;
  }
  return S_OK;
}

static HRESULT take_answer(const HostRequest *host, NdrReader *reader) {
  const ActivationRequest *request = host->request;
  HRESULT status = orpcthat_skip(reader);
  const uint8_t *bytes = NULL;
  uint32_t size = 0;
  if (SUCCEEDED(status) && ndr_get_pointer(reader)) {
    uint32_t room = ndr_get_count(reader, 1);
    size = ndr_get_u32(reader);
    bytes = size <= room ? ndr_get_bytes(reader, room) : NULL;
    ndr_skip_to(reader, 4);
  }
  HRESULT result = (HRESULT)ndr_get_u32(reader);
  if (FAILED(status) || reader->error)
    return FAILED(status) ? status : RPC_E_INVALID_DATA;
  if (FAILED(result))
    return error_raise(result, ERROR_SOURCE, "the host %s does not give the class", host->name);
  ActivationAnswer answer = { .count = request->count, .results = calloc(request->count, sizeof *answer.results) };
  status = answer.results ? bytes ? activation_read_answer(bytes, size, &answer) : RPC_E_INVALID_DATA : E_OUTOFMEMORY;
  if (SUCCEEDED(status))
    status = take_results(host, &answer);
  free(answer.results);
  return status;
}

/* The way there */

static HRESULT raise_refused(const HostRequest *host, HRESULT status) {
  if (status == E_ACCESSDENIED)
    return error_raise(
        status, ERROR_SOURCE,
        "the host %s refuses the call: it wants to know who calls, or does not let him activate the class "
        "(its launch permissions, EnableDCOM)",
        host->name);
  if (status == HRESULT_FROM_WIN32(RPC_S_UNKNOWN_IF))
    return error_raise(status, ERROR_SOURCE, "what answers on %s, port %u, activates nothing", host->host, host->port);
  return status;
}

static HRESULT ask_host(HostRequest *host) {
  const ActivationRequest *request = host->request;
  NativeCall call;
  uint8_t *iids = malloc(request->count * sizeof(IID));
  if (!iids)
    return E_OUTOFMEMORY;
  for (ULONG i = 0; i < request->count; i++)
    memcpy(iids + i * sizeof(IID), request->results[i].pIID, sizeof(IID));
  native_begin(&call, host->channel, &IID_IRemoteSCMActivator,
               request->class_object ? REMOTE_GET_CLASS_OBJECT : REMOTE_CREATE_INSTANCE);
  put_question(&call.writer, host, iids);
  HRESULT status = native_send(&call);
  status = SUCCEEDED(status) ? take_answer(host, &call.reader) : raise_refused(host, status);
  native_end(&call);
  free(iids);
  return status;
}

/* As whom the host is asked, and what it gives is called. */
static HRESULT blanket_of(const ActivationRequest *request, Blanket **blanket) {
  const COAUTHINFO *info = request->server ? request->server->pAuthInfo : NULL;
  return info ? blanket_from_auth_info(info, blanket) : blanket_of_process(blanket);
}

/* Activation is never protected less than against changes, where somebody is named at all. */
static HRESULT secure(HostRequest *host) {
  Blanket *blanket;
  HRESULT status = blanket_of(host->request, &blanket);
  if (SUCCEEDED(status))
    status = rpc_channel_secure(host->channel, blanket, RPC_C_AUTHN_LEVEL_PKT_INTEGRITY, host->host);
  blanket_release(blanket);
  return status;
}

static HRESULT connect_and_ask(HostRequest *host) {
  Apartment *apartment = apartment_get();
  if (!apartment)
    return CO_E_NOTINITIALIZED;
  int64_t moment = apartment_after(CONNECT_SECONDS), until = remote_deadline();
  HRESULT status = rpc_tcp_connect(apartment_queue(apartment), host->host, host->port, until < moment ? until : moment,
                                   NULL, &host->channel);
  if (SUCCEEDED(status))
    status = secure(host);
  if (SUCCEEDED(status))
    status = ask_host(host);
  rpc_channel_release(host->channel);
  apartment_release(apartment);
  return status;
}

/* For free(); NULL: the class is of no other host. */
static char *host_of(const ActivationRequest *request) {
  const char *application, *name;
  OleanderRegistryKey *key;
  if (request->server)
    return utf8_copy(request->server->pwszName);
  if (!request->key || oleander_registry_string(request->key, NULL, "AppID", &application) != S_OK ||
      !hosts_open_application(application, &key))
    return NULL;
  char *copy = oleander_registry_string(key, NULL, "RemoteServerName", &name) == S_OK && *name ? strdup(name) : NULL;
  oleander_registry_close(key);
  return copy;
}

static HRESULT remote_activate(const ActivationRequest *request) {
  char *name = host_of(request);
  if (!name)
    return ACTIVATOR_PASS;
  HostRequest host = { .request = request, .name = name, .port = RPC_PORT_RESOLVER };
  const char *bare = name + strspn(name, "\\"); /* as Windows writes it: \\HOST */
  HRESULT status;
  if (request->outer)
    status = CLASS_E_NOAGGREGATION;
  else if (!rpc_binding_split(bare, host.host, &host.port))
    status = error_raise(E_INVALIDARG, ERROR_SOURCE,
                         "%s is no host: a name or an address is wanted, perhaps with [port]", name);
  else
    status = connect_and_ask(&host);
  free(name);
  return status;
}

const Activator remote_activator = { "other hosts", CLSCTX_REMOTE_SERVER, remote_activate };
