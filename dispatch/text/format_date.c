/*
 * Dates in VarFormat.
 */
#include "dispatch/text/date.h"
#include "dispatch/text/format.h"

#include <math.h>

typedef struct DateWriter {
  const FormatContext *context;
  TextBuffer *text;
  DATE value;
  UDATE date;
  BOOL twelve_hours; /* some AM/PM in the format */
  BOOL beside_day;   /* a day number in the format: months take their genitive */
} DateWriter;

/* Weeks */

/* First day of the week and rule for the first week of the year, with the locale's in place of 0. */
static int first_day(const FormatContext *context) {
  return context->header.first_day != 0 ? context->header.first_day - 1 : context->locale->first_day;
}

static int first_week(const FormatContext *context) {
  static const uint8_t rules[] = { 1, 3, 2 }; /* IFIRSTWEEKOFYEAR to the argument's values */

  return context->header.first_week != 0 ? context->header.first_week : rules[context->locale->first_week];
}

static int weekday(int64_t day) {
  return (int)((day + 6 + 7 * 100000) % 7);
}

/* Day number on which week 1 of a year begins. */
static int64_t week_one(const FormatContext *context, int year) {
  int64_t january = day_number(year, 1, 1);
  int offset = (weekday(january) - first_day(context) + 7) % 7; /* of 1 January in its week */

  switch (first_week(context)) {
  case 2:
    return offset <= 3 ? january - offset : january + 7 - offset;
  case 3:
    return offset == 0 ? january : january + 7 - offset;
  default:
    return january - offset;
  }
}

static int week_of_year(const FormatContext *context, const UDATE *date) {
  int year = date->st.wYear;
  int64_t day = day_number(year, date->st.wMonth, date->st.wDay);
  int64_t begin = week_one(context, year);

  if (day < begin)
    begin = week_one(context, year - 1);
  else if (first_week(context) == 2 && day >= week_one(context, year + 1))
    begin = week_one(context, year + 1);
  return (int)((day - begin) / 7) + 1;
}

/* Operations */

static void write_half(DateWriter *writer, FormatOperation operation) {
  const Locale *locale = writer->context->locale;
  BOOL morning = writer->date.st.wHour < 12;

  switch (operation) {
  case OP_HALF_UPPER:
    text_append_string(writer->text, morning ? u"AM" : u"PM");
    break;
  case OP_HALF_LOWER:
    text_append_string(writer->text, morning ? u"am" : u"pm");
    break;
  case OP_HALF_LETTER:
    text_append_char(writer->text, morning ? u'A' : u'P');
    break;
  case OP_HALF_LETTER_LOWER:
    text_append_char(writer->text, morning ? u'a' : u'p');
    break;
  default:
    text_append_string(writer->text, morning ? locale->am : locale->pm);
  }
}

static void write_picture(DateWriter *writer, const char16_t *picture) {
  date_write_picture(writer->text, writer->context->locale, &writer->date, picture);
}

/* The number that an operation writes, and its fewest digits; FALSE: it writes none. */
static BOOL operation_number(const DateWriter *writer, FormatOperation operation, unsigned *number, int *width) {
  const SYSTEMTIME *st = &writer->date.st;
  unsigned hour = writer->twelve_hours ? (st->wHour + 11u) % 12 + 1 : st->wHour;

  *width = 1;
  switch (operation) {
  case OP_DAY_2:
    *width = 2;
    /* fall through */
  case OP_DAY:
    *number = st->wDay;
    return TRUE;
  case OP_MONTH_2:
    *width = 2;
    /* fall through */
  case OP_MONTH:
    *number = st->wMonth;
    return TRUE;
  case OP_HOUR_2:
    *width = 2;
    /* fall through */
  case OP_HOUR:
    *number = hour;
    return TRUE;
  case OP_MINUTE_2:
    *width = 2;
    /* fall through */
  case OP_MINUTE:
    *number = st->wMinute;
    return TRUE;
  case OP_SECOND_2:
    *width = 2;
    /* fall through */
  case OP_SECOND:
    *number = st->wSecond;
    return TRUE;
  case OP_WEEKDAY:
    *number = (st->wDayOfWeek + 7u - (unsigned)first_day(writer->context)) % 7 + 1;
    return TRUE;
  case OP_WEEK:
    *number = (unsigned)week_of_year(writer->context, &writer->date);
    return TRUE;
  case OP_QUARTER:
    *number = (st->wMonth + 2u) / 3;
    return TRUE;
  case OP_DAY_OF_YEAR:
    *number = writer->date.wDayOfYear;
    return TRUE;
  case OP_YEAR_2:
    *width = 2;
    *number = st->wYear % 100u;
    return TRUE;
  case OP_YEAR_4:
    *number = st->wYear;
    return TRUE;
  default:
    return FALSE;
  }
}

static void write_operation(DateWriter *writer, const FormatReader *reader) {
  const Locale *locale = writer->context->locale;
  const SYSTEMTIME *st = &writer->date.st;
  unsigned number = 0;
  int width = 0;

  if (operation_number(writer, reader->operation, &number, &width)) {
    text_append_number(writer->text, number, width);
    return;
  }
  switch (reader->operation) {
  case OP_GENERAL_DATE:
    date_write_general(writer->text, locale, writer->value, &writer->date);
    break;
  case OP_DAY_SHORT:
    text_append_string(writer->text, locale->days_short[st->wDayOfWeek]);
    break;
  case OP_DAY_NAME:
    text_append_string(writer->text, locale->days[st->wDayOfWeek]);
    break;
  case OP_SHORT_DATE:
    write_picture(writer, locale->short_date);
    break;
  case OP_LONG_DATE:
    write_picture(writer, locale->long_date);
    break;
  case OP_MONTH_SHORT:
    text_append_string(writer->text, locale->months_short[st->wMonth - 1]);
    break;
  case OP_MONTH_NAME:
    text_append_string(writer->text,
                       writer->beside_day ? locale->months_genitive[st->wMonth - 1] : locale->months[st->wMonth - 1]);
    break;
  case OP_LONG_TIME:
    write_picture(writer, locale->time);
    break;
  case OP_HALF_UPPER:
  case OP_HALF_LOWER:
  case OP_HALF_LETTER:
  case OP_HALF_LETTER_LOWER:
  case OP_HALF_LOCALE:
    write_half(writer, reader->operation);
    break;
  default:
    format_write_common(writer->text, writer->context, reader);
  }
}

/* The value */

/* Numbers are serial dates; texts are dates, or else numbers. */
static HRESULT date_from_variant(const VARIANT *value, LCID lcid, DATE *date) {
  VARIANT number;
  VARIANT *source = (VARIANT *)(uintptr_t)value;
  HRESULT hr;

  switch (V_VT(value)) {
  case VT_DATE:
    *date = V_DATE(value);
    return S_OK;
  case VT_BSTR:
    hr = VarDateFromStr(V_BSTR(value), lcid, 0, date);
    if (hr == DISP_E_TYPEMISMATCH)
      hr = VarR8FromStr(V_BSTR(value), lcid, 0, date);
    return hr;
  default:
    VariantInit(&number);
    hr = VariantChangeTypeEx(&number, source, lcid, 0, VT_R8);
    *date = SUCCEEDED(hr) ? V_R8(&number) : 0;
    return hr;
  }
}

HRESULT format_date(const FormatContext *context, const VARIANT *value, TextBuffer *text) {
  DateWriter writer = { .context = context, .text = text };
  HRESULT hr = date_from_variant(value, context->lcid, &writer.value);
  FormatReader reader;

  if (FAILED(hr))
    return hr;
  if (FAILED(VarUdateFromDate(writer.value, 0, &writer.date)))
    return DISP_E_OVERFLOW;
  format_reader_open(&reader, context->tokens, &context->header, 0, context->format);
  FormatReader ahead = reader;
  while (format_reader_next(&ahead)) {
    writer.twelve_hours =
        writer.twelve_hours || (ahead.operation >= OP_HALF_UPPER && ahead.operation <= OP_HALF_LOCALE);
    writer.beside_day = writer.beside_day || ahead.operation == OP_DAY || ahead.operation == OP_DAY_2;
  }
  while (format_reader_next(&reader))
    write_operation(&writer, &reader);
  return S_OK;
}
