/*
 * The picture language of VarFormat. A format string is tokenized once; what VarTokenizeFormatString leaves in the
 * caller's buffer is a FormatHeader and, for each section, bytes that FormatReader hands out one operation at a time.
 */
#ifndef OLEANDER_DISPATCH_FORMAT_H
#define OLEANDER_DISPATCH_FORMAT_H

#include "dispatch/text/locale.h"
#include "dispatch/text/text_buffer.h"

#include <oleauto.h>

typedef enum FormatKind { FORMAT_GENERAL, FORMAT_NUMBER, FORMAT_DATE, FORMAT_STRING } FormatKind;

/* Named formats that no picture can express. */
typedef enum FormatName {
  FORMAT_UNNAMED,
  FORMAT_GENERAL_NUMBER,
  FORMAT_CURRENCY,
  FORMAT_YES_NO,
  FORMAT_TRUE_FALSE,
  FORMAT_ON_OFF
} FormatName;

enum { FORMAT_SECTIONS_MAX = 4 };

/* In the token buffer, which may be unaligned. */
typedef struct FormatHeader {
  uint8_t kind;                        /* FormatKind */
  uint8_t name;                        /* FormatName */
  uint8_t first_day;                   /* 0 the locale's, 1 Sunday .. 7 Saturday */
  uint8_t first_week;                  /* 0 the locale's, 1 with 1 January, 2 first of four days, 3 first full */
  uint16_t sections;                   /* given in the string, 1 to 4 */
  uint16_t size;                       /* bytes of header and operations */
  uint16_t start[FORMAT_SECTIONS_MAX]; /* from the begin of the buffer; 0: nothing between the semicolons */
} FormatHeader;

typedef enum FormatOperation {
  OP_END,
  OP_TEXT, /* first, length: a piece of the format string */
  OP_CHAR, /* first: a character */
  OP_DATE_SEPARATOR,
  OP_TIME_SEPARATOR,
  /* numbers */
  OP_ZERO,     /* 0 */
  OP_DIGIT,    /* # */
  OP_POINT,    /* . */
  OP_COMMA,    /* , */
  OP_PERCENT,  /* % */
  OP_EXPONENT, /* first: ExponentFlags; length: fewest digits */
  /* dates */
  OP_GENERAL_DATE, /* c */
  OP_DAY,
  OP_DAY_2,
  OP_DAY_SHORT,
  OP_DAY_NAME,
  OP_SHORT_DATE,
  OP_LONG_DATE,
  OP_WEEKDAY,
  OP_WEEK,
  OP_MONTH,
  OP_MONTH_2,
  OP_MONTH_SHORT,
  OP_MONTH_NAME,
  OP_QUARTER,
  OP_DAY_OF_YEAR,
  OP_YEAR_2,
  OP_YEAR_4,
  OP_HOUR,
  OP_HOUR_2,
  OP_MINUTE,
  OP_MINUTE_2,
  OP_SECOND,
  OP_SECOND_2,
  OP_LONG_TIME,   /* ttttt */
  OP_HALF_UPPER,  /* AM/PM */
  OP_HALF_LOWER,  /* am/pm */
  OP_HALF_LETTER, /* A/P */
  OP_HALF_LETTER_LOWER,
  OP_HALF_LOCALE, /* AMPM */
  /* strings */
  OP_CHARACTER_OR_SPACE, /* @ */
  OP_CHARACTER,          /* & */
  OP_LOWER,              /* < */
  OP_UPPER,              /* > */
  OP_LEFT_TO_RIGHT,      /* ! */
  OP_COUNT
} FormatOperation;

enum { EXPONENT_PLUS = 1, EXPONENT_UPPER = 2 };

typedef struct FormatReader {
  const uint8_t *next, *end;
  const OLECHAR *format; /* the format string, for OP_TEXT */
  size_t format_length;
  FormatOperation operation;
  uint16_t first, length;
} FormatReader;

/* Begins section `section` (from 0). */
void format_reader_open(FormatReader *reader, const uint8_t *tokens, const FormatHeader *header, unsigned section,
                        const OLECHAR *format);

/* Moves to the next operation; FALSE at the end of the section. */
BOOL format_reader_next(FormatReader *reader);

/* What a value is formatted with. */
typedef struct FormatContext {
  const uint8_t *tokens;
  FormatHeader header;
  const OLECHAR *format;
  const Locale *locale;
  LCID lcid;
} FormatContext;

/* Operations that all kinds know: literals and separators. FALSE: none of these. */
BOOL format_write_common(TextBuffer *text, const FormatContext *context, const FormatReader *reader);

/* Format `value` (not by reference, not VT_NULL but for the sections that ask for it) as a number, date, string. */
HRESULT format_number(const FormatContext *context, const VARIANT *value, TextBuffer *text);
HRESULT format_date(const FormatContext *context, const VARIANT *value, TextBuffer *text);
HRESULT format_string(const FormatContext *context, const VARIANT *value, TextBuffer *text);

/* The named format Currency, with the locale's habits. */
HRESULT format_currency(const VARIANT *value, LCID lcid, TextBuffer *text);

#endif
