/* The Folder object. */
#include "file_item.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

typedef struct Folder {
  IFolder folder;
  OleanderObject object;
  FileItem item;
} Folder;

OLEANDER_DUAL(Folder, folder, IFolder)

ITEM_METHODS(Folder, folder, IFolder)

static const ItemKind folder_kind = { &IID_IFolder, "Scripting.Folder", RUNTIME_PATH_NOT_FOUND, tree_size, tree_delete,
                                      tree_copy,    tree_move };

static HRESULT STDMETHODCALLTYPE Folder_get_IsRootFolder(IFolder *face, VARIANT_BOOL *is_root) {
  char *path;
  HRESULT hr;

  if (!is_root)
    return E_POINTER;
  hr = item_path(item_of(face), &path);
  if (FAILED(hr))
    return hr;
  *is_root = strcmp(path, "/") == 0 ? VARIANT_TRUE : VARIANT_FALSE;
  free(path);
  return S_OK;
}

static HRESULT STDMETHODCALLTYPE Folder_get_SubFolders(IFolder *face, IFolderCollection **folders) {
  char *path;
  HRESULT hr;

  if (!folders)
    return E_POINTER;
  *folders = NULL;
  hr = item_path(item_of(face), &path);
  if (FAILED(hr))
    return hr;
  hr = folder_items(path, folders);
  free(path);
  return item_report(item_of(face), hr);
}

static HRESULT STDMETHODCALLTYPE Folder_get_Files(IFolder *face, IFileCollection **files) {
  char *path;
  HRESULT hr;

  if (!files)
    return E_POINTER;
  *files = NULL;
  hr = item_path(item_of(face), &path);
  if (FAILED(hr))
    return hr;
  hr = file_items(path, files);
  free(path);
  return item_report(item_of(face), hr);
}

static HRESULT STDMETHODCALLTYPE Folder_CreateTextFile(IFolder *face, BSTR name, VARIANT_BOOL overwrite,
                                                       VARIANT_BOOL unicode, ITextStream **stream) {
  char *folder, *given, *path = NULL;
  HRESULT hr;

  if (!stream)
    return E_POINTER;
  *stream = NULL;
  hr = path_from_bstr(name, &given);
  if (FAILED(hr))
    return item_report(item_of(face), hr);
  hr = item_path(item_of(face), &folder);
  if (SUCCEEDED(hr)) {
    /* An absolute name stands alone. */
    hr = *given == '/' ? path_absolute(given, &path) : path_join(folder, given, &path);
    free(folder);
  }
  free(given);
  if (SUCCEEDED(hr))
    hr = text_stream_create(path, overwrite != VARIANT_FALSE, unicode != VARIANT_FALSE, stream);
  free(path);
  return item_report(item_of(face), hr);
}

static const IFolderVtbl folder_vtable = { OLEANDER_DUAL_SLOTS(Folder, folder),
                                           Folder_get_Path,
                                           Folder_get_Name,
                                           Folder_put_Name,
                                           Folder_get_ShortPath,
                                           Folder_get_ShortName,
                                           Folder_get_Drive,
                                           Folder_get_ParentFolder,
                                           Folder_get_Attributes,
                                           Folder_put_Attributes,
                                           Folder_get_DateCreated,
                                           Folder_get_DateLastModified,
                                           Folder_get_DateLastAccessed,
                                           Folder_get_Type,
                                           Folder_Delete,
                                           Folder_Copy,
                                           Folder_Move,
                                           Folder_get_IsRootFolder,
                                           Folder_get_Size,
                                           Folder_get_SubFolders,
                                           Folder_get_Files,
                                           Folder_CreateTextFile };

static HRESULT Folder_construct(void *self) {
  return item_begin(&((Folder *)self)->item, &folder_kind);
}

static void Folder_destroy(void *self) {
  item_end(&((Folder *)self)->item);
}

static const OleanderFace folder_faces[] = { { &IID_IFolder, offsetof(Folder, folder), &folder_vtable }, { 0 } };

OleanderClass folder_class = { .module = &scripting_module,
                               .clsid = &CLSID_Folder,
                               .title = "Scripting.Folder",
                               .size = sizeof(Folder),
                               .object = offsetof(Folder, object),
                               .faces = folder_faces,
                               .construct = Folder_construct,
                               .destroy = Folder_destroy };

HRESULT folder_open(const char *path, IFolder **folder) {
  struct stat status;
  char *copy;
  void *made;
  HRESULT hr = facts_stat(path, RUNTIME_PATH_NOT_FOUND, &status);

  *folder = NULL;
  if (SUCCEEDED(hr) && !S_ISDIR(status.st_mode))
    hr = RUNTIME_PATH_NOT_FOUND;
  if (SUCCEEDED(hr))
    hr = path_absolute(path, &copy);
  if (FAILED(hr))
    return hr;
  hr = oleander_object_create(&folder_class, NULL, &made);
  if (FAILED(hr)) {
    free(copy);
    return hr;
  }
  ((Folder *)made)->item.path = copy;
  *folder = &((Folder *)made)->folder;
  return S_OK;
}
