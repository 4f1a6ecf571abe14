/* containers.h - files that hold type libraries. */
#ifndef OLEANDER_CONTAINERS_H
#define OLEANDER_CONTAINERS_H

#include "typelib/model/library_reader.h"

/* Finds the library number `resource_index` (1 is the first, the default) in the file at `path`: a
 * raw MSFT or SLTG file, a TYPELIB resource of a PE or NE module, a section of an ELF module. TYPE_E_CANTLOADLIBRARY:
 * there is no such file; TYPE_E_IOERROR: it is a folder, or cannot be read; TYPE_E_UNSUPFORMAT: it holds no library;
 * TYPE_E_ELEMENTNOTFOUND: it holds others. */
HRESULT container_open(const OLECHAR *path, unsigned resource_index, TypelibBytes *bytes);

#endif
