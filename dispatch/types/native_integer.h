/* Integers in memory and in words: the one place that knows how a number of 1, 2, 4 or 8 bytes becomes a word and back.
 * What a call takes, what a cell holds and what a VARIANT carries all go through here. */
#ifndef OLEANDER_DISPATCH_NATIVE_INTEGER_H
#define OLEANDER_DISPATCH_NATIVE_INTEGER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Reads the integer of `size` bytes (1, 2, 4; anything else: 8) and extends it, by its sign when it is signed. */
static inline int64_t integer_load(const void *native, size_t size, bool is_signed) {
  switch (size) {
  case 1:
    return is_signed ? (int64_t) * (const int8_t *)native : (int64_t) * (const uint8_t *)native;
  case 2:
    return is_signed ? (int64_t) * (const int16_t *)native : (int64_t) * (const uint16_t *)native;
  case 4:
    return is_signed ? (int64_t) * (const int32_t *)native : (int64_t) * (const uint32_t *)native;
  default:
    return *(const int64_t *)native;
  }
}

/* Writes the low `size` bytes (1, 2, 4; anything else: 8) of a value whose range was checked. */
static inline void integer_store(void *native, size_t size, int64_t value) {
  switch (size) {
  case 1:
    *(int8_t *)native = (int8_t)value;
    return;
  case 2:
    *(int16_t *)native = (int16_t)value;
    return;
  case 4:
    *(int32_t *)native = (int32_t)value;
    return;
  default:
    *(int64_t *)native = value;
    return;
  }
}

/* Extends the low `size` bytes (1 to 8) of a word whose other bytes are anything. */
static inline int64_t integer_widen(uint64_t word, size_t size, bool is_signed) {
  unsigned shift = 64 - 8 * (unsigned)size;
  word <<= shift;
  return is_signed ? (int64_t)word >> shift : (int64_t)(word >> shift);
}

#endif
