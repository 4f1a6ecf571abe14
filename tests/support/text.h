/* UTF-16 texts in assertions, shown as UTF-8 when they differ. */
#ifndef OLEANDER_TESTS_TEXT_H
#define OLEANDER_TESTS_TEXT_H

#include <oleauto.h>

/* The text as UTF-8, in one of a few static buffers. NULL gives "(null)". */
const char *text_show(const OLECHAR *text);

/* Whether a BSTR holds exactly this text (NULL only equals NULL). */
BOOL text_equals(BSTR actual, const OLECHAR *expected);

#endif
