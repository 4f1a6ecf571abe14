/*
 * What Automation asks of a locale, by LCID: separators, currency and number forms, date and time pictures,
 * names of months and days, first day and week, boolean texts. Meanings and codes are those of the Windows
 * LOCALE_* information types, named at each field. English (United States) is the user and system default and is
 * compiled in; all other locales are filled from ICU once and kept for the life of the process.
 */
#ifndef OLEANDER_DISPATCH_LOCALE_H
#define OLEANDER_DISPATCH_LOCALE_H

#include <wtypes.h>

#include <stdint.h>

enum {
  LOCALE_TEXT_SHORT = 8,    /* separators */
  LOCALE_TEXT_NAME = 48,    /* names of months and days, boolean texts */
  LOCALE_TEXT_PICTURE = 64, /* date and time pictures */
  LOCALE_EN_US = 0x0409
};

typedef enum LocaleDateOrder { LOCALE_ORDER_MDY, LOCALE_ORDER_DMY, LOCALE_ORDER_YMD } LocaleDateOrder;

typedef char16_t LocaleShort[LOCALE_TEXT_SHORT];
typedef char16_t LocaleName[LOCALE_TEXT_NAME];
typedef char16_t LocalePicture[LOCALE_TEXT_PICTURE];

/* Everything is NUL-terminated UTF-16 and immutable. */
typedef struct Locale {
  LCID lcid;

  /* Numbers */
  LocaleShort decimal;       /* SDECIMAL */
  LocaleShort thousands;     /* STHOUSAND */
  uint8_t group_first;       /* SGROUPING: digits of the group next to the decimal separator, 0 = no groups */
  uint8_t group_rest;        /* digits of the further groups (2 for Hindi), 0 = no further groups */
  uint8_t digits;            /* IDIGITS: decimals by default */
  uint8_t leading_zero;      /* ILZERO: 1 for "0.5", 0 for ".5" */
  uint8_t negative_number;   /* INEGNUMBER: 0 "(1.1)", 1 "-1.1", 2 "- 1.1", 3 "1.1-", 4 "1.1 -" */
  LocaleShort negative_sign; /* SNEGATIVESIGN */
  LocaleShort positive_sign; /* SPOSITIVESIGN */

  /* Currency */
  LocaleName currency;            /* SCURRENCY */
  LocaleShort currency_decimal;   /* SMONDECIMALSEP */
  LocaleShort currency_thousands; /* SMONTHOUSANDSEP */
  uint8_t currency_group_first;   /* SMONGROUPING */
  uint8_t currency_group_rest;
  uint8_t currency_digits;   /* ICURRDIGITS */
  uint8_t currency_positive; /* ICURRENCY: 0 "$1.1", 1 "1.1$", 2 "$ 1.1", 3 "1.1 $" */
  uint8_t currency_negative; /* INEGCURR: 0 "($1.1)" .. 15 */

  /* Dates and times; pictures in the language of GetDateFormat and GetTimeFormat */
  LocaleDateOrder date_order;         /* IDATE: of the short date */
  LocaleDateOrder long_order;         /* ILDATE: of the long date */
  LocaleShort date_separator;         /* SDATE */
  LocaleShort time_separator;         /* STIME */
  LocaleName am;                      /* S1159 */
  LocaleName pm;                      /* S2359 */
  LocalePicture short_date;           /* SSHORTDATE */
  LocalePicture long_date;            /* SLONGDATE */
  LocalePicture time;                 /* STIMEFORMAT */
  uint8_t time_24;                    /* ITIME: 1 for a 24-hour clock */
  uint8_t time_leading_zero;          /* ITLZERO: 1 for "09:00:00" */
  uint8_t first_day;                  /* IFIRSTDAYOFWEEK, but 0 = Sunday .. 6 = Saturday */
  uint8_t first_week;                 /* IFIRSTWEEKOFYEAR: 0 with 1 January, 1 first full week, 2 first of four days */
  LocaleName months[12];              /* SMONTHNAME */
  LocaleName months_short[12];        /* SABBREVMONTHNAME */
  LocaleName months_genitive[12];     /* the form beside a day number; the same as `months` where there is no other */
  LocaleName months_alternate[12];    /* of GetAltMonthNames: genitive, or of the second calendar; empty if none */
  const char16_t *alternate_list[13]; /* the same as GetAltMonthNames hands it out, NULL at the end */
  LocaleName days[7];                 /* Sunday first */
  LocaleName days_short[7];

  /* Booleans: TRUE, FALSE as VAR_LOCALBOOL writes them, and of the named formats */
  LocaleName text_true, text_false, text_yes, text_no, text_on, text_off;
} Locale;

/* The locale of `lcid`; NULL when there is no such locale (or no memory for it). LOCALE_USER_DEFAULT,
 * LOCALE_SYSTEM_DEFAULT and 0 are English (United States). Sort bits are ignored. */
const Locale *locale_find(LCID lcid);

/* The same, but the default locale in place of NULL. */
const Locale *locale_get(LCID lcid);

/* A locale as ICU and the table of Windows differences describe it (locale_icu.c); FALSE: no such locale. */
BOOL locale_fill(LCID lcid, Locale *locale);

/* Compiled in (locale_en.c). */
extern const Locale locale_en_us;
extern const Locale locale_invariant;

#endif
