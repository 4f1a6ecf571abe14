/* Where the registry store lies: DESIGN's layers, after the XDG Base Directory Specification. */
#include "com/registry/registry_internal.h"

#include <dlfcn.h>
#include <limits.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

char *text_format(const char *format, ...) {
  va_list arguments;

  va_start(arguments, format);
  int size = vsnprintf(NULL, 0, format, arguments);
  va_end(arguments);
  char *text = size < 0 ? NULL : malloc((size_t)size + 1);
  if (text) {
    va_start(arguments, format);
    vsnprintf(text, (size_t)size + 1, format, arguments);
    va_end(arguments);
  }
  return text;
}

void registry_layers_free(RegistryLayers *layers) {
  for (int i = 0; i < layers->count; i++)
    free(layers->directories[i]);
  layers->count = 0;
}

bool registry_layers_equal(const RegistryLayers *first, const RegistryLayers *second) {
  if (first->count != second->count)
    return false;
  for (int i = 0; i < first->count; i++)
    if (strcmp(first->directories[i], second->directories[i]) != 0)
      return false;
  return true;
}

/* Adds a directory, unless a higher layer is the same one; takes the text over. */
static HRESULT add(RegistryLayers *layers, char *directory) {
  int i;

  if (!directory)
    return E_OUTOFMEMORY;
  for (i = 0; i < layers->count && strcmp(layers->directories[i], directory) != 0; i++)
    ;
  if (i < layers->count || layers->count == REGISTRY_LAYERS)
    free(directory);
  else
    layers->directories[layers->count++] = directory;
  return S_OK;
}

/* Adds oleander/classes below `folder`, of which `size` bytes count; trailing slashes do not. */
static HRESULT add_data_folder(RegistryLayers *layers, const char *folder, size_t size) {
  while (size > 1 && folder[size - 1] == '/')
    size--;
  return add(layers, text_format("%.*s/oleander/classes", (int)size, folder));
}

static HRESULT add_data_home(RegistryLayers *layers) {
  const char *folder = secure_getenv("XDG_DATA_HOME");
  const char *home = secure_getenv("HOME");
  char *share;

  /* The specification: a path that is not absolute is as if it were not set. */
  if (folder && folder[0] == '/')
    return add_data_folder(layers, folder, strlen(folder));
  if (!home || home[0] != '/')
    return S_OK;
  share = text_format("%s/.local/share", home);
  HRESULT result = share ? add_data_folder(layers, share, strlen(share)) : E_OUTOFMEMORY;
  free(share);
  return result;
}

static HRESULT add_data_dirs(RegistryLayers *layers) {
  const char *list = secure_getenv("XDG_DATA_DIRS");
  HRESULT result = S_OK;

  if (!list || !*list)
    list = "/usr/local/share:/usr/share";
  while (*list && SUCCEEDED(result)) {
    size_t size = strcspn(list, ":");

    if (list[0] == '/')
      result = add_data_folder(layers, list, size);
    list += size;
    list += *list == ':';
  }
  return result;
}

/* Cuts the last name off an absolute path; false when nothing is left. */
static bool cut_name(char *path) {
  char *slash = strrchr(path, '/');

  if (!slash || slash == path)
    return false;
  *slash = '\0';
  return true;
}

/* The share folder of the prefix in which this library lies: the nearest one above it that has a share/oleander. The
 * library may be in lib, in lib/x86_64-linux-gnu, or deeper; the whole tree may have been moved. "" when there is none. */
static const char *install_share(void) {
  static char share[PATH_MAX];
  static bool looked;
  char path[PATH_MAX];
  Dl_info info;

  if (looked)
    return share;
  looked = true;
  if (!dladdr((void *)(uintptr_t)registry_layers_find, &info) || !info.dli_fname || !realpath(info.dli_fname, path))
    return share;
  for (int level = 0; level < 5 && cut_name(path); level++) {
    int size = snprintf(share, sizeof share, "%s/share/oleander", path);

    if (size > 0 && (size_t)size < sizeof share && access(share, F_OK) == 0) {
      cut_name(share);
      return share;
    }
  }
  share[0] = '\0';
  return share;
}

/* $OLEANDER_CLASSES is the only layer when set; a relative path counts from the working directory in
 * which it was first seen. */
static HRESULT add_only(RegistryLayers *layers, const char *directory) {
  char working[PATH_MAX];

  if (directory[0] == '/' || !getcwd(working, sizeof working))
    return add(layers, text_format("%s", directory));
  return add(layers, text_format("%s/%s", working, directory));
}

/* The environment of the last call, to see cheaply whether it has changed. */
static const char *const variables[] = { "OLEANDER_CLASSES", "XDG_DATA_HOME", "HOME", "XDG_DATA_DIRS" };
#define VARIABLES (sizeof variables / sizeof variables[0])
static char *environment[VARIABLES];

bool registry_environment_changed(void) {
  bool changed = false;

  for (size_t i = 0; i < VARIABLES; i++) {
    const char *value = secure_getenv(variables[i]);

    if (environment[i] && value && strcmp(environment[i], value) == 0)
      continue;
    if (!environment[i] && !value)
      continue;
    changed = true;
    free(environment[i]);
    environment[i] = value ? text_format("%s", value) : NULL; /* without memory: looks changed the next time too */
  }
  return changed;
}

HRESULT registry_layers_find(RegistryLayers *layers) {
  const char *only = secure_getenv("OLEANDER_CLASSES");
  HRESULT result;

  layers->count = 0;
  if (only && *only) {
    result = add_only(layers, only);
  } else {
    result = add_data_home(layers);
    if (SUCCEEDED(result))
      result = add_data_dirs(layers);
    if (SUCCEEDED(result) && *install_share())
      result = add_data_folder(layers, install_share(), strlen(install_share()));
  }
  if (FAILED(result))
    registry_layers_free(layers);
  return result;
}
