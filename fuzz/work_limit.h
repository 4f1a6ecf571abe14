/* work_limit.h - a fuzz target's limit on work: an input that costs more processor time than its size can excuse is a fault,
 * as is one that crashes. libFuzzer's own -timeout counts the time of a loaded machine. */
#ifndef OLEANDER_FUZZ_WORK_LIMIT_H
#define OLEANDER_FUZZ_WORK_LIMIT_H

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

/* Seconds of an instrumented build; plain code is about twenty times as fast. */
#define WORK_LIMIT_SECONDS 4.0

static inline double work_seconds(void) {
  struct timespec now;

  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

/* Ends the process when the work since `begin` was too much. */
static inline void work_check(double begin, const char *what) {
  double seconds = work_seconds() - begin;

  if (seconds < WORK_LIMIT_SECONDS)
    return;
  fprintf(stderr, "%s took %.1f s of processor time\n", what, seconds);
  abort();
}

#endif
