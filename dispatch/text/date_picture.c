/*
 * Dates as text: the picture language of GetDateFormat and GetTimeFormat, and VarBstrFromDate.
 */
#include "dispatch/text/date.h"

#include <math.h>

/* Whether a picture has a day number: then a month's name takes the form that stands beside one. */
static BOOL picture_has_day(const char16_t *picture) {
  BOOL quoted = FALSE;

  for (; *picture != 0; picture++) {
    quoted ^= *picture == u'\'';
    if (quoted || *picture != u'd')
      continue;
    int count = 1;
    while (picture[count] == u'd')
      count++;
    if (count <= 2)
      return TRUE;
    picture += count - 1;
  }
  return FALSE;
}

static unsigned twelve_hour(unsigned hour) {
  return hour % 12 == 0 ? 12 : hour % 12;
}

static void write_day(TextBuffer *text, const Locale *locale, const SYSTEMTIME *st, int count) {
  if (count <= 2)
    text_append_number(text, st->wDay, count);
  else
    text_append_string(text, count == 3 ? locale->days_short[st->wDayOfWeek] : locale->days[st->wDayOfWeek]);
}

static void write_month(TextBuffer *text, const Locale *locale, const SYSTEMTIME *st, int count, BOOL beside_day) {
  const LocaleName *names = beside_day ? locale->months_genitive : locale->months;

  if (count <= 2)
    text_append_number(text, st->wMonth, count);
  else
    text_append_string(text, count == 3 ? locale->months_short[st->wMonth - 1] : names[st->wMonth - 1]);
}

/* One field of `count` letters; FALSE: the letter means itself. */
static BOOL write_field(TextBuffer *text, const Locale *locale, const SYSTEMTIME *st, char16_t letter, int count,
                        BOOL has_day) {
  int width = count < 2 ? 1 : 2;

  switch (letter) {
  case u'd':
    write_day(text, locale, st, count);
    return TRUE;
  case u'M':
    write_month(text, locale, st, count, has_day);
    return TRUE;
  case u'y':
    if (count <= 2)
      text_append_number(text, st->wYear % 100u, count);
    else
      text_append_number(text, st->wYear, 1); /* years before 1000 have three digits */
    return TRUE;
  case u'h':
    text_append_number(text, twelve_hour(st->wHour), width);
    return TRUE;
  case u'H':
    text_append_number(text, st->wHour, width);
    return TRUE;
  case u'm':
    text_append_number(text, st->wMinute, width);
    return TRUE;
  case u's':
    text_append_number(text, st->wSecond, width);
    return TRUE;
  case u't': {
    const char16_t *half = st->wHour < 12 ? locale->am : locale->pm;
    if (count == 1 && half[0] != 0)
      text_append_char(text, half[0]);
    else
      text_append_string(text, half);
    return TRUE;
  }
  default:
    return FALSE;
  }
}

void date_write_picture(TextBuffer *text, const Locale *locale, const UDATE *date, const char16_t *picture) {
  BOOL has_day = picture_has_day(picture);
  BOOL quoted = FALSE;

  while (*picture != 0) {
    char16_t c = *picture;
    int count = 1;
    if (c == u'\'') {
      if (picture[1] == u'\'') { /* a quote that means itself */
        text_append_char(text, c);
        picture++;
      } else {
        quoted = !quoted;
      }
      picture++;
      continue;
    }
    while (!quoted && picture[count] == c)
      count++;
    if (quoted || !write_field(text, locale, &date->st, c, count, has_day)) {
      count = 1;
      text_append_char(text, c);
    }
    picture += count;
  }
}

/* A value without a time shows only its date, one without a date only its time. */
static void general_parts(DATE value, BOOL *with_date, BOOL *with_time) {
  double whole = trunc(value);

  *with_date = whole != 0.0;
  *with_time = !*with_date || fabs(value - whole) >= 1e-12;
}

static void write_parts(TextBuffer *text, const Locale *locale, const UDATE *date, BOOL with_date, BOOL with_time) {
  if (with_date)
    date_write_picture(text, locale, date, locale->short_date);
  if (with_date && with_time)
    text_append_char(text, u' ');
  if (with_time)
    date_write_picture(text, locale, date, locale->time);
}

void date_write_general(TextBuffer *text, const Locale *locale, DATE value, const UDATE *date) {
  BOOL with_date, with_time;

  general_parts(value, &with_date, &with_time);
  write_parts(text, locale, date, with_date, with_time);
}

HRESULT VarBstrFromDate(DATE dateIn, LCID lcid, ULONG dwFlags, BSTR *pbstrOut) {
  UDATE date;
  BOOL with_date, with_time;
  TextBuffer text;

  if (!pbstrOut || FAILED(VarUdateFromDate(dateIn, 0, &date)))
    return E_INVALIDARG;
  *pbstrOut = NULL;
  general_parts(dateIn, &with_date, &with_time);
  if ((dwFlags & VAR_DATEVALUEONLY) && !(dwFlags & VAR_TIMEVALUEONLY)) {
    with_date = TRUE;
    with_time = FALSE;
  } else if ((dwFlags & VAR_TIMEVALUEONLY) && !(dwFlags & VAR_DATEVALUEONLY)) {
    with_date = FALSE;
    with_time = TRUE;
  } else if (dwFlags & LOCALE_USE_NLS) { /* the locale's own form has both */
    with_date = with_time = TRUE;
  }
  if (dwFlags & VAR_CALENDAR_THAI)
    date.st.wYear += 543; /* the Buddhist era */
  text_init(&text);
  write_parts(&text, locale_get(lcid), &date, with_date, with_time);
  return text_finish(&text, pbstrOut);
}
