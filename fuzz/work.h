/* A limit on what an input may cost: time that grows with its size is a fault like any other. */
#ifndef OLEANDER_FUZZ_WORK_H
#define OLEANDER_FUZZ_WORK_H

#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define WORK_BASE     0.5    /* seconds of this thread for any input, under sanitizers */
#define WORK_PER_BYTE 0.0002 /* and for every byte of it */

static inline double work_now(void) {
  struct timespec now;

  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Ends the program when an input of `size` bytes has cost too much since `start`. */
static inline void work_check(double start, size_t size) {
  double used = work_now() - start;

  if (used > WORK_BASE + WORK_PER_BYTE * (double)size) {
    fprintf(stderr, "%zu bytes cost %.3f seconds\n", size, used);
    abort();
  }
}

#endif
