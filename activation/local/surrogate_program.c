/* The program oleander-surrogate, and what any surrogate is told: hosts in-process classes for other processes, and ends when
 * nobody needs them. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include <oleander.h>

#include "activation/local/command_line.h"
#include "activation/local/local.h"
#include "activation/local/surrogate_limits.h"
#include "remote/remote_api.h"

/* How often modules are asked; how long the first client may take to come. */
#define ASKED_SECONDS 0.5
#define FIRST_SECONDS 30.0

static const char usage[] = "Usage: oleander-surrogate {CLSID} [OPTIONS]\n"
                            "\n"
                            "Hosts an in-process class for other processes. The COM service starts it for classes "
                            "whose AppID has a DllSurrogate,\n"
                            "and for clients that isolate a class.\n"
                            "\n"
                            "  --module FILE    the module of the class, instead of the registered one\n"
                            "  --as {CLSID}     the class under another name, for one client\n"
                            "  --memory=BYTES   limit of the address space\n"
                            "  --cpu=SECONDS    limit of the processor time\n"
                            "  --no-network     no sockets but unix ones\n"
                            "  --help           this text\n";

enum { STATUS_GOOD, STATUS_FAILED, STATUS_USAGE };

static struct {
  CLSID clsid, name;
  bool has_class, single; /* --as */
  const char *module;
  uint64_t memory;
  uint32_t seconds;
  bool no_network;
  _Atomic bool used;
  _Atomic int locks; /* of the class object, by its clients */
} host;

/* The class object that is registered: it asks the module anew for each client, so that it keeps nothing loaded. Those of the
 * application's classes stay as long as the process. */
typedef struct HostedClass {
  IClassFactory factory;
  CLSID clsid;
  struct HostedClass *next; /* of all; the first has been there from the begin */
  DWORD cookie;
} HostedClass;

static HRESULT class_object(IClassFactory *self, REFIID iid, void **result) {
  const CLSID *clsid = &OBJECT_CONTAINER(self, HostedClass, factory)->clsid;
  if (host.module)
    return oleander_class_object_from_module(host.module, clsid, iid, result);
  return CoGetClassObject(clsid, CLSCTX_INPROC_SERVER, NULL, iid, result);
}

/* Interfaces of its own kind come from the class object of the module. */
static HRESULT STDMETHODCALLTYPE Host_QueryInterface(IClassFactory *self, REFIID iid, void **result) {
  if (!result)
    return E_POINTER;
  *result = NULL;
  if (!IsEqualIID(iid, &IID_IUnknown) && !IsEqualIID(iid, &IID_IClassFactory))
    return IsEqualIID(iid, &IID_IMarshal) ? E_NOINTERFACE : class_object(self, iid, result);
  *result = self;
  return S_OK;
}

static ULONG STDMETHODCALLTYPE Host_AddRef(IClassFactory *self) {
  (void)self;
  return 2;
}

static ULONG STDMETHODCALLTYPE Host_Release(IClassFactory *self) {
  (void)self;
  return 1;
}

static HRESULT STDMETHODCALLTYPE Host_CreateInstance(IClassFactory *self, IUnknown *outer, REFIID iid, void **result) {
  IClassFactory *factory;
  if (!result)
    return E_POINTER;
  *result = NULL;
  HRESULT status = class_object(self, &IID_IClassFactory, (void **)&factory);
  if (FAILED(status))
    return status;
  status = IClassFactory_CreateInstance(factory, outer, iid, result);
  IClassFactory_Release(factory);
  host.used = true;
  return status;
}

static HRESULT STDMETHODCALLTYPE Host_LockServer(IClassFactory *self, BOOL lock) {
  (void)self;
  if (lock) {
    host.locks++;
    CoAddRefServerProcess();
  } else {
    host.locks--;
    CoReleaseServerProcess();
  }
  return S_OK;
}

static const IClassFactoryVtbl host_vtable = { Host_QueryInterface, Host_AddRef, Host_Release, Host_CreateInstance,
                                               Host_LockServer };
static HostedClass first_class = { .factory = { (IClassFactoryVtbl *)(uintptr_t)&host_vtable } };

static HRESULT offer(HostedClass *hosted, REFCLSID name, DWORD flags) {
  return CoRegisterClassObject(name, (IUnknown *)&hosted->factory, CLSCTX_LOCAL_SERVER, flags, &hosted->cookie);
}

/* Another class of the application, for a client that waits; it is made known where its module has it. */
static HRESULT load_class(void *context, REFCLSID clsid) {
  IUnknown *object;
  (void)context;
  for (const HostedClass *hosted = &first_class; hosted; hosted = hosted->next) {
    if (IsEqualGUID(&hosted->clsid, clsid))
      return S_OK;
  }
  HRESULT status = CoGetClassObject(clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IUnknown, (void **)&object);
  if (FAILED(status))
    return status;
  IUnknown_Release(object);
  HostedClass *made = calloc(1, sizeof *made);
  if (!made)
    return E_OUTOFMEMORY;
  *made = (HostedClass){ .factory = first_class.factory, .clsid = *clsid, .next = first_class.next };
  status = offer(made, clsid, REGCLS_MULTI_SEPARATE);
  if (FAILED(status))
    free(made);
  else
    first_class.next = made;
  return status;
}

static void revoke_all(void) {
  for (HostedClass *hosted = &first_class, *next; hosted; hosted = next) {
    next = hosted->next;
    CoRevokeClassObject(hosted->cookie);
    if (hosted != &first_class)
      free(hosted);
  }
  first_class.next = NULL;
}

/* Ending */

/* Some modules say for good that they are needed (what runs Lua does, as long as its threads live): then who counts is who has
 * references. */
static bool is_unused(void) {
  return host.used && (modules_can_unload() || (!remote_has_clients() && !host.locks));
}

static bool nobody_has_come(void *unused) {
  (void)unused;
  return host.used;
}

/* A client that comes in this moment is refused, and asks the service again, which starts another process. */
static void serve(void) {
  apartment_wait(nobody_has_come, NULL, apartment_after(FIRST_SECONDS));
  for (int quiet = 0; quiet < 2;) {
    apartment_wait(NULL, NULL, apartment_after(ASKED_SECONDS));
    quiet = !host.used || is_unused() ? quiet + 1 : 0;
    if (quiet == 2)
      CoSuspendClassObjects();
    if (quiet == 2 && host.used && !is_unused()) {
      CoResumeClassObjects();
      quiet = 0;
    }
  }
}

/* Beginning */

static bool read_number(const char *text, const char *option, unsigned long long *number) {
  size_t size = strlen(option);
  char *end;
  if (strncmp(text, option, size) != 0)
    return false;
  *number = strtoull(text + size, &end, 10);
  return end != text + size && !*end;
}

static bool read_option(char **arguments, int *at, int count) {
  const char *text = arguments[*at];
  unsigned long long number;
  if (guid_parse_utf8(text, &host.clsid))
    host.has_class = true;
  else if (strcmp(text, "--module") == 0 && *at + 1 < count)
    host.module = arguments[++*at];
  else if (strcmp(text, "--as") == 0 && *at + 1 < count && guid_parse_utf8(arguments[*at + 1], &host.name))
    ++*at, host.single = true;
  else if (read_number(text, "--memory=", &number))
    host.memory = number;
  else if (read_number(text, "--cpu=", &number) && number <= UINT32_MAX)
    host.seconds = (uint32_t)number;
  else if (strcmp(text, "--no-network") == 0)
    host.no_network = true;
  else
    return strcmp(text, "-Embedding") == 0;
  return true;
}

static bool set_limits(void) {
  int error = limit_memory(host.memory);
  error = error ? error : limit_processor(host.seconds);
  if (!error && host.no_network)
    error = limit_network();
  if (error)
    fprintf(stderr, "oleander-surrogate: limits cannot be set: %s\n", strerror(error));
  return !error;
}

/* A class that wants an STA has it: the process has nothing else to do. */
static DWORD apartment_kind(void) {
  OleanderRegistryKey *key = NULL;
  const char *model = "Both";
  char path[64] = "CLSID\\";
  guid_format_utf8(&host.clsid, path + strlen(path));
  bool found = !host.module && oleander_registry_open(path, &key) == S_OK;
  if (found && oleander_registry_string(key, "InprocServer32", "ThreadingModel", &model) != S_OK)
    model = "Apartment";
  DWORD kind = found && strcasecmp(model, "Apartment") == 0 ? COINIT_APARTMENTTHREADED : COINIT_MULTITHREADED;
  oleander_registry_close(key);
  return kind;
}

/* That it loads further classes the service hears before the first one is there, so that clients of those wait for it. */
static HRESULT begin(void) {
  first_class.clsid = host.clsid;
  if (!host.single && !host.module)
    surrogate_await_loads(load_class, NULL); /* a service that has not started it does not ask */
  return offer(&first_class, &host.name, host.single ? REGCLS_SINGLEUSE : REGCLS_MULTI_SEPARATE);
}

__attribute__((visibility("default"))) int oleander_surrogate_main(int argc, char **argv);

int oleander_surrogate_main(int argc, char **argv) {
  for (int i = 1; i < argc; i++) {
    if (strcmp(argv[i], "--help") == 0) {
      fputs(usage, stdout);
      return STATUS_GOOD;
    }
    if (!read_option(argv, &i, argc)) {
      fprintf(stderr, "oleander-surrogate: what is '%s'?\n%s", argv[i], usage);
      return STATUS_USAGE;
    }
  }
  if (!host.has_class) {
    fputs(usage, stderr);
    return STATUS_USAGE;
  }
  if (!host.single)
    host.name = host.clsid;
  if (!set_limits())
    return STATUS_FAILED;
  HRESULT status = CoInitializeEx(NULL, apartment_kind());
  if (SUCCEEDED(status))
    status = begin();
  if (FAILED(status)) {
    fprintf(stderr, "oleander-surrogate: the class cannot be registered: 0x%08X\n", (unsigned)status);
    return STATUS_FAILED;
  }
  serve();
  revoke_all();
  CoUninitialize();
  return STATUS_GOOD;
}
