/* Containers of type libraries: executables that carry one, and how to find it among their bytes. */
#ifndef OLEANDER_TYPELIB_CONTAINER_INTERNAL_H
#define OLEANDER_TYPELIB_CONTAINER_INTERNAL_H

#include "com/com_api.h"

#include <wtypes.h>

/* Where a library stands in its container, in bytes of the file. */
typedef struct ContainerPlace {
  size_t offset;
  size_t size;
} ContainerPlace;

/* Each finds library number `index` in the file over which `file` stands: S_OK, TYPE_E_UNSUPFORMAT when the file has none
 * (or not that one), TYPE_E_INVDATAREAD when the container is damaged on the way to it. Number 1, the default, falls back
 * to the first library there is. */
HRESULT container_find_pe(const Cursor *file, unsigned index, ContainerPlace *place);
HRESULT container_find_ne(const Cursor *file, unsigned index, ContainerPlace *place);
HRESULT container_find_elf(const Cursor *file, unsigned index, ContainerPlace *place);

/* The same for any file: looks at its first bytes; a file that is no executable is the library itself. TYPE_E_ELEMENTNOTFOUND
 * when the file has libraries, but none of that number. */
HRESULT container_find(const void *data, size_t size, unsigned index, ContainerPlace *place);

#endif
