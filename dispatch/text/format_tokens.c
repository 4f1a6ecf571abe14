/*
 * VarTokenizeFormatString: from a format string to operations. The first character that belongs to numbers, dates
 * or strings decides what the format is for; characters of the other two kinds then mean themselves.
 */
#include "dispatch/text/format.h"

#include <string.h>

typedef struct Tokenizer {
  const OLECHAR *format;
  size_t position;
  uint8_t *out; /* NULL: only count */
  size_t capacity, used;
  FormatHeader header;
  BOOL inline_text; /* literals travel in the tokens: the picture of a named format */
  BOOL after_hour;  /* "m" means minutes */
  BOOL after_exponent;
  BOOL digits_seen;                     /* a digit placeholder: "E+" may follow */
  size_t literal_begin, literal_length; /* pending OP_TEXT */
} Tokenizer;

/* Output */

static void put_byte(Tokenizer *tokenizer, unsigned value) {
  if (tokenizer->out && tokenizer->used < tokenizer->capacity)
    tokenizer->out[tokenizer->used] = (uint8_t)value;
  tokenizer->used++;
}

static void put_word(Tokenizer *tokenizer, size_t word) {
  put_byte(tokenizer, word & 0xFF);
  put_byte(tokenizer, word >> 8 & 0xFF);
}

static void flush_literal(Tokenizer *tokenizer) {
  if (tokenizer->literal_length == 0)
    return;
  put_byte(tokenizer, OP_TEXT);
  put_word(tokenizer, tokenizer->literal_begin);
  put_word(tokenizer, tokenizer->literal_length);
  tokenizer->literal_length = 0;
}

static void put_operation(Tokenizer *tokenizer, FormatOperation operation) {
  flush_literal(tokenizer);
  put_byte(tokenizer, operation);
}

/* The characters at `begin` mean themselves. */
static void put_literal(Tokenizer *tokenizer, size_t begin, size_t length) {
  if (tokenizer->inline_text) {
    for (size_t i = 0; i < length; i++) {
      put_byte(tokenizer, OP_CHAR);
      put_word(tokenizer, tokenizer->format[begin + i]);
    }
    return;
  }
  if (tokenizer->literal_length > 0 && tokenizer->literal_begin + tokenizer->literal_length == begin) {
    tokenizer->literal_length += length;
    return;
  }
  flush_literal(tokenizer);
  tokenizer->literal_begin = begin;
  tokenizer->literal_length = length;
}

/* Reading */

static OLECHAR lower(OLECHAR c) {
  return c >= u'A' && c <= u'Z' ? (OLECHAR)(c + 32) : c;
}

static OLECHAR peek(const Tokenizer *tokenizer, size_t ahead) {
  for (size_t i = 0; i < ahead; i++) {
    if (tokenizer->format[tokenizer->position + i] == 0)
      return 0;
  }
  return tokenizer->format[tokenizer->position + ahead];
}

static size_t run_length(const Tokenizer *tokenizer) {
  size_t count = 1;

  while (lower(peek(tokenizer, count)) == lower(peek(tokenizer, 0)))
    count++;
  return count;
}

/* Whether the format may be of this kind; then it is from here on. */
static BOOL claim(Tokenizer *tokenizer, FormatKind kind) {
  if (tokenizer->header.kind == FORMAT_GENERAL)
    tokenizer->header.kind = (uint8_t)kind;
  return tokenizer->header.kind == kind;
}

static BOOL text_is(const Tokenizer *tokenizer, const char *text, BOOL exact) {
  for (size_t i = 0; text[i] != 0; i++) {
    OLECHAR c = peek(tokenizer, i);
    if (exact ? c != (OLECHAR)text[i] : lower(c) != lower((OLECHAR)text[i]))
      return FALSE;
  }
  return TRUE;
}

/* Each reader answers whether the text at the position was its own, and has then moved past it. */

static BOOL read_quoted(Tokenizer *tokenizer) {
  OLECHAR c = peek(tokenizer, 0);

  if (c == u'\\') {
    if (peek(tokenizer, 1) != 0)
      put_literal(tokenizer, tokenizer->position + 1, 1);
    tokenizer->position += peek(tokenizer, 1) != 0 ? 2 : 1;
    return TRUE;
  }
  if (c != u'"')
    return FALSE;
  size_t begin = ++tokenizer->position;
  while (peek(tokenizer, 0) != 0 && peek(tokenizer, 0) != u'"')
    tokenizer->position++;
  if (tokenizer->position > begin)
    put_literal(tokenizer, begin, tokenizer->position - begin);
  if (peek(tokenizer, 0) == u'"')
    tokenizer->position++;
  return TRUE;
}

static BOOL read_exponent(Tokenizer *tokenizer) {
  OLECHAR sign = peek(tokenizer, 1);
  size_t count = 0;

  if (lower(peek(tokenizer, 0)) != u'e' || (sign != u'+' && sign != u'-') || !tokenizer->digits_seen)
    return FALSE;
  while (peek(tokenizer, 2 + count) == u'0')
    count++;
  put_operation(tokenizer, OP_EXPONENT);
  put_word(tokenizer, (sign == u'+' ? EXPONENT_PLUS : 0u) | (peek(tokenizer, 0) == u'E' ? EXPONENT_UPPER : 0u));
  put_word(tokenizer, count > 0 ? count : 1);
  tokenizer->position += 2 + count;
  tokenizer->after_exponent = TRUE;
  return TRUE;
}

/* Behind an exponent everything means itself, but for # and what is quoted. */
static BOOL read_after_exponent(Tokenizer *tokenizer) {
  if (!tokenizer->after_exponent)
    return FALSE;
  if (peek(tokenizer, 0) != u'#')
    put_literal(tokenizer, tokenizer->position, 1);
  tokenizer->position++;
  return TRUE;
}

typedef struct CharacterOperation {
  OLECHAR c;
  uint8_t kind, operation;
} CharacterOperation;

/* Characters that are operations by themselves. */
static const CharacterOperation characters[] = {
  { u'0', FORMAT_NUMBER, OP_ZERO },
  { u'#', FORMAT_NUMBER, OP_DIGIT },
  { u'.', FORMAT_NUMBER, OP_POINT },
  { u',', FORMAT_NUMBER, OP_COMMA },
  { u'%', FORMAT_NUMBER, OP_PERCENT },
  { u'@', FORMAT_STRING, OP_CHARACTER_OR_SPACE },
  { u'&', FORMAT_STRING, OP_CHARACTER },
  { u'<', FORMAT_STRING, OP_LOWER },
  { u'>', FORMAT_STRING, OP_UPPER },
  { u'!', FORMAT_STRING, OP_LEFT_TO_RIGHT },
  { u':', FORMAT_GENERAL, OP_TIME_SEPARATOR },
  { u'/', FORMAT_GENERAL, OP_DATE_SEPARATOR },
};

static BOOL read_character(Tokenizer *tokenizer) {
  OLECHAR c = peek(tokenizer, 0);

  for (size_t i = 0; i < sizeof characters / sizeof characters[0]; i++) {
    const CharacterOperation *row = &characters[i];
    if (row->c != c)
      continue;
    if (row->kind != FORMAT_GENERAL && !claim(tokenizer, row->kind))
      return FALSE;
    tokenizer->digits_seen = tokenizer->digits_seen || row->operation == OP_ZERO || row->operation == OP_DIGIT;
    put_operation(tokenizer, row->operation);
    tokenizer->position++;
    return TRUE;
  }
  return FALSE;
}

/* Halves of the day; the longest first. */
static const struct HalfOperation {
  char text[6];
  BOOL exact;
  uint8_t operation;
} halves[] = {
  { "am/pm", TRUE, OP_HALF_LOWER },      { "AM/PM", FALSE, OP_HALF_UPPER }, { "AMPM", FALSE, OP_HALF_LOCALE },
  { "a/p", TRUE, OP_HALF_LETTER_LOWER }, { "A/P", FALSE, OP_HALF_LETTER },
};

static BOOL read_half(Tokenizer *tokenizer) {
  for (size_t i = 0; i < sizeof halves / sizeof halves[0]; i++) {
    if (!text_is(tokenizer, halves[i].text, halves[i].exact))
      continue;
    if (!claim(tokenizer, FORMAT_DATE))
      return FALSE;
    put_operation(tokenizer, halves[i].operation);
    tokenizer->position += strlen(halves[i].text);
    return TRUE;
  }
  return FALSE;
}

/* Runs of a letter: the operation for each length, 0 where there is none; the longest that fits is taken. */
static const struct LetterOperation {
  OLECHAR letter;
  uint8_t operations[6];
} letters[] = {
  { u'a', { 0, 0, 0, OP_DAY_NAME, 0, 0 } },
  { u'c', { OP_GENERAL_DATE, 0, 0, 0, 0, 0 } },
  { u'd', { OP_DAY, OP_DAY_2, OP_DAY_SHORT, OP_DAY_NAME, OP_SHORT_DATE, OP_LONG_DATE } },
  { u'h', { OP_HOUR, OP_HOUR_2, 0, 0, 0, 0 } },
  { u'm', { OP_MONTH, OP_MONTH_2, OP_MONTH_SHORT, OP_MONTH_NAME, 0, 0 } },
  { u'n', { OP_MINUTE, OP_MINUTE_2, 0, 0, 0, 0 } },
  { u'o', { 0, 0, 0, OP_MONTH_NAME, 0, 0 } },
  { u'q', { OP_QUARTER, 0, 0, 0, 0, 0 } },
  { u's', { OP_SECOND, OP_SECOND_2, 0, 0, 0, 0 } },
  { u't', { 0, 0, 0, 0, OP_LONG_TIME, 0 } },
  { u'w', { OP_WEEKDAY, OP_WEEK, 0, 0, 0, 0 } },
  { u'y', { OP_DAY_OF_YEAR, OP_YEAR_2, 0, OP_YEAR_4, 0, 0 } },
};

static BOOL put_letters(Tokenizer *tokenizer, const struct LetterOperation *row) {
  size_t count = run_length(tokenizer);

  count = count > 6 ? 6 : count;
  while (count > 0 && row->operations[count - 1] == 0)
    count--;
  if (count == 0 || !claim(tokenizer, FORMAT_DATE))
    return FALSE;
  uint8_t operation = row->operations[count - 1];
  if (tokenizer->after_hour && (operation == OP_MONTH || operation == OP_MONTH_2))
    operation = operation == OP_MONTH ? OP_MINUTE : OP_MINUTE_2;
  tokenizer->after_hour = operation == OP_HOUR || operation == OP_HOUR_2;
  put_operation(tokenizer, operation);
  tokenizer->position += count;
  return TRUE;
}

static BOOL read_letters(Tokenizer *tokenizer) {
  OLECHAR c = lower(peek(tokenizer, 0));

  for (size_t i = 0; i < sizeof letters / sizeof letters[0]; i++) {
    if (letters[i].letter == c)
      return put_letters(tokenizer, &letters[i]);
  }
  return FALSE;
}

/* Sections */

static void end_section(Tokenizer *tokenizer) {
  flush_literal(tokenizer);
  put_byte(tokenizer, OP_END);
}

/* Another section after ';'; FALSE: there are four already. */
static BOOL begin_section(Tokenizer *tokenizer) {
  OLECHAR next = peek(tokenizer, 0);

  if (tokenizer->header.sections == FORMAT_SECTIONS_MAX)
    return FALSE;
  tokenizer->digits_seen = tokenizer->after_exponent = FALSE;
  tokenizer->header.start[tokenizer->header.sections++] = (uint16_t)(next == 0 || next == u';' ? 0 : tokenizer->used);
  return TRUE;
}

static HRESULT tokenize_picture(Tokenizer *tokenizer) {
  begin_section(tokenizer);
  while (peek(tokenizer, 0) != 0) {
    if (peek(tokenizer, 0) == u';') {
      tokenizer->position++;
      end_section(tokenizer);
      if (!begin_section(tokenizer))
        return E_INVALIDARG;
      continue;
    }
    if (read_quoted(tokenizer) || read_after_exponent(tokenizer) || read_exponent(tokenizer) ||
        read_character(tokenizer) || read_half(tokenizer) || read_letters(tokenizer))
      continue;
    put_literal(tokenizer, tokenizer->position, 1);
    tokenizer->position++;
  }
  end_section(tokenizer);
  return S_OK;
}

/* Named formats */

static const struct NamedFormat {
  const char *name;
  const OLECHAR *picture; /* NULL: `code` says it */
  uint8_t code;
} named_formats[] = {
  { "General Number", NULL, FORMAT_GENERAL_NUMBER },
  { "Currency", NULL, FORMAT_CURRENCY },
  { "Fixed", u"0.00", 0 },
  { "Standard", u"#,##0.00", 0 },
  { "Percent", u"0.00%", 0 },
  { "Scientific", u"0.00E+00", 0 },
  { "Yes/No", NULL, FORMAT_YES_NO },
  { "True/False", NULL, FORMAT_TRUE_FALSE },
  { "On/Off", NULL, FORMAT_ON_OFF },
  { "General Date", u"c", 0 },
  { "Long Date", u"dddddd", 0 },
  { "Medium Date", u"dd-mmm-yy", 0 },
  { "Short Date", u"ddddd", 0 },
  { "Long Time", u"ttttt", 0 },
  { "Medium Time", u"hh:nn AM/PM", 0 },
  { "Short Time", u"hh:nn", 0 },
};

static const struct NamedFormat *find_named(const Tokenizer *tokenizer) {
  for (size_t i = 0; i < sizeof named_formats / sizeof named_formats[0]; i++) {
    if (text_is(tokenizer, named_formats[i].name, FALSE) && peek(tokenizer, strlen(named_formats[i].name)) == 0)
      return &named_formats[i];
  }
  return NULL;
}

static HRESULT tokenize(Tokenizer *tokenizer) {
  const struct NamedFormat *named = find_named(tokenizer);

  if (!named)
    return tokenize_picture(tokenizer);
  if (named->picture) {
    tokenizer->format = named->picture;
    tokenizer->inline_text = TRUE;
    return tokenize_picture(tokenizer);
  }
  tokenizer->header.name = named->code;
  tokenizer->header.kind = FORMAT_NUMBER;
  return S_OK;
}

HRESULT VarTokenizeFormatString(LPOLESTR pstrFormat, LPBYTE rgbTok, int cbTok, int iFirstDay, int iFirstWeek, LCID lcid,
                                int *pcbActual) {
  (void)lcid; /* pictures are written in English everywhere */
  if (!rgbTok || iFirstDay < 0 || iFirstDay > 7 || iFirstWeek < 0 || iFirstWeek > 3)
    return E_INVALIDARG;
  Tokenizer tokenizer = { .format = pstrFormat ? pstrFormat : u"",
                          .out = rgbTok,
                          .capacity = cbTok > 0 ? (size_t)cbTok : 0,
                          .used = sizeof(FormatHeader),
                          .header = { .first_day = (uint8_t)iFirstDay, .first_week = (uint8_t)iFirstWeek } };
  HRESULT hr = tokenize(&tokenizer);
  if (FAILED(hr))
    return hr;
  if (tokenizer.used > tokenizer.capacity || tokenizer.used > UINT16_MAX || tokenizer.position > UINT16_MAX)
    return TYPE_E_BUFFERTOOSMALL;
  tokenizer.header.size = (uint16_t)tokenizer.used;
  memcpy(rgbTok, &tokenizer.header, sizeof tokenizer.header);
  if (pcbActual)
    *pcbActual = (int)tokenizer.used;
  return S_OK;
}

/* Reading operations back */

void format_reader_open(FormatReader *reader, const uint8_t *tokens, const FormatHeader *header, unsigned section,
                        const OLECHAR *format) {
  size_t start = section < header->sections && section < FORMAT_SECTIONS_MAX ? header->start[section] : 0;

  if (start < sizeof *header || start > header->size)
    start = header->size;
  *reader = (FormatReader){ .next = tokens + start, .end = tokens + header->size, .format = format };
  while (format[reader->format_length] != 0)
    reader->format_length++;
}

static uint16_t read_word(FormatReader *reader) {
  if (reader->end - reader->next < 2) {
    reader->next = reader->end;
    return 0;
  }
  uint16_t word = (uint16_t)(reader->next[0] | reader->next[1] << 8);
  reader->next += 2;
  return word;
}

BOOL format_reader_next(FormatReader *reader) {
  reader->operation = OP_END;
  if (reader->next >= reader->end || *reader->next >= OP_COUNT || *reader->next == OP_END)
    return FALSE;
  reader->operation = (FormatOperation)*reader->next++;
  reader->first = reader->length = 0;
  if (reader->operation == OP_TEXT || reader->operation == OP_CHAR || reader->operation == OP_EXPONENT)
    reader->first = read_word(reader);
  if (reader->operation == OP_TEXT || reader->operation == OP_EXPONENT)
    reader->length = read_word(reader);
  /* the tokens may have been made from another string than the one given now */
  if (reader->operation == OP_TEXT && (size_t)reader->first + reader->length > reader->format_length)
    reader->length = 0;
  return TRUE;
}

BOOL format_write_common(TextBuffer *text, const FormatContext *context, const FormatReader *reader) {
  switch (reader->operation) {
  case OP_TEXT:
    text_append(text, reader->format + reader->first, reader->length);
    return TRUE;
  case OP_CHAR:
    text_append_char(text, reader->first);
    return TRUE;
  case OP_DATE_SEPARATOR:
    text_append_string(text, context->locale->date_separator);
    return TRUE;
  case OP_TIME_SEPARATOR:
    text_append_string(text, context->locale->time_separator);
    return TRUE;
  default:
    return FALSE;
  }
}
