/* The library that widl makes from idl/sample.idl, opened for a test. */
#ifndef OLEANDER_TESTS_TYPELIB_SAMPLE_H
#define OLEANDER_TESTS_TYPELIB_SAMPLE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "com/unicode.h"

#include <oleauto.h>

#define SAMPLE_PATH               TEST_BINARY_DIR "/typelib-idl/sample.tlb"

#define assert_ok(call)           assert_int_equal((HRESULT)(call), S_OK)
#define assert_hr(call, expected) assert_int_equal((unsigned)(call), (unsigned)(expected))

/* The types, in the order of the file. */
enum {
  SAMPLE_ISHAPE,
  SAMPLE_ICIRCLE,
  SAMPLE_COLOUR,
  SAMPLE_POINT,
  SAMPLE_DISTANCE,
  SAMPLE_EITHER,
  SAMPLE_MATHEMATICS,
  SAMPLE_IPLAIN,
  SAMPLE_DEVENTS,
  SAMPLE_DPLAIN,
  SAMPLE_CIRCLE,
  SAMPLE_TYPES
};

static inline ITypeLib *sample_open(void) {
  char16_t *path = utf16_copy(SAMPLE_PATH);
  ITypeLib *library = NULL;

  assert_ok(LoadTypeLibEx(path, REGKIND_NONE, &library));
  free(path);
  return library;
}

static inline ITypeInfo2 *sample_type(ITypeLib *library, UINT index) {
  ITypeInfo *info = NULL;
  ITypeInfo2 *info2 = NULL;

  assert_ok(ITypeLib_GetTypeInfo(library, index, &info));
  assert_ok(ITypeInfo_QueryInterface(info, &IID_ITypeInfo2, (void **)&info2));
  ITypeInfo_Release(info);
  return info2;
}

/* NULL and "" are alike. */
static inline void assert_text(const OLECHAR *actual, const char *expected) {
  char *text = utf8_copy(actual ? actual : u"");

  assert_string_equal(text, expected);
  free(text);
}

static inline void assert_bstr(BSTR actual, const char *expected) {
  assert_text(actual, expected);
  SysFreeString(actual);
}

#endif
