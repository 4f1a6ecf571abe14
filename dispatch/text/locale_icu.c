/*
 * Locales from ICU. CLDR's patterns become Windows pictures, its currency patterns the Windows codes; a small
 * table then sets what Windows documents differently from CLDR (Latin digits and the Gregorian calendar are
 * asked for everywhere: Automation writes no others).
 */
#include "dispatch/text/locale.h"

#include <string.h>
#include <unicode/ucal.h>
#include <unicode/ucurr.h>
#include <unicode/udat.h>
#include <unicode/uloc.h>
#include <unicode/unum.h>
#include <unicode/ustring.h>

enum { LOCALE_ID_MAX = 192, PATTERN_MAX = 128 };

static const char16_t NO_BREAK_SPACE = 0x00A0;
static const char16_t NARROW_NO_BREAK_SPACE = 0x202F;

/* Texts */

static void text_set(char16_t *target, int32_t capacity, const char16_t *source) {
  int32_t length = u_strlen(source);

  if (length >= capacity)
    length = capacity - 1;
  memcpy(target, source, (size_t)length * sizeof *target);
  target[length] = 0;
}

static BOOL is_mark(char16_t c) {
  return c == 0x200E || c == 0x200F || c == 0x061C; /* directional marks: Windows pictures have none */
}

/* Windows uses one no-break space for every kind that CLDR knows. */
static void separator_set(LocaleShort target, const char16_t *source) {
  int32_t length = 0;

  for (; *source != 0 && length < LOCALE_TEXT_SHORT - 1; source++) {
    if (!is_mark(*source))
      target[length++] = *source == NARROW_NO_BREAK_SPACE ? NO_BREAK_SPACE : *source;
  }
  target[length] = 0;
}

/* Numbers */

static void number_symbol(const UNumberFormat *format, UNumberFormatSymbol symbol, LocaleShort target) {
  char16_t text[PATTERN_MAX] = { 0 };
  UErrorCode error = U_ZERO_ERROR;

  unum_getSymbol(format, symbol, text, PATTERN_MAX - 1, &error);
  if (U_SUCCESS(error))
    separator_set(target, text);
}

static void number_groups(const UNumberFormat *format, uint8_t *first, uint8_t *rest) {
  int32_t primary = unum_getAttribute(format, UNUM_GROUPING_SIZE);
  int32_t secondary = unum_getAttribute(format, UNUM_SECONDARY_GROUPING_SIZE);

  if (!unum_getAttribute(format, UNUM_GROUPING_USED) || primary < 0 || primary > 9)
    primary = 0;
  if (secondary <= 0 || secondary > 9)
    secondary = primary;
  *first = (uint8_t)primary;
  *rest = (uint8_t)secondary;
}

static BOOL fill_numbers(const char *id, Locale *locale) {
  UErrorCode error = U_ZERO_ERROR;
  UNumberFormat *format = unum_open(UNUM_DECIMAL, NULL, 0, id, NULL, &error);

  if (U_FAILURE(error))
    return FALSE;
  number_symbol(format, UNUM_DECIMAL_SEPARATOR_SYMBOL, locale->decimal);
  number_symbol(format, UNUM_GROUPING_SEPARATOR_SYMBOL, locale->thousands);
  number_groups(format, &locale->group_first, &locale->group_rest);
  unum_close(format);
  locale->digits = 2;
  locale->leading_zero = 1;
  locale->negative_number = 1;
  text_set(locale->negative_sign, LOCALE_TEXT_SHORT, u"-"); /* CLDR's U+2212 does not occur in Windows data */
  return TRUE;
}

/* Currency: the pattern says on which side the sign stands and whether with a space */

static void currency_codes(const char16_t *pattern, Locale *locale) {
  /* ICURRENCY, and the INEGCURR with a minus before everything that belongs to it */
  static const uint8_t negative[4] = { 1, 5, 9, 8 };
  const char16_t *sign = u_strchr(pattern, 0x00A4);
  const char16_t *number = pattern + u_strcspn(pattern, u"#0");
  const char16_t *end = pattern + u_strcspn(pattern, u";");
  BOOL space = FALSE;

  if (!sign || sign >= end)
    sign = pattern;
  for (const char16_t *p = pattern; p < end; p++)
    space = space || *p == u' ' || *p == NO_BREAK_SPACE || *p == NARROW_NO_BREAK_SPACE;
  locale->currency_positive = (uint8_t)((sign < number ? 0 : 1) + (space ? 2 : 0));
  locale->currency_negative = negative[locale->currency_positive];
}

static BOOL fill_currency(const char *id, Locale *locale) {
  char16_t text[PATTERN_MAX] = { 0 };
  UErrorCode error = U_ZERO_ERROR;
  UNumberFormat *format = unum_open(UNUM_CURRENCY, NULL, 0, id, NULL, &error);

  if (U_FAILURE(error))
    return FALSE;
  number_symbol(format, UNUM_MONETARY_SEPARATOR_SYMBOL, locale->currency_decimal);
  number_symbol(format, UNUM_MONETARY_GROUPING_SEPARATOR_SYMBOL, locale->currency_thousands);
  number_groups(format, &locale->currency_group_first, &locale->currency_group_rest);
  int32_t decimals = unum_getAttribute(format, UNUM_MIN_FRACTION_DIGITS);
  locale->currency_digits = (uint8_t)(decimals >= 0 && decimals <= 9 ? decimals : 2);
  unum_getSymbol(format, UNUM_CURRENCY_SYMBOL, text, PATTERN_MAX - 1, &error);
  if (U_SUCCESS(error))
    text_set(locale->currency, LOCALE_TEXT_NAME, text);
  memset(text, 0, sizeof text);
  unum_toPattern(format, FALSE, text, PATTERN_MAX - 1, &error);
  if (U_SUCCESS(error))
    currency_codes(text, locale);
  unum_close(format);
  return U_SUCCESS(error);
}

/* Pictures: CLDR letters become those of GetDateFormat and GetTimeFormat */

typedef struct Picture {
  char16_t *text;
  int32_t length;
} Picture;

static void picture_put(Picture *picture, char16_t c, int32_t count) {
  for (; count > 0 && picture->length < LOCALE_TEXT_PICTURE - 1; count--)
    picture->text[picture->length++] = c;
  picture->text[picture->length] = 0;
}

/* One field of `count` equal letters; FALSE: `letter` is not one that Windows knows. */
static BOOL picture_field(Picture *picture, char16_t letter, int32_t count) {
  switch (letter) {
  case u'y':
  case u'u':
    picture_put(picture, u'y', count == 2 ? 2 : 4);
    return TRUE;
  case u'M':
  case u'L':
    picture_put(picture, u'M', count > 4 ? 4 : count);
    return TRUE;
  case u'd':
    picture_put(picture, u'd', count > 2 ? 2 : count);
    return TRUE;
  case u'E':
  case u'c':
    picture_put(picture, u'd', count < 4 ? 3 : 4);
    return TRUE;
  case u'H':
  case u'h':
  case u'm':
  case u's':
    picture_put(picture, letter, count > 2 ? 2 : count);
    return TRUE;
  case u'K':
  case u'k':
    picture_put(picture, letter == u'K' ? u'h' : u'H', count > 2 ? 2 : count);
    return TRUE;
  case u'a':
  case u'b':
  case u'B':
    picture_put(picture, u't', 2);
    return TRUE;
  default:
    return FALSE;
  }
}

static void picture_from_pattern(const char16_t *pattern, LocalePicture target) {
  Picture picture = { .text = target };
  BOOL quoted = FALSE;

  target[0] = 0;
  while (*pattern != 0) {
    char16_t c = *pattern;
    int32_t count = 1;
    BOOL letter = (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z');
    while (!quoted && letter && pattern[count] == c)
      count++;
    pattern += count;
    if (c == u'\'')
      quoted = !quoted;
    if (quoted || !letter || !picture_field(&picture, c, count)) {
      if (c == NARROW_NO_BREAK_SPACE || c == NO_BREAK_SPACE)
        c = u' ';
      if (!is_mark(c) && (quoted || !letter))
        picture_put(&picture, c, 1);
    }
  }
}

static BOOL date_picture(const char *id, UDateFormatStyle date, UDateFormatStyle time, LocalePicture target) {
  char16_t pattern[PATTERN_MAX] = { 0 };
  UErrorCode error = U_ZERO_ERROR;
  UDateFormat *format = udat_open(time, date, id, NULL, 0, NULL, 0, &error);

  if (U_FAILURE(error))
    return FALSE;
  udat_toPattern(format, FALSE, pattern, PATTERN_MAX - 1, &error);
  udat_close(format);
  if (U_SUCCESS(error))
    picture_from_pattern(pattern, target);
  return U_SUCCESS(error);
}

/* What the pictures imply */

static LocaleDateOrder picture_order(const char16_t *picture) {
  BOOL quoted = FALSE;

  for (; *picture != 0; picture++) {
    quoted ^= *picture == u'\'';
    if (quoted)
      continue;
    if (*picture == u'y')
      return LOCALE_ORDER_YMD;
    if (*picture == u'M')
      return LOCALE_ORDER_MDY;
    if (*picture == u'd' && !(picture[1] == u'd' && picture[2] == u'd'))
      return LOCALE_ORDER_DMY;
    while (*picture == u'd' && picture[1] == u'd')
      picture++;
  }
  return LOCALE_ORDER_MDY;
}

/* The text between the first two fields. */
static void picture_separator(const char16_t *picture, LocaleShort target) {
  const char16_t *start = picture + 1;
  int32_t length = 0;

  while (*start == *picture && *start != 0)
    start++;
  while (length < LOCALE_TEXT_SHORT - 1 && start[length] != 0 && !u_strchr(u"dMyHhmst", start[length])) {
    target[length] = start[length];
    length++;
  }
  target[length] = 0;
}

/* Windows writes the year of the short date with four digits in all locales but a few. */
static void widen_year(LocalePicture picture) {
  char16_t *year = u_strstr(picture, u"yy");
  int32_t length = u_strlen(picture);

  if (!year || u_strstr(picture, u"yyyy") || length + 2 >= LOCALE_TEXT_PICTURE)
    return;
  memmove(year + 2, year, (size_t)(picture + length + 1 - year) * sizeof *year);
  year[0] = year[1] = u'y';
}

static void derive_from_pictures(Locale *locale) {
  locale->date_order = picture_order(locale->short_date);
  locale->long_order = picture_order(locale->long_date);
  picture_separator(locale->short_date, locale->date_separator);
  picture_separator(locale->time + u_strcspn(locale->time, u"Hh"), locale->time_separator);
  locale->time_24 = u_strchr(locale->time, u'H') != NULL;
  locale->time_leading_zero = u_strstr(locale->time, u"HH") || u_strstr(locale->time, u"hh");
}

/* Names */

static void names_get(const UDateFormat *format, UDateFormatSymbolType type, int32_t first, int32_t count,
                      LocaleName *names) {
  for (int32_t i = 0; i < count; i++) {
    char16_t text[PATTERN_MAX] = { 0 };
    UErrorCode error = U_ZERO_ERROR;
    udat_getSymbols(format, type, first + i, text, PATTERN_MAX - 1, &error);
    if (U_SUCCESS(error))
      text_set(names[i], LOCALE_TEXT_NAME, text);
  }
}

static BOOL fill_names(const char *id, Locale *locale) {
  UErrorCode error = U_ZERO_ERROR;
  UDateFormat *format = udat_open(UDAT_DEFAULT, UDAT_DEFAULT, id, NULL, 0, NULL, 0, &error);
  LocaleName halves[2] = { { 0 } };

  if (U_FAILURE(error))
    return FALSE;
  names_get(format, UDAT_STANDALONE_MONTHS, 0, 12, locale->months);
  names_get(format, UDAT_STANDALONE_SHORT_MONTHS, 0, 12, locale->months_short);
  names_get(format, UDAT_MONTHS, 0, 12, locale->months_genitive);
  names_get(format, UDAT_STANDALONE_WEEKDAYS, 1, 7, locale->days);
  names_get(format, UDAT_STANDALONE_SHORT_WEEKDAYS, 1, 7, locale->days_short);
  names_get(format, UDAT_AM_PMS, 0, 2, halves);
  text_set(locale->am, LOCALE_TEXT_NAME, halves[0]);
  text_set(locale->pm, LOCALE_TEXT_NAME, halves[1]);
  udat_close(format);
  return TRUE;
}

/* Alternate names: the genitive where the language has one for dates (Polish, Russian), the months of the
 * Islamic calendar for Arabic. Windows knows alternate names for these three languages. */
static void fill_alternate_names(const char *language, Locale *locale) {
  UErrorCode error = U_ZERO_ERROR;

  if (strcmp(language, "pl") == 0 || strcmp(language, "ru") == 0) {
    memcpy(locale->months_alternate, locale->months_genitive, sizeof locale->months_alternate);
  } else if (strcmp(language, "ar") == 0) {
    UDateFormat *format =
        udat_open(UDAT_DEFAULT, UDAT_DEFAULT, "ar_SA@calendar=islamic-civil;numbers=latn", NULL, 0, NULL, 0, &error);
    if (U_SUCCESS(error)) {
      names_get(format, UDAT_STANDALONE_MONTHS, 0, 12, locale->months_alternate);
      udat_close(format);
    }
  }
  for (int i = 0; i < 12; i++)
    locale->alternate_list[i] = locale->months_alternate[0][0] != 0 ? locale->months_alternate[i] : NULL;
}

static void fill_week(const char *id, Locale *locale) {
  UErrorCode error = U_ZERO_ERROR;
  UCalendar *calendar = ucal_open(NULL, 0, id, UCAL_GREGORIAN, &error);

  if (U_FAILURE(error))
    return;
  int32_t days = ucal_getAttribute(calendar, UCAL_MINIMAL_DAYS_IN_FIRST_WEEK);
  locale->first_day = (uint8_t)(ucal_getAttribute(calendar, UCAL_FIRST_DAY_OF_WEEK) - UCAL_SUNDAY);
  locale->first_week = days >= 7 ? 1 : days >= 4 ? 2 : 0;
  ucal_close(calendar);
}

/* What ICU does not have */

/* CLDR has no words for these; without a row the English words stay, as in Automation itself. */
static const struct BooleanTexts {
  char language[4];
  const char16_t *text_true, *text_false, *text_yes, *text_no, *text_on, *text_off;
} boolean_texts[] = {
  { "de", u"Wahr", u"Falsch", u"Ja", u"Nein", u"Ein", u"Aus" },
  { "es", u"Verdadero", u"Falso", u"Sí", u"No", u"Activado", u"Desactivado" },
  { "fr", u"Vrai", u"Faux", u"Oui", u"Non", u"Actif", u"Inactif" },
  { "it", u"Vero", u"Falso", u"Sì", u"No", u"Attivo", u"Inattivo" },
  { "ja", u"True", u"False", u"はい", u"いいえ", u"オン", u"オフ" },
  { "nl", u"Waar", u"Onwaar", u"Ja", u"Nee", u"Aan", u"Uit" },
  { "pl", u"Prawda", u"Fałsz", u"Tak", u"Nie", u"Wł.", u"Wył." },
  { "pt", u"Verdadeiro", u"Falso", u"Sim", u"Não", u"Ativado", u"Desativado" },
  { "ru", u"Истина", u"Ложь", u"Да", u"Нет", u"Вкл", u"Выкл" },
};

static void fill_booleans(const char *language, Locale *locale) {
  struct BooleanTexts found = { "en",
                                locale_en_us.text_true,
                                locale_en_us.text_false,
                                locale_en_us.text_yes,
                                locale_en_us.text_no,
                                locale_en_us.text_on,
                                locale_en_us.text_off };

  for (size_t i = 0; i < sizeof boolean_texts / sizeof boolean_texts[0]; i++) {
    if (strcmp(boolean_texts[i].language, language) == 0)
      found = boolean_texts[i];
  }
  text_set(locale->text_true, LOCALE_TEXT_NAME, found.text_true);
  text_set(locale->text_false, LOCALE_TEXT_NAME, found.text_false);
  text_set(locale->text_yes, LOCALE_TEXT_NAME, found.text_yes);
  text_set(locale->text_no, LOCALE_TEXT_NAME, found.text_no);
  text_set(locale->text_on, LOCALE_TEXT_NAME, found.text_on);
  text_set(locale->text_off, LOCALE_TEXT_NAME, found.text_off);
}

/* Where GetLocaleInfo of Windows is known to differ from CLDR. NULL: as CLDR has it. */
static const struct WindowsDifference {
  LCID lcid;
  const char16_t *short_date, *long_date, *time, *currency;
  int8_t currency_positive, currency_negative; /* -1: as CLDR has it */
  BOOL no_halves;                              /* AM and PM are empty texts */
} windows_differences[] = {
  { 0x0401, u"dd/MM/yy", u"dd/MMMM/yyyy", u"hh:mm:ss tt", u"ر.س.\u200F", 2, 3, FALSE },     /* Arabic, Saudi Arabia */
  { 0x0407, u"dd.MM.yyyy", u"dddd, d. MMMM yyyy", u"HH:mm:ss", NULL, 3, 8, TRUE },          /* German */
  { 0x0809, u"dd/MM/yyyy", u"dd MMMM yyyy", u"HH:mm:ss", NULL, 0, 1, FALSE },               /* English, Britain */
  { 0x0C09, u"d/MM/yyyy", u"dddd, d MMMM yyyy", u"h:mm:ss tt", u"$", 0, 1, FALSE },         /* English, Australia */
  { 0x040A, u"dd/MM/yyyy", u"dddd, d' de 'MMMM' de 'yyyy", u"H:mm:ss", NULL, 3, 8, TRUE },  /* Spanish, old sort */
  { 0x0C0A, u"dd/MM/yyyy", u"dddd, d' de 'MMMM' de 'yyyy", u"H:mm:ss", NULL, 3, 8, TRUE },  /* Spanish */
  { 0x040C, u"dd/MM/yyyy", u"dddd d MMMM yyyy", u"HH:mm:ss", NULL, 3, 8, TRUE },            /* French */
  { 0x0410, u"dd/MM/yyyy", u"dddd d MMMM yyyy", u"HH:mm:ss", NULL, 3, 8, TRUE },            /* Italian */
  { 0x0411, u"yyyy/MM/dd", u"yyyy'年'M'月'd'日'", u"H:mm:ss", u"\u00A5", 0, 1, FALSE },     /* Japanese */
  { 0x0413, u"d-M-yyyy", u"dddd d MMMM yyyy", u"HH:mm:ss", NULL, 2, 12, TRUE },             /* Dutch */
  { 0x0415, u"dd.MM.yyyy", u"d MMMM yyyy", u"HH:mm:ss", NULL, 3, 8, TRUE },                 /* Polish */
  { 0x0416, u"dd/MM/yyyy", u"dddd, d' de 'MMMM' de 'yyyy", u"HH:mm:ss", NULL, 2, 9, TRUE }, /* Portuguese, Brazil */
  { 0x0419, u"dd.MM.yyyy", u"d MMMM yyyy 'г.'", u"H:mm:ss", u"₽", 3, 8, TRUE },           /* Russian */
};

static void apply_differences(Locale *locale) {
  for (size_t i = 0; i < sizeof windows_differences / sizeof windows_differences[0]; i++) {
    const struct WindowsDifference *row = &windows_differences[i];
    if (row->lcid != locale->lcid)
      continue;
    text_set(locale->short_date, LOCALE_TEXT_PICTURE, row->short_date);
    text_set(locale->long_date, LOCALE_TEXT_PICTURE, row->long_date);
    text_set(locale->time, LOCALE_TEXT_PICTURE, row->time);
    if (row->currency)
      text_set(locale->currency, LOCALE_TEXT_NAME, row->currency);
    if (row->currency_positive >= 0)
      locale->currency_positive = (uint8_t)row->currency_positive;
    if (row->currency_negative >= 0)
      locale->currency_negative = (uint8_t)row->currency_negative;
    if (row->no_halves)
      locale->am[0] = locale->pm[0] = 0;
  }
}

/* The whole */

/* ICU's name of the locale, with region, Gregorian calendar and Latin digits. */
static BOOL locale_id(LCID lcid, char id[LOCALE_ID_MAX], char language[ULOC_LANG_CAPACITY]) {
  char plain[LOCALE_ID_MAX];
  UErrorCode error = U_ZERO_ERROR;

  uloc_getLocaleForLCID(lcid, plain, sizeof plain, &error);
  if (U_FAILURE(error) || error == U_STRING_NOT_TERMINATED_WARNING || plain[0] == 0)
    return FALSE;
  char *keywords = strchr(plain, '@'); /* "es_ES@collation=traditional" */
  if (keywords)
    *keywords = 0;
  error = U_ZERO_ERROR;
  uloc_addLikelySubtags(plain, id, LOCALE_ID_MAX, &error);
  uloc_getLanguage(id, language, ULOC_LANG_CAPACITY, &error);
  uloc_setKeywordValue("calendar", "gregorian", id, LOCALE_ID_MAX, &error);
  uloc_setKeywordValue("numbers", "latn", id, LOCALE_ID_MAX, &error);
  return U_SUCCESS(error) && error != U_STRING_NOT_TERMINATED_WARNING;
}

BOOL locale_fill(LCID lcid, Locale *locale) {
  char id[LOCALE_ID_MAX];
  char language[ULOC_LANG_CAPACITY] = { 0 };

  if (!locale_id(lcid, id, language))
    return FALSE;
  locale->lcid = lcid;
  if (!fill_numbers(id, locale) || !fill_currency(id, locale) || !fill_names(id, locale))
    return FALSE;
  if (!date_picture(id, UDAT_SHORT, UDAT_NONE, locale->short_date) ||
      !date_picture(id, UDAT_FULL, UDAT_NONE, locale->long_date) ||
      !date_picture(id, UDAT_NONE, UDAT_MEDIUM, locale->time))
    return FALSE;
  widen_year(locale->short_date);
  fill_alternate_names(language, locale);
  fill_week(id, locale);
  fill_booleans(language, locale);
  apply_differences(locale);
  derive_from_pictures(locale);
  return TRUE;
}
