/* Numbers as decimal digits, between the values and their texts. */
#ifndef OLEANDER_DISPATCH_DIGITS_H
#define OLEANDER_DISPATCH_DIGITS_H

#include <stdbool.h>

enum { DIGITS_R4 = 7, DIGITS_R8 = 15, DIGITS_MOST = 32 };

/* digit[0].digit[1]digit[2]... times 10^exponent, without zeros at the end; zero is the one digit 0. */
typedef struct Digits {
  bool negative;
  int count;
  int exponent;
  char digit[DIGITS_MOST]; /* '0' to '9' */
} Digits;

/* A finite number rounded, a half away from zero, to so many significant digits (DIGITS_R4 or DIGITS_R8). Zero has no
 * sign. */
void digits_from_real(double value, int significant, Digits *result);

#endif
