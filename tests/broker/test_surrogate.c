/* In-process classes in processes of their own. */
#include <errno.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include <ole2.h>
#include <oleander.h>
#include <oleauto.h>

#include "activation/local/surrogate_limits.h"
#include "com/com_api.h"
#include "remote/remote_api.h"
#include "support/scratch.h"

static const CLSID CLSID_Thing = { 0x6F1E0001, 0x1111, 0x2222, { 1, 2, 3, 4, 5, 6, 7, 8 } };
#define CLSID_TEXT "{6F1E0001-1111-2222-0102-030405060708}"
#define MODULE     TEST_BINARY_DIR "/tests/modules/good.so"

static pid_t pid_of(IPersist *thing) {
  RemotePlace place;
  remote_place((IUnknown *)thing, &place);
  assert_true(place.proxy && place.process);
  return place.pid;
}

static void assert_answers(IPersist *thing) {
  CLSID clsid;
  assert_int_equal(IPersist_GetClassID(thing, &clsid), S_OK);
  assert_true(IsEqualGUID(&clsid, &CLSID_Thing));
}

static void wait_for_end(pid_t pid) {
  for (int tries = 0; tries < 5000 && kill(pid, 0) == 0; tries++)
    apartment_wait(NULL, NULL, apartment_after(0.002));
  assert_int_not_equal(kill(pid, 0), 0);
}

static int set_up(void **state) {
  (void)state;
  scratch_make();
  scratch_write("classes/test.reg", "Windows Registry Editor Version 5.00\n\n"
                                    "[HKEY_CLASSES_ROOT\\CLSID\\" CLSID_TEXT "]\n\"AppID\"=\"" CLSID_TEXT "\"\n"
                                    "[HKEY_CLASSES_ROOT\\CLSID\\" CLSID_TEXT "\\InprocServer32]\n@=\"" MODULE "\"\n"
                                    "\"ThreadingModel\"=\"Both\"\n"
                                    "[HKEY_CLASSES_ROOT\\AppID\\" CLSID_TEXT "]\n\"DllSurrogate\"=\"\"\n");
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

static void an_application_has_a_surrogate(void **state) {
  IPersist *thing, *second;
  (void)state;
  assert_int_equal(CoCreateInstance(&CLSID_Thing, NULL, CLSCTX_LOCAL_SERVER, &IID_IPersist, (void **)&thing), S_OK);
  assert_int_equal(CoCreateInstance(&CLSID_Thing, NULL, CLSCTX_LOCAL_SERVER, &IID_IPersist, (void **)&second), S_OK);
  pid_t pid = pid_of(thing);
  assert_int_equal(pid_of(second), pid);
  assert_answers(thing);
  IPersist_Release(second);
  assert_answers(thing);
  IPersist_Release(thing);
  wait_for_end(pid);
  assert_int_equal(CoCreateInstance(&CLSID_Thing, NULL, CLSCTX_LOCAL_SERVER, &IID_IPersist, (void **)&thing), S_OK);
  assert_int_not_equal(pid_of(thing), pid);
  IPersist_Release(thing);
  assert_int_equal(CoCreateInstance(&CLSID_Thing, NULL, CLSCTX_SERVER, &IID_IPersist, (void **)&thing), S_OK);
  RemotePlace place;
  remote_place((IUnknown *)thing, &place);
  assert_false(place.process); /* who does not ask for it has it in the process */
  IPersist_Release(thing);
}

static CLSID class_number(unsigned number) {
  CLSID clsid = CLSID_Thing;
  clsid.Data1 = 0x6F1E0000 + number;
  return clsid;
}

/* Classes 1 to 4 of one application, of which the module has three. */
static void register_application(const char *surrogate) {
  char text[4096] = "Windows Registry Editor Version 5.00\n\n";
  for (unsigned i = 1; i <= 4; i++)
    snprintf(text + strlen(text), sizeof text - strlen(text),
             "[HKEY_CLASSES_ROOT\\CLSID\\{6F1E%04X-1111-2222-0102-030405060708}]\n\"AppID\"=\"" CLSID_TEXT "\"\n"
             "[HKEY_CLASSES_ROOT\\CLSID\\{6F1E%04X-1111-2222-0102-030405060708}\\InprocServer32]\n@=\"" MODULE "\"\n"
             "\"ThreadingModel\"=\"%s\"\n",
             i, i, i == 2 ? "Apartment" : "Both");
  snprintf(text + strlen(text), sizeof text - strlen(text),
           "[HKEY_CLASSES_ROOT\\AppID\\" CLSID_TEXT "]\n\"DllSurrogate\"=\"%s\"\n", surrogate);
  scratch_write("classes/test.reg", text);
}

static HRESULT get_class(unsigned number, IClassFactory **factory) {
  CLSID clsid = class_number(number);
  return CoGetClassObject(&clsid, CLSCTX_LOCAL_SERVER, NULL, &IID_IClassFactory, (void **)factory);
}

static void use_application(const char *surrogate) {
  IClassFactory *classes[4];
  IPersist *thing;
  register_application(surrogate);
  for (unsigned i = 0; i < 3; i++) {
    assert_int_equal(get_class(i + 1, &classes[i]), S_OK);
    assert_int_equal(pid_of((IPersist *)classes[i]), pid_of((IPersist *)classes[0]));
  }
  assert_int_equal(get_class(4, &classes[3]), CLASS_E_CLASSNOTAVAILABLE);
  assert_int_equal(IClassFactory_CreateInstance(classes[0], NULL, &IID_IPersist, (void **)&thing), S_OK);
  assert_answers(thing);
  assert_int_equal(IClassFactory_CreateInstance(classes[1], NULL, &IID_IPersist, (void **)&classes[3]),
                   CO_E_ERRORINAPP);
  pid_t pid = pid_of(thing);
  IPersist_Release(thing);
  for (unsigned i = 0; i < 3; i++)
    IClassFactory_Release(classes[i]);
  wait_for_end(pid);
}

static void a_surrogate_has_all_classes_of_its_application(void **state) {
  (void)state;
  use_application("");
}

static void so_has_a_surrogate_of_the_application_itself(void **state) {
  char self[1024];
  (void)state;
  ssize_t size = readlink("/proc/self/exe", self, sizeof self - 1);
  self[size] = 0;
  use_application(self);
}

/* A surrogate: the test, run with a CLSID. */

typedef struct Forwarder {
  IClassFactory factory;
  CLSID clsid;
} Forwarder;

static bool freed;

static HRESULT STDMETHODCALLTYPE Forwarder_QueryInterface(IClassFactory *self, REFIID iid, void **result) {
  *result = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_IClassFactory) ? self : NULL;
  return *result ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Forwarder_Count(IClassFactory *self) {
  (void)self;
  return 2;
}

static HRESULT STDMETHODCALLTYPE Forwarder_CreateInstance(IClassFactory *self, IUnknown *outer, REFIID iid,
                                                          void **result) {
  return CoCreateInstance(&((Forwarder *)(void *)self)->clsid, outer, CLSCTX_INPROC_SERVER, iid, result);
}

static HRESULT STDMETHODCALLTYPE Forwarder_LockServer(IClassFactory *self, BOOL lock) {
  (void)self;
  (void)lock;
  return S_OK;
}

static const IClassFactoryVtbl forwarder_vtable = { Forwarder_QueryInterface, Forwarder_Count, Forwarder_Count,
                                                    Forwarder_CreateInstance, Forwarder_LockServer };

static HRESULT STDMETHODCALLTYPE Surrogate_QueryInterface(ISurrogate *self, REFIID iid, void **result) {
  *result = IsEqualIID(iid, &IID_IUnknown) || IsEqualIID(iid, &IID_ISurrogate) ? self : NULL;
  return *result ? S_OK : E_NOINTERFACE;
}

static ULONG STDMETHODCALLTYPE Surrogate_Count(ISurrogate *self) {
  (void)self;
  return 2;
}

static HRESULT STDMETHODCALLTYPE Surrogate_LoadDllServer(ISurrogate *self, REFCLSID clsid) {
  static Forwarder forwarders[4];
  static unsigned count;
  DWORD cookie;
  IUnknown *object;
  (void)self;
  HRESULT status = CoGetClassObject(clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IUnknown, (void **)&object);
  if (FAILED(status))
    return status;
  IUnknown_Release(object);
  Forwarder *made = &forwarders[count++];
  *made = (Forwarder){ { (IClassFactoryVtbl *)(uintptr_t)&forwarder_vtable }, *clsid };
  return CoRegisterClassObject(clsid, (IUnknown *)&made->factory, CLSCTX_LOCAL_SERVER, REGCLS_SURROGATE, &cookie);
}

static HRESULT STDMETHODCALLTYPE Surrogate_FreeSurrogate(ISurrogate *self) {
  (void)self;
  freed = true;
  return S_OK;
}

static bool is_freed(void *unused) {
  (void)unused;
  return freed;
}

static int be_surrogate(void) {
  static const ISurrogateVtbl vtable = { Surrogate_QueryInterface, Surrogate_Count, Surrogate_Count,
                                         Surrogate_LoadDllServer, Surrogate_FreeSurrogate };
  ISurrogate surrogate = { (ISurrogateVtbl *)(uintptr_t)&vtable };
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  if (FAILED(CoRegisterSurrogate(&surrogate)))
    return 1;
  apartment_wait(is_freed, NULL, apartment_after(60));
  CoUninitialize();
  return 0;
}

/* AddressSanitizer takes the address space for itself. */
#ifdef __SANITIZE_ADDRESS__
#define MEMORY_LIMIT 0
#else
#define MEMORY_LIMIT (2ull << 30)
#endif

static void an_isolated_object_has_a_process(void **state) {
  OleanderIsolation limits = { .memory = MEMORY_LIMIT, .processor_seconds = 10, .no_network = TRUE };
  OleanderIsolation unregistered = { .module = MODULE };
  IPersist *things[3];
  (void)state;
  assert_int_equal(oleander_create_isolated(&CLSID_Thing, NULL, &IID_IPersist, (void **)&things[0]), S_OK);
  assert_int_equal(oleander_create_isolated(&CLSID_Thing, &limits, &IID_IPersist, (void **)&things[1]), S_OK);
  assert_int_equal(oleander_create_isolated(&CLSID_Thing, &unregistered, &IID_IPersist, (void **)&things[2]), S_OK);
  for (int i = 0; i < 3; i++) {
    assert_answers(things[i]);
    assert_int_not_equal(pid_of(things[i]), pid_of(things[(i + 1) % 3]));
  }
  pid_t dead = pid_of(things[0]), pid = pid_of(things[1]);
  CLSID clsid;
  kill(dead, SIGSEGV);
  HRESULT status = S_OK;
  int64_t limit = apartment_after(30);
  while (status == S_OK &&
         apartment_clock() < limit) /* it may answer until the signal has ended it, a sanitizer's report included */
    status = IPersist_GetClassID(things[0], &clsid);
  assert_true(status == RPC_E_SERVER_DIED || status == RPC_E_SERVER_DIED_DNE);
  assert_answers(things[1]);
  for (int i = 0; i < 3; i++)
    IPersist_Release(things[i]);
  wait_for_end(pid);
}

static void what_cannot_begin_says_why(void **state) {
  OleanderIsolation little = { .memory = 1 << 20 }, missing = { .module = "/no/such/module.so" };
  IPersist *thing;
  (void)state;
  assert_true(FAILED(oleander_create_isolated(&CLSID_Thing, &little, &IID_IPersist, (void **)&thing)));
  assert_null(thing);
  assert_int_equal(oleander_create_isolated(&CLSID_Thing, &missing, &IID_IPersist, (void **)&thing), CO_E_DLLNOTFOUND);
}

/* In a child: how it ends. */
static int status_of(void (*body)(void)) {
  int status;
  pid_t child = fork();
  if (child == 0) {
    body();
    _exit(0);
  }
  waitpid(child, &status, 0);
  return WIFSIGNALED(status) ? -WTERMSIG(status) : WEXITSTATUS(status);
}

static void use_network(void) {
  int ends[2];
  if (limit_network() != 0)
    _exit(1);
  if (socket(AF_INET, SOCK_STREAM, 0) >= 0 || errno != EACCES || socket(AF_INET6, SOCK_DGRAM, 0) >= 0)
    _exit(2);
  if (socketpair(AF_UNIX, SOCK_STREAM, 0, ends) != 0 || socket(AF_UNIX, SOCK_STREAM, 0) < 0)
    _exit(3);
}

static void use_processor(void) {
  if (limit_processor(1) != 0)
    _exit(1);
  for (volatile unsigned i = 0;; i++)
    ;
}

static void use_memory(void) {
  if (limit_memory((uint64_t)1 << 30) != 0)
    _exit(1);
  _exit(malloc((size_t)2 << 30) ? 2 : 7);
}

static void limits_hold(void **state) {
  (void)state;
  assert_int_equal(status_of(use_network), 0);
  int ended = status_of(use_processor);
  assert_true(ended == -SIGXCPU || ended == -SIGKILL);
#ifndef __SANITIZE_ADDRESS__
  assert_int_equal(status_of(use_memory), 7);
#else
  (void)use_memory;
#endif
}

int main(int argc, char **argv) {
  if (argc > 1 && *argv[1] == '{')
    return be_surrogate();
  static const struct CMUnitTest tests[] = {
    cmocka_unit_test_setup_teardown(an_application_has_a_surrogate, set_up, tear_down),
    cmocka_unit_test_setup_teardown(a_surrogate_has_all_classes_of_its_application, set_up, tear_down),
    cmocka_unit_test_setup_teardown(so_has_a_surrogate_of_the_application_itself, set_up, tear_down),
    cmocka_unit_test_setup_teardown(an_isolated_object_has_a_process, set_up, tear_down),
    cmocka_unit_test_setup_teardown(what_cannot_begin_says_why, set_up, tear_down),
    cmocka_unit_test(limits_hold),
  };
  return cmocka_run_group_tests(tests, NULL, NULL);
}
