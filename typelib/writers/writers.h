/* writers.h - the door of the format that is written. */
#ifndef OLEANDER_WRITERS_H
#define OLEANDER_WRITERS_H

#include "typelib/model/library_reader.h"

/* The library behind `reader` as an MSFT file: the same bytes for the same library. The file appears by rename, whole or
 * not at all; a link is followed. E_OUTOFMEMORY; TYPE_E_IOERROR: it cannot be written (IErrorInfo says why);
 * TYPE_E_SIZETOOBIG: something is longer than the format has room for; TYPE_E_UNDEFINEDTYPE: a reference leads to
 * nothing; what the reader fails with. */
HRESULT msft_write_file(const LibraryReader *reader, const OLECHAR *path);

/* The same into memory that the caller frees with free(). */
HRESULT msft_write_memory(const LibraryReader *reader, uint8_t **data, size_t *size);

#endif
