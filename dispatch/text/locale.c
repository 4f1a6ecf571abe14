/*
 * The set of locales in use: found by LCID, filled on first use, kept for good. Locales are immutable once they
 * are in the list, so a reader needs no lock.
 */
#include "dispatch/text/locale.h"

#include <stdlib.h>

enum {
  LANGUAGE_MASK = 0xFFFF, /* the rest of an LCID says how to sort */
  LCID_NEUTRAL = 0x0000,
  LCID_USER_DEFAULT = 0x0400,
  LCID_SYSTEM_DEFAULT = 0x0800,
  LCID_CUSTOM_DEFAULT = 0x0C00,
  LCID_INVARIANT = 0x007F,
  SUBLANGUAGE_MASK = 0xFC00,
  SUBLANGUAGE_DEFAULT = 0x0400
};

typedef struct LocaleEntry {
  struct LocaleEntry *next;
  Locale locale;
} LocaleEntry;

static LocaleEntry *locale_list; /* grows at its head only */

static const Locale *list_find(LCID lcid) {
  for (const LocaleEntry *entry = __atomic_load_n(&locale_list, __ATOMIC_ACQUIRE); entry; entry = entry->next) {
    if (entry->locale.lcid == lcid)
      return &entry->locale;
  }
  return NULL;
}

static const Locale *list_add(LCID lcid) {
  LocaleEntry *entry = calloc(1, sizeof *entry);

  if (!entry)
    return NULL;
  if (!locale_fill(lcid, &entry->locale)) {
    free(entry);
    return NULL;
  }
  /* Two threads may both add a locale; the second copy is harmless and never found. */
  entry->next = __atomic_load_n(&locale_list, __ATOMIC_ACQUIRE);
  while (!__atomic_compare_exchange_n(&locale_list, &entry->next, entry, TRUE, __ATOMIC_RELEASE, __ATOMIC_ACQUIRE)) {
  }
  return &entry->locale;
}

const Locale *locale_find(LCID lcid) {
  lcid &= LANGUAGE_MASK;
  switch (lcid) {
  case LOCALE_EN_US:
  case LCID_NEUTRAL:
  case LCID_USER_DEFAULT:
  case LCID_SYSTEM_DEFAULT:
  case LCID_CUSTOM_DEFAULT:
    return &locale_en_us;
  case LCID_INVARIANT:
    return &locale_invariant;
  default:
    break;
  }
  if ((lcid & SUBLANGUAGE_MASK) == 0) /* a language alone stands for its first country */
    lcid |= SUBLANGUAGE_DEFAULT;
  if (lcid == LOCALE_EN_US)
    return &locale_en_us;
  const Locale *locale = list_find(lcid);
  return locale ? locale : list_add(lcid);
}

const Locale *locale_get(LCID lcid) {
  const Locale *locale = locale_find(lcid);

  return locale ? locale : &locale_en_us;
}
