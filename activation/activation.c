/* activate: the one operation behind CoCreateInstance, CoCreateInstanceEx, CoGetClassObject and the monikers. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activation/activation_internal.h"
#include "activation/local/local.h"
#include "com/com_api.h"

#define ACTIVATORS 16

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static const Activator *activators[ACTIVATORS] = { &class_object_activator, &builtin_activator, &inproc_activator,
                                                   &local_activator, &remote_activator };
static int activator_count = 5;

HRESULT activation_add(const Activator *activator) {
  HRESULT result = E_OUTOFMEMORY;

  pthread_mutex_lock(&lock);
  if (activator_count < ACTIVATORS) {
    activators[activator_count++] = activator;
    result = S_OK;
  }
  pthread_mutex_unlock(&lock);
  return result;
}

static const Activator *activator_at(int index) {
  pthread_mutex_lock(&lock);
  const Activator *activator = index < activator_count ? activators[index] : NULL;
  pthread_mutex_unlock(&lock);
  return activator;
}

static void clear_results(MULTI_QI *results, ULONG count, HRESULT status) {
  for (ULONG i = 0; i < count; i++) {
    results[i].pItf = NULL;
    results[i].hr = status;
  }
}

/* Asks the object for every interface. */
static void query_results(IUnknown *object, MULTI_QI *results, ULONG count) {
  for (ULONG i = 0; i < count; i++) {
    results[i].pItf = NULL;
    results[i].hr = IUnknown_QueryInterface(object, results[i].pIID, (void **)&results[i].pItf);
    /* A careless server may fail and leave something, or succeed and give nothing. */
    if (SUCCEEDED(results[i].hr) && !results[i].pItf)
      results[i].hr = E_NOINTERFACE;
    if (FAILED(results[i].hr))
      results[i].pItf = NULL;
  }
}

/* The result of the whole, from the results of the parts. */
static HRESULT summary(const MULTI_QI *results, ULONG count) {
  ULONG good = 0;

  for (ULONG i = 0; i < count; i++)
    good += SUCCEEDED(results[i].hr);
  if (good == count)
    return S_OK;
  if (good)
    return CO_S_NOTALLINTERFACES;
  return count == 1 ? results[0].hr : E_NOINTERFACE;
}

/* One interface is asked from CreateInstance itself, as CoCreateInstance is defined; of several, any may be missing, so
 * the object is made as an IUnknown. */
static HRESULT create_instance(const ActivationRequest *request, IClassFactory *factory) {
  IUnknown *object = NULL;
  HRESULT status;

  if (request->count == 1) {
    status = IClassFactory_CreateInstance(factory, request->outer, request->results[0].pIID,
                                          (void **)&request->results[0].pItf);
    if (SUCCEEDED(status) && !request->results[0].pItf)
      status = E_NOINTERFACE;
    if (FAILED(status))
      request->results[0].pItf = NULL;
    request->results[0].hr = status;
    return SUCCEEDED(status) ? S_OK : status;
  }
  status = IClassFactory_CreateInstance(factory, request->outer, &IID_IUnknown, (void **)&object);
  if (SUCCEEDED(status) && !object)
    status = E_NOINTERFACE;
  if (FAILED(status)) {
    clear_results(request->results, request->count, status);
    return status;
  }
  query_results(object, request->results, request->count);
  IUnknown_Release(object);
  return S_OK;
}

HRESULT activation_from_class_object(const ActivationRequest *request, IUnknown *class_object) {
  IClassFactory *factory;

  if (request->class_object) {
    query_results(class_object, request->results, request->count);
    return S_OK;
  }
  HRESULT status = IUnknown_QueryInterface(class_object, &IID_IClassFactory, (void **)&factory);
  if (FAILED(status)) {
    clear_results(request->results, request->count, status);
    return status;
  }
  status = create_instance(request, factory);
  IClassFactory_Release(factory);
  return status;
}

/* Whether the request names this machine: then the server information does not matter. */
static bool is_this_host(const COSERVERINFO *server) {
  char host[256];

  if (!server || !server->pwszName || !server->pwszName[0])
    return true;
  char *name = utf8_copy(server->pwszName);
  if (!name)
    return false;
  if (gethostname(host, sizeof host) != 0)
    host[0] = '\0';
  host[sizeof host - 1] = '\0';
  bool same = strcmp(name, "localhost") == 0 || strcmp(name, "127.0.0.1") == 0 || strcmp(name, "::1") == 0 ||
              strcmp(name, host) == 0;
  free(name);
  return same;
}

/* Says also which registry files could not be read: the class may be in one of them. */
static HRESULT not_registered(const ActivationRequest *request) {
  char text[GUID_TEXT_UNITS];
  char *problems = NULL;

  guid_format_utf8(&request->clsid, text);
  if (request->server)
    return error_raise(CO_E_CANT_REMOTE, ERROR_SOURCE,
                       "class %s: another host is named, but the context 0x%X does not have CLSCTX_REMOTE_SERVER", text,
                       (unsigned)request->context);
  if (oleander_registry_problems(&problems) == S_OK)
    problems[strcspn(problems, "\n")] = '\0';
  HRESULT status = error_raise(REGDB_E_CLASSNOTREG, ERROR_SOURCE, "class %s is not registered for context 0x%X%s%s%s",
                               text, (unsigned)request->context, problems ? " (unreadable: " : "",
                               problems ? problems : "", problems ? ")" : "");
  CoTaskMemFree(problems);
  return status;
}

HRESULT activate(REFCLSID clsid, DWORD context, COSERVERINFO *server, IUnknown *outer, bool class_object,
                 MULTI_QI *results, ULONG count) {
  ActivationRequest request = {
    .context = context, .outer = outer, .class_object = class_object, .results = results, .count = count
  };
  OleanderRegistryKey *key;
  const Activator *activator;
  HRESULT status;
  int i;

  clear_results(results, count, E_NOINTERFACE);
  request.server = is_this_host(server) ? NULL : server;
  if (request.server)
    request.context &= CLSCTX_REMOTE_SERVER;
  status = class_registry_resolve(clsid, &request.clsid, &key);
  if (SUCCEEDED(status)) {
    request.key = key;
    status = ACTIVATOR_PASS;
    for (i = 0; status == ACTIVATOR_PASS && (activator = activator_at(i)) != NULL; i++)
      if (activator->contexts & request.context)
        status = activator->activate(&request);
    if (status == ACTIVATOR_PASS)
      status = not_registered(&request);
    oleander_registry_close(key);
  }
  if (FAILED(status)) {
    clear_results(results, count, status);
    return status;
  }
  return summary(results, count);
}

HRESULT CoCreateInstanceEx(REFCLSID clsid, IUnknown *outer, DWORD context, COSERVERINFO *server, DWORD count,
                           MULTI_QI *results) {
  if (!clsid || !count || !results)
    return E_INVALIDARG;
  for (DWORD i = 0; i < count; i++)
    if (!results[i].pIID)
      return E_INVALIDARG;
  clear_results(results, count, E_NOINTERFACE);
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  return activate(clsid, context, server, outer, false, results, count);
}

HRESULT CoCreateInstance(REFCLSID clsid, LPUNKNOWN outer, DWORD context, REFIID iid, LPVOID *result) {
  MULTI_QI query = { .pIID = iid };

  if (!result)
    return E_POINTER;
  *result = NULL;
  HRESULT status = CoCreateInstanceEx(clsid, outer, context, NULL, 1, &query);
  *result = query.pItf;
  return status;
}

HRESULT CoGetClassObject(REFCLSID clsid, DWORD context, LPVOID server, REFIID iid, LPVOID *result) {
  MULTI_QI query = { .pIID = iid };

  if (!result)
    return E_INVALIDARG;
  *result = NULL;
  if (!clsid || !iid)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  HRESULT status = activate(clsid, context, server, NULL, true, &query, 1);
  *result = query.pItf;
  return status;
}
