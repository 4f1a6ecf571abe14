/*
 * Calendar arithmetic behind VT_DATE: days since 30 December 1899, the fraction the time of that day (also for
 * negative dates: -1.25 is 29 December 1899, 06:00). Gregorian calendar throughout, 1 January 100 to 31 December 9999.
 */
#ifndef OLEANDER_DISPATCH_DATE_H
#define OLEANDER_DISPATCH_DATE_H

#include "dispatch/text/locale.h"
#include "dispatch/text/text_buffer.h"

#include <oleauto.h>

enum {
  DATE_FIRST = -657434, /* 1 January 100 */
  DATE_LAST = 2958465,  /* 31 December 9999 */
  YEAR_FIRST = 100,
  YEAR_LAST = 9999,
  YEAR_PIVOT = 50, /* from here on a year of two digits is in the last century */
  SECONDS_PER_DAY = 86400
};

BOOL year_is_leap(int year);

/* Days of a month, 1 to 12, of a year. */
int month_days(int year, int month);

/* Day number of a date (30 December 1899 is 0). Months and days need not be in range: they roll over. */
int64_t day_number(int64_t year, int64_t month, int64_t day);

/* Two-digit years: 0 to 49 are 2000 to 2049, 50 to 99 are 1950 to 1999; all others stay. */
int year_complete(int year);

/* Date and seconds as a DATE, or one of them: VAR_TIMEVALUEONLY, which beats VAR_DATEVALUEONLY. */
DATE date_combine(int64_t day, int64_t seconds, ULONG flags);

/* The date of a day number and the seconds since midnight. */
void udate_from_day(int32_t day, int32_t seconds, UDATE *date);

/* Writes `date` in the picture language of GetDateFormat and GetTimeFormat (locale->short_date and so on). */
void date_write_picture(TextBuffer *text, const Locale *locale, const UDATE *date, const char16_t *picture);

/* The texts of VarBstrFromDate: short date, long time, or both with a space between. */
void date_write_general(TextBuffer *text, const Locale *locale, DATE value, const UDATE *date);

#endif
