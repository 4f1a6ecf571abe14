/* Calls through proxies: by the description of the method, or by hand where it travels in another form; waited for, or begun and
 * ended apart. */
#include <stdlib.h>
#include <string.h>

#include "remote/orpc/importer_internal.h"

static void begin_call(OrpcCall *call, InterfaceProxy *proxy, uint32_t slot) {
  Home *home = proxy->manager->home;
  orpc_begin(call, proxy_channel(proxy), home->oxid, &proxy->ipid, &proxy->iid, (uint16_t)slot);
  call->limit = proxy->manager->timeout;
}

static HRESULT send_call(OrpcCall *call, const InterfaceProxy *proxy) {
  HRESULT status = orpc_send(call);
  home_note(proxy->manager->home, &call->call);
  return status;
}

static HRESULT call_by_hand(InterfaceProxy *proxy, const CallAs *call_as, const ClosureCall *closure) {
  OrpcCall call;
  begin_call(&call, proxy, closure->slot);
  HRESULT status = call_as->put(&call.writer, closure->arguments);
  if (SUCCEEDED(status))
    status = send_call(&call, proxy);
  if (SUCCEEDED(status))
    status = call_as->get_number ? call_as->get_number(&call.reader, closure->arguments, closure->result)
                                 : call_as->get(&call.reader, closure->arguments);
  if (SUCCEEDED(status) && call.reader.error)
    status = call.reader.error;
  if (FAILED(status) && call_as->clear && (!call.call.reply || call.reader.error))
    call_as->clear(closure->arguments);
  orpc_end(&call);
  return status;
}

/* [out] pointers that are NULL get memory of ours: what comes back in it is thrown away. */
typedef struct Substitutes {
  void *arguments[32];
  void *pointers[32];
  _Alignas(16) uint8_t values[32][sizeof(VARIANT)];
} Substitutes;

static void *const *substitute(const WireMethod *method, void *const *arguments, Substitutes *room) {
  unsigned count = method->signature->count;
  memcpy(room->arguments, arguments, count * sizeof *arguments);
  for (unsigned k = 0; k < count; k++) {
    if (!(method->substitutes >> k & 1) || *(void **)arguments[k])
      continue;
    memset(room->values[k], 0, sizeof room->values[k]);
    room->pointers[k] = room->values[k];
    room->arguments[k] = &room->pointers[k];
  }
  return room->arguments;
}

static void clear_substitutes(const WireMethod *method, void *const *arguments, Substitutes *room) {
  for (unsigned k = 0; k < method->signature->count; k++) {
    if (arguments[k] != room->arguments[k])
      type_clear(type_resolve(method->signature->parameters[k].type)->target, room->values[k]);
  }
}

static HRESULT call_method(InterfaceProxy *proxy, const NdrMethod *method, const ClosureCall *closure,
                           void *const *arguments) {
  OrpcCall call;
  begin_call(&call, proxy, closure->slot);
  HRESULT status = ndr_put_request(method, &call.writer, arguments);
  if (SUCCEEDED(status))
    status = send_call(&call, proxy);
  if (SUCCEEDED(status))
    status = ndr_get_reply(method, &call.reader, arguments, closure->result);
  else
    ndr_clear_out(method, arguments);
  orpc_end(&call);
  return status;
}

static HRESULT call_described(InterfaceProxy *proxy, const ClosureCall *closure) {
  const WireMethod *described = &proxy->wire->methods[closure->slot];
  const NdrMethod *method;
  HRESULT status = wire_method(proxy->wire, closure->slot, &method);
  if (FAILED(status))
    return status;
  if (!described->substitutes)
    return call_method(proxy, method, closure, closure->arguments);
  Substitutes room;
  void *const *arguments = substitute(described, closure->arguments, &room);
  status = call_method(proxy, method, closure, arguments);
  clear_substitutes(described, closure->arguments, &room);
  return status;
}

static bool returns_status(const ClosureCall *call) {
  return (call->signature->flags & SIGNATURE_HRESULT) != 0;
}

/* The manager stays until the call is over, whatever comes in meanwhile. */
void proxy_called(const ClosureCall *call) {
  InterfaceProxy *proxy = call->object;
  ProxyManager *manager = proxy->manager;
  const CallAs *call_as = proxy->wire->methods[call->slot].call_as;
  if (call_as && call_as->local) {
    call_as->local(call);
    return;
  }
  proxy_hold(proxy);
  HRESULT status = manager_check(manager);
  if (SUCCEEDED(status) && call_as) {
    status = call_by_hand(proxy, call_as, call);
    if (returns_status(call))
      *(HRESULT *)call->result = status;
  } else {
    if (SUCCEEDED(status))
      status = call_described(proxy, call);
    if (FAILED(status) && returns_status(call))
      *(HRESULT *)call->result = status;
  }
  proxy_drop(proxy);
}

/* Begun and ended apart */

enum { QUERIES = 8 }; /* interfaces that are asked for at a time */

struct RemoteCall {
  OrpcCall call;
  ProxyManager *manager; /* referenced */
  InterfaceProxy *proxy; /* NULL: interfaces are asked for */
  const WireMethod *described;
  const NdrMethod *method; /* NULL: by hand */
  void (*done)(void *context);
  void *context;
  HRESULT given_up;
  ApartmentTimer timer;     /* COMBND_RPCTIMEOUT, on the thread that has begun the call and ends it */
  Substitutes *substitutes; /* NULL: none are needed */
  struct iovec *pieces;
  uint16_t query_count;
  IID queries[];
};

static void remote_call_done(RpcCall *ended) {
  RemoteCall *call = OBJECT_CONTAINER(OBJECT_CONTAINER(ended, OrpcCall, call), RemoteCall, call);
  call->done(call->context);
}

static void remote_call_free(RemoteCall *call) {
  ProxyManager *manager = call->manager;
  InterfaceProxy *proxy = call->proxy;
  queue_stop_timer(&call->timer);
  orpc_end(&call->call);
  free(call->pieces);
  free(call->substitutes);
  free(call);
  if (proxy)
    proxy_drop(proxy);
  else
    manager_release(manager);
}

static void is_late(ApartmentTimer *timer) {
  remote_call_cancel(OBJECT_CONTAINER(timer, RemoteCall, timer), RPC_E_TIMEOUT);
}

static void limit_call(RemoteCall *call) {
  ULONG limit = call->manager->timeout;
  ApartmentQueue *queue = limit ? queue_of_thread() : NULL;
  call->timer.run = is_late;
  if (queue)
    queue_start_timer(queue, &call->timer, apartment_after(limit / 1000.0));
}

static InterfaceProxy *find_described(InterfaceProxy *list, const IUnknown *pointer) {
  while (list && ((const void *)list != (const void *)pointer || !list->wire))
    list = list->next;
  return list;
}

/* The proxy behind a pointer, held; NULL: it is none that calls by description. */
static InterfaceProxy *proxy_of(IUnknown *pointer) {
  ProxyManager *manager = proxy_manager_of(pointer);
  if (!manager)
    return NULL;
  pthread_mutex_lock(&import_lock);
  InterfaceProxy *proxy = find_described(manager->interfaces, pointer);
  if (!proxy)
    proxy = find_described(manager->copies, pointer);
  pthread_mutex_unlock(&import_lock);
  if (proxy)
    proxy_hold(proxy);
  manager_release(manager);
  return proxy;
}

static HRESULT put_arguments(RemoteCall *call, void *const *arguments) {
  if (!call->proxy) {
    rem_query_put(&call->call.writer, &call->manager->ipid, call->queries, call->query_count);
    return call->call.writer.error;
  }
  if (!call->method)
    return call->described->call_as->put(&call->call.writer, arguments);
  if (!call->described->substitutes)
    return ndr_put_request(call->method, &call->call.writer, arguments);
  call->substitutes = malloc(sizeof *call->substitutes);
  if (!call->substitutes)
    return E_OUTOFMEMORY;
  return ndr_put_request(call->method, &call->call.writer, substitute(call->described, arguments, call->substitutes));
}

static HRESULT start_call(RemoteCall *call, void *const *arguments) {
  HRESULT status = put_arguments(call, arguments);
  if (FAILED(status))
    return status;
  call->pieces = calloc(ndr_writer_piece_limit(&call->call.writer) + 1, sizeof *call->pieces);
  return call->pieces ? orpc_start(&call->call, call->pieces, remote_call_done) : E_OUTOFMEMORY;
}

static HRESULT make_call(InterfaceProxy *proxy, unsigned slot, RemoteCall **result) {
  const WireMethod *described = &proxy->wire->methods[slot];
  const NdrMethod *method = NULL;
  HRESULT status = manager_check(proxy->manager);
  if (SUCCEEDED(status) && !described->call_as)
    status = wire_method(proxy->wire, slot, &method);
  if (FAILED(status))
    return status;
  RemoteCall *call = malloc(sizeof *call);
  if (!call)
    return E_OUTOFMEMORY;
  begin_call(&call->call, proxy, slot);
  memset((char *)call + sizeof call->call, 0, sizeof *call - sizeof call->call);
  call->manager = proxy->manager;
  call->proxy = proxy;
  call->described = described;
  call->method = method;
  *result = call;
  return S_OK;
}

/* A call that cannot be begun is gone. */
static HRESULT begin_made(RemoteCall *call, void *const *arguments, void (*done)(void *context), void *context,
                          RemoteCall **result) {
  call->done = done;
  call->context = context;
  *result = call; /* `done` may come from within */
  limit_call(call);
  HRESULT status = start_call(call, arguments);
  if (FAILED(status)) {
    *result = NULL;
    remote_call_free(call);
  }
  return status;
}

HRESULT remote_call_begin(IUnknown *pointer, unsigned slot, void *const *arguments, void (*done)(void *context),
                          void *context, RemoteCall **result) {
  *result = NULL;
  InterfaceProxy *proxy = proxy_of(pointer);
  if (!proxy)
    return S_FALSE;
  RemoteCall *call = NULL;
  HRESULT status = slot < 3 || slot >= proxy->wire->count ? S_FALSE : S_OK;
  if (status == S_OK && proxy->wire->methods[slot].call_as && proxy->wire->methods[slot].call_as->local)
    status = S_FALSE;
  if (status == S_OK)
    status = make_call(proxy, slot, &call);
  if (status != S_OK) {
    proxy_drop(proxy);
    return status;
  }
  return begin_made(call, arguments, done, context, result);
}

static HRESULT make_query(ProxyManager *manager, const IID *iids, unsigned count, RemoteCall **result) {
  HRESULT status = manager_check(manager);
  RemoteCall *call = SUCCEEDED(status) ? malloc(sizeof *call + count * sizeof *iids) : NULL;
  if (!call)
    return FAILED(status) ? status : E_OUTOFMEMORY;
  Home *home = manager->home;
  orpc_begin(&call->call, manager_channel(manager), home->oxid, &home->rem_unknown, &IID_IRemUnknown,
             REM_QUERY_INTERFACE);
  memset((char *)call + sizeof call->call, 0, sizeof *call - sizeof call->call);
  call->manager = manager;
  for (unsigned i = 0; i < count; i++) {
    if (manager_would_ask(manager, &iids[i]))
      call->queries[call->query_count++] = iids[i];
  }
  *result = call;
  return S_OK;
}

HRESULT remote_query_begin(IUnknown *pointer, const IID *iids, unsigned count, void (*done)(void *context),
                           void *context, RemoteCall **result) {
  *result = NULL;
  ProxyManager *manager = proxy_manager_of(pointer);
  if (!manager)
    return S_FALSE;
  RemoteCall *call = NULL;
  HRESULT status = manager->handler || count > QUERIES ? S_FALSE : make_query(manager, iids, count, &call);
  if (status != S_OK) {
    manager_release(manager);
    return status;
  }
  if (!call->query_count) {
    remote_call_free(call);
    return S_FALSE;
  }
  return begin_made(call, NULL, done, context, result);
}

/* The interfaces stay with the manager, and so does what was refused. */
static HRESULT take_interfaces(RemoteCall *call) {
  HRESULT answers[QUERIES];
  StdObjref standards[QUERIES];
  HRESULT status = orpc_take(&call->call, call->given_up);
  home_note(call->manager->home, &call->call.call);
  if (SUCCEEDED(status))
    status = rem_query_get(&call->call.reader, call->query_count, answers, standards);
  for (uint16_t i = 0; SUCCEEDED(status) && i < call->query_count; i++) {
    IUnknown *face = NULL;
    manager_answered(call->manager, &call->queries[i], answers[i], &standards[i], (void **)&face);
    if (face)
      IUnknown_Release(face);
  }
  return status;
}

static HRESULT take_results(RemoteCall *call, void *const *arguments, void *result) {
  const CallAs *call_as = call->described->call_as;
  NdrReader *reader = &call->call.reader;
  HRESULT status = orpc_take(&call->call, call->given_up);
  home_note(call->manager->home, &call->call.call);
  if (!call->method) {
    if (SUCCEEDED(status))
      status = call_as->get_number ? call_as->get_number(reader, arguments, result) : call_as->get(reader, arguments);
    if (FAILED(status) && call_as->clear && (!call->call.call.reply || reader->error))
      call_as->clear(arguments);
    return status;
  }
  void *const *places = call->substitutes ? call->substitutes->arguments : arguments;
  if (SUCCEEDED(status))
    status = ndr_get_reply(call->method, reader, places, result);
  else
    ndr_clear_out(call->method, places);
  if (call->substitutes)
    clear_substitutes(call->described, arguments, call->substitutes);
  return status;
}

void remote_call_finish(RemoteCall *call, void *const *arguments, void *result) {
  if (!call->proxy) {
    *(HRESULT *)result = take_interfaces(call);
    remote_call_free(call);
    return;
  }
  HRESULT status = take_results(call, arguments, result);
  bool returns = (call->described->signature->flags & SIGNATURE_HRESULT) != 0;
  if (returns && (FAILED(status) || !call->method))
    *(HRESULT *)result = status;
  remote_call_free(call);
}

void remote_call_cancel(RemoteCall *call, HRESULT reason) {
  call->given_up = reason;
  call->call.channel->methods->cancel(call->call.channel, &call->call.call);
}
