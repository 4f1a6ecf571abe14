/* FILETIME: units of 100 ns since 1601, and the date and time of MS-DOS files, which have two seconds and the years
 * 1980 to 2107. */
#include <stdbool.h>
#include <stdint.h>
#include <time.h>

#include "com/com_api.h"

#define TICKS_PER_SECOND     10000000
#define SECONDS_PER_DAY      86400
#define SECONDS_1601_TO_1970 11644473600

static void set_ticks(FILETIME *time, uint64_t ticks) {
  time->dwLowDateTime = (DWORD)ticks;
  time->dwHighDateTime = (DWORD)(ticks >> 32);
}

FILETIME file_time_from_timespec(struct timespec time) {
  FILETIME result;

  set_ticks(&result, (uint64_t)(time.tv_sec + SECONDS_1601_TO_1970) * TICKS_PER_SECOND + (uint64_t)time.tv_nsec / 100);
  return result;
}

HRESULT CoFileTimeNow(FILETIME *time) {
  struct timespec now;

  if (!time)
    return E_INVALIDARG;
  clock_gettime(CLOCK_REALTIME, &now);
  *time = file_time_from_timespec(now);
  return S_OK;
}

static bool is_leap(unsigned year) {
  return (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
}

static unsigned days_in_month(unsigned year, unsigned month) {
  static const unsigned char days[] = { 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31 };

  return days[month - 1] + (month == 2 && is_leap(year));
}

/* Days from 1 January 1601 to that of the year. */
static uint64_t days_to_year(unsigned year) {
  uint64_t past = year - 1601;

  return past * 365 + past / 4 - past / 100 + past / 400;
}

BOOL CoFileTimeToDosDateTime(FILETIME *time, LPWORD dos_date, LPWORD dos_time) {
  unsigned year = 1980;
  unsigned month = 1;

  if (!time || !dos_date || !dos_time)
    return FALSE;
  uint64_t seconds = ((uint64_t)time->dwHighDateTime << 32 | time->dwLowDateTime) / TICKS_PER_SECOND;
  uint64_t days = seconds / SECONDS_PER_DAY;
  unsigned rest = (unsigned)(seconds % SECONDS_PER_DAY);
  if (days < days_to_year(1980) || days >= days_to_year(2108))
    return FALSE;
  while (days >= days_to_year(year + 1))
    year++;
  days -= days_to_year(year);
  for (; days >= days_in_month(year, month); month++)
    days -= days_in_month(year, month);
  *dos_date = (WORD)((year - 1980) << 9 | month << 5 | (unsigned)(days + 1));
  *dos_time = (WORD)(rest / 3600 << 11 | rest / 60 % 60 << 5 | rest % 60 / 2);
  return TRUE;
}

BOOL CoDosDateTimeToFileTime(WORD dos_date, WORD dos_time, FILETIME *time) {
  unsigned year = 1980 + (dos_date >> 9);
  unsigned month = dos_date >> 5 & 15;
  unsigned day = dos_date & 31;
  unsigned hour = dos_time >> 11;
  unsigned minute = dos_time >> 5 & 63;
  unsigned second = (dos_time & 31) * 2u;
  uint64_t days = days_to_year(year);

  if (!time || month < 1 || month > 12 || day < 1 || day > days_in_month(year, month) || hour > 23 || minute > 59 ||
      second > 59)
    return FALSE;
  for (unsigned i = 1; i < month; i++)
    days += days_in_month(year, i);
  days += day - 1;
  set_ticks(time, (days * SECONDS_PER_DAY + hour * 3600 + minute * 60 + second) * TICKS_PER_SECOND);
  return TRUE;
}
