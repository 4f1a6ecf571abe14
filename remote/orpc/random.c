/* Bytes that others cannot guess: names of apartments and interfaces are what lets somebody call them. */
#include <pthread.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "remote/orpc/orpc_internal.h"

static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static uint8_t pool[1024];
static size_t left;

/* A system that gives none at all is not one to run on; something that differs is better than zeros. */
static void refill_locked(void) {
  size_t got = 0;
  while (got < sizeof pool) {
    ssize_t count = getrandom(pool + got, sizeof pool - got, 0);
    if (count > 0) {
      got += (size_t)count;
      continue;
    }
    GUID guid;
    CoCreateGuid(&guid);
    size_t part = sizeof guid < sizeof pool - got ? sizeof guid : sizeof pool - got;
    memcpy(pool + got, &guid, part);
    got += part;
  }
  left = sizeof pool;
}

static uint64_t number; /* of the process; 0: not made */

/* A child of a process that has been here is another one: it must not give out the same names. */

static void before_fork(void) {
  pthread_mutex_lock(&lock);
}

static void after_fork(void) {
  pthread_mutex_unlock(&lock);
}

static void begin_child(void) {
  memset(pool, 0, sizeof pool);
  left = 0;
  number = 0;
  pthread_mutex_unlock(&lock);
}

static void watch_forks(void) {
  pthread_atfork(before_fork, after_fork, begin_child);
}

static void fill_locked(void *bytes, size_t size) {
  uint8_t *to = bytes;
  while (size) {
    if (!left)
      refill_locked();
    size_t part = size < left ? size : left;
    left -= part;
    memcpy(to, pool + left, part);
    memset(pool + left, 0, part);
    to += part;
    size -= part;
  }
}

static void take_lock(void) {
  static pthread_once_t once = PTHREAD_ONCE_INIT;
  pthread_once(&once, watch_forks);
  pthread_mutex_lock(&lock);
}

void random_fill(void *bytes, size_t size) {
  take_lock();
  fill_locked(bytes, size);
  pthread_mutex_unlock(&lock);
}

uint64_t process_number(void) {
  take_lock();
  while (!number)
    fill_locked(&number, sizeof number);
  uint64_t own = number;
  pthread_mutex_unlock(&lock);
  return own;
}
