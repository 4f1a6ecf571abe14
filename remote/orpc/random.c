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

void random_fill(void *bytes, size_t size) {
  uint8_t *to = bytes;
  pthread_mutex_lock(&lock);
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
  pthread_mutex_unlock(&lock);
}

static uint64_t number;
static pthread_once_t number_once = PTHREAD_ONCE_INIT;

static void make_number(void) {
  while (!number)
    random_fill(&number, sizeof number);
}

uint64_t process_number(void) {
  pthread_once(&number_once, make_number);
  return number;
}
