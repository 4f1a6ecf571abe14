/*
 * A number as decimal digits, the form in which it is rounded and written: 0.d0 d1 d2 ... times 10 to the `point`.
 */
#ifndef OLEANDER_DISPATCH_FORMAT_DIGITS_H
#define OLEANDER_DISPATCH_FORMAT_DIGITS_H

#include "dispatch/text/locale.h"
#include "dispatch/text/text_buffer.h"

#include <oleauto.h>

enum { FORMAT_DIGITS_MAX = 40 };

typedef struct FormatDigits {
  BOOL negative;
  int count; /* 0 for zero; no zeros at either end otherwise */
  int point;
  uint8_t digit[FORMAT_DIGITS_MAX];
} FormatDigits;

/* The digits of a number in any numeric VARIANT type (BOOL is its 16 bits, EMPTY 0, DATE its serial number), or in a
 * string of that locale. R4 and R8 have 7 and 15 digits, as when they are converted to text. With `dates`, strings
 * that are no numbers may be dates. DISP_E_TYPEMISMATCH, DISP_E_OVERFLOW (not finite). */
HRESULT digits_from_variant(const VARIANT *value, LCID lcid, BOOL dates, FormatDigits *digits);

/* Round half away from zero to `decimals` digits after the point (negative: before it). */
void digits_round(FormatDigits *digits, int decimals);

/* The digit for 10 to the `power`, 0 outside. */
int digits_at(const FormatDigits *digits, int power);

/* FormatDigits in front of the point. */
int digits_whole(const FormatDigits *digits);

/* FormatDigits behind the point. */
int digits_fraction(const FormatDigits *digits);

/* Whether a thousands separator follows the digit for 10 to the `power` (> 0). */
BOOL digits_group_ends(int power, int group_first, int group_rest);

#endif
