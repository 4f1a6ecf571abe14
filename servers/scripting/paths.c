/* Paths of files as bytes. The separator is '/', a backslash is a character like any other. */
#include "scripting_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

HRESULT path_from_bstr(BSTR text, char **path) {
  size_t units = SysStringLen(text), size;

  *path = NULL;
  if (!text)
    return E_INVALIDARG;
  if (units == 0 || units > 0x100000)
    return RUNTIME_BAD_FILE_NAME;
  *path = malloc(units * 3 + 1);
  if (!*path)
    return E_OUTOFMEMORY;
  size = text_encode(text, units, *path);
  (*path)[size] = 0;
  if (strlen(*path) == size)
    return S_OK;
  free(*path);
  *path = NULL;
  return RUNTIME_BAD_FILE_NAME;
}

HRESULT path_absolute_from_bstr(BSTR text, char **path) {
  char *given;
  HRESULT hr = path_from_bstr(text, &given);

  *path = NULL;
  if (SUCCEEDED(hr)) {
    hr = path_absolute(given, path);
    free(given);
  }
  return hr;
}

/* Appends the components of `path` to the normal absolute path of `length` bytes in `out`; returns the new length. */
static size_t append_components(char *out, size_t length, const char *path) {
  while (*path) {
    size_t size = strcspn(path, "/");

    if (size == 2 && path[0] == '.' && path[1] == '.') {
      while (length > 0 && out[--length] != '/')
        ;
    } else if (size > 0 && !(size == 1 && path[0] == '.')) {
      out[length++] = '/';
      memcpy(out + length, path, size);
      length += size;
    }
    path += size;
    path += strspn(path, "/");
  }
  return length;
}

HRESULT path_absolute(const char *path, char **absolute) {
  char *here = NULL;
  size_t length = 0;
  char *out;

  *absolute = NULL;
  if (*path != '/') {
    here = getcwd(NULL, 0);
    if (!here)
      return error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
  }
  out = malloc((here ? strlen(here) : 0) + strlen(path) + 3);
  if (out) {
    length = append_components(out, append_components(out, 0, here ? here : ""), path);
    if (length == 0)
      out[length++] = '/';
    out[length] = 0;
  }
  free(here);
  *absolute = out;
  return out ? S_OK : E_OUTOFMEMORY;
}

HRESULT path_join(const char *folder, const char *name, char **path) {
  size_t length = strlen(folder), size = strlen(name);
  bool separator = length > 0 && folder[length - 1] != '/';

  *path = malloc(length + size + 2);
  if (!*path)
    return E_OUTOFMEMORY;
  memcpy(*path, folder, length);
  if (separator)
    (*path)[length++] = '/';
  memcpy(*path + length, name, size + 1);
  return S_OK;
}

const char *path_name(const char *path) {
  const char *slash = strrchr(path, '/');

  return slash ? slash + 1 : path;
}

HRESULT path_parent(const char *absolute, char **parent) {
  size_t length = (size_t)(path_name(absolute) - absolute);

  *parent = NULL;
  if (length == 0 || !absolute[1])
    return S_FALSE;
  if (length > 1)
    length--;
  *parent = malloc(length + 1);
  if (!*parent)
    return E_OUTOFMEMORY;
  memcpy(*parent, absolute, length);
  (*parent)[length] = 0;
  return S_OK;
}

bool path_has_separator_at_end(const char *path) {
  return *path && path[strlen(path) - 1] == '/';
}

bool name_is_pattern(const char *name) {
  return strpbrk(name, "*?") != NULL;
}

/* The length of one character of UTF-8, for '?'; a byte that begins none counts alone. */
static size_t character_size(const char *text) {
  size_t size = 1;

  if ((unsigned char)*text < 0xC2)
    return 1;
  while (((unsigned char)text[size] & 0xC0) == 0x80 && size < 4)
    size++;
  return size;
}

bool name_matches(const char *name, const char *pattern) {
  const char *star = NULL, *resume = NULL;

  if (strcmp(pattern, "*.*") == 0)
    return true;
  while (*name) {
    if (*pattern == '*') {
      star = ++pattern;
      resume = name;
    } else if (*pattern == '?') {
      pattern++;
      name += character_size(name);
    } else if (*pattern == *name) {
      pattern++;
      name++;
    } else if (star) {
      resume += character_size(resume);
      name = resume;
      pattern = star;
    } else {
      return false;
    }
  }
  while (*pattern == '*')
    pattern++;
  return !*pattern;
}

bool name_is_component(const char *name) {
  return *name && !strchr(name, '/') && strcmp(name, ".") != 0 && strcmp(name, "..") != 0;
}
