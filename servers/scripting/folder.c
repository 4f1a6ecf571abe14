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

static FileItem *item_of(IFolder *face) {
  return &OLEANDER_SELF(face, Folder, folder)->item;
}

static HRESULT report(HRESULT hr) {
  return scripting_report(hr, &IID_IFolder, "Scripting.Folder");
}

static HRESULT STDMETHODCALLTYPE Folder_get_Path(IFolder *face, BSTR *path) {
  return report(item_get_path(item_of(face), path));
}

static HRESULT STDMETHODCALLTYPE Folder_get_Name(IFolder *face, BSTR *name) {
  return report(item_get_name(item_of(face), name));
}

static HRESULT STDMETHODCALLTYPE Folder_put_Name(IFolder *face, BSTR name) {
  return report(item_put_name(item_of(face), name));
}

static HRESULT STDMETHODCALLTYPE Folder_get_ShortPath(IFolder *face, BSTR *path) {
  return report(item_get_path(item_of(face), path));
}

static HRESULT STDMETHODCALLTYPE Folder_get_ShortName(IFolder *face, BSTR *name) {
  return report(item_get_name(item_of(face), name));
}

static HRESULT STDMETHODCALLTYPE Folder_get_Drive(IFolder *face, IDrive **drive) {
  return report(item_get_drive(item_of(face), drive));
}

static HRESULT STDMETHODCALLTYPE Folder_get_ParentFolder(IFolder *face, IFolder **folder) {
  return report(item_get_parent(item_of(face), folder));
}

static HRESULT STDMETHODCALLTYPE Folder_get_Attributes(IFolder *face, FileAttribute *attributes) {
  return report(item_get_attributes(item_of(face), attributes));
}

static HRESULT STDMETHODCALLTYPE Folder_put_Attributes(IFolder *face, FileAttribute attributes) {
  return report(item_put_attributes(item_of(face), attributes));
}

static HRESULT STDMETHODCALLTYPE Folder_get_DateCreated(IFolder *face, DATE *date) {
  return report(item_get_date(item_of(face), DATE_CREATED, date));
}

static HRESULT STDMETHODCALLTYPE Folder_get_DateLastModified(IFolder *face, DATE *date) {
  return report(item_get_date(item_of(face), DATE_MODIFIED, date));
}

static HRESULT STDMETHODCALLTYPE Folder_get_DateLastAccessed(IFolder *face, DATE *date) {
  return report(item_get_date(item_of(face), DATE_ACCESSED, date));
}

static HRESULT STDMETHODCALLTYPE Folder_get_Type(IFolder *face, BSTR *type) {
  return report(item_get_type(item_of(face), type));
}

static HRESULT STDMETHODCALLTYPE Folder_Delete(IFolder *face, VARIANT_BOOL force) {
  char *path;
  HRESULT hr = item_path(item_of(face), &path);

  if (FAILED(hr))
    return hr;
  hr = tree_delete(path, force != VARIANT_FALSE);
  free(path);
  return report(hr);
}

static HRESULT STDMETHODCALLTYPE Folder_Copy(IFolder *face, BSTR destination, VARIANT_BOOL overwrite) {
  char *path, *target;
  HRESULT hr = item_path(item_of(face), &path);

  if (FAILED(hr))
    return hr;
  hr = item_destination(path, destination, &target);
  if (SUCCEEDED(hr)) {
    hr = tree_copy(path, target, overwrite != VARIANT_FALSE);
    free(target);
  }
  free(path);
  return report(hr);
}

/* The object goes with the folder. */
static HRESULT STDMETHODCALLTYPE Folder_Move(IFolder *face, BSTR destination) {
  char *path, *target;
  HRESULT hr = item_path(item_of(face), &path);

  if (FAILED(hr))
    return hr;
  hr = item_destination(path, destination, &target);
  if (SUCCEEDED(hr)) {
    hr = tree_move(path, target);
    if (SUCCEEDED(hr))
      item_set_path(item_of(face), target);
    else
      free(target);
  }
  free(path);
  return report(hr);
}

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

static HRESULT STDMETHODCALLTYPE Folder_get_Size(IFolder *face, VARIANT *size) {
  uint64_t bytes;
  char *path;
  HRESULT hr;

  if (!size)
    return E_POINTER;
  VariantInit(size);
  hr = item_path(item_of(face), &path);
  if (FAILED(hr))
    return hr;
  hr = tree_size(path, &bytes);
  free(path);
  if (SUCCEEDED(hr))
    facts_number(bytes, size);
  return report(hr);
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
  return report(hr);
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
  return report(hr);
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
    return report(hr);
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
  return report(hr);
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
  return item_begin(&((Folder *)self)->item, RUNTIME_PATH_NOT_FOUND);
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
