/*
 * The decimal digits of a double, rounded from its exact value, a half away from zero. Most numbers go the short way:
 * scaled by a power of ten in 64 bits of mantissa, the rest below the last digit is clearly on one side of a half. The
 * others are left to printf, which writes enough digits to tell.
 */
#include "dispatch/values/digits.h"

#include <float.h>
#include <math.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define HAVE_LONG_MANTISSA (LDBL_MANT_DIG >= 64)

enum {
  LARGEST_EXACT_POWER = 27, /* 5^27 has 63 bits */
  DIGITS_PRINTED = 40
};

static const long double exact_powers[LARGEST_EXACT_POWER + 1] = { 1e0L,  1e1L,  1e2L,  1e3L,  1e4L,  1e5L,  1e6L,
                                                                   1e7L,  1e8L,  1e9L,  1e10L, 1e11L, 1e12L, 1e13L,
                                                                   1e14L, 1e15L, 1e16L, 1e17L, 1e18L, 1e19L, 1e20L,
                                                                   1e21L, 1e22L, 1e23L, 1e24L, 1e25L, 1e26L, 1e27L };

static void digits_trim(Digits *result) {
  while (result->count > 1 && result->digit[result->count - 1] == '0') {
    result->count--;
  }
}

/* Adds one to the last digit; 9.99 becomes 1 of the next power. */
static void digits_increment(Digits *result) {
  int i = result->count - 1;
  for (; i >= 0 && result->digit[i] == '9'; i--) {
    result->digit[i] = '0';
  }
  if (i >= 0) {
    result->digit[i]++;
  } else {
    result->digit[0] = '1';
    result->exponent++;
  }
}

/* whole has at most `significant` digits. */
static void digits_from_whole(uint64_t whole, int places, Digits *result) {
  char reversed[DIGITS_MOST];
  int count = 0;
  while (whole % 10 == 0) {
    whole /= 10;
    places--;
  }
  for (; whole != 0; whole /= 10) {
    reversed[count++] = (char)('0' + whole % 10);
  }
  for (int i = 0; i < count; i++) {
    result->digit[i] = reversed[count - 1 - i];
  }
  result->count = count;
  result->exponent = count - 1 - places;
}

static bool digits_the_short_way(double magnitude, int significant, Digits *result) {
  uint64_t limit = (uint64_t)exact_powers[significant];
  if (magnitude < (double)limit && magnitude == (double)(uint64_t)magnitude) {
    digits_from_whole((uint64_t)magnitude, 0, result);
    return true;
  }
  if (!HAVE_LONG_MANTISSA || magnitude >= (double)limit || magnitude < 1e-10) {
    return false;
  }
  int exponent = 0;
  frexp(magnitude, &exponent);
  int places = significant - 1 - (int)floor(exponent * 0.30103);
  places = places < 0 ? 0 : places;
  if (places + 1 > LARGEST_EXACT_POWER) {
    return false;
  }
  long double scaled = (long double)magnitude * exact_powers[places];
  if (scaled < exact_powers[significant - 1]) {
    places++;
    scaled = (long double)magnitude * exact_powers[places];
  }
  uint64_t whole = (uint64_t)scaled;
  long double rest = scaled - (long double)whole;
  if (whole >= limit || whole < limit / 10 || (rest > 0.499L && rest < 0.501L)) {
    return false;
  }
  digits_from_whole(whole + (rest > 0.5L), places, result);
  return true;
}

void digits_from_real(double value, int significant, Digits *result) {
  result->negative = value < 0;
  double magnitude = fabs(value);
  if (magnitude == 0) {
    result->count = 1;
    result->exponent = 0;
    result->digit[0] = '0';
    return;
  }
  if (digits_the_short_way(magnitude, significant, result)) {
    return;
  }
  /* d.ddde+xx, where the point may be another character of the process's locale */
  char text[DIGITS_PRINTED + 32];
  snprintf(text, sizeof text, "%.*e", DIGITS_PRINTED - 1, magnitude);
  char *mark = strchr(text, 'e');
  char *fraction = mark - (DIGITS_PRINTED - 1);
  result->digit[0] = text[0];
  memcpy(result->digit + 1, fraction, (size_t)(significant - 1));
  result->count = significant;
  result->exponent = (int)strtol(mark + 1, NULL, 10);
  if (fraction[significant - 1] >= '5') {
    digits_increment(result);
  }
  digits_trim(result);
}
