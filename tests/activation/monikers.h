/* Monikers from a short notation, for tables. */
#ifndef OLEANDER_TESTS_MONIKERS_H
#define OLEANDER_TESTS_MONIKERS_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <ole2.h>

#include "com/unicode.h"

static const CLSID sample = { 0x11223344, 0x5566, 0x7788, { 0x99, 0xAA, 0xBB, 0xCC, 0xDD, 0xEE, 0xFF, 0x00 } };

static inline IStream *stream_of(const void *bytes, size_t size) {
  static const LARGE_INTEGER start;
  IStream *stream;

  assert_int_equal(CreateStreamOnHGlobal(NULL, TRUE, &stream), S_OK);
  if (size)
    assert_int_equal(IStream_Write(stream, bytes, (ULONG)size, NULL), S_OK);
  assert_int_equal(IStream_Seek(stream, start, STREAM_SEEK_SET, NULL), S_OK);
  return stream;
}

static inline IMoniker *make_class(const char *options) {
  char text[128];
  IMoniker *moniker;
  IBindCtx *context;
  ULONG eaten;

  snprintf(text, sizeof text, "clsid:11223344-5566-7788-99AA-BBCCDDEEFF00%s:", options);
  OLECHAR *wide = utf16_copy(text);
  assert_int_equal(CreateBindCtx(0, &context), S_OK);
  assert_int_equal(MkParseDisplayName(context, wide, &eaten, &moniker), S_OK);
  IBindCtx_Release(context);
  free(wide);
  return moniker;
}

static inline IMoniker *make_anti(const char *count) {
  IMoniker *moniker;

  assert_int_equal(CreateAntiMoniker(&moniker), S_OK);
  if (*count) {
    DWORD number = (DWORD)strtoul(count, NULL, 0);
    IStream *stream = stream_of(&number, sizeof number);

    assert_int_equal(IMoniker_Load(moniker, stream), S_OK);
    IStream_Release(stream);
  }
  return moniker;
}

/* Makes monikers from a short notation: "f:path", "i:item" (delimiter "!"), "n:item" (no delimiter), "c:options" (the sample
 * class), "a:" (anti), "a:5" (so many), "p:" (a pointer moniker without object), "e:" (an empty composite), "" (none); parts of
 * a composite stand between '|'. */
static inline IMoniker *make_one(const char *text) {
  IMoniker *moniker = NULL;
  OLECHAR *rest = utf16_copy(text[0] ? text + 2 : "");

  switch (text[0]) {
  case 'f':
    assert_int_equal(CreateFileMoniker(rest, &moniker), S_OK);
    break;
  case 'i':
    assert_int_equal(CreateItemMoniker(u"!", rest, &moniker), S_OK);
    break;
  case 'n':
    assert_int_equal(CreateItemMoniker(NULL, rest, &moniker), S_OK);
    break;
  case 'c':
    moniker = make_class(text + 2);
    break;
  case 'a':
    moniker = make_anti(text + 2);
    break;
  case 'p':
    assert_int_equal(CreatePointerMoniker(NULL, &moniker), S_OK);
    break;
  case 'e':
    assert_int_equal(CoCreateInstance(&CLSID_CompositeMoniker, NULL, CLSCTX_ALL, &IID_IMoniker, (void **)&moniker),
                     S_OK);
    break;
  default:
    break;
  }
  free(rest);
  return moniker;
}

static inline void drop(IMoniker *moniker) {
  if (moniker)
    IMoniker_Release(moniker);
}

static inline IMoniker *make(const char *text) {
  char copy[256];
  char *part = copy;
  IMoniker *whole = NULL;

  snprintf(copy, sizeof copy, "%s", text);
  while (part) {
    char *bar = strchr(part, '|');
    IMoniker *next;
    IMoniker *joined;

    if (bar)
      *bar = '\0';
    next = make_one(part);
    assert_int_equal(CreateGenericComposite(whole, next, &joined), S_OK);
    drop(whole);
    drop(next);
    whole = joined;
    part = bar ? bar + 1 : NULL;
  }
  return whole;
}

/* The display name in UTF-8, "(null)" for no moniker. */
static inline const char *name_of(IMoniker *moniker) {
  static char text[512];
  IBindCtx *context;
  LPOLESTR name;
  char *narrow;

  if (!moniker)
    return "(null)";
  assert_int_equal(CreateBindCtx(0, &context), S_OK);
  assert_int_equal(IMoniker_GetDisplayName(moniker, context, NULL, &name), S_OK);
  IBindCtx_Release(context);
  narrow = utf8_copy(name);
  CoTaskMemFree(name);
  snprintf(text, sizeof text, "%s", narrow);
  free(narrow);
  return text;
}

#endif
