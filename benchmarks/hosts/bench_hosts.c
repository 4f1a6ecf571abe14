/* Calls to objects of another host, against raw TCP with packets of the same sizes, taken in turns on one processor: medians of
 * ratios with p10 and p90 for each level of protection; what many objects of one client cost, and many clients.
 *   bench_hosts [--clients N] [--objects N] [--level NAME]
 * The other host is a COM service of its own on the loopback. Each chapter has a process of its own, so that nothing of one is left
 * for the next. */
#include <initguid.h>

#include <fcntl.h>
#include <ole2.h>
#include <oleander.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "bench_folder.h"
#include "crowd.h"
#include "measured.h"
#include "other_host.h"
#include "ratio.h"
#include "raw_peer.h"

enum { MEGABYTE = 1 << 20, PERIODS = 4, PATH = 256, CLIENT_LIMIT = 64 * 1024 };

/* What the packets of Add have at each level, for raw TCP too. */
typedef struct Level {
  const char *name;
  DWORD level;
  size_t request, reply;
  const char *hard, *aim, *long_hard;
} Level;

static const Level levels[] = {
  { "none", RPC_C_AUTHN_LEVEL_NONE, 80, 40, "1.6", "1.3", "1.6" },
  { "connect", RPC_C_AUTHN_LEVEL_CONNECT, 80, 40, "1.6", "1.3", "1.6" },
  { "packet", RPC_C_AUTHN_LEVEL_PKT, 112, 64, "-", "-", "-" },
  { "integrity", RPC_C_AUTHN_LEVEL_PKT_INTEGRITY, 112, 64, "-", "-", "-" },
  { "privacy", RPC_C_AUTHN_LEVEL_PKT_PRIVACY, 112, 64, "3.0", "2.0", "-" },
};
enum { LEVEL_COUNT = sizeof levels / sizeof levels[0] };

static uint16_t port;
static const Level *level;
static IMeasured *object;
static SAFEARRAY *bytes;
static bool failed;

static HRESULT make(IMeasured **made) {
  OLECHAR name[32] = u"127.0.0.1[";
  size_t at = 10;
  for (unsigned digit = 10000; digit; digit /= 10)
    name[at++] = (OLECHAR)(u'0' + port / digit % 10);
  name[at] = u']';
  OLECHAR user[] = u"" OTHER_HOST_USER, domain[] = u"" OTHER_HOST_DOMAIN, password[] = u"" OTHER_HOST_PASSWORD;
  COAUTHIDENTITY identity = { .User = (USHORT *)user,
                              .UserLength = sizeof user / 2 - 1,
                              .Domain = (USHORT *)domain,
                              .DomainLength = sizeof domain / 2 - 1,
                              .Password = (USHORT *)password,
                              .PasswordLength = sizeof password / 2 - 1,
                              .Flags = 2 /* of UTF-16 */ };
  COAUTHINFO security = { .dwAuthnSvc = RPC_C_AUTHN_WINNT,
                          .dwAuthnLevel = level->level,
                          .dwImpersonationLevel = RPC_C_IMP_LEVEL_IMPERSONATE,
                          .pAuthIdentityData = &identity };
  COSERVERINFO server = { .pwszName = name, .pAuthInfo = level->level > RPC_C_AUTHN_LEVEL_NONE ? &security : NULL };
  MULTI_QI wanted = { .pIID = &IID_IMeasured };
  HRESULT status = CoCreateInstanceEx(&CLSID_MeasuredObject, NULL, CLSCTX_REMOTE_SERVER, &server, 1, &wanted);
  *made = (IMeasured *)wanted.pItf;
  return status;
}

/* What is measured */

static void add(int times) {
  LONG sum = 0;
  for (int i = 0; i < times; i++)
    if (FAILED(IMeasured_Add(object, i, 2, &sum)) || sum != i + 2)
      failed = true;
}

static void copy_bytes(int times) {
  for (int i = 0; i < times; i++) {
    SAFEARRAY *same = NULL;
    if (FAILED(IMeasured_Bytes(object, bytes, &same)))
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
  raw(times, level->request, level->reply);
}

static void raw_bytes(int times) {
  raw(times, MEGABYTE, MEGABYTE);
}

static void measure_level(void) {
  char name[80];
  bytes = SafeArrayCreateVector(VT_UI1, 0, MEGABYTE);
  snprintf(name, sizeof name, "Add(long, long) at level %s", level->name);
  ratio_print(name, ratio_measure(add, raw_add), level->hard, level->aim);
  snprintf(name, sizeof name, "1 MiB there and back at level %s", level->name);
  ratio_print(name, ratio_measure(copy_bytes, raw_bytes), level->long_hard, "-");
  SafeArrayDestroy(bytes);
}

/* Many objects */

static const char *folder;

/* Calls of the other host's resolver that this process has traced. */
static int count_pings(const char *path) {
  char line[512];
  int count = 0;
  FILE *file = fopen(path, "r");
  while (file && fgets(line, sizeof line, file)) {
    if (strstr(line, "-> ") && strstr(line, " request ") && (strstr(line, "99FCFEC4") || strstr(line, "99fcfec4")))
      count++;
  }
  if (file)
    fclose(file);
  return count;
}

static void wait_seconds(DWORD seconds) {
  HANDLE none = (HANDLE)(intptr_t)open("/dev/null", O_RDONLY | O_CLOEXEC);
  DWORD index;
  int pipes[2];
  close((int)(intptr_t)none);
  if (pipe2(pipes, O_CLOEXEC))
    return;
  none = (HANDLE)(intptr_t)pipes[0];
  CoWaitForMultipleHandles(0, seconds * 1000, 1, &none, &index);
  close(pipes[0]);
  close(pipes[1]);
}

static void measure_objects(int count) {
  char path[PATH];
  IMeasured **objects = calloc((size_t)count, sizeof *objects);
  snprintf(path, sizeof path, "%s/pings", folder);
  if (!objects)
    exit(1);
  Ratio alone = ratio_measure(add, raw_add);
  for (int i = 0; i < count; i++)
    failed |= FAILED(IMeasured_Another(object, &objects[i]));
  Ratio beside = ratio_measure(add, raw_add);
  Ratio row = { beside.median / alone.median, beside.p10 / alone.median, beside.p90 / alone.median, beside.work,
                alone.work };
  char name[80];
  snprintf(name, sizeof name, "Add beside %d objects, against alone", count);
  ratio_print(name, row, "1.25", "-");
  int before = count_pings(path);
  wait_seconds(PERIODS);
  printf("%-44s %6.2f messages a period (hard 1)\n", "pings for all of them",
         (double)(count_pings(path) - before) / PERIODS);
  for (int i = 0; i < count; i++)
    IMeasured_Release(objects[i]);
  free(objects);
}

/* Many clients */

/* Each goes to one client. */
static bool write_reference(const char *path) {
  char reference[4096];
  ULONG size = 0;
  IStream *stream;
  if (FAILED(CreateStreamOnHGlobal(NULL, TRUE, &stream)) ||
      FAILED(CoMarshalInterface(stream, &IID_IMeasured, (IUnknown *)object, MSHCTX_DIFFERENTMACHINE, NULL,
                                MSHLFLAGS_NORMAL)))
    return false;
  IStream_Seek(stream, (LARGE_INTEGER){ .QuadPart = 0 }, STREAM_SEEK_SET, NULL);
  IStream_Read(stream, reference, sizeof reference, &size);
  IStream_Release(stream);
  FILE *file = fopen(path, "wb");
  return file && fwrite(reference, size, 1, file) == 1 && fclose(file) == 0;
}

static void measure_clients(int clients) {
  char path[PATH];
  LONGLONG before = 0, after = 0;
  snprintf(path, sizeof path, "%s/reference", folder);
  IMeasured_Memory(object, &before);
  int answered = crowd_come(path, write_reference);
  IMeasured_Memory(object, &after);
  double each = answered ? (double)(after - before) / answered : 0;
  printf("memory of the server, %d of %d clients        %6.0f bytes each (hard %d)\n", answered, clients, each,
         CLIENT_LIMIT);
  failed |= answered != clients || each > CLIENT_LIMIT;
  crowd_leave();
  unlink(path);
}

/* Chapters */

static int clients = 1000, objects = 10000;

/* Pings come each second, and go where they are counted. */
static void show_pings(void) {
  char path[PATH];
  snprintf(path, sizeof path, "%s/pings", folder);
  int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_APPEND, 0600);
  dup2(file, STDERR_FILENO);
  close(file);
  setenv("OLEANDER_PING_PERIOD", "1", 1);
  setenv("OLEANDER_TRACE", "rpc", 1);
}

/* In a process of its own. */
static int run_chapter(bool many) {
  char path[PATH];
  if (!raw_peer_start(true) || (many && !crowd_start(clients)))
    return 1;
  CoInitializeEx(NULL, COINIT_APARTMENTTHREADED);
  HRESULT made = make(&object);
  if (FAILED(made)) {
    printf("level %s is not measured: 0x%08X\n", level->name, (unsigned)made);
    if (many)
      crowd_leave(); /* it holds the raw peer's socket, too */
  } else if (many) {
    measure_objects(objects);
    measure_clients(clients);
  } else {
    measure_level();
  }
  if (SUCCEEDED(made))
    IMeasured_Release(object);
  CoUninitialize();
  raw_peer_stop();
  snprintf(path, sizeof path, "%s/pings", folder);
  unlink(path);
  return failed || FAILED(made);
}

static void start_chapter(const Level *at, bool many) {
  pid_t chapter = fork();
  int status = 1;
  if (chapter == 0) {
    char numbers[3][16];
    snprintf(numbers[0], sizeof numbers[0], "%u", port);
    snprintf(numbers[1], sizeof numbers[1], "%d", clients);
    snprintf(numbers[2], sizeof numbers[2], "%d", objects);
    if (many)
      show_pings();
    execl("/proc/self/exe", "bench_hosts", "--chapter", folder, "--port", numbers[0], "--clients", numbers[1],
          "--objects", numbers[2], many ? "--many" : "--level", at->name, (char *)NULL);
    _exit(127);
  }
  waitpid(chapter, &status, 0);
  failed |= status != 0;
}

static const Level *find_level(const char *name) {
  for (unsigned i = 0; name && i < LEVEL_COUNT; i++) {
    if (strcmp(name, levels[i].name) == 0)
      return &levels[i];
  }
  return NULL;
}

static int run_all(void) {
  folder = bench_folder_make();
  ratio_stay_on_one_processor();
  if (!folder || !other_host_start(folder, &port))
    return 1;
  ratio_print_head("hosts, over TCP");
  fflush(stdout);
  for (unsigned i = 0; i < LEVEL_COUNT; i++) {
    if (level && level != &levels[i])
      continue;
    failed |= !other_host_set_level(levels[i].level);
    start_chapter(&levels[i], false);
  }
  failed |= !other_host_set_level(RPC_C_AUTHN_LEVEL_NONE);
  if (!level)
    start_chapter(&levels[0], true);
  other_host_stop();
  failed |= !bench_folder_remove();
  if (failed)
    fprintf(stderr, "a call failed or gave a wrong answer, or something took more than it may\n");
  return failed;
}

int main(int argc, char **argv) {
  bool many = false;
  for (int i = 1; i + 1 < argc; i++) {
    if (!strcmp(argv[i], "--clients"))
      clients = atoi(argv[i + 1]);
    if (!strcmp(argv[i], "--objects"))
      objects = atoi(argv[i + 1]);
    if (!strcmp(argv[i], "--port"))
      port = (uint16_t)atoi(argv[i + 1]);
    if (!strcmp(argv[i], "--chapter"))
      folder = argv[i + 1];
    many |= !strcmp(argv[i], "--many");
    if (!strcmp(argv[i], "--level") || !strcmp(argv[i], "--many"))
      level = find_level(argv[i + 1]);
  }
  return folder ? run_chapter(many) : run_all();
}
