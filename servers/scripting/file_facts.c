/* What is asked of a file or a folder alike: presence, dates, attributes, type. */
#include "scripting_internal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>

#define WRITE_BITS (S_IWUSR | S_IWGRP | S_IWOTH)

HRESULT facts_stat(const char *path, HRESULT missing, struct stat *status) {
  int number;

  if (stat(path, status) == 0)
    return S_OK;
  number = errno;
  /* A link that leads nowhere, or round in a circle, is still an entry of its folder. */
  if ((number == ENOENT || number == ELOOP) && lstat(path, status) == 0 && S_ISLNK(status->st_mode))
    return S_OK;
  return error_from_errno(number, missing);
}

bool facts_is_folder(const char *path) {
  struct stat status;

  return stat(path, &status) == 0 && S_ISDIR(status.st_mode);
}

bool facts_is_file(const char *path) {
  struct stat status;

  return stat(path, &status) == 0 && !S_ISDIR(status.st_mode);
}

/* dates */

/* Days from 1899-12-30, which is day 0 of a DATE; proleptic Gregorian calendar. */
static int64_t days_of(int64_t year, int month, int day) {
  int64_t y = month <= 2 ? year - 1 : year;
  int64_t era = (y >= 0 ? y : y - 399) / 400, of_era = y - era * 400;
  int64_t of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;

  return era * 146097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719468 + 25569;
}

/* Local time in whole seconds. Before day 0 the fraction counts backwards from the day, as in every DATE. */
static HRESULT date_of(int64_t seconds, DATE *date) {
  time_t when = (time_t)seconds;
  struct tm local;
  double days, fraction;

  if (!localtime_r(&when, &local))
    return RUNTIME_PATH_ACCESS;
  days = (double)days_of((int64_t)local.tm_year + 1900, local.tm_mon + 1, local.tm_mday);
  fraction = (local.tm_hour * 3600.0 + local.tm_min * 60.0 + local.tm_sec) / 86400.0;
  *date = days >= 0 ? days + fraction : days - fraction;
  return S_OK;
}

HRESULT facts_date(const char *path, HRESULT missing, FileDate which, DATE *date) {
  struct stat status;
  struct statx more;
  HRESULT hr;

  *date = 0;
  hr = facts_stat(path, missing, &status);
  if (FAILED(hr))
    return hr;
  switch (which) {
  case DATE_MODIFIED:
    return date_of(status.st_mtime, date);
  case DATE_ACCESSED:
    return date_of(status.st_atime, date);
  default:
    break;
  }
  if (statx(AT_FDCWD, path, 0, STATX_BTIME, &more) == 0 && (more.stx_mask & STATX_BTIME))
    return date_of(more.stx_btime.tv_sec, date);
  /* A file system that does not keep it: no later than the oldest date that it does keep. */
  return date_of(status.st_mtime < status.st_ctime ? status.st_mtime : status.st_ctime, date);
}

/* attributes */

static LONG attributes_of(const char *path, const struct stat *status, bool link) {
  const char *name = path_name(path);
  LONG attributes = Normal;

  if (S_ISDIR(status->st_mode))
    attributes |= Directory;
  if (link)
    attributes |= Alias;
  if (!S_ISLNK(status->st_mode) && !(status->st_mode & WRITE_BITS))
    attributes |= ReadOnly;
  if (name[0] == '.' && name[1])
    attributes |= Hidden;
  return attributes;
}

static HRESULT read_attributes(const char *path, HRESULT missing, struct stat *status, LONG *attributes) {
  struct stat itself;
  HRESULT hr = facts_stat(path, missing, status);

  if (SUCCEEDED(hr))
    *attributes = attributes_of(path, status, lstat(path, &itself) == 0 && S_ISLNK(itself.st_mode));
  return hr;
}

HRESULT facts_attributes(const char *path, HRESULT missing, FileAttribute *attributes) {
  struct stat status;
  LONG bits = 0;
  HRESULT hr = read_attributes(path, missing, &status, &bits);

  *attributes = (FileAttribute)bits;
  return hr;
}

/* Only ReadOnly can change: it is the write permission. The others must be as they are. */
HRESULT facts_set_attributes(const char *path, HRESULT missing, FileAttribute attributes) {
  struct stat status;
  LONG now = 0, wanted = (LONG)attributes;
  mode_t mode;
  HRESULT hr = read_attributes(path, missing, &status, &now);

  if (FAILED(hr))
    return hr;
  /* Those that cannot be written never were an error, whatever the value says about them. */
  if (((now ^ wanted) & ~(ReadOnly | Volume | Directory | Alias | Compressed)) != 0)
    return E_INVALIDARG;
  if (!((now ^ wanted) & ReadOnly))
    return S_OK;
  mode = (status.st_mode & 07777) & ~(mode_t)WRITE_BITS;
  if (!(wanted & ReadOnly))
    mode |= S_IWUSR;
  return chmod(path, mode) == 0 ? S_OK : error_from_errno(errno, missing);
}

/* type and size */

HRESULT facts_type(const char *path, BSTR *text) {
  const char *name = path_name(path), *dot = strrchr(name, '.');
  size_t size, i;
  char *type;
  HRESULT hr;

  if (facts_is_folder(path))
    return text_bstr("File Folder", 11, text);
  if (!dot || !dot[1])
    return text_bstr("File", 4, text);
  size = strlen(dot + 1);
  type = malloc(size + 6);
  if (!type)
    return E_OUTOFMEMORY;
  for (i = 0; i < size; i++)
    type[i] = (char)(dot[i + 1] >= 'a' && dot[i + 1] <= 'z' ? dot[i + 1] - 'a' + 'A' : dot[i + 1]);
  memcpy(type + size, " File", 6);
  hr = text_bstr(type, size + 5, text);
  free(type);
  return hr;
}

void facts_number(uint64_t number, VARIANT *result) {
  if (number <= INT32_MAX) {
    V_VT(result) = VT_I4;
    V_I4(result) = (LONG)number;
  } else {
    V_VT(result) = VT_R8;
    V_R8(result) = (double)number;
  }
}
