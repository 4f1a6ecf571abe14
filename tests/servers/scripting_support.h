/* Short ways to make and look at values in the tests of the scripting server. */
#ifndef OLEANDER_TESTS_SCRIPTING_SUPPORT_H
#define OLEANDER_TESTS_SCRIPTING_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "scripting/scripting_internal.h"

/* The class objects of the module under test. */
IDictionary *make_dictionary(void);
IFileSystem3 *make_file_system(void);

/* A BSTR from UTF-8 that lives until texts_free. */
BSTR text(const char *utf8);
void texts_free(void);

/* VARIANTs that own nothing (a text lives until texts_free). */
VARIANT v_empty(void);
VARIANT v_null(void);
VARIANT v_text(const char *utf8);
VARIANT v_i2(int value);
VARIANT v_i4(int value);
VARIANT v_i8(int64_t value);
VARIANT v_ui8(uint64_t value);
VARIANT v_r4(float value);
VARIANT v_r8(double value);
VARIANT v_bool(bool value);
VARIANT v_cy(int64_t ten_thousandths);
VARIANT v_date(double value);
VARIANT v_decimal(uint64_t value, int scale, bool negative);
VARIANT v_object(void *object);

/* The UTF-8 of a BSTR (static, until the fourth next call); frees it. */
const char *taken(BSTR given);

/* A value as text for comparison: "i4 5", "str abc", "empty", "object"; clears it. */
const char *shown(VARIANT value);

/* The description of the thread's error, which it takes. */
const char *error_text(void);

#define assert_hr(expected, actual) assert_int_equal((uint32_t)(expected), (uint32_t)(actual))

#endif
