/* Which class makes the proxies and stubs of an interface: what the process has said, then the registry. */
#include <pthread.h>
#include <stdlib.h>
#include <string.h>

#include <oleander_registry.h>

#include <oaidl.h>

#include "activation/activation_internal.h"
#include "activation/builtin_classes.h"
#include "dispatch/dispatch_api.h"
#include "remote/remote_api.h"
#include "remote/security/security_api.h"

typedef struct ProxyClass {
  struct ProxyClass *next;
  IID iid;
  CLSID clsid;
} ProxyClass;

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static ProxyClass *registered; /* until the last apartment of the process ends */

static void leave_apartment(uint64_t apartment, bool last) {
  (void)apartment;
  if (!last || !apartment_none_left())
    return;
  pthread_mutex_lock(&lock);
  ProxyClass *gone = registered;
  registered = NULL;
  pthread_mutex_unlock(&lock);
  while (gone) {
    ProxyClass *next = gone->next;
    free(gone);
    gone = next;
  }
}

static pthread_once_t hook_once = PTHREAD_ONCE_INIT;

static void add_hook(void) {
  apartment_add_hook(leave_apartment);
}

static ProxyClass *find(REFIID iid) {
  ProxyClass *entry = registered;

  while (entry && !IsEqualIID(&entry->iid, iid))
    entry = entry->next;
  return entry;
}

HRESULT CoRegisterPSClsid(REFIID iid, REFCLSID clsid) {
  ProxyClass *entry;

  if (!iid || !clsid)
    return E_INVALIDARG;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  pthread_once(&hook_once, add_hook);
  pthread_mutex_lock(&lock);
  entry = find(iid);
  if (!entry) {
    entry = calloc(1, sizeof *entry);
    if (entry) {
      entry->iid = *iid;
      entry->next = registered;
      registered = entry;
    }
  }
  if (entry)
    entry->clsid = *clsid;
  pthread_mutex_unlock(&lock);
  return entry ? S_OK : E_OUTOFMEMORY;
}

static HRESULT find_in_registry(REFIID iid, CLSID *clsid) {
  char path[sizeof "Interface\\" + GUID_TEXT_UNITS] = "Interface\\";
  OleanderRegistryKey *key;
  const char *text;
  HRESULT status;

  guid_format_utf8(iid, path + strlen(path));
  status = oleander_registry_open(path, &key);
  if (FAILED(status))
    return status == REGDB_E_KEYMISSING ? REGDB_E_IIDNOTREG : status;
  status = oleander_registry_string(key, "ProxyStubClsid32", NULL, &text);
  if (FAILED(status) || !guid_parse_utf8(text, clsid))
    status = REGDB_E_IIDNOTREG;
  oleander_registry_close(key);
  return status;
}

/* The standard interfaces: those of Automation have proxies of their own, all others the one of the base. */
static HRESULT find_standard(REFIID iid, CLSID *clsid) {
  static const CLSID base = { 0x00000320, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
  static const struct {
    const IID *iid;
    DWORD class_number; /* {000204xx-0000-0000-C000-000000000046} */
  } automation[] = {
    { &IID_IDispatch, 0x00020420 },  { &IID_IEnumVARIANT, 0x00020421 }, { &IID_ITypeInfo, 0x00020422 },
    { &IID_ITypeInfo2, 0x00020422 }, { &IID_ITypeLib, 0x00020423 },     { &IID_ITypeLib2, 0x00020423 },
    { &IID_ITypeComp, 0x00020425 },
  };
  size_t i;

  if (!standard_interface_find(iid))
    return REGDB_E_IIDNOTREG;
  *clsid = base;
  for (i = 0; i < sizeof automation / sizeof automation[0]; i++) {
    if (IsEqualIID(iid, automation[i].iid))
      clsid->Data1 = automation[i].class_number;
  }
  return S_OK;
}

/* What remote/ asks: a module of its own for the interface. Our own marshalers need none, and a class that is not there cannot
 * help: then the interface travels by its description, if it has one. */

static bool is_own_class(REFCLSID clsid) {
  const DWORD number = clsid->Data1;
  CLSID rest = *clsid;
  rest.Data1 = 0;
  static const CLSID family = { 0, 0, 0, { 0xC0, 0, 0, 0, 0, 0, 0, 0x46 } };
  return IsEqualCLSID(&rest, &family) &&
         (number == 0x00000320 || number == 0x00000017 || (number >= 0x00020420 && number <= 0x00020425));
}

static HRESULT proxy_factory(REFIID iid, bool look_in_registry, IPSFactoryBuffer **factory) {
  CLSID clsid;
  *factory = NULL;
  pthread_mutex_lock(&lock);
  const ProxyClass *entry = find(iid);
  if (entry)
    clsid = entry->clsid;
  pthread_mutex_unlock(&lock);
  if (!entry && (!look_in_registry || FAILED(find_in_registry(iid, &clsid))))
    return S_FALSE;
  if (is_own_class(&clsid))
    return S_FALSE;
  HRESULT status = CoGetClassObject(&clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IPSFactoryBuffer, (void **)factory);
  return status == E_OUTOFMEMORY ? status : FAILED(status) ? S_FALSE : S_OK;
}

static HRESULT create_unmarshaler(REFCLSID clsid, REFIID iid, void **result) {
  if (!process_security_takes_custom() && !builtin_class_is(clsid))
    return error_raise(E_ACCESSDENIED, "Oleander",
                       "the reference would unmarshal itself by a class of its own, which EOAC_NO_CUSTOM_MARSHAL of "
                       "CoInitializeSecurity refuses");
  return CoCreateInstance(clsid, NULL, CLSCTX_INPROC_SERVER | CLSCTX_INPROC_HANDLER, iid, result);
}

static HRESULT create_handler(REFCLSID clsid, IUnknown *outer, IUnknown **inner) {
  return CoCreateInstance(clsid, outer, CLSCTX_INPROC_HANDLER, &IID_IUnknown, (void **)inner);
}

__attribute__((constructor)) static void register_with_remote(void) {
  static const RemoteActivation functions = { create_unmarshaler, proxy_factory,           create_handler,
                                              hosts_settings,     hosts_announce_exporter, hosts_ask_pings };
  remote_set_activation(&functions);
}

HRESULT CoGetPSClsid(REFIID iid, CLSID *clsid) {
  const ProxyClass *entry;
  HRESULT status;

  if (!iid || !clsid)
    return E_INVALIDARG;
  *clsid = CLSID_NULL;
  if (!apartment_current())
    return CO_E_NOTINITIALIZED;
  pthread_mutex_lock(&lock);
  entry = find(iid);
  if (entry)
    *clsid = entry->clsid;
  pthread_mutex_unlock(&lock);
  if (entry)
    return S_OK;
  status = find_in_registry(iid, clsid);
  return status == REGDB_E_IIDNOTREG ? find_standard(iid, clsid) : status;
}
