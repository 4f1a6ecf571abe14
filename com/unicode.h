/*
 * UTF-8 and UTF-16. A lone surrogate becomes its three-byte form (WTF-8) and comes back as itself, so every UTF-16 text
 * survives the round trip; a surrogate pair spelled as two three-byte forms is refused, so that the trip is one to one.
 * Embedded zeros are text.
 */
#ifndef OLEANDER_COM_UNICODE_H
#define OLEANDER_COM_UNICODE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <oleander_api.h>
#include <uchar.h>

#define UNICODE_INVALID ((size_t)-1)

/* The scalar (or lone surrogate) at *p, which is before `end` and moves behind it; UINT32_MAX: not well-formed. */
uint32_t utf8_decode(const unsigned char **p, const unsigned char *end);

/* UTF-16 units that `bytes` bytes of UTF-8 make, or UNICODE_INVALID. */
OLEANDER_API(size_t, utf16_length, (const char *text, size_t bytes));

/* Converts text that utf16_length accepted; returns the units written. Writes no terminator. */
OLEANDER_API(size_t, utf16_from_utf8, (const char *text, size_t bytes, char16_t *out));

/* Bytes of UTF-8 that `units` units make; never fails. */
OLEANDER_API(size_t, utf8_length, (const char16_t *text, size_t units));

/* Converts; returns the bytes written. Writes no terminator. */
OLEANDER_API(size_t, utf8_from_utf16, (const char16_t *text, size_t units, char *out));

/* Length of a terminated UTF-16 text in units; NULL has none. */
OLEANDER_API(size_t, utf16_units, (const char16_t *text));

bool utf16_equal(const char16_t *first, const char16_t *second);

/* A terminated copy in the other form on the heap (free), or NULL: out of memory or not UTF-8. */
OLEANDER_API(char *, utf8_copy, (const char16_t *text));
OLEANDER_API(char16_t *, utf16_copy, (const char *text));

#endif
