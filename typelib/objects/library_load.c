/* library_load.c - opening a library: from a path, from bytes, or because another library refers to it. */
#include "typelib/objects/library_load.h"

#include "com/com_api.h"
#include "typelib/containers/containers.h"
#include "typelib/readers/readers.h"

#include <oleander_typelib.h>

#include <dirent.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* Paths. */

static OLECHAR *path_copy(const OLECHAR *path, size_t units) {
  OLECHAR *copy = malloc((units + 1) * sizeof *copy);

  if (copy) {
    memcpy(copy, path, units * sizeof *copy);
    copy[units] = 0;
  }
  return copy;
}

/* Splits `FILE\N`: returns the units of FILE, and N. Without a number all of it is the file, whose first library is
 * meant. */
static size_t split_resource(const OLECHAR *path, unsigned *resource) {
  size_t length = utf16_units(path), position = length;
  unsigned number = 0;

  *resource = 1;
  while (position > 0 && path[position - 1] >= '0' && path[position - 1] <= '9')
    position--;
  if (position == length || length - position > 5 || position < 2 || path[position - 1] != '\\')
    return length;
  for (length = position - 1; path[position]; position++)
    number = number * 10 + (unsigned)(path[position] - '0');
  *resource = number;
  return length;
}

/* TYPE_E_CANTLOADLIBRARY: there is no such file; TYPE_E_IOERROR: it is there, and no file. */
static HRESULT identify(const OLECHAR *file, unsigned resource, LibraryIdentity *identity) {
  struct stat status;
  char *name = utf8_copy(file);
  HRESULT hr = !name ? E_OUTOFMEMORY : stat(name, &status) == 0 ? S_OK : TYPE_E_CANTLOADLIBRARY;

  free(name);
  if (SUCCEEDED(hr) && !S_ISREG(status.st_mode))
    hr = TYPE_E_IOERROR;
  if (SUCCEEDED(hr)) {
    identity->device = status.st_dev;
    identity->inode = status.st_ino;
    identity->modified = status.st_mtim;
    identity->size = status.st_size;
    identity->resource = resource;
  }
  return hr;
}

/* Bytes. */

HRESULT library_load_bytes(TypelibBytes *bytes, TypeLibrary **library) {
  LibraryReader *reader;
  HRESULT hr = msft_open(bytes, &reader);

  if (hr == TYPE_E_UNSUPFORMAT)
    hr = sltg_open(bytes, &reader);
  if (FAILED(hr)) {
    typelib_bytes_release(bytes);
    return hr;
  }
  return type_library_create(reader, library);
}

static void release_copy(TypelibBytes *bytes) {
  free(bytes->owner);
}

HRESULT oleander_load_typelib_from_memory(const void *data, size_t size, ITypeLib **result) {
  TypelibBytes bytes = { NULL, size, release_copy, NULL, size };
  TypeLibrary *library;
  HRESULT hr;

  if (!data || !result)
    return E_INVALIDARG;
  *result = NULL;
  bytes.owner = malloc(size ? size : 1);
  if (!bytes.owner)
    return E_OUTOFMEMORY;
  bytes.data = memcpy(bytes.owner, data, size);
  hr = library_load_bytes(&bytes, &library);
  if (SUCCEEDED(hr))
    *result = (ITypeLib *)&library->lib;
  return hr;
}

/* Files. */

static HRESULT load_identified(const OLECHAR *file, const LibraryIdentity *identity, const OLECHAR *path,
                               TypeLibrary **library) {
  TypelibBytes bytes;
  HRESULT hr;

  *library = library_cache_find(identity);
  if (*library)
    return S_OK;
  hr = container_open(file, identity->resource, &bytes);
  if (SUCCEEDED(hr))
    hr = library_load_bytes(&bytes, library);
  if (FAILED(hr))
    return hr;
  (*library)->path = path_copy(path, utf16_units(path));
  if (!(*library)->path) {
    ITypeLib2_Release(&(*library)->lib);
    return E_OUTOFMEMORY;
  }
  (*library)->facts.flags |= LIBFLAG_FHASDISKIMAGE;
  *library = library_cache_enter(*library, identity);
  return S_OK;
}

HRESULT library_load(const OLECHAR *path, TypeLibrary **library) {
  LibraryIdentity identity;
  unsigned resource;
  HRESULT hr = identify(path, 1, &identity);

  *library = NULL;
  if (SUCCEEDED(hr))
    return load_identified(path, &identity, path, library);
  if (hr != TYPE_E_CANTLOADLIBRARY)
    return hr;
  OLECHAR *file = path_copy(path, split_resource(path, &resource));
  if (!file)
    return E_OUTOFMEMORY;
  hr = identify(file, resource, &identity);
  if (SUCCEEDED(hr))
    hr = load_identified(file, &identity, path, library);
  else if (hr == TYPE_E_CANTLOADLIBRARY) /* a file of a built-in library's name, where there is one, comes first */
    hr = library_builtin_named(file, library);
  free(file);
  return hr;
}

static const char *load_problem(HRESULT hr, const char *path) {
  struct stat status;

  switch (hr) {
  case TYPE_E_CANTLOADLIBRARY:
    return "there is no such file";
  case TYPE_E_IOERROR:
    return stat(path, &status) == 0 && S_ISDIR(status.st_mode) ? "it is a folder" : "it cannot be read";
  case TYPE_E_UNSUPFORMAT:
    return "it is no type library, and holds none";
  case TYPE_E_ELEMENTNOTFOUND:
    return "it holds no type library of that number";
  default:
    return "the type library is damaged";
  }
}

HRESULT library_load_failed(HRESULT hr, const OLECHAR *path) {
  char *name = hr == E_OUTOFMEMORY ? NULL : utf8_copy(path);

  if (name)
    (void)error_raise(hr, "Oleander", "%s: %s", name, load_problem(hr, name));
  free(name);
  return hr;
}

HRESULT LoadTypeLib(LPCOLESTR path, ITypeLib **library) {
  return LoadTypeLibEx(path, REGKIND_DEFAULT, library);
}

/* REGKIND_DEFAULT does not register: nothing is written here that was not asked for. */
HRESULT LoadTypeLibEx(LPCOLESTR path, REGKIND kind, ITypeLib **result) {
  TypeLibrary *library;
  HRESULT hr;

  if (!path || !result)
    return E_INVALIDARG;
  *result = NULL;
  hr = library_load(path, &library);
  if (FAILED(hr))
    return library_load_failed(hr, path);
  if ((kind & MASK_TO_RESET_TLB_BITS) == REGKIND_REGISTER) {
    hr = RegisterTypeLib((ITypeLib *)&library->lib, library->path ? library->path : path, NULL);
    if (FAILED(hr))
      ITypeLib2_Release(&library->lib);
  }
  if (SUCCEEDED(hr))
    *result = (ITypeLib *)&library->lib;
  return hr;
}

/* References to other libraries. */

static HRESULT import_registered(const ReferenceFacts *facts, TypeLibrary **library) {
  BSTR path;
  HRESULT hr = library_registered_path(&facts->library, facts->major, facts->minor, facts->lcid, &path);

  if (FAILED(hr))
    return hr;
  hr = library_load(path, library);
  SysFreeString(path);
  return hr;
}

/* The name without its folder (which is one on the machine of the library's maker), as UTF-8. */
static char *base_name(LibraryText file) {
  BSTR text;
  char *name, *rest, *mark;

  if (!file.bytes || FAILED(library_text_to_bstr(file, &text)))
    return NULL;
  name = utf8_copy(text);
  SysFreeString(text);
  if (!name)
    return NULL;
  for (rest = mark = name; *mark; mark++)
    if (*mark == '/' || *mark == '\\')
      rest = mark + 1;
  memmove(name, rest, strlen(rest) + 1);
  return name;
}

/* The folder's own spelling of a name that came from a system without regard to case. NULL: there is no such file. */
static char *spelled_in_folder(const char *folder, const char *name) {
  DIR *entries = opendir(folder);
  struct dirent *entry;
  char *path = NULL;
  size_t size;

  while (entries && !path && (entry = readdir(entries)) != NULL) {
    if (!caseless_equal_utf8(entry->d_name, name))
      continue;
    size = strlen(folder) + strlen(entry->d_name) + 2;
    path = malloc(size);
    if (path) {
      strcpy(path, folder);
      strcat(path, "/");
      strcat(path, entry->d_name);
    }
  }
  if (entries)
    closedir(entries);
  return path;
}

static HRESULT load_beside(const char *importer, const char *name, TypeLibrary **library) {
  char *folder = strdup(importer), *slash, *path;
  OLECHAR *wide;
  HRESULT hr = TYPE_E_CANTLOADLIBRARY;

  if (!folder)
    return E_OUTOFMEMORY;
  slash = strrchr(folder, '/');
  if (slash)
    slash[slash == folder] = 0;
  path = spelled_in_folder(slash ? folder : ".", name);
  wide = path ? utf16_copy(path) : NULL;
  if (wide)
    hr = library_load(wide, library);
  free(wide);
  free(path);
  free(folder);
  return hr;
}

static HRESULT import_beside(const TypeLibrary *importer, const ReferenceFacts *facts, TypeLibrary **library) {
  char *folder = importer->path ? utf8_copy(importer->path) : NULL, *name = base_name(facts->file);
  HRESULT hr = TYPE_E_CANTLOADLIBRARY;

  if (folder && name && *name)
    hr = load_beside(folder, name, library);
  if (SUCCEEDED(hr) && !IsEqualGUID(&(*library)->facts.guid, &facts->library)) {
    ITypeLib2_Release(&(*library)->lib); /* a namesake */
    hr = TYPE_E_CANTLOADLIBRARY;
  }
  free(folder);
  free(name);
  return hr;
}

HRESULT library_import(TypeLibrary *importer, const ReferenceFacts *facts, TypeLibrary **library) {
  *library = NULL;
  if (SUCCEEDED(library_builtin(&facts->library, library)))
    return S_OK;
  *library = library_cache_find_guid(&facts->library, facts->major, facts->minor);
  if (*library || SUCCEEDED(import_registered(facts, library)))
    return S_OK;
  return SUCCEEDED(import_beside(importer, facts, library)) ? S_OK : TYPE_E_CANTLOADLIBRARY;
}
