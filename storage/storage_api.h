/* What storage/ offers to the folders that stand on it, beyond the public headers. */
#ifndef OLEANDER_STORAGE_API_H
#define OLEANDER_STORAGE_API_H

#include <objidl.h>

/* The class of the root of a compound file, as it was committed last: read past all share modes, whoever has the file open.
 * S_FALSE: the file is no compound file; STG_E_*: it cannot be read. */
HRESULT storage_class_of_file(const char16_t *path, CLSID *clsid);

/* The bytes of a file; `mode` STGM_*, whose share mode is kept as for storages. */
HRESULT storage_bytes_of_file(const char16_t *path, DWORD mode, ILockBytes **result);

#endif
