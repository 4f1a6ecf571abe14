/* Local servers: classes and running objects of other processes. The test is its own server, when it is run with "serve". */
#include <dirent.h>
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>
#include <oleander.h>

#pragma GCC diagnostic ignored "-Wunused-function" /* of threads there are none here */
#include "remote/calculator.h"
#include "remote/rpc/rpc_api.h"
#include "support/scratch.h"

static const CLSID CLSID_Calculator = { 0xca1c, 1, 2, { 3, 4, 5, 6, 7, 8, 9, 10 } };
#define CLSID_TEXT "{0000CA1C-0001-0002-0304-05060708090A}"

/* The server */

static HRESULT STDMETHODCALLTYPE Factory_QueryInterface(IClassFactory *self, REFIID iid, void **result) {
  *result = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IClassFactory) ? self : NULL;
  return *result ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Factory_AddRef(IClassFactory *self) {
  (void)self;
  return 2;
}

static ULONG STDMETHODCALLTYPE Factory_Release(IClassFactory *self) {
  (void)self;
  return 1;
}

static HRESULT STDMETHODCALLTYPE Factory_CreateInstance(IClassFactory *self, IUnknown *outer, REFIID iid,
                                                        void **result) {
  (void)self;
  *result = NULL;
  if (outer)
    return CLASS_E_NOAGGREGATION;
  Calculator *made = calculator_create();
  if (!made)
    return E_OUTOFMEMORY;
  HRESULT status = IUnknown_QueryInterface((IUnknown *)&made->calculator, iid, result);
  IUnknown_Release((IUnknown *)&made->calculator);
  return status;
}

static HRESULT STDMETHODCALLTYPE Factory_LockServer(IClassFactory *self, BOOL lock) {
  (void)self;
  (void)lock;
  return S_OK;
}

static const IClassFactoryVtbl factory_vtable = { Factory_QueryInterface, Factory_AddRef, Factory_Release,
                                                  Factory_CreateInstance, Factory_LockServer };
static IClassFactory factory = { (IClassFactoryVtbl *)(uintptr_t)&factory_vtable };

static bool is_used(void *unused) {
  (void)unused;
  return calculators > 0;
}

static bool is_unused(void *unused) {
  (void)unused;
  return calculators == 0;
}

/* What changes on threads of the library wakes nobody. */
static bool wait_until(bool (*done)(void *), double seconds) {
  for (int64_t end = apartment_after(seconds); !done(NULL) && apartment_clock() < end;)
    apartment_wait(done, NULL, apartment_after(0.02));
  return done(NULL);
}

/* Nobody is sent here any more before it ends; who has come meanwhile keeps it. */
static void serve_carefully(void) {
  for (;;) {
    CoAddRefServerProcess();
    wait_until(is_unused, 60);
    if (CoReleaseServerProcess() == 0 && !wait_until(is_used, 0.05))
      return;
    CoResumeClassObjects();
  }
}

static int serve(const char *mode) {
  DWORD cookie, active = 0;
  Calculator *own = NULL;
  CoInitializeEx(NULL, strstr(mode, "mta") ? COINIT_MULTITHREADED : COINIT_APARTMENTTHREADED);
  HRESULT status = CoRegisterClassObject(&CLSID_Calculator, (IUnknown *)&factory, CLSCTX_LOCAL_SERVER,
                                         strstr(mode, "single") ? REGCLS_SINGLEUSE : REGCLS_MULTIPLEUSE, &cookie);
  if (SUCCEEDED(status) && strstr(mode, "active")) {
    own = calculator_create();
    status = RegisterActiveObject((IUnknown *)&own->calculator, &CLSID_Calculator, ACTIVEOBJECT_STRONG, &active);
  }
  if (FAILED(status)) {
    fprintf(stderr, "cannot register: 0x%08X\n", (unsigned)status);
    return 1;
  }
  wait_until(is_used, 60);
  if (strstr(mode, "careful"))
    serve_carefully();
  wait_until(is_unused, 60);
  if (strstr(mode, "lingers")) { /* its end is decided, and takes its time */
    CoReleaseServerProcess();
    wait_until(is_used, 0.3);
    if (calculators)
      return 5;
  }
  CoRevokeClassObject(cookie);
  CoUninitialize();
  return 0;
}

/* Clients */

static void register_server(const char *mode) {
  char self[1024], text[2048];
  ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
  self[size] = 0;
  snprintf(text, sizeof text,
           "Windows Registry Editor Version 5.00\n\n[HKEY_CLASSES_ROOT\\CLSID\\" CLSID_TEXT "\\LocalServer32]\n"
           "@=\"\\\"%s\\\" serve %s\"\n\"LaunchTimeout\"=dword:00000014\n",
           self, mode);
  scratch_write("classes/test.reg", text);
}

static IDispatch *create(void) {
  IDispatch *calculator = NULL;
  HRESULT status = CoCreateInstance(&CLSID_Calculator, NULL, CLSCTX_LOCAL_SERVER, &IID_IDispatch, (void **)&calculator);
  if (FAILED(status))
    fail_msg("0x%08X", (unsigned)status);
  return calculator;
}

static pid_t pid_of(void *object) {
  RemotePlace place;
  remote_place(object, &place);
  assert_true(place.proxy && place.process && !place.host);
  return place.pid;
}

static void assert_answers(IDispatch *calculator) {
  UINT count = 0;
  assert_int_equal(IDispatch_GetTypeInfoCount(calculator, &count), S_OK);
  assert_int_equal(count, 1);
}

static void wait_for_end(pid_t pid) {
  for (int tries = 0; tries < 5000 && kill(pid, 0) == 0; tries++)
    apartment_wait(NULL, NULL, apartment_after(0.002));
  assert_int_not_equal(kill(pid, 0), 0);
}

static int set_up(void **state) {
  (void)state;
  scratch_make();
  scratch_write("classes/empty.reg", "Windows Registry Editor Version 5.00\n");
  setenv("OLEANDER_RUNTIME", scratch_path("run"), 1);
  setenv("OLEANDER_CLASSES", scratch_path("classes"), 1);
  setenv("OLEANDER_IDLE_TIMEOUT", "0.2", 1);
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  return 0;
}

static int tear_down(void **state) {
  (void)state;
  CoUninitialize();
  /* The service leaves soon, and its folder can go. */
  for (int tries = 0; tries < 1000 && access(scratch_path("run/broker"), F_OK) == 0; tries++)
    usleep(5000);
  scratch_remove();
  return 0;
}

static void use_server(const char *mode) {
  register_server(mode);
  IDispatch *calculator = create();
  pid_t pid = pid_of(calculator);
  assert_int_not_equal(pid, getpid());
  assert_answers(calculator);
  IDispatch *second = create();
  assert_int_equal(pid_of(second) == pid, !strstr(mode, "single"));
  assert_answers(second);
  release(second);
  assert_answers(calculator);
  release(calculator);
  wait_for_end(pid);
}

static void a_server_is_started_and_ends(void **state) {
  (void)state;
  use_server("sta");
}

static void a_server_may_be_multithreaded(void **state) {
  (void)state;
  use_server("mta");
}

static void a_single_use_server_has_one_client(void **state) {
  (void)state;
  use_server("single");
}

static const CLSID CLSID_Thing = { 0x6F1E0001, 0x1111, 0x2222, { 1, 2, 3, 4, 5, 6, 7, 8 } };

/* An object of a module, in a process of its own. */
static HRESULT create_isolated(IPersist **thing) {
  static const OleanderIsolation isolation = { .module = TEST_BINARY_DIR "/tests/modules/good.so" };
  return oleander_create_isolated(&CLSID_Thing, &isolation, &IID_IPersist, (void **)thing);
}

static void use_calculator(void) {
  IDispatch *calculator;
  UINT count;
  if (FAILED(CoCreateInstance(&CLSID_Calculator, NULL, CLSCTX_LOCAL_SERVER, &IID_IDispatch, (void **)&calculator)))
    return;
  for (int i = 0; i < 5; i++)
    IDispatch_GetTypeInfoCount(calculator, &count);
  IDispatch_Release(calculator);
}

static void use_thing(void) {
  IPersist *thing;
  CLSID clsid;
  if (FAILED(create_isolated(&thing)))
    return;
  IPersist_GetClassID(thing, &clsid);
  IPersist_Release(thing);
}

/* Makes objects, calls them and lets them go, until it is killed. */
static __attribute__((noreturn)) void loop(void) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  for (unsigned i = 0;; i++) {
    use_calculator();
    if (i % 8 == 0)
      use_thing();
  }
}

/* In a process of its own, which gives the pid of the server as exit status, shortened. It ends when nobody can write to the
 * pipe any more. */
static pid_t start_client(int hold, int writes) {
  pid_t child = fork();
  if (child)
    return child;
  close(writes);
  char self[1024], text[16];
  ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
  self[size] = 0;
  snprintf(text, sizeof text, "%d", hold);
  execl(self, self, "client", text, (char *)NULL);
  _exit(255);
}

static int be_client(int hold) {
  IDispatch *calculator = NULL;
  UINT count = 0;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  HRESULT status = CoCreateInstance(&CLSID_Calculator, NULL, CLSCTX_LOCAL_SERVER, &IID_IDispatch, (void **)&calculator);
  if (FAILED(status) || FAILED(IDispatch_GetTypeInfoCount(calculator, &count)) || count != 1) {
    fprintf(stderr, "client: 0x%08X\n", (unsigned)status);
    return 255;
  }
  int pid = pid_of(calculator) % 200;
  char nothing;
  (void)!read(hold, &nothing, 1);
  release(calculator);
  CoUninitialize();
  return pid;
}

/* Clients of the size that AddressSanitizer gives them take a small machine more time than a launch may last. */
#ifdef __SANITIZE_ADDRESS__
#define FIRST_CLIENTS 16
#else
#define FIRST_CLIENTS 100
#endif

static void a_hundred_first_clients_start_one_server(void **state) {
  enum { COUNT = FIRST_CLIENTS };
  pid_t clients[COUNT];
  int hold[2], first = -1;
  (void)state;
  register_server("mta");
  assert_int_equal(pipe(hold), 0);
  for (int i = 0; i < COUNT; i++)
    clients[i] = start_client(hold[0], hold[1]);
  IDispatch *own = create(); /* keeps the server until all have been there */
  close(hold[1]);
  for (int i = 0; i < COUNT; i++) {
    int status;
    waitpid(clients[i], &status, 0);
    assert_true(WIFEXITED(status));
    if (first < 0)
      first = WEXITSTATUS(status);
    assert_int_equal(WEXITSTATUS(status), first);
  }
  assert_int_not_equal(first, 255);
  assert_int_equal(pid_of(own) % 200, first);
  close(hold[0]);
  release(own);
}

static void the_death_of_a_server_is_an_error_and_no_more(void **state) {
  UINT count;
  (void)state;
  register_server("mta");
  IDispatch *calculator = create();
  pid_t pid = pid_of(calculator);
  kill(pid, SIGKILL);
  HRESULT status = IDispatch_GetTypeInfoCount(calculator, &count);
  assert_true(FAILED(status));
  IDispatch *next = create();
  assert_int_not_equal(pid_of(next), pid);
  assert_answers(next);
  release(calculator);
  release(next);
}

/* The class object that a client has is of no use when the server is about to leave: the client gets another one. */
static void a_client_that_comes_at_the_end_is_not_lost(void **state) {
  IClassFactory *held;
  (void)state;
  register_server("lingers");
  assert_int_equal(CoGetClassObject(&CLSID_Calculator, CLSCTX_LOCAL_SERVER, NULL, &IID_IClassFactory, (void **)&held),
                   S_OK);
  IDispatch *calculator = create(), *late;
  pid_t pid = pid_of(calculator);
  release(calculator);
  while (apartment_wait(NULL, NULL, apartment_after(0.05)))
    ;
  HRESULT status = IClassFactory_CreateInstance(held, NULL, &IID_IDispatch, (void **)&late);
  assert_true(FAILED(status));
  IDispatch *next = create();
  assert_int_not_equal(pid_of(next), pid);
  assert_answers(next);
  release(next);
  release(held);
  wait_for_end(pid);
}

/* The pid that listens on the socket of the service. */
static pid_t service_pid(void) {
  RpcChannel *channel;
  assert_int_equal(rpc_unix_connect(queue_of_thread(), "broker", NULL, &channel), S_OK);
  pid_t pid = channel->peer.pid;
  rpc_channel_release(channel);
  return pid;
}

static void the_death_of_the_service_loses_nothing(void **state) {
  (void)state;
  register_server("sta");
  IDispatch *calculator = create();
  pid_t pid = pid_of(calculator);
  for (int i = 0; i < 3; i++) {
    kill(service_pid(), SIGKILL);
    assert_answers(calculator);
    IDispatch *next = create();
    assert_int_equal(pid_of(next), pid); /* it has come again */
    assert_answers(next);
    release(next);
  }
  release(calculator);
}

/* A service that does not know that it was given away must not give it away again. */
static void a_single_use_server_stays_used(void **state) {
  (void)state;
  register_server("single");
  IDispatch *calculator = create();
  kill(service_pid(), SIGKILL);
  IDispatch *next = create();
  assert_int_not_equal(pid_of(next), pid_of(calculator));
  assert_answers(calculator);
  assert_answers(next);
  release(next);
  release(calculator);
}

static void a_command_line_may_name_variables(void **state) {
  char self[1024], text[2048] = "Windows Registry Editor Version 5.00\n\n[HKEY_CLASSES_ROOT\\CLSID\\" CLSID_TEXT
                                "\\LocalServer32]\n@=hex(2):";
  const char *command = "\"%PROGRAM_OF_TEST%\" serve sta";
  (void)state;
  ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
  self[size] = 0;
  setenv("PROGRAM_OF_TEST", self, 1);
  for (const char *at = command; *at; at++)
    snprintf(text + strlen(text), sizeof text - strlen(text), "%02x,00,", *at);
  strcat(text, "00,00\n");
  scratch_write("classes/test.reg", text);
  IDispatch *calculator = create();
  assert_answers(calculator);
  release(calculator);
}

static pid_t start_loop(void) {
  pid_t child = fork();
  if (child)
    return child;
  char self[1024];
  ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
  self[size] = 0;
  execl(self, self, "loop", (char *)NULL);
  _exit(255);
}

static void end_child(pid_t child) {
  kill(child, SIGKILL);
  waitpid(child, NULL, 0);
}

/* Processes that have ended and that nobody has asked for. */
static int zombies_of(pid_t parent) {
  char command[128];
  int count = -1;
  snprintf(command, sizeof command, "ps --no-headers -o stat --ppid %d | grep -c '^Z'", (int)parent);
  FILE *pipe = popen(command, "r");
  if (pipe && fscanf(pipe, "%d", &count) != 1)
    count = -1;
  if (pipe)
    pclose(pipe);
  return count;
}

/* Sockets of processes that are gone. */
static int stale_sockets(void) {
  int directory, count = 0;
  assert_int_equal(runtime_directory_open(&directory), S_OK);
  DIR *entries = opendir(scratch_path("run"));
  for (const struct dirent *entry; entries && (entry = readdir(entries));) {
    struct sockaddr_un address;
    socklen_t size;
    int probe = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    count += strncmp(entry->d_name, "x-", 2) == 0 &&
             SUCCEEDED(runtime_directory_address(directory, entry->d_name, &address, &size)) &&
             connect(probe, (struct sockaddr *)&address, size) != 0 && errno == ECONNREFUSED;
    close(probe);
  }
  closedir(entries);
  close(directory);
  return count;
}

static void assert_soon(int (*count)(void)) {
  int left = count();
  for (int tries = 0; tries < 200 && left; tries++) {
    apartment_wait(NULL, NULL, apartment_after(0.05));
    left = count();
  }
  assert_int_equal(left, 0);
}

static int service_zombies(void) {
  return zombies_of(service_pid());
}

typedef enum Victim { VICTIM_CLIENT, VICTIM_SERVER, VICTIM_SERVICE, VICTIM_SURROGATE, VICTIMS } Victim;

/* Somebody is killed while the others work; who has nothing to do with it sees nothing of it. */
static void kill_one(unsigned *random, pid_t clients[], int count) {
  IPersist *thing = NULL;
  CLSID clsid;
  IDispatch *calculator = create();
  pid_t pid = pid_of(calculator);
  Victim victim = (Victim)(rand_r(random) % VICTIMS);
  if (victim == VICTIM_SURROGATE)
    assert_int_equal(create_isolated(&thing), S_OK);
  usleep((useconds_t)(rand_r(random) % 20000));
  int which = rand_r(random) % count;
  switch (victim) {
  case VICTIM_CLIENT:
    end_child(clients[which]);
    clients[which] = start_loop();
    break;
  case VICTIM_SURROGATE:
    kill(pid_of((IUnknown *)thing), SIGKILL);
    assert_true(FAILED(IPersist_GetClassID(thing, &clsid)));
    IPersist_Release(thing);
    break;
  default:
    kill(victim == VICTIM_SERVER ? pid : service_pid(), SIGKILL);
  }
  if (victim != VICTIM_SERVER)
    assert_answers(calculator);
  release(calculator);
}

/* Whoever is killed, at whatever moment; OLEANDER_KILL_ROUNDS says how often, OLEANDER_KILL_SEED at which moments. */
static void the_others_go_on(void **state) {
  enum { CLIENTS = 3, ROUNDS = 12 };
  const char *rounds = getenv("OLEANDER_KILL_ROUNDS"), *seed = getenv("OLEANDER_KILL_SEED");
  unsigned random = seed ? (unsigned)strtoul(seed, NULL, 10) : (unsigned)getpid();
  pid_t clients[CLIENTS];
  (void)state;
  print_message("OLEANDER_KILL_SEED=%u\n", random);
  register_server("careful-mta");
  for (int i = 0; i < CLIENTS; i++)
    clients[i] = start_loop();
  for (int i = 0; i < (rounds ? atoi(rounds) : ROUNDS); i++)
    kill_one(&random, clients, CLIENTS);
  for (int i = 0; i < CLIENTS; i++)
    end_child(clients[i]);
  IDispatch *last = create();
  pid_t pid = pid_of(last);
  assert_answers(last);
  assert_soon(service_zombies);
  assert_soon(stale_sockets);
  release(last);
  wait_for_end(pid); /* nobody holds it any more: what the dead had is let go */
}

static void active_objects_are_found_from_outside(void **state) {
  IUnknown *object, *again;
  IDispatch *calculator, *other;
  (void)state;
  register_server("active");
  assert_int_equal(GetActiveObject(&CLSID_Calculator, NULL, &object), MK_E_UNAVAILABLE);
  calculator = create();
  assert_int_equal(GetActiveObject(&CLSID_Calculator, NULL, &object), S_OK);
  assert_int_equal(pid_of(object), pid_of(calculator));
  assert_int_equal(IUnknown_QueryInterface(object, &IID_IDispatch, (void **)&other), S_OK);
  assert_answers(other);
  assert_int_equal(GetActiveObject(&CLSID_Calculator, NULL, &again), S_OK);
  assert_ptr_equal(object, again);
  release(again);
  IRunningObjectTable *table;
  IEnumMoniker *monikers;
  IMoniker *moniker;
  assert_int_equal(GetRunningObjectTable(0, &table), S_OK);
  assert_int_equal(IRunningObjectTable_EnumRunning(table, &monikers), S_OK);
  assert_int_equal(IEnumMoniker_Next(monikers, 1, &moniker, NULL), S_OK);
  assert_int_equal(IRunningObjectTable_IsRunning(table, moniker), S_OK);
  release(moniker);
  assert_int_equal(IEnumMoniker_Next(monikers, 1, &moniker, NULL), S_FALSE);
  release(monikers);
  kill(pid_of(object), SIGKILL);
  wait_for_end(pid_of(object));
  assert_int_equal(GetActiveObject(&CLSID_Calculator, NULL, &again), MK_E_UNAVAILABLE);
  release(object);
  release(other);
  release(calculator);
}

static void a_server_that_fails_says_why(void **state) {
  static const char *const modes[][2] = { { "nonsense", "exit status 3" }, { "crash", "signal 9" } };
  (void)state;
  for (size_t i = 0; i < 2; i++) {
    IUnknown *object;
    IErrorInfo *error;
    BSTR text;
    register_server(modes[i][0]);
    assert_int_equal(CoCreateInstance(&CLSID_Calculator, NULL, CLSCTX_LOCAL_SERVER, &IID_IUnknown, (void **)&object),
                     CO_E_SERVER_EXEC_FAILURE);
    assert_int_equal(GetErrorInfo(0, &error), S_OK);
    IErrorInfo_GetDescription(error, &text);
    char *said = utf8_copy(text);
    assert_non_null(strstr(said, modes[i][1]));
    free(said);
    SysFreeString(text);
    IErrorInfo_Release(error);
  }
}

int main(int argc, char **argv) {
  if (argc == 4 && strcmp(argv[1], "serve") == 0) {
    if (strcmp(argv[2], "nonsense") == 0)
      return 3;
    if (strcmp(argv[2], "crash") == 0)
      kill(getpid(), SIGKILL);
    return serve(argv[2]);
  }
  if (argc == 2 && strcmp(argv[1], "loop") == 0)
    loop();
  if (argc == 3 && strcmp(argv[1], "client") == 0)
    return be_client(atoi(argv[2]));
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(a_server_is_started_and_ends, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_server_may_be_multithreaded, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_single_use_server_has_one_client, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_hundred_first_clients_start_one_server, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_death_of_a_server_is_an_error_and_no_more, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_client_that_comes_at_the_end_is_not_lost, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_death_of_the_service_loses_nothing, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_single_use_server_stays_used, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_command_line_may_name_variables, set_up, tear_down),
    cmocka_unit_test_setup_teardown(the_others_go_on, set_up, tear_down),
    cmocka_unit_test_setup_teardown(active_objects_are_found_from_outside, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_server_that_fails_says_why, set_up, tear_down),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
