/* Conversions against what the C library needs for the same: medians of ratios, taken in turns, with p10 and p90. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <oleauto.h>

enum { ROUNDS = 60, REPEATS = 20000, EN_US = 0x0409 };

typedef void Work(int i);

static volatile double sink;
static BSTR integer_text;
static BSTR real_text;

static void i4_to_bstr(int i) {
  BSTR text = NULL;
  VarBstrFromI4(1234567 + i, EN_US, 0, &text);
  SysFreeString(text);
}

static void i4_to_bstr_baseline(int i) {
  char *text = malloc(32);
  if (text) {
    snprintf(text, 32, "%d", 1234567 + i);
  }
  free(text);
}

static void bstr_to_i4(int i) {
  LONG value = i;
  VarI4FromStr(integer_text, EN_US, 0, &value);
  sink = value;
}

static void bstr_to_i4_baseline(int i) {
  (void)i;
  sink = (double)strtol("1234567", NULL, 10);
}

static void r8_to_bstr(int i) {
  BSTR text = NULL;
  VarBstrFromR8(1.0 / (i + 3), EN_US, 0, &text);
  SysFreeString(text);
}

static void r8_to_bstr_baseline(int i) {
  char text[32];
  snprintf(text, sizeof text, "%.15g", 1.0 / (i + 3));
  sink = text[0];
}

static void bstr_to_r8(int i) {
  double value = i;
  VarR8FromStr(real_text, EN_US, 0, &value);
  sink = value;
}

static void bstr_to_r8_baseline(int i) {
  (void)i;
  sink = strtod("0.333333333333333", NULL);
}

static double time_of(Work *work) {
  struct timespec start;
  struct timespec end;
  clock_gettime(CLOCK_MONOTONIC, &start);
  for (int i = 0; i < REPEATS; i++) {
    work(i);
  }
  clock_gettime(CLOCK_MONOTONIC, &end);
  return (double)(end.tv_sec - start.tv_sec) * 1e9 + (double)(end.tv_nsec - start.tv_nsec);
}

static int compare_doubles(const void *left, const void *right) {
  double a = *(const double *)left;
  double b = *(const double *)right;
  return (a > b) - (a < b);
}

int main(void) {
  static const struct {
    const char *name;
    Work *work;
    Work *baseline;
  } rows[] = {
    { "I4 to BSTR against snprintf and malloc", i4_to_bstr, i4_to_bstr_baseline },
    { "BSTR to I4 against strtol", bstr_to_i4, bstr_to_i4_baseline },
    { "R8 to BSTR against snprintf %.15g", r8_to_bstr, r8_to_bstr_baseline },
    { "BSTR to R8 against strtod", bstr_to_r8, bstr_to_r8_baseline },
  };
  integer_text = SysAllocString(u"1234567");
  real_text = SysAllocString(u"0.333333333333333");
  for (size_t row = 0; row < sizeof rows / sizeof *rows; row++) {
    double ratios[ROUNDS];
    for (int round = 0; round < ROUNDS; round++) {
      double taken = time_of(rows[row].work);
      ratios[round] = taken / time_of(rows[row].baseline);
    }
    qsort(ratios, ROUNDS, sizeof *ratios, compare_doubles);
    printf("%-42s %5.2f  (p10 %.2f, p90 %.2f)\n", rows[row].name, ratios[ROUNDS / 2], ratios[ROUNDS / 10],
           ratios[ROUNDS * 9 / 10]);
  }
  SysFreeString(integer_text);
  SysFreeString(real_text);
  return 0;
}
