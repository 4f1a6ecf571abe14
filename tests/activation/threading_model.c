/* Where an object lives that a module makes: by its ThreadingModel and the apartment that asks for it. And what other apartments
 * get of it: through the global interface table, agile references, streams, class objects. */
#include <pthread.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cmocka.h>

#include <objbase.h>

#include "com/apartment/apartment_api.h"
#include "support/scratch.h"

#define MODULES TEST_BINARY_DIR "/tests/modules/"
#define THREADS 8

enum { APARTMENT = 0x51, BOTH, FREE, NEUTRAL, SINGLE, NONE, FREE_MARSHALED = 0x50 };

static CLSID class_of(unsigned number) {
  return (CLSID){ 0x6F1E0000 + number, 0x1111, 0x2222, { 1, 2, 3, 4, 5, 6, 7, 8 } };
}

static int setup(void **state) {
  static const struct {
    unsigned number;
    const char *model;
  } classes[] = {
    { FREE_MARSHALED, "\"ThreadingModel\"=\"Apartment\"\n" },
    { APARTMENT, "\"ThreadingModel\"=\"apartment\"\n" },
    { BOTH, "\"ThreadingModel\"=\"Both\"\n" },
    { FREE, "\"ThreadingModel\"=\"Free\"\n" },
    { NEUTRAL, "\"ThreadingModel\"=\"Neutral\"\n" },
    { SINGLE, "\"ThreadingModel\"=\"Single\"\n" },
    { NONE, "" },
  };
  char text[4096] = "Windows Registry Editor Version 5.00\n\n";
  size_t size = strlen(text);

  *state = (void *)(uintptr_t)scratch_make();
  setenv("OLEANDER_CLASSES", scratch_path("classes"), 1);
  for (size_t i = 0; i < sizeof classes / sizeof *classes; i++)
    size += (size_t)snprintf(text + size, sizeof text - size,
                             "[HKEY_CLASSES_ROOT\\CLSID\\{6F1E%04X-1111-2222-0102-030405060708}\\InprocServer32]\n"
                             "@=\"" MODULES "home.so\"\n%s\n",
                             classes[i].number, classes[i].model);
  scratch_write("classes/test.reg", text);
  return 0;
}

static int teardown(void **state) {
  (void)state;
  scratch_remove();
  return 0;
}

/* Where a method runs, and the object as it is there. */
typedef struct Place {
  uint64_t thread, address;
} Place;

static Place place_of(IPersist *persist) {
  Place place = { 0, 0 };
  CLSID clsid;

  if (persist && SUCCEEDED(IPersist_GetClassID(persist, &clsid)))
    memcpy(&place, &clsid, sizeof place);
  return place;
}

static bool is_proxy(IPersist *persist) {
  return place_of(persist).address != (uintptr_t)persist;
}

static uint64_t this_kernel_thread(void) {
  return (uint64_t)syscall(SYS_gettid);
}

static HRESULT create(unsigned number, IPersist **result) {
  CLSID clsid = class_of(number);

  return CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IPersist, (void **)result);
}

/* An apartment of its own for a while */

typedef struct Stay {
  DWORD kind;
  void (*body)(struct Stay *stay);
  void *argument;
  const char *problem;
} Stay;

static void *stay_thread(void *context) {
  Stay *stay = context;

  CoInitializeEx(NULL, stay->kind);
  stay->body(stay);
  CoUninitialize();
  return NULL;
}

static bool is_true(void *flag) {
  return atomic_load((atomic_bool *)flag);
}

typedef struct Waited {
  Stay stay;
  void (*body)(Stay *stay);
  ApartmentQueue *queue;
  atomic_bool done;
} Waited;

static void *waited_thread(void *context) {
  Waited *waited = context;

  stay_thread(&waited->stay);
  atomic_store(&waited->done, true);
  queue_wake(waited->queue);
  return NULL;
}

/* Runs it on a thread in an apartment of the kind; the calling thread serves its own meanwhile. */
static void in_apartment(DWORD kind, void (*body)(Stay *stay), void *argument) {
  Waited waited = { .stay = { kind, body, argument, NULL }, .queue = queue_of_thread() };
  pthread_t thread;

  pthread_create(&thread, NULL, waited_thread, &waited);
  apartment_wait(is_true, &waited.done, APARTMENT_NEVER);
  pthread_join(thread, NULL);
  if (waited.stay.problem)
    fail_msg("%s", waited.stay.problem);
}

#define EXPECT(condition)                                                                                              \
  do {                                                                                                                 \
    if (!(condition))                                                                                                  \
      stay->problem = "failed: " #condition;                                                                           \
  } while (0)

/* The table */

typedef enum Home { HERE, MAIN, ELSEWHERE_STA, IN_MTA } Home;

typedef struct Row {
  unsigned number;
  Home from_main, from_sta, from_mta;
} Row;

static const Row rows[] = {
  { NONE, HERE, MAIN, MAIN }, { SINGLE, HERE, MAIN, MAIN },   { APARTMENT, HERE, HERE, ELSEWHERE_STA },
  { BOTH, HERE, HERE, HERE }, { FREE, IN_MTA, IN_MTA, HERE }, { NEUTRAL, HERE, HERE, HERE },
};

static uint64_t main_thread;

static const char *check(Home home, IPersist *persist) {
  Place place = place_of(persist);

  if (!place.thread)
    return "the object does not answer";
  if (is_proxy(persist) != (home != HERE))
    return home == HERE ? "a proxy where the object itself would do"
                        : "the object itself, which is of another apartment";
  if ((place.thread == this_kernel_thread()) != (home == HERE))
    return "methods run on the wrong thread";
  if (home == MAIN && main_thread && place.thread != main_thread)
    return "it is not in the main STA";
  if (home == ELSEWHERE_STA && place.thread == main_thread)
    return "it is in the main STA";
  return NULL;
}

static void check_class_object(Stay *stay, const Row *row, Home home) {
  CLSID clsid = class_of(row->number);
  IClassFactory *factory;
  IPersist *persist = NULL;

  EXPECT(CoGetClassObject(&clsid, CLSCTX_INPROC_SERVER, NULL, &IID_IClassFactory, (void **)&factory) == S_OK);
  if (stay->problem)
    return;
  EXPECT(IClassFactory_LockServer(factory, TRUE) == S_OK);
  EXPECT(IClassFactory_CreateInstance(factory, NULL, &IID_IPersist, (void **)&persist) == S_OK);
  if (persist && !stay->problem)
    stay->problem = check(home, persist);
  if (persist)
    IPersist_Release(persist);
  EXPECT(IClassFactory_LockServer(factory, FALSE) == S_OK);
  IClassFactory_Release(factory);
}

static void check_rows(Stay *stay) {
  size_t from = *(size_t *)stay->argument;

  for (size_t i = 0; i < sizeof rows / sizeof *rows && !stay->problem; i++) {
    Home home = (&rows[i].from_main)[from];
    CLSID clsid = class_of(rows[i].number);
    MULTI_QI several[2] = { { &IID_IPersist, NULL, S_OK }, { &IID_IStream, NULL, S_OK } };
    IPersist *persist = NULL;

    EXPECT(create(rows[i].number, &persist) == S_OK);
    if (!persist)
      return;
    stay->problem = check(home, persist);
    IPersist_Release(persist);
    check_class_object(stay, &rows[i], home);
    EXPECT(CoCreateInstanceEx(&clsid, NULL, CLSCTX_INPROC_SERVER, NULL, 2, several) == CO_S_NOTALLINTERFACES);
    EXPECT(several[0].hr == S_OK && several[1].hr == E_NOINTERFACE && !several[1].pItf);
    if (several[0].pItf) {
      stay->problem = stay->problem ? stay->problem : check(home, (IPersist *)several[0].pItf);
      IUnknown_Release(several[0].pItf);
    }
    persist = NULL;
    EXPECT(CoCreateInstance(&clsid, NULL, CLSCTX_INPROC_SERVER, &IID_IStream, (void **)&persist) == E_NOINTERFACE);
    EXPECT(!persist);
    if (home != HERE && !stay->problem) { /* outer and inner object are of one apartment */
      IUnknown *outer = (IUnknown *)&several, *inner;
      EXPECT(CoCreateInstance(&clsid, outer, CLSCTX_INPROC_SERVER, &IID_IUnknown, (void **)&inner) ==
             CLASS_E_NOAGGREGATION);
    }
  }
}

static void objects_live_where_their_class_says(void **state) {
  static size_t from_main = 0, from_sta = 1, from_mta = 2;
  Stay main = { .argument = &from_main };

  (void)state;
  CoInitialize(NULL);
  main_thread = this_kernel_thread();
  check_rows(&main);
  assert_null(main.problem);
  in_apartment(COINIT_APARTMENTTHREADED, check_rows, &from_sta);
  in_apartment(COINIT_MULTITHREADED, check_rows, &from_mta);
  CoUninitialize();
}

/* Without a main STA of the program's own the process has one. */
static void the_process_has_a_main_sta_where_the_program_has_none(void **state) {
  static size_t from_mta = 2;
  Stay stay = { .kind = COINIT_MULTITHREADED, .body = check_rows, .argument = &from_mta };
  pthread_t thread;

  (void)state;
  main_thread = 0;
  pthread_create(&thread, NULL, stay_thread, &stay);
  pthread_join(thread, NULL);
  assert_null(stay.problem);
}

/* Handing over */

typedef struct Handing {
  unsigned number;
  IGlobalInterfaceTable *table;
  DWORD cookie;
  IAgileReference *references[2];
  IStream *stream;
  uint64_t thread, address;
  bool direct; /* others get the object itself */
} Handing;

static void check_handed(Stay *stay, const Handing *handing, IPersist *persist) {
  Place place = place_of(persist);

  EXPECT(place.address == handing->address);
  EXPECT(is_proxy(persist) != handing->direct);
  EXPECT(place.thread == (handing->direct ? this_kernel_thread() : handing->thread));
  IPersist_Release(persist);
}

static void take_all(Stay *stay) {
  Handing *handing = stay->argument;
  IPersist *persist[5] = { NULL };
  IUnknown *none;

  for (int i = 0; i < 2; i++)
    EXPECT(IGlobalInterfaceTable_GetInterfaceFromGlobal(handing->table, handing->cookie, &IID_IPersist,
                                                        (void **)&persist[i]) == S_OK);
  for (int i = 0; i < 2; i++)
    EXPECT(IAgileReference_Resolve(handing->references[i], &IID_IPersist, (void **)&persist[2 + i]) == S_OK);
  EXPECT(CoGetInterfaceAndReleaseStream(handing->stream, &IID_IPersist, (void **)&persist[4]) == S_OK);
  EXPECT(IAgileReference_Resolve(handing->references[0], &IID_IStream, (void **)&none) == E_NOINTERFACE);
  for (int i = 0; i < 5 && persist[i]; i++)
    check_handed(stay, handing, persist[i]);
}

static void what_is_handed_over_suits_the_apartment(void **state) {
  static const struct {
    unsigned number;
    bool direct;
  } cases[] = { { APARTMENT, false }, { BOTH, false }, { FREE_MARSHALED, true } };

  (void)state;
  for (size_t i = 0; i < 2 * sizeof cases / sizeof *cases; i++) {
    DWORD kind = i % 2 ? COINIT_MULTITHREADED : COINIT_APARTMENTTHREADED;
    Handing handing = { .number = cases[i / 2].number, .direct = cases[i / 2].direct, .thread = this_kernel_thread() };
    IPersist *persist, *again;

    CoInitialize(NULL);
    assert_int_equal(CoCreateInstance(&CLSID_StdGlobalInterfaceTable, NULL, CLSCTX_INPROC_SERVER,
                                      &IID_IGlobalInterfaceTable, (void **)&handing.table),
                     S_OK);
    assert_int_equal(create(handing.number, &persist), S_OK);
    handing.address = (uintptr_t)persist;
    assert_int_equal(IGlobalInterfaceTable_RegisterInterfaceInGlobal(handing.table, (IUnknown *)persist, &IID_IPersist,
                                                                     &handing.cookie),
                     S_OK);
    for (int delayed = 0; delayed < 2; delayed++)
      assert_int_equal(RoGetAgileReference(delayed ? AGILEREFERENCE_DELAYEDMARSHAL : AGILEREFERENCE_DEFAULT,
                                           &IID_IPersist, (IUnknown *)persist, &handing.references[delayed]),
                       S_OK);
    assert_int_equal(CoMarshalInterThreadInterfaceInStream(&IID_IPersist, (IUnknown *)persist, &handing.stream), S_OK);
    in_apartment(kind, take_all, &handing);
    /* At home it is the object itself. */
    assert_int_equal(
        IGlobalInterfaceTable_GetInterfaceFromGlobal(handing.table, handing.cookie, &IID_IPersist, (void **)&again),
        S_OK);
    assert_ptr_equal(again, persist);
    IPersist_Release(again);
    assert_int_equal(IAgileReference_Resolve(handing.references[1], &IID_IPersist, (void **)&again), S_OK);
    assert_ptr_equal(again, persist);
    IPersist_Release(again);
    for (int delayed = 0; delayed < 2; delayed++)
      IAgileReference_Release(handing.references[delayed]);
    assert_int_equal(IGlobalInterfaceTable_RevokeInterfaceFromGlobal(handing.table, handing.cookie), S_OK);
    IGlobalInterfaceTable_Release(handing.table);
    while (apartment_wait(NULL, NULL, apartment_after(0.01)))
      ; /* the last references of the others arrive */
    assert_int_equal(IPersist_Release(persist), 0);
    CoUninitialize();
  }
}

/* Eight threads of the MTA create and use objects of one host STA at the same time. */
static void use_many(Stay *stay) {
  for (int i = 0; i < 50 && !stay->problem; i++) {
    IPersist *persist = NULL;

    EXPECT(create(i % 2 ? APARTMENT : NONE, &persist) == S_OK);
    if (!persist)
      return;
    EXPECT(is_proxy(persist));
    for (int call = 0; call < 10; call++)
      EXPECT(place_of(persist).thread != this_kernel_thread());
    IPersist_Release(persist);
  }
}

static void many_threads_use_one_host(void **state) {
  pthread_t threads[THREADS];
  Stay stays[THREADS];

  (void)state;
  for (int i = 0; i < THREADS; i++) {
    stays[i] = (Stay){ COINIT_MULTITHREADED, use_many, NULL, NULL };
    pthread_create(&threads[i], NULL, stay_thread, &stays[i]);
  }
  for (int i = 0; i < THREADS; i++) {
    pthread_join(threads[i], NULL);
    assert_null(stays[i].problem);
  }
}

int main(void) {
  const struct CMUnitTest tests[] = {
    cmocka_unit_test(objects_live_where_their_class_says),
    cmocka_unit_test(the_process_has_a_main_sta_where_the_program_has_none),
    cmocka_unit_test(what_is_handed_over_suits_the_apartment),
    cmocka_unit_test(many_threads_use_one_host),
  };
  return cmocka_run_group_tests(tests, setup, teardown);
}
