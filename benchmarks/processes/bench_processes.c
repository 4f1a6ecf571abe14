/* Calls to objects of other processes and other apartments against a raw unix socket, taken in turns on one processor:
 * medians of ratios with p10 and p90. What many clients and many objects cost is measured the same way, with the raw socket
 * as the measure before and after.
 *   bench_processes [--clients N] [--objects N]
 * Its sockets and its COM service are its own, in a new folder. */
#include <initguid.h>

#include <fcntl.h>
#include <ole2.h>
#include <oleander.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "activation.h"
#include "bench_folder.h"
#include "crowd.h"
#include "measured.h"
#include "ratio.h"
#include "raw_peer.h"

enum {
  CALL_REQUEST = 112,
  CALL_REPLY = 64, /* what the packets of Add have, for the raw socket too */
  TEXT_REQUEST = 160,
  TEXT_REPLY = 128,
  MEGABYTE = 1 << 20,
};

typedef struct Server {
  IMeasured *object;
  BSTR text;
  SAFEARRAY *bytes;
} Server;

static Server local;         /* in a process of its own */
static IMeasured *neighbour; /* in another apartment of this process */
static bool failed;

static void check(HRESULT status, const char *what) {
  if (FAILED(status)) {
    fprintf(stderr, "%s: 0x%08X\n", what, (unsigned)status);
    exit(1);
  }
}

/* What is measured */

static void add(int times, IMeasured *object) {
  LONG sum = 0;
  for (int i = 0; i < times; i++)
    if (FAILED(IMeasured_Add(object, i, 2, &sum)) || sum != i + 2)
      failed = true;
}

static void local_add(int times) {
  add(times, local.object);
}

static void neighbour_add(int times) {
  add(times, neighbour);
}

static void local_echo(int times) {
  for (int i = 0; i < times; i++) {
    BSTR same = NULL;
    if (FAILED(IMeasured_Echo(local.object, local.text, &same)))
      failed = true;
    SysFreeString(same);
  }
}

static void local_bytes(int times) {
  for (int i = 0; i < times; i++) {
    SAFEARRAY *same = NULL;
    if (FAILED(IMeasured_Bytes(local.object, local.bytes, &same)))
      failed = true;
    SafeArrayDestroy(same);
  }
}

static void raw(int times, size_t request, size_t reply) {
  for (int i = 0; i < times; i++)
    if (!raw_peer_exchange(request, reply))
      failed = true;
}

static void raw_add(int times) {
  raw(times, CALL_REQUEST, CALL_REPLY);
}

static void raw_echo(int times) {
  raw(times, TEXT_REQUEST, TEXT_REPLY);
}

static void raw_bytes(int times) {
  raw(times, MEGABYTE, MEGABYTE);
}

/* Where it is measured */

static void make_server(void) {
  OleanderIsolation isolation = { .module = MEASURED_MODULE };
  check(oleander_create_isolated(&CLSID_MeasuredObject, &isolation, &IID_IMeasured, (void **)&local.object),
        "the server");
  local.text = SysAllocString(u"sixteen letters.");
  local.bytes = SafeArrayCreateVector(VT_UI1, 0, MEGABYTE);
}

static IStream *handed_over;
static int ready[2], leave[2];

/* Another apartment, whose thread serves until it is told to leave. */
static void *live_next_door(void *unused) {
  IMeasured *object;
  HANDLE leaving = (HANDLE)(intptr_t)leave[0];
  DWORD index;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  check(oleander_create_from_module(MEASURED_MODULE, &CLSID_MeasuredObject, NULL, &IID_IMeasured, (void **)&object),
        "the object next door");
  check(CreateStreamOnHGlobal(NULL, TRUE, &handed_over), "a stream");
  check(CoMarshalInterface(handed_over, &IID_IMeasured, (IUnknown *)object, MSHCTX_INPROC, NULL, MSHLFLAGS_NORMAL),
        "the reference to the object next door");
  IMeasured_Release(object);
  if (write(ready[1], "", 1) == 1)
    CoWaitForMultipleHandles(0, INFINITE, 1, &leaving, &index);
  CoUninitialize();
  return unused;
}

static pthread_t make_neighbour(void) {
  pthread_t thread;
  char told;
  if (pipe2(ready, O_CLOEXEC) || pipe2(leave, O_CLOEXEC) || pthread_create(&thread, NULL, live_next_door, NULL) ||
      read(ready[0], &told, 1) != 1)
    exit(1);
  IStream_Seek(handed_over, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL);
  check(CoUnmarshalInterface(handed_over, &IID_IMeasured, (void **)&neighbour), "the object next door");
  IStream_Release(handed_over);
  return thread;
}

/* Company */

static void measure_clients(const char *folder, int clients, Ratio alone) {
  char path[256], bytes[4096];
  ULONG size = 0;
  IStream *stream;
  snprintf(path, sizeof path, "%s/reference", folder);
  check(CreateStreamOnHGlobal(NULL, TRUE, &stream), "a stream");
  check(CoMarshalInterface(stream, &IID_IMeasured, (IUnknown *)local.object, MSHCTX_LOCAL, NULL, MSHLFLAGS_TABLESTRONG),
        "a reference for many");
  IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL);
  check(IStream_Read(stream, bytes, sizeof bytes, &size), "its bytes");
  FILE *file = fopen(path, "wb");
  if (!file || fwrite(bytes, size, 1, file) != 1 || fclose(file))
    exit(1);
  int answered = crowd_come(path, NULL);
  Ratio beside = ratio_measure(local_add, raw_add);
  Ratio row = { beside.median / alone.median, beside.p10 / alone.median, beside.p90 / alone.median, beside.work,
                alone.work };
  char name[80];
  snprintf(name, sizeof name, "Add beside %d of %d clients, against alone", answered, clients);
  ratio_print(name, row, "1.5", "-");
  crowd_leave();
  IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL);
  CoReleaseMarshalData(stream);
  IStream_Release(stream);
  unlink(path);
}

static double resident(void) {
  long total = 0, pages = 0;
  FILE *file = fopen("/proc/self/statm", "r");
  if (!file || fscanf(file, "%ld %ld", &total, &pages) != 2)
    pages = 0;
  if (file)
    fclose(file);
  return (double)pages * (double)sysconf(_SC_PAGESIZE);
}

static void measure_objects(int count, Ratio alone) {
  IMeasured **objects = calloc((size_t)count, sizeof *objects);
  LONGLONG before = 0, after = 0;
  if (!objects)
    exit(1);
  IMeasured_Memory(local.object, &before);
  double own = resident();
  for (int i = 0; i < count; i++)
    check(IMeasured_Another(local.object, &objects[i]), "an object");
  own = resident() - own;
  IMeasured_Memory(local.object, &after);
  Ratio beside = ratio_measure(local_add, raw_add);
  Ratio row = { beside.median / alone.median, beside.p10 / alone.median, beside.p90 / alone.median, beside.work,
                alone.work };
  char name[80];
  snprintf(name, sizeof name, "Add beside %d objects, against alone", count);
  ratio_print(name, row, "1.25", "-");
  printf("%-44s %6.0f bytes (hard 2048, aim 1024)\n", "an exported object and its object",
         (double)(after - before) / count);
  printf("%-44s %6.0f bytes (hard 2048, aim 1024)\n", "a proxy", own / count);
  for (int i = 0; i < count; i++)
    IMeasured_Release(objects[i]);
  free(objects);
}

static void measure_activation(void) {
  enum { STARTS = 15 };
  double works[STARTS], bases[STARTS];
  activation_first(); /* the service is there from here on */
  for (int i = 0; i < STARTS; i++) {
    works[i] = activation_first();
    bases[i] = activation_of_program_alone();
    failed |= works[i] < 0 || bases[i] < 0;
  }
  ratio_print("first object of a server, against its program", ratio_of(works, bases, STARTS), "3.0", "-");
  failed |= !activation_keep(true);
  ratio_print("a further object, against a raw socket", ratio_measure(activation_later, raw_add), "-", "-");
  activation_keep(false);
}

int main(int argc, char **argv) {
  int clients = 1000, objects = 100000;
  for (int i = 1; i + 1 < argc; i++) {
    if (!strcmp(argv[i], "--clients"))
      clients = atoi(argv[i + 1]);
    if (!strcmp(argv[i], "--objects"))
      objects = atoi(argv[i + 1]);
  }
  const char *folder = bench_folder_make();
  if (!folder)
    return 1;
  ratio_stay_on_one_processor();
  if (!activation_register(folder) || !raw_peer_start(false) || !crowd_start(clients))
    return 1;
  check(CoInitializeEx(NULL, COINIT_APARTMENTTHREADED), "the apartment");
  make_server();
  pthread_t thread = make_neighbour();

  ratio_print_head("processes");
  Ratio alone = ratio_measure(local_add, raw_add);
  ratio_print("Add(long, long), against a raw socket", alone, "2.0", "1.5");
  ratio_print("Echo(16 characters), against a raw socket", ratio_measure(local_echo, raw_echo), "2.0", "1.5");
  ratio_print("1 MiB there and back, against a raw socket", ratio_measure(local_bytes, raw_bytes), "1.6", "1.2");
  ratio_print("Add in another apartment, against a process", ratio_measure(neighbour_add, local_add), "0.8", "-");
  measure_activation();
  measure_clients(folder, clients, alone);
  measure_objects(objects, alone);

  IMeasured_Release(neighbour);
  IMeasured_Release(local.object);
  SysFreeString(local.text);
  SafeArrayDestroy(local.bytes);
  close(leave[1]);
  pthread_join(thread, NULL);
  CoUninitialize();
  raw_peer_stop();
  activation_unregister(folder);
  failed |= !bench_folder_remove();
  if (failed)
    fprintf(stderr, "a call failed or gave a wrong answer, or a server did not leave\n");
  return failed;
}
