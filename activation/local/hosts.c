/* What this host lets others have, as the registry says (Software\Microsoft\Ole and AppID), and what processes tell the COM
 * service of what other hosts reach. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activation/local/hosts_api.h"
#include "activation/local/local.h"
#include "remote/remote_api.h"

#define ASK_SECONDS 10.0

/* Settings */

static const char *text_value(const OleanderRegistryKey *key, const char *name) {
  const char *text = NULL;
  return oleander_registry_string(key, NULL, name, &text) == S_OK ? text : NULL;
}

bool hosts_enabled(void) {
  OleanderRegistryKey *key;
  if (oleander_registry_open(HOSTS_SETTINGS_KEY, &key) != S_OK)
    return false;
  const char *text = text_value(key, "EnableDCOM");
  bool enabled = text && (strcmp(text, "Y") == 0 || strcmp(text, "y") == 0);
  oleander_registry_close(key);
  return enabled;
}

static bool read_level(const OleanderRegistryKey *key, const char *name, uint32_t *level) {
  DWORD found;
  if (oleander_registry_dword(key, NULL, name, &found) != S_OK || found < RPC_C_AUTHN_LEVEL_NONE ||
      found > RPC_C_AUTHN_LEVEL_PKT_PRIVACY)
    return false;
  *level = found;
  return true;
}

uint32_t hosts_machine_level(void) {
  OleanderRegistryKey *key;
  uint32_t level = RPC_C_AUTHN_LEVEL_PKT_INTEGRITY;
  if (oleander_registry_open(HOSTS_SETTINGS_KEY, &key) != S_OK)
    return level;
  read_level(key, "LegacyAuthenticationLevel", &level);
  oleander_registry_close(key);
  return level;
}

/* "ncacn_ip_tcp,0,5000" or "ncacn_ip_tcp,0,5000-5010": protocol, flags, endpoint. */
static bool parse_endpoint(const char *text, HostSettings *settings) {
  static const char protocol[] = "ncacn_ip_tcp,";
  if (strncmp(text, protocol, sizeof protocol - 1) != 0)
    return false;
  const char *endpoint = strchr(text + sizeof protocol - 1, ',');
  char *end;
  if (!endpoint || endpoint[1] < '0' || endpoint[1] > '9')
    return false;
  unsigned long first = strtoul(endpoint + 1, &end, 10), last = first;
  if (*end == '-' && end[1] >= '0' && end[1] <= '9')
    last = strtoul(end + 1, &end, 10);
  if (*end || !first || first > last || last > UINT16_MAX)
    return false;
  settings->first_port = (uint16_t)first;
  settings->last_port = (uint16_t)last;
  return true;
}

/* A list of texts, or one. */
static void read_endpoints(const OleanderRegistryKey *key, HostSettings *settings) {
  OleanderRegistryValue value;
  if (oleander_registry_value(key, NULL, "Endpoints", &value) != S_OK)
    return;
  if (value.text) {
    parse_endpoint(value.text, settings);
    return;
  }
  const char *text = value.data, *end = text + value.size;
  while (value.type == REG_MULTI_SZ && text < end && !parse_endpoint(text, settings))
    text += strnlen(text, (size_t)(end - text)) + 1;
}

bool hosts_open_application(const char *application, OleanderRegistryKey **key) {
  char path[sizeof "AppID\\" + GUID_TEXT_UNITS] = "AppID\\";
  return strlen(application) < GUID_TEXT_UNITS && oleander_registry_open(strcat(path, application), key) == S_OK;
}

static bool application_of_class(REFCLSID clsid, OleanderRegistryKey **key) {
  OleanderRegistryKey *class;
  CLSID found;
  if (FAILED(class_registry_resolve(clsid, &found, &class)) || !class)
    return false;
  const char *application = text_value(class, "AppID");
  bool opened = application && hosts_open_application(application, key);
  oleander_registry_close(class);
  return opened;
}

/* AppID\PROGRAM says which application it is. */
static bool application_of_program(OleanderRegistryKey **key) {
  char program[512], path[sizeof program + 8];
  OleanderRegistryKey *named;
  ssize_t size = readlink("/proc/self/exe", program, sizeof program - 1);
  if (size <= 0)
    return false;
  program[size] = 0;
  const char *base = strrchr(program, '/');
  strcat(strcpy(path, "AppID\\"), base ? base + 1 : program);
  if (oleander_registry_open(path, &named) != S_OK)
    return false;
  const char *application = text_value(named, "AppID");
  bool opened = application && hosts_open_application(application, key);
  oleander_registry_close(named);
  return opened;
}

bool hosts_application(OleanderRegistryKey **key) {
  CLSID clsid;
  for (unsigned i = 0; class_object_class(i, &clsid); i++) {
    if (application_of_class(&clsid, key))
      return true;
  }
  return application_of_program(key);
}

static void read_ports_and_level(HostSettings *settings) {
  OleanderRegistryKey *key;
  settings->level = hosts_machine_level();
  if (oleander_registry_open(HOSTS_SETTINGS_KEY, &key) == S_OK) {
    read_endpoints(key, settings);
    oleander_registry_close(key);
  }
  if (hosts_application(&key)) {
    read_level(key, "AuthenticationLevel", &settings->level);
    read_endpoints(key, settings);
    oleander_registry_close(key);
  }
}

static void ask_service(HostSettings *settings) {
  BrokerWriter body = { 0 };
  BrokerReply reply;
  if (FAILED(broker_ask(BROKER_HOST, &body, false, ASK_SECONDS, &reply)))
    return;
  settings->resolver_port = (uint16_t)cursor_u32(&reply.body);
  char *address = broker_get_text(&reply.body);
  if (address && strlen(address) < sizeof settings->address)
    strcpy(settings->address, address);
  free(address);
  broker_reply_free(&reply);
}

void hosts_settings(HostSettings *settings) {
  memset(settings, 0, sizeof *settings);
  settings->enabled = hosts_enabled();
  if (!settings->enabled)
    return;
  read_ports_and_level(settings);
  ask_service(settings);
}

/* What was announced is announced again to a service that does not know it. */

typedef struct Announced {
  struct Announced *next;
  uint64_t apartment, oxid;
  uint16_t port;
  uint32_t level;
} Announced;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static Announced *announced;

static HRESULT tell(const Announced *entry) {
  BrokerWriter body = { 0 };
  broker_put_u64(&body, entry->oxid);
  broker_put_u32(&body, entry->port);
  broker_put_u32(&body, entry->level);
  return broker_tell(BROKER_ANNOUNCE, &body, false);
}

static void restore(uint64_t apartment) {
  for (unsigned index = 0;; index++) {
    unsigned passed = 0;
    pthread_mutex_lock(&lock);
    const Announced *entry = announced;
    while (entry && (entry->apartment != apartment || passed++ < index))
      entry = entry->next;
    Announced copy = entry ? *entry : (Announced){ 0 };
    pthread_mutex_unlock(&lock);
    if (!entry)
      return;
    tell(&copy);
  }
}

static void leave_apartment(uint64_t apartment, bool last) {
  pthread_mutex_lock(&lock);
  for (Announced **link = &announced; *link && last;) {
    Announced *entry = *link;
    if (entry->apartment != apartment) {
      link = &entry->next;
      continue;
    }
    *link = entry->next;
    free(entry);
  }
  pthread_mutex_unlock(&lock);
}

static pthread_once_t once = PTHREAD_ONCE_INIT;

static void begin(void) {
  broker_add_restore(restore);
  apartment_add_hook(leave_apartment);
}

HRESULT hosts_announce_exporter(uint64_t oxid, uint16_t port, uint32_t level) {
  Announced *entry = malloc(sizeof *entry);
  if (!entry)
    return E_OUTOFMEMORY;
  pthread_once(&once, begin);
  *entry = (Announced){ NULL, apartment_current(), oxid, port, level };
  Announced copy = *entry;
  pthread_mutex_lock(&lock);
  entry->next = announced;
  announced = entry;
  pthread_mutex_unlock(&lock);
  return tell(&copy);
}

bool hosts_ask_pings(const uint64_t *oids, uint32_t count, uint32_t *ages) {
  BrokerWriter body = { 0 };
  BrokerReply reply;
  broker_put_blob(&body, oids, count * sizeof *oids);
  if (FAILED(broker_ask(BROKER_PINGS, &body, false, ASK_SECONDS, &reply)))
    return false;
  for (uint32_t i = 0; i < count; i++)
    ages[i] = cursor_u32(&reply.body);
  bool answered = !reply.body.failed;
  broker_reply_free(&reply);
  return answered;
}
