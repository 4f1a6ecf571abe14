/* Numbers in text: the parser behind VarParseNumFromStr and all VarXFromStr. */
#ifndef OLEANDER_DISPATCH_NUMBER_PARSE_H
#define OLEANDER_DISPATCH_NUMBER_PARSE_H

#include <oleauto.h>

enum {
  NUMBER_DIGITS = 64 /* kept for conversions; of more it is only known that there were any */
};

/* One text to one type, with everything that NUMPRS_STD allows. DISP_E_TYPEMISMATCH: no number. */
HRESULT number_from_text(const OLECHAR *text, LCID lcid, ULONG flags, ULONG type_bit, VARIANT *result);

#endif
