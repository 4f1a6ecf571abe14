/*
 * Texts compared without regard to case, unit by unit, as Windows compares the names of members, files, registry keys and
 * moniker texts: each UTF-16 unit counts as its capital letter where that is one unit too (caseless_table.lua). No
 * language, no length changes, no surrogates: the comparison of texts for people is VarBstrCmp.
 */
#ifndef OLEANDER_COM_CASELESS_H
#define OLEANDER_COM_CASELESS_H

#include <stdbool.h>
#include <stddef.h>
#include <oleander_api.h>
#include <uchar.h>

/* The capital letter of a unit, or the unit itself. */
OLEANDER_API(char16_t, caseless_upper, (char16_t unit));

/* Order of two terminated texts, by the numbers of their capitals: negative, zero, positive. */
OLEANDER_API(int, caseless_compare, (const char16_t *first, const char16_t *second));
OLEANDER_API(bool, caseless_equal, (const char16_t *first, const char16_t *second));

/* The same for UTF-8; a byte that is no UTF-8 is a letter of its own, above all others. */
OLEANDER_API(int, caseless_compare_utf8,
             (const char *first, size_t first_bytes, const char *second, size_t second_bytes));
OLEANDER_API(bool, caseless_equal_utf8, (const char *first, const char *second));

#endif
