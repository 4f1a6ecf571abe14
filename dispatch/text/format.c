/*
 * VarFormat and VarFormatFromTokens: choosing how a value is formatted, and what happens when it cannot be.
 */
#include "dispatch/text/format.h"

#include <stdlib.h>
#include <string.h>

enum { TOKENS_ON_STACK = 256 };

/* Without a format, or where the value does not fit it, the text is that of VariantChangeType. */
static HRESULT value_as_string(const FormatContext *context, const VARIANT *value, ULONG flags, BSTR *text) {
  VARIANT string;
  VARIANT *source = (VARIANT *)(uintptr_t)value;

  USHORT words = (USHORT)((flags & VAR_LOCALBOOL) | VARIANT_ALPHABOOL); /* truth values are words here, not numbers */

  VariantInit(&string);
  HRESULT hr = VariantChangeTypeEx(&string, source, context->lcid, words, VT_BSTR);
  if (SUCCEEDED(hr))
    *text = V_BSTR(&string);
  return hr;
}

static HRESULT format_as_kind(const FormatContext *context, const VARIANT *value, BSTR *text) {
  static HRESULT (*const writers[])(const FormatContext *, const VARIANT *,
                                    TextBuffer *) = { [FORMAT_GENERAL] = format_number,
                                                      [FORMAT_NUMBER] = format_number,
                                                      [FORMAT_DATE] = format_date,
                                                      [FORMAT_STRING] = format_string };
  TextBuffer buffer;
  unsigned kind = context->header.kind;

  if (kind >= sizeof writers / sizeof writers[0])
    return E_INVALIDARG;
  text_init(&buffer);
  HRESULT hr = writers[kind](context, value, &buffer);
  if (SUCCEEDED(hr))
    return text_finish(&buffer, text);
  text_release(&buffer);
  return hr;
}

/* Null has a text only where the format has a section for it. */
static BOOL null_has_section(const FormatContext *context) {
  unsigned section = context->header.kind == FORMAT_STRING ? 1 : 3;

  return context->header.kind != FORMAT_DATE && context->header.name == FORMAT_UNNAMED &&
         section < context->header.sections && context->header.start[section] != 0;
}

static BOOL format_is_empty(const FormatContext *context) {
  return context->format[0] == 0;
}

static HRESULT format_value(const FormatContext *context, const VARIANT *value, ULONG flags, BSTR *text) {
  if (V_VT(value) == VT_NULL)
    return null_has_section(context) ? format_as_kind(context, value, text) : S_OK;
  if (format_is_empty(context))
    return value_as_string(context, value, flags, text);
  HRESULT hr = format_as_kind(context, value, text);
  if ((hr == DISP_E_TYPEMISMATCH || hr == DISP_E_OVERFLOW) && !(flags & VAR_FORMAT_NOSUBSTITUTE))
    hr = value_as_string(context, value, flags, text);
  return hr;
}

HRESULT VarFormatFromTokens(LPVARIANT pvarIn, LPOLESTR pstrFormat, LPBYTE pbTokCur, ULONG dwFlags, BSTR *pbstrOut,
                            LCID lcid) {
  FormatContext context = {
    .tokens = pbTokCur, .format = pstrFormat ? pstrFormat : u"", .locale = locale_get(lcid), .lcid = lcid
  };
  VARIANT direct;

  if (!pbstrOut)
    return E_INVALIDARG;
  *pbstrOut = NULL;
  if (!pvarIn || !pbTokCur)
    return E_INVALIDARG;
  memcpy(&context.header, pbTokCur, sizeof context.header);
  if (!(V_VT(pvarIn) & VT_BYREF))
    return format_value(&context, pvarIn, dwFlags, pbstrOut);
  VariantInit(&direct);
  HRESULT hr = VariantCopyInd(&direct, pvarIn);
  if (SUCCEEDED(hr))
    hr = format_value(&context, &direct, dwFlags, pbstrOut);
  VariantClear(&direct);
  return hr;
}

/* Tokens take at most five bytes for each character of the format. */
static size_t tokens_size(const OLECHAR *format) {
  size_t length = 0;

  while (format && format[length] != 0)
    length++;
  return sizeof(FormatHeader) + 5 * length + 64;
}

HRESULT VarFormat(LPVARIANT pvarIn, LPOLESTR pstrFormat, int iFirstDay, int iFirstWeek, ULONG dwFlags, BSTR *pbstrOut) {
  BYTE stack[TOKENS_ON_STACK];
  BYTE *tokens = stack;
  size_t size = sizeof stack;

  if (!pbstrOut)
    return E_INVALIDARG;
  *pbstrOut = NULL;
  if (tokens_size(pstrFormat) > size) {
    size = tokens_size(pstrFormat);
    tokens = malloc(size);
    if (!tokens)
      return E_OUTOFMEMORY;
  }
  HRESULT hr = VarTokenizeFormatString(pstrFormat, tokens, (int)size, iFirstDay, iFirstWeek, LOCALE_USER_DEFAULT, NULL);
  if (SUCCEEDED(hr))
    hr = VarFormatFromTokens(pvarIn, pstrFormat, tokens, dwFlags, pbstrOut, LOCALE_USER_DEFAULT);
  if (tokens != stack)
    free(tokens);
  return hr;
}
