/* readers.h - the doors of the formats. */
#ifndef OLEANDER_READERS_H
#define OLEANDER_READERS_H

#include "typelib/model/library_reader.h"

/* Each format's door: S_OK makes a reader that owns the bytes (closing it releases them); a failure leaves them with the
 * caller. TYPE_E_UNSUPFORMAT when the bytes are not of that format, TYPE_E_INVDATAREAD when they are but are damaged. */
HRESULT msft_open(TypelibBytes *bytes, LibraryReader **reader);
HRESULT sltg_open(TypelibBytes *bytes, LibraryReader **reader);

#endif
