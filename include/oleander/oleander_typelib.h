/* oleander_typelib.h - what Oleander adds to the type-library functions of Automation. */
#ifndef OLEANDER_OLEANDER_TYPELIB_H
#define OLEANDER_OLEANDER_TYPELIB_H

#include <stddef.h>

#include <oleauto.h>

/* Opens the library (MSFT or SLTG, no container around it) in `size` bytes at `data`, which are copied.
 * E_INVALIDARG, E_OUTOFMEMORY, TYPE_E_CANTLOADLIBRARY (no type library), TYPE_E_INVDATAREAD (a damaged one). */
OLEANDER_EXPORT HRESULT oleander_load_typelib_from_memory(const void *data, size_t size, ITypeLib **library);

/* The format of the file behind a library: "MSFT", "SLTG", or "memory" for one that was made at run time; NULL for an
 * ITypeLib that is not ours. Static. */
OLEANDER_EXPORT const char *oleander_typelib_format(ITypeLib *library);

#endif
