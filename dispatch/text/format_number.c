/*
 * Numbers in VarFormat: sections for positive, negative, zero and Null, placeholders, scaling, exponents.
 */
#include "dispatch/text/format_digits.h"
#include "dispatch/text/format.h"

/* What the placeholders of a section ask for. */
typedef struct NumberShape {
  int whole, whole_forced; /* placeholders in front of the point; how many of the last are written at least */
  int fraction, fraction_forced;
  int percents, thousands_scaled;
  BOOL point, grouped, exponent;
} NumberShape;

static void shape_placeholder(NumberShape *shape, BOOL zero, int commas) {
  if (shape->point) {
    shape->fraction++;
    if (zero)
      shape->fraction_forced = shape->fraction;
    return;
  }
  if (commas > 0 && shape->whole > 0)
    shape->grouped = TRUE;
  shape->whole++;
  if (zero || shape->whole_forced > 0)
    shape->whole_forced++;
}

/* Commas between digits group them; commas behind the last digit of the whole part divide by a thousand each. */
static void shape_read(NumberShape *shape, FormatReader reader) {
  int commas = 0;

  *shape = (NumberShape){ 0 };
  while (format_reader_next(&reader)) {
    switch (reader.operation) {
    case OP_ZERO:
    case OP_DIGIT:
      shape_placeholder(shape, reader.operation == OP_ZERO, commas);
      commas = 0;
      break;
    case OP_COMMA:
      commas += shape->whole > 0 && !shape->point;
      break;
    case OP_POINT:
    case OP_EXPONENT:
      shape->thousands_scaled += commas;
      commas = 0;
      shape->point = shape->point || reader.operation == OP_POINT;
      shape->exponent = shape->exponent || reader.operation == OP_EXPONENT;
      break;
    case OP_PERCENT:
      shape->percents++;
      break;
    default:
      break;
    }
  }
  shape->thousands_scaled += commas;
}

typedef struct NumberWriter {
  const FormatContext *context;
  TextBuffer *text;
  NumberShape shape;
  FormatDigits digits;
  int exponent;
  int whole_next, fraction_next; /* placeholders done */
  BOOL point_done;
} NumberWriter;

/* The digits of the powers from `high` down to `low` that exist or are forced, with group separators. */
static void write_whole(NumberWriter *writer, int high, int low) {
  const Locale *locale = writer->context->locale;
  int digits = digits_whole(&writer->digits);

  for (int power = high; power >= low; power--) {
    if (power >= digits && power >= writer->shape.whole_forced)
      continue;
    text_append_char(writer->text, (char16_t)(u'0' + digits_at(&writer->digits, power)));
    if (writer->shape.grouped && digits_group_ends(power, locale->group_first, locale->group_rest))
      text_append_string(writer->text, locale->thousands);
  }
}

static void write_placeholder(NumberWriter *writer) {
  NumberShape *shape = &writer->shape;

  if (writer->point_done) {
    int index = writer->fraction_next++;
    if (index < shape->fraction_forced || index < digits_fraction(&writer->digits))
      text_append_char(writer->text, (char16_t)(u'0' + digits_at(&writer->digits, -1 - index)));
    return;
  }
  int power = shape->whole - 1 - writer->whole_next;
  int digits = digits_whole(&writer->digits);
  /* the first placeholder also takes the digits for which there is none */
  write_whole(writer, writer->whole_next++ == 0 && digits > power ? digits - 1 : power, power);
}

static void write_point(NumberWriter *writer) {
  if (writer->point_done) /* a second point */
    return;
  if (writer->shape.whole == 0)
    write_whole(writer, digits_whole(&writer->digits) - 1, 0);
  writer->point_done = TRUE;
  text_append_string(writer->text, writer->context->locale->decimal);
}

static void write_exponent(NumberWriter *writer, unsigned flags, int width) {
  text_append_char(writer->text, flags & EXPONENT_UPPER ? u'E' : u'e');
  if (writer->exponent < 0)
    text_append_char(writer->text, u'-');
  else if (flags & EXPONENT_PLUS)
    text_append_char(writer->text, u'+');
  unsigned value = (unsigned)(writer->exponent < 0 ? -writer->exponent : writer->exponent);
  text_append_number(writer->text, value, width);
}

static void write_section(NumberWriter *writer, FormatReader reader) {
  while (format_reader_next(&reader)) {
    switch (reader.operation) {
    case OP_ZERO:
    case OP_DIGIT:
      write_placeholder(writer);
      break;
    case OP_POINT:
      write_point(writer);
      break;
    case OP_PERCENT:
      text_append_char(writer->text, u'%');
      break;
    case OP_EXPONENT:
      write_exponent(writer, reader.first, reader.length);
      break;
    default:
      format_write_common(writer->text, writer->context, &reader);
    }
  }
}

/* Scale, round, and take out the exponent that leaves as many whole digits as there are placeholders. */
static void prepare_digits(NumberWriter *writer) {
  const NumberShape *shape = &writer->shape;
  FormatDigits *digits = &writer->digits;

  if (digits->count > 0)
    digits->point += 2 * shape->percents - 3 * shape->thousands_scaled;
  if (!shape->exponent) {
    digits_round(digits, shape->fraction);
    return;
  }
  if (digits->count == 0)
    return;
  digits_round(digits, shape->whole + shape->fraction - digits->point);
  writer->exponent = digits->point - shape->whole;
  digits->point = shape->whole;
}

static BOOL section_given(const FormatContext *context, unsigned section) {
  return section < context->header.sections && context->header.start[section] != 0;
}

/* 0 positive, 1 negative, 2 zero, 3 Null; an omitted section is the first. */
static unsigned choose_section(const FormatContext *context, const VARIANT *value, const FormatDigits *digits) {
  unsigned section = digits->count == 0 ? 2 : digits->negative ? 1 : 0;

  if ((V_VT(value) == VT_NULL || V_VT(value) == VT_EMPTY) && section_given(context, 3))
    section = 3;
  return section_given(context, section) ? section : 0;
}

static HRESULT write_boolean(const FormatContext *context, const VARIANT *variant, TextBuffer *text) {
  const Locale *locale = context->locale;
  VARIANT truth;

  VariantInit(&truth);
  HRESULT hr = VariantChangeTypeEx(&truth, (VARIANT *)(uintptr_t)variant, context->lcid, VARIANT_LOCALBOOL, VT_BOOL);
  if (FAILED(hr))
    return hr;
  BOOL value = V_BOOL(&truth) != VARIANT_FALSE;
  switch (context->header.name) {
  case FORMAT_YES_NO:
    text_append_string(text, value ? locale->text_yes : locale->text_no);
    break;
  case FORMAT_ON_OFF:
    text_append_string(text, value ? locale->text_on : locale->text_off);
    break;
  default:
    text_append_string(text, value ? locale->text_true : locale->text_false);
  }
  return S_OK;
}

/* As VariantChangeType writes numbers; what is no number yet becomes one first. */
static HRESULT write_general_number(const FormatContext *context, const VARIANT *value, TextBuffer *text) {
  VARIANT number, string;
  VARIANT *source = (VARIANT *)(uintptr_t)value;
  HRESULT hr = S_OK;

  VariantInit(&number);
  VariantInit(&string);
  switch (V_VT(value)) {
  case VT_EMPTY:
  case VT_BOOL:
    hr = VariantChangeTypeEx(&number, source, context->lcid, 0, VT_I2);
    source = &number;
    break;
  case VT_BSTR: {
    FormatDigits digits; /* only for its rules of what is a number or a date */
    hr = digits_from_variant(value, context->lcid, TRUE, &digits);
    if (SUCCEEDED(hr) && FAILED(VarR8FromStr(V_BSTR(value), context->lcid, 0, &V_R8(&number))))
      hr = VarDateFromStr(V_BSTR(value), context->lcid, 0, &V_R8(&number));
    V_VT(&number) = VT_R8;
    source = &number;
    break;
  }
  case VT_DATE:
    V_VT(&number) = VT_R8;
    V_R8(&number) = V_DATE(value);
    source = &number;
    break;
  default:
    break;
  }
  if (SUCCEEDED(hr))
    hr = VariantChangeTypeEx(&string, source, context->lcid, 0, VT_BSTR);
  if (SUCCEEDED(hr))
    text_append(text, V_BSTR(&string), SysStringLen(V_BSTR(&string)));
  VariantClear(&string);
  return hr;
}

HRESULT format_number(const FormatContext *context, const VARIANT *value, TextBuffer *text) {
  static const VARIANT zero = { 0 };
  NumberWriter writer = { .context = context, .text = text };

  switch (context->header.name) {
  case FORMAT_UNNAMED:
    break;
  case FORMAT_GENERAL_NUMBER:
    return write_general_number(context, value, text);
  case FORMAT_CURRENCY:
    return format_currency(value, context->lcid, text);
  default:
    return write_boolean(context, value, text);
  }
  HRESULT hr = digits_from_variant(V_VT(value) == VT_NULL ? &zero : value, context->lcid, TRUE, &writer.digits);
  if (FAILED(hr))
    return hr;
  unsigned section = choose_section(context, value, &writer.digits);
  if (section == 0 && writer.digits.negative)
    text_append_string(text, context->locale->negative_sign);
  FormatReader reader;
  format_reader_open(&reader, context->tokens, &context->header, section, context->format);
  shape_read(&writer.shape, reader);
  prepare_digits(&writer);
  write_section(&writer, reader);
  return S_OK;
}
