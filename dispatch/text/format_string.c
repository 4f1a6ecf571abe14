/*
 * Strings in VarFormat: @ and & placeholders, case, filling from either side; a second section for empty strings
 * and Null.
 */
#include "dispatch/text/format.h"

#include <unicode/uchar.h>

typedef struct StringShape {
  size_t placeholders;
  BOOL lower, upper, from_left;
} StringShape;

static void shape_read(StringShape *shape, FormatReader reader) {
  *shape = (StringShape){ 0 };
  while (format_reader_next(&reader)) {
    switch (reader.operation) {
    case OP_CHARACTER:
    case OP_CHARACTER_OR_SPACE:
      shape->placeholders++;
      break;
    case OP_LOWER:
      shape->lower = TRUE;
      break;
    case OP_UPPER:
      shape->upper = TRUE;
      break;
    case OP_LEFT_TO_RIGHT:
      shape->from_left = TRUE;
      break;
    default:
      break;
    }
  }
}

typedef struct StringWriter {
  const FormatContext *context;
  TextBuffer *text;
  StringShape shape;
  const OLECHAR *string;
  size_t length, next; /* characters in all, characters written */
} StringWriter;

static void write_characters(StringWriter *writer, size_t count) {
  for (; count > 0 && writer->next < writer->length; count--) {
    OLECHAR c = writer->string[writer->next++];
    if (writer->shape.lower)
      c = (OLECHAR)u_tolower(c);
    else if (writer->shape.upper)
      c = (OLECHAR)u_toupper(c);
    text_append_char(writer->text, c);
  }
}

/* Filling from the right leaves the first placeholders empty. */
static void write_placeholder(StringWriter *writer, size_t index, BOOL space) {
  size_t placeholders = writer->shape.placeholders;
  size_t rest = writer->length - writer->next;
  BOOL empty = writer->shape.from_left ? rest == 0 : index + writer->length < placeholders;

  if (empty) {
    if (space)
      text_append_char(writer->text, u' ');
  } else {
    write_characters(writer, 1);
  }
}

static void write_section(StringWriter *writer, FormatReader reader) {
  size_t index = 0;

  while (format_reader_next(&reader)) {
    if (reader.operation == OP_CHARACTER || reader.operation == OP_CHARACTER_OR_SPACE)
      write_placeholder(writer, index++, reader.operation == OP_CHARACTER_OR_SPACE);
    else
      format_write_common(writer->text, writer->context, &reader);
  }
  write_characters(writer, writer->length - writer->next); /* more text than placeholders, or none of these */
}

HRESULT format_string(const FormatContext *context, const VARIANT *value, TextBuffer *text) {
  StringWriter writer = { .context = context, .text = text };
  VARIANT string;
  VARIANT *source = (VARIANT *)(uintptr_t)value;
  FormatReader reader;
  unsigned section = 0;
  HRESULT hr = S_OK;

  VariantInit(&string);
  if (V_VT(value) != VT_NULL)
    hr = VariantChangeTypeEx(&string, source, context->lcid, 0, VT_BSTR);
  if (FAILED(hr))
    return hr;
  if (V_VT(&string) == VT_BSTR) {
    writer.string = V_BSTR(&string);
    writer.length = SysStringLen(V_BSTR(&string));
  }
  if (writer.length == 0 && context->header.sections > 1 && context->header.start[1] != 0)
    section = 1;
  format_reader_open(&reader, context->tokens, &context->header, section, context->format);
  shape_read(&writer.shape, reader);
  write_section(&writer, reader);
  VariantClear(&string);
  return S_OK;
}
