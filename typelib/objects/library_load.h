/* library_load.h - opening libraries by path, by registration, from memory and by reference. */
#ifndef OLEANDER_LIBRARY_LOAD_H
#define OLEANDER_LIBRARY_LOAD_H

#include "typelib/objects/type_objects.h"
#include "typelib/typelib_api.h"

/* library_cache.c. Results are referenced. */
TypeLibrary *library_cache_find(const LibraryIdentity *identity);
TypeLibrary *library_cache_find_guid(REFGUID libid, WORD major, WORD minor);
/* Enters the library, or gives the one that another thread entered meanwhile and releases this one. */
TypeLibrary *library_cache_enter(TypeLibrary *library, const LibraryIdentity *identity);

/* library_load.c. `path` may end in `\N`. Errors as container_open and the readers give them. */
HRESULT library_load(const OLECHAR *path, TypeLibrary **library);
/* Says in the thread's IErrorInfo why; returns `hr`. */
HRESULT library_load_failed(HRESULT hr, const OLECHAR *path);
HRESULT library_load_bytes(TypelibBytes *bytes, TypeLibrary **library);
/* The library that an import record of `importer` means. TYPE_E_CANTLOADLIBRARY: it is nowhere. */
HRESULT library_import(TypeLibrary *importer, const ReferenceFacts *facts, TypeLibrary **library);

/* standard_library.c: the interfaces of the public headers, by their number in the table; lives for good. */
HRESULT library_standard(TypeLibrary **library);

/* memory_library.c */
HRESULT memory_library_open(const MemoryLibrary *description, TypeLibrary **library);

/* builtin.c: libraries without a file; they live for good. TYPE_E_LIBNOTREGISTERED, TYPE_E_CANTLOADLIBRARY: it is none. */
HRESULT library_stdole(TypeLibrary **library);
HRESULT library_builtin(REFGUID libid, TypeLibrary **library);
HRESULT library_builtin_named(const OLECHAR *name, TypeLibrary **library);
/* The name under which it is loaded, where there is one with this major version (0xFFFF: any); else NULL. */
const OLECHAR *library_builtin_name(REFGUID libid, WORD major);

/* library_registry.c: path of a registered library, as a BSTR. */
HRESULT library_registered_path(REFGUID libid, WORD major, WORD minor, LCID lcid, BSTR *path);

#endif
