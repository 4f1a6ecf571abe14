/* The program of a local server (OLEANDER_PROGRAM): its command line, its classes offered to all processes, its end when nobody
 * needs it any more. */
#include <oleander.h>
#include <oleander_server.h>

#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strings.h>
#include <sys/epoll.h>
#include <sys/signalfd.h>
#include <unistd.h>

#include "activation/activation_api.h"
#include "activation/servers/server_module.h"
#include "com/com_api.h"
#include "remote/remote_api.h"

enum { STATUS_GOOD, STATUS_FAILED, STATUS_USAGE };

/* Seconds between two looks whether anybody needs the program, and that it waits for the first client. */
#define LOOK         0.1
#define FIRST_CLIENT 30.0

typedef struct Program {
  OleanderModule *module;
  DWORD flags;
  const char *name;
  bool embedding, registers, unregisters, local, inproc, help;
  DWORD *cookies; /* of the class objects, in the order of the classes; 0: not registered */
  unsigned count;
  LONG own_users;    /* of the module: the class objects that are registered */
  unsigned arrivals; /* before the first client: one may come and go between two looks */
  ApartmentWatch signals;
  bool ends;
} Program;

static const char usage[] =
    "Usage: %s [OPTION]...\n"
    "\n"
    "A COM server: the COM service starts it for its clients. Started by hand it serves until it is interrupted.\n"
    "\n"
    "  --register             make its classes known: as a program of their own (LocalServer32)\n"
    "  --register --inproc    make them known as a module in the client's process (InprocServer32):\n"
    "                         %s.so beside the program; with --local both\n"
    "  --unregister           make them unknown\n"
    "  -Embedding             serve, and end when nobody needs it; also /Automation\n"
    "  --help                 this text\n";

/* Telling */

static int failed(const Program *program, const char *what, HRESULT status) {
  IErrorInfo *error = NULL;
  BSTR text = NULL;
  if (GetErrorInfo(0, &error) == S_OK) {
    IErrorInfo_GetDescription(error, &text);
    IErrorInfo_Release(error);
  }
  char *shown = text ? utf8_copy(text) : NULL;
  const char *known = oleander_hresult_text(status);
  fprintf(stderr, "%s: %s: %s (0x%08X)\n", program->name, what,
          shown   ? shown
          : known ? known
                  : "it failed",
          (unsigned)status);
  free(shown);
  SysFreeString(text);
  return STATUS_FAILED;
}

/* The command line */

static bool read_option(Program *program, const char *word) {
  const struct {
    const char *name;
    bool *said;
  } options[] = { { "--register", &program->registers },
                  { "--unregister", &program->unregisters },
                  { "--local", &program->local },
                  { "--inproc", &program->inproc },
                  { "--help", &program->help },
                  { "-Embedding", &program->embedding },
                  { "/Embedding", &program->embedding },
                  { "-Automation", &program->embedding },
                  { "/Automation", &program->embedding },
                  { "-RegServer", &program->registers },
                  { "/RegServer", &program->registers },
                  { "-UnregServer", &program->unregisters },
                  { "/UnregServer", &program->unregisters } };
  for (size_t i = 0; i < sizeof options / sizeof options[0]; i++) {
    if (strcasecmp(word, options[i].name) == 0)
      return *options[i].said = true;
  }
  return false;
}

static bool read_command_line(Program *program, int argc, char **argv) {
  const char *slash = argc > 0 ? strrchr(argv[0], '/') : NULL;
  program->name = slash ? slash + 1 : argc > 0 ? argv[0] : "server";
  for (int i = 1; i < argc; i++) {
    if (!read_option(program, argv[i]) &&
        !secure_getenv("OLEANDER_SERVICE")) { /* whose parameters are the program's own */
      fprintf(stderr, "%s: unknown option '%s'; see --help\n", program->name, argv[i]);
      return false;
    }
  }
  if (program->registers && program->unregisters)
    fprintf(stderr, "%s: --register or --unregister, not both\n", program->name);
  else if ((program->local || program->inproc) && !program->registers)
    fprintf(stderr, "%s: --local and --inproc belong to --register\n", program->name);
  else
    return true;
  return false;
}

/* Registration */

/* The module with the same classes: NAME.so beside the program, named after the component or the program. On the heap; NULL. */
static char *module_beside(const char *program, const char *component) {
  const char *slash = strrchr(program, '/'), *names[] = { component, slash + 1 };
  for (int i = 0; i < 2; i++) {
    char *path;
    if (asprintf(&path, "%.*s/%s.so", (int)(slash - program), program, names[i]) < 0)
      return NULL;
    if (access(path, R_OK) == 0)
      return path;
    free(path);
  }
  return NULL;
}

static int register_program(const Program *program) {
  char *path = server_module_path(program->module);
  ServerPlaces places = { .no_threading_model = program->flags & OLEANDER_PROGRAM_SINGLE_THREADED };
  char *module = path && program->inproc ? module_beside(path, program->module->component) : NULL;
  int status = STATUS_GOOD;
  if (!path) {
    status = failed(program, "the path of the program cannot be told", E_OUTOFMEMORY);
  } else if (program->inproc && !module) {
    fprintf(stderr, "%s: there is no module %s.so beside the program\n", program->name, program->module->component);
    status = STATUS_FAILED;
  } else {
    places.inproc = module;
    places.program = program->local || !program->inproc ? path : NULL;
    HRESULT done = server_module_register(program->module, path, &places);
    if (FAILED(done))
      status = failed(program, "the classes cannot be registered", done);
  }
  free(module);
  free(path);
  return status;
}

static int unregister_program(const Program *program) {
  HRESULT status = oleander_module_unregister(program->module);
  return FAILED(status) ? failed(program, "the classes cannot be unregistered", status) : STATUS_GOOD;
}

/* Serving */

static bool is_offered(const OleanderClass *type) {
  return type->progid && type->clsid;
}

/* Objects of classes that are for one thread live on the thread that runs the program, all others on threads of the library. */
static DWORD apartment_kind(const Program *program) {
  if (program->flags & OLEANDER_PROGRAM_SINGLE_THREADED)
    return COINIT_APARTMENTTHREADED;
  for (OleanderClass *const *type = program->module->classes; *type; type++) {
    const char *threads = (*type)->threads ? (*type)->threads : "Both";
    if (is_offered(*type) && (!*threads || strcasecmp(threads, "Apartment") == 0))
      return COINIT_APARTMENTTHREADED;
  }
  return COINIT_MULTITHREADED;
}

static HRESULT offer_class(const Program *program, OleanderClass *type, DWORD *cookie) {
  IUnknown *object;
  DWORD use = program->flags & OLEANDER_PROGRAM_SINGLE_USE ? REGCLS_SINGLEUSE : REGCLS_MULTIPLEUSE;
  HRESULT status = oleander_module_class_object(program->module, type->clsid, &IID_IUnknown, (void **)&object);
  if (FAILED(status))
    return status;
  status = CoRegisterClassObject(type->clsid, object, CLSCTX_LOCAL_SERVER, use | REGCLS_SUSPENDED, cookie);
  IUnknown_Release(object);
  return status;
}

/* All before the first client comes: it may want several. */
static HRESULT offer_classes(Program *program) {
  HRESULT status = S_OK;
  while (program->module->classes[program->count])
    program->count++;
  program->cookies = calloc(program->count + 1, sizeof *program->cookies);
  if (!program->cookies)
    return E_OUTOFMEMORY;
  for (unsigned i = 0; i < program->count && SUCCEEDED(status); i++) {
    OleanderClass *type = program->module->classes[i];
    if (!is_offered(type))
      continue;
    status = offer_class(program, type, &program->cookies[i]);
    program->own_users += SUCCEEDED(status);
  }
  program->arrivals = server_arrivals();
  return SUCCEEDED(status) ? CoResumeClassObjects() : status;
}

static void revoke_classes(const Program *program) {
  for (unsigned i = 0; program->cookies && i < program->count; i++) {
    if (program->cookies[i])
      CoRevokeClassObject(program->cookies[i]);
  }
}

/* Whether somebody has an object or a lock, or is calling. */
static bool is_needed(const Program *program) {
  return remote_has_clients() || __atomic_load_n(&program->module->users, __ATOMIC_ACQUIRE) > program->own_users;
}

static bool has_ended(void *program) {
  return ((Program *)program)->ends;
}

static bool wait_a_moment(Program *program, double seconds) {
  return apartment_wait_woken(has_ended, program, apartment_after(seconds));
}

/* The classes are suspended before the end, so that nobody is sent here any more; a client that has come meanwhile keeps the
 * program. */
static void serve_while_needed(Program *program) {
  int64_t first = apartment_after(FIRST_CLIENT);
  bool served = false;
  CoAddRefServerProcess();
  while (!wait_a_moment(program, LOOK)) {
    if (is_needed(program)) {
      served = true;
      continue;
    }
    if (!served && server_arrivals() == program->arrivals && apartment_clock() < first)
      continue;
    if (!remote_close())
      continue;
    if (CoReleaseServerProcess() == 0) {
      if (wait_a_moment(program, LOOK / 2) || !is_needed(program))
        return;
      served = true;
    }
    CoAddRefServerProcess();
    remote_open();
    CoResumeClassObjects();
  }
}

static void run_signals(ApartmentWatch *watch, uint32_t events) {
  struct signalfd_siginfo signal;
  (void)events;
  while (read(watch->descriptor, &signal, sizeof signal) == sizeof signal)
    OBJECT_CONTAINER(watch, Program, signals)->ends = true;
}

/* SIGTERM and SIGINT end it in good order. Before the process has other threads: they inherit what is blocked. */
static HRESULT watch_signals(Program *program) {
  sigset_t wanted;
  ApartmentQueue *queue = queue_of_thread();
  sigemptyset(&wanted);
  sigaddset(&wanted, SIGTERM);
  sigaddset(&wanted, SIGINT);
  sigprocmask(SIG_BLOCK, &wanted, NULL);
  program->signals = (ApartmentWatch){ .run = run_signals,
                                       .events = EPOLLIN,
                                       .descriptor = signalfd(-1, &wanted, SFD_CLOEXEC | SFD_NONBLOCK) };
  if (!queue)
    return E_OUTOFMEMORY;
  return program->signals.descriptor < 0 ? HRESULT_FROM_WIN32(ERROR_TOO_MANY_OPEN_FILES)
                                         : queue_watch(queue, &program->signals);
}

static void say_ready(const Program *program) {
  const char *before = "serving ";
  for (OleanderClass *const *type = program->module->classes; *type; type++) {
    if (!is_offered(*type))
      continue;
    printf("%s%s", before, (*type)->progid);
    before = ", ";
  }
  putchar('\n');
  fflush(stdout);
}

static bool never(void *context) {
  (void)context;
  return false;
}

static int serve(Program *program) {
  HRESULT status = offer_classes(program);
  if (FAILED(status)) {
    revoke_classes(program);
    return failed(program, "the classes cannot be offered", status);
  }
  service_notify("READY=1");
  if (!program->embedding) {
    say_ready(program);
    apartment_wait_woken(has_ended, program, APARTMENT_NEVER);
  } else if (program->flags & OLEANDER_PROGRAM_STAYS) {
    apartment_wait_woken(has_ended, program, APARTMENT_NEVER);
  } else {
    serve_while_needed(program);
  }
  service_notify("STOPPING=1");
  revoke_classes(program);
  if (program->ends) /* calls that were on their way are answered */
    apartment_wait_woken(never, NULL, apartment_after(LOOK));
  return STATUS_GOOD;
}

static int run_server(Program *program) {
  HRESULT watched = watch_signals(program);
  HRESULT status = FAILED(watched) ? watched : CoInitializeEx(NULL, apartment_kind(program));
  if (FAILED(status))
    return failed(program, "COM cannot begin", status);
  int result = serve(program);
  free(program->cookies);
  CoUninitialize();
  queue_unwatch(&program->signals);
  close(program->signals.descriptor);
  return result;
}

int oleander_program_main(int argc, char **argv, OleanderModule *module, DWORD flags) {
  Program program = { .module = module, .flags = flags };
  int status;
  if (!read_command_line(&program, argc, argv))
    return STATUS_USAGE;
  if (program.help)
    status = printf(usage, program.name, module->component) < 0;
  else if (program.registers)
    status = register_program(&program);
  else if (program.unregisters)
    status = unregister_program(&program);
  else
    status = run_server(&program);
  oleander_module_close(module);
  return status;
}
