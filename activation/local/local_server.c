/* The activator of local servers: the COM service gives the class object of a process that runs, or starts the program that
 * LocalServer32 names. */
#include <stdlib.h>
#include <string.h>

#include "activation/local/command_line.h"
#include "activation/local/local.h"
#include "activation/local/local_permission.h"
#include "activation/local/service_program.h"

enum { TRIES = 5 };

/* Seconds that a program has to register its class, where nothing is said; and more for the answer. */
#define LAUNCH_SECONDS 120
#define ANSWER_SECONDS 30.0

/* What is started */

/* Variables of the client that a server sees; a star stands for any end. */
static bool is_handed_on(const char *variable) {
  static const char *const names[] = { "HOME=",     "USER=",      "LOGNAME=",   "PATH=", "LANG=",
                                       "LC_*",      "TZ=",        "TMPDIR=",    "XDG_*", "LD_LIBRARY_PATH=",
                                       "LUA_PATH*", "LUA_CPATH*", "OLEANDER_*", "KRB5_*" };
  for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
    size_t size = strlen(names[i]), compared = names[i][size - 1] == '*' ? size - 1 : size;
    if (strncmp(variable, names[i], compared) == 0)
      return true;
  }
  return false;
}

static void put_environment(BrokerWriter *body) {
  extern char **environ;
  uint32_t count = 0;
  for (char **variable = environ; variable && *variable; variable++)
    count += is_handed_on(*variable);
  broker_put_u32(body, count);
  for (char **variable = environ; variable && *variable; variable++) {
    if (is_handed_on(*variable))
      broker_put_text(body, *variable);
  }
}

/* LaunchTimeout of the class or of its application; else OLEANDER_LAUNCH_TIMEOUT. */
static uint32_t launch_seconds(const OleanderRegistryKey *key) {
  const char *text = secure_getenv("OLEANDER_LAUNCH_TIMEOUT"), *application;
  DWORD seconds;
  if (key && oleander_registry_dword(key, "LocalServer32", "LaunchTimeout", &seconds) == S_OK)
    return seconds;
  if (key && oleander_registry_string(key, NULL, "AppID", &application) == S_OK) {
    OleanderRegistryKey *found = NULL;
    char path[64 + GUID_TEXT_UNITS];
    HRESULT status = E_INVALIDARG;
    if (strlen(application) < GUID_TEXT_UNITS)
      status = oleander_registry_open(strcat(strcpy(path, "AppID\\"), application), &found);
    if (status == S_OK)
      status = oleander_registry_dword(found, NULL, "LaunchTimeout", &seconds);
    oleander_registry_close(found);
    if (status == S_OK)
      return seconds;
  }
  unsigned long given = text ? strtoul(text, NULL, 10) : 0;
  return given ? (uint32_t)given : LAUNCH_SECONDS;
}

static void put_launch(BrokerWriter *body, uint32_t seconds, char *const *arguments) {
  uint32_t count = 0;
  while (arguments && arguments[count])
    count++;
  broker_put_u32(body, seconds);
  broker_put_u32(body, count);
  for (uint32_t i = 0; i < count; i++)
    broker_put_text(body, arguments[i]);
  if (count)
    put_environment(body);
  else
    broker_put_u32(body, 0);
}

/* Getting the class object */

typedef struct Found {
  BrokerReply reply;
  const uint8_t *reference;
  size_t size;
  uint32_t cookie;
} Found;

static HRESULT ask(const ActivationRequest *request, char *const *arguments, const char *application, Found *found) {
  BrokerWriter body = { 0 };
  uint32_t seconds = launch_seconds(request->key);
  broker_put_guid(&body, &request->clsid);
  put_launch(&body, seconds, arguments);
  broker_put_text(&body, application);
  HRESULT status = broker_ask(BROKER_GET_CLASS_OBJECT, &body, arguments, seconds + ANSWER_SECONDS, &found->reply);
  if (FAILED(status))
    return status;
  found->reference = broker_get_blob(&found->reply.body, &found->size);
  cursor_u32(&found->reply.body); /* its process */
  found->cookie = cursor_u32(&found->reply.body);
  if (!found->reply.body.failed)
    return S_OK;
  broker_reply_free(&found->reply);
  return RPC_E_INVALID_DATA;
}

bool activation_has_left(HRESULT status) {
  return status == RPC_E_DISCONNECTED || status == CO_E_OBJNOTCONNECTED || status == RPC_E_SERVER_DIED_DNE ||
         status == CO_E_SERVER_STOPPING || status == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE) ||
         status == HRESULT_FROM_WIN32(RPC_S_CALL_FAILED_DNE);
}

static HRESULT use(const ActivationRequest *request, const Found *found) {
  IUnknown *object;
  const IID *iid = request->class_object ? &IID_IUnknown : &IID_IClassFactory;
  HRESULT status = reference_unmarshal(found->reference, found->size, iid, (void **)&object);
  if (FAILED(status))
    return status;
  status = activation_from_class_object(request, object);
  if (SUCCEEDED(status) && FAILED(request->results[0].hr) && activation_has_left(request->results[0].hr))
    status = request->results[0].hr;
  IUnknown_Release(object);
  return status;
}

static void tell_gone(uint32_t cookie) {
  BrokerWriter body = { 0 };
  broker_put_u32(&body, cookie);
  broker_tell(BROKER_CLASS_IS_GONE, &body, false);
}

static HRESULT activate_permitted(const ActivationRequest *request, char *const *arguments, const char *application) {
  HRESULT status = RPC_E_DISCONNECTED;
  for (int i = 0; i < TRIES && activation_has_left(status); i++) {
    Found found = { 0 };
    status = ask(request, arguments, application, &found);
    if (FAILED(status))
      return status;
    status = use(request, &found);
    if (activation_has_left(status))
      tell_gone(found.cookie);
    broker_reply_free(&found.reply);
  }
  return status;
}

HRESULT local_activate_program(const ActivationRequest *request, char *const *arguments, const char *application) {
  LocalPermission permission;
  HRESULT status = local_permission_read(request, arguments && *arguments, &permission);
  if (FAILED(status))
    return status;
  status = activate_permitted(request, permission.refusal ? NULL : arguments, application);
  return local_permission_end(&permission, status);
}

/* The service refuses; where it cannot be reached because its folder is another user's, there is none. */
static bool has_no_service(HRESULT status) {
  return status == E_ACCESSDENIED && broker_reach() == E_ACCESSDENIED;
}

/* A class that runs somewhere needs no entry in the registry. */
static bool is_unknown(HRESULT status) {
  return status == REGDB_E_CLASSNOTREG || status == HRESULT_FROM_WIN32(RPC_S_SERVER_UNAVAILABLE) ||
         status == CO_E_NOTINITIALIZED;
}

static HRESULT local_activate(const ActivationRequest *request) {
  char **arguments;
  const char *application = "";
  if (request->server)
    return ACTIVATOR_PASS;
  HRESULT status = service_of_class(request->key, &arguments);
  if (status == S_OK)
    application = BROKER_SERVICE;
  else if (status == S_FALSE)
    status = command_line_of_class(request->key, &arguments);
  if (status == S_FALSE)
    status = surrogate_of_class(request->key, &request->clsid, &arguments, &application);
  if (FAILED(status))
    return status;
  if (arguments && request->outer)
    status = CLASS_E_NOAGGREGATION;
  else
    status = local_activate_program(request, arguments, application);
  bool passes = !arguments && (is_unknown(status) || has_no_service(status));
  command_line_free(arguments);
  return passes ? ACTIVATOR_PASS : status;
}

const Activator local_activator = { "local servers", CLSCTX_LOCAL_SERVER, local_activate };
