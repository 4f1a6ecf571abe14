/*
 * The locales that are compiled in: English (United States), the default, and the invariant locale. Values of
 * GetLocaleInfo(0x0409) and GetLocaleInfo(0x007F) as documented for Windows.
 */
#include "dispatch/text/locale.h"

#define ENGLISH_NUMBERS                                                                                                \
  .decimal = u".", .thousands = u",", .group_first = 3, .group_rest = 3, .digits = 2, .leading_zero = 1,               \
  .negative_number = 1, .negative_sign = u"-", .positive_sign = u"", .currency_decimal = u".",                         \
  .currency_thousands = u",", .currency_group_first = 3, .currency_group_rest = 3, .currency_digits = 2,               \
  .currency_positive = 0, .currency_negative = 0

#define ENGLISH_NAMES                                                                                                  \
  .date_order = LOCALE_ORDER_MDY, .long_order = LOCALE_ORDER_MDY, .date_separator = u"/", .time_separator = u":",      \
  .am = u"AM", .pm = u"PM", .first_day = 0, .first_week = 0,                                                           \
  .months = { u"January", u"February", u"March",     u"April",   u"May",      u"June",                                 \
              u"July",    u"August",   u"September", u"October", u"November", u"December" },                           \
  .months_short = { u"Jan", u"Feb", u"Mar", u"Apr", u"May", u"Jun", u"Jul", u"Aug", u"Sep", u"Oct", u"Nov", u"Dec" },  \
  .months_genitive = { u"January", u"February", u"March",     u"April",   u"May",      u"June",                        \
                       u"July",    u"August",   u"September", u"October", u"November", u"December" },                  \
  .days = { u"Sunday", u"Monday", u"Tuesday", u"Wednesday", u"Thursday", u"Friday", u"Saturday" },                     \
  .days_short = { u"Sun", u"Mon", u"Tue", u"Wed", u"Thu", u"Fri", u"Sat" }, .text_true = u"True",                      \
  .text_false = u"False", .text_yes = u"Yes", .text_no = u"No", .text_on = u"On", .text_off = u"Off"

const Locale locale_en_us = {
  .lcid = LOCALE_EN_US,
  ENGLISH_NUMBERS,
  ENGLISH_NAMES,
  .currency = u"$",
  .short_date = u"M/d/yyyy",
  .long_date = u"dddd, MMMM d, yyyy",
  .time = u"h:mm:ss tt",
  .time_24 = 0,
  .time_leading_zero = 0,
};

const Locale locale_invariant = {
  .lcid = 0x007F,
  ENGLISH_NUMBERS,
  ENGLISH_NAMES,
  .currency = u"\u00A4",
  .short_date = u"MM/dd/yyyy",
  .long_date = u"dddd, dd MMMM yyyy",
  .time = u"HH:mm:ss",
  .time_24 = 1,
  .time_leading_zero = 1,
};
