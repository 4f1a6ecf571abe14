/*
 * Dates as numbers and as fields: VarUdateFromDate and back, SYSTEMTIME, MS-DOS date and time.
 */
#include "dispatch/text/date.h"

#include <math.h>
#include <stdbool.h>
#include <time.h>

BOOL year_is_leap(int year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

int month_days(int year, int month) {
  static const uint8_t days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  return month == 2 && year_is_leap(year) ? 29 : days[month - 1];
}

static int64_t floor_divide(int64_t value, int64_t divisor) {
  return value / divisor - (value % divisor < 0);
}

/* Days from 1 January of year 1 to 30 December 1899. */
static const int64_t epoch_days = 693593;

/* Counts in years that begin in March, so that the leap day is the last of its year. */
int64_t day_number(int64_t year, int64_t month, int64_t day) {
  year += floor_divide(month - 1, 12);
  month = month - 1 - 12 * floor_divide(month - 1, 12); /* 0 to 11 */
  int64_t march_year = month < 2 ? year - 1 : year;
  int64_t march_month = month < 2 ? month + 10 : month - 2;
  int64_t days = march_year * 365 + floor_divide(march_year, 4) - floor_divide(march_year, 100) +
                 floor_divide(march_year, 400) + (march_month * 153 + 2) / 5 + day;
  return days - 306 - epoch_days - 1;
}

int year_complete(int year) {
  if (year < 0 || year > 99)
    return year;
  return year + (year < YEAR_PIVOT ? 2000 : 1900);
}

void udate_from_day(int32_t day, int32_t seconds, UDATE *date) {
  int64_t days = (int64_t)day + epoch_days; /* since 1 January of year 1, positive for every valid date */
  int year = (int)(days * 400 / 146097) + 1;

  while (day_number(year, 1, 1) > day)
    year--;
  while (day_number(year + 1, 1, 1) <= day)
    year++;
  int in_year = (int)(day - day_number(year, 1, 1)); /* from 0 */
  int month = 1;
  int rest = in_year;
  while (rest >= month_days(year, month))
    rest -= month_days(year, month++);
  date->st.wYear = (WORD)year;
  date->st.wMonth = (WORD)month;
  date->st.wDay = (WORD)(rest + 1);
  date->st.wDayOfWeek = (WORD)((day + 6 + 7 * 100000) % 7); /* day 0 was a Saturday */
  date->st.wHour = (WORD)(seconds / 3600);
  date->st.wMinute = (WORD)(seconds / 60 % 60);
  date->st.wSecond = (WORD)(seconds % 60);
  date->st.wMilliseconds = 0;
  date->wDayOfYear = (USHORT)(in_year + 1);
}

/* VT_DATE to fields */

HRESULT VarUdateFromDate(DATE dateIn, ULONG dwFlags, UDATE *pudateOut) {
  (void)dwFlags;
  /* Written so that NaN fails, too. */
  if (!pudateOut || !(dateIn > DATE_FIRST - 1.0 && dateIn < DATE_LAST + 1.0))
    return E_INVALIDARG;
  double whole = trunc(dateIn);
  int32_t day = (int32_t)whole;
  int32_t seconds = (int32_t)floor(fabs(dateIn - whole) * SECONDS_PER_DAY + 0.5);
  if (seconds == SECONDS_PER_DAY) { /* rounded into the next day, which the last day does not have */
    seconds = day < DATE_LAST ? 0 : SECONDS_PER_DAY - 1;
    day += day < DATE_LAST;
  }
  udate_from_day(day, seconds, pudateOut);
  return S_OK;
}

INT VariantTimeToSystemTime(DOUBLE vtime, LPSYSTEMTIME lpSystemTime) {
  UDATE date;

  if (!lpSystemTime || FAILED(VarUdateFromDate(vtime, 0, &date)))
    return FALSE;
  *lpSystemTime = date.st;
  return TRUE;
}

/* Fields to VT_DATE */

DATE date_combine(int64_t day, int64_t seconds, ULONG flags) {
  bool only_time = (flags & VAR_TIMEVALUEONLY) != 0;
  bool only_date = !only_time && (flags & VAR_DATEVALUEONLY) != 0;
  double time = only_date ? 0.0 : (double)seconds / SECONDS_PER_DAY;
  double date = only_time ? 0.0 : (double)day;

  return date < 0.0 ? date - time : date + time;
}

/* 2000 years; the calendar repeats after 400. */
enum { DAYS_TO_2000 = 5 * 146097 };

/* Fields are read as signed and roll over: 31 November is 1 December, hour -1 is 23:00 of the day before. A year that is
 * then none counts from 2000. Of all fields only the year is checked, and that as it is given. */
HRESULT VarDateFromUdateEx(UDATE *pudateIn, LCID lcid, ULONG dwFlags, DATE *pdateOut) {
  (void)lcid;
  if (!pudateIn || !pdateOut)
    return E_INVALIDARG;
  const SYSTEMTIME *st = &pudateIn->st;
  int year = (int16_t)st->wYear;
  if (year > YEAR_LAST || year < -YEAR_LAST)
    return E_INVALIDARG;
  int64_t seconds = (int64_t)(int16_t)st->wHour * 3600 + (int64_t)(int16_t)st->wMinute * 60 + (int16_t)st->wSecond;
  int64_t day = day_number(year_complete(year), (int16_t)st->wMonth, (int16_t)st->wDay);
  day += floor_divide(seconds, SECONDS_PER_DAY);
  seconds -= SECONDS_PER_DAY * floor_divide(seconds, SECONDS_PER_DAY);
  if (day < day_number(1, 1, 1))
    day += DAYS_TO_2000;
  *pdateOut = date_combine(day, seconds, dwFlags);
  return S_OK;
}

HRESULT VarDateFromUdate(UDATE *pudateIn, ULONG dwFlags, DATE *pdateOut) {
  return VarDateFromUdateEx(pudateIn, LOCALE_USER_DEFAULT, dwFlags, pdateOut);
}

/* Days 0 to 31 are corrected (0 is the last of the month before, 30 February is in March); nothing else is. */
INT SystemTimeToVariantTime(LPSYSTEMTIME lpSystemTime, DOUBLE *pvtime) {
  if (!lpSystemTime || !pvtime)
    return FALSE;
  if (lpSystemTime->wMonth < 1 || lpSystemTime->wMonth > 12 || lpSystemTime->wDay > 31 ||
      lpSystemTime->wYear > YEAR_LAST)
    return FALSE;
  UDATE date = { .st = *lpSystemTime };
  return SUCCEEDED(VarDateFromUdate(&date, 0, pvtime));
}

/* MS-DOS: date is year-1980 (7 bits), month (4), day (5); time is hour (5), minute (6), seconds / 2 (5) */

enum { DOS_YEAR_FIRST = 1980, DOS_YEAR_LAST = 2099 };

INT DosDateTimeToVariantTime(USHORT wDosDate, USHORT wDosTime, DOUBLE *pvtime) {
  UDATE date = { .st = { .wYear = (WORD)(DOS_YEAR_FIRST + (wDosDate >> 9)),
                         .wMonth = (wDosDate >> 5) & 15,
                         .wDay = wDosDate & 31,
                         .wHour = (WORD)(wDosTime >> 11),
                         .wMinute = (wDosTime >> 5) & 63,
                         .wSecond = (WORD)((wDosTime & 31) * 2) } };

  if (!pvtime || date.st.wYear > DOS_YEAR_LAST || date.st.wMonth > 12 || date.st.wHour > 23 || date.st.wMinute > 59 ||
      date.st.wSecond > 59)
    return FALSE;
  return SUCCEEDED(VarDateFromUdate(&date, 0, pvtime));
}

INT VariantTimeToDosDateTime(DOUBLE vtime, USHORT *pwDosDate, USHORT *pwDosTime) {
  UDATE date;

  if (!pwDosDate || !pwDosTime)
    return FALSE;
  *pwDosDate = 0;
  *pwDosTime = 0;
  if (FAILED(VarUdateFromDate(vtime, 0, &date)) || date.st.wYear < DOS_YEAR_FIRST || date.st.wYear > DOS_YEAR_LAST)
    return FALSE;
  *pwDosDate = (USHORT)((date.st.wYear - DOS_YEAR_FIRST) << 9 | date.st.wMonth << 5 | date.st.wDay);
  *pwDosTime = (USHORT)(date.st.wHour << 11 | date.st.wMinute << 5 | date.st.wSecond / 2);
  return TRUE;
}
