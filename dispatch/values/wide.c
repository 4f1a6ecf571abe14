/* Schoolbook arithmetic on 32-bit limbs; division is Knuth's algorithm D (TAOCP 4.3.1). */
#include "dispatch/values/wide.h"

#include <string.h>

Wide wide_from(uint64_t low, uint32_t high) {
  Wide value = { { (uint32_t)low, (uint32_t)(low >> 32), high } };
  return value;
}

int wide_length(const Wide *value) {
  int length = WIDE_LIMBS;
  while (length > 0 && value->limb[length - 1] == 0) {
    length--;
  }
  return length;
}

bool wide_is_zero(const Wide *value) {
  return wide_length(value) == 0;
}

int wide_compare(const Wide *left, const Wide *right) {
  for (int i = WIDE_LIMBS - 1; i >= 0; i--) {
    if (left->limb[i] != right->limb[i]) {
      return left->limb[i] < right->limb[i] ? -1 : 1;
    }
  }
  return 0;
}

void wide_multiply_small(Wide *value, uint32_t factor) {
  uint64_t carry = 0;
  for (int i = 0; i < WIDE_LIMBS; i++) {
    carry += (uint64_t)value->limb[i] * factor;
    value->limb[i] = (uint32_t)carry;
    carry >>= 32;
  }
}

void wide_multiply_power(Wide *value, int power_of_ten) {
  for (; power_of_ten >= 9; power_of_ten -= 9) {
    wide_multiply_small(value, 1000000000);
  }
  for (; power_of_ten > 0; power_of_ten--) {
    wide_multiply_small(value, 10);
  }
}

Wide wide_multiply(const Wide *left, const Wide *right) {
  Wide product = { { 0 } };
  int left_length = wide_length(left);
  for (int i = 0; i < left_length; i++) {
    uint64_t carry = 0;
    for (int j = 0; i + j < WIDE_LIMBS; j++) {
      carry += (uint64_t)left->limb[i] * right->limb[j] + product.limb[i + j];
      product.limb[i + j] = (uint32_t)carry;
      carry >>= 32;
    }
  }
  return product;
}

void wide_add_small(Wide *value, uint32_t addend) {
  uint64_t carry = addend;
  for (int i = 0; carry != 0 && i < WIDE_LIMBS; i++) {
    carry += value->limb[i];
    value->limb[i] = (uint32_t)carry;
    carry >>= 32;
  }
}

Wide wide_add(const Wide *left, const Wide *right) {
  Wide sum;
  uint64_t carry = 0;
  for (int i = 0; i < WIDE_LIMBS; i++) {
    carry += (uint64_t)left->limb[i] + right->limb[i];
    sum.limb[i] = (uint32_t)carry;
    carry >>= 32;
  }
  return sum;
}

Wide wide_subtract(const Wide *left, const Wide *right) {
  Wide difference;
  uint64_t borrow = 0;
  for (int i = 0; i < WIDE_LIMBS; i++) {
    uint64_t limb = (uint64_t)left->limb[i] - right->limb[i] - borrow;
    difference.limb[i] = (uint32_t)limb;
    borrow = limb >> 63;
  }
  return difference;
}

uint32_t wide_divide_small(Wide *value, uint32_t divisor) {
  uint64_t rest = 0;
  for (int i = wide_length(value) - 1; i >= 0; i--) {
    rest = rest << 32 | value->limb[i];
    value->limb[i] = (uint32_t)(rest / divisor);
    rest %= divisor;
  }
  return (uint32_t)rest;
}

static void limbs_shift_left(uint32_t *out, const uint32_t *in, int count, int bits) {
  uint32_t carry = 0;
  for (int i = 0; i < count; i++) {
    out[i] = in[i] << bits | carry;
    carry = bits == 0 ? 0 : in[i] >> (32 - bits);
  }
}

static void limbs_shift_right(uint32_t *limbs, int count, int bits) {
  for (int i = 0; bits != 0 && i < count; i++) {
    uint32_t above = i + 1 < count ? limbs[i + 1] << (32 - bits) : 0;
    limbs[i] = limbs[i] >> bits | above;
  }
}

/* One digit of the quotient: divides u[0..n], whose first n limbs from the top are less than v, by v[0..n-1]. */
static uint32_t divide_step(uint32_t *u, const uint32_t *v, int n) {
  uint64_t top = (uint64_t)u[n] << 32 | u[n - 1];
  uint64_t guess = top / v[n - 1];
  uint64_t rest = top % v[n - 1];
  while (guess > UINT32_MAX || guess * v[n - 2] > (rest << 32 | u[n - 2])) {
    guess--;
    rest += v[n - 1];
    if (rest > UINT32_MAX) {
      break;
    }
  }
  uint64_t borrow = 0;
  for (int i = 0; i < n; i++) {
    uint64_t product = guess * v[i] + borrow;
    borrow = (product >> 32) + (u[i] < (uint32_t)product);
    u[i] -= (uint32_t)product;
  }
  bool too_much = u[n] < borrow;
  u[n] -= (uint32_t)borrow;
  if (too_much) {
    uint64_t carry = 0;
    guess--;
    for (int i = 0; i < n; i++) {
      carry += (uint64_t)u[i] + v[i];
      u[i] = (uint32_t)carry;
      carry >>= 32;
    }
    u[n] += (uint32_t)carry;
  }
  return (uint32_t)guess;
}

Wide wide_divide(const Wide *value, const Wide *divisor, Wide *rest) {
  Wide quotient = { { 0 } };
  int n = wide_length(divisor);
  int m = wide_length(value);
  if (n == 1) {
    quotient = *value;
    *rest = wide_from(wide_divide_small(&quotient, divisor->limb[0]), 0);
    return quotient;
  }
  if (m < n) {
    *rest = *value;
    return quotient;
  }
  int shift = __builtin_clz(divisor->limb[n - 1]);
  uint32_t u[WIDE_LIMBS + 1];
  uint32_t v[WIDE_LIMBS];
  uint32_t numerator[WIDE_LIMBS + 1] = { 0 };
  memcpy(numerator, value->limb, sizeof value->limb);
  limbs_shift_left(u, numerator, m + 1, shift);
  limbs_shift_left(v, divisor->limb, n, shift);
  for (int j = m - n; j >= 0; j--) {
    quotient.limb[j] = divide_step(u + j, v, n);
  }
  limbs_shift_right(u, n, shift);
  memset(rest, 0, sizeof *rest);
  memcpy(rest->limb, u, (size_t)n * sizeof(uint32_t));
  return quotient;
}
