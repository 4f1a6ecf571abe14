/* Work against a baseline, taken in turns in one run: medians of the ratios of the rounds, with p10 and p90. */
#ifndef OLEANDER_BENCHMARKS_RATIO_H
#define OLEANDER_BENCHMARKS_RATIO_H

typedef void Work(int times);

typedef struct Ratio {
  double median, p10, p90, work, base; /* the last two in microseconds */
} Ratio;

enum { RATIO_ROUNDS = 61 };

/* All on one processor, as everything that is started from here. */
void ratio_stay_on_one_processor(void);

Ratio ratio_measure(Work *work, Work *base);
/* Of what was taken in turns, in seconds; at most RATIO_ROUNDS. Sorts both. */
Ratio ratio_of(double *works, double *bases, int count);

void ratio_print_head(const char *chapter);
void ratio_print(const char *name, Ratio ratio, const char *hard, const char *aim);

#endif
