/*
 * VarParseNumFromStr: reads a number by the signs of a locale into digits, a power of ten and flags that say what was
 * met. What a text may contain is the caller's choice (dwInFlags).
 */
#include "dispatch/text/number_parse.h"

#include <limits.h>
#include <stdbool.h>
#include <string.h>

#include "dispatch/text/locale.h"

enum { EXPONENT_LIMIT = 100000, NO_BREAK_SPACE = 0xA0, NARROW_NO_BREAK_SPACE = 0x202F };

typedef struct NumberReader {
  const OLECHAR *next;
  const Locale *locale;
  ULONG allowed; /* NUMPRS_ */
  ULONG met;
  int capacity;
  BYTE *digits;
  int count;      /* digits stored */
  int base_shift; /* 0, 3 or 4 */
  int power;      /* of ten, for the last stored digit */
  int zero_power; /* of ten, for a zero: minus its decimals, when it has nothing but them */
  bool any_digit;
  bool in_fraction;
} NumberReader;

/* Signs */

static bool is_white(OLECHAR unit) {
  return unit == ' ' || (unit >= 0x09 && unit <= 0x0D) || unit == 0xA0 || unit == 0x1680 ||
         (unit >= 0x2000 && unit <= 0x200B) || unit == 0x2028 || unit == 0x2029 || unit == 0x202F || unit == 0x3000;
}

/* Whether the locale separates thousands by a space that does not break: a plain space means the same then. */
static bool separates_by_fixed_space(const Locale *locale) {
  return locale->thousands[0] == NO_BREAK_SPACE || locale->thousands[0] == NARROW_NO_BREAK_SPACE;
}

static bool is_separating_space(const Locale *locale, OLECHAR unit) {
  return separates_by_fixed_space(locale) ? unit == ' ' || unit == NO_BREAK_SPACE || unit == NARROW_NO_BREAK_SPACE
                                          : unit == locale->thousands[0];
}

/* Moves over `sign` if the text continues with it. */
static bool reader_accept(NumberReader *reader, const OLECHAR *sign) {
  size_t length = 0;
  for (; sign[length] != 0; length++) {
    if (reader->next[length] != sign[length]) {
      return false;
    }
  }
  reader->next += length;
  return length != 0;
}

static bool reader_accept_if(NumberReader *reader, ULONG flag, const OLECHAR *sign) {
  if (!(reader->allowed & flag) || !reader_accept(reader, sign)) {
    return false;
  }
  reader->met |= flag;
  return true;
}

static bool reader_has(const NumberReader *reader, ULONG flags) {
  return (reader->met & flags) != 0;
}

static bool reader_skip_white(NumberReader *reader, ULONG flag) {
  if (!(reader->allowed & flag) || !is_white(*reader->next)) {
    return false;
  }
  while (is_white(*reader->next)) {
    reader->next++;
  }
  reader->met |= flag;
  return true;
}

/* Behind digits, what separates thousands is not white. */
static bool reader_skip_trailing_white(NumberReader *reader) {
  bool any = false;
  if (!(reader->allowed & NUMPRS_TRAILING_WHITE)) {
    return false;
  }
  for (; is_white(*reader->next) && !is_separating_space(reader->locale, *reader->next); reader->next++) {
    any = true;
  }
  reader->met |= any ? NUMPRS_TRAILING_WHITE : 0;
  return any;
}

enum {
  ANY_PLUS_OR_MINUS = NUMPRS_LEADING_PLUS | NUMPRS_TRAILING_PLUS | NUMPRS_LEADING_MINUS | NUMPRS_TRAILING_MINUS,
  ANY_SIGN = ANY_PLUS_OR_MINUS | NUMPRS_PARENS
};

static bool reader_accept_sign(NumberReader *reader, ULONG plus, ULONG minus) {
  if (reader_has(reader, ANY_SIGN)) {
    return false;
  }
  if (reader_accept_if(reader, plus, u"+") || reader_accept_if(reader, plus, reader->locale->positive_sign)) {
    return true;
  }
  if (reader_accept_if(reader, minus, u"-") || reader_accept_if(reader, minus, reader->locale->negative_sign)) {
    reader->met |= NUMPRS_NEG;
    return true;
  }
  return false;
}

static bool reader_accept_currency(NumberReader *reader) {
  return reader_accept_if(reader, NUMPRS_CURRENCY, reader->locale->currency);
}

/* Sign, currency, an opening parenthesis and spaces, each at most once, in any order. */
static void reader_read_prefix(NumberReader *reader) {
  for (;;) {
    if (reader_skip_white(reader, NUMPRS_LEADING_WHITE) ||
        reader_accept_sign(reader, NUMPRS_LEADING_PLUS, NUMPRS_LEADING_MINUS) ||
        (!reader_has(reader, NUMPRS_CURRENCY) && reader_accept_currency(reader))) {
      continue;
    }
    if (!reader_has(reader, ANY_SIGN) && reader_accept_if(reader, NUMPRS_PARENS, u"(")) {
      reader->met |= NUMPRS_NEG;
      continue;
    }
    return;
  }
}

/* The same behind the digits, with the currency as often as there is one, but none of another base than ten. False when a
 * parenthesis stays open. */
static bool reader_read_suffix(NumberReader *reader) {
  bool open = reader_has(reader, NUMPRS_PARENS);
  for (;;) {
    if (reader_skip_trailing_white(reader) || reader_accept_sign(reader, NUMPRS_TRAILING_PLUS, NUMPRS_TRAILING_MINUS) ||
        (reader->base_shift == 0 && reader_accept_currency(reader))) {
      continue;
    }
    if (open && reader_accept(reader, u")")) {
      open = false;
      continue;
    }
    return !open;
  }
}

/* Digits */

static void reader_store(NumberReader *reader, BYTE digit) {
  if (reader->in_fraction && (!reader->any_digit || reader->zero_power < 0)) {
    reader->zero_power--;
  }
  reader->any_digit = true;
  if (reader->count == 0 && digit == 0) {
    reader->power -= reader->in_fraction;
    return;
  }
  if (reader->count < reader->capacity) {
    reader->digits[reader->count++] = digit;
    reader->power -= reader->in_fraction;
    return;
  }
  if (digit != 0) {
    reader->met |= NUMPRS_INEXACT; /* cut off; VarNumFromParseNum rounds with this in mind */
  }
  reader->power += !reader->in_fraction && reader->power < EXPONENT_LIMIT;
}

/* The value of a digit in the reader's base, or -1. */
static int reader_digit(const NumberReader *reader, OLECHAR unit) {
  if (unit >= '0' && unit <= '9') {
    return reader->base_shift == 3 && unit > '7' ? -1 : unit - '0';
  }
  OLECHAR lower = unit | 0x20;
  return reader->base_shift == 4 && lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

/* "&H" and "&O"; "&" alone before a digit is octal too. Such numbers are no amounts of a currency. */
static void reader_read_base(NumberReader *reader) {
  if (!(reader->allowed & NUMPRS_HEX_OCT) || reader->next[0] != '&' || reader_has(reader, NUMPRS_CURRENCY)) {
    return;
  }
  OLECHAR letter = reader->next[1] | 0x20;
  if (letter == 'h' || letter == 'o') {
    reader->base_shift = letter == 'h' ? 4 : 3;
    reader->next += 2;
  } else if (reader->next[1] >= '0' && reader->next[1] <= '7') {
    reader->base_shift = 3;
    reader->next += 1;
  } else {
    return;
  }
  reader->met |= NUMPRS_HEX_OCT;
}

static bool reader_accept_thousands(NumberReader *reader) {
  const Locale *locale = reader->locale;
  if ((reader->allowed & NUMPRS_THOUSANDS) && separates_by_fixed_space(locale) &&
      is_separating_space(locale, *reader->next)) {
    reader->next++;
    reader->met |= NUMPRS_THOUSANDS;
    return true;
  }
  return reader_accept_if(reader, NUMPRS_THOUSANDS, locale->thousands) ||
         ((reader->allowed & NUMPRS_CURRENCY) &&
          reader_accept_if(reader, NUMPRS_THOUSANDS, locale->currency_thousands));
}

static bool reader_accept_decimal(NumberReader *reader) {
  const Locale *locale = reader->locale;
  return reader_accept_if(reader, NUMPRS_DECIMAL, locale->decimal) ||
         ((reader->allowed & NUMPRS_CURRENCY) && reader_accept_if(reader, NUMPRS_DECIMAL, locale->currency_decimal));
}

/* Once there is a digit, thousands may be separated anywhere. */
static void reader_read_digits(NumberReader *reader) {
  for (;;) {
    int digit = reader_digit(reader, *reader->next);
    if (digit >= 0) {
      reader_store(reader, (BYTE)digit);
      reader->next++;
    } else if (reader->base_shift != 0) {
      return;
    } else if (reader->any_digit && reader_accept_thousands(reader)) {
      continue;
    } else if (!reader->in_fraction && reader_accept_decimal(reader)) {
      reader->in_fraction = true;
    } else {
      return;
    }
  }
}

/* E, or Basic's D. Without digits behind it the letter is not part of the number. */
static void reader_read_exponent(NumberReader *reader) {
  OLECHAR letter = *reader->next | 0x20;
  if (!(reader->allowed & NUMPRS_EXPONENT) || reader->base_shift != 0 || (letter != 'e' && letter != 'd')) {
    return;
  }
  const OLECHAR *next = reader->next + 1;
  bool negative = *next == '-';
  if (*next == '-' || *next == '+') {
    next++;
  }
  if (*next < '0' || *next > '9') {
    return;
  }
  int exponent = 0;
  for (; *next >= '0' && *next <= '9'; next++) {
    if (exponent < EXPONENT_LIMIT) {
      exponent = exponent * 10 + (*next - '0');
    }
  }
  reader->next = next;
  reader->met |= NUMPRS_EXPONENT;
  reader->power += negative ? -exponent : exponent;
}

/* The end */

/* Zeros at the end of a decimal number go into the power of ten; zero itself is one digit. */
static void reader_trim(NumberReader *reader) {
  while (reader->base_shift == 0 && reader->count > 0 && reader->digits[reader->count - 1] == 0) {
    reader->count--;
    reader->power++;
  }
  if (reader->count == 0) {
    if (reader->capacity > 0) {
      reader->digits[0] = 0;
      reader->count = 1;
    }
    reader->power = reader->zero_power;
  }
}

/* What was read stays in the reader. *closed: a parenthesis that was opened was closed too. */
static HRESULT reader_read(NumberReader *reader, bool *closed) {
  *closed = true;
  reader_read_prefix(reader);
  reader_read_base(reader);
  reader_read_digits(reader);
  if (!reader->any_digit) {
    return DISP_E_TYPEMISMATCH;
  }
  reader_read_exponent(reader);
  *closed = reader_read_suffix(reader);
  reader_trim(reader);
  return !*closed || ((reader->allowed & NUMPRS_USE_ALL) && *reader->next != 0) ? DISP_E_TYPEMISMATCH : S_OK;
}

HRESULT VarParseNumFromStr(LPCOLESTR text, LCID lcid, ULONG flags, NUMPARSE *parse, BYTE *digits) {
  (void)flags; /* user overrides: there are none */
  if (!text || !parse) {
    return !text && parse ? DISP_E_TYPEMISMATCH : E_INVALIDARG;
  }
  if (parse->cDig < 0 || (!digits && parse->cDig > 0)) {
    return E_INVALIDARG;
  }
  NumberReader reader = {
    .next = text, .locale = locale_get(lcid), .allowed = parse->dwInFlags, .capacity = parse->cDig, .digits = digits
  };
  bool closed = true;
  HRESULT hr = *text == 0 ? DISP_E_TYPEMISMATCH : reader_read(&reader, &closed);
  bool filled = SUCCEEDED(hr) || !closed; /* a missing parenthesis is only reported */
  parse->cchUsed = filled ? (INT)(reader.next - text) : 0;
  parse->cDig = filled ? reader.count : 0;
  parse->dwOutFlags = filled ? reader.met : 0;
  parse->nBaseShift = filled ? reader.base_shift : 0;
  parse->nPwr10 = filled ? reader.power : 0;
  return hr;
}
