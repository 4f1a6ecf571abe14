/* The methods of FileSystemObject that copy, move and delete: what a pattern names, and where it goes. They stop
 * at the first error; what was done until then stays done. */
#include "scripting_internal.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

/* What one call works on. */
typedef struct Selection {
  char **paths; /* absolute */
  size_t count;
  bool pattern; /* it was written with * or ? */
} Selection;

static void selection_free(Selection *selection) {
  while (selection->count > 0)
    free(selection->paths[--selection->count]);
  free(selection->paths);
}

static HRESULT select_matching(const char *folder, const char *pattern, NameKind kind, Selection *selection) {
  NameList list;
  size_t i;
  HRESULT hr = names_read(folder, kind, &list);

  if (FAILED(hr))
    return hr;
  selection->paths = calloc(list.count ? list.count : 1, sizeof *selection->paths);
  if (!selection->paths)
    hr = E_OUTOFMEMORY;
  for (i = 0; i < list.count && SUCCEEDED(hr); i++) {
    if (!name_matches(list.names[i], pattern))
      continue;
    hr = path_join(folder, list.names[i], &selection->paths[selection->count]);
    if (SUCCEEDED(hr))
      selection->count++;
  }
  names_free(&list);
  if (SUCCEEDED(hr) && selection->count == 0)
    hr = kind == NAMES_FILES ? RUNTIME_FILE_NOT_FOUND : RUNTIME_PATH_NOT_FOUND;
  return hr;
}

/* Files or folders that `spec` names; * and ? may stand in its last component. */
static HRESULT select_paths(BSTR spec, NameKind kind, Selection *selection) {
  char *path, *folder = NULL;
  HRESULT hr = path_absolute_from_bstr(spec, &path);

  *selection = (Selection){ NULL, 0, false };
  if (FAILED(hr))
    return hr;
  if (name_is_pattern(path_name(path))) {
    selection->pattern = true;
    hr = path_parent(path, &folder);
    if (SUCCEEDED(hr))
      hr = select_matching(folder, path_name(path), kind, selection);
    free(folder);
    free(path);
  } else {
    selection->paths = malloc(sizeof *selection->paths);
    if (selection->paths)
      selection->paths[selection->count++] = path;
    else
      free(path);
    hr = selection->paths ? S_OK : E_OUTOFMEMORY;
  }
  if (FAILED(hr))
    selection_free(selection);
  return hr;
}

/* Where the selection goes: a folder that is there, to hold it, or the new name of the only one. */
static HRESULT destination_of(BSTR text, const Selection *selection, char **destination, bool *into) {
  char *given;
  HRESULT hr = path_from_bstr(text, &given);

  *destination = NULL;
  if (FAILED(hr))
    return hr;
  *into = selection->pattern || path_has_separator_at_end(given);
  hr = path_absolute(given, destination);
  free(given);
  if (SUCCEEDED(hr) && name_is_pattern(path_name(*destination)))
    hr = RUNTIME_BAD_FILE_NAME;
  if (SUCCEEDED(hr) && *into && !facts_is_folder(*destination))
    hr = RUNTIME_PATH_NOT_FOUND;
  if (FAILED(hr)) {
    free(*destination);
    *destination = NULL;
  }
  return hr;
}

typedef HRESULT Transfer(const char *from, const char *to, bool overwrite);

static HRESULT transfer(BSTR source, BSTR target, NameKind kind, Transfer *action, bool overwrite) {
  Selection selection;
  char *destination;
  bool into;
  size_t i;
  HRESULT hr = target ? select_paths(source, kind, &selection) : E_INVALIDARG;

  if (FAILED(hr))
    return hr;
  hr = destination_of(target, &selection, &destination, &into);
  for (i = 0; i < selection.count && SUCCEEDED(hr); i++) {
    char *to = NULL;

    if (into)
      hr = path_join(destination, path_name(selection.paths[i]), &to);
    if (SUCCEEDED(hr))
      hr = action(selection.paths[i], into ? to : destination, overwrite);
    free(to);
  }
  free(destination);
  selection_free(&selection);
  return hr;
}

static HRESULT move_file(const char *from, const char *to, bool overwrite) {
  (void)overwrite;
  return file_move(from, to);
}

static HRESULT move_tree(const char *from, const char *to, bool overwrite) {
  (void)overwrite;
  return tree_move(from, to);
}

HRESULT files_copy(BSTR source, BSTR destination, bool overwrite) {
  return transfer(source, destination, NAMES_FILES, file_copy, overwrite);
}

HRESULT files_move(BSTR source, BSTR destination) {
  return transfer(source, destination, NAMES_FILES, move_file, false);
}

HRESULT folders_copy(BSTR source, BSTR destination, bool overwrite) {
  return transfer(source, destination, NAMES_FOLDERS, tree_copy, overwrite);
}

HRESULT folders_move(BSTR source, BSTR destination) {
  return transfer(source, destination, NAMES_FOLDERS, move_tree, false);
}

static HRESULT delete_selected(BSTR spec, NameKind kind, HRESULT (*action)(const char *, bool), bool force) {
  Selection selection;
  size_t i;
  HRESULT hr = select_paths(spec, kind, &selection);

  if (FAILED(hr))
    return hr;
  for (i = 0; i < selection.count && SUCCEEDED(hr); i++)
    hr = action(selection.paths[i], force);
  selection_free(&selection);
  return hr;
}

HRESULT files_delete(BSTR spec, bool force) {
  return delete_selected(spec, NAMES_FILES, file_delete, force);
}

HRESULT folders_delete(BSTR spec, bool force) {
  return delete_selected(spec, NAMES_FOLDERS, tree_delete, force);
}

HRESULT folder_create(const char *path) {
  return mkdir(path, 0777) == 0 ? S_OK : error_from_errno(errno, RUNTIME_PATH_NOT_FOUND);
}
