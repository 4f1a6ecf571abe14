/* The collections of a folder: Folders and Files. They look at the folder each time; an enumerator walks over the
 * names that were there when it began, and leaves out what is gone meanwhile. */
#include "scripting_internal.h"

#include <stdlib.h>
#include <string.h>

typedef struct Folders {
  IFolderCollection folders;
  OleanderObject object;
  char *path;
} Folders;

typedef struct Files {
  IFileCollection files;
  OleanderObject object;
  char *path;
} Files;

OLEANDER_DUAL(Folders, folders, IFolderCollection)
OLEANDER_DUAL(Files, files, IFileCollection)

static const char *path_of_folders(IFolderCollection *face) {
  return OLEANDER_SELF(face, Folders, folders)->path;
}

static const char *path_of_files(IFileCollection *face) {
  return OLEANDER_SELF(face, Files, files)->path;
}

static HRESULT report_folders(HRESULT hr) {
  return scripting_report(hr, &IID_IFolderCollection, "Scripting.Folders");
}

static HRESULT report_files(HRESULT hr) {
  return scripting_report(hr, &IID_IFileCollection, "Scripting.Files");
}

HRESULT key_text(VARIANT key, BSTR *text, VARIANT *holder) {
  HRESULT hr;

  VariantInit(holder);
  *text = NULL;
  hr = VariantCopyInd(holder, &key);
  if (SUCCEEDED(hr) && V_VT(holder) == VT_BSTR)
    *text = V_BSTR(holder);
  else if (SUCCEEDED(hr))
    hr = E_INVALIDARG;
  if (FAILED(hr))
    VariantClear(holder);
  return hr;
}

/* The path of the item that a key names. */
static HRESULT item_of(const char *folder, VARIANT key, HRESULT missing, char **path) {
  VARIANT holder;
  BSTR text;
  char *name;
  HRESULT hr = key_text(key, &text, &holder);

  *path = NULL;
  if (FAILED(hr))
    return hr;
  hr = path_from_bstr(text, &name);
  VariantClear(&holder);
  if (FAILED(hr))
    return hr == RUNTIME_BAD_FILE_NAME ? E_INVALIDARG : hr;
  hr = name_is_component(name) ? path_join(folder, name, path) : missing;
  free(name);
  return hr;
}

static HRESULT count_names(const char *folder, NameKind kind, LONG *count) {
  NameList list;
  HRESULT hr = names_read(folder, kind, &list);

  *count = 0;
  if (SUCCEEDED(hr)) {
    *count = list.count > INT32_MAX ? INT32_MAX : (LONG)list.count;
    names_free(&list);
  }
  return hr;
}

/* what an enumerator walks over */

typedef struct Snapshot {
  LONG references;
  NameKind kind;
  NameList list;
  char *folder;
} Snapshot;

static void snapshot_addref(void *source) {
  __atomic_add_fetch(&((Snapshot *)source)->references, 1, __ATOMIC_RELAXED);
}

static void snapshot_release(void *source) {
  Snapshot *snapshot = source;

  if (__atomic_sub_fetch(&snapshot->references, 1, __ATOMIC_ACQ_REL) > 0)
    return;
  names_free(&snapshot->list);
  free(snapshot->folder);
  free(snapshot);
}

static HRESULT open_item(const Snapshot *snapshot, const char *name, VARIANT *item) {
  IFolder *folder = NULL;
  IFile *file = NULL;
  char *path;
  HRESULT hr = path_join(snapshot->folder, name, &path);

  if (FAILED(hr))
    return hr;
  hr = snapshot->kind == NAMES_FOLDERS ? folder_open(path, &folder) : file_open(path, &file);
  free(path);
  if (SUCCEEDED(hr)) {
    V_VT(item) = VT_DISPATCH;
    V_DISPATCH(item) = folder ? (IDispatch *)folder : (IDispatch *)file;
  }
  return hr;
}

static HRESULT snapshot_next(void *source, uint64_t *position, VARIANT *item) {
  const Snapshot *snapshot = source;

  while (*position < snapshot->list.count) {
    const char *name = snapshot->list.names[*position];
    HRESULT hr;

    ++*position;
    hr = item ? open_item(snapshot, name, item) : S_OK;
    if (hr != RUNTIME_FILE_NOT_FOUND && hr != RUNTIME_PATH_NOT_FOUND)
      return hr;
  }
  return S_FALSE;
}

static const EnumeratorSource snapshot_source = { snapshot_next, snapshot_addref, snapshot_release };

static HRESULT new_enum(const char *folder, NameKind kind, IUnknown **result) {
  Snapshot *snapshot;
  HRESULT hr;

  if (!result)
    return E_POINTER;
  *result = NULL;
  snapshot = calloc(1, sizeof *snapshot);
  if (!snapshot)
    return E_OUTOFMEMORY;
  snapshot->references = 1;
  snapshot->kind = kind;
  hr = path_absolute(folder, &snapshot->folder);
  if (SUCCEEDED(hr))
    hr = names_read(folder, kind, &snapshot->list);
  if (SUCCEEDED(hr))
    hr = enumerator_create(&snapshot_source, snapshot, result);
  snapshot_release(snapshot);
  return hr;
}

/* Folders */

static HRESULT STDMETHODCALLTYPE Folders_Add(IFolderCollection *face, BSTR text, IFolder **folder) {
  char *name, *path = NULL;
  HRESULT hr;

  if (!folder)
    return E_POINTER;
  *folder = NULL;
  hr = path_from_bstr(text, &name);
  if (FAILED(hr))
    return report_folders(hr);
  hr = name_is_component(name) ? path_join(path_of_folders(face), name, &path) : RUNTIME_BAD_FILE_NAME;
  free(name);
  if (SUCCEEDED(hr))
    hr = folder_create(path);
  if (SUCCEEDED(hr))
    hr = folder_open(path, folder);
  free(path);
  return report_folders(hr);
}

static HRESULT STDMETHODCALLTYPE Folders_get_Item(IFolderCollection *face, VARIANT key, IFolder **folder) {
  char *path;
  HRESULT hr;

  if (!folder)
    return E_POINTER;
  *folder = NULL;
  hr = item_of(path_of_folders(face), key, RUNTIME_PATH_NOT_FOUND, &path);
  if (SUCCEEDED(hr))
    hr = folder_open(path, folder);
  free(path);
  return report_folders(hr);
}

static HRESULT STDMETHODCALLTYPE Folders_get__NewEnum(IFolderCollection *face, IUnknown **result) {
  return report_folders(new_enum(path_of_folders(face), NAMES_FOLDERS, result));
}

static HRESULT STDMETHODCALLTYPE Folders_get_Count(IFolderCollection *face, LONG *count) {
  return count ? report_folders(count_names(path_of_folders(face), NAMES_FOLDERS, count)) : E_POINTER;
}

static const IFolderCollectionVtbl folders_vtable = { OLEANDER_DUAL_SLOTS(Folders, folders), Folders_Add,
                                                      Folders_get_Item, Folders_get__NewEnum, Folders_get_Count };

/* Files */

static HRESULT STDMETHODCALLTYPE Files_get_Item(IFileCollection *face, VARIANT key, IFile **file) {
  char *path;
  HRESULT hr;

  if (!file)
    return E_POINTER;
  *file = NULL;
  hr = item_of(path_of_files(face), key, RUNTIME_FILE_NOT_FOUND, &path);
  if (SUCCEEDED(hr))
    hr = file_open(path, file);
  free(path);
  return report_files(hr);
}

static HRESULT STDMETHODCALLTYPE Files_get__NewEnum(IFileCollection *face, IUnknown **result) {
  return report_files(new_enum(path_of_files(face), NAMES_FILES, result));
}

static HRESULT STDMETHODCALLTYPE Files_get_Count(IFileCollection *face, LONG *count) {
  return count ? report_files(count_names(path_of_files(face), NAMES_FILES, count)) : E_POINTER;
}

static const IFileCollectionVtbl files_vtable = { OLEANDER_DUAL_SLOTS(Files, files), Files_get_Item, Files_get__NewEnum,
                                                  Files_get_Count };

/* the classes */

static void Folders_destroy(void *self) {
  free(((Folders *)self)->path);
}

static void Files_destroy(void *self) {
  free(((Files *)self)->path);
}

static const OleanderFace folders_faces[] = { { &IID_IFolderCollection, offsetof(Folders, folders), &folders_vtable },
                                              { 0 } };
static const OleanderFace files_faces[] = { { &IID_IFileCollection, offsetof(Files, files), &files_vtable }, { 0 } };

OleanderClass folders_class = { .module = &scripting_module,
                                .clsid = &CLSID_Folders,
                                .title = "Scripting.Folders",
                                .size = sizeof(Folders),
                                .object = offsetof(Folders, object),
                                .faces = folders_faces,
                                .destroy = Folders_destroy };

OleanderClass files_class = { .module = &scripting_module,
                              .clsid = &CLSID_Files,
                              .title = "Scripting.Files",
                              .size = sizeof(Files),
                              .object = offsetof(Files, object),
                              .faces = files_faces,
                              .destroy = Files_destroy };

/* The object of a class over the folder at `path`, whose own copy it also gives. */
static HRESULT make_items(OleanderClass *type, const char *path, void **made, char **copy) {
  HRESULT hr = facts_is_folder(path) ? path_absolute(path, copy) : RUNTIME_PATH_NOT_FOUND;

  if (FAILED(hr))
    return hr;
  hr = oleander_object_create(type, NULL, made);
  if (FAILED(hr))
    free(*copy);
  return hr;
}

HRESULT folder_items(const char *path, IFolderCollection **result) {
  Folders *folders;
  char *copy;
  void *made;
  HRESULT hr = make_items(&folders_class, path, &made, &copy);

  if (FAILED(hr))
    return hr;
  folders = made;
  folders->path = copy;
  *result = &folders->folders;
  return S_OK;
}

HRESULT file_items(const char *path, IFileCollection **result) {
  Files *files;
  char *copy;
  void *made;
  HRESULT hr = make_items(&files_class, path, &made, &copy);

  if (FAILED(hr))
    return hr;
  files = made;
  files->path = copy;
  *result = &files->files;
  return S_OK;
}
