/* What File and Folder objects have in common; see file_item.h. */
#include "file_item.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

HRESULT item_begin(FileItem *item, HRESULT missing) {
  item->missing = missing;
  return pthread_mutex_init(&item->lock, NULL) == 0 ? S_OK : E_OUTOFMEMORY;
}

void item_end(FileItem *item) {
  free(item->path);
  pthread_mutex_destroy(&item->lock);
}

HRESULT item_path(FileItem *item, char **path) {
  pthread_mutex_lock(&item->lock);
  *path = malloc(strlen(item->path) + 1);
  if (*path)
    strcpy(*path, item->path);
  pthread_mutex_unlock(&item->lock);
  return *path ? S_OK : E_OUTOFMEMORY;
}

void item_set_path(FileItem *item, char *path) {
  char *old;

  pthread_mutex_lock(&item->lock);
  old = item->path;
  item->path = path;
  pthread_mutex_unlock(&item->lock);
  free(old);
}

HRESULT item_get_path(FileItem *item, BSTR *result) {
  char *path;
  HRESULT hr;

  if (!result)
    return E_POINTER;
  *result = NULL;
  hr = item_path(item, &path);
  if (FAILED(hr))
    return hr;
  hr = text_bstr(path, strlen(path), result);
  free(path);
  return hr;
}

HRESULT item_get_name(FileItem *item, BSTR *result) {
  char *path;
  HRESULT hr;

  if (!result)
    return E_POINTER;
  *result = NULL;
  hr = item_path(item, &path);
  if (FAILED(hr))
    return hr;
  hr = text_bstr(path_name(path), strlen(path_name(path)), result);
  free(path);
  return hr;
}

HRESULT item_put_name(FileItem *item, BSTR text) {
  char *path, *name, *renamed;
  HRESULT hr = path_from_bstr(text, &name);

  if (FAILED(hr))
    return hr == RUNTIME_BAD_FILE_NAME ? E_INVALIDARG : hr;
  hr = item_path(item, &path);
  if (SUCCEEDED(hr)) {
    hr = file_rename(path, name, item->missing, &renamed);
    if (SUCCEEDED(hr))
      item_set_path(item, renamed);
    free(path);
  }
  free(name);
  return hr;
}

HRESULT item_get_drive(FileItem *item, IDrive **drive) {
  char *path;
  HRESULT hr;

  if (!drive)
    return E_POINTER;
  *drive = NULL;
  hr = item_path(item, &path);
  if (FAILED(hr))
    return hr;
  hr = drive_of_path(path, drive);
  free(path);
  return hr;
}

/* Nothing for the root. */
HRESULT item_get_parent(FileItem *item, IFolder **folder) {
  char *path, *parent = NULL;
  HRESULT hr;

  if (!folder)
    return E_POINTER;
  *folder = NULL;
  hr = item_path(item, &path);
  if (FAILED(hr))
    return hr;
  hr = path_parent(path, &parent);
  free(path);
  if (hr == S_OK)
    hr = folder_open(parent, folder);
  free(parent);
  return FAILED(hr) ? hr : S_OK;
}

HRESULT item_get_attributes(FileItem *item, FileAttribute *attributes) {
  char *path;
  HRESULT hr;

  if (!attributes)
    return E_POINTER;
  hr = item_path(item, &path);
  if (FAILED(hr))
    return hr;
  hr = facts_attributes(path, item->missing, attributes);
  free(path);
  return hr;
}

HRESULT item_put_attributes(FileItem *item, FileAttribute attributes) {
  char *path;
  HRESULT hr = item_path(item, &path);

  if (FAILED(hr))
    return hr;
  hr = facts_set_attributes(path, item->missing, attributes);
  free(path);
  return hr;
}

HRESULT item_get_date(FileItem *item, FileDate which, DATE *date) {
  char *path;
  HRESULT hr;

  if (!date)
    return E_POINTER;
  hr = item_path(item, &path);
  if (FAILED(hr))
    return hr;
  hr = facts_date(path, item->missing, which, date);
  free(path);
  return hr;
}

HRESULT item_get_type(FileItem *item, BSTR *type) {
  struct stat status;
  char *path;
  HRESULT hr;

  if (!type)
    return E_POINTER;
  *type = NULL;
  hr = item_path(item, &path);
  if (FAILED(hr))
    return hr;
  hr = facts_stat(path, item->missing, &status);
  if (SUCCEEDED(hr))
    hr = facts_type(path, type);
  free(path);
  return hr;
}

HRESULT item_destination(const char *path, BSTR destination, char **target) {
  char *given, *absolute;
  bool into;
  HRESULT hr = path_from_bstr(destination, &given);

  *target = NULL;
  if (FAILED(hr))
    return hr;
  into = path_has_separator_at_end(given);
  hr = path_absolute(given, &absolute);
  free(given);
  if (FAILED(hr))
    return hr;
  if (!into) {
    *target = absolute;
    return S_OK;
  }
  hr = facts_is_folder(absolute) ? path_join(absolute, path_name(path), target) : RUNTIME_PATH_NOT_FOUND;
  free(absolute);
  return hr;
}
