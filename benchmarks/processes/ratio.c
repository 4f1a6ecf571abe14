#include "ratio.h"

#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

static const double SAMPLE = 0.003; /* seconds */

void ratio_stay_on_one_processor(void) {
  cpu_set_t set;
  CPU_ZERO(&set);
  CPU_SET(0, &set);
  sched_setaffinity(0, sizeof set, &set);
}

static double seconds(Work *work, int times) {
  struct timespec start, end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  work(times);
  clock_gettime(CLOCK_MONOTONIC, &end);
  return (double)(end.tv_sec - start.tv_sec) + (double)(end.tv_nsec - start.tv_nsec) * 1e-9;
}

static int times_for(Work *work) {
  int times = 1;
  while (seconds(work, times) < SAMPLE)
    times *= 2;
  return times;
}

static int compare_doubles(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return (a > b) - (a < b);
}

static double quantile(double *values, int count, double part) {
  qsort(values, (size_t)count, sizeof *values, compare_doubles);
  return values[(int)(part * (count - 1) + 0.5)];
}

Ratio ratio_of(double *works, double *bases, int count) {
  double ratios[RATIO_ROUNDS];
  for (int i = 0; i < count; i++)
    ratios[i] = works[i] / bases[i];
  return (Ratio){ quantile(ratios, count, 0.5), quantile(ratios, count, 0.1), quantile(ratios, count, 0.9),
                  quantile(works, count, 0.5) * 1e6, quantile(bases, count, 0.5) * 1e6 };
}

Ratio ratio_measure(Work *work, Work *base) {
  int work_times = times_for(work), base_times = times_for(base);
  double works[RATIO_ROUNDS], bases[RATIO_ROUNDS];
  for (int i = 0; i < RATIO_ROUNDS; i++) {
    works[i] = seconds(work, work_times) / work_times;
    bases[i] = seconds(base, base_times) / base_times;
  }
  return ratio_of(works, bases, RATIO_ROUNDS);
}

void ratio_print_head(const char *chapter) {
  printf("%-44s %6s %6s %6s   %5s %5s  %9s %9s\n", chapter, "median", "p10", "p90", "hard", "aim", "us", "base us");
}

void ratio_print(const char *name, Ratio ratio, const char *hard, const char *aim) {
  printf("%-44s %6.2f %6.2f %6.2f   %5s %5s  %9.2f %9.2f\n", name, ratio.median, ratio.p10, ratio.p90, hard, aim,
         ratio.work, ratio.base);
  fflush(stdout);
}
