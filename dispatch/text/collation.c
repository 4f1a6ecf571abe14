/*
 * Collation over ICU. A collator is costly to open, so a few stay open; they are used under one lock.
 * Windows sorts lower case before upper case at the third level, which is ICU's default too.
 */
#include "dispatch/text/collation.h"

#include <limits.h>
#include <pthread.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

#include <unicode/ucol.h>
#include <unicode/uloc.h>

#include "dispatch/text/locale.h"

enum { COLLATORS_KEPT = 8 };

enum {
  IGNORE_CASE = 0x00000001 | 0x00000010,     /* NORM_IGNORECASE, LINGUISTIC_IGNORECASE */
  IGNORE_NONSPACE = 0x00000002 | 0x00000020, /* NORM_IGNORENONSPACE, LINGUISTIC_IGNOREDIACRITIC */
  IGNORE_SYMBOLS = 0x00000004,
  IGNORE_KANA_AND_WIDTH = 0x00010000 | 0x00020000,
  STRING_SORT = 0x00001000,       /* SORT_STRINGSORT: hyphen and apostrophe are like other symbols */
  DIGITS_AS_NUMBERS = 0x00000008, /* SORT_DIGITSASNUMBERS */
  RELEVANT_FLAGS = IGNORE_CASE | IGNORE_NONSPACE | IGNORE_SYMBOLS | IGNORE_KANA_AND_WIDTH | DIGITS_AS_NUMBERS
};

typedef struct KeptCollator {
  LCID lcid;
  ULONG flags;
  UCollator *collator;
} KeptCollator;

static pthread_mutex_t collation_lock = PTHREAD_MUTEX_INITIALIZER;
static KeptCollator kept_collators[COLLATORS_KEPT];
static size_t next_kept;

/* Width differs on the third level, as case does, and kana type there or (in Japanese) on the fourth: without case both
 * go together with it. */
static void collator_apply_flags(UCollator *collator, ULONG flags, UErrorCode *status) {
  bool no_case = (flags & IGNORE_CASE) != 0;
  bool no_accents = (flags & IGNORE_NONSPACE) != 0;
  bool no_kana = (flags & (IGNORE_KANA_AND_WIDTH | IGNORE_SYMBOLS)) != 0;
  UCollationStrength strength = no_accents ? UCOL_PRIMARY
                                : no_case  ? UCOL_SECONDARY
                                : no_kana  ? UCOL_TERTIARY
                                           : UCOL_QUATERNARY;
  ucol_setStrength(collator, strength);
  if (no_accents && !no_case) {
    ucol_setAttribute(collator, UCOL_CASE_LEVEL, UCOL_ON, status);
  }
  if (flags & DIGITS_AS_NUMBERS) {
    ucol_setAttribute(collator, UCOL_NUMERIC_COLLATION, UCOL_ON, status);
  }
  if (flags & IGNORE_SYMBOLS) {
    ucol_setAttribute(collator, UCOL_ALTERNATE_HANDLING, UCOL_SHIFTED, status);
  }
}

static UCollator *collator_open(LCID lcid, ULONG flags) {
  UErrorCode status = U_ZERO_ERROR;
  char locale[ULOC_FULLNAME_CAPACITY] = "";
  uloc_getLocaleForLCID(lcid, locale, (int32_t)sizeof locale, &status);
  if (U_FAILURE(status)) {
    locale[0] = 0;
    status = U_ZERO_ERROR;
  }
  UCollator *collator = ucol_open(locale, &status);
  if (U_FAILURE(status)) {
    return NULL;
  }
  collator_apply_flags(collator, flags, &status);
  if (U_FAILURE(status)) {
    ucol_close(collator);
    return NULL;
  }
  return collator;
}

static UCollator *collator_kept(LCID lcid, ULONG flags) {
  for (size_t i = 0; i < COLLATORS_KEPT; i++) {
    KeptCollator *kept = &kept_collators[i];
    if (kept->collator && kept->lcid == lcid && kept->flags == flags) {
      return kept->collator;
    }
  }
  UCollator *collator = collator_open(lcid, flags);
  if (collator) {
    KeptCollator *kept = &kept_collators[next_kept++ % COLLATORS_KEPT];
    if (kept->collator) {
      ucol_close(kept->collator);
    }
    *kept = (KeptCollator){ lcid, flags, collator };
  }
  return collator;
}

static LCID collation_lcid(LCID lcid) {
  return lcid == LOCALE_USER_DEFAULT || lcid == LOCALE_SYSTEM_DEFAULT ? LOCALE_EN_US : lcid;
}

static HRESULT compare_with_collator(LCID lcid, ULONG flags, const OLECHAR *left, size_t left_units,
                                     const OLECHAR *right, size_t right_units, int *order) {
  HRESULT hr = E_OUTOFMEMORY;
  pthread_mutex_lock(&collation_lock);
  const UCollator *collator = collator_kept(collation_lcid(lcid), flags & RELEVANT_FLAGS);
  if (collator) {
    *order = (int)ucol_strcoll(collator, left, (int32_t)left_units, right, (int32_t)right_units);
    hr = S_OK;
  }
  pthread_mutex_unlock(&collation_lock);
  return hr;
}

/* Word sort: "coop" and "co-op" stay together, see "Handling Sorting in Your Applications" */

static bool joins_words(OLECHAR unit) {
  return unit == '-' || unit == '\'';
}

static size_t count_joints(const OLECHAR *text, size_t units) {
  size_t count = 0;
  for (size_t i = 0; i < units; i++) {
    count += joins_words(text[i]);
  }
  return count;
}

static size_t copy_without_joints(OLECHAR *copy, const OLECHAR *text, size_t units) {
  size_t count = 0;
  for (size_t i = 0; i < units; i++) {
    if (!joins_words(text[i])) {
      copy[count++] = text[i];
    }
  }
  return count;
}

/* Hyphens and apostrophes only decide where everything else is equal; a text without any then comes first. */
static HRESULT compare_words(LCID lcid, ULONG flags, const OLECHAR *left, size_t left_units, const OLECHAR *right,
                             size_t right_units, int *order) {
  size_t left_joints = count_joints(left, left_units);
  size_t right_joints = count_joints(right, right_units);
  if (left_joints == 0 && right_joints == 0) {
    return compare_with_collator(lcid, flags, left, left_units, right, right_units, order);
  }
  OLECHAR *copy = malloc((left_units + right_units) * sizeof *copy);
  if (!copy) {
    return E_OUTOFMEMORY;
  }
  size_t left_rest = copy_without_joints(copy, left, left_units);
  size_t right_rest = copy_without_joints(copy + left_rest, right, right_units);
  HRESULT hr = compare_with_collator(lcid, flags, copy, left_rest, copy + left_rest, right_rest, order);
  free(copy);
  if (FAILED(hr) || *order != 0) {
    return hr;
  }
  if (left_joints == 0 || right_joints == 0) {
    *order = left_joints == 0 ? -1 : 1;
    return S_OK;
  }
  return compare_with_collator(lcid, flags, left, left_units, right, right_units, order);
}

HRESULT collation_compare(LCID lcid, ULONG flags, const OLECHAR *left, size_t left_units, const OLECHAR *right,
                          size_t right_units, int *order) {
  if (left_units == right_units && memcmp(left, right, left_units * sizeof(OLECHAR)) == 0) {
    *order = 0;
    return S_OK;
  }
  if (left_units > INT32_MAX || right_units > INT32_MAX) {
    return E_INVALIDARG;
  }
  if (flags & (STRING_SORT | IGNORE_SYMBOLS)) {
    return compare_with_collator(lcid, flags, left, left_units, right, right_units, order);
  }
  return compare_words(lcid, flags, left, left_units, right, right_units, order);
}

static HRESULT bstr_order(int order) {
  return order < 0 ? VARCMP_LT : order > 0 ? VARCMP_GT : VARCMP_EQ;
}

/* Locale 0 compares bytes; any other one compares as its language sorts, under the NORM_ flags. */
HRESULT VarBstrCmp(BSTR left, BSTR right, LCID lcid, ULONG flags) {
  UINT left_bytes = SysStringByteLen(left);
  UINT right_bytes = SysStringByteLen(right);
  if (left_bytes == 0 || right_bytes == 0) {
    return bstr_order((left_bytes > 0) - (right_bytes > 0));
  }
  if (lcid == 0) {
    int order = memcmp(left, right, left_bytes < right_bytes ? left_bytes : right_bytes);
    return bstr_order(order != 0 ? order : (left_bytes > right_bytes) - (left_bytes < right_bytes));
  }
  int order = 0;
  HRESULT hr =
      collation_compare(lcid, flags, left, left_bytes / sizeof(OLECHAR), right, right_bytes / sizeof(OLECHAR), &order);
  return FAILED(hr) ? hr : bstr_order(order);
}
