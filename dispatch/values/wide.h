/* Unsigned integers of 320 bits: room for a 96-bit coefficient times any power of ten that DECIMAL needs (10^56). */
#ifndef OLEANDER_DISPATCH_WIDE_H
#define OLEANDER_DISPATCH_WIDE_H

#include <stdbool.h>
#include <stdint.h>

enum { WIDE_LIMBS = 10 };

typedef struct Wide {
  uint32_t limb[WIDE_LIMBS]; /* least significant first */
} Wide;

Wide wide_from(uint64_t low, uint32_t high);
bool wide_is_zero(const Wide *value);

/* Significant limbs: 0 for zero. */
int wide_length(const Wide *value);

/* Negative, zero or positive. */
int wide_compare(const Wide *left, const Wide *right);

/* What does not fit in 320 bits is lost; callers stay below. */
void wide_multiply_small(Wide *value, uint32_t factor);
void wide_multiply_power(Wide *value, int power_of_ten);
Wide wide_multiply(const Wide *left, const Wide *right);
void wide_add_small(Wide *value, uint32_t addend);
Wide wide_add(const Wide *left, const Wide *right);
Wide wide_subtract(const Wide *left, const Wide *right); /* left >= right */

/* Divides in place, gives the rest. */
uint32_t wide_divide_small(Wide *value, uint32_t divisor);

/* The divisor is not zero. */
Wide wide_divide(const Wide *value, const Wide *divisor, Wide *rest);

#endif
