/* Property bags as JSON (RFC 8259) and back. */
#include "storage/property_bag.h"

#include <oleander_property_bag.h>

#include <errno.h>
#include <math.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "storage/property_internal.h"

/* Reading */

typedef struct Reader {
  const char *text;
  size_t at, size;
  const char *problem; /* the first one */
  unsigned depth;
} Reader;

static HRESULT read_value(Reader *reader, unsigned bag_depth, VARIANT *value);

static HRESULT bad(Reader *reader, const char *problem) {
  if (!reader->problem)
    reader->problem = problem;
  return E_INVALIDARG;
}

static char peek(Reader *reader) {
  while (reader->at < reader->size && strchr(" \t\r\n", reader->text[reader->at]))
    reader->at++;
  return reader->at < reader->size ? reader->text[reader->at] : 0;
}

static bool take(Reader *reader, char wanted) {
  if (peek(reader) != wanted)
    return false;
  reader->at++;
  return true;
}

static int hex_digit(char c) {
  return c >= '0' && c <= '9' ? c - '0' : (c | 0x20) >= 'a' && (c | 0x20) <= 'f' ? (c | 0x20) - 'a' + 10 : -1;
}

static HRESULT read_unit(Reader *reader, char16_t *unit) {
  unsigned value = 0;

  for (unsigned i = 0; i < 4; i++) {
    int digit = reader->at < reader->size ? hex_digit(reader->text[reader->at]) : -1;
    if (digit < 0)
      return bad(reader, "\\u wants four hexadecimal digits");
    value = value * 16 + (unsigned)digit;
    reader->at++;
  }
  *unit = (char16_t)value;
  return S_OK;
}

static HRESULT read_escape(Reader *reader, char16_t *unit) {
  static const char letters[] = "\"\\/bfnrt";
  static const char16_t units[] = u"\"\\/\b\f\n\r\t";
  char letter = reader->at < reader->size ? reader->text[reader->at++] : 0;
  const char *found = letter ? strchr(letters, letter) : NULL;

  if (letter == 'u')
    return read_unit(reader, unit);
  if (!found)
    return bad(reader, "no such escape in a text");
  *unit = units[found - letters];
  return S_OK;
}

/* Behind its quote. The text has no more units than bytes are left. */
static HRESULT read_text(Reader *reader, BSTR *result) {
  size_t end = reader->at;
  size_t count = 0;
  HRESULT status = S_OK;

  while (end < reader->size && reader->text[end] != '"')
    end += reader->text[end] == '\\' && end + 1 < reader->size ? 2 : 1;
  if (end >= reader->size)
    return bad(reader, "a text without an end");
  char16_t *units = malloc((end - reader->at + 1) * sizeof *units);
  if (!units)
    return E_OUTOFMEMORY;
  while (reader->at < end && SUCCEEDED(status)) {
    const char *start = reader->text + reader->at;
    size_t length = 0;

    while (length < end - reader->at && start[length] != '\\' && (unsigned char)start[length] >= 0x20)
      length++;
    if (!length && *start != '\\') {
      status = bad(reader, "a control character in a text");
    } else if (!length) {
      reader->at++;
      status = read_escape(reader, &units[count++]);
    } else if (utf16_length(start, length) == UNICODE_INVALID) {
      status = bad(reader, "a text that is not UTF-8");
    } else {
      count += utf16_from_utf8(start, length, units + count);
      reader->at += length;
    }
  }
  reader->at = end + 1;
  if (SUCCEEDED(status)) {
    *result = SysAllocStringLen(units, (UINT)count);
    status = *result ? S_OK : E_OUTOFMEMORY;
  }
  free(units);
  return status;
}

static size_t digits_at(const Reader *reader, size_t at) {
  size_t count = 0;

  while (at + count < reader->size && reader->text[at + count] >= '0' && reader->text[at + count] <= '9')
    count++;
  return count;
}

/* The length of the number there by the grammar of JSON, 0: none. */
static size_t number_length(const Reader *reader, bool *whole) {
  size_t at = reader->at;

  at += reader->text[at] == '-';
  size_t digits = digits_at(reader, at);
  if (!digits || (digits > 1 && reader->text[at] == '0'))
    return 0;
  at += digits;
  *whole = true;
  if (at < reader->size && reader->text[at] == '.') {
    digits = digits_at(reader, at + 1);
    if (!digits)
      return 0;
    at += digits + 1;
    *whole = false;
  }
  if (at < reader->size && (reader->text[at] | 0x20) == 'e') {
    size_t sign = at + 1 < reader->size && (reader->text[at + 1] == '+' || reader->text[at + 1] == '-');
    digits = digits_at(reader, at + 1 + sign);
    if (!digits)
      return 0;
    at += digits + 1 + sign;
    *whole = false;
  }
  return at - reader->at;
}

static HRESULT read_real(Reader *reader, const char *text, VARIANT *value) {
  BSTR wide;
  size_t units = strlen(text);

  wide = SysAllocStringLen(NULL, (UINT)units);
  if (!wide)
    return E_OUTOFMEMORY;
  for (size_t i = 0; i < units; i++)
    wide[i] = (OLECHAR)text[i];
  HRESULT status = VarR8FromStr(wide, BAG_LCID, 0, &V_R8(value)); /* whatever the locale of the C library is */
  SysFreeString(wide);
  if (status == E_OUTOFMEMORY)
    return status;
  if (FAILED(status) || !isfinite(V_R8(value)))
    return bad(reader, "a number that is too large");
  if (*text == '-' && V_R8(value) == 0)
    V_R8(value) = -0.0;
  V_VT(value) = VT_R8;
  return S_OK;
}

static HRESULT read_number(Reader *reader, VARIANT *value) {
  bool whole = false;
  size_t length = number_length(reader, &whole);
  char *end;

  if (!length)
    return bad(reader, "a value was expected");
  char *text = strndup(reader->text + reader->at, length);
  if (!text)
    return E_OUTOFMEMORY;
  reader->at += length;
  HRESULT status = S_OK;
  errno = 0;
  long long number = whole ? strtoll(text, &end, 10) : 0;
  if (whole && !errno && !(number == 0 && *text == '-')) {
    V_VT(value) = number == (LONG)number ? VT_I4 : VT_I8;
    V_I8(value) = number;
    if (V_VT(value) == VT_I4)
      V_I4(value) = (LONG)number;
  } else {
    errno = 0;
    unsigned long long large = whole && *text != '-' ? strtoull(text, &end, 10) : 0;
    if (whole && *text != '-' && !errno) {
      V_VT(value) = VT_UI8;
      V_UI8(value) = large;
    } else {
      status = read_real(reader, text, value);
    }
  }
  free(text);
  return status;
}

static bool take_word(Reader *reader, const char *word) {
  size_t length = strlen(word);

  if (reader->size - reader->at < length || memcmp(reader->text + reader->at, word, length) != 0)
    return false;
  reader->at += length;
  return true;
}

static HRESULT read_array(Reader *reader, unsigned bag_depth, VARIANT *value) {
  VARIANT *elements = NULL;
  ULONG count = 0, room = 0;
  HRESULT status = S_OK;

  if (!take(reader, ']')) {
    do {
      if (count == room) {
        room = room * 2 + 8;
        VARIANT *more = realloc(elements, room * sizeof *more);
        if (!more) {
          status = E_OUTOFMEMORY;
          break;
        }
        elements = more;
      }
      status = read_value(reader, bag_depth, &elements[count]);
      count += SUCCEEDED(status);
    } while (SUCCEEDED(status) && take(reader, ','));
    if (SUCCEEDED(status) && !take(reader, ']'))
      status = bad(reader, "',' or ']' was expected");
  }
  SAFEARRAY *array = SUCCEEDED(status) ? SafeArrayCreateVector(VT_VARIANT, 0, count) : NULL;
  if (SUCCEEDED(status) && !array)
    status = E_OUTOFMEMORY;
  if (SUCCEEDED(status)) {
    if (count)
      memcpy(array->pvData, elements, count * sizeof *elements);
    V_VT(value) = VT_ARRAY | VT_VARIANT;
    V_ARRAY(value) = array;
  }
  while (FAILED(status) && count)
    VariantClear(&elements[--count]);
  free(elements);
  return status;
}

/* Of members with one name the last counts. */
static HRESULT read_members(Reader *reader, PropertyBag *bag) {
  HRESULT status = S_OK;

  if (take(reader, '}'))
    return S_OK;
  do {
    BSTR name = NULL;
    VARIANT value;

    VariantInit(&value);
    status = take(reader, '"') ? read_text(reader, &name) : bad(reader, "the name of a member was expected");
    if (SUCCEEDED(status) && !take(reader, ':'))
      status = bad(reader, "':' was expected");
    if (SUCCEEDED(status))
      status = read_value(reader, bag->depth, &value);
    if (SUCCEEDED(status))
      status = bag->kind->put(bag, name, &value); /* nobody else has the bag yet */
    VariantClear(&value);
    SysFreeString(name);
  } while (SUCCEEDED(status) && take(reader, ','));
  if (SUCCEEDED(status) && !take(reader, '}'))
    status = bad(reader, "',' or '}' was expected");
  return status;
}

static HRESULT read_bag(Reader *reader, unsigned depth, PropertyBag **result) {
  PropertyBag *bag = property_bag_create(&memory_bag, depth);
  HRESULT status = bag ? read_members(reader, bag) : E_OUTOFMEMORY;

  if (FAILED(status) && bag)
    IPropertyBag_Release(&bag->bag);
  *result = SUCCEEDED(status) ? bag : NULL;
  return status;
}

static HRESULT read_nested(Reader *reader, unsigned bag_depth, VARIANT *value) {
  PropertyBag *bag;

  if (reader->depth >= BAG_NESTING)
    return bad(reader, "nested too deep");
  reader->depth++;
  HRESULT status =
      reader->text[reader->at++] == '[' ? read_array(reader, bag_depth, value) : read_bag(reader, bag_depth + 1, &bag);
  reader->depth--;
  if (SUCCEEDED(status) && V_VT(value) == VT_EMPTY) {
    V_VT(value) = VT_UNKNOWN;
    V_UNKNOWN(value) = (IUnknown *)&bag->bag;
  }
  return status;
}

static HRESULT read_value(Reader *reader, unsigned bag_depth, VARIANT *value) {
  HRESULT status = S_OK;

  VariantInit(value);
  switch (peek(reader)) {
  case '{':
  case '[':
    return read_nested(reader, bag_depth, value);
  case '"':
    reader->at++;
    status = read_text(reader, &V_BSTR(value));
    if (SUCCEEDED(status))
      V_VT(value) = VT_BSTR;
    return status;
  case 't':
  case 'f':
    V_BOOL(value) = peek(reader) == 't' ? VARIANT_TRUE : VARIANT_FALSE;
    V_VT(value) = VT_BOOL;
    return take_word(reader, V_BOOL(value) ? "true" : "false") ? S_OK : bad(reader, "a value was expected");
  case 'n':
    V_VT(value) = VT_NULL;
    return take_word(reader, "null") ? S_OK : bad(reader, "a value was expected");
  case 0:
    return bad(reader, "a value was expected");
  default:
    return read_number(reader, value);
  }
}

static HRESULT tell_problem(const Reader *reader, HRESULT status) {
  unsigned line = 1;

  for (size_t i = 0; i < reader->at && i < reader->size; i++)
    line += reader->text[i] == '\n';
  return error_raise(status, "JSON", "line %u: %s", line, reader->problem);
}

HRESULT oleander_property_bag_json(const char *text, IPropertyBag **result) {
  Reader reader = { .text = text ? text : "{}", .size = text ? strlen(text) : 2 };
  PropertyBag *bag = NULL;

  if (!result)
    return E_POINTER;
  *result = NULL;
  HRESULT status = take(&reader, '{') ? read_bag(&reader, 0, &bag) : bad(&reader, "'{' was expected");
  if (SUCCEEDED(status) && peek(&reader)) {
    status = bad(&reader, "more than one value");
    IPropertyBag_Release(&bag->bag);
  }
  if (FAILED(status))
    return reader.problem ? tell_problem(&reader, status) : status;
  *result = &bag->bag;
  return S_OK;
}

/* Writing */

static HRESULT write_value(const VARIANT *value, unsigned depth, ByteBuffer *buffer);

static void write_bytes(ByteBuffer *buffer, const char *text) {
  buffer_bytes(buffer, text, strlen(text));
}

static void write_line(ByteBuffer *buffer, unsigned depth) {
  write_bytes(buffer, "\n");
  while (depth--)
    write_bytes(buffer, "  ");
}

static HRESULT write_text(ByteBuffer *buffer, const OLECHAR *text, size_t units) {
  char escape[8];

  write_bytes(buffer, "\"");
  for (size_t i = 0; i < units; i++) {
    OLECHAR unit = text[i];
    bool high = unit >= 0xD800 && unit < 0xDC00 && i + 1 < units && text[i + 1] >= 0xDC00 && text[i + 1] < 0xE000;

    if (unit == '"' || unit == '\\') {
      snprintf(escape, sizeof escape, "\\%c", unit);
    } else if (unit < 0x20 || unit == 0x7F || (!high && unit >= 0xD800 && unit < 0xE000)) {
      snprintf(escape, sizeof escape, "\\u%04x", unit);
    } else {
      escape[utf8_from_utf16(text + i, high ? 2 : 1, escape)] = 0;
      i += high;
    }
    write_bytes(buffer, escape);
  }
  write_bytes(buffer, "\"");
  return S_OK;
}

static HRESULT write_as_text(const VARIANT *value, bool quoted, ByteBuffer *buffer) {
  BSTR text;
  HRESULT status = bag_value_text(value, &text);

  if (FAILED(status))
    return status;
  if (quoted) {
    status = write_text(buffer, text, SysStringLen(text));
  } else {
    for (UINT i = 0; i < SysStringLen(text); i++) { /* ASCII: a number */
      char letter = (char)text[i];
      buffer_bytes(buffer, &letter, 1);
    }
  }
  SysFreeString(text);
  return status;
}

/* With the fewest digits that give the number back. */
static HRESULT write_real(double number, ByteBuffer *buffer) {
  char text[40];

  if (!isfinite(number))
    return DISP_E_TYPEMISMATCH;
  for (int digits = 15; digits <= 17; digits++) {
    snprintf(text, sizeof text, "%.*g", digits, number);
    if (strtod(text, NULL) == number)
      break;
  }
  for (char *at = text; *at; at++)
    *at = *at == ',' ? '.' : *at; /* as some locales of the C library write it */
  if (!strpbrk(text, ".e"))
    strcat(text, ".0");
  write_bytes(buffer, text);
  return S_OK;
}

static HRESULT write_array(const VARIANT *value, unsigned depth, ByteBuffer *buffer) {
  VARTYPE type = V_VT(value) & VT_TYPEMASK;
  SAFEARRAY *array = V_ARRAY(value);
  LONG low = 0, high = -1;
  HRESULT status = S_OK;

  if (!array || SafeArrayGetDim(array) != 1 || depth >= BAG_NESTING)
    return DISP_E_TYPEMISMATCH;
  SafeArrayGetLBound(array, 1, &low);
  SafeArrayGetUBound(array, 1, &high);
  write_bytes(buffer, "[");
  for (LONG i = low; i <= high && SUCCEEDED(status); i++) {
    VARIANT one;

    VariantInit(&one);
    status = SafeArrayGetElement(array, &i, type == VT_VARIANT ? (void *)&one : &one.byref);
    if (type != VT_VARIANT && SUCCEEDED(status))
      V_VT(&one) = type;
    if (i > low)
      write_bytes(buffer, ", ");
    if (SUCCEEDED(status))
      status = write_value(&one, depth + 1, buffer);
    VariantClear(&one);
  }
  write_bytes(buffer, "]");
  return status;
}

/* A bag of ours, whose values are plain. */
static HRESULT write_bag(PropertyBag *bag, unsigned depth, ByteBuffer *buffer) {
  HRESULT status = S_OK;
  VARTYPE type;
  BSTR name;
  ULONG i = 0;

  if (depth >= BAG_NESTING)
    return DISP_E_TYPEMISMATCH;
  write_bytes(buffer, "{");
  for (; SUCCEEDED(status) && (status = bag->kind->at(bag, i, &name, &type)) == S_OK; i++) {
    VARIANT value;

    VariantInit(&value);
    if (i)
      write_bytes(buffer, ",");
    write_line(buffer, depth + 1);
    write_text(buffer, name, SysStringLen(name));
    write_bytes(buffer, ": ");
    status = bag->kind->get(bag, name, &value);
    if (SUCCEEDED(status))
      status = write_value(&value, depth + 1, buffer);
    VariantClear(&value);
    SysFreeString(name);
  }
  if (i)
    write_line(buffer, depth);
  write_bytes(buffer, "}");
  return FAILED(status) ? status : S_OK;
}

static HRESULT write_value(const VARIANT *value, unsigned depth, ByteBuffer *buffer) {
  PropertyBag *bag;

  if (V_VT(value) & VT_ARRAY)
    return write_array(value, depth, buffer);
  switch (V_VT(value)) {
  case VT_EMPTY:
  case VT_NULL:
    write_bytes(buffer, "null");
    return S_OK;
  case VT_BOOL:
    write_bytes(buffer, V_BOOL(value) ? "true" : "false");
    return S_OK;
  case VT_BSTR:
    return write_text(buffer, V_BSTR(value), SysStringLen(V_BSTR(value)));
  case VT_R4:
    return write_real(V_R4(value), buffer);
  case VT_R8:
    return write_real(V_R8(value), buffer);
  case VT_DATE:
  case VT_CY:
  case VT_DECIMAL:
    return write_as_text(value, true, buffer);
  case VT_UNKNOWN:
  case VT_DISPATCH:
    bag = property_bag_of(V_UNKNOWN(value));
    return bag ? write_bag(bag, depth, buffer) : DISP_E_TYPEMISMATCH;
  default:
    return bag_type_is_whole(V_VT(value)) ? write_as_text(value, false, buffer) : DISP_E_TYPEMISMATCH;
  }
}

HRESULT oleander_property_bag_json_text(IUnknown *object, char **text) {
  ByteBuffer buffer = { 0 };

  if (!object || !text)
    return E_POINTER;
  *text = NULL;
  PropertyBag *copy = property_bag_create(&memory_bag, 0); /* nobody else changes that */
  HRESULT status = copy ? property_bag_fill(copy, object) : E_OUTOFMEMORY;
  if (SUCCEEDED(status))
    status = write_bag(copy, 0, &buffer);
  write_bytes(&buffer, "\n");
  buffer_bytes(&buffer, "", 1);
  if (SUCCEEDED(status) && buffer.failed)
    status = E_OUTOFMEMORY;
  if (SUCCEEDED(status)) {
    *text = CoTaskMemAlloc(buffer.size);
    status = *text ? S_OK : E_OUTOFMEMORY;
  }
  if (SUCCEEDED(status))
    memcpy(*text, buffer.data, buffer.size);
  free(buffer.data);
  if (copy)
    IPropertyBag_Release(&copy->bag);
  return status;
}
