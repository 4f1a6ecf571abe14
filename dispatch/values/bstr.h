/* Making BSTRs inside the library. */
#ifndef OLEANDER_DISPATCH_BSTR_H
#define OLEANDER_DISPATCH_BSTR_H

#include <stddef.h>

#include <oleauto.h>

/* A BSTR of that many bytes, the text not set, terminated. NULL: out of memory or too long. */
BSTR bstr_new(size_t bytes);

/* A BSTR of ASCII text. */
BSTR bstr_from_ascii(const char *text, size_t length);

/* Makes a BSTR shorter in place. */
void bstr_truncate(BSTR text, size_t bytes);

#endif
