/*
 * VarDateFromStr. A text is a row of fields (numbers and names of months). Fields that a time separator joins, or
 * that AM or PM follows, are the time; all others are the date, which the locale's order reads first and the
 * other orders in turn if that gives no date.
 */
#include "dispatch/text/date.h"

#include <string.h>
#include <time.h>
#include <unicode/uchar.h>
#include <unicode/ustring.h>

enum { FIELDS_MAX = 6, NUMBER_DIGITS_MAX = 9 };

typedef enum Half { HALF_NONE, HALF_AM, HALF_PM } Half;

typedef struct DateField {
  int value;
  BOOL is_month; /* by name */
  BOOL joined;   /* a time separator joins it with the next field */
  BOOL is_time;
} DateField;

typedef struct DateParser {
  const char16_t *text;
  const Locale *locale;
  DateField fields[FIELDS_MAX];
  int count;
  Half half;
  BOOL half_first;   /* AM or PM was read in front of its time */
  BOOL after_number; /* a separator may follow */
} DateParser;

typedef struct DateParts {
  int year, month, day;
} DateParts;

/* Matching names, without case */

static int name_match(const char16_t *text, const char16_t *name) {
  int length = 0;

  if (name[0] == 0)
    return 0;
  for (; name[length] != 0; length++) {
    if (text[length] == 0 ||
        u_foldCase(text[length], U_FOLD_CASE_DEFAULT) != u_foldCase(name[length], U_FOLD_CASE_DEFAULT)) {
      /* the dot of an abbreviation may be missing */
      return name[length] == u'.' && name[length + 1] == 0 && length > 0 ? length : 0;
    }
  }
  return length;
}

/* The longest of `count` names that the text begins with; its length and, in *index, its number. */
static int names_match(const char16_t *text, const LocaleName *names, int count, int best, int *index) {
  for (int i = 0; i < count; i++) {
    int length = name_match(text, names[i]);
    if (length > best) {
      best = length;
      *index = i;
    }
  }
  return best;
}

static int month_match(const char16_t *text, const Locale *locale, int *month) {
  int length = names_match(text, locale->months, 12, 0, month);

  length = names_match(text, locale->months_genitive, 12, length, month);
  length = names_match(text, locale->months_short, 12, length, month);
  return names_match(text, locale->months_alternate, 12, length, month);
}

static int weekday_match(const char16_t *text, const Locale *locale) {
  int ignored = 0;

  return names_match(text, locale->days_short, 7, names_match(text, locale->days, 7, 0, &ignored), &ignored);
}

static int half_match(const char16_t *text, const Locale *locale, Half *half) {
  static const struct {
    char16_t text[3];
    Half half;
  } english[] = { { u"am", HALF_AM }, { u"pm", HALF_PM }, { u"a", HALF_AM }, { u"p", HALF_PM } };
  int length = name_match(text, locale->am);

  *half = HALF_AM;
  if (length == 0) {
    length = name_match(text, locale->pm);
    *half = HALF_PM;
  }
  for (size_t i = 0; length == 0 && i < sizeof english / sizeof english[0]; i++) {
    length = name_match(text, english[i].text);
    *half = english[i].half;
  }
  return length;
}

/* Words between the fields of a picture of the locale: "de" in Spanish, the signs for year and day in Japanese. */
static int literal_match(const char16_t *text, const char16_t *picture) {
  while (*picture != 0) {
    char16_t word[LOCALE_TEXT_PICTURE];
    int length = 0;
    BOOL quoted = FALSE;
    for (; *picture != 0 && (quoted || *picture == u'\'' || !u_strchr(u"dMyg", *picture)); picture++) {
      if (*picture == u'\'')
        quoted = !quoted;
      else if (!u_isUWhiteSpace(*picture) && !u_strchr(u".,-/", *picture))
        word[length++] = *picture;
      else if (length > 0 && *picture == u'.')
        word[length++] = *picture;
    }
    word[length] = 0;
    length = name_match(text, word);
    if (length > 0)
      return length;
    if (*picture != 0)
      picture++;
  }
  return 0;
}

/* Reading the row of fields; each reader moves on past what it knows and answers whether that was valid */

static BOOL add_field(DateParser *parser, int value, BOOL is_month) {
  if (parser->count == FIELDS_MAX)
    return FALSE;
  DateField *field = &parser->fields[parser->count++];
  *field = (DateField){ .value = value, .is_month = is_month };
  if (parser->half_first) { /* "PM 3:00" */
    field->is_time = TRUE;
    parser->half_first = FALSE;
  }
  parser->after_number = TRUE;
  return TRUE;
}

static BOOL read_number(DateParser *parser) {
  int value = 0;
  int digits = 0;

  for (; *parser->text >= u'0' && *parser->text <= u'9'; parser->text++) {
    if (++digits > NUMBER_DIGITS_MAX)
      return FALSE;
    value = value * 10 + (*parser->text - u'0');
  }
  return add_field(parser, value, FALSE);
}

static BOOL set_half(DateParser *parser, Half half) {
  if (parser->half != HALF_NONE)
    return FALSE;
  parser->half = half;
  /* East Asian times begin with it; there it belongs to what follows, unless a time was just read. */
  BOOL leads = parser->locale->time[0] == u't' || parser->locale->date_order == LOCALE_ORDER_YMD;
  BOOL after_time = parser->count > 1 && parser->fields[parser->count - 2].joined;
  if (parser->after_number && parser->count > 0 && (after_time || !leads)) {
    parser->fields[parser->count - 1].is_time = TRUE;
    return TRUE;
  }
  parser->half_first = leads;
  return leads;
}

/* A name of the locale, else an English one; *known tells whether there was any. */
static BOOL read_name(DateParser *parser, BOOL *known) {
  const Locale *locales[] = { parser->locale, &locale_en_us };
  Half half = HALF_NONE;
  int month = 0;
  int length;

  *known = TRUE;
  for (int i = 0; i < 2; i++) {
    int weekday = weekday_match(parser->text, locales[i]);
    length = month_match(parser->text, locales[i], &month);
    if (length > 0 && length >= weekday) { /* "mar" is March, "martes" is no month */
      parser->text += length;
      return add_field(parser, month + 1, TRUE);
    }
    if (weekday > 0) {
      parser->text += weekday;
      return TRUE;
    }
  }
  if ((length = half_match(parser->text, parser->locale, &half)) > 0) {
    parser->text += length;
    return set_half(parser, half);
  }
  length = literal_match(parser->text, parser->locale->long_date);
  if (length == 0)
    length = literal_match(parser->text, parser->locale->short_date);
  parser->text += length;
  *known = length > 0;
  return TRUE;
}

static BOOL is_in(const LocaleShort set, char16_t c) {
  return c != 0 && u_strchr(set, c);
}

/* Separators stand between two fields; commas and spaces anywhere but a comma at the end. A point separates dates where the
 * locale says so; elsewhere it joins a time. */
static BOOL read_separator(DateParser *parser) {
  char16_t c = *parser->text++;
  const Locale *locale = parser->locale;
  BOOL is_date = c == u'-' || c == u'/' || is_in(locale->date_separator, c);
  BOOL is_time = !is_date && (c == u':' || c == u'.' || is_in(locale->time_separator, c));

  while (u_isUWhiteSpace(*parser->text))
    parser->text++;
  if (c == u',')
    return *parser->text != 0;
  if (c == u'.' && is_date && *parser->text == 0)
    return parser->after_number; /* "1970. 1. 2." */
  if ((!is_date && !is_time) || !parser->after_number || *parser->text == 0)
    return FALSE;
  parser->after_number = FALSE;
  if (is_time) {
    DateField *field = &parser->fields[parser->count - 1];
    if (field->is_month || *parser->text < u'0' || *parser->text > u'9')
      return FALSE;
    field->joined = TRUE;
  }
  return TRUE;
}

static BOOL read_fields(DateParser *parser) {
  while (*parser->text != 0) {
    BOOL known = FALSE;
    if (u_isUWhiteSpace(*parser->text)) {
      parser->text++;
      continue;
    }
    if (!read_name(parser, &known))
      return FALSE;
    if (known)
      continue;
    BOOL digit = *parser->text >= u'0' && *parser->text <= u'9';
    if (!(digit ? read_number(parser) : read_separator(parser)))
      return FALSE;
  }
  if (parser->half_first && parser->count > 0) { /* nothing followed: it belongs to what it follows */
    parser->fields[parser->count - 1].is_time = TRUE;
    parser->half_first = FALSE;
  }
  return parser->count > 0;
}

/* The time: one group of one to three neighbouring fields */

static BOOL find_time(DateParser *parser, int *first, int *length) {
  *first = *length = 0;
  for (int i = 0; i < parser->count; i++) {
    DateField *field = &parser->fields[i];
    BOOL continues = i > 0 && parser->fields[i - 1].joined;
    if (!field->is_time && !field->joined && !continues)
      continue;
    if (field->is_month || (*length > 0 && !continues))
      return FALSE;
    if (*length == 0)
      *first = i;
    ++*length;
  }
  return *length <= 3;
}

static BOOL make_time(const DateParser *parser, int first, int length, int *seconds) {
  int value[3] = { 0 };

  if (parser->half != HALF_NONE && length == 0)
    return FALSE;
  for (int i = 0; i < length; i++)
    value[i] = parser->fields[first + i].value;
  if (value[0] > 23 || value[1] > 59 || value[2] > 59)
    return FALSE;
  if (parser->half == HALF_AM && value[0] == 12)
    value[0] = 0;
  else if (parser->half == HALF_PM && value[0] < 12)
    value[0] += 12;
  *seconds = value[0] * 3600 + value[1] * 60 + value[2];
  return TRUE;
}

/* The date */

static int current_year(void) {
  time_t now = time(NULL);
  struct tm local;

  return localtime_r(&now, &local) ? local.tm_year + 1900 : 2000;
}

static BOOL make_date(DateParts *date, int year, int month, int day) {
  if (year > YEAR_LAST || month < 1 || month > 12)
    return FALSE;
  year = year_complete(year);
  if (day < 1 || day > month_days(year, month))
    return FALSE;
  *date = (DateParts){ year, month, day };
  return TRUE;
}

/* Two numbers: a day of this year, else a month and its year. */
static BOOL date_from_two(const Locale *locale, int a, int b, DateParts *date) {
  int year = current_year();
  BOOL day_first = locale->date_order == LOCALE_ORDER_DMY;

  if (make_date(date, year, day_first ? b : a, day_first ? a : b) ||
      make_date(date, year, day_first ? a : b, day_first ? b : a))
    return TRUE;
  if (locale->date_order == LOCALE_ORDER_YMD && make_date(date, a, b, 1))
    return TRUE;
  return make_date(date, b, a, 1) || make_date(date, a, b, 1);
}

typedef BOOL (*DateOrder)(const int v[3], DateParts *date);

static BOOL order_mdy(const int v[3], DateParts *date) {
  return make_date(date, v[2], v[0], v[1]);
}

static BOOL order_dmy(const int v[3], DateParts *date) {
  return make_date(date, v[2], v[1], v[0]);
}

static BOOL order_ymd(const int v[3], DateParts *date) {
  return make_date(date, v[0], v[1], v[2]);
}

static BOOL order_ydm(const int v[3], DateParts *date) {
  return make_date(date, v[0], v[2], v[1]);
}

static BOOL date_from_three(const Locale *locale, const int v[3], DateParts *date) {
  /* the locale's own order first, then the others in a fixed sequence */
  static const DateOrder orders[3][4] = { [LOCALE_ORDER_MDY] = { order_mdy, order_ymd, order_dmy, order_ydm },
                                          [LOCALE_ORDER_DMY] = { order_dmy, order_mdy, order_ymd, order_ydm },
                                          [LOCALE_ORDER_YMD] = { order_ymd, order_mdy, order_dmy, order_ydm } };

  for (int i = 0; i < 4; i++) {
    if (orders[locale->date_order][i](v, date))
      return TRUE;
  }
  return FALSE;
}

/* The month is known by name; one or two numbers beside it. */
static BOOL date_with_month(const Locale *locale, const DateField *fields, int count, DateParts *date) {
  int numbers[2] = { 0 };
  int found = 0;
  int month = 0;
  BOOL between = count == 3 && fields[1].is_month;

  for (int i = 0; i < count; i++) {
    if (!fields[i].is_month)
      numbers[found++] = fields[i].value;
    else if (month != 0)
      return FALSE;
    else
      month = fields[i].value;
  }
  if (count == 2)
    return make_date(date, current_year(), month, numbers[0]) || make_date(date, numbers[0], month, 1);
  if (between && locale->date_order == LOCALE_ORDER_YMD && make_date(date, numbers[0], month, numbers[1]))
    return TRUE;
  return make_date(date, numbers[1], month, numbers[0]) || make_date(date, numbers[0], month, numbers[1]);
}

static BOOL make_date_part(const DateParser *parser, const DateField *fields, int count, DateParts *date) {
  int values[3] = { 0 };
  BOOL named = FALSE;

  if (count != 2 && count != 3)
    return FALSE;
  for (int i = 0; i < count; i++) {
    named = named || fields[i].is_month;
    values[i] = fields[i].value;
  }
  if (named)
    return date_with_month(parser->locale, fields, count, date);
  if (count == 2)
    return date_from_two(parser->locale, values[0], values[1], date);
  return date_from_three(parser->locale, values, date);
}

static BOOL read_time(DateParser *parser, int *first, int *length, int *seconds) {
  return find_time(parser, first, length) && make_time(parser, *first, *length, seconds);
}

static BOOL parse(DateParser *parser, int64_t *day, int *seconds) {
  DateParts date = { 0 };
  int first = 0;
  int length = 0;

  *day = 0;
  *seconds = 0;
  if (!read_fields(parser))
    return FALSE;
  if (!read_time(parser, &first, &length, seconds))
    return FALSE;
  int rest = parser->count - length;
  if (rest == 0)
    return length > 0;
  if (length > 0 && first != 0 && first != rest) /* a time inside the date */
    return FALSE;
  if (!make_date_part(parser, &parser->fields[length > 0 && first == 0 ? length : 0], rest, &date))
    return FALSE;
  *day = day_number(date.year, date.month, date.day);
  return TRUE;
}

HRESULT VarDateFromStr(LPCOLESTR strIn, LCID lcid, ULONG dwFlags, DATE *pdateOut) {
  int64_t day;
  int seconds;

  if (!strIn)
    return DISP_E_TYPEMISMATCH;
  if (!pdateOut)
    return E_INVALIDARG;
  *pdateOut = 0.0;
  DateParser parser = { .text = strIn, .locale = locale_get(lcid) };
  if (!parse(&parser, &day, &seconds))
    return DISP_E_TYPEMISMATCH;
  *pdateOut = date_combine(day, seconds, dwFlags);
  return S_OK;
}
