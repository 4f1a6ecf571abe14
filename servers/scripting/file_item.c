/* What File and Folder objects have in common; see file_item.h. */
#include "file_item.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

HRESULT item_begin(FileItem *item, const ItemKind *kind) {
  item->kind = kind;
  return pthread_mutex_init(&item->lock, NULL) == 0 ? S_OK : E_OUTOFMEMORY;
}

void item_end(FileItem *item) {
  free(item->path);
  pthread_mutex_destroy(&item->lock);
}

HRESULT item_report(const FileItem *item, HRESULT hr) {
  return scripting_report(hr, item->kind->iid, item->kind->source);
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
  return item_report(item, hr);
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
  return item_report(item, hr);
}

HRESULT item_put_name(FileItem *item, BSTR text) {
  char *path, *name, *renamed;
  HRESULT hr = path_from_bstr(text, &name);

  if (FAILED(hr))
    return item_report(item, hr == RUNTIME_BAD_FILE_NAME ? E_INVALIDARG : hr);
  hr = item_path(item, &path);
  if (SUCCEEDED(hr)) {
    hr = file_rename(path, name, item->kind->missing, &renamed);
    if (SUCCEEDED(hr))
      item_set_path(item, renamed);
    free(path);
  }
  free(name);
  return item_report(item, hr);
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
  return item_report(item, hr);
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
  return item_report(item, hr == S_FALSE ? S_OK : hr);
}

HRESULT item_get_attributes(FileItem *item, FileAttribute *attributes) {
  char *path;
  HRESULT hr;

  if (!attributes)
    return E_POINTER;
  hr = item_path(item, &path);
  if (FAILED(hr))
    return hr;
  hr = facts_attributes(path, item->kind->missing, attributes);
  free(path);
  return item_report(item, hr);
}

HRESULT item_put_attributes(FileItem *item, FileAttribute attributes) {
  char *path;
  HRESULT hr = item_path(item, &path);

  if (FAILED(hr))
    return hr;
  hr = facts_set_attributes(path, item->kind->missing, attributes);
  free(path);
  return item_report(item, hr);
}

HRESULT item_get_date(FileItem *item, FileDate which, DATE *date) {
  char *path;
  HRESULT hr;

  if (!date)
    return E_POINTER;
  hr = item_path(item, &path);
  if (FAILED(hr))
    return hr;
  hr = facts_date(path, item->kind->missing, which, date);
  free(path);
  return item_report(item, hr);
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
  hr = facts_stat(path, item->kind->missing, &status);
  if (SUCCEEDED(hr))
    hr = facts_type(path, type);
  free(path);
  return item_report(item, hr);
}

/* Where a Copy or Move to `destination` ends: inside it, when it ends with a separator. */
static HRESULT item_destination(const char *path, BSTR destination, char **target) {
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

HRESULT item_get_size(FileItem *item, VARIANT *size) {
  uint64_t bytes;
  char *path;

  if (!size)
    return E_POINTER;
  VariantInit(size);
  HRESULT hr = item_path(item, &path);
  if (FAILED(hr))
    return hr;
  hr = item->kind->size(path, &bytes);
  free(path);
  if (SUCCEEDED(hr))
    facts_number(bytes, size);
  return item_report(item, hr);
}

HRESULT item_delete(FileItem *item, VARIANT_BOOL force) {
  char *path;
  HRESULT hr = item_path(item, &path);

  if (FAILED(hr))
    return hr;
  hr = item->kind->delete (path, force != VARIANT_FALSE);
  free(path);
  return item_report(item, hr);
}

HRESULT item_copy(FileItem *item, BSTR destination, VARIANT_BOOL overwrite) {
  char *path, *target;
  HRESULT hr = item_path(item, &path);

  if (FAILED(hr))
    return hr;
  hr = item_destination(path, destination, &target);
  if (SUCCEEDED(hr))
    hr = item->kind->copy(path, target, overwrite != VARIANT_FALSE);
  free(target);
  free(path);
  return item_report(item, hr);
}

/* The object goes with what it stands for. */
HRESULT item_move(FileItem *item, BSTR destination) {
  char *path, *target;
  HRESULT hr = item_path(item, &path);

  if (FAILED(hr))
    return hr;
  hr = item_destination(path, destination, &target);
  if (SUCCEEDED(hr))
    hr = item->kind->move(path, target);
  if (SUCCEEDED(hr))
    item_set_path(item, target);
  else
    free(target);
  free(path);
  return item_report(item, hr);
}
