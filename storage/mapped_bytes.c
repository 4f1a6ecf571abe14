/* Mapped files. Any process may cut a file that is mapped, and who reads behind the new end gets SIGBUS. What is mapped here
 * is in a table, and such a place becomes zeros, as bytes behind the end of a file are everywhere in this folder; any other
 * SIGBUS goes to whom it went before. */
#include "storage/mapped_bytes.h"

#include <pthread.h>
#include <signal.h>
#include <stdatomic.h>
#include <sys/mman.h>
#include <unistd.h>

#define GUARDED_MOST 64u

/* A slot is in use while `start` is not 0. It is read in a signal handler, by the thread that uses the mapping. */
typedef struct Guarded {
  _Atomic uintptr_t start;
  _Atomic size_t size;
  _Atomic bool cut;
} Guarded;

static Guarded guarded[GUARDED_MOST];
static pthread_mutex_t guard_lock = PTHREAD_MUTEX_INITIALIZER;
static struct sigaction before;

/* The handler there was, or the end of the process: the instruction runs again. */
static void pass_on(int signal, siginfo_t *info, void *context) {
  if (before.sa_flags & SA_SIGINFO && before.sa_sigaction)
    before.sa_sigaction(signal, info, context);
  else if (!(before.sa_flags & SA_SIGINFO) && before.sa_handler != SIG_DFL && before.sa_handler != SIG_IGN)
    before.sa_handler(signal);
  else
    sigaction(signal, &(struct sigaction){ .sa_handler = SIG_DFL }, NULL);
}

static void bus_error(int signal, siginfo_t *info, void *context) {
  uintptr_t at = (uintptr_t)info->si_addr;
  uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);

  for (unsigned i = 0; i < GUARDED_MOST && info->si_code == BUS_ADRERR; i++) {
    uintptr_t start = guarded[i].start;

    if (!start || at < start || at - start >= guarded[i].size)
      continue;
    if (mmap((void *)(at / page * page), page, PROT_READ, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) == MAP_FAILED)
      break;
    guarded[i].cut = true;
    return;
  }
  pass_on(signal, info, context);
}

/* Others may have set a handler since, so it is looked at each time. The lock is held. */
static bool guard_signal(void) {
  struct sigaction now;
  struct sigaction ours = { .sa_sigaction = bus_error, .sa_flags = SA_SIGINFO | SA_ONSTACK | SA_NODEFER };

  if (sigaction(SIGBUS, NULL, &now))
    return false;
  if (now.sa_flags & SA_SIGINFO && now.sa_sigaction == bus_error)
    return true;
  before = now;
  return !sigaction(SIGBUS, &ours, NULL);
}

bool mapped_bytes_open(int fd, uint64_t at, size_t size, MappedBytes *map) {
  unsigned slot = 0;

  if (!size || size > MAPPED_BYTES_MOST || at > INT64_MAX - size)
    return false;
  pthread_mutex_lock(&guard_lock);
  while (slot < GUARDED_MOST && guarded[slot].start)
    slot++;
  void *data =
      slot < GUARDED_MOST && guard_signal() ? mmap(NULL, size, PROT_READ, MAP_SHARED, fd, (off_t)at) : MAP_FAILED;
  if (data != MAP_FAILED) {
    guarded[slot].cut = false;
    guarded[slot].size = size;
    guarded[slot].start = (uintptr_t)data;
  }
  pthread_mutex_unlock(&guard_lock);
  if (data == MAP_FAILED)
    return false;
#ifdef MADV_POPULATE_READ
  madvise(data, size, MADV_POPULATE_READ); /* one call for what would be a fault for every few pages */
#endif
  *map = (MappedBytes){ .data = data, .at = at, .size = size, .slot = slot };
  return true;
}

void mapped_bytes_close(MappedBytes *map) {
  if (!map->data)
    return;
  guarded[map->slot].size = 0;
  munmap((void *)map->data, map->size);
  guarded[map->slot].start = 0;
  *map = (MappedBytes){ 0 };
}

bool mapped_bytes_cut(const MappedBytes *map) {
  return map->data && guarded[map->slot].cut;
}
